//! Interviews from beginning to end: begin, go on, pause, finalise, correct.

use serde::{Deserialize, Serialize};
use tianye_journal::{EntryHash, RecordId, WallClock};
use tianye_store::{Draft, NewDraft, Op, Tx};
use tianye_survey::{
    self as survey, Answer, Assignment, Card, Change, Content, Field, FormHash, Interview, Names, SiteKind, Sitting,
    Stage, Status, Subject, SubjectKind,
};

use tianye_xform::About;

use crate::book::entries_of;
use crate::desk::{Desk, stored};
use crate::entities::Torn;
use crate::interview::open::{Heading, OpenInterview, Opening, Stop};
use crate::interview::page::Notes;
use crate::interview::remarks::{Kept, Remarked};
use crate::people::site_gone;
use crate::refusal::{Result, refuse};
use crate::team_chain;
use crate::view::{
    AnswerInput, Hit, HomeView, InterviewState, InterviewView, Move, NewInterview, NonAnswer, Refusal, Step, WhyView,
};
use crate::world;

/// Longest code or display name of a respondent, in characters.
const LONGEST_NAME: usize = 64;

/// The desk's word for a draft that corrects a finalised interview.
pub(crate) const CORRECTING: &str = "correcting";
/// State of a draft that is done with.
pub(crate) const FINALISED: &str = "finalised";

/// What a draft knows besides its answers, as JSON.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Extra {
    pub site: Option<RecordId>,
    pub assignment: Option<RecordId>,
    /// Who answers, of a form about a child that somebody else answers.
    pub with: Vec<RecordId>,
    /// Entries that others named and that were not here when the draft was taken up: its answers say nothing of theirs.
    pub unseen: Vec<EntryHash>,
    /// The version of the form that it was moved from, until something is sealed under the new one.
    pub moved_from: Option<FormHash>,
    /// It was begun while the project's card called it a practice project.
    pub practice: bool,
}

impl Extra {
    /// Of a draft; one that cannot be read says nothing.
    pub(crate) fn of(draft: &Draft) -> Self {
        serde_json::from_str(&draft.extra).unwrap_or_default()
    }
}

impl Desk {
    /// Begins an interview; the respondent and the draft are durable when this returns.
    ///
    /// # Errors
    /// No such form or assignment; a missing code; `who-answers` and `about-which-child` of a form about a child that somebody
    /// else answers; the store's refusal.
    pub fn start_interview(&mut self, new: &NewInterview, language: &str) -> Result<InterviewView> {
        self.leave_quietly()?;
        let assignment = new.assignment.as_deref().map(record_id).transpose()?;
        let assigned = assignment.and_then(|record| self.book.project.assignment(&record).cloned());
        if assignment.is_some() && assigned.is_none() {
            return Err(refuse("assignment-gone", "expected an assignment that can be read, found none"));
        }
        let form_id = assigned.as_ref().map_or(new.form.as_str(), |assigned| assigned.form_id.as_str());
        let form = self.newest_form(form_id)?;
        // The form is read before anything is written: an unreadable one must not leave a draft behind.
        if self.form(&form)?.about() == About::Site {
            return self.start_at(new, assigned.as_ref(), assignment, form, language);
        }
        let site = match assigned.as_ref().and_then(|assigned| assigned.site) {
            Some(site) => Some(site),
            None if !new.subject.is_empty() => None,
            None if new.site.is_empty() => None,
            None => Some(record_id(&new.site)?),
        };
        let chosen = if new.subject.is_empty() { None } else { Some(record_id(&new.subject)?) };
        let here = |subject: &RecordId| self.book.project.subject(subject).is_some();
        if chosen.as_ref().is_some_and(|subject| !here(subject)) {
            return Err(refuse("person-gone", "expected a respondent who is here, found none"));
        }
        // Then the respondent is known before the interview: somebody else must be asked, or named, first.
        let known_first = self.book.project.asks_consent() || self.is_about_ward(&form);
        // What was assigned with one who answers is about one of the children.
        let assigned_with = assigned.as_ref().and_then(|assigned| assigned.subject);
        let assigned_with =
            assigned_with.filter(|one| chosen.is_none() || !self.is_about_ward(&form) || self.is_child(one));
        let (subject, bodies) = match assigned_with.or(chosen) {
            Some(subject) => {
                self.must_be_free(form_id, &subject, new)?;
                (subject, Vec::new())
            }
            None => {
                let subject = self.new_subject(new, site)?;
                match self.known_respondent(&subject).filter(|_| !new.anyway) {
                    Some(known) => {
                        let free = self.must_be_free(form_id, &known, new);
                        free.map_err(|refusal| refusal.with("person", known.to_string()))?;
                        (known, Vec::new())
                    }
                    None => {
                        if !new.anyway {
                            self.must_be_new(&subject, language)?;
                        }
                        let record = self.new_record();
                        (record, vec![self.body(record, Vec::new(), &Content::Subject(Card::whole(&subject)))?])
                    }
                }
            }
        };
        if known_first && !bodies.is_empty() {
            // The respondent is known from now on, so that there is somebody whose consent, or whose ties, can be written down.
            self.append_all(&bodies)?;
        }
        let with = self.answering(&form, &subject, &new.answered_by)?;
        self.must_consent(Some(subject), &with, &form)?;
        let bodies = if known_first { Vec::new() } else { bodies };
        self.begin_draft(Some(subject), form, Extra { site, assignment, with, ..Extra::default() }, &bodies, language)
    }

