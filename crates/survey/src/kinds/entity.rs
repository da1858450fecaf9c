use crate::{At, Private};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tianye_journal::{EntryHash, PersonId, RecordId};

/// What an interview makes of an entity, as its form said when it was finalised (ODK entities specification 2022.1 to
/// 2025.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntityAct {
    /// The list.
    pub list: String,
    /// The entity: a UUID, made once by the form that creates it; or the `name` of a row of the list's file.
    pub id: String,
    /// It is created.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub create: bool,
    /// It is updated.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub update: bool,
    /// Its name for people; none where it stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Private>,
    /// Its properties. One that is empty was emptied.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub properties: BTreeMap<String, Private>,
    /// The version that the form had before it, as the submission says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_version: Option<String>,
    /// The last version of the list's file, as the submission says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trunk_version: Option<String>,
    /// The line of offline changes, as the submission says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch_id: Option<String>,
    /// The entries of other interviews about this entity that were on the laptop. What they said is replaced by what this
    /// one says otherwise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub saw: Vec<EntryHash>,
}

/// One thing that an interview says of an entity.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EntityWrite {
    /// The list.
    pub list: String,
    /// The entity.
    pub id: String,
    /// The column: a property, `label`, or `name` for the act itself. No property can be called `label` or `name`.
    pub column: String,
    /// What it says; for the act `create` or `update`.
    pub value: Private,
    /// The entry that first said so.
    pub entry: EntryHash,
    /// Who.
    pub author: PersonId,
    /// When, by that laptop's clock.
    pub at: At,
    /// The interview itself says otherwise since: it is kept to tell who repeated it from who changed something.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub past: bool,
    /// Entries whose words it replaces.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub saw: Vec<EntryHash>,
}

/// What an interview says of entities, all its sittings together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// The interview.
    pub record: RecordId,
    /// Its entries that said something of entities, also what no longer holds; ascending.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entries: Vec<EntryHash>,
    /// What holds, and what is past.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub writes: Vec<EntityWrite>,
    /// The erasures in the interview that it knows of: none of its words was erased by them. Ascending.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub erased: Vec<EntryHash>,
    /// The interview was begun for practice ([`crate::Interview::practice`]).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub practice: bool,
}

impl Told {
    /// An interview that says nothing.
    pub fn nothing(record: RecordId) -> Self {
        Self { record, entries: Vec::new(), writes: Vec::new(), erased: Vec::new(), practice: false }
    }

    /// Whether it knows of all erasures that another report of the interview knows of.
    pub(crate) fn is_after_erasures_of(&self, other: &Self) -> bool {
        other.erased.iter().all(|erasure| self.erased.contains(erasure))
    }

    /// Whether it may hold words that were erased: it says something, and does not know of all these erasures.
    pub fn is_stale(&self, erasures: &[EntryHash]) -> bool {
        !self.writes.is_empty() && !erasures.iter().all(|erasure| self.erased.contains(erasure))
    }
}

/// Kind 14: what interviews say of entities, handed on by a lead, since members do not read each other's interviews. What
/// it says of an interview replaces what the entries that it stands on said.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct HandedOn {
    /// By interview.
    #[serde(default)]
    pub told: Vec<Told>,
    /// Names of those who said it, by the ids of the persons: members do not have each other's cards.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub people: BTreeMap<PersonId, Private>,
}
