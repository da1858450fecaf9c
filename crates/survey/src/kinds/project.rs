use super::{Names, Purpose};
use crate::Private;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tianye_journal::RecordId;

/// Kind 1: the project itself. One record in each project.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Project {
    /// What the team calls it, in the languages it has: `浙江留守儿童 2017`.
    pub title: Names,
    /// Whether nothing real may be collected: every page and export then says so.
    pub practice: bool,
    /// Languages of the screens and forms, first the usual one (BCP 47: `zh`, `en`).
    pub languages: Vec<String>,
    /// Version of the information sheet that guardians are given, as printed on it.
    pub consent_document: Option<String>,
    /// The secret that study codes of de-identified exports are made with, sealed for the leads: hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub study: Option<String>,
    /// Nothing begins without consent in this project, although it is for practice.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub consent_gate: bool,
    /// The activity that the team is on: the record of its text for families. None: the only one that there is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activity: Option<RecordId>,
    /// The ethics decision by which an entrusted carer's word is enough. None: a legal guardian is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carer_consents: Option<Noted>,
    /// What the project asks for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub purposes: Vec<Purpose>,
    /// Until which day (`YYYY-MM-DD`) what was collected for a purpose is kept.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub retention: BTreeMap<Purpose, String>,
    /// The ethics committee's approval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ethics: Option<Noted>,
    /// The team was told the rules for passphrases.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passphrases: Option<Noted>,
    /// A store was opened once with the recovery phrase.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recovery_tried: Option<Noted>,
}

/// Something that was decided or done outside the program; who noted it, the entry says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Noted {
    /// Day, `YYYY-MM-DD`.
    pub on: String,
    /// Number of the decision, who decided, what was said.
    pub note: Private,
}

impl Noted {
    /// Whether it says when and what.
    pub fn is_whole(&self) -> bool {
        crate::is_day(&self.on) && !self.note.trim().is_empty()
    }
}
