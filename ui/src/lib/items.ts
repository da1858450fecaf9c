// What an item of a page is, for the keys and the focus.
import type { Choice, Item } from './ipc/bindings';
import { values } from './scale';

/** Whether a person gives an answer to it. */
export function isAsked(item: Item): boolean {
  return !['note', 'heading', 'optionLabels', 'shown', 'unsupported'].includes(item.control.kind);
}

/** Whether its answer is written rather than chosen, so that digits and arrows belong to the field. */
export function isWritten(item: Item): boolean {
  const control = item.control;
  if (control.kind === 'selectOne' || control.kind === 'selectMany') return control.look === 'search';
  if (control.kind === 'range') return control.look !== 'rating';
  return ['text', 'code', 'integer', 'decimal', 'date', 'time', 'dateTime', 'place'].includes(control.kind);
}

/** The numbers of a rating, as options. */
export function ratingOptions(item: Item): Choice[] {
  const control = item.control;
  if (control.kind !== 'range' || control.look !== 'rating') return [];
  return values(control).map((value) => {
    const label = control.labels.find((one) => one.value === value);
    return label ? { ...label, value } : { value, label: value, words: [], peek: '', media: [] };
  });
}

/** The options of a question that digits choose, none if it has none or they are found by typing. */
export function digitOptions(item: Item): Choice[] {
  const control = item.control;
  if (control.kind === 'selectOne' || control.kind === 'selectMany') return control.look === 'search' ? [] : control.options;
  if (control.kind === 'rank') return control.options;
  return ratingOptions(item);
}

/** A question alone, or questions with the same options that make a table. */
export type Part = { kind: 'one'; item: Item } | { kind: 'table'; head: Item | undefined; rows: Item[] };

/** A page's items in order, those without labels of their own (`list-nolabel`) as tables. */
export function partsOf(items: readonly Item[]): Part[] {
  const parts: Part[] = [];
  const names = (item: Item) => {
    const { control } = item;
    return (('options' in control && control.options) || []).map((option) => option.value).join(' ');
  };
  const bare = (item: Item) => (item.control.kind === 'selectOne' || item.control.kind === 'selectMany') && item.control.look === 'bare';
  for (const item of items) {
    if (!item.relevant) continue;
    const last = parts.at(-1);
    if (bare(item) && names(item) !== '') {
      const above = last?.kind === 'one' && last.item.control.kind === 'optionLabels' ? last.item : undefined;
      if (last?.kind === 'table' && last.rows[0] && names(last.rows[0]) === names(item)) last.rows.push(item);
      else if (above && names(above) === names(item)) parts.splice(-1, 1, { kind: 'table', head: above, rows: [item] });
      else parts.push({ kind: 'table', head: undefined, rows: [item] });
    } else {
      parts.push({ kind: 'one', item });
    }
  }
  return parts;
}
