//! Erasure: what was dropped from a record, and what is left of it.
//!
//! The fold sees an entry that an erasure names as what the erasure left of it, whether its body is still here or not: so
//! replicas that have carried it out and replicas that have not come to the same state. Of several erasures that name one
//! entry, only what all of them left is left; so their order does not matter.

use crate::kinds::{CarriedOut, ErasedBody, Erasure, ErasureReason, Interview};
use crate::rights::{NoRight, Team};
use crate::{AUDIT, AuditEvent, Change, Content, ContentError, Field, Opened, Private, Unread, kind};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use tianye_journal::{ChainId, ChunkId, EntryHash, PersonId, RecordId};

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
}

impl ErasureState {
    /// Whether all of the record was erased.
    pub fn is_whole(&self) -> bool {
        self.erasures.values().any(|erased| erased.erasure.fields.is_empty())
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
}

/// What was erased from a record, of entries in any order, with repetitions; those of other records are passed over.
pub fn erasures<'a>(record: RecordId, entries: impl IntoIterator<Item = &'a Opened>, team: &Team) -> ErasureState {
    let once: BTreeMap<EntryHash, &Opened> =
        entries.into_iter().filter(|e| e.record == record).map(|e| (e.hash, e)).collect();
    apply(record, once.into_values().collect(), team).0
}

/// The entries of a record as erasures left them. Doing it again changes nothing.
pub fn without_erased(record: RecordId, entries: &[Opened], team: &Team) -> Vec<Opened> {
    let once: BTreeMap<EntryHash, &Opened> =
        entries.iter().filter(|e| e.record == record).map(|e| (e.hash, e)).collect();
    let (_, left, _) = apply(record, once.into_values().collect(), team);
    let beside = entries.iter().filter(|e| e.record == record && is_beside(e.kind)).map(Cow::Borrowed);
    left.into_iter().chain(beside).map(Cow::into_owned).collect()
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
    for entry in beside {
        if let Err(reason) = team.check(entry, false) {
            let Opened { hash, chain, kind, author, .. } = *entry;
            no_right.push(NoRight { entry: hash, chain, author, kind, record, reason });
            continue;
        }
        match &entry.content {
            Content::Erasure(erasure) => {
                let erased = Erased {
                    chain: entry.chain,
                    author: entry.author,
                    at: entry.at,
                    erasure: erasure.as_ref().clone(),
                };
                own.insert(entry.hash, erased);
            }
            Content::CarriedOut(carried) => {
                state.carried_out.push((carried.erasure, entry.chain, carried.as_ref().clone()));
            }
            _ => {}
        }
    }
    let (erasures, named) = settle(record, &own, team);
    let mut left: BTreeMap<EntryHash, Cow<'a, Opened>> =
        history.into_iter().map(|entry| (entry.hash, Cow::Borrowed(entry))).collect();
    for (hash, bodies) in &named {
        if bodies.iter().all(|body| !is_beside(body.kind))
            && let Some(body) = bodies.first()
        {
            left.insert(*hash, Cow::Owned(what_is_left(record, body, &rest_of(bodies))));
        }
    }
    state.bodies = named.into_keys().collect();
    state.chunks = erasures.values().flat_map(|erased| erased.erasure.chunks.iter().copied()).collect();
    state.erasures = erasures;
    (state, left.into_values().collect(), no_right)
}

type Named<'e> = BTreeMap<EntryHash, Vec<ErasedBody>>;

/// The erasures as later ones left them, and the bodies that they name. Hashes cannot name each other in a circle, so
/// each round settles at least one more.
fn settle(
    record: RecordId,
    own: &BTreeMap<EntryHash, Erased>,
    team: &Team,
) -> (BTreeMap<EntryHash, Erased>, Named<'static>) {
    let mut erasures = own.clone();
    loop {
        let mut named: Named<'static> = BTreeMap::new();
        for erased in erasures.values() {
            for body in &erased.erasure.bodies {
                named.entry(body.entry).or_default().push(body.clone());
            }
        }
        let mut after = own.clone();
        for (hash, bodies) in &named {
            let Some(body) = bodies.first().filter(|body| body.kind == kind::ERASURE) else { continue };
            let mut left = rest_of(bodies);
            if let (Some(here), Some(rest)) = (own.get(hash), &left) {
                let here = crate::content::object_of(&here.erasure);
                left = Some(common_object(&here, rest));
            }
            let entry = what_is_left(record, body, &left);
            match entry.content {
                Content::Erasure(erasure)
                    if team
                        .check(&Opened { content: Content::Erasure(erasure.clone()), ..entry.clone() }, false)
                        .is_ok() =>
                {
                    let Opened { chain, author, at, .. } = entry;
                    after.insert(*hash, Erased { chain, author, at, erasure: *erasure });
                }
                _ => _ = after.remove(hash),
            }
        }
        if after == erasures {
            return (after, named);
        }
        erasures = after;
    }
}

