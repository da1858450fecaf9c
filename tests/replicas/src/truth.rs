//! What really happened, and what follows from it by the definition alone.
//!
//! For each entry it is remembered what its author could read of the record when they began to write. An answer's value is
//! the set of its writes that no other write's author had in hand. Who cannot read all chains knows only what the entries
//! that they can read name; for them *had in hand* is followed over those names.

use std::collections::{BTreeMap, BTreeSet};

use tianye_journal::{ChainId, ChunkId, EntryHash, PersonId, RecordId};
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

/// Whose certificate a revocation took, and which entries it accepted: those that its author had.
#[derive(Clone, Debug)]
pub struct Revoked {
    /// Whose.
    pub person: PersonId,
    /// What holds all the same.
    pub accepted: BTreeSet<EntryHash>,
}

/// Everything that was ever written.
#[derive(Clone, Debug, Default)]
pub struct Truth {
    /// By name.
    pub written: BTreeMap<EntryHash, Written>,
    /// What erasures took, by their entries.
    pub erased: BTreeMap<EntryHash, Erased>,
    /// What revocations took, by their entries.
    pub revoked: BTreeMap<EntryHash, Revoked>,
    /// Files of answers: the entry, the field, and the chunk.
    pub files: Vec<(EntryHash, Field, ChunkId)>,
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

    /// Whether an entry waits: its author's certificate was revoked, and no revocation that is known accepts it.
    #[must_use]
    pub fn waits(&self, entry: &Opened, here: &BTreeSet<EntryHash>, rights: &BTreeSet<ChainId>) -> bool {
        let person = self.team.0[&entry.chain].person;
        let is_known = |by: &EntryHash| here.contains(by) && rights.contains(&self.written[by].entry.chain);
        let words = || self.revoked.iter().filter(|(by, of)| of.person == person && is_known(by));
        words().next().is_some() && !words().any(|(_, of)| of.accepted.contains(&entry.hash))
    }

