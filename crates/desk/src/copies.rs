//! The copies that a laptop keeps of its work: what there is, looking at them again, keeping a second one elsewhere, and
//! trying out what would come back.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tianye_journal::RecordId;
use tianye_store::{Looked, Op, Snapshot, Store};

use crate::desk::Desk;
use crate::interview::page::small;
use crate::papers;
use crate::recovering::{Origins, take_in_boxes};
use crate::refusal::{Result, refuse};
use crate::view::{CopiesView, CopyView, LookedView, OriginKind, RehearsalView};
use crate::world;

/// Ending of black boxes on other media.
const BOX_ENDING: &str = "box";
/// The setting that holds what the last look at each copy found, by its file.
const LOOKED: &str = "copies-looked";

impl Desk {
    /// The copies that this laptop keeps of its work.
    ///
    /// # Errors
    /// A folder that cannot be read.
    pub fn copies(&self) -> Result<CopiesView> {
        let offset = world::parts(self.world.now()).1;
        let looked: BTreeMap<String, LookedView> = papers::setting(&self.store, LOOKED)?.unwrap_or_default();
        let view = |kind, path: &Path, made: Option<i64>, trouble| {
            let text = path.display().to_string();
            let bytes = std::fs::metadata(path).map(|about| about.len()).ok();
            CopyView {
                kind,
                kib: kib(bytes.unwrap_or(0)),
                made: made.and_then(|ms| world::iso_of(ms, offset)),
                is_here: bytes.is_some(),
                trouble,
                looked: looked.get(&text).cloned(),
                path: text,
            }
        };
        let mut copies: Vec<CopyView> = Vec::new();
        for Snapshot { path, made_ms } in self.store.snapshots()? {
            copies.push(view(OriginKind::Snapshot, &path, Some(made_ms), None));
        }
        let own = self.store.black_box_path();
        copies.push(view(OriginKind::BlackBox, &own, None, self.store.black_box_trouble()));
        if let Some(second) = self.store.second_box() {
            copies.push(view(OriginKind::SecondBox, &second.path, None, second.trouble));
        }
        Ok(CopiesView {
            database: self.store.dir().display().to_string(),
            kib: kib(self.store.bytes()?),
            copies,
            set_aside: self.set_aside()?,
            drafts: small(self.unsealed_drafts()?.len()),
        })
    }

    /// Makes a snapshot now. It was looked at before it counts.
    ///
    /// # Errors
    /// `disk-full`, `disk`, `damaged`; those made before stay.
    pub fn keep_snapshot(&self) -> Result<()> {
        self.store.keep_snapshot(world::parts(self.world.now()).0)?;
        self.look_at_copies()
    }

    /// Looks at every copy that is here again, and notes what was found.
    ///
    /// # Errors
    /// The store's refusal. A copy that is no good is none: that is what the look is for.
    pub fn look_at_copies(&self) -> Result<()> {
        let at = world::iso(self.world.now());
        let mut all: BTreeMap<String, LookedView> = papers::setting(&self.store, LOOKED)?.unwrap_or_default();
        let note = |looked: tianye_store::Result<Looked>| {
            let whole = looked.as_ref().is_ok_and(|looked| looked.damaged == 0);
            let found = looked.unwrap_or_default();
            let number = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
            let (entries, damaged, lacking) = (number(found.entries), number(found.damaged), number(found.lacking));
            LookedView { at: at.clone(), whole, entries, damaged, lacking }
        };
        let mut present: Vec<(PathBuf, LookedView)> = Vec::new();
        for snapshot in self.store.snapshots()? {
            let found = note(self.store.look_at_snapshot(&snapshot));
            present.push((snapshot.path, found));
        }
        let own = self.store.black_box_path();
        let second = self.store.second_box().map(|second| second.path);
        for path in std::iter::once(own).filter(|own| own.is_file()).chain(second.clone().filter(|path| path.is_file()))
        {
            let found = note(self.store.look_at_black_box(&path));
            present.push((path, found));
        }
        // What was found of a medium that is away stands; of files that are gone nothing.
        all.retain(|path, _| second.as_ref().is_some_and(|second| second.display().to_string() == *path));
        all.extend(present.into_iter().map(|(path, found)| (path.display().to_string(), found)));
        self.store.transact(Op::Setting, |tx| papers::put(tx, LOOKED, &all))?;
        Ok(())
    }

    /// Tries out what would come back if the database were gone now, from the copies alone. No record is changed.
    ///
    /// # Errors
    /// `copies-none` if no snapshot is good; a disk that is full.
    pub fn try_recovery(&self) -> Result<RehearsalView> {
        let (now, offset) = world::parts(self.world.now());
        let trust = self.who.trust()?;
        let drafts = self.unsealed_drafts()?;
        let interviews: Vec<_> = self.book.interviews.keys().copied().collect();
        let boxes = std::iter::once((OriginKind::BlackBox, self.store.black_box_path()))
            .chain(self.store.second_box().map(|second| (OriginKind::SecondBox, second.path)));
        let real: &Store = &self.store;
        let shown = real.rehearse(|tried, snapshot| -> Result<RehearsalView> {
            let boxes = take_in_boxes(tried, &trust, boxes, &mut Origins::new(), now)?;
            let held = real.held_by(tried)?;
            let mut whole = 0;
            for record in &interviews {
                let mut all = true;
                for entry in real.entries_of(*record)? {
                    all &= tried.read(|view| view.has_entry(entry.hash))?;
                }
                whole += usize::from(all);
            }
            let back = tried.read(|view| view.drafts())?;
            let number = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
            Ok(RehearsalView {
                snapshot_made: world::iso_of(snapshot.made_ms, offset).unwrap_or_default(),
                boxes,
                interviews: small(interviews.len()),
                whole: small(whole),
                own: number(held.own),
                missing: number(held.missing),
                elsewhere: number(held.elsewhere),
                drafts: small(drafts.len()),
                drafts_back: small(back.iter().filter(|draft| drafts.contains(&draft.record)).count()),
            })
        });
        shown.map_err(|error| match error {
            tianye_store::Error::NotFound { .. } => {
                refuse("copies-none", "expected a snapshot that is good, found none")
            }
            error => error.into(),
        })?
    }

    /// The interviews with answers that are in no entry yet.
    fn unsealed_drafts(&self) -> Result<Vec<RecordId>> {
        let drafts = self.store.read(|view| view.drafts())?;
        Ok(drafts.into_iter().filter(|draft| draft.unsealed).map(|draft| draft.record).collect())
    }
}

/// The black boxes in a folder that a person names, by name.
///
/// # Errors
/// `file-failed` for a folder that cannot be read.
pub fn boxes_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let failed = |error: std::io::Error| refuse("file-failed", format!("{}: {error}", folder.display()));
    let mut found = Vec::new();
    for file in std::fs::read_dir(folder).map_err(failed)? {
        let path = file.map_err(failed)?.path();
        if path.extension().is_some_and(|ending| ending == BOX_ENDING) && path.is_file() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn kib(bytes: u64) -> u32 {
    u32::try_from(bytes.div_ceil(1024)).unwrap_or(u32::MAX)
}
