//! Functions about days and moments.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDateTime, NaiveTime, Timelike};

use super::function;
use crate::ast::Id;
use crate::context::Host;
use crate::error::EvalError;
use crate::evaluate::{Eval, Focus};
use crate::number::{parse_number, trim};
use crate::temporal::{
    Parsed, date_of_days, days_of_date, local_days, moment_of_days, parse_temporal, parse_time, utc_days,
};
use crate::tree::Tree;
use crate::value::Value;

function! { now(eval, _arguments, _focus) {
    Ok(Value::DateTime(eval.host.now()))
} }

function! { today(eval, _arguments, _focus) {
    Ok(Value::Date(eval.host.now().naive_local().date()))
} }

function! {
/// Numbers are local days since 1970-01-01; a moment becomes its local day; nothing stays nothing.
date(eval, arguments, focus) {
    let wrong = || EvalError::NotADate { what: "date()" };
    Ok(Value::Date(match eval.atom(arguments[0], focus)? {
        Value::Date(date) => date,
        Value::DateTime(moment) => eval.local(moment).date(),
        Value::Number(days) | Value::Days(days) => date_of_days(days).ok_or_else(wrong)?,
        Value::String(text) if trim(&text).is_empty() => return Ok(Value::from("")),
        Value::String(text) => match parse_temporal(&text) {
            Some(Parsed::Date(date)) => date,
            Some(Parsed::DateTime(..)) => eval.local(eval.moment_of(&text).ok_or_else(wrong)?).date(),
            None => date_of_days(parse_number(&text)).ok_or_else(wrong)?,
        },
        _ => return Err(wrong()),
    }))
} }

function! {
/// Numbers are days since 1970-01-01 in UTC; a day becomes its local midnight; nothing stays nothing.
date_time(eval, arguments, focus) {
    match eval.atom(arguments[0], focus)? {
        Value::String(text) if trim(&text).is_empty() => Ok(Value::from("")),
        other => moment(eval, &other).map(Value::DateTime).ok_or(EvalError::NotADate { what: "date-time()" }),
    }
} }

fn moment<'a, T: Tree + ?Sized, H: Host<T> + ?Sized>(
    eval: &Eval<'a, T, H>,
    value: &Value<'a, T::Node>,
) -> Option<DateTime<FixedOffset>> {
    let of_utc_days = |days| Some(eval.in_local_zone(moment_of_days(days)?.fixed_offset()));
    match value {
        Value::Date(date) => eval.at_local(date.and_time(NaiveTime::MIN)),
        Value::DateTime(moment) => Some(*moment),
        Value::Days(days) => eval.at_local(moment_of_days(*days)?.naive_utc()),
        Value::Number(days) => of_utc_days(*days),
        Value::String(text) => eval.moment_of(text).or_else(|| of_utc_days(parse_number(text))),
        _ => None,
    }
}

function! { decimal_date_time(eval, arguments, focus) {
    let value = eval.atom(arguments[0], focus)?;
    if let Value::Number(days) = value {
        return Ok(Value::Number(days));
    }
    Ok(Value::Number(moment(eval, &value).map_or(f64::NAN, utc_days)))
} }

function! { decimal_time(eval, arguments, focus) {
    let value = eval.atom(arguments[0], focus)?;
    Ok(Value::Number(match &value {
        Value::Time(time) => eval.fraction_of_day(*time),
        Value::String(text) => match (parse_time(trim(text)), eval.moment_of(text)) {
            (Some(time), _) => eval.fraction_of_day(time),
            (None, Some(moment)) => fraction(eval.local(moment)),
            (None, None) => f64::NAN,
        },
        Value::Date(_) | Value::DateTime(_) | Value::Days(_) => {
            moment(eval, &value).map_or(f64::NAN, |moment| fraction(eval.local(moment)))
        }
        _ => f64::NAN,
    }))
} }

