//! Stores of earlier versions come forward; stores of later ones are left alone.

#![allow(clippy::unwrap_used, reason = "helpers of tests may")]
#![allow(clippy::redundant_closure_for_method_calls, reason = "`View` has a lifetime that a path cannot name")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{PASSPHRASE, append, body, record};
use rusqlite::Connection;
use tianye_store::{Passphrase, Store, Unlock, list};

/// A copy of the store of layout 1 in a new data folder.
fn copy_of_v1(data: &Path) -> PathBuf {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/v1/880157b4bba1ce73510c2e894f953659");
    let to = data.join("880157b4bba1ce73510c2e894f953659");
    fs::create_dir_all(to.join("safety")).unwrap();
    for file in ["card.json", "slots.txt", "store.db", "safety/box"] {
        fs::copy(from.join(file), to.join(file)).unwrap();
    }
    to
}

fn unlock(dir: &Path) -> tianye_store::Result<Store> {
    Store::unlock(dir, Unlock::Passphrase(&Passphrase::new(PASSPHRASE)), 7)
}

#[test]
fn a_store_of_version_1_comes_forward_whole() {
    let data = tempfile::tempdir().unwrap();
    let dir = copy_of_v1(data.path());
    let listed = list(data.path()).unwrap();
    assert_eq!((listed.len(), listed[0].card.project.as_str()), (1, "浙江留守儿童 2017"));

    let store = unlock(&dir).unwrap();
    let answers = store.read(|view| view.answers(record(1))).unwrap();
    let (answer, note) = (answers[0].answer.as_deref(), answers[0].note.as_deref());
    assert_eq!((answers.len(), answer, note), (1, Some(r#"{"v":"上海"}"#), Some("说得很快")));
    let draft = store.read(|view| view.draft(record(1))).unwrap().unwrap();
    assert_eq!((draft.position.as_deref(), draft.unsealed), (Some("/家/母亲在哪"), true));
    let entries = store.read(|view| view.entries_of(record(1))).unwrap();
    assert_eq!(entries[0].hash.to_string(), "38e69999910d064d4f9171382d5c26b5a412c434c52451a91f8726e8e3a277c9");
    assert_eq!(entries[0].body.content, br#"{"v":1,"sealed":"first"}"#);
    append(&store, &body(record(1), &[entries[0].hash], "{}"));
    store.lock().unwrap();

    // The copy from before is an encrypted store too: put in place of the database, it opens and comes forward again.
    let backup = dir.join("backup/1.db");
    assert!(!fs::read(&backup).unwrap().starts_with(b"SQLite format 3"));
    fs::remove_file(dir.join("store.db")).unwrap();
    fs::rename(&backup, dir.join("store.db")).unwrap();
    let store = unlock(&dir).unwrap();
    assert_eq!(store.read(|view| view.entries_of(record(1))).unwrap().len(), 1);
}

#[test]
fn coming_forward_twice_copies_once() {
    let data = tempfile::tempdir().unwrap();
    let dir = copy_of_v1(data.path());
    unlock(&dir).unwrap().lock().unwrap();
    let copied = fs::metadata(dir.join("backup/1.db")).unwrap().modified().unwrap();
    unlock(&dir).unwrap().lock().unwrap();
    assert_eq!(fs::metadata(dir.join("backup/1.db")).unwrap().modified().unwrap(), copied);
    assert_eq!(fs::read_dir(dir.join("backup")).unwrap().count(), 1);
}

#[test]
fn newer_key_slots_are_refused_by_name() {
    let data = tempfile::tempdir().unwrap();
    let dir = copy_of_v1(data.path());
    let slots = fs::read_to_string(dir.join("slots.txt")).unwrap();
    fs::write(dir.join("slots.txt"), slots.replacen("tianye-slots 1", "tianye-slots 2", 1)).unwrap();
    assert_eq!(unlock(&dir).unwrap_err().code(), "newer-version");
}

#[test]
fn another_program_s_database_is_damage() {
    let data = tempfile::tempdir().unwrap();
    let dir = copy_of_v1(data.path());
    fs::remove_file(dir.join("store.db")).unwrap();
    let plain = Connection::open(dir.join("store.db")).unwrap();
    plain.execute_batch("CREATE TABLE other (x)").unwrap();
    drop(plain);
    assert_eq!(unlock(&dir).unwrap_err().code(), "damaged");
    fs::write(dir.join("store.db"), b"").unwrap();
    assert_eq!(unlock(&dir).unwrap_err().code(), "damaged");
    fs::remove_file(dir.join("store.db")).unwrap();
    assert_eq!(unlock(&dir).unwrap_err().code(), "not-a-store");
}
