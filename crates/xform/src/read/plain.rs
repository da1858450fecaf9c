//! A quick reader for the bulk of a form: translations and choice lists, which are nine tenths of its text.
//!
//! It knows only what such parts are made of: elements and attributes without prefix, text, the five entities and
//! character references. Whatever else comes ([`NotPlain`]) is left to the XML reader, which then reads the whole form,
//! so that nothing is understood in two ways. No tree is built: that halved the time a large form takes to load.

use std::borrow::Cow;

/// More than plain elements and text, or not well-formed: the XML reader shall look at it.
#[derive(Debug)]
pub(crate) struct NotPlain;

type Outcome<T> = Result<T, NotPlain>;

/// The next piece of a part.
pub(crate) enum Token<'x> {
    /// A start tag; an empty element is followed by its `Close`.
    Open(&'x str, Vec<(&'x str, Cow<'x, str>)>),
    Close,
    Text(Cow<'x, str>),
    End,
}

/// A part of the form's text between two tags.
pub(crate) struct Plain<'x> {
    text: &'x str,
    at: usize,
    open: Vec<&'x str>,
    /// The last tag was an empty element, whose end is still to be told.
    closing: bool,
    /// So many tokens may still come.
    budget: u32,
}

impl<'x> Plain<'x> {
    pub(crate) fn new(text: &'x str) -> Self {
        Self { text, at: 0, open: Vec::new(), closing: false, budget: super::MAX_FORM_NODES }
    }

