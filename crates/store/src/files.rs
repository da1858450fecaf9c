//! Whole small files, written so that a power cut leaves either the old or the new one.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

/// Writes `bytes` to `path`: temporary file beside it, fsync, rename, fsync of the folder.
///
/// # Errors
/// What the system says; the old file is then still there.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut temporary = path.to_path_buf().into_os_string();
    temporary.push(".tmp");
    let temporary = Path::new(&temporary);
    let written = (|| {
        let mut file = File::create(temporary)?;
        file.write_all(bytes)?;
        file.sync_all()
    })();
    if let Err(error) = written.and_then(|()| patiently(|| fs::rename(temporary, path))) {
        // Only our own half-written copy is removed; the error to report is the first one.
        let _ = fs::remove_file(temporary);
        return Err(error);
    }
    path.parent().map_or(Ok(()), sync_dir)
}

/// Reads at most `limit` bytes of `path`; a longer file is `InvalidData`.
///
/// # Errors
/// What the system says.
pub(crate) fn read_limited(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    patiently(|| File::open(path))?.take(limit + 1).read_to_end(&mut bytes)?;
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
    if cfg!(windows) {
        return Ok(());
    }
    OpenOptions::new().read(true).open(dir)?.sync_all()
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
