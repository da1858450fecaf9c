//! Checks of what Chinese authorities and networks number: pure functions over the canonical text.

/// A named check of a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Check {
    /// A resident identity number of 18 characters (GB 11643-1999).
    CnIdentityNumber,
    /// A mobile number of the mainland: 11 digits.
    CnMobile,
    /// A mobile number, or a landline with or without its area code (`0571-88880000`).
    CnPhone,
}

/// What is wrong with a checked text. Each has a code of its own, so that the screen can say exactly what to look at.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, PartialOrd, Ord)]
pub enum CheckFault {
    /// Not 18 characters.
    IdentityLength,
    /// Something other than 17 digits and a digit or X.
    IdentityCharacters,
    /// The first four digits are no province and city.
    IdentityRegion,
    /// Digits 7 to 14 are no day of the calendar.
    IdentityBirthday,
    /// The last character does not follow from the others: one of them is mistyped.
    IdentityChecksum,
    /// Something other than digits in a mobile number.
    MobileCharacters,
    /// A mobile number without 11 digits.
    MobileLength,
    /// No network has mobile numbers that begin so.
    MobilePrefix,
    /// Neither a mobile number nor a landline.
    Phone,
}

impl Check {
    /// All checks.
    pub const ALL: [Self; 3] = [Self::CnIdentityNumber, Self::CnMobile, Self::CnPhone];

    /// The word in workbooks: `cn_identity_number`, `cn_mobile`, `cn_phone`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::CnIdentityNumber => "cn_identity_number",
            Self::CnMobile => "cn_mobile",
            Self::CnPhone => "cn_phone",
        }
    }

    /// The check of a word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.word() == word)
    }

    /// The first thing that is wrong with a text; None for an empty one.
    #[must_use]
    pub fn fault(self, text: &str) -> Option<CheckFault> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        match self {
            Self::CnIdentityNumber => identity_number(text),
            Self::CnMobile => mobile(text),
            Self::CnPhone => {
                let looks_mobile = text.starts_with('1') && text.len() == 11;
                if looks_mobile { mobile(text) } else { (!landline(text)).then_some(CheckFault::Phone) }
            }
        }
    }
}

impl CheckFault {
    /// The stable kebab-case code: the key in the catalogue of messages.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::IdentityLength => "check-identity-length",
            Self::IdentityCharacters => "check-identity-characters",
            Self::IdentityRegion => "check-identity-region",
            Self::IdentityBirthday => "check-identity-birthday",
            Self::IdentityChecksum => "check-identity-checksum",
            Self::MobileCharacters => "check-mobile-characters",
            Self::MobileLength => "check-mobile-length",
            Self::MobilePrefix => "check-mobile-prefix",
            Self::Phone => "check-phone",
        }
    }
}

/// First two digits of the codes of GB/T 2260: provinces, autonomous regions, municipalities, Taiwan, Hong Kong, Macao;
/// 81, 82 and 83 are residence permits, which have the same numbers.
const PROVINCES: [u8; 35] = [
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63,
    64, 65, 71, 81, 82, 83,
];

/// Weights of the first 17 digits, and the last character by the weighted sum modulo 11 (GB 11643-1999, ISO 7064 MOD 11-2).
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const LAST: &[u8; 11] = b"10X98765432";

fn identity_number(text: &str) -> Option<CheckFault> {
    if text.chars().count() != 18 {
        return Some(CheckFault::IdentityLength);
    }
    let bytes = text.as_bytes();
    let (Some(digits), Some(last)) = (bytes.get(..17), bytes.get(17)) else {
        return Some(CheckFault::IdentityCharacters);
    };
    let last = last.to_ascii_uppercase();
    if bytes.len() != 18 || !digits.iter().all(u8::is_ascii_digit) || !(last.is_ascii_digit() || last == b'X') {
        return Some(CheckFault::IdentityCharacters);
    }
    let number = |from: usize, to: usize| digits[from..to].iter().fold(0_u32, |sum, d| sum * 10 + u32::from(d - b'0'));
    // Cities that are not parted into districts end in 00: 442000.
    if !PROVINCES.iter().any(|province| u32::from(*province) == number(0, 2)) || number(2, 4) == 0 {
        return Some(CheckFault::IdentityRegion);
    }
    let (year, month, day) = (number(6, 10), number(10, 12), number(12, 14));
    let on_calendar = chrono::NaiveDate::from_ymd_opt(year as i32, month, day).is_some();
    if !(1900..2100).contains(&year) || !on_calendar {
        return Some(CheckFault::IdentityBirthday);
    }
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    (LAST[(sum % 11) as usize] != last).then_some(CheckFault::IdentityChecksum)
}

