//! Cards: contents that are written key by key.
//!
//! A project, person, site, respondent, assignment, consent or tie is a small card that people edit. Two laptops may change
//! different lines of one card; so an entry carries its lines as JSON keys, all of them or only those that changed, and
//! the lines merge one by one.

use crate::content::{Content, ContentError, object_of};
use crate::kinds::{
    Assignment, Consent, ConsentAct, Contacts, Exported, Member, Project, Relation, Role, Site, SiteKind, Subject,
    SubjectKind, Tie,
};
use crate::{Private, kind};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::fmt;
use std::marker::PhantomData;
use tianye_journal::{PersonId, RecordId};

/// The keys of a card that an entry carries.
///
/// `Debug` shows the keys and not what they say.
#[derive(Clone, PartialEq, Eq)]
pub struct Card<T>(pub(crate) Map<String, Value>, PhantomData<T>);

/// What can be written on a card.
pub trait OnCard: Serialize + DeserializeOwned + Clone + fmt::Debug + PartialEq {
    /// Number of the kind.
    const KIND: u16;

    /// A card with every key, against which single keys are checked.
    #[doc(hidden)]
    fn sample() -> Self;

    /// The card of this kind in a content.
    fn of(content: &Content) -> Option<&Card<Self>>;
}

impl<T: OnCard> Card<T> {
    /// All keys, as for a new record.
    pub fn whole(card: &T) -> Self {
        Self(object_of(card), PhantomData)
    }

    /// Only the keys in which the two differ. Empty when they do not.
    pub fn changes(before: &T, after: &T) -> Self {
        let before = object_of(before);
        let mut after = object_of(after);
        // A key that a card leaves out where it says nothing is written as null when it said something before.
        let emptied: Vec<String> = before.keys().filter(|key| !after.contains_key(*key)).cloned().collect();
        after.retain(|key, value| before.get(key) != Some(value));
        after.extend(emptied.into_iter().map(|key| (key, Value::Null)));
        Self(after, PhantomData)
    }

    /// Whether it carries nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The keys it carries, in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Reads the keys as a whole card; `None` if a necessary one is missing.
    pub fn get(&self) -> Option<T> {
        serde_json::from_value(Value::Object(self.0.clone())).ok()
    }

    /// What the entry writes under one key; none where it carries none or something else.
    pub fn value<V: DeserializeOwned>(&self, key: &str) -> Option<V> {
        serde_json::from_value(self.0.get(key)?.clone()).ok()
    }

    pub(crate) fn from_keys(keys: Map<String, Value>) -> Self {
        Self(keys, PhantomData)
    }

    /// Takes the keys of an entry after each was checked against the kind.
    pub(crate) fn read(keys: Map<String, Value>) -> Result<Self, ContentError> {
        let mut whole = object_of(&T::sample());
        whole.extend(keys.clone());
        // What says null is what nobody wrote; a key without which there is no card must say something.
        whole.retain(|_, value| !value.is_null());
        match serde_json::from_value::<T>(Value::Object(whole)) {
            Ok(_) => Ok(Self(keys, PhantomData)),
            Err(_) => Err(ContentError::Shape { kind: T::KIND, line: 0, column: 0 }),
        }
    }
}

impl<T> fmt::Debug for Card<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Card")?;
        f.debug_set().entries(self.0.keys()).finish()
    }
}

macro_rules! on_card {
    ($name:ident, $kind:ident, $sample:expr) => {
        impl OnCard for $name {
            const KIND: u16 = kind::$kind;

            fn sample() -> Self {
                $sample
            }

            fn of(content: &Content) -> Option<&Card<Self>> {
                match content {
                    Content::$name(card) => Some(card),
                    _ => None,
                }
            }
        }
    };
}

const NOBODY: PersonId = PersonId::from_bytes([0; 16]);
const NOTHING: RecordId = RecordId::from_bytes([0; 16]);

on_card!(Project, PROJECT, Self::default());
on_card!(Assignment, ASSIGNMENT, Self::default());
on_card!(Member, MEMBER, Self::new(NOBODY, Private::default(), Role::Interviewer));
on_card!(Site, SITE, Self::new(SiteKind::Village, crate::kinds::Names::default()));
on_card!(Subject, SUBJECT, Self::new(SubjectKind::Pupil, ""));
on_card!(Tie, TIE, Self::new(NOTHING, NOTHING, Relation::Unsaid));
on_card!(Contacts, CONTACTS, Self::default());
on_card!(Exported, EXPORTED, Self::default());
on_card!(Consent, CONSENT, Self::new(NOTHING, ConsentAct::Refused));
