//! Sums and bounds.

use super::function;
use crate::convert::is_long_value;
use crate::error::EvalError;
use crate::value::Value;

function! { sum(eval, arguments, focus) {
    let mut sum = 0.0;
    for node in eval.nodes(arguments[0], focus, "sum()")?.iter() {
        let value = eval.typed(node);
        if is_long_value(&value) {
            return Err(EvalError::LosesDigits { what: "sum()" });
        }
        sum += eval.number_of(&value);
    }
    Ok(Value::Number(sum))
} }

function! { max(eval, arguments, focus) {
    let mut most = f64::NEG_INFINITY;
    let mut count = 0;
    for argument in arguments {
        match eval.value(*argument, focus)? {
            Value::Nodes(nodes) => {
                for node in nodes.iter() {
                    count += 1;
                    most = greater(most, eval.number_of(&eval.typed(node)));
                }
            }
            other => {
                count += 1;
                most = greater(most, eval.number_of(&other));
            }
        }
    }
    Ok(Value::Number(if count == 0 { f64::NAN } else { most }))
} }

function! { min(eval, arguments, focus) {
    let mut least = f64::INFINITY;
    let mut count = 0;
    for argument in arguments {
        match eval.value(*argument, focus)? {
            Value::Nodes(nodes) => {
                for node in nodes.iter() {
                    count += 1;
                    least = -greater(-least, -eval.number_of(&eval.typed(node)));
                }
            }
            other => {
                count += 1;
                least = -greater(-least, -eval.number_of(&other));
            }
        }
    }
    Ok(Value::Number(if count == 0 { f64::NAN } else { least }))
} }

/// The greater of two; not a number if one is not.
fn greater(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() { f64::NAN } else { a.max(b) }
}
