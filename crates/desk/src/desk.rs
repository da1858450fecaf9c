//! The desk: one unlocked store with its project, and at most one interview open on it.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use tianye_journal::{Certificate, EntryHash, PersonId, PlainBody, Recipient, RecordId, WallClock};
use tianye_store::{Op, Store, Tx};
use tianye_survey::rights::{Reach, reach};
use tianye_survey::{At, Attachment, Card, Content, FormHash, Member, Names, Project};
use tianye_xform::{self as xform, Form};

use crate::book::Book;
use crate::interview::open::{Keep, OpenInterview, Stop};
use crate::interview::remarks::Kept;
use crate::papers::{self, Who};
use crate::refusal::{Result, refuse};
use crate::team_chain;
use crate::trial::Trial;
use crate::versions;
use crate::view::{FormFile, Role};
use crate::world::{self, World};

/// Largest file of a form that is shown, in bytes: it crosses to the window as one text.
const LARGEST_MEDIA: u64 = 24 << 20;

/// One unlocked store. Dropping it locks it.
#[derive(Debug)]
pub struct Desk {
    pub(crate) store: Arc<Store>,
    pub(crate) world: Arc<dyn World>,
    pub(crate) who: Who,
    pub(crate) book: Book,
    pub(crate) open: Option<OpenInterview>,
    /// What was open was erased by somebody else, and so closed.
    pub(crate) erased_open: bool,
    /// A workbook that was checked and may be added.
    pub(crate) checked: Option<crate::forms::Checked>,
    /// A roster that was read and may be taken in.
    pub(crate) roster: Option<crate::roster::Loaded>,
    /// Files that show what is being said, until it is written down.
    pub(crate) evidence: Vec<tianye_survey::Evidence>,
    /// The form that is being tried; the open interview is then a trial.
    pub(crate) trial: Option<Arc<Trial>>,
    /// How many answers of merged interviews do not fit, where it was looked up already.
    pub(crate) unfit: crate::apart::Known,
}

impl Desk {
    /// Sits down at an unlocked store; opens this person's chain if there is none yet.
    ///
    /// # Errors
    /// A store whose join waits; the store's refusal.
    pub(crate) fn open(store: Store, world: Arc<dyn World>) -> Result<Self> {
        let who = papers::who(&store)?;
        let mut desk = Self {
            store: Arc::new(store),
            world,
            who,
            book: Book::default(),
            open: None,
            erased_open: false,
            checked: None,
            roster: None,
            evidence: Vec::new(),
            trial: None,
            unfit: crate::apart::Known::default(),
        };
        desk.prepare_care()?;
        desk.open_chain()?;
        // What a crash left between a chunk and the answer that was to name it; but for a recording of a report that could not
        // be kept yet, or whose pieces are not known here.
        if desk.store.can_sign() && desk.keep_cut_off().is_ok() {
            desk.store.sweep_chunks()?;
        }
        desk.book = Book::open(&desk.store, desk.who.trust()?)?;
        desk.carry_out_erasures()?;
        desk.finish_stops()?;
        desk.note_practice()?;
        desk.answer_revocations()?;
        desk.keep_team_chain()?;
        desk.say_address()?;
        desk.erase_moved()?;
        Ok(desk)
    }

    /// A new chain when there is none, or when the last one goes on in two ways.
    pub(crate) fn open_chain(&self) -> Result<()> {
        let own = self.store.read(|view| view.own_chain())?;
        if own.is_some_and(|own| !own.is_forked()) {
            return Ok(());
        }
        let (certificate, readers, body) = self.opening()?;
        self.store.transact(Op::Seal, |tx| tx.open_chain(&certificate, &readers, &body))?;
        Ok(())
    }

    /// What a new chain of this person on this laptop opens with: certificate, readers, and the person's own card.
    pub(crate) fn opening(&self) -> Result<(Certificate, Vec<Recipient>, PlainBody)> {
        self.opening_for(false)
    }

    /// The same, of a chain for the whole team or of an ordinary one.
    pub(crate) fn opening_for(&self, for_team: bool) -> Result<(Certificate, Vec<Recipient>, PlainBody)> {
        let (certificate, details) = self.who.certificate()?;
        let readers = self.who.readers()?;
        let member = Member {
            device_name: Some(self.who.device_name.clone()),
            group: Some(self.who.group.clone()).filter(|group| !group.is_empty()),
            for_team,
            ..Member::certified(&certificate, &details)
        };
        let record = self.who.member.unwrap_or_else(|| self.new_record());
        let content = Content::Member(Card::whole(&member));
        let body = self.body(record, Vec::new(), &content)?;
        Ok((certificate, readers, body))
    }

