//! Who may write what.
//!
//! A person's role comes from the certificate of the chain that the entry stands in, never from the entry. An entry
//! whose author had no right to it stays in its record's graph and is relayed, but has no effect, and is reported.
//!
//! | kind | administrator | lead | interviewer | analyst | safeguarding lead |
//! |---|---|---|---|---|---|
//! | project, form, consent text | any | any | – | – | – |
//! | site | any | any | own | – | own |
//! | decision, review, entities, link | – | any | – | – | – |
//! | person | any | any | own | own | own |
//! | respondent, consent, tie | any | any | any | – | any |
//! | assignment | any | any | own | – | own |
//! | interview | – | any | any | – | own |
//! | erasure | any | any | own | – | any |
//! | contacts | any | any | – | – | – |
//! | exported | own | own | – | own | – |
//! | beginnings | own | own | own | – | own |
//! | report | own | own | own | own | any |
//! | grant, carried out | any | any | any | any | any |
//! | revocation | any | any | any | any | any |
//!
//! A person's own card is written by the opening entry of that person's chain; its role is the certificate's, whatever
//! the card says.
//!
//! *Own* is a record that the same person began. An interviewer may go on with, or correct, anybody's interview: two
//! laptops in one school do that every day, and nothing is overwritten by it.
//!
//! An erasure is *own* if the person wrote every entry that it names: so a child who stops can have the answers dropped at
//! once, by whoever wrote them down. Of an erasure among these all that it named goes along, or it stands.
//!
//! A revocation is the project's own signed word: anybody may carry it, and the one who does not keep the project's key
//! cannot make one.
//!
//! A report stands in a restricted chain, and its right goes by who began the report ([`crate::reports`]).
//!
//! # Who reads what
//!
//! A chain is read as a whole by those to whom its key was given ([`reads`]): everybody reads what administrators and leads
//! write, leads and analysts read what everybody writes, and each reads their own. Handing an interview over gives one
//! person the chains that it stands in. What members must know of each other before they begin they write in a chain of their own
//! that the whole team reads ([`is_for_team`]): whom and which places they added and how people are tied, what families said, that they take an
//! assignment over, and what they have begun with whom. Restricted chains are read by the safeguarding leads ([`reads_restricted`]) and by
//! their own writer, and by nobody else, whatever the role.

use crate::kinds::Role;
use crate::{Opened, kind};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
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
    // Administrator, lead, interviewer, analyst, safeguarding lead.
    let row = match kind {
        kind::PROJECT | kind::FORM | kind::CONSENT_TEXT => [Any, Any, Nothing, Nothing, Nothing],
        kind::SITE => [Any, Any, Own, Nothing, Own],
        kind::DECISION | kind::REVIEW | kind::ENTITIES | kind::LINK => [Nothing, Any, Nothing, Nothing, Nothing],
        kind::MEMBER => [Any, Any, Own, Own, Own],
        kind::SUBJECT | kind::CONSENT | kind::TIE => [Any, Any, Any, Nothing, Any],
        kind::ASSIGNMENT => [Any, Any, Own, Nothing, Own],
        kind::INTERVIEW => [Nothing, Any, Any, Nothing, Own],
        kind::ERASURE => [Any, Any, Own, Nothing, Any],
        kind::CONTACTS => [Any, Any, Nothing, Nothing, Nothing],
        kind::EXPORTED => [Own, Own, Nothing, Own, Nothing],
        kind::BEGINNINGS => [Own, Own, Own, Nothing, Own],
        kind::REPORT => [Own, Own, Own, Own, Any],
        kind::GRANT | kind::CARRIED_OUT | kind::REVOCATION => [Any; 5],
        _ => [Nothing; 5],
    };
    let [administrator, lead, interviewer, analyst, safeguarding_lead] = row;
    match role {
        Role::Administrator => administrator,
        Role::Lead => lead,
        Role::Interviewer => interviewer,
        Role::Analyst => analyst,
        Role::SafeguardingLead => safeguarding_lead,
        Role::Other(_) => Nothing,
    }
}

/// Whether a person of one role reads the chains of persons of another; their own everybody reads.
pub fn reads(reader: &Role, writer: &Role) -> bool {
    is_read_by_all(writer) || matches!(reader, Role::Lead | Role::Analyst)
}

