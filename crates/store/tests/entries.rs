//! Entries: own and others', in any order; keys that come later; what is set aside; receipts.

#![allow(clippy::unwrap_used, reason = "helpers of tests may")]
#![allow(clippy::redundant_closure_for_method_calls, reason = "`View` has a lifetime that a path cannot name")]

mod common;

use std::collections::BTreeSet;

use common::{INTERVIEW, World, append, body, everything, record};
use proptest::prelude::*;
use tianye_journal::{
    BatchReader, ChainId, Frontier, Granted, HubKey, Item, PlainBody, Receipt, SealedEntry, kind, open_body,
};
use tianye_store::{Limit, Op, OpenedEntry, Store, read_black_box};

fn receive(store: &Store, world: &World, entries: Vec<SealedEntry>) -> tianye_store::Admitted {
    store.transact(Op::Admit, |tx| tx.receive(&world.trust(), entries, 1)).unwrap()
}

fn frontier(store: &Store) -> Frontier {
    store.read(|view| view.frontier()).unwrap()
}

fn opened(store: &Store) -> BTreeSet<(String, Vec<u8>)> {
    let entries = store.read(|view| view.entries_of_kind(INTERVIEW)).unwrap();
    entries.into_iter().map(|one| (one.hash.to_string(), one.body.content)).collect()
}

