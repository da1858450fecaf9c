//! Assignments: who sees whom with what, by when; begun once, or twice on purpose; taken over.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use tianye_journal::{PersonId, RecordId};
use tianye_survey::{
    Assignment, Beginning, Begun, BegunFilling, Card, Content, InTheWay, Private, Status, SubjectKind, kind,
};
use tianye_xform::About;

use crate::book::{Brief, entries_of};
use crate::desk::Desk;
use crate::filling::{record_id, shown_state, unknown};
use crate::interview::page::small;
use crate::merging::reasoned;
use crate::papers;
use crate::people::{date, short};
use crate::refusal::{Result, refuse};
use crate::view::{
    AssignInput, AssignPreview, AssignRow, AssignmentRow, AssignmentsView, ClassView, InterviewState, NewInterview,
    Refusal, Role, TakeOverInput, TeamMate,
};
use crate::world;

/// Longest remark, in characters.
const LONGEST_NOTE: usize = 2000;

/// Fillings by form and leading card.
pub(crate) type Fillings = BTreeMap<(String, RecordId), Vec<Filled>>;

/// What is filled with a respondent, or about a place.
#[derive(Clone)]
pub(crate) struct Filled {
    record: RecordId,
    status: Status,
    by: Option<PersonId>,
    /// The day it was begun, of one that a colleague told of.
    on: Option<String>,
    practice: bool,
}

impl Desk {
    /// Fillings that can be read here, by form and leading card.
    pub(crate) fn fillings(&self) -> Fillings {
        let identities = self.book.project.identities();
        let mut all = Fillings::new();
        for (record, brief) in &self.book.interviews {
            let Some(subject) = brief.subject.filter(|_| !self.is_past_practice(brief)) else { continue };
            let form = self.form_id(brief.form).to_owned();
            all.entry((form, identities.leading(&subject))).or_default().push(filled(record, brief));
        }
        for (by, one) in self.told_begun() {
            let Some(subject) = one.subject else { continue };
            all.entry((one.form_id.clone(), identities.leading(&subject))).or_default().push(told(by, one));
        }
        all
    }

