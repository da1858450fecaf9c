//! An interview, or an answer of it, is erased on the lead's laptop and goes from every other one.

#![allow(clippy::unwrap_used, reason = "a failed act fails the test")]

mod common;

use common::{PASSPHRASE, begin, finish, say, set_up};
use tianye_desk::Desk;
use tianye_desk::view::{AnswerInput, EraseInput, ExportInput, Move};

fn input(record: &str, fields: &[&str]) -> EraseInput {
    let fields = fields.iter().map(|field| (*field).to_owned()).collect();
    EraseInput { record: record.into(), fields, why: "withdrawn".into(), note: "奶奶不同意".into() }
}

/// What the first question of an interview says.
fn said(desk: &mut Desk, id: &str) -> String {
    desk.open_interview(id, "zh-CN").unwrap();
    let page = desk.go(&Move::Field { field: "/family/say".into() }).unwrap().page;
    page.items[0].value.clone()
}

fn codes(desk: &Desk) -> Vec<String> {
    let mut codes: Vec<String> = desk.records("zh-CN").unwrap().into_iter().map(|card| card.code).collect();
    codes.sort_unstable();
    codes
}

fn devices(certificate: &[tianye_desk::view::AnsweredView]) -> Vec<String> {
    certificate.iter().map(|one| one.person.clone()).collect()
}

#[test]
fn an_interview_goes_from_every_laptop_and_the_certificate_says_where_from() {
    let (field, mut lead, mut chen, mut zhou) = set_up();
    let id = begin(&mut chen, "217").id;
    say(&mut chen, "/family/say", "爸爸在外省");
    finish(&mut chen);
    begin(&mut chen, "218");
    say(&mut chen, "/family/say", "想妈妈");
    finish(&mut chen);
    chen.sync().unwrap();
    lead.sync().unwrap();
    assert_eq!(codes(&lead), ["217", "218"]);

    assert_eq!(chen.erase(&input(&id, &[])).unwrap_err().code, "no-right");
    let certificate = lead.erase(&input(&id, &[])).unwrap();
    assert_eq!((certificate.fields, certificate.bodies, certificate.by.as_str()), (0, 1, "沈一帆"));
    assert_eq!(devices(&certificate.answered), ["沈一帆"]);
    assert_eq!(devices(&certificate.waiting), ["周宁", "陈禾"]);
    assert_eq!(codes(&lead), ["218"]);
    assert!(certificate.on_hub, "the hub has not heard of it either");
    assert_eq!(codes(&chen), ["217", "218"], "it has not heard of it");

    // Meanwhile, without knowing, the same interview is corrected.
    chen.correct_interview(&id, "zh-CN").unwrap();
    say(&mut chen, "/family/say", "爸爸回来了");
    finish(&mut chen);
    lead.sync().unwrap();
    for desk in [&mut chen, &mut zhou] {
        desk.sync().unwrap();
        assert!(!codes(desk).contains(&"217".to_owned()));
        desk.sync().unwrap();
    }
    assert_eq!(chen.open_interview(&id, "zh-CN").unwrap_err().code, "unknown-interview");
    lead.sync().unwrap();
    let waiting = lead.erasures().unwrap()[0].waiting.len();
    assert_eq!(waiting, 2, "nobody knows yet that what came late is erased too");
    for desk in [&mut chen, &mut zhou, &mut lead] {
        desk.sync().unwrap();
        desk.sync().unwrap();
    }
    let certificates = lead.erasures().unwrap();
    assert_eq!((certificates.len(), certificates[0].bodies), (1, 2), "what came late is erased too");
    let first = certificates.iter().find(|one| one.id == certificate.id).unwrap();
    assert_eq!(
        (devices(&first.answered), devices(&first.waiting)),
        (vec!["周宁".into(), "沈一帆".into(), "陈禾".into()], vec![])
    );

    assert!(certificates.iter().all(|one| !one.on_hub && !one.unfinished), "the lead's last sync told the hub");

    // Locked and opened again, and exported, it is nowhere.
    drop(chen);
    let store = field.wuyi.start().unwrap().stores[0].id.clone();
    let chen = field.wuyi.unlock(&store, PASSPHRASE).unwrap();
    assert_eq!(codes(&chen), ["218"]);
    let out = field.folder.path().join("导出");
    let tables = ExportInput {
        form: "pupil".into(),
        labels: true,
        names: true,
        files: false,
        entities: false,
        instances: false,
    };
    let report = lead.export_csv(&tables, &out, "zh-CN").unwrap();
    assert_eq!(report.files[0].rows, 1);
    drop(field.hub);
}

#[test]
fn one_answer_goes_and_the_others_stay_with_their_authors() {
    let (field, mut lead, mut chen, _zhou) = set_up();
    let id = begin(&mut chen, "217").id;
    say(&mut chen, "/family/say", "爸爸在外省");
    say(&mut chen, "/family/age", "9");
    finish(&mut chen);
    chen.sync().unwrap();
    lead.sync().unwrap();
    assert_eq!(lead.erase(&input(&id, &["/family/mother"])).unwrap_err().code, "erase-nothing");
    let certificate = lead.erase(&input(&id, &["/family/say"])).unwrap();
    assert_eq!((certificate.fields, certificate.bodies), (1, 1));
    lead.sync().unwrap();
    // The interview stands open for correction on the other laptop when the word comes.
    chen.correct_interview(&id, "zh-CN").unwrap();
    chen.answer(&AnswerInput { field: "/family/age".into(), value: "10".into() }).unwrap();
    chen.sync().unwrap();
    for desk in [&mut lead, &mut chen] {
        assert_eq!(said(desk, &id), "");
        let page = desk.go(&Move::Field { field: "/family/age".into() }).unwrap().page;
        assert!(["9", "10"].contains(&page.items[0].value.as_str()), "{}", page.items[0].value);
    }
    drop(field.hub);
}
