//! One open interview: answers, rows, notes, moves. Each change is on the disk before the screen hears of it.

mod attaching;
mod auditing;
mod moving;
mod remarking;
mod sounding;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tianye_journal::RecordId;
use tianye_survey::{Attachment, FormHash};
use tianye_xform::{self as xform, Delta, FieldPath, Form, RowId, Session};

use super::attachment::Files;
use super::duty::Unanswerable;
use super::markup;
use super::page::{self, COMPLETION, Notes, Place, Shown};
use super::remarks::{Kept, Remarked, Remarks, Watch};
use crate::conflicts::Question;
use crate::consenting::Withheld;
use crate::entities::Torn;
use crate::refusal::{Result, refuse};
use crate::view::{
    AnswerInput, ApartLine, EraseAnswer, Hit, InterviewState, InterviewView, Item, Language, Move, NonAnswer, PageView,
    Refusal, StatusView, Step, TreePart, Unfinished, VersionsView, WhyView,
};
use crate::world::{self, World};

/// Longest note, in characters.
const LONGEST_NOTE: usize = 4000;

/// Most hits of "find question".
const MOST_HITS: usize = 50;

/// Where an open interview keeps its changes. When a call returns, they are durable.
pub trait Keep {
    /// Keeps the values that an act wrote, with their files and what is remarked on them.
    ///
    /// # Errors
    /// The store's refusal; nothing of the call was kept then.
    fn keep(&self, record: RecordId, kept: &[(String, Kept)]) -> Result<()>;
    /// As [`Keep::keep`], with a new file among them, whose chunks nothing named so far; the recording that it was made of
    /// ends in the same step.
    ///
    /// # Errors
    /// As [`Keep::keep`]; a chunk that is no longer there.
    fn keep_attached(
        &self,
        record: RecordId,
        kept: &[(String, Kept)],
        file: &Attachment,
        recording: Option<i64>,
    ) -> Result<()>;
    /// Whether all of a file is here.
    fn holds(&self, file: &Attachment) -> bool;
    /// Keeps a note; an empty one takes it away.
    ///
    /// # Errors
    /// As [`Keep::keep`].
    fn keep_note(&self, record: RecordId, field: &str, note: &str) -> Result<()>;
    /// Keeps where to go on.
    ///
    /// # Errors
    /// As [`Keep::keep`].
    fn keep_place(&self, record: RecordId, place: &Stop) -> Result<()>;
    /// Keeps the language on the screen.
    ///
    /// # Errors
    /// As [`Keep::keep`].
    fn keep_language(&self, record: RecordId, language: &str) -> Result<()>;
    /// Takes the last change back; gives its field, or none if there was nothing.
    ///
    /// # Errors
    /// As [`Keep::keep`].
    fn take_back(&self, record: RecordId) -> Result<Option<String>>;
    /// All fields as they stand, to build the session anew after a refusal.
    ///
    /// # Errors
    /// The store's refusal.
    fn fields(&self, record: RecordId) -> Result<Vec<(String, Kept)>>;
}

/// Where an interview stopped, and what the lists say of it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Stop {
    /// Key of the page; [`COMPLETION`] for the summary.
    pub key: String,
    /// Field with the focus.
    pub focus: String,
    /// Number of the question, e.g. `B4`.
    pub number: String,
    /// Questions answered.
    pub answered: u32,
    /// Questions asked of this respondent.
    pub total: u32,
}

impl Stop {
    /// The place it names.
    #[must_use]
    pub fn place(&self) -> Place {
        if self.key == COMPLETION {
            Place::Completion
        } else {
            Place::Page { key: self.key.clone(), focus: self.focus.clone() }
        }
    }
}

/// What stands above an interview, besides its answers.
#[derive(Clone)]
pub struct Heading {
    /// Code of the respondent.
    pub code: String,
    /// Display name of the respondent.
    pub name: String,
    /// Site name.
    pub site: String,
    /// State.
    pub state: InterviewState,
    /// Whether a form is only tried and nothing is stored.
    pub trial: bool,
}

