//! A laptop: a real store in a folder, and how it talks to a hub.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use tianye_journal::{
    ChainId, ChunkId, EntryHash, Frontier, Granted, Head, HubPublicKey, PlainBody, ProjectId, Receipt, RecordId,
    SealedChunk, SealedEntry, Seq, Span, Trust, WallClock, open_rest,
};
use tianye_store::{
    Ground, KdfCost, NewStore, Op, OpenedEntry, Passphrase, StartCard, Store, Tx, Unlock, read_black_box, recover,
};
use tianye_survey::{Card, Content, Member, Opened, confirm_erasures, kind, open_rests};
use tianye_sync::{Admitted, Limit, Replica, SyncError};

use crate::people::Person;

const PASSPHRASE: &str = "溪水 长流 2017";

/// A laptop with an unlocked store.
#[derive(Debug)]
pub struct Laptop {
    /// What tests call it.
    pub name: String,
    /// Whose it is.
    pub person: usize,
    /// What its clock shows.
    pub clock: WallClock,
    /// After so many more questions of a sync its connection breaks.
    pub fuse: Option<u32>,
    /// What the person had in hand when they opened an interview that they have not left yet.
    pub looks: BTreeMap<RecordId, Look>,
    folder: PathBuf,
    store: Option<Store>,
    trust: Trust,
    hub: HubPublicKey,
}

/// What somebody had in hand when they began to write.
#[derive(Clone, Debug)]
pub struct Look {
    /// The record as the product told it.
    pub state: tianye_survey::InterviewState,
    /// Every entry of the record that this laptop could read then.
    pub held: BTreeSet<EntryHash>,
}

