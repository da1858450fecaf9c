//! Whatever happens on the way, everybody ends with the same state, and it is the one that follows from what was written.

use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use tianye_replicas::act::Way;
use tianye_replicas::{Act, Deed, Program, live, programs};

/// How many programs: `TIANYE_CASES`, or what a test run has time for.
fn config() -> ProptestConfig {
    let cases = std::env::var("TIANYE_CASES").ok().and_then(|number| number.parse().ok()).unwrap_or(32);
    ProptestConfig {
        cases,
        max_shrink_iters: 300,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct("tests/seeds.txt"))),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn everybody_ends_with_what_was_written(program in programs(70)) {
        if let Err(why) = live(&program) {
            return Err(TestCaseError::fail(why));
        }
    }
}

/// What was found once is lived again on every run.
#[track_caller]
fn check(leads: u8, interviewers: u8, shared: u8, acts: &[Act]) {
    for by_hub in [true, false] {
        let program = Program { leads, interviewers, shared, by_hub, acts: acts.to_vec() };
        if let Err(why) = live(&program) {
            panic!("{program:?}{why}");
        }
    }
}

#[test]
fn an_erased_answer_does_not_show_the_others_to_the_team() {
    check(
        1,
        2,
        1,
        &[
            Act::Sit { at: 2, record: 0, question: 0, answer: 0, stage: 0 },
            Act::Receive { at: 0, way: Way::Pieces { from: 2, drops: 0, order: 0 } },
            Act::EraseAnswers { at: 0, record: 0, question: 0 },
        ],
    );
}

#[test]
fn what_was_erased_on_a_disk_that_was_put_back_is_no_riddle() {
    check(
        2,
        2,
        0,
        &[
            Act::Copy { at: 1 },
            Act::Begin { at: 1, question: 0, answer: 0 },
            Act::EraseRecord { at: 1, record: 0 },
            Act::Receive { at: 0, way: Way::Pieces { from: 1, drops: 4, order: 48 } },
            Act::PutBack { at: 1 },
        ],
    );
}

#[test]
fn a_lead_does_not_overrule_what_had_not_come() {
    check(
        1,
        2,
        1,
        &[
            Act::Sit { at: 1, record: 0, question: 0, answer: 2, stage: 0 },
            Act::Receive { at: 2, way: Way::Pieces { from: 1, drops: 0, order: 0 } },
            Act::Sit { at: 2, record: 0, question: 2, answer: 1, stage: 0 },
            // The second interviewer's chain without the first one's.
            Act::Receive { at: 0, way: Way::Pieces { from: 2, drops: 1 << 1, order: 1 } },
            Act::Sit { at: 0, record: 0, question: 0, answer: 3, stage: 0 },
        ],
    );
}

#[test]
fn an_erased_answer_does_not_come_back_by_an_old_stick_or_an_old_copy() {
    check(
        1,
        2,
        1,
        &[
            Act::Sit { at: 1, record: 0, question: 0, answer: 2, stage: 2 },
            Act::Receive { at: 0, way: Way::Stick { from: 1, only_news: false, cut: Some(90) } },
            Act::Copy { at: 0 },
            Act::EraseRecord { at: 0, record: 0 },
            Act::Receive { at: 0, way: Way::OldStick(0) },
            Act::Receive { at: 1, way: Way::Pieces { from: 0, drops: 0, order: 2 } },
            Act::CarryOut { at: 1 },
            Act::PutBack { at: 0 },
            Act::Clone { at: 1 },
        ],
    );
}

#[test]
fn forks_of_an_interviewer_and_of_a_lead_lose_nothing() {
    check(
        1,
        2,
        2,
        &[
            Act::Clone { at: 1 },
            Act::Clone { at: 0 },
            Act::Sit { at: 1, record: 0, question: 0, answer: 2, stage: 2 },
            Act::Sit { at: 3, record: 0, question: 0, answer: 3, stage: 1 },
            Act::Review { at: 0, record: 0, approve: true },
            Act::Review { at: 1, record: 0, approve: false },
            Act::Receive { at: 1, way: Way::Hub { breaks_after: Some(5) } },
            Act::Receive { at: 3, way: Way::Hub { breaks_after: None } },
            Act::Receive { at: 0, way: Way::Hub { breaks_after: None } },
            Act::Sit { at: 3, record: 1, question: 1, answer: 1, stage: 2 },
            Act::Decide { at: 0, record: 0, side: 0 },
        ],
    );
}

#[test]
fn the_file_of_an_answer_still_comes_when_another_answer_of_its_entry_is_erased() {
    check(
        1,
        2,
        1,
        &[
            Act::Attach { at: 1, record: 0, question: 0 },
            // The words without the file.
            Act::Receive { at: 0, way: Way::Pieces { from: 1, drops: 0, order: 0 } },
            Act::EraseAnswers { at: 0, record: 0, question: 1 },
            Act::Receive { at: 1, way: Way::Pieces { from: 0, drops: 0, order: 0 } },
            Act::CarryOut { at: 1 },
        ],
    );
}

