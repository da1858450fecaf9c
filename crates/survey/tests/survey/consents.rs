//! What may be done with a respondent. A card is one line: who said it: word purposes; word purposes …
//!
//! ```text
//! mother: given questionnaire audio; refused photo      a legal guardian
//! grandma: …  an entrusted carer    child: …  the respondent    school: …  somebody: …  by no known right
//! child@old: …  to an older version of the text          mother: withdrawn   everything
//! ```

use crate::dsl::{entry, record, team};
use proptest::prelude::*;
use std::collections::BTreeMap;
use tianye_survey::*;

const TODAY: &str = "2017-04-11";

fn in_record(of: &str, name: &str, author: &str, parents: &[&str], content: impl Into<Content>) -> Opened {
    let content = content.into();
    let bytes = content.encode().expect("a content that can be written");
    Opened { record: record(of), ..entry(name, author, parents, 1, Content::decode(content.kind(), &bytes)) }
}

fn text(version: &str) -> ConsentText {
    ConsentText { activity: Names::both("春季"), opening: Names::both(version), ..ConsentText::default() }
}

fn card(line: &str) -> Consent {
    let (who, words) = line.split_once(':').expect("who: words");
    let (who, document) = who.split_once('@').unwrap_or((who, "new"));
    let standing = match who {
        "mother" => LegalStanding::LegalGuardian,
        "grandma" => LegalStanding::EntrustedCarer,
        "child" => LegalStanding::Own,
        "school" => LegalStanding::School,
        _ => LegalStanding::Unknown,
    };
    let by = Guardian { name: Private::default(), relation: who.into(), standing };
    let mut card = Consent::new(record("xiaoman"), ConsentAct::NotYet);
    if words.trim() == "withdrawn" {
        card = Consent { act: ConsentAct::Withdrawn, ..card };
    } else {
        let mut said = BTreeMap::new();
        for word in words.split(';').map(str::trim) {
            let (word, purposes) = word.split_once(' ').expect("a word and purposes");
            said.extend(purposes.split(' ').map(|purpose| (Purpose::from(purpose), Word::from(word))));
        }
        card = card.saying(said);
    }
    Consent { by: Some(by), document: Some(text(document).version().to_string()), ..card }
}

fn history(subject: Subject, project: Project, lines: &[&str]) -> Vec<Opened> {
    let mut entries = vec![
        in_record("p", "p", "shen", &[], &project),
        in_record("t", "t1", "shen", &[], text("old")),
        in_record("t", "t2", "shen", &["t1"], text("new")),
        in_record("xiaoman", "xiaoman", "shen", &[], &subject),
    ];
    let cards = lines.iter().enumerate();
    entries.extend(cards.map(|(at, line)| in_record(&format!("k{at}"), &format!("k{at}"), "chen", &[], &card(line))));
    entries
}

fn pupil(birth: &str) -> Subject {
    Subject { birth_date: Some(birth.into()), ..Subject::new(SubjectKind::Pupil, "217") }
}

fn standing(subject: Subject, lines: &[&str], purpose: &str) -> ConsentStanding {
    let state = ProjectState::fold(&history(subject, Project::default(), lines), &team());
    state.consent(&record("xiaoman"), &Purpose::from(purpose), TODAY)
}

#[track_caller]
fn check(lines: &[&str], purpose: &str, expect: ConsentStanding) {
    assert_eq!(standing(pupil("2007-01-01"), lines, purpose), expect, "{lines:?} for {purpose}");
}

