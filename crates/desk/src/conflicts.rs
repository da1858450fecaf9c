//! Conflicts as a person sees them: a list to find one in, and each with both answers, where they stand and what happened.

use std::collections::BTreeSet;

use tianye_journal::{EntryHash, RecordId};
use tianye_survey::{
    self as survey, Answer, Conflict, Content, Field, InterviewState as Interview, Step, Write, WrittenBy, kind,
};
use tianye_xform::{FieldPath, Form, Page, Session};

use crate::book::entries_of;
use crate::desk::Desk;
use crate::filling::{record_id, settled, shown_state};
use crate::interview::open::{values, with_context};
use crate::interview::{attachment, control, markup, page};
use crate::refusal::{Result, refuse};
use crate::view::{ConflictCard, ConflictView, Control, Neighbour, NonAnswer, TextForm, WriteView};
use crate::world;

impl Desk {
    /// What a person must decide, across all interviews that can be read: each whole, for a list on paper. A window asks
    /// for [`Desk::conflict_cards`], and for what is on the screen.
    ///
    /// # Errors
    /// The store's refusal; a form that has not come.
    pub fn conflicts(&self, language: &str) -> Result<Vec<ConflictView>> {
        let mut views = Vec::new();
        for record in self.in_conflict()? {
            let state = self.state_of(record)?;
            views.extend(self.shown(record, &state, &state.conflicts, language)?);
        }
        Ok(views)
    }

    /// What a person must decide, one line each: by place and respondent, then as the form asks.
    ///
    /// # Errors
    /// The store's refusal.
    pub fn conflict_cards(&self, language: &str) -> Result<Vec<ConflictCard>> {
        let mut cards = Vec::new();
        for record in self.in_conflict()? {
            let state = self.state_of(record)?;
            let form = self.book.interviews.get(&record).and_then(|brief| brief.form);
            let questions =
                form.and_then(|form| self.form(&form).ok()).map(|form| form.questions()).unwrap_or_default();
            let place = |field: &Field| {
                let template = field.path().map(|path| path.template()).unwrap_or_default();
                questions.iter().position(|question| question.path.starts_with(&template)).unwrap_or(usize::MAX)
            };
            let mut conflicts: Vec<&Conflict> = state.conflicts.iter().collect();
            conflicts.sort_by_key(|conflict| place(&conflict.field));
            for conflict in conflicts {
                let edits = conflict.edits.iter().map(|(_, edit)| edit);
                let writes = conflict.writes.iter().chain(edits);
                cards.push(self.conflict_card(&state, &conflict.field, writes, String::new(), language));
            }
        }
        cards.sort_by(|a, b| (&a.site, &a.code, &a.record).cmp(&(&b.site, &b.code, &b.record)));
        Ok(cards)
    }

    /// What was decided and holds, the last decision first: to be looked at again, and taken back.
    ///
    /// # Errors
    /// The store's refusal.
    pub fn decided_cards(&self, language: &str) -> Result<Vec<ConflictCard>> {
        let mut cards = Vec::new();
        let today = self.today();
        let gate = self.gate(&today)?;
        for record in self.store.read(|view| view.records_of_kind(kind::DECISION))? {
            let Some(brief) = self.book.interviews.get(&record) else { continue };
            if self.is_out_of_use(&gate, &record, brief) {
                continue;
            }
            let state = self.state_of(record)?;
            for field in state.fields.keys() {
                let Some(decision) = state.decided(field) else { continue };
                let at = world::iso_of(decision.at.ms, decision.at.offset).unwrap_or_default();
                cards.push((decision.at.ms, self.conflict_card(&state, field, [decision], at, language)));
            }
        }
        cards.sort_by(|(one, a), (other, b)| other.cmp(one).then_with(|| a.key.cmp(&b.key)));
        Ok(cards.into_iter().map(|(_, card)| card).collect())
    }

    /// The open conflicts of one interview, whole.
    ///
    /// # Errors
    /// Consent that was refused or taken back; the store's refusal; a form that has not come.
    pub fn conflicts_of(&self, record: &str, language: &str) -> Result<Vec<ConflictView>> {
        let record = record_id(record)?;
        self.must_be_in_use(&record)?;
        let state = self.state_of(record)?;
        self.shown(record, &state, &state.conflicts, language)
    }