    /// Begins an interview with a respondent who is known.
    ///
    /// # Errors
    /// As [`Self::start_interview`].
    pub fn start_with(&mut self, person: &str, form_id: &str, language: &str) -> Result<InterviewView> {
        self.leave_quietly()?;
        let subject = record_id(person)?;
        let card = self.book.project.subject(&subject);
        let site =
            card.ok_or_else(|| refuse("unknown-respondent", "expected a respondent with a card, found none"))?.site;
        let form = self.newest_form(form_id)?;
        self.form(&form)?;
        let with = self.answering(&form, &subject, "")?;
        self.must_consent(Some(subject), &with, &form)?;
        self.begin_draft(Some(subject), form, Extra { site, with, ..Extra::default() }, &[], language)
    }

    /// Begins a form about a place: with somebody who is spoken to there, or with nobody.
    fn start_at(
        &mut self,
        new: &NewInterview,
        assigned: Option<&Assignment>,
        assignment: Option<RecordId>,
        form: FormHash,
        language: &str,
    ) -> Result<InterviewView> {
        let chosen = if new.subject.is_empty() { None } else { Some(record_id(&new.subject)?) };
        let subject = assigned.and_then(|assigned| assigned.subject).or(chosen);
        let card = match subject {
            None => None,
            Some(subject) => Some(
                self.book
                    .project
                    .subject(&subject)
                    .ok_or_else(|| refuse("person-gone", "expected a respondent who is here, found none"))?,
            ),
        };
        let chosen = if new.site.is_empty() { None } else { Some(record_id(&new.site)?) };
        let site = assigned.and_then(|assigned| assigned.site).or(chosen).or(card.and_then(|card| card.site));
        let site =
            site.ok_or_else(|| refuse("site-missing", "expected the place that the form is about, found none"))?;
        if self.book.project.site(&site).is_none() {
            return Err(site_gone());
        }
        if let Some(subject) = subject {
            let form_id = assigned.map_or(new.form.as_str(), |assigned| assigned.form_id.as_str());
            self.must_be_free(form_id, &subject, new)?;
        }
        // Who says for what a form is filled means somebody who is asked.
        if subject.is_none() && self.book.project.asks_consent() && !self.purposes_of(&form).is_empty() {
            return Err(refuse("with-whom-missing", "expected somebody who is spoken to and has agreed, found nobody"));
        }
        self.must_consent(subject, &[], &form)?;
        self.begin_draft(subject, form, Extra { site: Some(site), assignment, ..Extra::default() }, &[], language)
    }

    fn begin_draft(
        &mut self,
        subject: Option<RecordId>,
        form: FormHash,
        extra: Extra,
        bodies: &[tianye_journal::PlainBody],
        language: &str,
    ) -> Result<InterviewView> {
        let record = self.new_record();
        let draft = NewDraft {
            record,
            form: form.0,
            subject,
            language: String::new(),
            state: "draft".into(),
            parents: Vec::new(),
            extra: serde_json::to_string(&Extra { practice: self.book.project.is_called_practice(), ..extra })
                .unwrap_or_default(),
        };
        let at = stored(self.at());
        self.store.transact(Op::Draft, |tx| {
            for body in bodies {
                team_chain::put(tx, body)?;
            }
            tx.start_draft(&draft, at)
        })?;
        self.book.read_on(&self.store)?;
        self.open_interview(&record.to_string(), language)
    }

