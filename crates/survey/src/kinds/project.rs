use super::Names;
use serde::{Deserialize, Serialize};

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
}
