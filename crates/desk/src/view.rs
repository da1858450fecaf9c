//! What the screens draw: plain structs in the user's vocabulary.
//!
//! These types are the boundary between Rust and the window (and of `tianye --json`). They are twins written by hand:
//! no type of a room below leaves through here, so that a room can change without breaking a screen.
//! Times are ISO 8601 texts with offset; the screen formats them. Words are codes with arguments; the screen owns the
//! words. Everything is `camelCase` on the wire.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use specta::Type;

/// Arguments of a message, by name.
pub type Args = BTreeMap<String, String>;

/// An error as the window sees it: a code for the catalogue, arguments, and a technical line in English.
#[derive(Debug, Clone, Serialize, Type, thiserror::Error)]
#[serde(rename_all = "camelCase")]
#[error("{code}: {detail}")]
pub struct Refusal {
    /// Key of the catalogue: `error-<code>`.
    pub code: String,
    /// Values the message mentions.
    pub args: Args,
    /// Expected, found and where, in English, without anything a respondent said.
    pub detail: String,
}

/// `Debug` without content: these types hold answers, names and passphrases, which must not reach a log.
macro_rules! quiet {
    ($($name:ident),+ $(,)?) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )+};
}

quiet!(
    StartView,
    StoreCard,
    NewProject,
    JoinView,
    HomeView,
    FormCard,
    SiteCard,
    PlaceView,
    InterviewCard,
    Outbox,
    NewInterview,
    InterviewView,
    Language,
    StatusView,
    TreePart,
    PageView,
    RowView,
    Item,
    Problem,
    Choice,
    AnswerInput,
    Step,
    Completion,
    CompletionLine,
    Hit,
    ConflictView,
    WriteView,
    DecisionInput,
    TeamView,
    MemberCard,
    JoinRequestView,
    InvitedView,
    SyncView,
    ChainView,
    ReceiptView,
    SetAsideView,
    SyncReport,
    ExportReport,
    ExportFile,
    ExportInput,
    FormCheck,
    FormProblem,
);

// ---- before the store is open -------------------------------------------------------------------------------------

/// What the window needs before anybody has unlocked.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct StartView {
    /// Stores on this laptop, the last opened first.
    pub stores: Vec<StoreCard>,
    /// Joins that wait for the lead's confirmation.
    pub joining: Vec<JoinView>,
    /// Name of this laptop, as written at set-up; empty before.
    pub device: String,
    /// Language to begin with: `zh-CN` or `en`.
    pub language: String,
    /// Version of the program.
    pub version: String,
}

/// One store on this laptop: one person in one project.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct StoreCard {
    /// Random id of the store on this disk.
    pub id: String,
    /// Title of the project.
    pub project: String,
    /// Display name of the team member.
    pub person: String,
    /// Group in the team, may be empty.
    pub group: String,
    /// Role in the project.
    pub role: Role,
    /// Whether this is a practice project.
    pub practice: bool,
    /// When it was last unlocked; none if never.
    pub last_opened: Option<String>,
}

/// Role of a team member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Role {
    /// Team lead: invites, merges, decides.
    Lead,
    /// Student interviewer.
    Interviewer,
    /// Analyst: reads and exports.
    Analyst,
    /// Safeguarding lead.
    Safeguarding,
}

/// What a lead says to set up a project on this laptop.
#[derive(Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NewProject {
    /// Title, e.g. 浙江留守儿童 2017.
    pub title: String,
    /// Display name of the lead.
    pub person: String,
    /// Name of this laptop.
    pub device: String,
    /// Passphrase, at least 12 characters.
    pub passphrase: String,
    /// Content of a hub card, if the project has a hub.
    pub hub_card: Option<String>,
}

/// A join by invitation, seen from the laptop that joins.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct JoinView {
    /// Random id of the waiting store on this disk.
    pub id: String,
    /// Title of the project.
    pub project: String,
    /// The invited person's display name.
    pub person: String,
    /// The invited role.
    pub role: Role,
    /// Digits that must be the same on the lead's screen; empty until the passphrase is set.
    pub compare_code: String,
    /// Where it stands.
    pub state: JoinState,
}

/// Where a join stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum JoinState {
    /// The invitation was read; a passphrase is wanted.
    Passphrase,
    /// Sent; the lead compares the code.
    Waiting,
    /// Admitted: the store can be unlocked.
    Admitted,
}

// ---- the desk ------------------------------------------------------------------------------------------------------

