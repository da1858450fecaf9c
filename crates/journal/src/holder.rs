//! The address that a safeguarding holder reads restricted chains with, in the holder's own word.
//!
//! It proves itself: the project's key signed the certificate, the certificate fixes the details with the role, and the
//! certified key signed the address. So it may come by anybody, and nobody who only carries it can put another in its
//! place. The details' own address would not do: whoever recovers a store has its key.

use crate::keys::Purpose;
use crate::wire::{Put as _, Reader};
use crate::{Certificate, CertificateError, Details, Recipient, SUITE, Signature, SigningKey, Trust, WireError};

/// Longest details, in bytes.
const MAX_DETAILS: usize = 16 * 1024;

/// Where to seal for one holder on one laptop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HolderAddress {
    /// The holder's certificate.
    pub certificate: Certificate,
    /// Who that is, with the role.
    pub details: Details,
    /// The address; its secret never leaves the laptop, and no recovery opens it there.
    pub address: Recipient,
    /// By the certified key.
    pub signature: Signature,
}

impl HolderAddress {
    /// The holder's word.
    ///
    /// # Errors
    /// [`WireError`] if the details exceed the format's limits.
    pub fn sign(
        key: &SigningKey,
        certificate: &Certificate,
        details: &Details,
        address: Recipient,
    ) -> Result<Self, WireError> {
        let (certificate, details) = (certificate.clone(), details.clone());
        let mut made = Self { certificate, details, address, signature: Signature::from_bytes([0; 64]) };
        made.signature = key.sign(Purpose::Holder, &made.signed_bytes()?);
        Ok(made)
    }

    /// Checks project, certificate, details and address. Whether the role is a holder's, and the certificate still good, is
    /// for the reader to ask.
    ///
    /// # Errors
    /// [`CertificateError`] for what the project or the certified key did not sign.
    pub fn verify(&self, trust: &Trust) -> Result<(), CertificateError> {
        self.certificate.verify(trust.project, &trust.key)?;
        self.certificate.verify_details(&self.details)?;
        let signed = self.signed_bytes().map_err(|_| CertificateError::OtherDetails)?;
        let checked = self.certificate.key.verify(Purpose::Holder, &signed, &self.signature);
        checked.map_err(|_| CertificateError::NotSigned { project: trust.project })
    }

    /// The canonical bytes (FORMAT.md, *Holder's address*).
    ///
    /// # Errors
    /// [`WireError`] if the details exceed the format's limits.
    pub fn to_bytes(&self) -> Result<Vec<u8>, WireError> {
        let mut out = self.signed_bytes()?;
        out.put(self.signature.as_bytes());
        Ok(out)
    }

    /// Reads canonical bytes. Checks no signature: see [`Self::verify`].
    ///
    /// # Errors
    /// [`WireError`] for anything that [`Self::to_bytes`] would not have written.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WireError> {
        let mut reader = Reader::new("holder's address", bytes);
        reader.suite()?;
        let certificate = Certificate::read(&mut reader)?;
        let details = Details::from_bytes(reader.blob(MAX_DETAILS)?)?;
        let Ok(address) = Recipient::from_bytes(reader.array()?) else { return reader.bad() };
        let signature = Signature::from_bytes(reader.array()?);
        reader.end()?;
        Ok(Self { certificate, details, address, signature })
    }

    fn signed_bytes(&self) -> Result<Vec<u8>, WireError> {
        let mut out = vec![SUITE];
        out.put(&self.certificate.to_bytes());
        out.put_blob(&self.details.to_bytes()?);
        out.put(self.address.as_bytes());
        Ok(out)
    }
}
