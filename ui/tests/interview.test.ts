import { waitFor } from '@testing-library/svelte';
import { describe, expect, test, vi } from 'vitest';
import { no } from './refusals';
import { interview, open, settled, unlock } from './window';

const checked = () => [...document.querySelectorAll<HTMLInputElement>('.opts input:checked')].map((input) => input.value);
const page = () => document.querySelector<HTMLElement>('[data-testid="page"]')?.dataset['page'];
const field = () => document.activeElement as HTMLInputElement;

describe('choosing', () => {
  test('the interview opens where it stopped, the chosen option has the focus', async () => {
    await interview();
    expect(page()).toBe('/family/mother');
    expect(field().value).toBe('province');
  });

  test('the digit drawn on an option chooses it', async () => {
    const window = await interview();
    await window.key('5');
    expect(window.backend.stored).toEqual([{ field: '/family/mother', value: 'abroad' }]);
    expect(checked()).toEqual(['abroad']);
  });

  test('a digit above the last option does nothing', async () => {
    const window = await interview();
    await window.key('9');
    expect(window.backend.stored).toEqual([]);
  });

  test('arrows move without choosing', async () => {
    const window = await interview();
    await window.key('ArrowDown');
    expect(field().value).toBe('other_province');
    expect(window.backend.stored).toEqual([]);
    await window.key('ArrowUp');
    await window.key('ArrowUp');
    expect(field().value).toBe('county');
    expect(checked()).toEqual(['province']);
  });

  test('two quick digits of a many-choice both stand', async () => {
    const window = await interview();
    await window.click('tree-/contact');
    void window.key('3');
    void window.key('1');
    await settled();
    expect(window.backend.stored.at(-1)).toEqual({ field: '/contact/ways', value: 'phone message' });
    await window.key('1');
    expect(checked()).toEqual(['message']);
  });

  test('two-digit numbers: the first digit waits for the second', async () => {
    const window = await interview();
    await window.key('PageDown');
    await window.key('PageDown');
    expect(page()).toBe('/family/month');
    await window.key('1');
    expect(window.text()).toContain('已按 1');
    await window.key('2');
    expect(window.backend.stored.at(-1)).toEqual({ field: '/family/month', value: 'm12' });
  });

  test('Delete clears, Ctrl+Z brings back', async () => {
    const window = await interview();
    await window.key('Delete');
    expect(checked()).toEqual([]);
    await window.key('z', { ctrlKey: true });
    expect(checked()).toEqual(['province']);
  });
});

describe('going on', () => {
  test('Enter accepts and goes on, PageUp goes back, focus goes to the first control', async () => {
    const window = await interview();
    await window.key('Enter');
    expect(page()).toBe('/family/mother_months');
    expect(field().dataset['field']).toBe('/family/mother_months');
    await window.key('PageUp');
    expect(page()).toBe('/family/mother');
    await window.key('Enter');
    await window.key('Enter', { shiftKey: true });
    expect(page()).toBe('/family/mother');
  });

  test('End goes to the next question without an answer', async () => {
    const window = await interview();
    await window.key('End');
    expect(page()).toBe('/family/mother_months');
  });

  test('a required question without an answer is said, and the page stays', async () => {
    const window = open();
    await unlock(window);
    await window.click('open-218');
    await window.key('PageDown');
    expect(page()).toBe('/basics/sex');
    expect(window.maybe('problem')).toBeNull();
    await window.key('Enter');
    expect(page()).toBe('/basics/sex');
    expect(window.at('problem').textContent).toContain('一定要答');
  });

  test('F4 changes the words of the form and keeps page, answer and focus', async () => {
    const window = await interview();
    await window.key('F4');
    expect(window.text()).toContain('Where does your mother live or work now?');
    expect(document.querySelector('h1')?.lang).toBe('en');
    expect(checked()).toEqual(['province']);
    expect(field().value).toBe('province');
  });

  test('a form without groups has its questions in the outline', async () => {
    const window = open();
    const opened = window.backend.openInterview;
    window.backend.openInterview = async (id, lang) => {
      const view = await opened(id, lang);
      // As the desk gives it: pages in no section, then the summary.
      const pages = view.tree.filter((part) => part.depth > 0).map((part) => ({ ...part, loose: true }));
      return { ...view, tree: [...pages, ...view.tree.slice(-1)] };
    };
    await unlock(window);
    await window.click('open-217');
    const keys = [...window.at('tree').querySelectorAll<HTMLElement>('.item')].map((item) => item.dataset['testid']);
    const { tree } = await opened('i217', 'zh-CN');
    expect(keys).toEqual(expect.arrayContaining(tree.filter((part) => part.depth > 0).map((part) => `tree-${part.key}`)));
  });

  test('F6 goes round tree, bar and question; F9 folds the tree', async () => {
    const window = await interview();
    await window.key('F6');
    expect(field().closest('.bar')).not.toBeNull();
    await window.key('F6');
    expect(field().closest('.tree')).not.toBeNull();
    await window.key('F9');
    expect(window.maybe('tree')).toBeNull();
  });

  test('F10 leaves, and today shows the list', async () => {
    const window = await interview();
    await window.key('F10');
    expect(window.maybe('interview')).toBeNull();
    expect(window.maybe('page-today')).not.toBeNull();
  });

  test('Esc never leaves an interview', async () => {
    const window = await interview();
    await window.key('Escape');
    expect(window.maybe('interview')).not.toBeNull();
  });
});

