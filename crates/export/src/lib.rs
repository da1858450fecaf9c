//! Tables for analysts, made from filled forms.
//!
//! **Purpose.** One table for the form and one for each of its repeats, with labels or codes, that opens correctly in a
//! spreadsheet program and reads back without loss in a statistics package.
//!
//! **Must not know.** Screens, network, storage, merging: it is given the settled fields of each interview, and who may
//! read what was decided before.
//!
//! **Words.** *Table*: rows under a heading. *Frame columns*: those that every table has beside the questions (the
//! interview's id, site, interviewer, state). *Practice mark*: the column that says a row is not real.

mod csv;
mod table;

pub use self::csv::{file_name, write};
pub use table::{Filled, Layout, Table, tables};

/// Why an export could not be written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The output refused.
    #[error("the table could not be written: {0}; look at the disk's room and the folder's rights, then try again")]
    Write(#[from] std::io::Error),
    /// The table's own shape is wrong.
    #[error("the table {name} could not be written: {why}")]
    Shape {
        /// Table.
        name: String,
        /// What the writer said.
        why: String,
    },
}

impl Error {
    /// A stable code for catalogues.
    #[must_use]
    pub fn code(&self) -> &'static str {
        "export-failed"
    }
}
