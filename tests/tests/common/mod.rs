//! What every test in the real window does around what it is about.

#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::path::{Path, PathBuf};

use tianye_tests::Outcome;
use tianye_tests::gallery::{Gallery, Size};

/// Lives something in a folder of its own. Every screen shown of it must stand in both languages at 1366×768 and break no
/// serious rule; pictures go where `TIANYE_PICTURES` says.
pub fn lived<T>(name: &str, live: impl AsyncFnOnce(&Path, &mut Gallery) -> Outcome<T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let folder = tempfile::Builder::new().prefix(&format!("tianye-{name}")).tempdir().unwrap();
    let pictures = std::env::var_os("TIANYE_PICTURES").map(PathBuf::from);
    let mut gallery = Gallery::new(pictures.as_deref()).unwrap();
    let found = runtime.block_on(live(folder.path(), &mut gallery)).unwrap();
    assert_eq!(gallery.halves(), Vec::<String>::new(), "screens seen in one language only");
    for ((screen, language), size) in &gallery.shown {
        assert_eq!(*size, Size(1366, 768), "{screen} ({language})");
    }
    let grave: Vec<String> = gallery.findings.iter().filter(|one| one.is_grave()).map(ToString::to_string).collect();
    assert!(grave.is_empty(), "serious or critical:\n{}", grave.join("\n"));
    found
}
