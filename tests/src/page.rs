//! The page of an open interview, read from the screen.

use serde::Deserialize;

use crate::Outcome;
use crate::laptop::Laptop;

/// What stands on the page.
#[derive(Debug, Clone, Deserialize)]
pub struct Page {
    /// Key of the page: the path it stands for, or `completion`.
    pub key: String,
    /// `question`, `group`, `repeat` or `completion`.
    pub kind: String,
    /// Its heading.
    pub title: String,
    /// Questions and notes.
    pub items: Vec<Item>,
    /// The answer line of a roster.
    pub line: Option<Line>,
    /// Rows of a roster.
    pub rows: usize,
    /// Language of the form as its button names it.
    pub language: String,
    /// Answered of all, as the case tree says it.
    pub progress: String,
    /// `none`, `typing`, `saving`, `saved` or `failed`.
    pub saved: String,
    /// What was refused, or empty.
    pub refusal: String,
    /// Whether the focus is on “next”.
    #[serde(rename = "atNext")]
    pub at_next: bool,
}

/// One question or note.
#[derive(Debug, Clone, Deserialize)]
pub struct Item {
    /// Path of the node.
    pub field: String,
    /// Its words.
    pub label: String,
    /// `one`, `many`, `search`, `text`, `area`, `numeric`, `decimal`, `date` or `none`.
    pub control: String,
    /// Names of the options, in the order of their numbers.
    pub options: Vec<String>,
    /// What stands in it.
    pub value: String,
    /// Whether it cannot be changed.
    pub readonly: bool,
    /// What is wrong with it, or empty.
    pub wrong: String,
    /// Whether the focus is in it.
    pub focused: bool,
}

/// The answer line of a roster.
#[derive(Debug, Clone, Deserialize)]
pub struct Line {
    /// Row and column, from 0: `0 2`.
    pub cell: String,
    /// What stands in the cell.
    pub shown: String,
    /// What it asks.
    pub asks: String,
    /// As in [`Item`].
    pub control: String,
    /// As in [`Item`].
    pub options: Vec<String>,
    /// Whether the focus is in it or in its cell.
    pub focused: bool,
}

impl Item {
    /// Name of the node: the last part of its path.
    #[must_use]
    pub fn name(&self) -> &str {
        name_of(&self.field)
    }

    /// Whether a person can answer it now.
    #[must_use]
    pub fn asks(&self) -> bool {
        !self.readonly && self.control != "none"
    }
}

/// The last part of a path, without its row.
#[must_use]
pub fn name_of(path: &str) -> &str {
    let last = path.rsplit('/').next().unwrap_or(path);
    last.split('[').next().unwrap_or(last)
}

/// Reads the page; an error if no interview is open.
pub async fn read(laptop: &Laptop) -> Outcome<Page> {
    let seen = laptop.run(include_str!("read_page.js")).await?;
    if seen.is_null() {
        return Err(format!("{}: expected an open interview, found:\n{}", laptop.name(), laptop.words().await?).into());
    }
    Ok(serde_json::from_value(seen)?)
}
