//! Erasing: what is asked for, what would go, and the certificate.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::quiet;

quiet!(
    EraseInput,
    ErasePreview,
    EraseAnswer,
    EraseInterview,
    ErasureView,
    AnsweredView,
    HeldView,
    ErasedExport,
    DropRow,
);

/// What is to be erased.
#[derive(Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct EraseInput {
    /// Id of the interview; empty where a respondent is erased.
    pub record: String,
    /// Id of the respondent who is erased with everything of theirs; empty where an interview is.
    pub person: String,
    /// Fields, as the newest version of the form among the interview's heads names them; none: the whole interview.
    pub fields: Vec<String>,
    /// Why: `withdrawn`, `misplaced`, `retention` or `mistake`.
    pub why: String,
    /// Why, in one's own words; never what was erased.
    pub note: String,
}

/// What would go. Nothing is changed by looking.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ErasePreview {
    /// Id of the interview; empty for a respondent.
    pub record: String,
    /// Id of the respondent; empty where none is known.
    pub person: String,
    /// The respondent's code.
    pub code: String,
    /// The respondent's name.
    pub name: String,
    /// Title of the interview's form.
    pub form: String,
    /// Answers of the interview that are not blank, in the order of its form.
    pub answers: Vec<EraseAnswer>,
    /// The respondent's interviews: what goes when the person is erased.
    pub interviews: Vec<EraseInterview>,
    /// Consents of the respondent.
    pub consents: u32,
    /// Assignments that are only about the respondent.
    pub assignments: u32,
    /// Laptops of the team that will be asked to erase it, this one too.
    pub laptops: u32,
    /// Exports made on this laptop that hold some of it.
    pub exports: Vec<ErasedExport>,
}

/// An answer that can be erased.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct EraseAnswer {
    /// The field, for [`EraseInput::fields`].
    pub field: String,
    /// Number of the question; may be empty.
    pub number: String,
    /// The question.
    pub label: String,
    /// What was answered, as a person reads it.
    pub value: String,
    /// Whether it is a file: a photograph, a recording.
    pub file: bool,
}

/// An interview of a respondent.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct EraseInterview {
    /// Its id.
    pub id: String,
    /// Title of its form.
    pub form: String,
    /// Who filled it in.
    pub interviewer: String,
}

/// What was erased by one act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ErasedWhat {
    /// A whole interview.
    Interview,
    /// Answers of an interview.
    Answers,
    /// A respondent with everything of theirs.
    Person,
}

/// One act of erasing: what was erased, and where it has been carried out.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ErasureView {
    /// Id of the act.
    pub id: String,
    /// What was erased.
    pub what: ErasedWhat,
    /// Id of the interview; of the respondent where a person was erased.
    pub record: String,
    /// How many interviews; 0 where answers of one were erased.
    pub interviews: u32,
    /// The questions whose answers were erased, with their numbers; none: the whole.
    pub questions: Vec<String>,
    /// Why, as a word.
    pub why: String,
    /// Why, in the words of who erased it.
    pub note: String,
    /// Who.
    pub by: String,
    /// When, by that laptop's clock.
    pub at: String,
    /// Entries whose bodies it names.
    pub bodies: u32,
    /// Parts of files that it names.
    pub chunks: u32,
    /// Laptops that have carried out all of it, and keep nothing that may hold it.
    pub answered: Vec<AnsweredView>,
    /// Laptops that have carried out all of it, but keep something out of its reach that may still hold some of it.
    pub held: Vec<HeldView>,
    /// Laptops of which nothing is known yet.
    pub waiting: Vec<AnsweredView>,
    /// Whether the project has a hub.
    pub has_hub: bool,
    /// Whether this laptop keeps the project's key, and so tells hubs itself when it syncs.
    pub tells_hubs: bool,
    /// Whether the hub may still keep some of it, as far as this laptop knows: by itself, or from what those that tell hubs say.
    pub on_hub: bool,
    /// Address of the hub in a local network that was used last, beside the project's; empty if there is none.
    pub nearby_hub: String,
    /// Whether that one may still keep some of it, in the same way.
    pub on_nearby_hub: bool,
    /// Whether files beside the database on this laptop still wait to be dropped.
    pub unfinished: bool,
    /// Exports made on this laptop before it, with rows and files to drop.
    pub exports: Vec<ErasedExport>,
    /// Of a person: interviews that came later and still name them. Somebody must decide what becomes of them.
    pub later: u32,
}

/// A laptop in a certificate.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AnsweredView {
    /// Who sits at it.
    pub person: String,
    /// Its name.
    pub device: String,
    /// What stands for it where no names are to stand.
    pub code: String,
    /// Exports made on it that still held some of it when it carried the erasure out.
    pub exports: u32,
}

/// A laptop whose answer is not complete: something there was out of reach and may still hold some of it.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HeldView {
    /// The laptop.
    pub laptop: AnsweredView,
    /// Damaged databases that recoveries set aside: when each was.
    pub set_aside: Vec<String>,
    /// The second black box, whose medium was away.
    pub second_box: bool,
}

/// An export that holds something that was erased.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ErasedExport {
    /// Its id, as in its `export.json`.
    pub id: String,
    /// When it was made.
    pub at: String,
    /// The form.
    pub form: String,
    /// Where it was written.
    pub folder: String,
    /// Rows to drop or to clear.
    pub rows: u32,
    /// Files to delete.
    pub files: u32,
}

/// What to do with an exported file after erasures, and after consent was taken back.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DropRow {
    /// The file, below the folder of the export.
    pub file: String,
    /// Heading of the column that holds the key; empty where the whole file goes.
    pub column: String,
    /// The key of the row.
    pub key: String,
    /// `drop` the rows with this key, `clear` one answer in them, or `delete` the file.
    pub act: String,
    /// The field to clear.
    pub field: String,
    /// Why: `erased`; where the record stays, `taken-back` if the purpose of this export was, `past-its-day` if its last day is over.
    pub why: String,
    /// The purpose that was taken back or is over; empty for what was erased.
    pub purpose: String,
}
