//! What holds for all inputs.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

mod common;
use common::*;
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use tianye_journal::*;

/// Four entries of every form, and what a reader gets out of them.
fn small_chain() -> (World, Vec<SealedEntry>) {
    let mut world = World::new(100);
    let (_, mut writer, mut entries) = world.chain(3);
    let own = Granted { chain: writer.chain(), key: writer.content_key().clone() };
    let body = world.body(kind::GRANT, "{}");
    let readers = [world.lead_reading.recipient()];
    entries.push(writer.grant(&[own], &readers, &body, &mut world.rng).unwrap());
    (world, entries)
}

#[test]
fn no_flipped_byte_of_a_chain_goes_unnoticed() {
    let (world, entries) = small_chain();
    let (_, _, others) = World::new(100).chain(1);
    for (i, entry) in entries.iter().enumerate() {
        let bytes = entry.to_bytes();
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1 << (at % 8);
            let mut inbox = Inbox::new(world.trust(), 100);
            let delivery: Vec<Vec<u8>> = entries
                .iter()
                .enumerate()
                .map(|(j, e)| if i == j { changed.clone() } else { e.to_bytes() })
                .chain(others.iter().map(SealedEntry::to_bytes))
                .collect();
            let outcome = inbox.deliver_bytes(delivery.iter().map(Vec::as_slice));
            // What stands before enters, and the other chain; never the changed entry nor what follows it.
            let expected: BTreeSet<EntryHash> = entries[..i].iter().chain(&others).map(SealedEntry::hash).collect();
            let accepted: BTreeSet<EntryHash> = hashes(&outcome.accepted).into_iter().collect();
            assert_eq!(accepted, expected, "entry {i}, byte {at}");
            assert_eq!(outcome.set_aside.len(), entries.len() - i, "entry {i}, byte {at}");
        }
    }
}

#[test]
fn no_cut_of_an_entry_goes_unnoticed() {
    for entry in small_chain().1 {
        let bytes = entry.to_bytes();
        for len in 0..bytes.len() {
            assert!(SealedEntry::from_bytes(&bytes[..len]).is_err(), "{len}");
        }
    }
}

fn body() -> impl Strategy<Value = PlainBody> {
    let hash = any::<[u8; 32]>().prop_map(EntryHash::from_bytes);
    let parents = vec(hash, 0..6).prop_map(|p| p.into_iter().collect::<BTreeSet<_>>().into_iter().collect());
    let at = (any::<i64>(), any::<i16>()).prop_map(|(millis, offset_minutes)| WallClock { millis, offset_minutes });
    (any::<u16>(), any::<[u8; 16]>(), parents, any::<[u8; 16]>(), at, vec(any::<u8>(), 0..9000)).prop_map(
        |(kind, record, parents, author, at, content)| PlainBody {
            kind,
            record: RecordId::from_bytes(record),
            parents,
            author: PersonId::from_bytes(author),
            at,
            content,
        },
    )
}

fn frontier() -> impl Strategy<Value = Frontier> {
    vec((0..4_u8, 1..6_u64, 0..3_u8), 0..8).prop_map(|heads| {
        let mut frontier = Frontier::default();
        for (chain, seq, hash) in heads {
            let head = Head { seq: Seq::new(seq).unwrap(), hash: EntryHash::from_bytes([hash; 32]) };
            frontier.insert(ChainId::from_bytes([chain; 16]), head);
        }
        frontier
    })
}

/// Chains with forks and with damaged and foreign entries among them.
fn tangled() -> Vec<SealedEntry> {
    let mut world = World::new(101);
    let (_, mut writer, mut entries) = world.chain(3);
    let mut clone = writer.clone();
    for content in ["{\"a\":1}", "{\"a\":2}", "{\"a\":3}"] {
        entries.push(world.seal(&mut writer, content));
        entries.push(world.seal(&mut clone, content));
    }
    let (_, _, second) = world.chain(4);
    let mut bad_signature = second[2].clone();
    bad_signature.signature = second[1].signature;
    let mut bad_body = second[1].clone();
    bad_body.body.as_mut().unwrap()[25] ^= 4;
    let (_, _, foreign) = World::new(102).chain(2);
    entries.extend(second);
    entries.extend([bad_signature, bad_body]);
    entries.extend(foreign);
    entries
}

