//! What is practised before a project begins stays practice: it is marked, and counts for nothing.

#![allow(clippy::unwrap_used, reason = "a failed act fails the test")]

mod common;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use common::{PASSPHRASE, say};
use tempfile::TempDir;
use tianye_desk::view::{
    ChecklistInput, ConsentInput, ConsentWord, ContactView, ContactsInput, ExportInput, ExportPurpose, HomeView,
    InterviewCard, InterviewState, NewInterview, NewProject, NotedView, PersonQuery, ReportInput, RetentionView, Role,
};
use tianye_desk::world::{Machine, World};
use tianye_desk::{Desk, KdfCost, Laptop};
use tianye_hub::Running;

const ZH: &str = "zh-CN";

/// A clock that is set by hand, the same on all laptops.
#[derive(Debug, Clone, Default)]
struct Clock(Arc<AtomicI64>);

impl Clock {
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

struct Field {
    folder: TempDir,
    _hub: Running,
    clock: Clock,
    lead: Desk,
    chen: Desk,
    zhou: Desk,
}

/// A practice project with two interviewers and two holders, in which only beginning is left to do; Chen has a county to go to.
fn field() -> Field {
    let folder = TempDir::new().unwrap();
    let hub = common::hub(&folder.path().join("hub"));
    let clock = Clock::default();
    clock.set("2017-04-11");
    let mut lead = laptop(folder.path(), "组长", &clock)
        .create_project(&NewProject {
            title: "浙江留守儿童 2017".into(),
            person: "沈一帆".into(),
            device: "组长电脑".into(),
            passphrase: PASSPHRASE.into(),
            hub_card: Some(hub.card().to_json()),
        })
        .unwrap();
    assert!(lead.check_form("pupil.md", common::FORM.as_bytes(), &|_| None).unwrap().usable);
    lead.add_form().unwrap();
    lead.add_practice_places().unwrap();
    lead.sync().unwrap();
    let mut chen = common::join(&mut lead, &laptop(folder.path(), "陈", &clock), "陈禾");
    let mut zhou = common::join(&mut lead, &laptop(folder.path(), "周", &clock), "周宁");
    for name in ["苏宁", "马莉"] {
        common::join_as(&mut lead, &laptop(folder.path(), name, &clock), name, Role::Safeguarding);
    }
    lead.sync().unwrap();
    lead.assign_county("pupil", "陈禾", "武义县").unwrap();
    lead.note_checklist(&noted("2017-12 号")).unwrap();
    lead.publish_text(&common::own_text(&lead, "2017 年春季问卷"), false).unwrap();
    let contact = |role: &str, number: &str| ContactView {
        role: role.into(),
        name: String::new(),
        number: number.into(),
        hours: String::new(),
        note: String::new(),
    };
    let people = vec![contact("police", "110"), contact("holder", "0579 0000")];
    lead.set_contacts(&ContactsInput { site: String::new(), people }, ZH).unwrap();
    for desk in [&mut lead, &mut chen, &mut zhou] {
        desk.sync().unwrap();
    }
    Field { folder, _hub: hub, clock, lead, chen, zhou }
}

fn laptop(folder: &Path, name: &str, clock: &Clock) -> Laptop {
    Laptop::new(&folder.join(name), Arc::new(clock.clone()), KdfCost::insecure_for_tests())
}

/// The checklist; without a word of the committee something is missing.
fn noted(ethics: &str) -> ChecklistInput {
    let noted = |note: &str| match note {
        "" => NotedView::default(),
        note => NotedView { on: "2017-03-01".into(), note: note.into() },
    };
    ChecklistInput {
        gate: false,
        purposes: vec!["questionnaire".into()],
        retention: vec![RetentionView { purpose: "questionnaire".into(), until: "2090-12-31".into() }],
        ethics: noted(ethics),
        passphrases: noted("三月例会"),
        recovery: noted("用恢复词打开过"),
        carers: NotedView::default(),
    }
}

impl Field {
    fn begin_real(&mut self) {
        assert!(self.lead.begin_real().unwrap().begun);
        self.meet();
    }

    fn meet(&mut self) {
        for _ in 0..2 {
            for desk in [&mut self.chen, &mut self.lead, &mut self.zhou] {
                desk.sync().unwrap();
            }
        }
    }

