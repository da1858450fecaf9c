//! What was erased is in no file, and comes back by no way.

#![allow(clippy::unwrap_used, reason = "helpers of tests may")]
#![allow(clippy::redundant_closure_for_method_calls, reason = "`View` has a lifetime that a path cannot name")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{PASSPHRASE, World, append, at, body, draft, everything, record};
use tianye_journal::{EntryHash, FileKey, SealedEntry, seal_file};
use tianye_store::{Dropped, Op, Passphrase, Store, Unlock, read_black_box, recover};

fn erase(store: &Store, bodies: &[EntryHash]) -> Dropped {
    store.transact(Op::Erase, |tx| tx.erase(bodies, &[])).unwrap()
}

fn entry(store: &Store, hash: EntryHash) -> SealedEntry {
    store.read(|view| view.entry(hash)).unwrap().unwrap()
}

/// Whether some file below `dir` holds these bytes.
fn holds(dir: &Path, bytes: &[u8]) -> bool {
    fs::read_dir(dir).unwrap().any(|item| {
        let path = item.unwrap().path();
        if path.is_dir() {
            return holds(&path, bytes);
        }
        fs::read(path).unwrap().windows(bytes.len()).any(|window| window == bytes)
    })
}

fn unlock(dir: &Path) -> Store {
    Store::unlock(dir, Unlock::Passphrase(&Passphrase::new(PASSPHRASE)), 7).unwrap()
}

