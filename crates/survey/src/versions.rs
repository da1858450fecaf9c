//! An interview whose sittings stand under several versions of its form, read under one.
//!
//! Nothing is written when a form changes: entries stay as they are, and each is read as if its answers had been given
//! under the version asked for. So a rename is no loss, and two laptops on different versions write the same field.

use crate::kinds::{Confirmation, FormHash};
use crate::{Answer, Content, Field, Opened};
use std::collections::BTreeSet;
use tianye_journal::EntryHash;

/// The form versions of all sittings.
pub fn versions_of<'a>(entries: impl IntoIterator<Item = &'a Opened>) -> BTreeSet<FormHash> {
    let form = |entry: &Opened| match &entry.content {
        Content::Interview(sitting) => Some(sitting.form),
        _ => None,
    };
    entries.into_iter().filter_map(form).collect()
}

/// The entries of an interview as they read under `target`. `carry` gives the field and the answer there of what was
/// written under another version; what has no place there keeps a field of its own, so that nothing disappears.
pub fn read_under(
    entries: &[Opened],
    target: &FormHash,
    carry: &dyn Fn(&FormHash, &Field, &Answer) -> (Field, Answer),
) -> Vec<Opened> {
    let mut read = entries.to_vec();
    for entry in &mut read {
        match &mut entry.content {
            Content::Interview(sitting) if sitting.form != *target => {
                for change in sitting.changes.iter_mut().filter(|change| change.field.is_node()) {
                    let (field, answer) = carry(&sitting.form, &change.field, &change.answer);
                    // A confirmation goes with the answer that it was given for.
                    if let Some(Confirmation { of, .. }) = &mut change.confirmed {
                        *of = carry(&sitting.form, &change.field, of).1;
                    }
                    (change.field, change.answer) = (field, answer);
                }
            }
            Content::Decision(decision) if decision.field.is_node() => {
                let under = decision.form.or_else(|| form_over(entries, &decision.over));
                if let Some(under) = under.filter(|under| under != target) {
                    (decision.field, decision.chosen) = carry(&under, &decision.field, &decision.chosen);
                }
            }
            _ => {}
        }
    }
    read
}

/// A decision that does not say its version was made between writes of one.
fn form_over(entries: &[Opened], over: &[EntryHash]) -> Option<FormHash> {
    let forms = versions_of(entries.iter().filter(|entry| over.contains(&entry.hash)));
    forms.iter().next().copied().filter(|_| forms.len() == 1)
}
