//! Who opens a store, with what, and what they then can do.

#![allow(clippy::unwrap_used, reason = "helpers of tests may")]
#![allow(clippy::redundant_closure_for_method_calls, reason = "`View` has a lifetime that a path cannot name")]

mod common;

use std::fs;
use std::path::Path;

use common::{PASSPHRASE, World, append, at, body, card, draft, record};
use tianye_journal::ReadingKey;
use tianye_store::{KdfCost, NewStore, Op, Passphrase, StartCard, Store, Unlock, list};

const COST: KdfCost = KdfCost::insecure_for_tests();

fn with(dir: &Path, passphrase: &str) -> tianye_store::Result<Store> {
    Store::unlock(dir, Unlock::Passphrase(&Passphrase::new(passphrase)), 42)
}

/// A store with an answer and an entry in it, locked; the world it belongs to.
fn locked_store(data: &Path) -> (World, std::path::PathBuf) {
    let mut world = World::new(11);
    let store = world.store(data);
    store.transact(Op::Draft, |tx| tx.start_draft(&draft(record(1)), at(0))).unwrap();
    store.transact(Op::Answer, |tx| tx.put_answer(record(1), "/q", r#"{"v":"1"}"#, at(1))).unwrap();
    append(&store, &body(record(1), &[], "{}"));
    let dir = store.dir().to_owned();
    store.lock().unwrap();
    (world, dir)
}

#[test]
fn the_right_passphrase_opens_and_a_wrong_one_says_so() {
    let data = tempfile::tempdir().unwrap();
    let (_world, dir) = locked_store(data.path());
    let before = fs::read(dir.join("store.db")).unwrap();
    for wrong in ["", "溪水 长流 2018", "溪水 长流 2017 ", "溪水长流2017"] {
        assert_eq!(with(&dir, wrong).unwrap_err().code(), "wrong-passphrase", "{wrong:?}");
    }
    assert_eq!(fs::read(dir.join("store.db")).unwrap(), before);
    let store = with(&dir, PASSPHRASE).unwrap();
    assert!(store.can_sign());
    assert_eq!(store.read(|view| view.answers(record(1))).unwrap().len(), 1);
    // The same through an input method left in full-width mode.
    assert!(with(&dir, "溪水　长流　２０１７").is_ok());
}

#[test]
fn a_new_passphrase_takes_the_place_of_the_old() {
    let data = tempfile::tempdir().unwrap();
    let (_world, dir) = locked_store(data.path());
    let store = with(&dir, PASSPHRASE).unwrap();
    let change = |old: &str, new: &str| store.change_passphrase(&Passphrase::new(old), &Passphrase::new(new), COST);
    assert_eq!(change("wrong one", "another passphrase").unwrap_err().code(), "wrong-passphrase");
    assert_eq!(change(PASSPHRASE, "short").unwrap_err().code(), "passphrase-too-short");
    change(PASSPHRASE, "another passphrase").unwrap();
    append(&store, &body(record(1), &[], "{}"));
    drop(store);
    assert_eq!(with(&dir, PASSPHRASE).unwrap_err().code(), "wrong-passphrase");
    let store = with(&dir, "another passphrase").unwrap();
    assert_eq!(store.read(|view| view.entries_of(record(1))).unwrap().len(), 2);
    append(&store, &body(record(1), &[], "{}"));
}

#[test]
fn recovery_opens_the_data_and_never_the_signing_key() {
    let data = tempfile::tempdir().unwrap();
    let (world, dir) = locked_store(data.path());
    let stranger = ReadingKey::from_secret_bytes(&[9; 32]);
    assert_eq!(Store::unlock(&dir, Unlock::Recovery(&stranger), 42).unwrap_err().code(), "wrong-recovery-key");

    let store = Store::unlock(&dir, Unlock::Recovery(&world.lead), 42).unwrap();
    assert!(!store.can_sign());
    assert_eq!(store.read(|view| view.answers(record(1))).unwrap().len(), 1);
    assert_eq!(store.read(|view| view.entries_of(record(1))).unwrap().len(), 1);
    assert_eq!(store.read(|view| view.signing_key()).unwrap_err().code(), "no-signing-key");
    let signed = store.transact(Op::Seal, |tx| tx.append_own(&body(record(1), &[], "{}")));
    assert_eq!(signed.unwrap_err().code(), "no-signing-key");
    let changed = store.change_passphrase(&Passphrase::new(PASSPHRASE), &Passphrase::new("another long one"), COST);
    assert_eq!(changed.unwrap_err().code(), "no-signing-key");
    drop(store);
    let shown = &list(data.path()).unwrap()[0];
    assert_eq!(shown.card.last_opened_ms, None, "a recovery leaves no trace on the interviewer's card");
}

#[test]
fn recovery_can_be_set_later() {
    let data = tempfile::tempdir().unwrap();
    let passphrase = Passphrase::new(PASSPHRASE);
    let new = NewStore { card: card(), passphrase: &passphrase, cost: COST, recovery: None };
    let store = Store::create(data.path(), &new).unwrap();
    let (dir, lead) = (store.dir().to_owned(), ReadingKey::from_secret_bytes(&[9; 32]));
    assert_eq!(store.recovery(), None);
    assert_eq!(Store::unlock(&dir, Unlock::Recovery(&lead), 1).unwrap_err().code(), "wrong-recovery-key");
    store.set_recovery(&lead.recipient()).unwrap();
    assert_eq!(store.recovery(), Some(lead.recipient().to_string()));
    drop(store);
    assert!(Store::unlock(&dir, Unlock::Recovery(&lead), 1).is_ok());
    assert!(with(&dir, PASSPHRASE).unwrap().can_sign());
}

#[test]
fn the_unlock_screen_lists_cards_and_a_damaged_card_bars_nothing() {
    let data = tempfile::tempdir().unwrap();
    assert!(list(&data.path().join("not there")).unwrap().is_empty());
    let (_world, dir) = locked_store(data.path());
    let other = World::new(12).bare_store(data.path());
    other.set_card(|card| card.interviewer = "李四".into()).unwrap();
    drop(other);
    fs::create_dir(data.path().join("notes")).unwrap();
    fs::create_dir(data.path().join("ab".repeat(16))).unwrap(); // made, and the power went
    fs::write(data.path().join("readme.txt"), "").unwrap();
    drop(with(&dir, PASSPHRASE).unwrap());

    let names = || list(data.path()).unwrap().into_iter().map(|one| one.card.interviewer).collect::<Vec<_>>();
    assert_eq!(names(), ["王小明", "李四"], "last opened first");
    fs::write(dir.join("card.json"), b"\xff{").unwrap();
    assert_eq!(names().into_iter().collect::<std::collections::BTreeSet<_>>(), ["".into(), "李四".into()].into());
    assert!(with(&dir, PASSPHRASE).is_ok());
    let plain = StartCard { interviewer: "x".repeat(20_000), ..card() };
    let passphrase = Passphrase::new(PASSPHRASE);
    let new = NewStore { card: plain, passphrase: &passphrase, cost: COST, recovery: None };
    assert_eq!(Store::create(data.path(), &new).unwrap_err().code(), "too-large");
    assert_eq!(list(data.path()).unwrap().len(), 2, "a store that was not made whole is not listed");
}

#[test]
fn slots_of_another_store_or_damaged_ones_are_refused_by_name() {
    let data = tempfile::tempdir().unwrap();
    let (_world, dir) = locked_store(data.path());
    let slots = fs::read(dir.join("slots.txt")).unwrap();
    #[track_caller]
    fn check(dir: &Path, slots: &[u8], code: &str) {
        fs::write(dir.join("slots.txt"), slots).unwrap();
        assert_eq!(with(dir, PASSPHRASE).unwrap_err().code(), code);
        assert_eq!(fs::read(dir.join("slots.txt")).unwrap(), slots, "left as it is");
    }
    for bit in [0, 100, 3000, 5000, slots.len() * 8 - 300] {
        let mut flipped = slots.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        check(&dir, &flipped, "damaged");
    }
    check(&dir, &slots[..slots.len() / 2], "damaged");
    check(&dir, b"", "damaged");
    check(&dir, &vec![b'x'; 100_000], "damaged");
    let other = World::new(13).bare_store(data.path());
    // Its slots open, but not this database.
    check(&dir, &fs::read(other.dir().join("slots.txt")).unwrap(), "damaged");
    fs::write(dir.join("slots.txt"), &slots).unwrap();
    assert!(with(&dir, PASSPHRASE).is_ok());
    fs::remove_file(dir.join("slots.txt")).unwrap();
    assert_eq!(with(&dir, PASSPHRASE).unwrap_err().code(), "not-a-store");
}

#[test]
fn folders_in_chinese_with_spaces_work() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().join("张三 的 文件夹").join("田野 数据");
    let (mut world, dir) = locked_store(&folder);
    assert_eq!(list(&folder).unwrap().len(), 1);
    let store = with(&dir, PASSPHRASE).unwrap();
    append(&store, &body(record(2), &[], "{}"));
    assert_eq!(store.black_box_trouble(), None);
    let copy = folder.join("副本 一.db");
    store.snapshot(&copy).unwrap();
    assert!(!fs::read(&copy).unwrap().starts_with(b"SQLite format 3"));
    assert_eq!(store.snapshot(&copy).unwrap_err().code(), "exists");
    world.open_chain(&store);
    store.check().unwrap();
}

#[test]
fn weak_passphrases_make_no_store() {
    let data = tempfile::tempdir().unwrap();
    let passphrase = Passphrase::new("1234567");
    let new = NewStore { card: card(), passphrase: &passphrase, cost: COST, recovery: None };
    assert_eq!(Store::create(data.path(), &new).unwrap_err().code(), "passphrase-too-short");
    assert_eq!(fs::read_dir(data.path()).unwrap().count(), 0);
}

#[test]
fn a_real_cost_opens_too() {
    let data = tempfile::tempdir().unwrap();
    let passphrase = Passphrase::new(PASSPHRASE);
    let cost = KdfCost::new(KdfCost::FLOOR_KIB, 3, 1).unwrap();
    let new = NewStore { card: card(), passphrase: &passphrase, cost, recovery: None };
    let dir = Store::create(data.path(), &new).unwrap().dir().to_owned();
    let slots = fs::read_to_string(dir.join("slots.txt")).unwrap();
    assert!(slots.contains(r#""memory_kib":65536,"passes":3,"lanes":1"#), "{slots}");
    assert!(with(&dir, PASSPHRASE).is_ok());
    assert_eq!(with(&dir, "another one").unwrap_err().code(), "wrong-passphrase");
}

#[test]
fn recovery_opens_nothing_of_the_restricted_chain() {
    let data = tempfile::tempdir().unwrap();
    let (world, dir) = locked_store(data.path());
    let store = with(&dir, PASSPHRASE).unwrap();
    let reading = ReadingKey::from_secret_bytes(&[5; 32]);
    let holder = ReadingKey::from_secret_bytes(&[6; 32]);
    let readers = [holder.recipient(), reading.recipient()];
    let closed = store.read(|view| view.count_closed()).unwrap();
    let own = store.read(|view| view.own_chain()).unwrap().unwrap().chain;
    let opening = store.read(|view| view.opening(own)).unwrap().unwrap();
    let certificate = opening.header.opening().unwrap().certificate.clone();
    store
        .transact(Op::Seal, |tx| {
            tx.put_restricted_reading_key(&reading)?;
            tx.put_secret("reports", b"own words")?;
            tx.open_restricted_chain(&certificate, &readers, &body(record(1), &[], "{}"))?;
            tx.append_restricted(&body(record(2), &[], "{}"))
        })
        .unwrap();
    let chain = store.read(|view| view.restricted_chain()).unwrap().unwrap();
    assert_ne!(Some(chain.chain), store.read(|view| view.own_chain()).unwrap().map(|own| own.chain));
    let keys = store.read(|view| view.restricted_keys()).unwrap();
    assert_eq!(keys.chains().collect::<Vec<_>>(), [chain.chain]);
    let opened = store.read(|view| view.restricted_entries(chain.chain, &keys)).unwrap();
    assert_eq!(opened.len(), 2);
    assert_eq!(store.read(|view| view.count_closed()).unwrap(), closed + 2, "nothing of it is kept open");
    assert_eq!(store.transact(Op::Rebuild, |tx| tx.rebuild()).unwrap(), 2);
    drop(store);

    let store = Store::unlock(&dir, Unlock::Recovery(&world.lead), 42).unwrap();
    assert_eq!(store.read(|view| view.restricted_keys()).unwrap_err().code(), "no-signing-key");
    assert_eq!(store.read(|view| view.secret("reports").map(|_| ())).unwrap_err().code(), "no-signing-key");
    let lead = store.transact(Op::Seal, |tx| tx.add_reading_key(&world.lead)).unwrap();
    assert_eq!((lead, store.read(|view| view.count_closed()).unwrap()), (0, closed + 2));
}
