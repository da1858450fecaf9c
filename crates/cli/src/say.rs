//! What the command line prints.

use std::fmt::Write as _;
use std::io::{Write as _, stderr, stdout};

use serde::Serialize;
use tianye_desk::view::{FormCheck, FormExcerpt, FormProblem, FormSeverity, Refusal};
use unicode_width::UnicodeWidthStr as _;

use crate::words::Words;

/// Prints a line. Who reads it may have gone, as `head` does: what the command does goes on.
pub fn line(text: &str) {
    let _ = writeln!(stdout(), "{text}");
}

/// Prints text as it is.
pub fn text(text: &str) {
    let _ = write!(stdout(), "{text}").and_then(|()| stdout().flush());
}

/// Prints a line where errors go.
pub fn warn(text: &str) {
    let _ = writeln!(stderr(), "{text}");
}

/// Prints a value as JSON.
pub fn json(value: &impl Serialize) {
    line(&serde_json::to_string_pretty(value).unwrap_or_default());
}

/// Prints a refusal: the code, what it means in words, and the technical line.
pub fn refusal(refusal: &Refusal, as_json: bool, words: &Words) {
    if as_json {
        json(refusal);
        return;
    }
    let level = words.say("level-error", &[]);
    let args = refusal.args.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let detail = [("detail", refusal.detail.as_str())];
    match words.maybe(&format!("error-{}", refusal.code), args.chain([("file", ""), ("label", "")]).chain(detail)) {
        Some(said) if !said.contains("{$") => {
            warn(&format!("{level}[{}]: {said}", refusal.code));
            warn(&format!("  {}", refusal.detail));
        }
        _ => warn(&format!("{level}[{}]: {}", refusal.code, refusal.detail)),
    }
    for (name, value) in &refusal.args {
        warn(&format!("  {name}: {value}"));
    }
}

/// A problem with its message in words.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Told<'a> {
    #[serde(flatten)]
    problem: &'a FormProblem,
    message: String,
    suggestion: Option<String>,
}

/// A check with its messages in words.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ToldCheck<'a> {
    file: &'a str,
    usable: bool,
    title: &'a str,
    questions: u32,
    problems: Vec<Told<'a>>,
}

fn told<'a>(problem: &'a FormProblem, words: &Words) -> Told<'a> {
    let args = || problem.args.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let message = words.maybe(&format!("form-{}", problem.code), args());
    let near = problem.args.get("near").filter(|near| !near.is_empty());
    let near = near.and_then(|near| words.maybe("form-near", [("near", near.as_str())]));
    Told { problem, message: message.unwrap_or_else(|| problem.detail.clone()), suggestion: near }
}

/// Prints a form's check as JSON.
pub fn check_json(report: &FormCheck, words: &Words) {
    json(&ToldCheck {
        file: &report.file,
        usable: report.usable,
        title: &report.title,
        questions: report.questions,
        problems: report.problems.iter().map(|problem| told(problem, words)).collect(),
    });
}

/// Prints a form's check as a compiler would.
pub fn check(report: &FormCheck, words: &Words) {
    line(&check_text(report, words));
}

fn check_text(report: &FormCheck, words: &Words) -> String {
    let mut text = String::new();
    for one in &report.problems {
        text.push_str(&problem(&report.file, one, words));
        text.push('\n');
    }
    let count = |severity| report.problems.iter().filter(|problem| problem.severity == severity).count().to_string();
    let verdict = if report.usable { "check-usable" } else { "check-unusable" };
    let args = [
        ("file", report.file.as_str()),
        ("title", &report.title),
        ("questions", &report.questions.to_string()),
        ("errors", &count(FormSeverity::Error)),
        ("warnings", &count(FormSeverity::Warning)),
        ("notes", &count(FormSeverity::Note)),
    ];
    text.push_str(&words.say(verdict, &args));
    text
}

