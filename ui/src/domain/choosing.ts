// Choosing on a question: by pointer, Space or digit. Works on what was asked for last, not on what is drawn, so that
// two quick digits never undo each other.
import type { Choice, Item } from '../lib/ipc/bindings';
import type { Filling } from '../lib/screens/filling.svelte';

/** What an acknowledged note stores. */
export const acknowledged = 'OK';

/** The options of a question, none if it has none. */
export function optionsOf(item: Item): Choice[] {
  const control = item.control;
  return control.kind === 'selectOne' || control.kind === 'selectMany' ? control.options : [];
}

/** The names in a value of a select. */
export function chosenIn(value: string): string[] {
  return value.split(' ').filter((name) => name !== '');
}

/** Chooses, or toggles where several may stand. */
export function choose(filling: Filling, item: Item, value: string): void {
  if (item.readonly) return;
  const now = filling.wanted(item);
  if (item.control.kind === 'selectMany') {
    const chosen = new Set(chosenIn(now));
    if (!chosen.delete(value)) chosen.add(value);
    const order = item.control.options.map((option) => option.value).filter((name) => chosen.has(name));
    void filling.answer(item.field, order.join(' '));
  } else if (now !== value || filling.failures.has(item.field)) {
    void filling.answer(item.field, value);
  }
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

/** Empties an answer. */
export function clear(filling: Filling, item: Item): boolean {
  if (item.readonly || filling.wanted(item) === '') return false;
  void filling.answer(item.field, '');
  return true;
}
