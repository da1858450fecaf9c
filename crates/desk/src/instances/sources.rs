//! Where submissions are read from: XML files, folders as Collect and Briefcase keep them, zip archives of either.
//!
//! Nothing is unpacked to the disk. What is found is only named first; each file is read when its turn comes.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;
use zip::ZipArchive;

use crate::refusal::{Result, refuse};
use crate::view::{ImportUnread, Refusal};

/// Most bytes of the XML of one submission.
pub const MOST_XML_BYTES: u64 = 16 << 20;
/// Most submissions that are taken in at once.
pub const MOST_SUBMISSIONS: usize = 20_000;
/// Most files and folders that are looked through for them.
pub const MOST_FILES: usize = 200_000;
/// Deepest folders inside folders.
pub const MOST_DEPTH: usize = 8;
/// Most bytes of the file of one answer in an archive; beside an XML file it is what the question takes.
pub const MOST_ANSWER_BYTES: u64 = 256 << 20;
/// Most bytes of XML that are unpacked from archives at once.
pub const MOST_ZIPPED_BYTES: u64 = 4 << 30;

/// A file that may be a submission.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// What a person knows it by: its path below what was chosen.
    pub place: String,
    at: At,
}

#[derive(Debug, Clone)]
enum At {
    File(PathBuf),
    /// Number of the archive, and the whole name in it.
    Zipped(usize, String),
}

/// What was chosen, looked through.
pub(super) struct Sources {
    archives: Vec<ZipArchive<File>>,
    /// What may be a submission, in the order of places.
    pub found: Vec<Found>,
    /// What could not be looked through.
    pub unread: Vec<ImportUnread>,
    looked_at: usize,
    unpacked: u64,
}

/// The file that an answer names.
pub(super) enum Beside {
    /// On the disk.
    File(PathBuf),
    /// From an archive.
    Bytes(Zeroizing<Vec<u8>>),
}

impl Sources {
    /// Looks through files and folders that a person chose.
    ///
    /// # Errors
    /// `import-too-many` beyond a limit: nothing is taken in then, so that nobody believes a half to be the whole.
    pub fn of(paths: &[PathBuf]) -> Result<Self> {
        let mut sources =
            Self { archives: Vec::new(), found: Vec::new(), unread: Vec::new(), looked_at: 0, unpacked: 0 };
        for path in paths {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            match fs::metadata(path) {
                Ok(what) if what.is_dir() => sources.folder(path, &name, 1)?,
                Ok(_) if ends_with(&name, "zip") => sources.archive(path, &name)?,
                Ok(_) => sources.put(Found { place: name, at: At::File(path.clone()) })?,
                Err(why) => sources.unread.push(unread(&name, cannot(&name, &why))),
            }
        }
        sources.found.sort_by(|a, b| a.place.cmp(&b.place));
        Ok(sources)
    }

    fn folder(&mut self, folder: &Path, place: &str, depth: usize) -> Result<()> {
        let listed = match fs::read_dir(folder) {
            Ok(listed) => listed,
            Err(why) => {
                self.unread.push(unread(place, cannot(place, &why)));
                return Ok(());
            }
        };
        for entry in listed {
            self.look()?;
            let Ok(entry) = entry else { continue };
            let name = entry.file_name().to_string_lossy().into_owned();
            let inside = if place.is_empty() { name.clone() } else { format!("{place}/{name}") };
            // A link may lead anywhere, also back here: it is passed over.
            let Ok(kind) = entry.file_type() else { continue };
            if kind.is_dir() && depth < MOST_DEPTH {
                self.folder(&entry.path(), &inside, depth + 1)?;
            } else if kind.is_dir() {
                let detail = format!("expected folders at most {MOST_DEPTH} deep, found a deeper one");
                self.unread
                    .push(unread(&inside, refuse("import-too-deep", detail).with("limit", MOST_DEPTH.to_string())));
            } else if kind.is_file() && ends_with(&name, "xml") {
                self.put(Found { place: inside, at: At::File(entry.path()) })?;
            } else if kind.is_file() && ends_with(&name, "zip") {
                self.archive(&entry.path(), &inside)?;
            }
        }
        Ok(())
    }

    fn archive(&mut self, path: &Path, place: &str) -> Result<()> {
        let opened = File::open(path).map_err(|why| cannot(place, &why)).and_then(|file| {
            let expected = "expected a zip archive, found something else";
            ZipArchive::new(file).map_err(|why| refuse("import-not-zip", format!("{expected}: {why}")))
        });
        let archive = match opened {
            Ok(archive) => archive,
            Err(refusal) => {
                self.unread.push(unread(place, refusal));
                return Ok(());
            }
        };
        let number = self.archives.len();
        let mut names: Vec<String> = Vec::new();
        for name in archive.file_names() {
            self.looked_at += 1;
            if self.looked_at > MOST_FILES {
                return Err(too_many(MOST_FILES));
            }
            match name {
                // What Apple's archiver puts beside each file is no file of anybody's.
                Ok(name) if ends_with(&name, "xml") && !name.starts_with("__MACOSX/") => names.push(name.into_owned()),
                Ok(_) => {}
                Err(why) => self.unread.push(unread(place, refuse("import-not-zip", why.to_string()))),
            }
        }
        self.archives.push(archive);
        for name in names {
            self.put(Found { place: format!("{place}/{name}"), at: At::Zipped(number, name) })?;
        }
        Ok(())
    }

