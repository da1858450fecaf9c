//! New versions of a form among drafts: shown, moved, taken back, merged, exported.

#![allow(clippy::unwrap_used, reason = "a failed act fails the test")]

use std::path::Path;
use std::sync::Arc;

use tempfile::TempDir;
use tianye_desk::view::{
    AnswerInput, DecisionInput, ExportInput, InterviewView, Item, Move, MoveView, NewInterview, NewProject, Role,
};
use tianye_desk::world::Machine;
use tianye_desk::{Cancel, Desk, KdfCost, Laptop};
use tianye_hub::{Limits, Options, Running};

const PASSPHRASE: &str = "竹篮 半夜 蓝色 拖拉机";

const CHOICES: &str = "
| choices | | | | |
| | list_name | name | label | renamed_from |
| | who | mother | 妈妈 | |
| | who | father | 爸爸 | |
| | parent | mum | 妈妈 | mother |
| | parent | father | 爸爸 | |
";

const FIRST: &str = "
| survey | | | | | |
| | type | name | label | renamed_from | constraint |
| | text | say | A1 孩子说什么？ | | |
| | integer | age | A2 几岁？ | | |
| | select_one who | carer | A3 谁照顾？ | | |
| | text | phone | A4 电话 | | |
| | text | diary | A5 日记 | | |
| | begin_repeat | roster | B 家里还有谁 | | |
| | text | who | B1 是谁？ | | |
| | end_repeat | | | | |
";

const SECOND: &str = "
| survey | | | | | |
| | type | name | label | renamed_from | constraint |
| | text | words | A1 孩子说了什么？ | say | |
| | integer | age | A2 几岁？ | | . < 16 |
| | select_one parent | carer | A3 谁照顾？ | | |
| | integer | phone | A4 电话 | | |
| | text | wish | A6 有什么愿望？ | | |
| | begin_repeat | people | B 家里还有谁 | roster | |
| | text | called | B1 是谁？ | who | |
| | end_repeat | | | | |
";

fn workbook(survey: &str, version: &str) -> String {
    format!(
        "{survey}{CHOICES}| settings | | | |\n| | form_title | form_id | version |\n| | 学生问卷 | pupil | {version} |\n"
    )
}

fn publish(desk: &mut Desk, survey: &str, version: &str) {
    let report = desk.check_form("pupil.md", workbook(survey, version).as_bytes(), &|_| None).unwrap();
    assert!(report.usable, "{:?}", report.problems.iter().map(|problem| &problem.detail).collect::<Vec<_>>());
    desk.add_form().unwrap();
}

struct Team {
    folder: TempDir,
    _hub: Running,
    lead: Desk,
    chen: Desk,
    zhou: Desk,
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
    publish(&mut lead, FIRST, "1");
    lead.add_practice_places().unwrap();
    lead.sync().unwrap();
    let (wuyi, wenling) = (laptop(folder.path(), "武义"), laptop(folder.path(), "温岭"));
    let chen = join(&mut lead, &wuyi, "陈禾");
    let zhou = join(&mut lead, &wenling, "周宁");
    lead.sync().unwrap();
    Team { folder, _hub: hub, lead, chen, zhou, wuyi }
}

fn join(lead: &mut Desk, laptop: &Laptop, name: &str) -> Desk {
    let invitation = lead.invite(name, "第一组", Role::Interviewer).unwrap();
    let view = laptop.read_invitation(&invitation).unwrap();
    let waiting = laptop.request_join(&view.id, PASSPHRASE, "示例电脑").unwrap();
    let request = lead.team().unwrap().requests[0].id.clone();
    lead.approve(&request).unwrap();
    let mut desk = laptop.unlock(&waiting.id, PASSPHRASE).unwrap();
    desk.sync().unwrap();
    desk
}

