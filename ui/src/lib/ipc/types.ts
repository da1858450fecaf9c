// The shapes that cross the boundary, twins of crates/desk/src/view.rs.

/** Arguments of a message, by name. */
export type Args = Record<string, string>;

/** An error as the window sees it: a code for the catalogue, arguments, and a technical line in English. */
export interface Refusal {
  /** Key of the catalogue: `error-<code>`. */
  code: string;
  /** Values the message mentions. */
  args: Args;
  /** Expected, found and where, in English, without anything a respondent said. */
  detail: string;
}

/** What the window needs before anybody has unlocked. */
export interface StartView {
  /** Stores on this laptop, the last opened first. */
  stores: StoreCard[];
  /** Joins that wait for the lead's confirmation. */
  joining: JoinView[];
  /** Name of this laptop, as written at set-up; empty before. */
  device: string;
  /** Version of the program. */
  version: string;
}

/** One store on this laptop: one person in one project. */
export interface StoreCard {
  /** Random id of the store on this disk. */
  id: string;
  /** Title of the project. */
  project: string;
  /** Display name of the team member. */
  person: string;
  /** Group in the team, may be empty. */
  group: string;
  /** Role in the project. */
  role: Role;
  /** Whether this is a practice project. */
  practice: boolean;
  /** When it was last unlocked; none if never. */
  lastOpened: string | null;
}

/** Role of a team member. */
export type Role =
  /** Team lead: invites, merges, decides. */
  | 'lead'
  /** Student interviewer. */
  | 'interviewer'
  /** Analyst: reads and exports. */
  | 'analyst'
  /** Safeguarding lead. */
  | 'safeguarding';

/** What a lead says to set up a project on this laptop. */
export interface NewProject {
  /** Title, e.g. 浙江留守儿童 2017. */
  title: string;
  /** Display name of the lead. */
  person: string;
  /** Name of this laptop. */
  device: string;
  /** Passphrase, at least 12 characters. */
  passphrase: string;
  /** Content of a hub card, if the project has a hub. */
  hubCard: string | null;
}

/** A join by invitation, seen from the laptop that joins. */
export interface JoinView {
  /** Random id of the waiting store on this disk. */
  id: string;
  /** Title of the project. */
  project: string;
  /** The invited person's display name. */
  person: string;
  /** The invited role. */
  role: Role;
  /** Who invited. */
  invitedBy: string;
  /** Digits that must be the same on the lead's screen; empty until the passphrase is set. */
  compareCode: string;
  /** Where it stands. */
  state: JoinState;
}

/** Where a join stands. */
export type JoinState =
  /** The invitation was read; a passphrase is wanted. */
  | 'passphrase'
  /** Sent; the lead compares the code. */
  | 'waiting'
  /** Admitted: the store can be unlocked. */
  | 'admitted';

/** The page after unlocking, and the frame around every page. */
export interface HomeView {
  /** Title of the project. */
  project: string;
  /** Whether this is a practice project: said on each page. */
  practice: boolean;
  /** Who is at the desk. */
  person: string;
  /** Group in the team, may be empty. */
  group: string;
  /** Role, which decides the tabs. */
  role: Role;
  /** Name of this laptop. */
  device: string;
  /** Today's date on this laptop, `YYYY-MM-DD`. */
  today: string;
  /** Forms that can be begun. */
  forms: FormCard[];
  /** Sites that an interview can belong to. */
  sites: SiteCard[];
  /** Interviews and open assignments, grouped by site, in the order to show. */
  places: PlaceView[];
  /** What waits to be sent. */
  outbox: Outbox;
  /** Conflicts that wait for a person; the lead's badge. */
  conflicts: number;
  /** Team members who wait for confirmation; the lead's badge. */
  joinRequests: number;
}

/** A form in use. */
export interface FormCard {
  /** `form_id` of the workbook. */
  id: string;
  /** Version text of the workbook. */
  version: string;
  /** Title in the asked language. */
  title: string;
  /** Languages of the form, the default first. */
  languages: string[];
  /** Number of questions. */
  questions: number;
}

