//! Taking submissions of other tools in as records.
//!
//! A submission becomes a record whose identity comes from its `instanceID`, so that two laptops that take in the same
//! file get the same record and their entries merge into one. Nothing is written before a person has seen what would be.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use tianye_journal::{ChunkId, RecordId};
use tianye_store::Op;
use tianye_survey::{
    Answer, Attachment, AuditEvent, Card, Change, Content, Field, FormHash, Interview, Private, Source, Stage, Subject,
    SubjectKind,
};
use tianye_xform::{self as xform, Context, FieldPath, Form, Session, SubmissionHead, TakenIn};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::naming;
use super::sources::{Beside, Found, Sources, unread};
use super::writing::AUDIT;
use crate::desk::Desk;
use crate::filling::title;
use crate::interview::control;
use crate::interview::open::kept;
use crate::interview::page::small;
use crate::refusal::{Result, refuse};
use crate::view::{Capture, Control, ImportForm, ImportView, Refusal, Role};

/// Longest code of a respondent that is made of a submission's name, in characters.
const LONGEST_CODE: usize = 64;

/// Most bytes of an audit log.
const MOST_AUDIT_BYTES: u64 = 16 << 20;

/// Most events of an audit log: they share an entry with the answers.
const MOST_EVENTS: usize = 5_000;

/// A submission that would become a record.
struct Item {
    found: Found,
    head: SubmissionHead,
    version: FormHash,
    record: RecordId,
    subject: RecordId,
}

/// What would be done.
struct Plan {
    sources: Sources,
    items: Vec<Item>,
    view: ImportView,
}

impl Desk {
    /// What taking these files, folders and archives in would do. `only`: the one form whose submissions are wanted.
    /// Nothing is written.
    ///
    /// # Errors
    /// `no-right`; `import-too-many` beyond a limit; the store's refusal.
    pub fn preview_import(&self, paths: &[PathBuf], only: Option<&str>, language: &str) -> Result<ImportView> {
        Ok(self.plan(paths, only, language)?.view)
    }

    /// Takes them in: each submission that is not here becomes a finalised record, durable before the next one. What was
    /// done is told in the words of the preview.
    ///
    /// # Errors
    /// As [`Self::preview_import`]; what was taken in before stays.
    pub fn import(&mut self, paths: &[PathBuf], only: Option<&str>, language: &str) -> Result<ImportView> {
        self.leave()?;
        let Plan { mut sources, items, mut view } = self.plan(paths, only, language)?;
        let mut refused = Vec::new();
        for item in &items {
            match self.take_in(&mut sources, item) {
                Ok(left_out) => view.left_out += left_out,
                Err(refusal) => refused.push(unread(&item.found.place, refusal)),
            }
        }
        self.book.read_on(&self.store)?;
        view.new -= small(refused.len());
        view.unread.extend(refused);
        view.done = true;
        Ok(view)
    }

    fn plan(&self, paths: &[PathBuf], only: Option<&str>, language: &str) -> Result<Plan> {
        if !matches!(self.role(), Role::Lead | Role::Interviewer) {
            return Err(refuse("no-right", "expected a lead or an interviewer, found another role"));
        }
        let mut sources = Sources::of(paths)?;
        let mut view = ImportView { unread: std::mem::take(&mut sources.unread), ..ImportView::default() };
        // Heads first: which of several revisions is the last one shows only when all are known.
        let heads = heads(&mut sources, only, &mut view);
        let replaced: BTreeMap<String, String> = heads
            .iter()
            .filter(|(_, head)| replaces(head))
            .map(|(_, head)| (head.instance_id.clone(), head.deprecated_id.clone()))
            .collect();
        let earlier: BTreeSet<&String> = replaced.values().collect();
        let here = self.names_here()?;
        let mut items = Vec::new();
        for (found, head) in &heads {
            if earlier.contains(&head.instance_id) {
                view.earlier += 1;
                continue;
            }
            let root = root_of(&head.instance_id, &replaced);
            let record = naming::record_of(root);
            if here.contains(&head.instance_id) {
                view.here += 1;
                continue;
            }
            if here.contains(root) || self.book.interviews.contains_key(&record) {
                let refusal =
                    refuse("import-revision", "expected a new record, found another revision of one that is here");
                view.unread.push(unread(&found.place, refusal));
                continue;
            }
            let subject = naming::subject_of(root);
            match self.look_at(&mut sources, found, head, language, &mut view.forms) {
                Ok(version) => items.push(Item { found: found.clone(), head: head.clone(), version, record, subject }),
                Err(refusal) => view.unread.push(unread(&found.place, refusal)),
            }
        }
        view.new = small(items.len());
        Ok(Plan { sources, items, view })
    }

