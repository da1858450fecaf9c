//! Parcels: content keys of chains, sealed for readers.
//!
//! A chain's opening entry carries a parcel with its own key. A grant entry, in any chain of anyone who holds the keys,
//! carries a parcel with keys of any chains. From outside a parcel shows about how many readers and keys it has, not which.

use crate::wire::{Put as _, Reader, check_len};
use crate::{ChainId, ContentKey, KeyCommitment, MAX_GRANTED, OpenError, ProjectId, ReadingKey, Recipient, SUITE};
use crate::{SealError, SealedEntry, WireError, body, envelope};
use zeroize::Zeroizing;

/// The content key of a chain, as it comes out of a parcel. Use it only after [`Granted::check`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Granted {
    /// The chain.
    pub chain: ChainId,
    /// Its content key, as the granter says.
    pub key: ContentKey,
}

impl Granted {
    /// Whether this is the key that the chain's opening entry fixed.
    #[must_use]
    pub fn check(&self, commitment: &KeyCommitment) -> bool {
        self.key.commitment() == *commitment
    }
}

/// Opens the parcel of an opening or grant entry; `None` if the entry's form has none.
///
/// # Errors
/// [`OpenError::NotForReader`] if it is sealed for others; else as [`crate::open_body`].
pub fn open_parcel(entry: &SealedEntry, key: &ReadingKey) -> Result<Option<Vec<Granted>>, OpenError> {
    if !entry.header.form.has_parcel() {
        return Ok(None);
    }
    let bytes = entry.body.as_deref().ok_or(OpenError::Absent)?;
    let (parcel, _) = body::split(&entry.header, bytes)?;
    read_parcel(entry.header.project, parcel, key).map(Some)
}

pub(crate) fn seal_parcel(
    project: ProjectId,
    granted: &[Granted],
    readers: &[Recipient],
) -> Result<Vec<u8>, SealError> {
    check_len("list of granted keys", granted.len(), MAX_GRANTED)?;
    let mut plain = Zeroizing::new(Vec::with_capacity(19 + 48 * granted.len()));
    plain.push(SUITE);
    plain.put(project.as_bytes());
    put_granted(&mut plain, granted);
    envelope::seal_for(readers, &plain)
}

fn read_parcel(project: ProjectId, parcel: &[u8], key: &ReadingKey) -> Result<Vec<Granted>, OpenError> {
    let plain = envelope::open_for(key, parcel, 19 + 48 * MAX_GRANTED)?;
    let mut reader = Reader::new("parcel of keys", &plain);
    reader.suite()?;
    if reader.array()? != *project.as_bytes() {
        return Ok(reader.bad()?);
    }
    let granted = read_granted(&mut reader)?;
    reader.end()?;
    Ok(granted)
}

pub(crate) fn put_granted(out: &mut Vec<u8>, granted: &[Granted]) {
    out.put_count(granted.len());
    for one in granted {
        out.put(one.chain.as_bytes());
        out.put(one.key.expose());
    }
}

pub(crate) fn read_granted(reader: &mut Reader<'_>) -> Result<Vec<Granted>, WireError> {
    let mut granted = Vec::new();
    for _ in 0..reader.count(MAX_GRANTED)? {
        let chain = ChainId::from_bytes(reader.array()?);
        let key = Zeroizing::new(reader.array()?);
        granted.push(Granted { chain, key: ContentKey::from_secret_bytes(&key) });
    }
    Ok(granted)
}
