//! kill -9, full disks: what was confirmed is there afterwards. The tests start this program again as a child.

#![allow(clippy::unwrap_used, reason = "helpers of tests may")]
#![allow(clippy::redundant_closure_for_method_calls, reason = "`View` has a lifetime that a path cannot name")]

mod common;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use common::{PASSPHRASE, World, at, body, draft, record};
use tianye_journal::Index;
use tianye_store::{KdfCost, Op, Passphrase, Store, Unlock, read_black_box};

const DIR: &str = "TIANYE_STORE_TEST_DIR";
const FROM: &str = "TIANYE_STORE_TEST_FROM";
const OTHER: &str = "another passphrase";

fn unlock(dir: &Path, passphrase: &str) -> tianye_store::Result<Store> {
    Store::unlock(dir, Unlock::Passphrase(&Passphrase::new(passphrase)), 7)
}

/// The folder to work in, in a child; `None` in the ordinary run of the tests.
fn child_dir() -> Option<PathBuf> {
    std::env::var_os(DIR).map(PathBuf::from)
}

fn child(test: &str, dir: &Path, from: usize) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([test, "--exact", "--nocapture"]).env(DIR, dir).env(FROM, from.to_string());
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

/// The words that a child says after `said `, line by line.
fn words(child: &mut Child) -> impl Iterator<Item = String> + use<> {
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    lines.filter_map(|line| Some(line.split_once("said ")?.1.to_owned()))
}

/// A store with a draft; locked.
fn prepared(data: &Path) -> (World, PathBuf) {
    let mut world = World::new(61);
    let store = world.store(data);
    store.transact(Op::Draft, |tx| tx.start_draft(&draft(record(1)), at(0))).unwrap();
    (world, store.dir().to_owned())
}

