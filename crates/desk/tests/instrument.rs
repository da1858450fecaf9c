//! The instruments in `forms/`: what they compute and nobody asks, case by case, and that each can be gone through.

#![allow(clippy::unwrap_used, reason = "a form that cannot be read fails the test")]

#[path = "common/simulated.rs"]
mod simulated;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use simulated::hundred;
use tianye_desk::duration::expected;
use tianye_desk::form_tests::{read, run};
use tianye_desk::forms::{Checked, check_workbook, workbook};
use tianye_desk::instruments::{ALL, Instrument};
use tianye_xform::{Control, Session, ValueKind};

/// Forms to try software with; they are no instruments.
const NO_INSTRUMENTS: [&str; 3] = ["README.md", "every-type.md", "every-widget.md"];

fn checked(instrument: &Instrument) -> Checked {
    let (report, checked) = check_workbook(&instrument.file(), instrument.workbook.as_bytes(), &|_| None).unwrap();
    let told: Vec<&String> = report.problems.iter().map(|problem| &problem.detail).collect();
    assert!(report.usable && told.is_empty(), "{}: {told:?}", instrument.id);
    checked.unwrap()
}

/// Status under each named definition, scores and flags, case by case, as the workbooks' own tests say.
#[test]
fn their_own_tests_pass() {
    for instrument in ALL {
        let (tests, problems) = read(&workbook(&instrument.file(), instrument.workbook.as_bytes()).unwrap());
        assert!(problems.is_empty(), "{:?}", problems.iter().map(|problem| &problem.detail).collect::<Vec<_>>());
        let outcomes = run(&checked(instrument).form, &tests);
        let failures: Vec<String> = outcomes
            .iter()
            .flat_map(|outcome| outcome.failures.iter().map(|failure| format!("{}: {failure}", outcome.name)))
            .collect();
        assert!(failures.is_empty(), "{}: {failures:#?}", instrument.id);
        assert!(outcomes.len() >= 4 && outcomes.iter().all(|outcome| !outcome.name.is_empty()), "{}", instrument.id);
    }
}

/// A simulated hundred of each: every walk ends with nothing left to fix, every question is reached by one of them, and
/// the middle one is expected to take as long as the README tells those who plan the day.
#[test]
fn a_simulated_hundred_of_each_comes_to_the_end() {
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../forms/README.md")).unwrap();
    let mut untold = Vec::new();
    for instrument in ALL {
        let form = checked(instrument).form;
        let minute = |session: &Session| expected(session).as_secs().div_ceil(60);
        let mut minutes: Vec<u64> = hundred(instrument.id, &form).iter().map(minute).collect();
        minutes.sort_unstable();
        let (id, middle) = (instrument.id, minutes[50]);
        println!("{id}: about {middle} minutes, nine of ten within {}", minutes[90]);
        let line = readme.lines().find(|line| line.starts_with(&format!("| `{id}.md`"))).unwrap_or_default();
        // The form says it to families and to the README's reader alike.
        if !line.contains(&format!(" {middle} ")) || form.minutes().map(u64::from) != Some(middle) {
            untold.push(format!("{id}.md: {middle} minutes"));
        }
    }
    assert!(untold.is_empty(), "tianye::minutes or forms/README.md say otherwise how long these take: {untold:?}");
}

/// What comes with the program is what lies in the folder.
#[test]
fn every_instrument_comes_with_the_program() {
    let folder = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../forms")).unwrap();
    let names = folder.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let there: BTreeSet<String> =
        names.filter(|name| name.ends_with(".md") && !NO_INSTRUMENTS.contains(&name.as_str())).collect();
    assert_eq!(there, ALL.iter().map(Instrument::file).collect());
    for instrument in ALL {
        assert_eq!(checked(instrument).form.id(), instrument.id);
    }
}

/// The card opens for what a child or a carer tells of harm: never for a scale, whose wording and scoring are its own.
#[test]
fn risk_is_marked_where_it_is_asked_about_and_in_no_scale() {
    let mut marked = BTreeSet::new();
    for instrument in ALL {
        for question in checked(instrument).form.questions().into_iter().filter(|question| question.risk.is_some()) {
            assert!(!question.path.contains("who5"), "{}: {}", instrument.id, question.path);
            marked.insert(format!("{} {}", instrument.id, question.path.rsplit('/').next().unwrap_or_default()));
        }
    }
    let expect = [
        "cadre alone",
        "community events",
        "guardian alone_days",
        "pupil alone_days",
        "pupil help_sad",
        "pupil hurt",
        "pupil ill_carer",
        "pupil main_carer",
    ];
    assert_eq!(marked, expect.map(str::to_owned).into());
}

/// Free text is judged by who writes the instrument and not by who exports it, and both languages say the same choices.
#[test]
fn free_text_and_places_are_marked() {
    for instrument in ALL {
        for question in checked(instrument).form.questions() {
            let attributes: BTreeMap<_, _> = question.attributes.iter().cloned().collect();
            let free = question.kind == ValueKind::Text && question.control == Control::Input;
            let marked = attributes.contains_key("tianye:identifying");
            assert!(!free || marked, "{}: {} is free text without a mark", instrument.id, question.path);
            for (_, label) in &question.labels {
                assert!(!label.trim().is_empty(), "{}: {}", instrument.id, question.path);
            }
        }
    }
}
