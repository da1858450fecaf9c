//! One filling: [`Session`].

mod edit;
mod entities;
mod explain;
mod fields;
mod outline;
mod outside;
mod resume;
mod revising;
mod show;
mod submission;
mod taking;
mod written;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, FixedOffset};
use tianye_xpath::EvalError;

pub use edit::SubmissionError;
pub use explain::{Because, Explanation, Outcome, Read, Rule, Step as Explained, Subject, Why};
pub use resume::{Leftover, LeftoverReason};
pub use revising::Revised;
pub use submission::SubmissionNames;
pub use taking::{SubmissionHead, TakenIn};

use crate::beyond::NonAnswer;
use crate::coded::coded;
use crate::compute::{Engine, Trouble};
use crate::evaluate::Scene;
use crate::form::{DefId, Form, Shape};
use crate::graph::{Aspect, CellId};
use crate::instance::{Found, Instance, MAX_NODES, MAX_ROWS, NodeId, ROOT};
use crate::view::{Delta, ValueKind};
use crate::{AnswerError, Context, Control, FieldPath, Properties, RowId, lexical, options, preload};

/// One filling of a form. It holds answers: its `Debug` shows none.
#[derive(Clone)]
pub struct Session {
    form: Arc<Form>,
    instance: Instance,
    language: usize,
    /// The moment of the last act: what labels and look-ups mean by `now()`.
    now: DateTime<FixedOffset>,
    properties: Properties,
    troubles: BTreeMap<(NodeId, CellId), EvalError>,
    restless: bool,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("form", &self.form.id)
            .field("nodes", &self.instance.nodes.len())
            .finish_non_exhaustive()
    }
}

coded! {
    /// Why a row was not added or removed. Nothing was changed.
    pub enum RowError {
        /// The form has no such repeat, or the row around it is gone.
        "row-unknown-repeat" UnknownRepeat {
            /// The address.
            path: String,
        } "the form has no repeat {path}",
        /// The row is not there.
        "row-unknown" UnknownRow {
            /// The address.
            path: String,
        } "there is no row {path}",
        /// The row is there already.
        "row-twice" Twice {
            /// The address.
            path: String,
        } "there is a row {path} already",
        /// The form counts the rows itself, or forbids adding and removing.
        "row-fixed" Fixed {
            /// The address.
            path: String,
        } "the rows of {path} come from the form itself",
        /// The repeat is not to be asked now.
        "row-not-relevant" NotRelevant {
            /// The address.
            path: String,
        } "{path} is not to be asked now",
        /// More rows than are kept.
        "row-too-many" TooMany {
            /// The limit.
            limit: usize,
        } "a repeat has at most {limit} rows",
    }
}

impl Session {
    /// Begins a filling: defaults and metadata are put in, everything is computed, first-load actions run.
    #[must_use]
    pub fn start(form: Arc<Form>, context: &Context<'_>) -> Self {
        let instance = Instance::from_seed(&form);
        Self::begin(form, instance, context)
    }

    fn begin(form: Arc<Form>, instance: Instance, context: &Context<'_>) -> Self {
        let mut session = Self::around(form, instance, context);
        session.preload(context, true);
        session.act(context, |engine| {
            engine.compute_all();
            engine.run_load_actions(true);
        });
        session
    }

    fn around(form: Arc<Form>, instance: Instance, context: &Context<'_>) -> Self {
        Self {
            language: form.default_language,
            form,
            instance,
            now: context.now,
            properties: context.properties.clone(),
            troubles: BTreeMap::new(),
            restless: false,
        }
    }

    /// The form that is filled in.
    #[must_use]
    pub fn form(&self) -> &Arc<Form> {
        &self.form
    }

