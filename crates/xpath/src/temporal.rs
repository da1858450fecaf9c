//! Dates, moments and times of day in the lexical forms of XML Schema, and their numbers of days.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Timelike};

/// Milliseconds in a day.
pub(crate) const DAY: f64 = 86_400_000.0;

/// A time of day with the offset it was given with, if any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TimeOfDay {
    /// The time on a clock.
    pub time: NaiveTime,
    /// The offset of that clock.
    pub offset: Option<FixedOffset>,
}

/// What a text with a date in it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Parsed {
    /// A day only.
    Date(NaiveDate),
    /// A day and a time, with an offset or in local time.
    DateTime(NaiveDateTime, Option<FixedOffset>),
}

/// Reads `YYYY-MM-DD`. Month and day may have one digit.
pub fn parse_date(text: &str) -> Option<NaiveDate> {
    match parse_temporal(text)? {
        Parsed::Date(date) => Some(date),
        Parsed::DateTime(..) => None,
    }
}

/// Reads `YYYY-MM-DDThh:mm[:ss[.sss]]` with `Z`, `±hh:mm`, `±hh` or nothing (local time, whose offset `local` gives).
pub fn parse_date_time(text: &str, local: impl Fn(NaiveDateTime) -> FixedOffset) -> Option<DateTime<FixedOffset>> {
    match parse_temporal(text)? {
        Parsed::Date(_) => None,
        Parsed::DateTime(moment, offset) => at_offset(moment, offset.unwrap_or_else(|| local(moment))),
    }
}

pub(crate) fn at_offset(local: NaiveDateTime, offset: FixedOffset) -> Option<DateTime<FixedOffset>> {
    Some(local.checked_sub_offset(offset)?.and_utc().with_timezone(&offset))
}

/// Reads a date, or a date and time.
pub(crate) fn parse_temporal(text: &str) -> Option<Parsed> {
    let text = crate::number::trim(text);
    // Quick refusal: nearly every text that comes here is no date.
    if text.len() < 8 || !text.as_bytes()[0].is_ascii_digit() && text.as_bytes()[0] != b'-' {
        return None;
    }
    let (date, time) = match text.find(['T', ' ']) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    let date = read_date(date)?;
    let Some(time) = time else { return Some(Parsed::Date(date)) };
    let time = parse_time(time)?;
    Some(Parsed::DateTime(date.and_time(time.time), time.offset))
}

fn read_date(text: &str) -> Option<NaiveDate> {
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let mut parts = text.split('-');
    let year = digits(parts.next()?, 4, 6)?;
    let month = digits(parts.next()?, 1, 2)?;
    let day = digits(parts.next()?, 1, 2)?;
    if parts.next().is_some() {
        return None;
    }
    let year = i32::try_from(year).ok()?;
    NaiveDate::from_ymd_opt(if negative { -year } else { year }, month, day)
}

