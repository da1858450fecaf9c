//! Workbooks as Excel files.

use crate::workbook::{Sheet, Workbook};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Worksheet, XlsxError};
use thiserror::Error;
use unicode_width::UnicodeWidthStr as _;

/// Why a workbook cannot be written as an Excel file.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum WriteError {
    /// Excel has no place for it: a sheet's name, a row, a column, or the length of a cell.
    #[error("expected a workbook that Excel can hold, found one that it cannot ({reason}); change that and try again")]
    NotForExcel {
        /// What is the matter.
        reason: String,
    },
}

impl WriteError {
    /// The public kebab-case name, for catalogues of messages.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotForExcel { .. } => "workbook-not-for-excel",
        }
    }
}

impl From<XlsxError> for WriteError {
    fn from(error: XlsxError) -> Self {
        Self::NotForExcel { reason: error.to_string() }
    }
}

/// Narrowest and widest column, in half-width characters; longer texts are wrapped.
const WIDTHS: (usize, usize) = (8, 50);

pub(crate) fn write(workbook: &Workbook) -> Result<Vec<u8>, WriteError> {
    let mut book = rust_xlsxwriter::Workbook::new();
    // The same workbook gives the same bytes, whatever the day.
    let day = ExcelDateTime::from_ymd(2017, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&day));
    for sheet in &workbook.sheets {
        write_sheet(book.add_worksheet(), sheet)?;
    }
    Ok(book.save_to_buffer()?)
}

fn write_sheet(target: &mut Worksheet, sheet: &Sheet) -> Result<(), WriteError> {
    // “Text” is what keeps Excel from making numbers and dates of what people type.
    let text = Format::new().set_num_format("@").set_align(FormatAlign::Top).set_text_wrap();
    let heading = Format::new().set_num_format("@").set_bold();
    target.set_name(&sheet.name)?;
    target.set_freeze_panes(1, 0)?;
    let columns = sheet.rows.iter().map(|row| row.cells.len()).max().unwrap_or_default();
    for at in 0..columns {
        let widest = sheet.rows.iter().filter_map(|row| row.cells.get(at)).map(|cell| cell.width()).max();
        let width = widest.unwrap_or_default().saturating_add(2).clamp(WIDTHS.0, WIDTHS.1);
        let column = index(at)?;
        target.set_column_width(column, width as f64)?;
        target.set_column_format(column, &text)?;
    }
    for (position, row) in sheet.rows.iter().enumerate() {
        let format = if position == 0 { &heading } else { &text };
        for (at, cell) in row.cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            target.write_string_with_format(row.number.saturating_sub(1), index(at)?, cell, format)?;
        }
    }
    Ok(())
}

fn index(column: usize) -> Result<u16, WriteError> {
    u16::try_from(column).map_err(|_| WriteError::NotForExcel { reason: format!("more than {column} columns") })
}
