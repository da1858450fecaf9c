//! What colleagues must know of each other before they begin, though no lead has written in between: what families said, and
//! who took an assignment over. On three laptops, by hub and by stick.

#![allow(clippy::unwrap_used, reason = "a failed act fails the test")]

mod common;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use common::{Field, PASSPHRASE, set_up};
use tianye_desk::view::{
    AssignInput, ChecklistInput, ConsentInput, ConsentWord, EraseInput, NewInterview, PersonInput, Refusal,
    RevokeInput, Role, TakeOverInput, TieInput, WithdrawInput,
};
use tianye_desk::{Cancel, Desk};
use tianye_survey::kind;

const ZH: &str = "zh-CN";

/// A project that asks for consent, with a child whom everybody knows.
fn with_child() -> (Field, Desk, Desk, Desk, String) {
    let (field, mut lead, mut chen, mut zhou) = set_up();
    let noted = lead.checklist().noted;
    lead.note_checklist(&ChecklistInput { gate: true, ..noted }).unwrap();
    let child = PersonInput { kind: "pupil".into(), name: "单小满".into(), ..PersonInput::default() };
    let child = lead.save_person(&child).unwrap();
    for desk in [&mut lead, &mut chen, &mut zhou] {
        desk.sync().unwrap();
    }
    (field, lead, chen, zhou, child)
}

fn says(desk: &mut Desk, person: &str, standing: &str, said: &str) {
    let (purpose, said) = said.split_once('=').unwrap();
    let input = ConsentInput {
        person: person.into(),
        standing: standing.into(),
        name: if standing == "own" { "" } else { "王桂英" }.into(),
        relation: String::new(),
        how: "oral".into(),
        on: "2017-04-11".into(),
        witness: String::new(),
        note: String::new(),
        words: vec![ConsentWord { purpose: purpose.into(), said: said.into() }],
    };
    desk.record_consent(&input).unwrap();
}

#[track_caller]
fn code<T>(result: Result<T, Refusal>) -> String {
    result.map(|_| ()).unwrap_err().code
}

fn begin(desk: &mut Desk, child: &str) -> String {
    code(desk.start_with(child, "pupil", ZH))
}

#[test]
fn a_refusal_is_known_to_a_colleague_before_a_lead_has_written() {
    let (_field, mut lead, mut chen, mut zhou, child) = with_child();
    assert_eq!(begin(&mut zhou, &child), "consent-missing");
    chen.add_evidence("recording", &[BASE64.encode(b"OggS".repeat(40))]).unwrap();
    says(&mut chen, &child, "legal-guardian", "questionnaire=refused");
    chen.sync().unwrap();
    // The lead's laptop is switched off.
    zhou.sync().unwrap();
    assert_eq!(begin(&mut zhou, &child), "consent-refused");
    let sheet = zhou.consent_sheet(&child, "pupil", ZH).unwrap();
    let card = &sheet.cards[0];
    assert_eq!((card.name.as_str(), card.asked_by.as_str()), ("王桂英", "陈禾"));
    // The word, not what shows it.
    assert!(!card.may_see && !card.evidence[0].file.here);
    assert_eq!(code(zhou.evidence_part(&card.id, &card.evidence[0].file.name, 0)), "no-right");
    let own = chen.consent_sheet(&child, "pupil", ZH).unwrap();
    assert!(own.cards[0].may_see && chen.evidence_part(&card.id, &card.evidence[0].file.name, 0).is_ok());

    // Another laptop asks the same person again, and both are one card.
    says(&mut zhou, &child, "legal-guardian", "questionnaire=given");
    says(&mut zhou, &child, "own", "questionnaire=given");
    zhou.sync().unwrap();
    chen.sync().unwrap();
    lead.sync().unwrap();
    for desk in [&chen, &lead] {
        let sheet = desk.consent_sheet(&child, "pupil", ZH).unwrap();
        assert_eq!((sheet.cards.len(), sheet.purposes[0].standing.as_str()), (2, "consent-complete"));
        assert!(sheet.cards.iter().all(|card| !card.disputed && card.asked_by == "周宁"));
    }
    // What is taken back is taken back everywhere at the next contact.
    let withdrawal = WithdrawInput {
        person: child.clone(),
        standing: "own".into(),
        name: String::new(),
        relation: String::new(),
        purposes: Vec::new(),
        note: String::new(),
    };
    chen.withdraw_consent(&withdrawal).unwrap();
    chen.sync().unwrap();
    zhou.sync().unwrap();
    assert_eq!(begin(&mut zhou, &child), "consent-withdrawn");
}

