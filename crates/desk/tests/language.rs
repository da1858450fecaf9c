//! What of the form language is supported: `forms/guide/LANGUAGE.md` is written by this test, and must be current.
//!
//! Each question type is put into a workbook, converted, filled and asked for as the window would; each appearance, column,
//! setting and parameter is tried, and what changes is written down. Write the page anew
//! with `TIANYE_WRITE_LANGUAGE=1 cargo test -p tianye-desk --test language`.

#![allow(clippy::unwrap_used, reason = "a form that cannot be read fails the test")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use chrono::DateTime;
use tianye_desk::forms::{Checked, check_workbook};
use tianye_desk::interview::appearance;
use tianye_desk::interview::control::{control, masked, notices};
use tianye_xform::{Context, FieldPath, Form, Media, Properties, Session, ValueKind};
use tianye_xlsform::QUESTION_TYPES;

/// The rows of a workbook that has one question `q` of a type, with what further columns say of it, and settings.
fn workbook(kind: &str, further: &[(&str, &str)], settings: &[(&str, &str)]) -> String {
    let of = |column: &str| further.iter().find(|(name, _)| *name == column).map_or("", |(_, value)| value);
    let own = |column: &str, usual: &str| {
        if of(column).is_empty() { usual.to_owned() } else { of(column).to_owned() }
    };
    let more: Vec<_> = further.iter().filter(|(name, _)| !ALWAYS.contains(name)).collect();
    let plain = |kind: &str, name: &str| format!("|  | {kind} | {name} | Q |\n");
    let row = |kind: &str, choice_filter: &str, calculation: &str, trigger: &str| {
        let mut row = format!(
            "|  | {kind} | {} | Q | {} | {} | {} |",
            own("name", "q"),
            own("choice_filter", choice_filter),
            own("calculation", calculation),
            own("trigger", trigger),
        );
        more.iter().for_each(|(_, value)| write!(row, " {value} |").unwrap());
        row + "\n"
    };
    let rows = match kind {
        "begin_group" | "end_group" => row("begin_group", "", "", "") + &plain("text", "in") + &plain("end_group", ""),
        "begin_repeat" | "end_repeat" => {
            row("begin_repeat", "", "", "") + &plain("text", "in") + &plain("end_repeat", "")
        }
        "select_one" | "select_multiple" | "rank" => row(&format!("{kind} list"), "", "", ""),
        "select_one_external" => row("select_one_external list", "county = 'a'", "", ""),
        "select_one_from_file" | "select_multiple_from_file" => row(&format!("{kind} table.csv"), "", "", ""),
        "osm" => row("osm list", "", "", ""),
        "calculate" => row("calculate", "", "1 + 1", ""),
        "audit" => row("audit", "", "", "").replacen("| q |", "| audit |", 1),
        "csv-external" | "xml-external" => {
            row(kind, "", "", "").replacen("| q |", "| table |", 1) + &plain("text", "q")
        }
        "background-geopoint" => row("background-geopoint", "", "", "${other}"),
        _ => row(kind, "", "", ""),
    };
    let head: String = more.iter().fold(String::new(), |head, (name, _)| head + &format!(" {name} |"));
    let mut text = format!(
        "| survey |\n|  | type | name | label | choice_filter | calculation | trigger |{head}\n{rows}{}\
         | choices |\n|  | list_name | name | label | geometry |\n|  | list | a | A |\n|  | list | b | B |\n\
         |  | marks | 0 | None |\n|  | marks | 3 | Most |\n|  | places | p | P | 30 120 0 0 |\n\
         | external_choices |\n|  | list_name | name | label | county |\n|  | list | a | A | a |\n\
         | osm |\n|  | list_name | name | label |\n|  | list | a | A |\n",
        plain("text", "other") + &plain("geopoint", "where") + &plain("select_multiple list", "many"),
    );
    if !settings.is_empty() {
        let line = |part: fn(&(&str, &str)) -> String| settings.iter().map(part).collect::<String>();
        let (names, values) = (line(|(name, _)| format!(" {name} |")), line(|(_, value)| format!(" {value} |")));
        write!(text, "| settings |\n|  |{names}\n|  |{values}\n").unwrap();
    }
    text
}