    /// Gives, changes or (with blank text) clears an answer. An answer that breaks a constraint is taken, and the delta
    /// says so; an answer of the wrong type is refused. Full-width digits and signs are understood.
    ///
    /// # Errors
    /// [`AnswerError`]; nothing was changed.
    pub fn answer(&mut self, path: &FieldPath, text: &str, context: &Context<'_>) -> Result<Delta, AnswerError> {
        let node = self.answerable(path)?;
        let kind = self.form.def(self.instance.node(node).def).kind;
        let value = lexical::canonical(kind, text, context.now)?;
        self.now = context.now;
        let value = self.offered(node, value)?;
        Ok(self.act(context, |engine| engine.answer(node, &value)))
    }

    /// Says that there is no answer, and why; one of those that the form declares for the question. A value that stood
    /// there goes; an answer takes the non-answer's place.
    ///
    /// # Errors
    /// [`AnswerError`]; nothing was changed.
    pub fn give_non_answer(
        &mut self,
        path: &FieldPath,
        non_answer: NonAnswer,
        context: &Context<'_>,
    ) -> Result<Delta, AnswerError> {
        let node = self.answerable(path)?;
        if !self.form.def(self.instance.node(node).def).bind.beyond.non_answers.contains(&non_answer) {
            return Err(AnswerError::NotDeclared { path: path.to_string(), found: non_answer.code().to_owned() });
        }
        Ok(self.act(context, |engine| engine.give_non_answer(node, non_answer)))
    }

    /// The node of a question that takes answers now.
    fn answerable(&self, path: &FieldPath) -> Result<NodeId, AnswerError> {
        let shown = || path.to_string();
        let node = match self.instance.find(&self.form, path) {
            Some(Found::Node(node)) => node,
            Some(Found::Repeat(..)) => return Err(AnswerError::NotAQuestion { path: shown() }),
            None => return Err(AnswerError::UnknownField { path: shown() }),
        };
        let at = self.instance.node(node);
        let def = self.form.def(at.def);
        if def.shape != Shape::Leaf {
            return Err(AnswerError::NotAQuestion { path: shown() });
        }
        let control = self.form.question_control(at.def);
        let note = control.is_some_and(|control| control.control == Control::Note);
        let hidden = control.is_none() && def.bind.calculate.is_some();
        let own = hidden || def.attribute || def.bind.preload.is_some() || def.is_meta();
        if at.readonly || note || own {
            return Err(AnswerError::ReadOnly { path: shown() });
        }
        if !at.relevant {
            return Err(AnswerError::NotRelevant { path: shown() });
        }
        Ok(node)
    }

    /// Chosen values must be offered; several come in the order of the options.
    fn offered(&self, node: NodeId, value: String) -> Result<String, AnswerError> {
        let kind = self.form.def(self.instance.node(node).def).kind;
        self.in_range(node, &value)?;
        if value.is_empty() || !matches!(kind, ValueKind::SelectOne | ValueKind::SelectMultiple | ValueKind::Rank) {
            return Ok(value);
        }
        let offered = options::values(&self.scene(), node);
        let refused = |value: &str| AnswerError::NotOffered { found: crate::Found(value.to_owned()) };
        if kind == ValueKind::SelectOne {
            return if offered.contains(&value) { Ok(value) } else { Err(refused(&value)) };
        }
        let mut chosen = Vec::new();
        for part in value.split(' ') {
            let at = offered.iter().position(|option| option == part).ok_or_else(|| refused(part))?;
            if !chosen.contains(&at) {
                chosen.push(at);
            }
        }
        if kind == ValueKind::SelectMultiple {
            chosen.sort_unstable();
        }
        Ok(chosen.into_iter().map(|at| offered[at].as_str()).collect::<Vec<_>>().join(" "))
    }

    /// A number of a range stands between its bounds, on a step.
    fn in_range(&self, node: NodeId, value: &str) -> Result<(), AnswerError> {
        let control = self.form.question_control(self.instance.node(node).def);
        let Some(Control::Range { start, end, step }) = control.map(|control| &control.control) else { return Ok(()) };
        let number = tianye_xpath::parse_number;
        let (low, high) = (number(start).min(number(end)), number(start).max(number(end)));
        let steps = (number(value) - number(start)) / number(step);
        let on_step = !steps.is_finite() || (steps - steps.round()).abs() < 1e-9;
        // Bounds that are not numbers bound nothing.
        if value.is_empty() || (!(number(value) < low || number(value) > high) && on_step) {
            return Ok(());
        }
        Err(AnswerError::OutOfRange {
            found: crate::Found(value.to_owned()),
            start: start.clone(),
            end: end.clone(),
            step: step.clone(),
        })
    }

