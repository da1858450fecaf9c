//! Commands on a workbook.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use tianye_desk::duration::expected;
use tianye_desk::form_tests;
use tianye_desk::forms::{Checked, LONGEST_WORKBOOK, check_workbook, workbook};
use tianye_desk::instruments;
use tianye_desk::interview::control::answerable;
use tianye_desk::scales::{FACTS, Scale, library};
use tianye_desk::view::{FormCheck, FormProblem};
use tianye_desk::world::{Machine, World as _};
use tianye_desk::{Result, refuse, simulate};
use tianye_xform::{Form, Media};
use tianye_xlsform::Format;

use crate::arguments::FormCommand;
use crate::difference;
use crate::paper;
use crate::say;
use crate::say_why;
use crate::words::Words;

/// Runs a command on a workbook.
pub fn run(command: FormCommand, json: bool, words: &Words) -> Result<ExitCode> {
    match command {
        FormCommand::Check { file } => {
            let (report, _) = read(&file)?;
            if json {
                say::check_json(&report, words);
            } else {
                say::check(&report, words);
            }
            Ok(if report.usable { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        FormCommand::Xform { file, output } => {
            let checked = usable(&file, words)?;
            match output {
                Some(path) => {
                    let written = std::fs::write(&path, &checked.converted.xform);
                    written.map_err(|why| cannot("write", &path, &why))?;
                }
                None => say::line(&checked.converted.xform),
            }
            Ok(ExitCode::SUCCESS)
        }
        FormCommand::Convert { file, output, force } => {
            convert_to(&file, &output, force)?;
            Ok(ExitCode::SUCCESS)
        }
        FormCommand::Diff { old, new, renamed } => {
            let (old, new) = (form_of(usable(&old, words)?)?, form_of(usable(&new, words)?)?);
            difference::run(&old, &new, &renamed, json, words)
        }
        FormCommand::Instruments => instruments(json),
        FormCommand::Paper { folder, text } => {
            paper::run(&folder, text.as_deref())?;
            Ok(ExitCode::SUCCESS)
        }
        FormCommand::Test { file } => test(&file, json, words),
        FormCommand::Why { file, question, answers } => why(&file, &question, &answers, json, words),
        FormCommand::Walk { file, count, seed } => walk(&file, count, seed, json, words),
    }
}

/// What the tests of a workbook came to.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Tested {
    passed: usize,
    failed: usize,
    /// What could not be understood in the sheet of tests.
    problems: Vec<FormProblem>,
    tests: Vec<TestLine>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct TestLine {
    name: String,
    row: u32,
    passed: bool,
    failures: Vec<FailureLine>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct FailureLine {
    row: u32,
    question: String,
    expected: String,
    found: String,
}

fn test(file: &Path, json: bool, words: &Words) -> Result<ExitCode> {
    let form = form_of(usable(file, words)?)?;
    let (tests, problems) = form_tests::read(&workbook(&name_of(file), &read_limited(file)?)?);
    let outcomes = form_tests::run(&form, &tests);
    let failed = outcomes.iter().filter(|outcome| !outcome.failures.is_empty()).count();
    let tested = Tested {
        passed: outcomes.len() - failed,
        failed,
        problems,
        tests: outcomes
            .into_iter()
            .map(|outcome| test_line(outcome, |said| if json { said.to_string() } else { in_words(said, words) }))
            .collect(),
    };
    if json {
        say::json(&tested);
    } else {
        for problem in &tested.problems {
            say::line(&say::problem(&name_of(file), problem, words));
        }
        for test in &tested.tests {
            let state = words.say(if test.passed { "tests-passed" } else { "tests-failed" }, &[]);
            say::line(&format!("{state}  {}", test.name));
            for FailureLine { row, question, expected, found } in &test.failures {
                let row = row.to_string();
                let args = [("row", row.as_str()), ("at", question), ("expected", expected), ("found", found)];
                say::line(&format!("       {}", words.say("tests-line", &args)));
            }
        }
        let args = [("passed", tested.passed.to_string()), ("failed", tested.failed.to_string())];
        say::line(&words.say("tests-sum", &args.each_ref().map(|(name, value)| (*name, value.as_str()))));
    }
    let good = tested.failed == 0 && tested.problems.is_empty();
    if good && tested.tests.is_empty() {
        return Err(refuse("tests-none", "expected tests in a sheet named tests, found none"));
    }
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn why(file: &Path, question: &str, answers: &[String], json: bool, words: &Words) -> Result<ExitCode> {
    let form = form_of(usable(file, words)?)?;
    let told = form_tests::why(&form, answers, question);
    let told = told.map_err(|failure| {
        let form_tests::Failure { at, expected, found, .. } = failure;
        let (expected, found) = (in_words(&expected, words), in_words(&found, words));
        refuse("tests-bad-question", format!("{at}: expected {expected}, found {found}"))
    })?;
    if json {
        say::json(&told);
    } else {
        say::line(&say_why::why(&told, words));
    }
    Ok(ExitCode::SUCCESS)
}

/// What a test says, in the words of a language.
fn in_words(said: &form_tests::Said, words: &Words) -> String {
    let args = said.args();
    let args = args.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    words.maybe(said.key(), args).unwrap_or_else(|| said.to_string())
}

fn test_line(outcome: form_tests::Outcome, say: impl Fn(&form_tests::Said) -> String) -> TestLine {
    let failures = outcome.failures.into_iter().map(|failure| FailureLine {
        row: failure.row,
        question: failure.at,
        expected: say(&failure.expected),
        found: say(&failure.found),
    });
    let failures: Vec<_> = failures.collect();
    TestLine { name: outcome.name, row: outcome.row, passed: failures.is_empty(), failures }
}

fn form_of(checked: Checked) -> Result<Arc<Form>> {
    let media: Media = checked.media.into_iter().collect();
    let (form, _) = Form::parse(&checked.converted.xform, &media);
    Ok(Arc::new(form.ok_or_else(|| refuse("form-unusable", "the form cannot be used"))?))
}

/// Writes a workbook in the format that the output's name asks for.
fn convert_to(file: &Path, output: &Path, force: bool) -> Result<()> {
    if output.exists() && !force {
        let detail =
            format!("expected a new file, found {} already there; add --force to write over it", output.display());
        return Err(refuse("exists", detail));
    }
    let book = workbook(&name_of(file), &read_limited(file)?)?;
    let bytes = match Format::from_file_name(&name_of(output)) {
        Some(Format::Xlsx) => book.to_xlsx()?,
        Some(Format::Markdown) => book.to_markdown().into_bytes(),
        _ => {
            let detail = format!("expected a name ending in xlsx or md, found {}", output.display());
            return Err(refuse("form-write-format", detail));
        }
    };
    std::fs::write(output, bytes).map_err(|why| cannot("write", output, &why))
}

/// An instrument that comes with the program.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct InstrumentLine {
    id: String,
    title: String,
    questions: u32,
    /// As many walks as are cheap: half of them are expected to be shorter.
    minutes: u32,
}

fn instruments(json: bool) -> Result<ExitCode> {
    let mut lines = Vec::new();
    for one in instruments::ALL {
        let (report, checked) = check_workbook(&one.file(), one.workbook.as_bytes(), &|_| None)?;
        let checked = checked.ok_or_else(|| refuse("form-unusable", format!("{} cannot be used", one.id)))?;
        let walks = (0..20).filter_map(|seed| simulate::walk(&checked.form, seed, Machine.now()).ok());
        let (minutes, _) = minutes_of(walks.map(|session| expected(&session)).collect());
        lines.push(InstrumentLine { id: one.id.to_owned(), title: report.title, questions: report.questions, minutes });
    }
    if json {
        say::json(&lines);
    } else {
        for InstrumentLine { id, title, questions, minutes } in &lines {
            say::line(&format!("{id}  {title}  {questions} questions, about {minutes} minutes"));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The middle of some durations, and what nine of ten do not pass, in whole minutes, rounded up.
fn minutes_of(mut durations: Vec<Duration>) -> (u32, u32) {
    durations.sort();
    let at = |part: usize| durations.get((durations.len() * part / 10).min(durations.len().saturating_sub(1)));
    let minutes = |part: usize| at(part).map_or(0, |one| u32::try_from(one.as_secs().div_ceil(60)).unwrap_or(u32::MAX));
    (minutes(5), minutes(9))
}

/// Shows the library of scales, or one of them.
pub fn scales(id: Option<&str>, json: bool) -> Result<ExitCode> {
    let all = library()?;
    let known = all.iter().map(|one| one.id.as_str()).collect::<Vec<_>>().join(", ");
    let wanted: Vec<&Scale> = all.iter().filter(|one| id.is_none_or(|id| one.id == id)).collect();
    if wanted.is_empty() {
        let found = id.unwrap_or_default();
        return Err(refuse("scale-unknown", format!("expected one of {known}, found {found}")).with("found", found));
    }
    if json {
        say::json(&wanted);
    } else if id.is_some() {
        for name in FACTS {
            wanted.iter().for_each(|one| say::line(&format!("{name}: {}", one.fact(name))));
        }
    } else {
        for one in wanted {
            let what = if one.ships() { "with its wording" } else { "slot" };
            let (zh, en) = (one.fact("name_zh"), one.fact("name_en"));
            say::line(&format!(
                "{}  {zh} {en}  {}  {what}  permission: {}",
                one.id,
                one.fact("ages"),
                one.fact("permission")
            ));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// What a series of walks found.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Walked {
    interviews: u32,
    /// Minutes that an interview is expected to take: the middle, and what nine of ten do not pass.
    minutes: (u32, u32),
    stuck: Vec<String>,
    never_reached: Vec<String>,
}

fn walk(file: &Path, count: u32, seed: u64, json: bool, words: &Words) -> Result<ExitCode> {
    let form = form_of(usable(file, words)?)?;
    let mut reached: BTreeMap<String, u32> = form
        .questions()
        .into_iter()
        .filter(|question| answerable(&question.control, &question.appearance))
        .map(|question| (question.path, 0))
        .collect();
    let mut walked = Walked { interviews: 0, minutes: (0, 0), stuck: Vec::new(), never_reached: Vec::new() };
    let mut durations = Vec::new();
    for at in 0..count {
        match simulate::walk(&form, seed.wrapping_add(u64::from(at)), Machine.now()) {
            Ok(session) => {
                walked.interviews += 1;
                durations.push(expected(&session));
                for field in session.fields().iter().filter(|field| field.counts) {
                    if let Some(times) = reached.get_mut(&field.path.template()) {
                        *times += 1;
                    }
                }
            }
            Err(stuck) => {
                let text = stuck.to_string();
                if !walked.stuck.contains(&text) {
                    walked.stuck.push(text);
                }
            }
        }
    }
    walked.minutes = minutes_of(durations);
    walked.never_reached = reached.iter().filter(|(_, times)| **times == 0).map(|(path, _)| path.clone()).collect();
    if json {
        say::json(&walked);
    } else {
        for stuck in &walked.stuck {
            say::line(&format!("error[form-stuck]: {stuck}\n"));
        }
        for path in &walked.never_reached {
            say::line(&format!("warning[form-never-reached]: {path}: no walk came here\n"));
        }
        say::line(&format!("{} of {count} walks came to the end", walked.interviews));
        let (middle, long) = walked.minutes;
        say::line(&format!("expected duration read aloud: about {middle} minutes, nine of ten within {long}"));
    }
    Ok(if walked.stuck.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn usable(file: &Path, words: &Words) -> Result<Checked> {
    let (report, checked) = read(file)?;
    checked.ok_or_else(|| {
        say::check(&report, words);
        refuse("form-unusable", format!("{} cannot be used; what is wrong stands above", file.display()))
    })
}

/// Reads and checks a workbook.
pub fn read(file: &Path) -> Result<(FormCheck, Option<Checked>)> {
    let bytes = read_limited(file)?;
    let folder = file.parent().unwrap_or(Path::new(".")).to_owned();
    check_workbook(&name_of(file), &bytes, &|name| beside(&folder, name))
}

/// A file that lies beside a workbook; a name that leads elsewhere is none.
pub fn beside(folder: &Path, name: &str) -> Option<Vec<u8>> {
    let plain = Path::new(name).components().count() == 1 && !name.starts_with("..");
    plain.then(|| std::fs::read(folder.join(name)).ok()).flatten()
}

/// The file's name without its folder.
pub fn name_of(file: &Path) -> String {
    file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Reads a workbook's bytes.
pub fn read_limited(file: &Path) -> Result<Vec<u8>> {
    let length = std::fs::metadata(file).map_err(|why| cannot("read", file, &why))?.len();
    if length > LONGEST_WORKBOOK {
        let detail = format!("expected at most {LONGEST_WORKBOOK} bytes, found {length} in {}", file.display());
        return Err(refuse("form-format", detail));
    }
    std::fs::read(file).map_err(|why| cannot("read", file, &why))
}

/// A file that cannot be read or written.
pub fn cannot(what: &str, file: &Path, why: &std::io::Error) -> tianye_desk::view::Refusal {
    refuse("file", format!("cannot {what} {}: {why}", file.display()))
}
