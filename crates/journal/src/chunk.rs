//! Files (form XML, media, attachments) in sealed chunks of at most 1 MiB, named by the BLAKE3 of what travels.

use crate::wire::{Put as _, check_len};
use crate::{ChunkId, OpenError, SUITE, WireError, body};
use rand_core::CryptoRng;
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// Most bytes of a sealed chunk.
pub const MAX_CHUNK: usize = 1024 * 1024;
/// Most bytes of a file in one chunk: what is left of [`MAX_CHUNK`] after suite, nonce, tag and length.
pub const CHUNK_CONTENT: usize = MAX_CHUNK - 1 - body::BOX_OVERHEAD - 4;
/// Most chunks of one file (about 4 GB).
pub const MAX_CHUNKS: usize = 4096;

/// Seals the chunks of one file. Stands in the entry that names the file.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct FileKey([u8; 32]);

impl FileKey {
    /// A new key from the generator handed in. One file, one key.
    #[must_use]
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        let mut key = Self([0; 32]);
        rng.fill_bytes(&mut key.0);
        key
    }

    /// Takes back what [`Self::to_secret_bytes`] gave.
    #[must_use]
    pub fn from_secret_bytes(bytes: &[u8; 32]) -> Self {
        Self(*bytes)
    }

    /// The 32 secret bytes, for the sealed entry that names the file.
    #[must_use]
    pub fn to_secret_bytes(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0)
    }
}

impl fmt::Debug for FileKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FileKey(secret)")
    }
}

/// Sealed bytes of a part of a file, as they are kept and travel.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedChunk(Vec<u8>);

impl fmt::Debug for SealedChunk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealedChunk({}, {} bytes)", self.id(), self.0.len())
    }
}

impl SealedChunk {
    /// Takes sealed bytes from outside. Whoever asked for a chunk compares [`Self::id`].
    ///
    /// # Errors
    /// [`WireError`] if they are too long or of an unknown suite.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, WireError> {
        check_len("chunk", bytes.len(), MAX_CHUNK)?;
        match bytes.first() {
            Some(&SUITE) => Ok(Self(bytes)),
            Some(&found) => Err(WireError::UnknownSuite { what: "chunk", found }),
            None => Err(WireError::Cut { what: "chunk", at: 0 }),
        }
    }

    /// The sealed bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The name: BLAKE3 of the sealed bytes.
    #[must_use]
    pub fn id(&self) -> ChunkId {
        ChunkId::from_bytes(*blake3::hash(&self.0).as_bytes())
    }
}

/// Seals one part of a file: the `index`-th (from 0) of `total`.
///
/// # Errors
/// [`WireError::TooLong`] beyond [`CHUNK_CONTENT`] bytes.
pub fn seal_chunk(
    key: &FileKey,
    index: u32,
    total: u32,
    content: &[u8],
    rng: &mut impl CryptoRng,
) -> Result<SealedChunk, WireError> {
    check_len("part of a file", content.len(), CHUNK_CONTENT)?;
    let sealed = body::seal_box(&key.0, &aad(index, total), content, 4 + CHUNK_CONTENT, rng);
    Ok(SealedChunk([&[SUITE], sealed.as_slice()].concat()))
}

/// Opens one part of a file, which must be the `index`-th of `total`.
///
/// # Errors
/// [`OpenError::WrongKey`] for another file's, another part, or damage.
pub fn open_chunk(key: &FileKey, index: u32, total: u32, chunk: &SealedChunk) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    body::open_box(&key.0, &aad(index, total), &chunk.0[1..])
}

/// Seals a whole file in memory. An empty file has one chunk.
///
/// # Errors
/// [`WireError::TooLong`] beyond [`MAX_CHUNKS`].
pub fn seal_file(key: &FileKey, content: &[u8], rng: &mut impl CryptoRng) -> Result<Vec<SealedChunk>, WireError> {
    let count = content.len().div_ceil(CHUNK_CONTENT).max(1);
    check_len("list of chunks", count, MAX_CHUNKS)?;
    let total = u32::try_from(count).expect("checked against a limit below 4 Gi");
    (0..total)
        .map(|index| {
            let start = index as usize * CHUNK_CONTENT;
            let end = content.len().min(start + CHUNK_CONTENT);
            seal_chunk(key, index, total, &content[start..end], rng)
        })
        .collect()
}

/// Opens a whole file in memory.
///
/// # Errors
/// [`OpenError`] if a chunk is missing, of another file, in another place or damaged.
pub fn open_file(key: &FileKey, chunks: &[SealedChunk]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    check_len("list of chunks", chunks.len(), MAX_CHUNKS)?;
    let total = u32::try_from(chunks.len()).expect("checked against a limit below 4 Gi");
    let mut content = Zeroizing::new(Vec::with_capacity(chunks.iter().map(|chunk| chunk.0.len()).sum()));
    for (index, chunk) in (0..total).zip(chunks) {
        content.put(&open_chunk(key, index, total, chunk)?);
    }
    Ok(content)
}

fn aad(index: u32, total: u32) -> Vec<u8> {
    let mut out = b"tianye/1/chunk\0".to_vec();
    out.push(SUITE);
    out.put_u32(index);
    out.put_u32(total);
    out
}
