// What the screens may ask for. Two things implement it: the shell (tauri.ts) and an invented desk in memory (fake.ts).
// Every method throws a `Refusal` when the answer is no.
import type {
  AddInput,
  AnswerInput,
  AssignInput,
  AssignPreview,
  AssignmentsView,
  CardConflict,
  CardDecision,
  CallInput,
  CareView,
  CopyInput,
  CarryingView,
  Checklist,
  ChecklistInput,
  ConflictCard,
  ConflictView,
  ConsentInput,
  ConsentSheet,
  ConsentText,
  ContactCardView,
  ContactsInput,
  CopiesView,
  DamagedLeftView,
  DecisionInput,
  DueView,
  DraftsTaken,
  DuplicatesView,
  EraseInput,
  ErasePreview,
  ErasureView,
  EvidenceCard,
  ExportInput,
  ExportLogRow,
  ExportPreview,
  InstrumentCard,
  ExportReport,
  FilePart,
  FormCheck,
  FormFile,
  Frame,
  HandOverInput,
  Hit,
  HomeView,
  ImportView,
  InterviewCard,
  InterviewView,
  JoinView,
  MapView,
  Move,
  MoveInput,
  MoveView,
  NearbyPlace,
  NearbyView,
  NewInterview,
  NewProject,
  NonAnswer,
  PairInput,
  PeopleView,
  PersonInput,
  PersonQuery,
  PersonView,
  QrView,
  RecoveryView,
  Refusal as RefusalShape,
  RehearsalView,
  JoinRequestView,
  ReportInput,
  ReportView,
  RevokeInput,
  RosterInput,
  RosterView,
  SiteInput,
  GroupInput,
  GroupQuery,
  GroupView,
  PlacePage,
  StickView,
  StickWritten,
  Role,
  StartView,
  Step,
  SyncReport,
  SyncView,
  TakeBackInput,
  TakeOverInput,
  TeamView,
  TieInput,
  WithdrawInput,
  Withdrawn,
  WhyView,
} from '../ipc/bindings';

/** Arguments of a message, by name. */
export type Args = RefusalShape['args'];

/** Language of the window's own words. */
export type Lang = 'zh-CN' | 'en';

/** A refusal: a code for the catalogue (`error-<code>`), its arguments, and a technical line. */
export class Refusal extends Error {
  readonly code: string;
  readonly args: Args;
  readonly detail: string;

  constructor(shape: RefusalShape) {
    super(shape.code);
    this.name = 'Refusal';
    this.code = shape.code;
    this.args = shape.args;
    this.detail = shape.detail;
  }

  /** Anything thrown, as a refusal. */
  static from(thrown: unknown): Refusal {
    if (thrown instanceof Refusal) return thrown;
    return new Refusal({ code: 'internal', args: {}, detail: thrown instanceof Error ? thrown.message : String(thrown) });
  }
}

export interface Backend {
  start(): Promise<StartView>;
  createProject(input: NewProject, lang: Lang): Promise<HomeView>;
  /** Opens the file dialog; null when it was closed. */
  openInvitation(): Promise<JoinView | null>;
  /** Reads an invitation that was pasted. */
  readInvitation(text: string): Promise<JoinView>;
  /** Fetches the invitation whose address and code stand on the lead's screen. */
  findInvitation(address: string, code: string): Promise<JoinView>;
  requestJoin(id: string, passphrase: string, device: string): Promise<JoinView>;
  joinState(id: string): Promise<JoinView>;
  unlock(store: string, passphrase: string, lang: Lang): Promise<HomeView>;
  lock(): Promise<void>;
  home(lang: Lang): Promise<HomeView>;