/// The page after unlocking, and the frame around every page.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HomeView {
    /// Title of the project.
    pub project: String,
    /// Whether this is a practice project: said on each page.
    pub practice: bool,
    /// Who is at the desk.
    pub person: String,
    /// Group in the team, may be empty.
    pub group: String,
    /// Role, which decides the tabs.
    pub role: Role,
    /// Name of this laptop.
    pub device: String,
    /// Today's date on this laptop, `YYYY-MM-DD`.
    pub today: String,
    /// Forms that can be begun.
    pub forms: Vec<FormCard>,
    /// Sites that an interview can belong to.
    pub sites: Vec<SiteCard>,
    /// Interviews and open assignments, grouped by site, in the order to show.
    pub places: Vec<PlaceView>,
    /// What waits to be sent.
    pub outbox: Outbox,
    /// Conflicts that wait for a person; the lead's badge.
    pub conflicts: u32,
    /// Team members who wait for confirmation; the lead's badge.
    pub join_requests: u32,
}

/// A form in use.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FormCard {
    /// `form_id` of the workbook.
    pub id: String,
    /// Version text of the workbook.
    pub version: String,
    /// Title in the asked language.
    pub title: String,
    /// Languages of the form, the default first.
    pub languages: Vec<String>,
    /// Number of questions.
    pub questions: u32,
}

/// A site: county, township, school or class.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SiteCard {
    /// Random id.
    pub id: String,
    /// Full name down from the county, in the asked language.
    pub name: String,
}

/// The rows of one site on the lists.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PlaceView {
    /// Id of the site; empty for rows without one.
    pub site: String,
    /// Name of the site; empty for rows without one.
    pub name: String,
    /// Rows.
    pub rows: Vec<InterviewCard>,
    /// How many of the rows are finalised or approved.
    pub done: u32,
}

/// One row: an interview, or an assignment nobody has begun.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct InterviewCard {
    /// Id of the interview record; for an open assignment, of the assignment.
    pub id: String,
    /// Whether this is an assignment not begun.
    pub assigned: bool,
    /// Code of the respondent, e.g. 217.
    pub code: String,
    /// Display name of the respondent.
    pub name: String,
    /// Title of the form.
    pub form: String,
    /// `form_id`.
    pub form_id: String,
    /// Site name, for lists across sites.
    pub site: String,
    /// Who interviews.
    pub interviewer: String,
    /// State.
    pub state: InterviewState,
    /// Number of the question where it stopped, e.g. B4; empty if none.
    pub stopped_at: String,
    /// Questions answered.
    pub answered: u32,
    /// Questions asked of this respondent.
    pub total: u32,
    /// Open conflicts in it.
    pub conflicts: u32,
    /// Last change.
    pub changed: Option<String>,
    /// Whether the hub's receipt for its newest entry was checked.
    pub on_hub: bool,
    /// The reason given when it was sent back; empty otherwise.
    pub sent_back_reason: String,
}

/// State of an interview.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum InterviewState {
    /// Assigned, not begun.
    Open,
    /// Begun.
    Draft,
    /// Finalised by the interviewer.
    Finalised,
    /// Opened again for a correction.
    Correcting,
    /// Sent back by a lead.
    SentBack,
    /// Approved by a lead.
    Approved,
}

/// What waits to be sent.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Outbox {
    /// Entries without a receipt.
    pub entries: u32,
    /// Interviews among them.
    pub interviews: u32,
    /// Bytes of them, in KiB, rounded up.
    pub kib: u32,
}

/// What is said to begin an interview.
#[derive(Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NewInterview {
    /// `form_id`.
    pub form: String,
    /// Assignment it fulfils; code, name and site then come from there.
    pub assignment: Option<String>,
    /// Code of the respondent, e.g. 217.
    pub code: String,
    /// Display name of the respondent, may be empty.
    pub name: String,
    /// Id of the site, may be empty.
    pub site: String,
}

// ---- an interview --------------------------------------------------------------------------------------------------

/// An open interview: frame, tree and current page.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct InterviewView {
    /// Id of the interview record.
    pub id: String,
    /// Title of the form in the form's language.
    pub form: String,
    /// Code of the respondent.
    pub code: String,
    /// Display name of the respondent.
    pub name: String,
    /// Site name.
    pub site: String,
    /// State.
    pub state: InterviewState,
    /// Languages of the form by name, the default first.
    pub languages: Vec<Language>,
    /// Index into `languages` of the one shown.
    pub language: u32,
    /// Case tree.
    pub tree: Vec<TreePart>,
    /// Page shown.
    pub page: PageView,
    /// Counts and marks of the bottom bar.
    pub status: StatusView,
}

