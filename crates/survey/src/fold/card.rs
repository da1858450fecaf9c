//! A card: the merge of its entries, key by key.
//!
//! An entry *writes* a key if it carries it and says something else than what its parents together say. So a laptop may
//! save a whole card without touching what another laptop changed in the meantime. Where its parents are in conflict
//! about a key, whatever it says is a write: it was on the screen, and a person saved it.
//!
//! Cards do not say what was missing when they were written (interviews do): they go to the whole team. An edit goes on with
//! what is here whole, so what was missing is beside it and not before it.

use super::interview::taken_back;
use super::record::{Ground, lay_ground};
use super::said::writers;
use crate::card::{Card, OnCard};
use crate::graph::Node;
use crate::kinds::Decision;
use crate::rights::Team;
use crate::writes::{Conflict, FieldState, Step, Write, WrittenBy};
use crate::{Answer, At, Content, Field, Opened, Private, kind};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use tianye_journal::{EntryHash, MAX_PARENTS, PersonId, RecordId};

/// What the entries of a card come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardState<T> {
    /// Graph, heads, and what has no effect.
    pub ground: Ground,
    /// The card. Keys in conflict show what stood before, or else the least text. `None` while a necessary key is
    /// missing, and of a record that was erased whole.
    pub card: Option<T>,
    /// Every key that was ever written.
    pub fields: BTreeMap<Field, FieldState>,
    /// What a person must decide, by key.
    pub conflicts: Vec<Conflict>,
}

/// Of a card what lists show, for cards that a project has by the thousand. The rest is folded from its entries where it is
/// needed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptCard<T> {
    /// The card; see [`CardState::card`].
    pub card: Option<T>,
    /// Who wrote on it first, and when, by that laptop's clock.
    pub begun: Option<(PersonId, At)>,
    /// What a person must decide, by key. Not written down: a card with conflicts is to be folded again.
    #[serde(skip)]
    pub conflicts: Vec<Conflict>,
}

impl<T> From<CardState<T>> for KeptCard<T> {
    fn from(state: CardState<T>) -> Self {
        let firsts = state.fields.values().filter_map(|field| field.writes().first());
        let first = firsts.min_by_key(|write| (write.at.ms, write.entry)).map(|write| (write.author, write.at));
        Self { card: state.card, begun: first, conflicts: state.conflicts }
    }
}

impl<T> CardState<T> {
    /// The parents of the next entry. What comes after an entry that is not here yet is left out while anything else can be named:
    /// who went on with it would overrule words, a withdrawal perhaps, that nobody could show them.
    pub fn heads(&self) -> Vec<EntryHash> {
        let whole = if self.ground.missing().is_empty() { Vec::new() } else { self.ground.graph.whole_heads() };
        if whole.is_empty() || whole.len() > MAX_PARENTS { self.ground.heads() } else { whole }
    }

    /// The decision of a conflict: its entry's parents are the heads.
    pub fn decide(&self, conflict: &Conflict, chosen: Answer, reason: impl Into<Private>) -> Decision {
        Decision { unseen: self.unseen(), ..Decision::between(conflict, chosen, reason) }
    }

    /// The decision of a key, if one holds now.
    pub fn decided(&self, field: &Field) -> Option<&Write> {
        self.fields.get(field)?.decided()
    }

    /// Takes the decision of a key back, so that it can be decided again. `None` when no decision holds.
    pub fn take_back(&self, field: &Field, reason: impl Into<Private>) -> Option<Decision> {
        let decided = self.decided(field)?;
        Some(Decision { unseen: self.unseen(), ..Decision::taking_back(field, decided, reason) })
    }

    /// A key's history, with what each author had not seen.
    pub fn history(&self, field: &Field) -> Vec<Step> {
        self.fields.get(field).map(|state| state.history(&self.ground.graph)).unwrap_or_default()
    }

    /// Its keys, whatever card they are on.
    pub fn keys(self) -> CardState<()> {
        let Self { ground, fields, conflicts, .. } = self;
        CardState { ground, card: None, fields, conflicts }
    }

