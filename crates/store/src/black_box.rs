//! The black box: every own entry a second time, sealed as it travels, in a file of its own.
//!
//! A dead database loses no sealed entry while this file lives. It is written after the commit, so it never holds an
//! entry that the database might not; what a crash kept out is added at the next unlocking.
//!
//! The file is a batch (FORMAT.md, *Batch*) that is never ended: magic, then one frame for each entry. Whatever reads a
//! batch reads it, up to the cut. A frame that a crash cut off or tore is dropped before the next is added.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use tianye_journal::{BATCH_MAGIC, BatchError, BatchReader, ChainId, EntryHash, Item, PublicKey, SealedEntry};

use crate::transact::locked;
use crate::{Error, Op, Result, Store, View, files};

/// First byte of a frame that holds an entry.
const ENTRY: u8 = 1;
const FRAME_HEAD: u64 = 5;

/// The file, and what went wrong with it last.
#[derive(Debug)]
pub(crate) struct BlackBox {
    path: PathBuf,
    /// Where the last whole entry ended when this program last wrote: spares reading the file again. 0 before that.
    end: u64,
    trouble: Option<Error>,
    /// It lies on another medium: where it is not found, the medium is away, and it is not begun anew.
    is_away_where_missing: bool,
}

impl BlackBox {
    pub(crate) fn in_store(dir: &Path) -> Self {
        Self { path: dir.join("safety").join("box"), end: 0, trouble: None, is_away_where_missing: false }
    }

    /// One on another medium.
    fn beyond(path: PathBuf) -> Self {
        Self { path, end: 0, trouble: None, is_away_where_missing: true }
    }

    /// Refuses to go on with one whose medium is away.
    fn must_be_here(&self) -> std::io::Result<()> {
        if self.is_away_where_missing && !self.path.is_file() {
            return Err(std::io::Error::new(std::io::ErrorKind::NotFound, "the medium is not in this laptop"));
        }
        Ok(())
    }

    /// Adds own entries after their commit; after trouble, everything that `missing` gives beside what is there. A failure
    /// is kept.
    fn keep(&mut self, entries: &[SealedEntry], missing: impl FnOnce(&HashSet<EntryHash>) -> Result<Vec<SealedEntry>>) {
        match self.trouble {
            Some(_) => self.catch_up(missing),
            None => self.trouble = self.append(entries).err().map(|error| Error::io(Op::Seal, &error)),
        }
    }

    /// Adds what a crash, a full disk or a medium that was away kept out.
    fn catch_up(&mut self, missing: impl FnOnce(&HashSet<EntryHash>) -> Result<Vec<SealedEntry>>) {
        let caught_up = (|| {
            self.must_be_here().map_err(|error| Error::io(Op::Seal, &error))?;
            if self.trouble.is_some() && self.path.exists() {
                // What the disk refused to make durable can be read in it all the same.
                files::write_anew(&self.path).map_err(|error| Error::io(Op::Seal, &error))?;
            }
            let there: HashSet<EntryHash> = match self.path.exists() {
                true => contents_of(&self.path)?.entries.iter().map(SealedEntry::hash).collect(),
                false => HashSet::new(),
            };
            let missing = missing(&there)?;
            if missing.is_empty() {
                return Ok(());
            }
            self.append(&missing).map_err(|error| Error::io(Op::Seal, &error))
        })();
        self.trouble = caught_up.err();
    }

    /// Adds entries and makes them durable.
    fn append(&mut self, entries: &[SealedEntry]) -> std::io::Result<()> {
        let first = self.end == 0;
        // Until it has gone well once more, nothing is taken for granted.
        let known = std::mem::take(&mut self.end);
        self.must_be_here()?;
        if let Some(dir) = self.path.parent().filter(|dir| first && !dir.is_dir()) {
            files::make_dir(dir)?;
        }
        let mut file = files::open_to_write(&self.path)?;
        // Another program on the same store (the command line) may be adding too.
        file.lock()?;
        let len = file.metadata()?.len();
        let end = if len > 0 && len == known { len } else { self.mended_end(&mut file)? };
        if end < len {
            files::cut(&file, &self.path, end)?;
        }
        let end = if end > 0 {
            end
        } else {
            // Durable before any entry: what is longer than its first bytes has them.
            files::write_at(&mut file, &self.path, 0, &BATCH_MAGIC)?;
            files::sync(&file, &self.path)?;
            BATCH_MAGIC.len() as u64
        };
        let mut bytes = Vec::new();
        frames(entries, &mut bytes)?;
        files::write_at(&mut file, &self.path, end, &bytes)?;
        files::sync(&file, &self.path)?;
        if first {
            // Whether the file was made now or by a program that was killed before it came this far.
            for dir in self.path.ancestors().skip(1).take(2) {
                files::sync_dir(dir)?;
            }
        }
        self.end = end + bytes.len() as u64;
        Ok(())
    }