#[test]
fn a_stick_between_two_colleagues_is_enough() {
    let (field, _lead, mut chen, mut zhou, child) = with_child();
    says(&mut chen, &child, "own", "questionnaire=refused");
    let stick = field.folder.path().join("U 盘");
    std::fs::create_dir(&stick).unwrap();
    let file = stick.join(&chen.write_stick(&stick, &Cancel::default()).unwrap().files[0]);
    zhou.read_stick(&file, &Cancel::default()).unwrap();
    assert_eq!(begin(&mut zhou, &child), "consent-child-refused");
    // A laptop that was locked meanwhile knows it too.
    let id = field.wenling.start().unwrap().stores[0].id.clone();
    drop(zhou);
    let mut zhou = field.wenling.unlock(&id, PASSPHRASE).unwrap();
    assert_eq!(begin(&mut zhou, &child), "consent-child-refused");
}

#[test]
fn who_takes_an_assignment_over_is_known_to_who_had_it() {
    let (_field, mut lead, mut chen, mut zhou, child) = with_child();
    for standing in ["legal-guardian", "own"] {
        says(&mut lead, &child, standing, "questionnaire=given");
    }
    let mates = lead.assignments(ZH).unwrap().team;
    let ill = mates.iter().find(|mate| mate.name == "陈禾").unwrap().id.clone();
    let input =
        AssignInput { form: "pupil".into(), people: vec![child.clone()], interviewer: ill, ..AssignInput::default() };
    lead.assign(&input, "zh-CN").unwrap();
    for desk in [&mut lead, &mut chen, &mut zhou] {
        desk.sync().unwrap();
    }
    let open = |desk: &mut Desk| desk.home(ZH).unwrap().places.iter().map(|place| place.rows.len()).sum::<usize>();
    assert_eq!((open(&mut chen), open(&mut zhou)), (1, 0));
    let id = zhou.assignments(ZH).unwrap().classes[0].rows[0].id.clone();
    let over = TakeOverInput { assignments: vec![id], reason: "陈禾发烧".into(), ..TakeOverInput::default() };
    assert_eq!(zhou.take_over(&over).unwrap(), 1);
    zhou.sync().unwrap();
    chen.sync().unwrap();
    assert_eq!((open(&mut chen), open(&mut zhou)), (0, 1), "no lead has written");
    let row = chen.assignments(ZH).unwrap().classes[0].rows[0].clone();
    assert_eq!((row.interviewer.as_str(), row.because.as_str(), row.taken_from.as_str()), ("周宁", "陈禾发烧", "陈禾"));
    let new = NewInterview { form: "pupil".into(), subject: child, ..NewInterview::default() };
    let refusal = chen.start_interview(&new, ZH).map(|_| ()).unwrap_err();
    assert_eq!((refusal.code.as_str(), refusal.args["who"].as_str()), ("already-assigned", "周宁"));
    // Then the lead's laptop writes it on the assignment itself, once.
    lead.sync().unwrap();
    for desk in [&mut chen, &mut zhou] {
        desk.sync().unwrap();
    }
    assert_eq!((open(&mut chen), open(&mut zhou)), (0, 1));
}

