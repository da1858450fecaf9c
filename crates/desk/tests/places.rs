//! A form about a place is begun about it, with somebody or with nobody, stands on its page in time order, is assigned once, and
//! goes out by the place as far as a table tells it.

#![allow(clippy::unwrap_used, reason = "a failed act fails the test")]

mod common;

use common::{Field, finish, set_up};
use tianye_desk::Desk;
use tianye_desk::view::{
    AssignInput, ChecklistInput, ConsentInput, ConsentWord, ExportInput, ExportLevel, InterviewState, NewInterview,
    PersonInput, Refusal, SiteInput,
};

const ZH: &str = "zh-CN";

/// A form about a place that asks nobody, and one for which somebody is spoken to.
const FORMS: [&str; 2] = [
    "
| survey | | | |
| | type | name | label |
| | integer | came | A1 How many came? |
| settings | | | |
| | form_title | form_id | tianye::about |
| | Activity | activity | site |
",
    "
| survey | | | |
| | type | name | label |
| | integer | children | A1 How many children? |
| settings | | | | |
| | form_title | form_id | tianye::about | tianye::purpose |
| | Village | village | site | interview |
",
];

fn with_forms() -> (Field, Desk, Desk, Desk) {
    let (field, mut lead, chen, zhou) = set_up();
    for form in FORMS {
        let report = lead.check_form("form.md", form.as_bytes(), &|_| None).unwrap();
        assert!(report.usable, "{:?}", report.problems.iter().map(|one| &one.detail).collect::<Vec<_>>());
        lead.add_form().unwrap();
    }
    (field, lead, chen, zhou)
}

/// A village in a township in a county, beside those to practise with.
fn village(lead: &mut Desk) -> String {
    let mut parent = String::new();
    for (kind, zh, en) in [("county", "云和县", ""), ("township", "石塘镇", ""), ("village", "上坞村", "Shangwu")]
    {
        let (kind, zh, en) = (kind.into(), zh.into(), en.into());
        parent = lead.save_site(&SiteInput { kind, zh, en, parent, ..SiteInput::default() }).unwrap();
    }
    parent
}

fn about(form: &str, site: &str, subject: &str) -> NewInterview {
    NewInterview { form: form.into(), site: site.into(), subject: subject.into(), ..NewInterview::default() }
}

#[track_caller]
fn code<T>(result: Result<T, Refusal>) -> String {
    result.map(|_| ()).unwrap_err().code
}

fn told(desk: &Desk, site: &str) -> Vec<String> {
    desk.place_page(site, ZH).unwrap().history.into_iter().map(|event| event.what).collect()
}

#[test]
fn it_is_begun_about_the_place_and_stands_on_its_page() {
    let (_field, mut lead, mut chen, _zhou) = with_forms();
    let village = village(&mut lead);
    lead.sync().unwrap();
    chen.sync().unwrap();
    assert_eq!(code(chen.start_interview(&about("activity", "", ""), ZH)), "site-missing");
    let gone = about("activity", "0123456789abcdef0123456789abcdef", "");
    assert!(chen.start_interview(&gone, ZH).is_err());
    let subjects = chen.home(ZH).unwrap().places.len();
    let view = chen.start_interview(&about("activity", &village, ""), ZH).unwrap();
    assert_eq!((view.code.as_str(), view.name.as_str()), ("", "上坞村"));
    finish(&mut chen);
    assert_eq!(
        chen.home(ZH).unwrap().places.len(),
        subjects + 1,
        "it is listed at its place, and nobody has a new card"
    );
    // A second one is another activity: nothing stands in its way.
    chen.start_interview(&about("activity", &village, ""), ZH).unwrap();
    chen.pause_interview(ZH).unwrap();
    chen.sync().unwrap();
    lead.sync().unwrap();
    let page = lead.place_page(&village, ZH).unwrap();
    assert_eq!((page.name.as_str(), page.within.as_str(), page.kind.as_str()), ("上坞村", "云和县 石塘镇", "village"));
    assert_eq!(told(&lead, &village), ["begun", "finalised", "added"]);
    assert!(!page.history[1].interview.is_empty() && page.history[2].interview.is_empty());
    // What was done in the village was done in its county; its people are not the place.
    let county = lead.people(&tianye_desk::view::PersonQuery::default(), ZH).unwrap().sites;
    let county = county.iter().find(|site| site.zh == "云和县").unwrap().id.clone();
    assert_eq!(told(&lead, &county), ["begun", "finalised", "added"]);
}