/// An interviewer's store with `count` entries about records 0, 1, 2, 0, 1 …
fn written(world: &mut World, data: &std::path::Path, count: u8) -> Store {
    let store = world.store(data);
    for n in 0..count {
        append(&store, &body(record(n % 3), &[], &format!(r#"{{"n":{n}}}"#)));
    }
    store
}

#[test]
fn an_own_entry_is_stored_opened_and_at_the_head() {
    let data = tempfile::tempdir().unwrap();
    let mut world = World::new(21);
    let store = world.store(data.path());
    let first = append(&store, &body(record(1), &[], "{}"));
    let said = body(record(1), &[first], r#"{"v":"二"}"#);
    let second = append(&store, &said);

    let own = store.read(|view| view.own_chain()).unwrap().unwrap();
    assert_eq!((own.heads[0].seq.get(), own.heads[0].hash, own.is_forked()), (3, second, false));
    let opened: Vec<OpenedEntry> = store.read(|view| view.entries_of(record(1))).unwrap();
    assert_eq!(opened.iter().map(|one| one.hash).collect::<Vec<_>>(), [first, second]);
    assert_eq!((opened[1].body.clone(), opened[1].seq.get()), (said, 3));
    assert_eq!(store.read(|view| view.opened(second)).unwrap().unwrap(), opened[1]);
    assert_eq!(store.read(|view| view.records_of_kind(INTERVIEW)).unwrap(), [record(1)]);
    // What travels opens to the same, and verifies in an empty replica.
    let entry = store.read(|view| view.entry(second)).unwrap().unwrap();
    let key = store.read(|view| view.content_key(own.chain)).unwrap().unwrap();
    assert_eq!(open_body(&entry, &key).unwrap(), opened[1].body);
    let outcome = tianye_journal::verify_run(&world.trust(), &tianye_journal::Index::default(), everything(&store));
    assert_eq!((outcome.accepted.len(), outcome.set_aside.len()), (3, 0));
}

#[test]
fn the_black_box_is_a_batch_of_all_own_entries() {
    let data = tempfile::tempdir().unwrap();
    let mut world = World::new(22);
    let store = written(&mut world, data.path(), 4);
    assert_eq!(store.black_box_trouble(), None);
    assert_eq!(read_black_box(&store.black_box_path()).unwrap(), everything(&store));
    let file = std::fs::File::open(store.black_box_path()).unwrap();
    let items: Vec<_> = BatchReader::new(file).unwrap().collect();
    assert_eq!(items.iter().filter(|item| matches!(item, Ok(Item::Entry(_)))).count(), 5);
    assert_eq!(items.len(), 6, "and then the cut");

    // A dead database loses no sealed entry: what the black box holds enters another store.
    let (other, mut lead) = (tempfile::tempdir().unwrap(), world);
    let lead_store = lead.lead_store(other.path());
    receive(&lead_store, &lead, read_black_box(&store.black_box_path()).unwrap());
    assert_eq!(opened(&lead_store), opened(&store));
}

#[test]
fn a_lead_takes_in_and_reads_and_passes_on_byte_for_byte() {
    let dirs = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let mut world = World::new(23);
    let store = written(&mut world, dirs[0].path(), 5);
    let lead = world.lead_store(dirs[1].path());
    let entries = everything(&store);
    let admitted = receive(&lead, &world, entries.clone());
    assert_eq!((admitted.new.len(), admitted.repeated, admitted.opened), (6, 0, 6));
    assert_eq!(admitted.records.iter().filter(|one| **one <= record(2)).count(), 3);
    assert_eq!(opened(&lead), opened(&store));
    let again = receive(&lead, &world, entries.clone());
    assert_eq!((again.new.len(), again.repeated, again.set_aside.len()), (0, 6, 0));

    // A hub, or a laptop that may not read, relays the same bytes.
    let relay = world.bare_store(dirs[2].path());
    receive(&relay, &world, everything(&lead));
    assert_eq!(frontier(&relay), frontier(&lead));
    assert_eq!(relay.read(|view| view.count_closed()).unwrap(), 7);
    let passed: BTreeSet<Vec<u8>> = everything(&relay).iter().map(SealedEntry::to_bytes).collect();
    assert!(entries.iter().all(|entry| passed.contains(&entry.to_bytes())));
}

#[test]
fn keys_may_come_before_or_after_what_they_open() {
    let dirs = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let mut world = World::new(24);
    let store = written(&mut world, dirs[0].path(), 3);
    let chain = store.read(|view| view.own_chain()).unwrap().unwrap().chain;
    let key = store.read(|view| view.content_key(chain)).unwrap().unwrap();
    let granted = Granted { chain, key };

    let late = world.bare_store(dirs[1].path());
    receive(&late, &world, everything(&store));
    assert_eq!((opened(&late).len(), late.read(|view| view.count_closed()).unwrap()), (0, 4));
    let false_key = Granted { chain, key: tianye_journal::ContentKey::from_secret_bytes(&[1; 32]) };
    let refused = late.transact(Op::Admit, |tx| tx.add_content_key(&false_key));
    assert_eq!(refused.unwrap_err().code(), "invalid");
    assert_eq!(late.transact(Op::Admit, |tx| tx.add_content_key(&granted)).unwrap(), 4);
    assert_eq!((opened(&late), late.read(|view| view.count_closed()).unwrap()), (opened(&store), 0));

    let early = world.bare_store(dirs[2].path());
    for key in [&false_key, &granted] {
        assert_eq!(early.transact(Op::Admit, |tx| tx.add_content_key(key)).unwrap(), 0);
    }
    assert_eq!(receive(&early, &world, everything(&store)).opened, 4);
    assert_eq!(opened(&early), opened(&store));
}

#[test]
fn whoever_gives_keys_without_number_keeps_nobody_from_taking_in_the_rest() {
    let dirs = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let mut world = World::new(27);
    let (store, second) = (written(&mut world, dirs[0].path(), 3), written(&mut world, dirs[1].path(), 1));
    let own = |store: &Store| store.read(|view| view.own_chain()).unwrap().unwrap().chain;
    let (chain, other) = (own(&store), own(&second));
    let key = store.read(|view| view.content_key(chain)).unwrap().unwrap();
    receive(&second, &world, everything(&store));
    second.transact(Op::Admit, |tx| tx.add_content_key(&Granted { chain, key })).unwrap();

    let full = world.store(dirs[2].path());
    let reader = full.read(|view| view.reading_keys()).unwrap().remove(0);
    let said = PlainBody { kind: kind::GRANT, ..body(record(9), &[], "{}") };
    second.transact(Op::Seal, |tx| tx.append_grant(&[chain], &[reader.recipient()], &said)).unwrap();
    full.transact(Op::Admit, |tx| {
        for number in 0..10_000_u32 {
            let mut chain = [9; 16];
            chain[..4].copy_from_slice(&number.to_be_bytes());
            let key = tianye_journal::ContentKey::from_secret_bytes(&[1; 32]);
            tx.add_content_key(&Granted { chain: ChainId::from_bytes(chain), key })?;
        }
        Ok(())
    })
    .unwrap();
    let (grant, rest): (Vec<SealedEntry>, Vec<SealedEntry>) =
        everything(&second).into_iter().partition(|entry| entry.header.chain == other);
    receive(&full, &world, grant);
    receive(&full, &world, rest);
    assert!(full.read(|view| view.content_key(chain)).unwrap().is_some());
    assert_eq!(opened(&full), opened(&store));
}

#[test]
fn a_grant_opens_a_chain_for_a_new_reader() {
    let dirs = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let mut world = World::new(25);
    let store = written(&mut world, dirs[0].path(), 3);
    let reader = world.store(dirs[1].path());
    let newcomer = reader.read(|view| view.reading_keys()).unwrap().remove(0);
    receive(&reader, &world, everything(&store));
    assert_eq!(opened(&reader).len(), 0);

    let chain = store.read(|view| view.own_chain()).unwrap().unwrap().chain;
    let said = PlainBody { kind: kind::GRANT, ..body(record(9), &[], "{}") };
    store.transact(Op::Seal, |tx| tx.append_grant(&[chain], &[newcomer.recipient()], &said)).unwrap();
    let page = store.read(|view| view.entries_missing_from(&frontier(&reader), Limit::default())).unwrap();
    assert_eq!(page.entries.len(), 1, "nothing is encrypted again");
    receive(&reader, &world, page.entries);
    assert_eq!(opened(&reader), opened(&store));
}

#[test]
fn what_comes_too_early_waits_and_what_is_bad_stays_out() {
    let dirs = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let mut world = World::new(26);
    let store = written(&mut world, dirs[0].path(), 5);
    let lead = world.lead_store(dirs[1].path());
    let mut entries = everything(&store);
    let tail = entries.split_off(3);
    let waiting = receive(&lead, &world, tail);
    assert_eq!((waiting.new.len(), waiting.set_aside.len()), (0, 3));
    assert!(lead.read(|view| view.kept_aside()).unwrap().iter().all(|one| one.waits));

    // A flipped byte in one body: that one is set aside, and what stands before it enters.
    let mut bad = entries[2].clone();
    bad.body.as_mut().unwrap()[30] ^= 1;
    let admitted = receive(&lead, &world, vec![entries[0].clone(), entries[1].clone(), bad]);
    assert_eq!(admitted.new.len(), 2);
    let kept = lead.read(|view| view.kept_aside()).unwrap();
    assert_eq!(kept.iter().filter(|one| one.reason == "journal-body-damaged" && !one.waits).count(), 1);

    // The good copy brings those in that wait.
    let admitted = receive(&lead, &world, vec![entries[2].clone()]);
    assert_eq!(admitted.new.len(), 4);
    assert_eq!((opened(&lead), frontier(&lead).heads(entries[0].header.chain).count()), (opened(&store), 1));
    let kept = lead.read(|view| view.kept_aside()).unwrap();
    assert_eq!(kept.len(), 1);
    assert!(lead.read(|view| view.kept_aside_bytes(kept[0].id)).unwrap().is_some());
    lead.transact(Op::Admit, |tx| tx.drop_aside(kept[0].id)).unwrap();
    assert!(lead.read(|view| view.kept_aside()).unwrap().is_empty());

    // Another project's entries, however well made.
    let elsewhere = tempfile::tempdir().unwrap();
    let mut other = World::new(27);
    let strange = written(&mut other, elsewhere.path(), 2);
    let before = frontier(&lead);
    let admitted = receive(&lead, &world, everything(&strange));
    assert_eq!((admitted.new.len(), frontier(&lead)), (0, before));
}

#[test]
fn a_cloned_disk_makes_a_fork_that_keeps_both_branches() {
    let dirs = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let mut world = World::new(28);
    let store = written(&mut world, dirs[0].path(), 2);
    let id = store.id().to_string();
    let dir = store.dir().to_owned();
    store.lock().unwrap();
    let clone_dir = dirs[1].path().join(&id);
    std::fs::create_dir(&clone_dir).unwrap();
    for file in ["store.db", "slots.txt", "card.json"] {
        std::fs::copy(dir.join(file), clone_dir.join(file)).unwrap();
    }
    let passphrase = tianye_store::Passphrase::new(common::PASSPHRASE);
    let unlock = |dir| Store::unlock(dir, tianye_store::Unlock::Passphrase(&passphrase), 1).unwrap();
    let (store, clone) = (unlock(&dir), unlock(&clone_dir));
    append(&store, &body(record(1), &[], "one"));
    append(&clone, &body(record(1), &[], "other"));
    append(&clone, &body(record(1), &[], "other 2"));

    let lead = world.lead_store(dirs[2].path());
    receive(&lead, &world, everything(&store));
    let admitted = receive(&lead, &world, everything(&clone));
    assert_eq!((admitted.forks.len(), admitted.set_aside.len()), (1, 0));
    let chain = admitted.forks[0].chain;
    assert_eq!(lead.read(|view| view.forked_chains()).unwrap(), [chain]);
    assert_eq!(lead.read(|view| view.heads_of(chain)).unwrap().len(), 2);
    assert_eq!(lead.read(|view| view.entries_of(record(1))).unwrap().len(), 1 + 3);

    // It reaches the laptop, which writes no more to that chain, and goes on in a new one.
    let page = lead.read(|view| view.entries_missing_from(&frontier(&store), Limit::default())).unwrap();
    receive(&store, &world, page.entries);
    assert!(store.read(|view| view.own_chain()).unwrap().unwrap().is_forked());
    let refused = store.transact(Op::Seal, |tx| tx.append_own(&body(record(1), &[], "{}")));
    assert_eq!(refused.unwrap_err().code(), "forked");
    world.open_chain(&store);
    append(&store, &body(record(1), &[], "again"));
    assert_ne!(store.read(|view| view.own_chain()).unwrap().unwrap().chain, chain);
}

#[test]
fn a_body_left_out_is_filled_in_when_it_comes() {
    let dirs = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let mut world = World::new(29);
    let store = written(&mut world, dirs[0].path(), 2);
    let lead = world.lead_store(dirs[1].path());
    let entries = everything(&store);
    receive(&lead, &world, entries.iter().map(SealedEntry::without_body).collect());
    assert_eq!((frontier(&lead).heads(entries[0].header.chain).count(), opened(&lead).len()), (1, 0));
    let admitted = receive(&lead, &world, entries.clone());
    assert_eq!((admitted.new.len(), admitted.repeated, admitted.opened), (0, 3, 3));
    assert_eq!(opened(&lead), opened(&store));
}

#[test]
fn what_was_opened_can_be_dropped_and_built_again() {
    let dirs = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let mut world = World::new(30);
    let store = written(&mut world, dirs[0].path(), 6);
    let lead = world.lead_store(dirs[1].path());
    append(&lead, &body(record(1), &[], "of the lead"));
    receive(&lead, &world, everything(&store));
    let state = |store: &Store| {
        let (all, _) = store.read(|view| view.opened_since(0, 1000)).unwrap();
        (all, frontier(store), store.read(|view| view.records_of_kind(INTERVIEW)).unwrap())
    };
    let before = state(&lead);
    assert_eq!(before.0.len(), 9);
    assert_eq!(lead.transact(Op::Rebuild, |tx| tx.rebuild()).unwrap(), 9);
    assert_eq!(state(&lead), before);
    // In pages as in one.
    let (first, cursor) = lead.read(|view| view.opened_since(0, 4)).unwrap();
    let (rest, end) = lead.read(|view| view.opened_since(cursor, 100)).unwrap();
    assert_eq!([first, rest].concat(), before.0);
    assert_eq!(lead.read(|view| view.opened_since(end, 100)).unwrap(), (Vec::new(), end));
}

#[test]
fn a_receipt_counts_only_from_the_hub_and_for_the_very_entry() {
    let data = tempfile::tempdir().unwrap();
    let mut world = World::new(31);
    let store = written(&mut world, data.path(), 2);
    let (hub, stranger) = (HubKey::generate(&mut world.rng), HubKey::generate(&mut world.rng));
    let unsent = || store.read(|view| view.count_unsent()).unwrap();
    let of_record_1 = || store.read(|view| view.unsent_records()).unwrap().contains(&record(1));
    let entries = everything(&store);
    let put = |receipt: &Receipt| store.transact(Op::Receipt, |tx| tx.put_receipt(receipt, &hub.public()));
    assert_eq!((unsent(), of_record_1()), (3, true));

    let place = entries[2].place();
    assert_eq!(put(&Receipt::sign(&stranger, world.project, place)).unwrap_err().code(), "bad-receipt");
    let elsewhere = tianye_journal::Place { seq: entries[1].header.seq, ..place };
    assert_eq!(put(&Receipt::sign(&hub, world.project, elsewhere)).unwrap_err().code(), "bad-receipt");
    let unknown = tianye_journal::Place { hash: tianye_journal::EntryHash::NONE, ..place };
    assert_eq!(put(&Receipt::sign(&hub, world.project, unknown)).unwrap_err().code(), "bad-receipt");
    assert_eq!(unsent(), 3);
    let receipt = Receipt::sign(&hub, world.project, place);
    put(&receipt).unwrap();
    put(&receipt).unwrap();
    assert_eq!((unsent(), of_record_1()), (2, false));
    assert_eq!(store.read(|view| view.receipts_of(place.hash)).unwrap(), [receipt]);
    assert_eq!(store.read(|view| view.received()).unwrap(), [place.hash].into());
    let without = |hub: &HubKey| store.read(|view| view.without_receipt(&hub.public(), 0, 10)).unwrap().0;
    assert_eq!((without(&hub).len(), without(&stranger).len()), (2, 3));
    let waiting: usize = entries[..2].iter().map(|entry| entry.to_bytes().len()).sum();
    assert_eq!(store.read(|view| view.unsent_bytes()).unwrap(), waiting as u64);
    assert_eq!(store.read(|view| view.received_to()).unwrap(), [(place.chain, place.seq.get())].into());
}

#[test]
fn chunks_are_files_named_by_what_is_in_them() {
    let data = tempfile::tempdir().unwrap();
    let mut world = World::new(32);
    let store = world.bare_store(data.path());
    let key = tianye_journal::FileKey::generate(&mut world.rng);
    let sealed = tianye_journal::seal_file(&key, &vec![7; 1_500_000], &mut world.rng).unwrap();
    for chunk in &sealed {
        assert_eq!(store.chunk(&chunk.id()).unwrap(), None);
        store.put_chunk(chunk).unwrap();
        store.put_chunk(chunk).unwrap();
        assert_eq!(store.chunk(&chunk.id()).unwrap().as_ref(), Some(chunk));
    }
    let ids: BTreeSet<_> = sealed.iter().map(tianye_journal::SealedChunk::id).collect();
    assert_eq!(store.chunks().unwrap().into_iter().collect::<BTreeSet<_>>(), ids);
    let hub = HubKey::generate(&mut world.rng).public();
    store.transact(Op::Receipt, |tx| tx.put_chunks_on_hub(&hub, &[sealed[0].id(), sealed[0].id()])).unwrap();
    let on_hub = store.read(|view| view.chunks_on_hub(&hub)).unwrap();
    assert_eq!(on_hub.into_iter().collect::<Vec<_>>(), [sealed[0].id()]);

    let id = sealed[0].id();
    let name = id.to_string();
    let file = store.dir().join("chunks").join(&name[..2]).join(&name);
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[500] ^= 1;
    std::fs::write(&file, &bytes).unwrap();
    assert_eq!(store.chunk(&id).unwrap_err().code(), "damaged");
    assert_eq!(std::fs::read(&file).unwrap(), bytes, "left as it is");
    store.drop_chunk(&id).unwrap();
    store.drop_chunk(&id).unwrap();
    assert!(!store.has_chunk(&id));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any order, any repetition, any cutting into batches gives the same store; and what is sent in pages is what is
    /// missing, whatever the page's size.
    #[test]
    fn delivery_does_not_matter(
        order in prop::collection::vec((0..9usize, 0..9usize), 0..30),
        cut in 1..5usize,
        page in 1..4usize,
    ) {
        let dirs = [(); 4].map(|()| tempfile::tempdir().unwrap());
        let mut world = World::new(33);
        let (one, two) = (written(&mut world, dirs[0].path(), 4), written(&mut world, dirs[1].path(), 3));
        let mut entries = [everything(&one), everything(&two)].concat();
        let (straight, shuffled) = (world.bare_store(dirs[2].path()), world.bare_store(dirs[3].path()));
        let lead = world.lead.clone();
        for store in [&straight, &shuffled] {
            store.transact(Op::Setting, |tx| tx.add_reading_key(&lead)).unwrap();
        }
        receive(&straight, &world, entries.clone());
        for (a, b) in order {
            entries.swap(a, b);
            entries.push(entries[a].clone());
        }
        for batch in entries.chunks(cut) {
            receive(&shuffled, &world, batch.to_vec());
        }
        prop_assert_eq!(frontier(&shuffled), frontier(&straight));
        prop_assert_eq!(opened(&shuffled), opened(&straight));
        prop_assert!(shuffled.read(|view| view.kept_aside()).unwrap().is_empty());

        let limit = Limit { entries: page, bytes: usize::MAX };
        let mut pages = straight.read(|view| view.entries_missing_from(&frontier(&one), limit)).unwrap();
        let mut sent = pages.entries.clone();
        while !pages.rest.is_empty() {
            pages = straight.read(|view| view.entries_in(&pages.rest, limit)).unwrap();
            prop_assert!(!pages.entries.is_empty() && pages.entries.len() <= page);
            sent.extend(pages.entries.clone());
        }
        prop_assert_eq!(sent, everything(&two));
    }
}

#[test]
fn settings_come_back_and_go() {
    let data = tempfile::tempdir().unwrap();
    let store = World::new(34).bare_store(data.path());
    let get = || store.read(|view| view.setting("hub")).unwrap();
    assert_eq!(get(), None);
    store.transact(Op::Setting, |tx| tx.put_setting("hub", b"1")).unwrap();
    store.transact(Op::Setting, |tx| tx.put_setting("hub", b"2")).unwrap();
    assert_eq!(get().as_deref(), Some(b"2".as_slice()));
    store.transact(Op::Setting, |tx| tx.remove_setting("hub")).unwrap();
    assert_eq!(get(), None);
    let large = store.transact(Op::Setting, |tx| tx.put_setting("hub", &vec![0; (1 << 20) + 1]));
    assert_eq!(large.unwrap_err().code(), "too-large");
    assert_eq!(
        store.transact(Op::Seal, |tx| tx.append_own(&body(record(1), &[], ""))).unwrap_err().code(),
        "not-found"
    );
}
