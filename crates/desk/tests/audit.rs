//! The audit log: kept with the answers it tells of, sealed, merged, exported in ODK's shape; nothing without the question.

#![allow(clippy::unwrap_used, reason = "a failed act fails the test")]

use std::path::Path;
use std::sync::Arc;

use tempfile::TempDir;
use tianye_desk::view::{AnswerInput, ExportInput, Move, NewInterview, NewProject};
use tianye_desk::world::Machine;
use tianye_desk::{Desk, KdfCost, Laptop};

const PASSPHRASE: &str = "竹篮 半夜 蓝色 拖拉机";

const FORM: &str = "
| survey | | | |
| | type | name | label | parameters |
| | audit | audit | | PARAMETERS |
| | integer | age | A1 几岁？ | |
| | text | say | A2 说什么？ | |
| | begin_repeat | person | B 家里人 | |
| | text | who | B1 是谁？ | |
| | end_repeat | | | |
| settings | | | |
| | form_title | form_id | version |
| | 学生问卷 | pupil | 1 |
";

fn desk(folder: &Path, form: &str) -> (Laptop, Desk) {
    let laptop = Laptop::new(&folder.join("一台"), Arc::new(Machine), KdfCost::insecure_for_tests());
    let mut desk = laptop
        .create_project(&NewProject {
            title: "浙江留守儿童 2017".into(),
            person: "沈一帆".into(),
            device: "组长电脑".into(),
            passphrase: PASSPHRASE.into(),
            hub_card: None,
        })
        .unwrap();
    let report = desk.check_form("pupil.md", form.as_bytes(), &|_| None).unwrap();
    assert!(report.usable, "{:?}", report.problems.iter().map(|problem| &problem.detail).collect::<Vec<_>>());
    desk.add_form().unwrap();
    (laptop, desk)
}

fn begin(desk: &mut Desk) -> String {
    let new = NewInterview {
        form: "pupil".into(),
        assignment: None,
        code: "217".into(),
        name: "小满".into(),
        site: String::new(),
        ..NewInterview::default()
    };
    desk.start_interview(&new, "zh-CN").unwrap().id
}

fn say(desk: &mut Desk, field: &str, value: &str) {
    desk.answer(&AnswerInput { field: field.into(), value: value.into() }).unwrap();
}

/// The log of the only interview: the heading, and its rows without their times.
fn log(desk: &Desk, folder: &Path) -> Option<(String, Vec<String>)> {
    let input = ExportInput {
        form: "pupil".into(),
        labels: false,
        names: false,
        files: false,
        entities: false,
        instances: false,
        identified: true,
        reason: "试用".into(),
        ..ExportInput::default()
    };
    let report = desk.export_csv(&input, folder, "zh-CN").unwrap();
    let file = report.files.iter().find(|file| file.name.ends_with("audit.csv"))?;
    let text = std::fs::read_to_string(folder.join(&file.name)).unwrap();
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    let head = lines.next().unwrap().to_owned();
    let (start, end) = (2, 3);
    let mut before = 0;
    let rows = lines.map(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        let from: i64 = cells[start].parse().unwrap();
        assert!(from >= before, "by time");
        before = from;
        assert!(cells[end].is_empty() || cells[end].parse::<i64>().unwrap() >= from);
        let mut shown = cells.clone();
        shown.drain(start..=end);
        shown.join(",")
    });
    Some((head, rows.collect()))
}

#[test]
fn changes_are_logged_with_what_was_there_before() {
    let folder = TempDir::new().unwrap();
    let parameters = "track-changes=true identify-user=true track-changes-reasons=on-form-edit";
    let (laptop, mut desk) = desk(folder.path(), &FORM.replace("PARAMETERS", parameters));
    let id = begin(&mut desk);
    say(&mut desk, "/age", "9");
    say(&mut desk, "/age", "10");
    desk.go(&Move::Next).unwrap();
    desk.go(&Move::Page { key: "/person".into() }).unwrap();
    desk.add_row("/person").unwrap();
    say(&mut desk, "/person[~1]/who", "奶奶");
    // The laptop dies: what was confirmed is logged.
    drop(desk);
    let store = laptop.start().unwrap().stores[0].id.clone();
    let mut desk = laptop.unlock(&store, PASSPHRASE).unwrap();
    desk.open_interview(&id, "zh-CN").unwrap();
    say(&mut desk, "/age", "11");
    desk.undo().unwrap();
    desk.finalise("zh-CN").unwrap();
    let (head, rows) = log(&desk, &folder.path().join("out")).unwrap();
    assert_eq!(head, "event,node,start,end,old-value,new-value,user,change-reason");
    assert_eq!(
        rows,
        [
            "form start,,,,沈一帆,",
            "question,/data/age,,9,沈一帆,",
            "question,/data/age,9,10,沈一帆,",
            "question,/data/say,,,沈一帆,",
            "jump,,,,沈一帆,",
            "add repeat,/data/person[2],,,沈一帆,",
            "question,/data/person[1]/who,,奶奶,沈一帆,",
            "form resume,,,,沈一帆,",
            "question,/data/age,10,11,沈一帆,",
            "question,/data/age,11,10,沈一帆,",
            "form save,,,,沈一帆,",
            "form finalize,,,,沈一帆,",
        ]
    );
    assert_eq!(desk.open_interview(&id, "zh-CN").unwrap().page.items[0].value, "10");
    desk.leave().unwrap();
    assert_eq!(log(&desk, &folder.path().join("again")).unwrap().1.len(), rows.len(), "reading is not logged");
}

