// Applies what came of an answer to the interview on the screen. Pure: the view that came in stays as it was.
import type { InterviewView, Item, Step, TreePart } from './ipc/bindings';

/** The view after the step. */
export function applyStep(view: InterviewView, step: Step): InterviewView {
  const page = { ...view.page, items: merge(view.page.items, step.items, step.order, (item: Item) => item.field) };
  if (step.rows) page.rows = step.rows;
  if (step.completion) page.completion = step.completion;
  return {
    ...view,
    page,
    tree: merge(view.tree, step.tree, step.treeOrder, (part: TreePart) => part.key),
    status: step.status,
  };
}

/** Replaces what changed; with an order, exactly what it names in that order. */
function merge<T>(old: T[], changed: T[], order: string[] | null, key: (one: T) => string): T[] {
  if (changed.length === 0 && !order) return old;
  const byKey = new Map(old.map((one) => [key(one), one]));
  for (const one of changed) byKey.set(key(one), one);
  if (order) return order.flatMap((name) => byKey.get(name) ?? []);
  return [...byKey.values()];
}
