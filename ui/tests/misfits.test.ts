import { describe, expect, test } from 'vitest';
import type { Misfit, MisfitView } from '../src/lib/ipc/bindings';
import { ui } from '../src/lib/ui.svelte';
import { open, unlock, type Window } from './window';

const one = (what: Misfit, more: Partial<MisfitView> = {}): MisfitView => ({ key: what, owner: '周宁 · 示例电脑 05', own: false, what, code: '', entries: 3, at: '', ...more });

async function sync(misfits: MisfitView[]): Promise<Window> {
  const window = open({ role: 'lead', misfits });
  await unlock(window, 'st3');
  await window.click('tab-sync');
  await window.found('sync-now');
  return window;
}

describe('what does not fit', () => {
  test('where all is well, nothing is said', async () => {
    const window = await sync([]);
    expect(window.maybe('misfits')).toBeNull();
    expect(window.text()).not.toContain('对不上的地方');
  });

  const hub = { owner: 'https://192.168.1.20:8443', at: '2017-04-11T21:40:00+08:00' };
  test.each<[MisfitView, string, string, string]>([
    [one('gap'), '周宁 · 示例电脑 05 还缺 3 条', '再同步一次', '3 entries of 周宁 · 示例电脑 05 have not come'],
    [one('fork'), '从第 3 条起，有两台电脑都用 周宁', '停用那台电脑', 'Two laptops write as 周宁 · 示例电脑 05, from entry 3'],
    [one('fork', { own: true }), '本机（周宁 · 示例电脑 05）', '请告诉组长', 'this laptop (周宁'],
    [one('no-right'), '按身份不能写', '不起作用', 'this role may not write'],
    [one('no-right', { own: true }), '本机（周宁 · 示例电脑 05）', '给组长看', 'Show the lead this laptop'],
    [one('late'), '停用以后又来了 3 条', '要不要接受', 'came after the laptop was revoked'],
    [one('hub-rewound', hub), '中心 https://192.168.1.20:8443 被恢复成了旧的备份（昨天 21:40）', '每台电脑再同步一次', 'put back to an old copy'],
    [one('hub-rewritten', hub), '和这台电脑上次看到的对不上', '说明原因', 'does not go on'],
  ])('%j says whose it is, what was found and what to do', async (misfit, found, todo, english) => {
    const window = await sync([misfit]);
    const text = window.at(`misfit-${misfit.what}`).textContent;
    expect(text).toContain(found);
    expect(text).toContain(todo);
    await window.key('F4');
    expect(ui.lang).toBe('en');
    expect(window.at(`misfit-${misfit.what}`).textContent).toContain(english);
  });

  test('what was set aside has its reason, also where nobody is known', async () => {
    const window = await sync([one('aside', { code: 'journal-body-damaged', owner: '' })]);
    expect(window.at('set-aside').textContent).toContain('一位队员（内容在这里打不开） 的 3 条记录先放在一边');
    expect(window.at('set-aside').textContent).toContain('内容在路上损坏了');
  });

  test('a line that was noted goes, by the keyboard too, and the others stay', async () => {
    const window = await sync([one('fork'), one('gap')]);
    const button = window.at('misfit-noted');
    expect(button.getAttribute('aria-label')).toContain('两台电脑');
    button.focus();
    await window.key('Enter');
    expect(window.maybe('misfit-fork')).toBeNull();
    expect(window.maybe('misfit-gap')).not.toBeNull();
    await window.click('misfit-noted');
    expect(window.maybe('misfits')).toBeNull();
  });
});
