//! The command line as scripts use it: the real program, its exit codes and its words.

#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

const PASSPHRASE: &str = "竹篮 半夜 蓝色 拖拉机";

fn tianye(data: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tianye"))
        .args(args)
        .env("TIANYE_DATA", data)
        .env("TIANYE_PASSPHRASE", PASSPHRASE)
        .output()
        .unwrap()
}

#[track_caller]
fn good(data: &Path, args: &[&str]) -> String {
    let output = tianye(data, args);
    assert!(output.status.success(), "tianye {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[track_caller]
fn bad(data: &Path, args: &[&str], expect: &str) {
    let output = tianye(data, args);
    assert!(!output.status.success(), "tianye {args:?} should have failed");
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(said.contains(expect), "expected {expect:?} in:\n{said}");
}

fn pupil() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../forms/pupil.md").display().to_string()
}

#[test]
fn the_pupil_questionnaire_is_a_good_form_that_can_be_walked_to_its_end() {
    let folder = TempDir::new().unwrap();
    assert!(good(folder.path(), &["form", "check", &pupil()]).contains("0 errors, 0 warnings"));
    assert!(good(folder.path(), &["form", "xform", &pupil()]).contains("<h:html"));
    assert!(good(folder.path(), &["form", "test", &pupil()]).contains("7 passed, 0 failed"));
    assert!(good(folder.path(), &["form", "walk", &pupil(), "-n", "20"]).contains("20 of 20 walks"));
}

#[test]
fn a_wrong_workbook_is_told_by_sheet_row_and_column() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("错.md");
    std::fs::write(&file, "| survey | | | |\n| | type | name | relevant |\n| | text | a | ${b} = 1 |\n").unwrap();
    bad(folder.path(), &["form", "check", file.to_str().unwrap()], "survey:2:");
    bad(folder.path(), &["form", "check", "没有.md"], "error[file]");
}

#[test]
fn a_test_in_the_workbook_that_fails_is_told_with_its_row() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("试.md");
    let survey = "| survey | | | |\n| | type | name | label |\n| | integer | a | A |\n";
    std::fs::write(&file, survey).unwrap();
    bad(folder.path(), &["form", "test", file.to_str().unwrap()], "error[tests-none]");
    let tests =
        "| tests | | | | |\n| | test | act | question | value |\n| | 一 | answer | a | 1 |\n| | | value | a | 2 |\n";
    std::fs::write(&file, format!("{survey}{tests}")).unwrap();
    bad(folder.path(), &["form", "test", file.to_str().unwrap()], "row 3, a: expected “2”, found “1”");
    let json = tianye(folder.path(), &["--json", "form", "test", file.to_str().unwrap()]);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!((&json["failed"], &json["tests"][0]["failures"][0]["row"]), (&1.into(), &3.into()));
}

#[test]
fn a_project_without_a_hub_from_the_form_to_the_tables() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("张三 的 电脑");
    good(&data, &["new", "浙江留守儿童 2017", "--lead", "沈一帆", "--device", "组长电脑"]);
    assert!(good(&data, &["stores"]).contains("沈一帆"));
    good(&data, &["add-form", &pupil()]);
    good(&data, &["simulate", "pupil", "-n", "3", "--seed", "7"]);
    let list: serde_json::Value = serde_json::from_str(&good(&data, &["list", "--json"])).unwrap();
    assert_eq!(list.as_array().unwrap().len(), 3);
    assert_eq!(list[0]["state"], "finalised");
    let out = folder.path().join("导出");
    good(&data, &["export", "pupil", "-o", out.to_str().unwrap()]);
    let mut files: Vec<_> = std::fs::read_dir(&out).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    assert_eq!(files.len(), 2, "one table for the form, one for the roster: {files:?}");
    let bytes = std::fs::read(&files[0]).unwrap();
    assert!(bytes.starts_with(b"\xef\xbb\xbf"));
    assert_eq!(good(&data, &["conflicts"]), "");
    bad(&data, &["sync"], "error[hub-none]");
    bad(&data, &["list", "--who", "没有这个人"], "expected --who");
    let wrong = Command::new(env!("CARGO_BIN_EXE_tianye"))
        .args(["list"])
        .env("TIANYE_DATA", &data)
        .env("TIANYE_PASSPHRASE", "不是 这一句 口令 的")
        .output()
        .unwrap();
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("error[wrong-passphrase]"));
}
