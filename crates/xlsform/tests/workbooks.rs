//! Whole workbooks: what is written of good ones, what is said of bad ones, what is refused.

#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is not as expected")]

use expect_test::{Expect, expect};
use proptest::prelude::*;
use tianye_xlsform::{Code, Converted, Format, Options, Problem, Severity, Workbook, convert, limits};

fn convert_markdown(text: &str) -> (Option<Converted>, Vec<Problem>) {
    convert(&Workbook::read(text.as_bytes(), Format::Markdown).unwrap(), &Options::default())
}

#[track_caller]
fn check_problems(text: &str, expect: &Expect) {
    let (converted, problems) = convert_markdown(text);
    let errors = problems.iter().any(|p| p.severity == Severity::Error);
    assert_eq!(converted.is_none(), errors, "an error means no form, and no form means an error");
    let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    expect.assert_eq(&lines.join("\n"));
}

/// The forms of the project, and every warning they give.
#[test]
fn the_projects_own_forms_are_without_mistakes() {
    for name in ["pupil.md", "every-type.md"] {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../forms").join(name);
        let text = std::fs::read_to_string(path).unwrap();
        let (converted, problems) = convert_markdown(&text);
        assert!(problems.is_empty(), "{name}: {problems:#?}");
        assert_eq!(converted.unwrap().languages, ["中文 (zh)", "English (en)"]);
    }
}

