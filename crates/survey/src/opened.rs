//! An entry once its body is open: what the fold works on.

use crate::content::{Content, Unread};
use serde::{Deserialize, Serialize};
use tianye_journal::{ChainId, EntryHash, PersonId, PlainBody, RecordId, Seq, WallClock};

/// What a laptop's clock showed. It is shown to people and never decides anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct At {
    /// Milliseconds since 1970-01-01 UTC.
    pub ms: i64,
    /// Minutes that local time was ahead of UTC.
    pub offset: i16,
}

impl From<WallClock> for At {
    fn from(clock: WallClock) -> Self {
        Self { ms: clock.millis, offset: clock.offset_minutes }
    }
}

impl From<At> for WallClock {
    fn from(at: At) -> Self {
        Self { millis: at.ms, offset_minutes: at.offset }
    }
}

/// One entry with its body open and its content read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The entry's name.
    pub hash: EntryHash,
    /// The chain it stands in.
    pub chain: ChainId,
    /// Its place there.
    pub seq: Seq,
    /// Number of its kind.
    pub kind: u16,
    /// The record it is about.
    pub record: RecordId,
    /// The heads of that record which its author saw.
    pub parents: Vec<EntryHash>,
    /// Who wrote it, as the body says.
    pub author: PersonId,
    /// When, by the author's laptop.
    pub at: At,
    /// What it says; what cannot be read is kept as [`Content::Unread`].
    pub content: Content,
}

impl Opened {
    /// Reads the content of an opened body. Never fails: what cannot be read is kept.
    pub fn read(hash: EntryHash, chain: ChainId, seq: Seq, body: &PlainBody) -> Self {
        Self {
            hash,
            chain,
            seq,
            kind: body.kind,
            record: body.record,
            parents: body.parents.clone(),
            author: body.author,
            at: body.at.into(),
            content: Content::decode(body.kind, &body.content),
        }
    }

    /// Why its content has no effect, if it cannot be read.
    pub fn unread(&self) -> Option<&Unread> {
        match &self.content {
            Content::Unread(unread) => Some(unread),
            _ => None,
        }
    }
}
