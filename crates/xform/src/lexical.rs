//! Values as text: what people type, made canonical or refused.

use std::fmt;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeZone};

use crate::coded::coded;
use crate::view::ValueKind;

/// The longest answer that is taken, in bytes.
pub const MAX_ANSWER_BYTES: usize = 256 * 1024;
/// Whole numbers beyond this lose digits in calculations.
const MAX_INTEGER: i64 = 9_007_199_254_740_992;

/// Text that a person gave: shown in messages, never in `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Found(pub String);

impl fmt::Debug for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({} bytes)", self.0.len())
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

coded! {
    /// Why an answer was refused. Nothing was changed.
    pub enum AnswerError {
        /// The form has no such field, or the row is gone.
        "answer-unknown-field" UnknownField {
            /// The address.
            path: String,
        } "the form has no field {path}",
        /// A group, a repeat or a note.
        "answer-not-a-question" NotAQuestion {
            /// The address.
            path: String,
        } "{path} takes no answer",
        /// The question is not to be asked now.
        "answer-not-relevant" NotRelevant {
            /// The address.
            path: String,
        } "{path} is not to be asked now",
        /// The form declares no such non-answer for the question.
        "answer-not-declared" NotDeclared {
            /// The address.
            path: String,
            /// The non-answer's code.
            found: String,
        } "{path} does not take “{found}” for an answer",
        /// The question is read-only or calculated.
        "answer-readonly" ReadOnly {
            /// The address.
            path: String,
        } "{path} is filled in by the form itself",
        /// More than is kept.
        "answer-too-long" TooLong {
            /// Its bytes.
            found: usize,
            /// The limit.
            limit: usize,
        } "the answer has {found} bytes, at most {limit} are kept",
        /// Not a whole number.
        "answer-not-integer" NotInteger {
            /// What was given.
            found: Found,
        } "expected a whole number, found “{found}”",
        /// Too many digits to calculate with.
        "answer-integer-too-large" IntegerTooLarge {
            /// What was given.
            found: Found,
        } "expected a whole number of at most 15 digits, found “{found}”",
        /// Not a number.
        "answer-not-decimal" NotDecimal {
            /// What was given.
            found: Found,
        } "expected a number, found “{found}”",
        /// Not a day that the calendar has.
        "answer-not-date" NotDate {
            /// What was given.
            found: Found,
        } "expected a date like 2017-05-02, found “{found}”",
        /// Not a time of day.
        "answer-not-time" NotTime {
            /// What was given.
            found: Found,
        } "expected a time like 14:30, found “{found}”",
        /// Not a moment.
        "answer-not-datetime" NotDateTime {
            /// What was given.
            found: Found,
        } "expected a date and time like 2017-05-02 14:30, found “{found}”",
        /// Not a yes or no.
        "answer-not-boolean" NotBoolean {
            /// What was given.
            found: Found,
        } "expected true or false, found “{found}”",
        /// Not a place.
        "answer-not-geopoint" NotGeoPoint {
            /// What was given.
            found: Found,
        } "expected latitude and longitude like 28.9 119.8, found “{found}”",
        /// Too few points, or an area that does not close.
        "answer-not-geoline" NotGeoLine {
            /// What was given.
            found: Found,
        } "expected points separated by “;”, found “{found}”",
        /// Not one of the options offered now.
        "answer-not-offered" NotOffered {
            /// What was given.
            found: Found,
        } "“{found}” is not one of the options",
        /// Outside the two bounds of the question, or between two steps.
        "answer-out-of-range" OutOfRange {
            /// What was given.
            found: Found,
            /// The least number.
            start: String,
            /// The greatest number.
            end: String,
            /// The distance between two numbers.
            step: String,
        } "expected a number from {start} to {end} in steps of {step}, found “{found}”",
        /// Not the acknowledgement.
        "answer-not-ok" NotOk {
            /// What was given.
            found: Found,
        } "expected OK or nothing, found “{found}”",
    }
}

