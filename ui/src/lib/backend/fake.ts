// An invented desk in memory, for tests and for a browser without the shell. Names, schools and numbers are made up.
//
// In the browser the address chooses a state: `?first` before anything is set up, `?role=lead`, `?unlocked`.
import type {
  ConflictCard,
  ConflictView,
  ContactCardView,
  ContactView,
  DuplicatesView,
  EraseInput,
  ErasureView,
  ExportPreview,
  FormCheck, FormExcerpt, FormSeverity,
  HomeView,
  ImportView,
  InterviewCard,
  InterviewView,
  JoinView,
  LaptopCard,
  LineAct,
  MapView,
  MisfitView,
  NearbyView,
  PairRow,
  PairView,
  PlaceView,
  ReportInput,
  ReportView,
  Role,
  SyncView,
  TeamView,
  WriteView,
} from '../ipc/bindings';
import { Refusal, type Backend, type Lang } from './backend';
import { lists, sections, title } from './fakeForm';
import { picture, widgets } from './fakeWidgets';
import { fakeConsent } from './fakeConsent';
import { inventedCopies } from './fakeCopies';
import { FakeInterview } from './fakeInterview';

/** What opens every invented store. */
export const passphrase = '竹篮 半夜 蓝色 拖拉机';

const today = '2017-04-12';
const project = '浙江留守儿童 2017（示例）';
const site1 = '石塘小学（示例）　四年级 2 班';
const site2 = '柳溪小学（示例）　三年级 1 班';

export interface FakeOptions {
  /** Interview 217 has one question of each kind besides. */
  widgets?: boolean;
  first?: boolean;
  /** Interview 217 wishes sound in the background. */
  sound?: boolean;
  role?: Role;
  /** What does not fit, on the sync page. */
  misfits?: MisfitView[];
  /** What the file dialog gives: a picture, null when it is closed, a file of another kind. */
  chosen?: 'picture' | null | 'wrong';
  /** Answers of interview 217 that carry risk, by their fields. */
  risky?: Record<string, string>;
  /** Runs before each answer is stored; throw to refuse, wait to be slow. */
  beforeAnswer?: (field: string, value: string) => Promise<void> | void;
}

export interface FakeBackend extends Backend {
  /** Every answer that was stored, in order. */
  readonly stored: { field: string; value: string }[];
  options: FakeOptions;
}

function no(code: string, args: Record<string, string> = {}): Refusal {
  return new Refusal({ code, args, detail: '' });
}

