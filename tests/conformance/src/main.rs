//! Runs the vectors that others wrote against the form engine: expressions, workbooks, forms with acts.
//!
//! **Purpose.** `cargo xtask conformance [--vectors FOLDER] [--json FILE]`: every vector of a folder is run, none is left
//! out silently. What is not met must stand in a list of [`lists`](list) with its reason, and what stands there must not
//! be met: the list is checked both ways.
//!
//! **Must not know.** Any single vector: what is special about one belongs in a list, with its reason, and never here.
//!
//! **Words.** *Vector*: one recorded case. *Kind*: expressions, decisions, workbooks, forms. *Class*: how much the
//! recording binds us, such as consensus or contested.

mod decisions;
mod expressions;
mod forms;
mod list;
mod report;
mod workbook_checks;
mod workbooks;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::Value as Json;

/// What a vector came to; an error says what was expected and found.
type Outcome = Result<(), String>;

/// One vector after its run.
struct Verdict {
    id: String,
    kind: &'static str,
    class: &'static str,
    outcome: Outcome,
}

/// A file of vectors, and how it is run.
type Runner = fn(&Json) -> Vec<Verdict>;

const FILES: [(&str, Runner); 5] = [
    ("xpath-web-forms.json", expressions::web_forms),
    ("xpath-javarosa.json", expressions::javarosa),
    ("xpath-decisions.json", decisions::run),
    ("xlsform-pyxform.json", workbooks::run),
    ("forms-web-forms.json", forms::run),
];

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            report::say(&format!("conformance: {why}"));
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<bool, String> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance");
    let (mut folder, mut json) = (None, None);
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let mut value = || args.next().map(PathBuf::from).ok_or(format!("expected a path after {arg}"));
        match arg.as_str() {
            "--vectors" => folder = Some(value()?),
            "--json" => json = Some(value()?),
            other => return Err(format!("expected --vectors FOLDER or --json FILE, found {other}")),
        }
    }
    let asked = folder.is_some();
    let folder = folder.unwrap_or(own);
    if !folder.is_dir() {
        let what = format!("there is no folder of vectors at {}", folder.display());
        if asked {
            return Err(what);
        }
        report::say(&format!("Left out: {what}. Give one with --vectors FOLDER."));
        return Ok(true);
    }
    let mut verdicts = Vec::new();
    for (name, runner) in FILES {
        let path = folder.join(name);
        match std::fs::read_to_string(&path) {
            Ok(text) => verdicts.extend(runner(&read(&text).map_err(|why| format!("{}: {why}", path.display()))?)),
            Err(why) => report::say(&format!("Left out: {name} cannot be read ({why}).")),
        }
    }
    if verdicts.is_empty() {
        return Err(format!("{} holds none of the files that are run", folder.display()));
    }
    let lists = list::own();
    if let Some(file) = json {
        let text = report::json(&verdicts, &lists).map_err(|why| why.to_string())?;
        std::fs::write(&file, text).map_err(|why| format!("{}: {why}", file.display()))?;
    }
    // Another folder need not hold every vector that our lists speak of.
    let unlisted = list::check(&verdicts, &lists, !asked);
    report::print(&verdicts, &unlisted);
    Ok(unlisted.is_empty())
}

/// Reads a file of vectors. Some observed values hold half a character, which no text of ours can: it becomes `\ufffd`.
fn read(text: &str) -> Result<Json, String> {
    serde_json::from_str(&without_halves(text)).map_err(|why| why.to_string())
}

/// JSON text with each escaped high surrogate that no low one follows replaced.
fn without_halves(text: &str) -> String {
    let is = |at: usize, thirds: [char; 4]| {
        let mut escape = text.get(at..at + 4).unwrap_or_default().chars();
        escape.next() == Some('\\')
            && escape.next() == Some('u')
            && escape.next() == Some('d')
            && escape.next().is_some_and(|third| thirds.contains(&third))
    };
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for (at, _) in text.match_indices("\\ud") {
        if is(at, ['8', '9', 'a', 'b']) && !is(at + 6, ['c', 'd', 'e', 'f']) {
            out.push_str(&text[from..at]);
            out.push_str("\\ufffd");
            from = at + 6;
        }
    }
    out.push_str(&text[from..]);
    out
}

/// Runs every case of a file. A case that brings the program down has failed, and the others go on.
fn each<'j>(
    json: &'j Json,
    kind: &'static str,
    class: impl Fn(&'j Json) -> &'static str,
    id: impl Fn(&'j Json) -> String,
    run: impl Fn(&'j Json) -> Outcome,
) -> Vec<Verdict> {
    let quiet = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let cases = json["cases"].as_array().map_or(&[][..], Vec::as_slice);
    let verdict = |case: &'j Json| {
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run(case))).unwrap_or_else(|panic| {
            let words = panic.downcast_ref::<String>().map(String::as_str);
            let words = words.or(panic.downcast_ref::<&str>().copied()).unwrap_or("no words");
            Err(format!("the program broke down: {words}"))
        });
        Verdict { id: id(case), kind, class: class(case), outcome }
    };
    let verdicts = cases.iter().map(verdict).collect();
    std::panic::set_hook(quiet);
    verdicts
}

/// The id that a case carries.
fn id_of(case: &Json) -> String {
    case["id"].as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_character_is_replaced_and_a_whole_one_stays() {
        let text = r#"["\ud842x", "\ud842\udfb7", "\ud842", "中\udbff\u0041"]"#;
        assert_eq!(without_halves(text), r#"["\ufffdx", "\ud842\udfb7", "\ufffd", "中\ufffd\u0041"]"#);
    }
}
