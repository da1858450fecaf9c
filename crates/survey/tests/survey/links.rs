use crate::dsl::{entry, name, record, team};
use expect_test::{Expect, expect};
use proptest::prelude::*;
use std::fmt::Write as _;
use tianye_survey::*;

fn pair(one: &str, other: &str) -> Pair {
    Pair::of(record(one), record(other)).expect("two records")
}

/// `name@author(parents): a = b` (b follows a), `a # b` (apart), `a ? b` (open). The lead is `shen`.
fn said(text: &str) -> Vec<Opened> {
    let line = |(line, minute): (&str, i64)| {
        let (head, what) = line.split_once(':').expect("name: what");
        let (head, parents) = head.split_once('(').unwrap_or((head, ")"));
        let (entry_name, author) = head.split_once('@').unwrap_or((head, "shen"));
        let parents: Vec<&str> = parents.trim_end_matches(')').split(',').map(str::trim).collect();
        let parents: Vec<&str> = parents.into_iter().filter(|name| !name.is_empty()).collect();
        let words: Vec<&str> = what.split_whitespace().collect();
        let [one, sign, other] = words[..] else { panic!("{what} is no word on two records") };
        let ruling = match sign {
            "=" => Ruling::Linked(record(one)),
            "#" => Ruling::Apart,
            _ => Ruling::Open,
        };
        let pair = pair(one, other);
        let link = pair.say(ruling, "问过");
        Opened { record: pair.record(), ..entry(entry_name, author, &parents, minute, link) }
    };
    text.lines().map(str::trim).filter(|line| !line.is_empty()).zip(1..).map(line).collect()
}

fn show(project: &ProjectState) -> String {
    let identities = project.identities();
    let word = |record: &tianye_journal::RecordId| name(record.as_bytes());
    let two = |pair: &Pair| pair.both().map(|one| word(&one)).join(" and ");
    let mut out = String::new();
    for group in identities.groups() {
        _ = writeln!(out, "one: {}", group.iter().map(word).collect::<Vec<_>>().join(" "));
    }
    identities.apart().for_each(|pair| _ = writeln!(out, "apart: {}", two(pair)));
    identities.undecided.iter().for_each(|pair| _ = writeln!(out, "decide: {}", two(pair)));
    identities.contradicted.iter().for_each(|pair| _ = writeln!(out, "apart and yet linked: {}", two(pair)));
    for link in project.links.values() {
        link.ground.no_right.iter().for_each(|no| _ = writeln!(out, "no right: {}", name(no.entry.as_bytes())));
        link.ground.ignored.iter().for_each(|no| _ = writeln!(out, "ignored: {}", name(no.entry.as_bytes())));
    }
    out
}

fn check(text: &str, expected: Expect) {
    let entries = said(text);
    let project = ProjectState::fold(&entries, &team());
    expected.assert_eq(&show(&project));
    let mut backwards = entries;
    backwards.reverse();
    assert_eq!(ProjectState::fold(&backwards, &team()), project);
    assert_eq!(show(&ProjectState::fold(&backwards, &team())), show(&project));
}

