//! What a new version of a form does to kept answers.

#![allow(clippy::unwrap_used, reason = "this is test code throughout")]

use tianye_xform::{Form, Media, differences};
use tianye_xlsform::{Format, Options, Workbook, convert};

const CHOICES: &str = "| choices |\n|  | list_name | name | label |\n|  | yn | yes | 是 |\n|  | yn | no | 否 |\n\
    |  | place | home | 家 |\n|  | place | town | 镇 |\n|  | place | city | 城 |\n\
    |  | fewer | home | 家里 |\n|  | fewer | town | 镇 |\n|  | fewer | abroad | 国外 |\n";

fn form(rows: &str) -> Form {
    let text = format!(
        "| survey |\n|  | type | name | label | relevant | constraint | required | calculation |\n{rows}\n{CHOICES}"
    );
    let workbook = Workbook::read(text.as_bytes(), Format::Markdown).unwrap();
    let (converted, problems) = convert(&workbook, &Options::default());
    let converted = converted.unwrap_or_else(|| panic!("{problems:#?}"));
    Form::parse(&converted.xform, &Media::none()).0.unwrap()
}

#[track_caller]
fn check_renamed(old: &[&str], new: &[&str], renamed: &[(&str, &str)], expect: &[&str]) {
    let rows = |rows: &[&str]| form(&rows.iter().map(|row| format!("|  | {row} |\n")).collect::<String>());
    let renamed: Vec<_> = renamed.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    let found: Vec<String> = differences(&rows(old), &rows(new), &renamed)
        .iter()
        // The forms of these tables have no versions.
        .filter(|d| d.kind.code() != "version-same")
        .map(|d| {
            let args: Vec<String> = d.kind.args().into_iter().map(|(_, value)| value).collect();
            format!("{} {} {} {}", d.effect.as_str(), d.path, d.kind.code(), args.join(" → ")).trim().to_owned()
        })
        .collect();
    assert_eq!(found, expect);
}

#[track_caller]
fn check(old: &[&str], new: &[&str], expect: &[&str]) {
    check_renamed(old, new, &[], expect);
}

#[test]
fn the_same_form_has_no_differences() {
    let rows = ["text | a | A", "begin_repeat | r | R", "integer | n | N | | . > 1", "end_repeat |"];
    check(&rows, &rows, &[]);
}

#[test]
fn questions_come_go_and_move() {
    check(&["text | a | A"], &["text | a | A", "text | b | B"], &["keeps /b question-added"]);
    check(&["text | a | A"], &["text | a | A", "text | b | B | | | yes"], &["check /b question-added-required"]);
    check(&["text | a | A", "text | b | B"], &["text | a | A"], &["loses /b question-removed"]);
    check(
        &["text | a | A", "text | b | B"],
        &["text | a | A", "text | c | B"],
        &["loses /b question-removed", "keeps /c question-added"],
    );
    check_renamed(
        &["text | a | A", "text | b | B"],
        &["text | a | A", "text | c | B"],
        &[("/b", "/c")],
        &["keeps /b question-renamed /c"],
    );
    check(&["text | a | A", "image | b | B"], &["text | a | A"], &["loses /b question-removed-files"]);
    let moved = ["begin_group | g | G", "text | a | A", "end_group |"];
    check(&["text | a | A"], &moved, &["loses /a question-moved /g/a"]);
    check_renamed(&["text | a | A"], &moved, &[("/a", "/g/a")], &["keeps /a question-renamed /g/a"]);
}

