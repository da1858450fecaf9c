//! Each type and appearance of a question, in the real window.

mod common;

use common::lived;
use tianye_tests::widgets::show;

/// What this version cannot ask: the label printer.
const NOT_ASKED: usize = 1;

#[test]
fn every_widget_is_answered_by_keyboard_alone_and_finalised() {
    let shown = lived("widgets", show);
    assert_eq!((shown.wrong, shown.unanswered, shown.not_asked), (0, 0, NOT_ASKED), "{shown:?}");
}
