use crate::dsl::{entry, form, person, record, team};
use expect_test::expect;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use tianye_survey::*;

/// An entry in the record `of`, which names it too.
fn in_record(of: &str, name: &str, author: &str, parents: &[&str], content: impl Into<Content>) -> Opened {
    Opened { record: record(of), ..entry(name, author, parents, 1, content) }
}

fn site(of: &str, kind: SiteKind, name: &str, parent: Option<&str>) -> Opened {
    let site = Site { parent: parent.map(record), ..Site::new(kind, Names::both(name)) };
    in_record(of, of, "shen", &[], &site)
}

fn version(number: u8) -> FormVersion {
    FormVersion {
        form_id: "pupil".to_owned(),
        version: number.to_string(),
        title: Names { zh: "学生问卷".to_owned(), en: "Pupil".to_owned() },
        languages: vec![],
        hash: form(number),
        len: 0,
        chunks: vec![],
        media: vec![],
        retired: false,
    }
}

fn subject(of: &str, code: &str) -> Opened {
    let card = Subject { site: Some(record("c41")), display_name: of.into(), ..Subject::new(SubjectKind::Pupil, code) };
    in_record(of, of, "shen", &[], &card)
}

fn assigned(of: &str, to: &str, who: &str) -> Opened {
    let plan = Assignment {
        form_id: "pupil".to_owned(),
        subject: Some(record(of)),
        interviewer: Some(person(who)),
        ..Assignment::default()
    };
    in_record(to, to, "shen", &[], &plan)
}

fn consent(of: &str, name: &str, card: Consent) -> Opened {
    in_record(name, name, "chen", &[], &Consent { subject: record(of), ..card })
}

fn given(purpose: Purpose, child: Option<bool>) -> Consent {
    let assent = child.map(|given| Assent { given, note: None });
    let by = Guardian { name: "".into(), relation: "妈妈".into(), standing: LegalStanding::LegalGuardian };
    Consent { purposes: vec![purpose], by: Some(by), assent, ..Consent::new(record(""), ConsentAct::Given) }
}

fn prepared() -> Vec<Opened> {
    vec![
        in_record("p", "p", "shen", &[], &Project { practice: true, ..Project::default() }),
        in_record("m1", "m1", "chen", &[], &Member::new(person("chen"), "陈禾", Role::Interviewer)),
        in_record("m2", "m2", "zhou", &[], &Member::new(person("zhou"), "周宁", Role::Interviewer)),
        site("county", SiteKind::County, "武义县", None),
        site("school", SiteKind::School, "石塘小学", Some("county")),
        site("c42", SiteKind::Class, "四 2 班", Some("school")),
        site("c41", SiteKind::Class, "四 1 班", Some("school")),
        site("lost", SiteKind::Class, "丢失", Some("nowhere")),
        site("x", SiteKind::Village, "甲", Some("y")),
        site("y", SiteKind::Village, "乙", Some("x")),
        in_record("f", "f1", "shen", &[], version(1)),
        in_record("f", "f2", "shen", &["f1"], version(2)),
        subject("xiaoman", "217"),
        subject("maisui", "218"),
        subject("xiaojie", "219"),
        subject("qingdou", "221"),
        assigned("xiaoman", "a1", "chen"),
        assigned("maisui", "a2", "chen"),
        assigned("xiaojie", "a3", "zhou"),
        assigned("qingdou", "a4", "zhou"),
        consent("xiaoman", "k1", given(Purpose::Questionnaire, Some(true))),
        consent("xiaojie", "k3", Consent::new(record(""), ConsentAct::Refused)),
    ]
}

