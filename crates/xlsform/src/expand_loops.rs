//! `begin_loop over list`: the rows inside, once for each choice, with `%(name)s` and `%(label)s` filled in.

use crate::problem::Place;
use crate::read_choices::{Choice, ChoiceList};
use crate::tree::{Id, Kind, Node, Tree};

pub(crate) fn expand(tree: &mut Tree, id: Id, list: &ChoiceList) {
    let template = std::mem::take(&mut tree.nodes[id].children);
    for choice in list.choices.iter().filter(|c| c.name != "none") {
        let mut group = Node::new(Kind::Group, &choice.name, "group", Place::default());
        group.label = choice.label.clone();
        group.media.clone_from(&choice.media);
        let group = tree.add(id, group);
        for child in &template {
            copy(tree, *child, group, Some(choice));
        }
    }
}

fn copy(tree: &mut Tree, from: Id, parent: Id, choice: Option<&Choice>) {
    let mut node = tree.nodes[from].clone();
    let children = std::mem::take(&mut node.children);
    if let Some(choice) = choice {
        fill_node(&mut node, choice);
    }
    let copied = tree.add(parent, node);
    // The reference converter fills in the rows of the loop itself and not those of groups inside it.
    for child in children {
        copy(tree, child, copied, None);
    }
}

fn fill_node(node: &mut Node, choice: &Choice) {
    node.name = fill(&node.name, None, choice);
    node.label = node.label.map(|language, text| fill(text, language, choice));
    node.hint = node.hint.map(|language, text| fill(text, language, choice));
    node.default = node.default.as_deref().map(|text| fill(text, None, choice));
    for (_, value) in node.bind.iter_mut().flatten() {
        *value = value.map(|language, text| fill(text, language, choice));
    }
}

fn fill(text: &str, language: Option<&str>, choice: &Choice) -> String {
    if !text.contains("%(") {
        return text.to_owned();
    }
    let mut pieces = choice.label.pieces("");
    let first = pieces.clone().next();
    let label = pieces.find(|(l, _)| Some(*l) == language).or(first).map_or("", |(_, t)| t);
    text.replace("%(name)s", &choice.name).replace("%(label)s", label)
}
