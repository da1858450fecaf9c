//! The working day through the desk's acts, with a real hub in this process: what both front ends stand on.

#![allow(clippy::unwrap_used, reason = "a failed act fails the test")]

mod common;

use common::{Field, PASSPHRASE, begin, finish, laptop, say, set_up};
use tempfile::TempDir;
use tianye_desk::Desk;
use tianye_desk::view::{AnswerInput, DecisionInput, ExportInput, InterviewState, Move, NewProject, PageKind};
use tianye_hub::{Limits, Options};

#[test]
fn a_day_from_the_workbook_to_the_decision() {
    let (field, mut lead, mut chen, mut zhou) = set_up();

    // Wuyi: one question a page, a roster, a language switched in between.
    let view = begin(&mut chen, "217");
    assert_eq!((view.page.kind, view.page.items[0].number.as_str()), (PageKind::Question, "A1"));
    assert_eq!(view.page.items[0].peek, "What does the child say?");
    say(&mut chen, "/family/say", "爸爸在外省");
    assert_eq!(chen.go(&Move::Next).unwrap().page.items[0].number, "A2");
    let english = chen.set_form_language(1).unwrap();
    assert_eq!(english.page.items[0].label, "How old?");
    assert_eq!(
        chen.answer(&AnswerInput { field: "/family/age".into(), value: "九".into() }).unwrap_err().code,
        "answer-not-integer"
    );
    say(&mut chen, "/family/age", "９");
    say(&mut chen, "/family/mother", "other");
    let shown = chen.go(&Move::Field { field: "/family/other".into() }).unwrap();
    assert_eq!(shown.page.items[0].number, "A4", "what became relevant can be visited");
    say(&mut chen, "/family/mother", "home");
    let roster = chen.go(&Move::Page { key: "/roster".into() }).unwrap();
    assert_eq!((roster.page.kind, roster.page.rows.len()), (PageKind::Repeat, 1));
    let roster = chen.add_row("/roster").unwrap();
    assert_eq!(roster.page.rows.len(), 2);
    for (row, who) in roster.page.rows.iter().zip(["奶奶", "爷爷"]) {
        say(&mut chen, &row.fields[0], who);
    }
    let id = roster.id.clone();

    // The laptop dies. Everything confirmed is there, at the same question.
    drop(chen);
    let store = field.wuyi.start().unwrap().stores[0].id.clone();
    let mut chen = field.wuyi.unlock(&store, PASSPHRASE).unwrap();
    let again = chen.open_interview(&id, "zh-CN").unwrap();
    assert_eq!((again.page.key.as_str(), again.page.rows.len()), ("/roster", 2));
    assert_eq!(
        again.page.items.iter().filter(|item| item.number == "B1").map(|item| item.value.as_str()).collect::<Vec<_>>(),
        ["奶奶", "爷爷"]
    );
    finish(&mut chen);
    assert_eq!(chen.open_interview(&id, "zh-CN").unwrap().state, InterviewState::Finalised);
    assert_eq!(
        chen.answer(&AnswerInput { field: "/family/age".into(), value: "8".into() }).unwrap_err().code,
        "readonly"
    );
    let report = chen.sync().unwrap();
    assert!(report.sent > 0 && report.view.outbox.entries == 0, "sent {}", report.sent);

    // Wenling: must fix before finalising.
    begin(&mut zhou, "231");
    assert_eq!(zhou.finalise("zh-CN").unwrap_err().code, "must-fix");
    let summary = zhou.go(&Move::Completion).unwrap().page.completion.unwrap();
    assert_eq!(summary.wrong.iter().map(|line| line.field.as_str()).collect::<Vec<_>>(), ["/family/say"]);
    say(&mut zhou, "/family/say", "想妈妈");
    finish(&mut zhou);
    zhou.sync().unwrap();

    // The lead sees both, and hands Wuyi's over to Wenling's interviewer.
    lead.sync().unwrap();
    let records = lead.records("zh-CN").unwrap();
    let mut codes: Vec<_> = records.iter().map(|card| (card.code.as_str(), card.interviewer.as_str())).collect();
    codes.sort_unstable();
    assert_eq!(codes, [("217", "陈禾"), ("231", "周宁")]);
    let member = lead.team().unwrap().members.iter().find(|one| one.name == "周宁").unwrap().id.clone();
    lead.hand_over(&id, &member, "zh-CN").unwrap();
    lead.sync().unwrap();
    assert!(zhou.open_interview(&id, "zh-CN").is_err(), "before it was handed over it cannot be read");
    zhou.sync().unwrap();

    // Both correct it: one question each, and the same question differently.
    for (desk, age, extra) in
        [(&mut chen, "8", ("/family/mother", "away")), (&mut zhou, "10", ("/family/say", "想爸爸"))]
    {
        let view = desk.correct_interview(&id, "zh-CN").unwrap();
        assert_eq!(view.state, InterviewState::Correcting);
        say(desk, "/family/age", age);
        say(desk, extra.0, extra.1);
        finish(desk);
        desk.sync().unwrap();
    }
    lead.sync().unwrap();
    let conflicts = lead.conflicts("zh-CN").unwrap();
    assert_eq!(conflicts.len(), 1, "only the same question waits");
    let conflict = &conflicts[0];
    assert_eq!(
        (conflict.field.as_str(), conflict.number.as_str(), conflict.label.as_str()),
        ("/family/age", "A2", "几岁？")
    );
    let mut sides: Vec<_> = conflict.sides.iter().map(|side| (side.author.as_str(), side.value.as_str())).collect();
    sides.sort_unstable();
    assert_eq!(sides, [("周宁", "10"), ("陈禾", "8")]);
    assert_eq!(conflict.base.as_ref().map(|base| base.value.as_str()), Some("9"));

    // A decision needs a reason, and travels back.
    let mut decision = DecisionInput {
        record: conflict.record.clone(),
        field: conflict.field.clone(),
        value: "8".into(),
        non_answer: None,
        names: conflict.sides.iter().map(|side| side.entry.clone()).collect(),
        reason: String::new(),
    };
    assert_eq!(lead.decide(&decision).unwrap_err().code, "reason-missing");
    assert_eq!(zhou.decide(&decision).unwrap_err().code, "no-right");
    decision.reason = "奶奶当面更正".into();
    lead.decide(&decision).unwrap();
    assert!(lead.conflicts("zh-CN").unwrap().is_empty());
    lead.sync().unwrap();
    for desk in [&mut chen, &mut zhou] {
        desk.sync().unwrap();
        desk.open_interview(&id, "zh-CN").unwrap();
        let age = desk.go(&Move::Field { field: "/family/age".into() }).unwrap();
        assert_eq!(age.page.items[0].value, "8");
    }
    // Different answers merged by themselves, for all who may read both laptops' chains.
    for desk in [&mut lead, &mut zhou] {
        desk.open_interview(&id, "zh-CN").unwrap();
        for (field, value) in [("/family/say", "想爸爸"), ("/family/mother", "away")] {
            let page = desk.go(&Move::Field { field: field.into() }).unwrap().page;
            assert_eq!(page.items[0].value, value);
        }
    }

    // Tables.
    let out = field.lead.data().join("导出");
    let input = ExportInput {
        form: "pupil".into(),
        labels: true,
        names: false,
        files: false,
        entities: false,
        instances: false,
        identified: true,
        reason: "试用".into(),
        ..ExportInput::default()
    };
    let report = lead.export_csv(&input, &out, "zh-CN").unwrap();
    assert_eq!(report.files.iter().map(|file| file.rows).collect::<Vec<_>>(), [2, 3]);
    let table = std::fs::read_to_string(out.join(&report.files[0].name)).unwrap();
    assert!(
        table.starts_with('\u{feff}') && table.contains("练习") && table.contains("外省") && table.contains("想爸爸")
    );
    assert!(!table.contains("小满"), "names are left out unless asked for");
    drop(field.hub);
}

