//! A stick: the same batch as over HTTP, in a file sealed once more with age, so that a lost stick says nothing but its
//! size.

use std::{
    fs::{self, File},
    io::{self, BufReader, BufWriter, Read, Write as _},
    path::{Path, PathBuf},
};

use rand_core::CryptoRng;
use tianye_journal::{
    BatchReader, BatchWriter, Frontier, Item, ReadingKey, Recipient, open_stream, seal_stream, to_hex,
};

use crate::{
    Admitted, Cancel, Limit, Replica, SyncError,
    protocol::{BATCH_BYTES, MAX_ENTRIES, SetAsideEntry},
    replica::spans_for,
};

/// Ending of batch files.
const ENDING: &str = "tianye";

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

/// Writes what a side with the frontier `known` lacks (an empty one: everything) and the chunks held into a new file in
/// `folder`, sealed for `readers`. The name is random. The file is there whole or not at all.
///
/// # Errors
/// [`SyncError::File`] from the carrier, those of the store, [`SyncError::Cancelled`].
pub fn write_stick(
    replica: &mut impl Replica,
    folder: &Path,
    known: &Frontier,
    readers: &[Recipient],
    cancel: &Cancel,
    rng: &mut impl CryptoRng,
) -> Result<PathBuf, SyncError> {
    let mut name = [0; 8];
    rng.fill_bytes(&mut name);
    let path = folder.join(format!("{}.{ENDING}", to_hex(&name)));
    let part = path.with_extension("part");
    let written = write_part(replica, &part, known, readers, cancel);
    let renamed = || fs::rename(&part, &path).and_then(|()| sync_folder(folder));
    let finished = written.and_then(|()| renamed().map_err(file_error(&path)));
    if let Err(error) = finished {
        let _ = fs::remove_file(&part);
        return Err(error);
    }
    Ok(path)
}

/// Reads a batch file into a replica. Bad entries are set aside; a damaged end is reported, the rest enters.
///
/// # Errors
/// [`SyncError::BadBatch`] if it is no batch for this reader, [`SyncError::File`] if it cannot be opened, those of the
/// store, [`SyncError::Cancelled`].
pub fn read_stick(
    replica: &mut impl Replica,
    path: &Path,
    key: &ReadingKey,
    cancel: &Cancel,
) -> Result<StickReport, SyncError> {
    let file = File::open(path).map_err(file_error(path))?;
    let stream = open_stream(BufReader::new(file), key).map_err(|error| bad_batch(&error))?;
    read_batch(replica, stream, cancel, &mut |_| ())
}

/// Reads a batch file to its end without taking anything in: how many entries and chunks it holds. What a system still
/// keeps in memory it may read from there; a file system that lost something says so all the same.
///
/// # Errors
/// [`SyncError::BadBatch`] for anything that is not whole, [`SyncError::File`], [`SyncError::Cancelled`].
pub fn verify_stick(path: &Path, key: &ReadingKey, cancel: &Cancel) -> Result<(usize, usize), SyncError> {
    let file = File::open(path).map_err(file_error(path))?;
    let stream = open_stream(BufReader::new(file), key).map_err(|error| bad_batch(&error))?;
    let (mut entries, mut chunks) = (0, 0);
    for item in BatchReader::new(BufReader::new(stream)).map_err(|error| bad_batch(&error))? {
        cancel.check()?;
        match item.map_err(|error| bad_batch(&error))? {
            Item::Entry(_) => entries += 1,
            Item::Chunk(_) => chunks += 1,
            Item::Unreadable { reason, .. } => return Err(bad_batch(&reason)),
        }
    }
    Ok((entries, chunks))
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
    replica: &mut impl Replica,
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
                replica.put_chunk(chunk)?;
                report.chunks += 1;
            }
            Ok(Item::Unreadable { reason, .. }) => {
                report.set_aside.push(SetAsideEntry { place: None, code: reason.code().to_owned() });
            }
            Err(error) => report.damage = Some(bad_batch(&error)),
        }
        if entries.len() >= MAX_ENTRIES || bytes >= BATCH_BYTES {
            admit(replica, &mut entries, &mut report)?;
            bytes = 0;
            progress(read);
        }
    }
    admit(replica, &mut entries, &mut report)?;
    report.note(replica.settle()?);
    progress(read);
    Ok(report)
}

fn admit(
    replica: &mut impl Replica,
    entries: &mut Vec<tianye_journal::SealedEntry>,
    report: &mut StickReport,
) -> Result<(), SyncError> {
    if entries.is_empty() {
        return Ok(());
    }
    report.note(replica.admit(std::mem::take(entries))?);
    Ok(())
}

fn write_part(
    replica: &mut impl Replica,
    part: &Path,
    known: &Frontier,
    readers: &[Recipient],
    cancel: &Cancel,
) -> Result<(), SyncError> {
    let fail = file_error(part);
    let file = File::create_new(part).map_err(&fail)?;
    let sealed = seal_stream(readers, BufWriter::new(file)).map_err(&fail)?;
    let mut batch = BatchWriter::new(sealed).map_err(&fail)?;
    let limit = Limit { entries: MAX_ENTRIES, bytes: BATCH_BYTES };
    for span in spans_for(replica, known)? {
        let mut after = span.after;
        loop {
            cancel.check()?;
            let entries = replica.entries_after(span.chain, after, limit)?;
            let Some(last) = entries.last() else { break };
            after = Some(last.header.seq);
            for entry in &entries {
                batch.entry(entry).map_err(&fail)?;
            }
        }
    }
    for id in replica.chunks_held()? {
        cancel.check()?;
        if let Some(chunk) = replica.chunk(id)? {
            batch.chunk(&chunk).map_err(&fail)?;
        }
    }
    let sealed = batch.finish().map_err(&fail)?;
    let mut output = sealed.finish().map_err(&fail)?;
    output.flush().map_err(&fail)?;
    output.into_inner().map_err(|error| fail(error.into_error()))?.sync_all().map_err(&fail)
}

/// Makes the name of a new file durable; Windows does so by itself.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

fn bad_batch(error: &dyn std::error::Error) -> SyncError {
    SyncError::BadBatch { what: error.to_string() }
}

fn file_error(path: &Path) -> impl Fn(io::Error) -> SyncError {
    let path = path.display().to_string();
    move |source| SyncError::File { path: path.clone(), source }
}
