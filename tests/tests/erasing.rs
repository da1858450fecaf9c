//! Erasing in the real window.

mod common;

use common::lived;
use tianye_tests::erasing::erase;

#[test]
fn answers_an_interview_and_a_respondent_are_erased_by_keyboard_alone() {
    let erased = lived("erasing", erase);
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
}
