//! Tests that need the inside of a store: limits and versions that no caller can set.

#![allow(clippy::unwrap_used, reason = "helpers of tests may")]
#![allow(clippy::redundant_closure_for_method_calls, reason = "`View` has a lifetime that a path cannot name")]

#[path = "../tests/common/mod.rs"]
mod common;

use std::fs;
use std::path::Path;

use common::{PASSPHRASE, World, at, body, draft, record};
use tianye_journal::{EntryHash, HubKey, ReadingKey, Receipt};

use crate::transact::Op;
use crate::{Error, Passphrase, Store, Unlock};

fn unlock(dir: &Path) -> crate::Result<Store> {
    Store::unlock(dir, Unlock::Passphrase(&Passphrase::new(PASSPHRASE)), 7)
}

fn pragma(store: &Store, sql: &str) {
    store.writer.lock(Op::Open).unwrap().conn.execute_batch(sql).unwrap();
}

#[test]
fn a_store_of_a_newer_version_is_refused_and_untouched() {
    let data = tempfile::tempdir().unwrap();
    let store = World::new(1).bare_store(data.path());
    let dir = store.dir().to_owned();
    pragma(&store, "PRAGMA user_version = 99");
    store.lock().unwrap();

    let files = ["store.db", "card.json", "slots.txt"].map(|file| dir.join(file));
    let before = files.clone().map(|file| fs::read(file).unwrap());
    let Err(Error::NewerVersion { found, known, .. }) = unlock(&dir) else { panic!("expected a refusal") };
    assert_eq!((found, known), (99, i64::try_from(crate::migrate::ALL.len()).unwrap()));
    assert_eq!(files.map(|file| fs::read(file).unwrap()), before);
    assert!(!dir.join("backup").exists());
}

