//! What entries say. Bodies stand sealed in the database and are opened when they are read; which of them can be opened,
//! and whose they are, is kept in rows that can be dropped and built again from entries and keys.

use std::fmt;

use rusqlite::Row;
use tianye_journal::{ChainId, ContentKey, EntryHash, OpenError, PlainBody, RecordId, SealedEntry, Seq, open_body};

use zeroize::Zeroizing;

use crate::sql::named;
use crate::{Error, Result, Store, Tx, View};

const SQL: &str = include_str!("../sql/opened.sql");

/// An entry with its body open.
#[derive(Clone, PartialEq, Eq)]
pub struct OpenedEntry {
    /// Its name.
    pub hash: EntryHash,
    /// The chain it stands in.
    pub chain: ChainId,
    /// Its place there.
    pub seq: Seq,
    /// What it says.
    pub body: PlainBody,
}

/// The opened entries of one kind in one chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// The chain.
    pub chain: ChainId,
    /// The kind's number.
    pub kind: u16,
    /// How many.
    pub entries: u64,
}

impl fmt::Debug for OpenedEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("OpenedEntry");
        shown.field("hash", &self.hash).field("chain", &self.chain).field("seq", &self.seq).field("body", &self.body);
        shown.finish()
    }
}

impl Store {
    /// All opened entries of a record, as [`View::entries_of`]. Bodies are opened when the reading is over, so that other
    /// threads can read meanwhile.
    ///
    /// # Errors
    /// Database errors.
    pub fn entries_of(&self, record: RecordId) -> Result<Vec<OpenedEntry>> {
        let damaged = |what: String| Error::Damaged { path: self.database(), what };
        let rows = self.read(|view| view.rows_of(record))?;
        rows.into_iter().map(|raw| raw.finish().map_err(damaged)).collect()
    }
}

impl View<'_> {
    /// All opened entries of a record, in the order of arrival (which must decide nothing).
    ///
    /// # Errors
    /// Database errors.
    pub fn entries_of(&self, record: RecordId) -> Result<Vec<OpenedEntry>> {
        self.rows_of(record)?.into_iter().map(|raw| self.finish(raw)).collect()
    }

    fn rows_of(&self, record: RecordId) -> Result<Vec<Raw>> {
        const OF_RECORD: &str = named(SQL, "of_record");
        self.all(OF_RECORD, [record.as_bytes()], raw)
    }

    fn finish(&self, raw: Raw) -> Result<OpenedEntry> {
        raw.finish().map_err(|what| self.damaged(what))
    }

    /// The first entries of chains, as far as they are open and of this kind.
    ///
    /// # Errors
    /// Database errors.
    pub fn opened_firsts(&self, kind: u16) -> Result<Vec<(ChainId, EntryHash)>> {
        const FIRSTS: &str = named(SQL, "firsts");
        let read = |row: &Row<'_>| Ok((ChainId::from_bytes(row.get(0)?), EntryHash::from_bytes(row.get(1)?)));
        self.all(FIRSTS, [kind], read)
    }

    /// All opened entries of a kind, in the order of arrival.
    ///
    /// # Errors
    /// Database errors.
    pub fn entries_of_kind(&self, kind: u16) -> Result<Vec<OpenedEntry>> {
        const OF_KIND: &str = named(SQL, "of_kind");
        self.all(OF_KIND, [kind], raw)?.into_iter().map(|raw| self.finish(raw)).collect()
    }

    /// Shows the opened entries of a kind of which nothing is kept at a glance, one by one, in the order of arrival.
    ///
    /// # Errors
    /// Database errors.
    pub fn each_unseen_of_kind(&self, kind: u16, mut show: impl FnMut(OpenedEntry)) -> Result<()> {
        const UNSEEN: &str = named(SQL, "unseen");
        let mut statement = self.conn.prepare_cached(UNSEEN).map_err(|e| self.failed(&e))?;
        let mut rows = statement.query([kind]).map_err(|e| self.failed(&e))?;
        while let Some(row) = rows.next().map_err(|e| self.failed(&e))? {
            show(self.finish(raw(row).map_err(|e| self.failed(&e))?)?);
        }
        Ok(())
    }

    /// One opened entry; `None` if it is not here or not open.
    ///
    /// # Errors
    /// Database errors.
    pub fn opened(&self, hash: EntryHash) -> Result<Option<OpenedEntry>> {
        const ONE: &str = named(SQL, "one");
        self.one(ONE, [hash.as_bytes()], raw)?.map(|raw| self.finish(raw)).transpose()
    }

    /// At most `limit` opened entries that arrived after the cursor, with the cursor to go on from (0 at first).
    /// An entry that is opened late keeps its old place: after new keys, begin at 0 again.
    ///
    /// # Errors
    /// Database errors.
    pub fn opened_since(&self, cursor: i64, limit: u32) -> Result<(Vec<OpenedEntry>, i64)> {
        const SINCE: &str = named(SQL, "since");
        let rows = self.all(SINCE, (cursor, limit), |row| Ok((raw(row)?, row.get::<_, i64>(5)?)))?;
        let end = rows.last().map_or(cursor, |(_, arrival)| *arrival);
        Ok((rows.into_iter().map(|(raw, _)| self.finish(raw)).collect::<Result<_>>()?, end))
    }

    /// The records that have an opened entry of this kind, in the order of their first arrival.
    ///
    /// # Errors
    /// Database errors.
    pub fn records_of_kind(&self, kind: u16) -> Result<Vec<RecordId>> {
        const RECORDS: &str = named(SQL, "records");
        self.all(RECORDS, [kind], |row| Ok(RecordId::from_bytes(row.get(0)?)))
    }

    /// Which kinds stand in which chains, of the opened entries.
    ///
    /// # Errors
    /// Database errors.
    pub fn written(&self) -> Result<Vec<Written>> {
        const WRITTEN: &str = named(SQL, "written");
        let read = |row: &Row<'_>| {
            Ok(Written { chain: ChainId::from_bytes(row.get(0)?), kind: row.get(1)?, entries: row.get(2)? })
        };
        self.all(WRITTEN, [], read)
    }

    /// How many entries have a body here that this laptop cannot open.
    ///
    /// # Errors
    /// Database errors.
    pub fn count_closed(&self) -> Result<u64> {
        const COUNT: &str = named(SQL, "count_closed");
        Ok(self.one(COUNT, [], |row| row.get(0))?.unwrap_or_default())
    }
}