#[test]
fn each_purpose_needs_the_guardian_and_the_child() {
    use ConsentStanding::*;
    check(&[], "questionnaire", Missing);
    let mother = "mother: given questionnaire audio; refused photo; not-yet archiving";
    check(&[mother], "questionnaire", ChildNotAsked);
    check(&[mother], "photo", Refused);
    check(&[mother], "archiving", NotYet);
    check(&[mother], "group", OtherPurpose);
    let child = "child: given questionnaire photo archiving; refused audio";
    check(&[mother, child], "questionnaire", Complete);
    check(&[mother, child], "audio", ChildRefused);
    check(&[mother, child], "photo", Refused);
    check(&[mother, child], "archiving", NotYet);
    check(&[child], "questionnaire", OtherPurpose);
    check(&[mother, "child: not-yet questionnaire"], "questionnaire", ChildNotAsked);
    check(&[mother, "child: given audio"], "questionnaire", ChildNotAsked);
    // Of two cards the most cautious word holds, whoever said it.
    check(&[mother, child, "mother: refused questionnaire"], "questionnaire", Refused);
    check(&[mother, child, "grandma: refused questionnaire"], "questionnaire", Refused);
    check(&[mother, child, "school: refused questionnaire"], "questionnaire", Refused);
    check(&[mother, child, "child: withdrawn"], "questionnaire", Withdrawn);
    check(&[mother, child, "mother: withdrawn"], "activity", Withdrawn);
    check(&[mother, child, "child: withdrawn questionnaire"], "questionnaire", Withdrawn);
    check(&[mother, child, "child: withdrawn questionnaire"], "audio", ChildRefused);
    check(&[mother, child, "mother: perhaps questionnaire"], "questionnaire", Unclear);
    check(&[mother, child, "mother: not-yet questionnaire"], "questionnaire", Complete);
}

#[test]
fn whose_word_is_enough() {
    use ConsentStanding::*;
    let child = "child: given questionnaire";
    check(&["grandma: given questionnaire", child], "questionnaire", CarerOnly);
    check(&["grandma: not-yet questionnaire", child], "questionnaire", NotYet);
    check(&["school: given questionnaire", child], "questionnaire", NoGuardian);
    check(&["somebody: given questionnaire", child], "questionnaire", NoGuardian);
    check(&["grandma: given questionnaire", "mother: given questionnaire", child], "questionnaire", Complete);
    check(&["grandma: given questionnaire", "mother: not-yet questionnaire", child], "questionnaire", NotYet);

    let with = |noted: Option<Noted>| {
        let project = Project { carer_consents: noted, ..Project::default() };
        let entries = history(pupil("2007"), project, &["grandma: given questionnaire", child]);
        ProjectState::fold(&entries, &team()).consent(&record("xiaoman"), &Purpose::Questionnaire, TODAY)
    };
    let decision = Noted { on: "2017-03-01".to_owned(), note: "伦理 2017-12 号".into() };
    assert_eq!(with(Some(decision.clone())), Complete);
    // A decision that does not say what was decided is none.
    assert_eq!(with(Some(Noted { note: " ".into(), ..decision.clone() })), CarerOnly);
    assert_eq!(with(Some(Noted { on: "去年".to_owned(), ..decision })), CarerOnly);
}

#[test]
fn who_speaks_changes_with_age_and_kind() {
    #[track_caller]
    fn check(subject: Subject, lines: &[&str], expect: ConsentStanding) {
        assert_eq!(standing(subject.clone(), lines, "questionnaire"), expect, "{:?} {lines:?}", subject.kind);
    }
    use ConsentStanding::*;
    let (own, mother) = ("child: given questionnaire", "mother: given questionnaire");
    // 15 years old: both.
    check(pupil("2002-01-01"), &[own], OtherPurpose);
    check(pupil("2002-01-01"), &[mother], ChildNotAsked);
    check(pupil("2002-01-01"), &[mother, own], Complete);
    // 18: the own word alone.
    check(pupil("1999-04-11"), &[own], Complete);
    check(pupil("1999-04-12"), &[own], OtherPurpose);
    check(pupil("1999-04-11"), &[mother], OtherPurpose);
    for kind in [SubjectKind::Teacher, SubjectKind::Guardian, SubjectKind::Cadre] {
        check(Subject::new(kind.clone(), "T04"), &[own], Complete);
        check(Subject::new(kind.clone(), "T04"), &["child: refused questionnaire"], Refused);
        check(Subject::new(kind, "T04"), &["school: given questionnaire"], OtherPurpose);
    }
    check(Subject::new(SubjectKind::from("monk"), "M"), &[own], OtherPurpose);
    check(Subject::new(SubjectKind::Group, "G"), &[own], NoMembers);
}

