//! What a run says: a table by kind and class, the list of verdicts as JSON, one closing line.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::Verdict;
use crate::list::Lists;

/// Prints a line for the person at the terminal.
#[expect(clippy::print_stdout, reason = "this program talks to a terminal")]
pub(crate) fn say(line: &str) {
    println!("{line}");
}

/// A verdict as the JSON file gives it.
#[derive(Serialize)]
struct Line<'v> {
    id: &'v str,
    passed: bool,
    /// Empty if it passed; else what was found, and the reason if the deviation is a decision.
    why: String,
}

/// The verdicts as a JSON list of `{id, passed, why}`.
pub(crate) fn json(verdicts: &[Verdict], lists: &Lists) -> serde_json::Result<String> {
    let lines = verdicts.iter().map(|verdict| {
        let why = match (&verdict.outcome, lists.get(&verdict.id)) {
            (Ok(()), _) => String::new(),
            (Err(found), Some(reason)) => format!("{reason} ({})", found.trim()),
            (Err(found), None) => found.trim().to_owned(),
        };
        Line { id: &verdict.id, passed: verdict.outcome.is_ok(), why }
    });
    serde_json::to_string_pretty(&lines.collect::<Vec<_>>())
}

/// The table, what is not as listed, and the closing line.
pub(crate) fn print(verdicts: &[Verdict], unlisted: &[String]) {
    say(&table(verdicts));
    if !unlisted.is_empty() {
        say(&format!("{} not as listed:", unlisted.len()));
        unlisted.iter().for_each(|line| say(&format!("   {line}")));
        say("");
    }
    let passed = verdicts.iter().filter(|verdict| verdict.outcome.is_ok()).count();
    say(&format!("{passed} passed, {} failed", verdicts.len() - passed));
}

/// A line for each kind and class: how many, how many are met, which share.
fn table(verdicts: &[Verdict]) -> String {
    let mut rows: BTreeMap<(&str, &str), (usize, usize)> = BTreeMap::new();
    for verdict in verdicts {
        let row = rows.entry((verdict.kind, verdict.class)).or_default();
        row.0 += 1;
        row.1 += usize::from(verdict.outcome.is_ok());
    }
    let mut text = format!("{:<14}{:<28}{:>8}{:>8}{:>9}\n", "kind", "class", "vectors", "passed", "share");
    for ((kind, class), (all, passed)) in rows {
        #[expect(clippy::cast_precision_loss, reason = "a share for people")]
        let share = 100.0 * passed as f64 / all as f64;
        text += &format!("{kind:<14}{class:<28}{all:>8}{passed:>8}{share:>7.1} %\n");
    }
    text
}
