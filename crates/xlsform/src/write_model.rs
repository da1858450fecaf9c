//! The model: primary instance, secondary instances, binds, actions.

use crate::Code;
use crate::names::references;
use crate::problem::{Place, Problem, Report};
use crate::read_choices::{ChoiceList, Choices};
use crate::read_select::{is_list_file, split_extension};
use crate::read_settings::Settings;
use crate::read_survey::EXPRESSIONS;
use crate::resolve::{LAST_SAVED, Mode, Resolver};
use crate::table::Key;
use crate::tree::{Id, Kind, NEW_REPEAT, Node, ROOT, Text, Tree};
use crate::write_itext::{message_needs_itext, text_id};
use crate::xml::{Element, Leaf, new_line, write_number};
use std::collections::{BTreeSet, HashMap};

/// The primary instance: the root element with all groups and questions, and a template before each repeat.
pub(crate) fn write_instance(tree: &Tree, settings: &Settings, resolver: &Resolver<'_>) -> Element {
    let mut root = write_section(tree, ROOT, resolver, false);
    for (name, value) in &settings.attributes {
        root.set(name, value);
    }
    root.set("id", &settings.form_id);
    for (name, key) in
        [("xmlns", "instance_xmlns"), ("version", "version"), ("odk:prefix", "prefix"), ("odk:delimiter", "delimiter")]
    {
        if let Some(value) = settings.text(key) {
            root.set(name, value);
        }
    }
    Element::new("instance").containing(root)
}

fn write_section(tree: &Tree, id: Id, resolver: &Resolver<'_>, in_first_repeat: bool) -> Element {
    let node = &tree.nodes[id];
    let mut out = Element::new(&node.name);
    write_instance_attributes(node, id, resolver, &mut out);
    write_inside(tree, id, resolver, in_first_repeat, &mut out);
    out
}

fn write_inside(tree: &Tree, id: Id, resolver: &Resolver<'_>, in_first_repeat: bool, out: &mut Element) {
    for &child in &tree.nodes[id].children {
        match tree.nodes[child].kind {
            Kind::External => {}
            Kind::Attribute => write_attribute(&tree.nodes[child], out),
            Kind::Question => out.push(write_question(tree, child, resolver)),
            Kind::Repeat if !in_first_repeat => {
                out.push(write_template(tree, child, resolver));
                out.push(write_section(tree, child, resolver, true));
            }
            Kind::Group if tree.nodes[child].flat => write_inside(tree, child, resolver, in_first_repeat, out),
            _ => out.push(write_section(tree, child, resolver, in_first_repeat)),
        }
    }
}

fn write_template(tree: &Tree, id: Id, resolver: &Resolver<'_>) -> Element {
    let node = &tree.nodes[id];
    let mut out = Element::new(&node.name).with("jr:template", "");
    for &child in &node.children {
        match tree.nodes[child].kind {
            Kind::External => {}
            Kind::Attribute => write_attribute(&tree.nodes[child], &mut out),
            Kind::Question => out.push(write_question(tree, child, resolver)),
            Kind::Repeat => out.push(write_template(tree, child, resolver)),
            _ => out.push(write_section(tree, child, resolver, false)),
        }
    }
    out
}

fn write_attribute(node: &Node, out: &mut Element) {
    let value = node.default.as_deref().filter(|_| !node.dynamic_default);
    out.set(node.name.trim_start_matches('@'), value.unwrap_or_default());
}

fn write_question(tree: &Tree, id: Id, resolver: &Resolver<'_>) -> Element {
    let node = &tree.nodes[id];
    let mut out = Element::new(&node.name);
    if let Some(default) = node.default.as_ref().filter(|_| !node.dynamic_default) {
        out.push_text(default);
    }
    write_instance_attributes(node, id, resolver, &mut out);
    out
}

fn write_instance_attributes(node: &Node, id: Id, resolver: &Resolver<'_>, out: &mut Element) {
    for (name, value) in &node.instance {
        out.set(name, resolver.expand(value, Some(id), Mode::default()));
    }
}

