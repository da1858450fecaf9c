//! `bench-sync`: how long a lead waits until the interviews of a hundred laptops are merged, with right values.
//!
//! **Purpose.** Makes signed and sealed interviews of a hundred certified laptops from a seed, takes them in on the lead's
//! laptop as the desk does it, opens the first screen, and compares what stands there with what was written. Also: a
//! stick, an answer's commit beside bare SQLCipher, bytes on the wire.
//!
//! **Must not know.** Windows and networks.
//!
//! **Words.** *Input*: the lead's laptop before, and one batch of each other laptop. *Work*: a copy of that laptop, which
//! is used up. What is measured runs in a process of its own, so that making the input does not count.

mod commits;
mod form;
mod making;
mod taking;

use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use serde::de::DeserializeOwned;
use tianye_bench::figures::{Figures, say};
use tianye_bench::process::load;

use making::Expected;
use taking::Taken;

const HELP: &str = "\
bench-sync [--quick] [--json FILE] [--folder FOLDER]   measure; FOLDER holds what is taken in (gigabytes)
bench-sync --make N FOLDER                             only make what is taken in
bench-sync --take FOLDER WORK                          only take it in on the laptop in WORK, and print what it took
bench-sync --unlock FOLDER WORK                        only unlock the laptop in WORK up to the first screen
bench-sync --write WORK STICK                          only write a stick
bench-sync --read FOLDER WORK STICK                    only read it";

/// Whose laptop it is.
const PASSPHRASE: &str = "竹篮 半夜 蓝色 拖拉机";
const SEED: u64 = 2017;
/// An interview says at least so much.
const LEAST: u64 = 4096;

/// What went wrong, in words for the person at the terminal.
type Outcome<T = ()> = Result<T, String>;

fn words(why: impl Display) -> String {
    why.to_string()
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            say(&format!("bench-sync: {why}"));
            ExitCode::FAILURE
        }
    }
}

fn run() -> Outcome {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        ["--make", interviews, folder] => making::make(Path::new(folder), interviews.parse().map_err(words)?, SEED),
        ["--take", input, work] => tell(taking::batches(Path::new(input), Path::new(work))),
        ["--unlock", input, work] => tell(taking::unlocking(Path::new(input), Path::new(work))),
        ["--write", work, stick] => tell(taking::write_stick(Path::new(work), Path::new(stick))),
        ["--read", input, work, stick] => tell(taking::read_stick(Path::new(input), Path::new(work), Path::new(stick))),
        args => measure(args),
    }
}

/// The last line that a measured process prints.
fn tell(taken: Outcome<Taken>) -> Outcome {
    say(&serde_json::to_string(&taken?).map_err(words)?);
    Ok(())
}

fn measure(args: &[&str]) -> Outcome {
    let (mut quick, mut json, mut folder) = (false, None, std::env::temp_dir().join("tianye-bench-sync"));
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match (*arg, args.as_slice().first()) {
            ("--quick", _) => quick = true,
            ("--json", Some(file)) => json = Some(PathBuf::from(file)),
            ("--folder", Some(path)) => folder = PathBuf::from(path),
            _ => return Err(format!("found {arg}\n{HELP}")),
        }
        if *arg != "--quick" {
            args.next();
        }
    }
    let sizes: &[(&str, usize)] = if quick {
        &[("1k", 1_000), ("2k", 2_000), ("5k", 5_000)]
    } else {
        &[("10k", 10_000), ("50k", 50_000), ("100k", 100_000)]
    };
    let mut figures = Figures::default();
    commits::measure(&mut figures)?;
    for (at, (name, interviews)) in sizes.iter().enumerate() {
        let input = input(&folder, name, *interviews)?;
        let expected = Expected::read(&input)?;
        if expected.said.1 < LEAST {
            return Err(format!("expected interviews of {LEAST} bytes and more, found one of {}", expected.said.1));
        }
        let work = Work::of(&input, &folder.join("work"))?;
        say(&format!("Take in {} interviews ({} entries){}", expected.interviews, expected.entries, beside_load()));
        let taken: Taken = child(&["--take".as_ref(), input.as_ref(), work.0.as_ref()])?;
        figures.note(&format!("merge_{name}_s"), taken.whole_s, "s", None);
        figures.note(&format!("merge_{name}_in_s"), taken.in_s, "s", None);
        figures.note(&format!("merge_{name}_duplicates_s"), taken.duplicates_s, "s", None);
        figures.note(&format!("merge_{name}_home_s"), taken.home_s, "s", None);
        figures.note(&format!("merge_{name}_processor_s"), taken.processor_s, "s", None);
        figures.note(&format!("merge_{name}_peak_mb"), taken.peak_mb, "MB", None);
        say("Unlock that laptop, up to the first screen");
        let taken: Taken = child(&["--unlock".as_ref(), input.as_ref(), work.0.as_ref()])?;
        figures.note(&format!("unlock_{name}_s"), taken.whole_s, "s", None);
        figures.note(&format!("unlock_{name}_peak_mb"), taken.peak_mb, "MB", None);
        if at == 0 {
            stick(&mut figures, &input, &work.0, &folder)?;
            let interviews = f64::from(u32::try_from(expected.interviews).map_err(words)?);
            let each = |bytes: u64| bytes as f64 / interviews;
            // With the respondent's card, which travels beside it.
            figures.note("wire_bytes_per_interview", each(expected.bytes), "B", None);
            figures.note("content_bytes_per_interview", each(expected.said.0), "B", None);
        }
    }
    json.map_or(Ok(()), |file| figures.write(&file))
}

