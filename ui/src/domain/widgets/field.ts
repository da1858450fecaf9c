// What every widget of a question is given.
import type { Item } from '../../lib/ipc/bindings';
import type { Filling } from '../../lib/screens/filling.svelte';

export interface Widget {
  filling: Filling;
  item: Item;
  /** Id of the element that names the control. */
  labelledby: string;
  /** Id for the field, so that a label can point at it. */
  id: string;
  describedby?: string | undefined;
  formLang?: string | undefined;
  label?: string | undefined;
}

/** What a written field of a question needs to store what is typed. */
export function written({ filling, item, id, describedby, label }: Widget) {
  const field = item.field;
  return {
    id,
    field,
    readonly: item.readonly,
    invalid: filling.says(item) || filling.failures.has(field),
    describedby,
    label,
    testid: 'field',
    waits: (waiting: boolean) => {
      if (waiting) filling.typing.add(field);
      else filling.typing.delete(field);
    },
    flushes: (flush: () => void) => filling.onFlush(flush),
  };
}

/** A written field with buttons beside it: what stands typed is sent before a button counts from it. */
export function stepping(filling: Filling): { flush: () => void; flushes: (flush: () => void) => () => void } {
  const own: (() => void)[] = [];
  return {
    flush: () => own.forEach((send) => send()),
    flushes: (send) => {
      own.push(send);
      const gone = filling.onFlush(send);
      return () => {
        own.splice(own.indexOf(send), 1);
        gone();
      };
    },
  };
}
