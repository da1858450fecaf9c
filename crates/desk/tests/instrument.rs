//! The pupil questionnaire: what it computes and nobody asks, case by case.

#![allow(clippy::unwrap_used, reason = "a form that cannot be read fails the test")]

use std::sync::Arc;

use chrono::DateTime;
use tianye_desk::form_tests::{read, run};
use tianye_desk::forms::{check_workbook, workbook};
use tianye_desk::simulate;
use tianye_xform::{Form, Media};

const PUPIL: &str = include_str!("../../../forms/pupil.md");

fn form() -> Arc<Form> {
    let (report, checked) = check_workbook("pupil.md", PUPIL.as_bytes(), &|_| None).unwrap();
    assert!(report.usable && report.problems.is_empty(), "the questionnaire has no problem");
    Arc::new(Form::parse(&checked.unwrap().converted.xform, &Media::none()).0.unwrap())
}

/// Left-behind status under each named definition and the score of WHO-5, case by case, as the workbook's own tests say.
#[test]
fn its_own_tests_pass() {
    let (tests, problems) = read(&workbook("pupil.md", PUPIL.as_bytes()).unwrap());
    assert!(problems.is_empty(), "{:?}", problems.iter().map(|problem| &problem.detail).collect::<Vec<_>>());
    let outcomes = run(&form(), &tests);
    let failures: Vec<String> = outcomes
        .iter()
        .flat_map(|outcome| outcome.failures.iter().map(|failure| format!("{}: {failure}", outcome.name)))
        .collect();
    assert!(failures.is_empty(), "{failures:#?}");
    assert!(outcomes.len() >= 7 && outcomes.iter().all(|outcome| !outcome.name.is_empty()));
}

#[test]
fn random_walks_come_to_the_end() {
    let form = form();
    let now = DateTime::parse_from_rfc3339("2017-04-12T10:42:00+08:00").unwrap();
    for seed in 0..25 {
        let session = simulate::walk(&form, seed, now).unwrap_or_else(|stuck| panic!("seed {seed}: {stuck}"));
        assert!(session.validate().is_empty());
    }
}
