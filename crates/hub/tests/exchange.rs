//! Whole syncs of laptops against a real hub: repeated, cut, out of order, concurrent, forked, damaged.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod common;

use std::sync::atomic::Ordering;

use common::{
    MARKER,
    laptop::Laptop,
    line::{Cut, Line},
    start_with, team_on_hub,
};
use tianye_hub::Limits;
use tianye_journal::{EntryHash, SealedEntry};
use tianye_sync::{Cancel, HubCard, Step, SyncError, sync};

#[track_caller]
fn same_everywhere(laptops: &[&Laptop], card: &HubCard) {
    let hub = laptops[0].client(card).frontier().unwrap();
    for laptop in laptops {
        assert_eq!(*laptop.heads(), hub);
    }
}

#[test]
fn two_laptops_and_a_lead_end_up_equal() {
    let data = tempfile::tempdir().unwrap();
    let (mut team, hub) = team_on_hub(data.path(), 1);
    let (mut wuyi, mut wenling, mut lead) = (team.laptop(), team.laptop(), team.laptop());
    wuyi.write(700);
    wenling.write(30);
    lead.write(3);
    let files = wuyi.write_file(2_500_000);
    lead.wanted.extend(&files);

    let report = wuyi.sync(hub.card()).unwrap();
    assert_eq!((report.sent, report.receipts, report.chunks_sent), (700, 700, 3));
    wenling.sync(hub.card()).unwrap();
    let report = lead.sync(hub.card()).unwrap();
    assert_eq!((report.sent, report.received, report.chunks_received), (3, 730, 3));
    wuyi.sync(hub.card()).unwrap();
    wenling.sync(hub.card()).unwrap();
    same_everywhere(&[&wuyi, &wenling, &lead], hub.card());
    assert_eq!(lead.chunks, wuyi.chunks);
    // Each has the hub's receipt for everything, whoever sent it, and they are the same bytes.
    assert_eq!(lead.receipts, wuyi.receipts);
    assert_eq!(lead.receipts.len(), 733);

    let again = wuyi.sync(hub.card()).unwrap();
    assert_eq!(again, tianye_sync::Report::default(), "nothing is left to do");
    let status = team.lead(hub.card()).status().unwrap();
    assert_eq!((status.entries, status.chains, status.chunks, status.devices.len()), (733, 3, 3, 3));
}

#[test]
fn sending_twice_gives_the_same_receipt() {
    let data = tempfile::tempdir().unwrap();
    let (mut team, hub) = team_on_hub(data.path(), 2);
    let mut laptop = team.laptop();
    let entries = laptop.write(20);
    let client = laptop.client(hub.card());
    let first = client.push(&entries).unwrap();
    let second = client.push(&entries).unwrap();
    assert_eq!(first.receipts.len(), 20);
    assert_eq!(first.receipts, second.receipts);
    assert_eq!(client.receipts(&[entries[3].hash()]).unwrap(), [first.receipts[3]]);
    assert_eq!(team.lead(hub.card()).status().unwrap().entries, 20);
}

