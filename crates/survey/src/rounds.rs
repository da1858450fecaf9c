//! Once more: a family that agreed to a questionnaire has not agreed that the team comes again.

use crate::kinds::Purpose;
use std::collections::BTreeMap;
use tianye_journal::RecordId;

/// Whether a form is filled with somebody for the first time, or once more on a later day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Round {
    /// For the first time, as far as is known; what is begun on the same day is the same visit.
    First,
    /// Once more.
    Later,
}

impl Round {
    /// To what must be agreed for a form that is filled for these purposes. Who comes again to ask or to talk with one person needs
    /// a yes to coming again too; sessions of a group and activities are a row of days from the beginning, and are asked for so.
    pub fn asks(self, mut purposes: Vec<Purpose>) -> Vec<Purpose> {
        let visits = purposes.iter().any(|one| matches!(one, Purpose::Questionnaire | Purpose::Interview));
        if self == Self::Later && visits && !purposes.contains(&Purpose::FollowUp) {
            purposes.push(Purpose::FollowUp);
        }
        purposes
    }
}

/// The first day on which each form was begun with each respondent. Days are those of the laptops' clocks: with a wrong
/// one the second may be taken for the first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rounds(BTreeMap<String, BTreeMap<RecordId, String>>);

impl Rounds {
    /// Notes that a form (`form_id`) was begun with somebody (the leading card) on a day (`YYYY-MM-DD`). Of an unknown day nothing
    /// is said.
    pub fn note(&mut self, form_id: &str, subject: RecordId, day: &str) {
        if day.is_empty() {
            return;
        }
        if !self.0.contains_key(form_id) {
            self.0.insert(form_id.to_owned(), BTreeMap::new());
        }
        let Some(of_form) = self.0.get_mut(form_id) else { return };
        let first = of_form.entry(subject).or_insert_with(|| day.to_owned());
        if day < first.as_str() {
            day.clone_into(first);
        }
    }

    /// Which round of a form with somebody is begun on a day.
    pub fn on(&self, form_id: &str, subject: RecordId, day: &str) -> Round {
        match self.0.get(form_id).and_then(|of_form| of_form.get(&subject)) {
            Some(first) if first.as_str() < day => Round::Later,
            _ => Round::First,
        }
    }
}
