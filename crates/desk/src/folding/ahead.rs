//! Whoever reads ahead while entries come in ends with the same book as who reads them once, at the end.

use std::sync::Arc;

use tempfile::TempDir;
use tianye_hub::Options;
use tianye_store::Store;

use super::FOLD;
use crate::book::Book;
use crate::desk::Desk;
use crate::laptop::Laptop;
use crate::view::{AnswerInput, NewInterview, NewProject, Role};
use crate::world::Machine;
use crate::{Cancel, KdfCost};

const ZH: &str = "zh-CN";
const PASSPHRASE: &str = "竹篮 半夜 蓝色 拖拉机";
const FORM: &str = "
| survey | | | |
| | type | name | label |
| | text | say | A1 说什么？ |
| settings | | | |
| | form_title | form_id | version |
| | 问卷 | pupil | 1 |
";

fn fill(desk: &mut Desk, code: &str) -> String {
    let new =
        NewInterview { form: "pupil".into(), code: code.into(), name: "小满".into(), ..NewInterview::default() };
    let id = desk.start_interview(&new, ZH).unwrap().id;
    say(desk, code);
    id
}

fn say(desk: &mut Desk, value: &str) {
    desk.answer(&AnswerInput { field: "/say".into(), value: value.into() }).unwrap();
    desk.finalise(ZH).unwrap();
}

/// What a lead takes in of an interviewer's laptop, by a stick at a time.
fn carry(from: &mut Desk, to: &Desk, folder: &TempDir, name: &str) {
    let stick = folder.path().join(name);
    std::fs::create_dir(&stick).unwrap();
    from.write_stick(&stick, &Cancel::default()).unwrap();
    for file in tianye_sync::batches_in(&stick).unwrap() {
        to.carrier().unwrap().read(&file, &Cancel::default(), &mut |_| ()).unwrap();
    }
}

/// What a book holds, as text.
fn told(book: &Book) -> String {
    let again: Vec<_> = book.reading.again.iter().collect();
    format!(
        "{}\n{:?}\n{:?}\n{again:?}",
        serde_json::to_string(&book.interviews.iter().collect::<Vec<_>>()).unwrap(),
        book.project.subjects,
        book.no_right.keys()
    )
}

fn upto(store: &Store) -> (i64, i64) {
    store.read(|view| Ok((view.folded_upto()?, view.newest_arrival()?))).unwrap()
}

#[test]
fn reading_ahead_comes_to_the_same_book() {
    let folder = TempDir::new().unwrap();
    let hub = tianye_hub::start(&Options {
        data: folder.path().join("hub"),
        listen: "127.0.0.1:0".parse().unwrap(),
        address: None,
        now: || 1_700_000_000_000,
        limits: tianye_hub::Limits::default(),
    })
    .unwrap();
    let laptop = |name: &str| Laptop::new(&folder.path().join(name), Arc::new(Machine), KdfCost::insecure_for_tests());
    let mut lead = laptop("lead")
        .create_project(&NewProject {
            title: "2017".into(),
            person: "沈一帆".into(),
            device: "一".into(),
            passphrase: PASSPHRASE.into(),
            hub_card: Some(hub.card().to_json()),
        })
        .unwrap();
    assert!(lead.check_form("pupil.md", FORM.as_bytes(), &|_| None).unwrap().usable);
    lead.add_form().unwrap();
    lead.sync().unwrap();
    let field = laptop("chen");
    let request = {
        let invitation = lead.invite("陈禾", "", Role::Interviewer).unwrap();
        let read = field.read_invitation(&invitation).unwrap();
        field.request_join(&read.id, PASSPHRASE, "二").unwrap()
    };
    let asked = lead.team().unwrap().requests.remove(0);
    lead.approve(&asked.id).unwrap();
    let mut chen = field.unlock(&request.id, PASSPHRASE).unwrap();
    chen.sync().unwrap();

    let first = fill(&mut chen, "217");
    let trust = lead.who.trust().unwrap();
    let mut book = Book::open(&lead.store, trust).unwrap();
    carry(&mut chen, &lead, &folder, "first");
    book.read_ahead(&lead.store).unwrap();
    assert_eq!(book.interviews.len(), 1, "it is seen before it is folded");
    assert!(book.reading.noted < book.reading.upto, "and nothing is kept of that");

    // What was seen at a glance is alone in its record no more, and another one comes.
    chen.correct_interview(&first, ZH).unwrap();
    say(&mut chen, "改过");
    fill(&mut chen, "218");
    carry(&mut chen, &lead, &folder, "second");
    book.read_ahead(&lead.store).unwrap();
    let changed = book.read_on(&lead.store).unwrap();
    assert_eq!((changed.len(), book.interviews.len()), (2, 2));
    let (kept, newest) = upto(&lead.store);
    assert_eq!(kept, newest, "the next one who unlocks reads nothing again");

    let unlocked = Book::open(&lead.store, trust).unwrap();
    lead.store.transact(tianye_store::Op::Rebuild, |tx| tx.forget_summaries(FOLD)).unwrap();
    let anew = Book::open(&lead.store, trust).unwrap();
    assert_eq!((told(&book), told(&unlocked)), (told(&anew), told(&anew)));
}
