//! Gives files to a target, one after the other, and says how long each took: `replay TARGET FILE…`.

#![allow(clippy::print_stdout, reason = "this program talks to a terminal")]

use std::process::ExitCode;
use std::time::Instant;

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let name = args.next().unwrap_or_default();
    let Some(target) = tianye_hostile::TARGETS.iter().find(|target| target.name == name) else {
        let names: Vec<&str> = tianye_hostile::TARGETS.iter().map(|target| target.name).collect();
        println!("expected one of {} and files, found {name:?}", names.join(", "));
        return ExitCode::FAILURE;
    };
    for file in args {
        let bytes = match std::fs::read(&file) {
            Ok(bytes) => bytes,
            Err(why) => {
                println!("{file}: {why}");
                return ExitCode::FAILURE;
            }
        };
        let began = Instant::now();
        (target.run)(&bytes);
        println!("{:>8} ms  {file}", began.elapsed().as_millis());
    }
    ExitCode::SUCCESS
}
