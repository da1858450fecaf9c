//! `tianye-peers`: our form engine beside the reference tools, on every form in `forms/` and on seeded random workbooks.
//!
//! **Purpose.** Five comparisons: ODK Validate passes the XForms we make; pyxform makes the same trees; after each random
//! act our whole state is JavaRosa's; and that of ODK Web Forms; and each goes on with the submission that we write in the
//! end, with the same answers and rows. A difference is either listed in [`decisions`], by rule
//! and with a reason, or it fails the run; a decision that no longer occurs fails the run of the fixed seeds.
//!
//! **Must not know.** Storage, screens, the network. `cargo xtask peers` installs the tools and starts this.
//!
//! **Words.** *Peer*: a reference engine, driven by JSON lines. *Act*: an answer, a row added or removed, another
//! language. *State*: value, relevance, requirement, read-only, fault, label and options of every node.

mod compare;
mod decisions;
mod dice;
mod expression;
mod filling;
mod peer;
mod restore;
mod state;
mod survey;
mod workbook;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Arc;

use chrono::{FixedOffset, Utc};
use tianye_xform::{Form, Media};
use tianye_xlsform::{Format, Options, Severity, Workbook, convert};

use crate::compare::{FOLLOWS, PARTED, STALE, Verdict, play};
use crate::decisions::{DECISIONS, Engine};
use crate::filling::{Act, filling};
use crate::peer::Peer;
use crate::restore::Submission;
use crate::survey::Survey;

/// Random workbooks of an ordinary run, with some more that rare decisions occur in. The list of decisions is checked both
/// ways against exactly these.
const SEEDS: u64 = 60;
const RARE: [u64; 14] = [104, 142, 262, 453, 471, 533, 589, 600, 722, 779, 1086, 1089, 1173, 1221];
/// Acts on each random workbook, and on each form of `forms/`.
const ACTS: (usize, usize) = (25, 120);

struct Tools {
    python: PathBuf,
    converter: PathBuf,
    check: PathBuf,
    jar: PathBuf,
    java_driver: PathBuf,
    modules: PathBuf,
    web_driver: PathBuf,
    work: PathBuf,
    forms: PathBuf,
    first: u64,
    seeds: u64,
    only_engines: bool,
}

impl Tools {
    /// These are the seeds that the list of decisions is checked against.
    fn is_fixed(&self) -> bool {
        self.first == 1 && self.seeds == SEEDS
    }
}

struct Case {
    name: String,
    workbook: PathBuf,
    xform: PathBuf,
    survey: Survey,
    acts: Vec<Act>,
    submission: Submission,
    /// Where it was written.
    written: PathBuf,
}

#[derive(Default)]
struct Tally {
    passed: usize,
    failed: usize,
}

impl Tally {
    fn check(&mut self, what: &str, why_not: Option<String>) {
        match why_not {
            None => self.passed += 1,
            Some(why) => {
                self.failed += 1;
                say(&format!("failed: {what}: {why}"));
            }
        }
    }
}

#[expect(clippy::print_stdout, reason = "this program talks to a terminal")]
fn say(line: &str) {
    println!("{line}");
    let _ = std::io::stdout().flush();
}

fn main() -> ExitCode {
    let outcome = tools().and_then(|tools| run(&tools));
    match outcome {
        Ok(tally) => {
            say(&format!("{} passed, {} failed", tally.passed, tally.failed));
            if tally.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(why) => {
            say(&why);
            ExitCode::FAILURE
        }
    }
}

fn tools() -> Result<Tools, String> {
    let mut given = BTreeMap::new();
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let name =
            arg.strip_prefix("--").ok_or_else(|| format!("expected an option such as --seeds N, found {arg}"))?;
        let value = if name == "only-engines" {
            String::new()
        } else {
            args.next().ok_or_else(|| format!("--{name} needs a value"))?
        };
        given.insert(name.to_owned(), value);
    }
    let only_engines = given.remove("only-engines").is_some();
    let mut path = |name: &str| given.remove(name).map(PathBuf::from).ok_or_else(|| format!("--{name} is missing"));
    let mut tools = Tools {
        python: path("python")?,
        converter: path("converter")?,
        check: path("check")?,
        jar: path("jar")?,
        java_driver: path("java-driver")?,
        modules: path("modules")?,
        web_driver: path("web-driver")?,
        work: path("work")?,
        forms: path("forms")?,
        first: 1,
        seeds: SEEDS,
        only_engines,
    };
    for (name, value) in given {
        let number = value.parse().map_err(|_| format!("--{name}: expected a number, found {value}"))?;
        match name.as_str() {
            "seeds" => tools.seeds = number,
            "first" => tools.first = number,
            _ => return Err(format!("there is no option --{name}; there are --seeds N, --first SEED, --only-engines")),
        }
    }
    Ok(tools)
}