/// A problem of a form: what it is, where, the line with the place marked, a likely correction.
pub fn problem(file: &str, problem: &FormProblem, words: &Words) -> String {
    let mut text = String::new();
    let Told { message, suggestion, .. } = told(problem, words);
    let level = words.say(level(problem.severity), &[]);
    let _ = writeln!(text, "{level}[{}]: {message}", problem.code);
    let _ = writeln!(text, "  --> {}", place(file, problem));
    if let Some(excerpt) = &problem.excerpt {
        source(&mut text, problem, excerpt);
    }
    if let Some(suggestion) = suggestion {
        let _ = writeln!(text, "   = {suggestion}");
    }
    text
}

const fn level(severity: FormSeverity) -> &'static str {
    match severity {
        FormSeverity::Error => "level-error",
        FormSeverity::Warning => "level-warning",
        FormSeverity::Note => "level-note",
    }
}

/// `file:line:character` where the file is text, so that an editor can go there; sheet, cell and heading behind it.
fn place(file: &str, problem: &FormProblem) -> String {
    let mut place = file.to_owned();
    for number in [problem.line, problem.character].iter().filter(|number| **number > 0) {
        let _ = write!(place, ":{number}");
    }
    let mut cell = problem.column.clone();
    if problem.row > 0 {
        let _ = write!(cell, "{}", problem.row);
    }
    for part in [&problem.sheet, &cell, &problem.heading].into_iter().filter(|part| !part.is_empty()) {
        let _ = write!(place, " {part}");
    }
    place
}

/// The line that is meant, with carets under the marked place. Chinese characters are two columns wide in a terminal.
fn source(text: &mut String, problem: &FormProblem, excerpt: &FormExcerpt) {
    let flat = |piece: &str| piece.replace(['\n', '\r', '\t'], " ");
    let (before, marked, after) = (flat(&excerpt.before), flat(&excerpt.marked), flat(&excerpt.after));
    let number = [problem.row, problem.line].into_iter().find(|number| *number > 0);
    let number = number.map(|number| number.to_string()).unwrap_or_default();
    let margin = " ".repeat(number.len().max(2));
    let _ = writeln!(text, "{margin} |");
    let _ = writeln!(text, "{number:>2} | {before}{marked}{after}");
    let carets = "^".repeat(marked.width().max(1));
    let _ = writeln!(text, "{margin} | {}{carets}", " ".repeat(before.width()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arguments::Language;
    use tianye_desk::forms::check_workbook;

    const WRONG: &str = "\
| survey |
|  | type | name | label | relevant | calculation |
|  | select_one 地方 | mother_place | 妈妈在哪里 | | |
|  | integer | mother_months | 几个月 | '题目' != ${mother_plce} | |
|  | calculate | c | | | ${mother_months} + |
| choices |
|  | list_name | name | label |
|  | 地方 | 1 | 在家 |
";

    #[track_caller]
    fn check(language: Language, expect: &str) {
        let (report, _) = check_workbook("错.md", WRONG.as_bytes(), &|_| None).unwrap_or_else(|why| panic!("{why}"));
        assert_eq!(check_text(&report, &Words::of(language)), expect);
    }

    #[test]
    fn carets_stand_under_wide_characters() {
        check(
            Language::Zh,
            "\
错误[unknown-name]: 题名不存在：mother_plce。请改正，或补上这道题
  --> 错.md:4 survey D3 relevant
   |
 3 | '题目' != ${mother_plce}
   |           ^^^^^^^^^^^^^^
   = 是不是“mother_place”？

错误[expression-expected]: calculation 列：式子没有写完，后面应该是一个值、一道题或一个函数
  --> 错.md:5 survey E4 calculation
   |
 4 | ${mother_months} +
   |                   ^

错.md：不能用；2 处错误，0 处提醒，0 处说明",
        );
        check(
            Language::En,
            "\
error[unknown-name]: Expected the name of a question, group or repeat in ${…}, found “mother_plce”; correct it or add that question
  --> 错.md:4 survey D3 relevant
   |
 3 | '题目' != ${mother_plce}
   |           ^^^^^^^^^^^^^^
   = Did you mean “mother_place”?

error[expression-expected]: In calculation: the expression ends too early, expected a value, a path or a function
  --> 错.md:5 survey E4 calculation
   |
 4 | ${mother_months} +
   |                   ^

错.md: cannot be used; 2 errors, 0 warnings, 0 notes",
        );
    }
}