#[test]
fn an_older_text_or_another_activity_asks_again() {
    use ConsentStanding::*;
    let child = "child: given questionnaire";
    check(&["mother@old: given questionnaire", child], "questionnaire", AskAgain);
    check(&["mother: given questionnaire", "child@old: given questionnaire"], "questionnaire", AskAgain);
    check(&["mother@old: given questionnaire", "mother: given questionnaire", child], "questionnaire", Complete);
    check(&["mother@other: given questionnaire", child], "questionnaire", AskAgain);
    // A no stays a no.
    check(&["mother@old: refused questionnaire", "mother: given questionnaire", child], "questionnaire", Refused);

    // A second activity: until the card says which one the team is on, nothing that was said holds.
    let mut entries = history(pupil("2007"), Project::default(), &["mother: given questionnaire", child]);
    let autumn = ConsentText { activity: Names::both("秋季"), ..text("autumn") };
    entries.push(in_record("u", "u1", "shen", &[], autumn));
    let of = |entries: &[Opened]| {
        ProjectState::fold(entries, &team()).consent(&record("xiaoman"), &Purpose::Questionnaire, TODAY)
    };
    assert_eq!(of(&entries), AskAgain);
    let on = |activity: &str| Project { activity: Some(record(activity)), ..Project::default() };
    entries.push(in_record("p", "p2", "shen", &["p"], Card::changes(&Project::default(), &on("t"))));
    assert_eq!(of(&entries), Complete);
    entries.push(in_record("p", "p3", "shen", &["p2"], Card::changes(&on("t"), &on("u"))));
    assert_eq!(of(&entries), AskAgain);
}

#[test]
fn the_same_person_may_say_something_else_on_the_same_card() {
    let lines = ["mother: refused questionnaire", "child: given questionnaire"];
    let mut entries = history(pupil("2007"), Project::default(), &lines);
    let later = card("mother: given questionnaire");
    entries.push(in_record("k0", "later", "zhou", &["k0"], Card::changes(&card(lines[0]), &later)));
    let state = ProjectState::fold(&entries, &team());
    assert_eq!(state.consent(&record("xiaoman"), &Purpose::Questionnaire, TODAY), ConsentStanding::Complete);
    // Two laptops that do so differently stop everything until a person decides.
    let other = card("mother: given questionnaire; refused audio");
    entries.push(in_record("k0", "other", "lin", &["k0"], Card::changes(&card(lines[0]), &other)));
    let state = ProjectState::fold(&entries, &team());
    assert_eq!(state.consent(&record("xiaoman"), &Purpose::Questionnaire, TODAY), ConsentStanding::Unclear);
}

#[test]
fn in_a_group_each_member_is_asked() {
    let group = Subject { of: vec![record("a"), record("b")], ..Subject::new(SubjectKind::Group, "G1") };
    let mut entries = history(group, Project::default(), &[]);
    for (name, kind) in [("a", SubjectKind::Pupil), ("b", SubjectKind::Cadre)] {
        entries.push(in_record(name, name, "shen", &[], &Subject::new(kind, name)));
    }
    let mut said = |of: &str, name: &str, line: &str| {
        let card = Consent { subject: record(of), ..card(line) };
        entries.push(in_record(name, name, "chen", &[], &card));
        ProjectState::fold(&entries, &team()).consent(&record("xiaoman"), &Purpose::Group, TODAY)
    };
    use ConsentStanding::*;
    assert_eq!(said("b", "b1", "child: given group"), Missing);
    assert_eq!(said("a", "a1", "mother: given group"), ChildNotAsked);
    assert_eq!(said("a", "a2", "child: given group"), Complete);
    assert_eq!(said("b", "b2", "child: withdrawn"), Withdrawn);
}

