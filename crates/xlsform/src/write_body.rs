//! The body: groups, repeats and controls.

use crate::codes::Code;
use crate::names::has_reference;
use crate::problem::{Problem, Report};
use crate::read_choices::{ChoiceList, Choices};
use crate::read_select::{is_list_file, split_extension};
use crate::resolve::{Mode, Resolver};
use crate::tree::{Id, Kind, Node, ROOT, Text, Tree, VALUE_CHANGED};
use crate::types::rule;
use crate::write_itext::text_id;
use crate::write_model::write_actions;
use crate::xml::Element;
use std::collections::HashMap;

pub(crate) struct BodyWriter<'a> {
    tree: &'a Tree,
    choices: &'a Choices,
    resolver: &'a Resolver<'a>,
    /// Questions that are set when the named one changes.
    triggered: HashMap<&'a str, Vec<Id>>,
    report: &'a mut Report,
}

/// The elements of the body.
pub(crate) fn write_body(tree: &Tree, choices: &Choices, resolver: &Resolver<'_>, report: &mut Report) -> Vec<Element> {
    let mut triggered: HashMap<&str, Vec<Id>> = HashMap::new();
    for id in tree.descendants(ROOT) {
        if tree.nodes[id].kind != Kind::Question {
            continue;
        }
        for trigger in &tree.nodes[id].triggers {
            triggered.entry(trigger).or_default().push(id);
        }
    }
    BodyWriter { tree, choices, resolver, triggered, report }.write_children(ROOT)
}

