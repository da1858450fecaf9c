//! A stick: the same batch as over HTTP, in a file sealed once more with age, so that a lost stick says nothing but its
//! size.

use std::{
    cell::Cell,
    collections::{BTreeMap, BTreeSet},
    fs::{self, File},
    io::{self, BufReader, BufWriter, Read, Write as _},
    path::{Path, PathBuf},
    rc::Rc,
};

use rand_core::CryptoRng;
use tianye_journal::{
    BatchReader, BatchWriter, ChainId, ChunkId, Frontier, Item, ReadingKey, Recipient, SealedChunk, SealedEntry,
    SealedStream, Seq, open_stream, seal_stream,
};

use crate::{
    Admitted, Cancel, Limit, Progress, Replica, Step, SyncError, Tell,
    exchange::span_length,
    parts::Part,
    protocol::{BATCH_BYTES, MAX_ENTRIES, SetAsideEntry},
    replica::spans_for,
};

/// Ending of batch files.
pub(crate) const ENDING: &str = "tianye";
/// Ending of a file that is being written.
const UNFINISHED: &str = "part";
/// Largest file that is written, in bytes. FAT32 ends at 4 GiB; a smaller one loses less when the stick is pulled.
pub const PART_BYTES: u64 = 256 << 20;

/// What was read from a stick.
#[derive(Debug, Default)]
pub struct StickReport {
    /// New entries.
    pub received: usize,
    /// Entries that were here already.
    pub repeated: usize,
    /// Entries that did not enter, and why.
    pub set_aside: Vec<SetAsideEntry>,
    /// Places found at which a chain splits: an alarm.
    pub forks: usize,
    /// Chunks kept.
    pub chunks: usize,
    /// Why the file could not be read to its end. What came before it has entered: each entry proves itself.
    pub damage: Option<SyncError>,
}

impl StickReport {
    fn note(&mut self, admitted: Admitted) {
        self.received += admitted.accepted;
        self.repeated += admitted.repeated;
        self.set_aside.extend(admitted.set_aside);
        self.forks += admitted.forks;
    }
}

/// What is written to a stick, and for whom.
#[derive(Clone, Debug)]
pub struct StickPlan<'a> {
    /// What its readers have, or what lies on the stick already; an empty one: nothing.
    pub known: &'a Frontier,
    /// Chunks that are not to be written, for the same reason.
    pub known_chunks: &'a BTreeSet<ChunkId>,
    /// For whom it is sealed.
    pub readers: &'a [Recipient],
    /// Largest file, in bytes.
    pub part_bytes: u64,
    /// The part to go on with, where writing was interrupted.
    pub go_on: Option<&'a Part>,
}

/// A file of a stick that is whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StickFile {
    /// Where it is.
    pub path: PathBuf,
    /// What its readers were taken to have before it.
    pub after: Frontier,
    /// What they have with it.
    pub to: Frontier,
    /// The chunks in it.
    pub chunks: BTreeSet<ChunkId>,
}

/// Writes what a side with `plan.known` lacks, and the chunks held, into new files in `folder`. A file that would grow beyond
/// `plan.part_bytes` is ended, and another one goes on; one that is named is whole and stands for itself. `done` hears of each
/// as soon as it has its name. No file at all where there is nothing to write.
///
/// # Errors
/// [`SyncError::File`] from the carrier, those of the store, [`SyncError::Cancelled`]; the files named before stay.
pub fn write_stick(
    replica: &mut impl Replica,
    folder: &Path,
    plan: &StickPlan<'_>,
    cancel: &Cancel,
    tell: &mut Tell<'_>,
    rng: &mut impl CryptoRng,
    done: &mut dyn FnMut(&StickFile, &mut Tell<'_>) -> Result<(), SyncError>,
) -> Result<Vec<PathBuf>, SyncError> {
    let part = match plan.go_on {
        Some(part) => part.next(),
        None => {
            let mut series = [0; 8];
            rng.fill_bytes(&mut series);
            Part::first(series)
        }
    };
    let mut writing =
        Writing { folder, plan, part, open: None, to: plan.known.clone(), chunks: BTreeSet::new(), files: Vec::new() };
    let written = writing.everything(replica, cancel, tell, done);
    if written.is_err()
        && let Some(open) = writing.open.take()
    {
        drop(open.batch);
        let _ = fs::remove_file(&open.path);
    }
    written.map(|()| writing.files)
}

/// What a batch is read into: a replica, or who only looks at it.
pub trait Taker {
    /// Takes entries as they come, and says what became of them, or what would.
    ///
    /// # Errors
    /// Those of the store.
    fn take_entries(&mut self, entries: Vec<SealedEntry>) -> Result<Admitted, SyncError>;

    /// Takes a chunk.
    ///
    /// # Errors
    /// Those of the store.
    fn take_chunk(&mut self, chunk: SealedChunk) -> Result<(), SyncError>;

    /// Nothing more comes: says what became of entries of which it was not said yet.
    ///
    /// # Errors
    /// Those of the store.
    fn end(&mut self) -> Result<Admitted, SyncError> {
        Ok(Admitted::default())
    }
}

impl<R: Replica> Taker for R {
    fn take_entries(&mut self, entries: Vec<SealedEntry>) -> Result<Admitted, SyncError> {
        self.admit(entries)
    }

    fn take_chunk(&mut self, chunk: SealedChunk) -> Result<(), SyncError> {
        self.put_chunk(chunk)
    }

    fn end(&mut self) -> Result<Admitted, SyncError> {
        self.settle()
    }
}

/// What one file holds of a chain, verified and not taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainLook {
    /// The chain.
    pub chain: ChainId,
    /// Number of the certificate that it was opened with, if the opening is here or in the file.
    pub serial: Option<u64>,
    /// Lowest place of an entry in the file.
    pub from: Seq,
    /// Highest one.
    pub to: Seq,
    /// Good entries that are not here.
    pub new: usize,
    /// Good entries that are here already.
    pub known: usize,
    /// Places that become taken twice with this file.
    pub forks: Vec<Seq>,
    /// Whether its certificate was revoked, as far as is known here.
    pub revoked: bool,
    /// Good entries that will have no effect, since their writer had no right to them, as far as they open here: their places, by
    /// the reason's code.
    pub no_right: BTreeMap<String, Vec<Seq>>,
}

