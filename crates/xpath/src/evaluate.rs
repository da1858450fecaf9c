//! Expressions to values.

use std::borrow::Cow;
use std::cell::Cell;
use std::ops::ControlFlow;

use crate::ast::{Expr, Id, Op, Start, UNKNOWN};
use crate::compare;
use crate::context::{Context, Host};
use crate::error::EvalError;
use crate::functions;
use crate::nodeset::{NodeSet, put_in_order};
use crate::tree::Tree;
use crate::value::Value;

/// How many nodes one evaluation may look at. A form of 10,000 questions with a quadratic expression stays below; an
/// expression made to hang the program does not.
pub const MAX_WORK: u64 = 20_000_000;

/// Evaluates to whatever the expression gives.
///
/// # Errors
///
/// See [`EvalError`].
pub fn evaluate<'a, T: Tree + ?Sized, H: Host<T> + ?Sized>(
    expr: &'a Expr,
    context: &Context<'a, T, H>,
) -> Result<Value<'a, T::Node>, EvalError> {
    let eval = Eval::new(expr, context);
    eval.told(eval.value(expr.root, eval.focus()))
}

/// Evaluates to true or false, and looks no further than it must.
///
/// # Errors
///
/// See [`EvalError`].
pub fn evaluate_boolean<T: Tree + ?Sized, H: Host<T> + ?Sized>(
    expr: &Expr,
    context: &Context<'_, T, H>,
) -> Result<bool, EvalError> {
    let eval = Eval::new(expr, context);
    eval.told(eval.boolean(expr.root, eval.focus()))
}

/// Evaluates to text, as `string()` does; of nodes the first one's.
///
/// # Errors
///
/// See [`EvalError`].
pub fn evaluate_string<'a, T: Tree + ?Sized, H: Host<T> + ?Sized>(
    expr: &'a Expr,
    context: &Context<'a, T, H>,
) -> Result<Cow<'a, str>, EvalError> {
    let eval = Eval::new(expr, context);
    eval.told(eval.string(expr.root, eval.focus()))
}

/// Evaluates to a number, as `number()` does.
///
/// # Errors
///
/// See [`EvalError`].
pub fn evaluate_number<T: Tree + ?Sized, H: Host<T> + ?Sized>(
    expr: &Expr,
    context: &Context<'_, T, H>,
) -> Result<f64, EvalError> {
    let eval = Eval::new(expr, context);
    let atom = eval.told(eval.atom(expr.root, eval.focus()))?;
    Ok(eval.number_as_asked(&atom))
}

/// Evaluates to nodes.
///
/// # Errors
///
/// [`EvalError::NeedsNodes`] where the expression gives something else; see [`EvalError`].
pub fn evaluate_nodes<T: Tree + ?Sized, H: Host<T> + ?Sized>(
    expr: &Expr,
    context: &Context<'_, T, H>,
) -> Result<NodeSet<T::Node>, EvalError> {
    let eval = Eval::new(expr, context);
    eval.told(eval.nodes(expr.root, eval.focus(), "the expression"))
}

/// The node an expression or predicate is being asked about, with its place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Focus<N> {
    pub(crate) node: N,
    pub(crate) position: usize,
    pub(crate) size: usize,
}

impl<N> Focus<N> {
    pub(crate) fn alone(node: N) -> Self {
        Self { node, position: 1, size: 1 }
    }
}

/// Why a walk stops before its end.
pub(crate) enum Stop {
    /// Enough is known.
    Enough,
    /// It cannot go on.
    Failed(EvalError),
}

pub(crate) type Flow = ControlFlow<Stop>;

pub(crate) fn fail(error: EvalError) -> Flow {
    ControlFlow::Break(Stop::Failed(error))
}

pub(crate) fn finished(flow: Flow) -> Result<(), EvalError> {
    match flow {
        ControlFlow::Break(Stop::Failed(error)) => Err(error),
        _ => Ok(()),
    }
}

pub(crate) type Answer<'a, T> = Result<Value<'a, <T as Tree>::Node>, EvalError>;

/// One evaluation.
pub(crate) struct Eval<'a, T: Tree + ?Sized, H: ?Sized> {
    pub(crate) expr: &'a Expr,
    pub(crate) tree: &'a T,
    pub(crate) host: &'a H,
    /// What `current()` means.
    pub(crate) current: T::Node,
    pub(crate) root: T::Node,
    work: Cell<u64>,
}

impl<'a, T: Tree + ?Sized, H: Host<T> + ?Sized> Eval<'a, T, H> {
    pub(crate) fn new(expr: &'a Expr, context: &Context<'a, T, H>) -> Self {
        Self {
            expr,
            tree: context.tree,
            host: context.host,
            current: context.node,
            root: context.root,
            work: Cell::new(0),
        }
    }

