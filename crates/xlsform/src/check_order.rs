//! What is shown, and which choices are offered, must not wait for answers that are only given later: while the
//! interview goes from first to last, such a question stays hidden, and appears behind the interviewer's back.

use crate::check_expressions::Written;
use crate::codes::Code;
use crate::names::Reference;
use crate::problem::{Problem, Report};
use crate::resolve::Resolver;
use crate::tree::{Id, Kind, ROOT, Tree};
use std::collections::HashMap;

pub(crate) fn check_order(tree: &Tree, written: &[Written<'_>], resolver: &Resolver<'_>, report: &mut Report) {
    let order: HashMap<Id, usize> = tree.descendants(ROOT).into_iter().enumerate().map(|(at, id)| (id, at)).collect();
    let calculations: HashMap<Id, &Written<'_>> =
        written.iter().filter(|w| w.column == "calculation").map(|w| (w.node, w)).collect();
    for here in written.iter().filter(|w| matches!(w.column, "relevant" | "choice_filter")) {
        // Values of other rows may well come from further down.
        if ["indexed-repeat(", "position(", "["].iter().any(|word| here.text.contains(word)) {
            continue;
        }
        for (target, reference) in here.named(resolver) {
            let mut seen = Vec::new();
            let later = asked(target, tree, &calculations, resolver, &mut seen)
                .into_iter()
                .find(|id| order.get(id) > order.get(&here.node) && !share_a_screen(tree, here.node, *id));
            if let Some(later) = later {
                report.add(warning(here, reference, tree, later));
            }
        }
    }
}

fn warning(here: &Written<'_>, reference: Reference<'_>, tree: &Tree, later: Id) -> Problem {
    let row = tree.nodes[later].place.row.map(|row| row.to_string()).unwrap_or_default();
    Problem::warning(Code::ReadsLater)
        .at(&here.place)
        .arg("column", here.column)
        .arg("found", &tree.nodes[later].name)
        .arg("row", row)
        .marking(here.text, reference.start, reference.end)
}

/// The questions that people answer behind a node: itself, or those that its calculation reads.
fn asked(
    id: Id,
    tree: &Tree,
    calculations: &HashMap<Id, &Written<'_>>,
    resolver: &Resolver<'_>,
    seen: &mut Vec<Id>,
) -> Vec<Id> {
    if tree.nodes[id].kind != Kind::Question || seen.contains(&id) {
        return Vec::new();
    }
    seen.push(id);
    let Some(calculation) = calculations.get(&id) else {
        let shown = crate::types::rule(&tree.nodes[id].question_type).is_none_or(|rule| !rule.tag.is_empty());
        return if shown { vec![id] } else { Vec::new() };
    };
    calculation
        .named(resolver)
        .into_iter()
        .flat_map(|(next, _)| asked(next, tree, calculations, resolver, seen))
        .collect()
}

/// Both stand in a group that is shown as one page.
fn share_a_screen(tree: &Tree, one: Id, other: Id) -> bool {
    let others: Vec<Id> = tree.ancestors(other).collect();
    let is_page = |id: &Id| {
        tree.nodes[*id]
            .control_text("appearance")
            .is_some_and(|a| a.split_whitespace().any(|word| word == "field-list" || word == "table-list"))
    };
    tree.ancestors(one).filter(|id| others.contains(id)).any(|id| is_page(&id))
}
