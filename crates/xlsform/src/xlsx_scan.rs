//! The XML of .xlsx parts, piece by piece and without a copy: tags and texts, as much of XML 1.0 as ECMA-376 allows. Names
//! are told without their prefix, and whether every tag is closed by its own name is not looked at.

use crate::read_xlsx::broken;
use crate::workbook::ReadError;
use std::borrow::Cow;

/// A piece of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// `<name …>`; one for `<name …/>` too, followed by its end.
    Start(Tag<'a>),
    /// `</name>`.
    End(&'a str),
    /// Text as it is written, see [`decode`].
    Text(&'a str),
    /// Text that stands for itself.
    Plain(&'a str),
}

/// A start tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tag<'a> {
    pub name: &'a str,
    attributes: &'a str,
}

/// Where in a part the next piece begins.
#[derive(Debug, Clone)]
pub(crate) struct Scanner<'a> {
    rest: &'a str,
    /// The name of an empty element whose start was told.
    open: Option<&'a str>,
}

impl<'a> Scanner<'a> {
    pub fn new(xml: &'a str) -> Self {
        Self { rest: xml, open: None }
    }

    /// The next piece; comments and processing instructions are passed over.
    pub fn next(&mut self) -> Result<Piece<'a>, ReadError> {
        if let Some(name) = self.open.take() {
            return Ok(Piece::End(name));
        }
        loop {
            let bytes = self.rest.as_bytes();
            if bytes.first() != Some(&b'<') {
                if bytes.is_empty() {
                    return Err(broken("a part ends too early"));
                }
                let (text, rest) = self.rest.split_at(place(self.rest, b'<').unwrap_or(bytes.len()));
                self.rest = rest;
                return Ok(Piece::Text(text));
            }
            let markup = &self.rest[1..];
            match bytes.get(1) {
                Some(b'/') => {
                    let (name, rest) = cut(&markup[1..], b'>').ok_or_else(|| broken("a tag is not closed"))?;
                    self.rest = rest;
                    return Ok(Piece::End(local(name.trim_ascii_end())));
                }
                Some(b'?') => _ = self.up_to(markup, "?>")?,
                Some(b'!') => {
                    if let Some(text) = markup.strip_prefix("![CDATA[") {
                        return Ok(Piece::Plain(self.up_to(text, "]]>")?));
                    }
                    let comment = markup.strip_prefix("!--");
                    self.up_to(comment.ok_or_else(|| broken("a part declares a document type"))?, "-->")?;
                }
                _ => return self.start(markup),
            }
        }
    }

    /// The text of the element that has just begun, as it is written, when it is nothing but one text: then its end has been
    /// read too. Nearly all values of cells are of this kind.
    pub fn only_text(&mut self, element: &str) -> Option<&'a str> {
        let rest = self.rest.as_bytes();
        let end = rest.iter().position(|b| *b == b'<').filter(|_| self.open.is_none())?;
        let close = rest[end + 1..].strip_prefix(b"/")?.strip_prefix(element.as_bytes())?;
        if close.first() != Some(&b'>') {
            return None;
        }
        let text = &self.rest[..end];
        self.rest = &self.rest[self.rest.len() - close.len() + 1..];
        Some(text)
    }

    /// Passes over everything up to the end of the element that has just begun.
    pub fn skip(&mut self) -> Result<(), ReadError> {
        let mut depth = 1_usize;
        while depth > 0 {
            match self.next()? {
                Piece::Start(_) => depth += 1,
                Piece::End(_) => depth -= 1,
                _ => {}
            }
        }
        Ok(())
    }

    fn up_to(&mut self, text: &'a str, end: &str) -> Result<&'a str, ReadError> {
        let (before, rest) = text.split_once(end).ok_or_else(|| broken("a part ends too early"))?;
        self.rest = rest;
        Ok(before)
    }

    fn start(&mut self, markup: &'a str) -> Result<Piece<'a>, ReadError> {
        let end = tag_end(markup).ok_or_else(|| broken("a tag is not closed"))?;
        self.rest = &markup[end + 1..];
        let empty = markup.as_bytes()[..end].last() == Some(&b'/');
        let tag = &markup[..end - usize::from(empty)];
        let (name, attributes) = tag.split_at(tag.bytes().position(|b| b.is_ascii_whitespace()).unwrap_or(tag.len()));
        let name = local(name);
        self.open = empty.then_some(name);
        Ok(Piece::Start(Tag { name, attributes }))
    }
}

impl<'a> Tag<'a> {
    /// The values of some attributes as they are written. A name without prefix is found with any.
    pub fn attributes<const N: usize>(&self, names: [&str; N]) -> Result<[Option<&'a str>; N], ReadError> {
        let malformed = || broken(format!("<{}> has a malformed attribute", self.name));
        let mut values = [None; N];
        let mut rest = self.attributes.trim_ascii_start();
        while !rest.is_empty() {
            let (key, after) = cut(rest, b'=').ok_or_else(malformed)?;
            let after = after.trim_ascii_start();
            let quote = after.bytes().next().filter(|b| matches!(b, b'"' | b'\'')).ok_or_else(malformed)?;
            let (value, after) = cut(&after[1..], quote).ok_or_else(malformed)?;
            let key = key.trim_ascii_end();
            if let Some(at) = names.iter().position(|name| *name == key) {
                values[at] = Some(value);
            } else if let Some(at) = names.iter().position(|name| *name == local(key)) {
                values[at].get_or_insert(value);
            }
            rest = after.trim_ascii_start();
        }
        Ok(values)
    }

    /// The value of an attribute.
    pub fn attribute(&self, name: &str) -> Result<Option<Cow<'a, str>>, ReadError> {
        let [value] = self.attributes([name])?;
        value.map(decode).transpose()
    }
}