export function fake(search = '', given: FakeOptions = {}): FakeBackend {
  const query = new URLSearchParams(search);
  const options: FakeOptions = {
    first: query.has('first'),
    widgets: query.has('widgets'),
    role: (query.get('role') as Role | null) ?? 'interviewer',
    ...given,
  };
  let misfits = options.misfits ?? [];
  let minute = 42;
  const now = () => `${today}T10:${String(minute++ % 60).padStart(2, '0')}:00+08:00`;

  const recordings: string[][] = [];
  const files = new Map<string, string[]>();
  function attach(field: string, parts: string[], mediaType: string, ending: string) {
    const name = `${String(files.size + 1).padStart(32, '0')}.${ending}`;
    files.set(name, parts);
    current().files.set(name, { name, mediaType, length: atob(parts.join('')).length, parts: parts.length, here: true });
    const step = current().answer(field, name);
    stored.push({ field, value: name });
    return step;
  }

  const going = new FakeInterview('i217', '217', '小满', '石塘小学（示例）四 2 班', now, options.widgets ? [...sections, widgets] : sections)
    .fill(
      {
        '/basics/hello': 'OK',
        '/basics/sex': 'f',
        '/basics/born': '2007-03-18',
        '/basics/grade': 'g4',
        '/basics/school': 's1',
        '/family/people[1]/relation': '奶奶',
        '/family/people[1]/sex': 'f',
        '/family/people[1]/year': '1951',
        '/family/people[1]/place': 'home',
        '/family/people[1]/care': 'main',
        '/family/people[2]/relation': '爸爸',
        '/family/people[2]/sex': 'm',
        '/family/people[2]/year': '1982',
        '/family/people[2]/place': 'other_province',
        '/family/people[2]/away': '38',
        '/family/people[2]/care': 'no',
        '/family/people[3]/relation': '妈妈',
        '/family/people[3]/sex': 'f',
        '/family/people[3]/year': '1985',
        '/family/people[4]/relation': '姐姐',
        '/family/people[4]/sex': 'f',
        '/family/people[4]/year': '2019',
        '/family/people[4]/place': 'home',
        '/family/people[4]/care': 'some',
        '/family/father': 'other_province',
        '/family/father_months': '38',
        '/family/mother': 'province',
      },
      5,
    )
    .note('/family/father_months', '孩子说三年，奶奶说三年多。');
  if (options.sound) going.sound = { field: '/sound', bits: 16_000, state: 'wished', unfinished: null, withheld: '' };
  going.at = '/family/mother';
  going.risky = options.risky ?? {};
  const finished = new FakeInterview('i216', '216', '青豆', '石塘小学（示例）四 2 班', now).fill({
    '/basics/sex': 'm',
    '/basics/born': '2007-08-02',
    '/family/father': 'home',
    '/family/mother': 'abroad',
    '/family/people[1]/relation': '爸爸',
  });
  finished.state = 'finalised';
  const back = new FakeInterview('i203', '203', '阿禾', '石塘小学（示例）四 2 班', now).fill({ '/basics/sex': 'f' });
  back.state = 'sentBack';
  const interviews = new Map<string, FakeInterview>([
    [going.id, going],
    [finished.id, finished],
    [back.id, back],
  ]);
  const assignments = [
    { id: 'a218', code: '218', name: '麦穗', site: 's1' },
    { id: 'a219', code: '219', name: '小桔', site: 's1' },
    { id: 'a301', code: '301', name: '谷雨', site: 's2' },
  ];
  let open: FakeInterview | null = null;
  let conflicts = invented();
  let decided: ConflictView[] = [];
  let duplicates: DuplicatesView = { open: inventedPairs(), judged: [], crowded: 0 };
  let team: TeamView = inventedTeam();
  const onLaptop = (certificate: string, change: (one: LaptopCard) => LaptopCard): TeamView => ({
    ...team,
    members: team.members.map((member) => ({ ...member, laptops: member.laptops.map((one) => (one.certificate === certificate ? change(one) : one)) })),
  });
  let erasures: ErasureView[] = [];
  let reports: ReportView[] = [];
  let contactCards: ContactCardView[] = [
    { site: '', place: '', people: [inventedContact('holder', '000 0000 0001'), inventedContact('police', '110'), inventedContact('youth-line', '12355')] },
    { site: 's1', place: site1, people: [] },
  ];
  const told = (id: string, act: LineAct): ReportView => {
    const line = { id: `line-${Date.now()}`, by: '陈禾', own: true, at: `${today}T10:50:00+08:00`, revoked: false, act };
    const over = act.is === 'handed-over';
    const through = over || (act.is === 'called' && act.outcome === 'told');
    reports = reports.map((one) =>
      one.id === id ? { ...one, told: one.told || through, handedOver: one.handedOver || over, timeline: [...one.timeline, line] } : one,
    );
    const found = reports.find((one) => one.id === id);
    if (!found) throw no('unknown-report');
    return found;
  };
  let recordedFor = '';
  const begun = (input: ReportInput): ReportView => {
    const report: ReportView = {
      ...input,
      id: `report-${reports.length + 1}`,
      by: '陈禾',
      own: true,
      at: `${today}T10:47:00+08:00`,
      about: '学生问卷，217 小满',
      practice: false,
      told: false,
      handedOver: false,
      waiting: true,
      timeline: [],
      contacts: contactCards[0]?.people ?? [],
    };
    reports = [report, ...reports];
    return report;
  };
  let outbox = { entries: 5, interviews: 2, kib: 31 };
  let received = 138;
  let checks = 0;
  let nearby: NearbyView | null = null;
  const inventedHub = (here: boolean): NearbyView => ({
    address: '192.168.1.20:8788',
    code: 'B8QK-0T5M-ZZ3D-H7RA',
    qr: { side: 8, path: 'M1 1h3v1h-3zM1 3h1v1h-1zM4 5h3v1h-3z' },
    open: here,
    entries: 0,
  });
  let maps: MapView[] = options.widgets ? [inventedMap] : [];
  let joins = 0;
  let join: JoinView | null = null;
  let stores = options.first ? [] : inventedStores();
  const stored: { field: string; value: string }[] = [];

  function card(one: FakeInterview, lang: Lang, who: string): InterviewCard {
    return {
      id: one.id,
      assigned: false,
      code: one.code,
      name: one.name,
      form: title[lang === 'en' ? 'en' : 'zh'],
      formId: 'pupil_example',
      site: one.site,
      interviewer: who,
      state: one.state,
      stoppedAt: one.stoppedAt,
      ...one.counts,
      conflicts: one.id === 'i217' ? conflicts.filter((conflict) => conflict.record === 'i217').length : 0,
      unfit: 0,
      newer: one.versions.newer,
      changed: `${today}T09:12:00+08:00`,
      onHub: one.state === 'finalised',
      imported: false,
      practice: false,
      subject: '',
      consent: '',
      due: '',
      sentBackReason: one.state === 'sentBack' ? '第 3 页“家里还有谁”只填了一人，请向奶奶核对。' : '',
    };
  }

  function waiting(lang: Lang): InterviewCard[] {
    return assignments.map((one) => ({
      id: one.id,
      assigned: true,
      code: one.code,
      name: one.name,
      form: title[lang === 'en' ? 'en' : 'zh'],
      formId: 'pupil_example',
      site: one.site === 's1' ? '石塘小学（示例）四 2 班' : '柳溪小学（示例）三 1 班',
      interviewer: one.site === 's1' ? '陈禾' : '周宁',
      state: 'open',
      stoppedAt: '',
      answered: 0,
      total: 0,
      conflicts: 0,
      unfit: 0,
      newer: null,
      changed: null,
      onHub: false,
      imported: false,
      practice: false,
      subject: '',
      consent: '',
      due: '',
      sentBackReason: '',
    }));
  }

  function home(lang: Lang): HomeView {
    const own = [...interviews.values()].map((one) => card(one, lang, '陈禾'));
    const places: PlaceView[] = [
      { site: 's1', name: site1, rows: [...own, ...waiting(lang).filter((_, at) => assignments[at]?.site === 's1')], done: own.filter((one) => one.state === 'finalised').length },
      { site: 's2', name: site2, rows: waiting(lang).filter((_, at) => assignments[at]?.site === 's2'), done: 0 },
    ];
    const lead = options.role === 'lead';
    return {
      project,
      practice: true,
      person: lead ? '沈一帆' : '陈禾',
      group: lead ? '' : '第一组',
      role: options.role ?? 'interviewer',
      device: lead ? '组长电脑' : '示例电脑 03',
      today,
      forms: [{ id: 'pupil_example', version: '2017041201', title: title[lang === 'en' ? 'en' : 'zh'], languages: ['中文 (zh)', 'English (en)'], questions: 22, about: 'person' }],
      sites: [
        { id: 's1', name: site1 },
        { id: 's2', name: site2 },
      ],
      places,
      outbox,
      conflicts: conflicts.length,
      joinRequests: team.requests.length,
      due: 0,
      untold: reports.filter((one) => !one.told).length,
      stopped: null,
    };
  }

  function syncView(): SyncView {
    return {
      hub: 'https://192.168.1.20:8443',
      keeps: true,
      outbox,
      chains: [
        { owner: '陈禾 · 示例电脑 03', own: true, here: 143, received, forked: false },
        { owner: '周宁 · 示例电脑 05', own: false, here: 96, received: 96, forked: false },
        { owner: '沈一帆 · 组长电脑', own: false, here: 57, received: 57, forked: false },
      ],
      receipts: [
        { from: 131, to: received, at: '2017-04-11T21:40:00+08:00' },
        { from: 118, to: 130, at: '2017-04-10T20:58:00+08:00' },
      ],
      setAside: [],
      misfits,
    };
  }

  function current(): FakeInterview {
    if (!open) throw no('unknown-interview');
    return open;
  }

  function show(one: FakeInterview, lang: Lang): InterviewView {
    open = one;
    one.lang = lang === 'en' ? 'en' : 'zh';
    return one.view();
  }

  function named(id: string): FakeInterview {
    const found = interviews.get(id);
    if (!found) throw no('unknown-interview');
    return found;
  }

  return {
    stored,
    options,
    start: async () => ({ stores, joining: join && join.state === 'waiting' ? [join] : [], device: options.first ? '' : '示例电脑 03', language: 'zh-CN', version: '0.1.0', unlocked: false }),
    createProject: async (input, lang) => {
      if ([...input.passphrase].length < 12) throw no('passphrase-too-short');
      options.role = 'lead';
      return home(lang);
    },
    openInvitation: async () => invitation(),
    readInvitation: async (text) => {
      if (!text.includes('invitation')) throw no('invitation-damaged');
      return invitation();
    },
    findInvitation: async (_address, code) => {
      if (code.replace(/[\s-]/g, '').length !== 16) throw no('invitation-code-unreadable');
      return invitation();
    },
    requestJoin: async () => (join = { ...invitation(), state: 'waiting', compareCode: '482 913', sent: true }),
    joinState: async () => {
      joins += 1;
      join = { ...(join ?? invitation()), state: joins > 1 ? 'admitted' : 'waiting' };
      if (join.state === 'admitted') stores = inventedStores();
      return join;
    },
    unlock: async (store, typed, lang) => {
      if (typed !== passphrase) throw no('wrong-passphrase');
      options.role = stores.find((one) => one.id === store)?.role ?? options.role ?? 'interviewer';
      return home(lang);
    },
    lock: async () => {},
    home: async (lang) => home(lang),
    startInterview: async (input, lang) => {
      const at = assignments.findIndex((one) => one.id === input.assignment);
      if (at >= 0) assignments.splice(at, 1);
      const begun = new FakeInterview(`i${input.code}`, input.code, input.name, site1, now);
      interviews.set(begun.id, begun);
      return show(begun, lang);
    },
    openInterview: async (id, lang) => show(named(id), lang),
    correctInterview: async (id, lang) => {
      named(id).state = 'correcting';
      return show(named(id), lang);
    },
    previewMove: async (id) => named(id).preview(),
    moveInterview: async (id, lang) => {
      named(id).versions = { version: '2017051201', newer: null, movedFrom: '2017041201' };
      return show(named(id), lang);
    },
    takeMoveBack: async (id, lang) => {
      named(id).versions = { version: '2017041201', newer: '2017051201', movedFrom: null };
      return show(named(id), lang);
    },
    answer: async ({ field, value }) => {
      await options.beforeAnswer?.(field, value);
      const step = current().answer(field, value);
      stored.push({ field, value });
      return step;
    },
    giveNonAnswer: async (field, nonAnswer) => current().giveNonAnswer(field, nonAnswer),
    confirm: async (field, reason) => current().confirm(field, reason),
    setNote: async (field, text) => current().setNote(field, text),
    addRow: async () => current().addRow(),
    removeRow: async (row) => current().removeRow(row),
    move: async (to) => current().move(to),
    setFormLanguage: async (index) => {
      current().lang = index === 0 ? 'zh' : 'en';
      return current().view();
    },
    findQuestion: async (text) => current().find(text),
    why: async (field) => current().why(field),
    formMedia: async (file) => {
      if (!file.endsWith('.svg')) throw no('media-missing', { file });
      return { mediaType: 'image/svg+xml', base64: btoa(picture) };
    },
    chooseFile: async (field) => {
      if (options.chosen === null) return null;
      if (options.chosen === 'wrong') throw no('attachment-no-picture');
      return attach(field, [btoa(picture)], 'image/svg+xml', 'svg');
    },
    startRecording: async () => recordings.push([]),
    putPiece: async (recording, base64) => void recordings[recording - 1]?.push(base64),
    finishRecording: async (field, recording) => {
      if (recording === 7) current().cut = false;
      if (field === '/sound') {
        stored.push({ field, value: (recordings[recording - 1] ?? []).map(atob).join('') });
        return current().soundIs('kept');
      }
      return attach(field, recordings[recording - 1] ?? ['AAAA'], 'image/png', 'png');
    },
    answerSoundWish: async (_, agreed, note) => current().soundIs(agreed ? 'wished' : 'declined', note),
    readCode: async () => '6901234567892',
    readCodeInPicture: async () => {
      if (options.chosen === 'wrong') throw no('code-none');
      return options.chosen === null ? null : '6901234567892';
    },
    dropRecording: async () => {
      current().cut = false;
      return current().answer('/w/voice', '');
    },
    filePart: async (_, name, part) => {
      const base64 = files.get(name)?.[part];
      if (base64 === undefined) throw no('attachment-missing', { file: name });
      return { base64 };
    },
    undo: async () => current().undo(),
    pauseInterview: async (lang) => home(lang),
    giveReason: async () => {
      throw no('change-reason-unasked');
    },
    finalise: async (lang) => {
      if (!current().ready) throw no('must-fix');
      current().state = 'finalised';
      return home(lang);
    },
    records: async (lang) => [
      ...[...interviews.values()].map((one) => card(one, lang, '陈禾')),
      ...waiting(lang),
      { ...card(finished, lang, '周宁'), id: 'i304', code: '304', name: '丝瓜', site: '柳溪小学（示例）三 1 班' },
    ],
    previewErasure: async (record) => ({
      record,
      person: 'p217',
      code: '217',
      name: '小满',
      form: title.zh,
      answers: [
        { field: '/family/say', number: 'A1', label: '孩子说什么？', value: '爸爸在外省', file: false },
        { field: '/story', number: 'C3', label: '孩子讲的故事', value: '3f.webm', file: true },
      ],
      interviews: [{ id: record, form: title.zh, interviewer: '陈禾' }],
      consents: 1,
      assignments: 1,
      laptops: 3,
      exports: [],
    }),
    erase: async (input) => {
      const certificate = erased(input);
      erasures = [...erasures, certificate];
      return certificate;
    },
    erasures: async () => erasures,
    care: async (person) => ({
      interview: open ? open.id : '',
      about: open ? '学生问卷，217 小满' : person,
      subject: person,
      site: 's1',
      place: '石塘小学（示例）',
      contacts: contactCards[0]?.people ?? [],
      holder: false,
      holders: ['方敏', '何苗'],
      mayPrepare: true,
      answers: open ? open.given() : [],
      reports,
    }),
    saveReport: async (input) => {
      if (input.words.trim() === '' && input.seen.trim() === '') throw no('report-empty');
      return begun(input);
    },
    recordCall: async ({ report, whom, number, said, outcome }) => told(report, { is: 'called', whom, number, said, outcome }),
    addToReport: async ({ report, words }) => told(report, { is: 'added', words }),
    handReportOver: async ({ report, to, note }) => told(report, { is: 'handed-over', to, note }),
    moveToReport: async ({ report, record, fields }) => {
      for (const field of fields) named(record).erase(field);
      return told(report, { is: 'moved', question: fields.join(' '), answer: '…', note: '', file: null });
    },
    reports: async () => reports,
    reportFile: async () => ({ base64: '' }),
    startReportRecording: async (report) => {
      recordedFor = report;
      return 1;
    },
    putReportPiece: async () => {},
    dropReportRecording: async () => {},
    finishReportRecording: async (_, input) => {
      const id = recordedFor || begun(input).id;
      return told(id, { is: 'recorded', file: { name: 'sound.flac', mediaType: 'audio/flac', length: 90_000, parts: 1, here: true } });
    },
    copyReportFile: async ({ report, reason }) => told(report, { is: 'copy-saved', reason }),
    contactCards: async () => contactCards,
    setContacts: async ({ site, people }) => {
      contactCards = [...contactCards.filter((card) => card.site !== site), { site, place: site, people }];
      return contactCards;
    },
    ...fakeConsent(),
    startWith: async () => current().view(),
    stopInterview: async (keep, lang) => {
      current().state = keep ? 'stopped' : 'open';
      return home(lang);
    },
    saveCertificate: async (id) => `D:\\张三\\删除证明-${id}.txt`,
    saveDrops: async (exported) => `D:\\张三\\drop-${exported}.csv`,
    handOver: async () => [...interviews.values()].map((one) => card(one, 'zh-CN', '周宁')),
    conflictCards: async () => conflicts.map((one) => cardOf(one, '')),
    decidedCards: async () => decided.map((one) => cardOf(one, `${today}T18:00:00+08:00`)),
    conflictsOf: async (record) => conflicts.filter((one) => one.record === record),
    decided: async (record, field) => {
      const found = decided.find((one) => one.record === record && one.field === field);
      if (!found) throw no('decision-gone');
      return found;
    },
    decide: async (inputs) => {
      for (const input of inputs) {
        if (input.reason.trim() === '') throw no('reason-missing');
        const mine = (one: ConflictView) => one.record === input.record && one.field === input.field;
        decided = [...conflicts.filter(mine), ...decided];
        conflicts = conflicts.filter((one) => !mine(one));
      }
      return conflicts.map((one) => cardOf(one, ''));
    },
    takeBackDecision: async (input) => {
      const mine = (one: ConflictView) => one.record === input.record && one.field === input.field;
      conflicts = [...decided.filter(mine), ...conflicts];
      decided = decided.filter((one) => !mine(one));
      return conflicts.map((one) => cardOf(one, ''));
    },
    people: async () => ({ sites: [], people: [], found: 0, total: 0, conflicts: 0, mayAddSites: false, mayChangeSites: false }),
    personPage: async () => {
      throw no('person-gone');
    },
    savePerson: async () => {
      throw no('person-gone');
    },
    saveTie: async () => {
      throw no('person-gone');
    },
    saveSite: async () => 's',
    placePage: async () => {
      throw no('site-gone');
    },
    groupSheet: async () => ({ members: [], found: [] }),
    saveGroup: async () => {
      throw no('person-gone');
    },
    cardConflicts: async () => [],
    cardsDecided: async () => [],
    decideCard: async () => [],
    chooseRoster: async () => null,
    planRoster: async () => {
      throw no('roster-gone');
    },
    importRoster: async () => {
      throw no('roster-gone');
    },
    closeRoster: async () => {},
    previewAssignment: async () => ({ rows: [], assigned: 0 }),
    assign: async () => ({ classes: [], team: [], done: 0, open: 0, overdue: 0 }),
    assignments: async () => ({ classes: [], team: [], done: 0, open: 0, overdue: 0 }),
    takeOver: async () => ({ classes: [], team: [], done: 0, open: 0, overdue: 0 }),
    duplicates: async () => duplicates,
    rulePair: async (input) => {
      if (input.reason.trim() === '') throw no('reason-missing');
      const mine = (pair: PairView) => pair.sides.every((side) => input.records.includes(side.record));
      const all = [...duplicates.open, ...duplicates.judged];
      const word = { entry: `w${String(all.flatMap((pair) => pair.words).length)}`, act: input.act, leading: input.leading, reason: input.reason, author: '沈一帆', device: '组长电脑', at: now(), current: true };
      const state = input.act === 'open' ? 'candidate' : input.act;
      const ruled = all.filter(mine).map((pair): PairView => ({ ...pair, state, leading: input.leading, words: [...pair.words.map((one) => ({ ...one, current: false })), word] }));
      const rest = { open: duplicates.open.filter((pair) => !mine(pair)), judged: duplicates.judged.filter((pair) => !mine(pair)) };
      duplicates = { crowded: 0, open: input.act === 'open' ? [...ruled, ...rest.open] : rest.open, judged: input.act === 'open' ? rest.judged : [...ruled, ...rest.judged] };
      return duplicates;
    },
    team: async () => team,
    invite: async (name, group, role) => {
      team = { ...team, invited: [...team.invited, { id: `v${team.invited.length}`, name, role, group, typed: null }] };
      return `/media/usb/${name}.tianye-invite`;
    },
    saveInvitation: async (_, name) => `/media/usb/${name}.tianye-invite`,
    inviteByCode: async (name, group, role) => {
      const typed = { address: '192.168.1.20:8788', code: '7H2K-9QXM-4TRB-0VNC' };
      return (team = { ...team, invited: [...team.invited, { id: `v${team.invited.length}`, name, role, group, typed }] });
    },
    approve: async (id) => {
      const request = team.requests.find((one) => one.id === id);
      if (request) {
        const member = { id: `m${id}`, name: request.name, group: '第二组', role: request.role, devices: [request.device], laptops: [laptop(`c${id}`, request.device)], interviews: 0, finalised: 0 };
        team = { ...team, requests: team.requests.filter((one) => one !== request), members: [...team.members, member] };
      }
      return team;
    },
    revoke: async (input) => {
      const revoked = { by: '沈一帆', at: '2017-04-12T19:20:00+08:00', why: input.why, note: input.note };
      team = onLaptop(input.certificate, (one) => ({ ...one, revoked, waiting: 3 }));
      return team;
    },
    acceptLate: async (certificate) => {
      team = onLaptop(certificate, (one) => ({ ...one, waiting: 0 }));
      return team;
    },
    stopCarrying: async () => null,
    carrying: async () => null,
    writeStick: async () => ({ files: ['5f1c09a2b7d3e846.tianye'], entries: 41, chunks: 3, knownTo: 0, continued: false }),
    readStick: async () => {
      const drafts = options.role === 'lead' ? [{ file: '5f1c.tianye-drafts', person: '周宁', device: '示例电脑 05', drafts: 2, leftOut: 0 }] : [];
      return { files: 2, received: 41, repeated: 12, setAside: 0, forks: 0, damaged: [], missing: [], unusable: ['0a1b2c3d4e5f6071.tianye'], drafts };
    },
    takeDrafts: async (file) => ({ file, person: '周宁', device: '示例电脑 05', taken: ['i1', 'i2'], leftOut: 0 }),
    recoveryKey: async (typed) => {
      if (typed !== passphrase) throw no('wrong-passphrase');
      return 'AGE-SECRET-KEY-1EXAMPLE0EXAMPLE0EXAMPLE0EXAMPLE0EXAMPLE0EXAMPLE0EXAMPLE0';
    },
    saveRequest: async () => '/media/usb/tianye.tianye-join',
    openAdmission: async () => {
      join = { ...(join ?? invitation()), state: 'admitted' };
      stores = inventedStores();
      return true;
    },
    openRequest: async () => ({ id: 'r2', name: '郑可', device: '', role: 'analyst', compareCode: '0412 7733' }),
    approveRequest: async () => '/media/usb/tianye.tianye-admit',
    sync: async () => {
      const sent = outbox.entries;
      outbox = { entries: 0, interviews: 0, kib: 0 };
      received = 143;
      return { sent, received: 12, receipts: 1, forgotten: 0, hubLog: 'goes-on' as const, conflicts: conflicts.length, view: syncView() };
    },
    syncNearby: async () => ({ sent: 2, received: 12, receipts: 1, conflicts: conflicts.length, forgotten: 0, hubLog: 'goes-on', view: syncView() }),
    openNearby: async () => (nearby = inventedHub(true)),
    closeNearby: async () => (nearby = null),
    nearby: async () => nearby,
    readNearby: async (text) => (text.startsWith('tianye-hub:') ? { address: inventedHub(false).address, code: inventedHub(false).code } : null),
    invitationQr: async () => inventedHub(false).qr,
    syncState: async () => syncView(),
    noteMisfit: async (key) => {
      misfits = misfits.filter((one) => one.key !== key);
      return syncView();
    },
    ...inventedCopies(now),
    maps: async () => maps,
    mapTile: async (_file, zoom, column, row) => ({ mediaType: 'image/svg+xml', base64: btoa(tile(zoom, column, row)) }),
    addMap: async () => (maps = [inventedMap]),
    checkForm: async () => inventedCheck(checks++ === 0),
    checkFormAgain: async () => (checks > 0 ? inventedCheck(checks++ === 0) : null),
    tryForm: async () => {
      const before = open?.trial ? open : null;
      const trial = before ?? new FakeInterview('trial', '', '', '', now);
      trial.trial = true;
      open = trial;
      return trial.view();
    },
    addForm: async (lang) => home(lang),
    chooseImport: async (folder) => inventedImport(folder, false),
    importRecords: async (revisions) => inventedImport(true, true, revisions),
    previewExport: async (input) => inventedPreview(input.k ?? 5, input.purpose === 'archiving'),
    exportLog: async () => [
      { id: '1', at: '2017-04-20T19:02:00+08:00', by: '沈一帆', form: 'pupil_example', identified: true, reason: '家访要找到人', interviews: 3, purpose: 'analysis', leftOut: [], folder: 'D:\\导出', takenBack: [], pastDay: [{ purpose: 'school-sharing', interviews: 2 }], drops: 0 },
      { id: '2', at: '2017-04-19T19:02:00+08:00', by: '沈一帆', form: 'pupil_example', identified: false, reason: '', interviews: 3, purpose: 'archiving', leftOut: [], folder: 'D:\\存档', takenBack: [{ purpose: 'archiving', interviews: 1 }], pastDay: [], drops: 2 },
    ],
    instruments: async () => [
      { id: 'pupil', title: '留守儿童学生问卷', questions: 95 },
      { id: 'teacher', title: '教师问卷', questions: 61 },
    ],
    checkInstrument: async () => inventedCheck(false),
    exportCsv: async (input) => ({
      folder: 'D:\\张三\\导出',
      files: [
        { name: `${input.form}.csv`, rows: 3 },
        { name: `${input.form}-people.csv`, rows: 11 },
      ],
      attachments: input.files ? `${input.form}_files` : '',
      attached: input.files ? 2 : 0,
      missing: input.files ? 1 : 0,
      withheld: input.purpose === 'archiving' ? 1 : 0,
      leftOut: input.purpose === 'archiving' ? [{ purpose: 'archiving', interviews: 1 }] : [],
      practice: 0,
      instances: input.instances
        ? { folder: 'D:\\张三\\导出\\pupil\\instances', written: 2, attached: 2, missing: 0, open: 1, undecided: 1, unreadable: 0, withheld: 0, leftOut: [], practice: 0 }
        : null,
    }),
  };
}