    /// What fulfils an assignment, begun or done: fillings of its form with its respondent, or about its place, but for those
    /// that it is meant besides.
    fn fulfilling<'f>(&self, assignment: &Assignment, fillings: &'f Fillings) -> Vec<Cow<'f, Filled>> {
        let all: Vec<Cow<'f, Filled>> = match (assignment.subject, assignment.site) {
            (Some(subject), _) => {
                let leading = self.book.project.identities().leading(&subject);
                let found = fillings.get(&(assignment.form_id.clone(), leading));
                found.into_iter().flatten().map(Cow::Borrowed).collect()
            }
            (None, Some(site)) => self.filled_at(&assignment.form_id, &site).into_iter().map(Cow::Owned).collect(),
            (None, None) => Vec::new(),
        };
        all.into_iter().filter(|one| !assignment.besides.contains(&one.record)).collect()
    }

    /// Whether nobody has begun what an assignment asks for. That a colleague told of having begun with somebody takes nothing
    /// off the list: it is said when it is to be begun here.
    pub(crate) fn is_open_assignment(&self, assignment: &Assignment, fillings: &Fillings) -> bool {
        let counts = |one: &Cow<'_, Filled>| assignment.subject.is_none() || one.on.is_none();
        !self.fulfilling(assignment, fillings).iter().any(counts)
    }

    /// Fillings of one form about a place.
    pub(crate) fn filled_at(&self, form_id: &str, site: &RecordId) -> Vec<Filled> {
        let at = |brief: &Brief| {
            brief.site == Some(*site) && self.form_id(brief.form) == form_id && !self.is_past_practice(brief)
        };
        let found = self.book.interviews.iter().filter(|(_, brief)| at(brief));
        found
            .map(|(record, brief)| filled(record, brief))
            .chain(
                self.told_begun()
                    .filter(|(_, one)| one.form_id == form_id && one.site == Some(*site))
                    .map(|(by, one)| told(by, one)),
            )
            .collect()
    }

    /// What colleagues told that they began and that is not here to be read; not what they practised before the project began.
    pub(crate) fn told_begun(&self) -> impl Iterator<Item = (&PersonId, &Beginning)> {
        let here = |one: &Beginning| self.book.interviews.contains_key(&one.interview);
        let counts = move |one: &Beginning| !here(one) && !self.is_past(one.practice);
        self.book.project.begun().filter(move |(by, one)| **by != self.who.person && counts(one))
    }

    /// The day on which one of them was begun.
    fn on(&self, filled: &Filled) -> Result<String> {
        filled.on.clone().map_or_else(|| self.begun_on(filled.record), Ok)
    }

    fn begun_of(&self, filled: &Filled, by: PersonId) -> Result<Begun> {
        Ok(Begun { by, on: self.on(filled)?, called: self.book.name(&by).into(), practice: filled.practice })
    }

    /// The day on which a draft was last written in: of one that no entry stands for yet.
    pub(crate) fn draft_on(&self, draft: &tianye_store::Draft) -> String {
        let at = world::local(draft.changed_ms, self.at().offset);
        at.map(|at| at.date_naive().to_string()).unwrap_or_default()
    }

    /// The day on which an interview was begun.
    pub(crate) fn begun_on(&self, record: RecordId) -> Result<String> {
        let first = entries_of(&self.store, record)?.into_iter().map(|entry| entry.at).min_by_key(|at| at.ms);
        Ok(first
            .and_then(|at| world::local(at.ms, at.offset))
            .map(|at| at.date_naive().to_string())
            .unwrap_or_default())
    }

    /// Fillings of one form with one respondent that were begun, as far as this laptop knows, those in no entry too.
    fn begun_fillings(&self, form_id: &str, subject: &RecordId, besides: &[RecordId]) -> Result<Vec<BegunFilling>> {
        let meant = self.cards_of(subject);
        let mut begun = Vec::new();
        for record in self.interviews_of(&meant) {
            let Some(brief) = self.book.interviews.get(&record) else { continue };
            let other = self.form_id(brief.form) != form_id || besides.contains(&record);
            if other || self.is_past_practice(brief) {
                continue;
            }
            let by = brief.interviewers.first().copied().unwrap_or(self.who.person);
            let on = self.begun_on(record)?;
            begun.push(BegunFilling { form_id: form_id.to_owned(), subject: *subject, by, on });
        }
        for draft in self.store.read(|view| view.drafts())? {
            let other = !self.book.interviews.contains_key(&draft.record) && !besides.contains(&draft.record);
            let other = other && !self.is_past_draft(&draft);
            let same = draft.subject.is_some_and(|of| meant.contains(&of));
            let form = tianye_survey::FormHash(draft.form);
            if other && same && self.form_id(Some(form)) == form_id {
                let on = self.draft_on(&draft);
                begun.push(BegunFilling { form_id: form_id.to_owned(), subject: *subject, by: self.who.person, on });
            }
        }
        for (by, one) in self.told_begun() {
            let other = !besides.contains(&one.interview);
            if other && one.form_id == form_id && one.subject.is_some_and(|of| meant.contains(&of)) {
                let on = one.on.clone();
                begun.push(BegunFilling { form_id: form_id.to_owned(), subject: *subject, by: *by, on });
            }
        }
        Ok(begun)
    }

    /// Refuses to begin what somebody has begun already, or somebody else is to do, unless it is meant.
    pub(crate) fn must_be_free(&self, form_id: &str, subject: &RecordId, new: &NewInterview) -> Result<()> {
        if new.anyway {
            return Ok(());
        }
        // What it was assigned besides is known, and it is meant once more.
        let assignment = new.assignment.as_deref().and_then(|id| record_id(id).ok());
        let assignment = assignment.and_then(|id| self.book.project.assignment(&id));
        let besides = assignment.map(|one| one.besides.as_slice()).unwrap_or_default();
        let begun = self.begun_fillings(form_id, subject, besides)?;
        if begun.is_empty() && !besides.is_empty() {
            return Ok(());
        }
        let way = self.book.project.in_the_way(form_id, subject, &self.who.person, &begun);
        way.first().map_or(Ok(()), |first| Err(self.said_in_the_way(first)))
    }

    fn said_in_the_way(&self, way: &InTheWay) -> Refusal {
        match way {
            InTheWay::Begun(by, on) => {
                let who = self.book.name(by);
                refuse("already-begun", "expected a respondent with whom nobody has begun this form, found one")
                    .with("who", who)
                    .with("on", on.as_str())
            }
            InTheWay::Assigned(by, due) => {
                let who = self.book.name(by);
                refuse("already-assigned", "expected a respondent whom nobody else is to see, found one")
                    .with("who", who)
                    .with("due", due.as_deref().unwrap_or_default())
            }
        }
    }

    /// Whom an assignment would be about, and how it stands with each.
    ///
    /// # Errors
    /// A role that may not; no such form, site, member or person.
    pub fn preview_assignment(&self, input: &AssignInput, language: &str) -> Result<AssignPreview> {
        self.must_write(kind::ASSIGNMENT)?;
        let rows = self.rows_to_assign(input, language)?;
        let assigned = rows.iter().filter(|row| is_assigned(row, input.anyway)).count();
        Ok(AssignPreview { rows, assigned: small(assigned) })
    }

    /// Assigns a form to everybody of a class, or to those chosen. Left out, and told, are those whom this member is to see
    /// already, and, unless it is meant, those whom somebody else has begun or is to see.
    ///
    /// # Errors
    /// As [`Desk::preview_assignment`]; `assign-nobody` where nobody is left; the store's refusal.
    pub fn assign(&mut self, input: &AssignInput, language: &str) -> Result<AssignPreview> {
        let preview = self.preview_assignment(input, language)?;
        let interviewer = self.mate(&input.interviewer)?;
        let due = date(&input.due)?;
        if due.as_ref().is_some_and(|due| due.len() < 10) {
            return Err(refuse("date-unknown", "expected a whole day").with("text", input.due.as_str()));
        }
        let agreed = short(&input.agreed, 40)?;
        let note = short(&input.note, LONGEST_NOTE)?.map(Private::from);
        let fillings = self.fillings();
        let mut bodies = Vec::new();
        for row in preview.rows.iter().filter(|row| is_assigned(row, input.anyway)) {
            let about = record_id(&row.person)?;
            let card = self.book.project.subject(&about);
            let assignment = Assignment {
                form_id: input.form.clone(),
                subject: card.map(|_| about),
                site: card.map_or(Some(about), |card| card.site),
                interviewer,
                called: interviewer.map(|person| self.book.name(&person).into()),
                due: due.clone(),
                agreed: agreed.clone(),
                note: note.clone(),
                ..Assignment::default()
            };
            let before = self.fulfilling(&assignment, &fillings);
            let besides = before.iter().map(|one| one.record).collect();
            let assignment = Assignment { besides, ..assignment };
            bodies.push(self.body(self.new_record(), Vec::new(), &Content::from(&assignment))?);
        }
        if bodies.is_empty() {
            return Err(refuse("assign-nobody", "expected somebody who is not assigned yet, found nobody"));
        }
        self.append_all(&bodies)?;
        Ok(preview)
    }

    /// The id of a member whose laptop has been seen, given as the id or the display name.
    ///
    /// # Errors
    /// `member-not-seen`.
    pub fn mate_named(&self, text: &str) -> Result<String> {
        let mut people = self.book.owners.values().map(|member| member.person);
        let found = people.find(|person| person.to_string() == text || self.book.name(person) == text);
        let detail = || format!("expected a member whose laptop has synced once, found none named {text}");
        Ok(found.ok_or_else(|| refuse("member-not-seen", detail()))?.to_string())
    }

    /// A member of the team by id; none for an empty text.
    fn mate(&self, id: &str) -> Result<Option<PersonId>> {
        if id.is_empty() {
            return Ok(None);
        }
        let person = self.book.owners.values().map(|member| member.person).find(|person| person.to_string() == id);
        let gone =
            || refuse("member-not-seen", "expected a member whose laptop has synced once, found none with this id");
        Ok(Some(person.ok_or_else(gone)?))
    }

    fn rows_to_assign(&self, input: &AssignInput, language: &str) -> Result<Vec<AssignRow>> {
        let project = &self.book.project;
        let form = self.newest_form(&input.form)?;
        let interviewer = self.mate(&input.interviewer)?;
        let chosen: Vec<RecordId> = input.people.iter().map(|one| record_id(one)).collect::<Result<_>>()?;
        if let Some(gone) = chosen.iter().find(|one| project.subject(one).is_none()) {
            return Err(unknown(&gone.to_string()));
        }
        let site = if input.site.is_empty() { None } else { Some(record_id(&input.site)?) };
        if site.is_some_and(|site| project.site(&site).is_none()) {
            return Err(refuse("site-gone", "expected a site of the project, found none with this id"));
        }
        if site.is_none() && chosen.is_empty() {
            return Ok(Vec::new());
        }
        // With whom a form is begun, the form says where it says so.
        let kind = match self.form(&form)?.about() {
            About::Site => {
                return site.map_or_else(|| Ok(Vec::new()), |site| self.place_to_assign(input, site, language));
            }
            About::Group => SubjectKind::Group,
            About::Ward => SubjectKind::Pupil,
            About::Person if input.kind.is_empty() => SubjectKind::Pupil,
            About::Person => SubjectKind::from(input.kind.as_str()),
        };
        let identities = project.identities();
        let purposes = self.purposes_of(&form);
        let fillings = self.fillings();
        let mut standing: BTreeMap<RecordId, Vec<&Assignment>> = BTreeMap::new();
        for assignment in project.standing_assignments().into_values() {
            let same = assignment.form_id == input.form && assignment.interview.is_none();
            if let Some(subject) = assignment.subject.filter(|_| same) {
                standing.entry(identities.leading(&subject)).or_default().push(assignment);
            }
        }
        let mut rows = Vec::new();
        for (record, state) in &project.subjects {
            let Some(card) = state.card.as_ref().filter(|_| identities.leading(record) == *record) else { continue };
            let inside = site.is_some_and(|site| card.site.is_some_and(|own| project.is_within(&own, &site)));
            let wanted = if chosen.is_empty() { inside && card.kind == kind } else { chosen.contains(record) };
            if !wanted {
                continue;
            }
            let row = |standing: &str, who: Option<PersonId>, on: String| AssignRow {
                person: record.to_string(),
                code: card.code.clone(),
                name: card.display_name.to_string(),
                standing: standing.to_owned(),
                who: who.map(|who| self.book.name(&who)).unwrap_or_default(),
                on,
            };
            let mine = standing.get(record);
            let told = || mine.into_iter().flatten().find_map(|one| self.book.project.told_of(one).cloned());
            let filled = fillings
                .get(&(input.form.clone(), *record))
                .and_then(|all| all.iter().max_by_key(|one| !one.status.is_open()));
            let said_no = purposes.iter().any(|purpose| project.consent(record, purpose, "").is_no());
            rows.push(if let Some(filled) = filled {
                let standing = if filled.status.is_open() { "begun" } else { "done" };
                row(standing, filled.by, self.on(filled)?)
            } else if let Some(begun) = told() {
                row("begun", Some(begun.by), begun.on)
            } else if mine.is_some_and(|all| all.iter().any(|one| one.interviewer == interviewer)) {
                row("same", interviewer, String::new())
            } else if let Some(other) = mine.and_then(|all| all.first()) {
                row("assigned", other.interviewer, other.due.clone().unwrap_or_default())
            } else if said_no {
                row("refused", None, String::new())
            } else {
                row("free", None, String::new())
            });
        }
        rows.sort_by(|a, b| (&a.code, &a.person).cmp(&(&b.code, &b.person)));
        Ok(rows)
    }

    /// A form about a place is assigned once, for the place itself.
    fn place_to_assign(&self, input: &AssignInput, site: RecordId, language: &str) -> Result<Vec<AssignRow>> {
        let interviewer = self.mate(&input.interviewer)?;
        let filled = self.filled_at(&input.form, &site);
        let standing = self.book.project.standing_assignments();
        let about = |one: &&&Assignment| one.form_id == input.form && one.subject.is_none() && one.site == Some(site);
        let theirs: Vec<&&Assignment> = standing.values().filter(about).collect();
        let told = theirs.iter().find_map(|one| self.book.project.told_of(one).cloned());
        let (standing, who, on) = if let Some(filled) = filled.iter().max_by_key(|one| !one.status.is_open()) {
            (if filled.status.is_open() { "begun" } else { "done" }, filled.by, self.on(filled)?)
        } else if let Some(begun) = told {
            ("begun", Some(begun.by), begun.on)
        } else if theirs.iter().any(|one| one.interviewer == interviewer) {
            ("same", interviewer, String::new())
        } else if let Some(other) = theirs.first() {
            ("assigned", other.interviewer, other.due.clone().unwrap_or_default())
        } else {
            ("free", None, String::new())
        };
        Ok(vec![AssignRow {
            person: site.to_string(),
            code: String::new(),
            name: self.own_name(Some(site), language),
            standing: standing.to_owned(),
            who: who.map(|who| self.book.name(&who)).unwrap_or_default(),
            on,
        }])
    }

    /// The standing assignments about a place itself.
    pub(crate) fn assignments_at(&self, site: &RecordId, language: &str) -> Result<Vec<AssignmentRow>> {
        let fillings = self.fillings();
        let standing = self.book.project.standing_assignments().into_iter();
        let about = |one: &Assignment| one.interview.is_none() && one.subject.is_none() && one.site == Some(*site);
        let theirs = standing.filter(|(_, one)| about(one));
        theirs.map(|(record, one)| self.assignment_row(record, one, &fillings, language)).collect()
    }

    /// Assignments by class: done, open, overdue.
    ///
    /// # Errors
    /// The store's refusal.
    pub fn assignments(&self, language: &str) -> Result<AssignmentsView> {
        let fillings = self.fillings();
        let mut by_site: BTreeMap<(String, Option<RecordId>), Vec<AssignmentRow>> = BTreeMap::new();
        for (record, assignment) in self.book.project.standing_assignments() {
            if assignment.interview.is_some() {
                continue;
            }
            let row = self.assignment_row(record, assignment, &fillings, language)?;
            let subject = assignment.subject.and_then(|subject| self.book.project.subject(&subject));
            let site = assignment.site.or_else(|| subject.and_then(|subject| subject.site));
            by_site.entry((self.book.short_site_name(site, language), site)).or_default().push(row);
        }
        let class = |((name, site), mut rows): ((String, Option<RecordId>), Vec<AssignmentRow>)| {
            rows.sort_by(|a, b| (&a.code, &a.form, &a.id).cmp(&(&b.code, &b.form, &b.id)));
            let done = rows.iter().filter(|row| is_done(row.state)).count();
            let overdue = rows.iter().filter(|row| row.overdue).count();
            ClassView {
                site: site.map(|site| site.to_string()).unwrap_or_default(),
                name,
                done: small(done),
                open: small(rows.len() - done - overdue),
                overdue: small(overdue),
                rows,
            }
        };
        let classes: Vec<ClassView> = by_site.into_iter().map(class).collect();
        let sum = |of: fn(&ClassView) -> u32| classes.iter().map(of).sum();
        let (done, open, overdue) = (sum(|one| one.done), sum(|one| one.open), sum(|one| one.overdue));
        Ok(AssignmentsView { classes, team: self.team_mates(), done, open, overdue })
    }

    /// The standing assignments about a person.
    pub(crate) fn assignments_of(&self, cards: &[RecordId], language: &str) -> Result<Vec<AssignmentRow>> {
        let fillings = self.fillings();
        let standing = self.book.project.standing_assignments().into_iter();
        let theirs =
            standing.filter(|(_, one)| one.interview.is_none() && one.subject.is_some_and(|of| cards.contains(&of)));
        theirs.map(|(record, one)| self.assignment_row(record, one, &fillings, language)).collect()
    }

    /// Members whose laptops have been seen, by name.
    fn team_mates(&self) -> Vec<TeamMate> {
        let mut mates: BTreeMap<String, TeamMate> = BTreeMap::new();
        for (chain, member) in &self.book.owners {
            let role = self.book.team.0.get(chain).map(|one| one.role.as_str().to_owned()).unwrap_or_default();
            let role = papers::role(&role);
            if matches!(role, Role::Interviewer | Role::Lead) {
                let id = member.person.to_string();
                mates.insert(id.clone(), TeamMate { id, name: self.book.name(&member.person), role });
            }
        }
        let mut mates: Vec<TeamMate> = mates.into_values().collect();
        mates.sort_by(|a, b| (a.role == Role::Lead, &a.name).cmp(&(b.role == Role::Lead, &b.name)));
        mates
    }

    fn assignment_row(
        &self,
        record: RecordId,
        assignment: &Assignment,
        fillings: &Fillings,
        language: &str,
    ) -> Result<AssignmentRow> {
        let project = &self.book.project;
        let leading = assignment.subject.map(|subject| project.identities().leading(&subject));
        let found = self.fulfilling(assignment, fillings);
        let furthest = found.iter().max_by_key(|one| !one.status.is_open());
        let told = project.told_of(assignment);
        let state = match (furthest, told) {
            (Some(filled), _) => shown_state(filled.status),
            (None, Some(_)) => InterviewState::Draft,
            (None, None) => InterviewState::Open,
        };
        let begun = match (furthest, told) {
            (_, Some(told)) => Some(told.clone()),
            (Some(filled), None) => filled.by.map(|by| self.begun_of(filled, by)).transpose()?,
            (None, None) => None,
        };
        let due = assignment.due.clone().unwrap_or_default();
        let card = leading.and_then(|subject| project.subject(&subject));
        let hash = self.newest_form(&assignment.form_id).ok();
        let taken_from = match assignment.takes_over {
            Some(other) => {
                let before = project.assignment(&other).and_then(|other| other.interviewer);
                before.map(|person| self.book.name(&person))
            }
            None if assignment.because.is_some() => self.interviewer_before(record)?,
            None => None,
        };
        let people: BTreeSet<PersonId> = found.iter().filter_map(|one| one.by).collect();
        let other = |person: &PersonId| assignment.interviewer.is_some_and(|mine| mine != *person);
        Ok(AssignmentRow {
            id: record.to_string(),
            person: leading.map(|subject| subject.to_string()).unwrap_or_default(),
            code: card.map(|card| card.code.clone()).unwrap_or_default(),
            name: match card {
                Some(card) => card.display_name.to_string(),
                None => self.own_name(assignment.site.filter(|_| leading.is_none()), language),
            },
            form: hash.map_or_else(|| assignment.form_id.clone(), |hash| self.form_words(Some(hash), language).0),
            interviewer: assignment.interviewer.map(|person| self.book.name(&person)).unwrap_or_default(),
            interviewer_id: assignment.interviewer.map(|person| person.to_string()).unwrap_or_default(),
            overdue: !due.is_empty() && due < self.today() && !is_done(state),
            due,
            agreed: assignment.agreed.clone().unwrap_or_default(),
            state,
            begun_by: begun.as_ref().map(|begun| self.book.name(&begun.by)).unwrap_or_default(),
            twice: found.len() > 1 || people.iter().any(other) || begun.as_ref().is_some_and(|begun| other(&begun.by)),
            begun_on: begun.map(|begun| begun.on).unwrap_or_default(),
            taken_from: taken_from.unwrap_or_default(),
            because: assignment.because.as_deref().unwrap_or_default().to_owned(),
        })
    }

    /// Who was to do an assignment before the one who is to do it now.
    fn interviewer_before(&self, record: RecordId) -> Result<Option<String>> {
        let mut entries = entries_of(&self.store, record)?;
        entries.sort_by_key(|entry| (entry.at.ms, entry.seq));
        let named = entries.iter().filter_map(|entry| match &entry.content {
            Content::Assignment(card) => card.get().filter(|_| card.keys().any(|key| key == "interviewer")),
            _ => None,
        });
        let name = |card: Assignment| {
            let known = card.interviewer.map(|person| self.book.name(&person)).filter(|name| !name.is_empty());
            known.or(card.called.map(|name| name.to_string())).unwrap_or_default()
        };
        let people: Vec<String> = named.map(name).collect();
        Ok(people.len().checked_sub(2).and_then(|at| people.get(at).cloned()))
    }

    /// Somebody else does assignments now: a lead gives them to a member; an interviewer takes a colleague's. The reason is
    /// seen by both.
    ///
    /// # Errors
    /// No reason; an assignment that does not stand; a role that may not; `already-begun` for one that somebody has begun,
    /// unless it is meant; the store's refusal.
    pub fn take_over(&mut self, input: &TakeOverInput) -> Result<u32> {
        reasoned(&input.reason)?;
        let to = self.mate(&input.to)?.unwrap_or(self.who.person);
        let leads = self.must_write(kind::ASSIGNMENT).is_ok();
        if !leads && (to != self.who.person || self.role() != Role::Interviewer) {
            return Err(refuse("no-right", "expected the lead, or who takes it over, found another"));
        }
        let because: Private = input.reason.trim().into();
        let mut bodies = Vec::new();
        for id in &input.assignments {
            let record = record_id(id)?;
            let standing = self.book.project.standing_assignments().get(&record).map(|card| (*card).clone());
            let before = standing.ok_or_else(|| {
                refuse("assignment-gone", "expected an assignment that stands, found none: look again")
            })?;
            if before.interviewer == Some(to) {
                continue;
            }
            if let Some(subject) = before.subject.filter(|_| !input.anyway) {
                let begun = self.begun_fillings(&before.form_id, &subject, &before.besides)?;
                let way = self.book.project.in_the_way(&before.form_id, &subject, &to, &begun);
                if let Some(begun) = way.iter().find(|one| matches!(one, InTheWay::Begun(..))) {
                    return Err(self.said_in_the_way(begun));
                }
            }
            let called = Some(self.book.name(&to).into());
            let (of, heads, content) = if leads {
                let (interviewer, because) = (Some(to), Some(because.clone()));
                let after = Assignment { interviewer, called, because, ..before.clone() };
                let content = Content::from(Card::changes(&before, &after));
                (record, self.heads_of::<Assignment>(record)?, content)
            } else {
                let (interviewer, because) = (Some(to), Some(because.clone()));
                let after =
                    Assignment { interviewer, called, because, takes_over: Some(record), begun: None, ..before };
                (self.new_record(), Vec::new(), Content::from(&after))
            };
            bodies.push(self.body(of, heads, &content)?);
        }
        self.append_all(&bodies)?;
        Ok(small(bodies.len()))
    }

    /// Tells the team, as a lead, what stands in chains that members do not read of each other: that an assignment was taken
    /// over in the field, and that one was begun.
    ///
    /// # Errors
    /// The store's refusal.
    pub(crate) fn hand_on_assignments(&mut self) -> Result<()> {
        if self.role() != Role::Lead {
            return Ok(());
        }
        let standing = self.book.project.standing_assignments();
        if standing.is_empty() {
            return Ok(());
        }
        let fillings = self.fillings();
        let filled = |card: &Assignment| {
            if card.subject.is_some() { self.fulfilling(card, &fillings) } else { Vec::new() }
        };
        let mut changes: Vec<(RecordId, Assignment, Assignment)> = Vec::new();
        for (record, card) in &standing {
            let Some(of) = card.takes_over else { continue };
            let Some(before) = self.book.project.assignment(&of).filter(|before| !before.withdrawn) else { continue };
            // What somebody had begun is not moved silently: both stand on the page, and a person decides.
            if self.book.project.told_of(before).is_some()
                || filled(before).iter().any(|one| one.by != card.interviewer)
            {
                continue;
            }
            let (interviewer, called, because) = (card.interviewer, card.called.clone(), card.because.clone());
            changes.push((of, before.clone(), Assignment { interviewer, called, because, ..before.clone() }));
            changes.push((*record, (*card).clone(), Assignment { withdrawn: true, ..(*card).clone() }));
        }
        for (record, card) in &standing {
            let moved = changes.iter().any(|(of, ..)| of == record);
            if moved || self.book.project.told_of(card).is_some() || card.interview.is_some() {
                continue;
            }
            let all = filled(card);
            let Some((first, by)) = all.iter().find_map(|one| Some((one, one.by?))) else { continue };
            let begun = Some(self.begun_of(first, by)?);
            changes.push((*record, (*card).clone(), Assignment { begun, ..(*card).clone() }));
        }
        let mut bodies = Vec::new();
        for (record, before, after) in &changes {
            let heads = self.heads_of::<Assignment>(*record)?;
            bodies.push(self.body(*record, heads, &Content::from(Card::changes(before, after)))?);
        }
        if bodies.is_empty() { Ok(()) } else { self.append_all(&bodies) }
    }
}

fn filled(record: &RecordId, brief: &Brief) -> Filled {
    let Brief { status, practice, .. } = *brief;
    Filled { record: *record, status, by: brief.interviewers.first().copied(), on: None, practice }
}

/// One that a colleague told of.
fn told(by: &PersonId, one: &Beginning) -> Filled {
    Filled {
        record: one.interview,
        status: Status::Draft,
        by: Some(*by),
        on: Some(one.on.clone()),
        practice: one.practice,
    }
}

fn is_done(state: InterviewState) -> bool {
    matches!(state, InterviewState::Finalised | InterviewState::Approved)
}

fn is_assigned(row: &AssignRow, anyway: bool) -> bool {
    match row.standing.as_str() {
        "free" => true,
        "assigned" | "begun" | "done" => anyway,
        _ => false,
    }
}
