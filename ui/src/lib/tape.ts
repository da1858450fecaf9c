// What takes sound or film down, piece by piece. Where the web view has a recorder whose pieces can be cut anywhere
// (WebM, Ogg), it is that. Where it has none (the web view of Linux), sound is taken as plain samples behind the head of a
// WAV file, which the shell makes smaller; film cannot be taken there.
import microphone from './microphone.js?url&no-inline';

export type Taken = 'sound' | 'film';

/** Milliseconds of each piece: what a crash may lose. */
const each = 2000;

/** Milliseconds after which a microphone that gives nothing is one that cannot be used. */
const patience = 10_000;

export interface Tape {
  pause(): void;
  resume(): void;
  /** Resolves when the last piece was given. */
  stop(): Promise<void>;
  /** How loud it is, 0 to 1. */
  loudness(): number;
}

const formats: Record<Taken, readonly string[]> = {
  sound: ['audio/webm;codecs=opus', 'audio/ogg;codecs=opus', 'audio/webm'],
  film: ['video/webm;codecs=vp8,opus', 'video/webm'],
};

function formatOf(of: Taken): string | undefined {
  return typeof MediaRecorder === 'undefined' ? undefined : formats[of].find((type) => MediaRecorder.isTypeSupported(type));
}

/** Whether this window has a way to take it down, given a device. */
export function canTake(of: Taken): boolean {
  return formatOf(of) !== undefined || (of === 'sound' && typeof AudioWorkletNode !== 'undefined');
}

/** Takes a piece, and how many seconds there are with it, where that is known. */
type Give = (piece: Blob, seconds?: number) => void;

/** Begins; `give` is handed each piece. `bits` a second are asked for, 0 for what is usual. */
export async function take(of: Taken, stream: MediaStream, bits: number, give: Give): Promise<Tape> {
  const format = formatOf(of);
  return format ? recorded(stream, format, bits, give) : sampled(stream, rateOf(bits), give);
}

function recorded(stream: MediaStream, mimeType: string, bits: number, give: Give): Tape {
  const recorder = new MediaRecorder(stream, { mimeType, ...(bits > 0 ? { audioBitsPerSecond: bits } : {}) });
  recorder.addEventListener('dataavailable', (event) => {
    if (event.data.size > 0) give(event.data);
  });
  recorder.start(each);
  const { loudness, close } = meter(stream);
  return {
    pause: () => recorder.pause(),
    resume: () => recorder.resume(),
    loudness,
    stop: async () => {
      if (recorder.state !== 'inactive') {
        const stopped = new Promise((resolve) => recorder.addEventListener('stop', resolve, { once: true }));
        recorder.stop();
        await stopped;
      }
      close();
    },
  };
}

/** Samples a second that are as good as so many bits a second of a recorder. */
export function rateOf(bits: number): number {
  if (bits <= 0) return 32_000;
  return bits <= 16_000 ? 16_000 : bits <= 32_000 ? 24_000 : 32_000;
}

async function sampled(stream: MediaStream, rate: number, give: Give): Promise<Tape> {
  const context = new AudioContext({ sampleRate: rate });
  let blocks: BlobPart[] = [wavHead(rate)];
  let [count, before, loudest, stopped, heard] = [0, 0, 0, () => {}, () => {}];
  try {
    await context.audioWorklet.addModule(microphone);
  } catch (thrown) {
    await context.close();
    throw thrown;
  }
  const tap = new AudioWorkletNode(context, 'microphone', { numberOfOutputs: 0, channelCount: 1, channelCountMode: 'explicit' });
  const pass = () => {
    before += count;
    if (count > 0) give(new Blob(blocks), before / rate);
    [blocks, count] = [[], 0];
  };
  tap.port.onmessage = ({ data }: MessageEvent<Int16Array<ArrayBuffer> | null>) => {
    if (data === null) {
      pass();
      return stopped();
    }
    heard();
    blocks.push(data);
    count += data.length;
    loudest = data.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    if (count >= (rate * each) / 1000) pass();
  };
  const begun = new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('the microphone gives nothing')), patience);
    heard = () => {
      clearTimeout(late);
      resolve();
    };
  });
  context.createMediaStreamSource(stream).connect(tap);
  void context.resume();
  try {
    await begun;
  } catch (thrown) {
    await context.close();
    throw thrown;
  }
  return {
    pause: () => tap.port.postMessage('paused'),
    resume: () => tap.port.postMessage('running'),
    loudness: () => Math.min(1, (loudest / 32_768) * 1.5),
    stop: async () => {
      const done = new Promise<void>((resolve) => (stopped = resolve));
      tap.port.postMessage('stopped');
      await done;
      await context.close();
    },
  };
}

/** The head of a WAV file (one channel, 16 bits) whose length nobody knows yet. */
export function wavHead(rate: number): ArrayBuffer {
  const head = new DataView(new ArrayBuffer(44));
  const words = (at: number, text: string) => [...text].forEach((letter, index) => head.setUint8(at + index, letter.charCodeAt(0)));
  words(0, 'RIFF');
  head.setUint32(4, 0xffffffff, true);
  words(8, 'WAVEfmt ');
  head.setUint32(16, 16, true);
  head.setUint16(20, 1, true);
  head.setUint16(22, 1, true);
  head.setUint32(24, rate, true);
  head.setUint32(28, rate * 2, true);
  head.setUint16(32, 2, true);
  head.setUint16(34, 16, true);
  words(36, 'data');
  head.setUint32(40, 0xffffffff, true);
  return head.buffer;
}

function meter(stream: MediaStream): { loudness: () => number; close: () => void } {
  try {
    const sound = new AudioContext();
    const analyser = sound.createAnalyser();
    sound.createMediaStreamSource(stream).connect(analyser);
    const samples = new Uint8Array(analyser.fftSize);
    const loudness = () => {
      analyser.getByteTimeDomainData(samples);
      const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample - 128)), 0);
      return Math.min(1, (loudest / 128) * 1.5);
    };
    return { loudness, close: () => void sound.close().catch(() => {}) };
  } catch {
    // Without a meter it records all the same.
    return { loudness: () => 0, close: () => {} };
  }
}
