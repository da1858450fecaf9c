//! What a disk may hold after the power went: everything that was made durable, and any part of the rest.
//!
//! The model is meaner than most file systems. What was written to a file since its last sync may be there or not, sector
//! by sector, in any order; its length may have grown without the content, which is then zeros or rubbish; a name is
//! what it was when its folder was last made durable, or anything it was since, each name for itself. Two things are
//! taken for granted, as SQLite does on such systems: a write changes no byte beside it (`SQLITE_IOCAP_POWERSAFE_OVERWRITE`),
//! and a name points to a whole file or to none.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::dice::Dice;
use crate::disk::{Disk, Event, Inode, Log, Node};

/// What is durable at one place of a log, and what is pending.
#[derive(Debug)]
pub struct Standing<'l> {
    log: &'l Log,
    /// How many events have happened.
    pub cut: usize,
    durable: Disk,
    /// Pending acts on files: places in the log.
    pending: BTreeMap<Inode, Vec<usize>>,
    /// Acts that no sync covers any more.
    doomed: BTreeMap<Inode, Vec<usize>>,
    names: BTreeMap<PathBuf, Vec<usize>>,
    shared: BTreeMap<Inode, u64>,
    /// Steps that were confirmed.
    pub told: usize,
    /// Steps that were begun.
    pub begun: usize,
}

impl<'l> Standing<'l> {
    /// Before anything happened.
    #[must_use]
    pub fn at_start(log: &'l Log) -> Self {
        Self {
            log,
            cut: 0,
            durable: log.before.clone(),
            pending: BTreeMap::new(),
            doomed: BTreeMap::new(),
            names: BTreeMap::new(),
            shared: BTreeMap::new(),
            told: 0,
            begun: 0,
        }
    }

    /// One event further. Whether there was one.
    pub fn advance(&mut self) -> bool {
        let Some(event) = self.log.events.get(self.cut) else { return false };
        match event {
            Event::Begun { step } => self.begun = *step,
            Event::Told { step } => self.told = *step,
            Event::Link { path, .. } => self.names.entry(path.clone()).or_default().push(self.cut),
            Event::Write { file, .. } | Event::Cut { file, .. } => {
                self.pending.entry(*file).or_default().push(self.cut);
            }
            Event::Shared { file, len } => {
                let known = self.shared.entry(*file).or_default();
                *known = (*known).max(*len);
            }
            Event::Sync { file, upto } => {
                let pending = self.pending.remove(file).unwrap_or_default();
                let (done, rest): (Vec<_>, Vec<_>) = pending.into_iter().partition(|at| at < upto);
                let content = self.durable.files.entry(*file).or_default();
                done.iter().for_each(|at| apply(content, &self.log.events[*at]));
                if let Some(doomed) = self.doomed.get_mut(file) {
                    // What was written anew is as it is now, whatever became of the older try.
                    doomed
                        .retain(|old| !done.iter().any(|new| overlap(&self.log.events[*old], &self.log.events[*new])));
                }
                if !rest.is_empty() {
                    self.pending.insert(*file, rest);
                }
            }
            Event::SyncFailed { file } => {
                let pending = self.pending.remove(file).unwrap_or_default();
                self.doomed.entry(*file).or_default().extend(pending);
            }
            Event::SyncDir { dir, upto } => {
                for (path, versions) in &mut self.names {
                    if path.parent() != Some(dir) {
                        continue;
                    }
                    while let Some(at) = versions.first().copied().filter(|at| at < upto) {
                        versions.remove(0);
                        if let Event::Link { node, .. } = &self.log.events[at] {
                            self.durable.names.insert(path.clone(), *node);
                        }
                    }
                }
                self.names.retain(|_, versions| !versions.is_empty());
            }
        }
        self.cut += 1;
        true
    }

