//! A filling taken up again from its kept values.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::Session;
use crate::beyond::Given;
use crate::form::{DefId, Form, Shape};
use crate::instance::{Instance, MAX_NODES, MAX_ROWS, NodeId, ROOT};
use crate::order::Order;
use crate::{Context, FieldPath, RowId, lexical};

/// A kept value that has no place in this form. It is handed back, never dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Leftover {
    /// Its address.
    pub path: FieldPath,
    /// What was kept.
    pub given: Given,
    /// Why it has no place.
    pub reason: LeftoverReason,
}

impl fmt::Debug for Leftover {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Leftover({} {:?})", self.path, self.reason)
    }
}

/// Why a kept value has no place.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum LeftoverReason {
    /// The form has no such node.
    UnknownNode,
    /// The node is there, but takes no value, or is a repeat now and was none.
    OtherShape,
    /// No one says that the row exists.
    UnknownRow,
    /// The row was removed.
    RemovedRow,
    /// More rows than one repeat, or one filling, may have.
    TooManyRows,
    /// The value does not fit the type that the question has in this form.
    OtherType,
    /// The question is calculated in this form.
    Calculated,
}

impl LeftoverReason {
    /// The stable kebab-case code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownNode => "leftover-unknown-node",
            Self::OtherShape => "leftover-other-shape",
            Self::UnknownRow => "leftover-unknown-row",
            Self::RemovedRow => "leftover-removed-row",
            Self::TooManyRows => "leftover-too-many-rows",
            Self::OtherType => "leftover-other-type",
            Self::Calculated => "leftover-calculated",
        }
    }
}

impl Session {
    /// Takes up a filling from its kept values, as [`Session::fields`] and [`crate::Delta::writes`] gave them; a blank
    /// value means that it was blanked, a blank row that it was removed. Any order will do. What finds no place comes
    /// back as leftovers. First-load actions do not run again.
    #[must_use]
    pub fn resume(
        form: Arc<Form>,
        fields: impl IntoIterator<Item = (FieldPath, impl Into<Given>)>,
        context: &Context<'_>,
    ) -> (Self, Vec<Leftover>) {
        let instance = Instance::from_seed(&form);
        let mut session = Self::around(form, instance, context);
        let leftovers = session.restore(fields, context);
        session.take_up(context);
        (session, leftovers)
    }

    /// Puts kept rows and values into the fresh filling; nothing is computed yet.
    pub(super) fn restore(
        &mut self,
        fields: impl IntoIterator<Item = (FieldPath, impl Into<Given>)>,
        context: &Context<'_>,
    ) -> Vec<Leftover> {
        let mut leftovers = Vec::new();
        let fields = fields.into_iter().map(|(path, given)| (path, given.into()));
        let (rows, values): (Vec<_>, Vec<_>) = fields.partition(|(path, _)| path.row().is_some());
        // Outer rows first: inner ones stand in them. Then in their order, so that the first ones find a place.
        let rows: BTreeMap<FieldPath, Given> = rows.into_iter().collect();
        let mut rows: Vec<(FieldPath, Given)> = rows.into_iter().collect();
        rows.sort_by_cached_key(|(path, given)| (path.steps().count(), Order::parse(given.text().trim())));
        for (path, given) in rows {
            if let Err(reason) = self.restore_row(&path, given.text()) {
                leftovers.push(Leftover { path, given, reason });
            }
        }
        for (path, given) in values {
            if let Err(reason) = self.restore_value(&path, &given, context) {
                leftovers.push(Leftover { path, given, reason });
            }
        }
        leftovers
    }

    /// Computes a restored filling. First-load actions do not run again.
    pub(super) fn take_up(&mut self, context: &Context<'_>) {
        self.preload(context, false);
        self.act(context, |engine| {
            engine.compute_all();
            engine.run_load_actions(false);
        });
    }

    fn restore_row(&mut self, path: &FieldPath, value: &str) -> Result<(), LeftoverReason> {
        let form = Arc::clone(&self.form);
        let id = path.row().ok_or(LeftoverReason::OtherShape)?;
        let repeat_path = path.without_row();
        let (parent, repeat) = self.find_repeat(&repeat_path)?;
        let known = self.find_row(parent, repeat, &id);
        let removed = value.trim().is_empty();
        let order = Order::parse(value.trim()).unwrap_or(Order::UNKNOWN);
        match known {
            None if !removed && self.is_full(parent, repeat) => return Err(LeftoverReason::TooManyRows),
            _ if self.count_cell(repeat).is_some() => {
                if known.is_none() && !removed {
                    self.instance.add_parked(
                        &form,
                        parent,
                        repeat,
                        id.clone(),
                        id.number().map_or(order, Order::whole),
                    );
                }
            }
            Some(row) if removed => {
                self.instance.take_live(&form, parent, repeat, row, false);
                self.instance.node_mut(row).live = false;
                self.instance.removed.push(path.clone());
            }
            Some(row) if self.instance.node(row).order != order => {
                self.instance.take_live(&form, parent, repeat, row, false);
                self.instance.node_mut(row).order = order;
                self.instance.insert_live(&form, parent, repeat, row);
            }
            Some(_) => {}
            None if removed => self.instance.removed.push(path.clone()),
            None => {
                self.instance.add_row(&form, parent, repeat, id, order);
            }
        }
        Ok(())
    }

