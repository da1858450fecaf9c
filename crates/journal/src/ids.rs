//! Identities: random numbers that say nothing about time, place or person.
//!
//! Things people would recognise (projects, people, devices, records) are UUIDs of version 4. Chains are 128 bits named
//! in hex, entries and chunks are BLAKE3 hashes named in hex.

use rand_core::CryptoRng;
use std::{fmt, str::FromStr};

/// The text is not an identity of the wanted sort.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}, found {found:?}: copy the identity again, whole")]
pub struct IdError {
    /// What would have been right.
    pub expected: &'static str,
    /// The first 80 characters of what was given.
    pub found: String,
}

impl IdError {
    fn new(expected: &'static str, found: &str) -> Self {
        Self { expected, found: found.chars().take(80).collect() }
    }

    /// Key of this error in the message catalogue.
    #[must_use]
    pub fn code(&self) -> &'static str {
        "journal-bad-identity"
    }
}

macro_rules! bytes_id {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; $len]);

        impl $name {
            /// Bytes on the wire.
            pub const LEN: usize = $len;

            /// Takes the bytes as they stand on the wire.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; $len]) -> Self {
                Self(bytes)
            }

            /// The bytes as they stand on the wire.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; $len] {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        bytes_id!($(#[$doc])* $name, 16);

        impl $name {
            /// A new identity: UUID version 4, from the generator handed in.
            #[must_use]
            pub fn random(rng: &mut impl CryptoRng) -> Self {
                let mut bytes = [0; 16];
                rng.fill_bytes(&mut bytes);
                Self(*uuid::Builder::from_random_bytes(bytes).as_uuid().as_bytes())
            }

            /// The same identity as a `uuid::Uuid`.
            #[must_use]
            pub const fn to_uuid(self) -> uuid::Uuid {
                uuid::Uuid::from_bytes(self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self.to_uuid().as_hyphenated(), f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                let wrong = || IdError::new("a UUID such as 7c9e6679-7425-40de-944b-e07fc1f90ae7", text);
                if text.len() != 36 {
                    return Err(wrong());
                }
                uuid::Uuid::try_parse(text).map(|id| Self(*id.as_bytes())).map_err(|_| wrong())
            }
        }

        impl From<uuid::Uuid> for $name {
            fn from(id: uuid::Uuid) -> Self {
                Self(*id.as_bytes())
            }
        }
    };
}

macro_rules! hex_id {
    ($(#[$doc:meta])* $name:ident, $len:literal, $expected:literal) => {
        bytes_id!($(#[$doc])* $name, $len);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&to_hex(&self.0))
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                from_hex(text).and_then(|b| b.try_into().ok()).map(Self).ok_or_else(|| IdError::new($expected, text))
            }
        }
    };
}

uuid_id!(
    /// A survey project.
    ProjectId
);
uuid_id!(
    /// A member of the team.
    PersonId
);
uuid_id!(
    /// A laptop.
    DeviceId
);
uuid_id!(
    /// What an entry is about: a respondent, an interview, an assignment …
    RecordId
);
uuid_id!(
    /// An invitation to join a project.
    InvitationId
);
hex_id!(
    /// A chain of entries of one signing key. Derived from project, key and a random number (FORMAT.md, *Opening*), so
    /// that no other key can open a chain of the same name.
    ChainId,
    16,
    "32 hexadecimal digits of a chain"
);
hex_id!(
    /// BLAKE3 of the header bytes of an entry: its name everywhere.
    EntryHash,
    32,
    "64 hexadecimal digits of an entry"
);
hex_id!(
    /// BLAKE3 of the sealed bytes of a chunk: its name everywhere.
    ChunkId,
    32,
    "64 hexadecimal digits of a chunk"
);
hex_id!(
    /// BLAKE3 of the bytes of a body, sealed parts as they travel.
    BodyHash,
    32,
    "64 hexadecimal digits of a body"
);

impl RecordId {
    /// The record in which it stands what two records are to each other: the same on every laptop, in whichever order they
    /// are given (FORMAT.md, *Identities*).
    #[must_use]
    pub fn of_pair(one: &Self, other: &Self) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("tianye 1 record of a pair");
        hasher.update(&one.min(other).0).update(&one.max(other).0);
        let mut bytes = [0; 16];
        hasher.finalize_xof().fill(&mut bytes);
        Self(*uuid::Builder::from_random_bytes(bytes).as_uuid().as_bytes())
    }
}

impl EntryHash {
    /// What the first entry of a chain names as its predecessor.
    pub const NONE: Self = Self([0; 32]);
}

/// Place of an entry in its chain: 1, 2, 3 … without holes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seq(u64);

impl Seq {
    /// The opening entry.
    pub const FIRST: Self = Self(1);
    /// The last place that a chain has (2^53 − 1, so that every language's numbers can hold it).
    pub const LAST: Self = Self((1 << 53) - 1);

    /// A place; `None` for 0 and for what is beyond [`Seq::LAST`].
    #[must_use]
    pub const fn new(number: u64) -> Option<Self> {
        if number >= 1 && number <= Self::LAST.0 { Some(Self(number)) } else { None }
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The place after this one; `None` at the end of numbers.
    #[must_use]
    pub const fn next(self) -> Option<Self> {
        Self::new(self.0 + 1)
    }

    /// The place before this one; `None` for the first.
    #[must_use]
    pub const fn previous(self) -> Option<Self> {
        Self::new(self.0 - 1)
    }
}

impl serde::Serialize for Seq {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_u64(self.0)
    }
}

impl<'de> serde::Deserialize<'de> for Seq {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let number = u64::deserialize(d)?;
        Self::new(number).ok_or_else(|| serde::de::Error::custom("a place in a chain is a number from 1 to 2^53 - 1"))
    }
}

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Lower-case hexadecimal of `bytes`.
#[must_use]
pub fn to_hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|b| [DIGITS[usize::from(b >> 4)], DIGITS[usize::from(b & 15)]]).map(char::from).collect()
}

/// Bytes of lower-case hexadecimal `text`; `None` if it is anything else (one identity has one spelling).
#[must_use]
pub fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |c: u8| match c {
        b'0'..=b'9' => Some(c - b'0'),
        b'a'..=b'f' => Some(c - b'a' + 10),
        _ => None,
    };
    if !text.len().is_multiple_of(2) {
        return None;
    }
    text.as_bytes().chunks_exact(2).map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?)).collect()
}
