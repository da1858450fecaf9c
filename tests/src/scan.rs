//! Looking for words of respondents in every file, as bytes on the disk.

use std::path::{Path, PathBuf};

use crate::Outcome;

/// A word that was found where it must not be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leak {
    /// The file.
    pub file: PathBuf,
    /// The word.
    pub word: String,
    /// `UTF-8` or `UTF-16LE`.
    pub coding: &'static str,
}

/// What a scan saw.
#[derive(Debug, Default)]
pub struct Seen {
    /// Files read.
    pub files: usize,
    /// Bytes read.
    pub bytes: u64,
    /// Words found.
    pub leaks: Vec<Leak>,
}

/// Reads every file below a folder and looks for each word as UTF-8 and as UTF-16LE; names of files are looked at too.
/// Folders in `but` are left out.
pub fn scan(folder: &Path, words: &[&str], but: &[&Path]) -> Outcome<Seen> {
    let needles: Vec<(String, &'static str, Vec<u8>)> = words
        .iter()
        .flat_map(|word| {
            let wide = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
            [((*word).to_owned(), "UTF-8", word.as_bytes().to_vec()), ((*word).to_owned(), "UTF-16LE", wide)]
        })
        .collect();
    let mut seen = Seen::default();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        // A folder of a running program may be gone again.
        let Ok(inside) = std::fs::read_dir(&folder) else { continue };
        for entry in inside.flatten() {
            let path = entry.path();
            if but.iter().any(|but| path.starts_with(but)) {
                continue;
            }
            let kind = entry.file_type()?;
            if kind.is_dir() {
                folders.push(path.clone());
            }
            let mut bytes = path.as_os_str().as_encoded_bytes().to_vec();
            if kind.is_file() {
                let Ok(content) = std::fs::read(&path) else { continue };
                seen.files += 1;
                seen.bytes += content.len() as u64;
                bytes.push(0);
                bytes.extend(content);
            }
            for (word, coding, needle) in &needles {
                if contains(&bytes, needle) {
                    seen.leaks.push(Leak { file: path.clone(), word: word.clone(), coding });
                }
            }
        }
    }
    Ok(seen)
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    let Some((first, rest)) = needle.split_first() else { return false };
    let mut from = 0;
    while let Some(at) = bytes[from..].iter().position(|byte| byte == first) {
        let after = from + at + 1;
        if bytes[after..].starts_with(rest) {
            return true;
        }
        from = after;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(content: &[u8], expect: &[&str]) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("deep")).unwrap();
        std::fs::write(folder.path().join("deep/file"), content).unwrap();
        let seen = scan(folder.path(), &["白鹭77"], &[]).unwrap();
        assert_eq!(seen.files, 1);
        assert_eq!(seen.leaks.iter().map(|leak| leak.coding).collect::<Vec<_>>(), expect);
    }

    #[test]
    fn words_are_found_in_either_coding() {
        check("前 白鹭77 后".as_bytes(), &["UTF-8"]);
        check("白白鹭77".as_bytes(), &["UTF-8"]);
        let wide: Vec<u8> = "白鹭77".encode_utf16().flat_map(u16::to_le_bytes).collect();
        check(&wide, &["UTF-16LE"]);
        check("白鹭7 7".as_bytes(), &[]);
    }

    #[test]
    fn names_of_files_are_looked_at() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("白鹭77.csv"), "").unwrap();
        let seen = scan(folder.path(), &["白鹭77"], &[]).unwrap();
        assert_eq!(seen.leaks.len(), 1);
        let but = folder.path().join("白鹭77.csv");
        assert!(scan(folder.path(), &["白鹭77"], &[&but]).unwrap().leaks.is_empty());
    }
}
