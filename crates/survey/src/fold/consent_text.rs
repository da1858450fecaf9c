//! The text that families are read for one activity: its versions, and which hold.

use super::record::{Ground, lay_ground};
use crate::graph::Node;
use crate::kinds::{ConsentText, FormHash};
use crate::rights::Team;
use crate::{Content, Opened, kind};
use std::collections::{BTreeMap, BTreeSet};
use tianye_journal::{EntryHash, RecordId};

/// What the entries of an activity's text come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextState {
    /// Graph, heads, and what has no effect.
    pub ground: Ground,
    /// Every version that was ever shown.
    pub versions: BTreeMap<FormHash, ConsentText>,
    /// The versions that no other was written over: normally one. Two that leads wrote beside each other both hold, since
    /// families were read one or the other.
    pub newest: BTreeSet<FormHash>,
}

impl TextState {
    /// The parents of the next version.
    pub fn heads(&self) -> Vec<EntryHash> {
        self.ground.heads()
    }

    /// The version that is shown.
    pub fn shown(&self) -> Option<(&FormHash, &ConsentText)> {
        self.newest.iter().find_map(|hash| Some((hash, self.versions.get(hash)?)))
    }

    /// Whether a card's `document` names a version that still holds.
    pub fn is_newest(&self, document: &str) -> bool {
        document.parse::<FormHash>().is_ok_and(|hash| self.newest.contains(&hash))
    }
}

/// Folds the entries of one activity's text.
pub fn consent_text<'a>(record: RecordId, entries: impl IntoIterator<Item = &'a Opened>, team: &Team) -> TextState {
    let (ground, entries) = lay_ground(record, entries, team, &[kind::CONSENT_TEXT]);
    let texts: BTreeMap<Node, &ConsentText> = entries
        .iter()
        .filter_map(|(node, entry)| match &entry.content {
            Content::ConsentText(text) => Some((*node, text.as_ref())),
            _ => None,
        })
        .collect();
    let versions = texts.values().map(|text| (text.version(), (*text).clone())).collect();
    let nodes: Vec<Node> = texts.keys().copied().collect();
    let newest = ground.graph.maximal(&nodes);
    let newest = newest.iter().filter_map(|node| texts.get(node)).map(|text| text.version()).collect();
    TextState { ground, versions, newest }
}
