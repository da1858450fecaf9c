import { Refusal } from '../src/lib/backend/backend';

/** A refusal as Rust would give it. */
export function no(code: string): Refusal {
  return new Refusal({ code, args: {}, detail: '' });
}
