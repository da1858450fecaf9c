//! The project's word for a signing key, and what it says about the person behind it.
//!
//! The certificate is in clear and says nothing but project, key and serial. The details (who, on which laptop, with what
//! role) travel sealed; the certificate holds their salted hash, so that one signature covers both and nobody can give
//! themselves a role.

use crate::keys::Purpose;
use crate::wire::{Put as _, Reader, check_len, check_text};
use crate::{DeviceId, PersonId, ProjectId, ProjectKey, ProjectPublicKey, PublicKey, Recipient, RecordId};
use crate::{SUITE, Signature, WireError};
use rand_core::CryptoRng;
use std::fmt;

/// Most schools (or other sites) that one certificate may name.
pub const MAX_SITES: usize = 256;
/// Longest name and role, in bytes of UTF-8.
pub const MAX_NAME: usize = 256;

/// The project key's signature under a person's signing key on a device. In clear: what a hub needs, no name, no role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// The project.
    pub project: ProjectId,
    /// The certified key.
    pub key: PublicKey,
    /// Number of the certificate, chosen by the lead (random, so that it counts nothing).
    pub serial: u64,
    /// BLAKE3 of the bytes of [`Details`], which hold a random salt.
    pub details: [u8; 32],
    /// By the project key.
    pub signature: Signature,
}

impl Certificate {
    /// Bytes on the wire.
    pub const LEN: usize = 1 + 16 + 32 + 8 + 32 + 64;

    /// Certifies `key`, whose person, device and role are in `details`.
    ///
    /// # Errors
    /// [`WireError::TooLong`] or [`WireError::NotCanonical`] if the details exceed the format's limits.
    pub fn issue(
        project: ProjectId,
        project_key: &ProjectKey,
        key: PublicKey,
        details: &Details,
        rng: &mut impl CryptoRng,
    ) -> Result<Self, WireError> {
        let mut serial = [0; 8];
        rng.fill_bytes(&mut serial);
        let serial = u64::from_be_bytes(serial);
        let details = *blake3::hash(&details.to_bytes()?).as_bytes();
        let mut certificate = Self { project, key, serial, details, signature: Signature::from_bytes([0; 64]) };
        certificate.signature = project_key.sign(Purpose::Certificate, &certificate.signed_bytes());
        Ok(certificate)
    }

    fn signed_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(Self::LEN);
        out.push(SUITE);
        out.put(self.project.as_bytes());
        out.put(self.key.as_bytes());
        out.put_u64(self.serial);
        out.put(&self.details);
        out
    }

    /// The canonical bytes (FORMAT.md, *Certificate*).
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
        let mut reader = Reader::new("certificate", bytes);
        let certificate = Self::read(&mut reader)?;
        reader.end()?;
        Ok(certificate)
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, WireError> {
        reader.suite()?;
        let project = ProjectId::from_bytes(reader.array()?);
        let Ok(key) = PublicKey::from_bytes(&reader.array()?) else { return reader.bad() };
        let serial = reader.u64()?;
        let details = reader.array()?;
        Ok(Self { project, key, serial, details, signature: Signature::from_bytes(reader.array()?) })
    }

    /// Checks that this project's key signed it.
    ///
    /// # Errors
    /// [`CertificateError`] for another project's certificate, or one that its key did not sign.
    pub fn verify(&self, project: ProjectId, project_key: &ProjectPublicKey) -> Result<(), CertificateError> {
        if self.project != project {
            return Err(CertificateError::OtherProject { expected: project, found: self.project });
        }
        project_key
            .verify(Purpose::Certificate, &self.signed_bytes(), &self.signature)
            .map_err(|_| CertificateError::NotSigned { project })
    }

    /// Checks that `details` are the ones that were certified.
    ///
    /// # Errors
    /// [`CertificateError::OtherDetails`] if they are not.
    pub fn verify_details(&self, details: &Details) -> Result<(), CertificateError> {
        match details.to_bytes() {
            Ok(bytes) if *blake3::hash(&bytes).as_bytes() == self.details => Ok(()),
            _ => Err(CertificateError::OtherDetails),
        }
    }
}

