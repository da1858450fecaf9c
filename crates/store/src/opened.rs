//! What entries say, once their bodies are open. These rows can be dropped and built again from entries and keys.

use std::fmt;

use rusqlite::Row;
use tianye_journal::{ChainId, EntryHash, OpenError, PersonId, PlainBody, RecordId, Seq, WallClock, open_body};

use crate::drafts::{join, split};
use crate::sql::named;
use crate::{Result, Tx, View};

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

impl fmt::Debug for OpenedEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("OpenedEntry");
        shown.field("hash", &self.hash).field("chain", &self.chain).field("seq", &self.seq).field("body", &self.body);
        shown.finish()
    }
}

impl View<'_> {
    /// All opened entries of a record, in the order of arrival (which must decide nothing).
    ///
    /// # Errors
    /// Database errors.
    pub fn entries_of(&self, record: RecordId) -> Result<Vec<OpenedEntry>> {
        const OF_RECORD: &str = named(SQL, "of_record");
        self.all(OF_RECORD, [record.as_bytes()], raw)?.into_iter().map(|raw| raw.finish(self)).collect()
    }

    /// All opened entries of a kind, in the order of arrival.
    ///
    /// # Errors
    /// Database errors.
    pub fn entries_of_kind(&self, kind: u16) -> Result<Vec<OpenedEntry>> {
        const OF_KIND: &str = named(SQL, "of_kind");
        self.all(OF_KIND, [kind], raw)?.into_iter().map(|raw| raw.finish(self)).collect()
    }

    /// One opened entry; `None` if it is not here or not open.
    ///
    /// # Errors
    /// Database errors.
    pub fn opened(&self, hash: EntryHash) -> Result<Option<OpenedEntry>> {
        const ONE: &str = named(SQL, "one");
        self.one(ONE, [hash.as_bytes()], raw)?.map(|raw| raw.finish(self)).transpose()
    }

    /// At most `limit` opened entries that arrived after the cursor, with the cursor to go on from (0 at first).
    /// An entry that is opened late keeps its old place: after new keys, begin at 0 again.
    ///
    /// # Errors
    /// Database errors.
    pub fn opened_since(&self, cursor: i64, limit: u32) -> Result<(Vec<OpenedEntry>, i64)> {
        const SINCE: &str = named(SQL, "since");
        let rows = self.all(SINCE, (cursor, limit), |row| Ok((raw(row)?, row.get::<_, i64>(10)?)))?;
        let end = rows.last().map_or(cursor, |(_, arrival)| *arrival);
        Ok((rows.into_iter().map(|(raw, _)| raw.finish(self)).collect::<Result<_>>()?, end))
    }

    /// The records that have an opened entry of this kind, in the order of their first arrival.
    ///
    /// # Errors
    /// Database errors.
    pub fn records_of_kind(&self, kind: u16) -> Result<Vec<RecordId>> {
        const RECORDS: &str = named(SQL, "records");
        self.all(RECORDS, [kind], |row| Ok(RecordId::from_bytes(row.get(0)?)))
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
                    self.put_opened(arrival, &body)?;
                    opened += 1;
                }
                Err(OpenError::Absent) => {}
                Err(error) => self.note_unreadable(&entry, &error)?,
            }
        }
        Ok(opened)
    }

    pub(crate) fn put_opened(&mut self, arrival: i64, body: &PlainBody) -> Result<()> {
        const ADD: &str = named(SQL, "add");
        let PlainBody { kind, record, parents, author, at, content } = body;
        let parents = join(parents);
        let (record, author) = (record.as_bytes(), author.as_bytes());
        self.run(ADD, (arrival, kind, record, parents, author, at.millis, at.offset_minutes, content)).map(|_| ())
    }
}

/// A row before its hashes are read.
struct Raw {
    hash: EntryHash,
    chain: ChainId,
    seq: i64,
    parents: Vec<u8>,
    body: PlainBody,
}

impl Raw {
    fn finish(self, view: &View<'_>) -> Result<OpenedEntry> {
        let Self { hash, chain, seq, parents, body } = self;
        let parents = split(&parents).ok_or_else(|| view.damaged("the parents of an entry are not whole hashes"))?;
        Ok(OpenedEntry { hash, chain, seq: view.seq(seq)?, body: PlainBody { parents, ..body } })
    }
}

fn raw(row: &Row<'_>) -> rusqlite::Result<Raw> {
    let body = PlainBody {
        kind: row.get(3)?,
        record: RecordId::from_bytes(row.get(4)?),
        parents: Vec::new(),
        author: PersonId::from_bytes(row.get(6)?),
        at: WallClock { millis: row.get(7)?, offset_minutes: row.get(8)? },
        content: row.get(9)?,
    };
    let (hash, chain) = (EntryHash::from_bytes(row.get(0)?), ChainId::from_bytes(row.get(1)?));
    Ok(Raw { hash, chain, seq: row.get(2)?, parents: row.get(5)?, body })
}
