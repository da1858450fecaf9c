//! Cutting the power: at every place of an act, many disks that may be left, each opened and asked.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::acts::Act;
use crate::cut::{Choice, Standing};
use crate::dice::Dice;
use crate::recorder::Weakness;
use crate::stage::{Outcome, Played, scratch};

/// Rounds over all places after which a search gives up finding more distinct disks.
const ROUNDS: usize = 4000;
/// Failing disks of one act after which its search ends.
const ENOUGH: usize = 5;

/// What to search.
#[derive(Clone, Copy, Debug)]
pub struct Search {
    /// The same seed makes the same choices.
    pub seed: u64,
    /// Distinct disks wanted.
    pub states: usize,
    /// How the laptop is weakened.
    pub weakness: Weakness,
    /// Threads.
    pub threads: usize,
    /// One state alone: how many events happened, and the round.
    pub only: Option<(usize, usize)>,
}

/// What a search found.
#[derive(Debug)]
pub struct Found {
    /// Distinct disks that were opened and asked.
    pub states: usize,
    /// Events recorded.
    pub events: usize,
    /// Disks that kept a promise not, each with its story.
    pub lost: Vec<String>,
}

/// Searches one act.
///
/// # Errors
/// If the act itself failed, on a whole disk.
pub fn explore(act: &Act, search: Search) -> Result<Found, String> {
    let played = Played::new(act, search.seed, search.weakness, None)?;
    played.check_end().map_err(|why| format!("{}: without any cut: {why}", act.name))?;
    let seen: Mutex<HashSet<[u8; 32]>> = Mutex::default();
    let lost: Mutex<Vec<String>> = Mutex::default();
    // A search for none ends before it begins.
    let none = search.states == 0 && search.only.is_none();
    let (checked, full) = (AtomicUsize::new(0), AtomicBool::new(none));
    let places = played.log.events.len() + 1;
    let one = |standing: &Standing<'_>, round: usize| -> Outcome {
        let choice = standing.choose(&mut Dice::new(search.seed, act.name, &[standing.cut, round]));
        let disk = standing.disk(&choice);
        if !seen.lock().unwrap_or_else(PoisonError::into_inner).insert(disk.sum()) {
            return Ok(());
        }
        let done = checked.fetch_add(1, Ordering::Relaxed) + 1;
        if let Err(why) = ask(&played, standing, &choice) {
            let story = story(act, search, &played, standing, &choice, round, &why);
            let mut lost = lost.lock().unwrap_or_else(PoisonError::into_inner);
            lost.push(story);
            full.fetch_or(lost.len() >= ENOUGH, Ordering::Relaxed);
        }
        full.fetch_or(done >= search.states, Ordering::Relaxed);
        Ok(())
    };
    let walk = |thread: usize| -> Outcome {
        for round in 0..ROUNDS {
            let mut standing = Standing::at_start(&played.log);
            loop {
                if full.load(Ordering::Relaxed) {
                    return Ok(());
                }
                let mine = match search.only {
                    Some(only) => thread == 0 && only == (standing.cut, round),
                    None => {
                        // Some of the places in each round, so that a short search sees all of the act too.
                        let taken = Dice::new(search.seed, "place", &[standing.cut, round]).below(places * 2);
                        taken < search.states && (standing.cut + round) % search.threads.max(1) == thread
                    }
                };
                if mine {
                    one(&standing, round)?;
                }
                if !standing.advance() {
                    break;
                }
            }
        }
        Ok(())
    };
    let walk = &walk;
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..search.threads.max(1)).map(|thread| scope.spawn(move || walk(thread))).collect();
        threads.into_iter().try_for_each(|thread| thread.join().unwrap_or_else(|_| Err("a search panicked".into())))
    })?;
    let lost = lost.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(Found { states: checked.into_inner(), events: played.log.events.len(), lost })
}

/// Lays a disk out and asks it.
fn ask(played: &Played, standing: &Standing<'_>, choice: &Choice) -> Outcome {
    let failed = |error: std::io::Error| format!("the test's own folder: {error}");
    let place = scratch().map_err(failed)?;
    standing.disk(choice).lay_out(place.path()).map_err(failed)?;
    played.check(place.path(), standing.told, standing.begun)
}

