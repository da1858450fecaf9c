//! What really happened, and what follows from it by the definition alone.
//!
//! For each entry it is remembered what its author could read of the record when they began to write. An answer's value is
//! the set of its writes that no other write's author had in hand. Who cannot read all chains knows only what the entries
//! that they can read name; for them *had in hand* is followed over those names.

use std::collections::{BTreeMap, BTreeSet};

use tianye_journal::{ChainId, EntryHash, RecordId};
use tianye_survey::{
    Answer, Change, Content, Field, InterviewState, Opened, Stage, Status, Team, Verdict, WrittenBy, kind,
};

/// An entry that somebody wrote.
#[derive(Clone, Debug)]
pub struct Written {
    /// What it says.
    pub entry: Opened,
    /// What of its record its author could read when they began to write.
    pub held: BTreeSet<EntryHash>,
    /// Whether the author had the right to write it.
    pub may: bool,
}

/// What an erasure took.
#[derive(Clone, Debug, Default)]
pub struct Erased {
    /// Answers.
    pub answers: BTreeSet<(EntryHash, Field)>,
    /// Whole entries.
    pub entries: BTreeSet<EntryHash>,
}

/// Everything that was ever written.
#[derive(Clone, Debug, Default)]
pub struct Truth {
    /// By name.
    pub written: BTreeMap<EntryHash, Written>,
    /// What erasures took, by their entries.
    pub erased: BTreeMap<EntryHash, Erased>,
    /// Whose chains.
    pub team: Team,
    /// Which chains a person can read because of which entry (an opening or a grant).
    pub rights: Vec<(EntryHash, usize, ChainId)>,
}

/// What a record comes to. Two of them are compared as text, so that a difference can be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// Of each field: every write, marked with `*` if it is current; then what it comes to.
    pub fields: BTreeMap<String, (BTreeSet<String>, String)>,
    /// Fields that wait for a person, with the writes to decide between.
    pub conflicts: BTreeMap<String, BTreeSet<EntryHash>>,
    /// Parents of the next entry.
    pub heads: BTreeSet<EntryHash>,
    /// How far it is, and whether that is contested.
    pub status: (&'static str, bool),
    /// Entries without effect for lack of a right.
    pub no_right: BTreeSet<EntryHash>,
}

impl Truth {
    /// Which chains a person can read once these entries have come.
    #[must_use]
    pub fn rights_of(&self, person: usize, here: &BTreeSet<EntryHash>) -> BTreeSet<ChainId> {
        let due = self.rights.iter().filter(|(because, who, _)| *who == person && here.contains(because));
        due.map(|(_, _, chain)| *chain).collect()
    }

