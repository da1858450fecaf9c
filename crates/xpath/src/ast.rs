//! The parsed expression: one immutable arena.

use std::fmt;

/// A part of an expression's text, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

impl Span {
    /// Where it begins, in characters of the text, from 1.
    pub fn character(&self, source: &str) -> usize {
        source.char_indices().take_while(|(at, _)| *at < self.start).count() + 1
    }
}

/// The thirteen axes of XPath 1.0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Axis {
    /// Children.
    Child,
    /// Everything below.
    Descendant,
    /// The node and everything below.
    DescendantOrSelf,
    /// The parent.
    Parent,
    /// Everything above.
    Ancestor,
    /// The node and everything above.
    AncestorOrSelf,
    /// Siblings after the node.
    FollowingSibling,
    /// Siblings before the node.
    PrecedingSibling,
    /// Everything after the node that is not below it.
    Following,
    /// Everything before the node that is not above it.
    Preceding,
    /// Attributes.
    Attribute,
    /// Namespace nodes.
    Namespace,
    /// The node.
    SelfNode,
}

impl Axis {
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "child" => Self::Child,
            "descendant" => Self::Descendant,
            "descendant-or-self" => Self::DescendantOrSelf,
            "parent" => Self::Parent,
            "ancestor" => Self::Ancestor,
            "ancestor-or-self" => Self::AncestorOrSelf,
            "following-sibling" => Self::FollowingSibling,
            "preceding-sibling" => Self::PrecedingSibling,
            "following" => Self::Following,
            "preceding" => Self::Preceding,
            "attribute" => Self::Attribute,
            "namespace" => Self::Namespace,
            "self" => Self::SelfNode,
            _ => return None,
        })
    }
}

/// A name in a step, as written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NameTest {
    /// The prefix, if one was written.
    pub prefix: Option<Box<str>>,
    /// The name behind the prefix.
    pub local: Box<str>,
    /// What [`Expr::bind_names`] gave for this name; 0 before.
    pub symbol: u32,
}

/// Which nodes a step takes from its axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NodeTest {
    /// `name`, `p:name`: index into the names.
    Name(u32),
    /// `*`.
    Any,
    /// `p:*`: index into the names; the local part is `*`.
    AnyIn(u32),
    /// `node()`.
    Node,
    /// `text()`.
    Text,
    /// `comment()`.
    Comment,
    /// `processing-instruction()`.
    Instruction,
    /// `processing-instruction('target')`: index into the texts.
    InstructionNamed(u32),
}

/// Index of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Id(pub(crate) u32);

/// A run of entries in `lists`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) start: u32,
    pub(crate) len: u32,
}

/// One step of a path: a run of predicates in `lists`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Step {
    pub(crate) axis: Axis,
    pub(crate) test: NodeTest,
    pub(crate) predicates: Run,
    /// Equalities `key = value` whose values do not depend on the candidate, a run of `keys`: one that is the step's
    /// first predicate, or those that it joins by `and`.
    pub(crate) keys: Run,
    /// Does a predicate call `last()`?
    pub(crate) needs_last: bool,
}

/// `key = value` in a predicate, answerable by an index.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct KeyTest {
    /// The equality itself.
    pub(crate) whole: Id,
    pub(crate) key: u32,
    pub(crate) value: Id,
}

/// Where a path begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start {
    /// At the root: `/…`.
    Root,
    /// At the context node.
    Context,
    /// At the nodes that an expression gives: `(…)[1]/…`, `instance('x')/…`.
    Expression(Id),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compare {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Op {
    /// Text between quotation marks: index into the texts.
    Text(u32),
    Number(f64),
    /// An integer that a float would change: index into the texts.
    Long(u32),
    /// Any of several (a chain of `or`).
    Or(Run),
    /// All of several (a chain of `and`).
    And(Run),
    Compare(Compare, Id, Id),
    Arithmetic(Arithmetic, Id, Id),
    Negate(Id),
    Union(Run),
    /// A function: its index in the table, or `UNKNOWN`; the name as written is in the texts.
    Call {
        function: u16,
        name: u32,
        arguments: Run,
    },
    /// A path: a run of `steps`.
    Path {
        start: Start,
        steps: Run,
        /// Does walking meet nodes in document order, none twice?
        ordered: bool,
    },
    /// `(…)[…]` or `f(…)[…]`: a run of predicates in `lists`.
    Filter {
        base: Id,
        predicates: Run,
    },
    /// `$name`, which XForms never binds: index into the texts.
    Variable(u32),
}

/// The index of a function that is not in the table.
pub(crate) const UNKNOWN: u16 = u16::MAX;

/// A parsed expression. Immutable but for [`Expr::bind_names`], `Send` and `Sync`, compact: share it freely.
#[derive(Clone)]
pub struct Expr {
    pub(crate) source: Box<str>,
    pub(crate) ops: Box<[Op]>,
    pub(crate) spans: Box<[(u32, u32)]>,
    pub(crate) lists: Box<[Id]>,
    pub(crate) steps: Box<[Step]>,
    pub(crate) keys: Box<[KeyTest]>,
    pub(crate) names: Box<[NameTest]>,
    pub(crate) texts: Box<[Box<str>]>,
    /// For each operation the number under which its value is shared, 0 for none; empty where none is.
    pub(crate) shared: Box<[u32]>,
    pub(crate) root: Id,
}

impl Expr {
    /// The text it was parsed from.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Asks `symbol` once for every name in the paths of the expression, and hands the answer to
    /// [`crate::Tree::has_name`] ever after.
    pub fn bind_names(&mut self, mut symbol: impl FnMut(Option<&str>, &str) -> u32) {
        for name in &mut self.names {
            name.symbol = symbol(name.prefix.as_deref(), &name.local);
        }
    }

    /// All names in the paths of the expression.
    pub fn names(&self) -> &[NameTest] {
        &self.names
    }

    pub(crate) fn op(&self, id: Id) -> &Op {
        &self.ops[id.0 as usize]
    }

    pub(crate) fn span(&self, id: Id) -> Span {
        let (start, end) = self.spans[id.0 as usize];
        Span { start: start as usize, end: end as usize }
    }

    pub(crate) fn list(&self, run: Run) -> &[Id] {
        &self.lists[run.start as usize..(run.start + run.len) as usize]
    }

    pub(crate) fn steps(&self, run: Run) -> &[Step] {
        &self.steps[run.start as usize..(run.start + run.len) as usize]
    }

    pub(crate) fn keys(&self, run: Run) -> &[KeyTest] {
        &self.keys[run.start as usize..(run.start + run.len) as usize]
    }

    pub(crate) fn name(&self, index: u32) -> &NameTest {
        &self.names[index as usize]
    }

    pub(crate) fn text(&self, index: u32) -> &str {
        &self.texts[index as usize]
    }
}

impl fmt::Debug for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Expr").field(&self.source).finish()
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)
    }
}

impl PartialEq for Expr {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Eq for Expr {}
