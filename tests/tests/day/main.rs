//! The working day, lived once in the real windows; every test here looks at another side of it.

mod axe;
mod plaintext;

use std::sync::OnceLock;

use tianye_tests::day::{Lived, live};
use tianye_tests::gallery::Size;

/// The day, lived by whichever test comes first.
///
/// With `TIANYE_PICTURES` set to a folder its screenshots are kept there.
fn day() -> &'static Lived {
    static DAY: OnceLock<Result<Lived, String>> = OnceLock::new();
    let lived = DAY.get_or_init(|| {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|why| why.to_string())?;
        let folder = tempfile::Builder::new().prefix("tianye-day").tempdir().map_err(|why| why.to_string())?;
        let pictures = std::env::var_os("TIANYE_PICTURES").map(std::path::PathBuf::from);
        runtime.block_on(live(folder.path(), pictures.as_deref())).map_err(|why| why.to_string())
    });
    match lived {
        Ok(lived) => lived,
        Err(why) => panic!("the day stopped: {why}"),
    }
}

#[test]
fn the_day_is_lived_from_the_invitation_to_the_decision_that_travels_back() {
    // Each act checks what it sees and stops the day when it is not as expected.
    let acts: Vec<&str> = day().acts.iter().map(|act| act.what.as_str()).collect();
    for word in [
        "kill -9",
        "same question with its answer",
        "handed 101 over",
        "chose 周宁's",
        "merged by themselves",
        "exported",
    ] {
        let found = acts.iter().any(|act| act.contains(word));
        assert!(found, "expected an act with “{word}”, found:\n{}", acts.join("\n"));
    }
}

#[test]
fn every_screen_stands_in_both_languages_at_1366_by_768() {
    let gallery = &day().gallery;
    assert_eq!(gallery.halves(), Vec::<String>::new(), "screens seen in one language only");
    assert!(gallery.shown.len() > 80, "expected more than 80 pictures, found {}", gallery.shown.len());
    for ((screen, language), size) in &gallery.shown {
        assert_eq!(*size, Size(1366, 768), "{screen} ({language})");
    }
}
