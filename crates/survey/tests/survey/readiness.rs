use crate::dsl::{entry, person, record, team};
use std::collections::BTreeMap;
use tianye_survey::*;

fn in_record(of: &str, name: &str, parents: &[&str], content: impl Into<Content>) -> Opened {
    Opened { record: record(of), ..entry(name, "shen", parents, 1, content) }
}

fn noted() -> Option<Noted> {
    Some(Noted { on: "2017-03-01".to_owned(), note: "2017-12".into() })
}

fn ready() -> Project {
    Project {
        purposes: vec![Purpose::Questionnaire, Purpose::Audio],
        retention: BTreeMap::from([Purpose::Questionnaire, Purpose::Audio].map(|p| (p, "2020-12-31".to_owned()))),
        ethics: noted(),
        passphrases: noted(),
        recovery_tried: noted(),
        ..Project::default()
    }
}

fn text(purposes: &[Purpose]) -> ConsentText {
    let both = Names::both;
    let about = |purpose: &Purpose| PurposeText {
        purpose: purpose.clone(),
        text: both("问"),
        own: Names::default(),
        child: both("问你"),
    };
    ConsentText { opening: both("我们"), purposes: purposes.iter().map(about).collect(), ..ConsentText::default() }
}

fn holder() -> Contact {
    Contact {
        role: ContactRole::Holder,
        name: "苏宁".into(),
        number: "0579 1".into(),
        hours: Private::default(),
        note: Private::default(),
    }
}

fn contacts(site: Option<&str>, people: Vec<Contact>) -> Opened {
    let of = site.unwrap_or("c");
    in_record(of, &format!("c-{of}"), &[], &Contacts { site: site.map(record), people })
}

fn village(of: &str) -> Opened {
    in_record(of, of, &[], &Site::new(SiteKind::Village, Names::both(of)))
}

/// Everything a real project needs, and then what `change` makes of it.
fn lacking(change: impl FnOnce(&mut Project, &mut Vec<Opened>)) -> (Vec<&'static str>, bool) {
    let mut project = ready();
    let mut entries =
        vec![contacts(None, vec![holder()]), in_record("t", "t", &[], text(&[Purpose::Questionnaire, Purpose::Audio]))];
    change(&mut project, &mut entries);
    entries.push(in_record("p", "p", &[], &project));
    let state = ProjectState::fold(&entries, &team());
    let open = readiness(&state, 2).into_iter().filter(|item| !item.done).map(|item| item.what.as_str()).collect();
    (open, state.is_practice())
}

#[test]
fn a_real_project_needs_all_of_it() {
    #[track_caller]
    fn check(expect: &[&str], change: impl FnOnce(&mut Project, &mut Vec<Opened>)) {
        let (open, practice) = lacking(change);
        assert_eq!(open, expect);
        assert_eq!(practice, !expect.is_empty(), "what is not ready is for practice, whatever its card says");
    }
    check(&[], |_, _| {});
    check(&["purposes", "texts", "retention"], |project, _| project.purposes.clear());
    check(&["texts", "retention"], |project, _| project.purposes.push(Purpose::Photo));
    check(&["texts"], |_, entries| _ = entries.pop());
    check(&["texts"], |_, entries| entries.push(in_record("t", "t2", &["t"], text(&[Purpose::Audio]))));
    check(&["texts"], |_, entries| {
        let opening = Names::both("我们是（单位）的，你好，我叫（名字）");
        let blank = ConsentText { opening, ..text(&[Purpose::Questionnaire, Purpose::Audio]) };
        entries.push(in_record("t", "t2", &["t"], blank));
    });
    check(&["contacts"], |_, entries| _ = entries.remove(0));
    check(&["contacts"], |_, entries| entries[0] = contacts(None, Contacts::of_the_country()));
    check(&["contacts"], |_, entries| {
        entries[0] = contacts(None, vec![Contact { number: " ".into(), ..holder() }]);
    });
    check(&[], |_, entries| entries.push(village("桃溪")));
    check(&["contacts"], |_, entries| {
        entries.splice(..1, [village("桃溪"), village("石塘"), contacts(Some("card"), vec![holder()])]);
    });
    check(&["retention"], |project, _| _ = project.retention.insert(Purpose::Audio, "2020-13-01".to_owned()));
    check(&["ethics"], |project, _| project.ethics = Some(Noted::default()));
    check(&["passphrases"], |project, _| project.passphrases = None);
    check(&["recovery"], |project, _| project.recovery_tried = None);
    let state = ProjectState::fold(&[], &team());
    let held = |holders| readiness(&state, holders).iter().any(|item| item.what == Ready::Holders && item.done);
    assert_eq!([held(1), held(2)], [false, true]);
    let (open, practice) = lacking(|project, _| project.practice = true);
    assert_eq!((open.is_empty(), practice), (true, true), "ready, and not begun");
}

#[test]
fn nobody_but_a_lead_begins_a_project() {
    assert!(ProjectState::default().is_practice());
    let practice = Project { practice: true, ..ready() };
    let real = in_record("p", "q", &["p"], Card::changes(&practice, &ready()));
    let mut entries = vec![
        in_record("p", "p", &[], &practice),
        contacts(None, vec![holder()]),
        in_record("t", "t", &[], text(&[Purpose::Questionnaire, Purpose::Audio])),
    ];
    entries.push(Opened { author: person("chen"), chain: crate::dsl::chain("chen"), ..real.clone() });
    assert!(ProjectState::fold(&entries, &team()).is_practice());
    entries.pop();
    entries.push(real);
    assert!(!ProjectState::fold(&entries, &team()).is_practice());
}

