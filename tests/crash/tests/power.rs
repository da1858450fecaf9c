//! A part of the search on every test run; `cargo xtask crash` does the whole. And the search itself: on a laptop that is
//! weaker than it should be, it must find losses.

use std::path::Path;
use std::process::Command;

use tianye_crash::acts::{ACTS, Act};
use tianye_crash::explore::{Found, Search, explore};
use tianye_crash::recorder::{Fault, Kind, Planned, Weakness};
use tianye_crash::stage::Played;
use tianye_crash::{faults, kill};

fn act(name: &str) -> &'static Act {
    ACTS.iter().find(|act| act.name == name).expect("an act of that name")
}

fn search(act: &Act, states: usize, weakness: Weakness) -> Found {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    explore(act, Search { seed: 2017, states, weakness, threads, only: None }).expect("the act on a whole disk")
}

#[test]
fn no_power_cut_loses_what_was_confirmed() {
    for act in ACTS {
        let found = search(act, 40, Weakness::None);
        assert!(found.lost.is_empty(), "{}", found.lost.join("\n\n"));
        assert!(found.states >= 40, "{}: only {} distinct disks", act.name, found.states);
    }
}

#[test]
fn a_search_for_no_state_ends_and_opens_none() {
    assert_eq!(search(act("answer"), 0, Weakness::None).states, 0);
}

#[test]
fn a_weaker_laptop_is_seen_to_lose() {
    #[track_caller]
    fn check(name: &str, weakness: Weakness, what: &str) {
        let found = search(act(name), 400, weakness);
        let story = found.lost.iter().find(|story| story.contains(what));
        assert!(story.is_some(), "{name}, {weakness:?}: {} states, no story of {what}: {:?}", found.states, found.lost);
    }
    check("answer", Weakness::Normal, "than was confirmed");
    check("answer", Weakness::NoSync("store.db-wal"), "than was confirmed");
    check("finalise", Weakness::NoSync("safety/box"), "the black box lacks");
    check("attach", Weakness::NoSync("chunks"), "chunk");
    check("attach", Weakness::NoSyncDir("chunks"), "a chunk that was confirmed is lost");
    check("make a store", Weakness::NoSyncDir(""), "unlocking");
    check("keep snapshots", Weakness::NoSync("snapshots"), "copy");
    check("keep snapshots", Weakness::NoSyncDir("snapshots"), "snapshots/");
    check("recover", Weakness::NoSync("store.db.new"), "than was confirmed");
    check("recover", Weakness::NoSyncDir(""), "the damaged database is gone");
}

#[test]
fn a_failing_disk_is_told_and_loses_nothing() {
    for act in ACTS {
        let found = faults::strike(act, 2017, 14).expect("the act on a whole disk");
        assert!(found.lost.is_empty(), "{}", found.lost.join("\n\n"));
        assert!(found.faults > 6 && found.refused > 0, "{}: {found:?}", act.name);
    }
}

#[test]
fn what_a_failing_disk_once_lost_it_loses_no_more() {
    #[track_caller]
    fn check(name: &str, fault: Fault, kind: Kind, every: usize, lasting: bool) {
        let whole = Played::new(act(name), 2017, Weakness::None, None).expect("the act on a whole disk");
        let calls = whole.asked.iter().enumerate().filter(|(_, asked)| **asked == kind).map(|(at, _)| at);
        let found: Vec<_> =
            calls.step_by(every).map(|at| faults::one(act(name), 2017, Planned { at, fault, lasting })).collect();
        assert!(found.len() > 3 && found.iter().all(Result::is_ok), "{name}: {found:?}");
    }
    // A page that could not be read once was called damage, and the connection refused every page from then on.
    check("answer", Fault::Broken, Kind::Read, 40, false);
    // The switch to the log failed unseen: answers were confirmed that a journal took back when the power went.
    check("go on with a copy", Fault::Broken, Kind::Sync, 1, false);
    // What the disk had refused to make durable stood in the log all the same when the program was opened again, and what
    // was confirmed from then on stood on it: the power took both.
    check("bring forward from layout 1", Fault::Broken, Kind::Sync, 1, true);
    check("come back", Fault::Broken, Kind::Sync, 1, true);
}

fn child(dir: &Path, batch: &Path, seed: u64) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_crash"));
    command.arg("live").arg(dir).arg(batch).arg(seed.to_string());
    command
}

#[test]
fn a_killed_program_loses_nothing_confirmed() {
    let found = kill::kill(2017, 20, &child).expect("the child lives until it is killed");
    assert!(found.lost.is_empty(), "{}", found.lost.join("\n\n"));
    assert_eq!(found.rounds, 20);
    assert!(found.steps > 40, "{} steps", found.steps);
}

#[test]
fn a_program_that_is_killed_while_it_brings_an_older_store_forward_loses_nothing_of_it() {
    let found = kill::kill_bringing_forward(2017, 20, &child).expect("a child that starts");
    assert!(found.lost.is_empty(), "{}", found.lost.join("\n\n"));
    assert_eq!(found.rounds, 20);
    assert!(found.steps >= 20, "{} things were there", found.steps);
}
