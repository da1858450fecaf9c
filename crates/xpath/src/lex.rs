//! Text to tokens, with the rules of XPath 1.0 section 3.7 for `*` and the operators that look like names.

use crate::ast::{Compare, Span};
use crate::error::{ParseError, ParseErrorKind};

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Token<'s> {
    Open,
    Close,
    OpenBracket,
    CloseBracket,
    Dot,
    DotDot,
    At,
    Comma,
    ColonColon,
    Slash,
    SlashSlash,
    Pipe,
    Plus,
    Minus,
    Multiply,
    Div,
    Mod,
    And,
    Or,
    Compare(Compare),
    Dollar,
    /// `*` as a name test.
    Star,
    /// `p:*`.
    PrefixStar(&'s str),
    /// A name, with prefix or without.
    Name(Option<&'s str>, &'s str),
    Text(&'s str),
    Number(&'s str),
    End,
}

impl Token<'_> {
    /// After these a name or `*` is an operand, never an operator.
    fn wants_operand(self) -> bool {
        !matches!(
            self,
            Token::Close
                | Token::CloseBracket
                | Token::Dot
                | Token::DotDot
                | Token::Star
                | Token::PrefixStar(_)
                | Token::Name(..)
                | Token::Text(_)
                | Token::Number(_)
        )
    }
}

/// All tokens with their places; the last is `End`.
pub(crate) fn lex(source: &str) -> Result<Vec<(Token<'_>, Span)>, ParseError> {
    let mut tokens = Vec::with_capacity(source.len() / 3 + 2);
    let mut at = 0;
    while let Some(next) = source[at..].chars().next() {
        if matches!(next, ' ' | '\t' | '\r' | '\n') {
            at += 1;
            continue;
        }
        let operand = tokens.last().is_none_or(|(token, _): &(Token<'_>, Span)| token.wants_operand());
        let (token, len) = one(&source[at..], next, operand)
            .map_err(|kind| ParseError::new(source, Span { start: at, end: at + next.len_utf8() }, kind))?;
        tokens.push((token, Span { start: at, end: at + len }));
        at += len;
    }
    tokens.push((Token::End, Span { start: source.len(), end: source.len() }));
    Ok(tokens)
}

fn one(rest: &str, first: char, operand: bool) -> Result<(Token<'_>, usize), ParseErrorKind> {
    let second = rest[first.len_utf8()..].chars().next();
    Ok(match (first, second) {
        ('(', _) => (Token::Open, 1),
        (')', _) => (Token::Close, 1),
        ('[', _) => (Token::OpenBracket, 1),
        (']', _) => (Token::CloseBracket, 1),
        ('@', _) => (Token::At, 1),
        (',', _) => (Token::Comma, 1),
        (':', Some(':')) => (Token::ColonColon, 2),
        ('/', Some('/')) => (Token::SlashSlash, 2),
        ('/', _) => (Token::Slash, 1),
        ('|', _) => (Token::Pipe, 1),
        ('+', _) => (Token::Plus, 1),
        ('-', _) => (Token::Minus, 1),
        ('=', _) => (Token::Compare(Compare::Equal), 1),
        ('!', Some('=')) => (Token::Compare(Compare::NotEqual), 2),
        ('<', Some('=')) => (Token::Compare(Compare::LessOrEqual), 2),
        ('<', _) => (Token::Compare(Compare::Less), 1),
        ('>', Some('=')) => (Token::Compare(Compare::GreaterOrEqual), 2),
        ('>', _) => (Token::Compare(Compare::Greater), 1),
        ('$', _) => (Token::Dollar, 1),
        ('*', _) => (if operand { Token::Star } else { Token::Multiply }, 1),
        ('"' | '\'', _) => {
            let inside = &rest[1..];
            let end = inside.find(first).ok_or(ParseErrorKind::UnclosedText { quote: first })?;
            (Token::Text(&inside[..end]), end + 2)
        }
        ('.', Some('.')) => (Token::DotDot, 2),
        ('.', Some('0'..='9')) | ('0'..='9', _) => {
            let whole = digits(rest);
            let len = match rest[whole..].strip_prefix('.') {
                Some(fraction) => whole + 1 + digits(fraction),
                None => whole,
            };
            (Token::Number(&rest[..len]), len)
        }
        ('.', _) => (Token::Dot, 1),
        _ if !operand && operator_name(rest).is_some() => operator_name(rest).expect("just asked"),
        _ if is_name_start(first) => name(rest),
        _ => return Err(ParseErrorKind::StrayCharacter { found: first }),
    })
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// `and`, `or`, `mod`, `div`, not followed by more of a name. A digit may follow at once (`1 mod2`): every engine takes
/// that.
fn operator_name(rest: &str) -> Option<(Token<'static>, usize)> {
    let table = [("and", Token::And), ("or", Token::Or), ("mod", Token::Mod), ("div", Token::Div)];
    table.into_iter().find_map(|(name, token)| {
        let behind = rest.strip_prefix(name)?.chars().next();
        let ends = behind.is_none_or(|next| next.is_ascii_digit() || next == '.' || next == '-' || !is_name(next));
        ends.then_some((token, name.len()))
    })
}

fn name(rest: &str) -> (Token<'_>, usize) {
    let first = nc_name(rest);
    let behind = &rest[first..];
    if let Some(local) = behind.strip_prefix(':').filter(|local| !local.starts_with(':')) {
        if local.starts_with('*') {
            return (Token::PrefixStar(&rest[..first]), first + 2);
        }
        if local.chars().next().is_some_and(is_name_start) {
            let len = nc_name(local);
            return (Token::Name(Some(&rest[..first]), &local[..len]), first + 1 + len);
        }
    }
    (Token::Name(None, &rest[..first]), first)
}

fn nc_name(text: &str) -> usize {
    text.find(|next| !is_name(next)).unwrap_or(text.len())
}

/// May a name begin with this? (XML 1.0, fifth edition, without the colon.)
pub(crate) fn is_name_start(next: char) -> bool {
    matches!(next,
        'A'..='Z' | 'a'..='z' | '_'
        | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}'
        | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}'
        | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}'
        | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
}

fn is_name(next: char) -> bool {
    is_name_start(next)
        || matches!(next, '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}