/// An interview on the screen.
pub struct OpenInterview {
    record: RecordId,
    heading: Heading,
    form: Arc<Form>,
    version: FormHash,
    versions: VersionsView,
    apart: Vec<ApartLine>,
    torn: Torn,
    session: Session,
    unanswerable: Unanswerable,
    withheld: Withheld,
    properties: xform::Properties,
    notes: Notes,
    remarks: Remarks,
    files: Files,
    unfinished: Vec<(String, Unfinished)>,
    watch: Watch,
    /// The audit log, if the form asks for one and something may be changed.
    log: Option<auditing::Log>,
    sound: sounding::Sound,
    /// Whether a reason is to be given for what is corrected.
    correction: Option<auditing::Correction>,
    place: Place,
    readonly: bool,
    saved: Option<String>,
    shown: Drawn,
}

/// What was drawn last, to tell what changed.
#[derive(Clone)]
struct Drawn {
    page: PageView,
    tree: Vec<TreePart>,
}

/// What an interview is opened with.
pub struct Opening {
    /// Its record.
    pub record: RecordId,
    /// What stands above it.
    pub heading: Heading,
    /// What may not be recorded of the respondent.
    pub withheld: Withheld,
    /// Its form.
    pub form: Arc<Form>,
    /// The version of the form.
    pub version: FormHash,
    /// What is known of versions beside it.
    pub versions: VersionsView,
    /// Answers of the record that stand apart in this version.
    pub apart: Vec<ApartLine>,
    /// Whether it was corrected already since it was finalised.
    pub corrected: bool,
    /// Entities of its lists that two laptops changed differently: list and id.
    pub torn: Torn,
    /// Device and interviewer, for the form's metadata.
    pub properties: xform::Properties,
    /// Fields as they stand; none for a new interview.
    pub fields: Option<Vec<(String, Kept)>>,
    /// Notes as they stand.
    pub notes: Notes,
    /// Recordings that were cut off, by their questions.
    pub unfinished: Vec<(String, Unfinished)>,
    /// Where it stopped.
    pub place: Option<Place>,
    /// Language as the form names it, or empty.
    pub language: String,
    /// Whether nothing may be changed.
    pub readonly: bool,
    /// When it was last saved; none for a new interview.
    pub saved: Option<String>,
}

impl fmt::Debug for Heading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Heading({:?})", self.state)
    }
}

impl fmt::Debug for Opening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Opening({})", self.record)
    }
}

impl fmt::Debug for OpenInterview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OpenInterview({})", self.record)
    }
}

impl OpenInterview {
    /// Opens an interview; a new one keeps what the form fills in by itself.
    ///
    /// # Errors
    /// The store's refusal while keeping the first values.
    pub fn open(opening: Opening, keep: &dyn Keep, world: &dyn World) -> Result<Self> {
        let Opening {
            record,
            heading,
            withheld,
            form,
            version,
            versions,
            apart,
            corrected,
            torn,
            properties,
            fields,
            notes,
            unfinished,
            place,
            language,
            readonly,
            saved,
        } = opening;
        let mut session = with_context(world, &properties, |context| match &fields {
            None => Session::start(form.clone(), context),
            Some(fields) => Session::resume(form.clone(), values(fields), context).0,
        });
        if fields.is_none() {
            let first: Vec<_> = session.fields().iter().filter(|field| kept(field)).map(plain).collect();
            keep.keep(record, &first)?;
        }
        if !language.is_empty() {
            session.set_language(&language);
        }
        let log = auditing::Log::of(&form, &properties.username, world.now()).filter(|_| !readonly && !heading.trial);
        let correcting = log.is_some() && heading.state == InterviewState::Correcting;
        let correction = auditing::Correction::of(&session, corrected).filter(|_| correcting);
        let mut open = Self {
            record,
            heading,
            correction,
            log,
            unanswerable: Unanswerable::of(&form).and(withheld.questions(&form)),
            withheld,
            form,
            version,
            versions,
            apart,
            torn,
            session,
            properties,
            notes,
            remarks: fields.as_deref().map(remarks_of).unwrap_or_default(),
            files: Files::of(fields.as_deref().unwrap_or_default(), |file| keep.holds(file)),
            unfinished,
            watch: Watch::start(world.now()),
            sound: sounding::Sound::default(),
            place: Place::Completion,
            readonly,
            saved,
            shown: Drawn { page: empty_page(), tree: Vec::new() },
        };
        open.place = place.unwrap_or_else(|| open.first_page());
        open.draw();
        open.log_opening(fields.is_none(), keep, world)?;
        Ok(open)
    }

