//! Bar codes and what else is opened in a question, in the real window.

use tianye_tests::Outcome;
use tianye_tests::codes::{TEXTS, live};
use tianye_tests::gallery::{Gallery, Size};

#[test]
fn bar_codes_are_typed_scanned_and_read_from_a_picture_by_keyboard_alone() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let folder = tempfile::Builder::new().prefix("tianye-codes").tempdir().unwrap();
    let pictures = std::env::var_os("TIANYE_PICTURES").map(std::path::PathBuf::from);
    let lived: Outcome<(Vec<[String; 3]>, Gallery)> = runtime.block_on(async {
        let mut gallery = Gallery::new(pictures.as_deref())?;
        let mut read = Vec::new();
        for language in ["zh-CN", "en"] {
            let folder = folder.path().join(language);
            std::fs::create_dir_all(&folder)?;
            read.push(live(&folder, language, &mut gallery).await?);
        }
        Ok((read, gallery))
    });
    let (read, gallery) = lived.unwrap();
    for read in read {
        assert_eq!(read, TEXTS);
    }
    assert_eq!(gallery.halves(), Vec::<String>::new(), "screens seen in one language only");
    for ((screen, language), size) in &gallery.shown {
        assert_eq!(*size, Size(1366, 768), "{screen} ({language})");
    }
    let grave: Vec<String> = gallery.findings.iter().filter(|one| one.is_grave()).map(ToString::to_string).collect();
    assert!(grave.is_empty(), "serious or critical:\n{}", grave.join("\n"));
}
