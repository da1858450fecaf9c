//! Files that become answers: chosen, drawn or recorded, sealed in parts, and shown again.
//!
//! Bytes go through in parts of at most 1 MiB and are nowhere in plain on the disk. A chunk is durable before the answer
//! that names it; a recording is kept piece by piece while it runs, so that a crash loses its last seconds at most.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use tianye_journal::{CHUNK_CONTENT, FileKey, RecordId, open_chunk, seal_chunk};
use tianye_store::{Op, Piece, Recording, Store};
use tianye_survey::{Attachment, ChunkRef, FormHash, Secret};
use tianye_xform::FieldPath;
use zeroize::Zeroizing;

use crate::book::entries_of;
use crate::desk::{Desk, stored};
use crate::filling::record_id;
use crate::interview::page::small;
use crate::interview::remarks::Kept;
use crate::media::flac::{self, Flac};
use crate::media::format::{Class, FLAC, Format, sniff};
use crate::media::{film, picture};
use crate::refusal::{Result, refuse};
use crate::view::{Capture, CaptureKind, FilePart, Refusal, Step, Unfinished};
use crate::world::{self, World};

/// Bytes that say what a file is.
const HEAD: usize = 4096;

/// Seals one file for one question. It holds no lock on the desk, so the desk stays usable meanwhile.
#[derive(Debug)]
pub struct Sealer {
    store: Arc<Store>,
    world: Arc<dyn World>,
    record: RecordId,
    field: String,
    asked: Capture,
}

/// A file that is sealed and that nothing names yet. What is not attached is swept when the store is unlocked again.
#[derive(Debug)]
pub struct Sealed {
    record: RecordId,
    field: String,
    file: Attachment,
    recording: Option<i64>,
    /// What the recording was made of: not needed any more once the file is an answer.
    pieces: Vec<Piece>,
}

impl Desk {
    /// What seals a file for a question of the open interview.
    ///
    /// # Errors
    /// No interview is open, it may not be changed, or the question asks for no file.
    pub fn sealer(&mut self, field: &str) -> Result<Sealer> {
        let (store, world) = (self.store.clone(), self.world.clone());
        let open = self.opened()?;
        let (record, asked) = (open.record(), open.asked_file(field)?);
        Ok(Sealer { store, world, record, field: field.to_owned(), asked })
    }

    /// What seals a file for a question of a record that is no open interview.
    pub(crate) fn sealer_for(&self, record: RecordId, field: &str, asked: Capture) -> Sealer {
        Sealer { store: self.store.clone(), world: self.world.clone(), record, field: field.to_owned(), asked }
    }

    /// Seals what shows a consent, as a question of this kind would take it: without what a camera notes beside a picture, and
    /// plain samples as FLAC. Its chunks are durable, and nothing names them yet.
    pub(crate) fn seal_shown(&self, of: CaptureKind, bytes: &[u8]) -> Result<Attachment> {
        let largest = crate::interview::control::largest(of);
        let (front, max_pixels, bits, file, unfinished) = (false, 0, 0, None, None);
        let asked = Capture { of, front, largest, max_pixels, bits, file, unfinished, withheld: String::new() };
        let sealer = self.sealer_for(self.new_record(), "", asked);
        let sealed = sealer.seal_recorded(&mut Cursor::new(bytes));
        sealed.map_err(|why| why.unless(|why| refuse("internal", why.to_string())))
    }

    /// Makes a sealed file the answer that it was sealed for; durable when this returns.
    ///
    /// # Errors
    /// `unknown-interview` if another interview was opened meanwhile; see
    /// [`crate::interview::open::OpenInterview::attach`].
    pub fn attach(&mut self, sealed: Sealed) -> Result<Step> {
        let (keep, world) = (self.keep(), self.world.clone());
        let open = self.opened()?;
        let Sealed { record, field, file, recording, pieces } = sealed;
        if open.record() != record {
            return Err(refuse(
                "unknown-interview",
                "expected the interview that the file was for, found another open",
            ));
        }
        let step = open.attach(&field, &file, recording, &*keep, &*world)?;
        self.store.sweep_chunks_of(&pieces)?;
        Ok(step)
    }