    /// A respondent whom the same words name, and with whom nothing was begun yet: they are meant.
    fn known_respondent(&self, new: &Subject) -> Option<RecordId> {
        let same = |card: &Subject| {
            (&card.kind, &card.code, &card.display_name, card.site)
                == (&new.kind, &new.code, &new.display_name, new.site)
        };
        let nothing_begun = |record: &RecordId| self.interviews_of(&self.cards_of(record)).is_empty();
        let cards = self.book.project.subjects.iter();
        let mut known = cards.filter(|(_, state)| state.card.as_ref().is_some_and(same)).map(|(record, _)| *record);
        known.find(nothing_begun)
    }

    /// Refuses a code that somebody of this kind has already where they may be meant, unless it is said that it is somebody else.
    /// In two schools, or in places apart from each other, the same code may be given twice.
    fn must_be_new(&self, new: &Subject, language: &str) -> Result<()> {
        let project = &self.book.project;
        let school = |site: &RecordId| {
            let path = project.site_path(site);
            path.iter().find(|(_, site)| site.kind == SiteKind::School).map(|(record, _)| *record)
        };
        let apart = |site: &RecordId, other: &RecordId| match (school(site), school(other)) {
            (Some(one), Some(another)) => one != another,
            _ => !project.is_within(site, other) && !project.is_within(other, site),
        };
        let is_meant = |card: &Subject| {
            let elsewhere = card.site.zip(new.site).is_some_and(|(site, other)| apart(&site, &other));
            card.kind == new.kind && card.code.eq_ignore_ascii_case(&new.code) && !elsewhere
        };
        let cards = project.subjects.iter().filter_map(|(record, state)| Some((record, state.card.as_ref()?)));
        // Of several the likeliest: of that name, and of that place.
        let likely = |card: &Subject| (card.display_name == new.display_name, card.site == new.site);
        let meant = cards.filter(|(_, card)| is_meant(card)).max_by_key(|(_, card)| likely(card));
        let Some((record, card)) = meant else { return Ok(()) };
        let (name, place): (&str, _) = (&card.display_name, self.book.site_name(card.site, language));
        let whom = [&card.code, name, &place].join(" ");
        Err(refuse("person-known", "expected a code that nobody has, found one that somebody of this place has")
            .with("person", project.identities().leading(record).to_string())
            .with("whom", whom.trim()))
    }

    fn new_subject(&self, new: &NewInterview, site: Option<RecordId>) -> Result<Subject> {
        let (code, name) = (new.code.trim(), new.name.trim());
        if code.is_empty() {
            return Err(refuse("field-empty", "expected the respondent's code, found none").with("field", "code"));
        }
        for text in [code, name] {
            let found = text.chars().count();
            if found > LONGEST_NAME {
                return Err(refuse("too-long", format!("expected at most {LONGEST_NAME} characters, found {found}"))
                    .with("limit", LONGEST_NAME.to_string()));
            }
        }
        let kind = if new.kind.is_empty() { SubjectKind::Pupil } else { SubjectKind::from(new.kind.as_str()) };
        if kind == SubjectKind::Group || !SubjectKind::ALL.contains(&kind) {
            return Err(refuse("internal", "expected one of the words for a person, found another"));
        }
        Ok(Subject { display_name: name.into(), site, ..Subject::new(kind, code) })
    }

    /// The newest version of a form.
    pub(crate) fn newest_form(&self, form_id: &str) -> Result<FormHash> {
        let latest = self.book.project.latest_forms();
        let newest = latest.get(form_id).and_then(|newest| newest.one());
        newest.ok_or_else(|| {
            refuse("form-missing", format!("expected one newest version of the form {form_id}, found none; sync first"))
        })
    }

    /// Opens an interview where it stopped. One that is finalised opens for reading.
    ///
    /// # Errors
    /// No such interview; a form that has not come; the store's refusal.
    pub fn open_interview(&mut self, id: &str, language: &str) -> Result<InterviewView> {
        let record = record_id(id)?;
        self.leave_quietly()?;
        let draft = self.store.read(|view| view.draft(record))?;
        match draft {
            Some(draft) if self.is_current(&draft)? => self.open_draft(&draft, language),
            _ => self.open_to_read(record, language),
        }
    }

