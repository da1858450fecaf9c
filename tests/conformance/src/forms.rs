//! Forms with acts, recorded from a public engine: the whole state after each act.
//!
//! A vector is `same` if JavaRosa, taken through the same acts, came to the same state.

#![allow(clippy::unwrap_used, reason = "a vector that is not as its format says counts as failed")]

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, FixedOffset};
use serde_json::Value as Json;
use tianye_xform::{Context, Control, FieldPath, Form, Media, Properties, RowId, Session};

use crate::{Outcome, Verdict, each, id_of};

/// Runs the forms of a file.
pub(crate) fn run(json: &Json) -> Vec<Verdict> {
    each(json, "forms", class, id_of, |case| judge(case, json))
}

fn class(case: &Json) -> &'static str {
    let mut traces = case["traces"].as_array().into_iter().flatten();
    if traces.all(|trace| trace["javarosa"] == "same") { "same in JavaRosa" } else { "others" }
}

/// A filling with a fixed clock and counted randomness.
struct Scenario {
    session: Session,
    now: DateTime<FixedOffset>,
    properties: Properties,
    next: Cell<u64>,
}

impl Scenario {
    fn start(form: &Arc<Form>, properties: Properties) -> Self {
        let next = Cell::new(1);
        let now = DateTime::parse_from_rfc3339("2026-11-23T12:00:00-07:00").unwrap();
        let random = || draw(&next);
        let session = Session::start(Arc::clone(form), &Context { now, random: &random, properties: &properties });
        Self { session, now, properties, next }
    }