#[test]
fn links_go_on_and_the_card_that_is_behind_none_leads() {
    check(
        "a: xiaoju = xiaoguo",
        expect![[r#"
        one: xiaoju xiaoguo
    "#]],
    );
    check(
        "a: xiaoju = xiaoguo
         b: anhe = xiaoju
         c: m = n",
        expect![[r#"
            one: anhe xiaoguo xiaoju
            one: m n
        "#]],
    );
    // In a circle nobody is behind none: then the least id leads.
    check(
        "a: x = y
         b: y = z
         c: z = x",
        expect![[r#"
            one: x y z
        "#]],
    );
}

#[test]
fn taking_a_link_back_gives_what_was() {
    let before = "a: x = y";
    check(
        before,
        expect![[r#"
        one: x y
    "#]],
    );
    check(
        "a: x = y
         b(a): x ? y",
        expect![""],
    );
    check(
        "a: x = y
         b(a): x ? y
         c(b): x = y",
        expect![[r#"
            one: x y
        "#]],
    );
    check(
        "a: x # y
         b(a): x # y",
        expect![[r#"
            apart: x and y
        "#]],
    );
}

#[test]
fn who_says_different_things_at_once_is_asked() {
    // Two leads who did not know of each other; nothing is linked meanwhile.
    check(
        "a: x = y
         b: x # y",
        expect![[r#"
            decide: x and y
        "#]],
    );
    check(
        "a: x = y
         b: y = x",
        expect![[r#"
            decide: x and y
        "#]],
    );
    check(
        "a: x = y
         b: x = y",
        expect![[r#"
            one: x y
        "#]],
    );
    check(
        "a: x = y
         b: x # y
         c(a, b): x # y",
        expect![[r#"
            apart: x and y
        "#]],
    );
    check(
        "a: x = y
         b(a): x ? y
         c(a): y = x",
        expect![[r#"
            decide: x and y
        "#]],
    );
}

#[test]
fn who_is_told_apart_and_linked_through_others_is_shown() {
    check(
        "a: x = y
         b: y = z
         c: x # z
         d: y # v",
        expect![[r#"
            one: x y z
            apart: v and y
            apart and yet linked: x and z
        "#]],
    );
}

#[test]
fn only_a_lead_links() {
    check("a@chen: x = y", expect![""]);
}

#[test]
fn a_word_in_the_record_of_another_pair_has_no_effect() {
    let mut entries = said("a: x = y");
    entries[0].record = pair("x", "z").record();
    let project = ProjectState::fold(&entries, &team());
    assert_eq!(show(&project), "ignored: a\n");
    let state = &project.links[&pair("x", "z").record()];
    assert_eq!((state.pair, state.ruling()), (None, Some(Ruling::Open)));
}

#[test]
fn a_word_of_a_newer_version_waits_for_a_person() {
    let mut entries = said("a: x = y");
    let Content::Link(link) = &entries[0].content else { panic!("a link") };
    let later = Link { act: LinkAct::from("twins"), ..(**link).clone() };
    entries[0].content = later.into();
    assert_eq!(show(&ProjectState::fold(&entries, &team())), "decide: x and y\n");
}

#[test]
fn what_is_said_of_one_card_holds_for_all_that_are_linked() {
    let card = |of: &str, code: &str| Opened {
        record: record(of),
        ..entry(of, "chen", &[], 1, &Subject { display_name: "小桔".into(), ..Subject::new(SubjectKind::Pupil, code) })
    };
    let refused = Consent { purposes: vec![Purpose::Questionnaire], ..Consent::new(record("y"), ConsentAct::Refused) };
    let refused = Opened { record: record("k"), ..entry("k", "chen", &[], 1, &refused) };
    let mut entries = vec![card("x", "219"), card("y", "W044"), refused];
    let standing = |entries: &[Opened]| {
        ProjectState::fold(entries, &team()).consent(&record("x"), &Purpose::Questionnaire, "2017-04-11")
    };
    assert_eq!(standing(&entries), ConsentStanding::Missing);
    entries.extend(said("a: x = y"));
    assert_eq!(standing(&entries), ConsentStanding::Refused);
    entries.extend(said("b(a): x ? y"));
    assert_eq!(standing(&entries), ConsentStanding::Missing);
}

#[test]
fn linked_respondents_are_one_square_and_two_again_when_unlinked() {
    let plan = |of: &str| {
        let plan = Assignment { form_id: "pupil".to_owned(), subject: Some(record(of)), ..Assignment::default() };
        Opened { record: record(&format!("p{of}")), ..entry(&format!("p{of}"), "shen", &[], 1, &plan) }
    };
    let planned = |links: &str| {
        let mut entries = vec![plan("x"), plan("y"), plan("z")];
        entries.extend(said(links));
        coverage(&ProjectState::fold(&entries, &team()), &[]).total.planned
    };
    assert_eq!((planned(""), planned("a: x = y"), planned("a: x = y\n b(a): x ? y")), (3, 2, 3));
}

proptest! {
    /// Any words, seen or not, in any order: the same identities, and every group says the same of itself.
    #[test]
    fn order_and_repetition_change_nothing(
        words in prop::collection::vec((0..5usize, 0..5usize, 0..3usize, any::<u16>()), 1..24),
        shuffled in any::<u64>(),
    ) {
        const NAMES: [&str; 5] = ["v", "w", "x", "y", "z"];
        let mut entries: Vec<Opened> = Vec::new();
        for (number, (one, other, sign, mask)) in words.into_iter().enumerate() {
            let Some(pair) = Pair::of(record(NAMES[one]), record(NAMES[other])) else { continue };
            let ruling = [Ruling::Linked(record(NAMES[one])), Ruling::Apart, Ruling::Open][sign];
            let seen = entries.iter().zip(0..).filter(|(e, at)| e.record == pair.record() && mask >> (at % 16) & 1 == 1);
            let parents = seen.map(|(e, _)| e.hash).collect();
            let link = pair.say(ruling, "问过");
            let own = entry(&format!("e{number}"), "shen", &[], 1, link);
            entries.push(Opened { record: pair.record(), parents, ..own });
        }
        let project = ProjectState::fold(&entries, &team());
        let mut again: Vec<Opened> = entries.iter().chain(&entries).cloned().collect();
        again.sort_by_key(|e| (e.hash.as_bytes()[1] as u64).wrapping_mul(shuffled | 1));
        let other = ProjectState::fold(&again, &team());
        prop_assert_eq!(&project, &other);
        prop_assert_eq!(show(&project), show(&other));
        let identities = project.identities();
        for name in NAMES {
            let all = identities.all_of(&record(name));
            prop_assert!(all.contains(&record(name)));
            prop_assert_eq!(all[0], identities.leading(&record(name)));
            for one in &all {
                prop_assert_eq!(&identities.all_of(one), &all);
            }
        }
    }
}
