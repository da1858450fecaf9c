//! A filling moved to a later version of its form: nothing is lost, each answer has one fate.

#![allow(clippy::unwrap_used, reason = "this is test code throughout")]

mod common;

use std::sync::Arc;

use common::{Scenario, path};
use proptest::prelude::*;
use tianye_xform::{Carry, Fate, FieldPath, Form, Given, Media, Moved, Origin, carried, carry, carry_back, moved};
use tianye_xlsform::{Format, Options, Workbook, convert};

const LISTS: &str = "| choices |\n|  | list_name | name | label | renamed_from |\n\
    |  | old | mother | 妈妈 | |\n|  | old | father | 爸爸 | |\n|  | old | aunt | 姑姑 | |\n\
    |  | new | mum | 妈妈 | mother |\n|  | new | father | 爸爸 | |\n|  | new | uncle | 叔叔 | |\n\
    |  | swap | father | 妈妈 | mother |\n|  | swap | mother | 爸爸 | father |\n\
    |  | one | parent | 父母 | mother father |\n|  | one | aunt | 姑姑 | |\n\
    |  | into | mother | 父母 | father |\n|  | into | aunt | 姑姑 | |\n";

/// A form from rows of `type | name | renamed_from | relevant | constraint | repeat_over`.
fn form(rows: &[&str]) -> Arc<Form> {
    let mut text = String::from(
        "| survey |\n|  | type | name | renamed_from | relevant | constraint | repeat_over | calculation | label |\n",
    );
    for row in rows {
        let mut cells: Vec<&str> = row.split('|').map(str::trim).collect();
        cells.resize(7, "");
        text.push_str(&format!("|  | {} | {} |\n", cells.join(" | "), cells[1]));
    }
    text.push_str(LISTS);
    let workbook = Workbook::read(text.as_bytes(), Format::Markdown).unwrap();
    let (converted, problems) = convert(&workbook, &Options::default());
    let converted = converted.unwrap_or_else(|| panic!("{problems:#?}"));
    Arc::new(Form::parse(&converted.xform, &Media::none()).0.unwrap())
}

fn kept(scenario: &Scenario) -> Vec<(FieldPath, Given)> {
    let own = |field: &tianye_xform::Field| field.origin == Origin::Answered || field.origin == Origin::RowPresence;
    scenario.session.fields().into_iter().filter(own).map(|field| (field.path, field.given)).collect()
}

fn move_over(steps: &[&Carry], new: &Arc<Form>, scenario: &mut Scenario) -> (Scenario, Vec<Moved>) {
    let fields = kept(scenario);
    let (session, fates) = scenario.with(|_, context| moved(steps, new, fields, context));
    let mut there = Scenario::new(new);
    there.session = session;
    (there, fates)
}

fn lines(fates: &[Moved]) -> Vec<String> {
    let line = |one: &Moved| {
        let to = if one.from == one.to { String::new() } else { format!(" → {}", common::short(one.to.as_str())) };
        let becomes = if one.was == one.becomes { String::new() } else { format!(" = {}", one.becomes.text()) };
        let fate = match one.fate {
            Fate::Dropped(why) => why.code(),
            other => other.code(),
        };
        format!("{}{to}{becomes}: {fate}", common::short(one.from.as_str()))
    };
    fates.iter().map(line).collect()
}

/// Versions of a form, oldest first; answers to the first; what becomes of them in the last.
#[track_caller]
fn check(versions: &[&[&str]], answers: &[(&str, &str)], expect: &[&str]) {
    let forms: Vec<Arc<Form>> = versions.iter().map(|rows| form(rows)).collect();
    let mut scenario = Scenario::new(&forms[0]);
    for (at, value) in answers {
        match at.strip_prefix('+') {
            Some(repeat) => drop(scenario.add(repeat, value.parse().unwrap())),
            None => drop(scenario.answer(at, value)),
        }
    }
    let steps: Vec<Carry> = forms.windows(2).map(|two| carry(&two[0], &two[1], &[], "v")).collect();
    let (there, fates) = move_over(&steps.iter().collect::<Vec<_>>(), forms.last().unwrap(), &mut scenario);
    assert_eq!(lines(&fates), expect);
    check_nothing_lost(&kept(&scenario), &there, &fates);
}

