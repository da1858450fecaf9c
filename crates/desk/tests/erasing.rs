//! An interview, or an answer of it, is erased on the lead's laptop and goes from every other one.

#![allow(clippy::unwrap_used, reason = "a failed act fails the test")]

mod common;
#[allow(dead_code, reason = "a part of it is used")]
#[path = "common/holders.rs"]
mod holders;

use common::{PASSPHRASE, begin, copy, finish, join_as, laptop, say, set_up};
use tianye_desk::view::{AnswerInput, EraseInput, ErasedWhat, ExportInput, Move, NewInterview, Role};
use tianye_desk::{Cancel, Desk};

fn input(record: &str, fields: &[&str]) -> EraseInput {
    let fields = fields.iter().map(|field| (*field).to_owned()).collect();
    EraseInput {
        record: record.into(),
        person: String::new(),
        fields,
        why: "withdrawn".into(),
        note: "奶奶不同意".into(),
    }
}

/// What the first question of an interview says.
fn said(desk: &mut Desk, id: &str) -> String {
    desk.open_interview(id, "zh-CN").unwrap();
    let page = desk.go(&Move::Field { field: "/family/say".into() }).unwrap().page;
    page.items[0].value.clone()
}

fn codes(desk: &Desk) -> Vec<String> {
    let mut codes: Vec<String> = desk.records("zh-CN").unwrap().into_iter().map(|card| card.code).collect();
    codes.sort_unstable();
    codes
}

fn devices(certificate: &[tianye_desk::view::AnsweredView]) -> Vec<String> {
    certificate.iter().map(|one| one.person.clone()).collect()
}

#[test]
fn an_interview_goes_from_every_laptop_and_the_certificate_says_where_from() {
    let (field, mut lead, mut chen, mut zhou) = set_up();
    let id = begin(&mut chen, "217").id;
    say(&mut chen, "/family/say", "爸爸在外省");
    finish(&mut chen);
    begin(&mut chen, "218");
    say(&mut chen, "/family/say", "想妈妈");
    finish(&mut chen);
    chen.sync().unwrap();
    lead.sync().unwrap();
    assert_eq!(codes(&lead), ["217", "218"]);

    assert_eq!(chen.erase(&input(&id, &[])).unwrap_err().code, "no-right");
    let certificate = lead.erase(&input(&id, &[])).unwrap();
    let counts = (certificate.interviews, certificate.bodies);
    assert_eq!((counts, certificate.by.as_str()), ((1, 2), "沈一帆"), "the interview, and that it was told as begun");
    assert_eq!(devices(&certificate.answered), ["沈一帆"]);
    assert_eq!(devices(&certificate.waiting), ["周宁", "陈禾"]);
    assert_eq!(codes(&lead), ["218"]);
    assert!(certificate.on_hub, "the hub has not heard of it either");
    assert_eq!(codes(&chen), ["217", "218"], "it has not heard of it");

    // Meanwhile, without knowing, the same interview is corrected.
    chen.correct_interview(&id, "zh-CN").unwrap();
    say(&mut chen, "/family/say", "爸爸回来了");
    finish(&mut chen);
    lead.sync().unwrap();
    for desk in [&mut chen, &mut zhou] {
        desk.sync().unwrap();
        assert!(!codes(desk).contains(&"217".to_owned()));
        desk.sync().unwrap();
    }
    assert_eq!(chen.open_interview(&id, "zh-CN").unwrap_err().code, "erased-here");
    lead.sync().unwrap();
    let waiting = lead.erasures("zh-CN").unwrap()[0].waiting.len();
    assert_eq!(waiting, 2, "nobody knows yet that what came late is erased too");
    for desk in [&mut chen, &mut zhou, &mut lead] {
        desk.sync().unwrap();
        desk.sync().unwrap();
    }
    let certificates = lead.erasures("zh-CN").unwrap();
    assert_eq!((certificates.len(), certificates[0].bodies), (1, 3), "what came late is erased too");
    let first = certificates.iter().find(|one| one.id == certificate.id).unwrap();
    assert_eq!(
        (devices(&first.answered), devices(&first.waiting)),
        (vec!["周宁".into(), "沈一帆".into(), "陈禾".into()], vec![])
    );

    assert!(certificates.iter().all(|one| !one.on_hub && !one.unfinished), "the lead's last sync told the hub");

    // Locked and opened again, and exported, it is nowhere.
    drop(chen);
    let store = field.wuyi.start().unwrap().stores[0].id.clone();
    let chen = field.wuyi.unlock(&store, PASSPHRASE).unwrap();
    assert_eq!(codes(&chen), ["218"]);
    let out = field.folder.path().join("导出");
    let tables = ExportInput {
        form: "pupil".into(),
        labels: true,
        names: true,
        files: false,
        entities: false,
        instances: false,
        identified: true,
        reason: "试用".into(),
        ..ExportInput::default()
    };
    let report = lead.export_csv(&tables, &out, "zh-CN").unwrap();
    assert_eq!(report.files[0].rows, 1);
    drop(field.hub);
}