#[test]
fn concurrent_repeats_give_the_same_receipts() {
    let data = tempfile::tempdir().unwrap();
    let (mut team, hub) = team_on_hub(data.path(), 3);
    let mut laptop = team.laptop();
    let entries = laptop.write(60);
    let chunk = laptop.write_file(100_000)[0];
    let gate = std::sync::Barrier::new(8);
    let answers: Vec<_> = std::thread::scope(|scope| {
        let send = || {
            let client = laptop.client(hub.card());
            client.frontier().unwrap();
            gate.wait();
            let mut receipts = Vec::new();
            for group in entries.chunks(7) {
                receipts.extend(client.push(group).unwrap().receipts);
            }
            client.put_chunk(&laptop.chunks[&chunk]).unwrap();
            receipts
        };
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(send)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(answers[0].len(), 60);
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    let status = team.lead(hub.card()).status().unwrap();
    assert_eq!(
        (status.entries, status.chunks, status.chunk_bytes),
        (60, 1, laptop.chunks[&chunk].as_bytes().len() as u64)
    );
    let device = &status.devices[0];
    assert_eq!(device.bytes, status.entry_bytes + status.chunk_bytes, "nothing is charged twice");
    same_everywhere(&[&laptop], hub.card());
}

#[test]
fn entries_out_of_order_enter_once_they_can() {
    let data = tempfile::tempdir().unwrap();
    let (mut team, hub) = team_on_hub(data.path(), 4);
    let mut laptop = team.laptop();
    let entries = laptop.write(10);
    let client = laptop.client(hub.card());
    let early = client.push(&entries[5..]).unwrap();
    assert!(early.receipts.is_empty());
    assert!(early.set_aside.iter().all(|aside| aside.code == "journal-gap" || aside.code == "journal-behind"));
    assert_eq!(early.set_aside.len(), 5);
    // Within one batch the order does not matter.
    let mut shuffled = entries.clone();
    shuffled.reverse();
    assert_eq!(client.push(&shuffled).unwrap().receipts.len(), 10);
    same_everywhere(&[&laptop], hub.card());
}

#[test]
fn a_line_that_breaks_in_the_middle_costs_nothing() {
    let data = tempfile::tempdir().unwrap();
    let (mut team, hub) = team_on_hub(data.path(), 5);
    let mut laptop = team.laptop();
    laptop.write(400);
    laptop.write_file(1_500_000);
    // Cuts in the handshake, in sign-in, within entries, within chunks, and within answers; then the line holds.
    let up = [100, 1_500, 4_000, 20_000, 60_000, 130_000, 200_000, 600_000].map(Cut::Up);
    let down = [300, 1_200, 2_500, 5_000, 9_000, 14_000, 20_000].map(Cut::Down);
    let cuts: Vec<Cut> = down.into_iter().chain(up).collect();
    let line = Line::new(hub.address(), cuts.clone());
    let card = HubCard { address: line.url(), ..hub.card().clone() };
    let mut attempts = 0;
    loop {
        attempts += 1;
        assert!(attempts < 40, "it must come to an end");
        match laptop.sync(&card) {
            Ok(_) => break,
            Err(error) => assert_eq!(error.code(), "hub-unreachable", "{error:?}"),
        }
    }
    assert_eq!(line.cuts.load(Ordering::SeqCst), cuts.len(), "every cut was met");
    assert!(attempts > 1);
    same_everywhere(&[&laptop], hub.card());
    assert_eq!(laptop.receipts.len(), 400);
    let status = team.lead(hub.card()).status().unwrap();
    assert_eq!((status.entries, status.chunks), (400, 2));
    assert_eq!(std::fs::read_dir(data.path().join("incoming")).unwrap().count(), 0, "no half chunk is left");

    let mut other = team.laptop();
    other.wanted = laptop.chunks.keys().copied().collect();
    other.sync(hub.card()).unwrap();
    assert_eq!((other.heads(), &other.chunks), (laptop.heads(), &laptop.chunks));
}

#[test]
fn a_restart_of_the_hub_between_is_not_noticed() {
    let data = tempfile::tempdir().unwrap();
    let (mut team, hub) = team_on_hub(data.path(), 6);
    let address = hub.address();
    let mut laptop = team.laptop();
    let entries = laptop.write(50);
    let client = laptop.client(hub.card());
    let first = client.push(&entries).unwrap();
    let card = hub.card().clone();
    hub.stop().unwrap();
    assert_eq!(client.frontier().unwrap_err().code(), "hub-unreachable");
    let hub = start_with(data.path(), address, Limits::default());
    assert_eq!(*hub.card(), card, "keys and admin word stay");
    // The same client: its token is unknown now, so it signs in again by itself.
    assert_eq!(client.push(&entries).unwrap().receipts, first.receipts);
    laptop.write(5);
    assert_eq!(sync(&mut laptop, &client, &Cancel::default(), &mut |_| {}).unwrap().sent, 5);
    same_everywhere(&[&laptop], &card);
}

#[test]
fn a_flipped_byte_sets_that_tail_aside_and_nothing_else() {
    let data = tempfile::tempdir().unwrap();
    let (mut team, hub) = team_on_hub(data.path(), 7);
    let (mut good, mut bad) = (team.laptop(), team.laptop());
    good.write(12);
    let entries = bad.write(12);
    let mut carrier = team.laptop();
    carrier.take(good.entries.values().cloned().collect());
    carrier.take(entries.clone());
    let mut flipped = entries[6].clone();
    flipped.body.as_mut().unwrap()[40] ^= 1;
    carrier.smuggle(flipped);
    let report = carrier.sync(hub.card()).unwrap();
    assert_eq!(report.sent, 12 + 6);
    let places: Vec<_> = report.refused.iter().map(|aside| (aside.place.unwrap().seq, aside.code.as_str())).collect();
    assert_eq!(places[0], (7, "journal-body-damaged"));
    assert_eq!(places[1..], [8, 9, 10, 11, 12].map(|seq| (seq, "journal-behind")));
    // The honest owner's copy goes through.
    assert_eq!(bad.sync(hub.card()).unwrap().sent, 6);
    good.sync(hub.card()).unwrap();
    same_everywhere(&[&good, &bad], hub.card());
}

#[test]
fn every_flipped_byte_of_an_entry_is_refused() {
    let data = tempfile::tempdir().unwrap();
    let (mut team, hub) = team_on_hub(data.path(), 8);
    let mut laptop = team.laptop();
    let entries = laptop.write(2);
    let client = laptop.client(hub.card());
    client.push(&entries[..1]).unwrap();
    let bytes = entries[1].to_bytes();
    let mut tried = 0;
    let mut damaged: Vec<SealedEntry> = Vec::new();
    for at in 0..bytes.len() {
        let mut copy = bytes.clone();
        copy[at] ^= 1;
        // What cannot even be read as an entry never leaves a laptop.
        if let Ok(entry) = SealedEntry::from_bytes(&copy) {
            damaged.push(entry);
        }
    }
    for group in damaged.chunks(400) {
        let pushed = client.push(group).unwrap();
        assert_eq!((pushed.receipts.len(), pushed.set_aside.len()), (0, group.len()));
        tried += group.len();
    }
    assert!(tried > 300, "{tried}");
    assert_eq!(team.lead(hub.card()).status().unwrap().entries, 1);
    assert_eq!(client.push(&entries).unwrap().receipts.len(), 2);
}

#[test]
fn a_fork_is_kept_and_reaches_everyone() {
    let data = tempfile::tempdir().unwrap();
    let (mut team, hub) = team_on_hub(data.path(), 9);
    let mut first = team.laptop();
    first.write(150);
    // A cloned disk: same key, same chain, written on by both.
    let mut clone =
        Laptop::new(team.trust(), first.signing.clone(), first.certificate.clone(), team.reading.recipient(), 99);
    clone.take(first.entries.values().cloned().collect());
    clone.writer = first.writer.clone();
    first.write(140);
    clone.write(120);
    first.sync(hub.card()).unwrap();
    let report = clone.sync(hub.card()).unwrap();
    assert!(report.forks > 0, "the alarm is raised");
    first.sync(hub.card()).unwrap();
    let mut third = team.laptop();
    third.sync(hub.card()).unwrap();
    same_everywhere(&[&first, &clone, &third], hub.card());
    assert_eq!(third.entries.len(), 150 + 140 + 120);
    assert_eq!(third.heads().iter().count(), 2);
    assert_eq!(clone.receipts.len(), 150 + 140 + 120);
}

#[test]
fn cancelling_keeps_what_was_sent() {
    let data = tempfile::tempdir().unwrap();
    let (mut team, hub) = team_on_hub(data.path(), 10);
    let mut laptop = team.laptop();
    laptop.write(300);
    let client = laptop.client(hub.card());
    let cancel = Cancel::default();
    let mut steps = Vec::new();
    let stopped = sync(&mut laptop, &client, &cancel, &mut |progress| {
        steps.push(progress.step);
        if progress.step == Step::PushEntries && progress.done > 0 {
            cancel.cancel();
        }
    });
    assert!(matches!(stopped, Err(SyncError::Cancelled)));
    assert_eq!(steps[0], Step::Negotiate);
    let sent = laptop.receipts.len();
    assert!(sent > 0 && sent < 300, "{sent}");
    assert_eq!(laptop.sync(hub.card()).unwrap().sent, 300 - sent);
}

#[test]
fn the_stop_button_ends_the_waiting_for_somebody_who_never_answers() {
    let data = tempfile::tempdir().unwrap();
    let (mut team, hub) = team_on_hub(data.path(), 16);
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let card = HubCard { address: format!("https://{}", silent.local_addr().unwrap()), ..hub.card().clone() };
    let client = team.laptop().client(&card);
    let cancel = Cancel::default();
    client.stop_with(&cancel);
    let pressed = std::thread::spawn(move || {
        let line = silent.accept().unwrap();
        cancel.cancel();
        line
    });
    assert_eq!(client.hello().unwrap_err().code(), "cancelled");
    drop(pressed.join().unwrap());
}

#[test]
fn lost_receipts_are_fetched_again() {
    let data = tempfile::tempdir().unwrap();
    let (mut team, hub) = team_on_hub(data.path(), 11);
    let mut laptop = team.laptop();
    laptop.write(25);
    laptop.sync(hub.card()).unwrap();
    let receipts = std::mem::take(&mut laptop.receipts);
    let report = laptop.sync(hub.card()).unwrap();
    assert_eq!((report.sent, report.receipts), (0, 25));
    assert_eq!(laptop.receipts, receipts);
    let unknown = EntryHash::from_bytes([9; 32]);
    assert!(laptop.client(hub.card()).receipts(&[unknown]).unwrap().is_empty());
}

#[test]
fn a_body_that_comes_later_is_kept_and_only_then_receipted() {
    let data = tempfile::tempdir().unwrap();
    let (mut team, hub) = team_on_hub(data.path(), 12);
    let mut laptop = team.laptop();
    let entries = laptop.write(3);
    let client = laptop.client(hub.card());
    let bare: Vec<SealedEntry> = entries.iter().map(SealedEntry::without_body).collect();
    let pushed = client.push(&bare).unwrap();
    assert!(pushed.receipts.is_empty() && pushed.set_aside.is_empty());
    assert_eq!(client.push(&entries).unwrap().receipts.len(), 3);
    assert_eq!(client.push(&bare).unwrap().receipts.len(), 3, "the hub has the bodies now");
    let mut other = team.laptop();
    other.sync(hub.card()).unwrap();
    assert!(other.entries.values().all(|entry| entry.body.is_some()));
}

#[test]
fn the_hub_folder_shows_nothing_that_people_wrote() {
    let data = tempfile::tempdir().unwrap();
    let (mut team, hub) = team_on_hub(data.path(), 13);
    let mut laptop = team.laptop();
    laptop.write(40);
    laptop.write_file(300_000);
    laptop.sync(hub.card()).unwrap();
    let check = || {
        let files = common::files_below(data.path());
        assert!(files.len() > 6, "{files:?}");
        for path in files {
            let bytes = std::fs::read(&path).unwrap();
            for needle in [MARKER.as_bytes(), b"planted-marker", b"interviewer"] {
                let found = bytes.windows(needle.len()).any(|window| window == needle);
                assert!(!found, "{} shows what was written", path.display());
            }
        }
    };
    check();
    hub.stop().unwrap();
    check();
    // The search can find something: the certificate's key stands in clear.
    let database = std::fs::read(data.path().join("hub.db")).unwrap();
    let key = laptop.signing.public();
    assert!(database.windows(32).any(|window| window == key.as_bytes()));
}
