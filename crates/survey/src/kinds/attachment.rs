use super::{ChunkRef, FormHash};
use serde::{Deserialize, Serialize};

/// A file that an answer names: a photograph, a drawing, a recording, a film. The answer's value is its [`Self::name`].
///
/// The file itself lies beside the entries, sealed in chunks; only who can open the entry has the keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// The file's name in the instance: random, with an ending that says the format; nothing of the person.
    pub name: String,
    /// Media type, from what stands in the file: `image/jpeg`.
    #[serde(rename = "type")]
    pub media_type: String,
    /// BLAKE3 of the whole file.
    pub hash: FormHash,
    /// Length in bytes.
    pub len: u64,
    /// Its chunks in order.
    pub chunks: Vec<ChunkRef>,
}
