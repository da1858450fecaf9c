//! The lead's pages: conflicts and team.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{Control, FileCard, NonAnswer, Role, quiet};

quiet!(
    ConflictView,
    ConflictCard,
    Neighbour,
    TakeBackInput,
    WriteView,
    DecisionInput,
    TeamView,
    MemberCard,
    JoinRequestView,
    InvitedView,
    InvitationPlace,
    LaptopCard,
    RevokedView,
    RevokeInput,
);

/// A conflict in the list: enough to find and filter it. What it is about, [`crate::Desk::conflicts_of`] says.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ConflictCard {
    /// Key of this conflict: record and field.
    pub key: String,
    /// Id of the interview.
    pub record: String,
    /// Field.
    pub field: String,
    /// Code of the respondent.
    pub code: String,
    /// Name of the respondent.
    pub name: String,
    /// Form title.
    pub form: String,
    /// School and class.
    pub site: String,
    /// Number of the question.
    pub number: String,
    /// Label of the question, without what the form inserts into it.
    pub label: String,
    /// Who gave the answers.
    pub authors: Vec<String>,
    /// When it was decided last, by that laptop's clock; empty while it is open.
    pub decided: String,
}

/// A question beside the one in conflict, with its answer.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Neighbour {
    /// Number of the question.
    pub number: String,
    /// Label.
    pub label: String,
    /// Its answer, as a person reads it.
    pub display: String,
}

/// Takes a decision back.
#[derive(Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TakeBackInput {
    /// Id of the interview.
    pub record: String,
    /// Field.
    pub field: String,
    /// Why; required.
    pub reason: String,
}

/// A conflict as it is decided.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ConflictView {
    /// Key of this conflict: record and field.
    pub key: String,
    /// Id of the interview.
    pub record: String,
    /// Field.
    pub field: String,
    /// Code and name of the respondent.
    pub code: String,
    /// Display name of the respondent.
    pub name: String,
    /// Form title.
    pub form: String,
    /// Site name.
    pub site: String,
    /// Number of the question.
    pub number: String,
    /// Label of the question.
    pub label: String,
    /// The answer that all sides knew; empty if none.
    pub base: Option<WriteView>,
    /// The answered question before it, and the one after it.
    pub before: Option<Neighbour>,
    /// See `before`.
    pub after: Option<Neighbour>,
    /// The answers, in order of their (untrusted) times.
    pub sides: Vec<WriteView>,
    /// All writes of this field in order.
    pub history: Vec<WriteView>,
    /// How a new answer would be given ("neither").
    pub control: Control,
    /// The non-answers that the form declares for it.
    pub non_answers: Vec<NonAnswer>,
}

/// One write of a field.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WriteView {
    /// Hash of the entry, hex: names the write.
    pub entry: String,
    /// Lexical value; empty if cleared or a non-answer.
    pub value: String,
    /// The non-answer given.
    pub non_answer: Option<NonAnswer>,
    /// As a person reads it.
    pub display: String,
    /// Who.
    pub author: String,
    /// On which laptop.
    pub device: String,
    /// When, by that laptop's clock.
    pub at: String,
    /// Its clock contradicts the history: it saw a change that has a later time.
    pub clock_wrong: bool,
    /// In a history: the changes further up that its author had not seen, by their entries.
    pub unseen: Vec<String>,
    /// It was a decision that was taken back.
    pub taken_back: bool,
    /// It takes a decision back, and says nothing of its own.
    pub takes_back: bool,
    /// Note on it, or empty.
    pub note: String,
    /// Whether it is a decision, and its reason.
    pub reason: String,
    /// The file that it names; to be read by [`crate::Desk::file_part`].
    pub file: Option<FileCard>,
}

/// A decision from the screen.
#[derive(Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DecisionInput {
    /// Id of the interview.
    pub record: String,
    /// Field.
    pub field: String,
    /// Value that shall stand, in its lexical form.
    pub value: String,
    /// Non-answer that shall stand instead.
    pub non_answer: Option<NonAnswer>,
    /// Entries whose writes were seen, hex.
    pub names: Vec<String>,
    /// Why; required.
    pub reason: String,
}

/// The lead's team page.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TeamView {
    /// Members.
    pub members: Vec<MemberCard>,
    /// Who asks to join.
    pub requests: Vec<JoinRequestView>,
    /// Invitations nobody has used yet.
    pub invited: Vec<InvitedView>,
    /// Whether this laptop keeps the project's key: only then can it invite, admit and revoke.
    pub keeps: bool,
    /// Whether this laptop keeps the project's recovery key: that of who made the project.
    pub keeps_recovery: bool,
}

/// A laptop of a person: one certificate.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LaptopCard {
    /// Serial of the certificate, as text: numbers of this size lose digits on the way.
    pub certificate: String,
    /// Name of the laptop.
    pub device: String,
    /// This laptop.
    pub own: bool,
    /// Whether it reads what others write, and the key for that is replaced when it is revoked.
    pub reads_others: bool,
    /// Whether it keeps the project's key, which no revocation takes back.
    pub keeps_project: bool,
    /// That it was revoked.
    pub revoked: Option<RevokedView>,
    /// Entries that came after it was revoked, and wait.
    pub waiting: u32,
}

/// A revocation.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RevokedView {
    /// Who revoked it.
    pub by: String,
    /// When.
    pub at: String,
    /// `lost`, `left`, `replaced`, `misused`.
    pub why: String,
    /// Why, in words.
    pub note: String,
}

/// Which laptop is to be revoked, and why.
#[derive(Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RevokeInput {
    /// Serial of its certificate.
    pub certificate: String,
    /// `lost`, `left`, `replaced`, `misused`.
    pub why: String,
    /// Why, in words; may be empty.
    pub note: String,
}

/// A team member.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MemberCard {
    /// Person id.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Group.
    pub group: String,
    /// Role.
    pub role: Role,
    /// Laptops, by name.
    pub devices: Vec<String>,
    /// The certificates of the laptops.
    pub laptops: Vec<LaptopCard>,
    /// Interviews begun.
    pub interviews: u32,
    /// Finalised or approved.
    pub finalised: u32,
}

/// Someone who asks to join.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct JoinRequestView {
    /// Id of the invitation.
    pub id: String,
    /// Invited name.
    pub name: String,
    /// Laptop.
    pub device: String,
    /// Role.
    pub role: Role,
    /// Digits to compare.
    pub compare_code: String,
}

/// An invitation nobody has used.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct InvitedView {
    /// Id of the invitation.
    pub id: String,
    /// Invited name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Group.
    pub group: String,
    /// What the invited person types; none where the invitation goes by file or camera only.
    pub typed: Option<InvitationPlace>,
}

/// Where an invitation lies, for who types it.
#[derive(Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct InvitationPlace {
    /// Address and port of the hub.
    pub address: String,
    /// Sixteen signs. As secret as the invitation.
    pub code: String,
}
