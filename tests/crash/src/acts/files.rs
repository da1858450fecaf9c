//! Acts with files: a recording, pictures, a report of harm with sound.

use tianye_journal::{ChunkId, FileKey, ReadingKey, SealedChunk, seal_file};
use tianye_store::{Op, Piece};

use super::open;
use crate::laptop::{Laptop, REPORTS};
use crate::stage::{Outcome, Stage};
use crate::world::{at, body, record};

pub(super) fn record_sound(stage: &mut Stage<'_>) -> Outcome {
    open(stage)?;
    let mut number = 0;
    stage.step("begin a recording", |laptop| {
        let begin = laptop.store().transact(Op::Draft, |tx| tx.start_recording(record(1), "/声", "{}", at(1)));
        begin.map(|id| number = id)
    })?;
    let mut pieces = Vec::new();
    for n in 0..4 {
        let piece = keep_piece(stage, "the recording", 6_000 + n * 2_111)?;
        stage.step(&format!("piece {}", n + 1), |laptop| {
            laptop.store().transact(Op::Chunk, |tx| tx.put_piece(number, &piece))
        })?;
        pieces.push(piece);
    }
    stage.step("lock", Laptop::lock)?;
    open(stage)?;
    let (_, whole) = sealed(stage, 30_000)?;
    keep_loose(stage, "the whole", &whole)?;
    stage.step("the recording becomes the answer", |laptop| {
        laptop.store().transact(Op::Answer, |tx| {
            tx.name_chunks(&ids(&whole))?;
            tx.put_answer(record(1), "/声", r#"{"v":"a.ogg"}"#, at(3))?;
            tx.drop_recording(number)
        })
    })?;
    sweep_pieces(stage, &pieces)?;
    stage.step("answer more", |laptop| {
        laptop.store().transact(Op::Answer, |tx| tx.put_answer(record(1), "/q", r#"{"v":1}"#, at(4)))
    })
}

pub(super) fn attach(stage: &mut Stage<'_>) -> Outcome {
    open(stage)?;
    for n in 1..=3_i64 {
        // The last is longer than one chunk.
        let (_, chunks) = sealed(stage, if n == 3 { (1 << 20) + 777 } else { 9_000 })?;
        keep_loose(stage, "a picture", &chunks)?;
        stage.step(&format!("name picture {n}"), |laptop| {
            laptop.store().transact(Op::Answer, |tx| {
                tx.name_chunks(&ids(&chunks))?;
                tx.put_answer(record(1), &format!("/图{}", n % 2), &format!(r#"{{"v":"{n}.jpg"}}"#), at(n))
            })
        })?;
    }
    let (_, loose) = sealed(stage, 5_000)?;
    keep_loose(stage, "a picture that nobody takes", &loose)?;
    stage.step("lock", Laptop::lock)?;
    open(stage)?;
    stage.step("sweep", |laptop| {
        laptop.chunks.remove(&loose[0].id());
        laptop.store().sweep_chunks().map(drop)
    })?;
    stage.step("keep a colleague's chunk", |laptop| {
        laptop.store().put_chunk(&loose[0])?;
        laptop.chunks.insert(loose[0].id());
        Ok(())
    })
}

/// Sound recorded for a report while nothing names its chunks; the laptop dies, and the report is made of what it had and sealed
/// in the restricted chain. What opens the pieces stands in a secret, as the desk keeps its box of reports.
pub(super) fn report(stage: &mut Stage<'_>) -> Outcome {
    let key = ReadingKey::generate(&mut stage.world.rng);
    open(stage)?;
    stage.step("begin a report", |laptop| {
        laptop.store().transact(Op::Keys, |tx| {
            tx.put_restricted_reading_key(&key)?;
            tx.put_secret(REPORTS, br#"{"recording":[]}"#)
        })
    })?;
    let mut pieces = Vec::new();
    for n in 0..3 {
        pieces.push(keep_piece(stage, "the report's sound", 7_000 + n * 1_733)?);
        let kept = format!(r#"{{"recording":{}}}"#, n + 1);
        stage.step(&format!("piece {}", n + 1), |laptop| {
            laptop.store().transact(Op::Keys, |tx| tx.put_secret(REPORTS, kept.as_bytes()))
        })?;
    }
    stage.step("lock", Laptop::lock)?;
    open(stage)?;
    let (_, whole) = sealed(stage, 20_000)?;
    keep_loose(stage, "the whole", &whole)?;
    stage.step("the sound becomes part of the report", |laptop| {
        laptop.store().transact(Op::Keys, |tx| {
            tx.name_chunks(&ids(&whole))?;
            tx.put_secret(REPORTS, br#"{"waiting":1}"#)
        })
    })?;
    sweep_pieces(stage, &pieces)?;
    let holder = stage.world.lead.recipient();
    stage.step("seal it for the holders", |laptop| {
        laptop.store().transact(Op::Seal, |tx| {
            let own = tx.own_chain()?.map(|own| tx.opening(own.chain)).transpose()?.flatten();
            let opening = own.as_ref().and_then(|entry| entry.header.opening()).expect("a draft's store has a chain");
            let readers = [holder, key.recipient()];
            tx.open_restricted_chain(&opening.certificate, &readers, &body(record(6), &[], "{}"))?;
            tx.append_restricted(&body(record(7), &[], r#"{"said":"…"}"#))?;
            tx.put_secret(REPORTS, br#"{"gone":1}"#)
        })
    })?;
    stage.step("add to it", |laptop| {
        laptop
            .store()
            .transact(Op::Seal, |tx| tx.append_restricted(&body(record(8), &[], r#"{"called":"1"}"#)).map(drop))
    })?;
    stage.step("lock", Laptop::lock)
}

/// A file, sealed.
pub(super) fn sealed(stage: &mut Stage<'_>, len: usize) -> Result<(FileKey, Vec<SealedChunk>), String> {
    let key = FileKey::generate(&mut stage.world.rng);
    let content: Vec<u8> = (0..len).map(|at| (at * 31 % 251) as u8).collect();
    let chunks = seal_file(&key, &content, &mut stage.world.rng).map_err(|error| error.to_string())?;
    Ok((key, chunks))
}

/// A piece of sound of one chunk, which is here and which nothing names.
fn keep_piece(stage: &mut Stage<'_>, what: &str, len: usize) -> Result<Piece, String> {
    let (key, chunks) = sealed(stage, len)?;
    keep_loose(stage, what, &chunks)?;
    Ok(Piece { chunk: chunks[0].id(), key: *key.to_secret_bytes(), len: u32::try_from(len).unwrap_or(0) })
}

/// Once the sweep has begun, the pieces are not promised any more.
fn sweep_pieces(stage: &mut Stage<'_>, pieces: &[Piece]) -> Outcome {
    stage.step("sweep the pieces", |laptop| {
        for piece in pieces {
            laptop.chunks.remove(&piece.chunk);
        }
        laptop.store().sweep_chunks_of(pieces).map(drop)
    })
}

pub(super) fn keep_loose(stage: &mut Stage<'_>, what: &str, chunks: &[SealedChunk]) -> Outcome {
    for chunk in chunks {
        stage.step(&format!("keep a chunk of {what}"), |laptop| {
            laptop.store().put_loose_chunk(chunk)?;
            laptop.chunks.insert(chunk.id());
            Ok(())
        })?;
    }
    Ok(())
}

pub(super) fn ids(chunks: &[SealedChunk]) -> Vec<ChunkId> {
    chunks.iter().map(SealedChunk::id).collect()
}
