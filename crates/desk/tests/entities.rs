//! Entities: made on one laptop, seen and changed on another, told where two disagree, corrected with their interviews.

#![allow(clippy::unwrap_used, reason = "a failed act fails the test")]

mod common;

use common::{PASSPHRASE, hub, join, laptop};
use tempfile::TempDir;
use tianye_desk::Desk;
use tianye_desk::view::{
    AnswerInput, Completion, ConsentInput, ConsentWord, Control, EntityCount, EraseInput, ExportInput, ExportPurpose,
    InterviewView, Move, NewInterview, NewProject, PersonQuery,
};
use tianye_hub::Running;

const REGISTER: &str = "
| survey | | | | |
| | type | name | label | save_to |
| | text | title | A1 叫什么？ | |
| | integer | girth | A2 多粗？ | girth_cm |
| entities | | |
| | list_name | label |
| | trees | ${title} |
| settings | | | |
| | form_title | form_id | version |
| | 登记 | register | 1 |
";

const VISIT: &str = "
| survey | | | | | |
| | type | name | label | save_to | calculation |
| | select_one_from_file trees.csv | tree | A1 哪一棵？ | | |
| | calculate | before | | | instance('trees')/root/item[name=${tree}]/girth_cm |
| | note | was | 上次 ${before} | | |
| | integer | girth | A2 现在多粗？ | girth_cm | |
| entities | | |
| | list_name | entity_id |
| | trees | ${tree} |
| settings | | | |
| | form_title | form_id | version |
| | 回访 | visit | 1 |
";

const FILE: &[u8] = "name,label,girth_cm,__version\nt-1,村口老樟,30,3\n".as_bytes();

struct Team {
    _hub: Running,
    lead: Desk,
    chen: Desk,
    zhou: Desk,
    folder: TempDir,
}

impl Team {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let hub = hub(&folder.path().join("hub"));
        let mut lead = laptop(folder.path(), "组长")
            .create_project(&NewProject {
                title: "浙江留守儿童 2017".into(),
                person: "沈一帆".into(),
                device: "组长电脑".into(),
                passphrase: PASSPHRASE.into(),
                hub_card: Some(hub.card().to_json()),
            })
            .unwrap();
        for (name, form) in [("register.md", REGISTER), ("visit.md", VISIT)] {
            let beside = |file: &str| (file == "trees.csv").then(|| FILE.to_vec());
            let report = lead.check_form(name, form.as_bytes(), &beside).unwrap();
            let problems: Vec<&str> = report.problems.iter().map(|problem| problem.detail.as_str()).collect();
            assert!(report.usable && problems.is_empty(), "{problems:?}");
            lead.add_form().unwrap();
        }
        lead.sync().unwrap();
        let chen = join(&mut lead, &laptop(folder.path(), "陈禾"), "陈禾");
        let zhou = join(&mut lead, &laptop(folder.path(), "周宁"), "周宁");
        Self { _hub: hub, lead, chen, zhou, folder }
    }

    /// Everybody has what everybody knows: up, through the lead, and down.
    fn sync(&mut self) {
        self.chen.sync().unwrap();
        self.zhou.sync().unwrap();
        self.lead.sync().unwrap();
        self.chen.sync().unwrap();
        self.zhou.sync().unwrap();
    }

    /// What all laptops say of the trees; they must say the same.
    #[track_caller]
    fn check(&mut self, expect: &[&str]) {
        self.sync();
        for desk in [&self.lead, &self.chen, &self.zhou] {
            assert_eq!(trees(desk), expect);
        }
    }
}

fn begin(desk: &mut Desk, form: &str) -> InterviewView {
    let new = NewInterview {
        form: form.into(),
        assignment: None,
        code: "217".into(),
        name: "小满".into(),
        site: String::new(),
        anyway: true,
        ..NewInterview::default()
    };
    desk.start_interview(&new, "zh-CN").unwrap()
}

fn say(desk: &mut Desk, field: &str, value: &str) {
    desk.answer(&AnswerInput { field: field.into(), value: value.into() }).unwrap();
}

fn summary(desk: &mut Desk) -> Completion {
    desk.go(&Move::Completion).unwrap().page.completion.unwrap()
}

fn count(created: u32, updated: u32, torn: u32) -> Vec<EntityCount> {
    vec![EntityCount { list: "trees".into(), created, updated, torn }]
}

/// The trees that a visit offers: id and label.
fn offered(view: &InterviewView) -> Vec<(String, String)> {
    let Control::SelectOne { options, .. } = &view.page.items[0].control else { panic!("a select") };
    options.iter().map(|option| (option.value.clone(), option.label.clone())).collect()
}

