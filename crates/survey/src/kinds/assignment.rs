use crate::Private;
use serde::{Deserialize, Serialize};
use tianye_journal::{PersonId, RecordId};

/// That somebody began what was assigned.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Begun {
    /// Who.
    pub by: PersonId,
    /// The day, by that laptop's clock, `YYYY-MM-DD`.
    pub on: String,
    /// The person's display name, for those who do not read their card.
    #[serde(default)]
    pub called: Private,
    /// It was begun for practice ([`crate::Interview::practice`]).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub practice: bool,
}

/// Kind 6: a form to be filled with a respondent by a person of the team; or the hand-over of an interview.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Assignment {
    /// Form, by the `form_id` of its workbook.
    pub form_id: String,
    /// The respondent; none for a form about a site.
    pub subject: Option<RecordId>,
    /// Where.
    pub site: Option<RecordId>,
    /// Who fills it; none: whoever comes first.
    pub interviewer: Option<PersonId>,
    /// The display name of `interviewer`: members do not read each other's cards.
    pub called: Option<Private>,
    /// The interview that is handed over to `interviewer`, to be gone on with.
    pub interview: Option<RecordId>,
    /// Interviews of this form with them that were there when it was made, and do not fulfil it: it is meant once more.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub besides: Vec<RecordId>,
    /// Last day, `YYYY-MM-DD`.
    pub due: Option<String>,
    /// Agreed time, `YYYY-MM-DDThh:mm`, as people there say it.
    pub agreed: Option<String>,
    /// The assignment of a colleague that this one takes over, in the field, with nobody to ask; that one then no longer
    /// stands. A lead takes over by writing another `interviewer`.
    pub takes_over: Option<RecordId>,
    /// Why somebody else does it now.
    pub because: Option<Private>,
    /// That it was begun, told to the whole team by a lead's laptop: interviewers do not read each other's interviews.
    pub begun: Option<Begun>,
    /// No longer wanted.
    pub withdrawn: bool,
    /// A remark for the interviewer.
    pub note: Option<Private>,
}
