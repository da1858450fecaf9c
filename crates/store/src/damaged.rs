//! Damaged databases that recoveries set aside: what they still give, and taking one away when a person decides so. Nothing
//! here does that on its own.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use tianye_journal::{RecordId, SealedEntry};

use crate::{Error, Op, Result, Store, connect, files, recover};

/// A damaged database that a recovery set aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DamagedDatabase {
    /// Its folder.
    pub folder: PathBuf,
    /// When it was set aside, in milliseconds; 0 where a person gave the folder another name.
    pub at_ms: i64,
    /// Its size.
    pub bytes: u64,
}

/// What a damaged database still gives, beside what came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Left {
    /// Whole entries in it.
    pub entries: u64,
    /// Of those, how many are not in the store: they, or their bodies. What was erased since is not meant.
    pub missing: u64,
    /// The records of drafts in it.
    pub drafts: BTreeSet<RecordId>,
    /// Some part of it cannot be read.
    pub lost_some: bool,
}

impl Store {
    /// The damaged databases that recoveries set aside, oldest first.
    ///
    /// # Errors
    /// [`Error::Disk`] if the folder cannot be read.
    pub fn set_aside(&self) -> Result<Vec<DamagedDatabase>> {
        let folders = recover::set_aside_in(&self.dir)?;
        let one = |folder: PathBuf| {
            let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let at_ms = name.split('-').next().and_then(|ms| ms.parse().ok()).unwrap_or(0);
            let bytes = fs::metadata(folder.join(connect::FILE)).map_or(0, |about| about.len());
            DamagedDatabase { folder, at_ms, bytes }
        };
        Ok(folders.into_iter().map(one).collect())
    }

    /// Shows the entries that a database of this store gives which was set aside, whole ones only, by arrival. Whether all
    /// could be read.
    pub fn entries_left_in(&self, folder: &Path, mut show: impl FnMut(SealedEntry)) -> bool {
        recover::entries_left(&folder.join(connect::FILE), &self.keys.data, &mut show)
    }

    /// What a database that was set aside still gives, and how much of it is not here.
    ///
    /// # Errors
    /// Database errors of the store itself.
    pub fn left_in(&self, folder: &Path) -> Result<Left> {
        let mut left = Left::default();
        let mut failed = None;
        let is_here = |entry: &SealedEntry| -> Result<bool> {
            let hash = entry.hash();
            self.read(|view| {
                let here = view.entry(hash)?;
                let lacks = here.as_ref().is_none_or(|here| here.body.is_none() && entry.body.is_some());
                Ok(!lacks || (here.is_some() && view.is_erased(hash)?))
            })
        };
        let all = self.entries_left_in(folder, |entry| {
            left.entries += 1;
            match is_here(&entry) {
                Ok(here) => left.missing += u64::from(!here),
                Err(error) => failed = Some(error),
            }
        });
        if let Some(error) = failed {
            return Err(error);
        }
        let (drafts, whole) = recover::drafts_left(&folder.join(connect::FILE), &self.keys.data);
        Ok(Left { drafts, lost_some: !(all && whole), ..left })
    }

    /// Takes a database that was set aside away for good. One that is cut off can be done again.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a folder that is none of [`Self::set_aside`]; what the disk says.
    pub fn discard_set_aside(&self, folder: &Path) -> Result<()> {
        if !self.set_aside()?.iter().any(|one| one.folder == folder) {
            return Err(Error::NotFound { what: "database that was set aside" });
        }
        let failed = |error: std::io::Error| Error::io(Op::Erase, &error);
        let database = folder.join(connect::FILE);
        // The database last: as long as it is there, it is listed. What a person put beside it stays.
        for end in recover::BESIDE {
            let path = recover::beside(&database, end);
            if path.is_file() {
                files::remove(&path).map_err(failed)?;
            }
        }
        files::sync_dir(folder).map_err(failed)?;
        files::remove(&database).map_err(failed)?;
        files::sync_dir(folder).map_err(failed)?;
        // An empty folder says nothing.
        let _ = fs::remove_dir(folder);
        Ok(())
    }
}
