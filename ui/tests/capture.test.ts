// Questions whose answer is a file: chosen, drawn, recorded where the window can; jsdom has neither camera nor canvas.
import { waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { interview, settled, type Window } from './window';

const page = () => document.querySelector<HTMLElement>('[data-testid="page"]')?.dataset['page'];
const stored = (window: Window) => window.backend.stored.map((one) => one.value);

async function at(name: string): Promise<Window> {
  const window = await interview({ widgets: true });
  await window.click('tree-/w');
  await window.click(`tree-/w/${name}`);
  await settled();
  expect(page()).toBe(`/w/${name}`);
  return window;
}

/** Addresses of blobs that were made and are not revoked. */
const addresses = new Set<string>();

beforeEach(() => {
  addresses.clear();
  vi.stubGlobal('URL', class extends URL {
    static override createObjectURL(): string {
      const made = `blob:${String(addresses.size + 1)}`;
      addresses.add(made);
      return made;
    }
    static override revokeObjectURL(address: string): void {
      addresses.delete(address);
    }
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('a photograph', () => {
  test('is chosen by keyboard, shown, and gone from memory when the page is left', async () => {
    const window = await at('photograph');
    expect((document.activeElement as HTMLElement).dataset['testid'] ?? document.activeElement?.tagName).toBe('H1');
    window.at('choose-file').focus();
    await window.key('Enter');
    expect(stored(window)).toHaveLength(1);
    const picture = await window.found('file-picture');
    expect(picture.getAttribute('src')).toMatch(/^blob:/);
    expect(addresses.size).toBe(1);
    await window.key('PageDown');
    expect(page()).toBe('/w/annotation');
    expect(addresses.size).toBe(0);
  });

  test('is replaced and removed; undo brings it back', async () => {
    const window = await at('photograph');
    await window.click('choose-file');
    await window.click('choose-file');
    expect(stored(window)).toHaveLength(2);
    await window.click('remove-file');
    expect(stored(window).at(-1)).toBe('');
    expect(window.maybe('file')).toBeNull();
    await window.key('z', { ctrlKey: true });
    await window.found('file');
  });

  test('of another kind is refused, and nobody is kept from going on', async () => {
    const window = await at('photograph');
    window.backend.options.chosen = 'wrong';
    await window.click('choose-file');
    expect(window.at('file-refused').textContent).toContain('JPEG');
    await window.key('PageDown');
    expect(page()).toBe('/w/annotation');
  });

  test('a dialog that is closed changes nothing', async () => {
    const window = await at('photograph');
    window.backend.options.chosen = null;
    await window.click('choose-file');
    expect([stored(window), window.maybe('file-refused')]).toEqual([[], null]);
  });

  test('without a camera the window says so and offers the file', async () => {
    const window = await at('photograph');
    expect(window.maybe('camera')).toBeNull();
    expect(window.at('no-camera').textContent).toContain('选文件');
  });

  test.each([
    ['NotFoundError', '没有找到摄像头'],
    ['NotAllowedError', '系统不让用'],
    ['NotReadableError', '现在用不了'],
  ])('a camera with %s is told', async (name, words) => {
    vi.stubGlobal('navigator', {
      ...navigator,
      mediaDevices: { getUserMedia: () => Promise.reject(Object.assign(new Error('no'), { name })) },
    });
    const window = await at('photograph');
    await window.click('camera');
    expect((await window.found('camera-trouble')).textContent).toContain(words);
    await window.click('close-camera');
    expect(window.maybe('camera-view')).toBeNull();
  });
});

describe('a drawing', () => {
  /** A canvas that draws nothing and gives a picture. */
  beforeEach(() => {
    HTMLCanvasElement.prototype.getContext = (() => null) as typeof HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.toBlob = (take) => take(new Blob(['drawn']));
    HTMLCanvasElement.prototype.setPointerCapture = () => {};
  });

  async function stroke(window: Window): Promise<void> {
    for (const kind of ['pointerdown', 'pointermove', 'pointerup']) {
      window.at('sheet').dispatchEvent(new MouseEvent(kind, { bubbles: true, clientX: 5, clientY: 5 }));
    }
    await settled();
  }

  test('is signed, taken back stroke by stroke, and kept', async () => {
    const window = await at('signature');
    expect(window.text()).toContain('只用键盘的');
    await window.click('draw');
    expect(window.at('keep-drawing').getAttribute('aria-disabled')).toBe('true');
    await stroke(window);
    await stroke(window);
    await window.click('undo-stroke');
    await window.click('undo-stroke');
    expect(window.at('keep-drawing').getAttribute('aria-disabled')).toBe('true');
    await stroke(window);
    await window.click('keep-drawing');
    await waitFor(() => expect(stored(window)).toHaveLength(1));
    await waitFor(() => expect(window.maybe('drawing')).toBeNull());
    await window.found('file');
  });

  test('that was not kept yet is kept when the page is left', async () => {
    const window = await at('signature');
    await window.click('draw');
    await stroke(window);
    await window.key('PageDown');
    await waitFor(() => expect(stored(window)).toHaveLength(1));
    await waitFor(() => expect(page()).toBe('/w/voice'));
    expect(stored(window)).toHaveLength(1);
  });

  test('that is left is no answer', async () => {
    const window = await at('signature');
    await window.click('draw');
    await stroke(window);
    await window.click('leave-drawing');
    expect((document.activeElement as HTMLElement).dataset['testid']).toBe('draw');
    await window.key('PageDown');
    await waitFor(() => expect(page()).toBe('/w/voice'));
    expect(stored(window)).toEqual([]);
  });
});

/** A recorder that gives a piece whenever the test says. */
class Recording extends EventTarget {
  static last: Recording;
  static isTypeSupported = () => true;
  state = 'inactive';
  constructor() {
    super();
    Recording.last = this;
  }
  start(): void {
    this.state = 'recording';
  }
  pause(): void {
    this.state = 'paused';
  }
  resume(): void {
    this.state = 'recording';
  }
  piece(text: string): void {
    this.dispatchEvent(Object.assign(new Event('dataavailable'), { data: new Blob([text]) }));
  }
  stop(): void {
    this.state = 'inactive';
    this.piece('last');
    this.dispatchEvent(new Event('stop'));
  }
}

describe('a recording', () => {
  test('that was cut off is offered: kept, or put aside', async () => {
    let window = await at('voice');
    expect(window.at('unfinished').textContent).toContain('10:31');
    await window.click('keep-unfinished');
    expect(stored(window)).toHaveLength(1);
    expect(window.maybe('unfinished')).toBeNull();
    document.body.innerHTML = '';
    window = await at('voice');
    await window.click('drop-unfinished');
    expect(window.maybe('unfinished')).toBeNull();
  });

  test('without a recorder the window says so and offers the file', async () => {
    const window = await at('voice');
    expect(window.at('cannot-record').textContent).toContain('选文件');
    expect(window.at('choose-file').textContent).toContain('录音');
  });

  test('is handed over piece by piece, a piece that failed again, and ends with the page', async () => {
    let ended = 0;
    const stream = { getTracks: () => [{ stop: () => (ended += 1), addEventListener: () => {} }] };
    vi.stubGlobal('MediaRecorder', Recording);
    vi.stubGlobal('navigator', { ...navigator, mediaDevices: { getUserMedia: () => Promise.resolve(stream) } });
    const window = await at('voice');
    const pieces: string[] = [];
    const put = window.backend.putPiece.bind(window.backend);
    let failing = false;
    window.backend.putPiece = async (recording, base64) => {
      if (failing) throw new Error('full');
      pieces.push(atob(base64));
      await put(recording, base64);
    };
    await window.click('record');
    await window.found('recorder');
    Recording.last.piece('one');
    await waitFor(() => expect(pieces).toEqual(['one']));
    failing = true;
    Recording.last.piece('two');
    await waitFor(() => expect(window.at('recorder').textContent).toContain('还没存上'));
    failing = false;
    await window.click('pause-recording');
    expect(Recording.last.state).toBe('paused');
    await window.click('pause-recording');
    await window.key('PageDown');
    await waitFor(() => expect(stored(window)).toHaveLength(1));
    expect(pieces).toEqual(['one', 'two', 'last']);
    await waitFor(() => expect(page()).toBe('/w/paper'));
    expect(ended).toBe(1);
  });
});

test('the file of another question says what stays in it', async () => {
  const window = await at('paper');
  expect(window.text()).toContain('照原样加密保存');
});

describe('sound in the background', () => {
  let ended = 0;
  beforeEach(() => {
    ended = 0;
    const stream = { getTracks: () => [{ stop: () => (ended += 1), addEventListener: () => {} }] };
    vi.stubGlobal('MediaRecorder', Recording);
    vi.stubGlobal('navigator', { ...navigator, mediaDevices: { getUserMedia: () => Promise.resolve(stream) } });
  });

  const bar = (window: Window) => window.at('sound-bar');

  test('is asked for first, seen all the time, paused, and an answer when the interview is left', async () => {
    const window = await interview({ sound: true });
    expect(bar(window).textContent).toContain('先问孩子');
    await window.key('r', { altKey: true });
    await waitFor(() => expect(bar(window).dataset['state']).toBe('running'));
    expect(bar(window).textContent).toContain('正在后台录音');
    Recording.last.piece('one');
    await window.key('PageDown');
    expect(bar(window).dataset['state']).toBe('running');
    await window.key('p', { altKey: true });
    expect([Recording.last.state, bar(window).dataset['state']]).toEqual(['paused', 'paused']);
    await window.key('p', { altKey: true });
    await window.key('F10');
    await waitFor(() => expect(stored(window)).toEqual(['onelast']));
    await window.found('page-today');
    expect(ended).toBeGreaterThan(0);
  });

  test('is an answer by the time somebody chooses what goes into a report', async () => {
    const window = await interview({ sound: true });
    await window.click('sound-agree');
    await waitFor(() => expect(bar(window).dataset['state']).toBe('running'));
    await window.key('F12');
    await window.found('care-words');
    expect(Recording.last.state).toBe('paused');
    await window.type('他打我');
    await window.key('Enter', { ctrlKey: true });
    await window.click('care-move');
    await waitFor(() => expect(stored(window)).toEqual(['last']));
  });

  test('is stopped by hand, and kept', async () => {
    const window = await interview({ sound: true });
    await window.click('sound-agree');
    await waitFor(() => expect(bar(window).dataset['state']).toBe('running'));
    await window.click('sound-end');
    await waitFor(() => expect(bar(window).dataset['state']).toBe('kept'));
    expect(stored(window)).toEqual(['last']);
  });

  test('is not recorded when they do not agree; they may change their mind', async () => {
    const window = await interview({ sound: true });
    await window.click('sound-decline');
    expect(bar(window).textContent).toContain('已经记下');
    await window.key('PageDown');
    expect(bar(window).dataset['state']).toBe('declined');
    await window.key('r', { altKey: true });
    await waitFor(() => expect(bar(window).dataset['state']).toBe('running'));
  });

  test('without a microphone the window says so, and a file can be chosen', async () => {
    vi.stubGlobal('navigator', { ...navigator, mediaDevices: undefined });
    const window = await interview({ sound: true });
    expect(bar(window).textContent).toContain('不能录');
    window.at('sound-file');
  });

  test('a microphone that is refused is told', async () => {
    const refused = Object.assign(new Error('no'), { name: 'NotAllowedError' });
    vi.stubGlobal('navigator', { ...navigator, mediaDevices: { getUserMedia: () => Promise.reject(refused) } });
    const window = await interview({ sound: true });
    await window.click('sound-agree');
    expect((await window.found('sound-trouble')).textContent).toContain('不让用话筒');
  });
});

describe('a bar code', () => {
  test('is typed, and a scanner that types goes on by itself', async () => {
    const window = await at('code');
    expect((window.at('field') as HTMLInputElement).labels).toHaveLength(1);
    await window.type('6901234567892');
    await window.key('Enter');
    await waitFor(() => expect(page()).toBe('/w/masked'));
    expect(stored(window)).toEqual(['6901234567892']);
  });

  test('is read from a picture; a picture without one is told', async () => {
    const window = await at('code');
    expect(window.text()).toContain('用不了摄像头');
    await window.click('code-from-picture');
    await waitFor(() => expect(stored(window)).toEqual(['6901234567892']));
    expect(window.text()).toContain('请对一遍');
    window.backend.options.chosen = 'wrong';
    await window.click('code-from-picture');
    expect(window.at('code-refused').textContent).toContain('没有找到条码');
    window.backend.options.chosen = null;
    await window.click('code-from-picture');
    expect(stored(window)).toHaveLength(1);
  });

  test('is read by the camera, which closes by itself; the field has the focus again', async () => {
    const stream = { getTracks: () => [{ stop: () => {} }] };
    vi.stubGlobal('navigator', { ...navigator, mediaDevices: { getUserMedia: () => Promise.resolve(stream) } });
    const pixels = { getImageData: () => ({ data: new Uint8ClampedArray(4 * 6) }), drawImage: () => {} };
    HTMLCanvasElement.prototype.getContext = (() => pixels) as unknown as typeof HTMLCanvasElement.prototype.getContext;
    vi.spyOn(HTMLVideoElement.prototype, 'videoWidth', 'get').mockReturnValue(3);
    vi.spyOn(HTMLVideoElement.prototype, 'videoHeight', 'get').mockReturnValue(2);
    const window = await at('code');
    const frames: unknown[] = [];
    // What two frames in a row do not both say does not count.
    const said = [null, '1', '2', '2'];
    window.backend.readCode = async (frame) => {
      frames.push([frame.width, frame.height, atob(frame.grey).length]);
      return said[frames.length - 1] ?? null;
    };
    await window.key('b', { altKey: true });
    await window.found('code-camera');
    await waitFor(() => expect(stored(window)).toEqual(['2']), { timeout: 5000 });
    expect(frames).toEqual(Array(4).fill([3, 2, 6]));
    await waitFor(() => expect(window.maybe('code-camera')).toBeNull());
    expect((document.activeElement as HTMLElement).dataset['testid']).toBe('field');
  });

  test('Escape closes the camera', async () => {
    vi.stubGlobal('navigator', { ...navigator, mediaDevices: { getUserMedia: () => new Promise(() => {}) } });
    const window = await at('code');
    await window.click('scan-code');
    await window.found('code-camera');
    await window.key('Escape');
    expect(window.maybe('code-camera')).toBeNull();
  });
});
