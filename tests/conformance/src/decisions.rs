//! Probes where the public engines differ. Each is decided: what we give is written in `lists/decisions.txt` with the
//! reason, or it is what JavaRosa gives. A probe passes if our engine gives what was decided.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use tianye_xpath::testing::TestHost;
use tianye_xpath::{evaluate_string, parse};

use crate::expressions::empty_document;
use crate::{Outcome, Verdict, each};

/// Runs the probes of a file.
pub(crate) fn run(json: &Json) -> Vec<Verdict> {
    let own = own();
    let class = |case: &Json| if case["same"] == Json::Bool(true) { "engines agree" } else { "engines differ" };
    let id = |case: &Json| format!("xpath-decisions:{}", case["expr"].as_str().unwrap_or_default());
    each(json, "decisions", class, id, |case| judge(case, &own))
}

/// Expression to our value.
fn own() -> BTreeMap<&'static str, &'static str> {
    let lines = include_str!("../lists/decisions.txt").lines();
    let lines = lines.filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    lines
        .filter_map(|line| {
            let mut parts = line.split('\t');
            let (expr, value, reason) = (parts.next()?, parts.next()?, parts.next()?);
            (!reason.trim().is_empty()).then_some((expr, value))
        })
        .collect()
}

fn judge(case: &Json, own: &BTreeMap<&str, &str>) -> Outcome {
    let source = case["expr"].as_str().ok_or("a case without an expression")?;
    let document = empty_document();
    let mut host = TestHost::at("2026-11-23T15:34:43+08:00");
    host.language = "zh-CN".to_owned();
    let found = parse(source).map_err(|error| error.to_string()).and_then(|expr| {
        let text = evaluate_string(&expr, &host.context(&document, document.root()));
        text.map(std::borrow::Cow::into_owned).map_err(|error| error.to_string())
    });
    let of_javarosa = match (&case["j"], &found) {
        (Json::String(expect), Ok(found)) => expect == found,
        (Json::Object(_), Err(_)) => true,
        _ => false,
    };
    match own.get(source) {
        Some(_) if of_javarosa => Err("decided to differ from JavaRosa, and gives the same".to_owned()),
        Some(expect) if found.as_deref() == Ok(*expect) => Ok(()),
        Some(expect) => Err(format!("decided {expect}, found {found:?}")),
        None if of_javarosa => Ok(()),
        None => Err(format!("not decided: JavaRosa gives {}, found {found:?}", case["j"])),
    }
}
