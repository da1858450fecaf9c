//! The command line as scripts use it: the real program, its exit codes and its words.

#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

const PASSPHRASE: &str = "竹篮 半夜 蓝色 拖拉机";

fn tianye(data: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tianye"))
        .args(args)
        .env("LC_ALL", "en_US.UTF-8")
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
    assert!(good(folder.path(), &["form", "test", &pupil()]).contains("9 passed, 0 failed"));
    assert!(good(folder.path(), &["form", "walk", &pupil(), "-n", "20"]).contains("20 of 20 walks"));
}

#[test]
fn a_command_whose_words_nobody_reads_any_more_does_its_work_all_the_same() {
    let folder = TempDir::new().unwrap();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = Command::new(env!("CARGO_BIN_EXE_tianye"));
    command.args(["new", "山村 2017", "--lead", "沈一帆", "--device", "组长电脑"]).stdout(writer);
    let done = command.env("TIANYE_DATA", folder.path()).env("TIANYE_PASSPHRASE", PASSPHRASE).status().unwrap();
    assert!(done.success(), "{done}");
    assert!(good(folder.path(), &["stores"]).contains("山村 2017"));
}

#[test]
fn a_wrong_workbook_is_told_by_sheet_row_and_column() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("错.md");
    std::fs::write(&file, "| survey | | | |\n| | type | name | relevant |\n| | text | a | ${b} = 1 |\n").unwrap();
    let file = file.to_str().unwrap();
    bad(folder.path(), &["form", "check", file], "错.md:3 survey C2 relevant");
    bad(folder.path(), &["form", "check", file], " 2 | ${b} = 1\n   | ^^^^\n");
    bad(folder.path(), &["form", "check", file, "--lang", "zh-CN"], "错误[unknown-name]: 题名不存在：b。");
    let output = tianye(folder.path(), &["form", "check", file, "--json", "--lang", "zh"]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["usable"], false);
    let problem = &json["problems"][0];
    assert_eq!((&problem["severity"], &problem["code"]), (&"error".into(), &"unknown-name".into()));
    assert_eq!((&problem["sheet"], &problem["row"], &problem["column"]), (&"survey".into(), &2.into(), &"C".into()));
    assert_eq!(problem["excerpt"]["marked"], "${b}");
    assert_eq!(problem["message"], "题名不存在：b。请改正，或补上这道题");
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
    for (language, words) in [("zh", "第 3 行，a：应为 “2”，实为 “1”"), ("en", "row 3, a: expected “2”, found “1”")]
    {
        bad(folder.path(), &["form", "test", file.to_str().unwrap(), "--lang", language], words);
    }
    let json = tianye(folder.path(), &["--json", "form", "test", file.to_str().unwrap()]);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!((&json["failed"], &json["tests"][0]["failures"][0]["row"]), (&1.into(), &3.into()));
}

#[test]
fn a_circle_is_told_by_the_names_of_its_questions() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("圈.md");
    let text = "| survey |\n|  | type | name | label | calculation |\n|  | text | q | Q | |\n|  | calculate | a | | ${c} + 1 |\n\
        |  | begin_group | g | G | |\n|  | calculate | b | | ${a} + 1 |\n|  | calculate | c | | ${b} + 1 |\n|  | end_group | | | |\n";
    std::fs::write(&file, text).unwrap();
    let file = file.to_str().unwrap();
    let output = tianye(folder.path(), &["form", "check", file]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("[xml-cycle]") && said.contains("survey D3 calculate"), "{said}");
    for name in ["a (calculate)", "b (calculate)", "c (calculate)"] {
        assert!(said.contains(name), "{name} in {said}");
    }
}

