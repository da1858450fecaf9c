use crate::dsl::{fold, form, history, show};
use expect_test::{Expect, expect};
use tianye_survey::*;

/// Form 1 asks `/mother` with the code `ning`; form 2 calls them `/mum` and `ningbo`; form 3 has no `/age`.
fn carry(from: &FormHash, field: &Field, answer: &Answer) -> (Field, Answer) {
    match (field.as_str(), from.0[0]) {
        ("/mother", 1) if answer.value() == Some("ning") => (Field::from("/mum"), Answer::of("ningbo")),
        ("/mother", 1) => (Field::from("/mum"), answer.clone()),
        _ => (field.clone(), answer.clone()),
    }
}

#[track_caller]
fn check(text: &str, expected: Expect) {
    let read = read_under(&history(text), &form(2), &carry);
    expected.assert_eq(&show(&fold(&read)));
}

#[test]
fn laptops_on_different_versions_write_the_same_field() {
    check(
        "a: /mother = ning; /age = 9; form 1
         b@chen(a): /mother = hang; form 1
         c@zhou(a): /mum = ningbo; form 2",
        expect![[r#"
            /age = 9
            /mum ?
            decide /mum: hang (b) | ningbo (c), from ningbo
            status: draft
            heads: b c
        "#]],
    );
    check(
        "a: /mother = ning; form 1
         b@zhou(a): /mum = ningbo; form 2",
        expect![[r#"
            /mum = ningbo
            status: draft
            heads: b
        "#]],
    );
}

#[test]
fn a_decision_between_writes_of_an_old_version_holds() {
    check(
        "a: /mother = ning; form 1
         b@chen(a): /mother = hang; form 1
         c@zhou(a): /mother = jin; form 1
         d@shen(b, c): decide /mother = ning over b, c
         e@zhou(d): /age = 8; form 2",
        expect![[r#"
            /age = 8
            /mum = ningbo
            status: draft
            heads: e
        "#]],
    );
}

#[test]
fn entries_themselves_are_not_changed() {
    let entries = history("a: /mother = ning; form 1");
    assert_eq!(read_under(&entries, &form(1), &carry), entries);
    assert_eq!(versions_of(&entries).into_iter().collect::<Vec<_>>(), [form(1)]);
}