fn begin(desk: &mut Desk, code: &str) -> String {
    let site = desk.home("zh-CN").unwrap().sites[0].id.clone();
    let new = NewInterview {
        form: "pupil".into(),
        assignment: None,
        code: code.into(),
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
    page.items.into_iter().find(|item| item.field == field).unwrap_or_else(|| panic!("no {field}"))
}

fn fill(desk: &mut Desk, code: &str) -> String {
    let id = begin(desk, code);
    for (field, value) in [
        ("/say", "想妈妈"),
        ("/age", "17"),
        ("/carer", "mother"),
        ("/phone", "没有"),
        ("/diary", "很长"),
        ("/roster[~1]/who", "奶奶"),
    ] {
        say(desk, field, value);
    }
    id
}

fn lines(view: &MoveView) -> Vec<String> {
    view.lines
        .iter()
        .map(|line| {
            format!(
                "{:?} {} {}→{} {} {}",
                line.fate, line.number, line.value, line.new_value, line.new_label, line.reason
            )
        })
        .collect()
}

fn apart(view: &InterviewView) -> Vec<String> {
    view.apart
        .iter()
        .map(|line| format!("{} {} {}: {} ({})", line.number, line.label, line.value, line.reason, line.version))
        .collect()
}

#[test]
fn a_draft_goes_on_in_its_version_until_it_is_moved() {
    let Team { folder: _folder, mut lead, mut chen, wuyi, _hub, .. } = team();
    let id = fill(&mut chen, "217");
    publish(&mut lead, SECOND, "2");
    lead.sync().unwrap();

    // It arrives in the middle of the interview, and nothing changes under the interviewer's hands.
    let report = chen.courier().unwrap().run(&Cancel::default(), &mut |_| ()).unwrap();
    chen.after_sync(&report).unwrap();
    say(&mut chen, "/say", "想妈妈，想爸爸");
    assert_eq!(item(&mut chen, "/say").value, "想妈妈，想爸爸");
    chen.pause_interview("zh-CN").unwrap();
    let card = chen.records("zh-CN").unwrap().into_iter().find(|card| card.id == id).unwrap();
    assert_eq!(card.newer.as_deref(), Some("2"));
    let view = chen.open_interview(&id, "zh-CN").unwrap();
    assert_eq!((view.versions.version.as_str(), view.versions.newer.as_deref()), ("1", Some("2")));
    assert_eq!(view.versions.moved_from, None);
    say(&mut chen, "/age", "18");

    // What would become of it.
    let preview = chen.preview_move(&id, "zh-CN").unwrap();
    assert_eq!((preview.from.as_str(), preview.to.as_str(), preview.count, preview.kept), ("1", "2", 6, 0));
    assert_eq!(
        lines(&preview),
        [
            "Dropped A4 没有→  leftover-other-type",
            "Dropped A5 很长→  leftover-unknown-node",
            "Invalid A2 18→18 几岁？ ",
            "Recoded A3 妈妈→妈妈 谁照顾？ ",
            "Renamed A1 想妈妈，想爸爸→想妈妈，想爸爸 孩子说了什么？ ",
            "Renamed B1 奶奶→奶奶 是谁？ ",
        ]
    );
    assert_eq!(preview.added.iter().map(|line| line.label.as_str()).collect::<Vec<_>>(), ["有什么愿望？"]);

    // Moved; the laptop dies; it is there.
    let moved = chen.move_interview(&id, "zh-CN").unwrap();
    assert_eq!((moved.versions.version.as_str(), moved.versions.moved_from.as_deref()), ("2", Some("1")));
    drop(chen);
    let store = wuyi.start().unwrap().stores[0].id.clone();
    let mut chen = wuyi.unlock(&store, PASSPHRASE).unwrap();
    let view = chen.open_interview(&id, "zh-CN").unwrap();
    assert_eq!((view.versions.version.as_str(), view.versions.newer.as_deref()), ("2", None));
    assert_eq!(apart(&view), ["A5 日记 很长: recheck-question-gone (1)", "A4 电话 没有: recheck-other-type ()",]);
    for (field, value) in [
        ("/words", "想妈妈，想爸爸"),
        ("/age", "18"),
        ("/carer", "mum"),
        ("/phone", ""),
        ("/people[~1]/called", "奶奶"),
    ] {
        assert_eq!(item(&mut chen, field).value, value, "{field}");
    }

    // Taken back, moved again; what is answered then keeps it there.
    let back = chen.take_move_back(&id, "zh-CN").unwrap();
    assert_eq!((back.versions.version.as_str(), back.versions.newer.as_deref()), ("1", Some("2")));
    assert_eq!(
        (item(&mut chen, "/phone").value.as_str(), item(&mut chen, "/carer").value.as_str()),
        ("没有", "mother")
    );
    assert!(back.apart.is_empty());
    chen.move_interview(&id, "zh-CN").unwrap();
    say(&mut chen, "/phone", "13800138000");
    assert_eq!(chen.take_move_back(&id, "zh-CN").unwrap_err().code, "move-kept");
    chen.undo().unwrap();
    assert_eq!(chen.take_move_back(&id, "zh-CN").unwrap().versions.version, "1");
    chen.move_interview(&id, "zh-CN").unwrap();
    say(&mut chen, "/age", "9");
    chen.finalise("zh-CN").unwrap();
    assert_eq!(chen.take_move_back(&id, "zh-CN").unwrap_err().code, "move-kept");

    // New interviews use the newest version, and nothing is offered there.
    begin(&mut chen, "218");
    assert!(item(&mut chen, "/wish").value.is_empty());
    assert_eq!(chen.preview_move(&id, "zh-CN").unwrap_err().code, "no-newer-version");
    chen.sync().unwrap();
    lead.sync().unwrap();
    let read = lead.open_interview(&id, "zh-CN").unwrap();
    assert_eq!(read.versions.version, "2");
    assert_eq!(item(&mut lead, "/words").value, "想妈妈，想爸爸");
    assert_eq!(apart(&read).len(), 2);
}

#[test]
fn a_finalised_interview_is_corrected_in_its_version_unless_it_is_moved() {
    let Team { folder: _folder, mut lead, mut chen, _hub, .. } = team();
    let id = fill(&mut chen, "217");
    chen.finalise("zh-CN").unwrap();
    publish(&mut lead, SECOND, "2");
    lead.sync().unwrap();
    chen.sync().unwrap();
    assert_eq!(chen.records("zh-CN").unwrap()[0].newer, None, "nothing is to be decided of a finalised one");
    let view = chen.correct_interview(&id, "zh-CN").unwrap();
    assert_eq!((view.versions.version.as_str(), view.versions.newer.as_deref()), ("1", Some("2")));
    let moved = chen.move_interview(&id, "zh-CN").unwrap();
    assert_eq!(moved.versions.version, "2");
    say(&mut chen, "/age", "9");
    chen.finalise("zh-CN").unwrap();
    assert_eq!(chen.open_interview(&id, "zh-CN").unwrap().versions.version, "2");
    assert_eq!(item(&mut chen, "/words").value, "想妈妈");
}

#[test]
fn laptops_on_different_versions_merge_across_names_and_codes() {
    let Team { folder, mut lead, mut chen, mut zhou, _hub, .. } = team();
    let id = fill(&mut chen, "217");
    chen.finalise("zh-CN").unwrap();
    chen.sync().unwrap();
    lead.sync().unwrap();
    let member = lead.team().unwrap().members.iter().find(|one| one.name == "周宁").unwrap().id.clone();
    lead.hand_over(&id, &member, "zh-CN").unwrap();
    publish(&mut lead, SECOND, "2");
    lead.sync().unwrap();
    // Chen has not synced and corrects under the first version; Zhou moves it to the second one.
    chen.correct_interview(&id, "zh-CN").unwrap();
    for (field, value) in [("/say", "想爸爸"), ("/carer", "father"), ("/diary", "短了")] {
        say(&mut chen, field, value);
    }
    chen.finalise("zh-CN").unwrap();
    zhou.sync().unwrap();
    zhou.correct_interview(&id, "zh-CN").unwrap();
    zhou.move_interview(&id, "zh-CN").unwrap();
    for (field, value) in [("/words", "想回家"), ("/carer", "father"), ("/age", "9")] {
        say(&mut zhou, field, value);
    }
    zhou.finalise("zh-CN").unwrap();
    chen.sync().unwrap();
    zhou.sync().unwrap();
    lead.sync().unwrap();

    // The same question under two names is one conflict; the same code on both sides is none.
    assert_eq!(lead.count_conflicts().unwrap(), 1);
    let conflicts = lead.conflicts("zh-CN").unwrap();
    let shown: Vec<_> = conflicts.iter().map(|one| (one.field.as_str(), one.label.as_str())).collect();
    assert_eq!(shown, [("/words", "孩子说了什么？")]);
    let conflict = &conflicts[0];
    assert_eq!(conflict.base.as_ref().map(|base| base.value.as_str()), Some("想妈妈"));
    lead.decide(&DecisionInput {
        record: conflict.record.clone(),
        field: conflict.field.clone(),
        value: "想爸爸".into(),
        non_answer: None,
        names: conflict.sides.iter().map(|side| side.entry.clone()).collect(),
        reason: "听录音".into(),
    })
    .unwrap();
    assert_eq!(lead.count_conflicts().unwrap(), 0);
    let view = lead.open_interview(&id, "zh-CN").unwrap();
    assert_eq!(view.versions.version, "2", "read under the newest among the heads");
    assert_eq!(
        (item(&mut lead, "/words").value.as_str(), item(&mut lead, "/carer").value.as_str()),
        ("想爸爸", "father")
    );
    assert_eq!(apart(&view), ["A5 日记 短了: recheck-question-gone (1)", "A4 电话 没有: recheck-other-type ()",]);

    // A third version calls it differently again: the decision still holds.
    let third = SECOND.replace("words | A1 孩子说了什么？ | say", "utterance | A1 孩子怎么说？ | words");
    publish(&mut lead, &third, "3");
    lead.correct_interview(&id, "zh-CN").unwrap();
    lead.move_interview(&id, "zh-CN").unwrap();
    assert_eq!(item(&mut lead, "/utterance").value, "想爸爸");
    say(&mut lead, "/wish", "上学");
    lead.finalise("zh-CN").unwrap();
    assert_eq!(lead.count_conflicts().unwrap(), 0);
    drop(folder);
}

#[test]
fn what_came_in_under_the_newer_version_has_its_old_codes_where_a_move_is_taken_back() {
    let Team { folder: _folder, mut lead, mut chen, mut zhou, _hub, .. } = team();
    let id = fill(&mut chen, "217");
    say(&mut chen, "/carer", "father");
    chen.finalise("zh-CN").unwrap();
    chen.sync().unwrap();
    lead.sync().unwrap();
    let member = lead.team().unwrap().members.iter().find(|one| one.name == "周宁").unwrap().id.clone();
    lead.hand_over(&id, &member, "zh-CN").unwrap();
    publish(&mut lead, SECOND, "2");
    lead.sync().unwrap();
    zhou.sync().unwrap();
    lead.correct_interview(&id, "zh-CN").unwrap();
    lead.move_interview(&id, "zh-CN").unwrap();
    zhou.correct_interview(&id, "zh-CN").unwrap();
    zhou.move_interview(&id, "zh-CN").unwrap();
    for (field, value) in [("/carer", "mum"), ("/words", "想妈妈了"), ("/age", "9")] {
        say(&mut zhou, field, value);
    }
    zhou.finalise("zh-CN").unwrap();
    zhou.sync().unwrap();
    lead.sync().unwrap();
    assert_eq!(lead.take_move_back(&id, "zh-CN").unwrap().versions.version, "1");
    assert_eq!(item(&mut lead, "/carer").value, "mother");
    assert_eq!(item(&mut lead, "/say").value, "想妈妈了");
}

#[test]
fn a_hint_to_a_name_that_no_version_had_is_told_when_the_form_is_checked() {
    let Team { folder: _folder, mut lead, _hub, .. } = team();
    let told = |lead: &mut Desk, survey: &str| {
        let report = lead.check_form("pupil.md", workbook(survey, "2").as_bytes(), &|_| None).unwrap();
        let hints = report.problems.iter().filter(|problem| problem.code.starts_with("renamed-from"));
        hints
            .map(|problem| format!("{} {} {}{}", problem.code, problem.args["found"], problem.column, problem.row))
            .collect::<Vec<_>>()
    };
    assert_eq!(told(&mut lead, SECOND), Vec::<String>::new());
    assert_eq!(told(&mut lead, &SECOND.replace("| say |", "| says |")), ["renamed-from-unknown says D2"]);
}

/// The tables of an export as `heading: cell | cell …` lines, without the frame.
fn export(desk: &Desk, folder: &Path, labels: bool) -> Vec<String> {
    let input = ExportInput {
        form: "pupil".into(),
        labels,
        names: false,
        files: false,
        entities: false,
        instances: false,
        identified: true,
        reason: "试用".into(),
        ..ExportInput::default()
    };
    let report = desk.export_csv(&input, folder, "zh-CN").unwrap();
    let mut lines = Vec::new();
    for file in &report.files {
        lines.push(format!("# {}", file.name));
        let text = std::fs::read_to_string(folder.join(&file.name)).unwrap();
        let mut rows: Vec<Vec<&str>> =
            text.trim_start_matches('\u{feff}').lines().map(|line| line.split(',').collect()).collect();
        // Interviews stand in the order of their random ids.
        // Interviews stand in the order of their random ids.
        if !file.name.contains("版本") {
            rows[1..].sort_by_key(|row| row.iter().skip(2).map(|cell| (*cell).to_owned()).collect::<Vec<_>>());
        }
        for (at, heading) in rows[0].iter().enumerate() {
            let cells: Vec<&str> = rows[1..].iter().map(|row| row[at]).collect();
            lines.push(format!("{heading}: {}", cells.join(" | ")));
        }
    }
    let frame = ["练习:", "记录编号", "县", "乡镇", "学校", "班级", "访员", "状态", "未决", "instanceID", "行号"];
    lines.retain(|line| !frame.iter().any(|word| line.starts_with(word)));
    lines
}

const CODES: &str = "
| choices | | | | |
| | list_name | name | label | renamed_from |
| | who | mother | 妈妈 | |
| | who | father | 爸爸 | |
| | who | aunt | 姑姑 | |
| | kin | parent | 爸爸妈妈 | mother father |
| | kin | auntie | 姑姑 | aunt |
";

/// Two versions: two codes become one, another is renamed, a sum is computed differently, and a question for files goes.
fn coded(newer: bool) -> String {
    let (carer, sum) = if newer { ("kin", "${age} + 1") } else { ("who", "${age} * 2") };
    let gone = if newer { "" } else { "| | file | scan | A3 扫描件 | |\n| | calculate | old | | ${age} * 3 |\n" };
    let version = if newer { "2" } else { "1" };
    format!(
        "| survey | | | | |\n| | type | name | label | calculation |\n| | integer | age | A1 几岁？ | |\n\
         | | select_one {carer} | carer | A2 谁照顾？ | |\n| | calculate | sum | | {sum} |\n\
         | | calculate | lot | | once(random()) |\n{gone}{CODES}| settings | | |\n\
         | | form_title | form_id | version |\n| | 编码 | coded | {version} |\n"
    )
}

fn publish_coded(desk: &mut Desk, newer: bool) {
    let report = desk.check_form("coded.md", coded(newer).as_bytes(), &|_| None).unwrap();
    assert!(report.usable, "{:?}", report.problems.iter().map(|problem| &problem.detail).collect::<Vec<_>>());
    desk.add_form().unwrap();
}

#[test]
fn merged_codes_other_sums_and_files_of_gone_questions_are_told() {
    let Team { folder, mut lead, mut chen, _hub, .. } = team();
    publish_coded(&mut lead, false);
    lead.sync().unwrap();
    chen.sync().unwrap();
    let site = chen.home("zh-CN").unwrap().sites[0].id.clone();
    let new = NewInterview {
        form: "coded".into(),
        assignment: None,
        code: "301".into(),
        name: "小满".into(),
        site,
        ..NewInterview::default()
    };
    let id = chen.start_interview(&new, "zh-CN").unwrap().id;
    say(&mut chen, "/age", "9");
    say(&mut chen, "/carer", "mother");
    let scan = [b"%PDF-1.4\n".as_slice(), &[7; 64]].concat();
    let sealed = chen.sealer("/scan").unwrap().bytes(&scan, "").unwrap();
    chen.attach(sealed).unwrap();
    chen.pause_interview("zh-CN").unwrap();
    publish_coded(&mut lead, true);
    lead.sync().unwrap();
    chen.sync().unwrap();

    let preview = chen.preview_move(&id, "zh-CN").unwrap();
    let told: Vec<_> = preview
        .lines
        .iter()
        .map(|line| format!("{:?} {} {} {:?}", line.fate, line.number, line.together.join(" "), line.file))
        .collect();
    assert_eq!(told, ["Dropped A3  true", "Recoded A2 爸爸 false"]);
    chen.sync().unwrap();
    lead.sync().unwrap();

    // The table has both, and the file goes out though its question is gone.
    let out = folder.path().join("out");
    let input = ExportInput {
        form: "coded".into(),
        labels: false,
        names: false,
        files: true,
        entities: false,
        instances: false,
        identified: true,
        reason: "试用".into(),
        ..ExportInput::default()
    };
    let report = lead.export_csv(&input, &out, "zh-CN").unwrap();
    assert_eq!((report.attached, report.missing), (1, 0));
    let name = std::fs::read_dir(out.join(&report.attachments)).unwrap().next().unwrap().unwrap().file_name();
    let name = name.to_string_lossy().into_owned();
    let table = std::fs::read_to_string(out.join(&report.files[0].name)).unwrap();
    let rows: Vec<Vec<&str>> =
        table.trim_start_matches('\u{feff}').lines().map(|line| line.split(',').collect()).collect();
    let cell = |heading: &str| rows[0].iter().position(|found| *found == heading).map(|at| rows[1][at]);
    for (heading, expect) in [
        ("carer", Some("parent")),
        ("carer.as_given", Some("mother")),
        ("sum", Some("10")),
        ("sum.as_given", Some("18")),
        ("old", Some("27")),
        ("lot.as_given", None),
        ("scan", Some(name.as_str())),
    ] {
        assert_eq!(cell(heading), expect, "{heading} of {:?}", rows[0]);
    }
}

#[test]
fn all_versions_stand_in_one_table() {
    let Team { folder, mut lead, mut chen, _hub, .. } = team();
    fill(&mut chen, "217");
    chen.finalise("zh-CN").unwrap();
    publish(&mut lead, SECOND, "2");
    lead.sync().unwrap();
    chen.sync().unwrap();
    begin(&mut chen, "218");
    for (field, value) in [("/words", "好"), ("/age", "9"), ("/carer", "father"), ("/phone", "12345678")] {
        say(&mut chen, field, value);
    }
    chen.finalise("zh-CN").unwrap();
    chen.sync().unwrap();
    lead.sync().unwrap();
    let named = export(&lead, &folder.path().join("names"), false);
    assert_eq!(
        named,
        [
            "# 练习_pupil.csv",
            "对象编号: 217 | 218",
            "表单版本: 1 | 2",
            "words: 想妈妈 | 好",
            "age: 17 | 9",
            "carer: mum | father",
            "phone:  | 12345678",
            "wish:  | ",
            "diary: 很长 | ",
            "carer.as_given: mother | ",
            "phone.as_given: 没有 | ",
            "# 练习_pupil_people.csv",
            "called:  | 奶奶",
            "# 练习_pupil_版本.csv",
            "题: words | carer | carer | phone | diary | people/called",
            "版本: 1 | 1 | 1 | 1 | 1 | 1",
            "有什么不同: 改了名或挪了位置 | 选项代码改了 | 有的答案在最新版本里读法不同，另有“原样”一列 | 有的答案在最新版本里读法不同，另有“原样”一列 | 最新版本没有这道题 | 改了名或挪了位置",
            "那个版本里: say | mother | carer | phone | diary | roster/who",
            "最新版本里: words | mum | carer.as_given | phone.as_given |  | people/called",
        ]
    );
    let labelled = export(&lead, &folder.path().join("labels"), true);
    for line in [
        "A3 谁照顾？: 妈妈 | 爸爸",
        "A5 日记（旧版 1）: 很长 | ",
        "A3 谁照顾？（原样）: 妈妈 | ",
        "A4 电话（原样）: 没有 | ",
    ] {
        assert!(labelled.iter().any(|found| found == line), "{line} in {labelled:#?}");
    }
    // A repeat that is gone keeps its table.
    let third = SECOND.split("| | begin_repeat").next().unwrap();
    publish(&mut lead, third, "3");
    let files = export(&lead, &folder.path().join("third"), false);
    assert!(files.contains(&"called:  | 奶奶".to_owned()), "{files:#?}");
}
