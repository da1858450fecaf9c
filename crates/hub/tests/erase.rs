//! What the lead erases is in no file of the hub, and comes back by nobody.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod common;

use common::{files_below, team_on_hub};
use tianye_journal::ChunkId;
use tianye_sync::{HubCard, SyncError, protocol::Erased};

/// Whether some file below `folder` holds these bytes.
fn holds(folder: &std::path::Path, bytes: &[u8]) -> bool {
    files_below(folder).iter().any(|file| std::fs::read(file).unwrap().windows(bytes.len()).any(|part| part == bytes))
}

#[test]
fn bodies_and_chunks_go_and_do_not_come_back() {
    let data = tempfile::tempdir().unwrap();
    let (mut team, hub) = team_on_hub(data.path(), 61);
    let mut laptop = team.laptop();
    let entries = laptop.write(5);
    let files = laptop.write_file(1_500_000);
    laptop.sync(hub.card()).unwrap();
    let (gone, later) = (entries[2].hash(), entries[4].hash());
    let sealed = entries[2].body.clone().unwrap();
    let chunk = laptop.chunks[&files[0]].clone();
    assert!(holds(data.path(), &sealed[..64]) && holds(data.path(), &chunk.as_bytes()[..64]));

    let lead = team.lead(hub.card());
    let missing = ChunkId::from_bytes([9; 32]);
    let erased = lead.erase(&[gone, later], &[files[0], missing]).unwrap();
    assert_eq!(erased, Erased { bodies: 2, chunks: 1 });
    assert_eq!(lead.erase(&[gone], &[files[0]]).unwrap(), Erased::default(), "a second time there is nothing left");
    assert!(!holds(data.path(), &sealed[..64]) && !holds(data.path(), &chunk.as_bytes()[..64]));

    // The laptop that has not heard of it sends everything again.
    let client = laptop.client(hub.card());
    let pushed = client.push(&entries).unwrap();
    assert_eq!(pushed.receipts.len(), 3, "none for what the hub does not keep");
    client.put_chunk(&chunk).unwrap();
    assert_eq!(client.missing_chunks(&files).unwrap(), [], "it is not asked for");
    assert!(client.get_chunk(files[0]).unwrap().is_none());
    assert!(!holds(data.path(), &sealed[..64]) && !holds(data.path(), &chunk.as_bytes()[..64]));

    // Whoever comes new gets the whole chain, with the bodies that there are.
    let mut other = team.laptop();
    other.wanted.extend(&files);
    let report = other.sync(hub.card()).unwrap();
    assert_eq!((report.received, report.set_aside.len(), report.chunks_received, report.chunks_missing), (5, 0, 1, 1));
    let bodies: Vec<bool> = other.entries.values().map(|entry| entry.body.is_some()).collect();
    assert_eq!(bodies, [true, true, false, true, false]);
    laptop.write(2);
    assert_eq!(laptop.sync(hub.card()).unwrap().sent, 2, "the chain goes on");
}

#[test]
fn only_with_the_project_key() {
    let data = tempfile::tempdir().unwrap();
    let (mut team, hub) = team_on_hub(data.path(), 62);
    let mut laptop = team.laptop();
    let entries = laptop.write(1);
    laptop.sync(hub.card()).unwrap();
    let refused = |card: &HubCard| laptop.client(card).erase(&[entries[0].hash()], &[]).unwrap_err();
    let error: SyncError = refused(hub.card());
    assert_eq!(error.code(), "lead-only");
}
