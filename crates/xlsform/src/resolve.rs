//! `${name}` to paths, as the reference converter writes them: relative inside a shared repeat, absolute otherwise,
//! through `current()` inside predicates of look-ups, always with a space on both sides.

use crate::lex::instance_lookups;
use crate::names::{Reference, references};
use crate::tree::{Id, Kind, Tree};
use crate::xml::{Child, Element};
use std::collections::HashMap;

pub(crate) const LAST_SAVED: &str = "__last-saved";

/// How a text is resolved.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Mode {
    /// The text will stand in a predicate.
    pub use_current: bool,
    /// The text names the choices of a select; one step more may be needed for the predicate.
    pub reference_parent: bool,
}

pub(crate) struct Resolver<'a> {
    tree: &'a Tree,
    /// Write look-ups inside texts with `&`, `<` and `>` escaped once more than XML needs.
    escapes_lookups: bool,
    by_name: HashMap<&'a str, Id>,
}

impl<'a> Resolver<'a> {
    pub fn new(tree: &'a Tree) -> Self {
        let mut by_name = HashMap::new();
        for id in tree.descendants(crate::tree::ROOT) {
            let node = &tree.nodes[id];
            // Of the meta blocks only the record's own id has a name that authors know.
            let is_meta = node.bodyless || tree.ancestors(id).any(|a| tree.nodes[a].bodyless);
            if node.kind != Kind::External && (!is_meta || node.name == "instanceID") {
                by_name.entry(tree.nodes[id].name.as_str()).or_insert(id);
            }
        }
        Self { tree, escapes_lookups: false, by_name }
    }

    pub fn escaping_lookups(mut self, escapes: bool) -> Self {
        self.escapes_lookups = escapes;
        self
    }

    pub fn id(&self, name: &str) -> Option<Id> {
        self.by_name.get(name).copied()
    }

    /// The text with every reference replaced. References to nothing stay; they were reported before.
    pub fn expand(&self, text: &str, context: Option<Id>, mode: Mode) -> String {
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        for reference in references(text) {
            out.push_str(&text[at..reference.start]);
            match self.path_for(text, reference, context, mode) {
                Some(path) => out.push_str(&path),
                None => out.push_str(&text[reference.start..reference.end]),
            }
            at = reference.end;
        }
        out.push_str(&text[at..]);
        out
    }

    /// A label, hint or message, with `<output>` for references and look-ups in it.
    pub fn text_with_outputs(&self, text: &str, context: Option<Id>) -> Vec<Child> {
        let mut spots: Vec<(usize, usize, String)> = Vec::new();
        if text.contains("instance(") {
            for (start, end) in instance_lookups(text) {
                let mut value = self.expand(&text[start..end], context, Mode::default());
                if self.escapes_lookups {
                    value = value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
                }
                spots.push((start, end, value));
            }
        }
        for r in references(text) {
            if spots.iter().any(|(start, end, _)| r.start < *end && r.end > *start) {
                continue;
            }
            if let Some(path) = self.path_for(text, r, context, Mode::default()) {
                spots.push((r.start, r.end, path));
            }
        }
        spots.sort_by_key(|(start, _, _)| *start);
        let mut children = Vec::new();
        let mut push = |text: &str| {
            if !text.is_empty() {
                children.push(Child::Text(text.to_owned()));
            }
        };
        let mut at = 0;
        let mut outputs = Vec::new();
        for (start, end, value) in spots {
            push(&text[at..start]);
            push("\u{0}");
            outputs.push(Element::new("output").with("value", value));
            at = end;
        }
        push(&text[at..]);
        let mut outputs = outputs.into_iter();
        children
            .into_iter()
            .map(|child| match child {
                Child::Text(t) if t == "\u{0}" => outputs.next().map_or(Child::Text(t), Child::Element),
                other => other,
            })
            .collect()
    }

    fn path_for(&self, text: &str, reference: Reference<'_>, context: Option<Id>, mode: Mode) -> Option<String> {
        let target = self.id(reference.name)?;
        if let Some(context) = context.filter(|_| !reference.last_saved && may_be_relative(text, reference)) {
            let use_current = mode.use_current || in_lookup_predicate(text, reference);
            if let Some(path) = self.relative(context, target, use_current, mode.reference_parent) {
                return Some(path);
            }
        }
        let instance = if reference.last_saved { format!("instance('{LAST_SAVED}')") } else { String::new() };
        Some(format!(" {instance}{} ", self.tree.path(target)))
    }

    fn relative(&self, source: Id, target: Id, use_current: bool, reference_parent: bool) -> Option<String> {
        let tree = self.tree;
        let (repeat_steps, repeat) = tree.common_ancestor(source, target, &[Kind::Repeat])?;
        let above = tree.nearest_repeat(repeat);
        let honour_parent = reference_parent
            && tree.nearest_repeat(target) == Some(repeat)
            && (above.is_none() || tree.nearest_repeat(source) != Some(repeat));
        let (steps, path) = if honour_parent {
            (repeat_steps + 1, tree.path_below(target, tree.nodes[repeat].parent))
        } else {
            let (steps, ancestor) = tree.common_ancestor(source, target, &[Kind::Repeat, Kind::Group])?;
            (steps, tree.path_below(target, Some(ancestor)))
        };
        let up = vec![".."; steps].join("/");
        Some(format!(" {}{up}{path} ", if use_current { "current()/" } else { "" }))
    }
}

/// Whether the reference stands in brackets of a text that looks something up in an instance.
fn in_lookup_predicate(text: &str, reference: Reference<'_>) -> bool {
    let looks_up = text.match_indices("instance(").any(|(at, call)| {
        let rest = &text[at + call.len()..];
        !rest.starts_with(')') && rest.chars().count() >= 2
    });
    if !looks_up {
        return false;
    }
    let mut at = 0;
    loop {
        let Some(open) = text[at..].find('[').map(|o| at + o) else { return false };
        let Some(close) = text[open..].find(']').map(|c| open + c) else { return false };
        if close == open + 1 {
            at = open + 1;
            continue;
        }
        if reference.start >= open && reference.end <= close + 1 {
            return true;
        }
        at = close + 1;
    }
}

/// `indexed-repeat()` takes its nodes and repeats as absolute paths; everything else may be relative.
fn may_be_relative(text: &str, reference: Reference<'_>) -> bool {
    let calls = indexed_repeats(text);
    if !text.contains("indexed-repeat(") {
        return true;
    }
    let mut calls = calls.into_iter();
    while let Some((start, end)) = calls.next() {
        if reference.end > end {
            // The reference converter looks at every second call only; equal trees matter more than that.
            if calls.next().is_none() {
                return true;
            }
            continue;
        }
        if reference.end < start || reference.start > end {
            return true;
        }
        let arguments = &text[start + "indexed-repeat(".len()..end - 1];
        let wanted = format!("${{{}}}", reference.name);
        let index = arguments.split(',').enumerate().filter(|(_, a)| a.contains(&wanted)).map(|(i, _)| i).last();
        return index.is_some_and(|i| ![0, 1, 3, 5].contains(&i));
    }
    false
}

/// Calls of `indexed-repeat` up to their first closing parenthesis.
fn indexed_repeats(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find("indexed-repeat(").map(|o| at + o) {
        let inner = start + "indexed-repeat(".len();
        match text[inner..].find(')') {
            Some(length) if length > 0 => {
                found.push((start, inner + length + 1));
                at = inner + length + 1;
            }
            _ => at = inner,
        }
    }
    found
}
