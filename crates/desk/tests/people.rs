//! People and places: a roster taken in, people found, tied, assigned and taken over; and what none of it lets out.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

mod common;

use std::path::Path;

use common::{finish, say, set_up};
use tianye_desk::Desk;
use tianye_desk::view::{
    AssignInput, AssignmentRow, CardDecision, DecisionRow, EraseInput, ExportInput, NewInterview, PersonInput,
    PersonQuery, RosterEdit, RosterInput, RosterView, SiteInput, TakeBackInput, TakeOverInput, TieInput,
};

const ZH: &str = "zh-CN";
const ROSTER: &str = "\
桃溪小学花名册,,,,,,,
姓名,班级,学号,性别,出生日期,监护人,与学生关系,监护人电话
单小满,四（1）班,G330001,男,2007-03-14,王秀英,奶奶,13911110001
孙小桔,五（1）班,G330002,女,39521,,,
欧阳麦穗,六（9）班,G330003,女,2008-02-30,,,
,五（1）班,G330004,女,,,,
";

fn school(desk: &Desk) -> String {
    desk.site_named("桃溪小学（示例）").unwrap()
}

fn input(desk: &Desk) -> RosterInput {
    RosterInput { site: school(desk), kind: "pupil".into(), ..RosterInput::default() }
}

fn counts(view: &RosterView) -> [u32; 5] {
    [view.new, view.changed, view.same, view.left_out, view.guardians]
}

fn found(desk: &Desk, text: &str) -> Vec<String> {
    let query = PersonQuery { text: text.into(), ..PersonQuery::default() };
    desk.people(&query, ZH).unwrap().people.into_iter().map(|person| person.name).collect()
}

fn id_of(desk: &Desk, text: &str) -> String {
    let query = PersonQuery { text: text.into(), ..PersonQuery::default() };
    let people = desk.people(&query, ZH).unwrap().people;
    assert_eq!(people.len(), 1, "{text}");
    people[0].id.clone()
}

fn did(desk: &Desk, person: &str) -> Vec<String> {
    desk.person_page(person, ZH).unwrap().history.into_iter().map(|event| event.what).collect()
}

fn rows(desk: &Desk) -> Vec<AssignmentRow> {
    desk.assignments(ZH).unwrap().classes.into_iter().flat_map(|class| class.rows).collect()
}

fn assigned(desk: &Desk, interviewer: &str, class: &str) -> AssignInput {
    AssignInput {
        form: "pupil".into(),
        site: desk.site_named(class).unwrap(),
        interviewer: desk.mate_named(interviewer).unwrap(),
        due: "2017-04-12".into(),
        ..AssignInput::default()
    }
}

/// Who types the code of somebody who is here means them, unless they say that it is somebody else, or the place is another.
#[test]
fn a_code_that_is_known_makes_a_second_card_only_when_that_is_meant() {
    let (_field, _lead, mut chen, _zhou) = set_up();
    let people = |desk: &Desk| desk.people(&PersonQuery::default(), ZH).unwrap().people;
    let before = people(&chen);
    let pupil = before.iter().find(|row| row.kind == "pupil").unwrap().clone();
    let code = &pupil.code;
    let sites = chen.home(ZH).unwrap().sites;
    let own = sites.iter().find(|site| pupil.site.ends_with(&site.name) || site.name.ends_with(&pupil.site)).unwrap();
    let away = sites.iter().find(|site| site.name.contains("石塘")).unwrap();
    assert!(!pupil.site.contains("石塘"), "{}", pupil.site);
    let new = |site: &str, anyway: bool| NewInterview {
        form: "pupil".into(),
        code: code.clone(),
        site: site.into(),
        anyway,
        ..NewInterview::default()
    };
    for site in ["", &own.id] {
        let refusal = chen.start_interview(&new(site, false), ZH).map(drop).unwrap_err();
        assert_eq!((refusal.code.as_str(), &refusal.args["person"]), ("person-known", &pupil.id));
        assert!(refusal.args["whom"].contains(&pupil.name) && !refusal.detail.contains(&pupil.name), "{refusal:?}");
        assert_eq!(people(&chen).len(), before.len(), "nobody was added");
    }
    // Everything that was typed names one who is here: no second card, and nothing is asked.
    let same = NewInterview { name: pupil.name.clone(), ..new(&own.id, false) };
    let begun = chen.start_interview(&same, ZH);
    assert_eq!(begun.map(|_| people(&chen).len()).unwrap(), before.len());
    chen.pause_interview(ZH).unwrap();
    for (site, anyway, more) in [(&away.id, false, 1), (&own.id, true, 2)] {
        chen.start_interview(&new(site, anyway), ZH).unwrap();
        chen.pause_interview(ZH).unwrap();
        assert_eq!(people(&chen).len(), before.len() + more);
    }
    let teacher = NewInterview { kind: "teacher".into(), ..new(&own.id, false) };
    chen.start_interview(&teacher, ZH).unwrap();
    assert_eq!(people(&chen).len(), before.len() + 3, "a teacher is not a pupil");
}

