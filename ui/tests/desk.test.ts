import { describe, expect, test, vi } from 'vitest';
import { passphrase } from '../src/lib/backend/fake';
import { no } from './refusals';
import { open, select, settled, unlock } from './window';

describe('unlocking', () => {
  test('a wrong passphrase is said, and can be typed again', async () => {
    const window = open();
    await window.found('unlock-passphrase');
    await settled();
    expect(document.activeElement).toBe(window.at('unlock-passphrase'));
    await window.type('wrong');
    await window.key('Enter');
    expect(window.at('refusal').textContent).toContain('口令不对');
    await window.type(passphrase);
    await window.key('Enter');
    expect(window.maybe('page-today')).not.toBeNull();
  });

  test('what to say and whom to call is at hand before anybody has unlocked, and nothing of a project', async () => {
    const window = open();
    await window.found('unlock-passphrase');
    await settled();
    await window.key('F12');
    await window.found('care-locked');
    expect(window.at('care-locked').textContent).toContain('12355');
    expect(window.maybe('care-words')).toBeNull();
    await window.key('Escape');
    expect(window.maybe('care-locked')).toBeNull();
    expect(document.activeElement).toBe(window.at('unlock-passphrase'));
    await window.key('F12');
    await window.key('F12');
    expect(window.maybe('care-locked')).toBeNull();
  });

  test('a store of a newer version has its own message', async () => {
    const window = open();
    await window.found('unlock-passphrase');
    window.backend.unlock = () => Promise.reject(no('store-newer'));
    await window.click('unlock-submit');
    expect(window.at('refusal').textContent).toContain('更新的版本');
  });

  test.each(['damaged', 'recovery-cut-off'])('a store that is not whole (%s) leads to its recovery', async (code) => {
    const window = open();
    await window.found('unlock-passphrase');
    window.backend.unlock = () => Promise.reject(no(code));
    await window.type(passphrase);
    await window.key('Enter');
    expect(window.at('refusal').textContent).toContain('恢复');
    await window.click('recover');
    expect(window.maybe('page-recover')).not.toBeNull();
  });

  test('a join that still waits leads to where it goes on', async () => {
    const window = open();
    await window.found('unlock-passphrase');
    const before = await window.backend.start();
    const joining = [{ id: 'st1', project: '项目', person: '林远', role: 'interviewer' as const, compareCode: '482 913', state: 'waiting' as const, sent: false }];
    window.backend.unlock = () => Promise.reject(no('join-waiting'));
    window.backend.start = async () => ({ ...before, joining });
    await window.type(passphrase);
    await window.key('Enter');
    await settled();
    expect(window.maybe('page-join')).not.toBeNull();
    expect(window.at('compare-code').textContent).toContain('482 913');
    expect(window.maybe('join-not-sent')).not.toBeNull();
    expect(window.maybe('open-admission')).not.toBeNull();
  });

  test('F4 changes the language, Alt+Z the text size', async () => {
    const window = open();
    await window.found('unlock-passphrase');
    await window.key('F4');
    expect(window.text()).toContain('Who are you?');
    expect(document.documentElement.lang).toBe('en');
    await window.key('z', { altKey: true });
    expect(document.documentElement.style.getPropertyValue('--text-scale')).toBe('1.125');
  });

  test('locking forgets the page', async () => {
    const window = open();
    await unlock(window);
    await window.key('F10');
    expect(window.maybe('page-unlock')).not.toBeNull();
    expect(window.text()).not.toContain('小满');
  });
});

