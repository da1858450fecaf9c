//! What an expression reads, without evaluating it.

use crate::ast::{Axis, Expr, Id, NodeTest, Op, Run, Span, Start, Step, UNKNOWN};
use crate::functions;

/// Where a location path begins.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Base {
    /// `/…`: the root of the primary instance.
    Root,
    /// The context node (`.`, `name`, `../name`, and `current()/…`, which is the same outside predicates and is
    /// resolved here inside them).
    Context,
    /// `instance('id')/…`.
    Instance(Box<str>),
    /// Something only evaluation knows, such as `instance(concat(…))` or `id(…)`.
    Unknown,
}

/// What a step of a reference takes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum StepTest {
    /// A name, as written.
    Name {
        /// Prefix.
        prefix: Option<Box<str>>,
        /// Name.
        local: Box<str>,
    },
    /// `*` or `p:*`.
    AnyName,
    /// `node()`, which with the parent axis is `..`.
    AnyNode,
    /// `text()`, `comment()`, `processing-instruction()`.
    Other,
}

/// One step of a reference.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PathStep {
    /// Its axis.
    pub axis: Axis,
    /// Its test.
    pub test: StepTest,
    /// Has it predicates? (Their own references are listed separately.)
    pub filtered: bool,
}

/// A location path that an expression reads, with everything before it: a path inside a predicate is given from the
/// base of the path that the predicate belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Reference {
    /// Where it begins.
    pub base: Base,
    /// Its steps.
    pub steps: Vec<PathStep>,
    /// Where it stands in the expression.
    pub span: Span,
    /// Does it stand in a predicate?
    pub in_predicate: bool,
}

/// What else an expression depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Uses {
    /// `now()` or `today()`: another value at another time.
    pub clock: bool,
    /// `random()`, `uuid()`, `randomize()` without a seed: another value each time.
    pub chance: bool,
    /// `once()`: the node's own value.
    pub own_value: bool,
    /// `position(node)` and `indexed-repeat()`: places among siblings; and `position()` or `last()` outside predicates.
    pub position: bool,
    /// `jr:itext()`, `jr:choice-name()`, `format-date()`: the active language.
    pub language: bool,
    /// `jr:choice-name()`: labels of choices.
    pub choices: bool,
    /// `property()` or `version()`.
    pub properties: bool,
    /// A secondary instance.
    pub instances: bool,
}

impl Expr {
    /// All location paths the expression reads, in the order of its text. A path given as text, as in
    /// `jr:choice-name(x, '/data/q')`, is listed too.
    pub fn references(&self) -> Vec<Reference> {
        let mut collector = Collector::of(self);
        collector.visit(self.root, &Place::context(), false);
        collector.found.sort_by_key(|reference| reference.span.start);
        collector.found
    }

    /// What else it depends on.
    pub fn uses(&self) -> Uses {
        let mut collector = Collector::of(self);
        collector.visit(self.root, &Place::context(), false);
        collector.uses
    }
}

/// Where a node is found, as far as that is known without evaluating.
#[derive(Debug, Clone)]
struct Place {
    base: Base,
    steps: Vec<PathStep>,
}

impl Place {
    fn context() -> Self {
        Self { base: Base::Context, steps: Vec::new() }
    }

    fn at(base: Base) -> Self {
        Self { base, steps: Vec::new() }
    }

    /// Goes a step on; `.` goes nowhere, and `..` takes back a step to a child.
    fn go(&mut self, step: PathStep) {
        match (step.axis, &step.test) {
            (Axis::SelfNode, StepTest::AnyNode) => {}
            (Axis::Parent, StepTest::AnyNode)
                if self.steps.last().is_some_and(|last| matches!(last.axis, Axis::Child | Axis::Attribute)) =>
            {
                self.steps.pop();
            }
            _ => self.steps.push(step),
        }
    }
}

struct Collector<'e> {
    expr: &'e Expr,
    found: Vec<Reference>,
    uses: Uses,
}

impl<'e> Collector<'e> {
    fn of(expr: &'e Expr) -> Self {
        Self { expr, found: Vec::new(), uses: Uses::default() }
    }

    fn record(&mut self, place: Place, span: Span, in_predicate: bool) {
        self.found.push(Reference { base: place.base, steps: place.steps, span, in_predicate });
    }

    fn visit(&mut self, id: Id, scope: &Place, inside: bool) {
        let mut id = id;
        loop {
            match *self.expr.op(id) {
                Op::Text(_) | Op::Number(_) | Op::Long(_) | Op::Variable(_) => return,
                Op::Or(run) | Op::And(run) | Op::Union(run) => return self.visit_all(run, scope, inside),
                // Long sums lean to the left: follow them by a loop.
                Op::Compare(_, left, right) | Op::Arithmetic(_, left, right) => {
                    self.visit(right, scope, inside);
                    id = left;
                }
                Op::Negate(inner) => id = inner,
                Op::Path { .. } | Op::Filter { .. } => {
                    if let Some(place) = self.place(id, scope, inside) {
                        self.record(place, self.expr.span(id), inside);
                    }
                    return;
                }
                Op::Call { function, name, arguments } => {
                    return self.visit_call(id, function, name, arguments, scope, inside);
                }
            }
        }
    }

