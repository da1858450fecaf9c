//! Answers that stand apart: the record has them, and the version shown has no place for them or does not count them. They come of
//! other versions, of other programs, and of merging: what two wrote beside each other can be right each and wrong together.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use tianye_journal::{EntryHash, RecordId};
use tianye_store::Draft;
use tianye_survey::{self as survey, Field, FormHash, Misfit, Opened, Recheck, recheck};
use tianye_xform::Question;

use crate::book::{Brief, entries_of};
use crate::desk::Desk;
use crate::interview::open::with_context;
use crate::interview::page::small;
use crate::interview::{markup, page};
use crate::refusal::Result;
use crate::versions::path_over;
use crate::view::{ApartLine, VersionsView};

/// What was looked up of merged interviews.
#[derive(Debug, Default)]
pub(crate) struct Known(Mutex<BTreeMap<RecordId, Unfit>>);

/// How many answers do not fit, of an interview with these heads under this version.
#[derive(Debug)]
struct Unfit {
    heads: Vec<EntryHash>,
    form: FormHash,
    answers: u32,
}

impl Known {
    fn of(&self, record: RecordId, heads: &[EntryHash], form: FormHash) -> Option<u32> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&record).filter(|one| one.heads == heads && one.form == form).map(|one| one.answers)
    }

    fn note(&self, record: RecordId, found: Unfit) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(record, found);
    }
}

impl Desk {
    /// What is known of versions beside an interview that is shown under one.
    pub(crate) fn versions(&self, form: &FormHash, draft: Option<&Draft>) -> Result<VersionsView> {
        let moved_from = draft.map(|draft| self.moved_from(draft)).transpose()?.flatten();
        Ok(VersionsView {
            version: self.version_words(form),
            newer: self.newer_than(form).map(|newer| self.version_words(&newer)),
            moved_from: moved_from.map(|from| self.version_words(&from)),
        })
    }

    /// How many answers of an interview do not fit together, or are missing, now that what several wrote was put together. Nobody is
    /// asked while it is not finished, or while a conflict in it waits.
    pub(crate) fn unfit_answers(&self, record: RecordId, brief: &Brief) -> Result<u32> {
        let Some(form) = brief.form.filter(|_| brief.merged && brief.conflicts == 0 && !brief.status.is_open()) else {
            return Ok(0);
        };
        if let Some(known) = self.unfit.of(record, &brief.heads, form) {
            return Ok(known);
        }
        let entries = entries_of(&self.store, record)?;
        // What cannot be read under its form yet is looked at once the form has come.
        let Ok(checked) = self.rechecked(record, &entries, &form) else { return Ok(0) };
        let found = small(checked.findings.len());
        self.unfit.note(record, Unfit { heads: brief.heads.clone(), form, answers: found });
        Ok(found)
    }

    /// A record as it reads under a version, filled into that version again.
    fn rechecked(&self, record: RecordId, entries: &[Opened], form: &FormHash) -> Result<Recheck> {
        let read = self.book.library.read_under(&self.book.project, &self.store, entries, form, &self.book.team);
        let state = survey::interview(record, &read, &self.book.team);
        let properties = self.properties();
        let shown = self.form_with_lists(form, Some(&record))?;
        Ok(with_context(&*self.world, &properties, |context| recheck(shown, &state, context)))
    }

    /// The sealed answers of a record that stand apart under a version. What one writes after another, in one version, has its
    /// place; so this looks only where something else happened.
    pub(crate) fn apart(&self, record: RecordId, form: &FormHash, language: &str) -> Result<Vec<ApartLine>> {
        let entries = entries_of(&self.store, record)?;
        let versions = survey::versions_of(&entries);
        let merged = self.book.interviews.get(&record).is_some_and(|brief| brief.merged);
        if versions.iter().all(|version| version == form) && !merged && !crate::book::is_imported(&entries) {
            return Ok(Vec::new());
        }
        let checked = self.rechecked(record, &entries, form)?;
        let shown = checked.session.form();
        let apart = |what| !matches!(what, Misfit::Missing | Misfit::Constraint);
        let found = checked.findings.iter().filter(|finding| apart(finding.what));
        Ok(found
            .map(|finding| {
                let there = versions.iter().filter(|version| *version != form);
                let given =
                    there.clone().find_map(|version| Some((version, self.question_of(version, form, &finding.field)?)));
                let own = || Some((form, finding.field.path().and_then(|path| shown.question(&path.template()))?));
                let (version, question) =
                    own().or(given).map_or((None, None), |(version, question)| (Some(version), Some(question)));
                let label = question.as_ref().and_then(|question| label(question, language));
                let label = label.unwrap_or_else(|| finding.field.as_str().to_owned());
                let (number, label) = page::split_number(&label);
                let value = finding.answer.value().unwrap_or_default();
                ApartLine {
                    field: finding.field.as_str().to_owned(),
                    reason: finding.what.code().to_owned(),
                    version: version
                        .filter(|version| *version != form)
                        .map(|version| self.version_words(version))
                        .unwrap_or_default(),
                    number: number.to_owned(),
                    label: label.to_owned(),
                    value: question.map_or_else(|| value.to_owned(), |question| display(&question, value, language)),
                    non_answer: finding.answer.given().non_answer().map(Into::into),
                }
            })
            .collect())
    }

    /// The question of a version that reads under another at this field.
    fn question_of(&self, version: &FormHash, under: &FormHash, field: &Field) -> Option<Question> {
        let way = self.book.library.way(&self.book.project, &self.store, version, under);
        let wanted = field.path()?.template();
        let form = self.form(version).ok()?;
        form.questions()
            .into_iter()
            .find(|question| path_over(&way, &question.path).as_deref() == Some(wanted.as_str()))
    }
}

/// What a label or choice is called in the language of the screen, or else in the form's first.
fn spoken<'l>(labels: &'l [(String, String)], language: &str) -> Option<&'l str> {
    let wanted = |name: &str| {
        let code = page::language_code(name);
        !code.is_empty() && language.starts_with(&code)
    };
    let label = labels.iter().find(|(name, _)| wanted(name)).or_else(|| labels.first());
    label.map(|(_, text)| text.as_str())
}

fn label(question: &Question, language: &str) -> Option<String> {
    spoken(&question.labels, language).map(markup::plain)
}

fn display(question: &Question, value: &str, language: &str) -> String {
    if question.choices.is_empty() {
        return value.to_owned();
    }
    let called = |code: &str| {
        let choice = question.choices.iter().find(|choice| choice.value == code);
        choice.and_then(|choice| spoken(&choice.labels, language)).map_or_else(|| code.to_owned(), markup::plain)
    };
    value.split_whitespace().map(called).collect::<Vec<_>>().join("、")
}