#[test]
fn a_body_goes_everywhere_and_its_chain_goes_on() {
    let data = tempfile::tempdir().unwrap();
    let mut world = World::new(51);
    let store = world.store(data.path());
    let first = append(&store, &body(record(1), &[], r#"{"v":1,"said":"老屋"}"#));
    let second = append(&store, &body(record(2), &[], r#"{"v":1,"said":"溪水"}"#));
    let sealed = entry(&store, first).body.unwrap();
    assert!(holds(store.dir(), &sealed), "the black box has it");

    assert_eq!(erase(&store, &[first]), Dropped { bodies: 1, chunks: 0 });
    assert_eq!(entry(&store, first).body, None);
    assert!(store.read(|view| view.entries_of(record(1))).unwrap().is_empty());
    assert_eq!(store.read(|view| view.entries_of(record(2))).unwrap().len(), 1);
    assert!(!holds(store.dir(), &sealed));
    assert!(!store.is_erasing().unwrap());

    let third = append(&store, &body(record(2), &[second], "{}"));
    let boxed: Vec<_> =
        read_black_box(&store.black_box_path()).unwrap().iter().map(|e| (e.hash(), e.body.is_some())).collect();
    assert_eq!(boxed[1..], [(first, false), (second, true), (third, true)]);
    // Another laptop verifies the chain without it.
    let other = world.lead_store(&data.path().join("lead"));
    let taken = other.transact(Op::Admit, |tx| tx.receive(&world.trust(), everything(&store), 0)).unwrap();
    assert_eq!((taken.new.len(), taken.set_aside.len()), (4, 0));
    assert_eq!(erase(&store, &[first]), Dropped::default(), "it was gone");
}

#[test]
fn it_comes_back_by_no_way() {
    let data = tempfile::tempdir().unwrap();
    let mut world = World::new(52);
    let sender = world.store(&data.path().join("sender"));
    let hashes: Vec<_> = (1..=3).map(|n| append(&sender, &body(record(n), &[], r#"{"v":1}"#))).collect();
    let sent = everything(&sender);
    let lead = world.lead_store(&data.path().join("lead"));
    let receive = |entries: &[SealedEntry]| {
        lead.transact(Op::Admit, |tx| tx.receive(&world.trust(), entries.to_vec(), 0)).unwrap()
    };

    // Named before it came; and waiting for the entry before it.
    receive(&sent[3..]);
    erase(&lead, &[hashes[1], hashes[2]]);
    let waiting = lead.read(|view| view.kept_aside()).unwrap();
    assert_eq!(waiting.len(), 1);
    for aside in waiting {
        let bytes = lead.read(|view| view.kept_aside_bytes(aside.id)).unwrap().unwrap();
        assert_eq!(SealedEntry::from_bytes(&bytes).unwrap().body, None);
    }
    receive(&sent);
    receive(&sent);
    receive(&sent[2..]);
    let bodies: Vec<bool> = hashes.iter().map(|hash| entry(&lead, *hash).body.is_some()).collect();
    assert_eq!(bodies, [true, false, false]);
    let open = |n| lead.read(|view| view.entries_of(record(n))).unwrap().len();
    assert_eq!([open(1), open(2), open(3)], [1, 0, 0]);
    lead.transact(Op::Rebuild, |tx| tx.rebuild()).unwrap();
    assert_eq!([open(1), open(2), open(3)], [1, 0, 0]);
    let waiting = lead.read(|view| view.kept_aside()).unwrap();
    assert!(waiting.is_empty(), "{waiting:?}");
}

#[test]
fn a_chunk_goes_and_is_not_taken_in_again() {
    let data = tempfile::tempdir().unwrap();
    let mut world = World::new(53);
    let store = world.store(data.path());
    let key = FileKey::generate(&mut world.rng);
    let chunk = seal_file(&key, b"a photograph", &mut world.rng).unwrap().remove(0);
    store.put_chunk(&chunk).unwrap();
    let dropped = store.transact(Op::Erase, |tx| tx.erase(&[], &[chunk.id()])).unwrap();
    assert_eq!(dropped, Dropped { bodies: 0, chunks: 1 });
    assert!(!store.has_chunk(&chunk.id()));
    store.put_chunk(&chunk).unwrap();
    assert!(!store.has_chunk(&chunk.id()));
}

#[test]
fn what_was_typed_goes_out_of_the_draft() {
    let data = tempfile::tempdir().unwrap();
    let store = World::new(54).store(data.path());
    let put = |path: &str, answer: &str| {
        store.transact(Op::Answer, |tx| tx.put_answer(record(1), path, answer, at(1))).unwrap();
    };
    store.transact(Op::Draft, |tx| tx.start_draft(&draft(record(1)), at(0))).unwrap();
    put("/name", r#"{"v":"张"}"#);
    put("/age", r#"{"v":"9"}"#);
    put("/name", r#"{"v":"李"}"#);
    store.transact(Op::Erase, |tx| tx.erase_from_draft(record(1), "/name")).unwrap();
    let left: Vec<_> = store.read(|view| view.answers(record(1))).unwrap().into_iter().map(|one| one.path).collect();
    assert_eq!(left, ["/age"]);
    let undone = store.transact(Op::Answer, |tx| tx.undo(record(1), at(2))).unwrap();
    assert_eq!(undone.map(|one| one.path).as_deref(), Some("/age"));
}

#[test]
fn what_could_not_be_dropped_is_dropped_at_the_next_unlocking() {
    let data = tempfile::tempdir().unwrap();
    let store = World::new(55).store(data.path());
    let first = append(&store, &body(record(1), &[], r#"{"v":1}"#));
    let sealed = entry(&store, first).body.unwrap();
    // Something stands where a damaged copy would: it cannot be taken away like a file.
    let in_the_way = store.black_box_path().with_file_name("box.damaged-1");
    fs::create_dir(&in_the_way).unwrap();
    erase(&store, &[first]);
    assert!(store.is_erasing().unwrap());
    assert!(holds(store.dir(), &sealed));
    let dir = store.dir().to_owned();
    store.lock().unwrap();
    fs::remove_dir(in_the_way).unwrap();
    let store = unlock(&dir);
    assert!(!store.is_erasing().unwrap());
    assert!(!holds(&dir, &sealed));
}

/// A trial of a recovery, or a recovery, that is killed leaves a whole database beside the other one.
#[test]
fn what_a_killed_recovery_or_a_trial_of_one_left_goes_at_unlocking_and_with_an_erasure() {
    let data = tempfile::tempdir().unwrap();
    let mut world = World::new(58);
    let store = world.store(data.path());
    let dir = store.dir().to_owned();
    let first = append(&store, &body(record(1), &[], r#"{"v":1,"said":"老屋"}"#));
    let sealed = entry(&store, first).body.unwrap();
    let left = [dir.join("rehearsal/store.db"), dir.join("store.db.new")];
    let leave = || {
        fs::create_dir_all(dir.join("rehearsal/safety")).unwrap();
        left.iter().for_each(|path| fs::write(path, &sealed).unwrap());
    };
    leave();
    store.lock().unwrap();
    let store = unlock(&dir);
    assert!(left.iter().all(|path| !path.exists()) && !dir.join("rehearsal").exists(), "nothing is erased yet");

    leave();
    erase(&store, &[first]);
    assert!(!store.is_erasing().unwrap());
    assert!(!holds(&dir, &sealed));

    // What is erased while one is tried goes when that has ended.
    let second = append(&store, &body(record(2), &[], r#"{"v":1,"said":"溪水"}"#));
    let sealed = entry(&store, second).body.unwrap();
    store.keep_snapshot(40).unwrap();
    let tried = store.rehearse(|tried, _| {
        erase(&store, &[second]);
        assert!(store.is_erasing().unwrap(), "the trial still has it");
        assert!(tried.read(|view| view.has_entry(second)).unwrap());
    });
    tried.unwrap();
    assert!(!store.is_erasing().unwrap());
    assert!(!holds(&dir, &sealed));
}

/// A store with a second black box whose medium is away since before an erasure, and three snapshots made after it.
struct Away {
    store: Option<Store>,
    dir: PathBuf,
    /// Where the second black box is looked for, and where it is now.
    second: PathBuf,
    at_home: PathBuf,
    /// What was erased, and what was not yet.
    erased: EntryHash,
    kept: EntryHash,
    _folders: [tempfile::TempDir; 2],
}

impl Away {
    fn new(seed: u64) -> Self {
        let (data, stick) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let store = World::new(seed).store(data.path());
        let erased = append(&store, &body(record(1), &[], r#"{"v":1,"said":"老屋"}"#));
        let kept = append(&store, &body(record(2), &[], r#"{"v":1,"said":"溪水"}"#));
        let second = store.keep_second_box(stick.path()).unwrap().path;
        let at_home = data.path().join("at-home");
        store.keep_snapshot(10).unwrap();
        fs::rename(&second, &at_home).unwrap();
        erase(&store, &[erased]);
        assert!(store.snapshots().unwrap().is_empty());
        for now in [20, 21, 22] {
            store.keep_snapshot(now).unwrap();
        }
        let dir = store.dir().to_owned();
        Self { store: Some(store), dir, second, at_home, erased, kept, _folders: [data, stick] }
    }

    fn store(&self) -> &Store {
        self.store.as_ref().unwrap()
    }

    fn unlock_again(&mut self) {
        self.store.take().unwrap().lock().unwrap();
        self.store = Some(unlock(&self.dir));
    }

    fn bring_back(&self) {
        fs::rename(&self.at_home, &self.second).unwrap();
    }

    /// Whether the second black box has the body of an entry, wherever it is.
    fn second_holds(&self, hash: EntryHash) -> bool {
        let path = [&self.second, &self.at_home].into_iter().find(|path| path.is_file()).unwrap();
        read_black_box(path).unwrap().iter().any(|one| one.hash() == hash && one.body.is_some())
    }
}

/// What is done while an erasure waits for a second black box, and what is then the case.
struct Waiting {
    what: &'static str,
    act: fn(&mut Away),
    /// Snapshots that are left of the three that were made since the erasure.
    snapshots: usize,
    waits: bool,
    second_holds: bool,
}

#[test]
fn an_erasure_waits_for_a_medium_that_is_away_and_what_was_copied_since_stays() {
    let cases = [
        Waiting {
            what: "unlocked again, twice",
            act: |away| {
                away.unlock_again();
                away.unlock_again();
            },
            snapshots: 3,
            waits: true,
            second_holds: true,
        },
        Waiting {
            what: "a recovery is tried",
            act: |away| away.store().rehearse(|_, _| ()).unwrap(),
            snapshots: 3,
            waits: true,
            second_holds: true,
        },
        Waiting {
            what: "a whole store is recovered",
            act: |away| {
                drop(away.store.take());
                let passphrase = Passphrase::new(PASSPHRASE);
                away.store = Some(recover(&away.dir, Unlock::Passphrase(&passphrase), 9).unwrap().store);
            },
            snapshots: 3,
            waits: true,
            second_holds: true,
        },
        Waiting {
            what: "a damaged store is recovered on a snapshot",
            act: |away| {
                drop(away.store.take());
                fs::write(away.dir.join("store.db"), vec![7; 9000]).unwrap();
                let passphrase = Passphrase::new(PASSPHRASE);
                away.store = Some(recover(&away.dir, Unlock::Passphrase(&passphrase), 9).unwrap().store);
            },
            snapshots: 3,
            waits: true,
            second_holds: true,
        },
        Waiting {
            what: "a recovery and a trial of one were killed",
            act: |away| {
                let left = [away.dir.join("rehearsal/store.db"), away.dir.join("store.db.new")];
                fs::create_dir(away.dir.join("rehearsal")).unwrap();
                left.iter().for_each(|path| fs::write(path, "all of it").unwrap());
                away.unlock_again();
                assert!(left.iter().all(|path| !path.exists()));
            },
            snapshots: 3,
            waits: true,
            second_holds: true,
        },
        Waiting {
            what: "another erasure",
            act: |away| {
                let also = away.kept;
                erase(away.store(), &[also]);
                away.unlock_again();
            },
            snapshots: 0,
            waits: true,
            second_holds: true,
        },
        Waiting {
            what: "another erasure, and the medium is back",
            act: |away| {
                let also = away.kept;
                erase(away.store(), &[also]);
                away.bring_back();
                away.unlock_again();
                assert!(!away.second_holds(also));
            },
            snapshots: 0,
            waits: false,
            second_holds: false,
        },
        Waiting {
            what: "the medium is back",
            act: |away| {
                away.bring_back();
                away.unlock_again();
                assert!(away.second_holds(away.kept));
            },
            snapshots: 3,
            waits: false,
            second_holds: false,
        },
        Waiting {
            what: "it is given up",
            act: |away| away.store().keep_no_second_box().unwrap(),
            snapshots: 3,
            waits: false,
            second_holds: true,
        },
        Waiting {
            what: "it is given up, and unlocked again",
            act: |away| {
                away.store().keep_no_second_box().unwrap();
                away.unlock_again();
            },
            snapshots: 3,
            waits: false,
            second_holds: true,
        },
        Waiting {
            what: "it is kept on again where it is now",
            act: |away| {
                let (dir, name) = (away.at_home.with_file_name("home"), away.second.file_name().unwrap());
                fs::create_dir(&dir).unwrap();
                fs::rename(&away.at_home, dir.join(name)).unwrap();
                away.second = away.store().keep_second_box(&dir).unwrap().path;
            },
            snapshots: 3,
            waits: false,
            second_holds: false,
        },
    ];
    let mut wrong = Vec::new();
    for (seed, case) in (70..).zip(cases) {
        let mut away = Away::new(seed);
        assert!(away.store().is_erasing().unwrap() && away.second_holds(away.erased));
        (case.act)(&mut away);
        let found = (
            away.store().snapshots().unwrap().len(),
            away.store().is_erasing().unwrap(),
            away.second_holds(away.erased),
        );
        if found != (case.snapshots, case.waits, case.second_holds) {
            wrong.push(format!("{}: found {found:?}", case.what));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_second_box_that_is_here_follows_where_something_on_the_laptop_is_in_the_way() {
    let (data, stick) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let store = World::new(59).store(data.path());
    let first = append(&store, &body(record(1), &[], r#"{"v":1}"#));
    let second = store.keep_second_box(stick.path()).unwrap().path;
    let in_the_way = store.black_box_path().with_file_name("box.damaged-1");
    fs::create_dir(&in_the_way).unwrap();
    erase(&store, &[first]);
    assert!(store.is_erasing().unwrap());
    let holds = |path: &Path| read_black_box(path).unwrap().iter().any(|one| one.hash() == first && one.body.is_some());
    assert_eq!((holds(&store.black_box_path()), holds(&second)), (true, false));
    fs::remove_dir(in_the_way).unwrap();
    let dir = store.dir().to_owned();
    store.lock().unwrap();
    let store = unlock(&dir);
    assert!(!store.is_erasing().unwrap() && !holds(&store.black_box_path()));
}
