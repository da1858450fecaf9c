//! A parsed expression as others may look at it: its parts, for checks that know what the names in it mean.

use crate::ast::{Arithmetic, Compare, Expr, Id, Op, Run, Span, UNKNOWN};
use crate::functions;

/// A part of an expression.
#[derive(Debug, Clone, Copy)]
pub struct Part<'e> {
    expr: &'e Expr,
    id: Id,
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Comparison {
    /// The comparison with its sides changed.
    #[must_use]
    pub const fn turned(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
            same => same,
        }
    }

    /// Is it about order rather than sameness?
    #[must_use]
    pub const fn is_order(self) -> bool {
        !matches!(self, Self::Equal | Self::NotEqual)
    }

    /// What two numbers say; nothing compares with what is no number, but it differs from everything.
    #[must_use]
    pub fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Self::Equal => left == right,
            Self::NotEqual => left != right,
            Self::Less => left < right,
            Self::LessOrEqual => left <= right,
            Self::Greater => left > right,
            Self::GreaterOrEqual => left >= right,
        }
    }
}

/// What a part is.
#[derive(Debug, Clone)]
pub enum Shape<'e> {
    /// Text between quotation marks.
    Text(&'e str),
    /// A number.
    Number(f64),
    /// An integer with more digits than a float keeps.
    Long(&'e str),
    /// Any of several.
    Or(Vec<Part<'e>>),
    /// All of several.
    And(Vec<Part<'e>>),
    /// A comparison.
    Compare(Comparison, Part<'e>, Part<'e>),
    /// `+`, `-`, `*`, `div`, `mod`.
    Arithmetic(&'static str, Part<'e>, Part<'e>),
    /// A sign.
    Negate(Part<'e>),
    /// Nodes of several kinds.
    Union(Vec<Part<'e>>),
    /// A call: the name as written and the arguments.
    Call(&'e str, Vec<Part<'e>>),
    /// A path; [`Part::text`] has it as written.
    Path,
    /// `(…)[…]`: what is filtered.
    Filter(Part<'e>),
    /// `$name`.
    Variable(&'e str),
}

impl<'e> Part<'e> {
    /// Where it stands, in bytes of the expression.
    #[must_use]
    pub fn span(&self) -> Span {
        self.expr.span(self.id)
    }

    /// Its text as written.
    #[must_use]
    pub fn text(&self) -> &'e str {
        let Span { start, end } = self.span();
        self.expr.source.get(start..end).unwrap_or_default()
    }

    /// Its number in [`Expr::parts`].
    #[must_use]
    pub const fn index(&self) -> usize {
        self.id.0 as usize
    }

    /// What it is.
    #[must_use]
    pub fn shape(&self) -> Shape<'e> {
        let expr = self.expr;
        let part = |id: Id| Part { expr, id };
        let parts = |run: Run| expr.list(run).iter().map(|id| part(*id)).collect::<Vec<_>>();
        match *expr.op(self.id) {
            Op::Text(text) => Shape::Text(expr.text(text)),
            Op::Number(number) => Shape::Number(number),
            Op::Long(text) => Shape::Long(expr.text(text)),
            Op::Or(run) => Shape::Or(parts(run)),
            Op::And(run) => Shape::And(parts(run)),
            Op::Compare(compare, left, right) => {
                let comparison = match compare {
                    Compare::Equal => Comparison::Equal,
                    Compare::NotEqual => Comparison::NotEqual,
                    Compare::Less => Comparison::Less,
                    Compare::LessOrEqual => Comparison::LessOrEqual,
                    Compare::Greater => Comparison::Greater,
                    Compare::GreaterOrEqual => Comparison::GreaterOrEqual,
                };
                Shape::Compare(comparison, part(left), part(right))
            }
            Op::Arithmetic(operator, left, right) => {
                let sign = match operator {
                    Arithmetic::Add => "+",
                    Arithmetic::Subtract => "-",
                    Arithmetic::Multiply => "*",
                    Arithmetic::Divide => "div",
                    Arithmetic::Modulo => "mod",
                };
                Shape::Arithmetic(sign, part(left), part(right))
            }
            Op::Negate(inner) => Shape::Negate(part(inner)),
            Op::Union(run) => Shape::Union(parts(run)),
            Op::Call { function: UNKNOWN, name, arguments } => Shape::Call(expr.text(name), parts(arguments)),
            Op::Call { function, arguments, .. } => {
                Shape::Call(functions()[usize::from(function)].name, parts(arguments))
            }
            Op::Path { .. } => Shape::Path,
            Op::Filter { base, .. } => Shape::Filter(part(base)),
            Op::Variable(name) => Shape::Variable(expr.text(name)),
        }
    }
}

impl Expr {
    /// The whole expression.
    pub fn whole(&self) -> Part<'_> {
        Part { expr: self, id: self.root }
    }

    /// Every part, each after the parts it is made of, those inside predicates included.
    pub fn parts(&self) -> impl Iterator<Item = Part<'_>> {
        (0..self.ops.len()).map(|index| Part { expr: self, id: Id(index as u32) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_come_after_what_they_are_made_of() {
        let expr = crate::parse("not(selected(a, 'x') and (b + 1 >= 2 or c[d = 'e'])) = -f").expect("an expression");
        let mut seen = Vec::new();
        for part in expr.parts() {
            let inner = match part.shape() {
                Shape::Or(parts) | Shape::And(parts) | Shape::Union(parts) | Shape::Call(_, parts) => parts,
                Shape::Compare(_, left, right) | Shape::Arithmetic(_, left, right) => vec![left, right],
                Shape::Negate(inner) | Shape::Filter(inner) => vec![inner],
                _ => Vec::new(),
            };
            assert!(inner.iter().all(|inner| inner.index() < part.index()), "{}", part.text());
            seen.push(part.text());
        }
        assert!(seen.contains(&"selected(a, 'x')") && seen.contains(&"d = 'e'"), "{seen:?}");
        assert_eq!(expr.whole().text(), expr.source());
        assert!(matches!(expr.whole().shape(), Shape::Compare(Comparison::Equal, ..)));
    }

    #[test]
    fn comparisons_turn_around() {
        assert_eq!(Comparison::Less.turned(), Comparison::Greater);
        assert_eq!(Comparison::Equal.turned(), Comparison::Equal);
        assert!(Comparison::NotEqual.holds(f64::NAN, 1.0) && !Comparison::Less.holds(f64::NAN, 1.0));
    }
}
