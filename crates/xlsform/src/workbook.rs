//! The cells of a workbook, whatever file they came from.

use crate::read_rows::Extent;
use crate::write_spreadsheet::WriteError;
use crate::{read_markdown, read_spreadsheet, read_text, write_markdown, write_spreadsheet};
use thiserror::Error;

/// What kind of file the bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Markdown tables, as pyxform reads them from a `.md` file.
    Markdown,
    /// Excel 2007 and later.
    Xlsx,
    /// Excel 97 to 2003.
    Xls,
    /// OpenDocument.
    Ods,
    /// Comma-separated: a row with the sheet's name in the first column opens a sheet.
    Csv,
}

impl Format {
    /// The format by a file name's extension: md, xlsx, xlsm, xls, ods, csv, in any case.
    #[must_use]
    pub fn from_file_name(name: &str) -> Option<Self> {
        match name.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
            "md" => Some(Self::Markdown),
            "xlsx" | "xlsm" => Some(Self::Xlsx),
            "xls" => Some(Self::Xls),
            "ods" => Some(Self::Ods),
            "csv" => Some(Self::Csv),
            _ => None,
        }
    }
}

/// The sheets of a workbook.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Workbook {
    /// In the order of the file.
    pub sheets: Vec<Sheet>,
}

/// One sheet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sheet {
    /// As the author wrote it.
    pub name: String,
    /// Rows that hold anything, top to bottom; the first is the header.
    pub rows: Vec<Row>,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row {
    /// As the spreadsheet program numbers it, from 1. In markdown and csv: counted within the sheet, header = 1.
    pub number: u32,
    /// Line of the file, from 1, for markdown and csv.
    pub line: Option<u32>,
    /// Text of the cells from column A on; empty text for an empty cell.
    pub cells: Vec<String>,
}

/// Why a file is no workbook.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReadError {
    /// The file is not what its format says.
    #[error(
        "expected {expected}, found something else ({reason}); open it in the program that made it and save it again"
    )]
    Unreadable {
        /// Name of the format.
        expected: &'static str,
        /// What the reader said.
        reason: String,
    },
    /// Something is larger than any questionnaire.
    #[error("expected at most {limit} {what}, found {found}; split the form or take out what is not part of it")]
    TooLarge {
        /// bytes, unpacked bytes, sheets, rows, columns, cells, bytes of text, characters in one cell.
        what: &'static str,
        /// The most allowed.
        limit: u64,
        /// What the file has (at least).
        found: u64,
    },
}

impl ReadError {
    /// The public kebab-case name, for catalogues of messages.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "workbook-unreadable",
            Self::TooLarge { .. } => "workbook-too-large",
        }
    }
}

/// The most that is read of a workbook. A choice sheet of every village in China has some 600,000 rows.
pub mod limits {
    /// Bytes of the file.
    pub const BYTES: u64 = 64 << 20;
    /// Bytes of a packed file (xlsx, ods) once unpacked.
    pub const UNPACKED_BYTES: u64 = 512 << 20;
    /// Sheets.
    pub const SHEETS: u64 = 100;
    /// Rows of one sheet.
    pub const ROWS: u64 = 1_000_000;
    /// Columns of one sheet.
    pub const COLUMNS: u64 = 1_000;
    /// Cells of a spreadsheet, rows by columns, empty ones too. What they hold is [`UNPACKED_BYTES`] at most, each cell
    /// counted, though many may share a text in the file.
    pub const CELLS: u64 = 10_000_000;
    /// Bytes of the questions that become of KoboToolbox's scores, rankings and matrices.
    pub const KOBO_BYTES: u64 = 16 << 20;
    /// Characters of one cell; Excel ends at 32,767.
    pub const CELL: u64 = 32_767;
}

pub(crate) fn within(what: &'static str, found: u64, limit: u64) -> Result<(), ReadError> {
    if found > limit { Err(ReadError::TooLarge { what, limit, found }) } else { Ok(()) }
}

impl Workbook {
    /// Reads a workbook. Numbers that are whole lose their `.0`, booleans read `TRUE` and `FALSE`, dates are ISO, no-break
    /// spaces become spaces, and cells lose the space around their text. A sheet ends after 60 empty rows.
    ///
    /// Markdown is read in two layouts. In pyxform's, the one to write, a row with the sheet's name in the first column
    /// opens a sheet and its other rows leave that column empty:
    ///
    /// ```text
    /// | survey |      |      |       |
    /// |        | type | name | label |
    /// |        | text | q1   | 题目  |
    /// ```
    ///
    /// In a cell, `\|` is a pipe and `<br>` a line break. In the other layout, a heading `## survey` names the plain table below it. pyxform does not read that one.
    ///
    /// # Errors
    /// [`ReadError`] when the bytes are not of the format or pass one of the [`limits`].
    pub fn read(bytes: &[u8], format: Format) -> Result<Self, ReadError> {
        within("bytes", bytes.len() as u64, limits::BYTES)?;
        let workbook = match format {
            Format::Markdown => read_markdown::read(read_text::utf8(bytes, "markdown tables")?),
            Format::Csv => read_text::read_csv(read_text::utf8(bytes, "comma-separated text")?),
            Format::Xlsx | Format::Xls | Format::Ods => read_spreadsheet::read(bytes, format, Extent::Form)?,
        };
        workbook.check_limits()?;
        Ok(workbook)
    }

    /// Reads a file of plain tables, which is no form: as [`Workbook::read`], but a csv is one sheet without a name, in UTF-8,
    /// UTF-16 or GB 18030, with commas, semicolons or tabs; and of a spreadsheet every row and column is read, whatever stands
    /// in its first row.
    ///
    /// # Errors
    /// As [`Workbook::read`].
    pub fn read_table(bytes: &[u8], format: Format) -> Result<Self, ReadError> {
        within("bytes", bytes.len() as u64, limits::BYTES)?;
        let workbook = match format {
            Format::Csv => read_text::read_table(bytes)?,
            Format::Markdown => return Self::read(bytes, format),
            Format::Xlsx | Format::Xls | Format::Ods => read_spreadsheet::read(bytes, format, Extent::Table)?,
        };
        workbook.check_limits()?;
        Ok(workbook)
    }

    /// An Excel workbook (xlsx): every cell is text, so that no digit and no leading zero is lost in Excel; the header row
    /// stays in view. [`Workbook::read`] gives the same sheets, rows and cells back.
    ///
    /// # Errors
    /// [`WriteError`] for a workbook that Excel cannot hold.
    pub fn to_xlsx(&self) -> Result<Vec<u8>, WriteError> {
        write_spreadsheet::write(self)
    }

    /// Markdown tables, in pyxform's layout. [`Workbook::read`] gives the same sheets and cells back; rows are numbered
    /// anew.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        write_markdown::write(self)
    }

    /// The sheet of this name, whatever its case.
    #[must_use]
    pub fn sheet(&self, name: &str) -> Option<&Sheet> {
        self.sheets.iter().find(|s| s.name.trim().eq_ignore_ascii_case(name))
    }

    fn check_limits(&self) -> Result<(), ReadError> {
        within("sheets", self.sheets.len() as u64, limits::SHEETS)?;
        for sheet in &self.sheets {
            within("rows", sheet.rows.len() as u64, limits::ROWS)?;
            for row in &sheet.rows {
                within("columns", row.cells.len() as u64, limits::COLUMNS)?;
                for cell in &row.cells {
                    if cell.len() as u64 > limits::CELL {
                        within("characters in one cell", cell.chars().count() as u64, limits::CELL)?;
                    }
                }
            }
        }
        Ok(())
    }
}
