//! Drafts: answers, undo, what is not yet sealed.

#![allow(clippy::unwrap_used, reason = "helpers of tests may")]
#![allow(clippy::redundant_closure_for_method_calls, reason = "`View` has a lifetime that a path cannot name")]

mod common;

use common::{World, at, body, draft, record};
use expect_test::{Expect, expect};
use proptest::prelude::*;
use tianye_journal::EntryHash;
use tianye_store::{DraftAnswer, Op, Store};

fn store() -> (tempfile::TempDir, Store) {
    let data = tempfile::tempdir().unwrap();
    let store = World::new(7).bare_store(data.path());
    store.transact(Op::Draft, |tx| tx.start_draft(&draft(record(1)), at(0))).unwrap();
    (data, store)
}

fn put(store: &Store, path: &str, value: &str, millis: i64) {
    let answer = format!(r#"{{"v":"{value}"}}"#);
    store.transact(Op::Answer, |tx| tx.put_answer(record(1), path, &answer, at(millis))).unwrap();
}

fn shown(answers: &[DraftAnswer]) -> String {
    let line = |one: &DraftAnswer| {
        let answer = one.answer.as_deref().unwrap_or("-");
        let note = one.note.as_deref().unwrap_or("-");
        format!("{} {answer} {note} {}\n", one.path, if one.unsealed { "unsealed" } else { "sealed" })
    };
    answers.iter().map(line).collect()
}

#[track_caller]
fn check(store: &Store, answers: &Expect, unsealed: &Expect) {
    answers.assert_eq(&shown(&store.read(|view| view.answers(record(1))).unwrap()));
    unsealed.assert_eq(&shown(&store.read(|view| view.unsealed(record(1))).unwrap()));
}

#[test]
fn the_latest_answer_stands_and_the_history_stays() {
    let (_data, store) = store();
    put(&store, "/a", "1", 1);
    put(&store, "/b", "2", 2);
    put(&store, "/a", "3", 3);
    put(&store, "/a", "3", 4); // the same again is no change
    store.transact(Op::Answer, |tx| tx.put_note(record(1), "/b", "想了很久", at(5))).unwrap();
    store.transact(Op::Answer, |tx| tx.put_note(record(1), "/c", "没问", at(6))).unwrap();
    check(
        &store,
        &expect![[r#"
            /a {"v":"3"} - unsealed
            /b {"v":"2"} 想了很久 unsealed
            /c - 没问 unsealed
        "#]],
        &expect![[r#"
            /a {"v":"3"} - unsealed
            /b {"v":"2"} 想了很久 unsealed
            /c - 没问 unsealed
        "#]],
    );
    let history = store.read(|view| view.draft_history(record(1))).unwrap();
    assert_eq!(history.iter().map(|one| one.at.millis).collect::<Vec<_>>(), [1, 2, 3, 5, 6]);
}

#[test]
fn sealing_marks_what_is_in_an_entry() {
    let (_data, store) = store();
    let hash = EntryHash::from_bytes([7; 32]);
    put(&store, "/a", "1", 1);
    put(&store, "/b", "2", 2);
    store.transact(Op::Seal, |tx| tx.mark_sealed(record(1), hash)).unwrap();
    let draft = store.read(|view| view.draft(record(1))).unwrap().unwrap();
    assert_eq!((draft.unsealed, draft.parents), (false, vec![hash]));
    put(&store, "/a", "9", 3);
    put(&store, "/a", "1", 4); // back to what the entry says
    put(&store, "/b", "5", 5);
    check(
        &store,
        &expect![[r#"
            /a {"v":"1"} - unsealed
            /b {"v":"5"} - unsealed
        "#]],
        &expect![[r#"
            /b {"v":"5"} - unsealed
        "#]],
    );
}

#[test]
fn undo_restores_step_by_step_until_the_last_seal() {
    let (_data, store) = store();
    let undo = |millis| store.transact(Op::Answer, |tx| tx.undo(record(1), at(millis))).unwrap();
    put(&store, "/a", "1", 1);
    store.transact(Op::Seal, |tx| tx.mark_sealed(record(1), EntryHash::from_bytes([7; 32]))).unwrap();
    put(&store, "/a", "2", 2);
    put(&store, "/b", "3", 3);
    put(&store, "/a", "4", 4);
    assert_eq!(undo(5).unwrap().answer.as_deref(), Some(r#"{"v":"2"}"#));
    let undone = undo(6).unwrap();
    assert_eq!((undone.path.as_str(), undone.answer), ("/b", None));
    assert_eq!(undo(7).unwrap().answer.as_deref(), Some(r#"{"v":"1"}"#));
    assert_eq!(undo(8), None);
    check(
        &store,
        &expect![[r#"
            /b - - unsealed
            /a {"v":"1"} - unsealed
        "#]],
        &expect![""],
    );
    put(&store, "/a", "8", 9);
    assert_eq!(undo(10).unwrap().answer.as_deref(), Some(r#"{"v":"1"}"#));
    assert_eq!(store.read(|view| view.draft_history(record(1))).unwrap().len(), 9, "nothing is taken out of the log");
}

#[test]
fn refusals_name_what_is_missing_or_wrong() {
    let (_data, store) = store();
    #[track_caller]
    fn check(result: tianye_store::Result<()>, code: &str) {
        assert_eq!(result.unwrap_err().code(), code);
    }
    let step = |step: &dyn Fn(&mut tianye_store::Tx<'_>) -> tianye_store::Result<()>| store.transact(Op::Answer, step);
    check(step(&|tx| tx.put_answer(record(2), "/a", "null", at(1))), "not-found");
    check(step(&|tx| tx.put_answer(record(1), "/a", "not json", at(1))), "invalid");
    check(step(&|tx| tx.put_answer(record(1), "/a", &format!("\"{}\"", "x".repeat(1 << 20)), at(1))), "too-large");
    check(step(&|tx| tx.put_answer(record(1), &"/a".repeat(3000), "null", at(1))), "too-large");
    check(step(&|tx| tx.put_position(record(2), "/a")), "not-found");
    check(step(&|tx| tx.start_draft(&draft(record(1)), at(1))), "exists");
    check(step(&|tx| tx.drop_draft(record(2), true)), "not-found");
    put(&store, "/a", "1", 1);
    check(step(&|tx| tx.drop_draft(record(1), false)), "invalid");
    step(&|tx| tx.drop_draft(record(1), true)).unwrap();
    assert!(store.read(|view| view.drafts()).unwrap().is_empty());
    assert!(store.read(|view| view.draft_history(record(1))).unwrap().is_empty());
}

#[test]
fn a_step_that_fails_leaves_nothing() {
    let (_data, store) = store();
    let result = store.transact(Op::Answer, |tx| {
        tx.put_answer(record(1), "/a", r#"{"v":"1"}"#, at(1))?;
        assert_eq!(tx.answers(record(1))?.len(), 1, "a step sees its own writes");
        tx.put_answer(record(2), "/a", "null", at(1))
    });
    assert_eq!(result.unwrap_err().code(), "not-found");
    assert!(store.read(|view| view.answers(record(1))).unwrap().is_empty());
}

#[test]
fn a_step_within_a_step_is_refused_not_stuck() {
    let (_data, store) = store();
    let inner = store.transact(Op::Answer, |_| store.transact(Op::Draft, |_| Ok(())));
    assert_eq!(inner.unwrap_err().code(), "nested");
    let inner = store.read(|_| store.read(|_| Ok(())));
    assert_eq!(inner.unwrap_err().code(), "nested");
    // Reading beside a step sees what stood before it.
    put(&store, "/a", "1", 1);
    store
        .transact(Op::Answer, |tx| {
            tx.put_answer(record(1), "/a", r#"{"v":"2"}"#, at(2))?;
            let seen = store.read(|view| view.answers(record(1)))?;
            assert_eq!(seen[0].answer.as_deref(), Some(r#"{"v":"1"}"#));
            Ok(())
        })
        .unwrap();
}

#[test]
fn what_is_shown_of_answers_says_no_words() {
    let (_data, store) = store();
    put(&store, "/a", "杭州", 1);
    let answers = store.read(|view| view.answers(record(1))).unwrap();
    let draft = store.read(|view| view.draft(record(1))).unwrap();
    let text = format!("{answers:?} {draft:?} {store:?} {:?}", body(record(1), &[], "杭州"));
    assert!(!text.contains("杭州"), "{text}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// Against a model: a map for what stands, a list for what can be taken back.
    #[test]
    fn drafts_are_a_map_with_undo(steps in prop::collection::vec((0..8u8, 0..4u8, 0..4u8), 1..60)) {
        let (_data, store) = store();
        let mut now: std::collections::BTreeMap<String, String> = std::collections::BTreeMap::default();
        let mut sealed = now.clone();
        let mut undo: Vec<(String, Option<String>)> = Vec::new();
        for (millis, (what, path, value)) in steps.into_iter().enumerate() {
            let millis = i64::try_from(millis).unwrap();
            match what {
                0 => {
                    store.transact(Op::Seal, |tx| tx.mark_sealed(record(1), EntryHash::NONE)).unwrap();
                    sealed = now.clone();
                    undo.clear();
                }
                1 | 2 => {
                    let undone = store.transact(Op::Answer, |tx| tx.undo(record(1), at(millis))).unwrap();
                    let expected = undo.pop();
                    prop_assert_eq!(undone.map(|one| (one.path, one.answer)), expected.clone());
                    match expected {
                        Some((path, Some(answer))) => { now.insert(path, answer); }
                        Some((path, None)) => { now.remove(&path); }
                        None => {}
                    }
                }
                _ => {
                    let (path, answer) = (format!("/{path}"), format!(r#"{{"v":"{value}"}}"#));
                    put(&store, &path, &value.to_string(), millis);
                    let before = now.insert(path.clone(), answer.clone());
                    if before.as_ref() != Some(&answer) {
                        undo.push((path, before));
                    }
                }
            }
        }
        let standing = store.read(|view| view.answers(record(1))).unwrap();
        let standing = standing.into_iter().filter_map(|one| Some((one.path, one.answer?))).collect();
        prop_assert_eq!(&now, &standing);
        let unsealed: std::collections::BTreeMap<String, Option<String>> =
            store.read(|view| view.unsealed(record(1))).unwrap().into_iter().map(|one| (one.path, one.answer)).collect();
        let paths = now.keys().chain(sealed.keys());
        let expected = paths.filter(|path| now.get(*path) != sealed.get(*path));
        let expected = expected.map(|path| (path.clone(), now.get(path).cloned())).collect();
        prop_assert_eq!(unsealed, expected);
    }
}