/// A class that the tree lacks: whoever is in the field adds it, and puts children there; the whole team has it then.
#[test]
fn a_place_that_is_lacking_is_added_in_the_field() {
    let (_field, mut lead, mut chen, mut zhou) = set_up();
    let school = school(&lead);
    let class =
        SiteInput { kind: "class".into(), zh: "四（9）班".into(), parent: school.clone(), ..SiteInput::default() };
    let added = chen.save_site(&class).unwrap();
    assert_eq!(chen.save_site(&class).unwrap_err().code, "site-there");
    let child =
        PersonInput { kind: "pupil".into(), name: "小满".into(), site: added.clone(), ..PersonInput::default() };
    let child = chen.save_person(&child).unwrap();
    for desk in [&mut chen, &mut lead, &mut zhou] {
        desk.sync().unwrap();
    }
    for desk in [&lead, &chen, &zhou] {
        let view = desk.people(&PersonQuery { site: added.clone(), ..PersonQuery::default() }, ZH).unwrap();
        assert_eq!(view.people.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), [child.as_str()]);
        let node = view.sites.iter().find(|one| one.id == added).unwrap();
        assert_eq!((node.name.as_str(), node.parent.as_str()), ("四（9）班", school.as_str()));
    }
    // What stands in the tree a lead changes.
    let may = |desk: &Desk| {
        let view = desk.people(&PersonQuery::default(), ZH).unwrap();
        (view.may_add_sites, view.may_change_sites)
    };
    assert_eq!((may(&lead), may(&chen)), ((true, true), (true, false)));
    let renamed = SiteInput { id: added, zh: "四年级九班".into(), ..class };
    assert_eq!(chen.save_site(&renamed).unwrap_err().code, "no-right");
    lead.save_site(&renamed).unwrap();
}

#[test]
fn a_roster_is_read_mended_and_taken_in_once() {
    let (_field, mut lead, mut chen, _zhou) = set_up();
    let before = lead.people(&PersonQuery::default(), ZH).unwrap().total;
    let wanted = input(&lead);
    let view = lead.open_roster("名册.csv", ROSTER.as_bytes(), &wanted, ZH).unwrap();
    assert_eq!(counts(&view), [2, 0, 0, 2, 1]);
    let wrong: Vec<(u32, &str)> =
        view.lines.iter().flat_map(|line| line.problems.iter().map(|one| (line.number, one.code.as_str()))).collect();
    assert_eq!(wrong, [(5, "class-unknown"), (5, "date-impossible"), (6, "name-missing")]);
    // Two cells are mended in the table; the row without a name stays out.
    let edit = |column, text: &str| RosterEdit { row: 5, column, text: text.into() };
    let mended = RosterInput { edits: vec![edit(1, "五1班"), edit(4, "2008年2月29日")], ..wanted.clone() };
    assert_eq!(counts(&lead.plan_roster(&mended, ZH).unwrap()), [3, 0, 0, 1, 1]);
    assert_eq!(lead.people(&PersonQuery::default(), ZH).unwrap().total, before, "nothing was written yet");
    assert!(lead.import_roster(&mended, ZH).unwrap().imported);
    assert_eq!(lead.people(&PersonQuery::default(), ZH).unwrap().total, before + 4);
    // A second time it adds nothing.
    assert_eq!(counts(&lead.import_roster(&mended, ZH).unwrap()), [0, 0, 3, 1, 0]);
    assert_eq!(lead.people(&PersonQuery::default(), ZH).unwrap().total, before + 4);
    for typed in ["单小满", "shanxm", "sxm", "G330001"] {
        assert!(found(&lead, typed).contains(&"单小满".to_owned()), "{typed}");
    }
    assert_eq!(found(&lead, "oyms"), ["欧阳麦穗"]);
    // The team reads it; a file of another format, and a page without a file, are refused.
    lead.sync().unwrap();
    chen.sync().unwrap();
    assert_eq!(found(&chen, "sxm"), ["单小满"]);
    assert_eq!(lead.open_roster("名册.docx", b"", &wanted, ZH).unwrap_err().code, "roster-format");
    assert_eq!(lead.open_roster("名册.csv", b"\n", &wanted, ZH).unwrap_err().code, "roster-empty");
    lead.close_roster();
    assert_eq!(lead.plan_roster(&wanted, ZH).unwrap_err().code, "roster-gone");
}

