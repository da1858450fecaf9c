use crate::Private;
use serde::{Deserialize, Serialize};
use tianye_journal::{PersonId, RecordId};

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
    /// The interview that is handed over to `interviewer`, to be gone on with.
    pub interview: Option<RecordId>,
    /// Last day, `YYYY-MM-DD`.
    pub due: Option<String>,
    /// Agreed time, `YYYY-MM-DDThh:mm`, as people there say it.
    pub agreed: Option<String>,
    /// No longer wanted.
    pub withdrawn: bool,
    /// A remark for the interviewer.
    pub note: Option<Private>,
}
