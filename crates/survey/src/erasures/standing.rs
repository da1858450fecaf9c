//! Which erasures stand, where some name others.
//!
//! Whoever erases an answer of an entry that lost another one before erases that erasure too: it holds what was left. They
//! name all that it named and leave no more of it, so that who hears of the later one alone drops the same. Who may erase only
//! what is theirs is held to that: an own erasure of which no later one repeats all stands, and its body stays. No word of
//! theirs brings back what an erasure took. (Of three and more that name each other in part it may depend on which were carried
//! out first whether the body of one of them stays; what they name goes all the same.)

use super::{Erased, common_object, rest_of, what_is_left};
use crate::kinds::{ErasedBody, Erasure};
use crate::rights::Team;
use crate::{Content, Opened, kind};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use tianye_journal::{ChunkId, EntryHash, RecordId};

/// What the erasures of a record come to.
#[derive(Debug, Default)]
pub(super) struct Settled {
    /// Those that stand, without naming each other, and what they left of those that do not.
    pub erasures: BTreeMap<EntryHash, Erased>,
    /// What they name, with all that was left of it.
    pub named: BTreeMap<EntryHash, Vec<ErasedBody>>,
}

/// What is left of an entry.
type Rest = Option<Map<String, Value>>;

/// What an erasure names, itself or in what it leaves of others.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    bodies: BTreeMap<EntryHash, Rest>,
    chunks: BTreeSet<ChunkId>,
    /// Its author may erase anything, and answers for what is left.
    may_any: bool,
}

impl Names {
    pub fn of(erasure: &Erasure, may_any: bool) -> Self {
        let bodies = with_below(&erasure.bodies);
        let inner = bodies.iter().filter_map(inner_of).flat_map(|inner| inner.chunks);
        let chunks = erasure.chunks.iter().copied().chain(inner).collect();
        let mut names = Self { chunks, may_any, ..Self::default() };
        bodies.into_iter().for_each(|body| leave(&mut names.bodies, body.entry, rest_to_compare(body)));
        names
    }
}

/// What the erasures that stand name together.
#[derive(Default)]
struct Cover {
    bodies: BTreeMap<EntryHash, Rest>,
    chunks: BTreeSet<ChunkId>,
    /// What somebody names who may erase anything.
    by_any: BTreeSet<EntryHash>,
}

impl Cover {
    fn add(&mut self, names: &Names) {
        names.bodies.iter().for_each(|(entry, rest)| leave(&mut self.bodies, *entry, rest.clone()));
        self.chunks.extend(&names.chunks);
        self.by_any.extend(names.bodies.keys().filter(|_| names.may_any));
    }

    /// Whether an erasure is named, with all that it took or by somebody who may leave that out.
    fn takes(&self, one: &EntryHash, names: &Names) -> bool {
        let leaves_no_more = |(entry, rest): (&EntryHash, &Rest)| match (self.bodies.get(entry), rest) {
            (Some(None), _) => true,
            (Some(Some(left)), Some(rest)) => common_object(left, rest) == *left,
            _ => false,
        };
        let repeats = || names.bodies.iter().all(leaves_no_more) && names.chunks.is_subset(&self.chunks);
        self.by_any.contains(one) || (self.bodies.contains_key(one) && repeats())
    }
}

/// What the erasures of a record come to. `own`: those with effect; `names`: what all of them name.
pub(super) fn settle(
    record: RecordId,
    mut own: BTreeMap<EntryHash, Erased>,
    names: &BTreeMap<EntryHash, Names>,
    team: &Team,
) -> Settled {
    let (mut standing, cover) = standing(own.keys().copied().collect(), names);
    own.retain(|hash, _| standing.contains(hash));
    let mut named: BTreeMap<EntryHash, Vec<ErasedBody>> = BTreeMap::new();
    let mut of_record: BTreeMap<EntryHash, bool> = BTreeMap::new();
    for erased in own.values() {
        for body in with_below(&erased.erasure.bodies) {
            *of_record.entry(body.entry).or_insert(true) &= erased.of_record;
            named.entry(body.entry).or_default().push(body);
        }
    }
    // One without effect may come to have one.
    let without = names.iter().filter(|(hash, names)| !own.contains_key(*hash) && !cover.takes(hash, names));
    standing.extend(without.map(|(hash, _)| *hash));
    named.retain(|hash, _| !standing.contains(hash));
    for erased in own.values_mut() {
        erased.erasure.bodies.retain(|body| !standing.contains(&body.entry));
    }
    let mut erasures = own;
    for (hash, bodies) in &named {
        let Some(body) = bodies.first().filter(|body| body.kind == kind::ERASURE) else { continue };
        let left = what_is_left(record, body, &rest_of(bodies));
        if team.check(&left, true).is_err() {
            continue;
        }
        let Opened { chain, author, at, content: Content::Erasure(erasure), .. } = left else { continue };
        // Its own words are gone; who erased it answers for what is left, and it reaches no further than they do.
        let of_record = of_record.get(hash).copied().unwrap_or_default();
        erasures.insert(*hash, Erased { chain, author, at, erasure: *erasure, of_record });
    }
    Settled { erasures, named }
}

/// Those of these erasures that stand, and what they name. Who names one is asked before it.
fn standing(mut open: BTreeSet<EntryHash>, names: &BTreeMap<EntryHash, Names>) -> (BTreeSet<EntryHash>, Cover) {
    let (mut standing, mut cover) = (BTreeSet::new(), Cover::default());
    while !open.is_empty() {
        open.retain(|one| !cover.takes(one, &names[one]));
        let named: BTreeSet<EntryHash> = open.iter().flat_map(|one| names[one].bodies.keys().copied()).collect();
        let mut next: Vec<EntryHash> = open.difference(&named).copied().collect();
        if next.is_empty() {
            // Hashes cannot name each other in a circle, but what is left of one may be made to name whatever it likes.
            next.extend(&open);
        }
        for one in next {
            open.remove(&one);
            cover.add(&names[&one]);
            standing.insert(one);
        }
    }
    (standing, cover)
}

/// Of an entry that is named again, what both left is left.
fn leave(bodies: &mut BTreeMap<EntryHash, Rest>, entry: EntryHash, rest: Rest) {
    let left = match bodies.remove(&entry) {
        Some(before) => before.zip(rest).map(|(one, other)| common_object(&one, &other)),
        None => rest,
    };
    bodies.insert(entry, left);
}

/// What is left of an entry, as far as it may say something: what is left of an erasure names entries, and these count themselves.
fn rest_to_compare(body: ErasedBody) -> Rest {
    body.rest.filter(|_| body.kind != kind::ERASURE)
}

/// Bodies, and those that stand in what is left of erasures among them, however far below.
pub(super) fn with_below(bodies: &[ErasedBody]) -> Vec<ErasedBody> {
    let (mut all, mut next) = (Vec::new(), bodies.to_vec());
    while let Some(body) = next.pop() {
        next.extend(inner_of(&body).into_iter().flat_map(|inner| inner.bodies));
        all.push(body);
    }
    all
}

/// What is left of an erasure.
fn inner_of(body: &ErasedBody) -> Option<Erasure> {
    let rest = body.rest.as_ref().filter(|_| body.kind == kind::ERASURE)?;
    serde_json::from_value(Value::Object(rest.clone())).ok()
}
