//! A group discussion begins when each of its members has agreed, and those of fourteen are spoken to in their own words.

#![allow(clippy::unwrap_used, reason = "a failed act fails the test")]

mod common;

use common::{Field, set_up};
use tianye_desk::Desk;
use tianye_desk::view::{ChecklistInput, ConsentInput, ConsentWord, GroupInput, PersonInput, Refusal};

const ZH: &str = "zh-CN";

fn gated() -> (Field, Desk) {
    let (field, mut lead, ..) = set_up();
    assert!(lead.check_instrument("seminar_children").unwrap().usable);
    lead.add_form().unwrap();
    let noted = lead.checklist().noted;
    lead.note_checklist(&ChecklistInput { gate: true, ..noted }).unwrap();
    (field, lead)
}

/// A pupil of some years; none: nobody has said.
fn pupil(desk: &mut Desk, code: &str, years: Option<i32>) -> String {
    let today = desk.home(ZH).unwrap().today;
    let birth = years.map(|years| format!("{}{}", today[..4].parse::<i32>().unwrap() - years, &today[4..7]));
    let input = PersonInput {
        kind: "pupil".into(),
        code: code.into(),
        name: format!("孩子{code}"),
        birth: birth.unwrap_or_default(),
        ..PersonInput::default()
    };
    desk.save_person(&input).unwrap()
}

fn says(desk: &mut Desk, person: &str, standing: &str, said: &str) {
    let input = ConsentInput {
        person: person.into(),
        standing: standing.into(),
        name: if standing == "own" { "" } else { "王桂英" }.into(),
        relation: String::new(),
        how: "oral".into(),
        on: "2017-04-11".into(),
        witness: String::new(),
        note: String::new(),
        words: vec![ConsentWord { purpose: "group".into(), said: said.into() }],
    };
    desk.record_consent(&input).unwrap();
}

fn group(members: &[&str]) -> GroupInput {
    GroupInput {
        name: "座谈 4 月 12 日".into(),
        members: members.iter().map(|one| (*one).to_owned()).collect(),
        ..GroupInput::default()
    }
}

#[track_caller]
fn code<T>(result: Result<T, Refusal>) -> String {
    result.map(|_| ()).unwrap_err().code
}

#[test]
fn a_discussion_begins_when_every_member_has_agreed() {
    let (_field, mut lead) = gated();
    let (one, other) = (pupil(&mut lead, "g1", Some(10)), pupil(&mut lead, "g2", None));
    let talk = lead.save_group(&group(&["g1", &other, "g2"])).unwrap();
    assert_eq!(code(lead.start_with(&talk, "seminar_children", ZH)), "consent-missing");
    for person in [&one, &other] {
        says(&mut lead, person, "legal-guardian", "given");
    }
    says(&mut lead, &one, "own", "given");
    assert_eq!(code(lead.start_with(&talk, "seminar_children", ZH)), "consent-child-not-asked");
    says(&mut lead, &other, "own", "refused");
    assert_eq!(code(lead.start_with(&talk, "seminar_children", ZH)), "consent-child-refused");
    // Who does not agree is no member, and the others may begin.
    let without = GroupInput { id: talk.clone(), ..group(&["g1"]) };
    assert_eq!(lead.save_group(&without).unwrap(), talk, "it is the same group");
    assert_eq!(lead.start_with(&talk, "seminar_children", ZH).unwrap().name, "座谈 4 月 12 日");
}

#[test]
fn a_group_has_people_as_members() {
    let (_field, mut lead) = gated();
    pupil(&mut lead, "g1", None);
    let talk = lead.save_group(&group(&["g1"])).unwrap();
    assert_eq!(code(lead.save_group(&group(&[]))), "group-members");
    assert_eq!(code(lead.save_group(&group(&[&talk]))), "group-members");
    assert_eq!(code(lead.save_group(&group(&["nobody"]))), "unknown-respondent");
    assert_eq!(code(lead.save_group(&GroupInput { name: " ".into(), ..group(&["g1"]) })), "field-empty");
    assert_eq!(code(lead.save_group(&GroupInput { id: talk, ..group(&["nobody"]) })), "unknown-respondent");
}

#[test]
fn those_of_fourteen_are_spoken_to_in_their_own_words() {
    let (_field, mut lead) = gated();
    let (child, youth) = (pupil(&mut lead, "g1", Some(10)), pupil(&mut lead, "g2", Some(15)));
    let first = |desk: &Desk, person: &str| desk.consent_sheet(person, "seminar_children", ZH).unwrap().child;
    assert!(first(&lead, &child).contains("告诉我“停”"));
    assert!(first(&lead, &youth).contains("像你这个年纪的人"));
    // A text without such words speaks to them as to a child.
    let mut text = lead.consent_text();
    text.youth.zh = String::new();
    text.youth.en = String::new();
    lead.publish_text(&text, false).unwrap();
    assert_eq!(first(&lead, &youth), first(&lead, &child));
}