describe('saving', () => {
  test('saved is said only after the answer is stored', async () => {
    let store = () => {};
    const window = await interview({ beforeAnswer: () => new Promise<void>((resolve) => (store = resolve)) });
    await window.key('5');
    expect(window.at('saved').dataset['state']).toBe('saving');
    expect(checked()).toEqual(['province']);
    store();
    await waitFor(() => expect(window.at('saved').dataset['state']).toBe('saved'));
    expect(checked()).toEqual(['abroad']);
  });

  test('typed text is not said to be saved before it is', async () => {
    const window = await interview();
    await window.key('Enter');
    await window.type('8');
    expect(window.at('saved').dataset['state']).toBe('typing');
    await window.key('Enter');
    expect(window.backend.stored.at(-1)).toEqual({ field: '/family/mother_months', value: '8' });
    expect(window.at('saved').dataset['state']).toBe('saved');
  });

  test('a full disk keeps the typed text in the field, and Enter tries again', async () => {
    const window = await interview();
    await window.key('Enter');
    window.backend.options.beforeAnswer = () => {
      throw no('disk-full');
    };
    await window.type('8');
    await window.key('Enter');
    expect(page()).toBe('/family/mother_months');
    expect(field().value).toBe('8');
    expect(window.at('problem').textContent).toContain('磁盘满了');
    expect(window.at('saved').dataset['state']).toBe('failed');
    delete window.backend.options.beforeAnswer;
    await window.key('Enter');
    expect(page()).toBe('/family/month');
  });

  test('what is no number stays typed with a message', async () => {
    const window = await interview();
    await window.key('Enter');
    await window.type('很久');
    await window.key('Enter');
    expect(field().value).toBe('很久');
    expect(window.at('problem').textContent).toContain('请填整数');
    expect(field().getAttribute('aria-invalid')).toBe('true');
  });

  test('full-width digits are taken', async () => {
    const window = await interview();
    await window.key('Enter');
    await window.type('　１２');
    await window.key('Enter');
    expect(window.backend.stored.at(-1)?.value).toBe('12');
  });

  test('answers reach the store in the order they were given', async () => {
    const waiting: (() => void)[] = [];
    const window = await interview({ beforeAnswer: () => new Promise<void>((resolve) => waiting.push(resolve)) });
    await window.key('1');
    await window.key('2');
    expect(waiting.length).toBe(1);
    waiting[0]?.();
    await waitFor(() => expect(waiting.length).toBe(2));
    waiting[1]?.();
    await waitFor(() => expect(checked()).toEqual(['county']));
    expect(window.backend.stored.map((one) => one.value)).toEqual(['home', 'county']);
  });
});

describe('input methods', () => {
  /** The person composes 你好 in the long answer of C2; gives the field. */
  async function composing() {
    const window = await interview();
    await window.click('tree-/contact');
    await window.key('PageDown');
    const area = document.querySelector('textarea') as HTMLTextAreaElement;
    area.focus();
    return { window, area };
  }

  const half = (area: HTMLTextAreaElement, text: string) => {
    area.value = text;
    area.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertCompositionText' }));
  };

  test('half-typed text is never stored, not even on leaving keys; the end of the composition stores', async () => {
    vi.useFakeTimers();
    try {
      const { window, area } = await composing();
      area.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }));
      half(area, 'ni hao');
      await vi.advanceTimersByTimeAsync(10_000);
      await window.key('Enter', { keyCode: 229, isComposing: true });
      expect(window.backend.stored).toEqual([]);
      expect(area.value).toBe('ni hao');
      half(area, '你好');
      area.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true, data: '你好' }));
      await settled();
      expect(window.backend.stored).toEqual([{ field: '/contact/father/talk', value: '你好' }]);
      area.dispatchEvent(new KeyboardEvent('keyup', { key: 'Enter', keyCode: 13, bubbles: true }));
      await settled();
      expect(page()).toBe('/contact/father');
    } finally {
      vi.useRealTimers();
    }
  });

  test('without half-typed text in the field: one commit, stored once, the page stays', async () => {
    const { window, area } = await composing();
    await window.key('Unidentified', { keyCode: 229 });
    half(area, '你好');
    area.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true, data: '你好' }));
    await settled();
    expect(window.backend.stored).toEqual([{ field: '/contact/father/talk', value: '你好' }]);
    expect(page()).toBe('/contact/father');
  });

  test('an answer that comes back while the person composes does not touch the field', async () => {
    const { window, area } = await composing();
    half(area, '你');
    area.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true, data: '你' }));
    area.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }));
    half(area, '你hao');
    await settled();
    expect(area.value).toBe('你hao');
    expect(window.backend.stored.map((one) => one.value)).toEqual(['你']);
  });

  test('digits in a field write and do not choose', async () => {
    const { window, area } = await composing();
    expect(document.activeElement).toBe(area);
    await window.key('1');
    expect(window.backend.stored).toEqual([]);
  });

  test('Enter in a text of several lines is a new line, Ctrl+Enter goes on', async () => {
    const { window } = await composing();
    await window.key('Enter');
    expect(page()).toBe('/contact/father');
    await window.key('Enter', { ctrlKey: true });
    expect(page()).toBe('/contact/status');
  });
});

