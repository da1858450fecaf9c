//! Rows that the form itself makes, parks and brings back.

use super::Engine;
use crate::RowId;
use crate::evaluate::primary;
use crate::form::{DefId, Shape};
use crate::graph::CellId;
use crate::instance::{MAX_NODES, MAX_ROWS, NodeId};
use crate::order::Order;
use crate::preload;

impl Engine<'_> {
    pub(super) fn compute_count(&mut self, parent: NodeId, cell: CellId) {
        let form = self.form;
        let at = form.graph.cell(cell);
        let repeat = at.def;
        let number = self.ask(parent, cell, |scene| scene.number(at.expr, primary(parent))).unwrap_or(0.0);
        let wanted = if number.is_finite() && number > 0.0 { (number as usize).min(MAX_ROWS) } else { 0 };
        let mut live = self.instance.rows(form, parent, repeat).to_vec();
        let before = live.len();
        while live.len() > wanted {
            let Some(last) = live.pop() else { break };
            self.rows_removed.push((self.instance.path(form, last), true));
            self.instance.take_live(form, parent, repeat, last, true);
            self.set_live(last, false);
        }
        let mut number = live.len() as u32;
        while live.len() < wanted {
            if self.instance.nodes.len() > MAX_NODES {
                self.restless = true;
                break;
            }
            number += 1;
            let id = RowId::derived(number);
            let parked = self.instance.parked_row(form, parent, repeat, id.as_str());
            // A row that nobody has answered in comes as a new one, with the first values of now.
            // Not while a session is resumed: then it is known what stands in it.
            let new = parked.is_none_or(|row| !self.quiet && !self.is_answered(row));
            let row = match parked {
                Some(row) => {
                    self.instance.insert_live(form, parent, repeat, row);
                    self.set_live(row, true);
                    row
                }
                None if self.instance.live_row(form, parent, repeat, id.as_str()).is_some() => continue,
                None => self.instance.add_row(form, parent, repeat, id, Order::whole(number)),
            };
            live.push(row);
            self.row_came(repeat, row, new);
            if parked.is_none() {
                self.add_first_rows(row);
            } else if new {
                self.take_first_values_below(row);
            }
        }
        if live.len() != before {
            self.fire_rows(parent, repeat, None);
        }
    }

    pub(super) fn set_live(&mut self, top: NodeId, live: bool) {
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

    /// Tells that a row came. What depends on the rows is marked by the caller, once for all that come together:
    /// 10,000 rows that each depend on all would else wait 10,000 times each.
    pub(super) fn row_came(&mut self, repeat: DefId, row: NodeId, new: bool) {
        self.sums.forget(&self.form.aggregates, repeat);
        self.rows_added.push(row);
        let path = self.instance.path(self.form, row);
        self.rows_removed.retain(|(removed, _)| *removed != path);
        self.instance.removed.retain(|removed| *removed != path);
        if new {
            self.preload(row);
            self.take_first_values(repeat, row);
        }
        self.mark_subtree(row);
    }

    /// The metadata of a new row and of all rows in it. As at the start of a filling, it sets off no actions.
    fn preload(&mut self, row: NodeId) {
        let form = self.form;
        let quiet = std::mem::replace(&mut self.quiet, true);
        let mut nodes = Vec::new();
        self.instance.subtree(row, &mut nodes);
        for node in nodes {
            let now = self.instance.node(node);
            if let Some(value) = preload::value(form.def(now.def), &now.stored, true, self.context) {
                self.put(node, &value);
            }
        }
        self.quiet = quiet;
    }

    /// First values are changes, also of rows that come while all is computed.
    fn take_first_values(&mut self, repeat: DefId, row: NodeId) {
        let form = self.form;
        let quiet = std::mem::replace(&mut self.quiet, false);
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
        self.quiet = quiet;
    }

    /// The rows within a row that comes as a new one are as new as itself.
    fn take_first_values_below(&mut self, row: NodeId) {
        let mut nodes = Vec::new();
        self.instance.subtree(row, &mut nodes);
        for node in nodes.into_iter().filter(|node| *node != row) {
            let def = self.instance.node(node).def;
            if self.form.def(def).shape == Shape::Repeat {
                self.take_first_values(def, node);
            }
        }
    }
}
