import { Refusal, type Args } from '../src/lib/backend/backend';

/** A refusal as Rust would give it. */
export function no(code: string, args: Args = {}): Refusal {
  return new Refusal({ code, args, detail: '' });
}
