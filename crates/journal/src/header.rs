//! The signed, clear part of an entry: all that a relay sees.

use crate::wire::{Put as _, Reader};
use crate::{BodyHash, Certificate, ChainId, EntryHash, KeyCommitment, MAX_BODY, ProjectId, PublicKey, SUITE, Seq};
use crate::{SetAsideReason, WireError};

/// Where an entry stands, and its name: what frontiers, receipts and messages speak of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The chain.
    pub chain: ChainId,
    /// The place in the chain.
    pub seq: Seq,
    /// The entry's hash.
    pub hash: EntryHash,
}

/// What the first entry of a chain says in clear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// Random; the chain's identity is derived from it, the project and the signing key.
    pub salt: [u8; 16],
    /// Fixes the content key of the chain.
    pub commitment: KeyCommitment,
    /// Says that the project knows the signing key.
    pub certificate: Certificate,
}

/// How the body of an entry is laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// A sealed box and nothing else.
    Sealed,
    /// The first entry of a chain: a parcel with its content key, then a sealed box.
    Opening(Box<Opening>),
    /// A parcel with content keys for more readers, then a sealed box.
    Grant,
}

impl Form {
    const fn byte(&self) -> u8 {
        match self {
            Self::Sealed => 0,
            Self::Opening(_) => 1,
            Self::Grant => 2,
        }
    }

    /// Whether the body begins with a parcel of keys.
    #[must_use]
    pub const fn has_parcel(&self) -> bool {
        !matches!(self, Self::Sealed)
    }
}

/// The clear part of an entry; signature and hash are made over its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Layout of the body; for the first entry of a chain also what opens it.
    pub form: Form,
    /// The project.
    pub project: ProjectId,
    /// The chain.
    pub chain: ChainId,
    /// The place in the chain.
    pub seq: Seq,
    /// Hash of the entry before; [`EntryHash::NONE`] in the first.
    pub previous: EntryHash,
    /// BLAKE3 of the body.
    pub body_hash: BodyHash,
    /// Bytes of the body, at most [`MAX_BODY`].
    pub body_len: u32,
}

impl Header {
    /// Bytes of a header that opens no chain.
    pub const LEN: usize = 110;
    /// Bytes of a header that opens a chain.
    pub const OPENING_LEN: usize = Self::LEN + 16 + 32 + Certificate::LEN;
    /// Bytes at the front that a sealed box is bound to: suite, form, project, chain, seq, previous.
    pub(crate) const PREFIX_LEN: usize = 74;

    /// The canonical bytes (FORMAT.md, *Header*).
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(Self::OPENING_LEN);
        out.put(&self.prefix());
        out.put(self.body_hash.as_bytes());
        out.put_u32(self.body_len);
        if let Form::Opening(opening) = &self.form {
            out.put(&opening.salt);
            out.put(opening.commitment.as_bytes());
            out.put(&opening.certificate.to_bytes());
        }
        out
    }

    pub(crate) fn prefix(&self) -> [u8; Self::PREFIX_LEN] {
        let mut out = [0; Self::PREFIX_LEN];
        out[0] = SUITE;
        out[1] = self.form.byte();
        out[2..18].copy_from_slice(self.project.as_bytes());
        out[18..34].copy_from_slice(self.chain.as_bytes());
        out[34..42].copy_from_slice(&self.seq.get().to_be_bytes());
        out[42..74].copy_from_slice(self.previous.as_bytes());
        out
    }

    /// Reads canonical bytes.
    ///
    /// # Errors
    /// [`WireError`] for anything that [`Self::to_bytes`] would not have written.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WireError> {
        let mut reader = Reader::new("entry header", bytes);
        let header = Self::read(&mut reader)?;
        reader.end()?;
        Ok(header)
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, WireError> {
        reader.suite()?;
        let form = reader.u8()?;
        let project = ProjectId::from_bytes(reader.array()?);
        let chain = ChainId::from_bytes(reader.array()?);
        let Some(seq) = Seq::new(reader.u64()?) else { return reader.bad() };
        let previous = EntryHash::from_bytes(reader.array()?);
        let body_hash = BodyHash::from_bytes(reader.array()?);
        let body_len = reader.u32()?;
        crate::wire::check_len("body", body_len as usize, MAX_BODY)?;
        let first = seq == Seq::FIRST;
        if first != (form == 1) || first != (previous == EntryHash::NONE) {
            return reader.bad();
        }
        let form = match form {
            0 => Form::Sealed,
            1 => Form::Opening(Box::new(Opening {
                salt: reader.array()?,
                commitment: KeyCommitment::from_bytes(reader.array()?),
                certificate: Certificate::read(reader)?,
            })),
            2 => Form::Grant,
            _ => return reader.bad(),
        };
        Ok(Self { form, project, chain, seq, previous, body_hash, body_len })
    }

    /// The entry's name: BLAKE3 of the header bytes.
    #[must_use]
    pub fn hash(&self) -> EntryHash {
        hash_bytes(&self.to_bytes())
    }

    /// What opens the chain, if this is its first entry.
    #[must_use]
    pub fn opening(&self) -> Option<&Opening> {
        match &self.form {
            Form::Opening(opening) => Some(opening),
            Form::Sealed | Form::Grant => None,
        }
    }

    /// Refuses a body whose length or hash is not the one that was signed.
    ///
    /// # Errors
    /// [`SetAsideReason::BodyDamaged`].
    pub fn check_body(&self, body: &[u8]) -> Result<(), SetAsideReason> {
        if body.len() == self.body_len as usize && hash_body(body) == self.body_hash {
            Ok(())
        } else {
            Err(SetAsideReason::BodyDamaged { expected: self.body_hash, found: hash_body(body) })
        }
    }
}

pub(crate) fn hash_bytes(header: &[u8]) -> EntryHash {
    EntryHash::from_bytes(*blake3::hash(header).as_bytes())
}

pub(crate) fn hash_body(body: &[u8]) -> BodyHash {
    BodyHash::from_bytes(*blake3::hash(body).as_bytes())
}

/// The identity of the chain that `key` opens in `project` with this `salt`.
#[must_use]
pub fn chain_id(project: ProjectId, key: &PublicKey, salt: &[u8; 16]) -> ChainId {
    let mut hasher = blake3::Hasher::new_derive_key("tianye 1 chain id");
    hasher.update(project.as_bytes()).update(key.as_bytes()).update(salt);
    let mut id = [0; 16];
    hasher.finalize_xof().fill(&mut id);
    ChainId::from_bytes(id)
}
