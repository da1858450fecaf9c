//! Expressions at their place: parsed, checked, bound to the row they stand in, with what they read.
//!
//! The form language has one large deviation from XPath: an absolute path inside a repeat means the row it stands in.
//! Such paths are rewritten here, once, to begin at `current()`: `/data/roster/age`, asked from `/data/roster/name`,
//! becomes `current()/../age`. A path whose last step is the repeat itself (`count(/data/roster)`), or that chooses
//! among rows with a predicate, keeps meaning all rows.

use std::collections::HashMap;
use std::ops::Range;

use tianye_xpath::{Axis, Base, Expr, PathStep, Reference, StepTest};

use crate::aggregate::Aggregates;
use crate::form::{Def, DefId, Shape};
use crate::names::Names;
use crate::problem::{ProblemKind, Severity};

/// Index of an expression.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct ExprId(pub u32);

/// Where an expression is asked.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Position {
    /// At a node.
    At(DefId),
    /// For a repeat (first), at the node it stands in (second): there may be no row to stand at.
    Around(DefId, DefId),
    /// At a node of a secondary instance.
    Elsewhere,
}

/// An expression, compiled for its place.
#[derive(Debug, Clone)]
pub(crate) struct Compiled {
    /// As the form has it.
    pub source: String,
    pub expr: Expr,
    /// What of the primary instance it reads.
    pub refs: Vec<Ref>,
    /// The node definition that the whole expression leads to, if it is a path.
    whole: Option<DefId>,
    /// It asks for randomness: a stored value is not computed again.
    pub chance: bool,
    pub language: bool,
    /// Has `once()` in it.
    pub own_value: bool,
}

impl Compiled {
    /// The definition that the expression leads to if it is a path in the primary instance.
    pub(crate) fn nodes_of_form(&self) -> Option<DefId> {
        self.whole
    }

    /// What the expression leads to if it is a path without any predicate.
    pub(crate) fn plain_path(&self) -> Option<Ref> {
        match self.refs.as_slice() {
            [only] if self.whole == Some(only.target) && !only.picks_rows => Some(*only),
            _ => None,
        }
    }
}

/// One thing an expression reads.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub(crate) struct Ref {
    pub target: DefId,
    /// The deepest definition that stands above both, and whose instance both share: rows above it are the same row.
    pub apex: DefId,
    /// Rows are chosen by a predicate or a sibling axis: a reference into the own repeat is then no circle by itself.
    pub picks_rows: bool,
}

/// What is wrong with an expression, and which bytes of it are meant.
type Complaint = (Severity, ProblemKind, Option<(usize, usize)>);

/// What came of an expression.
pub(crate) struct Outcome {
    pub compiled: Option<Compiled>,
    pub problems: Vec<Complaint>,
}

/// Parses, checks and places an expression.
pub(crate) fn compile(
    source: &str,
    position: Position,
    defs: &[Def],
    names: &mut Names,
    instances: &HashMap<String, usize>,
    aggregates: &mut Aggregates,
) -> Outcome {
    let mut problems = Vec::new();
    let parsed = match tianye_xpath::parse(source) {
        Ok(parsed) => parsed,
        Err(error) => {
            let span = Some((error.span.start, error.span.end));
            problems.push((Severity::Error, ProblemKind::Syntax { reason: error.to_string() }, span));
            return Outcome { compiled: None, problems };
        }
    };
    let mut broken = false;
    for problem in tianye_xpath::check(&parsed) {
        let span = Some((problem.span.start, problem.span.end));
        broken = true;
        problems.push((Severity::Error, ProblemKind::Check { reason: problem.to_string() }, span));
    }
    let references = parsed.references();
    let mut refs = Vec::new();
    let mut whole = None;
    for reference in &references {
        if let Base::Instance(id) = &reference.base
            && !instances.contains_key(&**id)
            && !problems.iter().any(|(_, kind, _)| matches!(kind, ProblemKind::UnknownInstance { .. }))
        {
            let span = Some((reference.span.start, reference.span.end));
            problems.push((Severity::Error, ProblemKind::UnknownInstance { found: id.to_string() }, span));
        }
    }
    let rewritten = rewrite(source, position, &references, defs);
    let mut expr = match rewritten.as_deref().map(tianye_xpath::parse) {
        Some(Ok(expr)) => expr,
        _ => parsed,
    };
    let placed = expr.references();
    for reference in &placed {
        // once() keeps the own value, position(current()) asks for a place: neither is a circle.
        let (before, at) = expr.source().split_at(reference.span.start);
        let asks_place = before.trim_end().strip_suffix('(').is_some_and(|call| call.trim_end().ends_with("position"));
        if reference.steps.is_empty() && (at.starts_with("once") || asks_place) {
            continue;
        }
        let found = resolve(reference, position, defs);
        if found.is_empty() && names_a_node(reference, position) {
            let found = reference_text(source, reference, rewritten.is_some());
            problems.push((Severity::Error, ProblemKind::UnknownPath { found }, None));
        }
        if whole.is_none() && !reference.in_predicate && is_whole(expr.source(), reference) {
            whole = found.first().map(|found| found.target);
        }
        refs.extend(found);
    }
    refs.sort_unstable();
    refs.dedup();
    expr.bind_names(|prefix, local| names.intern_name(prefix, local));
    share_aggregates(&mut expr, &placed, position, defs, aggregates);
    let text = source.to_owned();
    let uses = expr.uses();
    let (chance, language, own_value) = (uses.chance, uses.language, uses.own_value);
    let compiled = (!broken).then_some(Compiled { source: text, expr, refs, whole, chance, language, own_value });
    Outcome { compiled, problems }
}

