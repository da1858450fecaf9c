//! A laptop whose database was damaged stands again, and says for each interview what came from where.

#![allow(clippy::unwrap_used, reason = "a failed act fails the test")]

mod common;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use common::{PASSPHRASE, begin, finish, say, set_up};
use tianye_desk::view::OriginKind::{self, BlackBox, Hub, Remains, SecondBox, Snapshot, Store};
use tianye_desk::view::{PersonInput, RecoveryGround, RecoveryView};
use tianye_desk::{Desk, Laptop, boxes_in};
use tianye_store::{Passphrase, Unlock};
use tianye_survey::kind;

fn interview(desk: &mut Desk, code: &str) -> String {
    let id = begin(desk, code).id;
    say(desk, "/family/say", &format!("{code} 想妈妈"));
    finish(desk);
    id
}

fn store_of(laptop: &Laptop) -> (String, PathBuf) {
    let id = laptop.start().unwrap().stores[0].id.clone();
    let dir = laptop.data().join(&id);
    (id, dir)
}

fn recover(laptop: &Laptop, boxes: &[PathBuf], hub: bool) -> (Desk, RecoveryView) {
    laptop.recover(&store_of(laptop).0, PASSPHRASE, boxes, hub).unwrap()
}

fn spoil(dir: &Path) {
    std::fs::write(dir.join("store.db"), vec![0; 65536]).unwrap();
    let _ = std::fs::remove_file(dir.join("store.db-wal"));
}

fn came(view: &RecoveryView, record: &str) -> BTreeMap<OriginKind, u32> {
    view.interviews.iter().find(|one| one.record == record).unwrap().from.clone()
}

fn codes(desk: &Desk) -> Vec<String> {
    let mut codes: Vec<String> = desk.records("zh-CN").unwrap().into_iter().map(|card| card.code).collect();
    codes.sort_unstable();
    codes
}

#[test]
fn each_interview_says_where_it_came_from() {
    let (field, mut lead, mut chen, _) = set_up();
    let stick = tempfile::tempdir().unwrap();
    let first = interview(&mut chen, "0101");
    chen.keep_snapshot().unwrap();
    let second = interview(&mut chen, "0102");
    chen.sync().unwrap();
    chen.keep_second_box(Some(stick.path())).unwrap();
    let second_box = chen.copies().unwrap().copies.into_iter().find(|copy| copy.kind == SecondBox).unwrap();
    assert!(second_box.is_here && second_box.trouble.is_none() && second_box.looked.is_some_and(|found| found.whole));
    let third = interview(&mut chen, "0103");
    let draft = begin(&mut chen, "0104").id;
    say(&mut chen, "/family/say", "只有草稿");
    drop(chen);
    let (id, dir) = store_of(&field.wuyi);

    // Whole: nothing is touched.
    let (desk, view) = recover(&field.wuyi, &[], false);
    assert_eq!((view.ground, view.set_aside.as_ref()), (RecoveryGround::Whole, None));
    assert_eq!(came(&view, &third), BTreeMap::from([(Store, 1)]));
    drop(desk);

    // Gone altogether: the snapshot, the black box, and nothing in the way.
    let whole = std::fs::read(dir.join("store.db")).unwrap();
    spoil(&dir);
    assert!(field.wuyi.unlock(&id, PASSPHRASE).is_err());
    let (mut desk, view) = recover(&field.wuyi, &[], false);
    assert_eq!((view.ground, view.hub.as_ref()), (RecoveryGround::Snapshot, None));
    let aside = PathBuf::from(view.set_aside.clone().unwrap());
    assert_eq!(std::fs::read(aside.join("store.db")).unwrap(), vec![0; 65536]);
    assert_eq!(came(&view, &first), BTreeMap::from([(Snapshot, 1)]));
    assert_eq!(came(&view, &second), BTreeMap::from([(BlackBox, 1)]));
    assert_eq!(came(&view, &third), BTreeMap::from([(BlackBox, 1)]));
    assert_eq!(codes(&desk), ["0101", "0102", "0103"]);
    // It goes on, and no chain is split.
    interview(&mut desk, "0105");
    desk.sync().unwrap();
    lead.sync().unwrap();
    assert_eq!(codes(&lead), ["0101", "0102", "0103", "0105"]);
    assert!(lead.sync_state().unwrap().chains.iter().all(|chain| !chain.forked));
    drop(desk);

    // Without the black box: what the stick has, and the rest from the hub.
    spoil(&dir);
    std::fs::remove_dir_all(dir.join("safety")).unwrap();
    let boxed = boxes_in(stick.path()).unwrap();
    let (desk, view) = recover(&field.wuyi, &boxed, false);
    let looked: Vec<&String> = view.boxes.iter().map(|one| &one.path).collect();
    assert_eq!(looked.len(), 2, "the one that was named is the one that is known: {looked:?}");
    assert_eq!(came(&view, &third), BTreeMap::from([(SecondBox, 1)]));
    drop(desk);
    spoil(&dir);
    std::fs::remove_dir_all(dir.join("safety")).unwrap();
    let away = stick.path().join("none.box");
    std::fs::rename(&boxed[0], stick.path().join("away")).unwrap();
    let (desk, view) = recover(&field.wuyi, &[away], true);
    assert_eq!(view.hub.as_deref(), Some(""));
    assert!(view.boxes.iter().any(|one| one.kind == SecondBox && one.missing));
    assert_eq!(came(&view, &first), BTreeMap::from([(Snapshot, 1)]));
    assert_eq!(came(&view, &second), BTreeMap::from([(Hub, 1)]));
    assert_eq!(codes(&desk), ["0101", "0102", "0103", "0105"]);
    drop(desk);

    // One page: the draft that no snapshot has comes from what is left.
    let mut damaged = whole;
    let last = damaged.len() / 4096 - 1;
    damaged[last * 4096 + 1500] ^= 0x10;
    std::fs::write(dir.join("store.db"), &damaged).unwrap();
    let _ = std::fs::remove_file(dir.join("store.db-wal"));
    let (_, view) = recover(&field.wuyi, &[], false);
    let found = view.drafts.iter().find(|one| one.record == draft);
    assert_eq!(found.map(|one| one.from), Some(Remains));
    for (record, entries) in [(&first, 1), (&second, 1), (&third, 1)] {
        assert_eq!(came(&view, record).values().sum::<u32>(), entries);
    }
}

