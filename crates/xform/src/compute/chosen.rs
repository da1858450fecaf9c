//! Rows that are tied to choices.

use std::collections::{HashMap, HashSet};

use super::Engine;
use crate::RowId;
use crate::evaluate::primary;
use crate::graph::CellId;
use crate::instance::{MAX_NODES, MAX_ROWS, NodeId};
use crate::order::Order;

impl Engine<'_> {
    /// A row for each chosen code. Rows are known by their codes: the others keep their answers when one goes, and one
    /// that comes back has its own again.
    pub(super) fn compute_chosen_rows(&mut self, parent: NodeId, cell: CellId) {
        let form = self.form;
        let at = form.graph.cell(cell);
        let repeat = at.def;
        let text = self.ask(parent, cell, |scene| scene.value(at.expr, primary(parent), crate::ValueKind::Text));
        let text = text.unwrap_or_default();
        let mut known = HashSet::new();
        let codes = text.split_whitespace().take(MAX_ROWS).map(RowId::of_choice);
        let wanted: Vec<RowId> = codes.filter(|id| known.insert(id.clone())).collect();
        for row in self.instance.rows(form, parent, repeat).to_vec() {
            if !self.instance.node(row).row.as_ref().is_some_and(|id| known.contains(id)) {
                self.rows_removed.push((self.instance.path(form, row), true));
                self.instance.take_live(form, parent, repeat, row, true);
                self.set_live(row, false);
                self.fire_rows(parent, repeat);
            }
        }
        let named = |rows: &[NodeId]| -> HashMap<RowId, NodeId> {
            rows.iter().filter_map(|row| Some((self.instance.node(*row).row.clone()?, *row))).collect()
        };
        let live = named(self.instance.rows(form, parent, repeat));
        let parked = named(self.instance.parked(form, parent, repeat));
        let mut order = Vec::new();
        let mut came = Vec::new();
        for id in wanted {
            order.push(match (live.get(&id).copied(), parked.get(&id).copied()) {
                (Some(row), _) => row,
                (None, Some(row)) => {
                    self.instance.insert_live(form, parent, repeat, row);
                    self.set_live(row, true);
                    came.push((row, !self.is_answered(row), false));
                    row
                }
                (None, None) if self.instance.nodes.len() > MAX_NODES => {
                    self.restless = true;
                    break;
                }
                // The order key is the same for all: their order is that of the choices.
                (None, None) => {
                    let row = self.instance.add_row(form, parent, repeat, id, Order::whole(1));
                    came.push((row, true, true));
                    row
                }
            });
        }
        if self.instance.arrange(form, parent, repeat, &order) {
            self.fire_rows(parent, repeat);
        }
        for (row, new, made) in came {
            self.row_came(parent, repeat, row, new);
            if made {
                self.add_first_rows(row);
            }
        }
    }
}
