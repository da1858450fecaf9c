use crate::dsl::{RECORD, entry, hash, name, person, record, show_answer, team};
use expect_test::{Expect, expect};
use std::fmt::Write as _;
use tianye_survey::*;

fn pupil(name: &str) -> Subject {
    Subject { display_name: name.into(), site: Some(record("class")), ..Subject::new(SubjectKind::Pupil, "231") }
}

fn show(state: &CardState<Subject>) -> String {
    let mut out = String::new();
    match &state.card {
        Some(card) => {
            let birth = card.birth_date.as_deref().unwrap_or("–");
            _ = writeln!(out, "{} {} {birth}", card.code, &*card.display_name);
        }
        None => out.push_str("no card\n"),
    }
    for conflict in &state.conflicts {
        _ = write!(out, "decide {}:", conflict.field);
        for write in &conflict.writes {
            _ = write!(out, " {} ({})", show_answer(&write.answer), name(write.entry.as_bytes()));
        }
        _ = writeln!(out, ", from {}", conflict.base.as_ref().map_or("nothing".to_owned(), show_answer));
    }
    out
}

#[track_caller]
fn check(entries: &[Opened], expected: Expect) {
    let shown = show(&card(RECORD, entries, &team()));
    expected.assert_eq(&shown);
    assert_eq!(show(&card(RECORD, entries.iter().rev().chain(entries), &team())), shown);
}

#[test]
fn lines_of_a_card_merge_one_by_one() {
    let born = |date: &str| Subject { birth_date: Some(date.into()), ..pupil("丝瓜") };
    let first = entry("a", "shen", &[], 1, &pupil("丝瓜"));
    check(
        std::slice::from_ref(&first),
        expect![[r#"
        231 丝瓜 –
    "#]],
    );
    // One laptop renames, the other adds a birth date; both save the whole card.
    let renamed = entry("b", "chen", &["a"], 2, &pupil("小丝瓜"));
    let dated = entry("c", "zhou", &["a"], 3, &born("2007-05-01"));
    check(
        &[first.clone(), renamed, dated.clone()],
        expect![[r#"
        231 小丝瓜 2007-05-01
    "#]],
    );
    // Both add a birth date.
    let other = entry("d", "chen", &["a"], 2, &born("2007-01-05"));
    let both = [first, dated, other];
    check(
        &both,
        expect![[r#"
            231 丝瓜 2007-01-05
            decide birth_date: 2007-01-05 (d) 2007-05-01 (c), from nothing
        "#]],
    );
    // A decision.
    let state: CardState<Subject> = card(RECORD, &both, &team());
    let decided =
        entry("e", "shen", &["c", "d"], 4, state.decide(&state.conflicts[0], Answer::of("2007-05-01"), "户口本"));
    check(
        &[&both[..], &[decided]].concat(),
        expect![[r#"
        231 丝瓜 2007-05-01
    "#]],
    );
}

#[test]
fn an_edit_carries_only_what_was_touched() {
    let first = entry("a", "shen", &[], 1, &pupil("丝瓜"));
    let b = entry("b", "chen", &["a"], 2, &pupil("小瓜"));
    let c = entry("c", "zhou", &["a"], 3, &pupil("大瓜"));
    let entries = [first, b, c];
    let state: CardState<Subject> = card(RECORD, &entries, &team());
    // While the name is in conflict, somebody corrects the code: that decides nothing about the name.
    let shown = state.card.clone().expect("a card");
    assert_eq!(&*shown.display_name, "丝瓜", "what stood before is shown");
    let edit = state.edit(&Subject { code: "232".to_owned(), ..shown });
    assert_eq!(edit.keys().collect::<Vec<_>>(), ["code"]);
    let d = entry("d", "chen", &["b", "c"], 4, edit);
    check(
        &[&entries[..], &[d]].concat(),
        expect![[r#"
        232 丝瓜 –
        decide display_name: 小瓜 (b) 大瓜 (c), from 丝瓜
    "#]],
    );
}

#[test]
fn keys_of_a_later_version_stay_and_do_not_disturb() {
    let bytes = r#"{"v":1,"kind":"pupil","code":"7","nickname":"瓜","display_name":"丝瓜"}"#;
    let later = entry("a", "shen", &[], 1, Content::decode(kind::SUBJECT, bytes.as_bytes()));
    let now = entry("b", "chen", &["a"], 2, &pupil("小瓜"));
    let state: CardState<Subject> = card(RECORD, &[later, now], &team());
    assert_eq!(show_answer(state.fields[&Field::from("nickname")].standing()), "瓜");
    assert_eq!(state.card.map(|card| card.display_name), Some("小瓜".into()));
}

#[test]
fn a_card_without_a_necessary_key_is_no_card() {
    let part = Card::changes(&pupil("丝瓜"), &pupil("小瓜"));
    let state: CardState<Subject> = card(RECORD, &[entry("b", "chen", &["a"], 2, part)], &team());
    assert_eq!((state.card, state.ground.missing().iter().next()), (None, Some(&hash("a"))));
}

#[test]
fn the_role_on_a_card_is_not_the_role_of_the_chain() {
    let mut team = team();
    team.add(crate::dsl::chain("new"), person("new"), Role::Interviewer);
    let claimed = entry("a", "new", &[], 1, &Member::new(person("new"), "新人", Role::Lead));
    let decided = entry("b", "new", &[], 1, &Project { title: Names::both("x"), ..Project::default() });
    let state: CardState<Member> = card(RECORD, std::slice::from_ref(&claimed), &team);
    assert!(state.card.is_some(), "the person's own card stands");
    let state: CardState<Project> = card(RECORD, &[decided], &team);
    assert_eq!(state.ground.no_right.iter().map(|n| n.reason).collect::<Vec<_>>(), [NoRightReason::Role]);
}

/// A family takes back what it had agreed to; somebody who knows of it writes something else on the card; the lead hears of that
/// alone, and writes the old word down once more.
#[test]
fn a_word_that_has_not_come_yet_is_not_overruled_by_who_went_on_without_it() {
    let said = |act: ConsentAct| Consent { act, ..Consent::new(record("217"), ConsentAct::Given) };
    let root = entry("a", "chen", &[], 1, &said(ConsentAct::Given));
    let withdrawn =
        entry("b", "chen", &["a"], 2, Card::changes(&said(ConsentAct::Given), &said(ConsentAct::Withdrawn)));
    let beside = Consent { note: Some("奶奶也在".into()), ..said(ConsentAct::Withdrawn) };
    let later = entry("c", "zhou", &["b"], 3, Card::changes(&said(ConsentAct::Withdrawn), &beside));
    // `b` is on its way.
    let here = [root, later];
    let state: CardState<Consent> = card(RECORD, &here, &team());
    let parents = state.heads();
    assert_eq!(parents, [hash("a")]);
    let again = Opened { parents, ..entry("d", "shen", &[], 4, Card::whole(&said(ConsentAct::Given))) };
    let all: Vec<Opened> = here.into_iter().chain([withdrawn, again]).collect();
    let state: CardState<Consent> = card(RECORD, &all, &team());
    assert_eq!(state.card.as_ref().map(|card| card.act.clone()), Some(ConsentAct::Withdrawn));
    assert!(state.ground.missing().is_empty());
}
