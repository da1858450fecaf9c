//! What an entry says, before it is sealed and after it is opened.
//!
//! [`PlainBody`] is the open form and has no way onto the wire; only [`crate::ChainWriter`] turns it into a
//! [`crate::SealedEntry`], and only [`open_body`] turns it back.

use crate::wire::{Put as _, Reader, check_len};
use crate::{BodyHash, ContentKey, EntryHash, Header, MAX_CONTENT, MAX_PARCEL, MAX_PARENTS, PersonId, RecordId};
use crate::{SealedEntry, WireError};
use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use rand_core::CryptoRng;
use std::fmt;
use zeroize::Zeroizing;

/// Kinds with a meaning for this room or reserved by the format. All others belong to `tianye-survey`.
pub mod kind {
    /// A member of the team: also the body of a chain's opening entry.
    pub const PERSON: u16 = 3;
    /// Content keys for more readers.
    pub const GRANT: u16 = 10;
    /// Reserved: names bodies and chunks that every replica drops.
    pub const ERASURE: u16 = 11;
    /// Reserved: names the last accepted head of each chain of a key.
    pub const REVOCATION: u16 = 12;
}

/// The author's clock. Untrusted: shown to people, decides nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WallClock {
    /// Milliseconds since 1970-01-01 UTC.
    pub millis: i64,
    /// Minutes east of UTC.
    pub offset_minutes: i16,
}

/// The open body of an entry.
#[derive(Clone, PartialEq, Eq)]
pub struct PlainBody {
    /// What sort of thing is said; see `tianye-survey`.
    pub kind: u16,
    /// What it is said of.
    pub record: RecordId,
    /// The heads of the record that the author saw; written in ascending order, each once.
    pub parents: Vec<EntryHash>,
    /// Who says it (to be compared with the certificate's details).
    pub author: PersonId,
    /// When, by the author's clock.
    pub at: WallClock,
    /// The content, by convention UTF-8 JSON; at most [`MAX_CONTENT`] bytes.
    pub content: Vec<u8>,
}

/// Says how much there is, never what.
impl fmt::Debug for PlainBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PlainBody")
            .field("kind", &self.kind)
            .field("record", &self.record)
            .field("parents", &self.parents.len())
            .field("content", &format_args!("{} bytes", self.content.len()))
            .finish_non_exhaustive()
    }
}

/// A body could not be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The body is not here: not fetched, erased, or not kept.
    #[error("the body of this entry is not on this laptop: sync to fetch it")]
    Absent,
    /// Another key, another place, or damaged bytes.
    #[error("the sealed body does not open with this key: it is for other readers, or damaged")]
    WrongKey,
    /// None of the seals is for this reader.
    #[error("nothing here is sealed for this reader: ask the lead to grant access")]
    NotForReader,
    /// The bytes are not those that the header was signed for.
    #[error("the body is not the one that was signed ({expected}): fetch it again")]
    Damaged {
        /// The signed hash.
        expected: BodyHash,
    },
    /// Opened, but not in a form this version reads.
    #[error(transparent)]
    Wire(#[from] WireError),
}

impl OpenError {
    /// Key of this error in the message catalogue.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Absent => "journal-body-absent",
            Self::WrongKey => "journal-wrong-content-key",
            Self::NotForReader => "journal-not-for-reader",
            Self::Damaged { .. } => "journal-body-damaged",
            Self::Wire(e) => e.code(),
        }
    }
}

/// Opens the body of an entry with its chain's content key.
///
/// # Errors
/// [`OpenError`]: absent, another key, damaged, or of an unknown form.
pub fn open_body(entry: &SealedEntry, key: &ContentKey) -> Result<PlainBody, OpenError> {
    let body = entry.body.as_deref().ok_or(OpenError::Absent)?;
    let (_, sealed) = split(&entry.header, body)?;
    let plain = open_box(key.expose(), &aad(&entry.header), sealed)?;
    Ok(decode(&plain)?)
}

/// Seals `body` for the place that `header` names (its body fields do not matter).
pub(crate) fn seal(
    header: &Header,
    body: &PlainBody,
    key: &ContentKey,
    rng: &mut impl CryptoRng,
) -> Result<Vec<u8>, WireError> {
    Ok(seal_box(key.expose(), &aad(header), &encode(body)?, usize::MAX, rng))
}

