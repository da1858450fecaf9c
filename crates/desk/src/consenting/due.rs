//! What is to be erased: what was taken back, what a respondent stopped and wants nothing kept of, and what may be kept no
//! longer. A person confirms what only time made due; a respondent's own word needs no confirming.

use std::collections::BTreeSet;

use tianye_journal::RecordId;
use tianye_survey::{
    self as survey, Content, Due, DueWhy, ErasureReason, Field, FormHash, Interview, Purpose, Sitting, Stage, Status,
};

use super::Withheld;
use crate::book::{Brief, entries_of};
use crate::desk::Desk;
use crate::filling::{record_id, shown_state};
use crate::interview::open::Heading;
use crate::interview::page::small;
use crate::refusal::{Result, refuse};
use crate::view::{DueView, EraseInput, HomeView, Withdrawn};

/// An interview, or answers of it, that is to go.
struct Found {
    record: RecordId,
    due: Due,
    /// None: the whole interview.
    fields: Vec<Field>,
}

/// What is due of interviews, and the people of whom everything is.
type AllDue = (Vec<Found>, Vec<(RecordId, Due)>);

impl Desk {
    /// What is to be erased, by why and code; of people of whom nothing may be kept any longer, everything.
    ///
    /// # Errors
    /// `no-right` for a role that may not erase; the store's refusal.
    pub fn due(&self, language: &str) -> Result<Vec<DueView>> {
        self.must_erase()?;
        let mut due: Vec<(DueWhy, DueView)> = Vec::new();
        let (found, people) = self.all_due()?;
        for Found { record, due: why, fields } in found {
            let Some(brief) = self.book.interviews.get(&record) else { continue };
            let heading = self.heading(brief.subject, brief.site, shown_state(brief.status), language);
            let form = self.form_words(brief.form, language).0;
            let fields = fields.iter().map(|field| field.as_str().to_owned()).collect();
            due.push((why.why, DueView { form, fields, ..self.due_view(record, &why, heading) }));
        }
        for (person, why) in people {
            let heading = self.heading(Some(person), None, crate::view::InterviewState::Open, language);
            let view = self.due_view(person, &why, heading);
            let is_everything = why.why == DueWhy::Withdrawn;
            let purpose = if is_everything { String::new() } else { view.purpose.clone() };
            due.push((why.why, DueView { person: true, purpose, ..view }));
        }
        due.sort_by(|(a, one), (b, other)| {
            (a, &one.code, one.person, &one.record).cmp(&(b, &other.code, other.person, &other.record))
        });
        Ok(due.into_iter().map(|(_, view)| view).collect())
    }

    /// How much is to be erased, for who may erase it; for others nothing.
    ///
    /// # Errors
    /// The store's refusal.
    pub(crate) fn count_due(&self) -> Result<u32> {
        if !self.may_erase() {
            return Ok(0);
        }
        let (found, people) = self.all_due()?;
        Ok(small(found.len() + people.len()))
    }

    fn due_view(&self, record: RecordId, due: &Due, heading: Heading) -> DueView {
        let until = survey::last_day(&self.book.project, &due.purpose).filter(|_| due.why == DueWhy::Retention);
        DueView {
            record: record.to_string(),
            person: false,
            code: heading.code,
            form: String::new(),
            site: heading.site,
            why: due.why.as_str().to_owned(),
            purpose: due.purpose.as_str().to_owned(),
            fields: Vec::new(),
            until: until.unwrap_or_default().to_owned(),
        }
    }

    /// What is to be erased of interviews, and the people of whom everything is.
    fn all_due(&self) -> Result<AllDue> {
        let all: Vec<RecordId> = self.book.interviews.keys().copied().collect();
        let found = self.found_due(&all)?;
        let whole = found.iter().filter(|one| one.fields.is_empty()).map(|one| one.record).collect();
        let people = self.people_due(&whole)?;
        Ok((found, people))
    }