/// Writing a stick of the smallest size, and reading it on a laptop that has nothing yet.
fn stick(figures: &mut Figures, input: &Path, full: &Path, folder: &Path) -> Outcome {
    let stick = folder.join("stick");
    let _ = std::fs::remove_dir_all(&stick);
    std::fs::create_dir_all(&stick).map_err(words)?;
    say(&format!("Write a stick{}", beside_load()));
    let written: Taken = child(&["--write".as_ref(), full.as_ref(), stick.as_ref()])?;
    figures.note("stick_write_s", written.whole_s, "s", None);
    let work = Work::of(input, &folder.join("reader"))?;
    say(&format!("Read it on another laptop{}", beside_load()));
    let read: Taken = child(&["--read".as_ref(), input.as_ref(), work.0.as_ref(), stick.as_ref()])?;
    figures.note("stick_read_s", read.whole_s, "s", None);
    std::fs::remove_dir_all(&stick).map_err(words)
}

/// What is taken in; made once, in a process of its own.
fn input(folder: &Path, name: &str, interviews: usize) -> Outcome<PathBuf> {
    let input = folder.join(format!("input-{name}-{SEED}"));
    if Expected::read(&input).is_err() {
        say(&format!("Make {interviews} interviews of {} laptops", making::LAPTOPS));
        let mut make = program()?;
        make.arg("--make").arg(interviews.to_string()).arg(&input);
        if !make.status().map_err(words)?.success() {
            return Err("the process that makes the interviews failed".into());
        }
    }
    Ok(input)
}

/// A copy of the lead's laptop; gone when dropped.
struct Work(PathBuf);

impl Work {
    fn of(input: &Path, to: &Path) -> Outcome<Self> {
        let _ = std::fs::remove_dir_all(to);
        copy(&input.join("lead"), to)?;
        Ok(Self(to.to_owned()))
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn copy(from: &Path, to: &Path) -> Outcome {
    std::fs::create_dir_all(to).map_err(words)?;
    for file in std::fs::read_dir(from).map_err(words)? {
        let file = file.map_err(words)?;
        let copied = to.join(file.file_name());
        if file.path().is_dir() {
            copy(&file.path(), &copied)?;
        } else {
            std::fs::copy(file.path(), &copied).map_err(words)?;
        }
    }
    Ok(())
}

fn program() -> Outcome<Command> {
    Ok(Command::new(std::env::current_exe().map_err(words)?))
}

/// Runs this program as a process of its own; gives what its last line says.
fn child<T: DeserializeOwned>(args: &[&std::ffi::OsStr]) -> Outcome<T> {
    let output = program()?.args(args).stderr(Stdio::inherit()).output().map_err(words)?;
    let text = String::from_utf8_lossy(&output.stdout);
    let last = text.lines().last().unwrap_or_default();
    if !output.status.success() {
        return Err(last.to_owned());
    }
    serde_json::from_str(last).map_err(|_| format!("expected figures of a process, found: {last}"))
}

/// How busy the machine is, since that is part of every figure.
fn beside_load() -> String {
    load().map(|load| format!(", load {load:.2}")).unwrap_or_default()
}
