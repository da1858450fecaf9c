//! The static checks: each shown firing, with the place it marks, and not firing.

#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is not as expected")]

use tianye_xlsform::{Format, Options, Problem, Workbook, convert};

const HEADER: &str = "|  | type | name | label | relevant | constraint | constraint_message | calculation | choice_filter | required | appearance |";

const CHOICES: &str = "\
| choices |
|  | list_name | name | label | county |
|  | yn | yes | 是 | a |
|  | yn | no | 否 | b |
|  | digit | 1 | 一 | a |
|  | digit | 2 | 二 | b |
|  | digit | 3 | 三 | b |
";

fn problems_of(rows: &str, choices: &str) -> Vec<Problem> {
    let text = format!("| survey |\n{HEADER}\n{rows}\n{choices}");
    let workbook = Workbook::read(text.as_bytes(), Format::Markdown).unwrap();
    let (_, mut problems) = convert(&workbook, &Options::default());
    // Most tables use one list only.
    problems.retain(|p| p.code.as_str() != "list-not-used");
    problems
}

/// One line per problem: `code cell “marked”`, with a likely correction behind it.
fn told(problems: &[Problem]) -> Vec<String> {
    let line = |p: &Problem| {
        let marked = p.excerpt.as_ref().map_or("", |e| e.parts().1);
        let near = p.get("near").map_or_else(String::new, |near| format!(" → {near}"));
        format!("{} {} “{marked}”{near}", p.code.as_str(), p.cell())
    };
    problems.iter().map(line).collect()
}

#[track_caller]
fn check(rows: &[&str], expect: &[&str]) {
    let rows: Vec<String> = rows.iter().map(|row| format!("|  | {row} |")).collect();
    assert_eq!(told(&problems_of(&rows.join("\n"), CHOICES)), expect, "{rows:#?}");
}

/// A question with a relevance, behind one question of each kind.
#[track_caller]
fn relevant(expression: &str, expect: &[&str]) {
    let last = format!("text | last | L | {expression}");
    check(
        &[
            "select_one yn | one | O",
            "select_one digit | digit | D",
            "select_multiple yn | many | M",
            "integer | age | A",
            "decimal | weight | W",
            "date | day | D",
            "text | word | W",
            "text | phone | P | | | | | | | numbers",
            "calculate | sum | | | | | ${age} + 1",
            &last,
        ],
        expect,
    );
}

#[test]
fn codes_that_are_not_in_the_list() {
    relevant("${one} = 'yes'", &[]);
    relevant("${one} = ''", &[]);
    relevant("'no' != ${one}", &[]);
    relevant("${one} != 'yess'", &["code-not-in-list D11 “${one} != 'yess'” → yes"]);
    relevant("${digit} = 2", &[]);
    relevant("${digit} > 1", &[]);
    relevant("${digit} != 4", &["code-not-in-list D11 “${digit} != 4”"]);
    relevant("selected(${many}, 'no')", &[]);
    relevant("selected(${one}, 'no')", &[]);
    relevant("not(selected(${many}, 'on'))", &["code-not-in-list D11 “selected(${many}, 'on')” → no"]);
    relevant("${sum} != 'anything'", &[]);
}

#[test]
fn what_is_compared() {
    relevant("${many} = 'yes'", &["multiple-compared D11 “${many} = 'yes'”"]);
    relevant("${many} != ''", &[]);
    relevant("${age} != 'old'", &["number-compared D11 “${age} != 'old'”"]);
    relevant("${age} = '12' or ${age} != ''", &[]);
    relevant("string-length(${word}) != 'x'", &["number-compared D11 “string-length(${word}) != 'x'”"]);
    relevant("${day} != '2017年'", &["date-compared D11 “${day} != '2017年'”"]);
    relevant("${day} > 2017", &["date-compared D11 “${day} > 2017”"]);
    relevant("${word} = ${day}", &["date-compared D11 “${word} = ${day}”"]);
    relevant("${day} > '2017-04-12' and ${day} <= today() and ${day} != ''", &[]);
    relevant("today() - ${day} > 5", &[]);
    relevant("${word} < 'b'", &["text-ordered D11 “${word} < 'b'”", "never-relevant D11 “${word} < 'b'”"]);
    relevant("${one} >= 1", &["text-ordered D11 “${one} >= 1”", "never-relevant D11 “${one} >= 1”"]);
    relevant("${word} > 5", &[]);
    relevant("selected(${many}, 'yes') = 'true'", &["yes-no-compared D11 “selected(${many}, 'yes') = 'true'”"]);
    relevant("selected(${many}, 'yes') = true()", &[]);
}

