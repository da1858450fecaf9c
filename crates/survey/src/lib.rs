//! What entries mean: the state of a project is a fold over its entries.
//!
//! The journal says that an entry is whole and whose chain it stands in; this crate says what it does. It is pure: the
//! same set of entries gives the same state, whatever the order, the route and the repetitions, and neither arrival nor
//! a clock ever decides between two answers.
//!
//! It must not know storage, network or screens. Whoever calls it opens the bodies, groups them by record, and gives the
//! certificates ([`Team`]).
//!
//! # Words
//!
//! - *record*: what entries are about: an interview, or a *card* (project, person, site, respondent, assignment,
//!   consent), or a form.
//! - *entry, parents, heads, saw*: an entry names the heads of its record that its author had; so the entries of a record
//!   form a [`Graph`]. An entry *saw* another if it can be reached over parents.
//! - *field* ([`Field`]): something in a record that can be written. *write* ([`Write`]): one entry giving it an
//!   [`Answer`].
//! - *current* writes: those that no other write of the field saw. One distinct answer: *settled*. Several: a
//!   [`Conflict`], which waits for a person.
//! - *erasure*: an entry that names bodies and files which every replica drops; it says what is left of each.
//! - *decision*: an entry that names writes and says what holds. It is a write like any other and can be revised.
//!
//! - *report*: what a child told of harm, for the safeguarding *holders* alone; *packet*: what carries it, or nothing
//! - *entity* ([`Entity`]): a row of a list that interviews create and update. What one interview says of entities
//!   ([`Told`]) is part of its state; [`Entities`] folds all of them, on top of the list's file.
//!
//! - *consent* ([`Consents`]): what may be done with a respondent, purpose by purpose, from what guardians and the respondent
//!   said. What is not complete may not be done.
//!
//! - *link* ([`Link`]): a person's word that two records are one (a child's two cards, an interview filled twice), or are
//!   not, for good. [`Identities`] are what all links come to; [`candidates`] proposes what to look at.
//!
//! # At a glance
//!
//! ```text
//! Content::encode(&self) -> Result<Vec<u8>, ContentError>      Content::decode(kind, &[u8]) -> Content
//! interview(record, &entries, &team) -> InterviewState         answers, conflicts, status, heads, rows, history
//! card::<Subject>(record, &entries, &team) -> CardState<Subject>
//! form(record, &entries, &team) -> FormState                   versions, newest_of
//! state.sitting(form) / change(field, answer) / decide(&conflict, chosen, reason) / review(verdict, reason)
//!                                                              contents of the next entry; its parents: state.heads()
//! read_under(&entries, &form, &carry) -> Vec<Opened>           an interview of several form versions, read under one
//! recheck(form, &state, &context) -> Recheck                   the merged record under a form: what does not fit
//! acts(&session) -> Vec<EntityAct>    retell(&state, &session) -> Told    what a filling makes of entities
//! ProjectState::put(record, &entries, &team)                   all cards and forms, by kind
//! candidates(&traits, &identities) -> Candidates               who may be one child, scored, with every reason
//! Entities::put(record, told) / put_handed(record, &entries, &team)    list(name, &file_rows, without) -> Vec<Entity>
//! erase_record(&entries, why, note) / erase_answers(…) / erase_told(…) / erase_begun(…) / erase_acts(…)    the content of an erasure
//! erasures(record, &entries, &team) -> ErasureState            what replicas drop, and which have done so
//! reports(packets) -> BTreeMap<RecordId, ReportState>          what the safeguarding holders read
//! safeguarding::holders(&project, &revocations, &trust)        for whom restricted chains are sealed; enough_holders
//! revocations(&entries, &trust) -> Revocations                 certificates that are no longer good, and what of them holds
//! ```

mod answer;
mod audit;
mod card;
mod chunks;
mod consents;
mod content;
mod days;
mod duplicates;
mod engine;
mod entities;
mod erase;
mod erasures;
mod export_for;
pub mod exports;
mod field;
mod find;
mod fold;
mod glance;
mod graph;
mod identities;
mod kinds;
mod opened;
mod packed;
mod people;
mod project;
mod quick;
mod readiness;
mod reports;
mod rests;
mod revocations;
pub mod rights;
pub mod roster;
mod rounds;
pub mod safeguarding;
mod sight;
mod summary;

mod versions;
mod writes;

pub use answer::{Answer, Private};
pub use audit::{AUDIT, AuditEvent};
pub use card::{Card, OnCard};
pub use consents::{ConsentStanding, Consents, Speaks, Voice, weighs};
pub use content::{Content, ContentError, MAX_CONTENT, MAX_DEPTH, MAX_ITEMS, MAX_TEXT, Unread, VERSION, kind};
pub use days::{Age, age, is_day, years_on};
pub use duplicates::{
    Birth, Candidate, Candidates, Reason, Said, Similar, THRESHOLD, Traits, candidates, compared, readings, repeated,
    said, similar, traits,
};
pub use engine::{Finding, Misfit, Recheck, acts, recheck, retell};
pub use entities::{Column, Entities, Entity, handed_on};
pub use erase::{erase_acts, erase_answers, erase_begun, erase_kept, erase_record, erase_told};
pub use erasures::{Erased, ErasureState, confirm_erasures, erasures, without_erased, without_erased_by_all};
pub use export_for::ExportFor;
pub use field::{Field, MAX_FIELD};
pub use find::Findable;
pub use fold::*;
pub use glance::Glance;
pub use graph::Graph;
pub use identities::Identities;
pub use kinds::*;
pub use opened::{At, Opened};
pub use people::{BegunFilling, Standing as InTheWay};
pub use project::ProjectState;
pub use readiness::{
    Due, DueWhy, Item, Ready, due, due_of_person, everything_taken_back, is_past_its_day, is_ready, last_day, readiness,
};
pub use reports::{PACKET_BYTES, ReportLine, ReportState, Sent, Waiting, reports};
pub use rests::{open_rests, seal_rests};
pub use revocations::{Revocations, RevokedBy, RevokedCertificate, revocations};
pub use rights::{NoRight, NoRightReason, Reach, Standing, Team};
pub use rounds::{Round, Rounds};
pub use sight::{Seen, Sight};
pub use summary::{Counts, Coverage, CoverageRow, Filled, InterviewSummary, Square, coverage, summarise};
pub use versions::{read_under, versions_of};
pub use writes::{Conflict, FieldState, Step, Write, WrittenBy};
