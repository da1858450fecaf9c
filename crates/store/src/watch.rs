//! A place to stand beside the store's own files: each act on one is told to a watcher before it is done.
//!
//! Only with the feature `watch-files`, which no program switches on: the crash tests record the acts to rebuild disks
//! after a power cut, and let single acts fail. SQLite's files are watched elsewhere, below SQLite.

use std::io;
use std::path::Path;
#[cfg(feature = "watch-files")]
use std::sync::OnceLock;

/// What is about to be done to a file or folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileAct<'a> {
    /// Opening a file to read it.
    Read(&'a Path),
    /// Opening a file to write it; it is made if it is not there.
    Open(&'a Path),
    /// Emptying a file that was opened.
    Empty(&'a Path),
    /// Writing at a place of a file.
    Write {
        /// The file.
        path: &'a Path,
        /// Where, in bytes from its beginning.
        at: u64,
        /// What.
        bytes: &'a [u8],
    },
    /// Cutting a file off at a length.
    Cut(&'a Path, u64),
    /// Making the content of a file durable.
    Sync(&'a Path),
    /// Giving a file another name, in place of what has it.
    Rename(&'a Path, &'a Path),
    /// Taking a file away.
    Remove(&'a Path),
    /// Making one folder.
    MakeDir(&'a Path),
    /// Making the names in a folder durable.
    SyncDir(&'a Path),
}

/// Stands beside each act: calls the second argument to have it done, or returns why it failed instead.
#[cfg(feature = "watch-files")]
pub type Watcher = dyn Fn(&FileAct<'_>, &mut dyn FnMut() -> io::Result<()>) -> io::Result<()> + Send + Sync;

#[cfg(feature = "watch-files")]
static WATCHER: OnceLock<Box<Watcher>> = OnceLock::new();

/// Sets the one watcher of this process. Whether there was none before.
#[cfg(feature = "watch-files")]
pub fn watch_files(watcher: Box<Watcher>) -> bool {
    WATCHER.set(watcher).is_ok()
}

/// Does an act on a file, beside the watcher if there is one.
pub(crate) fn told<T>(act: FileAct<'_>, run: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    #[cfg(feature = "watch-files")]
    if let Some(watcher) = WATCHER.get() {
        let (mut run, mut done) = (Some(run), None);
        watcher(&act, &mut || {
            let run = run.take().ok_or_else(|| io::Error::other("an act on a file was to be done twice"))?;
            done = Some(run()?);
            Ok(())
        })?;
        return done.ok_or_else(|| io::Error::other("an act on a file was not done"));
    }
    let _ = act;
    run()
}
