//! Batches that come and go without a hub: in a file on a stick, or as bytes from anywhere.

use std::io::Read;
use std::path::{Path, PathBuf};

use tianye_journal::{Frontier, MAX_READERS, Recipient};
use tianye_sync::{Cancel, StickReport, SyncError, read_batch, read_stick, write_stick};

use crate::desk::Desk;
use crate::refusal::{Result, refuse};
use crate::view::Role;
use crate::world;

impl Desk {
    /// Writes all that is here into a new file in `folder`, sealed for the leads and this laptop; a lead's also for the
    /// members whose laptops have been seen, as many as an envelope has room for. Gives the file, which is there whole or
    /// not at all.
    ///
    /// # Errors
    /// A stick that is full or gone; the store's refusal.
    pub fn write_stick(&mut self, folder: &Path, cancel: &Cancel) -> Result<PathBuf> {
        self.leave_quietly()?;
        let mut readers = self.who.readers()?;
        if self.role() == Role::Lead {
            let members = self.book.owners.values().filter_map(|member| Some(member.read_details()?.reader));
            let members: Vec<Recipient> = members.filter(|reader| !readers.contains(reader)).collect();
            readers.extend(members);
            readers.truncate(MAX_READERS);
        }
        let mut rng = world::key_rng(&*self.world);
        Ok(write_stick(&mut self.replica()?, folder, &Frontier::default(), &readers, cancel, &mut rng)?)
    }

    /// Takes in a batch from a file on a stick. Bad entries are set aside, the honest rest enters.
    ///
    /// # Errors
    /// `batch-unusable` for a file that is no batch for this laptop; the store's refusal.
    pub fn read_stick(&mut self, file: &Path, cancel: &Cancel) -> Result<StickReport> {
        let mut replica = self.replica()?;
        let mut refused: Option<SyncError> = None;
        // A lead has keys of its own and the leads'.
        for key in self.store.read(|view| view.reading_keys())? {
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
