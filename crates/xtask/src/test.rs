//! Every test, one after the other, with one line at the end that counts them.

use std::process::Command;

use crate::setup;
use crate::step::{Outcome, cargo, program, root, say, step, step_seen};

/// Passed and failed tests, read from the runners' own closing lines.
#[derive(Debug, Default)]
struct Tally {
    passed: u64,
    failed: u64,
}

impl Tally {
    /// Reads a closing line of cargo test (`test result: ok. 3 passed; 0 failed; …`) or vitest (`Tests  3 passed (3)`).
    fn see(&mut self, line: &str) {
        let plain = without_colour(line);
        let rest = plain.trim();
        if !(rest.starts_with("test result:") || rest.starts_with("Tests ")) {
            return;
        }
        let words: Vec<&str> = rest.split(|c: char| c.is_whitespace() || ";(),|".contains(c)).collect();
        let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
        for pair in words.windows(2) {
            match (pair[0].parse::<u64>(), pair[1]) {
                (Ok(n), "passed") => self.passed += n,
                (Ok(n), "failed") => self.failed += n,
                _ => {}
            }
        }
    }
}

fn without_colour(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' {
            for c in chars.by_ref() {
                if c.is_ascii_alphabetic() {
                    break;
                }
            }
        } else {
            plain.push(c);
        }
    }
    plain
}

/// Runs every test. All parts run even when one fails, so that one run shows everything.
pub fn test() -> Outcome {
    setup::everything()?;
    let mut tally = Tally::default();
    let mut failures: Vec<String> = Vec::new();
    let mut keep = |outcome: Outcome| {
        if let Err(why) = outcome {
            say(&format!("   {why}"));
            failures.push(why);
        }
    };

    let npm = |args: &[&str]| {
        let mut command = program("npm");
        command.current_dir(root().join("ui")).args(args);
        command
    };
    keep(setup::pages());
    keep(step("Check the window's types", &mut npm(&["run", "check"])));
    keep(step("Lint the window", &mut npm(&["run", "lint"])));
    keep(step_seen("Test the window's parts", &mut npm(&["test"]), |line| tally.see(line)));

    keep(step("Check the format of the Rust sources", cargo().args(["fmt", "--all", "--check"])));
    keep(step(
        "Lint the Rust sources",
        cargo().args(["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"]),
    ));
    match setup::programs() {
        Ok(()) => {
            keep(step_seen("Test every room, and live the working day in the real window", &mut tests(), |line| {
                tally.see(line);
            }));
        }
        Err(why) => keep(Err(why)),
    }
    keep(run_vectors(&[]));
    keep(crate::pyxform::check());

    if tally.failed == 0 && !failures.is_empty() {
        tally.failed = failures.len() as u64;
    }
    say("");
    for why in &failures {
        say(&format!("FAILED: {why}"));
    }
    say(&format!("{} passed, {} failed", tally.passed, tally.failed));
    if failures.is_empty() { Ok(()) } else { Err(format!("{} of the steps failed", failures.len())) }
}

/// All tests of the workspace, in a virtual display of their own. They are chosen in one call: cargo compiles what they
/// share once for each choice of packages, so that a second call would cost gigabytes and minutes.
fn tests() -> Command {
    let mut command = program("xvfb-run");
    command.args(["-a", "-s", "-screen 0 1366x768x24", "dbus-run-session", "--"]);
    command.arg(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["test", "--workspace", "--no-fail-fast"]);
    command.env("TIANYE_DRIVER", setup::tauri_driver_path());
    command.env("NO_AT_BRIDGE", "1");
    command
}

/// Runs the vectors of a folder, as the arguments say.
pub fn conformance(args: &[&str]) -> Outcome {
    setup::debian(setup::COMPILE)?;
    run_vectors(args)
}

fn run_vectors(args: &[&str]) -> Outcome {
    let what = "Run the vectors that others wrote against the form engine";
    let mut command = cargo();
    command.args(["run", "--quiet", "-p", "tianye-conformance", "--"]).args(args);
    // Paths are meant from where the person stands.
    if let Ok(here) = std::env::current_dir() {
        command.current_dir(here);
    }
    step(what, &mut command)
}

/// Writes the generated TypeScript file anew.
pub fn bindings() -> Outcome {
    setup::debian(&[setup::COMPILE, setup::WINDOW].concat())?;
    step(
        "Write the types of the commands for TypeScript",
        cargo().args(["test", "-p", "tianye", "--lib", "bindings"]).env("TIANYE_WRITE_BINDINGS", "1"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expect: (u64, u64)) {
        let mut tally = Tally::default();
        tally.see(line);
        assert_eq!((tally.passed, tally.failed), expect, "{line}");
    }

    #[test]
    fn closing_lines_are_counted() {
        check(
            "test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            (12, 0),
        );
        check("test result: FAILED. 3 passed; 2 failed; 0 ignored", (3, 2));
        check(
            "\u{1b}[2m      Tests \u{1b}[22m \u{1b}[1m\u{1b}[31m1 failed\u{1b}[39m\u{1b}[22m | \u{1b}[32m41 passed\u{1b}[39m (42)",
            (41, 1),
        );
        check("      Tests  41 passed (41)", (41, 0));
        check("12 passed, on another line", (0, 0));
    }
}