    /// Begins a recording, or anything else whose bytes come from the screen, for a question of the open interview; its
    /// number.
    ///
    /// # Errors
    /// As [`Self::sealer`]; `trial-no-recording` while a form is tried, since nothing of a trial is stored.
    pub fn start_recording(&mut self, field: &str) -> Result<u32> {
        if self.trial.is_some() {
            return Err(refuse("trial-no-recording", "expected an interview, found the trial of a form"));
        }
        let at = stored(self.at());
        let open = self.opened()?;
        open.asked_file(field)?;
        let record = open.record();
        let id = self.store.transact(Op::Draft, |tx| tx.start_recording(record, field, "{}", at))?;
        u32::try_from(id).map_err(|_| refuse("internal", "expected a number of a recording in 32 bits"))
    }

    /// Takes what those in the room say to the sound that the form wishes in the background, with a note that says it.
    ///
    /// # Errors
    /// See [`crate::interview::open::OpenInterview::answer_sound_wish`].
    pub fn answer_sound_wish(&mut self, field: &str, agreed: bool, note: &str) -> Result<Step> {
        let (keep, world) = (self.keep(), self.world.clone());
        self.opened()?.answer_sound_wish(field, agreed, note, &*keep, &*world)
    }

    /// Keeps the next piece of a recording of the open interview; durable when this returns.
    ///
    /// # Errors
    /// `recording-gone`; `attachment-too-large` beyond what the question takes or 1 MiB a piece; the store's refusal.
    pub fn put_piece(&mut self, recording: u32, base64: &str) -> Result<()> {
        let record = self.opened()?.record();
        let kept = self.recording(record, recording)?;
        let asked = self.opened()?.asked_file(&kept.path)?;
        let bytes = piece_bytes(base64)?;
        if bytes.is_empty() {
            return Ok(());
        }
        if kept.len() + bytes.len() as u64 > u64::from(asked.largest) {
            return Err(too_large(asked.largest.into()));
        }
        let piece = seal_piece(&self.store, &*self.world, &bytes)?;
        Ok(self.store.transact(Op::Chunk, |tx| tx.put_piece(recording.into(), &piece))?)
    }

    /// Puts a recording of the open interview aside: it is no answer, and goes.
    ///
    /// # Errors
    /// `recording-gone`; the store's refusal.
    pub fn drop_recording(&mut self, recording: u32) -> Result<Step> {
        let record = self.opened()?.record();
        let kept = self.recording(record, recording)?;
        self.store.transact(Op::Draft, |tx| tx.drop_recording(kept.id))?;
        self.store.sweep_chunks_of(&kept.pieces)?;
        let unfinished = self.unfinished(record)?;
        Ok(self.opened()?.set_unfinished(unfinished))
    }

    /// The recordings of a draft that are no answer yet, by their questions.
    pub(crate) fn unfinished(&self, record: RecordId) -> Result<Vec<(String, Unfinished)>> {
        let kept = self.store.read(|view| view.recordings(record))?;
        let offset = self.at().offset;
        let shown = |one: &Recording| {
            let at = world::iso_of(one.started_ms, offset).unwrap_or_default();
            let length = u32::try_from(one.len()).unwrap_or(u32::MAX);
            Some((one.path.clone(), Unfinished { id: u32::try_from(one.id).ok()?, length, at }))
        };
        // The last one of a question is offered.
        Ok(kept.iter().rev().filter(|one| !one.is_empty()).filter_map(shown).collect())
    }

    /// A part of a file that an answer of an interview names or once named.
    ///
    /// # Errors
    /// `attachment-missing` while it has not come; `attachment-damaged`; `unknown-interview`; consent to recordings, or to
    /// photographs, that was refused or taken back, and what is past its last day.
    pub fn file_part(&self, interview: &str, name: &str, part: u32) -> Result<FilePart> {
        let record = record_id(interview)?;
        self.must_be_usable(&record, name)?;
        let file = self.attachment(record, name)?.ok_or_else(|| missing(name))?;
        let bytes = open_part(&self.store, &file, part)?;
        Ok(FilePart { base64: BASE64.encode(&*bytes) })
    }

