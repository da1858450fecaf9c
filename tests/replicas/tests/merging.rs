//! Whatever happens on the way, everybody ends with the same state, and it is the one that follows from what was written.

use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use tianye_replicas::act::Way;
use tianye_replicas::{Act, Program, live, programs};

/// How many programs: `TIANYE_PROGRAMS`, or what a test run has time for.
fn config() -> ProptestConfig {
    let cases = std::env::var("TIANYE_PROGRAMS").ok().and_then(|number| number.parse().ok()).unwrap_or(32);
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
