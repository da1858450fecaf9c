import { waitFor } from '@testing-library/svelte';
import { describe, expect, test, vi } from 'vitest';
import type { AssignmentRow, CardConflict, EraseInput, NewInterview, PeopleView, PersonView, ReportInput, RosterView, WriteView } from '../src/lib/ipc/bindings';
import { no } from './refusals';
import { open, select, settled, unlock, type Window } from './window';

const field = () => document.activeElement as HTMLElement;

const sites = [
  { id: 'county', kind: 'county', name: '武义县', zh: '武义县', en: '', parent: '', depth: 0, pupils: 2 },
  { id: 'school', kind: 'school', name: '石塘小学', zh: '石塘小学', en: 'Shitang', parent: 'county', depth: 1, pupils: 2 },
  { id: 'class', kind: 'class', name: '四（2）班', zh: '四（2）班', en: '', parent: 'school', depth: 2, pupils: 2 },
  { id: 'other', kind: 'school', name: '柳溪小学', zh: '柳溪小学', en: '', parent: 'county', depth: 1, pupils: 0 },
];

const people: PeopleView = {
  sites,
  people: [{ id: 'p217', kind: 'pupil', code: '217', name: '小满', site: '四（2）班', ties: '奶奶', interviews: 0, conflicts: 0 }],
  found: 1,
  total: 1,
  conflicts: 0,
  mayAddSites: true,
  mayChangeSites: true,
};

const person: PersonView = {
  id: 'p217',
  kind: 'pupil',
  code: '217',
  name: '小满',
  reading: 'Xiǎomǎn',
  site: 'class',
  siteName: '石塘小学 四（2）班',
  sex: 'female',
  birth: '2007-03-18',
  studentNumber: '',
  idNumber: '',
  grade: '',
  contact: '',
  note: '',
  linked: [],
  ties: [],
  consents: [{ purpose: 'questionnaire', standing: 'consent-missing' }],
  assignments: [],
  history: [],
  conflicts: [],
  members: [],
  mayWrite: true,
};

const conflict: CardConflict = {
  record: 'r1',
  card: 'subject',
  about: '217 小满',
  person: 'p217',
  field: 'contact',
  sides: [
    word('e1', '13900000001', '陈禾', '2017-04-12T10:00:00+08:00'),
    word('e2', '13900000002', '周宁', '2017-04-12T11:00:00+08:00'),
  ],
  history: [word('e1', '13900000001', '陈禾', '2017-04-12T10:00:00+08:00')],
  free: true,
  decided: '',
};

function word(entry: string, value: string, author: string, at: string): WriteView {
  const said = { entry, value, display: value, author, device: '示例电脑 03', at };
  return { ...said, nonAnswer: null, clockWrong: false, unseen: [], takenBack: false, takesBack: false, note: '', reason: '', file: null };
}

async function at(role: 'lead' | 'interviewer', tab: string): Promise<Window> {
  const window = open(role === 'lead' ? { role: 'lead' } : {});
  window.backend.people = async () => people;
  window.backend.personPage = async () => person;
  await unlock(window, role === 'lead' ? 'st3' : 'st1');
  await window.click(`tab-${tab}`);
  await settled();
  return window;
}

