//! What the lead does with two laptops' answers: sees both, decides, hands an interview over.

use tianye_journal::{ChainId, EntryHash, PersonId, Recipient};
use tianye_store::Op;
use tianye_survey::{self as survey, Answer, Assignment, Card, Conflict, Content, Decision, Field, Grant, Write};
use tianye_xform::{FieldPath, Given, Session};

use crate::book::entries_of;
use crate::desk::Desk;
use crate::filling::{record_id, settled, shown_state, unknown};
use crate::interview::open::{values, with_context};
use crate::interview::{attachment, control, markup, page};
use crate::refusal::{Result, refuse};
use crate::view::{ConflictView, Control, DecisionInput, InterviewCard, TextForm, WriteView};
use crate::world;

impl Desk {
    /// What a person must decide, across all interviews that can be read.
    ///
    /// # Errors
    /// The store's refusal; a form that has not come.
    pub fn conflicts(&self, language: &str) -> Result<Vec<ConflictView>> {
        let mut views = Vec::new();
        for (record, brief) in &self.book.interviews {
            if brief.conflicts == 0 {
                continue;
            }
            let entries = entries_of(&self.store, *record)?;
            let state = self.book.interview(&self.store, *record, &entries);
            let form =
                brief.form.ok_or_else(|| refuse("form-missing", "expected the form of an interview, found none"))?;
            let form_words = self.form_words(Some(form), language);
            let form = self.form_with_lists(&form, Some(record))?;
            let heading = self.heading(state.subject(), state.site(), shown_state(brief.status), language);
            let properties = self.properties();
            let mut session = with_context(&*self.world, &properties, |context| {
                Session::resume(form.clone(), values(&settled(&state)), context).0
            });
            if let Some(name) = form.languages().iter().find(|name| language.starts_with(&page::language_code(name))) {
                session.set_language(name);
            }
            for conflict in &state.conflicts {
                let shown = Question::of(&session, &conflict.field);
                let (number, label) = page::split_number(&shown.label);
                let fields = state.fields.get(&conflict.field);
                let write = |write: &Write| self.write_view(write, &shown, fields);
                let mut sides: Vec<WriteView> = conflict.writes.iter().map(write).collect();
                sides.extend(conflict.edits.iter().map(|(_, edit)| WriteView {
                    value: conflict.keep.as_ref().and_then(Answer::value).unwrap_or_default().to_owned(),
                    ..write(edit)
                }));
                sides.sort_by(|a, b| (&a.at, &a.entry).cmp(&(&b.at, &b.entry)));
                views.push(ConflictView {
                    key: format!("{record} {}", conflict.field.as_str()),
                    record: record.to_string(),
                    field: conflict.field.as_str().to_owned(),
                    code: heading.code.clone(),
                    name: heading.name.clone(),
                    form: form_words.0.clone(),
                    site: heading.site.clone(),
                    number: number.to_owned(),
                    label: label.to_owned(),
                    base: self.base(&state, conflict, &shown),
                    sides,
                    history: state.history(&conflict.field).iter().map(|step| write(&step.write)).collect(),
                    control: shown.control.clone(),
                });
            }
        }
        Ok(views)
    }

    /// The write that gave the answer which all sides knew.
    fn base(&self, state: &survey::InterviewState, conflict: &Conflict, shown: &Question) -> Option<WriteView> {
        let base = conflict.base.as_ref()?;
        let fields = state.fields.get(&conflict.field)?;
        let write = fields.writes().iter().find(|write| write.answer == *base)?;
        Some(self.write_view(write, shown, Some(fields)))
    }

    fn write_view(&self, write: &Write, shown: &Question, fields: Option<&survey::FieldState>) -> WriteView {
        // A decision for a file names it, and an earlier write holds it.
        let file = write.file.as_ref().or_else(|| fields?.file(&write.answer));
        let value = write.answer.value().unwrap_or_default();
        let decided = write.by == survey::WrittenBy::Decision;
        let note = write.note.as_deref().unwrap_or_default().to_owned();
        WriteView {
            entry: write.entry.to_string(),
            value: value.to_owned(),
            non_answer: write.answer.given().non_answer().map(Into::into),
            display: shown.display(value),
            author: self.book.name(&write.author),
            device: self.book.device(&write.chain),
            at: world::iso_of(write.at.ms, write.at.offset).unwrap_or_default(),
            note: if decided { String::new() } else { note.clone() },
            reason: if decided { note } else { String::new() },
            file: file.map(|file| {
                let here = file.chunks.iter().all(|part| self.store.has_chunk(&part.id));
                attachment::card(file, here)
            }),
        }
    }

