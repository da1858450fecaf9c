//! Contents: reading and writing them, with limits. The content of an entry is one JSON object with `"v":1`; that of a
//! sitting is packed where it is long ([`crate::packed`]).
//!
//! Unknown keys are passed over; unknown kinds, newer versions and contents that break a rule are kept whole as
//! [`Content::Unread`], so that they can be relayed and read by a later version.

use crate::card::Card;
use crate::field::MAX_FIELD;
use crate::kinds::{
    Assignment, Beginnings, CarriedOut, Consent, ConsentText, Contacts, Decision, Erasure, Exported, FormVersion,
    Grant, HandedOn, Interview, Link, LinkAct, Member, Packet, Pair, Project, Review, Revoked, Site, Subject, Tie,
    Verdict,
};
use crate::packed::{pack, unpack};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::fmt;

/// Numbers of the kinds of entries, as in the envelope of a body.
pub mod kind {
    /// The project.
    pub const PROJECT: u16 = 1;
    /// A version of a form.
    pub const FORM: u16 = 2;
    /// A person of the team on a device.
    pub const MEMBER: u16 = 3;
    /// A site.
    pub const SITE: u16 = 4;
    /// A respondent.
    pub const SUBJECT: u16 = 5;
    /// An assignment.
    pub const ASSIGNMENT: u16 = 6;
    /// A consent.
    pub const CONSENT: u16 = 7;
    /// A sitting with an interview.
    pub const INTERVIEW: u16 = 8;
    /// A decision between writes.
    pub const DECISION: u16 = 9;
    /// Readers are added to chains; the journal reads the keys.
    pub const GRANT: u16 = 10;
    /// Bodies and chunks are to be dropped.
    pub const ERASURE: u16 = 11;
    /// A key is no longer good.
    pub const REVOCATION: u16 = 12;
    /// The lead's word on an interview.
    pub const REVIEW: u16 = 13;
    /// What interviews say of entities, handed on by a lead.
    pub const ENTITIES: u16 = 14;
    /// A laptop has carried an erasure out.
    pub const CARRIED_OUT: u16 = 15;
    /// What two records are to each other.
    pub const LINK: u16 = 16;
    /// Something for the safeguarding holders, or nothing: in restricted chains only.
    pub const REPORT: u16 = 17;
    /// Whom to call at a place.
    pub const CONTACTS: u16 = 18;
    /// A version of the text that families are read.
    pub const CONSENT_TEXT: u16 = 19;
    /// How two people are tied.
    pub const TIE: u16 = 20;
    /// Tables were written in plain text.
    pub const EXPORTED: u16 = 21;
    /// What its author has begun, told to the team.
    pub const BEGINNINGS: u16 = 22;
    /// The last kind that this version knows.
    pub const LAST: u16 = BEGINNINGS;
}

/// Version of the contents that this program writes.
pub const VERSION: u64 = 1;
/// Longest content, in bytes.
pub const MAX_CONTENT: usize = tianye_journal::MAX_CONTENT;
/// Longest text of one answer, note, name or reason, in bytes.
pub const MAX_TEXT: usize = 256 << 10;
/// Most members of any list or object in a content: changes of a sitting, chunks of a file.
pub const MAX_ITEMS: usize = 20_000;
/// Deepest nesting.
pub const MAX_DEPTH: usize = 32;

/// What an entry says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is documented at the type it holds")]
pub enum Content {
    Project(Card<Project>),
    Form(Box<FormVersion>),
    Member(Card<Member>),
    Site(Card<Site>),
    Subject(Card<Subject>),
    Assignment(Card<Assignment>),
    Consent(Card<Consent>),
    Interview(Box<Interview>),
    Decision(Box<Decision>),
    Review(Box<Review>),
    Entities(Box<HandedOn>),
    Grant(Grant),
    Erasure(Box<Erasure>),
    Revocation(Box<Revoked>),
    CarriedOut(Box<CarriedOut>),
    Link(Box<Link>),
    ConsentText(Box<ConsentText>),
    Tie(Card<Tie>),
    Report(Box<Packet>),
    Contacts(Card<Contacts>),
    Exported(Card<Exported>),
    Beginnings(Box<Beginnings>),
    Unread(Unread),
}

/// A content that this version cannot read. It is kept and relayed, stands in its record's graph, and has no effect.
#[derive(Clone, PartialEq, Eq)]
pub struct Unread {
    /// Number of its kind.
    pub kind: u16,
    /// The content as it came.
    pub bytes: Vec<u8>,
    /// Why it cannot be read.
    pub why: ContentError,
}

impl fmt::Debug for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Unread(kind {}, {} bytes: {})", self.kind, self.bytes.len(), self.why)
    }
}

