//! The program itself, as a process.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod common;

use std::{
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use common::Team;
use tianye_sync::{Credentials, HubCard, HubClient};

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_tianye-hub"))
}

fn run(arguments: &[&str]) -> Output {
    program().args(arguments).output().unwrap()
}

/// Starts the hub and waits for its port file.
fn serve(data: &Path) -> (Child, HubCard) {
    let port_file = data.join("port");
    let _ = std::fs::remove_file(&port_file);
    let mut child = program()
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(data)
        .arg("--port-file")
        .arg(&port_file)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    while !port_file.exists() {
        assert!(child.try_wait().unwrap().is_none(), "the hub ended at once");
        std::thread::yield_now();
    }
    let card = HubCard::from_json(&std::fs::read_to_string(data.join("hub-card.json")).unwrap()).unwrap();
    assert!(card.address.ends_with(&std::fs::read_to_string(port_file).unwrap()));
    (child, card)
}

#[test]
fn a_day_with_the_program_killed_in_between() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().join("张三 的 hub");
    std::fs::create_dir(&folder).unwrap();
    let (mut child, card) = serve(&folder);
    let mut team = Team::new(1);
    HubClient::new(&card, team.project, Credentials::None).unwrap().register_project(&team.key.public()).unwrap();
    let mut laptop = team.laptop();
    laptop.write(120);
    laptop.write_file(50_000);
    laptop.sync(&card).unwrap();

    // Killed, not asked to stop: whatever was receipted is there.
    child.kill().unwrap();
    child.wait().unwrap();
    let (mut child, again) = serve(&folder);
    assert_eq!((again.pin, again.key, &again.admin), (card.pin, card.key, &card.admin));
    assert_eq!(laptop.client(&again).frontier().unwrap(), *laptop.heads());
    let mut other = team.laptop();
    other.wanted = laptop.chunks.keys().copied().collect();
    other.sync(&again).unwrap();
    assert_eq!((other.heads(), &other.chunks), (laptop.heads(), &laptop.chunks));

    let status = run(&["status", "--data", folder.to_str().unwrap()]);
    let text = String::from_utf8(status.stdout).unwrap();
    assert!(text.contains("Running   yes") && text.contains("Entries   120") && text.contains("whole"), "{text}");
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn wrong_words_are_answered_in_words() {
    let empty = tempfile::tempdir().unwrap();
    let status = run(&["status", "--data", empty.path().to_str().unwrap()]);
    assert!(!status.status.success());
    assert!(String::from_utf8(status.stderr).unwrap().contains("hub.db"));
    let listen = run(&["serve", "--listen", "somewhere"]);
    assert!(!listen.status.success());
    assert!(String::from_utf8(listen.stderr).unwrap().contains("--listen"));
    let help = String::from_utf8(run(&["serve", "--help"]).stdout).unwrap();
    for word in ["--data", "--listen", "127.0.0.1:8787", "--port-file"] {
        assert!(help.contains(word), "{help}");
    }
}
