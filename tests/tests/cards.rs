//! Cards of people and places that a team keeps together, in the real window.

use tianye_tests::Outcome;
use tianye_tests::cards::{Kept, show};
use tianye_tests::gallery::{Gallery, Size};

#[test]
fn cards_are_decided_a_class_moves_and_a_colleague_is_taken_over_by_keyboard_alone() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let folder = tempfile::Builder::new().prefix("tianye-cards").tempdir().unwrap();
    let pictures = std::env::var_os("TIANYE_PICTURES").map(std::path::PathBuf::from);
    let lived: Outcome<(Kept, Gallery)> = runtime.block_on(async {
        let mut gallery = Gallery::new(pictures.as_deref())?;
        let kept = show(folder.path(), &mut gallery).await?;
        Ok((kept, gallery))
    });
    let (kept, gallery) = lived.unwrap();
    assert_eq!(kept.undecided, 0);
    for [name, contact] in &kept.cards {
        assert!(["小穗穗", "阿禾禾", "小岁", "阿和"].contains(&name.as_str()), "{name}");
        assert!(["13900000001", "13900000002"].contains(&contact.as_str()), "{contact}");
    }
    assert!(kept.classes.contains("五年级一班") && kept.classes.contains("四年级一班"), "{}", kept.classes);
    assert_eq!(kept.assigned, ["周宁 陈禾发烧", "周宁 陈禾发烧"]);
    assert_eq!(gallery.halves(), Vec::<String>::new(), "screens seen in one language only");
    for ((screen, language), size) in &gallery.shown {
        assert_eq!(*size, Size(1366, 768), "{screen} ({language})");
    }
    let grave: Vec<String> = gallery.findings.iter().filter(|one| one.is_grave()).map(ToString::to_string).collect();
    assert!(grave.is_empty(), "serious or critical:\n{}", grave.join("\n"));
}