#[test]
fn who_was_revoked_learns_nothing_that_colleagues_say_later() {
    let (field, mut lead, mut chen, mut zhou, child) = with_child();
    says(&mut chen, &child, "legal-guardian", "questionnaire=not-yet");
    chen.sync().unwrap();
    zhou.sync().unwrap();
    assert_eq!(begin(&mut zhou, &child), "consent-not-yet");
    lead.sync().unwrap();
    let team = lead.team().unwrap();
    let certificate = team.members.iter().find(|one| one.name == "周宁").unwrap().laptops[0].certificate.clone();
    lead.revoke(&RevokeInput { certificate, why: "left".into(), note: String::new() }).unwrap();
    for _ in 0..2 {
        lead.sync().unwrap();
        chen.sync().unwrap();
    }
    says(&mut chen, &child, "own", "questionnaire=refused");
    let stick = field.folder.path().join("U 盘");
    std::fs::create_dir(&stick).unwrap();
    let file = stick.join(&chen.write_stick(&stick, &Cancel::default()).unwrap().files[0]);
    zhou.read_stick(&file, &Cancel::default()).unwrap();
    let cards = zhou.consent_sheet(&child, "pupil", ZH).unwrap().cards;
    assert_eq!(cards.len(), 1, "what was said before stays readable there, nothing that came later");
    lead.read_stick(&file, &Cancel::default()).unwrap();
    assert_eq!(lead.consent_sheet(&child, "pupil", ZH).unwrap().cards.len(), 2);
    // Whoever joins now reads what was said before and after.
    let he = common::laptop(field.folder.path(), "何");
    let mut he = common::join(&mut lead, &he, "何苗");
    chen.sync().unwrap();
    he.sync().unwrap();
    assert_eq!(begin(&mut he, &child), "consent-child-refused");
}

#[test]
fn two_who_keep_the_project_come_to_one_key_and_nothing_that_was_said_is_lost() {
    let (field, mut lead, mut chen, mut zhou, child) = with_child();
    let at = |name: &str| common::laptop(field.folder.path(), name);
    let mut lin = common::join_as(&mut lead, &at("林"), "林秋", Role::Administrator);
    let mut he = common::join(&mut lead, &at("何"), "何苗");
    for _ in 0..2 {
        for desk in [&mut lead, &mut lin, &mut he, &mut chen, &mut zhou] {
            desk.sync().unwrap();
        }
    }
    let team = lead.team().unwrap();
    let certificate = team.members.iter().find(|one| one.name == "何苗").unwrap().laptops[0].certificate.clone();
    lead.revoke(&RevokeInput { certificate, why: "left".into(), note: String::new() }).unwrap();
    // The word goes out, and both keepers make a key of which the other one has not heard.
    lead.sync().unwrap();
    lin.sync().unwrap();
    // One colleague hears of the second key alone and says something; then the first key is there too.
    lin.sync().unwrap();
    zhou.sync().unwrap();
    says(&mut zhou, &child, "legal-guardian", "questionnaire=not-yet");
    zhou.sync().unwrap();
    lead.sync().unwrap();
    chen.sync().unwrap();
    assert_eq!(begin(&mut chen, &child), "consent-not-yet");
    says(&mut chen, &child, "own", "questionnaire=refused");
    chen.sync().unwrap();
    zhou.sync().unwrap();
    assert_eq!(begin(&mut zhou, &child), "consent-child-refused", "said for whoever has either key");
    for _ in 0..3 {
        for desk in [&mut lead, &mut lin, &mut chen, &mut zhou] {
            desk.sync().unwrap();
        }
    }
    // Everybody has one key that counts, and what was sealed for the other one is still read, by who comes later too.
    let mut wang = common::join(&mut lead, &at("王"), "王小明");
    says(&mut zhou, &child, "legal-guardian", "questionnaire=refused");
    for desk in [&mut zhou, &mut wang, &mut chen, &mut lin, &mut lead] {
        desk.sync().unwrap();
    }
    let counts: Vec<Vec<String>> =
        [&lead, &lin, &chen, &zhou, &wang].iter().map(|desk| desk.team_addresses()).collect();
    assert!(counts.iter().all(|one| *one == counts[0] && one.len() == 1), "{counts:?}");
    for desk in [&lead, &lin, &chen, &zhou, &wang] {
        let cards = desk.consent_sheet(&child, "pupil", ZH).unwrap().cards;
        let mut asked: Vec<&str> = cards.iter().map(|card| card.asked_by.as_str()).collect();
        asked.sort_unstable();
        assert_eq!(asked, ["周宁", "陈禾"]);
    }
    assert_eq!(begin(&mut wang, &child), "consent-refused");
}