/// Why a content cannot be read. Says where, and never repeats what stands there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ContentError {
    /// A kind of a later version.
    #[error("expected a kind that this version knows, found kind {0}: it is kept; update the program to read it")]
    UnknownKind(u16),
    /// A later version of a kind.
    #[error("expected content version {VERSION}, found version {found}: it is kept; update the program to read it")]
    Newer {
        /// The version found.
        found: u64,
    },
    /// Not JSON, or not the JSON of this kind.
    #[error("expected the JSON of kind {kind}, found something else at line {line}, column {column}: it is kept aside")]
    Shape {
        /// The kind it should be.
        kind: u16,
        /// Line, from 1; 0 when it is the whole.
        line: usize,
        /// Column, from 1; 0 when it is the whole.
        column: usize,
    },
    /// A limit is passed.
    #[error("expected at most {limit} {what}, found {found}: write it in several entries")]
    TooMuch {
        /// What is limited.
        what: &'static str,
        /// How much is allowed.
        limit: usize,
        /// How much there is.
        found: usize,
    },
    /// Two changes of one field in one sitting.
    #[error("expected each field once, found {0} twice: write only its last answer")]
    Twice(crate::Field),
    /// It was erased.
    #[error("expected a content, found that it was erased")]
    Erased,
    /// An erasure calls entries others' than they are.
    #[error(
        "expected an erasure that says whose the entries are which it names, found one that says otherwise: it is kept aside"
    )]
    Misnamed,
    /// A text that must not be empty.
    #[error("expected {0}, found nothing: fill it in")]
    Missing(&'static str),
}

impl ContentError {
    /// Key of the message in the catalogue.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownKind(_) => "content-unknown-kind",
            Self::Newer { .. } => "content-newer",
            Self::Shape { .. } => "content-shape",
            Self::TooMuch { .. } => "content-too-much",
            Self::Twice(_) => "content-field-twice",
            Self::Missing(_) => "content-missing",
            Self::Erased => "content-erased",
            Self::Misnamed => "content-misnamed",
        }
    }
}

impl Content {
    /// Number of its kind.
    pub fn kind(&self) -> u16 {
        match self {
            Self::Project(_) => kind::PROJECT,
            Self::Form(_) => kind::FORM,
            Self::Member(_) => kind::MEMBER,
            Self::Site(_) => kind::SITE,
            Self::Subject(_) => kind::SUBJECT,
            Self::Assignment(_) => kind::ASSIGNMENT,
            Self::Consent(_) => kind::CONSENT,
            Self::Interview(_) => kind::INTERVIEW,
            Self::Decision(_) => kind::DECISION,
            Self::Review(_) => kind::REVIEW,
            Self::Entities(_) => kind::ENTITIES,
            Self::Grant(_) => kind::GRANT,
            Self::Erasure(_) => kind::ERASURE,
            Self::Revocation(_) => kind::REVOCATION,
            Self::CarriedOut(_) => kind::CARRIED_OUT,
            Self::Link(_) => kind::LINK,
            Self::ConsentText(_) => kind::CONSENT_TEXT,
            Self::Tie(_) => kind::TIE,
            Self::Report(_) => kind::REPORT,
            Self::Contacts(_) => kind::CONTACTS,
            Self::Exported(_) => kind::EXPORTED,
            Self::Beginnings(_) => kind::BEGINNINGS,
            Self::Unread(unread) => unread.kind,
        }
    }

    /// The bytes for the body of an entry, those of a long sitting packed. A content that [`Content::decode`] would refuse is
    /// refused here.
    ///
    /// # Errors
    /// A limit is passed, a field is changed twice, or a reason is missing.
    pub fn encode(&self) -> Result<Vec<u8>, ContentError> {
        let json = self.to_json()?;
        Ok(if matches!(self, Self::Interview(_)) { pack(json) } else { json })
    }

