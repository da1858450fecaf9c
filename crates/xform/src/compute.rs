//! Recomputation: what changed, what depends on it, in order, and nothing else.

mod rows;

use std::collections::{BTreeMap, BTreeSet};

use tianye_xpath::EvalError;

use crate::aggregate::Sums;
use crate::evaluate::{Scene, primary};
use crate::form::{Action, ActionValue, DefId, Form, Shape};
use crate::graph::{Aspect, CellId, Trigger};
use crate::instance::{Instance, MAX_NODES, MAX_ROWS, NodeId, ROOT};
use crate::order::Order;
use crate::secondary::NONE;
use crate::view::{Change, Delta, Fault, Origin, What};
use crate::{Context, RowId, lexical, options};

/// So many computations may follow one act; more means that values chase each other.
const MAX_STEPS: u32 = 2_000_000;

/// What a node was before the act.
struct Before {
    stored: Box<str>,
    touched: bool,
    counting: Box<str>,
    relevant: bool,
    required: bool,
    readonly: bool,
    fault: Option<Fault>,
}

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
    /// (rank, node, cell)
    dirty: BTreeSet<(u32, NodeId, CellId)>,
    before: BTreeMap<NodeId, Before>,
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
            dirty: BTreeSet::new(),
            before: BTreeMap::new(),
            first_new,
            rows_added: Vec::new(),
            rows_moved: Vec::new(),
            rows_removed: Vec::new(),
            labels: BTreeSet::new(),
            options: BTreeSet::new(),
            changed: Vec::new(),
            quiet: false,
            steps: 0,
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

    /// Runs the actions of the first load (or of every load).
    pub(crate) fn run_load_actions(&mut self, first: bool) {
        let form = self.form;
        for action in form.actions.iter().filter(|action| action.every_load || (first && action.first_load)) {
            let mut contexts = Vec::new();
            self.instance.instances_below(form, ROOT, action.context, &mut contexts);
            for context in contexts {
                self.run_action(action, context);
            }
            self.settle();
        }
        if first && form.actions.iter().any(|action| action.first_load) {
            self.take_once();
        }
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
        self.instance.node_mut(node).touched = true;
        self.store(node, value);
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
            while let Some((_, node, cell)) = self.dirty.pop_first() {
                self.steps += 1;
                if self.steps > MAX_STEPS {
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

    /// What the act changed, in form order.
    pub(crate) fn delta(mut self) -> Delta {
        let mut changed = Vec::new();
        let path = |instance: &Instance, node| instance.path(self.form, node);
        for (path, kept) in std::mem::take(&mut self.rows_removed) {
            changed.push(Change { path, what: What::RowRemoved { kept } });
        }
        for row in std::mem::take(&mut self.rows_added) {
            let node = self.instance.node(row);
            if node.live {
                let (position, order) = (node.index + 1, node.order.to_string());
                changed.push(Change { path: path(self.instance, row), what: What::RowAdded { position, order } });
            }
        }
        for row in std::mem::take(&mut self.rows_moved) {
            let node = self.instance.node(row);
            if node.live {
                let (position, order) = (node.index + 1, node.order.to_string());
                changed.push(Change { path: path(self.instance, row), what: What::RowMoved { position, order } });
            }
        }
        for (node, before) in &self.before {
            let now = self.instance.node(*node);
            if !now.live {
                continue;
            }
            let origin = self.instance.origin(self.form, *node);
            let mut add = |what| changed.push(Change { path: path(self.instance, *node), what });
            if before.relevant != now.relevant {
                add(What::Relevant(now.relevant));
            }
            if before.stored != now.stored || (before.touched != now.touched && origin == Origin::Answered) {
                add(What::Value { value: now.stored.to_string(), origin });
            } else if before.counting.as_ref() != self.instance.counting(*node) && before.relevant == now.relevant {
                add(What::Counts(self.instance.counting(*node) == &*now.stored));
            }
            if before.required != now.required {
                add(What::Required(now.required));
            }
            if before.readonly != now.readonly {
                add(What::ReadOnly(now.readonly));
            }
            let fault = self.instance.fault(*node);
            if before.fault != fault {
                add(What::Validity(fault));
            }
        }
        for node in self.first_new..self.instance.nodes.len() as NodeId {
            let now = self.instance.node(node);
            let origin = self.instance.origin(self.form, node);
            let def = self.form.def(now.def);
            let written = !def.attribute || now.stored != def.default;
            if now.live && !now.stored.is_empty() && def.shape == Shape::Leaf && written {
                let what = What::Value { value: now.stored.to_string(), origin };
                changed.push(Change { path: path(self.instance, node), what });
            }
        }
        for (nodes, what) in [(&self.labels, What::Label), (&self.options, What::Options)] {
            for node in nodes.iter().filter(|node| self.instance.node(**node).live) {
                changed.push(Change { path: path(self.instance, *node), what: what.clone() });
            }
        }
        Delta { changed }
    }

    fn scene(&self) -> Scene<'_> {
        let scene = Scene::new(self.form, self.instance, self.language, self.context);
        Scene { sums: Some(&self.sums), ..scene }
    }

    /// Remembers what a node was, once.
    fn note(&mut self, node: NodeId) {
        if node >= self.first_new || self.before.contains_key(&node) {
            return;
        }
        let now = self.instance.node(node);
        let before = Before {
            stored: now.stored.clone(),
            touched: now.touched,
            counting: self.instance.counting(node).into(),
            relevant: now.relevant,
            required: now.required,
            readonly: now.readonly,
            fault: self.instance.fault(node),
        };
        self.before.insert(node, before);
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
        if let Some(cell) = self.form.graph.cell_of(def, Aspect::Constraint) {
            self.mark(node, cell);
        }
        if !self.quiet {
            self.changed.push(node);
        }
    }

    fn mark(&mut self, node: NodeId, cell: CellId) {
        self.dirty.insert((self.form.graph.cell(cell).rank, node, cell));
    }

    /// Marks a cell wherever it stands at or below a node.
    fn mark_cell(&mut self, cell: CellId, below: NodeId) {
        let form = self.form;
        let at = form.graph.cell(cell);
        let def = if at.aspect == Aspect::Count { form.def(at.def).parent.unwrap_or(DefId(0)) } else { at.def };
        let mut nodes = Vec::new();
        self.instance.instances_below(form, below, def, &mut nodes);
        for node in nodes {
            if at.aspect == Aspect::Label {
                self.labels.insert(node);
            } else {
                self.mark(node, cell);
            }
        }
    }

    fn fire(&mut self, triggers: &[Trigger], node: NodeId) {
        for trigger in triggers {
            if let Some(apex) = self.instance.ancestor(node, trigger.apex) {
                self.mark_cell(trigger.cell, apex);
            }
        }
    }

    fn fire_value(&mut self, node: NodeId) {
        let form = self.form;
        self.sums.forget(&form.aggregates, self.instance.node(node).def);
        self.fire(&form.graph.on_value[self.instance.node(node).def.0 as usize], node);
    }

    fn fire_rows(&mut self, parent: NodeId, repeat: DefId) {
        let form = self.form;
        self.sums.forget(&form.aggregates, repeat);
        self.fire(&form.graph.on_rows[repeat.0 as usize], parent);
    }

    /// Marks all cells of a node and of everything below it.
    fn mark_subtree(&mut self, top: NodeId) {
        let form = self.form;
        let mut nodes = Vec::new();
        self.instance.subtree(top, &mut nodes);
        for node in nodes {
            self.mark_own(node);
            let def = self.instance.node(node).def;
            for child in form.def(def).children.iter().filter(|child| form.def(**child).shape == Shape::Repeat) {
                if let Some(count) = form.graph.cell_of(*child, Aspect::Count) {
                    self.mark(node, count);
                }
            }
        }
    }

    fn mark_own(&mut self, node: NodeId) {
        let form = self.form;
        for cell in &form.graph.by_def[self.instance.node(node).def.0 as usize] {
            if !matches!(form.graph.cell(*cell).aspect, Aspect::Count | Aspect::Label) {
                self.mark(node, *cell);
            }
        }
    }

    fn compute(&mut self, node: NodeId, cell: CellId) {
        let form = self.form;
        let at = form.graph.cell(cell);
        match at.aspect {
            Aspect::Count => self.compute_count(node, cell),
            Aspect::Relevant => {
                // Where nothing can be computed, the question is shown: an interview must not lose it.
                let own = self.ask(node, cell, |scene| scene.boolean(at.expr, primary(node))).unwrap_or(true);
                self.instance.node_mut(node).relevant_own = own;
                self.spread_relevance(node);
            }
            Aspect::Options => {
                self.options.insert(node);
                let before: Box<str> = self.instance.counting(node).into();
                self.note(node);
                self.check_offered(node);
                if *before != *self.instance.counting(node) {
                    self.value_changed(node);
                }
            }
            Aspect::Calculate => self.compute_value(node, cell),
            Aspect::Readonly => {
                let own = self.ask(node, cell, |scene| scene.boolean(at.expr, primary(node))).unwrap_or(false);
                self.instance.node_mut(node).readonly_own = own;
                self.spread_readonly(node);
            }
            Aspect::Required => {
                let now = self.ask(node, cell, |scene| scene.boolean(at.expr, primary(node))).unwrap_or(false);
                if self.instance.node(node).required != now {
                    self.note(node);
                    self.instance.node_mut(node).required = now;
                }
            }
            Aspect::Constraint => {
                let asked = !self.instance.counting(node).is_empty();
                let now = !asked || self.ask(node, cell, |scene| scene.boolean(at.expr, primary(node))).unwrap_or(true);
                if self.instance.node(node).valid != now {
                    self.note(node);
                    self.instance.node_mut(node).valid = now;
                }
            }
            Aspect::Label => {
                self.labels.insert(node);
            }
        }
    }

    /// Evaluates; what fails is kept as trouble and gives None.
    fn ask<T>(
        &mut self,
        node: NodeId,
        cell: CellId,
        ask: impl FnOnce(&Scene<'_>) -> Result<T, EvalError>,
    ) -> Option<T> {
        let answer = ask(&self.scene());
        match answer {
            Ok(value) => {
                if !self.troubles.is_empty() {
                    self.troubles.remove(&(node, cell));
                }
                Some(value)
            }
            Err(error) => {
                self.troubles.insert((node, cell), error);
                None
            }
        }
    }

    fn compute_value(&mut self, node: NodeId, cell: CellId) {
        let form = self.form;
        let expr = form.graph.cell(cell).expr;
        let now = self.instance.node(node);
        if !now.relevant {
            return;
        }
        let compiled = &form.exprs[expr.0 as usize];
        // A random value is drawn once.
        if compiled.chance && compiled.refs.is_empty() && !now.stored.is_empty() {
            return;
        }
        let kind = form.def(now.def).kind;
        let value = self.ask(node, cell, |scene| scene.value(expr, primary(node), kind)).unwrap_or_default();
        self.store(node, &value);
    }

    fn check_offered(&mut self, node: NodeId) {
        let now = self.instance.node(node);
        if now.stored.is_empty() || !now.relevant {
            return;
        }
        let kind = self.form.def(now.def).kind;
        let offered = options::values(&self.scene(), node);
        let stored = &self.instance.node(node).stored;
        let counting = if kind == crate::ValueKind::SelectOne {
            if offered.iter().any(|value| **value == **stored) { stored.to_string() } else { String::new() }
        } else {
            let mut kept: Vec<&str> =
                stored.split(' ').filter(|value| offered.iter().any(|offered| offered == value)).collect();
            if kind == crate::ValueKind::Rank {
                // A rank orders all that is offered: what came later stands last.
                for value in &offered {
                    if !kept.contains(&value.as_str()) {
                        kept.push(value);
                    }
                }
            }
            kept.join(" ")
        };
        let masked = if *counting == **stored { None } else { Some(counting.into_boxed_str()) };
        self.instance.node_mut(node).masked = masked;
    }

    fn spread_relevance(&mut self, node: NodeId) {
        let at = self.instance.node(node);
        let above = at.parent == NONE || self.instance.node(at.parent).relevant;
        let now = above && at.relevant_own;
        if at.relevant == now {
            return;
        }
        self.note(node);
        self.instance.node_mut(node).relevant = now;
        self.fire_value(node);
        let form = self.form;
        let def = self.instance.node(node).def;
        if form.def(def).shape == Shape::Repeat {
            let parent = self.instance.node(node).parent;
            self.fire_rows(parent, def);
        }
        if now {
            // What was left alone while hidden.
            self.mark_own(node);
        }
        let mut below = Vec::new();
        self.below(node, &mut below);
        for child in below {
            self.spread_relevance(child);
        }
    }

    fn spread_readonly(&mut self, node: NodeId) {
        let at = self.instance.node(node);
        let above = at.parent != NONE && self.instance.node(at.parent).readonly;
        let now = above || at.readonly_own;
        if at.readonly == now {
            return;
        }
        self.note(node);
        self.instance.node_mut(node).readonly = now;
        let mut below = Vec::new();
        self.below(node, &mut below);
        for child in below {
            self.spread_readonly(child);
        }
    }

    /// The nodes directly below one, parked rows too.
    fn below(&self, node: NodeId, found: &mut Vec<NodeId>) {
        use crate::instance::Slot;
        for slot in &self.instance.node(node).slots {
            match slot {
                Slot::One(below) => found.push(*below),
                Slot::Rows { live, parked } => {
                    found.extend_from_slice(live);
                    found.extend_from_slice(parked);
                }
            }
        }
    }

    fn compute_count(&mut self, parent: NodeId, cell: CellId) {
        let form = self.form;
        let at = form.graph.cell(cell);
        let repeat = at.def;
        let number = self.ask(parent, cell, |scene| scene.number(at.expr, primary(parent))).unwrap_or(0.0);
        let wanted = if number.is_finite() && number > 0.0 { (number as usize).min(MAX_ROWS) } else { 0 };
        let mut live = self.instance.rows(form, parent, repeat).to_vec();
        while live.len() > wanted {
            let Some(last) = live.pop() else { break };
            self.rows_removed.push((self.instance.path(form, last), true));
            self.instance.take_live(form, parent, repeat, last, true);
            self.set_live(last, false);
            self.fire_rows(parent, repeat);
        }
        let mut number = live.len() as u32;
        while live.len() < wanted {
            if self.instance.nodes.len() > MAX_NODES {
                self.restless = true;
                break;
            }
            number += 1;
            let id = RowId::derived(number);
            let known = self.instance.parked(form, parent, repeat).iter().copied();
            let parked = known.into_iter().find(|row| self.instance.is_row(*row, id.as_str()));
            // A row that nobody has answered in comes as a new one, with the first values of now.
            let new = parked.is_none_or(|row| !self.is_answered(row));
            let row = match parked {
                Some(row) => {
                    self.instance.insert_live(form, parent, repeat, row);
                    self.set_live(row, true);
                    row
                }
                None if live.iter().any(|row| self.instance.is_row(*row, id.as_str())) => continue,
                None => self.instance.add_row(form, parent, repeat, id, Order::whole(number)),
            };
            live.push(row);
            self.row_came(parent, repeat, row, new);
            if parked.is_none() {
                self.add_first_rows(row);
            }
        }
    }

    fn set_live(&mut self, top: NodeId, live: bool) {
        let mut nodes = Vec::new();
        self.instance.subtree(top, &mut nodes);
        for node in nodes {
            self.instance.node_mut(node).live = live;
        }
        if live {
            let parent = self.instance.node(top).parent;
            let (relevant, readonly) = (self.instance.node(parent).relevant, self.instance.node(parent).readonly);
            let own = self.instance.node(top);
            let (relevant, readonly) = (relevant && own.relevant_own, readonly || own.readonly_own);
            if relevant != own.relevant {
                self.spread_relevance(top);
            }
            if readonly != self.instance.node(top).readonly {
                self.spread_readonly(top);
            }
        }
    }

    fn row_came(&mut self, parent: NodeId, repeat: DefId, row: NodeId, new: bool) {
        self.sums.forget(&self.form.aggregates, repeat);
        self.rows_added.push(row);
        let path = self.instance.path(self.form, row);
        self.rows_removed.retain(|(removed, _)| *removed != path);
        self.instance.removed.retain(|removed| *removed != path);
        if new {
            let form = self.form;
            for action in form.actions.iter().filter(|action| action.new_repeat && action.repeat == Some(repeat)) {
                let mut contexts = Vec::new();
                if form.is_at_or_below(action.context, repeat) {
                    self.instance.instances_below(form, row, action.context, &mut contexts);
                } else {
                    contexts.push(row);
                }
                for context in contexts {
                    self.run_action(action, context);
                }
            }
        }
        self.mark_subtree(row);
        self.fire_rows(parent, repeat);
    }

    /// The nodes that an action sets: also such as are not relevant now.
    fn targets(&self, action: &Action, context: NodeId) -> Vec<NodeId> {
        if let Some(plain) = self.form.exprs[action.target.0 as usize].plain_path()
            && let Some(apex) = self.instance.ancestor(context, plain.apex)
        {
            let mut nodes = Vec::new();
            self.instance.instances_below(self.form, apex, plain.target, &mut nodes);
            return nodes;
        }
        let nodes = self.scene().nodes(action.target, primary(context)).unwrap_or_default();
        nodes.into_iter().filter(|node| node.document == 0 && node.node != NONE).map(|node| node.node).collect()
    }

    fn run_action(&mut self, action: &Action, context: NodeId) {
        let form = self.form;
        for node in self.targets(action, context) {
            let target = primary(node);
            let kind = form.def(self.instance.node(node).def).kind;
            let value = match &action.value {
                ActionValue::Wish(wish) => {
                    let wish = (wish.clone(), node);
                    if !self.instance.wishes.contains(&wish) {
                        self.instance.wishes.push(wish);
                    }
                    continue;
                }
                ActionValue::Literal(text) => text.to_string(),
                ActionValue::Expr(expr) => self.scene().value(*expr, target, kind).unwrap_or_default(),
            };
            let value = lexical::canonical(kind, &value, self.context.now).unwrap_or(value);
            self.put(node, &value);
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
