//! Taking in much at once comes to the same as taking it in one by one; and summaries know what they lack.

#![allow(clippy::unwrap_used, reason = "helpers of tests may")]
#![allow(clippy::redundant_closure_for_method_calls, reason = "`View` has a lifetime that a path cannot name")]

mod common;

use std::collections::BTreeSet;
use std::sync::Arc;

use common::{World, append, body, everything, record};
use proptest::prelude::*;
use tempfile::TempDir;
use tianye_journal::{EntryHash, RecordId, SealedEntry};
use tianye_store::{Intake, Look, Op, Store};

/// Sees nothing of what comes in.
fn blind() -> Arc<Look> {
    Arc::new(|_, _, _| None)
}

/// Two chains of one project, in one list.
fn written(world: &mut World, each: u8) -> Vec<SealedEntry> {
    let mut all = Vec::new();
    for _ in 0..2 {
        let data = TempDir::new().unwrap();
        let store = world.store(data.path());
        for n in 0..each {
            append(&store, &body(record(n % 5), &[], &format!(r#"{{"n":{n},"said":"{}"}}"#, "言".repeat(n.into()))));
        }
        all.extend(everything(&store));
    }
    all
}

/// What the lead's store holds once everything came in by `take`.
fn taken(world: &mut World, take: impl FnOnce(&Arc<Store>)) -> (Vec<String>, usize) {
    let data = TempDir::new().unwrap();
    let store = Arc::new(world.lead_store(data.path()));
    take(&store);
    let own = store.read(|view| view.own_chain()).unwrap().unwrap().chain;
    let mut lines = Vec::new();
    for (chain, head) in store.read(|view| view.frontier()).unwrap().iter().filter(|(chain, _)| *chain != own) {
        lines.push(format!("head {chain} {} {}", head.seq.get(), head.hash));
    }
    for opened in store.read(|view| view.opened_since(0, u32::MAX)).unwrap().0 {
        if opened.chain != own {
            lines.push(format!("opened {} {}", opened.hash, String::from_utf8_lossy(&opened.body.content)));
        }
    }
    for aside in store.read(|view| view.kept_aside()).unwrap() {
        // Which of several reasons it waits for is told by what came along with it.
        let reason = if aside.waits { "waits" } else { &aside.reason };
        lines.push(format!("aside {:?} {:?} {reason}", aside.chain, aside.seq));
    }
    lines.sort();
    (lines, usize::try_from(store.read(|view| view.count_entries()).unwrap()).unwrap())
}

fn check(seed: u64, damage: impl Fn(&mut Vec<SealedEntry>)) {
    let mut world = World::new(seed);
    let mut entries = written(&mut world, 40);
    damage(&mut entries);
    let trust = world.trust();
    let at_once = taken(&mut world, |store| {
        let mut intake = Intake::begin(store.clone(), trust, 7, &blind()).unwrap();
        for part in entries.chunks(9) {
            intake.push(part.to_vec()).unwrap();
        }
        intake.finish().unwrap();
    });
    let one_by_one = taken(&mut world, |store| {
        for part in entries.chunks(9) {
            store.transact(Op::Admit, |tx| tx.receive(&trust, part.to_vec(), 7)).unwrap();
        }
    });
    assert_eq!(at_once, one_by_one);
}

#[test]
fn what_is_whole_enters() {
    check(61, |_| ());
}

#[test]
fn what_comes_in_another_order_or_twice_enters_once() {
    check(62, |entries| {
        entries.reverse();
        entries.extend_from_within(..30);
    });
}

#[test]
fn what_was_changed_on_the_way_is_set_aside() {
    check(63, |entries| entries[20].body.as_mut().unwrap()[9] ^= 1);
    check(64, |entries| entries[20].signature = entries[21].signature);
    check(65, |entries| entries[20].body = None);
    check(66, |entries| _ = entries.remove(20));
    // A whole chain that another project's lead let in.
    check(67, |entries| entries.extend(written(&mut World::new(1), 3)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn any_order_and_any_loss_comes_to_the_same(order in Just((0..82_usize).collect::<Vec<_>>()).prop_shuffle(), left in 1..82_usize) {
        check(68, |entries| *entries = order.iter().take(left).map(|at| entries[*at].clone()).collect());
    }
}

#[test]
fn what_was_pushed_before_it_was_dropped_stays_whole() {
    let mut world = World::new(69);
    let entries = written(&mut world, 40);
    let trust = world.trust();
    let (lines, _) = taken(&mut world, |store| {
        let mut intake = Intake::begin(store.clone(), trust, 7, &blind()).unwrap();
        intake.push(entries.clone()).unwrap();
        drop(intake);
    });
    assert!(lines.iter().all(|line| !line.starts_with("aside")));
}

#[test]
fn an_answer_is_saved_while_much_comes_in() {
    let mut world = World::new(70);
    let entries = written(&mut world, 60);
    let trust = world.trust();
    taken(&mut world, |store| {
        let mut intake = Intake::begin(store.clone(), trust, 7, &blind()).unwrap();
        for part in entries.chunks(5) {
            intake.push(part.to_vec()).unwrap();
            store.transact(Op::Setting, |tx| tx.put_setting("place", b"here")).unwrap();
        }
        assert_eq!(intake.finish().unwrap()[0].new.len(), entries.len());
    });
}

fn lacking(store: &Store) -> (BTreeSet<RecordId>, BTreeSet<RecordId>) {
    store.read(|view| Ok((view.stale()?, view.records_since(view.folded_upto()?, 100, |_, _| false)?.0))).unwrap()
}

fn summarise(store: &Store, records: &[RecordId]) {
    let upto = store.read(|view| view.records_since(0, 1000, |_, _| false)).unwrap().1;
    let put = |tx: &mut tianye_store::Tx<'_>| {
        records.iter().try_for_each(|record| tx.put_summary(*record, Some(b"short")))?;
        tx.summarised(records.iter().copied(), Some(upto))
    };
    store.transact(Op::Rebuild, put).unwrap();
}

fn kept(store: &Store) -> BTreeSet<RecordId> {
    let mut kept = BTreeSet::new();
    store.read(|view| view.summaries(|record, summary| _ = kept.insert(record) && summary == b"short")).unwrap();
    kept
}

#[test]
fn a_summary_lacks_what_came_or_was_erased_since() {
    let data = TempDir::new().unwrap();
    let mut world = World::new(71);
    let store = world.store(data.path());
    let first: EntryHash = append(&store, &body(record(1), &[], "{}"));
    append(&store, &body(record(2), &[], "{}"));
    let (late, new) = lacking(&store);
    assert_eq!((late.len(), new.len()), (0, 3), "two interviews and the card of the one who writes");
    summarise(&store, &[record(1), record(2)]);
    assert_eq!(lacking(&store), ([].into(), [].into()));
    assert_eq!(kept(&store), [record(1), record(2)].into());

    append(&store, &body(record(2), &[], "{}"));
    assert_eq!(lacking(&store), ([].into(), [record(2)].into()));
    // What a summary repeats goes with the entry.
    store.transact(Op::Erase, |tx| tx.erase(&[first], &[])).unwrap();
    assert_eq!(lacking(&store), ([record(1)].into(), [record(2)].into()));
    assert_eq!(kept(&store), [record(2)].into());
    summarise(&store, &[record(1), record(2)]);
    assert_eq!(lacking(&store), ([].into(), [].into()));

    store.transact(Op::Rebuild, |tx| tx.forget_summaries(2)).unwrap();
    assert_eq!(store.read(|view| view.fold_version()).unwrap(), 2);
    assert_eq!((kept(&store).len(), lacking(&store).1.len()), (0, 2));
}

#[test]
fn what_is_opened_late_is_to_be_folded() {
    let dirs = [(); 2].map(|()| TempDir::new().unwrap());
    let mut world = World::new(72);
    let writer = world.store(dirs[0].path());
    append(&writer, &body(record(1), &[], "{}"));
    let reader = world.store(dirs[1].path());
    let trust = world.trust();
    reader.transact(Op::Admit, |tx| tx.receive(&trust, everything(&writer), 7)).unwrap();
    append(&reader, &body(record(2), &[], "{}"));
    summarise(&reader, &[record(2)]);
    assert_eq!(lacking(&reader), ([].into(), [].into()));
    let lead = world.lead.clone();
    assert_eq!(reader.transact(Op::Setting, |tx| tx.add_reading_key(&lead)).unwrap(), 2);
    assert!(lacking(&reader).0.contains(&record(1)));
}

/// What is seen of a body: its content.
fn see() -> Arc<Look> {
    Arc::new(|_, _, body| Some(body.content.clone()))
}

/// The records that are known at a glance, with what was seen, and those that are to be folded.
fn seen(store: &Store) -> (Vec<(RecordId, String)>, BTreeSet<RecordId>) {
    let mut seen = Vec::new();
    let show = |record, glance: &[u8]| {
        seen.push((record, String::from_utf8_lossy(glance).into_owned()));
        true
    };
    let (folded, upto) = store.read(|view| view.records_since(0, 1000, show)).unwrap();
    let mut again = Vec::new();
    store.read(|view| view.glances(upto, |record, glance| again.push((record, glance.to_vec())))).unwrap();
    assert_eq!(again.len(), seen.len());
    (seen, folded)
}

#[test]
fn a_glance_is_kept_while_its_entry_is_alone_in_its_record() {
    let mut world = World::new(73);
    let dirs = [(); 2].map(|()| TempDir::new().unwrap());
    let writer = world.store(dirs[0].path());
    let alone = append(&writer, &body(record(1), &[], r#"{"n":1}"#));
    append(&writer, &body(record(2), &[], r#"{"n":2}"#));
    append(&writer, &body(record(2), &[], r#"{"n":3}"#));
    let reader = Arc::new(world.lead_store(dirs[1].path()));
    let trust = world.trust();
    let take = |entries: Vec<SealedEntry>| {
        let mut intake = Intake::begin(reader.clone(), trust, 7, &see()).unwrap();
        entries.into_iter().for_each(|entry| {
            intake.push([entry]).unwrap();
            intake.next_part().unwrap();
        });
        intake.finish().unwrap().iter().map(|part| part.new.len()).collect::<Vec<_>>()
    };
    let entries = everything(&writer);
    assert_eq!(take(entries.clone()), [1, 1, 1, 1, 0], "each part by itself");
    assert_eq!(take(entries), [0; 5]);
    let of = |records: &[(RecordId, String)], wanted| {
        records.iter().find(|(record, _)| *record == wanted).map(|(_, seen)| seen.clone())
    };
    let (glances, folded) = seen(&reader);
    assert_eq!(of(&glances, record(1)).as_deref(), Some(r#"{"n":1}"#));
    assert_eq!((of(&glances, record(2)), folded.contains(&record(2))), (None, true));

    // A second entry of its record takes it away, by whatever way it comes.
    append(&writer, &body(record(1), &[alone], r#"{"n":4}"#));
    reader.transact(Op::Admit, |tx| tx.receive(&trust, everything(&writer), 7)).unwrap();
    let (glances, folded) = seen(&reader);
    assert_eq!((of(&glances, record(1)), folded.contains(&record(1))), (None, true));
}

#[test]
fn a_glance_goes_with_its_entry() {
    let mut world = World::new(74);
    let dirs = [(); 2].map(|()| TempDir::new().unwrap());
    let writer = world.store(dirs[0].path());
    let erased = append(&writer, &body(record(1), &[], r#"{"n":1}"#));
    let reader = Arc::new(world.lead_store(dirs[1].path()));
    let mut intake = Intake::begin(reader.clone(), world.trust(), 7, &see()).unwrap();
    intake.push(everything(&writer)).unwrap();
    intake.finish().unwrap();
    let known = |store: &Store| seen(store).0.iter().any(|(one, _)| *one == record(1));
    assert!(known(&reader));
    reader.transact(Op::Erase, |tx| tx.erase(&[erased], &[])).unwrap();
    assert!(!known(&reader));
}