#[test]
fn a_form_goes_to_excel_and_comes_back() {
    let folder = TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    good(folder.path(), &["form", "convert", &pupil(), &at("学生.xlsx")]);
    assert!(good(folder.path(), &["form", "check", &at("学生.xlsx")]).contains("0 errors, 0 warnings"));
    good(folder.path(), &["form", "convert", &at("学生.xlsx"), &at("pupil.md")]);
    assert_eq!(
        good(folder.path(), &["form", "xform", &at("pupil.md")]),
        good(folder.path(), &["form", "xform", &pupil()])
    );
    bad(folder.path(), &["form", "convert", &pupil(), &at("学生.xlsx")], "error[exists]");
    good(folder.path(), &["form", "convert", &pupil(), &at("学生.xlsx"), "--force"]);
    bad(folder.path(), &["form", "convert", &pupil(), &at("a.ods")], "error[form-write-format]");
}

#[test]
fn a_new_version_is_compared_with_the_old_one() {
    let folder = TempDir::new().unwrap();
    let write = |name: &str, rows: &str| {
        let file = folder.path().join(name).display().to_string();
        std::fs::write(&file, format!("| survey |\n|  | type | name | label |\n{rows}")).unwrap();
        file
    };
    let old = write("旧.md", "|  | text | a | A |\n|  | integer | b | B |\n");
    let new = write("新.md", "|  | text | c | A |\n|  | decimal | b | B |\n");
    bad(folder.path(), &["form", "diff", &old, &new], "loses[question-removed] /a");
    bad(folder.path(), &["form", "diff", &old, &new, "--lang", "zh"], "这道题没有了");
    let hinted = good(folder.path(), &["form", "diff", &old, &new, "--renamed", "a=c", "--json"]);
    let hinted: serde_json::Value = serde_json::from_str(&hinted).unwrap();
    let codes: Vec<&str> = hinted.as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["version-same", "question-renamed", "type-widened"]);
    assert_eq!(good(folder.path(), &["form", "diff", &old, &old]).trim(), "no difference");
    bad(folder.path(), &["form", "diff", &old, &new, "--renamed", "x=c"], "error[diff-hint]");
}

#[test]
fn an_xform_is_a_form_too() {
    let folder = TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    good(folder.path(), &["form", "xform", &pupil(), "-o", &at("pupil.xml")]);
    assert!(good(folder.path(), &["form", "check", &at("pupil.xml")]).contains("can be used"));
    assert!(good(folder.path(), &["form", "walk", &at("pupil.xml"), "-n", "3"]).contains("3 of 3 walks"));
    let wrong = "<h:html xmlns=\"http://www.w3.org/2002/xforms\" xmlns:h=\"http://www.w3.org/1999/xhtml\">\n\
        <h:head><h:title>小满</h:title><model><instance><data id=\"p\"><age/></data></instance>\n\
        <bind nodeset=\"/data/age\" type=\"int\" relevant=\"rond(1) = 1\"/></model></h:head>\n\
        <h:body><input ref=\"/data/age\"><label>几岁</label></input></h:body></h:html>";
    std::fs::write(at("wrong.xml"), wrong).unwrap();
    let said = tianye(folder.path(), &["form", "check", &at("wrong.xml")]);
    let said = String::from_utf8(said.stdout).unwrap();
    assert!(said.contains("error[xml-expression-check]") && said.contains("wrong.xml:3:1 "), "{said}");
    assert!(said.contains(" 3 | rond(1) = 1\n   | ^^^^^^^\n"), "{said}");
    bad(folder.path(), &["form", "check", &at("wrong.xml")], "wrong.xml");
}

