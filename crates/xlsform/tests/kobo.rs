//! Scores, rankings and matrices of KoboToolbox become the ordinary rows that its server makes of them.

#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is not as expected")]

use tianye_xlsform::{Format, Options, Severity, Workbook, convert};

const CHOICES: &str = "| choices | | | | |\n| | list_name | name | label::中文 (zh) | label::English (en) |\n\
    | | likes | 1 | 少 | Low |\n| | likes | 2 | 多 | High |\n\
    | | need | food | 饭 | Food |\n| | need | water | 水 | Water |\n| | need | house | 房 | House |\n\
    | | animal | pig | 猪 | Pig |\n| | animal | cow | | Cow |\n| | yn | y | 有 | Yes |\n| | yn | n | 没有 | No |\n";

fn xform(survey: &str) -> (String, Vec<String>) {
    let text = format!("{survey}{CHOICES}");
    let workbook = Workbook::read(text.as_bytes(), Format::Markdown).unwrap();
    let (converted, problems) = convert(&workbook, &Options::default());
    let told = problems.iter().filter(|one| one.severity == Severity::Error);
    let told = told.map(|one| format!("{} {}", one.cell(), one.code.as_str())).collect();
    (converted.map(|converted| converted.xform).unwrap_or_default(), told)
}

#[track_caller]
fn same(kobo: &str, ordinary: &str) {
    let ((kobo, told), (ordinary, problems)) = (xform(kobo), xform(ordinary));
    assert_eq!((told, problems), (vec![], vec![]));
    let (kobo, ordinary): (Vec<_>, Vec<_>) = (kobo.lines().collect(), ordinary.lines().collect());
    assert_eq!(kobo, ordinary);
}

#[test]
fn a_score_is_a_page_of_rows_with_the_same_choices() {
    same(
        "| survey |\n| | type | name | label::中文 (zh) | label::English (en) | kobo--score-choices | required | relevant | $kuid |\n\
         | | text | t | 甲 | T | | | | |\n\
         | | begin_score | sc | 打分 | Score | likes | true | ${t} = 'x' | k1 |\n\
         | | score__row | r1 | 一 | One | | | | k2 |\n\
         | | score__row | | 二 | The 2nd, then | | | | k3 |\n\
         | | end_score | | | | | | | /k1 |\n",
        "| survey |\n| | type | name | label::中文 (zh) | label::English (en) | appearance | required | relevant |\n\
         | | text | t | 甲 | T | | | |\n\
         | | begin_group | sc | | | field-list | | ${t} = 'x' |\n\
         | | select_one likes | sc_header | 打分 | Score | label | | |\n\
         | | select_one likes | r1 | 一 | One | list-nolabel | true | |\n\
         | | select_one likes | The_2nd_then | 二 | The 2nd, then | list-nolabel | true | |\n\
         | | end_group | | | | | | |\n",
    );
}

#[test]
fn the_columns_may_have_any_of_their_names() {
    let survey = |[kind, name, zh, en, relevance]: [&str; 5]| {
        format!(
            "| survey |\n| | {kind} | {name} | {zh} | {en} | kobo--score-choices | {relevance} |\n\
             | | begin_score | sc | 打分 | Score | likes | 1 = 1 |\n\
             | | score__row | r1 | 一 | One | | |\n\
             | | end_score | | | | | |\n"
        )
    };
    let old = ["Command", "tag", "Caption::中文 (zh)", "caption :: English (en)", "relevance"];
    same(&survey(old), &survey(["type", "name", "label::中文 (zh)", "label::English (en)", "relevant"]));
}

#[test]
fn a_ranking_is_a_page_of_places_that_differ() {
    same(
        "| survey |\n| | type | $autoname | name | label::中文 (zh) | label::English (en) | kobo--rank-items | kobo--rank-constraint-message | appearance |\n\
         | | begin_rank | best | | 要什么 | Needs | need | 选过了 | |\n\
         | | rank__level | n1 | | 第一 | 1st | | | |\n\
         | | rank__level | n2 | | 第二 | 2nd | | | columns |\n\
         | | rank__level | n3 | third | 第三 | 3rd | | | |\n\
         | | end_rank | | | | | | | |\n",
        "| survey |\n| | type | name | label::中文 (zh) | label::English (en) | appearance | required | constraint | constraint_message::中文 (zh) | constraint_message::English (en) |\n\
         | | begin_group | best | | | field-list | | | | |\n\
         | | note | best_label | 要什么 | Needs | | | | | |\n\
         | | select_one need | n1 | 第一 | 1st | minimal | true | | 选过了 | 选过了 |\n\
         | | select_one need | n2 | 第二 | 2nd | columns | true | ${n2} != ${n1} | 选过了 | 选过了 |\n\
         | | select_one need | third | 第三 | 3rd | minimal | true | ${third} != ${n1} and ${third} != ${n2} | 选过了 | 选过了 |\n\
         | | end_group | | | | | | | | |\n",
    );
}

