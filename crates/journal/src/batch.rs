//! The container that carries entries and chunks: the same bytes over HTTP, local network or stick.
//!
//! Magic, then frames (type, length, bytes), then an end frame with counts and the BLAKE3 of all before it. It is read
//! and written as a stream; nothing larger than one frame is in memory. Every entry proves itself, so what came before a
//! cut may enter. On a stick the whole is sealed once more with [`crate::seal_stream`].

use crate::wire::Reader;
use crate::{MAX_CHUNK, SealedChunk, SealedEntry, WireError};
use std::io::{self, Read, Write};

/// First bytes of a batch: name and version of the format.
pub const BATCH_MAGIC: [u8; 8] = *b"TYBATCH\x01";
/// Most frames of a batch.
pub const MAX_FRAMES: u64 = 1_000_000;

const END: u8 = 0;
const ENTRY: u8 = 1;
const CHUNK: u8 = 2;

/// One thing out of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// An entry, read but not verified.
    Entry(SealedEntry),
    /// A chunk.
    Chunk(SealedChunk),
    /// A frame that this version cannot read. To be kept and relayed.
    Unreadable {
        /// The frame's bytes.
        bytes: Vec<u8>,
        /// Why.
        reason: WireError,
    },
}

/// A batch could not be read further.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    /// The carrier failed.
    #[error("the batch could not be read: {0}")]
    Io(#[from] io::Error),
    /// Not a batch, or cut off, or beyond limits.
    #[error(transparent)]
    Wire(#[from] WireError),
    /// Everything was read, but counts or checksum at the end do not fit.
    #[error("the batch was changed on the way (its checksum does not fit): copy it again")]
    Damaged,
}

impl BatchError {
    /// Key of this error in the message catalogue.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Io(_) => "journal-batch-io",
            Self::Wire(e) => e.code(),
            Self::Damaged => "journal-batch-damaged",
        }
    }
}

/// Writes a batch to `output`, frame by frame.
pub struct BatchWriter<W> {
    output: W,
    hasher: blake3::Hasher,
    entries: u32,
    chunks: u32,
}

impl<W> std::fmt::Debug for BatchWriter<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "BatchWriter({} entries, {} chunks)", self.entries, self.chunks)
    }
}

impl<W: Write> BatchWriter<W> {
    /// Begins a batch.
    ///
    /// # Errors
    /// What `output` says.
    pub fn new(output: W) -> io::Result<Self> {
        let mut writer = Self { output, hasher: blake3::Hasher::new(), entries: 0, chunks: 0 };
        writer.write(&BATCH_MAGIC)?;
        Ok(writer)
    }

    /// Adds an entry.
    ///
    /// # Errors
    /// What `output` says.
    pub fn entry(&mut self, entry: &SealedEntry) -> io::Result<()> {
        self.entry_bytes(&entry.to_bytes())
    }

    /// Adds an entry whose canonical bytes are at hand.
    ///
    /// # Errors
    /// What `output` says; `InvalidInput` beyond the longest entry.
    pub fn entry_bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.frame(ENTRY, bytes, SealedEntry::MAX_LEN)?;
        self.entries += 1;
        Ok(())
    }

    /// Adds a chunk.
    ///
    /// # Errors
    /// What `output` says.
    pub fn chunk(&mut self, chunk: &SealedChunk) -> io::Result<()> {
        self.frame(CHUNK, chunk.as_bytes(), MAX_CHUNK)?;
        self.chunks += 1;
        Ok(())
    }

    /// Writes the end and gives `output` back, not flushed or synced.
    ///
    /// # Errors
    /// What `output` says.
    pub fn finish(mut self) -> io::Result<W> {
        self.write(&[END])?;
        self.write(&self.entries.to_be_bytes())?;
        self.write(&self.chunks.to_be_bytes())?;
        let hash = self.hasher.finalize();
        self.output.write_all(hash.as_bytes())?;
        Ok(self.output)
    }

    fn frame(&mut self, kind: u8, bytes: &[u8], limit: usize) -> io::Result<()> {
        let full = u64::from(self.entries) + u64::from(self.chunks) >= MAX_FRAMES;
        let Some(len) = u32::try_from(bytes.len()).ok().filter(|_| bytes.len() <= limit && !full) else {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "a frame or the batch would be too long"));
        };
        self.write(&[kind])?;
        self.write(&len.to_be_bytes())?;
        self.write(bytes)
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.hasher.update(bytes);
        self.output.write_all(bytes)
    }
}

