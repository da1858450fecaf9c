//! Doing an act step by step, and keeping what was promised after each.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::acts::Act;
use crate::disk::Log;
use crate::laptop::{Expected, Laptop, Promise};
use crate::recorder::{Planned, Recorder, Weakness};
use crate::world::World;

/// The folder of the stores, from the root that is recorded.
pub(crate) const DATA: &str = "数据";

/// What went wrong that must not, in a sentence.
pub type Outcome = Result<(), String>;

/// Refusals that say what happened and what to do. Anything else at a fault of the disk is a defect.
const CLEAR: [&str; 2] = ["disk-full", "disk"];

/// One act on one laptop.
#[derive(Debug)]
pub struct Stage<'r> {
    /// The project.
    pub world: World,
    laptop: Laptop,
    recorder: &'r Recorder,
    promises: Vec<Promise>,
    words: Vec<String>,
    may_refuse: bool,
    refused: Option<String>,
    black_box_failed: bool,
}

impl Stage<'_> {
    /// How many steps are done.
    #[must_use]
    pub fn steps(&self) -> usize {
        self.promises.len() - 1
    }

    /// Does one step and keeps what is promised after it. Where the disk is to fail, a refusal must be clear and change
    /// nothing, and the step must succeed once the disk obeys again.
    ///
    /// # Errors
    /// What went wrong that must not.
    pub fn step(&mut self, what: &str, mut act: impl FnMut(&mut Laptop) -> tianye_store::Result<()>) -> Outcome {
        let number = self.promises.len();
        self.words.push(what.to_owned());
        self.recorder.begun(number);
        if let Err(error) = act(&mut self.laptop) {
            let told = format!("{what}: {} ({error})", error.code());
            if !self.may_refuse || self.recorder.struck().is_none() {
                return Err(format!("{told}, though nothing failed"));
            }
            self.recorder.heal();
            self.black_box_failed |= self.has_trouble();
            if !CLEAR.contains(&error.code()) {
                return Err(format!("{told}, which does not say that the disk failed"));
            }
            self.refused = Some(told.clone());
            if self.laptop.store.is_some() {
                let now = self.laptop.promise(self.promises.last()).map_err(|error| format!("{told}, then {error}"))?;
                let before = self.promises.last().and_then(|promise| promise.reading.as_ref());
                if now.reading.as_ref() != before {
                    return Err(format!("{told}, yet something changed"));
                }
            }
            act(&mut self.laptop).map_err(|error| format!("{told}, and again when the disk obeyed: {error}"))?;
        }
        self.black_box_failed |= self.has_trouble();
        self.recorder.told(number);
        let promise = self.laptop.promise(self.promises.last());
        let promise = match promise {
            Err(_) if self.may_refuse && self.recorder.struck().is_some() => {
                // The disk failed while the harness read.
                self.recorder.heal();
                self.laptop.promise(self.promises.last())
            }
            promise => promise,
        };
        self.promises.push(promise.map_err(|error| format!("reading after {what}: {error}"))?);
        Ok(())
    }

    fn has_trouble(&self) -> bool {
        self.laptop.store.as_ref().is_some_and(|store| store.black_box_trouble().is_some())
    }
}

/// What became of an act.
#[derive(Debug)]
pub struct Played {
    /// What was done to the files.
    pub log: Log,
    /// What was promised after each step.
    pub promises: Vec<Promise>,
    /// The steps.
    pub words: Vec<String>,
    /// The refusal that the planned fault led to, if it led to one.
    pub refused: Option<String>,
    /// What failed.
    pub struck: Option<String>,
    /// Every act on a file, by kind.
    pub asked: Vec<crate::recorder::Kind>,
    /// Whether the black box could not be written for a time.
    pub black_box_failed: bool,
    world: World,
    has_trust: bool,
    root: TempDir,
}