impl Tx<'_> {
    /// Drops every row that follows from entries and keys, and builds it again. How many bodies are open.
    ///
    /// # Errors
    /// Database errors; the rows then stand as before.
    pub fn rebuild(&mut self) -> Result<usize> {
        self.run(named(SQL, "drop"), [])?;
        self.rebuild_heads()?;
        let mut opened = 0;
        for chain in self.readable_chains()? {
            opened += self.open_closed(chain)?;
        }
        // All of it is read again, so nothing needs to be noted.
        let version = self.fold_version()?;
        self.forget_summaries(version)?;
        Ok(opened)
    }

    /// Opens every closed body of a chain whose content key is here. How many opened.
    pub(crate) fn open_closed(&mut self, chain: ChainId) -> Result<usize> {
        const CLOSED: &str = named(SQL, "closed");
        let Some(key) = self.content_key(chain)? else { return Ok(0) };
        let closed: Vec<i64> = self.all(CLOSED, [chain.as_bytes()], |row| row.get(0))?;
        let mut opened = 0;
        for arrival in closed {
            let sealed: Option<Vec<u8>> = self.one(named(SQL, "sealed"), [arrival], |row| row.get(0))?;
            let Some(entry) = sealed.map(|sealed| self.parse(&sealed)).transpose()? else { continue };
            match open_body(&entry, &key) {
                Ok(body) => {
                    self.put_opened(arrival, body.kind, body.record, None)?;
                    self.note_stale(body.record)?;
                    opened += 1;
                }
                Err(OpenError::Absent) => {}
                Err(error) => self.note_unreadable(&entry, &error)?,
            }
        }
        Ok(opened)
    }

    /// Whether the body of an entry was found to open.
    pub(crate) fn is_open(&self, arrival: i64) -> Result<bool> {
        const IS: &str = named(SQL, "is_open");
        Ok(self.one(IS, [arrival], |_| Ok(()))?.is_some())
    }

    /// Notes that the body of an entry opens, whose it is, and what was seen of it at a glance. That is kept only while the
    /// entry is alone in its record.
    pub(crate) fn put_opened(
        &mut self,
        arrival: i64,
        kind: u16,
        record: RecordId,
        glance: Option<&[u8]>,
    ) -> Result<()> {
        const HAS: &str = named(SQL, "has_record");
        const FORGET: &str = named(SQL, "forget_glance");
        const ADD: &str = named(SQL, "add");
        let alone = self.one(HAS, [record.as_bytes()], |_| Ok(()))?.is_none();
        if !alone {
            self.run(FORGET, [record.as_bytes()])?;
        }
        self.run(ADD, (arrival, kind, record.as_bytes(), glance.filter(|_| alone))).map(|_| ())
    }
}

/// A row before its body is open.
struct Raw {
    hash: EntryHash,
    chain: ChainId,
    seq: i64,
    sealed: Vec<u8>,
    key: Option<Zeroizing<[u8; 32]>>,
}

impl Raw {
    /// Opens it, or says what the database should never hold.
    fn finish(self) -> std::result::Result<OpenedEntry, String> {
        let Self { hash, chain, seq, sealed, key } = self;
        let key = key.ok_or("an entry counts as open, but its chain has no key")?;
        let seq = u64::try_from(seq).ok().and_then(Seq::new).ok_or("an entry stands in a place that no chain has")?;
        let entry = SealedEntry::from_bytes(&sealed).map_err(|error| format!("a stored entry: {error}"))?;
        let body = open_body(&entry, &ContentKey::from_secret_bytes(&key))
            .map_err(|error| format!("a stored entry: {error}"))?;
        Ok(OpenedEntry { hash, chain, seq, body })
    }
}

fn raw(row: &Row<'_>) -> rusqlite::Result<Raw> {
    let (hash, chain) = (EntryHash::from_bytes(row.get(0)?), ChainId::from_bytes(row.get(1)?));
    let key = row.get::<_, Option<[u8; 32]>>(4)?.map(Zeroizing::new);
    Ok(Raw { hash, chain, seq: row.get(2)?, sealed: row.get(3)?, key })
}