    /// Writes the project's own card, once, as its lead.
    pub(crate) fn found_project(mut self) -> Result<Self> {
        let project = Project {
            title: Names::both(&self.who.title),
            practice: true,
            languages: vec!["zh-CN".into(), "en".into()],
            study: Some(self.new_study()?),
            ..Project::default()
        };
        let record = self.new_record();
        self.append(record, Vec::new(), &Content::Project(Card::whole(&project)))?;
        Ok(self)
    }

    /// The person at the desk.
    #[must_use]
    pub fn person(&self) -> PersonId {
        self.who.person
    }

    /// The role of the person at the desk.
    #[must_use]
    pub fn role(&self) -> Role {
        papers::role(&self.who.role)
    }

    /// Refuses an act that only a lead may do.
    pub(crate) fn must_lead(&self) -> Result<()> {
        if self.role() == Role::Lead {
            return Ok(());
        }
        Err(refuse("no-right", "expected the lead, found another role"))
    }

    /// Refuses an act that writes a kind in records of others to a role that may not.
    pub(crate) fn must_write(&self, kind: u16) -> Result<()> {
        if reach(&self.who.survey_role(), kind) == Reach::Any {
            return Ok(());
        }
        Err(refuse("no-right", "expected a role that may write this, found another"))
    }

    /// Refuses beginning a record of a kind, unless this role writes at least what it began itself.
    pub(crate) fn must_begin(&self, kind: u16) -> Result<()> {
        if reach(&self.who.survey_role(), kind) == Reach::Nothing {
            return Err(refuse("no-right", "expected a role that may write this, found another"));
        }
        Ok(())
    }

    /// Refuses what only those do who keep the project's key: inviting, admitting, revoking.
    pub(crate) fn must_keep_project(&self) -> Result<()> {
        papers::project_key(&self.store).map(|_| ())
    }

    /// Now, as entries carry it.
    pub(crate) fn at(&self) -> At {
        let (ms, offset) = world::parts(self.world.now());
        At { ms, offset }
    }

    /// A new record id.
    pub(crate) fn new_record(&self) -> RecordId {
        RecordId::random(&mut world::key_rng(&*self.world))
    }

    /// The body of an own entry.
    pub(crate) fn body(&self, record: RecordId, parents: Vec<EntryHash>, content: &Content) -> Result<PlainBody> {
        let at = self.at();
        Ok(PlainBody {
            kind: content.kind(),
            record,
            parents,
            author: self.who.person,
            at: stored(at),
            content: content.encode()?,
        })
    }

    /// Seals one entry and reads it into the book.
    pub(crate) fn append(&mut self, record: RecordId, parents: Vec<EntryHash>, content: &Content) -> Result<EntryHash> {
        let body = self.body(record, parents, content)?;
        let hash = self.store.transact(Op::Seal, |tx| team_chain::put(tx, &body))?;
        self.book.read_on(&self.store)?;
        Ok(hash)
    }

    /// Seals several entries in one step.
    pub(crate) fn append_all(&mut self, bodies: &[PlainBody]) -> Result<()> {
        self.store.transact(Op::Seal, |tx| bodies.iter().try_for_each(|body| team_chain::put(tx, body).map(|_| ())))?;
        self.book.read_on(&self.store)?;
        Ok(())
    }

    /// The form of a version hash, read from its chunks.
    ///
    /// # Errors
    /// `form-missing` while the form or a part of it has not come; `form-unusable` for one that this version cannot read.
    pub(crate) fn form(&self, hash: &FormHash) -> Result<Arc<Form>> {
        self.book.library.form(&self.book.project, &self.store, hash)
    }

    /// A picture, sound or film of the open interview's form, as it was beside the workbook.
    ///
    /// # Errors
    /// `media-missing` when the form has no such file or a part of it has not come; `media-unknown` for a format that
    /// is not shown; `media-too-large`.
    pub fn form_media(&self, name: &str) -> Result<FormFile> {
        let open = self.open.as_ref().ok_or_else(|| refuse("unknown-interview", "expected an open interview"))?;
        let missing = || refuse("media-missing", "expected a file of the form, found none").with("file", name);
        if let Some(trial) = &self.trial {
            return shown(name, trial.media(name).ok_or_else(missing)?);
        }
        let (_, version) = self.book.project.form_version(open.version()).ok_or_else(missing)?;
        let file = version.form.media.iter().find(|file| file.name == name).ok_or_else(missing)?;
        showable(name, file.len)?;
        shown(name, &versions::file(&self.store, &file.chunks).map_err(|_| missing())?)
    }

