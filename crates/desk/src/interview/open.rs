//! One open interview: answers, rows, notes, moves. Each change is on the disk before the screen hears of it.

mod acts;
mod attaching;
mod auditing;
mod drawing;
mod keeping;
mod moving;
mod remarking;
mod sounding;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use tianye_journal::RecordId;
use tianye_survey::FormHash;
use tianye_xform::{self as xform, Delta, FieldPath, Form, Session};

pub use keeping::{Keep, Stop};

use super::attachment::Files;
use super::duty::Unanswerable;
use super::page::{self, Notes, Place};
use super::remarks::{Kept, Remarked, Remarks, Watch};
use crate::consenting::Withheld;
use crate::entities::Torn;
use crate::refusal::{Result, refuse};
use crate::view::{ApartLine, InterviewState, PageView, Refusal, Step, TreePart, Unfinished, VersionsView};
use crate::world::{self, World};

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
    /// Who answers about a child, by code and name; empty where the respondent does.
    pub answered_by: String,
    /// Whether it was made for practice, in a project that has begun since.
    pub practice: bool,
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
    unusable: Withheld,
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
    /// What was recorded of the respondent and may not be used any more.
    pub unusable: Withheld,
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
            unusable,
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
            unusable,
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
            shown: Drawn { page: page::blank(), tree: Vec::new() },
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
