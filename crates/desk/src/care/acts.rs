//! Opening the sheet, writing a report, and what is done about it.

use super::contacts::contact_views;
use tianye_journal::RecordId;
use tianye_survey::{
    Call, CallOutcome, Disclosure, HandedTo, ReportAct, ReportPart, Safety, kind, rights::Reach, rights::reach,
    safeguarding,
};

use crate::desk::Desk;
use crate::filling::{Extra, record_id, shown_state};
use crate::refusal::{Result, refuse};
use crate::view::{AddInput, CallInput, CareView, HandOverInput, InterviewState, ReportInput, ReportView};

/// Longest words of one field, in characters.
const LONGEST: usize = 5_000;

impl Desk {
    /// The sheet: what is open, whom to call here, and what this person has written before. Everything on it is on this
    /// laptop. The open interview stays open, with every answer where it is. Without one the page below tells of whom or of
    /// which place it is: `person`, `place`, ids that may be empty.
    ///
    /// # Errors
    /// The store's refusal.
    pub fn care(&self, person: &str, place: &str, language: &str) -> Result<CareView> {
        let interview = self.open.as_ref().filter(|_| self.trial.is_none()).map(|open| open.record());
        let (subject, site) = match interview {
            Some(record) => self.respondent_of(record)?,
            None => self.at_hand(optional(person)?, optional(place)?),
        };
        let reports = self.reports()?;
        Ok(CareView {
            interview: interview.map(|record| record.to_string()).unwrap_or_default(),
            about: self.about(interview, subject, site, language)?,
            subject: subject.map(|subject| subject.to_string()).unwrap_or_default(),
            site: site.map(|site| site.to_string()).unwrap_or_default(),
            place: self.book.site_name(site, language),
            contacts: contact_views(&safeguarding::contacts(&self.book.project, site.as_ref())),
            holder: self.is_holder(),
            holders: self.holders()?.into_iter().map(|holder| holder.name).collect(),
            answers: self.movable_answers(),
            may_prepare: reach(&self.who.survey_role(), kind::CONTACTS) == Reach::Any,
            reports: reports.into_iter().filter(|report| report.own).collect(),
        })
    }

    /// Writes a report. It is on the disk, sealed, when this returns.
    ///
    /// # Errors
    /// `report-empty` without the child's words and without what was seen; `too-long`; `reports-full`; the store's refusal.
    pub fn save_report(&mut self, input: &ReportInput, language: &str) -> Result<ReportView> {
        if input.words.trim().is_empty() && input.seen.trim().is_empty() {
            return Err(refuse("report-empty", "expected the child's words, or what was seen, found neither"));
        }
        let disclosure = self.disclosure(input, language)?;
        let report = self.new_record();
        self.say(report, ReportAct::Begun(Box::new(disclosure)))?;
        self.report(report)
    }

    /// What a report says, as it was filled in.
    pub(super) fn disclosure(&self, input: &ReportInput, language: &str) -> Result<Disclosure> {
        let texts = [&input.words, &input.when, &input.place, &input.present, &input.seen];
        texts.iter().try_for_each(|text| short_enough(text))?;
        let safety = Some(input.safety.as_str()).filter(|word| !word.is_empty()).map(Safety::from);
        if safety.as_ref().is_some_and(|safety| !Safety::ALL.contains(safety)) {
            return Err(refuse("internal", "expected one of the words for safety, found another"));
        }
        let interview = optional(&input.interview)?;
        let (subject, of_interview) = match interview {
            Some(record) => self.respondent_of(record)?,
            None => (None, None),
        };
        let (subject, site) =
            self.at_hand(subject.or(optional(&input.subject)?), optional(&input.site)?.or(of_interview));
        let about = self.about(interview, subject, site, language)?;
        let words = |text: &str| text.trim().into();
        Ok(Disclosure {
            words: words(&input.words),
            when: words(&input.when),
            place: words(&input.place),
            present: words(&input.present),
            seen: words(&input.seen),
            safety,
            about: about.into(),
            practice: self.book.project.is_called_practice(),
            interview,
            subject,
            site,
        })
    }

    /// Records a call about a report.
    ///
    /// # Errors
    /// A report that this person does not read; `call-whom` without a name; the store's refusal.
    pub fn record_call(&mut self, input: &CallInput) -> Result<ReportView> {
        let report = self.readable(&input.report)?;
        [&input.whom, &input.number, &input.said].iter().try_for_each(|text| short_enough(text))?;
        if input.whom.trim().is_empty() {
            return Err(refuse("call-whom", "expected who was called, found nothing"));
        }
        let outcome = CallOutcome::from(input.outcome.as_str());
        if !CallOutcome::ALL.contains(&outcome) {
            return Err(refuse("internal", "expected what came of the call, found another word"));
        }
        let words = |text: &str| text.trim().into();
        let call = Call { whom: words(&input.whom), number: words(&input.number), said: words(&input.said), outcome };
        self.say(report, ReportAct::Called(Box::new(call)))?;
        self.report(report)
    }

