use super::FormHash;
use crate::{Answer, Conflict, Field, Private, Write};
use serde::{Deserialize, Serialize};
use tianye_journal::EntryHash;

/// Kind 9: a person's decision between writes, in the record where they stand.
///
/// The entry's parents are all heads of the record; `over` names the writes themselves. It can be revised like any other
/// write: by a decision that names it, or by one that takes it back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The field; a repeat row where it was edited here and removed there; for a card the JSON key.
    pub field: Field,
    /// What holds from now on: one of the writes, or something else.
    #[serde(default)]
    pub chosen: Answer,
    /// The entries whose writes it was decided between.
    pub over: Vec<EntryHash>,
    /// It decides nothing, and takes the decisions in `over` back: what they were decided between stands as it did before.
    /// `chosen` is then what they chose, so that a reader who does not know this word loses nothing.
    #[serde(default, skip_serializing_if = "is_not")]
    pub takes_back: bool,
    /// The version of the form under which the field was shown; none for a card, and in early entries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<FormHash>,
    /// Entries that others name and that were not on this laptop when this was written. Its answers say nothing about
    /// theirs, though they stand in its past.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unseen: Vec<EntryHash>,
    /// Why; never empty.
    pub reason: Private,
}

impl Decision {
    /// Between what stands in conflict.
    pub(crate) fn between(conflict: &Conflict, chosen: Answer, reason: impl Into<Private>) -> Self {
        let field = conflict.field.clone();
        Self { chosen, over: conflict.over(), ..Self::on(field, reason) }
    }

    /// Takes back what a decision wrote.
    pub(crate) fn taking_back(field: &Field, decided: &Write, reason: impl Into<Private>) -> Self {
        let (chosen, over) = (decided.answer.clone(), vec![decided.entry]);
        Self { chosen, over, takes_back: true, ..Self::on(field.clone(), reason) }
    }

    fn on(field: Field, reason: impl Into<Private>) -> Self {
        let (over, unseen) = (Vec::new(), Vec::new());
        Self { field, chosen: Answer::Blank, over, takes_back: false, form: None, unseen, reason: reason.into() }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_not(it: &bool) -> bool {
    !it
}
