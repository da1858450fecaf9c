//! Rosters: a spreadsheet of children, or of other people, becomes cards.
//!
//! The rows come in as texts, whatever file they were in. What they come to is a [`Plan`]: the entries to be written, what
//! happens to each row, and what is wrong with it, by row and column. Nothing is written here.
//!
//! A row that is already in the project (the same identity or student number; or the same code, or class, and name) changes what it
//! says otherwise, and never makes a second card; an empty cell changes nothing. So a second import of one file adds nothing.
//! Rows with a problem of [`Severity::LeftOut`] are left out; the others go in.

mod cells;
mod columns;
mod persons;
mod places;
mod plan;

pub use columns::{Column, guess, header};
pub use plan::plan;

use crate::Content;
use crate::kinds::SubjectKind;
use std::collections::BTreeMap;
use tianye_journal::RecordId;

/// Most rows of a roster.
pub const MOST_ROWS: usize = 20_000;
/// Longest text of a cell that goes on a card, in characters.
pub const LONGEST: usize = 64;
/// Longest note, in characters.
pub const LONGEST_NOTE: usize = 500;

/// A row as the spreadsheet program numbers it, from 1, with its cells from the first column on. Has no `Debug`: it holds
/// names.
#[derive(Clone, PartialEq, Eq)]
pub struct Line {
    /// Number of the row.
    pub number: u32,
    /// Texts of the cells.
    pub cells: Vec<String>,
}

impl std::fmt::Debug for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Line({}, {} cells)", self.number, self.cells.len())
    }
}

/// How a roster is to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// What each column of the sheet holds, from the first on; none: it is passed over.
    pub columns: Vec<Option<Column>>,
    /// Who the people are, where no column says so.
    pub kind: SubjectKind,
    /// The class, school or village of everybody, where no column says more.
    pub site: Option<RecordId>,
    /// Whether schools and classes that are not in the project are made.
    pub makes_sites: bool,
    /// Today, `YYYY-MM-DD`: a birth lies before it.
    pub today: String,
}

/// What a roster comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The entries to be written, in this order, each on its record's heads.
    pub writes: Vec<(RecordId, Content)>,
    /// What happens to each row, in the order of the sheet.
    pub rows: Vec<PlannedRow>,
    /// Sites that are made.
    pub sites: Vec<RecordId>,
    /// Guardians and parents that are made.
    pub guardians: usize,
}

impl Plan {
    /// How many rows something happens to.
    pub fn count(&self, act: RowAct) -> usize {
        self.rows.iter().filter(|row| row.act == act).count()
    }
}

/// What happens to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RowAct {
    /// The person is new.
    New,
    /// The person is here, and something changes.
    Changed,
    /// The person is here, and nothing changes.
    Same,
    /// It is left out, for its problems.
    LeftOut,
}

impl RowAct {
    /// Key of the words in the catalogue.
    pub fn code(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Same => "same",
            Self::LeftOut => "left-out",
        }
    }
}

/// A row of the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedRow {
    /// Number of the row.
    pub number: u32,
    /// What happens.
    pub act: RowAct,
    /// The person's card, unless the row is left out.
    pub record: Option<RecordId>,
    /// The columns in which the card, or what belongs to it, changes.
    pub changes: Vec<Column>,
    /// People of the project who may be the same child: to be looked at on the page of duplicates.
    pub maybe: Vec<RecordId>,
}

/// How grave a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The row is left out.
    LeftOut,
    /// The row goes in, perhaps without this cell; a person should look.
    Look,
}

/// What is wrong with a row, or with the sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Number of the row; none: the whole sheet.
    pub row: Option<u32>,
    /// What column it is about.
    pub column: Option<Column>,
    /// Key of the words in the catalogue: `roster-<code>`.
    pub code: &'static str,
    /// What the words mention. Never what stands in a cell of a person: the screen has that before it.
    pub args: BTreeMap<&'static str, String>,
    /// How grave it is.
    pub severity: Severity,
}

impl Problem {
    fn new(row: u32, column: Column, code: &'static str, severity: Severity) -> Self {
        Self { row: Some(row), column: Some(column), code, args: BTreeMap::new(), severity }
    }

    fn of_sheet(column: Option<Column>, code: &'static str) -> Self {
        Self { row: None, column, code, args: BTreeMap::new(), severity: Severity::LeftOut }
    }

    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.args.insert(name, value.into());
        self
    }
}

/// A date as a person writes it, as `YYYY-MM-DD` or as much of it as is written.
///
/// # Errors
/// The code of a problem: `date-unknown`, `date-unclear`, `date-impossible`.
pub fn date(text: &str) -> Result<String, &'static str> {
    cells::date(&cells::clean(text)).map_err(cells::NoDate::code)
}