impl BodyWriter<'_> {
    fn write_children(&mut self, id: Id) -> Vec<Element> {
        let children = self.tree.nodes[id].children.clone();
        children.into_iter().filter_map(|child| self.write(child)).collect()
    }

    fn write(&mut self, id: Id) -> Option<Element> {
        match self.tree.nodes[id].kind {
            Kind::Question => self.write_question(id),
            Kind::Repeat => Some(self.write_repeat(id)),
            Kind::Group if !self.tree.nodes[id].bodyless => Some(self.write_group(id)),
            _ => None,
        }
    }

    fn write_group(&mut self, id: Id) -> Element {
        let node = &self.tree.nodes[id];
        let mut out = Element::new("group");
        for (name, value) in &node.control {
            let keep = name == "appearance";
            let expanded = self.resolver.expand(value, Some(id), Mode::default());
            out.set(name, if keep { value.clone() } else { expanded });
        }
        if !node.flat {
            out.set("ref", self.tree.path(id));
        }
        if !node.label.is_none() {
            out.push(self.write_label(id));
        }
        for child in self.write_children(id) {
            out.push(child);
        }
        out
    }

    fn write_repeat(&mut self, id: Id) -> Element {
        let node = &self.tree.nodes[id];
        let path = self.tree.path(id);
        let mut repeat = Element::new("repeat").with("nodeset", &path);
        for (name, value) in &node.control {
            repeat.set(name, self.resolver.expand(value, Some(id), Mode::default()));
        }
        for child in self.write_children(id) {
            repeat.push(child);
        }
        // Rows added later get their dynamic defaults here; rows of repeats inside get theirs there.
        for inner in self.tree.descendants(id) {
            if self.tree.nearest_repeat(inner) == Some(id) {
                for action in write_actions(self.tree, inner, self.resolver, true) {
                    repeat.push(action);
                }
            }
        }
        Element::new("group").with("ref", path).containing(self.write_label(id)).containing(repeat)
    }

    fn write_label(&self, id: Id) -> Element {
        let node = &self.tree.nodes[id];
        let mut label = Element::new("label");
        if node.label_needs_itext() {
            label.set("ref", format!("jr:itext('{}')", text_id(self.tree, id, "label")));
        } else if let Text::Plain(text) = &node.label {
            label.children = self.resolver.text_with_outputs(text, Some(id));
        }
        label
    }

    fn write_hint(&self, id: Id) -> Element {
        let node = &self.tree.nodes[id];
        let mut hint = Element::new("hint");
        if node.hint.is_translated() || !node.guidance.is_none() {
            hint.set("ref", format!("jr:itext('{}')", text_id(self.tree, id, "hint")));
        } else if let Text::Plain(text) = &node.hint {
            hint.children = self.resolver.text_with_outputs(text, Some(id));
        }
        hint
    }

    fn write_question(&mut self, id: Id) -> Option<Element> {
        let node = &self.tree.nodes[id];
        let calculated = node.bind.iter().flatten().any(|(n, _)| n == "calculate") || !node.triggers.is_empty();
        if node.question_type == "calculate" || (calculated && node.label.is_none() && node.hint.is_none()) {
            self.check_not_trigger(id);
            return None;
        }
        let tag = rule(&node.question_type).map_or("", |r| r.tag);
        if tag.is_empty() {
            return None;
        }
        self.check_label(node);
        let mut out = Element::new(tag).with("ref", self.tree.path(id));
        out.push(self.write_label(id));
        if !node.hint.is_none() || !node.guidance.is_none() {
            out.push(self.write_hint(id));
        }
        for (name, value) in &node.control {
            out.set(name, self.resolver.expand(value, Some(id), Mode::default()));
        }
        if let Some(query) = &node.query {
            out.set("query", self.write_query(id, query));
        }
        for (name, label) in &node.tags {
            let mut tag = Element::new("tag").with("key", name);
            if let Text::Plain(text) = label {
                tag.push(Element::new("label").saying(text));
            }
            out.push(tag);
        }
        self.write_options(id, &mut out);
        self.write_triggered(id, &mut out);
        Some(out)
    }

    fn check_not_trigger(&mut self, id: Id) {
        let node = &self.tree.nodes[id];
        for target in self.triggered.get(node.name.as_str()).into_iter().flatten() {
            let target = &self.tree.nodes[*target];
            if target.question_type == "background-geopoint" {
                continue;
            }
            let problem = Problem::error(Code::TriggerNotVisible).at(&target.place_of("trigger"));
            self.report.add(problem.arg("found", &node.name));
        }
    }

    fn check_label(&mut self, node: &Node) {
        if node.label.is_none() && node.media.is_empty() && node.hint.is_none() {
            self.report
                .add(Problem::error(Code::QuestionWithoutLabel).at(&node.place_of("label")).arg("found", &node.name));
        }
        let has = |kind: &str| node.media.iter().any(|(k, _)| k == kind);
        if has("big-image") && !has("image") {
            let at = node.place_of("media::big-image");
            self.report.add(Problem::error(Code::BigImageAlone).at(&at).arg("found", &node.name));
        }
    }

    fn write_query(&self, id: Id, query: &str) -> String {
        let filter = self.tree.nodes[id].choice_filter.as_deref().unwrap_or_default();
        let filter = self.resolver.expand(filter, Some(id), Mode { use_current: true, ..Mode::default() });
        format!("instance('{query}')/root/item[{filter}]")
    }

    fn write_options(&self, id: Id, out: &mut Element) {
        let node = &self.tree.nodes[id];
        if let Some(list) = node.inline_choices.as_deref().and_then(|l| self.choices.get(l)) {
            for (index, choice) in list.choices.iter().enumerate() {
                let mut label = Element::new("label");
                if list.requires_itext() {
                    label.set("ref", format!("jr:itext('{}-{index}')", list.name));
                } else if let Text::Plain(text) = &choice.label {
                    label.children = self.resolver.text_with_outputs(text, None);
                }
                let value = Element::new("value").saying(&choice.name);
                out.push(Element::new("item").containing(label).containing(value));
            }
        } else if let Some(itemset) = &node.itemset {
            out.push(self.write_itemset(id, itemset));
        }
    }

    fn write_itemset(&self, id: Id, itemset: &str) -> Element {
        let node = &self.tree.nodes[id];
        let is_reference = has_reference(itemset);
        let is_place = matches!(node.question_type.as_str(), "geopoint" | "geotrace" | "geoshape");
        let (file, extension) = split_extension(itemset);
        let (mut nodeset, value, label, mut filter);
        if is_list_file(extension) {
            let defaults = if extension == ".geojson" { ("id", "title") } else { ("name", "label") };
            nodeset = format!("instance('{file}')/root/item");
            value = node.parameter("value").unwrap_or(defaults.0).to_owned();
            label = node.parameter("label").unwrap_or(defaults.1).to_owned();
            filter = String::new();
        } else if is_reference {
            let mode = Mode { reference_parent: true, ..Mode::default() };
            let path = self.resolver.expand(itemset, Some(id), mode).trim().to_owned();
            if is_place {
                (nodeset, value, label) = (path, "geometry".to_owned(), "geometry".to_owned());
                filter = "./geometry != ''".to_owned();
            } else {
                let (parent, last) = path.rsplit_once('/').unwrap_or(("", &path));
                filter = format!("./{last} != ''");
                (nodeset, value, label) = (parent.to_owned(), last.to_owned(), last.to_owned());
            }
        } else {
            let itext = self.choices.get(itemset).is_some_and(ChoiceList::requires_itext);
            nodeset = format!("instance('{itemset}')/root/item");
            value = "name".to_owned();
            label = if itext { "jr:itext(itextId)" } else { "label" }.to_owned();
            filter = String::new();
        }
        if node.question_type != "range" {
            if let Some(own) = &node.choice_filter {
                let mode = Mode { use_current: true, reference_parent: is_reference };
                filter = self.resolver.expand(own, Some(id), mode);
                if is_reference {
                    filter = filter.replace(&format!("current()/{nodeset}"), ".").replace(&nodeset, ".");
                }
            }
            if !filter.is_empty() {
                nodeset = format!("{nodeset}[{filter}]");
            }
            if node.parameter("randomize") == Some("true") {
                nodeset = match node.parameter("seed") {
                    Some(seed) => {
                        let seed = self.resolver.expand(seed, Some(id), Mode::default());
                        format!("randomize({nodeset}, {})", seed.trim())
                    }
                    None => format!("randomize({nodeset})"),
                };
            }
        }
        Element::new("itemset")
            .with("nodeset", nodeset)
            .containing(Element::new("value").with("ref", value))
            .containing(Element::new("label").with("ref", label))
    }

    fn write_triggered(&self, id: Id, out: &mut Element) {
        let node = &self.tree.nodes[id];
        let (places, values): (Vec<Id>, Vec<Id>) = self
            .triggered
            .get(node.name.as_str())
            .into_iter()
            .flatten()
            .partition(|t| self.tree.nodes[**t].question_type == "background-geopoint");
        for (name, targets) in [("setvalue", values), ("odk:setgeopoint", places)] {
            for target in targets {
                let mut action = Element::new(name).with("ref", self.tree.path(target)).with("event", VALUE_CHANGED);
                let value = self.tree.nodes[target].bind_text("calculate").filter(|_| name == "setvalue");
                if let Some(value) = value {
                    action.set("value", self.resolver.expand(value, Some(id), Mode::default()));
                }
                out.push(action);
            }
        }
    }
}