/** Two versions, one of them read under another; a damaged file and one of another form where a folder was chosen. */
function inventedImport(folder: boolean, done: boolean, revisions = true): ImportView {
  const form = { form: 'pupil', title: '学生问卷', readAs: '', wrong: 0, files: 0, missing: 0 };
  const unread = (place: string, code: string, args: Record<string, string>) => ({ place, refusal: { code, args, detail: 'expected a submission, found another' } });
  return {
    done,
    new: 14,
    here: 3,
    revisions: revisions ? 2 : 0,
    earlier: 1,
    other: folder ? 2 : 0,
    leftOut: done ? 1 : 0,
    forms: [
      { ...form, version: '2017-03', count: 12, wrong: 1, files: 9, missing: 2 },
      { ...form, version: '2017-01', readAs: '2017-03', count: 2 },
    ],
    unread: folder
      ? [
          unread('学生_2017-04-12/学生_2017-04-12.xml', 'submission-not-xml', {}),
          unread('teacher/submission.xml', 'import-form-missing', { form: 'teacher' }),
        ]
      : [],
  };
}

/** Around Wuyi. */
const inventedMap: MapView = { file: 'wuyi.mbtiles', name: '武义（示例）', minZoom: 6, maxZoom: 14, west: 119400000, south: 28500000, east: 120100000, north: 29150000 };

