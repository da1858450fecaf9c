//! Forms with acts, recorded from a public engine: the whole state after each act.
//!
//! A vector is `same` if JavaRosa, taken through the same acts, came to the same state.

#![allow(clippy::unwrap_used, reason = "a vector that is not as its format says counts as failed")]

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, FixedOffset};
use serde_json::Value as Json;
use tianye_xform::{Context, Fault, FieldPath, Form, Media, NodeView, Properties, RowId, Session};

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
    fn start(form: &Arc<Form>, now: DateTime<FixedOffset>, properties: Properties) -> Self {
        let next = Cell::new(1);
        let random = || draw(&next);
        let session = Session::start(Arc::clone(form), &Context { now, random: &random, properties: &properties });
        Self { session, now, properties, next }
    }

    /// An old submission, opened for editing. All of it must find a place.
    fn edit(
        form: &Arc<Form>,
        submission: &str,
        now: DateTime<FixedOffset>,
        properties: Properties,
    ) -> Result<Self, String> {
        let next = Cell::new(1);
        let random = || draw(&next);
        let context = Context { now, random: &random, properties: &properties };
        let edited = Session::edit(Arc::clone(form), submission, &context);
        let (session, leftovers) = edited.map_err(|error| error.to_string())?;
        if leftovers.is_empty() {
            Ok(Self { session, now, properties, next })
        } else {
            Err(format!("left over: {leftovers:?}"))
        }
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
        run_trace(trace, vectors, &media)?;
    }
    Ok(())
}

fn begin(trace: &Json, vectors: &Json, media: &Media) -> Result<Scenario, String> {
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
    let now = clock(&trace["start"]).or_else(|| moment("2026-11-23T12:00:00-07:00")).unwrap();
    let form = Arc::new(form);
    match trace["edit"].as_str() {
        None => Ok(Scenario::start(&form, now, properties)),
        // Where the recording has a mark, any UUID will do.
        Some(text) => {
            Scenario::edit(&form, &text.replace("‹uuid›", "a91fbb14-5d15-4dc0-ae01-b13a1aaa9c5a"), now, properties)
        }
    }
}

