// The only place that listens to keys.
//
// Input methods come first: a key that an input method uses never reaches a binding. Two signs tell: `isComposing`, and
// key code 229, which is the only sign when the web view shows no half-typed text in the field. Nothing ever acts on
// `keyup`: the one of the key that accepts a candidate leaks, and looks like a plain Enter, Space or digit.

/** Whether an input method has this key. */
export function belongsToInputMethod(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229;
}

/** A key with its modifiers in one canonical text: `Enter`, `Shift+Enter`, `Ctrl+Z`, `Alt+N`, `F4`, `7`. */
export function chord(event: KeyboardEvent): string {
  let key = event.key.length === 1 ? event.key.normalize('NFKC').toUpperCase() : event.key;
  // Alt may turn a letter into another sign; the place on the keyboard is meant.
  const letter = /^Key([A-Z])$/.exec(event.code);
  if ((event.altKey || event.ctrlKey) && letter?.[1]) key = letter[1];
  if (key === ' ') key = 'Space';
  let text = '';
  if (event.ctrlKey || event.metaKey) text += 'Ctrl+';
  if (event.altKey) text += 'Alt+';
  if (event.shiftKey && (key.length > 1 || text !== '')) text += 'Shift+';
  return text + key;
}

/** Whether the target takes written text, so that digits, letters and arrows belong to it. */
export function isTextEntry(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLTextAreaElement) return true;
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button', 'submit', 'range'].includes(target.type);
  return target.isContentEditable;
}

/** Whether Enter or Space on the target presses it. */
export function isPressable(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('button, a[href], summary, select') !== null;
}

/** What a binding says: `false` leaves the key to others, anything else takes it. */
export type Act = (event: KeyboardEvent) => unknown;

/** Bindings by chord. `digit` stands for 0 to 9 outside of text; `else` for any other key. */
export type Bindings = Record<string, Act | undefined>;

interface Layer {
  bindings: () => Bindings;
  /** A pop-up: keys it does not know go no further. */
  closed: boolean;
  /** Its keys hold below a pop-up too. */
  everywhere: boolean;
}

const layers: Layer[] = [];

/** Puts bindings on top; the function returned takes them away. For `$effect`. */
export function bind(bindings: () => Bindings, options: { closed?: boolean; everywhere?: boolean } = {}): () => void {
  const layer = { bindings, closed: options.closed ?? false, everywhere: options.everywhere ?? false };
  layers.push(layer);
  return () => {
    const at = layers.indexOf(layer);
    if (at >= 0) layers.splice(at, 1);
  };
}

function find(bindings: Bindings, event: KeyboardEvent): Act | undefined {
  const pressed = chord(event);
  const named = bindings[pressed];
  if (named) return named;
  if (/^[0-9]$/.test(pressed) && !isTextEntry(event.target)) return bindings['digit'];
  return bindings['else'];
}

/** Keys that would reload or leave the page; they never reach the web view. */
const blocked = new Set(['F5', 'Ctrl+F5', 'Ctrl+R', 'Ctrl+Shift+R', 'Alt+ArrowLeft', 'Alt+ArrowRight', 'Ctrl+S']);

function dispatch(event: KeyboardEvent): void {
  if (belongsToInputMethod(event)) return;
  if (blocked.has(chord(event))) event.preventDefault();
  if (event.defaultPrevented && !blocked.has(chord(event))) return;
  let below = false;
  for (const layer of [...layers].reverse()) {
    if (below && !layer.everywhere) continue;
    const act = find(layer.bindings(), event);
    if (act && act(event) !== false) {
      event.preventDefault();
      return;
    }
    below ||= layer.closed;
  }
}

/** Starts listening; once, for the whole window. */
export function listen(target: Window): () => void {
  target.addEventListener('keydown', dispatch);
  return () => target.removeEventListener('keydown', dispatch);
}

/** Bindings of one element and what is inside it, as a Svelte attachment: `{@attach keys(() => ({ … }))}`. */
export function keys(bindings: () => Bindings): (node: HTMLElement) => () => void {
  return (node) => {
    const heard = (event: KeyboardEvent) => {
      if (belongsToInputMethod(event) || event.defaultPrevented) return;
      const act = find(bindings(), event);
      if (act && act(event) !== false) {
        event.preventDefault();
        event.stopPropagation();
      }
    };
    node.addEventListener('keydown', heard);
    return () => node.removeEventListener('keydown', heard);
  };
}