function tile(zoom: number, column: number, row: number): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256"><rect width="256" height="256" fill="#f3f0e8" stroke="#b8b09c"/><text x="12" y="24">${zoom}/${column}/${row}</text></svg>`;
}

function invitation(): JoinView {
  return { id: 'j1', project, person: '林远', role: 'interviewer', compareCode: '', state: 'passphrase', sent: false };
}

function inventedStores() {
  const store = (id: string, person: string, group: string, role: Role, lastOpened: string | null) => ({ id, project, person, group, role, practice: true, lastOpened });
  return [
    store('st1', '陈禾', '第一组', 'interviewer', '2017-04-11T21:40:00+08:00'),
    store('st2', '林远', '第一组', 'interviewer', '2017-04-12T08:05:00+08:00'),
    store('st3', '沈一帆', '', 'lead', null),
  ];
}

function inventedContact(role: string, number: string): ContactView {
  return { role, name: role === 'holder' ? '方敏' : '', number, hours: '', note: '' };
}

function inventedTeam(): TeamView {
  return {
    members: [
      { id: 'm1', name: '沈一帆', group: '', role: 'lead', devices: ['组长电脑'], laptops: [{ ...laptop('c1', '组长电脑'), own: true }], interviews: 0, finalised: 0 },
      { id: 'm2', name: '陈禾', group: '第一组', role: 'interviewer', devices: ['示例电脑 03'], laptops: [laptop('c2', '示例电脑 03')], interviews: 14, finalised: 11 },
      { id: 'm3', name: '周宁', group: '第二组', role: 'interviewer', devices: ['示例电脑 05'], laptops: [laptop('c3', '示例电脑 05')], interviews: 12, finalised: 12 },
      { id: 'm4', name: '方敏', group: '', role: 'safeguarding', devices: ['示例电脑 08'], laptops: [laptop('c4', '示例电脑 08')], interviews: 0, finalised: 0 },
      { id: 'm5', name: '何苗', group: '', role: 'safeguarding', devices: ['示例电脑 09'], laptops: [laptop('c5', '示例电脑 09')], interviews: 0, finalised: 0 },
    ],
    requests: [{ id: 'r1', name: '林远', device: '示例电脑 07', role: 'interviewer', compareCode: '482 913' }],
    invited: [{ id: 'v0', name: '郑可', role: 'analyst', group: '', typed: null }],
    keeps: true,
    keepsRecovery: true,
  };
}

