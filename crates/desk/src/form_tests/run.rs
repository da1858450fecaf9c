//! Living through a test: each line on a session of its own, with what was expected and found where they differ.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, FixedOffset};
use tianye_xform::{AnswerError, Context, FieldPath, Form, NodeView, Properties, RowId, Session};
use tianye_xlsform::nearest;

use super::read::{at, moment};
use super::{Act, At, BEGIN, Expectation, FormTest, Said};
use crate::interview;
use crate::view::WhyView;

/// What came of one test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Name of the test.
    pub name: String,
    /// Row of the sheet in which it begins.
    pub row: u32,
    /// What was not as expected; empty if the test passed.
    pub failures: Vec<Failure>,
}

/// A line that did not come out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("row {row}: {at}: expected {expected}, found {found}")]
pub struct Failure {
    /// Row of the sheet.
    pub row: u32,
    /// The question, as the line names it.
    pub at: String,
    /// What the line expects.
    pub expected: Said,
    /// What was there.
    pub found: Said,
}

/// Runs tests on a form. A line that fails does not end its test: one run shows everything.
#[must_use]
pub fn run(form: &Arc<Form>, tests: &[FormTest]) -> Vec<Outcome> {
    let names = Names::of(form);
    tests.iter().map(|test| run_test(form, &names, test)).collect()
}

/// Why a question is as it is after some answers, each `question=value`. The question is named as in a test.
///
/// # Errors
/// A name that the form does not have, or an answer that it does not take; the failure's row is the answer's number.
pub fn why(form: &Arc<Form>, answers: &[String], question: &str) -> Result<WhyView, Failure> {
    let names = Names::of(form);
    let stage = Stage { now: None, properties: Properties::default(), drawn: Cell::new(1) };
    let mut session = stage.with(|context| Session::start(form.clone(), context));
    let mut rows = 0;
    for (row, text) in (1..).zip(answers) {
        let failed = |(at, expected, found)| Failure { row, at, expected, found };
        let not_so = || {
            failed((
                text.clone(),
                Said::words("answer", "question=value", &[]),
                Said::words("else", "something else", &[]),
            ))
        };
        let (name, value) = text.split_once('=').ok_or_else(not_so)?;
        let at = at(name.trim()).ok_or_else(not_so)?;
        step(&mut session, &stage, &names, &Act::Answer(at, value.trim().to_owned()), &mut rows).map_err(failed)?;
    }
    let row = u32::try_from(answers.len()).unwrap_or(u32::MAX).saturating_add(1);
    let failed = |(at, expected, found)| Failure { row, at, expected, found };
    let not_so = || {
        failed((question.to_owned(), Said::words("question", "a question such as age or members[2]/age", &[]), none()))
    };
    let path = names.find(&session, &at(question).ok_or_else(not_so)?, true).map_err(failed)?;
    interview::why::why(&session, &path).ok_or_else(not_so)
}

/// The outside of the interview: a clock that stands, randomness that is the same in every run.
struct Stage {
    now: Option<DateTime<FixedOffset>>,
    properties: Properties,
    drawn: Cell<u64>,
}

impl Stage {
    fn with<T>(&self, act: impl FnOnce(&Context<'_>) -> T) -> T {
        let random = || {
            self.drawn.set(self.drawn.get().wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1));
            self.drawn.get()
        };
        let now = self.now.or_else(|| moment(BEGIN)).unwrap_or_default();
        act(&Context { now, random: &random, properties: &self.properties })
    }
}

fn run_test(form: &Arc<Form>, names: &Names, test: &FormTest) -> Outcome {
    let mut failures = Vec::new();
    let mut stage = Stage { now: None, properties: Properties::default(), drawn: Cell::new(1) };
    let mut session: Option<Session> = None;
    let mut rows = 0;
    for line in &test.lines {
        if let Act::Now(now) = line.act {
            stage.now = Some(now);
            if let Some(session) = &mut session {
                stage.with(|context| session.recompute(context));
            }
            continue;
        }
        let session = session.get_or_insert_with(|| stage.with(|context| Session::start(form.clone(), context)));
        if let Err((at, expected, found)) = step(session, &stage, names, &line.act, &mut rows) {
            failures.push(Failure { row: line.row, at, expected, found });
        }
    }
    Outcome { name: test.name.clone(), row: test.row, failures }
}

/// Where, what was expected, what was found.
type Difference = (String, Said, Said);

