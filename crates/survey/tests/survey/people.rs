use crate::dsl::{entry, person, record, team};
use tianye_survey::*;

fn in_record(of: &str, name: &str, author: &str, parents: &[&str], content: impl Into<Content>) -> Opened {
    Opened { record: record(of), ..entry(name, author, parents, 1, content) }
}

fn pupil(of: &str) -> Opened {
    let card = Subject { display_name: of.into(), ..Subject::new(SubjectKind::Pupil, of) };
    in_record(of, of, "shen", &[], &card)
}

#[test]
fn who_looked_after_a_child_at_what_time_stays_known() {
    let grandmother = Tie {
        custody: Some(Custody::Entrusted),
        since: Some("2015-09".into()),
        ..Tie::new(record("g1"), record("c"), Relation::PaternalGrandmother)
    };
    let aunt =
        Tie { since: Some("2017-03-01".into()), ..Tie::new(record("g2"), record("c"), Relation::PaternalUncleOrAunt) };
    let ended = Tie { until: Some("2017-02-28".into()), ..grandmother.clone() };
    let entries = [
        pupil("c"),
        in_record("t1", "t1", "shen", &[], &grandmother),
        in_record("t2", "t2", "chen", &[], &aunt),
        in_record("t1", "t3", "chen", &["t1"], Card::changes(&grandmother, &ended)),
    ];
    let project = ProjectState::fold(&entries, &team());
    let on = |day: &str| -> Vec<String> {
        let ties = project.ties_of(&record("c"));
        ties.iter().filter(|(_, tie)| tie.holds_on(day)).map(|(_, tie)| tie.relation.as_str().to_owned()).collect()
    };
    assert_eq!(on("2015-08-31"), Vec::<String>::new());
    assert_eq!(on("2015-09-01"), ["paternal-grandmother"]);
    assert_eq!(on("2017-02-28"), ["paternal-grandmother"]);
    assert_eq!(on("2017-04-12"), ["paternal-uncle-or-aunt"]);
    assert_eq!(project.ties_of(&record("g1")).len(), 1, "from the other side too");
    let back = Tie { taken_back: true, ..aunt.clone() };
    let taken = in_record("t2", "t4", "chen", &["t2"], Card::changes(&aunt, &back));
    let project = ProjectState::fold(entries.iter().chain([&taken]), &team());
    assert_eq!(project.ties_of(&record("c")).len(), 1);
}

fn plan(who: &str) -> Assignment {
    Assignment {
        form_id: "pupil".to_owned(),
        subject: Some(record("c")),
        interviewer: Some(person(who)),
        due: Some("2017-04-12".to_owned()),
        ..Assignment::default()
    }
}

fn who_stands(project: &ProjectState) -> Vec<PersonName> {
    project
        .standing_assignments()
        .values()
        .filter_map(|card| card.interviewer)
        .map(|one| crate::dsl::name(one.as_bytes()))
        .collect()
}

type PersonName = String;

#[test]
fn an_assignment_is_taken_over_in_the_field_and_given_back() {
    let over = Assignment { takes_over: Some(record("a1")), because: Some("病了".into()), ..plan("zhou") };
    let mut entries =
        vec![pupil("c"), in_record("a1", "a1", "shen", &[], &plan("chen")), in_record("a2", "a2", "zhou", &[], &over)];
    assert_eq!(who_stands(&ProjectState::fold(&entries, &team())), ["zhou"]);
    let back = Assignment { withdrawn: true, ..over.clone() };
    entries.push(in_record("a2", "a3", "zhou", &["a2"], Card::changes(&over, &back)));
    assert_eq!(who_stands(&ProjectState::fold(&entries, &team())), ["chen"]);
}

#[test]
fn nobody_begins_twice_unseen() {
    let begun = |who: &str| BegunFilling {
        form_id: "pupil".to_owned(),
        subject: record("c"),
        by: person(who),
        on: "2017-04-11".to_owned(),
    };
    let project = ProjectState::fold(&[pupil("c"), in_record("a1", "a1", "shen", &[], &plan("chen"))], &team());
    let way = |project: &ProjectState, me: &str, form: &str, known: &[BegunFilling]| {
        project.in_the_way(form, &record("c"), &person(me), known)
    };
    assert_eq!(way(&project, "chen", "pupil", &[]), []);
    let assigned = InTheWay::Assigned(person("chen"), Some("2017-04-12".to_owned()));
    assert_eq!(way(&project, "zhou", "pupil", &[]), [assigned]);
    assert_eq!(way(&project, "zhou", "teacher", &[]), []);
    let known = InTheWay::Begun(person("chen"), "2017-04-11".to_owned());
    assert_eq!(way(&project, "chen", "pupil", &[begun("chen")]), std::slice::from_ref(&known));
    // A lead's laptop has told that it was begun, on a laptop whose interviews are not read here.
    let told = Begun { by: person("chen"), on: "2017-04-11".to_owned(), called: "陈禾".into(), practice: false };
    let told = Assignment { begun: Some(told), ..plan("chen") };
    let project = ProjectState::fold(&[pupil("c"), in_record("a1", "a1", "shen", &[], &told)], &team());
    assert_eq!(way(&project, "zhou", "pupil", &[]), std::slice::from_ref(&known));
    assert_eq!(way(&project, "zhou", "pupil", &[begun("chen")]), std::slice::from_ref(&known), "said once");
    // What was practised stands in the way of practice only.
    let told = told.begun.map(|told| Begun { practice: true, ..told });
    let told = Assignment { begun: told, ..plan("chen") };
    for (practice, expect) in [(true, known), (false, InTheWay::Assigned(person("chen"), plan("chen").due))] {
        let card = in_record("p", "p", "shen", &[], &Project { practice, ..Project::default() });
        let project = ProjectState::fold(&[card, pupil("c"), in_record("a1", "a1", "shen", &[], &told)], &team());
        assert_eq!(way(&project, "zhou", "pupil", &[]), [expect]);
    }
}

#[test]
fn codes_are_new_and_of_their_kind() {
    let teacher = in_record("t", "t", "shen", &[], &Subject::new(SubjectKind::Teacher, "T04"));
    let project = ProjectState::fold(&[pupil("217"), pupil("x"), teacher], &team());
    let next = |kind: &SubjectKind| project.next_code(kind, &std::collections::BTreeSet::new());
    assert_eq!(next(&SubjectKind::Pupil), "218");
    assert_eq!(next(&SubjectKind::Teacher), "T05");
    assert_eq!(next(&SubjectKind::Guardian), "G01");
}