#[test]
fn a_step_that_a_database_lacks_room_for_is_refused_and_the_rest_stands() {
    let data = tempfile::tempdir().unwrap();
    let mut world = World::new(2);
    let store = world.store(data.path());
    let dir = store.dir().to_owned();
    store.transact(Op::Draft, |tx| tx.start_draft(&draft(record(1)), at(0))).unwrap();
    let pages: i64 = {
        let held = store.writer.lock(Op::Open).unwrap();
        held.conn.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap()
    };
    pragma(&store, &format!("PRAGMA max_page_count = {}", pages + 8));

    let long = format!(r#"{{"v":"{}"}}"#, "长".repeat(2000));
    let answer = |n: i64| store.transact(Op::Answer, |tx| tx.put_answer(record(1), &format!("/q{n}"), &long, at(n)));
    let saved = (0..100).take_while(|n| answer(*n).is_ok()).count();
    assert!((1..100).contains(&saved), "{saved} answers fitted");
    let Err(Error::DiskFull { op }) = answer(200) else { panic!("expected a full disk") };
    assert_eq!(op, Op::Answer);
    // An entry does not fit either, and leaves no trace: neither in the frontier nor in the black box.
    let frontier = store.read(|view| view.frontier()).unwrap();
    let big = body(record(1), &[], &"x".repeat(100_000));
    assert_eq!(store.transact(Op::Seal, |tx| tx.append_own(&big)).unwrap_err().code(), "disk-full");
    assert_eq!(store.read(|view| view.frontier()).unwrap(), frontier);
    assert_eq!(crate::read_black_box(&store.black_box_path()).unwrap().len(), 1);
    assert_eq!(store.read(|view| view.answers(record(1))).unwrap().len(), saved);

    // With room again it goes on where it stopped.
    pragma(&store, "PRAGMA max_page_count = 1000000");
    store.transact(Op::Answer, |tx| tx.put_answer(record(1), "/q200", &long, at(200))).unwrap();
    store.transact(Op::Seal, |tx| tx.append_own(&big)).unwrap();
    drop(store);
    let store = unlock(&dir).unwrap();
    assert_eq!(store.read(|view| view.answers(record(1))).unwrap().len(), saved + 1);
    assert_eq!(store.read(|view| view.entries_of(record(1))).unwrap().len(), 1);
}

#[test]
fn the_connection_keeps_its_promises() {
    let data = tempfile::tempdir().unwrap();
    let store = World::new(3).bare_store(data.path());
    let read = |name: &str| -> String {
        let held = store.writer.lock(Op::Open).unwrap();
        let value: rusqlite::types::Value = held.conn.pragma_query_value(None, name, |row| row.get(0)).unwrap();
        match value {
            rusqlite::types::Value::Integer(number) => number.to_string(),
            rusqlite::types::Value::Text(text) => text,
            other => format!("{other:?}"),
        }
    };
    let names = [
        "journal_mode",
        "synchronous",
        "foreign_keys",
        "trusted_schema",
        "cell_size_check",
        "temp_store",
        "cache_size",
        "secure_delete",
        "cipher_version",
    ];
    let shown: Vec<String> = names.iter().map(|name| format!("{name} = {}\n", read(name))).collect();
    expect_test::expect![[r#"
        journal_mode = wal
        synchronous = 2
        foreign_keys = 1
        trusted_schema = 0
        cell_size_check = 1
        temp_store = 2
        cache_size = -65536
        secure_delete = 1
        cipher_version = 4.20.0 community
    "#]]
    .assert_eq(&shown.concat());
}

#[test]
fn a_crash_between_commit_and_black_box_is_made_good_at_the_next_unlocking() {
    let data = tempfile::tempdir().unwrap();
    let mut world = World::new(4);
    let store = world.store(data.path());
    let (dir, path) = (store.dir().to_owned(), store.black_box_path());
    for n in 0..3 {
        common::append(&store, &body(record(n), &[], "{}"));
    }
    drop(store);
    let whole = fs::read(&path).unwrap();
    let entries = crate::read_black_box(&path).unwrap();
    let hashes = |entries: &[tianye_journal::SealedEntry]| entries.iter().map(|entry| entry.hash()).collect();
    let header = entries.last().unwrap().header.to_bytes().len();
    let last = whole.len() - entries.last().unwrap().to_bytes().len() + header;
    // Cut inside the last entry, inside the first bytes, and away altogether.
    for len in [whole.len() - 1, whole.len() - 700, 3, 0] {
        fs::write(&path, &whole[..len]).unwrap();
        let store = unlock(&dir).unwrap();
        assert_eq!(store.black_box_trouble(), None);
        drop(store);
        assert_eq!(fs::read(&path).unwrap(), whole, "cut at {len}");
    }
    fs::remove_file(&path).unwrap();
    drop(unlock(&dir).unwrap());
    assert_eq!(fs::read(&path).unwrap(), whole);
    // Its first bytes were being written: the disk may hold anything in their place.
    for begun in [&[0xAB; 8][..], &[0xAB; 5], &[0; 300]] {
        fs::write(&path, begun).unwrap();
        assert_eq!(unlock(&dir).unwrap().black_box_trouble(), None);
        assert_eq!(fs::read(&path).unwrap(), whole, "{begun:?}");
    }
    // Torn in the last entry: its length and beginning are there, its middle is not, as a disk may leave it. The signature
    // stands before the body, 65 bytes after the header.
    for (from, to) in [(whole.len() - 300, whole.len()), (whole.len() - 300, whole.len() - 200), (last, last + 64)] {
        for fill in [0, 0xAB] {
            let mut torn = whole.clone();
            torn[from..to].fill(fill);
            fs::write(&path, &torn).unwrap();
            assert_eq!(crate::read_black_box(&path).unwrap().len(), 3, "{from}..{to} of {}", whole.len());
            assert_eq!(unlock(&dir).unwrap().black_box_trouble(), None);
            assert_eq!(fs::read(&path).unwrap(), whole, "{from}..{to}");
        }
    }
    // Grown with zeros after the last entry.
    fs::write(&path, [&whole[..], &[0; 900]].concat()).unwrap();
    let store = unlock(&dir).unwrap();
    assert_eq!(crate::read_black_box(&path).unwrap().len(), 4);
    let newest = common::append(&store, &body(record(4), &[], "{}"));
    assert_eq!(crate::read_black_box(&path).unwrap().last().unwrap().hash(), newest);
    drop(store);
    // Before the end it is damage: the rest is kept, the file is set aside, and a whole one stands in its place.
    let whole = fs::read(&path).unwrap();
    let mut damaged = whole.clone();
    damaged[400] ^= 1;
    fs::write(&path, &damaged).unwrap();
    assert_eq!(crate::read_black_box(&path).unwrap_err().code(), "damaged");
    assert_eq!(unlock(&dir).unwrap().black_box_trouble(), None);
    assert_eq!(fs::read(path.with_extension("damaged-1")).unwrap(), damaged);
    let mended: std::collections::BTreeSet<_> = hashes(&crate::read_black_box(&path).unwrap());
    fs::write(&path, &whole).unwrap();
    assert_eq!(mended, hashes(&crate::read_black_box(&path).unwrap()));
    // What is no black box is left alone, and the trouble is told.
    fs::write(&path, b"something else, longer than a magic number").unwrap();
    let store = unlock(&dir).unwrap();
    common::append(&store, &body(record(9), &[], "{}"));
    assert!(store.black_box_trouble().is_some());
    assert_eq!(fs::read(&path).unwrap(), b"something else, longer than a magic number");
}

#[test]
fn a_black_box_that_is_made_again_holds_what_was_written_for_the_team_too() {
    let data = tempfile::tempdir().unwrap();
    let mut world = World::new(34);
    let store = world.store(data.path());
    let signing = store.read(|view| view.signing_key()).unwrap().unwrap();
    let reading = ReadingKey::generate(&mut world.rng);
    let (certificate, readers, opening) = world.papers(&signing, &reading);
    store.transact(Op::Seal, |tx| tx.open_team_chain(&certificate, &readers, &opening).map(drop)).unwrap();
    common::append(&store, &body(record(1), &[], r#"{"said":"to leads"}"#));
    store.transact(Op::Seal, |tx| tx.append_for_team(&body(record(2), &[], r#"{"said":"to all"}"#)).map(drop)).unwrap();
    let dir = store.dir().to_owned();
    drop(store);
    let path = dir.join("safety/box");
    let whole = fs::read(&path).unwrap();
    // Two openings and two entries.
    assert_eq!(crate::read_black_box(&path).unwrap().len(), 4);
    fs::remove_file(&path).unwrap();
    drop(unlock(&dir).unwrap());
    assert_eq!(fs::read(&path).unwrap(), whole);
    // Its first bytes were being written: the disk may hold anything in their place.
    for begun in [&[0xAB; 8][..], &[0xAB; 5], &[0; 300]] {
        fs::write(&path, begun).unwrap();
        assert_eq!(unlock(&dir).unwrap().black_box_trouble(), None);
        assert_eq!(fs::read(&path).unwrap(), whole, "{begun:?}");
    }
}

/// Steps that SQLite takes to answer a query: what it reads, and not how long that takes.
fn steps(store: &Store, sql: &str, params: impl rusqlite::Params) -> i32 {
    let held = store.writer.lock(Op::Open).unwrap();
    let mut statement = held.conn.prepare(sql).unwrap();
    {
        let mut rows = statement.query(params).unwrap();
        while rows.next().unwrap().is_some() {}
    }
    statement.get_status(rusqlite::StatementStatus::VmStep)
}

#[test]
fn what_a_hub_lacks_is_found_without_looking_through_what_it_has() {
    const WITHOUT: &str = crate::sql::named(include_str!("../sql/receipts.sql"), "without");
    let data = tempfile::tempdir().unwrap();
    let mut world = World::new(33);
    let hub = HubKey::generate(&mut world.rng);
    let project = world.project;
    let store = world.store(data.path());
    let without = || store.read(|view| view.without_receipt(&hub.public(), 0, 1_000)).unwrap().0;
    let receipts = |entries: &[EntryHash]| {
        store
            .transact(Op::Receipt, |tx| {
                for hash in entries {
                    let place = tx.entry(*hash)?.unwrap().place();
                    tx.put_receipt(&Receipt::sign(&hub, project, place), &hub.public())?;
                }
                Ok(())
            })
            .unwrap();
    };
    let write = |from: i64, count: i64| {
        store
            .transact(Op::Seal, |tx| {
                for n in from..from + count {
                    tx.append_own(&body(record(1), &[], &format!(r#"{{"n":{n}}}"#)))?;
                }
                Ok(())
            })
            .unwrap();
    };
    let asked = |count: usize| {
        let lacking = without();
        assert_eq!(lacking.len(), count);
        let steps = steps(&store, WITHOUT, (hub.public().as_bytes(), 0, 1_000));
        receipts(&lacking);
        assert_eq!(without(), []);
        steps
    };
    write(0, 9);
    // The opening of the chain too.
    let all = without();
    assert_eq!(all.len(), 10);
    receipts(&all[..9]);
    assert_eq!(without(), all[9..], "one that the hub gave none for is asked for again");
    let few = asked(1);
    write(10, 400);
    asked(400);
    write(500, 1);
    assert_eq!(asked(1), few, "one new entry in a hundred costs what it costs in ten");
    // What was erased is asked for no more; a body that comes later is.
    write(600, 2);
    let [one, two] = without()[..] else { panic!("two") };
    store.transact(Op::Erase, |tx| tx.erase(&[one], &[])).unwrap();
    assert_eq!(without(), [two]);
    // Another hub has nothing yet.
    let other = HubKey::generate(&mut world.rng);
    let lacking = store.read(|view| view.without_receipt(&other.public(), 0, 1_000)).unwrap().0;
    assert_eq!(lacking.len(), 412);
    // Page by page, whether a receipt comes for those before or not.
    let page = |after| store.read(|view| view.without_receipt(&other.public(), after, 300)).unwrap();
    let (first, end) = page(0);
    let (second, last) = page(end);
    assert_eq!(([&first[..], &second[..]].concat(), page(last).0.len()), (lacking, 0));
}

/// What stands in the database of an erasure whose files have not all followed: as it is now, and as earlier versions left it.
const MARKS: [(&str, &str); 4] = [
    ("nothing", ""),
    ("all, as earlier versions noted it too", "INSERT INTO erasing VALUES (1)"),
    ("the second black box", "INSERT INTO settings (key, value) VALUES ('erasing-second-box', x'')"),
    (
        "all, while the second black box was waited for",
        "INSERT INTO erasing VALUES (1); INSERT INTO settings (key, value) VALUES ('erasing-second-box', x'')",
    ),
];

#[test]
fn each_mark_of_an_erasure_is_followed_by_what_it_stands_for_and_ends() {
    for (mark, (what, sql)) in MARKS.into_iter().enumerate() {
        for medium in ["here", "away", "none"] {
            let (data, stick) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
            let store = World::new(9).store(data.path());
            let entry = common::append(&store, &body(record(1), &[], "{}"));
            let second = store.keep_second_box(stick.path()).unwrap().path;
            let whole = fs::read(&second).unwrap();
            store.transact(Op::Erase, |tx| tx.erase(&[entry], &[])).unwrap();
            assert!(!store.is_erasing().unwrap());
            // Back to before the second black box followed, with a snapshot that stands for all files of this laptop.
            match medium {
                "here" => fs::write(&second, &whole).unwrap(),
                "away" => fs::remove_file(&second).unwrap(),
                _ => store.transact(Op::Setting, |tx| tx.remove_setting("second-black-box")).unwrap(),
            }
            store.keep_snapshot(10).unwrap();
            pragma(&store, sql);
            let dir = store.dir().to_owned();
            store.lock().unwrap();
            let store = unlock(&dir).unwrap();
            let case = format!("{what} noted, medium {medium}");
            let (all, some) = (mark % 2 == 1, mark > 0);
            assert_eq!(store.snapshots().unwrap().is_empty(), all, "{case}");
            assert_eq!(store.is_erasing().unwrap(), some && medium == "away", "{case}");
            if medium == "here" {
                let bodies =
                    |path: &Path| crate::read_black_box(path).unwrap().iter().filter(|e| e.body.is_some()).count();
                assert_eq!(bodies(&second), if some { 1 } else { 2 }, "{case}");
            }
            // Once only, however long the medium is away.
            store.keep_snapshot(20).unwrap();
            drop(store);
            assert!(!unlock(&dir).unwrap().snapshots().unwrap().is_empty(), "{case}");
        }
    }
}

#[test]
fn what_is_erased_while_files_follow_an_erasure_before_it_stays_noted() {
    let (data, stick) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let store = World::new(10).store(data.path());
    let [first, later] = [1, 2].map(|n| common::append(&store, &body(record(n), &[], "{}")));
    let second = store.keep_second_box(stick.path()).unwrap().path;
    fs::remove_file(second).unwrap();
    // Nothing of this laptop can follow: a folder stands where a snapshot would.
    fs::create_dir_all(store.dir().join("snapshots/1.db")).unwrap();
    let erase = |entry| store.transact(Op::Erase, |tx| tx.erase(&[entry], &[])).unwrap();
    let marks = || {
        let held = store.writer.lock(Op::Read).unwrap();
        let count = |sql: &str| held.conn.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
        [count("SELECT count(*) FROM erasing"), count("SELECT count(*) FROM settings WHERE key = 'erasing-second-box'")]
    };
    erase(first);
    let followed = store.read(|view| view.erased()).unwrap();
    erase(later);
    store.end_here(&followed).unwrap();
    assert_eq!(marks(), [1, 0], "the later one is followed by nothing yet");
    let followed = store.read(|view| view.erased()).unwrap();
    store.end_here(&followed).unwrap();
    assert_eq!(marks(), [0, 1]);
    erase(common::append(&store, &body(record(3), &[], "{}")));
    store.end_in_second_box(&followed).unwrap();
    assert_eq!(marks(), [1, 1]);
    store.end_in_second_box(&store.read(|view| view.erased()).unwrap()).unwrap();
    assert_eq!(marks(), [1, 0], "all wait, the second black box among them");
    assert!(store.is_erasing().unwrap());
}
