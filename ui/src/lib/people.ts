// The words for people and what they are to each other, in the order in which they are offered.
import type { PersonEvent, PersonInput, PersonView } from './ipc/bindings';
import type { PlainKey } from './strings/keys';
import { maybe, t } from './strings/strings';

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

const listed = (text: string, prefix: string) => text.split(' ').filter(Boolean).map((one) => maybe(`${prefix}-${one.replaceAll('_', '-')}`) ?? one).join(t('comma'));

/** What was done, in words. */
export function told(event: PersonEvent): string {
  const args: Record<string, string> = { ...event.args };
  if (args['fields']) args['fields'] = listed(args['fields'], 'card-field');
  if ('purposes' in args) args['purposes'] = listed(args['purposes'] ?? '', 'purpose') || t('person-did-everything');
  if (args['relation']) args['relation'] = maybe(`relation-${args['relation']}`) ?? args['relation'];
  return maybe(`person-did-${event.what}`, args) ?? event.what;
}

/** What a place is called by its kind. */
export const siteKindKey: Record<string, PlainKey> = {
  county: 'column-county',
  township: 'column-township',
  village: 'column-village',
  school: 'column-school',
  class: 'column-class',
};