#[test]
fn a_question_tells_why_it_is_hidden_in_both_languages() {
    let folder = TempDir::new().unwrap();
    let why = |language: &str| {
        let args = ["form", "why", &pupil(), "father_months", "father_place=home", "--lang", language];
        good(folder.path(), &args)
    };
    let told = why("zh");
    assert!(told.contains("这一题现在不问") && told.contains("  * "), "{told}");
    assert!(why("en").contains("This question is not asked now"), "{}", why("en"));
    let numbers = folder.path().join("numbers.md");
    std::fs::write(
        &numbers,
        "| survey |\n| | type | name | label | check |\n| | text | id | 身份证号 | cn_identity_number |\n",
    )
    .unwrap();
    let numbers = numbers.to_string_lossy();
    for (language, words) in [("zh", "身份证号应当是 18 位"), ("en", "An identity number has 18 characters")] {
        let told = good(folder.path(), &["form", "why", &numbers, "id", "id=1101", "--lang", language]);
        assert!(told.contains(words), "{told}");
    }
    bad(folder.path(), &["form", "why", &pupil(), "no_such_question"], "error[tests-bad-question]");
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
    assert_eq!(files.len(), 4, "tables of form and roster, the codebook, and what they hold: {files:?}");
    assert!(files[0].ends_with("export.json"));
    let bytes = std::fs::read(&files[1]).unwrap();
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

#[test]
fn a_store_that_another_program_has_unlocked_is_refused_with_who_and_since() {
    let data = TempDir::new().unwrap();
    good(data.path(), &["new", "留守儿童", "--lead", "沈一帆"]);
    let world = std::sync::Arc::new(tianye_desk::world::Machine);
    let laptop = tianye_desk::Laptop::new(data.path(), world, tianye_desk::KdfCost::default());
    let store = laptop.start().unwrap().stores.remove(0).id;
    let desk = laptop.unlock(&store, PASSPHRASE).unwrap();
    let own = std::process::id();
    bad(data.path(), &["list"], "[store-in-use]: These records are unlocked in another window or program already");
    bad(data.path(), &["list"], &format!("#{own}, since 20"));
    bad(data.path(), &["list", "--lang", "zh"], "请在那边上锁或关掉它");
    good(data.path(), &["stores"]);
    drop(desk);
    good(data.path(), &["list"]);
}

#[test]
fn finalised_interviews_go_out_as_submissions_and_come_in_elsewhere() {
    let folder = TempDir::new().unwrap();
    let (one, two, out) = (folder.path().join("一"), folder.path().join("二"), folder.path().join("出"));
    for data in [&one, &two] {
        good(data, &["new", "留守儿童", "--lead", "沈一帆"]);
        good(data, &["add-form", &pupil()]);
    }
    good(&one, &["simulate", "pupil", "-n", "3"]);
    let path = out.to_str().unwrap();
    assert!(
        good(
            &one,
            &["export", "pupil", "--instances", path, "--identified", "--reason", "to another tool", "--lang", "en"]
        )
        .contains("3 submissions in")
    );
    assert!(good(&two, &["import", "pupil", path]).contains("3 submissions become records"));
    assert_eq!(good(&two, &["list"]).lines().count(), 0, "a preview writes nothing");
    std::fs::write(out.join("bad.xml"), "<pupil").unwrap();
    bad(&two, &["import", "pupil", path, "--yes"], "出/bad.xml [submission-not-xml]: This is no submission");
    assert_eq!(good(&two, &["list"]).lines().count(), 3);
    std::fs::remove_file(out.join("bad.xml")).unwrap();
    assert!(good(&two, &["import", "pupil", path, "--yes", "--lang", "zh"]).contains("3 份这里已经有了，不动"));
    bad(&two, &["import", "teacher", path], "import-other-form");
    // Edited elsewhere, it is a further sitting of its record.
    let mut found =
        std::fs::read_dir(out.join("练习_pupil/instances")).or_else(|_| std::fs::read_dir(out.join("pupil/instances")));
    let first = found.as_mut().unwrap().next().unwrap().unwrap().path().join("submission.xml");
    let xml = std::fs::read_to_string(&first).unwrap();
    let id = xml.split("<instanceID>").nth(1).unwrap().split('<').next().unwrap();
    let again = xml.replace(id, "uuid:edited").replace("</meta>", &format!("<deprecatedID>{id}</deprecatedID></meta>"));
    let revision = out.join("again.xml");
    std::fs::write(&revision, &again).unwrap();
    let revision = revision.to_str().unwrap();
    bad(&two, &["import", "pupil", revision], "[import-revision]");
    let told = good(&two, &["import-revision", "pupil", revision]);
    assert!(told.contains("1 submissions become sittings of interviews that are here"), "{told}");
    assert!(good(&two, &["import-revision", "pupil", revision, "--yes"]).contains("1 revisions were taken in"));
    assert_eq!(good(&two, &["list"]).lines().count(), 3);
    std::fs::write(revision, again.replace(id, "uuid:nobody").replace("uuid:edited", "uuid:edited-2")).unwrap();
    bad(&two, &["import-revision", "pupil", revision, "--yes"], "uuid:nobody");
    bad(&two, &["export", "pupil", "--instances", path], "export-reason");
    bad(&two, &["export", "pupil", "--names", "-o", path], "export-identifiers");
    let shown = good(&two, &["export", "pupil", "--lang", "en"]);
    assert!(shown.contains("3 interviews; the smallest class has 1") && shown.contains("left out"), "{shown}");
    let listed = good(&one, &["exports"]);
    assert!(listed.contains("with identifiers: to another tool") && listed.contains("3 interviews"), "{listed}");
}

#[test]
fn respondents_are_linked_kept_apart_and_taken_back() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    good(&data, &["practice", "--lead-only"]);
    assert_eq!(good(&data, &["duplicates"]), "", "the invented children are all different");
    good(&data, &["link", "101", "102", "103", "--reason", "asked the teacher"]);
    let judged = good(&data, &["duplicates", "--judged"]);
    assert_eq!(judged.matches("  linked").count(), 2, "{judged}");
    assert!(judged.contains("asked the teacher"));
    bad(&data, &["link", "101", "999", "--reason", "no such"], "respondent-unknown");
    good(&data, &["unlink", "101", "102", "--reason", "it was her cousin"]);
    bad(&data, &["unlink", "104", "105", "--reason", "nothing was said"], "pair-open");
    good(&data, &["keep-apart", "102", "101", "--reason", "two cousins"]);
    let judged = good(&data, &["duplicates", "--judged"]);
    assert_eq!((judged.matches("  linked").count(), judged.matches("  kept apart").count()), (1, 1), "{judged}");
}

