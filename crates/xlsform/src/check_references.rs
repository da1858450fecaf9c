//! Every `${name}` names exactly one question, group or repeat.

use crate::codes::Code;
use crate::names::{references, scan};
use crate::near::nearest;
use crate::problem::{Place, Problem, Report};
use crate::table::{Map, Record, Value};
use std::collections::HashMap;

/// Every malformed, unknown or ambiguous `${name}` of a sheet's records.
pub(crate) fn check_references(
    records: &[Record],
    names: &HashMap<String, usize>,
    looks_at: impl Fn(&str) -> bool,
    report: &mut Report,
) {
    for record in records {
        check_map(&record.values, "", &record.place, names, &looks_at, report);
    }
}

fn check_map(
    map: &Map,
    top: &str,
    place: &Place,
    names: &HashMap<String, usize>,
    looks_at: &impl Fn(&str) -> bool,
    report: &mut Report,
) {
    for (key, value) in &map.0 {
        let top = if top.is_empty() { key } else { top };
        if !looks_at(top) {
            continue;
        }
        match value {
            Value::Map(inner) => check_map(inner, top, place, names, looks_at, report),
            Value::Cell(cell) => check_text(&cell.text, &place.cell(Some(cell.column)), names, report),
        }
    }
}

pub(crate) fn check_text(text: &str, at: &Place, names: &HashMap<String, usize>, report: &mut Report) {
    for bad in scan(text).into_iter().filter_map(Result::err) {
        report.add(Problem::error(Code::MalformedReference).at(at).arg("found", bad));
    }
    for reference in references(text) {
        match names.get(reference.name) {
            Some(1) => {}
            Some(count) => {
                let problem = Problem::error(Code::AmbiguousName).at(at).arg("found", reference.name);
                report.add(problem.arg("count", count.to_string()));
            }
            None => {
                let near = nearest(reference.name, names.keys().map(String::as_str));
                report.add(Problem::error(Code::UnknownName).at(at).arg("found", reference.name).maybe_near(near));
            }
        }
    }
}