  startInterview(input: NewInterview, lang: Lang): Promise<InterviewView>;
  openInterview(id: string, lang: Lang): Promise<InterviewView>;
  correctInterview(id: string, lang: Lang): Promise<InterviewView>;
  /** What would become of a draft's answers in the newest version of its form. */
  previewMove(id: string, lang: Lang): Promise<MoveView>;
  moveInterview(id: string, lang: Lang): Promise<InterviewView>;
  takeMoveBack(id: string, lang: Lang): Promise<InterviewView>;
  /** Resolves only when the answer is on disk. */
  answer(input: AnswerInput): Promise<Step>;
  giveNonAnswer(field: string, nonAnswer: NonAnswer): Promise<Step>;
  confirm(field: string, reason: string): Promise<Step>;
  setNote(field: string, text: string): Promise<Step>;
  addRow(repeat: string): Promise<InterviewView>;
  removeRow(row: string): Promise<InterviewView>;
  move(to: Move): Promise<InterviewView>;
  setFormLanguage(index: number): Promise<InterviewView>;
  findQuestion(text: string): Promise<Hit[]>;
  /** Why a question is asked, not asked, must be answered or corrected. */
  why(field: string): Promise<WhyView>;
  /** A picture, sound or film of the open interview's form. */
  formMedia(file: string): Promise<FormFile>;
  /** Opens the file dialog and makes the file the answer; null when it was closed. */
  chooseFile(field: string): Promise<Step | null>;
  /** Begins to hand over bytes for a question, piece by piece; gives a number. */
  startRecording(field: string): Promise<number>;
  /** The next piece, at most 1 MiB; it is on disk when this resolves. */
  putPiece(recording: number, base64: string): Promise<void>;
  /** Makes what was handed over the answer. */
  finishRecording(field: string, recording: number): Promise<Step>;
  /** Takes what those in the room say to sound in the background, with a note that says it. */
  answerSoundWish(field: string, agreed: boolean, note: string): Promise<Step>;
  /** Puts aside what was handed over. */
  dropRecording(recording: number): Promise<Step>;
  /** A part of a file that an answer of an interview names. */
  filePart(interview: string, name: string, part: number): Promise<FilePart>;
  /** The text of a bar code in a frame of the camera; null where there is none. */
  readCode(frame: Frame): Promise<string | null>;
  /** Opens the file dialog and reads the bar code in a picture; null when it was closed. */
  readCodeInPicture(): Promise<string | null>;
  undo(): Promise<InterviewView>;
  pauseInterview(lang: Lang): Promise<HomeView>;
  /** Why a finished interview is corrected; on disk when it resolves. */
  giveReason(reason: string): Promise<InterviewView>;
  finalise(lang: Lang): Promise<HomeView>;

  records(lang: Lang): Promise<InterviewCard[]>;
  handOver(interview: string, member: string, lang: Lang): Promise<InterviewCard[]>;
  /** What would go if an interview, or the respondent of it, were erased. */
  previewErasure(interview: string, lang: Lang): Promise<ErasePreview>;
  /** Erases; cannot be called back. Gives the certificate. */
  erase(input: EraseInput): Promise<ErasureView>;
  erasures(lang: Lang): Promise<ErasureView[]>;
  /** The sheet for what a child tells of harm. `person`, `place`: of whom or of where the page is without an interview; may be empty. */
  care(person: string, place: string, lang: Lang): Promise<CareView>;
  /** Writes a report; on disk, sealed, when it resolves. */
  saveReport(input: ReportInput, lang: Lang): Promise<ReportView>;
  recordCall(input: CallInput): Promise<ReportView>;
  addToReport(input: AddInput): Promise<ReportView>;
  handReportOver(input: HandOverInput): Promise<ReportView>;
  /** Seals answers anew in a report and erases them from their interview, which is closed if it is open. */
  moveToReport(input: MoveInput, lang: Lang): Promise<ReportView>;
  /** The reports that this person reads. */
  reports(): Promise<ReportView[]>;
  /** A part of a file that a report holds. */
  reportFile(report: string, name: string, part: number): Promise<FilePart>;
  /** Begins to record for a report, or for a new one if none is named; its number. */
  startReportRecording(report: string, input: ReportInput, lang: Lang): Promise<number>;
  /** Keeps the next piece; on disk when it resolves. */
  putReportPiece(recording: number, base64: string): Promise<void>;
  /** Throws it away. */
  dropReportRecording(recording: number): Promise<void>;
  /** Makes it part of its report. */
  finishReportRecording(recording: number, input: ReportInput, lang: Lang): Promise<ReportView>;
  /** Asks where to, and takes a copy of a file out of Tianye; null if the person changed their mind. */
  copyReportFile(input: CopyInput): Promise<ReportView | null>;
  contactCards(lang: Lang): Promise<ContactCardView[]>;
  setContacts(input: ContactsInput, lang: Lang): Promise<ContactCardView[]>;

