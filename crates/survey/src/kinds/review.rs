use super::words::words;
use crate::{Field, Private};
use serde::{Deserialize, Serialize};

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
    /// Remarks on fields.
    #[serde(default)]
    pub remarks: Vec<Remark>,
}
