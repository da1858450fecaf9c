//! What families are asked for means something: an export that is for more than the project's own work, a visit once more, and
//! talking with the teacher need their own yes.

#![allow(clippy::unwrap_used, reason = "a failed act fails the test")]

mod common;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use common::{PASSPHRASE, say};
use tempfile::TempDir;
use tianye_desk::view::{
    ChecklistInput, ConsentInput, ConsentWord, ExportInput, ExportPurpose, ExportReport, InterviewState, NewInterview,
    NewProject, PersonInput, WithdrawInput,
};
use tianye_desk::world::{Machine, World};
use tianye_desk::{Desk, KdfCost, Laptop};

/// A form that is filled for the talk with a teacher about a child, and begun for that child.
const TEACHER: &str = "
| survey | | | |
| | type | name | label |
| | text | say | A1 老师怎么说？ |
| settings | | | |
| | form_title | form_id | tianye::purpose |
| | 班主任谈孩子 | about | teacher |
";

/// A clock that is set by hand.
#[derive(Debug, Clone, Default)]
struct Clock(Arc<AtomicI64>);

impl Clock {
    fn from_day(day: &str) -> Self {
        let clock = Self::default();
        clock.set(day);
        clock
    }

    fn set(&self, day: &str) {
        let noon = chrono::DateTime::parse_from_rfc3339(&format!("{day}T12:00:00+08:00")).unwrap();
        self.0.store(noon.timestamp(), Ordering::Relaxed);
    }
}

impl World for Clock {
    fn now(&self) -> chrono::DateTime<chrono::FixedOffset> {
        let at = chrono::DateTime::from_timestamp(self.0.load(Ordering::Relaxed), 0).unwrap();
        at.with_timezone(&chrono::FixedOffset::east_opt(8 * 3600).unwrap())
    }

    fn fill(&self, bytes: &mut [u8]) {
        Machine.fill(bytes);
    }
}

/// A lead's laptop with the usual form, in a project that asks for consent.
fn gated(folder: &Path) -> Desk {
    gated_at(folder, &Clock::from_day("2017-04-11"))
}

fn gated_at(folder: &Path, clock: &Clock) -> Desk {
    let new = NewProject {
        title: "浙江留守儿童 2017".into(),
        person: "沈一帆".into(),
        device: "组长电脑".into(),
        passphrase: PASSPHRASE.into(),
        hub_card: None,
    };
    let laptop = Laptop::new(&folder.join("组长"), Arc::new(clock.clone()), KdfCost::insecure_for_tests());
    let mut desk = laptop.create_project(&new).unwrap();
    assert!(desk.check_form("pupil.md", common::FORM.as_bytes(), &|_| None).unwrap().usable);
    desk.add_form().unwrap();
    let noted = desk.checklist().noted;
    desk.note_checklist(&ChecklistInput { gate: true, ..noted }).unwrap();
    desk
}

/// Somebody new, of whom nothing is known but the code.
fn newcomer(desk: &mut Desk, code: &str) -> String {
    let new = NewInterview { form: "pupil".into(), code: code.into(), ..NewInterview::default() };
    desk.start_interview(&new, "zh-CN").map(|_| ()).unwrap_err().args["person"].clone()
}

/// What guardian and child say, alike: `questionnaire=given archiving=refused`.
fn both_say(desk: &mut Desk, person: &str, said: &str) {
    for standing in ["legal-guardian", "own"] {
        let words = said.split(' ').map(|one| {
            let (purpose, said) = one.split_once('=').unwrap();
            ConsentWord { purpose: purpose.into(), said: said.into() }
        });
        let input = ConsentInput {
            person: person.into(),
            standing: standing.into(),
            name: if standing == "own" { "" } else { "王桂英" }.into(),
            relation: String::new(),
            how: "oral".into(),
            on: "2017-04-11".into(),
            witness: String::new(),
            note: String::new(),
            words: words.collect(),
        };
        desk.record_consent(&input).unwrap();
    }
}

fn fill(desk: &mut Desk, code: &str, said: &str) {
    let person = newcomer(desk, code);
    both_say(desk, &person, &format!("questionnaire=given {said}"));
    desk.start_with(&person, "pupil", "zh-CN").unwrap();
    say(desk, "/family/say", &format!("标记{code}"));
    desk.finalise("zh-CN").unwrap();
}

