//! An answer on the disk, beside bare SQLCipher with the same pragmas: in turn, so that whatever else the machine does
//! meets both.

use std::path::Path;
use std::time::Duration;

use tianye_bench::figures::{Figures, say, share, timed};
use tianye_journal::{RecordId, WallClock};
use tianye_store::{KdfCost, NewDraft, NewStore, Op, Passphrase, StartCard, Store};

use crate::{Outcome, PASSPHRASE, words};

const ROUNDS: usize = 4000;

/// Times commits of both; gives `commit_ms` and `commit_vs_sqlcipher`.
pub fn measure(figures: &mut Figures) -> Outcome {
    say("Commit answers, one by one");
    let folder = tempfile::tempdir().map_err(words)?;
    let bare = bare(folder.path())?;
    let passphrase = Passphrase::new(PASSPHRASE);
    let (card, cost) = (StartCard::default(), KdfCost::insecure_for_tests());
    let store = Store::create(folder.path(), &NewStore { card, passphrase: &passphrase, cost, recovery: None });
    let store = store.map_err(words)?;
    let record = RecordId::from_bytes([7; 16]);
    let at = WallClock { millis: 1_491_964_920_000, offset_minutes: 480 };
    let draft = NewDraft {
        record,
        form: [1; 32],
        subject: None,
        language: String::new(),
        state: "draft".into(),
        parents: Vec::new(),
        extra: "{}".into(),
    };
    store.transact(Op::Draft, |tx| tx.start_draft(&draft, at)).map_err(words)?;
    let (mut own, mut others) = (Vec::with_capacity(ROUNDS), Vec::with_capacity(ROUNDS));
    for round in 0..ROUNDS {
        let (path, answer) = (format!("/group/question_{}", round % 250), format!("{{\"v\":\"answer {round}\"}}"));
        let (done, took) = timed(|| store.transact(Op::Answer, |tx| tx.put_answer(record, &path, &answer, at)));
        done.map_err(words)?;
        own.push(took);
        let (done, took) = timed(|| bare.execute(UPSERT, (&path, &answer)));
        done.map_err(words)?;
        others.push(took);
    }
    let kept = store.read(|view| view.answers(record)).map_err(words)?;
    let last = kept.iter().find(|one| one.path == format!("/group/question_{}", (ROUNDS - 1) % 250));
    let wanted = format!("{{\"v\":\"answer {}\"}}", ROUNDS - 1);
    if kept.len() != 250 || last.and_then(|one| one.answer.as_deref()) != Some(&wanted) {
        return Err("expected the answers that were committed, found others".into());
    }
    let (own, others) = (median(own), median(others));
    figures.note("commit_ms", own, "ms", Some(others));
    figures.note("commit_vs_sqlcipher", own / others, "×", Some(1.0));
    Ok(())
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    share(&times, 0.5)
}

const UPSERT: &str = "INSERT OR REPLACE INTO answers (path, answer) VALUES (?1, ?2)";

/// An encrypted database with one table, opened as the store opens its own.
fn bare(folder: &Path) -> Outcome<rusqlite::Connection> {
    let conn = rusqlite::Connection::open(folder.join("bare.db")).map_err(words)?;
    conn.execute_batch(
        "PRAGMA key = \"x'00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff'\";
         PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY;
         PRAGMA mmap_size = 0; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536; PRAGMA secure_delete = ON;
         PRAGMA journal_mode = WAL;
         CREATE TABLE answers (path TEXT PRIMARY KEY, answer TEXT) STRICT;",
    )
    .map_err(words)?;
    Ok(conn)
}