    /// Adds words to a report.
    ///
    /// # Errors
    /// A report that this person does not read; `report-empty`; `too-long`; the store's refusal.
    pub fn add_to_report(&mut self, input: &AddInput) -> Result<ReportView> {
        let report = self.readable(&input.report)?;
        short_enough(&input.words)?;
        if input.words.trim().is_empty() {
            return Err(refuse("report-empty", "expected words to add, found none"));
        }
        self.say(report, ReportAct::Added { words: input.words.trim().into() })?;
        self.report(report)
    }

    /// Says that somebody outside the project has it now.
    ///
    /// # Errors
    /// A report that this person does not read; the store's refusal.
    pub fn hand_report_over(&mut self, input: &HandOverInput) -> Result<ReportView> {
        let report = self.readable(&input.report)?;
        short_enough(&input.note)?;
        let to = HandedTo::from(input.to.as_str());
        if !HandedTo::ALL.contains(&to) {
            return Err(refuse("internal", "expected who took over, found another word"));
        }
        self.say(report, ReportAct::HandedOver { to, note: input.note.trim().into() })?;
        self.report(report)
    }

    /// Keeps a part of a report; it goes out with the next sync.
    pub(super) fn say(&self, report: RecordId, act: ReportAct) -> Result<()> {
        let part = self.part(report, act);
        self.keep_reports(|kept, _| {
            kept.add(part);
            Ok(())
        })
    }

    pub(super) fn part(&self, report: RecordId, act: ReportAct) -> ReportPart {
        ReportPart { id: self.new_record(), report, at: self.at(), act }
    }

    pub(super) fn report(&self, report: RecordId) -> Result<ReportView> {
        let found = self.reports()?.into_iter().find(|view| view.id == report.to_string());
        found.ok_or_else(unknown_report)
    }

    /// A report that this person may add to: their own, or for a holder any.
    pub(super) fn readable(&self, report: &str) -> Result<RecordId> {
        let id = record_id(report)?;
        let is_own = self.kept_reports()?.begun(&id).is_some();
        if is_own || (self.is_holder() && self.read_reports()?.reports.contains_key(&id)) {
            return Ok(id);
        }
        Err(unknown_report())
    }

    /// Respondent and site of an interview, whether it is in an entry yet or not.
    fn respondent_of(&self, record: RecordId) -> Result<(Option<RecordId>, Option<RecordId>)> {
        let brief = self.book.interviews.get(&record);
        let draft = self.store.read(|view| view.draft(record))?;
        let extra: Extra = draft.as_ref().and_then(|draft| serde_json::from_str(&draft.extra).ok()).unwrap_or_default();
        let subject = brief.and_then(|brief| brief.subject).or_else(|| draft.and_then(|draft| draft.subject));
        let of_subject = subject.and_then(|subject| self.book.project.subject(&subject)?.site);
        Ok((subject, brief.and_then(|brief| brief.site).or(extra.site).or(of_subject)))
    }

    /// A respondent who is here, and a place: theirs where none is said.
    fn at_hand(&self, subject: Option<RecordId>, site: Option<RecordId>) -> (Option<RecordId>, Option<RecordId>) {
        let card = subject.and_then(|subject| self.book.project.subject(&subject));
        (subject.filter(|_| card.is_some()), site.or_else(|| card.and_then(|card| card.site)))
    }

    /// Of whom and of which interview, in words: a holder reads neither the card nor the interview.
    fn about(
        &self,
        interview: Option<RecordId>,
        subject: Option<RecordId>,
        site: Option<RecordId>,
        language: &str,
    ) -> Result<String> {
        let Some(record) = interview else {
            let card = subject.and_then(|subject| self.book.project.subject(&subject));
            let who = card.map(|card| format!("{} {}", card.code, &*card.display_name)).unwrap_or_default();
            let words = [who.trim().to_owned(), self.book.site_name(site, language)];
            return Ok(words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join("，"));
        };
        let brief = self.book.interviews.get(&record);
        let draft = self.store.read(|view| view.draft(record))?;
        let form =
            brief.and_then(|brief| brief.form).or_else(|| draft.map(|draft| tianye_survey::FormHash(draft.form)));
        let state = brief.map_or(InterviewState::Draft, |brief| shown_state(brief.status));
        let heading = self.heading(subject, site, state, language);
        let who = format!("{} {}", heading.code, heading.name);
        let words = [self.form_words(form, language).0, who.trim().to_owned(), heading.site];
        let mut words: Vec<String> = words.into_iter().filter(|word| !word.is_empty()).collect();
        words.dedup();
        Ok(words.join("，"))
    }
}

fn optional(id: &str) -> Result<Option<RecordId>> {
    if id.is_empty() { Ok(None) } else { record_id(id).map(Some) }
}

pub(super) fn short_enough(text: &str) -> Result<()> {
    let found = text.chars().count();
    if found <= LONGEST {
        return Ok(());
    }
    Err(refuse("too-long", format!("expected at most {LONGEST} characters, found {found}"))
        .with("limit", LONGEST.to_string()))
}

pub(super) fn unknown_report() -> crate::view::Refusal {
    refuse("unknown-report", "expected a report that this person reads, found none")
}
