//! A day by touch alone, in the real window.

mod common;

use common::lived;
use tianye_tests::touch::{TOLD, show};

#[test]
fn a_roster_consent_a_disclosure_and_a_withdrawal_go_by_touch_alone_and_what_is_touched_is_large_enough() {
    let touched = lived("touch", show);
    // The driver takes touches; the web view of Linux hands them to the page as those of a mouse. Other web views say touch.
    assert!(
        !touched.pointers.is_empty() && touched.pointers.iter().all(|one| one == "touch" || one == "mouse"),
        "{touched:?}"
    );
    assert!(touched.measured > 400, "{} things were measured", touched.measured);
    assert_eq!(touched.small, Vec::<String>::new(), "smaller than a finger needs");
    // What the guardian took back has left the three laptops, and the tables hold a row to drop.
    assert_eq!(touched.certificates.len(), 2);
    for certificates in &touched.certificates {
        let [one] = certificates.as_array().unwrap().as_slice() else { panic!("{certificates:#?}") };
        let count = |key: &str| one[key].as_array().unwrap().len();
        assert_eq!((count("answered"), count("waiting"), count("exports")), (3, 0, 1), "{one:#?}");
    }
    assert_eq!(touched.left.len(), 2);
    for [people, list, reports] in &touched.left {
        assert!(people.contains("欧阳麦穗") && !people.contains("李青豆"), "a bad row went in:\n{people}");
        assert!(!list.contains("301") && !list.contains("101"), "what was refused or taken back is listed:\n{list}");
        assert!(TOLD.iter().all(|words| reports.contains(words)), "{reports}");
    }
}
