// The words for people and what they are to each other, in the order in which they are offered.
import type { PersonInput, PersonView } from './ipc/bindings';
import type { PlainKey } from './strings/keys';

export const personKinds = ['pupil', 'guardian', 'teacher', 'cadre'] as const;

export const kindKey: Record<string, PlainKey> = {
  pupil: 'kind-pupil',
  guardian: 'kind-guardian',
  teacher: 'kind-teacher',
  cadre: 'kind-cadre',
  group: 'kind-group',
};

export const relations = [
  'father', 'mother', 'stepfather', 'stepmother', 'paternal-grandfather', 'paternal-grandmother', 'maternal-grandfather', 'maternal-grandmother',
  'paternal-uncle-or-aunt', 'maternal-uncle-or-aunt', 'sibling', 'other-relative', 'foster-carer', 'neighbour', 'class-teacher', 'teacher', 'cadre', 'unsaid',
] as const;

/** A card with nothing on it yet. */
export function blankPerson(site: string, name = ''): PersonInput {
  return { id: '', kind: 'pupil', code: '', name, site, sex: '', birth: '', studentNumber: '', idNumber: '', grade: '', contact: '', note: '' };
}

/** What stands on a card, to be changed. */
export function cardOf(person: PersonView): PersonInput {
  const { id, kind, code, name, site, sex, birth, studentNumber, idNumber, grade, contact, note } = person;
  return { id, kind, code, name, site, sex, birth, studentNumber, idNumber, grade, contact, note };
}
