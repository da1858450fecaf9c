//! What comes due on real stores: what was refused afterwards, and people of whom nothing may be kept any longer.

#![allow(clippy::unwrap_used, reason = "a failed act fails the test")]

mod common;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use common::{Field, say, set_up};
use std::io::Cursor;
use tianye_desk::Desk;
use tianye_desk::view::{
    AssignInput, ChecklistInput, ConsentInput, ConsentWord, ExportInput, GroupInput, NewInterview, PersonInput,
    PersonQuery, RetentionView, Role, WithdrawInput,
};

const ZH: &str = "zh-CN";

/// The team of [`set_up`] in a project that asks for consent to a questionnaire and to recording.
fn gated() -> (Field, Desk, Desk, Desk) {
    let (field, mut lead, mut chen, zhou) = set_up();
    let noted = lead.checklist().noted;
    let purposes = vec!["questionnaire".into(), "audio".into()];
    lead.note_checklist(&ChecklistInput { gate: true, purposes, ..noted }).unwrap();
    meet(&mut lead, &mut chen);
    (field, lead, chen, zhou)
}

fn meet(lead: &mut Desk, chen: &mut Desk) {
    lead.sync().unwrap();
    chen.sync().unwrap();
    lead.sync().unwrap();
}

fn pupil(desk: &mut Desk, code: &str) -> String {
    let input =
        PersonInput { code: code.into(), kind: "pupil".into(), name: "小满".into(), ..PersonInput::default() };
    desk.save_person(&input).unwrap()
}

fn says(desk: &mut Desk, person: &str, standing: &str, words: &[(&str, &str)]) {
    let input = ConsentInput {
        person: person.into(),
        standing: standing.into(),
        name: if standing == "own" { "" } else { "王桂英" }.into(),
        relation: String::new(),
        how: "oral".into(),
        on: "2017-04-11".into(),
        witness: "李老师".into(),
        note: String::new(),
        words: words
            .iter()
            .map(|(purpose, word)| ConsentWord { purpose: (*purpose).into(), said: (*word).into() })
            .collect(),
    };
    desk.record_consent(&input).unwrap();
}

fn agrees(desk: &mut Desk, person: &str) {
    let image = image::RgbImage::from_fn(40, 20, |x, y| image::Rgb([(x * 6) as u8, (y * 9) as u8, 90]));
    let mut png = Vec::new();
    image::DynamicImage::from(image).write_to(&mut Cursor::new(&mut png), image::ImageFormat::Png).unwrap();
    desk.add_evidence("signature", &[BASE64.encode(png)]).unwrap();
    for standing in ["legal-guardian", "own"] {
        says(desk, person, standing, &[("questionnaire", "given")]);
    }
}

fn interview(desk: &mut Desk, person: &str) -> String {
    let id = begin(desk, person);
    say(desk, "/family/say", "想妈妈");
    desk.finalise(ZH).unwrap();
    id
}

fn begin(desk: &mut Desk, person: &str) -> String {
    let new = NewInterview { form: "pupil".into(), subject: person.into(), ..NewInterview::default() };
    desk.start_interview(&new, ZH).unwrap().id
}

/// Says until when is kept what is for a questionnaire, and what is for recording.
fn keep_until(lead: &mut Desk, days: [&str; 2]) {
    let noted = lead.checklist().noted;
    let days = ["questionnaire", "audio"].into_iter().zip(days);
    let retention = days.map(|(purpose, until)| RetentionView { purpose: purpose.into(), until: until.into() });
    lead.note_checklist(&ChecklistInput { retention: retention.collect(), ..noted }).unwrap();
}

/// What is due of who is made here, and not of the people of the places for practice: of what or whom, why, and whether it is a
/// person.
fn due(desk: &Desk) -> Vec<(String, String, bool)> {
    let found = desk.due(ZH).unwrap().into_iter().filter(|one| ["217", "218"].contains(&one.code.as_str()));
    found.map(|one| (one.record, one.why, one.person)).collect()
}

fn row(record: &str, why: &str, person: bool) -> (String, String, bool) {
    (record.to_owned(), why.to_owned(), person)
}

