//! `regex()`: Java's patterns, which is what forms are written in, on a Rust engine.

use std::cell::RefCell;
use std::rc::Rc;

use fancy_regex::{Regex, RegexBuilder};

use super::function;
use crate::error::EvalError;
use crate::value::Value;

/// The longest pattern of `regex()`, in bytes.
pub const MAX_PATTERN: usize = 8 * 1024;
/// How often a pattern of `regex()` may go back on one text.
pub const MAX_BACKTRACKS: usize = 1_000_000;
/// How many compiled patterns a thread keeps.
const KEPT: usize = 128;

thread_local! {
    /// Compiling costs a thousand times what matching does, and a form has few patterns.
    static COMPILED: RefCell<Vec<(String, Rc<Regex>)>> = const { RefCell::new(Vec::new()) };
}

function! { regex(eval, arguments, focus) {
    let text = eval.string(arguments[0], focus)?;
    let pattern = eval.string(arguments[1], focus)?;
    let regex = compiled(&pattern)?;
    match regex.is_match(&*text) {
        Ok(matches) => Ok(Value::Boolean(matches)),
        Err(_) => Err(EvalError::BadPattern { reason: "it takes too long on this text".to_owned() }),
    }
} }

/// What is wrong with a pattern.
pub(crate) fn problem(pattern: &str) -> Option<String> {
    match compiled(pattern) {
        Err(EvalError::BadPattern { reason }) => Some(reason),
        _ => None,
    }
}

fn compiled(pattern: &str) -> Result<Rc<Regex>, EvalError> {
    let known =
        COMPILED.with_borrow(|kept| kept.iter().find(|(text, _)| text == pattern).map(|(_, regex)| regex.clone()));
    if let Some(regex) = known {
        return Ok(regex);
    }
    let bad = |reason: String| EvalError::BadPattern { reason };
    if pattern.len() > MAX_PATTERN {
        return Err(bad(format!("it has {} bytes, more than the {MAX_PATTERN} allowed", pattern.len())));
    }
    let translated = translated(pattern).map_err(bad)?;
    let regex = RegexBuilder::new(&format!(r"\A(?:{translated})\z"))
        .backtrack_limit(MAX_BACKTRACKS)
        .delegate_size_limit(4 << 20)
        .delegate_dfa_size_limit(4 << 20)
        .build()
        .map_err(|error| bad(error.to_string()))?;
    let regex = Rc::new(regex);
    COMPILED.with_borrow_mut(|kept| {
        if kept.len() >= KEPT {
            kept.remove(0);
        }
        kept.push((pattern.to_owned(), regex.clone()));
    });
    Ok(regex)
}

/// The pattern with those signs replaced that mean something else, or nothing, here.
fn translated(pattern: &str) -> Result<String, String> {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern.chars().peekable();
    // How many brackets of character classes are open.
    let mut class = 0usize;
    while let Some(next) = rest.next() {
        match next {
            '[' => {
                class += 1;
                out.push('[');
                if rest.peek() == Some(&'^') {
                    rest.next();
                    out.push('^');
                }
                // A bracket that closes at once is a character, as in JavaScript's and POSIX's patterns.
                if rest.peek() == Some(&']') {
                    rest.next();
                    out.push_str(r"\]");
                }
            }
            ']' if class > 0 => {
                class -= 1;
                out.push(']');
            }
            '\\' => escape(&mut rest, class > 0, &mut out)?,
            // Two of these mean difference and symmetric difference here, and nothing there.
            '-' | '~' if class > 0 && rest.peek() == Some(&next) => {
                out.push('\\');
                out.push(next);
            }
            _ => out.push(next),
        }
    }
    Ok(out)
}

