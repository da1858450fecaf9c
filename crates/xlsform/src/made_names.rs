//! Names that no cell holds: those that rows make beside their own, and those of the copies that a loop makes.

use crate::codes::Code;
use crate::problem::{Problem, Report};
use crate::tree::{Kind, Node, ROOT, Tree};
use std::collections::{HashMap, HashSet};

/// Reports names that are there twice and of which at least one is made; two that stand in cells were told when they
/// were read. The place is the row that makes the name.
pub(crate) fn check_made_names(tree: &Tree, report: &mut Report) {
    // A loop repeats what is wrong with its rows for each choice.
    let mut told = HashSet::new();
    let mut repeats: HashMap<&str, usize> = HashMap::new();
    for id in tree.descendants(ROOT) {
        let mut first: HashMap<&str, usize> = HashMap::new();
        for child in tree.nodes[id].children.iter().copied() {
            let name = tree.nodes[child].name.as_str();
            let Some(other) = first.get(name).copied() else {
                first.insert(name, child);
                continue;
            };
            let made = [child, other].into_iter().map(|id| &tree.nodes[id]).find(|node| is_made(node));
            if let Some(node) = made.filter(|node| told.insert((node.place.row, name))) {
                let at = if node.place.column.is_some() { node.place.clone() } else { node.place_of("type") };
                report.add(Problem::error(Code::DuplicateName).at(&at).arg("found", name));
            }
        }
        let node = &tree.nodes[id];
        if node.kind != Kind::Repeat {
            continue;
        }
        let first = *repeats.entry(&node.name).or_insert(id);
        if first != id
            && tree.nodes[first].place.row == node.place.row
            && told.insert((node.place.row, node.name.as_str()))
        {
            report.add(Problem::error(Code::DuplicateRepeatName).at(&node.place_of("name")).arg("found", &node.name));
        }
    }
}

/// The name stands in no cell of its row. That of an audit is never read from one.
fn is_made(node: &Node) -> bool {
    node.question_type == "audit" || !node.columns.contains_key("name")
}