    /// Whether a draft is what the interviewer works on: it has changes of its own, or the record is not complete.
    fn is_current(&self, draft: &Draft) -> Result<bool> {
        let brief = self.book.interviews.get(&draft.record);
        let unsealed = !self.store.read(|view| view.unsealed(draft.record))?.is_empty();
        let complete = brief.is_some_and(|brief| !brief.status.is_open());
        Ok(unsealed || !complete || draft.state == CORRECTING)
    }

    /// Opens a finalised interview, or one from another laptop, for correction.
    ///
    /// # Errors
    /// As [`Self::open_interview`].
    pub fn correct_interview(&mut self, id: &str, language: &str) -> Result<InterviewView> {
        let record = record_id(id)?;
        self.leave_quietly()?;
        let draft = self.store.read(|view| view.draft(record))?;
        let unsealed = !self.store.read(|view| view.unsealed(record))?.is_empty();
        if let Some(draft) = draft.filter(|_| unsealed) {
            return self.open_draft(&draft, language);
        }
        if self.book.interviews.get(&record).is_some_and(|brief| brief.status.is_stopped()) {
            return Err(stopped());
        }
        self.take_up(record)?;
        let draft = self.store.read(|view| view.draft(record))?.ok_or_else(|| unknown(id))?;
        self.open_draft(&draft, language)
    }

    /// Whether all of an interview was erased.
    fn is_erased(&self, record: &RecordId) -> bool {
        !self.book.interviews.contains_key(record) && !self.book.erasures_in(record).is_empty()
    }

    /// Why an interview is not here.
    fn missing(&self, record: &RecordId) -> Refusal {
        if self.is_erased(record) {
            return refuse("erased-here", format!("expected an interview, found that {record} was erased"));
        }
        unknown(&record.to_string())
    }

    /// Makes a draft that stands on everything known of a record, under the newest version among its heads.
    fn take_up(&mut self, record: RecordId) -> Result<()> {
        let taken = self.taken_up(record, None)?;
        let had = self.store.read(|view| view.draft(record))?.is_some();
        self.store.transact(Op::Draft, |tx| {
            if had {
                tx.drop_draft(record, false)?;
            }
            taken.put(tx)
        })?;
        Ok(())
    }

    /// A draft that stands on everything known of a record, under a version of its form.
    pub(crate) fn taken_up(&self, record: RecordId, version: Option<FormHash>) -> Result<TakenUp> {
        let entries = entries_of(&self.store, record)?;
        if entries.is_empty() || self.is_erased(&record) {
            return Err(self.missing(&record));
        }
        let (state, form) = match version {
            Some(version) => {
                let read =
                    self.book.library.read_under(&self.book.project, &self.store, &entries, &version, &self.book.team);
                (survey::interview(record, &read, &self.book.team), version)
            }
            None => {
                let state = self.book.interview(&self.store, record, &entries);
                let form = self.book.project.newest_of(&state.forms).one().ok_or_else(|| {
                    refuse("form-missing", "expected one form version of this interview, found none or several")
                })?;
                (state, form)
            }
        };
        let heads = state.heads();
        let draft = NewDraft {
            record,
            form: form.0,
            subject: state.subject(),
            language: String::new(),
            state: if state.status.status.is_open() { "draft" } else { CORRECTING }.into(),
            parents: heads,
            extra: serde_json::to_string(&Extra {
                site: state.site(),
                assignment: state.assignment(),
                with: state.with.iter().copied().collect(),
                unseen: state.ground.unseen(),
                ..Extra::default()
            })
            .unwrap_or_default(),
        };
        let note = |(field, fields): (&Field, &survey::FieldState)| {
            Some((field.as_str().to_owned(), fields.current().find_map(remark)?))
        };
        let notes = state.fields.iter().filter(|(field, _)| field.is_node()).filter_map(note).collect();
        Ok(TakenUp { draft, answers: settled(&state), notes, at: stored(self.at()) })
    }

