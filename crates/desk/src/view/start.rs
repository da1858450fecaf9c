//! Before the store is open: stores on this laptop, set-up, joining.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::quiet;

quiet!(StartView, StoreCard, NewProject, JoinView,);

/// What the window needs before anybody has unlocked.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct StartView {
    /// Stores on this laptop, the last opened first.
    pub stores: Vec<StoreCard>,
    /// Joins that wait for the lead's confirmation, of stores whose passphrase was given since the program began.
    pub joining: Vec<JoinView>,
    /// Name of this laptop, as written at set-up; empty before.
    pub device: String,
    /// Language to begin with: `zh-CN` or `en`.
    pub language: String,
    /// Version of the program.
    pub version: String,
    /// Somebody has unlocked already: the page died and was opened again, the desk below it goes on.
    pub unlocked: bool,
}

/// One store on this laptop: one person in one project.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct StoreCard {
    /// Random id of the store on this disk.
    pub id: String,
    /// Title of the project.
    pub project: String,
    /// Display name of the team member.
    pub person: String,
    /// Group in the team, may be empty.
    pub group: String,
    /// Role in the project.
    pub role: Role,
    /// Whether this is a practice project.
    pub practice: bool,
    /// When it was last unlocked; none if never.
    pub last_opened: Option<String>,
}

/// Role of a team member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Role {
    /// Administrator: keeps project and team, reads no interview.
    Administrator,
    /// Team lead: merges, decides.
    Lead,
    /// Student interviewer.
    Interviewer,
    /// Analyst: reads and exports.
    Analyst,
    /// Safeguarding lead.
    Safeguarding,
}

/// What a lead says to set up a project on this laptop.
#[derive(Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NewProject {
    /// Title, e.g. 浙江留守儿童 2017.
    pub title: String,
    /// Display name of the lead.
    pub person: String,
    /// Name of this laptop.
    pub device: String,
    /// Passphrase, at least 12 characters.
    pub passphrase: String,
    /// Content of a hub card, if the project has a hub.
    pub hub_card: Option<String>,
}

/// A join by invitation, seen from the laptop that joins.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct JoinView {
    /// Random id of the waiting store on this disk.
    pub id: String,
    /// Title of the project.
    pub project: String,
    /// The invited person's display name.
    pub person: String,
    /// The invited role.
    pub role: Role,
    /// Digits that must be the same on the lead's screen; empty until the passphrase is set.
    pub compare_code: String,
    /// Where it stands.
    pub state: JoinState,
    /// Whether the request is at a hub; otherwise it is to be carried as a file.
    pub sent: bool,
}

/// Where a join stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum JoinState {
    /// The invitation was read; a passphrase is wanted.
    Passphrase,
    /// Sent; the lead compares the code.
    Waiting,
    /// Admitted: the store can be unlocked.
    Admitted,
}
