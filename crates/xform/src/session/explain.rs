//! Why something is as it is: the rules of the form with the values they read.

use std::fmt;

use tianye_xpath::{EvalError, Span, Trace, TraceKind, Value};

use super::Session;
use super::written::Written;
use crate::evaluate::{TreeNode, primary};
use crate::expression::{ExprId, Position};
use crate::form::{DefId, Shape};
use crate::instance::{Found, NodeId, ROOT};
use crate::secondary::NONE;
use crate::{FieldPath, Origin, label};

/// So many nodes of one part are told one by one.
const MAX_READS: usize = 20;

/// What is asked about a node.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Why {
    /// Why is it shown, or hidden?
    Relevant,
    /// Why is an answer needed, or not?
    Required,
    /// Why are answers taken, or not?
    ReadOnly,
    /// Why is its answer all right, or not?
    Valid,
    /// Why has it this value?
    Value,
    /// Why has this repeat so many rows?
    Rows,
}

/// A node of the form, named for a person.
#[derive(Clone, PartialEq, Eq)]
pub struct Subject {
    /// Its address.
    pub path: FieldPath,
    /// Its label in the active language; empty if it has none.
    pub label: String,
    /// The places of the rows that it stands in, from 1, the outermost first.
    pub rows: Vec<usize>,
}

/// The answer to a [`Why`]. It holds answers: its `Debug` shows none.
#[derive(Clone, PartialEq, Eq)]
pub struct Explanation {
    /// What was asked about.
    pub subject: Subject,
    /// What is so.
    pub outcome: Outcome,
    /// Why.
    pub because: Because,
    /// The rules that bear on it, from the outermost group inwards. Where one group hides the question, its rule is the
    /// one here that does not hold.
    pub rules: Vec<Rule>,
}

/// Why something is as it is, in a word.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Because {
    /// The named check of its text finds something.
    Checked(crate::CheckFault),
    /// No rule of the form says otherwise.
    NoRule,
    /// A rule of the node itself.
    OwnRule,
    /// A rule of a group or row around it.
    OuterRule,
    /// It is not to be asked now: the rules are those that hide it.
    NotRelevant,
    /// There is no answer, and a constraint is asked of answers only.
    Empty,
    /// The chosen option is not offered now: the rule is the choice filter.
    NotOffered,
    /// The value was given: by whom, says the origin.
    Given(Origin),
    /// A rule whose expression fails; the engine then shows the question, asks for no answer and
    /// takes what is given.
    Failed,
}

/// A rule of the form, evaluated.
#[derive(Clone, PartialEq, Eq)]
pub struct Rule {
    /// The node whose rule it is.
    pub at: Subject,
    /// `relevant`, `calculate`, …, as the form language names it.
    pub part: &'static str,
    /// The expression as its author wrote it, as near as can be: a path to a question is `${name}`.
    pub source: String,
    /// What it gave, and how.
    pub step: Step,
}

/// A part of an expression with what it gave.
#[derive(Clone, PartialEq, Eq)]
pub struct Step {
    /// The text of this part, written so too.
    pub source: String,
    /// What it does.
    pub kind: TraceKind,
    /// What it gave.
    pub outcome: Outcome,
    /// It decided the value around it.
    pub decided: bool,
    /// What it read, if it is a path: at most 20 nodes, then only their number in `outcome`.
    pub reads: Vec<Read>,
    /// Its own parts, as far as they were looked at.
    pub parts: Vec<Self>,
}

/// A value of an expression.
#[derive(Clone, PartialEq, Eq)]
pub enum Outcome {
    /// True or false.
    Truth(bool),
    /// A number, as the form language writes it.
    Number(String),
    /// Text, a date, a time.
    Text(String),
    /// So many nodes.
    Nodes(usize),
    /// It could not be computed: the stable code, and what happened in English.
    Failed {
        /// The code.
        code: &'static str,
        /// The sentence.
        message: String,
    },
}

/// A node that an expression read.
#[derive(Clone, PartialEq, Eq)]
pub enum Read {
    /// A node of the form.
    Field {
        /// Which.
        subject: Subject,
        /// The value that counts; empty for groups and rows.
        value: String,
        /// The value for reading: labels of chosen options.
        display: String,
        /// False: it is not relevant now and counts as absent.
        relevant: bool,
    },
    /// A node of a choice list or table.
    Item {
        /// The id of the list.
        list: String,
        /// Its text.
        value: String,
    },
}

impl fmt::Debug for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rules: Vec<(&FieldPath, &str)> = self.rules.iter().map(|rule| (&rule.at.path, rule.part)).collect();
        write!(f, "Explanation({} {:?} {rules:?})", self.subject.path, self.because)
    }
}

