//! Exports: de-identified unless somebody with the right says why not.

#![allow(clippy::unwrap_used, reason = "a failed act fails the test")]

mod common;

use std::collections::BTreeSet;
use std::path::Path;

use common::{begin, finish, join_as, laptop, say, set_up};
use tianye_desk::Desk;
use tianye_desk::view::{ExportInput, ExportLevel, ExportPreview, ExportPurpose, Role};

/// A form with something of everything that tells who somebody is.
const FORM: &str = "
| survey | | | | | |
| | type | name | label | calculation | tianye::identifying |
| | start | start | | | |
| | deviceid | deviceid | | | |
| | text | say | A1 说什么？ | | |
| | text | dream | A2 想做什么？ | | no |
| | text | street | A3 住哪里？ | | yes |
| | text | guardian_name | A4 谁照料？ | | |
| | date | birth_date | A5 生日 | | |
| | date | left_on | A6 爸爸哪天走的？ | | |
| | select_one sex | sex | A7 男孩女孩 | | |
| | select_one village | village | A8 村 | | village |
| | integer | phone | A9 电话 | | |
| | integer | friends | A10 几个朋友 | | |
| | geopoint | home | A11 家 | | |
| | calculate | both | | concat(${say}, '/', ${street}) | |
| | calculate | many | | if(${friends} > 3, 'many', 'few') | |
| | begin_repeat | roster | B 家里人 | | |
| | text | who | B1 是谁？ | | |
| | integer | years | B2 几岁？ | | |
| | end_repeat | | | | |
| choices | | | |
| | list_name | name | label |
| | sex | f | 女 |
| | sex | m | 男 |
| | village | baimu | 白姆村 |
| | village | yunling | 云岭村 |
| settings | | | |
| | form_title | form_id | version |
| | 问卷 | pupil | 9 |
";

/// What children say that no file may hold.
const MARKERS: [&str; 8] = ["标记甲", "标记街", "标记人", "小满", "217", "13957900001", "2007-03-01", "2016-09-05"];

fn input() -> ExportInput {
    ExportInput { form: "pupil".into(), ..ExportInput::default() }
}

fn fill(desk: &mut Desk, code: &str, sex: &str, phone: &str) -> String {
    fill_at(desk, code, sex, phone, ("baimu", "28.8912 119.8123 0 0"))
}

fn fill_at(desk: &mut Desk, code: &str, sex: &str, phone: &str, (village, home): (&str, &str)) -> String {
    let view = begin(desk, code);
    for (field, value) in [
        ("/say", "标记甲"),
        ("/dream", "当老师"),
        ("/street", "标记街 5 号"),
        ("/guardian_name", "标记人"),
        ("/birth_date", "2007-03-01"),
        ("/left_on", "2016-09-05"),
        ("/sex", sex),
        ("/village", village),
        ("/phone", phone),
        ("/friends", "4"),
        ("/home", home),
    ] {
        say(desk, field, value);
    }
    finish(desk);
    view.id
}

fn text_of(folder: &Path) -> String {
    let mut text = String::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            text.push_str(&text_of(&path));
        } else {
            text.push_str(&String::from_utf8_lossy(&std::fs::read(path).unwrap()));
        }
    }
    text
}

/// The rows of a table by heading.
fn rows(folder: &Path, file: &str) -> Vec<Vec<(String, String)>> {
    let text = std::fs::read_to_string(folder.join(file)).unwrap();
    let mut lines = text.trim_start_matches('\u{feff}').lines().map(|line| line.split(',').collect::<Vec<_>>());
    let head = lines.next().unwrap();
    let pair =
        |row: Vec<&str>| head.iter().zip(row).map(|(head, cell)| ((*head).to_owned(), cell.to_owned())).collect();
    lines.map(pair).collect()
}

fn cell<'r>(row: &'r [(String, String)], head: &str) -> &'r str {
    row.iter().find(|(known, _)| known == head).map_or("no such column", |(_, cell)| cell.as_str())
}

