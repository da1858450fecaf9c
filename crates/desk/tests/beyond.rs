//! Columns beyond the form language, through the desk: kept durably, resumed, sealed, merged, decided, exported.

#![allow(clippy::unwrap_used, reason = "a failed act fails the test")]

use std::path::Path;
use std::sync::Arc;

use tempfile::TempDir;
use tianye_desk::view::{
    AnswerInput, Completion, DecisionInput, ExportInput, Item, Move, NewInterview, NewProject, NonAnswer, Role,
};
use tianye_desk::world::Machine;
use tianye_desk::{Desk, KdfCost, Laptop};
use tianye_hub::{Limits, Options, Running};

const PASSPHRASE: &str = "竹篮 半夜 蓝色 拖拉机";

const FORM: &str = "
| survey | | | | | | | | | |
| | type | name | label | required | soft_constraint | soft_constraint_message | non_answers | min_seconds | repeat_over |
| | integer | age | A1 几岁？ | yes | . > 5 and . < 16 | 一般是 6 到 15 岁，请再看一眼 | dont_know refused | | |
| | text | say | A2 说什么？ | | | | | 600 | |
| | select_multiple who | family | A3 家里有谁？ | | | | refused | | |
| | begin_repeat | person | B 家里人 | | | | | | ${family} |
| | integer | years | B1 多大？ | | | | dont_know | | |
| | end_repeat | | | | | | | | |
| choices | | | |
| | list_name | name | label |
| | who | mother | 妈妈 |
| | who | father | 爸爸 |
| | who | granny | 奶奶 |
| settings | | | |
| | form_title | form_id | version |
| | 学生问卷 | pupil | 1 |
";

struct Team {
    folder: TempDir,
    _hub: Running,
    lead: Desk,
    chen: Desk,
    wuyi: Laptop,
}

fn laptop(folder: &Path, name: &str) -> Laptop {
    Laptop::new(&folder.join(name), Arc::new(Machine), KdfCost::insecure_for_tests())
}

fn team() -> Team {
    let folder = TempDir::new().unwrap();
    let hub = tianye_hub::start(&Options {
        data: folder.path().join("hub"),
        listen: "127.0.0.1:0".parse().unwrap(),
        address: None,
        now: || 1_700_000_000_000,
        limits: Limits::default(),
    })
    .unwrap();
    let mut lead = laptop(folder.path(), "组长")
        .create_project(&NewProject {
            title: "浙江留守儿童 2017".into(),
            person: "沈一帆".into(),
            device: "组长电脑".into(),
            passphrase: PASSPHRASE.into(),
            hub_card: Some(hub.card().to_json()),
        })
        .unwrap();
    let report = lead.check_form("pupil.md", FORM.as_bytes(), &|_| None).unwrap();
    assert!(report.usable);
    lead.add_form().unwrap();
    lead.add_practice_places().unwrap();
    lead.sync().unwrap();
    let wuyi = laptop(folder.path(), "武义");
    let invitation = lead.invite("陈禾", "第一组", Role::Interviewer).unwrap();
    let view = wuyi.read_invitation(&invitation).unwrap();
    let waiting = wuyi.request_join(&view.id, PASSPHRASE, "示例电脑").unwrap();
    let request = lead.team().unwrap().requests[0].id.clone();
    lead.approve(&request).unwrap();
    let mut chen = wuyi.unlock(&waiting.id, PASSPHRASE).unwrap();
    chen.sync().unwrap();
    lead.sync().unwrap();
    Team { folder, _hub: hub, lead, chen, wuyi }
}

fn begin(desk: &mut Desk) -> String {
    let site = desk.home("zh-CN").unwrap().sites[0].id.clone();
    let new = NewInterview {
        form: "pupil".into(),
        assignment: None,
        code: "217".into(),
        name: "小满".into(),
        site,
        ..NewInterview::default()
    };
    desk.start_interview(&new, "zh-CN").unwrap().id
}

fn say(desk: &mut Desk, field: &str, value: &str) {
    desk.answer(&AnswerInput { field: field.into(), value: value.into() }).unwrap();
}