    /// Writes the file anew without these bodies, and takes damaged copies of it away.
    pub(crate) fn erase(&mut self, erased: &HashSet<EntryHash>) -> std::io::Result<()> {
        self.must_be_here()?;
        let Some(folder) = self.path.parent().filter(|folder| folder.is_dir()) else { return Ok(()) };
        for file in std::fs::read_dir(folder)? {
            let path = file?.path();
            // On another medium lies what is not ours.
            let ours = !self.is_away_where_missing || path.file_stem() == self.path.file_stem();
            if ours && path != self.path {
                files::remove(&path)?;
            }
        }
        files::sync_dir(folder)?;
        if !self.path.exists() {
            return Ok(());
        }
        let mut entries = Contents::read(BufReader::new(files::open_to_read(&self.path)?))?.entries;
        let held = |entry: &SealedEntry| entry.body.is_some() && erased.contains(&entry.hash());
        if !entries.iter().any(held) {
            return Ok(());
        }
        for entry in entries.iter_mut().filter(|entry| erased.contains(&entry.hash())) {
            entry.body = None;
        }
        let mut bytes = BATCH_MAGIC.to_vec();
        frames(&entries, &mut bytes)?;
        // Until it has been written once more, nothing is taken for granted.
        self.end = 0;
        files::write_whole(&self.path, &bytes)
    }

    /// Where the next entry is to be written: after the last whole one. If one before it is not whole, the file is copied
    /// aside as it is, since nothing in it is thrown away unseen, and its whole entries are written anew.
    fn mended_end(&self, file: &mut File) -> std::io::Result<u64> {
        file.seek(SeekFrom::Start(0))?;
        let contents = Contents::read(BufReader::new(&*file))?;
        if contents.damaged == 0 {
            return Ok(contents.end);
        }
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(0))?;
        file.read_to_end(&mut bytes)?;
        let aside = |n: usize| self.path.with_extension(format!("damaged-{n}"));
        let free = (1..).map(aside).find(|path| !path.exists()).unwrap_or_else(|| aside(0));
        files::write_whole(&free, &bytes)?;
        let mut whole = BATCH_MAGIC.to_vec();
        frames(&contents.entries, &mut whole)?;
        files::cut(file, &self.path, 0)?;
        files::write_at(file, &self.path, 0, &whole)?;
        Ok(whole.len() as u64)
    }
}

fn frames(entries: &[SealedEntry], bytes: &mut Vec<u8>) -> std::io::Result<()> {
    for entry in entries {
        let entry = entry.to_bytes();
        let len = u32::try_from(entry.len()).map_err(std::io::Error::other)?;
        bytes.push(ENTRY);
        bytes.extend_from_slice(&len.to_be_bytes());
        bytes.extend_from_slice(&entry);
    }
    Ok(())
}

/// What stands in a black box.
#[derive(Default)]
struct Contents {
    /// The whole entries, in the order of sealing.
    entries: Vec<SealedEntry>,
    /// Where the last of them ends; 0 for a file that was cut off inside its first bytes.
    end: u64,
    /// Frames before that end whose entry is not whole. What comes after it was being written when the power went: a disk
    /// may then hold any part of it.
    damaged: usize,
}

