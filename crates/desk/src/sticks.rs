//! Batches that come and go without a hub: in a file on a stick, or as bytes from anywhere.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tianye_journal::{Frontier, MAX_READERS, ReadingKey, Recipient};
use tianye_survey::rights;
use tianye_sync::{Cancel, StickReport, SyncError, read_batch, read_stick, verify_stick, write_stick};

use crate::desk::Desk;
use crate::exchange::Laptop;
use crate::interview::page::small;
use crate::refusal::{Result, refuse};
use crate::view::StickView;
use crate::world::{self, World};

/// Chains of the whole team whose envelope keys are used, the newest ones.
const MAX_ENVELOPE_KEYS: usize = 10;

/// Carries batches between a store and sticks. It holds no lock on the desk, so the desk stays usable meanwhile.
#[derive(Debug)]
pub struct Carrier {
    replica: Laptop,
    world: Arc<dyn World>,
    readers: Vec<Recipient>,
    keys: Vec<ReadingKey>,
}

impl Carrier {
    /// Writes all that is here into a new file in `folder`, sealed for the team. Gives the file, which is there whole or not
    /// at all, once it was read again.
    ///
    /// # Errors
    /// A stick that is full or gone; the store's refusal; `cancelled`.
    pub fn write(&mut self, folder: &Path, cancel: &Cancel) -> Result<PathBuf> {
        let mut rng = world::key_rng(&*self.world);
        let file = write_stick(&mut self.replica, folder, &Frontier::default(), &self.readers, cancel, &mut rng)?;
        if let Some(own) = self.keys.first() {
            verify_stick(&file, own, cancel)?;
        }
        self.replica.keep_snapshot_if_due();
        Ok(file)
    }

    /// Takes in a batch from a file on a stick. Bad entries are set aside, the honest rest enters. [`Desk::after_stick`] then
    /// reads what came.
    ///
    /// # Errors
    /// `batch-unusable` for a file that is no batch for this laptop; the store's refusal; `cancelled`.
    pub fn read(&mut self, file: &Path, cancel: &Cancel) -> Result<StickReport> {
        let mut refused: Option<SyncError> = None;
        for key in &self.keys {
            match read_stick(&mut self.replica, file, key, cancel) {
                Err(why) if why.code() == "batch-unusable" => refused = Some(why),
                read => return Ok(read?),
            }
        }
        Err(refused.map_or_else(|| refuse("store-damaged", "expected a reading key, found none"), Into::into))
    }
}

impl Desk {
    /// What writes a batch to a stick. With each goes one packet for the safeguarding holders, written here.
    ///
    /// # Errors
    /// The store's refusal.
    pub fn carrier_to_write(&self) -> Result<Carrier> {
        self.write_packet()?;
        self.carrier()
    }

    /// What takes batches in from sticks.
    ///
    /// # Errors
    /// The store's refusal.
    pub fn carrier(&self) -> Result<Carrier> {
        let team = self.envelope_keys()?;
        let mut readers = self.who.readers()?;
        let addresses: BTreeSet<Recipient> = team.iter().map(ReadingKey::recipient).collect();
        readers.extend(addresses.into_iter().filter(|reader| !readers.contains(reader)).collect::<Vec<_>>());
        readers.truncate(MAX_READERS);
        let mut keys = self.store.read(|view| view.reading_keys())?;
        keys.extend(team);
        Ok(Carrier { replica: self.replica()?, world: self.world.clone(), readers, keys })
    }

    /// Reads what a carrier brought, and does what follows from it.
    ///
    /// # Errors
    /// The store's refusal.
    pub fn after_stick(&mut self) -> Result<()> {
        self.after_arrival()
    }

    /// Writes a stick, for callers that wait.
    ///
    /// # Errors
    /// See [`Carrier::write`].
    pub fn write_stick(&mut self, folder: &Path, cancel: &Cancel) -> Result<PathBuf> {
        self.leave_quietly()?;
        self.carrier_to_write()?.write(folder, cancel)
    }

    /// Takes in a file, for callers that wait.
    ///
    /// # Errors
    /// See [`Carrier::read`].
    pub fn read_stick(&mut self, file: &Path, cancel: &Cancel) -> Result<StickReport> {
        let report = self.carrier()?.read(file, cancel)?;
        self.after_stick()?;
        Ok(report)
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

/// What came of several files, for a page.
#[must_use]
pub fn stick_view(reports: &[(String, Result<StickReport>)]) -> StickView {
    let mut view = StickView { files: small(reports.len()), ..StickView::default() };
    for (file, report) in reports {
        match report {
            Ok(report) => {
                view.received += small(report.received);
                view.repeated += small(report.repeated);
                view.set_aside += small(report.set_aside.len());
                view.forks += small(report.forks);
                if report.damage.is_some() {
                    view.damaged.push(file.clone());
                }
            }
            Err(_) => view.unusable.push(file.clone()),
        }
    }
    view
}
