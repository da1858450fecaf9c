//! Writing one's own chain: an entry, what it says and the head move in one step.

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use tianye_journal::{
    Certificate, ChainId, ChainWriter, ContentKey, EntryHash, Granted, Head, PlainBody, Recipient, SealedEntry,
    SigningKey,
};
use zeroize::Zeroizing;

use crate::entries::OWN_CHAIN;
use crate::keys::fill_random;
use crate::{Error, Result, Tx, View};

const SIGNING_KEY: &str = "signing key";
const TEAM_CHAIN: &str = "team-chain";

/// The chain that this laptop writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnChain {
    /// Its identity.
    pub chain: ChainId,
    /// Its heads: one; several after a fork, and then nothing more can be written to it.
    pub heads: Vec<Head>,
}

impl OwnChain {
    /// Whether the chain goes on in more than one way, so that a new one must be opened.
    #[must_use]
    pub fn is_forked(&self) -> bool {
        self.heads.len() > 1
    }
}

impl View<'_> {
    /// The newest chain that this laptop opened.
    ///
    /// # Errors
    /// Database errors.
    pub fn own_chain(&self) -> Result<Option<OwnChain>> {
        let chain = self.one(OWN_CHAIN, [], |row| Ok(ChainId::from_bytes(row.get(0)?)))?;
        chain.map(|chain| Ok(OwnChain { chain, heads: self.heads_of(chain)? })).transpose()
    }

    /// The newest chain that this laptop opened for what the whole team reads.
    ///
    /// # Errors
    /// Database errors.
    pub fn team_chain(&self) -> Result<Option<OwnChain>> {
        let Some(bytes) = self.setting(TEAM_CHAIN)? else { return Ok(None) };
        let bytes = bytes.as_slice().try_into().map_err(|_| self.damaged("the team chain is not 16 bytes"))?;
        let chain = ChainId::from_bytes(bytes);
        Ok(Some(OwnChain { chain, heads: self.heads_of(chain)? }))
    }

    /// The signing key of this person on this laptop.
    ///
    /// # Errors
    /// [`Error::NoSigningKey`] if the store was opened by recovery.
    pub fn signing_key(&self) -> Result<Option<SigningKey>> {
        let Some(secret) = self.secret(SIGNING_KEY)? else { return Ok(None) };
        let seed = secret.as_slice().try_into().map_err(|_| self.damaged("the signing key is not 32 bytes"))?;
        Ok(Some(SigningKey::from_secret_bytes(&Zeroizing::new(seed))))
    }
}

