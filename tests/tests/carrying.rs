//! A project without a hub in the real window.

mod common;

use common::lived;
use tianye_tests::carrying::carry;

#[test]
fn two_laptops_pair_by_files_and_everything_travels_on_a_stick() {
    let carried = lived("carrying", carry);
    assert!(carried.forms.contains("学生问卷"), "{}", carried.forms);
    // The one on the stick, and the recording that was stopped on its way and went on.
    assert_eq!(carried.records.trim().lines().count(), 2, "{}", carried.records);
    assert!(carried.team.contains("revoked by 沈一帆"), "{}", carried.team);
}