    /// Everything pending at this place, in parts of which each may be lost for itself.
    #[must_use]
    pub fn units(&self, sector: u64) -> Vec<Unit> {
        let mut units = Vec::new();
        let acts =
            self.pending.iter().chain(&self.doomed).flat_map(|(file, acts)| acts.iter().map(move |at| (*at, *file)));
        let mut acts: Vec<_> = acts.collect();
        acts.sort_unstable();
        for (at, file) in acts {
            match &self.log.events[at] {
                Event::Write { at: start, bytes, .. } => {
                    let end = start + bytes.len() as u64;
                    let mut from = *start;
                    while from < end {
                        let to = end.min((from / sector + 1) * sector);
                        units.push(Unit { at, file, part: Some((from, to)) });
                        from = to;
                    }
                }
                _ => units.push(Unit { at, file, part: None }),
            }
        }
        units
    }

    /// The names with something pending, and how many things each may stand for beside the durable one.
    #[must_use]
    pub fn names(&self) -> Vec<(PathBuf, usize)> {
        self.names.iter().map(|(path, versions)| (path.clone(), versions.len())).collect()
    }

    /// Chooses a disk that the power cut may leave here.
    #[must_use]
    pub fn choose(&self, dice: &mut Dice) -> Choice {
        let sector = if dice.below(2) == 0 { 512 } else { 4096 };
        let units = self.units(sector);
        let names = self.names();
        // How much of all is kept; in some states one part alone differs from the rest.
        let manner = dice.below(8);
        let mut of_file: BTreeMap<Inode, u32> = BTreeMap::new();
        let mut kept: Vec<bool> = units
            .iter()
            .map(|unit| {
                let percent = match manner {
                    0 => 0,
                    1 => 100,
                    2 | 3 => *of_file.entry(unit.file).or_insert_with(|| [0, 10, 50, 90, 100][dice.below(5)]),
                    4 => 50,
                    _ => u32::from(manner == 6) * 100,
                };
                dice.percent(percent)
            })
            .collect();
        if manner >= 5 && !kept.is_empty() {
            let odd = dice.below(kept.len());
            // A run of sectors from there on, or this one alone.
            let many = if dice.below(2) == 0 { 1 } else { 1 + dice.below(16) };
            kept.iter_mut().skip(odd).take(many).for_each(|kept| *kept = !*kept);
        }
        let names = names.iter().map(|(_, versions)| match manner {
            0 => 0,
            1 => *versions,
            _ if dice.below(2) == 0 => *versions,
            _ => dice.below(versions + 1),
        });
        let names = names.collect();
        let mut lengths = BTreeMap::new();
        for file in self.files() {
            if manner != 1 && dice.below(3) == 0 {
                let lengths_here = self.lengths(file);
                lengths.insert(file, lengths_here[dice.below(lengths_here.len())]);
            }
        }
        let fill = [Fill::Zeros, Fill::Rubbish][dice.below(2)];
        Choice { sector, kept, names, lengths, fill, shared: dice.below(3) }
    }

    /// The disk of a choice made at this place.
    #[must_use]
    pub fn disk(&self, choice: &Choice) -> Disk {
        let mut disk = self.durable.clone();
        let units = self.units(choice.sector);
        for (unit, kept) in units.iter().zip(&choice.kept) {
            if !kept {
                continue;
            }
            let content = disk.files.entry(unit.file).or_default();
            match (&self.log.events[unit.at], unit.part) {
                (Event::Write { at, bytes, .. }, Some((from, to))) => {
                    let (from, to) = (index(from), index(to));
                    let skipped = index(*at);
                    put(content, from, &bytes[from - skipped..to - skipped], choice.fill);
                }
                (event, _) => apply(content, event),
            }
        }
        for (file, len) in &choice.lengths {
            resize(disk.files.entry(*file).or_default(), index(*len), choice.fill);
        }
        for (file, len) in &self.shared {
            let content = disk.files.entry(*file).or_default();
            content.clear();
            match choice.shared {
                0 => {}
                1 => resize(content, index(*len), Fill::Zeros),
                _ => resize(content, index(*len), Fill::Rubbish),
            }
        }
        for ((path, versions), chosen) in self.names.iter().zip(&choice.names) {
            if let Some(at) = chosen.checked_sub(1).and_then(|chosen| versions.get(chosen))
                && let Event::Link { node, .. } = &self.log.events[*at]
            {
                disk.names.insert(path.clone(), *node);
            }
        }
        disk
    }

