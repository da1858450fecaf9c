use super::words::words;
use super::{Attachment, EntityAct, FormHash};
use crate::{Answer, At, Field, Private};
use serde::{Deserialize, Serialize};
use tianye_journal::{EntryHash, PersonId, RecordId};

words! {
    /// Where an interview was left at the end of a sitting.
    Stage {
        /// Being filled; a sitting that just goes on.
        Draft = "draft",
        /// Stopped on purpose, to be gone on with.
        Paused = "paused",
        /// Given to another person of the team.
        HandedOver = "handed-over",
        /// Complete in the interviewer's eyes.
        Finalised = "finalised",
        /// Opened again after it was complete.
        Reopened = "reopened",
        /// The respondent stopped, and said that the answers so far may be kept. No reason is asked or kept.
        Stopped = "stopped",
        /// The respondent stopped, and said that nothing is to be kept. Answers that are still here go.
        StoppedNotKept = "stopped-not-kept",
    }
}

/// The interviewer looked again at an answer that the form's soft check asks about, and it stands. Who and when, the entry
/// says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Confirmation {
    /// The answer that it was given for. It says nothing of any other: it lapses when the answer changes.
    pub of: Answer,
    /// Why it stands; never empty.
    pub reason: Private,
}

/// A question was left sooner than the form asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Haste {
    /// Seconds that passed.
    pub seconds: u32,
    /// Seconds that the form asks for.
    pub wanted: u32,
}

/// One written field. Calculated nodes are never written: they are computed again from the answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The field; for a repeat row's presence the row itself.
    pub field: Field,
    /// What it was given; for a row its decimal order key, blank when removed.
    #[serde(default)]
    pub answer: Answer,
    /// The file that the answer names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<Attachment>,
    /// The interviewer's remark on this answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Private>,
    /// The soft check was confirmed for this answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<Confirmation>,
    /// It was given faster than the form asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub haste: Option<Haste>,
    /// The program filled it in (a default, a metadata question) and nobody answered it. Such a write yields to an answer
    /// and never makes a conflict.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub auto: bool,
    /// The entries whose writes of this field it replaces: what was on the screen before. Keeps the order of writes
    /// even where an entry between them is erased or has not come yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub over: Vec<EntryHash>,
}

impl Change {
    /// An answer to a field, without remarks.
    pub fn new(field: impl Into<Field>, answer: Answer) -> Self {
        let (file, note, confirmed, haste) = (None, None, None, None);
        Self { field: field.into(), answer, file, note, confirmed, haste, auto: false, over: Vec::new() }
    }

    /// The file, if it is the one that the answer beside it names.
    pub fn attachment(&self) -> Option<&Attachment> {
        self.file.as_ref().filter(|file| self.answer.value() == Some(&file.name))
    }
}

/// When a sitting took place, by the laptop's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sitting {
    /// First page shown.
    pub started: At,
    /// Left.
    pub ended: At,
}

/// Where answers come from that nobody gave in this program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The file, as the person who took it in knows it.
    pub file: Private,
    /// The `instanceID` that the submission had.
    pub instance: String,
}

/// Kind 8: one sitting with an interview: what was changed in it, and nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interview {
    /// Version of the form it was filled under.
    pub form: FormHash,
    /// The respondent, in the entry that first says so or changes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<RecordId>,
    /// Where, in the entry that first says so or changes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<RecordId>,
    /// Who took part beside the respondent. Of one with a group: who its members were at this sitting; a card may have others
    /// later. Of one about a child that somebody else answers: who answered, in the entry that begins it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub with: Vec<RecordId>,
    /// The assignment it fulfils, in the entry that first says so or changes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignment: Option<RecordId>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sitting: Option<Sitting>,
    /// Fields written in this sitting, each at most once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// Entries that others name and that were not on this laptop when this was written. Its answers say nothing about
    /// theirs, though they stand in its past.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unseen: Vec<EntryHash>,
    /// What it makes of entities, in a sitting that finalises it; none: as it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entities: Option<Vec<EntityAct>>,
    /// The erasures in the record that were on this laptop when it made something of entities. What was made without
    /// knowing of one may repeat what was erased, and does not count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub erased: Vec<EntryHash>,
    /// Where it was left; none: as it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    /// To whom it was handed over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hand_over_to: Option<PersonId>,
    /// Language on the screen at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Version of the program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app: Option<String>,
    /// The submission of another program that its answers were taken from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// In the first entry of what was begun while the project's card called it a practice project
    /// ([`crate::ProjectState::is_called_practice`]): it stays practice.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub practice: bool,
}

impl Interview {
    /// A sitting under a form with nothing in it yet.
    pub fn under(form: FormHash) -> Self {
        Self {
            form,
            subject: None,
            site: None,
            with: Vec::new(),
            assignment: None,
            sitting: None,
            changes: Vec::new(),
            unseen: Vec::new(),
            entities: None,
            erased: Vec::new(),
            stage: None,
            hand_over_to: None,
            language: None,
            app: None,
            source: None,
            practice: false,
        }
    }
}
