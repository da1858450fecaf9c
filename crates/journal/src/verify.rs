//! Which entries of a run may enter, and why the others may not (yet).
//!
//! Pure and per chain: [`verify_chain`] may run for different chains on different threads. The result does not depend on
//! the order or repetition of the entries handed in.

use crate::{BodyHash, CertificateError, ChainId, EntryHash, Place, ProjectId, ProjectPublicKey, PublicKey};
use crate::{SealedEntry, Seq, WireError, header};
use std::collections::BTreeMap;

/// What a replica trusts: one project and its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trust {
    /// The project.
    pub project: ProjectId,
    /// Its public key.
    pub key: ProjectPublicKey,
}

/// What a replica already holds. Implemented by the store, the hub and [`crate::Index`].
pub trait Known {
    /// The key that signs `chain`, if its opening entry is held.
    fn signer(&self, chain: ChainId) -> Option<PublicKey>;
    /// The hashes of all entries held in this place: none, one, or several after a fork. Headers count, bodies do not.
    fn at(&self, chain: ChainId, seq: Seq) -> Vec<EntryHash>;
}

/// What became of the entries handed in. Each entry of the run is in exactly one list (identical copies once).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// New and verified, ascending within each chain: may be written in this order.
    pub accepted: Vec<Accepted>,
    /// Held already. The body, where one came along, is the signed one: fills a place whose body is missing.
    pub repeated: Vec<Accepted>,
    /// Refused or waiting.
    pub set_aside: Vec<SetAside>,
    /// Places where these entries made a chain split. An alarm: the disk was cloned or a backup restored.
    pub forks: Vec<Fork>,
}

/// An entry that comes in and is to be verified, with what was looked at before.
///
/// [`Incoming::examined`] does what takes long and needs no other entry, so it can run on any thread while others are
/// written; [`verify_chain`] then only looks at places and links. An entry as it came is turned `into()` one that was not
/// looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incoming {
    entry: SealedEntry,
    hash: EntryHash,
    /// The body is the signed one, and this key signed it.
    signed_by: Option<PublicKey>,
}

impl From<SealedEntry> for Incoming {
    fn from(entry: SealedEntry) -> Self {
        Self { hash: entry.hash(), entry, signed_by: None }
    }
}

impl Incoming {
    /// Looks at body and signature. `signer` is the key that is expected to sign the chain; an opening entry says it itself.
    /// Whether it is the right key, and what to say where something is wrong, is left to [`verify_chain`].
    #[must_use]
    pub fn examined(entry: SealedEntry, signer: Option<&PublicKey>) -> Self {
        let mut incoming = Self::from(entry);
        let entry = &incoming.entry;
        let signer = entry.header.opening().map(|opening| &opening.certificate.key).or(signer);
        let whole = entry.body.as_ref().is_none_or(|body| entry.header.check_body(body).is_ok());
        incoming.signed_by = signer.filter(|key| whole && entry.is_signed_by(key)).copied();
        incoming
    }

    /// The entry.
    #[must_use]
    pub const fn entry(&self) -> &SealedEntry {
        &self.entry
    }

    /// Its hash.
    #[must_use]
    pub const fn hash(&self) -> EntryHash {
        self.hash
    }

    /// Whether body and signature were found good.
    #[must_use]
    pub const fn is_good(&self) -> bool {
        self.signed_by.is_some()
    }
}

/// A verified entry. Only verification makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    entry: SealedEntry,
    hash: EntryHash,
}

impl Accepted {
    /// The entry.
    #[must_use]
    pub const fn entry(&self) -> &SealedEntry {
        &self.entry
    }

    /// The entry, without the mark of having been verified.
    #[must_use]
    pub fn into_entry(self) -> SealedEntry {
        self.entry
    }

    /// Its hash.
    #[must_use]
    pub const fn hash(&self) -> EntryHash {
        self.hash
    }

    /// Chain, seq and hash.
    #[must_use]
    pub const fn place(&self) -> Place {
        Place { chain: self.entry.header.chain, seq: self.entry.header.seq, hash: self.hash }
    }
}

/// An entry that may not enter (yet).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAside {
    /// The bytes as they came, to be kept where they could matter.
    pub bytes: Vec<u8>,
    /// Where the entry says that it stands; `None` if it could not be read.
    pub place: Option<Place>,
    /// Why.
    pub reason: SetAsideReason,
}

