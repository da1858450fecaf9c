//! What a child tells of harm, in the real window.

use tianye_tests::Outcome;
use tianye_tests::care::{Cared, MARKERS, care};
use tianye_tests::gallery::{Gallery, Size};
use tianye_tests::microphone::PITCH;

#[test]
fn a_disclosure_in_the_middle_of_an_interview_reaches_a_holder_by_keyboard_alone() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let folder = tempfile::Builder::new().prefix("tianye-care").tempdir().unwrap();
    let pictures = std::env::var_os("TIANYE_PICTURES").map(std::path::PathBuf::from);
    let lived: Outcome<(Cared, Gallery)> = runtime.block_on(async {
        let mut gallery = Gallery::new(pictures.as_deref())?;
        let cared = care(folder.path(), &mut gallery).await?;
        Ok((cared, gallery))
    });
    let (cared, gallery) = lived.unwrap();
    let [reporter, lead, holder] = &cared.reports;
    for word in MARKERS {
        assert!(reporter.contains(word) && holder.contains(word), "{reporter}\n{holder}");
        assert!(!lead.contains(word) && !cared.exported.contains(word), "{word} is with the lead");
        assert!(cared.titles.iter().all(|title| !title.contains(word)), "{:?}", cared.titles);
    }
    assert!(holder.contains("217") && holder.contains("218") && holder.contains("桃溪派出所"), "{holder}");
    assert!(cared.exported.contains("爸爸在外省"), "the interview itself is exported");
    assert_eq!(cared.copies.len(), 2);
    for heard in &cared.copies {
        assert!(heard.seconds >= heard.said && (heard.played - heard.seconds).abs() < 0.3, "{heard:?}");
        assert!((heard.pitch - PITCH).abs() < PITCH * 0.1, "{heard:?}");
    }
    assert!(holder.contains("派出所立案要用") && !lead.contains("派出所立案要用"), "{holder}");
    assert!(cared.seen.files > 20, "{} files were looked through", cared.seen.files);
    assert_eq!(cared.seen.leaks, Vec::new());
    assert_eq!(gallery.halves(), Vec::<String>::new(), "screens seen in one language only");
    for ((screen, language), size) in &gallery.shown {
        assert_eq!(*size, Size(1366, 768), "{screen} ({language})");
    }
    let grave: Vec<String> = gallery.findings.iter().filter(|one| one.is_grave()).map(ToString::to_string).collect();
    assert!(grave.is_empty(), "serious or critical:\n{}", grave.join("\n"));
}
