//! Running a program in the open: its command line first, its output as it comes, its time at the end.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// What went wrong, in words for the person at the terminal.
pub type Outcome<T = ()> = Result<T, String>;

/// Prints a line for the person at the terminal.
#[expect(clippy::print_stdout, reason = "this program talks to a terminal")]
pub fn say(line: &str) {
    println!("{line}");
    let _ = std::io::stdout().flush();
}

/// The folder of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("xtask lies two folders deep").to_owned()
}

/// The folder cargo builds into.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// A built program of the dev profile.
pub fn built(name: &str) -> PathBuf {
    target().join("debug").join(name)
}

/// Cargo as it was called.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// A program in the workspace folder.
pub fn program(name: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(root());
    command
}

fn line_of(command: &Command) -> String {
    let mut line = command.get_program().to_string_lossy().into_owned();
    if let Some(name) = Path::new(&line).file_name() {
        line = name.to_string_lossy().into_owned();
    }
    for arg in command.get_args() {
        line.push(' ');
        line.push_str(&arg.to_string_lossy());
    }
    line
}

/// Runs a step with its output shown; an error names the step.
pub fn step(what: &str, command: &mut Command) -> Outcome {
    let began = announce(what, command);
    let status = command.status().map_err(|why| format!("{what}: cannot start `{}`: {why}", line_of(command)))?;
    finish(what, began, status.success(), status.code())
}

/// Runs a step like [`step`] and also hands every line of its standard output to `see`.
pub fn step_seen(what: &str, command: &mut Command, mut see: impl FnMut(&str)) -> Outcome {
    let began = announce(what, command);
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|why| format!("{what}: cannot start `{}`: {why}", line_of(command)))?;
    let out = child.stdout.take().expect("standard output is piped");
    for line in BufReader::new(out).lines() {
        let line = line.map_err(|why| format!("{what}: its output broke off: {why}"))?;
        say(&line);
        see(&line);
    }
    let status = child.wait().map_err(|why| format!("{what}: {why}"))?;
    finish(what, began, status.success(), status.code())
}

/// Runs a program quietly and gives its standard output, or none if it failed or is not there.
pub fn answer_of(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

fn announce(what: &str, command: &Command) -> Instant {
    say(&format!("\n== {what}\n   $ {}", line_of(command)));
    Instant::now()
}

fn finish(what: &str, began: Instant, success: bool, code: Option<i32>) -> Outcome {
    let seconds = began.elapsed().as_secs();
    if success {
        say(&format!("   {what}: done in {seconds} s"));
        Ok(())
    } else {
        let code = code.map_or_else(|| "a signal".to_owned(), |code| format!("code {code}"));
        Err(format!("{what} failed with {code} after {seconds} s; its own words stand above"))
    }
}
