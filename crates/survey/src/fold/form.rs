//! A form: its versions, and which of them is newest.

use super::record::{Ground, lay_ground};
use crate::graph::Node;
use crate::kinds::{FormHash, FormVersion};
use crate::rights::Team;
use crate::{At, Content, Opened, kind};
use std::collections::{BTreeMap, BTreeSet};
use tianye_journal::{EntryHash, PersonId, RecordId};

/// What the entries of a form's record come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormState {
    /// Graph, heads, and what has no effect.
    pub ground: Ground,
    /// All versions, each after those its author saw.
    pub versions: Vec<VersionState>,
    /// The versions that no other saw: one, or several until a lead publishes one over them.
    pub newest: Newest,
}

/// A published version of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionState {
    /// The entry.
    pub entry: EntryHash,
    /// Who published it.
    pub author: PersonId,
    /// When, by that laptop's clock.
    pub at: At,
    /// The version.
    pub form: FormVersion,
}

/// Which version is newest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Newest {
    /// None is here.
    None,
    /// This one.
    One(FormHash),
    /// These were published beside each other, or their order is not known here: a person must choose.
    Several(Vec<FormHash>),
}

impl Newest {
    pub(crate) fn of(hashes: BTreeSet<FormHash>) -> Self {
        let hashes: Vec<FormHash> = hashes.into_iter().collect();
        match hashes.as_slice() {
            [] => Self::None,
            [one] => Self::One(*one),
            _ => Self::Several(hashes),
        }
    }

    /// The version, if it is one.
    pub fn one(&self) -> Option<FormHash> {
        match self {
            Self::One(hash) => Some(*hash),
            Self::None | Self::Several(_) => None,
        }
    }
}

impl FormState {
    /// The `form_id` of the last version.
    pub fn form_id(&self) -> Option<&str> {
        self.versions.last().map(|v| v.form.form_id.as_str())
    }

    /// A version by its hash; of one that was published again, the last time.
    pub fn version(&self, hash: &FormHash) -> Option<&VersionState> {
        self.versions.iter().rev().find(|v| v.form.hash == *hash)
    }

    /// Which of these versions is newest, by who saw whom when publishing. A version that is not here cannot be placed
    /// and counts as standing beside the others.
    pub fn newest_of(&self, hashes: &[FormHash]) -> Newest {
        let wanted: BTreeSet<FormHash> = hashes.iter().copied().collect();
        let mut nodes: BTreeMap<Node, FormHash> = BTreeMap::new();
        let mut unplaced = wanted.clone();
        for version in self.versions.iter().filter(|v| wanted.contains(&v.form.hash)) {
            if let Some(node) = self.ground.graph.node(&version.entry) {
                nodes.insert(node, version.form.hash);
                unplaced.remove(&version.form.hash);
            }
        }
        let all: Vec<Node> = nodes.keys().copied().collect();
        let newest = self.ground.graph.maximal(&all);
        Newest::of(newest.iter().filter_map(|n| nodes.get(n).copied()).chain(unplaced).collect())
    }
}

/// Folds the entries of one form's record.
pub fn form<'a>(record: RecordId, entries: impl IntoIterator<Item = &'a Opened>, team: &Team) -> FormState {
    let (ground, entries) = lay_ground(record, entries, team, &[kind::FORM]);
    let versions = ground
        .graph
        .order()
        .iter()
        .filter_map(|node| entries.get(node))
        .filter_map(|entry| match &entry.content {
            Content::Form(form) => Some(VersionState {
                entry: entry.hash,
                author: entry.author,
                at: entry.at,
                form: form.as_ref().clone(),
            }),
            _ => None,
        })
        .collect();
    let mut state = FormState { ground, versions, newest: Newest::None };
    let hashes: Vec<FormHash> = state.versions.iter().map(|v| v.form.hash).collect();
    state.newest = state.newest_of(&hashes);
    state
}
