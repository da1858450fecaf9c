//! Numbers as XPath reads and prints them, and integers too long for a float.

use std::cmp::Ordering;

/// Reads a number as XPath 1.0 does: digits with at most one point and at most one leading minus, XML white space
/// around. No exponent, no plus, no comma, no "Infinity". Anything else is NaN.
pub fn parse_number(text: &str) -> f64 {
    let text = trim(text);
    if is_number(text) { text.parse().unwrap_or(f64::NAN) } else { f64::NAN }
}

/// Prints a number as XPath 1.0 does: the fewest digits that read back as the same number, never an exponent.
pub fn format_number(number: f64) -> String {
    if number.is_nan() {
        "NaN".to_owned()
    } else if number.is_infinite() {
        if number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned()
    } else if number == 0.0 {
        "0".to_owned()
    } else {
        number.to_string()
    }
}

/// Trims what XML calls white space, and nothing else (an ideographic space is text).
pub(crate) fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\r', '\n'])
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let mut seen_digit = false;
    let mut seen_point = false;
    for byte in digits.bytes() {
        match byte {
            b'0'..=b'9' => seen_digit = true,
            b'.' if !seen_point => seen_point = true,
            _ => return false,
        }
    }
    seen_digit
}

/// Is this the text of an integer that a float would print with other digits?
pub(crate) fn is_long(text: &str) -> bool {
    let text = trim(text);
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.len() < 16 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let digits = digits.trim_start_matches('0');
    if digits.len() < 16 {
        return false;
    }
    match digits.parse::<f64>() {
        Ok(number) => number.to_string() != digits,
        Err(_) => false,
    }
}

/// Compares two numbers written as integers, of any length, exactly. Both must be integers.
pub(crate) fn compare_integers(a: &str, b: &str) -> Ordering {
    fn parts(text: &str) -> (bool, &str) {
        let text = trim(text);
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let digits = digits.trim_start_matches('0');
        (negative && !digits.is_empty(), digits)
    }
    let ((negative_a, a), (negative_b, b)) = (parts(a), parts(b));
    match (negative_a, negative_b) {
        (false, true) => Ordering::Greater,
        (true, false) => Ordering::Less,
        (false, false) => a.len().cmp(&b.len()).then_with(|| a.cmp(b)),
        (true, true) => b.len().cmp(&a.len()).then_with(|| b.cmp(a)),
    }
}

/// Rounds half up (towards positive infinity, as XPath 1.0), keeping the sign of zero.
pub(crate) fn round_half_up(number: f64) -> f64 {
    if !number.is_finite() {
        return number;
    }
    let below = number.floor();
    let rounded = if number - below >= 0.5 { below + 1.0 } else { below };
    if rounded == 0.0 && number.is_sign_negative() { -0.0 } else { rounded }
}

/// Rounds half up to decimal places, working on the decimal digits as printed: 1.005 to 2 places is 1.01. Negative
/// places round to tens, hundreds and so on.
pub(crate) fn round_decimal(number: f64, places: i32) -> f64 {
    if places == 0 {
        return round_half_up(number);
    }
    if !number.is_finite() || number == 0.0 {
        return number;
    }
    let text = number.abs().to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    // Digits of |number| * 10^places, cut at the point; what is cut decides.
    let keep = whole.len() as i64 + i64::from(places);
    if keep >= (whole.len() + fraction.len()) as i64 {
        return number;
    }
    let all: Vec<u8> = whole.bytes().chain(fraction.bytes()).collect();
    let (kept, cut): (&[u8], &[u8]) = if keep < 0 { (&[], b"0") } else { all.split_at(keep as usize) };
    let first = cut.first().copied().unwrap_or(b'0');
    let more_than_half = first > b'5' || (first == b'5' && cut[1..].iter().any(|digit| *digit != b'0'));
    let half = first == b'5' && !more_than_half;
    let away = more_than_half || (half && number > 0.0);
    let mut digits: Vec<u8> = kept.to_vec();
    if away {
        let mut at = digits.len();
        loop {
            if at == 0 {
                digits.insert(0, b'1');
                break;
            }
            at -= 1;
            if digits[at] == b'9' {
                digits[at] = b'0';
            } else {
                digits[at] += 1;
                break;
            }
        }
    }
    let digits = String::from_utf8(digits).unwrap_or_default();
    let digits = if digits.is_empty() { "0" } else { &digits };
    let rounded: f64 = format!("{digits}e{}", -places).parse().unwrap_or(f64::NAN);
    if number < 0.0 { -rounded } else { rounded }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_print_without_exponent() {
        for (number, text) in [
            (1e23, "100000000000000000000000"),
            (1e-7, "0.0000001"),
            (-0.0, "0"),
            (3_000_000_000.0, "3000000000"),
            (0.1 + 0.2, "0.30000000000000004"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "-Infinity"),
        ] {
            assert_eq!(format_number(number), text);
        }
    }

    #[test]
    fn only_plain_decimals_are_numbers() {
        for text in ["", " ", "-", ".", "1e6", "+1", "1,5", "Infinity", "- 1", "1 000", "０１", "--1", "1.2.3"] {
            assert!(parse_number(text).is_nan(), "{text:?}");
        }
        for (text, number) in [(" 1 ", 1.0), (".5", 0.5), ("5.", 5.0), ("-12345.6789\n", -12345.6789)] {
            assert_eq!(parse_number(text), number, "{text:?}");
        }
    }

    #[test]
    fn long_integers_are_those_a_float_would_change() {
        for text in ["110101199003074514", "9007199254740993", " -110101199003074515 "] {
            assert!(is_long(text), "{text:?}");
        }
        for text in ["9007199254740992", "1230000000000000000000", "12345678901", "1101011990030745.14", "x"] {
            assert!(!is_long(text), "{text:?}");
        }
        assert_eq!(compare_integers("110101199003074514", "110101199003074515"), Ordering::Less);
        assert_eq!(compare_integers("-110101199003074514", "-110101199003074515"), Ordering::Greater);
        assert_eq!(compare_integers("007", "7"), Ordering::Equal);
        assert_eq!(compare_integers("-0", "0"), Ordering::Equal);
    }

    #[test]
    fn rounding_is_decimal_and_half_goes_up() {
        for (number, places, rounded) in [
            (1.005, 2, 1.01),
            (-2.5, 0, -2.0),
            (2.5, 0, 3.0),
            (-12345.15, 1, -12345.1),
            (-50.55, -2, -100.0),
            (12345.12345, -1, 12350.0),
            (626.3, -3, 1000.0),
            (23.7825, -1, 20.0),
            (2.15, -1, 0.0),
            (9.99, 1, 10.0),
            (1.234, 40, 1.234),
            (4.0, -3, 0.0),
        ] {
            assert_eq!(round_decimal(number, places), rounded, "{number} to {places}");
        }
        assert!(round_half_up(-0.4).is_sign_negative());
        assert_eq!(round_half_up(0.499_999_999_999_999_94), 0.0);
    }
}