fn done(preview: &ExportPreview, path: &str) -> String {
    preview.columns.iter().find(|column| column.path == path).map(|column| column.done.clone()).unwrap_or_default()
}

struct Set {
    field: common::Field,
    lead: Desk,
    chen: Desk,
    ids: Vec<String>,
}

fn three() -> Set {
    let (field, mut lead, mut chen, _) = set_up();
    assert!(lead.check_form("pupil.md", FORM.as_bytes(), &|_| None).unwrap().usable);
    lead.add_form().unwrap();
    lead.sync().unwrap();
    chen.sync().unwrap();
    let people = [("217", "f", "13957900001"), ("218", "f", "13957900002"), ("219", "m", "13957900003")];
    let ids = people.map(|(code, sex, phone)| fill(&mut chen, code, sex, phone)).to_vec();
    chen.sync().unwrap();
    lead.sync().unwrap();
    Set { field, lead, chen, ids }
}

#[test]
fn without_further_words_a_table_tells_of_nobody_who_it_is() {
    let Set { field, lead, ids, .. } = three();
    let out = field.folder.path().join("去标识");
    let report = lead.export_csv(&input(), &out, "zh-CN").unwrap();
    let names: Vec<&str> = report.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["练习_pupil.csv", "练习_pupil_roster.csv", "练习_pupil_编码本.csv"]);
    let text = text_of(&out);
    for marker in MARKERS.iter().map(|marker| (*marker).to_owned()).chain(ids.iter().cloned()) {
        assert!(!text.contains(&marker), "{marker} stands in the export");
    }
    assert!(!text.contains("陈禾"), "interviewers are told by codes");
    let table = rows(&out, "练习_pupil.csv");
    assert_eq!(table.len(), 3);
    for row in &table {
        assert_eq!((cell(row, "dream"), cell(row, "friends"), cell(row, "many")), ("当老师", "4", "many"));
        let years: i64 = cell(row, "birth_date.age").parse().unwrap();
        assert!((5..60).contains(&years));
        assert!(cell(row, "left_on.weeks").parse::<i64>().unwrap() < 0, "before the project began");
        for gone in
            ["say", "street", "guardian_name", "phone", "home.lat", "both", "village", "deviceid", "学校", "班级"]
        {
            assert_eq!(cell(row, gone), "no such column", "{gone}");
        }
        assert_eq!(cell(row, "home.area"), "28.5 119.5", "a point is an area, some fifty kilometres wide");
        assert_eq!(cell(row, "研究编号").len(), 14);
        assert_ne!(cell(row, "研究编号"), cell(row, "记录编号"));
    }
    let book = std::fs::read_to_string(out.join("练习_pupil_编码本.csv")).unwrap();
    for (name, what) in [("birth_date", "周岁"), ("left_on", "周数"), ("say", "没有人判断过"), ("street", "作者标为")]
    {
        let line = book.lines().find(|line| line.contains(name)).unwrap();
        assert!(line.contains(what), "{line}");
    }
}

#[test]
fn one_child_has_one_code_in_every_export_whoever_makes_it() {
    let Set { field, mut lead, mut chen, .. } = three();
    // The same child once more.
    fill(&mut chen, "217", "f", "13957900001");
    chen.sync().unwrap();
    lead.sync().unwrap();
    let he = join_as(&mut lead, &laptop(field.folder.path(), "分析"), "何分析", Role::Analyst);
    let codes = |desk: &Desk, name: &str| {
        let out = field.folder.path().join(name);
        desk.export_csv(&input(), &out, "zh-CN").unwrap();
        let table = rows(&out, "练习_pupil.csv");
        let codes: Vec<String> = table.iter().map(|row| cell(row, "研究编号").to_owned()).collect();
        let interviews: BTreeSet<String> = table.iter().map(|row| cell(row, "记录编号").to_owned()).collect();
        (codes, interviews)
    };
    let (one, first) = codes(&lead, "一");
    assert_eq!((one.len(), first.len()), (4, 4));
    assert_eq!((&one, &first), (&codes(&lead, "二").0, &codes(&he, "三").1));
    assert_eq!(one, codes(&he, "四").0);
}

