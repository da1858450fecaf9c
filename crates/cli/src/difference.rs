//! `form diff`: what a new version of a form does to answers that are kept.

use std::collections::BTreeMap;
use std::process::ExitCode;

use serde::Serialize;
use tianye_desk::{Result, refuse};
use tianye_xform::{Difference, Effect, Form, differences};

use crate::say;
use crate::words::Words;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    effect: &'static str,
    code: &'static str,
    path: String,
    args: BTreeMap<&'static str, String>,
    message: String,
}

/// Prints the differences. Ends with failure when kept answers would be lost.
pub fn run(old: &Form, new: &Form, renamed: &[String], json: bool, words: &Words) -> Result<ExitCode> {
    let renamed = renamed.iter().map(|hint| pair(hint, old, new)).collect::<Result<Vec<_>>>()?;
    let found = differences(old, new, &renamed);
    let told: Vec<Told> = found.iter().map(|one| tell(one, words)).collect();
    if json {
        say::json(&told);
    } else {
        for one in &told {
            let effect = words.say(&format!("effect-{}", one.effect), &[]);
            let path = if one.path.is_empty() { words.say("diff-form", &[]) } else { one.path.clone() };
            say::line(&format!("{effect}[{}] {path}\n  {}\n", one.code, one.message));
        }
        say::line(&sum(&found, words));
    }
    let loses = found.iter().any(|one| one.effect == Effect::Loses);
    Ok(if loses { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn sum(found: &[Difference], words: &Words) -> String {
    if found.is_empty() {
        return words.say("diff-none", &[]);
    }
    let count = |effect| found.iter().filter(|one| one.effect == effect).count().to_string();
    let (loses, check, keeps) = (count(Effect::Loses), count(Effect::Check), count(Effect::Keeps));
    words.say("diff-sum", &[("loses", &loses), ("check", &check), ("keeps", &keeps)])
}

fn tell(one: &Difference, words: &Words) -> Told {
    let args: BTreeMap<&'static str, String> = one.kind.args().into_iter().collect();
    let values = args.iter().map(|(name, value)| (*name, value.as_str()));
    let message = words.maybe(&format!("diff-{}", one.kind.code()), values).unwrap_or_else(|| one.kind.to_string());
    Told { effect: one.effect.as_str(), code: one.kind.code(), path: one.path.clone(), args, message }
}

/// `old=new`, each the name of one question or its path.
fn pair(hint: &str, old: &Form, new: &Form) -> Result<(String, String)> {
    let (from, to) =
        hint.split_once('=').ok_or_else(|| refuse("diff-hint", format!("expected old=new, found {hint}")))?;
    Ok((path(from, old)?, path(to, new)?))
}

fn path(name: &str, form: &Form) -> Result<String> {
    let name = name.trim();
    let fits = form.questions().into_iter().filter(|question| question.path == name || question.name == name);
    match fits.map(|question| question.path).collect::<Vec<_>>().as_slice() {
        [only] => Ok(only.clone()),
        found => Err(refuse(
            "diff-hint",
            format!("expected the name of one question, found {name}, which {} have", found.len()),
        )),
    }
}
