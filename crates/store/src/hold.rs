//! One program at a time has a store unlocked.
//!
//! SQLite would let several write one after the other, but what a desk keeps in memory (its lists, the place in the own
//! chain, the open interview) would not hear of it, and unlocking sweeps what the other one is just putting down. So an
//! unlocked store holds a lock of the system on the file `in-use`. The system takes it back when the program ends, however
//! it ends: a stale lock cannot be. Who holds it stands in a file beside it, since on Windows a locked file cannot be read.
//!
//! Within one program a store that is still in use (a sync that ends after the desk was locked) is shared.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, PoisonError, Weak};

use serde::{Deserialize, Serialize};

use crate::{Error, Op, Result, files};

/// The file that is locked; empty.
const FILE: &str = "in-use";
/// Who locked it last.
const HOLDER: &str = "in-use.json";
/// Most bytes of [`HOLDER`].
const LIMIT: u64 = 4096;

/// What this program holds, by the folder of the store.
static HELD: LazyLock<Mutex<BTreeMap<PathBuf, Weak<Hold>>>> = LazyLock::new(Mutex::default);

/// A held store. Dropping the last one lets it go.
#[derive(Debug)]
pub(crate) struct Hold {
    /// None where the file system has no locks, or no room for the file.
    file: Option<File>,
}

impl Drop for Hold {
    /// Lets go in so many words: closing the file alone would leave the lock to a child process that is just being started
    /// and has the file open too, until it runs its own program.
    fn drop(&mut self) {
        // The file is closed in any case.
        let _ = self.file.as_ref().map(File::unlock);
    }
}

/// Who has a store unlocked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Holder {
    /// The name of the program, as its file is called; empty if it is not known.
    pub program: String,
    /// Its number among the processes of the system.
    pub process: u32,
    /// Since when: milliseconds since 1970 UTC by the laptop's clock.
    pub since_ms: Option<i64>,
}

/// Holds the store in a folder for this program.
///
/// # Errors
/// [`Error::InUse`] while another program has it unlocked; [`Error::Disk`].
pub(crate) fn hold(dir: &Path, now_ms: Option<i64>) -> Result<Arc<Hold>> {
    let failed = |error: std::io::Error| Error::io(Op::Open, &error);
    let folder = dir.canonicalize().map_err(failed)?;
    let mut held = HELD.lock().unwrap_or_else(PoisonError::into_inner);
    held.retain(|_, hold| hold.strong_count() > 0);
    if let Some(hold) = held.get(&folder).and_then(Weak::upgrade) {
        return Ok(hold);
    }
    let open = || OpenOptions::new().create(true).truncate(false).write(true).open(folder.join(FILE));
    let file = match files::patiently(open) {
        Ok(file) => file,
        // A full disk must not bar the way to the data. The file is there from the first time on.
        Err(error) if matches!(Error::io(Op::Open, &error), Error::DiskFull { .. }) => {
            return Ok(Arc::new(Hold { file: None }));
        }
        Err(error) => return Err(failed(error)),
    };
    let file = match file.try_lock() {
        Ok(()) => Some(file),
        Err(TryLockError::WouldBlock) => return Err(Error::InUse { by: holder(&folder) }),
        // A file system without locks, such as some that lie behind a network.
        Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => None,
        Err(TryLockError::Error(error)) => return Err(failed(error)),
    };
    let hold = Arc::new(Hold { file });
    let program = std::env::current_exe().ok().and_then(|path| Some(path.file_stem()?.to_string_lossy().into_owned()));
    let who = Holder { program: program.unwrap_or_default(), process: std::process::id(), since_ms: now_ms };
    // It is only for show: a full disk must not bar the way to the data.
    let _ = serde_json::to_vec(&who).map(|json| files::write_whole(&folder.join(HOLDER), &json));
    held.insert(folder, Arc::downgrade(&hold));
    Ok(hold)
}

/// Who holds a store; empty if that cannot be read.
fn holder(dir: &Path) -> Holder {
    let bytes = files::read_limited(&dir.join(HOLDER), LIMIT).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "this is test code throughout")]

    use super::*;

    #[test]
    fn a_store_is_let_go_though_the_file_is_still_open_elsewhere() {
        let dir = tempfile::tempdir().unwrap();
        let held = hold(dir.path(), None).unwrap();
        // As a child process has it between its making and its own program.
        let _child = held.file.as_ref().unwrap().try_clone().unwrap();
        drop(held);
        let other = File::options().write(true).open(dir.path().join(FILE)).unwrap();
        assert!(other.try_lock().is_ok(), "nobody holds it any more");
    }
}