    fn open_draft(&mut self, draft: &Draft, language: &str) -> Result<InterviewView> {
        let record = draft.record;
        if self.book.interviews.get(&record).is_some_and(|brief| brief.status.is_stopped()) {
            return Err(stopped());
        }
        self.must_still_consent(draft)?;
        let answers = self.store.read(|view| view.answers(record))?;
        let (extra, with) = (Extra::of(draft), self.taking_part(&record, Some(draft)));
        let stop: Option<Stop> = draft.position.as_deref().and_then(|json| serde_json::from_str(json).ok());
        let notes = answers.iter().filter_map(|one| Some((one.path.clone(), one.note.clone()?))).collect();
        let fields: Vec<(String, Kept)> =
            answers.iter().map(|one| (one.path.clone(), Kept::of_json(one.answer.as_deref()))).collect();
        let status = self.book.interviews.get(&record).map(|brief| brief.status);
        let form = FormHash(draft.form);
        let state = match status {
            _ if draft.state == CORRECTING => InterviewState::Correcting,
            Some(Status::SentBack) => InterviewState::SentBack,
            _ => InterviewState::Draft,
        };
        let saved = world::iso_of(draft.changed_ms, self.at().offset).filter(|_| !fields.is_empty());
        let opening = Opening {
            record,
            heading: Heading {
                answered_by: self.answers_said(&with, draft.subject),
                practice: self.is_past_draft(draft),
                ..self.heading(draft.subject, extra.site, state, language)
            },
            withheld: self.withheld(draft.subject, &with),
            unusable: self.unusable_in(&record)?.1,
            corrected: self.corrected(record, status)?,
            torn: self.torn(&*self.form(&form)?),
            form: self.form_with_lists(&form, Some(&record))?,
            version: form,
            versions: self.versions(&form, Some(draft))?,
            apart: self.apart(record, &form, language)?,
            properties: self.properties(),
            fields: (!fields.is_empty()).then_some(fields),
            notes,
            unfinished: self.unfinished(record)?,
            place: stop.map(|stop| stop.place()),
            language: draft.language.clone(),
            readonly: false,
            saved,
        };
        let open = OpenInterview::open(opening, &*self.keep(), &*self.world)?;
        let view = open.view();
        (self.open, self.erased_open) = (Some(open), false);
        Ok(view)
    }

    fn open_to_read(&mut self, record: RecordId, language: &str) -> Result<InterviewView> {
        let entries = entries_of(&self.store, record)?;
        if entries.is_empty() || self.is_erased(&record) {
            return Err(self.missing(&record));
        }
        let state = self.book.interview(&self.store, record, &entries);
        let brief = self.book.interviews.get(&record).ok_or_else(|| self.missing(&record))?;
        let form =
            brief.form.ok_or_else(|| refuse("form-missing", "expected the form of this interview, found none"))?;
        if brief.status == Status::StoppedNotKept && self.holds_answers(record)? {
            return Err(stopped());
        }
        self.must_not_be_refused(&record, brief, &form)?;
        let mut notes = Notes::new();
        for (field, fields) in &state.fields {
            if let Some(note) = fields.current().find_map(remark) {
                notes.insert(field.as_str().to_owned(), note.to_string());
            }
        }
        let opening = Opening {
            record,
            heading: Heading {
                answered_by: self.answers_said(&brief.with, state.subject()),
                practice: self.is_past_practice(brief),
                ..self.heading(state.subject(), state.site(), shown_state(brief.status), language)
            },
            withheld: crate::consenting::Withheld::default(),
            unusable: self.unusable_in(&record)?.1,
            corrected: false,
            torn: Torn::new(),
            form: self.form_with_lists(&form, Some(&record))?,
            version: form,
            versions: self.versions(&form, None)?,
            apart: self.apart(record, &form, language)?,
            properties: self.properties(),
            fields: Some(settled(&state)),
            notes,
            unfinished: Vec::new(),
            place: None,
            language: String::new(),
            readonly: true,
            saved: brief.changed.and_then(|at| world::iso_of(at.ms, at.offset)),
        };
        let open = OpenInterview::open(opening, &*self.keep(), &*self.world)?;
        let view = open.view();
        (self.open, self.erased_open) = (Some(open), false);
        Ok(view)
    }

    pub(crate) fn heading(
        &self,
        subject: Option<RecordId>,
        site: Option<RecordId>,
        state: InterviewState,
        language: &str,
    ) -> Heading {
        let subject = subject.and_then(|subject| self.book.project.subject(&subject));
        let site = site.or_else(|| subject.and_then(|subject| subject.site));
        Heading {
            code: subject.map(|subject| subject.code.clone()).unwrap_or_default(),
            // What is about a place is called by it.
            name: match subject {
                Some(subject) => subject.display_name.to_string(),
                None => self.own_name(site, language),
            },
            site: self.book.short_site_name(site, language),
            state,
            answered_by: String::new(),
            practice: false,
            trial: false,
        }
    }

