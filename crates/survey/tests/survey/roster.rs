use crate::dsl::{chain, hash, name, person, record, team};
use expect_test::{Expect, expect};
use std::fmt::Write as _;
use tianye_journal::{RecordId, Seq};
use tianye_survey::roster::{self, Column, Line, Plan, Problem, Reading, RowAct, Severity};
use tianye_survey::*;

/// A project, and how many ids were made in it.
struct World {
    project: ProjectState,
    made: u32,
    entries: Vec<Opened>,
}

impl World {
    fn new() -> Self {
        let mut world = Self { project: ProjectState::default(), made: 0, entries: Vec::new() };
        for (of, kind, name, parent) in [
            ("county", SiteKind::County, "温岭市", None),
            ("school", SiteKind::School, "石塘小学（示例）", Some("county")),
            ("c41", SiteKind::Class, "四（1）班", Some("school")),
            ("c42", SiteKind::Class, "四（2）班", Some("school")),
            ("other", SiteKind::School, "松门小学", Some("county")),
            ("o41", SiteKind::Class, "四（1）班", Some("other")),
        ] {
            let site = Site { parent: parent.map(record), ..Site::new(kind, Names::both(name)) };
            world.write(record(of), Content::from(&site));
        }
        world
    }

    fn write(&mut self, record: RecordId, content: Content) {
        let parents = self.entries.iter().filter(|entry| entry.record == record).map(|entry| entry.hash).collect();
        let at = At { ms: i64::try_from(self.entries.len()).unwrap_or(0), offset: 0 };
        let entry = Opened {
            hash: hash(&format!("e{}", self.entries.len())),
            chain: chain("shen"),
            seq: Seq::FIRST,
            kind: content.kind(),
            record,
            parents,
            author: person("shen"),
            at,
            content,
        };
        self.entries.push(entry);
        let of: Vec<&Opened> = self.entries.iter().filter(|entry| entry.record == record).collect();
        self.project.put(record, of, &team());
    }

    fn plan(&mut self, text: &str, reading: &Reading) -> (Plan, Vec<Problem>) {
        let lines = lines(text);
        let at = roster::header(&lines);
        let columns = roster::guess(&lines[at].cells);
        let mut made = self.made;
        let mut new = || {
            made += 1;
            record(&format!("n{made}"))
        };
        roster::plan(&lines[at + 1..], &Reading { columns, ..reading.clone() }, &self.project, &mut new)
    }

    /// Plans and writes.
    fn import(&mut self, text: &str, reading: &Reading) -> (Plan, Vec<Problem>) {
        let (plan, problems) = self.plan(text, reading);
        self.made += 100;
        for (record, content) in plan.writes.clone() {
            let decoded = Content::decode(content.kind(), &content.encode().expect("a content"));
            self.write(record, decoded);
        }
        (plan, problems)
    }

    fn called(&self, record: &RecordId) -> String {
        self.project.subject(record).map_or_else(|| name(record.as_bytes()), |card| card.display_name.to_string())
    }

    fn show(&self, plan: &Plan, problems: &[Problem]) -> String {
        let mut shown = String::new();
        for row in &plan.rows {
            let changes: Vec<&str> = row.changes.iter().map(|column| column.code()).collect();
            _ = writeln!(shown, "{} {} {}", row.number, row.act.code(), changes.join(", "));
        }
        for problem in problems {
            let row = problem.row.map_or_else(|| "sheet".to_owned(), |row| row.to_string());
            let column = problem.column.map_or("-", Column::code);
            let args: Vec<&str> = problem.args.values().map(String::as_str).collect();
            let mark = if problem.severity == Severity::Look { "look" } else { "out" };
            _ = writeln!(shown, "! {row} {column} {} {mark} {}", problem.code, args.join(" "));
        }
        shown.lines().map(str::trim_end).collect::<Vec<_>>().join("\n") + "\n"
    }

    fn people(&self) -> String {
        let mut shown = String::new();
        for state in self.project.subjects.values() {
            let Some(card) = &state.card else { continue };
            let site = card.site.and_then(|site| self.project.site(&site)).map_or("-", |site| &site.name.zh);
            let or = |text: &Option<Private>| text.as_deref().unwrap_or("-").to_owned();
            let [sex, birth, number] = [&card.sex, &card.birth_date, &card.student_number].map(or);
            let name: &str = &card.display_name;
            _ = writeln!(
                shown,
                "{} {} {name} {site} {sex} {birth} {number} {}",
                card.kind.as_str(),
                card.code,
                or(&card.contact)
            );
        }
        for tie in self.project.ties.values().filter_map(|state| state.card.as_ref()) {
            let custody = tie.custody.as_ref().map_or("-", Custody::as_str);
            _ = writeln!(
                shown,
                "{} is {} of {} ({custody})",
                self.called(&tie.person),
                tie.relation.as_str(),
                self.called(&tie.to)
            );
        }
        shown
    }
}

