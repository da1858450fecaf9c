//! What the submission of a record is called.
//!
//! OpenRosa gives every revision of a submission an id of its own, and the id of the one it replaces (`deprecatedID`). A
//! record keeps its first id. That of a later revision is made from the entries that it stands on, so that every laptop
//! that has the same entries writes the same submission, and nothing is written into a record because it was exported.

use std::collections::{BTreeMap, BTreeSet};

use tianye_journal::{EntryHash, RecordId};
use tianye_survey::{Answer, Content, Field, Opened, Stage};
use uuid::Uuid;

/// The space of names made here (UUID version 5).
const SPACE: Uuid = Uuid::from_u128(0x5f0c_5f6a_90fb_4a5e_9d1f_7c3c_0a52_71d8);

/// The ids of a revision.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Names {
    /// Its own, `uuid:…`.
    pub instance_id: String,
    /// That of the revision it replaces; empty for a first one.
    pub deprecated_id: String,
}

/// What some entries of a record come to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Stand {
    /// The names, as the form keeps them.
    pub names: Names,
    /// The answers.
    pub answers: BTreeMap<Field, Answer>,
}

/// The names of a record as it stands, then those of the revisions before it, the last one first. A revision is what a
/// finalised sitting came to, where it says something else than what follows: that two laptops took in the same file
/// makes none.
pub(crate) fn revisions(record: RecordId, entries: &[Opened], stand: &dyn Fn(&[Opened]) -> Stand) -> Vec<Names> {
    let history = History { stand, entries: entries.iter().map(|entry| (entry.hash, entry)).collect() };
    let mut steps: Vec<BTreeSet<EntryHash>> = vec![entries.iter().map(|entry| entry.hash).collect()];
    // Each is smaller than the one after it; the bound is for a history that runs in a circle.
    while let Some(before) = steps.last().filter(|_| steps.len() <= entries.len()).and_then(|last| history.before(last))
    {
        steps.push(before);
    }
    let mut names: Vec<Names> = Vec::with_capacity(steps.len());
    let mut kept_before = String::new();
    for step in steps.iter().rev() {
        let own = history.stand(step).names;
        let kept = own.instance_id.clone();
        names.push(match names.last() {
            None => own,
            Some(replaced) => Names {
                instance_id: if kept.is_empty() || kept == kept_before || history.is_of_another(step, &kept) {
                    history.derived(record, step)
                } else {
                    own.instance_id
                },
                deprecated_id: replaced.instance_id.clone(),
            },
        });
        kept_before = kept;
    }
    names.reverse();
    names
}

/// What submissions of a record are called that went out from some laptop, with the last entries that each stands on:
/// all that is here first, then each finalised sitting with its past, as a laptop had it that knew no others.
pub(crate) fn stands(
    record: RecordId,
    entries: &[Opened],
    stand: &dyn Fn(&[Opened]) -> Stand,
) -> Vec<(String, Vec<EntryHash>)> {
    let history = History { stand, entries: entries.iter().map(|entry| (entry.hash, entry)).collect() };
    let finals = entries.iter().filter(|entry| finalises(entry)).map(|entry| history.past(entry.hash));
    let mut sets: Vec<BTreeSet<EntryHash>> = vec![history.entries.keys().copied().collect()];
    sets.extend(finals);
    let called = |set: &BTreeSet<EntryHash>| {
        let some: Vec<Opened> = entries.iter().filter(|entry| set.contains(&entry.hash)).cloned().collect();
        let earlier: BTreeSet<EntryHash> = some.iter().flat_map(|entry| entry.parents.iter().copied()).collect();
        let name = revisions(record, &some, stand).into_iter().next()?.instance_id;
        let last = set.iter().filter(|hash| !earlier.contains(*hash)).copied().collect();
        Some((name, last)).filter(|(name, _)| !name.is_empty())
    };
    sets.iter().filter_map(called).collect()
}

