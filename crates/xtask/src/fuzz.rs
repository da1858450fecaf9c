//! Looking for bytes that break a room: libFuzzer on the targets of `tests/hostile`.

use std::path::Path;

use crate::setup;
use crate::step::{Outcome, answer_of, program, root, say, step, target};

/// Seconds for each target when none are given.
const SECONDS: u64 = 600;

/// Runs one target, or all of them one after the other, each on one core. What libFuzzer finds stays in the build
/// folder; what is worth keeping is minimised and put into `fuzz/corpus` by hand.
pub fn fuzz(args: &[&str]) -> Outcome {
    let mut wanted = None;
    let mut seconds = SECONDS;
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match *arg {
            "--seconds" => {
                let number = args.next().and_then(|number| number.parse().ok());
                seconds = number.filter(|number| *number > 0).ok_or("expected a number of seconds after --seconds")?;
            }
            name if wanted.is_none() && !name.starts_with('-') => wanted = Some(name),
            other => return Err(format!("expected one target and --seconds N, found {other}")),
        }
    }
    let all = targets()?;
    let chosen: Vec<&String> = all.iter().filter(|name| wanted.is_none_or(|wanted| wanted == name.as_str())).collect();
    if chosen.is_empty() {
        return Err(format!("expected one of the targets {}, found {}", all.join(", "), wanted.unwrap_or_default()));
    }
    tools()?;
    for name in chosen {
        run(name, seconds)?;
    }
    Ok(())
}

/// The targets that there are: one program each.
fn targets() -> Outcome<Vec<String>> {
    let folder = root().join("fuzz/fuzz_targets");
    let files = std::fs::read_dir(&folder).map_err(|why| format!("cannot read {}: {why}", folder.display()))?;
    let stem = |path: &Path| path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let mut names: Vec<String> = files.flatten().filter_map(|file| stem(&file.path())).collect();
    names.sort();
    Ok(names)
}

/// The nightly compiler, which alone can count what code was reached, and cargo-fuzz, which drives it.
fn tools() -> Outcome {
    setup::debian(setup::COMPILE)?;
    if answer_of(program("rustc").args(["+nightly", "--version"])).is_none() {
        step(
            "Install the nightly compiler: only it can tell a fuzzer what code was reached",
            program("rustup").args(["toolchain", "install", "nightly", "--profile", "minimal"]),
        )?;
    }
    if answer_of(program("cargo").args(["fuzz", "--version"])).is_none() {
        step(
            "Install cargo-fuzz: it builds and runs the targets",
            program("cargo").args(["install", "cargo-fuzz", "--locked"]),
        )?;
    }
    Ok(())
}

fn run(name: &str, seconds: u64) -> Outcome {
    let found = target().join("fuzz").join(name);
    std::fs::create_dir_all(&found).map_err(|why| format!("cannot make {}: {why}", found.display()))?;
    let mut command = program("cargo");
    command.args(["+nightly", "fuzz", "run"]);
    // The targets of the desk alone bring the store in.
    if matches!(name, "form_tests" | "markup" | "roster" | "stick") {
        command.args(["--features", "desk"]);
    }
    const SEALED: [&str; 9] =
        ["batch", "content", "entry", "envelope", "letters", "offer", "opened", "pairing", "stick"];
    if SEALED.contains(&name) {
        command.args(["--features", "sealed"]);
    }
    // New files go into the first folder; the corpus of the project is only read.
    command.arg(name).arg(&found).arg(root().join("fuzz/corpus").join(name)).args([
        "--".to_owned(),
        format!("-max_total_time={seconds}"),
        "-timeout=5".to_owned(),
        "-rss_limit_mb=2048".to_owned(),
        "-max_len=65536".to_owned(),
    ]);
    say(&format!("\n{name}: {seconds} s; new inputs go to {}", found.display()));
    step(&format!("Fuzz {name}"), &mut command).map_err(|why| {
        format!(
            "{why}. Make the input small with `cargo +nightly fuzz tmin {name} FILE`, mend what broke, and put the file \
             into fuzz/corpus/{name}, where every test run lives through it again"
        )
    })
}
