//! What is looked at in an OpenDocument package before the reader, which is not ours, sees it.

use crate::workbook::{ReadError, limits, within};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::io::{BufRead, BufReader, Cursor, Read};

/// The part with the sheets.
const CONTENT: &str = "content.xml";

/// Columns after which the reader repeats a cell no more.
const COLUMNS_REPEATED: u64 = 16_384;

/// Counts the bytes that a package unpacks to, without keeping them, and looks over its content: whether every element is
/// closed, since the reader waits for the end of a table for ever, and what repeated rows, cells and spaces come to.
pub(crate) fn check(bytes: &[u8], expected: &'static str) -> Result<(), ReadError> {
    let unreadable = |reason: &dyn std::fmt::Display| ReadError::Unreadable { expected, reason: reason.to_string() };
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|e| unreadable(&e))?;
    let mut total = 0;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|e| unreadable(&e))?;
        let is_content = part.name().is_ok_and(|name| name == CONTENT);
        let left = limits::UNPACKED_BYTES - total;
        let mut counted = Counted { inside: part.take(left + 1), bytes: 0 };
        let looked_over = match is_content {
            true => look_over(BufReader::new(&mut counted), expected),
            false => Ok(()),
        };
        // What is wrong with the markup counts only if there is not too much of it.
        std::io::copy(&mut counted, &mut std::io::sink()).map_err(|e| unreadable(&e))?;
        total += counted.bytes;
        within("unpacked bytes", total, limits::UNPACKED_BYTES)?;
        looked_over?;
    }
    Ok(())
}

/// Whether each element that begins also ends, in its turn, and the sheets are no larger than the limits.
fn look_over(xml: impl BufRead, expected: &'static str) -> Result<(), ReadError> {
    let unreadable = |reason: String| ReadError::Unreadable { expected, reason };
    let mut reader = Reader::from_reader(xml);
    reader.config_mut().expand_empty_elements = true;
    let mut buffer = Vec::new();
    let mut depth = 0_u64;
    let mut sheets = Sheets::default();
    loop {
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(element)) => {
                depth += 1;
                sheets.begin(&element)?;
            }
            // An end without its start, or of another element, is an error of the reader's own.
            Ok(Event::End(element)) => {
                depth -= 1;
                sheets.end(element.name().as_ref())?;
            }
            Ok(Event::Text(text)) => sheets.text(text.len() as u64),
            Ok(Event::GeneralRef(_)) => sheets.text(1),
            Ok(Event::Eof) if depth > 0 => return Err(unreadable(format!("{CONTENT} ends inside an element"))),
            Ok(Event::Eof) => return Ok(()),
            Ok(_) => {}
            Err(why) => return Err(unreadable(format!("{CONTENT}: {why}"))),
        }
        buffer.clear();
    }
}

/// What the sheets come to once rows, cells and spaces are repeated as often as they say (OpenDocument 1.3, 19.675, 19.677
/// and 19.770). Rows and cells that hold nothing count only in front of others.
#[derive(Default)]
struct Sheets {
    cells: u64,
    bytes: u64,
    rows: u64,
    width: u64,
    empty_rows: u64,
    row: Part,
    cell: Option<Part>,
}

/// A row or a cell.
#[derive(Default)]
struct Part {
    repeated: u64,
    /// Of a row: where its next cell stands; where the last one that holds something ends.
    column: u64,
    width: u64,
    bytes: u64,
    filled: bool,
}

