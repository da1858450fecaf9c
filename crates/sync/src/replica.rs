//! What sync must be able to ask of a laptop's store. Implemented by the desk, and by tests in memory.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use tianye_journal::{
    ChainId, ChunkId, EntryHash, Frontier, Head, Outcome, ProjectId, Receipt, SealedChunk, SealedEntry, Seq, SetAside,
    Span,
};

use crate::{
    SyncError,
    protocol::{SetAsideEntry, WirePlace},
};

/// How much to read at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// At most so many entries.
    pub entries: usize,
    /// At most so many bytes, unless the first place alone has more.
    pub bytes: usize,
}

/// A laptop's copy of one project. Errors of the store come as [`SyncError::replica`].
pub trait Replica {
    /// The project.
    fn project(&self) -> ProjectId;

    /// The heads of all chains held.
    ///
    /// # Errors
    /// Those of the store.
    fn frontier(&mut self) -> Result<Frontier, SyncError>;

    /// Whether this entry is held.
    ///
    /// # Errors
    /// Those of the store.
    fn holds(&mut self, chain: ChainId, head: Head) -> Result<bool, SyncError>;

    /// The next entries of a chain after a place (`None`: from the opening on), ascending, all branches. Entries of one
    /// place (a fork) always come together, even if that exceeds the limit. Empty at the end.
    ///
    /// # Errors
    /// Those of the store.
    fn entries_after(
        &mut self,
        chain: ChainId,
        after: Option<Seq>,
        limit: Limit,
    ) -> Result<Vec<SealedEntry>, SyncError>;

    /// Verifies entries and takes in those that are good. A replica may go on with it while the next ones are fetched, and
    /// say of them later, at [`Replica::settle`], what became of them.
    ///
    /// # Errors
    /// Those of the store. Bad entries are no error: they are set aside.
    fn admit(&mut self, entries: Vec<SealedEntry>) -> Result<Admitted, SyncError>;

    /// Waits until all entries handed in are durable, and says what became of those of which it was not said yet.
    ///
    /// # Errors
    /// Those of the store.
    fn settle(&mut self) -> Result<Admitted, SyncError> {
        Ok(Admitted::default())
    }

    /// Entries held after the cursor for which this hub's receipt is missing, at most so many, with the cursor to go on from
    /// (0 at first).
    ///
    /// # Errors
    /// Those of the store.
    fn without_receipt(&mut self, after: i64, limit: usize) -> Result<(Vec<EntryHash>, i64), SyncError>;

    /// Writes down receipts. Their signatures are checked already.
    ///
    /// # Errors
    /// Those of the store.
    fn record_receipts(&mut self, receipts: &[Receipt]) -> Result<(), SyncError>;

    /// The chunks held that the hub may lack. A replica that was told by [`Replica::chunks_on_hub`] may leave those out.
    ///
    /// # Errors
    /// Those of the store.
    fn chunks_held(&mut self) -> Result<Vec<ChunkId>, SyncError>;

    /// Learns that these chunks are on the hub. May be ignored.
    ///
    /// # Errors
    /// Those of the store.
    fn chunks_on_hub(&mut self, chunks: &[ChunkId]) -> Result<(), SyncError> {
        let _ = chunks;
        Ok(())
    }

    /// The chunks that entries name and that are not held.
    ///
    /// # Errors
    /// Those of the store.
    fn chunks_wanted(&mut self) -> Result<Vec<ChunkId>, SyncError>;

    /// A chunk; `None` if it is not held.
    ///
    /// # Errors
    /// Those of the store.
    fn chunk(&mut self, id: ChunkId) -> Result<Option<SealedChunk>, SyncError>;

    /// Keeps a chunk.
    ///
    /// # Errors
    /// Those of the store.
    fn put_chunk(&mut self, chunk: SealedChunk) -> Result<(), SyncError>;
}

/// What became of entries handed to [`Replica::admit`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Admitted {
    /// How many are new.
    pub accepted: usize,
    /// How many were held already.
    pub repeated: usize,
    /// Those that did not enter, and why.
    pub set_aside: Vec<SetAsideEntry>,
    /// How many places were found at which a chain splits.
    pub forks: usize,
}

impl From<&Outcome> for Admitted {
    fn from(outcome: &Outcome) -> Self {
        Self {
            accepted: outcome.accepted.len(),
            repeated: outcome.repeated.len(),
            set_aside: outcome.set_aside.iter().map(SetAsideEntry::from).collect(),
            forks: outcome.forks.len(),
        }
    }
}

impl From<&SetAside> for SetAsideEntry {
    fn from(aside: &SetAside) -> Self {
        let place = aside.place.map(|place| WirePlace { chain: place.chain, seq: place.seq.get(), hash: place.hash });
        Self { place, code: aside.reason.code().to_owned() }
    }
}

/// What this replica should send to a side that has `theirs`.
pub(crate) fn spans_for(replica: &mut impl Replica, theirs: &Frontier) -> Result<Vec<Span>, SyncError> {
    let ours = replica.frontier()?;
    let held = held_of(replica, theirs)?;
    Ok(ours.missing_from(theirs, |chain, head| held.contains(&(chain, head))))
}

/// What all of these sides have of what this replica has.
pub(crate) fn held_by_all(replica: &mut impl Replica, others: &[&Frontier]) -> Result<Frontier, SyncError> {
    let ours = replica.frontier()?;
    let mut held = BTreeSet::new();
    for theirs in others {
        held.append(&mut held_of(replica, theirs)?);
    }
    Ok(ours.held_by_all(others.iter().copied(), |chain, head| held.contains(&(chain, head))))
}

/// The heads of theirs that this replica has.
fn held_of(replica: &mut impl Replica, theirs: &Frontier) -> Result<BTreeSet<(ChainId, Head)>, SyncError> {
    let mut held = BTreeSet::new();
    for (chain, head) in theirs.iter() {
        if replica.holds(chain, head)? {
            held.insert((chain, head));
        }
    }
    Ok(held)
}

/// A stop button: clones share it.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Stops the transfer before its next request.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Whether it was pressed.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    pub(crate) fn check(&self) -> Result<(), SyncError> {
        if self.is_cancelled() { Err(SyncError::Cancelled) } else { Ok(()) }
    }
}