#[track_caller]
fn check_nothing_lost(before: &[(FieldPath, Given)], there: &Scenario, fates: &[Moved]) {
    let answered: Vec<_> = before.iter().filter(|(_, given)| !given.is_blank()).collect();
    let told: Vec<_> = fates.iter().map(|one| (&one.from, &one.was)).collect();
    assert_eq!(told, answered.iter().map(|(path, given)| (path, given)).collect::<Vec<_>>(), "each answer once");
    let mut places: Vec<_> = fates.iter().map(|one| &one.to).collect();
    places.sort();
    places.dedup();
    assert_eq!(places.len(), fates.len(), "no two answers in one place");
    for one in fates {
        let now = there.session.fields().into_iter().find(|field| field.path == one.to).map(|field| field.given);
        match one.fate {
            Fate::Dropped(_) => assert_ne!(now.as_ref(), Some(&one.becomes), "{one:?}"),
            _ => assert_eq!(now.as_ref(), Some(&one.becomes), "{one:?}"),
        }
        if matches!(one.fate, Fate::Kept | Fate::Renamed) {
            assert_eq!(one.was, one.becomes);
        }
    }
}

#[test]
fn a_hint_says_what_a_question_was_called() {
    check(
        &[&["text | a", "text | b"], &["text | a", "text | c | b"]],
        &[("/a", "1"), ("/b", "2")],
        &["/a: kept", "/b → /c: renamed"],
    );
    check(&[&["text | a"], &["text | b"]], &[("/a", "1")], &["/a: leftover-unknown-node"]);
    // Two that change their names.
    check(
        &[&["text | a", "text | b"], &["text | a | b", "text | b | a"]],
        &[("/a", "1"), ("/b", "2")],
        &["/a → /b: renamed", "/b → /a: renamed"],
    );
    // Another question has the place of one that is gone.
    check(
        &[&["text | a", "text | b"], &["text | b | a"]],
        &[("/a", "1"), ("/b", "2")],
        &["/a → /b: renamed", "/b → /b.gone-v: leftover-unknown-node"],
    );
    check(
        &[&["begin_group | g", "text | a", "end_group |"], &["begin_group | h | g", "text | a", "end_group |"]],
        &[("/g/a", "1")],
        &["/g/a → /h/a: renamed"],
    );
    check(
        &[&["text | a"], &["begin_group | g", "text | a | a", "end_group |"]],
        &[("/a", "1")],
        &["/a → /g/a: renamed"],
    );
}

#[test]
fn hints_stay_in_later_versions_and_make_chains() {
    let (v1, v2): (&[&str], &[&str]) = (&["text | a"], &["text | b | a"]);
    check(&[v1, v2, &["text | c | b"]], &[("/a", "1")], &["/a → /c: renamed"]);
    check(&[v1, &["text | c | b a"]], &[("/a", "1")], &["/a → /c: renamed"]);
    check(&[v2, v2], &[("/b", "1")], &["/b: kept"]);
    // The hint was meant for the version before: the new question `a` is another one.
    let v3: &[&str] = &["text | b | a", "text | a"];
    check(&[v2, v3, v3], &[("/b", "1")], &["/b: kept"]);
    check(&[v3, v3], &[("/a", "1"), ("/b", "2")], &["/b: kept", "/a: kept"]);
    check(&[v1, v3], &[("/a", "1")], &["/a → /b: renamed"]);
    let swapped: &[&str] = &["text | a | b", "text | b | a"];
    check(
        &[&["text | a", "text | b"], swapped, swapped],
        &[("/a", "1"), ("/b", "2")],
        &["/a → /b: renamed", "/b → /a: renamed"],
    );
}

