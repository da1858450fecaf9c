//! Recomputation: what changed, what depends on it, in order, and nothing else.

mod actions;
mod cells;
mod chosen;
mod counted;
mod delta;
mod marks;
mod rows;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use tianye_xpath::EvalError;

use self::delta::Before;
use crate::Context;
use crate::aggregate::Sums;
use crate::beyond::NonAnswer;
use crate::evaluate::Scene;
use crate::form::{DefId, Form};
use crate::graph::{Aspect, CellId};
use crate::instance::{Instance, NodeId, ROOT};

/// So many computations may follow one act; more means that values chase each other.
pub const MAX_STEPS: u32 = 2_000_000;
/// See [`Engine::most_steps`].
const STEPS_A_NODE: u32 = 200;
/// See [`Engine::most_steps`].
const FEWEST_STEPS: u32 = 50_000;
/// Cells that a step may set waiting, on the whole.
const MARKS_A_STEP: u64 = 2;

/// So many nodes may be looked at after one act, by all computations together.
pub const MAX_ACT_WORK: u64 = 200_000_000;

/// An expression that could not be computed, at a node.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Trouble {
    /// The node.
    pub path: crate::FieldPath,
    /// What of it: `calculate`, `relevant`, ….
    pub part: &'static str,
    /// The stable code.
    pub code: &'static str,
    /// What happened, in English.
    pub message: String,
}

/// One act: changes the filling until it is at rest.
pub(crate) struct Engine<'a> {
    form: &'a Form,
    instance: &'a mut Instance,
    context: &'a Context<'a>,
    language: usize,
    /// (rank, node, cell), the least first. A cell may wait more than once: a heap that is cleaned as it is emptied takes
    /// half the time of an ordered set in a long roster.
    dirty: BinaryHeap<Reverse<(u32, NodeId, CellId)>>,
    /// How many may wait before repetitions are taken out.
    room: usize,
    /// What nodes were, in the order in which they were touched; they are marked so that each is noted once.
    before: Vec<(NodeId, Before)>,
    /// Nodes from here on were made in this act.
    first_new: NodeId,
    rows_added: Vec<NodeId>,
    rows_moved: Vec<NodeId>,
    /// With whether their values are kept.
    rows_removed: Vec<(crate::FieldPath, bool)>,
    labels: BTreeSet<NodeId>,
    options: BTreeSet<NodeId>,
    /// Nodes whose value changed and whose actions have not run.
    changed: Vec<NodeId>,
    /// While the first computation runs, changed values set off no actions.
    quiet: bool,
    steps: u32,
    /// Nodes that the computations looked at.
    worked: u64,
    /// Cells that were set waiting.
    marked: u64,
    sums: Sums,
    troubles: &'a mut BTreeMap<(NodeId, CellId), EvalError>,
    /// The values did not come to rest.
    pub restless: bool,
}

impl<'a> Engine<'a> {
    pub(crate) fn new(
        form: &'a Form,
        instance: &'a mut Instance,
        context: &'a Context<'a>,
        language: usize,
        troubles: &'a mut BTreeMap<(NodeId, CellId), EvalError>,
    ) -> Self {
        let first_new = instance.nodes.len() as NodeId;
        Self {
            form,
            instance,
            context,
            language,
            dirty: BinaryHeap::new(),
            room: marks::ROOM,
            before: Vec::new(),
            first_new,
            rows_added: Vec::new(),
            rows_moved: Vec::new(),
            rows_removed: Vec::new(),
            labels: BTreeSet::new(),
            options: BTreeSet::new(),
            changed: Vec::new(),
            quiet: false,
            steps: 0,
            worked: 0,
            marked: 0,
            sums: Sums::new(&form.aggregates),
            troubles,
            restless: false,
        }
    }

    /// Computes everything from nothing. Actions stay quiet.
    pub(crate) fn compute_all(&mut self) {
        self.quiet = true;
        self.mark_subtree(ROOT);
        self.settle();
        self.quiet = false;
        self.changed.clear();
    }

    /// Takes `once()` again: what it kept so far was computed before the first values stood.
    fn take_once(&mut self) {
        let form = self.form;
        for index in 0..form.defs.len() {
            let def = DefId(index as u32);
            let Some(cell) = form.graph.cell_of(def, Aspect::Calculate) else { continue };
            if !form.exprs[form.graph.cell(cell).expr.0 as usize].own_value {
                continue;
            }
            let mut nodes = Vec::new();
            self.instance.instances_below(form, ROOT, def, &mut nodes);
            for node in nodes {
                self.store(node, "");
                self.mark(node, cell);
            }
        }
        self.settle();
    }

