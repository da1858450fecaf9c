//! Answers and other words of people: what they are in a record, and how they stay out of logs.

use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::Deref;
use tianye_xform::{Given, NonAnswer};

/// What a field was given in one write.
///
/// In JSON: `{"v":"text"}` a value in XForms lexical form (select-multiple: names parted by one space), `null` cleared,
/// `{"na":"code"}` a declared non-answer ("refused", "do not know"). Two answers are the same when they are equal here,
/// character by character; so writers must write the canonical form of the form engine.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Answer {
    /// Cleared; for a repeat row: removed.
    #[default]
    Blank,
    /// A value in XForms lexical form; never empty (an empty text reads as [`Answer::Blank`]).
    Value(String),
    /// A declared non-answer, by its code.
    NonAnswer(String),
}

impl Answer {
    /// The answer for a text as the form engine holds it: an empty text is blank.
    pub fn of(text: &str) -> Self {
        if text.is_empty() { Self::Blank } else { Self::Value(text.to_owned()) }
    }

    /// The value's text; `None` for blank and for a declared non-answer.
    pub fn value(&self) -> Option<&str> {
        match self {
            Self::Value(text) => Some(text),
            Self::Blank | Self::NonAnswer(_) => None,
        }
    }

    /// What a session of the form engine takes for it. A non-answer that this version does not know is blank there, and
    /// stays in the record as it is.
    pub fn given(&self) -> Given {
        match self {
            Self::Blank => Given::Blank,
            Self::Value(text) => Given::from(text.as_str()),
            Self::NonAnswer(code) => NonAnswer::of_code(code).map(Given::NonAnswer).unwrap_or_default(),
        }
    }

    /// Whether the field was cleared.
    pub fn is_blank(&self) -> bool {
        matches!(self, Self::Blank)
    }
}

impl From<&Given> for Answer {
    fn from(given: &Given) -> Self {
        match given {
            Given::Blank => Self::Blank,
            Given::Value(text) => Self::of(text),
            Given::NonAnswer(non_answer) => Self::NonAnswer(non_answer.code().to_owned()),
        }
    }
}

/// Says which of the three it is, and never the words.
impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Blank => "Blank",
            Self::Value(_) => "Value(…)",
            Self::NonAnswer(_) => "NonAnswer(…)",
        })
    }
}

impl Serialize for Answer {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let (key, text) = match self {
            Self::Blank => return s.serialize_none(),
            Self::Value(text) => ("v", text),
            Self::NonAnswer(code) => ("na", code),
        };
        let mut map = s.serialize_map(Some(1))?;
        map.serialize_entry(key, text)?;
        map.end()
    }
}

impl<'de> Deserialize<'de> for Answer {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_option(Read)
    }
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "lowercase")]
enum Key {
    V,
    Na,
    #[serde(other)]
    Other,
}

/// Reads an answer; of a key that stands twice the later holds, and other keys are passed over.
struct Read;

impl<'de> Visitor<'de> for Read {
    type Value = Answer;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("null, {\"v\":text} or {\"na\":code}")
    }

    fn visit_none<E: Error>(self) -> Result<Answer, E> {
        Ok(Answer::Blank)
    }

    fn visit_unit<E: Error>(self) -> Result<Answer, E> {
        Ok(Answer::Blank)
    }

    fn visit_some<D: Deserializer<'de>>(self, d: D) -> Result<Answer, D::Error> {
        d.deserialize_map(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Answer, A::Error> {
        let (mut text, mut code) = (None, None);
        while let Some(key) = object.next_key::<Key>()? {
            let value: serde_json::Value = object.next_value()?;
            match key {
                Key::V => text = Some(value),
                Key::Na => code = Some(value),
                Key::Other => {}
            }
        }
        match (text, code) {
            (Some(serde_json::Value::String(text)), None) if text.is_empty() => Ok(Answer::Blank),
            (Some(serde_json::Value::String(text)), None) => Ok(Answer::Value(text)),
            (None, Some(serde_json::Value::String(code))) => Ok(Answer::NonAnswer(code)),
            _ => Err(A::Error::custom("an answer is null, {\"v\":text} or {\"na\":code}")),
        }
    }
}

/// Words about or by a person (a name, a note, a reason): an ordinary text that `Debug` does not show.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Private(pub String);

impl fmt::Debug for Private {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "(empty)" } else { "(…)" })
    }
}

impl Deref for Private {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Private {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for Private {
    fn from(text: String) -> Self {
        Self(text)
    }
}