#[test]
fn one_answer_goes_and_the_others_stay_with_their_authors() {
    let (field, mut lead, mut chen, _zhou) = set_up();
    let id = begin(&mut chen, "217").id;
    say(&mut chen, "/family/say", "爸爸在外省");
    say(&mut chen, "/family/age", "9");
    finish(&mut chen);
    chen.sync().unwrap();
    lead.sync().unwrap();
    assert_eq!(lead.erase(&input(&id, &["/family/mother"])).unwrap_err().code, "erase-nothing");
    let certificate = lead.erase(&input(&id, &["/family/say"])).unwrap();
    assert_eq!((certificate.questions.clone(), certificate.bodies), (vec!["A1 孩子说什么？".to_owned()], 1));
    lead.sync().unwrap();
    // The interview is open for correction on the other laptop when the word comes.
    let mut courier = chen.courier().unwrap();
    chen.correct_interview(&id, "zh-CN").unwrap();
    chen.answer(&AnswerInput { field: "/family/age".into(), value: "10".into() }).unwrap();
    let report = courier.run(&Cancel::default(), &mut |_| ()).unwrap();
    chen.after_sync(&report).unwrap();
    let age = AnswerInput { field: "/family/age".into(), value: "11".into() };
    assert_eq!(chen.answer(&age).unwrap_err().code, "erased-here", "it is told what happened");
    for desk in [&mut lead, &mut chen] {
        assert_eq!(said(desk, &id), "");
        let page = desk.go(&Move::Field { field: "/family/age".into() }).unwrap().page;
        assert!(["9", "10"].contains(&page.items[0].value.as_str()), "{}", page.items[0].value);
    }
    drop(field.hub);
}

#[test]
fn a_certificate_names_the_hub_nearby_and_what_cannot_be_reached() {
    let (field, mut lead, mut chen, mut zhou) = set_up();
    let nearby = common::hub(&field.folder.path().join("nearby"));
    let id = begin(&mut chen, "217").id;
    say(&mut chen, "/family/say", "爸爸在外省");
    finish(&mut chen);
    for desk in [&mut chen, &mut lead, &mut zhou] {
        desk.sync().unwrap();
    }
    let certificate = lead.erase(&input(&id, &[])).unwrap();
    lead.sync().unwrap();
    let told = |desk: &Desk| desk.erasures("en").unwrap().into_iter().find(|one| one.id == certificate.id).unwrap();
    assert_eq!((told(&lead).nearby_hub.as_str(), told(&lead).on_hub), ("", false));
    let text = lead.certificate_text(&certificate.id, "en").unwrap();
    assert!(!text.contains("The laptop that served as a hub"), "{text}");

    lead.open_nearby(nearby.card()).unwrap();
    let waits = told(&lead);
    assert_eq!((waits.nearby_hub.as_str(), waits.on_nearby_hub), (nearby.card().address.as_str(), true));
    assert!(lead.certificate_text(&certificate.id, "en").unwrap().contains("local network has not been told yet"));
    lead.courier_nearby().unwrap().run(&Cancel::default(), &mut |_| ()).unwrap();
    assert!(!told(&lead).on_nearby_hub);
    let day = &certificate.at[..10];
    for (language, hub, sticks) in [
        ("en", "local network has been told", format!("Day of the erasure: {day}")),
        ("zh-CN", "现场网络里的中转电脑：已经收到通知", format!("删除日期：{day}")),
    ] {
        let text = lead.certificate_text(&certificate.id, language).unwrap();
        assert!(text.contains(hub) && text.contains(&sticks), "{text}");
        let others = if language == "en" { "other laptops that served as a hub" } else { "别的中转电脑" };
        assert!(text.contains(others), "only the hub used last is named: {text}");
    }
    nearby.stop().unwrap();
    drop(field.hub);
}

