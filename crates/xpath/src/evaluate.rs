//! Expressions to values.

use std::borrow::Cow;
use std::cell::Cell;
use std::ops::ControlFlow;

use chrono::{DateTime, FixedOffset, NaiveDateTime};

use crate::ast::{Arithmetic, Expr, Id, Op, Start, UNKNOWN};
use crate::compare;
use crate::context::{Context, Host};
use crate::error::EvalError;
use crate::functions;
use crate::nodeset::{NodeSet, put_in_order};
use crate::number::{is_long, parse_number};
use crate::temporal::{
    DAY, Parsed, TimeOfDay, at_offset, days_of_date, local_days, parse_temporal, parse_time, utc_days,
};
use crate::tree::{Tree, ValueType};
use crate::value::Value;

/// How many nodes one evaluation may look at. A form of 10,000 questions with a quadratic expression stays below; an
/// expression made to hang the program does not.
pub(crate) const WORK_LIMIT: u64 = 20_000_000;

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
    eval.value(expr.root, eval.focus())
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
    eval.boolean(expr.root, eval.focus())
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
    eval.string(expr.root, eval.focus())
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
    let atom = eval.atom(expr.root, eval.focus())?;
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
    eval.nodes(expr.root, eval.focus(), "the expression")
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

    /// Counts one node looked at.
    pub(crate) fn work(&self) -> Result<(), EvalError> {
        let done = self.work.get() + 1;
        self.work.set(done);
        if done > WORK_LIMIT { Err(EvalError::TooMuchWork { limit: WORK_LIMIT }) } else { Ok(()) }
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

    fn atom_of(&self, node: Option<T::Node>) -> Value<'a, T::Node> {
        node.map_or_else(|| Value::from(""), |node| self.typed(node))
    }

    /// The value of a node, read by its type; text where it cannot be read so.
    pub(crate) fn typed(&self, node: T::Node) -> Value<'a, T::Node> {
        let text = self.tree.string_value(node);
        let read = match self.tree.value_type(node) {
            ValueType::Text => None,
            ValueType::Date => match parse_temporal(&text) {
                Some(Parsed::Date(date)) => Some(Value::Date(date)),
                Some(Parsed::DateTime(moment, _)) => Some(Value::Date(moment.date())),
                None => None,
            },
            ValueType::DateTime => self.moment_of(&text).map(Value::DateTime),
            ValueType::Time => parse_time(&text).map(Value::Time),
        };
        read.unwrap_or(Value::String(text))
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

    /// The number of a value, as operators and functions take it: of dates, local days.
    pub(crate) fn number_of(&self, value: &Value<'_, T::Node>) -> f64 {
        match value {
            Value::Number(number) | Value::Days(number) => *number,
            Value::Boolean(value) => f64::from(u8::from(*value)),
            Value::Long(text) => parse_number(text),
            Value::String(text) => {
                let number = parse_number(text);
                if number.is_nan() { self.days_of_text(text).unwrap_or(f64::NAN) } else { number }
            }
            Value::Nodes(nodes) => self.number_of(&self.atom_of(nodes.first())),
            Value::Date(date) => days_of_date(*date),
            Value::DateTime(moment) => local_days(self.local(*moment)),
            Value::Time(time) => self.fraction_of_day(*time),
        }
    }

    /// The number of a value, as `number()` gives it: a date written as text is its decimal-date-time.
    pub(crate) fn number_as_asked(&self, value: &Value<'_, T::Node>) -> f64 {
        if let Value::String(text) = value {
            let number = parse_number(text);
            if number.is_nan()
                && let Some(moment) = self.moment_of(text)
            {
                return utc_days(moment);
            }
            return number;
        }
        self.number_of(value)
    }

    /// Local days of a date, or date and time, written as text.
    pub(crate) fn days_of_text(&self, text: &str) -> Option<f64> {
        match parse_temporal(text)? {
            Parsed::Date(date) => Some(days_of_date(date)),
            Parsed::DateTime(..) => self.moment_of(text).map(|moment| local_days(self.local(moment))),
        }
    }

    /// The moment that a date (its local midnight), or a date and time, means.
    pub(crate) fn moment_of(&self, text: &str) -> Option<DateTime<FixedOffset>> {
        match parse_temporal(text)? {
            Parsed::Date(date) => self.at_local(date.and_time(chrono::NaiveTime::MIN)),
            Parsed::DateTime(moment, Some(offset)) => at_offset(moment, offset),
            Parsed::DateTime(moment, None) => self.at_local(moment),
        }
    }

    pub(crate) fn at_local(&self, local: NaiveDateTime) -> Option<DateTime<FixedOffset>> {
        at_offset(local, self.host.offset_at(local))
    }

    /// What a local clock shows at that moment.
    pub(crate) fn local(&self, moment: DateTime<FixedOffset>) -> NaiveDateTime {
        let guess = moment.naive_utc() + *self.host.now().offset();
        moment.naive_utc() + self.host.offset_at(guess)
    }

    /// The moment with the offset that local clocks have then.
    pub(crate) fn in_local_zone(&self, moment: DateTime<FixedOffset>) -> DateTime<FixedOffset> {
        let guess = moment.naive_utc() + *self.host.now().offset();
        moment.with_timezone(&self.host.offset_at(guess))
    }

    /// The fraction of the local day that has passed at that time.
    pub(crate) fn fraction_of_day(&self, time: TimeOfDay) -> f64 {
        let own = *self.host.now().offset();
        let shift = time.offset.map_or(0, |offset| own.local_minus_utc() - offset.local_minus_utc());
        let (local, _) = time.time.overflowing_add_signed(chrono::TimeDelta::seconds(i64::from(shift)));
        let passed = local.signed_duration_since(chrono::NaiveTime::MIN).num_milliseconds();
        passed as f64 / DAY
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

    fn negate(&self, inner: Id, focus: Focus<T::Node>) -> Answer<'a, T> {
        match self.atom(inner, focus)? {
            Value::Long(text) => Ok(negated(&text)),
            Value::String(text) if is_long(&text) => Ok(negated(&text)),
            other => Ok(Value::Number(-self.number_of(&other))),
        }
    }

    /// `+ - * div mod`. A chain of them leans to the left, thousands deep in a long sum, so the left side is followed
    /// by a loop.
    fn arithmetic(&self, id: Id, focus: Focus<T::Node>) -> Answer<'a, T> {
        let mut chain = Vec::new();
        let mut at = id;
        while let Op::Arithmetic(op, left, right) = *self.expr.op(at) {
            chain.push((op, right));
            at = left;
        }
        let mut sum = self.atom(at, focus)?;
        while let Some((op, right)) = chain.pop() {
            let right = self.atom(right, focus)?;
            sum = self.combine(op, &sum, &right)?;
        }
        Ok(sum)
    }

    fn combine(&self, op: Arithmetic, left: &Value<'a, T::Node>, right: &Value<'a, T::Node>) -> Answer<'a, T> {
        let what = match op {
            Arithmetic::Add => "+",
            Arithmetic::Subtract => "-",
            Arithmetic::Multiply => "*",
            Arithmetic::Divide => "div",
            Arithmetic::Modulo => "mod",
        };
        if is_long_value(left) || is_long_value(right) {
            return Err(EvalError::LosesDigits { what });
        }
        let (a, b) = (self.number_of(left), self.number_of(right));
        let number = match op {
            Arithmetic::Add => a + b,
            Arithmetic::Subtract => a - b,
            Arithmetic::Multiply => a * b,
            Arithmetic::Divide => a / b,
            Arithmetic::Modulo => a % b,
        };
        let whole = |number: f64| number.is_finite() && number.fract() == 0.0;
        // What the rounding of the result took away, exactly.
        let lost = match op {
            Arithmetic::Add => rounded_off(a, b, number),
            Arithmetic::Subtract => rounded_off(a, -b, number),
            Arithmetic::Multiply => a.mul_add(b, -number),
            Arithmetic::Divide | Arithmetic::Modulo => 0.0,
        };
        if lost != 0.0 && whole(a) && whole(b) && whole(number) {
            return Err(EvalError::LosesDigits { what });
        }
        let dates = (is_date(left), is_date(right));
        match (op, dates) {
            (Arithmetic::Add, (true, false) | (false, true)) | (Arithmetic::Subtract, (true, false)) => {
                Ok(Value::Days(number))
            }
            _ => Ok(Value::Number(number)),
        }
    }
}

