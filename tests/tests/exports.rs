//! The page of exports, in the real window.

mod common;

use common::lived;
use tianye_tests::exports::{REASON, show};

#[test]
fn coarser_places_are_taken_and_all_exports_stand_in_one_list_by_keyboard_alone() {
    let said = lived("exports", show);
    assert_eq!(said.matches(REASON).count(), 2, "{said}");
    assert_eq!((said.matches("李二").count(), said.matches("沈一帆").count()), (2, 2), "{said}");
}
