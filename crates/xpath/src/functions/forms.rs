//! Functions that ask the form for words.

use std::borrow::Cow;

use super::function;
use crate::error::EvalError;
use crate::value::Value;

function! {
/// The label of a choice; nothing where there is no such question or choice.
choice_name(eval, arguments, focus) {
    let value = eval.string(arguments[0], focus)?;
    let path = eval.string(arguments[1], focus)?;
    let label = eval.host.choice_label(eval.current, &value, &path);
    Ok(Value::String(label.unwrap_or(Cow::Borrowed(""))))
} }

function! { itext(eval, arguments, focus) {
    let id = eval.string(arguments[0], focus)?;
    match eval.host.itext(&id) {
        Some(text) => Ok(Value::String(text)),
        None => Err(EvalError::NotFound { what: "jr:itext()", id: id.into_owned() }),
    }
} }

function! { property(eval, arguments, focus) {
    let name = eval.string(arguments[0], focus)?;
    Ok(Value::String(eval.host.property(&name).unwrap_or(Cow::Borrowed(""))))
} }

function! { version(eval, _arguments, _focus) {
    Ok(Value::String(eval.host.version().unwrap_or(Cow::Borrowed(""))))
} }