#[test]
fn when_every_last_day_is_over_nothing_of_a_person_is_kept() {
    let (_field, mut lead, mut chen, _zhou) = gated();
    let person = pupil(&mut lead, "217");
    let waiting = pupil(&mut lead, "218");
    let interviewer = lead.mate_named("陈禾").unwrap();
    let people = vec![person.clone(), waiting.clone()];
    let assigned = AssignInput { form: "pupil".into(), people, interviewer, ..AssignInput::default() };
    lead.assign(&assigned, ZH).unwrap();
    meet(&mut lead, &mut chen);
    agrees(&mut chen, &person);
    let id = interview(&mut chen, &person);
    meet(&mut lead, &mut chen);
    let everybody = |desk: &Desk| desk.people(&PersonQuery::default(), ZH).unwrap().total;
    let before = everybody(&lead);
    let exported = |desk: &Desk| {
        let input = ExportInput { form: "pupil".into(), ..ExportInput::default() };
        let preview = desk.preview_export(&input, ZH).unwrap();
        (preview.interviews, preview.left_out.iter().map(|one| one.interviews).sum::<u32>())
    };
    assert_eq!(exported(&lead), (1, 0));

    keep_until(&mut lead, ["2018-12-31", "2090-12-31"]);
    assert_eq!(due(&lead), [row(&id, "retention", false)], "recordings may still be made");
    assert_eq!(exported(&lead), (0, 1), "what is to be erased is handed to nobody");
    keep_until(&mut lead, ["2018-12-31", "2019-12-31"]);
    let found = due(&lead);
    assert_eq!(found.len(), 3, "{found:?}");
    for one in [row(&id, "retention", false), row(&person, "retention", true), row(&waiting, "retention", true)] {
        assert!(found.contains(&one), "{one:?} in {found:?}");
    }
    let of_person = lead.due(ZH).unwrap().into_iter().find(|one| one.record == person).unwrap();
    assert_eq!((of_person.code.as_str(), of_person.until.as_str()), ("217", "2019-12-31"), "the last of all days");
    assert_eq!(everybody(&lead), before, "nothing goes by itself");
    let all = u32::try_from(lead.due(ZH).unwrap().len()).unwrap();
    assert_eq!((lead.home(ZH).unwrap().due, chen.home(ZH).unwrap().due), (all, 0), "the badge of who may erase");

    // With the person go the interview, the consents, what shows them, and the assignment.
    assert_eq!(lead.erase_due(std::slice::from_ref(&person)).unwrap(), 1);
    assert_eq!(due(&lead), [row(&waiting, "retention", true)]);
    assert_eq!(everybody(&lead), before - 1);
    meet(&mut lead, &mut chen);
    let certificate = lead.erasures(ZH).unwrap().pop().unwrap();
    assert_eq!((certificate.why.as_str(), certificate.record.as_str()), ("retention", person.as_str()));
    assert!(certificate.chunks > 0, "the signature goes too");
    assert_eq!(chen.open_interview(&id, ZH).map(|_| ()).unwrap_err().code, "erased-here");
    let rows = |desk: &mut Desk| desk.home(ZH).unwrap().places.iter().map(|place| place.rows.len()).sum::<usize>();
    assert_eq!(rows(&mut chen), 1, "the other one is still to be done");
    // Two at once, each with a certificate; what is due no longer is left alone.
    assert_eq!(lead.erase_due(&[person, waiting]).unwrap(), 1);
    assert!(due(&lead).is_empty());
    assert_eq!(everybody(&lead), before - 2);
}

#[test]
fn a_card_stays_while_something_of_the_person_does() {
    let (_field, mut lead, _chen, _zhou) = gated();
    let person = pupil(&mut lead, "217");
    agrees(&mut lead, &person);
    keep_until(&mut lead, ["2018-12-31", "2018-12-31"]);
    assert_eq!(due(&lead), [row(&person, "retention", true)]);
    let id = begin(&mut lead, &person);
    assert_eq!(due(&lead), [], "it is begun, and in no entry yet");
    say(&mut lead, "/family/say", "想妈妈");
    lead.finalise(ZH).unwrap();
    assert_eq!(due(&lead), [row(&id, "retention", false), row(&person, "retention", true)]);
}

#[test]
fn who_does_not_read_what_colleagues_collect_is_told_of_no_people() {
    let (field, mut lead, mut chen, _zhou) = gated();
    let person = pupil(&mut lead, "217");
    keep_until(&mut lead, ["2018-12-31", "2018-12-31"]);
    assert_eq!(due(&lead), [row(&person, "retention", true)]);
    let laptop = common::laptop(field.folder.path(), "保护");
    let su = common::join_as(&mut lead, &laptop, "苏宁", Role::Safeguarding);
    assert!(su.due(ZH).unwrap().is_empty());
    chen.sync().unwrap();
    assert_eq!(chen.due(ZH).map(|_| ()).unwrap_err().code, "no-right");
}

