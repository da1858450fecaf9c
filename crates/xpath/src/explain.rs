//! How an expression came to its value.

use std::fmt;

use crate::ast::{Expr, Id, Op, Run, Span, Start};
use crate::context::{Context, Host};
use crate::error::EvalError;
use crate::evaluate::{Eval, Focus};
use crate::tree::Tree;
use crate::value::Value;

/// The most parts one trace has; a longer expression is told up to there.
pub const MAX_TRACE: usize = 2_000;

/// What a part of an expression does with its own parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TraceKind {
    /// `a and b`: parts after the first false one were not looked at, and are not told.
    And,
    /// `a or b`: parts after the first true one were not looked at, and are not told.
    Or,
    /// `not(a)`.
    Not,
    /// `a = b`, `a < b`, ….
    Compare,
    /// `a + b`, `-a`, ….
    Arithmetic,
    /// `if(c, a, b)`: the condition and the branch taken. `coalesce(a, b)` likewise: what it looked at.
    Choice,
    /// Any other function, with its arguments.
    Call,
    /// A path. Its parts are the paths in its predicates that do not depend on the candidate.
    Path,
    /// A text or a number of the expression itself.
    Literal,
}

/// A part of an expression, with what it gave.
#[derive(Clone, PartialEq)]
pub struct Trace<'a, N> {
    /// Which part of the text.
    pub span: Span,
    /// What it does.
    pub kind: TraceKind,
    /// What it gave.
    pub value: Result<Value<'a, N>, EvalError>,
    /// It decided the value of the part around it: another value here could have changed that one by itself, or all the
    /// deciding parts had to be as they are.
    pub decided: bool,
    /// Its own parts, in the order of the text, as far as they were looked at.
    pub parts: Vec<Self>,
}

/// Shows no values: they may be answers.
impl<N: fmt::Debug> fmt::Debug for Trace<'_, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trace")
            .field("span", &self.span)
            .field("kind", &self.kind)
            .field("decided", &self.decided)
            .field("parts", &self.parts)
            .finish_non_exhaustive()
    }
}

/// Evaluates an expression and tells how it came to its value: the parts that were looked at, what each gave, and which
/// of them decided. What fails is told in its place.
pub fn explain<'a, T: Tree + ?Sized, H: Host<T> + ?Sized>(
    expr: &'a Expr,
    context: &Context<'a, T, H>,
) -> Trace<'a, T::Node> {
    let eval = Eval::new(expr, context);
    let mut tracer = Tracer { eval: &eval, left: MAX_TRACE };
    tracer.trace(expr.root, eval.focus())
}

struct Tracer<'e, 'a, T: Tree + ?Sized, H: ?Sized> {
    eval: &'e Eval<'a, T, H>,
    left: usize,
}

