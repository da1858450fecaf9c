//! One child with two cards: found, compared, linked, kept apart, and taken back.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

mod common;

use common::{begin, finish, say, set_up};
use tianye_desk::Desk;
use tianye_desk::view::{DuplicatesView, PairAct, PairInput, PairOf, PairState, PairView};

fn input(pair: &PairView, act: PairAct) -> PairInput {
    PairInput {
        records: pair.sides.iter().map(|side| side.record.clone()).collect(),
        act,
        leading: pair.sides[0].record.clone(),
        reason: "问过班主任".into(),
        names: pair.words.iter().filter(|word| word.current).map(|word| word.entry.clone()).collect(),
    }
}

fn found(desk: &Desk) -> DuplicatesView {
    desk.duplicates("zh-CN").unwrap()
}

fn codes(pair: &PairView) -> Vec<&str> {
    let mut codes: Vec<&str> = pair.sides.iter().map(|side| side.code.as_str()).collect();
    codes.sort_unstable();
    codes
}

/// Both interviewers meet the same child and neither finds it in the list.
fn two_cards() -> (common::Field, Desk, Desk, Desk) {
    let (field, mut lead, mut chen, mut zhou) = set_up();
    for (desk, code) in [(&mut chen, "W01"), (&mut zhou, "W02")] {
        begin(desk, code);
        say(desk, "/family/say", "我想妈妈");
        finish(desk);
        desk.sync().unwrap();
    }
    lead.sync().unwrap();
    (field, lead, chen, zhou)
}

#[test]
fn a_child_with_two_cards_is_proposed_linked_and_unlinked() {
    let (_field, mut lead, mut chen, _zhou) = two_cards();
    let view = found(&lead);
    let pair = view.open.iter().find(|pair| codes(pair) == ["W01", "W02"]).unwrap();
    assert_eq!((pair.of, pair.state), (PairOf::Respondents, PairState::Candidate));
    let reasons: Vec<&str> = pair.reasons.iter().map(|reason| reason.code.as_str()).collect();
    assert_eq!(reasons, ["name-same", "class-same"]);
    let marks: Vec<(&str, &str)> = pair.rows.iter().map(|row| (row.code.as_str(), row.mark.as_str())).collect();
    assert!(marks.contains(&("name", "name-same")) && marks.contains(&("code", "differs")), "{marks:?}");
    assert!(pair.rows.iter().any(|row| row.values == ["小满 Xiǎomǎn", "小满 Xiǎomǎn"]));
    assert!(pair.sides.iter().all(|side| side.records.len() == 1 && !side.author.is_empty()));

    lead.rule_pair(&input(pair, PairAct::Linked)).unwrap();
    let view = found(&lead);
    assert!(view.open.iter().all(|pair| pair.of == PairOf::Interviews || codes(pair) != ["W01", "W02"]));
    let linked = view.judged.iter().find(|pair| pair.state == PairState::Linked).unwrap();
    assert_eq!(linked.leading, linked.sides[0].record);
    assert_eq!(linked.words[0].reason, "问过班主任");
    // The same form was filled twice with what is one child now: which of the two counts is another question.
    let twice = view.open.iter().find(|pair| pair.of == PairOf::Interviews).unwrap();
    assert_eq!(codes(twice), ["W01", "W02"]);
    assert_eq!(twice.rows.iter().map(|row| row.mark.as_str()).next(), Some("same"));

    // What somebody said meanwhile must be seen first.
    assert_eq!(lead.rule_pair(&input(pair, PairAct::Apart)).unwrap_err().code, "pair-changed");
    let linked = input(linked, PairAct::Open);
    // The interviewers read it, and may not write it.
    lead.sync().unwrap();
    chen.sync().unwrap();
    assert_eq!(found(&chen).judged.len(), 1);
    assert_eq!(chen.rule_pair(&linked).unwrap_err().code, "no-right");

    lead.rule_pair(&linked).unwrap();
    let view = found(&lead);
    assert_eq!(view.judged.len(), 0);
    let again = view.open.iter().find(|pair| codes(pair) == ["W01", "W02"]).unwrap();
    assert_eq!((again.of, again.words.len()), (PairOf::Respondents, 2));
    lead.rule_pair(&input(again, PairAct::Apart)).unwrap();
    assert!(found(&lead).open.iter().all(|pair| codes(pair) != ["W01", "W02"]), "kept apart for good");
    assert_eq!(found(&lead).judged[0].state, PairState::Apart);
}