#[test]
fn who_is_spoken_to_must_have_agreed() {
    let (_field, mut lead, mut chen, _zhou) = with_forms();
    let village = village(&mut lead);
    let noted = lead.checklist().noted;
    lead.note_checklist(&ChecklistInput { gate: true, ..noted }).unwrap();
    let cadre =
        PersonInput { kind: "cadre".into(), name: "吴主任".into(), site: village.clone(), ..PersonInput::default() };
    let cadre = lead.save_person(&cadre).unwrap();
    assert_eq!(lead.place_page(&village, ZH).unwrap().people[0].id, cadre);
    // Numbers of an activity ask nobody.
    lead.start_interview(&about("activity", &village, ""), ZH).unwrap();
    lead.pause_interview(ZH).unwrap();
    assert_eq!(code(lead.start_interview(&about("village", &village, ""), ZH)), "with-whom-missing");
    let refusal = lead.start_interview(&about("village", &village, &cadre), ZH).unwrap_err();
    assert_eq!((refusal.code.as_str(), &refusal.args["person"]), ("consent-missing", &cadre));
    lead.record_consent(&ConsentInput {
        person: cadre.clone(),
        standing: "own".into(),
        name: String::new(),
        relation: String::new(),
        how: "oral".into(),
        on: "2017-04-11".into(),
        witness: String::new(),
        note: String::new(),
        words: vec![ConsentWord { purpose: "interview".into(), said: "given".into() }],
    })
    .unwrap();
    let view = lead.start_interview(&about("village", &village, &cadre), ZH).unwrap();
    assert_eq!(view.name, "吴主任");
    finish(&mut lead);
    assert_eq!(told(&lead, &village), ["finalised", "begun", "added"]);
    // It is on the cadre's page too.
    assert_eq!(lead.person_page(&cadre, ZH).unwrap().history[0].what, "finalised");
    // A colleague who is to speak with the same one hears of it first.
    lead.sync().unwrap();
    chen.sync().unwrap();
    let new = about("village", &village, &cadre);
    let refusal = chen.start_interview(&new, ZH).map(|_| ()).unwrap_err();
    assert_eq!((refusal.code.as_str(), refusal.args["who"].as_str()), ("already-begun", "沈一帆"));
    assert!(chen.start_interview(&NewInterview { anyway: true, ..new }, ZH).is_ok());
}