/// Everything is taken back: what was said goes at once, and the card, with the no on it, when a person confirms.
#[test]
fn who_takes_everything_back_is_gone_when_a_lead_confirms() {
    let (_field, mut lead, mut chen, mut zhou) = gated();
    let person = pupil(&mut lead, "217");
    let other = pupil(&mut lead, "218");
    let group =
        GroupInput { name: "座谈".into(), members: vec!["217".into(), "218".into()], ..GroupInput::default() };
    let group = lead.save_group(&group).unwrap();
    meet(&mut lead, &mut chen);
    agrees(&mut chen, &person);
    for standing in ["legal-guardian", "own"] {
        says(&mut chen, &person, standing, &[("questionnaire", "given"), ("audio", "given")]);
    }
    interview(&mut chen, &person);
    chen.sync().unwrap();
    zhou.sync().unwrap();
    let late = {
        let new =
            NewInterview { form: "pupil".into(), subject: person.clone(), anyway: true, ..NewInterview::default() };
        zhou.start_interview(&new, ZH).unwrap().id
    };
    say(&mut zhou, "/family/say", "也想爸爸");
    zhou.finalise(ZH).unwrap();
    let back = |purposes: &[&str]| WithdrawInput {
        person: person.clone(),
        standing: "legal-guardian".into(),
        name: "王桂英".into(),
        relation: String::new(),
        note: String::new(),
        purposes: purposes.iter().map(|one| (*one).to_owned()).collect(),
    };
    chen.withdraw_consent(&back(&["questionnaire"])).unwrap();
    meet(&mut lead, &mut chen);
    assert_eq!(due(&lead), [], "there is still the recording to ask about");
    assert_eq!(chen.withdraw_consent(&back(&[])).unwrap().erased, 0);
    meet(&mut lead, &mut chen);
    let people = |desk: &Desk| {
        let people = desk.due(ZH).unwrap().into_iter().filter(|one| one.person);
        people.map(|one| one.record).collect::<Vec<_>>()
    };
    assert_eq!(people(&lead), std::slice::from_ref(&person), "and neither the group nor the other child");
    assert_eq!(due(&lead), [row(&person, "withdrawn", true)]);
    assert_eq!(chen.due(ZH).map(|_| ()).unwrap_err().code, "no-right");
    let everybody = |desk: &Desk| {
        let people = desk.people(&PersonQuery::default(), ZH).unwrap().people;
        people.into_iter().map(|one| one.id).collect::<Vec<_>>()
    };
    assert!(everybody(&chen).contains(&person), "until somebody confirms, nobody asks again");

    assert_eq!(lead.erase_due(std::slice::from_ref(&person)).unwrap(), 1);
    meet(&mut lead, &mut chen);
    zhou.sync().unwrap();
    for desk in [&lead, &chen, &zhou] {
        let left = everybody(desk);
        assert!(!left.contains(&person) && left.contains(&other), "{left:?}");
    }
    let certificate = lead.erasures(ZH).unwrap().into_iter().find(|one| one.record == person).unwrap();
    assert_eq!((certificate.why.as_str(), certificate.chunks > 0), ("withdrawn", true), "the signature goes too");
    // What a colleague had asked who had not heard of it goes as it comes, though the word that stops it is gone.
    meet(&mut lead, &mut chen);
    zhou.sync().unwrap();
    for desk in [&mut lead, &mut zhou] {
        assert_eq!(desk.open_interview(&late, ZH).map(|_| ()).unwrap_err().code, "erased-here");
    }
    assert!(due(&lead).is_empty());
    assert!(lead.person_page(&group, ZH).is_ok());
}

#[test]
fn what_was_refused_afterwards_is_due_and_a_person_confirms() {
    let (_field, mut lead, mut chen, _zhou) = gated();
    let person = pupil(&mut lead, "217");
    meet(&mut lead, &mut chen);
    agrees(&mut chen, &person);
    let id = interview(&mut chen, &person);
    says(&mut chen, &person, "legal-guardian", &[("questionnaire", "refused")]);
    meet(&mut lead, &mut chen);
    assert!(lead.records(ZH).unwrap().is_empty(), "it is listed nowhere else");
    assert_eq!(due(&lead), [row(&id, "refused", false)]);
    assert_eq!(lead.erase_due(std::slice::from_ref(&id)).unwrap(), 1);
    assert!(due(&lead).is_empty());
    let certificate = lead.erasures(ZH).unwrap().pop().unwrap();
    assert_eq!((certificate.why.as_str(), certificate.interviews), ("withdrawn", 1));
    meet(&mut lead, &mut chen);
    assert_eq!(chen.open_interview(&id, ZH).map(|_| ()).unwrap_err().code, "erased-here");
}
