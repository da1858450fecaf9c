//! The cells of one sheet of an .xlsx file (ECMA-376 part 1, 18.3.1).

use crate::read_rows::Placed;
use crate::read_spreadsheet::moment;
use crate::read_xlsx::broken;
use crate::workbook::{ReadError, limits, within};
use crate::xlsx_formats::Formats;
use crate::xlsx_scan::{Piece, Scanner};
use crate::xlsx_text::{SharedStrings, clean, element_text, push_string, unescape};
use calamine::{ExcelDateTime, ExcelDateTimeType};
use std::borrow::Cow;

/// What the cells of all sheets share.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    pub strings: SharedStrings,
    pub formats: Formats,
    /// Days count from 1904 on, as once on the Macintosh.
    pub from_1904: bool,
}

/// The cells that have a value, in the order of the file. A part without cells (a chart) has none.
pub(crate) fn read_cells<'a>(xml: &'a str, shared: &'a Shared) -> Result<Vec<Placed<'a>>, ReadError> {
    let mut cells = Vec::new();
    // Nothing but cells is of use, and a chart has none.
    let Some(start) = xml.find("sheetData") else { return Ok(cells) };
    let start = xml[..start].rfind('<').unwrap_or(0);
    let mut scanner = Scanner::new(&xml[start..]);
    let (mut row, mut column) = (0, 0);
    loop {
        match scanner.next()? {
            Piece::Start(tag) => match tag.name {
                "row" => {
                    if let [Some(name)] = tag.attributes(["r"])? {
                        (row, _) = position(name)?;
                    }
                }
                "c" => {
                    let [name, style, kind] = tag.attributes(["r", "s", "t"])?;
                    let mut at = (row, column);
                    if let Some(name) = name {
                        let (row, Some(column)) = position(name)? else { return Err(no_position(name)) };
                        at = (row, column);
                    }
                    if let Some(text) = read_cell(&mut scanner, kind, style, shared)? {
                        within("cells", cells.len() as u64 + 1, limits::CELLS)?;
                        cells.push(Placed { row: at.0, column: at.1, text });
                    }
                    column = at.1 + 1;
                }
                _ => {}
            },
            Piece::End("row") => (row, column) = (row + 1, 0),
            Piece::End("sheetData") => return Ok(cells),
            _ => {}
        }
    }
}

/// `B12` → row 11, column 1, both from 0; `12` → row 11.
fn position(name: &str) -> Result<(u32, Option<u32>), ReadError> {
    /// Excel ends at XFD1048576.
    const LAST: (u32, u32) = (1_048_576, 16_384);
    let letters = name.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (letters, digits) = name.split_at(letters);
    let column = letters.bytes().try_fold(0_u32, |column, letter| {
        column.checked_mul(26)?.checked_add(u32::from(letter.to_ascii_uppercase() - b'A') + 1)
    });
    let number =
        |digits: &str| digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse::<u32>().ok()).flatten();
    match (number(digits), column) {
        (Some(row), Some(column)) if row > 0 && row <= LAST.0 && column <= LAST.1 => {
            Ok((row - 1, column.checked_sub(1)))
        }
        _ => Err(no_position(name)),
    }
}

fn no_position(name: &str) -> ReadError {
    broken(format!("“{}” is no place of a cell", name.chars().take(20).collect::<String>()))
}

/// The text of a cell; `None` when it has no value. The start tag has been read, the end tag will be.
fn read_cell<'a>(
    scanner: &mut Scanner<'a>,
    kind: Option<&str>,
    style: Option<&str>,
    shared: &'a Shared,
) -> Result<Option<Cow<'a, str>>, ReadError> {
    let mut text = None;
    loop {
        match scanner.next()? {
            Piece::Start(tag) => match tag.name {
                "v" => {
                    let value = element_text(scanner, "v")?;
                    if !matches!(kind, Some("inlineStr" | "is")) {
                        text = value_text(value, kind, style, shared)?;
                    }
                }
                "is" => {
                    let mut value = String::new();
                    push_string(scanner, "is", &mut value)?;
                    text = Some(cleaned(Cow::Owned(value)));
                }
                _ => scanner.skip()?,
            },
            Piece::End("c") => return Ok(text),
            _ => {}
        }
    }
}

