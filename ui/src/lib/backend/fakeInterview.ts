// One filling of the invented questionnaire: just enough behaviour for the screens to be tried and tested.
import type {
  Completion,
  CompletionLine,
  Doubt,
  FileCard,
  Hit,
  InterviewState,
  InterviewView,
  Item,
  Move,
  MoveView,
  MovedLine,
  NonAnswer,
  PageView,
  PartState,
  Problem,
  RowView,
  SoundState,
  SoundWish,
  Step,
  TreePart,
  VersionsView,
  WhyView,
} from '../ipc/bindings';
import { Refusal } from './backend';
import { controlOf, sections, title, type FakePage, type FakeQuestion, type FakeSection } from './fakeForm';

const completion = 'completion';
type FormLang = 'zh' | 'en';

/** The number of the row in a path such as `/roster[2]/age`; 0 outside rosters. */
const rowOf = (path: string) => Number(/\[(\d+)\]/.exec(path)?.[1] ?? 0);

export class FakeInterview {
  trial = false;
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly site: string;
  state: InterviewState = 'draft';
  versions: VersionsView = { version: '2017041201', newer: null, movedFrom: null };
  at: string;
  readonly #sections: readonly FakeSection[];
  lang: FormLang = 'zh';
  readonly #values = new Map<string, string>();
  readonly #notes = new Map<string, string>();
  readonly #nonAnswers = new Map<string, NonAnswer>();
  readonly #confirmed = new Map<string, string>();
  readonly #undo: [string, string][] = [];
  /** Files that answers name. */
  readonly files = new Map<string, FileCard>();
  /** A recording waits that was cut off. */
  cut = true;
  /** Sound that the form wishes in the background. */
  sound: SoundWish | null = null;
  /** The answers that carry risk, by their fields. */
  risky: Record<string, string> = {};
  #rows = 1;
  #saved: string | null = null;
  #focus = '';
  readonly #now: () => string;

  constructor(id: string, code: string, name: string, site: string, now: () => string, form: readonly FakeSection[] = sections) {
    this.#sections = form;
    this.at = form[0]?.pages[0]?.key ?? completion;
    this.id = id;
    this.code = code;
    this.name = name;
    this.site = site;
    this.#now = now;
  }

  /** Fills in answers before anybody looks. */
  fill(values: Record<string, string>, rows = 1): this {
    this.#rows = rows;
    for (const [field, value] of Object.entries(values)) this.#values.set(field, value);
    this.#saved = this.#now();
    return this;
  }

  note(field: string, text: string): this {
    this.#notes.set(field, text);
    return this;
  }

