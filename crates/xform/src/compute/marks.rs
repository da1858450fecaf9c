//! Which cells wait: those that read what changed, wherever they stand.

use std::cmp::Reverse;
use std::collections::HashSet;

use super::Engine;
use crate::form::{DefId, Shape};
use crate::graph::{Aspect, CellId, Trigger};
use crate::instance::NodeId;

/// Marks that may wait before they are looked through for repetitions.
pub(super) const ROOM: usize = 1 << 16;

/// Cells that were set waiting below a node.
pub(super) type Fired = HashSet<(CellId, NodeId)>;

impl Engine<'_> {
    pub(super) fn mark(&mut self, node: NodeId, cell: CellId) {
        self.dirty.push(Reverse((self.form.graph.cell(cell).rank, node, cell)));
        self.marked += 1;
        if self.dirty.len() > self.room {
            self.thin_out();
        }
    }

    /// Takes cells that wait several times out of the heap: where values chase each other they would fill the memory.
    fn thin_out(&mut self) {
        let mut waiting = std::mem::take(&mut self.dirty).into_vec();
        waiting.sort_unstable();
        waiting.dedup();
        self.room = ROOM.max(2 * waiting.len());
        self.dirty = waiting.into();
    }

    /// Marks a cell wherever it stands at or below a node.
    pub(super) fn mark_cell(&mut self, cell: CellId, below: NodeId) {
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

    fn fire(&mut self, triggers: &[Trigger], node: NodeId, mut fired: Option<&mut Fired>) {
        for trigger in triggers {
            if let Some(apex) = self.instance.ancestor(node, trigger.apex)
                && fired.as_mut().is_none_or(|fired| fired.insert((trigger.cell, apex)))
            {
                self.mark_cell(trigger.cell, apex);
            }
        }
    }

    pub(super) fn fire_value(&mut self, node: NodeId) {
        self.fire_value_in(node, None);
    }

    /// As [`Self::fire_value`], one of many between which nothing is computed: what all rows of a repeat set off in the same
    /// place is set off once.
    pub(super) fn fire_value_in(&mut self, node: NodeId, fired: Option<&mut Fired>) {
        let form = self.form;
        let def = self.instance.node(node).def;
        self.sums.forget(&form.aggregates, def);
        self.fire(&form.graph.on_value[def.0 as usize], node, fired);
    }

    pub(super) fn fire_rows(&mut self, parent: NodeId, repeat: DefId, fired: Option<&mut Fired>) {
        let form = self.form;
        self.sums.forget(&form.aggregates, repeat);
        self.fire(&form.graph.on_rows[repeat.0 as usize], parent, fired);
    }

    /// Marks all cells of a node and of everything below it.
    pub(super) fn mark_subtree(&mut self, top: NodeId) {
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

    pub(super) fn mark_own(&mut self, node: NodeId) {
        let form = self.form;
        for cell in &form.graph.by_def[self.instance.node(node).def.0 as usize] {
            if !matches!(form.graph.cell(*cell).aspect, Aspect::Count | Aspect::Label) {
                self.mark(node, *cell);
            }
        }
    }
}