#[test]
fn a_hub_that_is_away_or_another_one_is_said_clearly_and_nothing_is_lost() {
    let (field, _lead, mut chen, _zhou) = set_up();
    begin(&mut chen, "217");
    say(&mut chen, "/family/say", "在");
    finish(&mut chen);
    let Field { hub: running, wuyi, folder, .. } = field;
    let listen = running.address();
    running.stop().unwrap();
    assert_eq!(chen.sync().unwrap_err().code, "hub-unreachable");
    assert!(chen.outbox().unwrap().entries > 0);
    // Another hub at the same address: its key is not the pinned one.
    let options = Options {
        data: folder.path().join("another hub"),
        listen,
        address: None,
        now: || 0,
        limits: Limits::default(),
    };
    let other = tianye_hub::start(&options).unwrap();
    assert_eq!(chen.sync().unwrap_err().code, "hub-wrong-key");
    other.stop().unwrap();
    let again = tianye_hub::start(&Options { data: folder.path().join("hub"), ..options }).unwrap();
    assert_eq!(chen.sync().unwrap().view.outbox.entries, 0);
    again.stop().unwrap();
    drop(wuyi);
}

#[test]
fn wrong_words_are_refused_with_their_codes() {
    let folder = TempDir::new().unwrap();
    let laptop = laptop(folder.path(), "一台");
    let new = |passphrase: &str, title: &str| NewProject {
        title: title.into(),
        person: "沈一帆".into(),
        device: String::new(),
        passphrase: passphrase.into(),
        hub_card: None,
    };
    let code = |outcome: tianye_desk::Result<Desk>| outcome.err().map(|refusal| refusal.code).unwrap_or_default();
    assert_eq!(code(laptop.create_project(&new("短", "项目"))), "passphrase-too-short");
    assert_eq!(code(laptop.create_project(&new(PASSPHRASE, " "))), "field-empty");
    let mut lead = laptop.create_project(&new(PASSPHRASE, "项目")).unwrap();
    let id = laptop.start().unwrap().stores[0].id.clone();
    assert_eq!(code(laptop.unlock(&id, "不是这一句口令啊")), "wrong-passphrase");
    assert_eq!(laptop.read_invitation("abc").unwrap_err().code, "invitation-damaged");
    assert_eq!(lead.check_form("a.docx", b"", &|_| None).unwrap_err().code, "form-format");
    let report =
        lead.check_form("a.md", "| survey | | |\n| | type | name |\n| | wrong | q |\n".as_bytes(), &|_| None).unwrap();
    assert!(!report.usable);
    let problem = &report.problems[0];
    assert_eq!((problem.sheet.as_str(), problem.row), ("survey", 2));
    assert_eq!(lead.add_form().unwrap_err().code, "form-unusable");
    assert_eq!(lead.sync().unwrap_err().code, "hub-none");
}