/// The parcel of keys (empty if the form has none) and the sealed box of a body.
pub(crate) fn split<'a>(header: &Header, body: &'a [u8]) -> Result<(&'a [u8], &'a [u8]), OpenError> {
    header.check_body(body).map_err(|_| OpenError::Damaged { expected: header.body_hash })?;
    let mut reader = Reader::new("entry body", body);
    let parcel = if header.form.has_parcel() { reader.blob(MAX_PARCEL)? } else { &[] };
    Ok((parcel, reader.rest()))
}

fn aad(header: &Header) -> Vec<u8> {
    [b"tianye/1/body\0".as_slice(), &header.prefix()].concat()
}

fn encode(body: &PlainBody) -> Result<Zeroizing<Vec<u8>>, WireError> {
    let mut parents = body.parents.clone();
    parents.sort_unstable();
    parents.dedup();
    check_len("list of parents", parents.len(), MAX_PARENTS)?;
    check_len("content", body.content.len(), MAX_CONTENT)?;
    let mut out = Zeroizing::new(Vec::with_capacity(64 + 32 * parents.len() + body.content.len()));
    out.push(1);
    out.put_u16(body.kind);
    out.put(body.record.as_bytes());
    out.put(body.author.as_bytes());
    out.put(&body.at.millis.to_be_bytes());
    out.put(&body.at.offset_minutes.to_be_bytes());
    out.put_count(parents.len());
    for parent in &parents {
        out.put(parent.as_bytes());
    }
    out.put_blob(&body.content);
    Ok(out)
}

fn decode(bytes: &[u8]) -> Result<PlainBody, WireError> {
    let mut reader = Reader::new("opened body", bytes);
    if reader.u8()? != 1 {
        return Err(WireError::UnknownFormat { what: "body" });
    }
    let kind = reader.u16()?;
    let record = RecordId::from_bytes(reader.array()?);
    let author = PersonId::from_bytes(reader.array()?);
    let millis = i64::from_be_bytes(reader.array()?);
    let offset_minutes = i16::from_be_bytes(reader.array()?);
    let mut parents: Vec<EntryHash> = Vec::new();
    for _ in 0..reader.count(MAX_PARENTS)? {
        let parent = EntryHash::from_bytes(reader.array()?);
        if parents.last().is_some_and(|last| *last >= parent) {
            return reader.bad();
        }
        parents.push(parent);
    }
    let content = reader.blob(MAX_CONTENT)?.to_vec();
    reader.end()?;
    Ok(PlainBody { kind, record, parents, author, at: WallClock { millis, offset_minutes }, content })
}

/// Bytes that a sealed box has beyond its padded content.
pub(crate) const BOX_OVERHEAD: usize = 24 + 16;

/// Nonce, then the AEAD of (length, content, zeros up to the size class).
pub(crate) fn seal_box(key: &[u8; 32], aad: &[u8], plain: &[u8], max: usize, rng: &mut impl CryptoRng) -> Vec<u8> {
    let mut padded = Zeroizing::new(Vec::with_capacity(size_class(4 + plain.len()).min(max)));
    padded.put_blob(plain);
    let class = size_class(padded.len()).min(max);
    padded.resize(class, 0);
    let mut nonce = [0; 24];
    rng.fill_bytes(&mut nonce);
    let sealed = XChaCha20Poly1305::new(key.into())
        .encrypt(&XNonce::from(nonce), Payload { msg: &padded, aad })
        .expect("the AEAD takes 256 GiB, limits here are far below");
    [nonce.as_slice(), &sealed].concat()
}

/// Undoes [`seal_box`]; the padding must be the one that it would have made.
pub(crate) fn open_box(key: &[u8; 32], aad: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let Some((nonce, sealed)) = sealed.split_first_chunk::<24>() else {
        return Err(WireError::Cut { what: "sealed box", at: sealed.len() }.into());
    };
    let padded = XChaCha20Poly1305::new(key.into())
        .decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad })
        .map_err(|_| OpenError::WrongKey)?;
    let mut padded = Zeroizing::new(padded);
    let mut reader = Reader::new("opened box", &padded);
    let len = reader.blob(padded.len())?.len();
    if reader.rest().iter().any(|byte| *byte != 0) {
        return Err(WireError::NotCanonical { what: "padding", at: 4 + len }.into());
    }
    padded.copy_within(4..4 + len, 0);
    padded.truncate(len);
    Ok(padded)
}

