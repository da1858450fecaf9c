//! What a room must not know, read from its sources and manifests (ARCHITECTURE.md, invariants 9 to 11).

#![allow(clippy::unwrap_used, reason = "a file that cannot be read fails the test")]

use std::path::{Path, PathBuf};

use tianye_tests::programs::workspace;

/// Rooms without clock, randomness and files.
const PURE: &[&str] = &["xpath", "xlsform", "xform", "journal", "survey", "export"];

/// Words that bring a clock, randomness, files or a network in.
const WORLDLY: &[&str] = &[
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "SystemTime::now",
    "Instant::now",
    "Utc::now",
    "Local::now",
    "getrandom::",
    "thread_rng",
    "rand::rng",
];

fn sources(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| endings.iter().any(|one| ending == *one)) {
                found.push(path);
            }
        }
    }
    assert!(!found.is_empty(), "no sources in {}", folder.display());
    found
}

/// The lines of code that hold one of the words; comments and tests beside the code are left out.
fn lines_with(path: &Path, words: &[&str]) -> Vec<String> {
    let text = std::fs::read_to_string(path).unwrap();
    let code = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    let lines = code.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
    lines
        .filter(|(_, line)| words.iter().any(|word| line.contains(word)))
        .map(|(at, line)| format!("{}:{}: {}", path.display(), at + 1, line.trim()))
        .collect()
}

#[test]
fn pure_rooms_have_no_clock_no_randomness_and_no_files() {
    let found: Vec<String> = PURE
        .iter()
        .flat_map(|room| sources(&workspace().join("crates").join(room).join("src"), &["rs"]))
        .flat_map(|path| lines_with(&path, WORLDLY))
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_check_for_worldly_words_can_fail() {
    let hub = workspace().join("crates/hub/src");
    assert!(
        sources(&hub, &["rs"]).iter().any(|path| !lines_with(path, WORLDLY).is_empty()),
        "the hub touches the disk"
    );
}

/// The rooms that a manifest names as dependencies of the program, not of its tests.
fn depends_on(room: &str) -> Vec<String> {
    let manifest = std::fs::read_to_string(workspace().join("crates").join(room).join("Cargo.toml")).unwrap();
    let own = manifest.split("[dev-dependencies]").next().unwrap_or_default();
    let names = own.lines().filter_map(|line| line.strip_prefix("tianye-")?.split(['.', ' ', '=']).next());
    names.map(str::to_owned).collect()
}

#[track_caller]
fn check(room: &str, must_not_know: &[&str]) {
    let known: Vec<String> = depends_on(room).into_iter().filter(|one| must_not_know.contains(&one.as_str())).collect();
    assert!(known.is_empty(), "crates/{room} must not know {}", known.join(", "));
}

#[test]
fn rooms_know_only_those_above_them() {
    let order = ["xpath", "xlsform", "xform", "journal", "survey", "store", "sync", "hub", "export", "desk", "cli"];
    for (at, room) in order.iter().enumerate() {
        check(room, &order[at + 1..]);
    }
    check("xform", &["xlsform"]);
    check("hub", &["survey", "xform", "xlsform", "store"]);
    check("sync", &["survey", "store"]);
    assert!(depends_on("desk").contains(&"store".to_owned()), "the check reads manifests");
}

#[test]
fn the_pages_reach_the_shell_through_one_file() {
    let ui = workspace().join("ui/src");
    let shell = ["@tauri-apps/"];
    let importing: Vec<String> = sources(&ui, &["ts", "svelte"])
        .iter()
        .filter(|path| !lines_with(path, &shell).is_empty())
        .map(|path| path.strip_prefix(&ui).unwrap().display().to_string().replace('\\', "/"))
        .collect();
    let mut importing = importing;
    importing.sort();
    assert_eq!(importing, ["lib/ipc/bindings.ts"], "only the generated bindings speak to the shell");
    let using: Vec<String> = sources(&ui, &["ts", "svelte"])
        .iter()
        .filter(|path| !lines_with(path, &["import { commands", "commands,"]).is_empty())
        .map(|path| path.strip_prefix(&ui).unwrap().display().to_string().replace('\\', "/"))
        .collect();
    assert_eq!(using, ["lib/backend/tauri.ts"], "only one file uses the commands");
}
