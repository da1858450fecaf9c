//! Groups and places, in the real window.

mod common;

use common::lived;
use tianye_tests::field::show;

#[test]
fn a_group_of_those_who_agreed_and_a_village_have_their_forms_begun() {
    let said = lived("field", show);
    assert!(said.contains("五月座谈") && said.contains("上坞村"), "{said}");
}
