//! Files beside the database, written so that a power cut leaves them whole. Every act on one goes through here.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use crate::watch::{FileAct, told};

/// Writes `bytes` to `path`: temporary file beside it, fsync, rename, fsync of the folder.
///
/// # Errors
/// What the system says; the old file is then still there, or the new one if only making its name durable failed.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut temporary = path.to_path_buf().into_os_string();
    temporary.push(".tmp");
    let temporary = Path::new(&temporary);
    let written = (|| {
        let mut file = open_to_write(temporary)?;
        told(FileAct::Empty(temporary), || file.set_len(0))?;
        write_at(&mut file, temporary, 0, bytes)?;
        told(FileAct::Sync(temporary), || file.sync_all())
    })();
    written.and_then(|()| rename(temporary, path)).inspect_err(|_| {
        // Only our own half-written copy is removed; the error to report is the first one.
        let _ = remove(temporary);
    })
}

/// Gives a file another name in the same folder, in place of what has it; durable on return.
///
/// # Errors
/// What the system says. If only making it durable failed, the file has its new name all the same.
pub(crate) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    told(FileAct::Rename(from, to), || patiently(|| fs::rename(from, to)))?;
    to.parent().map_or(Ok(()), sync_dir)
}

/// Opens a file to read and write it, without emptying it; makes it if it is not there.
///
/// # Errors
/// What the system says.
pub(crate) fn open_to_write(path: &Path) -> io::Result<File> {
    told(FileAct::Open(path), || OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path))
}

/// Opens a file to read it.
///
/// # Errors
/// What the system says.
pub(crate) fn open_to_read(path: &Path) -> io::Result<File> {
    told(FileAct::Read(path), || patiently(|| File::open(path)))
}

/// Writes at a place of a file.
///
/// # Errors
/// What the system says; a part may then be written.
pub(crate) fn write_at(file: &mut File, path: &Path, at: u64, bytes: &[u8]) -> io::Result<()> {
    told(FileAct::Write { path, at, bytes }, || {
        file.seek(SeekFrom::Start(at))?;
        file.write_all(bytes)
    })
}

/// Cuts a file off.
///
/// # Errors
/// What the system says.
pub(crate) fn cut(file: &File, path: &Path, len: u64) -> io::Result<()> {
    told(FileAct::Cut(path, len), || file.set_len(len))
}

/// Makes the content of a file durable.
///
/// # Errors
/// What the system says; nothing can then be said of what was written.
pub(crate) fn sync(file: &File, path: &Path) -> io::Result<()> {
    told(FileAct::Sync(path), || file.sync_data())
}

/// Makes durable what a file holds, and its name, whoever wrote it: after a sync that failed, the system goes on giving bytes
/// that the disk never took, and no later sync covers them. So they are written once more, over themselves.
///
/// # Errors
/// What the system says; the file then still holds what it held.
pub(crate) fn write_anew(path: &Path) -> io::Result<()> {
    const PIECE: usize = 1 << 20;
    let mut file = open_to_write(path)?;
    let mut piece = Vec::with_capacity(PIECE);
    let mut at = 0;
    loop {
        piece.clear();
        told(FileAct::Read(path), || {
            file.seek(SeekFrom::Start(at))?;
            Read::by_ref(&mut file).take(PIECE as u64).read_to_end(&mut piece).map(drop)
        })?;
        if piece.is_empty() {
            break;
        }
        write_at(&mut file, path, at, &piece)?;
        at += piece.len() as u64;
    }
    sync(&file, path)?;
    path.parent().map_or(Ok(()), sync_dir)
}

/// Takes a file away.
///
/// # Errors
/// What the system says.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    told(FileAct::Remove(path), || patiently(|| fs::remove_file(path)))
}

/// Makes a folder, with those above it that are missing; each made one is durable on return.
///
/// # Errors
/// What the system says; a folder that could not be made durable is taken away again, since a later try would take it for
/// durable.
pub(crate) fn make_dir(dir: &Path) -> io::Result<()> {
    if dir.as_os_str().is_empty() || dir.is_dir() {
        return Ok(());
    }
    let above = dir.parent().unwrap_or(Path::new(""));
    make_dir(above)?;
    match told(FileAct::MakeDir(dir), || fs::create_dir(dir)) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        made => made?,
    }
    let above = if above.as_os_str().is_empty() { Path::new(".") } else { above };
    sync_dir(above).inspect_err(|_| {
        let _ = told(FileAct::Remove(dir), || fs::remove_dir(dir));
    })
}

/// Makes a folder within another one that is durable. Those between them may be there since a try whose disk could neither make
/// them durable nor take them away; all of them are durable on return.
///
/// # Errors
/// What the system says.
pub(crate) fn make_dir_within(within: &Path, dir: &Path) -> io::Result<()> {
    make_dir(dir)?;
    dir.ancestors().skip(1).take_while(|above| above.starts_with(within)).try_for_each(sync_dir)
}

/// Reads at most `limit` bytes of `path`; a longer file is `InvalidData`.
///
/// # Errors
/// What the system says.
pub(crate) fn read_limited(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open_to_read(path)?.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(io::Error::new(io::ErrorKind::InvalidData, format!("longer than {limit} bytes")));
    }
    Ok(bytes)
}

/// Makes the names in a folder durable. Windows has no such call: its journal keeps renames.
///
/// # Errors
/// What the system says.
pub(crate) fn sync_dir(dir: &Path) -> io::Result<()> {
    told(FileAct::SyncDir(dir), || {
        if cfg!(windows) {
            return Ok(());
        }
        OpenOptions::new().read(true).open(dir)?.sync_all()
    })
}

/// Tries again for about a third of a second where a virus scanner may hold the file for a moment (Windows only).
///
/// # Errors
/// The last error.
pub(crate) fn patiently<T>(mut step: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    let mut wait = Duration::from_millis(5);
    loop {
        match step() {
            Err(error)
                if cfg!(windows)
                    && error.kind() == io::ErrorKind::PermissionDenied
                    && wait < Duration::from_millis(200) =>
            {
                sleep(wait);
                wait *= 2;
            }
            result => return result,
        }
    }
}