/** A site: county, township, school or class. */
export interface SiteCard {
  /** Random id. */
  id: string;
  /** Full name down from the county, in the asked language. */
  name: string;
}

/** The rows of one site on the lists. */
export interface PlaceView {
  /** Id of the site; empty for rows without one. */
  site: string;
  /** Name of the site; empty for rows without one. */
  name: string;
  /** Rows. */
  rows: InterviewCard[];
  /** How many of the rows are finalised or approved. */
  done: number;
}

/** One row: an interview, or an assignment nobody has begun. */
export interface InterviewCard {
  /** Id of the interview record; for an open assignment, of the assignment. */
  id: string;
  /** Whether this is an assignment not begun. */
  assigned: boolean;
  /** Code of the respondent, e.g. 217. */
  code: string;
  /** Display name of the respondent. */
  name: string;
  /** Title of the form. */
  form: string;
  /** `form_id`. */
  formId: string;
  /** Site name, for lists across sites. */
  site: string;
  /** Who interviews. */
  interviewer: string;
  /** State. */
  state: InterviewState;
  /** Number of the question where it stopped, e.g. B4; empty if none. */
  stoppedAt: string;
  /** Questions answered. */
  answered: number;
  /** Questions asked of this respondent. */
  total: number;
  /** Open conflicts in it. */
  conflicts: number;
  /** Last change. */
  changed: string | null;
  /** Whether the hub's receipt for its newest entry was checked. */
  onHub: boolean;
  /** The reason given when it was sent back; empty otherwise. */
  sentBackReason: string;
}

/** State of an interview. */
export type InterviewState =
  /** Assigned, not begun. */
  | 'open'
  /** Begun. */
  | 'draft'
  /** Finalised by the interviewer. */
  | 'finalised'
  /** Opened again for a correction. */
  | 'correcting'
  /** Sent back by a lead. */
  | 'sentBack'
  /** Approved by a lead. */
  | 'approved';

/** What waits to be sent. */
export interface Outbox {
  /** Entries without a receipt. */
  entries: number;
  /** Interviews among them. */
  interviews: number;
  /** Bytes, entries and chunks. */
  bytes: number | null;
}

/** What is said to begin an interview. */
export interface NewInterview {
  /** `form_id`. */
  form: string;
  /** Assignment it fulfils; code, name and site then come from there. */
  assignment: string | null;
  /** Code of the respondent, e.g. 217. */
  code: string;
  /** Display name of the respondent, may be empty. */
  name: string;
  /** Id of the site, may be empty. */
  site: string;
}

/** An open interview: frame, tree and current page. */
export interface InterviewView {
  /** Id of the interview record. */
  id: string;
  /** Title of the form in the form's language. */
  form: string;
  /** Code of the respondent. */
  code: string;
  /** Display name of the respondent. */
  name: string;
  /** Site name. */
  site: string;
  /** State. */
  state: InterviewState;
  /** Languages of the form by name, the default first. */
  languages: Language[];
  /** Index into `languages` of the one shown. */
  language: number;
  /** Case tree. */
  tree: TreePart[];
  /** Page shown. */
  page: PageView;
  /** Counts and marks of the bottom bar. */
  status: StatusView;
}

/** A language of a form. */
export interface Language {
  /** As the workbook names it, e.g. `中文 (zh)`. */
  name: string;
  /** BCP 47 code for the `lang` attribute, e.g. `zh`; empty if the workbook gives none. */
  code: string;
}

/** What the bottom bar says. */
export interface StatusView {
  /** When the last answer reached the disk; none before the first. */
  saved: string | null;
  /** Questions answered. */
  answered: number;
  /** Questions asked of this respondent. */
  total: number;
  /** Answers that must be put right. */
  problems: number;
}

/** State of a part of the case tree. */
export type PartState =
  /** Nothing answered. */
  | 'empty'
  /** Some answered. */
  | 'started'
  /** All that is asked is answered. */
  | 'complete'
  /** Something must be put right. */
  | 'problem'
  /** Not asked of this respondent. */
  | 'notApplicable';