function laptop(certificate: string, device: string): LaptopCard {
  return { certificate, device, own: false, readsOthers: false, keepsProject: false, revoked: null, waiting: 0 };
}

function erased({ record, person, fields, why, note }: EraseInput): ErasureView {
  const laptop = (code: string, name: string, device: string) => ({ person: name, device, code, exports: 0 });
  return {
    id: `act-${record || person}`,
    what: person ? 'person' : fields.length > 0 ? 'answers' : 'interview',
    record: record || person,
    interviews: fields.length > 0 ? 0 : 1,
    questions: fields.length > 0 ? ['A1 孩子说什么？'] : [],
    why,
    note,
    by: '沈一帆',
    at: '2017-04-12T20:11:00+08:00',
    bodies: 2,
    chunks: 0,
    answered: [laptop('0a3f', '沈一帆', '组长电脑')],
    held: [{ laptop: laptop('c92e', '林青', '示例电脑 07'), setAside: ['2017-04-10T20:00:00+08:00'], secondBox: true }],
    waiting: [laptop('77c1', '陈禾', '示例电脑 03'), laptop('b204', '周宁', '示例电脑 05')],
    hasHub: true,
    tellsHubs: true,
    onHub: true,
    nearbyHub: '192.168.1.21:8443',
    onNearbyHub: true,
    unfinished: false,
    exports: [],
    later: 0,
  };
}

