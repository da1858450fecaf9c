//! Erasure: what was dropped from a record, and what is left of it.
//!
//! The fold sees an entry that an erasure names as what the erasure left of it, whether its body is still here or not: so
//! replicas that have carried it out and replicas that have not come to the same state. Of several erasures that name one
//! entry, only what all of them left is left; so their order does not matter.

mod standing;

use self::standing::{Names, Settled, settle};
use crate::kinds::{CarriedOut, ErasedBody, Erasure, OutOfReach};
use crate::rights::{NoRight, Reach, Team, is_read_by_all, reach};
use crate::{Content, ContentError, Opened, Unread, kind};
use serde::Deserialize as _;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use tianye_journal::{ChainId, ChunkId, EntryHash, PersonId, RecordId, Seq};

/// What was erased from a record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErasureState {
    /// The erasures, by their entries.
    pub erasures: BTreeMap<EntryHash, Erased>,
    /// Who carried one out: the erasure, the chain of the laptop, and what it dropped.
    pub carried_out: Vec<(EntryHash, ChainId, CarriedOut)>,
    /// Entries whose bodies no replica keeps.
    pub bodies: BTreeSet<EntryHash>,
    /// Chunks that no replica keeps.
    pub chunks: BTreeSet<ChunkId>,
}

/// One erasure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erased {
    /// The chain of the laptop where it was written.
    pub chain: ChainId,
    /// Who wrote it.
    pub author: PersonId,
    /// When, by that laptop's clock.
    pub at: crate::At,
    /// What it says; of one that was itself erased later, what is left.
    pub erasure: Erasure,
    /// The record is its author's to erase: they may erase any, or they began it and nobody else did. What somebody erases of
    /// their own in another's record reaches nothing beside it.
    pub of_record: bool,
}

impl ErasureState {
    /// Whether all of the record was erased.
    pub fn is_whole(&self) -> bool {
        self.erasures.values().any(|erased| erased.of_record && erased.erasure.fields.is_empty())
    }

    /// Of a record that was erased whole, what somebody wrote without knowing and no erasure names yet.
    pub fn late<'a>(&self, entries: &'a [Opened]) -> Vec<&'a Opened> {
        let is_late = |entry: &&Opened| !is_beside(entry.kind) && !self.bodies.contains(&entry.hash);
        entries.iter().filter(|_| self.is_whole()).filter(is_late).collect()
    }

    /// The laptops that have carried an erasure out; its own author did so when writing it.
    pub fn answered(&self, erasure: &EntryHash) -> BTreeSet<ChainId> {
        let own = self.erasures.get(erasure).map(|erased| erased.chain);
        let others = self.carried_out.iter().filter(|(of, ..)| of == erasure).map(|(_, chain, _)| *chain);
        others.chain(own).collect()
    }

    /// The erasures on which a laptop has said that it told a hub to drop what they name.
    pub fn said_to_hub(&self, hub: &str) -> BTreeSet<EntryHash> {
        let words = self.carried_out.iter().filter(|(.., said)| said.hubs.iter().any(|one| one == hub));
        words.map(|(of, ..)| *of).collect()
    }

    /// The erasures of which a hub was told to drop all that they name: as was said of them, or of others that name the same.
    pub fn told_to_hub(&self, hub: &str) -> BTreeSet<EntryHash> {
        let said = self.said_to_hub(hub);
        let told = || said.iter().filter_map(|of| self.erasures.get(of)).map(|one| &one.erasure);
        let bodies: BTreeSet<EntryHash> = told().flat_map(|one| &one.bodies).map(|body| body.entry).collect();
        let chunks: BTreeSet<ChunkId> = told().flat_map(|one| one.chunks.iter().copied()).collect();
        let is_covered = |one: &Erasure| {
            let names_some = !one.bodies.is_empty() || !one.chunks.is_empty();
            let all_bodies = one.bodies.iter().all(|body| bodies.contains(&body.entry));
            names_some && all_bodies && one.chunks.iter().all(|chunk| chunks.contains(chunk))
        };
        let told = self.erasures.iter().filter(|(of, one)| said.contains(of) || is_covered(&one.erasure));
        told.map(|(of, _)| *of).collect()
    }

    /// What may still hold what an erasure took on the laptop whose chains these are. What one of its words calls gone is
    /// gone, whichever word came first.
    pub fn out_of_reach(&self, erasure: &EntryHash, is_own: impl Fn(&ChainId) -> bool) -> BTreeSet<OutOfReach> {
        let words = || self.carried_out.iter().filter(|(of, chain, _)| of == erasure && is_own(chain));
        let gone: BTreeSet<OutOfReach> = words().flat_map(|(.., said)| said.gone()).collect();
        let named = words().flat_map(|(.., said)| said.held());
        named.filter(|one| !gone.contains(one)).collect()
    }
}