impl Tx<'_> {
    /// Keeps the signing key, sealed so that only the passphrase opens it.
    ///
    /// # Errors
    /// [`Error::NoSigningKey`] if the store was opened by recovery.
    pub fn put_signing_key(&mut self, key: &SigningKey) -> Result<()> {
        self.put_secret(SIGNING_KEY, key.to_secret_bytes().as_slice())
    }

    /// Opens a new chain with the stored signing key; later entries go to it. Needed once, and again after a fork or
    /// when a reader is removed.
    ///
    /// # Errors
    /// [`Error::NotFound`] without a signing key, [`Error::Seal`], database errors.
    pub fn open_chain(
        &mut self,
        certificate: &Certificate,
        readers: &[Recipient],
        details: &PlainBody,
    ) -> Result<EntryHash> {
        let signing = self.signing_key()?.ok_or(Error::NotFound { what: "signing key" })?;
        let (writer, entry) = ChainWriter::open(&signing, certificate, readers, details, &mut rng()?)?;
        let hash = self.keep_own(entry, writer.content_key(), details)?;
        self.make_own(writer.chain())?;
        self.put_content_key(writer.chain(), writer.content_key())?;
        Ok(hash)
    }

    /// Seals `body` as the next entry of the own chain: entry, opened row and head in this step, and a copy in the black
    /// box after it.
    ///
    /// # Errors
    /// [`Error::NotFound`] before a chain was opened, [`Error::Forked`], [`Error::NoSigningKey`], [`Error::Seal`].
    pub fn append_own(&mut self, body: &PlainBody) -> Result<EntryHash> {
        let mut writer = self.writer()?;
        let entry = writer.seal(body, &mut rng()?)?;
        self.keep_own(entry, writer.content_key(), body)
    }

    /// Opens a new team chain, sealed for `readers`; later entries for the team go to it.
    ///
    /// # Errors
    /// As [`Tx::open_chain`].
    pub fn open_team_chain(
        &mut self,
        certificate: &Certificate,
        readers: &[Recipient],
        details: &PlainBody,
    ) -> Result<EntryHash> {
        let signing = self.signing_key()?.ok_or(Error::NotFound { what: "signing key" })?;
        let (writer, entry) = ChainWriter::open(&signing, certificate, readers, details, &mut rng()?)?;
        let hash = self.keep_own(entry, writer.content_key(), details)?;
        self.make_own_too(writer.chain())?;
        self.put_setting(TEAM_CHAIN, writer.chain().as_bytes())?;
        self.put_content_key(writer.chain(), writer.content_key())?;
        Ok(hash)
    }

    /// Goes on in a new team chain: after a recovery, the end of the last one may lie elsewhere.
    ///
    /// # Errors
    /// Database errors.
    pub fn leave_team_chain(&mut self) -> Result<()> {
        self.remove_setting(TEAM_CHAIN)
    }

    /// Seals `body` for the whole team: as the next entry of the team chain, or of the own chain while there is none.
    ///
    /// # Errors
    /// As [`Tx::append_own`].
    pub fn append_for_team(&mut self, body: &PlainBody) -> Result<EntryHash> {
        let Some(team) = self.team_chain()?.filter(|team| !team.is_forked()) else { return self.append_own(body) };
        let mut writer = self.writer_of(&team)?;
        let entry = writer.seal(body, &mut rng()?)?;
        self.keep_own(entry, writer.content_key(), body)
    }

    /// Writes a grant: hands the content keys of `chains` (which must be held) to `readers`.
    ///
    /// # Errors
    /// As [`Tx::append_own`]; [`Error::NotFound`] if a content key is not held.
    pub fn append_grant(&mut self, chains: &[ChainId], readers: &[Recipient], body: &PlainBody) -> Result<EntryHash> {
        let mut granted = Vec::with_capacity(chains.len());
        for chain in chains {
            let key = self.content_key(*chain)?.ok_or(Error::NotFound { what: "content key of a chain to grant" })?;
            granted.push(Granted { chain: *chain, key });
        }
        let mut writer = self.writer()?;
        let entry = writer.grant(&granted, readers, body, &mut rng()?)?;
        self.keep_own(entry, writer.content_key(), body)
    }

    /// The own chain's end, ready to write.
    fn writer(&self) -> Result<ChainWriter> {
        self.writer_of(&self.own_chain()?.ok_or(Error::NotFound { what: "own chain" })?)
    }

    fn writer_of(&self, own: &OwnChain) -> Result<ChainWriter> {
        let [head] = own.heads[..] else { return Err(Error::Forked { chain: own.chain }) };
        let signing = self.signing_key()?.ok_or(Error::NotFound { what: "signing key" })?;
        let content = self.content_key(own.chain)?.ok_or(Error::NotFound { what: "content key of the own chain" })?;
        let last = self.entry(head.hash)?.ok_or_else(|| self.damaged("the head of the own chain is not here"))?;
        Ok(ChainWriter::resume(last.header.project, own.chain, signing, content, head.seq, head.hash))
    }

    fn keep_own(&mut self, entry: SealedEntry, key: &ContentKey, body: &PlainBody) -> Result<EntryHash> {
        // What is kept as opened is what another laptop will open, not what was handed in.
        let opened = tianye_journal::open_body(&entry, key)
            .map_err(|error| Error::Invalid { what: "own entry", why: error.to_string() })?;
        debug_assert_eq!(opened.content, body.content, "sealing and opening give the same content");
        let arrival = self.insert_entry(&entry)?;
        self.put_opened(arrival, opened.kind, opened.record, None)?;
        let hash = entry.hash();
        self.sealed.push(entry);
        Ok(hash)
    }
}

/// A generator for nonces, salts and content keys, seeded from the system. Secrets never come from a caller's seed.
pub(crate) fn rng() -> Result<ChaCha20Rng> {
    let mut seed = Zeroizing::new([0; 32]);
    fill_random(seed.as_mut())?;
    Ok(ChaCha20Rng::from_seed(*seed))
}