describe('a group', () => {
  test('Enter goes from question to question, then on; the message stands at its field', async () => {
    const window = await interview();
    await window.click('tree-/contact');
    await window.key('PageDown');
    expect(field().dataset['field']).toBe('/contact/father/calls');
    await window.type('60');
    await window.key('Enter');
    expect(field().dataset['field']).toBe('/contact/father/seen');
    await window.type('20170502');
    await window.key('Enter');
    expect(window.backend.stored.at(-1)?.value).toBe('2017-05-02');
    expect(field().dataset['field']).toBe('/contact/father/talk');
    await window.key('Enter', { ctrlKey: true });
    expect(page()).toBe('/contact/father');
    expect(field().dataset['field']).toBe('/contact/father/seen');
    expect(window.at('problem').textContent).toContain('这一天还没到');
    expect(field().getAttribute('aria-describedby')).toContain(window.at('problem').id);
  });
});

describe('a long list', () => {
  test('pinyin initials find, Enter takes, the next Enter goes on', async () => {
    const window = await interview();
    await window.click('tree-/basics/school').catch(() => window.click('tree-/basics'));
    await window.click('tree-/basics/school');
    expect(field().getAttribute('role')).toBe('combobox');
    await window.type('lxxx');
    expect(document.querySelectorAll('[role="option"]').length).toBe(1);
    await window.key('Enter');
    expect(window.backend.stored.at(-1)).toEqual({ field: '/basics/school', value: 's2' });
    expect(field().value).toBe('柳溪小学（示例）');
    await window.key('Enter');
    expect(page()).not.toBe('/basics/school');
  });

  test('Esc closes the list and leaves the answer', async () => {
    const window = await interview();
    await window.click('tree-/basics');
    await window.click('tree-/basics/school');
    await window.type('zz');
    await window.key('Escape');
    expect(field().value).toBe('石塘小学（示例）');
    expect(window.backend.stored).toEqual([]);
  });
});

describe('a roster', () => {
  async function roster() {
    const window = await interview();
    await window.click('tree-/family/people');
    return window;
  }

  test('opens at the first open cell; a digit chooses there', async () => {
    const window = await roster();
    expect(field().dataset['testid']).toBe('cell-3-4');
    await window.key('1');
    expect(window.backend.stored).toEqual([{ field: '/family/people[3]/place', value: 'home' }]);
    expect(window.at('cell-3-4').textContent).toBe('在家');
  });

  test('arrows go from cell to cell; written cells are written in the line below', async () => {
    const window = await roster();
    await window.key('ArrowLeft');
    expect(field().tagName).toBe('INPUT');
    expect(field().value).toBe('1985');
    await window.type('1986');
    await window.key('ArrowDown');
    expect(window.backend.stored).toEqual([{ field: '/family/people[3]/year', value: '1986' }]);
    expect(field().value).toBe('2019');
    expect(window.at('answer-line').textContent).toContain('第 4 行');
  });

  test('a cell that was refused is not left, and keeps what was typed', async () => {
    const window = await roster();
    await window.key('ArrowLeft');
    await window.type('不知道');
    await window.key('ArrowDown');
    expect(field().value).toBe('不知道');
    expect(window.at('answer-line').textContent).toContain('第 3 行');
    expect(window.at('problem').textContent).toContain('请填整数');
  });

  test('Enter goes to the next cell that is asked, Ctrl+Enter closes the roster where all is right', async () => {
    const window = await roster();
    await window.key('1');
    await window.key('Enter');
    expect(field().dataset['testid']).toBe('cell-3-6');
    await window.key('Enter');
    expect(window.at('answer-line').textContent).toContain('第 4 行');
  });

  test('Alt+N adds a row and goes to it; it can be removed', async () => {
    const window = await roster();
    await window.key('n', { altKey: true });
    expect(window.maybe('cell-6-1')).not.toBeNull();
    expect(window.at('answer-line').textContent).toContain('第 6 行');
    expect(window.maybe('problem')).toBeNull();
    await window.click('remove-row');
    expect(window.maybe('cell-6-1')).toBeNull();
  });
});