/// The columns that each workbook here has.
const ALWAYS: &[&str] = &["type", "name", "label", "choice_filter", "calculation", "trigger"];

fn beside(name: &str) -> Option<Vec<u8>> {
    match name {
        "table.csv" => Some(b"name,label\na,A\nb,B\n".to_vec()),
        "table.xml" => Some(b"<root><item><name>a</name><label>A</label></item></root>".to_vec()),
        _ => None,
    }
}

/// What a workbook becomes, or the code of its first error.
fn checked(text: &str) -> Result<Checked, String> {
    let (report, checked) = check_workbook("one.md", text.as_bytes(), &beside).unwrap();
    checked.ok_or_else(|| report.problems.first().map_or("refused".to_owned(), |problem| problem.code.clone()))
}

fn session(checked: Checked) -> Session {
    let Checked { converted, media, .. } = checked;
    let form = Form::parse(&converted.xform, &media.into_iter().collect::<Media>()).0.unwrap();
    let properties = Properties { device_id: "d".into(), username: "u".into(), ..Properties::default() };
    let context = Context {
        now: DateTime::parse_from_rfc3339("2017-06-01T09:00:00+08:00").unwrap(),
        random: &|| 7,
        properties: &properties,
    };
    Session::start(Arc::new(form), &context)
}