/** A section or a page in the case tree. */
export interface TreePart {
  /** Stable key; for a page, the key to go to. */
  key: string;
  /** 0 section, 1 page, 2 row of a repeat. */
  depth: number;
  /** Short title. */
  title: string;
  /** Short answer, or empty. */
  summary: string;
  /** Questions answered in it. */
  answered: number;
  /** Questions asked in it. */
  total: number;
  /** Problems in it. */
  problems: number;
  /** State. */
  state: PartState;
  /** Whether a note is attached to a question in it. */
  noted: boolean;
  /** Whether the current page is this one (or, for a section, in it). */
  current: boolean;
}

/** One page of an interview. */
export interface PageView {
  /** Stable key of the page. */
  key: string;
  /** Kind. */
  kind: PageKind;
  /** Title of the section, for the crumb. */
  section: string;
  /** Place among the section's pages that apply, from 1. */
  number: number;
  /** How many pages of the section apply. */
  of: number;
  /** Heading: the group's label for a group or a repeat; empty for a single question (its label is the heading). */
  title: string;
  /** Questions and notes, in order; for a repeat, those of all rows (see `rows`). */
  items: Item[];
  /** Rows of a repeat page. */
  rows: RowView[];
  /** Path of the repeat on a repeat page; empty otherwise. */
  repeat: string;
  /** Whether rows may be added and removed. */
  rowsOpen: boolean;
  /** Field that should have the focus; empty for the first. */
  focus: string;
  /** Whether there is a page before. */
  hasBack: boolean;
  /** The summary, on the last page. */
  completion: Completion | null;
}

/** Kind of a page. */
export type PageKind =
  /** One question. */
  | 'question'
  /** A group shown together. */
  | 'group'
  /** Rows of a repeat, as a roster. */
  | 'repeat'
  /** Check and finalise. */
  | 'completion';

/** A row of a repeat. */
export interface RowView {
  /** Path of the row. */
  path: string;
  /** Place from 1. */
  number: number;
  /** Short text that names it, e.g. the first answer. */
  title: string;
  /** State. */
  state: PartState;
  /** Fields of the row, in column order; refer to `items`. */
  fields: string[];
  /** Whether a person may remove it. */
  removable: boolean;
}

/** A question or a note. */
export interface Item {
  /** Path of the node: the key for answers. */
  field: string;
  /** Number at the head of the label, e.g. `B4`, or empty. */
  number: string;
  /** Label in the shown language, without the number; plain text, may hold line breaks. */
  label: string;
  /** Hint for the interviewer, or empty. */
  hint: string;
  /** The label in the other language, for a peek; empty if there is none. */
  peek: string;
  /** Code of the peek's language for the `lang` attribute. */
  peekLang: string;
  /** How it is answered. */
  control: Control;
  /** Value in its lexical form; select-multiple separated by spaces; empty if blank. */
  value: string;
  /** Value as a person reads it in the shown language. */
  display: string;
  /** Whether it applies now. Items that do not are sent in repeats only, so that columns stay. */
  relevant: boolean;
  /** Whether an answer is wanted before finalising. */
  required: boolean;
  /** Whether it cannot be changed. */
  readonly: boolean;
  /** What is wrong with the value, to be said once it was touched. */
  problem: Problem | null;
  /** Interviewer's note on it, or empty. */
  note: string;
}

/** What is wrong with an answer. */
export interface Problem {
  /** Key of the catalogue: `problem-<code>`; used when the form gives no message. */
  code: string;
  /** The form's own message in the shown language; empty if it gives none. */
  message: string;
  /** Arguments for the catalogue. */
  args: Args;
}

/** How a question is answered. */
export type Control =
  /** Words; `multiline` takes a text area. */
  | { kind: 'text'; multiline: boolean }
  /** A whole number. */
  | { kind: 'integer' }
  /** A number. */
  | { kind: 'decimal' }
  /** A date. */
  | { kind: 'date' }
  /** A time of day. */
  | { kind: 'time' }
  /** A date and a time of day. */
  | { kind: 'dateTime' }
  /** One of the options. */
  | { kind: 'selectOne'; options: Choice[]; search: boolean }
  /** Some of the options. */
  | { kind: 'selectMany'; options: Choice[]; search: boolean }
  /** Text to read, nothing to answer. */
  | { kind: 'note' }
  /** A tick that it was read or done. */
  | { kind: 'acknowledge' }
  /** A value that the form computed, shown only. */
  | { kind: 'shown' }
  /** A kind that this version cannot ask; the interviewer goes on. */
  | { kind: 'unsupported'; what: string };

