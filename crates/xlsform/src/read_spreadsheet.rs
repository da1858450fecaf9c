//! Workbooks from spreadsheet programs.

use crate::workbook::{Format, ReadError, Row, Sheet, Workbook, limits, within};
use calamine::{Data, Ods, Range, Reader, Xls, Xlsx};
use std::io::{Cursor, Read};

/// pyxform stops at as many empty header cells, and at as many empty rows.
const EMPTY_COLUMNS: usize = 20;
const EMPTY_ROWS: usize = 60;

pub(crate) fn read(bytes: &[u8], format: Format) -> Result<Workbook, ReadError> {
    let cursor = Cursor::new(bytes);
    let sheets = match format {
        Format::Xlsx => {
            check_unpacked(bytes, "an Excel file (.xlsx)")?;
            let mut book = Xlsx::new(cursor).map_err(|e| unreadable("an Excel file (.xlsx)", &e))?;
            read_sheets(&mut book, "an Excel file (.xlsx)")?
        }
        Format::Ods => {
            check_unpacked(bytes, "an OpenDocument file (.ods)")?;
            let mut book = Ods::new(cursor).map_err(|e| unreadable("an OpenDocument file (.ods)", &e))?;
            read_sheets(&mut book, "an OpenDocument file (.ods)")?
        }
        _ => {
            let mut book = Xls::new(cursor).map_err(|e| unreadable("an Excel file (.xls)", &e))?;
            read_sheets(&mut book, "an Excel file (.xls)")?
        }
    };
    Ok(Workbook { sheets })
}

/// Counts the bytes a packed file unpacks to, without keeping them, before anything else reads it.
fn check_unpacked(bytes: &[u8], expected: &'static str) -> Result<(), ReadError> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|e| unreadable(expected, &e))?;
    let mut total = 0;
    let mut buffer = [0_u8; 1 << 16];
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(|e| unreadable(expected, &e))?;
        loop {
            let count = part.read(&mut buffer).map_err(|e| unreadable(expected, &e))?;
            if count == 0 {
                break;
            }
            total += count as u64;
            within("unpacked bytes", total, limits::UNPACKED_BYTES)?;
        }
    }
    Ok(())
}

fn unreadable(expected: &'static str, reason: &dyn std::fmt::Display) -> ReadError {
    ReadError::Unreadable { expected, reason: reason.to_string() }
}

fn read_sheets<'a, R>(book: &mut R, expected: &'static str) -> Result<Vec<Sheet>, ReadError>
where
    R: Reader<Cursor<&'a [u8]>>,
    R::Error: std::fmt::Display,
{
    let names = book.sheet_names();
    within("sheets", names.len() as u64, limits::SHEETS)?;
    let mut sheets = Vec::new();
    for name in names {
        let range = book.worksheet_range(&name).map_err(|e| unreadable(expected, &e))?;
        sheets.push(Sheet { rows: read_rows(&range)?, name });
    }
    Ok(sheets)
}

fn read_rows(range: &Range<Data>) -> Result<Vec<Row>, ReadError> {
    let (Some((first, left)), Some((last, right))) = (range.start(), range.end()) else { return Ok(Vec::new()) };
    within("rows", u64::from(last - first) + 1, limits::ROWS)?;
    let width = header_width(range, first, left, right);
    within("columns", width.into(), limits::COLUMNS)?;
    let mut rows = Vec::new();
    let mut empty = 0;
    for row in first..=last {
        let cells: Vec<String> =
            (0..width).map(|column| range.get_value((row, column)).map_or_else(String::new, text)).collect();
        if cells.iter().all(String::is_empty) {
            empty += 1;
            if empty > EMPTY_ROWS {
                break;
            }
            continue;
        }
        empty = 0;
        rows.push(Row { number: row + 1, line: None, cells });
    }
    Ok(rows)
}

/// Columns up to the last header before a run of empty ones.
fn header_width(range: &Range<Data>, first: u32, left: u32, right: u32) -> u32 {
    let mut width = 0;
    let mut empty = 0;
    for column in left..=right {
        if range.get_value((first, column)).is_none_or(|d| text(d).is_empty()) {
            empty += 1;
            if empty > EMPTY_COLUMNS {
                break;
            }
        } else {
            empty = 0;
            width = column + 1;
        }
    }
    width
}

fn text(data: &Data) -> String {
    match data {
        Data::Empty | Data::Error(_) => String::new(),
        Data::String(s) | Data::DateTimeIso(s) | Data::DurationIso(s) => s.replace('\u{a0}', " ").trim().to_owned(),
        Data::Bool(true) => "TRUE".to_owned(),
        Data::Bool(false) => "FALSE".to_owned(),
        Data::Int(i) => i.to_string(),
        // Whole numbers lose their point; `{}` writes floats without exponent.
        Data::Float(f) => f.to_string(),
        Data::DateTime(moment) => {
            let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
            let serial = moment.as_f64();
            if serial < 1.0 {
                format!("{hour:02}:{minute:02}:{second:02}")
            } else if serial.fract() == 0.0 {
                format!("{year:04}-{month:02}-{day:02}")
            } else {
                format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_read_as_the_author_sees_them() {
        for (data, expect) in [
            (Data::Float(1.0), "1"),
            (Data::Float(0.5), "0.5"),
            (Data::Float(330_723_201_704_125_000.0), "330723201704125000"),
            (Data::Bool(true), "TRUE"),
            (Data::String(" a\u{a0}b ".into()), "a b"),
            (Data::Empty, ""),
        ] {
            assert_eq!(text(&data), expect);
        }
        let date =
            |serial| Data::DateTime(calamine::ExcelDateTime::new(serial, calamine::ExcelDateTimeType::DateTime, false));
        assert_eq!(text(&date(42837.0)), "2017-04-12");
        assert_eq!(text(&date(42837.5)), "2017-04-12T12:00:00");
        assert_eq!(text(&date(0.25)), "06:00:00");
    }

    #[test]
    fn what_is_no_workbook_is_refused_with_a_reason() {
        for format in [Format::Xlsx, Format::Ods, Format::Xls] {
            let error = Workbook::read(b"no workbook at all", format).unwrap_err();
            assert_eq!(error.code(), "workbook-unreadable");
        }
    }
}