/// A type in three words: what its answer is, whether the engine fills it, how the window asks.
fn support(kind: &str) -> (String, String) {
    let session = match checked(&workbook(kind, &[], &[])) {
        Ok(checked) => session(checked),
        Err(why) => return ("–".to_owned(), format!("refused: {why}")),
    };
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

/// What the window shows of `q` with an appearance, in lines of name and value.
fn shown(kind: &str, appearance: &str) -> BTreeMap<String, String> {
    let session = session(checked(&workbook(kind, &[("appearance", appearance)], &[])).unwrap());
    let mut lines = BTreeMap::new();
    let pages: Vec<_> = session.outline().pages().map(|page| format!("{:?}", page.kind)).collect();
    lines.insert("pages".to_owned(), pages.join(", "));
    let Some(view) = session.view(&FieldPath::parse("/q").unwrap()) else { return lines };
    let asked = serde_json::to_value(control(&session, &view, None)).unwrap();
    for (name, value) in asked.as_object().into_iter().flatten().filter(|(name, _)| *name != "options") {
        lines.insert(name.clone(), value.to_string().replace('"', ""));
    }
    if let Some(kind) = lines.remove("kind") {
        lines.insert("asked as".to_owned(), kind);
    }
    lines.insert("says".to_owned(), notices(&view).join(", "));
    lines.insert("hidden once given".to_owned(), if masked(&view) { "yes" } else { "no" }.to_owned());
    lines
}

/// Types that appearances are tried with.
const APPEARING: &[&str] = &[
    "text",
    "integer",
    "decimal",
    "range",
    "barcode",
    "date",
    "dateTime",
    "select_one",
    "select_multiple",
    "rank",
    "geopoint",
    "image",
    "audio",
    "begin_group",
];

/// Rows that only KoboToolbox knows, and the questions that come of them.
fn of_kobo(text: &mut String) {
    text.push_str(
        "\n## KoboToolbox's own rows\n\nThey become the rows that its server makes of them, under the same names.\n\n| rows | questions, and how they are asked |\n|---|---|\n",
    );
    for (kind, list, row) in [
        ("score", "kobo--score-choices", "score__row"),
        ("rank", "kobo--rank-items", "rank__level"),
        ("kobomatrix", "kobo--matrix_list", "integer"),
    ] {
        let workbook = format!(
            "| survey |\n|  | type | name | label | {list} |\n|  | begin_{kind} | q | Q | list |\n|  | {row} | r | R |  |\n\
             |  | {row} | s | S |  |\n|  | end_{kind} |  |  |  |\n\
             | choices |\n|  | list_name | name | label |\n|  | list | a | A |\n|  | list | b | B |\n"
        );
        let session = session(checked(&workbook).unwrap());
        let asked = |item: &tianye_xform::Item| {
            let view = session.view(&item.path)?;
            let asked = serde_json::to_value(control(&session, &view, None)).unwrap();
            let kind = asked["kind"].as_str().unwrap_or_default().to_owned();
            (kind != "heading").then(|| format!("`{}` {kind}", item.path.as_str().trim_start_matches('/')))
        };
        let outline = session.outline();
        let pages = outline.pages().map(|page| page.items.iter().filter_map(asked).collect::<Vec<_>>().join(", "));
        let pages: Vec<_> = pages.filter(|page| !page.is_empty()).collect();
        writeln!(text, "| `begin_{kind}`, `{row}` | {} |", pages.join("; ")).unwrap();
    }
}

/// A word of an appearance: with which types it changes something in the window, and what.
fn effects(word: &str, plain: &[BTreeMap<String, String>]) -> Vec<(String, String)> {
    let mut by_effect: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (kind, without) in APPEARING.iter().zip(plain) {
        let with = shown(kind, word);
        let changed = with.iter().filter(|(name, value)| without.get(*name) != Some(value));
        let changed: Vec<_> = changed.map(|(name, value)| format!("{name}: {value}")).collect();
        if !changed.is_empty() {
            by_effect.entry(changed.join("; ")).or_default().push(kind);
        }
    }
    by_effect.into_iter().map(|(effect, kinds)| (format!("`{}`", kinds.join("`, `")), effect)).collect()
}

fn appearances(text: &mut String) {
    text.push_str("\n## Appearances\n\nEach was tried with `");
    text.push_str(&APPEARING.join("`, `"));
    text.push_str(
        "`. *says*: what the window says that it does\nin another way. A word without effect is taken and changes nothing on a laptop.\n\n| appearance | with | in the window |\n|---|---|---|\n",
    );
    let counted = ["columns-3", "compact-3", "quickcompact-3", "w3", "ex:org.example.scan()"];
    let mut words: Vec<_> = appearance::words().iter().copied().chain(counted).collect();
    words.sort_unstable();
    let plain: Vec<_> = APPEARING.iter().map(|kind| shown(kind, "")).collect();
    let mut without = Vec::new();
    for word in words {
        let mut effects = effects(word, &plain);
        if let Some(width) = appearance::width(word) {
            effects
                .push(("any question".to_owned(), format!("width {width} where the form has the style `theme-grid`")));
        }
        if effects.is_empty() {
            without.push(word);
        }
        for (kinds, effect) in effects {
            writeln!(text, "| `{word}` | {kinds} | {effect} |").unwrap();
        }
    }
    writeln!(text, "\nWithout effect: `{}`.", without.join("`, `")).unwrap();
}

/// The elements, attributes and texts of an XForm, each as often as it stands there.
fn pieces(xform: &str) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    let mut note = |piece: String| *found.entry(piece).or_insert(0) += 1;
    for node in roxmltree::Document::parse(xform).unwrap().descendants() {
        let name = |node: roxmltree::Node<'_, '_>| node.tag_name().name().to_owned();
        if node.is_text() && !node.text().unwrap_or_default().trim().is_empty() {
            note(format!("text of {}", node.parent().map(name).unwrap_or_default()));
        }
        if node.is_element() {
            note(name(node));
            for attribute in node.attributes() {
                note(format!("{} {}", name(node), attribute.name()));
            }
        }
    }
    found
}

