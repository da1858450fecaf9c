use super::words::words;
use crate::Private;
use serde::{Deserialize, Serialize};
use tianye_journal::{EntryHash, PersonId, Revocation, Trust, from_hex, to_hex};

words! {
    /// Why a laptop may no longer write.
    RevocationReason {
        /// The laptop was lost or stolen.
        Lost = "lost",
        /// The person left the team.
        Left = "left",
        /// The person has another laptop, or another role, and with it another certificate.
        Replaced = "replaced",
        /// Somebody else may have used it.
        Misused = "misused",
    }
}

/// Kind 12: a certificate is no longer good; or, later, more of what was written with it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revoked {
    /// The project's signed word ([`Revocation`]), in hexadecimal. Without it nothing is revoked.
    pub word: String,
    /// Who wrote with the certificate.
    pub person: PersonId,
    /// Why.
    pub why: RevocationReason,
    /// Why, in the words of who revoked it.
    #[serde(default)]
    pub note: Private,
    /// The key that the new address for readers stands for, sealed for those who may still read, at most 16 in one, in
    /// hexadecimal.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<String>,
    /// The revocations whose address for readers this one replaces: those that its author had seen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub over: Vec<EntryHash>,
}

impl Revoked {
    /// The content for a signed word.
    pub fn new(word: &Revocation, person: PersonId, why: RevocationReason, note: impl Into<Private>) -> Self {
        let word = to_hex(&word.to_bytes());
        Self { word, person, why, note: note.into(), keys: Vec::new(), over: Vec::new() }
    }

    /// The project's word, if it is one.
    pub fn word(&self, trust: &Trust) -> Option<Revocation> {
        let word = Revocation::from_bytes(&from_hex(&self.word)?).ok()?;
        word.verify(trust).is_ok().then_some(word)
    }
}

/// Kind 10: the keys of chains, handed to laptops. The keys themselves are in the entry's parcel, which the journal reads;
/// this says who they are for, so that nobody hands them out twice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Grant {
    /// Serials of the certificates of the laptops.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<u64>,
}
