use super::words::words;
use crate::{At, Field, Private};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use tianye_journal::{ChainId, ChunkId, EntryHash, PersonId, RecordId, Seq};

words! {
    /// Why something was erased.
    ErasureReason {
        /// The person, or who speaks for them, took their consent back.
        Withdrawn = "withdrawn",
        /// It is kept elsewhere, for fewer eyes: a disclosure.
        Misplaced = "misplaced",
        /// The time for which it might be kept is over.
        Retention = "retention",
        /// It should never have been written down.
        Mistake = "mistake",
    }
}

impl ErasureReason {
    /// As it is said where the whole team reads it: nobody is to see that an answer went into a report.
    #[must_use]
    pub fn for_everybody(self) -> Self {
        if self == Self::Misplaced { Self::Mistake } else { self }
    }
}

/// Kind 11: bodies and files of a record that every replica drops.
///
/// It stands beside the record's history, not in it: nothing names it as a parent, and it replaces no write. What it names
/// keeps its place there, with whatever is left of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasure {
    /// Why.
    pub why: ErasureReason,
    /// Why, in the words of who erased it.
    #[serde(default)]
    pub note: Private,
    /// The act of a person that it is part of: one act may need several erasures, in several records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<RecordId>,
    /// The respondent who was erased by that act, with everything of theirs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<RecordId>,
    /// The answers that were erased, as they stood then; none: the whole record.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Field>,
    /// The entries whose bodies are dropped. None in what is left of an erasure that was erased: the later one names them.
    pub bodies: Vec<ErasedBody>,
    /// The chunks of files that are dropped.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chunks: Vec<ChunkId>,
    /// Some entry that it names is not on this laptop, so whose it is rests on the erasure's own word. Never written down: see
    /// [`crate::confirm_erasures`].
    #[serde(skip)]
    pub unconfirmed: bool,
    /// The same of what stands below: the entries that are named by what it leaves of other erasures.
    #[serde(skip)]
    pub unconfirmed_below: bool,
    /// Its author had no right to it, or it waits. Never written down: see [`crate::without_erased`].
    #[serde(skip)]
    pub void: bool,
}

impl Erasure {
    /// Of these fields (none: of the whole record); it names nothing yet.
    pub fn of(fields: Vec<Field>, why: ErasureReason, note: impl Into<Private>) -> Self {
        Self {
            why,
            note: note.into(),
            act: None,
            person: None,
            fields,
            bodies: Vec::new(),
            chunks: Vec::new(),
            unconfirmed: false,
            unconfirmed_below: false,
            void: false,
        }
    }

    /// The same as several, each short enough for an entry. What is left of many entries may be more than one holds.
    pub fn in_parts(self) -> Vec<Self> {
        let Self { bodies, chunks, .. } = self;
        let mut parts = vec![Self {
            bodies: Vec::new(),
            chunks,
            ..Self::of(self.fields.clone(), self.why.clone(), self.note.clone())
        }];
        let mut length = 0;
        for body in bodies {
            let own = serde_json::to_string(&body).map_or(0, |text| text.len());
            if length > 0 && length + own > MAX_PART {
                parts.push(Self::of(self.fields.clone(), self.why.clone(), ""));
                length = 0;
            }
            length += own;
            if let Some(part) = parts.last_mut() {
                part.bodies.push(body);
            }
        }
        parts.into_iter().map(|part| Self { act: self.act, person: self.person, ..part }).collect()
    }
}

/// Most bytes of bodies in one part, if there are several.
const MAX_PART: usize = crate::MAX_CONTENT / 2;

