use crate::Private;
use serde::{Deserialize, Serialize};
use tianye_journal::RecordId;

/// Kind 22: what its author has begun since it last said so, told to the whole team: no answers, and no names of respondents. Its
/// record is the telling's own.
///
/// Interviewers do not read each other's interviews; this keeps two from doing the same without knowing, though no lead has
/// written in between.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beginnings {
    /// The author's display name: members do not read each other's cards.
    #[serde(default)]
    pub called: Private,
    /// Each interview, once in all that one author says.
    #[serde(default)]
    pub begun: Vec<Beginning>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beginning {
    /// The interview.
    pub interview: RecordId,
    /// `form_id`.
    pub form_id: String,
    /// With whom; none for a form about a place with nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<RecordId>,
    /// Where, of a form about a place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<RecordId>,
    /// The day, by that laptop's clock, `YYYY-MM-DD`.
    pub on: String,
    /// It was begun for practice ([`crate::Interview::practice`]).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub practice: bool,
}