#[test]
fn codes_are_renamed_and_what_is_not_offered_is_kept() {
    let (old, new): (&[&str], &[&str]) = (&["select_multiple old | who"], &["select_multiple new | who"]);
    check(&[old, new], &[("/who", "mother father")], &["/who = mum father: recoded"]);
    check(&[old, new], &[("/who", "father")], &["/who: kept"]);
    check(&[old, new, new], &[("/who", "mother")], &["/who = mum: recoded"]);
    check(&[&["select_one old | who"], &["select_one new | who"]], &[("/who", "aunt")], &["/who: invalid"]);
    let swap: &[&str] = &["select_one swap | who"];
    check(&[&["select_one old | who"], swap, swap], &[("/who", "mother")], &["/who = father: recoded"]);
}

#[test]
fn codes_that_become_one_are_read_as_one() {
    let select = |list: &str| format!("select_multiple {list} | who");
    let (old, one, into) = (select("old"), select("one"), select("into"));
    let (old, one, into): (&[&str], &[&str], &[&str]) = (&[&old], &[&one], &[&into]);
    check(&[old, one], &[("/who", "mother father aunt")], &["/who = parent aunt: recoded"]);
    check(&[old, one, one], &[("/who", "father")], &["/who = parent: recoded"]);
    check(&[old, into], &[("/who", "father mother")], &["/who = mother: recoded"]);
    check(&[old, into, into], &[("/who", "mother")], &["/who: kept"]);
}

/// A field given under the last version, and where and what it is under the first one.
#[track_caller]
fn check_back(versions: &[&[&str]], given: (&str, &str), expect: (&str, &str)) {
    let forms: Vec<Arc<Form>> = versions.iter().map(|rows| form(rows)).collect();
    let steps: Vec<Carry> = forms.windows(2).rev().map(|two| carry_back(&two[0], &two[1], "v")).collect();
    let (at, value) = carried(&steps, path(given.0), given.1.into());
    assert_eq!((at.as_str(), value.text()), expect);
}

#[test]
fn what_was_renamed_has_its_old_name_again_under_the_version_before() {
    let select = |list: &str, name: &str| format!("select_multiple {list} | {name}");
    let row = |from: &str, old: &str, new: &str, given: &str, expect: &str| {
        let (one, two) = (select(old, "who"), format!("{} | {from}", select(new, "whom")));
        check_back(&[&[&one], &[&two]], ("/whom", given), (if from.is_empty() { "/whom" } else { "/who" }, expect));
    };
    row("who", "old", "new", "mum father", "mother father");
    row("who", "old", "new", "uncle", "uncle");
    row("who", "old", "swap", "mother", "father");
    row("who", "old", "swap", "father mother", "mother father");
    // Which of the two it was, nobody knows.
    row("who", "old", "one", "parent aunt", "parent aunt");
    row("who", "old", "into", "mother", "mother");
    row("", "old", "new", "mum", "mum");
    // A hint of the earlier version speaks of the one before it.
    check_back(&[&["text | b | a"], &["text | a | b"]], ("/a", "1"), ("/b", "1"));
    check_back(&[&["text | b | a"], &["text | b | a", "text | a"]], ("/a", "1"), ("/a", "1"));
    check_back(&[&["text | a", "text | b"], &["text | a | b", "text | b | a"]], ("/a", "1"), ("/b", "1"));
    check_back(&[&["text | a"], &["text | b | a"], &["text | c | b"]], ("/c", "1"), ("/a", "1"));
    // What the earlier version does not have keeps its name, or one that nothing there has.
    check_back(&[&["text | a"], &["text | a", "text | c"]], ("/c", "1"), ("/c", "1"));
    check_back(&[&["text | a"], &["text | b | a", "text | a"]], ("/a", "1"), ("/a.gone-v", "1"));
    let (old, new) = (select("old", "who"), select("new", "who"));
    let rows = "begin_repeat | one | | | | ${who}";
    let (old, new) = ([&*old, rows, "text | how", "end_repeat |"], [&*new, rows, "text | how", "end_repeat |"]);
    check_back(&[&old, &new], ("/one[:mum]/how", "好"), ("/one[:mother]/how", "好"));
    check_back(&[&old, &new], ("/one[:uncle]/how", "好"), ("/one[:uncle]/how", "好"));
}