    /// Stores a value that a person gave.
    pub(crate) fn answer(&mut self, node: NodeId, value: &str) {
        self.note(node);
        let at = self.instance.node_mut(node);
        at.touched = true;
        at.non_answer = None;
        self.store(node, value);
        self.settle();
    }

    /// Stores that there is no answer, and why.
    pub(crate) fn give_non_answer(&mut self, node: NodeId, non_answer: NonAnswer) {
        self.note(node);
        self.instance.node_mut(node).touched = true;
        self.store(node, "");
        self.instance.node_mut(node).non_answer = Some(non_answer);
        self.settle();
    }

    /// Stores a value that the form gives.
    pub(crate) fn put(&mut self, node: NodeId, value: &str) {
        self.store(node, value);
    }

    /// Computes again whatever speaks in a language.
    pub(crate) fn language_changed(&mut self) {
        let form = self.form;
        for (index, cell) in form.graph.cells.iter().enumerate() {
            if form.exprs[cell.expr.0 as usize].language {
                self.mark_cell(CellId(index as u32), ROOT);
            }
        }
        self.settle();
    }

    /// Works until nothing waits.
    pub(crate) fn settle(&mut self) {
        loop {
            while let Some(first) = self.dirty.pop() {
                while self.dirty.peek() == Some(&first) {
                    self.dirty.pop();
                }
                let Reverse((_, node, cell)) = first;
                self.steps += 1;
                let most = self.most_steps();
                let too_many = self.steps > most || self.marked > u64::from(most) * MARKS_A_STEP;
                if too_many || self.worked > MAX_ACT_WORK {
                    self.restless = true;
                    self.dirty.clear();
                    self.changed.clear();
                    return;
                }
                if self.instance.node(node).live {
                    self.compute(node, cell);
                }
            }
            if self.changed.is_empty() {
                return;
            }
            let form = self.form;
            for node in std::mem::take(&mut self.changed) {
                self.steps += 1;
                if self.steps > MAX_STEPS / 100 {
                    self.restless = true;
                    return;
                }
                let def = self.instance.node(node).def;
                for action in form.actions.iter().filter(|action| action.changed == Some(def)) {
                    self.run_action(action, node);
                }
            }
        }
    }

    /// [`MAX_STEPS`], and less in a small filling: nothing that comes to rest computes one node hundreds of times.
    fn most_steps(&self) -> u32 {
        let nodes = u32::try_from(self.instance.nodes.len()).unwrap_or(u32::MAX);
        nodes.saturating_mul(STEPS_A_NODE).clamp(FEWEST_STEPS, MAX_STEPS)
    }

    fn scene(&self) -> Scene<'_> {
        let scene = Scene::new(self.form, self.instance, self.language, self.context);
        Scene { sums: Some(&self.sums), ..scene }
    }

    fn store(&mut self, node: NodeId, value: &str) {
        if &*self.instance.node(node).stored == value {
            return;
        }
        self.note(node);
        let before: Box<str> = self.instance.counting(node).into();
        let at = self.instance.node_mut(node);
        at.stored = value.into();
        at.masked = None;
        at.non_answer = None;
        let def = at.def;
        self.sums.forget(&self.form.aggregates, def);
        if self.form.graph.cell_of(def, Aspect::Options).is_some() {
            // Whether the value is offered decides what counts, before anyone reads it.
            self.check_offered(node);
            self.sums.forget(&self.form.aggregates, def);
        }
        if *before != *self.instance.counting(node) {
            self.value_changed(node);
        }
    }

    fn value_changed(&mut self, node: NodeId) {
        let def = self.instance.node(node).def;
        self.fire_value(node);
        for aspect in [Aspect::Constraint, Aspect::Soft] {
            if let Some(cell) = self.form.graph.cell_of(def, aspect) {
                self.mark(node, cell);
            }
        }
        if !self.quiet {
            self.changed.push(node);
        }
    }
}

impl Form {
    pub(crate) fn is_at_or_below(&self, def: DefId, above: DefId) -> bool {
        let mut at = Some(def);
        while let Some(id) = at {
            if id == above {
                return true;
            }
            at = self.def(id).parent;
        }
        false
    }
}