    /// The disk that keeps nothing but what was made durable.
    #[must_use]
    pub fn durable(&self) -> &Disk {
        &self.durable
    }

    /// What parts are, in words, neighbours as one.
    #[must_use]
    pub fn words(&self, units: &[Unit]) -> Vec<String> {
        let mut runs: Vec<Unit> = Vec::new();
        for unit in units {
            match (runs.last_mut(), unit.part) {
                (Some(Unit { at, part: Some((_, end)), .. }), Some((from, to))) if *at == unit.at && *end == from => {
                    *end = to;
                }
                _ => runs.push(*unit),
            }
        }
        let word = |unit: &Unit| {
            let (at, name) = (unit.at, self.name_of(unit.file));
            match (&self.log.events[at], unit.part) {
                (Event::Cut { len, .. }, _) => format!("event {at}: {name} cut to {len}"),
                (_, Some((from, to))) => format!("event {at}: {name} bytes {from}..{to}"),
                _ => format!("event {at}: {name}"),
            }
        };
        runs.iter().map(word).collect()
    }

    /// The last name of a file before this place.
    #[must_use]
    pub fn name_of(&self, file: Inode) -> String {
        let links = self.log.events[..self.cut].iter().rev();
        let named = links.filter_map(|event| match event {
            Event::Link { path, node } if *node == Node::File(file) => Some(path),
            _ => None,
        });
        let before = self.log.before.names.iter().filter(|(_, node)| **node == Node::File(file)).map(|(path, _)| path);
        named.chain(before).next().map_or_else(|| format!("file {file}"), |path| path.display().to_string())
    }

    fn files(&self) -> Vec<Inode> {
        let mut files: Vec<Inode> = self.pending.keys().chain(self.doomed.keys()).copied().collect();
        files.sort_unstable();
        files.dedup();
        files
    }

    /// Every length that a file had since it was last made durable.
    fn lengths(&self, file: Inode) -> Vec<u64> {
        let mut len = self.durable.files.get(&file).map_or(0, |content| content.len() as u64);
        let mut lengths = vec![len];
        for at in self.doomed.get(&file).into_iter().chain(self.pending.get(&file)).flatten() {
            len = match &self.log.events[*at] {
                Event::Write { at, bytes, .. } => len.max(at + bytes.len() as u64),
                Event::Cut { len, .. } => *len,
                _ => len,
            };
            lengths.push(len);
        }
        lengths.dedup();
        lengths
    }
}

/// A part of what is pending that may be lost for itself: a sector's share of a write, or a cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit {
    at: usize,
    /// The file.
    pub file: Inode,
    part: Option<(u64, u64)>,
}

/// What a file holds where it grew without content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fill {
    /// Zeros.
    Zeros,
    /// What lay on the disk before.
    Rubbish,
}

/// One disk that a power cut may leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Bytes that are written together or not at all.
    pub sector: u64,
    /// Which parts of what is pending are there, as [`Standing::units`] lists them.
    pub kept: Vec<bool>,
    /// What each name with something pending stands for: 0 is the durable, then in the order of time.
    pub names: Vec<usize>,
    /// Lengths that files have beside their content.
    pub lengths: BTreeMap<Inode, u64>,
    /// What is in a file where it grew.
    pub fill: Fill,
    /// What is in shared memory's file: nothing, zeros, rubbish.
    pub shared: usize,
}

fn overlap(old: &Event, new: &Event) -> bool {
    match (old, new) {
        (Event::Write { at: a, bytes: x, .. }, Event::Write { at: b, bytes: y, .. }) => {
            *a < b + y.len() as u64 && *b < a + x.len() as u64
        }
        _ => true,
    }
}