    /// Adds a row at the end of a repeat. The identity is handed in: [`RowId::random`].
    ///
    /// # Errors
    /// [`RowError`]; nothing was changed.
    pub fn add_row(&mut self, repeat: &FieldPath, id: RowId, context: &Context<'_>) -> Result<Delta, RowError> {
        self.insert_row(repeat, id, usize::MAX, context)
    }

    /// Adds a row at a place among the rows of a repeat, from 0; beyond the last row, behind it. The rows behind keep
    /// their identities.
    ///
    /// # Errors
    /// [`RowError`]; nothing was changed.
    pub fn insert_row(
        &mut self,
        repeat: &FieldPath,
        id: RowId,
        place: usize,
        context: &Context<'_>,
    ) -> Result<Delta, RowError> {
        let shown = || repeat.to_string();
        let Some(Found::Repeat(parent, def)) = self.instance.find(&self.form, repeat) else {
            return Err(RowError::UnknownRepeat { path: shown() });
        };
        if !self.instance.node(parent).relevant {
            return Err(RowError::NotRelevant { path: shown() });
        }
        if !self.may_add(parent, def) {
            return Err(RowError::Fixed { path: shown() });
        }
        if self.instance.rows(&self.form, parent, def).len() >= MAX_ROWS || self.instance.nodes.len() > MAX_NODES {
            return Err(RowError::TooMany { limit: MAX_ROWS });
        }
        if self.instance.live_row(&self.form, parent, def, id.as_str()).is_some() {
            return Err(RowError::Twice { path: repeat.with_row(&id).to_string() });
        }
        Ok(self.act(context, |engine| engine.add_row(parent, def, id, place)))
    }

    /// Removes a row with everything in it.
    ///
    /// # Errors
    /// [`RowError`]; nothing was changed.
    pub fn remove_row(&mut self, row: &FieldPath, context: &Context<'_>) -> Result<Delta, RowError> {
        let node = self.own_row(row)?;
        Ok(self.act(context, |engine| engine.remove_row(node)))
    }

    /// Moves a row, with everything in it, to a place among its siblings, from 0; beyond the last, to the end. It keeps
    /// its identity, and so do the others.
    ///
    /// # Errors
    /// [`RowError`]; nothing was changed.
    pub fn move_row(&mut self, row: &FieldPath, place: usize, context: &Context<'_>) -> Result<Delta, RowError> {
        let node = self.own_row(row)?;
        Ok(self.act(context, |engine| engine.move_row(node, place)))
    }

    /// A row that people may move and remove now.
    fn own_row(&self, row: &FieldPath) -> Result<NodeId, RowError> {
        let node = match self.instance.find(&self.form, row) {
            Some(Found::Node(node)) if self.instance.node(node).row.is_some() => node,
            _ => return Err(RowError::UnknownRow { path: row.to_string() }),
        };
        let at = self.instance.node(node);
        if !self.may_add(at.parent, at.def) {
            return Err(RowError::Fixed { path: row.without_row().to_string() });
        }
        Ok(node)
    }

    /// A person may add and remove rows of this repeat now.
    fn may_add(&self, parent: NodeId, repeat: DefId) -> bool {
        let Some(control) = self.form.repeat_control(repeat) else { return false };
        let fixed = control
            .no_add_remove
            .is_some_and(|expr| self.scene().boolean(expr, crate::evaluate::primary(parent)).unwrap_or(false));
        control.count.is_none() && self.form.def(repeat).bind.beyond.over.is_none() && !fixed
    }