/// What was erased from a record, of entries in any order, with repetitions; those of other records are passed over.
pub fn erasures<'a>(record: RecordId, entries: impl IntoIterator<Item = &'a Opened>, team: &Team) -> ErasureState {
    let once: BTreeMap<EntryHash, &Opened> =
        entries.into_iter().filter(|e| e.record == record).map(|e| (e.hash, e)).collect();
    apply(record, once.into_values().collect(), team).0
}

/// The entries of a record as erasures left them, and the erasures, of which those without effect are marked. Doing it again
/// changes nothing.
pub fn without_erased(record: RecordId, entries: &[Opened], team: &Team) -> Vec<Opened> {
    let once: BTreeMap<EntryHash, &Opened> =
        entries.iter().filter(|e| e.record == record).map(|e| (e.hash, e)).collect();
    let (_, left, no_right) = apply(record, once.into_values().collect(), team);
    let mut beside: Vec<Opened> = entries.iter().filter(|e| e.record == record && is_beside(e.kind)).cloned().collect();
    for entry in &mut beside {
        if let Content::Erasure(erasure) = &mut entry.content {
            erasure.void = no_right.iter().any(|one| one.entry == entry.hash);
        }
    }
    left.into_iter().map(Cow::into_owned).chain(beside).collect()
}

/// The same for who may erase anything, and answers for what they say again: erasures by others with no files but those that they
/// really take.
pub fn without_erased_by_all(record: RecordId, entries: &[Opened], team: &Team) -> Vec<Opened> {
    let chunks = erasures(record, entries, team).chunks;
    let mut left = without_erased(record, entries, team);
    for entry in &mut left {
        let by_any = team.check(entry, false).is_ok();
        if let Content::Erasure(erasure) = &mut entry.content
            && !by_any
        {
            erasure.chunks.retain(|chunk| chunks.contains(chunk));
            erasure
                .bodies
                .iter_mut()
                .filter_map(|body| body.rest.as_mut())
                .for_each(|rest| only_own_chunks(rest, &chunks));
        }
    }
    left
}

/// Whether entries of a kind stand beside a record's history.
fn is_beside(kind: u16) -> bool {
    matches!(kind, kind::ERASURE | kind::CARRIED_OUT)
}

