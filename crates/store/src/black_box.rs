//! The black box: every own entry a second time, sealed as it travels, in a file of its own.
//!
//! A dead database loses no sealed entry while this file lives. It is written after the commit, so it never holds an
//! entry that the database might not; what a crash kept out is added at the next unlocking.
//!
//! The file is a batch (FORMAT.md, *Batch*) that is never ended: magic, then one frame for each entry. Whatever reads a
//! batch reads it, up to the cut. A frame cut off by a crash is dropped before the next is added.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::{BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use tianye_journal::{BATCH_MAGIC, BatchError, BatchReader, EntryHash, Item, SealedEntry, WireError};

use crate::transact::locked;
use crate::{Error, Op, Result, Store, files};

/// First byte of a frame that holds an entry.
const ENTRY: u8 = 1;
const FRAME_HEAD: u64 = 5;

/// The file, and what went wrong with it last.
#[derive(Debug)]
pub(crate) struct BlackBox {
    path: PathBuf,
    /// Where the last whole entry ended when this program last wrote: spares reading the file again.
    end: u64,
    trouble: Option<Error>,
}

impl BlackBox {
    pub(crate) fn in_store(dir: &Path) -> Self {
        Self { path: dir.join("safety").join("box"), end: 0, trouble: None }
    }

    /// Adds entries and makes them durable.
    fn append(&mut self, entries: &[SealedEntry]) -> std::io::Result<()> {
        let fresh = !self.path.exists();
        if let Some(dir) = self.path.parent().filter(|dir| fresh && !dir.exists()) {
            std::fs::create_dir_all(dir)?;
        }
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&self.path)?;
        // Another program on the same store (the command line) may be adding too.
        file.lock()?;
        let len = file.metadata()?.len();
        let end = if len > 0 && len == self.end { len } else { whole_end(&mut file, len)? };
        let mut bytes = if end == 0 { BATCH_MAGIC.to_vec() } else { Vec::new() };
        for entry in entries {
            let entry = entry.to_bytes();
            let len = u32::try_from(entry.len()).map_err(std::io::Error::other)?;
            bytes.push(ENTRY);
            bytes.extend_from_slice(&len.to_be_bytes());
            bytes.extend_from_slice(&entry);
        }
        if end < len {
            file.set_len(end)?;
        }
        file.seek(SeekFrom::Start(end))?;
        file.write_all(&bytes)?;
        file.sync_data()?;
        self.end = end + bytes.len() as u64;
        if fresh { self.path.parent().map_or(Ok(()), files::sync_dir) } else { Ok(()) }
    }
}

/// Where the last whole entry ends; 0 for an empty file.
fn whole_end(file: &mut File, len: u64) -> std::io::Result<u64> {
    let mut magic = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.take(BATCH_MAGIC.len() as u64).read_to_end(&mut magic)?;
    if magic != BATCH_MAGIC {
        // A file cut off inside its first bytes is begun anew; anything else is not ours to touch.
        return if BATCH_MAGIC.starts_with(&magic) {
            Ok(0)
        } else {
            Err(std::io::Error::new(std::io::ErrorKind::InvalidData, "not a black box of a known version"))
        };
    }
    let mut end = BATCH_MAGIC.len() as u64;
    while end + FRAME_HEAD <= len {
        let mut head = [0; FRAME_HEAD as usize];
        file.seek(SeekFrom::Start(end))?;
        file.read_exact(&mut head)?;
        let [kind, length @ ..] = head;
        let next = end + FRAME_HEAD + u64::from(u32::from_be_bytes(length));
        if kind != ENTRY || next > len {
            break;
        }
        end = next;
    }
    Ok(end)
}

/// The entries in a black box, in the order of sealing; a cut-off end is passed over. They are read, not verified.
///
/// # Errors
/// [`Error::Damaged`] if it is not a black box or an entry in it cannot be read; [`Error::Disk`].
pub fn read_black_box(path: &Path) -> Result<Vec<SealedEntry>> {
    let damaged = |what: String| Error::Damaged { path: path.to_owned(), what };
    let file = File::open(path).map_err(|error| Error::io(Op::Read, &error))?;
    if file.metadata().is_ok_and(|about| about.len() < BATCH_MAGIC.len() as u64) {
        return Ok(Vec::new());
    }
    let mut entries = Vec::new();
    for item in BatchReader::new(BufReader::new(file)).map_err(|error| damaged(error.to_string()))? {
        match item {
            Ok(Item::Entry(entry)) => entries.push(entry),
            Ok(Item::Chunk(_)) => {}
            Ok(Item::Unreadable { reason, .. }) => return Err(damaged(reason.to_string())),
            Err(BatchError::Wire(WireError::Cut { .. })) => break,
            Err(BatchError::Io(error)) => return Err(Error::io(Op::Read, &error)),
            Err(error) => return Err(damaged(error.to_string())),
        }
    }
    Ok(entries)
}

impl Store {
    /// Where the black box is, to be read with [`read_black_box`].
    #[must_use]
    pub fn black_box_path(&self) -> PathBuf {
        locked(&self.black_box).path.clone()
    }

    /// What went wrong when the black box was last written, if anything. The entries themselves are safe in the
    /// database, but there is no second copy until this is mended.
    pub fn black_box_trouble(&self) -> Option<String> {
        locked(&self.black_box).trouble.as_ref().map(ToString::to_string)
    }

    /// Adds own entries after their commit. A failure is kept for [`Store::black_box_trouble`]: the step is durable.
    pub(crate) fn keep_in_black_box(&self, entries: &[SealedEntry]) {
        if entries.is_empty() {
            return;
        }
        let mut black_box = locked(&self.black_box);
        if black_box.trouble.is_some() {
            drop(black_box);
            return self.catch_up_black_box();
        }
        black_box.trouble = black_box.append(entries).err().map(|error| Error::io(Op::Seal, &error));
    }

    /// Adds what a crash or a full disk kept out.
    pub(crate) fn catch_up_black_box(&self) {
        let mut black_box = locked(&self.black_box);
        let caught_up = (|| {
            let there: HashSet<EntryHash> = match black_box.path.exists() {
                true => read_black_box(&black_box.path)?.iter().map(SealedEntry::hash).collect(),
                false => HashSet::new(),
            };
            let missing = self.read(|view| view.own_entries_except(&there))?;
            if missing.is_empty() {
                return Ok(());
            }
            black_box.append(&missing).map_err(|error| Error::io(Op::Seal, &error))
        })();
        black_box.trouble = caught_up.err();
    }
}
