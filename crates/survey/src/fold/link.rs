//! A pair: what people said that two records are to each other.

use super::record::{Ground, Ignored, IgnoredWhy, lay_ground};
use super::said::writers;
use crate::graph::Node;
use crate::kinds::{Link, LinkAct, Pair};
use crate::rights::Team;
use crate::writes::{FieldState, Write, WrittenBy};
use crate::{Answer, Content, Opened, kind};
use serde::Serialize;
use std::collections::BTreeMap;
use tianye_journal::{EntryHash, RecordId};

/// What two records are to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ruling {
    /// Nobody has judged them, or it was taken back.
    Open,
    /// Different, for good.
    Apart,
    /// The same; this one leads.
    Linked(RecordId),
}

/// What the entries of a pair come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkState {
    /// Graph, heads, and what has no effect.
    pub ground: Ground,
    /// The two; `None` while nothing that has effect is here.
    pub pair: Option<Pair>,
    /// All words, as writes of one field: each with its reason as the note.
    pub words: FieldState,
    /// What each word means, by its entry.
    rulings: BTreeMap<EntryHash, Option<Ruling>>,
}

impl LinkState {
    /// The parents of the next entry.
    pub fn heads(&self) -> Vec<EntryHash> {
        self.ground.heads()
    }

    /// What the words come to; `None` while people say different things, or something that this version does not know: a
    /// person must decide, and until then the two are not linked.
    pub fn ruling(&self) -> Option<Ruling> {
        let Some(word) = self.words.current().next() else { return Some(Ruling::Open) };
        self.words.settled().and_then(|_| self.meaning(word))
    }

    /// What one word means; `None` for one that this version does not know.
    pub fn meaning(&self, word: &Write) -> Option<Ruling> {
        self.rulings.get(&word.entry).copied().flatten()
    }
}

/// Folds the entries of one pair's record. An entry that names another pair than that of the record has no effect.
pub fn link<'a>(record: RecordId, entries: impl IntoIterator<Item = &'a Opened>, team: &Team) -> LinkState {
    let (mut ground, entries) = lay_ground(record, entries, team, &[kind::LINK]);
    let mut pair = None;
    let mut said: BTreeMap<Node, (&Opened, &Link)> = BTreeMap::new();
    for (node, entry) in &entries {
        let Content::Link(link) = &entry.content else { continue };
        let named = Pair::of(link.records[0], link.records[1]).filter(|named| named.record() == record);
        if named.is_some() {
            pair = named;
            said.insert(*node, (entry, link));
        } else {
            ground.ignored.push(Ignored { entry: entry.hash, kind: entry.kind, why: IgnoredWhy::Impossible });
        }
    }
    // A word that repeats what stood is none, so that two leads may both look at what one has said.
    let writers = writers(&ground.graph, &Answer::Blank, |node| Some((as_answer(said.get(&node)?.1), false)));
    let writes = writers.into_iter().filter_map(|node| {
        let (entry, link) = said.get(&node)?;
        Some((node, Write::new(entry, as_answer(link), Some(link.reason.clone()), WrittenBy::Decision)))
    });
    let words = FieldState::of(&ground.graph, writes.collect());
    let rulings = said.values().map(|(entry, link)| (entry.hash, ruling(link))).collect();
    LinkState { ground, pair, words, rulings }
}

fn ruling(link: &Link) -> Option<Ruling> {
    match link.act {
        LinkAct::Linked => link.leading.map(Ruling::Linked),
        LinkAct::Apart => Some(Ruling::Apart),
        LinkAct::Open => Some(Ruling::Open),
        LinkAct::Other(_) => None,
    }
}

/// What a word says, so that two can be compared.
fn as_answer(link: &Link) -> Answer {
    match (&link.act, link.leading) {
        (LinkAct::Open, _) => Answer::Blank,
        (LinkAct::Linked, Some(leading)) => Answer::Value(format!("linked {leading}")),
        (act, _) => Answer::Value(act.as_str().to_owned()),
    }
}
