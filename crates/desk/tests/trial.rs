//! A form that is tried: every rule holds, and nothing of it stays.

#![allow(clippy::unwrap_used, reason = "a failed act fails the test")]

use std::sync::Arc;

use tempfile::TempDir;
use tianye_desk::view::{AnswerInput, InterviewView, Move, NewProject, PageKind};
use tianye_desk::world::Machine;
use tianye_desk::{Desk, KdfCost, Laptop};

const MARKER: &str = "标记答案二七一八";

/// A form with a relevance, a roster and a warning: the second question has no English label.
fn form(relevant: &str) -> String {
    format!(
        "| survey | | | | | |\n\
         | | type | name | label::中文 (zh) | label::English (en) | relevant |\n\
         | | text | nick | 小名？ | Nickname? | |\n\
         | | integer | age | 几岁？ | | {relevant} |\n\
         | | begin_repeat | people | 家里人 | People | |\n\
         | | text | who | 是谁？ | Who? | |\n\
         | | integer | years | 几岁？ | | |\n\
         | | end_repeat | | | | |\n\
         | settings | | | |\n\
         | | form_id | form_title | default_language |\n\
         | | tried | 试填表 | 中文 (zh) |\n"
    )
}

fn lead() -> (TempDir, Desk) {
    let folder = TempDir::new().unwrap();
    let laptop = Laptop::new(folder.path(), Arc::new(Machine), KdfCost::insecure_for_tests());
    let new = NewProject {
        title: "浙江留守儿童 2017".into(),
        person: "沈一帆".into(),
        device: "组长电脑".into(),
        passphrase: "竹篮 半夜 蓝色 拖拉机".into(),
        hub_card: None,
    };
    let desk = laptop.create_project(&new).unwrap();
    (folder, desk)
}

fn check(desk: &mut Desk, relevant: &str) {
    let report = desk.check_form("tried.md", form(relevant).as_bytes(), &|_| None).unwrap();
    assert!(report.usable);
}

fn answer(desk: &mut Desk, field: &str, value: &str) {
    desk.answer(&AnswerInput { field: field.into(), value: value.into() }).unwrap();
}

fn value(view: &InterviewView, field: &str) -> String {
    let item = view.page.items.iter().find(|item| item.field == field);
    item.map(|item| item.value.clone()).unwrap_or_default()
}

#[test]
fn nothing_of_a_trial_is_stored_or_listed() {
    let (folder, mut desk) = lead();
    check(&mut desk, "");
    let view = desk.try_form().unwrap();
    assert!(view.trial);
    let step = desk.answer(&AnswerInput { field: "/nick".into(), value: MARKER.into() }).unwrap();
    assert_eq!(step.status.saved, None, "nothing is said to be saved");
    desk.set_note("/nick", MARKER).unwrap();
    let home = desk.pause_interview("zh-CN").unwrap();
    assert!(home.places.iter().all(|place| place.rows.is_empty()));
    assert!(desk.records("zh-CN").unwrap().is_empty());
    assert!(desk.answer(&AnswerInput { field: "/nick".into(), value: "x".into() }).is_err(), "the trial is over");
    drop(desk);
    for file in files(folder.path()) {
        let bytes = std::fs::read(&file).unwrap();
        assert!(!bytes.windows(MARKER.len()).any(|part| part == MARKER.as_bytes()), "{}", file.display());
    }
}

#[test]
fn finalising_a_trial_asks_for_everything_and_makes_no_record() {
    let (_folder, mut desk) = lead();
    let required = form("").replace("| relevant |", "| required |").replace("| 几岁？ | |  |", "| 几岁？ | | yes |");
    desk.check_form("tried.md", required.as_bytes(), &|_| None).unwrap();
    desk.try_form().unwrap();
    assert_eq!(desk.finalise("zh-CN").map(|_| ()).unwrap_err().code, "must-fix");
    answer(&mut desk, "/age", "10");
    desk.finalise("zh-CN").unwrap();
    assert!(desk.records("zh-CN").unwrap().is_empty());
}

#[test]
fn a_trial_goes_on_in_the_mended_form() {
    let (_folder, mut desk) = lead();
    check(&mut desk, "");
    desk.try_form().unwrap();
    answer(&mut desk, "/nick", "小满");
    answer(&mut desk, "/age", "10");
    desk.go(&Move::Field { field: "/age".into() }).unwrap();

    check(&mut desk, "${nick} = '小满'");
    let view = desk.try_form().unwrap();
    assert_eq!(value(&view, "/age"), "10", "the same page, the same answer");
    answer(&mut desk, "/nick", "别人");
    let view = desk.go(&Move::Field { field: "/nick".into() }).unwrap();
    let age = view.tree.iter().find(|part| part.key == "/age");
    assert!(age.is_none_or(|part| part.state == tianye_desk::view::PartState::NotApplicable), "the new rule holds");
    let view = desk.undo().unwrap();
    assert_eq!(value(&view, "/nick"), "小满");

    // A workbook with an error: the trial stays in the form as it was.
    let report = desk.check_form("tried.md", form("${nobody} = 1").as_bytes(), &|_| None).unwrap();
    assert!(!report.usable);
    assert_eq!(desk.try_form().map(|_| ()).unwrap_err().code, "form-unusable");
    answer(&mut desk, "/nick", "还在");
}

#[test]
fn a_problem_leads_to_its_question_in_rosters_too() {
    let (_folder, mut desk) = lead();
    let age_said = form("").replace("| 几岁？ | |  |\n| | begin", "| 几岁？ | Age? |  |\n| | begin");
    let report = desk.check_form("tried.md", age_said.as_bytes(), &|_| None).unwrap();
    let fields: Vec<_> = report.problems.iter().map(|problem| problem.field.as_str()).collect();
    assert!(fields.contains(&"/people/years"), "{fields:?}");
    desk.try_form().unwrap();
    let view = desk.go(&Move::Field { field: "/people/years".into() }).unwrap();
    assert_eq!(view.page.kind, PageKind::Repeat);
    assert!(view.page.focus.ends_with("/years"), "{}", view.page.focus);
}

fn files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}
