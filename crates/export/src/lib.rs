//! Tables for analysts, made from filled forms.
//!
//! **Purpose.** One table for the form and one for each of its repeats, with labels or codes, that opens correctly in a
//! spreadsheet program and reads back without loss in a statistics package.
//!
//! **Must not know.** Screens, network, storage, merging: it is given the settled fields of each interview, and who may
//! read what was decided before. It opens no file: the caller hands in what is written to.
//!
//! **Words.** *Table*: rows under a heading. *Frame columns* ([`FrameColumn`]): those that the form's table has beside
//! the questions (the respondent, the site, the interviewer, the state). *Practice mark*: the first column of every
//! table, which says that a row is not real. *Row number*: the place of a repeat's row among its siblings; with the
//! interview's id and the numbers of the rows around it, the key that joins the tables.
//!
//! *Remark* ([`Remark`]): what was said of an answer beside it (a soft check, a question left too soon). *Missing code*: what
//! stands in the cell of a declared non-answer, so that it is neither blank nor a choice.
//!
//! # At a glance
//!
//! ```text
//! Words::for_language("zh-CN" | "en") -> &'static Words      headings and states of the frame, the file-name mark
//! Layout::new(words, columns, language, labels, practice)    how the tables look
//! tables(&form, &[Filled], &layout) -> Vec<Table>            the form's table, one for each repeat, the remarks
//! tables_of_versions(&form, &Versions, &[Filled], &layout)    the same, with what the newest version does not have
//! deidentify(&form, &versions, filled, &shield)              ages, weeks, blanks; what was done to each question
//! codebook(&form, &[Treated], &layout) -> Table              the same as a table
//! anonymity(&[Trait], k) -> Anonymity                        how many share what a person could be recognised by
//! audit_table(&audit, &[AuditRow]) -> Table                  one interview's audit log, as ODK's audit.csv
//! entity_table(list, &properties, &rows) -> Table            a list of entities, as Central downloads them
//! file_names(&tables, mark) -> Vec<String>                   one for each table, no two alike
//! files_folder(form, mark) / is_file_name(name)              where the files that answers name are written
//! read_audit(csv, most) -> Vec<AuditRow>                     the log of another program
//! write(&table, output)                                      CSV: UTF-8 with mark, CRLF, no formulas
//! ```

mod anonymity;
mod audit;
mod csv;
mod deidentify;
mod entities;
mod files;
mod heading;
mod past;
mod plain;
mod remarks;
mod table;
mod words;

pub use self::audit::{AuditRow, audit_table, read_audit};
pub use self::csv::{write, write_unmarked};
pub use anonymity::{Anonymity, Trait, anonymity};
pub use deidentify::{Done, PlaceLevel, Shield, Treated, area, codebook, day_of, deidentify, place_level, told};
pub use entities::{EntityRow, entity_table};
pub use files::{file_name, file_names, files_folder, is_file_name};
pub use past::{NoteKind, Past, PastKind, VersionNote, Versions};
pub use remarks::{Remark, RemarkKind};
pub use table::{Filled, Layout, Table, tables, tables_of_versions};
pub use words::{FrameColumn, State, Words};

/// Why an export could not be written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The output refused.
    #[error("the table could not be written: {0}; look at the disk's room and the folder's rights, then try again")]
    Write(#[from] std::io::Error),
    /// The table's own shape is wrong.
    #[error("the table {name} could not be written: a row has {found} cells, the heading {expected}")]
    Shape {
        /// Table.
        name: String,
        /// Cells of the heading.
        expected: usize,
        /// Cells of the row.
        found: usize,
    },
}

impl Error {
    /// A stable code for catalogues.
    #[must_use]
    pub fn code(&self) -> &'static str {
        "export-failed"
    }
}