/// A language of a form.
#[derive(Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Language {
    /// As the workbook names it, e.g. `中文 (zh)`.
    pub name: String,
    /// BCP 47 code for the `lang` attribute, e.g. `zh`; empty if the workbook gives none.
    pub code: String,
}

/// What the bottom bar says.
#[derive(Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct StatusView {
    /// When the last answer reached the disk; none before the first.
    pub saved: Option<String>,
    /// Questions answered.
    pub answered: u32,
    /// Questions asked of this respondent.
    pub total: u32,
    /// Answers that must be put right.
    pub problems: u32,
}

/// State of a part of the case tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum PartState {
    /// Nothing answered.
    Empty,
    /// Some answered.
    Started,
    /// All that is asked is answered.
    Complete,
    /// Something must be put right.
    Problem,
    /// Not asked of this respondent.
    NotApplicable,
}

/// A section or a page in the case tree.
#[derive(Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TreePart {
    /// Stable key; for a page, the key to go to.
    pub key: String,
    /// 0 section, 1 page, 2 row of a repeat.
    pub depth: u32,
    /// Short title.
    pub title: String,
    /// Short answer, or empty.
    pub summary: String,
    /// Questions answered in it.
    pub answered: u32,
    /// Questions asked in it.
    pub total: u32,
    /// Problems in it.
    pub problems: u32,
    /// State.
    pub state: PartState,
    /// Whether a note is attached to a question in it.
    pub noted: bool,
    /// Whether the current page is this one (or, for a section, in it).
    pub current: bool,
}

/// One page of an interview.
#[derive(Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PageView {
    /// Stable key of the page.
    pub key: String,
    /// Kind.
    pub kind: PageKind,
    /// Title of the section, for the crumb.
    pub section: String,
    /// Place among the section's pages that apply, from 1.
    pub number: u32,
    /// How many pages of the section apply.
    pub of: u32,
    /// Heading: the group's label for a group or a repeat; empty for a single question (its label is the heading).
    pub title: String,
    /// Questions and notes, in order; for a repeat, those of all rows (see `rows`).
    pub items: Vec<Item>,
    /// Rows of a repeat page.
    pub rows: Vec<RowView>,
    /// Path of the repeat on a repeat page; empty otherwise.
    pub repeat: String,
    /// Whether rows may be added and removed.
    pub rows_open: bool,
    /// Field that should have the focus; empty for the first.
    pub focus: String,
    /// Whether there is a page before.
    pub has_back: bool,
    /// The summary, on the last page.
    pub completion: Option<Completion>,
}

/// Kind of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum PageKind {
    /// One question.
    Question,
    /// A group shown together.
    Group,
    /// Rows of a repeat, as a roster.
    Repeat,
    /// Check and finalise.
    Completion,
}

/// A row of a repeat.
#[derive(Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RowView {
    /// Path of the row.
    pub path: String,
    /// Place from 1.
    pub number: u32,
    /// Short text that names it, e.g. the first answer.
    pub title: String,
    /// State.
    pub state: PartState,
    /// Fields of the row, in column order; refer to `items`.
    pub fields: Vec<String>,
    /// Whether a person may remove it.
    pub removable: bool,
}

/// A question or a note.
#[derive(Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Item {
    /// Path of the node: the key for answers.
    pub field: String,
    /// Number at the head of the label, e.g. `B4`, or empty.
    pub number: String,
    /// Label in the shown language, without the number; plain text, may hold line breaks.
    pub label: String,
    /// Hint for the interviewer, or empty.
    pub hint: String,
    /// The label in the other language, for a peek; empty if there is none.
    pub peek: String,
    /// Code of the peek's language for the `lang` attribute.
    pub peek_lang: String,
    /// How it is answered.
    pub control: Control,
    /// Value in its lexical form; select-multiple separated by spaces; empty if blank.
    pub value: String,
    /// Value as a person reads it in the shown language.
    pub display: String,
    /// Whether it applies now. Items that do not are sent in repeats only, so that columns stay.
    pub relevant: bool,
    /// Whether an answer is wanted before finalising.
    pub required: bool,
    /// Whether it cannot be changed.
    pub readonly: bool,
    /// What is wrong with the value, to be said once it was touched.
    pub problem: Option<Problem>,
    /// Interviewer's note on it, or empty.
    pub note: String,
}

/// What is wrong with an answer.
#[derive(Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// Key of the catalogue: `problem-<code>`; used when the form gives no message.
    pub code: String,
    /// The form's own message in the shown language; empty if it gives none.
    pub message: String,
    /// Arguments for the catalogue.
    pub args: Args,
}

