//! The table of remarks: what was remarked on answers beside the answers themselves.

use std::fmt;

use tianye_xform::{FieldPath, Form, Question};

use crate::table::{Index, Layout, Table, label, start_of_head, start_of_row};
use crate::{Filled, Words};

/// Something remarked on an answer. It says nothing about whether the answer is right: that is for the analyst to see.
#[derive(Clone, PartialEq, Eq)]
pub struct Remark {
    /// The question.
    pub path: FieldPath,
    /// What is remarked.
    pub kind: RemarkKind,
    /// The form's own words about it, empty if it has none.
    pub message: String,
    /// Why the answer stands; empty while nobody confirmed it.
    pub reason: String,
    /// Who confirmed it, or left the question too soon; empty while nobody did.
    pub who: String,
    /// When, as ISO 8601 with offset; empty while nobody did.
    pub when: String,
}

/// What is remarked on an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RemarkKind {
    /// A soft check does not hold, and nobody confirmed the answer.
    Open,
    /// A soft check does not hold, and the interviewer confirmed the answer.
    Confirmed,
    /// The question was left sooner than the form asks for.
    Haste {
        /// Seconds that passed.
        seconds: u32,
        /// Seconds that the form asks for.
        wanted: u32,
    },
}

impl fmt::Debug for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Remark({} {:?})", self.path, self.kind)
    }
}

/// Whether the form can have remarks: then the table is there, with or without rows.
pub(crate) fn has_remarks(questions: &[Question]) -> bool {
    questions.iter().any(|question| question.soft_constraint.is_some() || question.min_seconds.is_some())
}

/// One row for each remark: the interview's key, the question, the numbers of the rows it stands in, and what is said.
pub(crate) fn remark_table(
    form: &Form,
    filled: &[Filled],
    indexed: &[Index<'_>],
    words: &Words,
    layout: &Layout,
) -> Table {
    let mut head = start_of_head(layout);
    head.extend(words.remarks.iter().map(|heading| (*heading).to_owned()));
    let mut rows = Vec::new();
    for (one, index) in filled.iter().zip(indexed) {
        for remark in &one.remarks {
            let template = remark.path.template();
            let called = form.question(&template).and_then(|question| label(&question.labels, layout));
            let path = remark.path.as_str();
            let row = &path[..path.rfind(']').map_or(0, |end| end + 1)];
            let (seconds, wanted) = match remark.kind {
                RemarkKind::Haste { seconds, wanted } => (seconds.to_string(), wanted.to_string()),
                RemarkKind::Open | RemarkKind::Confirmed => Default::default(),
            };
            let kind = match remark.kind {
                RemarkKind::Open => words.remark_kinds[0],
                RemarkKind::Confirmed => words.remark_kinds[1],
                RemarkKind::Haste { .. } => words.remark_kinds[2],
            };
            let mut cells = start_of_row(one, layout);
            cells.extend([
                template.trim_start_matches('/').to_owned(),
                called.unwrap_or_default(),
                index.numbers_of(row).join("/"),
                kind.to_owned(),
                remark.message.clone(),
                remark.reason.clone(),
                remark.who.clone(),
                remark.when.clone(),
                seconds,
                wanted,
            ]);
            rows.push(cells);
        }
    }
    Table { name: words.remarks_name.to_owned(), head, rows }
}