/// An entry whose body is dropped: what keeps its place in the record's history, and what is left of what it said.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasedBody {
    /// The entry.
    pub entry: EntryHash,
    /// The chain it stands in.
    pub chain: ChainId,
    /// Its place there.
    pub seq: Seq,
    /// Number of its kind.
    pub kind: u16,
    /// The entries that it saw: its parents, and those whose writes it replaced.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seen: Vec<EntryHash>,
    /// Who wrote it.
    pub author: PersonId,
    /// When, by that laptop's clock.
    pub at: At,
    /// What it said, without what was erased; none: nothing is left, or nothing that may be read here. Who erased it answers
    /// for these words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rest: Option<Map<String, Value>>,
    /// The same as it travels, for the readers of its chain only: sealed, in base64, in pieces. See [`crate::seal_rests`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sealed: Vec<String>,
}

/// Says which entry it is, and never what is left of it.
impl std::fmt::Debug for ErasedBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("ErasedBody");
        shown.field("entry", &self.entry).field("kind", &self.kind).field("rest", &self.rest.is_some()).finish()
    }
}

/// Kind 15: a laptop has carried an erasure out, in the record that it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarriedOut {
    /// The erasure.
    pub erasure: EntryHash,
    /// How many bodies this laptop had and dropped.
    pub bodies: u32,
    /// How many chunks of files it had and dropped.
    pub chunks: u32,
    /// How many exports that were made on this laptop before hold some of it: they are out of its reach.
    #[serde(default, skip_serializing_if = "is_none")]
    pub exports: u32,
    /// Damaged databases on this laptop that may still hold some of it: when each was set aside, in milliseconds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub set_aside: Vec<i64>,
    /// Of those that any word of this laptop names, which are gone: a person discarded them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub discarded: Vec<i64>,
    /// The second black box of this laptop may still hold some of it: its medium was away.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub away: bool,
    /// The medium came back, and the second black box holds nothing of it any more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub came_back: bool,
    /// The hubs that this laptop has told to drop it, by their public keys in hex: a hub hears nobody but who keeps the
    /// project's key, so the others cannot know.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hubs: Vec<String>,
}

/// What on a laptop an erasure did not reach, so that it may still hold some of what was erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OutOfReach {
    /// A damaged database that a recovery set aside: when, in milliseconds.
    Database(i64),
    /// The second black box, on a medium that is away.
    SecondBox,
}

impl CarriedOut {
    /// That nothing of an erasure was here.
    pub fn of(erasure: EntryHash) -> Self {
        Self {
            erasure,
            bodies: 0,
            chunks: 0,
            exports: 0,
            set_aside: Vec::new(),
            discarded: Vec::new(),
            away: false,
            came_back: false,
            hubs: Vec::new(),
        }
    }

    /// The same word, and that this was not reached.
    #[must_use]
    pub fn holding(mut self, held: &BTreeSet<OutOfReach>) -> Self {
        (self.set_aside, self.away) = apart(held);
        self
    }

    /// The same word, and that this holds nothing of it any more.
    #[must_use]
    pub fn freed(mut self, gone: &BTreeSet<OutOfReach>) -> Self {
        (self.discarded, self.came_back) = apart(gone);
        self
    }

    /// What it says was not reached.
    pub fn held(&self) -> impl Iterator<Item = OutOfReach> + '_ {
        together(&self.set_aside, self.away)
    }

    /// What it says holds nothing of it any more.
    pub fn gone(&self) -> impl Iterator<Item = OutOfReach> + '_ {
        together(&self.discarded, self.came_back)
    }
}

fn apart(some: &BTreeSet<OutOfReach>) -> (Vec<i64>, bool) {
    let databases = some.iter().filter_map(|one| match one {
        OutOfReach::Database(at) => Some(*at),
        OutOfReach::SecondBox => None,
    });
    (databases.collect(), some.contains(&OutOfReach::SecondBox))
}

fn together(databases: &[i64], second: bool) -> impl Iterator<Item = OutOfReach> + '_ {
    databases.iter().copied().map(OutOfReach::Database).chain(second.then_some(OutOfReach::SecondBox))
}

fn is_none(count: &u32) -> bool {
    *count == 0
}
