//! Names that XML allows, and `${name}` references in text.

/// Whether the text is an XML name, with one prefix at most (`q1`, `题目`, `orx:x`).
pub(crate) fn is_xml_name(text: &str) -> bool {
    match text.split_once(':') {
        Some((prefix, local)) => is_ncname(prefix) && is_ncname(local),
        None => is_ncname(text),
    }
}

/// Whether the text is an XML name without prefix.
pub(crate) fn is_ncname(text: &str) -> bool {
    !text.is_empty() && ncname_length(text) == text.len()
}

/// Bytes of the longest name without prefix at the start of the text.
pub(crate) fn ncname_length(text: &str) -> usize {
    let mut chars = text.char_indices();
    match chars.next() {
        Some((_, c)) if is_name_start(c) => {}
        _ => return 0,
    }
    chars.find(|(_, c)| !is_name_char(*c)).map_or(text.len(), |(i, _)| i)
}

const fn is_name_start(c: char) -> bool {
    matches!(c,
        'A'..='Z' | '_' | 'a'..='z' | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2ff}'
        | '\u{370}'..='\u{37d}' | '\u{37f}'..='\u{1fff}' | '\u{200c}'..='\u{200d}' | '\u{2070}'..='\u{218f}'
        | '\u{2c00}'..='\u{2fef}' | '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}'
        | '\u{10000}'..='\u{effff}')
}

const fn is_name_char(c: char) -> bool {
    is_name_start(c) || matches!(c, '-' | '.' | '0'..='9' | '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}')
}

/// A `${name}` or `${last-saved#name}` in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reference<'a> {
    pub start: usize,
    pub end: usize,
    pub name: &'a str,
    pub last_saved: bool,
}

/// The references of a text, in order; malformed ones are left out.
pub(crate) fn references(text: &str) -> Vec<Reference<'_>> {
    scan(text).into_iter().filter_map(Result::ok).collect()
}

/// Whether the whole text is one reference.
pub(crate) fn is_reference(text: &str) -> bool {
    matches!(references(text).as_slice(), [r] if r.start == 0 && r.end == text.len())
}

/// Whether the text has a well-formed reference. As in the reference converter, the first one decides.
pub(crate) fn has_reference(text: &str) -> bool {
    matches!(scan(text).first(), Some(Ok(_)))
}

/// Every reference of a text; `Err` holds the malformed text (`${`, `${a b}`).
pub(crate) fn scan(text: &str) -> Vec<Result<Reference<'_>, &str>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(offset) = text[at..].find("${") {
        let start = at + offset;
        let Some(length) = text[start + 2..].find('}') else {
            found.push(Err(&text[start..]));
            break;
        };
        let inner = &text[start + 2..start + 2 + length];
        let end = start + 2 + length + 1;
        let (name, last_saved) = inner.strip_prefix("last-saved#").map_or((inner, false), |n| (n, true));
        found.push(if is_ncname(name) {
            Ok(Reference { start, end, name, last_saved })
        } else {
            Err(&text[start..end])
        });
        at = end;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &[Result<&str, &str>]) {
        let found: Vec<_> = scan(text).into_iter().map(|r| r.map(|r| r.name)).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn references_are_found_and_malformed_ones_named() {
        check("${a} + ${题目}", &[Ok("a"), Ok("题目")]);
        check("${last-saved#a}", &[Ok("a")]);
        check("${a b} ${c", &[Err("${a b}"), Err("${c")]);
        check("${}", &[Err("${}")]);
        check("$ {a}", &[]);
    }

    #[test]
    fn names() {
        for good in ["a", "_a", "a-1.b", "题目", "orx:x"] {
            assert!(is_xml_name(good), "{good}");
        }
        for bad in ["", "1a", "a b", ":a", "a:", "a:b:c", "-a", "a（示例）b c"] {
            assert!(!is_xml_name(bad), "{bad}");
        }
    }
}