#[test]
fn what_is_added_and_chosen() {
    relevant("${word} + 1 > 2", &["text-added D11 “${word}”"]);
    relevant("'岁' + ${age} != 0", &["text-added D11 “'岁'”"]);
    relevant("${one} * 2 = 4", &["text-added D11 “${one}”"]);
    relevant("${digit} * 2 + ${phone} + ${age} + '1' + ${sum} > 4", &[]);
    relevant("selected(${word}, 'a')", &["selected-on-other D11 “selected(${word}, 'a')”"]);
    relevant("count-selected(${age}) > 1", &["selected-on-other D11 “count-selected(${age})”"]);
    relevant("count-selected(${many}) > 1 and selected(${sum}, 'x')", &[]);
}

#[test]
fn functions_and_grammar() {
    relevant("rond(${age}) > 1", &["unknown-function D11 “rond(${age})” → round"]);
    relevant("round(${age}) > 1 and if(${age} > 1, true(), false())", &[]);
    relevant("round() > 1", &["wrong-arity D11 “round()”"]);
    relevant("${age} >", &["expression-expected D11 “”"]);
    relevant("${age} = #", &["expression-stray D11 “#”"]);
    relevant("${word} = 'a", &["expression-unclosed D11 “'”"]);
    relevant("$age > 1", &["found-variable D11 “$age”"]);
    relevant("count(1) > 1", &["needs-nodes D11 “count(1)”"]);
    relevant("regex(${word}, '(') ", &["bad-pattern D11 “regex(${word}, '(')”"]);
    relevant("up::a = 1", &["expression-axis D11 “up”"]);
    relevant("${agee} > 1", &["unknown-name D11 “${agee}” → age"]);
}

#[test]
fn questions_that_are_never_asked() {
    relevant("${age} > 5 and ${age} < 3", &["never-relevant D11 “${age} > 5 and ${age} < 3”"]);
    relevant("${age} > 5 and ${age} < 6", &["never-relevant D11 “${age} > 5 and ${age} < 6”"]);
    relevant("${weight} > 5 and ${weight} < 6", &[]);
    relevant("${age} > 5 or ${age} < 3", &[]);
    relevant("${one} = 'yes' and ${one} = 'no'", &["never-relevant D11 “${one} = 'yes' and ${one} = 'no'”"]);
    relevant("${one} = 'yes' and selected(${one}, 'yes')", &[]);
    relevant(
        "${one} != 'yes' and ${one} != 'no' and ${one} != ''",
        &["never-relevant D11 “${one} != 'yes' and ${one} != 'no' and ${one} != ''”"],
    );
    relevant("${one} != 'yes' and ${one} != 'no'", &[]);
    relevant("selected(${many}, 'yes') and selected(${many}, 'no')", &[]);
    relevant(
        "selected(${many}, 'yes') and not(selected(${many}, 'yes') or ${age} > 1)",
        &["never-relevant D11 “selected(${many}, 'yes') and not(selected(${many}, 'yes') or ${age} > 1)”"],
    );
    relevant(
        "${many} = '' and selected(${many}, 'no')",
        &["never-relevant D11 “${many} = '' and selected(${many}, 'no')”"],
    );
    relevant("${digit} > 3", &["never-relevant D11 “${digit} > 3”"]);
    relevant("not(${digit} > 3)", &[]);
    relevant(
        "${day} > date('2017-04-12') and ${day} < '2017-04-12'",
        &["never-relevant D11 “${day} > date('2017-04-12') and ${day} < '2017-04-12'”"],
    );
    relevant("${day} > '2017-04-12' and ${day} < '2017-04-14'", &[]);
    relevant("${word} = 'a' and ${word} = 'b'", &["never-relevant D11 “${word} = 'a' and ${word} = 'b'”"]);
    relevant("${word} != 'a' and ${word} != 'b'", &[]);
    relevant("false()", &[]);
    relevant("true()", &[]);
    relevant("${age} > ${weight} and ${age} < ${weight}", &[]);
}

#[test]
fn questions_inside_groups_that_exclude_them() {
    check(
        &[
            "select_one yn | away | A",
            "begin_group | g | G | ${away} = 'yes'",
            "integer | months | M | ${away} = 'no'",
            "integer | years | Y | ${away} != ''",
            "end_group |",
        ],
        &["never-relevant-inside D4 “${away} = 'no'”"],
    );
    // What has an answer has been asked.
    check(
        &[
            "select_one yn | a | A",
            "select_one yn | b | B | ${a} = 'yes'",
            "text | c | C | ${b} = 'no' and ${a} = 'no'",
        ],
        &["never-relevant D4 “${b} = 'no' and ${a} = 'no'”"],
    );
    check(
        &["select_one yn | a | A", "select_one yn | b | B | ${a} = 'yes'", "text | c | C | ${b} = '' and ${a} = 'no'"],
        &[],
    );
    // The group is told, not all that is in it.
    check(
        &[
            "select_one yn | a | A",
            "begin_group | g | G | ${a} = 'maybe'",
            "text | b | B | ${a} = 'yes'",
            "end_group |",
        ],
        &["code-not-in-list D3 “${a} = 'maybe'”", "never-relevant D3 “${a} = 'maybe'”"],
    );
    // Rows of a repeat have many answers.
    check(
        &[
            "begin_repeat | r | R",
            "integer | age | A",
            "text | b | B | ${age} > 5 and ${age} < 3",
            "end_repeat |",
            "text | c | C | ${age} > 5 and ${age} < 3",
        ],
        &["never-relevant D4 “${age} > 5 and ${age} < 3”"],
    );
}