#[test]
fn sites_stand_in_sites() {
    let project = ProjectState::fold(&prepared(), &team());
    fn tree(project: &ProjectState, parent: Option<&str>, depth: usize, out: &mut String) {
        for (id, site) in project.sites_in(parent.map(record)) {
            _ = writeln!(out, "{}{}", "  ".repeat(depth), site.name.zh);
            let name = crate::dsl::name(id.as_bytes());
            tree(project, Some(&name), depth + 1, out);
        }
    }
    let mut out = String::new();
    tree(&project, None, 0, &mut out);
    expect![[r#"
        丢失
        武义县
          石塘小学
            四 1 班
            四 2 班
    "#]]
    .assert_eq(&out);
    let path = |of: &str| project.site_path(&record(of)).iter().map(|(_, s)| s.name.zh.clone()).collect::<Vec<_>>();
    assert_eq!(path("c41"), ["武义县", "石塘小学", "四 1 班"]);
    assert_eq!(path("lost"), ["丢失"]);
    assert_eq!(path("x"), ["乙", "甲"], "sites that stand in each other end somewhere");
    assert!(path("nowhere").is_empty());
}

#[test]
fn the_newest_version_is_the_one_that_saw_the_others() {
    let mut entries = prepared();
    let newest = |entries: &[Opened]| ProjectState::fold(entries, &team()).latest_forms()["pupil"].clone();
    assert_eq!(newest(&entries), Newest::One(form(2)));
    // Another lead's laptop publishes beside it.
    entries.push(in_record("f", "f3", "shen", &["f1"], version(3)));
    assert_eq!(newest(&entries), Newest::Several(vec![form(2), form(3)]));
    // Over both, the first version again.
    entries.push(in_record("f", "f4", "shen", &["f2", "f3"], version(1)));
    assert_eq!(newest(&entries), Newest::One(form(1)));
    let project = ProjectState::fold(&entries, &team());
    assert_eq!(project.newest_of(&[form(2), form(3)]), Newest::Several(vec![form(2), form(3)]));
    assert_eq!(project.newest_of(&[form(2), form(1)]), Newest::One(form(1)));
    assert_eq!(project.newest_of(&[form(2), form(9)]), Newest::Several(vec![form(2), form(9)]));
    assert_eq!(project.newest_of(&[form(9), form(2)]), Newest::Several(vec![form(2), form(9)]));
    assert_eq!(project.newest_of(&[form(9)]), Newest::One(form(9)));
    assert!(project.form_twice().is_empty());
    entries.push(in_record("g", "g1", "shen", &[], version(5)));
    assert_eq!(ProjectState::fold(&entries, &team()).form_twice().into_iter().collect::<Vec<_>>(), ["pupil"]);
}

#[test]
fn the_most_cautious_consent_holds() {
    let standing = |cards: &[Consent]| {
        let entries: Vec<Opened> =
            cards.iter().enumerate().map(|(i, card)| consent("xiaoman", &format!("k{i}"), card.clone())).collect();
        ProjectState::fold(&entries, &team()).consent(&record("xiaoman"), &Purpose::Questionnaire, "2017-04-11")
    };
    let refused = |purposes: Vec<Purpose>| Consent { purposes, ..Consent::new(record(""), ConsentAct::Refused) };
    let yes = given(Purpose::Questionnaire, Some(true));
    assert_eq!(standing(&[]), ConsentStanding::Missing);
    assert_eq!(standing(std::slice::from_ref(&yes)), ConsentStanding::Complete);
    assert_eq!(standing(&[given(Purpose::Audio, Some(true))]), ConsentStanding::OtherPurpose);
    assert_eq!(standing(&[given(Purpose::Audio, Some(true)), yes.clone()]), ConsentStanding::Complete);
    assert_eq!(standing(&[given(Purpose::Questionnaire, None)]), ConsentStanding::ChildNotAsked);
    assert_eq!(standing(&[given(Purpose::Questionnaire, Some(false))]), ConsentStanding::ChildRefused);
    assert_eq!(standing(&[yes.clone(), given(Purpose::Audio, Some(false))]), ConsentStanding::ChildRefused);
    assert_eq!(standing(&[yes.clone(), refused(vec![])]), ConsentStanding::Refused);
    assert_eq!(standing(&[yes.clone(), refused(vec![Purpose::Audio])]), ConsentStanding::Complete);
    let withdrawn = Consent::new(record(""), ConsentAct::Withdrawn);
    assert_eq!(standing(&[yes, withdrawn]), ConsentStanding::Withdrawn);
}

#[test]
fn two_laptops_that_disagree_about_consent_stop_the_asking() {
    let first = consent("xiaoman", "k1", given(Purpose::Questionnaire, None));
    let agree = |name: &str, child: bool| {
        let card = Consent { subject: record("xiaoman"), ..given(Purpose::Questionnaire, Some(child)) };
        in_record("k1", name, "zhou", &["k1"], &card)
    };
    let project = ProjectState::fold(&[first, agree("b", true), agree("c", false)], &team());
    assert_eq!(project.consent(&record("xiaoman"), &Purpose::Questionnaire, "2017-04-11"), ConsentStanding::Unclear);
    assert_eq!(project.conflicts().len(), 1);
}

#[test]
fn how_far_the_survey_has_come() {
    let entries = prepared();
    let project = ProjectState::fold(&entries, &team());
    let sitting = |record_name: &str, name: &str, who: &str, of: &str, stage: Stage| {
        let sitting = Interview { subject: Some(record(of)), stage: Some(stage), ..Interview::under(form(2)) };
        in_record(record_name, name, who, &[], sitting)
    };
    let approved = Review::new(Verdict::Approved, "");
    let interviews = [
        sitting("i1", "i1", "chen", "xiaoman", Stage::Finalised),
        in_record("i1", "r1", "shen", &["i1"], approved),
        sitting("i2", "i2", "chen", "maisui", Stage::Finalised),
        sitting("i3", "i3", "zhou", "maisui", Stage::Draft),
    ];
    let mut by_record: BTreeMap<_, Vec<&Opened>> = BTreeMap::new();
    for entry in &interviews {
        by_record.entry(entry.record).or_default().push(entry);
    }
    let summaries: Vec<InterviewSummary> = by_record
        .into_iter()
        .map(|(id, entries)| {
            summarise(&interview(id, entries, &team()), &project, None, |e| *e == crate::dsl::hash("i1"))
        })
        .collect();
    let mut out = String::new();
    for s in &summaries {
        let who = s.interviewer.map(|p| crate::dsl::name(p.as_bytes())).unwrap_or_default();
        _ = writeln!(
            out,
            "{} {} {who} {} {}/{} on hub",
            s.form_title.zh,
            s.code,
            s.status.as_str(),
            s.on_hub,
            s.entries
        );
    }
    let coverage = coverage(&project, &summaries);
    for row in &coverage.rows {
        let name = |id: Option<_>| id.and_then(|id| project.site(&id)).map(|s| s.name.zh.clone()).unwrap_or_default();
        _ = writeln!(out, "{} {} {:?}", name(row.school), name(row.site), row.forms);
    }
    for (who, counts) in &coverage.interviewers {
        let who = who.map(|p| crate::dsl::name(p.as_bytes())).unwrap_or_default();
        _ = writeln!(out, "{who}: {} of {}, waiting {}", counts.collected, counts.planned, counts.waiting);
    }
    _ = writeln!(out, "{:?}", coverage.total);
    expect![[r#"
        学生问卷 217 chen approved 1/2 on hub
        学生问卷 218 chen finalised 0/1 on hub
        学生问卷 218 zhou draft 0/1 on hub
        石塘小学 四 1 班 {"pupil": [Collected, Waiting, NoConsent, NotDone]}
        chen: 1 of 1, waiting 0
        zhou: 0 of 3, waiting 1
        Counts { planned: 4, collected: 1, waiting: 1, in_progress: 0, no_consent: 1, not_done: 1, repeated: 1 }
    "#]]
    .assert_eq(&out);
}

#[test]
fn records_are_of_the_kind_they_began_with() {
    let of = |entries: &[Opened]| record_kind(entries, &team());
    let sitting = entry("a", "chen", &[], 1, Interview::under(form(1)));
    let review = entry("b", "shen", &["a"], 1, Review::new(Verdict::Approved, ""));
    assert_eq!(of(&[review.clone(), sitting.clone()]), Some(kind::INTERVIEW));
    assert_eq!(of(&[review]), None);
    // An analyst's card in somebody's interview does not make it a card.
    let card = entry("c", "wu", &[], 1, &Subject::new(SubjectKind::Pupil, "1"));
    assert_eq!(of(&[sitting.clone(), card]), Some(kind::INTERVIEW));
    // Somebody who may write cards does not make it one either, nor a card an interview: each is there by itself.
    let card = entry("c", "zhou", &[], 1, &Subject::new(SubjectKind::Pupil, "1"));
    let both = [sitting, card];
    assert_eq!(of(&both), Some(kind::INTERVIEW));
    assert_eq!(record_kinds(&both, &team()), [kind::SUBJECT, kind::INTERVIEW].into());
    let mut project = ProjectState::default();
    let record = both[0].record;
    assert!(project.put(record, &both, &team()));
    assert_eq!(project.subjects.keys().collect::<Vec<_>>(), [&record]);
    // What nobody has a right to any longer is not there.
    let mut revoked = team();
    revoked.revoke(both[1].chain, [].into());
    assert!(!project.put(record, &both, &revoked));
    assert!(project.subjects.is_empty());
}
