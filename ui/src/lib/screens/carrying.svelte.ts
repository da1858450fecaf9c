// What is carried to and from a hub or a stick, beside whatever else the person does meanwhile.
import { Refusal, type Backend } from '../backend/backend';
import type { CarryingView, DraftsFound, DraftsTaken, StickView, StickWritten, SyncReport } from '../ipc/bindings';

export type Way = 'hub' | 'nearby' | 'write' | 'read' | 'drafts';

/** Milliseconds between two looks at how far it is. */
const glance = 400;

export class Carrying {
  /** What is under way. */
  way = $state<Way | ''>('');
  /** How far it is. */
  progress = $state.raw<CarryingView | null>(null);
  /** The stop button was pressed. */
  stopping = $state(false);
  /** What came of the last one; one of these at most. */
  report = $state.raw<SyncReport | null>(null);
  written = $state.raw<StickWritten | null>(null);
  read = $state.raw<StickView | null>(null);
  /** Drafts of the stick that were taken over. */
  drafts = $state.raw<DraftsTaken[]>([]);
  refusal = $state.raw<Refusal | null>(null);
  /** How many have ended, for pages that show what changes with one. */
  ended = $state(0);
  /** One has ended and the page that says how was not seen yet. */
  unseen = $state(false);

  readonly #backend: Backend;
  readonly #refresh: () => Promise<void>;

  constructor(backend: Backend, refresh: () => Promise<void>) {
    this.#backend = backend;
    this.#refresh = refresh;
  }

  get running(): boolean {
    return this.way !== '';
  }

  /** Forgets what came of the last one. */
  clear(): void {
    [this.report, this.written, this.read, this.refusal, this.unseen] = [null, null, null, null, false];
    this.drafts = [];
  }

  async sync(way: 'hub' | 'nearby', by: () => Promise<SyncReport>): Promise<void> {
    await this.#run(way, async () => void (this.report = await by()));
  }

  async write(): Promise<void> {
    await this.#run('write', async () => void (this.written = await this.#backend.writeStick()));
  }

  async takeIn(): Promise<void> {
    await this.#run('read', async () => void (this.read = await this.#backend.readStick()));
  }

  /** Takes over drafts that the stick read last holds; the remark says whose they were. */
  async takeDrafts(found: DraftsFound, remark: string): Promise<void> {
    if (this.running) return;
    this.way = 'drafts';
    this.refusal = null;
    try {
      this.drafts = [...this.drafts, await this.#backend.takeDrafts(found.file, remark)];
      if (this.read) this.read = { ...this.read, drafts: this.read.drafts.filter((one) => one.file !== found.file) };
    } catch (thrown) {
      this.refusal = Refusal.from(thrown);
    } finally {
      this.way = '';
      await this.#refresh().catch(() => undefined);
      this.ended += 1;
    }
  }

  async stop(): Promise<void> {
    if (!this.running) return;
    this.stopping = true;
    await this.#backend.stopCarrying();
  }

  async #run(way: Way, work: () => Promise<void>): Promise<void> {
    if (this.running) return;
    this.clear();
    this.way = way;
    const timer = setInterval(() => void this.#look(), glance);
    try {
      await work();
    } catch (thrown) {
      this.refusal = Refusal.from(thrown);
    } finally {
      clearInterval(timer);
      [this.way, this.progress, this.stopping, this.unseen] = ['', null, false, true];
      // What went through is shown, cut off in the middle or not.
      await this.#refresh().catch(() => undefined);
      this.ended += 1;
    }
  }

  async #look(): Promise<void> {
    const progress = await this.#backend.carrying().catch(() => null);
    if (this.running) this.progress = progress;
  }
}