    fn restore_value(&mut self, path: &FieldPath, given: &Given, context: &Context<'_>) -> Result<(), LeftoverReason> {
        let node = self.find_with_rows(path)?;
        let form = Arc::clone(&self.form);
        let def = form.def(self.instance.node(node).def);
        if def.shape != Shape::Leaf {
            return Err(LeftoverReason::OtherShape);
        }
        let value = given.text();
        let value = if def.bind.calculate.is_some() {
            value.to_owned()
        } else {
            lexical::canonical(def.kind, value, context.now).map_err(|_| LeftoverReason::OtherType)?
        };
        let at = self.instance.node_mut(node);
        // What equals the form's own starting value is as good as untouched; a blank is kept only where someone blanked.
        at.touched = def.bind.calculate.is_none() && (*at.stored != *value || value.is_empty());
        at.stored = value.into();
        at.non_answer = given.non_answer();
        Ok(())
    }

    /// No further row fits, counted ones that are set aside included.
    fn is_full(&self, parent: NodeId, repeat: DefId) -> bool {
        let rows = self.instance.rows(&self.form, parent, repeat).len();
        let parked = self.instance.parked(&self.form, parent, repeat).len();
        rows + parked >= MAX_ROWS || self.instance.nodes.len() > MAX_NODES
    }

    /// A repeat; rows around it that the form counts are made on the way.
    fn find_repeat(&mut self, path: &FieldPath) -> Result<(NodeId, DefId), LeftoverReason> {
        let parent = self.find_with_rows(&path.parent())?;
        let repeat = self.instance.child_def(&self.form, parent, path.name()).ok_or(LeftoverReason::UnknownNode)?;
        let is_repeat = self.form.def(repeat).shape == Shape::Repeat;
        if is_repeat { Ok((parent, repeat)) } else { Err(LeftoverReason::OtherShape) }
    }

    fn find_row(&self, parent: NodeId, repeat: DefId, id: &RowId) -> Option<NodeId> {
        self.instance.row(&self.form, parent, repeat, id.as_str())
    }

    /// The node at an address; rows that the form counts are made on the way.
    fn find_with_rows(&mut self, path: &FieldPath) -> Result<NodeId, LeftoverReason> {
        let form = Arc::clone(&self.form);
        let mut at = ROOT;
        for step in path.steps() {
            let def = self.instance.child_def(&form, at, step.name).ok_or(LeftoverReason::UnknownNode)?;
            let repeat = form.def(def).shape == Shape::Repeat;
            at = match step.row {
                None if repeat => return Err(LeftoverReason::OtherShape),
                Some(_) if !repeat => return Err(LeftoverReason::OtherShape),
                None => {
                    let mut below = Vec::new();
                    self.instance.instances_below(&form, at, def, &mut below);
                    *below.first().ok_or(LeftoverReason::UnknownNode)?
                }
                Some(row) => {
                    let id = RowId::parse(row).map_err(|_| LeftoverReason::UnknownRow)?;
                    match self.find_row(at, def, &id) {
                        Some(row) => row,
                        None if self.count_cell(def).is_some() && id.is_derived() => {
                            if self.is_full(at, def) {
                                return Err(LeftoverReason::TooManyRows);
                            }
                            let order = Order::whole(id.number().unwrap_or(1));
                            self.instance.add_parked(&form, at, def, id, order)
                        }
                        None => return Err(self.why_not(path)),
                    }
                }
            };
        }
        Ok(at)
    }

    /// Why there is nothing at an address.
    fn why_not(&self, path: &FieldPath) -> LeftoverReason {
        if self.form.find_def(&path.template()).is_none() {
            LeftoverReason::UnknownNode
        } else if self.instance.removed.iter().any(|removed| removed.contains(path)) {
            LeftoverReason::RemovedRow
        } else {
            LeftoverReason::UnknownRow
        }
    }
}
