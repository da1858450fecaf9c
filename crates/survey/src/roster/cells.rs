//! What stands in a cell, as it goes on a card.

use crate::duplicates::narrow;
use crate::kinds::{Custody, Relation, SubjectKind};

/// A cell's text: narrow digits and letters, one space for several, nothing invisible.
pub(super) fn clean(text: &str) -> String {
    let seen = text.chars().filter(|c| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{202a}'..='\u{202e}'));
    let narrow: String = seen.map(|c| if c.is_whitespace() || c.is_control() { ' ' } else { narrow(c) }).collect();
    narrow.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Why a date cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoDate {
    /// It is no date.
    Unknown,
    /// Day and month may be either way around, or the century is missing.
    Unclear,
    /// There is no such day.
    Impossible,
}

impl NoDate {
    /// Key of the words in the catalogue.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unknown => "date-unknown",
            Self::Unclear => "date-unclear",
            Self::Impossible => "date-impossible",
        }
    }
}

/// A date as `YYYY-MM-DD`, or as much of it as is written: with any signs between, with 年月日, eight digits, six for a
/// month, or the number that Excel keeps a day under.
pub(super) fn date(text: &str) -> Result<String, NoDate> {
    let text = text.split(['T', ' ']).next().unwrap_or_default();
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return match text.len() {
            8 => whole(&text[..4], &text[4..6], &text[6..]),
            6 => whole(&text[..4], &text[4..], ""),
            4 => whole(text, "", ""),
            5 => serial(text),
            _ => Err(NoDate::Unknown),
        };
    }
    let signs = ['-', '/', '.', '年', '月', '日', '号', '\\', '—', '–'];
    let mut parts: Vec<&str> = text.split(signs).collect();
    while parts.last().is_some_and(|part| part.is_empty()) {
        parts.pop();
    }
    if parts.len() > 3 || parts.iter().any(|part| part.is_empty() || !part.bytes().all(|b| b.is_ascii_digit())) {
        return Err(NoDate::Unknown);
    }
    let part = |at: usize| parts.get(at).copied().unwrap_or_default();
    match (part(0).len(), part(2).len()) {
        (4, 0..=2) => whole(part(0), part(1), part(2)),
        // The year last, as in English: which of the others is the month, must be clear.
        (1..=2, 4) => {
            let (one, other) = (part(0).parse().unwrap_or(0), part(1).parse().unwrap_or(0));
            match (one > 12, other > 12) {
                (true, false) => whole(part(2), part(1), part(0)),
                (false, true) => whole(part(2), part(0), part(1)),
                (false, false) if one == other => whole(part(2), part(0), part(1)),
                (false, false) => Err(NoDate::Unclear),
                (true, true) => Err(NoDate::Impossible),
            }
        }
        (2, _) if parts.len() > 1 => Err(NoDate::Unclear),
        _ => Err(NoDate::Unknown),
    }
}

fn whole(year: &str, month: &str, day: &str) -> Result<String, NoDate> {
    let number = |text: &str| text.parse::<u32>().map_err(|_| NoDate::Unknown);
    let years = number(year)?;
    if !(1900..=2100).contains(&years) {
        return Err(NoDate::Impossible);
    }
    if month.is_empty() {
        return Ok(year.to_owned());
    }
    let months = number(month)?;
    if !(1..=12).contains(&months) {
        return Err(NoDate::Impossible);
    }
    if day.is_empty() {
        return Ok(format!("{years:04}-{months:02}"));
    }
    let days = number(day)?;
    if days == 0 || days > days_of(years, months) {
        return Err(NoDate::Impossible);
    }
    Ok(format!("{years:04}-{months:02}-{days:02}"))
}

