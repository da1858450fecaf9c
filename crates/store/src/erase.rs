//! Erasing: bodies and chunks are dropped and never come back, from whatever carrier.
//!
//! The database forgets them in one step (`secure_delete` overwrites what it held). The files beside it follow: chunks,
//! the black box, snapshots, copies from before a migration; then the second black box, whose medium may be away. If that is
//! cut off, it is done at the next unlocking. An erasure notes both at once; once the files of this laptop have followed, the
//! second black box is noted alone. So snapshots that are made while its medium is away, and hold nothing erased, stay.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fs;

use tianye_journal::{ChunkId, EntryHash, RecordId, SealedEntry};

use crate::sql::named;
use crate::transact::locked;
use crate::{Error, Op, Result, Store, Tx, View, files};

const SQL: &str = include_str!("../sql/erase.sql");
/// The setting that stands while, of all files, the second black box alone may still hold what was erased.
const SECOND_ALONE: &str = "erasing-second-box";

/// What an erasure found here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dropped {
    /// Bodies that were here.
    pub bodies: usize,
    /// Chunks that were here.
    pub chunks: usize,
}

/// Everything that was erased up to some moment.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Erased {
    bodies: HashSet<EntryHash>,
    chunks: Vec<ChunkId>,
}

impl View<'_> {
    /// Whether an entry's body was erased.
    ///
    /// # Errors
    /// Database errors.
    pub fn is_erased(&self, hash: EntryHash) -> Result<bool> {
        const IS: &str = named(SQL, "is_erased");
        Ok(self.one(IS, [hash.as_bytes()], |_| Ok(()))?.is_some())
    }

    /// Every entry whose body was erased.
    pub(crate) fn all_erased(&self) -> Result<HashSet<EntryHash>> {
        let all: Vec<[u8; 32]> = self.all(named(SQL, "all"), [], |row| row.get(0))?;
        Ok(all.into_iter().map(EntryHash::from_bytes).collect())
    }

    /// Everything that was erased up to now.
    pub(crate) fn erased(&self) -> Result<Erased> {
        let chunks: Vec<[u8; 32]> = self.all(named(SQL, "chunks"), [], |row| row.get(0))?;
        Ok(Erased { bodies: self.all_erased()?, chunks: chunks.into_iter().map(ChunkId::from_bytes).collect() })
    }

    /// Whether any file may still hold what was erased, of this laptop or the second black box: so it stands after an erasure,
    /// and where an earlier version left one that waited for either.
    fn is_erasing_all(&self) -> Result<bool> {
        Ok(self.one(named(SQL, "pending"), [], |_| Ok(()))?.is_some())
    }

    /// Whether anything was ever erased here.
    pub(crate) fn holds_erased(&self) -> Result<bool> {
        Ok(self.one(named(SQL, "any_erased"), [], |_| Ok(()))?.is_some())
    }

    /// Whether a chunk was erased.
    ///
    /// # Errors
    /// Database errors.
    pub fn is_chunk_erased(&self, id: &ChunkId) -> Result<bool> {
        const IS: &str = named(SQL, "is_chunk_erased");
        Ok(self.one(IS, [id.as_bytes()], |_| Ok(()))?.is_some())
    }

    /// At most `limit` entries whose bodies were erased after the cursor, with the cursor to go on from (0 at first).
    ///
    /// # Errors
    /// Database errors.
    pub fn erased_since(&self, cursor: i64, limit: u32) -> Result<(Vec<EntryHash>, i64)> {
        let rows: Vec<(i64, [u8; 32])> =
            self.all(named(SQL, "since"), (cursor, limit), |row| Ok((row.get(0)?, row.get(1)?)))?;
        let end = rows.last().map_or(cursor, |(id, _)| *id);
        Ok((rows.into_iter().map(|(_, hash)| EntryHash::from_bytes(hash)).collect(), end))
    }

    /// The same for chunks.
    ///
    /// # Errors
    /// Database errors.
    pub fn erased_chunks_since(&self, cursor: i64, limit: u32) -> Result<(Vec<ChunkId>, i64)> {
        let rows: Vec<(i64, [u8; 32])> =
            self.all(named(SQL, "chunks_since"), (cursor, limit), |row| Ok((row.get(0)?, row.get(1)?)))?;
        let end = rows.last().map_or(cursor, |(id, _)| *id);
        Ok((rows.into_iter().map(|(_, chunk)| ChunkId::from_bytes(chunk)).collect(), end))
    }

    /// An entry as it may be kept: without its body, if that was erased.
    pub(crate) fn without_erased<'e>(&self, entry: &'e SealedEntry) -> Result<Cow<'e, SealedEntry>> {
        if entry.body.is_some() && self.is_erased(entry.hash())? {
            return Ok(Cow::Owned(SealedEntry { body: None, ..entry.clone() }));
        }
        Ok(Cow::Borrowed(entry))
    }
}

