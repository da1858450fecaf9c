//! `= != < <= > >=` between values of any types.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::ops::ControlFlow;

use crate::ast::{Compare, Id, Op, Start};
use crate::context::Host;
use crate::convert::is_long_value;
use crate::error::EvalError;
use crate::evaluate::{Eval, Focus, Stop};
use crate::number::{compare_integers, parse_number, trim};
use crate::temporal::{Parsed, parse_temporal, parse_time};
use crate::tree::{Tree, ValueType};
use crate::value::Value;

pub(crate) fn compare<'a, T: Tree + ?Sized, H: Host<T> + ?Sized>(
    eval: &Eval<'a, T, H>,
    compare: Compare,
    left: Id,
    right: Id,
    focus: Focus<T::Node>,
) -> Result<bool, EvalError> {
    let is_path = |id| matches!(eval.expr.op(id), Op::Path { .. });
    match (is_path(left), is_path(right)) {
        (true, false) => {
            let (right_id, right) = (right, eval.value(right, focus)?);
            if !matches!(right, Value::Nodes(_) | Value::Boolean(_)) {
                return path_against(eval, compare, left, &right, focus);
            }
            let right = or_blank(eval, right_id, right, focus)?;
            values(eval, compare, &or_blank(eval, left, eval.value(left, focus)?, focus)?, &right)
        }
        (false, true) => {
            let (left_id, left) = (left, eval.value(left, focus)?);
            if !matches!(left, Value::Nodes(_) | Value::Boolean(_)) {
                return path_against(eval, turned(compare), right, &left, focus);
            }
            let left = or_blank(eval, left_id, left, focus)?;
            values(eval, compare, &left, &or_blank(eval, right, eval.value(right, focus)?, focus)?)
        }
        _ => {
            let left = or_blank(eval, left, eval.value(left, focus)?, focus)?;
            values(eval, compare, &left, &or_blank(eval, right, eval.value(right, focus)?, focus)?)
        }
    }
}

/// Is any node of the path in that relation to the value? Stops at the first.
fn path_against<'a, T: Tree + ?Sized, H: Host<T> + ?Sized>(
    eval: &Eval<'a, T, H>,
    compare: Compare,
    path: Id,
    value: &Value<'a, T::Node>,
    focus: Focus<T::Node>,
) -> Result<bool, EvalError> {
    let (mut found, mut any) = (false, false);
    eval.each_node(path, focus, &mut |node| {
        any = true;
        found = node_against(eval, compare, node, value);
        if found { ControlFlow::Break(Stop::Enough) } else { ControlFlow::Continue(()) }
    })?;
    if !any && absence_is_blank(eval, path, focus)? {
        return Ok(atoms(eval, compare, &Value::String("".into()), value));
    }
    Ok(found)
}

/// The value, or an empty text in place of no nodes where the tree says so.
fn or_blank<'a, T: Tree + ?Sized, H: Host<T> + ?Sized>(
    eval: &Eval<'a, T, H>,
    id: Id,
    value: Value<'a, T::Node>,
    focus: Focus<T::Node>,
) -> Result<Value<'a, T::Node>, EvalError> {
    let nothing = matches!(&value, Value::Nodes(nodes) if nodes.is_empty());
    Ok(if nothing && absence_is_blank(eval, id, focus)? { Value::String("".into()) } else { value })
}

fn absence_is_blank<T: Tree + ?Sized, H: Host<T> + ?Sized>(
    eval: &Eval<'_, T, H>,
    id: Id,
    focus: Focus<T::Node>,
) -> Result<bool, EvalError> {
    Ok(match *eval.expr.op(id) {
        Op::Path { start: Start::Root, .. } => eval.tree.absence_is_blank(eval.root),
        Op::Path { start: Start::Expression(base), .. } => {
            eval.nodes(base, focus, "/")?.first().is_some_and(|start| eval.tree.absence_is_blank(start))
        }
        _ => eval.tree.absence_is_blank(focus.node),
    })
}

