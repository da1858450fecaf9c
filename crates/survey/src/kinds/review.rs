use super::words::words;
use crate::{Field, Private};
use serde::{Deserialize, Serialize};
use tianye_journal::EntryHash;

words! {
    /// What the lead says of an interview.
    Verdict {
        /// Back to the interviewer, to be mended.
        SentBack = "sent-back",
        /// Good as it is.
        Approved = "approved",
    }
}

/// A remark on one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// The field it is about.
    pub field: Field,
    /// What is to be done.
    pub text: Private,
}

/// Kind 13: the lead's word on an interview, in that interview's record. It is about what its parents show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// The verdict.
    pub verdict: Verdict,
    /// Why; never empty when sent back.
    #[serde(default)]
    pub reason: Private,
    /// Entries that others name and that were not on this laptop when this was written. Its answers say nothing about
    /// theirs, though they stand in its past.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unseen: Vec<EntryHash>,
    /// Remarks on fields.
    #[serde(default)]
    pub remarks: Vec<Remark>,
}

impl Review {
    /// A verdict with its reason.
    pub fn new(verdict: Verdict, reason: impl Into<Private>) -> Self {
        Self { verdict, reason: reason.into(), unseen: Vec::new(), remarks: Vec::new() }
    }
}