#[test]
fn the_gate() {
    let of = |project: Project, lines: &[&str]| {
        let state = ProjectState::fold(&history(pupil("2007"), project, lines), &team());
        let consents = Consents::of(&state, TODAY);
        (
            consents.may(&record("xiaoman"), &Purpose::Audio).map_err(ConsentStanding::code),
            consents.may_use(&record("xiaoman"), &[], &Purpose::Audio),
        )
    };
    let practice = || Project { practice: true, ..Project::default() };
    let gated = || Project { consent_gate: true, ..practice() };
    // A card that says it is no practice project asks for consent, although nothing is ready.
    for project in [gated(), Project::default()] {
        assert_eq!(of(project.clone(), &[]), (Err("consent-missing"), false));
        assert_eq!(of(project.clone(), &["mother: given audio", "child: given audio"]), (Ok(()), true));
        assert_eq!(of(project, &["mother@old: given audio", "child: given audio"]), (Err("consent-ask-again"), true));
    }
    assert_eq!(of(practice(), &[]), (Ok(()), true));
    assert_eq!(of(practice(), &["child: refused audio"]), (Err("consent-child-refused"), false));
}

#[test]
fn what_old_programs_read_of_a_card_is_not_less_cautious() {
    let of = |line: &str| {
        let card = card(line);
        (card.act.as_str().to_owned(), card.purposes)
    };
    let given = vec![Purpose::Audio];
    assert_eq!(of("mother: given audio; refused photo"), ("given".to_owned(), given));
    assert_eq!(of("mother: withdrawn photo"), ("refused".to_owned(), vec![Purpose::Photo]));
    assert_eq!(of("mother: not-yet photo"), ("not-yet".to_owned(), vec![Purpose::Photo]));
}

#[test]
fn a_key_that_is_emptied_is_empty() {
    let before = Project { purposes: vec![Purpose::Audio], consent_gate: true, ..Project::default() };
    let entries = [
        in_record("p", "p", "shen", &[], &before),
        in_record("p", "q", "shen", &["p"], Card::changes(&before, &Project::default())),
    ];
    assert_eq!(ProjectState::fold(&entries, &team()).project(), Some(&Project::default()));
}

const WHO: [&str; 5] = ["mother", "grandma", "child", "school", "somebody"];
const WORDS: [&str; 5] = ["given", "refused", "withdrawn", "not-yet", "perhaps"];

fn line() -> impl Strategy<Value = String> {
    let word = (0..WORDS.len(), prop::sample::subsequence(&["questionnaire", "audio"][..], 1..=2));
    let who = (0..WHO.len(), any::<bool>());
    prop_oneof![
        8 => (who.clone(), word).prop_map(|((who, old), (word, purposes))| {
            format!("{}{}: {} {}", WHO[who], if old { "@old" } else { "" }, WORDS[word], purposes.join(" "))
        }),
        1 => who.prop_map(|(who, _)| format!("{}: withdrawn", WHO[who])),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_card_lifts_a_stop_and_every_no_stops(lines in prop::collection::vec(line(), 0..5), next in line(), year in 1995..2012_i32) {
        let all: Vec<&str> = lines.iter().map(String::as_str).collect();
        let more: Vec<&str> = all.iter().copied().chain([next.as_str()]).collect();
        let subject = || pupil(&year.to_string());
        for purpose in ["questionnaire", "audio"] {
            let (before, after) = (standing(subject(), &all, purpose), standing(subject(), &more, purpose));
            // The most cautious word holds: another card never lifts a no or a doubt.
            if before <= ConsentStanding::Unclear {
                prop_assert!(after <= before, "{all:?} {next}: {before:?} {after:?}");
            }
            let about = next.ends_with(": withdrawn") || next.contains(purpose);
            if about && (next.contains("refused") || next.contains("withdrawn")) {
                prop_assert!(after.is_no(), "{more:?}: {after:?}");
            }
            // Only a yes that counts opens anything.
            if after == ConsentStanding::Complete && before != ConsentStanding::Complete {
                prop_assert!(next.contains("given") && !next.contains("old"), "{more:?}");
            }
            // Order does not matter.
            let turned: Vec<&str> = more.iter().rev().copied().collect();
            prop_assert_eq!(after, standing(subject(), &turned, purpose));
        }
    }
}
