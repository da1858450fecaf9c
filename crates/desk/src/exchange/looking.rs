//! Looking at what is here and at what a file would bring, without writing anything.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use tianye_journal::{
    Accepted, ChainId, ChunkId, EntryHash, Frontier, Head, Known, Outcome, Place, PublicKey, ReadingKey, SealedChunk,
    SealedEntry, Seq, Span, Trust, verify_run,
};
use tianye_store::{Limit, Store, View};
use tianye_sync::{
    Admitted, Cancel, ChainLook, Gap, Progress, Split, StickLook, SyncError, Taker, Tell, gaps, read_stick,
};

use super::rights::Rights;
use super::{called, failed};
use crate::desk::Desk;
use crate::refusal::{Result, refuse};

impl Desk {
    /// Where chains split: a disk was cloned, or an old copy of it put back. What the whole team reads splits with it, and so
    /// do reports of harm.
    ///
    /// # Errors
    /// The store's refusal.
    pub fn splits(&self) -> Result<Vec<Split>> {
        Ok(self.store.read(|view| view.forked_chains()?.into_iter().map(|chain| split(view, chain)).collect())?)
    }

    /// The heads of all chains that are here, in the order of their chains: two laptops that show the same have the same entries.
    ///
    /// # Errors
    /// The store's refusal.
    pub fn frontier(&self) -> Result<Vec<(ChainId, Head)>> {
        Ok(self.store.read(|view| view.frontier())?.iter().collect())
    }

    /// Where entries that are set aside wait for others that are not here.
    ///
    /// # Errors
    /// The store's refusal.
    pub fn gaps(&self) -> Result<Vec<Gap>> {
        let (aside, frontier) = self.store.read(|view| Ok((view.kept_aside()?, view.frontier()?)))?;
        let mut waiting: BTreeMap<ChainId, BTreeSet<Seq>> = BTreeMap::new();
        for kept in aside.iter().filter(|kept| kept.waits) {
            if let (Some(chain), Some(seq)) = (kept.chain, kept.seq) {
                waiting.entry(chain).or_default().insert(seq);
            }
        }
        let here = |chain| frontier.heads(chain).map(|head| head.seq.get()).max().unwrap_or(0);
        Ok(waiting.iter().flat_map(|(chain, waits)| gaps(*chain, here(*chain), waits)).collect())
    }

    /// Who writes a chain, and on which laptop; empty where the team has no card of it. A laptop writes several chains: what is
    /// known of one goes for all.
    ///
    /// # Errors
    /// The store's refusal.
    pub fn writer_of(&self, chain: ChainId) -> Result<String> {
        let named = self.owner(&chain);
        if !named.is_empty() {
            return Ok(named);
        }
        Ok(self.certificate_number(chain)?.map(|serial| self.writer_with(serial)).unwrap_or_default())
    }

    /// Who writes with a certificate, and on which laptop.
    #[must_use]
    pub fn writer_with(&self, serial: u64) -> String {
        let chains = self.book.serials.iter().filter(|(_, of)| **of == serial);
        let named = chains.map(|(chain, _)| self.owner(chain)).find(|name| !name.is_empty());
        // Of a laptop that has just joined there is only its card.
        let card = || self.book.project.device(serial);
        named.or_else(|| card().map(|card| called(&card.name, card.device_name.as_deref()))).unwrap_or_default()
    }

    /// Whether this laptop writes a chain.
    ///
    /// # Errors
    /// The store's refusal.
    pub fn is_own(&self, chain: ChainId) -> Result<bool> {
        let own = self.who.certificate()?.0.serial;
        Ok(self.certificate_number(chain)? == Some(own))
    }

    /// Number of the certificate that a chain was opened with.
    pub(super) fn certificate_number(&self, chain: ChainId) -> Result<Option<u64>> {
        if let Some(serial) = self.book.serials.get(&chain) {
            return Ok(Some(*serial));
        }
        let opening = self.store.read(|view| view.opening(chain))?;
        Ok(opening.and_then(|entry| Some(entry.header.opening()?.certificate.serial)))
    }

