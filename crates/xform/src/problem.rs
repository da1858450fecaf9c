//! What is wrong with a form: [`Problem`], with its place.

use std::fmt;

use crate::coded::coded;

/// How bad a problem is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Severity {
    /// The form runs; the author may want to know.
    Warning,
    /// Something that the form asks for will not work. The rest does.
    Error,
}

/// Where in the form a problem is.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Place {
    /// The path of the node below the root, `/family/roster/age`, if the problem belongs to one.
    pub path: Option<String>,
    /// The part of the node or control: `relevant`, `label`, `itemset`, …
    pub part: Option<String>,
    /// The expression, if it is in one.
    pub expression: Option<String>,
    /// Bytes of the expression that are meant.
    pub span: Option<(usize, usize)>,
    /// Line in the XML, from 1; 0 if unknown.
    pub line: u32,
    /// Column in the XML, from 1; 0 if unknown.
    pub column: u32,
}

/// Something wrong with a form. The form loads where possible; an error says that a part of it will not work.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// What it is.
    pub kind: ProblemKind,
    /// Where it is.
    pub place: Place,
}

impl Problem {
    /// The stable code: the key in the catalogue of messages.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }

    /// The named values that the message speaks of.
    #[must_use]
    pub fn args(&self) -> Vec<(&'static str, String)> {
        self.kind.args()
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        write!(f, "{severity}[{}]", self.kind.code())?;
        if let Some(path) = &self.place.path {
            write!(f, " {path}")?;
        }
        if let Some(part) = &self.place.part {
            write!(f, " {part}")?;
        }
        if self.place.line > 0 {
            write!(f, " ({}:{})", self.place.line, self.place.column)?;
        }
        write!(f, ": {}", self.kind)?;
        if let Some(expression) = &self.place.expression {
            write!(f, "\n  {expression}")?;
            if let Some((start, end)) = self.place.span {
                let columns = |to: usize| expression.get(..to).unwrap_or(expression).chars().count();
                let marks = columns(end).saturating_sub(columns(start)).max(1);
                write!(f, "\n  {}{}", " ".repeat(columns(start)), "^".repeat(marks))?;
            }
        }
        Ok(())
    }
}

coded! {
    /// The kinds of problems a form can have.
    pub enum ProblemKind {
        /// More bytes than are read.
        "form-too-large" TooLarge {
            /// Its bytes.
            found: usize,
            /// The limit.
            limit: usize,
        } "the form has {found} bytes, at most {limit} are read",
        /// Not well-formed XML, or a DOCTYPE, or too many or too deep nodes.
        "form-not-xml" NotXml {
            /// What the XML reader says.
            reason: String,
        } "the form is not XML that can be read: {reason}",
        /// Elements inside elements beyond the limit.
        "form-too-deep" TooDeep {
            /// The limit.
            limit: usize,
        } "elements are nested more than {limit} deep",
        /// A document without a form in it.
        "form-missing-part" MissingPart {
            /// The element expected.
            expected: &'static str,
        } "expected an element <{expected}>, found none",
        /// An expression that does not parse.
        "expression-syntax" Syntax {
            /// What the parser says.
            reason: String,
        } "{reason}",
        /// An expression that parses and can never work: unknown function, wrong number of arguments.
        "expression-check" Check {
            /// What the checker says.
            reason: String,
        } "{reason}",
        /// A path that leads nowhere in the form.
        "unknown-path" UnknownPath {
            /// The path as written.
            found: String,
        } "the form has no node “{found}”",
        /// An instance that the form does not declare.
        "unknown-instance" UnknownInstance {
            /// Its id.
            found: String,
        } "the form has no instance “{found}”",
        /// Calculations that wait for each other.
        "cycle" Cycle {
            /// The nodes in order, with what of each: `/a calculate → /b relevant → /a calculate`.
            chain: String,
        } "these depend on each other in a circle: {chain}",
        /// A bind's type that is not one of the form language.
        "unknown-type" UnknownType {
            /// The type.
            found: String,
        } "unknown type “{found}”, the question is treated as text",
        /// A control that is not one of the form language.
        "unknown-control" UnknownControl {
            /// The element.
            found: String,
        } "unknown control <{found}>, it is not shown",
        /// A control known to the language that this engine does not offer yet.
        "unsupported-control" Unsupported {
            /// The control or action.
            found: String,
        } "“{found}” is not supported yet",
        /// A bind for a node that does not exist, or two for one.
        "bind-twice" BindTwice {
            /// The node.
            found: String,
        } "a second bind for “{found}”, the parts that it repeats are ignored",
        /// An itext id without text in any language.
        "unknown-text" UnknownText {
            /// The id.
            found: String,
        } "no text “{found}” in any language",
        /// A text that one language has and another lacks.
        "missing-translation" MissingTranslation {
            /// The language.
            language: String,
            /// How many texts it lacks.
            count: usize,
        } "{count} texts have no “{language}” translation",
        /// A file that the form needs and that was not handed in.
        "missing-media" MissingMedia {
            /// Its name.
            found: String,
        } "the file “{found}” is missing; choices and look-ups that need it stay empty",
        /// A file that cannot be read.
        "bad-media" BadMedia {
            /// Its name.
            name: String,
            /// Why.
            reason: String,
        } "the file “{name}” cannot be read: {reason}",
        /// A default or fixed value that does not fit the type.
        "bad-default" BadDefault {
            /// The value.
            found: String,
            /// The type.
            expected: &'static str,
        } "the value “{found}” in the form is not {expected}",
        /// Two choices with one value.
        "choice-twice" ChoiceTwice {
            /// The value.
            found: String,
        } "two choices have the value “{found}”",
        /// A choice value with a space in a question where several can be chosen.
        "choice-space" ChoiceSpace {
            /// The value.
            found: String,
        } "the choice value “{found}” contains a space, which separates values where several can be chosen",
        /// An event or a preload that is not one of the form language.
        "unknown-word" UnknownWord {
            /// What it is: `event`, `preload`.
            what: &'static str,
            /// The word.
            found: String,
        } "unknown {what} “{found}”",
        /// Entities of a specification that came later: the form is refused.
        "newer-entities" NewerEntities {
            /// The version the form asks for.
            found: String,
            /// The newest version that is understood.
            known: &'static str,
        } "the form needs version {found} of the entities specification, this program knows up to {known}; install a newer one",
        /// A question that is saved to an entity which the form does not have.
        "no-entity" NoEntity {
            /// The property.
            found: String,
        } "no entity stands in the meta block around this question, “{found}” is not saved to one",
        /// A question with no control and no source of a value, or a control without a node.
        "control-without-node" ControlWithoutNode {
            /// The control.
            found: String,
        } "<{found}> has neither “ref” nor “nodeset” nor “bind”",
    }
}
