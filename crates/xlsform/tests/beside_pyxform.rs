//! What is taken, told and refused beside pyxform: names that rows make, slips, headings.

#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is not as expected")]

use tianye_xlsform::{Converted, Format, Options, Problem, Severity, Workbook, convert};

fn convert_markdown(text: &str) -> (Option<Converted>, Vec<Problem>) {
    convert(&Workbook::read(text.as_bytes(), Format::Markdown).unwrap(), &Options::default())
}

/// Names that stand in no cell are told at the row that makes them.
#[test]
fn names_that_rows_make() {
    let check = |rows: &[&str], expect: &[&str]| {
        let rows: String = rows.iter().map(|row| format!("| | {row} |\n")).collect();
        let (_, problems) = convert_markdown(&format!(
            "| survey |\n| | type | name | label | repeat_count | appearance |\n{rows}\
             | choices |\n| | list_name | name | label |\n| | c | a | A |\n| | c | b | B |\n| | d | a | A |\n"
        ));
        let errors = problems.iter().filter(|one| one.severity == Severity::Error);
        let told: Vec<String> = errors
            .map(|one| format!("{} {} {}", one.cell(), one.code.as_str(), one.get("found").unwrap_or_default()))
            .collect();
        assert_eq!(told, expect, "{rows}");
    };
    let other = "select_one c or_other | q | Q";
    check(&[other, "text | q_other | O"], &["A2 duplicate-name q_other"]);
    check(&["text | q_other | O", other], &["A3 duplicate-name q_other"]);
    check(&["text | q_OTHER | O", other, "begin_group | g | G", "text | q_other | O", "end_group"], &[]);
    let counted = |count: &str| format!("begin_repeat | r | R | {count}");
    check(&[&counted("3"), "text | t | T", "end_repeat", "integer | r_count | N"], &["D2 duplicate-name r_count"]);
    check(&["integer | r_count | N", &counted("7 - 4"), "text | t | T", "end_repeat"], &["D3 duplicate-name r_count"]);
    check(&["integer | r_count | N", &counted("${r_count}"), "text | t | T", "end_repeat"], &[]);
    check(&["audit", "text | t | T"], &[]);
    check(&["audit", "text | t | T", "audit"], &["A4 duplicate-name audit"]);
    check(&["text | generated_note_name_3 | T", "note | | N"], &["A3 duplicate-name generated_note_name_3"]);
    let table = "begin_group | g | G | | table-list";
    check(
        &[table, "text | generated_table_list_label_2 | T", "select_one c | s | S", "end_group"],
        &["2 duplicate-name generated_table_list_label_2"],
    );
    // A choice of a loop is a group, in which the names are those of the others again; repeats may not be.
    let looped = |list: &str, rows: &[&str], expect: &[&str]| {
        check(&[&[&*format!("begin_loop over {list} | l | L")], rows, &["end_loop"]].concat(), expect);
    };
    let repeat = ["begin_repeat | r | R", "text | t | T", "end_repeat"];
    looped("c", &["text | t | T"], &[]);
    looped("c", &[other, "text | q_other | O"], &["A3 duplicate-name q_other"]);
    looped("c", &repeat, &["B3 duplicate-repeat-name r"]);
    looped("d", &repeat, &[]);
}

/// Slips that leave a form which works: it is made, and they are told.
#[test]
fn slips_that_a_form_can_do_without() {
    let check = |text: &str, expect: &[&str]| {
        let (converted, problems) = convert_markdown(text);
        let told: Vec<String> =
            problems.iter().map(|p| format!("{} {} {}", p.severity.as_str(), p.cell(), p.code.as_str())).collect();
        assert_eq!(told, expect, "{text}");
        assert_eq!(converted.is_some(), !told.iter().any(|line| line.starts_with("error")), "{text}");
    };
    let triggered = |trigger: &str, expect: &[&str]| {
        let head = "| survey |\n| | type | name | label | trigger | calculation |\n";
        check(
            &format!("{head}| | text | a | A | | |\n| | text | c | C | | |\n| | calculate | b | | {trigger} | 1 |\n"),
            expect,
        );
    };
    triggered("${a}, ${c}", &[]);
    triggered("${a}, c", &["warning D4 extra-word"]);
    triggered("c, ${a}", &["warning D4 extra-word"]);
    triggered("c", &["error D4 trigger-not-reference"]);
    triggered("${a} ${c}", &["error D4 trigger-not-reference"]);
    triggered("${a}, ${", &["error D4 trigger-not-reference"]);
    let chosen = |kind: &str, expect: &[&str]| {
        let rows = format!("| survey |\n| | type | name | label |\n| | {kind} | a | A |\n");
        check(&format!("{rows}| choices |\n| | name | label |\n| | x | X |\n"), expect);
    };
    chosen("text", &["warning 1 missing-column"]);
    chosen("select_one_from_file l.csv", &["warning 1 missing-column"]);
    chosen("select_one l", &["error A2 unknown-list", "warning 1 missing-column"]);
    let range = |parameters: &str, expect: &[&str]| {
        check(
            &format!("| survey |\n| | type | name | label | parameters |\n| | range | a | A | {parameters} |\n"),
            expect,
        );
    };
    range("start=0 end=1e3 step=1e1", &[]);
    range("start=0 end=1e1 step=1e2", &["error D2 parameter-value"]);
    // pyxform keeps the right one of two columns when that is `label`, and refuses them else.
    for headings in ["Label | label", "label | Label", "caption | label"] {
        let text = format!("| survey |\n| | type | name | {headings} |\n| | text | a | A | B |\n");
        check(&text, &["error D1 duplicate-column"]);
    }
}

/// A text without a language is that of the default language, on whichever side of the others it stands.
#[test]
fn texts_without_a_language_beside_translated_ones() {
    for headings in ["label::English (en) | label", "hint::English (en) | hint"] {
        let texts = |headings: &str, cells: &str| {
            let head = format!("| survey |\n| | type | name | image | {headings} |\n");
            convert_markdown(&format!("{head}| | text | a | a.png | {cells} |\n")).0.unwrap().xform
        };
        let (left, right) = headings.split_once(" | ").unwrap();
        let found = texts(headings, "Word | 词");
        assert!(found.contains("Word") && found.contains("词"), "{found}");
        let lines = |xform: &str| {
            let mut lines: Vec<String> = xform.lines().map(str::to_owned).collect();
            lines.sort_unstable();
            lines
        };
        assert_eq!(lines(&found), lines(&texts(&format!("{right} | {left}"), "词 | Word")));
    }
}

/// Columns of choices keep their names, but for those that pyxform writes small.
#[test]
fn columns_of_choices_are_named_as_by_pyxform() {
    for (heading, expect) in [
        ("Parent", "parent"),
        ("PARENT", "parent"),
        ("Extra Data", "extra_data"),
        ("SMS option", "sms_option"),
        ("Parents", "Parents"),
        ("County", "County"),
    ] {
        let (converted, problems) = convert_markdown(&format!(
            "| survey |\n| | type | name | label | choice_filter |\n| | select_one c | a | A | |\n\
             | | select_one d | b | B | {expect} = ${{a}} |\n| choices |\n| | list_name | name | label | {heading} |\n\
             | | c | x | X | |\n| | d | y | Y | x |\n"
        ));
        assert_eq!(problems, [], "{heading}");
        let xform = converted.unwrap().xform;
        assert!(xform.contains(&format!("<{expect}>x</{expect}>")), "{xform}");
    }
}