#[test]
fn what_is_to_be_erased() {
    let state = ProjectState::fold(&[in_record("p", "p", &[], &ready())], &team());
    let check = |status: Status, standing: ConsentStanding, today: &str, expect: Option<&str>| {
        let due = due(&state, &[Purpose::Questionnaire], status, today, &|_| standing);
        assert_eq!(due.map(|due| due.why.as_str()), expect, "{status:?} {standing:?} {today}");
    };
    use ConsentStanding::{Complete, Refused, Withdrawn};
    check(Status::Finalised, Complete, "2020-12-31", None);
    check(Status::Finalised, Complete, "2021-01-01", Some("retention"));
    check(Status::Finalised, Withdrawn, "2017-04-11", Some("withdrawn"));
    // A refusal that came after all is out of use, and a person decides on it.
    check(Status::Finalised, Refused, "2017-04-11", Some("refused"));
    check(Status::Finalised, ConsentStanding::ChildRefused, "2017-04-11", Some("refused"));
    check(Status::Stopped, Complete, "2017-04-11", None);
    check(Status::StoppedNotKept, Complete, "2017-04-11", Some("stopped"));
    check(Status::Approved, Complete, "", None);
}

#[test]
fn a_card_is_kept_until_the_last_day_of_what_was_not_refused() {
    use ConsentStanding::{ChildRefused, Complete, Missing};
    let until = |audio: Option<&str>| {
        let mut project = ready();
        project.retention.remove(&Purpose::Audio);
        project.retention.extend(audio.map(|day| (Purpose::Audio, day.to_owned())));
        ProjectState::fold(&[in_record("p", "p", &[], &project)], &team())
    };
    let check = |audio: Option<&str>, said: [ConsentStanding; 2], today: &str, expect: Option<Purpose>| {
        let [questionnaire, to_audio] = said;
        let standing = |purpose: &Purpose| if *purpose == Purpose::Audio { to_audio } else { questionnaire };
        let due = due_of_person(&until(audio), today, &standing);
        let expect = expect.map(|purpose| Due { why: DueWhy::Retention, purpose });
        assert_eq!(due, expect, "{audio:?} {said:?} {today}");
    };
    check(Some("2018-12-31"), [Complete; 2], "2020-12-31", None);
    check(Some("2018-12-31"), [Complete; 2], "2021-01-01", Some(Purpose::Questionnaire));
    check(Some("2022-12-31"), [Complete; 2], "2021-01-01", None);
    check(Some("2022-12-31"), [Complete; 2], "2023-01-01", Some(Purpose::Audio));
    // Who was not asked may still be; for what was refused nothing is kept.
    check(Some("2022-12-31"), [Complete, Missing], "2021-01-01", None);
    check(Some("2022-12-31"), [Complete, ChildRefused], "2021-01-01", Some(Purpose::Questionnaire));
    check(Some("2022-12-31"), [ChildRefused; 2], "2021-01-01", None);
    check(Some("2022-12-31"), [ChildRefused; 2], "2023-01-01", Some(Purpose::Audio));
    // A purpose without a last day is not over.
    check(None, [Complete; 2], "2031-01-01", None);
    check(Some("2018-12-31"), [Complete; 2], "", None);
}

#[test]
fn a_card_may_go_when_everything_that_was_agreed_to_was_taken_back() {
    use ConsentStanding::{ChildRefused, Complete, Missing, NotYet, OtherPurpose, Unclear, Withdrawn};
    let real = ProjectState::fold(&[in_record("p", "p", &[], &ready())], &team());
    let check = |said: [ConsentStanding; 2], expect: Option<Purpose>| {
        let standing = |purpose: &Purpose| if *purpose == Purpose::Audio { said[1] } else { said[0] };
        let expect = expect.map(|purpose| Due { why: DueWhy::Withdrawn, purpose });
        assert_eq!(everything_taken_back(&real, &standing), expect, "{said:?}");
    };
    check([Withdrawn; 2], Some(Purpose::Questionnaire));
    // What was never agreed to is nothing that is left.
    for never in [Missing, OtherPurpose, NotYet] {
        check([never, Withdrawn], Some(Purpose::Audio));
        check([never; 2], None);
    }
    check([Complete, Withdrawn], None);
    check([Unclear, Withdrawn], None);
    // A child's no is kept, lest somebody asks again.
    check([ChildRefused, Withdrawn], None);
    // Who practises has said nothing of what is asked for: one purpose is not everything.
    let practice = Project { practice: true, ..Project::default() };
    let practice = ProjectState::fold(&[in_record("p", "p", &[], &practice)], &team());
    let one = |purpose: &Purpose| if *purpose == Purpose::Questionnaire { Withdrawn } else { Complete };
    assert_eq!(everything_taken_back(&practice, &one), None);
    assert!(everything_taken_back(&practice, &|_| Withdrawn).is_some());
}