#[test]
fn a_database_that_was_set_aside_keeps_the_answer_open_until_it_is_discarded() {
    let (field, mut lead, mut chen, mut zhou) = set_up();
    let id = begin(&mut chen, "217").id;
    say(&mut chen, "/family/say", "爸爸在外省");
    finish(&mut chen);
    begin(&mut chen, "218");
    say(&mut chen, "/family/say", "想妈妈");
    chen.keep_snapshot().unwrap();
    drop(chen);
    // Bytes of one page are hit.
    let store = field.wuyi.start().unwrap().stores[0].id.clone();
    let dir = field.wuyi.data().join(&store);
    let mut bytes = std::fs::read(dir.join("store.db")).unwrap();
    let last = bytes.len() / 4096 - 1;
    bytes[last * 4096 + 1500] ^= 0x10;
    std::fs::write(dir.join("store.db"), &bytes).unwrap();
    let (mut chen, recovered) = field.wuyi.recover(&store, PASSPHRASE, &[], true).unwrap();
    let aside = chen.copies().unwrap().set_aside.remove(0);
    assert_eq!(recovered.set_aside, Some(aside.path.clone()));

    lead.sync().unwrap();
    let certificate = lead.erase(&input(&id, &[])).unwrap();
    for desk in [&mut lead, &mut chen, &mut zhou] {
        desk.sync().unwrap();
        desk.sync().unwrap();
    }
    let told = |desk: &mut Desk| {
        desk.sync().unwrap();
        desk.erasures("zh-CN").unwrap().into_iter().find(|one| one.id == certificate.id).unwrap()
    };
    let open = told(&mut lead);
    assert_eq!(devices(&open.answered), ["周宁", "沈一帆"], "what may be held somewhere is not wholly gone");
    assert_eq!((open.held.len(), devices(&open.waiting).len()), (1, 0));
    assert_eq!((open.held[0].laptop.person.as_str(), &open.held[0].set_aside), ("陈禾", &vec![aside.at.clone()]));
    for (language, words) in [("zh-CN", "还没有删完的电脑 (1)"), ("en", "but not wholly (1)")] {
        let text = lead.certificate_text(&certificate.id, language).unwrap();
        assert!(text.contains(words) && text.contains(&aside.at[..10]), "{text}");
    }

    // It is said what came of it before anything goes.
    let left = chen.left_in_set_aside(&aside.id).unwrap();
    assert!(left.entries > 0, "{left:?}");
    assert_eq!((left.missing, left.drafts, left.drafts_missing, left.erasures), (0, 2, 0, 1), "{left:?}");
    assert_eq!(chen.discard_set_aside("..").unwrap_err().code, "set-aside-unknown");
    assert!(std::path::Path::new(&aside.path).exists());
    let folder = std::path::Path::new(&aside.path);
    std::fs::write(folder.join("说明.txt"), "谁放的、为什么").unwrap();
    chen.discard_set_aside(&aside.id).unwrap();
    let left: Vec<_> = std::fs::read_dir(folder).unwrap().flatten().map(|one| one.file_name()).collect();
    assert_eq!(left, ["说明.txt"], "what a person put there stays");
    assert!(chen.copies().unwrap().set_aside.is_empty());
    assert_eq!(codes(&chen), ["218"]);
    chen.sync().unwrap();
    let done = told(&mut lead);
    assert_eq!((done.answered.len(), done.held.len(), done.waiting.len()), (3, 0, 0));
}

