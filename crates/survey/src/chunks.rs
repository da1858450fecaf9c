//! Which parts of files a content names: what a laptop that reads it wants to have.

use crate::erasures::content_left;
use crate::kinds::{ChunkRef, Evidence};
use crate::{Change, Content};
use std::collections::BTreeSet;
use tianye_journal::ChunkId;

impl Content {
    /// The chunks of the files that it names; of an erasure those of what it left, where that can be read here.
    pub fn chunks(&self) -> BTreeSet<ChunkId> {
        let id = |part: &ChunkRef| part.id;
        match self {
            Self::Form(version) => {
                let media = version.media.iter().flat_map(|file| &file.chunks);
                version.chunks.iter().chain(media).map(id).collect()
            }
            Self::Interview(sitting) => {
                let files = sitting.changes.iter().filter_map(Change::attachment);
                files.flat_map(|file| &file.chunks).map(id).collect()
            }
            Self::Consent(card) => {
                let evidence: Vec<Evidence> = card.value("evidence").unwrap_or_default();
                evidence.iter().flat_map(|one| &one.file.chunks).map(id).collect()
            }
            Self::Erasure(erasure) => {
                erasure.bodies.iter().flat_map(|body| content_left(body, &body.rest).chunks()).collect()
            }
            _ => BTreeSet::new(),
        }
    }
}
