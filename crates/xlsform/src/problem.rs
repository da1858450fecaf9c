//! One thing in a workbook that its author should see.

use crate::codes::Code;
use crate::workbook::Workbook;
use std::fmt;
use std::sync::Arc;

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

impl Severity {
    /// `error`, `warning` or `note`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// A piece of a cell with the place in it that is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// The text, as it was read.
    pub text: String,
    /// The first byte that is meant; a character begins there.
    pub start: usize,
    /// The byte after the last; the same as `start` for a place between two characters.
    pub end: usize,
}

impl Excerpt {
    fn new(text: &str, start: usize, end: usize) -> Self {
        let at = |mut byte: usize| {
            byte = byte.min(text.len());
            while !text.is_char_boundary(byte) {
                byte -= 1;
            }
            byte
        };
        let start = at(start);
        Self { text: text.to_owned(), start, end: at(end).max(start) }
    }

    /// What stands before, what is meant, what stands behind.
    #[must_use]
    pub fn parts(&self) -> (&str, &str, &str) {
        (&self.text[..self.start], &self.text[self.start..self.end], &self.text[self.end..])
    }
}

/// A problem with its place. `Display` is one line of English as compilers write it:
/// `survey!F42: error[unknown-name]: expected …, found …; …`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// What kind of problem; the key for translated messages.
    pub code: Code,
    /// The sheet, as the author named it. `None`: the whole workbook.
    pub sheet: Option<String>,
    /// The row as the spreadsheet program numbers it, from 1; in text files counted within the sheet, header = 1. `None`:
    /// the whole sheet.
    pub row: Option<u32>,
    /// The column, from 1. `None`: the whole row.
    pub column: Option<u32>,
    /// The line of the file, from 1, for workbooks that are text.
    pub line: Option<u32>,
    /// The column's heading, as the author wrote it.
    pub heading: Option<String>,
    /// What stands in the cell, with the place that is meant.
    pub excerpt: Option<Excerpt>,
    /// Values for the message, by name. The names are fixed per code (see [`crate::codes`]).
    pub args: Vec<(&'static str, String)>,
}

impl Problem {
    /// A problem about the whole workbook.
    #[must_use]
    pub const fn new(severity: Severity, code: Code) -> Self {
        Self {
            severity,
            code,
            sheet: None,
            row: None,
            column: None,
            line: None,
            heading: None,
            excerpt: None,
            args: Vec::new(),
        }
    }

    pub(crate) const fn error(code: Code) -> Self {
        Self::new(Severity::Error, code)
    }

    pub(crate) const fn warning(code: Code) -> Self {
        Self::new(Severity::Warning, code)
    }

    pub(crate) const fn note(code: Code) -> Self {
        Self::new(Severity::Note, code)
    }

    pub(crate) fn at(mut self, place: &Place) -> Self {
        self.sheet = Some(place.sheet.to_string());
        self.row = place.row;
        self.column = place.column;
        self.line = place.line;
        self
    }

    pub(crate) fn arg(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.args.push((name, value.into()));
        self
    }

    /// Marks bytes of an expression that stands in the cell.
    pub(crate) fn marking(mut self, text: &str, start: usize, end: usize) -> Self {
        self.excerpt = Some(Excerpt::new(text, start, end));
        self
    }

    /// Adds the heading of the column, and the cell with what was found in it marked.
    pub(crate) fn shown_in(&mut self, workbook: &Workbook) {
        let (Some(name), Some(column)) = (&self.sheet, self.column.and_then(|c| usize::try_from(c).ok())) else {
            return;
        };
        let Some(sheet) = workbook.sheets.iter().find(|s| s.name == *name) else { return };
        let heading = sheet.rows.first().and_then(|row| row.cells.get(column - 1));
        self.heading = heading.filter(|h| !h.is_empty()).cloned();
        if self.excerpt.is_some() {
            return;
        }
        let row = sheet.rows.iter().find(|r| Some(r.number) == self.row);
        let Some(cell) = row.and_then(|r| r.cells.get(column - 1)).filter(|c| !c.is_empty()) else { return };
        let found = self.get("found").filter(|f| !f.is_empty());
        let reference = found.map(|f| format!("${{{f}}}"));
        let marked = reference
            .as_deref()
            .into_iter()
            .chain(found)
            .find_map(|f| cell.find(f).map(|start| (start, start + f.len())))
            .unwrap_or((0, cell.len()));
        self.excerpt = Some(Excerpt::new(cell, marked.0, marked.1));
    }

