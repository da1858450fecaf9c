//! Text in the parts of an .xlsx file: shared strings, strings inside a cell, and plain text of an element.

use crate::workbook::ReadError;
use crate::xlsx_scan::{Piece, Scanner, decode, with_line_feeds};
use std::borrow::Cow;

/// The shared strings of a workbook, cleaned as cells are, one behind the other.
#[derive(Debug, Default)]
pub(crate) struct SharedStrings {
    all: String,
    places: Vec<(u32, u32)>,
}

impl SharedStrings {
    pub fn read(xml: &str) -> Result<Self, ReadError> {
        let mut strings = Self { all: String::with_capacity(xml.len() / 2), places: Vec::new() };
        let mut scanner = Scanner::new(xml);
        loop {
            match scanner.next()? {
                Piece::Start(tag) if tag.name == "si" => {
                    let start = strings.all.len();
                    push_string(&mut scanner, "si", &mut strings.all)?;
                    strings.settle(start);
                }
                Piece::End("sst") => return Ok(strings),
                _ => {}
            }
        }
    }

    /// Takes what was written from `start` on as the next string.
    fn settle(&mut self, start: usize) {
        if let Cow::Owned(text) = clean(&self.all[start..]) {
            self.all.truncate(start);
            self.all.push_str(&text);
        }
        let text = self.all[start..].trim();
        let from = self.all.len() - self.all[start..].trim_start().len();
        // An unpacked file has fewer bytes than u32 counts.
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        self.places.push((place(from), place(from + text.len())));
    }

    pub fn get(&self, index: usize) -> Option<&str> {
        let (start, end) = *self.places.get(index)?;
        self.all.get(start as usize..end as usize)
    }
}

/// A cell's text without no-break spaces and without space around it.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    // The first byte of U+00A0, which no character beyond U+00BF has.
    if text.as_bytes().contains(&0xc2) {
        Cow::Owned(text.replace('\u{a0}', " ").trim().to_owned())
    } else {
        Cow::Borrowed(text.trim())
    }
}

/// Appends the text of a string item, plain or in runs (ECMA-376 part 1, 18.4.8); how it is pronounced is left out. The
/// start tag has been read, the end tag will be.
pub(crate) fn push_string(scanner: &mut Scanner<'_>, item: &str, out: &mut String) -> Result<(), ReadError> {
    let mut phonetic = false;
    loop {
        match scanner.next()? {
            Piece::Start(tag) => match tag.name {
                "t" if !phonetic => {
                    let preserve = tag.attributes(["xml:space"])?[0] == Some("preserve");
                    push_run(&element_text(scanner, "t")?, preserve, out);
                }
                "rPh" => phonetic = true,
                _ => {}
            },
            Piece::End("rPh") => phonetic = false,
            Piece::End(name) if name == item => return Ok(()),
            _ => {}
        }
    }
}

fn push_run(text: &str, preserve: bool, out: &mut String) {
    let text = if preserve { text } else { text.trim_matches([' ', '\t', '\r', '\n']) };
    out.push_str(&unescape(text));
}

/// The text of an element, with entities resolved. The start tag has been read, the end tag will be.
pub(crate) fn element_text<'a>(scanner: &mut Scanner<'a>, element: &str) -> Result<Cow<'a, str>, ReadError> {
    if let Some(text) = scanner.only_text(element) {
        return decode(text);
    }
    let mut text = Cow::Borrowed("");
    loop {
        let piece = match scanner.next()? {
            Piece::Text(piece) => decode(piece)?,
            Piece::Plain(piece) => with_line_feeds(piece),
            Piece::End(name) if name == element => return Ok(text),
            _ => continue,
        };
        if text.is_empty() {
            text = piece;
        } else {
            text.to_mut().push_str(&piece);
        }
    }
}

/// Characters that XML cannot hold are written `_xHHHH_`, a UTF-16 unit each (ECMA-376 part 1, 22.9.2.19).
pub(crate) fn unescape(text: &str) -> Cow<'_, str> {
    /// Bytes of one escape.
    const LENGTH: usize = "_xHHHH_".len();
    let unit = |text: &str| {
        let digits = text.get(..LENGTH)?.strip_prefix("_x")?.strip_suffix('_')?;
        if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        u16::from_str_radix(digits, 16).ok()
    };
    if !text.as_bytes().contains(&b'_') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let Some(first) = unit(&rest[at..]) else {
            out.push_str(&rest[..at + "_x".len()]);
            rest = &rest[at + "_x".len()..];
            continue;
        };
        out.push_str(&rest[..at]);
        rest = &rest[at + LENGTH..];
        let low = unit(rest).filter(|low| (0xd800..0xdc00).contains(&first) && (0xdc00..0xe000).contains(low));
        if low.is_some() {
            rest = &rest[LENGTH..];
        }
        let characters = char::decode_utf16([first].into_iter().chain(low));
        out.extend(characters.map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)));
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(xml: &str, expect: &[&str]) {
        let strings = SharedStrings::read(&format!("<sst>{xml}</sst>")).unwrap();
        let found: Vec<_> = (0..).map_while(|index| strings.get(index)).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn strings_are_read_as_they_are_seen() {
        check("<si><t>一</t></si><si/><si><t/></si><si><t>a\u{a0}b </t></si>", &["一", "", "", "a b"]);
        check("<si><r><rPr><b/></rPr><t xml:space=\"preserve\">a </t></r><r><t>b</t></r></si>", &["a b"]);
        check("<si><r><t>a </t></r><r><t> b</t></r></si>", &["ab"]);
        check("<si><t>课題</t><rPh sb=\"0\" eb=\"1\"><t>カダイ</t></rPh><phoneticPr/></si>", &["课題"]);
        check(
            "<si><t>a &lt;&#20320;&#x597d;&gt; &amp;</t></si><si><t><![CDATA[<b>]]></t></si>",
            &["a <你好> &", "<b>"],
        );
        check("<si><t>a_x000D__x005F_x000D_b_xD83D__xDE00__xD83D__x</t></si>", &["a\r_x000D_b😀\u{fffd}_x"]);
        check("<x:si xmlns:x=\"y\"><x:t>p</x:t></x:si>", &["p"]);
    }

    #[test]
    fn entities_of_other_people_are_refused() {
        let error = SharedStrings::read("<sst><si><t>&lol9;</t></si></sst>").unwrap_err();
        assert!(error.to_string().contains("lol9"), "{error}");
    }
}
