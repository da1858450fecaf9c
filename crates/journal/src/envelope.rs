//! Sealing for readers by their public addresses, with age (X25519 recipients only).
//!
//! age takes file keys, ephemeral keys and its filler stanza from the operating system's generator; it has no way to be
//! handed one. This is the only randomness in this room that does not come from the caller.
//!
//! Headers from outside are measured before age parses them: its own parser has no bound (CVE-2026-85783).

use crate::{MAX_READERS, OpenError, ReadingKey, Recipient, WireError};
use std::io::{self, BufRead, BufReader, Cursor, Read, Write};
use zeroize::Zeroizing;

/// Longest age header that is read, in bytes.
pub const MAX_AGE_HEADER: usize = 16 * 1024;
/// Most stanzas that are read: the readers, and the filler that age adds.
pub const MAX_STANZAS: usize = MAX_READERS + 2;

/// A thing could not be sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Nobody to seal for.
    #[error("expected at least one reader to seal for, found none: the lead's reading key is missing")]
    NoReaders,
    /// The certificate is for another key or project.
    #[error("the certificate is not for this signing key in this project: pair the laptop again")]
    OtherCertificate,
    /// The chain has used up its numbers.
    #[error("this chain is full: open a new one")]
    ChainFull,
    /// Beyond the format's limits.
    #[error(transparent)]
    Wire(#[from] WireError),
}

impl SealError {
    /// Key of this error in the message catalogue.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoReaders => "journal-no-readers",
            Self::OtherCertificate => "journal-other-certificate",
            Self::ChainFull => "journal-chain-full",
            Self::Wire(e) => e.code(),
        }
    }
}

/// A stream that seals what is written to it. The caller must call `finish`.
pub type SealedStream<W> = age::stream::StreamWriter<W>;

/// Seals a stream for `readers`: what is written goes sealed to `output`. The caller must call `finish`.
///
/// # Errors
/// [`io::Error`] from `output`; of kind `InvalidInput` without readers or with more than [`MAX_READERS`].
pub fn seal_stream<W: Write>(readers: &[Recipient], output: W) -> io::Result<SealedStream<W>> {
    let readers = unique(readers).map_err(|e| io::Error::new(io::ErrorKind::InvalidInput, e))?;
    encryptor(&readers).wrap_output(output)
}

/// Opens a stream that was sealed for `key`. What it gives is authentic piece by piece; it is whole only when the end was
/// reached without an error.
///
/// # Errors
/// [`OpenError`] if the header is not one, too long, or holds nothing for this reader.
pub fn open_stream<R: Read>(input: R, key: &ReadingKey) -> Result<impl Read + use<R>, OpenError> {
    let mut input = BufReader::new(input);
    let header = read_header(&mut input)?;
    let whole = BufReader::new(Cursor::new(header).chain(input));
    let decryptor = age::Decryptor::new_buffered(whole).map_err(|_| unknown())?;
    let identity = key.to_age();
    decryptor.decrypt(std::iter::once(&identity as &dyn age::Identity)).map_err(|error| match error {
        age::DecryptError::NoMatchingKeys => OpenError::NotForReader,
        _ => OpenError::WrongKey,
    })
}

/// Seals a few bytes for `readers`: a parcel, an admission, the recovery slot of a store.
///
/// # Errors
/// [`SealError`] without readers or with more than [`MAX_READERS`].
pub fn seal_for(readers: &[Recipient], plain: &[u8]) -> Result<Vec<u8>, SealError> {
    let readers = unique(readers)?;
    let mut out = Vec::new();
    let mut writer = encryptor(&readers).wrap_output(&mut out).expect("writing to memory does not fail");
    writer.write_all(plain).expect("writing to memory does not fail");
    writer.finish().expect("writing to memory does not fail");
    Ok(out)
}

/// Opens what [`seal_for`] made, at most `limit` bytes.
///
/// # Errors
/// [`OpenError`] if it is for others, damaged, or longer.
pub fn open_for(key: &ReadingKey, sealed: &[u8], limit: usize) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let mut plain = Zeroizing::new(Vec::with_capacity(sealed.len()));
    let mut stream = open_stream(sealed, key)?.take(limit as u64 + 1);
    stream.read_to_end(&mut plain).map_err(|_| OpenError::WrongKey)?;
    crate::wire::check_len("sealed parcel", plain.len(), limit)?;
    Ok(plain)
}

fn unique(readers: &[Recipient]) -> Result<Vec<Recipient>, SealError> {
    let mut readers = readers.to_vec();
    readers.sort_unstable();
    readers.dedup();
    crate::wire::check_len("list of readers", readers.len(), MAX_READERS)?;
    if readers.is_empty() { Err(SealError::NoReaders) } else { Ok(readers) }
}

fn encryptor(readers: &[Recipient]) -> age::Encryptor {
    let readers: Vec<_> = readers.iter().map(|reader| reader.to_age()).collect();
    age::Encryptor::with_recipients(readers.iter().map(|reader| reader as &dyn age::Recipient))
        .expect("X25519 recipients go together, and there is at least one")
}

const fn unknown() -> OpenError {
    OpenError::Wire(WireError::UnknownFormat { what: "sealed file" })
}

/// Reads up to and including the header's last line, with a bound on its bytes and stanzas.
fn read_header(input: &mut impl BufRead) -> Result<Vec<u8>, OpenError> {
    let mut header = Vec::new();
    let mut stanzas = 0;
    loop {
        let start = header.len();
        let left = (MAX_AGE_HEADER + 1).saturating_sub(start) as u64;
        input.by_ref().take(left).read_until(b'\n', &mut header).map_err(|_| unknown())?;
        let line = &header[start..];
        if header.len() > MAX_AGE_HEADER {
            return Err(too_long("sealed file's header", header.len(), MAX_AGE_HEADER));
        }
        if !line.ends_with(b"\n") || (start == 0 && line != b"age-encryption.org/v1\n") {
            return Err(unknown());
        }
        stanzas += usize::from(line.starts_with(b"-> "));
        if stanzas > MAX_STANZAS {
            return Err(too_long("sealed file's list of readers", stanzas, MAX_STANZAS));
        }
        if line.starts_with(b"--- ") {
            return Ok(header);
        }
    }
}

const fn too_long(what: &'static str, found: usize, limit: usize) -> OpenError {
    OpenError::Wire(WireError::TooLong { what, found: found as u64, limit: limit as u64 })
}
