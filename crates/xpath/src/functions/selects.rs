//! Functions about choices: names in a list, parted by white space.

use super::function;
use crate::value::Value;

function! { selected(eval, arguments, focus) {
    let list = eval.string(arguments[0], focus)?;
    let wanted = eval.string(arguments[1], focus)?;
    let wanted = wanted.trim_ascii();
    if wanted.is_empty() {
        return Ok(Value::Boolean(list.trim_ascii().is_empty()));
    }
    Ok(Value::Boolean(list.split_ascii_whitespace().any(|choice| choice == wanted)))
} }

function! { count_selected(eval, arguments, focus) {
    let list = eval.string(arguments[0], focus)?;
    Ok(Value::Number(list.split_ascii_whitespace().count() as f64))
} }

function! { selected_at(eval, arguments, focus) {
    let list = eval.string(arguments[0], focus)?;
    let place = eval.number(arguments[1], focus)?.trunc();
    // Not a number, negative, or beyond the end: nothing.
    if place.is_nan() || place < 0.0 {
        return Ok(Value::from(""));
    }
    let choice = list.split_ascii_whitespace().nth(place as usize).unwrap_or_default();
    Ok(Value::from(choice.to_owned()))
} }