/// What was erased, the entries of the history as that left them (by hash), and what of the erasures nobody may write.
/// `entries` must be of one record, ordered by hash, each once.
pub(crate) fn apply<'a>(
    record: RecordId,
    entries: Vec<&'a Opened>,
    team: &Team,
) -> (ErasureState, Vec<Cow<'a, Opened>>, Vec<NoRight>) {
    let (beside, history): (Vec<&Opened>, Vec<&Opened>) = entries.into_iter().partition(|e| is_beside(e.kind));
    if beside.is_empty() {
        return (ErasureState::default(), history.into_iter().map(Cow::Borrowed).collect(), Vec::new());
    }
    let mut no_right = Vec::new();
    let mut state = ErasureState::default();
    let mut own: BTreeMap<EntryHash, Erased> = BTreeMap::new();
    let mut names: BTreeMap<EntryHash, Names> = BTreeMap::new();
    for entry in &beside {
        if let Content::Erasure(erasure) = &entry.content {
            names.insert(entry.hash, Names::of(erasure, team.check(entry, false).is_ok()));
        }
        let begun = team.check(entry, false).is_ok() || has_begun(entry, &beside, &history, team);
        if let Err(reason) = team.check(entry, names_own(entry, begun, &history, team)) {
            let Opened { hash, chain, kind, author, .. } = **entry;
            no_right.push(NoRight { entry: hash, chain, author, kind, record, reason });
            continue;
        }
        match &entry.content {
            Content::Erasure(erasure) => {
                let mut erasure = erasure.as_ref().clone();
                if team.check(entry, false).is_err() {
                    // Files of what is theirs, and of nothing else.
                    let named = chunks_of_named(&erasure, &history, &beside, team);
                    erasure.chunks.retain(|chunk| named.contains(chunk));
                    erasure
                        .bodies
                        .iter_mut()
                        .filter_map(|body| body.rest.as_mut())
                        .for_each(|rest| only_own_chunks(rest, &named));
                }
                let Opened { chain, author, at, .. } = **entry;
                own.insert(entry.hash, Erased { chain, author, at, erasure, of_record: begun });
            }
            Content::CarriedOut(carried) => {
                let mut said = carried.as_ref().clone();
                if !team.0.get(&entry.chain).is_some_and(|standing| is_read_by_all(&standing.role)) {
                    // Nobody else may keep the project's key, and without it no hub hears them.
                    said.hubs.clear();
                }
                state.carried_out.push((carried.erasure, entry.chain, said));
            }
            _ => {}
        }
    }
    let Settled { erasures, named } = settle(record, own, &names, team);
    let mut left: BTreeMap<EntryHash, Cow<'a, Opened>> =
        history.into_iter().map(|entry| (entry.hash, Cow::Borrowed(entry))).collect();
    for (hash, bodies) in &named {
        if bodies.iter().all(|body| !is_beside(body.kind))
            && let Some(body) = bodies.first()
        {
            left.insert(*hash, Cow::Owned(what_is_left(record, body, &rest_of(bodies))));
        }
    }
    // Of what was dropped nobody can tell any more.
    no_right.retain(|one| !named.contains_key(&one.entry));
    state.bodies = named.into_keys().collect();
    state.chunks = erasures.values().flat_map(|erased| erased.erasure.chunks.iter().copied()).collect();
    state.erasures = erasures;
    (state, left.into_values().collect(), no_right)
}

/// Whether an erasure names only what its own author wrote, and not all of a record that somebody else began too. Where an
/// entry is here, its own chain says whose it is and not the erasure; where one is not here, nobody can tell yet.
fn names_own(entry: &Opened, begun: bool, history: &[&Opened], team: &Team) -> bool {
    let Content::Erasure(erasure) = &entry.content else { return false };
    let own = |chain: &ChainId| team.0.get(chain).is_some_and(|standing| standing.person == entry.author);
    let is_own = |body: &ErasedBody| {
        let here = history.iter().find(|here| here.hash == body.entry);
        own(&body.chain) && here.is_none_or(|here| own(&here.chain))
    };
    // What it leaves of an erasure names entries too, and these go as well.
    let Some(below) = below(erasure) else { return false };
    let confirmed = !erasure.unconfirmed && !erasure.unconfirmed_below;
    confirmed && (begun || !erasure.fields.is_empty()) && erasure.bodies.iter().chain(&below).all(is_own)
}

/// The bodies that are named by what an erasure leaves of other erasures, however far below; `None` where some of them cannot be
/// read, or something is left of another entry that looks like an erasure.
fn below(erasure: &Erasure) -> Option<Vec<ErasedBody>> {
    let mut found = Vec::new();
    let mut next: Vec<ErasedBody> = erasure.bodies.iter().filter(|body| body.rest.is_some()).cloned().collect();
    while let Some(body) = next.pop() {
        let Some(bodies) = body.rest.as_ref().and_then(|rest| rest.get(BODIES)) else { continue };
        let bodies = Vec::<ErasedBody>::deserialize(bodies).ok().filter(|_| body.kind == kind::ERASURE)?;
        next.extend(bodies.iter().cloned());
        found.extend(bodies);
    }
    Some(found)
}

