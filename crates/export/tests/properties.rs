//! What holds for any answers and any labels.
#![allow(clippy::unwrap_used, reason = "a test may fail here")]

mod common;

use std::collections::HashSet;

use common::{CHINESE, form, layout, pupils, two_pupils};
use proptest::prelude::*;
use tianye_export::{Filled, Table, Words, tables, write};
use tianye_xform::Origin;

/// Text that is hard on a CSV file, and any other.
fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[=+@＝\t\r\n'\",; 0-9.e爸-]{0,6}", any::<String>()]
}

fn read(table: &Table) -> Vec<Vec<String>> {
    let mut bytes = Vec::new();
    write(table, &mut bytes).unwrap();
    let mut read = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes.as_slice());
    read.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// The cell came back, or came back as text where a spreadsheet program would have run it.
fn same(cell: &str, read: &str) -> bool {
    let runs = cell.chars().next().is_some_and(|first| "=+-@\t\r\n＝＋－＠".contains(first));
    let digits =
        cell.chars().any(|c| c.is_ascii_digit()) && cell.chars().all(|c| c.is_ascii_digit() || "+-.eE".contains(c));
    match read.strip_prefix('\'') {
        Some(rest) if runs && rest == cell => true,
        _ => read == cell && (!runs || digits),
    }
}

fn check_same(table: &Table) {
    let rows: Vec<&Vec<String>> = std::iter::once(&table.head).chain(&table.rows).collect();
    let read = read(table);
    assert_eq!(read.len(), rows.len());
    for (row, read) in rows.into_iter().zip(&read) {
        assert_eq!((row.len(), read.len()), (table.head.len(), table.head.len()));
        for (cell, read) in row.iter().zip(read) {
            assert!(same(cell, read), "{cell:?} came back as {read:?}");
        }
    }
}

fn table() -> impl Strategy<Value = Table> {
    (1..5_usize).prop_flat_map(|width| {
        let row = || prop::collection::vec(text(), width);
        (row(), prop::collection::vec(row(), 0..5)).prop_map(|(head, rows)| Table { name: "t".into(), head, rows })
    })
}

/// The pupils' interviews with other answers in all fields that are not choices.
fn with_answers(answers: &[String]) -> Vec<Filled> {
    let mut filled = two_pupils(Words::for_language("zh"));
    let fields = filled.iter_mut().flat_map(|one| &mut one.fields);
    let free = fields.filter(|field| field.origin == Origin::Answered);
    for (field, answer) in free.zip(answers.iter().cycle()) {
        field.given = tianye_xform::Given::from(answer.as_str());
    }
    filled
}

/// A form of select-multiples with two choices each; questions and choices have these labels. The questions stand in
/// two groups, so that names come twice.
fn with_labels(labels: &[String]) -> String {
    let mut body = String::new();
    let mut groups = [String::new(), String::new()];
    for (at, label) in labels.iter().enumerate() {
        let label = label.replace('&', "&amp;").replace('<', "&lt;");
        let (group, name) = (["a", "b"][at % 2], format!("q{}", at / 2));
        groups[at % 2] += &format!("<{name}/>");
        let choices = ["1", "2"].map(|value| format!("<item><label>{label}</label><value>{value}</value></item>"));
        let choices = choices.concat();
        body += &format!("<select ref=\"/data/{group}/{name}\"><label>{label}</label>{choices}</select>");
    }
    let [a, b] = groups;
    format!(
        "<h:html xmlns=\"http://www.w3.org/2002/xforms\" xmlns:h=\"http://www.w3.org/1999/xhtml\"><h:head>\
         <h:title>t</h:title><model><instance><data id=\"t\"><a>{a}</a><b>{b}</b></data></instance></model></h:head>\
         <h:body>{body}</h:body></h:html>"
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_table_comes_back(table in table()) {
        check_same(&table);
    }

    #[test]
    fn any_answers_make_whole_rows_that_come_back(answers in prop::collection::vec(text(), 1..12), labels: bool) {
        let words = Words::for_language("zh");
        let filled = with_answers(&answers);
        for table in tables(&pupils(), &filled, &layout(words, CHINESE, labels, true)) {
            check_same(&table);
        }
    }

    #[test]
    fn headings_are_unique(labels in prop::collection::vec("(学校|A|a|[ab/ *{}]{0,3})", 2..12), with: bool) {
        let form = form(&with_labels(&labels));
        let tables = tables(&form, &[], &layout(Words::for_language("zh"), "", with, true));
        let seen: HashSet<String> = tables[0].head.iter().map(|heading| heading.to_lowercase()).collect();
        prop_assert_eq!(seen.len(), tables[0].head.len(), "{:?}", &tables[0].head);
        // Mark, id, frame; each question with its two choices; the instance id.
        prop_assert_eq!(seen.len(), 2 + 9 + 3 * labels.len() + 1, "{:?}", &tables[0].head);
    }
}