impl Contents {
    fn read(mut from: impl Read) -> std::io::Result<Self> {
        let mut magic = Vec::new();
        from.by_ref().take(BATCH_MAGIC.len() as u64).read_to_end(&mut magic)?;
        if magic != BATCH_MAGIC {
            // A file cut off inside its first bytes, or grown without them, is begun anew: it never held an entry. Anything else
            // is not ours to touch.
            let begun = from.read(&mut [0])? == 0 || magic.iter().all(|byte| *byte == 0);
            let unknown = || std::io::Error::new(std::io::ErrorKind::InvalidData, "not a black box of a known version");
            return if begun { Ok(Self::default()) } else { Err(unknown()) };
        }
        let mut contents = Self { end: magic.len() as u64, ..Self::default() };
        let (mut at, mut torn, mut keys) = (contents.end, 0, HashMap::new());
        let batch = BatchReader::new(magic.as_slice().chain(from));
        for item in batch.map_err(std::io::Error::other)? {
            let len = match &item {
                Ok(Item::Entry(entry)) => entry.to_bytes().len(),
                Ok(Item::Chunk(chunk)) => chunk.as_bytes().len(),
                Ok(Item::Unreadable { bytes, .. }) => bytes.len(),
                Err(BatchError::Io(error)) => return Err(std::io::Error::new(error.kind(), error.to_string())),
                // Cut off, or nothing that was ever a frame.
                Err(_) => break,
            };
            at += FRAME_HEAD + len as u64;
            match item {
                Ok(Item::Entry(entry)) if is_whole(&entry, &mut keys) => {
                    contents.entries.push(entry);
                    contents.end = at;
                    contents.damaged += std::mem::take(&mut torn);
                }
                _ => torn += 1,
            }
        }
        Ok(contents)
    }
}

/// Whether the body is what the header says, and the signature that of the chain, whose first entry stands in the box
/// before it.
fn is_whole(entry: &SealedEntry, keys: &mut HashMap<ChainId, PublicKey>) -> bool {
    let header = &entry.header;
    if let Some(opening) = header.opening() {
        keys.entry(header.chain).or_insert_with(|| opening.certificate.key);
    }
    let body = entry.body.as_ref().is_none_or(|body| header.check_body(body).is_ok());
    body && keys.get(&header.chain).is_none_or(|key| entry.is_signed_by(key))
}

/// The entries in a black box, in the order of sealing; an end that was cut off or torn is passed over. Their signatures are
/// looked at, but not who may sign.
///
/// # Errors
/// [`Error::Damaged`] if it is not a black box or an entry before its end is not whole; [`Error::Disk`].
pub fn read_black_box(path: &Path) -> Result<Vec<SealedEntry>> {
    let contents = contents_of(path)?;
    match contents.damaged {
        0 => Ok(contents.entries),
        damaged => {
            let what = format!("{damaged} entries in it are not whole, {} are", contents.entries.len());
            Err(Error::Damaged { path: path.to_owned(), what })
        }
    }
}

/// The whole entries in a black box, and how many of those before its end are not whole.
///
/// # Errors
/// [`Error::Damaged`] if it is not a black box; [`Error::Disk`].
pub fn salvage_black_box(path: &Path) -> Result<(Vec<SealedEntry>, usize)> {
    contents_of(path).map(|contents| (contents.entries, contents.damaged))
}