/// Takes the chunks that are not among these out of what is left of an erasure.
fn only_own_chunks(rest: &mut Map<String, Value>, named: &BTreeSet<ChunkId>) {
    if let Some(chunks) = rest.get_mut(CHUNKS) {
        let own: Vec<ChunkId> = Vec::deserialize(&*chunks).unwrap_or_default();
        *chunks =
            own.iter().filter(|chunk| named.contains(chunk)).map(|chunk| Value::from(chunk.to_string())).collect();
    }
    let below = rest.get_mut(BODIES).and_then(Value::as_array_mut).into_iter().flatten();
    let rests = below.filter_map(|body| body.get_mut("rest").and_then(Value::as_object_mut));
    rests.for_each(|rest| only_own_chunks(rest, named));
}

/// Whether an author began the record, and nobody else did. What began it is here, or was erased by them or by somebody who
/// may erase anything.
fn has_begun(entry: &Opened, beside: &[&Opened], history: &[&Opened], team: &Team) -> bool {
    let own = |chain: &ChainId| team.0.get(chain).is_some_and(|standing| standing.person == entry.author);
    let here = history.iter().filter(|one| one.parents.is_empty() && team.check(one, true).is_ok());
    let here = here.map(|one| (one.kind, &one.chain));
    let believed = beside.iter().filter(|one| one.author == entry.author || team.check(one, false).is_ok());
    let gone = believed.filter_map(|one| match &one.content {
        Content::Erasure(erasure) if !erasure.unconfirmed => Some(&erasure.bodies),
        _ => None,
    });
    let gone = gone.flatten().filter(|body| body.seen.is_empty()).map(|body| (body.kind, &body.chain));
    let mut began = here.chain(gone).filter(|(kind, chain)| may_begin(*kind, chain, team)).peekable();
    began.peek().is_some() && began.all(|(_, chain)| own(chain))
}

fn may_begin(kind: u16, chain: &ChainId, team: &Team) -> bool {
    let beside = is_beside(kind) || matches!(kind, kind::DECISION | kind::REVIEW);
    !beside && team.0.get(chain).is_some_and(|standing| reach(&standing.role, kind) != Reach::Nothing)
}

/// The chunks that the entries name which an erasure names, itself or below: as they can be read here, or in what somebody left of
/// them who may erase anything.
fn chunks_of_named(erasure: &Erasure, history: &[&Opened], beside: &[&Opened], team: &Team) -> BTreeSet<ChunkId> {
    let below = below(erasure).unwrap_or_default();
    let named: BTreeSet<EntryHash> = erasure.bodies.iter().chain(&below).map(|body| body.entry).collect();
    let here = history.iter().filter(|entry| named.contains(&entry.hash)).flat_map(|entry| entry.content.chunks());
    let left = beside.iter().filter(|one| team.check(one, false).is_ok()).flat_map(|one| match &one.content {
        Content::Erasure(erasure) => standing::with_below(&erasure.bodies),
        _ => Vec::new(),
    });
    let left = left.filter(|body| named.contains(&body.entry) && body.kind != kind::ERASURE);
    here.chain(left.flat_map(|body| content_left(&body, &body.rest).chunks())).collect()
}