fn run(tools: &Tools) -> Result<Tally, String> {
    let mut tally = Tally::default();
    std::fs::create_dir_all(&tools.work).map_err(|why| format!("cannot make {}: {why}", tools.work.display()))?;
    let cases = cases(tools, &mut tally)?;
    let acts: usize = cases.iter().map(|case| case.acts.len()).sum();
    say(&format!("{} forms, {acts} acts", cases.len()));
    if !tools.only_engines {
        validator(tools, &cases, &mut tally)?;
        trees(tools, &cases, &mut tally)?;
    }
    // The two engines work side by side.
    let (java, web) = std::thread::scope(|scope| {
        let java = scope.spawn(|| verdicts(tools, Engine::JavaRosa, &cases));
        let web = verdicts(tools, Engine::WebForms, &cases);
        (java.join().unwrap_or_else(|_| Err("the comparison broke off".to_owned())), web)
    });
    judge(Engine::JavaRosa, &cases, &java?, tools.is_fixed(), &mut tally);
    judge(Engine::WebForms, &cases, &web?, tools.is_fixed(), &mut tally);
    Ok(tally)
}

/// The forms of `forms/` and the random ones, converted and filled in by us.
fn cases(tools: &Tools, tally: &mut Tally) -> Result<Vec<Case>, String> {
    let mut sources = Vec::new();
    let folder =
        std::fs::read_dir(&tools.forms).map_err(|why| format!("cannot read {}: {why}", tools.forms.display()))?;
    let mut files: Vec<PathBuf> = folder.flatten().map(|entry| entry.path()).collect();
    files.sort();
    for file in
        files.into_iter().filter(|file| file.extension().is_some_and(|end| end == "md") && !file.ends_with("README.md"))
    {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&file).map_err(|why| format!("cannot read {}: {why}", file.display()))?;
        sources.push((name, text, 1, ACTS.1));
    }
    let fixed = tools.is_fixed().then_some(RARE).into_iter().flatten();
    for seed in (tools.first..tools.first + tools.seeds).chain(fixed) {
        sources.push((format!("seed{seed}"), workbook::workbook(seed), seed, ACTS.0));
    }
    let mut cases = Vec::new();
    for (name, text, seed, length) in sources {
        let case = case(tools, &name, &text, seed, length);
        match case {
            Ok(case) => cases.push(case),
            Err(why) => tally.check(&name, Some(why)),
        }
    }
    Ok(cases)
}

fn case(tools: &Tools, name: &str, text: &str, seed: u64, length: usize) -> Result<Case, String> {
    let (workbook, xform) = (tools.work.join(format!("{name}.md")), tools.work.join(format!("{name}.xml")));
    write(&workbook, text)?;
    let read = Workbook::read(text.as_bytes(), Format::Markdown).map_err(|why| why.to_string())?;
    let options = Options { form_name: name.to_owned(), keep_curly_quotes: true, ..Options::default() };
    let (converted, problems) = convert(&read, &options);
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error).map(ToString::to_string);
    let converted = converted.ok_or_else(|| format!("we refuse it: {}", errors.collect::<Vec<_>>().join("; ")))?;
    write(&xform, &converted.xform)?;
    let (form, problems) = Form::parse(&converted.xform, &Media::none());
    let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
    let form = form.ok_or_else(|| format!("our engine refuses it: {}", problems.join("; ")))?;
    let east = FixedOffset::east_opt(8 * 3600).ok_or("no such time zone")?;
    let now = Utc::now().with_timezone(&east);
    let (acts, submission) = filling(&Arc::new(form), &xform.to_string_lossy(), seed, length, now);
    // What a driver reads, to play it again by hand.
    let script: Vec<String> = acts.iter().map(|act| act.request.to_string()).collect();
    write(&tools.work.join(format!("{name}.jsonl")), &script.join("\n"))?;
    let written = tools.work.join(format!("{name}.submission.xml"));
    write(&written, &submission.xml)?;
    Ok(Case { name: name.to_owned(), workbook, xform, survey: Survey::read(text), acts, submission, written })
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    std::fs::write(path, text).map_err(|why| format!("cannot write {}: {why}", path.display()))
}

fn validator(tools: &Tools, cases: &[Case], tally: &mut Tally) -> Result<(), String> {
    let mut command = Command::new("java");
    command.arg("-jar").arg(&tools.jar).args(cases.iter().map(|case| &case.xform));
    let output = command.output().map_err(|why| format!("cannot start java: {why}"))?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let complaints = String::from_utf8_lossy(&output.stderr).into_owned();
    for case in cases {
        // The verdict stands between the name of this file and that of the next one.
        let about = said.split("Validating: ").find(|part| part.lines().next() == Some(&*case.xform.to_string_lossy()));
        let valid = about.is_some_and(|part| part.contains("Xform is valid!"));
        tally.check(
            &format!("{} at ODK Validate", case.name),
            (!valid).then(|| complaints.lines().take(12).collect::<Vec<_>>().join("\n   ")),
        );
    }
    say(&format!("ODK Validate has looked at {} XForms", cases.len()));
    Ok(())
}