    fn visit_all(&mut self, run: Run, scope: &Place, inside: bool) {
        for part in self.expr.list(run) {
            self.visit(*part, scope, inside);
        }
    }

    /// The place of the nodes that an expression gives; visits what it reads on the way there. None where it gives
    /// none, or where all it reads is recorded already.
    fn place(&mut self, id: Id, scope: &Place, inside: bool) -> Option<Place> {
        match *self.expr.op(id) {
            Op::Path { start, steps, .. } => {
                let mut place = match start {
                    Start::Root => Place::at(Base::Root),
                    Start::Context => scope.clone(),
                    Start::Expression(base) => self.place(base, scope, inside).unwrap_or(Place::at(Base::Unknown)),
                };
                for step in self.expr.steps(steps) {
                    place.go(self.path_step(step));
                    for predicate in self.expr.list(step.predicates) {
                        self.visit(*predicate, &place, true);
                    }
                }
                Some(place)
            }
            Op::Filter { base, predicates } => {
                let place = self.place(base, scope, inside)?;
                for predicate in self.expr.list(predicates) {
                    self.visit(*predicate, &place, true);
                }
                Some(place)
            }
            Op::Call { name, arguments, .. } => {
                let arguments_list = self.expr.list(arguments);
                match (self.expr.text(name), arguments_list) {
                    ("current", []) => Some(Place::context()),
                    ("instance", [id]) => {
                        self.uses.instances = true;
                        match *self.expr.op(*id) {
                            Op::Text(text) => Some(Place::at(Base::Instance(self.expr.text(text).into()))),
                            _ => {
                                self.visit(*id, scope, inside);
                                Some(Place::at(Base::Unknown))
                            }
                        }
                    }
                    ("randomize", [nodes, seed @ ..]) => {
                        self.uses.chance |= seed.is_empty();
                        for seed in seed {
                            self.visit(*seed, scope, inside);
                        }
                        self.place(*nodes, scope, inside)
                    }
                    _ => {
                        self.visit(id, scope, inside);
                        None
                    }
                }
            }
            _ => {
                self.visit(id, scope, inside);
                None
            }
        }
    }

    fn path_step(&self, step: &Step) -> PathStep {
        let test = match step.test {
            NodeTest::Name(name) => {
                let name = self.expr.name(name);
                StepTest::Name { prefix: name.prefix.clone(), local: name.local.clone() }
            }
            NodeTest::Any | NodeTest::AnyIn(_) => StepTest::AnyName,
            NodeTest::Node => StepTest::AnyNode,
            _ => StepTest::Other,
        };
        PathStep { axis: step.axis, test, filtered: step.predicates.len > 0 }
    }

    fn visit_call(&mut self, id: Id, function: u16, name: u32, arguments: Run, scope: &Place, inside: bool) {
        let expr = self.expr;
        let span = expr.span(id);
        let list = expr.list(arguments);
        match (expr.text(name), list) {
            ("now" | "today", _) => self.uses.clock = true,
            ("random" | "uuid", _) => self.uses.chance = true,
            ("once", _) => {
                self.uses.own_value = true;
                self.record(Place::context(), span, inside);
            }
            ("position", [_]) | ("indexed-repeat", _) => self.uses.position = true,
            ("position" | "last", []) => self.uses.position |= !inside,
            ("jr:itext" | "format-date" | "format-date-time", _) => self.uses.language = true,
            ("property" | "version", _) => self.uses.properties = true,
            ("jr:choice-name", [_, path]) => {
                self.uses.language = true;
                self.uses.choices = true;
                if let Op::Text(path) = *expr.op(*path) {
                    self.record_text_path(expr.text(path), span, inside);
                }
            }
            ("pulldata", [id, ..]) => {
                self.uses.instances = true;
                let base = match *expr.op(*id) {
                    Op::Text(text) => Base::Instance(expr.text(text).into()),
                    _ => Base::Unknown,
                };
                self.record(Place::at(base), span, inside);
            }
            // The same arities as in `place`, which comes back here with every other one.
            ("current", []) | ("instance", [_]) | ("randomize", [_, ..]) => {
                if let Some(place) = self.place(id, scope, inside) {
                    self.record(place, span, inside);
                }
                return;
            }
            (_, []) if function != UNKNOWN && functions::reads_context(function, 0) => {
                self.record(scope.clone(), span, inside);
            }
            _ => {}
        }
        self.visit_all(arguments, scope, inside);
    }

    /// A path given as text is about the context node, wherever it stands.
    fn record_text_path(&mut self, path: &str, span: Span, inside: bool) {
        let Ok(path) = crate::parse(path) else { return };
        for reference in path.references() {
            self.found.push(Reference { span, in_predicate: inside, ..reference });
        }
    }
}
