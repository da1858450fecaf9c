//! What an export shows before it is written.

use serde::{Deserialize, Serialize};
use specta::Type;

/// How exactly a de-identified export tells places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum ExportLevel {
    /// Counties only.
    #[default]
    County,
    /// Townships too.
    Township,
    /// Villages too.
    Village,
    /// Schools too.
    School,
}

/// What an export is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum ExportPurpose {
    /// The project's own work.
    #[default]
    Analysis,
    /// Keeping in an archive, for later research.
    Archiving,
    /// Telling the school.
    SchoolSharing,
}

/// Interviews that are not in an export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LeftOut {
    /// The purpose that was not agreed to.
    pub purpose: String,
    /// How many.
    pub interviews: u32,
}

/// A de-identified export before it is written.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ExportPreview {
    /// Interviews that would be in it.
    pub interviews: u32,
    /// Interviews left out because consent does not cover them.
    pub withheld: u32,
    /// The same by what was not agreed to.
    pub left_out: Vec<LeftOut>,
    /// Interviews left out because they were made for practice before the project began.
    pub practice: u32,
    /// Respondents in the smallest class; none without interviews.
    pub smallest: Option<u32>,
    /// Classes should have so many respondents.
    pub k: u32,
    /// Interviews in smaller classes.
    pub below: u32,
    /// Those interviews, the smallest classes first, as far as they are shown.
    pub rows: Vec<ExportRow>,
    /// Headings of the cells of [`Self::rows`].
    pub heads: Vec<String>,
    /// Each question and place, with what is done to it.
    pub columns: Vec<ExportColumn>,
    /// Coarser levels of places at which fewer interviews would be in small classes, the finest first.
    pub coarser: Vec<ExportCoarser>,
}

/// What a coarser level of places would come to.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ExportCoarser {
    /// The level.
    pub level: ExportLevel,
    /// Interviews in small classes at that level.
    pub below: u32,
}

/// An interview that stands out.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ExportRow {
    /// Its code in the export.
    pub code: String,
    /// What it tells in the columns chosen.
    pub cells: Vec<String>,
}

/// A column of an export.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ExportColumn {
    /// Template path of the question; `@county` and so on for the places of the frame.
    pub path: String,
    /// What it is called.
    pub label: String,
    /// What is done to it: a code.
    pub done: String,
    /// Whether it stands in the table.
    pub told: bool,
    /// Whether a person may judge that it tells of nobody.
    pub judge: bool,
    /// Whether it can be chosen for k-anonymity.
    pub candidate: bool,
    /// Whether it is.
    pub chosen: bool,
    /// Interviews in small classes if it were left out.
    pub without: Option<u32>,
}

/// An export that was made on this laptop.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ExportLogRow {
    /// Its id.
    pub id: String,
    /// When.
    pub at: String,
    /// Who.
    pub by: String,
    /// `form_id`.
    pub form: String,
    /// Whether it holds what tells who somebody is.
    pub identified: bool,
    /// Why; empty for a de-identified one.
    pub reason: String,
    /// Interviews in it.
    pub interviews: u32,
    /// What it is for.
    pub purpose: ExportPurpose,
    /// Interviews that are not in it, by what was not agreed to.
    pub left_out: Vec<LeftOut>,
    /// Where it was written.
    pub folder: String,
    /// Interviews in it that would not be in it today, since somebody took back what it is for, by that. Of an export of another laptop
    /// nothing is known.
    pub taken_back: Vec<LeftOut>,
    /// Interviews in it that would not be in it today, since they may be kept no longer for what it is for.
    pub past_day: Vec<LeftOut>,
    /// Rows and files to drop from it, for that and after erasures.
    pub drops: u32,
}

/// An instrument that comes with the program.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct InstrumentCard {
    /// `form_id`.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Questions that somebody is asked.
    pub questions: u32,
}