    /// Erases what is due of these interviews and people; how many. With people goes what is due of their interviews. What is no
    /// longer due is left alone.
    ///
    /// # Errors
    /// `no-right`; the store's refusal.
    pub fn erase_due(&mut self, records: &[String]) -> Result<u32> {
        self.must_erase()?;
        self.leave()?;
        let records: BTreeSet<RecordId> = records.iter().map(|id| record_id(id)).collect::<Result<_>>()?;
        let (mut found, people) = self.all_due()?;
        let people: Vec<(RecordId, Due)> = people.into_iter().filter(|(person, _)| records.contains(person)).collect();
        found.retain(|one| records.contains(&one.record));
        let whole: BTreeSet<RecordId> = found.iter().map(|one| one.record).collect();
        let count = whole.len() + people.len();
        let cards: Vec<RecordId> = people.iter().flat_map(|(person, _)| self.cards_of(person)).collect();
        let theirs: BTreeSet<RecordId> = self.interviews_of(&cards).into_iter().collect();
        found.retain(|one| !theirs.contains(&one.record));
        self.erase_found(found)?;
        self.erase_people_due(&people)?;
        Ok(small(count))
    }

    /// Ends the open interview because the respondent stops, without a reason. What was said so far stays if the respondent
    /// says so; else it is erased at once, with drafts and recordings, and only that somebody stopped is kept.
    ///
    /// # Errors
    /// No interview is open, or it may not be changed; the store's refusal.
    pub fn stop_interview(&mut self, keep: bool, language: &str) -> Result<HomeView> {
        let is_trial = self.trial.is_some();
        let open = self.opened()?;
        let (record, readonly) = (open.record(), open.readonly());
        if readonly {
            return Err(refuse("readonly", "expected an interview that goes on, found one that is only read"));
        }
        if is_trial {
            return self.pause_interview(language);
        }
        if keep {
            self.open_is_left()?;
        }
        self.seal(record, &if keep { Stage::Stopped } else { Stage::StoppedNotKept })?;
        self.open = None;
        if !keep {
            self.drop_stopped(record)?;
        }
        self.home(language)
    }

    /// Erases what respondents stopped and want nothing kept of, where a crash or a missing right came between.
    pub(crate) fn finish_stops(&mut self) -> Result<()> {
        let stopped = self.book.interviews.iter().filter(|(_, brief)| brief.status == Status::StoppedNotKept);
        let stopped: Vec<RecordId> = stopped.map(|(record, _)| *record).collect();
        for record in stopped {
            if self.holds_answers(record)? {
                self.drop_stopped(record)?;
            }
        }
        Ok(())
    }

    /// Erases what respondents took back on other laptops, of what this person may erase. What a group said together a lead
    /// decides on, since others spoke too.
    pub(crate) fn finish_withdrawals(&mut self) -> Result<()> {
        self.seal_withdrawn_drafts()?;
        let is_group = |subject: RecordId| self.is_group(&subject);
        // The open one is asked after when it has been left.
        let open = self.open.as_ref().map(|open| open.record());
        let alone: Vec<RecordId> = self
            .book
            .interviews
            .iter()
            .filter(|(record, brief)| Some(**record) != open && !brief.subject.is_some_and(is_group))
            .map(|(record, _)| *record)
            .collect();
        let found = self.found_due(&alone)?;
        self.erase_here(found.into_iter().filter(|one| one.due.why == DueWhy::Withdrawn)).map(|_| ())
    }

    /// An erasure takes what was sealed: drafts of what was taken back are sealed first.
    fn seal_withdrawn_drafts(&mut self) -> Result<()> {
        let today = self.today();
        let gate = self.gate(&today)?;
        let open = self.open.as_ref().map(|open| open.record());
        let mut withdrawn = Vec::new();
        for draft in self.store.read(|view| view.drafts())? {
            let Some(subject) = draft.subject.filter(|of| Some(draft.record) != open && !self.is_group(of)) else {
                continue;
            };
            let with = self.taking_part(&draft.record, Some(&draft));
            let is_withdrawn = |purpose: &Purpose| {
                gate.consents.standing_with(&subject, &with, purpose) == survey::ConsentStanding::Withdrawn
            };
            let purposes = self.purposes_with(&gate, Some(&draft.record), &FormHash(draft.form), &subject);
            if purposes.iter().any(is_withdrawn) {
                withdrawn.push(draft.record);
            }
        }
        withdrawn.into_iter().try_for_each(|record| self.seal_draft(record))
    }

