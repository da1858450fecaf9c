//! A disk that fails or is full at each of its calls in turn: the act is refused in clear words, nothing confirmed is
//! lost, and the store goes on once the disk obeys.

use crate::acts::Act;
use crate::explore::ask_durable;
use crate::recorder::{Fault, Planned, Weakness};
use crate::stage::Played;

/// What was found.
#[derive(Debug, Default)]
pub struct Found {
    /// Faults that were made.
    pub faults: usize,
    /// Of these, how many led to a refusal; the others were borne.
    pub refused: usize,
    /// What went wrong that must not.
    pub lost: Vec<String>,
}

/// Does the act once for each fault, at each call or at so many of them, evenly spread.
///
/// # Errors
/// If the act failed on a whole disk.
pub fn strike(act: &Act, seed: u64, most: usize) -> Result<Found, String> {
    let whole = Played::new(act, seed, Weakness::None, None)?;
    let mut all = Vec::new();
    for fault in Fault::ALL {
        let at = whole.asked.iter().enumerate().filter(|(_, kind)| fault.fits(**kind)).map(|(at, _)| at);
        all.extend(at.flat_map(|at| [false, true].map(|lasting| Planned { at, fault, lasting })));
    }
    let mut found = Found::default();
    let step = all.len().div_ceil(most.max(1)).max(1);
    for planned in all.into_iter().step_by(step) {
        found.faults += 1;
        match one(act, seed, planned) {
            Ok(refused) => found.refused += usize::from(refused),
            Err(why) => found.lost.push(format!(
                "{}: {why}\n  see it again: cargo xtask crash --seed {seed} --act '{}' --fault {:?},{},{}",
                act.name, act.name, planned.fault, planned.at, planned.lasting
            )),
        }
    }
    Ok(found)
}

/// Does the act with one fault; whether it led to a refusal.
///
/// # Errors
/// What went wrong that must not.
pub fn one(act: &Act, seed: u64, planned: Planned) -> Result<bool, String> {
    let played = Played::new(act, seed, Weakness::None, Some(planned))?;
    let struck = played.struck.as_deref().unwrap_or("nothing");
    let told = format!("{struck} ({})", played.refused.as_deref().unwrap_or("borne"));
    ask_durable(&played).map_err(|why| format!("{told}, then the power went: {why}"))?;
    played.check_end().map_err(|why| format!("{told}: {why}"))?;
    Ok(played.refused.is_some())
}