/// What a batch file holds, verified and not taken in.
#[derive(Debug)]
pub struct StickLook {
    /// What reading it would come to.
    pub report: StickReport,
    /// Chunks that are not here.
    pub new_chunks: usize,
    /// By chain.
    pub chains: Vec<ChainLook>,
}

/// What was written and synced is still in memory, and reading that would say nothing of the medium: a stick that pretends to be
/// larger than it is would pass.
#[cfg(target_os = "linux")]
fn forget_what_is_in_memory(path: &Path) {
    if let Ok(file) = File::open(path) {
        // A file system that cannot is read as well as it can be.
        let _ = rustix::fs::fadvise(&file, 0, None, rustix::fs::Advice::DontNeed);
    }
}

#[cfg(not(target_os = "linux"))]
fn forget_what_is_in_memory(_: &Path) {}

/// Reads a batch file into a replica. Bad entries are set aside; a damaged end is reported, the rest enters.
///
/// # Errors
/// [`SyncError::BadBatch`] if it is no batch for this reader, [`SyncError::File`] if it cannot be opened, those of the
/// store, [`SyncError::Cancelled`].
pub fn read_stick(
    taker: &mut impl Taker,
    path: &Path,
    key: &ReadingKey,
    cancel: &Cancel,
    tell: &mut Tell<'_>,
) -> Result<StickReport, SyncError> {
    let (file, measured) = Measured::open(path)?;
    let stream = open_stream(BufReader::new(file), key).map_err(|error| bad_batch(&error))?;
    let report = read_batch(taker, stream, cancel, &mut |done| tell(&measured.progress(Step::Read, done)))?;
    Ok(report)
}

/// Reads a batch file to its end without taking anything in: how many entries and chunks it holds. On Linux it is read from
/// the medium; another system may read what it still keeps in memory of it from there.
///
/// # Errors
/// [`SyncError::BadBatch`] for anything that is not whole, [`SyncError::File`], [`SyncError::Cancelled`].
pub fn verify_stick(
    path: &Path,
    key: &ReadingKey,
    cancel: &Cancel,
    tell: &mut Tell<'_>,
) -> Result<(usize, usize), SyncError> {
    forget_what_is_in_memory(path);
    let (file, measured) = Measured::open(path)?;
    let stream = open_stream(BufReader::new(file), key).map_err(|error| bad_batch(&error))?;
    let (mut entries, mut chunks) = (0_usize, 0_usize);
    for item in BatchReader::new(BufReader::new(stream)).map_err(|error| bad_batch(&error))? {
        cancel.check()?;
        match item.map_err(|error| bad_batch(&error))? {
            Item::Entry(_) => entries += 1,
            Item::Chunk(_) => chunks += 1,
            Item::Unreadable { reason, .. } => return Err(bad_batch(&reason)),
        }
        if (entries + chunks).is_multiple_of(64) {
            tell(&measured.progress(Step::Verify, entries + chunks));
        }
    }
    Ok((entries, chunks))
}

