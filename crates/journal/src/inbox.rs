//! A replica in memory: what is held, what waits. For hubs and stores as a model, and for tests as it is.

use crate::{Accepted, ChainId, EntryHash, Frontier, Incoming, Known, Outcome, PublicKey, SealedEntry, Seq, SetAside};
use crate::{SetAsideReason, Trust, verify_chain};
use std::collections::BTreeMap;

/// Headers held, in memory: chain → place → hashes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Index {
    chains: BTreeMap<ChainId, (PublicKey, BTreeMap<Seq, Vec<EntryHash>>)>,
    frontier: Frontier,
}

impl Index {
    /// Notes an accepted entry. The entries of an [`Outcome`] must be noted in its order.
    pub fn insert(&mut self, accepted: &Accepted) {
        let header = &accepted.entry().header;
        if let Some(opening) = header.opening() {
            self.chains.entry(header.chain).or_insert_with(|| (opening.certificate.key, BTreeMap::new()));
        }
        if let Some((_, places)) = self.chains.get_mut(&header.chain) {
            let place = places.entry(header.seq).or_default();
            if !place.contains(&accepted.hash()) {
                place.push(accepted.hash());
                place.sort_unstable();
                self.frontier.advance(header);
            }
        }
    }

    /// The heads of all chains.
    #[must_use]
    pub const fn frontier(&self) -> &Frontier {
        &self.frontier
    }

    /// Number of entries held.
    #[must_use]
    pub fn len(&self) -> usize {
        self.chains.values().flat_map(|(_, places)| places.values()).map(Vec::len).sum()
    }

    /// Whether nothing is held.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.chains.is_empty()
    }
}

impl Known for Index {
    fn signer(&self, chain: ChainId) -> Option<PublicKey> {
        self.chains.get(&chain).map(|(key, _)| *key)
    }

    fn at(&self, chain: ChainId, seq: Seq) -> Vec<EntryHash> {
        self.chains.get(&chain).and_then(|(_, places)| places.get(&seq)).cloned().unwrap_or_default()
    }
}

/// Takes deliveries in any order and keeps what waits, so that it enters when what it waits for has come.
#[derive(Clone, Debug)]
pub struct Inbox {
    trust: Trust,
    index: Index,
    waiting: BTreeMap<ChainId, BTreeMap<Vec<u8>, SealedEntry>>,
    limit: usize,
}

impl Inbox {
    /// An empty replica; at most `limit` entries wait at a time.
    #[must_use]
    pub fn new(trust: Trust, limit: usize) -> Self {
        Self { trust, index: Index::default(), waiting: BTreeMap::new(), limit }
    }

    /// What is held.
    #[must_use]
    pub const fn index(&self) -> &Index {
        &self.index
    }

    /// How many entries wait.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting.values().map(BTreeMap::len).sum()
    }

    /// Takes entries. `set_aside` of the outcome also lists what waited before and still waits, in the chains delivered.
    pub fn deliver(&mut self, entries: impl IntoIterator<Item = SealedEntry>) -> Outcome {
        let mut outcome = Outcome::default();
        for (chain, mut entries) in crate::by_chain(entries) {
            entries.extend(self.waiting.remove(&chain).unwrap_or_default().into_values().map(Incoming::from));
            let mut verified = verify_chain(&self.trust, &self.index, chain, entries);
            for accepted in &verified.accepted {
                self.index.insert(accepted);
            }
            for aside in &mut verified.set_aside {
                self.keep_waiting(chain, aside);
            }
            outcome.extend(verified);
        }
        outcome
    }

    /// Takes entries as bytes; unreadable ones are set aside with the reason.
    pub fn deliver_bytes<'a>(&mut self, entries: impl IntoIterator<Item = &'a [u8]>) -> Outcome {
        let mut readable = Vec::new();
        let mut unreadable = Vec::new();
        for bytes in entries {
            match SealedEntry::from_bytes(bytes) {
                Ok(entry) => readable.push(entry),
                Err(e) => unreadable.push(SetAside { bytes: bytes.to_vec(), place: None, reason: e.into() }),
            }
        }
        let mut outcome = self.deliver(readable);
        outcome.set_aside.extend(unreadable);
        outcome
    }

    fn keep_waiting(&mut self, chain: ChainId, aside: &mut SetAside) {
        if !aside.reason.waits() {
            return;
        }
        if self.waiting() >= self.limit {
            aside.reason = SetAsideReason::TooManyWaiting { limit: self.limit };
        } else if let Ok(entry) = SealedEntry::from_bytes(&aside.bytes) {
            self.waiting.entry(chain).or_default().insert(aside.bytes.clone(), entry);
        }
    }
}