/// A whole store is recovered too, by whoever is unsure. The chain for the team is the newest of its laptop, and must not be
/// taken for the ordinary one: colleagues read it.
#[test]
fn after_a_recovery_colleagues_read_no_more_than_before() {
    let (field, mut lead, mut chen, mut zhou) = set_up();
    let child = PersonInput { kind: "pupil".into(), name: "单小满".into(), ..PersonInput::default() };
    let child = chen.save_person(&child).unwrap();
    interview(&mut chen, "0101");
    // The team's key comes, and with it the chain for the team.
    for _ in 0..2 {
        for desk in [&mut chen, &mut lead, &mut zhou] {
            desk.sync().unwrap();
        }
    }
    drop(chen);
    let (mut chen, view) = recover(&field.wuyi, &[], false);
    assert_eq!(view.ground, RecoveryGround::Whole);
    interview(&mut chen, "0102");
    for desk in [&mut chen, &mut lead, &mut zhou] {
        desk.sync().unwrap();
    }
    assert_eq!(zhou.person_page(&child, "zh-CN").unwrap().name, "单小满");
    assert_eq!(codes(&lead), ["0101", "0102"]);
    assert_eq!(codes(&zhou), Vec::<String>::new());
    drop(zhou);
    // Nor does the store of the colleague hold what opens it.
    let (_, dir) = store_of(&field.wenling);
    let store = tianye_store::Store::unlock(&dir, Unlock::Passphrase(&Passphrase::new(PASSPHRASE)), 0).unwrap();
    assert!(store.read(|view| view.entries_of_kind(kind::INTERVIEW)).unwrap().is_empty());
}