/// The order in which `replica` may send the entries after `after`.
fn spans(replica: &[SealedEntry], spans: &[Span]) -> Vec<SealedEntry> {
    let wanted = |e: &&SealedEntry| spans.iter().any(|s| s.chain == e.header.chain && Some(e.header.seq) > s.after);
    replica.iter().filter(wanted).cloned().collect()
}

struct Replica {
    inbox: Inbox,
    entries: Vec<SealedEntry>,
}

impl Replica {
    fn take(&mut self, entries: Vec<SealedEntry>) {
        let outcome = self.inbox.deliver(entries);
        self.entries.extend(outcome.accepted.into_iter().map(Accepted::into_entry));
    }

    fn send_to(&self, other: &mut Self) {
        let index = self.inbox.index();
        let holds = |chain: ChainId, head: Head| index.at(chain, head.seq).contains(&head.hash);
        let missing = index.frontier().missing_from(other.inbox.index().frontier(), holds);
        other.take(spans(&self.entries, &missing));
    }
}

/// Two replicas that got these of the tangled entries, after they sent each other what is missing until nothing more
/// came. What waits at one of them for a place that it lacks comes free place by place.
fn exchanged(mine: &[bool], theirs: &[bool]) -> [Replica; 2] {
    let all = tangled();
    let world = World::new(101);
    let [mut a, mut b] = [mine, theirs].map(|has| {
        let mut replica = Replica { inbox: Inbox::new(world.trust(), 1000), entries: vec![] };
        replica.take(all.iter().zip(has).filter(|(_, has)| **has).map(|(e, _)| e.clone()).collect());
        replica
    });
    for _ in 0..=all.len() {
        let before = a.entries.len() + b.entries.len();
        a.send_to(&mut b);
        b.send_to(&mut a);
        if a.entries.len() + b.entries.len() == before {
            return [a, b];
        }
    }
    panic!("every exchange but the last brings at least one entry");
}

/// Every other place of a chain on each side: the longest way to become equal.
#[test]
fn entries_that_wait_for_each_other_all_come_free() {
    let has = |places: &[usize]| (0..17).map(|at| places.contains(&at)).collect::<Vec<_>>();
    let [a, b] = exchanged(&has(&[1, 4, 8]), &has(&[0, 2, 6]));
    assert_eq!(a.inbox.index(), b.inbox.index());
    assert_eq!(a.inbox.index().len(), 6);
}

