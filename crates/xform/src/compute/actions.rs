//! Actions: values that events set.

use super::Engine;
use crate::evaluate::primary;
use crate::form::{Action, ActionValue};
use crate::instance::{NodeId, ROOT};
use crate::lexical;
use crate::secondary::NONE;

impl Engine<'_> {
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

    /// The nodes that an action sets: also such as are not relevant now.
    pub(super) fn targets(&self, action: &Action, context: NodeId) -> Vec<NodeId> {
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

    pub(super) fn run_action(&mut self, action: &Action, context: NodeId) {
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
