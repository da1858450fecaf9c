//! Children with two cards, in the real window.

mod common;

use common::lived;
use tianye_tests::duplicates::show;

#[test]
fn duplicates_are_judged_by_keyboard_alone_and_taken_back() {
    let said = lived("duplicates", show);
    assert_eq!((said.matches("  linked  ").count(), said.matches("  kept apart  ").count()), (2, 1), "{said}");
}