impl<'a, T: Tree + ?Sized, H: Host<T> + ?Sized> Tracer<'_, 'a, T, H> {
    fn trace(&mut self, id: Id, focus: Focus<T::Node>) -> Trace<'a, T::Node> {
        self.left = self.left.saturating_sub(1);
        let expr = self.eval.expr;
        let (kind, parts) = match *expr.op(id) {
            Op::Text(_) | Op::Number(_) | Op::Long(_) | Op::Variable(_) => (TraceKind::Literal, Vec::new()),
            Op::And(run) => (TraceKind::And, self.until(run, focus, false)),
            Op::Or(run) => (TraceKind::Or, self.until(run, focus, true)),
            Op::Compare(_, left, right) => (TraceKind::Compare, self.all(&[left, right], focus)),
            Op::Arithmetic(..) => (TraceKind::Arithmetic, self.sum(id, focus)),
            Op::Negate(inner) => (TraceKind::Arithmetic, self.all(&[inner], focus)),
            Op::Union(run) => (TraceKind::Path, self.all(expr.list(run), focus)),
            Op::Path { .. } | Op::Filter { .. } => (TraceKind::Path, self.in_predicates(id, focus)),
            Op::Call { name, arguments, .. } => self.call(expr.text(name), expr.list(arguments), focus),
        };
        Trace { span: expr.span(id), kind, value: self.eval.value(id, focus), decided: true, parts }
    }

    fn all(&mut self, ids: &[Id], focus: Focus<T::Node>) -> Vec<Trace<'a, T::Node>> {
        let mut parts = Vec::new();
        for id in ids {
            if self.left > 0 {
                parts.push(self.trace(*id, focus));
            }
        }
        parts
    }

    /// Operands up to the first that is `stop`, or fails: it alone decides. Where none is, all of them do.
    fn until(&mut self, run: Run, focus: Focus<T::Node>, stop: bool) -> Vec<Trace<'a, T::Node>> {
        let mut parts = Vec::new();
        for id in self.eval.expr.list(run) {
            if self.left == 0 {
                break;
            }
            let part = self.trace(*id, focus);
            let ends = part.value.as_ref().map_or(true, |value| value.to_boolean() == stop);
            parts.push(part);
            if ends {
                let last = parts.len() - 1;
                parts[..last].iter_mut().for_each(|part| part.decided = false);
                break;
            }
        }
        parts
    }

    /// The operands of a chain of `+ - * div mod`, which leans to the left.
    fn sum(&mut self, id: Id, focus: Focus<T::Node>) -> Vec<Trace<'a, T::Node>> {
        let mut operands = Vec::new();
        let mut at = id;
        while let Op::Arithmetic(_, left, right) = *self.eval.expr.op(at) {
            operands.push(right);
            at = left;
        }
        operands.push(at);
        operands.reverse();
        self.all(&operands, focus)
    }

    fn call(&mut self, name: &str, arguments: &'a [Id], focus: Focus<T::Node>) -> (TraceKind, Vec<Trace<'a, T::Node>>) {
        match (name, arguments) {
            ("not", [inner]) => (TraceKind::Not, self.all(&[*inner], focus)),
            ("if", [condition, yes, no]) => {
                let condition = self.trace(*condition, focus);
                let taken = condition.value.as_ref().ok().map(|value| if value.to_boolean() { *yes } else { *no });
                let branch = taken.filter(|_| self.left > 0).map(|taken| self.trace(taken, focus));
                (TraceKind::Choice, std::iter::once(condition).chain(branch).collect())
            }
            ("coalesce", [first, second]) => {
                let mut parts = vec![self.trace(*first, focus)];
                let text = self.eval.string(*first, focus);
                if text.is_ok_and(|text| text.is_empty() || text == "NaN") && self.left > 0 {
                    parts[0].decided = false;
                    parts.push(self.trace(*second, focus));
                }
                (TraceKind::Choice, parts)
            }
            _ => (TraceKind::Call, self.all(arguments, focus)),
        }
    }

    /// The paths in the predicates of a path that lead elsewhere than to the candidate: what a choice filter compares with.
    fn in_predicates(&mut self, id: Id, focus: Focus<T::Node>) -> Vec<Trace<'a, T::Node>> {
        let expr = self.eval.expr;
        let mut predicates = Vec::new();
        let mut base = Some(id);
        while let Some(at) = base {
            base = match *expr.op(at) {
                Op::Path { start, steps, .. } => {
                    predicates.extend(expr.steps(steps).iter().flat_map(|step| expr.list(step.predicates)));
                    if let Start::Expression(base) = start { Some(base) } else { None }
                }
                Op::Filter { base, predicates: run } => {
                    predicates.extend(expr.list(run));
                    Some(base)
                }
                _ => None,
            };
        }
        let mut found = Vec::new();
        let mut open: Vec<Id> = predicates.into_iter().copied().rev().collect();
        while let Some(at) = open.pop() {
            match *expr.op(at) {
                Op::Path { start, .. } if self.is_fixed(start) => found.push(at),
                Op::Call { name, arguments, .. } => {
                    if expr.text(name) == "current" {
                        found.push(at);
                    }
                    open.extend(expr.list(arguments).iter().rev());
                }
                Op::Or(run) | Op::And(run) | Op::Union(run) => open.extend(expr.list(run).iter().rev()),
                Op::Compare(_, left, right) | Op::Arithmetic(_, left, right) => open.extend([right, left]),
                Op::Negate(inner) => open.push(inner),
                _ => {}
            }
        }
        self.all(&found, focus)
    }

    /// Does a path begin at the root, at `current()` or at an instance, whatever the candidate?
    fn is_fixed(&self, start: Start) -> bool {
        match start {
            Start::Root => true,
            Start::Context => false,
            Start::Expression(base) => match *self.eval.expr.op(base) {
                Op::Call { name, .. } => matches!(self.eval.expr.text(name), "current" | "instance"),
                _ => false,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Document, TestHost};

    /// The trace in lines: the part, what it gave, `!` where it decided.
    fn lines(source: &str, trace: &Trace<'_, crate::testing::NodeId>, document: &Document, depth: usize) -> String {
        let value = match &trace.value {
            Ok(Value::Nodes(nodes)) => {
                let texts: Vec<_> = nodes.iter().map(|node| document.string_value(node).into_owned()).collect();
                format!("{texts:?}")
            }
            Ok(other) => other.text().unwrap_or_default().into_owned(),
            Err(error) => error.code().to_owned(),
        };
        let mark = if trace.decided { "!" } else { "" };
        let text = source[trace.span.start..trace.span.end].trim();
        let own = format!("{}{:?} {text} → {value}{mark}\n", "  ".repeat(depth), trace.kind);
        own + &trace.parts.iter().map(|part| lines(source, part, document, depth + 1)).collect::<String>()
    }

    #[track_caller]
    fn check(source: &str, expect: &[&str]) {
        let mut document = Document::new();
        document.open("data");
        for (name, text) in [("a", "2"), ("b", ""), ("c", "x")] {
            document.leaf(name, text);
        }
        document.close();
        let host = TestHost::at("2017-06-01T08:00:00+08:00");
        let context = host.context(&document, document.root());
        let expr = crate::parse(source).expect("an expression");
        let trace = explain(&expr, &context);
        assert_eq!(lines(source, &trace, &document, 0).trim_end().split('\n').collect::<Vec<_>>(), expect);
    }

    #[test]
    fn of_and_and_or_the_deciding_operands_are_told() {
        check(
            "/data/a = 2 and /data/b = 1 and /data/c = 'x'",
            &[
                "And /data/a = 2 and /data/b = 1 and /data/c = 'x' → false!",
                "  Compare /data/a = 2 → true",
                "    Path /data/a → [\"2\"]!",
                "    Literal 2 → 2!",
                "  Compare /data/b = 1 → false!",
                "    Path /data/b → [\"\"]!",
                "    Literal 1 → 1!",
            ],
        );
        check("/data/b or /data/a = 3", &["Or /data/b or /data/a = 3 → true!", "  Path /data/b → [\"\"]!"]);
        check(
            "/data/a = 1 or not(/data/c = 'x')",
            &[
                "Or /data/a = 1 or not(/data/c = 'x') → false!",
                "  Compare /data/a = 1 → false!",
                "    Path /data/a → [\"2\"]!",
                "    Literal 1 → 1!",
                "  Not not(/data/c = 'x') → false!",
                "    Compare /data/c = 'x' → true!",
                "      Path /data/c → [\"x\"]!",
                "      Literal 'x' → x!",
            ],
        );
    }

    #[test]
    fn of_a_choice_the_branch_that_was_taken_is_told() {
        check(
            "if(/data/a > 1, coalesce(/data/b, 'none'), 1 + 2)",
            &[
                "Choice if(/data/a > 1, coalesce(/data/b, 'none'), 1 + 2) → none!",
                "  Compare /data/a > 1 → true!",
                "    Path /data/a → [\"2\"]!",
                "    Literal 1 → 1!",
                "  Choice coalesce(/data/b, 'none') → none!",
                "    Path /data/b → [\"\"]",
                "    Literal 'none' → none!",
            ],
        );
    }

    #[test]
    fn predicates_tell_what_they_compare_with_and_errors_their_place() {
        check(
            "count(/data/*[. = current()/data/c])",
            &[
                "Call count(/data/*[. = current()/data/c]) → 1!",
                "  Path /data/*[. = current()/data/c] → [\"x\"]!",
                "    Path current()/data/c → [\"x\"]!",
            ],
        );
        check(
            "1 + 2 - date('no')",
            &[
                "Arithmetic 1 + 2 - date('no') → xpath-not-a-date!",
                "  Literal 1 → 1!",
                "  Literal 2 → 2!",
                "  Call date('no') → xpath-not-a-date!",
                "    Literal 'no' → no!",
            ],
        );
    }

    #[test]
    fn a_long_expression_is_told_up_to_a_limit() {
        let source = vec!["1"; 50_000].join("+");
        let document = Document::new();
        let host = TestHost::at("2017-06-01T08:00:00+08:00");
        let context = host.context(&document, document.root());
        let expr = crate::parse(&source).expect("an expression");
        let trace = explain(&expr, &context);
        assert!(trace.parts.len() < MAX_TRACE, "{}", trace.parts.len());
        assert_eq!(trace.value, Ok(Value::Number(50_000.0)));
    }
}