fn trees(desk: &Desk) -> Vec<String> {
    let list = desk.entity_list("trees").unwrap();
    let show = |entity: tianye_desk::view::EntityView| {
        let torn: Vec<String> = entity
            .torn
            .iter()
            .map(|torn| {
                let mut words: Vec<String> =
                    torn.words.iter().map(|word| format!("{}:{}", word.by, word.value)).collect();
                words.sort();
                format!(" {}?{}", torn.column, words.join("|"))
            })
            .collect();
        let girth = entity.properties.get("girth_cm").cloned().unwrap_or_default();
        format!("{} {girth} v{} {}{}", entity.label, entity.version, entity.creator, torn.concat())
    };
    list.entities.into_iter().map(show).collect()
}

/// A visit to the tree of this label, begun: what is said of it is not finalised yet.
fn visit(desk: &mut Desk, label: &str, girth: &str) -> String {
    let view = begin(desk, "visit");
    let options = offered(&view);
    let (tree, _) = options.iter().find(|(_, shown)| shown == label).unwrap_or_else(|| panic!("{options:?}"));
    say(desk, "/tree", tree);
    say(desk, "/girth", girth);
    view.id
}

#[test]
fn a_tree_of_one_laptop_is_visited_on_another_and_what_two_say_differently_is_told() {
    let mut team = Team::new();
    let view = begin(&mut team.chen, "register");
    let register = view.id;
    say(&mut team.chen, "/title", "老橡");
    say(&mut team.chen, "/girth", "4");
    assert_eq!(summary(&mut team.chen).entities, count(1, 0, 0));
    assert_eq!(trees(&team.chen), ["村口老樟 30 v3 "], "not before it is finalised");
    team.chen.finalise("zh-CN").unwrap();

    // The same laptop offers it at once, with nothing sent.
    let view = begin(&mut team.chen, "visit");
    let labels: Vec<String> = offered(&view).into_iter().map(|(_, label)| label).collect();
    assert_eq!(labels, ["村口老樟", "老橡"]);
    team.chen.leave().unwrap();

    // Another interviewer, who cannot read the first one's interviews, visits it.
    team.check(&["村口老樟 30 v3 ", "老橡 4 v1 陈禾"]);
    assert!(team.zhou.records("zh-CN").unwrap().iter().all(|card| card.interviewer != "陈禾"));
    assert_eq!(
        team.zhou.entity_csv("trees", "试用", ExportPurpose::Analysis).unwrap_err().code,
        "export-no-right",
        "names in plain text are for leads"
    );
    assert!(!team.lead.entity_csv("trees", "试用", ExportPurpose::Analysis).unwrap().0.is_empty());
    visit(&mut team.zhou, "老橡", "5");
    let was = team.zhou.go(&Move::Field { field: "/was".into() }).unwrap();
    assert!(was.page.items.iter().any(|item| item.label == "上次 4"), "{:?}", was.page.items[0].label);
    assert_eq!(summary(&mut team.zhou).entities, count(0, 1, 0));
    team.zhou.finalise("zh-CN").unwrap();
    team.check(&["村口老樟 30 v3 ", "老橡 5 v2 陈禾"]);

    // Both visit it, and neither knows of the other. No clock decides.
    visit(&mut team.chen, "老橡", "6");
    team.chen.finalise("zh-CN").unwrap();
    let second = visit(&mut team.zhou, "老橡", "7");
    team.zhou.finalise("zh-CN").unwrap();
    team.check(&["村口老樟 30 v3 ", "老橡 5 v4 陈禾 girth_cm?周宁:7|陈禾:6"]);

    // Who visits it next is told, and what is said then holds.
    visit(&mut team.chen, "老橡", "7");
    assert_eq!(summary(&mut team.chen).entities, count(0, 1, 1));
    team.chen.finalise("zh-CN").unwrap();
    team.check(&["村口老樟 30 v3 ", "老橡 7 v5 陈禾"]);

    // A tree of the file is changed like any other. A corrected interview corrects its entities, and no others.
    visit(&mut team.zhou, "村口老樟", "31");
    team.zhou.finalise("zh-CN").unwrap();
    team.chen.correct_interview(&register, "zh-CN").unwrap();
    say(&mut team.chen, "/title", "老栎");
    team.chen.finalise("zh-CN").unwrap();
    team.check(&["村口老樟 31 v4 ", "老栎 7 v5 陈禾"]);

    // A visit that was to another tree has not been to this one.
    team.zhou.correct_interview(&second, "zh-CN").unwrap();
    say(&mut team.zhou, "/tree", "t-1");
    say(&mut team.zhou, "/girth", "32");
    team.zhou.finalise("zh-CN").unwrap();
    team.check(&["村口老樟 32 v5 ", "老栎 7 v4 陈禾"]);

    // The laptop is shut and opened: the same.
    let input = ExportInput {
        form: "visit".into(),
        labels: true,
        names: false,
        files: false,
        entities: true,
        instances: false,
        identified: true,
        reason: "试用".into(),
        ..ExportInput::default()
    };
    let out = team.folder.path().join("out");
    let report = team.lead.export_csv(&input, &out, "zh-CN").unwrap();
    let list = report.files.iter().find(|file| file.name.starts_with("entities/")).unwrap();
    let text = std::fs::read_to_string(out.join(&list.name)).unwrap();
    let lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(lines[0], "__id,label,girth_cm,__createdAt,__creatorId,__creatorName,__updates,__updatedAt,__version");
    assert!(lines[1].starts_with("t-1,村口老樟,32,,,,2,20") && lines[1].ends_with(",5"), "{}", lines[1]);
    assert!(lines[2].contains(",老栎,7,20") && lines[2].contains(",陈禾,3,20"), "{}", lines[2]);
    // The visits read the labels of what interviews made.
    let visits = report.files.iter().find(|file| file.name.ends_with("visit.csv")).unwrap();
    let text = std::fs::read_to_string(out.join(&visits.name)).unwrap();
    assert!(text.contains("老栎") && text.contains("村口老樟"), "{text}");
    let input = ExportInput { entities: false, ..input };
    let report = team.lead.export_csv(&input, &team.folder.path().join("plain"), "zh-CN").unwrap();
    assert!(report.files.iter().all(|file| !file.name.starts_with("entities/")));
    assert_eq!(team.lead.entity_list("houses").unwrap_err().code, "entity-list-unknown");
    assert_eq!(team.lead.entity_lists(), ["trees"]);
}

