//! A place's page.

use serde::Serialize;
use specta::Type;

use super::{AssignmentRow, PersonEvent, PersonRow, quiet};

quiet!(PlacePage);

/// A place's page: what it is, with whom one can speak there, and everything done about it.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PlacePage {
    /// Id.
    pub id: String,
    /// `county`, `township`, `village`, `school`, `class`.
    pub kind: String,
    /// Name.
    pub name: String,
    /// The names of the places around it, from the outermost down; may be empty.
    pub within: String,
    /// The cadres, teachers and carers who are there.
    pub people: Vec<PersonRow>,
    /// Assignments about the place itself, those that stand.
    pub assignments: Vec<AssignmentRow>,
    /// What was done about the place and what stands in it, the last first: not about its people.
    pub history: Vec<PersonEvent>,
}
