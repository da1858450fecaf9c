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
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #choose: (index: number) => void;
  readonly #shown: (typed: string) => void;

  /** `choose` gets the index from 0; `shown` the digits that still wait. */
  constructor(choose: (index: number) => void, shown: (typed: string) => void = () => {}) {
    this.#choose = choose;
    this.#shown = shown;
  }

  /** A digit was pressed while `count` options are drawn. */
  press(digit: string, count: number): void {
    const typed = this.#typed + digit;
    const index = Array.from({ length: count }, (_, at) => drawn(at, count)).indexOf(typed);
    const longer = typed !== '0' && Number(typed) * 10 <= count && count > 10;
    clearTimeout(this.#timer);
    if (longer) {
      this.#wait(typed, index);
      return;
    }
    // 1 then 7 of twelve: 17 names nothing, so the 7 begins anew.
    if (index < 0 && this.#typed !== '') {
      this.cancel();
      this.press(digit, count);
      return;
    }
    this.cancel();
    if (index >= 0) this.#choose(index);
  }

  /** Enter: takes what waits. Whether anything did. */
  accept(): boolean {
    if (this.#typed === '') return false;
    const index = Number(this.#typed) - 1;
    this.cancel();
    this.#choose(index);
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