impl Tx<'_> {
    /// Drops the bodies of entries and chunks, here now or not, and lets them never come back. The entries themselves stay:
    /// their chains still verify.
    ///
    /// # Errors
    /// Database errors; nothing is then erased.
    pub fn erase(&mut self, bodies: &[EntryHash], chunks: &[ChunkId]) -> Result<Dropped> {
        const STRIP: &str = named(SQL, "strip");
        let mut dropped = Dropped::default();
        for hash in bodies {
            self.run(named(SQL, "mark"), [hash.as_bytes()])?;
            if let Some(entry) = self.entry(*hash)?.filter(|entry| entry.body.is_some()) {
                let bare = SealedEntry { body: None, ..entry };
                self.run(STRIP, (hash.as_bytes(), bare.to_bytes()))?;
                dropped.bodies += 1;
            }
            self.forget_summary_of(*hash)?;
            self.run(named(SQL, "close"), [hash.as_bytes()])?;
        }
        for chunk in chunks {
            self.run(named(SQL, "mark_chunk"), [chunk.as_bytes()])?;
            dropped.chunks += usize::from(self.store.has_chunk(chunk));
        }
        self.strip_aside(&bodies.iter().copied().collect())?;
        self.run(named(SQL, "begin"), [])?;
        self.erasing = true;
        Ok(dropped)
    }

    /// Takes everything that was ever typed for a field out of a record's draft, undone changes too.
    ///
    /// # Errors
    /// Database errors.
    pub fn erase_from_draft(&mut self, record: RecordId, path: &str) -> Result<()> {
        const FORGET: &str = named(SQL, "forget_answer");
        self.run(FORGET, (record.as_bytes(), path))?;
        self.erasing = true;
        Ok(())
    }

    /// What waits for other entries may hold an erased body too.
    fn strip_aside(&mut self, erased: &HashSet<EntryHash>) -> Result<()> {
        const STRIP: &str = named(SQL, "strip_aside");
        let aside: Vec<(i64, Vec<u8>)> = self.all(named(SQL, "aside"), [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        for (id, bytes) in aside {
            let Ok(entry) = SealedEntry::from_bytes(&bytes) else { continue };
            if entry.body.is_some() && erased.contains(&entry.hash()) {
                let bare = SealedEntry { body: None, ..entry }.to_bytes();
                let sum: [u8; 32] = blake3::hash(&bare).into();
                self.run(STRIP, (id, bare, sum))?;
            }
        }
        Ok(())
    }
}

impl Store {
    /// Whether files beside the database, or the second black box, may still hold what was erased. It is tried again at each
    /// unlocking and each erasure.
    ///
    /// # Errors
    /// Database errors.
    pub fn is_erasing(&self) -> Result<bool> {
        self.read(|view| Ok(view.is_erasing_all()? || view.setting(SECOND_ALONE)?.is_some()))
    }

    /// Follows the database with the files beside it and the second black box. What cannot be done now stays noted.
    pub(crate) fn finish_erasing(&self) {
        // Neither waits for the other: a medium that is here now may be away later.
        let _ = self.finish_here();
        let _ = self.finish_in_second_box();
    }

    /// Follows with the files of this laptop, once for an erasure: what is made later holds nothing of it.
    fn finish_here(&self) -> Result<()> {
        if !self.read(|view| view.is_erasing_all())? {
            return Ok(());
        }
        let erased = self.read(|view| view.erased())?;
        self.drop_erased_files(&erased)?;
        self.end_here(&erased)
    }

    /// Says that the files of this laptop have followed. All stay noted until this too is durable, and the second black box
    /// after it.
    pub(crate) fn end_here(&self, followed: &Erased) -> Result<()> {
        self.transact(Op::Erase, |tx| {
            // What another thread erased meanwhile has been followed by none.
            if tx.erased()? != *followed {
                return Ok(());
            }
            if tx.names_second_box()? {
                tx.put_setting(SECOND_ALONE, &[])?;
            }
            tx.run(named(SQL, "end"), []).map(drop)
        })
    }

    /// Follows with the second black box, if its medium is here. For one that is kept no longer nothing is noted.
    fn finish_in_second_box(&self) -> Result<()> {
        if !self.is_erasing()? {
            return Ok(());
        }
        let erased = self.read(|view| view.erased())?;
        self.erase_from_second_box(&erased.bodies)?;
        self.end_in_second_box(&erased)
    }

    /// Says that the second black box has followed. Where the files of this laptop have not, it is tried again after them.
    pub(crate) fn end_in_second_box(&self, followed: &Erased) -> Result<()> {
        self.transact(Op::Erase, |tx| if tx.erased()? == *followed { tx.remove_setting(SECOND_ALONE) } else { Ok(()) })
    }

    fn drop_erased_files(&self, erased: &Erased) -> Result<()> {
        for chunk in &erased.chunks {
            self.drop_chunk(chunk)?;
        }
        let failed = |error: std::io::Error| Error::io(Op::Erase, &error);
        locked(&self.black_box).erase(&erased.bodies).map_err(failed)?;
        self.drop_snapshots().map_err(failed)?;
        self.drop_unfinished_copies()?;
        // Copies from before a migration have old layouts; the database they were made of is whole.
        let backups = self.dir.join("backup");
        if backups.is_dir() {
            for file in fs::read_dir(&backups).map_err(failed)? {
                files::remove(&file.map_err(failed)?.path()).map_err(failed)?;
            }
            files::sync_dir(&backups).map_err(failed)?;
        }
        self.empty_log()
    }

    /// Writes the write-ahead log into the database and empties it: its pages hold what stood in them before.
    fn empty_log(&self) -> Result<()> {
        let held = self.writer.lock(Op::Erase)?;
        let failed = |error: rusqlite::Error| Error::sqlite(Op::Erase, &self.database(), &error);
        let busy: bool =
            held.conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0)).map_err(failed)?;
        if busy { Err(Error::Busy { op: Op::Erase }) } else { Ok(()) }
    }
}
