//! A real project begins, and keeps nothing longer than was agreed: in the real window.

mod common;

use common::lived;
use tianye_tests::beginning::{ASKED, show};

#[test]
fn a_project_begins_through_its_checklist_and_erases_what_has_had_its_time_by_keyboard_alone() {
    let begun = lived("beginning", show);
    assert_eq!(begun.checklist["begun"], true, "{:#?}", begun.checklist);
    let items = begun.checklist["items"].as_array().unwrap();
    assert!(items.iter().all(|item| item["done"] == true), "{items:#?}");
    let erased = begun.erased.as_array().unwrap();
    let interviews: u64 = erased.iter().filter_map(|one| one["interviews"].as_u64()).sum();
    assert!(erased.iter().all(|one| one["why"] == "retention"), "{erased:#?}");
    assert_eq!(interviews, ASKED.len() as u64, "both had their time: {erased:#?}");
    assert!(ASKED.iter().all(|(code, _)| !begun.listed.contains(code)), "{}", begun.listed);
}