fn lines(text: &str) -> Vec<Line> {
    let line = |(text, number): (&str, u32)| Line {
        number,
        cells: text.split('|').map(|cell| cell.trim().to_owned()).collect(),
    };
    text.trim().lines().zip(1..).map(line).collect()
}

fn reading() -> Reading {
    Reading {
        columns: Vec::new(),
        kind: SubjectKind::Pupil,
        site: Some(record("school")),
        makes_sites: false,
        today: "2017-04-12".to_owned(),
    }
}

#[track_caller]
fn check(text: &str, reading: &Reading, expect: Expect) {
    let mut world = World::new();
    let (plan, problems) = world.plan(text, reading);
    expect.assert_eq(&world.show(&plan, &problems));
}

const ROSTER: &str = "
石塘小学花名册
姓名|性别|学号|班级|出生日期|监护人|与学生关系|监护类型|监护人电话|父亲姓名
小满|男|20160101|四（1）班|2007-03-14|王秀英|奶奶|委托|13900000001|李大海
小桔|女|２０１６０１０２|四1班|39521|王秀英|奶奶|委托|13900000001|李大海
麦穗|女|20160103|402班|2007年5月||||
";

#[test]
fn a_roster_becomes_cards_and_ties() {
    let mut world = World::new();
    let (plan, problems) = world.import(ROSTER, &reading());
    expect![[r#"
        3 new guardian, father
        4 new guardian, father
        5 new
    "#]]
    .assert_eq(&world.show(&plan, &problems));
    // One grandmother with one telephone; two fathers of whom nothing says that they are one.
    assert_eq!(plan.guardians, 3);
    expect![[r#"
        pupil 001 小满 四（1）班 male 2007-03-14 20160101 -
        pupil 003 麦穗 四（2）班 female 2007-05 20160103 -
        guardian G01 王秀英 四（1）班 - - - 13900000001
        guardian G02 李大海 四（1）班 - - - -
        pupil 002 小桔 四（1）班 female 2008-03-14 20160102 -
        guardian G03 李大海 四（1）班 - - - -
    "#]]
    .assert_eq(&world.people().lines().take(6).map(|line| format!("{line}\n")).collect::<String>());
    let ties: Vec<String> = world.people().lines().skip(6).map(str::to_owned).collect();
    for tie in
        ["王秀英 is paternal-grandmother of 小满 (entrusted)", "王秀英 is paternal-grandmother of 小桔 (entrusted)"]
    {
        assert!(ties.iter().any(|one| one == tie), "{ties:?}");
    }
    assert_eq!(ties.iter().filter(|tie| tie.starts_with("李大海 is father of")).count(), 2);
}

#[test]
fn a_second_import_adds_nothing_and_changes_what_changed() {
    let mut world = World::new();
    world.import(ROSTER, &reading());
    let before = world.people();
    let (plan, problems) = world.import(ROSTER, &reading());
    assert_eq!((plan.writes.len(), problems.len(), plan.count(RowAct::Same)), (0, 0, 3), "{problems:?}");
    assert_eq!(world.people(), before);
    let changed = "
姓名|学号|班级|电话|监护人|监护人电话
小滿|20160101|四（2）班|13911112222|王秀英|13900000009
小桔|20160102|四（1）班||王秀英|
";
    let (plan, problems) = world.import(changed, &reading());
    expect![[r#"
        2 changed class, contact, guardian-contact
        3 same
    "#]]
    .assert_eq(&world.show(&plan, &problems));
    let (plan, _) = world.import(changed, &reading());
    assert_eq!(plan.writes.len(), 0);
    assert!(
        world.people().contains("pupil 001 小满 四（2）班 male 2007-03-14 20160101 13911112222"),
        "{}",
        world.people()
    );
}

#[test]
fn what_is_wrong_is_said_by_row_and_column() {
    check(
        "
姓名|学号|班级|出生日期|性别|身份证号|身份
|1|四（1）班|2007-03-14|男||
小满|2|六（1）班|2007-02-30|?||
小桔|3|四（1）班|3/4/2007|女||学生
阿禾|3|四（2）班|2007-03-14|女||学生
豆豆|4|四（1）班|2018-01-01|女||村长
麦子|5|四（1）班|1970-01-01|女||
贝贝|6|四（1）班|属猪|女|11010519491231002X|
海生|7|四（1）班||女|1.10105E+17|
石榴|8|四（1）班|2007-03-14|男|11010519491231002X|
石榴|8|四（1）班|2007-03-14|男||
",
        &reading(),
        expect![[r#"
            2 left-out
            3 left-out
            4 left-out
            5 new
            6 left-out
            7 new
            8 left-out
            9 left-out
            10 new
            11 left-out
            ! 2 name name-missing out
            ! 3 class class-unknown out
            ! 3 sex sex-unknown look
            ! 3 birth date-impossible out
            ! 4 birth date-unclear out
            ! 6 birth date-future out
            ! 6 kind kind-unknown out
            ! 7 birth age-unlikely look
            ! 8 birth date-unknown out
            ! 9 id-number id-number-rounded out
            ! 10 id-number id-number-birth look
            ! 10 id-number id-number-sex look
            ! 11 number number-twice out 10
        "#]],
    );
}

#[test]
fn a_number_of_somebody_else_is_not_taken() {
    let mut world = World::new();
    world.import(ROSTER, &reading());
    let (plan, problems) = world.plan(
        "
姓名|学号|班级|编号
张建国|20160101|四（1）班|
小满|20160109|四（1）班|
麦穗||四（2）班|001
小麦|20160103|四（2）班|
",
        &reading(),
    );
    expect![[r#"
        2 left-out
        3 new
        4 left-out
        5 left-out
        ! 2 number number-of-another out
        ! 4 code code-of-another out
        ! 5 number number-of-another out
    "#]]
    .assert_eq(&world.show(&plan, &problems));
}

#[test]
fn who_may_be_here_already_is_proposed_and_not_decided() {
    let mut world = World::new();
    world.import(ROSTER, &reading());
    let (plan, problems) = world.plan("姓名|班级|出生日期\n小菊|四（1）班|2008-03-14", &reading());
    assert_eq!(problems.iter().map(|problem| problem.code).collect::<Vec<_>>(), ["maybe-same"]);
    assert_eq!(plan.rows[0].act, RowAct::New);
    assert_eq!(plan.rows[0].maybe.iter().map(|one| world.called(one)).collect::<Vec<_>>(), ["小桔"]);
}

#[test]
fn places_are_found_or_made() {
    let whole = Reading { site: None, ..reading() };
    check(
        "姓名|学校|班级\n甲|石塘小学|四1班\n乙|温岭市松门小学|四1班\n丙|无名小学|四1班\n丁||四1班\n戊|松门小学|\n",
        &whole,
        expect![[r#"
            2 new
            3 new
            4 left-out
            5 left-out
            6 new
            ! 4 school site-unknown out
            ! 5 class class-unclear out
        "#]],
    );
    let mut world = World::new();
    let makes = Reading { makes_sites: true, ..whole };
    let text = "姓名|学校|年级|班级\n甲|无名小学|四年级|1班\n乙|无名小学|四年级|（1）班\n丙|石塘小学|四年级|1班\n|没有人的小学||1班";
    let (plan, problems) = world.import(text, &makes);
    assert_eq!((plan.sites.len(), problems.len()), (2, 2), "{problems:?}");
    assert!(world.people().contains("甲 四年级1班") && world.people().contains("乙 四年级1班"), "{}", world.people());
    assert!(world.people().contains("丙 四（1）班"));
    let (plan, _) = world.import(text, &makes);
    assert_eq!(plan.writes.len(), 0);
}

#[test]
fn a_sheet_without_names_and_one_that_is_too_long_are_refused_whole() {
    check(
        "甲|乙\n小满|四1班",
        &reading(),
        expect![[r#"
        ! sheet name no-name-column out
    "#]],
    );
    let many = format!("姓名|班级\n{}", "小满|四1班\n".repeat(roster::MOST_ROWS + 1));
    check(
        &many,
        &reading(),
        expect![[r#"
        ! sheet - too-many-rows out 20001 20000
    "#]],
    );
    check(
        &format!("姓名|班级\n{}|四1班", "满".repeat(65)),
        &reading(),
        expect![[r#"
        2 left-out
        ! 2 name too-long out 64
    "#]],
    );
}

#[test]
fn two_of_one_name_in_one_class_are_two_where_something_tells_them_apart() {
    check(
        "姓名|班级|学号|性别\n小满|四1班|1|男\n小满|四1班|2|男\n小桔|四1班||男\n小桔|四1班||女\n小桔|四1班||女",
        &reading(),
        expect![[r#"
            2 new
            3 new
            4 new
            5 new
            6 left-out
            ! 6 name row-twice out 5
        "#]],
    );
}