impl fmt::Debug for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path)
    }
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rule({} {}: {})", self.at.path, self.part, self.source)
    }
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Step({:?} {})", self.kind, self.source)
    }
}

impl fmt::Debug for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truth(_) => f.write_str("Truth"),
            Self::Number(_) => f.write_str("Number"),
            Self::Text(_) => f.write_str("Text"),
            Self::Nodes(count) => write!(f, "Nodes({count})"),
            Self::Failed { code, .. } => write!(f, "Failed({code})"),
        }
    }
}

impl fmt::Debug for Read {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field { subject, relevant, .. } => write!(f, "Field({subject:?}, relevant {relevant})"),
            Self::Item { list, .. } => write!(f, "Item({list})"),
        }
    }
}

/// A node of the filling, or a repeat as a whole.
type Place = (NodeId, DefId);

impl Session {
    /// Why a node is hidden, required, read-only, invalid, or has its value; why a repeat has its rows. None if there is
    /// no such node, or the question makes no sense there (rows of what is no repeat, the value of a group).
    ///
    /// The answer is typed and in no language: screens have the words. Nothing is changed. Expressions are evaluated
    /// anew: what asks for the clock is told as of the last act, and what draws lots is told with other lots.
    #[must_use]
    pub fn explain(&self, path: &FieldPath, why: Why) -> Option<Explanation> {
        let (node, def, repeat) = match self.instance.find(&self.form, path)? {
            Found::Node(node) => (node, self.instance.node(node).def, false),
            Found::Repeat(parent, def) => (parent, def, true),
        };
        let subject = Subject { path: path.clone(), label: self.label_of((node, def)), rows: self.rows_around(node) };
        let leaf = self.form.def(def).shape == Shape::Leaf;
        match why {
            Why::Rows => repeat.then(|| self.why_rows(node, def, subject)),
            // A repeat is hidden by what stands around it, or by a rule that hides all its rows.
            Why::Relevant if repeat => {
                let rows = self.instance.rows(&self.form, node, def);
                let hidden = rows.iter().all(|row| !self.instance.node(*row).relevant);
                Some(self.why_relevant(rows.first().copied().filter(|_| hidden).unwrap_or(node), subject))
            }
            Why::Relevant => Some(self.why_relevant(node, subject)),
            Why::ReadOnly if !repeat => Some(self.why_readonly(node, subject)),
            Why::Required if leaf => Some(self.why_required(node, subject)),
            Why::Valid if leaf => Some(self.why_valid(node, subject)),
            Why::Value if leaf => Some(self.why_value(node, subject)),
            _ => None,
        }
    }

    fn why_relevant(&self, node: NodeId, subject: Subject) -> Explanation {
        let mut rules = self
            .rules_above(node, "relevant", |session, at| session.form.def(session.instance.node(at).def).bind.relevant);
        let relevant = self.instance.node(node).relevant;
        if !relevant {
            rules.retain(|rule| !matches!(rule.step.outcome, Outcome::Failed { .. }) && !rule.step.outcome.holds());
        }
        let own = rules.last().is_some_and(|rule| rule.at.path == self.instance.path(&self.form, node));
        let failed = rules.iter().any(|rule| matches!(rule.step.outcome, Outcome::Failed { .. }));
        let because = match (rules.is_empty(), own) {
            (true, _) => Because::NoRule,
            _ if failed => Because::Failed,
            (_, true) => Because::OwnRule,
            (_, false) => Because::OuterRule,
        };
        Explanation { subject, outcome: Outcome::Truth(relevant), because, rules }
    }

    fn why_readonly(&self, node: NodeId, subject: Subject) -> Explanation {
        let at = self.instance.node(node);
        let bind = &self.form.def(at.def).bind;
        if let (Some(expr), false) = (bind.calculate, at.readonly) {
            let rules = vec![self.rule(node, "calculate", expr)];
            return Explanation { subject, outcome: Outcome::Truth(true), because: Because::OwnRule, rules };
        }
        let mut rules = self
            .rules_above(node, "readonly", |session, at| session.form.def(session.instance.node(at).def).bind.readonly);
        if at.readonly {
            rules.retain(|rule| rule.step.outcome.holds());
        }
        let own = rules.iter().any(|rule| rule.at.path == subject.path);
        let because = match (rules.is_empty(), own) {
            (true, _) => Because::NoRule,
            (_, true) => Because::OwnRule,
            (_, false) => Because::OuterRule,
        };
        Explanation { subject, outcome: Outcome::Truth(at.readonly), because, rules }
    }

