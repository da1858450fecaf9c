import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { bind, chord, keys, listen } from './keys';

interface Pressed extends KeyboardEventInit {
  keyCode?: number;
}

function press(target: EventTarget, type: 'keydown' | 'keyup', init: Pressed): KeyboardEvent {
  const event = new KeyboardEvent(type, { bubbles: true, cancelable: true, ...init });
  target.dispatchEvent(event);
  return event;
}

describe('chord', () => {
  test.each<[KeyboardEventInit, string]>([
    [{ key: 'Enter' }, 'Enter'],
    [{ key: 'Enter', shiftKey: true }, 'Shift+Enter'],
    [{ key: 'Enter', ctrlKey: true }, 'Ctrl+Enter'],
    [{ key: 'z', code: 'KeyZ', ctrlKey: true }, 'Ctrl+Z'],
    [{ key: 'z', code: 'KeyZ', metaKey: true }, 'Ctrl+Z'],
    [{ key: 'Z', code: 'KeyZ', ctrlKey: true, shiftKey: true }, 'Ctrl+Shift+Z'],
    [{ key: 'ñ', code: 'KeyN', altKey: true }, 'Alt+N'],
    [{ key: '3' }, '3'],
    [{ key: '３' }, '3'],
    [{ key: '?', shiftKey: true }, '?'],
    [{ key: ' ' }, 'Space'],
    [{ key: 'F4' }, 'F4'],
  ])('%o is %s', (init, expected) => {
    expect(chord(new KeyboardEvent('keydown', init))).toBe(expected);
  });
});

describe('bindings of the window', () => {
  let input: HTMLInputElement;
  let stop: () => void;
  let undo: (() => void)[] = [];
  const heard: string[] = [];
  const note = (what: string) => () => void heard.push(what);

  beforeEach(() => {
    input = document.body.appendChild(document.createElement('input'));
    heard.length = 0;
    stop = listen(window);
    undo = [bind(() => ({ Enter: note('next'), F4: note('language'), digit: (event) => void heard.push(`digit ${event.key}`) }))];
  });

  afterEach(() => {
    for (const one of undo) one();
    stop();
    input.remove();
  });

  test('a plain key acts, and is taken', () => {
    expect(press(document.body, 'keydown', { key: 'Enter', keyCode: 13 }).defaultPrevented).toBe(true);
    expect(heard).toEqual(['next']);
  });

  test('digits choose outside of text and write inside', () => {
    press(document.body, 'keydown', { key: '3' });
    expect(press(input, 'keydown', { key: '3' }).defaultPrevented).toBe(false);
    expect(heard).toEqual(['digit 3']);
  });

  // The sequences measured with ibus-libpinyin in the web view of the window.
  test('half-typed text shown in the field: nothing of the composition acts', () => {
    press(input, 'keydown', { key: 'n', keyCode: 229, isComposing: false });
    input.dispatchEvent(new CompositionEvent('compositionstart'));
    press(input, 'keydown', { key: 'i', keyCode: 229, isComposing: true });
    press(input, 'keydown', { key: '2', keyCode: 229, isComposing: true });
    press(input, 'keydown', { key: 'Enter', keyCode: 13, isComposing: true });
    input.dispatchEvent(new CompositionEvent('compositionend', { data: '你' }));
    press(input, 'keyup', { key: 'Enter', keyCode: 13, isComposing: false });
    expect(heard).toEqual([]);
  });

  test('half-typed text not shown: only code 229 tells, and nothing acts', () => {
    press(input, 'keydown', { key: 'Unidentified', keyCode: 229, isComposing: false });
    input.dispatchEvent(new InputEvent('input', { inputType: 'insertFromComposition', data: '你好' }));
    input.dispatchEvent(new CompositionEvent('compositionend', { data: '你好' }));
    expect(heard).toEqual([]);
  });

  test.each([
    ['Enter', 13],
    [' ', 32],
    ['2', 50],
  ])('the leaked keyup of %s does nothing', (key, keyCode) => {
    press(input, 'keyup', { key, keyCode, isComposing: false });
    press(document.body, 'keyup', { key, keyCode, isComposing: false });
    expect(heard).toEqual([]);
  });

  test('a digit that picks a candidate while the focus is on no field does not choose', () => {
    press(document.body, 'keydown', { key: '2', keyCode: 229, isComposing: false });
    expect(heard).toEqual([]);
  });

  test('function keys work inside text too', () => {
    press(input, 'keydown', { key: 'F4' });
    expect(heard).toEqual(['language']);
  });

  test('the topmost layer comes first, what it leaves goes on', () => {
    undo.push(bind(() => ({ Enter: () => (heard.push('top'), false) })));
    press(document.body, 'keydown', { key: 'Enter' });
    expect(heard).toEqual(['top', 'next']);
  });

  test('a pop-up keeps keys to itself', () => {
    const away = bind(() => ({ Escape: note('close') }), { closed: true });
    press(document.body, 'keydown', { key: 'Enter' });
    press(document.body, 'keydown', { key: 'Escape' });
    away();
    press(document.body, 'keydown', { key: 'Enter' });
    expect(heard).toEqual(['close', 'next']);
  });

  test('a key that holds everywhere passes a pop-up, and the pop-up may take it first', () => {
    undo.push(bind(() => ({ F12: note('care') }), { everywhere: true }));
    const away = bind(() => ({ Escape: note('close') }), { closed: true });
    press(input, 'keydown', { key: 'F12' });
    const above = bind(() => ({ F12: note('leave') }), { closed: true });
    press(input, 'keydown', { key: 'F12' });
    above();
    away();
    expect(heard).toEqual(['care', 'leave']);
  });

  test.each(['F5', 'r'])('%s never reloads the window', (key) => {
    const event = press(input, 'keydown', { key, code: key === 'r' ? 'KeyR' : key, ctrlKey: key === 'r' });
    expect(event.defaultPrevented).toBe(true);
  });
});

test('bindings of an element: guarded, and what they take goes no further', () => {
  const box = document.body.appendChild(document.createElement('div'));
  const taken = vi.fn();
  const outer = vi.fn();
  const stop = listen(window);
  const unbind = bind(() => ({ ArrowDown: outer }));
  const detach = keys(() => ({ ArrowDown: taken }))(box);
  press(box, 'keydown', { key: 'ArrowDown', keyCode: 229 });
  expect(taken).not.toHaveBeenCalled();
  press(box, 'keydown', { key: 'ArrowDown', keyCode: 40 });
  expect(taken).toHaveBeenCalledOnce();
  expect(outer).not.toHaveBeenCalled();
  detach();
  unbind();
  stop();
  box.remove();
});