/// A certificate is not good for this project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// It is another project's.
    #[error(
        "expected a certificate of project {expected}, found one of project {found}: pair the laptop with this project"
    )]
    OtherProject {
        /// This project.
        expected: ProjectId,
        /// The one named.
        found: ProjectId,
    },
    /// The project's key did not sign it.
    #[error("the certificate is not signed by the key of project {project}: ask the lead to pair the laptop again")]
    NotSigned {
        /// This project.
        project: ProjectId,
    },
    /// The chain's name does not follow from the certified key.
    #[error("the chain is not one that the certified key could have opened: ask the lead to pair the laptop again")]
    OtherChain,
    /// Person, device or role are not those that were certified.
    #[error("the details are not those that the certificate was made for: ask the lead for them again")]
    OtherDetails,
}

impl CertificateError {
    /// Key of this error in the message catalogue.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::OtherProject { .. } => "journal-certificate-other-project",
            Self::NotSigned { .. } => "journal-certificate-not-signed",
            Self::OtherChain => "journal-certificate-other-chain",
            Self::OtherDetails => "journal-certificate-other-details",
        }
    }
}

/// Who holds a certified key. Travels sealed only: in an [`crate::Admission`] and in entries of kind person.
#[derive(Clone, PartialEq, Eq)]
pub struct Details {
    /// Random, so that the hash in the certificate gives nothing away.
    pub salt: [u8; 16],
    /// The person.
    pub person: PersonId,
    /// The laptop.
    pub device: DeviceId,
    /// Where to seal for this person on this laptop.
    pub reader: Recipient,
    /// A role's name as `tianye-survey` knows it.
    pub role: String,
    /// The person's name as shown to the team.
    pub name: String,
    /// The schools (sites) that the person works at; empty: all.
    pub sites: Vec<RecordId>,
}

impl fmt::Debug for Details {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Details").field("person", &self.person).field("role", &self.role).finish_non_exhaustive()
    }
}

impl Details {
    /// The canonical bytes (FORMAT.md, *Details*). Sites are written in ascending order, each once.
    ///
    /// # Errors
    /// [`WireError`] if a text is too long or holds control characters, or there are too many sites.
    pub fn to_bytes(&self) -> Result<Vec<u8>, WireError> {
        let mut sites = self.sites.clone();
        sites.sort_unstable();
        sites.dedup();
        check_len("list of sites", sites.len(), MAX_SITES)?;
        check_text("role", &self.role, MAX_NAME)?;
        check_text("name", &self.name, MAX_NAME)?;
        let mut out = vec![SUITE];
        out.put(&self.salt);
        out.put(self.person.as_bytes());
        out.put(self.device.as_bytes());
        out.put(self.reader.as_bytes());
        out.put_text(&self.role);
        out.put_text(&self.name);
        out.put_count(sites.len());
        for site in &sites {
            out.put(site.as_bytes());
        }
        Ok(out)
    }

    /// Reads canonical bytes.
    ///
    /// # Errors
    /// [`WireError`] for anything that [`Self::to_bytes`] would not have written.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WireError> {
        let mut reader = Reader::new("certificate details", bytes);
        reader.suite()?;
        let salt = reader.array()?;
        let person = PersonId::from_bytes(reader.array()?);
        let device = DeviceId::from_bytes(reader.array()?);
        let Ok(recipient) = Recipient::from_bytes(reader.array()?) else { return reader.bad() };
        let role = reader.text(MAX_NAME)?;
        let name = reader.text(MAX_NAME)?;
        let mut sites: Vec<RecordId> = Vec::new();
        for _ in 0..reader.count(MAX_SITES)? {
            let site = RecordId::from_bytes(reader.array()?);
            if sites.last().is_some_and(|last| *last >= site) {
                return reader.bad();
            }
            sites.push(site);
        }
        reader.end()?;
        Ok(Self { salt, person, device, reader: recipient, role, name, sites })
    }
}

/// 16 random bytes, for [`Details::salt`].
#[must_use]
pub fn new_salt(rng: &mut impl CryptoRng) -> [u8; 16] {
    let mut salt = [0; 16];
    rng.fill_bytes(&mut salt);
    salt
}
