//! Records as submissions of other tools: written, taken in, corrected, and never twice.

#![allow(clippy::unwrap_used, reason = "a failed act fails the test")]

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;
use tianye_desk::view::{
    AnswerInput, Control, ExportPurpose, ImportView, InterviewState, Item, Move, NewInterview, NewProject, NonAnswer,
};
use tianye_desk::world::Machine;
use tianye_desk::{Desk, KdfCost, Laptop};
use tianye_hub::{Limits, Options, Running};

const PASSPHRASE: &str = "竹篮 半夜 蓝色 拖拉机";

/// What a child says: in no file but an export may it be read.
const MARKER: &str = "MARKER想妈妈的时候";

const FORM: &str = "
| survey | | | | | | | |
| | type | name | label | parameters | calculation | relevant | tianye::non_answers |
| | start | began | | | | | |
| | audit | audit | | track-changes=true | | | |
| | text | say | A1 孩子说什么？ | | | | |
| | integer | money | A2 家里每月多少钱？ | | | | refused dont_know |
| | calculate | twice | | | ${money} * 2 | | |
| | image | photo | A3 照片 | | | | |
| | text | away | A4 去了哪里？ | | | ${say} = 'x' | |
| | begin_repeat | roster | B 家里人 | | | | |
| | text | who | B1 是谁？ | | | | |
| | end_repeat | | | | | | |
| settings | | | | |
| | form_title | form_id | version | instance_name |
| | 学生问卷 | pupil | VERSION | if(${say} = '', '', '孩子') |
";

fn laptop(folder: &Path, name: &str) -> Laptop {
    Laptop::new(&folder.join(name), Arc::new(Machine), KdfCost::insecure_for_tests())
}

fn project(folder: &Path, name: &str, hub: Option<&Running>) -> Desk {
    let new = NewProject {
        title: "浙江留守儿童 2017".into(),
        person: "沈一帆".into(),
        device: name.into(),
        passphrase: PASSPHRASE.into(),
        hub_card: hub.map(|hub| hub.card().to_json()),
    };
    let mut desk = laptop(folder, name).create_project(&new).unwrap();
    publish(&mut desk, "1");
    desk
}

fn publish(desk: &mut Desk, version: &str) {
    let report = desk.check_form("pupil.md", FORM.replace("VERSION", version).as_bytes(), &|_| None).unwrap();
    assert!(report.usable, "{:?}", report.problems.iter().map(|problem| &problem.detail).collect::<Vec<_>>());
    desk.add_form().unwrap();
}

fn say(desk: &mut Desk, field: &str, value: &str) {
    desk.answer(&AnswerInput { field: field.into(), value: value.into() }).unwrap();
}

fn item(desk: &mut Desk, field: &str) -> Item {
    let page = desk.go(&Move::Field { field: field.into() }).unwrap().page;
    page.items.into_iter().find(|item| item.field == field).unwrap_or_else(|| panic!("no {field}"))
}

fn picture() -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    image::RgbImage::from_fn(24, 24, |x, y| image::Rgb([(x * 9) as u8, (y * 9) as u8, 50]))
        .write_to(&mut out, image::ImageFormat::Jpeg)
        .unwrap();
    out.into_inner()
}

/// A finalised interview with everything in it.
fn fill(desk: &mut Desk, code: &str) -> String {
    let new = NewInterview {
        form: "pupil".into(),
        assignment: None,
        code: code.into(),
        name: "小满".into(),
        site: String::new(),
        ..NewInterview::default()
    };
    let id = desk.start_interview(&new, "zh-CN").unwrap().id;
    say(desk, "/say", &format!("{MARKER} <&>\"{code}\""));
    desk.give_non_answer("/money", NonAnswer::Refused).unwrap();
    let sealed = desk.sealer("/photo").unwrap().bytes(&picture(), "").unwrap();
    desk.attach(sealed).unwrap();
    desk.add_row("/roster").unwrap();
    let page = desk.go(&Move::Field { field: "/roster[~1]/who".into() }).unwrap().page;
    let fields: Vec<String> =
        page.items.into_iter().map(|item| item.field).filter(|field| field.ends_with("/who")).collect();
    assert_eq!(fields.len(), 2);
    for (field, who) in fields.iter().zip(["妈妈", "爸爸"]) {
        say(desk, field, who);
    }
    desk.finalise("zh-CN").unwrap();
    id
}