#[test]
fn what_identifies_a_person_is_on_no_table_and_goes_with_an_erasure() {
    let (field, mut lead, ..) = set_up();
    let wanted = input(&lead);
    lead.open_roster("名册.csv", ROSTER.as_bytes(), &wanted, ZH).unwrap();
    lead.import_roster(&wanted, ZH).unwrap();
    let child = id_of(&lead, "sxm");
    let new = NewInterview { form: "pupil".into(), subject: child.clone(), ..NewInterview::default() };
    lead.start_interview(&new, ZH).unwrap();
    say(&mut lead, "/family/say", "我想妈妈");
    finish(&mut lead);
    let folder = field.folder.path().join("tables");
    let input = ExportInput {
        form: "pupil".into(),
        labels: true,
        names: false,
        files: true,
        entities: true,
        instances: true,
        identified: true,
        reason: "试用".into(),
        ..ExportInput::default()
    };
    lead.export_csv(&input, &folder, ZH).unwrap();
    let mut seen = 0;
    let mut open = vec![folder];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            if entry.path().is_dir() {
                open.push(entry.path());
                continue;
            }
            let text = String::from_utf8_lossy(&std::fs::read(entry.path()).unwrap()).into_owned();
            for mark in ["单小满", "王秀英", "G330001", "13911110001", "2007-03-14"] {
                assert!(!text.contains(mark), "{mark} is in {}", entry.path().display());
            }
            seen += usize::from(text.contains("我想妈妈"));
        }
    }
    assert!(seen > 0, "the answers are there");
    lead.erase(&EraseInput {
        record: String::new(),
        person: child.clone(),
        fields: Vec::new(),
        why: "withdrawn".into(),
        note: String::new(),
    })
    .unwrap();
    assert_eq!(lead.person_page(&child, ZH).unwrap_err().code, "person-gone");
    assert_eq!(found(&lead, "sxm"), Vec::<String>::new());
    let carer = lead.person_page(&id_of(&lead, "王秀英"), ZH).unwrap();
    assert_eq!((carer.ties.len(), carer.history.len()), (0, 1), "the tie went with the child");
}

