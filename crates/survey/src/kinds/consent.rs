use super::words::words;
use crate::Private;
use serde::{Deserialize, Serialize};
use tianye_journal::RecordId;

words! {
    /// What was said.
    ConsentAct {
        /// Agreed to the purposes named.
        Given = "given",
        /// Refused.
        Refused = "refused",
        /// Taken back, wholly.
        Withdrawn = "withdrawn",
    }
}

words! {
    /// What the data may be used for. Each purpose is asked for on its own.
    Purpose {
        /// The questionnaire.
        Questionnaire = "questionnaire",
        /// An interview in free talk.
        Interview = "interview",
        /// A sound recording.
        Audio = "audio",
        /// A photograph.
        Photo = "photo",
        /// Talking with the teacher.
        Teacher = "teacher",
        /// A group session.
        Group = "group",
        /// An activity of the community.
        Activity = "activity",
        /// The visit six months later.
        FollowUp = "follow-up",
        /// Sharing with the school.
        SchoolSharing = "school-sharing",
        /// Keeping in an archive.
        Archiving = "archiving",
    }
}

words! {
    /// By what right someone speaks for a child.
    LegalStanding {
        /// Parent or other legal guardian.
        LegalGuardian = "legal-guardian",
        /// Carer to whom the parents entrusted the child: usually not the legal guardian.
        EntrustedCarer = "entrusted-carer",
        /// The respondent speaks for himself or herself.
        Own = "own",
        /// Not known.
        Unknown = "unknown",
    }
}

words! {
    /// How it was given.
    How {
        /// Signed on paper.
        Paper = "paper",
        /// By word, before a witness.
        Oral = "oral",
        /// A recorded call.
        RecordedCall = "recorded-call",
        /// A recorded video.
        Video = "video",
    }
}

/// Who consents for the respondent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guardian {
    /// Name.
    #[serde(default)]
    pub name: Private,
    /// Relation to the child, in words or as a choice of the form.
    #[serde(default)]
    pub relation: Private,
    /// By what right.
    pub standing: LegalStanding,
}

/// The child's own word. Its dissent prevails over any consent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assent {
    /// Whether the child agreed.
    pub given: bool,
    /// What the child said, if worth keeping.
    #[serde(default)]
    pub note: Option<Private>,
}

/// Kind 7: consent for one respondent, at the level of the practice project: what was said by whom, for what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// The respondent.
    pub subject: RecordId,
    /// What was said.
    pub act: ConsentAct,
    /// Who said it.
    #[serde(default)]
    pub by: Option<Guardian>,
    /// For what. Empty with `refused`: for everything.
    #[serde(default)]
    pub purposes: Vec<Purpose>,
    /// How.
    #[serde(default)]
    pub how: Option<How>,
    /// Day, `YYYY-MM-DD`.
    #[serde(default)]
    pub on: Option<String>,
    /// Version of the document that was read or signed.
    #[serde(default)]
    pub document: Option<String>,
    /// The child's own word; none: not asked yet.
    #[serde(default)]
    pub assent: Option<Assent>,
    /// A remark.
    #[serde(default)]
    pub note: Option<Private>,
}

impl Consent {
    /// What was said for a respondent; the rest is not known yet.
    pub fn new(subject: RecordId, act: ConsentAct) -> Self {
        Self {
            subject,
            act,
            by: None,
            purposes: Vec::new(),
            how: None,
            on: None,
            document: None,
            assent: None,
            note: None,
        }
    }
}
