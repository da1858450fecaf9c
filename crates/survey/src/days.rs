//! Days as texts, and how old somebody is on one of them. The day is handed in: a laptop's clock may be wrong, and whoever
//! asks says which day is meant.

/// How old a respondent is, as far as consent goes. An age that is not known is the youngest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Age {
    /// Under 14, or not known: the guardian consents, and the child agrees.
    Child,
    /// 14 to 17: the respondent consents, and the guardian.
    Youth,
    /// 18 or more: the respondent consents.
    Adult,
}

/// How old somebody born on a day is on another. Of a date of birth that is known in part, the youngest that it may mean.
pub fn age(birth: Option<&str>, today: &str) -> Age {
    let Some(birth) = birth.and_then(latest).filter(|_| is_day(today)) else { return Age::Child };
    let (Some(born), Some(now)) = (year_apart(&birth), year_apart(today)) else { return Age::Child };
    let turned = |years: u16| (born.0 + years, born.1) <= now;
    match (turned(18), turned(14)) {
        (true, _) => Age::Adult,
        (_, true) => Age::Youth,
        _ => Age::Child,
    }
}

/// The day so many years later, as a text that sorts: who is born on 29 February is older from 1 March on.
pub fn years_on(day: &str, years: u16) -> Option<String> {
    let (year, rest) = year_apart(day)?;
    Some(format!("{:04}{rest}", year.checked_add(years)?))
}

/// The year of a day, and the rest of its text.
fn year_apart(day: &str) -> Option<(u16, &str)> {
    let (year, rest) = day.split_at_checked(4)?;
    Some((year.parse().ok()?, rest))
}

/// Whether a text is a day, `YYYY-MM-DD`.
pub fn is_day(text: &str) -> bool {
    let mut parts = text.split('-');
    let (Some(year), Some(month), Some(day), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let number = |text: &str, length: usize| {
        (text.len() == length && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse::<u16>().ok()).flatten()
    };
    let (Some(year), Some(month), Some(day)) = (number(year, 4), number(month, 2), number(day, 2)) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=length).contains(&day)
}

/// The last day that `2006`, `2006-05` or `2006-05-04` may mean.
fn latest(birth: &str) -> Option<String> {
    let birth = birth.trim();
    let day = match birth.len() {
        4 => format!("{birth}-12-31"),
        7 => (28..=31).rev().map(|day| format!("{birth}-{day}")).find(|day| is_day(day))?,
        _ => birth.get(..10)?.to_owned(),
    };
    is_day(&day).then_some(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn birthdays() {
        #[track_caller]
        fn check(birth: &str, today: &str, expect: Age) {
            assert_eq!(age(Some(birth).filter(|b| !b.is_empty()), today), expect, "born {birth}, on {today}");
        }
        check("2003-04-12", "2017-04-11", Age::Child);
        check("2003-04-11", "2017-04-11", Age::Youth);
        check("2003-04", "2017-04-29", Age::Child);
        check("2003-04", "2017-04-30", Age::Youth);
        check("2003", "2017-12-30", Age::Child);
        check("2003", "2017-12-31", Age::Youth);
        check("1999-04-12", "2017-04-11", Age::Youth);
        check("1999-04-11", "2017-04-11", Age::Adult);
        check("2000-02-29", "2018-02-28", Age::Youth);
        check("2000-02-29", "2018-03-01", Age::Adult);
        check("", "2017-04-11", Age::Child);
        check("1990-13-01", "2017-04-11", Age::Child);
        check("很久以前的一天啊", "2017-04-11", Age::Child);
        check("1990-01-01", "", Age::Child);
    }

    #[test]
    fn days() {
        for good in ["2017-04-11", "2016-02-29", "2000-02-29", "2017-12-31"] {
            assert!(is_day(good), "{good}");
        }
        for bad in
            ["2017-4-11", "2017-02-29", "1900-02-29", "2017-00-01", "2017-04-31", "", "2017-04-11 ", "二零一七-04-11"]
        {
            assert!(!is_day(bad), "{bad}");
        }
    }
}