/// What the author sees of a value. An error (`#N/A`) is no text.
fn value_text<'a>(
    value: Cow<'a, str>,
    kind: Option<&str>,
    style: Option<&str>,
    shared: &'a Shared,
) -> Result<Option<Cow<'a, str>>, ReadError> {
    let text = match kind {
        Some("e" | "s" | "b" | "n") | None if value.is_empty() => return Ok(None),
        Some("s") => {
            let text = value.parse().ok().and_then(|index| shared.strings.get(index));
            Cow::Borrowed(text.ok_or_else(|| broken(format!("there is no shared string {value}")))?)
        }
        Some("str") => match unescape(&value) {
            Cow::Owned(text) => cleaned(Cow::Owned(text)),
            Cow::Borrowed(_) => cleaned(value),
        },
        Some("b") => match value.trim() {
            "" => return Ok(None),
            "1" => "TRUE".into(),
            "0" => "FALSE".into(),
            other if other.eq_ignore_ascii_case("true") => "TRUE".into(),
            other if other.eq_ignore_ascii_case("false") => "FALSE".into(),
            other => return Err(broken(format!("“{other}” is neither true nor false"))),
        },
        Some("d") => cleaned(value),
        Some("e") => Cow::Borrowed(""),
        Some("n") | None => number_text(value, kind.is_some(), shared.formats.is_date(style), shared.from_1904)?,
        Some(other) => return Err(broken(format!("a cell has the unknown type “{other}”"))),
    };
    Ok(Some(text))
}

/// A number as pyxform reads it: whole ones without a point, none with an exponent; dates as ISO 8601.
fn number_text(value: Cow<'_, str>, sure: bool, date: bool, from_1904: bool) -> Result<Cow<'_, str>, ReadError> {
    // So many digits are exact, and come back as they are.
    let is_whole = value.len() <= 15 && value.bytes().all(|b| b.is_ascii_digit());
    if is_whole && !date && (!value.starts_with('0') || value.len() == 1) {
        return Ok(value);
    }
    match value.parse::<f64>() {
        Ok(number) if date => Ok(moment(ExcelDateTime::new(number, ExcelDateTimeType::DateTime, from_1904)).into()),
        Ok(number) => Ok(number.to_string().into()),
        Err(why) if sure => Err(broken(why)),
        Err(_) => Ok(cleaned(value)),
    }
}

fn cleaned(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => clean(text),
        Cow::Owned(text) => Cow::Owned(clean(&text).into_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cells: &str, expect: &[(u32, u32, &str)]) {
        let shared = Shared {
            strings: SharedStrings::read("<sst><si><t>零</t></si><si><t>一</t></si></sst>").unwrap(),
            formats: Formats::read("<styleSheet><cellXfs><xf/><xf numFmtId=\"14\"/></cellXfs></styleSheet>").unwrap(),
            from_1904: false,
        };
        let xml = format!("<worksheet><sheetData>{cells}</sheetData></worksheet>");
        let found = read_cells(&xml, &shared).unwrap();
        let found: Vec<_> = found.iter().map(|c| (c.row, c.column, c.text.as_ref())).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn cells_stand_where_they_are_named_or_next_to_the_one_before() {
        check("<row r=\"3\"><c r=\"B3\"><v>1</v></c><c><v>2</v></c></row>", &[(2, 1, "1"), (2, 2, "2")]);
        check("<row><c><v>1</v></c></row><row/><row><c/><c><v>2</v></c></row>", &[(0, 0, "1"), (2, 1, "2")]);
        check("<row><c s='1' r = \"aa10\"><v>7</v></c></row>", &[(9, 26, "1900-01-07")]);
    }

    #[test]
    fn values_read_as_they_are_seen() {
        let row = "<row><c t=\"s\"><v>1</v></c><c t=\"b\"><v>1</v></c><c t=\"e\"><v>#N/A</v></c><c t=\"str\"><f>A1&amp;B1</f>\
                   <v> a&lt;b </v></c><c t=\"inlineStr\"><is><t>文</t></is></c><c><v>1.50</v></c><c><v>3.307232017E17</v></c>\
                   <c s=\"1\"><v>42837.5</v></c><c t=\"d\"><v>2017-04-12</v></c><c><v>007</v></c><c><v>x</v></c></row>";
        let texts =
            ["一", "TRUE", "", "a<b", "文", "1.5", "330723201700000000", "2017-04-12T12:00:00", "2017-04-12", "7", "x"];
        let expect: Vec<_> = (0..).zip(texts).map(|(column, text)| (0, column, text)).collect();
        check(row, &expect);
    }

    #[test]
    fn what_is_no_cell_is_refused() {
        for cell in [
            "<c r=\"1\"><v>1</v></c>",
            "<c r=\"A0\"><v>1</v></c>",
            "<c r=\"ZZZZZZZZZ1\"/>",
            "<c r=\"A99999999999\"/>",
            "<c t=\"s\"><v>2</v></c>",
            "<c t=\"n\"><v>x</v></c>",
            "<c t=\"b\"><v>2</v></c>",
            "<c t=\"x\"><v>2</v></c>",
            "<c r=A1/>",
        ] {
            let xml = format!("<worksheet><sheetData><row>{cell}</row></sheetData></worksheet>");
            assert!(read_cells(&xml, &Shared::default()).is_err(), "{cell}");
        }
    }
}
