//! One cell computed: its value stored, what follows from it marked.

use tianye_xpath::EvalError;

use super::Engine;
use super::marks::Fired;
use crate::evaluate::{Scene, primary};
use crate::form::Shape;
use crate::graph::{Aspect, CellId};
use crate::instance::NodeId;
use crate::options;
use crate::secondary::NONE;

impl Engine<'_> {
    pub(super) fn compute(&mut self, node: NodeId, cell: CellId) {
        let form = self.form;
        let at = form.graph.cell(cell);
        match at.aspect {
            Aspect::Count if form.def(at.def).bind.beyond.over.is_some() => self.compute_chosen_rows(node, cell),
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
            Aspect::Soft => {
                let asked = !self.instance.counting(node).is_empty();
                let now = asked && !self.ask(node, cell, |scene| scene.boolean(at.expr, primary(node))).unwrap_or(true);
                if self.instance.node(node).doubtful != now {
                    self.note(node);
                    self.instance.node_mut(node).doubtful = now;
                }
            }
            Aspect::Label => {
                self.labels.insert(node);
            }
        }
    }

    /// Evaluates; what fails is kept as trouble and gives None.
    pub(super) fn ask<T>(
        &mut self,
        node: NodeId,
        cell: CellId,
        ask: impl FnOnce(&Scene<'_>) -> Result<T, EvalError>,
    ) -> Option<T> {
        let scene = self.scene();
        let answer = ask(&scene);
        self.worked += scene.worked.into_inner();
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

    pub(super) fn compute_value(&mut self, node: NodeId, cell: CellId) {
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

    pub(super) fn check_offered(&mut self, node: NodeId) {
        let now = self.instance.node(node);
        if now.stored.is_empty() || !now.relevant {
            return;
        }
        let kind = self.form.def(now.def).kind;
        // The options of a range are words below its scale: every number of it may be given.
        if !matches!(kind, crate::ValueKind::SelectOne | crate::ValueKind::SelectMultiple | crate::ValueKind::Rank) {
            return;
        }
        let offered = options::values(&self.scene(), node);
        let stored = &self.instance.node(node).stored;
        let counting = if kind == crate::ValueKind::SelectOne {
            if offered.iter().any(|value| **value == **stored) { stored.to_string() } else { String::new() }
        } else {
            // A rank too is what a person placed: an option that came later, or was not placed yet, has no place.
            let kept: Vec<&str> =
                stored.split(' ').filter(|value| offered.iter().any(|offered| offered == value)).collect();
            kept.join(" ")
        };
        let masked = if *counting == **stored { None } else { Some(counting.into_boxed_str()) };
        self.instance.node_mut(node).masked = masked;
    }

    pub(super) fn spread_relevance(&mut self, node: NodeId) {
        self.spread(node, &mut Fired::default());
    }

    fn spread(&mut self, node: NodeId, fired: &mut Fired) {
        let at = self.instance.node(node);
        let above = at.parent == NONE || self.instance.node(at.parent).relevant;
        let now = above && at.relevant_own;
        if at.relevant == now {
            return;
        }
        self.note(node);
        self.instance.node_mut(node).relevant = now;
        self.fire_value_in(node, Some(fired));
        let form = self.form;
        let def = self.instance.node(node).def;
        if form.def(def).shape == Shape::Repeat {
            let parent = self.instance.node(node).parent;
            self.fire_rows(parent, def, Some(fired));
        }
        if now {
            // What was left alone while hidden.
            self.mark_own(node);
        }
        let mut below = Vec::new();
        self.below(node, &mut below);
        for child in below {
            self.spread(child, fired);
        }
    }

    pub(super) fn spread_readonly(&mut self, node: NodeId) {
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
    pub(super) fn below(&self, node: NodeId, found: &mut Vec<NodeId>) {
        use crate::instance::Slot;
        for slot in &self.instance.node(node).slots {
            match slot {
                Slot::One(below) => found.push(*below),
                Slot::Rows { live, parked, .. } => {
                    found.extend_from_slice(live);
                    found.extend_from_slice(parked);
                }
            }
        }
    }
}
