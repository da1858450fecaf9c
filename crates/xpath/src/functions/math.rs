//! Functions of numbers.

use super::function;
use crate::ast::Id;
use crate::context::Host;
use crate::convert::is_long_value;
use crate::error::EvalError;
use crate::evaluate::{Eval, Focus};
use crate::number::{round_decimal, round_half_up, trim};
use crate::tree::Tree;
use crate::value::Value;

/// A number that the function may change; a long integer it must not.
fn plain<'a, T: Tree + ?Sized, H: Host<T> + ?Sized>(
    eval: &Eval<'a, T, H>,
    argument: Id,
    focus: Focus<T::Node>,
    what: &'static str,
) -> Result<f64, EvalError> {
    let atom = eval.atom(argument, focus)?;
    if is_long_value(&atom) {
        return Err(EvalError::LosesDigits { what });
    }
    Ok(eval.number_of(&atom))
}

macro_rules! of_one {
    ($($name:ident $what:literal $formula:expr;)*) => {
        $(function! { $name(eval, arguments, focus) {
            let formula: fn(f64) -> f64 = $formula;
            Ok(Value::Number(formula(plain(eval, arguments[0], focus, $what)?)))
        } })*
    };
}

of_one! {
    acos "acos()" f64::acos;
    asin "asin()" f64::asin;
    atan "atan()" f64::atan;
    cos "cos()" f64::cos;
    exp "exp()" f64::exp;
    exp10 "exp10()" |power| 10f64.powf(power);
    log "log()" f64::ln;
    log10 "log10()" f64::log10;
    sin "sin()" f64::sin;
    sqrt "sqrt()" f64::sqrt;
    tan "tan()" f64::tan;
}

/// Functions that leave whole numbers as they are, long ones too.
macro_rules! whole {
    ($($name:ident $formula:expr;)*) => {
        $(function! { $name(eval, arguments, focus) {
            let formula: fn(f64) -> f64 = $formula;
            match eval.atom(arguments[0], focus)? {
                value if is_long_value(&value) => {
                    let text = eval.text(value);
                    Ok(Value::Long(trim(&text).to_owned().into()))
                }
                other => Ok(Value::Number(formula(eval.number_of(&other)))),
            }
        } })*
    };
}

whole! {
    ceiling f64::ceil;
    floor f64::floor;
    int f64::trunc;
}

function! { abs(eval, arguments, focus) {
    match eval.atom(arguments[0], focus)? {
        value if is_long_value(&value) => {
            let text = eval.text(value);
            Ok(Value::Long(trim(&text).trim_start_matches('-').to_owned().into()))
        }
        other => Ok(Value::Number(eval.number_of(&other).abs())),
    }
} }

function! { number(eval, arguments, focus) {
    let atom = match arguments.first() {
        Some(argument) => eval.atom(*argument, focus)?,
        None => eval.typed(focus.node),
    };
    if is_long_value(&atom) {
        let text = eval.text(atom);
        return Ok(Value::Long(trim(&text).to_owned().into()));
    }
    Ok(Value::Number(eval.number_as_asked(&atom)))
} }

function! { pi(_eval, _arguments, _focus) {
    Ok(Value::Number(std::f64::consts::PI))
} }

function! { pow(eval, arguments, focus) {
    let base = plain(eval, arguments[0], focus, "pow()")?;
    Ok(Value::Number(base.powf(plain(eval, arguments[1], focus, "pow()")?)))
} }

function! { atan2(eval, arguments, focus) {
    let y = plain(eval, arguments[0], focus, "atan2()")?;
    Ok(Value::Number(y.atan2(plain(eval, arguments[1], focus, "atan2()")?)))
} }

function! { round(eval, arguments, focus) {
    let number = eval.atom(arguments[0], focus)?;
    let places = match arguments.get(1) {
        Some(places) => eval.number(*places, focus)?.trunc(),
        None => 0.0,
    };
    if is_long_value(&number) {
        if places < 0.0 {
            return Err(EvalError::LosesDigits { what: "round()" });
        }
        let text = eval.text(number);
        return Ok(Value::Long(trim(&text).to_owned().into()));
    }
    let number = eval.number_of(&number);
    Ok(Value::Number(if places.is_nan() {
        f64::NAN
    } else if places == 0.0 {
        round_half_up(number)
    } else {
        round_decimal(number, places.clamp(-400.0, 400.0) as i32)
    }))
} }
