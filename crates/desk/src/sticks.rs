//! Batches that come and go without a hub: in a file on a stick, or as bytes from anywhere.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};

use tianye_journal::{Frontier, MAX_READERS, ReadingKey, Recipient};
use tianye_survey::rights;
use tianye_sync::{Cancel, StickReport, SyncError, read_batch, read_stick, verify_stick, write_stick};

use crate::desk::Desk;
use crate::papers;
use crate::refusal::{Result, refuse};
use crate::world;

/// Chains of the whole team whose envelope keys are used, the newest ones.
const MAX_ENVELOPE_KEYS: usize = 10;

impl Desk {
    /// Writes all that is here into a new file in `folder`, sealed for the team. Gives the file, which is there whole or not
    /// at all, once it was read again.
    ///
    /// # Errors
    /// A stick that is full or gone; the store's refusal.
    pub fn write_stick(&mut self, folder: &Path, cancel: &Cancel) -> Result<PathBuf> {
        self.leave_quietly()?;
        let mut readers = self.who.readers()?;
        let team = self.envelope_keys()?.iter().map(ReadingKey::recipient).collect::<BTreeSet<Recipient>>();
        readers.extend(team.into_iter().filter(|reader| !readers.contains(reader)).collect::<Vec<_>>());
        readers.truncate(MAX_READERS);
        let mut rng = world::key_rng(&*self.world);
        let file = write_stick(&mut self.replica()?, folder, &Frontier::default(), &readers, cancel, &mut rng)?;
        verify_stick(&file, &papers::reading_key(&self.store)?, cancel)?;
        Ok(file)
    }

    /// Takes in a batch from a file on a stick. Bad entries are set aside, the honest rest enters.
    ///
    /// # Errors
    /// `batch-unusable` for a file that is no batch for this laptop; the store's refusal.
    pub fn read_stick(&mut self, file: &Path, cancel: &Cancel) -> Result<StickReport> {
        let mut replica = self.replica()?;
        let mut refused: Option<SyncError> = None;
        let mut keys = self.store.read(|view| view.reading_keys())?;
        keys.extend(self.envelope_keys()?);
        for key in keys {
            match read_stick(&mut replica, file, &key, cancel) {
                Err(why) if why.code() == "batch-unusable" => refused = Some(why),
                read => {
                    let report = read?;
                    self.after_arrival()?;
                    return Ok(report);
                }
            }
        }
        Err(refused.map_or_else(|| refuse("store-damaged", "expected a reading key, found none"), Into::into))
    }

    /// The keys of envelopes for the whole team, the newest chains first. Some of a laptop that was just admitted came before
    /// the chains themselves.
    fn envelope_keys(&self) -> Result<Vec<ReadingKey>> {
        let mut keys = self.store.read(|view| view.early_keys())?;
        for chain in self.store.read(|view| view.readable_chains())?.iter().rev() {
            if self.book.team.0.get(chain).is_some_and(|standing| rights::is_read_by_all(&standing.role)) {
                keys.extend(self.store.read(|view| view.content_key(*chain))?);
            }
        }
        Ok(keys.iter().take(MAX_ENVELOPE_KEYS).map(tianye_journal::ContentKey::envelope_key).collect())
    }

    /// Takes in batches whose envelopes are open, one after the other: what a hub or another laptop sent. `progress` hears
    /// how many entries of a batch were read.
    ///
    /// # Errors
    /// `batch-unusable` for bytes that are no batch; the store's refusal. What came before it has entered.
    pub fn take_in_batches(
        &mut self,
        batches: impl IntoIterator<Item: Read>,
        cancel: &Cancel,
        progress: &mut dyn FnMut(usize),
    ) -> Result<Vec<StickReport>> {
        let mut replica = self.replica()?;
        let mut reports = Vec::new();
        for batch in batches {
            reports.push(read_batch(&mut replica, batch, cancel, progress)?);
        }
        self.after_arrival()?;
        Ok(reports)
    }
}