    fn look(&mut self) -> Result<()> {
        self.looked_at += 1;
        if self.looked_at > MOST_FILES { Err(too_many(MOST_FILES)) } else { Ok(()) }
    }

    fn put(&mut self, found: Found) -> Result<()> {
        if self.found.len() >= MOST_SUBMISSIONS {
            return Err(too_many(MOST_SUBMISSIONS));
        }
        self.found.push(found);
        Ok(())
    }

    /// The text of a file that may be a submission.
    ///
    /// # Errors
    /// `import-too-large`, `import-not-text`, `import-not-zip` for a damaged part, `file`.
    pub fn xml(&mut self, found: &Found) -> Result<Zeroizing<String>> {
        let bytes = match &found.at {
            At::File(path) => {
                let file = File::open(path).map_err(|why| cannot(&found.place, &why))?;
                whole(file, MOST_XML_BYTES).map_err(|why| cannot(&found.place, &why))?
            }
            At::Zipped(archive, name) => {
                let left = MOST_ZIPPED_BYTES.saturating_sub(self.unpacked).min(MOST_XML_BYTES);
                self.unzip(*archive, name, left)?
            }
        };
        let bytes = bytes.ok_or_else(|| {
            let detail = format!("expected XML of at most {MOST_XML_BYTES} bytes, found more");
            refuse("import-too-large", detail).with("limit", (MOST_XML_BYTES >> 20).to_string())
        })?;
        let text = std::str::from_utf8(&bytes).map_err(|why| {
            refuse("import-not-text", format!("expected UTF-8, found another byte at {}", why.valid_up_to()))
        })?;
        Ok(Zeroizing::new(text.trim_start_matches('\u{feff}').to_owned()))
    }

    /// The file of this name beside a submission; none if there is none. `most`: what the question takes.
    ///
    /// # Errors
    /// `attachment-too-large` for one in an archive; `import-not-zip`.
    pub fn beside(&mut self, found: &Found, name: &str, most: u64) -> Result<Option<Beside>> {
        // The name comes from the submission: it must not lead out of its folder.
        if name.is_empty() || name.starts_with('.') || name.contains(['/', '\\', ':', '\0']) {
            return Ok(None);
        }
        match &found.at {
            At::File(path) => {
                let beside = path.with_file_name(name);
                let plain = fs::symlink_metadata(&beside).is_ok_and(|what| what.is_file());
                Ok(plain.then_some(Beside::File(beside)))
            }
            At::Zipped(archive, own) => {
                let whole_name =
                    own.rsplit_once('/').map_or_else(|| name.to_owned(), |(folder, _)| format!("{folder}/{name}"));
                if self.archives.get(*archive).is_none_or(|archive| archive.index_for_name(&whole_name).is_none()) {
                    return Ok(None);
                }
                let most = most.min(MOST_ANSWER_BYTES);
                let bytes = self.unzip(*archive, &whole_name, most)?.ok_or_else(|| {
                    refuse("attachment-too-large", format!("expected at most {most} bytes, found more"))
                        .with("limit", (most >> 20).max(1).to_string())
                })?;
                Ok(Some(Beside::Bytes(bytes)))
            }
        }
    }

    /// A part of an archive; none if it is larger than `most`, whatever the archive says of it.
    fn unzip(&mut self, archive: usize, name: &str, most: u64) -> Result<Option<Zeroizing<Vec<u8>>>> {
        let broken = |why: &dyn std::fmt::Display| {
            refuse("import-not-zip", format!("expected a whole part of the archive, found a damaged one: {why}"))
        };
        let archive = self.archives.get_mut(archive).ok_or_else(|| broken(&"no such archive"))?;
        let part = archive.by_name(name).map_err(|why| broken(&why))?;
        let bytes = whole(part, most).map_err(|why| broken(&why))?;
        self.unpacked += bytes.as_ref().map_or(most, |bytes| bytes.len() as u64);
        Ok(bytes)
    }
}

/// Reads to the end, or none if that is more than `most` bytes.
fn whole(source: impl Read, most: u64) -> std::io::Result<Option<Zeroizing<Vec<u8>>>> {
    let mut bytes = Zeroizing::new(Vec::new());
    source.take(most + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= most).then_some(bytes))
}

/// Whether a name has this ending.
fn ends_with(name: &str, ending: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, end)| end.eq_ignore_ascii_case(ending))
}

fn too_many(limit: usize) -> Refusal {
    refuse("import-too-many", format!("expected at most {limit} files at once, found more"))
        .with("limit", limit.to_string())
}

fn cannot(place: &str, why: &std::io::Error) -> Refusal {
    refuse("file", why.to_string()).with("file", place)
}

pub(super) fn unread(place: &str, refusal: Refusal) -> ImportUnread {
    ImportUnread { place: place.to_owned(), refusal }
}