    fn out(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }
}

/// Somebody who is met in the field, interviewed without consent, as practice allows.
fn practise(desk: &mut Desk, code: &str) -> String {
    let new =
        NewInterview { form: "pupil".into(), code: code.into(), name: "小满".into(), ..NewInterview::default() };
    let view = desk.start_interview(&new, ZH).unwrap();
    say(desk, "/family/say", &format!("标记{code}"));
    desk.finalise(ZH).unwrap();
    view.id
}

fn both_agree(desk: &mut Desk, person: &str, purposes: &[&str]) {
    for standing in ["legal-guardian", "own"] {
        let word = |purpose: &&str| ConsentWord { purpose: (*purpose).into(), said: "given".into() };
        let input = ConsentInput {
            person: person.into(),
            standing: standing.into(),
            name: if standing == "own" { "" } else { "王桂英" }.into(),
            relation: String::new(),
            how: "oral".into(),
            on: String::new(),
            witness: String::new(),
            note: String::new(),
            words: purposes.iter().map(word).collect(),
        };
        desk.record_consent(&input).unwrap();
    }
}

fn card(desk: &Desk, id: &str) -> InterviewCard {
    desk.records(ZH).unwrap().into_iter().find(|card| card.id == id).unwrap()
}

fn input() -> ExportInput {
    ExportInput { form: "pupil".into(), judged: vec!["/family/say".into()], ..ExportInput::default() }
}

/// What a preview says is in an export, and what is left out as practice.
fn previewed(desk: &Desk) -> (u32, u32) {
    let preview = desk.preview_export(&input(), ZH).unwrap();
    (preview.interviews, preview.practice)
}

fn done(home: &HomeView) -> u32 {
    home.places.iter().map(|place| place.done).sum()
}

/// Interviews and finished ones of Chen, as the lead's page of the team says.
fn figures(lead: &Desk) -> (u32, u32) {
    let chen = lead.team().unwrap().members.into_iter().find(|one| one.name == "陈禾").unwrap();
    (chen.interviews, chen.finalised)
}

/// The rows that Chen is to begin.
fn to_begin(home: &HomeView) -> Vec<InterviewCard> {
    let rows = home.places.iter().flat_map(|place| place.rows.clone());
    rows.filter(|row| row.state == InterviewState::Open).collect()
}

#[test]
fn what_was_practised_is_marked_and_counts_for_nothing() {
    let mut field = field();
    let assigned = to_begin(&field.chen.home(ZH).unwrap());
    let row = &assigned[0];
    let new = NewInterview { form: "pupil".into(), assignment: Some(row.id.clone()), ..NewInterview::default() };
    let id = field.chen.start_interview(&new, ZH).unwrap().id;
    say(&mut field.chen, "/family/say", "标记练习");
    field.chen.finalise(ZH).unwrap();
    field.meet();

    // In practice it is as good as any.
    let counted = |desk: &Desk, person: &str| {
        let people = desk.people(&PersonQuery::default(), ZH).unwrap().people;
        people.into_iter().find(|one| one.id == person).unwrap().interviews
    };
    let home = field.chen.home(ZH).unwrap();
    assert_eq!((done(&home), to_begin(&home).len()), (1, assigned.len() - 1));
    assert_eq!((figures(&field.lead), previewed(&field.lead)), ((1, 1), (1, 0)));
    assert_eq!((counted(&field.lead, &row.subject), card(&field.lead, &id).practice), (1, false));
    assert_eq!(field.lead.checklist().practised, 1);
    let report = field.lead.export_csv(&input(), &field.out("练习"), ZH).unwrap();
    assert_eq!((report.files[0].rows, report.practice), (1, 0));

    field.begin_real();
    // It is still there, says what it is, and what was asked for is to be done.
    let home = field.chen.home(ZH).unwrap();
    assert_eq!((done(&home), to_begin(&home).len()), (0, assigned.len()));
    for desk in [&mut field.chen, &mut field.lead] {
        assert!(card(desk, &id).practice && desk.open_interview(&id, ZH).unwrap().practice);
        let history = desk.person_page(&row.subject, ZH).unwrap().history;
        assert!(history.iter().filter(|event| event.interview == id).all(|event| event.practice));
        assert!(history.iter().any(|event| event.practice) && history.iter().any(|event| !event.practice));
    }
    assert_eq!((figures(&field.lead), previewed(&field.lead)), ((0, 0), (0, 1)));
    assert_eq!((counted(&field.lead, &row.subject), field.lead.checklist().practised), (0, 1));

    // The assignment is fulfilled by an interview of the real project.
    both_agree(&mut field.chen, &row.subject, &["questionnaire"]);
    let real = field.chen.start_interview(&new, ZH).unwrap().id;
    say(&mut field.chen, "/family/say", "标记真的");
    field.chen.finalise(ZH).unwrap();
    field.meet();
    let home = field.chen.home(ZH).unwrap();
    assert_eq!((done(&home), to_begin(&home).len()), (1, assigned.len() - 1));
    assert!(!card(&field.lead, &real).practice && card(&field.lead, &id).practice);
    assert!(!field.lead.open_interview(&real, ZH).unwrap().practice);
    assert_eq!((figures(&field.lead), previewed(&field.lead)), ((1, 1), (1, 1)));
    assert!(field.lead.duplicates(ZH).unwrap().open.is_empty(), "nobody is asked whether the two are one");
    let out = field.out("真的");
    let with = ExportInput { identified: true, instances: true, reason: "试用".into(), ..input() };
    let report = field.lead.export_csv(&with, &out, ZH).unwrap();
    let table = std::fs::read_to_string(out.join(&report.files[0].name)).unwrap();
    assert!(table.contains("标记真的") && !table.contains("标记练习"), "{table}");
    assert_eq!(report.practice, 1);
    assert_eq!(report.instances.map(|sent| (sent.written, sent.practice)), Some((1, 1)));
    let manifest: serde_json::Value = serde_json::from_slice(&std::fs::read(out.join("export.json")).unwrap()).unwrap();
    assert_eq!(manifest["leftOutPractice"], 1);
}

/// Who tries F12 while practising tells nobody of it, and is not reminded of that for ever.
#[test]
fn a_report_that_was_tried_is_marked_and_counts_no_more() {
    let mut field = field();
    let tried = ReportInput { words: "试一次".into(), ..ReportInput::default() };
    assert!(field.chen.save_report(&tried, ZH).unwrap().practice);
    assert_eq!(field.chen.home(ZH).unwrap().untold, 1);
    field.begin_real();
    assert_eq!(field.chen.home(ZH).unwrap().untold, 0);
    let meant = ReportInput { words: "奶奶不在的时候".into(), ..ReportInput::default() };
    assert!(!field.chen.save_report(&meant, ZH).unwrap().practice);
    assert_eq!(field.chen.home(ZH).unwrap().untold, 1);
}

/// Whoever was practised with is not asked whether the team may come again, on the laptop that practised, on the lead's, and on a
/// colleague's that only heard of it.
#[test]
fn the_first_round_begins_after_practice() {
    let mut field = field();
    practise(&mut field.chen, "217");
    field.meet();
    let person = field.lead.respondents_called("217")[0].clone();
    let needed = |desk: &Desk| {
        let sheet = desk.consent_sheet(&person, "pupil", ZH).unwrap();
        let needed = sheet.purposes.into_iter().filter(|one| one.needed).map(|one| one.purpose);
        needed.collect::<Vec<_>>().join(" ")
    };
    field.begin_real();
    field.clock.set("2017-05-02");
    for desk in [&field.chen, &field.lead, &field.zhou] {
        assert_eq!(needed(desk), "questionnaire");
    }
    both_agree(&mut field.chen, &person, &["questionnaire"]);
    field.chen.start_with(&person, "pupil", ZH).unwrap();
    say(&mut field.chen, "/family/say", "春天");
    field.chen.finalise(ZH).unwrap();
    field.meet();
    field.clock.set("2017-10-20");
    for desk in [&field.chen, &field.lead, &field.zhou] {
        assert_eq!(needed(desk), "questionnaire follow-up");
    }
}

/// Two answers that differ in what was practised stay to be tried, and are in no sheet that leaves the laptop.
#[test]
fn what_was_practised_is_in_no_sheet_of_decisions() {
    let mut field = field();
    let id = practise(&mut field.chen, "217");
    field.meet();
    for (desk, word) in [(&mut field.chen, "标记甲"), (&mut field.lead, "标记乙")] {
        desk.correct_interview(&id, ZH).unwrap();
        say(desk, "/family/say", word);
        desk.finalise(ZH).unwrap();
    }
    field.meet();
    let file = field.out("sheet.csv");
    let rows = |lead: &Desk| lead.decision_sheet("当面问", &file, ZH).unwrap().len();
    assert_eq!((field.lead.count_conflicts().unwrap(), rows(&field.lead)), (1, 1));
    field.begin_real();
    assert_eq!((field.lead.count_conflicts().unwrap(), rows(&field.lead)), (1, 0));
}

/// It counts what the project was as it was begun, on the laptop that began it.
#[test]
fn what_was_begun_for_practice_stays_so_whenever_it_is_sealed() {
    let mut field = field();
    let new = NewInterview { form: "pupil".into(), code: "217".into(), ..NewInterview::default() };
    let draft = field.chen.start_interview(&new, ZH).unwrap().id;
    field.chen.leave().unwrap();
    assert!(field.lead.begin_real().unwrap().begun);
    field.lead.sync().unwrap();
    // Zhou has not heard of it.
    assert!(field.zhou.home(ZH).unwrap().practice);
    let unaware = practise(&mut field.zhou, "218");
    field.chen.sync().unwrap();
    assert!(card(&field.chen, &draft).practice);
    let person = field.chen.respondents_called("217")[0].clone();
    both_agree(&mut field.chen, &person, &["questionnaire"]);
    field.chen.open_interview(&draft, ZH).unwrap();
    say(&mut field.chen, "/family/say", "标记217");
    field.chen.finalise(ZH).unwrap();
    // A correction makes nothing else of it.
    field.chen.correct_interview(&draft, ZH).unwrap();
    say(&mut field.chen, "/family/say", "标记改过");
    field.chen.finalise(ZH).unwrap();
    field.meet();
    for id in [&draft, &unaware] {
        assert!(card(&field.lead, id).practice);
    }
    assert_eq!(previewed(&field.lead), (0, 2));
}

/// A project that has begun and lacks something is shown as practice, to stop people. What they did with real children counts.
#[test]
fn a_project_that_is_only_shown_as_practice_marks_nothing() {
    let mut field = field();
    field.begin_real();
    field.lead.note_checklist(&noted("")).unwrap();
    field.meet();
    let home = field.chen.home(ZH).unwrap();
    assert!(home.practice);
    let person = to_begin(&home)[0].subject.clone();
    both_agree(&mut field.chen, &person, &["questionnaire"]);
    let id = field.chen.start_with(&person, "pupil", ZH).unwrap().id;
    say(&mut field.chen, "/family/say", "标记真的");
    field.chen.finalise(ZH).unwrap();
    field.lead.note_checklist(&noted("2017-12 号")).unwrap();
    field.meet();
    assert!(!card(&field.lead, &id).practice && !field.lead.home(ZH).unwrap().practice);
    assert_eq!(previewed(&field.lead), (1, 0));
}

const REGISTER: &str = "
| survey | | | | |
| | type | name | label | save_to |
| | text | title | A1 叫什么？ | |
| entities | | |
| | list_name | label |
| | trees | ${title} |
| settings | | | |
| | form_title | form_id | version |
| | 登记 | register | 1 |
";

/// What was made up while practising is offered to nobody's real interview: not on the laptop that practised, nor where a lead
/// handed it on.
#[test]
fn what_was_practised_makes_nothing_for_lists() {
    let mut field = field();
    assert!(field.lead.check_form("register.md", REGISTER.as_bytes(), &|_| None).unwrap().usable);
    field.lead.add_form().unwrap();
    field.meet();
    let new = NewInterview { form: "register".into(), code: "217".into(), ..NewInterview::default() };
    field.chen.start_interview(&new, ZH).unwrap();
    say(&mut field.chen, "/title", "想象的树");
    field.chen.finalise(ZH).unwrap();
    field.meet();
    let trees = |desk: &Desk| {
        let list = desk.entity_list("trees").unwrap();
        list.entities.into_iter().map(|entity| entity.label).collect::<Vec<_>>()
    };
    for desk in [&field.chen, &field.lead, &field.zhou] {
        assert_eq!(trees(desk), ["想象的树"], "while all is practice");
    }
    field.begin_real();
    for desk in [&field.chen, &field.lead, &field.zhou] {
        assert!(trees(desk).is_empty());
    }
    let (text, left_out) = field.lead.entity_csv("trees", "试用", ExportPurpose::Analysis).unwrap();
    assert!(!text.contains("想象的树"));
    assert_eq!(left_out, [0, 1]);
}
