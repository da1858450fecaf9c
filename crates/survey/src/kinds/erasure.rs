use super::words::words;
use crate::{At, Field, Private};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tianye_journal::{ChainId, ChunkId, EntryHash, PersonId, Seq};

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
    /// The answers that were erased, as they stood then; none: the whole record.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Field>,
    /// The entries whose bodies are dropped.
    pub bodies: Vec<ErasedBody>,
    /// The chunks of files that are dropped.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chunks: Vec<ChunkId>,
}

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
    /// What it said, without what was erased; none: nothing is left. Who erased it answers for these words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rest: Option<Map<String, Value>>,
}

/// Says which entry it is, and never what is left of it.
impl std::fmt::Debug for ErasedBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("ErasedBody");
        shown.field("entry", &self.entry).field("kind", &self.kind).field("rest", &self.rest.is_some()).finish()
    }
}

/// Kind 14: a laptop has carried an erasure out, in the record that it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarriedOut {
    /// The erasure.
    pub erasure: EntryHash,
    /// How many bodies this laptop had and dropped.
    pub bodies: u32,
    /// How many chunks of files it had and dropped.
    pub chunks: u32,
}
