import { describe, expect, test } from 'vitest';
import { no } from './refusals';
import { interview, open, settled, unlock } from './window';

const field = () => document.activeElement as HTMLElement;

test('before anybody has unlocked the card is there for a hand too', async () => {
  const window = open();
  await window.found('care-mark');
  await window.click('care-mark');
  expect(window.maybe('care-locked')).not.toBeNull();
  await window.key('F12');
  expect(window.maybe('care-locked')).toBeNull();
});

test('a report of which nobody has been told is counted on every page until somebody was', async () => {
  const window = open();
  await unlock(window);
  expect(window.maybe('untold')).toBeNull();
  await window.key('F12');
  await window.found('care-words');
  await settled();
  await window.type('奶奶不在的时候');
  await window.click('care-save');
  await window.found('care-untold');
  await window.click('care-leave');
  expect(window.at('untold').textContent).toBe('1');
  // A number, and no words: who sits beside the laptop may read along.
  expect(window.text()).not.toContain('告诉');
  await window.click('tab-people');
  expect(window.at('untold').textContent).toBe('1');
  expect(window.at('care-mark').getAttribute('aria-label')).toContain('还没有告诉任何人');
  await window.key('F12');
  await window.found('care-open-report');
  await window.click('care-open-report');
  await window.click('report-call');
  await window.click('outcome-told');
  await window.click('care-leave');
  expect(window.maybe('untold')).toBeNull();
});

describe('an answer that carries risk', () => {
  const risky = { '/family/mother': 'died', '/contact/father/talk': '他打我' };

  test('opens the card once, with the focus on its heading; the keys of the answers write nothing', async () => {
    const window = await interview({ risky });
    await window.key('6');
    expect(window.backend.stored).toEqual([{ field: '/family/mother', value: 'died' }]);
    await window.found('care-words');
    await settled();
    expect(field().id).toBe('care-title');
    expect(window.text()).toContain('刚才的回答，请先停一停');
    // No number says how much.
    expect(window.at('care').textContent).not.toMatch(/\d+ 分/);
    await window.key('5');
    await window.key('Enter');
    expect((window.at('care-words') as HTMLTextAreaElement).value).toBe('');
    await window.key('Escape');
    expect(window.maybe('care')).toBeNull();
    expect((await window.backend.care('', '', 'zh-CN')).reports).toEqual([]);
    expect(window.at('page').contains(field())).toBe(true);
    // The card stays at hand, and does not come again for the same answer.
    expect(window.at('risk').textContent).toContain('先停一停');
    await window.key('Enter');
    await window.key('PageUp');
    expect(window.maybe('care')).toBeNull();
    await window.click('risk-card');
    expect(window.maybe('care')).not.toBeNull();
  });

  test('stays for the key that goes on, and is left early without an error', async () => {
    const window = await interview({ risky });
    let arrive = (): void => undefined;
    const { care } = window.backend;
    window.backend.care = async (...asked) => {
      await new Promise<void>((resolve) => (arrive = resolve));
      return care(...asked);
    };
    await window.key('6');
    await window.found('care');
    expect(field().id).toBe('care-title');
    await window.key('Enter');
    expect(window.maybe('care')).not.toBeNull();
    await window.key('Escape');
    expect(window.maybe('care')).toBeNull();
    arrive();
    await settled();
    expect(window.maybe('refusal')).toBeNull();
  });

  test('comes again for an answer that was changed and changed back', async () => {
    const window = await interview({ risky });
    await window.key('6');
    await window.found('care-words');
    await window.key('Escape');
    await window.key('1');
    expect(window.maybe('risk')).toBeNull();
    await window.key('6');
    expect(window.maybe('care')).not.toBeNull();
  });

  test('waits until words that are being written are done', async () => {
    const window = await interview({ risky });
    await window.click('tree-/contact');
    await window.key('PageDown');
    const words = document.querySelector<HTMLTextAreaElement>('[data-field="/contact/father/talk"]');
    words?.focus();
    words?.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }));
    await window.type('他打我');
    expect(window.backend.stored).toEqual([]);
    words?.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true }));
    await settled();
    // It is stored, and the person is still writing.
    expect(window.backend.stored).toEqual([{ field: '/contact/father/talk', value: '他打我' }]);
    expect(window.maybe('care')).toBeNull();
    expect(field()).toBe(words);
    words?.blur();
    await window.found('care-words');
    expect(window.text()).toContain('C2.3');
  });

  test('a card that a person opens begins with the words', async () => {
    const window = await interview();
    await window.key('F12');
    await window.found('care-words');
    await settled();
    expect(field()).toBe(window.at('care-words'));
    expect(window.maybe('care-answered')).toBeNull();
  });
});

describe('while a sheet is open', () => {
  test.each(['key', 'touch'])('the card opens over it by %s, and what was written stays', async (by) => {
    const window = await interview();
    await window.key('F1');
    const sheet = await window.found('help-sheet');
    if (by === 'key') await window.key('F12');
    else await window.click('care-mark-sheet');
    await window.found('care-words');
    await settled();
    expect(field()).toBe(window.at('care-words'));
    await window.key('Escape');
    await settled();
    expect(window.maybe('care')).toBeNull();
    expect(window.at('help-sheet')).toBe(sheet);
    await window.key('Escape');
    await settled();
    expect(window.maybe('help-sheet')).toBeNull();
  });
});

describe('an answer that turned out to be a disclosure', () => {
  test('is moved into the report by keyboard, and the interview goes on without it', async () => {
    const window = await interview();
    await window.key('F12');
    await window.found('care-words');
    await settled();
    await window.type('见访谈');
    await window.key('Enter', { ctrlKey: true });
    await window.found('care-saved');
    const button = window.at('care-move');
    button.focus();
    await window.key('Enter');
    await settled();
    const first = window.at('move-answers').querySelector('input');
    expect(field()).toBe(first);
    // Nothing goes without a choice.
    await window.click('move-now');
    expect(window.maybe('move-answers')).not.toBeNull();
    const mother = window.at('move-/family/mother') as HTMLInputElement;
    mother.click();
    await settled();
    expect(window.at('move-now').textContent).toContain('1');
    await window.click('move-now');
    await settled();
    expect(window.maybe('move-answers')).toBeNull();
    expect(window.at('report-line').textContent).toContain('/family/mother');
    expect((await window.backend.care('', '', 'zh-CN')).answers.map((one) => one.field)).not.toContain('/family/mother');
    await window.key('Escape');
    expect(window.maybe('care')).toBeNull();
    expect(window.maybe('interview')).not.toBeNull();
    expect(document.querySelectorAll('.opts input:checked').length).toBe(0);
    // The focus is in the interview again.
    await settled();
    expect(window.at('page').contains(document.activeElement)).toBe(true);
  });

  test('a refusal is said, and everything is where it was', async () => {
    const window = await interview();
    window.backend.moveToReport = () => Promise.reject(no('erase-others'));
    await window.key('F12');
    await window.found('care-words');
    await settled();
    await window.type('见访谈');
    await window.key('Enter', { ctrlKey: true });
    await window.found('care-saved');
    await window.click('care-move');
    (window.at('move-/family/mother') as HTMLInputElement).click();
    await settled();
    await window.click('move-now');
    await settled();
    expect(window.at('care-refusal').textContent).toContain('组长');
    await window.key('Escape');
    expect(document.querySelectorAll('.opts input:checked').length).toBe(1);
  });
});
