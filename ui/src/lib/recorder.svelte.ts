// A recording of sound or film: microphone and camera of the web view, handed over piece by piece while it runs.
import { Refusal } from './backend/backend';
import { canTake, take, type Taken, type Tape } from './tape';

/** Where the pieces go. */
export interface Sink {
  /** Begins; gives a number. */
  begin(): Promise<number>;
  /** Resolves when the piece is on disk. */
  put(recording: number, piece: Blob): Promise<void>;
  /** It cannot go on: the device is gone, or the recording is as long as one may be. Whoever hears this ends it. */
  over(): void;
}

/**
 * Why there is no recording, or no more of it: no such device, not allowed, this window has no way to; the device is gone,
 * the recording is as long as one may be.
 */
export type Trouble = 'none' | 'refused' | 'cannot' | 'gone' | 'full';

/** Whether this window can record at all. */
export function canRecord(of: Taken): boolean {
  return devices() !== undefined && canTake(of);
}

/** Camera and microphone of the window; none where it has no access to any. */
export function devices(): MediaDevices | undefined {
  return (navigator as { mediaDevices?: MediaDevices }).mediaDevices;
}

/** What an error of a device means. */
export function troubleOf(thrown: unknown): 'none' | 'refused' | 'cannot' {
  const name = thrown instanceof Error ? thrown.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'refused';
  return name === 'NotFoundError' || name === 'OverconstrainedError' ? 'none' : 'cannot';
}

export class Recorder {
  state = $state<'idle' | 'asking' | 'running' | 'paused' | 'ending'>('idle');
  /** Seconds recorded. */
  seconds = $state(0);
  /** Seconds on disk. */
  saved = $state(0);
  /** How loud it is, 0 to 1. */
  level = $state(0);
  trouble = $state<Trouble | null>(null);
  /** The last piece could not be kept; it is tried again with the next. */
  unsaved = $state(false);
  /** What the camera sees. */
  stream = $state.raw<MediaStream | null>(null);
  readonly #of: Taken;
  readonly #sink: Sink;
  readonly #bits: number;
  #tape: Tape | null = null;
  #number: number | null = null;
  #waiting: { piece: Blob; until: number }[] = [];
  #sent: Promise<void> = Promise.resolve();
  #since = 0;
  #before = 0;
  #tick: ReturnType<typeof setInterval> | undefined;

  constructor(of: Taken, bits: number, sink: Sink) {
    this.#of = of;
    this.#bits = bits;
    this.#sink = sink;
  }

  /** Whether it takes something down, or would if it were not paused. */
  get on(): boolean {
    return this.state === 'running' || this.state === 'paused';
  }

  /** Asks for the devices and begins. */
  async start(front = false): Promise<void> {
    if (this.state !== 'idle') return;
    this.state = 'asking';
    this.trouble = null;
    try {
      const from = devices();
      if (!from) throw new Error('no devices');
      const video = this.#of === 'film' ? { facingMode: front ? 'user' : 'environment', width: { ideal: 1280 }, height: { ideal: 720 } } : false;
      this.stream = await from.getUserMedia({ audio: true, video });
      this.#number = await this.#sink.begin();
      await this.#record(this.stream);
    } catch (thrown) {
      this.trouble = troubleOf(thrown);
      this.#release();
      this.state = 'idle';
    }
  }

  pause(): void {
    if (this.state !== 'running') return;
    this.#tape?.pause();
    this.#before = this.#now();
    this.state = 'paused';
  }

  resume(): void {
    if (this.state !== 'paused') return;
    this.#since = performance.now();
    this.#tape?.resume();
    this.state = 'running';
  }

  /** Stops; gives the number under which all of it is on disk, none if there is nothing. */
  async end(): Promise<number | null> {
    const [tape, number] = [this.#tape, this.#number];
    if (!tape || number === null || !this.on) return null;
    this.#before = this.#now();
    this.state = 'ending';
    try {
      await tape.stop();
      this.#release();
      await this.#sent;
      await this.#send();
      return this.saved > 0 ? number : null;
    } finally {
      this.#release();
      [this.#tape, this.#number, this.#waiting] = [null, null, []];
      this.state = 'idle';
    }
  }

  async #record(stream: MediaStream): Promise<void> {
    [this.seconds, this.saved, this.#before, this.#since] = [0, 0, 0, performance.now()];
    const tape = await take(this.#of, stream, this.#bits, (piece, seconds) => {
      this.#waiting.push({ piece, until: seconds ?? this.#now() });
      this.#sent = this.#sent.then(() => this.#send()).catch((thrown: unknown) => this.#kept(thrown));
    });
    this.#tape = tape;
    this.#since = performance.now();
    this.state = 'running';
    stream.getTracks().forEach((track) => track.addEventListener('ended', () => this.#over('gone')));
    this.#tick = setInterval(() => {
      this.seconds = this.#now();
      this.level = this.state === 'running' ? tape.loudness() : 0;
    }, 100);
  }

  /** A piece was not kept. */
  #kept(thrown: unknown): void {
    if (Refusal.from(thrown).code !== 'attachment-too-large') return void (this.unsaved = true);
    this.#waiting = [];
    this.#over('full');
  }

  #over(why: Trouble): void {
    if (!this.on) return;
    this.trouble = why;
    this.#sink.over();
  }

  /** Keeps what waits, in order. */
  async #send(): Promise<void> {
    for (let next = this.#waiting[0]; next && this.#number !== null; next = this.#waiting[0]) {
      await this.#sink.put(this.#number, next.piece);
      this.#waiting.shift();
      this.saved = Math.max(next.until, 0.1);
      this.unsaved = false;
    }
  }

  #now(): number {
    return this.state === 'running' ? this.#before + (performance.now() - this.#since) / 1000 : this.#before;
  }

  #release(): void {
    clearInterval(this.#tick);
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = null;
    this.level = 0;
  }
}
