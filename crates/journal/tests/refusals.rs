//! Every refusal of verification, opening and sealing, one line of the table each.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

mod common;
use common::*;
use tianye_journal::*;

/// Verifies `entries` against an empty replica: codes of what was set aside, and how many entered.
#[track_caller]
fn check(world: &World, entries: Vec<SealedEntry>, accepted: usize, codes: &[&str]) -> Outcome {
    let outcome = verify_run(&world.trust(), &Index::default(), entries);
    let found: Vec<&str> = outcome.set_aside.iter().map(|s| s.reason.code()).collect();
    assert_eq!((outcome.accepted.len(), found.as_slice()), (accepted, codes));
    outcome
}

#[test]
fn a_whole_chain_enters_in_any_order_with_or_without_bodies() {
    let mut world = World::new(1);
    let (_, _, mut entries) = world.chain(4);
    entries.reverse();
    check(&world, entries.clone(), 4, &[]);
    let bare: Vec<_> = entries.iter().map(SealedEntry::without_body).collect();
    check(&world, bare.clone(), 4, &[]);
    // The fuller copy wins, whatever comes first.
    let outcome = check(&world, [bare, entries].concat(), 4, &[]);
    assert!(outcome.accepted.iter().all(|a| a.entry().body.is_some()));
}

#[test]
fn a_gap_makes_the_tail_wait_and_names_what_is_missing() {
    let mut world = World::new(2);
    let (_, _, mut entries) = world.chain(6);
    entries.remove(2);
    let outcome = check(&world, entries, 2, &["journal-gap"; 3]);
    for aside in &outcome.set_aside {
        assert!(aside.reason.waits());
        let SetAsideReason::Gap { missing, .. } = aside.reason else { panic!("{:?}", aside.reason) };
        assert_eq!(missing.get(), 3);
    }
}

#[test]
fn without_its_opening_a_chain_waits() {
    let mut world = World::new(3);
    let (_, _, entries) = world.chain(3);
    check(&world, entries[1..].to_vec(), 0, &["journal-gap", "journal-gap"]);
}

#[test]
fn a_bad_signature_sets_the_tail_aside_and_leaves_other_chains_alone() {
    let mut world = World::new(4);
    let (_, _, mut bad) = world.chain(4);
    let (_, _, good) = world.chain(3);
    let mut signature = *bad[1].signature.as_bytes();
    signature[10] ^= 1;
    bad[1].signature = Signature::from_bytes(signature);
    let codes = ["journal-bad-signature", "journal-behind", "journal-behind"];
    let outcome = check(&world, [bad, good].concat(), 1 + 3, &codes);
    let waits: Vec<bool> = outcome.set_aside.iter().map(|s| s.reason.waits()).collect();
    assert_eq!(waits, [false, true, true]);
}

#[test]
fn a_changed_body_is_refused_and_a_good_copy_heals_it() {
    let mut world = World::new(5);
    let (_, _, entries) = world.chain(3);
    let mut bad = entries.clone();
    bad[1].body.as_mut().unwrap()[30] ^= 0x80;
    check(&world, bad.clone(), 1, &["journal-body-damaged", "journal-behind"]);
    let mut inbox = Inbox::new(world.trust(), 100);
    inbox.deliver(bad);
    let healed = inbox.deliver([entries[1].clone()]);
    assert_eq!((healed.accepted.len(), inbox.index().len(), inbox.waiting()), (2, 3, 0));
}

#[test]
fn a_body_of_another_length_is_refused() {
    let mut world = World::new(6);
    let (_, _, mut entries) = world.chain(2);
    entries[1].body.as_mut().unwrap().pop();
    check(&world, entries, 1, &["journal-body-damaged"]);
}

#[test]
fn entries_of_another_project_are_refused() {
    let mut world = World::new(7);
    let mut other = World::new(8);
    let (_, _, ours) = world.chain(2);
    let (_, _, theirs) = other.chain(2);
    check(&world, [ours, theirs].concat(), 2, &["journal-other-project", "journal-other-project"]);
}

#[test]
fn another_projects_key_cannot_open_chains_here() {
    let mut world = World::new(9);
    let mut stranger = World::new(10);
    stranger.project = world.project;
    let (_, _, entries) = stranger.chain(2);
    check(&world, entries, 0, &["journal-certificate-not-signed", "journal-behind"]);
    let mut laptop = world.laptop("李");
    laptop.certificate.project = ProjectId::from_bytes([9; 16]);
    let error = laptop.certificate.verify(world.project, &world.project_key.public()).unwrap_err();
    assert_eq!(error.code(), "journal-certificate-other-project");
}