/// Holds what erasures say of the entries that they name against these entries. `header`: chain and number of an entry that is
/// here, whether its body is or not. An erasure that says otherwise of any of them is no erasure; one that names an entry
/// which is not here is marked, and where its author may erase only what is theirs it waits for that entry.
pub fn confirm_erasures(entries: &mut [Opened], header: &dyn Fn(&EntryHash) -> Option<(ChainId, Seq)>) {
    for entry in entries {
        let Content::Erasure(erasure) = &mut entry.content else { continue };
        let headers = || erasure.bodies.iter().map(|body| (header(&body.entry), (body.chain, body.seq)));
        if headers().any(|(found, said)| found.is_some_and(|found| found != said)) {
            let (kind, why) = (entry.kind, ContentError::Misnamed);
            entry.content = Content::Unread(Unread { kind, bytes: Vec::new(), why });
        } else {
            erasure.unconfirmed = headers().any(|(found, _)| found.is_none());
            // Whoever erases an erasure repeats what that named. That it named something wrongly voids no other word.
            let is_as_said = |body: &ErasedBody| header(&body.entry) == Some((body.chain, body.seq));
            erasure.unconfirmed_below = !below(erasure).is_some_and(|below| below.iter().all(is_as_said));
        }
    }
}

/// What all erasures of one entry left of it.
fn rest_of(bodies: &[ErasedBody]) -> Option<Map<String, Value>> {
    let mut rests = bodies.iter().map(|body| body.rest.as_ref());
    let first = rests.next()??.clone();
    rests.try_fold(first, |left, rest| Some(common_object(&left, rest?)))
}

/// An entry that was named, as the fold sees it.
pub(crate) fn what_is_left(record: RecordId, body: &ErasedBody, rest: &Option<Map<String, Value>>) -> Opened {
    let content = content_left(body, rest);
    let ErasedBody { entry: hash, chain, seq, kind, author, at, .. } = *body;
    Opened { hash, chain, seq, kind, record, parents: body.seen.clone(), author, at, content }
}

/// What it says: its rest, where that can be read here.
pub(crate) fn content_left(body: &ErasedBody, rest: &Option<Map<String, Value>>) -> Content {
    let nothing = || Content::Unread(Unread { kind: body.kind, bytes: Vec::new(), why: ContentError::Erased });
    let Some(mut rest) = rest.clone() else { return nothing() };
    rest.insert("v".to_owned(), crate::VERSION.into());
    Content::try_decode(body.kind, Value::Object(rest).to_string().as_bytes()).unwrap_or_else(|_| nothing())
}

/// What stands in both: of objects the keys, of lists the members; of erasures what both left of each body, and every body
/// that one of them names.
pub(crate) fn common_object(one: &Map<String, Value>, other: &Map<String, Value>) -> Map<String, Value> {
    let both = |(key, value): (&String, &Value)| match (key.as_str(), value, other.get(key)?) {
        (BODIES, Value::Array(one), Value::Array(other)) => Some((key.clone(), common_bodies(one, other))),
        (_, one, other) => Some((key.clone(), common(one, other)?)),
    };
    one.iter().filter_map(both).collect()
}

/// The key of an erasure under which its bodies stand; no other content has it.
const BODIES: &str = "bodies";
/// The key of an erasure under which its chunks stand.
const CHUNKS: &str = "chunks";

fn common_bodies(one: &[Value], other: &[Value]) -> Value {
    if one.is_empty() || other.is_empty() {
        // Of an erasure that was erased: whoever did names the same entries.
        return Value::Array(Vec::new());
    }
    let mut bodies: BTreeMap<String, Value> = BTreeMap::new();
    for body in one.iter().chain(other) {
        let name = body.get("entry").and_then(Value::as_str).unwrap_or_default().to_owned();
        let left = match (bodies.remove(&name), body) {
            (Some(Value::Object(before)), Value::Object(body)) => Value::Object(common_object(&before, body)),
            (_, body) => body.clone(),
        };
        bodies.insert(name, left);
    }
    bodies.into_values().collect()
}

fn common(one: &Value, other: &Value) -> Option<Value> {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => Some(Value::Object(common_object(one, other))),
        (Value::Array(one), Value::Array(other)) => {
            Some(one.iter().filter(|member| other.contains(member)).cloned().collect())
        }
        _ => (one == other).then(|| one.clone()),
    }
}