    /// The bytes of [`Content::encode`] before they are packed.
    ///
    /// # Errors
    /// The same.
    pub fn to_json(&self) -> Result<Vec<u8>, ContentError> {
        let mut object = match self {
            Self::Project(card) => card.0.clone(),
            Self::Member(card) => card.0.clone(),
            Self::Site(card) => card.0.clone(),
            Self::Subject(card) => card.0.clone(),
            Self::Assignment(card) => card.0.clone(),
            Self::Consent(card) => card.0.clone(),
            Self::Tie(card) => card.0.clone(),
            Self::Contacts(card) => card.0.clone(),
            Self::Exported(card) => card.0.clone(),
            Self::Report(packet) => object_of(packet),
            Self::Form(form) => object_of(form),
            Self::Interview(interview) => object_of(interview),
            Self::Decision(decision) => object_of(decision),
            Self::Review(review) => object_of(review),
            Self::Entities(entities) => object_of(entities),
            Self::Grant(grant) => object_of(grant),
            Self::Erasure(erasure) => object_of(erasure),
            Self::Revocation(revoked) => object_of(revoked),
            Self::CarriedOut(carried) => object_of(carried),
            Self::Link(link) => object_of(link),
            Self::ConsentText(text) => object_of(text),
            Self::Beginnings(told) => object_of(told),
            Self::Unread(unread) => return Ok(unread.bytes.clone()),
        };
        object.insert("v".to_owned(), VERSION.into());
        let bytes = Value::Object(object).to_string().into_bytes();
        Self::try_decode(self.kind(), &bytes)?;
        Ok(bytes)
    }

    /// Reads the content of an entry. Never fails: what cannot be read is kept as [`Content::Unread`] with the reason.
    pub fn decode(kind: u16, bytes: &[u8]) -> Self {
        Self::try_decode(kind, bytes).unwrap_or_else(|why| Self::Unread(Unread { kind, bytes: bytes.to_vec(), why }))
    }

    /// Reads the content of an entry, or says why it cannot be read.
    ///
    /// # Errors
    /// Unknown kind, newer version, wrong shape, or a limit passed.
    pub fn try_decode(kind: u16, bytes: &[u8]) -> Result<Self, ContentError> {
        if !matches!(kind, kind::PROJECT..=kind::LAST) {
            return Err(ContentError::UnknownKind(kind));
        }
        at_most("bytes of content", MAX_CONTENT, bytes.len())?;
        let bytes = &*unpack(bytes).ok_or(ContentError::Shape { kind, line: 0, column: 0 })?;
        if kind == kind::INTERVIEW
            && let Some(interview) = crate::quick::interview(bytes)
        {
            return Ok(Self::Interview(check_interview(Box::new(interview))?));
        }
        Self::decode_whole(kind, bytes)
    }

    /// Reads a content by way of its JSON as a whole.
    pub(crate) fn decode_whole(kind: u16, bytes: &[u8]) -> Result<Self, ContentError> {
        let shape = |e: &serde_json::Error| ContentError::Shape { kind, line: e.line(), column: e.column() };
        let mut object: Map<String, Value> = serde_json::from_slice(bytes).map_err(|e| shape(&e))?;
        match object.remove("v").as_ref().and_then(Value::as_u64) {
            Some(VERSION) => {}
            Some(found) if found > VERSION => return Err(ContentError::Newer { found }),
            _ => return Err(ContentError::Shape { kind, line: 0, column: 0 }),
        }
        object.values().try_for_each(|value| check_limits(value, MAX_DEPTH))?;
        at_most("keys of a content", MAX_ITEMS, object.len())?;
        Ok(match kind {
            kind::PROJECT => Self::Project(Card::read(object)?),
            kind::FORM => Self::Form(read(kind, object)?),
            kind::MEMBER => Self::Member(Card::read(object)?),
            kind::SITE => Self::Site(Card::read(object)?),
            kind::SUBJECT => Self::Subject(Card::read(object)?),
            kind::ASSIGNMENT => Self::Assignment(Card::read(object)?),
            kind::CONSENT => Self::Consent(Card::read(object)?),
            kind::INTERVIEW => Self::Interview(check_interview(read(kind, object)?)?),
            kind::DECISION => Self::Decision(check_decision(read(kind, object)?)?),
            kind::GRANT => Self::Grant(*read(kind, object)?),
            kind::ERASURE => Self::Erasure(check_erasure(read(kind, object)?)?),
            kind::REVOCATION => Self::Revocation(read(kind, object)?),
            kind::REVIEW => Self::Review(check_review(read(kind, object)?)?),
            kind::ENTITIES => Self::Entities(read(kind, object)?),
            kind::CARRIED_OUT => Self::CarriedOut(read(kind, object)?),
            kind::LINK => Self::Link(check_link(read(kind, object)?)?),
            kind::CONSENT_TEXT => Self::ConsentText(read(kind, object)?),
            kind::TIE => Self::Tie(Card::read(object)?),
            kind::REPORT => Self::Report(read(kind, object)?),
            kind::CONTACTS => Self::Contacts(Card::read(object)?),
            kind::EXPORTED => Self::Exported(Card::read(object)?),
            kind::BEGINNINGS => Self::Beginnings(read(kind, object)?),
            _ => return Err(ContentError::UnknownKind(kind)),
        })
    }
}