fn trees(tools: &Tools, cases: &[Case], tally: &mut Tally) -> Result<(), String> {
    let mut command = Command::new(&tools.python);
    command.arg(&tools.check).arg(&tools.converter).args(cases.iter().map(|case| &case.workbook));
    let output = command.output().map_err(|why| format!("cannot start Python: {why}"))?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    for case in cases {
        let begin = format!("{}: ", case.workbook.display());
        let about = said.split(&begin).nth(1).map(|rest| rest.lines().take(4).collect::<Vec<_>>().join("\n   "));
        let why = match about {
            Some(text) if text.starts_with("the same tree as pyxform") => None,
            Some(text) => Some(text),
            None => Some(String::from_utf8_lossy(&output.stderr).into_owned()),
        };
        tally.check(&format!("{} at pyxform", case.name), why);
    }
    say(&format!("pyxform has converted {} workbooks", cases.len()));
    Ok(())
}

/// What each filling comes to at an engine, and what the engine reads otherwise in its submission.
fn verdicts(tools: &Tools, engine: Engine, cases: &[Case]) -> Result<Vec<(Verdict, Vec<String>)>, String> {
    let mut command;
    match engine {
        Engine::JavaRosa => {
            command = Command::new("java");
            let path = std::env::join_paths([&tools.java_driver, &tools.jar]).map_err(|why| why.to_string())?;
            command.arg("-Duser.timezone=Asia/Shanghai").arg("-Duser.language=en").arg("-cp").arg(path).arg("Driver");
        }
        Engine::WebForms => {
            command = Command::new("node");
            command.arg(&tools.web_driver).arg(&tools.modules).env("TZ", "Asia/Shanghai");
        }
    }
    let log = tools.work.join(format!("{engine:?}.txt"));
    let mut peer = Peer::start(&mut command, &log)?;
    let verdict = |case: &Case| {
        let played = play(&mut peer, engine, &case.acts, &case.survey);
        let (xform, written) = (case.xform.to_string_lossy(), case.written.to_string_lossy());
        let wrong = case.submission.restored(&mut peer, &xform, &written, &played.apart);
        (played, wrong)
    };
    Ok(cases.iter().map(verdict).collect())
}

fn judge(engine: Engine, cases: &[Case], verdicts: &[(Verdict, Vec<String>)], fixed: bool, tally: &mut Tally) {
    for (case, (_, wrong)) in cases.iter().zip(verdicts) {
        let why = (!wrong.is_empty()).then(|| wrong.join("\n   "));
        tally.check(&format!("the submission of {} at {engine:?}", case.name), why);
    }
    let answers: usize = cases.iter().map(|case| case.submission.answers()).sum();
    say(&format!("{engine:?} has gone on with {} submissions of ours, {answers} answers in all", cases.len()));
    let verdicts = verdicts.iter().map(|(verdict, _)| verdict).collect::<Vec<_>>();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for (case, verdict) in cases.iter().zip(&verdicts) {
        for ((code, _), times) in &verdict.meant {
            *seen.entry(code).or_default() += times;
        }
        let why = (!verdict.unmeant.is_empty()).then(|| verdict.unmeant.join("\n   "));
        tally.check(&format!("{} at {engine:?}", case.name), why);
    }
    let compared: usize = verdicts.iter().map(|verdict| verdict.compared).sum();
    let clean: usize = verdicts.iter().map(|verdict| verdict.clean).sum();
    let acts: usize = cases.iter().map(|case| case.acts.len()).sum();
    say(&format!(
        "{engine:?}: {} forms, {compared} states of nodes compared, {clean} of {acts} acts alike but for clock and \
         spelling; differences that are meant:",
        cases.len()
    ));
    let listed = DECISIONS.iter().filter(|decision| decision.engine == engine);
    for decision in listed {
        let times = seen.get(decision.code).copied().unwrap_or_default();
        say(&format!("   {times:6} {}: {}", decision.code, decision.reason));
        if fixed {
            let gone = (times == 0).then(|| "no difference falls under it any more: strike it off the list".to_owned());
            tally.check(&format!("decision {} at {engine:?}", decision.code), gone);
        }
    }
    if engine == Engine::JavaRosa {
        if fixed {
            let gone =
                (!seen.contains_key(STALE)).then(|| "no value of JavaRosa is stale any more: strike it".to_owned());
            tally.check(STALE, gone);
        }
        say(&format!(
            "   {:6} {STALE}: gone once JavaRosa computes everything again; only around repeats, filtered choices and languages",
            seen.get(STALE).unwrap_or(&0)
        ));
    }
    say(&format!(
        "   {:6} {PARTED}: such a difference took away what the next act is about",
        seen.get(PARTED).unwrap_or(&0)
    ));
    say(&format!("   {:6} {FOLLOWS}: the node reads one that differs on purpose", seen.get(FOLLOWS).unwrap_or(&0)));
}
