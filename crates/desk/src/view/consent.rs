//! Consent: the sheet that is read with a family, what was said, the checklist before a real project, and what is to go.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{FileCard, quiet};

quiet!(
    ConsentSheet,
    ConsentPurpose,
    ConsentCard,
    ConsentWord,
    EvidenceCard,
    ConsentInput,
    WithdrawInput,
    ConsentText,
    TextPurpose,
    BothWords,
    Checklist,
    ChecklistInput,
    NotedView,
    RetentionView,
    DueView,
);

/// What is read with a respondent's family, and what was said so far.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ConsentSheet {
    /// Id of the respondent.
    pub person: String,
    /// Code.
    pub code: String,
    /// Display name.
    pub name: String,
    /// Whose consent is needed: `guardian-and-child`, `guardian-and-own`, `own` or `members`.
    pub speaks: String,
    /// Whether nothing is done without consent in this project.
    pub asked: bool,
    /// Whether an entrusted carer's word is enough in this project.
    pub carers: bool,
    /// What the activity is called; empty where the project has no text yet, and the words are the program's own.
    pub activity: String,
    /// The version of the text: the first eight digits; empty as above.
    pub version: String,
    /// How many minutes the form takes, as it says; 0 where it says nothing, or there is none.
    pub minutes: u32,
    /// What is said first, to the guardian or to an adult about themselves.
    pub opening: String,
    /// What is said to the child first.
    pub child: String,
    /// What is said at the end.
    pub closing: String,
    /// What is asked for, in the order in which it is asked.
    pub purposes: Vec<ConsentPurpose>,
    /// What was said by whom.
    pub cards: Vec<ConsentCard>,
}

/// One purpose, and how it stands.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ConsentPurpose {
    /// Which: `questionnaire`, `audio`, …
    pub purpose: String,
    /// What the guardian is asked about the child, or an adult about themselves.
    pub text: String,
    /// What the child is asked.
    pub child: String,
    /// How it stands: `consent-complete`, `consent-child-not-asked`, …
    pub standing: String,
    /// Whether it may be done now.
    pub may: bool,
    /// Whether the form that is to be filled needs it.
    pub needed: bool,
}

/// What one person said.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ConsentCard {
    /// Id of the card, to write on it again.
    pub id: String,
    /// In what capacity: `legal-guardian`, `entrusted-carer`, `own`, `school`, `unknown`.
    pub standing: String,
    /// Who.
    pub name: String,
    /// Relation to the respondent.
    pub relation: String,
    /// Who of the team wrote it down last.
    pub asked_by: String,
    /// What was said to each purpose.
    pub words: Vec<ConsentWord>,
    /// Everything was taken back.
    pub withdrawn: bool,
    /// How: `paper`, `oral`, `recorded-call`, `video`; may be empty.
    pub how: String,
    /// Day, `YYYY-MM-DD`; may be empty.
    pub on: String,
    /// Who heard it; may be empty.
    pub witness: String,
    /// A remark; may be empty.
    pub note: String,
    /// The version of the text that was read: eight digits, or what is printed on a sheet; may be empty.
    pub version: String,
    /// Whether that version still holds.
    pub current: bool,
    /// Two laptops wrote different things on it: a person must decide.
    pub disputed: bool,
    /// Whether this person may look at what shows it.
    pub may_see: bool,
    /// What shows it.
    pub evidence: Vec<EvidenceCard>,
}

/// A word to a purpose.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ConsentWord {
    /// Which purpose.
    pub purpose: String,
    /// `given`, `refused`, `not-yet` or `withdrawn`.
    pub said: String,
}

/// A file that shows what was said.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct EvidenceCard {
    /// `signature`, `paper` or `recording`.
    pub kind: String,
    /// The file.
    pub file: FileCard,
}

/// What somebody says.
#[derive(Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ConsentInput {
    /// Id of the respondent.
    pub person: String,
    /// In what capacity: `legal-guardian`, `entrusted-carer`, `own`, `school`, `unknown`.
    pub standing: String,
    /// Who; empty with `own`.
    pub name: String,
    /// Relation to the respondent; empty with `own`.
    pub relation: String,
    /// How: `paper`, `oral`, `recorded-call`, `video`.
    pub how: String,
    /// Day, `YYYY-MM-DD`; empty for today.
    pub on: String,
    /// Who heard it; may be empty.
    pub witness: String,
    /// A remark; may be empty.
    pub note: String,
    /// What was said to each purpose that was asked for.
    pub words: Vec<ConsentWord>,
}

