//! Who may write what.
//!
//! A person's role comes from the certificate of the chain that the entry stands in, never from the entry. An entry
//! whose author had no right to it stays in its record's graph and is relayed, but has no effect, and is reported.
//!
//! | kind | lead | interviewer | analyst | safeguarding lead |
//! |---|---|---|---|---|
//! | project, form, site, decision, review, entities, link | any | – | – | – |
//! | person | any | own | own | own |
//! | respondent, consent | any | any | – | any |
//! | assignment | any | own | – | own |
//! | interview | any | any | – | own |
//! | grant | any | any | any | any |
//! | erasure | any | – | – | any |
//! | carried out | any | any | any | any |
//! | revocation | any | – | – | – |
//!
//! A person's own card is written by the opening entry of that person's chain; its role is the certificate's, whatever
//! the card says.
//!
//! *Own* is a record that the same person began. An interviewer may go on with, or correct, anybody's interview: two
//! laptops in one school do that every day, and nothing is overwritten by it.

use crate::kinds::Role;
use crate::{Opened, kind};
use serde::Serialize;
use std::collections::BTreeMap;
use tianye_journal::{ChainId, EntryHash, PersonId, RecordId};

/// How far a right goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Not at all.
    Nothing,
    /// In records that the person began.
    Own,
    /// In all records.
    Any,
}

/// How far a role may write a kind. Kinds and roles that this version does not know: not at all.
pub fn reach(role: &Role, kind: u16) -> Reach {
    use Reach::{Any, Nothing, Own};
    let (interviewer, analyst, safeguarding_lead) = match kind {
        kind::MEMBER => (Own, Own, Own),
        kind::SUBJECT | kind::CONSENT => (Any, Nothing, Any),
        kind::ASSIGNMENT => (Own, Nothing, Own),
        kind::INTERVIEW => (Any, Nothing, Own),
        kind::GRANT | kind::CARRIED_OUT => (Any, Any, Any),
        kind::ERASURE => (Nothing, Nothing, Any),
        _ => (Nothing, Nothing, Nothing),
    };
    match role {
        Role::Lead if (kind::PROJECT..=kind::LAST).contains(&kind) => Any,
        Role::Interviewer => interviewer,
        Role::Analyst => analyst,
        Role::SafeguardingLead => safeguarding_lead,
        Role::Lead | Role::Other(_) => Nothing,
    }
}

/// Whose chain it is, from its certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The person.
    pub person: PersonId,
    /// What the certificate allows.
    pub role: Role,
}

/// The certificates of a project: each chain's person and role.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Team(pub BTreeMap<ChainId, Standing>);

impl Team {
    /// Adds a chain.
    pub fn add(&mut self, chain: ChainId, person: PersonId, role: Role) {
        self.0.insert(chain, Standing { person, role });
    }

    /// Whether the author may write this entry. `own`: whether the author began the record.
    ///
    /// # Errors
    /// Why not.
    pub fn check(&self, entry: &Opened, own: bool) -> Result<(), NoRightReason> {
        let Some(standing) = self.0.get(&entry.chain) else {
            return Err(NoRightReason::UnknownChain);
        };
        if standing.person != entry.author {
            return Err(NoRightReason::OtherAuthor);
        }
        match reach(&standing.role, entry.kind) {
            Reach::Any => Ok(()),
            Reach::Own if own => Ok(()),
            Reach::Own => Err(NoRightReason::NotOwn),
            Reach::Nothing => Err(NoRightReason::Role),
        }
    }
}

/// Why an entry has no effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoRightReason {
    /// No certificate of this chain is known here.
    UnknownChain,
    /// The body names another author than the chain's certificate.
    OtherAuthor,
    /// The role may not write this kind.
    Role,
    /// The role may write this kind only in records that the person began.
    NotOwn,
}

impl NoRightReason {
    /// Key of the message in the catalogue.
    pub fn code(self) -> &'static str {
        match self {
            Self::UnknownChain => "no-right-unknown-chain",
            Self::OtherAuthor => "no-right-other-author",
            Self::Role => "no-right-role",
            Self::NotOwn => "no-right-not-own",
        }
    }
}

/// An entry without effect, for the report to people.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NoRight {
    /// The entry.
    pub entry: EntryHash,
    /// Its chain.
    pub chain: ChainId,
    /// Whom the body names.
    pub author: PersonId,
    /// Number of its kind.
    pub kind: u16,
    /// Its record.
    pub record: RecordId,
    /// Why.
    pub reason: NoRightReason,
}
