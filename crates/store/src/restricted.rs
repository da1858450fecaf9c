//! The restricted chain: what this laptop writes for the safeguarding holders alone.
//!
//! Its key to read lies under the person key: recovery, which opens all other data, finds nothing here. Neither a content
//! key nor an opened row of a restricted chain is ever kept. Its entries lie among the sealed ones like those of a
//! stranger, and are opened by whoever has the key, when they are read.

use std::collections::BTreeMap;

use tianye_journal::{
    Certificate, ChainId, ChainWriter, ContentKey, EntryHash, Granted, PlainBody, ReadingKey, Recipient, SealedEntry,
    SigningKey, open_body, open_parcel,
};
use zeroize::Zeroizing;

use crate::entries::Limit;
use crate::own_chain::{OwnChain, rng};
use crate::{Error, OpenedEntry, Result, Tx, View};
use tianye_journal::Span;

const READING: &str = "restricted reading key";
const CHAIN: &str = "restricted-chain";
/// Everything that a chain holds, in one page.
const ALL: Limit = Limit { entries: usize::MAX, bytes: usize::MAX };

/// Content keys of restricted chains, in memory only.
#[derive(Clone, Default)]
pub struct RestrictedKeys(BTreeMap<ChainId, ContentKey>);

impl std::fmt::Debug for RestrictedKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl RestrictedKeys {
    /// The chains that they open.
    pub fn chains(&self) -> impl Iterator<Item = ChainId> + '_ {
        self.0.keys().copied()
    }

    /// All but those of one chain, as they are granted.
    #[must_use]
    pub fn without(&self, chain: Option<ChainId>) -> Vec<Granted> {
        let others = self.0.iter().filter(|(of, _)| Some(**of) != chain);
        others.map(|(chain, key)| Granted { chain: *chain, key: key.clone() }).collect()
    }
}

impl View<'_> {
    /// The key that this person reads restricted chains with on this laptop.
    ///
    /// # Errors
    /// [`Error::NoSigningKey`] if the store was opened by recovery.
    pub fn restricted_reading_key(&self) -> Result<Option<ReadingKey>> {
        let Some(secret) = self.secret(READING)? else { return Ok(None) };
        let seed = secret.as_slice().try_into().map_err(|_| self.damaged("a reading key is not 32 bytes"))?;
        Ok(Some(ReadingKey::from_secret_bytes(&Zeroizing::new(seed))))
    }

    /// The newest restricted chain that this laptop opened.
    ///
    /// # Errors
    /// Database errors.
    pub fn restricted_chain(&self) -> Result<Option<OwnChain>> {
        let Some(bytes) = self.setting(CHAIN)? else { return Ok(None) };
        let bytes = bytes.as_slice().try_into().map_err(|_| self.damaged("the restricted chain is not 16 bytes"))?;
        let chain = ChainId::from_bytes(bytes);
        Ok(Some(OwnChain { chain, heads: self.heads_of(chain)? }))
    }

    /// The content keys that the restricted reading key finds in the parcels that are here: those of the own restricted
    /// chains; on a holder's laptop, those of everybody.
    ///
    /// # Errors
    /// [`Error::NoSigningKey`] if the store was opened by recovery; database errors.
    pub fn restricted_keys(&self) -> Result<RestrictedKeys> {
        let mut keys = RestrictedKeys::default();
        let Some(reading) = self.restricted_reading_key()? else { return Ok(keys) };
        for parcel in self.parcels()? {
            // A parcel for others is no concern of this person.
            let Ok(Some(granted)) = open_parcel(&parcel, &reading) else { continue };
            for one in granted {
                let commitment = self.opening(one.chain)?.and_then(|entry| Some(entry.header.opening()?.commitment));
                // A false key does no harm; one whose chain has not come is found again when it is asked for.
                if commitment.is_some_and(|commitment| one.check(&commitment)) {
                    keys.0.insert(one.chain, one.key);
                }
            }
        }
        Ok(keys)
    }

    /// The entries of a restricted chain that these keys open, in the order of the chain. What does not open is passed over.
    ///
    /// # Errors
    /// Database errors.
    pub fn restricted_entries(&self, chain: ChainId, keys: &RestrictedKeys) -> Result<Vec<OpenedEntry>> {
        let Some(key) = keys.0.get(&chain) else { return Ok(Vec::new()) };
        let page = self.entries_in(&[Span { chain, after: None }], ALL)?;
        let open = |entry: &SealedEntry| {
            let body = open_body(entry, key).ok()?;
            Some(OpenedEntry { hash: entry.hash(), chain, seq: entry.header.seq, body })
        };
        Ok(page.entries.iter().filter_map(open).collect())
    }
}

