//! Start cards: what the unlock screen may show before anyone has unlocked.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::{Error, Op, Result, files};

/// Name of the file in a store's folder.
pub(crate) const FILE: &str = "card.json";
const LIMIT: u64 = 16 * 1024;

/// The plain card beside a store. It names the interviewer and the project, and nothing of any respondent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartCard {
    /// The interviewer's name as shown.
    pub interviewer: String,
    /// The project's title as shown.
    pub project: String,
    /// The interviewer's group in the team, may be empty.
    #[serde(default)]
    pub group: String,
    /// What the laptop is called, may be empty.
    #[serde(default)]
    pub device: String,
    /// The interviewer's role as a code (`interviewer`, `lead`, …).
    #[serde(default)]
    pub role: String,
    /// Whether this is a practice project.
    #[serde(default)]
    pub practice: bool,
    /// When the store was last unlocked: milliseconds since 1970 UTC by the laptop's clock, untrusted.
    #[serde(default)]
    pub last_opened_ms: Option<i64>,
}

impl StartCard {
    /// Reads the card in a store's folder. A missing or damaged card is an empty card: it must not bar the store.
    pub(crate) fn read_or_empty(dir: &Path) -> Self {
        let bytes = files::read_limited(&dir.join(FILE), LIMIT).unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    /// Writes the card, whole or not at all.
    pub(crate) fn write(&self, dir: &Path) -> Result<()> {
        let mut json = serde_json::to_vec_pretty(self)
            .map_err(|error| Error::Invalid { what: "start card", why: error.to_string() })?;
        json.push(b'\n');
        if json.len() as u64 > LIMIT {
            return Err(Error::TooLarge { what: "start card", found: json.len() as u64, limit: LIMIT });
        }
        files::write_whole(&dir.join(FILE), &json).map_err(|error| Error::io(Op::Keys, &error))
    }
}