    /// The name of a place, without those around it.
    pub(crate) fn own_name(&self, site: Option<RecordId>, language: &str) -> String {
        let site = site.and_then(|site| self.book.project.site(&site));
        site.map(|site| title(&site.name, language)).unwrap_or_default()
    }

    pub(crate) fn opened(&mut self) -> Result<&mut OpenInterview> {
        let erased = self.erased_open;
        self.open.as_mut().ok_or_else(|| match erased {
            true => refuse("erased-here", "expected an open interview, found that it was erased"),
            false => refuse("unknown-interview", "expected an open interview, found none"),
        })
    }

    /// Whether answers of a record were changed since it was finalised.
    fn corrected(&self, record: RecordId, status: Option<Status>) -> Result<bool> {
        let unsealed = self.store.read(|view| view.unsealed(record))?;
        let changed = unsealed.iter().any(|one| !one.path.starts_with(survey::AUDIT));
        Ok(changed || status == Some(Status::Reopened))
    }

    /// Says why the open interview is corrected; durable when this returns.
    ///
    /// # Errors
    /// See [`OpenInterview::give_reason`].
    pub fn give_reason(&mut self, reason: &str) -> Result<InterviewView> {
        let (keep, world) = (self.keep(), self.world.clone());
        self.opened()?.give_reason(reason, &*keep, &*world)
    }

    /// Takes an answer of the open interview; durable when this returns.
    ///
    /// # Errors
    /// See [`OpenInterview::answer`].
    pub fn answer(&mut self, input: &AnswerInput) -> Result<Step> {
        let (keep, world) = (self.keep(), self.world.clone());
        self.opened()?.answer(input, &*keep, &*world)
    }

    /// Attaches a note in the open interview.
    ///
    /// # Errors
    /// See [`OpenInterview::set_note`].
    pub fn set_note(&mut self, field: &str, note: &str) -> Result<Step> {
        let (keep, world) = (self.keep(), self.world.clone());
        self.opened()?.set_note(field, note, &*keep, &*world)
    }

    /// Adds a row in the open interview.
    ///
    /// # Errors
    /// See [`OpenInterview::add_row`].
    pub fn add_row(&mut self, repeat: &str) -> Result<InterviewView> {
        let (keep, world) = (self.keep(), self.world.clone());
        self.opened()?.add_row(repeat, &*keep, &*world)
    }

    /// Removes a row in the open interview.
    ///
    /// # Errors
    /// See [`OpenInterview::remove_row`].
    pub fn remove_row(&mut self, row: &str) -> Result<InterviewView> {
        let (keep, world) = (self.keep(), self.world.clone());
        self.opened()?.remove_row(row, &*keep, &*world)
    }

    /// Gives a declared non-answer to a question of the open interview; durable when this returns.
    ///
    /// # Errors
    /// See [`OpenInterview::give_non_answer`].
    pub fn give_non_answer(&mut self, field: &str, non_answer: NonAnswer) -> Result<Step> {
        let (keep, world) = (self.keep(), self.world.clone());
        self.opened()?.give_non_answer(field, non_answer, &*keep, &*world)
    }

    /// Confirms an answer of the open interview that a soft check asks about.
    ///
    /// # Errors
    /// See [`OpenInterview::confirm`].
    pub fn confirm(&mut self, field: &str, reason: &str) -> Result<Step> {
        let (keep, world) = (self.keep(), self.world.clone());
        self.opened()?.confirm(field, reason, &*keep, &*world)
    }

    /// Goes to another page of the open interview.
    ///
    /// # Errors
    /// See [`OpenInterview::go`].
    pub fn go(&mut self, to: &Move) -> Result<InterviewView> {
        let (keep, world) = (self.keep(), self.world.clone());
        self.opened()?.go(to, &*keep, &*world)
    }

    /// Shows the open interview in another language of its form.
    ///
    /// # Errors
    /// See [`OpenInterview::set_language`].
    pub fn set_form_language(&mut self, index: u32) -> Result<InterviewView> {
        let keep = self.keep();
        self.opened()?.set_language(index, &*keep)
    }

    /// Takes the last change of the open interview back.
    ///
    /// # Errors
    /// See [`OpenInterview::undo`].
    pub fn undo(&mut self) -> Result<InterviewView> {
        let (keep, world) = (self.keep(), self.world.clone());
        self.opened()?.undo(&*keep, &*world)
    }

    /// Finds questions of the open interview.
    ///
    /// # Errors
    /// No interview is open.
    pub fn find_question(&mut self, text: &str) -> Result<Vec<Hit>> {
        Ok(self.opened()?.find(text))
    }

