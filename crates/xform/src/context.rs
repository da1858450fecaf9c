//! What the world outside hands in: [`Context`], [`Properties`], [`Media`].

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, FixedOffset};

/// The world at the moment of one call. The engine holds no clock, no randomness and no device.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// Now, with the offset in which local dates are meant.
    pub now: DateTime<FixedOffset>,
    /// Gives 64 random bits at each call.
    pub random: &'a dyn Fn() -> u64,
    /// What the device and the team say of themselves.
    pub properties: &'a Properties,
}

impl fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("now", &self.now).finish_non_exhaustive()
    }
}

/// Device properties: what `jr:preload="property"` and the metadata questions write.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Properties {
    /// A random id of the device.
    pub device_id: String,
    /// The interviewer's user name.
    pub username: String,
    /// The interviewer's phone number.
    pub phone_number: String,
    /// The interviewer's mail address.
    pub email: String,
    /// Any further property by name.
    pub other: BTreeMap<String, String>,
}

impl Properties {
    /// The property of that name, if it has a value.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let value = match name {
            "deviceid" | "imei" => &self.device_id,
            "username" => &self.username,
            // The specification writes it with a space, workbooks without.
            "phonenumber" | "phone number" => &self.phone_number,
            "email" => &self.email,
            other => self.other.get(other)?,
        };
        if value.is_empty() { None } else { Some(value) }
    }
}

/// The files that travel with a form, by file name: `schools.csv`, `villages.xml`, `logo.png`. Only the tables are
/// read; a picture may be listed with empty bytes.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Media {
    files: BTreeMap<String, Vec<u8>>,
}

impl Media {
    /// No files.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Adds a file.
    pub fn insert(&mut self, name: impl Into<String>, bytes: Vec<u8>) {
        self.files.insert(name.into(), bytes);
    }

    /// The bytes of a file.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        self.files.get(name).map(Vec::as_slice)
    }
}

impl fmt::Debug for Media {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.files.keys()).finish()
    }
}

impl<N: Into<String>> FromIterator<(N, Vec<u8>)> for Media {
    fn from_iter<I: IntoIterator<Item = (N, Vec<u8>)>>(files: I) -> Self {
        Self { files: files.into_iter().map(|(name, bytes)| (name.into(), bytes)).collect() }
    }
}