/// The padded length for `len` bytes: 512, 1,024, 2,048, 4,096, then four steps to each doubling (at most a quarter is
/// added). Few lengths, so that a length says little.
pub(crate) const fn size_class(len: usize) -> usize {
    if len <= 512 {
        512
    } else if len <= 4096 {
        len.next_power_of_two()
    } else {
        let step = len.next_power_of_two() / 8;
        len.div_ceil(step) * step
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(len: usize, expect: usize) {
        assert_eq!(size_class(len), expect);
    }

    #[test]
    fn lengths_fall_into_few_classes() {
        check(0, 512);
        check(512, 512);
        check(513, 1024);
        check(2049, 4096);
        check(4096, 4096);
        check(4097, 5120);
        check(5121, 6144);
        check(7169, 8192);
        check(8193, 10_240);
        check(1_048_576, 1_048_576);
        check(1_048_577, 1_310_720);
    }

    #[test]
    fn no_class_wastes_more_than_a_quarter_and_none_goes_down() {
        let mut last = 512;
        for len in 1..300_000 {
            let class = size_class(len);
            assert!(class >= len && class >= last, "{len}");
            assert!(class <= 4096 || class * 4 < len * 5 + 4, "{len} {class}");
            assert_eq!(size_class(class), class);
            last = class;
        }
    }

    #[test]
    fn the_largest_body_fits_into_its_limit() {
        let plain = 1 + 2 + 16 + 16 + 8 + 2 + 2 + 32 * MAX_PARENTS + 4 + MAX_CONTENT;
        assert!(4 + MAX_PARCEL + BOX_OVERHEAD + size_class(4 + plain) <= crate::MAX_BODY);
    }

    #[test]
    fn padding_other_than_ours_is_refused() {
        let key = [3; 32];
        let seal = |padded: &[u8]| {
            let nonce = [4; 24];
            let cipher = XChaCha20Poly1305::new((&key).into());
            let sealed = cipher.encrypt(&XNonce::from(nonce), Payload { msg: padded, aad: b"" }).unwrap();
            [nonce.as_slice(), &sealed].concat()
        };
        let code = |padded: &[u8]| open_box(&key, b"", &seal(padded)).map(|p| p.to_vec()).map_err(|e| e.code());
        assert_eq!(code(&[0, 0, 0, 1, 7, 0, 0]), Ok(vec![7]));
        assert_eq!(code(&[0, 0, 0, 1, 7, 0, 1]), Err("journal-not-canonical"));
        assert_eq!(code(&[0, 0, 0, 9, 7]), Err("journal-too-long"));
        assert_eq!(code(&[0, 0]), Err("journal-cut-off"));
    }

    #[test]
    fn opened_bodies_have_one_form() {
        let body = PlainBody {
            kind: 8,
            record: RecordId::from_bytes([1; 16]),
            parents: vec![
                EntryHash::from_bytes([2; 32]),
                EntryHash::from_bytes([1; 32]),
                EntryHash::from_bytes([2; 32]),
            ],
            author: PersonId::from_bytes([2; 16]),
            at: WallClock { millis: -1, offset_minutes: -90 },
            content: b"{}".to_vec(),
        };
        let bytes = encode(&body).unwrap();
        let sorted = vec![EntryHash::from_bytes([1; 32]), EntryHash::from_bytes([2; 32])];
        assert_eq!(decode(&bytes), Ok(PlainBody { parents: sorted, ..body }));
        let with = |at: usize, value: u8| {
            let mut changed = bytes.to_vec();
            changed[at] = value;
            decode(&changed).map_err(|e| e.code())
        };
        assert_eq!(with(0, 2), Err("journal-unknown-format"));
        assert_eq!(with(45, 2), Err("journal-too-long"), "514 parents");
        assert_eq!(with(46, 3), Err("journal-cut-off"), "a third parent swallows the content");
        assert_eq!(with(79, 0), Err("journal-not-canonical"), "parents out of order");
        assert_eq!(decode(&[bytes.as_slice(), b"x"].concat()).map_err(|e| e.code()), Err("journal-extra-bytes"));
        assert_eq!(decode(&bytes[..bytes.len() - 1]).map_err(|e| e.code()), Err("journal-cut-off"));
    }
}
