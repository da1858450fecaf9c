//! Nothing of a respondent stands in plain text in any file of the data folder.

#![allow(clippy::unwrap_used, reason = "helpers of tests may")]
#![allow(clippy::redundant_closure_for_method_calls, reason = "`View` has a lifetime that a path cannot name")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{World, append, at, body, draft, record};
use tianye_store::{NewDraft, Op};

/// What a respondent said: long enough never to occur by chance.
const MARKER: &str = "溪边的老屋MARKER一七四二";

/// The files under `dir` that hold the marker as UTF-8 or UTF-16, and all files looked at.
fn scan(dir: &Path) -> (Vec<PathBuf>, Vec<PathBuf>) {
    let wide: Vec<u16> = MARKER.encode_utf16().collect();
    let forms = [
        MARKER.as_bytes().to_vec(),
        wide.iter().flat_map(|unit| unit.to_le_bytes()).collect(),
        wide.iter().flat_map(|unit| unit.to_be_bytes()).collect(),
        tianye_journal::to_hex(MARKER.as_bytes()).into_bytes(),
    ];
    let (mut found, mut seen, mut folders) = (Vec::new(), Vec::new(), vec![dir.to_owned()]);
    while let Some(folder) = folders.pop() {
        for item in fs::read_dir(folder).unwrap() {
            let path = item.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            if cfg!(windows) && path.extension().is_some_and(|end| end == "db-shm") {
                // Page numbers only, and Windows lets nobody read what another handle has locked.
                continue;
            }
            let bytes = fs::read(&path).unwrap();
            if forms.iter().any(|form| bytes.windows(form.len()).any(|window| window == form)) {
                found.push(path.clone());
            }
            seen.push(path);
        }
    }
    (found, seen)
}

#[test]
fn planted_words_are_found_in_no_file() {
    let data = tempfile::tempdir().unwrap();
    let mut world = World::new(41);
    let store = world.store(data.path());
    let said = format!(r#"{{"v":"{MARKER}"}}"#);
    store
        .transact(Op::Draft, |tx| {
            let marked = NewDraft { extra: said.clone(), state: MARKER.into(), ..draft(record(1)) };
            tx.start_draft(&marked, at(0))
        })
        .unwrap();
    for n in 0..300 {
        store.transact(Op::Answer, |tx| tx.put_answer(record(1), &format!("/q{n}"), &said, at(n))).unwrap();
    }
    store
        .transact(Op::Answer, |tx| {
            tx.put_note(record(1), "/q1", MARKER, at(400))?;
            tx.put_position(record(1), MARKER)?;
            tx.put_setting(MARKER, MARKER.as_bytes())?;
            tx.put_secret(MARKER, MARKER.as_bytes())
        })
        .unwrap();
    append(&store, &body(record(1), &[], &said));
    let key = tianye_journal::FileKey::generate(&mut world.rng);
    for chunk in tianye_journal::seal_file(&key, MARKER.repeat(100).as_bytes(), &mut world.rng).unwrap() {
        store.put_chunk(&chunk).unwrap();
    }
    store.snapshot(&data.path().join("copy.db")).unwrap();
    let refused = store.transact(Op::Answer, |tx| tx.put_answer(record(1), "/q", &format!("{MARKER}…"), at(1)));
    assert!(!refused.unwrap_err().to_string().contains(MARKER));

    // While it is open, the log beside the database included.
    let (found, seen) = scan(data.path());
    assert_eq!(found, Vec::<PathBuf>::new());
    for name in ["store.db", "store.db-wal", "box", "slots.txt", "card.json", "copy.db"] {
        assert!(seen.iter().any(|path| path.ends_with(name)), "{name} was looked at");
    }
    // After it was locked.
    store.lock().unwrap();
    assert_eq!(scan(data.path()).0, Vec::<PathBuf>::new());
    // The keys are not in the slots either: the database does not open without the passphrase.
    let plain = rusqlite::Connection::open(seen.iter().find(|path| path.ends_with("store.db")).unwrap()).unwrap();
    assert!(plain.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0)).is_err());
}

#[test]
fn the_scanner_finds_what_is_plain() {
    let data = tempfile::tempdir().unwrap();
    let inner = data.path().join("in a folder");
    fs::create_dir(&inner).unwrap();
    let plain = rusqlite::Connection::open(inner.join("plain.db")).unwrap();
    plain.execute_batch(&format!("CREATE TABLE t (x); INSERT INTO t VALUES ('{MARKER}')")).unwrap();
    let wide: Vec<u8> = format!("…{MARKER}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(data.path().join("wide.txt"), wide).unwrap();
    fs::write(data.path().join("other.txt"), "nothing").unwrap();
    let (mut found, seen) = scan(data.path());
    found.sort();
    assert_eq!(found, [inner.join("plain.db"), data.path().join("wide.txt")]);
    assert_eq!(seen.len(), 3);
}