#[test]
fn a_child_and_a_guardian_are_added_in_the_field_and_the_page_tells_it() {
    let (_field, mut lead, mut chen, _zhou) = set_up();
    let class = chen.site_named("桃溪小学（示例） 四（1）班").unwrap();
    let child = PersonInput { kind: "pupil".into(), name: "单小满".into(), site: class, ..PersonInput::default() };
    let child = chen.save_person(&child).unwrap();
    let page = chen.person_page(&child, ZH).unwrap();
    assert_eq!((page.reading.as_str(), page.may_write), ("Shàn Xiǎomǎn", true));
    assert!(page.code.starts_with("207"), "the next number, with letters of the interviewer: {}", page.code);
    let tie = TieInput {
        name: "王秀英".into(),
        contact: "13911110001".into(),
        to: child.clone(),
        relation: "paternal-grandmother".into(),
        custody: "entrusted".into(),
        since: "2015年9月".into(),
        ..TieInput::default()
    };
    let id = chen.save_tie(&tie).unwrap();
    let view = chen.person_page(&child, ZH).unwrap().ties.remove(0);
    assert_eq!(
        (view.since.as_str(), view.holds, view.outward, view.contact.as_str()),
        ("2015-09", true, false, "13911110001")
    );
    // It ends, and another begins: both stay.
    let ended = TieInput { id, person: view.other, until: "2017-02-28".into(), ..tie.clone() };
    chen.save_tie(&ended).unwrap();
    let aunt =
        TieInput { name: "李阿姨".into(), relation: "neighbour".into(), since: "2017-03".into(), ..tie.clone() };
    chen.save_tie(&aunt).unwrap();
    let ties = chen.person_page(&child, ZH).unwrap().ties;
    let holds: Vec<(&str, bool)> = ties.iter().map(|tie| (tie.relation.as_str(), tie.holds)).collect();
    assert_eq!(holds, [("neighbour", true), ("paternal-grandmother", false)]);
    assert_eq!(did(&chen, &child).last().map(String::as_str), Some("added"));
    assert_eq!(did(&chen, &child).iter().filter(|what| what.starts_with("tie")).count(), 3);
    for (wrong, code) in [
        (TieInput { until: "2014".into(), ..tie.clone() }, "tie-dates"),
        (TieInput { since: "3/4/15".into(), ..tie.clone() }, "date-unknown"),
        (TieInput { person: child.clone(), ..tie.clone() }, "tie-self"),
    ] {
        assert_eq!(chen.save_tie(&wrong).unwrap_err().code, code);
    }
    let nameless = PersonInput { kind: "pupil".into(), ..PersonInput::default() };
    assert_eq!(chen.save_person(&nameless).unwrap_err().code, "field-empty");
    // Two change one line of the card: nobody's word is lost, and the lead decides.
    chen.sync().unwrap();
    lead.sync().unwrap();
    let card = |contact: &str| PersonInput {
        id: child.clone(),
        kind: "pupil".into(),
        name: "单小满".into(),
        site: page.site.clone(),
        contact: contact.into(),
        ..PersonInput::default()
    };
    chen.save_person(&card("13900000001")).unwrap();
    lead.save_person(&card("13900000002")).unwrap();
    chen.sync().unwrap();
    lead.sync().unwrap();
    let conflict = lead.card_conflicts(ZH).unwrap().remove(0);
    assert_eq!((conflict.card.as_str(), conflict.field.as_str(), conflict.sides.len()), ("subject", "contact", 2));
    assert_eq!(lead.person_page(&child, ZH).unwrap().conflicts.len(), 1);
    assert_eq!(lead.home(ZH).unwrap().conflicts, 1);
    let side = conflict.sides.iter().find(|side| side.display == "13900000001").unwrap();
    let decision = CardDecision {
        record: conflict.record.clone(),
        field: conflict.field.clone(),
        entry: side.entry.clone(),
        value: String::new(),
        reason: "问过奶奶".into(),
    };
    assert_eq!(chen.decide_card(&decision).unwrap_err().code, "no-right");
    lead.decide_card(&decision).unwrap();
    assert_eq!(lead.card_conflicts(ZH).unwrap().len(), 0);
    assert_eq!(lead.person_page(&child, ZH).unwrap().contact, "13900000001");
    assert_eq!(did(&lead, &child)[0], "card-decided");

    // Looked at again, taken back, and decided with a third word.
    let decided = lead.cards_decided(ZH).unwrap().remove(0);
    assert_eq!((decided.record.as_str(), decided.field.as_str(), decided.sides.len()), (child.as_str(), "contact", 2));
    assert_eq!(decided.history.last().unwrap().reason, "问过奶奶");
    let back = |reason: &str| TakeBackInput { record: child.clone(), field: "contact".into(), reason: reason.into() };
    assert_eq!(chen.take_back_decision(&back("按错了")).unwrap_err().code, "no-right");
    assert_eq!(lead.take_back_decision(&back(" ")).unwrap_err().code, "reason-missing");
    lead.take_back_decision(&back("按错了")).unwrap();
    assert_eq!(lead.take_back_decision(&back("按错了")).unwrap_err().code, "decision-gone");
    let again = lead.card_conflicts(ZH).unwrap().remove(0);
    assert_eq!((again.sides.len(), again.free), (2, true));
    let sheet = lead.decision_sheet("电话里问", Path::new("sheet.csv"), ZH).unwrap();
    let row = sheet.iter().find(|row| row.what == "card").unwrap();
    assert_eq!((row.record.as_str(), row.field.as_str()), (child.as_str(), "contact"));
    let filled = |take: &str, value: &str, names: &str| DecisionRow {
        take: take.into(),
        value: value.into(),
        names: names.into(),
        reason: "奶奶换了号码".into(),
        ..serde_json::from_value(serde_json::to_value(row).unwrap()).unwrap()
    };
    let first = row.names.split(' ').next().unwrap();
    for (bad, code) in [(filled("3", "", &row.names), "row-take"), (filled("1", "", first), "conflict-changed")] {
        let report = lead.decide_rows(&[bad], true, ZH).unwrap().remove(0);
        assert_eq!(report.refusal.unwrap().code, code);
    }
    let report = lead.decide_rows(&[filled("", "13900000003", &row.names)], true, ZH).unwrap().remove(0);
    assert!(report.refusal.is_none());
    assert_eq!(lead.person_page(&child, ZH).unwrap().contact, "13900000003");
    assert_eq!(lead.card_conflicts(ZH).unwrap().len(), 0);
}

