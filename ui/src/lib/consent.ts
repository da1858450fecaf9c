// The words of consent: codes of the desk, and their keys in the catalogue.
import type { IconName } from '../shared/icons';
import type { PlainKey } from './strings/keys';

type Tone = '' | 'ok' | 'bad' | 'warn' | 'info';

/** What can be asked for, in the order in which it is asked. */
export const purposes = ['questionnaire', 'interview', 'audio', 'photo', 'teacher', 'group', 'activity', 'follow-up', 'school-sharing', 'archiving'] as const;

export const purposeKey: Record<string, PlainKey> = Object.fromEntries(purposes.map((one) => [one, `purpose-${one}` as PlainKey]));

const standings = [
  'consent-withdrawn',
  'consent-refused',
  'consent-child-refused',
  'consent-unclear',
  'consent-missing',
  'consent-no-members',
  'consent-other-purpose',
  'consent-not-yet',
  'consent-no-guardian',
  'consent-carer-only',
  'consent-ask-again',
  'consent-child-not-asked',
  'consent-complete',
] as const;

/** Somebody said no: what was not agreed to is not offered, only what can be done about it. */
export const saidNo = (standing: string): boolean => ['consent-withdrawn', 'consent-refused', 'consent-child-refused'].includes(standing);

/** What a standing is called. */
export const consentKey: Record<string, PlainKey> = Object.fromEntries(standings.map((one) => [one, one as PlainKey]));

/** What to do about it. */
export const consentDoKey: Record<string, PlainKey> = Object.fromEntries(
  standings.filter((one) => one !== 'consent-complete').map((one) => [one, one.replace('consent-', 'consent-do-') as PlainKey]),
);

/** How it looks: a no is crossed out, what waits is open. */
export const consentLook: Record<string, { icon: IconName; tone: Tone }> = {
  'consent-withdrawn': { icon: 'na', tone: '' },
  'consent-refused': { icon: 'na', tone: '' },
  'consent-child-refused': { icon: 'na', tone: '' },
  'consent-unclear': { icon: 'warn', tone: 'warn' },
  'consent-missing': { icon: 'open', tone: '' },
  'consent-no-members': { icon: 'open', tone: '' },
  'consent-other-purpose': { icon: 'open', tone: '' },
  'consent-not-yet': { icon: 'clock', tone: 'info' },
  'consent-no-guardian': { icon: 'half', tone: 'warn' },
  'consent-carer-only': { icon: 'half', tone: 'warn' },
  'consent-ask-again': { icon: 'half', tone: 'warn' },
  'consent-child-not-asked': { icon: 'half', tone: 'warn' },
  'consent-complete': { icon: 'check', tone: 'ok' },
};

const of = (prefix: string, words: readonly string[]): Record<string, PlainKey> => Object.fromEntries(words.map((one) => [one, `${prefix}${one}` as PlainKey]));

export const capacityKey = of('consent-standing-', ['legal-guardian', 'entrusted-carer', 'own', 'school', 'unknown']);
export const howKey = of('consent-how-', ['oral', 'paper', 'recorded-call', 'video']);
export const saidKey = of('consent-say-', ['given', 'refused', 'not-yet', 'withdrawn']);
export const speaksKey = of('consent-speaks-', ['guardian-and-child', 'guardian-and-own', 'own', 'members']);
export const readyKey = of('real-item-', ['purposes', 'texts', 'holders', 'contacts', 'retention', 'ethics', 'passphrases', 'recovery']);
export const dueKey: Record<string, 'due-why-stopped' | 'due-why-withdrawn' | 'due-why-refused' | 'due-why-retention'> = {
  stopped: 'due-why-stopped',
  withdrawn: 'due-why-withdrawn',
  refused: 'due-why-refused',
  retention: 'due-why-retention',
};

/** Most bytes of a file that shows a consent; the desk refuses more. */
export const mostEvidence = 12 * 1024 * 1024;