#[test]
fn it_is_assigned_once_for_the_place_itself() {
    let (_field, mut lead, mut chen, _zhou) = with_forms();
    let village = village(&mut lead);
    let chen_id = lead.mate_named("陈禾").unwrap();
    let input =
        AssignInput { form: "activity".into(), site: village.clone(), interviewer: chen_id, ..AssignInput::default() };
    let preview = lead.preview_assignment(&input, "zh-CN").unwrap();
    assert_eq!((preview.rows.len(), preview.assigned, preview.rows[0].name.as_str()), (1, 1, "上坞村"));
    assert_eq!(lead.preview_assignment(&input, "en").unwrap().rows[0].name, "Shangwu");
    lead.assign(&input, "zh-CN").unwrap();
    assert_eq!(lead.preview_assignment(&input, "zh-CN").unwrap().rows[0].standing, "same");
    assert_eq!(code(lead.assign(&input, "zh-CN")), "assign-nobody");
    assert_eq!(lead.place_page(&village, ZH).unwrap().assignments.len(), 1);
    lead.sync().unwrap();
    chen.sync().unwrap();
    let open = |desk: &mut Desk| -> Vec<(String, String)> {
        let places = desk.home(ZH).unwrap().places;
        let rows = places.into_iter().flat_map(|place| place.rows);
        rows.filter(|row| row.assigned && row.form_id == "activity").map(|row| (row.id, row.name)).collect()
    };
    let [(id, name)] = open(&mut chen).try_into().unwrap();
    assert_eq!(name, "上坞村");
    chen.start_interview(&NewInterview { assignment: Some(id), ..about("activity", "", "") }, ZH).unwrap();
    assert!(open(&mut chen).is_empty());
    finish(&mut chen);
    assert!(open(&mut chen).is_empty());
    chen.sync().unwrap();
    lead.sync().unwrap();
    let rows = lead.place_page(&village, ZH).unwrap().assignments;
    assert_eq!(rows[0].begun_by, "陈禾");
    assert_eq!(lead.preview_assignment(&input, "zh-CN").unwrap().rows[0].standing, "done");

    // The activity of another day is meant besides: it is open until it is begun too.
    let again = AssignInput { anyway: true, ..input };
    assert_eq!(lead.assign(&again, "zh-CN").unwrap().assigned, 1);
    let states = |desk: &Desk| -> Vec<InterviewState> {
        let rows = desk.place_page(&village, ZH).unwrap().assignments;
        let mut states: Vec<_> = rows.into_iter().map(|row| row.state).collect();
        states.sort_by_key(|state| *state == InterviewState::Open);
        states
    };
    assert_eq!(states(&lead), [InterviewState::Finalised, InterviewState::Open]);
    lead.sync().unwrap();
    chen.sync().unwrap();
    let [(id, _)] = open(&mut chen).try_into().unwrap();
    chen.start_interview(&NewInterview { assignment: Some(id), ..about("activity", "", "") }, ZH).unwrap();
    assert!(open(&mut chen).is_empty());
    finish(&mut chen);
    assert_eq!(states(&chen), [InterviewState::Finalised; 2]);
}

#[test]
fn it_goes_out_by_the_place_as_far_as_the_table_tells_it() {
    let (field, mut lead, ..) = with_forms();
    let village = village(&mut lead);
    let school =
        SiteInput { kind: "school".into(), zh: "上坞小学".into(), parent: village.clone(), ..SiteInput::default() };
    let school = lead.save_site(&school).unwrap();
    for site in [&village, &school] {
        lead.start_interview(&about("activity", site, ""), ZH).unwrap();
        finish(&mut lead);
    }
    let table = |lead: &mut Desk, level: ExportLevel, folder: &str| -> Vec<Vec<String>> {
        let folder = field.folder.path().join(folder);
        let input = ExportInput { form: "activity".into(), level, ..ExportInput::default() };
        lead.export_csv(&input, &folder, ZH).unwrap();
        let text = std::fs::read_to_string(folder.join("练习_activity.csv")).unwrap();
        let rows = text.trim_start_matches('\u{feff}').lines().map(|line| line.split(',').map(str::to_owned).collect());
        rows.collect()
    };
    let code = |rows: &[Vec<String>], at: usize| -> String {
        let column = rows[0].iter().position(|head| head == "研究编号");
        let column = column.unwrap_or_else(|| panic!("expected study codes, found {:?}", rows[0]));
        rows[at][column].clone()
    };
    let by_village = table(&mut lead, ExportLevel::Village, "village");
    assert!(!code(&by_village, 1).is_empty(), "{by_village:?}");
    assert_eq!(code(&by_village, 1), code(&by_village, 2), "both are told as the one village");
    assert!(by_village[1..].iter().all(|row| row.contains(&"上坞村".to_owned())), "{by_village:?}");
    let by_county = table(&mut lead, ExportLevel::County, "county");
    assert!(by_county.iter().all(|row| !row.iter().any(|cell| cell.contains("上坞"))), "{by_county:?}");
    assert_eq!(code(&by_county, 1), code(&by_county, 2));
    assert_ne!(code(&by_county, 1), code(&by_village, 1));
}
