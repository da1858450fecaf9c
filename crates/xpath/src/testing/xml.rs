//! XML text to a [`Document`], for tests.

#![allow(clippy::expect_used, reason = "a test stops at the first thing that is not as expected")]

use super::{Document, NodeId, TestHost};

/// Reads a document. A document type is kept as a node outside XPath's model, as in a browser's tree.
///
/// # Panics
/// If the text is no XML.
#[must_use]
#[track_caller]
pub fn document(xml: &str) -> Document {
    let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
    let xml = xml.trim();
    let (xml, cdata) = without_cdata(xml);
    let parsed = roxmltree::Document::parse_with_options(&xml, options).expect("a document");
    let mut document = Document::new();
    if xml.contains("<!DOCTYPE") {
        document.other();
    }
    for child in parsed.root().children() {
        add(&mut document, child, &cdata);
    }
    document
}

/// The recorded trees keep a CDATA section as a text of its own, and the reader joins it with its neighbours: so it
/// reads an instruction in its place.
fn without_cdata(xml: &str) -> (String, Vec<String>) {
    let mut parts = xml.split("<![CDATA[");
    let mut out = parts.next().unwrap_or_default().to_owned();
    let mut cdata = Vec::new();
    for part in parts {
        let (inside, behind) = part.split_once("]]>").expect("an end");
        out.push_str(&format!("<?{CDATA} {}?>{behind}", cdata.len()));
        cdata.push(inside.to_owned());
    }
    (out, cdata)
}

const CDATA: &str = "cdata-section";

fn add(document: &mut Document, node: roxmltree::Node<'_, '_>, cdata: &[String]) {
    match node.node_type() {
        roxmltree::NodeType::Root => {}
        roxmltree::NodeType::Text => {
            document.text(node.text().unwrap_or_default());
        }
        roxmltree::NodeType::Comment => {
            document.comment(node.text().unwrap_or_default());
        }
        roxmltree::NodeType::PI => {
            let instruction = node.pi().expect("an instruction");
            if instruction.target == CDATA {
                let place: usize = instruction.value.unwrap_or_default().parse().expect("a number");
                document.text(&cdata[place]);
                return;
            }
            document.instruction(instruction.target, instruction.value.unwrap_or_default());
        }
        roxmltree::NodeType::Element => {
            let name = node.tag_name();
            let uri = name.namespace().unwrap_or_default();
            document.open_in(prefix(node, uri, false), name.name(), uri);
            let inherited: Vec<_> = node.parent_element().map(|up| up.namespaces().collect()).unwrap_or_default();
            for namespace in node.namespaces() {
                let same = |other: &&roxmltree::Namespace<'_>| {
                    other.name() == namespace.name() && other.uri() == namespace.uri()
                };
                if !inherited.iter().any(same) && namespace.name() != Some("xml") {
                    document.namespace(namespace.name().unwrap_or_default(), namespace.uri());
                }
            }
            for attribute in node.attributes() {
                let uri = attribute.namespace().unwrap_or_default();
                document.attribute(prefix(node, uri, true), attribute.name(), uri, attribute.value());
            }
            for child in node.children() {
                add(document, child, cdata);
            }
            document.close();
        }
    }
}

fn prefix<'a>(node: roxmltree::Node<'a, '_>, uri: &str, attribute: bool) -> Option<&'a str> {
    if uri.is_empty() {
        return None;
    }
    if uri == "http://www.w3.org/XML/1998/namespace" {
        return Some("xml");
    }
    if !attribute && node.default_namespace() == Some(uri) {
        return None;
    }
    node.lookup_prefix(uri)
}

/// The node at a path by positions: `/*[1]/*[2]/@id`, `/*[1]/text()[2]`, `/`.
///
/// # Panics
/// If there is no such node.
#[must_use]
#[track_caller]
pub fn node_at(document: &Document, path: &str) -> NodeId {
    let host = TestHost::at("2017-06-01T00:00:00Z");
    if path == "/text()[0]" {
        // How the recorder wrote a document type.
        let expr = crate::parse("/node()[1]").expect("a path");
        let context = host.context(document, document.root());
        return crate::evaluate_nodes(&expr, &context).expect("nodes").first().expect("a node");
    }
    let path = match path.rsplit_once("/@xmlns:") {
        Some((element, prefix)) => format!("{element}/namespace::node()[local-name() = '{prefix}']"),
        None => match path.rsplit_once("/@") {
            Some((element, name)) => format!("{element}/attribute::node()[name() = '{name}']"),
            None => path.to_owned(),
        },
    };
    let expr = crate::parse(&path).expect("a path");
    let context = host.context(document, document.root());
    let nodes = crate::evaluate_nodes(&expr, &context).expect("nodes");
    nodes.first().unwrap_or_else(|| panic!("no node at {path}"))
}