    /// Every name of a submission that a record here goes or went by.
    fn names_here(&self) -> Result<BTreeSet<String>> {
        let mut names = BTreeSet::new();
        for record in self.book.interviews.keys() {
            names.extend(self.every_name(*record)?);
        }
        Ok(names)
    }

    /// Reads a submission as it would be taken in; says under which version of its form.
    pub(super) fn look_at(
        &self,
        sources: &mut Sources,
        found: &Found,
        head: &SubmissionHead,
        language: &str,
        forms: &mut Vec<ImportForm>,
    ) -> Result<FormHash> {
        if head.encrypted {
            return Err(refuse("import-encrypted", "expected a submission, found an encrypted one"));
        }
        let (version, same) = self.version_for(head)?;
        let form = self.form(&version)?;
        let xml = sources.xml(found)?;
        let taken = self.read_submission(&form, &xml)?;
        let wrong = !taken.session.validate().is_empty() || !taken.leftovers.is_empty();
        let named: Vec<_> = files_of(&taken.session, &taken.fields)
            .into_iter()
            .map(|(_, name, capture)| (name, capture.largest))
            .collect();
        let mut missing = 0;
        for (name, largest) in &named {
            missing += u32::from(!matches!(sources.beside(found, name, (*largest).into()), Ok(Some(_))));
        }
        let at = forms.iter().position(|one| one.form == head.form_id && one.version == head.version);
        let at = at.unwrap_or_else(|| {
            let known = self.book.project.form_version(&version).map(|(_, version)| version);
            forms.push(ImportForm {
                form: head.form_id.clone(),
                title: known.map(|known| title(&known.form.title, language)).unwrap_or_default(),
                version: head.version.clone(),
                read_as: if same { String::new() } else { form.version().to_owned() },
                ..ImportForm::default()
            });
            forms.len() - 1
        });
        if let Some(one) = forms.get_mut(at) {
            one.count += 1;
            one.wrong += u32::from(wrong);
            one.files += small(named.len());
            one.missing += missing;
        }
        Ok(version)
    }

    /// The version that a submission names, else the newest; whether it is the one named.
    fn version_for(&self, head: &SubmissionHead) -> Result<(FormHash, bool)> {
        let missing = || {
            refuse("import-form-missing", "expected a form of this project, found another form_id")
                .with("form", head.form_id.as_str())
        };
        let record = self.book.project.form_record(&head.form_id).ok_or_else(missing)?;
        let state = self.book.project.forms.get(&record).ok_or_else(missing)?;
        let named = state.versions.iter().rev().find(|version| version.form.version == head.version);
        match named {
            Some(named) if self.form(&named.form.hash).is_ok() => Ok((named.form.hash, true)),
            _ => Ok((self.newest_form(&head.form_id)?, false)),
        }
    }

    /// A submission under a form. What it lacks and the form draws (an id) is drawn from the submission itself, so that
    /// every laptop draws the same.
    fn read_submission(&self, form: &Arc<Form>, xml: &str) -> Result<TakenIn> {
        let dice = std::cell::RefCell::new(ChaCha20Rng::from_seed(*blake3::hash(xml.as_bytes()).as_bytes()));
        let random = || dice.borrow_mut().next_u64();
        let properties = xform::Properties::default();
        let context = Context { now: self.world.now(), random: &random, properties: &properties };
        Session::take_in(form, xml, &context).map_err(|why| told(&why))
    }