/// What all erasures of one entry left of it.
fn rest_of(bodies: &[ErasedBody]) -> Option<Map<String, Value>> {
    let mut rests = bodies.iter().map(|body| body.rest.as_ref());
    let first = rests.next()??.clone();
    rests.try_fold(first, |left, rest| Some(common_object(&left, rest?)))
}

/// An entry that was named, as the fold sees it.
fn what_is_left(record: RecordId, body: &ErasedBody, rest: &Option<Map<String, Value>>) -> Opened {
    let nothing = || Content::Unread(Unread { kind: body.kind, bytes: Vec::new(), why: ContentError::Erased });
    let content = match rest {
        Some(rest) => {
            let mut rest = rest.clone();
            rest.insert("v".to_owned(), crate::VERSION.into());
            Content::try_decode(body.kind, Value::Object(rest).to_string().as_bytes()).unwrap_or_else(|_| nothing())
        }
        None => nothing(),
    };
    let ErasedBody { entry: hash, chain, seq, kind, author, at, .. } = *body;
    Opened { hash, chain, seq, kind, record, parents: body.seen.clone(), author, at, content }
}

/// What stands in both: of objects the keys, of lists the members; of erasures what both left of each body, and every body
/// that one of them names.
fn common_object(one: &Map<String, Value>, other: &Map<String, Value>) -> Map<String, Value> {
    let both = |(key, value): (&String, &Value)| match (key.as_str(), value, other.get(key)?) {
        (BODIES, Value::Array(one), Value::Array(other)) => Some((key.clone(), common_bodies(one, other))),
        (_, one, other) => Some((key.clone(), common(one, other)?)),
    };
    one.iter().filter_map(both).collect()
}

/// The key of an erasure under which its bodies stand; no other content has it.
const BODIES: &str = "bodies";

fn common_bodies(one: &[Value], other: &[Value]) -> Value {
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

/// An erasure of a whole record: nothing is left of any entry that is open here.
pub fn erase_record(entries: &[Opened], why: ErasureReason, note: impl Into<Private>) -> Erasure {
    erase(entries, why, note.into(), Vec::new(), &|_, _| true)
}

/// An erasure of answers. `is_meant` says whether a field, as an entry names it (under that entry's version of the form),
/// is one of them; rows that stand in a field that is meant go with it. Entries without any of them are left alone.
pub fn erase_answers(
    entries: &[Opened],
    fields: Vec<Field>,
    why: ErasureReason,
    note: impl Into<Private>,
    is_meant: &dyn Fn(&Opened, &Field) -> bool,
) -> Erasure {
    debug_assert!(!fields.is_empty(), "an erasure without fields is one of the whole record");
    erase(entries, why, note.into(), fields, is_meant)
}

fn erase(
    entries: &[Opened],
    why: ErasureReason,
    note: Private,
    fields: Vec<Field>,
    is_meant: &dyn Fn(&Opened, &Field) -> bool,
) -> Erasure {
    let whole = fields.is_empty();
    let (mut bodies, mut dropped, mut kept) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    for entry in entries.iter().filter(|entry| entry.kind != kind::CARRIED_OUT) {
        let mut files = Files { dropped: &mut dropped, kept: &mut kept };
        let left = if whole {
            nothing_left(&entry.content, &mut files)
        } else {
            strip(entry, &entry.content, is_meant, &mut files)
        };
        let rest = match left {
            Left::All => continue,
            Left::Some(rest) => Some(rest),
            Left::Nothing => None,
        };
        let Opened { hash, chain, seq, kind, author, at, .. } = *entry;
        bodies.push(ErasedBody { entry: hash, chain, seq, kind, seen: seen_by(entry), author, at, rest });
    }
    let chunks = dropped.difference(&kept).copied().collect();
    Erasure { why, note, fields, bodies, chunks }
}

/// What of a content is left.
enum Left {
    All,
    Some(Map<String, Value>),
    Nothing,
}

/// Chunks of files: named by what goes, and by what stays.
struct Files<'f> {
    dropped: &'f mut BTreeSet<ChunkId>,
    kept: &'f mut BTreeSet<ChunkId>,
}

impl Files<'_> {
    fn note(&mut self, change: &Change, goes: bool) {
        let chunks = change.file.iter().flat_map(|file| &file.chunks).map(|chunk| chunk.id);
        if goes { self.dropped.extend(chunks) } else { self.kept.extend(chunks) }
    }
}

