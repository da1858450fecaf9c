//! Workbooks from spreadsheet programs.

use crate::workbook::{Format, ReadError, Row, Sheet, Workbook, limits, within};
use calamine::{CellType, DataType, ExcelDateTime, Ods, Range, Reader, ReaderRef, Xls, Xlsx};
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
            read_sheets_in_place(&mut book, "an Excel file (.xlsx)")?
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
    let mut sheets = Vec::new();
    for name in sheet_names(book)? {
        let range = book.worksheet_range(&name).map_err(|e| unreadable(expected, &e))?;
        sheets.push(Sheet { rows: read_rows(&range)?, name });
    }
    Ok(sheets)
}

/// As [`read_sheets`], without a copy of every text.
fn read_sheets_in_place(book: &mut Xlsx<Cursor<&[u8]>>, expected: &'static str) -> Result<Vec<Sheet>, ReadError> {
    let mut sheets = Vec::new();
    for name in sheet_names(book)? {
        let range = book.worksheet_range_ref(&name).map_err(|e| unreadable(expected, &e))?;
        sheets.push(Sheet { rows: read_rows(&range)?, name });
    }
    Ok(sheets)
}

fn sheet_names<'a, R: Reader<Cursor<&'a [u8]>>>(book: &R) -> Result<Vec<String>, ReadError> {
    let names = book.sheet_names();
    within("sheets", names.len() as u64, limits::SHEETS)?;
    Ok(names)
}

fn read_rows<T: CellType + DataType>(range: &Range<T>) -> Result<Vec<Row>, ReadError> {
    let (Some((first, left)), Some((last, right))) = (range.start(), range.end()) else { return Ok(Vec::new()) };
    within("rows", u64::from(last - first) + 1, limits::ROWS)?;
    let width = header_width(range, first, left, right);
    within("columns", width.into(), limits::COLUMNS)?;
    let (left, width) = (left as usize, width as usize);
    let mut rows = Vec::new();
    let mut empty = 0;
    for (number, cells) in (first + 1..).zip(range.rows()) {
        let mut texts = vec![String::new(); width];
        for (text, cell) in texts.iter_mut().skip(left).zip(cells) {
            *text = text_of(cell);
        }
        if texts.iter().all(String::is_empty) {
            empty += 1;
            if empty > EMPTY_ROWS {
                break;
            }
            continue;
        }
        empty = 0;
        rows.push(Row { number, line: None, cells: texts });
    }
    Ok(rows)
}

/// Columns up to the last header before a run of empty ones.
fn header_width<T: CellType + DataType>(range: &Range<T>, first: u32, left: u32, right: u32) -> u32 {
    let mut width = 0;
    let mut empty = 0;
    for column in left..=right {
        if range.get_value((first, column)).is_none_or(|d| text_of(d).is_empty()) {
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

fn text_of(data: &impl DataType) -> String {
    if let Some(text) = data.get_string() {
        return clean(text);
    }
    if let Some(text) = data.get_datetime_iso().or_else(|| data.get_duration_iso()) {
        return clean(text);
    }
    if let Some(whether) = data.get_bool() {
        return if whether { "TRUE" } else { "FALSE" }.to_owned();
    }
    if let Some(number) = data.get_int() {
        return number.to_string();
    }
    if let Some(number) = data.get_float() {
        // Whole numbers lose their point; `{}` writes floats without exponent.
        return number.to_string();
    }
    data.get_datetime().map_or_else(String::new, moment)
}

fn clean(text: &str) -> String {
    if text.contains('\u{a0}') { text.replace('\u{a0}', " ").trim().to_owned() } else { text.trim().to_owned() }
}

fn moment(moment: ExcelDateTime) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::Data;

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
            assert_eq!(text_of(&data), expect);
        }
        let date = |serial| Data::DateTime(ExcelDateTime::new(serial, calamine::ExcelDateTimeType::DateTime, false));
        assert_eq!(text_of(&date(42837.0)), "2017-04-12");
        assert_eq!(text_of(&date(42837.5)), "2017-04-12T12:00:00");
        assert_eq!(text_of(&date(0.25)), "06:00:00");
    }

    #[test]
    fn what_is_no_workbook_is_refused_with_a_reason() {
        for format in [Format::Xlsx, Format::Ods, Format::Xls] {
            let error = Workbook::read(b"no workbook at all", format).unwrap_err();
            assert_eq!(error.code(), "workbook-unreadable");
        }
    }
}
