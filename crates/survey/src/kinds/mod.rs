//! The contents of entries, one file for each kind.
//!
//! *Cards* (project, person, site, subject, assignment, consent, tie) are written as their JSON keys: an entry may carry all
//! of them or only those that changed ([`crate::Content::encode_changes`]); a key that is absent was not written. A
//! *form* entry is one version of a form, a *consent text* entry one version of what families are read. *Interview*, *decision* and *review* entries belong to an interview's record. *Erasure*
//! and *carried out* entries stand in the record that they are about; a *link* in the record
//! of its pair; *grant* and *revocation* entries in one of their own. A *packet* of reports stands in a restricted chain only.

mod assignment;
mod attachment;
mod begun;
mod consent;
mod consent_text;
mod contacts;
mod decision;
mod entity;
mod erasure;
mod exported;
mod form;
mod interview;
mod link;
mod member;
mod project;
mod report;
mod review;
mod revocation;
mod site;
mod subject;
mod tie;
mod words;

pub use assignment::{Assignment, Begun};
pub use attachment::Attachment;
pub use begun::{Beginning, Beginnings};
pub use consent::{Assent, Consent, ConsentAct, Evidence, EvidenceKind, Guardian, How, LegalStanding, Purpose, Word};
pub use consent_text::{ConsentText, PurposeText};
pub use contacts::{Contact, ContactRole, Contacts};
pub use decision::Decision;
pub use entity::{EntityAct, EntityWrite, HandedOn, Told};
pub use erasure::{CarriedOut, ErasedBody, Erasure, ErasureReason, OutOfReach};
pub use exported::{ExportNote, Exported};
pub use form::{ChunkRef, FormHash, FormVersion, Media, Secret};
pub use interview::{Change, Confirmation, Haste, Interview, Sitting, Source, Stage};
pub use link::{Link, LinkAct, Pair};
pub use member::{Member, Role, TeamKey};
pub use project::{Noted, Project};
pub use report::{
    Call, CallOutcome, Disclosure, HandedTo, MovedAnswer, Packet, RecordedSound, ReportAct, ReportPart, ReportPiece,
    Safety, SavedCopy,
};
pub use review::{Remark, Review, Verdict};
pub use revocation::{Grant, RevocationReason, Revoked};
pub use site::{Names, Site, SiteKind};
pub use subject::{Subject, SubjectKind};
pub use tie::{Custody, Relation, Tie};