#[test]
fn a_sheet_goes_out_and_comes_back() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    good(&data, &["practice", "--lead-only"]);
    for name in ["sheet.csv", "sheet.json"] {
        let sheet = folder.path().join(name).display().to_string();
        assert!(good(&data, &["sheet", "-o", &sheet, "--reason", "电话里问"]).contains(": 0 rows"));
        assert!(good(&data, &["decide-from", &sheet]).contains("would decide 0, left for later 0, refused 0"));
    }
    let id = |code: &str| {
        let judged = good(&data, &["duplicates", "--judged", "--json"]);
        let view: serde_json::Value = serde_json::from_str(&judged).unwrap();
        let sides = view["judged"][0]["sides"].as_array().unwrap().clone();
        sides.iter().find(|side| side["code"] == code).unwrap()["record"].as_str().unwrap().to_owned()
    };
    good(&data, &["link", "101", "102", "--reason", "for their ids"]);
    let (one, other) = (id("101"), id("102"));
    good(&data, &["unlink", "101", "102", "--reason", "and back"]);
    let sheet = folder.path().join("filled.csv");
    let rows = format!(
        "what,record,other,take,reason\npair,{one},{other},apart,\npair,{one},{one},1,asked\nfoo,a,b,1,asked\n"
    );
    std::fs::write(&sheet, rows).unwrap();
    let sheet = sheet.display().to_string();
    bad(&data, &["decide-from", &sheet, "--yes"], "row 1 [reason-missing]");
    bad(&data, &["decide-from", &sheet, "--yes"], "row 2 [pair-not-two]");
    bad(&data, &["decide-from", &sheet, "--yes"], "row 3 [row-unknown]");
    bad(&data, &["decide-from", &sheet], "would decide 0, left for later 0, refused 3");
    std::fs::write(&sheet, "no,such\n\"table").unwrap();
    bad(&data, &["decide-from", &sheet], "sheet-unreadable");
}

