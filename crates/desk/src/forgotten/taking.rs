//! Taking over what stood in another laptop's drafts alone: it becomes drafts of the lead, who signs what is sealed of them.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use tianye_journal::{ChunkId, RecordId, SealedChunk, WallClock, open_stream};
use tianye_store::{NewDraft, Op, Tx};
use tianye_survey::AUDIT;

use super::{ENDING, Left, LeftDraft, LeftField, name_of, pieces_of};
use crate::desk::Desk;
use crate::interview::page::small;
use crate::papers;
use crate::refusal::{Result, refuse};
use crate::view::{DraftsFound, DraftsTaken, Refusal};

/// The setting that names the drafts which were taken over: what was sealed of them must not come once more.
const TAKEN: &str = "drafts-taken";
/// Longest head of a file, in bytes: answers, no files.
const LONGEST_HEAD: usize = 256 << 20;

/// The files with drafts in a folder, by name.
///
/// # Errors
/// `file-failed` if the folder cannot be read.
pub fn drafts_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let failed = |why: io::Error| refuse("file-failed", format!("cannot read {}: {why}", folder.display()));
    let mut files = Vec::new();
    for item in fs::read_dir(folder).map_err(failed)? {
        let path = item.map_err(failed)?.path();
        if holds_drafts(&path) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Whether a file is named as one with drafts.
#[must_use]
pub fn holds_drafts(file: &Path) -> bool {
    file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(ENDING)) && file.is_file()
}

impl Desk {
    /// Takes over the drafts that a file of [`super::Forgotten::bring_out`] holds, as drafts of the lead at the desk. `remark` makes
    /// a remark of whose a draft was, from their name and their laptop's. A draft that was taken over before stays out, also one of
    /// an interview that was erased, that the lead is filling in, or whose sealed part has not come yet.
    ///
    /// # Errors
    /// `no-right` for another role; `drafts-unusable` for a file that is damaged, of another project, or not for this lead; the
    /// store's refusal.
    pub fn take_drafts(&mut self, file: &Path, remark: &dyn Fn(&str, &str) -> String) -> Result<DraftsTaken> {
        self.must_lead()?;
        self.leave_quietly()?;
        let mut stream = self.open_drafts(file)?;
        let left = self.read_head(&mut stream)?;
        let mut taken: BTreeSet<String> = papers::setting(&self.store, TAKEN)?.unwrap_or_default();
        let drafts = self.to_take(&left, &taken)?;
        let wanted: BTreeSet<ChunkId> = pieces_of(drafts.iter().copied()).map(|piece| piece.chunk).collect();
        let mut here = BTreeSet::new();
        // To its end even where nothing is wanted: only then is it whole.
        while let Some(bytes) = read_frame(&mut stream, tianye_journal::MAX_CHUNK)? {
            let chunk = SealedChunk::from_bytes(bytes).map_err(|_| unusable("a part of a recording is damaged"))?;
            if wanted.contains(&chunk.id()) {
                self.store.put_loose_chunk(&chunk)?;
                here.insert(chunk.id());
            }
        }
        let remark = remark(&left.person, &left.device);
        taken.extend(drafts.iter().map(|draft| mark(&left, draft)));
        self.store.transact(Op::Draft, |tx| {
            drafts.iter().try_for_each(|draft| put(tx, draft, &here, &remark))?;
            papers::put(tx, TAKEN, &taken)
        })?;
        Ok(DraftsTaken {
            file: name_of(file),
            person: left.person.clone(),
            device: left.device.clone(),
            taken: drafts.iter().map(|draft| draft.record.to_string()).collect(),
            left_out: small(left.drafts.len() - drafts.len()),
        })
    }

    /// What a file with drafts holds, without taking any over.
    ///
    /// # Errors
    /// As [`Self::take_drafts`]; only the beginning of the file is read.
    pub fn look_at_drafts(&self, file: &Path) -> Result<DraftsFound> {
        self.must_lead()?;
        let left = self.read_head(&mut self.open_drafts(file)?)?;
        let taken: BTreeSet<String> = papers::setting(&self.store, TAKEN)?.unwrap_or_default();
        let drafts = self.to_take(&left, &taken)?.len();
        Ok(DraftsFound {
            file: name_of(file),
            drafts: small(drafts),
            left_out: small(left.drafts.len() - drafts),
            person: left.person,
            device: left.device,
        })
    }

    fn read_head(&self, stream: &mut impl Read) -> Result<Left> {
        let head = read_frame(stream, LONGEST_HEAD)?.ok_or_else(|| unusable("it ends before it begins"))?;
        let left: Left = serde_json::from_slice(&head).map_err(|_| unusable("its head is not what it should be"))?;
        match left.project == self.who.project {
            true => Ok(left),
            false => Err(unusable("it is of another project")),
        }
    }

