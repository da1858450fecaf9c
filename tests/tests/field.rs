//! Groups and places, in the real window.

use tianye_tests::Outcome;
use tianye_tests::field::show;
use tianye_tests::gallery::{Gallery, Size};

#[test]
fn a_group_of_those_who_agreed_and_a_village_have_their_forms_begun() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let folder = tempfile::Builder::new().prefix("tianye-field").tempdir().unwrap();
    let pictures = std::env::var_os("TIANYE_PICTURES").map(std::path::PathBuf::from);
    let lived: Outcome<(String, Gallery)> = runtime.block_on(async {
        let mut gallery = Gallery::new(pictures.as_deref())?;
        let said = show(folder.path(), &mut gallery).await?;
        Ok((said, gallery))
    });
    let (said, gallery) = lived.unwrap();
    assert!(said.contains("五月座谈") && said.contains("上坞村"), "{said}");
    assert_eq!(gallery.halves(), Vec::<String>::new(), "screens seen in one language only");
    for ((screen, language), size) in &gallery.shown {
        assert_eq!(*size, Size(1366, 768), "{screen} ({language})");
    }
    let grave: Vec<String> = gallery.findings.iter().filter(|one| one.is_grave()).map(ToString::to_string).collect();
    assert!(grave.is_empty(), "serious or critical:\n{}", grave.join("\n"));
}
