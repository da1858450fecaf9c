//! The lead's evening, in a process of its own, so that only it is counted: batches come in, the first screen opens, and
//! what stands there is compared with what was written.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use tianye_bench::process::{processor_s, status_mb};
use tianye_desk::view::{Move, PageKind};
use tianye_desk::world::Machine;
use tianye_desk::{Cancel, Desk, KdfCost, Laptop, batches_in};

use crate::making::Expected;
use crate::{Outcome, PASSPHRASE, words};

/// What a process that took something in says of it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Taken {
    /// From the first byte of the first batch to the first screen.
    pub whole_s: f64,
    /// Of that, until everything had entered and was folded.
    pub in_s: f64,
    /// Of that, the search for respondents who are there twice.
    pub duplicates_s: f64,
    /// Of that, the first screen's query.
    pub home_s: f64,
    /// What all threads had on processors meanwhile: a busy machine does not lengthen it.
    pub processor_s: f64,
    /// The most memory that the process held, unlocking included.
    pub peak_mb: f64,
}

/// Takes all batches of an input in on the lead's laptop in `work`.
pub fn batches(input: &Path, work: &Path) -> Outcome<Taken> {
    let expected = Expected::read(input)?;
    let mut files: Vec<PathBuf> = std::fs::read_dir(input.join("batches"))
        .map_err(words)?
        .map(|file| Ok(file.map_err(words)?.path()))
        .collect::<Outcome<_>>()?;
    files.sort();
    let mut desk = unlock(work)?;
    let began = Began::now()?;
    let opened = files.iter().map(File::open).collect::<Result<Vec<_>, _>>().map_err(words)?;
    let mut told = Told::default();
    let reports = desk.take_in_batches(opened, &Cancel::default(), &mut |entries| told.tell(entries)).map_err(words)?;
    let taken = first_screen(&mut desk, &began, Some(&expected.twice))?;
    if let Some(why) = reports.iter().find_map(|report| report.damage.as_ref()) {
        return Err(why.to_string());
    }
    let aside: usize = reports.iter().map(|report| report.set_aside.len()).sum();
    let received: usize = reports.iter().map(|report| report.received).sum();
    same("entries that entered", received, expected.entries)?;
    same("entries set aside", aside, 0)?;
    check(&mut desk, &expected)?;
    Ok(taken)
}

/// Unlocks a laptop that has taken an input in, up to the first screen.
pub fn unlocking(input: &Path, work: &Path) -> Outcome<Taken> {
    let expected = Expected::read(input)?;
    let began = Began::now()?;
    let mut desk = unlock(work)?;
    let taken = first_screen(&mut desk, &began, None)?;
    check(&mut desk, &expected)?;
    Ok(taken)
}

/// Writes all that is on the laptop in `work` onto a stick.
pub fn write_stick(work: &Path, stick: &Path) -> Outcome<Taken> {
    let mut desk = unlock(work)?;
    let began = Began::now()?;
    desk.write_stick(stick, &Cancel::default()).map_err(words)?;
    let in_s = began.at.elapsed().as_secs_f64();
    let processor_s = processor_s()? - began.processor_s;
    Ok(Taken { whole_s: in_s, in_s, duplicates_s: 0.0, home_s: 0.0, processor_s, peak_mb: status_mb("VmHWM:")? })
}

/// Reads the files of a stick on the laptop in `work`.
pub fn read_stick(input: &Path, work: &Path, stick: &Path) -> Outcome<Taken> {
    let expected = Expected::read(input)?;
    let mut desk = unlock(work)?;
    let began = Began::now()?;
    let files = batches_in(stick).map_err(words)?;
    let reports: Vec<_> = files.iter().map(|file| desk.read_stick(file, &Cancel::default())).collect();
    let taken = first_screen(&mut desk, &began, None)?;
    let mut received = 0;
    for report in reports {
        let report = report.map_err(words)?;
        if let Some(why) = report.damage {
            return Err(why.to_string());
        }
        received += report.received;
        same("entries set aside", report.set_aside.len(), 0)?;
    }
    // What the writer of the stick said itself, of keys that it handed out, comes along.
    if received < expected.entries {
        return Err(format!("expected at least {} entries that entered, found {received}", expected.entries));
    }
    check(&mut desk, &expected)?;
    Ok(taken)
}

