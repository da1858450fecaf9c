use super::Attachment;
use super::words::words;
use crate::Private;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
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
        /// Asked; there is no answer yet.
        NotYet = "not-yet",
    }
}

words! {
    /// What one person said to one purpose.
    Word {
        /// Asked; there is no answer yet.
        NotYet = "not-yet",
        /// Agreed.
        Given = "given",
        /// Refused.
        Refused = "refused",
        /// Agreed once, and took it back.
        Withdrawn = "withdrawn",
    }
}

words! {
    /// What shows that it was said.
    EvidenceKind {
        /// A signature drawn on the screen.
        Signature = "signature",
        /// A photograph of the signed paper.
        Paper = "paper",
        /// A recording of the words.
        Recording = "recording",
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
        /// A school or its teacher: lets the team in, and cannot consent for anybody.
        School = "school",
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

/// A file that shows what was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// What it is.
    pub kind: EvidenceKind,
    /// The file; its chunks are sealed and dropped like those of an answer.
    pub file: Attachment,
}

/// Kind 7: what one person said for one respondent, purpose by purpose. A guardian's word and the child's own are two
/// cards; a card is written again when the same person says something else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// The respondent.
    pub subject: RecordId,
    /// What was said, taken together. `withdrawn` is about everything, whatever else stands here.
    pub act: ConsentAct,
    /// Who said it.
    #[serde(default)]
    pub by: Option<Guardian>,
    /// For what. Empty with `refused` and `not-yet`: for everything.
    #[serde(default)]
    pub purposes: Vec<Purpose>,
    /// What was said to each purpose. Where it is not empty it holds, and `purposes` only repeats what was agreed to.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub words: BTreeMap<Purpose, Word>,
    /// How.
    #[serde(default)]
    pub how: Option<How>,
    /// Day, `YYYY-MM-DD`.
    #[serde(default)]
    pub on: Option<String>,
    /// Version of the text that was read out or signed: the hash of a [`super::ConsentText`], or what is printed on a sheet.
    #[serde(default)]
    pub document: Option<String>,
    /// The child's own word on a guardian's card, to all of it; none: not asked yet, or on a card of its own.
    #[serde(default)]
    pub assent: Option<Assent>,
    /// What shows it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// Who was there and heard it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub witness: Option<Private>,
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
            words: BTreeMap::new(),
            how: None,
            on: None,
            document: None,
            assent: None,
            evidence: Vec::new(),
            witness: None,
            note: None,
        }
    }

    /// The same card with these words. Readers that know only one word a card read the most cautious.
    #[must_use]
    pub fn saying(self, words: BTreeMap<Purpose, Word>) -> Self {
        let any = |said: Word| words.values().any(|word| *word == said);
        let of = |said: Word| words.iter().filter(move |(_, word)| **word == said).map(|(purpose, _)| purpose.clone());
        let (act, purposes) = if any(Word::Given) {
            (ConsentAct::Given, of(Word::Given).collect())
        } else if any(Word::Refused) || any(Word::Withdrawn) {
            (ConsentAct::Refused, of(Word::Refused).chain(of(Word::Withdrawn)).collect())
        } else {
            (ConsentAct::NotYet, of(Word::NotYet).collect())
        };
        Self { act, purposes, words, ..self }
    }
}