fn step(session: &mut Session, stage: &Stage, names: &Names, act: &Act, rows: &mut u128) -> Result<(), Difference> {
    match act {
        Act::Now(_) => Ok(()),
        Act::Answer(at, value) => {
            let path = names.find(session, at, false)?;
            if session.view(&path).is_some_and(|view| !view.relevant) {
                return Err((
                    at.to_string(),
                    Said::words("shown-question", "a question that is shown", &[]),
                    Said::words("hidden-question", "a hidden one", &[]),
                ));
            }
            answer(session, stage, &path, value).map_err(|why| {
                (
                    at.to_string(),
                    Said::words("taken-answer", "an answer that is taken", &[]),
                    Said::refusal(why.code(), &why),
                )
            })
        }
        Act::Clear(at) => {
            let path = names.find(session, at, false)?;
            answer(session, stage, &path, "").map_err(|why| {
                (
                    at.to_string(),
                    Said::words("answer-to-clear", "an answer to clear", &[]),
                    Said::refusal(why.code(), &why),
                )
            })
        }
        Act::AddRow(at) => {
            let path = names.find(session, at, true)?;
            *rows += 1;
            let added = stage.with(|context| session.add_row(&path, RowId::random(*rows), context).map(drop));
            added.map_err(|why| {
                (at.to_string(), Said::words("row-to-add", "a row to be added", &[]), Said::refusal(why.code(), &why))
            })
        }
        Act::RemoveRow(at) => {
            let path = names.find(session, at, false)?;
            let removed = stage.with(|context| session.remove_row(&path, context).map(drop));
            removed.map_err(|why| {
                (
                    at.to_string(),
                    Said::words("row-to-remove", "a row to be removed", &[]),
                    Said::refusal(why.code(), &why),
                )
            })
        }
        Act::Language(language) => {
            let languages = session.form().languages().to_vec();
            let known = languages.iter().find(|known| *known == language || short(known) == language.as_str());
            match known {
                Some(known) if session.set_language(known) => Ok(()),
                _ => Err(("language".into(), Said::verbatim(languages.join(", ")), Said::verbatim(language.as_str()))),
            }
        }
        Act::Complete(wanted) => {
            let wrong = session.validate();
            match (wanted, wrong.first()) {
                (true, Some(first)) => {
                    let args = [("count", wrong.len().to_string()), ("first", first.path.to_string())];
                    let args = args.each_ref().map(|(name, value)| (*name, value.as_str()));
                    let found = Said::words("wrong", "{count} to put right, the first at {first}", &args);
                    Err(("complete".into(), Said::words("nothing-wrong", "nothing to put right", &[]), found))
                }
                (false, None) => {
                    let expected = Said::words("something-wrong", "something to put right", &[]);
                    Err(("incomplete".into(), expected, Said::words("nothing", "nothing", &[])))
                }
                _ => Ok(()),
            }
        }
        Act::Expect(at, expectation) => {
            let repeat = matches!(expectation, Expectation::Rows(_) | Expectation::Shown(_));
            let path = names.find(session, at, repeat)?;
            let (expected, found) = compare(session, stage, &path, expectation);
            if expected == found { Ok(()) } else { Err((at.to_string(), expected, found)) }
        }
    }
}

fn answer(session: &mut Session, stage: &Stage, path: &FieldPath, value: &str) -> Result<(), AnswerError> {
    stage.with(|context| session.answer(path, value, context).map(drop))
}

/// `中文 (zh)` is `zh` in short.
fn short(language: &str) -> &str {
    language.rsplit_once('(').map_or(language, |(_, code)| code.trim_end_matches(')'))
}

/// What is expected and what is there, in the same words where they agree.
fn compare(session: &mut Session, stage: &Stage, path: &FieldPath, expectation: &Expectation) -> (Said, Said) {
    let view = session.view(path);
    let absent = || Said::words("absent", "nothing there", &[]);
    let of = |word: &dyn Fn(&NodeView) -> Said| view.as_ref().map_or_else(absent, word);
    // The English words are the acts of the sheet, which the keys are called by.
    let either = |yes: bool, word: &str, other: &str| {
        let word = if yes { word } else { other };
        Said::words(word, word, &[])
    };
    match expectation {
        Expectation::Value(value) => {
            let found = view.as_ref().map_or_else(String::new, |view| view.value.clone());
            // Two spellings of one number are one value.
            let same = matches!((value.parse::<f64>(), found.parse::<f64>()), (Ok(a), Ok(b)) if (a - b).abs() < 1e-9);
            let whole_digits = value.len() < 16;
            if view.is_none() {
                (Said::quoted(value), absent())
            } else if same && whole_digits {
                (Said::quoted(value), Said::quoted(value))
            } else {
                (Said::quoted(value), Said::quoted(&found))
            }
        }
        Expectation::Shown(wanted) => {
            (either(*wanted, "shown", "hidden"), of(&|view| either(view.relevant, "shown", "hidden")))
        }
        Expectation::Valid(wanted) => {
            let valid = |view: &NodeView| either(view.problem.is_none(), "valid", "invalid");
            (either(*wanted, "valid", "invalid"), of(&valid))
        }
        Expectation::Required(wanted) => {
            let required = |view: &NodeView| either(view.required, "required", "optional");
            (either(*wanted, "required", "optional"), of(&required))
        }
        Expectation::Risk(wanted) => {
            (either(*wanted, "risk", "no-risk"), of(&|view| either(view.risk, "risk", "no-risk")))
        }
        Expectation::Options(codes) => {
            let found = |view: &NodeView| {
                let codes: Vec<&str> = view.options.iter().map(|option| option.value.as_str()).collect();
                Said::verbatim(codes.join(" "))
            };
            (Said::verbatim(codes.join(" ")), of(&found))
        }
        Expectation::Label(label) => (Said::quoted(label), of(&|view| Said::quoted(view.label.trim()))),
        Expectation::Rows(rows) => {
            (Said::verbatim(rows.to_string()), Said::verbatim(session.roster(path).len().to_string()))
        }
        Expectation::Refused(value) => {
            let mut trial = session.clone();
            let taken = answer(&mut trial, stage, path, value).is_ok();
            (either(true, "refused", ""), either(taken, "taken", "refused"))
        }
    }
}