/// The disk that the power cut left at the end of the log if nothing was kept but what was made durable.
///
/// # Errors
/// What was lost.
pub fn ask_durable(played: &Played) -> Outcome {
    let failed = |error: std::io::Error| format!("the test's own folder: {error}");
    let place = scratch().map_err(failed)?;
    let mut standing = Standing::at_start(&played.log);
    while standing.advance() {}
    standing.durable().lay_out(place.path()).map_err(failed)?;
    played.check(place.path(), standing.told, standing.begun)
}

/// How to see it again, and the smallest loss that is enough.
fn story(
    act: &Act,
    search: Search,
    played: &Played,
    standing: &Standing<'_>,
    choice: &Choice,
    round: usize,
    why: &str,
) -> String {
    let small = shrink(played, standing, choice);
    let why = ask(played, standing, &small).err().unwrap_or_else(|| why.to_owned());
    let units = standing.units(small.sector);
    let mut lines = vec![
        format!("{}: {why}", act.name),
        format!(
            "  see it again: cargo xtask crash --seed {} --act '{}' --only {},{round}",
            search.seed, act.name, standing.cut
        ),
        format!(
            "  the power went after event {} of {}: confirmed up to \"{}\", begun up to \"{}\"",
            standing.cut,
            played.log.events.len(),
            played.words[standing.told],
            played.words[standing.begun]
        ),
    ];
    let gone: Vec<_> = units.iter().zip(&small.kept).filter(|(_, kept)| !**kept).map(|(unit, _)| *unit).collect();
    lines.push(format!("  lost {} of {} pending parts of {} bytes", gone.len(), units.len(), small.sector));
    if search.weakness == Weakness::None
        && let Some(place) = keep(act, standing, &small, round)
    {
        lines.push(format!("  the disk is kept in {}", place.display()));
    }
    lines.extend(standing.words(&gone).into_iter().take(12).map(|word| format!("    {word}")));
    for ((path, versions), chosen) in standing.names().iter().zip(&small.names) {
        if chosen < versions {
            lines.push(format!("  the name {} is {} changes old", path.display(), versions - chosen));
        }
    }
    for (file, len) in &small.lengths {
        lines.push(format!("  {} has the length {len}, filled with {:?}", standing.name_of(*file), small.fill));
    }
    lines.join("\n")
}

/// Keeps a failing disk: keys are random, so that pages may lie elsewhere the next time.
fn keep(act: &Act, standing: &Standing<'_>, choice: &Choice, round: usize) -> Option<PathBuf> {
    let name = format!("{} {} {round}", act.name, standing.cut);
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/crash").join(name);
    let _ = std::fs::remove_dir_all(&place);
    std::fs::create_dir_all(&place).ok()?;
    standing.disk(choice).lay_out(&place).ok()?;
    Some(place)
}

/// Keeps more and more of what was lost, as long as the disk still fails: the rest is the story.
fn shrink(played: &Played, standing: &Standing<'_>, choice: &Choice) -> Choice {
    let mut small = choice.clone();
    let fails = |choice: &Choice| ask(played, standing, choice).is_err();
    for file in choice.lengths.keys() {
        let mut tried = small.clone();
        tried.lengths.remove(file);
        if fails(&tried) {
            small = tried;
        }
    }
    for (at, (_, versions)) in standing.names().iter().enumerate() {
        let mut tried = small.clone();
        tried.names[at] = *versions;
        if fails(&tried) {
            small = tried;
        }
    }
    let mut span = small.kept.len().next_power_of_two();
    while span >= 1 && span * 64 > small.kept.len() {
        for from in (0..small.kept.len()).step_by(span) {
            let to = (from + span).min(small.kept.len());
            if small.kept[from..to].iter().all(|kept| *kept) {
                continue;
            }
            let mut tried = small.clone();
            tried.kept[from..to].fill(true);
            if fails(&tried) {
                small = tried;
            }
        }
        span /= 2;
    }
    small
}
