// The invented desk's consent: a family that says what it is told to, and a project with a checklist.
import type { Checklist, ChecklistInput, ConsentCard, ConsentSheet, ConsentText, EvidenceCard } from '../ipc/bindings';
import { Refusal, type Backend } from './backend';

const nothing = { on: '', note: '' };
const both = (zh: string, en: string) => ({ zh, en });

type Part = Pick<
  Backend,
  | 'consentSheet'
  | 'recordConsent'
  | 'withdrawConsent'
  | 'addEvidence'
  | 'dropEvidence'
  | 'evidencePart'
  | 'consentText'
  | 'publishText'
  | 'checklist'
  | 'noteChecklist'
  | 'beginReal'
  | 'due'
  | 'eraseDue'
>;

/** Consent as the invented desk keeps it. */
export function fakeConsent(): Part {
  const cards = new Map<string, ConsentCard[]>();
  let text: ConsentText = {
    version: '',
    activity: both('2017 年春季问卷', 'Spring 2017'),
    opening: both('您好。参加不参加由您和孩子决定。', 'Hello. It is for you and the child to decide.'),
    purposes: [
      { purpose: 'questionnaire', text: both('孩子回答一份问卷。', 'The child answers a questionnaire.'), own: both('您回答一份问卷。', 'You answer a questionnaire.'), child: both('可以问你一些问题吗？', 'May I ask you some questions?') },
      { purpose: 'audio', text: both('谈话时录音。', 'We record the talk.'), own: both('谈话时录音。', 'We record the talk.'), child: both('可以录音吗？', 'May I record?') },
    ],
    child: both('你好。愿意不愿意都由你。', 'Hello. It is up to you.'),
    youth: both('你好。参加不参加由你自己决定。', 'Hello. Whether you take part is for you to decide.'),
    adult: both('您好。参加不参加由您自己决定。', 'Hello. It is for you to decide.'),
    closing: both('有问题请打电话。', 'Call us with questions.'),
  };
  let noted: ChecklistInput = { gate: false, purposes: [], retention: [], ethics: nothing, passphrases: nothing, recovery: nothing, carers: nothing };
  let begun = false;
  let kept: EvidenceCard[] = [];

  function list(): Checklist {
    const item = (what: string, done: boolean) => ({ what, done, lacking: [], count: 0 });
    const items = [
      item('purposes', noted.purposes.length > 0),
      item('texts', text.version !== ''),
      { ...item('holders', true), count: 2 },
      item('retention', noted.purposes.length > 0 && noted.purposes.every((one) => noted.retention.some((other) => other.purpose === one && other.until))),
      item('ethics', noted.ethics.note !== ''),
      item('passphrases', noted.passphrases.note !== ''),
      item('recovery', noted.recovery.note !== ''),
    ];
    return { begun, practice: !begun || items.some((one) => !one.done), asked: begun || noted.gate, practised: 2, items, noted };
  }

  function sheet(person: string, lang: 'zh-CN' | 'en'): ConsentSheet {
    const own = cards.get(person) ?? [];
    const word = (standing: string, purpose: string) => own.find((card) => card.standing === standing)?.words.find((one) => one.purpose === purpose)?.said;
    const one = (names: { zh: string; en: string }) => (lang === 'en' ? names.en : names.zh);
    const standingOf = (purpose: string): string => {
      const [guardian, child] = [word('legal-guardian', purpose), word('own', purpose)];
      if (guardian === 'refused') return 'consent-refused';
      if (child === 'refused') return 'consent-child-refused';
      if (guardian === undefined) return own.length > 0 ? 'consent-other-purpose' : 'consent-missing';
      if (guardian === 'not-yet') return 'consent-not-yet';
      return child === 'given' ? 'consent-complete' : 'consent-child-not-asked';
    };
    return {
      person,
      code: '217',
      name: '小满',
      speaks: 'guardian-and-child',
      asked: true,
      carers: false,
      activity: one(text.activity),
      version: text.version,
      minutes: 20,
      opening: one(text.opening),
      child: one(text.child),
      closing: one(text.closing),
      purposes: text.purposes.map((about) => ({
        purpose: about.purpose,
        text: one(about.text),
        child: one(about.child),
        standing: standingOf(about.purpose),
        may: standingOf(about.purpose) === 'consent-complete',
        needed: about.purpose === 'questionnaire',
      })),
      cards: own,
    };
  }

  return {
    consentSheet: async (person, _form, lang) => sheet(person, lang),
    recordConsent: async (input, _form, lang) => {
      if (input.words.length === 0) throw new Refusal({ code: 'consent-nothing-said', args: {}, detail: '' });
      const { standing, name, relation, how, on, witness, note, words } = input;
      const card: ConsentCard = { id: standing, askedBy: '陈禾', maySee: true, standing, name, relation, how, on, witness, note, words, withdrawn: false, version: text.version, current: true, disputed: false, evidence: kept };
      kept = [];
      cards.set(input.person, [...(cards.get(input.person) ?? []).filter((one) => one.standing !== standing), card]);
      return sheet(input.person, lang);
    },
    withdrawConsent: async (input) => {
      cards.set(input.person, (cards.get(input.person) ?? []).map((card) => ({ ...card, withdrawn: true })));
      return { erased: 1, waiting: 0 };
    },
    addEvidence: async (kind) => (kept = [...kept, { kind, file: { name: `x${kept.length}.png`, mediaType: 'image/png', length: 1, parts: 1, here: true } }]),
    dropEvidence: async () => {
      kept = [];
      return null;
    },
    evidencePart: async () => ({ base64: '' }),
    consentText: async () => text,
    publishText: async (next) => (text = { ...next, version: '05464f41' }),
    checklist: async () => list(),
    noteChecklist: async (input) => {
      noted = input;
      return list();
    },
    beginReal: async () => {
      if (list().items.some((one) => !one.done)) throw new Refusal({ code: 'not-ready', args: { count: '1' }, detail: '' });
      begun = true;
      return list();
    },
    due: async () => [],
    eraseDue: async () => [],
  };
}