proptest! {
    #[test]
    fn a_body_comes_back_as_it_was(body in body(), seed in any::<u64>()) {
        let mut world = World::new(seed);
        let (_, mut writer, _) = world.chain(1);
        let key = writer.content_key().clone();
        let entry = writer.seal(&body, &mut world.rng).unwrap();
        prop_assert_eq!(&SealedEntry::from_bytes(&entry.to_bytes()).unwrap(), &entry);
        prop_assert_eq!(Header::from_bytes(&entry.header.to_bytes()).unwrap(), entry.header.clone());
        prop_assert_eq!(open_body(&entry, &key).unwrap(), body);
    }

    #[test]
    fn garbage_never_panics(bytes in vec(any::<u8>(), 0..400)) {
        let _ = SealedEntry::from_bytes(&bytes);
        let _ = Frontier::from_bytes(&bytes);
        let _ = Receipt::from_bytes(&bytes);
        let _ = Certificate::from_bytes(&bytes);
        let _ = Details::from_bytes(&bytes);
        let _ = Invitation::from_bytes(&bytes);
        let _ = JoinRequest::from_bytes(&bytes);
        let _ = pairing::SealedAdmission::from_bytes(bytes.clone());
        let _ = open_for(&ReadingKey::from_secret_bytes(&[7; 32]), &bytes, 1000);
        if let Ok(batch) = BatchReader::new(bytes.as_slice()) {
            prop_assert!(batch.count() < 100);
        }
    }

    #[test]
    fn what_reads_writes_the_same_bytes(mut bytes in vec(any::<u8>(), 0..300), small in vec(0..3_u8, 0..120)) {
        // Bytes that are nearly right come from a right suite byte and small numbers.
        for bytes in [&mut bytes, &mut small.clone()] {
            if let Some(first) = bytes.first_mut() {
                *first = 1;
            }
            if let Ok(frontier) = Frontier::from_bytes(bytes) {
                prop_assert_eq!(&frontier.to_bytes().unwrap(), &*bytes);
            }
            if let Ok(entry) = SealedEntry::from_bytes(bytes) {
                prop_assert_eq!(&entry.to_bytes(), &*bytes);
            }
            if let Ok(details) = Details::from_bytes(bytes) {
                prop_assert_eq!(&details.to_bytes().unwrap(), &*bytes);
            }
        }
    }

    #[test]
    fn frontiers_unite_like_sets(a in frontier(), b in frontier(), c in frontier()) {
        prop_assert_eq!(a.union(&b), b.union(&a));
        prop_assert_eq!(a.union(&b).union(&c), a.union(&b.union(&c)));
        prop_assert_eq!(&a.union(&a), &a);
        prop_assert_eq!(Frontier::from_bytes(&a.to_bytes().unwrap()).unwrap(), a.clone());
        prop_assert!(a.missing_from(&a, |_, _| true).is_empty());
        prop_assert!(a.missing_from(&a.union(&b), |_, _| true).is_empty());
    }

    #[test]
    fn what_all_have_leaves_out_nothing_that_one_lacks(
        a in frontier(),
        others in vec(frontier(), 1..4),
        strangers in any::<bool>(),
    ) {
        let holds = |chain, head| !strangers && a.heads(chain).any(|ours| ours == head || ours.seq > head.seq);
        let base = a.held_by_all(&others, holds);
        prop_assert_eq!(a.held_by_all(&[], holds), a.clone());
        let written: BTreeMap<ChainId, Option<Seq>> =
            a.missing_from(&base, holds).iter().map(|span| (span.chain, span.after)).collect();
        for span in others.iter().flat_map(|other| a.missing_from(other, holds)) {
            prop_assert!(written.get(&span.chain).is_some_and(|after| *after <= span.after), "{span:?} of {written:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn order_and_repetition_do_not_matter(
        picks in Just((0..tangled().len()).collect::<Vec<_>>()).prop_shuffle(),
        again in vec(any::<prop::sample::Index>(), 0..20),
        cuts in vec(1..5_usize, 30),
    ) {
        let all = tangled();
        let world = World::new(101);
        let mut whole = Inbox::new(world.trust(), 1000);
        whole.deliver(all.clone());

        let mut order = picks;
        order.extend(again.iter().map(|i| i.index(all.len())));
        let mut pieces = Inbox::new(world.trust(), 1000);
        let mut rest = order.as_slice();
        for cut in cuts {
            let (now, later) = rest.split_at(cut.min(rest.len()));
            pieces.deliver(now.iter().map(|i| all[*i].clone()));
            rest = later;
        }
        pieces.deliver(rest.iter().map(|i| all[*i].clone()));
        prop_assert_eq!(pieces.index(), whole.index());
        prop_assert_eq!(pieces.index().len(), 13);
        prop_assert_eq!(pieces.waiting(), whole.waiting());
    }

    #[test]
    fn two_replicas_that_exchange_what_is_missing_become_equal(mine in vec(any::<bool>(), 17), theirs in vec(any::<bool>(), 17)) {
        let [a, b] = exchanged(&mine, &theirs);
        prop_assert_eq!(a.inbox.index(), b.inbox.index());
        let missing = a.inbox.index().frontier().missing_from(b.inbox.index().frontier(), |_, _| true);
        prop_assert!(missing.is_empty());
    }
}