/// An answer in canonical form. Options are not looked at here.
pub(crate) fn canonical(kind: ValueKind, text: &str, now: DateTime<FixedOffset>) -> Result<String, AnswerError> {
    if text.len() > MAX_ANSWER_BYTES {
        return Err(AnswerError::TooLong { found: text.len(), limit: MAX_ANSWER_BYTES });
    }
    let found = || Found(text.to_owned());
    let plain = half_width(text);
    let plain = plain.trim();
    if plain.is_empty() {
        return Ok(String::new());
    }
    match kind {
        ValueKind::Text | ValueKind::Binary | ValueKind::Barcode | ValueKind::Intent => Ok(clean(text)),
        ValueKind::SelectOne => Ok(clean(text).trim().to_owned()),
        ValueKind::SelectMultiple | ValueKind::Rank => Ok(clean(text).split_whitespace().collect::<Vec<_>>().join(" ")),
        ValueKind::Integer => {
            let number = integer(plain).ok_or_else(|| AnswerError::NotInteger { found: found() })?;
            match number.parse::<i64>() {
                Ok(value) if value.abs() <= MAX_INTEGER => Ok(number),
                _ => Err(AnswerError::IntegerTooLarge { found: found() }),
            }
        }
        ValueKind::Decimal => decimal(plain).ok_or_else(|| AnswerError::NotDecimal { found: found() }),
        ValueKind::Boolean => match plain.to_ascii_lowercase().as_str() {
            known @ ("true" | "1" | "false" | "0") => Ok(known.to_owned()),
            _ => Err(AnswerError::NotBoolean { found: found() }),
        },
        ValueKind::Date => date(plain)
            .or_else(|| tianye_xpath::parse_date_time(plain, |_| *now.offset()).map(|moment| moment.date_naive()))
            .map(|date| date.format("%Y-%m-%d").to_string())
            .ok_or_else(|| AnswerError::NotDate { found: found() }),
        ValueKind::Time => time(plain, now).ok_or_else(|| AnswerError::NotTime { found: found() }),
        ValueKind::DateTime => moment(plain, now).ok_or_else(|| AnswerError::NotDateTime { found: found() }),
        ValueKind::GeoPoint => point(plain).ok_or_else(|| AnswerError::NotGeoPoint { found: found() }),
        ValueKind::GeoTrace | ValueKind::GeoShape => {
            line(plain, kind).ok_or_else(|| AnswerError::NotGeoLine { found: found() })
        }
        ValueKind::Acknowledge => match plain.to_ascii_lowercase().as_str() {
            "ok" | "true" | "1" => Ok("OK".to_owned()),
            "false" | "0" => Ok(String::new()),
            _ => Err(AnswerError::NotOk { found: found() }),
        },
    }
}

/// A computed text as a node of that kind stores it; what does not fit stays as it is.
pub(crate) fn fit_computed(kind: ValueKind, text: &str) -> String {
    match kind {
        ValueKind::Integer => {
            let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
            let digits = whole.strip_prefix('-').unwrap_or(whole);
            let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
            if !digits.is_empty() && number(digits) && number(fraction) { whole.to_owned() } else { text.to_owned() }
        }
        ValueKind::Date => {
            if let Some(day) = text.get(..10).filter(|_| text.as_bytes().get(10) == Some(&b'T')) {
                return day.to_owned();
            }
            let days: Option<f64> = text.parse().ok().filter(|days: &f64| days.is_finite() && days.abs() < 4e6);
            days.and_then(|days| {
                let epoch = NaiveDate::from_ymd_opt(1970, 1, 1)?;
                epoch.checked_add_signed(chrono::TimeDelta::try_days(days.floor() as i64)?)
            })
            .map_or_else(|| text.to_owned(), |date| date.format("%Y-%m-%d").to_string())
        }
        _ => text.to_owned(),
    }
}