#[test]
fn no_other_key_can_take_over_a_chain() {
    let mut world = World::new(11);
    let (_, _, mut entries) = world.chain(2);
    let thief = world.laptop("赵");
    let Form::Opening(opening) = &mut entries[0].header.form else { panic!("an opening") };
    opening.certificate = thief.certificate;
    // The opening is another one now, so that the next entry misses its own.
    check(&world, entries, 0, &["journal-certificate-other-chain", "journal-gap"]);
}

#[test]
fn an_entry_signed_by_another_member_is_refused() {
    let mut world = World::new(12);
    let (_, writer, entries) = world.chain(2);
    let thief = world.laptop("赵");
    let mut forged = ChainWriter::resume(
        world.project,
        writer.chain(),
        thief.signing,
        writer.content_key().clone(),
        writer.seq(),
        writer.head(),
    );
    let entry = world.seal(&mut forged, "{}");
    check(&world, [entries, vec![entry]].concat(), 2, &["journal-bad-signature"]);
}

#[test]
fn a_link_to_an_entry_that_is_not_here_waits() {
    let mut world = World::new(13);
    let (laptop, writer, entries) = world.chain(3);
    let elsewhere = EntryHash::from_bytes([7; 32]);
    let mut branch = ChainWriter::resume(
        world.project,
        writer.chain(),
        laptop.signing,
        writer.content_key().clone(),
        writer.seq(),
        elsewhere,
    );
    let entry = world.seal(&mut branch, "{}");
    let outcome = check(&world, [entries.clone(), vec![entry]].concat(), 3, &["journal-bad-link"]);
    let SetAsideReason::BadLink { held, found, .. } = &outcome.set_aside[0].reason else { panic!("a bad link") };
    assert_eq!((held.as_slice(), *found), ([entries[2].hash()].as_slice(), elsewhere));
}

#[test]
fn a_fork_is_kept_on_both_sides_and_reported_where_it_begins() {
    let mut world = World::new(14);
    let (_, mut writer, mut entries) = world.chain(2);
    let mut clone = writer.clone();
    for content in ["{\"a\":1}", "{\"a\":2}"] {
        entries.push(world.seal(&mut writer, content));
        entries.push(world.seal(&mut clone, content));
    }
    let outcome = check(&world, entries.clone(), 6, &[]);
    let mut expected = vec![entries[2].hash(), entries[3].hash()];
    expected.sort_unstable();
    let fork = Fork { chain: writer.chain(), seq: Seq::new(3).unwrap(), entries: expected };
    assert_eq!(outcome.forks.as_slice(), std::slice::from_ref(&fork));

    // The same alarm when the second branch comes later.
    let mut inbox = Inbox::new(world.trust(), 10);
    let first: Vec<_> = [0, 1, 2, 4].map(|i| entries[i].clone()).to_vec();
    assert_eq!(inbox.deliver(first).forks, []);
    assert_eq!(inbox.deliver([entries[3].clone()]).forks, [fork]);
    assert_eq!(inbox.deliver([entries[5].clone()]).forks, []);
    assert_eq!(inbox.index().frontier().heads(writer.chain()).count(), 2);
}

#[test]
fn a_fork_at_the_opening_is_reported() {
    let mut world = World::new(15);
    let laptop = world.laptop("王芳");
    let (one, two) = (world.body(kind::PERSON, "{}"), world.body(kind::PERSON, "{\"x\":1}"));
    let readers = [world.lead_reading.recipient()];
    let openings = [one, two].map(|details| {
        ChainWriter::open(&laptop.signing, &laptop.certificate, &readers, &details, &mut rng(99)).unwrap().1
    });
    let outcome = check(&world, openings.to_vec(), 2, &[]);
    assert_eq!(outcome.forks.len(), 1);
    assert_eq!(outcome.forks[0].seq, Seq::FIRST);
}

#[test]
fn repeated_entries_bring_missing_bodies_and_nothing_else() {
    let mut world = World::new(16);
    let (_, _, entries) = world.chain(3);
    let mut inbox = Inbox::new(world.trust(), 10);
    inbox.deliver(entries.iter().map(SealedEntry::without_body));
    let again = inbox.deliver(entries.clone());
    assert_eq!((again.accepted.len(), again.repeated.len()), (0, 3));
    assert!(again.repeated.iter().all(|a| a.entry().body.is_some()));
    let mut damaged = entries[2].clone();
    damaged.body.as_mut().unwrap()[40] ^= 1;
    let outcome = inbox.deliver([damaged]);
    assert_eq!((outcome.repeated.len(), outcome.set_aside[0].reason.code()), (0, "journal-body-damaged"));
}

#[test]
fn unreadable_bytes_are_set_aside_with_the_rest_entering() {
    let mut world = World::new(17);
    let (_, _, entries) = world.chain(2);
    let mut future = entries[1].to_bytes();
    future[0] = 2;
    let bytes: Vec<Vec<u8>> = vec![entries[0].to_bytes(), future, vec![]];
    let mut inbox = Inbox::new(world.trust(), 10);
    let outcome = inbox.deliver_bytes(bytes.iter().map(Vec::as_slice));
    let codes: Vec<&str> = outcome.set_aside.iter().map(|s| s.reason.code()).collect();
    assert_eq!((outcome.accepted.len(), codes), (1, vec!["journal-unknown-suite", "journal-cut-off"]));
}

