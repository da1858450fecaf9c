use super::Attachment;
use super::words::words;
use crate::{At, Field, Private};
use serde::{Deserialize, Serialize};
use tianye_journal::RecordId;

words! {
    /// Whether the child is safe now, as the interviewer heard it.
    Safety {
        /// Safe.
        Safe = "safe",
        /// Not safe.
        Unsafe = "unsafe",
        /// Nobody knows.
        Unsure = "unsure",
    }
}

words! {
    /// What came of a call.
    CallOutcome {
        /// They know now.
        Told = "told",
        /// Nobody answered.
        NoAnswer = "no-answer",
        /// Somebody will call back.
        CallBack = "call-back",
    }
}

words! {
    /// Who took over.
    HandedTo {
        /// The police.
        Police = "police",
        /// Civil affairs.
        CivilAffairs = "civil-affairs",
        /// Somebody else, named in the note.
        Elsewhere = "elsewhere",
    }
}

/// Kind 17: what one laptop says to the safeguarding holders at one sync. It stands in a restricted chain and counts nowhere
/// else. Most are empty: one is written at each sync, and all are equally long.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Packet {
    /// What is said of reports.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<ReportPart>,
    /// Pieces of parts that are too long for one packet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pieces: Vec<ReportPiece>,
}

/// One thing that somebody says of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportPart {
    /// Its own id: what comes twice counts once.
    pub id: RecordId,
    /// The report.
    pub report: RecordId,
    /// When, by that laptop's clock.
    pub at: At,
    /// What.
    pub act: ReportAct,
}

/// What is said of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum ReportAct {
    /// The report itself.
    Begun(Box<Disclosure>),
    /// More of it, later.
    Added {
        /// In words.
        words: Private,
    },
    /// Somebody was called.
    Called(Box<Call>),
    /// Somebody outside the project has it now.
    HandedOver {
        /// Who.
        to: HandedTo,
        /// Who exactly, and what they said.
        note: Private,
    },
    /// An answer of an interview that turned out to be a disclosure; there it was erased.
    Moved(Box<MovedAnswer>),
    /// Sound that was recorded for the report, after the child had been asked.
    Recorded(Box<RecordedSound>),
    /// A holder is about to take a copy of a file out of Tianye.
    CopySaved(Box<SavedCopy>),
    /// Something that a later version says: kept, and shown as such.
    #[serde(other)]
    Unknown,
}

/// What a child told, and what was seen. Words, no judgement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disclosure {
    /// The child's own words.
    #[serde(default)]
    pub words: Private,
    /// When it was said.
    #[serde(default)]
    pub when: Private,
    /// Where.
    #[serde(default)]
    pub place: Private,
    /// Who was present.
    #[serde(default)]
    pub present: Private,
    /// What was seen.
    #[serde(default)]
    pub seen: Private,
    /// Whether the child is safe now; none: not said yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub safety: Option<Safety>,
    /// Of whom and of which interview, in words: holders cannot read either.
    #[serde(default)]
    pub about: Private,
    /// It was written while the project was one for practice.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub practice: bool,
    /// The interview that it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interview: Option<RecordId>,
    /// The respondent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<RecordId>,
    /// The site, for the contact card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<RecordId>,
}

/// A call about a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// Who was called.
    pub whom: Private,
    /// The number.
    #[serde(default)]
    pub number: Private,
    /// What was said.
    #[serde(default)]
    pub said: Private,
    /// What came of it.
    pub outcome: CallOutcome,
}

/// An answer, with its file, as it stood in an interview.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovedAnswer {
    /// The field.
    pub field: Field,
    /// The question in words.
    #[serde(default)]
    pub question: Private,
    /// The answer in words.
    #[serde(default)]
    pub answer: Private,
    /// The interviewer's remark on it.
    #[serde(default)]
    pub note: Private,
    /// The file that it named, sealed anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<Attachment>,
}

/// Sound of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedSound {
    /// The file.
    pub file: Attachment,
}

/// A copy of a file of a report, in plain, outside Tianye. Said before it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedCopy {
    /// Name of the file, as it stands in the report.
    pub file: String,
    /// What for.
    #[serde(default)]
    pub reason: Private,
}

/// A piece of the JSON of a part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportPiece {
    /// The part.
    pub id: RecordId,
    /// Which piece, from 0.
    pub at: u32,
    /// Of how many.
    pub of: u32,
    /// The text.
    pub text: Private,
}