/** An option of a select. */
export interface Choice {
  /** Name in the data. */
  value: string;
  /** Label in the shown language. */
  label: string;
  /** Label in the other language, or empty: searched too. */
  peek: string;
}

/** An answer from the screen. */
export interface AnswerInput {
  /** Path of the node. */
  field: string;
  /** As typed or chosen; empty clears. */
  value: string;
}

/**
 * What came of an answer, a new row, a removed row: everything of the current page and the tree that changed.
 * It is sent only after the change is durable.
 */
export interface Step {
  /** Items of the current page that changed or appeared, whole. */
  items: Item[];
  /** The page's item order now, when it changed. */
  order: string[] | null;
  /** The rows now, when they changed. */
  rows: RowView[] | null;
  /** Tree parts that changed, whole; a part that is new comes with `tree_order`. */
  tree: TreePart[];
  /** Keys of the tree in order, when it changed. */
  treeOrder: string[] | null;
  /** Bottom bar now. */
  status: StatusView;
  /** The summary, when the completion page is shown. */
  completion: Completion | null;
}

/** Where to go. */
export type Move =
  /** Next page; refused with `must-fix` while the page has a hard problem. */
  | { to: 'next' }
  /** Page before. */
  | { to: 'back' }
  /** Next unanswered or invalid question. */
  | { to: 'nextOpen' }
  /** A page of the tree. */
  | { to: 'page'; key: string }
  /** The page that holds a field. */
  | { to: 'field'; field: string }
  /** The summary. */
  | { to: 'completion' };

/** The error summary. */
export interface Completion {
  /** Must be put right before finalising. */
  wrong: CompletionLine[];
  /** Not answered yet though asked; those that are required are in `wrong`. */
  unanswered: CompletionLine[];
  /** Notes. */
  notes: CompletionLine[];
  /** Whether it can be finalised now. */
  ready: boolean;
}

/** A line of the error summary. */
export interface CompletionLine {
  /** Field to jump to. */
  field: string;
  /** Number, e.g. C2.2. */
  number: string;
  /** Label of the question; for a note, the note. */
  label: string;
  /** What is wrong, in the same words as beside the field. */
  problem: Problem | null;
  /** The value as a person reads it. */
  display: string;
}

/** A hit of "find question". */
export interface Hit {
  /** Field to jump to. */
  field: string;
  /** Number. */
  number: string;
  /** Label. */
  label: string;
  /** Whether it applies now. */
  relevant: boolean;
}

/** An open conflict in the list. */
export interface ConflictView {
  /** Key of this conflict: record and field. */
  key: string;
  /** Id of the interview. */
  record: string;
  /** Field. */
  field: string;
  /** Code and name of the respondent. */
  code: string;
  /** Display name of the respondent. */
  name: string;
  /** Form title. */
  form: string;
  /** Site name. */
  site: string;
  /** Number of the question. */
  number: string;
  /** Label of the question. */
  label: string;
  /** The answer that all sides knew; empty if none. */
  base: WriteView | null;
  /** The answers, in order of their (untrusted) times. */
  sides: WriteView[];
  /** All writes of this field in order. */
  history: WriteView[];
  /** How a new answer would be given ("neither"). */
  control: Control;
}

/** One write of a field. */
export interface WriteView {
  /** Hash of the entry, hex: names the write. */
  entry: string;
  /** Lexical value; empty if cleared. */
  value: string;
  /** As a person reads it. */
  display: string;
  /** Who. */
  author: string;
  /** On which laptop. */
  device: string;
  /** When, by that laptop's clock. */
  at: string;
  /** Note on it, or empty. */
  note: string;
  /** Whether it is a decision, and its reason. */
  reason: string;
}

