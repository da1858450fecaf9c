//! The whole search, for `cargo xtask crash`: a table of act × states × lost, and a closing line.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this program talks to a terminal")]

use std::path::Path;
use std::process::{Command, ExitCode};

use tianye_crash::acts::{ACTS, Act};
use tianye_crash::explore::{Search, explore};
use tianye_crash::recorder::{Fault, Planned, Weakness};
use tianye_crash::{faults, kill};

struct Asked {
    seed: u64,
    states: usize,
    rounds: usize,
    faults: usize,
    act: Option<String>,
    only: Option<(usize, usize)>,
    fault: Option<Planned>,
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["live", dir, batch, seed] => live(dir, batch, seed),
        ref args => read(args).and_then(|asked| search(&asked)),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

fn live(dir: &str, batch: &str, seed: &str) -> Result<bool, String> {
    let seed = seed.parse().map_err(|_| "expected a seed")?;
    kill::live(Path::new(dir), Path::new(batch), seed, &mut std::io::stdout())?;
    Ok(true)
}

fn read(args: &[&str]) -> Result<Asked, String> {
    let mut asked =
        Asked { seed: 1, states: 10_000, rounds: 1_000, faults: usize::MAX, act: None, only: None, fault: None };
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let value = *args.next().ok_or_else(|| format!("expected a value after {arg}"))?;
        let number = || value.parse::<usize>().map_err(|_| format!("expected a number after {arg}, found {value}"));
        match *arg {
            "--seed" => asked.seed = number()? as u64,
            "--states" => asked.states = number()?,
            "--rounds" => asked.rounds = number()?,
            "--faults" => asked.faults = number()?,
            "--act" => asked.act = Some(value.to_owned()),
            "--only" => asked.only = Some(pair(value).ok_or("expected EVENT,ROUND after --only")?),
            "--fault" => asked.fault = Some(planned(value).ok_or("expected FAULT,CALL,LASTING after --fault")?),
            other => {
                return Err(format!(
                    "expected --states, --rounds, --faults, --seed, --act, --only or --fault, found {other}"
                ));
            }
        }
    }
    Ok(asked)
}

fn pair(value: &str) -> Option<(usize, usize)> {
    let (event, round) = value.split_once(',')?;
    Some((event.parse().ok()?, round.parse().ok()?))
}

fn planned(value: &str) -> Option<Planned> {
    let [fault, at, lasting] = value.split(',').collect::<Vec<_>>()[..] else { return None };
    let fault = Fault::ALL.into_iter().find(|known| format!("{known:?}") == fault)?;
    Some(Planned { at: at.parse().ok()?, fault, lasting: lasting.parse().ok()? })
}

fn search(asked: &Asked) -> Result<bool, String> {
    let acts: Vec<&Act> = ACTS.iter().filter(|act| asked.act.as_deref().is_none_or(|name| name == act.name)).collect();
    if acts.is_empty() {
        let names: Vec<&str> = ACTS.iter().map(|act| act.name).collect();
        return Err(format!("no act of that name; there are: {}", names.join(", ")));
    }
    if let (Some(planned), Some(act)) = (asked.fault, acts.first()) {
        let outcome = faults::one(act, asked.seed, planned);
        println!("{outcome:?}");
        return Ok(outcome.is_ok());
    }
    println!("seed {}", asked.seed);
    let (mut passed, mut failed, mut stories) = (0, 0, Vec::new());
    let mut seen = |states: usize, lost: Vec<String>| {
        passed += states - lost.len();
        failed += lost.len();
        stories.extend(lost);
    };
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let explores = asked.states > 0 || asked.only.is_some();
    if explores {
        println!("{:<28} {:>8} {:>8} {:>8}", "act", "events", "states", "lost");
    }
    for act in acts.iter().filter(|_| explores) {
        let states = asked.states.div_ceil(acts.len());
        let search = Search { seed: asked.seed, states, weakness: Weakness::None, threads, only: asked.only };
        let found = explore(act, search)?;
        println!("{:<28} {:>8} {:>8} {:>8}", act.name, found.events, found.states, found.lost.len());
        seen(found.states, found.lost);
    }
    if asked.only.is_none() && asked.faults > 0 {
        println!("\n{:<28} {:>8} {:>8} {:>8}", "act on a failing disk", "faults", "refused", "lost");
        for act in &acts {
            let found = faults::strike(act, asked.seed, asked.faults)?;
            println!("{:<28} {:>8} {:>8} {:>8}", act.name, found.faults, found.refused, found.lost.len());
            seen(found.faults, found.lost);
        }
    }
    if asked.only.is_none() && asked.act.is_none() && asked.rounds > 0 {
        let program = std::env::current_exe().map_err(|why| why.to_string())?;
        let child = |dir: &Path, batch: &Path, seed: u64| {
            let mut command = Command::new(&program);
            command.arg("live").arg(dir).arg(batch).arg(seed.to_string());
            command
        };
        println!("\n{:<28} {:>8} {:>8} {:>8}", "kill -9", "steps", "rounds", "lost");
        let old = asked.rounds.div_ceil(5);
        let found = kill::kill(asked.seed, asked.rounds - old, &child)?;
        println!("{:<28} {:>8} {:>8} {:>8}", "answer, finalise, erase …", found.steps, found.rounds, found.lost.len());
        seen(found.rounds, found.lost);
        let found = kill::kill_bringing_forward(asked.seed, old, &child)?;
        println!("{:<28} {:>8} {:>8} {:>8}", "bring forward", found.steps, found.rounds, found.lost.len());
        seen(found.rounds, found.lost);
    }
    for story in &stories {
        println!("\n{story}");
    }
    println!("\n{passed} passed, {failed} failed");
    Ok(failed == 0)
}