macro_rules! into_content {
    ($($of:ident),*) => {$(
        impl From<&$of> for Content {
            /// The whole card, as for a new record.
            fn from(card: &$of) -> Self {
                Self::$of(Card::whole(card))
            }
        }

        impl From<Card<$of>> for Content {
            fn from(card: Card<$of>) -> Self {
                Self::$of(card)
            }
        }
    )*};
}
into_content!(Project, Member, Site, Subject, Assignment, Consent, Contacts, Exported, Tie);

macro_rules! into_boxed {
    ($($variant:ident: $of:ident),*) => {$(
        impl From<$of> for Content {
            fn from(content: $of) -> Self {
                Self::$variant(Box::new(content))
            }
        }
    )*};
}
into_boxed!(
    Form: FormVersion, Interview: Interview, Decision: Decision, Review: Review, Erasure: Erasure, Entities: HandedOn,
    CarriedOut: CarriedOut, Link: Link, Report: Packet, Revocation: Revoked, ConsentText: ConsentText,
    Beginnings: Beginnings
);

impl From<Grant> for Content {
    fn from(grant: Grant) -> Self {
        Self::Grant(grant)
    }
}

fn read<T: DeserializeOwned>(kind: u16, object: Map<String, Value>) -> Result<Box<T>, ContentError> {
    serde_json::from_value(Value::Object(object)).map_err(|_| ContentError::Shape { kind, line: 0, column: 0 })
}

/// The JSON object of a content. The structs of this crate are objects with text keys, so this cannot fail.
pub(crate) fn object_of<T: Serialize>(content: &T) -> Map<String, Value> {
    match serde_json::to_value(content) {
        Ok(Value::Object(object)) => object,
        _ => Map::new(),
    }
}

fn at_most(what: &'static str, limit: usize, found: usize) -> Result<(), ContentError> {
    if found > limit { Err(ContentError::TooMuch { what, limit, found }) } else { Ok(()) }
}

fn check_limits(value: &Value, depth: usize) -> Result<(), ContentError> {
    let Some(deeper) = depth.checked_sub(1) else {
        return Err(ContentError::TooMuch { what: "levels of nesting", limit: MAX_DEPTH, found: MAX_DEPTH + 1 });
    };
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
        Value::String(text) => at_most("bytes of one text", MAX_TEXT, text.len()),
        Value::Array(list) => {
            at_most("members of a list", MAX_ITEMS, list.len())?;
            list.iter().try_for_each(|value| check_limits(value, deeper))
        }
        Value::Object(map) => {
            at_most("members of an object", MAX_ITEMS, map.len())?;
            map.values().try_for_each(|value| check_limits(value, deeper))
        }
    }
}

pub(crate) fn check_interview(interview: Box<Interview>) -> Result<Box<Interview>, ContentError> {
    let mut seen = BTreeSet::new();
    for change in &interview.changes {
        check_field(&change.field)?;
        if !seen.insert(&change.field) {
            return Err(ContentError::Twice(change.field.clone()));
        }
    }
    Ok(interview)
}

fn check_decision(decision: Box<Decision>) -> Result<Box<Decision>, ContentError> {
    check_field(&decision.field)?;
    if decision.reason.trim().is_empty() {
        return Err(ContentError::Missing("the reason of the decision"));
    }
    if decision.over.is_empty() {
        return Err(ContentError::Missing("the writes it was decided between"));
    }
    Ok(decision)
}

fn check_review(review: Box<Review>) -> Result<Box<Review>, ContentError> {
    review.remarks.iter().try_for_each(|remark| check_field(&remark.field))?;
    if review.verdict == Verdict::SentBack && review.reason.trim().is_empty() && review.remarks.is_empty() {
        return Err(ContentError::Missing("what is to be mended"));
    }
    Ok(review)
}

fn check_erasure(erasure: Box<Erasure>) -> Result<Box<Erasure>, ContentError> {
    erasure.fields.iter().try_for_each(check_field)?;
    Ok(erasure)
}

fn check_link(link: Box<Link>) -> Result<Box<Link>, ContentError> {
    if Pair::of(link.records[0], link.records[1]).is_none() {
        return Err(ContentError::Missing("two records"));
    }
    if link.act == LinkAct::Linked && !link.leading.is_some_and(|leading| link.records.contains(&leading)) {
        return Err(ContentError::Missing("which of the two leads"));
    }
    if link.reason.trim().is_empty() {
        return Err(ContentError::Missing("the reason of the link"));
    }
    Ok(link)
}

fn check_field(field: &crate::Field) -> Result<(), ContentError> {
    if field.as_str().is_empty() {
        return Err(ContentError::Missing("the name of the field"));
    }
    at_most("bytes of a field's name", MAX_FIELD, field.as_str().len())
}
