//! Questions whose answer is a file: what is asked for, and what is there.

use serde::{Deserialize, Serialize};
use specta::Type;

/// A question whose answer is a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Capture {
    /// What is asked for.
    pub of: CaptureKind,
    /// Whether the camera towards the person at the screen is meant.
    pub front: bool,
    /// Most bytes of a file.
    pub largest: u32,
    /// Longest side of a picture in pixels; 0 for any.
    pub max_pixels: u32,
    /// Bits a second of a recording of sound; 0 for what the program usually takes.
    pub bits: u32,
    /// The file that is the answer; none while there is no answer.
    pub file: Option<FileCard>,
    /// A recording that was cut off and is no answer yet.
    pub unfinished: Option<Unfinished>,
    /// Why nothing may be recorded here: what consent comes to, as a code; empty where it may.
    pub withheld: String,
}

/// What a file is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum CaptureKind {
    /// A photograph.
    Photograph,
    /// A drawing.
    Drawing,
    /// A drawing on a photograph.
    Annotation,
    /// A signature.
    Signature,
    /// A recording of sound.
    Recording,
    /// A film.
    Film,
    /// Any file.
    File,
}

/// The file of an answer, sealed on this laptop or still to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FileCard {
    /// Its name in the instance: random.
    pub name: String,
    /// Media type.
    pub media_type: String,
    /// Length in bytes.
    pub length: u32,
    /// In how many parts it is read.
    pub parts: u32,
    /// Whether all of it is on this laptop.
    pub here: bool,
}

/// A recording that was cut off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Unfinished {
    /// Its number, for the commands that go on with it.
    pub id: u32,
    /// Bytes that were kept.
    pub length: u32,
    /// When it began.
    pub at: String,
}

/// A part of a file's bytes.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FilePart {
    /// The bytes: at most 1 MiB of them.
    pub base64: String,
}

/// What a camera saw, in grey.
#[derive(Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Frame {
    /// Pixels of a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// A byte for each pixel, row by row, in base64: 0 is black.
    pub grey: String,
}

super::quiet!(FilePart, Frame);