    fn to_take<'l>(&self, left: &'l Left, taken: &BTreeSet<String>) -> Result<Vec<&'l LeftDraft>> {
        let mut drafts = Vec::new();
        for draft in &left.drafts {
            if !taken.contains(&mark(left, draft)) && self.may_take(draft)? {
                drafts.push(draft);
            }
        }
        Ok(drafts)
    }

    /// The first reading key that a file was sealed for opens it.
    fn open_drafts(&self, file: &Path) -> Result<Box<dyn Read>> {
        for key in self.store.read(|view| view.reading_keys())? {
            let sealed = File::open(file);
            let sealed =
                sealed.map_err(|why| refuse("file-failed", format!("cannot read {}: {why}", file.display())))?;
            if let Ok(stream) = open_stream(BufReader::new(sealed), &key) {
                return Ok(Box::new(stream));
            }
        }
        Err(unusable("no key of this laptop opens it"))
    }

    fn may_take(&self, draft: &LeftDraft) -> Result<bool> {
        let record = draft.record;
        let stands = self
            .store
            .read(|view| draft.parents.iter().try_fold(true, |all, parent| Ok(all && view.has_entry(*parent)?)))?;
        if !stands {
            return Ok(false);
        }
        if !self.book.interviews.contains_key(&record) && !self.book.erasures_in(&record).is_empty() {
            return Ok(false);
        }
        Ok(self.store.read(|view| view.unsealed(record))?.is_empty())
    }
}

/// What stands for a draft as it stood when it was brought out.
fn mark(left: &Left, draft: &LeftDraft) -> String {
    format!("{}/{}/{}", left.store, draft.record, draft.changed_ms)
}

/// Starts a draft as it stood: what was sealed counts as sealed, the rest as the lead's own changes.
fn put(tx: &mut Tx<'_>, draft: &LeftDraft, here: &BTreeSet<ChunkId>, remark: &str) -> tianye_store::Result<()> {
    let record = draft.record;
    if tx.draft(record)?.is_some() {
        tx.drop_draft(record, false)?;
    }
    let new = NewDraft {
        record,
        form: draft.form,
        subject: draft.subject,
        language: draft.language.clone(),
        state: draft.state.clone(),
        parents: draft.parents.clone(),
        extra: draft.extra.clone(),
    };
    // Times of a day that is told by milliseconds alone: the offset is that of its fields.
    let offset_minutes = draft.unsealed.first().map_or(0, |field| field.offset);
    let started = WallClock { millis: draft.started_ms, offset_minutes };
    tx.start_draft(&new, started)?;
    draft.sealed.iter().try_for_each(|field| put_field(tx, record, field))?;
    if let Some(parent) = draft.parents.first() {
        tx.mark_sealed(record, *parent)?;
        tx.set_draft_parents(record, &draft.parents)?;
    }
    draft.unsealed.iter().try_for_each(|field| put_field(tx, record, field))?;
    for recording in &draft.recordings {
        let at = WallClock { millis: recording.started_ms, offset_minutes };
        let id = tx.start_recording(record, &recording.path, &recording.about, at)?;
        // Up to the first piece that is missing: what comes after it would be heard in a wrong place.
        for piece in recording.pieces.iter().take_while(|piece| here.contains(&piece.chunk)) {
            tx.put_piece(id, &piece.piece())?;
        }
    }
    if let Some(field) = draft.unsealed.iter().find(|field| field.answer.is_some() && !field.path.starts_with(AUDIT)) {
        let note = field.note.as_deref().map_or_else(|| remark.to_owned(), |note| format!("{note}\n{remark}"));
        tx.put_note(record, &field.path, &note, WallClock { millis: field.ms, offset_minutes: field.offset })?;
    }
    draft.position.as_deref().map_or(Ok(()), |position| tx.put_position(record, position))
}

fn put_field(tx: &mut Tx<'_>, record: RecordId, field: &LeftField) -> tianye_store::Result<()> {
    let at = WallClock { millis: field.ms, offset_minutes: field.offset };
    if let Some(answer) = &field.answer {
        tx.put_answer(record, &field.path, answer, at)?;
    }
    // An empty one takes a remark away.
    tx.put_note(record, &field.path, field.note.as_deref().unwrap_or_default(), at)
}

/// The next frame; none at the end.
fn read_frame(from: &mut impl Read, longest: usize) -> Result<Option<Vec<u8>>> {
    let damaged = |_: io::Error| unusable("it is damaged or cut off");
    let mut length = Vec::with_capacity(4);
    from.take(4).read_to_end(&mut length).map_err(damaged)?;
    if length.is_empty() {
        return Ok(None);
    }
    let length = <[u8; 4]>::try_from(length).map_err(|_| unusable("it is cut off"))?;
    let length = usize::try_from(u32::from_le_bytes(length)).ok().filter(|length| *length <= longest);
    let length = length.ok_or_else(|| unusable("a part of it is too long"))?;
    let mut bytes = Vec::new();
    from.take(length as u64).read_to_end(&mut bytes).map_err(damaged)?;
    if bytes.len() < length {
        return Err(unusable("it is cut off"));
    }
    Ok(Some(bytes))
}

fn unusable(why: &str) -> Refusal {
    refuse("drafts-unusable", format!("expected drafts of a laptop of this project, for its leads: {why}"))
}
