//! A damaged database stands again in the real window.

use tianye_tests::Outcome;
use tianye_tests::gallery::{Gallery, Size};
use tianye_tests::recovering::{Recovered, recover};

#[test]
fn a_damaged_database_is_recovered_by_keyboard_with_every_answer_there() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let folder = tempfile::Builder::new().prefix("tianye-recovering").tempdir().unwrap();
    let pictures = std::env::var_os("TIANYE_PICTURES").map(std::path::PathBuf::from);
    let lived: Outcome<(Recovered, Gallery)> = runtime.block_on(async {
        let mut gallery = Gallery::new(pictures.as_deref())?;
        let recovered = recover(folder.path(), &mut gallery).await?;
        Ok((recovered, gallery))
    });
    let (recovered, gallery) = lived.unwrap();
    for answer in ["R1 爸爸在外省", "R2 爸爸在外省", "R3 爸爸在外省"] {
        assert!(recovered.table.contains(answer), "{answer} in:\n{}", recovered.table);
    }
    assert_eq!(recovered.set_aside, recovered.damaged, "the damaged file was kept as it was");
    assert!(!recovered.kept, "until a person discarded it");
    let said = recovered.said.join("\n");
    for words in ["R1", "R2", "整库副本", "坏了的数据库"] {
        assert!(said.contains(words), "{words} in:\n{said}");
    }
    assert_eq!(gallery.halves(), Vec::<String>::new(), "screens seen in one language only");
    for ((screen, language), size) in &gallery.shown {
        assert_eq!(*size, Size(1366, 768), "{screen} ({language})");
    }
    let grave: Vec<String> = gallery.findings.iter().filter(|one| one.is_grave()).map(ToString::to_string).collect();
    assert!(grave.is_empty(), "serious or critical:\n{}", grave.join("\n"));
}
