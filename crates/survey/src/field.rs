//! Names of what can be written in a record.

use serde::{Deserialize, Serialize};
use std::fmt;
use tianye_journal::RecordId;
use tianye_xform::FieldPath;

/// Begins the name of what a lead handed on of an interview.
const TOLD: &str = "told/";

/// Longest name of a field, in bytes.
pub const MAX_FIELD: usize = tianye_xform::MAX_PATH_BYTES;

/// The name of something that can be written in a record.
///
/// In an interview it is the canonical address of a node below the root of the instance, as the form engine writes it:
/// `/family/father_where`, in a repeat `/family/roster[0f3c…]/age`, a row itself `/family/roster[0f3c…]`. What is written
/// of the interview itself, and the parts of cards (people, sites, subjects …), are bare words: `subject`, `birth_date`; an
/// event of the audit log is `audit/` and what tells it from all others; what a lead handed on of an interview is `told/` and
/// the interview's id.
///
/// A name is kept as it came, even when this version could not have written it: an answer to a question that is gone must
/// stay visible.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Field(String);

impl Field {
    /// The field of this name.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name as an address in a form; `None` for a word about the record, or an address that cannot be one.
    pub fn path(&self) -> Option<FieldPath> {
        FieldPath::parse(&self.0).ok()
    }

    /// What a lead handed on of an interview's entities, in the record where that stands: what an erasure there is of.
    pub fn told_of(interview: &RecordId) -> Self {
        Self(format!("{TOLD}{interview}"))
    }

    /// The interview of [`Field::told_of`].
    pub fn told(&self) -> Option<RecordId> {
        self.0.strip_prefix(TOLD)?.parse().ok()
    }

    /// Whether it is a node of the form's instance, rather than a word about the record.
    pub fn is_node(&self) -> bool {
        is_node(&self.0)
    }

    /// Whether it is a repeat row itself, rather than something in it.
    pub fn is_row(&self) -> bool {
        is_row(&self.0)
    }

    /// The repeat rows this field stands in, outermost first; a row is not inside itself.
    pub fn rows(&self) -> impl Iterator<Item = Self> + '_ {
        let node = self.is_node();
        self.0
            .match_indices("]/")
            .filter(move |_| node)
            .map(|(at, _)| Self(self.0.get(..=at).unwrap_or_default().to_owned()))
    }

    /// The row's repeat and row id: `("/family/roster", "0f3c…")`; `None` if it is not a row.
    pub fn row(&self) -> Option<(&str, &str)> {
        self.is_row().then(|| self.0.strip_suffix(']')?.rsplit_once('[')).flatten()
    }
}

/// [`Field::is_node`] of a name.
pub(crate) fn is_node(name: &str) -> bool {
    name.starts_with('/')
}

/// [`Field::is_row`] of a name.
pub(crate) fn is_row(name: &str) -> bool {
    is_node(name) && name.ends_with(']')
}

/// Whether a name stands in a repeat row: [`Field::rows`] gives at least one.
pub(crate) fn is_in_row(name: &str) -> bool {
    is_node(name) && name.contains("]/")
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&FieldPath> for Field {
    fn from(path: &FieldPath) -> Self {
        Self(path.as_str().to_owned())
    }
}

impl From<&str> for Field {
    fn from(name: &str) -> Self {
        Self(name.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_knows_the_rows_it_stands_in() {
        let rows = |name: &str| Field::from(name).rows().map(|r| r.0).collect::<Vec<_>>();
        assert_eq!(rows("/a/b"), Vec::<String>::new());
        assert_eq!(rows("/家/人[~1]"), Vec::<String>::new());
        assert_eq!(rows("/家/人[~1]/岁"), ["/家/人[~1]"]);
        assert_eq!(rows("/a/b[~1]/c[ff]/d"), ["/a/b[~1]", "/a/b[~1]/c[ff]"]);
        assert_eq!(rows("subject"), Vec::<String>::new());
        assert_eq!(Field::from("/家/人[~1]/子[ff]").row(), Some(("/家/人[~1]/子", "ff")));
        assert_eq!(Field::from("/家/人[~1]/子").row(), None);
    }
}