    /// Switches the language of labels. False: the form has no such language, nothing was changed.
    pub fn set_language(&mut self, language: &str) -> bool {
        let Some(index) = self.form.languages.iter().position(|known| known == language) else { return false };
        self.language = index;
        let properties = self.properties.clone();
        let context = Context { now: self.now, random: &no_chance, properties: &properties };
        self.act(&context, |engine| engine.language_changed());
        true
    }

    /// The active language, empty if the form has one language without name.
    #[must_use]
    pub fn language(&self) -> &str {
        self.form.languages.get(self.language).map_or("", String::as_str)
    }

    /// Closes the filling: writes the `end` metadata.
    pub fn finalise(&mut self, context: &Context<'_>) -> Delta {
        let ends = self.preloads("timestamp", "end");
        let now = lexical::write_moment(context.now);
        self.act(context, |engine| {
            for node in ends {
                engine.put(node, &now);
            }
            engine.settle();
        })
    }

    /// Computes everything again from the stored values, as a resumed session would. The state is the same as before,
    /// but for what depends on the clock.
    pub fn recompute(&mut self, context: &Context<'_>) -> Delta {
        self.act(context, |engine| engine.compute_all())
    }

    /// Expressions that could not be computed at the last try, and whether the values came to rest.
    #[must_use]
    pub fn troubles(&self) -> Vec<Trouble> {
        let mut troubles: Vec<Trouble> = self
            .troubles
            .iter()
            .filter(|((node, _), _)| self.instance.node(*node).live)
            .map(|((node, cell), error)| Trouble {
                path: self.instance.path(&self.form, *node),
                part: self.form.graph.cell(*cell).aspect.word(),
                code: error.code(),
                message: error.to_string(),
            })
            .collect();
        if self.restless {
            troubles.push(Trouble {
                path: FieldPath::root(),
                part: "calculate",
                code: "values-restless",
                message:
                    "the calculations of this form keep changing each other, or ask for too many rows, and were stopped"
                        .to_owned(),
            });
        }
        troubles
    }

    fn act(&mut self, context: &Context<'_>, act: impl FnOnce(&mut Engine<'_>)) -> Delta {
        self.now = context.now;
        if self.properties != *context.properties {
            self.properties = context.properties.clone();
        }
        let form = Arc::clone(&self.form);
        let mut engine = Engine::new(&form, &mut self.instance, context, self.language, &mut self.troubles);
        act(&mut engine);
        self.restless = engine.restless;
        engine.delta()
    }

    fn preload(&mut self, context: &Context<'_>, first: bool) {
        let form = Arc::clone(&self.form);
        for (index, def) in form.defs.iter().enumerate().filter(|(_, def)| def.bind.preload.is_some()) {
            let mut nodes = Vec::new();
            self.instance.instances_below(&form, ROOT, DefId(index as u32), &mut nodes);
            for node in nodes {
                let node = self.instance.node_mut(node);
                if let Some(value) = preload::value(def, &node.stored, first, context) {
                    node.stored = value.into();
                }
            }
        }
    }

    fn preloads(&self, kind: &str, parameters: &str) -> Vec<NodeId> {
        let mut nodes = Vec::new();
        for (index, def) in self.form.defs.iter().enumerate() {
            if def.bind.preload.as_ref().is_some_and(|(own, with)| own == kind && with == parameters) {
                self.instance.instances_below(&self.form, ROOT, DefId(index as u32), &mut nodes);
            }
        }
        nodes
    }

    /// What labels and options are asked against.
    fn scene(&self) -> Scene<'_> {
        Scene {
            form: &self.form,
            instance: &self.instance,
            now: self.now,
            random: &no_chance,
            properties: &self.properties,
            language: self.language,
            fixed_chance: None,
            sums: None,
            worked: std::cell::Cell::new(0),
        }
    }

    fn count_cell(&self, repeat: DefId) -> Option<CellId> {
        self.form.graph.cell_of(repeat, Aspect::Count)
    }
}

/// Labels draw no lots.
fn no_chance() -> u64 {
    0
}
