//! What an interview says of entities, all its sittings together.

use super::record::Ground;
use super::said::writers;
use crate::graph::Node;
use crate::kinds::{EntityAct, EntityWrite, Told};
use crate::{Content, Opened, Private};
use std::collections::{BTreeMap, BTreeSet};
use tianye_journal::EntryHash;

/// The column of the act itself.
pub(crate) const ACT: &str = "name";
/// The word of an act that creates.
pub(crate) const CREATE: &str = "create";
/// The column of an entity's name for people.
pub(crate) const LABEL: &str = "label";

/// List, entity, column.
pub(crate) type Column = (String, String, String);

/// Of all sittings that said something, what none after it says otherwise. A later sitting that says no more of an entity
/// takes back what the interview said of it; one that says the same leaves the word with the entry that said it first, so
/// that correcting an interview does not undo what others made of its entities.
///
/// The second value says whether the record came to something else since, without a sitting that finalised it: a decision
/// between its answers, or two finalised sittings that did not see each other.
pub(crate) fn told(ground: &Ground, entries: &BTreeMap<Node, &Opened>) -> (Told, bool) {
    let acting: BTreeMap<Node, (&Opened, &[EntityAct])> = entries
        .iter()
        .filter_map(|(node, entry)| match &entry.content {
            Content::Interview(sitting) if ground.erasures.iter().all(|erasure| sitting.erased.contains(erasure)) => {
                Some((*node, (*entry, sitting.entities.as_deref()?)))
            }
            _ => None,
        })
        .collect();
    let mut told = Told { erased: ground.erasures.iter().copied().collect(), ..Told::nothing(ground.record) };
    if acting.is_empty() {
        return (told, false);
    }
    told.entries = acting.values().map(|(entry, _)| entry.hash).collect();
    told.entries.sort_unstable();
    let mut said: BTreeMap<Column, BTreeMap<Node, (String, BTreeSet<EntryHash>)>> = BTreeMap::new();
    for (node, (_, acts)) in &acting {
        for (column, value, saw) in acts.iter().flat_map(columns) {
            // Of two rows about one entity the later holds; what was created stays created.
            let created = column.2 == ACT && value != CREATE;
            let (held, seen) = said.entry(column).or_default().entry(*node).or_default();
            if !(created && held == CREATE) {
                *held = value;
            }
            seen.extend(saw);
        }
    }
    for ((list, id, column), said) in said {
        let word = |node: Node| {
            let value = said.get(&node).map(|(value, _)| value.as_str());
            acting.contains_key(&node).then_some((value, false))
        };
        let writers: Vec<Node> = writers(&ground.graph, &None, word).into_iter().collect();
        let current = ground.graph.maximal(&writers);
        for node in writers {
            let (Some((value, saw)), Some((entry, _))) = (said.get(&node), acting.get(&node)) else { continue };
            let sight = ground.graph.sight(node);
            let own = acting.iter().filter(|(other, _)| sight[**other]).map(|(_, (entry, _))| entry.hash);
            let saw: BTreeSet<EntryHash> = saw.iter().copied().chain(own).collect();
            told.writes.push(EntityWrite {
                list: list.clone(),
                id: id.clone(),
                column: column.clone(),
                value: Private(value.clone()),
                entry: entry.hash,
                author: entry.author,
                at: entry.at,
                past: !current.contains(&node),
                saw: saw.into_iter().collect(),
            });
        }
    }
    let nodes: Vec<Node> = acting.keys().copied().collect();
    let last = ground.graph.maximal(&nodes);
    let sights: Vec<Vec<bool>> = last.iter().map(|node| ground.graph.sight(*node)).collect();
    let mut since =
        entries.iter().filter(|(node, _)| !last.contains(node) && sights.iter().all(|sight| !sight[**node]));
    let going_on =
        |entry: &Opened| matches!(&entry.content, Content::Interview(sitting) if !sitting.changes.is_empty());
    let decision = |entry: &Opened| matches!(entry.content, Content::Decision(_));
    let unfinished = since.clone().any(|(_, entry)| going_on(entry));
    let moved_on = last.len() > 1 || since.any(|(_, entry)| decision(entry));
    (told, moved_on && !unfinished)
}

/// What an act says, by column. A creation needs a UUID; without one it says nothing.
pub(crate) fn columns(act: &EntityAct) -> Vec<(Column, String, Vec<EntryHash>)> {
    let id = plain_id(&act.id);
    if act.list.is_empty() || id.is_empty() || (act.create && !act.update && !is_uuid(&id)) {
        return Vec::new();
    }
    let act_word = if act.create { CREATE } else { "update" };
    let label = act.label.iter().map(|label| (LABEL, label.to_string()));
    let properties = act.properties.iter().filter(|(name, _)| !matches!(name.as_str(), ACT | LABEL | ""));
    let properties = properties.map(|(name, value)| (name.as_str(), value.to_string()));
    let all = std::iter::once((ACT, act_word.to_owned())).chain(label).chain(properties);
    let column = |name: &str| (act.list.clone(), id.clone(), name.to_owned());
    all.map(|(name, value)| (column(name), value, act.saw.clone())).collect()
}

/// An id without the prefix that some forms put before it. UUIDs are written in small letters.
pub(crate) fn plain_id(id: &str) -> String {
    let bare = id.trim().strip_prefix("uuid:").unwrap_or(id.trim());
    if is_uuid(bare) { bare.to_ascii_lowercase() } else { bare.to_owned() }
}

/// Whether it is written as RFC 4122 writes a UUID.
#[must_use]
pub fn is_uuid(text: &str) -> bool {
    let dash = |at| matches!(at, 8 | 13 | 18 | 23);
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| if dash(at) { byte == b'-' } else { byte.is_ascii_hexdigit() })
}