/// The moment as the form language writes it.
pub(crate) fn write_moment(moment: DateTime<FixedOffset>) -> String {
    moment.format("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string()
}

/// Full-width forms, as a Chinese input method types them, as ASCII.
fn half_width(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
            '\u{3000}' => ' ',
            '\u{2212}' | '\u{2013}' => '-',
            '。' => '.',
            other => other,
        })
        .collect()
}

/// Text without characters that XML cannot hold; line ends as `\n`.
fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    text.chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .filter(|c| !matches!(c, '\u{FFFE}' | '\u{FFFF}'))
        .collect()
}

fn integer(text: &str) -> Option<String> {
    let (sign, digits) = signed(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(with_sign(sign, whole(digits).to_owned()))
}

fn decimal(text: &str) -> Option<String> {
    let (sign, digits) = signed(text);
    let (before, after) = digits.split_once('.').unwrap_or((digits, ""));
    let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if (before.is_empty() && after.is_empty()) || !number(before) || !number(after) {
        return None;
    }
    let fraction = after.trim_end_matches('0');
    let text = if fraction.is_empty() { whole(before).to_owned() } else { format!("{}.{fraction}", whole(before)) };
    Some(with_sign(sign, text))
}

fn signed(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

fn whole(digits: &str) -> &str {
    let rest = digits.trim_start_matches('0');
    if rest.is_empty() { "0" } else { rest }
}

fn with_sign(negative: bool, text: String) -> String {
    if negative && text != "0" { format!("-{text}") } else { text }
}

fn date(text: &str) -> Option<NaiveDate> {
    let text = text.replace(['/', '.', '年', '月'], "-").replace('日', "");
    let mut parts = text.trim_end_matches('-').split('-').map(str::trim);
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let digits = |text: &str, most: usize| {
        !text.is_empty() && text.len() <= most && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    if parts.next().is_some() || year.len() != 4 || !digits(year, 4) || !digits(month, 2) || !digits(day, 2) {
        return None;
    }
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

fn clock(text: &str) -> Option<NaiveTime> {
    ["%H:%M:%S%.f", "%H:%M"].iter().find_map(|format| NaiveTime::parse_from_str(text, format).ok())
}

fn time(text: &str, now: DateTime<FixedOffset>) -> Option<String> {
    let at = text.find(['Z', 'z', '+', '-']);
    let (text, zone) = text.split_at(at.unwrap_or(text.len()));
    let offset = if zone.is_empty() { *now.offset() } else { offset(zone)? };
    Some(format!("{}{}", clock(text.trim())?.format("%H:%M:%S%.3f"), offset))
}

fn offset(zone: &str) -> Option<FixedOffset> {
    if matches!(zone, "Z" | "z") {
        return FixedOffset::east_opt(0);
    }
    let (sign, digits) =
        if let Some(rest) = zone.strip_prefix('-') { (-1, rest) } else { (1, zone.strip_prefix('+')?) };
    let digits = digits.replace(':', "");
    if !matches!(digits.len(), 2 | 4) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let hours: i32 = digits[..2].parse().ok()?;
    let minutes: i32 = digits.get(2..).filter(|rest| !rest.is_empty()).map_or(Some(0), |rest| rest.parse().ok())?;
    FixedOffset::east_opt(sign * (hours * 3600 + minutes * 60))
}

fn moment(text: &str, now: DateTime<FixedOffset>) -> Option<String> {
    if let Some(moment) = tianye_xpath::parse_date_time(text, |_| *now.offset()) {
        return Some(write_moment(moment));
    }
    let (day, rest) = text.split_once([' ', 'T'])?;
    let local = NaiveDateTime::new(date(day)?, clock(rest.trim())?);
    now.offset().from_local_datetime(&local).single().map(write_moment)
}

fn point(text: &str) -> Option<String> {
    let parts: Vec<String> =
        text.split([' ', ',', ';']).filter(|part| !part.is_empty()).map(decimal).collect::<Option<_>>()?;
    if !(2..=4).contains(&parts.len()) {
        return None;
    }
    let number = |at: usize| parts[at].parse::<f64>().unwrap_or(f64::NAN).abs();
    (number(0) <= 90.0 && number(1) <= 180.0).then(|| parts.join(" "))
}

fn line(text: &str, kind: ValueKind) -> Option<String> {
    let points: Vec<String> =
        text.split(';').map(str::trim).filter(|part| !part.is_empty()).map(point).collect::<Option<_>>()?;
    let enough = if kind == ValueKind::GeoShape {
        points.len() >= 4 && points.first() == points.last()
    } else {
        points.len() >= 2
    };
    enough.then(|| points.join(";"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(kind: ValueKind, given: &str, expect: Result<&str, &str>) {
        let now = DateTime::parse_from_rfc3339("2017-04-12T10:00:00+08:00").unwrap();
        let found = canonical(kind, given, now);
        assert_eq!(found.as_deref().map_err(AnswerError::code), expect, "{given}");
    }

    #[test]
    fn numbers() {
        check(ValueKind::Integer, "１２３", Ok("123"));
        check(ValueKind::Integer, " －０12 ", Ok("-12"));
        check(ValueKind::Integer, "+7", Ok("7"));
        check(ValueKind::Integer, "-0", Ok("0"));
        check(ValueKind::Integer, "", Ok(""));
        check(ValueKind::Integer, "1.5", Err("answer-not-integer"));
        check(ValueKind::Integer, "十二", Err("answer-not-integer"));
        check(ValueKind::Integer, "99999999999999999999", Err("answer-integer-too-large"));
        check(ValueKind::Decimal, "３．５０", Ok("3.5"));
        check(ValueKind::Decimal, ".5", Ok("0.5"));
        check(ValueKind::Decimal, "1e5", Err("answer-not-decimal"));
        check(ValueKind::Decimal, "1,5", Err("answer-not-decimal"));
    }

    #[test]
    fn days_and_times() {
        check(ValueKind::Date, "2017-5-2", Ok("2017-05-02"));
        check(ValueKind::Date, "２０１７年５月２日", Ok("2017-05-02"));
        check(ValueKind::Date, "2017/05/02", Ok("2017-05-02"));
        check(ValueKind::Date, "2017-02-30", Err("answer-not-date"));
        check(ValueKind::Date, "17-02-03", Err("answer-not-date"));
        check(ValueKind::Time, "７：０５", Ok("07:05:00.000+08:00"));
        check(ValueKind::Time, "25:00", Err("answer-not-time"));
        check(ValueKind::DateTime, "2017-05-02 14:30", Ok("2017-05-02T14:30:00.000+08:00"));
        check(ValueKind::DateTime, "2017-05-02T14:30:00Z", Ok("2017-05-02T14:30:00.000+00:00"));
    }

    #[test]
    fn others() {
        check(ValueKind::Text, "“七五三”\r\n小学\u{0}", Ok("“七五三”\n小学"));
        check(ValueKind::SelectMultiple, " a  b ", Ok("a b"));
        check(ValueKind::Acknowledge, "ok", Ok("OK"));
        check(ValueKind::Acknowledge, "maybe", Err("answer-not-ok"));
        check(ValueKind::GeoPoint, "28.9, 119.80", Ok("28.9 119.8"));
        check(ValueKind::GeoPoint, "128 119", Err("answer-not-geopoint"));
        check(ValueKind::GeoTrace, "1 1; 2 2", Ok("1 1;2 2"));
        check(ValueKind::GeoShape, "1 1; 2 2; 1 1", Err("answer-not-geoline"));
        check(ValueKind::Boolean, "TRUE", Ok("true"));
        check(ValueKind::Boolean, "no", Err("answer-not-boolean"));
    }

    #[test]
    fn errors_do_not_show_answers_in_debug() {
        let now = DateTime::parse_from_rfc3339("2017-04-12T10:00:00+08:00").unwrap();
        let error = canonical(ValueKind::Integer, "小满", now).unwrap_err();
        assert!(!format!("{error:?}").contains("小满"));
        assert!(error.to_string().contains("小满"));
    }
}
