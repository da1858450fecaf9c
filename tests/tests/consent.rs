//! Consent and stopping, in the real window.

use tianye_tests::Outcome;
use tianye_tests::consent::{Left, SAID, show};
use tianye_tests::gallery::{Gallery, Size};

#[test]
fn nothing_begins_before_it_is_agreed_to_and_a_child_stops_by_keyboard_alone() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let folder = tempfile::Builder::new().prefix("tianye-consent").tempdir().unwrap();
    let pictures = std::env::var_os("TIANYE_PICTURES").map(std::path::PathBuf::from);
    let lived: Outcome<(Vec<Left>, Gallery)> = runtime.block_on(async {
        let mut gallery = Gallery::new(pictures.as_deref())?;
        let left = show(folder.path(), &mut gallery).await?;
        Ok((left, gallery))
    });
    let (left, gallery) = lived.unwrap();
    assert_eq!(left.len(), 2);
    for one in left {
        assert!(one.answered[0] > 0, "what a child let us keep is there");
        assert_eq!(one.answered[1], 0, "what a child took along is gone");
        assert!(!one.exported.contains(SAID[1]), "what a child took along is exported");
        assert_eq!(one.erased, 1, "a certificate shows it");
    }
    assert_eq!(gallery.halves(), Vec::<String>::new(), "screens seen in one language only");
    for ((screen, language), size) in &gallery.shown {
        assert_eq!(*size, Size(1366, 768), "{screen} ({language})");
    }
    let grave: Vec<String> = gallery.findings.iter().filter(|one| one.is_grave()).map(ToString::to_string).collect();
    assert!(grave.is_empty(), "serious or critical:\n{}", grave.join("\n"));
}