/// Whether a person of a role reads the restricted chains of others.
pub fn reads_restricted(reader: &Role) -> bool {
    matches!(reader, Role::SafeguardingLead)
}

/// What a role may write into files that are not encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Export {
    /// Nothing.
    Nothing,
    /// What of it tells of nobody who it is.
    Deidentified,
    /// That, and with a reason that is kept, what tells who somebody is.
    Identified,
}

/// What a role may export. An administrator keeps keys, team and project, which needs no answers.
pub fn exports(role: &Role) -> Export {
    match role {
        Role::Lead => Export::Identified,
        Role::Analyst => Export::Deidentified,
        Role::Administrator | Role::Interviewer | Role::SafeguardingLead | Role::Other(_) => Export::Nothing,
    }
}

/// Whether what a role writes is for everybody in the project.
pub fn is_read_by_all(writer: &Role) -> bool {
    matches!(writer, Role::Lead | Role::Administrator)
}

/// Whether a person of a role writes a chain that the whole team reads beside the ordinary one, which only leads and analysts read.
pub fn writes_team_chain(writer: &Role) -> bool {
    reach(writer, kind::CONSENT) == Reach::Any && !is_read_by_all(writer)
}

/// Whether a kind is for the whole team, whoever writes it: what members must know of each other before they begin. None of them
/// holds an answer.
pub fn is_for_team(kind: u16) -> bool {
    matches!(kind, kind::SITE | kind::SUBJECT | kind::TIE | kind::CONSENT | kind::ASSIGNMENT | kind::BEGINNINGS)
}

/// Whose chain it is, from its certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The person.
    pub person: PersonId,
    /// What the certificate allows.
    pub role: Role,
    /// Of a chain whose certificate was revoked, the entries that hold; none: all.
    pub accepted: Option<BTreeSet<EntryHash>>,
}

/// The certificates of a project: each chain's person and role.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Team(pub BTreeMap<ChainId, Standing>);

impl Team {
    /// Adds a chain.
    pub fn add(&mut self, chain: ChainId, person: PersonId, role: Role) {
        self.0.insert(chain, Standing { person, role, accepted: None });
    }

    /// Says which entries of a chain hold, whose certificate was revoked. Whether that is news.
    pub fn revoke(&mut self, chain: ChainId, accepted: BTreeSet<EntryHash>) -> bool {
        let Some(standing) = self.0.get_mut(&chain) else { return false };
        let news = standing.accepted.as_ref() != Some(&accepted);
        standing.accepted = Some(accepted);
        news
    }

    /// Whether the author may write this entry. `own`: whether the author began the record.
    ///
    /// # Errors
    /// Why not.
    pub fn check(&self, entry: &Opened, own: bool) -> Result<(), NoRightReason> {
        self.check_author(&entry.chain, &entry.author, &entry.hash, entry.kind, own)
    }

    /// [`Team::check`] of an entry whose content was not read.
    pub(crate) fn check_author(
        &self,
        chain: &ChainId,
        author: &PersonId,
        entry: &EntryHash,
        kind: u16,
        own: bool,
    ) -> Result<(), NoRightReason> {
        let Some(standing) = self.0.get(chain) else {
            return Err(NoRightReason::UnknownChain);
        };
        if standing.person != *author {
            return Err(NoRightReason::OtherAuthor);
        }
        if standing.accepted.as_ref().is_some_and(|accepted| !accepted.contains(entry)) {
            return Err(NoRightReason::Revoked);
        }
        match reach(&standing.role, kind) {
            Reach::Any => Ok(()),
            Reach::Own if own => Ok(()),
            Reach::Own => Err(NoRightReason::NotOwn),
            Reach::Nothing => Err(NoRightReason::Role),
        }
    }
}

/// Why an entry has no effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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
    /// The chain's certificate was revoked, and nobody has accepted this entry since: it waits.
    Revoked,
}

impl NoRightReason {
    /// Key of the message in the catalogue.
    pub fn code(self) -> &'static str {
        match self {
            Self::UnknownChain => "no-right-unknown-chain",
            Self::OtherAuthor => "no-right-other-author",
            Self::Role => "no-right-role",
            Self::NotOwn => "no-right-not-own",
            Self::Revoked => "no-right-revoked",
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
