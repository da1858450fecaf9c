import { describe, expect, test, vi } from 'vitest';
import { passphrase } from '../src/lib/backend/fake';
import { no } from './refusals';
import { open, settled, unlock, type Window } from './window';

async function lead(tab: string): Promise<Window> {
  const window = open({ role: 'lead' });
  await unlock(window, 'st3');
  await window.click(`tab-${tab}`);
  return window;
}

describe('the recovery key', () => {
  async function ask(window: Window, typed: string): Promise<void> {
    window.at('recovery-key-passphrase').focus();
    await window.type(typed);
    window.at('recovery-key-show').focus();
    await window.key('Enter');
  }

  test('is shown after the passphrase, with a warning, and forgotten when the sheet closes', async () => {
    const window = await lead('team');
    (await window.found('to-recovery-key')).focus();
    await window.key('Enter');
    expect(window.at('recovery-key-sheet').textContent).toContain('能读这个项目的每一台电脑');
    expect(window.at('recovery-key-show').getAttribute('aria-disabled')).toBe('true');
    await ask(window, 'wrong');
    expect(window.at('recovery-key-refusal').textContent).toContain('口令不对');
    expect(window.maybe('recovery-key')).toBeNull();
    await ask(window, passphrase);
    expect(window.at('recovery-key').textContent).toContain('AGE-SECRET-KEY-1');
    await window.key('Escape');
    expect(window.text()).not.toContain('AGE-SECRET-KEY-1');
    await window.click('to-recovery-key');
    expect(window.maybe('recovery-key')).toBeNull();
  });

  test('is not offered on a laptop that does not keep it', async () => {
    const window = open({ role: 'lead' });
    const team = await window.backend.team();
    window.backend.team = async () => ({ ...team, keepsRecovery: false });
    await unlock(window, 'st3');
    await window.click('tab-team');
    await window.found('invite-name');
    expect(window.maybe('to-recovery-key')).toBeNull();
  });
});

describe('drafts of a laptop whose passphrase was forgotten', () => {
  test('are taken over only when the lead says so, with a remark of whose they were', async () => {
    const window = await lead('sync');
    const take = vi.spyOn(window.backend, 'takeDrafts');
    await window.found('from-stick');
    await window.click('from-stick');
    expect(window.at('stick-drafts').textContent).toContain('周宁（示例电脑 05）忘了口令，有 2 份访谈');
    expect(take).not.toHaveBeenCalled();
    window.at('take-drafts').focus();
    await window.key('Enter');
    expect(take).toHaveBeenCalledExactlyOnceWith('5f1c.tianye-drafts', '周宁（示例电脑 05）填到这里，口令忘了；由组长接手。');
    expect(window.maybe('stick-drafts')).toBeNull();
    expect(window.at('drafts-taken').textContent).toContain('已接手 周宁（示例电脑 05）的 2 份草稿');
  });

  test('a file that cannot be read is said, and stays on offer', async () => {
    const window = await lead('sync');
    window.backend.takeDrafts = () => Promise.reject(no('drafts-unusable'));
    await window.found('from-stick');
    await window.click('from-stick');
    await window.click('take-drafts');
    await settled();
    expect(window.at('refusal').textContent).not.toBe('');
    expect(window.maybe('stick-drafts')).not.toBeNull();
  });

  test('an interviewer is not offered any', async () => {
    const window = open();
    await unlock(window);
    await window.click('tab-sync');
    await window.found('from-stick');
    await window.click('from-stick');
    expect(window.maybe('stick-read')).not.toBeNull();
    expect(window.maybe('stick-drafts')).toBeNull();
  });
});