fn index(len: u64) -> usize {
    usize::try_from(len).expect("a file of a test fits into memory")
}

fn apply(content: &mut Vec<u8>, event: &Event) {
    match event {
        Event::Write { at, bytes, .. } => put(content, index(*at), bytes, Fill::Zeros),
        Event::Cut { len, .. } => resize(content, index(*len), Fill::Zeros),
        _ => {}
    }
}

fn put(content: &mut Vec<u8>, at: usize, bytes: &[u8], fill: Fill) {
    if content.len() < at + bytes.len() {
        resize(content, at + bytes.len(), fill);
    }
    content[at..at + bytes.len()].copy_from_slice(bytes);
}

fn resize(content: &mut Vec<u8>, len: usize, fill: Fill) {
    let from = content.len();
    content.resize(len, 0);
    if fill == Fill::Rubbish && from < len {
        // Bytes that look like nothing in particular, the same at the same place each time.
        for (at, byte) in content.iter_mut().enumerate().skip(from) {
            *byte = (at.wrapping_mul(0x9E37_79B9) >> 13).to_le_bytes()[0];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(at: u64, bytes: &[u8]) -> Event {
        Event::Write { file: 0, at, bytes: bytes.into() }
    }

    fn link(path: &str, node: Node) -> Event {
        Event::Link { path: path.into(), node }
    }

    /// A choice at the end of the events: which parts and versions of names are kept.
    #[track_caller]
    fn check(events: &[Event], kept: &[bool], names: &[usize], expect: &[(&str, Option<&[u8]>)]) {
        let log = Log { before: Disk::default(), events: events.to_vec() };
        let mut standing = Standing::at_start(&log);
        while standing.advance() {}
        let names = names.to_vec();
        let choice =
            Choice { sector: 4, kept: kept.to_vec(), names, lengths: BTreeMap::new(), fill: Fill::Zeros, shared: 0 };
        assert_eq!(standing.units(4).len(), kept.len(), "parts");
        let disk = standing.disk(&choice);
        let found: Vec<_> = disk.reachable().into_iter().map(|(path, bytes)| (path.to_str().unwrap(), bytes)).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn what_was_made_durable_is_there_and_the_rest_as_chosen() {
        let made = link("a", Node::File(0));
        let named = Event::SyncDir { dir: PathBuf::new(), upto: 1 };
        let durable = Event::Sync { file: 0, upto: 2 };
        check(&[made.clone(), write(0, b"old!")], &[false], &[1], &[("a", Some(b""))]);
        check(&[made.clone(), write(0, b"old!")], &[true], &[0], &[]);
        let events = [made, write(0, b"old!"), durable, named, write(2, b"news!")];
        check(&events, &[false, false], &[], &[("a", Some(b"old!"))]);
        check(&events, &[true, false], &[], &[("a", Some(b"olne"))]);
        check(&events, &[false, true], &[], &[("a", Some(b"old!ws!"))]);
        check(&events, &[true, true], &[], &[("a", Some(b"olnews!"))]);
    }

    #[test]
    fn a_failed_sync_is_made_good_by_no_later_one() {
        let events = [
            link("a", Node::File(0)),
            Event::SyncDir { dir: PathBuf::new(), upto: 1 },
            write(0, b"lost"),
            Event::SyncFailed { file: 0 },
            write(4, b"kept"),
            Event::Sync { file: 0, upto: 5 },
        ];
        check(&events, &[false], &[], &[("a", Some(b"\0\0\0\0kept"))]);
    }

    #[test]
    fn a_name_in_a_lost_folder_is_lost() {
        let events = [link("d", Node::Dir), link("d/a", Node::File(0)), Event::SyncDir { dir: "d".into(), upto: 2 }];
        check(&events, &[], &[0], &[]);
        check(&events, &[], &[1], &[("d", None), ("d/a", Some(b""))]);
    }
}