    /// What the form's metadata may say of this laptop.
    pub(crate) fn properties(&self) -> xform::Properties {
        xform::Properties {
            device_id: self.who.device.to_string(),
            username: self.who.name.clone(),
            ..xform::Properties::default()
        }
    }

    /// Where an open interview keeps its changes.
    pub(crate) fn keep(&self) -> Arc<dyn Keep> {
        match &self.trial {
            Some(trial) => trial.clone(),
            None => Arc::new(Drafts { store: self.store.clone(), at: self.at() }),
        }
    }
}

/// The media type of a file that the window can show.
fn showable(name: &str, len: u64) -> Result<&'static str> {
    let media_type = media_type(name)
        .ok_or_else(|| refuse("media-unknown", "expected a picture, sound or film").with("file", name))?;
    if len > LARGEST_MEDIA {
        let detail = format!("expected at most {LARGEST_MEDIA} bytes, found {len}");
        return Err(refuse("media-too-large", detail).with("file", name));
    }
    Ok(media_type)
}

fn shown(name: &str, bytes: &[u8]) -> Result<FormFile> {
    let media_type = showable(name, bytes.len() as u64)?;
    Ok(FormFile { media_type: media_type.to_owned(), base64: BASE64.encode(bytes) })
}

/// The media type that a file's ending names; only what a web view shows without running anything.
fn media_type(name: &str) -> Option<&'static str> {
    let ending = name.rsplit_once('.')?.1.to_ascii_lowercase();
    Some(match ending.as_str() {
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "svg" => "image/svg+xml",
        "bmp" => "image/bmp",
        "mp3" => "audio/mpeg",
        "m4a" => "audio/mp4",
        "ogg" | "oga" | "opus" => "audio/ogg",
        "wav" => "audio/wav",
        "aac" => "audio/aac",
        "amr" => "audio/amr",
        "mp4" | "m4v" => "video/mp4",
        "webm" => "video/webm",
        "3gp" => "video/3gpp",
        _ => return None,
    })
}

/// The draft log of the store.
#[derive(Debug)]
pub(crate) struct Drafts {
    store: Arc<Store>,
    at: At,
}

impl Drafts {
    fn write(&self, op: Op, step: impl FnOnce(&mut Tx<'_>, WallClock) -> tianye_store::Result<()>) -> Result<()> {
        let at = stored(self.at);
        Ok(self.store.transact(op, |tx| step(tx, at))?)
    }
}

fn put_all(tx: &mut Tx<'_>, record: RecordId, kept: &[(String, Kept)], at: WallClock) -> tianye_store::Result<()> {
    kept.iter().try_for_each(|(field, kept)| tx.put_answer(record, field, &kept.to_json(), at))
}

/// A time as the draft log carries it.
pub(crate) fn stored(at: At) -> WallClock {
    WallClock { millis: at.ms, offset_minutes: at.offset }
}

impl Keep for Drafts {
    fn keep(&self, record: RecordId, kept: &[(String, Kept)]) -> Result<()> {
        self.write(Op::Answer, |tx, at| put_all(tx, record, kept, at))
    }

    fn keep_attached(
        &self,
        record: RecordId,
        kept: &[(String, Kept)],
        file: &Attachment,
        recording: Option<i64>,
    ) -> Result<()> {
        self.write(Op::Answer, |tx, at| {
            tx.name_chunks(file.chunks.iter().map(|part| &part.id))?;
            put_all(tx, record, kept, at)?;
            recording.map_or(Ok(()), |recording| tx.drop_recording(recording))
        })
    }

    fn holds(&self, file: &Attachment) -> bool {
        file.chunks.iter().all(|part| self.store.has_chunk(&part.id))
    }

    fn keep_note(&self, record: RecordId, field: &str, note: &str) -> Result<()> {
        self.write(Op::Answer, |tx, at| tx.put_note(record, field, note, at))
    }

    fn keep_place(&self, record: RecordId, place: &Stop) -> Result<()> {
        let json = serde_json::to_string(place).unwrap_or_default();
        self.write(Op::Answer, |tx, _| tx.put_position(record, &json))
    }

    fn keep_language(&self, record: RecordId, language: &str) -> Result<()> {
        self.write(Op::Draft, |tx, _| tx.set_draft_language(record, language))
    }

    fn take_back(&self, record: RecordId) -> Result<Option<String>> {
        let at = stored(self.at);
        let field = self.store.transact(Op::Answer, |tx| tx.undo(record, at))?;
        Ok(field.map(|field| field.path))
    }

    fn fields(&self, record: RecordId) -> Result<Vec<(String, Kept)>> {
        let answers = self.store.read(|view| view.answers(record))?;
        Ok(answers.into_iter().map(|one| (one.path, Kept::of_json(one.answer.as_deref()))).collect())
    }
}