    fn unseen(&self) -> Vec<EntryHash> {
        self.ground.unseen()
    }
}

impl<T: OnCard> CardState<T> {
    /// What the next entry carries so that the card becomes this one: the keys that differ from what is shown. A key in
    /// conflict that is left as shown stays in conflict.
    pub fn edit(&self, after: &T) -> Card<T> {
        match &self.card {
            Some(before) => Card::changes(before, after),
            None => Card::whole(after),
        }
    }
}

/// Folds the entries of one card. Entries of other records are passed over; order and repetition do not matter.
pub fn card<'a, T: OnCard>(
    record: RecordId,
    entries: impl IntoIterator<Item = &'a Opened>,
    team: &Team,
) -> CardState<T> {
    let (ground, entries) = lay_ground(record, entries, team, &[T::KIND, kind::DECISION]);
    let mut said: BTreeMap<String, BTreeMap<Node, (&Opened, Value, bool)>> = BTreeMap::new();
    let mut values: BTreeMap<(String, Answer), Value> = BTreeMap::new();
    for (node, entry) in &entries {
        if let Some(card) = T::of(&entry.content) {
            for (key, value) in &card.0 {
                values.insert((key.clone(), as_answer(value)), value.clone());
                said.entry(key.clone()).or_default().insert(*node, (entry, value.clone(), false));
            }
        }
    }
    let taken_back = taken_back(&entries.iter().map(|(node, entry)| (*node, entry.as_ref())).collect());
    for (node, entry) in &entries {
        if let Content::Decision(decision) = &entry.content {
            if decision.takes_back || taken_back.contains(&entry.hash) {
                continue;
            }
            let key = decision.field.as_str().to_owned();
            let chosen = values.get(&(key.clone(), decision.chosen.clone())).cloned();
            let value = chosen.unwrap_or_else(|| decision.chosen.value().map_or(Value::Null, Value::from));
            said.entry(key).or_default().insert(*node, (entry, value, true));
        }
    }
    let mut fields = BTreeMap::new();
    let mut merged = Map::new();
    for (key, said) in said {
        let writes = written(&ground, &said);
        if writes.is_empty() {
            continue;
        }
        let state = FieldState::of(&ground.graph, writes);
        let standing = state.standing();
        let value = said.values().map(|(_, value, _)| value).find(|value| as_answer(value) == *standing);
        merged.insert(key.clone(), value.cloned().unwrap_or_default());
        fields.insert(Field::new(key), state);
    }
    let conflicts = fields
        .iter()
        .filter(|(_, state)| state.settled().is_none())
        .map(|(field, state)| Conflict {
            field: field.clone(),
            writes: state.current().cloned().collect(),
            base: state.base().cloned(),
            edits: Vec::new(),
            keep: None,
        })
        .collect();
    // A key that says null or that nobody wrote is the same to a reader; the struct's default holds.
    merged.retain(|_, value| !value.is_null());
    let card = Card::<T>::from_keys(merged).get().filter(|_| !ground.is_erased);
    CardState { ground, card, fields, conflicts }
}

/// A card's value as an answer: texts as they are, everything else as its JSON.
fn as_answer(value: &Value) -> Answer {
    match value {
        Value::Null => Answer::Blank,
        Value::String(text) => Answer::of(text),
        other => Answer::Value(other.to_string()),
    }
}

/// Of what entries said about a key, the writes.
fn written(ground: &Ground, said: &BTreeMap<Node, (&Opened, Value, bool)>) -> Vec<(Node, Write)> {
    let word = |node| said.get(&node).map(|(_, value, decision)| (as_answer(value), *decision));
    let writers = writers(&ground.graph, &Answer::Blank, word);
    let write = |node| {
        let (entry, value, decision) = said.get(&node)?;
        let note = match &entry.content {
            Content::Decision(decision) => Some(decision.reason.clone()),
            _ => None,
        };
        let by = if *decision { WrittenBy::Decision } else { WrittenBy::Answer };
        Some((node, Write::new(entry, as_answer(value), note, by)))
    };
    writers.into_iter().filter_map(write).collect()
}