fn unlock(work: &Path) -> Outcome<Desk> {
    let laptop = Laptop::new(work, Arc::new(Machine), KdfCost::default());
    let store = laptop.start().map_err(words)?.stores.pop().ok_or("expected a store, found none")?;
    laptop.unlock(&store.id, PASSPHRASE).map_err(words)
}

/// When something began, by the clock and by the processors.
struct Began {
    at: Instant,
    processor_s: f64,
}

impl Began {
    fn now() -> Outcome<Self> {
        Ok(Self { at: Instant::now(), processor_s: processor_s()? })
    }
}

/// Opens the first screen; before it, where that is asked for, looks for respondents who are there twice.
fn first_screen(desk: &mut Desk, began: &Began, twice: Option<&[[String; 2]]>) -> Outcome<Taken> {
    let in_s = began.at.elapsed().as_secs_f64();
    let found = twice.map(|_| desk.duplicates("zh-CN")).transpose().map_err(words)?;
    let duplicates_s = began.at.elapsed().as_secs_f64() - in_s;
    desk.home("zh-CN").map_err(words)?;
    let whole_s = began.at.elapsed().as_secs_f64();
    if let (Some(found), Some(twice)) = (found, twice) {
        let pair = |ids: &mut dyn Iterator<Item = &String>| ids.cloned().collect::<BTreeSet<String>>();
        let found: BTreeSet<BTreeSet<String>> =
            found.open.iter().map(|view| pair(&mut view.sides.iter().map(|side| &side.record))).collect();
        let there = twice.iter().filter(|one| found.contains(&pair(&mut one.iter()))).count();
        same("respondents found who are there twice", there, twice.len())?;
    }
    Ok(Taken {
        whole_s,
        in_s,
        duplicates_s,
        home_s: whole_s - in_s - duplicates_s,
        processor_s: processor_s()? - began.processor_s,
        peak_mb: status_mb("VmHWM:")?,
    })
}

/// Compares what the desk shows with what was written.
fn check(desk: &mut Desk, expected: &Expected) -> Outcome {
    let home = desk.home("zh-CN").map_err(words)?;
    same("conflicts", usize::try_from(home.conflicts).map_err(words)?, expected.conflicts)?;
    same("interviews", desk.records("zh-CN").map_err(words)?.len(), expected.interviews)?;
    let (id, wanted) = &expected.sample;
    let mut view = desk.open_interview(id, "zh-CN").map_err(words)?;
    let mut found = BTreeMap::new();
    while view.page.kind != PageKind::Completion {
        found.extend(view.page.items.iter().map(|item| (item.field.clone(), item.value.clone())));
        view = desk.go(&Move::Next).map_err(words)?;
    }
    if found != *wanted {
        let wrong = wanted.iter().filter(|(field, answer)| found.get(*field) != Some(answer)).count();
        return Err(format!("expected the answers that were written, found {wrong} others ({} in all)", found.len()));
    }
    Ok(())
}

fn same(what: &str, found: usize, expected: usize) -> Outcome {
    if found == expected { Ok(()) } else { Err(format!("expected {expected} {what}, found {found}")) }
}

/// Tells the person at the terminal how far it is, every other second.
#[derive(Default)]
struct Told {
    last: Option<Instant>,
    /// Entries of the batches before, and of this one.
    entries: (usize, usize),
}

impl Told {
    fn tell(&mut self, entries: usize) {
        if entries < self.entries.1 {
            self.entries.0 += self.entries.1;
        }
        self.entries.1 = entries;
        if self.last.is_none_or(|last| last.elapsed() > Duration::from_secs(2)) {
            self.last = Some(Instant::now());
            let _ = writeln!(std::io::stderr(), "  … {} entries taken in", self.entries.0 + self.entries.1);
        }
    }
}