/// Whether some body in a laptop's store, opened with every key it has, holds these words.
fn holds(folder: &std::path::Path, words: &str) -> bool {
    tianye_store::list(folder).unwrap().into_iter().any(|listed| {
        let passphrase = tianye_store::Passphrase::new(PASSPHRASE);
        let store = tianye_store::Store::unlock(&listed.dir, tianye_store::Unlock::Passphrase(&passphrase), 7).unwrap();
        store.transact(tianye_store::Op::Rebuild, |tx| tx.rebuild()).unwrap();
        let mut cursor = 0;
        let mut found = false;
        loop {
            let (page, to) = store.read(|view| view.opened_since(cursor, 100)).unwrap();
            if page.is_empty() {
                return found;
            }
            cursor = to;
            let mut entries: Vec<_> =
                page.iter().map(|one| tianye_survey::Opened::read(one.hash, one.chain, one.seq, &one.body)).collect();
            // What erasures left is sealed once more.
            tianye_survey::open_rests(&mut entries, &|chain, entry, sealed| {
                let key = store.read(|view| view.content_key(chain)).unwrap()?;
                tianye_journal::open_rest(&key, entry, sealed).ok().map(|rest| rest.to_vec())
            });
            let content = |entry: &tianye_survey::Opened| entry.content.to_json().unwrap();
            found |= entries.iter().any(|entry| String::from_utf8_lossy(&content(entry)).contains(words));
        }
    })
}

