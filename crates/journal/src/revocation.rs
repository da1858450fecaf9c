//! The project's word that a certificate is no longer good, and how far what was written with it holds.
//!
//! It is signed by the project key and stands in the content of an entry. So nobody can be revoked by a person who does not
//! keep the project, two who revoke each other both lose, and no order of arrival decides.

use crate::keys::Purpose;
use crate::wire::{Put as _, Reader, check_len};
use crate::{CertificateError, ChainId, EntryHash, Place, ProjectId, ProjectKey, Recipient, SUITE, Seq, Signature};
use crate::{Trust, WireError};

/// Most heads that a revocation accepts.
pub const MAX_ACCEPTED: usize = 1024;

/// A certificate that is no longer good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// The project.
    pub project: ProjectId,
    /// Serial of the certificate.
    pub serial: u64,
    /// The last entries that hold, in chains that were opened with the certificate; ascending, each once. Whatever does not
    /// lie before one of them waits.
    pub accepted: Vec<Place>,
    /// The address for which chains are sealed from now on in place of the one whose key the revoked person has; none if
    /// they had no key that others share.
    pub readers: Option<Recipient>,
    /// By the project key.
    pub signature: Signature,
}

impl Revocation {
    /// Revokes. The places may come in any order.
    ///
    /// # Errors
    /// [`WireError::TooLong`] beyond [`MAX_ACCEPTED`] places.
    pub fn sign(
        key: &ProjectKey,
        project: ProjectId,
        serial: u64,
        mut accepted: Vec<Place>,
        readers: Option<Recipient>,
    ) -> Result<Self, WireError> {
        accepted.sort_unstable_by_key(order);
        accepted.dedup();
        check_len("list of accepted heads", accepted.len(), MAX_ACCEPTED)?;
        let mut made = Self { project, serial, accepted, readers, signature: Signature::from_bytes([0; 64]) };
        made.signature = key.sign(Purpose::Revocation, &made.signed_bytes());
        Ok(made)
    }

    /// Checks that this project's key signed it.
    ///
    /// # Errors
    /// [`CertificateError`] if it is of another project, or its key did not sign it.
    pub fn verify(&self, trust: &Trust) -> Result<(), CertificateError> {
        if self.project != trust.project {
            return Err(CertificateError::OtherProject { expected: trust.project, found: self.project });
        }
        let signed = trust.key.verify(Purpose::Revocation, &self.signed_bytes(), &self.signature);
        signed.map_err(|_| CertificateError::NotSigned { project: trust.project })
    }

    /// The canonical bytes (FORMAT.md, *Revocation*).
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = self.signed_bytes();
        out.put(self.signature.as_bytes());
        out
    }

    /// Reads canonical bytes. Does not check the signature: see [`Self::verify`].
    ///
    /// # Errors
    /// [`WireError`] for anything that [`Self::to_bytes`] would not have written.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WireError> {
        let mut reader = Reader::new("revocation", bytes);
        reader.suite()?;
        let project = ProjectId::from_bytes(reader.array()?);
        let serial = reader.u64()?;
        let mut accepted: Vec<Place> = Vec::new();
        for _ in 0..reader.count(MAX_ACCEPTED)? {
            let chain = ChainId::from_bytes(reader.array()?);
            let Some(seq) = Seq::new(reader.u64()?) else { return reader.bad() };
            let place = Place { chain, seq, hash: EntryHash::from_bytes(reader.array()?) };
            if accepted.last().is_some_and(|last| order(last) >= order(&place)) {
                return reader.bad();
            }
            accepted.push(place);
        }
        let readers = match reader.u8()? {
            0 => None,
            1 => match Recipient::from_bytes(reader.array()?) {
                Ok(readers) => Some(readers),
                Err(_) => return reader.bad(),
            },
            _ => return reader.bad(),
        };
        let signature = Signature::from_bytes(reader.array()?);
        reader.end()?;
        Ok(Self { project, serial, accepted, readers, signature })
    }

    fn signed_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(128 + 56 * self.accepted.len());
        out.push(SUITE);
        out.put(self.project.as_bytes());
        out.put_u64(self.serial);
        out.put_count(self.accepted.len());
        for place in &self.accepted {
            out.put(place.chain.as_bytes());
            out.put_u64(place.seq.get());
            out.put(place.hash.as_bytes());
        }
        match &self.readers {
            None => out.push(0),
            Some(readers) => {
                out.push(1);
                out.put(readers.as_bytes());
            }
        }
        out
    }
}

fn order(place: &Place) -> (ChainId, Seq, EntryHash) {
    (place.chain, place.seq, place.hash)
}