/// Why an entry may not enter (yet).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SetAsideReason {
    /// Not an entry of a known form.
    #[error(transparent)]
    Unreadable(#[from] WireError),
    /// Of another project.
    #[error("expected an entry of project {expected}, found one of project {found}: choose the batch of this project")]
    OtherProject {
        /// This project.
        expected: ProjectId,
        /// The one named.
        found: ProjectId,
    },
    /// The chain was opened without a good certificate.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// Not signed by the chain's key, or changed on the way.
    #[error("entry {seq} of chain {chain} was changed on the way or not signed by its author: fetch it again")]
    BadSignature {
        /// The chain.
        chain: ChainId,
        /// The place.
        seq: Seq,
    },
    /// The body is not the one that was signed.
    #[error("the body was changed on the way (expected {expected}, found {found}): fetch the entry again")]
    BodyDamaged {
        /// The signed hash.
        expected: BodyHash,
        /// The hash of the bytes that came.
        found: BodyHash,
    },
    /// The entry before is held, but this entry names another one.
    #[error("entry {seq} of chain {chain} follows an entry that is not here ({found}): a copy of the chain, or damage")]
    BadLink {
        /// The chain.
        chain: ChainId,
        /// The place of this entry.
        seq: Seq,
        /// What is held in the place before.
        held: Vec<EntryHash>,
        /// What this entry names.
        found: EntryHash,
    },
    /// The entry before has not come yet.
    #[error("entry {missing} of chain {chain} has not come yet: sync again, or read the other sticks too")]
    Gap {
        /// The chain.
        chain: ChainId,
        /// The place that is needed first.
        missing: Seq,
    },
    /// The entry before came, but is set aside itself.
    #[error("an earlier entry of chain {chain}, number {seq}, was set aside: this one waits for a good copy of it")]
    Behind {
        /// The chain.
        chain: ChainId,
        /// The place of the entry before.
        seq: Seq,
    },
    /// Too many entries wait already.
    #[error("{limit} entries wait for earlier ones already: sync again after those have come")]
    TooManyWaiting {
        /// The limit.
        limit: usize,
    },
}

impl SetAsideReason {
    /// Key of this reason in the message catalogue.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(e) => e.code(),
            Self::OtherProject { .. } => "journal-other-project",
            Self::Certificate(e) => e.code(),
            Self::BadSignature { .. } => "journal-bad-signature",
            Self::BodyDamaged { .. } => "journal-body-damaged",
            Self::BadLink { .. } => "journal-bad-link",
            Self::Gap { .. } => "journal-gap",
            Self::Behind { .. } => "journal-behind",
            Self::TooManyWaiting { .. } => "journal-too-many-waiting",
        }
    }

    /// Whether the same bytes may enter later, once others have come: keep them and hand them in again.
    #[must_use]
    pub fn waits(&self) -> bool {
        matches!(self, Self::BadLink { .. } | Self::Gap { .. } | Self::Behind { .. } | Self::TooManyWaiting { .. })
    }
}

/// A place at which a chain splits: two entries follow the same one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fork {
    /// The chain.
    pub chain: ChainId,
    /// The place that is taken more than once.
    pub seq: Seq,
    /// All entries held there, ascending.
    pub entries: Vec<EntryHash>,
}

impl Fork {
    /// Key of this alarm in the message catalogue.
    #[must_use]
    pub fn code(&self) -> &'static str {
        "journal-fork"
    }
}

/// Verifies a run of entries of any chains, in any order. One bad chain does not touch the others.
#[must_use]
pub fn verify_run(
    trust: &Trust,
    known: &impl Known,
    entries: impl IntoIterator<Item = impl Into<Incoming>>,
) -> Outcome {
    let mut outcome = Outcome::default();
    for (chain, entries) in by_chain(entries) {
        outcome.extend(verify_chain(trust, known, chain, entries));
    }
    outcome
}

/// Sorts a run by chain, to verify chains in parallel.
#[must_use]
pub fn by_chain(entries: impl IntoIterator<Item = impl Into<Incoming>>) -> BTreeMap<ChainId, Vec<Incoming>> {
    let mut chains: BTreeMap<ChainId, Vec<Incoming>> = BTreeMap::new();
    for incoming in entries.into_iter().map(Into::into) {
        chains.entry(incoming.entry.header.chain).or_default().push(incoming);
    }
    chains
}

/// Verifies entries of one chain, in any order. Entries of other chains in `entries` are ignored.
#[must_use]
pub fn verify_chain(trust: &Trust, known: &impl Known, chain: ChainId, entries: Vec<Incoming>) -> Outcome {
    let mut run = entries;
    run.retain(|incoming| incoming.entry.header.chain == chain);
    // Copies of one entry stand together, those with a body first: it is the fuller one that should enter.
    run.sort_by(|a, b| order(a).cmp(&order(b)));
    run.dedup_by(|a, b| a.entry == b.entry);
    let mut check = ChainCheck {
        trust,
        known,
        chain,
        signer: known.signer(chain),
        slots: BTreeMap::new(),
        bad: BTreeMap::new(),
        outcome: Outcome::default(),
    };
    for incoming in run {
        check.take(incoming);
    }
    check.finish()
}

fn order(incoming: &Incoming) -> impl Ord {
    let Incoming { entry, hash, .. } = incoming;
    (entry.header.seq, *hash, entry.body.is_none(), entry.signature.as_bytes(), &entry.body)
}