/// A memory stick with the second black box is at home while the erasure comes: the certificate names that laptop until the
/// stick was in it again.
#[test]
fn a_second_black_box_that_is_away_keeps_the_answer_open_until_it_followed() {
    let (field, mut lead, mut chen, mut zhou) = set_up();
    let stick = tempfile::TempDir::new().unwrap();
    chen.keep_second_box(Some(stick.path())).unwrap();
    let mut ids = Vec::new();
    for (code, answer) in [("217", "爸爸在外省"), ("218", "想妈妈")] {
        ids.push(begin(&mut chen, code).id);
        say(&mut chen, "/family/say", answer);
        finish(&mut chen);
    }
    chen.sync().unwrap();
    lead.sync().unwrap();
    let box_path = std::fs::read_dir(stick.path()).unwrap().flatten().next().unwrap().path();
    let at_home = field.folder.path().join("box");
    std::fs::rename(&box_path, &at_home).unwrap();
    let erase = |lead: &mut Desk, chen: &mut Desk, zhou: &mut Desk, id: &str| {
        let certificate = lead.erase(&input(id, &[])).unwrap().id;
        for desk in [lead, chen, zhou] {
            desk.sync().unwrap();
            desk.sync().unwrap();
        }
        certificate
    };
    let told = |desk: &mut Desk, certificate: &str| {
        desk.sync().unwrap();
        desk.erasures("zh-CN").unwrap().into_iter().find(|one| one.id == certificate).unwrap()
    };
    let first = erase(&mut lead, &mut chen, &mut zhou, &ids[0]);
    let open = told(&mut lead, &first);
    assert_eq!((devices(&open.answered), open.waiting.len()), (vec!["周宁".to_owned(), "沈一帆".to_owned()], 0));
    assert_eq!((open.held[0].second_box, open.held[0].set_aside.len()), (true, 0));
    for (language, words) in [("zh-CN", "备份当时不在"), ("en", "another medium was away")] {
        assert!(lead.certificate_text(&first, language).unwrap().contains(words));
    }

    // In again and unlocked, it follows, and the laptop says so.
    std::fs::rename(&at_home, &box_path).unwrap();
    chen.sync().unwrap();
    assert_eq!(told(&mut lead, &first).held.len(), 1, "nobody has looked at the stick yet");
    let unlock = |chen: Desk| {
        drop(chen);
        let store = field.wuyi.start().unwrap().stores[0].id.clone();
        field.wuyi.unlock(&store, PASSPHRASE).unwrap()
    };
    let mut chen = unlock(chen);
    chen.sync().unwrap();
    let done = told(&mut lead, &first);
    assert_eq!((done.answered.len(), done.held.len()), (3, 0));

    // One that is given up while an erasure waits for it is not forgotten, until it is found again.
    std::fs::rename(&box_path, &at_home).unwrap();
    let second = erase(&mut lead, &mut chen, &mut zhou, &ids[1]);
    chen.keep_second_box(None).unwrap();
    let mut chen = unlock(chen);
    chen.sync().unwrap();
    assert_eq!(told(&mut lead, &second).held.len(), 1);
    let other = tempfile::TempDir::new().unwrap();
    chen.keep_second_box(Some(other.path())).unwrap();
    chen.sync().unwrap();
    assert_eq!(told(&mut lead, &second).held.len(), 1, "another stick is not the one");
    std::fs::rename(&at_home, &box_path).unwrap();
    chen.keep_second_box(Some(stick.path())).unwrap();
    chen.sync().unwrap();
    assert_eq!(told(&mut lead, &second).held.len(), 0);
    let left = tianye_store::read_black_box(&box_path).unwrap();
    let (bare, whole): (Vec<_>, Vec<_>) = left.iter().partition(|entry| entry.body.is_none());
    assert!(!bare.is_empty() && !whole.is_empty());
}