#[test]
fn a_correction_says_why_once_a_sitting_before_it_is_finished_again() {
    let folder = TempDir::new().unwrap();
    let parameters = "track-changes-reasons=on-form-edit";
    let form = FORM.replace("PARAMETERS", parameters).replace(
        "| | type | name | label | parameters |\n",
        "| | type | name | label | parameters | required | soft_constraint | soft_constraint_message |\n",
    );
    let form = form.replace("| A2 说什么？ | |", "| A2 说什么？ | | yes | . != '没有' | 真的没有？ |");
    let (_, mut desk) = desk(folder.path(), &form);
    let id = begin(&mut desk);
    say(&mut desk, "/age", "9");
    let reason = |desk: &mut Desk| desk.go(&Move::Completion).unwrap().page.completion.unwrap().reason;
    assert_eq!(reason(&mut desk), None, "what was never finished is not corrected");
    assert_eq!(desk.give_reason("记错了").unwrap_err().code, "change-reason-unasked");
    assert_eq!(desk.finalise("zh-CN").unwrap_err().code, "must-fix");
    desk.go(&Move::Field { field: "/say".into() }).unwrap();
    assert_eq!(desk.go(&Move::Next).unwrap_err().code, "must-fix");
    say(&mut desk, "/say", "没有");
    desk.confirm("/say", "他说, 真的没有").unwrap();
    desk.finalise("zh-CN").unwrap();

    // Looking again changes nothing, and is not asked about.
    desk.correct_interview(&id, "zh-CN").unwrap();
    assert_eq!(reason(&mut desk), None);
    say(&mut desk, "/age", "10");
    assert_eq!(reason(&mut desk).as_deref(), Some(""));
    assert_eq!(desk.finalise("zh-CN").unwrap_err().code, "change-reason-missing");
    assert_eq!(desk.give_reason("  ").unwrap_err().code, "reason-missing");
    // Taking it back leaves nothing to say.
    desk.undo().unwrap();
    assert_eq!(reason(&mut desk), None);
    say(&mut desk, "/age", "11");
    desk.pause_interview("zh-CN").unwrap();

    // Another sitting: what was changed in the last one still wants a reason, once.
    desk.open_interview(&id, "zh-CN").unwrap();
    assert_eq!(reason(&mut desk).as_deref(), Some(""));
    let view = desk.give_reason(" 打电话问过奶奶 ").unwrap();
    assert_eq!(view.page.completion.unwrap().reason.as_deref(), Some("打电话问过奶奶"));
    desk.give_reason("打电话问过奶奶").unwrap();
    desk.finalise("zh-CN").unwrap();
    let (head, rows) = log(&desk, &folder.path().join("out")).unwrap();
    assert_eq!(head, "event,node,start,end,change-reason");
    let told = |row: &&String| ["constraint", "check", "change"].iter().any(|word| row.starts_with(word));
    assert_eq!(
        rows.iter().filter(told).collect::<Vec<_>>(),
        [
            "constraint error,,",
            "constraint error,/data/say,",
            "check confirmed,/data/say,\"他说, 真的没有\"",
            "change reason,,打电话问过奶奶",
        ]
    );
}

#[test]
fn without_parameters_questions_and_times_are_logged_and_a_place_is_not_known() {
    let folder = TempDir::new().unwrap();
    let parameters = "location-priority=balanced location-min-interval=60 location-max-age=120";
    let (_, mut desk) = desk(folder.path(), &FORM.replace("PARAMETERS", parameters));
    begin(&mut desk);
    say(&mut desk, "/age", "9");
    desk.go(&Move::Next).unwrap();
    desk.go(&Move::Completion).unwrap();
    desk.pause_interview("zh-CN").unwrap();
    let (head, rows) = log(&desk, &folder.path().join("out")).unwrap();
    assert_eq!(head, "event,node,start,end,latitude,longitude,accuracy");
    assert_eq!(
        rows,
        [
            "form start,,,,",
            "location providers disabled,,,,",
            "question,/data/age,,,",
            "question,/data/say,,,",
            "end screen,,,,",
            "form save,,,,",
            "form exit,,,,",
        ]
    );
}

#[test]
fn a_form_without_the_question_has_no_log() {
    let folder = TempDir::new().unwrap();
    let form: String = FORM.lines().filter(|line| !line.contains("audit")).map(|line| format!("{line}\n")).collect();
    let (_, mut desk) = desk(folder.path(), &form);
    begin(&mut desk);
    say(&mut desk, "/age", "9");
    desk.finalise("zh-CN").unwrap();
    assert_eq!(log(&desk, &folder.path().join("out")), None);
}