/// What is left out, by what was not agreed to.
fn left_out(report: &ExportReport) -> Vec<(&str, u32)> {
    report.left_out.iter().map(|one| (one.purpose.as_str(), one.interviews)).collect()
}

/// Who agreed to answer has not said that the archive or the school gets the answers.
#[test]
fn an_export_holds_those_who_agreed_to_what_it_is_for() {
    let folder = TempDir::new().unwrap();
    let mut desk = gated(folder.path());
    fill(&mut desk, "217", "archiving=given school-sharing=refused");
    fill(&mut desk, "218", "archiving=not-yet school-sharing=given");
    fill(&mut desk, "219", "archiving=given school-sharing=given");
    let input = |purpose, identified| ExportInput {
        form: "pupil".into(),
        purpose,
        identified,
        instances: identified,
        reason: if identified { "约好的" } else { "" }.into(),
        judged: vec!["/family/say".into()],
        ..ExportInput::default()
    };
    use ExportPurpose::{Analysis, Archiving, SchoolSharing};
    for (at, (purpose, identified, holds, not)) in [
        (Analysis, false, &["217", "218", "219"][..], None),
        (Archiving, false, &["217", "219"], Some(("archiving", 1))),
        (SchoolSharing, false, &["218", "219"], Some(("school-sharing", 1))),
        (SchoolSharing, true, &["218", "219"], Some(("school-sharing", 1))),
    ]
    .into_iter()
    .enumerate()
    {
        let (out, input) = (folder.path().join(format!("出{at}")), input(purpose, identified));
        let report = desk.export_csv(&input, &out, "zh-CN").unwrap();
        let table = std::fs::read_to_string(out.join(&report.files[0].name)).unwrap();
        let found: Vec<&str> =
            ["217", "218", "219"].into_iter().filter(|one| table.contains(&format!("标记{one}"))).collect();
        assert_eq!((found.as_slice(), report.withheld), (holds, not.map_or(0, |(_, count)| count)), "{purpose:?}");
        assert_eq!(left_out(&report), Vec::from_iter(not));
        assert_eq!(report.instances.map(|sent| sent.written as usize), identified.then_some(holds.len()));
        // The manifest and the list of exports say the same.
        let manifest: serde_json::Value =
            serde_json::from_slice(&std::fs::read(out.join("export.json")).unwrap()).unwrap();
        assert_eq!(manifest["options"]["purpose"], serde_json::to_value(purpose).unwrap());
        let noted = not.map_or(serde_json::Value::Null, |(why, count)| serde_json::json!({ why: count }));
        assert_eq!(manifest["leftOut"], noted);
        let log = desk.export_log().unwrap();
        let row = log.iter().find(|row| row.folder == out.display().to_string()).unwrap();
        assert_eq!((row.purpose, &row.left_out), (purpose, &report.left_out));
    }
    let preview = desk.preview_export(&input(Archiving, false), "zh-CN").unwrap();
    assert_eq!((preview.interviews, preview.withheld), (2, 1));
}

/// Adults hear that the school is told what they said, and not who said it.
#[test]
fn the_school_is_not_told_which_adult_said_what() {
    let folder = TempDir::new().unwrap();
    let mut desk = gated(folder.path());
    fill(&mut desk, "218", "school-sharing=given");
    let card =
        PersonInput { kind: "teacher".into(), code: "T1".into(), name: "班主任".into(), ..PersonInput::default() };
    let teacher = desk.save_person(&card).unwrap();
    both_say(&mut desk, &teacher, "questionnaire=given school-sharing=given");
    desk.start_with(&teacher, "pupil", "zh-CN").unwrap();
    say(&mut desk, "/family/say", "标记T1");
    desk.finalise("zh-CN").unwrap();
    for (identified, expect) in [(false, ["218", "T1"].as_slice()), (true, &["218"])] {
        let input = ExportInput {
            form: "pupil".into(),
            purpose: ExportPurpose::SchoolSharing,
            identified,
            reason: "约好的".into(),
            judged: vec!["/family/say".into()],
            ..ExportInput::default()
        };
        let out = folder.path().join(format!("{identified}"));
        let report = desk.export_csv(&input, &out, "zh-CN").unwrap();
        let table = std::fs::read_to_string(out.join(&report.files[0].name)).unwrap();
        let found: Vec<&str> = ["218", "T1"].into_iter().filter(|one| table.contains(&format!("标记{one}"))).collect();
        assert_eq!(found, expect);
        assert_eq!(left_out(&report), Vec::from_iter(identified.then_some(("school-sharing", 1))));
    }
}

