// Which screen is shown, and what every screen shares: the backend, the page after unlocking, a refusal to say.
import { getContext, setContext, tick, untrack } from 'svelte';
import { Refusal, type Backend } from '../backend/backend';
import type { FormCheck, HomeView, InterviewView, JoinView, NewInterview, Role, StartView, StoreCard } from '../ipc/bindings';
import { ui } from '../ui.svelte';
import { Carrying } from './carrying.svelte';
import { Filling } from './filling.svelte';

export type Tab = 'today' | 'people' | 'records' | 'conflicts' | 'duplicates' | 'team' | 'forms' | 'sync';

export type Screen =
  | { at: 'starting' }
  | { at: 'unlock' }
  | { at: 'recover'; store: StoreCard; passphrase: string }
  | { at: 'firstRun' }
  | { at: 'newProject' }
  | { at: 'join'; join: JoinView }
  | { at: 'tab'; tab: Tab; erase?: string }
  | { at: 'newInterview' }
  | { at: 'person'; id: string; from: Tab }
  | { at: 'place'; id: string; from: Tab }
  | { at: 'roster' }
  | { at: 'assignments' }
  | { at: 'interview'; filling: Filling }
  | { at: 'export' }
  | { at: 'real' }
  | { at: 'copies' }
  | { at: 'erasures'; fresh: string }
  | { at: 'reports' }
  | { at: 'contacts' };

const tabsOf: Record<Role, readonly Tab[]> = {
  administrator: ['people', 'records', 'team', 'forms', 'sync'],
  lead: ['today', 'people', 'records', 'conflicts', 'duplicates', 'team', 'forms', 'sync'],
  interviewer: ['today', 'people', 'records', 'sync'],
  analyst: ['records', 'sync'],
  safeguarding: ['today', 'people', 'records', 'sync'],
};

/** Whether a role may erase what people said. */
export function mayErase(role: Role | undefined): boolean {
  return role === 'lead' || role === 'administrator' || role === 'safeguarding';
}

/** The tabs a role has, in order. */
export function tabs(role: Role): readonly Tab[] {
  return tabsOf[role];
}

export class Desk {
  screen = $state.raw<Screen>({ at: 'starting' });
  start = $state.raw<StartView | null>(null);
  home = $state.raw<HomeView | null>(null);
  /** A refusal that belongs to no field: said at the top of the page. */
  refusal = $state.raw<Refusal | null>(null);
  /** The workbook that was checked last. */
  check = $state.raw<FormCheck | null>(null);
  /** An interview that somebody else has begun, or is to do: asked about before it is begun. */
  twice = $state.raw<{ input: NewInterview; refusal: Refusal } | null>(null);
  /** The respondent whose family is to be asked before an interview begins. */
  consent = $state.raw<{ person: string; form: string; input: NewInterview } | null>(null);
  /** Of a form about a child that somebody else answers: a person whose ties say who answers, or about which child it is. */
  answering = $state.raw<{ person: string; wanted: 'who' | 'child'; input: NewInterview } | null>(null);
  /** Something is under way that the person waits for. */
  busy = $state(false);
  /** The sheet for what a child tells of harm lies over the page: recordings pause. */
  caring = $state(false);
  /** Its words are shown before anybody has unlocked. */
  cardBefore = $state(false);
  /** An answer opened that sheet, and not a person: the number of its question. */
  caringFor = $state.raw<{ number: string } | null>(null);
  readonly backend: Backend;
  /** What is carried to and from a hub or a stick. */
  readonly carrying: Carrying;

  constructor(backend: Backend) {
    this.backend = backend;
    this.carrying = new Carrying(backend, () => this.refresh());
  }