describe('a person', () => {
  test('is found by typing, and Enter opens the page', async () => {
    const window = await at('interviewer', 'people');
    expect(field()).toBe(window.at('people-search'));
    await window.type('xm');
    await window.key('Enter');
    expect(window.at('person-title').textContent).toContain('217 小满');
  });

  test('is asked for consent from the page, by keyboard, and the page is read again', async () => {
    const window = await at('interviewer', 'people');
    await window.click('person-217');
    expect(window.at('consent-box').textContent).toContain('没有');
    window.backend.personPage = async () => ({ ...person, consents: [{ purpose: 'questionnaire', standing: 'consent-child-not-asked' }] });
    await window.key('o', { altKey: true });
    await window.found('consent-word-questionnaire');
    await settled();
    const name = window.at('consent-name');
    name.focus();
    await window.type('王桂英');
    window.at('consent-word-questionnaire').focus();
    await window.key('y');
    await window.key('s', { ctrlKey: true });
    await settled();
    expect(window.at('consent-said').textContent).not.toBe('');
    expect(window.at('consent-card').textContent).toContain('由 陈禾 询问');
    await window.key('Escape');
    await settled();
    expect(window.maybe('consent-sheet')).toBeNull();
    expect(window.at('consent-box').textContent).not.toContain('没有记录');
  });

  test('is begun with all the same after the family was asked, where a colleague has begun already', async () => {
    const window = await at('interviewer', 'people');
    await window.click('person-217');
    const sheet = await window.backend.consentSheet('p217', '', 'zh-CN');
    window.backend.consentSheet = async () => ({ ...sheet, purposes: sheet.purposes.map((one) => ({ ...one, may: true })) });
    const inputs: NewInterview[] = [];
    window.backend.startInterview = async (input) => {
      inputs.push(input);
      throw inputs.length === 1 ? no('consent-missing', { person: 'p217' }) : no('already-begun', { who: '周宁', on: '2017-04-12' });
    };
    await window.key('n', { altKey: true });
    await window.found('consent-begin');
    await window.key('Enter', { ctrlKey: true });
    await window.found('twice-sheet');
    expect(window.at('twice-sheet').textContent).toContain('周宁');
    expect(window.maybe('consent-sheet')).toBeNull();
    await window.click('twice-anyway');
    await settled();
    expect(inputs.map((input) => input.anyway)).toEqual([false, false, true]);
  });

  test('whose code is typed again is offered first; somebody else gets a card of their own', async () => {
    const window = await at('interviewer', 'today');
    const inputs: NewInterview[] = [];
    window.backend.startInterview = async (input) => {
      inputs.push(input);
      if (inputs.length === 5) throw no('already-assigned', { who: '周宁', due: '', person: 'p217' });
      throw inputs.length % 2 === 1 ? no('person-known', { person: 'p217', whom: '217 小满 桃溪小学' }) : no('form-gone', {});
    };
    await window.click('new-interview');
    for (const by of ['Enter', 'twice-other']) {
      await window.found('new-code');
      window.at('new-code').focus();
      await window.type('217');
      await window.key('Enter');
      await window.found('twice-sheet');
      expect(window.at('twice-sheet').textContent).toContain('217 小满 桃溪小学');
      expect(field()).toBe(window.at('twice-known'));
      if (by === 'Enter') await window.key('Enter');
      else await window.click(by);
      await settled();
    }
    const [, known, , other] = inputs;
    expect([known?.code, known?.subject, known?.anyway]).toEqual(['', 'p217', false]);
    expect([other?.subject, other?.anyway]).toEqual(['', true]);
    expect(other?.code).toContain('217');

    // Whom all the words name is meant, also where a colleague is to see them.
    await window.key('Enter');
    await window.found('twice-anyway');
    await window.click('twice-anyway');
    await settled();
    const meant = inputs[5];
    expect([inputs.length, meant?.code, meant?.subject, meant?.anyway]).toEqual([6, '', 'p217', true]);
  });

  test('a report knows of whom the page below is', async () => {
    const window = await at('interviewer', 'people');
    const saved: ReportInput[] = [];
    const { saveReport } = window.backend;
    window.backend.saveReport = (input, lang) => {
      saved.push(input);
      return saveReport(input, lang);
    };
    await window.click('person-217');
    await window.found('page-person');
    await window.key('F12');
    await window.found('care-words');
    window.at('care-words').focus();
    await window.type('他打我');
    await window.key('Enter', { ctrlKey: true });
    await settled();
    expect(saved.map((input) => [input.subject, input.interview])).toEqual([['p217', '']]);
  });

  test('is erased with everything on their page by who may, who is asked twice', async () => {
    const window = await at('lead', 'people');
    const inputs: EraseInput[] = [];
    const { erase, previewErasure } = window.backend;
    window.backend.previewErasure = async (id, lang) => ({ ...(await previewErasure(id, lang)), record: '', answers: [], interviews: [] });
    window.backend.erase = (input) => {
      inputs.push(input);
      return erase(input);
    };
    await window.click('person-217');
    await window.click('person-erase');
    await window.found('erase-sheet');
    // There is no interview to choose, and pressing Enter alone erases nothing.
    expect(window.maybe('erase-person')).not.toBeNull();
    await window.key('Enter');
    expect(inputs).toEqual([]);
  });

  test('evidence that was attached is looked at by who may, and by nobody else', async () => {
    const window = await at('interviewer', 'people');
    await window.click('person-217');
    await window.click('consent-open');
    await window.found('consent-word-questionnaire');
    await settled();
    // Without camera and microphone neither is offered.
    expect(window.maybe('consent-camera')).toBeNull();
    expect(window.maybe('consent-record')).toBeNull();
    await window.backend.addEvidence('signature', ['eA==']);
    window.at('consent-name').focus();
    await window.type('王桂英');
    window.at('consent-word-questionnaire').focus();
    await window.key('n');
    await window.key('s', { ctrlKey: true });
    await settled();
    // Nobody else is asked now: what it comes to is read at the top.
    expect(document.activeElement?.contains(window.at('consent-said'))).toBe(true);
    await window.click('evidence-look');
    expect(window.maybe('file')).not.toBeNull();
    const sheet = await window.backend.consentSheet('p217', '', 'zh-CN');
    window.backend.consentSheet = async () => ({ ...sheet, cards: sheet.cards.map((card) => ({ ...card, maySee: false })) });
    await window.key('Escape');
    await window.click('consent-open');
    await window.found('consent-card');
    expect(window.maybe('evidence-look')).toBeNull();
    expect(window.at('consent-card').textContent).toContain('只有组长和记录人能查看');
  });
});

