//! Plays a filling to a reference engine and judges every difference.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use crate::decisions::{DECISIONS, Engine, Found};
use crate::filling::Act;
use crate::peer::Peer;
use crate::state::{Difference, State, differences, name_of, theirs};
use crate::survey::Survey;

/// JavaRosa recomputes too little: the difference is gone once it is made to compute everything again. Only around
/// repeats, where choices are filtered, and after a change of language.
pub const STALE: &str = "javarosa-stale";
/// The node reads, directly or not, a node whose difference is meant.
pub const FOLLOWS: &str = "follows";

/// The peer has not got the question that the act is about, after a difference there that is meant: the rest of the filling
/// cannot be compared.
pub const PARTED: &str = "parted";

/// What came of one filling.
#[derive(Debug, Default)]
pub struct Verdict {
    /// Meant differences by decision.
    pub meant: BTreeMap<(&'static str, String), usize>,
    /// Names that were, on purpose, asked or there in one engine only.
    pub apart: BTreeSet<String>,
    /// How many states of nodes were compared.
    pub compared: usize,
    /// Acts after which nothing differed but the clock and the spelling of numbers.
    pub clean: usize,
    /// What is not meant, in words. The filling stops at the first act that has any.
    pub unmeant: Vec<String>,
}

/// Plays all acts.
pub fn play(peer: &mut Peer, engine: Engine, acts: &[Act], survey: &Survey) -> Verdict {
    let mut verdict = Verdict::default();
    let (mut ever, mut apart) = (BTreeSet::new(), BTreeSet::new());
    for (number, act) in acts.iter().enumerate() {
        let answer = match peer.ask(&act.request) {
            Ok(answer) => answer,
            Err(why) => {
                let at = ["answer", "add", "remove"].iter().find_map(|act_kind| act.request[*act_kind].as_str());
                if at.is_some_and(|at| at.split('/').any(|step| apart.contains(name_of(step)))) {
                    *verdict.meant.entry((PARTED, why)).or_default() += 1;
                    return verdict;
                }
                verdict.unmeant.push(format!("act {number} {}: refused: {why}", act.request));
                return verdict;
            }
        };
        let their_state = theirs(&answer);
        verdict.compared += act.state.keys().chain(their_state.keys()).collect::<BTreeSet<_>>().len();
        let mut found = differences(&act.state, &their_state);
        let before = verdict.serious();
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
                let name = difference.name();
                if survey.touches_repeat(name) || survey.reads_language(name) || survey.reads_filtered(name) {
                    count(STALE, difference, &mut now);
                } else {
                    verdict.unmeant.push(words(number, act, difference, survey, &act.state));
                    return verdict;
                }
            }
            found = left;
        }
        let of_place = |what| matches!(what, "relevant" | "there" | "options" | "readonly");
        apart = found.iter().filter(|difference| of_place(difference.what)).map(|d| d.name().to_owned()).collect();
        verdict.apart.extend(apart.iter().cloned());
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
        verdict.clean += usize::from(verdict.serious() == before);
    }
    verdict
}

impl Verdict {
    /// How many meant differences are more than clock and spelling.
    fn serious(&self) -> usize {
        let light = |code: &str| matches!(code, "moment-of-filling" | "number-spelling");
        self.meant.iter().filter(|((code, _), _)| !light(code)).map(|(_, times)| times).sum()
    }
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