/// The power goes when the new database has its name and nothing else was taken in: it is not gone on with.
#[test]
fn a_recovery_that_was_cut_off_is_done_again_before_anything_is_written() {
    let (field, mut lead, mut chen, _) = set_up();
    let first = interview(&mut chen, "0101");
    chen.keep_snapshot().unwrap();
    let second = interview(&mut chen, "0102");
    drop(chen);
    let (id, dir) = store_of(&field.wuyi);
    spoil(&dir);
    let passphrase = Passphrase::new(PASSPHRASE);
    drop(tianye_store::recover(&dir, Unlock::Passphrase(&passphrase), 1).unwrap());
    assert_eq!(field.wuyi.unlock(&id, PASSPHRASE).map(drop).unwrap_err().code, "recovery-cut-off");
    let (mut chen, view) = recover(&field.wuyi, &[], false);
    assert_eq!((view.ground, view.set_aside.is_some()), (RecoveryGround::Snapshot, true));
    assert_eq!(came(&view, &first), BTreeMap::from([(Snapshot, 1)]));
    assert_eq!(came(&view, &second), BTreeMap::from([(BlackBox, 1)]));
    drop(chen);
    chen = field.wuyi.unlock(&id, PASSPHRASE).unwrap();
    interview(&mut chen, "0103");
    chen.sync().unwrap();
    lead.sync().unwrap();
    assert_eq!(codes(&lead), ["0101", "0102", "0103"]);
    assert!(lead.sync_state().unwrap().chains.iter().all(|chain| !chain.forked));
}

#[test]
fn copies_are_looked_at_again_and_a_recovery_is_tried_beside_the_database() {
    let (field, _, mut chen, _) = set_up();
    let stick = tempfile::tempdir().unwrap();
    interview(&mut chen, "0101");
    chen.sync().unwrap();
    chen.keep_snapshot().unwrap();
    chen.keep_second_box(Some(stick.path())).unwrap();
    interview(&mut chen, "0102");
    begin(&mut chen, "0103");
    say(&mut chen, "/family/say", "只有草稿");
    chen.look_at_copies().unwrap();
    let looked = |desk: &Desk, kind| {
        let copies = desk.copies().unwrap().copies;
        copies.into_iter().find(|copy| copy.kind == kind).unwrap().looked.unwrap()
    };
    assert!(looked(&chen, Snapshot).whole && looked(&chen, Snapshot).lacking > 0);
    assert_eq!((looked(&chen, BlackBox).whole, looked(&chen, BlackBox).lacking), (true, 0));
    assert_eq!((looked(&chen, SecondBox).whole, looked(&chen, SecondBox).lacking), (true, 0));
    assert_eq!(chen.copies().unwrap().drafts, 1);

    let tried = chen.try_recovery().unwrap();
    assert_eq!((tried.missing, tried.interviews, tried.whole), (0, 2, 2));
    assert_eq!((tried.drafts, tried.drafts_back), (1, 0), "it was begun after the snapshot");
    let (_, dir) = store_of(&field.wuyi);
    assert!(!dir.join("rehearsal").exists());
    assert_eq!(codes(&chen), ["0101", "0102", "0103"]);

    // A black box that is gone, and one that was hit: both are said.
    std::fs::remove_file(dir.join("safety/box")).unwrap();
    let away = chen.copies().unwrap().copies.into_iter().find(|copy| copy.kind == SecondBox).unwrap();
    let mut bytes = std::fs::read(&away.path).unwrap();
    // One before the end, and the last one, which is newer than the snapshot.
    let end = bytes.len();
    bytes[end / 2] ^= 1;
    bytes[end - 20] ^= 1;
    std::fs::write(&away.path, &bytes).unwrap();
    chen.look_at_copies().unwrap();
    assert!(!looked(&chen, SecondBox).whole);
    let tried = chen.try_recovery().unwrap();
    assert!(tried.missing > 0, "{tried:?}");
    assert!(tried.boxes.iter().any(|one| one.missing) && tried.boxes.iter().any(|one| one.damaged > 0));
    // The medium is taken out: what was found of it last stands.
    std::fs::rename(&away.path, stick.path().join("elsewhere")).unwrap();
    chen.look_at_copies().unwrap();
    assert!(!looked(&chen, SecondBox).whole);

    for one in chen.copies().unwrap().copies.into_iter().filter(|copy| copy.kind == Snapshot) {
        std::fs::write(&one.path, "gone").unwrap();
    }
    assert_eq!(chen.try_recovery().unwrap_err().code, "copies-none");
}