    /// Verifies files in turn as if each were taken in, and takes nothing in. An entry may follow on one of a file before.
    /// `tell` hears which file it is, from 1, and how far.
    ///
    /// # Errors
    /// The store's refusal; `cancelled`. Of each file: `batch-unusable` for one that is no batch for this laptop,
    /// `file-failed`.
    pub fn look_at_sticks(
        &self,
        files: &[PathBuf],
        cancel: &Cancel,
        tell: &mut dyn FnMut(usize, &Progress),
    ) -> Result<Vec<Result<StickLook>>> {
        let mut keys = self.store.read(|view| view.reading_keys())?;
        keys.extend(self.envelope_keys()?);
        let mut witness = Witness {
            desk: self,
            trust: self.who.trust()?,
            frontier: self.store.read(|view| view.frontier())?,
            ahead: Ahead::default(),
            rights: Rights::new(self.book.team.clone(), keys.clone()),
            chunks: BTreeSet::new(),
            chains: BTreeMap::new(),
            new_chunks: 0,
        };
        let mut looks = Vec::new();
        for (at, file) in files.iter().enumerate() {
            match witness.look(file, &keys, cancel, &mut |progress| tell(at + 1, progress)) {
                Err(refusal) if cancel.is_cancelled() => return Err(refusal),
                look => looks.push(look),
            }
        }
        Ok(looks)
    }
}

/// Where a forked chain splits first: behind what all its branches have in common.
fn split(view: &View<'_>, chain: ChainId) -> tianye_store::Result<Split> {
    let heads = view.heads_of(chain)?;
    let mut common: Option<BTreeSet<EntryHash>> = None;
    for head in &heads {
        let branch = view.entries_up_to(&Place { chain, seq: head.seq, hash: head.hash })?;
        common = Some(common.map_or_else(|| branch.clone(), |before| &before & &branch));
    }
    let common = common.map_or(0, |common| common.len() as u64);
    let at = Seq::new(common.saturating_add(1)).unwrap_or(Seq::FIRST);
    Ok(Split { chain, at, ends: heads.iter().map(|head| head.seq).collect() })
}

/// Good entries that came by and are not here.
#[derive(Default)]
struct Ahead {
    signers: HashMap<ChainId, PublicKey>,
    /// Numbers of certificates.
    serials: HashMap<ChainId, u64>,
    places: HashMap<(ChainId, Seq), Vec<EntryHash>>,
}

impl Ahead {
    fn note(&mut self, accepted: &Accepted) {
        let header = &accepted.entry().header;
        if let Some(opening) = header.opening() {
            self.signers.insert(header.chain, opening.certificate.key);
            self.serials.insert(header.chain, opening.certificate.serial);
        }
        self.places.entry((header.chain, header.seq)).or_default().push(accepted.hash());
    }
}

/// What is here and what came by, as verification asks for it. The first failure is kept and the outcome thrown away.
struct Beside<'v> {
    view: &'v View<'v>,
    frontier: &'v Frontier,
    ahead: &'v Ahead,
    error: RefCell<Option<tianye_store::Error>>,
}

impl Beside<'_> {
    fn ask<T: Default>(&self, answer: tianye_store::Result<T>) -> T {
        answer.unwrap_or_else(|error| {
            self.error.borrow_mut().get_or_insert(error);
            T::default()
        })
    }

    fn held(&self, chain: ChainId, seq: Seq) -> Vec<EntryHash> {
        if self.frontier.heads(chain).all(|head| head.seq < seq) {
            return Vec::new();
        }
        // All entries of one place come together, however little is asked for.
        let spans = [Span { chain, after: seq.previous() }];
        let page = self.ask(self.view.entries_in(&spans, Limit { entries: 1, bytes: 0 }));
        page.entries.iter().filter(|entry| entry.header.seq == seq).map(SealedEntry::hash).collect()
    }
}

impl Known for Beside<'_> {
    fn signer(&self, chain: ChainId) -> Option<PublicKey> {
        let opening = self.ask(self.view.opening(chain));
        let held = opening.and_then(|entry| Some(entry.header.opening()?.certificate.key));
        held.or_else(|| self.ahead.signers.get(&chain).copied())
    }

    fn at(&self, chain: ChainId, seq: Seq) -> Vec<EntryHash> {
        let mut found = self.held(chain, seq);
        found.extend(self.ahead.places.get(&(chain, seq)).into_iter().flatten());
        found
    }
}

