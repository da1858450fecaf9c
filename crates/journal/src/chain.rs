//! Writing one's own chain.

use crate::wire::Put as _;
use crate::{BodyHash, Certificate, ChainId, ContentKey, EntryHash, Form, Granted, Header, Opening, PlainBody};
use crate::{ProjectId, Recipient, SealError, SealedEntry, Seq, SigningKey, body, grant, header};
use rand_core::CryptoRng;
use std::fmt;

/// The end of a chain that this device writes. Cloning it and writing with both clones makes a fork: keep one, beside the
/// entry that it made last, in one transaction.
#[derive(Clone)]
pub struct ChainWriter {
    project: ProjectId,
    chain: ChainId,
    signing: SigningKey,
    content: ContentKey,
    seq: Seq,
    hash: EntryHash,
}

impl fmt::Debug for ChainWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChainWriter").field("chain", &self.chain).field("seq", &self.seq).finish_non_exhaustive()
    }
}

impl ChainWriter {
    /// Opens a new chain: makes its content key, seals it for `readers` (the leads, the recovery address, and the writer's
    /// own reading key where it should be able to recover), and seals `details` as the first body.
    ///
    /// # Errors
    /// [`SealError`] without readers, with another key's certificate, or beyond the format's limits.
    pub fn open(
        signing: &SigningKey,
        certificate: &Certificate,
        readers: &[Recipient],
        details: &PlainBody,
        rng: &mut impl CryptoRng,
    ) -> Result<(Self, SealedEntry), SealError> {
        if certificate.key != signing.public() {
            return Err(SealError::OtherCertificate);
        }
        let project = certificate.project;
        let mut salt = [0; 16];
        rng.fill_bytes(&mut salt);
        let chain = header::chain_id(project, &certificate.key, &salt);
        let content = ContentKey::generate(rng);
        let parcel = grant::seal_parcel(project, &[Granted { chain, key: content.clone() }], readers)?;
        let opening = Opening { salt, commitment: content.commitment(), certificate: certificate.clone() };
        let mut writer =
            Self { project, chain, signing: signing.clone(), content, seq: Seq::FIRST, hash: EntryHash::NONE };
        let entry = writer.write(Form::Opening(Box::new(opening)), Seq::FIRST, &parcel, details, rng)?;
        Ok((writer, entry))
    }

    /// Goes on with a chain of which `seq` and `hash` are the head.
    #[must_use]
    pub fn resume(
        project: ProjectId,
        chain: ChainId,
        signing: SigningKey,
        content: ContentKey,
        seq: Seq,
        hash: EntryHash,
    ) -> Self {
        Self { project, chain, signing, content, seq, hash }
    }

    /// Seals and signs the next entry.
    ///
    /// # Errors
    /// [`SealError`] beyond the format's limits; the chain is then as before.
    pub fn seal(&mut self, body: &PlainBody, rng: &mut impl CryptoRng) -> Result<SealedEntry, SealError> {
        self.write(Form::Sealed, self.following()?, &[], body, rng)
    }

    /// Writes a grant: content keys (of this chain or others) for more readers. Nothing is encrypted again.
    ///
    /// # Errors
    /// [`SealError`] without readers or beyond the format's limits; the chain is then as before.
    pub fn grant(
        &mut self,
        granted: &[Granted],
        readers: &[Recipient],
        body: &PlainBody,
        rng: &mut impl CryptoRng,
    ) -> Result<SealedEntry, SealError> {
        let parcel = grant::seal_parcel(self.project, granted, readers)?;
        self.write(Form::Grant, self.following()?, &parcel, body, rng)
    }

    fn following(&self) -> Result<Seq, SealError> {
        self.seq.next().ok_or(SealError::ChainFull)
    }

    fn write(
        &mut self,
        form: Form,
        seq: Seq,
        parcel: &[u8],
        plain: &PlainBody,
        rng: &mut impl CryptoRng,
    ) -> Result<SealedEntry, SealError> {
        let mut bytes = Vec::new();
        if form.has_parcel() {
            crate::wire::check_len("parcel of keys", parcel.len(), crate::MAX_PARCEL)?;
            bytes.put_blob(parcel);
        }
        let unsigned = Header {
            form,
            project: self.project,
            chain: self.chain,
            seq,
            previous: self.hash,
            body_hash: BodyHash::from_bytes([0; 32]),
            body_len: 0,
        };
        bytes.put(&body::seal(&unsigned, plain, &self.content, rng)?);
        let entry = SealedEntry::sign(unsigned, bytes, &self.signing)?;
        self.seq = seq;
        self.hash = entry.hash();
        Ok(entry)
    }

    /// The chain's identity.
    #[must_use]
    pub const fn chain(&self) -> ChainId {
        self.chain
    }

    /// The place of the newest entry.
    #[must_use]
    pub const fn seq(&self) -> Seq {
        self.seq
    }

    /// The hash of the newest entry.
    #[must_use]
    pub const fn head(&self) -> EntryHash {
        self.hash
    }

    /// The content key of the chain, for the store and for grants.
    #[must_use]
    pub const fn content_key(&self) -> &ContentKey {
        &self.content
    }
}
