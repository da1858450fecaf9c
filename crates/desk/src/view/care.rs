//! The sheet for what a child tells of harm, the contact cards, and the reports.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{EraseAnswer, FileCard, quiet};

quiet!(
    CareView,
    ContactView,
    ContactCardView,
    ContactsInput,
    ReportView,
    ReportLineView,
    LineAct,
    ReportInput,
    CallInput,
    AddInput,
    HandOverInput,
    MoveInput,
    CopyInput,
);

/// The sheet.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CareView {
    /// Id of the open interview; empty without one.
    pub interview: String,
    /// Of whom and of which interview, in words.
    pub about: String,
    /// Id of the respondent; empty if none is known.
    pub subject: String,
    /// Id of the site; empty if none is known.
    pub site: String,
    /// Its name.
    pub place: String,
    /// Whom to call here, in this order.
    pub contacts: Vec<ContactView>,
    /// Whether this person reads the reports of others.
    pub holder: bool,
    /// Who reads reports, by name, as far as this laptop has heard; without anybody nothing can be sent.
    pub holders: Vec<String>,
    /// Whether this person prepares contact cards.
    pub may_prepare: bool,
    /// What was answered in the open interview, and could be moved into a report.
    pub answers: Vec<EraseAnswer>,
    /// Reports that this person wrote, those of which nobody has been told first.
    pub reports: Vec<ReportView>,
}

/// Somebody to call.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ContactView {
    /// `holder`, `police`, `youth-line`, `citizen-line`, `civil-affairs`, `children-director`, `children-supervisor`,
    /// `hospital` or `school`.
    pub role: String,
    /// Name; may be empty.
    pub name: String,
    /// Number.
    pub number: String,
    /// When somebody answers; may be empty.
    pub hours: String,
    /// What to know before calling; may be empty.
    pub note: String,
}

/// The contact card of a place.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ContactCardView {
    /// Id of the site; empty: everywhere.
    pub site: String,
    /// Its name; empty: everywhere.
    pub place: String,
    /// Whom to call.
    pub people: Vec<ContactView>,
}

/// What stands on a contact card from now on.
#[derive(Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ContactsInput {
    /// Id of the site; empty: everywhere.
    pub site: String,
    /// Whom to call, in this order.
    pub people: Vec<ContactView>,
}

/// A report.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReportView {
    /// Id.
    pub id: String,
    /// Who wrote it.
    pub by: String,
    /// Whether that is the person at the desk.
    pub own: bool,
    /// When, by that laptop's clock.
    pub at: String,
    /// Of whom and of which interview.
    pub about: String,
    /// The child's own words.
    pub words: String,
    /// When it was said.
    pub when: String,
    /// Where.
    pub place: String,
    /// Who was present.
    pub present: String,
    /// What was seen.
    pub seen: String,
    /// `safe`, `unsafe`, `unsure`, or empty.
    pub safety: String,
    /// Whether a call came through, or somebody outside took over.
    pub told: bool,
    /// It was written while the project was one for practice.
    pub practice: bool,
    /// Whether somebody outside took over.
    pub handed_over: bool,
    /// Whether something of it waits for the next sync.
    pub waiting: bool,
    /// What was done and said since.
    pub timeline: Vec<ReportLineView>,
    /// Whom to call.
    pub contacts: Vec<ContactView>,
}

/// A line of a report.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReportLineView {
    /// Id.
    pub id: String,
    /// Who wrote it.
    pub by: String,
    /// Whether that is the person at the desk.
    pub own: bool,
    /// When, by that laptop's clock.
    pub at: String,
    /// Whether that laptop was revoked since.
    pub revoked: bool,
    /// What.
    pub act: LineAct,
}

/// What a line says.
#[derive(Clone, Serialize, Type)]
#[serde(tag = "is", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum LineAct {
    /// More words.
    Added {
        /// The words.
        words: String,
    },
    /// A call.
    Called {
        /// Who was called.
        whom: String,
        /// The number.
        number: String,
        /// What was said.
        said: String,
        /// `told`, `no-answer` or `call-back`.
        outcome: String,
    },
    /// Somebody outside has it now.
    HandedOver {
        /// `police`, `civil-affairs` or `elsewhere`.
        to: String,
        /// Who exactly.
        note: String,
    },
    /// An answer that was moved here.
    Moved {
        /// The question.
        question: String,
        /// The answer.
        answer: String,
        /// The remark on it.
        note: String,
        /// The file; none without one.
        file: Option<FileCard>,
    },
    /// Sound that was recorded for the report.
    Recorded {
        /// The file.
        file: FileCard,
    },
    /// A copy of a file was taken out of Tianye.
    CopySaved {
        /// What for.
        reason: String,
    },
    /// Something that a later version says.
    Unknown,
}

/// A report to be written.
#[derive(Clone, Default, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReportInput {
    /// The child's own words.
    pub words: String,
    /// When it was said.
    pub when: String,
    /// Where.
    pub place: String,
    /// Who was present.
    pub present: String,
    /// What was seen.
    pub seen: String,
    /// `safe`, `unsafe`, `unsure`, or empty.
    pub safety: String,
    /// Id of the interview; may be empty.
    pub interview: String,
    /// Id of the respondent, where there is no interview; may be empty.
    pub subject: String,
    /// Id of the site; may be empty.
    pub site: String,
}

/// A call to be recorded.
#[derive(Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CallInput {
    /// The report.
    pub report: String,
    /// Who was called.
    pub whom: String,
    /// The number; may be empty.
    pub number: String,
    /// What was said.
    pub said: String,
    /// `told`, `no-answer` or `call-back`.
    pub outcome: String,
}

/// Words to add to a report.
#[derive(Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AddInput {
    /// The report.
    pub report: String,
    /// The words.
    pub words: String,
}

/// Somebody outside has a report now.
#[derive(Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HandOverInput {
    /// The report.
    pub report: String,
    /// `police`, `civil-affairs` or `elsewhere`.
    pub to: String,
    /// Who exactly, and what they said.
    pub note: String,
}

/// Answers to be moved into a report.
#[derive(Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MoveInput {
    /// The report.
    pub report: String,
    /// The interview.
    pub record: String,
    /// Its fields.
    pub fields: Vec<String>,
}

/// A copy of a report's file, outside Tianye.
#[derive(Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CopyInput {
    /// The report.
    pub report: String,
    /// Name of the file.
    pub name: String,
    /// What for.
    pub reason: String,
}
