//! A coarse lexer over expressions and over text that may hold expressions. It never fails; it decides whether a default
//! is an expression, and where an `instance(...)` look-up inside a label ends. The rules are the reference converter's:
//! the first kind that matches wins, in the order of [`kind_at`].

use crate::names::ncname_length;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// date, time, number
    Literal,
    MathOperator,
    OtherOperator,
    Union,
    OpenParen,
    CloseParen,
    Bracket,
    Dot,
    PathSeparator,
    Quoted,
    Comma,
    WhiteSpace,
    Reference,
    /// `name(`
    Call,
    /// `name[`
    PredicateStart,
    PredicateEnd,
    /// `jr://`
    Scheme,
    Name,
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    pub kind: Kind,
    pub text: &'a str,
    pub start: usize,
    pub end: usize,
}

pub(crate) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let (kind, length) = kind_at(&text[at..]);
        out.push(Token { kind, text: &text[at..at + length], start: at, end: at + length });
        at += length;
    }
    out
}

/// Whether a default is an expression to be evaluated rather than a value: it holds an operator, a call or a reference. In
/// the types whose values hold hyphens, a hyphen before anything else makes it a value.
pub(crate) fn is_dynamic_default(text: &str, question_type: &str) -> bool {
    let hyphens = matches!(question_type, "date" | "dateTime" | "geopoint" | "geotrace" | "geoshape");
    for token in tokens(text) {
        match token.kind {
            Kind::MathOperator if hyphens && token.text == "-" => return false,
            Kind::MathOperator | Kind::Union | Kind::Reference | Kind::Call => return true,
            _ => {}
        }
    }
    false
}

/// Where `instance(...)` look-ups stand in a text: from `instance(` to the end of the path that follows it.
pub(crate) fn instance_lookups(text: &str) -> Vec<(usize, usize)> {
    #[derive(PartialEq)]
    enum In {
        Nothing,
        Call,
        Path,
        Predicate,
        AfterPredicate,
    }
    let mut found = Vec::new();
    let mut state = In::Nothing;
    let mut start = 0;
    let mut last: Option<Token<'_>> = None;
    for token in tokens(text) {
        let goes_on = match state {
            In::Nothing => {
                if token.kind == Kind::Call && token.text == "instance(" {
                    state = In::Call;
                    start = token.start;
                    true
                } else {
                    false
                }
            }
            In::Call => match (last.map(|t| t.kind), token.kind) {
                (Some(Kind::Call), Kind::Quoted) | (Some(Kind::Quoted), Kind::CloseParen) => true,
                (Some(Kind::CloseParen), Kind::PathSeparator) => {
                    state = In::Path;
                    true
                }
                _ => false,
            },
            In::AfterPredicate => {
                let path = token.kind == Kind::PathSeparator;
                if path {
                    state = In::Path;
                }
                path
            }
            In::Path => match token.kind {
                Kind::WhiteSpace => false,
                Kind::PredicateStart => {
                    state = In::Predicate;
                    true
                }
                _ => true,
            },
            In::Predicate => {
                if token.kind == Kind::PredicateEnd {
                    state = In::AfterPredicate;
                }
                true
            }
        };
        if goes_on {
            last = Some(token);
        } else if state != In::Nothing {
            state = In::Nothing;
            found.push((start, last.map_or(start, |t| t.end)));
        }
    }
    if state != In::Nothing {
        found.push((start, last.map_or(start, |t| t.end)));
    }
    found
}

