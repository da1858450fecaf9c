//! Files on their way to an answer: chunks that nothing names yet, and recordings while they run.
//!
//! A chunk is on the disk before the answer that names it, so a crash between the two would leave one that nothing names.
//! Therefore it stands in a list from before it is written until the step that names it, and what is in the list when no
//! program is at work is swept.

use std::collections::BTreeSet;

use rusqlite::Row;
use tianye_journal::{ChunkId, RecordId, SealedChunk, WallClock};
use zeroize::Zeroize as _;

use crate::sql::named;
use crate::{Error, Op, Result, Store, Tx, View};

const SQL: &str = include_str!("../sql/recordings.sql");
const MAX_ABOUT: usize = 4096;
/// Most pieces of one recording: a day of one a second.
const MAX_PIECES: usize = 86_400;

/// A file that comes in piece by piece, of a question of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    /// Its number in this store.
    pub id: i64,
    /// The draft's record.
    pub record: RecordId,
    /// The question.
    pub path: String,
    /// What the desk notes of it (JSON).
    pub about: String,
    /// Begun, ms since 1970 UTC, untrusted.
    pub started_ms: i64,
    /// What has come in so far, in order.
    pub pieces: Vec<Piece>,
}

/// A part of a recording: sealed alone, as a file of one chunk.
#[derive(Clone, PartialEq, Eq)]
pub struct Piece {
    /// Its chunk.
    pub chunk: ChunkId,
    /// What opens it.
    pub key: [u8; 32],
    /// Length of the plain bytes.
    pub len: u32,
}

impl std::fmt::Debug for Piece {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Piece({}, {} bytes)", self.chunk, self.len)
    }
}

impl Drop for Piece {
    fn drop(&mut self) {
        self.key.zeroize();
    }
}

impl Recording {
    /// Bytes that have come in so far.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.pieces.iter().map(|piece| u64::from(piece.len)).sum()
    }

    /// Whether nothing has come in.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }
}

impl Store {
    /// Keeps a chunk that nothing names yet; durable on return. [`Tx::name_chunks`] or [`Tx::put_piece`] name it; until
    /// then [`Store::sweep_chunks`] takes it away.
    ///
    /// # Errors
    /// As [`Store::put_chunk`].
    pub fn put_loose_chunk(&self, chunk: &SealedChunk) -> Result<()> {
        self.transact(Op::Chunk, |tx| tx.loosen(&chunk.id()))?;
        self.put_chunk(chunk)
    }

    /// Takes away the chunks that nothing names; how many.
    ///
    /// # Errors
    /// Database and disk errors; what was not taken away is swept the next time.
    pub fn sweep_chunks(&self) -> Result<usize> {
        self.sweep(|_| true)
    }

    /// Takes away those of these chunks that nothing names; how many.
    ///
    /// # Errors
    /// As [`Store::sweep_chunks`].
    pub fn sweep_chunks_of(&self, pieces: &[Piece]) -> Result<usize> {
        self.sweep(|chunk| pieces.iter().any(|piece| piece.chunk == *chunk))
    }

    fn sweep(&self, wanted: impl Fn(&ChunkId) -> bool) -> Result<usize> {
        const LOOSE: &str = named(SQL, "loose");
        const NAME: &str = named(SQL, "name");
        // Within one step: whoever is about to name one of them comes before or after, and is refused after.
        self.transact(Op::Chunk, |tx| {
            let mut loose = tx.all(LOOSE, [], chunk_of)?;
            loose.retain(&wanted);
            for chunk in &loose {
                self.drop_chunk(chunk)?;
                tx.run(NAME, [chunk.as_bytes()])?;
            }
            Ok(loose.len())
        })
    }
}

impl View<'_> {
    /// A recording.
    ///
    /// # Errors
    /// Database errors.
    pub fn recording(&self, id: i64) -> Result<Option<Recording>> {
        const ONE: &str = named(SQL, "one");
        self.one(ONE, [id], recording_of)?.map(|recording| self.with_pieces(recording)).transpose()
    }

    /// The recordings of a draft that are no answer yet, oldest first.
    ///
    /// # Errors
    /// Database errors.
    pub fn recordings(&self, record: RecordId) -> Result<Vec<Recording>> {
        const OF_DRAFT: &str = named(SQL, "of_draft");
        let found = self.all(OF_DRAFT, [record.as_bytes()], recording_of)?;
        found.into_iter().map(|recording| self.with_pieces(recording)).collect()
    }

    /// The chunks here that are no part of an entry or a draft's answer yet: they are not to travel.
    ///
    /// # Errors
    /// Database errors.
    pub fn unfinished_chunks(&self) -> Result<BTreeSet<ChunkId>> {
        const UNFINISHED: &str = named(SQL, "unfinished");
        Ok(self.all(UNFINISHED, [], chunk_of)?.into_iter().collect())
    }

    fn with_pieces(&self, recording: Recording) -> Result<Recording> {
        const PIECES: &str = named(SQL, "pieces");
        let pieces = self.all(PIECES, [recording.id], |row| {
            Ok(Piece { chunk: chunk_of(row)?, key: row.get(1)?, len: row.get(2)? })
        })?;
        Ok(Recording { pieces, ..recording })
    }
}

