//! Tests inside a workbook: what they can say, and that they can fail.

#![allow(clippy::unwrap_used, reason = "a form that cannot be read fails the test")]

use std::sync::Arc;

use tianye_desk::form_tests::{read, run, why};
use tianye_desk::forms::{check_workbook, workbook};
use tianye_xform::{Form, Media};

const SURVEY: &str = "\
| settings | | |
| | form_id | default_language |
| | family | 中文 (zh) |
| survey | | | | | | | | | | |
| | type | name | label::中文 (zh) | label::English (en) | relevant | constraint | required | calculation | choice_filter |
| | date | born | 哪天出生？ | Born when? | | | yes | | |
| | calculate | age | | | | | | int((today() - ${born}) div 365.25) | |
| | integer | siblings | 几个兄弟姐妹？ | How many siblings? | ${age} > 5 | . < 10 | | | |
| | select_one county | county | 县 | County | | | | | |
| | select_one town | town | 镇 | Town | | | | | county = ${county} |
| | begin_repeat | members | 家里人 | People at home | | | | | |
| | text | who | 谁？ | Who? | | | | | |
| | begin_group | more | 还有 | More | ${who} != '' | | | | |
| | integer | years | 几岁？ | How old? | | | | | |
| | end_group | | | | | | | | |
| | end_repeat | | | | | | | | |
| | calculate | together | | | | | | sum(${years}) | |
| choices | | | | | |
| | list_name | name | label::中文 (zh) | label::English (en) | county |
| | county | wuyi | 武义 | Wuyi | |
| | county | wenling | 温岭 | Wenling | |
| | town | liucheng | 柳城 | Liucheng | wuyi |
| | town | shitang | 石塘 | Shitang | wenling |
";

/// Runs a sheet of tests on the form above; gives what went wrong, one line each.
fn found(tests: &str) -> String {
    let text = format!("{SURVEY}| tests | | | |\n| | test | act | question | value |\n{tests}");
    let (report, checked) = check_workbook("family.md", text.as_bytes(), &|_| None).unwrap();
    assert!(report.usable, "{:?}", report.problems.iter().map(|problem| &problem.detail).collect::<Vec<_>>());
    let form = Arc::new(Form::parse(&checked.unwrap().converted.xform, &Media::none()).0.unwrap());
    let (tests, problems) = read(&workbook("family.md", text.as_bytes()).unwrap());
    let mut lines: Vec<String> =
        problems.iter().map(|problem| format!("{}{} {}", problem.column, problem.row, problem.detail)).collect();
    for outcome in run(&form, &tests) {
        lines.extend(outcome.failures.iter().map(|failure| format!("{}: {failure}", outcome.name)));
    }
    lines.join("\n")
}

#[track_caller]
fn passes(tests: &str) {
    assert_eq!(found(tests), "");
}

#[track_caller]
fn fails(tests: &str, expect: &str) {
    assert_eq!(found(tests), expect);
}

#[test]
fn acts_and_expectations_of_every_kind() {
    passes(
        "| | age | now | | 2017-06-01 |
| | | incomplete | | |
| | | required | born | |
| | | answer | born | 2007-03-01 |
| | | value | age | 10 |
| | | shown | siblings | |
| | | optional | ${siblings} | |
| | | answer | siblings | 12 |
| | | invalid | siblings | |
| | | answer | siblings | 2 |
| | | valid | siblings | |
| | | refused | siblings | two |
| | | complete | | |
| | | clear | siblings | |
| | | value | siblings | |
| | | now | | 2012-06-01 |
| | | hidden | siblings | |
| | cascade | options | town | |
| | | answer | county | wuyi |
| | | options | town | liucheng |
| | | label | county | 县 |
| | | language | | en |
| | | label | county | County |
| | rows | rows | members | 1 |
| | | add row | members | |
| | | hidden | members[1]/more | |
| | | answer | members[1]/who | 外婆 |
| | | shown | members[1]/more | |
| | | answer | members[1]/years | 60 |
| | | answer | members[2]/who | 弟弟 |
| | | answer | members[2]/more/years | 4 |
| | | value | together | 64.0 |
| | | remove row | members[1] | |
| | | value | members[1]/who | 弟弟 |
| | | rows | members | 1 |
",
    );
}

#[test]
fn each_test_begins_with_a_new_interview_on_the_same_day() {
    passes(
        "| | one | answer | born | 2007-03-01 |\n| | two | value | born | |\n| | | answer | born | 2007-06-01 |\n| | | value | age | 10 |\n",
    );
}

#[test]
fn what_differs_is_told_with_its_row() {
    let born = "| | age | answer | born | 2007-03-01 |\n";
    fails(&format!("{born}| | | value | age | 11 |\n"), "age: row 3: age: expected “11”, found “10”");
    fails(&format!("{born}| | | hidden | siblings | |\n"), "age: row 3: siblings: expected hidden, found shown");
    fails(
        "| | town | answer | county | wuyi |\n| | | options | town | shitang |\n",
        "town: row 3: town: expected shitang, found liucheng",
    );
    fails(
        "| | hidden | answer | siblings | 2 |\n",
        "hidden: row 2: siblings: expected a question that is shown, found a hidden one",
    );
    fails(
        "| | all | complete | | |\n",
        "all: row 2: complete: expected nothing to put right, found 1 to put right, the first at /born",
    );
    // One line that fails does not hide the next.
    fails(
        &format!("{born}| | | value | age | 9 |\n| | | value | age | 8 |\n"),
        "age: row 3: age: expected “9”, found “10”\nage: row 4: age: expected “8”, found “10”",
    );
}

