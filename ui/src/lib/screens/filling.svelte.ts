// One open interview on the screen: the view, what is being saved, what was refused. No rule of the form lives here.
import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import { Refusal, type Backend } from '../backend/backend';
import type { FileCard, Frame, HomeView, InterviewView, Item, Move, NonAnswer, Step } from '../ipc/bindings';
import { addressOf, piecesOf } from '../bytes';
import { isAsked } from '../items';
import { applyStep } from '../step';
import { ui } from '../ui.svelte';

export type Saving = 'none' | 'typing' | 'saving' | 'saved' | 'failed';

export class Filling {
  view = $state.raw<InterviewView>() as InterviewView;
  /** Refused answers by field; the typed text stays in the field. */
  readonly failures = new SvelteMap<string, Refusal>();
  /** Files that were refused, by the field they were for. */
  readonly refusedFiles = new SvelteMap<string, Refusal>();
  /** Fields whose problem may be said. */
  readonly touched = new SvelteSet<string>();
  /** Fields with typed text that was not sent yet. */
  readonly typing = new SvelteSet<string>();
  /** A refusal of a move, or of anything that is not an answer. */
  refusal = $state.raw<Refusal | null>(null);
  /** Field that has the focus, or had it last. */
  active = $state('');
  /** Grows with each page that was asked for: the screen then moves the focus. */
  arrivals = $state(0);
  /** An answer of this sitting that carries risk, as the form says it, until the screen has taken note of it. */
  risen = $state.raw<{ field: string; number: string } | null>(null);
  /** Why a finished interview is corrected, as it is being typed. */
  reason = $state('');
  #pending = $state(0);
  /** Answers go one after the other, so that the last one typed is the last one stored. */
  #queue: Promise<unknown> = Promise.resolve();
  readonly #backend: Backend;
  /** The value asked for last, while it is on its way. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing is drawn from it
  readonly #wanted = new Map<string, string>();
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing is drawn from it
  readonly #media = new Map<string, Promise<string>>();
  /** Sends what stands typed in fields, before anything that leaves the page. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing is drawn from it
  readonly #flushers = new Set<() => void>();
  /** What goes on from page to page and ends before the interview is left. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing is drawn from it
  readonly #enders = new Set<() => Promise<void>>();
  /** Sound is recorded in the background, or paused. */
  sounding = $state(false);

  constructor(backend: Backend, view: InterviewView) {
    this.#backend = backend;
    this.view = view;
    this.#arrive(view);
  }

  /** What the bottom bar says about saving: saved only when everything typed is on disk. */
  get saving(): Saving {
    if (this.failures.size > 0) return 'failed';
    if (this.#pending > 0) return 'saving';
    if (this.typing.size > 0) return 'typing';
    return this.view.status.saved ? 'saved' : 'none';
  }

  get readonly(): boolean {
    return this.view.state === 'finalised' || this.view.state === 'approved';
  }

  item(field: string): Item | undefined {
    return this.view.page.items.find((item) => item.field === field);
  }

  /** The question that has the focus, or the first one. */
  get current(): Item | undefined {
    return this.item(this.active) ?? this.view.page.items.find((item) => item.relevant && isAsked(item)) ?? this.view.page.items[0];
  }

  /** Whether the problem of an item may be said now. */
  says(item: Item): boolean {
    return item.problem !== null && (item.value !== '' || this.touched.has(item.field));
  }

  /** A field registers how to send what stands typed in it. */
  onFlush(flush: () => void): () => void {
    this.#flushers.add(flush);
    return () => this.#flushers.delete(flush);
  }

  /** Registers what ends before the interview is left. */
  onLeave(end: () => Promise<void>): () => void {
    this.#enders.add(end);
    return () => this.#enders.delete(end);
  }

  /** Sends an answer. True when it is on disk. */
  answer(field: string, value: string): Promise<boolean> {
    this.#wanted.set(field, value);
    return this.#enqueue(async () => {
      try {
        const step = await this.#backend.answer({ field, value });
        this.failures.delete(field);
        this.touched.add(field);
        this.#take(step);
        return true;
      } catch (thrown) {
        this.failures.set(field, Refusal.from(thrown));
        return false;
      } finally {
        if (this.#wanted.get(field) === value) this.#wanted.delete(field);
      }
    });
  }