    /// Makes one submission a record; gives the number of its files that do not fit their questions.
    fn take_in(&mut self, sources: &mut Sources, item: &Item) -> Result<u32> {
        let form = self.form(&item.version)?;
        let xml = sources.xml(&item.found)?;
        let taken = self.read_submission(&form, &xml)?;
        let named = files_of(&taken.session, &taken.fields);
        let Sealed { mut files, left_out } =
            self.seal_beside(sources, (&item.found, &item.head), item.record, named)?;
        let log = form.audit().map(|audit| audit.path.clone());
        let is_log = |path: &FieldPath| log.as_deref() == Some(path.template().as_str());
        let mut changes: Vec<Change> = Vec::new();
        for field in taken.fields.iter().filter(|field| kept(field) && !is_log(&field.path)) {
            let auto = !matches!(field.origin, xform::Origin::Answered | xform::Origin::RowPresence);
            if form.meta_path("instanceID") == Some(field.path.as_str()) {
                changes.push(Change { auto, ..Change::new(&field.path, Answer::of(&item.head.instance_id)) });
                continue;
            }
            changes.push(match files.remove(&field.path) {
                Some((name, file)) => Change { file: Some(file), auto, ..Change::new(&field.path, Answer::of(&name)) },
                None => Change { auto, ..Change::new(&field.path, Answer::from(&field.given)) },
            });
        }
        // What has no place in the form stays with the record, apart.
        for left in taken.leftovers.iter().filter(|left| !left.given.is_blank() && !is_log(&left.path)) {
            changes.push(Change::new(&left.path, Answer::from(&left.given)));
        }
        if log.is_some() {
            changes.extend(events(sources, &item.found)?);
        }
        let chunks: Vec<ChunkId> = changes
            .iter()
            .filter_map(|change| change.file.as_ref())
            .flat_map(|file| file.chunks.iter().map(|part| part.id))
            .collect();
        let name = taken.session.meta("instanceName").unwrap_or_default().trim();
        let code: String =
            if name.is_empty() { short(&item.head.instance_id) } else { name.chars().take(LONGEST_CODE).collect() };
        let subject = Subject::new(SubjectKind::Pupil, code);
        let interview = Interview {
            subject: Some(item.subject),
            changes,
            stage: Some(Stage::Finalised),
            practice: self.book.project.is_called_practice(),
            source: Some(Source {
                file: Private::from(item.found.place.as_str()),
                instance: item.head.instance_id.clone(),
            }),
            app: Some(concat!("tianye ", env!("CARGO_PKG_VERSION")).into()),
            ..Interview::under(item.version)
        };
        let bodies = [
            self.body(item.subject, Vec::new(), &Content::Subject(Card::whole(&subject)))?,
            self.body(item.record, Vec::new(), &Content::Interview(Box::new(interview)))?,
        ];
        self.store.transact(Op::Seal, |tx| {
            tx.name_chunks(&chunks)?;
            bodies.iter().try_for_each(|body| tx.append_own(body).map(|_| ()))
        })?;
        Ok(left_out)
    }
}

/// Files of answers that were sealed; the number of those that do not fit their questions.
#[derive(Default)]
pub(super) struct Sealed {
    pub files: BTreeMap<FieldPath, (String, Attachment)>,
    pub left_out: u32,
}

impl Desk {
    /// Seals the files beside a submission that answers of a record name.
    pub(super) fn seal_beside(
        &self,
        sources: &mut Sources,
        (found, head): (&Found, &SubmissionHead),
        record: RecordId,
        named: Vec<(FieldPath, String, Capture)>,
    ) -> Result<Sealed> {
        let mut done = Sealed::default();
        for (path, name, capture) in named {
            let Ok(Some(beside)) = sources.beside(found, &name, capture.largest.into()) else { continue };
            let sealer = self.sealer_for(record, path.as_str(), capture);
            let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_owned()).unwrap_or_default();
            let sealed = match beside {
                Beside::File(file) => sealer.file(&file),
                Beside::Bytes(bytes) => sealer.bytes(&bytes, &ending),
            };
            match sealed {
                Ok(sealed) => {
                    let name = plain_name(&head.instance_id, &name, sealed.name());
                    done.files.insert(path, (name.clone(), sealed.into_file(&name)));
                }
                // A file that does not fit its question is not sealed; the answer still says its name.
                Err(refusal) if refusal.code.starts_with("attachment-") => done.left_out += 1,
                Err(refusal) => return Err(refusal),
            }
        }
        Ok(done)
    }
}

/// What the submissions among some files say of themselves; each once, and those of other forms than the one wanted apart.
pub(super) fn heads(sources: &mut Sources, only: Option<&str>, view: &mut ImportView) -> Vec<(Found, SubmissionHead)> {
    let mut heads = Vec::new();
    let mut seen: BTreeMap<String, [u8; 32]> = BTreeMap::new();
    for found in std::mem::take(&mut sources.found) {
        let (head, hash) = match head_of(sources, &found) {
            Ok(Some(read)) => read,
            Ok(None) => {
                view.other += 1;
                continue;
            }
            Err(refusal) => {
                view.unread.push(unread(&found.place, refusal));
                continue;
            }
        };
        if let Some(only) = only.filter(|only| *only != head.form_id) {
            let refusal = refuse("import-other-form", format!("expected a submission of the form {only}"));
            let refusal = refusal.with("form", head.form_id.as_str()).with("expected", only);
            view.unread.push(unread(&found.place, refusal));
            continue;
        }
        match seen.get(&head.instance_id) {
            Some(before) if *before == hash => {}
            Some(_) => {
                let refusal = refuse("import-twice", "expected one submission of each id, found another of this id");
                view.unread.push(unread(&found.place, refusal));
            }
            None => {
                seen.insert(head.instance_id.clone(), hash);
                heads.push((found, head));
            }
        }
    }
    heads
}