describe('a signature', () => {
  test('is drawn with a finger and attached', async () => {
    const window = await at('interviewer', 'people');
    await window.click('person-217');
    await window.click('consent-open');
    await window.found('consent-word-questionnaire');
    await settled();
    await window.click('consent-sign');
    const sheet = window.at('sign-sheet') as HTMLCanvasElement;
    sheet.getBoundingClientRect = () => new DOMRect(0, 0, 1200, 300);
    sheet.toBlob = (give) => give(new Blob(['x'], { type: 'image/png' }));
    const added = vi.spyOn(window.backend, 'addEvidence');
    const touch = (type: string, x: number) =>
      sheet.dispatchEvent(Object.assign(new MouseEvent(type, { bubbles: true, clientX: x, clientY: 40, button: 0 }), { pointerType: 'touch', pointerId: 7 }));
    expect(window.at('sign-keep').getAttribute('aria-disabled')).toBe('true');
    touch('pointerdown', 10);
    touch('pointermove', 90);
    touch('pointerup', 90);
    await settled();
    window.at('sign-keep').click();
    await waitFor(() => expect(added).toHaveBeenCalledWith('signature', ['eA==']));
    await window.found('consent-evidence');
  });
});

describe('places', () => {
  test('a site gets another name and another place, and never stands in itself', async () => {
    const window = await at('lead', 'people');
    expect(window.maybe('change-site')).toBeNull();
    await window.click('place-石塘小学');
    const save = vi.fn(async () => 'school');
    window.backend.saveSite = save;
    await window.click('change-site');
    const parent = window.at('site-parent') as HTMLSelectElement;
    expect([...parent.options].map((one) => one.value)).toEqual(['', 'county', 'other']);
    expect((window.at('site-zh') as HTMLInputElement).value).toBe('石塘小学');
    window.at('site-zh').focus();
    await window.type('石塘中心小学');
    await window.key('Enter');
    expect(save).toHaveBeenCalledWith({ id: 'school', kind: 'school', zh: '石塘中心小学', en: 'Shitang', parent: 'county' });
    expect(window.maybe('site-sheet')).toBeNull();
  });
});