fn mobile(text: &str) -> Option<CheckFault> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        Some(CheckFault::MobileCharacters)
    } else if text.len() != 11 {
        Some(CheckFault::MobileLength)
    } else if !matches!(text.as_bytes(), [b'1', b'3'..=b'9', ..]) {
        Some(CheckFault::MobilePrefix)
    } else {
        None
    }
}

/// An area code of three or four digits with 0, a hyphen or none, and seven or eight digits that begin with 2 to 9; or
/// those alone.
fn landline(text: &str) -> bool {
    let own = |text: &str| {
        (7..=8).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_digit())
            && text.starts_with(|first: char| ('2'..='9').contains(&first))
    };
    let with_area = |length: usize| {
        let (Some(area), Some(rest)) = (text.get(..length), text.get(length..)) else { return false };
        area.starts_with('0')
            && area.bytes().all(|byte| byte.is_ascii_digit())
            && own(rest.strip_prefix('-').unwrap_or(rest))
    };
    own(text) || with_area(3) || with_area(4)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All numbers here are made up: the districts are real, the people are not.
    #[track_caller]
    fn check(check: Check, text: &str, expect: &str) {
        assert_eq!(check.fault(text).map_or("", CheckFault::code), expect, "{text}");
    }

    #[test]
    fn identity_numbers() {
        let id = |text, expect| check(Check::CnIdentityNumber, text, expect);
        id("", "");
        id("110105194912310028", "check-identity-checksum");
        id("11010519491231002X", "");
        id("11010519491231002x", "");
        id("440524188001010014", "check-identity-birthday");
        id("1101051949123100", "check-identity-length");
        id("11010519491231002", "check-identity-length");
        id("110105194912310020X", "check-identity-length");
        id("11010519491231O02X", "check-identity-characters");
        id("1101051949123100X2", "check-identity-characters");
        id("11010519491231002Y", "check-identity-characters");
        id("１１010519491231002X", "check-identity-characters");
        id("一二三四五六七八九十一二三四五六七八", "check-identity-characters");
        id("990105194912310025", "check-identity-region");
        id("000105194912310025", "check-identity-region");
        id("330005201302290019", "check-identity-region");
        id("330102201302290019", "check-identity-birthday");
        id("330102201313010019", "check-identity-birthday");
        id("330102201300010019", "check-identity-birthday");
        id("330102210001010019", "check-identity-birthday");
    }

    /// One wrong digit, and two neighbours exchanged, are always found (ISO 7064).
    #[test]
    fn a_mistyped_digit_is_found() {
        let right = "11010519491231002X";
        for at in 0..17 {
            for digit in b'0'..=b'9' {
                let mut wrong = right.as_bytes().to_vec();
                wrong[at] = digit;
                let wrong = String::from_utf8(wrong).unwrap();
                assert_eq!(Check::CnIdentityNumber.fault(&wrong).is_none(), wrong == right, "{wrong}");
            }
        }
        for at in 0..16 {
            let mut wrong = right.as_bytes().to_vec();
            wrong.swap(at, at + 1);
            let wrong = String::from_utf8(wrong).unwrap();
            assert_eq!(Check::CnIdentityNumber.fault(&wrong).is_none(), wrong == right, "{wrong}");
        }
    }

    #[test]
    fn mobile_numbers() {
        let mobile = |text, expect| check(Check::CnMobile, text, expect);
        mobile("", "");
        mobile("13800000000", "");
        mobile("19900000000", "");
        mobile(" 13800000000 ", "");
        mobile("12800000000", "check-mobile-prefix");
        mobile("23800000000", "check-mobile-prefix");
        mobile("1380000000", "check-mobile-length");
        mobile("138000000000", "check-mobile-length");
        mobile("138-0000-0000", "check-mobile-characters");
        mobile("１3800000000", "check-mobile-characters");
        mobile("+8613800000000", "check-mobile-characters");
    }

    #[test]
    fn phone_numbers() {
        let phone = |text, expect| check(Check::CnPhone, text, expect);
        phone("", "");
        phone("13800000000", "");
        phone("12800000000", "check-mobile-prefix");
        phone("0571-88880000", "");
        phone("057188880000", "");
        phone("010-88880000", "");
        phone("0578-2220000", "");
        phone("88880000", "");
        phone("2220000", "");
        phone("0571-18880000", "check-phone");
        phone("0571--88880000", "check-phone");
        phone("571-88880000", "check-phone");
        phone("888000", "check-phone");
        phone("0571-888800001", "check-phone");
        phone("没有", "check-phone");
    }
}
