//! Recordings with a microphone, in the real window.

use tianye_tests::Outcome;
use tianye_tests::gallery::{Gallery, Size};
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
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let folder = tempfile::Builder::new().prefix("tianye-recording").tempdir().unwrap();
    let pictures = std::env::var_os("TIANYE_PICTURES").map(std::path::PathBuf::from);
    let lived: Outcome<(Vec<[Heard; 4]>, Gallery)> = runtime.block_on(async {
        let mut gallery = Gallery::new(pictures.as_deref())?;
        let mut heard = Vec::new();
        for language in ["zh-CN", "en"] {
            heard.push(live(&folder.path().join(language), language, &mut gallery).await?);
        }
        Ok((heard, gallery))
    });
    let (heard, gallery) = lived.unwrap();
    for [ended, cut, behind, left] in &heard {
        check(ended, 16_000);
        check(cut, 32_000);
        check(behind, 24_000);
        check(left, 24_000);
    }
    assert_eq!(gallery.halves(), Vec::<String>::new(), "screens seen in one language only");
    for ((screen, language), size) in &gallery.shown {
        assert_eq!(*size, Size(1366, 768), "{screen} ({language})");
    }
    let grave: Vec<String> = gallery.findings.iter().filter(|one| one.is_grave()).map(ToString::to_string).collect();
    assert!(grave.is_empty(), "serious or critical:\n{}", grave.join("\n"));
}
