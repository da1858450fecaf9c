//! Tokens to the arena.

mod predicates;

use std::collections::HashMap;

use crate::ast::{
    Arithmetic, Axis, Compare, Expr, Id, KeyTest, NameTest, NodeTest, Op, Run, Span, Start, Step, UNKNOWN,
};
use crate::error::{ParseError, ParseErrorKind};
use crate::functions;
use crate::lex::{Token, lex};
use crate::number;

/// The longest expression, in bytes.
pub const MAX_LENGTH: usize = 256 * 1024;

/// How deep brackets, predicates, calls, signs and comparisons may nest.
pub const MAX_DEPTH: usize = 100;

/// So many steps of a path count as one level of nesting.
const STEPS_PER_LEVEL: usize = 4;

/// Parses an expression: the whole grammar of XPath 1.0. Function names and numbers of arguments are not looked at
/// here, but by [`crate::check`], so that one problem does not hide the others.
///
/// # Errors
///
/// Where and why the text is no expression.
pub fn parse(source: &str) -> Result<Expr, ParseError> {
    if source.len() > MAX_LENGTH {
        let kind = ParseErrorKind::TooLong { found: source.len(), limit: MAX_LENGTH };
        return Err(ParseError::new(source, Span { start: 0, end: source.len() }, kind));
    }
    let mut parser = Parser {
        source,
        tokens: lex(source)?,
        at: 0,
        depth: 0,
        ops: Vec::new(),
        spans: Vec::new(),
        lists: Vec::new(),
        steps: Vec::new(),
        keys: Vec::new(),
        names: Vec::new(),
        known_names: HashMap::new(),
        texts: Vec::new(),
    };
    let root = parser.or()?;
    if parser.peek() != Token::End {
        return Err(parser.expected("an operator or the end"));
    }
    Ok(Expr {
        source: source.into(),
        ops: parser.ops.into(),
        spans: parser.spans.into(),
        lists: parser.lists.into(),
        steps: parser.steps.into(),
        keys: parser.keys.into(),
        names: parser.names.into(),
        texts: parser.texts.into(),
        shared: Box::default(),
        root,
    })
}

struct Parser<'s> {
    source: &'s str,
    tokens: Vec<(Token<'s>, Span)>,
    at: usize,
    depth: usize,
    ops: Vec<Op>,
    spans: Vec<(u32, u32)>,
    lists: Vec<Id>,
    steps: Vec<Step>,
    keys: Vec<KeyTest>,
    names: Vec<NameTest>,
    known_names: HashMap<String, u32>,
    texts: Vec<Box<str>>,
}

const NO_RUN: Run = Run { start: 0, len: 0 };

type Parsed<V> = Result<V, ParseError>;