/** A decision from the screen. */
export interface DecisionInput {
  /** Id of the interview. */
  record: string;
  /** Field. */
  field: string;
  /** Value that shall stand, in its lexical form. */
  value: string;
  /** Entries whose writes were seen, hex. */
  names: string[];
  /** Why; required. */
  reason: string;
}

/** The lead's team page. */
export interface TeamView {
  /** Members. */
  members: MemberCard[];
  /** Who asks to join. */
  requests: JoinRequestView[];
  /** Invitations nobody has used yet. */
  invited: InvitedView[];
}

/** A team member. */
export interface MemberCard {
  /** Person id. */
  id: string;
  /** Display name. */
  name: string;
  /** Group. */
  group: string;
  /** Role. */
  role: Role;
  /** Laptops. */
  devices: string[];
  /** Interviews begun. */
  interviews: number;
  /** Finalised or approved. */
  finalised: number;
}

/** Someone who asks to join. */
export interface JoinRequestView {
  /** Id of the invitation. */
  id: string;
  /** Invited name. */
  name: string;
  /** Laptop. */
  device: string;
  /** Role. */
  role: Role;
  /** Digits to compare. */
  compareCode: string;
}

/** An invitation nobody has used. */
export interface InvitedView {
  /** Id of the invitation. */
  id: string;
  /** Invited name. */
  name: string;
  /** Role. */
  role: Role;
  /** Group. */
  group: string;
}

/** The sync page. */
export interface SyncView {
  /** Address of the hub; empty if the project has none. */
  hub: string;
  /** What waits. */
  outbox: Outbox;
  /** Each laptop's chain. */
  chains: ChainView[];
  /** Receipts, newest first. */
  receipts: ReceiptView[];
  /** Entries set aside, with the reason's code. */
  setAside: SetAsideView[];
}

/** What this laptop has of one chain. */
export interface ChainView {
  /** Who and which laptop. */
  owner: string;
  /** Whether it is this laptop's. */
  own: boolean;
  /** Newest entry here. */
  here: number;
  /** Newest entry with a checked receipt. */
  received: number;
  /** Whether two entries stand in one slot. */
  forked: boolean;
}

/** A run of receipts. */
export interface ReceiptView {
  /** First entry. */
  from: number;
  /** Last entry. */
  to: number;
  /** When this laptop checked them. */
  at: string;
}

/** Something set aside. */
export interface SetAsideView {
  /** Whose chain. */
  owner: string;
  /** Code of the reason: `set-aside-<code>`. */
  code: string;
  /** How many entries. */
  entries: number;
}

/** What a sync did. */
export interface SyncReport {
  /** Entries sent. */
  sent: number;
  /** Entries received. */
  received: number;
  /** Receipts checked. */
  receipts: number;
  /** Conflicts now open. */
  conflicts: number;
  /** The page now. */
  view: SyncView;
}

/** What an export wrote. */
export interface ExportReport {
  /** Folder. */
  folder: string;
  /** Files with their row counts. */
  files: ExportFile[];
}

/** One file of an export. */
export interface ExportFile {
  /** Name in the folder. */
  name: string;
  /** Rows without the head. */
  rows: number;
}

/** Choices of an export. */
export interface ExportInput {
  /** `form_id`. */
  form: string;
  /** Whether to write labels instead of names. */
  labels: boolean;
  /** Whether names of respondents are written; off by default. */
  names: boolean;
}

/** Result of checking a workbook. */
export interface FormCheck {
  /** Name of the file. */
  file: string;
  /** Whether it can be used. */
  usable: boolean;
  /** Title. */
  title: string;
  /** Number of questions. */
  questions: number;
  /** Problems, worst first. */
  problems: FormProblem[];
}

/** A problem of a workbook. */
export interface FormProblem {
  /** Whether the form cannot be used with it. */
  error: boolean;
  /** Key of the catalogue: `form-<code>`. */
  code: string;
  /** Sheet. */
  sheet: string;
  /** Row from 1; 0 if none. */
  row: number;
  /** Column heading or letter; empty if none. */
  column: string;
  /** Arguments. */
  args: Args;
  /** English text, for a code the catalogue does not know. */
  detail: string;
}
