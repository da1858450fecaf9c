//! Expressions over documents, recorded from the public engines' test suites.
//!
//! A vector is consensus if every engine that ran it gives the expected value, else contested.

#![allow(clippy::expect_used, reason = "a vector that is not as its format says counts as failed")]

use std::collections::HashMap;

use serde_json::Value as Json;
use tianye_xpath::testing::{Document, NodeId, TestHost, document, node_at};
use tianye_xpath::{
    Context, EvalError, Value, check, evaluate, evaluate_boolean, evaluate_nodes, evaluate_number, evaluate_string,
    parse,
};

use crate::{Outcome, Verdict, each, id_of};

const XFORMS: &str = "http://www.w3.org/2002/xforms";

/// Runs the vectors with documents.
pub(crate) fn web_forms(json: &Json) -> Vec<Verdict> {
    each(json, "expressions", class, id_of, |case| with_document(case, &json["documents"]))
}

/// Runs the vectors without documents.
pub(crate) fn javarosa(json: &Json) -> Vec<Verdict> {
    each(json, "expressions", class, id_of, without_document)
}

fn class(case: &Json) -> &'static str {
    let contested = case["agree"].as_str().is_some_and(|agree| agree.chars().any(char::is_lowercase));
    if contested { "contested" } else { "consensus" }
}

/// A document with one empty element.
pub(crate) fn empty_document() -> Document {
    document("<root/>")
}

fn with_document(case: &Json, documents: &Json) -> Outcome {
    let xml = documents[case["doc"].as_str().expect("a document")].as_str().expect("text");
    let mut document = document(xml);
    let node = case["context"].as_str().map_or(document.root(), |path| node_at(&document, path));
    let root = case["root"].as_str().map_or(document.root(), |path| node_at(&document, path));
    let expected: Vec<NodeId> = match case["expect"].as_array() {
        Some(paths) => paths.iter().map(|path| node_at(&document, path.as_str().expect("a path"))).collect(),
        None => Vec::new(),
    };
    let single = case["expect"]
        .as_str()
        .filter(|text| text.starts_with('/'))
        .filter(|_| matches!(case["type"].as_str(), Some("first-node" | "any-node")));
    let single = single.map(|path| node_at(&document, path));
    let mut prefixes = HashMap::new();
    for (prefix, uri) in case["ns"].as_object().into_iter().flatten() {
        prefixes.insert(prefix.clone(), uri.as_str().expect("a namespace").to_owned());
    }
    prefixes.insert("xml".to_owned(), "http://www.w3.org/XML/1998/namespace".to_owned());
    document.prefixes = Some(prefixes);
    if case["mode"].as_str() != Some("xpath1") {
        document.default_namespaces.push(XFORMS.to_owned());
    }
    let mut host = TestHost::at("2026-11-23T15:34:43-07:00");
    instances(&document, &mut host);
    texts(&document, case["lang"].as_str(), &mut host);
    judge(case, &document, &host, node, root, &expected, single)
}

/// Secondary instances: `instance` elements with an id.
fn instances(document: &Document, host: &mut TestHost) {
    let path = parse("//*[local-name() = 'instance'][@id]").expect("a path");
    let found = evaluate_nodes(&path, &host.context(document, document.root())).expect("nodes");
    let id = parse("@id").expect("a path");
    for node in found.iter() {
        let id = evaluate_string(&id, &host.context(document, node)).expect("text").into_owned();
        host.instances.insert(id, node);
    }
}

/// The texts of the language, or of the default one: the one so marked, or the first.
fn texts(document: &Document, language: Option<&str>, host: &mut TestHost) {
    let all = parse("//*[local-name() = 'translation']").expect("a path");
    let found = evaluate_nodes(&all, &host.context(document, document.root())).expect("nodes");
    let of = |path: &str, node| {
        let path = parse(path).expect("a path");
        evaluate_string(&path, &host.context(document, node)).expect("text").into_owned()
    };
    let chosen = match language {
        Some(language) => found.iter().find(|node| of("@lang", *node) == language),
        None => found.iter().find(|node| of("string(count(@default))", *node) == "1").or(found.first()),
    };
    let Some(chosen) = chosen else { return };
    let path = parse("*[local-name() = 'text']").expect("a path");
    let texts = evaluate_nodes(&path, &host.context(document, chosen)).expect("nodes");
    let texts: Vec<_> =
        texts.iter().map(|text| (of("@id", text), of("*[local-name() = 'value'][not(@form)]", text))).collect();
    host.texts.extend(texts);
}

