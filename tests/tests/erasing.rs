//! Erasing in the real window.

use tianye_tests::Outcome;
use tianye_tests::erasing::{Erased, erase};
use tianye_tests::gallery::{Gallery, Size};

#[test]
fn answers_an_interview_and_a_respondent_are_erased_by_keyboard_alone() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let folder = tempfile::Builder::new().prefix("tianye-erasing").tempdir().unwrap();
    let pictures = std::env::var_os("TIANYE_PICTURES").map(std::path::PathBuf::from);
    let lived: Outcome<(Erased, Gallery)> = runtime.block_on(async {
        let mut gallery = Gallery::new(pictures.as_deref())?;
        let erased = erase(folder.path(), &mut gallery).await?;
        Ok((erased, gallery))
    });
    let (erased, gallery) = lived.unwrap();
    assert_eq!(erased.left.trim(), "", "everything was erased");
    for words in ["奶奶不同意", "沈一帆"] {
        assert!(erased.said.contains(words), "{}", erased.said);
    }
    assert_eq!(erased.certificates.len(), 8, "four acts in each language");
    for certificate in &erased.certificates {
        assert!(certificate.contains("删除证明") || certificate.contains("Certificate of erasure"), "{certificate}");
        for name in ["小满", "沈一帆", "爸爸在外省"] {
            assert!(!certificate.contains(name), "{name} in {certificate}");
        }
    }
    assert_eq!(gallery.halves(), Vec::<String>::new(), "screens seen in one language only");
    for ((screen, language), size) in &gallery.shown {
        assert_eq!(*size, Size(1366, 768), "{screen} ({language})");
    }
    let grave: Vec<String> = gallery.findings.iter().filter(|one| one.is_grave()).map(ToString::to_string).collect();
    assert!(grave.is_empty(), "serious or critical:\n{}", grave.join("\n"));
}