fn days_of(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// A day that Excel counts from 1899-12-30 on, as in all days after February 1900.
fn serial(text: &str) -> Result<String, NoDate> {
    let mut left: u32 = text.parse().map_err(|_| NoDate::Unknown)?;
    // The days from 1910 to 2064; a year, a number or a code is none.
    if !(3_654..60_000).contains(&left) {
        return Err(NoDate::Unknown);
    }
    // Day 61 is the first of March 1900.
    left -= 61;
    let (mut year, mut month) = (1900, 3);
    while left >= days_of(year, month) {
        left -= days_of(year, month);
        (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    }
    Ok(format!("{year:04}-{month:02}-{:02}", left + 1))
}

/// `male` or `female`.
pub(super) fn sex(text: &str) -> Option<&'static str> {
    match text.to_lowercase().as_str() {
        "男" | "男性" | "男生" | "男孩" | "m" | "male" | "boy" | "1" => Some("male"),
        "女" | "女性" | "女生" | "女孩" | "f" | "female" | "girl" | "2" => Some("female"),
        _ => None,
    }
}

/// What is wrong with a number of an identity card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoId {
    /// Excel has made a rounded number of it: the last digits are lost.
    Rounded,
    /// It is none: its length, a date in it, or its last sign.
    Wrong,
}

/// An identity number with what it says: number, birth date, sex. GB 11643: 17 digits and a check sign (ISO 7064 MOD 11-2).
pub(super) fn id_number(text: &str) -> Result<(String, String, &'static str), NoId> {
    let text: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '\'')).flat_map(char::to_uppercase).collect();
    let rounded = text.contains("E+") || text.len() == 18 && text.ends_with("000") && !is_checked(&text);
    if rounded {
        return Err(NoId::Rounded);
    }
    if !is_checked(&text) {
        return Err(NoId::Wrong);
    }
    let birth = date(&text[6..14]).map_err(|_| NoId::Wrong)?;
    let odd = text.as_bytes().get(16).is_some_and(|digit| digit % 2 == 1);
    Ok((text, birth, if odd { "male" } else { "female" }))
}

fn is_checked(text: &str) -> bool {
    let bytes = text.as_bytes();
    let Some((last, digits)) = bytes.split_last().filter(|_| bytes.len() == 18) else { return false };
    if !digits.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let weighed = digits.iter().fold(0_u32, |sum, digit| (sum + u32::from(digit - b'0')) * 2 % 11);
    let check = match (12 - weighed) % 11 {
        10 => b'X',
        number => b'0' + u8::try_from(number).unwrap_or(0),
    };
    check == *last
}

/// Who a person is.
pub(super) fn kind(text: &str) -> Option<SubjectKind> {
    Some(match text.to_lowercase().as_str() {
        "学生" | "儿童" | "孩子" | "pupil" | "student" | "child" => SubjectKind::Pupil,
        "教师" | "老师" | "班主任" | "teacher" => SubjectKind::Teacher,
        "监护人" | "家长" | "照料人" | "guardian" | "carer" | "parent" => SubjectKind::Guardian,
        "村干部" | "儿童主任" | "干部" | "cadre" | "village cadre" => SubjectKind::Cadre,
        _ => return None,
    })
}

