//! Location paths: steps, axes, predicates.

use std::borrow::Cow;
use std::ops::ControlFlow;

use crate::ast::{Axis, Id, KeyTest, NodeTest, Op, Run, Start, Step};
use crate::compare;
use crate::context::Host;
use crate::error::EvalError;
use crate::evaluate::{Eval, Flow, Focus, Stop, fail, finished};
use crate::nodeset::{NodeSet, put_in_order};
use crate::tree::{NodeKind, Tree};
use crate::value::Value;

/// Hands on nodes one by one.
type Source<'s, N> = dyn FnMut(&mut dyn FnMut(N) -> Flow) -> Flow + 's;

impl<'a, T: Tree + ?Sized, H: Host<T> + ?Sized> Eval<'a, T, H> {
    /// The nodes of a path, in document order.
    pub(crate) fn path(
        &self,
        start: Start,
        steps: Run,
        ordered: bool,
        focus: Focus<T::Node>,
    ) -> Result<NodeSet<T::Node>, EvalError> {
        let steps = self.expr.steps(steps);
        let begin = match start {
            Start::Root => NodeSet::One(self.root),
            Start::Context => NodeSet::One(focus.node),
            Start::Expression(base) => self.nodes(base, focus, "/")?,
        };
        if let (true, [begin]) = (ordered, begin.as_slice()) {
            let mut all = NodeSet::Empty;
            finished(self.walk(steps, *begin, focus, &mut |node| {
                all.push(node);
                ControlFlow::Continue(())
            }))?;
            return Ok(all);
        }
        let mut nodes = begin;
        for step in steps {
            let mut next = NodeSet::Empty;
            for node in nodes.iter() {
                finished(self.step(step, node, focus, &mut |node| {
                    next.push(node);
                    ControlFlow::Continue(())
                }))?;
            }
            put_in_order(self.tree, &mut next);
            nodes = next;
        }
        Ok(nodes)
    }

    /// Follows the steps from a node, depth first. `outer` is the focus that the path itself is evaluated in.
    pub(crate) fn walk(
        &self,
        steps: &'a [Step],
        node: T::Node,
        outer: Focus<T::Node>,
        found: &mut dyn FnMut(T::Node) -> Flow,
    ) -> Flow {
        match steps {
            [] => found(node),
            [last] => self.step(last, node, outer, found),
            [first, rest @ ..] => self.step(first, node, outer, &mut |node| self.walk(rest, node, outer, found)),
        }
    }

    pub(crate) fn step(
        &self,
        step: &'a Step,
        node: T::Node,
        outer: Focus<T::Node>,
        found: &mut dyn FnMut(T::Node) -> Flow,
    ) -> Flow {
        if let NodeTest::Name(name) | NodeTest::AnyIn(name) = step.test
            && let Some(prefix) = &self.expr.name(name).prefix
            && !self.tree.knows_prefix(prefix)
        {
            return fail(EvalError::UnknownPrefix { prefix: prefix.to_string() });
        }
        if step.predicates.len == 0 {
            return self.axis(step, node, found);
        }
        let predicates = self.expr.list(step.predicates);
        let keys = self.expr.keys(step.keys);
        if !keys.is_empty() && matches!(self.expr.op(predicates[0]), Op::And(_)) {
            return self.narrowed(step, keys, predicates, node, outer, found);
        }
        if let [key] = *keys {
            return match self.value(key.value, outer) {
                // Asked of the set of keys as a whole, so a candidate without one counts too.
                Ok(Value::Boolean(_)) => {
                    self.sifted(predicates, step.needs_last, found, &mut |candidate| self.axis(step, node, candidate))
                }
                Ok(value) => self.keyed(step, key, &value, &predicates[1..], node, found),
                Err(error) => fail(error),
            };
        }
        self.sifted(predicates, step.needs_last, found, &mut |candidate| self.axis(step, node, candidate))
    }

