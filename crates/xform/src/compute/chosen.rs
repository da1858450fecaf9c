//! Rows that are tied to choices.

use std::collections::HashSet;

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
        let mut wanted: Vec<RowId> =
            text.unwrap_or_default().split_whitespace().take(MAX_ROWS).map(RowId::of_choice).collect();
        let mut seen = HashSet::new();
        wanted.retain(|id| seen.insert(id.clone()));
        let mut others = self.instance.rows(form, parent, repeat).to_vec();
        others.retain(|row| self.instance.node(*row).row.as_ref().is_none_or(|id| !seen.contains(id)));
        for row in &others {
            self.rows_removed.push((self.instance.path(form, *row), true));
            self.instance.take_live(form, parent, repeat, *row, true);
            self.set_live(*row, false);
        }
        let mut order = Vec::new();
        let mut came = Vec::new();
        for id in wanted {
            let live = self.instance.live_row(form, parent, repeat, id.as_str());
            let parked = self.instance.parked_row(form, parent, repeat, id.as_str());
            order.push(match (live, parked) {
                (Some(row), _) => row,
                (None, Some(row)) => {
                    self.instance.insert_live(form, parent, repeat, row);
                    self.set_live(row, true);
                    // As with counted rows: while a session is resumed, it is known what stands in them.
                    came.push((row, !self.quiet && !self.is_answered(row), false));
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
        let arranged = self.instance.arrange(form, parent, repeat, &order);
        if arranged || !others.is_empty() || !came.is_empty() {
            self.fire_rows(parent, repeat, None);
        }
        for (row, new, made) in came {
            self.row_came(repeat, row, new);
            if made {
                self.add_first_rows(row);
            }
        }
    }
}
