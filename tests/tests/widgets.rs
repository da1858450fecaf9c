//! Each type and appearance of a question, in the real window.

use tianye_tests::Outcome;
use tianye_tests::gallery::{Gallery, Size};
use tianye_tests::widgets::{Shown, show};

/// What this version cannot ask: the label printer.
const NOT_ASKED: usize = 1;

#[test]
fn every_widget_is_answered_by_keyboard_alone_and_finalised() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let folder = tempfile::Builder::new().prefix("tianye-widgets").tempdir().unwrap();
    let pictures = std::env::var_os("TIANYE_PICTURES").map(std::path::PathBuf::from);
    let lived: Outcome<(Shown, Gallery)> = runtime.block_on(async {
        let mut gallery = Gallery::new(pictures.as_deref())?;
        let shown = show(folder.path(), &mut gallery).await?;
        Ok((shown, gallery))
    });
    let (shown, gallery) = lived.unwrap();
    assert_eq!((shown.wrong, shown.unanswered, shown.not_asked), (0, 0, NOT_ASKED), "{shown:?}");
    assert_eq!(gallery.halves(), Vec::<String>::new(), "screens seen in one language only");
    for ((screen, language), size) in &gallery.shown {
        assert_eq!(*size, Size(1366, 768), "{screen} ({language})");
    }
    let grave: Vec<String> = gallery.findings.iter().filter(|one| one.is_grave()).map(ToString::to_string).collect();
    assert!(grave.is_empty(), "serious or critical:\n{}", grave.join("\n"));
}
