//! The people of the project as a roster finds them again.

use super::Column;
use crate::duplicates::{folded, narrow, similar};
use crate::kinds::{Subject, SubjectKind, Tie};
use crate::project::ProjectState;
use std::collections::{BTreeMap, HashMap};
use tianye_journal::RecordId;

/// Everybody who is in the project, and who the roster has added, by what they are found by.
pub(super) struct Persons<'p> {
    project: &'p ProjectState,
    pub cards: BTreeMap<RecordId, Subject>,
    by_id: HashMap<String, Vec<RecordId>>,
    by_number: HashMap<(Option<RecordId>, String), Vec<RecordId>>,
    by_code: HashMap<String, Vec<RecordId>>,
    by_name: HashMap<(SubjectKind, Option<RecordId>, String), Vec<RecordId>>,
    /// For each child its ties, with the other person.
    ties: HashMap<RecordId, Vec<(RecordId, Tie)>>,
}

/// Whom a row is about.
pub(super) enum Found {
    /// Nobody who is here.
    Nobody,
    /// This one.
    One(RecordId),
    /// Several fit.
    Several,
    /// The number or code in this column belongs to this one, who has quite another name.
    Another(Column, RecordId),
}

impl<'p> Persons<'p> {
    pub fn new(project: &'p ProjectState, school_of: &dyn Fn(Option<RecordId>) -> Option<RecordId>) -> Self {
        let mut persons = Self {
            project,
            cards: BTreeMap::new(),
            by_id: HashMap::new(),
            by_number: HashMap::new(),
            by_code: HashMap::new(),
            by_name: HashMap::new(),
            ties: HashMap::new(),
        };
        let cards = project.subjects.iter().filter_map(|(record, state)| Some((*record, state.card.clone()?)));
        for (record, card) in cards {
            // Of linked cards the leading one is the person.
            if project.identities().leading(&record) == record {
                persons.put(record, card.clone(), school_of(card.site));
            }
        }
        for tie in project.ties.iter().filter_map(|(record, state)| Some((*record, state.card.clone()?))) {
            persons.tie(tie.0, tie.1);
        }
        persons
    }

    /// Adds somebody, or says what is known of somebody now.
    pub fn put(&mut self, record: RecordId, card: Subject, school: Option<RecordId>) {
        fn add<K: std::hash::Hash + Eq>(map: &mut HashMap<K, Vec<RecordId>>, key: K, record: RecordId) {
            let found = map.entry(key).or_default();
            if !found.contains(&record) {
                found.push(record);
            }
        }
        if let Some(id) = &card.id_number {
            add(&mut self.by_id, number(id), record);
        }
        if let Some(one) = &card.student_number {
            add(&mut self.by_number, (school.or(card.site), number(one)), record);
        }
        if !card.code.is_empty() {
            add(&mut self.by_code, number(&card.code), record);
        }
        add(&mut self.by_name, (card.kind.clone(), card.site, folded(&card.display_name)), record);
        self.cards.insert(record, card);
    }

    pub fn tie(&mut self, record: RecordId, tie: Tie) {
        if !tie.taken_back {
            self.ties.entry(tie.to).or_default().push((record, tie));
        }
    }

    /// Whom a row is about, by what it says: the surest first.
    pub fn find(&self, said: &Subject, school: Option<RecordId>) -> Found {
        let of_kind = |found: Option<&Vec<RecordId>>| -> Vec<RecordId> {
            let all = found.into_iter().flatten().copied();
            all.filter(|one| self.cards.get(one).is_some_and(|card| card.kind == said.kind)).collect()
        };
        if let Some(id) = &said.id_number
            && let [one] = of_kind(self.by_id.get(&number(id))).as_slice()
        {
            return Found::One(*one);
        }
        if let Some(one) = &said.student_number {
            let found = of_kind(self.by_number.get(&(school.or(said.site), number(one))));
            match found.as_slice() {
                [] => {}
                [one] => {
                    return if self.may_be(one, said) {
                        Found::One(*one)
                    } else {
                        Found::Another(Column::Number, *one)
                    };
                }
                _ => return Found::Several,
            }
        }
        if !said.code.is_empty() {
            let found = of_kind(self.by_code.get(&number(&said.code)));
            match found.as_slice() {
                [] => {}
                [one] => {
                    return if self.may_be(one, said) { Found::One(*one) } else { Found::Another(Column::Code, *one) };
                }
                _ => return Found::Several,
            }
        }
        let named = (said.kind.clone(), said.site, folded(&said.display_name));
        let mut found = of_kind(self.by_name.get(&named));
        found.retain(|one| self.cards.get(one).is_some_and(|card| agree(card, said)));
        match found.as_slice() {
            [] => Found::Nobody,
            [one] => Found::One(*one),
            _ => Found::Several,
        }
    }

    /// Whether somebody of this number may have this name.
    fn may_be(&self, record: &RecordId, said: &Subject) -> bool {
        let Some(card) = self.cards.get(record) else { return false };
        card.display_name.is_empty() || similar(&card.display_name, &said.display_name).is_some()
    }

    /// A guardian of this name: one who is tied to the child, or one who has the same telephone and stands in the same place.
    pub fn guardian(&self, child: &RecordId, said: &Subject) -> Option<(RecordId, Option<(RecordId, &Tie)>)> {
        let name = folded(&said.display_name);
        let meant = self.project.identities().all_of(child);
        let ties = meant.iter().chain([child]).filter_map(|one| self.ties.get(one)).flatten();
        let named = |one: &RecordId| self.cards.get(one).is_some_and(|card| folded(&card.display_name) == name);
        if let Some((record, tie)) = ties.clone().find(|(_, tie)| named(&tie.person)) {
            return Some((tie.person, Some((*record, tie))));
        }
        let contact = said.contact.as_deref().map(number)?;
        let here = self.by_name.get(&(SubjectKind::Guardian, said.site, name))?;
        let same = |one: &&RecordId| {
            let card = self.cards.get(*one);
            card.is_some_and(|card| card.contact.as_deref().map(number).as_ref() == Some(&contact))
        };
        here.iter().find(same).map(|one| (*one, None))
    }
}

/// Whether nothing that both say speaks against their being one.
fn agree(card: &Subject, said: &Subject) -> bool {
    fn differ(one: Option<&str>, other: Option<&str>, same: impl Fn(&str, &str) -> bool) -> bool {
        one.zip(other).is_some_and(|(one, other)| !same(one, other))
    }
    let numbers = |one: &str, other: &str| number(one) == number(other);
    // A date that is known in part agrees with each day in it.
    let dates = |one: &str, other: &str| one.starts_with(other) || other.starts_with(one);
    !(differ(card.id_number.as_deref(), said.id_number.as_deref(), numbers)
        || differ(card.student_number.as_deref(), said.student_number.as_deref(), numbers)
        || differ(card.birth_date.as_deref(), said.birth_date.as_deref(), dates)
        || differ(card.sex.as_deref(), said.sex.as_deref(), |one, other| one == other)
        || (!card.code.is_empty() && !said.code.is_empty() && number(&card.code) != number(&said.code)))
}

/// A number as it is compared.
pub(super) fn number(text: &str) -> String {
    text.chars().map(narrow).filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}
