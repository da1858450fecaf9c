//! Every expression of the form is parsed, and its functions are known, before anyone takes it to a village.

use crate::codes::Code;
use crate::names::{references, scan};
use crate::problem::{Place, Problem, Report};
use crate::read_survey::EXPRESSIONS;
use crate::resolve::{Mode, Resolver};
use crate::tree::{Id, Kind, Node, ROOT, Text, Tree};
use crate::write_model::as_boolean;

pub(crate) fn check_expressions(tree: &Tree, resolver: &Resolver<'_>, report: &mut Report) {
    for id in tree.descendants(ROOT) {
        let node = &tree.nodes[id];
        for (column, text, place) in expressions_of(node) {
            check(column, text, &place, Some(id), resolver, report);
        }
    }
}

/// The expressions of a node with the column that the author knows and their place.
fn expressions_of(node: &Node) -> Vec<(&'static str, &str, Place)> {
    let mut found = Vec::new();
    for name in EXPRESSIONS {
        let Some((_, Text::Plain(text))) = node.bind.iter().flatten().find(|(n, _)| n == name) else { continue };
        let path = format!("bind::{name}");
        if !node.columns.contains_key(&path) {
            continue;
        }
        let (column, place) = match name {
            "calculate" => (node.calculated_in, node.place_of(&path)),
            _ => (name, node.place_of(&path)),
        };
        found.push((column, as_boolean(text), place));
    }
    if let Some(filter) = &node.choice_filter {
        found.push(("choice_filter", filter, node.place_of("choice_filter")));
    }
    if let Some(default) = node.default.as_ref().filter(|_| node.dynamic_default) {
        found.push(("default", default, node.place_of("default")));
    }
    if let Some(count) = node.control_text("jr:count").filter(|_| node.kind == Kind::Repeat) {
        found.push(("repeat_count", count, node.place_of("control::jr:count")));
    }
    found
}

fn check(
    column: &'static str,
    text: &str,
    place: &Place,
    context: Option<Id>,
    resolver: &Resolver<'_>,
    report: &mut Report,
) {
    if scan(text).iter().any(Result::is_err) {
        return; // Said already, where references are checked.
    }
    let (expr, shown) = match tianye_xpath::parse(&with_stand_ins(text)) {
        Ok(expr) => (expr, text.to_owned()),
        // `${a}div 2` is an expression only once the paths with their spaces are in.
        Err(error) => {
            let expanded = resolver.expand(text, context, Mode::default());
            match tianye_xpath::parse(&expanded) {
                Ok(expr) => (expr, expanded),
                Err(_) => {
                    let problem = Problem::error(Code::ExpressionSyntax)
                        .at(place)
                        .arg("column", column)
                        .arg("reason", error.to_string())
                        .arg("expression", text)
                        .arg("start", error.span.start.to_string())
                        .arg("end", error.span.end.to_string());
                    report.add(problem);
                    return;
                }
            }
        }
    };
    for found in tianye_xpath::check(&expr) {
        let problem = Problem::error(Code::ExpressionStatic)
            .at(place)
            .arg("column", column)
            .arg("reason", found.to_string())
            .arg("expression", shown.clone())
            .arg("start", found.span.start.to_string())
            .arg("end", found.span.end.to_string());
        report.add(problem);
    }
}

/// The expression with each reference replaced by a name of the same length, so that places in it stay true.
fn with_stand_ins(text: &str) -> String {
    let mut out = text.to_owned();
    for r in references(text).iter().rev() {
        out.replace_range(r.start..r.end, &"_".repeat(r.end - r.start));
    }
    out
}