#[test]
fn long_digits_are_compared_digit_by_digit() {
    fails(
        "| | id | answer | members[1]/who | 330000190001010001 |\n| | | value | members[1]/who | 330000190001010002 |\n",
        "id: row 3: members[1]/who: expected “330000190001010002”, found “330000190001010001”",
    );
}

#[test]
fn what_cannot_be_understood_is_told_with_its_cell() {
    fails(
        "| | a | anwser | born | 2007-03-01 |\n",
        "B2 expected one of now, answer, clear, add row, remove row, language, value, shown, hidden, valid, invalid, \
         required, optional, risk, no risk, options, label, refused, rows, complete, incomplete, found anwser; did you mean answer?",
    );
    fails("| | a | value | | 3 |\n", "C2 expected a question such as age or members[2]/age, found \"\"");
    fails(
        "| | a | value | members[0]/who | 3 |\n",
        "C2 expected a question such as age or members[2]/age, found \"members[0]/who\"",
    );
    fails("| | a | rows | members | many |\n", "D2 expected a number of rows, found \"many\"");
    fails("| | a | now | | soon |\n", "D2 expected a moment such as 2017-06-01 or 2017-06-01T09:00, found \"soon\"");
    fails(
        "| | | shown | born | |\n",
        "A2 expected the name of a test, found none; write one in the first row of each test",
    );
    fails(
        "| | a | shown | bron | |\n",
        "a: row 2: bron: expected a name of the survey sheet, found none of that name; did you mean born?",
    );
    fails("| | a | value | who | |\n", "a: row 2: who: expected the number of a row, such as members[1], found none");
    fails("| | a | value | members[3]/who | |\n", "a: row 2: members[3]/who: expected row 3 of members, found 1 rows");
}

/// What a named check finds is told by its own code, not only that there is a rule.
#[test]
fn a_failed_check_tells_what_it_found() {
    #[track_caller]
    fn check(check: &str, answer: &str, expect: &str) {
        let survey = format!("| survey |\n| | type | name | label | check |\n| | text | number | 号码 | {check} |\n");
        let (_, checked) = check_workbook("numbers.md", survey.as_bytes(), &|_| None).unwrap();
        let form = Arc::new(Form::parse(&checked.unwrap().converted.xform, &Media::none()).0.unwrap());
        let told = why(&form, &[format!("number={answer}")], "number").unwrap();
        let found: Vec<&str> = told.sections.iter().map(|section| section.check.as_str()).collect();
        assert_eq!(found.concat(), expect, "{answer}");
    }
    check("cn_identity_number", "11010519491231002", "check-identity-length");
    check("cn_identity_number", "110105194912310028", "check-identity-checksum");
    check("cn_identity_number", "330102201302290019", "check-identity-birthday");
    check("cn_identity_number", "990105194912310025", "check-identity-region");
    check("cn_identity_number", "11010519491231002X", "");
    check("cn_mobile", "1380000000", "check-mobile-length");
    check("cn_mobile", "12800000000", "check-mobile-prefix");
    check("cn_phone", "888000", "check-phone");
}

#[test]
fn a_question_tells_why_it_is_as_it_is() {
    let (_, checked) = check_workbook("family.md", SURVEY.as_bytes(), &|_| None).unwrap();
    let form = Arc::new(Form::parse(&checked.unwrap().converted.xform, &Media::none()).0.unwrap());
    let told = |question: &str, answers: &[&str]| {
        let answers: Vec<String> = answers.iter().map(|answer| (*answer).to_owned()).collect();
        match why(&form, &answers, question) {
            Err(failure) => failure.to_string(),
            Ok(told) => {
                let sections = told.sections.iter().map(|section| {
                    let reads = section.rules.iter().flat_map(|rule| &rule.lines).flat_map(|line| &line.reads);
                    let reads: Vec<_> = reads.map(|read| format!("{}={}", read.label, read.display)).collect();
                    format!("{:?} {:?} [{}]", section.part, section.because, reads.join(" "))
                });
                sections.collect::<Vec<_>>().join("; ")
            }
        }
    };
    // The test day is 2017-06-01.
    assert_eq!(told("siblings", &["born=2015-03-01"]), "Relevant OwnRule [age=2]");
    assert_eq!(
        told("siblings", &["born=2007-03-01", "siblings=12"]),
        "Relevant OwnRule [age=10]; Valid OwnRule [几个兄弟姐妹？=12]"
    );
    assert_eq!(told("members[1]/years", &[]), "Relevant OuterRule [谁？ [1]=]");
    assert_eq!(told("born", &[]), "Relevant NoRule []; Required OwnRule []; Valid Empty []");
    assert_eq!(
        told("bron", &[]),
        "row 1: bron: expected a name of the survey sheet, found none of that name; did you mean born?"
    );
    assert_eq!(told("born", &["born"]), "row 1: born: expected question=value, found something else");
}
