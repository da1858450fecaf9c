//! Sound recorded for a report: what a child tells, so that it need not be told twice.
//!
//! It comes in piece by piece, each sealed and on the disk before the next. What opens the pieces stands in the box of
//! reports ([`super::kept`]), not beside the recordings of interviews, whose keys recovery reads. While it runs nothing names
//! its chunks, so none of them travels. A laptop that dies in between makes the report of what it had when it is unlocked:
//! nobody has to be asked for it then.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tianye_journal::{ChunkId, RecordId};
use tianye_store::{Piece, Store};
use tianye_survey::{At, Attachment, ChunkRef, Disclosure, RecordedSound, ReportAct, ReportPart, Secret};

use crate::capturing::{open_sealed, piece_bytes, seal_piece, seal_pieces, too_large};
use crate::desk::Desk;
use crate::refusal::{Result, refuse};
use crate::view::{ReportInput, ReportView};
use crate::world::{self, World};

/// Most pieces: an hour of two seconds each.
const MOST_PIECES: usize = 1_800;
/// Most bytes.
const MOST_BYTES: u64 = 256 << 20;

/// A recording that runs, or that was cut off.
#[derive(Serialize, Deserialize)]
pub(crate) struct Running {
    /// Its number.
    id: u32,
    /// The report that it is for.
    report: RecordId,
    /// How that report begins, where it is not there yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    begins: Option<Box<Disclosure>>,
    at: At,
    #[serde(default)]
    pieces: Vec<ChunkRef>,
}

/// Seals what was recorded for a report. It holds no lock on the desk, so the desk stays usable meanwhile.
pub struct ReportSealer {
    store: Arc<Store>,
    world: Arc<dyn World>,
    recording: u32,
    pieces: Vec<ChunkRef>,
}

/// Sound that is sealed and that no report names yet.
pub struct ReportSound {
    recording: u32,
    file: Attachment,
}

impl std::fmt::Debug for ReportSealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ReportSealer(…)")
    }
}

impl std::fmt::Debug for ReportSound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ReportSound(…)")
    }
}

impl Desk {
    /// Begins to record for a report that this person may add to, or for one that begins with it; its number. What `input` says
    /// begins the report if the laptop dies meanwhile.
    ///
    /// # Errors
    /// A report that this person does not read; `too-long`; the store's refusal.
    pub fn start_report_recording(&mut self, report: &str, input: &ReportInput, language: &str) -> Result<u32> {
        // One that was left behind is kept first.
        self.keep_cut_off()?;
        let (report, begins) = match report {
            "" => (self.new_record(), Some(Box::new(self.disclosure(input, language)?))),
            report => (self.readable(report)?, None),
        };
        let id = (world::random_u128(&*self.world) >> 96) as u32;
        let running = Running { id, report, begins, at: self.at(), pieces: Vec::new() };
        self.keep_reports(|kept, _| {
            kept.recording = Some(running);
            Ok(())
        })?;
        Ok(id)
    }

    /// Keeps the next piece; durable when this returns.
    ///
    /// # Errors
    /// `recording-gone`; `attachment-too-large` when there is no room for more of it; the store's refusal.
    pub fn put_report_piece(&mut self, recording: u32, base64: &str) -> Result<()> {
        let bytes = piece_bytes(base64)?;
        if bytes.is_empty() {
            return Ok(());
        }
        let running = self.running(recording)?;
        let length: u64 = running.pieces.iter().map(|piece| u64::from(piece.len)).sum();
        if running.pieces.len() >= MOST_PIECES || length + bytes.len() as u64 > MOST_BYTES {
            return Err(too_large(MOST_BYTES));
        }
        let piece = seal_piece(&self.store, &*self.world, &bytes)?;
        let kept = self.keep_reports(|kept, _| {
            if let Some(running) = &mut kept.recording {
                running.pieces.push(ChunkRef { id: piece.chunk, key: Secret(piece.key), len: piece.len });
            }
            Ok(())
        });
        kept.map_err(|why| if why.code == "reports-full" { too_large(MOST_BYTES) } else { why })
    }

    /// What seals a recording that was ended.
    ///
    /// # Errors
    /// `recording-gone`; the store's refusal.
    pub fn report_sealer(&self, recording: u32) -> Result<ReportSealer> {
        let pieces = self.running(recording)?.pieces;
        Ok(ReportSealer { store: self.store.clone(), world: self.world.clone(), recording, pieces })
    }

