//! Which parts of a form's text are read without a tree: the translations and the lists that stand in the form.

use std::borrow::Cow;

use super::MAX_FORM_DEPTH;

/// What a look at the tags alone tells.
pub(super) struct Cut<'x> {
    /// The text with the inside of the parts left out.
    pub text: Cow<'x, str>,
    parts: Vec<Part<'x>>,
}

struct Part<'x> {
    /// Where its start tag stands in the text that is left.
    start: usize,
    /// Where its inside stood.
    gap: usize,
    inside: &'x str,
}

impl<'x> Cut<'x> {
    /// All in one piece.
    pub(super) fn none(xml: &'x str) -> Self {
        Self { text: Cow::Borrowed(xml), parts: Vec::new() }
    }

    /// The form without the inside of its parts.
    pub(super) fn of(xml: &'x str, ranges: &[Range]) -> Self {
        let mut text = String::new();
        let mut parts = Vec::new();
        let mut from = 0;
        for range in ranges {
            let start = text.len() + (range.tag - from);
            text.push_str(&xml[from..range.start]);
            parts.push(Part { start, gap: text.len(), inside: &xml[range.start..range.end] });
            from = range.end;
        }
        text.push_str(&xml[from..]);
        Self { text: Cow::Owned(text), parts }
    }

    /// The inside of the element that begins there in the text that is left, if it was cut.
    pub(super) fn inside(&self, start: usize) -> Option<&'x str> {
        self.parts.iter().find(|part| part.start == start).map(|part| part.inside)
    }

    /// Where a byte of the text that is left stands in the form.
    pub(super) fn place(&self, offset: usize) -> usize {
        offset + self.parts.iter().take_while(|part| part.gap <= offset).map(|part| part.inside.len()).sum::<usize>()
    }
}

/// A part: where its start tag begins, and its inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    tag: usize,
    start: usize,
    end: usize,
}

/// A look at the tags alone: None if they are nested so deep that a hostile document would reach a recursive reader, else
/// the parts that may be read without a tree.
pub(super) fn parts(xml: &str) -> Option<Vec<Range>> {
    let bytes = xml.as_bytes();
    let (mut depth, mut at) = (0usize, 0usize);
    // How many of html, head, model are open, one in the other.
    let mut within = 0usize;
    let (mut has_primary, mut has_texts) = (false, false);
    let mut open_part: Option<(usize, usize)> = None;
    let mut found = Vec::new();
    while let Some(open) = bytes[at..].iter().position(|byte| *byte == b'<').map(|found| at + found) {
        let rest = &bytes[open..];
        // What closes stands behind what opens: `<!-->` is an open comment.
        let skip = |begin: &str, end: &str| {
            let from = open + begin.len();
            xml[from..].find(end).map_or(xml.len(), |at| from + at + end.len())
        };
        if rest.starts_with(b"<!--") {
            at = skip("<!--", "-->");
        } else if rest.starts_with(b"<![CDATA[") {
            at = skip("<![CDATA[", "]]>");
        } else if rest.starts_with(b"<?") {
            at = skip("<?", "?>");
        } else if rest.starts_with(b"</") {
            depth = depth.saturating_sub(1);
            within = within.min(depth);
            if depth == 3
                && let Some((tag, start)) = open_part.take()
            {
                found.push(Range { tag, start, end: open });
            }
            at = open + 2;
        } else {
            let end = tag_end(bytes, open + 1);
            let empty = bytes.get(end - 1) == Some(&b'/');
            if !empty {
                if depth == within && within <= 3 {
                    let name = local_name(&xml[open + 1..end]);
                    match (within, name) {
                        (0, _) | (1, "head") | (2, "model") => within += 1,
                        (3, "instance") if !has_primary => has_primary = true,
                        (3, "instance") if !xml[open..end].contains("src") => open_part = Some((open, end + 1)),
                        (3, "itext") if !has_texts => {
                            has_texts = true;
                            open_part = Some((open, end + 1));
                        }
                        _ => {}
                    }
                }
                depth += 1;
            }
            at = end.min(bytes.len());
        }
        if depth > MAX_FORM_DEPTH {
            return None;
        }
    }
    Some(found)
}

/// The byte that ends the tag that is open there.
fn tag_end(bytes: &[u8], mut at: usize) -> usize {
    let mut quote = None;
    while at < bytes.len() {
        match (quote, bytes[at]) {
            (Some(mark), byte) if mark == byte => quote = None,
            (None, byte @ (b'"' | b'\'')) => quote = Some(byte),
            (None, b'>') => break,
            _ => {}
        }
        at += 1;
    }
    at
}

fn local_name(tag: &str) -> &str {
    let name = tag.split([' ', '\t', '\r', '\n', '/']).next().unwrap_or_default();
    name.rsplit(':').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(xml: &str, left: &str, insides: &[&str]) {
        let ranges = parts(xml).expect("not too deep");
        let cut = Cut::of(xml, &ranges);
        assert_eq!(cut.text, left);
        assert_eq!(cut.parts.iter().map(|part| part.inside).collect::<Vec<_>>(), insides);
        for (offset, byte) in left.bytes().enumerate() {
            assert_eq!(xml.as_bytes()[cut.place(offset)], byte, "byte {offset}");
        }
        for part in &cut.parts {
            assert_eq!(cut.inside(part.start), Some(part.inside));
            assert!(cut.text[part.start..].starts_with('<'));
        }
    }

    #[test]
    fn translations_and_lists_in_the_model_are_cut_out() {
        check(
            "<h:html><h:head><model><!-- <itext> --><itext a='>'><x/></itext><instance><d><instance>1</instance></d></instance>\
             <instance id='v'><root/></instance><instance id='w' src='w.csv'><root/></instance><instance id='e'/></model></h:head>\
             <h:body><itext>2</itext></h:body></h:html>",
            "<h:html><h:head><model><!-- <itext> --><itext a='>'></itext><instance><d><instance>1</instance></d></instance>\
             <instance id='v'></instance><instance id='w' src='w.csv'><root/></instance><instance id='e'/></model></h:head>\
             <h:body><itext>2</itext></h:body></h:html>",
            &["<x/>", "<root/>"],
        );
        check("<itext>1</itext>", "<itext>1</itext>", &[]);
        check("<a><head><model><itext>", "<a><head><model><itext>", &[]);
    }

    #[test]
    fn deep_nesting_is_told() {
        assert!(parts(&"<a>".repeat(MAX_FORM_DEPTH + 1)).is_none());
        assert_eq!(parts(&"<a/>".repeat(1000)), Some(Vec::new()));
        let hidden = "<a><!--></a>-->".repeat(MAX_FORM_DEPTH + 1);
        assert!(parts(&hidden).is_none(), "end tags in a comment close nothing");
    }
}
