//! Recording what is done to the files below one folder, and letting single acts fail.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError, RwLock};

use tianye_store::FileAct;

use crate::disk::{Disk, Event, Inode, Log, Node};
use crate::vfs;

/// What an act on a file is, as far as it can fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Opening a file that is there, or asking for its size or whether it is there.
    Look,
    /// Reading.
    Read,
    /// Making a file or folder, or giving one another name.
    Make,
    /// Writing, or making a file longer.
    Write,
    /// Cutting a file off or taking it away.
    Less,
    /// Making something durable.
    Sync,
}

/// How an act fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The disk is full (`ENOSPC`, `SQLITE_FULL`).
    Full,
    /// The disk fails (`EIO`).
    Broken,
    /// Half is written, then the disk is full.
    Short,
}

impl Fault {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Full, Self::Broken, Self::Short];

    /// Whether an act of this kind can fail so.
    #[must_use]
    pub fn fits(self, kind: Kind) -> bool {
        match self {
            Self::Full => matches!(kind, Kind::Make | Kind::Write),
            Self::Broken => true,
            Self::Short => kind == Kind::Write,
        }
    }
}

/// Which act is to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Its number among all acts since the recorder began.
    pub at: usize,
    /// How.
    pub fault: Fault,
    /// Whether every later one that can fails too, until [`Recorder::heal`].
    pub lasting: bool,
}

/// A laptop that is weaker than it should be: what must lead to losses, so that a search that finds none proves something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weakness {
    /// None.
    None,
    /// `PRAGMA synchronous = FULL` is turned into NORMAL on its way.
    Normal,
    /// Making durable does nothing for files whose path has this in it.
    NoSync(&'static str),
    /// Making durable does nothing for folders whose path has this in it.
    NoSyncDir(&'static str),
}

/// Records the acts below one folder.
#[derive(Debug)]
pub struct Recorder {
    root: PathBuf,
    weakness: Weakness,
    held: Mutex<Held>,
}

#[derive(Debug)]
struct Held {
    before: Disk,
    events: Vec<Event>,
    /// The names as the running program sees them.
    names: BTreeMap<PathBuf, Node>,
    next: Inode,
    asked: Vec<Kind>,
    planned: Option<Planned>,
    struck: Option<String>,
}

static RECORDERS: RwLock<Vec<Arc<Recorder>>> = RwLock::new(Vec::new());

/// The recorder that stands by a path.
pub(crate) fn recorder_of(path: &Path) -> Option<Arc<Recorder>> {
    let recorders = RECORDERS.read().unwrap_or_else(PoisonError::into_inner);
    recorders.iter().find(|recorder| path.starts_with(&recorder.root)).cloned()
}

impl Recorder {
    /// Begins to record below `root` (a canonical path). What is there now counts as durable.
    ///
    /// # Errors
    /// What the system says.
    pub fn begin(root: &Path, weakness: Weakness, planned: Option<Planned>) -> io::Result<Arc<Self>> {
        static INSTALLED: Once = Once::new();
        INSTALLED.call_once(|| {
            vfs::install();
            tianye_store::watch_files(Box::new(beside));
        });
        let mut before = Disk::default();
        before.take_in(root, Path::new(""))?;
        let names = before.names.clone();
        let next = Inode::try_from(before.files.len()).map_err(io::Error::other)?;
        let held = Held { before, events: Vec::new(), names, next, asked: Vec::new(), planned, struck: None };
        let recorder = Arc::new(Self { root: root.to_owned(), weakness, held: Mutex::new(held) });
        RECORDERS.write().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&recorder));
        Ok(recorder)
    }

    /// Ends it and gives what was recorded.
    #[must_use]
    pub fn end(&self) -> Log {
        RECORDERS.write().unwrap_or_else(PoisonError::into_inner).retain(|other| other.root != self.root);
        let mut held = self.held();
        Log { before: std::mem::take(&mut held.before), events: std::mem::take(&mut held.events) }
    }

    /// Notes that a step begins.
    pub fn begun(&self, step: usize) {
        self.held().events.push(Event::Begun { step });
    }

    /// Notes that a step was confirmed.
    pub fn told(&self, step: usize) {
        self.held().events.push(Event::Told { step });
    }

    /// Every act so far, by kind.
    #[must_use]
    pub fn asked(&self) -> Vec<Kind> {
        self.held().asked.clone()
    }

    /// What failed, if the planned fault has come.
    #[must_use]
    pub fn struck(&self) -> Option<String> {
        self.held().struck.clone()
    }

    /// Nothing fails any more.
    pub fn heal(&self) {
        self.held().planned = None;
    }

    pub(crate) fn is_normal(&self) -> bool {
        self.weakness == Weakness::Normal
    }

    /// Counts an act; how it is to fail.
    pub(crate) fn ask(&self, kind: Kind, path: &Path) -> Option<Fault> {
        let mut held = self.held();
        let number = held.asked.len();
        held.asked.push(kind);
        let planned = held.planned?;
        let strikes = number == planned.at || planned.lasting && number > planned.at && planned.fault.fits(kind);
        if !strikes {
            return None;
        }
        if held.struck.is_none() {
            held.struck = Some(format!("{:?} at {kind:?} of {}", planned.fault, self.inside(path).display()));
        }
        Some(planned.fault)
    }

    /// How far the record goes: an act that makes durable speaks of what was done before it began.
    pub(crate) fn now(&self) -> usize {
        self.held().events.len()
    }

    /// The file of a name; a new one if nothing has that name.
    pub(crate) fn opened(&self, path: &Path) -> (Inode, bool) {
        let (mut held, path) = (self.held(), self.inside(path));
        if let Some(Node::File(file)) = held.names.get(&path) {
            return (*file, false);
        }
        let file = held.next;
        held.next += 1;
        held.link(path, Node::File(file));
        (file, true)
    }

    pub(crate) fn written(&self, file: Inode, at: u64, bytes: &[u8]) {
        self.held().events.push(Event::Write { file, at, bytes: bytes.into() });
    }

    pub(crate) fn cut(&self, file: Inode, len: u64) {
        self.held().events.push(Event::Cut { file, len });
    }

    pub(crate) fn synced(&self, file: Inode, path: &Path, upto: usize) {
        let weak =
            matches!(self.weakness, Weakness::NoSync(part) if self.inside(path).to_string_lossy().contains(part));
        if !weak {
            self.held().events.push(Event::Sync { file, upto });
        }
    }

    /// Making durable failed: what was written may be lost even if a later try succeeds.
    pub(crate) fn sync_failed(&self, file: Inode) {
        self.held().events.push(Event::SyncFailed { file });
    }

    pub(crate) fn synced_dir(&self, dir: &Path, upto: usize) {
        let dir = self.inside(dir);
        let weak = matches!(self.weakness, Weakness::NoSyncDir(part) if dir.to_string_lossy().contains(part));
        if !weak {
            self.held().events.push(Event::SyncDir { dir, upto });
        }
    }

    pub(crate) fn removed(&self, path: &Path) {
        let path = self.inside(path);
        self.held().link(path, Node::Nothing);
    }

    /// Memory that programs share in a file: its length is known, its content never durable.
    pub(crate) fn shared(&self, path: &Path, len: u64) {
        let (file, _) = self.opened(path);
        self.held().events.push(Event::Shared { file, len });
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn inside(&self, path: &Path) -> PathBuf {
        path.strip_prefix(&self.root).unwrap_or(path).to_owned()
    }

    fn done(&self, act: &FileAct<'_>, upto: usize) {
        match *act {
            FileAct::Read(_) => {}
            FileAct::Open(path) => {
                self.opened(path);
            }
            FileAct::Empty(path) => self.cut(self.opened(path).0, 0),
            FileAct::Write { path, at, bytes } => self.written(self.opened(path).0, at, bytes),
            FileAct::Cut(path, len) => self.cut(self.opened(path).0, len),
            FileAct::Sync(path) => self.synced(self.opened(path).0, path, upto),
            FileAct::Rename(from, to) => {
                let node = Node::File(self.opened(from).0);
                let (from, to) = (self.inside(from), self.inside(to));
                let mut held = self.held();
                held.link(to, node);
                held.link(from, Node::Nothing);
            }
            FileAct::Remove(path) => self.removed(path),
            FileAct::MakeDir(path) => {
                let path = self.inside(path);
                self.held().link(path, Node::Dir);
            }
            FileAct::SyncDir(path) => self.synced_dir(path, upto),
        }
    }
}

