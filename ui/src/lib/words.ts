// Words and icons for states, in one place.
import type { IconName } from '../shared/icons';
import type { InterviewState, PartState, Role } from './ipc/bindings';
import type { Tab } from './screens/desk.svelte';
import type { PlainKey } from './strings/keys';

type Tone = '' | 'ok' | 'bad' | 'warn' | 'info';

export const roleKey: Record<Role, PlainKey> = {
  administrator: 'role-administrator',
  lead: 'role-lead',
  interviewer: 'role-interviewer',
  analyst: 'role-analyst',
  safeguarding: 'role-safeguarding',
};

/** Why a laptop may no longer write, in the order in which it is asked. */
export const revocationKey: Record<string, PlainKey> = {
  lost: 'revoked-lost',
  left: 'revoked-left',
  replaced: 'revoked-replaced',
  misused: 'revoked-misused',
};

/** Why something was erased. */
export const erasureKey: Record<string, PlainKey> = {
  withdrawn: 'erase-why-withdrawn',
  misplaced: 'erase-why-misplaced',
  retention: 'erase-why-retention',
  mistake: 'erase-why-mistake',
};

/** What somebody on a contact card is. */
export const contactKey: Record<string, PlainKey> = {
  holder: 'contact-role-holder',
  police: 'contact-role-police',
  'youth-line': 'contact-role-youth-line',
  'citizen-line': 'contact-role-citizen-line',
  'civil-affairs': 'contact-role-civil-affairs',
  'children-director': 'contact-role-children-director',
  'children-supervisor': 'contact-role-children-supervisor',
  hospital: 'contact-role-hospital',
  school: 'contact-role-school',
};

/** Whether a child is safe now, in the order in which it is asked. */
export const safeties = ['safe', 'unsafe', 'unsure'] as const;
export const safetyKey: Record<string, PlainKey> = { safe: 'care-safety-safe', unsafe: 'care-safety-unsafe', unsure: 'care-safety-unsure' };

/** What came of a call. */
export const outcomes = ['told', 'no-answer', 'call-back'] as const;
export const outcomeKey: Record<string, PlainKey> = {
  told: 'care-outcome-told',
  'no-answer': 'care-outcome-no-answer',
  'call-back': 'care-outcome-call-back',
};

/** Who took over. */
export const handedTo = ['police', 'civil-affairs', 'elsewhere'] as const;
export const handedKey: Record<string, PlainKey> = {
  police: 'care-to-police',
  'civil-affairs': 'care-to-civil-affairs',
  elsewhere: 'care-to-elsewhere',
};

export const tabKey: Record<Tab, PlainKey> = {
  today: 'tab-today',
  people: 'tab-people',
  records: 'tab-records',
  conflicts: 'tab-conflicts',
  duplicates: 'tab-duplicates',
  team: 'tab-team',
  forms: 'tab-forms',
  sync: 'tab-sync',
};

export const stateKey: Record<InterviewState, PlainKey> = {
  open: 'state-open',
  draft: 'state-draft',
  finalised: 'state-finalised',
  correcting: 'state-correcting',
  sentBack: 'state-sent-back',
  approved: 'state-approved',
  stopped: 'state-stopped',
};

export const stateLook: Record<InterviewState, { icon: IconName; tone: Tone }> = {
  open: { icon: 'open', tone: '' },
  draft: { icon: 'half', tone: 'info' },
  finalised: { icon: 'check', tone: 'ok' },
  correcting: { icon: 'half', tone: 'info' },
  sentBack: { icon: 'returned', tone: 'bad' },
  approved: { icon: 'check', tone: 'ok' },
  stopped: { icon: 'stop', tone: '' },
};

export const partLook: Record<PartState, { icon: IconName; tone: Tone | 'soft' }> = {
  empty: { icon: 'open', tone: 'soft' },
  started: { icon: 'half', tone: 'info' },
  complete: { icon: 'check', tone: 'ok' },
  problem: { icon: 'stop', tone: 'bad' },
  notApplicable: { icon: 'na', tone: 'soft' },
};
