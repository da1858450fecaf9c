//! People, a roster and assignments, in the real window.

mod common;

use common::lived;
use tianye_tests::people::show;

#[test]
fn a_roster_is_taken_in_a_child_found_and_a_class_assigned_by_keyboard_alone() {
    let said = lived("people", show);
    assert!(said.contains("from 陈禾: 陈禾发烧") && said.contains("单小满"), "{said}");
}
