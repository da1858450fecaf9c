//! What a replica has: for each chain its heads. Version vector and resume point in one.

use crate::wire::{Put as _, Reader, check_len};
use crate::{ChainId, EntryHash, Header, SUITE, Seq, WireError};
use std::collections::{BTreeMap, BTreeSet};

/// Most chains in a frontier.
pub const MAX_CHAINS: usize = 100_000;
/// Most heads of one chain in a frontier.
pub const MAX_HEADS: usize = 256;

/// The end of a chain, or of a branch of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Head {
    /// Its place.
    pub seq: Seq,
    /// Its hash.
    pub hash: EntryHash,
}

/// A part of a chain to be sent: everything after `after` (`None`: from the opening on), all branches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The chain.
    pub chain: ChainId,
    /// The last place that the other side has.
    pub after: Option<Seq>,
}

/// Chain → heads, normally one. Two replicas with equal frontiers hold equal headers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    chains: BTreeMap<ChainId, BTreeSet<Head>>,
}

impl Frontier {
    /// Notes an entry that was accepted: it takes the place of its predecessor, or begins a branch.
    pub fn advance(&mut self, header: &Header) {
        let heads = self.chains.entry(header.chain).or_default();
        if let Some(seq) = header.seq.previous() {
            heads.remove(&Head { seq, hash: header.previous });
        }
        heads.insert(Head { seq: header.seq, hash: header.hash() });
    }

    /// Notes a head read from storage. The caller sees to it that no other head of the chain comes after it.
    pub fn insert(&mut self, chain: ChainId, head: Head) {
        self.chains.entry(chain).or_default().insert(head);
    }

    /// All chains and heads, ascending.
    pub fn iter(&self) -> impl Iterator<Item = (ChainId, Head)> {
        self.chains.iter().flat_map(|(chain, heads)| heads.iter().map(|head| (*chain, *head)))
    }

    /// The heads of a chain, ascending: none, one, or several after a fork.
    pub fn heads(&self, chain: ChainId) -> impl Iterator<Item = Head> {
        self.chains.get(&chain).into_iter().flatten().copied()
    }

    /// Number of chains.
    #[must_use]
    pub fn len(&self) -> usize {
        self.chains.len()
    }

    /// Whether there is no chain.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.chains.is_empty()
    }

    /// All heads of both. Heads of one that the other has passed stay: it is a set of claims, and only who holds the
    /// entries can tell a branch from a beginning.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let mut all = self.clone();
        for (chain, heads) in &other.chains {
            all.chains.entry(*chain).or_default().extend(heads);
        }
        all
    }

    /// What this side should send to the other, ascending by chain. `holds` says whether this side has the entry.
    ///
    /// Where a chain is not split: what comes after the other's head. Where the other is ahead: nothing. Where either side
    /// has a split chain, or the other's head is not in ours: all of it, since repetition does no harm and forks are rare.
    /// Two sides that send each other this, twice, have equal frontiers; where entries wait at one of them for places that
    /// it lacks, each further exchange sets some of those free.
    #[must_use]
    pub fn missing_from(&self, other: &Self, holds: impl Fn(ChainId, Head) -> bool) -> Vec<Span> {
        let mut spans = Vec::new();
        for (chain, ours) in &self.chains {
            let chain = *chain;
            let Some(theirs) = other.chains.get(&chain) else {
                spans.push(Span { chain, after: None });
                continue;
            };
            if ours.is_subset(theirs) {
                continue;
            }
            let single = ours.len() == 1 && theirs.len() == 1;
            match (ours.first(), theirs.first()) {
                (Some(our), Some(their)) if single && their.seq > our.seq => {}
                (Some(our), Some(their)) if single && their.seq < our.seq && holds(chain, *their) => {
                    spans.push(Span { chain, after: Some(their.seq) });
                }
                _ => spans.push(Span { chain, after: None }),
            }
        }
        spans
    }

    /// What all the others have of ours: whatever this side should send to one of them ([`Self::missing_from`]) comes after
    /// it. With no others: all of ours.
    #[must_use]
    pub fn held_by_all<'a>(
        &self,
        others: impl IntoIterator<Item = &'a Self>,
        holds: impl Fn(ChainId, Head) -> bool,
    ) -> Self {
        let mut held = self.clone();
        for other in others {
            for Span { chain, after } in self.missing_from(other, &holds) {
                match (after, held.chains.get_mut(&chain)) {
                    (Some(after), Some(heads)) if heads.first().is_some_and(|head| head.seq > after) => {
                        *heads = other.heads(chain).collect();
                    }
                    (None, Some(_)) => _ = held.chains.remove(&chain),
                    _ => {}
                }
            }
        }
        held
    }

    /// The canonical bytes (FORMAT.md, *Frontier*). Of a chain with more than [`MAX_HEADS`] heads the last are written: whoever
    /// reads that sends the others once more, which does no harm; who splits a chain so often must not keep the others from
    /// going on.
    ///
    /// # Errors
    /// [`WireError::TooLong`] beyond [`MAX_CHAINS`].
    pub fn to_bytes(&self) -> Result<Vec<u8>, WireError> {
        check_len("frontier", self.chains.len(), MAX_CHAINS)?;
        let mut out = vec![SUITE];
        out.put_u32(u32::try_from(self.chains.len()).expect("checked against a limit below 4 GiB"));
        for (chain, heads) in &self.chains {
            let written = heads.iter().skip(heads.len().saturating_sub(MAX_HEADS));
            out.put(chain.as_bytes());
            out.put_count(written.len());
            for head in written {
                out.put_u64(head.seq.get());
                out.put(head.hash.as_bytes());
            }
        }
        Ok(out)
    }

    /// Reads canonical bytes.
    ///
    /// # Errors
    /// [`WireError`] for anything that [`Self::to_bytes`] would not have written.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WireError> {
        let mut reader = Reader::new("frontier", bytes);
        reader.suite()?;
        let count = reader.u32()?;
        check_len("frontier", count as usize, MAX_CHAINS)?;
        let mut chains: BTreeMap<ChainId, BTreeSet<Head>> = BTreeMap::new();
        for _ in 0..count {
            let chain = ChainId::from_bytes(reader.array()?);
            if chains.last_key_value().is_some_and(|(last, _)| *last >= chain) {
                return reader.bad();
            }
            let mut heads: BTreeSet<Head> = BTreeSet::new();
            for _ in 0..reader.count(MAX_HEADS)? {
                let Some(seq) = Seq::new(reader.u64()?) else { return reader.bad() };
                let head = Head { seq, hash: EntryHash::from_bytes(reader.array()?) };
                if heads.last().is_some_and(|last| *last >= head) {
                    return reader.bad();
                }
                heads.insert(head);
            }
            if heads.is_empty() {
                return reader.bad();
            }
            chains.insert(chain, heads);
        }
        reader.end()?;
        Ok(Self { chains })
    }
}