#[test]
fn a_class_is_assigned_taken_over_when_somebody_is_ill_and_done_once() {
    let (_field, mut lead, mut chen, mut zhou) = set_up();
    let class = "桃溪小学（示例） 四（1）班";
    let preview = lead.preview_assignment(&assigned(&lead, "陈禾", class), "zh-CN").unwrap();
    assert_eq!((preview.assigned, preview.rows.len()), (3, 3));
    lead.assign(&assigned(&lead, "陈禾", class), "zh-CN").unwrap();
    // Again: nobody is left; to somebody else: said, and not done unless it is meant.
    assert_eq!(lead.assign(&assigned(&lead, "陈禾", class), "zh-CN").unwrap_err().code, "assign-nobody");
    let other = lead.preview_assignment(&assigned(&lead, "周宁", class), "zh-CN").unwrap();
    assert!(other.rows.iter().all(|row| row.standing == "assigned" && row.who == "陈禾"));
    assert_eq!(other.assigned, 0);
    let all = lead.assignments(ZH).unwrap();
    assert_eq!((all.done, all.open, all.overdue), (0, 0, 3), "the day has passed");
    lead.sync().unwrap();
    chen.sync().unwrap();
    zhou.sync().unwrap();
    // Somebody else meets one of the children: it is said who is to see it.
    let child = id_of(&zhou, "101");
    let new = |child: &str| NewInterview { form: "pupil".into(), subject: child.into(), ..NewInterview::default() };
    let refusal = zhou.start_interview(&new(&child), ZH).unwrap_err();
    assert_eq!((refusal.code.as_str(), refusal.args["who"].as_str()), ("already-assigned", "陈禾"));
    // 陈禾 begins with one of them and falls ill; 周宁 takes the two others over.
    let own: Vec<_> = rows(&chen).into_iter().filter(|row| row.code == "102").collect();
    let begin = NewInterview { form: "pupil".into(), assignment: Some(own[0].id.clone()), ..NewInterview::default() };
    chen.start_interview(&begin, ZH).unwrap();
    say(&mut chen, "/family/say", "我想妈妈");
    chen.pause_interview(ZH).unwrap();
    let ids: Vec<String> = rows(&zhou).into_iter().filter(|row| row.code != "102").map(|row| row.id).collect();
    let over = TakeOverInput { assignments: ids, reason: "陈禾发烧".into(), ..TakeOverInput::default() };
    assert_eq!(
        zhou.take_over(&TakeOverInput { reason: " ".into(), ..over.clone() }).unwrap_err().code,
        "reason-missing"
    );
    assert_eq!(zhou.take_over(&over).unwrap(), 2);
    let mine = |desk: &mut Desk| -> Vec<String> {
        let places = desk.home(ZH).unwrap().places;
        places.into_iter().flat_map(|place| place.rows).map(|row| row.code).collect()
    };
    assert_eq!(mine(&mut zhou), ["101", "103"]);
    // By way of the lead the colleague learns it, with the reason.
    zhou.sync().unwrap();
    lead.sync().unwrap();
    chen.sync().unwrap();
    assert_eq!(mine(&mut chen), ["102"]);
    let row = rows(&chen).into_iter().find(|row| row.code == "101").unwrap();
    assert_eq!((row.interviewer.as_str(), row.because.as_str(), row.taken_from.as_str()), ("周宁", "陈禾发烧", "陈禾"));
    zhou.sync().unwrap();
    assert_eq!(mine(&mut zhou), ["101", "103"], "each once");
    // What 陈禾 began, 周宁 is told, whose laptop does not read it.
    lead.sync().unwrap();
    zhou.sync().unwrap();
    let begun = id_of(&zhou, "102");
    let refusal = zhou.start_interview(&new(&begun), ZH).unwrap_err();
    assert_eq!((refusal.code.as_str(), refusal.args["who"].as_str()), ("already-begun", "陈禾"));
    let id = rows(&zhou).into_iter().find(|row| row.code == "102").unwrap().id;
    let ill = TakeOverInput { assignments: vec![id], reason: "病了".into(), ..TakeOverInput::default() };
    assert_eq!(zhou.take_over(&ill).unwrap_err().code, "already-begun");
    let meant = NewInterview { anyway: true, ..new(&begun) };
    zhou.start_interview(&meant, ZH).unwrap();
    // The lead sees that it was done twice.
    say(&mut zhou, "/family/say", "我也想");
    zhou.pause_interview(ZH).unwrap();
    zhou.sync().unwrap();
    lead.sync().unwrap();
    let row = rows(&lead).into_iter().find(|row| row.code == "102").unwrap();
    assert!(row.twice && row.begun_by == "陈禾");
    assert!(did(&lead, &begun).contains(&"assigned".to_owned()));
    // An interviewer assigns nothing.
    assert_eq!(chen.preview_assignment(&assigned(&chen, "陈禾", class), "zh-CN").unwrap_err().code, "no-right");
}

