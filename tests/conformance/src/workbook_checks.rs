//! The XPath expressions that a case records, evaluated on our XForm.

#![allow(clippy::unwrap_used, reason = "a vector that is not as its format says counts as failed")]

use roxmltree::{Document, Node};
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use tianye_xpath::testing::{Document as Tree, NodeId, TestHost};
use tianye_xpath::{NodeKind, Tree as _, evaluate_nodes, parse};

/// Each expression of the case finds what it should.
pub(crate) fn check(case: &Value, document: &Document<'_>, namespaces: &str) -> Result<(), String> {
    let mut tree = Tree::new();
    copy(document.root_element(), &mut tree);
    tree.prefixes = Some(prefixes(document, namespaces));
    for path in list(&case["xpath_once"]) {
        let found = find(&tree, text(path))?.len();
        if found != 1 {
            return Err(format!("found {found} nodes instead of 1 by {}", text(path).trim()));
        }
    }
    for pair in list(&case["xpath_count"]) {
        let found = find(&tree, text(&pair[0]))?.len();
        if Some(found as u64) != pair[1].as_u64() {
            return Err(format!("found {found} nodes instead of {} by {}", pair[1], text(&pair[0]).trim()));
        }
    }
    for pair in list(&case["xpath_values"]) {
        let expect: BTreeSet<String> = list(&pair[1]).iter().map(|v| unindented(text(v))).collect();
        let found: BTreeSet<String> = find(&tree, text(&pair[0]))?.into_iter().map(|n| value_of(&tree, n)).collect();
        if found != expect {
            return Err(format!("found {found:?} instead of {expect:?} by {}", text(&pair[0]).trim()));
        }
    }
    Ok(())
}

/// An element's text without the white space between its tags; other text as it is.
fn unindented(text: &str) -> String {
    let lines = text.lines().map(str::trim);
    if text.starts_with('<') { lines.collect() } else { text.to_owned() }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn find(tree: &Tree, path: &str) -> Result<Vec<NodeId>, String> {
    let expr = parse(path).map_err(|e| format!("{}: {e}", path.trim()))?;
    let host = TestHost::at("2026-01-01T00:00:00+08:00");
    let nodes = evaluate_nodes(&expr, &host.context(tree, tree.root())).map_err(|e| format!("{}: {e}", path.trim()))?;
    Ok(nodes.iter().collect())
}

/// What the prefixes of the expressions mean.
fn prefixes(document: &Document<'_>, namespaces: &str) -> HashMap<String, String> {
    let declared = format!("<a {namespaces}/>");
    let declared = Document::parse(&declared).unwrap();
    let all = declared.root_element().namespaces().chain(document.root_element().namespaces());
    let named = all.filter_map(|n| Some((n.name()?.to_owned(), n.uri().to_owned())));
    let of_xforms = ("x".to_owned(), "http://www.w3.org/2002/xforms".to_owned());
    let of_entities = ("entities".to_owned(), "http://www.opendatakit.org/xforms/entities".to_owned());
    named.chain([of_xforms, of_entities]).collect()
}

fn copy(node: Node<'_, '_>, tree: &mut Tree) {
    let prefix = |uri: Option<&str>| uri.and_then(|u| node.lookup_prefix(u)).map(str::to_owned);
    let uri = node.tag_name().namespace();
    tree.open_in(prefix(uri).as_deref(), node.tag_name().name(), uri.unwrap_or_default());
    if node.parent().is_some_and(|p| p.is_root()) {
        for n in node.namespaces() {
            tree.namespace(n.name().unwrap_or_default(), n.uri());
        }
    }
    for a in node.attributes() {
        tree.attribute(prefix(a.namespace()).as_deref(), a.name(), a.namespace().unwrap_or_default(), a.value());
    }
    let has_elements = node.children().any(|c| c.is_element());
    for child in node.children() {
        if child.is_element() {
            copy(child, tree);
        } else if let Some(text) = child.text().filter(|t| !has_elements || !t.trim().is_empty()) {
            tree.text(text);
        }
    }
    tree.close();
}

/// An attribute's or text's value; an element as it stands in XML.
fn value_of(tree: &Tree, node: NodeId) -> String {
    if tree.kind(node) == NodeKind::Element { serialise(tree, node) } else { tree.string_value(node).into_owned() }
}

fn serialise(tree: &Tree, node: NodeId) -> String {
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    if tree.kind(node) != NodeKind::Element {
        return escape(&tree.string_value(node));
    }
    let mut attributes: Vec<String> = std::iter::successors(tree.first_attribute(node), |a| tree.next_attribute(*a))
        .map(|a| format!(" {}=\"{}\"", qualified(tree, a), escape(&tree.string_value(a)).replace('"', "&quot;")))
        .collect();
    // Those with a prefix stand behind.
    attributes.sort_by_key(|a| (a.split('=').next().is_some_and(|n| n.contains(':')), a.clone()));
    let (name, attributes) = (qualified(tree, node), attributes.concat());
    let mut inner = String::new();
    let mut child = tree.first_child(node);
    while let Some(id) = child {
        inner.push_str(&serialise(tree, id));
        child = tree.next_sibling(id);
    }
    if inner.is_empty() { format!("<{name}{attributes}/>") } else { format!("<{name}{attributes}>{inner}</{name}>") }
}

/// The name with its prefix; XForms' own have none.
fn qualified(tree: &Tree, node: NodeId) -> String {
    match tree.prefix(node) {
        Some(prefix) => format!("{prefix}:{}", tree.local_name(node)),
        None => tree.local_name(node).to_owned(),
    }
}