  answer(field: string, value: string): Step {
    const found = this.#find(field);
    if (!found) throw refusal('answer-unknown-field');
    if (this.#closed()) throw refusal('readonly');
    const { question } = found;
    if (value !== '') {
      const control = controlOf(question, this.lang);
      if (control.kind === 'place' && !placeFits(control.shape, value)) throw refusal(control.shape === 'point' ? 'answer-not-geopoint' : 'answer-not-geoline');
      if (question.control === 'integer' && !/^-?\d+$/.test(value)) throw refusal('answer-not-integer');
      if (question.control === 'date' && !/^\d{4}-\d{2}-\d{2}$/.test(value)) throw refusal('answer-not-date');
    }
    this.#undo.push([field, this.#values.get(field) ?? '']);
    this.#values.set(field, value);
    this.#nonAnswers.delete(field);
    this.#confirmed.delete(field);
    return this.#step();
  }

  giveNonAnswer(field: string, nonAnswer: NonAnswer): Step {
    if (!this.#find(field)?.question.nonAnswers?.includes(nonAnswer)) throw refusal('answer-not-declared');
    this.answer(field, '');
    this.#nonAnswers.set(field, nonAnswer);
    return this.#step();
  }

  confirm(field: string, reason: string): Step {
    if (!this.#doubt(this.#find(field)?.question, field)) throw refusal('doubt-gone');
    this.#confirmed.set(field, reason);
    return this.#step();
  }

  setNote(field: string, text: string): Step {
    this.#notes.set(field, text);
    return this.#step();
  }

  /** What can be moved into a report. */
  given(): { field: string; number: string; label: string; value: string; file: boolean }[] {
    const items = this.#pages().flatMap((page) => this.#items(page));
    return items.filter((item) => asks(item) && item.value !== '').map(({ field, number, label, display }) => ({ field, number, label, value: display, file: false }));
  }

  erase(field: string): void {
    this.#values.delete(field);
    this.#notes.delete(field);
  }

  get risks(): string[] {
    return Object.keys(this.risky).filter((field) => this.#values.get(field) === this.risky[field]);
  }

  /** How far the wished sound is now, with a note that says it. */
  soundIs(state: SoundState, note = ''): Step {
    if (this.sound) this.sound = { ...this.sound, state };
    if (note !== '') this.#notes.set('/sound', note);
    return this.#step();
  }

  undo(): InterviewView {
    const last = this.#undo.pop();
    if (last) {
      this.#values.set(last[0], last[1]);
      this.#goTo(this.#find(last[0])?.page.key ?? this.at, last[0]);
    }
    return this.view();
  }

  addRow(): InterviewView {
    this.#rows += 1;
    this.#saved = this.#now();
    this.#focus = `${this.at}[${this.#rows}]/relation`;
    return this.view();
  }

  removeRow(row: string): InterviewView {
    const gone = Number(/\[(\d+)\]/.exec(row)?.[1] ?? 0);
    const page = this.#pages().find((one) => one.kind === 'repeat');
    for (let at = gone; at < this.#rows; at += 1) {
      for (const question of page?.questions ?? []) {
        this.#values.set(field(page, question, at), this.#values.get(field(page, question, at + 1)) ?? '');
      }
    }
    for (const question of page?.questions ?? []) this.#values.delete(field(page, question, this.#rows));
    this.#rows -= 1;
    this.#focus = '';
    return this.view();
  }

  move(to: Move): InterviewView {
    const pages = this.#pages().map((page) => page.key);
    const here = this.at === completion ? pages.length : pages.indexOf(this.at);
    switch (to.to) {
      case 'next':
        if (this.view().page.items.some((item) => item.problem && (item.value !== '' || item.required))) throw refusal('must-fix');
        this.#goTo(pages[here + 1] ?? completion);
        break;
      case 'back':
        this.#goTo(pages[Math.max(0, here - 1)] ?? completion);
        break;
      case 'page':
        this.#goTo(this.#sections.find((section) => section.key === to.key)?.pages[0]?.key ?? to.key);
        break;
      case 'field':
        this.#goTo(this.#find(to.field)?.page.key ?? this.at, to.field);
        break;
      case 'completion':
        this.#goTo(completion);
        break;
      case 'nextOpen': {
        const open = this.#pages()
          .slice(Math.max(0, here + 1))
          .find((page) => this.#items(page).some((item) => asks(item) && (item.value === '' || item.problem)));
        this.#goTo(open?.key ?? completion);
      }
    }
    return this.view();
  }

  find(typed: string): Hit[] {
    return this.#sections
      .flatMap((section) => section.pages.flatMap((page) => page.questions.map((question) => ({ section, page, question }))))
      .filter(({ question }) => question.label.zh.includes(typed) || question.label.en.toLowerCase().includes(typed.toLowerCase()))
      .map(({ page, question }) => {
        const path = page.kind === 'repeat' ? field(page, question, 1) : field(page, question);
        return { field: path, ...split(question.label[this.lang]), relevant: this.#asked(question, page, 1) };
      });
  }

  why(path: string): WhyView {
    const found = this.#find(path);
    if (!found) throw refusal('answer-unknown-field');
    const { question, page } = found;
    const asked = this.#asked(question, page, rowOf(path));
    const { when } = question;
    const read = when ? (page.kind === 'repeat' ? '' : this.#named(when.name)) : '';
    const rules = when
      ? [
          {
            field: path,
            label: question.label[this.lang],
            part: 'relevant',
            source: `\${${when.name}}`,
            lines: [
              {
                depth: 0,
                source: `\${${when.name}}`,
                outcome: { kind: 'truth' as const, yes: asked },
                decided: true,
                reads: [{ field: `/${when.name}`, label: when.name, display: read, relevant: true }],
              },
            ],
          },
        ]
      : [];
    const because = when ? 'ownRule' : 'noRule';
    const sections: WhyView['sections'] = [{ part: 'relevant', outcome: { kind: 'truth', yes: asked }, because, check: '', rules }];
    return { field: path, ...split(question.label[this.lang]), sections };
  }

  get counts(): { answered: number; total: number } {
    const items = this.#pages().flatMap((page) => this.#items(page)).filter((item) => item.relevant && asks(item));
    return { answered: items.filter((item) => item.value !== '').length, total: items.length };
  }

  get stoppedAt(): string {
    const found = this.#sections.flatMap((section) => section.pages).find((page) => page.key === this.at);
    return found ? split(found.short.zh).number : '';
  }

  get ready(): boolean {
    return this.#completion().ready;
  }

  view(): InterviewView {
    return {
      id: this.id,
      form: title[this.lang],
      code: this.code,
      name: this.name,
      site: this.site,
      answeredBy: '',
      practice: false,
      state: this.state,
      trial: this.trial,
      languages: [
        { name: '中文', code: 'zh' },
        { name: 'English', code: 'en' },
      ],
      language: this.lang === 'zh' ? 0 : 1,
      tree: this.#tree(),
      page: this.#page(),
      status: { saved: this.#saved, ...this.counts, problems: this.#wrong().filter((line) => line.display !== '').length, risks: this.risks, sound: this.sound },
      versions: this.versions,
      apart: [],
    };
  }

  /** What a newer version would make of the answers: an invented one, that lost a question and renamed another. */
  preview(): MoveView {
    const line = { reason: '', nonAnswer: null, newNumber: '', newLabel: '', newValue: '', together: [], file: false };
    const lines: MovedLine[] = [
      { ...line, fate: 'dropped', reason: 'leftover-unknown-node', number: 'C5', label: '你写日记吗？', value: '每天写' },
      { ...line, fate: 'invalid', number: 'A2', label: '几岁？', value: '17', newNumber: 'A2', newLabel: '几岁？', newValue: '17' },
      { ...line, fate: 'renamed', number: 'B1', label: '谁照顾你？', value: '奶奶', newNumber: 'B1', newLabel: '平时谁照顾你？', newValue: '奶奶' },
    ];
    const added = [{ number: 'C6', label: '你有什么愿望？', required: true }];
    const to = this.versions.newer ?? '';
    return { id: this.id, form: title[this.lang], code: this.code, name: this.name, from: this.versions.version, to, count: 12, kept: 9, lines, added };
  }

  #closed(): boolean {
    return this.state === 'finalised' || this.state === 'approved';
  }

  #goTo(key: string, focus = ''): void {
    this.at = key;
    this.#focus = focus;
  }

  #step(): Step {
    this.#saved = this.#now();
    const view = this.view();
    return {
      items: view.page.items,
      order: view.page.items.map((item) => item.field),
      rows: view.page.rows,
      tree: view.tree,
      treeOrder: view.tree.map((part) => part.key),
      status: view.status,
      completion: view.page.completion,
    };
  }

  /** Pages that are asked, in order. */
  #pages(): FakePage[] {
    return this.#sections
      .filter((section) => this.#sectionAsked(section))
      .flatMap((section) => section.pages)
      .filter((page) => page.kind !== 'question' || page.questions.some((question) => this.#asked(question, page)));
  }

  #sectionAsked(section: FakeSection): boolean {
    return !section.when || section.when.is.includes(this.#named(section.when.name));
  }

  #named(name: string): string {
    const page = this.#sections.flatMap((section) => section.pages).find((one) => one.kind !== 'repeat' && one.questions.some((question) => question.name === name));
    const question = page?.questions.find((one) => one.name === name);
    return page && question ? (this.#values.get(field(page, question)) ?? '') : '';
  }

  #asked(question: FakeQuestion, page: FakePage, row = 0): boolean {
    if (!question.when) return true;
    const { name, is } = question.when;
    const value = page.kind === 'repeat' ? (this.#values.get(`${page.key}[${row}]/${name}`) ?? '') : this.#named(name);
    return is.includes(value);
  }

  #find(path: string): { page: FakePage; question: FakeQuestion } | undefined {
    for (const page of this.#sections.flatMap((section) => section.pages)) {
      for (const question of page.questions) {
        const rows = page.kind === 'repeat' ? this.#rows : 0;
        const paths = page.kind === 'repeat' ? Array.from({ length: rows }, (_, at) => field(page, question, at + 1)) : [field(page, question)];
        if (paths.includes(path)) return { page, question };
      }
    }
    return undefined;
  }

  #items(page: FakePage): Item[] {
    if (page.kind !== 'repeat') {
      return page.questions.filter((question) => this.#asked(question, page)).map((question) => this.#item(page, question, 0));
    }
    return Array.from({ length: this.#rows }, (_, at) => page.questions.map((question) => this.#item(page, question, at + 1))).flat();
  }

  #item(page: FakePage, question: FakeQuestion, row: number): Item {
    const path = field(page, question, row || undefined);
    const other: FormLang = this.lang === 'zh' ? 'en' : 'zh';
    const control = controlOf(question, this.lang);
    const value = question.control === 'shown' ? String(['father', 'mother'].filter((who) => !['', 'home', 'died'].includes(this.#named(who))).length) : (this.#values.get(path) ?? '');
    const options = ('options' in control && control.options) || [];
    const display = options.length > 0 ? options.filter((one) => value.split(' ').includes(one.value)).map((one) => one.label).join(this.lang === 'zh' ? '、' : ', ') : value;
    const relevant = this.#asked(question, page, row);
    return {
      field: path,
      ...split(question.label[this.lang]),
      labelWords: [],
      hint: question.hint?.[this.lang] ?? '',
      hintWords: [],
      guidance: [],
      media: [],
      notices: [],
      width: 0,
      peek: split(question.label[other]).label,
      peekLang: other,
      control: control.kind === 'capture' ? { ...control, file: this.files.get(value) ?? null, unfinished: this.cut ? control.unfinished : null } : control,
      value: relevant ? value : '',
      display,
      relevant,
      required: question.required ?? false,
      readonly: this.#closed(),
      problem: relevant && !this.#nonAnswers.has(path) ? this.#problem(question, value) : null,
      doubt: relevant ? this.#doubt(question, path) : null,
      risk: this.risks.includes(path),
      nonAnswers: question.nonAnswers ?? [],
      nonAnswer: this.#nonAnswers.get(path) ?? null,
      note: this.#notes.get(path) ?? '',
      ...question.more,
    };
  }

  #problem(question: FakeQuestion, value: string): Problem | null {
    if (value === '') return question.required ? { code: 'answer-missing', message: '', args: {} } : null;
    if (!question.most) return null;
    const bad = question.control === 'date' ? value > this.#now().slice(0, 10) : Number(value) > question.most.value;
    return bad ? { code: 'answer-constraint', message: question.most.message[this.lang], args: {} } : null;
  }

  #doubt(question: FakeQuestion | undefined, path: string): Doubt | null {
    const value = this.#values.get(path) ?? '';
    if (!question?.unusual || value === '' || Number(value) <= question.unusual.value) return null;
    return { message: question.unusual.message[this.lang], confirmed: this.#confirmed.get(path) ?? '' };
  }

  #wrong(): CompletionLine[] {
    return this.#pages()
      .flatMap((page) => this.#items(page))
      .filter((item) => item.relevant && item.problem)
      .map((item) => ({ field: item.field, row: rowOf(item.field), number: item.number, label: item.label, problem: item.problem, display: item.display }));
  }

  #completion(): Completion {
    const wrong = this.#wrong();
    const unanswered = this.#pages()
      .flatMap((page) => this.#items(page))
      .filter((item) => item.relevant && asks(item) && item.value === '' && !item.nonAnswer && !item.problem)
      .map((item) => ({ field: item.field, row: rowOf(item.field), number: item.number, label: item.label, problem: null, display: '' }));
    const notes = [...this.#notes]
      .filter(([, text]) => text !== '')
      .map(([path, text]) => ({ field: path, row: rowOf(path), number: split(this.#find(path)?.question.label[this.lang] ?? '').number, label: text, problem: null, display: '' }));
    const notAsked = this.#pages()
      .flatMap((page) => this.#items(page))
      .filter((item) => item.relevant && item.control.kind === 'unsupported')
      .map((item) => ({ field: item.field, row: rowOf(item.field), number: item.number, label: item.label, problem: null, display: '' }));
    const doubts = this.#pages()
      .flatMap((page) => this.#items(page))
      .filter((item) => item.doubt && !item.doubt.confirmed)
      .map((item) => ({
        field: item.field,
        row: rowOf(item.field),
        number: item.number,
        label: item.label,
        problem: { code: 'soft-check', message: item.doubt?.message ?? '', args: {} },
        display: item.display,
      }));
    return { wrong, doubts, unanswered, notAsked, notes, reason: null, entities: [], ready: wrong.length === 0 };
  }

  #page(): PageView {
    const pages = this.#pages();
    const page = this.#sections.flatMap((section) => section.pages).find((one) => one.key === this.at);
    const section = this.#sections.find((one) => page && one.pages.includes(page));
    const empty = { columns: 0, items: [], rows: [], repeat: '', rowsOpen: false, focus: this.#focus, section: '', number: 0, of: 0, title: '' };
    if (!page || !section) {
      return { ...empty, key: completion, kind: 'completion', hasBack: true, completion: this.#completion() };
    }
    const own = pages.filter((one) => section.pages.includes(one));
    const items = this.#items(page);
    const rows: RowView[] =
      page.kind === 'repeat'
        ? Array.from({ length: this.#rows }, (_, at) => {
            const inside = items.slice(at * page.questions.length, (at + 1) * page.questions.length);
            return {
              path: `${page.key}[${at + 1}]`,
              number: at + 1,
              title: inside[0]?.display ?? '',
              state: stateOf(inside),
              fields: inside.map((item) => item.field),
              removable: this.#rows > 1 && !this.#closed(),
            };
          })
        : [];
    return {
      ...empty,
      key: page.key,
      kind: page.kind,
      columns: page.columns ?? 0,
      section: section.title[this.lang],
      number: own.indexOf(page) + 1,
      of: own.length,
      title: page.title?.[this.lang] ?? '',
      items,
      rows,
      repeat: page.kind === 'repeat' ? page.key : '',
      rowsOpen: page.kind === 'repeat' && !this.#closed(),
      hasBack: pages[0] !== page,
      completion: null,
    };
  }

  #tree(): TreePart[] {
    const parts: TreePart[] = [];
    for (const section of this.#sections) {
      const asked = this.#sectionAsked(section);
      const inside = section.pages.some((page) => page.key === this.at);
      parts.push(this.#part(section.key, 0, section.title[this.lang], asked ? section.pages.flatMap((page) => this.#items(page)) : [], asked, inside));
      if (!inside) continue;
      for (const page of section.pages) {
        const items = this.#items(page);
        const part = this.#part(page.key, 1, page.short[this.lang], items, asked && items.length > 0, page.key === this.at);
        part.nonAnswer = page.kind === 'question' ? (items[0]?.nonAnswer ?? null) : null;
        part.noted = items.some((item) => item.note !== '');
        part.summary = page.kind === 'repeat' ? String(this.#rows) : page.kind === 'question' ? (items[0]?.display ?? '').slice(0, 12) : '';
        parts.push(part);
      }
    }
    parts.push({ ...this.#part(completion, 0, '', [], true, this.at === completion), state: this.ready ? 'complete' : 'empty' });
    return parts;
  }

  #part(key: string, depth: number, name: string, items: Item[], asked: boolean, current: boolean): TreePart {
    const questions = items.filter((item) => item.relevant && asks(item));
    return {
      key,
      depth,
      loose: false,
      title: name,
      summary: '',
      nonAnswer: null,
      answered: questions.filter((item) => item.value !== '').length,
      total: questions.length,
      problems: items.filter((item) => item.problem && item.value !== '').length,
      state: asked ? stateOf(items) : 'notApplicable',
      noted: false,
      current,
    };
  }
}

/** Whether a place has its numbers, a line its points: just enough for the screens. */
function placeFits(shape: 'point' | 'trace' | 'shape', value: string): boolean {
  const points = value.split(';').map((one) => one.split(' ').filter((part) => /^-?\d+(\.\d+)?$/.test(part)).length >= 2);
  return points.every(Boolean) && (shape === 'point' ? points.length === 1 : points.length >= (shape === 'shape' ? 4 : 2));
}

function asks(item: Item): boolean {
  return !['note', 'heading', 'optionLabels', 'shown', 'unsupported', 'acknowledge'].includes(item.control.kind);
}

function stateOf(items: Item[]): PartState {
  const questions = items.filter((item) => item.relevant && asks(item));
  const answered = questions.filter((item) => item.value !== '').length;
  if (items.some((item) => item.problem && item.value !== '')) return 'problem';
  if (answered === questions.length) return 'complete';
  return answered > 0 ? 'started' : 'empty';
}

function field(page: FakePage | undefined, question: FakeQuestion, row?: number): string {
  if (!page) return '';
  if (row !== undefined) return `${page.key}[${row}]/${question.name}`;
  return page.kind === 'group' ? `${page.key}/${question.name}` : page.key;
}

function split(label: string): { number: string; label: string } {
  const found = /^([A-Z]\d+(?:\.\d+)*)\s+(.*)$/s.exec(label);
  return found?.[1] && found[2] ? { number: found[1], label: found[2] } : { number: '', label };
}

function refusal(code: string): Refusal {
  return new Refusal({ code, args: {}, detail: '' });
}
