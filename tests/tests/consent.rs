//! Consent and stopping, in the real window.

use tianye_tests::Outcome;
use tianye_tests::consent::show;
use tianye_tests::gallery::{Gallery, Size};

#[test]
fn nothing_begins_before_it_is_agreed_to_and_a_child_stops_by_keyboard_alone() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let folder = tempfile::Builder::new().prefix("tianye-consent").tempdir().unwrap();
    let pictures = std::env::var_os("TIANYE_PICTURES").map(std::path::PathBuf::from);
    let lived: Outcome<Gallery> = runtime.block_on(async {
        let mut gallery = Gallery::new(pictures.as_deref())?;
        show(folder.path(), &mut gallery).await?;
        Ok(gallery)
    });
    let gallery = lived.unwrap();
    assert_eq!(gallery.halves(), Vec::<String>::new(), "screens seen in one language only");
    for ((screen, language), size) in &gallery.shown {
        assert_eq!(*size, Size(1366, 768), "{screen} ({language})");
    }
    let grave: Vec<String> = gallery.findings.iter().filter(|one| one.is_grave()).map(ToString::to_string).collect();
    assert!(grave.is_empty(), "serious or critical:\n{}", grave.join("\n"));
}
