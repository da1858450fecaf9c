//! A family takes back what an export was made for: the record stays, and that export says which rows to drop from it.

#![allow(clippy::unwrap_used, reason = "a failed act fails the test")]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use common::{PASSPHRASE, say};
use tempfile::TempDir;
use tianye_desk::view::{
    ChecklistInput, ConsentInput, ConsentWord, DropRow, ExportInput, ExportPurpose, GroupInput, NewProject, PairAct,
    PairInput, PersonInput, RetentionView, WithdrawInput,
};
use tianye_desk::world::Machine;
use tianye_desk::{Desk, KdfCost, Laptop};

/// A talk with a group.
const TALK: &str = "
| survey | | | |
| | type | name | label |
| | text | say | A1 说了什么？ |
| settings | | | |
| | form_title | form_id | tianye::about | tianye::purpose |
| | 座谈 | talk | group | group |
";

/// In this order exports are made and asked.
const PURPOSES: [ExportPurpose; 3] = [ExportPurpose::Analysis, ExportPurpose::Archiving, ExportPurpose::SchoolSharing];

/// A project that asks for consent: three children who agreed to everything and were interviewed, a fourth who has a card, a group
/// of two of the three, and the tables that were made of it all.
struct Field {
    folder: TempDir,
    lead: Desk,
    people: BTreeMap<&'static str, String>,
    talk: String,
    /// Of each purpose the exports of the questionnaire and of the talk.
    exports: Vec<[String; 2]>,
    /// What their keys stand for.
    keys: BTreeMap<String, &'static str>,
}

const CODES: [&str; 4] = ["217", "218", "219", "220"];

fn field() -> Field {
    let folder = TempDir::new().unwrap();
    let new = NewProject {
        title: "浙江留守儿童 2017".into(),
        person: "沈一帆".into(),
        device: "组长电脑".into(),
        passphrase: PASSPHRASE.into(),
        hub_card: None,
    };
    let laptop = Laptop::new(&folder.path().join("组长"), Arc::new(Machine), KdfCost::insecure_for_tests());
    let mut lead = laptop.create_project(&new).unwrap();
    for (name, form) in [("pupil.md", common::FORM), ("talk.md", TALK)] {
        assert!(lead.check_form(name, form.as_bytes(), &|_| None).unwrap().usable);
        lead.add_form().unwrap();
    }
    let noted = lead.checklist().noted;
    lead.note_checklist(&ChecklistInput { gate: true, ..noted }).unwrap();
    let mut people = BTreeMap::new();
    for code in CODES {
        let card = PersonInput { code: code.into(), ..child() };
        let person = lead.save_person(&card).unwrap();
        both_say(&mut lead, &person, "questionnaire=given group=given archiving=given school-sharing=given");
        people.insert(code, person);
    }
    for code in &CODES[..3] {
        lead.start_with(&people[code], "pupil", "zh-CN").unwrap();
        say(&mut lead, "/family/say", &format!("标记{code}"));
        lead.finalise("zh-CN").unwrap();
    }
    let members = vec![people["217"].clone(), people["218"].clone()];
    let talk = lead.save_group(&GroupInput { name: "座谈".into(), members, ..GroupInput::default() }).unwrap();
    lead.start_with(&talk, "talk", "zh-CN").unwrap();
    say(&mut lead, "/say", "标记座谈");
    lead.finalise("zh-CN").unwrap();
    let mut field = Field { folder, lead, people, talk, exports: Vec::new(), keys: BTreeMap::new() };
    for (at, purpose) in PURPOSES.into_iter().enumerate() {
        let pair = [("pupil", "/family/say"), ("talk", "/say")].map(|(form, judged)| {
            let input =
                ExportInput { form: form.into(), purpose, judged: vec![judged.into()], k: 1, ..ExportInput::default() };
            field.export(&input, &format!("{at}{form}"))
        });
        field.exports.push(pair);
    }
    field
}

fn child() -> PersonInput {
    PersonInput { kind: "pupil".into(), name: "孩子".into(), ..PersonInput::default() }
}

