//! What of the form language is supported: `forms/guide/LANGUAGE.md` is written by this test, and must be current.
//!
//! Each question type is put into a workbook, converted, filled and asked for as the window would. Write the page anew
//! with `TIANYE_WRITE_LANGUAGE=1 cargo test -p tianye-desk --test language`.

#![allow(clippy::unwrap_used, reason = "a form that cannot be read fails the test")]

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use chrono::DateTime;
use tianye_desk::forms::{Checked, check_workbook};
use tianye_desk::interview::control::control;
use tianye_xform::{Context, FieldPath, Form, Media, Properties, Session, ValueKind};
use tianye_xlsform::QUESTION_TYPES;

/// The rows of a workbook that has one question `q` of a type.
fn workbook(kind: &str) -> String {
    let row = |kind: &str, name: &str| format!("|  | {kind} | {name} | Q |  |\n");
    let rows = match kind {
        "begin_group" | "end_group" => {
            format!("{}{}{}", row("begin_group", "q"), row("text", "in"), row("end_group", ""))
        }
        "begin_repeat" | "end_repeat" => {
            format!("{}{}{}", row("begin_repeat", "q"), row("text", "in"), row("end_repeat", ""))
        }
        "select_one" | "select_multiple" | "rank" => row(&format!("{kind} list"), "q"),
        "select_one_external" => "|  | select_one_external list | q | Q | county = 'a' |\n".to_owned(),
        "select_one_from_file" | "select_multiple_from_file" => row(&format!("{kind} table.csv"), "q"),
        "osm" => row("osm list", "q"),
        "calculate" => "|  | calculate | q |  |  | 1 + 1 |\n".to_owned(),
        "audit" => row("audit", "audit"),
        "csv-external" | "xml-external" => format!("{}{}", row(kind, "table"), row("text", "q")),
        "background-geopoint" => "|  | background-geopoint | q |  |  |  | ${other} |\n".to_owned(),
        _ => row(kind, "q"),
    };
    format!(
        "| survey |\n|  | type | name | label | choice_filter | calculation | trigger |\n{rows}{}\
         | choices |\n|  | list_name | name | label |\n|  | list | a | A |\n|  | list | b | B |\n\
         | external_choices |\n|  | list_name | name | label | county |\n|  | list | a | A | a |\n\
         | osm |\n|  | list_name | name | label |\n|  | list | a | A |\n",
        row("text", "other"),
    )
}

/// A type in three words: what its answer is, whether the engine fills it, how the window asks.
fn support(kind: &str) -> (String, String) {
    let beside = |name: &str| match name {
        "table.csv" => Some(b"name,label\na,A\nb,B\n".to_vec()),
        "table.xml" => Some(b"<root><item><name>a</name><label>A</label></item></root>".to_vec()),
        _ => None,
    };
    let (report, checked) = check_workbook("one.md", workbook(kind).as_bytes(), &beside).unwrap();
    let Some(Checked { converted, media, .. }) = checked else {
        let why = report.problems.first().map_or("refused", |problem| &problem.code);
        return ("–".to_owned(), format!("refused: {why}"));
    };
    let form = Form::parse(&converted.xform, &media.into_iter().collect::<Media>()).0.unwrap();
    let properties = Properties { device_id: "d".into(), username: "u".into(), ..Properties::default() };
    let context = Context {
        now: DateTime::parse_from_rfc3339("2017-06-01T09:00:00+08:00").unwrap(),
        random: &|| 7,
        properties: &properties,
    };
    let session = Session::start(Arc::new(form), &context);
    let path = if kind == "audit" { "/meta/audit" } else { "/q" };
    let Some(view) = session.view(&FieldPath::parse(path).unwrap()) else {
        return ("in the form".to_owned(), "not asked".to_owned());
    };
    let asked = serde_json::to_value(control(&session, &view, None)).unwrap();
    let asked = match (kind, asked["kind"].as_str().unwrap_or_default()) {
        ("begin_group" | "end_group", _) => "a section, or one page as a `field-list`".to_owned(),
        ("begin_repeat" | "end_repeat", _) => "a roster".to_owned(),
        ("csv-external" | "xml-external", _) => "a table for look-ups".to_owned(),
        ("background-audio", _) => "a standing mark: those present are asked, then it is recorded".to_owned(),
        ("start-geopoint" | "background-geopoint", _) => {
            "not asked, stays empty: a laptop has no place to tell".to_owned()
        }
        (_, "shown") if view.control == tianye_xform::Control::None => "not asked: the form fills it".to_owned(),
        (_, "unsupported") => "said so; the interview goes on".to_owned(),
        (_, other) => format!("`{other}`"),
    };
    (value_of(&view.kind), asked)
}

fn value_of(kind: &ValueKind) -> String {
    format!("{kind:?}").to_lowercase()
}

fn page() -> String {
    let mut text = String::from(
        "# What of the form language is supported\n\n\
         Written by `crates/desk/tests/language.rs`, which converts, fills and asks one question of each type; it fails when this\n\
         page is not current. How far values agree with other engines: `cargo xtask conformance` and `cargo xtask peers`.\n\n\
         ## Question types\n\nOlder spellings of pyxform are read as well.\n\n| type | value | in the window |\n|---|---|---|\n",
    );
    for kind in QUESTION_TYPES.iter().filter(|kind| !kind.starts_with("end_")) {
        let (value, asked) = support(kind);
        writeln!(text, "| `{kind}` | {value} | {asked} |").unwrap();
    }
    text.push_str("\n## Functions\n\n| function | arguments |\n|---|---|\n");
    for function in tianye_xpath::functions() {
        writeln!(text, "| `{}` | {} |", function.name, function.arity()).unwrap();
    }
    text
}

#[test]
fn the_page_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../forms/guide/LANGUAGE.md");
    let page = page();
    if std::env::var_os("TIANYE_WRITE_LANGUAGE").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(page == kept, "forms/guide/LANGUAGE.md is not current; write it anew as this test's first lines say");
}

#[test]
fn no_type_that_is_offered_is_refused() {
    let refused: Vec<_> = QUESTION_TYPES.iter().filter(|kind| support(kind).1.starts_with("refused")).collect();
    assert!(refused.is_empty(), "{refused:?}");
}
