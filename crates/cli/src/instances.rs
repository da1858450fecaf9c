//! `tianye import`, `tianye import-revision` and `tianye export --instances`: records that come from other tools and go to them.

use std::path::PathBuf;
use std::process::ExitCode;

use tianye_desk::view::{ImportForm, ImportView, InstancesReport};
use tianye_desk::{Desk, Result};

use crate::say;
use crate::words::Words;

/// What submissions become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taking {
    /// Records of their own.
    Records,
    /// Further sittings of the records whose submissions they replace.
    Revisions,
}

/// Says what taking submissions in would do, or does it. It fails when something could not be read, so that a script sees.
pub fn take_in(
    desk: &mut Desk,
    taking: Taking,
    (form, paths): (&str, &[PathBuf]),
    yes: bool,
    language: &str,
    json: bool,
    words: &Words,
) -> Result<ExitCode> {
    let view = match (taking, yes) {
        (Taking::Records, true) => desk.import(paths, Some(form), language)?,
        (Taking::Records, false) => desk.preview_import(paths, Some(form), language)?,
        (Taking::Revisions, true) => desk.import_revisions(paths, Some(form), language)?,
        (Taking::Revisions, false) => desk.preview_revisions(paths, Some(form), language)?,
    };
    if json {
        say::json(&view);
    } else {
        tell(&view, taking, words);
        if !yes && view.new > 0 {
            say::line(&words.say("import-ask", &[]));
        }
    }
    Ok(if view.unread.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn tell(view: &ImportView, taking: Taking, words: &Words) {
    let count = |key: &str, count: u32| words.say(key, &[("count", &count.to_string())]);
    let head = match (taking, view.done) {
        (Taking::Records, true) => "import-done",
        (Taking::Records, false) => "import-new",
        (Taking::Revisions, true) => "revision-done",
        (Taking::Revisions, false) => "revision-new",
    };
    say::line(&if view.new == 0 { words.say("import-nothing", &[]) } else { count(head, view.new) });
    for form in &view.forms {
        say::line(&format!("- {}", form_line(form, words)));
        let further = [("import-wrong", form.wrong), ("import-files", form.files), ("import-missing", form.missing)];
        for (key, number) in further.into_iter().filter(|(_, number)| *number > 0) {
            say::line(&format!("  {}", count(key, number)));
        }
    }
    let others = [
        ("import-here", view.here),
        ("import-earlier", view.earlier),
        ("import-other", view.other),
        ("import-left-out", view.left_out),
    ];
    for (key, number) in others.into_iter().filter(|(_, number)| *number > 0) {
        say::line(&count(key, number));
    }
    if !view.unread.is_empty() {
        say::warn(&count("import-unread", u32::try_from(view.unread.len()).unwrap_or(u32::MAX)));
    }
    for unread in &view.unread {
        let args = unread.refusal.args.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let said = words.maybe(&format!("error-{}", unread.refusal.code), args);
        let said = said.unwrap_or_else(|| unread.refusal.detail.clone());
        say::warn(&format!("- {} [{}]: {said}", unread.place, unread.refusal.code));
    }
}

fn form_line(form: &ImportForm, words: &Words) -> String {
    let mut line = format!("{} ({})", form.title, form.form);
    let further = [("import-version", &form.version), ("import-read-as", &form.read_as)];
    for (key, version) in further.into_iter().filter(|(_, version)| !version.is_empty()) {
        line.push_str(&format!(", {}", words.say(key, &[("version", version)])));
    }
    line.push_str(&format!(": {}", words.say("import-count", &[("count", &form.count.to_string())])));
    line
}

/// What submissions were written.
pub fn written(report: &InstancesReport, json: bool, words: &Words) {
    if json {
        return say::json(report);
    }
    let count = |number: u32| number.to_string();
    let args = [("count", &*count(report.written)), ("folder", &*report.folder)];
    say::line(&words.say("export-instances-done", &args));
    let left = [
        ("export-instances-open", report.open),
        ("export-instances-undecided", report.undecided),
        ("export-instances-unreadable", report.unreadable),
    ];
    for (key, number) in left.into_iter().filter(|(_, number)| *number > 0) {
        say::warn(&words.say(key, &[("count", &count(number))]));
    }
    crate::exports::left_out(&report.left_out, words);
    crate::exports::practised(report.practice, words);
    if report.missing > 0 {
        let missing = report.missing;
        say::warn(&format!("{missing} files are not whole on this laptop and were left out: sync first."));
    }
}