#[test]
fn a_database_that_a_person_deleted_is_noticed_and_the_laptop_of_who_erases_is_no_exception() {
    let (field, mut lead, mut chen, _) = set_up();
    let id = begin(&mut chen, "217").id;
    say(&mut chen, "/family/say", "爸爸在外省");
    finish(&mut chen);
    chen.sync().unwrap();
    lead.sync().unwrap();
    drop(lead);
    let store = field.lead.start().unwrap().stores[0].id.clone();
    let dir = field.lead.data().join(&store);
    std::fs::write(dir.join("store.db-wal"), "").unwrap();
    let mut bytes = std::fs::read(dir.join("store.db")).unwrap();
    let last = bytes.len() / 4096 - 1;
    bytes[last * 4096 + 1500] ^= 0x10;
    std::fs::write(dir.join("store.db"), &bytes).unwrap();
    let (mut lead, _) = field.lead.recover(&store, PASSPHRASE, &[], true).unwrap();
    let certificate = lead.erase(&input(&id, &[])).unwrap();
    assert_eq!((certificate.answered.len(), certificate.held.len()), (0, 1));
    drop(lead);
    std::fs::remove_dir_all(dir.join("set-aside")).unwrap();
    let lead = field.lead.unlock(&store, PASSPHRASE).unwrap();
    let certificate = lead.erasures("zh-CN").unwrap().remove(0);
    assert_eq!((devices(&certificate.answered), certificate.held.len()), (vec!["沈一帆".to_owned()], 0));
}

fn tables(form: &str) -> ExportInput {
    ExportInput {
        form: form.into(),
        labels: true,
        names: true,
        files: true,
        entities: true,
        instances: true,
        identified: true,
        reason: "试用".into(),
        ..ExportInput::default()
    }
}

#[test]
fn a_respondent_goes_with_card_assignment_and_interviews_in_one_act() {
    let (field, mut lead, mut chen, mut zhou) = set_up();
    let assigned = lead.assign_county("pupil", "陈禾", "武义县").unwrap();
    assert!(assigned > 1);
    lead.sync().unwrap();
    chen.sync().unwrap();
    let rows = |desk: &mut Desk| -> Vec<(String, String)> {
        let places = desk.home("zh-CN").unwrap().places;
        places.into_iter().flat_map(|place| place.rows).map(|row| (row.code, row.name)).collect()
    };
    let before = rows(&mut chen);
    let open = chen.home("zh-CN").unwrap().places.remove(0).rows.remove(0);
    assert!(open.assigned && !open.name.is_empty());
    let new = NewInterview {
        form: "pupil".into(),
        assignment: Some(open.id.clone()),
        code: String::new(),
        name: String::new(),
        site: String::new(),
        ..NewInterview::default()
    };
    chen.start_interview(&new, "zh-CN").unwrap();
    say(&mut chen, "/family/say", "爸爸在外省");
    finish(&mut chen);
    chen.sync().unwrap();
    lead.sync().unwrap();

    assert_eq!(chen.preview_erasure_of_person(&open.id, "zh-CN").unwrap_err().code, "no-right");
    let person = lead.respondents_called(&open.code).remove(0);
    let preview = lead.preview_erasure_of_person(&person, "zh-CN").unwrap();
    assert_eq!((preview.code.as_str(), preview.interviews.len(), preview.assignments), (open.code.as_str(), 1, 1));
    assert_eq!(preview.laptops, 3);
    let of_interview = lead.preview_erasure(&preview.interviews[0].id, "zh-CN").unwrap();
    let answers: Vec<(&str, &str)> =
        of_interview.answers.iter().map(|one| (one.number.as_str(), one.value.as_str())).collect();
    assert_eq!((of_interview.person.as_str(), answers), (person.as_str(), vec![("A1", "爸爸在外省")]));

    let input = EraseInput { record: String::new(), person: person.clone(), ..input("", &[]) };
    let certificate = lead.erase(&input).unwrap();
    // The card, the assignment, that it was begun, and the interview.
    assert_eq!((certificate.what, certificate.interviews, certificate.bodies), (ErasedWhat::Person, 1, 5));
    assert!(lead.respondents_called(&open.code).is_empty());
    lead.sync().unwrap();
    for desk in [&mut chen, &mut zhou] {
        desk.sync().unwrap();
        desk.sync().unwrap();
    }
    let after = rows(&mut chen);
    assert_eq!(after.len(), before.len() - 1, "no empty row stands for the child");
    assert!(after.iter().all(|(code, name)| !code.is_empty() && !name.is_empty() && *name != open.name));
    lead.sync().unwrap();
    let certificates = lead.erasures("zh-CN").unwrap();
    assert_eq!((certificates.len(), certificates[0].waiting.len(), certificates[0].later), (1, 0, 0));

    for (language, words) in [("zh-CN", "一位受访者的全部内容"), ("en", "Everything of one respondent")] {
        let text = lead.certificate_text(&certificate.id, language).unwrap();
        assert!(text.contains(words) && text.contains(&certificates[0].answered[0].code), "{text}");
        for name in [open.name.as_str(), "陈禾", "周宁", "沈一帆", open.code.as_str()] {
            assert!(!text.contains(name), "{name} in {text}");
        }
    }
    assert_eq!(lead.certificate_text("x", "en").unwrap_err().code, "erasure-unknown");
    assert_eq!(Desk::certificate_name("a1b2c3d4e5", "en"), "Certificate-of-erasure-a1b2c3d4.txt");
    drop(field.hub);
}