describe('first run', () => {
  test('a lead sets up a project; what is missing is said beside its field', async () => {
    const window = open({ first: true });
    (await window.found('new-project')).click();
    await settled();
    await window.click('create-project');
    expect(document.querySelectorAll('.err').length).toBe(4);
    for (const [id, text] of [
      ['project-title', '练习'],
      ['person-name', '沈一帆'],
      ['device-name', '组长电脑'],
      ['new-passphrase', passphrase],
      ['new-passphrase-again', passphrase],
    ] as const) {
      window.at(id).focus();
      await window.type(text);
    }
    await window.click('create-project');
    expect(window.maybe('tab-team')).not.toBeNull();
  });

  test('joining: passphrase, compare code, waiting, admitted', async () => {
    const window = open({ first: true });
    (await window.found('open-invitation')).click();
    await settled();
    window.at('new-passphrase').focus();
    await window.type(passphrase);
    window.at('new-passphrase-again').focus();
    await window.type('another thing');
    window.at('device-name').focus();
    await window.type('示例电脑 07');
    await window.click('join-continue');
    expect(window.text()).toContain('两次不一样');
    window.at('new-passphrase-again').focus();
    await window.type(passphrase);
    await window.click('join-continue');
    expect(window.at('compare-code').textContent).toBe('482 913');
    await window.click('join-continue');
    expect(window.text()).toContain('还没有确认');
    await window.click('join-continue');
    expect(window.maybe('admitted')).not.toBeNull();
    await window.click('join-continue');
    expect(window.maybe('unlock-passphrase')).not.toBeNull();
  });

  test('joining by the address and the code on the lead’s screen', async () => {
    const window = open({ first: true });
    (await window.found('type-invitation')).click();
    await settled();
    window.at('invitation-address').focus();
    await window.type('192.168.1.20:8788');
    window.at('invitation-code').focus();
    await window.type('7h2k');
    await window.key('Enter');
    expect(window.at('refusal').textContent).toContain('16 个字母和数字');
    window.at('invitation-code').focus();
    await window.type('7h2k 9qxm 4trb 0vnc');
    await window.key('Enter');
    expect(window.maybe('new-passphrase')).not.toBeNull();
  });

  test('a damaged invitation is refused in words', async () => {
    const window = open({ first: true });
    (await window.found('paste-invitation')).click();
    await settled();
    window.at('invitation-text').focus();
    await window.type('nonsense');
    await window.click('read-invitation');
    expect(window.text()).toContain('邀请不完整或损坏了');
  });
});

