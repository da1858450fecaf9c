//! What a form says beyond the form language, in bind attributes of the namespace [`TIANYE_NAMESPACE`]. Other engines pass
//! over it: everything here has a reading without it.

use std::fmt;

use crate::checks::Check;
use crate::expression::ExprId;
use crate::form::TextId;

/// The namespace of Tianye's own attributes, prefix `tianye`.
pub const TIANYE_NAMESPACE: &str = "https://tianye.cn/xforms/1";

/// The most seconds that a question can ask for.
pub(crate) const MAX_SECONDS: u32 = 3600;

/// Why a question has no answer, as the respondent said it. It is no value: expressions see an empty question.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum NonAnswer {
    /// Does not know.
    DontKnow,
    /// Does not want to say.
    Refused,
}

impl NonAnswer {
    /// Both.
    pub const ALL: [Self; 2] = [Self::DontKnow, Self::Refused];

    /// The word in workbooks and records: `dont_know`, `refused`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::DontKnow => "dont_know",
            Self::Refused => "refused",
        }
    }

    /// The non-answer of a word.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }
}

/// What stands at a question: a value, a non-answer, or nothing. Never two of them.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Given {
    /// Nothing, or cleared.
    #[default]
    Blank,
    /// A value in canonical form; never empty where [`Given::from`] made it.
    Value(String),
    /// A declared non-answer.
    NonAnswer(NonAnswer),
}

impl Given {
    /// The value's text, empty for blank and for a non-answer.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Value(text) => text,
            Self::Blank | Self::NonAnswer(_) => "",
        }
    }

    /// The non-answer, if it is one.
    #[must_use]
    pub fn non_answer(&self) -> Option<NonAnswer> {
        match self {
            Self::NonAnswer(non_answer) => Some(*non_answer),
            Self::Blank | Self::Value(_) => None,
        }
    }

    /// True if nothing stands there.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        matches!(self, Self::Blank)
    }
}

impl From<String> for Given {
    fn from(text: String) -> Self {
        if text.is_empty() { Self::Blank } else { Self::Value(text) }
    }
}

impl From<&str> for Given {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl From<NonAnswer> for Given {
    fn from(non_answer: NonAnswer) -> Self {
        Self::NonAnswer(non_answer)
    }
}

/// Says which of the three it is, and never the words.
impl fmt::Debug for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Blank => f.write_str("Blank"),
            Self::Value(text) => write!(f, "Value({} bytes)", text.len()),
            Self::NonAnswer(_) => f.write_str("NonAnswer(…)"),
        }
    }
}

/// The attributes of one bind.
#[derive(Debug, Default, Clone)]
pub(crate) struct Beyond {
    /// False for an answer that should be looked at again.
    pub soft: Option<ExprId>,
    pub soft_message: Option<TextId>,
    /// True for an answer that says that somebody may be in danger.
    pub risk: Option<ExprId>,
    /// In the order of [`NonAnswer::ALL`].
    pub non_answers: Vec<NonAnswer>,
    pub check: Option<Check>,
    pub min_seconds: Option<u32>,
    /// Of a repeat: the codes of its rows, in their order.
    pub over: Option<ExprId>,
    /// What it was called in earlier versions, the last one first: names, or template paths.
    pub renamed_from: Vec<String>,
}