    /// Its record.
    #[must_use]
    pub fn record(&self) -> RecordId {
        self.record
    }

    /// Its form.
    #[must_use]
    pub fn form(&self) -> &Arc<Form> {
        &self.form
    }

    /// The version of its form.
    #[must_use]
    pub fn version(&self) -> &FormHash {
        &self.version
    }

    /// Whether nothing may be changed.
    #[must_use]
    pub fn readonly(&self) -> bool {
        self.readonly
    }

    /// Its session.
    #[must_use]
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// The language on the screen, as the form names it.
    #[must_use]
    pub fn language(&self) -> &str {
        self.session.language()
    }

    /// The fields that the program filled in and nobody answered: defaults and metadata.
    #[must_use]
    pub fn by_program(&self) -> BTreeSet<String> {
        let fields = self.session.fields().into_iter();
        let by_program =
            |field: &xform::Field| matches!(field.origin, xform::Origin::Default | xform::Origin::Metadata);
        fields.filter(by_program).map(|field| field.path.as_str().to_owned()).collect()
    }

    /// Where it stands, for going on and for the lists.
    #[must_use]
    pub fn stop(&self) -> Stop {
        let progress = self.outline().progress;
        let focus = match &self.place {
            Place::Page { focus, .. } => focus.clone(),
            Place::Completion => String::new(),
        };
        let focused = self.shown.page.items.iter().find(|item| item.field == focus);
        Stop {
            key: self.shown.page.key.clone(),
            number: focused
                .or_else(|| self.shown.page.items.first())
                .map(|item| item.number.clone())
                .unwrap_or_default(),
            focus,
            answered: progress.answered,
            total: progress.total,
        }
    }

    /// The whole view.
    #[must_use]
    pub fn view(&self) -> InterviewView {
        let languages = self.form.languages();
        let shown = self.session.language();
        InterviewView {
            id: self.record.to_string(),
            form: self.form.title().to_owned(),
            code: self.heading.code.clone(),
            name: self.heading.name.clone(),
            site: self.heading.site.clone(),
            state: self.heading.state,
            trial: self.heading.trial,
            languages: languages
                .iter()
                .map(|name| Language { name: name.clone(), code: page::language_code(name) })
                .collect(),
            language: page::small(languages.iter().position(|name| name == shown).unwrap_or(0)),
            tree: self.shown.tree.clone(),
            page: self.shown.page.clone(),
            status: self.status(),
            versions: self.versions.clone(),
            apart: self.apart.clone(),
        }
    }

    /// Takes an answer. It is durable when this returns.
    ///
    /// # Errors
    /// `not-an-integer` and the like when the text is no value of that type; the store's refusal. In both cases the
    /// interview stands as before.
    pub fn answer(&mut self, input: &AnswerInput, keep: &dyn Keep, world: &dyn World) -> Result<Step> {
        self.writable()?;
        self.must_not_be_typed(&input.field, &input.value)?;
        let field = parse(&input.field)?;
        let before = self.logged(&field);
        let session = &mut self.session;
        let delta = with_context(world, &self.properties, |context| session.answer(&field, &input.value, context))?;
        self.log_answer(&field, before, world);
        self.watch.answered(field.as_str(), world.now());
        self.durably(&delta, keep, world)
    }