    /// The file of this name of an interview: of the open one, else of its entries.
    pub(crate) fn attachment(&self, record: RecordId, name: &str) -> Result<Option<Attachment>> {
        if let Some(open) = self.open.as_ref().filter(|open| open.record() == record)
            && let Some(file) = open.files().get(name)
        {
            return Ok(Some(file.clone()));
        }
        let entries = entries_of(&self.store, record)?;
        let state = tianye_survey::interview(record, &entries, &self.book.team);
        let named = tianye_survey::Answer::of(name);
        Ok(state.fields.values().find_map(|field| field.file(&named)).cloned())
    }

    /// The questions that the file of this name answers or answered in an interview, by their template paths.
    pub(crate) fn answered_with(&self, record: &RecordId, name: &str) -> Result<BTreeSet<String>> {
        let names_it = |json: &str| Kept::of_json(Some(json)).file.is_some_and(|file| file.name == name);
        let drafted = self.store.read(|view| view.draft_history(*record))?;
        let drafted = drafted.iter().filter(|one| one.answer.as_deref().is_some_and(names_it));
        let mut questions: BTreeSet<String> =
            drafted.filter_map(|one| Some(FieldPath::parse(&one.path).ok()?.template())).collect();
        let state = tianye_survey::interview(*record, &entries_of(&self.store, *record)?, &self.book.team);
        let named = tianye_survey::Answer::of(name);
        let sealed = state.fields.iter().filter(|(_, field)| field.file(&named).is_some());
        questions.extend(sealed.filter_map(|(field, _)| Some(field.path()?.template())));
        Ok(questions)
    }

    fn recording(&self, record: RecordId, id: u32) -> Result<Recording> {
        let found = self.store.read(|view| view.recording(id.into()))?.filter(|found| found.record == record);
        found.ok_or_else(|| refuse("recording-gone", "expected a recording of the open interview, found none"))
    }
}

impl Sealed {
    /// The name that it was given: random, with an ending that says the format.
    pub(crate) fn name(&self) -> &str {
        &self.file.name
    }

    /// The file under another name.
    pub(crate) fn into_file(self, name: &str) -> Attachment {
        Attachment { name: name.to_owned(), ..self.file }
    }
}

