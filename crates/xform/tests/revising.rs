//! Submissions that another program edited, taken in as changes of the filling they were made of.

#![allow(clippy::unwrap_used, reason = "this is test code throughout")]

mod common;

use std::sync::Arc;

use common::{Scenario, short};
use proptest::prelude::*;
use tianye_xform::{FieldPath, Form, Media, Properties, Revised, RowId};
use tianye_xlsform::{Format, Options, Workbook, convert};

const FORM: &str = "
| survey |
|  | type | name | label | relevant | default | calculation | repeat_count | repeat_over |
|  | start | began | | | | | | |
|  | text | say | Say | | | | | |
|  | integer | age | Age | | 9 | | | |
|  | calculate | twice | | | | ${age} * 2 | | |
|  | text | away | Away | ${age} > 9 | | | | |
|  | text | further | Further | ${away} = '' and ${age} > 9 | | | | |
|  | begin_repeat | r | Rows | | | | | |
|  | text | who | Who | | | | | |
|  | integer | years | Years | | | | | |
|  | begin_repeat | pet | Pets | | | | | |
|  | text | called | Called | | | | | |
|  | end_repeat | | | | | | | |
|  | end_repeat | | | | | | | |
|  | select_multiple kin | kin | Kin | | | | | |
|  | begin_repeat | each | Each | | | | | ${kin} |
|  | text | how | How | | | | | |
|  | end_repeat | | | | | | | |
|  | begin_repeat | counted | Counted | | | | ${age} - 8 | |
|  | text | what | What | | | | | |
|  | end_repeat | | | | | | | |
| choices |
|  | list_name | name | label |
|  | kin | mother | Mother |
|  | kin | father | Father |
|  | kin | aunt | Aunt |
| settings |
|  | form_title | form_id | version |
|  | Visit | visit | 1 |
";

const NOW: &str = "2017-05-01T08:00:00+08:00";

fn form() -> Arc<Form> {
    let workbook = Workbook::read(FORM.as_bytes(), Format::Markdown).unwrap();
    let (converted, problems) = convert(&workbook, &Options::default());
    let converted = converted.unwrap_or_else(|| panic!("{problems:#?}"));
    Arc::new(Form::parse(&converted.xform, &Media::none()).0.unwrap())
}

fn bits(path: &FieldPath) -> u128 {
    path.as_str().bytes().fold(7, |bits: u128, byte| bits.wrapping_mul(31) + u128::from(byte))
}

/// `+/r 7` adds the row 7, `-/r[7]` removes a row, `/age 5` answers.
fn act(scenario: &mut Scenario, act: &str) {
    let (at, value) = act.split_once(' ').unwrap_or((act, ""));
    if let Some(repeat) = at.strip_prefix('+') {
        scenario.add(repeat, value.parse().unwrap());
    } else if let Some(row) = at.strip_prefix('-') {
        scenario.remove(row);
    } else {
        scenario.answer(at, value);
    }
}

/// The identity of a row that the scenario added.
fn row(text: &str) -> String {
    let mut out = String::new();
    for part in text.split_inclusive('[') {
        match part.split_once(']').map(|(id, rest)| (id.parse::<u128>(), rest)) {
            Some((Ok(id), rest)) => out.push_str(&format!("{}]{rest}", RowId::random(id).as_str())),
            _ => out.push_str(part),
        }
    }
    out
}

fn filled(acts: &[&str]) -> Scenario {
    let mut scenario = Scenario::new(&form());
    acts.iter().for_each(|one| act(&mut scenario, &row(one)));
    scenario
}

/// The submission of a filling as another program edits it: rows are known by their order there.
fn edited(before: &Scenario, acts: &[&str]) -> String {
    let xml = before.session.instance_xml();
    let mut there = Scenario::editing(&form(), &xml, NOW, Properties::default()).unwrap().0;
    acts.iter().for_each(|one| act(&mut there, &row(one)));
    there.session.instance_xml()
}

fn revise(before: &mut Scenario, submission: &str) -> Revised {
    before.with(|session, context| session.revise(submission, &bits, context)).unwrap()
}

fn lines(revised: &Revised) -> Vec<String> {
    let ids = ["/meta/instanceID", "/meta/deprecatedID"];
    let changes = revised.changes.iter().filter(|field| !ids.contains(&field.path.as_str()));
    let line = |field: &tianye_xform::Field| format!("{} {}", short(field.path.as_str()), field.given.text());
    changes.map(|field| line(field).trim().to_owned()).collect()
}

/// What a filling has, what is edited elsewhere, and what changes here.
#[track_caller]
fn check(fill: &[&str], edits: &[&str], expect: &[&str]) {
    let mut before = filled(fill);
    let xml = edited(&before, edits);
    let revised = revise(&mut before, &xml);
    let new = |line: String| match line.split_once("/r[").filter(|(_, rest)| rest.find(']').is_some_and(|end| end > 3))
    {
        Some((_, rest)) => format!("/r[new]{}", &rest[rest.find(']').unwrap() + 1..]),
        None => line,
    };
    assert_eq!(lines(&revised).into_iter().map(new).collect::<Vec<_>>(), expect);
    assert_eq!(revised.session.instance_xml(), xml, "it goes out as it came in");
}

const FILL: &[&str] = &[
    "/say a",
    "+/r 1",
    "/r[1]/who x",
    "+/r 2",
    "/r[2]/who y",
    "/r[2]/years 4",
    "+/r 3",
    "/r[3]/who z",
    "/kin mother father",
    "/each[:father]/how well",
];