/// The files below a folder, without what says which export it was: that is another each time.
fn files_under(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for item in fs::read_dir(folder).unwrap() {
        let path = item.unwrap().path();
        if path.is_dir() { found.extend(files_under(&path)) } else { found.push(path) }
    }
    found.retain(|path| !path.ends_with("export.json"));
    found.sort();
    found
}

/// Every file below a folder, by its place in it.
fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let name = |path: &Path| path.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/");
    files_under(folder).iter().map(|path| (name(path), fs::read(path).unwrap())).collect()
}

/// Exports into a new folder; gives the folder.
fn export(desk: &Desk, folder: &Path, name: &str) -> PathBuf {
    let out = folder.join(name);
    desk.export_instances("pupil", &out, (ExportPurpose::Analysis, "试用"), "en").unwrap();
    out
}

fn submission(out: &Path) -> String {
    let all = files_under(out);
    let mut xml = all.iter().filter(|path| path.ends_with("submission.xml"));
    let found = fs::read_to_string(xml.next().unwrap()).unwrap();
    assert!(xml.next().is_none());
    found
}

/// What stands in an element of this name.
fn said<'x>(xml: &'x str, name: &str) -> Option<&'x str> {
    let at = xml.find(&format!("<{name}>"))? + name.len() + 2;
    let rest = &xml[at..];
    rest.split_once("</").map(|(text, _)| text)
}

fn counts(view: &ImportView) -> (u32, u32, usize) {
    (view.new, view.here, view.unread.len())
}