impl Sheets {
    fn begin(&mut self, element: &BytesStart<'_>) -> Result<(), ReadError> {
        match element.name().as_ref() {
            "table:table-row" => {
                self.row = Part { repeated: number(element, "table:number-rows-repeated"), ..Part::default() };
            }
            "table:table-cell" | "table:covered-table-cell" => {
                let mut cell = Part { repeated: number(element, "table:number-columns-repeated"), ..Part::default() };
                for attribute in element.attributes().flatten() {
                    let name = attribute.key.as_ref();
                    if name.starts_with("office:") && name.ends_with("value") || name == "table:formula" {
                        cell.filled = true;
                        cell.bytes += attribute.value.len() as u64;
                    }
                }
                self.cell = Some(cell);
            }
            "text:s" => {
                let spaces = number(element, "text:c");
                within("characters in one cell", spaces, limits::CELL)?;
                self.text(spaces);
            }
            "text:p" | "text:tab" | "text:line-break" => self.text(1),
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, bytes: u64) {
        if let Some(cell) = &mut self.cell {
            cell.filled = true;
            cell.bytes += bytes;
        }
    }

    fn end(&mut self, name: &str) -> Result<(), ReadError> {
        match name {
            "table:table-cell" | "table:covered-table-cell" => {
                let Some(cell) = self.cell.take() else { return Ok(()) };
                let repeated = cell.repeated.min(COLUMNS_REPEATED.saturating_sub(self.row.column));
                self.row.column += repeated;
                if cell.filled {
                    self.row.width = self.row.column;
                    self.row.bytes = self.row.bytes.saturating_add(repeated.saturating_mul(cell.bytes));
                }
            }
            "table:table-row" if self.row.width == 0 => {
                self.empty_rows = self.empty_rows.saturating_add(self.row.repeated);
            }
            "table:table-row" => {
                let rows = self.row.repeated.saturating_add(std::mem::take(&mut self.empty_rows));
                self.rows = self.rows.saturating_add(rows);
                self.width = self.width.max(self.row.width);
                self.bytes = self.bytes.saturating_add(self.row.repeated.saturating_mul(self.row.bytes));
                within("cells", self.cells.saturating_add(self.rows.saturating_mul(self.width)), limits::CELLS)?;
                within("bytes of text", self.bytes, limits::UNPACKED_BYTES)?;
            }
            "table:table" => {
                self.cells = self.cells.saturating_add(self.rows.saturating_mul(self.width));
                (self.rows, self.width, self.empty_rows) = (0, 0, 0);
            }
            _ => {}
        }
        Ok(())
    }
}

/// How often something is repeated: once if it does not say. What is no number the reader will refuse.
fn number(element: &BytesStart<'_>, name: &str) -> u64 {
    let attribute = element.attributes().flatten().find(|attribute| attribute.key.as_ref() == name);
    attribute.and_then(|attribute| attribute.value.trim().parse().ok()).unwrap_or(1)
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
        assert_eq!(look_over(xml.as_bytes(), "a package").is_ok(), closed, "{xml}");
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

    /// Rows as (how often, cells as (how often, text)).
    type Rows<'a> = &'a [(u64, &'a [(u64, &'a str)])];

    fn table(rows: Rows<'_>) -> String {
        let cell = |(times, text): &(u64, &str)| {
            format!("<table:table-cell table:number-columns-repeated=\"{times}\">{text}</table:table-cell>")
        };
        let row = |(times, cells): &(u64, &[(u64, &str)])| {
            let cells: String = cells.iter().map(cell).collect();
            format!("<table:table-row table:number-rows-repeated=\"{times}\">{cells}</table:table-row>")
        };
        format!("<table:table>{}</table:table>", rows.iter().map(row).collect::<String>())
    }

    #[track_caller]
    fn size(rows: Rows<'_>, expect: Option<(&str, u64)>) {
        let found = look_over(table(rows).as_bytes(), "a package").err().map(|error| match error {
            ReadError::TooLarge { what, found, .. } => (what, found),
            other => panic!("{other}"),
        });
        assert_eq!(found, expect);
    }

    #[test]
    fn what_is_repeated_counts_as_often_as_it_says() {
        size(&[(1, &[(3, "a")]), (1_048_000, &[(16_384, "")])], None);
        size(&[(1_000_000, &[(10, "a")])], None);
        size(&[(1_000_000, &[(11, "a")])], Some(("cells", 11_000_000)));
        size(
            &[(1, &[(1, "a")]), (5_000_000, &[(16_384, "")]), (1, &[(1, ""), (1, ""), (1, "a")])],
            Some(("cells", 15_000_006)),
        );
        size(
            &[(1, &[(1, "<text:p>a<text:s text:c=\"2147483647\"/>b</text:p>")])],
            Some(("characters in one cell", 2_147_483_647)),
        );
        let long = "a".repeat(100);
        size(&[(1_000_000, &[(6, &long)])], Some(("bytes of text", 600_000_000)));
        size(&[(1, &[(1, "<text:s text:c=\"4\"/>")])], None);
    }
}