#[test]
fn only_so_many_entries_wait() {
    let mut world = World::new(18);
    let (_, _, entries) = world.chain(6);
    let mut inbox = Inbox::new(world.trust(), 2);
    let outcome = inbox.deliver(entries[2..].to_vec());
    let codes: Vec<&str> = outcome.set_aside.iter().map(|s| s.reason.code()).collect();
    assert_eq!(codes, ["journal-gap", "journal-gap", "journal-too-many-waiting", "journal-too-many-waiting"]);
    assert_eq!(inbox.waiting(), 2);
}

/// Changes bytes of a sealed entry: the code with which reading fails.
#[track_caller]
fn check_wire(entry: &SealedEntry, change: impl Fn(&mut Vec<u8>), expect: &str) {
    let mut bytes = entry.to_bytes();
    change(&mut bytes);
    assert_eq!(SealedEntry::from_bytes(&bytes).unwrap_err().code(), expect);
}

#[test]
fn entries_have_one_form() {
    let mut world = World::new(19);
    let (_, _, entries) = world.chain(2);
    let flag = Header::LEN + Signature::LEN;
    check_wire(&entries[1], |b| b[0] = 0, "journal-unknown-suite");
    check_wire(&entries[1], |b| b[1] = 3, "journal-not-canonical");
    check_wire(&entries[1], |b| b[1] = 1, "journal-not-canonical");
    check_wire(&entries[0], |b| b[1] = 0, "journal-not-canonical");
    check_wire(&entries[1], |b| b[34..42].fill(0), "journal-not-canonical");
    check_wire(&entries[1], |b| b[34..42].fill(0xff), "journal-not-canonical");
    check_wire(&entries[1], |b| b[42..74].fill(0), "journal-not-canonical");
    check_wire(&entries[0], |b| b[42] = 1, "journal-not-canonical");
    check_wire(&entries[1], |b| b[106] = 0xff, "journal-too-long");
    check_wire(&entries[1], |b| b[flag] = 2, "journal-not-canonical");
    check_wire(&entries[1], |b| b[flag] = 0, "journal-extra-bytes");
    check_wire(&entries[1], |b| b.push(0), "journal-extra-bytes");
    check_wire(&entries[1], |b| b.truncate(flag), "journal-cut-off");
    check_wire(&entries[1], |b| b.truncate(b.len() - 1), "journal-cut-off");
}

#[test]
fn bodies_open_for_readers_only() {
    let mut world = World::new(20);
    let (laptop, writer, entries) = world.chain(3);
    let stranger = world.laptop("路人");
    let granted = open_parcel(&entries[0], &world.lead_reading).unwrap().unwrap();
    assert_eq!(granted, [Granted { chain: writer.chain(), key: writer.content_key().clone() }]);
    assert!(granted[0].check(&entries[0].header.opening().unwrap().commitment));
    assert_eq!(open_body(&entries[2], &granted[0].key).unwrap().content, b"{\"answer\":2}");
    assert_eq!(open_parcel(&entries[1], &world.lead_reading), Ok(None));

    #[track_caller]
    fn refuse<T: std::fmt::Debug>(result: Result<T, OpenError>, code: &str) {
        assert_eq!(result.unwrap_err().code(), code);
    }
    refuse(open_parcel(&entries[0], &stranger.reading), "journal-not-for-reader");
    refuse(open_parcel(&entries[0], &laptop.reading), "journal-not-for-reader");
    refuse(open_parcel(&entries[0].without_body(), &world.lead_reading), "journal-body-absent");
    refuse(open_body(&entries[1].without_body(), &granted[0].key), "journal-body-absent");
    refuse(open_body(&entries[1], &ContentKey::generate(&mut world.rng)), "journal-wrong-content-key");
    let mut moved = entries[1].clone();
    moved.body.clone_from(&entries[2].body);
    refuse(open_body(&moved, &granted[0].key), "journal-body-damaged");
    // Even with a header made to fit, a box does not open in another place.
    moved.header.body_hash = entries[2].header.body_hash;
    moved.header.body_len = entries[2].header.body_len;
    refuse(open_body(&moved, &granted[0].key), "journal-wrong-content-key");
}