#[test]
fn what_does_not_fit_is_told() {
    check(&[&["text | a"], &["integer | a"]], &[("/a", "十")], &["/a: leftover-other-type"]);
    check(&[&["text | a"], &["integer | a"]], &[("/a", "10")], &["/a: kept"]);
    check(&[&["integer | a"], &["integer | a | | | . > 5"]], &[("/a", "3")], &["/a: invalid"]);
    check(
        &[&["integer | a", "text | b"], &["integer | a", "text | b | | ${a} > 5"]],
        &[("/a", "3"), ("/b", "x")],
        &["/a: kept", "/b: not-asked"],
    );
    check(&[&["integer | a"], &["calculate | a | | | | | 1 + 1"]], &[("/a", "3")], &["/a: leftover-calculated"]);
}

#[test]
fn rows_keep_their_identities() {
    let old: &[&str] = &["begin_repeat | child", "text | name", "integer | age", "end_repeat |"];
    let new: &[&str] = &[
        "begin_group | home",
        "begin_repeat | pupil | child",
        "text | called | name",
        "integer | age",
        "end_repeat |",
        "end_group |",
    ];
    let answers: &[(&str, &str)] =
        &[("/child[~1]/name", "小满"), ("+/child", "7"), ("/child[00000000000000000000000000000007]/age", "9")];
    check(
        &[old, new],
        answers,
        &[
            "/child[~1] → /home/pupil[~1]: renamed",
            "/child[~1]/name → /home/pupil[~1]/called: renamed",
            "/child[7] → /home/pupil[7]: renamed",
            "/child[7]/age → /home/pupil[7]/age: renamed",
        ],
    );
    // A gone question in a renamed repeat stays in its row.
    let less: &[&str] = &["begin_repeat | pupil | child", "integer | age", "end_repeat |"];
    check(
        &[old, less],
        &[("/child[~1]/name", "小满")],
        &["/child[~1] → /pupil[~1]: renamed", "/child[~1]/name → /pupil[~1]/name: leftover-unknown-node"],
    );
    // Out of the repeat: several values have no one place.
    let flat: &[&str] = &["text | name | name"];
    check(
        &[&["begin_repeat | child", "text | name", "end_repeat |"], flat],
        &[("/child[~1]/name", "小满")],
        &["/child[~1]: leftover-unknown-node", "/child[~1]/name: leftover-unknown-node"],
    );
}

#[test]
fn rows_over_choices_follow_the_renamed_code() {
    let rows = |list: &str| {
        let select = format!("select_multiple {list} | who");
        form(&[&select, "begin_repeat | one | | | | ${who}", "text | how", "end_repeat |"])
    };
    let (old, new) = (rows("old"), rows("new"));
    let mut scenario = Scenario::new(&old);
    scenario.answer("/who", "mother");
    scenario.answer("/one[:mother]/how", "好");
    let carry = carry(&old, &new, &[], "v");
    let (there, fates) = move_over(&[&carry], &new, &mut scenario);
    assert_eq!(there.value("/one[:mum]/how"), "好");
    check_nothing_lost(&kept(&scenario), &there, &fates);
}

#[test]
fn rows_over_choices_that_become_one_stay_apart() {
    let rows = |list: &str| {
        let select = format!("select_multiple {list} | who");
        form(&[&select, "begin_repeat | one | | | | ${who}", "text | how", "end_repeat |"])
    };
    let row = |list: &str, here: &str, other: &str| {
        let (old, new) = (rows("old"), rows(list));
        let mut scenario = Scenario::new(&old);
        scenario.answer("/who", "father mother");
        scenario.answer("/one[:mother]/how", "好");
        scenario.answer("/one[:father]/how", "不好");
        let carry = carry(&old, &new, &[], "v");
        let (there, fates) = move_over(&[&carry], &new, &mut scenario);
        assert_eq!(there.value(here), "好");
        assert!(lines(&fates).contains(&format!("{other}: not-asked")), "{:?}", lines(&fates));
        check_nothing_lost(&kept(&scenario), &there, &fates);
    };
    row("one", "/one[:parent]/how", "/one[:father]/how");
    row("into", "/one[:mother]/how", "/one[:father]/how");
}

