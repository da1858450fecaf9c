//! An open interview: frame, case tree, page, question, summary.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{ApartLine, Args, Block, Control, InterviewState, MediaFile, Unfinished, VersionsView, quiet};

quiet!(
    InterviewView,
    Language,
    StatusView,
    TreePart,
    PageView,
    RowView,
    Item,
    Problem,
    Doubt,
    AnswerInput,
    Step,
    Completion,
    CompletionLine,
    EntityCount,
    Hit,
);

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
    /// Who answers about a child, by code and name; empty where the respondent does.
    pub answered_by: String,
    /// Whether it was made for practice, in a project that has begun since: it counts for nothing.
    pub practice: bool,
    /// State.
    pub state: InterviewState,
    /// Whether a form is only tried: nothing is stored.
    pub trial: bool,
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
    /// Versions of the form.
    pub versions: VersionsView,
    /// Answers of the record that have no place in this version, or do not count in it.
    pub apart: Vec<ApartLine>,
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
    /// Fields whose answers carry risk, as the form says it: the sheet for what a child tells of harm is shown once for each.
    pub risks: Vec<String>,
    /// Sound that the form wishes while the interview is open.
    pub sound: Option<SoundWish>,
}

/// Sound that the form wishes in the background (`background-audio`, `odk:recordaudio`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SoundWish {
    /// Path of the node that is to hold it.
    pub field: String,
    /// Bits a second; 0 for what the program usually takes.
    pub bits: u32,
    /// How far it is.
    pub state: SoundState,
    /// A recording of it that was cut off and is no answer yet.
    pub unfinished: Option<Unfinished>,
    /// Why nothing may be recorded: what consent comes to, as a code; empty where it may.
    pub withheld: String,
}

/// How far sound in the background is. Whether it is being recorded now, the screen knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum SoundState {
    /// The form wishes it; nobody was asked yet in this sitting, or those in the room agreed.
    Wished,
    /// Not in this sitting.
    Declined,
    /// There is a recording.
    Kept,
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
    /// A page that stands in no section, or in one without a title: it always shows.
    pub loose: bool,
    /// Short title.
    pub title: String,
    /// Short answer, or empty.
    pub summary: String,
    /// The non-answer of a page with one question.
    pub non_answer: Option<NonAnswer>,
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
    /// Columns of the page, for a form with the style `theme-grid`; 0 where questions stand below one another.
    pub columns: u32,
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
    /// Label in the shown language, without the number and without markup; may hold line breaks.
    pub label: String,
    /// The label with its weight, colour, headings and lists; empty if it has none of these.
    pub label_words: Vec<Block>,
    /// Hint for the interviewer without markup, or empty.
    pub hint: String,
    /// The hint with its weight, colour and lists; empty if it has none of these.
    pub hint_words: Vec<Block>,
    /// Longer guidance for the interviewer, for the help rail; empty if there is none.
    pub guidance: Vec<Block>,
    /// Pictures, sound and film of the label.
    pub media: Vec<MediaFile>,
    /// What the form asks for and a laptop does in another way: keys of the catalogue, `notice-<code>`.
    pub notices: Vec<String>,
    /// Width on a page with columns, in columns; 0 for the whole width.
    pub width: u32,
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
    /// What a soft check asks about the value. It never hinders.
    pub doubt: Option<Doubt>,
    /// Its answer carries risk, as the form says it. No score says how much.
    pub risk: bool,
    /// Non-answers that it takes.
    pub non_answers: Vec<NonAnswer>,
    /// The non-answer given; the value is empty then.
    pub non_answer: Option<NonAnswer>,
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

/// What a soft check asks about an answer.
#[derive(Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Doubt {
    /// The form's own message in the shown language; empty if it gives none.
    pub message: String,
    /// The reason for which the answer was confirmed; empty if it was not.
    pub confirmed: String,
}

/// A declared non-answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum NonAnswer {
    /// Does not know.
    DontKnow,
    /// Does not want to say.
    Refused,
}

impl From<tianye_xform::NonAnswer> for NonAnswer {
    fn from(non_answer: tianye_xform::NonAnswer) -> Self {
        match non_answer {
            tianye_xform::NonAnswer::DontKnow => Self::DontKnow,
            tianye_xform::NonAnswer::Refused => Self::Refused,
        }
    }
}

impl From<NonAnswer> for tianye_xform::NonAnswer {
    fn from(non_answer: NonAnswer) -> Self {
        match non_answer {
            NonAnswer::DontKnow => Self::DontKnow,
            NonAnswer::Refused => Self::Refused,
        }
    }
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
    /// To be looked at again: soft checks that nobody confirmed, questions left too soon. They never hinder.
    pub doubts: Vec<CompletionLine>,
    /// Not answered yet though asked; those that are required are in `wrong`.
    pub unanswered: Vec<CompletionLine>,
    /// Questions that this version cannot ask: told, but no hindrance.
    pub not_asked: Vec<CompletionLine>,
    /// Notes.
    pub notes: Vec<CompletionLine>,
    /// Why it is corrected, where the form asks for it before it is finalised again: blank until it is said.
    pub reason: Option<String>,
    /// What it adds to lists or changes there once it is finalised.
    pub entities: Vec<EntityCount>,
    /// Whether it can be finalised now.
    pub ready: bool,
}

/// What an interview makes of the entities of a list.
#[derive(Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct EntityCount {
    /// The list.
    pub list: String,
    /// How many it creates.
    pub created: u32,
    /// How many it updates.
    pub updated: u32,
    /// How many of those two laptops had changed differently: what this one says now holds.
    pub torn: u32,
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