#[test]
fn identifiers_need_a_role_and_a_reason_and_are_kept() {
    let Set { field, mut lead, chen, .. } = three();
    let he = join_as(&mut lead, &laptop(field.folder.path(), "分析"), "何分析", Role::Analyst);
    let out = field.folder.path().join("出");
    let with = ExportInput { identified: true, names: true, reason: "家访要找到人".into(), ..input() };
    #[track_caller]
    fn check(desk: &Desk, input: &ExportInput, out: &Path, code: &str) {
        assert_eq!(desk.export_csv(input, out, "zh-CN").err().map(|why| why.code).as_deref(), Some(code));
        assert!(!out.exists(), "nothing is written");
    }
    check(&chen, &input(), &out, "export-no-right");
    check(&he, &with, &out, "export-identified-no-right");
    check(&lead, &ExportInput { reason: " ".into(), ..with.clone() }, &out, "export-reason");
    check(&lead, &ExportInput { names: true, ..input() }, &out, "export-identifiers");
    check(&lead, &ExportInput { files: true, ..input() }, &out, "export-identifiers");
    let refused = he.export_instances("pupil", &out, (ExportPurpose::Analysis, "x"), "en").err().map(|why| why.code);
    assert_eq!(refused.as_deref(), Some("export-identified-no-right"));
    lead.export_csv(&with, &out, "zh-CN").unwrap();
    assert!(text_of(&out).contains("标记街"));
    lead.export_csv(&input(), &field.folder.path().join("又"), "zh-CN").unwrap();
    let log = lead.export_log().unwrap();
    let told: Vec<(bool, &str, u32)> =
        log.iter().map(|row| (row.identified, row.reason.as_str(), row.interviews)).collect();
    assert_eq!(told, [(false, "", 3), (true, "家访要找到人", 3)]);
}

#[test]
fn small_classes_are_shown_before_anything_is_written_and_can_be_left_out() {
    let Set { field, lead, .. } = three();
    let preview = lead.preview_export(&ExportInput { k: 2, ..input() }, "zh-CN").unwrap();
    assert_eq!((preview.interviews, preview.smallest, preview.below), (3, Some(1), 1));
    let chosen: Vec<&str> =
        preview.columns.iter().filter(|column| column.chosen).map(|column| column.path.as_str()).collect();
    assert_eq!(chosen, ["@county", "/birth_date", "/sex", "/home"]);
    assert_eq!((preview.heads[2].as_str(), preview.rows[0].cells[2].as_str()), ("A7 男孩女孩", "m"));
    let without = |path: &str| preview.columns.iter().find(|column| column.path == path).unwrap().without;
    assert_eq!((without("/sex"), without("/birth_date")), (Some(0), Some(1)));
    assert_eq!(done(&preview, "/both"), "judge");
    assert_eq!((done(&preview, "/many"), done(&preview, "/roster/who")), ("kept".into(), "judge".into()));
    let wide = ExportInput { k: 2, quasi: Some(vec!["/birth_date".into()]), ..input() };
    assert_eq!(lead.preview_export(&wide, "zh-CN").unwrap().below, 0);
    assert_eq!(lead.preview_export(&input(), "zh-CN").unwrap().k, 5);
    let out = field.folder.path().join("去小类");
    lead.export_csv(&ExportInput { k: 2, suppress: true, ..input() }, &out, "en").unwrap();
    assert_eq!(rows(&out, "practice_pupil.csv").len(), 2);
}

