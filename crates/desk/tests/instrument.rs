//! The pupil questionnaire: what it computes and nobody asks, case by case.

#![allow(clippy::unwrap_used, reason = "a form that cannot be read fails the test")]

use std::sync::Arc;

use chrono::DateTime;
use tianye_desk::forms::check_workbook;
use tianye_desk::simulate;
use tianye_xform::{Context, FieldPath, Form, Media, Properties, Session};

const PUPIL: &str = include_str!("../../../forms/pupil.md");

fn form() -> Arc<Form> {
    let (report, checked) = check_workbook("pupil.md", PUPIL.as_bytes(), &|_| None).unwrap();
    assert!(report.usable && report.problems.is_empty(), "the questionnaire has no problem");
    Arc::new(Form::parse(&checked.unwrap().converted.xform, &Media::none()).0.unwrap())
}

/// Fills by names of questions and gives the values of some others.
#[track_caller]
fn check(answers: &[(&str, &str)], expect: &[(&str, &str)]) {
    let form = form();
    let path = |name: &str| {
        let question = form.questions().into_iter().find(|question| question.name == name);
        FieldPath::parse(&question.unwrap_or_else(|| panic!("no question {name}")).path).unwrap()
    };
    let properties = Properties::default();
    let random = || 7;
    let now = DateTime::parse_from_rfc3339("2017-04-12T10:42:00+08:00").unwrap();
    let context = Context { now, random: &random, properties: &properties };
    let mut session = Session::start(form.clone(), &context);
    for (name, value) in answers {
        session.answer(&path(name), value, &context).unwrap_or_else(|why| panic!("{name} = {value}: {why}"));
    }
    for (name, value) in expect {
        assert_eq!(session.value(&path(name)), Some(*value), "{name} after {answers:?}");
    }
}

const CHILD: [(&str, &str); 2] = [("birth_date", "2007-03-01"), ("hukou", "rural")];

fn child<'a>(rest: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    CHILD.iter().chain(rest).copied().collect()
}

#[test]
fn left_behind_status_follows_each_definition() {
    let away = [
        ("father_place", "other_province"),
        ("father_reason", "work"),
        ("father_months", "14"),
        ("mother_place", "province"),
        ("mother_reason", "work"),
        ("mother_months", "4"),
    ];
    check(
        &child(&away),
        &[
            ("age_years", "10"),
            ("lb_state_council_2016", "current"),
            ("lb_research_one_or_both", "current"),
            ("lb_research_one_or_both_6m", "current"),
        ],
    );
    // One parent away and the other able to care: left-behind for research, not for the State Council's opinion.
    let father_away = [
        ("father_place", "abroad"),
        ("father_reason", "work"),
        ("father_months", "2"),
        ("mother_place", "home"),
        ("home_parent_able", "yes"),
        ("earlier_away", "none"),
    ];
    check(
        &child(&father_away),
        &[
            ("lb_state_council_2016", "never"),
            ("lb_research_one_or_both", "current"),
            ("lb_research_one_or_both_3m", "never"),
        ],
    );
    // … and unable to care: left-behind for both.
    let unable = [
        ("father_place", "abroad"),
        ("father_reason", "work"),
        ("father_months", "7"),
        ("mother_place", "home"),
        ("home_parent_able", "no"),
    ];
    check(&child(&unable), &[("lb_state_council_2016", "current"), ("lb_state_council_2016_6m", "current")]);
    // Both at home, away before.
    let home =
        [("father_place", "home"), ("mother_place", "home"), ("earlier_away", "father"), ("earlier_months", "5")];
    check(
        &child(&home),
        &[
            ("lb_research_one_or_both", "previous"),
            ("lb_research_one_or_both_3m", "previous"),
            ("lb_research_one_or_both_6m", "never"),
        ],
    );
    // Facts that are not known leave the status open.
    check(&child(&[("father_place", "unknown"), ("mother_place", "home")]), &[("lb_state_council_2016", "")]);
    check(&[("father_place", "home"), ("mother_place", "home")], &[("lb_research_one_or_both", "")]);
}

#[test]
fn wellbeing_is_scored_as_its_authors_say() {
    let all = ["who5_1", "who5_2", "who5_3", "who5_4", "who5_5"];
    let answers: Vec<_> = all.iter().zip(["5", "4", "3", "2", "1"]).map(|(name, value)| (*name, value)).collect();
    check(&answers, &[("who5_raw", "15"), ("who5_score", "60")]);
    check(&answers[..4], &[("who5_score", "")]);
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
