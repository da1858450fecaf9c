//! The quick way to read a sitting, which is by far the most frequent and the longest content: straight into its struct.
//!
//! It reads only what is plainly well-formed and within limits, and then comes to the same as the whole way. Of everything
//! else it says nothing, and the whole way decides what it is.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::content::{MAX_DEPTH, MAX_ITEMS, MAX_TEXT, VERSION};
use crate::kinds::Interview;

/// A sitting, if its bytes are plainly one of this version.
pub(crate) fn interview(bytes: &[u8]) -> Option<Interview> {
    let mut version = None;
    let mut json = serde_json::Deserializer::from_slice(bytes);
    Look { depth: MAX_DEPTH, version: Some(&mut version) }.deserialize(&mut json).ok()?;
    json.end().ok()?;
    if version != Some(VERSION) {
        return None;
    }
    serde_json::from_slice(bytes).ok()
}

/// Looks at a value without keeping it: that it can be read as JSON, and stays within the limits.
struct Look<'a> {
    /// How much deeper it may go.
    depth: usize,
    /// Of the outermost object: where to put the version.
    version: Option<&'a mut Option<u64>>,
}

impl Look<'_> {
    fn below(&self) -> Look<'static> {
        Look { depth: self.depth.saturating_sub(1), version: None }
    }
}

impl<'de> DeserializeSeed<'de> for Look<'_> {
    type Value = Option<u64>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        if self.depth == 0 {
            return Err(D::Error::custom("too deep"));
        }
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Look<'_> {
    /// The number, where it is one that a version can be.
    type Value = Option<u64>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON within limits")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Some(number))
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        if text.len() > MAX_TEXT { Err(E::custom("too long")) } else { Ok(None) }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut found = 0;
        while list.next_element_seed(self.below())?.is_some() {
            found += 1;
            if found > MAX_ITEMS {
                return Err(A::Error::custom("too many"));
            }
        }
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut object: A) -> Result<Self::Value, A::Error> {
        let mut found = 0;
        while let Some(is_version) = object.next_key_seed(Key)? {
            found += 1;
            if found > MAX_ITEMS {
                return Err(A::Error::custom("too many"));
            }
            // Members of the outermost object have the whole depth before them, as in the whole way.
            let value = match &self.version {
                Some(_) => Look { depth: self.depth, version: None },
                None => self.below(),
            };
            let number = object.next_value_seed(value)?;
            if let Some(version) = self.version.as_mut().filter(|_| is_version) {
                // Which of two would hold is not asked here.
                if version.is_some() || number.is_none() {
                    return Err(A::Error::custom("not one version"));
                }
                **version = number;
            }
        }
        Ok(None)
    }
}

/// Whether a key is that of the version.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<bool, D::Error> {
        from.deserialize_str(self)
    }
}

impl Visitor<'_> for Key {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<bool, E> {
        Ok(key == "v")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Content, kind};
    use proptest::prelude::*;

    const SITTING: &str = r#"{"v":1,"form":"0101010101010101010101010101010101010101010101010101010101010101",
        "changes":[{"field":"/a/b","answer":{"v":"x\u4e00"}},{"field":"/a/c","answer":null,"auto":true},
        {"field":"/a/d","answer":{"na":"refused"},"note":"n","other":[1,-2,3.5,{}]}],"stage":"finalised",
        "sitting":{"started":{"ms":1,"offset":480},"ended":{"ms":2,"offset":480}},"later":{"deep":[[[]]]}}"#;

    /// Whatever the quick way reads, the whole way reads as the same.
    fn check(bytes: &[u8]) -> Result<bool, TestCaseError> {
        let Some(quick) = interview(bytes) else { return Ok(false) };
        let whole = Content::decode_whole(kind::INTERVIEW, bytes);
        let quick = crate::content::check_interview(Box::new(quick)).map(Content::Interview);
        prop_assert_eq!(quick, whole);
        Ok(true)
    }

    #[test]
    fn an_ordinary_sitting_goes_the_quick_way() {
        assert!(check(SITTING.as_bytes()).unwrap());
    }

    #[test]
    fn what_is_not_plain_goes_the_whole_way() {
        #[track_caller]
        fn whole(from: &str, to: &str) {
            let changed = SITTING.replacen(from, to, 1);
            assert_ne!(changed, SITTING);
            assert!(!check(changed.as_bytes()).unwrap(), "{to}");
        }
        whole(r#""v":1"#, r#""v":2"#);
        whole(r#""v":1"#, r#""v":1,"v":1"#);
        whole(r#""v":1"#, r#""v":1.0"#);
        whole(r#""v":1"#, r#""w":1"#);
        whole(r#""stage":"finalised""#, r#""stage":"paused","stage":"finalised""#);
        whole(r#""later":{"#, r#""later":1e999,"more":{"#);
        whole(r#"[[[]]]"#, &format!("{}{}", "[".repeat(40), "]".repeat(40)));
        whole(r#""other""#, r#""field""#);
    }

    proptest! {
        #[test]
        fn both_ways_come_to_the_same(at in 0..SITTING.len(), with in any::<u8>(), cut in 0..40_usize) {
            let mut bytes = SITTING.as_bytes().to_vec();
            bytes[at] = with;
            check(&bytes)?;
            let mut bytes = SITTING.as_bytes().to_vec();
            bytes.drain(at..(at + cut).min(SITTING.len()));
            check(&bytes)?;
            let mut bytes = SITTING.as_bytes().to_vec();
            let part = SITTING.as_bytes()[at..(at + cut).min(SITTING.len())].to_vec();
            bytes.splice(at..at, part);
            check(&bytes)?;
        }
    }
}