    /// Erases those that this person may erase; which.
    fn erase_here(&mut self, found: impl Iterator<Item = Found>) -> Result<BTreeSet<RecordId>> {
        let mut here = Vec::new();
        for one in found {
            if self.may_erase_of(one.record)? {
                here.push(one);
            }
        }
        let erased = here.iter().map(|one| one.record).collect();
        self.erase_found(here)?;
        Ok(erased)
    }

    /// Erases a stopped interview if it may be erased here, and keeps that it was stopped.
    fn drop_stopped(&mut self, record: RecordId) -> Result<()> {
        if !self.may_erase_of(record)? {
            return Ok(());
        }
        let Some(brief) = self.book.interviews.get(&record) else { return Ok(()) };
        let (fact, at) = (fact_of(&record), self.at());
        let content = Interview {
            subject: brief.subject,
            site: brief.site,
            with: brief.with.clone(),
            sitting: Some(Sitting { started: at, ended: at }),
            stage: Some(Stage::StoppedNotKept),
            practice: brief.practice,
            app: Some(concat!("tianye ", env!("CARGO_PKG_VERSION")).into()),
            ..Interview::under(brief.form.unwrap_or(FormHash([0; 32])))
        };
        if !self.book.interviews.contains_key(&fact) {
            self.append(fact, Vec::new(), &Content::from(content))?;
        }
        let erasures = self.erasures_of_interview(record, &ErasureReason::Withdrawn, "")?;
        self.erase_as_one(erasures).map(|_| ())
    }

    /// Erases what a respondent took back and this person may erase.
    pub(super) fn erase_withdrawn(&mut self, person: RecordId) -> Result<Withdrawn> {
        let cards = self.cards_of(&person);
        for draft in self.drafts_of(&cards)? {
            self.seal_draft(draft.record)?;
        }
        let found = self.found_due(&self.interviews_of(&cards))?;
        let found: Vec<Found> = found.into_iter().filter(|one| one.due.why == DueWhy::Withdrawn).collect();
        // What a group said together is out of use from now on; a lead decides on it, since others spoke too.
        let in_groups = self.found_due(&self.group_interviews_of(&cards))?;
        let in_groups = in_groups.iter().filter(|one| one.due.why == DueWhy::Withdrawn).map(|one| one.record);
        let all: BTreeSet<RecordId> = found.iter().map(|one| one.record).chain(in_groups).collect();
        let erased = self.erase_here(found.into_iter())?;
        Ok(Withdrawn { erased: small(erased.len()), waiting: small(all.difference(&erased).count()) })
    }

    /// The interviews with groups that one of these cards was a member of.
    fn group_interviews_of(&self, cards: &[RecordId]) -> Vec<RecordId> {
        let project = &self.book.project;
        let was_there = |brief: &Brief| {
            if !brief.subject.is_some_and(|subject| self.is_group(&subject)) {
                return false;
            }
            let now = brief.subject.map(|subject| project.members_of(&subject)).unwrap_or_default();
            let with = if brief.with.is_empty() { now } else { &brief.with };
            with.iter().any(|member| cards.contains(member))
        };
        self.book.interviews.iter().filter(|(_, brief)| was_there(brief)).map(|(record, _)| *record).collect()
    }

    fn erase_found(&mut self, found: Vec<Found>) -> Result<()> {
        let mut erasures = Vec::new();
        for Found { record, due, fields } in found {
            let why = reason_of(due.why);
            if fields.is_empty() {
                erasures.extend(self.erasures_of_interview(record, &why, "")?);
            } else {
                let input = EraseInput {
                    record: record.to_string(),
                    person: String::new(),
                    fields: fields.iter().map(|field| field.as_str().to_owned()).collect(),
                    why: why.as_str().to_owned(),
                    note: String::new(),
                };
                erasures.extend(self.erasure_of_answers(&input, why, "")?);
            }
        }
        if erasures.is_empty() { Ok(()) } else { self.erase_as_one(erasures).map(|_| ()) }
    }