/// What a workbook brings into the XForm that another does not have.
fn brought(without: &str, with: &str) -> String {
    let without = match checked(without) {
        Ok(checked) => checked.converted.xform,
        Err(why) => return format!("refused: {why}"),
    };
    let with = match checked(with) {
        Ok(checked) => checked.converted.xform,
        Err(why) => return format!("refused: {why}"),
    };
    let (before, after) = (pieces(&without), pieces(&with));
    let more = after.iter().filter(|(piece, times)| before.get(*piece).is_none_or(|before| before < times));
    let more: Vec<_> = more.map(|(piece, _)| format!("`{piece}`")).collect();
    match more.is_empty() {
        false => more.join(", "),
        true if without != with => "changes what stands there".to_owned(),
        true => "read, and nothing follows".to_owned(),
    }
}

/// Where the columns of the sheets end up.
fn columns(text: &mut String) {
    text.push_str(
        "\n## Columns of the survey sheet\n\nWhat a filled cell brings into the XForm: an element, or an element and its attribute. `bind::x`, `control::x`, `instance::x`\nand `tianye::x` pass `x` through; `column::Language (code)` is a translation.\n\n| column | in the XForm |\n|---|---|\n",
    );
    for column in tianye_xlsform::columns("survey").into_iter().filter(|column| !PREFIXES.contains(column)) {
        let (value, kind) = in_survey(column);
        let brought = match column {
            "type" | "name" | "label" => "in every form".to_owned(),
            "calculate" | "caption" | "command" | "tag" | "value" => same_as(column),
            "save_to" => {
                let lists = |column: &str| {
                    workbook(kind, &[(column, value)], &[])
                        + "| entities |\n|  | list_name | label |\n|  | people | ${other} |\n"
                };
                brought(&lists("hint").replace("| property |", "|  |"), &lists(column))
            }
            "big-image" => {
                let image = ("image", "small.bin");
                brought(&workbook(kind, &[image], &[]), &workbook(kind, &[image, (column, value)], &[]))
            }
            _ => brought(&workbook(kind, &[], &[]), &workbook(kind, &[(column, value)], &[])),
        };
        writeln!(text, "| `{column}` | {brought} |").unwrap();
    }
    text.push_str("\n## Settings\n\n| setting | in the XForm |\n|---|---|\n");
    for name in tianye_xlsform::columns("settings").into_iter().filter(|name| !PREFIXES.contains(name)) {
        let brought =
            brought(&workbook("begin_group", &[], &[]), &workbook("begin_group", &[], &[(name, in_settings(name))]));
        writeln!(text, "| `{name}` | {brought} |").unwrap();
    }
}

/// Another name of a column that every form has: the same form comes of it.
fn same_as(column: &str) -> String {
    let usual = match column {
        "calculate" => "calculation",
        "caption" => "label",
        "command" => "type",
        _ => "name",
    };
    let text = workbook("calculate", &[], &[]);
    let (head, rest) = text.split_once("| choices |").unwrap();
    let renamed = head.replacen(&format!("| {usual} |"), &format!("| {column} |"), 1) + "| choices |" + rest;
    assert_ne!(renamed, text, "{column}");
    assert_eq!(checked(&text).unwrap().converted.xform, checked(&renamed).unwrap().converted.xform, "{column}");
    format!("the same as `{usual}`")
}

/// Columns that stand for what follows `::`.
const PREFIXES: &[&str] = &["attribute", "bind", "body", "control", "instance", "media", "tianye"];