/// Two interviewers who sync at the hub, and no lead in between: what one began the other is told, and nothing of what was said.
#[test]
fn what_a_colleague_began_is_known_before_it_is_begun_twice() {
    let (_field, mut lead, mut chen, mut zhou, child) = with_child();
    for standing in ["legal-guardian", "own"] {
        says(&mut lead, &child, standing, "questionnaire=given");
    }
    for desk in [&mut lead, &mut chen, &mut zhou] {
        desk.sync().unwrap();
    }
    // A draft of which no entry stands yet is told too.
    let view = chen.start_with(&child, "pupil", ZH).unwrap();
    chen.sync().unwrap();
    let new = NewInterview { form: "pupil".into(), subject: child.clone(), ..NewInterview::default() };
    assert!(chen.start_interview(&new, ZH).is_err(), "one’s own is in the way as before");
    zhou.sync().unwrap();
    let refusal = zhou.start_interview(&new, ZH).map(|_| ()).unwrap_err();
    assert_eq!(
        (refusal.code.as_str(), refusal.args["who"].as_str(), refusal.args["on"].len()),
        ("already-begun", "陈禾", 10)
    );
    // It is none of theirs to read; that it was done, the child's page tells.
    assert_eq!(code(zhou.open_interview(&view.id, ZH)), "unknown-interview");
    let page = zhou.person_page(&child, ZH).unwrap();
    let told = page.history.iter().find(|event| event.what == "begun-elsewhere").unwrap();
    assert_eq!((told.by.as_str(), told.at.len(), told.interview.as_str()), ("陈禾", 10, ""));
    assert!(chen.person_page(&child, ZH).unwrap().history.iter().all(|event| event.what != "begun-elsewhere"));
    assert!(zhou.records(ZH).unwrap().is_empty());
    // Told once; what is begun later is told later.
    let waiting = |desk: &Desk| desk.outbox().unwrap().entries;
    chen.sync().unwrap();
    assert_eq!(waiting(&chen), 0);
    // Meant all the same, it begins, and both are told of the other.
    zhou.start_interview(&NewInterview { anyway: true, ..new.clone() }, ZH).unwrap();
    zhou.pause_interview(ZH).unwrap();
    zhou.sync().unwrap();
    chen.sync().unwrap();
    // The lead, who reads both, says what stands in the way by what was written.
    lead.sync().unwrap();
    assert_eq!(lead.start_interview(&new, ZH).map(|_| ()).unwrap_err().code, "already-begun");
}