    /// Decides a conflict. The decision is an entry like any other and can itself be revised.
    ///
    /// # Errors
    /// Not the lead; no reason; writes that are not those in conflict now; the store's refusal.
    pub fn decide(&mut self, input: &DecisionInput) -> Result<()> {
        self.must_lead()?;
        if input.reason.trim().is_empty() {
            return Err(refuse("reason-missing", "expected a reason, found none"));
        }
        let record = record_id(&input.record)?;
        let entries = entries_of(&self.store, record)?;
        let state = self.book.interview(&self.store, record, &entries);
        let Some(conflict) = state.conflicts.iter().find(|conflict| conflict.field.as_str() == input.field) else {
            return Err(refuse("conflict-gone", "expected an open conflict on this field, found none: it was decided"));
        };
        let asked = conflict.field.path().and_then(|path| {
            let form = self.book.interviews.get(&record)?.form.and_then(|form| self.form(&form).ok())?;
            form.question(&path.template())
        });
        let takes_file = asked.is_some_and(|question| matches!(question.control, tianye_xform::Control::Upload { .. }));
        let named = || state.fields.get(&conflict.field)?.file(&Answer::of(&input.value));
        if takes_file && !input.value.is_empty() && named().is_none() {
            return Err(refuse("answer-needs-file", "expected one of the files of this question, found another text"));
        }
        let over = conflict.over();
        let seen: Vec<EntryHash> = input.names.iter().filter_map(|text| text.parse().ok()).collect();
        // Somebody may have written since the page was drawn; that write must be seen before it is decided over.
        if over.iter().any(|entry| !seen.contains(entry)) {
            return Err(refuse("conflict-changed", "expected the writes that were shown, found another: look again"));
        }
        let decision = Decision {
            field: Field::new(input.field.as_str()),
            chosen: match input.non_answer {
                Some(non_answer) => Answer::from(&Given::NonAnswer(non_answer.into())),
                None => Answer::of(&input.value),
            },
            over,
            takes_back: false,
            form: self.book.interviews.get(&record).and_then(|brief| brief.form),
            unseen: state.ground.missing().iter().copied().collect(),
            reason: input.reason.trim().into(),
        };
        self.append(record, state.heads(), &Content::Decision(Box::new(decision)))?;
        Ok(())
    }

    /// Lets a team member go on with an interview: reads what it needs, and finds it in the list.
    ///
    /// # Errors
    /// Not the lead; an unknown interview or member; a member whose laptop has not been seen yet; the store's refusal.
    pub fn hand_over(&mut self, interview: &str, member: &str, language: &str) -> Result<Vec<InterviewCard>> {
        self.must_lead()?;
        let record = record_id(interview)?;
        let brief = self.book.interviews.get(&record).ok_or_else(|| unknown(interview))?.clone();
        let person: PersonId = member
            .parse()
            .map_err(|_| refuse("member-gone", "expected a member of the team, found none with this id"))?;
        let readers = self.readers_of(person);
        if readers.is_empty() {
            return Err(refuse("member-not-seen", "expected the member's laptop to have synced once, found none yet"));
        }
        let mut chains: Vec<ChainId> = entries_of(&self.store, record)?.iter().map(|entry| entry.chain).collect();
        if let Some(subject) = brief.subject {
            chains.extend(entries_of(&self.store, subject)?.iter().map(|entry| entry.chain));
        }
        chains.sort();
        chains.dedup();
        let assignment = Assignment {
            form_id: self.form_words(brief.form, language).1,
            subject: brief.subject,
            site: brief.site,
            interviewer: Some(person),
            interview: Some(record),
            ..Assignment::default()
        };
        let (grant, assigned) = (self.new_record(), self.new_record());
        let to = self.serials_of(person);
        let grant = self.body(grant, Vec::new(), &Content::from(Grant { to }))?;
        let assigned = self.body(assigned, Vec::new(), &Content::Assignment(Card::whole(&assignment)))?;
        self.store.transact(Op::Seal, |tx| {
            tx.append_grant(&chains, &readers, &grant)?;
            tx.append_own(&assigned)
        })?;
        self.book.read_on(&self.store)?;
        self.records(language)
    }

    /// The addresses of a member's laptops.
    fn readers_of(&self, person: PersonId) -> Vec<Recipient> {
        let owners = self.book.owners.values().filter(|member| member.person == person);
        owners.filter_map(|member| member.read_details()).map(|details| details.reader).collect()
    }

    /// The certificates of a member's laptops.
    fn serials_of(&self, person: PersonId) -> Vec<u64> {
        let owners = self.book.owners.iter().filter(|(_, member)| member.person == person);
        let mut serials: Vec<u64> = owners.filter_map(|(chain, _)| self.book.serials.get(chain).copied()).collect();
        serials.sort_unstable();
        serials.dedup();
        serials
    }
}

/// A question as a conflict shows it.
pub(crate) struct Question {
    pub label: String,
    control: Control,
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