impl Held {
    fn link(&mut self, path: PathBuf, node: Node) {
        self.names.insert(path.clone(), node);
        self.events.push(Event::Link { path, node });
    }
}

/// Stands beside the store's own acts on files.
fn beside(act: &FileAct<'_>, run: &mut dyn FnMut() -> io::Result<()>) -> io::Result<()> {
    let (kind, path) = match *act {
        FileAct::Read(path) => (Kind::Read, path),
        FileAct::Open(path) if path.exists() => (Kind::Look, path),
        FileAct::Open(path) | FileAct::MakeDir(path) | FileAct::Rename(path, _) => (Kind::Make, path),
        FileAct::Write { path, .. } => (Kind::Write, path),
        FileAct::Empty(path) | FileAct::Cut(path, _) | FileAct::Remove(path) => (Kind::Less, path),
        FileAct::Sync(path) | FileAct::SyncDir(path) => (Kind::Sync, path),
    };
    let Some(recorder) = recorder_of(path) else { return run() };
    let upto = recorder.now();
    if let Some(fault) = recorder.ask(kind, path) {
        match (*act, fault) {
            (FileAct::Write { path, at, bytes }, Fault::Short) => {
                let part = &bytes[..bytes.len() / 2];
                write_part(path, at, part)?;
                recorder.written(recorder.opened(path).0, at, part);
            }
            (FileAct::Sync(path), _) => recorder.sync_failed(recorder.opened(path).0),
            _ => {}
        }
        return Err(match fault {
            Fault::Broken => io::Error::other("the disk failed, as planned"),
            Fault::Full | Fault::Short => io::ErrorKind::StorageFull.into(),
        });
    }
    run()?;
    recorder.done(act, upto);
    Ok(())
}

fn write_part(path: &Path, at: u64, bytes: &[u8]) -> io::Result<()> {
    use std::io::{Seek, SeekFrom, Write};
    let mut file = std::fs::OpenOptions::new().write(true).open(path)?;
    file.seek(SeekFrom::Start(at))?;
    file.write_all(bytes)
}
