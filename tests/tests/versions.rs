//! A new version of a form among drafts, in the real window.

mod common;

use common::lived;
use tianye_tests::versions::show;

#[test]
fn a_draft_is_moved_to_a_newer_version_by_keyboard_alone_and_taken_back() {
    let said = lived("versions", show);
    assert!(said.contains("想妈妈") && said.contains("没有电话"), "{said}");
}