impl Sealer {
    /// Endings of the files that may be an answer, for the dialog; none for any. What counts is what stands in the file.
    #[must_use]
    pub fn endings(&self) -> &'static [&'static str] {
        match class(self.asked.of) {
            Class::Picture => &["jpg", "jpeg", "png", "webp"],
            Class::Sound => &["wav", "mp3", "m4a", "ogg", "opus", "amr", "aac", "flac", "webm", "mp4", "3gp"],
            Class::Film => &["mp4", "m4v", "mov", "webm", "mkv", "3gp", "avi"],
            Class::Any => &[],
        }
    }

    /// Seals a file that a person chose.
    ///
    /// # Errors
    /// `attachment-kind` for a file of another kind than the question asks for, `attachment-too-large`,
    /// `attachment-empty`, `attachment-broken`; `file` if it cannot be read; the store's refusal.
    pub fn file(self, path: &Path) -> Result<Sealed> {
        let cannot = |why: &io::Error| refuse("file", why.to_string()).with("file", path.display().to_string());
        let mut source = File::open(path).map_err(|why| cannot(&why))?;
        let ending = path.extension().map(|ending| ending.to_string_lossy().into_owned()).unwrap_or_default();
        let file = self.seal(&mut source, &ending).map_err(|why| why.unless(|why| cannot(&why)))?;
        Ok(self.sealed(file))
    }

    /// Seals what a recording of the question has so far.
    ///
    /// # Errors
    /// As [`Self::file`]; `recording-gone`.
    pub fn recording(self, id: u32) -> Result<Sealed> {
        let gone = || refuse("recording-gone", "expected a recording of this question, found none");
        let kept = self.store.read(|view| view.recording(id.into()))?;
        let kept = kept.filter(|kept| kept.record == self.record && kept.path == self.field).ok_or_else(gone)?;
        let (recording, pieces) = (Some(kept.id), kept.pieces.clone());
        let mut source = Pieces::of(self.store.clone(), kept);
        let file = self.seal_recorded(&mut source);
        let file = file.map_err(|why| why.unless(|why| refuse("attachment-damaged", why.to_string())))?;
        Ok(Sealed { recording, pieces, ..self.sealed(file) })
    }

    /// Seals a file in memory.
    ///
    /// # Errors
    /// As [`Self::file`].
    pub fn bytes(self, bytes: &[u8], ending: &str) -> Result<Sealed> {
        let file = self.seal(&mut Cursor::new(bytes), ending);
        let file = file.map_err(|why| why.unless(|why| refuse("internal", why.to_string())))?;
        Ok(self.sealed(file))
    }

    fn sealed(self, file: Attachment) -> Sealed {
        Sealed { record: self.record, field: self.field, file, recording: None, pieces: Vec::new() }
    }

    /// Seals what was recorded; plain samples become FLAC. That is made twice: the length must be known first.
    fn seal_recorded(&self, source: &mut (impl Read + Seek)) -> Result<Attachment, Why> {
        let mut head = Vec::new();
        source.take(flac::WAV_HEAD as u64).read_to_end(&mut head)?;
        let Some(rate) = flac::rate_of(&head).filter(|_| class(self.asked.of) == Class::Sound) else {
            return self.seal(source, "");
        };
        let samples = (source.seek(SeekFrom::End(0))? - flac::WAV_HEAD as u64) / 2;
        if samples == 0 {
            return Err(empty().into());
        }
        source.seek(SeekFrom::Start(flac::WAV_HEAD as u64))?;
        let length = io::copy(&mut Flac::new(&mut *source, rate, samples), &mut io::sink())?;
        source.seek(SeekFrom::Start(flac::WAV_HEAD as u64))?;
        seal_parts(&self.store, &*self.world, &mut Flac::new(source, rate, samples), length, FLAC, &[])
    }

    /// Looks at a file, takes out what must leave it, and seals it.
    fn seal(&self, source: &mut (impl Read + Seek), ending: &str) -> Result<Attachment, Why> {
        let length = source.seek(SeekFrom::End(0))?;
        if length == 0 {
            return Err(empty().into());
        }
        if length > u64::from(self.asked.largest) {
            return Err(too_large(self.asked.largest.into()).into());
        }
        source.seek(SeekFrom::Start(0))?;
        let mut head = Vec::new();
        source.take(HEAD as u64).read_to_end(&mut head)?;
        let format = sniff(&head, class(self.asked.of), ending).ok_or_else(|| other_kind(self.asked.of))?;
        if !picture::is_picture(format) {
            let notes = film::notes(source)?;
            source.seek(SeekFrom::Start(0))?;
            return seal_parts(&self.store, &*self.world, source, length, format, &notes);
        }
        // A picture that a question for any file takes is as large as a picture may be, too.
        let most = u64::from(crate::interview::control::largest(CaptureKind::Photograph));
        if length > most {
            return Err(too_large(most).into());
        }
        let mut whole = Zeroizing::new(Vec::with_capacity(length as usize));
        source.seek(SeekFrom::Start(0))?;
        source.take(length).read_to_end(&mut whole)?;
        let broken = |_| refuse("attachment-broken", "expected a whole picture, found one that cannot be read");
        let (clean, format) = picture::clean(&whole, format, self.asked.max_pixels).map_err(broken)?;
        let clean = Zeroizing::new(clean);
        let length = clean.len() as u64;
        seal_parts(&self.store, &*self.world, &mut Cursor::new(clean.as_slice()), length, format, &[])
    }
}

/// The bytes of a piece as they come from the screen.
pub(crate) fn piece_bytes(base64: &str) -> Result<Zeroizing<Vec<u8>>> {
    if base64.len() > CHUNK_CONTENT.div_ceil(3) * 4 {
        return Err(too_large(CHUNK_CONTENT as u64));
    }
    let bytes = BASE64.decode(base64).map(Zeroizing::new);
    bytes.map_err(|_| refuse("internal", "expected a piece in base64, found other characters"))
}

/// Seals a piece of a recording. Its chunk is durable, and nothing names it yet.
pub(crate) fn seal_piece(store: &Store, world: &dyn World, bytes: &[u8]) -> Result<Piece> {
    let mut rng = world::key_rng(world);
    let key = FileKey::generate(&mut rng);
    let chunk = seal_chunk(&key, 0, 1, bytes, &mut rng)?;
    store.put_loose_chunk(&chunk)?;
    Ok(Piece { chunk: chunk.id(), key: *key.to_secret_bytes(), len: small(bytes.len()) })
}