fn says(desk: &mut Desk, person: &str, standing: &str, said: &str) {
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

fn both_say(desk: &mut Desk, person: &str, said: &str) {
    says(desk, person, "legal-guardian", said);
    says(desk, person, "own", said);
}

impl Field {
    /// Makes an export and notes what its keys stand for; gives its id.
    fn export(&mut self, input: &ExportInput, name: &str) -> String {
        let out = self.folder.path().join(name);
        let report = self.lead.export_csv(input, &out, "zh-CN").unwrap();
        let manifest: serde_json::Value =
            serde_json::from_slice(&std::fs::read(out.join("export.json")).unwrap()).unwrap();
        let table = std::fs::read_to_string(out.join(&report.files[0].name)).unwrap();
        for key in manifest["interviews"].as_object().unwrap().keys() {
            let line = table.lines().find(|line| line.contains(key.as_str())).unwrap();
            let whose = ["217", "218", "219", "座谈"].into_iter().find(|code| line.contains(&format!("标记{code}")));
            self.keys.insert(key.clone(), whose.unwrap());
        }
        manifest["id"].as_str().unwrap().to_owned()
    }

    fn withdraw(&mut self, code: &str, purposes: &[&str]) {
        let input = WithdrawInput {
            person: self.people[code].clone(),
            standing: "own".into(),
            name: String::new(),
            relation: String::new(),
            purposes: purposes.iter().map(|one| (*one).to_owned()).collect(),
            note: String::new(),
        };
        self.lead.withdraw_consent(&input).unwrap();
    }

    fn told(&self, row: &DropRow) -> String {
        let whose = self.keys.get(&row.key).copied().unwrap_or_default();
        format!("{} {whose} {} {}", row.act, row.why, row.purpose).trim_end().to_owned()
    }

    /// What to drop, by what the exports were made for; each row once.
    fn drops(&self) -> [Vec<String>; 3] {
        let of = |pair: &[String; 2]| {
            // The roster stands in a table of its own.
            let rows = pair.iter().flat_map(|id| self.lead.to_drop(id).unwrap());
            let rows: BTreeSet<String> = rows.map(|row| self.told(&row)).collect();
            rows.into_iter().collect::<Vec<_>>()
        };
        [0, 1, 2].map(|at| of(&self.exports[at]))
    }
}

#[track_caller]
fn check(acts: &[&dyn Fn(&mut Field)], [analysis, archive, school]: [&[&str]; 3]) {
    let mut field = field();
    for act in acts {
        act(&mut field);
    }
    assert_eq!(field.drops(), [analysis, archive, school].map(|rows| rows.to_vec()));
    // The list of exports counts the same, and what stays is listed among the records.
    let log = field.lead.export_log().unwrap();
    for (pair, rows) in field.exports.iter().zip([analysis, archive, school]) {
        let of = |id: &String| log.iter().find(|row| row.id == *id).unwrap();
        let drops: u32 = pair.iter().map(|id| of(id).drops).sum();
        let counted: u32 = pair.iter().flat_map(|id| &of(id).taken_back).map(|one| one.interviews).sum();
        let taken = rows.iter().filter(|row| row.contains("taken-back")).count();
        let listed: usize = pair.iter().map(|id| field.lead.to_drop(id).unwrap().len()).sum();
        assert_eq!((drops as usize, counted as usize), (listed, taken));
    }
}

#[test]
fn only_the_exports_that_were_made_for_what_was_taken_back_list_its_rows() {
    let archive: &dyn Fn(&mut Field) = &|field| field.withdraw("219", &["archiving"]);
    check(&[], [&[], &[], &[]]);
    check(&[archive], [&[], &["drop 219 taken-back archiving"], &[]]);
    let school: &dyn Fn(&mut Field) =
        &|field| says(&mut field.lead, &field.people["219"], "legal-guardian", "school-sharing=refused");
    check(&[school], [&[], &[], &["drop 219 taken-back school-sharing"]]);
    check(&[school, archive], [&[], &["drop 219 taken-back archiving"], &["drop 219 taken-back school-sharing"]]);
    // Both agree again.
    let again: &dyn Fn(&mut Field) =
        &|field| both_say(&mut field.lead, &field.people["219"], "questionnaire=given archiving=given");
    check(&[archive, again], [&[], &[], &[]]);
    // Who is asked for the use itself loses the record: that is told as erased, once.
    let all: &dyn Fn(&mut Field) = &|field| field.withdraw("219", &["questionnaire"]);
    check(&[archive, all], [&["drop 219 erased"], &["drop 219 erased"], &["drop 219 erased"]]);
}

/// The day until which the archive, or the school, may have it is over: those exports list every row, and no other one does.
#[test]
fn an_export_lists_its_rows_when_the_last_day_of_what_it_is_for_is_over() {
    let mut field = field();
    let noted = field.lead.checklist().noted;
    let retention = vec![RetentionView { purpose: "archiving".into(), until: "2018-12-31".into() }];
    field.lead.note_checklist(&ChecklistInput { retention, ..noted }).unwrap();
    field.withdraw("219", &["archiving"]);
    let [analysis, archive, school] = field.drops();
    assert_eq!((analysis.len(), school.len()), (0, 0));
    let why = |code: &str| archive.iter().filter(|row| row.contains(code)).map(String::as_str).collect::<Vec<_>>();
    assert_eq!(why("219"), ["drop 219 taken-back archiving"], "a no is told as that");
    assert_eq!(why("218"), ["drop 218 past-its-day archiving"]);
    let log = field.lead.export_log().unwrap();
    for row in log {
        let of = |lapsed: &[tianye_desk::view::LeftOut]| lapsed.iter().map(|one| one.interviews).sum::<u32>();
        let rows = field.lead.to_drop(&row.id).unwrap();
        let told = |why: &str| {
            // The roster stands in a table of its own.
            let keys: BTreeSet<&str> = rows.iter().filter(|row| row.why == why).map(|row| row.key.as_str()).collect();
            keys.len() as u32
        };
        assert_eq!((of(&row.taken_back), of(&row.past_day)), (told("taken-back"), told("past-its-day")));
    }
}

#[test]
fn who_is_only_to_be_asked_anew_has_taken_nothing_back() {
    let text: &dyn Fn(&mut Field) = &|field| {
        let mut text = field.lead.consent_text();
        text.activity.zh = "2017 年秋季走访".into();
        field.lead.publish_text(&text, true).unwrap();
    };
    check(&[text], [&[], &[], &[]]);
    // Grown up, and the own word to the archive waits to be asked for: nobody said no.
    let of_age: &dyn Fn(&mut Field) = &|field| {
        says(&mut field.lead, &field.people["219"], "own", "archiving=not-yet");
        let card =
            PersonInput { id: field.people["219"].clone(), code: "219".into(), birth: "1990-05-06".into(), ..child() };
        field.lead.save_person(&card).unwrap();
    };
    check(&[of_age], [&[], &[], &[]]);
}

#[test]
fn a_word_on_a_linked_card_counts() {
    let on_the_other_card: &dyn Fn(&mut Field) = &|field| field.withdraw("220", &["archiving"]);
    check(&[on_the_other_card], [&[], &[], &[]]);
    let link: &dyn Fn(&mut Field) = &|field| {
        let records = ["219", "220"].map(|code| field.people[code].clone()).to_vec();
        let leading = records[0].clone();
        let input =
            PairInput { records, act: PairAct::Linked, leading, reason: "问过班主任".into(), names: Vec::new() };
        field.lead.rule_pair(&input).unwrap();
    };
    check(&[on_the_other_card, link], [&[], &["drop 219 taken-back archiving"], &[]]);
}

/// Of a talk everybody counts who was there, whoever left the group since.
#[test]
fn one_who_was_there_takes_a_talk_back() {
    let archive: &dyn Fn(&mut Field) = &|field| field.withdraw("218", &["archiving"]);
    let both: &[&str] = &["drop 218 taken-back archiving", "drop 座谈 taken-back archiving"];
    check(&[archive], [&[], both, &[]]);
    let leaves: &dyn Fn(&mut Field) = &|field| {
        let members = vec![field.people["217"].clone()];
        let group = GroupInput { id: field.talk.clone(), name: "座谈".into(), members, ..GroupInput::default() };
        field.lead.save_group(&group).unwrap();
    };
    check(&[leaves, archive], [&[], both, &[]]);
    let stranger: &dyn Fn(&mut Field) = &|field| {
        let members = ["217", "218", "219"].map(|code| field.people[code].clone()).to_vec();
        let group = GroupInput { id: field.talk.clone(), name: "座谈".into(), members, ..GroupInput::default() };
        field.lead.save_group(&group).unwrap();
        field.withdraw("219", &["archiving"]);
    };
    check(&[stranger], [&[], &["drop 219 taken-back archiving"], &[]]);
}

/// With identifiers rows go by their records, and with them the files that are only of the record; the sheet for whoever has the
/// export says why.
#[test]
fn files_of_the_record_go_too_and_the_sheet_says_why() {
    let mut field = field();
    let input = ExportInput {
        form: "pupil".into(),
        purpose: ExportPurpose::SchoolSharing,
        identified: true,
        instances: true,
        reason: "约好的".into(),
        ..ExportInput::default()
    };
    let id = field.export(&input, "带身份");
    field.withdraw("218", &["school-sharing"]);
    let rows = field.lead.to_drop(&id).unwrap();
    let told: BTreeSet<String> = rows.iter().map(|row| field.told(row)).collect();
    assert_eq!(Vec::from_iter(told), ["delete  taken-back school-sharing", "drop 218 taken-back school-sharing"]);
    // By its folder the same is said.
    let folder = field.folder.path().join("带身份");
    assert!(field.lead.to_drop(folder.to_str().unwrap()).unwrap() == rows);
    let csv = field.lead.drop_csv(&id).unwrap();
    let mut lines = csv.trim_start_matches('\u{feff}').lines();
    assert_eq!(lines.next(), Some("file,key_column,key,act,field,why,purpose"));
    assert!(lines.all(|line| line.ends_with(",taken-back,school-sharing")));
}