#[test]
fn an_export_says_which_rows_to_drop_after_an_erasure() {
    let (field, mut lead, mut chen, _zhou) = set_up();
    let mut ids = Vec::new();
    for code in ["217", "218", "219"] {
        ids.push(begin(&mut chen, code).id);
        say(&mut chen, "/family/say", "爸爸在外省");
        finish(&mut chen);
    }
    chen.sync().unwrap();
    lead.sync().unwrap();
    let out = field.folder.path().join("导出");
    lead.export_csv(&tables("pupil"), &out, "zh-CN").unwrap();
    // An analyst's laptop reads them too; its export tells interviews by study codes.
    let mut he = join_as(&mut lead, &laptop(field.folder.path(), "分析"), "何分析", Role::Analyst);
    let own = field.folder.path().join("何分析的导出");
    let coded = ExportInput { form: "pupil".into(), labels: true, ..ExportInput::default() };
    he.export_csv(&coded, &own, "zh-CN").unwrap();
    let refused = chen.export_csv(&tables("pupil"), &own, "zh-CN").err().map(|refusal| refusal.code);
    assert_eq!(refused.as_deref(), Some("export-no-right"), "an interviewer exports nothing");
    let manifest = std::fs::read_to_string(out.join("export.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    assert_eq!((&manifest["form"], &manifest["by"]["name"]), (&"pupil".into(), &"沈一帆".into()));
    assert_eq!(manifest["interviews"].as_object().unwrap().len(), 3);
    assert!(!manifest.to_string().contains("小满"), "no name of who was asked");
    let id = manifest["id"].as_str().unwrap().to_owned();
    assert!(lead.to_drop(&id).unwrap().is_empty());

    let first = lead.erase(&input(&ids[0], &[])).unwrap();
    assert_eq!((first.exports.len(), first.exports[0].rows, first.exports[0].files), (1, 2, 1));
    lead.erase(&input(&ids[1], &["/family/say"])).unwrap();
    let folder = out.to_str().unwrap();
    let shown: Vec<String> = lead
        .to_drop(folder)
        .unwrap()
        .iter()
        .map(|row| {
            let key = ids.iter().position(|id| *id == row.key).map(|at| at.to_string()).unwrap_or_default();
            let file = row.file.split("/instances/").next().unwrap();
            format!("{} {file} {key}{}", row.act, row.field)
        })
        .collect();
    let mut expect = [
        "clear 练习_pupil.csv 1/family/say",
        "drop 练习_pupil.csv 0",
        "drop 练习_pupil_B_家里还有谁.csv 0",
        "delete 练习_pupil ",
        "delete 练习_pupil ",
    ];
    expect.sort_unstable();
    let mut shown = shown;
    shown.sort_unstable();
    assert_eq!(shown, expect);
    let csv = lead.drop_csv(&id).unwrap();
    assert_eq!(csv.lines().count(), 6);
    // The key is the one that stands in the table.
    let table = std::fs::read_to_string(out.join("练习_pupil.csv")).unwrap();
    let row = lead.to_drop(&id).unwrap().into_iter().find(|row| row.act == "drop").unwrap();
    assert!(table.contains(&row.key) && table.lines().next().unwrap().contains(&row.column));
    // What is exported from now on needs nothing dropped.
    lead.export_csv(&tables("pupil"), &field.folder.path().join("又"), "zh-CN").unwrap();
    assert!(lead.to_drop(field.folder.path().join("又").to_str().unwrap()).unwrap().is_empty());
    assert_eq!(lead.to_drop("x").unwrap_err().code, "export-unknown");
    assert_eq!(lead.to_drop(field.folder.path().to_str().unwrap()).unwrap_err().code, "export-manifest");

    // Another laptop says that it has exported it too.
    lead.sync().unwrap();
    he.sync().unwrap();
    he.sync().unwrap();
    lead.sync().unwrap();
    let certificate = lead.erasures("zh-CN").unwrap().into_iter().find(|one| one.id == first.id).unwrap();
    let said: Vec<(String, u32)> = certificate.answered.iter().map(|one| (one.person.clone(), one.exports)).collect();
    assert_eq!(said, [("何分析".to_owned(), 1), ("沈一帆".to_owned(), 0)]);
    let text = lead.certificate_text(&first.id, "zh-CN").unwrap();
    assert!(text.contains("导出表格：2"), "{text}");
    drop(field.hub);
}

/// Whether some bytes stand in a file of a folder.
fn stands(folder: &std::path::Path, bytes: &[u8]) -> bool {
    std::fs::read_dir(folder).unwrap().flatten().any(|entry| {
        let path = entry.path();
        if path.is_dir() {
            return stands(&path, bytes);
        }
        std::fs::read(&path).unwrap().windows(bytes.len()).any(|window| window == bytes)
    })
}

#[test]
fn a_hub_that_is_put_back_to_an_old_copy_is_told_again_what_to_drop() {
    let (field, mut lead, mut chen, zhou) = set_up();
    let id = begin(&mut chen, "217").id;
    say(&mut chen, "/family/say", "想妈妈");
    finish(&mut chen);
    chen.sync().unwrap();
    lead.sync().unwrap();
    drop((chen, zhou));
    let store =
        holders::open(&field, "武义", tianye_store::Unlock::Passphrase(&tianye_store::Passphrase::new(PASSPHRASE)));
    let sittings = store.read(|view| view.entries_of_kind(tianye_survey::kind::INTERVIEW)).unwrap();
    let sitting = store.read(|view| view.entry(sittings[0].hash)).unwrap().unwrap();
    let sealed = sitting.body.unwrap()[..64].to_vec();
    let (data, backup) = (field.folder.path().join("hub"), field.folder.path().join("backup"));
    let address = field.hub.card().address.clone();
    field.hub.stop().unwrap();
    copy(&data, &backup);
    let hub = common::hub_at(&data, &address);
    lead.erase(&input(&id, &[])).unwrap();
    lead.sync().unwrap();
    hub.stop().unwrap();
    assert!(!stands(&data, &sealed) && stands(&backup, &sealed));
    // Somebody puts the old copy in its place.
    let hub = common::hub_at(&backup, &address);
    lead.sync().unwrap();
    hub.stop().unwrap();
    assert!(!stands(&backup, &sealed));
}
