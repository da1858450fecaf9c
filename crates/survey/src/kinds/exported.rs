use super::Purpose;
use crate::ExportFor;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Kind 21: that tables were written in plain text, by the author of the entry. Its record is the export's id.
///
/// What it says is sealed for the leads' shared key and for nobody else who reads the chain: the reason may name a child.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exported {
    /// A sealed [`ExportNote`] as JSON, in hex.
    #[serde(default)]
    pub sealed: String,
}

/// What is said of an export.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportNote {
    /// When, by that laptop's clock: ISO 8601.
    pub at: String,
    /// `form_id`, or `entities/LIST`.
    pub form: String,
    /// Whether it holds what tells who somebody is.
    pub identified: bool,
    /// Why, with identifiers.
    #[serde(default)]
    pub reason: String,
    /// How many interviews are in it.
    pub interviews: u32,
    /// What it is for.
    #[serde(default, skip_serializing_if = "ExportFor::is_analysis")]
    pub purpose: ExportFor,
    /// How many interviews are not in it, by the purpose that was not agreed to.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub left_out: BTreeMap<Purpose, u32>,
}

impl ExportNote {
    /// Longest note as JSON, in bytes.
    pub const LONGEST: usize = 16 << 10;
}

impl std::fmt::Debug for ExportNote {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ExportNote({})", self.form)
    }
}
