//! Plays a filling to a reference engine and judges every difference.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use crate::decisions::{DECISIONS, Engine, Found};
use crate::filling::Act;
use crate::peer::Peer;
use crate::state::{Difference, State, differences, name_of, theirs};
use crate::survey::Survey;

/// JavaRosa recomputes too little: the difference is gone once it is made to compute everything again.
pub const STALE: &str = "javarosa-stale";
/// The node reads, directly or not, a node whose difference is meant.
pub const FOLLOWS: &str = "follows";

/// What came of one filling.
#[derive(Debug, Default)]
pub struct Verdict {
    /// Meant differences by decision.
    pub meant: BTreeMap<(&'static str, String), usize>,
    /// What is not meant, in words. The filling stops at the first act that has any.
    pub unmeant: Vec<String>,
}

/// Plays all acts.
pub fn play(peer: &mut Peer, engine: Engine, acts: &[Act], survey: &Survey) -> Verdict {
    let mut verdict = Verdict::default();
    let mut ever = BTreeSet::new();
    for (number, act) in acts.iter().enumerate() {
        let answer = match peer.ask(&act.request) {
            Ok(answer) => answer,
            Err(why) => {
                verdict.unmeant.push(format!("act {number} {}: refused: {why}", act.request));
                return verdict;
            }
        };
        let mut found = differences(&act.state, &theirs(&answer));
        let mut now = BTreeSet::new();
        let mut count = |code, difference: &Difference, now: &mut BTreeSet<String>| {
            let key = (code, format!("{} {}", difference.what, difference.name()));
            *verdict.meant.entry(key).or_default() += 1;
            now.insert(survey.origin(difference.name()).to_owned());
        };
        if engine == Engine::JavaRosa && !found.is_empty() {
            let Ok(fresh) = peer.ask(&json!({"recompute": true})) else {
                verdict.unmeant.push(format!("act {number} {}: cannot recompute", act.request));
                return verdict;
            };
            let left = differences(&act.state, &theirs(&fresh));
            let place = |difference: &Difference| (difference.path.clone(), difference.what);
            let places: BTreeSet<_> = left.iter().map(place).collect();
            for difference in found.iter().filter(|difference| !places.contains(&place(difference))) {
                if survey.touches_repeat(difference.name()) {
                    count(STALE, difference, &mut now);
                } else {
                    verdict.unmeant.push(words(number, act, difference, survey, &act.state));
                    return verdict;
                }
            }
            found = left;
        }
        let mut open = Vec::new();
        for difference in found {
            let name = survey.origin(difference.name());
            let seen = Found { difference: &difference, survey, name, state: &act.state };
            let decision = DECISIONS.iter().find(|decision| decision.engine == engine && (decision.holds)(&seen));
            match decision {
                Some(decision) => count(decision.code, &difference, &mut now),
                None => open.push(difference),
            }
        }
        // What a trigger, a first value or once() took up stays.
        ever.extend(now.iter().cloned());
        open.retain(|difference| {
            let reads = survey.all_read(difference.name());
            let keeps = reads.iter().any(|name| {
                let line = survey.get(name);
                line.cells.contains_key("trigger")
                    || line.cells.contains_key("default")
                    || line.cells.get("calculation").is_some_and(|rule| rule.contains("once("))
            });
            let own = survey.origin(difference.name()).to_owned();
            let follows = reads.iter().any(|name| *name != own && now.contains(name) || keeps && ever.contains(name))
                || now.contains(&own);
            if follows {
                let key = (FOLLOWS, format!("{} {}", difference.what, difference.name()));
                *verdict.meant.entry(key).or_default() += 1;
            }
            !follows
        });
        verdict.unmeant.extend(open.iter().map(|difference| words(number, act, difference, survey, &act.state)));
        if !verdict.unmeant.is_empty() {
            return verdict;
        }
    }
    verdict
}

fn words(number: usize, act: &Act, difference: &Difference, survey: &Survey, state: &State) -> String {
    let name = survey.origin(difference.name());
    let line = survey.get(name);
    let reads: Vec<String> = state
        .iter()
        .filter(|(path, _)| line.cells.values().any(|cell| cell.contains(&format!("${{{}}}", name_of(path)))))
        .map(|(path, node)| format!("{path}={:?}{}", node.value, if node.relevant { "" } else { " (not relevant)" }))
        .collect();
    format!(
        "act {number} {}: {} of {} is {:?} here, {:?} there\n      {} {name}: {}\n      reads {}",
        act.request,
        difference.what,
        difference.path,
        difference.ours,
        difference.theirs,
        line.cells.get("type").map_or("", String::as_str),
        survey.expressions(name),
        reads.join(", ")
    )
}
