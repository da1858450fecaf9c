//! Expressions nearly as their author wrote them: paths to questions, groups and repeats are `${name}` again.

use std::ops::Range;

use tianye_xpath::{Axis, Base, PathStep, Reference, StepTest};

use crate::expression::{Position, end_of_steps, resolve};
use crate::form::{DefId, Form};

/// What of an expression's text stands for a name of the survey sheet.
pub(super) struct Written<'s> {
    source: &'s str,
    /// Bytes and the name, in the order of the text.
    names: Vec<(Range<usize>, String)>,
}

impl<'s> Written<'s> {
    /// Of an expression at its place.
    pub(super) fn of(form: &Form, position: Position, source: &'s str) -> Self {
        let references = tianye_xpath::parse(source).map(|expr| expr.references()).unwrap_or_default();
        let mut names: Vec<_> =
            references.iter().filter_map(|reference| named(form, position, source, reference)).collect();
        names.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
        names.dedup_by(|later, before| later.0.start < before.0.end);
        Self { source, names }
    }

    /// The whole text.
    pub(super) fn whole(&self) -> String {
        self.part(0..self.source.len())
    }

    /// The text of a part of it.
    pub(super) fn part(&self, part: Range<usize>) -> String {
        let mut text = String::new();
        let mut from = part.start;
        for (range, name) in self.names.iter().filter(|(range, _)| part.start <= range.start && range.end <= part.end) {
            text.push_str(after_name(self.source.get(from..range.start).unwrap_or_default(), from > part.start));
            // The converter puts a space around each name.
            if text.ends_with("  ") || text.ends_with("( ") || text.trim().is_empty() {
                text.pop();
            }
            text.push_str(name);
            from = range.end;
        }
        text.push_str(after_name(self.source.get(from..part.end).unwrap_or_default(), from > part.start));
        text.trim().to_owned()
    }
}

/// The text behind a name without the converter's space.
fn after_name(text: &str, behind: bool) -> &str {
    let spaced = text.strip_prefix(' ').filter(|rest| behind && rest.starts_with([' ', ')', ',', ']']));
    spaced.unwrap_or(text)
}

/// The bytes of a reference, or of its beginning up to the first predicate, that `${name}` stands for.
fn named(form: &Form, position: Position, source: &str, reference: &Reference) -> Option<(Range<usize>, String)> {
    let (start, end) = (reference.span.start, reference.span.end);
    let text = source.get(start..end)?.trim_end();
    if !matches!(reference.base, Base::Root | Base::Context) || !text.starts_with(['/', '.', 'c']) {
        return None;
    }
    let simple = |step: &PathStep| match step.axis {
        Axis::Child => matches!(step.test, StepTest::Name { .. }),
        Axis::Parent | Axis::SelfNode => step.test == StepTest::AnyNode,
        _ => false,
    };
    if !reference.steps.iter().all(simple) {
        return None;
    }
    let filtered = reference.steps.iter().position(|step| step.filtered);
    let (steps, end) = match filtered {
        None => (reference.steps.len(), start + text.len()),
        Some(at) if text.starts_with('/') => (at + 1, end_of_steps(source, start, at + 1, &reference.steps)?),
        Some(_) => return None,
    };
    let steps = &reference.steps[..steps];
    // What ends in `.` or `..`, and what is only a name, was written so.
    let by_path = text.starts_with(['/', '.']) || text.starts_with("current()/");
    if !by_path || !matches!(steps.last()?.test, StepTest::Name { .. }) {
        return None;
    }
    let found = resolve(&Reference { steps: steps.to_vec(), ..reference.clone() }, position, &form.defs);
    let [only] = found.as_slice() else { return None };
    let name = &form.def(only.target).name;
    let alone = form.defs.iter().filter(|def| def.name == *name).count() == 1;
    (alone && only.target != DefId(0)).then(|| (start..end, format!("${{{name}}}")))
}