    pub(crate) fn next(&mut self) -> Outcome<Token<'x>> {
        if std::mem::take(&mut self.closing) {
            return Ok(Token::Close);
        }
        self.budget = self.budget.checked_sub(1).ok_or(NotPlain)?;
        let rest = &self.text[self.at..];
        match rest.as_bytes() {
            [] if self.open.is_empty() => Ok(Token::End),
            [b'<', b'/', ..] => self.close(&rest[2..]),
            [b'<', ..] => self.open(&rest[1..]),
            [] => Err(NotPlain),
            _ => {
                let end = place(rest, b'<').unwrap_or(rest.len());
                self.at += end;
                unescaped(&rest[..end], true).map(Token::Text)
            }
        }
    }

    /// Goes on behind the end of the element that was opened last.
    pub(crate) fn skip(&mut self) -> Outcome<()> {
        let mut depth = 1;
        while depth > 0 {
            match self.next()? {
                Token::Open(..) => depth += 1,
                Token::Close => depth -= 1,
                Token::Text(_) => {}
                Token::End => return Err(NotPlain),
            }
        }
        Ok(())
    }

    fn close(&mut self, rest: &'x str) -> Outcome<Token<'x>> {
        let name = self.open.pop().ok_or(NotPlain)?;
        let closed = rest.as_bytes().get(name.len()) == Some(&b'>') && rest.starts_with(name);
        self.at += 2 + name.len() + 1;
        if closed { Ok(Token::Close) } else { Err(NotPlain) }
    }

    fn open(&mut self, rest: &'x str) -> Outcome<Token<'x>> {
        let (name, mut tail) = name(rest)?;
        let mut attributes: Vec<(&str, Cow<'x, str>)> = Vec::new();
        loop {
            let space = tail.bytes().take_while(|byte| matches!(byte, b' ' | b'\n' | b'\t')).count();
            let trimmed = &tail[space..];
            match trimmed.as_bytes() {
                [b'>', ..] => {
                    self.open.push(name);
                    tail = &trimmed[1..];
                    break;
                }
                [b'/', b'>', ..] => {
                    self.closing = true;
                    tail = &trimmed[2..];
                    break;
                }
                _ => {}
            }
            if trimmed.len() == tail.len() {
                return Err(NotPlain);
            }
            let (key, behind) = self::name(trimmed)?;
            let [b'=', quote @ (b'"' | b'\''), ..] = behind.as_bytes() else { return Err(NotPlain) };
            let quoted = &behind[2..];
            let end = place(quoted, *quote).ok_or(NotPlain)?;
            let (value, behind) = (&quoted[..end], &quoted[end + 1..]);
            if key == "xmlns" || value.contains('<') || attributes.iter().any(|(known, _)| *known == key) {
                return Err(NotPlain);
            }
            attributes.push((key, unescaped(value, false)?));
            tail = behind;
        }
        self.at = self.text.len() - tail.len();
        if self.open.len() > super::MAX_FORM_DEPTH {
            return Err(NotPlain);
        }
        Ok(Token::Open(name, attributes))
    }
}

/// The place of an ASCII character. Names and texts are short, so there is nothing faster than to look.
fn place(text: &str, character: u8) -> Option<usize> {
    text.bytes().position(|byte| byte == character)
}

/// A name without prefix at the beginning of a text, and the rest.
fn name(text: &str) -> Outcome<(&str, &str)> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let plain = text.bytes().position(|byte| !is_plain(byte)).unwrap_or(text.len());
    let end = match text.as_bytes().get(plain) {
        Some(128..) => text.find(|c: char| !is_name_char(c)).unwrap_or(text.len()),
        _ => plain,
    };
    let (name, rest) = text.split_at(end);
    let first = name.chars().next().ok_or(NotPlain)?;
    let begins = first == '_'
        || first.is_ascii_alphabetic()
        || (!first.is_ascii() && !matches!(first, '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}' | '\u{2040}'));
    if begins { Ok((name, rest)) } else { Err(NotPlain) }
}

/// XML 1.0, production 4a, but for the colon.
fn is_name_char(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || matches!(c, '_' | '-' | '.' | '\u{b7}' | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{37d}'
            | '\u{37f}'..='\u{1fff}' | '\u{200c}' | '\u{200d}' | '\u{203f}' | '\u{2040}' | '\u{2070}'..='\u{218f}'
            | '\u{2c00}'..='\u{2fef}' | '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}'
            | '\u{10000}'..='\u{effff}')
}

/// Text with its references replaced. Of control characters only line ends and tabs may stand in it as they are, if
/// `lines` allows them. One look at each byte: these are nine tenths of a form.
fn unescaped(text: &str, lines: bool) -> Outcome<Cow<'_, str>> {
    let bytes = text.as_bytes();
    let mut first = None;
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'&' => first = first.or(Some(at)),
            b'\t' | b'\n' if lines => {}
            0..=0x1f => return Err(NotPlain),
            b']' if bytes[at..].starts_with(b"]]>") => return Err(NotPlain),
            // U+FFFE and U+FFFF are no characters.
            0xef if matches!(bytes.get(at + 1..at + 3), Some([0xbf, 0xbe | 0xbf])) => return Err(NotPlain),
            _ => {}
        }
    }
    let Some(first) = first else { return Ok(Cow::Borrowed(text)) };
    let mut whole = text[..first].to_owned();
    let mut rest = &text[first..];
    while let Some(at) = rest.find('&') {
        whole.push_str(&rest[..at]);
        let (reference, behind) = rest[at + 1..].split_once(';').ok_or(NotPlain)?;
        whole.push(match reference {
            "lt" => '<',
            "gt" => '>',
            "amp" => '&',
            "quot" => '"',
            "apos" => '\'',
            other => {
                let number = other.strip_prefix('#').ok_or(NotPlain)?;
                let code = match number.strip_prefix('x') {
                    Some(digits) if digits.bytes().all(|b| b.is_ascii_hexdigit()) => u32::from_str_radix(digits, 16),
                    None if number.bytes().all(|b| b.is_ascii_digit()) => number.parse(),
                    _ => return Err(NotPlain),
                };
                // Line ends and tabs written so are rare; how they are folded is the XML reader's to know.
                code.ok()
                    .and_then(char::from_u32)
                    .filter(|c| *c >= ' ' && !matches!(c, '\u{fffe}' | '\u{ffff}'))
                    .ok_or(NotPlain)?
            }
        });
        rest = behind;
    }
    whole.push_str(rest);
    Ok(Cow::Owned(whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pieces of a text, or that it is not plain.
    fn pieces(text: &str) -> String {
        let mut plain = Plain::new(text);
        let mut told = String::new();
        loop {
            match plain.next() {
                Ok(Token::Open(name, attributes)) => {
                    told += &format!("<{name}");
                    for (key, value) in attributes {
                        told += &format!(" {key}={value}");
                    }
                    told.push('>');
                }
                Ok(Token::Close) => told += "</>",
                Ok(Token::Text(text)) => told += &text,
                Ok(Token::End) => return told,
                Err(NotPlain) => return "not plain".to_owned(),
            }
        }
    }

    #[track_caller]
    fn check(text: &str, expect: &str) {
        assert_eq!(pieces(text), expect, "{text}");
        // Whatever is plain is what the XML reader understands too.
        let document = format!("<x>{text}</x>");
        let document = roxmltree::Document::parse(&document);
        if expect == "not plain" {
            return;
        }
        let document = document.expect("well-formed");
        let mut told = String::new();
        tell(document.root_element(), &mut told);
        assert_eq!(told, format!("<x>{expect}</>"));
    }

    fn tell(node: roxmltree::Node<'_, '_>, told: &mut String) {
        if let Some(text) = node.text().filter(|_| node.is_text()) {
            *told += text;
        }
        if node.is_element() {
            *told += &format!("<{}", node.tag_name().name());
            for attribute in node.attributes() {
                *told += &format!(" {}={}", attribute.name(), attribute.value());
            }
            told.push('>');
            node.children().for_each(|child| tell(child, told));
            *told += "</>";
        }
    }

    #[test]
    fn elements_attributes_and_text_are_plain() {
        check("", "");
        check("<村 名='小满'\n id = \"1\">", "not plain");
        check("<村 名='小满'\n id=\"1\">一 &amp; 二\n</村>", "<村 名=小满 id=1>一 & 二\n</>");
        check("<a/><b c='&lt;&#20108;&#x4e8c;'/>", "<a></><b c=<二二></>");
        check("<a >x</a>", "<a>x</>");
    }

    #[test]
    fn all_else_is_left_to_the_xml_reader() {
        for text in [
            "<a>",
            "</a>",
            "<a></b>",
            "<a b></a>",
            "<a b='1' b='2'/>",
            "<a b='<'/>",
            "<p:a/>",
            "<a p:b='1'/>",
            "<a xmlns='u'/>",
            "<!-- x -->",
            "<![CDATA[x]]>",
            "<?x?>",
            "&nbsp;",
            "&#0;",
            "&#13;",
            "& ",
            "a\r\nb",
            "]]>",
            "<a b='1\n2'/>",
            "<1/>",
            "<a\u{d7}/>",
            "<a b='1'c='2'/>",
            "a\u{fffe}",
            "&#x;",
            "&#-5;",
            "\u{1}",
        ] {
            check(text, "not plain");
        }
    }
}
