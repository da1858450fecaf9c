//! Submissions that go to other tools and come from them.

use serde::Serialize;
use specta::Type;

use super::{LeftOut, Refusal, quiet};

quiet!(InstancesReport, ImportView, ImportForm, ImportUnread);

/// What an export of submissions wrote.
#[derive(Clone, Default, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct InstancesReport {
    /// Folder with a folder for each submission.
    pub folder: String,
    /// Submissions that were written.
    pub written: u32,
    /// Photographs and recordings beside them.
    pub attached: u32,
    /// Those that were not: a part has not come or is damaged.
    pub missing: u32,
    /// Records left out because they are not finalised.
    pub open: u32,
    /// Records left out because a conflict in them is open.
    pub undecided: u32,
    /// Records left out because their form has not come.
    pub unreadable: u32,
    /// Records left out because consent does not cover them.
    pub withheld: u32,
    /// The same by what was not agreed to.
    pub left_out: Vec<LeftOut>,
    /// Records left out because they were made for practice before the project began.
    pub practice: u32,
}

/// What taking submissions in would do, or did.
#[derive(Clone, Default, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ImportView {
    /// Whether it was done; else it is a preview.
    pub done: bool,
    /// Submissions that become records.
    pub new: u32,
    /// Those whose record is here already.
    pub here: u32,
    /// Edited submissions that become, or became, further sittings of records that are here; 0 where they are refused.
    pub revisions: u32,
    /// Earlier revisions of submissions that are among them: only the last one becomes a record.
    pub earlier: u32,
    /// XML files that are no submissions: forms and lists.
    pub other: u32,
    /// Files of answers that were left out because they do not fit their questions.
    pub left_out: u32,
    /// By form and version, those that become records.
    pub forms: Vec<ImportForm>,
    /// What cannot be read, and why.
    pub unread: Vec<ImportUnread>,
}

/// Submissions of one version of a form.
#[derive(Clone, Default, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ImportForm {
    /// `form_id`.
    pub form: String,
    /// Title of the form.
    pub title: String,
    /// The version that they name, may be empty.
    pub version: String,
    /// The version that they are read under, where that is another one; else empty.
    pub read_as: String,
    /// How many.
    pub count: u32,
    /// Of them, how many have answers that do not fit the form.
    pub wrong: u32,
    /// Files that their answers name.
    pub files: u32,
    /// Of them, how many are not there.
    pub missing: u32,
}

/// Something that cannot be read.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ImportUnread {
    /// The file, below what was chosen.
    pub place: String,
    /// Why.
    pub refusal: Refusal,
}