function invented(): ConflictView[] {
  const label = (value: string) => lists.places.find((one) => one.value === value)?.label.zh ?? value;
  const write = (entry: string, value: string, author: string, device: string, at: string, note = ''): WriteView => ({ entry, value, display: label(value), author, device, at, note, reason: '', nonAnswer: null, file: null, clockWrong: false, unseen: [], takenBack: false, takesBack: false });
  const base = write('e0', 'home', '陈禾', '示例电脑 03', '2017-04-11T10:42:00+08:00');
  const sides = [
    write('e1', 'province', '陈禾', '示例电脑 03', '2017-04-11T16:20:00+08:00', '奶奶当面更正，妈妈在邻县。'),
    write('e2', 'other_province', '周宁', '示例电脑 05', '2017-04-11T19:05:00+08:00'),
  ];
  const options = lists.places.map((one) => ({ value: one.value, label: one.label.zh, words: [], peek: one.label.en, media: [] }));
  const before = { number: 'B3', label: '爸爸外出多少个月了？', display: '38' };
  const common = { before, after: null, nonAnswers: ['dontKnow' as const], record: 'i217', code: '217', name: '小满', form: title.zh, site: '石塘小学（示例）四 2 班' };
  const number = (entry: string, value: string, author: string, at: string): WriteView => ({ entry, value, display: value, author, device: '示例电脑 03', at, note: '', reason: '', nonAnswer: null, file: null, clockWrong: false, unseen: [], takenBack: false, takesBack: false });
  return [
    { ...common, key: 'k1', field: '/family/mother', number: 'B4', label: '妈妈现在在哪里工作或生活？', base, sides, history: [base, ...sides], control: { kind: 'selectOne', options, look: 'list', quick: false } },
    {
      ...common,
      key: 'k2',
      field: '/family/father_months',
      number: 'B3',
      label: '爸爸外出多少个月了？',
      base: null,
      sides: [number('e3', '38', '陈禾', '2017-04-11T16:22:00+08:00'), number('e4', '24', '周宁', '2017-04-11T19:06:00+08:00')],
      history: [number('e3', '38', '陈禾', '2017-04-11T16:22:00+08:00'), number('e4', '24', '周宁', '2017-04-11T19:06:00+08:00')],
      control: { kind: 'integer', thousands: false, counter: false },
    },
  ];
}

