//! Functions about text. A character is a Unicode code point: none of these cuts one in half.

use std::borrow::Cow;
use std::collections::HashMap;

use super::function;
use crate::ast::Id;
use crate::context::Host;
use crate::error::EvalError;
use crate::evaluate::{Eval, Focus};
use crate::number::round_half_up;
use crate::tree::Tree;
use crate::value::Value;

/// The longest text that `concat()` and `join()` make, in bytes. Without it forty calculations that each double the one
/// before would fill any memory.
pub const MAX_TEXT: usize = 1 << 20;

/// The first argument as text, or the context node's text where there is none.
fn text_or_context<'a, T: Tree + ?Sized, H: Host<T> + ?Sized>(
    eval: &Eval<'a, T, H>,
    arguments: &[Id],
    focus: Focus<T::Node>,
) -> Result<Cow<'a, str>, EvalError> {
    match arguments.first() {
        Some(argument) => eval.string(*argument, focus),
        None => Ok(eval.tree.string_value(focus.node)),
    }
}

function! { string(eval, arguments, focus) {
    text_or_context(eval, arguments, focus).map(Value::String)
} }

function! { concat(eval, arguments, focus) {
    let mut all = String::new();
    for_each_text(eval, arguments, focus, |text| append(&mut all, text, "concat()"))?;
    Ok(Value::from(all))
} }

function! { join(eval, arguments, focus) {
    let separator = eval.string(arguments[0], focus)?;
    let mut all = String::new();
    let mut first = true;
    for_each_text(eval, &arguments[1..], focus, |text| {
        if !std::mem::take(&mut first) {
            append(&mut all, &separator, "join()")?;
        }
        append(&mut all, text, "join()")
    })?;
    Ok(Value::from(all))
} }

fn append(all: &mut String, text: &str, what: &'static str) -> Result<(), EvalError> {
    if all.len() + text.len() > MAX_TEXT {
        return Err(EvalError::TextTooLong { what, limit: MAX_TEXT });
    }
    all.push_str(text);
    Ok(())
}

fn for_each_text<'a, T: Tree + ?Sized, H: Host<T> + ?Sized>(
    eval: &Eval<'a, T, H>,
    arguments: &'a [Id],
    focus: Focus<T::Node>,
    mut with: impl FnMut(&str) -> Result<(), EvalError>,
) -> Result<(), EvalError> {
    for argument in arguments {
        match eval.value(*argument, focus)? {
            Value::Nodes(nodes) => nodes.iter().try_for_each(|node| with(&eval.tree.string_value(node)))?,
            other => with(&eval.text(other))?,
        }
    }
    Ok(())
}

function! { contains(eval, arguments, focus) {
    Ok(Value::Boolean(eval.string(arguments[0], focus)?.contains(&*eval.string(arguments[1], focus)?)))
} }

function! { starts_with(eval, arguments, focus) {
    Ok(Value::Boolean(eval.string(arguments[0], focus)?.starts_with(&*eval.string(arguments[1], focus)?)))
} }

function! { ends_with(eval, arguments, focus) {
    Ok(Value::Boolean(eval.string(arguments[0], focus)?.ends_with(&*eval.string(arguments[1], focus)?)))
} }

function! { substring_before(eval, arguments, focus) {
    let text = eval.string(arguments[0], focus)?;
    let at = text.find(&*eval.string(arguments[1], focus)?);
    Ok(Value::String(at.map_or(Cow::Borrowed(""), |at| part(text, 0, at))))
} }

function! { substring_after(eval, arguments, focus) {
    let text = eval.string(arguments[0], focus)?;
    let other = eval.string(arguments[1], focus)?;
    let at = text.find(&*other);
    Ok(Value::String(at.map_or(Cow::Borrowed(""), |at| {
        let len = text.len();
        part(text, at + other.len(), len)
    })))
} }

/// A part of a text, by bytes at the boundaries of characters, borrowed where the text is.
fn part(text: Cow<'_, str>, start: usize, end: usize) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(&text[start..end]),
        Cow::Owned(text) => Cow::Owned(text[start..end].to_owned()),
    }
}

/// The byte at which the character with that number begins, or the end.
fn byte_of(text: &str, character: usize) -> usize {
    if text.is_ascii() {
        return character.min(text.len());
    }
    text.char_indices().nth(character).map_or(text.len(), |(at, _)| at)
}

function! { substring(eval, arguments, focus) {
    let text = eval.string(arguments[0], focus)?;
    // Both bounds are rounded, and a character is taken if its number lies between them; so NaN takes none.
    let first = round_half_up(eval.number(arguments[1], focus)?);
    let behind = match arguments.get(2) {
        Some(count) => first + round_half_up(eval.number(*count, focus)?),
        None => f64::INFINITY,
    };
    if first.is_nan() || behind.is_nan() || behind <= first {
        return Ok(Value::from(""));
    }
    let start = byte_of(&text, (first - 1.0).max(0.0) as usize);
    let end = byte_of(&text, (behind - 1.0).max(0.0) as usize).max(start);
    Ok(Value::String(part(text, start, end)))
} }

function! { substr(eval, arguments, focus) {
    let text = eval.string(arguments[0], focus)?;
    let count = text.chars().count() as f64;
    let place = |number: f64| if number.is_nan() { 0.0 } else { number.trunc() };
    let from_start = |number: f64| if number < 0.0 { (count + number).max(0.0) } else { number.min(count) };
    let start = from_start(place(eval.number(arguments[1], focus)?));
    let end = match arguments.get(2) {
        Some(end) => from_start(place(eval.number(*end, focus)?)),
        None => count,
    };
    if end <= start {
        return Ok(Value::from(""));
    }
    let (start, end) = (byte_of(&text, start as usize), byte_of(&text, end as usize));
    Ok(Value::String(part(text, start, end)))
} }

function! { string_length(eval, arguments, focus) {
    let text = text_or_context(eval, arguments, focus)?;
    Ok(Value::Number(text.chars().count() as f64))
} }

function! {
/// White space is what XML calls so; an ideographic space is a character like others.
normalize_space(eval, arguments, focus) {
    let text = text_or_context(eval, arguments, focus)?;
    let words = text.split([' ', '\t', '\r', '\n']).filter(|word| !word.is_empty());
    Ok(Value::from(words.collect::<Vec<_>>().join(" ")))
} }

function! { translate(eval, arguments, focus) {
    let text = eval.string(arguments[0], focus)?;
    let from = eval.string(arguments[1], focus)?;
    let to = eval.string(arguments[2], focus)?;
    let mut table: HashMap<char, Option<char>> = HashMap::new();
    let mut to = to.chars();
    for character in from.chars() {
        let other = to.next();
        table.entry(character).or_insert(other);
    }
    let change = |character| table.get(&character).map_or(Some(character), |other| *other);
    Ok(Value::from(text.chars().filter_map(change).collect::<String>()))
} }
