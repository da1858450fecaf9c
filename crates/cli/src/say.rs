//! What the command line prints.

use std::fmt::Write as _;

use serde::Serialize;
use tianye_desk::view::{FormCheck, Refusal};

/// Prints a line.
#[expect(clippy::print_stdout, reason = "this program talks to a terminal")]
pub fn line(text: &str) {
    println!("{text}");
}

/// Prints a line where errors go.
#[expect(clippy::print_stderr, reason = "this program talks to a terminal")]
pub fn warn(text: &str) {
    eprintln!("{text}");
}

/// Prints a value as JSON.
pub fn json(value: &impl Serialize) {
    line(&serde_json::to_string_pretty(value).unwrap_or_default());
}

/// Prints a refusal: the code, and what was expected and found.
pub fn refusal(refusal: &Refusal, as_json: bool) {
    if as_json {
        json(refusal);
    } else {
        warn(&format!("error[{}]: {}", refusal.code, refusal.detail));
        for (name, value) in &refusal.args {
            warn(&format!("  {name}: {value}"));
        }
    }
}

/// Prints a form's check as a compiler would.
pub fn check(report: &FormCheck) {
    let mut text = String::new();
    for problem in &report.problems {
        let level = if problem.error { "error" } else { "warning" };
        let _ = writeln!(text, "{level}[{}]: {}", problem.code, problem.detail);
        let mut place = report.file.clone();
        for part in [problem.sheet.clone(), row(problem.row), problem.column.clone()] {
            if !part.is_empty() {
                let _ = write!(place, ":{part}");
            }
        }
        let _ = writeln!(text, "  --> {place}\n");
    }
    let errors = report.problems.iter().filter(|problem| problem.error).count();
    let warnings = report.problems.len() - errors;
    let verdict = if report.usable { "can be used" } else { "cannot be used" };
    let _ = write!(text, "{}: {verdict}", report.file);
    if report.usable {
        let _ = write!(text, " (“{}”, {} questions)", report.title, report.questions);
    }
    let _ = write!(text, "; {errors} errors, {warnings} warnings");
    line(&text);
}

fn row(row: u32) -> String {
    if row == 0 { String::new() } else { row.to_string() }
}
