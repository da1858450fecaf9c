//! `+ - * div mod` and the leading minus.

use std::borrow::Cow;

use crate::ast::{Arithmetic, Id, Op};
use crate::context::Host;
use crate::convert::is_long_value;
use crate::error::EvalError;
use crate::evaluate::{Answer, Eval, Focus};
use crate::number::is_long;
use crate::temporal::parse_temporal;
use crate::tree::Tree;
use crate::value::Value;

impl<'a, T: Tree + ?Sized, H: Host<T> + ?Sized> Eval<'a, T, H> {
    pub(crate) fn negate(&self, inner: Id, focus: Focus<T::Node>) -> Answer<'a, T> {
        match self.atom(inner, focus)? {
            Value::Long(text) => Ok(negated(&text)),
            Value::String(text) if is_long(&text) => Ok(negated(&text)),
            other => Ok(Value::Number(-self.number_of(&other))),
        }
    }

    /// `+ - * div mod`. A chain of them leans to the left, thousands deep in a long sum, so the left side is followed
    /// by a loop.
    pub(crate) fn arithmetic(&self, id: Id, focus: Focus<T::Node>) -> Answer<'a, T> {
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

fn is_date<N>(value: &Value<'_, N>) -> bool {
    match value {
        Value::Date(_) | Value::DateTime(_) | Value::Days(_) => true,
        Value::String(text) => parse_temporal(text).is_some(),
        _ => false,
    }
}