    fn why_required(&self, node: NodeId, subject: Subject) -> Explanation {
        let at = self.instance.node(node);
        if !at.relevant {
            return self.hidden(node, subject, Outcome::Truth(false));
        }
        let expr = self.form.def(at.def).bind.required;
        self.own_rule(node, subject, Outcome::Truth(at.required), "required", expr)
    }

    fn why_valid(&self, node: NodeId, subject: Subject) -> Explanation {
        let at = self.instance.node(node);
        let def = self.form.def(at.def);
        match self.instance.fault(&self.form, node) {
            _ if !at.relevant => self.hidden(node, subject, Outcome::Truth(true)),
            Some(crate::Fault::Missing) => {
                let told = self.own_rule(node, subject, Outcome::Truth(false), "required", def.bind.required);
                Explanation { because: Because::Empty, ..told }
            }
            Some(crate::Fault::Check(fault)) => Explanation {
                subject,
                outcome: Outcome::Truth(false),
                because: Because::Checked(fault),
                rules: Vec::new(),
            },
            None if self.instance.counting(node).is_empty() => {
                Explanation { subject, outcome: Outcome::Truth(true), because: Because::Empty, rules: Vec::new() }
            }
            _ => self.own_rule(node, subject, Outcome::Truth(at.valid), "constraint", def.bind.constraint),
        }
    }

    fn why_value(&self, node: NodeId, subject: Subject) -> Explanation {
        let at = self.instance.node(node);
        let def = self.form.def(at.def);
        let value = Outcome::Text(self.instance.counting(node).to_owned());
        if !at.relevant {
            return self.hidden(node, subject, value);
        }
        if at.masked.is_some() {
            let filter = self.form.graph.cell_of(at.def, crate::graph::Aspect::Options);
            let rules =
                filter.map(|cell| self.rule(node, "itemset", self.form.graph.cell(cell).expr)).into_iter().collect();
            return Explanation { subject, outcome: value, because: Because::NotOffered, rules };
        }
        if def.bind.calculate.is_some() && !at.touched {
            return self.own_rule(node, subject, value, "calculate", def.bind.calculate);
        }
        let origin = if at.touched { Origin::Answered } else { self.instance.origin(&self.form, node) };
        Explanation { subject, outcome: value, because: Because::Given(origin), rules: Vec::new() }
    }

    fn why_rows(&self, parent: NodeId, repeat: DefId, subject: Subject) -> Explanation {
        let count = self.instance.rows(&self.form, parent, repeat).len();
        let count_rule =
            self.form.repeat_control(repeat).and_then(|control| control.count).map(|expr| ("jr:count", expr));
        let over = self.form.def(repeat).bind.beyond.over.map(|expr| ("repeat_over", expr));
        let expr = over.or(count_rule);
        let because = if expr.is_some() { Because::OwnRule } else { Because::NoRule };
        let rules = expr.map(|(part, expr)| {
            let at = subject.clone();
            let position = Position::Around(repeat, self.instance.node(parent).def);
            Rule { at, ..self.rule_at(parent, position, part, expr) }
        });
        Explanation { subject, outcome: Outcome::Nodes(count), because, rules: rules.into_iter().collect() }
    }

    fn hidden(&self, node: NodeId, subject: Subject, outcome: Outcome) -> Explanation {
        let rules = self.why_relevant(node, subject.clone()).rules;
        Explanation { subject, outcome, because: Because::NotRelevant, rules }
    }

    fn own_rule(
        &self,
        node: NodeId,
        subject: Subject,
        outcome: Outcome,
        part: &'static str,
        expr: Option<ExprId>,
    ) -> Explanation {
        let rule = expr.map(|expr| self.rule(node, part, expr));
        let because = match &rule {
            None => Because::NoRule,
            Some(rule) if matches!(rule.step.outcome, Outcome::Failed { .. }) => Because::Failed,
            Some(_) => Because::OwnRule,
        };
        Explanation { subject, outcome, because, rules: rule.into_iter().collect() }
    }

    /// The rules of one kind at a node and around it, from outside inwards.
    fn rules_above(&self, node: NodeId, part: &'static str, of: impl Fn(&Self, NodeId) -> Option<ExprId>) -> Vec<Rule> {
        let mut rules = Vec::new();
        let mut at = node;
        while at != NONE {
            rules.extend(of(self, at).map(|expr| self.rule(at, part, expr)));
            at = self.instance.node(at).parent;
        }
        rules.reverse();
        rules
    }

    fn rule(&self, node: NodeId, part: &'static str, expr: ExprId) -> Rule {
        self.rule_at(node, Position::At(self.instance.node(node).def), part, expr)
    }