fn fraction(local: NaiveDateTime) -> f64 {
    local_days(local) - days_of_date(local.date())
}

function! {
/// `format-date` and `format-date-time`: one function, as in two of three engines.
format_date(eval, arguments, focus) {
    let value = eval.atom(arguments[0], focus)?;
    if matches!(&value, Value::String(text) if trim(text).is_empty()) {
        return Ok(Value::from(""));
    }
    let wrong = EvalError::NotADate { what: "format-date()" };
    let local = match &value {
        // A time alone has hours to show; its day is no one's business.
        Value::Time(time) => days_zero(time.time),
        Value::Number(days) => days_zero(NaiveTime::MIN) + chrono::TimeDelta::milliseconds(
            moment_of_days(*days).ok_or(wrong)?.timestamp_millis()
        ),
        value => eval.local(moment(eval, value).ok_or(wrong)?),
    };
    let form = text_of(eval, arguments[1], focus)?;
    formatted(local, &form, eval.host.language()).map(Value::from)
} }

fn text_of<'a, T: Tree + ?Sized, H: Host<T> + ?Sized>(
    eval: &Eval<'a, T, H>,
    argument: Id,
    focus: Focus<T::Node>,
) -> Result<String, EvalError> {
    eval.string(argument, focus).map(std::borrow::Cow::into_owned)
}

fn days_zero(time: NaiveTime) -> NaiveDateTime {
    DateTime::UNIX_EPOCH.date_naive().and_time(time)
}

fn formatted(local: NaiveDateTime, form: &str, language: &str) -> Result<String, EvalError> {
    use std::fmt::Write as _;
    let mut out = String::new();
    let mut rest = form.chars();
    while let Some(next) = rest.next() {
        if next != '%' {
            out.push(next);
            continue;
        }
        // Writing to a string does not fail.
        let _ = match rest.next() {
            Some('Y') => write!(out, "{:04}", local.year()),
            Some('y') => write!(out, "{:02}", local.year().rem_euclid(100)),
            Some('m') => write!(out, "{:02}", local.month()),
            Some('n') => write!(out, "{}", local.month()),
            Some('b') => write!(out, "{}", month(local.month(), language)),
            Some('d') => write!(out, "{:02}", local.day()),
            Some('e') => write!(out, "{}", local.day()),
            Some('H') => write!(out, "{:02}", local.hour()),
            Some('h') => write!(out, "{}", local.hour()),
            Some('M') => write!(out, "{:02}", local.minute()),
            Some('S') => write!(out, "{:02}", local.second()),
            Some('3') => write!(out, "{:03}", local.nanosecond() / 1_000_000 % 1000),
            Some('a') => write!(out, "{}", weekday(local.weekday().num_days_from_sunday(), language)),
            Some('W') => write!(out, "{}", local.iso_week().week()),
            Some('%') => write!(out, "%"),
            _ => {
                let expected = "a form of %Y %y %m %n %b %d %e %a %W %H %h %M %S %3 and other text";
                return Err(EvalError::BadArgument { what: "format-date()", expected });
            }
        };
    }
    Ok(out)
}

/// Chinese, by tag (`zh`, `zh-Hans`) or by the name a form gives it (`中文`, `中文(zh)`, `Chinese`).
fn is_chinese(language: &str) -> bool {
    let lower = language.to_ascii_lowercase();
    lower.starts_with("zh") || lower.contains("(zh") || lower.contains("chinese") || lower.contains(['中', '汉', '漢'])
}

fn month(month: u32, language: &str) -> String {
    if is_chinese(language) {
        return format!("{month}月");
    }
    let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    names[(month as usize + 11) % 12].to_owned()
}

fn weekday(from_sunday: u32, language: &str) -> &'static str {
    let chinese = ["周日", "周一", "周二", "周三", "周四", "周五", "周六"];
    let english = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
    (if is_chinese(language) { chinese } else { english })[from_sunday as usize % 7]
}