impl Laptop {
    /// A new laptop whose keys are `person`'s. It has no chain yet.
    #[must_use]
    pub fn new(folder: PathBuf, at: usize, person: &Person, trust: Trust, hub: HubPublicKey) -> Self {
        let card = StartCard { interviewer: person.name.clone(), practice: true, ..StartCard::default() };
        let passphrase = Passphrase::new(PASSPHRASE);
        let cost = KdfCost::insecure_for_tests();
        let store = Store::create(&folder, &NewStore { card, passphrase: &passphrase, cost, recovery: None }).unwrap();
        let keys = |tx: &mut Tx<'_>| {
            tx.put_signing_key(&person.signing)?;
            tx.add_reading_key(&person.reading).map(|_| ())
        };
        store.transact(Op::Setting, keys).unwrap();
        let (name, clock) = (person.name.clone(), WallClock { millis: 1_499_000_000_000, offset_minutes: 480 });
        Self { name, person: at, clock, fuse: None, looks: BTreeMap::new(), folder, store: Some(store), trust, hub }
    }

    /// The store.
    #[must_use]
    pub fn store(&self) -> &Store {
        self.store.as_ref().unwrap()
    }

    /// A minute goes by.
    pub fn tick(&mut self) -> WallClock {
        self.clock.millis += 60_000;
        self.clock
    }

    /// Whether it has a chain to write in: none goes on in two ways.
    #[must_use]
    pub fn has_chain(&self) -> bool {
        self.store().read(|view| view.own_chain()).unwrap().is_some_and(|own| !own.is_forked())
    }

    /// Opens a chain, whatever the state of the last one; a recovery is done with it.
    pub fn open_chain(&mut self, person: &Person, readers: &[tianye_journal::Recipient]) -> ChainId {
        let content = Content::Member(Card::whole(&Member::certified(&person.certificate, &person.details)));
        let details = PlainBody {
            kind: kind::MEMBER,
            record: RecordId::from_bytes(*person.id.as_bytes()),
            parents: Vec::new(),
            author: person.id,
            at: self.tick(),
            content: content.encode().unwrap(),
        };
        let open = |tx: &mut Tx<'_>| {
            tx.end_recovery()?;
            tx.open_chain(&person.certificate, readers, &details)
        };
        self.store().transact(Op::Seal, open).unwrap();
        self.own_chain()
    }

    /// The chain that it writes.
    #[must_use]
    pub fn own_chain(&self) -> ChainId {
        self.store().read(|view| view.own_chain()).unwrap().unwrap().chain
    }

    /// A key that came with an admission.
    pub fn admit_to(&self, granted: &Granted) {
        self.store().transact(Op::Setting, |tx| tx.add_content_key(granted)).unwrap();
    }

    /// The entries of a record that are open here.
    #[must_use]
    pub fn entries_of(&self, record: RecordId) -> Vec<Opened> {
        self.read_all(&self.store().read(|view| view.entries_of(record)).unwrap())
    }

    fn read_all(&self, entries: &[OpenedEntry]) -> Vec<Opened> {
        let mut entries: Vec<Opened> =
            entries.iter().map(|one| Opened::read(one.hash, one.chain, one.seq, &one.body)).collect();
        confirm_erasures(&mut entries, &|entry| self.store().read(|view| view.place_of(*entry)).unwrap());
        open_rests(&mut entries, &|chain, entry, sealed| {
            let key = self.store().read(|view| view.content_key(chain)).unwrap()?;
            open_rest(&key, entry, sealed).ok().map(|rest| rest.to_vec())
        });
        entries
    }

    /// All entries, as they travel to somebody who has `theirs`.
    #[must_use]
    pub fn news(&self, theirs: &Frontier) -> Vec<SealedEntry> {
        let limit = tianye_store::Limit { entries: usize::MAX, bytes: usize::MAX };
        self.store().read(|view| view.entries_missing_from(theirs, limit)).unwrap().entries
    }

    /// The heads.
    #[must_use]
    pub fn heads(&self) -> Frontier {
        self.store().read(|view| view.frontier()).unwrap()
    }

    /// The chains whose contents can be read here.
    #[must_use]
    pub fn rights(&self) -> BTreeSet<ChainId> {
        self.store().read(|view| view.readable_chains()).unwrap().into_iter().collect()
    }

    /// Takes entries in.
    pub fn receive(&mut self, entries: Vec<SealedEntry>) -> tianye_store::Admitted {
        let now = self.tick().millis;
        self.store().transact(Op::Admit, |tx| tx.receive(&self.trust, entries, now)).unwrap()
    }

    /// Locks it, copies its folder to another place, and unlocks it again.
    pub fn copy_to(&mut self, to: &Path) {
        let dir = self.dir();
        self.store.take().unwrap().lock().unwrap();
        copy(&self.folder, to);
        self.unlock(&dir);
    }

    /// The same laptop on a copy of its folder.
    #[must_use]
    pub fn on_copy(&self, folder: PathBuf, name: String) -> Self {
        let mut other = Self {
            name,
            folder,
            store: None,
            looks: self.looks.clone(),
            fuse: None,
            ..Self { store: None, looks: BTreeMap::new(), name: String::new(), folder: PathBuf::new(), ..*self }
        };
        let dir = other.dir();
        other.unlock(&dir);
        other
    }

    /// Throws the folder away and puts a copy in its place.
    pub fn put_back(&mut self, copy_of: &Path) {
        self.store.take().unwrap().lock().unwrap();
        self.looks.clear();
        fs::remove_dir_all(&self.folder).unwrap();
        copy(copy_of, &self.folder);
        let dir = self.dir();
        self.unlock(&dir);
    }

    /// Its database is gone, and it stands again on its newest snapshot and its black box; not where there is none. Whether it
    /// did: it then needs another chain ([`Laptop::open_chain`]).
    #[must_use]
    pub fn recover(&mut self, person: &Person) -> bool {
        if self.store().snapshots().unwrap().is_empty() {
            return false;
        }
        let dir = self.dir();
        self.store.take().unwrap().lock().unwrap();
        self.looks.clear();
        fs::write(dir.join("store.db"), [0; 16_384]).unwrap();
        let passphrase = Passphrase::new(PASSPHRASE);
        let found = recover(&dir, Unlock::Passphrase(&passphrase), self.clock.millis).unwrap();
        assert!(matches!(found.ground, Ground::Snapshot(_)));
        self.store = Some(found.store);
        let entries = read_black_box(&self.store().black_box_path()).unwrap();
        self.receive(entries);
        self.store().transact(Op::Admit, |tx| tx.take_own_chains(&person.signing.public())).unwrap();
        true
    }

    /// The chunks that answers name which can be read here.
    #[must_use]
    pub fn named_chunks(&self) -> BTreeSet<ChunkId> {
        let entries = [kind::INTERVIEW, kind::ERASURE].into_iter().flat_map(|kind| {
            let entries = self.store().read(|view| view.entries_of_kind(kind)).unwrap();
            self.read_all(&entries)
        });
        let named: BTreeSet<ChunkId> = entries.flat_map(|entry| entry.content.chunks()).collect();
        named.into_iter().filter(|id| !self.store().read(|view| view.is_chunk_erased(id)).unwrap()).collect()
    }

    fn dir(&self) -> PathBuf {
        tianye_store::list(&self.folder).unwrap().remove(0).dir
    }

    fn unlock(&mut self, dir: &Path) {
        let passphrase = Passphrase::new(PASSPHRASE);
        self.store = Some(Store::unlock(dir, Unlock::Passphrase(&passphrase), self.clock.millis).unwrap());
    }

    fn burn(&mut self) -> Result<(), SyncError> {
        match &mut self.fuse {
            Some(0) => Err(SyncError::replica("broken", "the connection broke")),
            Some(left) => {
                *left -= 1;
                Ok(())
            }
            None => Ok(()),
        }
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for item in fs::read_dir(from).unwrap() {
        let item = item.unwrap();
        let to = to.join(item.file_name());
        if item.file_type().unwrap().is_dir() {
            copy(&item.path(), &to);
        } else {
            fs::copy(item.path(), &to).unwrap();
        }
    }
}