/// Opens a piece of a recording.
pub(crate) fn open_sealed(store: &Store, piece: &Piece) -> Result<Zeroizing<Vec<u8>>> {
    let chunk = store.chunk(&piece.chunk)?.ok_or_else(|| missing(""))?;
    Ok(open_chunk(&FileKey::from_secret_bytes(&piece.key), 0, 1, &chunk)?)
}

/// Seals a recording of sound from its pieces. Its chunks are durable, and nothing names them yet.
pub(crate) fn seal_pieces(store: &Arc<Store>, world: &Arc<dyn World>, pieces: Vec<Piece>) -> Result<Attachment> {
    let (front, max_pixels, bits, file, unfinished) = (false, 0, 0, None, None);
    let (of, withheld) = (CaptureKind::Recording, String::new());
    let largest = crate::interview::control::largest(of);
    let asked = Capture { of, front, largest, max_pixels, bits, file, unfinished, withheld };
    let record = RecordId::from_bytes([0; 16]);
    let sealer = Sealer { store: store.clone(), world: world.clone(), record, field: String::new(), asked };
    let (path, about) = (String::new(), String::new());
    let recording = Recording { id: 0, record, path, about, started_ms: 0, pieces };
    let sealed = sealer.seal_recorded(&mut Pieces::of(store.clone(), recording));
    sealed.map_err(|why| why.unless(|why| refuse("attachment-damaged", why.to_string())))
}

/// Seals a small file whose answer has its name already.
pub(crate) fn seal_named(desk: &Desk, name: &str, bytes: &[u8], format: Format) -> Result<Attachment> {
    let sealed = seal_parts(&desk.store, &*desk.world, &mut Cursor::new(bytes), bytes.len() as u64, format, &[]);
    let sealed = sealed.map_err(|why| why.unless(|why| refuse("internal", why.to_string())))?;
    Ok(Attachment { name: name.to_owned(), ..sealed })
}

/// Seals a file that is sealed already under a new key, with its name and kind.
pub(crate) fn seal_again(
    store: &Store,
    world: &dyn World,
    source: &mut impl Read,
    file: &Attachment,
) -> Result<Attachment> {
    let format = Format { media_type: "application/octet-stream", ending: "bin" };
    let sealed = seal_parts(store, world, source, file.len, format, &[]);
    let sealed = sealed.map_err(|why| why.unless(|why| refuse("attachment-damaged", why.to_string())))?;
    Ok(Attachment { name: file.name.clone(), media_type: file.media_type.clone(), ..sealed })
}

/// Seals a file part by part; its chunks are durable, and nothing names them yet.
fn seal_parts(
    store: &Store,
    world: &dyn World,
    source: &mut impl Read,
    length: u64,
    format: Format,
    notes: &[film::Note],
) -> Result<Attachment, Why> {
    let mut rng = world::key_rng(world);
    let key = FileKey::generate(&mut rng);
    let secret = *key.to_secret_bytes();
    let total = small(length.div_ceil(CHUNK_CONTENT as u64) as usize);
    let (mut hasher, mut chunks, mut from) = (blake3::Hasher::new(), Vec::new(), 0);
    for index in 0..total {
        let mut part = Zeroizing::new(vec![0; (length - from).min(CHUNK_CONTENT as u64) as usize]);
        source.read_exact(&mut part)?;
        notes.iter().for_each(|note| note.blank(from, &mut part));
        from += part.len() as u64;
        hasher.update(&part);
        let chunk = seal_chunk(&key, index, total, &part, &mut rng).map_err(Refusal::from)?;
        store.put_loose_chunk(&chunk).map_err(Refusal::from)?;
        chunks.push(ChunkRef { id: chunk.id(), key: Secret(secret), len: small(part.len()) });
    }
    Ok(Attachment {
        name: format!("{:032x}.{}", world::random_u128(world), format.ending),
        media_type: format.media_type.to_owned(),
        hash: FormHash(*hasher.finalize().as_bytes()),
        len: length,
        chunks,
    })
}