fn contents_of(path: &Path) -> Result<Contents> {
    let read = files::open_to_read(path).and_then(|file| Contents::read(BufReader::new(file)));
    read.map_err(|error| match error.kind() {
        std::io::ErrorKind::InvalidData => Error::Damaged { path: path.to_owned(), what: error.to_string() },
        _ => Error::io(Op::Read, &error),
    })
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

    /// Adds own entries after their commit. A failure is kept for [`Store::black_box_trouble`] and [`Store::second_box`]: the
    /// step is durable.
    pub(crate) fn keep_in_black_box(&self, entries: &[SealedEntry]) {
        if entries.is_empty() {
            return;
        }
        let missing = |there: &HashSet<EntryHash>| self.read(|view| view.own_entries_except(there));
        locked(&self.black_box).keep(entries, missing);
        if let Some(second) = &mut *locked(&self.second_box) {
            second.keep(entries, missing);
        }
    }

    /// Adds what a crash, a full disk or a medium that was away kept out.
    pub fn catch_up_black_box(&self) {
        let missing = |there: &HashSet<EntryHash>| self.read(|view| view.own_entries_except(there));
        locked(&self.black_box).catch_up(missing);
        if let Some(second) = &mut *locked(&self.second_box) {
            second.catch_up(missing);
        }
    }

    /// The black box on another medium, if the person named one.
    pub fn second_box(&self) -> Option<SecondBox> {
        let second = locked(&self.second_box);
        let BlackBox { path, trouble, .. } = second.as_ref()?;
        let trouble = trouble.as_ref().map(ToString::to_string);
        Some(SecondBox { path: path.clone(), is_here: path.is_file(), trouble })
    }

    /// Keeps a second black box in a folder of another medium from now on, with all own entries up to now. One of this store
    /// that lies there already is gone on with, once it holds nothing any more that was erased meanwhile. The one named before
    /// stays as it is.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a folder that is not there, [`Error::Invalid`] for one whose name is no text,
    /// [`Error::Damaged`] if a file of that name is no black box, [`Error::DiskFull`], [`Error::Disk`]; nothing is then kept
    /// there.
    pub fn keep_second_box(&self, folder: &Path) -> Result<KeptBox> {
        if !folder.is_dir() {
            return Err(Error::NotFound { what: "folder for the second black box" });
        }
        let path = folder.join(format!("tianye-{}.box", &self.id().to_string()[..8]));
        let text = path.to_str().ok_or(Error::Invalid { what: "folder", why: "its name is no text".into() })?;
        let missing = |there: &HashSet<EntryHash>| self.read(|view| view.own_entries_except(there));
        let mut second = BlackBox::beyond(path.clone());
        let was_there = path.is_file();
        // Made only here, where the person says that the medium is in.
        files::open_to_write(&path).map_err(|error| Error::io(Op::Seal, &error))?;
        if was_there {
            second.erase(&self.read(|view| view.all_erased())?).map_err(|error| Error::io(Op::Erase, &error))?;
        }
        second.catch_up(missing);
        if let Some(trouble) = second.trouble.take() {
            return Err(trouble);
        }
        self.transact(Op::Setting, |tx| tx.put_setting(SECOND, text.as_bytes()))?;
        *locked(&self.second_box) = Some(second);
        self.finish_erasing();
        Ok(KeptBox { path, was_there })
    }

    /// Keeps no second black box any more; the file stays where it is, and no erasure waits for it.
    ///
    /// # Errors
    /// Database errors.
    pub fn keep_no_second_box(&self) -> Result<()> {
        self.transact(Op::Setting, |tx| tx.remove_setting(SECOND))?;
        *locked(&self.second_box) = None;
        self.finish_erasing();
        Ok(())
    }

    /// Takes bodies out of the second black box, if there is one.
    ///
    /// # Errors
    /// [`Error::Disk`] where its medium is away or fails; [`Error::NotFound`] where it was not learned at unlocking which it is.
    pub(crate) fn erase_from_second_box(&self, erased: &HashSet<EntryHash>) -> Result<()> {
        let is_named = self.read(|view| view.names_second_box())?;
        match &mut *locked(&self.second_box) {
            Some(second) => second.erase(erased).map_err(|error| Error::io(Op::Erase, &error)),
            None if is_named => Err(Error::NotFound { what: "second black box" }),
            None => Ok(()),
        }
    }

    /// Takes up the second black box that was named.
    pub(crate) fn look_for_second_box(&self) {
        let named = self.read(|view| view.setting(SECOND)).ok().flatten();
        let path = named.and_then(|bytes| String::from_utf8(bytes).ok()).map(PathBuf::from);
        *locked(&self.second_box) = path.map(BlackBox::beyond);
    }
}

impl View<'_> {
    /// Whether the person named a second black box.
    pub(crate) fn names_second_box(&self) -> Result<bool> {
        Ok(self.setting(SECOND)?.is_some())
    }
}

/// A second black box that is kept from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptBox {
    /// Where it is.
    pub path: PathBuf,
    /// One of this store lay there already.
    pub was_there: bool,
}

/// The setting that says where the second black box is.
const SECOND: &str = "second-black-box";

/// A black box on another medium.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecondBox {
    /// Where it is.
    pub path: PathBuf,
    /// Its medium is in the laptop.
    pub is_here: bool,
    /// What went wrong when it was last written, if anything; what is missing is added once it goes well again.
    pub trouble: Option<String>,
}
