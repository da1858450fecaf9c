//! Making erasures: what goes, and what is left of the entries that it stood in.

use crate::erasures::{ErasureState, common_object, what_is_left};
use crate::kinds::{ErasedBody, Erasure, ErasureReason, Interview, Told};
use crate::{AUDIT, AuditEvent, Change, Content, ContentError, Field, Opened, Private, kind};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use tianye_journal::{ChunkId, EntryHash, RecordId};

/// An erasure, in a record of kind 14, of what was handed on of interviews without knowing of erasures in them (`erasures`
/// gives those by interview): of those interviews nothing is left in the entries that said so, of others everything. None
/// where nothing is stale.
pub fn erase_told(
    entries: &[Opened],
    erasures: &BTreeMap<RecordId, Vec<EntryHash>>,
    why: ErasureReason,
) -> Option<Erasure> {
    let is_stale = |told: &Told| erasures.get(&told.record).is_some_and(|erasures| told.is_stale(erasures));
    let mut stale: BTreeSet<(EntryHash, Field)> = BTreeSet::new();
    for entry in entries {
        if let Content::Entities(handed) = &entry.content {
            let told = handed.told.iter().filter(|told| is_stale(told));
            stale.extend(told.map(|told| (entry.hash, Field::told_of(&told.record))));
        }
    }
    let fields: BTreeSet<Field> = stale.iter().map(|(_, field)| field.clone()).collect();
    let is_meant = |entry: &Opened, field: &Field| stale.contains(&(entry.hash, field.clone()));
    (!fields.is_empty()).then(|| erase_answers(entries, fields.into_iter().collect(), why, "", &is_meant))
}

/// An erasure, in a record of kind 22, of what was told of an interview that was begun; what is told there of others stays.
/// None where nothing is told of it.
pub fn erase_begun(entries: &[Opened], interview: &RecordId, why: ErasureReason) -> Option<Erasure> {
    let field = Field::told_of(interview);
    let erasure = erase_answers(entries, vec![field.clone()], why, "", &|_, one| *one == field);
    Some(erasure).filter(|erasure| !erasure.bodies.is_empty())
}

/// An erasure of what sittings made of entities without knowing of the erasures in their record: that may repeat what was
/// erased. `entries` are as those left them. None where there is none.
pub fn erase_acts(entries: &[Opened], state: &ErasureState) -> Option<Erasure> {
    let mut making = Making::default();
    let mut fields: BTreeSet<Field> = BTreeSet::new();
    let mut last = None;
    for entry in entries {
        let Content::Interview(sitting) = &entry.content else { continue };
        if sitting.entities.is_none() {
            continue;
        }
        let unknown =
            || state.erasures.iter().filter(|(erasure, erased)| erased.of_record && !sitting.erased.contains(erasure));
        fields.extend(unknown().flat_map(|(_, erased)| erased.erasure.fields.clone()));
        last = unknown().map(|(_, erased)| erased).chain(last).max_by_key(|erased| (erased.at.ms, erased.chain));
        if unknown().next().is_some() {
            let left = Interview { entities: None, ..sitting.as_ref().clone() };
            making.name(entry, Left::Some(crate::content::object_of(&left)));
        }
    }
    let Erasure { why, act, person, .. } = last.filter(|_| !fields.is_empty())?.erasure.clone();
    let bodies = making.bodies.into_values().collect();
    Some(Erasure { bodies, act, person, ..Erasure::of(fields.into_iter().collect(), why, "") })
}

/// An erasure of what erasures that did not know of each other keep of what the others took: each holds what itself left. They
/// name nothing any more, and what all of them left of each entry is said anew. `entries` are as those left them. None where
/// there is none, or where something of it cannot be read here.
pub fn erase_kept(entries: &[Opened]) -> Option<Erasure> {
    let standing = || {
        entries.iter().filter_map(|entry| match &entry.content {
            Content::Erasure(erasure) if !erasure.void => Some((entry, erasure.as_ref())),
            _ => None,
        })
    };
    let mut common: BTreeMap<EntryHash, Option<Map<String, Value>>> = BTreeMap::new();
    for body in standing().flat_map(|(_, erasure)| &erasure.bodies).filter(|body| body.kind != kind::ERASURE) {
        if !body.sealed.is_empty() {
            return None;
        }
        let left = common.entry(body.entry).or_insert_with(|| body.rest.clone());
        *left = left.take().zip(body.rest.as_ref()).map(|(one, other)| common_object(&one, other));
    }
    let keeps_more = |body: &ErasedBody| common.get(&body.entry).is_some_and(|left| *left != body.rest);
    let mut making = Making::default();
    for (entry, before) in standing().filter(|(_, erasure)| erasure.bodies.iter().any(keeps_more)) {
        for body in &before.bodies {
            let rest = common.get(&body.entry).unwrap_or(&body.rest).clone();
            making.put(ErasedBody { rest, ..body.clone() });
        }
        making.name(entry, without_bodies(before));
    }
    let fields: BTreeSet<Field> = standing().flat_map(|(_, erasure)| erasure.fields.clone()).collect();
    let last = standing().filter(|_| !fields.is_empty() && !making.bodies.is_empty());
    let (_, last) = last.max_by_key(|(entry, _)| (entry.at.ms, entry.chain))?;
    let Erasure { why, act, person, .. } = last.clone();
    let bodies = making.bodies.into_values().collect();
    Some(Erasure { bodies, act, person, ..Erasure::of(fields.into_iter().collect(), why, "") })
}

