//! The audit log of an interview: what happened while it was filled in, as ODK's form audit log tells it.
//!
//! Each event is a write of a field of its own, `audit/…`, that nobody else ever writes. So it is kept with the answer that
//! it tells of, sealed with its sitting, and merged as everything else is: by union.

use crate::fold::InterviewState;
use crate::{Answer, Field};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What the names of the fields of events begin with.
pub const AUDIT: &str = "audit/";

/// One event.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AuditEvent {
    /// What happened, in ODK's words: `question`, `form start`, …
    pub event: String,
    /// The node, as `/data/person[1]/age`; empty for what concerns the whole form.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub node: String,
    /// When it began, milliseconds since 1970 UTC by that laptop's clock.
    pub start: i64,
    /// When it ended; none for what takes no time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<i64>,
    /// The answer before, where changes are tracked and it changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old: Option<String>,
    /// The answer after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new: Option<String>,
    /// Why a finished interview was corrected, or why an answer stands that a soft check asked about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Who sat at the laptop, where the form asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
}

/// Says what happened, and never the answers.
impl fmt::Debug for AuditEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AuditEvent({})", self.event)
    }
}

impl AuditEvent {
    /// The field of an event: by its time, then by its number in the sitting, and told from those of others by `random`.
    #[must_use]
    pub fn field(&self, number: u32, random: u64) -> Field {
        Field::new(format!("{AUDIT}{:013}-{number:06}-{random:016x}", self.start))
    }

    /// The event as what is written in its field.
    #[must_use]
    pub fn answer(&self) -> Answer {
        Answer::of(&serde_json::to_string(self).unwrap_or_default())
    }
}

impl Field {
    /// Whether it is an event of the audit log.
    #[must_use]
    pub fn is_audit(&self) -> bool {
        self.as_str().starts_with(AUDIT)
    }
}

impl InterviewState {
    /// The events of all laptops, by their clocks.
    #[must_use]
    pub fn audit(&self) -> Vec<AuditEvent> {
        // The names of their fields are in that order.
        let events = self.fields.iter().filter(|(field, _)| field.is_audit());
        events.filter_map(|(_, state)| serde_json::from_str(state.settled()?.value()?).ok()).collect()
    }
}