/// What somebody is to a child.
pub(super) fn relation(text: &str) -> Option<Relation> {
    let text = text.to_lowercase();
    // "父子", "祖孙" name both sides of the tie.
    Some(match text.as_str() {
        "父亲" | "爸爸" | "父" | "父子" | "父女" | "father" | "dad" => Relation::Father,
        "母亲" | "妈妈" | "母" | "母子" | "母女" | "mother" | "mum" | "mom" => Relation::Mother,
        "继父" | "stepfather" => Relation::Stepfather,
        "继母" | "stepmother" => Relation::Stepmother,
        "爷爷" | "祖父" | "paternal grandfather" => Relation::PaternalGrandfather,
        "奶奶" | "祖母" | "paternal grandmother" => Relation::PaternalGrandmother,
        "外公" | "外祖父" | "姥爷" | "maternal grandfather" => Relation::MaternalGrandfather,
        "外婆" | "外祖母" | "姥姥" | "maternal grandmother" => Relation::MaternalGrandmother,
        "伯伯" | "伯父" | "伯母" | "叔叔" | "叔父" | "婶婶" | "姑姑" | "姑妈" | "姑父" | "paternal uncle"
        | "paternal aunt" => Relation::PaternalUncleOrAunt,
        "舅舅" | "舅妈" | "姨" | "姨妈" | "阿姨" | "姨父" | "maternal uncle" | "maternal aunt" => {
            Relation::MaternalUncleOrAunt
        }
        "哥哥" | "姐姐" | "弟弟" | "妹妹" | "兄" | "姐" | "brother" | "sister" | "sibling" => {
            Relation::Sibling
        }
        "亲戚" | "其他亲属" | "亲属" | "祖孙" | "uncle" | "aunt" | "grandfather" | "grandmother" | "relative" => {
            Relation::OtherRelative
        }
        "寄养" | "寄养家庭" | "foster carer" => Relation::FosterCarer,
        "邻居" | "neighbour" | "neighbor" => Relation::Neighbour,
        _ => return None,
    })
}

/// By what right somebody looks after a child.
pub(super) fn custody(text: &str) -> Option<Custody> {
    Some(match text.to_lowercase().as_str() {
        "法定" | "法定监护" | "法定监护人" | "legal" | "legal guardian" => Custody::Legal,
        "委托" | "委托监护" | "委托照料" | "委托照护" | "entrusted" | "entrusted carer" => {
            Custody::Entrusted
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: Result<&str, NoDate>) {
        assert_eq!(date(&clean(text)).as_deref().map_err(|why| *why), expect, "{text}");
    }

    #[test]
    fn dates_as_people_write_them() {
        for text in [
            "2008-03-14",
            "2008/3/14",
            "2008.3.14",
            "20080314",
            "2008年3月14日",
            "２００８年３月１４日",
            "2008-03-14T00:00:00",
            "39521",
            "14/3/2008",
            "3/14/2008",
            "2008—3—14",
        ] {
            check(text, Ok("2008-03-14"));
        }
        check("2008", Ok("2008"));
        check("2008年3月", Ok("2008-03"));
        check("200803", Ok("2008-03"));
        check("2008-02-29", Ok("2008-02-29"));
        check("3/3/2008", Ok("2008-03-03"));
        check("36526", Ok("2000-01-01"));
        check("42837", Ok("2017-04-12"));
        for text in ["2008-02-30", "2007-02-29", "2008-13-01", "20081301", "2008-00-10", "1850-01-01", "31/13/2008"] {
            check(text, Err(NoDate::Impossible));
        }
        for text in ["3/4/2008", "08-03-14", "08.3"] {
            check(text, Err(NoDate::Unclear));
        }
        for text in ["属猪", "", "123", "1234567", "2008-3-14-1", "九岁", "-", "61", "99999"] {
            check(text, Err(NoDate::Unknown));
        }
    }

    #[test]
    fn identity_numbers_are_checked() {
        // The standard's own example.
        assert_eq!(id_number("11010519491231002x").unwrap().1, "1949-12-31");
        assert_eq!(id_number("110105 19491231 002X").unwrap().2, "female");
        for text in ["110105194912310021", "11010519491231002", "", "11010519491331002X"] {
            assert_eq!(id_number(text), Err(NoId::Wrong), "{text}");
        }
        for text in ["1.10105E+17", "330723200803140000"] {
            assert_eq!(id_number(text), Err(NoId::Rounded), "{text}");
        }
    }

    #[test]
    fn cells_are_cleaned() {
        assert_eq!(clean(" 小\u{3000}满\u{200b} "), "小 满");
        assert_eq!(clean("ＡＢ１２"), "AB12");
        assert_eq!(clean("四\n（2）班"), "四 (2)班");
    }
}