    fn with<T>(&mut self, act: impl FnOnce(&mut Session, &Context<'_>) -> T) -> T {
        let next = &self.next;
        let random = || draw(next);
        act(&mut self.session, &Context { now: self.now, random: &random, properties: &self.properties })
    }
}

fn draw(next: &Cell<u64>) -> u64 {
    let value = next.get().wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    next.set(value);
    value
}

fn judge(case: &Json, vectors: &Json) -> Outcome {
    let mut media = Media::none();
    for (address, id) in case["resources"].as_object().into_iter().flatten() {
        let name = address.rsplit('/').next().unwrap_or(address);
        if let Some(text) = id.as_str().and_then(|id| vectors["resources"][id].as_str()) {
            media.insert(name, text.as_bytes().to_vec());
        }
    }
    for trace in case["traces"].as_array().unwrap() {
        if !trace["edit"].is_null() {
            return Err("an old submission is opened".to_owned());
        }
        run_trace(trace, vectors, &media)?;
    }
    Ok(())
}

fn run_trace(trace: &Json, vectors: &Json, media: &Media) -> Result<(), String> {
    let xml = vectors["forms"][trace["form"].as_str().unwrap()].as_str().unwrap();
    let (form, problems) = Form::parse(xml, media);
    let Some(form) = form else {
        return Err(format!("refused: {}", problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")));
    };
    let property = |name: &str| trace["preload"][name].as_str().unwrap_or_default().to_owned();
    let properties = Properties {
        device_id: property("deviceID") + &property("deviceid"),
        username: property("username"),
        phone_number: property("phoneNumber") + &property("phonenumber"),
        email: property("email"),
        ..Properties::default()
    };
    let mut scenario = Scenario::start(&Arc::new(form), properties);
    let root = xml_root(trace);
    let mut rows = 100;
    let mut expected: BTreeMap<String, Json> = BTreeMap::new();
    for (reference, state) in trace["start"].as_object().unwrap() {
        expected.insert(reference.clone(), state.clone());
    }
    compare(&scenario, &expected, &root).map_err(|why| format!("at start: {why}"))?;
    for (number, step) in trace["steps"].as_array().into_iter().flatten().enumerate() {
        let at = |why: String| format!("step {number} {step:.200}: {why}", step = step.to_string());
        let Some(act) = step["do"].as_str() else {
            let reference = step["read"].as_str().unwrap();
            if let (Some(path), Some(value)) = (locate(&scenario, reference, &root), step["value"].as_str()) {
                let found = scenario.session.value(&path).unwrap_or_default();
                if !alike(value, found) {
                    return Err(at(format!("read “{value}”, found “{found}”")));
                }
            }
            continue;
        };
        let reference = step["ref"].as_str().unwrap_or_default();
        let path = locate(&scenario, reference, &root);
        match act {
            "answer" => {
                let path = path.ok_or_else(|| at("no such node".to_owned()))?;
                let given = &step["given"];
                let text = match given {
                    Json::Array(parts) => parts
                        .iter()
                        .map(|part| part.as_str().unwrap_or_default().to_owned())
                        .collect::<Vec<_>>()
                        .join(" "),
                    Json::String(text) => text.clone(),
                    Json::Null => String::new(),
                    other => other.to_string(),
                };
                let stored = step["stored"].as_str().unwrap_or(&text).to_owned();
                let as_stored = given.is_object() || given.is_boolean() || text == "?File";
                let text = if as_stored { stored.clone() } else { text };
                let text = if text.contains("‹") { continue } else { text };
                let result = scenario.with(|session, context| session.answer(&path, &text, context));
                if let Err(error) = result {
                    // The recorded engine takes what is wrong for empty; here it is refused, and nothing changes.
                    if !stored.is_empty() {
                        return Err(at(error.to_string()));
                    }
                    let result = scenario.with(|session, context| session.answer(&path, "", context));
                    result.map_err(|error| at(error.to_string()))?;
                }
                let found = scenario.session.value(&path).unwrap_or_default();
                if !alike(&stored, found) {
                    return Err(at(format!("stored “{stored}”, found “{found}”")));
                }
            }
            "add-repeat" => {
                let path = path.ok_or_else(|| at("no such repeat".to_owned()))?.without_row();
                rows += 1;
                let result =
                    scenario.with(|session, context| session.add_row(&path, RowId::random(rows), context).map(drop));
                result.map_err(|error| at(error.to_string()))?;
            }
            "remove-repeat" => {
                let path = path.ok_or_else(|| at("no such row".to_owned()))?;
                let result = scenario.with(|session, context| session.remove_row(&path, context).map(drop));
                result.map_err(|error| at(error.to_string()))?;
            }
            "language" => {
                let language =
                    ["language", "value", "given"].iter().find_map(|key| step[*key].as_str()).unwrap_or_default();
                if !scenario.session.set_language(language) {
                    return Err(at(format!("no language {language}")));
                }
            }
            other => return Err(at(format!("unknown act {other}"))),
        }
        for (reference, state) in step["changed"].as_object().into_iter().flatten() {
            if state.is_null() {
                expected.remove(reference);
            } else {
                expected.insert(reference.clone(), state.clone());
            }
        }
        compare(&scenario, &expected, &root).map_err(at)?;
    }
    Ok(())
}

fn xml_root(trace: &Json) -> String {
    let start = trace["start"].as_object().unwrap();
    start.iter().find(|(_, state)| state["t"] == "root").unwrap().0.clone()
}

/// `/data/r[2]/x` as the address of the second row's node.
fn locate(scenario: &Scenario, reference: &str, root: &str) -> Option<FieldPath> {
    let mut path = FieldPath::root();
    for step in reference.strip_prefix(root)?.split('/').filter(|step| !step.is_empty()) {
        match step.split_once('[') {
            None => path = path.child(step),
            Some((name, position)) => {
                let position: usize = position.trim_end_matches(']').parse().ok()?;
                let repeat = path.child(name);
                path = scenario.session.roster(&repeat).get(position - 1)?.path.clone();
            }
        }
    }
    Some(path)
}

fn compare(scenario: &Scenario, expected: &BTreeMap<String, Json>, root: &str) -> Result<(), String> {
    let mut wrong = Vec::new();
    for (reference, state) in expected {
        let kind = state["t"].as_str().unwrap_or_default();
        // The instance id is our own, as OpenRosa asks.
        if kind == "attribute" || kind == "root" || reference.ends_with("instanceID") {
            continue;
        }
        let bare = reference.trim_end_matches(" (range)");
        let Some(view) = locate(scenario, bare, root).and_then(|path| scenario.session.view(&path)) else {
            wrong.push(format!("{reference} is missing"));
            continue;
        };
        let relevant = state["relevant"] != Json::Bool(false);
        if relevant != view.relevant && !kind.starts_with("repeat-range") {
            wrong.push(format!("{reference} relevant {relevant}, found {}", view.relevant));
        }
        if let Some(value) = state["v"].as_str()
            && relevant
            && !alike(value, &view.value)
        {
            wrong.push(format!("{reference} value “{value}”, found “{}”", view.value));
        }
        let flag = |key: &str| state[key] == Json::Bool(true);
        if matches!(kind, "input" | "select" | "range" | "rank" | "trigger" | "upload") && relevant {
            if flag("required") != view.required {
                wrong.push(format!("{reference} required {}", view.required));
            }
            let calculated = scenario.session.form().question(&view.path.template());
            let calculated = calculated.is_some_and(|question| question.calculate.is_some());
            if flag("readonly") != view.readonly && view.control != Control::Note && !calculated {
                wrong.push(format!("{reference} readonly {}", view.readonly));
            }
            let broken = state["constraint"] == "broken";
            let fault = view.problem.as_ref().map(|problem| problem.fault.clone());
            if broken != (fault == Some(tianye_xform::Fault::Constraint)) {
                wrong.push(format!("{reference} constraint broken {broken}, found {fault:?}"));
            }
        }
        if let (Some(label), true) = (state["label"].as_str(), relevant)
            && label.split_whitespace().ne(view.label.split_whitespace())
        {
            wrong.push(format!("{reference} label “{label}”, found “{}”", view.label));
        }
        if relevant {
            let options: Vec<&str> = view.options.iter().map(|option| option.value.as_str()).collect();
            match &state["opts"] {
                Json::Array(wanted) => {
                    let wanted: Vec<&str> = wanted.iter().filter_map(|value| value.as_str()).collect();
                    if wanted != options {
                        wrong.push(format!("{reference} options {wanted:?}, found {options:?}"));
                    }
                }
                Json::Number(count) if count.as_u64() != Some(options.len() as u64) => {
                    wrong.push(format!("{reference} {count} options, found {}", options.len()));
                }
                _ => {}
            }
        }
        if kind.starts_with("repeat-range") {
            let count = expected.keys().filter(|key| is_row_of(key, bare)).count();
            let found = locate(scenario, bare, root).map_or(0, |path| scenario.session.roster(&path).len());
            if count != found {
                wrong.push(format!("{reference} has {count} rows, found {found}"));
            }
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("; ")) }
}

fn is_row_of(key: &str, repeat: &str) -> bool {
    key.strip_prefix(repeat).is_some_and(|rest| rest.starts_with('[') && rest.ends_with(']') && !rest.contains('/'))
}

/// Equal, or equal as numbers, or both a uuid or a moment.
fn alike(expected: &str, found: &str) -> bool {
    if expected == found || expected.contains("‹uuid›") && !found.is_empty() {
        return true;
    }
    match (expected.parse::<f64>(), found.parse::<f64>()) {
        (Ok(expected), Ok(found)) => (expected - found).abs() < 0.006,
        _ => {
            expected.split_whitespace().eq(found.split_whitespace())
                || numbers(expected).is_some_and(|expected| numbers(found) == Some(expected))
                || moment(expected).is_some_and(|expected| moment(found) == Some(expected))
        }
    }
}

/// A time or moment without what only differs in spelling.
fn moment(text: &str) -> Option<String> {
    let zone_at = text.find('T').map_or(0, |at| at + 1);
    if text.len() < 8 || !text.contains(':') {
        return None;
    }
    let text = text.replace(".000", "").replace('Z', "+00:00");
    let has_zone = text[zone_at..].contains(['+', '-']);
    Some(if has_zone { text } else { text + "-07:00" })
}

/// The numbers of a place or of several.
fn numbers(text: &str) -> Option<Vec<f64>> {
    let parts = text.split([' ', ';']).filter(|part| !part.is_empty());
    parts.map(|part| part.parse().ok()).collect::<Option<Vec<f64>>>().filter(|numbers| numbers.len() > 2)
}
