//! A form about a child that somebody else answers: it stands with both, and both have agreed or it is not begun.

#![allow(clippy::unwrap_used, reason = "a failed act fails the test")]

mod common;

use common::{Field, set_up};
use tianye_desk::Desk;
use tianye_desk::view::{
    ChecklistInput, ConsentInput, ConsentWord, EraseInput, NewInterview, PersonInput, Refusal, TieInput, WithdrawInput,
};

const ZH: &str = "zh-CN";

/// A project that asks for consent, with the form for carers.
fn gated() -> (Field, Desk) {
    let (field, mut lead, ..) = set_up();
    assert!(lead.check_instrument("guardian").unwrap().usable);
    lead.add_form().unwrap();
    let noted = lead.checklist().noted;
    lead.note_checklist(&ChecklistInput { gate: true, ..noted }).unwrap();
    (field, lead)
}

fn person(desk: &mut Desk, kind: &str, code: &str) -> String {
    let input =
        PersonInput { kind: kind.into(), code: code.into(), name: format!("人{code}"), ..PersonInput::default() };
    desk.save_person(&input).unwrap()
}

fn tie(desk: &mut Desk, carer: &str, child: &str) {
    let input = TieInput {
        person: carer.into(),
        to: child.into(),
        relation: "grandmother".into(),
        custody: "entrusted".into(),
        ..TieInput::default()
    };
    desk.save_tie(&input).unwrap();
}

fn says(desk: &mut Desk, person: &str, standing: &str, words: &[(&str, &str)]) {
    let word = |(purpose, said): &(&str, &str)| ConsentWord { purpose: (*purpose).into(), said: (*said).into() };
    let input = ConsentInput {
        person: person.into(),
        standing: standing.into(),
        name: if standing == "own" { "" } else { "王桂英" }.into(),
        how: "oral".into(),
        on: "2017-04-11".into(),
        relation: String::new(),
        witness: String::new(),
        note: String::new(),
        words: words.iter().map(word).collect(),
    };
    desk.record_consent(&input).unwrap();
}

fn child_agrees(desk: &mut Desk, child: &str) {
    says(desk, child, "legal-guardian", &[("questionnaire", "given")]);
    says(desk, child, "own", &[("questionnaire", "given")]);
}

fn new(subject: &str, answered_by: &str) -> NewInterview {
    NewInterview {
        form: "guardian".into(),
        subject: subject.into(),
        answered_by: answered_by.into(),
        ..NewInterview::default()
    }
}

#[track_caller]
fn refused<T>(result: Result<T, Refusal>) -> (String, String) {
    let refusal = result.map(|_| ()).unwrap_err();
    let person = refusal.args.get("person").cloned().unwrap_or_default();
    (refusal.code, person)
}

fn is(code: &str, person: &str) -> (String, String) {
    (code.to_owned(), person.to_owned())
}

#[test]
fn it_is_begun_with_the_child_when_it_is_known_who_answers_and_both_have_agreed() {
    let (_field, mut lead) = gated();
    let (child, carer) = (person(&mut lead, "pupil", "w1"), person(&mut lead, "guardian", "w2"));
    let stranger = person(&mut lead, "guardian", "w3");
    child_agrees(&mut lead, &child);
    assert_eq!(refused(lead.start_interview(&new(&child, ""), ZH)), is("who-answers", &child));
    assert_eq!(refused(lead.start_interview(&new(&child, &carer), ZH)), is("who-answers", &child), "no tie yet");
    tie(&mut lead, &carer, &child);
    assert_eq!(refused(lead.start_interview(&new(&child, &stranger), ZH)), is("who-answers", &child));
    assert_eq!(refused(lead.start_interview(&new(&child, &child), ZH)), is("who-answers", &child));
    assert_eq!(refused(lead.start_interview(&new(&carer, ""), ZH)), is("about-which-child", &carer));
    assert_eq!(refused(lead.start_with(&carer, "guardian", ZH)), is("about-which-child", &carer));
    // The child's voices are not the carer's own.
    assert_eq!(refused(lead.start_interview(&new(&child, &carer), ZH)), is("consent-missing", &carer));
    says(&mut lead, &carer, "own", &[("questionnaire", "given")]);
    let view = lead.start_interview(&new(&child, &carer), ZH).unwrap();
    assert_eq!((view.code.as_str(), view.answered_by.as_str()), ("w1", "w2 人w2"));
    lead.pause_interview(ZH).unwrap();
    assert_eq!(lead.open_interview(&view.id, ZH).unwrap().answered_by, "w2 人w2", "from what was sealed");
}

