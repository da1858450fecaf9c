// Opens the whole window over the invented desk, and speaks of it as a person does.
import { render, waitFor } from '@testing-library/svelte';
import { tick } from 'svelte';
import { expect } from 'vitest';
import App from '../src/App.svelte';
import { fake, passphrase, type FakeBackend, type FakeOptions } from '../src/lib/backend/fake';

export interface Window {
  backend: FakeBackend;
  /** The element with that test id; fails if there is none. */
  at: (id: string) => HTMLElement;
  /** The element with that test id, if there is one. */
  maybe: (id: string) => HTMLElement | null;
  /** Waits for an element with that test id. */
  found: (id: string) => Promise<HTMLElement>;
  click: (id: string) => Promise<void>;
  /** A key on whatever has the focus. */
  key: (key: string, more?: KeyboardEventInit & { keyCode?: number }) => Promise<void>;
  /** Types into the field that has the focus, without an input method. */
  type: (text: string) => Promise<void>;
  text: () => string;
}

export function open(given: FakeOptions = {}): Window {
  const backend = fake('', given);
  render(App, { backend });
  const maybe = (id: string) => document.querySelector<HTMLElement>(`[data-testid="${id}"]`);
  const at = (id: string) => {
    const found = maybe(id);
    if (!found) throw new Error(`expected an element with test id ${id}, found none`);
    return found;
  };
  return {
    backend,
    at,
    maybe,
    found: (id) => waitFor(() => at(id)),
    click: async (id) => {
      at(id).click();
      await settled();
    },
    key: async (key, more = {}) => {
      const target = document.activeElement ?? document.body;
      const code = /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : key;
      const event = new KeyboardEvent('keydown', { key, code, bubbles: true, cancelable: true, ...more });
      const went = target.dispatchEvent(event);
      // What a browser does with Enter and Space on a button.
      if (went && target instanceof HTMLButtonElement && (key === 'Enter' || key === ' ')) target.click();
      await settled();
    },
    type: async (text) => {
      const field = document.activeElement as HTMLInputElement;
      expect(['INPUT', 'TEXTAREA']).toContain(field.tagName);
      field.value = text;
      field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertText' }));
      await settled();
    },
    text: () => document.body.textContent ?? '',
  };
}

/** Lets promises and drawing finish: no clock is waited for. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 12; turn += 1) {
    await Promise.resolve();
    await tick();
  }
}

/** Chooses in a list that drops down. */
export async function select(field: HTMLElement, value: string): Promise<void> {
  (field as HTMLSelectElement).value = value;
  field.dispatchEvent(new Event('change', { bubbles: true }));
  await settled();
}

/** Unlocks as one of the invented people. */
export async function unlock(window: Window, store = 'st1'): Promise<void> {
  (await window.found(`store-${store}`)).click();
  await settled();
  window.at('unlock-passphrase').focus();
  await window.type(passphrase);
  await window.click('unlock-submit');
}

/** Opens interview 217 where it stopped: question B4. */
export async function interview(given: FakeOptions = {}): Promise<Window> {
  const window = open(given);
  await unlock(window);
  await window.click('open-217');
  await window.found('interview');
  await settled();
  return window;
}
