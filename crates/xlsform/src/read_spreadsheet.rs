//! Workbooks from spreadsheet programs.

use crate::check_compound;
use crate::check_packed;
use crate::read_rows::{Extent, Placed, Size, rows_of};
use crate::read_xlsx;
use crate::workbook::{Format, ReadError, Sheet, Workbook, limits, within};
use crate::xlsx_text::clean;
use calamine::{DataType, ExcelDateTime, Ods, Reader, Xls};
use std::io::Cursor;

pub(crate) fn read(bytes: &[u8], format: Format, extent: Extent) -> Result<Workbook, ReadError> {
    let sheets = match format {
        Format::Xlsx => read_xlsx::read(bytes, extent)?,
        Format::Ods => {
            let expected = "an OpenDocument file (.ods)";
            check_packed::check(bytes, expected)?;
            guarded(expected, || {
                let mut book = Ods::new(Cursor::new(bytes)).map_err(|e| unreadable(expected, &e))?;
                read_sheets(&mut book, expected, extent)
            })?
        }
        _ => {
            let expected = "an Excel file (.xls)";
            check_compound::check(bytes, expected)?;
            guarded(expected, || {
                let mut book = Xls::new(Cursor::new(bytes)).map_err(|e| unreadable(expected, &e))?;
                read_sheets(&mut book, expected, extent)
            })?
        }
    };
    Ok(Workbook { sheets })
}

/// The reader of these two formats, which is not ours, panics on some damaged files. They are refused like any other file
/// that cannot be read; nothing of the reader outlives the panic.
fn guarded(
    expected: &'static str,
    read: impl FnOnce() -> Result<Vec<Sheet>, ReadError> + std::panic::UnwindSafe,
) -> Result<Vec<Sheet>, ReadError> {
    std::panic::catch_unwind(read)
        .unwrap_or_else(|_| Err(ReadError::Unreadable { expected, reason: "the file is damaged".into() }))
}

fn unreadable(expected: &'static str, reason: &dyn std::fmt::Display) -> ReadError {
    ReadError::Unreadable { expected, reason: reason.to_string() }
}

pub(crate) fn read_sheets<'a, R>(book: &mut R, expected: &'static str, extent: Extent) -> Result<Vec<Sheet>, ReadError>
where
    R: Reader<Cursor<&'a [u8]>>,
    R::Error: std::fmt::Display,
{
    let names = book.sheet_names();
    within("sheets", names.len() as u64, limits::SHEETS)?;
    let mut size = Size::of(extent);
    let mut sheets = Vec::new();
    for name in names {
        let range = book.worksheet_range(&name).map_err(|e| unreadable(expected, &e))?;
        let (top, left) = range.start().unwrap_or_default();
        let cells = range.used_cells().map(|(row, column, data)| Placed {
            // Places in a range are counted from its first cell, in the four bytes a range counts in.
            row: top + u32::try_from(row).unwrap_or(u32::MAX),
            column: left + u32::try_from(column).unwrap_or(u32::MAX),
            text: text_of(data).into(),
        });
        sheets.push(Sheet { rows: rows_of(cells.collect(), &mut size)?, name });
    }
    Ok(sheets)
}

fn text_of(data: &impl DataType) -> String {
    if let Some(text) = data.get_string() {
        return clean(text).into_owned();
    }
    if let Some(text) = data.get_datetime_iso().or_else(|| data.get_duration_iso()) {
        return clean(text).into_owned();
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

/// A date, a time or both as ISO 8601, as pyxform reads them.
pub(crate) fn moment(moment: ExcelDateTime) -> String {
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
