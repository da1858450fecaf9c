// Choosing on a question: by pointer, Space or digit. Works on what was asked for last, not on what is drawn, so that
// two quick digits never undo each other.
import type { Choice, Item } from '../lib/ipc/bindings';
import { digitOptions, ratingOptions } from '../lib/items';
import { drawn } from '../lib/keys/digits';
import type { Filling } from '../lib/screens/filling.svelte';

/** What an acknowledged note stores. */
export const acknowledged = 'OK';

/** The options of a question, none if it has none. */
export function optionsOf(item: Item): Choice[] {
  const control = item.control;
  if (control.kind === 'selectOne' || control.kind === 'selectMany' || control.kind === 'rank') return control.options;
  return ratingOptions(item);
}

/** The names in a value of a select. */
export function chosenIn(value: string): string[] {
  return value.split(' ').filter((name) => name !== '');
}

/** The numbers that digits choose, as they are drawn; none if digits choose nothing. */
export function digitsOf(item: Item): string[] {
  if (item.control.kind === 'acknowledge') return ['1'];
  const options = digitOptions(item);
  if (item.control.kind === 'range') return options.map((option) => option.value);
  return options.map((_, at) => drawn(at, options.length));
}

/** Chooses, or toggles where several may stand. */
export function choose(filling: Filling, item: Item, value: string): void {
  if (item.readonly) return;
  const now = filling.wanted(item);
  const { control } = item;
  if (control.kind === 'selectMany') {
    const chosen = new Set(chosenIn(now));
    if (!chosen.delete(value)) chosen.add(value);
    const order = control.options.map((option) => option.value).filter((name) => chosen.has(name));
    void filling.answer(item.field, order.join(' '));
  } else if (control.kind === 'rank') {
    const order = chosenIn(now);
    void filling.answer(item.field, (order.includes(value) ? order.filter((name) => name !== value) : [...order, value]).join(' '));
  } else if (now !== value || filling.failures.has(item.field)) {
    const stored = filling.answer(item.field, value);
    if (control.kind === 'selectOne' && control.quick) void stored.then((done) => (done ? goOn(filling, item) : undefined));
  }
}

/** After a quick choice: on to the next page, if this question is still the only one of its page. */
async function goOn(filling: Filling, item: Item): Promise<void> {
  const { page } = filling.view;
  if (page.kind === 'question' && page.items[0]?.field === item.field) await filling.move({ to: 'next' });
}

/** The option at a drawn number was asked for. */
export function chooseAt(filling: Filling, item: Item, index: number): void {
  if (item.control.kind === 'acknowledge') {
    if (!item.readonly) void filling.answer(item.field, filling.wanted(item) ? '' : acknowledged);
    return;
  }
  const option = optionsOf(item)[index];
  if (option) choose(filling, item, option.value);
}

/** Moves a ranked option by places; an option without a rank gets the next one. */
export function rankBy(filling: Filling, item: Item, value: string, by: number): void {
  if (item.readonly) return;
  const order = chosenIn(filling.wanted(item));
  const from = order.indexOf(value);
  if (from < 0) {
    choose(filling, item, value);
    return;
  }
  const to = from + by;
  if (to < 0 || to >= order.length) return;
  order.splice(from, 1);
  order.splice(to, 0, value);
  void filling.answer(item.field, order.join(' '));
}

/** Empties an answer. */
export function clear(filling: Filling, item: Item): boolean {
  if (item.readonly || filling.wanted(item) === '') return false;
  void filling.answer(item.field, '');
  return true;
}