fn failed(error: tianye_store::Error) -> SyncError {
    SyncError::replica(error.code(), error)
}

impl Replica for Laptop {
    fn project(&self) -> ProjectId {
        self.trust.project
    }

    fn frontier(&mut self) -> Result<Frontier, SyncError> {
        self.burn()?;
        self.store().read(|view| view.frontier()).map_err(failed)
    }

    fn holds(&mut self, _: ChainId, head: Head) -> Result<bool, SyncError> {
        self.store().read(|view| view.has_entry(head.hash)).map_err(failed)
    }

    fn entries_after(
        &mut self,
        chain: ChainId,
        after: Option<Seq>,
        limit: Limit,
    ) -> Result<Vec<SealedEntry>, SyncError> {
        self.burn()?;
        let limit = tianye_store::Limit { entries: limit.entries, bytes: limit.bytes };
        Ok(self.store().read(|view| view.entries_in(&[Span { chain, after }], limit)).map_err(failed)?.entries)
    }

    fn admit(&mut self, entries: Vec<SealedEntry>) -> Result<Admitted, SyncError> {
        self.burn()?;
        let admitted = self.receive(entries);
        Ok(Admitted {
            accepted: admitted.new.len(),
            repeated: admitted.repeated,
            set_aside: admitted.set_aside.iter().map(Into::into).collect(),
            forks: admitted.forks.len(),
        })
    }

    fn without_receipt(&mut self, after: i64, limit: usize) -> Result<(Vec<EntryHash>, i64), SyncError> {
        self.burn()?;
        let limit = u32::try_from(limit).unwrap();
        self.store().read(|view| view.without_receipt(&self.hub, after, limit)).map_err(failed)
    }

    fn record_receipts(&mut self, receipts: &[Receipt]) -> Result<(), SyncError> {
        self.burn()?;
        let keep = |tx: &mut Tx<'_>| receipts.iter().try_for_each(|one| tx.put_receipt(one, &self.hub));
        self.store().transact(Op::Receipt, keep).map_err(failed)
    }

    fn chunks_held(&mut self) -> Result<Vec<ChunkId>, SyncError> {
        self.store().chunks().map_err(failed)
    }

    fn chunks_wanted(&mut self) -> Result<Vec<ChunkId>, SyncError> {
        self.burn()?;
        Ok(self.named_chunks().into_iter().filter(|id| !self.store().has_chunk(id)).collect())
    }

    fn chunk(&mut self, id: ChunkId) -> Result<Option<SealedChunk>, SyncError> {
        self.store().chunk(&id).map_err(failed)
    }

    fn put_chunk(&mut self, chunk: SealedChunk) -> Result<(), SyncError> {
        self.store().put_chunk(&chunk).map_err(failed)
    }
}