  /** The value that was asked for last, stored or on its way. */
  wanted(item: Item): string {
    return this.#wanted.get(item.field) ?? this.item(item.field)?.value ?? item.value;
  }

  /** A picture, sound or film of the form, as an address that the window can show; asked for once. */
  media(file: string): Promise<string> {
    const known = this.#media.get(file);
    if (known) return known;
    const address = this.#backend.formMedia(file).then((found) => `data:${found.mediaType};base64,${found.base64}`);
    this.#media.set(file, address);
    return address;
  }

  /** Asks for a file and makes it the answer. True when one is on disk. */
  chooseFile(field: string): Promise<boolean> {
    return this.#attached(field, () => this.#backend.chooseFile(field));
  }

  /** Makes bytes from the screen (a drawing, a photograph of the camera) the answer. True when they are on disk. */
  attach(field: string, made: () => Promise<Blob>): Promise<boolean> {
    return this.#attached(field, async () => {
      const recording = await this.#backend.startRecording(field);
      for await (const piece of piecesOf(await made())) await this.#backend.putPiece(recording, piece);
      return this.#backend.finishRecording(field, recording);
    });
  }

  /** Begins a recording; its pieces go by themselves, beside the answers. */
  startRecording(field: string): Promise<number> {
    return this.#backend.startRecording(field);
  }

  /** Keeps the next piece of a recording. */
  async putPiece(recording: number, piece: Blob): Promise<void> {
    for await (const part of piecesOf(piece)) await this.#backend.putPiece(recording, part);
  }

  /** Makes a recording the answer, once `ended` has given its number; none if there is nothing to keep. */
  finishRecording(field: string, ended: () => Promise<number | null>): Promise<boolean> {
    return this.#attached(field, async () => {
      const recording = await ended();
      return recording === null ? null : this.#backend.finishRecording(field, recording);
    });
  }

  /** Puts a recording aside. */
  dropRecording(recording: number): Promise<boolean> {
    return this.#enqueue(() => this.#said(async () => this.#take(await this.#backend.dropRecording(recording))));
  }

  /** The bytes of a file that an answer names, as an address for the window. Whoever asks revokes it. */
  file(card: FileCard): Promise<string> {
    return addressOf(card, (part) => this.#backend.filePart(this.view.id, card.name, part));
  }

  /** Takes what those in the room say to sound in the background. True when it is on disk. */
  answerSoundWish(field: string, agreed: boolean, note: string): Promise<boolean> {
    return this.#enqueue(() => this.#said(async () => this.#take(await this.#backend.answerSoundWish(field, agreed, note))));
  }

  /** The text of a bar code in a frame of the camera; null where there is none. */
  readCode(frame: Frame): Promise<string | null> {
    return this.#backend.readCode(frame);
  }

  /** The text of the bar code in a picture that a person chooses; null if they changed their mind. */
  readCodeInPicture(): Promise<string | null> {
    return this.#backend.readCodeInPicture();
  }

  /** Notes that there is no answer, and why; everything typed is sent before. True when it is on disk. */
  async giveNonAnswer(field: string, nonAnswer: NonAnswer): Promise<boolean> {
    if (!(await this.settle())) return false;
    return this.#enqueue(() => this.#said(async () => this.#take(await this.#backend.giveNonAnswer(field, nonAnswer))));
  }

  /** Confirms an answer that a soft check asks about. True when it is on disk. */
  async confirm(field: string, reason: string): Promise<boolean> {
    if (!(await this.settle())) return false;
    return this.#enqueue(() => this.#said(async () => this.#take(await this.#backend.confirm(field, reason))));
  }

  setNote(field: string, text: string): Promise<boolean> {
    return this.#enqueue(() => this.#said(async () => this.#take(await this.#backend.setNote(field, text))));
  }

  /** Goes somewhere after everything typed is stored; stays where an answer was refused. */
  async move(to: Move): Promise<boolean> {
    if (!(await this.settle())) return false;
    return this.#enqueue(async () => {
      try {
        this.#arrive(await this.#backend.move(to));
        // A jump to a field says at once what is wrong with it.
        if (to.to === 'field') this.touched.add(to.field);
        return true;
      } catch (thrown) {
        const refusal = Refusal.from(thrown);
        this.refusal = refusal;
        if (refusal.code === 'must-fix') this.#showProblems();
        return false;
      }
    });
  }

  addRow(): Promise<boolean> {
    return this.#page(() => this.#backend.addRow(this.view.page.repeat));
  }

  removeRow(row: string): Promise<boolean> {
    return this.#page(() => this.#backend.removeRow(row));
  }

  async nextLanguage(): Promise<void> {
    const next = (this.view.language + 1) % Math.max(1, this.view.languages.length);
    if (!(await this.settle())) return;
    // The focus stays where it is: only the words change.
    await this.#enqueue(() => this.#said(async () => void (this.view = await this.#backend.setFormLanguage(next))));
  }

  undo(): Promise<boolean> {
    return this.#page(() => this.#backend.undo());
  }

  /** Back to the lists; refused while an answer cannot be stored. */
  async pause(): Promise<HomeView | undefined> {
    if (!(await this.settle())) return undefined;
    await this.#end();
    return this.#leave(() => this.#backend.pauseInterview(ui.lang));
  }

  async finalise(): Promise<HomeView | undefined> {
    if (!(await this.settle())) return undefined;
    const said = this.view.page.completion?.reason;
    const reason = this.reason.trim();
    if (typeof said === 'string' && reason !== '' && reason !== said) {
      const kept = await this.#enqueue(() => this.#said(async () => void (this.view = await this.#backend.giveReason(reason))));
      if (!kept) return undefined;
    }
    // What is refused now is refused again: the interview goes on, and so does what runs beside it.
    if (this.view.page.completion?.ready) await this.#end();
    return this.#leave(() => this.#backend.finalise(ui.lang));
  }

  /** As before leaving: everything typed is stored, what runs beside it has ended. False if something was refused. */
  async rest(): Promise<boolean> {
    if (!(await this.settle())) return false;
    await this.#end();
    return true;
  }

  /** Everything typed is sent and answered. False if something was refused. */
  async settle(): Promise<boolean> {
    for (const flush of [...this.#flushers]) flush();
    await this.#queue;
    const [refused] = this.failures.keys();
    if (refused === undefined) return true;
    this.active = refused;
    this.arrivals += 1;
    return false;
  }

  /** A file that was refused keeps nobody from going on: nothing of it waits to be stored. */
  #attached(field: string, work: () => Promise<Step | null>): Promise<boolean> {
    return this.#enqueue(async () => {
      this.refusedFiles.delete(field);
      try {
        const step = await work();
        if (!step) return false;
        this.touched.add(field);
        this.#take(step);
        return true;
      } catch (thrown) {
        this.refusedFiles.set(field, Refusal.from(thrown));
        return false;
      }
    });
  }

  async #end(): Promise<void> {
    for (const end of [...this.#enders]) await end();
  }

  async #leave(work: () => Promise<HomeView>): Promise<HomeView | undefined> {
    let home: HomeView | undefined;
    await this.#enqueue(() => this.#said(async () => void (home = await work())));
    return home;
  }

  async #page(work: () => Promise<InterviewView>): Promise<boolean> {
    if (!(await this.settle())) return false;
    return this.#enqueue(() => this.#said(async () => this.#arrive(await work())));
  }

  async #said(work: () => Promise<void>): Promise<boolean> {
    this.refusal = null;
    try {
      await work();
      return true;
    } catch (thrown) {
      this.refusal = Refusal.from(thrown);
      return false;
    }
  }

  #take(step: Step): void {
    this.refusal = null;
    this.#see(applyStep(this.view, step));
  }

  /** The view from now on. What carried risk before does not rise again. */
  #see(view: InterviewView): void {
    const before = this.view.status.risks;
    const field = view.status.risks.find((one) => !before.includes(one));
    this.view = view;
    if (field !== undefined) this.risen = { field, number: this.item(field)?.number ?? '' };
  }

  #arrive(view: InterviewView): void {
    const other = view.page.key !== this.view.page.key;
    this.#see(view);
    this.refusal = null;
    if (other) this.touched.clear();
    this.active = view.page.focus;
    this.arrivals += 1;
  }

  #showProblems(): void {
    const wrong = this.view.page.items.filter((item) => item.problem);
    for (const item of wrong) this.touched.add(item.field);
    this.active = wrong[0]?.field ?? this.active;
    this.arrivals += 1;
  }

  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    this.#pending += 1;
    const done = this.#queue.then(work).finally(() => (this.#pending -= 1));
    this.#queue = done.catch(() => {});
    return done;
  }
}