#[test]
fn what_is_erased_is_shown_first_and_gone_after_with_a_certificate() {
    let folder = TempDir::new().unwrap();
    let (data, out) = (folder.path().join("电脑"), folder.path().join("导出"));
    let out = out.to_str().unwrap();
    good(&data, &["new", "留守儿童", "--lead", "沈一帆"]);
    good(&data, &["add-form", &pupil()]);
    good(&data, &["simulate", "pupil", "-n", "3", "--seed", "7"]);
    let list = || -> serde_json::Value { serde_json::from_str(&good(&data, &["list", "--json"])).unwrap() };
    let cards = list();
    let (one, two) = (cards[0]["id"].as_str().unwrap(), cards[1]["id"].as_str().unwrap());
    let (code, third) = (cards[2]["code"].as_str().unwrap(), cards[2]["id"].as_str().unwrap());
    good(&data, &["export", "pupil", "--identified", "--reason", "试用", "-o", out]);
    assert_eq!(good(&data, &["erasures"]).trim(), "nothing was erased");

    // Nothing goes before it was said with --yes.
    let shown = good(&data, &["erase", one, "--why", "withdrawn"]);
    assert!(shown.contains("the whole interview would be erased") && shown.contains("--yes"), "{shown}");
    assert_eq!(list().as_array().unwrap().len(), 3);
    let shown: serde_json::Value =
        serde_json::from_str(&good(&data, &["erase", two, "--why", "mistake", "--json"])).unwrap();
    let field = shown["answers"][0]["field"].as_str().unwrap();
    let name = field.rsplit('/').next().unwrap();
    bad(&data, &["erase", two, "--field", "no_such", "--why", "mistake"], "error[erase-field]");
    bad(&data, &["erase", two, "--recording", name, "--why", "mistake"], "error[erase-field]");
    bad(&data, &["erase", "没有", "--why", "mistake"], "error[");
    bad(&data, &["erase", two, "--why", "because"], "invalid value");

    let done = good(&data, &["erase", one, "--why", "withdrawn", "--note", "奶奶不同意", "--yes"]);
    assert!(done.contains("erased on: 沈一帆") && done.contains("奶奶不同意"), "{done}");
    assert_eq!(list().as_array().unwrap().len(), 2);
    good(&data, &["erase", two, "--field", name, "--why", "mistake", "--yes", "--lang", "zh"]);
    good(&data, &["erase", code, "--person", "--why", "retention", "--yes"]);
    assert_eq!(list().as_array().unwrap().len(), 1);
    bad(&data, &["erase", code, "--person", "--why", "retention"], "error[");

    let all: serde_json::Value = serde_json::from_str(&good(&data, &["erasures", "--json"])).unwrap();
    let what: Vec<&str> = all.as_array().unwrap().iter().map(|one| one["what"].as_str().unwrap()).collect();
    assert_eq!(what, ["person", "answers", "interview"]);
    assert!(good(&data, &["erasures"]).contains("holds some of it"));
    let id = all[2]["id"].as_str().unwrap();
    let text = good(&data, &["erasures", "--certificate", &id[..8]]);
    assert!(text.contains("删除证明") && !text.contains("沈一帆"), "{text}");
    let file = folder.path().join("certificate.txt");
    let file = file.to_str().unwrap();
    good(&data, &["erasures", "--certificate", id, "-o", file, "--language", "en"]);
    assert!(std::fs::read_to_string(file).unwrap().starts_with("Certificate of erasure"));
    bad(&data, &["erasures", "--certificate", "zzz"], "error[erasure-unknown]");

    let rows = good(&data, &["erasures", "--export", out]);
    let keys =
        |act: &str| rows.lines().filter(|line| line.contains(&format!(",{act},"))).collect::<Vec<_>>().join("\n");
    assert!(keys("drop").contains(one) && keys("drop").contains(third) && !keys("drop").contains(two), "{rows}");
    assert!(keys("clear").contains(two) && keys("clear").contains(field), "{rows}");
    bad(&data, &["erasures", "--export", "x"], "error[export-unknown]");
}