    pub(crate) fn maybe_near(self, near: Option<&str>) -> Self {
        match near {
            Some(near) => self.arg("near", near),
            None => self,
        }
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

    /// The value of a named argument. `near`, a likely correction, may be there or not.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.args.iter().find(|(n, _)| *n == name).map(|(_, v)| v.as_str())
    }

    /// The message alone, in English, without place and code.
    #[must_use]
    pub fn message(&self) -> String {
        let mut out = String::new();
        let mut rest = self.code.message();
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            match after.split_once('}') {
                Some((name, after)) if name.bytes().all(|b| b.is_ascii_lowercase()) => {
                    out.push_str(self.get(name).unwrap_or_default());
                    rest = after;
                }
                // `${…}` is meant literally.
                _ => {
                    out.push('{');
                    rest = after;
                }
            }
        }
        out.push_str(rest);
        if let Some(near) = self.get("near") {
            out.push_str("; did you mean “");
            out.push_str(near);
            out.push_str("”?");
        }
        out
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(sheet) = &self.sheet {
            let cell = self.cell();
            write!(f, "{sheet}{}{cell}", if cell.is_empty() { "" } else { "!" })?;
            if let Some(line) = self.line {
                write!(f, " (line {line})")?;
            }
            f.write_str(": ")?;
        }
        write!(f, "{}[{}]: {}", self.severity.as_str(), self.code.as_str(), self.message())
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

/// A row, or a cell of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Place {
    pub sheet: Arc<str>,
    pub row: Option<u32>,
    pub line: Option<u32>,
    pub column: Option<u32>,
}

impl Place {
    pub fn sheet(name: &str) -> Self {
        Self { sheet: name.into(), ..Self::default() }
    }

    /// The cell of this row at a column counted from 0.
    pub fn column(&self, index: usize) -> Self {
        self.cell(u32::try_from(index + 1).ok())
    }

    /// The cell of this row at a column counted from 1.
    pub fn cell(&self, column: Option<u32>) -> Self {
        Self { column, ..self.clone() }
    }
}

/// Problems as they are found.
#[derive(Debug, Default)]
pub(crate) struct Report {
    pub problems: Vec<Problem>,
    errors: usize,
}

/// A form with more mistakes than this is not read by its author to the end. So many errors are kept, and so many of the
/// rest: warnings leave room for the error because of which there is no form.
const MOST: usize = 2_000;

impl Report {
    pub fn add(&mut self, problem: Problem) {
        let is_error = problem.severity == Severity::Error;
        let like_it = if is_error { self.errors } else { self.problems.len() - self.errors };
        if like_it < MOST && !self.problems.contains(&problem) {
            self.problems.push(problem);
            self.errors += usize::from(is_error);
        }
    }

    pub const fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// Whether a further error is not kept.
    pub const fn is_full(&self) -> bool {
        self.errors >= MOST
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_letters() {
        for (column, expect) in [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA")] {
            assert_eq!(column_letters(column), expect);
        }
    }

    #[test]
    fn a_problem_reads_like_a_compiler_message() {
        let place = Place { sheet: "survey".into(), row: Some(42), line: None, column: Some(6) };
        let problem =
            Problem::error(Code::UnknownName).at(&place).arg("found", "mother_plce").arg("near", "mother_place");
        assert_eq!(
            problem.to_string(),
            "survey!F42: error[unknown-name]: expected the name of a question, group or repeat in ${…}, found \
             “mother_plce”; correct it or add that question; did you mean “mother_place”?"
        );
    }
}
