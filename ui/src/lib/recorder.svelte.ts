// A recording of sound or film: microphone and camera of the web view, handed over piece by piece while it runs.

/** Milliseconds of each piece: what a crash may lose. */
const each = 2000;

const formats = {
  sound: ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus', 'audio/webm'],
  film: ['video/webm;codecs=vp8,opus', 'video/mp4', 'video/webm'],
} as const;

/** Where the pieces go. */
export interface Sink {
  /** Begins; gives a number. */
  begin(): Promise<number>;
  /** Resolves when the piece is on disk. */
  put(recording: number, piece: Blob): Promise<void>;
}

/** Why there is no recording: no such device, not allowed, or this window has no way to. */
export type Trouble = 'none' | 'refused' | 'cannot';

/** Whether this window can record at all. */
export function canRecord(): boolean {
  return typeof MediaRecorder !== 'undefined' && devices() !== undefined;
}

/** Camera and microphone of the window; none where it has no access to any. */
export function devices(): MediaDevices | undefined {
  return (navigator as { mediaDevices?: MediaDevices }).mediaDevices;
}

/** What an error of a device means. */
export function troubleOf(thrown: unknown): Trouble {
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
  readonly #of: 'sound' | 'film';
  readonly #sink: Sink;
  readonly #bits: number;
  #recorder: MediaRecorder | null = null;
  #number: number | null = null;
  #waiting: { piece: Blob; until: number }[] = [];
  #sent: Promise<void> = Promise.resolve();
  #since = 0;
  #before = 0;
  #tick: ReturnType<typeof setInterval> | undefined;
  #sound: AudioContext | null = null;

  constructor(of: 'sound' | 'film', bits: number, sink: Sink) {
    this.#of = of;
    this.#bits = bits;
    this.#sink = sink;
  }

  /** Asks for the devices and begins. */
  async start(front: boolean): Promise<void> {
    if (this.state !== 'idle') return;
    this.state = 'asking';
    this.trouble = null;
    try {
      const from = devices();
      if (!from) throw new Error('no devices');
      const video = this.#of === 'film' ? { facingMode: front ? 'user' : 'environment', width: { ideal: 1280 }, height: { ideal: 720 } } : false;
      this.stream = await from.getUserMedia({ audio: true, video });
      this.#number = await this.#sink.begin();
      this.#record(this.stream);
    } catch (thrown) {
      this.trouble = troubleOf(thrown);
      this.#release();
      this.state = 'idle';
    }
  }

  pause(): void {
    if (this.state !== 'running') return;
    this.#recorder?.pause();
    this.#before = this.#now();
    this.state = 'paused';
  }

  resume(): void {
    if (this.state !== 'paused') return;
    this.#since = performance.now();
    this.#recorder?.resume();
    this.state = 'running';
  }

  /** Stops; gives the number under which all of it is on disk, none if there is nothing. */
  async end(): Promise<number | null> {
    const recorder = this.#recorder;
    if (!recorder || this.#number === null) return null;
    this.state = 'ending';
    if (recorder.state !== 'inactive') {
      const stopped = new Promise((resolve) => recorder.addEventListener('stop', resolve, { once: true }));
      recorder.stop();
      await stopped;
    }
    this.#release();
    await this.#sent;
    await this.#send();
    const number = this.#number;
    this.#recorder = null;
    this.#number = null;
    this.state = 'idle';
    return this.saved > 0 ? number : null;
  }

  #record(stream: MediaStream): void {
    const mimeType = formats[this.#of].find((type) => MediaRecorder.isTypeSupported(type));
    const bits = this.#bits > 0 ? { audioBitsPerSecond: this.#bits } : {};
    const recorder = new MediaRecorder(stream, { ...(mimeType ? { mimeType } : {}), ...bits });
    recorder.addEventListener('dataavailable', (event) => {
      if (event.data.size === 0) return;
      this.#waiting.push({ piece: event.data, until: this.#now() });
      this.#sent = this.#sent.then(() => this.#send()).catch(() => void (this.unsaved = true));
    });
    recorder.start(each);
    this.#recorder = recorder;
    [this.seconds, this.saved, this.#before, this.#since] = [0, 0, 0, performance.now()];
    this.state = 'running';
    const loudness = this.#meter(stream);
    this.#tick = setInterval(() => {
      this.seconds = this.#now();
      this.level = this.state === 'running' ? loudness() : 0;
    }, 100);
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

  #meter(stream: MediaStream): () => number {
    try {
      const sound = new AudioContext();
      const analyser = sound.createAnalyser();
      sound.createMediaStreamSource(stream).connect(analyser);
      const samples = new Uint8Array(analyser.fftSize);
      this.#sound = sound;
      return () => {
        analyser.getByteTimeDomainData(samples);
        const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample - 128)), 0);
        return Math.min(1, (loudest / 128) * 1.5);
      };
    } catch {
      // Without a meter it records all the same.
      return () => 0;
    }
  }

  #release(): void {
    clearInterval(this.#tick);
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = null;
    void this.#sound?.close().catch(() => {});
    this.#sound = null;
    this.level = 0;
  }
}