impl Tx<'_> {
    /// Says that these chunks are named by what this step writes.
    ///
    /// # Errors
    /// [`Error::NotFound`] if one is not loose: it was swept, or was never kept.
    pub fn name_chunks<'c>(&mut self, chunks: impl IntoIterator<Item = &'c ChunkId>) -> Result<()> {
        const NAME: &str = named(SQL, "name");
        for chunk in chunks {
            if self.run(NAME, [chunk.as_bytes()])? == 0 {
                return Err(Error::NotFound { what: "chunk that nothing names yet" });
            }
        }
        Ok(())
    }

    /// Begins a recording of a draft's question; its number.
    ///
    /// # Errors
    /// [`Error::NotFound`] without a draft; [`Error::TooLarge`].
    pub fn start_recording(&mut self, record: RecordId, path: &str, about: &str, at: WallClock) -> Result<i64> {
        const START: &str = named(SQL, "start");
        const DRAFT: &str = named(include_str!("../sql/drafts.sql"), "id");
        for (what, text) in [("path", path), ("note on the recording", about)] {
            if text.len() > MAX_ABOUT {
                return Err(Error::TooLarge { what, found: text.len() as u64, limit: MAX_ABOUT as u64 });
            }
        }
        let draft: Option<i64> = self.one(DRAFT, [record.as_bytes()], |row| row.get(0))?;
        let draft = draft.ok_or(Error::NotFound { what: "draft of this record" })?;
        self.insert(START, (draft, path, about, at.millis))
    }

    /// Adds a piece, whose chunk is loose, to the end of a recording.
    ///
    /// # Errors
    /// [`Error::NotFound`] without such a recording, or if the chunk is not loose; [`Error::TooLarge`].
    pub fn put_piece(&mut self, recording: i64, piece: &Piece) -> Result<()> {
        const PUT: &str = named(SQL, "put");
        let found = self.recording(recording)?.ok_or(Error::NotFound { what: "recording" })?.pieces.len();
        if found >= MAX_PIECES {
            return Err(Error::TooLarge { what: "recording", found: found as u64 + 1, limit: MAX_PIECES as u64 });
        }
        self.name_chunks([&piece.chunk])?;
        self.run(PUT, (recording, piece.chunk.as_bytes(), piece.key, piece.len)).map(|_| ())
    }

    /// Ends a recording; its pieces are loose again. One that is not here is no error.
    ///
    /// # Errors
    /// Database errors.
    pub fn drop_recording(&mut self, recording: i64) -> Result<()> {
        const LOOSEN: &str = named(SQL, "loosen_pieces");
        const DROP: &str = named(SQL, "drop");
        self.run(LOOSEN, [recording])?;
        self.run(DROP, [recording]).map(|_| ())
    }

    /// The pieces of all recordings of a draft are loose again: it is about to go, and they with it.
    pub(crate) fn loosen_recordings(&mut self, record: RecordId) -> Result<()> {
        const LOOSEN: &str = named(SQL, "loosen_draft");
        self.run(LOOSEN, [record.as_bytes()]).map(|_| ())
    }

    fn loosen(&mut self, chunk: &ChunkId) -> Result<()> {
        const LOOSEN: &str = named(SQL, "loosen");
        self.run(LOOSEN, [chunk.as_bytes()]).map(|_| ())
    }
}

fn chunk_of(row: &Row<'_>) -> rusqlite::Result<ChunkId> {
    row.get(0).map(ChunkId::from_bytes)
}

fn recording_of(row: &Row<'_>) -> rusqlite::Result<Recording> {
    let record = RecordId::from_bytes(row.get(1)?);
    Ok(Recording {
        id: row.get(0)?,
        record,
        path: row.get(2)?,
        about: row.get(3)?,
        started_ms: row.get(4)?,
        pieces: Vec::new(),
    })
}