/// How a question is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Control {
    /// Words; `multiline` takes a text area.
    Text {
        /// Several lines.
        multiline: bool,
    },
    /// A whole number.
    Integer,
    /// A number.
    Decimal,
    /// A date.
    Date,
    /// A time of day.
    Time,
    /// A date and a time of day.
    DateTime,
    /// One of the options.
    SelectOne {
        /// Options now available.
        options: Vec<Choice>,
        /// Whether to find by typing (long or minimal lists).
        search: bool,
    },
    /// Some of the options.
    SelectMany {
        /// Options now available.
        options: Vec<Choice>,
        /// Whether to find by typing.
        search: bool,
    },
    /// Text to read, nothing to answer.
    Note,
    /// A tick that it was read or done.
    Acknowledge,
    /// A value that the form computed, shown only.
    Shown,
    /// A kind that this version cannot ask; the interviewer goes on.
    Unsupported {
        /// The form's name for it.
        what: String,
    },
}

/// An option of a select.
#[derive(Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Choice {
    /// Name in the data.
    pub value: String,
    /// Label in the shown language.
    pub label: String,
    /// Label in the other language, or empty: searched too.
    pub peek: String,
}

/// An answer from the screen.
#[derive(Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AnswerInput {
    /// Path of the node.
    pub field: String,
    /// As typed or chosen; empty clears.
    pub value: String,
}

/// What came of an answer, a new row, a removed row: everything of the current page and the tree that changed.
/// It is sent only after the change is durable.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// Items of the current page that changed or appeared, whole.
    pub items: Vec<Item>,
    /// The page's item order now, when it changed.
    pub order: Option<Vec<String>>,
    /// The rows now, when they changed.
    pub rows: Option<Vec<RowView>>,
    /// Tree parts that changed, whole; a part that is new comes with `tree_order`.
    pub tree: Vec<TreePart>,
    /// Keys of the tree in order, when it changed.
    pub tree_order: Option<Vec<String>>,
    /// Bottom bar now.
    pub status: StatusView,
    /// The summary, when the completion page is shown.
    pub completion: Option<Completion>,
}

/// Where to go.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(tag = "to", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Move {
    /// Next page; refused with `must-fix` while the page has a hard problem.
    Next,
    /// Page before.
    Back,
    /// Next unanswered or invalid question.
    NextOpen,
    /// A page of the tree.
    Page {
        /// Key of the page.
        key: String,
    },
    /// The page that holds a field.
    Field {
        /// Path of the node.
        field: String,
    },
    /// The summary.
    Completion,
}

/// The error summary.
#[derive(Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Completion {
    /// Must be put right before finalising.
    pub wrong: Vec<CompletionLine>,
    /// Not answered yet though asked; those that are required are in `wrong`.
    pub unanswered: Vec<CompletionLine>,
    /// Notes.
    pub notes: Vec<CompletionLine>,
    /// Whether it can be finalised now.
    pub ready: bool,
}

/// A line of the error summary.
#[derive(Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CompletionLine {
    /// Field to jump to.
    pub field: String,
    /// Number of its row in a roster, from 1; 0 outside rosters.
    pub row: u32,
    /// Number, e.g. C2.2.
    pub number: String,
    /// Label of the question; for a note, the note.
    pub label: String,
    /// What is wrong, in the same words as beside the field.
    pub problem: Option<Problem>,
    /// The value as a person reads it.
    pub display: String,
}

/// A hit of "find question".
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Hit {
    /// Field to jump to.
    pub field: String,
    /// Number.
    pub number: String,
    /// Label.
    pub label: String,
    /// Whether it applies now.
    pub relevant: bool,
}

// ---- lead ----------------------------------------------------------------------------------------------------------

/// An open conflict in the list.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ConflictView {
    /// Key of this conflict: record and field.
    pub key: String,
    /// Id of the interview.
    pub record: String,
    /// Field.
    pub field: String,
    /// Code and name of the respondent.
    pub code: String,
    /// Display name of the respondent.
    pub name: String,
    /// Form title.
    pub form: String,
    /// Site name.
    pub site: String,
    /// Number of the question.
    pub number: String,
    /// Label of the question.
    pub label: String,
    /// The answer that all sides knew; empty if none.
    pub base: Option<WriteView>,
    /// The answers, in order of their (untrusted) times.
    pub sides: Vec<WriteView>,
    /// All writes of this field in order.
    pub history: Vec<WriteView>,
    /// How a new answer would be given ("neither").
    pub control: Control,
}