#[test]
fn a_matrix_is_a_page_for_each_item() {
    same(
        "| survey |\n| | type | name | label::中文 (zh) | label::English (en) | kobo--matrix_list | required | relevant | appearance |\n\
         | | begin_kobomatrix | m | 牲口 | Animals | animal | | | |\n\
         | | select_one yn | has | 有吗 | Any | | yes | | w1 |\n\
         | | integer | many | 几头 | How many | | | ${has} = 'y' | w1 |\n\
         | | end_kobomatrix | | | | | | | |\n",
        "| survey |\n| | type | name | label::中文 (zh) | label::English (en) | required | relevant | appearance |\n\
         | | begin_group | m_header | | | | | |\n\
         | | note | m_header_note | 牲口 | Animals | | | |\n\
         | | hidden | m_header_has | | | | | |\n\
         | | hidden | m_header_many | | | | | |\n\
         | | end_group | | | | | | |\n\
         | | begin_group | m_pig | | | | | field-list |\n\
         | | note | m_pig_note | 猪 | Pig | | | |\n\
         | | select_one yn | m_pig_has | 猪 – 有吗 | Pig – Any | yes | | w1 |\n\
         | | integer | m_pig_many | 猪 – 几头 | Pig – How many | | ${m_pig_has} = 'y' | w1 |\n\
         | | end_group | | | | | | |\n\
         | | begin_group | m_cow | | | | | field-list |\n\
         | | note | m_cow_note | cow | Cow | | | |\n\
         | | select_one yn | m_cow_has | cow – 有吗 | Cow – Any | yes | | w1 |\n\
         | | integer | m_cow_many | cow – 几头 | Cow – How many | | ${m_cow_has} = 'y' | w1 |\n\
         | | end_group | | | | | | |\n",
    );
}

#[test]
fn what_does_not_go_together_is_told_at_its_row() {
    let head = "| survey |\n| | type | name | label::English (en) | kobo--score-choices |\n";
    for (rows, expect) in [
        ("| | begin_score | sc | S | likes |\n| | text | t | T | |\n| | end_score | | | |\n", "A2 unknown-type"),
        ("| | begin_score | sc | S | |\n| | score__row | r | R | |\n| | end_score | | | |\n", "A2 unknown-type"),
        ("| | begin_score | sc | S | likes |\n| | score__row | r | R | |\n", "A2 unknown-type"),
        (
            "| | begin_score | sc | S | unknown |\n| | score__row | r | R | |\n| | end_score | | | |\n",
            "A2 unknown-list",
        ),
        (
            "| | begin_score | sc | S | likes |\n| | score__row | | 一 | |\n| | end_score | | | |\n",
            "B3 question-without-name",
        ),
    ] {
        let (_, told) = xform(&format!("{head}{rows}"));
        assert_eq!(told.first().map(String::as_str), Some(expect), "{rows} {told:?}");
    }
}

/// A form that asks for more than any questionnaire is refused, and soon.
#[test]
fn groups_without_measure_are_refused() {
    let levels: String = (0..5_000).map(|at| format!("| | rank__level | n{at} | N | | |\n")).collect();
    let begins = "| | begin_rank | a | A | need | |\n".repeat(5_000);
    let columns = "| | integer | i | I | | |\n".repeat(150);
    let items: String = (0..5_000).map(|at| format!("| | many | i{at} | I | I |\n")).collect();
    let matrix = format!("| | begin_kobomatrix | m | M | | many |\n{columns}| | end_kobomatrix | | | | |\n");
    for (rows, expect) in [
        (format!("| | begin_rank | best | B | need | |\n{levels}| | end_rank | | | | |\n"), "group-too-large"),
        (begins, "unknown-type"),
        (matrix, "group-too-large"),
    ] {
        let head = "| survey |\n| | type | name | label | kobo--rank-items | kobo--matrix_list |\n";
        let text = format!("{head}{rows}{CHOICES}{items}");
        let workbook = Workbook::read(text.as_bytes(), Format::Markdown).unwrap();
        let (converted, problems) = convert(&workbook, &Options::default());
        assert!(converted.is_none());
        let first =
            problems.iter().find(|one| one.severity == Severity::Error && one.code.as_str() != "duplicate-name");
        assert_eq!(first.map(|one| one.code.as_str()), Some(expect));
    }
}