    /// A field that was decided, as its conflict was shown.
    ///
    /// # Errors
    /// Consent that was refused or taken back; `decision-gone` where no decision holds; the store's refusal; a form that has not come.
    pub fn decided(&self, record: &str, field: &str, language: &str) -> Result<ConflictView> {
        let record = record_id(record)?;
        self.must_be_in_use(&record)?;
        let gone = || refuse("decision-gone", "expected a decision that holds, found none");
        let entries = entries_of(&self.store, record)?;
        let state = self.state_of(record)?;
        let field = Field::new(field);
        let decision = state.decided(&field).ok_or_else(gone)?.entry;
        let over: BTreeSet<EntryHash> = entries
            .iter()
            .filter(|entry| entry.hash == decision)
            .filter_map(|entry| match &entry.content {
                Content::Decision(decision) => Some(&decision.over),
                _ => None,
            })
            .flatten()
            .copied()
            .collect();
        let writes = state.fields.get(&field).map(survey::FieldState::writes).unwrap_or_default();
        let between: Vec<Write> = writes.iter().filter(|write| over.contains(&write.entry)).cloned().collect();
        let conflict = Conflict { field, writes: between, base: None, edits: Vec::new(), keep: None };
        self.shown(record, &state, std::slice::from_ref(&conflict), language)?.pop().ok_or_else(gone)
    }

    /// The interviews in conflict that are in use, in the order of their ids.
    pub(crate) fn in_conflict(&self) -> Result<Vec<RecordId>> {
        let mut torn = self.book.interviews.iter().filter(|(_, brief)| brief.conflicts > 0).peekable();
        if torn.peek().is_none() {
            return Ok(Vec::new());
        }
        let today = self.today();
        let gate = self.gate(&today)?;
        let in_use = torn.filter(|(record, brief)| !self.is_out_of_use(&gate, record, brief));
        Ok(in_use.map(|(record, _)| *record).collect())
    }