    /// Gives a declared non-answer. It is durable when this returns.
    ///
    /// # Errors
    /// `answer-not-declared` where the form does not have it; the store's refusal. The interview then stands as before.
    pub fn give_non_answer(
        &mut self,
        field: &str,
        non_answer: NonAnswer,
        keep: &dyn Keep,
        world: &dyn World,
    ) -> Result<Step> {
        self.writable()?;
        let field = parse(field)?;
        let before = self.logged(&field);
        let (session, non_answer) = (&mut self.session, non_answer.into());
        let give = |context: &xform::Context<'_>| session.give_non_answer(&field, non_answer, context);
        let delta = with_context(world, &self.properties, give)?;
        self.log_answer(&field, before, world);
        self.watch.answered(field.as_str(), world.now());
        self.durably(&delta, keep, world)
    }

    fn given(&self, field: &str) -> xform::Given {
        let node = FieldPath::parse(field).ok().and_then(|path| self.session.view(&path));
        node.map(|node| given(&node)).unwrap_or_default()
    }

    /// Adds a row to a repeat.
    ///
    /// # Errors
    /// A closed repeat; the store's refusal.
    pub fn add_row(&mut self, repeat: &str, keep: &dyn Keep, world: &dyn World) -> Result<InterviewView> {
        self.writable()?;
        let repeat = parse(repeat)?;
        let id = RowId::random(world::random_u128(world));
        let row = repeat.with_row(&id);
        let session = &mut self.session;
        let delta = with_context(world, &self.properties, |context| session.add_row(&repeat, id, context))?;
        self.log_row("add repeat", &row, world);
        self.durably(&delta, keep, world)?;
        let first = self.shown.page.rows.iter().find(|shown| shown.path == row.as_str());
        let focus = first.and_then(|row| row.fields.first()).cloned().unwrap_or_default();
        if let Place::Page { focus: place, .. } = &mut self.place {
            *place = focus;
        }
        self.draw();
        Ok(self.view())
    }

    /// Removes a row of a repeat.
    ///
    /// # Errors
    /// A row the form made; the store's refusal.
    pub fn remove_row(&mut self, row: &str, keep: &dyn Keep, world: &dyn World) -> Result<InterviewView> {
        self.writable()?;
        let row = parse(row)?;
        self.log_row("delete repeat", &row, world);
        let session = &mut self.session;
        let removed = with_context(world, &self.properties, |context| session.remove_row(&row, context));
        let delta = removed.inspect_err(|_| drop(self.waiting_events(world)))?;
        self.durably(&delta, keep, world)?;
        Ok(self.view())
    }

    /// Attaches the interviewer's note to a question.
    ///
    /// # Errors
    /// A note that is too long; the store's refusal.
    pub fn set_note(&mut self, field: &str, note: &str, keep: &dyn Keep, world: &dyn World) -> Result<Step> {
        self.writable()?;
        let found = note.chars().count();
        if found > LONGEST_NOTE {
            return Err(refuse("too-long", format!("expected at most {LONGEST_NOTE} characters, found {found}"))
                .with("limit", LONGEST_NOTE.to_string()));
        }
        let field = parse(field)?;
        keep.keep_note(self.record, field.as_str(), note.trim())?;
        self.notes.insert(field.as_str().to_owned(), note.trim().to_owned());
        self.saved = Some(world::iso(world.now()));
        Ok(self.step())
    }