describe('assignments', () => {
  const row = (code: string, interviewer: string): AssignmentRow => ({
    id: `a${code}`,
    person: `p${code}`,
    code,
    name: '青豆',
    form: '学生问卷（示例）',
    interviewer,
    interviewerId: interviewer,
    due: '',
    agreed: '',
    state: 'open',
    overdue: false,
    begunBy: '',
    begunOn: '',
    takenFrom: '',
    because: '',
    twice: false,
  });
  const view = { classes: [{ site: 'class', name: '四（2）班', done: 0, open: 2, overdue: 0, rows: [row('216', '陈禾'), row('218', '周宁')] }], team: [], done: 0, open: 2, overdue: 0 };

  test('an interviewer takes over what a colleague who is ill leaves, with a reason', async () => {
    const window = await at('interviewer', 'people');
    window.backend.assignments = async () => view;
    await window.key('a', { altKey: true });
    await window.found('assignment-218');
    await settled();
    // Nothing is assigned to others here, and the own ones are no choice.
    expect(window.maybe('assign-class')).toBeNull();
    expect((window.at('choose-216') as HTMLInputElement).disabled).toBe(true);
    window.at('choose-218').click();
    await settled();
    await window.key('t', { altKey: true });
    await settled();
    expect(window.maybe('over-to')).toBeNull();
    const over = vi.fn(async () => view);
    window.backend.takeOver = over;
    await window.click('over-now');
    expect(over).not.toHaveBeenCalled();
    window.at('over-reason').focus();
    await window.type('周宁发烧');
    await window.key('Enter', { ctrlKey: true });
    await settled();
    expect(over).toHaveBeenCalledWith({ assignments: ['a218'], to: '', reason: '周宁发烧', anyway: false }, 'zh-CN');
    expect(window.at('assigned').textContent).toContain('接手');
  });

  test('a lead is not held up by a preview that is still on its way', async () => {
    const window = await at('lead', 'people');
    window.backend.assignments = async () => view;
    await window.key('a', { altKey: true });
    await window.found('assign-class');
    await settled();
    const begun = { person: 'class', code: '', name: '四（2）班', standing: 'begun', who: '陈禾', on: '2017-04-12' };
    const late = new Promise<never>(() => undefined);
    let asked = 0;
    // What is shown never comes up to date; what is asked for on the key is.
    window.backend.previewAssignment = async (input) => {
      asked += 1;
      if (input.anyway && asked === 2) return late;
      return { rows: [begun], assigned: input.anyway ? 1 : 0 };
    };
    const assign = vi.fn(async () => view);
    window.backend.assign = assign;
    await window.key('n', { altKey: true });
    window.at('assign-sheet').querySelector<HTMLInputElement>('[data-field="assign-site"]')?.focus();
    await window.type('四（2）班');
    await window.key('Enter');
    await settled();
    (await window.found('assign-anyway')).click();
    await settled();
    expect(window.at('assign-now').getAttribute('aria-disabled')).toBe('true');
    window.at('assign-anyway').focus();
    await window.key('Enter', { ctrlKey: true });
    await settled();
    expect(assign).toHaveBeenCalledOnce();
    expect(window.maybe('assign-sheet')).toBeNull();
    expect(window.at('assigned').textContent).toContain('1');
  });
});

describe('conflicts of cards', () => {
  test('stand in the list after the answers, and are decided by keyboard', async () => {
    const window = open();
    window.backend.cardConflicts = async () => [conflict];
    await unlock(window, 'st3');
    await window.click('tab-conflicts');
    await window.found('card-conflict-1');
    expect(window.at('sum').textContent).toContain('3');
    await window.key('PageDown');
    await window.key('PageDown');
    expect(window.at('card-conflict-1').getAttribute('aria-current')).toBe('true');
    const decided = vi.fn(async () => []);
    window.backend.decideCard = decided;
    await window.key('2');
    await window.click('decide');
    expect(decided).not.toHaveBeenCalled();
    expect(field()).toBe(window.at('reason'));
    await window.type('问过奶奶');
    await window.key('Enter');
    await settled();
    expect(decided).toHaveBeenCalledWith({ record: 'r1', field: 'contact', entry: 'e2', value: '', reason: '问过奶奶' }, 'zh-CN');
    expect(window.at('decided').textContent).toContain('13900000002');
    expect(window.maybe('card-conflict-1')).toBeNull();
  });

  test('are filtered with the answers: by whose they are, and as cards', async () => {
    const window = open();
    window.backend.cardConflicts = async () => [conflict, { ...conflict, record: 'r2', sides: [word('e3', '1', '何苗', '2017-04-12T10:00:00+08:00')] }];
    await unlock(window, 'st3');
    await window.click('tab-conflicts');
    await window.found('card-conflict-2');
    await window.key('f', { altKey: true });
    await select(window.at('filter-person'), '何苗');
    expect(window.at('sum').textContent).toContain('1 处要您决定，共 4 处');
    expect(window.at('card-conflict-1').getAttribute('aria-current')).toBe('true');
    await select(window.at('filter-person'), '');
    await select(window.at('filter-form'), '登记卡');
    expect(window.at('sum').textContent).toContain('2 处要您决定，共 4 处');
    expect(window.maybe('conflict-1')).toBeNull();
  });

  test('show their history, take a third word, and a decision is taken back', async () => {
    const window = open();
    window.backend.cardConflicts = async () => [conflict];
    window.backend.conflictCards = async () => [];
    window.backend.cardsDecided = async () => [{ ...conflict, decided: '2017-04-12T12:00:00+08:00' }];
    await unlock(window, 'st3');
    await window.click('tab-conflicts');
    await window.found('card-conflict-1');
    expect(window.at('history').textContent).toContain('陈禾');
    const decided = vi.fn(async () => []);
    window.backend.decideCard = decided;
    await window.key('3');
    expect(field()).toBe(window.at('another'));
    await window.type('13900000003');
    window.at('reason').focus();
    await window.type('奶奶换了号码');
    await window.key('Enter');
    await settled();
    expect(decided).toHaveBeenCalledWith({ record: 'r1', field: 'contact', entry: '', value: '13900000003', reason: '奶奶换了号码' }, 'zh-CN');
    const back = vi.fn(async () => []);
    window.backend.takeBackDecision = back;
    await window.key('d', { altKey: true });
    await window.found('card-conflict-1');
    await window.click('take-back');
    expect(back).not.toHaveBeenCalled();
    await window.type('按错了');
    await window.key('Enter');
    await settled();
    expect(back).toHaveBeenCalledWith({ record: 'r1', field: 'contact', reason: '按错了' }, 'zh-CN');
    expect(window.maybe('card-conflict-1')).not.toBeNull();
  });
});