/// Whether a submission says that it replaces another one.
pub(super) fn replaces(head: &SubmissionHead) -> bool {
    !head.deprecated_id.is_empty() && head.deprecated_id != head.instance_id
}

/// What a submission says of itself, and the hash of its text. One without an id gets one from its text.
fn head_of(sources: &mut Sources, found: &Found) -> Result<Option<(SubmissionHead, [u8; 32])>> {
    let xml = sources.xml(found)?;
    let told =
        |why: xform::SubmissionError| refuse(why.code(), "expected a submission that can be read, found another");
    let Some(mut head) = SubmissionHead::read(&xml).map_err(told)? else { return Ok(None) };
    let hash = *blake3::hash(xml.as_bytes()).as_bytes();
    if head.instance_id.is_empty() {
        head.instance_id = format!("uuid:{}", drawn(&hash));
    }
    Ok(Some((head, hash)))
}

/// An id for a submission without one, the same on every laptop.
fn drawn(hash: &[u8; 32]) -> Uuid {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

/// The first of the revisions that are known.
fn root_of<'h>(instance_id: &'h str, replaced: &'h BTreeMap<String, String>) -> &'h str {
    let mut root = instance_id;
    for _ in 0..replaced.len() {
        match replaced.get(root) {
            Some(earlier) if earlier != instance_id => root = earlier,
            _ => break,
        }
    }
    root
}

/// Why a submission was not read. The engine's own words may hold what was read.
pub(super) fn told(why: &xform::SubmissionError) -> Refusal {
    match why {
        xform::SubmissionError::OtherForm { expected, found } => {
            let refusal = refuse(why.code(), "expected a submission of this form, found another");
            refusal.with("expected", expected.as_str()).with("found", found.as_str())
        }
        _ => refuse(why.code(), "expected a submission that can be read, found another"),
    }
}

/// The answers that name files: the question, the name, what the question takes.
pub(super) fn files_of(session: &Session, fields: &[xform::Field]) -> Vec<(FieldPath, String, Capture)> {
    let named = fields.iter().filter(|field| !field.given.text().is_empty());
    let capture = |field: &xform::Field| {
        let node = session.view(&field.path)?;
        match control::control(session, &node, None) {
            Control::Capture(capture) => Some((field.path.clone(), field.given.text().to_owned(), capture)),
            _ => None,
        }
    };
    named.filter_map(capture).collect()
}

/// The name that a file has here: its own where it can be written on every system, else one that is made of it.
fn plain_name(instance_id: &str, name: &str, sealed: &str) -> String {
    if tianye_export::is_file_name(name) {
        return name.to_owned();
    }
    let ending = sealed.rsplit_once('.').map_or("bin", |(_, ending)| ending);
    let hash = blake3::hash(format!("{instance_id}\n{name}").as_bytes()).to_hex();
    format!("{}.{ending}", &hash.as_str()[..32])
}

/// A code for a respondent whom nothing names.
fn short(instance_id: &str) -> String {
    instance_id.trim_start_matches("uuid:").chars().take(8).collect()
}

/// The events of the audit log beside a submission. Those that cannot be read are left out.
pub(super) fn events(sources: &mut Sources, found: &Found) -> Result<Vec<Change>> {
    let bytes = match sources.beside(found, AUDIT, MOST_AUDIT_BYTES)? {
        Some(Beside::Bytes(bytes)) => bytes,
        Some(Beside::File(path)) => {
            if std::fs::metadata(&path).map_or(0, |what| what.len()) > MOST_AUDIT_BYTES {
                return Ok(Vec::new());
            }
            Zeroizing::new(std::fs::read(path).unwrap_or_default())
        }
        None => return Ok(Vec::new()),
    };
    let rows = tianye_export::read_audit(&bytes, MOST_EVENTS);
    let event = |row: tianye_export::AuditRow| {
        let said = |text: String| Some(text).filter(|text| !text.is_empty());
        let (old, new, user) = (said(row.old), said(row.new), said(row.user));
        let reason = Some(row.reason).filter(|reason| !reason.is_empty());
        AuditEvent { event: row.event, node: row.node, start: row.start, end: row.end, old, new, user, reason }
    };
    let change = |(number, row): (u32, tianye_export::AuditRow)| {
        let event = event(row);
        let seed = blake3::hash(event.answer().value().unwrap_or_default().as_bytes());
        let mut random = [0; 8];
        random.copy_from_slice(&seed.as_bytes()[..8]);
        let field: Field = event.field(number, u64::from_le_bytes(random));
        Change { auto: true, ..Change::new(field, event.answer()) }
    };
    Ok((1..).zip(rows).map(change).collect())
}