struct Slot {
    held: Vec<EntryHash>,
    new: Vec<EntryHash>,
}

struct ChainCheck<'a, K> {
    trust: &'a Trust,
    known: &'a K,
    chain: ChainId,
    signer: Option<PublicKey>,
    slots: BTreeMap<Seq, Slot>,
    /// Entries of this run that were set aside, by hash; with the place they wait for, if that is why.
    bad: BTreeMap<EntryHash, Option<Seq>>,
    outcome: Outcome,
}

impl<K: Known> ChainCheck<'_, K> {
    fn slot(&mut self, seq: Seq) -> &mut Slot {
        let (known, chain) = (self.known, self.chain);
        self.slots.entry(seq).or_insert_with(|| Slot { held: known.at(chain, seq), new: Vec::new() })
    }

    fn take(&mut self, incoming: Incoming) {
        let Incoming { entry, hash, signed_by } = incoming;
        let seq = entry.header.seq;
        let slot = self.slot(seq);
        let held = slot.held.contains(&hash);
        let repeated = held || slot.new.contains(&hash);
        let result = match &entry.body {
            Some(body) if signed_by.is_none() => entry.header.check_body(body),
            _ => Ok(()),
        };
        let result = result.and_then(|()| if repeated { Ok(()) } else { self.check(&entry, signed_by) });
        match result {
            Err(reason) => {
                let missing = if let SetAsideReason::Gap { missing, .. } = reason { Some(missing) } else { None };
                self.bad.insert(hash, missing);
                let place = Some(Place { chain: self.chain, seq, hash });
                self.outcome.set_aside.push(SetAside { bytes: entry.to_bytes(), place, reason });
            }
            Ok(()) if held => self.outcome.repeated.push(Accepted { entry, hash }),
            // A poorer copy of an entry of this run: nothing to add.
            Ok(()) if repeated => {}
            Ok(()) => {
                if let Some(opening) = entry.header.opening() {
                    self.signer = Some(opening.certificate.key);
                }
                self.slot(seq).new.push(hash);
                self.outcome.accepted.push(Accepted { entry, hash });
            }
        }
    }

    fn check(&mut self, entry: &SealedEntry, signed_by: Option<PublicKey>) -> Result<(), SetAsideReason> {
        let (chain, seq) = (self.chain, entry.header.seq);
        let expected = self.trust.project;
        if entry.header.project != expected {
            return Err(SetAsideReason::OtherProject { expected, found: entry.header.project });
        }
        let signer = match entry.header.opening() {
            Some(opening) => {
                opening.certificate.verify(expected, &self.trust.key)?;
                if header::chain_id(expected, &opening.certificate.key, &opening.salt) != chain {
                    return Err(CertificateError::OtherChain.into());
                }
                Some(opening.certificate.key)
            }
            None => self.signer,
        };
        if let Some(signer) = signer
            && signed_by != Some(signer)
            && !entry.is_signed_by(&signer)
        {
            return Err(SetAsideReason::BadSignature { chain, seq });
        }
        // The first entry has no predecessor; reading its bytes has seen to that.
        let Some(before) = seq.previous() else { return Ok(()) };
        let found = entry.header.previous;
        let slot = self.slot(before);
        if slot.held.contains(&found) || slot.new.contains(&found) {
            Ok(())
        } else if slot.held.is_empty() && slot.new.is_empty() {
            Err(match self.bad.get(&found) {
                Some(Some(missing)) => SetAsideReason::Gap { chain, missing: *missing },
                Some(None) => SetAsideReason::Behind { chain, seq: before },
                None => SetAsideReason::Gap { chain, missing: before },
            })
        } else {
            let mut held = [slot.held.as_slice(), &slot.new].concat();
            held.sort_unstable();
            Err(SetAsideReason::BadLink { chain, seq, held, found })
        }
    }

    fn finish(mut self) -> Outcome {
        let mut split_before = false;
        let places: Vec<Seq> = self.slots.iter().filter(|(_, slot)| !slot.new.is_empty()).map(|(s, _)| *s).collect();
        for seq in places {
            if let Some(before) = seq.previous() {
                let slot = self.slot(before);
                split_before = slot.held.len() + slot.new.len() > 1;
            }
            let slot = self.slot(seq);
            let mut entries = [slot.held.as_slice(), &slot.new].concat();
            // Where the place before is taken twice too, the branches merely go on.
            if entries.len() > 1 && !split_before {
                entries.sort_unstable();
                self.outcome.forks.push(Fork { chain: self.chain, seq, entries });
            }
        }
        self.outcome
    }
}

impl Outcome {
    /// Adds the outcome of another chain.
    pub fn extend(&mut self, other: Self) {
        self.accepted.extend(other.accepted);
        self.repeated.extend(other.repeated);
        self.set_aside.extend(other.set_aside);
        self.forks.extend(other.forks);
    }
}