    /// Hands on those nodes of `source` that pass the predicates.
    fn sifted(
        &self,
        predicates: &'a [Id],
        needs_last: bool,
        found: &mut dyn FnMut(T::Node) -> Flow,
        source: &mut Source<'_, T::Node>,
    ) -> Flow {
        match predicates {
            [] => source(found),
            [only] if !needs_last => {
                // The one place that is asked for, where it is asked for by number.
                let wanted = match *self.expr.op(*only) {
                    Op::Number(wanted) => Some(wanted),
                    _ => None,
                };
                let mut position = 0;
                let mut reached = None;
                let flow = source(&mut |node| {
                    position += 1;
                    if let Some(wanted) = wanted {
                        if position as f64 == wanted {
                            reached = Some(found(node));
                            return ControlFlow::Break(Stop::Enough);
                        }
                        return ControlFlow::Continue(());
                    }
                    match self.passes(*only, Focus { node, position, size: 0 }) {
                        Ok(true) => found(node),
                        Ok(false) => ControlFlow::Continue(()),
                        Err(error) => fail(error),
                    }
                });
                reached.unwrap_or(flow)
            }
            _ => {
                let mut nodes = NodeSet::Empty;
                source(&mut |node| {
                    nodes.push(node);
                    ControlFlow::Continue(())
                })?;
                for predicate in predicates {
                    match self.filtered(*predicate, &nodes) {
                        Ok(kept) => nodes = kept,
                        Err(error) => return fail(error),
                    }
                }
                nodes.iter().try_for_each(found)
            }
        }
    }

    /// Those of the nodes, in their order, that pass the predicate.
    pub(crate) fn filtered(&self, predicate: Id, nodes: &NodeSet<T::Node>) -> Result<NodeSet<T::Node>, EvalError> {
        if let Op::Number(wanted) = *self.expr.op(predicate) {
            let at = nodes.iter().enumerate().find(|(at, _)| (at + 1) as f64 == wanted);
            return Ok(at.map_or(NodeSet::Empty, |(_, node)| NodeSet::One(node)));
        }
        let size = nodes.len();
        let mut kept = NodeSet::Empty;
        for (at, node) in nodes.iter().enumerate() {
            if self.passes(predicate, Focus { node, position: at + 1, size })? {
                kept.push(node);
            }
        }
        Ok(kept)
    }

    fn passes(&self, predicate: Id, focus: Focus<T::Node>) -> Result<bool, EvalError> {
        self.work()?;
        match *self.expr.op(predicate) {
            Op::Number(wanted) => Ok(focus.position as f64 == wanted),
            Op::Compare(..) | Op::And(_) | Op::Or(_) | Op::Path { .. } => self.boolean(predicate, focus),
            _ => match self.value(predicate, focus)? {
                Value::Number(wanted) | Value::Days(wanted) => Ok(focus.position as f64 == wanted),
                Value::Long(_) => Ok(false),
                other => Ok(other.to_boolean()),
            },
        }
    }

