use crate::dsl::record;
use tianye_survey::*;

#[track_caller]
fn check(begun: &[&str], on: &str, purposes: &str, expect: &str) {
    let mut rounds = Rounds::default();
    for day in begun {
        rounds.note("pupil", record("xiaoman"), day);
    }
    let round = rounds.on("pupil", record("xiaoman"), on);
    let asked = round.asks(purposes.split(' ').map(Purpose::from).collect());
    assert_eq!(asked.iter().map(Purpose::as_str).collect::<Vec<_>>().join(" "), expect, "{begun:?} {on}");
}

/// Who was asked once is asked whether the team may come again.
#[test]
fn a_visit_once_more_on_a_later_day_needs_its_own_yes() {
    check(&[], "2017-10-20", "questionnaire", "questionnaire");
    check(&["2017-04-11"], "2017-10-20", "questionnaire", "questionnaire follow-up");
    check(&["2017-10-20", "2017-04-11"], "2017-10-20", "interview audio", "interview audio follow-up");
    // The first one stays the first, and a second one on the same day is the same visit.
    check(&["2017-10-20", "2017-04-11"], "2017-04-11", "questionnaire", "questionnaire");
    check(&["2017-04-11"], "2017-04-11", "questionnaire", "questionnaire");
    // Nothing is said of an unknown day.
    check(&[""], "2017-10-20", "questionnaire", "questionnaire");
    // It is asked once, and sessions of a group and activities are a row of days from the beginning.
    check(&["2017-04-11"], "2017-10-20", "follow-up interview", "follow-up interview");
    check(&["2017-04-11"], "2017-10-20", "group", "group");
    check(&["2017-04-11"], "2017-10-20", "activity", "activity");
}

#[test]
fn rounds_are_of_one_form_with_one_respondent() {
    let mut rounds = Rounds::default();
    rounds.note("pupil", record("xiaoman"), "2017-04-11");
    let on = |form: &str, of: &str| rounds.on(form, record(of), "2017-10-20");
    assert_eq!(on("pupil", "xiaoman"), Round::Later);
    assert_eq!(on("talk", "xiaoman"), Round::First);
    assert_eq!(on("pupil", "qingdou"), Round::First);
}