impl Played {
    /// Does an act on a new laptop, and records it.
    ///
    /// # Errors
    /// What went wrong that must not.
    pub fn new(act: &Act, seed: u64, weakness: Weakness, planned: Option<Planned>) -> Result<Self, String> {
        let failed = |error: io::Error| format!("the test's own folder: {error}");
        let root = scratch().map_err(failed)?;
        let path = root.path().canonicalize().map_err(failed)?;
        let mut world = World::new(seed);
        let data = path.join(DATA);
        let laptop = act.laptop(&mut world, &data);
        let first = first_promise(&laptop)?;
        let recorder = Recorder::begin(&path, weakness, planned).map_err(failed)?;
        let has_trust = laptop.trust.is_some();
        let mut stage = Stage {
            world,
            laptop,
            recorder: &recorder,
            promises: vec![first],
            words: vec!["what was there before".into()],
            may_refuse: planned.is_some(),
            refused: None,
            black_box_failed: false,
        };
        let done = act.run(&mut stage);
        let Stage { world, laptop, promises, words, refused, black_box_failed, .. } = stage;
        let (struck, asked) = (recorder.struck(), recorder.asked());
        recorder.heal();
        drop(laptop);
        let log = recorder.end();
        done.map_err(|why| {
            format!("{}{why}", struck.as_ref().map_or_else(String::new, |struck| format!("{struck}: ")))
        })?;
        Ok(Self { log, promises, words, refused, struck, asked, black_box_failed, world, has_trust, root })
    }

    /// Checks what lies in a folder against what was promised when so many steps were confirmed and begun.
    ///
    /// # Errors
    /// What was lost or is not as it was given.
    pub fn check(&self, root: &Path, told: usize, begun: usize) -> Outcome {
        let trust = self.world.trust();
        let expected = Expected {
            promises: &self.promises,
            told,
            begun,
            trust: self.has_trust.then_some(&trust),
            black_box: !self.black_box_failed,
        };
        expected.check(&root.join(DATA))
    }

    /// Checks what the act left, without any cut.
    ///
    /// # Errors
    /// What was lost or is not as it was given.
    pub fn check_end(&self) -> Outcome {
        let last = self.promises.len() - 1;
        self.check(self.root.path(), last, last)
    }
}

/// What the store says before the act: asked of a copy, since it is locked.
fn first_promise(laptop: &Laptop) -> Result<Promise, String> {
    let mut aside = Laptop {
        data: laptop.data.clone(),
        dir: laptop.dir.clone(),
        store: None,
        passphrase: laptop.passphrase,
        chunks: laptop.chunks.clone(),
        copies: laptop.copies.clone(),
        erased: laptop.erased.clone(),
        damaged: laptop.damaged,
        trust: laptop.trust,
    };
    let failed = |error: io::Error| format!("the test's own folder: {error}");
    let copied = scratch().map_err(failed)?;
    if let Some(name) = laptop.dir.as_ref().and_then(|dir| dir.file_name()) {
        copy_all(&laptop.data, copied.path()).map_err(failed)?;
        aside.data = copied.path().to_owned();
        aside.dir = Some(copied.path().join(name));
        aside.unlock().map_err(|error| format!("what was there before: {error}"))?;
    }
    aside.promise(None).map_err(|error| format!("what was there before: {error}"))
}

fn copy_all(from: &Path, to: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let to: PathBuf = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            fs::create_dir(&to)?;
            copy_all(&entry.path(), &to)?;
        } else {
            fs::copy(entry.path(), to)?;
        }
    }
    Ok(())
}

/// An empty folder, in memory where the system offers that: what survives a cut is decided by the model, not by the disk
/// below, so waiting for that disk would prove nothing.
///
/// # Errors
/// What the system says.
pub fn scratch() -> io::Result<TempDir> {
    let memory = Path::new("/dev/shm");
    match memory.is_dir() {
        true => tempfile::tempdir_in(memory).or_else(|_| tempfile::tempdir()),
        false => tempfile::tempdir(),
    }
}
