//! What is kept of a record in the store, so that unlocking need not fold it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tianye_survey::{KeptCard, Subject, Tie, Told};

use super::NoRight;
use crate::book::Brief;

/// What the book holds of an interview.
#[derive(Serialize, Deserialize)]
pub(super) struct Interview {
    pub(super) brief: Brief,
    /// What it says of entities, if it does.
    pub(super) told: Option<Told>,
    pub(super) told_before: bool,
    pub(super) mixed: bool,
    pub(super) formless: bool,
}

/// What is kept of a record.
#[derive(Deserialize)]
pub(super) enum Summary {
    Interview(Box<Interview>),
    Erased(Told),
    Subject(KeptCard<Subject>),
    Tie(KeptCard<Tie>),
    /// A respondent or a tie with conflicts: to be folded from the entries.
    Whole,
    /// More than one of these, which an honest program does not write: to be folded at each unlocking.
    Several,
    /// Anything else.
    Elsewhere,
}

/// The same, to be written down.
#[derive(Serialize)]
#[serde(rename = "Summary")]
pub(super) enum SummaryOf<'a> {
    Interview(&'a Interview),
    Erased(&'a Told),
    Subject(&'a KeptCard<Subject>),
    Tie(&'a KeptCard<Tie>),
    Whole,
    Several,
    Elsewhere,
}

impl SummaryOf<'_> {
    /// None where it cannot be written: then it is made at each unlocking.
    pub(super) fn bytes(&self, no_right: &NoRight) -> Option<Vec<u8>> {
        serde_json::to_vec(&KeptOf { of: self, no_right }).ok()
    }
}

/// A summary with what of the record nobody had a right to write.
#[derive(Deserialize)]
pub(super) struct Kept {
    pub(super) of: Summary,
    #[serde(default)]
    pub(super) no_right: NoRight,
}

impl Kept {
    /// Reads what [`SummaryOf::bytes`] wrote.
    pub(super) fn from_bytes(bytes: &[u8]) -> serde_json::Result<Self> {
        serde_json::from_slice(bytes)
    }
}

/// The same, to be written down.
#[derive(Serialize)]
#[serde(rename = "Kept")]
struct KeptOf<'a> {
    of: &'a SummaryOf<'a>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    no_right: &'a NoRight,
}
