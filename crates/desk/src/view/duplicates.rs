//! The lead's page of duplicates.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{InterviewState, quiet};

quiet!(DuplicatesView, PairView, PairSide, PairRecord, PairRow, PairWord, PairInput);

/// What may be there twice, and what was said of it.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DuplicatesView {
    /// What a person should look at: what people say differently first, then candidates, the likeliest first.
    pub open: Vec<PairView>,
    /// What was linked, and what was told apart, for good; the last word first.
    pub judged: Vec<PairView>,
    /// Respondents who share a name with so many that each was compared with its nearest only.
    pub crowded: u32,
}

/// Two respondents, or two interviews.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PairView {
    /// Id of the pair.
    pub key: String,
    /// What the two are.
    pub of: PairOf,
    /// How it stands with them.
    pub state: PairState,
    /// Points for their being one, less those against.
    pub score: i32,
    /// Why, the weightiest first.
    pub reasons: Vec<PairReason>,
    /// The two.
    pub sides: Vec<PairSide>,
    /// What is known of the two, side by side.
    pub rows: Vec<PairRow>,
    /// What people said of them, in the order of the history.
    pub words: Vec<PairWord>,
    /// Of linked ones the record that leads; else empty.
    pub leading: String,
}

/// What two records are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum PairOf {
    /// Respondents' cards.
    Respondents,
    /// Interviews with one form.
    Interviews,
}

/// How it stands with a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum PairState {
    /// People say different things of it; until somebody decides the two are not linked.
    Disputed,
    /// Told apart, and yet linked through others.
    Contradicted,
    /// Proposed.
    Candidate,
    /// Linked.
    Linked,
    /// Told apart, for good.
    Apart,
}

/// A reason for or against.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PairReason {
    /// Key of the catalogue: `duplicate-<code>`.
    pub code: String,
    /// Points; below 0 against.
    pub points: i32,
}

/// One of the two.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PairSide {
    /// Id.
    pub record: String,
    /// Code of the respondent.
    pub code: String,
    /// Name of the respondent.
    pub name: String,
    /// School and class.
    pub site: String,
    /// Who wrote the card, or the interview, first.
    pub author: String,
    /// When, by that laptop's clock.
    pub at: String,
    /// The interviews with this respondent; of an interview itself.
    pub records: Vec<PairRecord>,
    /// Code and name of other cards that are linked with this one.
    pub linked: Vec<String>,
}

/// An interview with a respondent.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PairRecord {
    /// Id.
    pub id: String,
    /// Title of the form.
    pub form: String,
    /// How far it is.
    pub state: InterviewState,
    /// Answers that are not blank.
    pub answered: u32,
}

/// A line of the comparison.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PairRow {
    /// Key of the catalogue: `trait-<code>`.
    pub code: String,
    /// What each side says; empty if nothing.
    pub values: Vec<String>,
    /// How they compare: `same`, `differs`, `one-empty`, `both-empty`, or the code of a reason.
    pub mark: String,
}

/// What somebody said of a pair.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PairWord {
    /// Hash of the entry, hex.
    pub entry: String,
    /// What; none for a word of a later version.
    pub act: Option<PairAct>,
    /// Of linked ones the record that leads.
    pub leading: String,
    /// Why.
    pub reason: String,
    /// Who.
    pub author: String,
    /// On which laptop.
    pub device: String,
    /// When, by that laptop's clock.
    pub at: String,
    /// Whether it holds: no later word saw it.
    pub current: bool,
}

/// What can be said of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum PairAct {
    /// They are one.
    Linked,
    /// They are two, for good.
    Apart,
    /// Takes back what was said.
    Open,
}

/// A word from the screen.
#[derive(Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PairInput {
    /// The two records.
    pub records: Vec<String>,
    /// What they are.
    pub act: PairAct,
    /// Of linked ones the record that leads; else empty.
    pub leading: String,
    /// Why; required.
    pub reason: String,
    /// Entries of the current words that were seen, hex.
    pub names: Vec<String>,
}
