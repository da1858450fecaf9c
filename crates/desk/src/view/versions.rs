//! Versions of a form: what a newer one would do to a draft, and answers that have no place in the one shown.

use serde::Serialize;
use specta::Type;

use super::{NonAnswer, quiet};

quiet!(VersionsView, MoveView, MovedLine, AddedLine, ApartLine);

/// What is known of versions beside an open interview.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct VersionsView {
    /// The author's name of the version shown; may be empty.
    pub version: String,
    /// The newer one that is here, and whether there is one: its name may be empty.
    pub newer: Option<String>,
    /// The version that it was moved from, as long as that can be taken back.
    pub moved_from: Option<String>,
}

/// What would become of a draft's answers in a newer version.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MoveView {
    /// Id of the interview record.
    pub id: String,
    /// Title of the form.
    pub form: String,
    /// Code of the respondent.
    pub code: String,
    /// Display name of the respondent.
    pub name: String,
    /// The author's name of its version.
    pub from: String,
    /// The author's name of the newer one.
    pub to: String,
    /// Answers in all.
    pub count: u32,
    /// Answers that stay as they are.
    pub kept: u32,
    /// The others, those that need a person first.
    pub lines: Vec<MovedLine>,
    /// Questions that are new and asked of this respondent.
    pub added: Vec<AddedLine>,
}

/// What becomes of an answer that does not stay as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum MovedFate {
    /// It has no place; it stays in the record.
    Dropped,
    /// It is kept, and the new version finds fault with it.
    Invalid,
    /// It is kept, and the question is not asked.
    NotAsked,
    /// It is kept and written differently.
    Recoded,
    /// Its question is called differently or stands elsewhere.
    Renamed,
}

/// One answer and what becomes of it.
#[derive(Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MovedLine {
    /// What becomes of it.
    pub fate: MovedFate,
    /// Why it has no place: `leftover-…`; empty otherwise.
    pub reason: String,
    /// Number of the question in the version it is in.
    pub number: String,
    /// Its label there.
    pub label: String,
    /// The answer as a person reads it.
    pub value: String,
    /// The non-answer that stands there instead.
    pub non_answer: Option<NonAnswer>,
    /// Number of the question in the newer version.
    pub new_number: String,
    /// Its label there; empty where it has no place.
    pub new_label: String,
    /// The answer there.
    pub new_value: String,
    /// Other choices of the question that are the same one there: afterwards nobody can tell them apart.
    pub together: Vec<String>,
    /// The answer is a file, which an export with files still writes.
    pub file: bool,
}

/// A question that the newer version asks and the other does not have.
#[derive(Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AddedLine {
    /// Its number.
    pub number: String,
    /// Its label.
    pub label: String,
    /// Whether it must be answered.
    pub required: bool,
}

/// An answer of the record that has no place in the version shown, or does not count there.
#[derive(Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ApartLine {
    /// Its address.
    pub field: String,
    /// Why: `recheck-…`.
    pub reason: String,
    /// The author's name of the version that it was given under; empty if it is the one shown or not known.
    pub version: String,
    /// Number of its question there.
    pub number: String,
    /// Label of its question there, or its address.
    pub label: String,
    /// The answer as a person reads it.
    pub value: String,
    /// The non-answer that stands there instead.
    pub non_answer: Option<NonAnswer>,
}