    /// The text that an index can be asked for.
    fn key_text(&self, value: &Value<'a, T::Node>) -> Option<Cow<'a, str>> {
        match value {
            Value::String(text) => Some(text.clone()),
            Value::Nodes(nodes) => match nodes.as_slice() {
                [node] if self.tree.value_type(*node) == crate::tree::ValueType::Text => {
                    Some(self.tree.string_value(*node))
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// A step `name[key = value and …]…`: the index that knows the fewest nodes gives the candidates, and what it did not
    /// answer is asked of those. Two filters over 10,000 villages take as long as one.
    fn narrowed(
        &self,
        step: &'a Step,
        keys: &'a [KeyTest],
        predicates: &'a [Id],
        node: T::Node,
        outer: Focus<T::Node>,
        found: &mut dyn FnMut(T::Node) -> Flow,
    ) -> Flow {
        let (NodeTest::Name(child), [joined, more @ ..]) = (step.test, predicates) else {
            return ControlFlow::Continue(());
        };
        let child = self.expr.name(child);
        let mut best: Option<(usize, &KeyTest, Cow<'a, str>)> = None;
        for key in keys {
            // What cannot be had here is told when the predicate itself is asked.
            let Some(text) = self.value(key.value, outer).ok().and_then(|value| self.key_text(&value)) else {
                continue;
            };
            if let Some(count) = self.tree.indexed_count(node, child, self.expr.name(key.key), &text)
                && best.as_ref().is_none_or(|(least, ..)| count < *least)
            {
                best = Some((count, key, text));
            }
        }
        let (Some((_, key, text)), Op::And(parts)) = (&best, self.expr.op(*joined)) else {
            return self.sifted(predicates, step.needs_last, found, &mut |candidate| self.axis(step, node, candidate));
        };
        let others = |node| {
            self.work()?;
            // No part of an `and` with keys asks for a place.
            let focus = Focus { node, position: 1, size: 0 };
            for part in self.expr.list(*parts).iter().filter(|part| **part != key.whole) {
                if !self.boolean(*part, focus)? {
                    return Ok(false);
                }
            }
            Ok(true)
        };
        self.sifted(more, step.needs_last, found, &mut |candidate| {
            let mut flow = ControlFlow::Continue(());
            self.tree.indexed_children(node, child, self.expr.name(key.key), text, &mut |node| {
                flow = match others(node) {
                    Ok(true) => candidate(node),
                    Ok(false) => ControlFlow::Continue(()),
                    Err(error) => fail(error),
                };
                if flow.is_break() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            });
            flow
        })
    }

    /// A step `name[key = value]…`: an index is asked, or else the children are walked. Either way the value was found once.
    fn keyed(
        &self,
        step: &'a Step,
        key: KeyTest,
        value: &Value<'a, T::Node>,
        more: &'a [Id],
        node: T::Node,
        found: &mut dyn FnMut(T::Node) -> Flow,
    ) -> Flow {
        let NodeTest::Name(child) = step.test else { return ControlFlow::Continue(()) };
        let (child, key_name) = (self.expr.name(child), self.expr.name(key.key));
        if matches!(value, Value::Nodes(nodes) if nodes.is_empty()) {
            return ControlFlow::Continue(());
        }
        let text = self.key_text(value);
        self.sifted(more, step.needs_last, found, &mut |candidate| {
            if let Some(text) = &text {
                let mut flow = ControlFlow::Continue(());
                let answered = self.tree.indexed_children(node, child, key_name, text, &mut |node| {
                    flow = self.work().map_or_else(fail, |()| candidate(node));
                    if flow.is_break() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
                });
                if answered {
                    return flow;
                }
            }
            self.axis(step, node, &mut |node| {
                let mut equal = false;
                self.children_named(node, key.key, &mut |key_node| {
                    equal = match &text {
                        Some(text) if self.tree.value_type(key_node) == crate::tree::ValueType::Text => {
                            self.tree.string_value(key_node) == **text
                        }
                        _ => compare::node_equals(self, key_node, value),
                    };
                    if equal { ControlFlow::Break(Stop::Enough) } else { ControlFlow::Continue(()) }
                })
                .map_break(|stop| match stop {
                    Stop::Enough => None,
                    Stop::Failed(error) => Some(error),
                })
                .break_value()
                .flatten()
                .map_or(ControlFlow::Continue(()), fail)?;
                if equal { candidate(node) } else { ControlFlow::Continue(()) }
            })
        })
    }

    fn children_named(&self, node: T::Node, name: u32, found: &mut dyn FnMut(T::Node) -> Flow) -> Flow {
        let name = self.expr.name(name);
        let mut flow = ControlFlow::Continue(());
        let answered = self.tree.named_children(node, name, &mut |child| {
            flow = self.work().map_or_else(fail, |()| found(child));
            if flow.is_break() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        if answered {
            return flow;
        }
        let mut at = self.tree.first_child(node);
        while let Some(child) = at {
            if let Err(error) = self.work() {
                return fail(error);
            }
            if self.tree.kind(child) == NodeKind::Element && self.tree.has_name(child, name) {
                found(child)?;
            }
            at = self.tree.next_sibling(child);
        }
        ControlFlow::Continue(())
    }

    /// The nodes of a step without its predicates, nearest first.
    fn axis(&self, step: &Step, node: T::Node, found: &mut dyn FnMut(T::Node) -> Flow) -> Flow {
        let tree = self.tree;
        let mut meet = |node: T::Node| -> Flow {
            if let Err(error) = self.work() {
                return fail(error);
            }
            if self.passes_test(step, node) { found(node) } else { ControlFlow::Continue(()) }
        };
        match step.axis {
            Axis::Child => {
                if let NodeTest::Name(name) = step.test {
                    return self.children_named(node, name, found);
                }
                follow(tree.first_child(node), |node| tree.next_sibling(node), &mut meet)
            }
            Axis::SelfNode => meet(node),
            Axis::Parent => tree.parent(node).map_or(ControlFlow::Continue(()), meet),
            Axis::Attribute => follow(tree.first_attribute(node), |node| tree.next_attribute(node), &mut meet),
            Axis::Namespace => follow(tree.first_namespace(node), |node| tree.next_namespace(node), &mut meet),
            Axis::Descendant => below(tree, node, &mut meet),
            Axis::DescendantOrSelf => {
                meet(node)?;
                below(tree, node, &mut meet)
            }
            Axis::Ancestor => follow(tree.parent(node), |node| tree.parent(node), &mut meet),
            Axis::AncestorOrSelf => follow(Some(node), |node| tree.parent(node), &mut meet),
            Axis::FollowingSibling => follow(tree.next_sibling(node), |node| tree.next_sibling(node), &mut meet),
            Axis::PrecedingSibling => {
                let first = if is_beside(tree, node) { None } else { tree.previous_sibling(node) };
                follow(first, |node| tree.previous_sibling(node), &mut meet)
            }
            Axis::Following => {
                let mut at = node;
                if is_beside(tree, node)
                    && let Some(parent) = tree.parent(node)
                {
                    below(tree, parent, &mut meet)?;
                    at = parent;
                }
                loop {
                    let mut next = tree.next_sibling(at);
                    while let Some(sibling) = next {
                        meet(sibling)?;
                        below(tree, sibling, &mut meet)?;
                        next = tree.next_sibling(sibling);
                    }
                    match tree.parent(at) {
                        Some(parent) => at = parent,
                        None => return ControlFlow::Continue(()),
                    }
                }
            }
            Axis::Preceding => {
                let mut at = if is_beside(tree, node) { tree.parent(node).unwrap_or(node) } else { node };
                loop {
                    let mut before = tree.previous_sibling(at);
                    while let Some(sibling) = before {
                        below_backwards(tree, sibling, &mut meet)?;
                        meet(sibling)?;
                        before = tree.previous_sibling(sibling);
                    }
                    match tree.parent(at) {
                        Some(parent) => at = parent,
                        None => return ControlFlow::Continue(()),
                    }
                }
            }
        }
    }

    fn passes_test(&self, step: &Step, node: T::Node) -> bool {
        let tree = self.tree;
        let kind = tree.kind(node);
        let principal = match step.axis {
            Axis::Attribute => NodeKind::Attribute,
            Axis::Namespace => NodeKind::Namespace,
            _ => NodeKind::Element,
        };
        match step.test {
            NodeTest::Node => true,
            NodeTest::Any => kind == principal,
            NodeTest::Name(name) | NodeTest::AnyIn(name) => {
                kind == principal && tree.has_name(node, self.expr.name(name))
            }
            NodeTest::Text => kind == NodeKind::Text,
            NodeTest::Comment => kind == NodeKind::Comment,
            NodeTest::Instruction => kind == NodeKind::ProcessingInstruction,
            NodeTest::InstructionNamed(target) => {
                kind == NodeKind::ProcessingInstruction && tree.local_name(node) == self.expr.text(target)
            }
        }
    }
}

/// Attributes and namespace nodes stand beside their element's children.
fn is_beside<T: Tree + ?Sized>(tree: &T, node: T::Node) -> bool {
    matches!(tree.kind(node), NodeKind::Attribute | NodeKind::Namespace)
}

fn follow<N: Copy>(first: Option<N>, next: impl Fn(N) -> Option<N>, meet: &mut dyn FnMut(N) -> Flow) -> Flow {
    let mut at = first;
    while let Some(node) = at {
        meet(node)?;
        at = next(node);
    }
    ControlFlow::Continue(())
}

/// Everything below, in document order, without recursion.
fn below<T: Tree + ?Sized>(tree: &T, top: T::Node, meet: &mut dyn FnMut(T::Node) -> Flow) -> Flow {
    let mut at = tree.first_child(top);
    while let Some(node) = at {
        meet(node)?;
        at = tree.first_child(node);
        let mut from = node;
        while at.is_none() {
            at = tree.next_sibling(from);
            if at.is_none() {
                match tree.parent(from) {
                    Some(parent) if parent != top => from = parent,
                    _ => return ControlFlow::Continue(()),
                }
            }
        }
    }
    ControlFlow::Continue(())
}

/// Everything below, in reverse document order.
fn below_backwards<T: Tree + ?Sized>(tree: &T, top: T::Node, meet: &mut dyn FnMut(T::Node) -> Flow) -> Flow {
    let mut nodes = Vec::new();
    below(tree, top, &mut |node| {
        nodes.push(node);
        ControlFlow::Continue(())
    })?;
    nodes.into_iter().rev().try_for_each(meet)
}