describe('check and finish', () => {
  test('the summary has the focus, a line jumps to its field and says the same words there', async () => {
    const window = await interview();
    await window.click('tree-completion');
    expect(field().textContent).toContain('一定要改');
    expect(window.at('finalise').getAttribute('aria-disabled')).toBe('true');
    const words = '出生年还没到';
    expect(window.at('summary-wrong').textContent).toContain(words);
    await window.click('jump-wrong-1');
    expect(page()).toBe('/family/people');
    expect(field().value).toBe('2019');
    expect(window.at('problem').textContent).toContain(words);
  });

  test('when all is right it can be finished, and then only be read', async () => {
    const window = await interview();
    await window.click('tree-/family/people');
    await window.key('ArrowLeft');
    await window.key('ArrowDown');
    await window.type('2005');
    await window.key('ArrowDown');
    await window.click('remove-row');
    await window.click('tree-completion');
    await window.click('finalise');
    expect(window.at('interview-row-217').dataset['state']).toBe('finalised');
    await window.click('open-217');
    expect(window.maybe('readonly')).not.toBeNull();
    await window.click('correct');
    expect(window.maybe('readonly')).toBeNull();
  });
});

describe('pop-ups', () => {
  test('a note is stored, Esc does not lose it', async () => {
    const window = await interview();
    await window.key('F2');
    await window.type('奶奶在旁边。');
    await window.key('Escape');
    expect(window.maybe('note-sheet')).toBeNull();
    expect(document.querySelector('.rail')?.textContent).toContain('奶奶在旁边。');
    expect(field().value).toBe('province');
  });

  test('finding a question goes there', async () => {
    const window = await interview();
    await window.key('F3');
    await window.type('年级');
    await window.key('Enter');
    expect(page()).toBe('/basics/grade');
  });

  test('a question says why it is asked, with the answer that decided it', async () => {
    const window = await interview();
    await window.key('w', { altKey: true });
    const sheet = await window.found('why-sheet');
    expect(sheet.textContent).toContain('这一题现在要问');
    await window.key('5');
    expect(window.backend.stored).toEqual([]);
    await window.key('Escape');
    expect(window.maybe('why-sheet')).toBeNull();
    expect(field().value).toBe('province');
  });

  test('finding a question that is not asked says why, and goes nowhere', async () => {
    const window = await interview();
    await window.key('1');
    await window.key('F3');
    await window.type('妈妈外出多少个月');
    await window.key('Enter');
    expect((await window.found('why-relevant')).textContent).toContain('这一题现在不问');
    expect(page()).toBe('/family/mother');
  });

  test('keys of the interview do not act under the help', async () => {
    const window = await interview();
    await window.key('F1');
    await window.key('5');
    expect(window.backend.stored).toEqual([]);
    await window.key('Escape');
    await window.key('5');
    expect(window.backend.stored.length).toBe(1);
  });
});

describe('beyond the form language', () => {
  test('F7 and F8 give a declared non-answer, an answer takes its place', async () => {
    const window = await interview();
    expect(window.maybe('non-answer-dontKnow')).toBeNull();
    await window.key('Enter');
    expect(page()).toBe('/family/mother_months');
    await window.key('F8');
    expect(window.maybe('non-answer-refused')?.getAttribute('aria-pressed')).toBe('true');
    expect(window.maybe('tree-/family/mother_months')?.textContent).toContain('拒绝回答');
    await window.key('F7');
    expect(window.maybe('non-answer-refused')?.getAttribute('aria-pressed')).toBe('false');
    expect(window.maybe('non-answer-dontKnow')?.getAttribute('aria-pressed')).toBe('true');
    await window.type('12');
    await window.key('Enter');
    await window.key('PageUp');
    expect(window.maybe('non-answer-dontKnow')?.getAttribute('aria-pressed')).toBe('false');
    expect(window.maybe('soft-check')).toBeNull();
  });

  test('a soft check never hinders, and is confirmed with a reason by keyboard', async () => {
    const window = await interview();
    await window.key('Enter');
    await window.type('72');
    await window.key('Enter');
    expect(page()).not.toBe('/family/mother_months');
    await window.key('PageUp');
    expect(window.maybe('soft-check')?.textContent).toContain('超过五年了');
    await window.key('c', { altKey: true });
    expect(field().dataset['testid']).toBe('soft-reason');
    await window.type('出国六年');
    await window.key('Enter');
    expect(page()).toBe('/family/mother_months');
    expect(window.maybe('soft-confirmed')?.textContent).toContain('出国六年');
  });
});