function cardOf(view: ConflictView, decided: string): ConflictCard {
  const { key, record, field, code, name, form, site, number, label } = view;
  return { key, record, field, code, name, form, site, number, label, authors: [...new Set(view.sides.map((side) => side.author))], decided };
}

function inventedPairs(): PairView[] {
  const row = (code: string, one: string, other: string, mark: string): PairRow => ({ code, values: [one, other], mark });
  const side = (record: string, code: string, name: string, author: string, at: string, state: 'draft' | 'finalised') => ({
    record,
    code,
    name,
    site: '石塘小学（示例）四 2 班',
    author,
    at,
    records: [{ id: `i-${record}`, form: title.zh, state, answered: 40 }],
    linked: [],
  });
  const common = { state: 'candidate' as const, words: [], leading: '' };
  return [
    {
      ...common,
      key: 'p1',
      of: 'respondents',
      score: 87,
      reasons: [{ code: 'name-homophone', points: 32 }, { code: 'birth-day-apart', points: 20 }, { code: 'class-same', points: 20 }, { code: 'guardian-same', points: 15 }],
      sides: [side('s219', '219', '小桔', '陈禾', '2017-04-11T10:20:00+08:00', 'draft'), side('sW044', 'W044', '小菊', '周宁', '2017-04-09T15:02:00+08:00', 'finalised')],
      rows: [
        row('school', '石塘小学（示例）', '石塘小学（示例）', 'same'),
        row('class', '四 2 班', '四 2 班', 'same'),
        row('number', '19', '', 'one-empty'),
        row('code', '219', 'W044', 'differs'),
        row('name', '小桔 Xiǎojú', '小菊 Xiǎojú', 'name-homophone'),
        row('birth', '2007-03-14', '2007-03-15', 'birth-day-apart'),
        row('sex', 'female', 'female', 'same'),
        row('guardian', '', '', 'both-empty'),
      ],
    },
    {
      ...common,
      key: 'p2',
      of: 'interviews',
      score: 0,
      reasons: [],
      sides: [side('i1', '205', '石榴', '陈禾', '2017-04-10T10:20:00+08:00', 'finalised'), side('i2', '205', '石榴', '周宁', '2017-04-11T09:02:00+08:00', 'finalised')],
      rows: [row('form', title.zh, title.zh, 'same'), row('interviewer', '陈禾', '周宁', 'differs'), row('answered', '61', '58', 'differs')],
    },
  ];
}