fn node_against<'a, T: Tree + ?Sized, H: Host<T> + ?Sized>(
    eval: &Eval<'a, T, H>,
    compare: Compare,
    node: T::Node,
    value: &Value<'a, T::Node>,
) -> bool {
    // The commonest comparison of all, without a copy.
    if let (Compare::Equal | Compare::NotEqual, Value::String(text), ValueType::Text) =
        (compare, value, eval.tree.value_type(node))
    {
        return (eval.tree.string_value(node) == *text) == (compare == Compare::Equal);
    }
    atoms(eval, compare, &eval.typed(node), value)
}

/// `node = value`, as a predicate asks it.
pub(crate) fn node_equals<'a, T: Tree + ?Sized, H: Host<T> + ?Sized>(
    eval: &Eval<'a, T, H>,
    node: T::Node,
    value: &Value<'a, T::Node>,
) -> bool {
    match value {
        Value::Boolean(value) => *value,
        Value::Nodes(nodes) => {
            nodes.iter().any(|other| atoms(eval, Compare::Equal, &eval.typed(node), &eval.typed(other)))
        }
        value => node_against(eval, Compare::Equal, node, value),
    }
}

fn values<'a, T: Tree + ?Sized, H: Host<T> + ?Sized>(
    eval: &Eval<'a, T, H>,
    compare: Compare,
    left: &Value<'a, T::Node>,
    right: &Value<'a, T::Node>,
) -> Result<bool, EvalError> {
    Ok(match (left, right) {
        // XPath 1.0 would ask for truth in orderings too; every engine that has them takes each node's number.
        (Value::Nodes(_), Value::Boolean(_)) | (Value::Boolean(_), Value::Nodes(_))
            if matches!(compare, Compare::Equal | Compare::NotEqual) =>
        {
            let truth = |value: &Value<'a, T::Node>| Value::Boolean(value.to_boolean());
            atoms(eval, compare, &truth(left), &truth(right))
        }
        (Value::Nodes(left), Value::Nodes(right)) => {
            if compare == Compare::Equal && left.len() > 8 && right.len() > 8 && all_text(eval, left.iter()) {
                let texts: HashSet<_> = right.iter().map(|node| eval.tree.string_value(node)).collect();
                return Ok(left.iter().any(|node| texts.contains(&eval.tree.string_value(node))));
            }
            let right: Vec<_> = right.iter().map(|node| eval.typed(node)).collect();
            for left in left.iter() {
                let left = eval.typed(left);
                for right in &right {
                    eval.work()?;
                    if atoms(eval, compare, &left, right) {
                        return Ok(true);
                    }
                }
            }
            false
        }
        (Value::Nodes(nodes), value) => nodes.iter().any(|node| node_against(eval, compare, node, value)),
        (value, Value::Nodes(nodes)) => nodes.iter().any(|node| node_against(eval, turned(compare), node, value)),
        _ => atoms(eval, compare, left, right),
    })
}

fn all_text<T: Tree + ?Sized, H: Host<T> + ?Sized>(
    eval: &Eval<'_, T, H>,
    mut nodes: impl Iterator<Item = T::Node>,
) -> bool {
    nodes.all(|node| eval.tree.value_type(node) == ValueType::Text)
}

fn turned(compare: Compare) -> Compare {
    match compare {
        Compare::Less => Compare::Greater,
        Compare::LessOrEqual => Compare::GreaterOrEqual,
        Compare::Greater => Compare::Less,
        Compare::GreaterOrEqual => Compare::LessOrEqual,
        same => same,
    }
}