enum First<'a, T: Tree + ?Sized> {
    Node(Option<T::Node>),
    Value(Value<'a, T::Node>),
}

/// The error of a sum of floats (Knuth's two-sum).
fn rounded_off(a: f64, b: f64, sum: f64) -> f64 {
    let of_b = sum - a;
    (a - (sum - of_b)) + (b - of_b)
}

fn negated<'a, N>(text: &str) -> Value<'a, N> {
    let text = crate::number::trim(text);
    Value::Long(Cow::Owned(match text.strip_prefix('-') {
        Some(digits) => digits.to_owned(),
        None => format!("-{text}"),
    }))
}

pub(crate) fn is_long_value<N>(value: &Value<'_, N>) -> bool {
    match value {
        Value::Long(_) => true,
        Value::String(text) => is_long(text),
        _ => false,
    }
}

fn is_date<N>(value: &Value<'_, N>) -> bool {
    match value {
        Value::Date(_) | Value::DateTime(_) | Value::Days(_) => true,
        Value::String(text) => parse_temporal(text).is_some(),
        _ => false,
    }
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
        eval.work.set(WORK_LIMIT - 50);
        let error = eval.value(expr.root, eval.focus()).expect_err("too much");
        assert_eq!(error, EvalError::TooMuchWork { limit: WORK_LIMIT });
    }
}