describe('the lead', () => {
  async function lead() {
    const window = open();
    await unlock(window, 'st3');
    return window;
  }

  test('who is invited without a file finds what to type beside the name, and an invitation for a file says so', async () => {
    const window = await lead();
    await window.click('tab-team');
    expect(window.at('untyped-v0').textContent).toContain('没有可输入的码');
    window.at('invite-name').focus();
    await window.type('李想');
    await window.click('invite-by-code');
    expect(window.at('typed-v1').textContent).toContain('192.168.1.20:8788');
    expect(window.at('typed-v1').textContent).toContain('7H2K-9QXM-4TRB-0VNC');
  });

  test('tabs by role, with their counts', async () => {
    const window = await lead();
    const names = [...document.querySelectorAll('.nav button')].map((tab) => tab.textContent);
    expect(names).toEqual(['今天', '人员', '记录', '冲突2', '重复', '队员1', '表单', '同步5']);
    await window.key('F10');
    await unlock(window, 'st1');
    expect([...document.querySelectorAll('.nav button')].map((tab) => tab.textContent)).toEqual(['今天', '人员', '记录', '同步5']);
  });

  test('a conflict is decided with a reason; without one it is not', async () => {
    const window = await lead();
    await window.click('tab-conflicts');
    await window.found('conflict-side-1');
    await window.key('2');
    await window.click('decide');
    expect(window.text()).toContain('请写为什么这样定');
    expect(document.activeElement).toBe(window.at('reason'));
    await window.type('奶奶当面更正');
    await window.key('Enter');
    expect(window.text()).toContain('1 处要您决定');
    expect(window.at('tab-conflicts').textContent).toBe('冲突1');
  });

  test('neither: another answer is sent', async () => {
    const window = await lead();
    const sent: unknown[] = [];
    const decide = window.backend.decide;
    window.backend.decide = (inputs, lang) => (sent.push(...inputs), decide(inputs, lang));
    await window.click('tab-conflicts');
    await window.found('conflict-2');
    await window.click('conflict-2');
    await window.key('3');
    expect(document.activeElement).toBe(window.at('other-answer'));
    await window.type('３６');
    window.at('reason').focus();
    await window.type('又问了一次');
    await window.click('decide');
    expect(sent).toEqual([expect.objectContaining({ value: '36', names: ['e3', 'e4'], reason: '又问了一次' })]);
  });

  test('a whole interview is decided at once, and taken back', async () => {
    const window = await lead();
    await window.click('tab-conflicts');
    await window.found('whole');
    expect(window.at('before').textContent).toContain('B3 爸爸外出多少个月了？：38');
    await window.key('2', { altKey: true, code: 'Digit2' });
    await window.type('第二次去问过奶奶');
    await window.key('Enter');
    expect(window.text()).toContain('没有要您决定的');
    await window.key('z', { ctrlKey: true });
    expect(window.text()).toContain('已收回，又回到待定里');
    expect(window.at('sum').textContent).toContain('2 处要您决定');
  });

  test('what was decided of a whole interview is taken back at once later too, with a reason', async () => {
    const window = await lead();
    await window.click('tab-conflicts');
    await window.found('whole');
    await window.key('2', { altKey: true, code: 'Digit2' });
    await window.type('第二次去问过奶奶');
    await window.key('Enter');
    await window.key('d', { altKey: true });
    await window.found('take-back-whole');
    expect(window.at('take-back-whole').textContent).toContain('2 个决定');
    await window.key('1', { altKey: true, code: 'Digit1' });
    expect(document.activeElement).toBe(window.at('reason'));
    expect(window.at('sum').textContent).toContain('2 处已经决定');
    await window.type('奶奶又改口了');
    await window.click('take-back-whole');
    expect(window.at('sum').textContent).toContain('2 处要您决定');
  });

  test('conflicts are filtered, and decided ones are looked at again and taken back', async () => {
    const window = await lead();
    await window.click('tab-conflicts');
    await window.found('conflict-side-1');
    await window.key('f', { altKey: true });
    await select(window.at('filter-question'), 'B3 爸爸外出多少个月了？');
    expect(window.at('sum').textContent).toContain('1 处要您决定，共 2 处');
    await select(window.at('filter-question'), '');
    await window.key('1');
    window.at('reason').focus();
    await window.type('奶奶当面更正');
    await window.key('Enter');
    await window.key('d', { altKey: true });
    await window.found('take-back');
    expect(window.at('sum').textContent).toContain('1 处已经决定');
    window.at('reason').focus();
    await window.type('又问了一次');
    await window.click('take-back');
    expect(window.at('sum').textContent).toContain('2 处要您决定');
  });

  test('a declared non-answer is a third answer', async () => {
    const window = await lead();
    const sent: unknown[] = [];
    const decide = window.backend.decide;
    window.backend.decide = (inputs, lang) => (sent.push(...inputs), decide(inputs, lang));
    await window.click('tab-conflicts');
    await window.found('neither');
    await window.click('neither');
    await window.click('non-answer-dontKnow');
    window.at('reason').focus();
    await window.type('奶奶也说不上来');
    await window.key('Enter');
    expect(sent).toEqual([expect.objectContaining({ value: '', nonAnswer: 'dontKnow' })]);
  });

  test('two cards of one child are compared, linked and taken back', async () => {
    const window = await lead();
    const sent: unknown[] = [];
    const rule = window.backend.rulePair;
    window.backend.rulePair = (input, lang) => (sent.push(input), rule(input, lang));
    await window.click('tab-duplicates');
    await window.found('compare');
    expect(window.at('pair-heading').textContent).toBe('219 小桔和W044 小菊，是同一个孩子吗？');
    expect(window.at('reasons').textContent).toContain('名字同音，不同字');
    await window.key('3');
    await window.key('1');
    expect(document.activeElement).toBe(window.at('reason'));
    await window.key('Enter');
    expect(window.text()).toContain('请写为什么这样定');
    await window.type('问过班主任');
    await window.key('Enter');
    expect(sent).toEqual([{ records: ['s219', 'sW044'], act: 'linked', leading: 'sW044', reason: '问过班主任', names: [] }]);
    expect(window.at('pair-heading').textContent).toContain('做了两次同一份表');
    await window.key('z', { ctrlKey: true });
    expect(sent[1]).toEqual(expect.objectContaining({ act: 'open', names: [expect.any(String)] }));
    expect(window.at('pair-heading').textContent).toContain('小菊');
    await window.key('2');
    await window.type('两个孩子');
    await window.key('Enter');
    await window.key('d', { altKey: true });
    expect(window.at('sum').textContent).toContain('1 对已经判定');
    expect(window.at('words').textContent).toContain('两个孩子');
    await window.key('1');
    await window.type('再问一次');
    await window.key('Enter');
    expect(window.at('sum').textContent).toContain('0 对已经判定');
  });

  test('files against each other are both shown, and none is typed', async () => {
    const window = await lead();
    vi.stubGlobal('URL', class extends URL {
      static override createObjectURL = () => 'blob:one';
      static override revokeObjectURL = () => undefined;
    });
    const [conflict] = await window.backend.conflictsOf('i217', 'zh-CN');
    if (!conflict) throw new Error('expected a conflict, found none');
    const file = (name: string, mediaType: string, here: boolean) => ({ name, mediaType, length: 2048, parts: 1, here });
    const cards = [file('1.jpg', 'image/jpeg', true), file('2.pdf', 'application/pdf', false)];
    const sides = conflict.sides.map((side, at) => ({ ...side, value: cards[at]?.name ?? '', file: cards[at] ?? null }));
    const capture = { of: 'photograph', front: false, largest: 1, maxPixels: 0, bits: 0, file: null, unfinished: null, withheld: '' } as const;
    const history = sides.slice(0, 1);
    window.backend.conflictsOf = () => Promise.resolve([{ ...conflict, sides, history, base: null, control: { kind: 'capture', ...capture } }]);
    const asked: string[] = [];
    window.backend.filePart = (record, name, part) => {
      asked.push(`${record} ${name} ${String(part)}`);
      return Promise.resolve({ base64: 'AAAA' });
    };
    await window.click('tab-conflicts');
    expect((await window.found('file-picture')).getAttribute('src')).toBe('blob:one');
    expect(asked).toEqual([`${conflict.record} 1.jpg 0`]);
    expect(window.at('conflict-side-2').textContent).toContain('PDF');
    expect(window.at('conflict-side-2').querySelector('[data-testid="file-absent"]')).not.toBeNull();
    expect(window.text()).not.toContain('1.jpg');
    expect(window.maybe('neither')).toBeNull();
    await window.key('3');
    expect(window.maybe('other-answer')).toBeNull();
    vi.unstubAllGlobals();
  });

  test('submissions of other tools are seen before they are taken in', async () => {
    const window = await lead();
    await window.click('tab-records');
    await window.click('import');
    window.backend.chooseImport = ((choose) => (folder, lang) => (folder ? choose(folder, lang) : Promise.resolve(null)))(window.backend.chooseImport);
    await window.click('import-files');
    expect(window.maybe('import-view')).toBeNull();
    await window.click('import-folder');
    expect(window.at('import-view').dataset['done']).toBe('false');
    expect(window.at('import-view').textContent).toContain('14 份答卷会成为记录');
    expect(window.at('import-unread').textContent).toContain('这个项目里没有表单“teacher”');
    expect(window.at('import-view').textContent).toContain('2 份答卷更正了这里已有的记录');
    const taken: boolean[] = [];
    const take = window.backend.importRecords;
    window.backend.importRecords = (revisions, lang) => (taken.push(revisions), take(revisions, lang));
    expect((window.at('import-revisions') as HTMLInputElement).checked).toBe(true);
    await window.click('import-revisions');
    await window.click('import-write');
    expect([taken, window.at('import-view').dataset['done']]).toEqual([[false], 'true']);
    expect(window.at('import-view').textContent).not.toContain('更正');
    expect(window.maybe('import-write')).toBeNull();
    await window.key('Escape');
    expect(window.maybe('import-sheet')).toBeNull();
  });

  test('records are filtered by code, person and state', async () => {
    const window = await lead();
    await window.click('tab-records');
    await window.found('record-row-217');
    window.at('filter-text').focus();
    await window.type('21');
    expect(window.maybe('record-row-304')).toBeNull();
    await window.type('mb');
    expect(window.maybe('record-row-217')).toBeNull();
    await window.type('ms');
    expect(window.maybe('record-row-218')).not.toBeNull();
  });

  test('somebody who asks to join is approved after comparing', async () => {
    const window = await lead();
    await window.click('tab-team');
    await window.found('approve-r1');
    expect(window.at('compare-code').textContent).toBe('482 913');
    await window.click('approve-r1');
    expect(window.maybe('request-r1')).toBeNull();
    expect(window.at('tab-team').textContent).toBe('队员');
  });

  test('who stops the laptop of somebody who reads reports is told so, and that too few are left', async () => {
    const window = await lead();
    await window.click('tab-team');
    await window.click('revoke-c2');
    expect(window.maybe('revoke-holder')).toBeNull();
    await window.click('revoke-cancel');
    await window.click('revoke-c4');
    expect(window.at('revoke-holder').textContent).toContain('安全负责人的电脑');
    expect(window.at('revoke-holder-few').textContent).toContain('不足两位');
  });

  test('a form with errors is not added, one without is', async () => {
    const window = await lead();
    await window.click('tab-forms');
    await window.click('check-form');
    expect(window.at('form-problems').textContent).toContain('题名不存在：mother_plce');
    expect(window.at('form-problems').textContent).toContain('survey F42');
    expect(window.at('form-problems').textContent).toContain('是不是“mother_place”？');
    expect(window.at('form-problems').textContent).toContain('F relevant');
    expect(window.at('form-problems').querySelector('mark')?.textContent).toBe('${mother_plce}');
    expect(window.at('add-form').getAttribute('aria-disabled')).toBe('true');
    await window.click('check-form');
    await window.click('add-form');
    expect(window.maybe('form-added')).not.toBeNull();
  });

  test('a form is tried beside the list of its problems, and F5 checks the mended workbook', async () => {
    const window = await lead();
    await window.click('tab-forms');
    await window.click('check-form');
    expect(window.at('try-form').getAttribute('aria-disabled')).toBe('true');
    await window.key('F5');
    await window.click('try-form');
    expect(window.at('trial').textContent).toContain('不保存');
    expect(window.maybe('practice')).toBeNull();
    expect(window.at('trial-check').querySelectorAll('li').length).toBe(2);
    await window.click('problem-0');
    expect(window.at('page').dataset['page']).toBe('/family/father');
    await window.key('F5');
    expect(window.at('page').dataset['page']).toBe('/family/father');
    await window.key('F10');
    expect(window.maybe('add-form')).not.toBeNull();
    await window.click('tab-team');
    await window.click('tab-forms');
    expect(window.maybe('add-form')).toBeNull();
  });

  test('the list of exports says what is no longer agreed to, and saves the rows to drop', async () => {
    const window = await lead();
    await window.click('tab-records');
    await window.found('record-row-217');
    await window.click('export');
    expect((await window.found('export-taken-back')).textContent).toContain('存档');
    await window.click('save-drops');
    expect(window.at('drops-saved').textContent).toContain('drop-2.csv');
  });

  test('what was practised is marked, counts for nothing, and the checklist says so before it begins', async () => {
    const window = await lead();
    const [card] = await window.backend.records('zh-CN');
    window.backend.records = async () => [{ ...card!, state: 'finalised', practice: true }, { ...card!, id: 'real', code: '999', state: 'finalised' }];
    await window.click('tab-records');
    await window.found('record-row-999');
    expect(window.at(`practice-${card!.code}`).textContent).toBe('练习');
    expect(window.maybe('practice-999')).toBeNull();
    expect(document.querySelector('.records h1')?.textContent).toMatch(/1\D+1/);
    await window.click('export');
    await window.click('export-look');
    expect(window.at('export-practised').textContent).toContain('2');
  });

  test('an export asks first', async () => {
    const window = await lead();
    await window.click('tab-records');
    await window.found('record-row-217');
    await window.click('export');
    await window.click('export-look');
    await window.click('export-write');
    expect(window.maybe('export-report')).toBeNull();
    await window.click('export-understood');
    await window.click('export-write');
    expect(window.at('export-report').textContent).toContain('pupil_example.csv');
  });
});