fn kind_at(text: &str) -> (Kind, usize) {
    let bytes = text.as_bytes();
    let first = bytes.first().copied().unwrap_or(b' ');
    if let Some(length) = number_length(text) {
        return (Kind::Literal, length);
    }
    match first {
        b'*' | b'+' | b'-' => return (Kind::MathOperator, 1),
        b' ' if text.starts_with(" mod ") || text.starts_with(" div ") => return (Kind::MathOperator, 5),
        b'!' if text.starts_with("!=") => return (Kind::OtherOperator, 2),
        b'=' | b'<' | b'>' => return (Kind::OtherOperator, 1),
        b' ' if text.starts_with(" and ") => return (Kind::OtherOperator, 5),
        b' ' if text.starts_with(" or ") => return (Kind::OtherOperator, 4),
        b'|' => return (Kind::Union, 1),
        b'(' => return (Kind::OpenParen, 1),
        b')' => return (Kind::CloseParen, 1),
        b'[' | b'{' | b'}' => return (Kind::Bracket, 1),
        b'.' if text.starts_with("..") => return (Kind::Dot, 2),
        b'.' => return (Kind::Dot, 1),
        b'/' => return (Kind::PathSeparator, 1),
        b'"' | b'\'' => {
            if let Some(end) = text[1..].find(char::from(first)) {
                return (Kind::Quoted, end + 2);
            }
        }
        b',' => return (Kind::Comma, 1),
        b']' => return (Kind::PredicateEnd, 1),
        b'$' => {
            if let Some(r) = crate::names::references(text).first().filter(|r| r.start == 0) {
                return (Kind::Reference, r.end);
            }
        }
        _ => {}
    }
    let space = text.find(|c: char| !c.is_whitespace()).unwrap_or(text.len());
    if space > 0 {
        return (Kind::WhiteSpace, space);
    }
    let name = ncname_length(text);
    if name > 0 {
        let rest = &text[name..];
        let full = if rest.starts_with(':') && ncname_length(&rest[1..]) > 0 {
            name + 1 + ncname_length(&rest[1..])
        } else {
            name
        };
        return match text[full..].chars().next() {
            Some('(') => (Kind::Call, full + 1),
            Some('[') => (Kind::PredicateStart, full + 1),
            _ if rest.starts_with("://") => (Kind::Scheme, name + 3),
            _ => (Kind::Name, full),
        };
    }
    (Kind::Other, text.chars().next().map_or(1, char::len_utf8))
}

/// Dates, times and numbers, with their sign.
fn number_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes[from.min(bytes.len())..].iter().take_while(|b| b.is_ascii_digit()).count();
    let sign = usize::from(bytes.first() == Some(&b'-'));
    let is = |at: usize, b: u8| bytes.get(at) == Some(&b);
    if digits(sign) == 4 && is(sign + 4, b'-') && digits(sign + 5) >= 2 && is(sign + 7, b'-') && digits(sign + 8) >= 2 {
        let end = sign + 10;
        if is(end, b'T')
            && let Some(time) = time_length(&text[end + 1..])
        {
            return Some(end + 1 + time);
        }
        return Some(end);
    }
    if sign == 0
        && let Some(time) = time_length(text)
    {
        return Some(time);
    }
    let whole = digits(sign);
    if is(sign + whole, b'.') && (whole > 0 || digits(sign + 1) > 0) {
        return Some(sign + whole + 1 + digits(sign + whole + 1));
    }
    (whole > 0).then_some(sign + whole)
}

fn time_length(text: &str) -> Option<usize> {
    let b = text.as_bytes();
    let two = |at: usize| b.get(at).is_some_and(u8::is_ascii_digit) && b.get(at + 1).is_some_and(u8::is_ascii_digit);
    let colon = |at: usize| b.get(at) == Some(&b':');
    if !(two(0) && colon(2) && two(3) && colon(5) && two(6)) {
        return None;
    }
    if matches!(b.get(8), Some(b'+' | b'-')) && two(9) && colon(11) && two(12) {
        return Some(14);
    }
    Some(if b.get(8) == Some(&b'Z') { 9 } else { 8 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_dynamic(text: &str, question_type: &str, expect: bool) {
        assert_eq!(is_dynamic_default(text, question_type), expect, "{text} as {question_type}");
    }

    #[test]
    fn expressions_and_values() {
        for (text, kind, expect) in [
            ("yes", "text", false),
            ("2017-04-12", "date", false),
            ("2017-04-12T08:00:00+08:00", "dateTime", false),
            ("-5", "integer", false),
            ("1.5", "decimal", false),
            ("today()", "date", true),
            ("${a}", "text", true),
            ("10 - 5", "integer", true),
            ("10 - 5", "date", false),
            ("5 mod 2", "integer", true),
            ("foo-bar", "text", false),
            ("jr://images/a.png", "image", false),
            ("a|b", "text", true),
            ("'", "text", false),
        ] {
            check_dynamic(text, kind, expect);
        }
    }

    #[test]
    fn look_ups_in_text() {
        let text = "He is instance('p')/root/item[name = ${q}]/label years";
        assert_eq!(instance_lookups(text), [(6, 48)]);
        assert_eq!(&text[6..48], "instance('p')/root/item[name = ${q}]/label");
        assert_eq!(instance_lookups("no look-up (at all)"), []);
    }
}