#[test]
fn what_is_written_is_taken_in_and_written_again_the_same() {
    let folder = TempDir::new().unwrap();
    let mut first = project(folder.path(), "一", None);
    fill(&mut first, "217");
    fill(&mut first, "218");
    let out = folder.path().join("out");
    let report = first.export_instances("pupil", &out, (ExportPurpose::Analysis, "试用"), "en").unwrap();
    assert_eq!((report.written, report.attached, report.missing, report.open), (2, 2, 0, 0));
    let written = tree(&out);
    let mut names: Vec<&str> = written.keys().map(|name| name.rsplit('/').next().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(names.iter().filter(|name| **name == "submission.xml").count(), 2);
    assert!(written.keys().all(|name| name.starts_with("practice_pupil/instances/uuid")), "{:?}", written.keys());
    let xml = String::from_utf8(written.iter().find(|(name, _)| name.ends_with("submission.xml")).unwrap().1.clone());
    let xml = xml.unwrap();
    for part in [
        r#"id="pupil""#,
        r#"version="1""#,
        r#"<money tianye:non_answer="refused"/>"#,
        "Practice project",
        ">audit.csv</",
        "<who>爸爸</who>",
    ] {
        assert!(xml.contains(part), "{part} in {xml}");
    }
    assert!(!xml.contains("<away"), "what is not relevant is dropped: {xml}");

    let mut second = project(folder.path(), "二", None);
    let paths = [out.clone()];
    let view = second.preview_import(&paths, None, "en").unwrap();
    assert_eq!((view.done, counts(&view)), (false, (2, 0, 0)));
    let form = &view.forms[0];
    assert_eq!((&*form.form, &*form.version, &*form.read_as, form.count), ("pupil", "1", "", 2));
    assert_eq!((form.wrong, form.files, form.missing), (0, 2, 0));
    assert!(second.records("en").unwrap().is_empty(), "a preview writes nothing");
    let view = second.import(&paths, Some("pupil"), "en").unwrap();
    assert_eq!((view.done, counts(&view), view.left_out), (true, (2, 0, 0), 0));
    let cards = second.records("en").unwrap();
    assert!(cards.iter().all(|card| card.state == InterviewState::Finalised && card.imported), "{}", cards.len());
    let again = export(&second, folder.path(), "again");
    let read_again = tree(&again);
    assert_eq!(read_again.keys().collect::<Vec<_>>(), written.keys().collect::<Vec<_>>());
    for (name, bytes) in &written {
        assert_eq!(String::from_utf8_lossy(&read_again[name]), String::from_utf8_lossy(bytes), "{name}");
    }
    // Nothing of it is in plain, but in the folders that were asked for.
    for side in ["一", "二"] {
        for path in files_under(&folder.path().join(side)) {
            let bytes = fs::read(&path).unwrap();
            assert!(!bytes.windows(MARKER.len()).any(|window| window == MARKER.as_bytes()), "{}", path.display());
        }
    }
}

#[test]
fn nothing_is_taken_in_twice() {
    let folder = TempDir::new().unwrap();
    let mut first = project(folder.path(), "一", None);
    let id = fill(&mut first, "217");
    let out = export(&first, folder.path(), "out");
    assert_eq!(counts(&first.import(std::slice::from_ref(&out), None, "en").unwrap()), (0, 1, 0), "its own record");
    let mut second = project(folder.path(), "二", None);
    // The same file twice among what was chosen, and once more in an archive.
    let zip = folder.path().join("all.zip");
    let mut archive = zip::ZipWriter::new(fs::File::create(&zip).unwrap());
    for (name, bytes) in tree(&out) {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(&bytes).unwrap();
    }
    archive.finish().unwrap();
    let view = second.import(&[zip.clone(), out.clone(), out.clone()], None, "en").unwrap();
    assert_eq!((counts(&view), view.forms[0].files, view.forms[0].missing), ((1, 0, 0), 1, 0));
    assert_eq!(counts(&second.import(&[zip], None, "en").unwrap()), (0, 1, 0));
    assert_eq!(second.records("en").unwrap().len(), 1);
    // From the archive it is the same as from the folder.
    assert_eq!(tree(&export(&second, folder.path(), "again")), tree(&out));
    // After a correction its earlier names are still known.
    first.correct_interview(&id, "en").unwrap();
    say(&mut first, "/say", "另一句");
    first.finalise("en").unwrap();
    assert_eq!(counts(&first.import(&[out], None, "en").unwrap()), (0, 1, 0));
}

#[test]
fn a_correction_goes_out_under_a_new_id_and_names_the_one_it_replaces() {
    let folder = TempDir::new().unwrap();
    let mut first = project(folder.path(), "一", None);
    fill(&mut first, "217");
    let original = submission(&export(&first, folder.path(), "original"));
    assert_eq!(said(&original, "deprecatedID"), None);
    let mut desk = project(folder.path(), "二", None);
    desk.import(&[folder.path().join("original")], None, "en").unwrap();
    let id = desk.records("en").unwrap()[0].id.clone();
    desk.open_interview(&id, "en").unwrap();
    let Control::Capture(capture) = item(&mut desk, "/photo").control else { panic!() };
    assert!(capture.file.unwrap().here);
    desk.correct_interview(&id, "en").unwrap();
    let report =
        desk.export_instances("pupil", &folder.path().join("none"), (ExportPurpose::Analysis, "试用"), "en").unwrap();
    assert_eq!((report.written, report.open), (1, 0), "nothing was changed yet");
    say(&mut desk, "/say", "改了");
    desk.pause_interview("en").unwrap();
    let report =
        desk.export_instances("pupil", &folder.path().join("none"), (ExportPurpose::Analysis, "试用"), "en").unwrap();
    assert_eq!((report.written, report.open), (0, 1), "a correction that is not finalised does not go out");
    desk.correct_interview(&id, "en").unwrap();
    desk.finalise("en").unwrap();
    let second = submission(&export(&desk, folder.path(), "second"));
    assert_eq!(said(&second, "deprecatedID"), said(&original, "instanceID"));
    assert_ne!(said(&second, "instanceID"), said(&original, "instanceID"));
    assert_eq!(said(&second, "say"), Some("改了"));
    assert_eq!(submission(&export(&desk, folder.path(), "same")), second, "nobody changed anything");
    desk.correct_interview(&id, "en").unwrap();
    say(&mut desk, "/say", "又改了");
    desk.finalise("en").unwrap();
    let third = submission(&export(&desk, folder.path(), "third"));
    assert_eq!(said(&third, "deprecatedID"), said(&second, "instanceID"));

    // All three together: the last one becomes the record, and its record is that of the first.
    let mut other = project(folder.path(), "三", None);
    let all: Vec<PathBuf> = ["third", "original", "second"].iter().map(|name| folder.path().join(name)).collect();
    let view = other.import(&all, None, "en").unwrap();
    assert_eq!((counts(&view), view.earlier), ((1, 0, 0), 2));
    let card = &other.records("en").unwrap()[0];
    assert_eq!(card.id, id, "the same record as on the other laptop");
    let again = submission(&export(&other, folder.path(), "again"));
    assert_eq!(said(&again, "say"), Some("又改了"));
    assert_eq!(
        (said(&again, "instanceID"), said(&again, "deprecatedID")),
        (said(&third, "instanceID"), said(&third, "deprecatedID"))
    );
    // Where the record is, its later revisions are corrected and not taken in beside it.
    let mut late = project(folder.path(), "四", None);
    late.import(&[folder.path().join("original")], None, "en").unwrap();
    let view = late.import(&[folder.path().join("second")], None, "en").unwrap();
    assert_eq!((counts(&view), &*view.unread[0].refusal.code), ((0, 0, 1), "import-revision"));
}

/// A lead and an interviewer of one project.
fn two(folder: &Path) -> (Running, Desk, Desk) {
    let hub = tianye_hub::start(&Options {
        data: folder.join("hub"),
        listen: "127.0.0.1:0".parse().unwrap(),
        address: None,
        now: || 1_700_000_000_000,
        limits: Limits::default(),
    })
    .unwrap();
    let mut lead = project(folder, "组长", Some(&hub));
    lead.sync().unwrap();
    let wuyi = laptop(folder, "武义");
    let invitation = lead.invite("陈禾", "第一组", tianye_desk::view::Role::Interviewer).unwrap();
    let view = wuyi.read_invitation(&invitation).unwrap();
    let waiting = wuyi.request_join(&view.id, PASSPHRASE, "示例电脑").unwrap();
    let request = lead.team().unwrap().requests[0].id.clone();
    lead.approve(&request).unwrap();
    let mut chen = wuyi.unlock(&waiting.id, PASSPHRASE).unwrap();
    chen.sync().unwrap();
    (hub, lead, chen)
}

#[test]
fn two_laptops_that_take_in_the_same_file_have_one_record() {
    let folder = TempDir::new().unwrap();
    let mut elsewhere = project(folder.path(), "别处", None);
    fill(&mut elsewhere, "217");
    let out = export(&elsewhere, folder.path(), "out");
    let (_hub, mut lead, mut chen) = two(folder.path());
    for desk in [&mut lead, &mut chen] {
        assert_eq!(counts(&desk.import(std::slice::from_ref(&out), None, "en").unwrap()), (1, 0, 0));
    }
    chen.sync().unwrap();
    let report = lead.sync().unwrap();
    assert_eq!(report.conflicts, 0);
    let cards = lead.records("en").unwrap();
    assert_eq!((cards.len(), cards[0].conflicts, &*cards[0].code), (1, 0, "孩子"));
    assert_eq!(cards[0].id, chen.records("en").unwrap()[0].id);
    assert_eq!(submission(&export(&lead, folder.path(), "lead")), submission(&out));
}

/// A submission as another program edited it: under a new id that names the one before, with some texts replaced.
fn edited(submission: &str, id: &str, texts: &[(&str, &str)]) -> String {
    let old = said(submission, "instanceID").unwrap();
    let mut xml = submission.to_owned();
    if let Some(before) = said(submission, "deprecatedID") {
        xml = xml.replace(&format!("<deprecatedID>{before}</deprecatedID>"), "");
    }
    xml = xml.replace(&format!("<instanceID>{old}</instanceID>"), &format!("<instanceID>{id}</instanceID>"));
    xml = xml.replace("</meta>", &format!("<deprecatedID>{old}</deprecatedID></meta>"));
    for (from, to) in texts {
        assert!(xml.contains(from), "{from} in {xml}");
        xml = xml.replace(from, to);
    }
    xml
}

/// Takes revisions in; gives `new`, `here`, and the codes of those that were refused.
fn revise(desk: &mut Desk, folder: &Path, xml: &[&str]) -> (u32, u32, String) {
    let to = TempDir::new_in(folder).unwrap();
    for (number, xml) in xml.iter().enumerate() {
        fs::write(to.path().join(format!("{number}.xml")), xml).unwrap();
    }
    fs::write(to.path().join("new.jpg"), picture()).unwrap();
    let view = desk.import_revisions(&[to.path().to_owned()], Some("pupil"), "en").unwrap();
    let codes = view.unread.iter().map(|one| one.refusal.code.as_str()).collect::<Vec<_>>().join(" ");
    (view.new, view.here, codes)
}

#[test]
fn an_edited_submission_becomes_a_sitting_of_its_record() {
    let folder = TempDir::new().unwrap();
    let mut desk = project(folder.path(), "一", None);
    let id = fill(&mut desk, "217");
    let original = submission(&export(&desk, folder.path(), "original"));
    let photo = said(&original, "photo").unwrap().to_owned();
    let row = "<roster><who>爸爸</who></roster>";
    let first = edited(
        &original,
        "uuid:edited-1",
        &[
            (r#"<money tianye:non_answer="refused"/>"#, "<money>300</money>"),
            (row, &format!("<roster><who>奶奶</who></roster>{row}")),
            (&photo, "new.jpg"),
        ],
    );
    assert_eq!(revise(&mut desk, folder.path(), &[&first]), (1, 0, String::new()));
    assert_eq!(desk.records("en").unwrap().len(), 1, "no second record");
    desk.open_interview(&id, "en").unwrap();
    assert_eq!(item(&mut desk, "/money").value, "300");
    let Control::Capture(capture) = item(&mut desk, "/photo").control else { panic!() };
    assert!(capture.file.unwrap().here);
    // It goes out as it came in, but for what the form computes.
    let out = export(&desk, folder.path(), "again");
    let again = submission(&out);
    let computed = first.replace("<twice/>", "<twice>600</twice>");
    // The namespace of non-answers is declared only where one is written.
    assert_eq!(again, computed.replace(r#" xmlns:tianye="https://tianye.cn/xforms/1""#, ""));
    assert!(files_under(&out).iter().any(|path| path.ends_with("new.jpg")));
    assert_eq!(revise(&mut desk, folder.path(), &[&first, &original]), (0, 2, String::new()));

    // Two that follow each other, in the wrong order; one that takes a row out.
    let second = edited(&again, "uuid:edited-2", &[("<roster><who>奶奶</who></roster>", "")]);
    let third = edited(&second, "uuid:edited-3", &[("<money>300</money>", "<money>500</money>")]);
    assert_eq!(revise(&mut desk, folder.path(), &[&third, &second]), (2, 0, String::new()));
    let last = submission(&export(&desk, folder.path(), "last"));
    assert_eq!(last, third.replace("<twice>600</twice>", "<twice>1000</twice>"));

    // What belongs to no record here is refused, and nothing is written.
    let unknown =
        edited(&original, "uuid:edited-9", &[]).replace(said(&original, "instanceID").unwrap(), "uuid:strange");
    assert_eq!(revise(&mut desk, folder.path(), &[&unknown]), (0, 0, "revision-unknown".into()));
    let none = original.replace(said(&original, "instanceID").unwrap(), "uuid:new");
    assert_eq!(revise(&mut desk, folder.path(), &[&none]), (0, 0, "revision-none".into()));
    let other = edited(&original, "uuid:edited-8", &[]).replace(r#"id="pupil""#, r#"id="teacher""#);
    assert_eq!(revise(&mut desk, folder.path(), &[&other]), (0, 0, "import-other-form".into()));
    assert_eq!(submission(&export(&desk, folder.path(), "end")), last);
}

#[test]
fn a_revision_meets_what_was_corrected_here() {
    let folder = TempDir::new().unwrap();
    let mut desk = project(folder.path(), "一", None);
    let id = fill(&mut desk, "217");
    let original = submission(&export(&desk, folder.path(), "original"));
    desk.correct_interview(&id, "en").unwrap();
    say(&mut desk, "/say", "这里改了");
    say(&mut desk, "/roster[~1]/who", "外婆");
    desk.finalise("en").unwrap();
    let corrected = submission(&export(&desk, folder.path(), "corrected"));
    let say_there = said(&original, "say").unwrap();
    let both = edited(
        &original,
        "uuid:edited-1",
        &[(say_there, "那里改了"), (r#"<money tianye:non_answer="refused"/>"#, "<money>300</money>")],
    );
    assert_eq!(revise(&mut desk, folder.path(), &[&both]), (1, 0, String::new()));
    // One question has two answers, the others come together.
    let conflicts: Vec<_> = desk.conflicts("en").unwrap().into_iter().map(|one| one.field).collect();
    assert_eq!(conflicts, ["/say"]);
    desk.correct_interview(&id, "en").unwrap();
    assert_eq!((&*item(&mut desk, "/money").value, &*item(&mut desk, "/roster[~1]/who").value), ("300", "外婆"));
    say(&mut desk, "/say", "定了");
    desk.finalise("en").unwrap();
    let merged = submission(&export(&desk, folder.path(), "merged"));
    for other in [&original, &corrected, &both] {
        assert_ne!(said(&merged, "instanceID"), said(other, "instanceID"), "what came together is another revision");
    }
    // The corrected one is still known, though it is not the last.
    let late = edited(&corrected, "uuid:edited-2", &[("<photo>", "<away/><photo>")]);
    assert_eq!(revise(&mut desk, folder.path(), &[&late]), (1, 0, String::new()));
}

#[test]
fn new_submissions_and_revisions_are_taken_in_from_one_folder() {
    let folder = TempDir::new().unwrap();
    let mut desk = project(folder.path(), "一", None);
    let id = fill(&mut desk, "217");
    let original = submission(&export(&desk, folder.path(), "original"));
    let money = r#"<money tianye:non_answer="refused"/>"#;
    let first = edited(&original, "uuid:edited-1", &[(money, "<money>300</money>")]);
    let second = edited(&first, "uuid:edited-2", &[("<money>300</money>", "<money>500</money>")]);
    let new = original.replace(said(&original, "instanceID").unwrap(), "uuid:another");
    let lost = edited(&new, "uuid:edited-3", &[]).replace("uuid:another", "uuid:strange");
    let chosen = folder.path().join("chosen");
    fs::create_dir(&chosen).unwrap();
    for (name, xml) in [("1", &first), ("2", &second), ("3", &new), ("4", &lost), ("5", &original)] {
        fs::write(chosen.join(format!("{name}.xml")), xml).unwrap();
    }
    let chosen = [chosen];
    let told = |view: &ImportView| {
        let codes: Vec<_> = view.unread.iter().map(|one| one.refusal.code.clone()).collect();
        (view.done, view.new, view.revisions, view.here, view.earlier, codes.join(" "))
    };
    let before = desk.preview_submissions(&chosen, "en").unwrap();
    // The one that nobody knows becomes a record of its own, as ever.
    assert_eq!(told(&before), (false, 2, 2, 0, 1, String::new()));
    let without = desk.take_in_submissions(&chosen, false, "en").unwrap();
    assert_eq!(told(&without), (true, 2, 0, 0, 2, "import-revision".into()));
    let with = desk.take_in_submissions(&chosen, true, "en").unwrap();
    assert_eq!(told(&with), (true, 0, 2, 2, 1, String::new()));
    assert_eq!(desk.records("en").unwrap().len(), 3);
    desk.open_interview(&id, "en").unwrap();
    assert_eq!(item(&mut desk, "/money").value, "500");
    desk.leave().unwrap();
    let again = desk.take_in_submissions(&chosen, true, "en").unwrap();
    assert_eq!(told(&again).2, 0, "nothing is taken in twice");
}

#[test]
fn two_laptops_that_take_in_the_same_revision_write_the_same() {
    let folder = TempDir::new().unwrap();
    let (_hub, mut lead, mut chen) = two(folder.path());
    fill(&mut chen, "217");
    chen.sync().unwrap();
    lead.sync().unwrap();
    let original = submission(&export(&lead, folder.path(), "original"));
    let row = "<roster><who>爸爸</who></roster>";
    let both = edited(&original, "uuid:edited-1", &[(row, &format!("{row}<roster><who>奶奶</who></roster>"))]);
    for desk in [&mut lead, &mut chen] {
        assert_eq!(revise(desk, folder.path(), &[&both]), (1, 0, String::new()));
    }
    chen.sync().unwrap();
    assert_eq!(lead.sync().unwrap().conflicts, 0);
    assert_eq!(submission(&export(&lead, folder.path(), "lead")), both);
    assert_eq!(lead.records("en").unwrap().len(), 1);
    let next = edited(&both, "uuid:edited-2", &[("奶奶", "外婆")]);
    assert_eq!(revise(&mut lead, folder.path(), &[&next]), (1, 0, String::new()));
    assert_eq!(submission(&export(&lead, folder.path(), "next")), next);
}

/// Takes one XML in; gives what became of it: `new`, `here`, or the code of the refusal.
#[track_caller]
fn check(desk: &mut Desk, folder: &Path, xml: &[u8], expect: &str) {
    let path = folder.join("one.xml");
    fs::write(&path, xml).unwrap();
    let view = desk.import(&[path], Some("pupil"), "en").unwrap();
    let found = match view {
        ImportView { new: 1, .. } => "new".to_owned(),
        ImportView { here: 1, .. } => "here".to_owned(),
        ImportView { other: 1, .. } => "other".to_owned(),
        view => view.unread.iter().map(|one| one.refusal.code.clone()).collect::<Vec<_>>().join(" "),
    };
    assert_eq!(found, expect, "{}", String::from_utf8_lossy(&xml[..xml.len().min(80)]));
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_goes_through() {
    let folder = TempDir::new().unwrap();
    let mut desk = project(folder.path(), "一", None);
    publish(&mut desk, "2");
    let mut take = |xml: &str, expect: &str| check(&mut desk, folder.path(), xml.as_bytes(), expect);
    take("<data", "submission-not-xml");
    take("", "submission-not-xml");
    take(&"<data id='pupil'>".repeat(80), "submission-too-deep");
    take("<!DOCTYPE d [<!ENTITY a 'b'>]><data id='pupil'>&a;</data>", "submission-not-xml");
    take("<data id='teacher'/>", "import-other-form");
    take("<other id='pupil'/>", "submission-other-form");
    take("<data id='pupil' encrypted='yes'><base64EncryptedKey>x</base64EncryptedKey></data>", "import-encrypted");
    take("<h:html xmlns:h='http://www.w3.org/1999/xhtml'/>", "other");
    take(&format!("<data id='pupil'>{}</data>", " ".repeat(17 << 20)), "import-too-large");
    take("<data id='pupil'><say>没有编号</say></data>", "new");
    take("<data id='pupil'><say>没有编号</say></data>", "here");
    // Values that do not fit, and questions that are gone, come too.
    take(
        "\u{feff}<data id='pupil' version='0'><money>很多</money><gone>x</gone><meta><instanceID>uuid:1</instanceID></meta></data>",
        "new",
    );
    check(&mut desk, folder.path(), b"<data id='pupil'><say>\xb4\xef</say></data>", "import-not-text");
    let card = desk.records("en").unwrap().into_iter().find(|card| card.code == "1").unwrap();
    let opened = desk.open_interview(&card.id, "en").unwrap();
    let apart: Vec<&str> = opened.apart.iter().map(|line| line.value.as_str()).collect();
    assert_eq!(apart, ["x", "很多"]);

    // A folder: a good one beside bad ones, in the shape of Collect, too deep, and an archive that is none.
    let many = folder.path().join("many");
    fs::create_dir_all(many.join("a/b/c/d/e/f/g/h/i")).unwrap();
    fs::create_dir_all(many.join("学生_2017")).unwrap();
    fs::write(
        many.join("学生_2017/学生_2017.xml"),
        "<data id='pupil' version='2'><photo>1.jpg</photo><meta><instanceID>uuid:2</instanceID></meta></data>",
    )
    .unwrap();
    fs::write(many.join("学生_2017/1.jpg"), picture()).unwrap();
    fs::write(many.join("bad.xml"), "<data").unwrap();
    fs::write(
        many.join("twice.xml"),
        "<data id='pupil'><say>y</say><meta><instanceID>uuid:2</instanceID></meta></data>",
    )
    .unwrap();
    fs::write(many.join("no.zip"), "PK").unwrap();
    fs::write(many.join("photo.txt"), "is not looked at").unwrap();
    let view = desk.import(&[many], None, "en").unwrap();
    let mut unread: Vec<(&str, &str)> =
        view.unread.iter().map(|one| (one.place.as_str(), one.refusal.code.as_str())).collect();
    unread.sort_unstable();
    assert_eq!(
        unread,
        [
            ("many/a/b/c/d/e/f/g/h", "import-too-deep"),
            ("many/bad.xml", "submission-not-xml"),
            ("many/no.zip", "import-not-zip"),
            ("many/学生_2017/学生_2017.xml", "import-twice"),
        ]
    );
    assert_eq!((view.new, view.forms.len()), (1, 1));
    let view = desk.import(&[folder.path().join("many/学生_2017/学生_2017.xml")], None, "en").unwrap();
    assert_eq!(counts(&view), (0, 1, 0));
}

#[test]
fn an_archive_is_measured_before_it_is_believed() {
    let folder = TempDir::new().unwrap();
    let mut desk = project(folder.path(), "一", None);
    let path = folder.path().join("bomb.zip");
    let mut archive = zip::ZipWriter::new(fs::File::create(&path).unwrap());
    let packed = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    archive.start_file("../../up.xml", packed).unwrap();
    archive
        .write_all(
            b"<data id='pupil'><photo>../../../secret.jpg</photo><meta><instanceID>uuid:up</instanceID></meta></data>",
        )
        .unwrap();
    archive.start_file("bomb/submission.xml", packed).unwrap();
    archive.write_all(b"<data id='pupil'>").unwrap();
    for _ in 0..40 {
        archive.write_all(&vec![b' '; 1 << 20]).unwrap();
    }
    archive.finish().unwrap();
    assert!(fs::metadata(&path).unwrap().len() < 1 << 20);
    let view = desk.import(&[path], None, "en").unwrap();
    assert_eq!((view.new, view.forms[0].files, view.forms[0].missing), (1, 1, 1));
    assert_eq!(view.unread.iter().map(|one| one.refusal.code.as_str()).collect::<Vec<_>>(), ["import-too-large"]);
}
