//! Two settings of old that change every group, or every choice of several: `flat` and `add_none_option`.

use crate::codes::Code;
use crate::problem::{Problem, Report};
use crate::read_choices::Choices;
use crate::read_settings::Settings;
use crate::tree::{Id, Kind, ROOT, Text, Tree};
use std::collections::HashSet;

/// The setting `flat`: groups are drawn, but have no element; each question is as relevant as its groups are. Any text in
/// the cell turns it on, `no` too, as in pyxform. Names must differ in the whole form then, and there can be no repeats.
pub(crate) fn flatten(tree: &mut Tree, settings: &Settings, report: &mut Report) {
    if settings.text("flat").is_none_or(str::is_empty) {
        return;
    }
    let mut names = HashSet::new();
    let mut open: Vec<(Id, String)> = children(tree, ROOT, "");
    while let Some((id, above)) = open.pop() {
        let node = &mut tree.nodes[id];
        let relevant = match (above.as_str(), node.bind_text("relevant").unwrap_or_default()) {
            (above, "") => above.to_owned(),
            ("", own) => own.to_owned(),
            (above, own) if has_alternatives(above) => format!("({above}) and ({own})"),
            (above, own) => format!("{above} and ({own})"),
        };
        match node.kind {
            Kind::Group if node.bodyless => {}
            Kind::Group => {
                node.flat = true;
                open.extend(children(tree, id, &relevant));
                continue;
            }
            Kind::Repeat => {
                let at = settings.place_of("flat");
                report.add(Problem::error(Code::FlatRepeats).at(&at).arg("found", "flat"));
                return;
            }
            Kind::Question if !relevant.is_empty() => node.set_bind("relevant", relevant),
            Kind::Question | Kind::Form | Kind::External | Kind::Attribute => {}
        }
        let node = &tree.nodes[id];
        if node.kind != Kind::External && !names.insert(node.name.clone()) {
            report.add(Problem::error(Code::DuplicateName).at(&node.place_of("name")).arg("found", &node.name));
        }
    }
}

/// Whether an expression is several joined by `or`, outside brackets and quotes: `a or b and (c)` would say something else.
fn has_alternatives(expression: &str) -> bool {
    let (mut depth, mut quote) = (0_i32, None);
    let outside = expression.chars().map(|c| {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            (None, '(' | '[') => depth += 1,
            (None, ')' | ']') => depth -= 1,
            _ => {}
        }
        if depth == 0 && quote.is_none() { c } else { '_' }
    });
    outside.collect::<String>().split_whitespace().any(|word| word == "or")
}

/// The children of a node with the relevance above them, the last first.
fn children(tree: &Tree, id: Id, relevant: &str) -> Vec<(Id, String)> {
    tree.nodes[id].children.iter().rev().map(|child| (*child, relevant.to_owned())).collect()
}

/// The setting `add_none_option`. As in pyxform the first question of several choices of each list must not have the
/// choice `none` beside others; the choice itself is the author's to write.
pub(crate) fn add_none_option(tree: &mut Tree, choices: &Choices) {
    const ALONE: &str = "(.='none' or not(selected(., 'none')))";
    let mut seen = HashSet::new();
    for id in tree.descendants(ROOT) {
        let node = &mut tree.nodes[id];
        let list = node.itemset.as_deref().and_then(|name| choices.get(name));
        let Some(list) = list.filter(|_| node.question_type == "select all that apply") else { continue };
        let is_none = |label: &Text| matches!(label, Text::Plain(label) if label == "None");
        let has_none = list.choices.iter().any(|choice| choice.name == "none" && is_none(&choice.label));
        if !seen.insert(list.name.clone()) || has_none {
            continue;
        }
        let constraint = match node.bind_text("constraint") {
            Some(own) if has_alternatives(own) => format!("({own}) and {ALONE}"),
            Some(own) => format!("{own} and {ALONE}"),
            None => ALONE.to_owned(),
        };
        node.set_bind("constraint", constraint);
    }
}
