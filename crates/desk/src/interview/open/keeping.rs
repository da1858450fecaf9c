//! Where an open interview keeps what it changes, and where it stopped.

use serde::{Deserialize, Serialize};
use tianye_journal::RecordId;
use tianye_survey::Attachment;

use crate::interview::page::{COMPLETION, Place};
use crate::interview::remarks::Kept;
use crate::refusal::Result;

/// Where an open interview keeps its changes. When a call returns, they are durable.
pub trait Keep {
    /// Keeps the values that an act wrote, with their files and what is remarked on them.
    ///
    /// # Errors
    /// The store's refusal; nothing of the call was kept then.
    fn keep(&self, record: RecordId, kept: &[(String, Kept)]) -> Result<()>;
    /// As [`Keep::keep`], with a new file among them, whose chunks nothing named so far; the recording that it was made of
    /// ends in the same step.
    ///
    /// # Errors
    /// As [`Keep::keep`]; a chunk that is no longer there.
    fn keep_attached(
        &self,
        record: RecordId,
        kept: &[(String, Kept)],
        file: &Attachment,
        recording: Option<i64>,
    ) -> Result<()>;
    /// Whether all of a file is here.
    fn holds(&self, file: &Attachment) -> bool;
    /// Keeps a note; an empty one takes it away.
    ///
    /// # Errors
    /// As [`Keep::keep`].
    fn keep_note(&self, record: RecordId, field: &str, note: &str) -> Result<()>;
    /// Keeps where to go on.
    ///
    /// # Errors
    /// As [`Keep::keep`].
    fn keep_place(&self, record: RecordId, place: &Stop) -> Result<()>;
    /// Keeps the language on the screen.
    ///
    /// # Errors
    /// As [`Keep::keep`].
    fn keep_language(&self, record: RecordId, language: &str) -> Result<()>;
    /// Takes the last change back; gives its field, or none if there was nothing.
    ///
    /// # Errors
    /// As [`Keep::keep`].
    fn take_back(&self, record: RecordId) -> Result<Option<String>>;
    /// All fields as they stand, to build the session anew after a refusal.
    ///
    /// # Errors
    /// The store's refusal.
    fn fields(&self, record: RecordId) -> Result<Vec<(String, Kept)>>;
}

/// Where an interview stopped, and what the lists say of it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Stop {
    /// Key of the page; [`COMPLETION`] for the summary.
    pub key: String,
    /// Field with the focus.
    pub focus: String,
    /// Number of the question, e.g. `B4`.
    pub number: String,
    /// Questions answered.
    pub answered: u32,
    /// Questions asked of this respondent.
    pub total: u32,
}

impl Stop {
    /// The place it names.
    #[must_use]
    pub fn place(&self) -> Place {
        if self.key == COMPLETION {
            Place::Completion
        } else {
            Place::Page { key: self.key.clone(), focus: self.focus.clone() }
        }
    }
}
