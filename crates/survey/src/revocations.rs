//! Revocation: which certificates are no longer good, how far what was written with them holds, and for which address
//! chains are sealed since.
//!
//! It is a union, signed by the project: whatever one revocation of a certificate accepts holds. So two who revoke each
//! other both lose, and neither order nor a clock decides.

use crate::kinds::RevocationReason;
use crate::{At, Content, Opened, Private};
use std::collections::{BTreeMap, BTreeSet};
use tianye_journal::{EntryHash, PersonId, Place, Recipient, Trust};

/// The certificates that were revoked, by serial, and the addresses for readers that came with that.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Revocations {
    /// By serial of the certificate.
    pub certificates: BTreeMap<u64, RevokedCertificate>,
    /// Addresses that take the place of the leads' first one; those that nobody replaced yet. Several when two who keep
    /// the project revoked readers without knowing of each other: chains are then sealed for all of them.
    pub readers: BTreeSet<Recipient>,
    /// The entries that brought [`Self::readers`].
    pub readers_from: BTreeSet<EntryHash>,
    /// All addresses that revocations ever brought.
    pub named: BTreeSet<Recipient>,
    /// Sealed keys for readers, by the entries that hold them.
    pub keys: BTreeMap<EntryHash, Vec<String>>,
}

/// A certificate that is no longer good.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RevokedCertificate {
    /// The last entries that hold.
    pub accepted: BTreeSet<Place>,
    /// Each time that it was revoked, or more of it accepted.
    pub words: BTreeMap<EntryHash, RevokedBy>,
}

/// One revocation, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevokedBy {
    /// Whose certificate it is.
    pub person: PersonId,
    /// Who revoked it.
    pub author: PersonId,
    /// When, by that laptop's clock.
    pub at: At,
    /// Why.
    pub why: RevocationReason,
    /// Why, in words.
    pub note: Private,
}

/// Folds the revocations among entries, of whatever record, in any order, with repetitions. What the project did not sign
/// is passed over.
pub fn revocations<'a>(entries: impl IntoIterator<Item = &'a Opened>, trust: &Trust) -> Revocations {
    let mut state = Revocations::default();
    let mut brought: BTreeMap<EntryHash, Recipient> = BTreeMap::new();
    let mut replaced: BTreeSet<EntryHash> = BTreeSet::new();
    for entry in entries {
        let Content::Revocation(revoked) = &entry.content else { continue };
        let Some(word) = revoked.word(trust) else { continue };
        let certificate = state.certificates.entry(word.serial).or_default();
        certificate.accepted.extend(word.accepted.iter().copied());
        let (person, why, note) = (revoked.person, revoked.why.clone(), revoked.note.clone());
        certificate.words.insert(entry.hash, RevokedBy { person, author: entry.author, at: entry.at, why, note });
        if let Some(readers) = word.readers {
            brought.insert(entry.hash, readers);
            replaced.extend(revoked.over.iter().copied());
            state.keys.insert(entry.hash, revoked.keys.clone());
        }
    }
    state.named = brought.values().copied().collect();
    brought.retain(|entry, _| !replaced.contains(entry));
    state.readers = brought.values().copied().collect();
    state.readers_from = brought.into_keys().collect();
    state
}
