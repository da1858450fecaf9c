//! What the desk keeps of each record's fold, so that unlocking reads summaries and folds only what changed. Bytes here;
//! they can be dropped and built again.

use std::collections::BTreeSet;

use tianye_journal::{EntryHash, RecordId};

use crate::sql::named;
use crate::{Result, Tx, View};

const SQL: &str = include_str!("../sql/summaries.sql");

impl View<'_> {
    /// The version of the fold that the summaries were made by; 0 before there was one.
    ///
    /// # Errors
    /// Database errors.
    pub fn fold_version(&self) -> Result<u32> {
        Ok(self.folding()?.0)
    }

    /// Shows every summary, in the order in which they were first written.
    ///
    /// # Errors
    /// Database errors.
    pub fn summaries(&self, mut show: impl FnMut(RecordId, &[u8])) -> Result<()> {
        const ALL: &str = named(SQL, "all");
        let read = |row: &rusqlite::Row<'_>| {
            show(RecordId::from_bytes(row.get(0)?), row.get_ref(1)?.as_blob()?);
            Ok(())
        };
        self.all(ALL, [], read).map(|_| ())
    }

    /// Up to which arrival entries are in the summaries.
    ///
    /// # Errors
    /// Database errors.
    pub fn folded_upto(&self) -> Result<i64> {
        Ok(self.folding()?.1)
    }

    /// The records of which entries up to there were opened late, or erased, since their summaries were written.
    ///
    /// # Errors
    /// Database errors.
    pub fn stale(&self) -> Result<BTreeSet<RecordId>> {
        const STALE: &str = named(SQL, "stale");
        let records = self.all(STALE, [], |row| Ok(RecordId::from_bytes(row.get(0)?)))?;
        Ok(records.into_iter().collect())
    }

    /// The records of the next opened entries after an arrival, at most so many entries, and the arrival of the last. `show`
    /// is shown the glance of each that was alone in its record, and says whether that was enough; where it was not, the
    /// record is among those that are given.
    ///
    /// # Errors
    /// Database errors.
    pub fn records_since(
        &self,
        after: i64,
        limit: u32,
        mut show: impl FnMut(RecordId, &[u8]) -> bool,
    ) -> Result<(BTreeSet<RecordId>, i64)> {
        const SINCE: &str = named(SQL, "since");
        let new: Vec<(i64, Option<RecordId>)> = self.all(SINCE, (after, limit), |row| {
            let record = RecordId::from_bytes(row.get(1)?);
            let enough = row.get_ref(2)?.as_blob_or_null()?.is_some_and(|glance| show(record, glance));
            Ok((row.get(0)?, (!enough).then_some(record)))
        })?;
        let upto = new.last().map_or(after, |(arrival, _)| *arrival);
        Ok((new.into_iter().filter_map(|(_, record)| record).collect(), upto))
    }

    /// Shows the glances of entries up to an arrival that are alone in their records.
    ///
    /// # Errors
    /// Database errors.
    pub fn glances(&self, upto: i64, mut show: impl FnMut(RecordId, &[u8])) -> Result<()> {
        const GLANCES: &str = named(SQL, "glances");
        let read = |row: &rusqlite::Row<'_>| {
            show(RecordId::from_bytes(row.get(0)?), row.get_ref(1)?.as_blob()?);
            Ok(())
        };
        self.all(GLANCES, [upto], read).map(|_| ())
    }

    /// The arrival of the newest opened entry; 0 where there is none.
    ///
    /// # Errors
    /// Database errors.
    pub fn newest_arrival(&self) -> Result<i64> {
        const NEWEST: &str = named(SQL, "newest");
        Ok(self.one(NEWEST, [], |row| row.get(0))?.unwrap_or_default())
    }

    fn folding(&self) -> Result<(u32, i64)> {
        const STATE: &str = named(SQL, "state");
        let state = self.one(STATE, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        state.ok_or_else(|| self.damaged("the table of the fold is empty"))
    }
}

impl Tx<'_> {
    /// Forgets all summaries: they are to be made anew, by this version of the fold.
    ///
    /// # Errors
    /// Database errors.
    pub fn forget_summaries(&mut self, version: u32) -> Result<()> {
        self.run(named(SQL, "drop"), [])?;
        self.run(named(SQL, "none_stale"), [])?;
        self.run(named(SQL, "begin"), [version]).map(|_| ())
    }

    /// Keeps the summary of a record; none for one that has none to keep.
    ///
    /// # Errors
    /// Database errors.
    pub fn put_summary(&mut self, record: RecordId, summary: Option<&[u8]>) -> Result<()> {
        const PUT: &str = named(SQL, "put");
        const REMOVE: &str = named(SQL, "remove");
        match summary {
            Some(summary) => self.run(PUT, (record.as_bytes(), summary)),
            None => self.run(REMOVE, [record.as_bytes()]),
        }
        .map(|_| ())
    }

    /// The summaries of these records are whole: to be said in the step that writes them. `upto`: so are those of all
    /// entries up to this arrival.
    ///
    /// # Errors
    /// Database errors.
    pub fn summarised(&mut self, records: impl IntoIterator<Item = RecordId>, upto: Option<i64>) -> Result<()> {
        const FRESH: &str = named(SQL, "fresh");
        if self.one(named(SQL, "any_stale"), [], |_| Ok(()))?.is_some() {
            for record in records {
                self.run(FRESH, [record.as_bytes()])?;
            }
        }
        let Some(upto) = upto else { return Ok(()) };
        self.run(named(SQL, "advance"), [upto]).map(|_| ())
    }

    /// A record is to be folded again although none of its entries changed.
    ///
    /// # Errors
    /// Database errors.
    pub fn note_stale(&mut self, record: RecordId) -> Result<()> {
        self.run(named(SQL, "note"), [record.as_bytes()]).map(|_| ())
    }

    /// The same for all records that have an entry of a kind.
    pub(crate) fn note_stale_of_kind(&mut self, kind: u16) -> Result<()> {
        const KIND: &str = named(SQL, "note_kind");
        self.run(KIND, [kind]).map(|_| ())
    }

    /// An entry is about to be erased: the summary of its record may repeat what it says.
    pub(crate) fn forget_summary_of(&mut self, hash: EntryHash) -> Result<()> {
        self.run(named(SQL, "forget_entry"), [hash.as_bytes()])?;
        self.run(named(SQL, "note_entry"), [hash.as_bytes()]).map(|_| ())
    }
}