    fn conflict_card<'w>(
        &self,
        state: &Interview,
        field: &Field,
        writes: impl IntoIterator<Item = &'w Write>,
        decided: String,
        language: &str,
    ) -> ConflictCard {
        let record = state.ground.record;
        let brief = self.book.interviews.get(&record);
        let hash = brief.and_then(|brief| brief.form);
        let form = hash.and_then(|hash| self.form(&hash).ok());
        let label =
            form.and_then(|form| plain_label(&form, field, language)).unwrap_or_else(|| field.as_str().to_owned());
        let (number, label) = page::split_number(&label);
        let status = brief.map_or(survey::Status::Draft, |brief| brief.status);
        let heading = self.heading(state.subject(), state.site(), shown_state(status), language);
        let mut authors: Vec<String> = writes.into_iter().map(|write| self.book.name(&write.author)).collect();
        authors.sort();
        authors.dedup();
        ConflictCard {
            key: key(&record, field),
            record: record.to_string(),
            field: field.as_str().to_owned(),
            code: heading.code,
            name: heading.name,
            form: self.form_words(hash, language).0,
            site: heading.site,
            number: number.to_owned(),
            label: label.to_owned(),
            authors,
            decided,
        }
    }

    /// Conflicts of one interview under its form.
    fn shown(
        &self,
        record: RecordId,
        state: &Interview,
        conflicts: &[Conflict],
        language: &str,
    ) -> Result<Vec<ConflictView>> {
        let Some(brief) = self.book.interviews.get(&record).filter(|_| !conflicts.is_empty()) else {
            return Ok(Vec::new());
        };
        let form = brief.form.ok_or_else(|| refuse("form-missing", "expected the form of an interview, found none"))?;
        let form_words = self.form_words(Some(form), language);
        let form = self.form_with_lists(&form, Some(&record))?;
        let heading = self.heading(state.subject(), state.site(), shown_state(brief.status), language);
        let properties = self.properties();
        let mut session = with_context(&*self.world, &properties, |context| {
            Session::resume(form.clone(), values(&settled(state)), context).0
        });
        if let Some(name) = form.languages().iter().find(|name| language.starts_with(&page::language_code(name))) {
            session.set_language(name);
        }
        let answered = Answered::of(&session);
        let unusable = self.unusable_in(&record)?.1.questions(&form);
        let view = |conflict: &Conflict| {
            let shown = Question::of(&session, &conflict.field);
            let (number, label) = page::split_number(&shown.label);
            let fields = state.fields.get(&conflict.field);
            let hidden = conflict.field.path().is_some_and(|path| unusable.contains(&path.template()));
            let write = |write: &Write| {
                let view = self.write_view(write, &shown, fields);
                WriteView { file: view.file.filter(|_| !hidden), ..view }
            };
            let kept = conflict.keep.as_ref().and_then(Answer::value).unwrap_or_default().to_owned();
            let edit = |edit: &Write| WriteView { value: kept.clone(), ..write(edit) };
            let writes = conflict.writes.iter().map(|one| (one.at.ms, write(one)));
            let edits = conflict.edits.iter().map(|(_, one)| (one.at.ms, edit(one)));
            let mut sides: Vec<(i64, WriteView)> = writes.chain(edits).collect();
            sides.sort_by(|(one, a), (other, b)| (one, &a.entry).cmp(&(other, &b.entry)));
            let sides = sides.into_iter().map(|(_, side)| side).collect();
            let steps = state.history(&conflict.field);
            let (before, after) = answered.around(&session, &conflict.field);
            ConflictView {
                key: key(&record, &conflict.field),
                record: record.to_string(),
                field: conflict.field.as_str().to_owned(),
                code: heading.code.clone(),
                name: heading.name.clone(),
                form: form_words.0.clone(),
                site: heading.site.clone(),
                number: number.to_owned(),
                label: label.to_owned(),
                base: self.base(state, conflict, &shown),
                before,
                after,
                sides,
                history: self.steps_view(&steps, &write),
                control: shown.control.clone(),
                non_answers: shown.non_answers.clone(),
            }
        };
        Ok(conflicts.iter().map(view).collect())
    }

    /// The write that gave the answer which all sides knew.
    fn base(&self, state: &Interview, conflict: &Conflict, shown: &Question) -> Option<WriteView> {
        let base = conflict.base.as_ref()?;
        let fields = state.fields.get(&conflict.field)?;
        let write = fields.writes().iter().find(|write| write.answer == *base)?;
        Some(self.write_view(write, shown, Some(fields)))
    }

    /// A history as it is shown, by what shows one write.
    pub(crate) fn steps_view(&self, steps: &[Step], write: &dyn Fn(&Write) -> WriteView) -> Vec<WriteView> {
        steps.iter().enumerate().map(|(at, step)| self.step_view(at, step, steps, write)).collect()
    }

    fn step_view(&self, at: usize, step: &Step, steps: &[Step], write: &dyn Fn(&Write) -> WriteView) -> WriteView {
        let seen = steps.iter().take(at).filter(|earlier| !step.unseen.contains(&earlier.write.entry));
        WriteView {
            clock_wrong: seen.into_iter().any(|earlier| earlier.write.at.ms > step.write.at.ms),
            unseen: step.unseen.iter().map(ToString::to_string).collect(),
            ..write(&step.write)
        }
    }

    fn write_view(&self, write: &Write, shown: &Question, fields: Option<&survey::FieldState>) -> WriteView {
        // A decision for a file names it, and an earlier write holds it.
        let file = write.file.as_ref().or_else(|| fields?.file(&write.answer));
        let display = shown.display(write.answer.value().unwrap_or_default());
        WriteView {
            file: file.map(|file| {
                let here = file.chunks.iter().all(|part| self.store.has_chunk(&part.id));
                attachment::card(file, here)
            }),
            ..self.bare_write(write, display)
        }
    }

    /// A write with how it reads, without a file.
    pub(crate) fn bare_write(&self, write: &Write, display: String) -> WriteView {
        let decided = matches!(write.by, WrittenBy::Decision | WrittenBy::TakingBack);
        let note = write.note.as_deref().unwrap_or_default().to_owned();
        WriteView {
            entry: write.entry.to_string(),
            value: write.answer.value().unwrap_or_default().to_owned(),
            non_answer: write.answer.given().non_answer().map(Into::into),
            display,
            author: self.book.name(&write.author),
            device: self.book.device(&write.chain),
            at: world::iso_of(write.at.ms, write.at.offset).unwrap_or_default(),
            clock_wrong: false,
            unseen: Vec::new(),
            taken_back: write.taken_back,
            takes_back: write.by == WrittenBy::TakingBack,
            note: if decided { String::new() } else { note.clone() },
            reason: if decided { note } else { String::new() },
            file: None,
        }
    }
}

