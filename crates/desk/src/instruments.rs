//! The instruments of the survey that come with the program, so that a lead without a network has them.

use crate::forms::check_workbook;
use crate::refusal::Result;
use crate::view::InstrumentCard;

/// An instrument: a workbook in `forms/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instrument {
    /// `form_id`, and the name of its file without ending.
    pub id: &'static str,
    /// The workbook, as markdown.
    pub workbook: &'static str,
}

macro_rules! instruments {
    ($($id:literal),* $(,)?) => {
        /// All instruments, the pupil questionnaire first.
        pub const ALL: &[Instrument] =
            &[$(Instrument { id: $id, workbook: include_str!(concat!("../../../forms/", $id, ".md")) }),*];
    };
}

instruments!(
    "pupil",
    "teacher",
    "guardian",
    "cadre",
    "seminar_children",
    "seminar_adults",
    "case",
    "group_session",
    "community",
);

impl Instrument {
    /// The instrument with this id.
    #[must_use]
    pub fn of(id: &str) -> Option<Self> {
        ALL.iter().find(|one| one.id == id).copied()
    }

    /// The name of its file.
    #[must_use]
    pub fn file(&self) -> String {
        format!("{}.md", self.id)
    }
}

/// What is shown of each.
///
/// # Errors
/// A workbook that cannot be read; the tests read them all.
pub fn cards() -> Result<Vec<InstrumentCard>> {
    let card = |one: &Instrument| {
        let (report, _) = check_workbook(&one.file(), one.workbook.as_bytes(), &|_| None)?;
        Ok(InstrumentCard { id: one.id.to_owned(), title: report.title, questions: report.questions })
    };
    ALL.iter().map(card).collect()
}
