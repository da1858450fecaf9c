//! Files on their way to an answer: what a crash leaves is swept, what an answer names is never.

#![allow(clippy::unwrap_used, reason = "helpers of tests may")]
#![allow(clippy::redundant_closure_for_method_calls, reason = "`View` has a lifetime that a path cannot name")]

mod common;

use common::{PASSPHRASE, World, at, draft, record};
use tianye_journal::{FileKey, SealedChunk, open_chunk, seal_chunk};
use tianye_store::{Op, Passphrase, Piece, Store, Unlock};

fn store() -> (tempfile::TempDir, World, Store) {
    let data = tempfile::tempdir().unwrap();
    let world = World::new(7);
    let store = world.bare_store(data.path());
    store.transact(Op::Draft, |tx| tx.start_draft(&draft(record(1)), at(0))).unwrap();
    (data, world, store)
}

fn sealed(world: &mut World, bytes: &[u8]) -> (FileKey, SealedChunk) {
    let key = FileKey::generate(&mut world.rng);
    let chunk = seal_chunk(&key, 0, 1, bytes, &mut world.rng).unwrap();
    (key, chunk)
}

/// Adds a piece as the desk does: the chunk first, then the step that names it.
fn add(store: &Store, world: &mut World, recording: i64, bytes: &[u8]) -> SealedChunk {
    let (key, chunk) = sealed(world, bytes);
    store.put_loose_chunk(&chunk).unwrap();
    let len = u32::try_from(bytes.len()).unwrap();
    let piece = Piece { chunk: chunk.id(), key: *key.to_secret_bytes(), len };
    store.transact(Op::Chunk, |tx| tx.put_piece(recording, &piece)).unwrap();
    chunk
}

fn heard(store: &Store, recording: i64) -> Vec<u8> {
    let recording = store.read(|view| view.recording(recording)).unwrap().unwrap();
    let open = |piece: &Piece| {
        let chunk = store.chunk(&piece.chunk).unwrap().unwrap();
        open_chunk(&FileKey::from_secret_bytes(&piece.key), 0, 1, &chunk).unwrap().to_vec()
    };
    recording.pieces.iter().flat_map(open).collect()
}

#[test]
fn what_was_recorded_before_a_crash_is_there_after_it() {
    let (_data, mut world, store) = store();
    let id = store.transact(Op::Draft, |tx| tx.start_recording(record(1), "/voice", "{}", at(5))).unwrap();
    add(&store, &mut world, id, b"one ");
    add(&store, &mut world, id, b"two ");
    // Cut off between the chunk and the step that names it.
    let (_, lost) = sealed(&mut world, b"three");
    store.put_loose_chunk(&lost).unwrap();
    let dir = store.dir().to_owned();
    drop(store);

    let store = Store::unlock(&dir, Unlock::Passphrase(&Passphrase::new(PASSPHRASE)), 7).unwrap();
    assert_eq!(store.sweep_chunks().unwrap(), 1);
    assert!(!store.has_chunk(&lost.id()), "a chunk that nothing names is swept");
    let found = store.read(|view| view.recordings(record(1))).unwrap();
    assert_eq!(found.iter().map(|one| (one.id, one.path.as_str(), one.len())).collect::<Vec<_>>(), [(id, "/voice", 8)]);
    assert_eq!(heard(&store, id), b"one two ");
    assert_eq!(store.sweep_chunks().unwrap(), 0, "sweeping again takes nothing");
    assert_eq!(heard(&store, id), b"one two ");
}

#[test]
fn a_chunk_that_was_swept_meanwhile_cannot_be_named() {
    let (_data, mut world, store) = store();
    let (_, chunk) = sealed(&mut world, b"photograph");
    store.put_loose_chunk(&chunk).unwrap();
    store.sweep_chunks().unwrap();
    let name = |tx: &mut tianye_store::Tx<'_>| {
        tx.put_answer(record(1), "/photo", r#"{"v":"a.jpg"}"#, at(1))?;
        tx.name_chunks([&chunk.id()])
    };
    assert_eq!(store.transact(Op::Answer, name).unwrap_err().code(), "not-found");
    assert!(store.read(|view| view.answers(record(1))).unwrap().is_empty(), "nor is the answer kept");
    store.put_loose_chunk(&chunk).unwrap();
    store.transact(Op::Answer, name).unwrap();
    assert_eq!((store.sweep_chunks().unwrap(), store.has_chunk(&chunk.id())), (0, true));
}

#[test]
fn pieces_go_when_the_recording_is_an_answer_or_its_draft_goes() {
    let (_data, mut world, store) = store();
    let id = store.transact(Op::Draft, |tx| tx.start_recording(record(1), "/voice", "{}", at(5))).unwrap();
    let piece = add(&store, &mut world, id, b"one ");
    let (_, whole) = sealed(&mut world, b"one ");
    store.put_loose_chunk(&whole).unwrap();
    let unfinished = || store.read(|view| view.unfinished_chunks()).unwrap();
    assert_eq!(unfinished(), [piece.id(), whole.id()].into());
    store
        .transact(Op::Answer, |tx| {
            tx.put_answer(record(1), "/voice", r#"{"v":"a.webm"}"#, at(6))?;
            tx.name_chunks([&whole.id()])?;
            tx.drop_recording(id)
        })
        .unwrap();
    assert_eq!(unfinished(), [piece.id()].into());
    assert_eq!(store.sweep_chunks_of(&[]).unwrap(), 0, "others may be on their way to an answer");
    let ended = Piece { chunk: piece.id(), key: [0; 32], len: 4 };
    assert_eq!(store.sweep_chunks_of(&[ended]).unwrap(), 1);
    assert_eq!((store.has_chunk(&piece.id()), store.has_chunk(&whole.id())), (false, true));

    let id = store.transact(Op::Draft, |tx| tx.start_recording(record(1), "/voice", "{}", at(7))).unwrap();
    let piece = add(&store, &mut world, id, b"two ");
    store.transact(Op::Draft, |tx| tx.drop_draft(record(1), true)).unwrap();
    assert_eq!(store.read(|view| view.recording(id)).unwrap(), None);
    store.sweep_chunks().unwrap();
    assert!(!store.has_chunk(&piece.id()));
}

#[test]
fn what_is_not_there_is_refused() {
    let (_data, mut world, store) = store();
    let start = |n| store.transact(Op::Draft, |tx| tx.start_recording(record(n), "/voice", "{}", at(5)));
    assert_eq!(start(2).unwrap_err().code(), "not-found");
    let (key, chunk) = sealed(&mut world, b"x");
    let piece = Piece { chunk: chunk.id(), key: *key.to_secret_bytes(), len: 1 };
    let id = start(1).unwrap();
    for recording in [id, id + 1] {
        let put = store.transact(Op::Chunk, |tx| tx.put_piece(recording, &piece));
        assert_eq!(put.unwrap_err().code(), "not-found", "neither a chunk that was not kept nor an unknown recording");
    }
    store.transact(Op::Draft, |tx| tx.drop_recording(id + 1)).unwrap();
}