#[test]
fn a_lead_grants_the_chain_of_another_to_a_third() {
    let mut world = World::new(21);
    let (_, interviewer, entries) = world.chain(2);
    let (_, mut lead, mut lead_entries) = world.chain(1);
    let analyst = world.laptop("分析员");
    let keys = open_parcel(&entries[0], &world.lead_reading).unwrap().unwrap();
    let body = world.body(kind::GRANT, "{}");
    let grant = lead.grant(&keys, &[analyst.reading.recipient()], &body, &mut world.rng).unwrap();
    lead_entries.push(grant.clone());
    check(&world, lead_entries, 2, &[]);

    let received = open_parcel(&grant, &analyst.reading).unwrap().unwrap();
    assert_eq!(received[0].chain, interviewer.chain());
    assert!(open_body(&entries[1], &received[0].key).is_ok());
    // The grant's own body is the lead's, and stays closed.
    assert_eq!(open_body(&grant, &received[0].key).unwrap_err(), OpenError::WrongKey);
    let false_key = Granted { chain: interviewer.chain(), key: ContentKey::generate(&mut world.rng) };
    assert!(!false_key.check(&entries[0].header.opening().unwrap().commitment));
}

#[test]
fn what_cannot_be_sealed_says_so() {
    let mut world = World::new(22);
    let laptop = world.laptop("王芳");
    let other = world.laptop("李雷");
    let details = world.body(kind::PERSON, "{}");
    let readers = [world.lead_reading.recipient()];
    let rng = &mut rng(5);
    let code = |signing: &SigningKey, readers: &[Recipient], details: &PlainBody, rng: &mut _| {
        ChainWriter::open(signing, &laptop.certificate, readers, details, rng).unwrap_err().code()
    };
    assert_eq!(code(&laptop.signing, &[], &details, rng), "journal-no-readers");
    assert_eq!(code(&other.signing, &readers, &details, rng), "journal-other-certificate");
    let many: Vec<Recipient> = (0..=MAX_READERS).map(|_| ReadingKey::generate(rng).recipient()).collect();
    assert_eq!(code(&laptop.signing, &many, &details, rng), "journal-too-long");
    assert!(ChainWriter::open(&laptop.signing, &laptop.certificate, &many[1..], &details, rng).is_ok());
    let long = PlainBody { content: vec![0; MAX_CONTENT + 1], ..details.clone() };
    assert_eq!(code(&laptop.signing, &readers, &long, rng), "journal-too-long");
    let parents = (0..=MAX_PARENTS).map(|i| EntryHash::from_bytes([u8::try_from(i % 251).unwrap(); 32]));
    let few = PlainBody { parents: parents.collect(), ..details.clone() };
    assert!(ChainWriter::open(&laptop.signing, &laptop.certificate, &readers, &few, rng).is_ok());

    let key = ContentKey::generate(rng);
    let mut full = ChainWriter::resume(
        world.project,
        ChainId::from_bytes([1; 16]),
        laptop.signing,
        key,
        Seq::LAST,
        EntryHash::NONE,
    );
    assert_eq!(full.seal(&details, rng).unwrap_err().code(), "journal-chain-full");
}

#[test]
fn the_largest_content_fits() {
    let mut world = World::new(23);
    let (_, mut writer, mut entries) = world.chain(1);
    let mut body = world.body(8, "");
    body.content = vec![b'x'; MAX_CONTENT];
    let parents = (0..MAX_PARENTS).map(|i| EntryHash::from_bytes(*blake3_like(i)));
    body.parents = parents.collect();
    body.parents.sort_unstable();
    let key = writer.content_key().clone();
    let entry = writer.seal(&body, &mut world.rng).unwrap();
    assert_eq!(SealedEntry::from_bytes(&entry.to_bytes()).unwrap(), entry);
    assert_eq!(open_body(&entry, &key).unwrap(), body);
    entries.push(entry);
    check(&world, entries, 2, &[]);
}

fn blake3_like(i: usize) -> Box<[u8; 32]> {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&i.to_be_bytes());
    Box::new(bytes)
}

#[test]
fn secrets_and_contents_do_not_print() {
    let mut world = World::new(24);
    let (laptop, writer, entries) = world.chain(1);
    let body = world.body(8, "妈妈在义乌打工");
    let key = FileKey::generate(&mut world.rng);
    let text = format!(
        "{body:?} {:?} {writer:?} {:?} {:?} {:?} {entries:?} {key:?}",
        writer.content_key(),
        laptop.signing,
        laptop.reading,
        laptop.details
    );
    let printed_nowhere = [
        "妈妈".to_owned(),
        "王芳".to_owned(),
        to_hex(&*writer.content_key().to_secret_bytes()),
        to_hex(&*laptop.signing.to_secret_bytes()),
        to_hex(&*laptop.reading.to_secret_bytes()),
        to_hex(&*key.to_secret_bytes()),
        format!("{:?}", body.content),
        format!("{:?}", *laptop.signing.to_secret_bytes()),
    ];
    for secret in printed_nowhere {
        assert!(!text.contains(&secret), "{text}");
    }
}