/// Numbers the sums and counts of the expression that other rows, and other expressions, may share.
fn share_aggregates(
    expr: &mut Expr,
    references: &[Reference],
    position: Position,
    defs: &[Def],
    aggregates: &mut Aggregates,
) {
    if position == Position::Elsewhere {
        return;
    }
    expr.share_aggregates(|text, span| {
        let inside = |reference: &&Reference| span.start <= reference.span.start && reference.span.end <= span.end;
        let reads: Vec<&Reference> = references.iter().filter(inside).collect();
        if reads.iter().any(|reference| !matches!(reference.base, Base::Root | Base::Context)) {
            return 0;
        }
        let targets = reads.into_iter().flat_map(|reference| resolve(reference, position, defs));
        aggregates.number(text, &targets.map(|found| found.target).collect::<Vec<_>>(), defs)
    });
}

/// True for a reference that must lead to a node of the form: names, parents and self only.
fn names_a_node(reference: &Reference, position: Position) -> bool {
    let known = match reference.base {
        Base::Root => true,
        Base::Context => position != Position::Elsewhere,
        Base::Instance(_) | Base::Unknown => false,
    };
    known
        && !reference.steps.is_empty()
        && reference.steps.iter().all(|step| {
            matches!(step.axis, Axis::Child | Axis::Parent | Axis::SelfNode | Axis::Attribute)
                && matches!(step.test, StepTest::Name { prefix: None, .. } | StepTest::AnyNode)
        })
}

fn reference_text(source: &str, reference: &Reference, rewritten: bool) -> String {
    let written = if rewritten { None } else { source.get(reference.span.start..reference.span.end) };
    written.filter(|_| !reference.in_predicate).map_or_else(
        || {
            let mut text = if reference.base == Base::Root { "/".to_owned() } else { String::new() };
            for (index, step) in reference.steps.iter().enumerate() {
                if index > 0 {
                    text.push('/');
                }
                match (&step.test, &step.axis) {
                    (StepTest::Name { local, .. }, axis) => {
                        text.push_str(if *axis == Axis::Attribute { "@" } else { "" });
                        text.push_str(local);
                    }
                    (_, Axis::Parent) => text.push_str(".."),
                    _ => text.push('.'),
                }
            }
            text
        },
        |text| text.trim().to_owned(),
    )
}

fn is_whole(source: &str, reference: &Reference) -> bool {
    let before = source.get(..reference.span.start).unwrap_or_default().trim();
    before.is_empty() || before == "randomize("
}

/// Follows a reference through the definitions.
pub(crate) fn resolve(reference: &Reference, position: Position, defs: &[Def]) -> Vec<Ref> {
    // (where, apex, picks rows); None stands above the root.
    let start = match (&reference.base, position) {
        (Base::Root, _) => (None, DefId(0)),
        (Base::Context, Position::At(def) | Position::Around(_, def)) => (Some(def), def),
        (Base::Context, Position::Elsewhere) | (Base::Instance(_) | Base::Unknown, _) => return Vec::new(),
    };
    let mut at = vec![(start.0, start.1, false)];
    for step in &reference.steps {
        let mut next = Vec::new();
        for place in at {
            take_step(step, place, defs, &mut next);
        }
        next.sort_unstable();
        next.dedup();
        at = next;
    }
    at.into_iter().filter_map(|(target, apex, picks_rows)| Some(Ref { target: target?, apex, picks_rows })).collect()
}

type Spot = (Option<DefId>, DefId, bool);

