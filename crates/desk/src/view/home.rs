//! The desk: lists, forms, sites, what waits to be sent.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{Role, quiet};

quiet!(HomeView, FormCard, SiteCard, PlaceView, InterviewCard, Outbox, NewInterview,);

/// The page after unlocking, and the frame around every page.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HomeView {
    /// Title of the project.
    pub project: String,
    /// Whether this is a practice project: said on each page.
    pub practice: bool,
    /// Who is at the desk.
    pub person: String,
    /// Group in the team, may be empty.
    pub group: String,
    /// Role, which decides the tabs.
    pub role: Role,
    /// Name of this laptop.
    pub device: String,
    /// Today's date on this laptop, `YYYY-MM-DD`.
    pub today: String,
    /// Forms that can be begun.
    pub forms: Vec<FormCard>,
    /// Sites that an interview can belong to.
    pub sites: Vec<SiteCard>,
    /// Interviews and open assignments, grouped by site, in the order to show.
    pub places: Vec<PlaceView>,
    /// What waits to be sent.
    pub outbox: Outbox,
    /// Conflicts that wait for a person; the lead's badge.
    pub conflicts: u32,
    /// Team members who wait for confirmation; the lead's badge.
    pub join_requests: u32,
    /// What is to be erased; the badge of who may erase, for others none.
    pub due: u32,
    /// Reports of this person of which nobody has been told yet.
    pub untold: u32,
    /// What this laptop writes counts no more.
    pub stopped: Option<StoppedView>,
}

/// Why what a laptop writes counts no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct StoppedView {
    /// Who revoked it; empty where only the hub has said that it refuses this laptop.
    pub by: String,
    /// When that was.
    pub at: String,
    /// Why: `lost`, `left`, `replaced`, `misused`; empty as above.
    pub why: String,
    /// What the lead wrote to it.
    pub note: String,
    /// Entries that were written here since and wait.
    pub waiting: u32,
}

/// A form in use.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FormCard {
    /// `form_id` of the workbook.
    pub id: String,
    /// Version text of the workbook.
    pub version: String,
    /// Title in the asked language.
    pub title: String,
    /// Languages of the form, the default first.
    pub languages: Vec<String>,
    /// Number of questions.
    pub questions: u32,
    /// What it is begun with: `person`, `group`, or a `site`.
    pub about: String,
}

/// A site: county, township, school or class.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SiteCard {
    /// Random id.
    pub id: String,
    /// Full name down from the county, in the asked language.
    pub name: String,
}

/// The rows of one site on the lists.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PlaceView {
    /// Id of the site; empty for rows without one.
    pub site: String,
    /// Name of the site; empty for rows without one.
    pub name: String,
    /// Rows.
    pub rows: Vec<InterviewCard>,
    /// How many of the rows are finalised or approved.
    pub done: u32,
}

/// One row: an interview, or an assignment nobody has begun.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct InterviewCard {
    /// Id of the interview record; for an open assignment, of the assignment.
    pub id: String,
    /// Whether this is an assignment not begun.
    pub assigned: bool,
    /// Code of the respondent, e.g. 217.
    pub code: String,
    /// Display name of the respondent.
    pub name: String,
    /// Title of the form.
    pub form: String,
    /// `form_id`.
    pub form_id: String,
    /// Site name, for lists across sites.
    pub site: String,
    /// Who interviews.
    pub interviewer: String,
    /// State.
    pub state: InterviewState,
    /// Number of the question where it stopped, e.g. B4; empty if none.
    pub stopped_at: String,
    /// Questions answered.
    pub answered: u32,
    /// Questions asked of this respondent.
    pub total: u32,
    /// Open conflicts in it.
    pub conflicts: u32,
    /// Answers that do not fit together, or are missing, since what several wrote beside each other was put together; counted in
    /// the list of all records only.
    pub unfit: u32,
    /// A newer version of its form that is here, and that this draft may move to; none otherwise.
    pub newer: Option<String>,
    /// Last change.
    pub changed: Option<String>,
    /// Whether the hub's receipt for its newest entry was checked.
    pub on_hub: bool,
    /// The reason given when it was sent back; empty otherwise.
    pub sent_back_reason: String,
    /// Whether it was taken in from another program.
    pub imported: bool,
    /// Whether it was made for practice, in a project that has begun since: it counts for nothing.
    pub practice: bool,
    /// Id of the respondent, whose page can be opened; empty if none.
    pub subject: String,
    /// What the consents come to for what the form is filled for, as a code, where it is not done yet and the project asks for
    /// consent; empty otherwise.
    pub consent: String,
    /// Last day of the assignment, `YYYY-MM-DD`; empty if none.
    pub due: String,
}

/// State of an interview.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum InterviewState {
    /// Assigned, not begun.
    Open,
    /// Begun.
    Draft,
    /// Finalised by the interviewer.
    Finalised,
    /// Opened again for a correction.
    Correcting,
    /// Sent back by a lead.
    SentBack,
    /// Approved by a lead.
    Approved,
    /// Stopped by the respondent.
    Stopped,
}

/// What waits to be sent.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Outbox {
    /// Entries without a receipt.
    pub entries: u32,
    /// Interviews among them.
    pub interviews: u32,
    /// Bytes of them, in KiB, rounded up.
    pub kib: u32,
}

/// What is said to begin an interview.
#[derive(Clone, Default, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NewInterview {
    /// `form_id`.
    pub form: String,
    /// Assignment it fulfils; code, name and site then come from there.
    pub assignment: Option<String>,
    /// Code of the respondent, e.g. 217.
    pub code: String,
    /// Display name of the respondent, may be empty.
    pub name: String,
    /// Id of the site, may be empty.
    pub site: String,
    /// Who a new respondent is, e.g. `teacher`; empty: a pupil.
    pub kind: String,
    /// Id of a respondent who is here; code, name and site are then theirs. Empty: a new one.
    pub subject: String,
    /// Id of who answers, of a form about a child that somebody else answers; empty where nobody said yet.
    pub answered_by: String,
    /// Although somebody else has begun it with this respondent, or is to do it; or, with a code, although somebody has that code
    /// already: it is somebody else.
    pub anyway: bool,
}