/// Of an erasure that stood before, the places are left: without them the history would lose its order.
fn nothing_left(content: &Content, files: &mut Files<'_>) -> Left {
    match content {
        Content::Interview(sitting) => {
            sitting.changes.iter().for_each(|change| files.note(change, true));
            Left::Nothing
        }
        Content::Erasure(before) => {
            let mut left = before.as_ref().clone();
            only_places(&mut left, files);
            if left == **before { Left::All } else { Left::Some(crate::content::object_of(&left)) }
        }
        // What cannot be read here goes all the same; what was erased before is gone.
        Content::Unread(unread) if unread.why == ContentError::Erased => Left::All,
        _ => Left::Nothing,
    }
}

/// Takes what is left of bodies out of an erasure; of erasures that it names, and that name others, in the same way.
fn only_places(erasure: &mut Erasure, files: &mut Files<'_>) {
    for body in &mut erasure.bodies {
        let Some(rest) = body.rest.take().map(Value::Object) else { continue };
        if body.kind == kind::ERASURE {
            body.rest = serde_json::from_value(rest).ok().map(|mut inner: Erasure| {
                only_places(&mut inner, files);
                crate::content::object_of(&inner)
            });
        } else if let Ok(sitting) = serde_json::from_value::<Interview>(rest) {
            sitting.changes.iter().for_each(|change| files.note(change, true));
        }
    }
}

fn strip(entry: &Opened, content: &Content, is_meant: &dyn Fn(&Opened, &Field) -> bool, files: &mut Files<'_>) -> Left {
    let meant = |field: &Field| is_meant(entry, field) || field.rows().any(|row| is_meant(entry, &row));
    match content {
        Content::Interview(sitting) => {
            let questions: BTreeSet<String> =
                sitting.changes.iter().filter(|change| meant(&change.field)).map(|c| question(&c.field)).collect();
            let mut left = sitting.as_ref().clone();
            left.changes.retain(|change| {
                let goes = meant(&change.field) || is_told_of(change, &questions, &meant);
                files.note(change, goes);
                !goes
            });
            if left.changes.len() == sitting.changes.len() {
                return Left::All;
            }
            // What was made of entities, and the submission that it was taken from, may repeat the answers.
            left.entities = None;
            left.source = None;
            Left::Some(crate::content::object_of(&left))
        }
        Content::Decision(decision) if meant(&decision.field) => Left::Nothing,
        Content::Review(review) if review.remarks.iter().any(|remark| meant(&remark.field)) => {
            let mut left = review.as_ref().clone();
            left.remarks.retain(|remark| !meant(&remark.field));
            Left::Some(crate::content::object_of(&left))
        }
        Content::Erasure(before) => {
            let mut left = before.as_ref().clone();
            let mut changed = false;
            for body in &mut left.bodies {
                let Some(rest) = body.rest.take() else { continue };
                let inner = what_is_left(entry.record, body, &Some(rest.clone()));
                body.rest = match strip(&inner, &inner.content, is_meant, files) {
                    Left::All => Some(rest),
                    Left::Some(rest) => {
                        changed = true;
                        Some(rest)
                    }
                    Left::Nothing => {
                        changed = true;
                        None
                    }
                };
            }
            if changed { Left::Some(crate::content::object_of(&left)) } else { Left::All }
        }
        _ => Left::All,
    }
}

/// A question without the rows that it stands in: `/person/age`.
fn question(field: &Field) -> String {
    without_brackets(field.as_str())
}

fn without_brackets(path: &str) -> String {
    let mut depth = 0_u32;
    path.chars()
        .filter(|c| {
            depth += u32::from(*c == '[');
            let outside = depth == 0;
            depth = depth.saturating_sub(u32::from(*c == ']'));
            outside
        })
        .collect()
}

/// Whether a change is an event of the audit log that tells of a question whose answer goes. Events name rows by their
/// place and not by what they are, so those of all rows go.
fn is_told_of(change: &Change, questions: &BTreeSet<String>, meant: &dyn Fn(&Field) -> bool) -> bool {
    if !change.field.as_str().starts_with(AUDIT) {
        return false;
    }
    let Some(event) = change.answer.value().and_then(|text| serde_json::from_str::<AuditEvent>(text).ok()) else {
        return true;
    };
    // The first step is the form's own.
    let node = without_brackets(&event.node);
    let Some((_, below)) = node.strip_prefix('/').and_then(|node| node.split_once('/')) else { return false };
    let below = format!("/{below}");
    questions.contains(&below) || meant(&Field::new(below))
}

/// The entries that an entry saw directly.
fn seen_by(entry: &Opened) -> Vec<EntryHash> {
    let mut seen = crate::graph::seen_by(entry);
    seen.sort_unstable();
    seen.dedup();
    seen
}
