//! Words with weight and colour, and the files that go with them.

use serde::Serialize;
use specta::Type;

use super::quiet;

quiet!(Block, Run, FormFile);

/// A paragraph, a heading or a line of a list.
#[derive(Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Block {
    /// Which of them.
    pub kind: BlockKind,
    /// Its words.
    pub runs: Vec<Run>,
}

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum BlockKind {
    /// A paragraph; may hold line breaks.
    Paragraph,
    /// A heading, 1 the greatest to 6.
    Heading(u32),
    /// A line of a list with dots.
    Dot,
    /// A line of a numbered list with its number.
    Number(u32),
}

/// Words that look the same.
#[derive(Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Run {
    /// The words.
    pub text: String,
    /// Heavier.
    pub strong: bool,
    /// With stress: in italics where they exist.
    pub stress: bool,
    /// Colour.
    pub tone: Tone,
    /// Address of a link, shown as text; empty if it is none.
    pub link: String,
}

/// A colour of the look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Tone {
    /// Ink.
    Ink,
    /// Grey.
    Soft,
    /// Red.
    Cinnabar,
    /// Orange, yellow, brown.
    Ochre,
    /// Green.
    Field,
    /// Blue, violet.
    Indigo,
}

/// A file of the form that goes with a label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MediaFile {
    /// Kind.
    pub kind: MediaKind,
    /// Name of the file, for `form_media`.
    pub file: String,
}

/// What a file of a label is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum MediaKind {
    /// A picture.
    Image,
    /// The same picture, larger.
    BigImage,
    /// Sound.
    Audio,
    /// Film.
    Video,
}

/// The content of a file of the form.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FormFile {
    /// Media type, such as `image/png`.
    pub media_type: String,
    /// Its bytes in base64.
    pub base64: String,
}
