//! Cards of people and places that a team keeps together, in the real window.

mod common;

use common::lived;
use tianye_tests::cards::show;

#[test]
fn cards_are_decided_a_class_moves_and_a_colleague_is_taken_over_by_keyboard_alone() {
    let kept = lived("cards", show);
    assert_eq!(kept.undecided, 0);
    for [name, contact] in &kept.cards {
        assert!(["小穗穗", "阿禾禾", "小岁", "阿和"].contains(&name.as_str()), "{name}");
        assert!(["13900000001", "13900000002"].contains(&contact.as_str()), "{contact}");
    }
    assert!(kept.classes.contains("五年级一班") && kept.classes.contains("四年级一班"), "{}", kept.classes);
    assert_eq!(kept.assigned, ["周宁 陈禾发烧", "周宁 陈禾发烧"]);
}