    pub(crate) fn focus(&self) -> Focus<T::Node> {
        Focus::alone(self.current)
    }

    /// Tells the host what the evaluation took.
    fn told<V>(&self, answer: V) -> V {
        self.host.worked(self.work.get());
        answer
    }

    /// Counts one node looked at.
    pub(crate) fn work(&self) -> Result<(), EvalError> {
        let done = self.work.get() + 1;
        self.work.set(done);
        if done > MAX_WORK { Err(EvalError::TooMuchWork { limit: MAX_WORK }) } else { Ok(()) }
    }

    pub(crate) fn value(&self, id: Id, focus: Focus<T::Node>) -> Answer<'a, T> {
        match *self.expr.op(id) {
            Op::Text(text) => Ok(Value::from(self.expr.text(text))),
            Op::Number(number) => Ok(Value::Number(number)),
            Op::Long(text) => Ok(Value::Long(Cow::Borrowed(self.expr.text(text)))),
            Op::Or(_) | Op::And(_) | Op::Compare(..) => self.boolean(id, focus).map(Value::Boolean),
            Op::Arithmetic(..) => self.arithmetic(id, focus),
            Op::Negate(inner) => self.negate(inner, focus),
            Op::Union(_) | Op::Path { .. } | Op::Filter { .. } => self.nodes(id, focus, "a path").map(Value::Nodes),
            Op::Call { function, name, arguments } => {
                self.work()?;
                self.shared_call(id, focus, || self.call(function, name, self.expr.list(arguments), focus))
            }
            Op::Variable(name) => {
                Err(EvalError::NotFound { what: "a variable", id: format!("${}", self.expr.text(name)) })
            }
        }
    }

    fn call(&self, function: u16, name: u32, arguments: &'a [Id], focus: Focus<T::Node>) -> Answer<'a, T> {
        if function == UNKNOWN {
            return Err(EvalError::UnknownFunction { name: self.expr.text(name).to_owned() });
        }
        let row = &functions()[usize::from(function)];
        if !row.takes(arguments.len()) {
            let expected = row.arity();
            return Err(EvalError::WrongArity { name: row.name, expected, found: arguments.len() });
        }
        if let Some((prefix, _)) = row.name.split_once(':')
            && !self.tree.knows_function_prefix(prefix)
        {
            return Err(EvalError::UnknownPrefix { prefix: prefix.to_owned() });
        }
        functions::call(function, self, arguments, focus)
    }

    pub(crate) fn boolean(&self, id: Id, focus: Focus<T::Node>) -> Result<bool, EvalError> {
        match *self.expr.op(id) {
            Op::Or(run) => {
                for part in self.expr.list(run) {
                    if self.boolean(*part, focus)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Op::And(run) => {
                for part in self.expr.list(run) {
                    if !self.boolean(*part, focus)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Op::Compare(compare, left, right) => compare::compare(self, compare, left, right, focus),
            Op::Union(run) => {
                for part in self.expr.list(run) {
                    if !self.nodes(*part, focus, "|")?.is_empty() {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Op::Path { .. } => {
                let mut found = false;
                self.each_node(id, focus, &mut |_| {
                    found = true;
                    ControlFlow::Break(Stop::Enough)
                })?;
                Ok(found)
            }
            _ => Ok(self.value(id, focus)?.to_boolean()),
        }
    }

    pub(crate) fn string(&self, id: Id, focus: Focus<T::Node>) -> Result<Cow<'a, str>, EvalError> {
        match self.value_of_first(id, focus)? {
            First::Node(Some(node)) => Ok(self.tree.string_value(node)),
            First::Node(None) => Ok(Cow::Borrowed("")),
            First::Value(value) => Ok(self.text(value)),
        }
    }

    /// The text of a value.
    pub(crate) fn text(&self, value: Value<'a, T::Node>) -> Cow<'a, str> {
        match value {
            Value::String(text) | Value::Long(text) => text,
            Value::Nodes(nodes) => nodes.first().map_or(Cow::Borrowed(""), |node| self.tree.string_value(node)),
            other => other.text().unwrap_or_default(),
        }
    }

    /// The value with nodes replaced by the first one's value, read by its type.
    pub(crate) fn atom(&self, id: Id, focus: Focus<T::Node>) -> Answer<'a, T> {
        match self.value_of_first(id, focus)? {
            First::Node(node) => Ok(self.atom_of(node)),
            First::Value(Value::Nodes(nodes)) => Ok(self.atom_of(nodes.first())),
            First::Value(value) => Ok(value),
        }
    }

    fn value_of_first(&self, id: Id, focus: Focus<T::Node>) -> Result<First<'a, T>, EvalError> {
        if let Op::Path { ordered: true, start, steps } = *self.expr.op(id)
            && let Some(begin) = self.single_start(start, focus)?
        {
            let mut first = None;
            finished(self.walk(self.expr.steps(steps), begin, focus, &mut |node| {
                first = Some(node);
                ControlFlow::Break(Stop::Enough)
            }))?;
            return Ok(First::Node(first));
        }
        self.value(id, focus).map(First::Value)
    }

    /// The one node that a path begins at; None if there are several or none.
    fn single_start(&self, start: Start, focus: Focus<T::Node>) -> Result<Option<T::Node>, EvalError> {
        match start {
            Start::Root => Ok(Some(self.root)),
            Start::Context => Ok(Some(focus.node)),
            Start::Expression(base) => match self.expr.op(base) {
                Op::Call { .. } => match self.nodes(base, focus, "/")?.as_slice() {
                    [only] => Ok(Some(*only)),
                    _ => Ok(None),
                },
                _ => Ok(None),
            },
        }
    }

    pub(crate) fn number(&self, id: Id, focus: Focus<T::Node>) -> Result<f64, EvalError> {
        let atom = self.atom(id, focus)?;
        Ok(self.number_of(&atom))
    }

    pub(crate) fn nodes(
        &self,
        id: Id,
        focus: Focus<T::Node>,
        what: &'static str,
    ) -> Result<NodeSet<T::Node>, EvalError> {
        match *self.expr.op(id) {
            Op::Path { start, steps, ordered } => self.path(start, steps, ordered, focus),
            Op::Union(run) => {
                let mut all = NodeSet::Empty;
                for part in self.expr.list(run) {
                    for node in self.nodes(*part, focus, "|")?.iter() {
                        all.push(node);
                    }
                }
                put_in_order(self.tree, &mut all);
                Ok(all)
            }
            Op::Filter { base, predicates } => {
                let mut nodes = self.nodes(base, focus, "[…]")?;
                for predicate in self.expr.list(predicates) {
                    nodes = self.filtered(*predicate, &nodes)?;
                }
                Ok(nodes)
            }
            _ => match self.value(id, focus)? {
                Value::Nodes(nodes) => Ok(nodes),
                other => Err(EvalError::NeedsNodes { what, found: other.type_name() }),
            },
        }
    }

    /// Hands on each node of an expression that gives nodes: of a path in walking order, perhaps some twice.
    pub(crate) fn each_node(
        &self,
        id: Id,
        focus: Focus<T::Node>,
        found: &mut dyn FnMut(T::Node) -> Flow,
    ) -> Result<(), EvalError> {
        if let Op::Path { start, steps, .. } = *self.expr.op(id) {
            let steps = self.expr.steps(steps);
            let begin = match start {
                Start::Root => self.root,
                Start::Context => focus.node,
                Start::Expression(base) => {
                    let begin = self.nodes(base, focus, "/")?;
                    for node in begin.iter() {
                        match self.walk(steps, node, focus, found) {
                            ControlFlow::Continue(()) => {}
                            ControlFlow::Break(Stop::Enough) => return Ok(()),
                            ControlFlow::Break(Stop::Failed(error)) => return Err(error),
                        }
                    }
                    return Ok(());
                }
            };
            return finished(self.walk(steps, begin, focus, found));
        }
        for node in self.nodes(id, focus, "a path")?.iter() {
            match found(node) {
                ControlFlow::Continue(()) => {}
                ControlFlow::Break(Stop::Enough) => return Ok(()),
                ControlFlow::Break(Stop::Failed(error)) => return Err(error),
            }
        }
        Ok(())
    }
}

enum First<'a, T: Tree + ?Sized> {
    Node(Option<T::Node>),
    Value(Value<'a, T::Node>),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Document, TestHost};

    #[test]
    fn work_is_limited() {
        let mut document = Document::new();
        document.open("a");
        for _ in 0..100 {
            document.leaf("b", "");
        }
        document.close();
        let host = TestHost::at("2017-06-01T08:00:00+08:00");
        let context = host.context(&document, document.root());
        let expr = crate::parse("count(//b)").expect("an expression");
        let eval = Eval::new(&expr, &context);
        assert!(eval.value(expr.root, eval.focus()).is_ok());
        eval.work.set(MAX_WORK - 50);
        let error = eval.value(expr.root, eval.focus()).expect_err("too much");
        assert_eq!(error, EvalError::TooMuchWork { limit: MAX_WORK });
    }
}