#[test]
fn what_an_erased_interview_said_of_entities_is_on_no_laptop() {
    let mut team = Team::new();
    let register = |desk: &mut Desk, title: &str| {
        let id = begin(desk, "register").id;
        say(desk, "/title", title);
        say(desk, "/girth", "4");
        desk.finalise("zh-CN").unwrap();
        id
    };
    let whole = register(&mut team.chen, "王小满家门口");
    let answer = register(&mut team.chen, "李小雪屋后");
    register(&mut team.chen, "老橡");
    let kept = "老橡 4 v1 陈禾";
    team.check(&["村口老樟 30 v3 ", "李小雪屋后 4 v1 陈禾", "王小满家门口 4 v1 陈禾", kept]);
    // Another laptop has said something of it, and of the interview itself one corrects more before the word comes.
    visit(&mut team.zhou, "王小满家门口", "5");
    team.zhou.finalise("zh-CN").unwrap();
    team.sync();

    let input = |record: &str, fields: &[&str]| EraseInput {
        record: record.into(),
        person: String::new(),
        fields: fields.iter().map(|field| (*field).to_owned()).collect(),
        why: "withdrawn".into(),
        note: String::new(),
    };
    team.lead.erase(&input(&whole, &[])).unwrap();
    team.lead.erase(&input(&answer, &["/title"])).unwrap();
    assert_eq!(trees(&team.lead), ["村口老樟 30 v3 ", " 4 v1 陈禾", kept]);
    for id in [&whole, &answer] {
        team.chen.correct_interview(id, "zh-CN").unwrap();
        say(&mut team.chen, "/girth", "6");
        team.chen.finalise("zh-CN").unwrap();
    }
    // Up with what was written without knowing, and down with the erasure; then the laptops say that they did it.
    for _ in 0..3 {
        team.sync();
    }
    for desk in [&team.lead, &team.chen, &team.zhou] {
        assert_eq!(trees(desk), ["村口老樟 30 v3 ", " 6 v1 陈禾", kept]);
    }
    let certificates = team.lead.erasures("zh-CN").unwrap();
    assert_eq!(certificates.len(), 2, "one for each act, with what was handed on and what came late");
    for certificate in &certificates {
        assert!(certificate.waiting.is_empty() && certificate.answered.len() == 3, "{:?}", certificate.waiting.len());
        assert!([&whole, &answer].contains(&&certificate.record));
    }
    drop((team.lead, team.chen, team.zhou));
    for laptop in ["组长", "陈禾", "周宁"] {
        let folder = team.folder.path().join(laptop);
        assert!(holds(&folder, "老橡"), "the scan finds what is there");
        assert!(!holds(&folder, "小满家"), "{laptop}");
        assert!(!holds(&folder, "小雪屋"), "{laptop}");
    }
}

/// A list in plain text needs a reason, stands in the list of exports, holds nothing that consent does not cover, and says after an
/// erasure which of its rows go.
#[test]
fn a_list_in_plain_text_is_an_export() {
    let mut team = Team::new();
    let new =
        NewInterview { form: "register".into(), code: "399".into(), name: "回声".into(), ..NewInterview::default() };
    let echo = team.lead.start_interview(&new, "zh-CN").unwrap().id;
    say(&mut team.lead, "/title", "回声老橡");
    say(&mut team.lead, "/girth", "4");
    team.lead.finalise("zh-CN").unwrap();
    assert_eq!(team.lead.entity_csv("trees", " ", ExportPurpose::Analysis).unwrap_err().code, "export-reason");
    assert!(team.lead.export_log().unwrap().is_empty());
    let (text, withheld) = team.lead.entity_csv("trees", "村里要一份", ExportPurpose::Analysis).unwrap();
    assert!(text.contains("回声老橡") && text.contains("村口老樟"));
    assert_eq!(withheld, [0, 0]);
    let log = team.lead.export_log().unwrap();
    assert_eq!(
        (log[0].form.as_str(), log[0].reason.as_str(), log[0].identified),
        ("entities/trees", "村里要一份", true)
    );
    assert!(team.lead.to_drop(&log[0].id).unwrap().is_empty());

    // Who says no is left out; the tree of the file stays.
    let query = PersonQuery { text: "399".into(), ..PersonQuery::default() };
    let person = team.lead.people(&query, "zh-CN").unwrap().people[0].id.clone();
    let said = ConsentWord { purpose: "questionnaire".into(), said: "refused".into() };
    let input = ConsentInput {
        person,
        standing: "legal-guardian".into(),
        name: "王桂英".into(),
        relation: String::new(),
        how: "oral".into(),
        on: "2017-04-11".into(),
        witness: String::new(),
        note: String::new(),
        words: vec![said],
    };
    team.lead.record_consent(&input).unwrap();
    let (text, withheld) = team.lead.entity_csv("trees", "村里要一份", ExportPurpose::Analysis).unwrap();
    assert!(!text.contains("回声老橡") && text.contains("村口老樟"));
    assert_eq!(withheld, [1, 0]);

    let erased = EraseInput {
        record: echo,
        person: String::new(),
        fields: Vec::new(),
        why: "withdrawn".into(),
        note: String::new(),
    };
    team.lead.erase(&erased).unwrap();
    let rows = team.lead.to_drop(&log[0].id).unwrap();
    assert_eq!((rows.len(), rows[0].file.as_str(), rows[0].act.as_str()), (1, "trees.csv", "drop"));
    let second = team.lead.export_log().unwrap()[0].id.clone();
    assert!(team.lead.to_drop(&second).unwrap().is_empty(), "nothing of it was in the second");
}