    /// Why a question of the open interview is hidden, required, wrong, or has its value.
    ///
    /// # Errors
    /// No interview is open, or it has no such question.
    pub fn why(&mut self, field: &str) -> Result<WhyView> {
        self.opened()?.why(field)
    }

    /// Ends the sitting: what is in no entry yet is sealed, and the desk shows its lists.
    ///
    /// # Errors
    /// The store's refusal; the interview then stays open.
    pub fn pause_interview(&mut self, language: &str) -> Result<HomeView> {
        self.leave_quietly()?;
        self.home(language)
    }

    /// Closes the open interview, sealing what is in no entry yet.
    ///
    /// # Errors
    /// The store's refusal; every answer is on the disk all the same.
    pub fn leave(&mut self) -> Result<()> {
        self.leave_quietly()
    }

    /// What leaving a page does, of the open interview: its place and its log are kept.
    pub(crate) fn open_is_left(&mut self) -> Result<()> {
        let (keep, world) = (self.keep(), self.world.clone());
        let open = self.opened()?;
        open.leave_page(&*keep, &*world)?;
        open.log_exit(&*keep, &*world)
    }

    /// Finalises the open interview; a trial only ends.
    ///
    /// # Errors
    /// `must-fix` while something must be put right; the store's refusal.
    pub fn finalise(&mut self, language: &str) -> Result<HomeView> {
        let (keep, world) = (self.keep(), self.world.clone());
        let open = self.opened()?;
        open.finish(&*keep, &*world)?;
        let record = open.record();
        if self.trial.take().is_none() {
            self.seal(record, &Stage::Finalised)?;
        }
        self.open = None;
        self.home(language)
    }

    /// Closes the open interview, sealing what is in no entry yet; of a trial nothing stays.
    pub(crate) fn leave_quietly(&mut self) -> Result<()> {
        if self.trial.take().is_some() {
            self.open = None;
            return Ok(());
        }
        let (keep, world) = (self.keep(), self.world.clone());
        let Some(open) = &mut self.open else { return Ok(()) };
        let (record, readonly) = (open.record(), open.readonly());
        open.leave_page(&*keep, &*world)?;
        open.log_exit(&*keep, &*world)?;
        let Some(open) = &self.open else { return Ok(()) };
        if !readonly {
            self.keep().keep_place(record, &open.stop())?;
            let draft = self.store.read(|view| view.draft(record))?;
            let stage =
                if draft.is_some_and(|draft| draft.state == CORRECTING) { Stage::Reopened } else { Stage::Paused };
            if !self.store.read(|view| view.unsealed(record))?.is_empty() {
                self.seal(record, &stage)?;
            }
        }
        self.open = None;
        Ok(())
    }

    /// Seals a sitting: the fields that differ from the last entry, and the stage.
    pub(crate) fn seal(&mut self, record: RecordId, stage: &Stage) -> Result<()> {
        let draft = self.store.read(|view| view.draft(record))?.ok_or_else(|| unknown(&record.to_string()))?;
        let changed = self.store.read(|view| view.unsealed(record))?;
        let extra = Extra::of(&draft);
        let open = self.open.as_ref().filter(|open| open.record() == record);
        let program = open.map(OpenInterview::by_program).unwrap_or_default();
        // Only a finished interview says something of entities.
        let acts = open.filter(|_| *stage == Stage::Finalised).and_then(|open| self.acts(open));
        let change = |one: &tianye_store::DraftAnswer| {
            let Kept { answer, file, remarked } = Kept::of_json(one.answer.as_deref());
            Change {
                file,
                note: one.note.as_deref().map(Into::into),
                confirmed: remarked.confirmed,
                haste: remarked.haste,
                auto: program.contains(&one.path) || one.path.starts_with(survey::AUDIT),
                ..Change::new(Field::new(one.path.as_str()), answer)
            }
        };
        let at = self.at();
        let started =
            survey::At { ms: changed.iter().map(|one| one.at.millis).min().unwrap_or(at.ms), offset: at.offset };
        let new = draft.parents.is_empty();
        let interview = Interview {
            subject: draft.subject.filter(|_| new),
            site: extra.site.filter(|_| new),
            with: match draft.subject {
                Some(group) if self.is_group(&group) => self.book.project.members_of(&group).to_vec(),
                _ => extra.with.iter().copied().filter(|_| new).collect(),
            },
            assignment: extra.assignment.filter(|_| new),
            practice: new && extra.practice,
            sitting: Some(Sitting { started, ended: at }),
            changes: changed.iter().map(change).collect(),
            stage: Some(stage.clone()),
            unseen: extra.unseen.clone(),
            erased: acts.iter().flat_map(|_| self.book.erasures_in(&record)).collect(),
            entities: acts,
            language: Some(draft.language.clone()).filter(|language| !language.is_empty()),
            app: Some(concat!("tianye ", env!("CARGO_PKG_VERSION")).into()),
            ..Interview::under(FormHash(draft.form))
        };
        let body = self.body(record, draft.parents.clone(), &Content::Interview(Box::new(interview)))?;
        // What is sealed under a new version cannot be taken back with the move.
        let settled = extra.moved_from.is_some().then(|| Extra { moved_from: None, ..extra.clone() });
        let settled = settled.and_then(|extra| serde_json::to_string(&extra).ok());
        self.store.transact(Op::Seal, |tx| {
            let entry = tx.append_own(&body)?;
            tx.mark_sealed(record, entry)?;
            if let Some(settled) = &settled {
                tx.set_draft_extra(record, settled)?;
            }
            if matches!(stage, Stage::Finalised | Stage::Stopped | Stage::StoppedNotKept) {
                tx.set_draft_state(record, FINALISED)?;
            }
            Ok(())
        })?;
        self.book.read_on(&self.store)?;
        Ok(())
    }
}

