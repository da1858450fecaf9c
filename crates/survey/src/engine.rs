//! Where records and the form engine meet: a merged record is filled into a form again, and what no longer fits is said.
//!
//! Merging knows nothing of forms. Two corrections that each were right can be wrong together; a question can be gone in
//! the newest version. Such answers stay in the record and go to a person.

use crate::fold::{InterviewState, columns, plain_id};
use crate::kinds::{Change, EntityAct, EntityWrite, Told};
use crate::summary::Filled;
use crate::{Answer, Field, Private};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tianye_journal::EntryHash;
use tianye_xform::{Context, Fault, FieldPath, Form, Given, Leftover, LeftoverReason, Origin, Progress, Session};

/// A record filled into a form again.
#[derive(Clone, Debug)]
pub struct Recheck {
    /// The filling. Fields in conflict are blank in it.
    pub session: Session,
    /// What does not fit, by field.
    pub findings: Vec<Finding>,
}

/// An answer that does not fit, or a question without one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The field.
    pub field: Field,
    /// What stands in the record; blank where an answer is missing.
    pub answer: Answer,
    /// What is wrong.
    pub what: Misfit,
    /// The question's label in the session's language; empty where the question is gone.
    pub label: String,
    /// The form's own message, if it has one.
    pub message: Option<String>,
}

/// What is wrong with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Misfit {
    /// An answer is required and missing.
    Missing,
    /// It breaks the question's constraint.
    Constraint,
    /// The question is not to be asked with the other answers as they are, or the option chosen is not offered.
    NotRelevant,
    /// The form has no such question.
    QuestionGone,
    /// The answer does not fit the question's type.
    OtherType,
    /// It stands in a row that is not there.
    NoRow,
}

impl Misfit {
    /// Key of the message in the catalogue.
    pub fn code(self) -> &'static str {
        match self {
            Self::Missing => "recheck-missing",
            Self::Constraint => "recheck-constraint",
            Self::NotRelevant => "recheck-not-relevant",
            Self::QuestionGone => "recheck-question-gone",
            Self::OtherType => "recheck-other-type",
            Self::NoRow => "recheck-no-row",
        }
    }
}

/// Fills a merged record into a form, usually the newest version among its heads, and says what does not fit.
pub fn recheck(form: Arc<Form>, state: &InterviewState, context: &Context<'_>) -> Recheck {
    let mut findings = Vec::new();
    let mut fields: Vec<(FieldPath, Given)> = Vec::new();
    let in_conflict = state.conflicts.iter().map(|conflict| (&conflict.field, &Answer::Blank));
    for (field, answer) in state.answers().chain(in_conflict) {
        match field.path() {
            Some(path) => fields.push((path, answer.given())),
            None if answer.is_blank() => {}
            None => findings.push(Finding::bare(field.clone(), answer.clone(), Misfit::QuestionGone)),
        }
    }
    let (session, leftovers) = Session::resume(form, fields, context);
    let answer_of = |field: &Field| state.fields.get(field).and_then(|s| s.settled()).cloned().unwrap_or_default();
    findings.extend(leftovers.iter().filter_map(left_over));
    let waiting: BTreeSet<&Field> = state.conflicts.iter().map(|conflict| &conflict.field).collect();
    for invalid in session.validate() {
        let field = Field::from(&invalid.path);
        let answer = answer_of(&field);
        let what = match invalid.fault {
            Fault::Missing if waiting.contains(&field) || !answer.is_blank() => continue,
            Fault::Missing => Misfit::Missing,
            Fault::Constraint | Fault::Check(_) => Misfit::Constraint,
        };
        findings.push(Finding { field, answer, what, label: invalid.label, message: invalid.message });
    }
    for kept in session.fields() {
        if !kept.counts && !kept.given.is_blank() && kept.origin == Origin::Answered {
            let label = session.view(&kept.path).map(|view| view.label).unwrap_or_default();
            let (field, answer) = (Field::from(&kept.path), Answer::from(&kept.given));
            findings.push(Finding { field, answer, what: Misfit::NotRelevant, label, message: None });
        }
    }
    findings.sort_by(|a, b| (&a.field, a.what).cmp(&(&b.field, b.what)));
    Recheck { session, findings }
}