    /// Whether an entry is here, can be read, and counts.
    #[must_use]
    pub fn holds(&self, entry: &EntryHash, here: &BTreeSet<EntryHash>, rights: &BTreeSet<ChainId>) -> bool {
        let written = &self.written[entry].entry;
        here.contains(entry) && rights.contains(&written.chain) && !self.waits(written, here, rights)
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
        let erased = self.erased.iter().filter(|(by, _)| self.holds(by, here, rights));
        let gone: Vec<&Erased> = erased.map(|(_, erased)| erased).collect();
        let is_gone = |entry: &EntryHash| gone.iter().any(|erased| erased.entries.contains(entry));
        let effective: Vec<&Written> = readable
            .iter()
            .filter_map(|hash| known.get(hash).copied())
            .filter(|one| one.may && !self.waits(&one.entry, here, rights) && !is_gone(&one.entry.hash))
            .collect();
        let lost = |entry: &EntryHash, field: &Field| {
            gone.iter().any(|erased| erased.answers.contains(&(*entry, field.clone())))
        };
        let decisions = || {
            effective.iter().filter_map(|one| match &one.entry.content {
                Content::Decision(decision) if !lost(&one.entry.hash, &decision.field) => {
                    Some((one.entry.hash, decision))
                }
                _ => None,
            })
        };
        let deciding: BTreeSet<EntryHash> =
            decisions().filter(|(_, decision)| !decision.takes_back).map(|(entry, _)| entry).collect();
        let taken_back: BTreeSet<EntryHash> = decisions()
            .filter(|(_, decision)| decision.takes_back)
            .flat_map(|(_, decision)| decision.over.iter().copied())
            .filter(|entry| deciding.contains(entry))
            .collect();

        let mut writes: BTreeMap<Field, Vec<(EntryHash, Answer, WrittenBy)>> = BTreeMap::new();
        let mut stages: Vec<(EntryHash, Status)> = Vec::new();
        let mut changing: Vec<EntryHash> = Vec::new();
        let mut reviews: BTreeSet<EntryHash> = BTreeSet::new();
        for one in &effective {
            let hash = one.entry.hash;
            let lost = |field: &Field| lost(&hash, field);
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
                    let by = if decision.takes_back { WrittenBy::TakingBack } else { WrittenBy::Decision };
                    let write = (hash, decision.chosen.clone(), by);
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
        let mut removed: BTreeMap<Field, BTreeSet<EntryHash>> = BTreeMap::new();
        let mut answers_in: BTreeMap<Field, BTreeSet<EntryHash>> = BTreeMap::new();
        let mut open: Vec<(Field, BTreeSet<EntryHash>)> = Vec::new();
        for (field, writes) in &writes {
            let holding = holding(writes, &taken_back);
            let seen = |one: &EntryHash| holding.iter().any(|(other, ..)| other != one && sight[other].contains(one));
            let current: Vec<_> = holding.iter().filter(|(hash, ..)| !seen(hash)).collect();
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
            let by_people: BTreeSet<EntryHash> = people.iter().map(|(hash, ..)| *hash).collect();
            if field.is_row() && settled == Some(&Answer::Blank) {
                removed.insert(field.clone(), by_people.clone());
            }
            if settled.is_none() {
                open.push((field.clone(), by_people));
            }
            let answered = people.iter().filter(|(_, answer, _)| !answer.is_blank()).map(|(hash, ..)| *hash);
            answers_in.insert(field.clone(), answered.collect());
        }
        // A row that was taken away takes what stands in it along; unless somebody answered in it whom the removal had not
        // seen: then a person decides.
        for (row, removals) in &removed {
            let unseen = |entry: &EntryHash| {
                !removals.contains(entry) && !removals.iter().any(|removal| sight[removal].contains(entry))
            };
            let within = answers_in.iter().filter(|(field, _)| field.rows().any(|outer| outer == *row));
            if within.flat_map(|(_, entries)| entries).any(unseen) {
                open.push((row.clone(), removals.clone()));
            }
        }
        open.retain(|(field, _)| !field.rows().any(|row| removed.contains_key(&row)));
        said.conflicts = open.into_iter().map(|(field, writes)| (field.as_str().to_owned(), writes)).collect();
        let seen_by_any = |hash: &EntryHash| known.values().any(|one| names(&one.entry).any(|name| name == *hash));
        said.heads = known.keys().copied().filter(|hash| !seen_by_any(hash)).collect();
        let has_no_right = |one: &&&Written| !one.may || self.waits(&one.entry, here, rights);
        // Erasures, and words that one was carried out, stand beside the history; they are told of too, while they are there.
        let is_beside = |one: &&Written| {
            one.entry.record == record && !is_history(one.entry.kind) && !places.contains(&one.entry.hash)
        };
        let beside: Vec<&Written> = self.known(here, rights).filter(is_beside).collect();
        let all = known.values().chain(&beside);
        said.no_right = all.filter(has_no_right).map(|one| one.entry.hash).collect();
        said
    }

    /// The chunks that erasures took, once these entries have come.
    #[must_use]
    pub fn chunks_gone(&self, here: &BTreeSet<EntryHash>) -> BTreeSet<ChunkId> {
        let gone: Vec<&Erased> =
            self.erased.iter().filter(|(by, _)| here.contains(*by)).map(|(_, erased)| erased).collect();
        let is_gone = |entry: &EntryHash, field: &Field| {
            gone.iter()
                .any(|erased| erased.entries.contains(entry) || erased.answers.contains(&(*entry, field.clone())))
        };
        self.files.iter().filter(|(entry, field, _)| is_gone(entry, field)).map(|(.., chunk)| *chunk).collect()
    }

    /// What a family said, by the words on a card that no other word replaced. A card's entry says something only where it says
    /// something else than what it names as seen; a card goes on from what is here with its whole past, so nothing of that is unseen.
    #[must_use]
    pub fn words_of(
        &self,
        card: RecordId,
        here: &BTreeSet<EntryHash>,
        rights: &BTreeSet<ChainId>,
    ) -> BTreeSet<(EntryHash, String)> {
        let known: BTreeMap<EntryHash, &Written> =
            self.known(here, rights).filter(|one| one.entry.record == card).map(|one| (one.entry.hash, one)).collect();
        let past: Sights = known.iter().map(|(hash, one)| (*hash, reach(&known, &one.entry, &[]))).collect();
        let mut words: BTreeMap<EntryHash, String> = BTreeMap::new();
        let mut in_order: Vec<&EntryHash> = known.keys().collect();
        in_order.sort_by_key(|hash| past[*hash].len());
        for hash in in_order {
            let one = known[hash];
            let Content::Consent(said) = &one.entry.content else { continue };
            if !one.may || self.waits(&one.entry, here, rights) {
                continue;
            }
            let word: String = said.value("act").unwrap_or_default();
            let in_hand = replaced_by_none(words.iter().filter(|(other, _)| past[hash].contains(*other)), &past);
            if in_hand.is_empty() || in_hand.iter().any(|(_, other)| *other != word) {
                words.insert(*hash, word);
            }
        }
        replaced_by_none(words.iter(), &past)
    }

    /// Entries whose places erasures tell: who may not read their chains learns nothing of what they say.
    #[must_use]
    pub fn places(&self, here: &BTreeSet<EntryHash>, rights: &BTreeSet<ChainId>) -> BTreeSet<EntryHash> {
        let holds = |one: &&Written| one.may && !self.waits(&one.entry, here, rights);
        let mut places = BTreeSet::new();
        let mut next: Vec<&Opened> = self.known(here, rights).filter(holds).map(|one| &one.entry).collect();
        while let Some(entry) = next.pop() {
            let Content::Erasure(erasure) = &entry.content else { continue };
            for body in &erasure.bodies {
                // Who erases an erasure says again what that named.
                let named = self.written.get(&body.entry).filter(|_| places.insert(body.entry));
                next.extend(named.filter(|one| one.may).map(|one| &one.entry));
            }
        }
        places
    }
}

/// Of words those that stand in no other's past.
fn replaced_by_none<'w>(
    words: impl Iterator<Item = (&'w EntryHash, &'w String)>,
    past: &Sights,
) -> BTreeSet<(EntryHash, String)> {
    let words: Vec<(&EntryHash, &String)> = words.collect();
    let is_replaced = |hash: &EntryHash| words.iter().any(|(other, _)| past[*other].contains(hash));
    words.iter().filter(|(hash, _)| !is_replaced(hash)).map(|(hash, word)| (**hash, (*word).clone())).collect()
}

/// The writes of a field that can hold: not a decision that was taken back, and not the taking back. Where nothing is left of
/// what somebody decided between, the decision stays.
fn holding<'w>(
    writes: &'w [(EntryHash, Answer, WrittenBy)],
    taken_back: &BTreeSet<EntryHash>,
) -> Vec<&'w (EntryHash, Answer, WrittenBy)> {
    let says = |(_, _, by): &&(EntryHash, Answer, WrittenBy)| *by != WrittenBy::TakingBack;
    let holds = |write: &&(EntryHash, Answer, WrittenBy)| says(write) && !taken_back.contains(&write.0);
    if writes.iter().any(|write| holds(&write)) {
        writes.iter().filter(holds).collect()
    } else if writes.iter().any(|write| says(&write)) {
        writes.iter().filter(says).collect()
    } else {
        writes.iter().collect()
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