/// The keys of the parameters column, by type, each with what it brings.
fn parameters(text: &mut String) {
    text.push_str("\n## Parameters\n\n| type | parameter | in the XForm |\n|---|---|---|\n");
    for kind in QUESTION_TYPES {
        let written = match *kind {
            "select_one" | "select_multiple" | "rank" | "select_one_external" => format!("{kind} list"),
            "select_one_from_file" | "select_multiple_from_file" => format!("{kind} table.csv"),
            other => other.to_owned(),
        };
        for key in tianye_xlsform::parameters_of(&written) {
            let value = match *key {
                "allow-mock-accuracy" | "identify-user" | "incremental" | "randomize" | "track-changes" => "true",
                "app" => "org.example.app",
                "label" | "value" => "name",
                "location-priority" => "balanced",
                "location-max-age" => "200",
                "quality" => "low",
                "reference-geometry" => "places",
                "seed" => "7",
                "tick_labelset" => "marks",
                "track-changes-reasons" => "on-form-edit",
                _ => "3",
            };
            // Some say nothing alone.
            let usual = match *key {
                "seed" => "randomize=true ",
                "location-max-age" | "location-min-interval" | "location-priority" => {
                    "location-priority=no-power location-min-interval=60 location-max-age=120 "
                }
                "placeholder" | "tick_interval" | "tick_labelset" => "start=0 end=9 step=3 ",
                _ => "",
            };
            let without = workbook(kind, &[("parameters", usual)], &[]);
            let with = workbook(kind, &[("parameters", &format!("{usual}{key}={value}"))], &[]);
            writeln!(text, "| `{kind}` | `{key}` | {} |", brought(&without, &with)).unwrap();
        }
    }
}

/// A value that makes sense in a column of the survey sheet, and the type of the question that it is tried with.
fn in_survey(column: &str) -> (&'static str, &'static str) {
    match column {
        "autoplay" => ("audio", "text"),
        "bind" | "control" | "body" | "instance" | "tianye" | "media" => ("x", "text"),
        "calculate" | "calculation" => ("1 + 2", "calculate"),
        "check" => ("cn_identity_number", "text"),
        "choice_filter" => ("name = 'a'", "select_one"),
        "constraint" | "soft_constraint" => (". != 'x'", "text"),
        "count" | "jr:count" | "repeat_count" => ("3", "begin_repeat"),
        "default" => ("x", "text"),
        "disabled" => ("yes", "text"),
        "min_seconds" | "rows" => ("3", "text"),
        "non_answers" => ("dk ref", "integer"),
        "parameters" => ("start=0 end=5", "range"),
        "read_only" | "readonly" | "required" => ("yes", "text"),
        "relevance" | "relevant" => ("${other} = '1'", "text"),
        "repeat_over" => ("${many}", "begin_repeat"),
        "renamed_from" => ("before", "text"),
        "save_to" => ("property", "text"),
        "trigger" => ("${other}", "text"),
        "appearance" => ("multiline", "text"),
        "guidance_hint" | "hint" => ("More", "text"),
        "image" | "big-image" | "audio" | "video" => ("file.bin", "note"),
        _ => ("x", "text"),
    }
}

/// A value that makes sense as a setting.
fn in_settings(name: &str) -> &'static str {
    match name {
        "allow_choice_duplicates"
        | "auto_delete"
        | "auto_send"
        | "client_editable"
        | "clean_text_values"
        | "flat"
        | "omit_instanceID"
        | "add_none_option" => "yes",
        "default_language" => "English (en)",
        "instance_name" => "concat('a', ${q})",
        "namespaces" => "more=\"http://example.org/more\"",
        "instance_xmlns" | "submission_url" => "http://example.org/",
        "style" => "theme-grid",
        _ => "x",
    }
}
fn page() -> String {
    let mut text = String::from(
        "# What of the form language is supported\n\n\
         Written by `crates/desk/tests/language.rs`, which converts, fills and asks one question of each type, and tries each\n\
         appearance, column, setting and parameter; it fails when this page is not current. How far values agree with other engines: `cargo xtask conformance` and `cargo xtask peers`.\n\n\
         ## Question types\n\nOlder spellings of pyxform are read as well.\n\n| type | value | in the window |\n|---|---|---|\n",
    );
    for kind in QUESTION_TYPES.iter().filter(|kind| !kind.starts_with("end_")) {
        let (value, asked) = support(kind);
        writeln!(text, "| `{kind}` | {value} | {asked} |").unwrap();
    }
    of_kobo(&mut text);
    appearances(&mut text);
    columns(&mut text);
    parameters(&mut text);
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