/// Reads a batch from `input`, frame by frame: an iterator that ends with `None` only if the batch is whole. After an
/// error it gives nothing more.
pub struct BatchReader<R> {
    input: R,
    hasher: blake3::Hasher,
    entries: u32,
    chunks: u32,
    at: usize,
    done: bool,
}

impl<R> std::fmt::Debug for BatchReader<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "BatchReader(at byte {})", self.at)
    }
}

impl<R: Read> BatchReader<R> {
    /// Begins to read.
    ///
    /// # Errors
    /// [`BatchError`] if it is not a batch of a known version.
    pub fn new(input: R) -> Result<Self, BatchError> {
        let mut reader = Self { input, hasher: blake3::Hasher::new(), entries: 0, chunks: 0, at: 0, done: false };
        if reader.read(BATCH_MAGIC.len())? == BATCH_MAGIC {
            Ok(reader)
        } else {
            Err(WireError::UnknownFormat { what: "batch" }.into())
        }
    }

    fn read(&mut self, len: usize) -> Result<Vec<u8>, BatchError> {
        let bytes = self.read_raw(len)?;
        self.hasher.update(&bytes);
        Ok(bytes)
    }

    fn read_raw(&mut self, len: usize) -> Result<Vec<u8>, BatchError> {
        let mut bytes = vec![0; len];
        match self.input.read_exact(&mut bytes) {
            Ok(()) => {
                self.at += len;
                Ok(bytes)
            }
            Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => {
                Err(WireError::Cut { what: "batch", at: self.at }.into())
            }
            Err(e) => Err(e.into()),
        }
    }

    fn item(&mut self) -> Result<Option<Item>, BatchError> {
        let kind = self.read(1)?[0];
        if kind == END {
            return self.end().map(|()| None);
        }
        let found = Reader::new("batch", &self.read(4)?).u32()?;
        let (limit, count) = match kind {
            ENTRY => (SealedEntry::MAX_LEN, &mut self.entries),
            CHUNK => (MAX_CHUNK, &mut self.chunks),
            _ => return Err(WireError::NotCanonical { what: "batch", at: self.at - 5 }.into()),
        };
        *count += 1;
        let frames = u64::from(self.entries) + u64::from(self.chunks);
        if frames > MAX_FRAMES {
            return Err(WireError::TooLong { what: "batch", found: frames, limit: MAX_FRAMES }.into());
        }
        crate::wire::check_len("frame of a batch", found as usize, limit)?;
        let bytes = self.read(found as usize)?;
        let item = if kind == ENTRY {
            SealedEntry::from_bytes(&bytes).map(Item::Entry)
        } else {
            SealedChunk::from_bytes(bytes.clone()).map(Item::Chunk)
        };
        Ok(Some(item.unwrap_or_else(|reason| Item::Unreadable { bytes, reason })))
    }

    fn end(&mut self) -> Result<(), BatchError> {
        let counts = self.read(8)?;
        let expected = self.hasher.finalize();
        let found = self.read_raw(32)?;
        let same = counts == [self.entries.to_be_bytes(), self.chunks.to_be_bytes()].concat();
        if !same || found != expected.as_bytes() {
            return Err(BatchError::Damaged);
        }
        let mut one = [0];
        match self.input.read(&mut one)? {
            0 => Ok(()),
            extra => Err(WireError::Extra { what: "batch", at: self.at, extra }.into()),
        }
    }
}

impl<R: Read> Iterator for BatchReader<R> {
    type Item = Result<Item, BatchError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let item = self.item().transpose();
        self.done = !matches!(item, Some(Ok(_)));
        item
    }
}