fn digits(text: &str, least: usize, most: usize) -> Option<u32> {
    if text.len() < least || text.len() > most || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

/// Reads `hh:mm[:ss[.sss]]` with `Z`, `±hh:mm`, `±hh` or nothing.
pub(crate) fn parse_time(text: &str) -> Option<TimeOfDay> {
    let (clock, offset) = match text.find(['Z', 'z', '+', '-']) {
        Some(at) => (&text[..at], Some(read_offset(&text[at..])?)),
        None => (text, None),
    };
    let mut parts = clock.split(':');
    let hour = digits(parts.next()?, 1, 2)?;
    let minute = digits(parts.next()?, 2, 2)?;
    let (second, nano) = match parts.next() {
        None => (0, 0),
        Some(text) => {
            let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
            if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            let nano = fraction.bytes().chain(std::iter::repeat(b'0')).take(9);
            (digits(whole, 2, 2)?, nano.fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0')))
        }
    };
    if parts.next().is_some() {
        return None;
    }
    Some(TimeOfDay { time: NaiveTime::from_hms_nano_opt(hour, minute, second, nano)?, offset })
}

fn read_offset(text: &str) -> Option<FixedOffset> {
    if text == "Z" || text == "z" {
        return FixedOffset::east_opt(0);
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let text = &text[1..];
    let (hours, minutes) = match text.split_once(':') {
        Some((hours, minutes)) => (digits(hours, 2, 2)?, digits(minutes, 2, 2)?),
        None if text.len() == 4 && text.is_ascii() => (digits(&text[..2], 2, 2)?, digits(&text[2..], 2, 2)?),
        None => (digits(text, 2, 2)?, 0),
    };
    if minutes > 59 || hours > 14 {
        return None;
    }
    FixedOffset::east_opt(sign * (hours * 3600 + minutes * 60).cast_signed())
}

/// `YYYY-MM-DD`.
pub(crate) fn format_date(date: NaiveDate) -> String {
    let year = date.year();
    let sign = if year < 0 { "-" } else { "" };
    format!("{sign}{:04}-{:02}-{:02}", year.abs(), date.month(), date.day())
}

/// `YYYY-MM-DDThh:mm:ss.sss±hh:mm`; of a moment that falls on local midnight, the date alone.
pub(crate) fn format_date_time(moment: DateTime<FixedOffset>) -> String {
    let local = moment.naive_local();
    if local.time() == NaiveTime::MIN { format_date(local.date()) } else { format_full(moment) }
}

/// `YYYY-MM-DDThh:mm:ss.sss±hh:mm`, midnight too.
pub(crate) fn format_full(moment: DateTime<FixedOffset>) -> String {
    let local = moment.naive_local();
    let time = local.time();
    format!("{}T{}{}", format_date(local.date()), clock(time), offset_text(*moment.offset()))
}

/// `hh:mm:ss.sss±hh:mm`.
pub(crate) fn format_time(time: TimeOfDay) -> String {
    clock(time.time) + &time.offset.map(offset_text).unwrap_or_default()
}

fn clock(time: NaiveTime) -> String {
    format!("{:02}:{:02}:{:02}.{:03}", time.hour(), time.minute(), time.second(), time.nanosecond() / 1_000_000 % 1000)
}

fn offset_text(offset: FixedOffset) -> String {
    let seconds = offset.local_minus_utc();
    let minutes = seconds.abs() / 60;
    format!("{}{:02}:{:02}", if seconds < 0 { '-' } else { '+' }, minutes / 60, minutes % 60)
}

const EPOCH: NaiveDate = NaiveDate::from_ymd_opt(1970, 1, 1).expect("a day that exists");

/// Whole days since 1970-01-01.
pub(crate) fn days_of_date(date: NaiveDate) -> f64 {
    date.signed_duration_since(EPOCH).num_days() as f64
}

/// Days since 1970-01-01 on a local calendar and clock, with fraction.
pub(crate) fn local_days(local: NaiveDateTime) -> f64 {
    local.and_utc().timestamp_millis() as f64 / DAY
}

/// Days since 1970-01-01T00:00Z, with fraction.
pub(crate) fn utc_days(moment: DateTime<FixedOffset>) -> f64 {
    moment.timestamp_millis() as f64 / DAY
}

/// The day that lies so many whole days after 1970-01-01.
pub(crate) fn date_of_days(days: f64) -> Option<NaiveDate> {
    let days = days.floor();
    if !(-100_000_000.0..=100_000_000.0).contains(&days) {
        return None;
    }
    EPOCH.checked_add_signed(chrono::TimeDelta::try_days(days as i64)?)
}

/// The moment that lies so many days after 1970-01-01T00:00Z.
pub(crate) fn moment_of_days(days: f64) -> Option<DateTime<chrono::Utc>> {
    if !(-100_000_000.0..=100_000_000.0).contains(&days) {
        return None;
    }
    DateTime::from_timestamp_millis((days * DAY).round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phoenix(_: NaiveDateTime) -> FixedOffset {
        FixedOffset::west_opt(7 * 3600).expect("an offset")
    }

    #[track_caller]
    fn check(text: &str, expect: Option<&str>) {
        let moment = parse_date_time(text, phoenix).map(format_full);
        assert_eq!(moment.as_deref(), expect, "{text:?}");
    }

    #[test]
    fn date_times() {
        check("2012-08-08T06:07:08.123-07:00", Some("2012-08-08T06:07:08.123-07:00"));
        check("2012-08-08T06:07:08Z", Some("2012-08-08T06:07:08.000+00:00"));
        check("1970-01-02T03:00:00", Some("1970-01-02T03:00:00.000-07:00"));
        check("2017-06-01T10:20", Some("2017-06-01T10:20:00.000-07:00"));
        check("2017-06-01T10:20:00+08", Some("2017-06-01T10:20:00.000+08:00"));
        check("2017-06-01T24:00:00", None);
        check("2017-06-01T10:20:00-07:60", None);
        check("2017-06-01", None);
        check("２０１７-06-01T10:20:00", None);
    }

    #[test]
    fn dates() {
        assert_eq!(parse_date("1970-1-2").map(format_date).as_deref(), Some("1970-01-02"));
        for text in ["2026-02-30", "1983-09-31", "1-1", "20170601", "2017-06-01-01", "", "田野田野田野"] {
            assert_eq!(parse_date(text), None, "{text:?}");
        }
    }

    #[test]
    fn midnight_prints_as_its_date() {
        let moment = parse_date_time("2017-06-01T00:00:00.000-07:00", phoenix).expect("a moment");
        assert_eq!(format_date_time(moment), "2017-06-01");
        assert_eq!(moment_of_days(utc_days(moment)), Some(moment.to_utc()));
    }
}