describe('a roster', () => {
  const plan: RosterView = {
    file: '名册.csv',
    sheets: ['名册'],
    sheet: 0,
    headings: ['姓名', '出生'],
    columns: ['name', 'birth'],
    known: ['name', 'birth'],
    lines: [
      { number: 2, cells: ['小满', '2007-03-18'], act: 'new', changes: [], problems: [], maybe: [] },
      { number: 3, cells: ['青豆', '3/4'], act: 'left-out', changes: [], problems: [{ code: 'date', args: {}, column: 'birth', leavesOut: true }], maybe: [] },
    ],
    problems: [],
    new: 1,
    changed: 0,
    same: 0,
    leftOut: 1,
    sites: 0,
    guardians: 0,
    maybe: 0,
    imported: false,
  };

  test('bad cells are mended in place, and what is shown is what is taken in', async () => {
    const window = await at('lead', 'people');
    await window.key('i', { altKey: true });
    window.backend.chooseRoster = async () => plan;
    await window.key('o', { altKey: true });
    await window.found('row-3');
    expect(window.at('row-3').dataset['act']).toBe('left-out');
    const mended = vi.fn(async () => ({ ...plan, new: 2, leftOut: 0, lines: plan.lines.map((line) => ({ ...line, act: 'new', problems: [] })) }));
    window.backend.planRoster = mended;
    const cell = window.at('cell-3-birth') as HTMLInputElement;
    cell.value = '2007-08-02';
    cell.dispatchEvent(new Event('change', { bubbles: true }));
    await settled();
    expect(mended).toHaveBeenCalledWith(expect.objectContaining({ edits: [{ row: 3, column: 1, text: '2007-08-02' }] }), 'zh-CN');
    expect(window.at('row-3').dataset['act']).toBe('new');
    const taken = vi.fn(async () => ({ ...plan, new: 2, leftOut: 0, imported: true }));
    window.backend.importRoster = taken;
    await window.key('Enter', { ctrlKey: true });
    await settled();
    expect(taken).toHaveBeenCalledWith(expect.objectContaining({ edits: [{ row: 3, column: 1, text: '2007-08-02' }] }), 'zh-CN');
    expect(window.maybe('roster-imported')).not.toBeNull();
  });
});

describe('records', () => {
  test('a row opens the page of the person; who exports nothing sees no export', async () => {
    const window = open();
    window.backend.personPage = async () => person;
    const records = await window.backend.records('zh-CN');
    window.backend.records = async () => records.map((card) => ({ ...card, subject: card.code === '217' ? 'p217' : '' }));
    await unlock(window);
    await window.click('tab-records');
    await settled();
    expect(window.maybe('export')).toBeNull();
    expect(window.maybe('who-216')).toBeNull();
    await window.click('who-217');
    expect(window.at('person-title').textContent).toContain('217 小满');
    await window.key('PageUp');
    expect(window.maybe('page-records')).not.toBeNull();
  });
});
