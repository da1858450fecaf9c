//! Tests that a form's author writes into the workbook: a sheet `tests` of acts and of what must then be true.
//!
//! | column | holds |
//! |---|---|
//! | `test` | the name of a test; blank goes on with the one above. Each test begins with a new interview |
//! | `act` | what is done or expected, see [`Act`] and [`Expectation`] |
//! | `question` | a name of the survey sheet; a row of a repeat is `members[2]/age` |
//! | `value` | the answer, or what is expected |
//! | `note` | for the reader |
//!
//! pyxform and other engines ignore the sheet. Interviews of tests begin at [`BEGIN`] unless their first act is `now`.

mod read;
mod run;
mod said;

pub use read::read;
pub use run::{Failure, Outcome, run, why};
pub use said::Said;

/// The moment at which the interviews of tests begin, so that `today()` is the same on every day.
pub const BEGIN: &str = "2017-06-01T09:00:00+08:00";

/// Most lines that are read of a sheet of tests.
pub const MOST_LINES: usize = 20_000;

/// One test: a new interview and what is done with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormTest {
    /// As the author named it.
    pub name: String,
    /// Row of the sheet in which it begins.
    pub row: u32,
    /// Its lines.
    pub lines: Vec<Line>,
}

/// One line of a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Row of the sheet.
    pub row: u32,
    /// What it does or expects.
    pub act: Act,
}

/// What a line does. The words of the `act` column stand in front.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// `now`: the clock stands at this moment (`2017-06-01` or `2017-06-01T09:00`) from here on.
    Now(chrono::DateTime<chrono::FixedOffset>),
    /// `answer`: the question is answered with the value; codes of several choices stand apart by spaces.
    Answer(At, String),
    /// `clear`: the answer is taken away.
    Clear(At),
    /// `add row`: a row is added to the repeat.
    AddRow(At),
    /// `remove row`: the row (`members[2]`) is removed.
    RemoveRow(At),
    /// `language`: the form speaks this language.
    Language(String),
    /// Something must be true now.
    Expect(At, Expectation),
    /// `complete`: nothing stands in the way of finalising. `incomplete`: something does.
    Complete(bool),
}

/// What must be true of a question, a group or a repeat. The words of the `act` column stand in front.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expectation {
    /// `value`: it counts with this value; a blank one is expected by a blank cell.
    Value(String),
    /// `shown` or `hidden`.
    Shown(bool),
    /// `valid` or `invalid`: required and constraint.
    Valid(bool),
    /// `required` or `optional`.
    Required(bool),
    /// `risk` or `no risk`: whether the answer opens the card for what a child tells of harm.
    Risk(bool),
    /// `options`: these codes are offered, in this order, apart by spaces.
    Options(Vec<String>),
    /// `label`: the label in the language shown.
    Label(String),
    /// `refused`: the answer in the value column is not taken at all, because it is of the wrong type.
    Refused(String),
    /// `rows`: the repeat has so many rows.
    Rows(u32),
}

/// A place in the form: names from outside to inside, each with the number of a row where it is a repeat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At(pub Vec<(String, Option<u32>)>);

impl std::fmt::Display for At {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, (name, row)) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("/")?;
            }
            f.write_str(name)?;
            if let Some(row) = row {
                write!(f, "[{row}]")?;
            }
        }
        Ok(())
    }
}