/// An erasure of a whole record: nothing is left of any entry that is open here.
pub fn erase_record(entries: &[Opened], why: ErasureReason, note: impl Into<Private>) -> Erasure {
    erase(entries, why, note.into(), Vec::new(), &|_, _| true)
}

/// An erasure of answers. `is_meant` says whether a field, as an entry names it (under that entry's version of the form),
/// is one of them; rows that stand in a field that is meant go with it. Entries without any of them are left alone, unless
/// they say what the interview makes of entities: that may repeat any answer.
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
    let mut making = Making::default();
    if fields.is_empty() {
        for entry in entries.iter().filter(|entry| entry.kind != kind::CARRIED_OUT) {
            let left = nothing_left(&entry.content, &mut making.files);
            making.name(entry, left);
        }
    } else {
        // What was made of entities goes only if some answer does.
        for acts in [false, true] {
            if acts && making.bodies.is_empty() {
                break;
            }
            making = Making::default();
            let cut = Cut { is_meant, acts };
            for entry in entries {
                if let Content::Erasure(before) = &entry.content {
                    if before.void {
                        cut.drop_void(entry, before, &mut making);
                    } else {
                        cut.strip_erasure(entry, before, &mut making);
                    }
                } else {
                    let left = cut.strip(entry, &entry.content, &mut making.files);
                    making.name(entry, left);
                }
            }
        }
    }
    let Making { bodies, files } = making;
    let chunks = files.dropped.difference(&files.kept).copied().collect();
    Erasure { bodies: bodies.into_values().collect(), chunks, ..Erasure::of(fields, why, note) }
}

/// An erasure while it is made.
#[derive(Default)]
struct Making {
    bodies: BTreeMap<EntryHash, ErasedBody>,
    files: Files,
}

impl Making {
    fn name(&mut self, entry: &Opened, left: Left) {
        let rest = match left {
            Left::All => return,
            Left::Some(rest) => Some(rest),
            Left::Nothing => None,
        };
        let Opened { hash, chain, seq, kind, author, at, .. } = *entry;
        let (seen, sealed) = (seen_by(entry), Vec::new());
        self.put(ErasedBody { entry: hash, chain, seq, kind, seen, author, at, rest, sealed });
    }

    /// Of an entry that is named twice, what both left is left.
    fn put(&mut self, mut body: ErasedBody) {
        if let Some(before) = self.bodies.remove(&body.entry) {
            body.rest = before.rest.zip(body.rest).map(|(one, other)| common_object(&one, &other));
            // What both left of it cannot be told where it cannot be read.
            body.sealed.clear();
        }
        self.bodies.insert(body.entry, body);
    }
}

/// What of a content is left.
enum Left {
    All,
    Some(Map<String, Value>),
    Nothing,
}

/// Chunks of files: named by what goes, and by what stays.
#[derive(Default)]
struct Files {
    dropped: BTreeSet<ChunkId>,
    kept: BTreeSet<ChunkId>,
}

impl Files {
    fn note(&mut self, change: &Change, goes: bool) {
        let chunks = change.file.iter().flat_map(|file| &file.chunks).map(|chunk| chunk.id);
        if goes { self.dropped.extend(chunks) } else { self.kept.extend(chunks) }
    }
}