/// A child is visited every month: an assignment that is made knowingly once more stands on Today, and nobody asks again whether
/// it is meant when it is begun.
#[test]
fn what_is_assigned_once_more_is_open_until_it_is_begun_once_more() {
    let (_field, mut lead, mut chen, _zhou) = set_up();
    let card =
        PersonInput { kind: "pupil".into(), code: "801".into(), name: "单小满".into(), ..PersonInput::default() };
    let child = lead.save_person(&card).unwrap();
    let interviewer = lead.mate_named("陈禾").unwrap();
    let input =
        AssignInput { form: "pupil".into(), people: vec![child.clone()], interviewer, ..AssignInput::default() };
    let open = |desk: &mut Desk| -> Vec<String> {
        let rows = desk.home(ZH).unwrap().places.into_iter().flat_map(|place| place.rows);
        rows.filter(|row| row.assigned && row.subject == child).map(|row| row.id).collect()
    };
    let meet = |lead: &mut Desk, chen: &mut Desk| {
        lead.sync().unwrap();
        chen.sync().unwrap();
        lead.sync().unwrap();
    };
    for round in 1..=3 {
        assert_eq!(lead.assign(&AssignInput { anyway: round > 1, ..input.clone() }, ZH).unwrap().assigned, 1);
        meet(&mut lead, &mut chen);
        let [id] = open(&mut chen).try_into().unwrap();
        let new = NewInterview { form: "pupil".into(), assignment: Some(id), ..NewInterview::default() };
        chen.start_interview(&new, ZH).unwrap();
        say(&mut chen, "/family/say", "想妈妈");
        finish(&mut chen);
        chen.sync().unwrap();
        meet(&mut lead, &mut chen);
        assert!(open(&mut chen).is_empty());
        let done = lead.assignments(ZH).unwrap().classes.iter().map(|class| class.done).sum::<u32>();
        assert_eq!(done, round);
    }
    // Without an assignment it is asked, as before.
    let new = NewInterview { form: "pupil".into(), subject: child.clone(), ..NewInterview::default() };
    assert_eq!(chen.start_interview(&new, ZH).map(|_| ()).unwrap_err().code, "already-begun");
}
