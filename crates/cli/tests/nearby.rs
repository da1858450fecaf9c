//! `tianye nearby`: the lead's laptop is the hub of its network, as a process of its own; another one finds it by address and
//! code.

#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

const PASSPHRASE: &str = "竹篮 半夜 蓝色 拖拉机";

fn program(data: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tianye"));
    command.args(args).env("LC_ALL", "en_US.UTF-8").env("TIANYE_DATA", data).env("TIANYE_PASSPHRASE", PASSPHRASE);
    command
}

fn tianye(data: &Path, args: &[&str]) -> Output {
    program(data, args).output().unwrap()
}

#[track_caller]
fn good(data: &Path, args: &[&str]) -> String {
    let output = tianye(data, args);
    assert!(output.status.success(), "tianye {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[track_caller]
fn bad(data: &Path, args: &[&str], expect: &str) {
    let output = tianye(data, args);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && said.contains(expect), "tianye {args:?}: expected {expect} in {said}");
}

fn json(data: &Path, args: &[&str]) -> Value {
    let with: Vec<&str> = args.iter().copied().chain(["--json"]).collect();
    serde_json::from_str(&good(data, &with)).unwrap()
}

/// A laptop that is the hub until it is dropped, and what it shows for the others to type.
struct Nearby {
    process: Child,
    /// Read from as long as it runs, as a terminal does.
    _screen: BufReader<ChildStdout>,
    address: String,
    code: String,
}

impl Nearby {
    fn offer(data: &Path) -> Self {
        let mut process = program(data, &["nearby", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).spawn().unwrap();
        let mut screen = BufReader::new(process.stdout.take().unwrap());
        let mut shown = |name: &str| {
            let mut line = String::new();
            screen.read_line(&mut line).unwrap();
            line.strip_prefix(name).expect("what stands before it").trim().to_owned()
        };
        let (address, code) = (shown("address"), shown("code"));
        Self { process, _screen: screen, address, code }
    }
}

impl Drop for Nearby {
    /// As when the lid is closed: nobody says goodbye.
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn who_types_the_address_and_the_code_syncs_with_a_laptop_nearby_and_finds_it_again() {
    let folder = TempDir::new().unwrap();
    let (lead, chen) = (folder.path().join("组长"), folder.path().join("陈禾"));
    good(&lead, &["practice", "--lead-only"]);
    bad(&lead, &["sync"], "hub-none");

    let nearby = Nearby::offer(&lead);
    // Other commands use the store meanwhile, and invitations name this hub.
    good(&lead, &["sync"]);
    let invitation = folder.path().join("陈禾.txt");
    let shown = json(&lead, &["invite", "陈禾", "-o", invitation.to_str().unwrap()]);
    let typed = |name: &str| shown["typed"][name].as_str().unwrap().to_owned();
    bad(&chen, &["join", "--at", &typed("address"), "--code", "0000-0000-0000-0000"], "invitation-not-there");
    let waiting = json(&chen, &["join", "--at", &typed("address"), "--code", &typed("code"), "--device", "示例电脑"]);
    good(&lead, &["admit", waiting["compareCode"].as_str().unwrap()]);
    good(&chen, &["sync"]);
    good(&chen, &["simulate", "pupil", "-n", "2"]);
    let at = |address: &str, code: &str| json(&chen, &["sync", "--at", address, "--code", code]);
    // A letter of the code that was read wrongly is another laptop.
    let mut letters: Vec<char> = nearby.code.chars().collect();
    letters[0] = if letters[0] == 'A' { 'B' } else { 'A' };
    let wrong: String = letters.into_iter().collect();
    bad(&chen, &["sync", "--at", &nearby.address, "--code", &wrong], "hub-other-code");
    assert_eq!(at(&nearby.address, &nearby.code.to_lowercase())["view"]["outbox"]["entries"], 0);
    good(&lead, &["sync"]);
    assert_eq!(json(&lead, &["list"]).as_array().unwrap().len(), 2);

    // Another evening, another port: the code is the same, and what was sent before is still there.
    let (before, code) = (nearby.address.clone(), nearby.code.clone());
    drop(nearby);
    good(&chen, &["simulate", "pupil", "-n", "1", "--seed", "7"]);
    bad(&chen, &["sync"], "hub-unreachable");
    let nearby = Nearby::offer(&lead);
    assert_eq!(nearby.code, code);
    let report = at(&nearby.address, &nearby.code);
    assert_eq!((&report["view"]["outbox"]["entries"], &report["forgotten"]), (&0.into(), &0.into()), "{before}");
    good(&lead, &["sync"]);
    assert_eq!(json(&lead, &["list"]).as_array().unwrap().len(), 3);
}
