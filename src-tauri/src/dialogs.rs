//! Asking for files and folders. With `TIANYE_FILES` set to a folder nobody is asked: names are taken from there, so that
//! the day can be played without a person.

use std::path::{Path, PathBuf};

use tauri::AppHandle;
use tauri_plugin_dialog::DialogExt as _;
use tianye_desk::view::Refusal;
use tianye_desk::{Result, refuse};

/// Largest file that is read whole, in bytes.
const LARGEST: u64 = 32 << 20;

fn unasked() -> Option<PathBuf> {
    std::env::var_os("TIANYE_FILES").map(PathBuf::from)
}

/// A file to read, by its endings (any if there are none); none if the person changed their mind.
pub fn open_file(app: &AppHandle, name: &str, endings: &[&str]) -> Option<PathBuf> {
    if let Some(folder) = unasked() {
        let files = std::fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path());
        let any = endings.is_empty();
        let fits = |path: &PathBuf| {
            any && path.is_file() || path.extension().is_some_and(|end| endings.iter().any(|one| *one == end))
        };
        let mut files: Vec<PathBuf> = files.filter(fits).collect();
        files.sort();
        return files.into_iter().next();
    }
    let dialog = app.dialog().file();
    let dialog = if endings.is_empty() { dialog } else { dialog.add_filter(name, endings) };
    dialog.blocking_pick_file()?.into_path().ok()
}

/// Files to read, by their endings; none if the person changed their mind.
pub fn open_files(app: &AppHandle, name: &str, endings: &[&str]) -> Vec<PathBuf> {
    if let Some(folder) = unasked() {
        let files = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
        let fits = |path: &PathBuf| path.extension().is_some_and(|end| endings.iter().any(|one| *one == end));
        let mut files: Vec<PathBuf> = files.filter(fits).collect();
        files.sort();
        return files;
    }
    let chosen = app.dialog().file().add_filter(name, endings).blocking_pick_files().unwrap_or_default();
    chosen.into_iter().filter_map(|path| path.into_path().ok()).collect()
}

/// A folder to read; none if the person changed their mind.
pub fn folder_to_read(app: &AppHandle) -> Option<PathBuf> {
    if let Some(folder) = unasked() {
        return Some(folder.join("instances"));
    }
    folder(app)
}

/// Where to write a file; none if the person changed their mind.
pub fn save_file(app: &AppHandle, suggested: &str) -> Option<PathBuf> {
    if let Some(folder) = unasked() {
        return Some(folder.join(suggested));
    }
    app.dialog().file().set_file_name(suggested).blocking_save_file()?.into_path().ok()
}

/// A folder to write to; none if the person changed their mind.
pub fn folder(app: &AppHandle) -> Option<PathBuf> {
    if let Some(folder) = unasked() {
        return Some(folder);
    }
    app.dialog().file().blocking_pick_folder()?.into_path().ok()
}

/// Reads a file that a person chose.
///
/// # Errors
/// A file that is too large or cannot be read.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    let length = std::fs::metadata(path).map_err(|why| cannot(path, &why))?.len();
    if length > LARGEST {
        return Err(refuse("too-long", format!("expected at most {LARGEST} bytes, found {length}"))
            .with("limit", LARGEST.to_string()));
    }
    std::fs::read(path).map_err(|why| cannot(path, &why))
}

/// Writes a file that a person named.
///
/// # Errors
/// A file that cannot be written.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    std::fs::write(path, bytes).map_err(|why| cannot(path, &why))
}

fn cannot(path: &Path, why: &std::io::Error) -> Refusal {
    refuse("file", format!("{}: {why}", path.display())).with("file", path.display().to_string())
}