/// The id of the record that a submission of this id becomes, the same on every laptop.
pub(crate) fn record_of(instance_id: &str) -> RecordId {
    Uuid::new_v5(&SPACE, format!("record {instance_id}").as_bytes()).into()
}

/// The id of the respondent whom such a record brings.
pub(crate) fn subject_of(instance_id: &str) -> RecordId {
    Uuid::new_v5(&SPACE, format!("subject {instance_id}").as_bytes()).into()
}

struct History<'e> {
    entries: BTreeMap<EntryHash, &'e Opened>,
    stand: &'e dyn Fn(&[Opened]) -> Stand,
}

impl History<'_> {
    /// An entry and everything that it stands on.
    fn past(&self, top: EntryHash) -> BTreeSet<EntryHash> {
        let (mut past, mut next) = (BTreeSet::new(), vec![top]);
        while let Some(hash) = next.pop() {
            if let Some(entry) = self.entries.get(&hash)
                && past.insert(hash)
            {
                next.extend(&entry.parents);
            }
        }
        past
    }

    /// Of some entries those that write answers.
    fn writing(&self, some: &BTreeSet<EntryHash>) -> BTreeSet<EntryHash> {
        some.iter().copied().filter(|hash| self.entries.get(hash).is_some_and(|entry| writes(entry))).collect()
    }

    /// The last revision before the one that these entries come to.
    fn before(&self, some: &BTreeSet<EntryHash>) -> Option<BTreeSet<EntryHash>> {
        let own = self.writing(some);
        let finals = some.iter().filter(|hash| self.entries.get(hash).is_some_and(|entry| finalises(entry)));
        let pasts = finals.map(|hash| self.past(*hash)).filter(|past| self.writing(past) != own);
        let mut answers = None;
        let pasts =
            pasts.filter(|past| self.stand(past).answers != *answers.get_or_insert_with(|| self.stand(some).answers));
        pasts.max_by_key(|past| (self.writing(past).len(), past.len(), past.iter().next_back().copied()))
    }

    /// Whether an id belongs to what a part of some entries comes to: what came from elsewhere under it, and was merged
    /// here with something else, is another revision.
    fn is_of_another(&self, some: &BTreeSet<EntryHash>, id: &str) -> bool {
        let finals = some.iter().filter(|hash| self.entries.get(hash).is_some_and(|entry| finalises(entry)));
        let own = self.writing(some);
        let mut parts = finals.map(|hash| self.past(*hash)).filter(|part| self.writing(part) != own);
        let named = |part: &BTreeSet<EntryHash>| {
            let part = self.stand(part);
            part.names.instance_id == id && part.answers != self.stand(some).answers
        };
        parts.any(|part| named(&part))
    }

    fn stand(&self, some: &BTreeSet<EntryHash>) -> Stand {
        let entries: Vec<Opened> = some.iter().filter_map(|hash| self.entries.get(hash).copied().cloned()).collect();
        (self.stand)(&entries)
    }

    /// An id from the record and the last entries that write answers.
    fn derived(&self, record: RecordId, some: &BTreeSet<EntryHash>) -> String {
        let mut last = self.writing(some);
        for hash in last.clone() {
            for earlier in self.past(hash).into_iter().filter(|earlier| *earlier != hash) {
                last.remove(&earlier);
            }
        }
        let mut name = format!("revision {record}");
        last.iter().for_each(|hash| name.push_str(&format!(" {hash}")));
        format!("uuid:{}", Uuid::new_v5(&SPACE, name.as_bytes()))
    }
}

/// An entry that changes what a submission says.
fn writes(entry: &Opened) -> bool {
    match &entry.content {
        Content::Interview(sitting) => sitting.changes.iter().any(|change| change.field.is_node()),
        Content::Decision(_) => true,
        _ => false,
    }
}

fn finalises(entry: &Opened) -> bool {
    matches!(&entry.content, Content::Interview(sitting) if sitting.stage == Some(Stage::Finalised))
}
