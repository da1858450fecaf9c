//! `bench-engine`: how fast the converter and the form engine are, with right values.
//!
//! **Purpose.** Makes one large form by rule (1,000 questions, 10,000 villages, rosters up to 1,000 rows), takes it the
//! whole way from the bytes of a workbook to answers, and prints p50 and p95 of each step, memory, and the curve over the
//! size of the form. Every step checks the values it got and fails when one is wrong.
//!
//! **Must not know.** Storage, network, windows: it builds in a minute. Peers are run by `cargo xtask bench engine`,
//! which hands their figures in as a file.
//!
//! **Words.** *Step*: one thing that is timed. *Figure*: a name, a value, a unit. *Peer*: another program that does the
//! same.

mod filling;
mod memory;
mod peers;
mod steps;
mod workbook;
mod xlsx;

use std::path::PathBuf;
use std::process::ExitCode;

use peers::Peers;
use tianye_bench::figures::{self, Figures, say};

const HELP: &str = "\
bench-engine [--json FILE] [--peers FOLDER] [--only STEP]
bench-engine --write FOLDER    only write the form and what peers are asked to do with it
bench-engine --memory FILE     only load an XForm and print the memory it takes";

/// What went wrong, in words for the person at the terminal.
type Outcome<T = ()> = Result<T, String>;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            say(&format!("bench-engine: {why}"));
            ExitCode::FAILURE
        }
    }
}

fn run() -> Outcome {
    let (mut json, mut peers, mut only) = (None, Peers::default(), None);
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let mut file = || args.next().map(PathBuf::from).ok_or(format!("expected something after {arg}\n{HELP}"));
        match arg.as_str() {
            "--json" => json = Some(file()?),
            "--peers" => peers = Peers::read(&file()?)?,
            "--only" => only = Some(file()?.to_string_lossy().into_owned()),
            "--write" => return steps::write(&file()?),
            "--memory" => return memory::print_own(&file()?),
            _ => return Err(format!("found {arg}\n{HELP}")),
        }
    }
    let mut figures = Figures::default();
    steps::all(&mut figures, &peers, only.as_deref())?;
    json.map_or(Ok(()), |file| figures.write(&file))
}