/// The place of the `>` that closes a tag: the first one outside quotation marks.
fn tag_end(markup: &str) -> Option<usize> {
    let first = place(markup, b'>')?;
    let inside = &markup.as_bytes()[..first];
    // Mostly there is nothing but pairs of the usual ones before it.
    let doubles = inside.iter().filter(|b| **b == b'"').count();
    if doubles % 2 == 0 && !inside.iter().fold(false, |found, b| found | (*b == b'\'')) {
        return Some(first);
    }
    let mut quote = None;
    markup.bytes().position(|b| match quote {
        Some(open) => {
            quote = quote.filter(|_| b != open);
            false
        }
        None => {
            quote = matches!(b, b'"' | b'\'').then_some(b);
            b == b'>'
        }
    })
}

fn local(name: &str) -> &str {
    cut(name, b':').map_or(name, |(_, local)| local)
}

/// The place of an ASCII character. Names and texts of cells are short, so there is nothing faster than to look.
fn place(text: &str, character: u8) -> Option<usize> {
    text.bytes().position(|b| b == character)
}

/// What stands before and after the first of an ASCII character.
fn cut(text: &str, character: u8) -> Option<(&str, &str)> {
    let at = place(text, character)?;
    Some((&text[..at], &text[at + 1..]))
}

/// A text with its entities resolved and its line ends as XML reads them.
pub(crate) fn decode(text: &str) -> Result<Cow<'_, str>, ReadError> {
    // Without a way out in the middle, several bytes are looked at at once.
    if !text.bytes().fold(false, |found, b| found | matches!(b, b'&' | b'\r')) {
        return Ok(Cow::Borrowed(text));
    }
    let text = with_line_feeds(text);
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_ref();
    while let Some((before, after)) = rest.split_once('&') {
        let (name, after) = after.split_once(';').ok_or_else(|| broken("an entity has no end"))?;
        out.push_str(before);
        out.push(entity(name).ok_or_else(|| broken(format!("the entity &{name}; is not declared")))?);
        rest = after;
    }
    out.push_str(rest);
    Ok(Cow::Owned(out))
}

/// `\r\n` and a single `\r` are read as `\n`.
pub(crate) fn with_line_feeds(text: &str) -> Cow<'_, str> {
    if text.contains('\r') { Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n")) } else { Cow::Borrowed(text) }
}

fn entity(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let (digits, radix) = number.strip_prefix('x').map_or((number, 10), |digits| (digits, 16));
            let is_number = digits.bytes().all(|b| b.is_ascii_hexdigit());
            char::from_u32(u32::from_str_radix(digits, radix).ok().filter(|_| is_number)?).filter(|c| *c != '\0')
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(xml: &str, expect: &[&str]) {
        let mut scanner = Scanner::new(xml);
        let found: Vec<String> = std::iter::from_fn(|| scanner.next().ok())
            .map(|piece| match piece {
                Piece::Start(tag) => format!("<{}|{}", tag.name, tag.attribute("a").unwrap().unwrap_or_default()),
                Piece::End(name) => format!("/{name}"),
                Piece::Text(text) => decode(text).unwrap().into_owned(),
                Piece::Plain(text) => format!("'{text}"),
            })
            .collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn pieces() {
        check("<?xml version='1.0'?><x:b c='>' x:a = \"1&lt;\"> t<!-- <c> --></x:b >", &["<b|1<", " t", "/b"]);
        check("<a/><a a='/'/>", &["<a|", "/a", "<a|/", "/a"]);
        check("<a>1 &#x4e00;&#19968;&amp;amp;\r\n\r2<![CDATA[<&>]]></a>", &["<a|", "1 一一&amp;\n\n2", "'<&>", "/a"]);
        check("<!DOCTYPE a [<!ENTITY b 'c'>]><a/>", &[]);
        check("<a a='>\"' b=\"'>'\"/><a a='\"' b=\">\"/>", &["<a|>\"", "/a", "<a|\"", "/a"]);
        check("<a b='", &[]);
        check("<", &[]);
    }

    #[test]
    fn entities_that_nobody_declares_are_refused() {
        for text in ["&b;", "&", "&#0;", "&#xd800;", "&#+1;", "&#;", "&#x;"] {
            assert!(decode(text).is_err(), "{text}");
        }
    }
}