    fn known<'t>(
        &'t self,
        here: &'t BTreeSet<EntryHash>,
        rights: &'t BTreeSet<ChainId>,
    ) -> impl Iterator<Item = &'t Written> {
        self.written.values().filter(|one| here.contains(&one.entry.hash) && rights.contains(&one.entry.chain))
    }

    /// What a record says to somebody who has the entries `here`, those of `bodies` with their words, and can read the chains
    /// `rights`. `all`: these are all chains.
    #[must_use]
    pub fn say(
        &self,
        record: RecordId,
        here: &BTreeSet<EntryHash>,
        bodies: &BTreeSet<EntryHash>,
        rights: &BTreeSet<ChainId>,
        all: bool,
    ) -> Said {
        let places = self.places(here, rights);
        let is_told = |hash: &EntryHash| bodies.contains(hash) || places.contains(hash);
        let readable: BTreeSet<EntryHash> =
            self.known(here, rights).map(|one| one.entry.hash).filter(is_told).collect();
        let known: BTreeMap<EntryHash, &Written> = self
            .written
            .iter()
            .filter(|(hash, _)| readable.contains(*hash) || places.contains(*hash))
            .filter(|(_, one)| one.entry.record == record && is_history(one.entry.kind))
            .map(|(hash, one)| (*hash, one))
            .collect();
        let sight: BTreeMap<EntryHash, BTreeSet<EntryHash>> = known
            .iter()
            .map(|(hash, one)| {
                (*hash, if all { one.held.clone() } else { reach(&known, &one.entry, unseen(&one.entry)) })
            })
            .collect();
        let past: BTreeMap<EntryHash, BTreeSet<EntryHash>> =
            known.iter().map(|(hash, one)| (*hash, reach(&known, &one.entry, &[]))).collect();
        let gone: Vec<&Erased> =
            self.erased.iter().filter(|(hash, _)| here.contains(*hash)).map(|(_, erased)| erased).collect();
        let is_gone = |entry: &EntryHash| gone.iter().any(|erased| erased.entries.contains(entry));
        let effective: Vec<&Written> = readable
            .iter()
            .filter_map(|hash| known.get(hash).copied())
            .filter(|one| one.may && !is_gone(&one.entry.hash))
            .collect();

        let mut writes: BTreeMap<Field, Vec<(EntryHash, Answer, WrittenBy)>> = BTreeMap::new();
        let mut stages: Vec<(EntryHash, Status)> = Vec::new();
        let mut changing: Vec<EntryHash> = Vec::new();
        let mut reviews: BTreeSet<EntryHash> = BTreeSet::new();
        for one in &effective {
            let hash = one.entry.hash;
            let lost = |field: &Field| gone.iter().any(|erased| erased.answers.contains(&(hash, field.clone())));
            match &one.entry.content {
                Content::Interview(sitting) => {
                    for Change { field, answer, auto, .. } in sitting.changes.iter().filter(|one| !lost(&one.field)) {
                        let by = if *auto { WrittenBy::Program } else { WrittenBy::Answer };
                        writes.entry(field.clone()).or_default().push((hash, answer.clone(), by));
                    }
                    if sitting.changes.iter().any(|one| !lost(&one.field)) {
                        changing.push(hash);
                    }
                    stages.extend(sitting.stage.as_ref().map(|stage| (hash, status_of(stage))));
                }
                Content::Decision(decision) if !lost(&decision.field) => {
                    let write = (hash, decision.chosen.clone(), WrittenBy::Decision);
                    writes.entry(decision.field.clone()).or_default().push(write);
                    changing.push(hash);
                }
                Content::Review(review) => {
                    let good = review.verdict == Verdict::Approved;
                    stages.push((hash, if good { Status::Approved } else { Status::SentBack }));
                    reviews.insert(hash);
                }
                _ => {}
            }
        }

        let mut said = Said { status: how_far(&stages, &past, &sight, &changing, &reviews), ..Said::default() };
        for (field, writes) in &writes {
            let seen = |one: &EntryHash| writes.iter().any(|(other, ..)| other != one && sight[other].contains(one));
            let current: Vec<_> = writes.iter().filter(|(hash, ..)| !seen(hash)).collect();
            let people: Vec<_> = current.iter().filter(|(.., by)| *by != WrittenBy::Program).collect();
            let answers: BTreeSet<&Answer> = people.iter().map(|(_, answer, _)| answer).collect();
            let settled = match answers.len() {
                0 => current.iter().map(|(_, answer, _)| answer).min(),
                1 => answers.first().copied(),
                _ => None,
            };
            let line = |(hash, answer, by): &(EntryHash, Answer, WrittenBy)| {
                line(*hash, answer, *by, current.iter().any(|(one, ..)| one == hash))
            };
            let sum = settled.map_or("?", word).to_owned();
            said.fields.insert(field.as_str().to_owned(), (writes.iter().map(line).collect(), sum));
            if settled.is_none() {
                said.conflicts.insert(field.as_str().to_owned(), people.iter().map(|(hash, ..)| *hash).collect());
            }
        }
        let seen_by_any = |hash: &EntryHash| known.values().any(|one| names(&one.entry).any(|name| name == *hash));
        said.heads = known.keys().copied().filter(|hash| !seen_by_any(hash)).collect();
        said.no_right = known.values().filter(|one| !one.may).map(|one| one.entry.hash).collect();
        said
    }

    /// Entries whose places erasures tell: who may not read their chains learns nothing of what they say.
    fn places(&self, here: &BTreeSet<EntryHash>, rights: &BTreeSet<ChainId>) -> BTreeSet<EntryHash> {
        let erasures = self.known(here, rights).filter_map(|one| match &one.entry.content {
            Content::Erasure(erasure) => Some(erasure.bodies.iter().map(|body| body.entry)),
            _ => None,
        });
        erasures.flatten().collect()
    }
}