#[test]
fn only_what_changed_is_told() {
    check(FILL, &[], &[]);
    check(FILL, &["/say b"], &["/say b"]);
    check(FILL, &["/say "], &["/say"]);
    check(FILL, &["/age 7"], &["/age 7"]);
    check(&["/age 5"], &["/age "], &["/age"]);
    // An answer that is not asked any more stays; what hides and shows others too.
    check(&["/age 12", "/away there"], &["/age 8"], &["/age 8"]);
    check(&["/age 12", "/away there", "/age 8"], &["/age 12"], &["/age 12", "/away"]);
    check(&["/age 12", "/further on", "/away there", "/age 8"], &["/age 12"], &["/age 12", "/away", "/further"]);
    check(&["/age 12"], &["/away x", "/counted[~4]/what y"], &["/away x", "/counted[~4]/what y"]);
}

#[test]
fn rows_keep_their_identities() {
    check(FILL, &["/r[~4]/who w"], &["/r[3]/who w"]);
    check(FILL, &["-/r[~2]"], &["/r[1]"]);
    check(FILL, &["-/r[~2]", "/r[~3]/years 5"], &["/r[1]", "/r[2]/years 5"]);
    check(FILL, &["-/r[~4]", "-/r[~3]"], &["/r[2]", "/r[3]"]);
    check(FILL, &["+/r 9", "/r[9]/who n"], &["/r[new] 5", "/r[new]/who n"]);
    check(FILL, &["-/r[~3]", "+/r 9", "/r[9]/who n"], &["/r[2]", "/r[new] 5", "/r[new]/who n"]);
    check(FILL, &["/kin aunt father", "/each[:aunt]/how new"], &["/each[:aunt]/how new", "/kin father aunt"]);
    check(
        &["+/r 1", "+/r[1]/pet 5", "/r[1]/pet[5]/called cat"],
        &["/r[~2]/pet[~1]/called dog"],
        &["/r[1]/pet[5]/called dog"],
    );
}

#[test]
fn a_revision_of_what_does_not_fit_is_kept_apart() {
    let mut before = filled(FILL);
    let xml = before.session.instance_xml();
    let xml =
        xml.replace("<years>4</years>", "<years>many</years>").replace("<say>a</say>", "<say>a</say><gone>x</gone>");
    let revised = revise(&mut before, &xml);
    assert_eq!(lines(&revised), Vec::<String>::new());
    let mut left: Vec<_> =
        revised.leftovers.iter().map(|left| (short(left.path.as_str()), left.given.text())).collect();
    left.sort();
    assert_eq!(left, [("/gone".to_owned(), "x"), ("/r[2]/years".to_owned(), "many")]);
}

fn edits() -> impl Strategy<Value = Vec<(u8, u8, String)>> {
    prop::collection::vec((0_u8..8, 0_u8..4, "[a-c]{0,2}"), 0..8)
}

/// What can be done with the rows that are there.
fn play(scenario: &mut Scenario, acts: &[(u8, u8, String)], seed: u128) {
    for (number, (kind, at, text)) in acts.iter().enumerate() {
        let rows: Vec<FieldPath> = scenario
            .session
            .fields()
            .into_iter()
            .filter(|field| field.counts && field.path.without_row().as_str() == "/r" && field.path.row().is_some())
            .map(|field| field.path)
            .collect();
        let row = rows.get(usize::from(*at) % rows.len().max(1)).cloned();
        match (kind, row) {
            (0, _) => drop(scenario.answer("/say", text)),
            (1, _) => drop(scenario.answer("/age", &(8 + u32::from(*at)).to_string())),
            (2, _) => drop(scenario.add("/r", seed + number as u128)),
            (3, Some(row)) => drop(scenario.remove(row.as_str())),
            (4, Some(row)) => drop(scenario.answer(row.child("who").as_str(), text)),
            (5, Some(row)) => drop(scenario.answer(row.child("years").as_str(), &at.to_string())),
            (6, _) => drop(scenario.answer("/kin", ["", "mother", "father aunt", "aunt mother"][usize::from(*at)])),
            _ => {
                if scenario.session.view(&common::path("/away")).is_some_and(|node| node.relevant) {
                    scenario.answer("/away", text);
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn what_was_edited_elsewhere_goes_out_as_it_came_in(fill in edits(), there in edits()) {
        let mut before = filled(&[]);
        play(&mut before, &fill, 1000);
        let mut elsewhere = Scenario::editing(&form(), &before.session.instance_xml(), NOW, Properties::default()).unwrap().0;
        play(&mut elsewhere, &there, 5000);
        let xml = elsewhere.session.instance_xml();
        let revised = revise(&mut before, &xml);
        prop_assert_eq!(revised.session.instance_xml(), xml.clone());
        // Who takes it in elsewhere gets the same, and the changes are enough: kept and taken up they give it again.
        let again = revise(&mut before, &xml);
        prop_assert_eq!(lines(&again), lines(&revised));
        let mut kept: std::collections::BTreeMap<_, _> =
            before.session.fields().into_iter().map(|field| (field.path, field.given)).collect();
        kept.extend(revised.changes.iter().map(|field| (field.path.clone(), field.given.clone())));
        let taken_up = before.with(|session, context| {
            tianye_xform::Session::resume(Arc::clone(session.form()), kept, context).0.instance_xml()
        });
        prop_assert_eq!(taken_up, xml);
    }
}