/// Opens one part of a file.
pub(crate) fn open_part(store: &Store, file: &Attachment, part: u32) -> Result<Zeroizing<Vec<u8>>> {
    let damaged = |why: String| refuse("attachment-damaged", why).with("file", file.name.as_str());
    let chunk = file.chunks.get(part as usize).ok_or_else(|| missing(&file.name))?;
    let sealed = match store.chunk(&chunk.id) {
        Err(why @ tianye_store::Error::Damaged { .. }) => return Err(damaged(why.to_string())),
        sealed => sealed?.ok_or_else(|| missing(&file.name))?,
    };
    let key = FileKey::from_secret_bytes(&chunk.key.0);
    open_chunk(&key, part, small(file.chunks.len()), &sealed).map_err(|why| damaged(why.to_string()))
}

fn missing(name: &str) -> Refusal {
    refuse("attachment-missing", "expected all parts of the file, found one missing; sync first").with("file", name)
}

fn empty() -> Refusal {
    refuse("attachment-empty", "expected a file with something in it, found an empty one")
}

pub(crate) fn too_large(limit: u64) -> Refusal {
    refuse("attachment-too-large", format!("expected at most {limit} bytes, found more"))
        .with("limit", (limit >> 20).max(1).to_string())
}

fn other_kind(kind: CaptureKind) -> Refusal {
    let (code, wanted) = match class(kind) {
        Class::Picture => ("attachment-no-picture", "a JPEG, PNG or WebP picture"),
        Class::Sound => ("attachment-no-sound", "a recording of sound"),
        Class::Film => ("attachment-no-film", "a film"),
        Class::Any => ("internal", "any file"),
    };
    refuse(code, format!("expected {wanted}, found another kind of file"))
}

fn class(kind: CaptureKind) -> Class {
    match kind {
        CaptureKind::Photograph | CaptureKind::Drawing | CaptureKind::Annotation | CaptureKind::Signature => {
            Class::Picture
        }
        CaptureKind::Recording => Class::Sound,
        CaptureKind::Film => Class::Film,
        CaptureKind::File => Class::Any,
    }
}

/// Why a file was not sealed: a refusal, or its source could not be read.
enum Why {
    Refused(Refusal),
    Unread(io::Error),
}

impl Why {
    fn unless(self, unread: impl FnOnce(io::Error) -> Refusal) -> Refusal {
        match self {
            Self::Refused(refusal) => refusal,
            Self::Unread(why) => unread(why),
        }
    }
}

impl From<Refusal> for Why {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<io::Error> for Why {
    fn from(why: io::Error) -> Self {
        Self::Unread(why)
    }
}

/// The bytes of a recording's pieces, one after the other.
struct Pieces {
    store: Arc<Store>,
    pieces: Vec<Piece>,
    length: u64,
    at: u64,
    /// The piece that was read last: where it begins, and its bytes.
    open: Option<(u64, Zeroizing<Vec<u8>>)>,
}

impl Pieces {
    fn of(store: Arc<Store>, recording: Recording) -> Self {
        let length = recording.len();
        Self { store, pieces: recording.pieces, length, at: 0, open: None }
    }

    /// Opens the piece in which the place to read stands.
    fn turn_to(&mut self) -> io::Result<()> {
        let holds = |(from, bytes): &(u64, Zeroizing<Vec<u8>>)| (*from..*from + bytes.len() as u64).contains(&self.at);
        if self.open.as_ref().is_some_and(holds) {
            return Ok(());
        }
        let mut from = 0;
        for piece in &self.pieces {
            let end = from + u64::from(piece.len);
            if self.at < end {
                let sealed = self.store.chunk(&piece.chunk).map_err(io::Error::other)?;
                let sealed = sealed.ok_or_else(|| io::Error::other("a piece of the recording is missing"))?;
                let bytes = open_chunk(&FileKey::from_secret_bytes(&piece.key), 0, 1, &sealed);
                self.open = Some((from, bytes.map_err(io::Error::other)?));
                return Ok(());
            }
            from = end;
        }
        Ok(())
    }
}

impl Read for Pieces {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.length || out.is_empty() {
            return Ok(0);
        }
        self.turn_to()?;
        let Some((from, bytes)) = &self.open else { return Ok(0) };
        let rest = bytes.get((self.at - from) as usize..).unwrap_or_default();
        let count = rest.len().min(out.len());
        out[..count].copy_from_slice(&rest[..count]);
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Pieces {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let to = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = to.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}
