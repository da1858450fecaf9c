//! Consent and stopping, in the real window.

mod common;

use common::lived;
use tianye_tests::consent::{SAID, show};

#[test]
fn nothing_begins_before_it_is_agreed_to_and_a_child_stops_by_keyboard_alone() {
    let left = lived("consent", show);
    assert_eq!(left.len(), 2);
    for one in left {
        assert!(one.answered[0] > 0, "what a child let us keep is there");
        assert_eq!(one.answered[1], 0, "what a child took along is gone");
        assert!(!one.exported.contains(SAID[1]), "what a child took along is exported");
        assert_eq!(one.erased, 1, "a certificate shows it");
    }
}