impl<'s> Parser<'s> {
    fn peek(&self) -> Token<'s> {
        self.tokens[self.at].0
    }

    fn peek_behind(&self) -> Token<'s> {
        self.tokens.get(self.at + 1).map_or(Token::End, |(token, _)| *token)
    }

    fn start(&self) -> usize {
        self.tokens[self.at].1.start
    }

    fn end(&self) -> usize {
        self.at.checked_sub(1).map_or(0, |before| self.tokens[before].1.end)
    }

    fn next(&mut self) -> Token<'s> {
        let token = self.peek();
        if token != Token::End {
            self.at += 1;
        }
        token
    }

    fn take(&mut self, token: Token<'_>) -> bool {
        let same = self.peek() == token;
        if same {
            self.at += 1;
        }
        same
    }

    fn need(&mut self, token: Token<'_>, expected: &'static str) -> Parsed<()> {
        if self.take(token) { Ok(()) } else { Err(self.expected(expected)) }
    }

    fn expected(&self, expected: &'static str) -> ParseError {
        let span = self.tokens[self.at].1;
        let found = match self.peek() {
            Token::End => "the end".to_owned(),
            _ => self.source[span.start..span.end].to_owned(),
        };
        ParseError::new(self.source, span, ParseErrorKind::Expected { expected, found })
    }

    fn deeper<V>(&mut self, inside: impl FnOnce(&mut Self) -> Parsed<V>) -> Parsed<V> {
        if self.depth >= MAX_DEPTH {
            let span = self.tokens[self.at].1;
            return Err(ParseError::new(self.source, span, ParseErrorKind::TooDeep { limit: MAX_DEPTH }));
        }
        self.depth += 1;
        let value = inside(self);
        self.depth -= 1;
        value
    }

    fn add(&mut self, op: Op, start: usize) -> Id {
        self.ops.push(op);
        self.spans.push((start as u32, self.end() as u32));
        Id((self.ops.len() - 1) as u32)
    }

    fn list(&mut self, ids: &[Id]) -> Run {
        let start = self.lists.len() as u32;
        self.lists.extend_from_slice(ids);
        Run { start, len: ids.len() as u32 }
    }

    fn text(&mut self, text: &str) -> u32 {
        self.texts.push(text.into());
        (self.texts.len() - 1) as u32
    }

    fn name_test(&mut self, prefix: Option<&str>, local: &str) -> u32 {
        let next = self.names.len() as u32;
        let whole = prefix.map_or_else(|| local.to_owned(), |prefix| format!("{prefix}:{local}"));
        let known = *self.known_names.entry(whole).or_insert(next);
        if known < next {
            return known;
        }
        self.names.push(NameTest { prefix: prefix.map(Into::into), local: local.into(), symbol: 0 });
        next
    }

    fn or(&mut self) -> Parsed<Id> {
        self.chain(Token::Or, Self::and, Op::Or)
    }

    fn and(&mut self) -> Parsed<Id> {
        self.chain(Token::And, Self::equality, Op::And)
    }

    fn chain(&mut self, token: Token<'_>, part: fn(&mut Self) -> Parsed<Id>, op: fn(Run) -> Op) -> Parsed<Id> {
        let start = self.start();
        let first = part(self)?;
        if self.peek() != token {
            return Ok(first);
        }
        let mut parts = vec![first];
        while self.take(token) {
            parts.push(part(self)?);
        }
        let run = self.list(&parts);
        Ok(self.add(op(run), start))
    }

    fn equality(&mut self) -> Parsed<Id> {
        self.comparison(&[Compare::Equal, Compare::NotEqual], Self::relation)
    }

    fn relation(&mut self) -> Parsed<Id> {
        let relations = [Compare::Less, Compare::LessOrEqual, Compare::Greater, Compare::GreaterOrEqual];
        self.comparison(&relations, Self::sum)
    }

    fn comparison(&mut self, these: &[Compare], part: fn(&mut Self) -> Parsed<Id>) -> Parsed<Id> {
        let start = self.start();
        let mut left = part(self)?;
        let mut count = 0;
        while let Token::Compare(compare) = self.peek() {
            if !these.contains(&compare) {
                break;
            }
            count += 1;
            if count > MAX_DEPTH {
                return Err(ParseError::new(
                    self.source,
                    self.tokens[self.at].1,
                    ParseErrorKind::TooDeep { limit: MAX_DEPTH },
                ));
            }
            self.at += 1;
            let right = part(self)?;
            left = self.add(Op::Compare(compare, left, right), start);
        }
        Ok(left)
    }

    fn sum(&mut self) -> Parsed<Id> {
        let start = self.start();
        let mut left = self.product()?;
        loop {
            let op = match self.peek() {
                Token::Plus => Arithmetic::Add,
                Token::Minus => Arithmetic::Subtract,
                _ => return Ok(left),
            };
            self.at += 1;
            let right = self.product()?;
            left = self.add(Op::Arithmetic(op, left, right), start);
        }
    }

    fn product(&mut self) -> Parsed<Id> {
        let start = self.start();
        let mut left = self.sign()?;
        loop {
            let op = match self.peek() {
                Token::Multiply => Arithmetic::Multiply,
                Token::Div => Arithmetic::Divide,
                Token::Mod => Arithmetic::Modulo,
                _ => return Ok(left),
            };
            self.at += 1;
            let right = self.sign()?;
            left = self.add(Op::Arithmetic(op, left, right), start);
        }
    }

    fn sign(&mut self) -> Parsed<Id> {
        let start = self.start();
        if self.take(Token::Minus) {
            let inner = self.deeper(Self::sign)?;
            return Ok(self.add(Op::Negate(inner), start));
        }
        self.chain(Token::Pipe, Self::path, Op::Union)
    }

    fn path(&mut self) -> Parsed<Id> {
        let start = self.start();
        match self.peek() {
            Token::Slash => {
                self.at += 1;
                let mut steps = Vec::new();
                if self.begins_step() {
                    steps.push(self.step(0)?);
                }
                self.more_steps(&mut steps)?;
                Ok(self.finish(Start::Root, &steps, start))
            }
            Token::SlashSlash => {
                let mut steps = Vec::new();
                self.more_steps(&mut steps)?;
                Ok(self.finish(Start::Root, &steps, start))
            }
            Token::Open | Token::Text(_) | Token::Number(_) | Token::Dollar => self.filter(start),
            Token::Name(_, local) if self.peek_behind() == Token::Open && !is_node_type(local) => self.filter(start),
            _ if self.begins_step() => {
                let mut steps = vec![self.step(0)?];
                self.more_steps(&mut steps)?;
                Ok(self.finish(Start::Context, &steps, start))
            }
            _ => Err(self.expected("a value, a path or a function")),
        }
    }

    fn begins_step(&self) -> bool {
        matches!(
            self.peek(),
            Token::Dot | Token::DotDot | Token::At | Token::Star | Token::PrefixStar(_) | Token::Name(..)
        )
    }

    fn more_steps(&mut self, steps: &mut Vec<Step>) -> Parsed<()> {
        loop {
            if self.take(Token::SlashSlash) {
                steps.push(self.plain(Axis::DescendantOrSelf, NodeTest::Node));
            } else if !self.take(Token::Slash) {
                return Ok(());
            }
            if !self.begins_step() {
                return Err(self.expected("a name or another step of the path"));
            }
            let step = self.step(steps.len())?;
            steps.push(step);
        }
    }

    fn plain(&self, axis: Axis, test: NodeTest) -> Step {
        Step { axis, test, predicates: NO_RUN, keys: NO_RUN, needs_last: false }
    }

    fn step(&mut self, before: usize) -> Parsed<Step> {
        // Steps are followed one inside the other, and so are the predicates at their ends.
        let outside = self.depth;
        self.depth += before / STEPS_PER_LEVEL;
        if self.depth > MAX_DEPTH {
            let kind = ParseErrorKind::TooDeep { limit: MAX_DEPTH };
            return Err(ParseError::new(self.source, self.tokens[self.at].1, kind));
        }
        let step = match self.peek() {
            Token::Dot => {
                self.at += 1;
                self.plain(Axis::SelfNode, NodeTest::Node)
            }
            Token::DotDot => {
                self.at += 1;
                self.plain(Axis::Parent, NodeTest::Node)
            }
            _ => {
                let axis = self.axis()?;
                let test = self.node_test()?;
                self.plain(axis, test)
            }
        };
        let predicates = self.predicates()?;
        self.depth = outside;
        let keys = self.key_tests(&step, &predicates);
        let needs_last = predicates.iter().any(|predicate| self.calls(*predicate, &["last"]));
        let predicates = self.list(&predicates);
        Ok(Step { predicates, keys, needs_last, ..step })
    }

    fn axis(&mut self) -> Parsed<Axis> {
        if self.take(Token::At) {
            return Ok(Axis::Attribute);
        }
        if let Token::Name(None, name) = self.peek()
            && self.peek_behind() == Token::ColonColon
        {
            let Some(axis) = Axis::named(name) else {
                let kind = ParseErrorKind::UnknownAxis { found: name.to_owned() };
                return Err(ParseError::new(self.source, self.tokens[self.at].1, kind));
            };
            self.at += 2;
            return Ok(axis);
        }
        Ok(Axis::Child)
    }

    fn node_test(&mut self) -> Parsed<NodeTest> {
        match self.peek() {
            Token::Star => {
                self.at += 1;
                Ok(NodeTest::Any)
            }
            Token::PrefixStar(prefix) => {
                self.at += 1;
                Ok(NodeTest::AnyIn(self.name_test(Some(prefix), "*")))
            }
            Token::Name(None, kind) if self.peek_behind() == Token::Open => {
                if !is_node_type(kind) {
                    return Err(self.expected("a name or a node type"));
                }
                self.at += 2;
                let test = match kind {
                    "node" => NodeTest::Node,
                    "text" => NodeTest::Text,
                    "comment" => NodeTest::Comment,
                    _ => match self.peek() {
                        Token::Text(target) => {
                            self.at += 1;
                            NodeTest::InstructionNamed(self.text(target))
                        }
                        _ => NodeTest::Instruction,
                    },
                };
                self.need(Token::Close, ")")?;
                Ok(test)
            }
            Token::Name(prefix, local) => {
                self.at += 1;
                Ok(NodeTest::Name(self.name_test(prefix, local)))
            }
            _ => Err(self.expected("a name, * or a node type")),
        }
    }

    fn predicates(&mut self) -> Parsed<Vec<Id>> {
        let mut predicates = Vec::new();
        while self.take(Token::OpenBracket) {
            predicates.push(self.deeper(Self::or)?);
            self.need(Token::CloseBracket, "]")?;
        }
        Ok(predicates)
    }

    fn filter(&mut self, start: usize) -> Parsed<Id> {
        let mut base = self.primary()?;
        let predicates = self.predicates()?;
        if !predicates.is_empty() {
            let predicates = self.list(&predicates);
            base = self.add(Op::Filter { base, predicates }, start);
        }
        if !matches!(self.peek(), Token::Slash | Token::SlashSlash) {
            return Ok(base);
        }
        let mut steps = Vec::new();
        self.more_steps(&mut steps)?;
        // `current()/x` outside predicates is `./x`, but the parser does not know where it stands; the evaluator makes
        // nothing of the difference.
        Ok(self.finish(Start::Expression(base), &steps, start))
    }

    fn primary(&mut self) -> Parsed<Id> {
        let start = self.start();
        match self.next() {
            Token::Open => {
                let inner = self.deeper(Self::or)?;
                self.need(Token::Close, ")")?;
                Ok(inner)
            }
            Token::Text(text) => {
                let text = self.text(text);
                Ok(self.add(Op::Text(text), start))
            }
            Token::Number(text) if number::is_long(text) => {
                let text = self.text(text);
                Ok(self.add(Op::Long(text), start))
            }
            Token::Number(text) => Ok(self.add(Op::Number(number::parse_number(text)), start)),
            Token::Dollar => match self.next() {
                Token::Name(_, name) => {
                    let name = self.text(name);
                    Ok(self.add(Op::Variable(name), start))
                }
                _ => {
                    self.at -= 1;
                    Err(self.expected("the name of a variable"))
                }
            },
            Token::Name(prefix, local) => {
                self.at += 1;
                let mut arguments = Vec::new();
                if !self.take(Token::Close) {
                    loop {
                        arguments.push(self.deeper(Self::or)?);
                        if !self.take(Token::Comma) {
                            break;
                        }
                    }
                    self.need(Token::Close, ", or )")?;
                }
                let name = prefix.map_or_else(|| local.to_owned(), |prefix| format!("{prefix}:{local}"));
                let function = functions::index_of(&name).unwrap_or(UNKNOWN);
                let name = self.text(&name);
                let arguments = self.list(&arguments);
                Ok(self.add(Op::Call { function, name, arguments }, start))
            }
            _ => {
                self.at -= 1;
                Err(self.expected("a value"))
            }
        }
    }

    /// Stores the steps, joining `//name` into one step where no predicate counts positions, and notes whether walking
    /// them meets the nodes in document order, each once.
    fn finish(&mut self, start: Start, steps: &[Step], begin: usize) -> Id {
        let first = self.steps.len();
        for step in steps {
            if step.axis == Axis::SelfNode && step.test == NodeTest::Node && step.predicates.len == 0 {
                // `.` goes nowhere.
                continue;
            }
            let after_slashes = self.steps[first..].last().is_some_and(|last| {
                last.axis == Axis::DescendantOrSelf && last.test == NodeTest::Node && last.predicates.len == 0
            });
            if after_slashes && step.axis == Axis::Child && self.predicates_ignore_position(step) {
                self.steps.pop();
                self.steps.push(Step { axis: Axis::Descendant, keys: NO_RUN, ..*step });
            } else {
                self.steps.push(*step);
            }
        }
        let ordered = walks_in_order(self.steps[first..].iter().map(|step| step.axis));
        let run = Run { start: first as u32, len: (self.steps.len() - first) as u32 };
        self.add(Op::Path { start, steps: run, ordered }, begin)
    }
}

fn is_node_type(name: &str) -> bool {
    matches!(name, "node" | "text" | "comment" | "processing-instruction")
}

/// Does walking these axes from one node, each node's rest before the next node, meet nodes in document order and none
/// twice?
fn walks_in_order(axes: impl Iterator<Item = Axis>) -> bool {
    #[derive(Clone, Copy, PartialEq)]
    enum Met {
        /// At most one node.
        Single,
        /// Nodes in order, none below another.
        Flat,
        /// Nodes in order, some perhaps below others.
        Nested,
    }
    let mut met = Met::Single;
    for axis in axes {
        met = match (axis, met) {
            (Axis::SelfNode, met) => met,
            (Axis::Child, Met::Single | Met::Flat)
            | (Axis::FollowingSibling, Met::Single)
            | (Axis::Attribute | Axis::Namespace, _) => Met::Flat,
            (Axis::Parent, Met::Single) => Met::Single,
            (Axis::Descendant | Axis::DescendantOrSelf, Met::Single | Met::Flat) | (Axis::Following, Met::Single) => {
                Met::Nested
            }
            _ => return false,
        };
    }
    true
}
