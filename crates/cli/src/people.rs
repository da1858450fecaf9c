//! `tianye people`, `import-roster`, `assign`, `assignments`, `take-over`.

use std::path::Path;
use std::process::ExitCode;

use tianye_desk::view::{
    AssignInput, AssignPreview, PersonQuery, RosterInput, RosterProblem, RosterView, TakeOverInput,
};
use tianye_desk::{Desk, Result, refuse};

use crate::arguments::Seat;
use crate::form;
use crate::say;
use crate::words::Words;

/// Lists who is found.
pub fn list(desk: &Desk, text: &str, language: &str, json: bool) -> Result<()> {
    let view = desk.people(&PersonQuery { text: text.to_owned(), ..PersonQuery::default() }, language)?;
    if json {
        say::json(&view);
        return Ok(());
    }
    for person in &view.people {
        say::line(&format!("{}  {} {}  {}  {}", person.id, person.code, person.name, person.site, person.ties));
    }
    Ok(())
}

/// Reads a roster, says what it comes to, and takes it in unless only that was asked.
#[expect(clippy::too_many_arguments, reason = "each is a word of the command line")]
pub fn import(
    desk: &mut Desk,
    file: &Path,
    mut input: RosterInput,
    columns: &[String],
    dry_run: bool,
    language: &str,
    json: bool,
    words: &Words,
) -> Result<ExitCode> {
    let bytes = form::read_limited(file)?;
    let mut view = desk.open_roster(&form::name_of(file), &bytes, &input, language)?;
    if !columns.is_empty() {
        input.columns.clone_from(&view.columns);
        for column in columns {
            set_column(&mut input.columns, column, &view.known)?;
        }
        view = desk.plan_roster(&input, language)?;
    }
    let usable = view.problems.is_empty();
    if !dry_run && usable {
        view = desk.import_roster(&input, language)?;
    }
    if json {
        say::json(&view);
    } else {
        tell(&view, words);
    }
    Ok(if usable { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// `B=name`: the letter as the spreadsheet program has it.
fn set_column(columns: &mut [String], text: &str, known: &[String]) -> Result<()> {
    let wrong = || {
        let detail = format!("expected LETTER=WHAT with one of {}, found {text}", known.join(", "));
        refuse("roster-column", detail).with("known", known.join("、"))
    };
    let (letters, what) = text.split_once('=').ok_or_else(wrong)?;
    let mut at = 0_usize;
    for letter in letters.trim().to_ascii_uppercase().bytes() {
        if !letter.is_ascii_uppercase() || at > 1_000 {
            return Err(wrong());
        }
        at = at * 26 + usize::from(letter - b'A') + 1;
    }
    let what = what.trim();
    let place = at.checked_sub(1).and_then(|at| columns.get_mut(at)).ok_or_else(wrong)?;
    if !what.is_empty() && !known.iter().any(|one| one == what) {
        return Err(wrong());
    }
    what.clone_into(place);
    // What another column held is here now.
    let here = at - 1;
    for (other, column) in columns.iter_mut().enumerate() {
        if other != here && column == what {
            column.clear();
        }
    }
    Ok(())
}

fn tell(view: &RosterView, words: &Words) {
    for (heading, column) in view.headings.iter().zip(&view.columns).filter(|(heading, _)| !heading.is_empty()) {
        let what = if column.is_empty() { "-".to_owned() } else { words.say(&format!("column-{column}"), &[]) };
        say::line(&format!("  {heading} = {what}"));
    }
    for problem in &view.problems {
        say::warn(&problem_words(problem, words));
    }
    for line in &view.lines {
        for problem in &line.problems {
            let mark = if problem.leaves_out { "×" } else { "?" };
            let column = if problem.column.is_empty() {
                String::new()
            } else {
                words.say(&format!("column-{}", problem.column), &[])
            };
            let row = words.say("roster-row", &[("row", &line.number.to_string())]);
            let maybe = if problem.code == "maybe-same" { line.maybe.join("、") } else { String::new() };
            say::line(format!("{mark} {row} {column}  {} {maybe}", problem_words(problem, words)).trim_end());
        }
    }
    let number = |number: u32| number.to_string();
    let counts = [
        ("new", number(view.new)),
        ("changed", number(view.changed)),
        ("same", number(view.same)),
        ("out", number(view.left_out)),
        ("guardians", number(view.guardians)),
        ("sites", number(view.sites)),
    ];
    let args: Vec<(&str, &str)> = counts.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let key = if view.imported { "roster-imported" } else { "roster-would" };
    say::line(&words.say(key, &args));
}

fn problem_words(problem: &RosterProblem, words: &Words) -> String {
    let args: Vec<(&str, &str)> = problem.args.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    words.say(&format!("roster-{}", problem.code), &args)
}

/// Assigns, or says whom it would be about.
pub fn assign(
    desk: &mut Desk,
    input: &AssignInput,
    dry_run: bool,
    language: &str,
    json: bool,
    words: &Words,
) -> Result<()> {
    let view = if dry_run { desk.preview_assignment(input, language)? } else { desk.assign(input, language)? };
    if json {
        say::json(&view);
        return Ok(());
    }
    let AssignPreview { rows, assigned } = &view;
    for row in rows.iter().filter(|row| row.standing != "free") {
        let args = [("who", row.who.as_str()), ("on", row.on.as_str())];
        say::line(&format!("{} {}  {}", row.code, row.name, words.say(&format!("assign-{}", row.standing), &args)));
    }
    let key = if dry_run { "assign-would" } else { "assign-did" };
    say::line(&words.say(key, &[("count", &assigned.to_string())]));
    Ok(())
}

/// Lists assignments by class.
pub fn assignments(desk: &Desk, seat: &Seat, json: bool) -> Result<()> {
    let view = desk.assignments(seat.language.tag())?;
    if json {
        say::json(&view);
        return Ok(());
    }
    for class in &view.classes {
        say::line(&format!("{}  done {}, open {}, overdue {}", class.name, class.done, class.open, class.overdue));
        for row in &class.rows {
            let overdue = if row.overdue { "  overdue" } else { "" };
            let from = if row.taken_from.is_empty() {
                String::new()
            } else {
                format!("  from {}: {}", row.taken_from, row.because)
            };
            let state = format!("{:?}", row.state);
            let words = [&row.id, &row.code, &row.name, &row.form, &row.interviewer, &row.due, &state];
            let words: Vec<&str> = words.into_iter().map(String::as_str).filter(|word| !word.is_empty()).collect();
            say::line(&format!("  {}{overdue}{from}", words.join("  ")));
        }
    }
    Ok(())
}

/// Takes over assignments, named by id or by the respondent's code.
pub fn take_over(
    desk: &mut Desk,
    named: &[String],
    to: Option<&str>,
    reason: &str,
    anyway: bool,
    language: &str,
) -> Result<()> {
    let view = desk.assignments(language)?;
    let rows = || view.classes.iter().flat_map(|class| &class.rows);
    let mut assignments = Vec::new();
    for name in named {
        let found: Vec<String> =
            rows().filter(|row| row.id == *name || row.code == *name).map(|row| row.id.clone()).collect();
        if found.is_empty() {
            return Err(refuse("assignment-gone", format!("expected an assignment, found none for {name}")));
        }
        assignments.extend(found);
    }
    let to = to.map(|to| desk.mate_named(to)).transpose()?.unwrap_or_default();
    let count = desk.take_over(&TakeOverInput { assignments, to, reason: reason.to_owned(), anyway })?;
    say::line(&format!("{count} taken over."));
    Ok(())
}
