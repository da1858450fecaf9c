//! What is remarked on answers without ever hindering anybody: soft checks that were confirmed, questions that were left
//! too soon.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, FixedOffset};
use serde_json::Value;
use tianye_survey::{Answer, Attachment, Confirmation, Haste};

/// What is remarked on one answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Remarked {
    /// The soft check was confirmed.
    pub confirmed: Option<Confirmation>,
    /// The question was left too soon.
    pub haste: Option<Haste>,
}

/// What is remarked, by field.
pub type Remarks = BTreeMap<String, Remarked>;

/// An answer as the draft log keeps it: its JSON, with the file that it names and what is remarked on it under keys of
/// their own. So a file and the answer that names it are never kept one without the other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    /// The answer.
    pub answer: Answer,
    /// The file that it names.
    pub file: Option<Attachment>,
    /// What is remarked on it.
    pub remarked: Remarked,
}

impl Kept {
    /// An answer on which nothing is remarked.
    #[must_use]
    pub fn plain(answer: Answer) -> Self {
        Self { answer, file: None, remarked: Remarked::default() }
    }

    /// Reads what the draft log has.
    #[must_use]
    pub fn of_json(json: Option<&str>) -> Self {
        let value: Value = json.and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default();
        let part = |key: &str| value.get(key).cloned().unwrap_or_default();
        let confirmed: Option<Confirmation> = serde_json::from_value(part("confirmed")).unwrap_or_default();
        let haste = serde_json::from_value(part("haste")).unwrap_or_default();
        let file: Option<Attachment> = serde_json::from_value(part("file")).unwrap_or_default();
        let answer: Answer = serde_json::from_value(value).unwrap_or_default();
        // A confirmation is for one answer only.
        let confirmed = confirmed.filter(|confirmed| confirmed.of == answer);
        let file = file.filter(|file| answer.value() == Some(&file.name));
        Self { answer, file, remarked: Remarked { confirmed, haste } }
    }

    /// What the draft log keeps. Nothing is remarked on a blank.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut value = serde_json::to_value(&self.answer).unwrap_or_default();
        if let Value::Object(map) = &mut value {
            let mut put = |key: &str, part: Option<Value>| part.map(|part| map.insert(key.to_owned(), part));
            put("file", self.file.as_ref().and_then(|it| serde_json::to_value(it).ok()));
            put("confirmed", self.remarked.confirmed.as_ref().and_then(|it| serde_json::to_value(it).ok()));
            put("haste", self.remarked.haste.as_ref().and_then(|it| serde_json::to_value(it).ok()));
        }
        value.to_string()
    }
}

/// How long each question was looked at: from when it appeared, or from the answer before it, to its own answer; on a page
/// of its own, to leaving the page.
#[derive(Debug, Clone)]
pub struct Watch {
    last: DateTime<FixedOffset>,
    milliseconds: BTreeMap<String, i64>,
    answered: BTreeSet<String>,
}

impl Watch {
    /// A watch that starts now.
    #[must_use]
    pub fn start(now: DateTime<FixedOffset>) -> Self {
        Self { last: now, milliseconds: BTreeMap::new(), answered: BTreeSet::new() }
    }

    /// A question was answered.
    pub fn answered(&mut self, field: &str, now: DateTime<FixedOffset>) {
        self.lap(Some(field), now);
        self.answered.insert(field.to_owned());
    }

    /// The page is left; `alone` is its question, where it has but one. Gives the fields that were answered on it with the
    /// whole seconds spent on each.
    pub fn leave(&mut self, alone: Option<&str>, now: DateTime<FixedOffset>) -> Vec<(String, u32)> {
        self.lap(alone, now);
        let spent = |field: String| {
            let spent = self.milliseconds.get(&field).copied().unwrap_or(0) / 1000;
            (field, u32::try_from(spent).unwrap_or(u32::MAX))
        };
        std::mem::take(&mut self.answered).into_iter().map(spent).collect()
    }

    /// A clock that was put back says nothing about the time that passed: such a lap is left out.
    fn lap(&mut self, field: Option<&str>, now: DateTime<FixedOffset>) {
        let passed = (now - self.last).num_milliseconds().max(0);
        self.last = now;
        if let Some(field) = field {
            *self.milliseconds.entry(field.to_owned()).or_default() += passed;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(json: &str, answer: &str, confirmed: Option<&str>, haste: Option<u32>) {
        let kept = Kept::of_json(Some(json));
        assert_eq!(serde_json::to_string(&kept.answer).unwrap(), answer);
        assert_eq!(kept.remarked.confirmed.as_ref().map(|it| &*it.reason), confirmed);
        assert_eq!(kept.remarked.haste.map(|it| it.seconds), haste);
        assert_eq!(Kept::of_json(Some(&kept.to_json())), kept);
    }

    #[test]
    fn remarks_travel_with_their_answer() {
        check(r#"{"v":"17"}"#, r#"{"v":"17"}"#, None, None);
        check("null", "null", None, None);
        check(r#"{"na":"refused"}"#, r#"{"na":"refused"}"#, None, None);
        check(r#"{"v":"17","confirmed":{"of":{"v":"17"},"reason":"问过"}}"#, r#"{"v":"17"}"#, Some("问过"), None);
        check(r#"{"v":"18","confirmed":{"of":{"v":"17"},"reason":"问过"}}"#, r#"{"v":"18"}"#, None, None);
        check(r#"{"na":"refused","haste":{"seconds":1,"wanted":5}}"#, r#"{"na":"refused"}"#, None, Some(1));
        check(r#"{"v":"17","confirmed":3,"haste":"x","later":1}"#, r#"{"v":"17"}"#, None, None);
    }

    fn at(second: i64) -> DateTime<FixedOffset> {
        DateTime::from_timestamp(second, 0).unwrap().fixed_offset()
    }

    #[test]
    fn a_question_alone_is_watched_until_it_is_left() {
        let mut watch = Watch::start(at(0));
        watch.answered("/a", at(2));
        assert_eq!(watch.leave(Some("/a"), at(5)), [("/a".to_owned(), 5)]);
        assert_eq!(watch.leave(Some("/b"), at(9)), []);
        watch.answered("/a", at(10));
        assert_eq!(watch.leave(Some("/a"), at(11)), [("/a".to_owned(), 7)]);
    }

    #[test]
    fn questions_together_are_watched_from_answer_to_answer() {
        let mut watch = Watch::start(at(0));
        watch.answered("/a", at(3));
        watch.answered("/b", at(4));
        watch.answered("/a", at(6));
        assert_eq!(watch.leave(None, at(60)), [("/a".to_owned(), 5), ("/b".to_owned(), 1)]);
    }

    #[test]
    fn a_clock_that_is_put_back_takes_nothing_away() {
        let mut watch = Watch::start(at(100));
        watch.answered("/a", at(90));
        assert_eq!(watch.leave(Some("/a"), at(94)), [("/a".to_owned(), 4)]);
    }
}