/// What the product says of a record.
#[must_use]
pub fn told(state: &InterviewState) -> Said {
    let mut said = Said {
        heads: state.heads().into_iter().collect(),
        status: (state.status.status.as_str(), state.status.contested),
        no_right: state.ground.no_right.iter().map(|one| one.entry).collect(),
        ..Said::default()
    };
    for (field, of) in &state.fields {
        let current: BTreeSet<EntryHash> = of.current().map(|write| write.entry).collect();
        // The history is asked, not the table: what a person cannot reach there is lost.
        let steps = state.history(field);
        let lines = steps.iter().map(|step| {
            let write = &step.write;
            line(write.entry, &write.answer, write.by, current.contains(&write.entry))
        });
        let sum = of.settled().map_or("?", word).to_owned();
        said.fields.insert(field.as_str().to_owned(), (lines.collect(), sum));
    }
    for conflict in &state.conflicts {
        let writes = conflict.writes.iter().map(|write| write.entry).collect();
        said.conflicts.insert(conflict.field.as_str().to_owned(), writes);
    }
    said
}

fn line(entry: EntryHash, answer: &Answer, by: WrittenBy, current: bool) -> String {
    let mark = if current { "*" } else { " " };
    format!("{mark}{} {} {by:?}", &entry.to_string()[..8], word(answer))
}

/// `Debug` of an answer does not show it, on purpose; here it must be compared.
fn word(answer: &Answer) -> &str {
    answer.value().unwrap_or("-")
}

/// Whether entries of a kind stand in a record's history, and not beside it.
#[must_use]
pub fn is_history(of: u16) -> bool {
    !matches!(of, kind::ERASURE | kind::CARRIED_OUT)
}

/// The entries that an entry names as seen.
fn names(entry: &Opened) -> impl Iterator<Item = EntryHash> {
    let over: Vec<EntryHash> = match &entry.content {
        Content::Interview(sitting) => sitting.changes.iter().flat_map(|one| one.over.clone()).collect(),
        Content::Decision(decision) => decision.over.clone(),
        _ => Vec::new(),
    };
    entry.parents.clone().into_iter().chain(over)
}

fn unseen(entry: &Opened) -> &[EntryHash] {
    match &entry.content {
        Content::Interview(sitting) => &sitting.unseen,
        Content::Decision(decision) => &decision.unseen,
        Content::Review(review) => &review.unseen,
        _ => &[],
    }
}

/// Everything that can be come to over names, but not over those in `without`.
fn reach(known: &BTreeMap<EntryHash, &Written>, from: &Opened, without: &[EntryHash]) -> BTreeSet<EntryHash> {
    let mut reached = BTreeSet::new();
    let mut next: Vec<EntryHash> = names(from).collect();
    while let Some(hash) = next.pop() {
        if without.contains(&hash) || reached.contains(&hash) {
            continue;
        }
        if let Some(one) = known.get(&hash) {
            reached.insert(hash);
            next.extend(names(&one.entry));
        }
    }
    reached
}

fn status_of(stage: &Stage) -> Status {
    match stage {
        Stage::Paused => Status::Paused,
        Stage::HandedOver => Status::HandedOver,
        Stage::Finalised => Status::Finalised,
        Stage::Reopened => Status::Reopened,
        Stage::Stopped => Status::Stopped,
        Stage::StoppedNotKept => Status::StoppedNotKept,
        Stage::Draft | Stage::Other(_) => Status::Draft,
    }
}

type Sights = BTreeMap<EntryHash, BTreeSet<EntryHash>>;

/// The most cautious of the stages that stand in no other's past. An approval that did not see every answer, and a record
/// finalised after a review, is corrected.
fn how_far(
    stages: &[(EntryHash, Status)],
    past: &Sights,
    sight: &Sights,
    changing: &[EntryHash],
    reviews: &BTreeSet<EntryHash>,
) -> (&'static str, bool) {
    let is_past = |one: &EntryHash| stages.iter().any(|(other, _)| past[other].contains(one));
    let current: Vec<&(EntryHash, Status)> = stages.iter().filter(|(hash, _)| !is_past(hash)).collect();
    let least = current.iter().map(|(_, status)| *status).min().unwrap_or(Status::Draft);
    let contested = current.iter().any(|(_, status)| *status != least);
    let unseen = |hash: &EntryHash| current.iter().all(|(approval, _)| !sight[approval].contains(hash));
    let status = match least {
        Status::Approved if changing.iter().any(unseen) => Status::Corrected,
        Status::Finalised if current.iter().any(|(hash, _)| !past[hash].is_disjoint(reviews)) => Status::Corrected,
        other => other,
    };
    (status.as_str(), contested)
}
