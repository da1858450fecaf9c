//! Birth dates, and the ways in which one date is written down twice.

use serde::Serialize;

/// How two birth dates are alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Birth {
    /// The same day.
    Same,
    /// Day and month are swapped.
    Swapped,
    /// One day apart.
    DayApart,
    /// One digit differs.
    OneDigit,
    /// The same day of the year, one year apart.
    YearApart,
    /// They agree as far as the less precise one goes.
    AsFarAsKnown,
    /// They differ.
    Other,
}

impl Birth {
    /// Key of the words in the catalogue.
    pub fn code(self) -> &'static str {
        match self {
            Self::Same => "birth-same",
            Self::Swapped => "birth-swapped",
            Self::DayApart => "birth-day-apart",
            Self::OneDigit => "birth-one-digit",
            Self::YearApart => "birth-year-apart",
            Self::AsFarAsKnown => "birth-as-far-as-known",
            Self::Other => "birth-other",
        }
    }

    pub(super) fn points(self, of: &Day) -> i32 {
        match self {
            // The first of January stands where nobody knew the day.
            Self::Same if (of.month, of.day) == (Some(1), Some(1)) => 15,
            Self::Same => 35,
            Self::Swapped => 28,
            Self::DayApart | Self::OneDigit => 20,
            Self::YearApart => 15,
            Self::AsFarAsKnown => {
                if of.month.is_some() {
                    12
                } else {
                    5
                }
            }
            Self::Other => -25,
        }
    }
}

/// A date as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Day {
    pub year: u16,
    pub month: Option<u8>,
    pub day: Option<u8>,
}

impl Day {
    /// Reads `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; `None` for anything else.
    pub fn of(text: &str) -> Option<Self> {
        let mut parts = text.trim().splitn(3, '-');
        let year = parts.next().filter(|part| part.len() == 4)?.parse().ok()?;
        let mut two = |most: u8| -> Option<Option<u8>> {
            let Some(part) = parts.next() else { return Some(None) };
            part.parse().ok().filter(|number| (1..=most).contains(number)).map(Some)
        };
        Some(Self { year, month: two(12)?, day: two(31)? })
    }

    pub fn compare(&self, other: &Self) -> Birth {
        let (Some(m), Some(d), Some(om), Some(od)) = (self.month, self.day, other.month, other.day) else {
            let agree = |one: Option<u8>, other: Option<u8>| one.zip(other).is_none_or(|(one, other)| one == other);
            let known = self.year == other.year && agree(self.month, other.month) && agree(self.day, other.day);
            return match known {
                true if self == other => Birth::Same,
                true => Birth::AsFarAsKnown,
                false => Birth::Other,
            };
        };
        if self == other {
            return Birth::Same;
        }
        let digits = |day: &Self, month: u8, in_month: u8| format!("{:04}{month:02}{in_month:02}", day.year);
        let differ = digits(self, m, d).bytes().zip(digits(other, om, od).bytes()).filter(|(a, b)| a != b).count();
        match () {
            () if self.year == other.year && (m, d) == (od, om) => Birth::Swapped,
            () if self.number(m, d).abs_diff(other.number(om, od)) == 1 => Birth::DayApart,
            () if (m, d) == (om, od) && self.year.abs_diff(other.year) == 1 => Birth::YearApart,
            () if differ == 1 => Birth::OneDigit,
            () => Birth::Other,
        }
    }

    /// Days from a fixed day on, by the Gregorian calendar.
    fn number(&self, month: u8, day: u8) -> i64 {
        // Years from March on, so that the day that may be missing is the last.
        let (month, day) = (i64::from(month), i64::from(day));
        let year = i64::from(self.year) - i64::from(month <= 2);
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        year * 365 + year / 4 - year / 100 + year / 400 + of_year
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(one: &str, other: &str, expect: Birth) {
        let (one, other) = (Day::of(one).expect("a date"), Day::of(other).expect("a date"));
        assert_eq!(one.compare(&other), expect);
        assert_eq!(other.compare(&one), expect);
    }

    #[test]
    fn dates_are_compared() {
        check("2007-03-14", "2007-03-14", Birth::Same);
        check("2007-03-14", "2007-03-15", Birth::DayApart);
        check("2007-12-31", "2008-01-01", Birth::DayApart);
        check("2008-02-28", "2008-03-01", Birth::Other);
        check("2007-02-28", "2007-03-01", Birth::DayApart);
        check("2007-03-12", "2007-12-03", Birth::Swapped);
        check("2007-03-14", "2007-08-14", Birth::OneDigit);
        check("2007-03-14", "2017-03-14", Birth::OneDigit);
        check("2007-03-14", "2008-03-14", Birth::YearApart);
        check("2009-03-14", "2010-03-14", Birth::YearApart);
        check("2007-03-14", "2007-03", Birth::AsFarAsKnown);
        check("2007", "2007-03", Birth::AsFarAsKnown);
        check("2007-03", "2007-03", Birth::Same);
        check("2007-03-14", "2007-04", Birth::Other);
        check("2007-03-14", "2005-11-02", Birth::Other);
    }

    #[test]
    fn what_is_no_date_is_not_compared() {
        for text in ["", "3 月", "07-03-14", "2007-13-01", "2007-00-01", "2007-03-32", "2007-03-14-1", "属猪"] {
            assert_eq!(Day::of(text), None, "{text}");
        }
    }
}
