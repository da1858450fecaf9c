//! What would go, before anything does.

use std::collections::BTreeSet;

use tianye_journal::RecordId;
use tianye_survey::{Answer, Field, InterviewState, WrittenBy};
use tianye_xform::Session;

use crate::book::entries_of;
use crate::conflicts::Question;
use crate::desk::Desk;
use crate::filling::{record_id, settled, shown_state, unknown};
use crate::interview::open::{values, with_context};
use crate::interview::page;
use crate::kept_exports::Gone;
use crate::refusal::{Result, refuse};
use crate::study::Study;
use crate::view::{EraseAnswer, EraseInterview, ErasePreview, Refusal};

impl Desk {
    /// What would go if an interview, or the respondent of it, were erased; of the id of a respondent, what would go with them.
    ///
    /// # Errors
    /// `no-right`; an interview that is not here; the store's refusal.
    pub fn preview_erasure(&self, record: &str, language: &str) -> Result<ErasePreview> {
        self.must_erase()?;
        let id = record_id(record)?;
        let drafted = self.store.read(|view| view.draft(id))?;
        let brief = self.book.interviews.get(&id);
        if brief.is_none() && drafted.is_none() {
            if self.book.project.subject(&id).is_some() {
                return self.preview_erasure_of_person(record, language);
            }
            return Err(unknown(record));
        }
        let person = brief.and_then(|brief| brief.subject).or_else(|| drafted.as_ref().and_then(|draft| draft.subject));
        let preview = match person {
            Some(person) => self.preview_of(person, language)?,
            None => self.preview_of(id, language)?,
        };
        let (site, state) =
            brief.map_or((None, crate::view::InterviewState::Draft), |brief| (brief.site, shown_state(brief.status)));
        let heading = self.heading(person, site, state, language);
        let form = brief.and_then(|brief| brief.form);
        Ok(ErasePreview {
            record: record.to_owned(),
            person: person.map(|person| person.to_string()).unwrap_or_default(),
            code: heading.code,
            name: heading.name,
            form: self.form_words(form, language).0,
            answers: self.answers_of(id, language)?,
            exports: self.exports_with(&BTreeSet::from([id]))?,
            ..preview
        })
    }

    /// What would go if a respondent were erased.
    ///
    /// # Errors
    /// As [`Self::preview_erasure`]; `unknown-respondent`.
    pub fn preview_erasure_of_person(&self, person: &str, language: &str) -> Result<ErasePreview> {
        self.must_erase()?;
        let id = record_id(person)?;
        let preview = self.preview_of(id, language)?;
        let known = self.book.project.subject(&id).is_some() || !preview.interviews.is_empty();
        if !known {
            return Err(unknown_respondent());
        }
        Ok(preview)
    }

    /// The respondents with this code, or this id.
    #[must_use]
    pub fn respondents_called(&self, word: &str) -> Vec<String> {
        let subjects = self.book.project.subjects.iter();
        let cards = subjects.filter_map(|(record, state)| Some((record, state.card.as_ref()?)));
        let called = cards.filter(|(record, card)| card.code == word || record.to_string() == word);
        let mut people: Vec<String> = called.map(|(record, _)| self.cards_of(record)[0].to_string()).collect();
        people.sort();
        people.dedup();
        people
    }

    fn preview_of(&self, person: RecordId, language: &str) -> Result<ErasePreview> {
        let cards = self.cards_of(&person);
        let interviews = self.interviews_of(&cards);
        let [consents, assignments] = self.papers_of(&cards);
        let heading = self.heading(Some(person), None, crate::view::InterviewState::Open, language);
        let one = |record: &RecordId| {
            let brief = self.book.interviews.get(record)?;
            let people: BTreeSet<String> = brief.interviewers.iter().map(|person| self.book.name(person)).collect();
            Some(EraseInterview {
                id: record.to_string(),
                form: self.form_words(brief.form, language).0,
                interviewer: people.into_iter().collect::<Vec<_>>().join("、"),
            })
        };
        Ok(ErasePreview {
            record: String::new(),
            person: person.to_string(),
            code: heading.code,
            name: heading.name,
            form: String::new(),
            answers: Vec::new(),
            interviews: interviews.iter().filter_map(one).collect(),
            consents: page::small(consents.len()),
            assignments: page::small(assignments.len()),
            laptops: page::small(self.all_laptops()?.len()),
            exports: self.exports_with(&interviews.into_iter().collect())?,
        })
    }

    /// The exports of this laptop that hold some of these interviews.
    fn exports_with(&self, whole: &BTreeSet<RecordId>) -> Result<Vec<crate::view::ErasedExport>> {
        let study = self.study().ok();
        let coded = |study: Study| whole.iter().map(|record| (*record, study.interview(record))).collect();
        let codes = study.map(coded).unwrap_or_default();
        let gone = [Gone { codes, act: String::new(), whole: whole.clone(), answers: Vec::new() }];
        Ok(self.kept_exports()?.iter().filter_map(|kept| kept.in_certificate(&gone)).collect())
    }

    /// What the sealed entries of an interview come to, in its form; none where no form version is settled.
    pub(crate) fn read_in_form(&self, record: RecordId, language: &str) -> Result<Option<(InterviewState, Session)>> {
        let Some(form) = self.book.interviews.get(&record).and_then(|brief| brief.form) else { return Ok(None) };
        let state = self.book.interview(&self.store, record, &entries_of(&self.store, record)?);
        let form = self.form_with_lists(&form, Some(&record))?;
        let properties = self.properties();
        let mut session = with_context(&*self.world, &properties, |context| {
            Session::resume(form.clone(), values(&settled(&state)), context).0
        });
        if let Some(name) = form.languages().iter().find(|name| language.starts_with(&page::language_code(name))) {
            session.set_language(name);
        }
        Ok(Some((state, session)))
    }

    /// The answers of an interview that somebody gave, in the order of its form; then those that it has no place for.
    fn answers_of(&self, record: RecordId, language: &str) -> Result<Vec<EraseAnswer>> {
        let Some((state, session)) = self.read_in_form(record, language)? else { return Ok(Vec::new()) };
        let placed: Vec<Field> = session.fields().iter().map(|field| Field::from(&field.path)).collect();
        let others = state.fields.keys().filter(|field| !placed.contains(field));
        let mut answers = Vec::new();
        for field in placed.iter().chain(others).filter(|field| field.is_node() && !field.is_row()) {
            let Some(of) = state.fields.get(field) else { continue };
            let given: Vec<&Answer> =
                of.current().filter(|write| write.by != WrittenBy::Program).map(|write| &write.answer).collect();
            if given.iter().all(|answer| answer.is_blank()) {
                continue;
            }
            let shown = Question::of(&session, field);
            let (number, label) = page::split_number(&shown.label);
            let values: Vec<String> =
                given.iter().filter_map(|answer| answer.value()).map(|value| shown.display(value)).collect();
            answers.push(EraseAnswer {
                field: field.as_str().to_owned(),
                number: number.to_owned(),
                label: label.to_owned(),
                value: values.join(" / "),
                file: given.iter().any(|answer| of.file(answer).is_some()),
            });
        }
        Ok(answers)
    }

    pub(crate) fn must_erase(&self) -> Result<()> {
        if self.may_erase() {
            return Ok(());
        }
        Err(refuse("no-right", "expected the lead or the safeguarding lead, found another role"))
    }
}

/// A respondent that nothing is known of.
pub(super) fn unknown_respondent() -> Refusal {
    refuse("unknown-respondent", "expected a respondent with a card or an interview, found none")
}