    /// Goes to another page.
    ///
    /// # Errors
    /// `must-fix` when the page has a hard problem and the move is "next"; the store's refusal.
    pub fn go(&mut self, to: &Move, keep: &dyn Keep, world: &dyn World) -> Result<InterviewView> {
        let after = match self.place_after(to) {
            Ok(after) => after,
            Err(refusal) => {
                self.log_refused(keep, world)?;
                return Err(refusal);
            }
        };
        if after != self.place {
            self.leave_page(keep, world)?;
            self.log_leaving(Some(to), keep, world)?;
        }
        let before = std::mem::replace(&mut self.place, after);
        self.draw();
        if !self.readonly
            && let Err(refusal) = keep.keep_place(self.record, &self.stop())
        {
            self.place = before;
            self.draw();
            return Err(refusal);
        }
        Ok(self.view())
    }

    /// Shows the form in another of its languages.
    ///
    /// # Errors
    /// A language the form does not have; the store's refusal.
    pub fn set_language(&mut self, index: u32, keep: &dyn Keep) -> Result<InterviewView> {
        let languages = self.form.languages();
        let Some(language) = languages.get(index as usize).cloned() else {
            let detail = format!("expected a language below {}, found {index}", languages.len());
            return Err(refuse("internal", detail));
        };
        if !self.readonly {
            keep.keep_language(self.record, &language)?;
        }
        self.session.set_language(&language);
        self.draw();
        Ok(self.view())
    }

    /// Takes the last change back.
    ///
    /// # Errors
    /// The store's refusal.
    pub fn undo(&mut self, keep: &dyn Keep, world: &dyn World) -> Result<InterviewView> {
        self.writable()?;
        while let Some(field) = keep.take_back(self.record)? {
            let taken = field.clone();
            let before = (self.given(&field), self.remarked(&field).haste);
            let logged = FieldPath::parse(&field).ok().map(|path| (self.logged(&path), path));
            self.rebuild(keep, world)?;
            if let Some((old, path)) = logged {
                self.log_answer(&path, old, world);
                self.keep_waiting(keep, world)?;
            }
            self.saved = Some(world::iso(world.now()));
            if let Ok(field) = FieldPath::parse(&field)
                && let Some(page) = page::page_of(&self.outline(), &field)
            {
                self.place = Place::Page { key: page.path.as_str().to_owned(), focus: field.as_str().to_owned() };
            }
            // That a question was left too soon was no act of the interviewer: the one before it is meant.
            let haste_only = before.1.is_some() && self.remarked(&taken).haste.is_none();
            if !haste_only || before.0 != self.given(&taken) {
                break;
            }
        }
        self.draw();
        Ok(self.view())
    }

    /// Questions whose number or label contains a text.
    #[must_use]
    pub fn find(&self, text: &str) -> Vec<Hit> {
        let wanted = text.trim().to_lowercase();
        if wanted.is_empty() {
            return Vec::new();
        }
        let outline = self.outline();
        let items =
            outline.pages().flat_map(|page| page.items.iter().chain(page.rows.iter().flat_map(|row| &row.items)));
        let mut hits = Vec::new();
        for item in items.filter(|item| item.kind == xform::ItemKind::Question) {
            let Some(node) = self.session.view(&item.path) else { continue };
            let whole = markup::plain(&node.label);
            if whole.to_lowercase().contains(&wanted) {
                let (number, label) = page::split_number(&whole);
                hits.push(Hit {
                    field: item.path.as_str().to_owned(),
                    number: number.to_owned(),
                    label: label.to_owned(),
                    relevant: node.relevant,
                });
            }
            if hits.len() == MOST_HITS {
                break;
            }
        }
        hits
    }

    /// Why a question is hidden, required, wrong, or has its value.
    ///
    /// # Errors
    /// There is no such question.
    pub fn why(&self, field: &str) -> Result<WhyView> {
        let path = FieldPath::parse(field)?;
        super::why::why(&self.session, &path)
            .ok_or_else(|| refuse("answer-unknown-field", "expected a field of the open interview, found another"))
    }