    fn rule_at(&self, node: NodeId, position: Position, part: &'static str, expr: ExprId) -> Rule {
        let compiled = &self.form.exprs[expr.0 as usize];
        let scene = self.scene();
        let trace = tianye_xpath::explain(&compiled.expr, &scene.context(primary(node)));
        let at = self.subject(node);
        let written = Written::of(&self.form, position, compiled.expr.source());
        let mut step = self.step((compiled.expr.source(), &written), node, position, &trace);
        // A relevance is true or false, whatever its expression gives.
        if matches!(part, "relevant" | "required" | "readonly" | "constraint")
            && let Ok(value) = &trace.value
        {
            step.outcome = Outcome::Truth(value.to_boolean());
        }
        Rule { at, part, source: Written::of(&self.form, position, &compiled.source).whole(), step }
    }

    fn step(
        &self,
        (source, written): (&str, &Written<'_>),
        node: NodeId,
        position: Position,
        trace: &Trace<'_, TreeNode>,
    ) -> Step {
        let mut reads = Vec::new();
        if let (TraceKind::Path, Ok(Value::Nodes(nodes))) = (trace.kind, &trace.value) {
            reads.extend(nodes.iter().take(MAX_READS).filter_map(|node| self.read(node)));
            if nodes.is_empty() {
                reads = self.hidden_reads(source, node, position, trace.span);
            }
        }
        Step {
            source: written.part(trace.span.start..trace.span.end),
            kind: trace.kind,
            outcome: outcome(&trace.value),
            decided: trace.decided,
            reads,
            parts: trace.parts.iter().map(|part| self.step((source, written), node, position, part)).collect(),
        }
    }

    fn read(&self, node: TreeNode) -> Option<Read> {
        if node.document != 0 {
            let scene = self.scene();
            let list = scene.secondary(node);
            return Some(Read::Item { list: list.id.clone(), value: list.text(node.node).into_owned() });
        }
        (node.node != NONE).then(|| self.read_field(node.node))
    }

    fn read_field(&self, node: NodeId) -> Read {
        let at = self.instance.node(node);
        let path = self.instance.path(&self.form, node);
        let leaf = self.form.def(at.def).shape == Shape::Leaf;
        let value = if leaf { self.instance.counting(node).to_owned() } else { String::new() };
        let display = if leaf { self.view(&path).map_or_else(String::new, |view| view.display) } else { String::new() };
        Read::Field { subject: self.subject(node), value, display, relevant: at.relevant }
    }

    /// What a path that found nothing would have found, were it relevant.
    fn hidden_reads(&self, source: &str, node: NodeId, position: Position, span: Span) -> Vec<Read> {
        let Ok(expr) = tianye_xpath::parse(source) else { return Vec::new() };
        let references = expr.references();
        let reference = references.iter().filter(|reference| reference.span == span);
        let mut found = Vec::new();
        for target in reference.flat_map(|reference| crate::expression::resolve(reference, position, &self.form.defs)) {
            let top = self.instance.ancestor(node, target.apex).unwrap_or(ROOT);
            self.instance.instances_below(&self.form, top, target.target, &mut found);
        }
        found.retain(|node| !self.instance.node(*node).relevant);
        found.into_iter().take(MAX_READS).map(|node| self.read_field(node)).collect()
    }

    fn subject(&self, node: NodeId) -> Subject {
        Subject {
            path: self.instance.path(&self.form, node),
            label: self.label_of((node, self.instance.node(node).def)),
            rows: self.rows_around(node),
        }
    }

    fn rows_around(&self, node: NodeId) -> Vec<usize> {
        let mut rows = Vec::new();
        let mut at = node;
        while at != NONE {
            let node = self.instance.node(at);
            rows.extend(node.row.is_some().then_some(node.index as usize + 1));
            at = node.parent;
        }
        rows.reverse();
        rows
    }

    fn label_of(&self, (node, def): Place) -> String {
        let control = self.form.question_control(def).or_else(|| self.form.label_control(def));
        label::render(&self.scene(), control.and_then(|control| control.label), primary(node)).plain
    }
}

impl Outcome {
    /// A true one.
    fn holds(&self) -> bool {
        matches!(self, Self::Truth(true))
    }
}

fn outcome(value: &Result<Value<'_, TreeNode>, EvalError>) -> Outcome {
    match value {
        Ok(Value::Boolean(truth)) => Outcome::Truth(*truth),
        Ok(Value::Nodes(nodes)) => Outcome::Nodes(nodes.len()),
        Ok(number @ (Value::Number(_) | Value::Long(_) | Value::Days(_))) => {
            Outcome::Number(number.text().unwrap_or_default().into_owned())
        }
        Ok(other) => Outcome::Text(other.text().unwrap_or_default().into_owned()),
        Err(error) => Outcome::Failed { code: error.code(), message: error.to_string() },
    }
}
