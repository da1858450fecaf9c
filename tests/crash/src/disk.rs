//! What happened to files, and what a disk holds.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A file, whatever its name is.
pub type Inode = u32;

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Node {
    /// Nothing.
    Nothing,
    /// A folder.
    Dir,
    /// A file.
    File(Inode),
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A step began.
    Begun {
        /// Its number, from 1.
        step: usize,
    },
    /// A step was confirmed: its call returned.
    Told {
        /// Its number, from 1.
        step: usize,
    },
    /// A name came to stand for something else.
    Link {
        /// The name, from the root.
        path: PathBuf,
        /// What it stands for now.
        node: Node,
    },
    /// Bytes were written.
    Write {
        /// To which file.
        file: Inode,
        /// Where.
        at: u64,
        /// What.
        bytes: Box<[u8]>,
    },
    /// A file was cut off, or made longer with zeros.
    Cut {
        /// Which file.
        file: Inode,
        /// Its length now.
        len: u64,
    },
    /// Memory was shared in a file: what of it is on the disk nobody knows.
    Shared {
        /// Which file.
        file: Inode,
        /// Its length at least.
        len: u64,
    },
    /// A file's content became durable.
    Sync {
        /// Which file.
        file: Inode,
        /// What happened before this place of the record.
        upto: usize,
    },
    /// Making a file's content durable failed: no later sync covers what was written before.
    SyncFailed {
        /// Which file.
        file: Inode,
    },
    /// The names in a folder became durable.
    SyncDir {
        /// Which folder.
        dir: PathBuf,
        /// What happened before this place of the record.
        upto: usize,
    },
}

/// Files and folders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Disk {
    /// Content by file.
    pub files: BTreeMap<Inode, Vec<u8>>,
    /// What each name stands for.
    pub names: BTreeMap<PathBuf, Node>,
}

impl Disk {
    /// Takes in what is below `root`.
    ///
    /// # Errors
    /// What the system says.
    pub fn take_in(&mut self, root: &Path, at: &Path) -> io::Result<()> {
        let mut found: Vec<_> = fs::read_dir(root.join(at))?.collect::<io::Result<_>>()?;
        found.sort_by_key(fs::DirEntry::file_name);
        for entry in found {
            let path = at.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                self.names.insert(path.clone(), Node::Dir);
                self.take_in(root, &path)?;
            } else {
                let file = Inode::try_from(self.files.len()).map_err(io::Error::other)?;
                self.files.insert(file, fs::read(entry.path())?);
                self.names.insert(path, Node::File(file));
            }
        }
        Ok(())
    }

    /// What can be reached: a name in a folder that is not there is lost with it.
    #[must_use]
    pub fn reachable(&self) -> Vec<(&Path, Option<&[u8]>)> {
        let mut found = Vec::new();
        for (path, node) in &self.names {
            let mut above = path.ancestors().skip(1).filter(|above| !above.as_os_str().is_empty());
            if !above.all(|above| self.names.get(above) == Some(&Node::Dir)) {
                continue;
            }
            match node {
                Node::Nothing => {}
                Node::Dir => found.push((path.as_path(), None)),
                Node::File(file) => {
                    found.push((path.as_path(), Some(self.files.get(file).map_or(&[][..], Vec::as_slice))));
                }
            }
        }
        found
    }

    /// A sum of all that can be reached.
    #[must_use]
    pub fn sum(&self) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new();
        for (path, content) in self.reachable() {
            hasher.update(path.as_os_str().as_encoded_bytes());
            hasher.update(&[0]);
            if let Some(content) = content {
                hasher.update(blake3::hash(content).as_bytes());
            }
        }
        hasher.finalize().into()
    }

    /// Writes it to an empty folder.
    ///
    /// # Errors
    /// What the system says.
    pub fn lay_out(&self, root: &Path) -> io::Result<()> {
        for (path, content) in self.reachable() {
            match content {
                None => fs::create_dir(root.join(path))?,
                Some(content) => fs::write(root.join(path), content)?,
            }
        }
        Ok(())
    }
}

/// What was recorded.
#[derive(Clone, Debug, Default)]
pub struct Log {
    /// What was durable when the recording began.
    pub before: Disk,
    /// What happened since.
    pub events: Vec<Event>,
}