fn key(record: &RecordId, field: &Field) -> String {
    format!("{record} {}", field.as_str())
}

/// A question's label as the form has it, without what is inserted into it.
fn plain_label(form: &Form, field: &Field, language: &str) -> Option<String> {
    let question = form.question(&field.path()?.template())?;
    let wanted = |name: &str| language.starts_with(&page::language_code(name));
    let label = question.labels.iter().find(|(name, _)| wanted(name)).or_else(|| question.labels.first());
    label.map(|(_, label)| markup::plain(label)).filter(|label| !label.is_empty())
}

/// The questions that can be seen, in form order.
struct Answered(Vec<FieldPath>);

impl Answered {
    fn of(session: &Session) -> Self {
        let outline = session.outline();
        let of_page = |page: &Page| {
            let items = page.items.iter().chain(page.rows.iter().flat_map(|row| &row.items));
            items.map(|item| item.path.clone()).collect::<Vec<_>>()
        };
        Self(outline.pages().flat_map(of_page).collect())
    }

    /// The nearest answered questions before and after a field.
    fn around(&self, session: &Session, field: &Field) -> (Option<Neighbour>, Option<Neighbour>) {
        let place = field.path().and_then(|path| self.0.iter().position(|one| *one == path));
        let Some(place) = place else { return (None, None) };
        let neighbour = |path: &FieldPath| {
            let node = session.view(path)?;
            let label = markup::plain(&node.label);
            let display = markup::plain(&node.display);
            let (number, label) = page::split_number(&label);
            (!display.is_empty()).then(|| Neighbour { number: number.to_owned(), label: label.to_owned(), display })
        };
        let before = self.0.iter().take(place).rev().find_map(neighbour);
        (before, self.0.iter().skip(place + 1).find_map(neighbour))
    }
}

/// A question as a conflict shows it.
pub(crate) struct Question {
    pub label: String,
    control: Control,
    non_answers: Vec<NonAnswer>,
    labels: Vec<(String, String)>,
}

impl Question {
    pub fn of(session: &Session, field: &Field) -> Self {
        let path = field.path();
        let node = path.as_ref().and_then(|path| session.view(path));
        let template = path.as_ref().map(FieldPath::template).unwrap_or_default();
        let question = session.form().question(&template);
        let language = session.language();
        let choices = question.iter().flat_map(|question| &question.choices);
        let labels = choices.map(|choice| {
            let wanted = choice.labels.iter().find(|(name, _)| name == language).or_else(|| choice.labels.first());
            (choice.value.clone(), wanted.map_or_else(|| choice.value.clone(), |(_, label)| markup::plain(label)))
        });
        Self {
            label: node.as_ref().map_or_else(|| field.as_str().to_owned(), |node| markup::plain(&node.label)),
            control: node.as_ref().map_or(Control::Text { multiline: false, rows: 0, form: TextForm::Plain }, |node| {
                control::control(session, node, None)
            }),
            non_answers: node.iter().flat_map(|node| &node.non_answers).copied().map(Into::into).collect(),
            labels: labels.collect(),
        }
    }

    /// A value as a person reads it.
    pub fn display(&self, value: &str) -> String {
        if self.labels.is_empty() {
            return value.to_owned();
        }
        let label = |one: &str| {
            let found = self.labels.iter().find(|(value, _)| value == one);
            found.map_or_else(|| one.to_owned(), |(_, label)| label.clone())
        };
        value.split_whitespace().map(label).collect::<Vec<_>>().join("、")
    }
}
