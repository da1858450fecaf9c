//! Lists of entities.

use std::collections::BTreeMap;

use serde::Serialize;
use specta::Type;

use super::quiet;

quiet!(EntityList, EntityView, EntityTorn, EntityWord);

/// A list with its entities.
#[derive(Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct EntityList {
    /// Its name.
    pub name: String,
    /// The properties that its entities have, by name.
    pub columns: Vec<String>,
    /// Its entities: those of its file first.
    pub entities: Vec<EntityView>,
}

/// An entity.
#[derive(Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct EntityView {
    /// Its id.
    pub id: String,
    /// Its name for people.
    pub label: String,
    /// Its properties.
    pub properties: BTreeMap<String, String>,
    /// Its version.
    pub version: u32,
    /// Who created it; empty for one of the list's file.
    pub creator: String,
    /// That person's id.
    pub creator_id: String,
    /// When, by that laptop's clock.
    pub created: Option<String>,
    /// How many interviews updated it.
    pub updates: u32,
    /// When the last of them did, by that laptop's clock.
    pub updated: Option<String>,
    /// Columns that two laptops changed differently.
    pub torn: Vec<EntityTorn>,
}

/// A column of an entity that two laptops changed differently, each without the other's word.
#[derive(Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct EntityTorn {
    /// The column.
    pub column: String,
    /// What each says.
    pub words: Vec<EntityWord>,
}

/// What one laptop says.
#[derive(Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct EntityWord {
    /// The value.
    pub value: String,
    /// Who.
    pub by: String,
    /// When, by that laptop's clock.
    pub at: String,
}