/// Looks at batches, and writes nothing.
struct Witness<'a> {
    desk: &'a Desk,
    trust: Trust,
    frontier: Frontier,
    ahead: Ahead,
    rights: Rights,
    /// Chunks that came by and are not here.
    chunks: BTreeSet<ChunkId>,
    /// Of the file that is being read.
    chains: BTreeMap<ChainId, ChainLook>,
    new_chunks: usize,
}

impl Witness<'_> {
    fn look(&mut self, file: &Path, keys: &[ReadingKey], cancel: &Cancel, tell: &mut Tell<'_>) -> Result<StickLook> {
        (self.chains, self.new_chunks) = (BTreeMap::new(), 0);
        let mut refused: Option<SyncError> = None;
        for key in keys {
            match read_stick(self, file, key, cancel, tell) {
                Ok(report) => {
                    let mut chains: Vec<ChainLook> = std::mem::take(&mut self.chains).into_values().collect();
                    for look in &mut chains {
                        look.serial = self.certificate_number(look.chain)?;
                        look.revoked = look.serial.is_some_and(|serial| self.is_revoked(serial));
                    }
                    return Ok(StickLook { report, new_chunks: self.new_chunks, chains });
                }
                Err(why) if why.code() == "batch-unusable" => refused = Some(why),
                Err(why) => return Err(why.into()),
            }
        }
        Err(refused.map_or_else(|| refuse("store-damaged", "expected a reading key, found none"), Into::into))
    }

    pub(super) fn certificate_number(&self, chain: ChainId) -> Result<Option<u64>> {
        Ok(self.desk.certificate_number(chain)?.or_else(|| self.ahead.serials.get(&chain).copied()))
    }

    fn is_revoked(&self, serial: u64) -> bool {
        self.desk.book.revocations.certificates.contains_key(&serial)
    }

    fn note(&mut self, outcome: &Outcome) {
        for accepted in &outcome.accepted {
            self.ahead.note(accepted);
            self.of_chain(accepted.entry().header.chain, accepted.entry().header.seq).new += 1;
        }
        for repeated in &outcome.repeated {
            self.of_chain(repeated.entry().header.chain, repeated.entry().header.seq).known += 1;
        }
        for place in outcome.set_aside.iter().filter_map(|aside| aside.place) {
            self.of_chain(place.chain, place.seq);
        }
        for fork in &outcome.forks {
            self.of_chain(fork.chain, fork.seq).forks.push(fork.seq);
        }
    }

    fn of_chain(&mut self, chain: ChainId, seq: Seq) -> &mut ChainLook {
        let new = || ChainLook {
            chain,
            serial: None,
            from: seq,
            to: seq,
            new: 0,
            known: 0,
            forks: Vec::new(),
            revoked: false,
            no_right: BTreeMap::new(),
        };
        let look = self.chains.entry(chain).or_insert_with(new);
        (look.from, look.to) = (look.from.min(seq), look.to.max(seq));
        look
    }

    fn verify(&self, store: &Store, entries: Vec<SealedEntry>) -> tianye_store::Result<Outcome> {
        store.read(|view| {
            let (frontier, ahead) = (&self.frontier, &self.ahead);
            let known = Beside { view, frontier, ahead, error: RefCell::new(None) };
            let outcome = verify_run(&self.trust, &known, entries);
            known.error.into_inner().map_or(Ok(outcome), Err)
        })
    }
}

impl Taker for Witness<'_> {
    fn take_entries(&mut self, entries: Vec<SealedEntry>) -> std::result::Result<Admitted, SyncError> {
        let outcome = self.verify(&self.desk.store, entries).map_err(failed)?;
        self.note(&outcome);
        for good in outcome.accepted.iter().chain(&outcome.repeated) {
            let entry = good.entry();
            if let Some(why) = self.rights.check(&self.desk.store, entry).map_err(failed)? {
                let look = self.of_chain(entry.header.chain, entry.header.seq);
                look.no_right.entry(why.code().to_owned()).or_default().push(entry.header.seq);
            }
        }
        Ok(Admitted::from(&outcome))
    }

    fn take_chunk(&mut self, chunk: SealedChunk) -> std::result::Result<(), SyncError> {
        let id = chunk.id();
        if !self.desk.store.has_chunk(&id) && self.chunks.insert(id) {
            self.new_chunks += 1;
        }
        Ok(())
    }
}