/// The other laptops of leads and analysts learn of an export at the next sync, those of members do not, and it is told once.
#[test]
fn other_laptops_of_leads_know_of_an_export() {
    let Set { field, mut lead, mut chen, .. } = three();
    let mut second = join_as(&mut lead, &laptop(field.folder.path(), "二"), "李二", Role::Lead);
    let mut he = join_as(&mut lead, &laptop(field.folder.path(), "分析"), "何分析", Role::Analyst);
    let with = ExportInput { identified: true, reason: "家访要找到标记人".into(), ..input() };
    lead.export_csv(&with, &field.folder.path().join("出"), "zh-CN").unwrap();
    he.export_csv(&input(), &field.folder.path().join("析"), "zh-CN").unwrap();
    for _ in 0..2 {
        for desk in [&mut he, &mut lead, &mut second, &mut chen] {
            desk.sync().unwrap();
        }
    }
    let told = |desk: &Desk| {
        let log = desk.export_log().unwrap();
        let mut told: Vec<String> = log
            .iter()
            .map(|row| format!("{} {} {} {} {}", row.by, row.form, row.identified, row.reason, row.interviews))
            .collect();
        told.sort();
        told
    };
    let expect = ["何分析 pupil false  3", "沈一帆 pupil true 家访要找到标记人 3"];
    for desk in [&lead, &second, &he] {
        assert_eq!(told(desk), expect);
    }
    assert!(
        second.export_log().unwrap().iter().all(|row| row.folder.is_empty()),
        "its folder is on the laptop that exported"
    );
    assert!(told(&chen).is_empty(), "what leads say of exports is sealed for them");
}

/// Where classes are too small, what coarser places would come to is said, and a place that was coarsened tells no more.
#[test]
fn coarser_places_are_suggested_where_they_help() {
    let (_field, mut lead, ..) = set_up();
    assert!(lead.check_form("pupil.md", FORM.as_bytes(), &|_| None).unwrap().usable);
    lead.add_form().unwrap();
    for (code, village, home) in
        [("217", "baimu", "28.81 119.81"), ("218", "baimu", "28.89 119.82"), ("219", "yunling", "28.99 119.61")]
    {
        fill_at(&mut lead, code, "f", "13957900001", (village, home));
    }
    let told = |level, k, quasi: &[&str]| {
        let quasi = Some(quasi.iter().map(|path| (*path).to_owned()).collect());
        let preview = lead.preview_export(&ExportInput { level, k, quasi, ..input() }, "zh-CN").unwrap();
        let coarser: Vec<(String, u32)> =
            preview.coarser.iter().map(|one| (format!("{:?}", one.level), one.below)).collect();
        (preview.below, coarser)
    };
    let one = |level: &str, below| vec![(level.to_owned(), below)];
    assert_eq!(told(ExportLevel::Village, 2, &["/village"]), (1, one("Township", 0)));
    assert_eq!(told(ExportLevel::Township, 2, &["/home"]), (1, one("County", 0)));
    // Without villages the points still tell the third apart, and half a degree does not: townships would not help.
    assert_eq!(told(ExportLevel::Village, 2, &["/village", "/home"]), (1, one("County", 0)));
    // Nothing to suggest where classes are large enough, where it would not help, and at the coarsest level.
    assert_eq!(told(ExportLevel::Village, 1, &["/village"]), (0, vec![]));
    assert_eq!(told(ExportLevel::Village, 2, &["/phone"]).1, vec![]);
    assert_eq!(told(ExportLevel::County, 4, &["/home"]), (3, vec![]));
}

#[test]
fn what_a_person_judged_and_finer_places_are_told() {
    let Set { field, lead, .. } = three();
    let out = field.folder.path().join("判断过");
    let judged = ExportInput { judged: vec!["/say".into()], level: ExportLevel::Village, ..input() };
    lead.export_csv(&judged, &out, "zh-CN").unwrap();
    let table = rows(&out, "练习_pupil.csv");
    for row in &table {
        assert_eq!((cell(row, "say"), cell(row, "village"), cell(row, "村")), ("标记甲", "baimu", ""));
    }
    assert_eq!(cell(&table[0], "street"), "no such column", "what its author marked is not for anybody to judge");
}