fn item(desk: &mut Desk, field: &str) -> Item {
    let page = desk.go(&Move::Field { field: field.into() }).unwrap().page;
    page.items.into_iter().find(|item| item.field == field).unwrap()
}

fn completion(desk: &mut Desk) -> Completion {
    desk.go(&Move::Completion).unwrap().page.completion.unwrap()
}

fn doubts(desk: &mut Desk) -> Vec<String> {
    let lines = completion(desk).doubts.into_iter();
    lines.map(|line| format!("{} {}", line.field, line.problem.unwrap().code)).collect()
}

fn export(desk: &Desk, folder: &Path) -> Vec<String> {
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
    let report = desk.export_csv(&input, folder, "en").unwrap();
    report.files.iter().map(|file| std::fs::read_to_string(folder.join(&file.name)).unwrap()).collect()
}

#[test]
fn a_soft_check_is_confirmed_with_a_reason_that_stays_with_its_answer() {
    let Team { folder, _hub, mut lead, mut chen, wuyi } = team();
    let id = begin(&mut chen);
    assert_eq!(chen.confirm("/age", "没有").unwrap_err().code, "doubt-gone");
    say(&mut chen, "/age", "17");
    let asked = item(&mut chen, "/age").doubt.unwrap();
    assert_eq!((asked.message.as_str(), asked.confirmed.as_str()), ("一般是 6 到 15 岁，请再看一眼", ""));
    assert_eq!(doubts(&mut chen), ["/age soft-check"]);
    assert!(completion(&mut chen).ready, "it never hinders");
    assert_eq!(chen.confirm("/age", " ").unwrap_err().code, "reason-missing");
    chen.confirm("/age", "留级两次").unwrap();
    assert_eq!(item(&mut chen, "/age").doubt.unwrap().confirmed, "留级两次");
    assert!(doubts(&mut chen).is_empty());
    // The laptop dies here.
    drop(chen);
    let project = wuyi.start().unwrap().stores[0].id.clone();
    let mut chen = wuyi.unlock(&project, PASSPHRASE).unwrap();
    chen.open_interview(&id, "zh-CN").unwrap();
    assert_eq!(item(&mut chen, "/age").doubt.unwrap().confirmed, "留级两次");
    // Another answer is another matter; taking it back brings the confirmed one again.
    say(&mut chen, "/age", "18");
    assert_eq!(item(&mut chen, "/age").doubt.unwrap().confirmed, "");
    chen.undo().unwrap();
    assert_eq!(item(&mut chen, "/age").doubt.unwrap().confirmed, "留级两次");
    // A question that was left too soon is told too; the age again, which nobody confirms.
    say(&mut chen, "/say", "想妈妈");
    item(&mut chen, "/say");
    say(&mut chen, "/say", "想妈妈了");
    assert_eq!(doubts(&mut chen), ["/say left-soon"]);
    chen.undo().unwrap();
    assert_eq!(item(&mut chen, "/say").value, "想妈妈", "what is taken back is the answer");
    chen.finalise("zh-CN").unwrap();
    chen.sync().unwrap();
    lead.sync().unwrap();
    lead.open_interview(&id, "zh-CN").unwrap();
    assert_eq!(item(&mut lead, "/age").doubt.unwrap().confirmed, "留级两次");
    let tables = export(&lead, &folder.path().join("out"));
    let remarks = tables.last().unwrap();
    let of = |text: &str| remarks.lines().find(|line| line.contains(text)).unwrap_or_default().to_owned();
    assert!(
        of("soft check confirmed").contains("留级两次") && of("soft check confirmed").contains("陈禾"),
        "{remarks}"
    );
    assert!(of("left too soon").contains(",say,"), "{remarks}");
}

