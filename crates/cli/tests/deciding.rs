//! What two laptops wrote differently on a card, decided without a window: listed, taken into a sheet, decided from it.

#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

mod common;

use std::fs;
use std::path::Path;

use common::{bad, carry, good, json, team, text};
use serde_json::Value;

/// Takes in a roster of one child, born that day.
fn roster(data: &Path, file: &Path, born: &str) {
    let rows = format!("学校,班级,学号,姓名,性别,出生日期\n桃溪小学（示例）,四（1）班,G330009,单小满,男,{born}\n");
    fs::write(file, rows).unwrap();
    good(data, &["import-roster", text(file)]);
}

/// How many answers and cards a list holds.
#[track_caller]
fn check(list: &Value, answers: usize, cards: usize) {
    let count = |name: &str| list[name].as_array().map_or(usize::MAX, Vec::len);
    assert_eq!((count("answers"), count("cards")), (answers, cards), "{list:#}");
}

#[test]
fn a_conflict_on_a_card_is_decided_from_a_sheet_and_listed_as_decided() {
    let folder = tempfile::tempdir().unwrap();
    let (lead, chen) = team(folder.path());
    let (file, sheet) = (folder.path().join("册.csv"), folder.path().join("表.json"));
    roster(&lead, &file, "2007-03-14");
    carry(&lead, &chen, &folder.path().join("一"));
    roster(&chen, &file, "2007-03-15");
    roster(&lead, &file, "2007-04-14");
    check(&json(&lead, &["conflicts"]), 0, 0);
    carry(&chen, &lead, &folder.path().join("二"));

    check(&json(&lead, &["conflicts"]), 0, 1);
    check(&json(&lead, &["conflicts", "--decided"]), 0, 0);
    let said = good(&lead, &["conflicts"]);
    assert!(said.contains("2007-03-15") && said.contains("2007-04-14") && said.contains("陈禾"), "{said}");

    good(&lead, &["sheet", "-o", text(&sheet), "--reason", "电话里问"]);
    let mut rows: Value = serde_json::from_slice(&fs::read(&sheet).unwrap()).unwrap();
    assert_eq!(rows.as_array().unwrap().len(), 1, "{rows:#}");
    rows[0]["take"] = "3".into();
    fs::write(&sheet, rows.to_string()).unwrap();
    bad(&lead, &["decide-from", text(&sheet), "--yes"], &["refused 1"]);
    check(&json(&lead, &["conflicts"]), 0, 1);

    rows[0]["take"] = if rows[0]["side_1"].as_str().unwrap().contains("2007-03-15") { "1" } else { "2" }.into();
    rows[0]["reason"] = "户口本上是十五日".into();
    fs::write(&sheet, rows.to_string()).unwrap();
    let would = good(&lead, &["decide-from", text(&sheet)]);
    assert!(would.contains("would decide 1"), "{would}");
    check(&json(&lead, &["conflicts"]), 0, 1);
    good(&lead, &["decide-from", text(&sheet), "--yes"]);
    check(&json(&lead, &["conflicts"]), 0, 0);
    check(&json(&lead, &["conflicts", "--decided"]), 0, 1);
    let decided = good(&lead, &["conflicts", "--decided"]);
    assert!(decided.contains("decided: 2007-03-15  户口本上是十五日"), "{decided}");
}