fn escape(rest: &mut std::iter::Peekable<std::str::Chars<'_>>, in_class: bool, out: &mut String) -> Result<(), String> {
    let set = |out: &mut String, inside: &str, negated: bool| match (in_class, negated) {
        (true, false) => out.push_str(inside),
        (_, true) => out.push_str(&format!("[^{inside}]")),
        (false, false) => out.push_str(&format!("[{inside}]")),
    };
    let code = |out: &mut String, digits: &str| match u32::from_str_radix(digits, 16) {
        Ok(code) => {
            out.push_str(&format!(r"\x{{{code:X}}}"));
            Ok(())
        }
        Err(_) => Err(format!(r"{digits} is no code of a character")),
    };
    let next = rest.next().ok_or(r"it ends with a single \")?;
    match next {
        'd' | 'D' => set(out, "0-9", next == 'D'),
        'w' | 'W' => set(out, "a-zA-Z_0-9", next == 'W'),
        's' | 'S' => set(out, r"\x20\t\n\x0B\f\r", next == 'S'),
        'h' | 'H' => set(out, r"\x20\t\xA0\x{1680}\x{180E}\x{2000}-\x{200A}\x{202F}\x{205F}\x{3000}", next == 'H'),
        'R' => out.push_str(r"(?:\r\n|[\n\x0B\f\r\x{85}\x{2028}\x{2029}])"),
        'e' => out.push_str(r"\x1B"),
        'Z' => out.push_str(r"(?=\r?\n?\z)"),
        't' | 'n' | 'r' | 'f' | 'a' | 'b' | 'B' | 'A' | 'z' | 'G' | '1'..='9' => {
            out.push('\\');
            out.push(next);
        }
        'v' => set(out, r"\n\x0B\f\r\x{85}\x{2028}\x{2029}", false),
        'k' => out.push_str(r"\k"),
        'x' if rest.peek() == Some(&'{') => {
            rest.next();
            let digits: String = rest.by_ref().take_while(|digit| *digit != '}').collect();
            code(out, &digits)?;
        }
        'x' => {
            let digits: String = rest.by_ref().take(2).collect();
            code(out, &digits)?;
        }
        'u' => {
            let digits: String = rest.by_ref().take(4).collect();
            let high = u32::from_str_radix(&digits, 16).unwrap_or(0);
            if !(0xD800..0xDC00).contains(&high) {
                return code(out, &digits);
            }
            // Half a character: the other half must follow.
            let other: String = rest.by_ref().take(6).collect();
            let low = other.strip_prefix(r"\u").and_then(|low| u32::from_str_radix(low, 16).ok());
            let low = low.filter(|low| (0xDC00..0xE000).contains(low)).ok_or("it has half a character in it")?;
            code(out, &format!("{:X}", 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)))?;
        }
        'p' | 'P' => property(rest, next == 'P', in_class, out)?,
        'Q' => {
            let mut quoted: String = String::new();
            for character in rest.by_ref() {
                quoted.push(character);
                if quoted.ends_with(r"\E") {
                    quoted.truncate(quoted.len() - 2);
                    break;
                }
            }
            quoted.chars().for_each(|character| literal(character, out));
        }
        'E' => {}
        _ if next.is_ascii_alphanumeric() => return Err(format!(r"\{next} means nothing")),
        _ => literal(next, out),
    }
    Ok(())
}

fn literal(character: char, out: &mut String) {
    if character.is_ascii_punctuation() || character.is_whitespace() {
        out.push_str(&format!(r"\x{{{:X}}}", u32::from(character)));
    } else {
        out.push(character);
    }
}

/// `\p{…}`: Java's names for scripts (`IsHan`), blocks (`InCJKUnifiedIdeographs`) and POSIX classes (`Alpha`, which is
/// ASCII).
fn property(
    rest: &mut std::iter::Peekable<std::str::Chars<'_>>,
    negated: bool,
    in_class: bool,
    out: &mut String,
) -> Result<(), String> {
    let name: String = match rest.next() {
        Some('{') => rest.by_ref().take_while(|next| *next != '}').collect(),
        Some(single) => single.to_string(),
        None => return Err(r"it ends with \p".to_owned()),
    };
    let posix = match name.as_str() {
        "Lower" => "a-z",
        "Upper" => "A-Z",
        "ASCII" => r"\x00-\x7F",
        "Alpha" => "a-zA-Z",
        "Digit" => "0-9",
        "Alnum" => "a-zA-Z0-9",
        "Punct" => r"!-/:-@\[-`{-\x7E",
        "Graph" => "!-~",
        "Print" => r"\x20-\x7E",
        "Blank" => r"\x20\t",
        "Cntrl" => r"\x00-\x1F\x7F",
        "XDigit" => "0-9a-fA-F",
        "Space" => r"\x20\t\n\x0B\f\r",
        _ => "",
    };
    let block = match name.strip_prefix("In").unwrap_or("").replace(['_', ' '], "").to_ascii_lowercase().as_str() {
        "cjkunifiedideographs" => r"\x{4E00}-\x{9FFF}",
        "cjkunifiedideographsextensiona" => r"\x{3400}-\x{4DBF}",
        "cjkunifiedideographsextensionb" => r"\x{20000}-\x{2A6DF}",
        "cjkcompatibilityideographs" => r"\x{F900}-\x{FAFF}",
        "cjksymbolsandpunctuation" => r"\x{3000}-\x{303F}",
        "halfwidthandfullwidthforms" => r"\x{FF00}-\x{FFEF}",
        "basiclatin" => r"\x00-\x7F",
        "latin1supplement" | "latin-1supplement" => r"\x80-\xFF",
        "generalpunctuation" => r"\x{2000}-\x{206F}",
        _ => "",
    };
    let ranges = if posix.is_empty() { block } else { posix };
    if ranges.is_empty() {
        let name = name.strip_prefix("Is").unwrap_or(&name);
        out.push_str(&format!(r"\{}{{{name}}}", if negated { 'P' } else { 'p' }));
    } else if negated {
        out.push_str(&format!("[^{ranges}]"));
    } else if in_class {
        out.push_str(ranges);
    } else {
        out.push_str(&format!("[{ranges}]"));
    }
    Ok(())
}
