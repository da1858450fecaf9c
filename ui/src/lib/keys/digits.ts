// Choosing by the number drawn on an option.

/** How long a first digit waits for a second one, in milliseconds. */
export const waitForSecondDigit = 600;

/** The number drawn on the option at `index` (from 0) of `count`. */
export function drawn(index: number, count: number): string {
  // The tenth of ten is 0, so that ten options need no waiting.
  return count === 10 && index === 9 ? '0' : String(index + 1);
}

/** Collects typed digits until they name one option. */
export class DigitEntry {
  #typed = '';
  #names: readonly string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #choose: (index: number) => void;
  readonly #shown: (typed: string) => void;

  /** `choose` gets the index from 0; `shown` the digits that still wait. */
  constructor(choose: (index: number) => void, shown: (typed: string) => void = () => {}) {
    this.#choose = choose;
    this.#shown = shown;
  }

  /** A digit was pressed while options with these numbers are drawn; a count stands for 1, 2, 3 … */
  press(digit: string, numbers: number | readonly string[]): void {
    const names = typeof numbers === 'number' ? Array.from({ length: numbers }, (_, at) => drawn(at, numbers)) : numbers;
    const typed = this.#typed + digit;
    const index = names.indexOf(typed);
    const longer = names.some((name) => name.length > typed.length && name.startsWith(typed));
    clearTimeout(this.#timer);
    if (longer) {
      this.#names = names;
      this.#wait(typed, index);
      return;
    }
    // 1 then 7 of twelve: 17 names nothing, so the 7 begins anew.
    if (index < 0 && this.#typed !== '') {
      this.cancel();
      this.press(digit, names);
      return;
    }
    this.cancel();
    if (index >= 0) this.#choose(index);
  }

  /** Enter: takes what waits. Whether anything did. */
  accept(): boolean {
    if (this.#typed === '') return false;
    const index = this.#names.indexOf(this.#typed);
    this.cancel();
    if (index >= 0) this.#choose(index);
    return true;
  }

  /** Forgets what waits. */
  cancel(): void {
    clearTimeout(this.#timer);
    this.#typed = '';
    this.#shown('');
  }

  #wait(typed: string, index: number): void {
    this.#typed = typed;
    this.#shown(typed);
    this.#timer = setTimeout(() => {
      this.cancel();
      if (index >= 0) this.#choose(index);
    }, waitForSecondDigit);
  }
}
