//! The program on laptops of its own: what it says, and a lead and an interviewer who carry everything by stick.

#![allow(dead_code, clippy::unwrap_used, reason = "each test file uses its part; a failed step fails the test")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

pub const PASSPHRASE: &str = "竹篮 半夜 蓝色 拖拉机";

pub fn tianye(data: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tianye"))
        .args(args)
        .env("LC_ALL", "en_US.UTF-8")
        .env("TIANYE_DATA", data)
        .env("TIANYE_PASSPHRASE", PASSPHRASE)
        .output()
        .unwrap()
}

#[track_caller]
pub fn good(data: &Path, args: &[&str]) -> String {
    let output = tianye(data, args);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "tianye {args:?}: {said}{}", String::from_utf8_lossy(&output.stderr));
    said
}

#[track_caller]
pub fn bad(data: &Path, args: &[&str], expect: &[&str]) {
    let output = tianye(data, args);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(!output.status.success(), "tianye {args:?} should have failed: {said}");
    expect.iter().for_each(|words| assert!(said.contains(words), "expected {words:?} in:\n{said}"));
}

/// What a command says in JSON, whatever its exit code is.
pub fn json(data: &Path, args: &[&str]) -> Value {
    let with: Vec<&str> = args.iter().copied().chain(["--json"]).collect();
    serde_json::from_slice(&tianye(data, &with).stdout).unwrap()
}

pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A lead and an interviewer without a hub, who has the form.
pub fn team(folder: &Path) -> (PathBuf, PathBuf) {
    let at = |name: &str| folder.join(name);
    let (lead, chen) = (at("组长"), at("陈禾"));
    good(&lead, &["practice", "--lead-only"]);
    let (invitation, request, admission) = (at("请.txt"), at("求.txt"), at("准.txt"));
    good(&lead, &["invite", "陈禾", "-o", text(&invitation)]);
    let joining = ["join", text(&invitation), "--device", "武义", "--request", text(&request)];
    let waiting = json(&chen, &joining);
    let code = waiting["compareCode"].as_str().unwrap();
    good(&lead, &["admit", code, "--request", text(&request), "-o", text(&admission)]);
    good(&chen, &["enter", text(&admission)]);
    carry(&lead, &chen, &at("来"));
    (lead, chen)
}

/// Writes a stick; the files that came to lie there.
pub fn write(data: &Path, stick: &Path) -> Vec<PathBuf> {
    fs::create_dir_all(stick).unwrap();
    let written = json(data, &["to-stick", text(stick)]);
    written["files"].as_array().unwrap().iter().map(|name| stick.join(name.as_str().unwrap())).collect()
}

pub fn carry(from: &Path, to: &Path, stick: &Path) {
    for file in write(from, stick) {
        good(to, &["from-stick", text(&file)]);
    }
}
