//! What a child tells of harm, in the real window.

mod common;

use common::lived;
use tianye_tests::care::{MARKERS, care};
use tianye_tests::microphone::PITCH;

#[test]
fn a_disclosure_in_the_middle_of_an_interview_reaches_a_holder_by_keyboard_alone() {
    let cared = lived("care", care);
    let [reporter, lead, colleague, holder, other] = &cared.reports;
    for word in MARKERS {
        for reads in [reporter, holder, other] {
            assert!(reads.contains(word), "{word} is not in {reads}");
        }
        assert!(!lead.contains(word) && !colleague.contains(word), "{word} is with the lead or a colleague");
        assert!(!cared.exported.contains(word), "{word} is exported");
        assert!(cared.titles.iter().all(|title| !title.contains(word)), "{:?}", cared.titles);
    }
    assert!(holder.contains("217") && holder.contains("218") && holder.contains("桃溪派出所"), "{holder}");
    assert!(cared.exported.contains("爸爸在外省"), "the interview itself is exported");
    assert_eq!(cared.copies.len(), 2);
    for heard in &cared.copies {
        assert!(heard.seconds >= heard.said && (heard.played - heard.seconds).abs() < 0.3, "{heard:?}");
        assert!((heard.pitch - PITCH).abs() < PITCH * 0.1, "{heard:?}");
    }
    for (reads, expected) in [(holder, true), (other, true), (lead, false), (colleague, false)] {
        assert_eq!(reads.contains("派出所立案要用"), expected, "{reads}");
    }
    assert!(cared.seen.files > 20, "{} files were looked through", cared.seen.files);
    assert_eq!(cared.seen.leaks, Vec::new());
}
