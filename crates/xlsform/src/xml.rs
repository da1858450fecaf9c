//! A small XML tree and its text. Only what an XForm needs: elements, attributes, text.

/// An element or a piece of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Child {
    Element(Element),
    Text(String),
    /// Elements that were written already, each on lines of its own: choices and translations, of which there are very
    /// many.
    Written(String),
}

/// An element with prefixed names as they are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub children: Vec<Child>,
}

impl Element {
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), attributes: Vec::new(), children: Vec::new() }
    }

    /// Sets an attribute; the last value for a name wins.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        let value = value.into();
        match self.attributes.iter_mut().find(|(n, _)| n == name) {
            Some((_, old)) => *old = value,
            None => self.attributes.push((name.to_owned(), value)),
        }
    }

    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.set(name, value);
        self
    }

    pub fn push(&mut self, child: Self) {
        self.children.push(Child::Element(child));
    }

    pub fn push_text(&mut self, text: impl Into<String>) {
        let text = text.into();
        if !text.is_empty() {
            self.children.push(Child::Text(text));
        }
    }

    pub fn push_written(&mut self, xml: String) {
        self.children.push(Child::Written(xml));
    }

    pub fn containing(mut self, child: Self) -> Self {
        self.push(child);
        self
    }

    pub fn saying(mut self, text: impl Into<String>) -> Self {
        self.push_text(text);
        self
    }

    /// The document text, indented where no text would change by it.
    pub fn to_text(&self) -> String {
        let mut out = String::with_capacity(self.size());
        self.write(&mut out, 0);
        out.push('\n');
        out
    }

    /// About as many bytes as the text will have, so that it need not move while it grows.
    fn size(&self) -> usize {
        /// Indents, names and brackets.
        const AROUND: usize = 48;
        let attributes = self.attributes.iter().map(|(name, value)| name.len() + value.len() + 4).sum::<usize>();
        let children = self.children.iter().map(|child| match child {
            Child::Element(element) => element.size(),
            Child::Text(text) | Child::Written(text) => text.len(),
        });
        AROUND + 2 * self.name.len() + attributes + children.sum::<usize>()
    }

    /// Writes the element without the line before it.
    pub fn write(&self, out: &mut String, depth: usize) {
        out.push('<');
        out.push_str(&self.name);
        for (name, value) in &self.attributes {
            out.push(' ');
            out.push_str(name);
            out.push_str("=\"");
            escape(value, true, out);
            out.push('"');
        }
        if self.children.is_empty() {
            out.push_str("/>");
            return;
        }
        out.push('>');
        let is_text = |c: &Child| matches!(c, Child::Text(_));
        let mixed = self.children.iter().any(is_text);
        // The reference converter's spaces around text with elements in it.
        let spaced = mixed && self.children.len() > 1;
        if spaced && self.children.first().is_some_and(is_text) {
            out.push(' ');
        }
        for child in &self.children {
            if !mixed && !matches!(child, Child::Written(_)) {
                new_line(out, depth + 1);
            }
            match child {
                Child::Written(xml) => out.push_str(xml),
                Child::Element(e) => e.write(out, depth + 1),
                Child::Text(t) => escape(t, false, out),
            }
        }
        if spaced {
            out.push(' ');
        }
        if !mixed {
            new_line(out, depth);
        }
        out.push_str("</");
        out.push_str(&self.name);
        out.push('>');
    }
}

/// `<name>text</name>` on a line of its own, for one name and depth and very many texts.
pub(crate) struct Leaf {
    start: String,
    end: String,
}

impl Leaf {
    pub fn new(depth: usize, name: &str) -> Self {
        let mut start = String::new();
        new_line(&mut start, depth);
        start.extend(["<", name, ">"]);
        Self { start, end: format!("</{name}>") }
    }

    /// Writes it with a text; `<name/>` without one.
    pub fn write(&self, out: &mut String, text: &str) {
        if text.is_empty() {
            out.push_str(&self.start[..self.start.len() - 1]);
            out.push_str("/>");
            return;
        }
        out.push_str(&self.start);
        escape(text, false, out);
        out.push_str(&self.end);
    }
}

/// `<name attribute="value">` and `</name>`, each on a line of its own, for one name, attribute and depth.
pub(crate) struct Around {
    start: String,
    end: String,
}

impl Around {
    pub fn new(depth: usize, name: &str, attribute: &str) -> Self {
        let (mut start, mut end) = (String::new(), String::new());
        new_line(&mut start, depth);
        new_line(&mut end, depth);
        start.extend(["<", name, " ", attribute, "=\""]);
        end.extend(["</", name, ">"]);
        Self { start, end }
    }

    pub fn begin(&self, out: &mut String, value: &str) {
        out.push_str(&self.start);
        escape(value, true, out);
        out.push_str("\">");
    }

    pub fn end(&self, out: &mut String) {
        out.push_str(&self.end);
    }
}

/// Writes a number without the ways of `format!`: texts of choices are numbered in each language.
pub(crate) fn write_number(out: &mut String, number: usize) {
    if number > 9 {
        write_number(out, number / 10);
    }
    out.push(char::from(b'0' + u8::try_from(number % 10).unwrap_or(0)));
}

pub(crate) fn new_line(out: &mut String, depth: usize) {
    const INDENT: &str = "\n                ";
    out.push_str(&INDENT[..INDENT.len().min(1 + 2 * depth)]);
    for _ in INDENT.len() / 2..depth {
        out.push_str("  ");
    }
}

/// Characters that XML 1.0 cannot hold become U+FFFD.
fn escape(text: &str, attribute: bool, out: &mut String) {
    let is_plain = |b: u8| !matches!(b, b'&' | b'<' | b'>' | b'"' | 0..=0x1f | 0xef);
    // Without a way out in the middle, several bytes are looked at at once.
    if text.bytes().fold(true, |plain, b| plain & is_plain(b)) {
        out.push_str(text);
        return;
    }
    let mut written = 0;
    for (at, c) in text.char_indices() {
        let instead = match c {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '"' if attribute => "&quot;",
            '\r' => "&#13;",
            '\t' | '\n' => continue,
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => "\u{fffd}",
            _ => continue,
        };
        out.push_str(&text[written..at]);
        out.push_str(instead);
        written = at + c.len_utf8();
    }
    out.push_str(&text[written..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(element: &Element, expect: &str) {
        assert_eq!(element.to_text(), expect);
    }

    #[test]
    fn text_is_escaped_and_never_indented() {
        check(&Element::new("a").saying("x < \"y\" & z"), "<a>x &lt; \"y\" &amp; z</a>\n");
        check(&Element::new("a").with("b", "\"<\u{1}"), "<a b=\"&quot;&lt;\u{fffd}\"/>\n");
        check(&Element::new("a").containing(Element::new("b")), "<a>\n  <b/>\n</a>\n");
        check(&Element::new("a").saying("x").containing(Element::new("b")), "<a> x<b/> </a>\n");
    }

    #[test]
    fn the_last_value_of_an_attribute_wins() {
        check(&Element::new("a").with("b", "1").with("b", "2"), "<a b=\"2\"/>\n");
    }
}
