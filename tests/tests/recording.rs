//! Recordings with a microphone, in the real window.

mod common;

use std::path::Path;

use common::lived;
use tianye_tests::gallery::Gallery;
use tianye_tests::microphone::PITCH;
use tianye_tests::recording::{Heard, live};

#[track_caller]
fn check(heard: &Heard, rate: u32) {
    assert_eq!((heard.media_type.as_str(), heard.rate), ("audio/flac", rate));
    // What was said to be on disk is there, and little more: what was recorded since it was said.
    assert!(heard.seconds >= heard.said, "{heard:?}");
    assert!((heard.played - heard.seconds).abs() < 0.3, "{heard:?}");
    // It runs only once the microphone gives sound: what is said from then on is on it.
    assert!(heard.silent < 0.2, "{heard:?}");
    assert!((heard.pitch - PITCH).abs() < PITCH * 0.1, "{heard:?}");
}

#[test]
fn a_recording_is_paused_ended_cut_off_and_played_by_keyboard_alone() {
    let heard = lived("recording", async |root: &Path, gallery: &mut Gallery| {
        let mut heard = Vec::new();
        for language in ["zh-CN", "en"] {
            heard.push(live(&root.join(language), language, gallery).await?);
        }
        Ok(heard)
    });
    for [ended, cut, behind, left] in &heard {
        check(ended, 16_000);
        check(cut, 32_000);
        check(behind, 24_000);
        check(left, 24_000);
    }
}
