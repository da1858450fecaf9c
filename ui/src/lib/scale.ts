// The numbers of a range: its steps, and where each stands on the scale.
import type { Range } from './ipc/bindings';

/** Longest list of numbers that is drawn one by one. */
export const longest = 1000;

/** Digits after the point that the steps need. */
function digits(range: Range): number {
  return Math.max(...[range.start, range.step].map((text) => (/\.(\d+)$/.exec(text.trim())?.[1] ?? '').length));
}

function bounds(range: Range): { from: number; to: number; by: number; steps: number } {
  const [from, to, size] = [Number(range.start), Number(range.end), Math.abs(Number(range.step))];
  const by = to < from ? -size : size;
  // A step of 0 leads nowhere.
  const steps = by === 0 ? 0 : Math.floor((to - from) / by + 1e-9);
  return { from, to, by, steps };
}

/** The number after `steps` steps from the start. */
function at(range: Range, steps: number): string {
  const { from, by } = bounds(range);
  return (from + steps * by).toFixed(digits(range));
}

/** All numbers of a range in the order of the scale; none if they are too many. */
export function values(range: Range): string[] {
  const { steps } = bounds(range);
  return steps > longest ? [] : Array.from({ length: steps + 1 }, (_, step) => at(range, step));
}

/** The number `by` steps further; without a value, where the steps begin. */
export function stepped(range: Range, value: string, by: number): string {
  const { from, by: size, steps } = bounds(range);
  if (value.trim() === '' || Number.isNaN(Number(value))) return range.placeholder || range.start;
  const exact = size === 0 ? 0 : (Number(value) - from) / size;
  const near = Math.round(exact);
  // From between two steps to the next one in that direction.
  const next = Math.abs(exact - near) < 1e-9 ? near + by : by > 0 ? Math.ceil(exact) : Math.floor(exact);
  return at(range, Math.min(steps, Math.max(0, next)));
}

/** Where a number stands on the scale, 0 to 1; none if it is outside or no number. */
export function place(range: Range, value: string): number | undefined {
  const { from, to } = bounds(range);
  if (value.trim() === '') return undefined;
  const share = to === from ? 0 : (Number(value) - from) / (to - from);
  return share >= -1e-9 && share <= 1 + 1e-9 ? Math.min(1, Math.max(0, share)) : undefined;
}

/** The number nearest to a place on the scale, 0 to 1. */
export function nearest(range: Range, share: number): string {
  const { steps } = bounds(range);
  return at(range, Math.round(Math.min(1, Math.max(0, share)) * steps));
}

/** Where marks stand, 0 to 1, and their numbers; none for a scale with too many steps. */
export function ticks(range: Range): { share: number; value: string }[] {
  if (!range.ticks) return [];
  const interval = Math.abs(Number(range.tickInterval)) || Math.abs(Number(range.step));
  const marks = values({ ...range, step: range.tickInterval || range.step });
  if (interval === 0 || marks.length > 60) return [];
  return marks.map((value) => ({ share: place(range, value) ?? 0, value }));
}

/** Which marks carry their number, so that the numbers do not run into each other. */
export function numbered(marks: { value: string }[], room = 12): number {
  return Math.max(1, Math.ceil((marks.length - 1) / room));
}
