//! The files that an interview's answers name.

use std::collections::BTreeMap;

use tianye_survey::{Answer, Attachment};
use tianye_xform as xform;

use super::remarks::Kept;
use crate::consenting::Withheld;
use crate::interview::page::small;
use crate::view::{Capture, Control, FileCard, Unfinished};

/// The files that are known, by their names. A file that is no longer an answer stays: undo may bring it back.
#[derive(Debug, Clone, Default)]
pub struct Files(BTreeMap<String, (Attachment, bool)>);

impl Files {
    /// The files of kept answers; `here` says whether all of a file is on this laptop.
    #[must_use]
    pub fn of(fields: &[(String, Kept)], here: impl Fn(&Attachment) -> bool) -> Self {
        let mut files = Self::default();
        for (_, kept) in fields {
            if let Some(file) = &kept.file {
                files.insert(file.clone(), here(file));
            }
        }
        files
    }

    /// One more file.
    pub fn insert(&mut self, file: Attachment, here: bool) {
        self.0.insert(file.name.clone(), (file, here));
    }

    /// Those of both.
    pub fn extend(&mut self, more: Self) {
        self.0.extend(more.0);
    }

    /// The file of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Attachment> {
        self.0.get(name).map(|(file, _)| file)
    }

    /// The file that an answer names.
    #[must_use]
    pub fn named_by(&self, answer: &Answer) -> Option<&Attachment> {
        answer.value().and_then(|name| self.get(name))
    }

    /// Chunks of all files together.
    #[must_use]
    pub fn chunks(&self) -> usize {
        self.0.values().map(|(file, _)| file.chunks.len()).sum()
    }

    /// What the screen is told of the file of this name.
    #[must_use]
    pub fn card(&self, name: &str) -> Option<FileCard> {
        self.0.get(name).map(|(file, here)| card(file, *here))
    }
}

/// What the screen is told of a file.
#[must_use]
pub fn card(file: &Attachment, here: bool) -> FileCard {
    FileCard {
        name: file.name.clone(),
        media_type: file.media_type.clone(),
        length: u32::try_from(file.len).unwrap_or(u32::MAX),
        parts: small(file.chunks.len()),
        here,
    }
}

/// The control with the interview's own: the file that is the answer, and a recording that was cut off. What may not be recorded is
/// told why; a file that may not be used any more is not shown.
#[must_use]
pub fn with_files(
    control: Control,
    node: &xform::NodeView,
    files: &Files,
    cut: &[(String, Unfinished)],
    [withheld, unusable]: [&Withheld; 2],
) -> Control {
    let Control::Capture(capture) = control else { return control };
    let unfinished = cut.iter().find(|(field, _)| field == node.path.as_str()).map(|(_, cut)| cut.clone());
    let why = |of: &Withheld| of.of(&node.control, &node.appearance);
    let gone = why(unusable).filter(|_| !node.value.is_empty());
    let file = if gone.is_some() { None } else { files.card(&node.value) };
    let withheld = gone.or(why(withheld)).map(|why| why.code().to_owned()).unwrap_or_default();
    Control::Capture(Capture { file, unfinished, withheld, ..capture })
}

/// The answer as a person reads it in a list: format and size, since the name says nothing.
#[must_use]
pub fn display(name: &str, files: &Files) -> String {
    let Some(file) = files.get(name) else { return name.to_owned() };
    let ending = name.rsplit('.').next().unwrap_or_default().to_uppercase();
    let kilobytes = file.len.div_ceil(1024);
    if kilobytes < 1024 {
        format!("{ending} {kilobytes} KB")
    } else {
        format!("{ending} {}.{} MB", kilobytes / 1024, kilobytes % 1024 * 10 / 1024)
    }
}