    /// Writes the closing metadata when nothing must be put right.
    ///
    /// # Errors
    /// `must-fix` with the number of problems; `change-reason-missing`; the store's refusal.
    pub fn finish(&mut self, keep: &dyn Keep, world: &dyn World) -> Result<()> {
        self.writable()?;
        let wrong = self.unanswerable.must_fix(&self.session).len();
        if wrong > 0 {
            self.log_moment(&["constraint error"], keep, world)?;
            self.place = Place::Completion;
            self.draw();
            return Err(
                refuse("must-fix", format!("expected no problem, found {wrong}")).with("count", wrong.to_string())
            );
        }
        if self.reason().is_some_and(str::is_empty) {
            return Err(refuse("change-reason-missing", "expected why the interview is corrected, found nothing"));
        }
        let session = &mut self.session;
        let delta = with_context(world, &self.properties, |context| session.finalise(context));
        self.log_leaving(None, keep, world)?;
        self.log_moment(&["form save", "form finalize"], keep, world)?;
        keep.keep(self.record, &self.kept_of(&delta))
    }

    fn writable(&self) -> Result<()> {
        if self.readonly {
            return Err(refuse(
                "readonly",
                "expected a draft, found a finalised interview; open it for correction first",
            ));
        }
        Ok(())
    }

    /// Keeps what an act wrote and tells what changed; when it cannot be kept, the session goes back to what is kept.
    fn durably(&mut self, delta: &Delta, keep: &dyn Keep, world: &dyn World) -> Result<Step> {
        let mut kept = self.kept_of(delta);
        kept.extend(self.waiting_events(world));
        if kept.is_empty() {
            return Ok(self.step());
        }
        let done = keep.keep(self.record, &kept);
        self.settle(delta, done, keep, world)
    }

    fn rebuild(&mut self, keep: &dyn Keep, world: &dyn World) -> Result<()> {
        let fields = keep.fields(self.record)?;
        let language = self.session.language().to_owned();
        let form = self.form.clone();
        self.session =
            with_context(world, &self.properties, |context| Session::resume(form, values(&fields), context).0);
        self.session.set_language(&language);
        self.remarks = remarks_of(&fields);
        self.files.extend(Files::of(&fields, |file| keep.holds(file)));
        Ok(())
    }

    fn first_page(&self) -> Place {
        let outline = self.outline();
        let first = page::visitable(&outline).next().map(|(_, page)| page.path.as_str().to_owned());
        first.map_or(Place::Completion, |key| Place::Page { key, focus: String::new() })
    }

    fn draw(&mut self) {
        let outline = self.outline();
        let peek = self.peek();
        let shown = Shown {
            session: &self.session,
            notes: &self.notes,
            remarks: &self.remarks,
            files: &self.files,
            unfinished: &self.unfinished,
            peek: peek.as_deref(),
            readonly: self.readonly,
            unanswerable: &self.unanswerable,
            withheld: &self.withheld,
            torn: &self.torn,
            reason: self.reason(),
        };
        let page = shown.page(&outline, &self.place);
        let tree = shown.tree(&outline, &page.key);
        self.shown = Drawn { page, tree };
    }

    /// Draws again and tells what changed since the last time.
    fn step(&mut self) -> Step {
        let before = self.shown.clone();
        self.draw();
        let status = self.status();
        let Drawn { page, tree } = &self.shown;
        let items: Vec<Item> = page.items.iter().filter(|item| !before.page.items.contains(item)).cloned().collect();
        let order = |items: &[Item]| items.iter().map(|item| item.field.clone()).collect::<Vec<_>>();
        let keys = |tree: &[TreePart]| tree.iter().map(|part| part.key.clone()).collect::<Vec<_>>();
        Step {
            items,
            order: (order(&before.page.items) != order(&page.items)).then(|| order(&page.items)),
            rows: (before.page.rows != page.rows).then(|| page.rows.clone()),
            tree: tree.iter().filter(|part| !before.tree.contains(part)).cloned().collect(),
            tree_order: (keys(&before.tree) != keys(tree)).then(|| keys(tree)),
            status,
            completion: page.completion.clone(),
        }
    }