fn run_trace(trace: &Json, vectors: &Json, media: &Media) -> Result<(), String> {
    let mut scenario = begin(trace, vectors, media)?;
    let root = xml_root(trace);
    let mut rows = 100;
    let mut expected: BTreeMap<String, Json> = BTreeMap::new();
    for (reference, state) in trace["start"].as_object().unwrap() {
        expected.insert(reference.clone(), state.clone());
    }
    compare(&scenario, &expected, &root).map_err(|why| format!("at start: {why}"))?;
    for (number, step) in trace["steps"].as_array().into_iter().flatten().enumerate() {
        let at = |why: String| format!("step {number} {step:.200}: {why}", step = step.to_string());
        if let Some(now) = clock(&step["changed"]) {
            scenario.now = now;
        }
        if let Some(reference) = step["read"].as_str() {
            let bare = reference.trim_end_matches(" (range)");
            let path = locate(&scenario, bare, &root).ok_or_else(|| at("no such node".to_owned()))?;
            let found = scenario.session.view(&path).ok_or_else(|| at("no such node".to_owned()))?.value;
            if let Some(value) = step["value"].as_str()
                && !alike(value, &found)
            {
                return Err(at(format!("read “{value}”, found “{found}”")));
            }
            continue;
        }
        act(&mut scenario, step, &root, &mut rows).map_err(at)?;
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

fn act(scenario: &mut Scenario, step: &Json, root: &str, rows: &mut u128) -> Result<(), String> {
    let path = locate(scenario, step["ref"].as_str().unwrap_or_default(), root);
    let path = || path.clone().ok_or_else(|| "no such node".to_owned());
    match step["do"].as_str().unwrap() {
        "answer" => {
            let path = path()?;
            let stored = step["stored"].as_str().unwrap();
            let text = given(&step["given"], stored);
            let result = scenario.with(|session, context| session.answer(&path, &text, context));
            if let Err(error) = result {
                // The recorded engine takes what is wrong for empty; here it is refused, and nothing changes.
                if !stored.is_empty() {
                    return Err(error.to_string());
                }
                let result = scenario.with(|session, context| session.answer(&path, "", context));
                result.map_err(|error| error.to_string())?;
            }
            let found = scenario.session.value(&path).unwrap_or_default();
            if alike(stored, found) { Ok(()) } else { Err(format!("stored “{stored}”, found “{found}”")) }
        }
        "add-repeat" => {
            let path = path()?.without_row();
            *rows += 1;
            let id = RowId::random(*rows);
            let result = scenario.with(|session, context| session.add_row(&path, id, context).map(drop));
            result.map_err(|error| error.to_string())?;
            // The recording stands at the new row.
            let now_at = step["now_at"].as_str().unwrap();
            let place: usize = now_at.rsplit('[').next().unwrap().trim_end_matches(']').parse().unwrap();
            let found = scenario.session.roster(&path).len();
            if found == place { Ok(()) } else { Err(format!("now at row {place}, found {found} rows")) }
        }
        "remove-repeat" => {
            let path = path()?;
            let result = scenario.with(|session, context| session.remove_row(&path, context).map(drop));
            result.map_err(|error| error.to_string())
        }
        "language" => {
            let language = step["value"].as_str().unwrap();
            if scenario.session.set_language(language) { Ok(()) } else { Err(format!("no language {language}")) }
        }
        other => Err(format!("unknown act {other}")),
    }
}

/// What is typed or chosen. A file comes as its name.
fn given(given: &Json, stored: &str) -> String {
    match given {
        Json::Array(parts) => parts.iter().map(|part| part.as_str().unwrap()).collect::<Vec<_>>().join(" "),
        Json::String(text) if text == "?File" => stored.to_owned(),
        Json::String(text) => text.clone(),
        Json::Bool(ticked) => u8::from(*ticked).to_string(),
        Json::Null => String::new(),
        other => other.to_string(),
    }
}

/// The moment of the recording, where a state shows it: it is handed in as the clock.
fn clock(state: &Json) -> Option<DateTime<FixedOffset>> {
    let values = state.as_object()?.values().filter_map(|node| node["v"].as_str());
    let mut moments = values.filter(|value| value.starts_with("2026-11-23T") && value.ends_with("-07:00"));
    moments.find_map(|value| DateTime::parse_from_rfc3339(value).ok())
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
            None => {
                let plain = path.child(step);
                // The recording leaves out the prefix of an attribute.
                let prefixed = step.strip_prefix('@').map(|name| path.child(&format!("@orx:{name}")));
                let known = scenario.session.view(&plain).is_some();
                path = prefixed.filter(|_| !known).unwrap_or(plain);
            }
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
        let bare = reference.trim_end_matches(" (range)");
        let Some(view) = locate(scenario, bare, root).and_then(|path| scenario.session.view(&path)) else {
            wrong.push(format!("{reference} is missing"));
            continue;
        };
        let relevant = state["relevant"] != Json::Bool(false);
        if kind.starts_with("repeat-range") {
            let count = expected.keys().filter(|key| is_row_of(key, bare)).count();
            let found = scenario.session.roster(&view.path).len();
            if count != found {
                wrong.push(format!("{reference} has {count} rows, found {found}"));
            }
            continue;
        }
        if relevant != view.relevant {
            wrong.push(format!("{reference} relevant {relevant}, found {}", view.relevant));
        }
        if !relevant {
            continue;
        }
        // Every filling here has an instance id, as OpenRosa asks; there only one that the form fills.
        let own = reference.ends_with("instanceID") && state["v"] == "";
        if let Some(value) = state["v"].as_str()
            && !own
            && !alike(value, &view.value)
        {
            wrong.push(format!("{reference} value “{value}”, found “{}”", view.value));
        }
        compare_control(reference, kind, state, &view, scenario, &mut wrong);
        let options: Vec<&str> = view.options.iter().map(|option| option.value.as_str()).collect();
        match &state["opts"] {
            Json::Array(wanted) => {
                let wanted: Vec<&str> = wanted.iter().map(|value| value.as_str().unwrap()).collect();
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
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("; ")) }
}

fn compare_control(
    reference: &str,
    kind: &str,
    state: &Json,
    view: &NodeView,
    scenario: &Scenario,
    wrong: &mut Vec<String>,
) {
    // The recording joins all texts of a label, the short form too.
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let whole = format!("{}{}", view.label, view.short);
    for (key, found) in [("label", &whole), ("hint", &view.hint)] {
        if let Some(text) = state[key].as_str()
            && words(text) != words(found)
        {
            wrong.push(format!("{reference} {key} “{text}”, found “{found}”"));
        }
    }
    if !matches!(kind, "input" | "select" | "range" | "rank" | "trigger" | "upload" | "note") {
        return;
    }
    let flag = |key: &str| state[key] == Json::Bool(true);
    if flag("required") != view.required {
        wrong.push(format!("{reference} required {}", view.required));
    }
    // Here a calculated question says that it is read-only, there it does not, though both calculate it again.
    let calculated = scenario.session.form().question(&view.path.template()).and_then(|question| question.calculate);
    if flag("readonly") != view.readonly && calculated.is_none() {
        wrong.push(format!("{reference} readonly {}", view.readonly));
    }
    let fault = view.problem.as_ref().map(|problem| problem.fault.clone());
    let broken = state["constraint"] == "broken";
    if broken != (fault == Some(Fault::Constraint)) {
        wrong.push(format!("{reference} constraint broken {broken}, found {fault:?}"));
    }
    if flag("missing") != (fault == Some(Fault::Missing)) {
        wrong.push(format!("{reference} missing {}, found {fault:?}", flag("missing")));
    }
}

fn is_row_of(key: &str, repeat: &str) -> bool {
    key.strip_prefix(repeat).is_some_and(|rest| rest.starts_with('[') && rest.ends_with(']') && !rest.contains('/'))
}

/// Equal, or equal as numbers, moments or places; a UUID stands for any.
fn alike(expected: &str, found: &str) -> bool {
    if let Some((before, after)) = expected.split_once("‹uuid›") {
        // OpenRosa asks for `uuid:` before an instance id; the recording has it without.
        let found = found.strip_prefix("uuid:").filter(|_| before.is_empty()).unwrap_or(found);
        let inner = found.strip_prefix(before).and_then(|found| found.strip_suffix(after));
        return inner.is_some_and(is_uuid);
    }
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    if words(expected) == words(found) {
        return true;
    }
    if let (Ok(expected), Ok(found)) = (expected.parse::<f64>(), found.parse::<f64>()) {
        return (expected - found).abs() <= 1e-9 * expected.abs();
    }
    numbers(expected).is_some_and(|expected| numbers(found) == Some(expected))
        || moment(expected).is_some_and(|expected| moment(found) == Some(expected))
}

fn is_uuid(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

/// A moment, or a time of a day, without what only differs in spelling.
fn moment(text: &str) -> Option<DateTime<FixedOffset>> {
    let dated = if text.contains('T') { text.to_owned() } else { format!("1970-01-01T{text}") };
    let parse = |text: &str| DateTime::parse_from_rfc3339(text).ok();
    parse(&dated).or_else(|| parse(&format!("{dated}-07:00")))
}

/// The numbers of a place or of several.
fn numbers(text: &str) -> Option<Vec<f64>> {
    let parts = text.split([' ', ';']).filter(|part| !part.is_empty());
    parts.map(|part| part.parse().ok()).collect::<Option<Vec<f64>>>().filter(|numbers| numbers.len() > 1)
}