/// What a colleague told of having begun it is erased with the interview, or with the respondent: nobody is held up by what is
/// gone, and nobody keeps a word of it.
#[test]
fn what_was_told_as_begun_goes_with_the_interview() {
    let (field, mut lead, mut chen, mut zhou, child) = with_child();
    for standing in ["legal-guardian", "own"] {
        says(&mut lead, &child, standing, "questionnaire=given");
    }
    for desk in [&mut lead, &mut chen, &mut zhou] {
        desk.sync().unwrap();
    }
    let new = NewInterview { form: "pupil".into(), subject: child.clone(), ..NewInterview::default() };
    let view = chen.start_with(&child, "pupil", ZH).unwrap();
    chen.pause_interview(ZH).unwrap();
    for desk in [&mut chen, &mut lead, &mut zhou] {
        desk.sync().unwrap();
    }
    assert_eq!(code(zhou.start_interview(&new, ZH)), "already-begun");
    let erase = |record: &str, person: &str| EraseInput {
        record: record.into(),
        person: person.into(),
        fields: Vec::new(),
        why: "withdrawn".into(),
        note: String::new(),
    };
    let certificate = lead.erase(&erase(&view.id, "")).unwrap();
    assert_eq!((certificate.interviews, certificate.bodies), (1, 2), "the interview, and what was told of it");
    for desk in [&mut lead, &mut zhou, &mut chen] {
        desk.sync().unwrap();
    }
    // Begun anew and told; its answers never reach the lead before the child is erased.
    let again = zhou.start_interview(&new, ZH).unwrap();
    for desk in [&mut zhou, &mut lead, &mut chen] {
        desk.sync().unwrap();
    }
    assert_eq!(code(chen.start_interview(&new, ZH)), "already-begun");
    lead.erase(&erase("", &child)).unwrap();
    lead.sync().unwrap();
    for desk in [&mut chen, &mut zhou] {
        desk.sync().unwrap();
        desk.sync().unwrap();
    }
    drop((lead, chen, zhou));
    let passphrase = tianye_store::Passphrase::new(PASSPHRASE);
    for data in ["组长 张三", "武义", "温岭"] {
        let listed = tianye_store::list(&field.folder.path().join(data)).unwrap().remove(0);
        let unlock = tianye_store::Unlock::Passphrase(&passphrase);
        let store = tianye_store::Store::unlock(&listed.dir, unlock, 0).unwrap();
        let told = store.read(|view| view.entries_of_kind(kind::BEGINNINGS)).unwrap();
        let names =
            |id: &String| told.iter().any(|one| String::from_utf8_lossy(&one.body.content).contains(id.as_str()));
        assert!(![&view.id, &again.id, &child].into_iter().any(names), "{data}");
    }
}

/// Whom an interviewer adds in the field, and how people are tied, a colleague sees with one sync of each.
#[test]
fn a_card_and_a_tie_made_in_the_field_reach_a_colleague() {
    let (_field, _lead, mut chen, mut zhou, child) = with_child();
    let neighbour = PersonInput { kind: "pupil".into(), name: "李青豆".into(), ..PersonInput::default() };
    let neighbour = chen.save_person(&neighbour).unwrap();
    let tie = TieInput {
        name: "王桂英".into(),
        to: child.clone(),
        relation: "paternal-grandmother".into(),
        custody: "entrusted".into(),
        since: "2016-09".into(),
        ..TieInput::default()
    };
    chen.save_tie(&tie).unwrap();
    assert!(chen.outbox().unwrap().entries > 0, "what is for the team waits to be sent like anything else");
    chen.sync().unwrap();
    assert_eq!(chen.outbox().unwrap().entries, 0);
    zhou.sync().unwrap();
    assert_eq!(zhou.person_page(&neighbour, ZH).unwrap().name, "李青豆");
    let page = zhou.person_page(&child, ZH).unwrap();
    assert!(page.ties[0].name.ends_with("王桂英") && page.ties[0].since == "2016-09");
    // The colleague goes on with the card, and both read one.
    let changed = PersonInput {
        id: neighbour.clone(),
        kind: "pupil".into(),
        name: "李青豆".into(),
        grade: "四年级".into(),
        ..PersonInput::default()
    };
    zhou.save_person(&changed).unwrap();
    zhou.sync().unwrap();
    chen.sync().unwrap();
    let page = chen.person_page(&neighbour, ZH).unwrap();
    assert_eq!((page.grade.as_str(), page.conflicts.len()), ("四年级", 0));
}
