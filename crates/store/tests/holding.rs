//! One program at a time: real processes, one of which holds the store.

#![allow(clippy::unwrap_used, reason = "helpers of tests may")]

mod common;

use std::io::{BufRead, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use common::{PASSPHRASE, World};
use tianye_store::{Error, Holder, Passphrase, Store, Unlock};

const DIR: &str = "TIANYE_STORE_TEST_HELD";
const SINCE: i64 = 1_492_000_000_000;

fn unlock(dir: &Path) -> tianye_store::Result<Store> {
    Store::unlock(dir, Unlock::Passphrase(&Passphrase::new(PASSPHRASE)), SINCE)
}

/// A locked store.
fn prepared(data: &Path) -> PathBuf {
    World::new(71).store(data).dir().to_owned()
}

/// Another program that has the store unlocked until its input ends, or it is killed.
fn other(dir: &Path) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["another_program_is_refused_while_one_has_the_store", "--exact", "--nocapture"]).env(DIR, dir);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let said = lines.find_map(|line| Some(line.split_once("said ")?.1.to_owned()));
    assert_eq!(said.as_deref(), Some("held"));
    child
}

#[track_caller]
fn refused(dir: &Path) -> Holder {
    match unlock(dir) {
        Err(error @ Error::InUse { .. }) => {
            assert_eq!(error.code(), "store-in-use");
            let Error::InUse { by } = error else { unreachable!() };
            by
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn another_program_is_refused_while_one_has_the_store() {
    if let Some(dir) = std::env::var_os(DIR) {
        let store = unlock(Path::new(&dir)).unwrap();
        // The parent waits for it.
        println!("said held");
        std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
        drop(store);
        return;
    }
    let data = tempfile::TempDir::new().unwrap();
    let dir = prepared(data.path());
    let mut child = other(&dir);
    let by = refused(&dir);
    assert_eq!((by.process, by.since_ms), (child.id(), Some(SINCE)));
    let own = std::env::current_exe().unwrap();
    assert_eq!(Some(&*by.program), own.file_stem().unwrap().to_str());
    assert!(format!("{}", Error::InUse { by }).contains(&child.id().to_string()));
    // A wrong passphrase is told first: it says nothing of who is in.
    let wrong = Store::unlock(&dir, Unlock::Passphrase(&Passphrase::new("another passphrase")), 0);
    assert!(matches!(wrong, Err(Error::WrongPassphrase)), "{wrong:?}");
    drop(child.stdin.take());
    child.wait().unwrap();
    drop(unlock(&dir).unwrap());

    // However a program ends, it holds nothing afterwards.
    let mut child = other(&dir);
    assert_eq!(refused(&dir).process, child.id());
    child.kill().unwrap();
    child.wait().unwrap();
    let own = unlock(&dir).unwrap();
    // Within one program a store that is still in use is shared, and let go when the last one is dropped.
    let again = unlock(&dir).unwrap();
    drop(own);
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["another_program_is_refused_while_one_has_the_store", "--exact"]).env(DIR, &dir);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    assert!(!command.status().unwrap().success(), "this program still has it");
    drop(again);
    assert!(command.status().unwrap().success());
}

#[test]
fn who_holds_it_is_only_for_show() {
    let data = tempfile::TempDir::new().unwrap();
    let dir = prepared(data.path());
    std::fs::write(dir.join("in-use.json"), "{").unwrap();
    drop(unlock(&dir).unwrap());
    let mut child = other(&dir);
    std::fs::write(dir.join("in-use.json"), "no JSON").unwrap();
    assert_eq!(refused(&dir), Holder::default());
    drop(child.stdin.take());
    child.wait().unwrap();
}
