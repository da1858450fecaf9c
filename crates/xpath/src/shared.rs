//! Sums that many ask for: `sum(/data/roster/amount)` has one value, however many rows divide by it.
//!
//! A call of `sum()`, `count()` and the like depends on nothing but where its path begins if its predicates ask for
//! nothing outside the candidates. [`Expr::share_aggregates`] finds such calls and gives each a number; evaluating one
//! asks [`Host::recall`] first. In a roster of 1,000 rows that each read the sum, one answer then sums 1,000 amounts
//! instead of a million.

use crate::ast::{Axis, Expr, Id, NodeTest, Op, Run, Span, Start, UNKNOWN};
use crate::context::Host;
use crate::error::EvalError;
use crate::evaluate::{Answer, Eval, Focus};
use crate::functions::{self, functions};
use crate::tree::Tree;
use crate::value::Value;

/// Functions of one path that give a number.
const AGGREGATES: &[&str] = &["sum", "count", "count-non-empty", "min", "max"];

impl Expr {
    /// Asks `number` once for every call whose value depends on nothing but the node where its path begins, handing over
    /// where the call stands in the text. What it gives is handed to [`Host::recall`] and [`Host::keep`] ever after; 0
    /// leaves the call alone.
    pub fn share_aggregates(&mut self, mut number: impl FnMut(&str, Span) -> u32) {
        for index in 0..self.ops.len() {
            let id = Id(index as u32);
            if !self.is_shareable(id) {
                continue;
            }
            let span = self.span(id);
            let number = number(self.source.get(span.start..span.end).unwrap_or_default(), span);
            if number == 0 {
                continue;
            }
            if self.shared.is_empty() {
                self.shared = vec![0; self.ops.len()].into();
            }
            self.shared[index] = number;
        }
    }

    fn is_shareable(&self, id: Id) -> bool {
        let Op::Call { function, arguments, .. } = *self.op(id) else { return false };
        if function == UNKNOWN || !AGGREGATES.contains(&functions()[usize::from(function)].name) {
            return false;
        }
        let [path] = *self.list(arguments) else { return false };
        let Op::Path { start, steps, .. } = *self.op(path) else { return false };
        if let Start::Expression(base) = start
            && !self.is_current(base)
        {
            return false;
        }
        self.steps(steps).iter().all(|step| self.asks_candidates_only(step.predicates))
    }

    fn is_current(&self, id: Id) -> bool {
        matches!(*self.op(id), Op::Call { name, .. } if self.text(name) == "current")
    }

    /// Do the predicates give the same for a candidate whoever asks, within one evaluation of the whole form?
    fn asks_candidates_only(&self, predicates: Run) -> bool {
        let mut open = self.list(predicates).to_vec();
        while let Some(id) = open.pop() {
            match *self.op(id) {
                Op::Text(_) | Op::Number(_) | Op::Long(_) => {}
                Op::Variable(_) => return false,
                Op::Compare(_, left, right) | Op::Arithmetic(_, left, right) => open.extend([left, right]),
                Op::Negate(inner) => open.push(inner),
                Op::Or(run) | Op::And(run) | Op::Union(run) => open.extend(self.list(run)),
                Op::Filter { base, predicates } => {
                    open.push(base);
                    open.extend(self.list(predicates));
                }
                Op::Path { start, steps, .. } => {
                    if let Start::Expression(base) = start {
                        open.push(base);
                    }
                    for step in self.steps(steps) {
                        open.extend(self.list(step.predicates));
                    }
                }
                Op::Call { function, name, arguments } => {
                    let place = matches!(self.text(name), "position" | "last");
                    let own =
                        matches!(self.text(name), "current" | "once" | "indexed-repeat" | "instance" | "pulldata");
                    let changes = function == UNKNOWN
                        || own
                        || (!place && functions::reads_context(function, arguments.len as usize));
                    if changes {
                        return false;
                    }
                    open.extend(self.list(arguments));
                }
            }
        }
        true
    }
}

impl<'a, T: Tree + ?Sized, H: Host<T> + ?Sized> Eval<'a, T, H> {
    /// The value of a call, known already or computed and kept where it is shared.
    pub(crate) fn shared_call(
        &self,
        id: Id,
        focus: Focus<T::Node>,
        call: impl FnOnce() -> Answer<'a, T>,
    ) -> Answer<'a, T> {
        let number = self.expr.shared.get(id.0 as usize).copied().unwrap_or(0);
        if number == 0 {
            return call();
        }
        let Some(begin) = self.beginning(id, focus)? else { return call() };
        if let Some(known) = self.host.recall(number, begin) {
            return Ok(Value::Number(known));
        }
        let value = call()?;
        if let Value::Number(found) = value {
            self.host.keep(number, begin, found);
        }
        Ok(value)
    }

    /// The node that the path of a shared call comes to by its leading `..`: rows of one repeat come to the same.
    fn beginning(&self, id: Id, focus: Focus<T::Node>) -> Result<Option<T::Node>, EvalError> {
        let Op::Call { arguments, .. } = *self.expr.op(id) else { return Ok(None) };
        let Op::Path { start, steps, .. } = *self.expr.op(self.expr.list(arguments)[0]) else { return Ok(None) };
        let mut at = match start {
            Start::Root => self.root,
            Start::Context => focus.node,
            Start::Expression(_) => self.current,
        };
        for step in self.expr.steps(steps) {
            if (step.axis, step.test) != (Axis::Parent, NodeTest::Node) || step.predicates.len > 0 {
                break;
            }
            match self.tree.parent(at) {
                Some(parent) => at = parent,
                None => return Ok(None),
            }
        }
        Ok(Some(at))
    }
}