  /** Runs one action of the person: one at a time, a refusal is said. Gives nothing if it was refused. */
  async act<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (this.busy) return undefined;
    this.busy = true;
    this.refusal = null;
    try {
      return await work();
    } catch (thrown) {
      this.refusal = Refusal.from(thrown);
      return undefined;
    } finally {
      this.busy = false;
    }
  }

  /** The respondent whom the last refusal asks to be consented for; empty if it was about something else. */
  needsConsent(): string {
    const refusal = this.refusal;
    return refusal?.code.startsWith('consent-') ? (refusal.args['person'] ?? '') : '';
  }

  /** Reads what a page shows, beside whatever else goes on; a refusal is said. For `$effect`: tracks nothing. */
  load(work: () => Promise<void>): void {
    untrack(() => {
      work().catch((thrown: unknown) => (this.refusal = Refusal.from(thrown)));
    });
  }

  /** The first screen: who is it, or how to begin. */
  async begin(): Promise<void> {
    await this.act(async () => {
      this.start = await this.backend.start();
      if (this.start.language === 'en') ui.lang = 'en';
      const waiting = this.start.joining[0];
      // The page died and was opened again: the desk below goes on, and an interview that was open is at the top of the list.
      if (this.start.unlocked) {
        this.entered(await this.backend.pauseInterview(ui.lang));
        this.refusal = new Refusal({ code: 'page-again', args: {}, detail: '' });
      } else if (this.start.stores.length > 0) this.screen = { at: 'unlock' };
      else if (waiting) this.screen = { at: 'join', join: waiting };
      else this.screen = { at: 'firstRun' };
    });
    if (this.screen.at === 'starting') this.screen = { at: 'firstRun' };
  }

  /** Opens that sheet. What is being typed is stored first; the page below stays as it is. */
  async care(answer: { number: string } | null = null): Promise<void> {
    if (!this.home || this.caring) return;
    if (this.screen.at === 'interview') await this.screen.filling.settle();
    this.refusal = null;
    this.caringFor = answer;
    this.caring = true;
  }

  /** Of whom and of which place the page below that sheet is, or the sheet that it lies over; empty where that is nobody. */
  whereabouts(): [person: string, place: string] {
    if (this.consent) return [this.consent.person, ''];
    if (this.screen.at === 'person') return [this.screen.id, ''];
    return ['', this.screen.at === 'place' ? this.screen.id : ''];
  }

  /** Opens an interview anew below that sheet: the desk has closed it. */
  async reopen(id: string): Promise<void> {
    try {
      const view = await this.backend.openInterview(id, ui.lang);
      this.screen = { at: 'interview', filling: new Filling(this.backend, view) };
    } catch {
      this.home = await this.backend.home(ui.lang);
      this.screen = { at: 'tab', tab: tabs(this.home.role)[0] ?? 'records' };
    }
  }

  /** Closes that sheet. What had the focus may be gone with what was moved: then the page takes it. */
  async careDone(): Promise<void> {
    this.caring = false;
    this.load(() => this.refresh());
    await tick();
    if (this.screen.at === 'interview' && document.activeElement === document.body) this.screen.filling.arrivals += 1;
  }

  /** A screen of the desk. */
  go(screen: Screen): void {
    this.refusal = null;
    // A check belongs to the page of forms, and to the trial that is left to there.
    const forms = screen.at === 'tab' && screen.tab === 'forms';
    if (!forms && !(screen.at === 'interview' && screen.filling.view.trial)) this.check = null;
    this.screen = screen;
  }

  /** The first tab, with a fresh page. */
  entered(home: HomeView): void {
    this.home = home;
    this.go({ at: 'tab', tab: tabs(home.role)[0] ?? 'records' });
  }

  /** Begins an interview; where somebody else has begun it or is to do it, that is said first. */
  async startInterview(input: NewInterview): Promise<void> {
    const view = await this.act(() => this.backend.startInterview(input, ui.lang));
    if (view) this.open(view);
    else if (!this.asksTwice(input) && !this.asksWhoAnswers(input)) {
      const person = this.needsConsent();
      // In a group its members are asked, one after the other, and beside a child who answers about it: it is begun as before.
      const subject = (this.refusal?.args['subject'] ?? '') || (input.assignment === null ? person : input.subject);
      if (person) this.consent = { person, form: input.form, input: { ...input, subject } };
    }
  }

  /** Whether the last refusal was that somebody else does this, or is known already: the person is asked whether to begin all the same. */
  private asksTwice(input: NewInterview): boolean {
    const refusal = this.refusal;
    if (refusal?.code !== 'already-begun' && refusal?.code !== 'already-assigned' && refusal?.code !== 'person-known') return false;
    [this.twice, this.refusal] = [{ input, refusal }, null];
    return true;
  }

  /** Whether the last refusal was that nobody said who answers, or about which child: the person chooses. */
  private asksWhoAnswers(input: NewInterview): boolean {
    const [code, person] = [this.refusal?.code, this.refusal?.args['person'] ?? ''];
    if (code !== 'who-answers' && code !== 'about-which-child') return false;
    this.answering = { person, wanted: code === 'who-answers' ? 'who' : 'child', input };
    this.refusal = null;
    return true;
  }

  /** Begins with somebody who was chosen on that sheet. */
  async beginAnswering(chosen: string): Promise<void> {
    const { person, wanted, input } = this.answering ?? {};
    this.answering = null;
    if (!person || !input) return;
    const [subject, answeredBy] = wanted === 'who' ? [person, chosen] : [chosen, person];
    await this.startInterview({ ...input, subject, answeredBy });
  }

  /**
   * The sheet that is read with a respondent's family, for a form that may be filled afterwards; none: only what was said.
   * `subject`: with whom it is begun, where that is the person's group.
   */
  askConsent(person: string, form: string, assignment: string | null = null, subject: string = person): void {
    this.refusal = null;
    this.consent = { person, form, input: { form, assignment, code: '', name: '', site: '', kind: '', subject, answeredBy: '', anyway: false } };
  }

  /** Closes that sheet; what lists say of consent is read again. */
  async consentDone(): Promise<void> {
    this.consent = null;
    await this.refresh().catch(() => {});
  }

  /** Begins with the respondent whose family was just asked. */
  async beginAsked(): Promise<void> {
    const asked = this.consent;
    if (!asked) return;
    const view = await this.act(() => this.backend.startInterview(asked.input, ui.lang));
    if (!view && (this.asksTwice(asked.input) || this.asksWhoAnswers(asked.input))) {
      this.consent = null;
      return;
    }
    const next = this.needsConsent();
    if (!view && next && next !== asked.person && this.refusal?.args['subject']) this.consent = { ...asked, person: next };
    if (!view) return;
    this.consent = null;
    this.open(view);
  }

  /** Begins what was asked about, although it is done twice. */
  async beginAnyway(): Promise<void> {
    const { input, refusal } = this.twice ?? {};
    this.twice = null;
    // Whom the words that were typed name is meant, unless it was just said that it is somebody else.
    const subject = refusal?.code === 'person-known' ? '' : (refusal?.args['person'] ?? '');
    if (input) await this.startInterview({ ...input, ...(subject ? withCard(subject) : {}), anyway: true });
  }

  /** Begins with the respondent who has the code that was typed. */
  async beginWithKnown(): Promise<void> {
    const { input, refusal } = this.twice ?? {};
    this.twice = null;
    const subject = refusal?.args['person'];
    if (input && subject) await this.startInterview({ ...input, ...withCard(subject) });
  }

  open(view: InterviewView): void {
    this.go({ at: 'interview', filling: new Filling(this.backend, view) });
  }

  /** Checks the workbook again as it is now; an open trial goes on with its answers if the form can be used. */
  async checkAgain(): Promise<void> {
    const check = await this.backend.checkFormAgain();
    if (!check) return;
    this.check = check;
    if (this.screen.at === 'interview' && this.screen.filling.view.trial && check.usable) this.open(await this.backend.tryForm());
  }

  /** From a trial back to the check of its form. */
  async leaveTrial(): Promise<void> {
    await this.act(async () => {
      this.home = await this.backend.pauseInterview(ui.lang);
      this.go({ at: 'tab', tab: 'forms' });
    });
  }

  /** Reads the page again: badges, lists. */
  async refresh(): Promise<void> {
    if (this.home) this.home = await this.backend.home(ui.lang);
  }

  async lock(): Promise<void> {
    await this.act(async () => {
      await this.backend.lock();
      this.home = null;
      this.carrying.clear();
      this.check = null;
      this.twice = this.answering = null;
      this.start = await this.backend.start();
      this.screen = { at: 'unlock' };
    });
  }

  /** The other language of the window; titles come from Rust, so the page is read again. */
  async switchLang(): Promise<void> {
    ui.switchLang();
    if (this.home) await this.act(() => this.refresh());
  }
}

/** Whom an interview is begun with, where they have a card: nothing of what was typed makes another. */
const withCard = (subject: string) => ({ code: '', name: '', site: '', kind: '', subject });

const key = Symbol('desk');

export function provideDesk(desk: Desk): Desk {
  return setContext(key, desk);
}

export function useDesk(): Desk {
  return getContext<Desk>(key);
}
