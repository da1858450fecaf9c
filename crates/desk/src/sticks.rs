//! Batches that come and go without a hub: in a file on a stick, or as bytes from anywhere.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tianye_journal::{Certificate, MAX_READERS, ReadingKey, Recipient, SigningKey};
use tianye_survey::rights;
use tianye_sync::{
    Cancel, CardWriter, PART_BYTES, Part, Progress, Replica as _, Step, StickCard, StickFile, StickPlan, StickReport,
    SyncError, Tell, held_by_all, held_with, missing_parts, read_batch, read_stick, stick_cards, verify_stick,
    write_stick,
};

use crate::desk::Desk;
use crate::exchange::Laptop;
use crate::interview::page::small;
use crate::refusal::{Result, refuse};
use crate::view::{CarryStep, CarryingView, StickView, StickWritten};
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
    /// What signs this laptop's card on a stick; none in a store opened by recovery.
    own: Option<(SigningKey, Certificate)>,
    /// Certificates whose laptops nobody writes for any more.
    revoked: BTreeSet<u64>,
    part_bytes: u64,
}

impl Carrier {
    /// Writes to a stick what the laptops whose cards lie there lack, or everything where there is none, in files that are
    /// there whole or not at all, each sealed for the team and read again. What this laptop wrote there before is not written
    /// again; where it was interrupted it goes on.
    ///
    /// # Errors
    /// A stick that is full or gone; the store's refusal; `cancelled`. Files that were whole by then stay.
    pub fn write(&mut self, folder: &Path, cancel: &Cancel, tell: &mut Tell<'_>) -> Result<StickWritten> {
        let mut rng = world::key_rng(&*self.world);
        let trust = *self.replica.trust();
        let cards = stick_cards(folder, &self.keys, &trust)?;
        let own_key = self.own.as_ref().map(|(key, _)| key.public());
        let (mine, others): (Vec<&StickCard>, Vec<&StickCard>) = cards
            .iter()
            .filter(|card| !self.revoked.contains(&card.serial))
            .partition(|card| Some(card.key) == own_key);
        let (base, mut known_chunks) = held_by_all(&mut self.replica, &others)?;
        let mut files =
            mine.iter().max_by_key(|card| card.files.len()).map(|card| card.files.clone()).unwrap_or_default();
        // The last one may never have been read again: the stick was pulled before.
        if let (Some(last), Some(key)) = (files.last(), self.keys.first())
            && Part::of(&last.path).is_some_and(|part| !part.is_last())
            && let Err(why) = verify_stick(&last.path, key, cancel, tell)
        {
            discard(&last.path, why)?;
            files.pop();
        }
        let known = held_with(&base, &files);
        known_chunks.extend(files.iter().flat_map(|file| &file.chunks));
        let last = files.last().and_then(|file| Part::of(&file.path)).filter(|part| !part.is_last());
        let plan = StickPlan {
            known: &known,
            known_chunks: &known_chunks,
            readers: &self.readers,
            part_bytes: self.part_bytes,
            go_on: last.as_ref(),
        };
        let (have, held) = (self.replica.frontier()?, self.replica.chunks_held()?);
        let mut old: Vec<PathBuf> = mine.iter().map(|card| card.path.clone()).collect();
        let mut written =
            StickWritten { known_to: small(others.len()), continued: last.is_some(), ..Default::default() };
        let mut card_rng = world::key_rng(&*self.world);
        let (keys, own, readers) = (&self.keys, &self.own, &self.readers);
        let mut done = |file: &StickFile, tell: &mut Tell<'_>| -> std::result::Result<(), SyncError> {
            files.push(file.clone());
            if let Some((key, certificate)) = own {
                let writer = CardWriter { key, certificate, readers };
                writer.leave(folder, &trust, (&have, held.clone()), &files, &mut old, &mut card_rng)?;
            }
            if let Some(key) = keys.first() {
                let looked = verify_stick(&file.path, key, cancel, tell);
                let (entries, chunks) = looked.or_else(|why| {
                    let what = why.to_string();
                    discard(&file.path, why)?;
                    Err(SyncError::BadBatch { what })
                })?;
                written.entries += small(entries);
                written.chunks += small(chunks);
            }
            written.files.push(file.path.file_name().unwrap_or_default().to_string_lossy().into_owned());
            Ok(())
        };
        write_stick(&mut self.replica, folder, &plan, cancel, tell, &mut rng, &mut done)?;
        self.replica.keep_snapshot_if_due();
        Ok(written)
    }

    /// Writes files of another size than the usual one.
    #[must_use]
    pub fn with_parts_of(self, part_bytes: u64) -> Self {
        Self { part_bytes, ..self }
    }

    /// Leaves this laptop's card on a stick that was read, so that the next who writes it leaves out what is here. One that
    /// cannot be written to stays as it is.
    pub fn leave_card(&mut self, folder: &Path) {
        let trust = *self.replica.trust();
        let Some((key, certificate)) = &self.own else { return };
        let (Ok(have), Ok(held)) = (self.replica.frontier(), self.replica.chunks_held()) else { return };
        let Ok(cards) = stick_cards(folder, &self.keys, &trust) else { return };
        let mine: Vec<StickCard> = cards.into_iter().filter(|card| card.key == key.public()).collect();
        let files = mine.iter().max_by_key(|card| card.files.len()).map(|card| card.files.clone()).unwrap_or_default();
        let mut old: Vec<PathBuf> = mine.into_iter().map(|card| card.path).collect();
        let writer = CardWriter { key, certificate, readers: &self.readers };
        let mut rng = world::key_rng(&*self.world);
        let _ = writer.leave(folder, &trust, (&have, held), &files, &mut old, &mut rng);
    }

    /// Takes in a batch from a file on a stick. Bad entries are set aside, the honest rest enters. [`Desk::after_stick`] then
    /// reads what came.
    ///
    /// # Errors
    /// `batch-unusable` for a file that is no batch for this laptop; the store's refusal; `cancelled`.
    pub fn read(&mut self, file: &Path, cancel: &Cancel, tell: &mut Tell<'_>) -> Result<StickReport> {
        let mut refused: Option<SyncError> = None;
        for key in &self.keys {
            match read_stick(&mut self.replica, file, key, cancel, tell) {
                Err(why) if why.code() == "batch-unusable" => refused = Some(why),
                Ok(report) => return Ok(report),
                Err(why) => {
                    // What had come by then stays; the first error is the one to report.
                    let _ = self.replica.settle();
                    return Err(why.into());
                }
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
        let signing = self.store.read(|view| view.signing_key())?;
        let own = signing.map(|key| Ok::<_, crate::view::Refusal>((key, self.who.certificate()?.0))).transpose()?;
        let revoked = self.book.revocations.certificates.keys().copied().collect();
        let (replica, world) = (self.replica()?, self.world.clone());
        Ok(Carrier { replica, world, readers, keys, own, revoked, part_bytes: PART_BYTES })
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
    pub fn write_stick(&mut self, folder: &Path, cancel: &Cancel) -> Result<StickWritten> {
        self.write_stick_told(folder, cancel, &mut |_| ())
    }

    /// The same with somebody who hears how far it is.
    ///
    /// # Errors
    /// See [`Carrier::write`].
    pub fn write_stick_told(&mut self, folder: &Path, cancel: &Cancel, tell: &mut Tell<'_>) -> Result<StickWritten> {
        self.before_carrying()?;
        self.carrier_to_write()?.write(folder, cancel, tell)
    }

    /// Takes in a file, for callers that wait.
    ///
    /// # Errors
    /// See [`Carrier::read`].
    pub fn read_stick(&mut self, file: &Path, cancel: &Cancel) -> Result<StickReport> {
        self.read_stick_told(file, cancel, &mut |_| ())
    }

    /// The same with somebody who hears how far it is.
    ///
    /// # Errors
    /// See [`Carrier::read`].
    pub fn read_stick_told(&mut self, file: &Path, cancel: &Cancel, tell: &mut Tell<'_>) -> Result<StickReport> {
        let report = self.carrier()?.read(file, cancel, tell)?;
        self.after_stick()?;
        Ok(report)
    }

    /// Leaves this laptop's card on a stick that was read.
    ///
    /// # Errors
    /// The store's refusal; a stick that cannot be written to is none.
    pub fn leave_card(&self, folder: &Path) -> Result<()> {
        self.carrier()?.leave_card(folder);
        Ok(())
    }

    /// The keys of envelopes for the whole team, the newest chains first. Some of a laptop that was just admitted came before
    /// the chains themselves.
    pub(crate) fn envelope_keys(&self) -> Result<Vec<ReadingKey>> {
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
        // One after the other into one intake: nobody waits until the disk has each.
        let mut replica = self.replica()?;
        replica.many = true;
        let mut reports: Vec<StickReport> = Vec::new();
        for batch in batches {
            reports.push(read_batch(&mut replica, batch, cancel, progress)?);
            // While the rest is looked at and written.
            self.book.read_ahead(&self.store)?;
        }
        for (report, part) in reports.iter_mut().zip(replica.finish_intake()?) {
            report.received += part.accepted;
            report.repeated += part.repeated;
            report.set_aside.extend(part.set_aside);
            report.forks += part.forks;
        }
        self.after_arrival()?;
        Ok(reports)
    }
}

/// Takes away a file on a stick that did not read back as it was written. One that was only not looked at to its end stays:
/// the error is given back.
fn discard(file: &Path, why: SyncError) -> std::result::Result<(), SyncError> {
    match why {
        SyncError::BadBatch { .. } | SyncError::File { .. } => {
            // A stick that does not even let go of it says so at the next step.
            let _ = std::fs::remove_file(file);
            Ok(())
        }
        why => Err(why),
    }
}

/// How far a transfer is, for a page; `file` of `files`, from 1.
#[must_use]
pub fn carrying_view(progress: &Progress, (file, files): (usize, usize)) -> CarryingView {
    let kib = |bytes: u64| u32::try_from(bytes.div_ceil(1024)).unwrap_or(u32::MAX);
    CarryingView {
        step: match progress.step {
            Step::Negotiate => CarryStep::Negotiate,
            Step::PushEntries => CarryStep::PushEntries,
            Step::PushChunks => CarryStep::PushChunks,
            Step::PullEntries => CarryStep::PullEntries,
            Step::PullChunks => CarryStep::PullChunks,
            Step::Receipts => CarryStep::Receipts,
            Step::WriteEntries => CarryStep::WriteEntries,
            Step::WriteChunks => CarryStep::WriteChunks,
            Step::Verify => CarryStep::Verify,
            Step::Read => CarryStep::Read,
            Step::Settle => CarryStep::Settle,
        },
        done: small(progress.done),
        total: progress.total.map(small),
        kib: kib(progress.bytes),
        of_kib: progress.of_bytes.map(kib),
        file: small(file),
        files: small(files),
    }
}

/// What came of several files, for a page.
#[must_use]
pub fn stick_view(reports: &[(String, Result<StickReport>)]) -> StickView {
    let missing = missing_parts(reports.iter().map(|(file, _)| Path::new(file)));
    let mut view = StickView { files: small(reports.len()), missing, ..StickView::default() };
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