function inventedCheck(bad: boolean): FormCheck {
  const problem = (severity: FormSeverity, code: string, sheet: string, row: number, column: string, heading: string, args: Record<string, string>, excerpt: FormExcerpt | null = null, detail = '', field = '') => ({ severity, code, sheet, row, column, heading, line: 0, character: 0, field, excerpt, args, detail });
  return {
    file: 'pupil_2017_v12.xlsx',
    usable: !bad,
    title: '学生问卷 v12',
    questions: 68,
    problems: [
      ...(bad
        ? [
            problem('error', 'unknown-name', 'survey', 42, 'F', 'relevant', { found: 'mother_plce', near: 'mother_place' }, { before: '', marked: '${mother_plce}', after: " != '1'" }),
            problem('error', 'duplicate-choice', 'choices', 19, 'B', 'name', { list: 'care', found: '3', row: '18' }, { before: '', marked: '3', after: '' }),
          ]
        : []),
      problem('warning', 'texts-missing', 'survey', 58, 'E', 'label::English (en)', { column: 'label', language: 'English (en)', count: '3', found: 'E4 E7 F2' }, null, '', '/family/father'),
      problem('note', 'not-in-the-catalogue', 'survey', 63, 'H', 'appearance', {}, { before: '', marked: 'my-slider', after: '' }, 'found the appearance “my-slider”, which is not known; shown as a plain number'),
    ],
  };
}

function inventedPreview(k: number, archive: boolean): ExportPreview {
  const column = { told: true, judge: false, candidate: true, chosen: true };
  return {
    interviews: 24,
    withheld: archive ? 1 : 0,
    leftOut: archive ? [{ purpose: 'archiving', interviews: 1 }] : [],
    practice: 2,
    smallest: 1,
    k,
    below: 2,
    rows: [
      { code: 'k7qm-3xtp-02ha', cells: ['武义县', '9', '女'] },
      { code: 'p0dd-91vz-w4se', cells: ['武义县', '13', '男'] },
    ],
    heads: ['县市', '生日', '性别'],
    coarser: [],
    columns: [
      { ...column, path: '@county', label: '县市', done: 'kept', without: 2 },
      { ...column, path: '/a/birth_date', label: 'A7 你的生日是哪一天？', done: 'age', without: 0 },
      { ...column, path: '/a/sex', label: 'A6 你是男生还是女生？', done: 'kept', without: 1 },
      { path: '/f/happy', label: 'F2 最近有什么事让你高兴？', done: 'judge', told: false, judge: true, candidate: false, chosen: false, without: null },
      { path: '/a/school', label: 'A3 你在哪所学校读书？', done: 'place', told: false, judge: false, candidate: false, chosen: false, without: null },
    ],
  };
}
