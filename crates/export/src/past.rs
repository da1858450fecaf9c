//! Interviews of several versions of a form in one table: what the newest version does not have, and what reads differently
//! in it.

use std::fmt;

use tianye_xform::{Question, Repeat};

use crate::table::{Layout, Table};

/// What earlier versions of a form add to its tables.
///
/// Addresses are those under which the answers stand in [`crate::Filled::fields`]: in the repeats of the newest version
/// where these go on, so that the columns stand in one table with the others.
#[derive(Debug, Default)]
pub struct Versions {
    /// Questions that become columns after those of the newest version.
    pub questions: Vec<Past>,
    /// Repeats that the newest version does not have, outer ones first.
    pub repeats: Vec<Repeat>,
    /// What is different, for the table that says so.
    pub notes: Vec<VersionNote>,
}

/// A column of the past.
#[derive(Clone)]
pub struct Past {
    /// The question as its own version describes it, at the address of its answers.
    pub question: Question,
    /// The author's name of that version.
    pub version: String,
    /// Why it has a column.
    pub kind: PastKind,
}

/// Why there is a column of the past.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PastKind {
    /// The newest version has no such question.
    Gone,
    /// It has the question, and answers read differently there: this column has them as they were given.
    AsGiven,
}

/// One difference between a version and the newest one, as far as it bears on the columns.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct VersionNote {
    /// Template path of the question, in the newest version if it has it.
    pub question: String,
    /// The author's name of the version.
    pub version: String,
    /// What is different.
    pub kind: NoteKind,
    /// What it is there: a path or a code.
    pub there: String,
    /// What it is in the newest version; empty where it is gone.
    pub newest: String,
}

/// What is different.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoteKind {
    /// The newest version has no such question.
    Gone,
    /// It has another name or place there.
    Renamed,
    /// A choice has another code there.
    Recoded,
    /// Some answers read differently, and stand as given in a column of their own.
    AsGiven,
}

impl fmt::Debug for Past {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Past({} {:?})", self.question.path, self.kind)
    }
}

impl Past {
    /// The heading, from what the question alone would be called.
    pub(crate) fn heading(&self, called: &str, layout: &Layout) -> String {
        let (before, between, after) = layout.words.past;
        match (self.kind, layout.labels) {
            (PastKind::Gone, true) if !self.version.is_empty() => {
                format!("{before}{called}{between}{}{after}", self.version)
            }
            // Names stay what they were, so that scripts for the old table go on.
            (PastKind::Gone, _) => called.to_owned(),
            (PastKind::AsGiven, true) => format!("{called}{}", layout.words.as_given),
            (PastKind::AsGiven, false) => format!("{called}.as_given"),
        }
    }
}

/// The table that says what earlier versions had differently.
pub(crate) fn note_table(notes: &[VersionNote], layout: &Layout) -> Table {
    let mark = |part: fn(&(String, String)) -> &String| layout.practice.iter().map(part).cloned();
    let mut head: Vec<String> = mark(|(head, _)| head).collect();
    head.extend(layout.words.versions.iter().map(|heading| (*heading).to_owned()));
    let rows = notes.iter().map(|note| {
        let kind = layout.words.version_notes[note.kind as usize];
        let path = |text: &str| text.trim_start_matches('/').to_owned();
        let mut row: Vec<String> = mark(|(_, cell)| cell).collect();
        row.extend([
            path(&note.question),
            note.version.clone(),
            kind.to_owned(),
            path(&note.there),
            path(&note.newest),
        ]);
        row
    });
    Table { name: layout.words.versions_name.to_owned(), rows: rows.collect(), head }
}
