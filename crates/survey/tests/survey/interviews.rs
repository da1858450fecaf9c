use crate::dsl::{fold, hash, history, name, person, show, show_answer};
use expect_test::{Expect, expect};
use tianye_survey::{Answer, Field, FormHash, Opened};

#[track_caller]
fn check(text: &str, expected: Expect) {
    let entries = history(text);
    let shown = show(&fold(&entries));
    expected.assert_eq(&shown);
    let backwards: Vec<_> = entries.iter().rev().chain(&entries).cloned().collect();
    assert_eq!(show(&fold(&backwards)), shown, "order and repetition must not matter");
}

#[test]
fn one_laptop_overwrites_itself() {
    check(
        "a: /q1 = 1; /q2 = x
         b(a): /q1 = 2",
        expect![[r#"
            /q1 = 2
            /q2 = x
            status: draft
            heads: b
        "#]],
    );
}

#[test]
fn different_fields_merge_by_themselves() {
    check(
        "a: /q1 = 1; /q2 = 1
         b@chen(a): /q1 = 2
         c@zhou(a): /q2 = 3",
        expect![[r#"
            /q1 = 2
            /q2 = 3
            status: draft
            heads: b c
            merged by rule: 2
        "#]],
    );
}

#[test]
fn one_field_on_two_laptops_waits_for_a_person() {
    check(
        "a: /q1 = home
         b@chen(a): /q1 = county
         c@zhou(a): /q1 = province",
        expect![[r#"
            /q1 ?
            decide /q1: county (b) | province (c), from home
            status: draft
            heads: b c
        "#]],
    );
}

#[test]
fn the_same_answer_twice_is_settled() {
    check(
        "a: /q1 = 1
         b@chen(a): /q1 = 2
         c@zhou(a): /q1 = 2",
        expect![[r#"
            /q1 = 2
            status: draft
            heads: b c
            merged by rule: 1
        "#]],
    );
}

#[test]
fn no_common_ancestor_is_needed() {
    check(
        "a@chen: /q1 = 1
         b@zhou: /q1 = 2",
        expect![[r#"
            /q1 ?
            decide /q1: 1 (a) | 2 (b)
            status: draft
            heads: a b
        "#]],
    );
}

#[test]
fn a_blank_is_an_answer_too() {
    check(
        "a: /q1 = 1
         b@chen(a): /q1 =
         c@zhou(a): /q1 = 2",
        expect![[r#"
            /q1 ?
            decide /q1: ∅ (b) | 2 (c), from 1
            status: draft
            heads: b c
        "#]],
    );
}

#[test]
fn three_answers_and_one_of_them_twice() {
    check(
        "a: /q1 = 1
         b@chen(a): /q1 = 2
         c@zhou(a): /q1 = 3
         d@lin(a): /q1 = 2",
        expect![[r#"
            /q1 ?
            decide /q1: 2 (b) | 3 (c) | 2 (d), from 1
            status: draft
            heads: b c d
        "#]],
    );
}

#[test]
fn a_decision_settles_and_can_be_revised() {
    let decided = "a: /q1 = 1
         b@chen(a): /q1 = 2
         c@zhou(a): /q1 = 3
         d@shen(b, c): decide /q1 = 3 over b, c";
    check(
        decided,
        expect![[r#"
        /q1 = 3
        status: draft
        heads: d
    "#]],
    );
    check(
        &format!("{decided}\n e@shen(d): decide /q1 = 9 over d"),
        expect![[r#"
        /q1 = 9
        status: draft
        heads: e
    "#]],
    );
}

#[test]
fn a_decision_that_is_taken_back_leaves_what_it_was_made_between() {
    let decided = "a: /q1 = 1
         b(a): /q1 = 2
         c@zhou(a): /q1 = 3
         d@shen(b, c): decide /q1 = 3 over b, c
         e@shen(d): undo /q1 = 3 over d";
    check(
        decided,
        expect![[r#"
        /q1 ?
        decide /q1: 2 (b) | 3 (c), from 1
        status: draft
        heads: e
    "#]],
    );
    // Decided again, it holds; the first one is history.
    check(
        &format!("{decided}\n f@shen(e): decide /q1 = 2 over b, c"),
        expect![[r#"
        /q1 = 2
        status: draft
        heads: f
    "#]],
    );
    // What somebody answered on top of the decision stays.
    check(
        &format!("{decided}\n f@chen(d): /q1 = 4"),
        expect![[r#"
        /q1 = 4
        status: draft
        heads: e f
        merged by rule: 1
    "#]],
    );
    // Two leads took it back without knowing of each other.
    check(
        &format!("{decided}\n f@shen(d): undo /q1 = 3 over d"),
        expect![[r#"
        /q1 ?
        decide /q1: 2 (b) | 3 (c), from 1
        status: draft
        heads: e f
    "#]],
    );
    // Of two decisions that differ, one is taken back.
    check(
        "a: /q1 = 1
         b(a): /q1 = 2
         c@zhou(a): /q1 = 3
         d@shen(b, c): decide /q1 = 3 over b, c
         e@shen(b, c): decide /q1 = 2 over b, c
         f@shen(d, e): undo /q1 = 3 over d",
        expect![[r#"
            /q1 = 2
            status: draft
            heads: f
        "#]],
    );
    // An interviewer may not.
    check(
        "a: /q1 = 1
         b(a): /q1 = 2
         c@zhou(a): /q1 = 3
         d@shen(b, c): decide /q1 = 3 over b, c
         e@zhou(d): undo /q1 = 3 over d",
        expect![[r#"
            /q1 = 3
            status: draft
            heads: e
            no right: e no-right-role
        "#]],
    );
    // Taking back an answer is no such thing: that is correcting it.
    check(
        "a: /q1 = 1
         b@shen(a): undo /q1 = 1 over a",
        expect![[r#"
            /q1 = 1
            status: draft
            heads: b
        "#]],
    );
}

#[test]
fn a_row_that_was_decided_is_undecided_again() {
    let torn = "a: /r[f0] = 1; /r[f0]/n = 1
         b(a): /r[f0] =
         c@zhou(a): /r[f0]/n = 2
         d@shen(b, c): decide /r[f0] = 1 over b, c";
    check(
        &format!("{torn}\n e@shen(d): undo /r[f0] = 1 over d"),
        expect![[r#"
        /r[f0] = ∅
        /r[f0]/n = 2   in a removed row
        decide /r[f0]: ∅ (b), but /r[f0]/n = 2 (c); to keep: 1
        status: draft
        heads: e
    "#]],
    );
}

#[test]
fn decisions_beside_each_other_conflict_again() {
    check(
        "a: /q1 = 1
         b@chen(a): /q1 = 2
         c@zhou(a): /q1 = 3
         d@shen(b, c): decide /q1 = 3 over b, c
         e@shen(b, c): decide /q1 = 2 over b, c",
        expect![[r#"
            /q1 ?
            decide /q1: 3 (d) | 2 (e)
            status: draft
            heads: d e
        "#]],
    );
}

#[test]
fn a_third_answer_that_the_decision_had_not_seen() {
    check(
        "a: /q1 = 1
         b@chen(a): /q1 = 2
         c@zhou(a): /q1 = 3
         e@lin(a): /q1 = 4
         d@shen(b, c): decide /q1 = 3 over b, c",
        expect![[r#"
            /q1 ?
            decide /q1: 4 (e) | 3 (d), from 1
            status: draft
            heads: d e
        "#]],
    );
}

#[test]
fn crossed_histories() {
    // Each laptop merges the other's branch while the other goes on.
    check(
        "a: /q1 = 0; /q2 = 0
         b@chen(a): /q1 = 1
         c@zhou(a): /q2 = 1
         d@chen(b, c): /q1 = 2
         e@zhou(c, b): /q2 = 2",
        expect![[r#"
            /q1 = 2
            /q2 = 2
            status: draft
            heads: d e
            merged by rule: 2
        "#]],
    );
    check(
        "a: /q1 = 0
         b@chen(a): /q1 = 1
         c@zhou(a): /q1 = 2
         d@chen(b, c): /q1 = 3
         e@zhou(b, c): /q1 = 4
         f@chen(d, e): /q2 = 1",
        expect![[r#"
            /q1 ?
            /q2 = 1
            decide /q1: 3 (d) | 4 (e)
            status: draft
            heads: f
        "#]],
    );
}

#[test]
fn a_gap_in_the_history_is_reported_and_closed_by_names() {
    // b is erased, or for other readers: nobody can know that c saw a.
    check(
        "a: /q1 = 1
         c(b): /q1 = 3",
        expect![[r#"
            /q1 ?
            decide /q1: 1 (a) | 3 (c)
            status: draft
            heads: a c
            missing: b
        "#]],
    );
    // Unless c says what it replaces.
    check(
        "a: /q1 = 1
         c(b): /q1 = 3 over a",
        expect![[r#"
            /q1 = 3
            status: draft
            heads: c
            missing: b
        "#]],
    );
}

#[test]
fn who_had_not_got_an_entry_does_not_overrule_it() {
    // c is not on chen's laptop when d is written, though the lead's review r names it.
    let gap = "a: /q = 1; /p = 1
         c@zhou(a): /q = 2
         r@shen(a, c): send back";
    check(
        &format!("{gap}\n d@chen(r): /q = 3; /p = 3; unseen c; stage finalised"),
        expect![[r#"
        /p = 3
        /q ?
        decide /q: 2 (c) | 3 (d), from 1
        status: corrected
        heads: d
    "#]],
    );
    check(
        &format!("{gap}\n d@chen(r): /q = 3; /p = 3; stage finalised"),
        expect![[r#"
        /p = 3
        /q = 3
        status: corrected
        heads: d
    "#]],
    );
    // An approval is not about what the lead had not got.
    check(
        "a: /q = 1; stage finalised\n b@chen(a): /q = 2\n c@chen(b): /p = 1\n r@shen(c): approve",
        expect![[r#"
        /p = 1
        /q = 2
        status: approved
        heads: r
    "#]],
    );
    check(
        "a: /q = 1; stage finalised\n b@chen(a): /q = 2\n c@chen(b): /p = 1\n r@shen(c): approve b",
        expect![[r#"
        /p = 1
        /q = 2
        status: corrected
        heads: r
    "#]],
    );
}

#[test]
fn impossible_circles_give_one_state() {
    check(
        "a(b): /q1 = 1
         b(a): /q1 = 2
         c(b): /q1 = 3",
        expect![[r#"
            /q1 = 3
            status: draft
            heads: a c
            ignored: a entry-impossible
            ignored: b entry-impossible
            merged by rule: 1
        "#]],
    );
}

#[test]
fn what_the_program_fills_in_never_conflicts() {
    check(
        "a: /start ~ 08:00; /q1 ~ 5
         b@chen(a): /end ~ 09:00; /q1 = 6
         c@zhou(a): /end ~ 08:30; /q1 ~ 7",
        expect![[r#"
            /end = 08:30
            /q1 = 6
            /start = 08:00
            status: draft
            heads: b c
            merged by rule: 2
        "#]],
    );
}

#[test]
fn a_row_edited_here_and_removed_there() {
    let both = "a: /r[~1] = 1; /r[~1]/n = 奶奶; /r[f0] = 2; /r[f0]/n = 弟弟; /r[f0]/age = 3
         b@chen(a): /r[f0]/age = 4
         c@zhou(a): /r[f0] =";
    check(
        both,
        expect![[r#"
            /r[f0] = ∅
            /r[f0]/age = 4   in a removed row
            /r[f0]/n = 弟弟   in a removed row
            /r[~1] = 1
            /r[~1]/n = 奶奶
            decide /r[f0]: ∅ (c), but /r[f0]/age = 4 (b); to keep: 2
            status: draft
            heads: b c
        "#]],
    );
    check(
        &format!("{both}\n d@shen(b, c): decide /r[f0] = 2 over b, c"),
        expect![[r#"
        /r[f0] = 2
        /r[f0]/age = 4
        /r[f0]/n = 弟弟
        /r[~1] = 1
        /r[~1]/n = 奶奶
        status: draft
        heads: d
    "#]],
    );
    check(
        &format!("{both}\n d@shen(b, c): decide /r[f0] = over b, c"),
        expect![[r#"
        /r[f0] = ∅
        /r[f0]/age = 4   in a removed row
        /r[f0]/n = 弟弟   in a removed row
        /r[~1] = 1
        /r[~1]/n = 奶奶
        status: draft
        heads: d
    "#]],
    );
}

#[test]
fn a_row_removed_by_somebody_who_had_seen_the_edit() {
    check(
        "a: /r[f0] = 2; /r[f0]/age = 3
         b@chen(a): /r[f0]/age = 4
         c@zhou(b): /r[f0] =
         d@lin(a): /r[f0] =",
        expect![[r#"
            /r[f0] = ∅
            /r[f0]/age = 4   in a removed row
            status: draft
            heads: c d
            merged by rule: 1
        "#]],
    );
}

#[test]
fn a_row_inside_a_removed_row() {
    check(
        "a: /r[f0] = 1
         b@chen(a): /r[f0]/s[e1] = 1; /r[f0]/s[e1]/n = 小满
         c@zhou(a): /r[f0] =",
        expect![[r#"
            /r[f0] = ∅
            /r[f0]/s[e1] = 1   in a removed row
            /r[f0]/s[e1]/n = 小满   in a removed row
            decide /r[f0]: ∅ (c), but /r[f0]/s[e1] = 1 (b), but /r[f0]/s[e1]/n = 小满 (b); to keep: 1
            status: draft
            heads: b c
        "#]],
    );
}

#[test]
fn rows_stand_in_their_order() {
    let state = fold(&history(
        "a: /r[~1]/n = a; /r[f0] = 3; /r[e0] = 2; /r[d0] = 2.5; /r[c0] = 2; /r[b0] = 1
         b(a): /r[b0] = ",
    ));
    let rows: Vec<String> = state.rows("/r").into_iter().map(|row| format!("{} {}", row.order, row.id)).collect();
    assert_eq!(rows, ["1 ~1", "2 c0", "2 e0", "2.5 d0", "3 f0"]);
    assert!(state.rows("/other").is_empty());
}

#[test]
fn stages() {
    check(
        "a: stage draft\n b(a): stage finalised",
        expect![[r#"
        status: finalised
        heads: b
    "#]],
    );
    check(
        "a: stage draft\n b@chen(a): stage finalised\n c@zhou(a): stage paused",
        expect![[r#"
        status: paused, contested
        heads: b c
    "#]],
    );
    check(
        "a: /q = 1; stage finalised\n b@shen(a): approve",
        expect![[r#"
        /q = 1
        status: approved
        heads: b
    "#]],
    );
    check(
        "a: /q = 1; stage finalised\n b@shen(a): send back",
        expect![[r#"
        /q = 1
        status: sent-back
        heads: b
    "#]],
    );
    check(
        "a: /q = 1; stage finalised\n b@shen(a): send back\n c(b): /q = 2; stage finalised",
        expect![[r#"
        /q = 2
        status: corrected
        heads: c
    "#]],
    );
    check(
        "a: /q = 1; stage finalised\n b@shen(a): approve\n c@zhou(a): /q = 2",
        expect![[r#"
        /q = 2
        status: corrected
        heads: b c
        merged by rule: 1
    "#]],
    );
    check(
        "a: /q = 1; stage finalised\n b@shen(a): approve\n c@shen(a): send back",
        expect![[r#"
        /q = 1
        status: sent-back, contested
        heads: b c
    "#]],
    );
    check(
        "a: /q = 1; stage finalised\n b@shen(a): send back\n c@chen(a): /q = 2; stage finalised",
        expect![[r#"
        /q = 2
        status: sent-back, contested
        heads: b c
        merged by rule: 1
    "#]],
    );
    check(
        "a: /q = 1",
        expect![[r#"
        /q = 1
        status: draft
        heads: a
    "#]],
    );
}

#[test]
fn a_hand_over_names_whose_interview_it_is() {
    let state = fold(&history("a@chen: stage handed-over; to zhou"));
    assert_eq!((state.interviewer(), state.status.handed_to()), (Some(person("zhou")), Some(person("zhou"))));
    let state = fold(&history("a@chen: stage handed-over; to zhou\n b@zhou(a): stage draft"));
    assert_eq!((state.interviewer(), state.status.handed_to()), (Some(person("zhou")), None));
    let state = fold(&history("a@chen: /q = 1\n b@zhou(a): /q = 2"));
    assert_eq!(state.interviewer(), Some(person("chen")));
    assert_eq!(state.interviewers, [person("chen"), person("zhou")]);
}

#[test]
fn the_form_version_is_that_of_the_last_sittings() {
    let forms = |text: &str| fold(&history(text)).forms;
    assert_eq!(forms("a: form 1\n b(a): form 2"), [FormHash([2; 32])]);
    assert_eq!(forms("a: form 1\n b(a): form 2\n c(a): form 1"), [FormHash([1; 32]), FormHash([2; 32])]);
    assert_eq!(forms("a: form 3\n b@shen(a): approve"), [FormHash([3; 32])]);
}

#[test]
fn a_field_tells_how_it_came_about() {
    let state = fold(&history(
        "a: /q = home
         b@chen(a): /q = county
         c@zhou(a): /q = province
         d@shen(b, c): decide /q = county over b, c",
    ));
    let told: Vec<String> = state
        .history(&Field::from("/q"))
        .iter()
        .map(|step| {
            let unseen: Vec<String> = step.unseen.iter().map(|e| name(e.as_bytes())).collect();
            let answer = show_answer(&step.write.answer);
            format!(
                "{} {answer} {:?} not seen: {}",
                name(step.write.author.as_bytes()),
                step.write.by,
                unseen.join(" ")
            )
        })
        .collect();
    expect![[r#"
        chen home Answer not seen: 
        chen county Answer not seen: 
        zhou province Answer not seen: b
        shen county Decision not seen: "#]]
    .assert_eq(&told.join("\n"));
}

#[test]
fn a_change_and_a_decision_name_what_they_replace() {
    let state = fold(&history("a: /q = 1\n b@chen(a): /q = 2\n c@zhou(a): /q = 3"));
    assert_eq!(state.change(Field::from("/q"), Answer::of("2")).over, [hash("b"), hash("c")]);
    assert_eq!(state.change(Field::from("/new"), Answer::of("2")).over, []);
    let decision = state.decide(&state.conflicts[0], Answer::of("2"), "问过奶奶");
    assert_eq!((decision.field.as_str(), decision.over), ("/q", vec![hash("b"), hash("c")]));
}

#[test]
fn only_settled_answers_in_live_rows_are_given_on() {
    let state = fold(&history(
        "a: /q1 = 1; /q2 = 2; /q3 = 3; /q4 =; /r[f0] = 1; /r[f0]/n = x; /r[e0] = 2; /r[e0]/n = y; subject 217
         b@chen(a): /q1 = 4; /q2 = 9
         c@zhou(a): /q1 = 5; /r[f0] =",
    ));
    let answers: Vec<String> =
        state.answers().map(|(field, answer)| format!("{field}={}", show_answer(answer))).collect();
    assert_eq!(answers, ["/q2=9", "/q3=3", "/q4=∅", "/r[e0]=2", "/r[e0]/n=y", "/r[f0]=∅"]);
}

/// What was begun for practice stays so, and nobody makes practice of what another wrote.
#[test]
fn practice_is_what_was_begun_as_practice() {
    #[track_caller]
    fn practice(text: &str, expected: bool) {
        let entries = history(text);
        assert_eq!(fold(&entries).practice, expected);
        let backwards: Vec<Opened> = entries.iter().rev().cloned().collect();
        assert_eq!(fold(&backwards).practice, expected);
    }
    practice("a: /q = 1", false);
    practice("a: practice; /q = 1", true);
    practice("a: practice; /q = 1\nb@zhou(a): /q = 2\nc@shen(b): approve", true);
    practice("a: /q = 1\nb@zhou(a): practice; /q = 2", false);
    practice("a: practice; /q = 1\nb@zhou: practice; /q = 2", true);
    practice("a: /q = 1\nb@zhou: practice; /q = 2", false);
    practice("a@shen: approve", false);
}
