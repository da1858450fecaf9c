//! Functions about truth, and those that choose.

use super::function;
use crate::ast::Id;
use crate::context::Host;
use crate::error::EvalError;
use crate::evaluate::{Eval, Focus};
use crate::number::trim;
use crate::tree::Tree;
use crate::value::Value;

function! { yes(_eval, _arguments, _focus) {
    Ok(Value::Boolean(true))
} }

function! { no(_eval, _arguments, _focus) {
    Ok(Value::Boolean(false))
} }

function! { boolean(eval, arguments, focus) {
    eval.boolean(arguments[0], focus).map(Value::Boolean)
} }

function! { not(eval, arguments, focus) {
    eval.boolean(arguments[0], focus).map(|value| Value::Boolean(!value))
} }

function! { boolean_from_string(eval, arguments, focus) {
    let text = eval.string(arguments[0], focus)?;
    Ok(Value::Boolean(matches!(trim(&text), "1" | "true")))
} }

function! {
/// `if`: only the branch that is taken is evaluated, and keeps its type.
choose(eval, arguments, focus) {
    let taken = if eval.boolean(arguments[0], focus)? { arguments[1] } else { arguments[2] };
    eval.value(taken, focus)
} }

function! { coalesce(eval, arguments, focus) {
    let first = eval.atom(arguments[0], focus)?;
    let empty = match &first {
        Value::String(text) => text.is_empty(),
        Value::Number(number) | Value::Days(number) => number.is_nan(),
        _ => false,
    };
    if empty { eval.value(arguments[1], focus) } else { Ok(first) }
} }

function! { once(eval, arguments, focus) {
    let own = eval.tree.string_value(eval.current);
    if own.is_empty() { eval.value(arguments[0], focus) } else { Ok(Value::String(own)) }
} }

function! { depend(eval, arguments, focus) {
    eval.value(arguments[0], focus)
} }

function! { checklist(eval, arguments, focus) {
    let (least, most) = bounds(eval, arguments, focus)?;
    let mut count = 0.0;
    for argument in &arguments[2..] {
        count += trues(eval, *argument, focus)?.into_iter().filter(|value| *value).count() as f64;
    }
    Ok(Value::Boolean(within(count, least, most)))
} }

function! { weighted_checklist(eval, arguments, focus) {
    if !arguments.len().is_multiple_of(2) {
        return Err(EvalError::BadArgument {
            what: "weighted-checklist()",
            expected: "the least, the most, and then a weight after each value",
        });
    }
    let (least, most) = bounds(eval, arguments, focus)?;
    let mut sum = 0.0;
    for pair in arguments[2..].chunks_exact(2) {
        let values = trues(eval, pair[0], focus)?;
        let weights = match eval.value(pair[1], focus)? {
            Value::Nodes(nodes) => nodes.iter().map(|node| eval.number_of(&eval.typed(node))).collect(),
            other => vec![eval.number_of(&other)],
        };
        for (value, weight) in values.into_iter().zip(weights) {
            if value {
                sum += weight;
            }
        }
    }
    Ok(Value::Boolean(within(sum, least, most)))
} }

/// The first two arguments; -1 is no bound.
fn bounds<'a, T: Tree + ?Sized, H: Host<T> + ?Sized>(
    eval: &Eval<'a, T, H>,
    arguments: &'a [Id],
    focus: Focus<T::Node>,
) -> Result<(Option<f64>, Option<f64>), EvalError> {
    let bound = |number: f64| (number != -1.0).then_some(number);
    Ok((bound(eval.number(arguments[0], focus)?), bound(eval.number(arguments[1], focus)?)))
}

fn within(number: f64, least: Option<f64>, most: Option<f64>) -> bool {
    least.is_none_or(|least| number >= least) && most.is_none_or(|most| number <= most)
}

/// The truth of a value, or of the text of each node of a path.
fn trues<'a, T: Tree + ?Sized, H: Host<T> + ?Sized>(
    eval: &Eval<'a, T, H>,
    argument: Id,
    focus: Focus<T::Node>,
) -> Result<Vec<bool>, EvalError> {
    Ok(match eval.value(argument, focus)? {
        Value::Nodes(nodes) => nodes.iter().map(|node| !eval.tree.string_value(node).is_empty()).collect(),
        other => vec![other.to_boolean()],
    })
}
