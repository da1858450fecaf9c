//! Snapshots, the second black box, and a store that stands again after its database was damaged.

#![allow(clippy::unwrap_used, reason = "helpers of tests may")]
#![allow(clippy::redundant_closure_for_method_calls, reason = "`View` has a lifetime that a path cannot name")]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use common::{PASSPHRASE, World, append, at, body, draft, record};
use tianye_journal::{EntryHash, ReadingKey, SealedEntry};
use tianye_store::{Ground, Op, Passphrase, Recovered, Store, Unlock, read_black_box, recover};

fn unlock(dir: &Path) -> tianye_store::Result<Store> {
    Store::unlock(dir, Unlock::Passphrase(&Passphrase::new(PASSPHRASE)), 7)
}

fn recovered(dir: &Path) -> Recovered {
    recover(dir, Unlock::Passphrase(&Passphrase::new(PASSPHRASE)), 99).unwrap()
}

fn answer(store: &Store, n: u8, path: &str, text: &str) {
    let said = format!(r#"{{"v":"{text}"}}"#);
    store.transact(Op::Answer, |tx| tx.put_answer(record(n), path, &said, at(5))).unwrap();
}

fn answers(store: &Store, n: u8) -> BTreeMap<String, String> {
    let answers = store.read(|view| view.answers(record(n))).unwrap();
    answers.into_iter().map(|one| (one.path, one.answer.unwrap())).collect()
}

fn begin(store: &Store, n: u8) {
    store.transact(Op::Draft, |tx| tx.start_draft(&draft(record(n)), at(i64::from(n)))).unwrap();
}

/// A locked store with a snapshot from its middle: one draft that went on since, one that was dropped, one that is new, and
/// entries before and after.
fn locked_store(data: &Path, world: &mut World) -> (PathBuf, Vec<EntryHash>) {
    let store = world.store(data);
    store.transact(Op::Setting, |tx| tx.put_setting("who", b"somebody")).unwrap();
    begin(&store, 1);
    begin(&store, 2);
    for n in 0..60 {
        answer(&store, 1, &format!("/q{n}"), &"字".repeat(300));
        answer(&store, 2, &format!("/q{n}"), "of the second");
    }
    let mut entries = vec![append(&store, &body(record(8), &[], "{}"))];
    store.keep_snapshot(40).unwrap();
    answer(&store, 1, "/q7", "later");
    store.transact(Op::Draft, |tx| tx.drop_draft(record(2), true)).unwrap();
    begin(&store, 3);
    answer(&store, 3, "/q1", "of the third");
    entries.push(append(&store, &body(record(9), &[], "{}")));
    // A restricted chain has the same signer, and is no chain to write interviews to.
    let (signing, reading) =
        (store.read(|view| view.signing_key()).unwrap().unwrap(), ReadingKey::generate(&mut world.rng));
    let (certificate, _, opening) = world.papers(&signing, &reading);
    let restricted = store.transact(Op::Seal, |tx| {
        tx.put_restricted_reading_key(&reading)?;
        tx.open_restricted_chain(&certificate, &[reading.recipient()], &opening)
    });
    restricted.unwrap();
    let dir = store.dir().to_owned();
    store.lock().unwrap();
    (dir, entries)
}

#[test]
fn snapshots_are_kept_by_three_and_only_good_ones_count() {
    let data = tempfile::tempdir().unwrap();
    let store = World::new(61).store(data.path());
    assert!(store.is_snapshot_due(0).unwrap());
    // A clock that goes back makes none older than the one before.
    for now in [10, 20, 15, 30] {
        store.keep_snapshot(now).unwrap();
    }
    let made = |store: &Store| store.snapshots().unwrap().iter().map(|one| one.made_ms).collect::<Vec<_>>();
    assert_eq!(made(&store), [30, 21, 20]);
    let day = 24 * 60 * 60 * 1000;
    assert!(!store.is_snapshot_due(31).unwrap());
    assert!(store.is_snapshot_due(30 + day).unwrap() && store.is_snapshot_due(0).unwrap());
    let (dir, kept) = (store.dir().to_owned(), store.snapshots().unwrap());
    store.lock().unwrap();
    // What cannot be copied whole drives none out.
    let path = dir.join("store.db");
    let store = unlock(&dir).unwrap();
    let mut bytes = fs::read(&path).unwrap();
    for page in 1..bytes.len() / 4096 {
        bytes[page * 4096 + 2000] ^= 1;
    }
    fs::write(&path, &bytes).unwrap();
    assert_eq!(store.keep_snapshot(40).unwrap_err().code(), "damaged");
    assert_eq!(store.snapshots().unwrap(), kept);
    assert!(kept.iter().all(|one| one.path.is_file()));
}

#[test]
fn an_erasure_takes_snapshots_and_the_second_box_along() {
    let (data, stick) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let store = World::new(62).store(data.path());
    let entry = append(&store, &body(record(1), &[], r#"{"said":"老屋"}"#));
    fs::write(stick.path().join("holiday.jpg"), "not ours").unwrap();
    let second = store.keep_second_box(stick.path()).unwrap().path;
    store.keep_snapshot(10).unwrap();
    let away = stick.path().join("away");
    fs::create_dir(&away).unwrap();
    fs::rename(&second, away.join("box")).unwrap();
    store.transact(Op::Erase, |tx| tx.erase(&[entry], &[])).unwrap();
    assert!(store.snapshots().unwrap().is_empty());
    assert!(store.is_erasing().unwrap(), "the stick that is away still holds it");
    fs::rename(away.join("box"), &second).unwrap();
    let dir = store.dir().to_owned();
    drop(store);
    let store = unlock(&dir).unwrap();
    assert!(!store.is_erasing().unwrap());
    assert!(read_black_box(&second).unwrap().iter().all(|one| one.hash() != entry || one.body.is_none()));
    assert!(stick.path().join("holiday.jpg").is_file());
}

#[test]
fn a_second_box_that_was_given_up_holds_nothing_erased_once_it_is_kept_again() {
    let (data, stick) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let store = World::new(62).store(data.path());
    let entry = append(&store, &body(record(1), &[], r#"{"said":"老屋"}"#));
    let kept = store.keep_second_box(stick.path()).unwrap();
    assert!(!kept.was_there);
    store.keep_no_second_box().unwrap();
    store.transact(Op::Erase, |tx| tx.erase(&[entry], &[])).unwrap();
    let holds = || read_black_box(&kept.path).unwrap().iter().any(|one| one.hash() == entry && one.body.is_some());
    assert!(holds(), "nobody looks after it");
    assert!(store.keep_second_box(stick.path()).unwrap().was_there);
    assert!(!holds());
}

#[test]
fn the_second_box_says_that_its_medium_is_away_and_catches_up() {
    let (data, stick) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let store = World::new(63).store(data.path());
    append(&store, &body(record(1), &[], "{}"));
    assert!(store.second_box().is_none());
    assert_eq!(store.keep_second_box(&stick.path().join("none")).unwrap_err().code(), "not-found");
    let path = store.keep_second_box(stick.path()).unwrap().path;
    append(&store, &body(record(2), &[], "{}"));
    let same = |store: &Store| fs::read(&path).unwrap() == fs::read(store.black_box_path()).unwrap();
    assert!(same(&store) && read_black_box(&path).unwrap().len() == 3);
    assert!(store.second_box().is_some_and(|second| second.is_here && second.trouble.is_none()));

    let away = path.with_extension("away");
    fs::rename(&path, &away).unwrap();
    append(&store, &body(record(3), &[], "{}"));
    let second = store.second_box().unwrap();
    assert!(!second.is_here && second.trouble.is_some());
    assert!(!path.exists(), "nothing is begun where the medium is not");
    assert_eq!(store.black_box_trouble(), None);
    fs::rename(&away, &path).unwrap();
    append(&store, &body(record(4), &[], "{}"));
    assert!(same(&store) && store.second_box().unwrap().trouble.is_none());

    // It is known again after unlocking, and what was written meanwhile comes to it.
    fs::rename(&path, &away).unwrap();
    append(&store, &body(record(5), &[], "{}"));
    let dir = store.dir().to_owned();
    drop(store);
    fs::rename(&away, &path).unwrap();
    let store = unlock(&dir).unwrap();
    assert!(same(&store) && store.second_box().unwrap().trouble.is_none());
    store.keep_no_second_box().unwrap();
    assert!(store.second_box().is_none() && path.is_file());
}

#[test]
fn a_whole_store_is_left_as_it_is() {
    let data = tempfile::tempdir().unwrap();
    let (dir, _) = locked_store(data.path(), &mut World::new(64));
    let whole = recovered(&dir);
    assert_eq!((whole.ground, whole.set_aside, whole.lost_some), (Ground::Whole, None, false));
    assert_eq!(answers(&whole.store, 3).len(), 1);
}

#[test]
fn a_damaged_page_costs_at_most_what_stands_in_it() {
    let data = tempfile::tempdir().unwrap();
    let mut world = World::new(65);
    let (dir, entries) = locked_store(data.path(), &mut world);
    let path = dir.join("store.db");
    let whole = fs::read(&path).unwrap();
    let expected = answers(&unlock(&dir).unwrap(), 1);
    for page in 0..whole.len() / 4096 {
        let mut damaged = fs::read(&path).unwrap();
        damaged[page * 4096 + 1500] ^= 0x10;
        fs::write(&path, &damaged).unwrap();
        let Recovered { store, ground, set_aside, .. } = recovered(&dir);
        assert!(matches!(ground, Ground::Snapshot(_)), "page {page}: {ground:?}");
        let aside = set_aside.unwrap();
        assert_eq!(fs::read(aside.join("store.db")).unwrap(), damaged, "page {page}: set aside as it was");
        store.check().unwrap();
        // Of the draft that went on, what stood before is there, and what came later unless it was in that page.
        let found = answers(&store, 1);
        let lost = expected.iter().filter(|(field, said)| found.get(*field) != Some(said)).count();
        assert!(found.len() == expected.len() && lost <= 1, "page {page}: {lost} of {}", expected.len());
        // No answer goes into another draft.
        assert!(answers(&store, 3).values().all(|said| said.contains("third")), "page {page}");
        assert!(answers(&store, 2).values().all(|said| said.contains("second")), "page {page}");
        // Entries come back from what is left, or from the black box.
        let trust = world.trust();
        let mut left = Vec::new();
        store.entries_left_in(&aside, |entry| left.push(entry));
        left.extend(read_black_box(&store.black_box_path()).unwrap());
        store.transact(Op::Admit, |tx| tx.receive(&trust, left, 0)).unwrap();
        for entry in &entries {
            assert!(store.read(|view| view.opened(*entry)).unwrap().is_some(), "page {page}");
        }
        let signer = store.read(|view| view.signing_key()).unwrap().unwrap().public();
        assert_eq!(store.transact(Op::Admit, |tx| tx.take_own_chains(&signer)).unwrap(), 2);
        // All of it stands twice, whether its chain was known as the own one or came back.
        store.catch_up_black_box();
        let boxed = read_black_box(&store.black_box_path()).unwrap();
        assert!(entries.iter().all(|one| boxed.iter().any(|there| there.hash() == *one)), "page {page}");
        drop(store);
        fs::remove_dir_all(dir.join("set-aside")).unwrap();
        fs::write(&path, &whole).unwrap();
    }
}

#[test]
fn a_database_that_is_gone_comes_from_the_snapshot() {
    let data = tempfile::tempdir().unwrap();
    let (dir, _) = locked_store(data.path(), &mut World::new(66));
    // Bad snapshots are passed over, and stay.
    let bad = dir.join("snapshots/77.db");
    fs::write(&bad, vec![7; 9000]).unwrap();
    for spoilt in [Some(Vec::new()), Some(vec![0; 40960]), None] {
        let path = dir.join("store.db");
        match &spoilt {
            Some(bytes) => fs::write(&path, bytes).unwrap(),
            None => fs::remove_file(&path).unwrap(),
        }
        let found = recovered(&dir);
        assert!(matches!(found.ground, Ground::Snapshot(ref one) if one.made_ms == 40));
        assert_eq!(found.bad_snapshots, std::slice::from_ref(&bad));
        assert_eq!((answers(&found.store, 1).len(), answers(&found.store, 2).len()), (60, 60));
        assert_eq!(found.store.read(|view| view.count_entries()).unwrap(), 2);
    }
    assert!(bad.is_file());
}

#[test]
fn a_recovery_that_was_cut_off_begins_anew() {
    let data = tempfile::tempdir().unwrap();
    let (dir, _) = locked_store(data.path(), &mut World::new(67));
    let path = dir.join("store.db");
    let mut damaged = fs::read(&path).unwrap();
    damaged[3 * 4096 + 99] ^= 1;
    let expected = answers(&unlock(&dir).unwrap(), 3);
    fs::write(&path, &damaged).unwrap();
    // The power went after the database was set aside, and before the new one had its name.
    let aside = dir.join("set-aside/0000000000098");
    fs::create_dir_all(&aside).unwrap();
    fs::rename(&path, aside.join("store.db")).unwrap();
    fs::write(dir.join("store.db.new"), &damaged[..5000]).unwrap();
    let found = recovered(&dir);
    assert_eq!(found.set_aside, Some(aside.clone()));
    assert_eq!(answers(&found.store, 3), expected);
    assert_eq!(fs::read(aside.join("store.db")).unwrap(), damaged);
    assert!(!dir.join("store.db.new").exists());
}

#[test]
fn a_recovery_that_is_not_done_bars_the_way_to_anything_but_another() {
    let data = tempfile::tempdir().unwrap();
    let (dir, _) = locked_store(data.path(), &mut World::new(69));
    let expected = answers(&unlock(&dir).unwrap(), 3);
    let path = dir.join("store.db");
    let mut damaged = fs::read(&path).unwrap();
    damaged[3 * 4096 + 99] ^= 1;
    fs::write(&path, &damaged).unwrap();
    let first = recovered(&dir);
    let told = (first.ground.clone(), first.set_aside.clone(), first.drafts.clone(), first.lost_some);
    drop(first);
    for _ in 0..2 {
        assert_eq!(unlock(&dir).map(drop).unwrap_err().code(), "recovery-cut-off");
        let again = recovered(&dir);
        assert_eq!((again.ground, again.set_aside, again.drafts, again.lost_some), told, "as the first time");
        assert_eq!(answers(&again.store, 3), expected);
    }
    let last = recovered(&dir);
    last.store.transact(Op::Setting, |tx| tx.end_recovery()).unwrap();
    drop(last);
    unlock(&dir).unwrap();
    assert_eq!(recovered(&dir).ground, Ground::Whole);
}

/// The ordinary chain, one for the team and a restricted one, each with an entry.
fn three_chains(world: &mut World, data: &Path) -> Store {
    let store = world.store(data);
    append(&store, &body(record(1), &[], "{}"));
    let own = store.read(|view| view.own_chain()).unwrap().unwrap().chain;
    let opening = store.read(|view| view.opening(own)).unwrap().unwrap();
    let certificate = opening.header.opening().unwrap().certificate.clone();
    let restricted = ReadingKey::generate(&mut world.rng);
    let readers = [world.lead.recipient(), restricted.recipient()];
    let opening = body(record(2), &[], "{}");
    store
        .transact(Op::Seal, |tx| {
            tx.open_team_chain(&certificate, &readers, &opening)?;
            tx.append_for_team(&body(record(3), &[], "{}"))?;
            tx.put_restricted_reading_key(&restricted)?;
            tx.open_restricted_chain(&certificate, &readers, &opening)?;
            tx.append_restricted(&body(record(4), &[], "{}"))
        })
        .unwrap();
    store
}

#[test]
fn the_ordinary_chain_stays_that_when_own_chains_are_looked_for() {
    let data = tempfile::tempdir().unwrap();
    let store = three_chains(&mut World::new(70), data.path());
    let chains = || store.read(|view| Ok((view.own_chain()?, view.team_chain()?, view.restricted_chain()?))).unwrap();
    let before = chains();
    let signer = store.read(|view| view.signing_key()).unwrap().unwrap().public();
    assert_eq!(store.transact(Op::Admit, |tx| tx.take_own_chains(&signer)).unwrap(), 3);
    assert_eq!(chains(), before);
}

#[test]
fn a_black_box_that_is_made_anew_holds_every_chain() {
    let data = tempfile::tempdir().unwrap();
    let store = three_chains(&mut World::new(71), data.path());
    let path = store.black_box_path();
    let hashes = || read_black_box(&path).unwrap().iter().map(SealedEntry::hash).collect::<BTreeSet<_>>();
    let before = hashes();
    assert_eq!(before.len(), 6);
    let dir = store.dir().to_owned();
    drop(store);
    fs::remove_file(&path).unwrap();
    drop(unlock(&dir).unwrap());
    assert_eq!(hashes(), before);
}

#[test]
fn without_a_snapshot_the_remains_are_the_ground_or_the_refusal_says_why() {
    let data = tempfile::tempdir().unwrap();
    let (dir, _) = locked_store(data.path(), &mut World::new(68));
    fs::remove_dir_all(dir.join("snapshots")).unwrap();
    let path = dir.join("store.db");
    let whole = fs::read(&path).unwrap();
    let mut stood = 0;
    for page in 1..whole.len() / 4096 {
        let mut damaged = whole.clone();
        damaged[page * 4096 + 1500] ^= 0x10;
        fs::write(&path, &damaged).unwrap();
        match recover(&dir, Unlock::Passphrase(&Passphrase::new(PASSPHRASE)), 99) {
            Ok(found) => {
                assert_eq!(found.ground, Ground::Remains);
                stood += 1;
                drop(found);
                fs::remove_dir_all(dir.join("set-aside")).unwrap();
            }
            Err(error) => {
                assert_eq!(error.code(), "damaged", "page {page}");
                assert_eq!(fs::read(&path).unwrap(), damaged, "page {page}: left as it is");
            }
        }
    }
    assert!(stood > 0);
}
