//! What can go wrong, said so that the author of a form can put it right.

use thiserror::Error;

use crate::ast::Span;

/// The expression is not XPath.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("at character {character}: {kind}")]
pub struct ParseError {
    /// Where, in bytes of the expression.
    pub span: Span,
    /// Where it begins, in characters of the expression, from 1.
    pub character: usize,
    /// What.
    pub kind: ParseErrorKind,
}

impl ParseError {
    pub(crate) fn new(source: &str, span: Span, kind: ParseErrorKind) -> Self {
        Self { span, character: span.character(source), kind }
    }

    /// A short stable name for message catalogues.
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }
}

/// What is wrong with the text of an expression.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ParseErrorKind {
    /// Something else was needed here.
    #[error("found {found}, expected {expected}; write {expected} or remove {found}")]
    Expected {
        /// What would be right here.
        expected: &'static str,
        /// What stands here instead.
        found: String,
    },
    /// A quotation mark without its partner.
    #[error("the text beginning here has no closing {quote}; add it")]
    UnclosedText {
        /// The mark that is missing.
        quote: char,
    },
    /// A character that begins nothing.
    #[error("the character {found} has no meaning here; remove it, or put text in quotation marks")]
    StrayCharacter {
        /// The character.
        found: char,
    },
    /// An axis that does not exist.
    #[error(
        "there is no axis {found}; the axes are child, parent, self, attribute, ancestor, descendant, following, preceding and their kin"
    )]
    UnknownAxis {
        /// What was written.
        found: String,
    },
    /// Longer than [`crate::MAX_LENGTH`] bytes.
    #[error("the expression has {found} bytes, more than the {limit} allowed; split it over several calculations")]
    TooLong {
        /// Its length in bytes.
        found: usize,
        /// The limit.
        limit: usize,
    },
    /// Nested deeper than [`crate::MAX_DEPTH`].
    #[error("the expression is nested deeper than {limit} levels; split it over several calculations")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
}

impl ParseErrorKind {
    /// A short stable name for message catalogues.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Expected { .. } => "xpath-expected",
            Self::UnclosedText { .. } => "xpath-unclosed-text",
            Self::StrayCharacter { .. } => "xpath-stray-character",
            Self::UnknownAxis { .. } => "xpath-unknown-axis",
            Self::TooLong { .. } => "xpath-too-long",
            Self::TooDeep { .. } => "xpath-too-deep",
        }
    }
}

/// A well-formed expression that has no value here. Holds no answers of respondents, only names from the expression.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EvalError {
    /// No such function.
    #[error("there is no function {name}(); check the spelling")]
    UnknownFunction {
        /// The name as written.
        name: String,
    },
    /// Too few or too many arguments.
    #[error("{name}() takes {expected} arguments, found {found}")]
    WrongArity {
        /// The function.
        name: &'static str,
        /// How many it takes, in words: `2`, `1 to 3`, `2 or more`.
        expected: String,
        /// How many there are.
        found: usize,
    },
    /// Nodes were needed and something else was found.
    #[error("{what} needs nodes (a path), found a {found}")]
    NeedsNodes {
        /// The function or operator.
        what: &'static str,
        /// The type found.
        found: &'static str,
    },
    /// An argument that cannot be used.
    #[error("{what}: expected {expected}; change the argument")]
    BadArgument {
        /// The function.
        what: &'static str,
        /// What would be right.
        expected: &'static str,
    },
    /// A value that is no date, or a day that no calendar has.
    #[error("{what}: expected a date such as 2017-06-01 or a number of days, found something else")]
    NotADate {
        /// The function.
        what: &'static str,
    },
    /// A prefix that stands for no namespace.
    #[error("the prefix {prefix} is not declared in this form; declare it, or write the name without it")]
    UnknownPrefix {
        /// The prefix as written.
        prefix: String,
    },
    /// No such secondary instance.
    #[error("there is no instance with the id {id}; check the name of the choice list or attached file")]
    UnknownInstance {
        /// The id asked for.
        id: String,
    },
    /// The text or label asked for does not exist.
    #[error("{what}: there is nothing named {id}")]
    NotFound {
        /// The function.
        what: &'static str,
        /// What was asked for: an id or path from the form, never an answer.
        id: String,
    },
    /// Arithmetic that would change digits.
    #[error(
        "{what} would lose digits of a whole number beyond 9007199254740992; keep long numbers such as identity numbers as text"
    )]
    LosesDigits {
        /// The operator or function.
        what: &'static str,
    },
    /// A regular expression that cannot be read, or that costs too much.
    #[error("regex(): the pattern cannot be used: {reason}")]
    BadPattern {
        /// Why.
        reason: String,
    },
    /// A text longer than [`crate::MAX_TEXT`] bytes.
    #[error("{what} would make a text of more than {limit} bytes; join less at once")]
    TextTooLong {
        /// The function.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
    /// More steps than [one evaluation may take](crate::evaluate).
    #[error("the expression looks at more than {limit} nodes; make its paths more precise")]
    TooMuchWork {
        /// The limit.
        limit: u64,
    },
}

impl EvalError {
    /// A short stable name for message catalogues.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownFunction { .. } => "xpath-unknown-function",
            Self::WrongArity { .. } => "xpath-wrong-arity",
            Self::NeedsNodes { .. } => "xpath-needs-nodes",
            Self::BadArgument { .. } => "xpath-bad-argument",
            Self::NotADate { .. } => "xpath-not-a-date",
            Self::UnknownPrefix { .. } => "xpath-unknown-prefix",
            Self::UnknownInstance { .. } => "xpath-unknown-instance",
            Self::NotFound { .. } => "xpath-not-found",
            Self::LosesDigits { .. } => "xpath-loses-digits",
            Self::BadPattern { .. } => "xpath-bad-pattern",
            Self::TextTooLong { .. } => "xpath-text-too-long",
            Self::TooMuchWork { .. } => "xpath-too-much-work",
        }
    }
}