/// Families hear that the archive has no names.
#[test]
fn an_archive_gets_nothing_that_tells_who_somebody_is() {
    let folder = TempDir::new().unwrap();
    let mut desk = gated(folder.path());
    fill(&mut desk, "217", "archiving=given");
    let (out, archive) = (folder.path().join("出"), ExportPurpose::Archiving);
    let input = ExportInput {
        form: "pupil".into(),
        purpose: archive,
        identified: true,
        reason: "存档".into(),
        ..ExportInput::default()
    };
    let refused = [
        desk.export_csv(&input, &out, "zh-CN").map(|_| ()),
        desk.export_instances("pupil", &out, (archive, "存档"), "zh-CN").map(|_| ()),
        desk.entity_csv("trees", "存档", archive).map(|_| ()),
    ];
    for refused in refused {
        assert_eq!(refused.unwrap_err().code, "export-for-identified");
    }
    assert!(!out.exists(), "nothing is written");
}

/// A family that agreed to the questionnaire of spring has not agreed that the team comes again in autumn.
#[test]
fn a_second_round_needs_a_yes_to_coming_again() {
    let folder = TempDir::new().unwrap();
    let clock = Clock::from_day("2017-04-11");
    let mut desk = gated_at(folder.path(), &clock);
    fill(&mut desk, "217", "archiving=given");
    let person = desk.respondents()[0].clone();
    let needed = |desk: &Desk| {
        let sheet = desk.consent_sheet(&person, "pupil", "zh-CN").unwrap();
        let needed = sheet.purposes.into_iter().filter(|one| one.needed).map(|one| one.purpose);
        needed.collect::<Vec<_>>().join(" ")
    };
    // On the same day it is the same visit.
    assert_eq!(needed(&desk), "questionnaire");
    clock.set("2017-10-20");
    assert_eq!(needed(&desk), "questionnaire follow-up");
    let why = desk.start_with(&person, "pupil", "zh-CN").map(|_| ()).unwrap_err();
    assert_eq!((why.code.as_str(), why.args["purpose"].as_str()), ("consent-other-purpose", "follow-up"));
    both_say(&mut desk, &person, "questionnaire=given follow-up=given");
    desk.start_with(&person, "pupil", "zh-CN").unwrap();
    say(&mut desk, "/family/say", "秋天");
    desk.leave().unwrap();
    // What was begun is gone on with on another day.
    clock.set("2017-10-21");
    let records = desk.records("zh-CN").unwrap();
    let open = records.iter().find(|one| one.state == InterviewState::Draft).unwrap();
    desk.open_interview(&open.id, "zh-CN").unwrap();
    desk.leave().unwrap();

    // Coming again is taken back: what was said then goes, and what was said in spring stays.
    let input = WithdrawInput {
        person: person.clone(),
        standing: "own".into(),
        name: String::new(),
        relation: String::new(),
        purposes: vec!["follow-up".into()],
        note: String::new(),
    };
    assert_eq!(desk.withdraw_consent(&input).unwrap().erased, 1);
    let out = folder.path().join("出");
    let tables = ExportInput { form: "pupil".into(), judged: vec!["/family/say".into()], ..ExportInput::default() };
    let report = desk.export_csv(&tables, &out, "zh-CN").unwrap();
    let table = std::fs::read_to_string(out.join(&report.files[0].name)).unwrap();
    assert!(table.contains("标记217") && !table.contains("秋天"), "{table}");
}

/// What a form says that it is filled for is asked of the child's family: also whether the teacher may be asked.
#[test]
fn talking_with_the_teacher_about_a_child_needs_the_familys_yes() {
    let folder = TempDir::new().unwrap();
    let mut desk = gated(folder.path());
    assert!(desk.check_form("about.md", TEACHER.as_bytes(), &|_| None).unwrap().usable);
    desk.add_form().unwrap();
    fill(&mut desk, "217", "teacher=refused");
    let person = desk.respondents()[0].clone();
    let why = desk.start_with(&person, "about", "zh-CN").map(|_| ()).unwrap_err();
    assert_eq!((why.code.as_str(), why.args["purpose"].as_str()), ("consent-refused", "teacher"));
    both_say(&mut desk, &person, "questionnaire=given teacher=given");
    assert!(desk.start_with(&person, "about", "zh-CN").is_ok());
}