#[test]
fn an_erased_file_goes_and_does_not_come_back_from_an_old_copy() {
    check(
        1,
        2,
        1,
        &[
            Act::Attach { at: 1, record: 0, question: 0 },
            Act::Receive { at: 0, way: Way::Stick { from: 1, only_news: false, cut: None } },
            Act::Copy { at: 1 },
            Act::EraseAnswers { at: 0, record: 0, question: 0 },
            Act::Receive { at: 1, way: Way::Hub { breaks_after: None } },
            Act::CarryOut { at: 1 },
            Act::PutBack { at: 1 },
        ],
    );
}

#[test]
fn what_a_revoked_laptop_wrote_later_waits_until_it_is_accepted() {
    let revoked = [
        Act::Sit { at: 1, record: 0, question: 0, answer: 2, stage: 2 },
        Act::Clone { at: 1 },
        Act::Receive { at: 0, way: Way::Pieces { from: 1, drops: 0, order: 0 } },
        Act::Revoke { at: 0, who: 0 },
        Act::Sit { at: 1, record: 0, question: 1, answer: 3, stage: 3 },
        Act::Sit { at: 3, record: 0, question: 0, answer: 1, stage: 1 },
        Act::EraseAnswers { at: 0, record: 0, question: 0 },
    ];
    check(1, 2, 1, &revoked);
    let accepted =
        [Act::Receive { at: 0, way: Way::Pieces { from: 1, drops: 0, order: 0 } }, Act::Revoke { at: 0, who: 0 }];
    check(1, 2, 1, &[revoked.as_slice(), &accepted].concat());
}

#[test]
fn the_word_of_a_revoked_laptop_that_it_carried_an_erasure_out_has_no_effect_and_is_told() {
    check(
        1,
        2,
        0,
        &[
            Act::Begin { at: 2, question: 0, answer: 1 },
            Act::Receive { at: 0, way: Way::Pieces { from: 2, drops: 0, order: 0 } },
            // Two laptops of the lead: one erases, the other revokes, and the word of the erasure comes first.
            Act::Clone { at: 0 },
            Act::EraseRecord { at: 0, record: 0 },
            Act::Revoke { at: 1, who: 1 },
        ],
    );
}

#[test]
fn a_row_that_one_takes_away_and_another_fills_in_waits_for_a_person() {
    let apart = [
        Act::AddRow { at: 1, record: 0, answer: 1 },
        Act::Receive { at: 2, way: Way::Pieces { from: 1, drops: 0, order: 0 } },
        Act::AddRow { at: 2, record: 0, answer: 2 },
        Act::RemoveRow { at: 1, record: 0, row: 1 },
        Act::InRow { at: 2, record: 0, row: 1, answer: 3 },
        Act::Receive { at: 0, way: Way::Pieces { from: 1, drops: 0, order: 0 } },
        Act::Receive { at: 0, way: Way::Pieces { from: 2, drops: 0, order: 0 } },
    ];
    check(1, 2, 1, &apart);
    let decided = [Act::Decide { at: 0, record: 0, side: 1 }, Act::TakeBack { at: 0, record: 0, decision: 0 }];
    check(1, 2, 1, &[apart.as_slice(), &decided].concat());
}

#[test]
fn what_a_family_takes_back_on_one_laptop_holds_against_a_yes_on_another() {
    check(
        1,
        2,
        0,
        &[
            Act::Consent { at: 0, card: 0, word: 0 },
            Act::Receive { at: 1, way: Way::Pieces { from: 0, drops: 0, order: 0 } },
            Act::Consent { at: 1, card: 0, word: 1 },
            Act::Consent { at: 0, card: 0, word: 0 },
            Act::Receive { at: 0, way: Way::Stick { from: 1, only_news: true, cut: Some(128) } },
            Act::Consent { at: 0, card: 0, word: 2 },
        ],
    );
}

#[test]
fn a_recovered_laptop_is_cloned_and_all_go_on() {
    check(
        1,
        2,
        1,
        &[
            Act::Sit { at: 2, record: 0, question: 0, answer: 0, stage: 0 },
            Act::Snapshot { at: 2 },
            Act::Sit { at: 2, record: 0, question: 1, answer: 1, stage: 0 },
            Act::Recover { at: 2 },
            Act::Clone { at: 2 },
            Act::Sit { at: 2, record: 0, question: 2, answer: 2, stage: 0 },
            Act::Sit { at: 3, record: 0, question: 2, answer: 3, stage: 0 },
        ],
    );
}

