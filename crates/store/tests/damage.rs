//! A damaged database is named as such and left as it is.

#![allow(clippy::unwrap_used, reason = "helpers of tests may")]
#![allow(clippy::redundant_closure_for_method_calls, reason = "`View` has a lifetime that a path cannot name")]

mod common;

use std::fs;
use std::path::Path;

use common::{PASSPHRASE, World, append, at, body, draft, record};
use tianye_store::{Error, Op, Passphrase, Store, Unlock, read_black_box};

fn unlock(dir: &Path) -> tianye_store::Result<Store> {
    Store::unlock(dir, Unlock::Passphrase(&Passphrase::new(PASSPHRASE)), 7)
}

/// A locked store of some dozens of pages.
fn locked_store(data: &Path) -> std::path::PathBuf {
    let store = World::new(51).store(data);
    store.transact(Op::Draft, |tx| tx.start_draft(&draft(record(1)), at(0))).unwrap();
    for n in 0..50 {
        let said = format!(r#"{{"v":"{}"}}"#, "字".repeat(500));
        store.transact(Op::Answer, |tx| tx.put_answer(record(1), &format!("/q{n}"), &said, at(n))).unwrap();
    }
    append(&store, &body(record(1), &[], "{}"));
    let dir = store.dir().to_owned();
    store.lock().unwrap();
    dir
}

#[test]
fn a_flipped_byte_in_any_page_is_found_and_nothing_is_changed() {
    let data = tempfile::tempdir().unwrap();
    let dir = locked_store(data.path());
    let path = dir.join("store.db");
    let whole = fs::read(&path).unwrap();
    let pages = whole.len() / 4096;
    assert!(pages > 40, "{pages} pages");
    for page in (0..pages).step_by(7).chain([pages - 1]) {
        let mut flipped = whole.clone();
        flipped[page * 4096 + 1000 + page] ^= 0x10;
        fs::write(&path, &flipped).unwrap();
        let error = unlock(&dir).unwrap_err();
        assert!(matches!(&error, Error::Damaged { path: named, .. } if *named == path), "page {page}: {error:?}");
        assert_eq!(fs::read(&path).unwrap(), flipped, "left as it is");
        // The sealed entries are safe all the same.
        assert_eq!(read_black_box(&dir.join("safety/box")).unwrap().len(), 2);
    }
    fs::write(&path, &whole).unwrap();
    assert_eq!(unlock(&dir).unwrap().read(|view| view.answers(record(1))).unwrap().len(), 50);
}

#[test]
fn a_database_cut_short_is_damage() {
    let data = tempfile::tempdir().unwrap();
    let dir = locked_store(data.path());
    let path = dir.join("store.db");
    let whole = fs::read(&path).unwrap();
    for len in [100, 4096, whole.len() / 2 / 4096 * 4096, whole.len() - 1] {
        fs::write(&path, &whole[..len]).unwrap();
        assert_eq!(unlock(&dir).unwrap_err().code(), "damaged", "cut at {len} of {}", whole.len());
        assert_eq!(fs::read(&path).unwrap(), &whole[..len]);
    }
}

#[test]
fn a_page_that_goes_bad_while_the_store_is_open_is_told_too() {
    let data = tempfile::tempdir().unwrap();
    let dir = locked_store(data.path());
    let store = unlock(&dir).unwrap();
    let path = dir.join("store.db");
    store.check().unwrap();
    let mut bytes = fs::read(&path).unwrap();
    for page in 1..bytes.len() / 4096 {
        bytes[page * 4096 + 2000] ^= 1;
    }
    fs::write(&path, &bytes).unwrap();
    assert_eq!(store.check().unwrap_err().code(), "damaged");
    assert_eq!(store.read(|view| view.draft_history(record(1))).unwrap_err().code(), "damaged");
}

/// The folder of an unlocked store, copied as a killed program leaves it.
fn left_by_a_kill(from: &Path, to: &Path) {
    for file in ["store.db", "store.db-wal", "slots.txt", "card.json", "safety/box"] {
        fs::create_dir_all(to.join(file).parent().unwrap()).unwrap();
        fs::copy(from.join(file), to.join(file)).unwrap();
    }
}

#[test]
fn a_page_torn_while_the_log_was_copied_over_it_is_no_damage() {
    let data = tempfile::tempdir().unwrap();
    let dir = locked_store(data.path());
    let store = unlock(&dir).unwrap();
    store.transact(Op::Answer, |tx| tx.put_answer(record(1), "/q1", r#"{"v":"后来"}"#, at(60))).unwrap();
    let killed = data.path().join("killed");
    left_by_a_kill(&dir, &killed);
    // A frame of the log begins with the number of the page that it replaces.
    let log = fs::read(killed.join("store.db-wal")).unwrap();
    let mut database = fs::read(killed.join("store.db")).unwrap();
    for frame in log[32..].chunks_exact(24 + 4096) {
        let page = u32::from_be_bytes(frame[..4].try_into().unwrap()) as usize;
        database[(page - 1) * 4096 + 512..page * 4096].fill(0);
    }
    fs::write(killed.join("store.db"), &database).unwrap();
    let opened = unlock(&killed).unwrap();
    opened.check().unwrap();
    let said = opened.read(|view| view.answers(record(1))).unwrap();
    assert_eq!(said.last().unwrap().answer.as_deref(), Some(r#"{"v":"后来"}"#));
    // Without the log it is damage.
    drop(opened);
    left_by_a_kill(&dir, &killed);
    fs::write(killed.join("store.db"), database).unwrap();
    fs::remove_file(killed.join("store.db-wal")).unwrap();
    assert_eq!(unlock(&killed).unwrap_err().code(), "damaged");
}