#[test]
fn what_a_family_says_is_written_down_listed_and_taken_back() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("电脑");
    good(&data, &["practice", "--lead-only"]);
    good(&data, &["checklist", "--gate", "true"]);
    let json = |args: &[&str]| -> serde_json::Value { serde_json::from_str(&good(&data, args)).unwrap() };
    let all = json(&["consent", "--form", "pupil", "--json"]);
    let first = all[0]["code"].as_str().unwrap().to_owned();
    assert!(all.as_array().unwrap().len() > 5 && all[0]["cards"].as_array().unwrap().is_empty());
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let said = |standing: &str, word: &str| {
        format!(
            r#"{{"standing":"{standing}","name":"王桂英","how":"paper","on":"2017-04-11","words":{{"questionnaire":"{word}"}}}}"#
        )
    };
    let guardian = file("监护人.json", &said("legal-guardian", "given"));
    let picture = folder.path().join("纸.png");
    std::fs::write(&picture, png()).unwrap();
    let evidence = format!("paper={}", picture.display());
    good(&data, &["consent", "record", &first, "--from", &guardian, "--evidence", &evidence]);
    let child = file("孩子.json", &said("own", "given").replace("王桂英", ""));
    let shown = good(&data, &["consent", "record", &first, "--form", "pupil", "--from", &child, "--lang", "en"]);
    assert!(shown.contains("✓ Questionnaire") && shown.contains("王桂英"), "{shown}");
    let sheet = json(&["consent", "list", &first, "--form", "pupil", "--json"]);
    assert_eq!(sheet[0]["purposes"][0]["standing"], "consent-complete");
    let cards = sheet[0]["cards"].as_array().unwrap();
    assert!(cards.iter().any(|card| card["evidence"][0]["kind"] == "paper"), "{sheet}");
    let back = file("收回.json", r#"{"standing":"own","purposes":["questionnaire"]}"#);
    good(&data, &["consent", "withdraw", &first, "--from", &back]);
    let sheet = json(&["consent", "list", &first, "--form", "pupil", "--json"]);
    assert_eq!(sheet[0]["purposes"][0]["standing"], "consent-withdrawn");
    // Wrong words are refused, and not repeated.
    let strange = file("错.json", r#"{"standing":"legal-guardian","geheim":"王桂英"}"#);
    let output = tianye(&data, &["consent", "record", &first, "--from", &strange]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && told.contains("report-json") && !told.contains("geheim"), "{told}");
    bad(&data, &["consent", "record", "没有", "--from", &guardian], "error[unknown-respondent]");
    bad(&data, &["consent", "record", "--from", &guardian], "error[field-empty]");
    bad(&data, &["consent", "record", &first, "--from", &guardian, "--evidence", "sig=x"], "error[file]");
}

/// The smallest picture: one white pixel.
fn png() -> Vec<u8> {
    const TEXT: &str = "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c494441\
        54789c63f8ffff3f0005fe02fe0def46b80000000049454e44ae426082";
    (0..TEXT.len()).step_by(2).map(|at| u8::from_str_radix(&TEXT[at..at + 2], 16).unwrap()).collect()
}

#[test]
fn a_forgotten_store_is_brought_out_by_the_recovery_key() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (data, out, file) = (folder.path().join("data"), path("out"), path("key.txt"));
    good(&data, &["new", "山村 2017", "--lead", "沈一帆", "--device", "组长电脑"]);
    let shown = tianye(&data, &["recovery-key"]);
    assert!(String::from_utf8_lossy(&shown.stderr).contains("every laptop of the project"));
    let key = String::from_utf8(shown.stdout).unwrap();
    assert!(key.starts_with("AGE-SECRET-KEY-1"), "a key and nothing else is shown");
    let listed = good(&data, &["stores"]);
    let store = data.join(listed.split_whitespace().next().unwrap()).display().to_string();
    std::fs::write(&file, &key).unwrap();
    let said = good(&data, &["open-forgotten", &store, "--key", &file, "--out", &out]);
    assert!(said.contains("nothing was signed") && said.contains("No interview had answers"), "{said}");
    assert!(good(&data, &["from-stick", &out]).contains("0 new"), "all of it is here already");
    std::fs::write(&file, key.to_lowercase().replace("age-secret", "age-sekret")).unwrap();
    bad(&data, &["open-forgotten", &store, "--key", &file, "--out", &out], "error[recovery-key-unreadable]");
}