/// A draft on the record's own answers, all of them sealed.
pub(crate) struct TakenUp {
    pub draft: NewDraft,
    answers: Vec<(String, Kept)>,
    notes: Vec<(String, survey::Private)>,
    at: WallClock,
}

impl TakenUp {
    /// Starts it. The record must have no draft.
    pub fn put(&self, tx: &mut Tx<'_>) -> tianye_store::Result<()> {
        let (record, heads) = (self.draft.record, &self.draft.parents);
        tx.start_draft(&self.draft, self.at)?;
        for (field, kept) in &self.answers {
            tx.put_answer(record, field, &kept.to_json(), self.at)?;
        }
        for (field, note) in &self.notes {
            tx.put_note(record, field, note, self.at)?;
        }
        if let Some(head) = heads.first() {
            tx.mark_sealed(record, *head)?;
        }
        tx.set_draft_parents(record, heads)
    }
}

/// The interviewer's remark on a write; the reason of a decision is none.
pub(crate) fn remark(write: &survey::Write) -> Option<survey::Private> {
    write.note.clone().filter(|_| write.by != survey::WrittenBy::Decision)
}

/// The settled fields of an interview, as a session takes them.
pub(crate) fn settled(state: &survey::InterviewState) -> Vec<(String, Kept)> {
    let nodes = state.answers().filter(|(field, _)| field.is_node());
    let kept = |(field, answer): (&Field, &Answer)| {
        let fields = state.fields.get(field);
        let confirmed = fields.and_then(survey::FieldState::confirmation).cloned();
        let haste = fields.and_then(survey::FieldState::haste);
        let file = fields.and_then(|fields| fields.file(answer)).cloned();
        let remarked = Remarked { confirmed, haste };
        (field.as_str().to_owned(), Kept { answer: answer.clone(), file, remarked })
    };
    nodes.map(kept).collect()
}

/// The state on the screen.
pub(crate) fn shown_state(status: Status) -> InterviewState {
    match status {
        Status::StoppedNotKept | Status::Stopped => InterviewState::Stopped,
        Status::SentBack => InterviewState::SentBack,
        Status::Reopened => InterviewState::Correcting,
        Status::Draft | Status::HandedOver | Status::Paused => InterviewState::Draft,
        Status::Finalised | Status::Corrected => InterviewState::Finalised,
        Status::Approved => InterviewState::Approved,
    }
}

/// A record's id from its text.
pub(crate) fn record_id(text: &str) -> Result<RecordId> {
    text.parse().map_err(|_| unknown(text))
}

pub(crate) fn stopped() -> Refusal {
    refuse("stopped-by-respondent", "expected an interview that may go on, found that the respondent stopped it")
}

pub(crate) fn unknown(id: &str) -> Refusal {
    refuse("unknown-interview", format!("expected a record of this project, found none with the id {id}"))
}

/// A name in the language of the screen.
pub(crate) fn title(names: &Names, language: &str) -> String {
    names.get(language).to_owned()
}