fn take_step(step: &PathStep, (at, apex, picks): Spot, defs: &[Def], next: &mut Vec<Spot>) {
    let def = |id: DefId| &defs[id.0 as usize];
    let passes = |id: DefId| match &step.test {
        StepTest::Name { prefix: None, local } => def(id).bare_name() == &**local,
        StepTest::Name { prefix: Some(prefix), local } => def(id).bare_name() == format!("{prefix}:{local}"),
        StepTest::AnyName | StepTest::AnyNode => true,
        StepTest::Other => false,
    };
    let picks_here = |id: DefId| picks || (step.filtered && def(id).shape == Shape::Repeat);
    let shallower = |id: DefId| if def(id).depth < def(apex).depth { id } else { apex };
    let children = |id: Option<DefId>| match id {
        Some(id) => def(id).children.clone(),
        None => vec![DefId(0)],
    };
    match step.axis {
        Axis::Child => {
            if let (StepTest::Name { prefix: None, local }, Some(id)) = (&step.test, at) {
                next.extend(def(id).find(defs, local).map(|id| (Some(id), apex, picks_here(id))));
                return;
            }
            next.extend(children(at).into_iter().filter(|id| passes(*id)).map(|id| (Some(id), apex, picks_here(id))));
            if step.test == StepTest::Other {
                next.push((at, apex, picks));
            }
        }
        Axis::SelfNode => next.push((at, apex, picks)),
        Axis::Attribute => {
            let attributes = at.into_iter().flat_map(|id| def(id).attributes.iter().copied());
            next.extend(attributes.filter(|id| passes(*id)).map(|id| (Some(id), apex, picks)));
        }
        Axis::Namespace => {}
        Axis::Parent => {
            if let Some(parent) = at.and_then(|id| def(id).parent)
                && passes(parent)
            {
                next.push((Some(parent), shallower(parent), picks_here(parent)));
            }
        }
        Axis::Descendant | Axis::DescendantOrSelf => {
            let mut open =
                if step.axis == Axis::Descendant { children(at) } else { at.map_or(children(None), |id| vec![id]) };
            while let Some(id) = open.pop() {
                open.extend(children(Some(id)));
                if passes(id) {
                    next.push((Some(id), apex, picks_here(id)));
                }
            }
        }
        Axis::Ancestor | Axis::AncestorOrSelf => {
            let mut above = if step.axis == Axis::Ancestor { at.and_then(|id| def(id).parent) } else { at };
            while let Some(id) = above {
                if passes(id) {
                    next.push((Some(id), shallower(id), picks_here(id)));
                }
                above = def(id).parent;
            }
        }
        Axis::FollowingSibling | Axis::PrecedingSibling => {
            if let Some(parent) = at.and_then(|id| def(id).parent) {
                let siblings = children(Some(parent)).into_iter().filter(|id| passes(*id));
                next.extend(siblings.map(|id| (Some(id), shallower(parent), true)));
            }
        }
        Axis::Following | Axis::Preceding => {
            let all = (0..defs.len() as u32).map(DefId).filter(|id| passes(*id));
            next.extend(all.map(|id| (Some(id), DefId(0), true)));
        }
    }
}

/// The text of the expression with its paths bound to the row it stands in; None if nothing changes.
fn rewrite(source: &str, position: Position, references: &[Reference], defs: &[Def]) -> Option<String> {
    let (home, around) = match position {
        Position::At(def) => (def, false),
        Position::Around(_, def) => (def, true),
        Position::Elsewhere => return None,
    };
    let (quoted, row_calls) = quotes_and_calls(source);
    let around_byte = |ranges: &[Range<usize>], at: usize| {
        let behind = ranges.partition_point(|range| range.start < at);
        behind.checked_sub(1).filter(|before| at < ranges[*before].end)
    };
    // Inside indexed-repeat(), rows of the repeats that it counts through are all meant.
    let mut counted: Vec<Vec<DefId>> = vec![Vec::new(); row_calls.len()];
    for reference in references.iter().filter(|reference| reference.base == Base::Root) {
        if let Some(call) = around_byte(&row_calls, reference.span.start) {
            let target = resolve(reference, Position::Elsewhere, defs).first().map(|found| found.target);
            let repeat = target.filter(|target| defs[target.0 as usize].shape == Shape::Repeat);
            if let Some(repeat) = repeat.filter(|repeat| !counted[call].contains(repeat)) {
                counted[call].push(repeat);
            }
        }
    }
    // (first byte, byte after the last, new text)
    let mut edits: Vec<(usize, usize, String)> = Vec::new();
    for reference in references {
        let start = reference.span.start;
        let written = source.get(start..).unwrap_or_default();
        if reference.base == Base::Root && written.starts_with('/') && around_byte(&quoted, start).is_none() {
            let counted = around_byte(&row_calls, start).map_or(&[][..], |call| &counted[call]);
            if let Some(edit) = bind_to_row(source, start, &reference.steps, home, counted, defs) {
                edits.push(edit);
            }
        } else if around && reference.base == Base::Context && !reference.in_predicate {
            // The repeat stands in the node where this is asked: one step up less.
            if written.starts_with("..") {
                edits.push((start, start + 2, ".".to_owned()));
            } else if written.starts_with("current()/..") {
                edits.push((start, start + "current()/..".len(), "current()/.".to_owned()));
            }
        }
    }
    if edits.is_empty() {
        return None;
    }
    edits.sort();
    edits.dedup();
    let mut text = String::with_capacity(source.len() + 16 * edits.len());
    let mut from = 0;
    for (start, end, new) in edits {
        if start < from {
            continue;
        }
        text.push_str(&source[from..start]);
        text.push_str(&new);
        from = end;
    }
    text.push_str(&source[from..]);
    Some(text)
}

