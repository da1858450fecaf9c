//! Content keys of chains: kept, checked against the chain's opening entry, and put to use as soon as they come.

use tianye_journal::{ChainId, ContentKey, Granted, ReadingKey, SealedEntry, kind, open_parcel};
use zeroize::Zeroizing;

use crate::sql::named;
use crate::{Error, Result, Tx, View};

const SQL: &str = include_str!("../sql/content_keys.sql");
/// Most keys that may wait for their chains.
const MAX_EARLY: u64 = 10_000;

impl View<'_> {
    /// The content key of a chain, if this laptop may read it.
    ///
    /// # Errors
    /// Database errors.
    pub fn content_key(&self, chain: ChainId) -> Result<Option<ContentKey>> {
        const GET: &str = named(SQL, "get");
        let key = self.one(GET, [chain.as_bytes()], |row| row.get(0).map(Zeroizing::new))?;
        Ok(key.map(|key| ContentKey::from_secret_bytes(&key)))
    }

    /// The chains whose content keys are here.
    ///
    /// # Errors
    /// Database errors.
    pub fn readable_chains(&self) -> Result<Vec<ChainId>> {
        const CHAINS: &str = named(SQL, "readable_chains");
        self.all(CHAINS, [], |row| Ok(ChainId::from_bytes(row.get(0)?)))
    }

    /// Content keys that were given before their chains came.
    ///
    /// # Errors
    /// Database errors.
    pub fn early_keys(&self) -> Result<Vec<ContentKey>> {
        const EARLY: &str = named(SQL, "all_early");
        let keys = self.all(EARLY, [], |row| row.get(0).map(Zeroizing::new))?;
        Ok(keys.iter().map(|key| ContentKey::from_secret_bytes(key)).collect())
    }

    /// The keys that this laptop reads parcels with.
    ///
    /// # Errors
    /// Database errors.
    pub fn reading_keys(&self) -> Result<Vec<ReadingKey>> {
        const READING: &str = named(SQL, "reading");
        let keys = self.all(READING, [], |row| row.get(0).map(Zeroizing::new))?;
        Ok(keys.iter().map(|key| ReadingKey::from_secret_bytes(key)).collect())
    }
}

impl Tx<'_> {
    /// Keeps a key to read parcels with (of this laptop, or of the project's leads), and opens whatever it opens now.
    /// How many bodies that were.
    ///
    /// Reading keys open data, so they are not under the person key: recovery finds them.
    ///
    /// # Errors
    /// Database errors.
    pub fn add_reading_key(&mut self, key: &ReadingKey) -> Result<usize> {
        const PUT: &str = named(SQL, "put_reading");
        if self.run(PUT, [key.to_secret_bytes().as_slice()])? == 0 {
            return Ok(0);
        }
        let mut opened = 0;
        for parcel in self.parcels()? {
            opened += self.take_parcel(&parcel, std::slice::from_ref(key))?;
        }
        Ok(opened)
    }

    /// Takes the content key of a chain from elsewhere (an admission), and opens whatever it opens. How many bodies that
    /// were. A key for a chain that has not come yet waits; one that the chain's opening does not vouch for is refused.
    ///
    /// # Errors
    /// [`Error::Invalid`] if it is not the key that the chain's opening entry fixed; database errors.
    pub fn add_content_key(&mut self, granted: &Granted) -> Result<usize> {
        if self.content_key(granted.chain)?.is_some() {
            return Ok(0);
        }
        let Some(commitment) = self.opening(granted.chain)?.and_then(|entry| Some(entry.header.opening()?.commitment))
        else {
            return self.keep_early(granted).map(|()| 0);
        };
        if !granted.check(&commitment) {
            return Err(Error::Invalid { what: "content key", why: "the chain was opened with another key".into() });
        }
        self.put_content_key(granted.chain, &granted.key)?;
        self.open_closed(granted.chain)
    }

    /// Takes the keys out of an entry's parcel that any of `readers` opens. How many bodies were opened.
    pub(crate) fn take_parcel(&mut self, entry: &SealedEntry, readers: &[ReadingKey]) -> Result<usize> {
        let mut opened = 0;
        for reader in readers {
            // A parcel for others, or one that is no parcel, is no concern of this laptop.
            let Ok(Some(granted)) = open_parcel(entry, reader) else { continue };
            for one in granted {
                match self.add_content_key(&one) {
                    Ok(more) => opened += more,
                    // A false key does no harm, and the honest ones of the parcel go through. Where somebody gave too many
                    // that wait, the parcel is looked at again once the chain is here.
                    Err(Error::Invalid { .. } | Error::TooLarge { .. }) => {}
                    Err(error) => return Err(error),
                }
            }
            break;
        }
        Ok(opened)
    }

    /// Keys that came before the chain itself, now that its opening is here. How many bodies were opened.
    pub(crate) fn take_early(&mut self, chain: ChainId) -> Result<usize> {
        const EARLY: &str = named(SQL, "early");
        const DROP: &str = named(SQL, "drop_early");
        let keys = self.all(EARLY, [chain.as_bytes()], |row| row.get(0).map(Zeroizing::new))?;
        let is_full = self.count_early()? >= MAX_EARLY;
        if keys.is_empty() && !is_full {
            return Ok(0);
        }
        self.run(DROP, [chain.as_bytes()])?;
        let mut opened = 0;
        for key in keys {
            match self.add_content_key(&Granted { chain, key: ContentKey::from_secret_bytes(&key) }) {
                Ok(more) => opened += more,
                Err(Error::Invalid { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        if is_full && self.content_key(chain)?.is_none() {
            // Its key may have found no room.
            let readers = self.reading_keys()?;
            for parcel in self.parcels()? {
                opened += self.take_parcel(&parcel, &readers)?;
            }
        }
        Ok(opened)
    }

    pub(crate) fn put_content_key(&mut self, chain: ChainId, key: &ContentKey) -> Result<()> {
        const SET: &str = named(SQL, "set");
        self.run(SET, (chain.as_bytes(), key.to_secret_bytes().as_slice()))?;
        // What an erasure left of an entry is sealed for those who read the entry's chain, wherever the erasure stands.
        self.note_stale_of_kind(kind::ERASURE)
    }

    fn count_early(&self) -> Result<u64> {
        const COUNT: &str = named(SQL, "count_early");
        Ok(self.one(COUNT, [], |row| row.get(0))?.unwrap_or_default())
    }

    fn keep_early(&mut self, granted: &Granted) -> Result<()> {
        const PUT: &str = named(SQL, "put_early");
        let waiting = self.count_early()?;
        if waiting >= MAX_EARLY {
            return Err(Error::TooLarge { what: "list of keys that wait", found: waiting, limit: MAX_EARLY });
        }
        self.run(PUT, (granted.chain.as_bytes(), granted.key.to_secret_bytes().as_slice())).map(|_| ())
    }
}
