//! Whether a respondent may be asked.
//!
//! Consent is renewed on its card; so several cards of one respondent do not replace each other, and the most cautious
//! word holds: a refusal or a withdrawal anywhere stops everything it is about, and the child's own no prevails. What is
//! said of one card holds for all cards that are linked with it.

use crate::kinds::{Consent, ConsentAct, Purpose};
use crate::project::ProjectState;
use serde::Serialize;
use tianye_journal::RecordId;

/// What the consents of a respondent come to, for one purpose; the most cautious first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConsentStanding {
    /// Taken back.
    Withdrawn,
    /// The guardian refused.
    Refused,
    /// The child said no.
    ChildRefused,
    /// Two laptops say different things: a person must decide.
    Unclear,
    /// Nothing is recorded.
    Missing,
    /// There is consent, but not for this purpose.
    OtherPurpose,
    /// The guardian consents; the child was not asked yet.
    ChildNotAsked,
    /// Complete.
    Complete,
}

impl ConsentStanding {
    /// Key of the message in the catalogue.
    pub fn code(self) -> &'static str {
        match self {
            Self::Withdrawn => "consent-withdrawn",
            Self::Refused => "consent-refused",
            Self::ChildRefused => "consent-child-refused",
            Self::Unclear => "consent-unclear",
            Self::Missing => "consent-missing",
            Self::OtherPurpose => "consent-other-purpose",
            Self::ChildNotAsked => "consent-child-not-asked",
            Self::Complete => "consent-complete",
        }
    }

    /// Whether somebody said no.
    pub fn is_no(self) -> bool {
        self <= Self::ChildRefused
    }
}

impl ProjectState {
    /// What the consents of a respondent come to, for one purpose.
    pub fn consent(&self, subject: &RecordId, purpose: &Purpose) -> ConsentStanding {
        let meant = self.identities().all_of(subject);
        let standings = self.consents.values().filter_map(|state| {
            let card = state.card.as_ref().filter(|card| meant.contains(&card.subject))?;
            let disputed = |key: &str| state.conflicts.iter().any(|conflict| conflict.field.as_str() == key);
            let own = if ["subject", "act", "purposes", "assent"].into_iter().any(disputed) {
                ConsentStanding::Unclear
            } else {
                of_card(card, purpose)
            };
            Some(own)
        });
        let standings: Vec<ConsentStanding> = standings.collect();
        let stops = standings.iter().filter(|s| **s <= ConsentStanding::Unclear).min();
        stops.or_else(|| standings.iter().max()).copied().unwrap_or(ConsentStanding::Missing)
    }
}

fn of_card(card: &Consent, purpose: &Purpose) -> ConsentStanding {
    let about_this = card.purposes.contains(purpose);
    match card.act {
        ConsentAct::Withdrawn => ConsentStanding::Withdrawn,
        ConsentAct::Refused if about_this || card.purposes.is_empty() => ConsentStanding::Refused,
        ConsentAct::Given if card.assent.as_ref().is_some_and(|assent| !assent.given) => ConsentStanding::ChildRefused,
        ConsentAct::Given if !about_this => ConsentStanding::OtherPurpose,
        ConsentAct::Given if card.assent.is_none() => ConsentStanding::ChildNotAsked,
        ConsentAct::Given => ConsentStanding::Complete,
        ConsentAct::Refused => ConsentStanding::OtherPurpose,
        ConsentAct::Other(_) => ConsentStanding::Unclear,
    }
}
