//! A project without a hub in the real window.

use tianye_tests::Outcome;
use tianye_tests::carrying::{Carried, carry};
use tianye_tests::gallery::{Gallery, Size};

#[test]
fn two_laptops_pair_by_files_and_everything_travels_on_a_stick() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let folder = tempfile::Builder::new().prefix("tianye-carrying").tempdir().unwrap();
    let pictures = std::env::var_os("TIANYE_PICTURES").map(std::path::PathBuf::from);
    let lived: Outcome<(Carried, Gallery)> = runtime.block_on(async {
        let mut gallery = Gallery::new(pictures.as_deref())?;
        let carried = carry(folder.path(), &mut gallery).await?;
        Ok((carried, gallery))
    });
    let (carried, gallery) = lived.unwrap();
    assert!(carried.forms.contains("学生问卷"), "{}", carried.forms);
    // The one on the stick, and the recording that was stopped on its way and went on.
    assert_eq!(carried.records.trim().lines().count(), 2, "{}", carried.records);
    assert!(carried.team.contains("revoked by 沈一帆"), "{}", carried.team);
    assert_eq!(gallery.halves(), Vec::<String>::new(), "screens seen in one language only");
    for ((screen, language), size) in &gallery.shown {
        assert_eq!(*size, Size(1366, 768), "{screen} ({language})");
    }
    let grave: Vec<String> = gallery.findings.iter().filter(|one| one.is_grave()).map(ToString::to_string).collect();
    assert!(grave.is_empty(), "serious or critical:\n{}", grave.join("\n"));
}