describe('sync', () => {
  test('says what went through', async () => {
    const window = open();
    await unlock(window);
    await window.click('tab-sync');
    await window.found('sync-now');
    await window.click('sync-now');
    expect(window.at('sync-report').textContent).toContain('送出 5 条，收下 12 条');
    expect(window.at('tab-sync').textContent).toBe('同步');
  });

  test('a hub that is away is said, and nothing is claimed', async () => {
    const window = open();
    await unlock(window);
    window.backend.sync = () => Promise.reject(no('hub-unreachable'));
    await window.click('tab-sync');
    await window.found('sync-now');
    await window.click('sync-now');
    expect(window.at('refusal').textContent).toContain('连不上中心');
    expect(window.maybe('sync-report')).toBeNull();
  });
});

test('every page of a practice project says so', async () => {
  const window = open();
  await window.found('practice');
  await unlock(window, 'st3');
  for (const tab of ['today', 'records', 'conflicts', 'duplicates', 'team', 'forms', 'sync']) {
    await window.click(`tab-${tab}`);
    expect(window.at('practice').textContent, tab).toContain('练习项目');
  }
  await window.click('tab-today');
  await window.click('new-interview');
  expect(window.maybe('practice')).not.toBeNull();
  await window.key('PageUp');
  await window.click('open-217');
  expect(window.maybe('practice')).not.toBeNull();
});

test('a new interview wants a code', async () => {
  const window = open();
  await unlock(window);
  await window.key('n', { altKey: true });
  await window.key('Enter');
  expect(window.text()).toContain('请填写');
  await window.type('２３０');
  await window.key('Enter');
  expect(window.at('where').textContent).toContain('230');
});