#[test]
fn which_of_two_interviews_counts_is_decided_too() {
    let (_field, mut lead, _chen, _zhou) = two_cards();
    let pair = found(&lead).open.into_iter().find(|pair| codes(pair) == ["W01", "W02"]).unwrap();
    lead.rule_pair(&input(&pair, PairAct::Linked)).unwrap();
    let twice = found(&lead).open.into_iter().find(|pair| pair.of == PairOf::Interviews).unwrap();
    lead.rule_pair(&input(&twice, PairAct::Linked)).unwrap();
    let view = found(&lead);
    assert!(view.open.iter().all(|pair| pair.of == PairOf::Respondents));
    assert_eq!(view.judged.len(), 2);
}

#[test]
fn what_cannot_be_said_is_refused() {
    let (_field, mut lead, _chen, _zhou) = two_cards();
    let pair = found(&lead).open.into_iter().find(|pair| codes(pair) == ["W01", "W02"]).unwrap();
    let right = || input(&pair, PairAct::Linked);
    let refused = |lead: &mut Desk, input: PairInput| lead.rule_pair(&input).unwrap_err().code;
    assert_eq!(refused(&mut lead, PairInput { reason: " 　".into(), ..right() }), "reason-missing");
    assert_eq!(refused(&mut lead, PairInput { reason: "长".repeat(2001), ..right() }), "too-long");
    assert_eq!(refused(&mut lead, PairInput { act: PairAct::Open, ..right() }), "pair-open");
    let one = right().records[0].clone();
    assert_eq!(refused(&mut lead, PairInput { records: vec![one.clone(), one.clone()], ..right() }), "pair-not-two");
    let interview = pair.sides[1].records[0].id.clone();
    assert_eq!(refused(&mut lead, PairInput { leading: interview.clone(), ..right() }), "pair-leading");
    assert_eq!(refused(&mut lead, PairInput { records: vec![one.clone(), interview], ..right() }), "pair-mixed");
    let nobody = "00000000-0000-4000-8000-000000000000".to_owned();
    assert_eq!(refused(&mut lead, PairInput { records: vec![one, nobody], ..right() }), "unknown-interview");
}

/// An interviewer erases what is theirs alone; a lead's word that it was another one too is left to a lead's laptop.
#[test]
fn a_word_about_an_interview_that_its_author_erases_goes_with_it_everywhere() {
    let (_field, mut lead, mut chen, mut zhou) = two_cards();
    let pair = found(&lead).open.into_iter().find(|pair| codes(pair) == ["W01", "W02"]).unwrap();
    lead.rule_pair(&input(&pair, PairAct::Linked)).unwrap();
    let twice = found(&lead).open.into_iter().find(|pair| pair.of == PairOf::Interviews).unwrap();
    lead.rule_pair(&input(&twice, PairAct::Linked)).unwrap();
    let meet = |lead: &mut Desk, chen: &mut Desk, zhou: &mut Desk| {
        for _ in 0..2 {
            for desk in [&mut *chen, &mut *lead, &mut *zhou] {
                desk.sync().unwrap();
            }
        }
    };
    meet(&mut lead, &mut chen, &mut zhou);
    let own = chen.records("zh-CN").unwrap().into_iter().find(|card| card.code == "W01").unwrap().id;
    chen.correct_interview(&own, "zh-CN").unwrap();
    chen.stop_interview(false, "zh-CN").unwrap();
    meet(&mut lead, &mut chen, &mut zhou);
    for desk in [&lead, &chen, &zhou] {
        assert!(found(desk).judged.iter().all(|pair| pair.of == PairOf::Respondents));
        assert!(desk.sync_state().unwrap().misfits.is_empty(), "nobody wrote what they may not");
    }
}
