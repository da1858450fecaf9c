//! What can be known to be wrong without evaluating.

use thiserror::Error;

use crate::ast::{Expr, Id, Op, Span, UNKNOWN};
use crate::functions;

/// A mistake that evaluation would meet, or a surprise.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("at character {character}: {kind}")]
pub struct StaticProblem {
    /// Where, in bytes of the expression.
    pub span: Span,
    /// Where it begins, in characters of the expression, from 1.
    pub character: usize,
    /// What.
    pub kind: StaticProblemKind,
}

impl StaticProblem {
    /// A short stable name for message catalogues.
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StaticProblemKind {
    /// No such function.
    #[error("there is no function {name}(){}", .nearest.map(|nearest| format!("; did you mean {nearest}()?")).unwrap_or_default())]
    UnknownFunction {
        /// The name as written.
        name: String,
        /// A function whose name is nearly that.
        nearest: Option<&'static str>,
    },
    /// Too few or too many arguments.
    #[error("{name}() takes {expected} arguments, found {found}")]
    WrongArity {
        /// The function.
        name: &'static str,
        /// How many it takes, in words.
        expected: String,
        /// How many there are.
        found: usize,
    },
    /// A variable, which forms do not have.
    #[error("found the variable ${name}; forms have no variables: write ${{{name}}} in a workbook, or the path")]
    Variable {
        /// Its name.
        name: String,
    },
    /// Something other than nodes where only nodes make sense.
    #[error("{what} needs nodes (a path), found a {found}")]
    NeedsNodes {
        /// The function or operator.
        what: &'static str,
        /// What stands there.
        found: &'static str,
    },
    /// A regular expression that cannot be read.
    #[error("regex(): the pattern cannot be used: {reason}")]
    BadPattern {
        /// Why.
        reason: String,
    },
}

impl StaticProblemKind {
    /// A short stable name for message catalogues.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownFunction { .. } => "xpath-unknown-function",
            Self::WrongArity { .. } => "xpath-wrong-arity",
            Self::Variable { .. } => "xpath-variable",
            Self::NeedsNodes { .. } => "xpath-needs-nodes",
            Self::BadPattern { .. } => "xpath-bad-pattern",
        }
    }
}

/// No one reads more than so many problems of one expression.
const MOST_PROBLEMS: usize = 50;

/// What can be known to be wrong with an expression, in the order of its text: the first fifty problems found.
pub fn check(expr: &Expr) -> Vec<StaticProblem> {
    let mut problems = Vec::new();
    for index in 0..expr.ops.len() {
        if problems.len() >= MOST_PROBLEMS {
            break;
        }
        let id = Id(index as u32);
        let mut add = |kind| {
            let span = expr.span(id);
            problems.push(StaticProblem { span, character: span.character(&expr.source), kind });
        };
        match *expr.op(id) {
            Op::Variable(name) => add(StaticProblemKind::Variable { name: expr.text(name).to_owned() }),
            Op::Union(run) => {
                for part in expr.list(run) {
                    if let Some(found) = not_nodes(expr, *part) {
                        add(StaticProblemKind::NeedsNodes { what: "|", found });
                    }
                }
            }
            Op::Filter { base, .. } => {
                if let Some(found) = not_nodes(expr, base) {
                    add(StaticProblemKind::NeedsNodes { what: "[…]", found });
                }
            }
            Op::Path { start: crate::ast::Start::Expression(base), .. } => {
                if let Some(found) = not_nodes(expr, base) {
                    add(StaticProblemKind::NeedsNodes { what: "/", found });
                }
            }
            Op::Call { function: UNKNOWN, name, .. } => {
                let name = expr.text(name);
                add(StaticProblemKind::UnknownFunction { name: name.to_owned(), nearest: nearest(name) });
            }
            Op::Call { function, arguments, .. } => {
                let row = &functions()[usize::from(function)];
                let arguments = expr.list(arguments);
                if !row.takes(arguments.len()) {
                    let found = arguments.len();
                    add(StaticProblemKind::WrongArity { name: row.name, expected: row.arity(), found });
                    continue;
                }
                if takes_nodes(row.name)
                    && let Some(found) = arguments.first().and_then(|first| not_nodes(expr, *first))
                {
                    add(StaticProblemKind::NeedsNodes { what: row.name, found });
                }
                if row.name == "regex"
                    && let Op::Text(pattern) = *expr.op(arguments[1])
                    && let Some(reason) = functions::pattern_problem(expr.text(pattern))
                {
                    add(StaticProblemKind::BadPattern { reason });
                }
            }
            _ => {}
        }
    }
    problems.sort_by_key(|problem| problem.span.start);
    problems
}

fn takes_nodes(name: &str) -> bool {
    matches!(
        name,
        "count"
            | "count-non-empty"
            | "sum"
            | "position"
            | "randomize"
            | "indexed-repeat"
            | "name"
            | "local-name"
            | "namespace-uri"
    )
}

/// What the expression is, if it can never be nodes.
fn not_nodes(expr: &Expr, id: Id) -> Option<&'static str> {
    match *expr.op(id) {
        Op::Text(_) => Some("text"),
        Op::Number(_) | Op::Long(_) | Op::Arithmetic(..) | Op::Negate(_) => Some("number"),
        Op::Or(_) | Op::And(_) | Op::Compare(..) => Some("boolean"),
        Op::Union(_) | Op::Path { .. } | Op::Filter { .. } | Op::Variable(_) | Op::Call { function: UNKNOWN, .. } => {
            None
        }
        Op::Call { function, .. } => match functions()[usize::from(function)].name {
            "current" | "instance" | "id" | "randomize" | "indexed-repeat" | "if" | "coalesce" | "once" | "depend" => {
                None
            }
            _ => Some("value"),
        },
    }
}

/// The known name nearest to a misspelt one, if it is near.
fn nearest(name: &str) -> Option<&'static str> {
    let lower = name.to_lowercase();
    let (known, distance) = functions()
        .iter()
        .map(|function| (function.name, edit_distance(&lower, function.name)))
        .min_by_key(|(_, distance)| *distance)?;
    (distance <= (known.len() / 3).min(2)).then_some(known)
}

fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().take(64).enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