/// Neither side is a set of nodes.
fn atoms<'a, T: Tree + ?Sized, H: Host<T> + ?Sized>(
    eval: &Eval<'a, T, H>,
    compare: Compare,
    left: &Value<'a, T::Node>,
    right: &Value<'a, T::Node>,
) -> bool {
    let equality = matches!(compare, Compare::Equal | Compare::NotEqual);
    let ordering = if equality && (is_boolean(left) || is_boolean(right)) {
        left.to_boolean().partial_cmp(&right.to_boolean())
    } else if is_temporal(left) || is_temporal(right) {
        temporal(eval, left, right)
    } else if let (true, Value::String(left), Value::String(right)) = (equality, left, right) {
        return (left == right) == (compare == Compare::Equal);
    } else {
        numbers(eval, left, right)
    };
    match compare {
        Compare::Equal => ordering == Some(Ordering::Equal),
        Compare::NotEqual => ordering != Some(Ordering::Equal),
        Compare::Less => ordering == Some(Ordering::Less),
        Compare::LessOrEqual => matches!(ordering, Some(Ordering::Less | Ordering::Equal)),
        Compare::Greater => ordering == Some(Ordering::Greater),
        Compare::GreaterOrEqual => matches!(ordering, Some(Ordering::Greater | Ordering::Equal)),
    }
}

fn is_boolean<N>(value: &Value<'_, N>) -> bool {
    matches!(value, Value::Boolean(_))
}

fn is_temporal<N>(value: &Value<'_, N>) -> bool {
    matches!(value, Value::Date(_) | Value::DateTime(_) | Value::Time(_))
}

fn numbers<'a, T: Tree + ?Sized, H: Host<T> + ?Sized>(
    eval: &Eval<'a, T, H>,
    left: &Value<'a, T::Node>,
    right: &Value<'a, T::Node>,
) -> Option<Ordering> {
    let (a, b) = (eval.number_of(left), eval.number_of(right));
    if (is_long_value(left) || is_long_value(right)) && a.is_finite() && b.is_finite() {
        // The floor settles it unless the whole parts are equal.
        let (whole_a, whole_b) = (whole_digits(left, a), whole_digits(right, b));
        return Some(compare_integers(&whole_a, &whole_b).then_with(|| a.fract().total_cmp(&b.fract())));
    }
    a.partial_cmp(&b)
}

fn whole_digits<N>(value: &Value<'_, N>, number: f64) -> String {
    match value {
        Value::Long(text) | Value::String(text) if parse_number(text).fract() == 0.0 => {
            trim(text).split('.').next().unwrap_or_default().to_owned()
        }
        _ => format!("{:.0}", number.trunc()),
    }
}

/// At least one side is a date, a date and time, or a time. A day is compared with a moment by its local day: what is
/// asked with `. <= today()` is asked about days.
fn temporal<'a, T: Tree + ?Sized, H: Host<T> + ?Sized>(
    eval: &Eval<'a, T, H>,
    left: &Value<'a, T::Node>,
    right: &Value<'a, T::Node>,
) -> Option<Ordering> {
    let time = |value: &Value<'a, T::Node>| match value {
        Value::Time(time) => Some(*time),
        Value::String(text) => parse_time(trim(text)),
        _ => None,
    };
    if matches!(left, Value::Time(_)) || matches!(right, Value::Time(_)) {
        if let (Some(left), Some(right)) = (time(left), time(right)) {
            return eval.fraction_of_day(left).partial_cmp(&eval.fraction_of_day(right));
        }
        return eval.number_of(left).partial_cmp(&eval.number_of(right));
    }
    let read = |value: &Value<'a, T::Node>| match value {
        Value::Date(date) => Some((*date, None)),
        Value::DateTime(moment) => Some((eval.local(*moment).date(), Some(*moment))),
        Value::String(text) => match parse_temporal(text)? {
            Parsed::Date(date) => Some((date, None)),
            Parsed::DateTime(..) => {
                let moment = eval.moment_of(text)?;
                Some((eval.local(moment).date(), Some(moment)))
            }
        },
        _ => None,
    };
    match (read(left), read(right)) {
        (Some((_, Some(left))), Some((_, Some(right)))) => Some(left.cmp(&right)),
        (Some((left, _)), Some((right, _))) => Some(left.cmp(&right)),
        _ => match (left, right) {
            (Value::String(text), _) | (_, Value::String(text)) if parse_number(text).is_nan() => None,
            _ => eval.number_of(left).partial_cmp(&eval.number_of(right)),
        },
    }
}
