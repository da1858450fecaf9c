//! A group discussion begins when each of its members has agreed, and those of fourteen are spoken to in their own words.

#![allow(clippy::unwrap_used, reason = "a failed act fails the test")]

mod common;

use common::{Field, set_up};
use tianye_desk::Desk;
use tianye_desk::view::{
    ChecklistInput, ConsentInput, ConsentWord, GroupInput, GroupQuery, MemberRow, PersonInput, PersonQuery, Refusal,
    WithdrawInput,
};

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
fn who_has_not_agreed_is_shown_last_with_the_reason_and_named_when_it_is_begun() {
    let (_field, mut lead) = gated();
    let (one, other, third) =
        (pupil(&mut lead, "g1", None), pupil(&mut lead, "g2", None), pupil(&mut lead, "g3", None));
    for (person, own) in [(&one, "refused"), (&other, "given")] {
        says(&mut lead, person, "legal-guardian", "given");
        says(&mut lead, person, "own", own);
    }
    let asked = |desk: &Desk, text: &str, members: &[&str]| {
        let members = members.iter().map(|one| (*one).to_owned()).collect();
        desk.group_sheet(&GroupQuery { members, text: text.into(), site: String::new() }, ZH).unwrap()
    };
    let rows = |rows: &[MemberRow]| -> Vec<(String, String, bool)> {
        rows.iter().map(|row| (row.code.clone(), row.standing.clone(), row.may)).collect()
    };
    let row = |code: &str, standing: &str, may: bool| (code.to_owned(), standing.to_owned(), may);
    let found = asked(&lead, "hz", &[]);
    let (no, unasked) = (row("g1", "consent-child-refused", false), row("g3", "consent-missing", false));
    assert_eq!(rows(&found.found), [row("g2", "consent-complete", true), no.clone(), unasked.clone()]);
    assert_eq!(rows(&asked(&lead, "g3", &[]).found), std::slice::from_ref(&unasked));
    // Who is in it is not found again; a group is nobody's member.
    let talk = lead.save_group(&group(&["g2", "g3"])).unwrap();
    let put = asked(&lead, "", &[&other, &third]);
    assert_eq!(rows(&put.members), [row("g2", "consent-complete", true), unasked]);
    assert!(put.found.iter().all(|one| one.id != talk && one.id != other && one.id != third));
    assert!(put.found.iter().any(|one| one.code == "g1"));
    // The page shows the members, the list their names, and a child's page what the group did.
    let page = lead.person_page(&talk, ZH).unwrap();
    assert_eq!(rows(&page.members), rows(&put.members));
    let listed = lead.people(&PersonQuery { kind: "group".into(), ..PersonQuery::default() }, ZH).unwrap().people;
    assert_eq!(listed.iter().map(|row| row.ties.as_str()).collect::<Vec<_>>(), ["孩子g2、孩子g3"]);
    // Beginning names whose word is missing, and the group that waits for it.
    let refusal = lead.start_with(&talk, "seminar_children", ZH).unwrap_err();
    assert_eq!((&refusal.args["person"], &refusal.args["subject"]), (&third, &talk));
    says(&mut lead, &third, "legal-guardian", "given");
    says(&mut lead, &third, "own", "given");
    lead.start_with(&talk, "seminar_children", ZH).unwrap();
}

/// Those count who were there: who joins the group later takes nothing out of use, and who left it can still take back what was
/// said in it. A lead decides then, since others spoke too.
#[test]
fn what_a_group_said_belongs_to_those_who_were_there() {
    let (_field, mut lead) = gated();
    let people = ["g1", "g2", "g3"].map(|code| pupil(&mut lead, code, None));
    for person in &people[..2] {
        says(&mut lead, person, "legal-guardian", "given");
        says(&mut lead, person, "own", "given");
    }
    let talk = lead.save_group(&group(&["g1", "g2"])).unwrap();
    let session = lead.start_with(&talk, "seminar_children", ZH).unwrap().id;
    lead.pause_interview(ZH).unwrap();
    let listed = |desk: &Desk| desk.records(ZH).unwrap().iter().any(|card| card.id == session);
    let due = |desk: &Desk| desk.due(ZH).unwrap().into_iter().map(|one| (one.record, one.why)).collect::<Vec<_>>();

    // Who was not asked joins: what was said before stays in use, and nobody goes on with them.
    lead.save_group(&GroupInput { id: talk.clone(), ..group(&["g1", "g2", "g3"]) }).unwrap();
    assert!(listed(&lead) && due(&lead).is_empty());
    let refusal = lead.open_interview(&session, ZH).map(|_| ()).unwrap_err();
    assert_eq!((refusal.code.as_str(), &refusal.args["person"]), ("consent-missing", &people[2]));

    // Who was there leaves, and takes their word back.
    lead.save_group(&GroupInput { id: talk, ..group(&["g1"]) }).unwrap();
    let withdrawn = WithdrawInput {
        person: people[1].clone(),
        standing: "own".into(),
        name: String::new(),
        relation: String::new(),
        purposes: vec!["group".into()],
        note: String::new(),
    };
    let done = lead.withdraw_consent(&withdrawn).unwrap();
    assert_eq!((done.erased, done.waiting), (0, 1), "others spoke too");
    assert!(!listed(&lead));
    let refusal = lead.open_interview(&session, ZH).map(|_| ()).unwrap_err();
    assert_eq!((refusal.code.as_str(), &refusal.args["person"]), ("consent-withdrawn", &people[1]));
    assert_eq!(due(&lead), [(session.clone(), "withdrawn".to_owned())]);
    assert_eq!(lead.erase_due(std::slice::from_ref(&session)).unwrap(), 1);
    let card = [(people[1].clone(), "withdrawn".to_owned())];
    assert_eq!(due(&lead), card, "nothing else was agreed to, so the card goes once nothing holds it");
}

#[test]
fn to_sit_in_a_group_is_asked_for_wherever_a_form_is_about_one() {
    let (_field, mut lead) = gated();
    assert!(lead.check_instrument("group_session").unwrap().usable);
    lead.add_form().unwrap();
    let child = pupil(&mut lead, "g1", None);
    let sheet = lead.consent_sheet(&child, "group_session", ZH).unwrap();
    let needed: Vec<&str> = sheet.purposes.iter().filter(|one| one.needed).map(|one| one.purpose.as_str()).collect();
    assert_eq!(needed, ["group", "activity"]);
    let about: Vec<(String, String)> =
        lead.home(ZH).unwrap().forms.into_iter().map(|form| (form.id, form.about)).collect();
    assert!(about.contains(&("group_session".into(), "group".into())), "{about:?}");
    assert!(about.iter().any(|(_, about)| about == "person"), "{about:?}");
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