#[test]
fn a_non_answer_is_kept_apart_from_values_everywhere() {
    let Team { folder, _hub, mut lead, mut chen, wuyi } = team();
    let id = begin(&mut chen);
    assert_eq!(item(&mut chen, "/age").non_answers, [NonAnswer::DontKnow, NonAnswer::Refused]);
    say(&mut chen, "/age", "9");
    let step = chen.give_non_answer("/age", NonAnswer::Refused).unwrap();
    let age = step.tree.iter().find(|part| part.key == "/age").unwrap();
    assert_eq!((age.summary.as_str(), age.non_answer, age.answered), ("", Some(NonAnswer::Refused), 1));
    assert_eq!(chen.give_non_answer("/family", NonAnswer::DontKnow).unwrap_err().code, "answer-not-declared");
    say(&mut chen, "/family", "mother father");
    chen.give_non_answer("/person[:mother]/years", NonAnswer::DontKnow).unwrap();
    say(&mut chen, "/person[:father]/years", "40");
    drop(chen);
    let project = wuyi.start().unwrap().stores[0].id.clone();
    let mut chen = wuyi.unlock(&project, PASSPHRASE).unwrap();
    chen.open_interview(&id, "zh-CN").unwrap();
    let age = item(&mut chen, "/age");
    assert_eq!((age.non_answer, age.value.as_str()), (Some(NonAnswer::Refused), ""));
    let summary = completion(&mut chen);
    assert!(summary.ready && summary.unanswered.iter().all(|line| line.field != "/age"));
    // Rows are known by their choices.
    say(&mut chen, "/family", "father granny");
    let roster = chen.go(&Move::Page { key: "/person".into() }).unwrap().page;
    let rows: Vec<_> = roster.rows.iter().map(|row| (row.path.as_str(), row.title.as_str())).collect();
    assert_eq!(rows, [("/person[:father]", "爸爸"), ("/person[:granny]", "奶奶")]);
    assert_eq!(item(&mut chen, "/person[:father]/years").value, "40");
    say(&mut chen, "/family", "mother father");
    assert_eq!(item(&mut chen, "/person[:mother]/years").non_answer, Some(NonAnswer::DontKnow));
    chen.give_non_answer("/family", NonAnswer::Refused).unwrap();
    chen.undo().unwrap();
    chen.finalise("zh-CN").unwrap();
    chen.sync().unwrap();
    lead.sync().unwrap();

    let tables = export(&lead, &folder.path().join("out"));
    assert!(tables[0].lines().nth(1).unwrap().contains(",finalised,1,0,.r,"), "{}", tables[0]);
    assert!(tables[1].contains(",.d") && tables[1].contains(",40"), "{}", tables[1]);

    // Both correct it: the lead to a value, the interviewer to another non-answer.
    lead.correct_interview(&id, "zh-CN").unwrap();
    say(&mut lead, "/age", "11");
    finish(&mut lead);
    chen.correct_interview(&id, "zh-CN").unwrap();
    chen.give_non_answer("/age", NonAnswer::DontKnow).unwrap();
    finish(&mut chen);
    chen.sync().unwrap();
    lead.sync().unwrap();
    let conflicts = lead.conflicts("zh-CN").unwrap();
    let [conflict] = conflicts.as_slice() else { panic!("expected one conflict") };
    let mut sides: Vec<_> = conflict.sides.iter().map(|side| (side.value.as_str(), side.non_answer)).collect();
    sides.sort_by_key(|side| side.0.len());
    assert_eq!(sides, [("", Some(NonAnswer::DontKnow)), ("11", None)]);
    assert_eq!(conflict.base.as_ref().and_then(|base| base.non_answer), Some(NonAnswer::Refused));
    let decision = DecisionInput {
        record: conflict.record.clone(),
        field: conflict.field.clone(),
        value: String::new(),
        non_answer: Some(NonAnswer::DontKnow),
        names: conflict.sides.iter().map(|side| side.entry.clone()).collect(),
        reason: "问过孩子".into(),
    };
    lead.decide(&decision).unwrap();
    assert!(lead.conflicts("zh-CN").unwrap().is_empty());
    lead.open_interview(&id, "zh-CN").unwrap();
    assert_eq!(item(&mut lead, "/age").non_answer, Some(NonAnswer::DontKnow));
}

fn finish(desk: &mut Desk) {
    desk.finalise("zh-CN").unwrap();
}