/// What somebody takes back.
#[derive(Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WithdrawInput {
    /// Id of the respondent.
    pub person: String,
    /// In what capacity.
    pub standing: String,
    /// Who; empty with `own`.
    pub name: String,
    /// Relation; empty with `own`.
    pub relation: String,
    /// Which purposes; none for everything.
    pub purposes: Vec<String>,
    /// A remark; may be empty. No reason is asked for.
    pub note: String,
}

/// What became of a withdrawal.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Withdrawn {
    /// Interviews that were erased here, or answers of them.
    pub erased: u32,
    /// Interviews that a lead's laptop has to erase: others wrote them. They are out of use here already.
    pub waiting: u32,
}

/// A text in both languages.
#[derive(Clone, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BothWords {
    /// Chinese.
    pub zh: String,
    /// English; may be empty.
    pub en: String,
}

/// The text for families, as a lead edits it.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ConsentText {
    /// The version: the first eight digits; empty for the program's own text, which nobody has taken over yet.
    pub version: String,
    /// What the activity is called.
    pub activity: BothWords,
    /// What is said first.
    pub opening: BothWords,
    /// What is asked for.
    pub purposes: Vec<TextPurpose>,
    /// What is said to the child first.
    pub child: BothWords,
    /// What is said first to those of 14 to 17; empty: as to a child.
    pub youth: BothWords,
    /// What is said first to an adult about themselves; empty: the opening.
    pub adult: BothWords,
    /// What is said at the end.
    pub closing: BothWords,
}

/// One purpose of the text.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TextPurpose {
    /// Which.
    pub purpose: String,
    /// What the guardian is asked about the child.
    pub text: BothWords,
    /// What an adult is asked about themselves; empty: what guardians are asked.
    pub own: BothWords,
    /// What the child is asked.
    pub child: BothWords,
}

/// The checklist before a real project begins.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Checklist {
    /// Whether the project has begun: it is no practice project by its card.
    pub begun: bool,
    /// Whether it is shown as one for practice.
    pub practice: bool,
    /// Whether nothing is done without consent.
    pub asked: bool,
    /// Interviews that were made for practice, as far as they can be read here: they stay so.
    pub practised: u32,
    /// The lines, in the order in which they are worked through.
    pub items: Vec<ChecklistItem>,
    /// What is noted on the project's card.
    pub noted: ChecklistInput,
}

/// A line of the checklist.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ChecklistItem {
    /// What: `purposes`, `texts`, `holders`, …
    pub what: String,
    /// Whether it is done.
    pub done: bool,
    /// The purposes for which it is not done.
    pub lacking: Vec<String>,
    /// How many there are, where some number is needed.
    pub count: u32,
}

/// What a lead notes before a real project begins.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ChecklistInput {
    /// Nothing is done without consent although the project is for practice.
    pub gate: bool,
    /// What the project asks for.
    pub purposes: Vec<String>,
    /// Until when is kept what was collected for a purpose.
    pub retention: Vec<RetentionView>,
    /// The ethics committee's approval.
    pub ethics: NotedView,
    /// The team was told the rules for passphrases.
    pub passphrases: NotedView,
    /// Recovery was tried once.
    pub recovery: NotedView,
    /// The ethics decision by which an entrusted carer's word is enough; empty: it is not.
    pub carers: NotedView,
}

/// Until when something is kept.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RetentionView {
    /// The purpose.
    pub purpose: String,
    /// The last day, `YYYY-MM-DD`.
    pub until: String,
}

/// Something that was decided or done outside the program; both empty if it was not.
#[derive(Clone, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NotedView {
    /// Day, `YYYY-MM-DD`.
    pub on: String,
    /// What.
    pub note: String,
}

/// An interview, or answers of it, or a respondent, that is to be erased.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DueView {
    /// The interview, or the respondent.
    pub record: String,
    /// Whether it is a respondent: the card, ties, consents with what shows them, assignments, and what is due of theirs.
    pub person: bool,
    /// Code of the respondent.
    pub code: String,
    /// Title of the form; empty for a respondent.
    pub form: String,
    /// Site.
    pub site: String,
    /// Why: `stopped`, `withdrawn`, `refused` or `retention`.
    pub why: String,
    /// For which purpose; of a respondent the one that ended last, or none where everything was taken back.
    pub purpose: String,
    /// Answers that go; none for the whole interview.
    pub fields: Vec<String>,
    /// Since when it is due, for retention.
    pub until: String,
}
