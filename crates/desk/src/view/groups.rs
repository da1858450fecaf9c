//! Groups: who sits together in a discussion or a session.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::quiet;

quiet!(GroupInput, GroupQuery, GroupView, MemberRow);

/// A group as it is to be.
#[derive(Clone, Default, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct GroupInput {
    /// Id of its card; empty: a new group.
    pub id: String,
    /// What it is called; required, and no person's name.
    pub name: String,
    /// Id of the site, may be empty.
    pub site: String,
    /// Its members, by id or by the code on their card.
    pub members: Vec<String>,
}

/// Who is looked for, to be a member.
#[derive(Clone, Default, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct GroupQuery {
    /// Ids of those who are members already, in their order.
    pub members: Vec<String>,
    /// Part of a name, its pinyin, the first letters of that, or a number; empty: everybody of the site.
    pub text: String,
    /// Only in this site and what stands in it; empty: everywhere.
    pub site: String,
}

/// A group while it is put together.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct GroupView {
    /// The members, in their order.
    pub members: Vec<MemberRow>,
    /// Who was found and is no member; no more than a person reads. Those who may come stand first.
    pub found: Vec<MemberRow>,
}

/// Somebody who is in a group, or could be.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MemberRow {
    /// Id of the card.
    pub id: String,
    /// `pupil`, `guardian`, …
    pub kind: String,
    /// Code in the project's lists.
    pub code: String,
    /// Name.
    pub name: String,
    /// School and class.
    pub site: String,
    /// How consent to sitting in a group stands; key of the catalogue: `consent-…`.
    pub standing: String,
    /// Whether they may come.
    pub may: bool,
}
