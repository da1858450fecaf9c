//! A hub's signed word that it keeps an entry.

use crate::keys::Purpose;
use crate::wire::{Put as _, Reader};
use crate::{ChainId, EntryHash, HubKey, HubPublicKey, KeyError, Place, ProjectId, SUITE, Seq, Signature, WireError};

/// The same bytes for the same entry and hub, always: it holds no time, and Ed25519 takes no random number. A hub gives
/// one only after the entry, with its body, is safely on its disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The project.
    pub project: ProjectId,
    /// The entry.
    pub place: Place,
    /// By the hub's key.
    pub signature: Signature,
}

impl Receipt {
    /// Bytes on the wire.
    pub const LEN: usize = 1 + 16 + 16 + 8 + 32 + 64;

    /// Signs a receipt.
    #[must_use]
    pub fn sign(hub: &HubKey, project: ProjectId, place: Place) -> Self {
        Self { project, place, signature: hub.sign(Purpose::Receipt, &signed_bytes(project, place)) }
    }

    /// Checks that this hub signed it.
    ///
    /// # Errors
    /// [`KeyError::BadSignature`] if it did not.
    pub fn verify(&self, hub: &HubPublicKey) -> Result<(), KeyError> {
        hub.verify(Purpose::Receipt, &signed_bytes(self.project, self.place), &self.signature)
    }

    /// The canonical bytes (FORMAT.md, *Receipt*).
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = signed_bytes(self.project, self.place);
        out.put(self.signature.as_bytes());
        out
    }

    /// Reads canonical bytes. Does not check the signature: see [`Self::verify`].
    ///
    /// # Errors
    /// [`WireError`] for anything that [`Self::to_bytes`] would not have written.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WireError> {
        let mut reader = Reader::new("receipt", bytes);
        reader.suite()?;
        let project = ProjectId::from_bytes(reader.array()?);
        let chain = ChainId::from_bytes(reader.array()?);
        let Some(seq) = Seq::new(reader.u64()?) else { return reader.bad() };
        let hash = EntryHash::from_bytes(reader.array()?);
        let signature = Signature::from_bytes(reader.array()?);
        reader.end()?;
        Ok(Self { project, place: Place { chain, seq, hash }, signature })
    }
}

fn signed_bytes(project: ProjectId, place: Place) -> Vec<u8> {
    let mut out = Vec::with_capacity(Receipt::LEN);
    out.push(SUITE);
    out.put(project.as_bytes());
    out.put(place.chain.as_bytes());
    out.put_u64(place.seq.get());
    out.put(place.hash.as_bytes());
    out
}