/// Binds and actions of all nodes, in the order of the form.
pub(crate) fn write_binds(tree: &Tree, resolver: &Resolver<'_>) -> Vec<Element> {
    let mut out = Vec::new();
    for id in tree.descendants(ROOT) {
        let node = &tree.nodes[id];
        if let Some(bind) = node.bind.as_ref().filter(|_| node.kind != Kind::External && !node.flat) {
            out.push(write_bind(tree, id, bind, resolver));
        }
        out.extend(write_actions(tree, id, resolver, false));
    }
    out
}

fn write_bind(tree: &Tree, id: Id, bind: &[(String, Text)], resolver: &Resolver<'_>) -> Element {
    let node = &tree.nodes[id];
    let mut out = Element::new("bind").with("nodeset", tree.path(id));
    for (name, text) in bind {
        if name == "calculate" && !node.triggers.is_empty() {
            continue;
        }
        if message_needs_itext(name, text) {
            out.set(name, format!("jr:itext('{}')", text_id(tree, id, name)));
            continue;
        }
        let Text::Plain(text) = text else { continue };
        let value = if EXPRESSIONS.contains(&name.as_str()) { as_boolean(text) } else { text };
        out.set(name, resolver.expand(value, Some(id), Mode::default()));
    }
    out
}

/// `yes` and `no` in a column of expressions.
pub(crate) fn as_boolean(text: &str) -> &str {
    match text {
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" => "true()",
        "no" | "No" | "NO" | "false" | "False" | "FALSE" => "false()",
        _ => text,
    }
}

/// The actions of a question that belong into the model, or into the body of its repeat.
pub(crate) fn write_actions(tree: &Tree, id: Id, resolver: &Resolver<'_>, in_repeat: bool) -> Vec<Element> {
    let node = &tree.nodes[id];
    let mut out = Vec::new();
    for action in node.actions.iter().filter(|a| (a.event == NEW_REPEAT) == in_repeat) {
        let mut element = Element::new(action.name).with("ref", tree.path(id)).with("event", action.event);
        if action.name == "setvalue"
            && let Some(default) = &node.default
        {
            element.set("value", resolver.expand(default, Some(id), Mode::default()));
        }
        if let Some(quality) = &action.quality {
            element.set("odk:quality", quality);
        }
        out.push(element);
    }
    out
}

/// A secondary instance and where it comes from; choices come from the workbook.
struct Secondary {
    name: String,
    source: Option<String>,
}

/// Secondary instances: attached files, the last saved record, choice lists.
pub(crate) fn write_secondary(
    tree: &Tree,
    choices: &Choices,
    media: &mut BTreeSet<String>,
    report: &mut Report,
) -> Vec<Element> {
    let mut wanted: Vec<(Secondary, Id)> = Vec::new();
    let mut last_saved = None;
    for id in tree.descendants(ROOT) {
        let node = &tree.nodes[id];
        if node.kind == Kind::External {
            let (folder, extension) =
                if node.question_type.starts_with("csv") { ("file-csv", "csv") } else { ("file", "xml") };
            let source = format!("jr://{folder}/{}.{extension}", node.name);
            if wanted.iter().any(|(s, other)| s.name == node.name && tree.nodes[*other].kind == Kind::External) {
                let at = node.place_of("name");
                report.add(Problem::error(Code::DuplicateInstance).at(&at).arg("found", &node.name));
            }
            wanted.push((Secondary { name: node.name.clone(), source: Some(source) }, id));
            continue;
        }
        for file in pulled_files(node) {
            let source = format!("jr://file-csv/{file}.csv");
            wanted.push((Secondary { name: file, source: Some(source) }, id));
        }
        if let Some(itemset) = node.itemset.as_deref().filter(|_| node.kind == Kind::Question) {
            let (name, extension) = split_extension(itemset);
            if is_list_file(extension) {
                let folder = if extension == ".csv" { "file-csv" } else { "file" };
                let source = format!("jr://{folder}/{itemset}");
                wanted.push((Secondary { name: name.to_owned(), source: Some(source) }, id));
            }
        }
        if last_saved.is_none() && refers_to_last_saved(node) {
            last_saved = Some(id);
        }
    }
    if let Some(id) = last_saved {
        let source = Some("jr://instance/last-saved".to_owned());
        wanted.push((Secondary { name: LAST_SAVED.to_owned(), source }, id));
    }
    let mut seen: HashMap<String, Option<String>> = HashMap::new();
    let mut out = Vec::new();
    let mut is_new = |secondary: &Secondary, at: &Place, report: &mut Report| match seen.get(&secondary.name) {
        None => {
            seen.insert(secondary.name.clone(), secondary.source.clone());
            true
        }
        Some(source) if *source == secondary.source => false,
        Some(source) => {
            let problem = Problem::error(Code::InstanceClash)
                .at(at)
                .arg("found", &secondary.name)
                .arg("other", source.as_deref().unwrap_or("choices"));
            report.add(problem);
            false
        }
    };
    for (secondary, id) in wanted {
        if is_new(&secondary, &tree.nodes[id].place_of("type"), report) {
            let source = secondary.source.unwrap_or_default();
            if let Some((_, file)) = source.rsplit_once('/').filter(|_| !source.starts_with("jr://instance/")) {
                media.insert(file.to_owned());
            }
            out.push(Element::new("instance").with("id", secondary.name).with("src", source));
        }
    }
    for list in choices.lists.iter().filter(|l| !l.used_by_search) {
        let secondary = Secondary { name: list.name.clone(), source: None };
        if is_new(&secondary, &list.place, report) {
            out.push(write_choices(list));
        }
    }
    out
}

