//! What an act changed: what nodes were before it, and what is told after it.

use super::Engine;
use crate::beyond::NonAnswer;
use crate::form::Shape;
use crate::instance::{Instance, NodeId};
use crate::view::{Change, Delta, Fault, Origin, What};

/// What a node was before the act.
pub(super) struct Before {
    stored: Box<str>,
    masked: Option<Box<str>>,
    touched: bool,
    relevant: bool,
    required: bool,
    readonly: bool,
    fault: Option<Fault>,
    doubtful: bool,
    non_answer: Option<NonAnswer>,
}

impl Before {
    fn counting(&self) -> &str {
        if self.relevant { self.masked.as_deref().unwrap_or(&self.stored) } else { "" }
    }
}

impl Engine<'_> {
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
        let mut noted = std::mem::take(&mut self.before);
        noted.sort_unstable_by_key(|(node, _)| *node);
        for (node, before) in &noted {
            self.instance.node_mut(*node).noted = false;
            let now = self.instance.node(*node);
            if !now.live {
                continue;
            }
            let origin = self.instance.origin(self.form, *node);
            let mut add = |what| changed.push(Change { path: path(self.instance, *node), what });
            if before.relevant != now.relevant {
                add(What::Relevant(now.relevant));
            }
            let same = before.stored == now.stored && before.non_answer == now.non_answer;
            if !same || (before.touched != now.touched && origin == Origin::Answered) {
                add(What::Value { given: self.instance.given(*node), origin });
            } else if before.counting() != self.instance.counting(*node) && before.relevant == now.relevant {
                add(What::Counts(self.instance.counting(*node) == &*now.stored));
            }
            if before.required != now.required {
                add(What::Required(now.required));
            }
            if before.readonly != now.readonly {
                add(What::ReadOnly(now.readonly));
            }
            let fault = self.instance.fault(self.form, *node);
            if before.fault != fault {
                add(What::Validity(fault));
            }
            let doubtful = self.instance.doubtful(*node);
            if before.doubtful != doubtful {
                add(What::Doubtful(doubtful));
            }
        }
        for node in self.first_new..self.instance.nodes.len() as NodeId {
            let now = self.instance.node(node);
            let origin = self.instance.origin(self.form, node);
            let def = self.form.def(now.def);
            let written = !def.attribute || now.stored != def.default;
            if now.live && !now.stored.is_empty() && def.shape == Shape::Leaf && written {
                let what = What::Value { given: self.instance.given(node), origin };
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

    /// Remembers what a node was, once.
    pub(super) fn note(&mut self, node: NodeId) {
        if node >= self.first_new || self.instance.node(node).noted {
            return;
        }
        let now = self.instance.node(node);
        let before = Before {
            stored: now.stored.clone(),
            masked: now.masked.clone(),
            touched: now.touched,
            relevant: now.relevant,
            required: now.required,
            readonly: now.readonly,
            fault: self.instance.fault(self.form, node),
            doubtful: self.instance.doubtful(node),
            non_answer: now.non_answer,
        };
        self.instance.node_mut(node).noted = true;
        self.before.push((node, before));
    }
}
