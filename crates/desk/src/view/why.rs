//! Why a question is as it is, for the window and for `tianye --json`.

use serde::Serialize;
use specta::Type;

use super::quiet;

quiet!(WhyView, WhySection, WhyRule, WhyLine, WhyRead, WhyOutcome);

/// Why a question is hidden, required, wrong, or has its value.
#[derive(Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WhyView {
    /// Path of the node.
    pub field: String,
    /// Number, or empty.
    pub number: String,
    /// Label, or the name if it has none.
    pub label: String,
    /// What can be said of it, in the order to show.
    pub sections: Vec<WhySection>,
}

/// One thing that is so, and why.
#[derive(Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WhySection {
    /// What it speaks of.
    pub part: WhyPart,
    /// What is so.
    pub outcome: WhyOutcome,
    /// Why.
    pub because: WhyBecause,
    /// Code of what the named check of the answer finds; empty if it finds nothing. Its words are those of the problem.
    pub check: String,
    /// The rules of the form that bear on it, from outside to inside.
    pub rules: Vec<WhyRule>,
}

/// What a section speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum WhyPart {
    /// Shown or hidden.
    Relevant,
    /// An answer is needed or not.
    Required,
    /// Takes no answers.
    ReadOnly,
    /// The answer is all right or not.
    Valid,
    /// Its value.
    Value,
}

/// Why, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum WhyBecause {
    /// No rule says otherwise.
    NoRule,
    /// A rule of the question itself.
    OwnRule,
    /// A rule of a group around it.
    OuterRule,
    /// It is not asked now.
    NotRelevant,
    /// There is no answer.
    Empty,
    /// The chosen option is not offered now.
    NotOffered,
    /// A person gave it.
    Answered,
    /// The form began with it.
    Default,
    /// A rule cannot be computed.
    Failed,
}

/// A rule of the form with the values that it read.
#[derive(Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WhyRule {
    /// Path of the node whose rule it is.
    pub field: String,
    /// Its label, or its name.
    pub label: String,
    /// Name of the rule in the form language: `relevant`, `constraint`, ….
    pub part: String,
    /// The rule as it is written.
    pub source: String,
    /// The rule taken apart, the whole first.
    pub lines: Vec<WhyLine>,
}

/// A part of a rule.
#[derive(Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WhyLine {
    /// How deep it stands in the rule, from 0.
    pub depth: u32,
    /// Its text.
    pub source: String,
    /// What it gave.
    pub outcome: WhyOutcome,
    /// Whether it decided what the part around it gave.
    pub decided: bool,
    /// The answers that it read.
    pub reads: Vec<WhyRead>,
}

/// An answer that a rule read.
#[derive(Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WhyRead {
    /// Path of the node; empty for an entry of a list.
    pub field: String,
    /// Label of the question, its name, or the list's name.
    pub label: String,
    /// The value for reading; empty if blank.
    pub display: String,
    /// False: it is not asked now and counts as blank.
    pub relevant: bool,
}

/// What a rule or a part of it gave.
#[derive(Clone, PartialEq, Eq, Serialize, Type)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum WhyOutcome {
    /// Yes or no.
    Truth {
        /// Which.
        yes: bool,
    },
    /// A number or a text.
    Text {
        /// As the form language writes it.
        text: String,
    },
    /// So many places of the form.
    Nodes {
        /// How many.
        count: u32,
    },
    /// It could not be computed.
    Failed {
        /// What happened, in English.
        detail: String,
    },
}
