//! What did not enter: kept with the reason, so that nothing that could matter is lost.

use tianye_journal::{ChainId, OpenError, SealedEntry, Seq, SetAside};

use crate::sql::named;
use crate::{Error, Result, Tx, View};

const SQL: &str = include_str!("../sql/set_aside.sql");
/// Most entries and bytes kept aside. Beyond it the newest are dropped, and whoever sent them still has them.
const MAX_ROWS: u64 = 20_000;
const MAX_BYTES: u64 = 256 << 20;

/// Something kept aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptAside {
    /// Number in this store.
    pub id: i64,
    /// When it came, ms since 1970 UTC, untrusted.
    pub at_ms: i64,
    /// Where it says that it stands.
    pub chain: Option<ChainId>,
    /// Where it says that it stands.
    pub seq: Option<Seq>,
    /// Why, as a code for message catalogues.
    pub reason: String,
    /// Why, in English.
    pub message: String,
    /// Whether it enters by itself once other entries have come.
    pub waits: bool,
    /// Its length.
    pub bytes: u64,
}

impl View<'_> {
    /// Everything kept aside, oldest first.
    ///
    /// # Errors
    /// Database errors.
    pub fn kept_aside(&self) -> Result<Vec<KeptAside>> {
        const ALL: &str = named(SQL, "all");
        self.all(ALL, [], |row| {
            Ok(KeptAside {
                id: row.get(0)?,
                at_ms: row.get(1)?,
                chain: row.get::<_, Option<[u8; 16]>>(2)?.map(ChainId::from_bytes),
                seq: row.get::<_, Option<u64>>(3)?.and_then(Seq::new),
                reason: row.get(4)?,
                message: row.get(5)?,
                waits: row.get(6)?,
                bytes: row.get(7)?,
            })
        })
    }

    /// The bytes of something kept aside.
    ///
    /// # Errors
    /// Database errors.
    pub fn kept_aside_bytes(&self, id: i64) -> Result<Option<Vec<u8>>> {
        const BYTES: &str = named(SQL, "bytes");
        self.one(BYTES, [id], |row| row.get(0))
    }

    /// Whether anything is kept aside.
    pub(crate) fn holds_aside(&self) -> Result<bool> {
        const ANY: &str = named(SQL, "any");
        Ok(self.one(ANY, [], |_| Ok(()))?.is_some())
    }

    /// Entries of a chain that may enter once others have come.
    pub(crate) fn waiting(&self, chain: ChainId) -> Result<Vec<SealedEntry>> {
        const WAITING: &str = named(SQL, "waiting");
        let bytes: Vec<Vec<u8>> = self.all(WAITING, [chain.as_bytes()], |row| row.get(0))?;
        bytes.iter().map(|bytes| self.parse(bytes)).collect()
    }
}

impl Tx<'_> {
    /// Keeps something aside; the same bytes once. Whether there was room.
    ///
    /// # Errors
    /// Database errors.
    pub fn set_aside(&mut self, aside: &SetAside, now_ms: i64) -> Result<bool> {
        let place = aside.place.map(|place| (place.chain, place.seq));
        let (reason, message) = (aside.reason.code(), aside.reason.to_string());
        let entry = SealedEntry::from_bytes(&aside.bytes).ok();
        let bare = entry.map(|entry| self.without_erased(&entry).map(|entry| entry.to_bytes())).transpose()?;
        let bytes = bare.as_deref().unwrap_or(&aside.bytes);
        self.keep_aside(bytes, place, reason, &message, aside.reason.waits(), now_ms)
    }

    /// Takes something out of the set-aside table, after a person looked at it.
    ///
    /// # Errors
    /// [`Error::NotFound`] if it is not there.
    pub fn drop_aside(&mut self, id: i64) -> Result<()> {
        match self.run(named(SQL, "remove"), [id])? {
            0 => Err(Error::NotFound { what: "entry of this number kept aside" }),
            _ => Ok(()),
        }
    }

    /// An entry has entered: no copy of it waits any more.
    pub(crate) fn forget_waiting(&mut self, entry: &SealedEntry) -> Result<()> {
        const ENTERED: &str = named(SQL, "entered");
        self.run(ENTERED, [sum(&entry.to_bytes())]).map(|_| ())
    }

    /// Notes that a body does not open although its chain's key is here. The entry itself stays and is relayed.
    pub(crate) fn note_unreadable(&mut self, entry: &SealedEntry, error: &OpenError) -> Result<()> {
        let place = Some((entry.header.chain, entry.header.seq));
        self.keep_aside(&entry.to_bytes(), place, error.code(), &error.to_string(), false, 0).map(|_| ())
    }

    fn keep_aside(
        &mut self,
        bytes: &[u8],
        place: Option<(ChainId, Seq)>,
        reason: &str,
        message: &str,
        waits: bool,
        now_ms: i64,
    ) -> Result<bool> {
        const PUT: &str = named(SQL, "put");
        const SIZE: &str = named(SQL, "size");
        let size = self.one(SIZE, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let (rows, total): (u64, u64) = size.unwrap_or_default();
        if rows >= MAX_ROWS || total + bytes.len() as u64 > MAX_BYTES {
            return Ok(false);
        }
        let chain = place.as_ref().map(|(chain, _)| chain.as_bytes());
        let seq = place.map(|(_, seq)| seq.get().cast_signed());
        self.run(PUT, (sum(bytes), now_ms, chain, seq, reason, message, waits, bytes))?;
        Ok(true)
    }
}

fn sum(bytes: &[u8]) -> [u8; 32] {
    blake3::hash(bytes).into()
}