#[test]
fn names_in_expressions() {
    check_problems(
        "| survey |\n\
         | | type | name | label | relevant |\n\
         | | select_one place | mother_place | B4 | |\n\
         | | integer | mother_months | B5 | ${mother_plce} != '1' |\n\
         | | text | b | B | ${mother_place |\n\
         | | text | b | B | |\n\
         | choices |\n\
         | | list_name | name | label |\n\
         | | place | 1 | 在家 |\n\
         | | place | 1 | 外省 |\n",
        &expect![[r#"
            survey!D3 (line 4): error[unknown-name]: expected the name of a question, group or repeat in ${…}, found “mother_plce”; correct it or add that question; did you mean “mother_place”?
            survey!D4 (line 5): error[malformed-reference]: expected a question as ${…}, found “${mother_place”; correct it
            survey!B5 (line 6): error[duplicate-name]: expected names that differ within a group, found “b” again; rename one of them
            choices!B3 (line 10): error[duplicate-choice]: expected choices with different names in the list place, found “1” again, first used in row 2; change one of them"#]],
    );
}

#[test]
fn types_columns_and_lists() {
    check_problems(
        "| survey |\n\
         | | type | name | lable | relevent | parameters | remarks |\n\
         | | interger | a | A | | | ask |\n\
         | | select_one plaec | b | B | | | |\n\
         | | begin_group | g | G | | | |\n\
         | | range | r | R | | stat=1 | |\n\
         | choices |\n\
         | | list_name | name | label |\n\
         | | place | 1 | 在家 |\n",
        &expect![[r#"
            survey!C1 (line 2): warning[unknown-column]: found a column named “lable”, which is not read; correct its name; did you mean “label”?
            survey!D1 (line 2): warning[unknown-column]: found a column named “relevent”, which is not read; correct its name; did you mean “relevant”?
            survey!F1 (line 2): note[column-not-used]: found a column named “remarks”, which is not read; that is fine for remarks
            survey!A2 (line 3): error[unknown-type]: expected a question type, found “interger”; correct it; did you mean “integer”?
            survey!A3 (line 4): error[unknown-list]: expected the name of a list of the choices sheet, found “plaec”; correct it or add the list; did you mean “place”?
            survey!A4 (line 5): error[unmatched-begin]: expected end_group for “g”, found the end of the sheet; add it where the part ends
            survey!E5 (line 6): error[unknown-parameter]: expected one of the parameters end, placeholder, start, step, tick_interval, tick_labelset, found “stat”; correct it; did you mean “start”?"#]],
    );
}

#[test]
fn expressions() {
    check_problems(
        "| survey |\n\
         | | type | name | label | calculation | choice_filter |\n\
         | | integer | a | A | | |\n\
         | | calculate | b | | ${a} + | |\n\
         | | calculate | c | | rond(${a}) | |\n\
         | | calculate | d | | ${a}div 2 | |\n\
         | | select_one l | e | E | | countyy = ${a} |\n\
         | choices |\n\
         | | list_name | name | label | county |\n\
         | | l | 1 | 在家 | x |\n",
        &expect![[r#"
            survey!D3 (line 4): error[expression-expected]: in calculation: expected a value, a path or a function, found 
            survey!D4 (line 5): error[unknown-function]: in calculation: there is no function rond(); did you mean “round”?
            survey!E6 (line 7): warning[unknown-choice-column]: expected a column of the list l in the choice_filter, found “countyy”; correct it, or write a question as ${…}; did you mean “county”?"#]],
    );
}

#[test]
fn languages() {
    check_problems(
        "| survey |\n\
         | | type | name | label::中文 (zh) | label::English | hint::中文 (zh) |\n\
         | | integer | a | 一 | one | 小 |\n\
         | settings |\n\
         | | default_language |\n\
         | | 中文(zh) |\n\
         | setings |\n\
         | | form_id |\n",
        &expect![[r#"
            survey: warning[missing-translation]: found texts in other languages, but no column hint::English; add that column, or people see - there
            survey: warning[language-without-code]: expected a language as “中文 (zh)”, with its code in brackets, found “English”; add the code
            settings!A2 (line 6): warning[default-language-unused]: expected a default_language that has columns, found “中文(zh)”; write it exactly as in the columns; did you mean “中文 (zh)”?
            setings: warning[sheet-name-almost]: expected survey, choices, settings or entities, found a sheet named “setings”, which is not read; rename it, or put _ before its name if it is not part of the form; did you mean “settings”?"#]],
    );
}

#[test]
fn what_would_not_be_xml_is_refused() {
    check_problems(
        "| survey |\n\
         | | type | name | label | bind::foo:bar | instance::a b | body::ex:size | media::smell |\n\
         | | text | q | Q | 1 | | | |\n\
         | | text | r | R | | 1 | 2 | a.png |\n\
         | | text | ex:s | S | | | | |\n\
         | | text | no:t | T | | | | |\n\
         | | begin_loop over l | lo | L | | | | |\n\
         | | text | u | U | | | | |\n\
         | | end_loop | | | | | | |\n\
         | choices |\n\
         | | list_name | name | label |\n\
         | | l | 1 | One |\n\
         | settings |\n\
         | | namespaces |\n\
         | | ex=\"http://example.com/x\" |\n",
        &expect![[r#"
            survey!D2 (line 3): error[column-refused]: found a column named “bind::foo:bar”, which this sheet does not have; correct its name or remove it
            survey!E3 (line 4): error[column-refused]: found a column named “instance::a b”, which this sheet does not have; correct its name or remove it
            survey!G3 (line 4): error[column-refused]: found a column named “media::smell”, which this sheet does not have; correct its name or remove it
            survey!B5 (line 6): error[invalid-name]: expected a name of letters, digits, _ - and . that begins with a letter or _, found “no:t”; rename it
            choices!B2 (line 12): error[invalid-name]: expected a name of letters, digits, _ - and . that begins with a letter or _, found “1”; rename it"#]],
    );
}

#[test]
fn cells_that_the_type_does_not_take() {
    check_problems(
        "| survey |\n\
         | | type | name | label | bind::type | parameters | trigger |\n\
         | | select_one l | a | A | int | | |\n\
         | | select one | b | B | | | |\n\
         | | begin_group | g | G | | fast | |\n\
         | | text | c | C | | rows=2, rows=3 | |\n\
         | | end_group | | | | | |\n\
         | | begin_group | h | H | | | a |\n\
         | | text | d | D | | | |\n\
         | | end_group | | | | | |\n\
         | choices |\n\
         | | list_name | name | label |\n\
         | | l | 1 | One |\n",
        &expect![[r#"
            survey!D2 (line 3): error[parameter-value]: expected string for the parameter bind::type, found “int”; correct it
            survey!A3 (line 4): error[unknown-list]: expected the name of a list of the choices sheet, found “”; correct it or add the list
            survey!E4 (line 5): error[parameters-not-pairs]: expected parameters as key=value, found “fast”; correct them
            survey!F7 (line 8): error[trigger-not-reference]: expected questions as ${…}, separated by commas, found “a”; correct it"#]],
    );
}

#[test]
fn settings_of_the_forms_own_element() {
    let (converted, problems) = convert_markdown(
        "| survey |\n| | type | name | label | guidance_hint |\n| | text | a | A | |\n| | begin_group | g | G | look |\n\
         | | text | b | B | |\n| | end_group | | | |\n\
         | settings |\n| | instance::odk:kind | bind::relevant |\n| | practice | true() |\n",
    );
    assert_eq!(problems, []);
    let xform = converted.unwrap().xform;
    assert!(xform.contains("<data odk:kind=\"practice\" id=\"data\">"), "{xform}");
    assert!(xform.contains("<bind nodeset=\"/data\" relevant=\"true()\"/>"), "{xform}");
    assert!(!xform.contains("itext"), "a group has no guidance: {xform}");
}

#[test]
fn groups_of_a_flat_form_have_no_element() {
    let (converted, problems) = convert_markdown(include_str!("fixtures/flat.md"));
    assert!(problems.iter().all(|problem| problem.severity != Severity::Error), "{problems:#?}");
    let xform = converted.unwrap().xform;
    for expect in [
        "<data id=\"flat\"><t/><m/><i/><n/><c/><o/>",
        "<bind nodeset=\"/data/n\" type=\"string\" relevant=\" /data/t  = 'x' and ( /data/i  &gt; 2 or  /data/i  = 1) and (selected( /data/m , 'a'))\"",
        "<bind nodeset=\"/data/o\" type=\"string\" constraint=\" /data/t  != '' and (.='none' or not(selected(., 'none')))\"/>",
        "<group><label>Inner</label><select ref=\"/data/n\">",
    ] {
        let found: String = xform.lines().map(str::trim_start).collect();
        assert!(found.contains(expect), "{expect}\n{xform}");
    }
    let nested = |group: &str| {
        let rows =
            format!("| | begin_group | g | G | {group} |\n| | text | b | B | ${{a}} = 3 |\n| | end_group | | | |\n");
        let head = "| survey |\n| | type | name | label | relevant |\n| | integer | a | A | |\n";
        let (converted, _) = convert_markdown(&format!("{head}{rows}| settings |\n| | flat |\n| | yes |\n"));
        let xform = converted.unwrap().xform;
        xform.split("relevant=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().trim().to_owned()
    };
    for (group, expect) in [
        ("${a} > 1 or ${a} = 0", "( /data/a  &gt; 1 or  /data/a  = 0) and ( /data/a  = 3)"),
        ("(${a} > 1 or ${a} = 0)", "( /data/a  &gt; 1 or  /data/a  = 0) and ( /data/a  = 3)"),
        ("${a} != 'x or y'", "/data/a  != 'x or y' and ( /data/a  = 3)"),
    ] {
        assert_eq!(nested(group), expect, "{group}");
    }
    for (rows, expect) in [
        ("| | begin_repeat | g | G |\n| | text | a | A |\n| | end_repeat | | |\n", "flat-repeats"),
        ("| | begin_group | g | G |\n| | text | a | A |\n| | end_group | | |\n| | text | a | B |\n", "duplicate-name"),
    ] {
        let text = format!("| survey |\n| | type | name | label |\n{rows}| settings |\n| | flat |\n| | yes |\n");
        let (converted, problems) = convert_markdown(&text);
        let errors: Vec<_> =
            problems.iter().filter(|one| one.severity == Severity::Error).map(|one| one.code.as_str()).collect();
        assert!(converted.is_none());
        assert_eq!(errors, [expect]);
    }
}

/// However many warnings there are, an error still means that there is no form.
#[test]
fn warnings_leave_room_for_an_error() {
    let rows: String = (0..2_500).map(|at| format!("| | integer | q{at} | Q | . < {at} |\n")).collect();
    let head = "| survey |\n| | type | name | label | constraint |\n";
    let (converted, problems) = convert_markdown(&format!("{head}{rows}| | integer | last | Q | ${{nobody}} > 1 |\n"));
    assert!(converted.is_none());
    let error = problems.iter().find(|one| one.severity == Severity::Error).unwrap();
    assert_eq!((error.code.as_str(), problems.len()), ("unknown-name", 2_001));
}

/// What pyxform writes and no engine can evaluate is written for comparison only.
#[test]
fn look_ups_in_labels_stay_as_written() {
    let text = "| survey |\n| | type | name | label |\n| | note | n | is instance('l')/root/item[name < 3]/label |\n\
                | choices |\n| | list_name | name | label |\n| | l | 1 | One |\n";
    let workbook = Workbook::read(text.as_bytes(), Format::Markdown).unwrap();
    for (keep_curly_quotes, expect) in [(true, "[name &lt; 3]"), (false, "[name &amp;lt; 3]")] {
        let (converted, _) = convert(&workbook, &Options { keep_curly_quotes, ..Options::default() });
        let xform = converted.unwrap().xform;
        assert!(xform.contains(expect), "{xform}");
    }
}

#[test]
fn curly_quotes_stay_in_texts_and_become_straight_in_formulas() {
    let text = "| survey |\n| | type | name | label | constraint |\n| | text | a | “七五三”小学 | . != ‘x’ |\n";
    let (converted, _) = convert_markdown(text);
    let xform = converted.unwrap().xform;
    assert!(xform.contains("“七五三”小学"), "{xform}");
    assert!(xform.contains("constraint=\". != 'x'\""), "{xform}");
}

#[test]
fn paths_inside_and_outside_repeats() {
    let (converted, problems) = convert_markdown(
        "| survey |\n\
         | | type | name | label | calculation | repeat_count | choice_filter |\n\
         | | integer | n | N | | | |\n\
         | | begin_repeat | r | R | | ${n} + 1 | |\n\
         | | integer | age | Age | | | |\n\
         | | begin_group | g | G | | | |\n\
         | | calculate | twice | | ${age} * 2 + ${n} | | |\n\
         | | select_one l | s | S | | | age = ${age} |\n\
         | | end_group | | | | | |\n\
         | | end_repeat | | | | | |\n\
         | | calculate | all | | sum(${age}) | | |\n\
         | choices |\n\
         | | list_name | name | label | age |\n\
         | | l | 1 | A | 3 |\n",
    );
    assert_eq!(problems.iter().map(|p| p.code).collect::<Vec<_>>(), [Code::SumOfBlanks]);
    let xform = converted.unwrap().xform;
    for part in [
        "nodeset=\"/data/r/g/twice\" type=\"string\" calculate=\" ../../age  * 2 +  /data/n \"",
        "nodeset=\"instance('l')/root/item[age =  current()/../../age ]\"",
        "calculate=\"sum( /data/r/age )\"",
        "nodeset=\"/data/r_count\" type=\"string\" readonly=\"true()\" calculate=\" /data/n  + 1\"",
        "jr:count=\" /data/r_count \"",
    ] {
        assert!(xform.contains(part), "no {part} in\n{xform}");
    }
}

#[test]
fn an_excel_workbook() {
    let workbook = Workbook::read(include_bytes!("fixtures/small.xlsx"), Format::Xlsx).unwrap();
    let survey = workbook.sheet("SURVEY").unwrap();
    assert_eq!(survey.rows[1].cells, ["integer", "age", "几岁？", ". > 1", "7", "TRUE", "A"]);
    assert_eq!(survey.rows[2].cells[4], "2017-04-12");
    assert_eq!(survey.rows[3].number, 5, "rows keep the numbers that Excel shows");
    let (converted, problems) = convert(&workbook, &Options::default());
    assert!(converted.is_none());
    let error = problems.iter().find(|p| p.severity == Severity::Error).unwrap();
    assert_eq!((error.cell().as_str(), error.get("near")), ("D6", Some("age")));
    assert_eq!(error.heading.as_deref(), Some("constraint"));
}

/// One form in all five kinds of file; `fixtures/README.md` says how they were made.
#[test]
fn all_kinds_of_file_give_the_same_form() {
    #[track_caller]
    fn check(bytes: &[u8], format: Format, expect: &Workbook) {
        let workbook = Workbook::read(bytes, format).unwrap();
        let cells = |workbook: &Workbook| -> Vec<(String, Vec<Vec<String>>)> {
            let rows = |sheet: &tianye_xlsform::Sheet| sheet.rows.iter().map(|row| row.cells.clone()).collect();
            workbook.sheets.iter().map(|sheet| (sheet.name.clone(), rows(sheet))).collect()
        };
        assert_eq!(cells(&workbook), cells(expect), "{format:?}");
        let (found, problems) = convert(&workbook, &Options::default());
        assert_eq!(problems, [], "{format:?}");
        assert_eq!(found.unwrap().xform, convert(expect, &Options::default()).0.unwrap().xform, "{format:?}");
    }
    let source = Workbook::read(include_bytes!("fixtures/kinds.md"), Format::Markdown).unwrap();
    for (bytes, format) in [
        (include_bytes!("fixtures/kinds.md").as_slice(), Format::Markdown),
        (include_bytes!("fixtures/kinds.csv"), Format::Csv),
        (include_bytes!("fixtures/kinds.xlsx"), Format::Xlsx),
        (include_bytes!("fixtures/kinds.xls"), Format::Xls),
        (include_bytes!("fixtures/kinds.ods"), Format::Ods),
    ] {
        check(bytes, format, &source);
    }
}

#[test]
fn columns_of_our_own_become_attributes_of_our_own() {
    let (converted, problems) = convert_markdown(
        "| survey |\n| | type | name | label | tianye::section_code |\n| | text | a | A | 甲 |\n| | text | b | B | |\n",
    );
    assert_eq!(problems, []);
    let xform = converted.unwrap().xform;
    let document = roxmltree::Document::parse(&xform).unwrap();
    let codes: Vec<_> = document
        .descendants()
        .filter_map(|n| n.attribute((tianye_xlsform::TIANYE_NAMESPACE, "section_code")))
        .collect();
    assert_eq!(codes, ["甲"]);
}

#[test]
fn columns_of_our_own_may_refer_to_questions_and_have_languages() {
    let (converted, problems) = convert_markdown(
        "| survey |\n\
         | | type | name | label::中文 (zh) | label::English (en) | tianye::ask | tianye::say::中文 (zh) | tianye::say::English (en) |\n\
         | | text | a | 甲 | A | | | |\n\
         | | text | b | 乙 | B | ${a} = 1 | 真的吗？ | Really? |\n",
    );
    assert_eq!(problems, []);
    let xform = converted.unwrap().xform;
    let bind = "<bind nodeset=\"/data/b\" type=\"string\" tianye:ask=\" /data/a  = 1\" tianye:say=\"jr:itext('/data/b:tianye:say')\"/>";
    assert!(xform.contains(bind), "{xform}");
    let document = roxmltree::Document::parse(&xform).unwrap();
    let says = document.descendants().filter(|n| n.attribute("id") == Some("/data/b:tianye:say"));
    let says: Vec<_> = says.map(|n| n.first_element_child().and_then(|v| v.text()).unwrap_or_default()).collect();
    assert_eq!(says, ["真的吗？", "Really?"]);
    check_problems(
        "| survey |\n| | type | name | label | tianye::ask |\n| | text | a | A | ${nobody} = 1 |\n",
        &expect![
            "survey!D2 (line 3): error[unknown-name]: expected the name of a question, group or repeat in ${…}, found “nobody”; correct it or add that question"
        ],
    );
}

#[test]
fn what_is_larger_than_any_questionnaire_is_refused() {
    let cell = "x".repeat(usize::try_from(limits::CELL).unwrap() + 1);
    let error = Workbook::read(format!("| survey |\n| | {cell} |\n").as_bytes(), Format::Markdown).unwrap_err();
    assert_eq!(error.code(), "workbook-too-large");
    let wide = "| | a ".repeat(usize::try_from(limits::COLUMNS).unwrap() + 1);
    let error = Workbook::read(format!("| survey |\n{wide}|\n").as_bytes(), Format::Markdown).unwrap_err();
    assert_eq!(error.code(), "workbook-too-large");
}

#[test]
fn a_workbook_without_questions_is_said_to_be_one() {
    check_problems(
        "no table",
        &expect![
            "error[no-survey-sheet]: expected a sheet named survey, found none; name the sheet with the questions survey"
        ],
    );
}

fn cell() -> impl Strategy<Value = String> {
    let words = [
        "text",
        "select_one l",
        "begin_group",
        "end_group",
        "begin_repeat",
        "end_repeat",
        "calculate",
        "note",
        "range",
        "geopoint",
        "audit",
        "${a}",
        "${last-saved#a}",
        "a",
        "b",
        "meta",
        "${a} + 1",
        "instance('l')/root/item[name=${a}]/label",
        "indexed-repeat(${a}, ${b}, 1)",
        "start=1 end=0",
        "today()",
        "${",
        "“",
        "题目",
        "a.csv",
        "%(label)s",
        "select_one ${a}",
        "search('x')",
        "table-list",
        "yes",
        "begin_loop over l",
        "end_loop",
        "select_multiple l or_other",
        "",
    ];
    prop_oneof![4 => proptest::sample::select(words.to_vec()).prop_map(str::to_owned), 1 => "\\PC{0,8}"]
}

proptest! {
    /// Whatever stands in the cells: a form that is XML, or an error with its place.
    #[test]
    fn any_cells_give_a_form_or_an_error(rows in prop::collection::vec(prop::collection::vec(cell(), 9), 0..12)) {
        let mut text = String::from(
            "| survey |\n| | type | name | label | hint::x | calculation | choice_filter | appearance | parameters | trigger |\n");
        for row in &rows {
            text.push_str(&format!("| | {} |\n", row.iter().map(|c| c.replace('|', " ")).collect::<Vec<_>>().join(" | ")));
        }
        text.push_str("| choices |\n| | list_name | name | label |\n| | l | a | ${a} |\n| | l | b | B |\n");
        let (converted, problems) = convert_markdown(&text);
        match converted {
            Some(converted) => prop_assert!(roxmltree::Document::parse(&converted.xform).is_ok(), "{}", converted.xform),
            None => prop_assert!(problems.iter().any(|p| p.severity == Severity::Error)),
        }
    }

    /// Bytes that are no workbook are refused, never a panic.
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        for format in [Format::Markdown, Format::Csv, Format::Xlsx, Format::Xls, Format::Ods] {
            let _ = Workbook::read(&bytes, format);
        }
    }
}

/// A survey sheet with all extra columns, and what stands in the binds of one node.
#[track_caller]
fn bind_of(sheet: &str, nodeset: &str) -> String {
    let workbook = Workbook::read(sheet.as_bytes(), Format::Markdown).unwrap();
    let (converted, problems) = convert(&workbook, &Options::default());
    let errors: Vec<String> =
        problems.iter().filter(|p| p.severity == Severity::Error).map(ToString::to_string).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let xform = converted.unwrap().xform;
    let start = format!("<bind nodeset=\"{nodeset}\"");
    let at = xform.find(&start).unwrap_or_else(|| panic!("no bind for {nodeset} in {xform}"));
    let rest = &xform[at + start.len()..];
    rest[..rest.find('>').unwrap()].trim_end_matches('/').trim().to_owned()
}

#[test]
fn extra_columns_become_attributes_and_what_others_need() {
    let sheet = "| survey |\n\
        | | type | name | label | soft_constraint | soft_constraint_message::English (en) | soft_constraint_message::中文 (zh) | non_answers | check | min_seconds | repeat_over |\n\
        | | integer | age | Age | . < ${limit} | Look | 再看一眼 | dont_know refused | | 5.0 | |\n\
        | | integer | limit | Limit | | | | | | | |\n\
        | | text | id | Id | | | | | cn_identity_number | | |\n\
        | | select_multiple f | who | Who | | | | refused | | | |\n\
        | | begin_repeat | friend | Friend | | | | | | | ${who} |\n\
        | | text | how | How | | | | | | | |\n\
        | | end_repeat | | | | | | | | | |\n\
        | choices |\n| | list_name | name | label |\n| | f | a | A |\n";
    assert_eq!(
        bind_of(sheet, "/data/age"),
        "type=\"int\" tianye:soft_constraint=\". &lt;  /data/limit \" \
         tianye:soft_constraint_message=\"jr:itext('/data/age:tianye:soft_constraint_message')\" \
         tianye:non_answers=\"dont_know refused\" tianye:min_seconds=\"5\""
    );
    assert_eq!(
        bind_of(sheet, "/data/id"),
        "type=\"string\" tianye:check=\"cn_identity_number\" \
         constraint=\"regex(., '^[1-8][0-9]{5}(19|20)[0-9]{9}[0-9Xx]$')\""
    );
    assert_eq!(bind_of(sheet, "/data/friend"), "tianye:repeat_over=\" /data/who \"");
    assert!(bind_of(sheet, "/data/friend_count").contains("calculate=\"count-selected( /data/who )\""));
}

#[test]
fn answers_that_carry_risk_are_written_as_codes_or_as_an_expression() {
    let sheet = "| survey |\n\
        | | type | name | label | tianye::risk |\n\
        | | select_one f | hurt | Hurt | often daily |\n\
        | | select_multiple f | seen | Seen | daily |\n\
        | | integer | times | Times | . > 3 and ${hurt} != 'often' |\n\
        | | text | said | Said | yes |\n\
        | choices |\n| | list_name | name | label |\n| | f | often | Often |\n| | f | daily | Daily |\n";
    assert!(bind_of(sheet, "/data/hurt").ends_with("tianye:risk=\"selected(., 'often') or selected(., 'daily')\""));
    assert!(bind_of(sheet, "/data/seen").ends_with("tianye:risk=\"selected(., 'daily')\""));
    assert!(bind_of(sheet, "/data/times").ends_with("tianye:risk=\". &gt; 3 and  /data/hurt  != 'often'\""));
    assert!(bind_of(sheet, "/data/said").ends_with("tianye:risk=\"true()\""));
    // A code that is not in the list and a name that is not in the form are told with the cell.
    let wrong = sheet.replace("| daily |\n| | int", "| weekly |\n| | int").replace(". > 3", "${gone} > 3");
    let workbook = Workbook::read(wrong.as_bytes(), Format::Markdown).unwrap();
    let (_, problems) = convert(&workbook, &Options::default());
    let told: Vec<String> =
        problems.iter().map(|p| format!("{} {:?} {:?}", p.code.as_str(), p.row, p.column)).collect();
    assert_eq!(told, ["code-not-in-list Some(3) Some(4)", "unknown-name Some(4) Some(4)"]);
}

#[test]
fn old_names_are_kept_and_claimed_once() {
    let sheet = "| survey |\n\
        | | type | name | label | renamed_from |\n\
        | | text | a | A | old, /g/older |\n\
        | | begin_group | g | G | section |\n\
        | | text | b | B | old 2nd |\n\
        | | end_group | | | |\n";
    let workbook = Workbook::read(sheet.as_bytes(), Format::Markdown).unwrap();
    let (_, problems) = convert(&workbook, &Options::default());
    let told: Vec<String> =
        problems.iter().map(|p| format!("{} {:?} {:?}", p.code.as_str(), p.row, p.column)).collect();
    assert_eq!(told, ["renamed-from-twice Some(4) Some(4)", "extra-word Some(4) Some(4)"]);
    let right = sheet.replace("old 2nd", "second");
    assert_eq!(bind_of(&right, "/data/a"), "type=\"string\" tianye:renamed_from=\"old /g/older\"");
    assert_eq!(bind_of(&right, "/data/g"), "tianye:renamed_from=\"section\"");
    assert_eq!(bind_of(&right, "/data/g/b"), "type=\"string\" tianye:renamed_from=\"second\"");
}

#[test]
fn words_of_extra_columns_that_are_not_known_are_told_with_their_cell() {
    let sheet = "| survey |\n\
        | | type | name | label | non_answers | check | min_seconds | tianye::identifying |\n\
        | | text | a | A | refused tired | passport | soon | perhaps |\n";
    let workbook = Workbook::read(sheet.as_bytes(), Format::Markdown).unwrap();
    let (converted, problems) = convert(&workbook, &Options::default());
    let told: Vec<String> = problems
        .iter()
        .filter(|problem| problem.code == Code::ExtraWord)
        .map(|problem| format!("{:?} {:?}", problem.column, problem.args.iter().find(|(name, _)| *name == "found")))
        .collect();
    assert_eq!(
        told,
        [
            r#"Some(4) Some(("found", "tired"))"#,
            r#"Some(5) Some(("found", "passport"))"#,
            r#"Some(6) Some(("found", "soon"))"#,
            r#"Some(7) Some(("found", "perhaps"))"#
        ]
    );
    let xform = converted.unwrap().xform;
    assert!(xform.contains("tianye:non_answers=\"refused\""));
    assert!(!xform.contains("passport") && !xform.contains("soon"));
    // What somebody meant to mark stays marked.
    assert!(xform.contains("tianye:identifying=\"yes\""));
}

#[test]
fn external_choices_become_a_table() {
    let (converted, problems) = convert_markdown(
        "| survey |\n| | type | name | label | choice_filter |\n| | text | p | P | |\n| | select_one_external cities | c | C | province = ${p} |\n\
         | external_choices |\n| | list_name | name | label::中文 (zh) | province |\n| | cities | jh | 金华, “市” | zj |\n| | towns | t | 镇 | |\n\
         | settings |\n| | default_language |\n| | 中文 (zh) |\n",
    );
    assert!(problems.iter().all(|p| p.severity != Severity::Error), "{problems:?}");
    let table = converted.unwrap().itemsets.unwrap();
    assert_eq!(
        table,
        "list_name,name,label,label::中文 (zh),province\ncities,jh,\"金华, “市”\",\"金华, “市”\",zj\ntowns,t,镇,镇,\n"
    );
    let (converted, _) = convert_markdown(
        "| survey |\n| | type | name | label::中文 (zh) | label::English (en) | choice_filter |\n| | text | p | 省 | Province | |\n| | select_one_external cities | c | 市 | City | province = ${p} |\n\
         | external_choices |\n| | list_name | name | label::中文 (zh) | label::English (en) | province |\n| | cities | jh | 金华 | Jinhua | zj |\n| | cities | hz | 杭州 | | zj |\n\
         | settings |\n| | default_language |\n| | 中文 (zh) |\n",
    );
    let table = converted.unwrap().itemsets.unwrap();
    assert_eq!(
        table,
        "list_name,name,label,label::中文 (zh),label::English (en),province\ncities,jh,金华,金华,Jinhua,zj\ncities,hz,杭州,杭州,,zj\n"
    );
}

/// What an Excel 97 file promises is measured before room is made for it; the files are those of the corpus.
#[test]
fn damaged_excel_97_files_are_refused_by_their_fault() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/workbook_xls");
    let refused = |name: &str| Workbook::read(&std::fs::read(folder.join(name)).unwrap(), Format::Xls).unwrap_err();
    for name in ["far-cell", "far-dimensions"] {
        assert!(matches!(refused(name), tianye_xlsform::ReadError::TooLarge { what: "cells", .. }), "{name}");
    }
    for (name, words) in [("sectors-in-a-circle", "in a circle"), ("cut-in-a-sector", "damaged")] {
        assert!(refused(name).to_string().contains(words), "{name}: {}", refused(name));
    }
}

/// What a form is filled for, and about what, are attributes of the model; the words of the first are parted by one space. A
/// form that says nothing has none.
#[test]
fn purposes_and_what_it_is_about_stand_at_the_model() {
    #[track_caller]
    fn check(settings: &str, expect: Option<&str>) {
        stands("purpose", settings, expect);
    }
    #[track_caller]
    fn stands(name: &str, settings: &str, expect: Option<&str>) {
        let text = format!("| survey |\n| | type | name | label |\n| | text | q | Q |\n{settings}");
        let (converted, problems) = convert_markdown(&text);
        assert!(problems.is_empty(), "{problems:#?}");
        let xform = converted.unwrap().xform;
        let document = roxmltree::Document::parse(&xform).unwrap();
        let model = document.descendants().find(|node| node.has_tag_name(("http://www.w3.org/2002/xforms", "model")));
        assert_eq!(model.unwrap().attribute(("https://tianye.cn/xforms/1", name)), expect);
    }
    check("", None);
    check("| settings |\n| | form_title |\n| | 表 |\n", None);
    check("| settings |\n| | form_title | tianye::purpose |\n| | 表 | |\n", None);
    check("| settings |\n| | tianye::purpose |\n| | group |\n", Some("group"));
    check("| settings |\n| | tianye::purpose |\n| |   interview   follow-up |\n", Some("interview follow-up"));
    stands("minutes", "| settings |\n| | tianye::minutes |\n| | 20 |\n", Some("20"));
    stands("about", "", None);
    stands("about", "| settings |\n| | form_title | tianye::about |\n| | 表 | |\n", None);
    stands("about", "| settings |\n| | tianye::about |\n| | site |\n", Some("site"));
    stands("about", "| settings |\n| | tianye::about | tianye::purpose |\n| | site | activity |\n", Some("site"));
}
