//! XPath 1.0 and the ODK function library, over any tree.
//!
//! An expression is parsed once to an immutable [`Expr`], checked once with [`check`], asked once what it reads with
//! [`Expr::references`], and then evaluated as often as needed with [`evaluate`] (or [`evaluate_boolean`],
//! [`evaluate_number`], [`evaluate_string`], [`evaluate_nodes`], which stop as soon as the answer is known).
//!
//! The crate knows neither forms nor files nor clocks: the tree is a [`Tree`], and what an expression asks of the world
//! (the time, randomness, other instances, labels) is asked of a [`Host`]. The same tree and the same host answers give
//! the same value, always.
//!
//! # Words
//!
//! - *context node*: the node an expression is about; `current()` names it inside predicates too.
//! - *root*: the node that `/` means: the parent of the document element, for the primary instance and for each
//!   secondary one.
//! - *candidate*: a node that a predicate is asked about.
//! - *long integer*: an integer with more digits than a 64-bit float keeps, such as an identity number. It stays text.
//! - *day count*: what a sum of dates gives: a number of local days since 1970-01-01 that remembers being one.
//!
//! # Decisions
//!
//! The public engines disagree in places. What is decided here, and why, is in `tests/conformance/lists` of this
//! repository, vector by vector; in short: the ODK specification first, then XPath 1.0, then JavaRosa. `regex()` matches the
//! whole text; characters are code points; numbers print without exponent; a long integer never silently loses a digit
//! (it is compared exactly and kept as given, and arithmetic on it is an error); dates are summed in local days.

mod arithmetic;
mod ast;
mod check;
mod compare;
mod context;
mod convert;
mod error;
mod evaluate;
mod explain;
mod functions;
mod lex;
mod nodeset;
mod number;
mod parse;
mod path;
mod references;
mod shape;
mod shared;
mod temporal;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod tree;
mod value;

pub use ast::{Axis, Expr, NameTest, Span};
pub use check::{StaticProblem, StaticProblemKind, check};
pub use context::{Context, Host};
pub use error::{EvalError, ParseError, ParseErrorKind};
pub use evaluate::{MAX_WORK, evaluate, evaluate_boolean, evaluate_nodes, evaluate_number, evaluate_string};
pub use explain::{MAX_TRACE, Trace, TraceKind, explain};
pub use functions::{Function, MAX_BACKTRACKS, MAX_PATTERN, MAX_TEXT, find_function, functions};
pub use nodeset::NodeSet;
pub use number::{format_number, parse_number};
pub use parse::{MAX_DEPTH, MAX_LENGTH, parse};
pub use references::{Base, PathStep, Reference, StepTest, Uses};
pub use shape::{Comparison, Part, Shape};
pub use temporal::{TimeOfDay, parse_date, parse_date_time};
pub use tree::{NodeKind, Tree, ValueType};
pub use value::Value;