/// A file that is read, and how far.
struct Measured {
    read: Rc<Cell<u64>>,
    length: u64,
}

/// Counts what is read of a file.
struct Counting(File, Rc<Cell<u64>>);

impl Read for Counting {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let length = self.0.read(into)?;
        self.1.set(self.1.get() + length as u64);
        Ok(length)
    }
}

impl Measured {
    fn open(path: &Path) -> Result<(Counting, Self), SyncError> {
        let fail = file_error(path);
        let file = File::open(path).map_err(&fail)?;
        let length = file.metadata().map_err(&fail)?.len();
        let read = Rc::new(Cell::new(0));
        Ok((Counting(file, read.clone()), Self { read, length }))
    }

    fn progress(&self, step: Step, done: usize) -> Progress {
        Progress { step, done, total: None, bytes: self.read.get(), of_bytes: Some(self.length) }
    }
}

/// The batch files of a folder, by name.
///
/// # Errors
/// [`SyncError::File`] if the folder cannot be read.
pub fn batches_in(folder: &Path) -> Result<Vec<PathBuf>, SyncError> {
    let fail = file_error(folder);
    let mut files = Vec::new();
    for item in fs::read_dir(folder).map_err(&fail)? {
        let path = item.map_err(&fail)?.path();
        if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(ENDING)) && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Reads a batch into a replica, as [`read_stick`] does once the outer envelope is open. `progress` hears how many entries
/// were read so far.
///
/// # Errors
/// [`SyncError::BadBatch`] if it is no batch, those of the store, [`SyncError::Cancelled`].
pub fn read_batch(
    taker: &mut impl Taker,
    batch: impl Read,
    cancel: &Cancel,
    progress: &mut dyn FnMut(usize),
) -> Result<StickReport, SyncError> {
    let reader = BatchReader::new(BufReader::new(batch)).map_err(|error| bad_batch(&error))?;
    let mut report = StickReport::default();
    let mut entries = Vec::new();
    let (mut bytes, mut read) = (0, 0);
    for item in reader {
        cancel.check()?;
        match item {
            Ok(Item::Entry(entry)) => {
                bytes += entry.body.as_ref().map_or(0, Vec::len);
                entries.push(entry);
                read += 1;
            }
            Ok(Item::Chunk(chunk)) => {
                taker.take_chunk(chunk)?;
                report.chunks += 1;
                progress(read);
            }
            Ok(Item::Unreadable { reason, .. }) => {
                report.set_aside.push(SetAsideEntry { place: None, code: reason.code().to_owned() });
            }
            Err(error) => report.damage = Some(bad_batch(&error)),
        }
        if entries.len() >= MAX_ENTRIES || bytes >= BATCH_BYTES {
            take(taker, &mut entries, &mut report)?;
            bytes = 0;
            progress(read);
        }
    }
    take(taker, &mut entries, &mut report)?;
    report.note(taker.end()?);
    progress(read);
    Ok(report)
}

fn take(taker: &mut impl Taker, entries: &mut Vec<SealedEntry>, report: &mut StickReport) -> Result<(), SyncError> {
    if entries.is_empty() {
        return Ok(());
    }
    report.note(taker.take_entries(std::mem::take(entries))?);
    Ok(())
}

/// A stick that is being written.
struct Writing<'a> {
    folder: &'a Path,
    plan: &'a StickPlan<'a>,
    /// The part that is written next, or now.
    part: Part,
    open: Option<OpenPart>,
    /// What readers have with everything written so far.
    to: Frontier,
    /// The chunks of the open part.
    chunks: BTreeSet<ChunkId>,
    files: Vec<PathBuf>,
}

type Output = BufWriter<File>;

/// A file that has no name yet.
struct OpenPart {
    path: PathBuf,
    batch: BatchWriter<SealedStream<Output>>,
    after: Frontier,
    /// Bytes of items in it, before they are sealed.
    plain: u64,
}

