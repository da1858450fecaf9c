//! A damaged database stands again in the real window.

mod common;

use common::lived;
use tianye_tests::recovering::recover;

#[test]
fn a_damaged_database_is_recovered_by_keyboard_with_every_answer_there() {
    let recovered = lived("recovering", recover);
    for answer in ["R1 爸爸在外省", "R2 爸爸在外省", "R3 爸爸在外省"] {
        assert!(recovered.table.contains(answer), "{answer} in:\n{}", recovered.table);
    }
    assert_eq!(recovered.set_aside, recovered.damaged, "the damaged file was kept as it was");
    assert!(!recovered.kept, "until a person discarded it");
    let said = recovered.said.join("\n");
    for words in ["R1", "R2", "整库副本", "坏了的数据库"] {
        assert!(said.contains(words), "{words} in:\n{said}");
    }
}
