//! An entry as it travels: signed header, detachable sealed body.

use crate::keys::Purpose;
use crate::wire::{Put as _, Reader};
use crate::{EntryHash, Header, MAX_BODY, Place, PublicKey, Signature, SigningKey, WireError};
use std::fmt;

/// A signed header and, if it is here, the sealed body. Nothing in it can be read without keys.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedEntry {
    /// What is signed.
    pub header: Header,
    /// By the signing key of the chain.
    pub signature: Signature,
    /// Sealed bytes; `None` where erased, not fetched, or not for this reader. The header verifies without it.
    pub body: Option<Vec<u8>>,
}

impl fmt::Debug for SealedEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealedEntry")
            .field("chain", &self.header.chain)
            .field("seq", &self.header.seq)
            .field("hash", &self.hash())
            .field("body", &self.body.as_ref().map(Vec::len))
            .finish_non_exhaustive()
    }
}

impl SealedEntry {
    /// Longest entry in bytes.
    pub const MAX_LEN: usize = Header::OPENING_LEN + Signature::LEN + 1 + MAX_BODY;

    /// The entry's name: BLAKE3 of its header.
    #[must_use]
    pub fn hash(&self) -> EntryHash {
        self.header.hash()
    }

    /// Chain, seq and hash.
    #[must_use]
    pub fn place(&self) -> Place {
        Place { chain: self.header.chain, seq: self.header.seq, hash: self.hash() }
    }

    /// The same entry with its body left out.
    #[must_use]
    pub fn without_body(&self) -> Self {
        Self { header: self.header.clone(), signature: self.signature, body: None }
    }

    /// The canonical bytes (FORMAT.md, *Entry*): header, signature, 0, or header, signature, 1, body.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = self.header.to_bytes();
        out.reserve_exact(Signature::LEN + 1 + self.body.as_ref().map_or(0, Vec::len));
        out.put(self.signature.as_bytes());
        out.push(u8::from(self.body.is_some()));
        if let Some(body) = &self.body {
            out.put(body);
        }
        out
    }

    /// Reads canonical bytes. Checks form and limits only: trust comes from [`crate::verify_run`].
    ///
    /// # Errors
    /// [`WireError`] for anything that [`Self::to_bytes`] would not have written.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WireError> {
        let mut reader = Reader::new("entry", bytes);
        let header = Header::read(&mut reader)?;
        let signature = Signature::from_bytes(reader.array()?);
        let body = match reader.u8()? {
            0 => None,
            1 => Some(reader.take(header.body_len as usize)?.to_vec()),
            _ => return reader.bad(),
        };
        reader.end()?;
        Ok(Self { header, signature, body })
    }

    pub(crate) fn sign(mut header: Header, body: Vec<u8>, key: &SigningKey) -> Result<Self, WireError> {
        crate::wire::check_len("body", body.len(), MAX_BODY)?;
        header.body_hash = crate::header::hash_body(&body);
        header.body_len = u32::try_from(body.len()).expect("checked against a limit below 4 GiB");
        let signature = key.sign(Purpose::Entry, &header.to_bytes());
        Ok(Self { header, signature, body: Some(body) })
    }

    /// Whether `key` signed the header. Ed25519, strict.
    #[must_use]
    pub fn is_signed_by(&self, key: &PublicKey) -> bool {
        key.verify(Purpose::Entry, &self.header.to_bytes(), &self.signature).is_ok()
    }
}