/// Of an erasure that stood before, the places are left: without them the history would lose its order.
fn nothing_left(content: &Content, files: &mut Files) -> Left {
    match content {
        Content::Interview(sitting) => {
            sitting.changes.iter().for_each(|change| files.note(change, true));
            Left::Nothing
        }
        Content::Erasure(before) if before.void => Left::Nothing,
        Content::Erasure(before) => {
            let mut left = before.as_ref().clone();
            only_places(&mut left, files);
            if left == **before {
                return Left::All;
            }
            left.why = left.why.for_everybody();
            Left::Some(crate::content::object_of(&left))
        }
        Content::Consent(card) => {
            let evidence: Vec<crate::kinds::Evidence> = card.value("evidence").unwrap_or_default();
            files.dropped.extend(evidence.iter().flat_map(|one| &one.file.chunks).map(|chunk| chunk.id));
            Left::Nothing
        }
        // What cannot be read here goes all the same; what was erased before is gone.
        Content::Unread(unread) if unread.why == ContentError::Erased => Left::All,
        _ => Left::Nothing,
    }
}

/// Takes what is left of bodies out of an erasure; of erasures that it names, and that name others, in the same way.
fn only_places(erasure: &mut Erasure, files: &mut Files) {
    for body in &mut erasure.bodies {
        body.sealed.clear();
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

/// An erasure of answers.
struct Cut<'a> {
    is_meant: &'a dyn Fn(&Opened, &Field) -> bool,
    /// What sittings made of entities goes too.
    acts: bool,
}

impl Cut<'_> {
    fn strip(&self, entry: &Opened, content: &Content, files: &mut Files) -> Left {
        let is_meant = self.is_meant;
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
                let changed = left.changes.len() < sitting.changes.len();
                let acts = self.acts && sitting.entities.is_some();
                if !(changed || acts) {
                    return Left::All;
                }
                left.entities = None;
                // The submission that answers were taken from may name them.
                left.source = left.source.filter(|_| !changed);
                Left::Some(crate::content::object_of(&left))
            }
            Content::Decision(decision) if meant(&decision.field) => Left::Nothing,
            Content::Review(review) if review.remarks.iter().any(|remark| meant(&remark.field)) => {
                let mut left = review.as_ref().clone();
                left.remarks.retain(|remark| !meant(&remark.field));
                Left::Some(crate::content::object_of(&left))
            }
            Content::Entities(handed) if handed.told.iter().any(|told| meant(&Field::told_of(&told.record))) => {
                let mut left = handed.as_ref().clone();
                left.told.retain(|told| !meant(&Field::told_of(&told.record)));
                Left::Some(crate::content::object_of(&left))
            }
            Content::Beginnings(told) if told.begun.iter().any(|one| meant(&Field::told_of(&one.interview))) => {
                let mut left = told.as_ref().clone();
                left.begun.retain(|one| !meant(&Field::told_of(&one.interview)));
                Left::Some(crate::content::object_of(&left))
            }
            _ => Left::All,
        }
    }

    /// An erasure without effect says nothing of what is left of anything: what it names is not erased by whoever drops it. It
    /// goes where it repeats what goes now; unless it waits for what it names, which is not here to be erased either.
    fn drop_void(&self, entry: &Opened, before: &Erasure, making: &mut Making) {
        let mut repeated = Making::default();
        self.strip_erasure(entry, before, &mut repeated);
        if !(repeated.bodies.is_empty() || before.unconfirmed || before.unconfirmed_below) {
            making.name(entry, Left::Nothing);
        }
    }

    /// An erasure that stood before, and left what goes now, names nothing any more: what is left of the entries that it
    /// named is said anew. So no erasure holds others with all that they hold, however many there are.
    fn strip_erasure(&self, entry: &Opened, before: &Erasure, making: &mut Making) {
        let named = |body: &ErasedBody| what_is_left(entry.record, body, &body.rest);
        let mut inner = Making::default();
        let mut is_hit = false;
        for body in &before.bodies {
            let of = named(body);
            if let Content::Erasure(earlier) = &of.content {
                let before = inner.bodies.len();
                self.strip_erasure(&of, earlier, &mut inner);
                is_hit |= inner.bodies.len() > before;
                inner.bodies.entry(body.entry).or_insert_with(|| body.clone());
                continue;
            }
            let rest = match self.strip(&of, &of.content, &mut inner.files) {
                Left::All => body.rest.clone(),
                Left::Some(rest) => Some(rest),
                Left::Nothing => None,
            };
            is_hit |= rest != body.rest;
            inner.put(ErasedBody { rest, ..body.clone() });
        }
        making.files.dropped.extend(inner.files.dropped);
        making.files.kept.extend(inner.files.kept);
        if !is_hit {
            return;
        }
        inner.bodies.into_values().for_each(|body| making.put(body));
        making.name(entry, without_bodies(before));
    }
}

/// What is left of an erasure whose names are said anew: that stays open to whoever reads the later one.
fn without_bodies(before: &Erasure) -> Left {
    let why = before.why.clone().for_everybody();
    Left::Some(crate::content::object_of(&Erasure { bodies: Vec::new(), why, ..before.clone() }))
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