impl Tx<'_> {
    /// Keeps the key to read restricted chains with, so that only the passphrase opens it.
    ///
    /// # Errors
    /// [`Error::NoSigningKey`] if the store was opened by recovery.
    pub fn put_restricted_reading_key(&mut self, key: &ReadingKey) -> Result<()> {
        self.put_secret(READING, key.to_secret_bytes().as_slice())
    }

    /// Opens a new restricted chain, sealed for `readers`; later restricted entries go to it. The restricted reading key
    /// should be among them, or this laptop cannot go on with it.
    ///
    /// # Errors
    /// As [`Tx::open_chain`].
    pub fn open_restricted_chain(
        &mut self,
        certificate: &Certificate,
        readers: &[Recipient],
        details: &PlainBody,
    ) -> Result<EntryHash> {
        let (writer, entry) =
            ChainWriter::open(&self.restricted_signing_key()?, certificate, readers, details, &mut rng()?)?;
        let hash = self.keep_restricted(entry)?;
        self.make_own_too(writer.chain())?;
        self.put_setting(CHAIN, writer.chain().as_bytes())?;
        Ok(hash)
    }

    /// Goes on in a new restricted chain: after a recovery, the end of the last one may lie elsewhere.
    ///
    /// # Errors
    /// Database errors.
    pub fn leave_restricted_chain(&mut self) -> Result<()> {
        self.remove_setting(CHAIN)
    }

    /// Seals `body` as the next entry of the restricted chain.
    ///
    /// # Errors
    /// As [`Tx::append_own`].
    pub fn append_restricted(&mut self, body: &PlainBody) -> Result<EntryHash> {
        let entry = self.restricted_writer()?.seal(body, &mut rng()?)?;
        self.keep_restricted(entry)
    }

    /// Hands content keys of restricted chains to `readers`, in the restricted chain.
    ///
    /// # Errors
    /// As [`Tx::append_grant`].
    pub fn grant_restricted(
        &mut self,
        granted: &[Granted],
        readers: &[Recipient],
        body: &PlainBody,
    ) -> Result<EntryHash> {
        let entry = self.restricted_writer()?.grant(granted, readers, body, &mut rng()?)?;
        self.keep_restricted(entry)
    }

    fn restricted_writer(&self) -> Result<ChainWriter> {
        let own = self.restricted_chain()?.ok_or(Error::NotFound { what: "restricted chain" })?;
        let [head] = own.heads[..] else { return Err(Error::Forked { chain: own.chain }) };
        let missing = Error::NotFound { what: "content key of the restricted chain" };
        let reading = self.restricted_reading_key()?.ok_or(Error::NotFound { what: "restricted reading key" })?;
        let opening = self.opening(own.chain)?.ok_or_else(|| self.damaged("the restricted chain has no opening"))?;
        let granted = open_parcel(&opening, &reading).ok().flatten().unwrap_or_default();
        let key = granted.into_iter().find(|one| one.chain == own.chain).ok_or(missing)?.key;
        let project = opening.header.project;
        Ok(ChainWriter::resume(project, own.chain, self.restricted_signing_key()?, key, head.seq, head.hash))
    }

    fn restricted_signing_key(&self) -> Result<SigningKey> {
        self.signing_key()?.ok_or(Error::NotFound { what: "signing key" })
    }

    fn keep_restricted(&mut self, entry: SealedEntry) -> Result<EntryHash> {
        self.insert_entry(&entry)?;
        let hash = entry.hash();
        self.sealed.push(entry);
        Ok(hash)
    }
}
