//! Receipts: a hub's signed word that it keeps an entry.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use tianye_journal::{ChainId, ChunkId, EntryHash, HubPublicKey, Receipt, RecordId};

use crate::sql::named;
use crate::{Error, Result, Tx, View};

const SQL: &str = include_str!("../sql/receipts.sql");

impl View<'_> {
    /// The receipts of an entry.
    ///
    /// # Errors
    /// Database errors; [`Error::Damaged`] if stored bytes are no receipt.
    pub fn receipts_of(&self, entry: EntryHash) -> Result<Vec<Receipt>> {
        const OF: &str = named(SQL, "of");
        let bytes: Vec<Vec<u8>> = self.all(OF, [entry.as_bytes()], |row| row.get(0))?;
        let parse = |bytes: &Vec<u8>| Receipt::from_bytes(bytes).map_err(|_| self.damaged("a stored receipt"));
        bytes.iter().map(parse).collect()
    }

    /// How many own entries no hub has given a receipt for.
    ///
    /// # Errors
    /// Database errors.
    pub fn count_unsent(&self) -> Result<u64> {
        const UNSENT: &str = named(SQL, "unsent");
        Ok(self.one(UNSENT, [], |row| row.get(0))?.unwrap_or_default())
    }

    /// Bytes of the own entries that no hub has given a receipt for.
    ///
    /// # Errors
    /// Database errors.
    pub fn unsent_bytes(&self) -> Result<u64> {
        const BYTES: &str = named(SQL, "unsent_bytes");
        Ok(self.one(BYTES, [], |row| row.get(0))?.unwrap_or_default())
    }

    /// For each chain the newest entry that a hub has given a receipt for.
    ///
    /// # Errors
    /// Database errors.
    pub fn received_to(&self) -> Result<BTreeMap<ChainId, u64>> {
        const TO: &str = named(SQL, "received_to");
        let rows = self.all(TO, [], |row| Ok((ChainId::from_bytes(row.get(0)?), row.get(1)?)))?;
        Ok(rows.into_iter().collect())
    }

    /// For each chain the newest entry that this hub has given a receipt for.
    ///
    /// # Errors
    /// Database errors.
    pub fn confirmed_by(&self, hub: &HubPublicKey) -> Result<BTreeMap<ChainId, u64>> {
        const BY: &str = named(SQL, "confirmed_by");
        let rows = self.all(BY, [hub.as_bytes()], |row| Ok((ChainId::from_bytes(row.get(0)?), row.get(1)?)))?;
        Ok(rows.into_iter().collect())
    }

    /// The records of which own entries have no receipt of any hub.
    ///
    /// # Errors
    /// Database errors.
    pub fn unsent_records(&self) -> Result<BTreeSet<RecordId>> {
        const RECORDS: &str = named(SQL, "unsent_records");
        let records = self.all(RECORDS, [], |row| Ok(RecordId::from_bytes(row.get(0)?)))?;
        Ok(records.into_iter().collect())
    }

    /// Every entry that a hub has given a receipt for.
    ///
    /// # Errors
    /// Database errors.
    pub fn received(&self) -> Result<HashSet<EntryHash>> {
        const RECEIVED: &str = named(SQL, "received");
        let entries = self.all(RECEIVED, [], |row| Ok(EntryHash::from_bytes(row.get(0)?)))?;
        Ok(entries.into_iter().collect())
    }

    /// At most `limit` entries after the cursor, own and others', that this hub has given no receipt for, in the order of
    /// arrival, with the cursor to go on from (0 at first).
    ///
    /// # Errors
    /// Database errors.
    pub fn without_receipt(&self, hub: &HubPublicKey, after: i64, limit: u32) -> Result<(Vec<EntryHash>, i64)> {
        const WITHOUT: &str = named(SQL, "without");
        // Only a hub that never gave a receipt is asked for everything.
        const OF_STRANGER: &str = named(SQL, "without_of_stranger");
        let without = if self.has_met(hub)? { WITHOUT } else { OF_STRANGER };
        let rows: Vec<(i64, [u8; 32])> =
            self.all(without, (hub.as_bytes(), after, limit), |row| Ok((row.get(0)?, row.get(1)?)))?;
        let end = rows.last().map_or(after, |(arrival, _)| *arrival);
        Ok((rows.into_iter().map(|(_, hash)| EntryHash::from_bytes(hash)).collect(), end))
    }

    fn has_met(&self, hub: &HubPublicKey) -> Result<bool> {
        const IS_MET: &str = named(SQL, "is_met");
        Ok(self.one(IS_MET, [hub.as_bytes()], |_| Ok(()))?.is_some())
    }

    /// The chunks that this hub is known to have.
    ///
    /// # Errors
    /// Database errors.
    pub fn chunks_on_hub(&self, hub: &HubPublicKey) -> Result<BTreeSet<ChunkId>> {
        const CHUNKS: &str = named(SQL, "chunks");
        let chunks = self.all(CHUNKS, [hub.as_bytes()], |row| Ok(ChunkId::from_bytes(row.get(0)?)))?;
        Ok(chunks.into_iter().collect())
    }
}

impl Tx<'_> {
    /// Remembers that a hub has these chunks.
    ///
    /// # Errors
    /// Database errors.
    pub fn put_chunks_on_hub(&mut self, hub: &HubPublicKey, chunks: &[ChunkId]) -> Result<()> {
        const ADD: &str = named(SQL, "add_chunk");
        for chunk in chunks {
            self.run(ADD, (hub.as_bytes(), chunk.as_bytes()))?;
        }
        Ok(())
    }

    /// Keeps a receipt, after checking that `hub` signed it for exactly an entry that is here.
    ///
    /// # Errors
    /// [`Error::BadReceipt`].
    pub fn put_receipt(&mut self, receipt: &Receipt, hub: &HubPublicKey) -> Result<()> {
        const ADD: &str = named(SQL, "add");
        receipt.verify(hub).map_err(|_| Error::BadReceipt { why: "it is not signed by this hub" })?;
        let place = receipt.place;
        let arrival = self.arrival(place.hash)?.ok_or(Error::BadReceipt { why: "its entry is not in this store" })?;
        let entry = self.entry(place.hash)?.ok_or(Error::BadReceipt { why: "its entry is not in this store" })?;
        if entry.place() != place || entry.header.project != receipt.project {
            return Err(Error::BadReceipt { why: "it names another place than its entry has" });
        }
        if !self.has_met(hub)? {
            const MEET: &str = named(SQL, "meet");
            const MEET_ALL: &str = named(SQL, "meet_all");
            self.run(MEET, [hub.as_bytes()])?;
            self.run(MEET_ALL, [hub.as_bytes()])?;
        }
        self.run(ADD, (arrival, hub.as_bytes(), receipt.to_bytes())).map(|_| ())
    }
}