/// One write of a field.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WriteView {
    /// Hash of the entry, hex: names the write.
    pub entry: String,
    /// Lexical value; empty if cleared.
    pub value: String,
    /// As a person reads it.
    pub display: String,
    /// Who.
    pub author: String,
    /// On which laptop.
    pub device: String,
    /// When, by that laptop's clock.
    pub at: String,
    /// Note on it, or empty.
    pub note: String,
    /// Whether it is a decision, and its reason.
    pub reason: String,
}

/// A decision from the screen.
#[derive(Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DecisionInput {
    /// Id of the interview.
    pub record: String,
    /// Field.
    pub field: String,
    /// Value that shall stand, in its lexical form.
    pub value: String,
    /// Entries whose writes were seen, hex.
    pub names: Vec<String>,
    /// Why; required.
    pub reason: String,
}

/// The lead's team page.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TeamView {
    /// Members.
    pub members: Vec<MemberCard>,
    /// Who asks to join.
    pub requests: Vec<JoinRequestView>,
    /// Invitations nobody has used yet.
    pub invited: Vec<InvitedView>,
}

/// A team member.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MemberCard {
    /// Person id.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Group.
    pub group: String,
    /// Role.
    pub role: Role,
    /// Laptops.
    pub devices: Vec<String>,
    /// Interviews begun.
    pub interviews: u32,
    /// Finalised or approved.
    pub finalised: u32,
}

/// Someone who asks to join.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct JoinRequestView {
    /// Id of the invitation.
    pub id: String,
    /// Invited name.
    pub name: String,
    /// Laptop.
    pub device: String,
    /// Role.
    pub role: Role,
    /// Digits to compare.
    pub compare_code: String,
}

/// An invitation nobody has used.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct InvitedView {
    /// Id of the invitation.
    pub id: String,
    /// Invited name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Group.
    pub group: String,
}

// ---- sync and export -----------------------------------------------------------------------------------------------

/// The sync page.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SyncView {
    /// Address of the hub; empty if the project has none.
    pub hub: String,
    /// What waits.
    pub outbox: Outbox,
    /// Each laptop's chain.
    pub chains: Vec<ChainView>,
    /// Receipts, newest first.
    pub receipts: Vec<ReceiptView>,
    /// Entries set aside, with the reason's code.
    pub set_aside: Vec<SetAsideView>,
}

/// What this laptop has of one chain.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ChainView {
    /// Who and which laptop.
    pub owner: String,
    /// Whether it is this laptop's.
    pub own: bool,
    /// Newest entry here.
    pub here: u32,
    /// Newest entry with a checked receipt.
    pub received: u32,
    /// Whether two entries stand in one slot.
    pub forked: bool,
}

/// A run of receipts.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReceiptView {
    /// First entry.
    pub from: u32,
    /// Last entry.
    pub to: u32,
    /// When this laptop checked them.
    pub at: String,
}

/// Something set aside.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SetAsideView {
    /// Whose chain.
    pub owner: String,
    /// Code of the reason: `set-aside-<code>`.
    pub code: String,
    /// How many entries.
    pub entries: u32,
}

/// What a sync did.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SyncReport {
    /// Entries sent.
    pub sent: u32,
    /// Entries received.
    pub received: u32,
    /// Receipts checked.
    pub receipts: u32,
    /// Conflicts now open.
    pub conflicts: u32,
    /// The page now.
    pub view: SyncView,
}

/// What an export wrote.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ExportReport {
    /// Folder.
    pub folder: String,
    /// Files with their row counts.
    pub files: Vec<ExportFile>,
}

/// One file of an export.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ExportFile {
    /// Name in the folder.
    pub name: String,
    /// Rows without the head.
    pub rows: u32,
}

/// Choices of an export.
#[derive(Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ExportInput {
    /// `form_id`.
    pub form: String,
    /// Whether to write labels instead of names.
    pub labels: bool,
    /// Whether names of respondents are written; off by default.
    pub names: bool,
}

/// Result of checking a workbook.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FormCheck {
    /// Name of the file.
    pub file: String,
    /// Whether it can be used.
    pub usable: bool,
    /// Title.
    pub title: String,
    /// Number of questions.
    pub questions: u32,
    /// Problems, worst first.
    pub problems: Vec<FormProblem>,
}

/// A problem of a workbook.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FormProblem {
    /// Whether the form cannot be used with it.
    pub error: bool,
    /// Key of the catalogue: `form-<code>`.
    pub code: String,
    /// Sheet.
    pub sheet: String,
    /// Row from 1; 0 if none.
    pub row: u32,
    /// Column heading or letter; empty if none.
    pub column: String,
    /// Arguments.
    pub args: Args,
    /// English text, for a code the catalogue does not know.
    pub detail: String,
}