#[test]
fn a_hint_that_fits_nothing_is_told() {
    let strange = |old: &[&str], new: &[&str]| {
        let carry = carry(&form(old), &form(new), &[], "v");
        carry.strange().iter().map(|one| format!("{} {} {}", one.path, one.found, one.ambiguous)).collect::<Vec<_>>()
    };
    assert_eq!(strange(&["text | a"], &["text | b | x"]), ["/b x false"]);
    assert_eq!(strange(&["text | a"], &["text | b | a"]), Vec::<String>::new());
    assert_eq!(strange(&["text | b | a"], &["text | b | a"]), Vec::<String>::new());
    let twice: &[&str] = &["begin_group | g", "text | a", "end_group |", "begin_group | h", "text | a", "end_group |"];
    assert_eq!(strange(twice, &["text | b | a"]), ["/b a true"]);
    assert_eq!(strange(twice, &["text | b | /g/a"]), Vec::<String>::new());
}

#[test]
fn an_address_of_no_version_stays_as_it_is() {
    let carry = carry(&form(&["text | a"]), &form(&["text | b | a"]), &[], "v");
    let (at, given) = carried([&carry], path("/elsewhere/x"), "1".into());
    assert_eq!((at.as_str(), given.text()), ("/elsewhere/x", "1"));
}

/// What a later version does to one question.
#[derive(Debug, Clone, Copy)]
enum Change {
    Keep,
    Rename,
    Remove,
    Retype,
    Hide,
    NameOf(usize),
}

fn changes() -> impl Strategy<Value = Vec<(bool, Change, String)>> {
    let change = prop_oneof![
        Just(Change::Keep),
        Just(Change::Rename),
        Just(Change::Remove),
        Just(Change::Retype),
        Just(Change::Hide),
        (0_usize..8).prop_map(Change::NameOf)
    ];
    prop::collection::vec((any::<bool>(), change, "[a-z0-9]{0,3}"), 1..8)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn each_answer_has_one_fate_and_none_is_lost(questions in changes()) {
        let name = |at: usize| format!("q{at}");
        let mut old: (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
        let mut new: (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
        let mut taken: Vec<String> = Vec::new();
        for (at, (inside, change, _)) in questions.iter().enumerate() {
            let put = |rows: &mut (Vec<String>, Vec<String>), row: String| {
                if *inside { rows.1.push(row) } else { rows.0.push(row) }
            };
            put(&mut old, format!("text | {}", name(at)));
            let called = match change {
                Change::NameOf(other) if *other < questions.len() => name(*other),
                Change::Rename => format!("n{at}"),
                _ => name(at),
            };
            if matches!(change, Change::Remove) || taken.contains(&called) {
                continue;
            }
            taken.push(called.clone());
            let hint = if called == name(at) { String::new() } else { name(at) };
            put(&mut new, match change {
                Change::Retype => format!("integer | {called} | {hint}"),
                Change::Hide => format!("text | {called} | {hint} | false()"),
                _ => format!("text | {called} | {hint}"),
            });
        }
        let whole = |(top, inside): &(Vec<String>, Vec<String>)| {
            let mut rows = top.clone();
            rows.push("text | always".into());
            rows.push("begin_repeat | r".into());
            rows.push("text | inner".into());
            rows.extend(inside.iter().cloned());
            rows.push("end_repeat |".into());
            form(&rows.iter().map(String::as_str).collect::<Vec<_>>())
        };
        let (old, new) = (whole(&old), whole(&new));
        let mut scenario = Scenario::new(&old);
        scenario.add("/r", 5);
        for (at, (inside, _, value)) in questions.iter().enumerate() {
            let outer = if *inside { "/r[00000000000000000000000000000005]" } else { "" };
            scenario.answer(&format!("{outer}/{}", name(at)), value);
        }
        let carry = carry(&old, &new, &[], "v");
        let (there, fates) = move_over(&[&carry], &new, &mut scenario);
        check_nothing_lost(&kept(&scenario), &there, &fates);
    }
}
