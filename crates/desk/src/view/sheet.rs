//! Decisions in a sheet: written by the desk, filled in by a lead in any table program, and read back.

use serde::{Deserialize, Serialize};

use super::{Refusal, quiet};

quiet!(DecisionRow, SheetRow);

/// A row of the sheet as it is written: the columns that are read back, and those that tell a person what it is about.
#[derive(Clone, Default, Serialize)]
pub struct SheetRow {
    /// `conflict`, `card` for one on a card, or `pair` for what may be there twice.
    pub what: String,
    /// Id of the interview or card; of a pair the first record.
    pub record: String,
    /// Field of the conflict.
    pub field: String,
    /// Of a pair the second record.
    pub other: String,
    /// Entries that were shown, in the order of the sides, parted by a space.
    pub names: String,
    /// Respondent, form and place.
    pub about: String,
    /// The question; of a pair the score and the reasons.
    pub question: String,
    /// The answers, each with who gave it and when; of a pair the two records.
    pub side_1: String,
    /// See `side_1`.
    pub side_2: String,
    /// See `side_1`; all further ones, each in a line.
    pub side_3: String,
    /// To fill in: the number of the side that holds, or of the record that leads; `apart` or `open` for a pair.
    pub take: String,
    /// To fill in: another answer, as the form stores it.
    pub value: String,
    /// To fill in: `dont-know` or `refused` instead of an answer.
    pub non_answer: String,
    /// To fill in: why.
    pub reason: String,
}

/// A row of the sheet as it is read; further columns do not matter.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct DecisionRow {
    /// See [`SheetRow`].
    pub what: String,
    /// See [`SheetRow`].
    pub record: String,
    /// See [`SheetRow`].
    pub field: String,
    /// See [`SheetRow`].
    pub other: String,
    /// See [`SheetRow`].
    pub names: String,
    /// See [`SheetRow`].
    pub take: String,
    /// See [`SheetRow`].
    pub value: String,
    /// See [`SheetRow`].
    pub non_answer: String,
    /// See [`SheetRow`].
    pub reason: String,
}

/// What became of a row.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RowReport {
    /// Its number, the first row below the head is 1.
    pub row: u32,
    /// What became of it.
    pub outcome: RowOutcome,
    /// Why it was refused.
    pub refusal: Option<Refusal>,
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum RowOutcome {
    /// Nothing was filled in: it is left for later.
    Later,
    /// It can be written; nothing was.
    Fine,
    /// It is written.
    Written,
    /// It cannot be written.
    Refused,
}
