//! An answer that turned out to be a disclosure: it is sealed anew as part of a report, and then erased from its interview.
//!
//! In this order: the report with the answer, its file sealed under a new key, and the note of what is to be erased are
//! durable in one step; only then the erasure is written. A laptop that dies in between erases when it is unlocked.

use std::io::Read;

use tianye_journal::{ChunkId, RecordId};
use tianye_survey::{Attachment, ErasureReason, Field, MovedAnswer, ReportAct, ReportPart, WrittenBy};
use zeroize::Zeroizing;

use super::kept::ToErase;
use crate::capturing::{open_part, seal_again};
use crate::conflicts::Question;
use crate::desk::Desk;
use crate::filling::record_id;
use crate::interview::page;
use crate::refusal::{Result, refuse};
use crate::view::{EraseAnswer, EraseInput, MoveInput, ReportView};

impl Desk {
    /// Moves answers of an interview, with their files, notes and earlier values, into a report. If the interview is open
    /// it is closed; every other answer stays.
    ///
    /// # Errors
    /// A report that this person does not read; `erase-nothing` for fields without answers; `erase-others` where somebody
    /// else wrote one of them, and this person may erase only what they wrote; the store's refusal.
    pub fn move_to_report(&mut self, input: &MoveInput, language: &str) -> Result<ReportView> {
        let report = self.readable(&input.report)?;
        let record = record_id(&input.record)?;
        if self.holders()?.is_empty() {
            return Err(refuse("holders-too-few", "expected somebody for whom it can be sealed, found no holder"));
        }
        self.leave_quietly()?;
        self.seal_draft(record)?;
        let erase = ToErase { record, fields: input.fields.clone() };
        self.may_move(&erase)?;
        let parts = self.moved_parts(report, &erase, language)?;
        if parts.is_empty() {
            return Err(refuse("erase-nothing", "expected answers that were written, found none"));
        }
        let chunks: Vec<ChunkId> = parts.iter().flat_map(chunks_of).collect();
        self.keep_reports(|kept, tx| {
            tx.name_chunks(&chunks)?;
            parts.into_iter().for_each(|part| kept.add(part));
            kept.to_erase.push(erase);
            Ok(())
        })?;
        self.erase_moved()?;
        self.report(report)
    }

    /// What a person answered in the open interview: what can be moved out of it.
    pub(super) fn movable_answers(&self) -> Vec<EraseAnswer> {
        let open = self.open.as_ref().filter(|_| self.trial.is_none());
        open.map(|open| open.all_given()).unwrap_or_default()
    }

    /// Erases what stands in a report by now.
    pub(crate) fn erase_moved(&mut self) -> Result<()> {
        if !self.store.can_sign() {
            return Ok(());
        }
        for one in self.kept_reports()?.to_erase {
            let input = EraseInput {
                record: one.record.to_string(),
                person: String::new(),
                fields: one.fields.clone(),
                why: ErasureReason::Misplaced.for_everybody().as_str().to_owned(),
                note: String::new(),
            };
            match self.erase_answers_of_own(&input) {
                // Somebody else erased it meanwhile.
                Err(why) if why.code == "erase-nothing" || why.code == "unknown-interview" => {}
                done => done?,
            }
            self.keep_reports(|kept, _| {
                kept.to_erase.retain(|other| other.record != one.record || other.fields != one.fields);
                Ok(())
            })?;
        }
        Ok(())
    }

    /// What was ever answered in these fields, each answer once, in the order in which it was written.
    fn moved_parts(&self, report: RecordId, of: &ToErase, language: &str) -> Result<Vec<ReportPart>> {
        let Some((state, session)) = self.read_in_form(of.record, language)? else { return Ok(Vec::new()) };
        let mut parts = Vec::new();
        for name in &of.fields {
            let field = Field::new(name.as_str());
            let Some(written) = state.fields.get(&field) else { continue };
            let shown = Question::of(&session, &field);
            let (number, label) = page::split_number(&shown.label);
            let mut before = Vec::new();
            for write in written.writes().iter().filter(|write| write.by != WrittenBy::Program) {
                let said = (write.answer.clone(), write.note.clone());
                if (write.answer.is_blank() && write.note.is_none()) || before.contains(&said) {
                    continue;
                }
                let file = write.file.as_ref().map(|file| self.sealed_again(file)).transpose()?;
                let answer = write.answer.value().map(|value| shown.display(value)).unwrap_or_default();
                let moved = MovedAnswer {
                    field: field.clone(),
                    question: format!("{number} {label}").trim().into(),
                    answer: answer.into(),
                    note: said.1.clone().unwrap_or_default(),
                    file,
                };
                parts.push(ReportPart { at: write.at, ..self.part(report, ReportAct::Moved(Box::new(moved))) });
                before.push(said);
            }
        }
        Ok(parts)
    }

    /// A file under a new key; its old chunks are dropped everywhere with the answer.
    fn sealed_again(&self, file: &Attachment) -> Result<Attachment> {
        let mut source = Parts { desk: self, file, at: 0, rest: Zeroizing::new(Vec::new()), failed: None };
        let sealed = seal_again(&self.store, &*self.world, &mut source, file);
        match source.failed.take() {
            Some(why) => Err(why),
            None => sealed,
        }
    }
}

fn chunks_of(part: &ReportPart) -> Vec<ChunkId> {
    match &part.act {
        ReportAct::Moved(moved) => moved.file.iter().flat_map(|file| &file.chunks).map(|chunk| chunk.id).collect(),
        _ => Vec::new(),
    }
}

/// A file as it is opened, part by part: never whole in memory.
struct Parts<'d> {
    desk: &'d Desk,
    file: &'d Attachment,
    at: u32,
    rest: Zeroizing<Vec<u8>>,
    failed: Option<crate::view::Refusal>,
}

impl Read for Parts<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        if self.rest.is_empty() && (self.at as usize) < self.file.chunks.len() {
            match open_part(&self.desk.store, self.file, self.at) {
                Ok(part) => (self.rest, self.at) = (part, self.at + 1),
                Err(why) => {
                    self.failed = Some(why);
                    return Err(std::io::ErrorKind::InvalidData.into());
                }
            }
        }
        let length = out.len().min(self.rest.len());
        out[..length].copy_from_slice(&self.rest[..length]);
        self.rest.drain(..length);
        Ok(length)
    }
}