/// The child's own page cannot say yes for the carer, nor the carer's for the child.
#[test]
fn of_a_child_who_has_not_agreed_nobody_tells() {
    let (_field, mut lead) = gated();
    let (child, carer) = (person(&mut lead, "pupil", "w1"), person(&mut lead, "guardian", "w2"));
    tie(&mut lead, &carer, &child);
    says(&mut lead, &carer, "own", &[("questionnaire", "given")]);
    assert_eq!(refused(lead.start_interview(&new(&child, &carer), ZH)), is("consent-missing", &child));
}

#[test]
fn somebody_new_is_known_from_then_on_so_that_ties_can_be_written() {
    let (_field, mut lead) = gated();
    let typed = NewInterview { code: "w9".into(), name: "小满".into(), ..new("", "") };
    let (code, child) = refused(lead.start_interview(&typed, ZH));
    assert_eq!(code, "who-answers");
    assert_eq!(refused(lead.start_interview(&typed, ZH)), is("who-answers", &child), "and is not added again");
}

fn begun(lead: &mut Desk) -> (String, String, String) {
    let (child, carer) = (person(lead, "pupil", "w1"), person(lead, "guardian", "w2"));
    tie(lead, &carer, &child);
    child_agrees(lead, &child);
    says(lead, &carer, "own", &[("questionnaire", "given")]);
    let view = lead.start_interview(&new(&child, &carer), ZH).unwrap();
    common::say(lead, "/a_you/county", "wuyi");
    lead.pause_interview(ZH).unwrap();
    (child, carer, view.id)
}

#[test]
fn it_stands_on_both_pages_and_goes_when_either_takes_consent_back() {
    for taken_back_by in ["child", "carer"] {
        let (_field, mut lead) = gated();
        let (child, carer, interview) = begun(&mut lead);
        let on_page = |lead: &Desk, person: &str| {
            lead.person_page(person, ZH).unwrap().history.iter().any(|event| event.interview == interview)
        };
        assert!(on_page(&lead, &child) && on_page(&lead, &carer));
        let person = if taken_back_by == "child" { &child } else { &carer };
        let input = WithdrawInput {
            person: person.clone(),
            purposes: vec!["questionnaire".into()],
            standing: if taken_back_by == "child" { "legal-guardian" } else { "own" }.into(),
            name: if taken_back_by == "child" { "王桂英" } else { "" }.into(),
            relation: String::new(),
            note: String::new(),
        };
        let done = lead.withdraw_consent(&input).unwrap();
        assert_eq!((done.erased, done.waiting), (1, 0), "{taken_back_by}");
        assert_eq!(refused(lead.open_interview(&interview, ZH)).0, "erased-here");
        let other = if taken_back_by == "child" { &carer } else { &child };
        assert!(lead.person_page(other, ZH).is_ok(), "who did not take it back stays");
    }
}

#[test]
fn who_answers_takes_what_they_told_along_when_they_are_erased() {
    let (_field, mut lead) = gated();
    let (child, carer, interview) = begun(&mut lead);
    assert_eq!(lead.preview_erasure_of_person(&carer, ZH).unwrap().interviews.len(), 1);
    let input = EraseInput {
        record: String::new(),
        person: carer,
        fields: Vec::new(),
        why: "mistake".into(),
        note: String::new(),
    };
    lead.erase(&input).unwrap();
    assert_eq!(refused(lead.open_interview(&interview, ZH)).0, "erased-here");
    assert!(lead.person_page(&child, ZH).is_ok());
}
