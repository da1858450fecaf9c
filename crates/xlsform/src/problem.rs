//! One thing in a workbook that its author should see.

use crate::codes::Code;
use std::fmt;

/// How bad a [`Problem`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The form cannot be used.
    Error,
    /// The form can be used, and probably does not do what its author meant.
    Warning,
    /// Good to know; for example a form that other software may show differently.
    Note,
}

/// A problem with its place. `Display` is English: what was expected, what was found, what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// What kind of problem; the key for translated messages.
    pub code: Code,
    /// The sheet, as the author named it. `None`: the whole workbook.
    pub sheet: Option<String>,
    /// The row as the spreadsheet program numbers it, from 1. `None`: the whole sheet.
    pub row: Option<u32>,
    /// The column, from 1. `None`: the whole row.
    pub column: Option<u32>,
    /// Values for the message, by name. The names are fixed per code (see [`crate::codes`]).
    pub args: Vec<(&'static str, String)>,
}

impl Problem {
    /// An error about the whole workbook.
    #[must_use]
    pub const fn error(code: Code) -> Self {
        Self { severity: Severity::Error, code, sheet: None, row: None, column: None, args: Vec::new() }
    }

    /// The place as a spreadsheet writes it: `F42`, `42` for a whole row; empty for a whole sheet.
    #[must_use]
    pub fn cell(&self) -> String {
        let mut text = self.column.map(column_letters).unwrap_or_default();
        if let Some(row) = self.row {
            text.push_str(&row.to_string());
        }
        text
    }

    /// The value of a named argument.
    #[must_use]
    pub fn arg(&self, name: &str) -> Option<&str> {
        self.args.iter().find(|(n, _)| *n == name).map(|(_, v)| v.as_str())
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.as_str())
    }
}

/// 1 is A, 26 is Z, 27 is AA.
#[must_use]
pub fn column_letters(column: u32) -> String {
    let mut n = column;
    let mut letters = Vec::new();
    while n > 0 {
        n -= 1;
        letters.push(char::from(b'A' + u8::try_from(n % 26).unwrap_or(0)));
        n /= 26;
    }
    letters.iter().rev().collect()
}