#[test]
fn hints_in_the_form_are_believed() {
    let hinted = |rows: &[&str]| {
        let rows: String = rows.iter().map(|row| format!("|  | {row} |\n")).collect();
        let lists = "| choices |\n|  | list_name | name | label | renamed_from |\n|  | p | home | 家 | |\n\
            |  | p2 | house | 家 | home |\n|  | q | east | 东 | |\n|  | q | west | 西 | |\n|  | q | no | 不 | |\n\
            |  | q2 | side | 边 | east west |\n|  | q2 | no | 不 | |\n|  | q3 | east | 边 | west |\n|  | q3 | no | 不要 | |\n";
        let text = format!("| survey |\n|  | type | name | label | renamed_from |\n{rows}\n{lists}");
        let workbook = Workbook::read(text.as_bytes(), Format::Markdown).unwrap();
        let converted = convert(&workbook, &Options::default()).0.unwrap();
        Form::parse(&converted.xform, &Media::none()).0.unwrap()
    };
    let told = |old: &[&str], new: &[&str]| {
        let found = differences(&hinted(old), &hinted(new), &[]);
        let found = found.iter().filter(|d| d.kind.code() != "version-same");
        found.map(|d| format!("{} {} {}", d.effect.as_str(), d.path, d.kind)).collect::<Vec<_>>()
    };
    assert_eq!(
        told(&["select_one p | a | A"], &["select_one p2 | b | A | a"]),
        [
            "keeps /a the question is /b now, as the author says",
            "keeps /a the choice home is house now, as the author says; kept answers are read so"
        ]
    );
    let merged = |code: &str| {
        format!(
            "check /a the choices east west are all {code} now, as the author says; read so, kept answers no longer \
            tell them apart"
        )
    };
    assert_eq!(told(&["select_one q | a | A"], &["select_one q2 | a | A"]), [merged("side")]);
    assert_eq!(
        told(&["select_one q | a | A"], &["select_one q3 | a | A"]),
        [
            merged("east"),
            "check /a the choice no was “不” and is “不要” now; kept answers meant the old one".to_owned()
        ]
    );
    assert_eq!(
        told(&["text | a | A"], &["text | b | A | x"]),
        [
            "loses /a the question is gone; kept answers to it are no longer shown",
            "check /b it is said to have been called x, which the old form does not have; correct the name",
            "keeps /b a new question; kept answers do not have it"
        ]
    );
}

#[test]
fn types_widen_or_change() {
    check(&["integer | a | A"], &["decimal | a | A"], &["keeps /a type-widened integer → decimal"]);
    check(&["date | a | A"], &["text | a | A"], &["keeps /a type-widened date → text"]);
    check(&["decimal | a | A"], &["integer | a | A"], &["loses /a type-changed decimal → integer"]);
    check(
        &["select_multiple yn | a | A"],
        &["select_one yn | a | A"],
        &["loses /a type-changed select_multiple → select_one"],
    );
}

#[test]
fn codes_go_come_and_mean_something_else() {
    check(
        &["select_one place | a | A"],
        &["select_one fewer | a | A"],
        &["loses /a codes-removed city", "check /a code-relabelled home → 家 → 家里", "keeps /a codes-added abroad"],
    );
}

#[test]
fn conditions_change() {
    let old =
        ["select_one yn | q | Q", "integer | a | A | ${q} = 'yes' | . > 1 | yes", "calculate | c | | | | | ${a} + 1"];
    check(
        &old,
        &["select_one yn | q | Q", "integer | a | A | ${q} = 'no' | . > 2 | ", "calculate | c | | | | | ${a} + 2"],
        &[
            "check /a relevance-changed /data/q = 'yes' → /data/q = 'no'",
            "check /a constraint-changed . > 1 → . > 2",
            "check /c calculation-changed /data/a + 1 → /data/a + 2",
            "keeps /a required-removed",
        ],
    );
    check(
        &old,
        &["select_one yn | q | Q", "integer | a | A | | | yes", "calculate | c | | | | |  ${a}  +  1"],
        &["check /a relevance-removed /data/q = 'yes'", "keeps /a constraint-removed . > 1"],
    );
    check(&["integer | a | A"], &["integer | a | A | | | yes"], &["check /a required-changed  → true()"]);
    let group = |relevant: &str| format!("begin_group | g | G | {relevant}");
    check(
        &["select_one yn | q | Q", &group(""), "text | a | A", "end_group |"],
        &["select_one yn | q | Q", &group("${q} = 'yes'"), "text | a | A", "end_group |"],
        &["check /g relevance-changed  → /data/q = 'yes'"],
    );
    check(&["text | a | 几岁"], &["text | a | 几年级"], &["check /a question-relabelled 几岁 → 几年级"]);
}
