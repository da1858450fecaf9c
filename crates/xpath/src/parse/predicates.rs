//! What a predicate asks: only which node, or also its place; and whether an index can answer it.

use super::Parser;
use crate::ast::{Axis, Compare, Id, KeyTest, NodeTest, Op, Run, Start, Step, UNKNOWN};
use crate::functions;

impl Parser<'_> {
    /// Does no predicate of the step ask for a place?
    pub(super) fn predicates_ignore_position(&self, step: &Step) -> bool {
        let run = step.predicates;
        self.lists[run.start as usize..(run.start + run.len) as usize].iter().all(|predicate| {
            let boolean = matches!(
                self.ops[predicate.0 as usize],
                Op::Compare(..) | Op::And(_) | Op::Or(_) | Op::Path { .. } | Op::Union(_) | Op::Text(_)
            );
            boolean && !self.calls(*predicate, &["last", "position"])
        })
    }

    /// Recognises `[key = value]`, or `[key = value and …]` where no place is asked for, as first predicate of a `name`
    /// step.
    pub(super) fn key_tests(&mut self, step: &Step, predicates: &[Id]) -> Run {
        let start = self.keys.len() as u32;
        if let (Axis::Child, NodeTest::Name(_), Some(first)) = (step.axis, step.test, predicates.first()) {
            match self.ops[first.0 as usize] {
                Op::And(run) if !self.calls(*first, &["last", "position"]) => {
                    let keys: Vec<KeyTest> = self.run(run).iter().filter_map(|part| self.key_test(*part)).collect();
                    self.keys.extend(keys);
                }
                _ => self.keys.extend(self.key_test(*first)),
            }
        }
        Run { start, len: self.keys.len() as u32 - start }
    }

    fn key_test(&self, predicate: Id) -> Option<KeyTest> {
        let Op::Compare(Compare::Equal, left, right) = self.ops[predicate.0 as usize] else { return None };
        [(left, right), (right, left)].into_iter().find_map(|(key, value)| {
            let key = self.child_name(key)?;
            self.is_independent(value).then_some(KeyTest { whole: predicate, key, value })
        })
    }

    /// `name`, `./name` or `child::name` (a `.` is no step any more here).
    fn child_name(&self, id: Id) -> Option<u32> {
        let Op::Path { start: Start::Context, steps, .. } = self.ops[id.0 as usize] else { return None };
        let steps = &self.steps[steps.start as usize..(steps.start + steps.len) as usize];
        let [last] = steps else { return None };
        match last {
            Step { axis: Axis::Child, test: NodeTest::Name(name), predicates: Run { len: 0, .. }, .. } => Some(*name),
            _ => None,
        }
    }

    /// Has the expression the same value whichever node it is asked about?
    fn is_independent(&self, id: Id) -> bool {
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            match self.ops[id.0 as usize] {
                Op::Text(_) | Op::Number(_) | Op::Long(_) | Op::Path { start: Start::Root, .. } => {}
                Op::Variable(_) | Op::Path { start: Start::Context, .. } => return false,
                Op::Compare(_, left, right) | Op::Arithmetic(_, left, right) => open.extend([left, right]),
                Op::Negate(inner) => open.push(inner),
                Op::Or(run) | Op::And(run) | Op::Union(run) => open.extend(self.run(run)),
                // The predicates are about other nodes.
                Op::Filter { base, .. } | Op::Path { start: Start::Expression(base), .. } => open.push(base),
                Op::Call { function, arguments, .. } => {
                    if function == UNKNOWN || functions::reads_context(function, arguments.len as usize) {
                        return false;
                    }
                    open.extend(self.run(arguments));
                }
            }
        }
        true
    }

    fn run(&self, run: Run) -> &[Id] {
        &self.lists[run.start as usize..(run.start + run.len) as usize]
    }

    /// Is one of these functions called anywhere in the expression?
    pub(super) fn calls(&self, id: Id, names: &[&str]) -> bool {
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            match self.ops[id.0 as usize] {
                Op::Text(_) | Op::Number(_) | Op::Long(_) | Op::Variable(_) => {}
                Op::Compare(_, left, right) | Op::Arithmetic(_, left, right) => open.extend([left, right]),
                Op::Negate(inner) => open.push(inner),
                Op::Or(run) | Op::And(run) | Op::Union(run) => open.extend(self.run(run)),
                Op::Filter { base, predicates } => {
                    open.push(base);
                    open.extend(self.run(predicates));
                }
                Op::Path { start, steps, .. } => {
                    if let Start::Expression(base) = start {
                        open.push(base);
                    }
                    for step in &self.steps[steps.start as usize..(steps.start + steps.len) as usize] {
                        open.extend(self.run(step.predicates));
                    }
                }
                Op::Call { name, arguments, .. } => {
                    if names.contains(&&*self.texts[name as usize]) {
                        return true;
                    }
                    open.extend(self.run(arguments));
                }
            }
        }
        false
    }
}
