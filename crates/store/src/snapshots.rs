//! Snapshots: whole copies of the database under the same key, each looked at before it counts.
//!
//! A snapshot is made in one go, so writing goes on meanwhile. It counts, and may drive an older one out, only when it was
//! opened with the key, every page and index was found good, every entry in it is the one that its hash names, and it holds
//! at least what the store held when it was begun. So the last good one is never dropped for one that is not.
//!
//! An erasure takes all snapshots with it; the next one is then due at once. It takes none any more once the files of this
//! laptop have followed it, however long it waits for a second black box.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use tianye_journal::{EntryHash, SealedEntry};

use crate::connect::{self, Access, Depth};
use crate::keys::Key;
use crate::sql::named;
use crate::store::{copy, discard};
use crate::{Error, Op, Result, Store, files};

const SQL: &str = include_str!("../sql/snapshots.sql");
const FOLDER: &str = "snapshots";
const ENDING: &str = "db";
/// Ends the name of a copy that has not been looked at yet: it counts for nothing.
const UNSEEN: &str = "unseen";
/// How many are kept.
const KEPT: usize = 3;
/// A new one is due when the newest is this old.
const EVERY_MS: i64 = 20 * 60 * 60 * 1000;

/// A whole copy of the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// Where it lies.
    pub path: PathBuf,
    /// When it was made, ms since 1970 UTC, by this laptop's clock.
    pub made_ms: i64,
}

impl Store {
    /// The snapshots, newest first.
    ///
    /// # Errors
    /// [`Error::Disk`] if the folder cannot be read.
    pub fn snapshots(&self) -> Result<Vec<Snapshot>> {
        snapshots_in(&self.dir)
    }

    /// How large the database file is.
    ///
    /// # Errors
    /// [`Error::Disk`].
    pub fn bytes(&self) -> Result<u64> {
        fs::metadata(self.database()).map(|about| about.len()).map_err(|error| Error::io(Op::Read, &error))
    }

    /// Whether the newest snapshot is old, or there is none. One from a time that has not come yet is old too: the clock
    /// was wrong.
    ///
    /// # Errors
    /// [`Error::Disk`] if the folder cannot be read.
    pub fn is_snapshot_due(&self, now_ms: i64) -> Result<bool> {
        let newest = self.snapshots()?.into_iter().map(|snapshot| snapshot.made_ms).next();
        Ok(newest.is_none_or(|made| now_ms.saturating_sub(made) >= EVERY_MS || made > now_ms))
    }

    /// Makes a snapshot, looks at it, and drops the oldest ones beyond three.
    ///
    /// # Errors
    /// [`Error::DiskFull`], [`Error::Disk`], [`Error::Damaged`]; the new one then counts for nothing, unless it was found good
    /// and only its name could not be made durable. The older ones stay.
    pub fn keep_snapshot(&self, now_ms: i64) -> Result<Snapshot> {
        let failed = |error: std::io::Error| Error::io(Op::Backup, &error);
        let folder = self.dir.join(FOLDER);
        files::make_dir_within(&self.dir, &folder).map_err(failed)?;
        // The newest has the greatest number, whatever the clock says.
        let after = self.snapshots()?.first().map_or(i64::MIN, |newest| newest.made_ms);
        let made_ms = now_ms.max(after.saturating_add(1));
        let path = folder.join(format!("{made_ms}.{ENDING}"));
        let unseen = folder.join(UNSEEN);
        // Left by one that was cut off.
        discard(&unseen).map_err(failed)?;
        let least = self.read(|view| view.count_entries())?;
        copy(&self.database(), &unseen, &self.keys.data)?;
        // What is not good must not be taken for a snapshot: only now it has the name of one.
        let seen = verify(&unseen, &self.keys.data, least)
            .and_then(|()| files::rename(&unseen, &path).map_err(failed))
            .inspect_err(|_| _ = discard(&unseen));
        seen?;
        for old in self.snapshots()?.into_iter().skip(KEPT) {
            // The new one is safe whether an old one goes or stays; it is taken away with the next.
            let _ = files::remove(&old.path);
        }
        Ok(Snapshot { path, made_ms })
    }

    /// Takes all snapshots away.
    pub(crate) fn drop_snapshots(&self) -> std::io::Result<()> {
        let folder = self.dir.join(FOLDER);
        if !folder.is_dir() {
            return Ok(());
        }
        for file in fs::read_dir(&folder)? {
            files::remove(&file?.path())?;
        }
        files::sync_dir(&folder)
    }
}

/// The snapshots of the store in a folder, newest first. They are not looked at.
pub(crate) fn snapshots_in(dir: &Path) -> Result<Vec<Snapshot>> {
    let failed = |error: std::io::Error| Error::io(Op::Read, &error);
    let folder = dir.join(FOLDER);
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for file in fs::read_dir(&folder).map_err(failed)? {
        let path = file.map_err(failed)?.path();
        let name = path.file_stem().and_then(|name| name.to_str()).and_then(|name| name.parse().ok());
        if let Some(made_ms) = name.filter(|_| path.extension().is_some_and(|ending| ending == ENDING)) {
            found.push(Snapshot { path, made_ms });
        }
    }
    found.sort_by_key(|snapshot| std::cmp::Reverse(snapshot.made_ms));
    Ok(found)
}

/// Looks at a copy: key, pages, indexes, and every entry. `least`: how many entries it must hold.
pub(crate) fn verify(path: &Path, key: &Key, least: u64) -> Result<()> {
    verified(path, key, least).map(drop)
}

/// The same; gives the entries that it holds.
pub(crate) fn verified(path: &Path, key: &Key, least: u64) -> Result<HashSet<EntryHash>> {
    connect::inspect(path, key, Depth::Indexes)?;
    // It was whole a moment ago.
    let doubted = |error| connect::doubt(path, key, Op::Backup, error);
    let conn = connect::open(path, key, Access::Inspect).map_err(doubted)?;
    let failed = |error: rusqlite::Error| doubted(Error::sqlite(Op::Backup, path, &error));
    let damaged = |what: String| Error::Damaged { path: path.to_owned(), what };
    let mut statement = conn.prepare(named(SQL, "entries")).map_err(failed)?;
    let mut rows = statement.query([]).map_err(failed)?;
    let mut found = HashSet::new();
    while let Some(row) = rows.next().map_err(failed)? {
        let hash: [u8; 32] = row.get(0).map_err(failed)?;
        let sealed = row.get_ref(1).and_then(|sealed| Ok(sealed.as_blob()?)).map_err(failed)?;
        let whole = SealedEntry::from_bytes(sealed).is_ok_and(|entry| {
            let body = entry.body.as_ref().is_none_or(|body| entry.header.check_body(body).is_ok());
            body && *entry.hash().as_bytes() == hash
        });
        if !whole {
            return Err(damaged("an entry is not the one that its hash names".into()));
        }
        found.insert(EntryHash::from_bytes(hash));
    }
    if (found.len() as u64) < least {
        return Err(damaged(format!("expected at least {least} entries, found {}", found.len())));
    }
    Ok(found)
}
