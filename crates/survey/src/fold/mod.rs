//! State = fold(entries): pure, record by record, the same for every order, repetition and route of the same entries.
//!
//! - [`interview`]: kinds 8, 9 and 13 → [`InterviewState`]: answers, conflicts, status.
//! - [`card`]: a card's kind and 9 → [`CardState`]: the merged card and its conflicts.
//! - kind 14, what leads hand on of entities, is read by [`crate::Entities`].
//! - [`link`]: kind 16 → [`LinkState`]: what two records are to each other.
//! - [`consent_text`]: kind 19 → [`TextState`]: the versions of what families are read for one activity.
//! - [`form`]: kind 2 → [`FormState`]: the versions of a form and which is newest.

mod card;
mod consent_text;
mod form;
mod interview;
mod link;
mod record;
mod said;
mod status;
mod told;

pub use card::{CardState, KeptCard, card};
pub use consent_text::{TextState, consent_text};
pub use form::{FormState, Newest, VersionState, form};
pub use interview::{InterviewState, Row, interview};
pub use link::{LinkState, Ruling, link};
pub(crate) use record::lay_ground;
pub use record::{Ground, Ignored, IgnoredWhy, MOST_UNSEEN, record_kind, record_kinds, without_right};
pub use status::{StageWrite, Status, StatusState};
pub use told::is_uuid;
pub(crate) use told::{ACT, CREATE, LABEL, columns, plain_id};
