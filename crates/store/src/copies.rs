//! Looking at the copies of a store again, and trying a recovery out beside it, so that a copy that is no good is found while
//! the database still stands.

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::sync::TryLockError;

use tianye_journal::{EntryHash, SealedEntry};

use crate::connect::{self, Access};
use crate::sql::named;
use crate::store::{copy, discard};
use crate::transact::locked;
use crate::{Error, Op, Result, Snapshot, Store, files, hold, migrate, recover, salvage_black_box, snapshots};

const SQL: &str = include_str!("../sql/snapshots.sql");
/// The folder in which a recovery is tried.
const FOLDER: &str = "rehearsal";

/// What a look at a copy found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Looked {
    /// Entries in it that are whole.
    pub entries: u64,
    /// Entries in it that are not whole.
    pub damaged: u64,
    /// Own entries that it does not hold.
    pub lacking: u64,
}

/// How much of this store another one holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// Own entries that are there too.
    pub own: u64,
    /// Own entries that are not.
    pub missing: u64,
    /// Entries of others that are not.
    pub elsewhere: u64,
}

impl Store {
    /// How much of what is here another store holds.
    ///
    /// # Errors
    /// Database errors.
    pub fn held_by(&self, other: &Self) -> Result<Held> {
        const HASHES: &str = named(SQL, "hashes");
        let hashes = |store: &Self| -> Result<HashSet<EntryHash>> {
            let all: Vec<[u8; 32]> = store.read(|view| view.all(HASHES, [], |row| row.get(0)))?;
            Ok(all.into_iter().map(EntryHash::from_bytes).collect())
        };
        let (here, there) = (hashes(self)?, hashes(other)?);
        let own = self.own_entries_beside(&HashSet::new())?;
        let missing = self.own_entries_beside(&there)?;
        let all = here.difference(&there).count() as u64;
        Ok(Held { own: own - missing, missing, elsewhere: all - missing })
    }

    /// Looks at a snapshot again: key, pages, indexes, every entry. Own entries that were sealed since are no fault of it, but
    /// they are counted.
    ///
    /// # Errors
    /// [`Error::Damaged`] for one that is no good any more; [`Error::Disk`].
    pub fn look_at_snapshot(&self, snapshot: &Snapshot) -> Result<Looked> {
        let held = snapshots::verified(&snapshot.path, &self.keys.data, 0)?;
        let entries = held.len() as u64;
        Ok(Looked { entries, damaged: 0, lacking: self.own_entries_beside(&held)? })
    }

    /// Looks at a black box of this store: every entry and its signature.
    ///
    /// # Errors
    /// [`Error::Damaged`] if it is no black box; [`Error::Disk`].
    pub fn look_at_black_box(&self, path: &Path) -> Result<Looked> {
        let (entries, damaged) = salvage_black_box(path)?;
        let held: HashSet<EntryHash> = entries.iter().map(SealedEntry::hash).collect();
        Ok(Looked { entries: held.len() as u64, damaged: damaged as u64, lacking: self.own_entries_beside(&held)? })
    }

    fn own_entries_beside(&self, held: &HashSet<EntryHash>) -> Result<u64> {
        Ok(self.read(|view| view.own_entries_except(held))?.len() as u64)
    }

    /// Tries out what would come back if the database were gone now: builds another one in a folder of its own on the newest
    /// good snapshot, shows it, and takes it away. It has the same keys; nothing of this store changes, but files may
    /// follow an erasure at its end.
    ///
    /// # Errors
    /// [`Error::NotFound`] if no snapshot is good; a disk that is full or fails.
    pub fn rehearse<T>(&self, show: impl FnOnce(&Self, &Snapshot) -> T) -> Result<T> {
        let rehearsing = locked(&self.rehearsing);
        let shown = self.rehearse_alone(show);
        drop(rehearsing);
        // An erasure meanwhile left its files to be dropped now.
        self.finish_erasing();
        shown
    }

    /// Takes away what a recovery, or a trial of one, has left that was cut off: a whole database.
    ///
    /// # Errors
    /// [`Error::Busy`] while a recovery is tried; a disk that fails.
    pub(crate) fn drop_unfinished_copies(&self) -> Result<()> {
        let _alone = match self.rehearsing.try_lock() {
            Ok(alone) => alone,
            Err(TryLockError::Poisoned(alone)) => alone.into_inner(),
            Err(TryLockError::WouldBlock) => return Err(Error::Busy { op: Op::Erase }),
        };
        discard(&recover::rebuilt_in(&self.dir)).map_err(|error| Error::io(Op::Backup, &error))?;
        remove_below(&self.dir)
    }

    fn rehearse_alone<T>(&self, show: impl FnOnce(&Self, &Snapshot) -> T) -> Result<T> {
        let failed = |error: std::io::Error| Error::io(Op::Backup, &error);
        let dir = self.dir.join(FOLDER);
        remove_below(&self.dir)?;
        let key = &self.keys.data;
        let good = self.snapshots()?.into_iter().find(|one| snapshots::verified(&one.path, key, 0).is_ok());
        let snapshot = good.ok_or(Error::NotFound { what: "good snapshot" })?;
        files::make_dir(&dir).map_err(failed)?;
        let shown = (|| {
            let path = dir.join(connect::FILE);
            discard(&path).map_err(failed)?;
            copy(&snapshot.path, &path, key)?;
            let mut conn = connect::open(&path, key, Access::Write)?;
            migrate::migrate(&mut conn, &path, migrate::ALL)?;
            let hold = hold::hold(&dir, None)?;
            let tried = self.beside(&dir, conn, hold)?;
            let shown = show(&tried, &snapshot);
            tried.lock()?;
            Ok(shown)
        })();
        let removed = fs::remove_dir_all(&dir).map_err(failed);
        shown.and_then(|shown| removed.map(|()| shown))
    }
}

/// Takes the folder in which a recovery is tried out of a store's.
fn remove_below(dir: &Path) -> Result<()> {
    let dir = dir.join(FOLDER);
    if !dir.is_dir() {
        return Ok(());
    }
    fs::remove_dir_all(&dir).map_err(|error| Error::io(Op::Backup, &error))
}
