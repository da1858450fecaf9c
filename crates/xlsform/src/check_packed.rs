//! What is looked at in an OpenDocument package before the reader, which is not ours, sees it.

use crate::workbook::{ReadError, limits, within};
use quick_xml::Reader;
use quick_xml::events::Event;
use std::io::{BufRead, BufReader, Cursor, Read};

/// The part with the sheets.
const CONTENT: &str = "content.xml";

/// Counts the bytes that a package unpacks to, without keeping them, and looks whether every element of its content is
/// closed: the reader waits for the end of a table for ever.
pub(crate) fn check(bytes: &[u8], expected: &'static str) -> Result<(), ReadError> {
    let unreadable = |reason: &dyn std::fmt::Display| ReadError::Unreadable { expected, reason: reason.to_string() };
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|e| unreadable(&e))?;
    let mut total = 0;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|e| unreadable(&e))?;
        let is_content = part.name().is_ok_and(|name| name == CONTENT);
        let left = limits::UNPACKED_BYTES - total;
        let mut counted = Counted { inside: part.take(left + 1), bytes: 0 };
        let closed = match is_content {
            true => all_closed(BufReader::new(&mut counted)),
            false => Ok(()),
        };
        // What is wrong with the markup counts only if there is not too much of it.
        std::io::copy(&mut counted, &mut std::io::sink()).map_err(|e| unreadable(&e))?;
        total += counted.bytes;
        within("unpacked bytes", total, limits::UNPACKED_BYTES)?;
        closed.map_err(|reason| unreadable(&reason))?;
    }
    Ok(())
}

/// Whether each element that begins also ends, in its turn.
fn all_closed(xml: impl BufRead) -> Result<(), String> {
    let mut reader = Reader::from_reader(xml);
    let mut buffer = Vec::new();
    let mut depth = 0_u64;
    loop {
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(_)) => depth += 1,
            // An end without its start, or of another element, is an error of the reader's own.
            Ok(Event::End(_)) => depth -= 1,
            Ok(Event::Eof) if depth > 0 => return Err(format!("{CONTENT} ends inside an element")),
            Ok(Event::Eof) => return Ok(()),
            Ok(_) => {}
            Err(why) => return Err(format!("{CONTENT}: {why}")),
        }
        buffer.clear();
    }
}

/// Counts what is read through it.
struct Counted<R> {
    inside: R,
    bytes: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inside.read(buffer)?;
        self.bytes += count as u64;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(xml: &str, closed: bool) {
        assert_eq!(all_closed(xml.as_bytes()).is_ok(), closed, "{xml}");
    }

    #[test]
    fn what_begins_must_end() {
        check("<a><b/><c>t</c></a>", true);
        check("<?xml version=\"1.0\"?><!-- <b> --><a><![CDATA[<b>]]></a>\n", true);
        check("", true);
        check("<a><b>", false);
        check("<a>", false);
        check("<a></b>", false);
        check("<x:a></y:a>", false);
        check("</a>", false);
        check("<a><b></a></b>", false);
        check("<a", false);
    }
}
