//! Ctrl-C in the middle of a sync.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

mod common;

use std::net::TcpListener;
use std::process::{Command, Stdio};

use common::{PASSPHRASE, good, json, text};
use tempfile::TempDir;

#[test]
fn ctrl_c_stops_a_sync_that_waits_and_the_next_one_goes_on() {
    let folder = TempDir::new().unwrap();
    let start = |listen| {
        tianye_hub::start(&tianye_hub::Options {
            data: folder.path().join("hub"),
            listen,
            address: None,
            now: || 1_700_000_000_000,
            limits: tianye_hub::Limits::default(),
        })
        .unwrap()
    };
    let hub = start("127.0.0.1:0".parse().unwrap());
    let (card, address) = (folder.path().join("hub-card.json"), hub.address());
    std::fs::write(&card, hub.card().to_json()).unwrap();
    let lead = folder.path().join("组长");
    good(&lead, &["practice", "--lead-only", "--hub-card", text(&card)]);
    good(&lead, &["sync"]);
    good(&lead, &["simulate", "pupil", "-n", "2"]);
    hub.stop().unwrap();

    // Whoever answers there now takes the connection and says nothing.
    let silent = TcpListener::bind(address).unwrap();
    for (args, says) in [(["sync", "--lang", "en"].as_slice(), "Stopped. What was sent"), (&["sync", "--json"], "")] {
        let sync = Command::new(env!("CARGO_BIN_EXE_tianye"))
            .args(args)
            .env("TIANYE_DATA", &lead)
            .env("TIANYE_PASSPHRASE", PASSPHRASE)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let open = silent.accept().unwrap();
        assert!(Command::new("kill").args(["-INT", &sync.id().to_string()]).status().unwrap().success());
        let output = sync.wait_with_output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "it was not killed, it ended: {said}");
        assert!(said.starts_with(says) && !said.contains('\r'), "nobody sits at a pipe: {said:?}");
        let told = String::from_utf8(output.stdout).unwrap();
        assert_eq!(told.contains("\"cancelled\""), args.contains(&"--json"), "{told}");
        drop(open);
    }
    drop(silent);

    let hub = start(address);
    let last = json(&lead, &["sync"]);
    assert!(last["sent"].as_u64().unwrap() >= 2 && last["view"]["outbox"]["entries"] == 0, "{last}");
    hub.stop().unwrap();
}
