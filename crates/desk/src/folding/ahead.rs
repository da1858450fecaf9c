//! Whoever reads ahead while entries come in ends with the same book as who reads them once, at the end.

#[path = "../../tests/common/mod.rs"]
mod common;

use tempfile::TempDir;
use tianye_store::Store;

use super::FOLD;
use crate::Cancel;
use crate::book::Book;
use crate::desk::Desk;
use common::{begin, finish, say, set_up};

fn fill(desk: &mut Desk, code: &str) -> String {
    let id = begin(desk, code).id;
    say(desk, "/family/say", code);
    finish(desk);
    id
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
    let (field, lead, mut chen, _zhou) = set_up();
    let first = fill(&mut chen, "217");
    let trust = lead.who.trust().unwrap();
    let mut book = Book::open(&lead.store, trust).unwrap();
    carry(&mut chen, &lead, &field.folder, "first");
    book.read_ahead(&lead.store).unwrap();
    assert_eq!(book.interviews.len(), 1, "it is seen before it is folded");
    assert!(book.reading.noted < book.reading.upto, "and nothing is kept of that");

    // What was seen at a glance is alone in its record no more, and another one comes.
    chen.correct_interview(&first, "zh-CN").unwrap();
    say(&mut chen, "/family/say", "改过");
    finish(&mut chen);
    fill(&mut chen, "218");
    carry(&mut chen, &lead, &field.folder, "second");
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
