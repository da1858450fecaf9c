use serde::de::{Deserializer, Error};
use serde::{Deserialize, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;
use tianye_journal::ChunkId;

/// BLAKE3 hash of a form's XML: names a version of a form.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FormHash(pub [u8; 32]);

impl fmt::Display for FormHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hex(&self.0, f)
    }
}

impl fmt::Debug for FormHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hex(&self.0, f)
    }
}

impl FromStr for FormHash {
    type Err = NotHex;
    fn from_str(text: &str) -> Result<Self, NotHex> {
        read_hex(text).map(Self)
    }
}

impl Serialize for FormHash {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for FormHash {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        read_hex(&String::deserialize(d)?).map(Self).map_err(D::Error::custom)
    }
}

/// A key of 32 bytes that travels inside sealed content. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub [u8; 32]);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(&FormHash(self.0))
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        read_hex(&String::deserialize(d)?).map(Self).map_err(D::Error::custom)
    }
}

/// One sealed chunk of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChunkRef {
    /// BLAKE3 of the ciphertext.
    pub id: ChunkId,
    /// Key that opens it.
    pub key: Secret,
    /// Length of the plain bytes.
    pub len: u32,
}

/// A file that the form shows or reads (`itemsets.csv`, a picture).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    /// File name, without folders, as in the form.
    pub name: String,
    /// BLAKE3 of the whole file.
    pub hash: FormHash,
    /// Length in bytes.
    pub len: u64,
    /// Its chunks in order.
    pub chunks: Vec<ChunkRef>,
}

/// Kind 2: one version of a form. All versions of a form stand in one record; its graph says which is newer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormVersion {
    /// `form_id` of the workbook.
    pub form_id: String,
    /// `version` of the workbook, as text; says nothing about which is newer.
    #[serde(default)]
    pub version: String,
    /// Title, in the languages it has.
    #[serde(default)]
    pub title: super::Names,
    /// Languages of the form, its default first.
    #[serde(default)]
    pub languages: Vec<String>,
    /// BLAKE3 of the XML.
    pub hash: FormHash,
    /// Length of the XML in bytes.
    pub len: u64,
    /// The XML's chunks in order.
    pub chunks: Vec<ChunkRef>,
    /// The files it needs.
    #[serde(default)]
    pub media: Vec<Media>,
    /// No longer to be used for new interviews.
    #[serde(default)]
    pub retired: bool,
}

/// Not 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected 64 hexadecimal digits")]
pub struct NotHex;

fn write_hex(bytes: &[u8; 32], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    bytes.iter().try_for_each(|b| write!(f, "{b:02x}"))
}

fn read_hex(text: &str) -> Result<[u8; 32], NotHex> {
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
        return Err(NotHex);
    }
    for (byte, at) in bytes.iter_mut().zip((0..64).step_by(2)) {
        *byte = text.get(at..at + 2).and_then(|two| u8::from_str_radix(two, 16).ok()).ok_or(NotHex)?;
    }
    Ok(bytes)
}