    /// Of these interviews, what is to be erased today.
    fn found_due(&self, records: &[RecordId]) -> Result<Vec<Found>> {
        let (project, today) = (&self.book.project, self.today());
        let gate = self.gate(&today)?;
        let mut found = Vec::new();
        for record in records {
            let Some(brief) = self.book.interviews.get(record) else { continue };
            let Some(form) = brief.form else { continue };
            let standing = |purpose: &Purpose| {
                let standing = |subject: RecordId| gate.consents.standing_with(&subject, &brief.with, purpose);
                brief.subject.map_or(survey::ConsentStanding::Complete, standing)
            };
            let due = |purposes: &[Purpose]| survey::due(project, purposes, brief.status, &today, &standing);
            let purposes = match brief.subject {
                Some(_) => self.purposes_for(&gate, record, brief),
                None => self.purposes_of(&form),
            };
            // It came from a laptop that did not know: with the card went the word that would have stopped it.
            if let Some(subject) = brief.subject
                && self.is_gone_as_withdrawn(subject)?
            {
                if self.holds_answers(*record)? {
                    let purpose = purposes.first().cloned().unwrap_or(Purpose::Questionnaire);
                    let due = Due { why: DueWhy::Withdrawn, purpose };
                    found.push(Found { record: *record, due, fields: Vec::new() });
                }
                continue;
            }
            if let Some(due) = due(&purposes) {
                if self.holds_answers(*record)? {
                    found.push(Found { record: *record, due, fields: Vec::new() });
                }
                continue;
            }
            for (purpose, of) in [
                (Purpose::Audio, Withheld { audio: Some(survey::ConsentStanding::Withdrawn), photo: None }),
                (Purpose::Photo, Withheld { audio: None, photo: Some(survey::ConsentStanding::Withdrawn) }),
            ] {
                let Some(due) = due(&[purpose]) else { continue };
                let fields = self.files_of(*record, brief, &of)?;
                if !fields.is_empty() {
                    found.push(Found { record: *record, due, fields });
                }
            }
        }
        Ok(found)
    }

    /// The fields of an interview whose answers are files that need an agreement.
    fn files_of(&self, record: RecordId, brief: &Brief, of: &Withheld) -> Result<Vec<Field>> {
        let Some(form) = brief.form.and_then(|form| self.form(&form).ok()) else { return Ok(Vec::new()) };
        let questions = of.questions(&form);
        let state = self.book.interview(&self.store, record, &entries_of(&self.store, record)?);
        let is_meant = |field: &Field| field.path().is_some_and(|path| questions.contains(path.template().as_str()));
        let fields = state
            .fields
            .iter()
            .filter(|(field, of)| is_meant(field) && of.current().any(|write| of.file(&write.answer).is_some()));
        Ok(fields.map(|(field, _)| field.clone()).collect())
    }

    /// Whether something that was answered stands in an interview.
    pub(crate) fn holds_answers(&self, record: RecordId) -> Result<bool> {
        let entries = entries_of(&self.store, record)?;
        let left = survey::without_erased(record, &entries, &self.book.team);
        Ok(left.iter().any(|entry| match &entry.content {
            Content::Interview(sitting) => !sitting.changes.is_empty(),
            content => matches!(content, Content::Decision(_)),
        }))
    }

    /// Whether the person at the desk may erase of an interview: anybody's by role, else one that nobody else wrote in.
    fn may_erase_of(&self, record: RecordId) -> Result<bool> {
        if self.may_erase() {
            return Ok(true);
        }
        let role = self.who.survey_role();
        let is_own = |entry: &survey::Opened| {
            let standing = self.book.team.0.get(&entry.chain);
            standing.is_some_and(|standing| standing.person == self.who.person)
        };
        let own = survey::rights::reach(&role, survey::kind::ERASURE) == survey::Reach::Own;
        Ok(own && entries_of(&self.store, record)?.iter().all(is_own))
    }
}

/// What an erasure of something due gives as its reason.
pub(super) fn reason_of(why: DueWhy) -> ErasureReason {
    if why == DueWhy::Retention { ErasureReason::Retention } else { ErasureReason::Withdrawn }
}

/// The record that keeps that an interview was stopped, made of that interview's: whoever erases it, the fact is one.
fn fact_of(record: &RecordId) -> RecordId {
    let mut hasher = blake3::Hasher::new_derive_key("tianye 1 record of a stop");
    hasher.update(record.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    RecordId::from_bytes(bytes)
}