/// Saves answer `n`; with every fifth, the draft is sealed into an entry in the same step.
fn save(store: &Store, n: usize) -> tianye_store::Result<()> {
    store.transact(Op::Answer, |tx| {
        let answer = format!(r#"{{"v":"{n} {}"}}"#, "答".repeat(n % 700));
        tx.put_answer(record(1), &format!("/q{n}"), &answer, at(0))?;
        tx.put_position(record(1), &format!("/q{}", n + 1))?;
        if n.is_multiple_of(5) {
            let hash = tx.append_own(&body(record(1), &[], &format!(r#"{{"n":{n}}}"#)))?;
            tx.mark_sealed(record(1), hash)?;
        }
        Ok(())
    })
}

/// Every answer and entry from 1 to `confirmed` is there, whole, and nothing is half there.
#[track_caller]
fn assert_holds(world: &World, store: &Store, confirmed: usize) -> usize {
    store.check().unwrap();
    let answers = store.read(|view| view.answers(record(1))).unwrap();
    assert!(answers.len() >= confirmed, "{} answers of {confirmed} confirmed", answers.len());
    for (n, answer) in (1..).zip(&answers) {
        assert_eq!(answer.path, format!("/q{n}"));
    }
    let entries = store.read(|view| view.entries_of(record(1))).unwrap();
    assert_eq!(entries.len(), answers.len() / 5, "an answer and its entry are one step");
    let position = store.read(|view| view.draft(record(1))).unwrap().unwrap().position;
    assert_eq!(position, Some(format!("/q{}", answers.len() + 1)).filter(|_| !answers.is_empty()));
    let travelling = common::everything(store);
    assert_eq!(store.black_box_trouble(), None);
    assert_eq!(read_black_box(&store.black_box_path()).unwrap(), travelling);
    let outcome = tianye_journal::verify_run(&world.trust(), &Index::default(), travelling);
    assert_eq!((outcome.set_aside.len(), outcome.forks.len()), (0, 0));
    answers.len()
}

#[test]
fn child_that_saves() {
    let Some(dir) = child_dir() else { return };
    let from: usize = std::env::var(FROM).unwrap().parse().unwrap();
    let store = unlock(&dir, PASSPHRASE).unwrap();
    for n in from.. {
        match save(&store, n) {
            Ok(()) => println!("said {n}"),
            Err(error) => {
                println!("said {}", error.code());
                return;
            }
        }
    }
}

#[test]
fn child_that_changes_its_passphrase() {
    let Some(dir) = child_dir() else { return };
    let (mut now, mut next) = (PASSPHRASE, OTHER);
    let store = unlock(&dir, now).unwrap_or_else(|_| {
        std::mem::swap(&mut now, &mut next);
        unlock(&dir, now).unwrap()
    });
    loop {
        store.change_passphrase(&Passphrase::new(now), &Passphrase::new(next), KdfCost::insecure_for_tests()).unwrap();
        std::mem::swap(&mut now, &mut next);
        println!("said {now}");
    }
}

#[test]
fn a_killed_program_loses_nothing_confirmed() {
    let data = tempfile::tempdir().unwrap();
    let (world, dir) = prepared(data.path());
    let mut there = 0;
    for round in 0..12 {
        let mut child = child("child_that_saves", &dir, there + 1).spawn().unwrap();
        // Each round is killed after another number of answers, the third right at its beginning.
        let confirmed = words(&mut child).take(1 + round * 13 % 40).last().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        let store = unlock(&dir, PASSPHRASE).unwrap();
        there = assert_holds(&world, &store, confirmed.parse().unwrap());
    }
    assert!(there >= 100, "{there} answers in all");
}

#[test]
fn a_killed_change_of_passphrase_leaves_one_that_opens() {
    let data = tempfile::tempdir().unwrap();
    let (_world, dir) = prepared(data.path());
    for round in 0..8 {
        let mut child = child("child_that_changes_its_passphrase", &dir, 0).spawn().unwrap();
        let confirmed = words(&mut child).take(1 + round * 7).last().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        let other = if confirmed == OTHER { PASSPHRASE } else { OTHER };
        // Killed after this one was confirmed: it opens, or the next change had gone through already.
        assert_ne!(unlock(&dir, &confirmed).is_ok(), unlock(&dir, other).is_ok(), "exactly one of two opens");
    }
}

/// The child may write no file beyond a size: to it the disk refuses, at another file and step each time.
#[cfg(unix)]
#[test]
fn a_refusing_disk_is_told_and_loses_nothing_confirmed() {
    let data = tempfile::tempdir().unwrap();
    let (world, dir) = prepared(data.path());
    let mut there = 0;
    // In blocks of 512 bytes.
    for blocks in [900, 1100, 1500, 2300] {
        let script = format!(r#"trap "" XFSZ; ulimit -f {blocks}; exec "$0" "$@""#);
        let mut child = shell(&["sh", "-c", &script], &child("child_that_saves", &dir, there + 1)).spawn().unwrap();
        let said: Vec<String> = words(&mut child).collect();
        child.wait().unwrap();
        assert_eq!(said.last().map(String::as_str), Some("disk"), "{blocks} blocks");
        let confirmed = said.iter().rev().nth(1).map_or(there, |n| n.parse().unwrap());
        // The disk obeys again: everything is there, and it goes on.
        let store = unlock(&dir, PASSPHRASE).unwrap();
        there = assert_holds(&world, &store, confirmed);
        save(&store, there + 1).unwrap();
        there += 1;
    }
}

/// A disk of 2 MiB, in memory, that this test alone sees. Where the system lets nobody make one, it is left out.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_and_loses_nothing_confirmed() {
    let data = tempfile::tempdir().unwrap();
    let script = format!(r#"mount -t tmpfs -o size=2m tmpfs "${DIR}" && echo said mounted && exec "$0" "$@""#);
    let own_mounts = ["unshare", "-rm", "sh", "-c", &script];
    let spawned = shell(&own_mounts, &child("child_that_fills_the_disk", data.path(), 0)).spawn();
    let said: Vec<String> = spawned.map(|mut child| words(&mut child).collect()).unwrap_or_default();
    if said.is_empty() {
        println!("left out: this system lets no test mount a small disk of its own");
        return;
    }
    assert_eq!(said, ["mounted", "disk-full", "fine"]);
}

#[test]
fn child_that_fills_the_disk() {
    let Some(data) = child_dir() else { return };
    let filler = data.join("filler");
    std::fs::write(&filler, vec![0; 600_000]).unwrap();
    let (world, dir) = prepared(&data);
    let store = unlock(&dir, PASSPHRASE).unwrap();
    let (confirmed, error) = (1..).find_map(|n| save(&store, n).err().map(|error| (n - 1, error))).unwrap();
    println!("said {}", error.code());
    assert!(confirmed > 10, "{confirmed}");
    std::fs::remove_file(&filler).unwrap();
    // In the same program, and after it was started again.
    save(&store, confirmed + 1).unwrap();
    assert_holds(&world, &store, confirmed + 1);
    drop(store);
    assert_holds(&world, &unlock(&dir, PASSPHRASE).unwrap(), confirmed + 1);
    println!("said fine");
}

/// `program`, run by the words of `shell`.
#[cfg(unix)]
fn shell(shell: &[&str], program: &Command) -> Command {
    let mut command = Command::new(shell[0]);
    command.args(&shell[1..]).arg(program.get_program()).args(program.get_args());
    command.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    command
}