    /// Counts and marks. Of a trial nothing is saved, so nothing is said to be.
    fn status(&self) -> StatusView {
        let status = page::status(&self.outline(), self.saved.clone().filter(|_| !self.heading.trial));
        let risks = self.session.risks().iter().map(|field| field.as_str().to_owned()).collect();
        StatusView { sound: self.sound_wish(), risks, ..status }
    }

    /// The form as sections and pages; what cannot be answered counts nowhere.
    fn outline(&self) -> xform::Outline {
        self.unanswerable.outline(&self.session)
    }

    /// What somebody answered or remarked, in the order of the form.
    #[must_use]
    pub fn all_given(&self) -> Vec<EraseAnswer> {
        let fields = self.session.fields().into_iter();
        let noted = |field: &xform::Field| self.notes.get(field.path.as_str()).is_some_and(|note| !note.is_empty());
        let given = fields.filter(|field| field.origin == xform::Origin::Answered);
        let given = given.filter(|field| !field.given.is_blank() || noted(field));
        let line = |field: xform::Field| {
            let node = self.session.view(&field.path)?;
            let (number, label) = page::split_number(&node.label);
            let file = node.kind == xform::ValueKind::Binary && !field.given.text().is_empty();
            let asked = Question::of(&self.session, &(&field.path).into());
            Some(EraseAnswer {
                field: field.path.as_str().to_owned(),
                number: number.to_owned(),
                label: if label.is_empty() { node.name.clone() } else { markup::plain(label) },
                value: if file { String::new() } else { asked.display(field.given.text()) },
                file,
            })
        };
        given.filter_map(line).collect()
    }

    fn peek(&self) -> Option<String> {
        let shown = self.session.language();
        self.form.languages().iter().find(|name| name.as_str() != shown).cloned()
    }
}

/// Calls with what the form may ask of the world.
pub(crate) fn with_context<T>(
    world: &dyn World,
    properties: &xform::Properties,
    call: impl FnOnce(&xform::Context<'_>) -> T,
) -> T {
    let random = || world::random_u64(world);
    call(&xform::Context { now: world.now(), random: &random, properties })
}

/// Whether a field of a session is kept in the draft log: all but what is computed again each time.
pub(crate) fn kept(field: &xform::Field) -> bool {
    field.origin != xform::Origin::Calculated
}

/// A field of a new session as the draft log keeps it.
fn plain(field: &xform::Field) -> (String, Kept) {
    (field.path.as_str().to_owned(), Kept::plain(tianye_survey::Answer::from(&field.given)))
}

/// Kept fields as a session takes them; an address this program cannot read is left to the store.
pub(crate) fn values(fields: &[(String, Kept)]) -> Vec<(FieldPath, xform::Given)> {
    fields.iter().filter_map(|(path, kept)| Some((FieldPath::parse(path).ok()?, kept.answer.given()))).collect()
}

fn given(node: &xform::NodeView) -> xform::Given {
    node.non_answer.map_or_else(|| xform::Given::from(node.value.as_str()), xform::Given::NonAnswer)
}

fn remarks_of(fields: &[(String, Kept)]) -> Remarks {
    let remarked = fields.iter().filter(|(_, kept)| kept.remarked != Remarked::default());
    remarked.map(|(field, kept)| (field.clone(), kept.remarked.clone())).collect()
}

fn parse(field: &str) -> Result<FieldPath> {
    FieldPath::parse(field).map_err(Refusal::from)
}

fn empty_page() -> PageView {
    PageView {
        key: String::new(),
        kind: crate::view::PageKind::Completion,
        section: String::new(),
        number: 0,
        of: 0,
        title: String::new(),
        items: Vec::new(),
        columns: 0,
        rows: Vec::new(),
        repeat: String::new(),
        rows_open: false,
        focus: String::new(),
        has_back: false,
        completion: None,
    }
}
