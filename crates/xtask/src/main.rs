//! The commands a newcomer types: `cargo xtask run`, `cargo xtask test` and a few more.
//!
//! **Purpose.** Each command installs what it needs by the ordinary clients (apt-get, npm, pip, cargo), says what and
//! why first, shows what it is doing, and ends with a line that says how it went.
//!
//! **Must not know.** Anything of surveys: it starts programs and reads their exit codes.
//!
//! **Words.** *Step*: one program run with its output shown. *Setup*: what must be on the machine before a step.

mod bench;
mod crash;
mod fuzz;
mod guide;
mod network;
mod peers;
mod pyxform;
mod run;
mod setup;
mod step;
mod test;
mod windows;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask COMMAND

  run [--headless]     set everything up and open the app on a practice project;
                       without a display: play the same day in a virtual one, with screenshots
  test                 set everything up and run every test
  bench [PART] [--quick] [--json FILE]
                       measure, each figure with its unit, baseline and ratio; parts: engine
                       (converter and form engine, beside peers), sync (the interviews of a hundred
                       laptops merged, a stick, commits; --quick: fewer), form, store, hub, window
  conformance [--vectors FOLDER] [--json FILE]
                       run the vectors that others wrote against the form engine
  windows              cross-build for x86_64-pc-windows-gnu and run store, journal, sync and
                       command-line tests under Wine
  peers [--seeds N] [--first SEED] [--only-engines]
                       compare the form engine with pyxform, ODK Validate, JavaRosa and ODK Web Forms
  fuzz [TARGET] [--seconds N]
                       look for input that breaks a room, with the nightly compiler and cargo-fuzz
                       (installed when missing); 600 seconds for each target of fuzz/fuzz_targets
  crash [--states N] [--rounds N] [--faults N] [--seed S] [--act NAME]
                       cut the power (10,000 disks that may be left), let the disk fail at each call
                       and kill the program (1,000 rounds): no confirmed answer may be lost
  network [--megabytes N] [--seconds S] [--pace MB]
                       carry a recording of 200 MB from a laptop to the hub and on to the lead's, over a
                       link of 2 MB/s that drops every 3 seconds: it arrives once and whole
  guide [TEST|--taken] take the pictures of the guides anew in the real window, all or those of
                       one test, and make them small; --taken: only what is in target/guide
  bindings             write the TypeScript types of the commands anew
  setup                only install what the other commands need
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let rest: Vec<&str> = args.iter().skip(1).map(String::as_str).collect();
    let outcome = match args.first().map(String::as_str) {
        Some("run") => run::run(&rest),
        Some("test") => test::test(),
        Some("bench") => bench::bench(&rest),
        Some("conformance") => test::conformance(&rest),
        Some("windows") => windows::windows(),
        Some("peers") => peers::peers(&rest),
        Some("fuzz") => fuzz::fuzz(&rest),
        Some("crash") => crash::crash(&rest),
        Some("network") => network::network(&rest),
        Some("guide") => guide::guide(&rest),
        Some("bindings") => test::bindings(),
        Some("setup") => setup::everything(),
        Some("help" | "--help" | "-h") | None => {
            step::say(HELP);
            Ok(())
        }
        Some(other) => Err(format!("there is no command `{other}`.\n\n{HELP}")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            step::say(&format!("\nxtask: {why}"));
            ExitCode::FAILURE
        }
    }
}