/// What the filling of a record makes of entities now, as its next entry would say it.
pub fn acts(session: &Session) -> Vec<EntityAct> {
    let act = |entity: tianye_xform::Entity| EntityAct {
        list: entity.list,
        id: plain_id(&entity.id),
        create: entity.create,
        update: entity.update,
        label: entity.label.map(Private),
        properties: entity.properties.into_iter().map(|(name, value)| (name, Private(value))).collect(),
        base_version: entity.base_version,
        trunk_version: entity.trunk_version,
        branch_id: entity.branch_id,
        saw: Vec::new(),
    };
    session.entities().into_iter().map(act).collect()
}

/// What a record says of entities, where no sitting has said so since its answers came to what they are: by decisions, by
/// merging, or because it came from elsewhere. What it says as before stays with the entry that said it first; what is new
/// counts as said by the record's heads. `session` is the merged record, filled into its form.
pub fn retell(state: &InterviewState, session: &Session) -> Told {
    let heads = state.heads();
    let (Some(entry), Some((author, at))) = (heads.first().copied(), state.last) else { return state.told.clone() };
    let mut now: BTreeMap<_, String> = BTreeMap::new();
    for (column, value, _) in acts(session).iter().flat_map(columns) {
        now.insert(column, value);
    }
    let known: BTreeSet<EntryHash> = state.told.entries.iter().copied().collect();
    let (erased, practice) = (state.told.erased.clone(), state.practice);
    let mut told = Told { erased, practice, ..Told::nothing(state.ground.record) };
    told.entries = known.iter().copied().chain(heads).collect::<BTreeSet<EntryHash>>().into_iter().collect();
    let column = |write: &EntityWrite| (write.list.clone(), write.id.clone(), write.column.clone());
    let mut saw: BTreeMap<_, BTreeSet<EntryHash>> = BTreeMap::new();
    for write in &state.told.writes {
        saw.entry(column(write)).or_insert_with(|| known.clone()).extend(&write.saw);
        let holds = !write.past && now.get(&column(write)).is_some_and(|value| *value == *write.value);
        told.writes.push(EntityWrite { past: !holds, ..write.clone() });
    }
    let settled: BTreeSet<_> = told.writes.iter().filter(|write| !write.past).map(column).collect();
    for ((list, id, column), value) in now {
        let at_column = (list, id, column);
        if settled.contains(&at_column) {
            continue;
        }
        let saw = saw.remove(&at_column).unwrap_or_else(|| known.clone()).into_iter().collect();
        let (list, id, column) = at_column;
        told.writes.push(EntityWrite { list, id, column, value: Private(value), entry, author, at, past: false, saw });
    }
    told
}

fn left_over(leftover: &Leftover) -> Option<Finding> {
    let what = match leftover.reason {
        LeftoverReason::UnknownNode | LeftoverReason::OtherShape | LeftoverReason::Calculated => Misfit::QuestionGone,
        LeftoverReason::UnknownRow | LeftoverReason::RemovedRow | LeftoverReason::TooManyRows => Misfit::NoRow,
        LeftoverReason::OtherType => Misfit::OtherType,
    };
    let answer = Answer::from(&leftover.given);
    (!answer.is_blank()).then(|| Finding::bare(Field::from(&leftover.path), answer, what))
}

impl Finding {
    fn bare(field: Field, answer: Answer, what: Misfit) -> Self {
        Self { field, answer, what, label: String::new(), message: None }
    }
}

impl Change {
    /// The write of a field as a session keeps it; `None` for a calculated one, which is never written. Defaults,
    /// metadata and the rows that the form makes are marked as filled in by the program.
    pub fn of_session(kept: &tianye_xform::Field) -> Option<Self> {
        let auto = match kept.origin {
            Origin::Calculated => return None,
            Origin::Answered => false,
            Origin::Default | Origin::Metadata => true,
            Origin::RowPresence => !kept.given.is_blank() && kept.path.row().is_some_and(|row| row.is_derived()),
        };
        Some(Self { auto, ..Self::new(&kept.path, Answer::from(&kept.given)) })
    }
}

impl From<Progress> for Filled {
    fn from(progress: Progress) -> Self {
        Self { answered: progress.answered, total: progress.total }
    }
}
