//! Values read by their types: numbers, moments, days.

use chrono::{DateTime, FixedOffset, NaiveDateTime};

use crate::context::Host;
use crate::evaluate::Eval;
use crate::number::{is_long, parse_number};
use crate::temporal::{
    DAY, Parsed, TimeOfDay, at_offset, days_of_date, local_days, parse_temporal, parse_time, utc_days,
};
use crate::tree::{Tree, ValueType};
use crate::value::Value;

impl<'a, T: Tree + ?Sized, H: Host<T> + ?Sized> Eval<'a, T, H> {
    pub(crate) fn atom_of(&self, node: Option<T::Node>) -> Value<'a, T::Node> {
        node.map_or_else(|| Value::from(""), |node| self.typed(node))
    }

    /// The value of a node, read by its type; text where it cannot be read so.
    pub(crate) fn typed(&self, node: T::Node) -> Value<'a, T::Node> {
        let text = self.tree.string_value(node);
        let read = match self.tree.value_type(node) {
            ValueType::Text => None,
            ValueType::Date => match parse_temporal(&text) {
                Some(Parsed::Date(date)) => Some(Value::Date(date)),
                Some(Parsed::DateTime(moment, _)) => Some(Value::Date(moment.date())),
                None => None,
            },
            ValueType::DateTime => self.moment_of(&text).map(Value::DateTime),
            ValueType::Time => parse_time(&text).map(Value::Time),
        };
        read.unwrap_or(Value::String(text))
    }

    /// The number of a value, as operators and functions take it: of dates, local days.
    pub(crate) fn number_of(&self, value: &Value<'_, T::Node>) -> f64 {
        match value {
            Value::Number(number) | Value::Days(number) => *number,
            Value::Boolean(value) => f64::from(u8::from(*value)),
            Value::Long(text) => parse_number(text),
            Value::String(text) => {
                let number = parse_number(text);
                if number.is_nan() { self.days_of_text(text).unwrap_or(f64::NAN) } else { number }
            }
            Value::Nodes(nodes) => self.number_of(&self.atom_of(nodes.first())),
            Value::Date(date) => days_of_date(*date),
            Value::DateTime(moment) => local_days(self.local(*moment)),
            Value::Time(time) => self.fraction_of_day(*time),
        }
    }

    /// The number of a value, as `number()` gives it: a date written as text is its decimal-date-time.
    pub(crate) fn number_as_asked(&self, value: &Value<'_, T::Node>) -> f64 {
        if let Value::String(text) = value {
            let number = parse_number(text);
            if number.is_nan()
                && let Some(moment) = self.moment_of(text)
            {
                return utc_days(moment);
            }
            return number;
        }
        self.number_of(value)
    }

    /// Local days of a date, or date and time, written as text.
    pub(crate) fn days_of_text(&self, text: &str) -> Option<f64> {
        match parse_temporal(text)? {
            Parsed::Date(date) => Some(days_of_date(date)),
            Parsed::DateTime(..) => self.moment_of(text).map(|moment| local_days(self.local(moment))),
        }
    }

    /// The moment that a date (its local midnight), or a date and time, means.
    pub(crate) fn moment_of(&self, text: &str) -> Option<DateTime<FixedOffset>> {
        match parse_temporal(text)? {
            Parsed::Date(date) => self.at_local(date.and_time(chrono::NaiveTime::MIN)),
            Parsed::DateTime(moment, Some(offset)) => at_offset(moment, offset),
            Parsed::DateTime(moment, None) => self.at_local(moment),
        }
    }

    pub(crate) fn at_local(&self, local: NaiveDateTime) -> Option<DateTime<FixedOffset>> {
        at_offset(local, self.host.offset_at(local))
    }

    /// What a local clock shows at that moment.
    pub(crate) fn local(&self, moment: DateTime<FixedOffset>) -> NaiveDateTime {
        let guess = moment.naive_utc() + *self.host.now().offset();
        moment.naive_utc() + self.host.offset_at(guess)
    }

    /// The moment with the offset that local clocks have then.
    pub(crate) fn in_local_zone(&self, moment: DateTime<FixedOffset>) -> DateTime<FixedOffset> {
        let guess = moment.naive_utc() + *self.host.now().offset();
        moment.with_timezone(&self.host.offset_at(guess))
    }

    /// The fraction of the local day that has passed at that time.
    pub(crate) fn fraction_of_day(&self, time: TimeOfDay) -> f64 {
        let own = *self.host.now().offset();
        let shift = time.offset.map_or(0, |offset| own.local_minus_utc() - offset.local_minus_utc());
        let (local, _) = time.time.overflowing_add_signed(chrono::TimeDelta::seconds(i64::from(shift)));
        let passed = local.signed_duration_since(chrono::NaiveTime::MIN).num_milliseconds();
        passed as f64 / DAY
    }
}

pub(crate) fn is_long_value<N>(value: &Value<'_, N>) -> bool {
    match value {
        Value::Long(_) => true,
        Value::String(text) => is_long(text),
        _ => false,
    }
}