fn without_document(case: &Json) -> Outcome {
    let mut document = empty_document();
    document.prefixes = Some(HashMap::new());
    let host = TestHost::at("2026-11-23T15:34:43+00:00");
    judge(case, &document, &host, document.root(), document.root(), &[], None)
}

fn judge(
    case: &Json,
    document: &Document,
    host: &TestHost,
    node: NodeId,
    root: NodeId,
    expected: &[NodeId],
    single: Option<NodeId>,
) -> Outcome {
    let source = case["expr"].as_str().expect("an expression");
    let throws = case["assert"].as_str() == Some("throws");
    let expr = match parse(source) {
        Ok(expr) => expr,
        Err(_) if throws => return Ok(()),
        Err(error) => return Err(error.to_string()),
    };
    let context = Context { tree: document, host, node, root };
    if throws {
        if !check(&expr).is_empty() {
            return Ok(());
        }
        return match evaluate(&expr, &context) {
            Err(_) => Ok(()),
            Ok(value) => Err(format!("must be an error, is a {}", value.type_name())),
        };
    }
    let found = |error: EvalError| error.to_string();
    let expect = &case["expect"];
    match case["type"].as_str().expect("a type") {
        "boolean" => same(expect.as_bool(), Some(evaluate_boolean(&expr, &context).map_err(found)?)),
        "number" => {
            let number = evaluate_number(&expr, &context).map_err(found)?;
            let number = match case["factor"].as_f64() {
                // As JavaScript rounds.
                Some(factor) => (number * factor + 0.5).floor() / factor,
                None => number,
            };
            numbers(number_of(expect), number, document_free(case))
        }
        "string" | "date" => {
            let text = evaluate_string(&expr, &context).map_err(found)?;
            match case["assert"].as_str() {
                Some("matches") => {
                    let pattern = fancy_regex::Regex::new(expect.as_str().expect("a pattern")).expect("a pattern");
                    if pattern.is_match(&*text).unwrap_or(false) {
                        Ok(())
                    } else {
                        Err(format!("{expect}, found {text:?}"))
                    }
                }
                Some("length") => same(expect.as_u64(), Some(text.encode_utf16().count() as u64)),
                _ => same(expect.as_str(), Some(&*text)),
            }
        }
        "nodeset" | "sequence" => same(expected, evaluate_nodes(&expr, &context).map_err(found)?.as_slice()),
        "nodeset-unordered" => {
            let mut expected = expected.to_vec();
            expected.sort();
            let mut nodes = evaluate_nodes(&expr, &context).map_err(found)?.as_slice().to_vec();
            nodes.sort();
            same(expected, nodes)
        }
        "first-node" | "any-node" => same(single, evaluate_nodes(&expr, &context).map_err(found)?.first()),
        other => match evaluate(&expr, &context).map_err(found)? {
            Value::Boolean(value) => same(expect.as_bool(), Some(value)),
            _ => Err(format!("a type that the runner does not know: {other}")),
        },
    }
}

fn document_free(case: &Json) -> bool {
    case["doc"].is_null()
}

#[allow(clippy::needless_pass_by_value, reason = "the callers make both values for it")]
fn same<V: PartialEq + std::fmt::Debug>(expect: V, found: V) -> Outcome {
    if expect == found { Ok(()) } else { Err(format!("expected {expect:?}, found {found:?}")) }
}

fn number_of(json: &Json) -> f64 {
    match json.as_str() {
        Some("NaN") => f64::NAN,
        Some("Infinity") => f64::INFINITY,
        Some("-Infinity") => f64::NEG_INFINITY,
        Some("-0") => -0.0,
        _ => json.as_f64().expect("a number"),
    }
}

fn numbers(expect: f64, found: f64, near: bool) -> Outcome {
    let same = expect.is_nan() && found.is_nan()
        || expect == found && (expect != 0.0 || near || !expect.is_sign_negative() || found.is_sign_negative())
        || near && (expect - found).abs() <= 1e-12;
    if same { Ok(()) } else { Err(format!("expected {expect}, found {found}")) }
}