    /// Makes a recording part of its report, which begins with what `input` says if it is not there yet.
    ///
    /// # Errors
    /// `recording-gone`; `too-long`; the store's refusal.
    pub fn keep_report_sound(&mut self, sound: ReportSound, input: &ReportInput, language: &str) -> Result<ReportView> {
        let running = self.running(sound.recording)?;
        let begins = running.begins.as_ref().map(|_| self.disclosure(input, language)).transpose()?;
        let report = running.report;
        self.keep_sound(running, begins, sound.file)?;
        self.report(report)
    }

    /// Throws a recording away that is not wanted after all.
    ///
    /// # Errors
    /// The store's refusal. One that is not here is no error.
    pub fn drop_report_recording(&mut self, recording: u32) -> Result<()> {
        let Ok(running) = self.running(recording) else { return Ok(()) };
        self.keep_reports(|kept, _| {
            kept.recording = None;
            Ok(())
        })?;
        self.store.sweep_chunks_of(&as_pieces(&running.pieces))?;
        Ok(())
    }

    /// Makes a report of a recording that was cut off: of what can be opened of it.
    pub(crate) fn keep_cut_off(&self) -> Result<()> {
        if !self.store.can_sign() {
            return Ok(());
        }
        let Some(mut running) = self.kept_reports()?.recording else { return Ok(()) };
        let whole = |piece: &Piece| open_sealed(&self.store, piece).is_ok();
        let whole = as_pieces(&running.pieces).iter().take_while(|piece| whole(piece)).count();
        let all = running.pieces.clone();
        running.pieces.truncate(whole);
        match seal_pieces(&self.store, &self.world, as_pieces(&running.pieces)) {
            Ok(file) => {
                let begins = running.begins.take().map(|begins| *begins);
                self.keep_sound(running, begins, file)?;
            }
            // Nothing came before it was cut off.
            Err(why) if why.code == "attachment-empty" || why.code == "attachment-no-sound" => {
                self.keep_reports(|kept, _| {
                    if let Some(begins) = running.begins.take().filter(|begins| says_something(begins)) {
                        let act = ReportAct::Begun(begins);
                        kept.add(ReportPart { id: self.new_record(), report: running.report, at: running.at, act });
                    }
                    kept.recording = None;
                    Ok(())
                })?;
            }
            Err(why) => return Err(why),
        }
        self.store.sweep_chunks_of(&as_pieces(&all))?;
        Ok(())
    }

    fn keep_sound(&self, running: Running, begins: Option<Disclosure>, file: Attachment) -> Result<()> {
        let Running { report, at, pieces, .. } = running;
        let chunks: Vec<ChunkId> = file.chunks.iter().map(|chunk| chunk.id).collect();
        let begun = begins.map(|begins| ReportAct::Begun(Box::new(begins)));
        let acts = begun.into_iter().chain([ReportAct::Recorded(Box::new(RecordedSound { file }))]);
        let parts: Vec<ReportPart> = acts.map(|act| ReportPart { at, ..self.part(report, act) }).collect();
        self.keep_reports(|kept, tx| {
            tx.name_chunks(&chunks)?;
            parts.into_iter().for_each(|part| kept.add(part));
            kept.recording = None;
            Ok(())
        })?;
        self.store.sweep_chunks_of(&as_pieces(&pieces))?;
        Ok(())
    }

    fn running(&self, recording: u32) -> Result<Running> {
        let found = self.kept_reports()?.recording.filter(|running| running.id == recording);
        found.ok_or_else(|| refuse("recording-gone", "expected a recording for a report, found none"))
    }
}

impl ReportSealer {
    /// Seals it, as FLAC where it came in plain samples.
    ///
    /// # Errors
    /// `attachment-empty`, `attachment-no-sound`, `attachment-damaged`; the store's refusal.
    pub fn seal(self) -> Result<ReportSound> {
        let file = seal_pieces(&self.store, &self.world, as_pieces(&self.pieces))?;
        Ok(ReportSound { recording: self.recording, file })
    }
}

fn says_something(disclosure: &Disclosure) -> bool {
    [&disclosure.words, &disclosure.seen].iter().any(|text| !text.is_empty())
}

fn as_pieces(refs: &[ChunkRef]) -> Vec<Piece> {
    refs.iter().map(|one| Piece { chunk: one.id, key: one.key.0, len: one.len }).collect()
}
