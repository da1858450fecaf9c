//! The library of scales: every scale states its facts, its scoring holds, and what is not permitted is told.

#![allow(clippy::unwrap_used, reason = "a scale that cannot be read fails the test")]

#[path = "common/simulated.rs"]
mod simulated;

use std::collections::BTreeSet;
use std::path::Path;

use simulated::hundred;
use tianye_desk::form_tests::{read, run};
use tianye_desk::forms::{Checked, check_workbook, workbook};
use tianye_desk::instruments::Instrument;
use tianye_desk::scales::{ALL, FACTS, library};

fn checked(name: &str, text: &str) -> (Vec<String>, Checked) {
    let (report, checked) = check_workbook(&format!("{name}.md"), text.as_bytes(), &|_| None).unwrap();
    (report.problems.into_iter().map(|problem| problem.code).collect(), checked.unwrap())
}

#[test]
fn every_scale_states_every_fact() {
    let library = library().unwrap();
    for scale in &library {
        let stated: Vec<&str> = FACTS.into_iter().filter(|fact| !scale.fact(fact).is_empty()).collect();
        let expect = FACTS.into_iter().filter(|fact| *fact != "evidence" || scale.ships());
        assert_eq!(stated, expect.collect::<Vec<_>>(), "{}", scale.id);
        assert!(["not needed", "wording", "non-profit", "needed"].contains(&scale.fact("permission")), "{}", scale.id);
        assert!(!scale.ships() || !scale.needs_permission(), "{}: only what is free ships", scale.id);
    }
    let folder = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../forms/scales")).unwrap();
    let names = folder.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let there: BTreeSet<String> = names.filter(|name| name != "README.md").collect();
    assert_eq!(there, ALL.iter().map(|(id, _)| format!("{id}.md")).collect());
}

/// Highest, lowest, reversed items, subscales, and none while an item is missing, as the workbooks' own tests say.
#[test]
fn their_scoring_holds() {
    let mut scored = 0;
    for (id, text) in ALL {
        let (tests, problems) = read(&workbook(&format!("{id}.md"), text.as_bytes()).unwrap());
        assert!(problems.is_empty(), "{id}");
        scored += usize::from(!tests.is_empty());
        for outcome in run(&checked(id, text).1.form, &tests) {
            let failures: Vec<String> = outcome.failures.iter().map(ToString::to_string).collect();
            assert!(failures.is_empty(), "{id} {}: {failures:?}", outcome.name);
        }
    }
    assert!(scored >= 6);
}

/// A simulated hundred of each: every walk ends with nothing left to fix, and every item is answered by one of them.
#[test]
fn a_simulated_hundred_of_each_comes_to_the_end() {
    for (id, text) in ALL {
        hundred(id, &checked(id, text).1.form);
    }
}

#[test]
fn a_slot_without_evidence_is_told_and_wording_is_in_none_of_them() {
    for scale in library().unwrap() {
        let text = ALL.iter().find(|(id, _)| *id == scale.id).unwrap().1;
        let (codes, _) = checked(&scale.id, text);
        let expect: &[&str] = if scale.needs_permission() { &["scale-permission"] } else { &[] };
        assert_eq!(codes, expect, "{}", scale.id);
        assert!(scale.ships() || text.contains("put in the wording"), "{}", scale.id);
        // With evidence nothing is told.
        let with = text.replace("| tianye::scale |", "| tianye::permission | tianye::scale |");
        let marked = format!("| field-list | {} |", scale.id);
        assert!(with.contains(&marked));
        // Cells behind the new column are blank in all other rows.
        let with =
            with.replace(&marked, &format!("| field-list | letter of 2017-03-01, with the lead | {} |", scale.id));
        assert_eq!(checked(&scale.id, &with).0, Vec::<String>::new(), "{}", scale.id);
    }
    let strange = ALL[0].1.replace("| field-list | who5 |", "| field-list | who6 |");
    assert_eq!(checked("who5", &strange).0, ["scale-unknown"]);
}

/// What the pupil questionnaire asks of WHO-5 is the library's wording, word for word.
#[test]
fn who5_is_asked_unaltered() {
    let (_, library) = checked("who5", ALL[0].1);
    let (_, pupil) = checked("pupil", Instrument::of("pupil").unwrap().workbook);
    let of = |form: &Checked| {
        let items =
            form.form.questions().into_iter().filter(|one| one.name.starts_with("who5_") && !one.choices.is_empty());
        let bare = |(_, label): &(String, String)| match label.split_once(' ') {
            Some((number, rest)) if number.starts_with('F') => rest.to_owned(),
            _ => label.clone(),
        };
        let item = |one: tianye_xform::Question| {
            let choices = one.choices.iter().map(|choice| (choice.value.clone(), choice.labels.clone()));
            (one.labels.iter().map(bare).collect::<Vec<_>>(), choices.collect::<Vec<_>>())
        };
        items.map(item).collect::<Vec<_>>()
    };
    assert_eq!(of(&library).len(), 5);
    assert_eq!(of(&library), of(&pupil));
}
