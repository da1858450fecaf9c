//! Rows that a person adds, moves and removes.

use super::Engine;
use crate::RowId;
use crate::form::{DefId, Shape};
use crate::graph::Aspect;
use crate::instance::NodeId;
use crate::order::Order;

impl Engine<'_> {
    /// Adds a row that a person asked for, at a place from 0; beyond the last row, behind it.
    pub(crate) fn add_row(&mut self, parent: NodeId, repeat: DefId, id: RowId, place: usize) {
        let order = self.make_room(parent, repeat, place);
        let row = self.instance.add_row(self.form, parent, repeat, id, order);
        self.row_came(repeat, row, true);
        self.fire_rows(parent, repeat, None);
        self.add_first_rows(row);
        self.settle();
    }

    /// Moves a row to a place among its siblings, from 0; beyond the last, to the end.
    pub(crate) fn move_row(&mut self, row: NodeId, place: usize) {
        let node = self.instance.node(row);
        let (parent, repeat) = (node.parent, node.def);
        let last = self.instance.rows(self.form, parent, repeat).len() - 1;
        if node.index as usize == place.min(last) {
            return;
        }
        self.instance.take_live(self.form, parent, repeat, row, false);
        let order = self.make_room(parent, repeat, place);
        self.instance.node_mut(row).order = order;
        self.instance.insert_live(self.form, parent, repeat, row);
        self.rows_moved.push(row);
        self.fire_rows(parent, repeat, None);
        self.settle();
    }

    /// Removes a row.
    pub(crate) fn remove_row(&mut self, row: NodeId) {
        let node = self.instance.node(row);
        let (parent, repeat) = (node.parent, node.def);
        let path = self.instance.path(self.form, row);
        if node.row.as_ref().is_some_and(|id| id.number().is_some()) {
            self.instance.removed.push(path.clone());
        }
        self.rows_removed.push((path, false));
        self.instance.take_live(self.form, parent, repeat, row, false);
        let mut gone = Vec::new();
        self.instance.subtree(row, &mut gone);
        for node in gone {
            self.instance.node_mut(node).live = false;
        }
        self.fire_rows(parent, repeat, None);
        self.settle();
    }

    /// Makes the rows that the template of a new row has in the repeats below it. Counts make their own.
    pub(super) fn add_first_rows(&mut self, row: NodeId) {
        let form = self.form;
        let mut nodes = Vec::new();
        self.instance.subtree(row, &mut nodes);
        for parent in nodes {
            for repeat in form.def(self.instance.node(parent).def).below() {
                let def = form.def(repeat);
                if def.shape != Shape::Repeat || form.graph.cell_of(repeat, Aspect::Count).is_some() {
                    continue;
                }
                for number in 1..=def.first_rows {
                    let below =
                        self.instance.add_row(form, parent, repeat, RowId::derived(number), Order::whole(number));
                    self.row_came(repeat, below, true);
                    self.add_first_rows(below);
                }
                if def.first_rows > 0 {
                    self.fire_rows(parent, repeat, None);
                }
            }
        }
    }

    /// Somebody has answered in this row. What was restored into it counts as answered, but nobody answers metadata.
    pub(super) fn is_answered(&self, row: NodeId) -> bool {
        let mut nodes = Vec::new();
        self.instance.subtree(row, &mut nodes);
        let asked = |node: &NodeId| self.form.def(self.instance.node(*node).def).bind.preload.is_none();
        nodes.iter().filter(|node| asked(node)).any(|node| self.instance.node(*node).touched)
    }

    /// An order key for a row at that place. Where two keys stand too close, those behind move on, each as little as it
    /// must.
    fn make_room(&mut self, parent: NodeId, repeat: DefId, place: usize) -> Order {
        let rows = self.instance.rows(self.form, parent, repeat).to_vec();
        let key = |engine: &Self, row: &NodeId| engine.instance.node(*row).order;
        let Some(above) = rows.get(place).map(|row| key(self, row)) else {
            return rows.iter().map(|row| key(self, row)).max().unwrap_or(Order::FIRST).next();
        };
        let below = place.checked_sub(1).map_or(Order::FIRST, |before| key(self, &rows[before]));
        if let Some(between) = below.between(above) {
            return between;
        }
        let own = below.next();
        let mut last = own;
        for row in &rows[place..] {
            if key(self, row) > last {
                break;
            }
            last = last.next();
            self.instance.node_mut(*row).order = last;
            self.rows_moved.push(*row);
        }
        own
    }
}
