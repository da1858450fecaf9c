//! Values, and the conversions between them.

use std::borrow::Cow;
use std::fmt;

use chrono::{DateTime, FixedOffset, NaiveDate};

use crate::nodeset::NodeSet;
use crate::number::format_number;
use crate::temporal::{TimeOfDay, format_date, format_date_time, format_time};
use crate::tree::Tree;

/// What an expression gives.
///
/// Text borrows from the tree or the expression where it can. `Debug` shows the type only, never an answer.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum Value<'a, N> {
    /// Text.
    String(Cow<'a, str>),
    /// A number; NaN and infinities included.
    Number(f64),
    /// An integer with more digits than a float keeps, as it was written.
    Long(Cow<'a, str>),
    /// True or false.
    Boolean(bool),
    /// Nodes, in document order.
    Nodes(NodeSet<N>),
    /// A day.
    Date(NaiveDate),
    /// A moment, with the local offset to show it in.
    DateTime(DateTime<FixedOffset>),
    /// A time of day.
    Time(TimeOfDay),
    /// A sum of dates: local days since 1970-01-01. Prints and compares as the number.
    Days(f64),
}

impl<N> Value<'_, N> {
    /// The name of the type, for messages.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::String(_) => "text",
            Self::Number(_) | Self::Long(_) | Self::Days(_) => "number",
            Self::Boolean(_) => "boolean",
            Self::Nodes(_) => "set of nodes",
            Self::Date(_) => "date",
            Self::DateTime(_) => "date and time",
            Self::Time(_) => "time",
        }
    }
}

impl<N> fmt::Debug for Value<'_, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Value({})", self.type_name())
    }
}

impl<'a, N> Value<'a, N> {
    /// The text of any value but nodes, whose text only the tree knows (None).
    pub fn text(&self) -> Option<Cow<'a, str>> {
        Some(match self {
            Self::String(text) | Self::Long(text) => text.clone(),
            Self::Number(number) | Self::Days(number) => Cow::Owned(format_number(*number)),
            Self::Boolean(true) => Cow::Borrowed("true"),
            Self::Boolean(false) => Cow::Borrowed("false"),
            Self::Date(date) => Cow::Owned(format_date(*date)),
            Self::DateTime(moment) => Cow::Owned(format_date_time(*moment)),
            Self::Time(time) => Cow::Owned(format_time(*time)),
            Self::Nodes(_) => return None,
        })
    }
}

impl<'a, N: Copy> Value<'a, N> {
    /// The text of any value, as `string()` gives it.
    pub fn to_text<T: Tree<Node = N> + ?Sized>(&self, tree: &'a T) -> Cow<'a, str> {
        match self {
            Self::Nodes(nodes) => nodes.first().map_or(Cow::Borrowed(""), |node| tree.string_value(node)),
            other => other.text().unwrap_or_default(),
        }
    }

    /// The truth of any value, as `boolean()` gives it.
    pub fn to_boolean(&self) -> bool {
        match self {
            Self::Boolean(value) => *value,
            Self::Number(number) | Self::Days(number) => *number != 0.0 && !number.is_nan(),
            Self::String(text) => !text.is_empty(),
            Self::Nodes(nodes) => !nodes.is_empty(),
            Self::Long(_) | Self::Date(_) | Self::DateTime(_) | Self::Time(_) => true,
        }
    }
}

impl<N> From<bool> for Value<'_, N> {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl<N> From<f64> for Value<'_, N> {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}

impl<N> From<String> for Value<'_, N> {
    fn from(value: String) -> Self {
        Self::String(Cow::Owned(value))
    }
}

impl<'a, N> From<&'a str> for Value<'a, N> {
    fn from(value: &'a str) -> Self {
        Self::String(Cow::Borrowed(value))
    }
}

impl<'a, N> From<Cow<'a, str>> for Value<'a, N> {
    fn from(value: Cow<'a, str>) -> Self {
        Self::String(value)
    }
}
