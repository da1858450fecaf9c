//! People, a roster and assignments, in the real window.

use tianye_tests::Outcome;
use tianye_tests::gallery::{Gallery, Size};
use tianye_tests::people::show;

#[test]
fn a_roster_is_taken_in_a_child_found_and_a_class_assigned_by_keyboard_alone() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let folder = tempfile::Builder::new().prefix("tianye-people").tempdir().unwrap();
    let pictures = std::env::var_os("TIANYE_PICTURES").map(std::path::PathBuf::from);
    let lived: Outcome<(String, Gallery)> = runtime.block_on(async {
        let mut gallery = Gallery::new(pictures.as_deref())?;
        let said = show(folder.path(), &mut gallery).await?;
        Ok((said, gallery))
    });
    let (said, gallery) = lived.unwrap();
    assert!(said.contains("from 陈禾: 陈禾发烧") && said.contains("单小满"), "{said}");
    assert_eq!(gallery.halves(), Vec::<String>::new(), "screens seen in one language only");
    for ((screen, language), size) in &gallery.shown {
        assert_eq!(*size, Size(1366, 768), "{screen} ({language})");
    }
    let grave: Vec<String> = gallery.findings.iter().filter(|one| one.is_grave()).map(ToString::to_string).collect();
    assert!(grave.is_empty(), "serious or critical:\n{}", grave.join("\n"));
}