fn write_choices(list: &ChoiceList) -> Element {
    // html, head, model, instance, root, item.
    const ITEM: usize = 5;
    let itext = list.requires_itext();
    let mut items = String::with_capacity(list.choices.len() * (64 + 48 * (2 + list.further.len())));
    let mut id = format!("{}-", list.name);
    let list_name = id.len();
    let leaf = |name: &str| Leaf::new(ITEM + 1, name);
    let (text_id, name, label) = (leaf("itextId"), leaf("name"), leaf("label"));
    let further: Vec<(&Key, Leaf)> = list.further.iter().map(|name| (name, leaf(name))).collect();
    for (index, choice) in list.choices.iter().enumerate() {
        new_line(&mut items, ITEM);
        items.push_str("<item>");
        if itext {
            id.truncate(list_name);
            write_number(&mut id, index);
            text_id.write(&mut items, &id);
        }
        name.write(&mut items, &choice.name);
        if let Text::Plain(text) = &choice.label
            && !itext
        {
            label.write(&mut items, text);
        }
        for (column, value) in &choice.extra {
            match further.iter().find(|(known, _)| *known == column) {
                Some((_, known)) => known.write(&mut items, value),
                None => leaf(column).write(&mut items, value),
            }
        }
        new_line(&mut items, ITEM);
        items.push_str("</item>");
    }
    let mut root = Element::new("root");
    root.push_written(items);
    Element::new("instance").with("id", &list.name).containing(root)
}

/// Texts of a node that may refer to files and to the last saved record.
fn expressions(node: &Node) -> impl Iterator<Item = &str> {
    let binds = EXPRESSIONS.iter().filter_map(|name| node.bind_text(name));
    binds.chain(node.choice_filter.as_deref()).chain(node.default.as_deref())
}

/// First arguments of `pulldata()`.
fn pulled_files(node: &Node) -> Vec<String> {
    let mut files = Vec::new();
    for text in expressions(node) {
        for (at, _) in text.match_indices("pulldata") {
            let rest = text[at + "pulldata".len()..].trim_start();
            let Some((name, _)) = rest.strip_prefix('(').and_then(|r| r.trim_start().split_once(',')) else { continue };
            if !name.contains('\n') {
                files.push(name.replace(['\'', '"'], "").trim().to_owned());
            }
        }
    }
    files
}

fn refers_to_last_saved(node: &Node) -> bool {
    expressions(node).any(|text| references(text).iter().any(|r| r.last_saved))
}

/// How finished records travel, when the settings say so.
pub(crate) fn write_submission(settings: &Settings) -> Option<Element> {
    let mut out = Element::new("submission");
    if let Some(url) = settings.text("submission_url") {
        out.set("action", url);
        out.set("method", "post");
    }
    for (name, key) in
        [("base64RsaPublicKey", "public_key"), ("orx:auto-send", "auto_send"), ("orx:auto-delete", "auto_delete")]
    {
        if let Some(value) = settings.text(key) {
            out.set(name, value);
        }
    }
    if settings.text("client_editable").and_then(crate::read_settings::yes) == Some(true) {
        out.set("odk:client-editable", "true");
    }
    (!out.attributes.is_empty()).then_some(out)
}