fn none() -> Said {
    Said::words("none", "none", &[])
}

/// The places of a form by their template paths.
struct Names {
    templates: Vec<String>,
    repeats: BTreeSet<String>,
}

impl Names {
    fn of(form: &Form) -> Self {
        let mut templates = Vec::new();
        for question in form.questions() {
            for group in &question.groups {
                if !templates.contains(group) {
                    templates.push(group.clone());
                }
            }
            templates.push(question.path);
        }
        let repeats: BTreeSet<String> = form.repeats().into_iter().map(|repeat| repeat.path).collect();
        for repeat in &repeats {
            if !templates.contains(repeat) {
                templates.push(repeat.clone());
            }
        }
        Self { templates, repeats }
    }

    /// The address of a place in the filling as it is now.
    fn find(&self, session: &Session, at: &At, whole_repeat: bool) -> Result<FieldPath, Difference> {
        let matching: Vec<&String> = self.templates.iter().filter(|template| names_match(template, at)).collect();
        let template = match matching.as_slice() {
            [one] => *one,
            [] => {
                let last = at.0.last().map_or("", |(name, _)| name.as_str());
                let known = self.templates.iter().filter_map(|template| template.rsplit('/').next());
                let found = match nearest(last, known) {
                    Some(near) => {
                        let english = "none of that name; did you mean {near}?";
                        Said::words("no-such-name-near", english, &[("near", near)])
                    }
                    None => Said::words("no-such-name", "none of that name", &[]),
                };
                return Err((at.to_string(), Said::words("name", "a name of the survey sheet", &[]), found));
            }
            several => {
                let paths: Vec<&str> = several.iter().map(|path| path.as_str()).collect();
                let found = Said::words("several", "several: {paths}", &[("paths", &paths.join(", "))]);
                return Err((at.to_string(), Said::words("one-place", "one place", &[]), found));
            }
        };
        let mut path = FieldPath::root();
        let mut so_far = String::new();
        let mut given = at.0.iter().peekable();
        for step in template.split('/').filter(|step| !step.is_empty()) {
            path = path.child(step);
            so_far.push('/');
            so_far.push_str(step);
            let named = given.next_if(|(name, _)| name == step);
            if !self.repeats.contains(&so_far) {
                continue;
            }
            let Some(row) = named.and_then(|(_, row)| *row) else {
                if whole_repeat && so_far == *template {
                    break;
                }
                let expected = Said::words("row-number", "the number of a row, such as {name}[1]", &[("name", step)]);
                return Err((at.to_string(), expected, none()));
            };
            let roster = session.roster(&path);
            let Some(found) = (row as usize).checked_sub(1).and_then(|index| roster.get(index)) else {
                let expected = Said::words("row", "row {row} of {name}", &[("row", &row.to_string()), ("name", step)]);
                let found = Said::words("rows", "{count} rows", &[("count", &roster.len().to_string())]);
                return Err((at.to_string(), expected, found));
            };
            path = found.path.clone();
        }
        Ok(path)
    }
}

/// The names of the place stand in the template in this order, the last one at its end.
fn names_match(template: &str, at: &At) -> bool {
    let mut steps = template.rsplit('/').filter(|step| !step.is_empty());
    let mut names = at.0.iter().rev().map(|(name, _)| name.as_str());
    if names.next() != steps.next() {
        return false;
    }
    names.all(|name| steps.any(|step| step == name))
}