#[test]
fn what_follows_an_entry_that_only_a_disk_put_back_had_goes_on_waiting() {
    check(
        1,
        2,
        1,
        &[
            Act::Sit { at: 2, record: 0, question: 0, answer: 0, stage: 0 },
            Act::Copy { at: 2 },
            Act::Sit { at: 2, record: 0, question: 1, answer: 1, stage: 0 },
            Act::Sit { at: 2, record: 0, question: 2, answer: 2, stage: 0 },
            // Of its three entries the second is dropped, each time that it is sent.
            Act::Receive { at: 1, way: Way::Pieces { from: 2, drops: 18, order: 0 } },
            Act::PutBack { at: 2 },
            Act::Sit { at: 2, record: 0, question: 1, answer: 3, stage: 0 },
        ],
    );
}

#[test]
fn an_own_erasure_that_is_taken_back_stays_carried_out() {
    let deed = |deed| Act::Insider { at: 0, record: 0, question: 0, deed };
    let receive = |at, from| Act::Receive { at, way: Way::Pieces { from, drops: 0, order: 0 } };
    // The one lead has dropped the answer before the interviewer takes the erasure back; the other hears of both at once.
    let acts = [
        receive(2, 0),
        Act::Sit { at: 2, record: 0, question: 0, answer: 3, stage: 2 },
        receive(0, 2),
        receive(1, 2),
        deed(Deed::EraseOwn),
        receive(0, 2),
        Act::CarryOut { at: 0 },
        deed(Deed::EraseBack),
        receive(1, 2),
    ];
    check(2, 1, 1, &acts);
}

/// The answer goes into a report first, then the recording of the same sitting, before its author has heard from the lead.
#[test]
fn a_file_goes_with_an_own_erasure_though_the_lead_has_dropped_its_entry() {
    let deed = |question, deed| Act::Insider { at: 0, record: 0, question, deed };
    let receive = |at, from| Act::Receive { at, way: Way::Stick { from, only_news: false, cut: None } };
    let acts = [
        receive(1, 0),
        Act::Open { at: 1, record: 0 },
        Act::Attach { at: 1, record: 0, question: 0 },
        Act::Sit { at: 1, record: 0, question: 1, answer: 3, stage: 2 },
        receive(0, 1),
        deed(1, Deed::EraseOwn),
        receive(0, 1),
        Act::CarryOut { at: 0 },
        deed(0, Deed::EraseOwn),
        receive(0, 1),
        Act::CarryOut { at: 0 },
    ];
    check(1, 1, 1, &acts);
}

/// Heads are equal where an entry came without its words, and the erasure that took them has not come yet.
#[test]
fn who_awaits_an_erasure_is_not_at_an_end() {
    let acts = [
        Act::Begin { at: 6, question: 0, answer: 0 },
        Act::Sit { at: 4, record: 0, question: 0, answer: 0, stage: 0 },
        Act::Receive { at: 1, way: Way::Pieces { from: 20, drops: 28, order: 0 } },
        Act::Attach { at: 4, record: 0, question: 1 },
        Act::RemoveRow { at: 0, record: 0, row: 0 },
        Act::HandOver { at: 6, record: 0, to: 0 },
        Act::EraseAnswers { at: 6, record: 0, question: 0 },
        Act::Receive { at: 3, way: Way::Pieces { from: 144, drops: 74, order: 104 } },
    ];
    check(2, 2, 1, &acts);
}

#[test]
fn what_a_changed_program_writes_has_the_effect_that_it_has_a_right_to() {
    let deed = |number: usize, deed: Deed| {
        let number = u8::try_from(number).unwrap();
        Act::Insider { at: number, record: 0, question: number % 2, deed }
    };
    let deeds: Vec<Act> = Deed::ALL.into_iter().enumerate().map(|(number, one)| deed(number, one)).collect();
    let before = [
        Act::Attach { at: 0, record: 0, question: 0 },
        Act::Sit { at: 1, record: 0, question: 0, answer: 2, stage: 0 },
        Act::Receive { at: 2, way: Way::Pieces { from: 1, drops: 0, order: 0 } },
        Act::Receive { at: 2, way: Way::Pieces { from: 0, drops: 0, order: 0 } },
        Act::Receive { at: 1, way: Way::Pieces { from: 0, drops: 0, order: 0 } },
    ];
    let after = [
        Act::Receive { at: 0, way: Way::Pieces { from: 1, drops: 0, order: 0 } },
        Act::Receive { at: 0, way: Way::Pieces { from: 2, drops: 0, order: 0 } },
        Act::EraseAnswers { at: 0, record: 0, question: 0 },
        Act::Sit { at: 0, record: 0, question: 1, answer: 1, stage: 2 },
        Act::CarryOut { at: 1 },
    ];
    check(1, 2, 1, &[&before[..], &deeds, &after].concat());
    check(1, 2, 1, &[&before[..], &deeds, &after[..2], &[Act::EraseRecord { at: 0, record: 0 }]].concat());
}