  /** What is read with a respondent's family before a form is filled, and what was said so far. */
  consentSheet(person: string, form: string, lang: Lang): Promise<ConsentSheet>;
  /** Writes down what somebody said; on disk when it resolves. */
  recordConsent(input: ConsentInput, form: string, lang: Lang): Promise<ConsentSheet>;
  /** Takes consent back: what was collected under it is erased. */
  withdrawConsent(input: WithdrawInput): Promise<Withdrawn>;
  /** Seals a file that shows what is being said; its bytes in base64, at most 1 MiB a part. */
  addEvidence(kind: string, parts: string[]): Promise<EvidenceCard[]>;
  dropEvidence(): Promise<null>;
  evidencePart(card: string, name: string, part: number): Promise<FilePart>;
  /** Begins an interview with a respondent who is known. */
  startWith(person: string, form: string, lang: Lang): Promise<InterviewView>;
  /** Ends the open interview because the respondent stops. */
  stopInterview(keep: boolean, lang: Lang): Promise<HomeView>;
  consentText(): Promise<ConsentText>;
  publishText(text: ConsentText, newActivity: boolean): Promise<ConsentText>;
  checklist(): Promise<Checklist>;
  noteChecklist(input: ChecklistInput): Promise<Checklist>;
  beginReal(): Promise<Checklist>;
  due(lang: Lang): Promise<DueView[]>;
  eraseDue(records: string[], lang: Lang): Promise<DueView[]>;
  /** Asks where to write a certificate; gives the path, or null when nobody wanted it. */
  saveCertificate(id: string, lang: Lang): Promise<string | null>;
  /** Asks where to write what to drop from an export; gives the path, or null. */
  saveDrops(exported: string): Promise<string | null>;
  conflictCards(lang: Lang): Promise<ConflictCard[]>;
  decidedCards(lang: Lang): Promise<ConflictCard[]>;
  /** The open conflicts of one interview. */
  conflictsOf(record: string, lang: Lang): Promise<ConflictView[]>;
  /** A field that was decided, as its conflict was shown. */
  decided(record: string, field: string, lang: Lang): Promise<ConflictView>;
  /** Decides conflicts of one interview: all of them, or none. */
  decide(inputs: DecisionInput[], lang: Lang): Promise<ConflictCard[]>;
  takeBackDecision(input: TakeBackInput, lang: Lang): Promise<ConflictCard[]>;
  /** Sites as a tree, and the people who are found. */
  people(query: PersonQuery, lang: Lang): Promise<PeopleView>;
  personPage(id: string, lang: Lang): Promise<PersonView>;
  /** Writes a card, on disk when it resolves; gives the person's page. */
  savePerson(input: PersonInput, lang: Lang): Promise<PersonView>;
  /** Writes a tie; gives the page of the person `of`. */
  saveTie(input: TieInput, of: string, lang: Lang): Promise<PersonView>;
  saveSite(input: SiteInput): Promise<string>;
  /** Who is in a group that is put together, and who is found for it. */
  groupSheet(query: GroupQuery, lang: Lang): Promise<GroupView>;
  /** A place's page. */
  placePage(id: string, lang: Lang): Promise<PlacePage>;
  /** Writes the card of a group; gives its page. */
  saveGroup(input: GroupInput, lang: Lang): Promise<PersonView>;
  cardConflicts(lang: Lang): Promise<CardConflict[]>;
  cardsDecided(lang: Lang): Promise<CardConflict[]>;
  decideCard(input: CardDecision, lang: Lang): Promise<CardConflict[]>;
  /** Opens the file dialog and reads a roster; null when it was closed. */
  chooseRoster(input: RosterInput, lang: Lang): Promise<RosterView | null>;
  planRoster(input: RosterInput, lang: Lang): Promise<RosterView>;
  importRoster(input: RosterInput, lang: Lang): Promise<RosterView>;
  closeRoster(): Promise<void>;
  previewAssignment(input: AssignInput, lang: Lang): Promise<AssignPreview>;
  assign(input: AssignInput, lang: Lang): Promise<AssignmentsView>;
  assignments(lang: Lang): Promise<AssignmentsView>;
  takeOver(input: TakeOverInput, lang: Lang): Promise<AssignmentsView>;
  duplicates(lang: Lang): Promise<DuplicatesView>;
  rulePair(input: PairInput, lang: Lang): Promise<DuplicatesView>;
  team(): Promise<TeamView>;
  /** Path of the invitation file; null when the dialog was closed. */
  invite(name: string, group: string, role: Role): Promise<string | null>;
  approve(invitation: string): Promise<TeamView>;
  revoke(input: RevokeInput): Promise<TeamView>;
  /** Accepts what came of a revoked laptop since. */
  acceptLate(certificate: string): Promise<TeamView>;
  /** The project's recovery key, for who types the passphrase once more. */
  recoveryKey(passphrase: string): Promise<string>;
  /** Stops a sync or a stick that is under way. */
  stopCarrying(): Promise<null>;
  /** How far a sync or a stick is; null when nothing is carried. */
  carrying(): Promise<CarryingView | null>;
  /** What was written to a stick; null when the dialog was closed. */
  writeStick(): Promise<StickWritten | null>;
  readStick(): Promise<StickView | null>;
  /** Takes over the drafts of a file on the stick that was read last; the remark says whose they were. */
  takeDrafts(file: string, remark: string): Promise<DraftsTaken>;
  /** Path of the request file; null when the dialog was closed. */
  saveRequest(id: string): Promise<string | null>;
  /** Whether an admission was taken in. */
  openAdmission(id: string): Promise<boolean>;
  openRequest(): Promise<JoinRequestView | null>;
  /** Path of the admission file; null when the dialog was closed. */
  approveRequest(code: string): Promise<string | null>;
  sync(): Promise<SyncReport>;
  /** Goes to the hub of a laptop of the same network and back; none: that of last time. */
  syncNearby(place: NearbyPlace | null): Promise<SyncReport>;
  /** Makes this laptop the hub of its network. */
  openNearby(): Promise<NearbyView>;
  closeNearby(): Promise<null>;
  nearby(): Promise<NearbyView | null>;
  /** Address and code, out of what a camera read. */
  readNearby(text: string): Promise<NearbyPlace | null>;
  /** Saves an open invitation as a file, to be called after who was invited; null if the person changed their mind. */
  saveInvitation(invitation: string, name: string): Promise<string | null>;
  /** An invitation as a code for the invited laptop's camera. */
  invitationQr(invitation: string): Promise<QrView | null>;
  /** Invites somebody who types the code, without a file. */
  inviteByCode(name: string, group: string, role: Role): Promise<TeamView>;
  syncState(): Promise<SyncView>;
  /** Takes something that does not fit from the list. */
  noteMisfit(key: string): Promise<SyncView>;
  /** The copies that this laptop keeps of its work. */
  copies(): Promise<CopiesView>;
  /** Copies the whole database now. */
  keepCopy(): Promise<CopiesView>;
  lookAtCopies(): Promise<CopiesView>;
  /** What a damaged database that was set aside still gives, and what of it is nowhere else. */
  leftInSetAside(id: string): Promise<DamagedLeftView>;
  discardSetAside(id: string): Promise<CopiesView>;
  /** Opens the dialog for a folder on another medium; null when it was closed. */
  keepSecondBox(): Promise<CopiesView | null>;
  keepNoSecondBox(): Promise<CopiesView>;
  /** What would come back if the database were gone now. */
  tryRecovery(): Promise<RehearsalView>;
  /** Opens the dialog for a folder, and looks for backups of interviews in it; null when it was closed. */
  chooseBoxes(): Promise<string[] | null>;
  /** Lets a store stand again whose database is damaged, and unlocks it. */
  recover(store: string, passphrase: string, hub: boolean): Promise<RecoveryView>;
  /** The maps of this laptop. */
  maps(): Promise<MapView[]>;
  /** A tile of a map; null where it has none. */
  mapTile(file: string, zoom: number, column: number, row: number): Promise<FormFile | null>;
  /** Opens the file dialog and copies a map to this laptop; null when it was closed. */
  addMap(): Promise<MapView[] | null>;
  /** Opens the file dialog; null when it was closed. */
  checkForm(): Promise<FormCheck | null>;
  /** Checks the workbook that was checked last once more, as it is on the disk now; null when there was none. */
  checkFormAgain(): Promise<FormCheck | null>;
  /** Opens the form that was checked last for trying: nothing of it is stored. An open trial goes on with its answers. */
  tryForm(): Promise<InterviewView>;
  /** Takes the form that was checked last into the project. */
  addForm(lang: Lang): Promise<HomeView>;
  /** Opens the dialog for submissions of other tools, files or a folder, and says what taking them in would do; null when
   * it was closed. */
  chooseImport(folder: boolean, lang: Lang): Promise<ImportView | null>;
  /** Takes in what was chosen last; revisions of records that are here if they are wanted. */
  importRecords(revisions: boolean, lang: Lang): Promise<ImportView>;
  /** Opens the dialog for the folder; null when it was closed. */
  exportCsv(input: ExportInput, lang: Lang): Promise<ExportReport | null>;
  /** What a de-identified export would hold, and how small its classes are. */
  previewExport(input: ExportInput, lang: Lang): Promise<ExportPreview>;
  exportLog(): Promise<ExportLogRow[]>;
  /** The instruments that come with the program. */
  instruments(): Promise<InstrumentCard[]>;
  checkInstrument(id: string): Promise<FormCheck>;
}