#[test]
fn constraints_that_never_hold() {
    let constraint = |kind: &str, text: &str, expect: &[&str]| {
        check(&["integer | x | X", &format!("{kind} | q | Q | | {text} | 请改")], expect);
    };
    constraint("integer", ". >= 1 and . <= 0", &["never-valid E3 “. >= 1 and . <= 0”"]);
    constraint("integer", ". >= 1 or . <= 0", &[]);
    constraint("integer", ". = ''", &["never-valid E3 “. = ''”"]);
    constraint("select_one yn", "not(. = 'yes' or . = 'no')", &["never-valid E3 “not(. = 'yes' or . = 'no')”"]);
    constraint("select_multiple yn", "not(selected(., 'no') and count-selected(.) > 1)", &[]);
    constraint("text", "regex(., '[0-9]+')", &[]);
    constraint(
        "date",
        ". > '2018-01-01' and . < '2017-01-01'",
        &["never-valid E3 “. > '2018-01-01' and . < '2017-01-01'”"],
    );
    constraint("integer", ". > ${x} and . < 5", &[]);
}

#[test]
fn answers_that_are_given_later() {
    check(&["text | a | A | ${b} = 'x'", "text | b | B"], &["reads-later D2 “${b}”"]);
    check(&["text | b | B", "text | a | A | ${b} = 'x'"], &[]);
    // Also behind a calculation, which itself may stand anywhere.
    check(
        &["text | a | A | ${sum} > 1", "calculate | sum | | | | | ${b} + 1", "integer | b | B"],
        &["reads-later D2 “${sum}”"],
    );
    check(&["integer | b | B", "text | a | A | ${sum} > 1", "calculate | sum | | | | | ${b} + 1"], &[]);
    // On one page, all can be answered in any order.
    check(
        &["begin_group | g | G | | | | | | | field-list", "text | a | A | ${b} = 'x'", "text | b | B", "end_group |"],
        &[],
    );
    // A group that waits for its own question.
    check(&["begin_group | g | G | ${b} = 'x'", "text | b | B", "end_group |"], &["reads-later D2 “${b}”"]);
    check(&["select_one digit | a | A | | | | | county = ${b}", "text | b | B"], &["reads-later H2 “${b}”"]);
}

#[test]
fn filters_and_their_columns() {
    check(&["select_one digit | a | A | | | | | county = 'b' and name != '3'"], &[]);
    check(&["select_one digit | a | A | | | | | county = 'c'"], &["value-not-in-column H2 “county = 'c'”"]);
    check(&["select_one digit | a | A | | | | | couny = 'a'"], &["unknown-choice-column H2 “couny” → county"]);
}

#[test]
fn columns_without_effect() {
    check(&["note | a | A | | | | | | yes"], &["required-not-asked I2 “yes”"]);
    check(&["calculate | a | | | | | 1 + 1 | | yes"], &["required-not-asked I2 “yes”"]);
    check(&["note | a | A | | | | | | no", "text | b | B | | | | | | yes"], &[]);
    check(&["integer | a | A | | . > 1"], &["constraint-without-message E2 “. > 1”"]);
    check(&["integer | a | A | | . > 1 | 要大于 1"], &[]);
}

#[track_caller]
fn check_choices(choices: &str, expect: &[&str]) {
    let text = format!("| survey |\n{HEADER}\n|  | select_one l | a | A |\n{choices}");
    let workbook = Workbook::read(text.as_bytes(), Format::Markdown).unwrap();
    assert_eq!(told(&convert(&workbook, &Options::default()).1), expect);
}