impl Writing<'_> {
    fn everything(
        &mut self,
        replica: &mut impl Replica,
        cancel: &Cancel,
        tell: &mut Tell<'_>,
        done: &mut dyn FnMut(&StickFile, &mut Tell<'_>) -> Result<(), SyncError>,
    ) -> Result<(), SyncError> {
        let limit = Limit { entries: MAX_ENTRIES, bytes: BATCH_BYTES };
        let ours = replica.frontier()?;
        let spans = spans_for(replica, self.plan.known)?;
        let total: usize = spans.iter().map(|span| span_length(&ours, span)).sum();
        let (mut entries, mut bytes) = (0, 0);
        for span in spans {
            let mut after = span.after;
            loop {
                cancel.check()?;
                let page = replica.entries_after(span.chain, after, limit)?;
                let Some(last) = page.last() else { break };
                after = Some(last.header.seq);
                for entry in &page {
                    let size = entry.to_bytes().len() as u64;
                    self.make_room(size, tell, done)?;
                    let open = self.opened()?;
                    open.batch.entry(entry).map_err(file_error(&open.path))?;
                    open.plain += FRAME + size;
                    self.to.advance(&entry.header);
                    bytes += size;
                }
                entries += page.len();
                let total = Some(total.max(entries));
                tell(&Progress { step: Step::WriteEntries, done: entries, total, bytes, of_bytes: None });
            }
        }
        let held = replica.chunks_held()?;
        let held: Vec<ChunkId> = held.into_iter().filter(|id| !self.plan.known_chunks.contains(id)).collect();
        for (at, id) in held.iter().enumerate() {
            cancel.check()?;
            tell(&Progress { step: Step::WriteChunks, done: at, total: Some(held.len()), bytes, of_bytes: None });
            let Some(chunk) = replica.chunk(*id)? else { continue };
            let size = chunk.as_bytes().len() as u64;
            self.make_room(size, tell, done)?;
            let open = self.opened()?;
            open.batch.chunk(&chunk).map_err(file_error(&open.path))?;
            open.plain += FRAME + size;
            self.chunks.insert(*id);
            bytes += size;
        }
        self.end(true, tell, done)
    }

    /// Ends the open part if what comes next does not fit into it.
    fn make_room(
        &mut self,
        size: u64,
        tell: &mut Tell<'_>,
        done: &mut dyn FnMut(&StickFile, &mut Tell<'_>) -> Result<(), SyncError>,
    ) -> Result<(), SyncError> {
        let full = |open: &OpenPart| {
            open.plain > 0 && sealed_length(open.plain + FRAME + size, self.plan.readers.len()) > self.plan.part_bytes
        };
        if self.open.as_ref().is_some_and(full) { self.end(false, tell, done) } else { Ok(()) }
    }

    fn opened(&mut self) -> Result<&mut OpenPart, SyncError> {
        if self.open.is_none() {
            let path = self.folder.join(format!("{}.{UNFINISHED}", self.part.stem(false)));
            let fail = file_error(&path);
            // Left by writing that was interrupted.
            let _ = fs::remove_file(&path);
            let file = File::create_new(&path).map_err(&fail)?;
            let sealed = seal_stream(self.plan.readers, BufWriter::new(file)).map_err(&fail)?;
            let batch = BatchWriter::new(sealed).map_err(&fail)?;
            self.open = Some(OpenPart { path, batch, after: self.to.clone(), plain: 0 });
        }
        self.open.as_mut().ok_or(SyncError::Cancelled)
    }

    /// Gives the open part its name. `last`: nothing comes after it.
    fn end(
        &mut self,
        last: bool,
        tell: &mut Tell<'_>,
        done: &mut dyn FnMut(&StickFile, &mut Tell<'_>) -> Result<(), SyncError>,
    ) -> Result<(), SyncError> {
        let Some(OpenPart { path, batch, after, .. }) = self.open.take() else { return Ok(()) };
        let named = self.folder.join(format!("{}.{ENDING}", self.part.stem(last)));
        let finished = (|| {
            let mut output = batch.finish()?.finish()?;
            output.flush()?;
            output.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
            fs::rename(&path, &named)?;
            sync_folder(self.folder)
        })();
        if let Err(error) = finished {
            let _ = fs::remove_file(&path);
            return Err(file_error(&path)(error));
        }
        self.part = self.part.next();
        self.files.push(named.clone());
        let chunks = std::mem::take(&mut self.chunks);
        done(&StickFile { path: named, after, to: self.to.clone(), chunks }, tell)
    }
}

/// Bytes of a frame's head in a batch.
const FRAME: u64 = 5;

/// How long a file gets at most whose items have so many bytes: age seals in pieces of 64 KiB, each with a code of 16 bytes,
/// after a header of a line or two for each reader.
fn sealed_length(plain: u64, readers: usize) -> u64 {
    let header = 512 + 160 * (readers as u64 + 1);
    // Magic and end of the batch, and the last piece.
    let plain = plain + 64;
    header + plain + (plain / 65_536 + 1) * 16
}

/// Makes the name of a new file durable; Windows does so by itself.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

fn bad_batch(error: &dyn std::error::Error) -> SyncError {
    SyncError::BadBatch { what: error.to_string() }
}

fn file_error(path: &Path) -> impl Fn(io::Error) -> SyncError + use<> {
    let path = path.display().to_string();
    move |source| SyncError::File { path: path.clone(), source }
}