/// Replaces the beginning of an absolute path by the way up from the home node, if both stand in one row.
fn bind_to_row(
    source: &str,
    start: usize,
    steps: &[PathStep],
    home: DefId,
    counted: &[DefId],
    defs: &[Def],
) -> Option<(usize, usize, String)> {
    let mut above = vec![home];
    while let Some(parent) = defs[above[above.len() - 1].0 as usize].parent {
        above.push(parent);
    }
    above.reverse();
    let mut bound = None;
    for (index, step) in steps.iter().enumerate() {
        let Some(def) = above.get(index).map(|id| &defs[id.0 as usize]) else { break };
        let named = match &step.test {
            StepTest::Name { prefix: None, local } => def.name == **local,
            StepTest::Name { prefix: Some(prefix), local } => def.name == format!("{prefix}:{local}"),
            _ => false,
        };
        if step.axis != Axis::Child || step.filtered || !named || counted.contains(&above[index]) {
            break;
        }
        if def.shape == Shape::Repeat && index + 1 == steps.len() {
            break;
        }
        if def.shape == Shape::Repeat {
            bound = Some(index);
        }
    }
    let shared = bound? + 1;
    let end = end_of_steps(source, start, shared, steps)?;
    let up = above.len() - shared;
    let mut text = "current()".to_owned();
    text.push_str(&"/..".repeat(up));
    Some((start, end, text))
}

/// The byte after the first `count` steps of the path that begins at `start`.
pub(crate) fn end_of_steps(source: &str, start: usize, count: usize, steps: &[PathStep]) -> Option<usize> {
    let mut at = start;
    let skip_space = |at: usize| at + source[at..].len() - source[at..].trim_start().len();
    for step in &steps[..count] {
        let StepTest::Name { prefix, local } = &step.test else { return None };
        at = skip_space(at);
        at += source[at..].strip_prefix('/').map(|_| 1)?;
        at = skip_space(at);
        if let Some(rest) = source[at..].strip_prefix("child::") {
            at = source.len() - rest.len();
        }
        if let Some(prefix) = prefix {
            source[at..].strip_prefix(&**prefix)?.strip_prefix(':')?;
            at += prefix.len() + 1;
        }
        source[at..].strip_prefix(&**local)?;
        at += local.len();
    }
    Some(at)
}

/// The bytes of each text between quotation marks, and of each `indexed-repeat(…)` that stands in no other: both in the
/// order of the expression, in one walk through it.
fn quotes_and_calls(source: &str) -> (Vec<Range<usize>>, Vec<Range<usize>>) {
    let (mut quoted, mut calls) = (Vec::new(), Vec::new());
    let mut quote: Option<(usize, char)> = None;
    let mut depth = 0_usize;
    // Where the outermost call begins, and how deep its bracket is.
    let mut call: Option<(usize, usize)> = None;
    for (at, c) in source.char_indices() {
        match (quote, c) {
            (Some((start, mark)), c) if mark == c => {
                quoted.push(start..at);
                quote = None;
            }
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some((at, c)),
            (None, '(') => {
                depth += 1;
                let before = source[..at].trim_end();
                if call.is_none() && before.ends_with("indexed-repeat") {
                    call = Some((before.len() - "indexed-repeat".len(), depth));
                }
            }
            (None, ')') => {
                if let Some((start, _)) = call.filter(|(_, own)| *own == depth) {
                    calls.push(start..at);
                    call = None;
                }
                depth = depth.saturating_sub(1);
            }
            _ => {}
        }
    }
    (quoted, calls)
}