#[test]
fn lists() {
    let head = "| choices |\n|  | list_name | name | label | county |\n";
    let check = |rows: &str, expect: &[&str]| check_choices(&format!("{head}{rows}"), expect);
    check("|  | l | 1 | 一 | |\n|  | l | 2 | 二 | |\n", &[]);
    check("|  | l | 1 | 一 | |\n|  | l | 1 | 二 | |\n", &["duplicate-choice B3 “1”"]);
    check("|  | l | 1 | 一 | |\n|  | l | 2 | 一 | |\n", &["choice-label-twice 3 “”"]);
    // Two villages of one name, in different counties.
    check("|  | l | 1 | 一 | a |\n|  | l | 2 | 一 | b |\n", &[]);
    check("|  | l | 1 | 一 | |\n|  | m | 1 | 一 | |\n", &["list-not-used 3 “”"]);
    check("|  | l | 330723201704120000 | 一 | |\n", &["digits-lost B2 “330723201704120000”"]);
    check("|  | l | 3.30723E+17 | 一 | |\n", &["digits-lost B2 “3.30723E+17”"]);
    check("|  | l | 330723201704123510 | 一 | |\n|  | l | 13800000000 | 二 | |\n|  | l | E+1 | 三 | |\n", &[]);
    check(&format!("|  | l | 1 | {} | |\n", "长".repeat(70)), &[]);
    let long = "长".repeat(71);
    check(&format!("|  | l | 1 | {long} | |\n"), &[&format!("label-too-long C2 “{long}”")]);
}

#[test]
fn lists_named_in_other_ways_are_used() {
    let text = format!(
        "| survey |\n{HEADER}\n|  | calculate | a | | | | | count(instance('l')/root/item) |\n| choices |\n|  | list_name | name | label |\n|  | l | 1 | 一 |\n"
    );
    let workbook = Workbook::read(text.as_bytes(), Format::Markdown).unwrap();
    assert_eq!(told(&convert(&workbook, &Options::default()).1), Vec::<String>::new());
}

#[test]
fn columns_of_lists_that_collect_cannot_read() {
    check_choices(
        "| choices |\n|  | list_name | name | label | 县 |\n|  | l | 1 | 一 | 东阳 |\n",
        &["choice-column-not-portable D1 “县”"],
    );
}

#[test]
fn texts_that_some_languages_lack() {
    let check = |rows: &str, expect: &[&str]| {
        let text = format!("| survey |\n|  | type | name | label::中文 (zh) | label::English (en) |\n{rows}");
        let workbook = Workbook::read(text.as_bytes(), Format::Markdown).unwrap();
        let problems = convert(&workbook, &Options::default()).1;
        let lines: Vec<String> = problems
            .iter()
            .map(|p| {
                format!("{} {} {} {}", p.code.as_str(), p.cell(), p.get("language").unwrap(), p.get("found").unwrap())
            })
            .collect();
        assert_eq!(lines, expect);
    };
    check("|  | text | a | 甲 | A |\n|  | text | b | 乙 | B |\n", &[]);
    check(
        "|  | text | a | 甲 | A |\n|  | text | b | 乙 | |\n|  | text | c | 丙 | |\n|  | text | d | | D |\n",
        &["texts-missing D3 English (en) b c", "texts-missing C5 中文 (zh) d"],
    );
}

#[test]
fn labels_that_do_not_fit_the_screen() {
    let long = |count: usize| "问".repeat(count);
    check(&[&format!("text | a | {}", long(244)), &format!("note | b | {}", long(488))], &[]);
    check(&[&format!("text | a | {}", long(245))], &[&format!("label-too-long C2 “{}”", long(245))]);
}

#[test]
fn sums_over_rows_without_an_answer() {
    #[track_caller]
    fn sum(question: &str, sum: &str, expect: &[&str]) {
        let header = "|  | type | name | label | required | calculation | default |";
        let text = format!(
            "| survey |\n{header}\n|  | begin repeat | r | R | | | |\n|  | {question} |\n|  | calculate | own | | | sum(${{x}}) | |\n\
             |  | end repeat | | | | | |\n|  | calculate | t | | | {sum} | |\n"
        );
        let workbook = Workbook::read(text.as_bytes(), Format::Markdown).unwrap();
        assert_eq!(told(&convert(&workbook, &Options::default()).1), expect, "{text}");
    }
    let open = "integer | x | X | | |";
    sum(open, "sum(${x})", &["sum-of-blanks E6 “sum(${x})”"]);
    sum(open, "1 + max(${x})", &["sum-of-blanks E6 “max(${x})”"]);
    sum(open, "sum(${x}[. != ''])", &[]);
    // An answer that must be there, a value that stands there, a value of the form's own.
    sum("integer | x | X | yes | |", "sum(${x})", &[]);
    sum("integer | x | X | | | 0", "sum(${x})", &[]);
    sum("calculate | x | | | 1 |", "sum(${x})", &[]);
}

#[test]
fn groups_of_calculations() {
    let text = "| survey |\n|  | type | name | label | calculation |\n|  | begin group | g | G | |\n|  | calculate | a | | 1 |\n\
                |  | end group | | | |\n|  | begin group | h | H | |\n|  | note | n | N | |\n|  | calculate | b | | 1 |\n|  | end group | | | |\n";
    let workbook = Workbook::read(text.as_bytes(), Format::Markdown).unwrap();
    assert_eq!(told(&convert(&workbook, &Options::default()).1), ["group-without-questions 2 “”"]);
}
