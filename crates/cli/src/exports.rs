//! Exports: what would be written, and writing it.

use std::path::Path;

use tianye_desk::view::{ExportInput, ExportLevel, ExportPreview, ExportPurpose, ExportReport, LeftOut};
use tianye_desk::{Desk, Result};

use crate::arguments::{For, Place, Seat, ShieldArguments};
use crate::say;
use crate::words::Words;

/// What the arguments wish; form and kinds of files are still to be said.
pub fn input(arguments: ShieldArguments) -> ExportInput {
    let ShieldArguments { purpose: wished, identified, reason, level, judged, quasi, k, suppress } = arguments;
    ExportInput {
        purpose: purpose(wished),
        identified,
        reason,
        judged,
        k,
        suppress,
        quasi: (!quasi.is_empty()).then_some(quasi),
        level: match level {
            Place::County => ExportLevel::County,
            Place::Township => ExportLevel::Township,
            Place::Village => ExportLevel::Village,
            Place::School => ExportLevel::School,
        },
        ..ExportInput::default()
    }
}

/// What an export is for.
pub fn purpose(wished: For) -> ExportPurpose {
    match wished {
        For::Analysis => ExportPurpose::Analysis,
        For::Archiving => ExportPurpose::Archiving,
        For::SchoolSharing => ExportPurpose::SchoolSharing,
    }
}

/// How many interviews are left out by what was not agreed to, in words.
pub fn left_out(left_out: &[LeftOut], words: &Words) {
    let total: u32 = left_out.iter().map(|one| one.interviews).sum();
    if total == 0 {
        return;
    }
    say::warn(&words.say("export-withheld", &[("count", &total.to_string())]));
    for one in left_out {
        let purpose = purpose_called(&one.purpose, words);
        let args = [("purpose", &*purpose), ("count", &*one.interviews.to_string())];
        say::warn(&format!("  {}", words.say("export-left-out", &args)));
    }
}

fn purpose_called(purpose: &str, words: &Words) -> String {
    words.maybe(&format!("purpose-{purpose}"), []).unwrap_or_else(|| purpose.to_owned())
}

/// How many interviews are left out since they are practice, in words.
pub fn practised(count: u32, words: &Words) {
    if count > 0 {
        say::warn(&words.say("export-practised", &[("count", &count.to_string())]));
    }
}

/// Shows how small the classes are before a de-identified table is written, and writes what was asked for.
pub fn run(
    desk: &Desk,
    input: &ExportInput,
    output: Option<&Path>,
    instances: Option<&Path>,
    seat: &Seat,
    json: bool,
    words: &Words,
) -> Result<()> {
    let language = seat.language.tag();
    let nothing = output.is_none() && instances.is_none();
    if nothing || (output.is_some() && !input.identified) {
        let preview = desk.preview_export(input, language)?;
        match (json, nothing) {
            (true, true) => say::json(&preview),
            // The one value that is printed tells of the tables; how small the classes are stands where errors do.
            (true, false) => say::warn(&classes(&preview, words)),
            (false, _) => show(&preview, nothing, words),
        }
    }
    if let Some(output) = output {
        tables(&desk.export_csv(input, output, language)?, output, json, words);
    }
    if let Some(folder) = instances {
        let report = desk.export_instances(&input.form, folder, (input.purpose, &input.reason), language)?;
        crate::instances::written(&report, json, words);
    }
    if !json && !nothing {
        say::warn("These files are not encrypted. Keep the folder safe, and delete it when it is used.");
    }
    Ok(())
}

/// The exports that were made on this laptop, and what to drop from them.
pub fn log(desk: &Desk, json: bool, words: &Words) -> Result<()> {
    let log = desk.export_log()?;
    if json {
        say::json(&log);
    } else {
        for row in log {
            let what =
                if row.identified { format!("with identifiers: {}", row.reason) } else { "de-identified".into() };
            let (purpose, total) = (for_what(row.purpose), row.left_out.iter().map(|one| one.interviews).sum::<u32>());
            let without = if total > 0 { format!(" ({total} left out)") } else { String::new() };
            say::line(&format!(
                "{}  {}  {}  {} interviews{without}  {what}{purpose}  {}",
                row.at, row.by, row.form, row.interviews, row.folder
            ));
            for (key, lapsed) in [("export-taken-back", &row.taken_back), ("export-past-day", &row.past_day)] {
                for one in lapsed {
                    let purpose = purpose_called(&one.purpose, words);
                    let args = [("purpose", &*purpose), ("count", &*one.interviews.to_string())];
                    say::line(&format!("  {}", words.say(key, &args)));
                }
            }
            if row.drops > 0 {
                let drops = words.say("export-drops", &[("count", &row.drops.to_string())]);
                say::line(&format!("  {drops}  tianye erasures --export {} -o drop.csv", row.id));
            }
        }
    }
    Ok(())
}

/// What an export was for, where it was more than the project's own work.
fn for_what(purpose: ExportPurpose) -> &'static str {
    match purpose {
        ExportPurpose::Analysis => "",
        ExportPurpose::Archiving => ", for an archive",
        ExportPurpose::SchoolSharing => ", for the school",
    }
}

fn show(preview: &ExportPreview, whole: bool, words: &Words) {
    if whole {
        for column in &preview.columns {
            let done = words.maybe(&format!("export-done-{}", column.done), []).unwrap_or_else(|| column.done.clone());
            let mark = if column.chosen { "*" } else { " " };
            say::line(&format!("{mark} {}  {}  {done}", column.path, column.label));
        }
    }
    left_out(&preview.left_out, words);
    practised(preview.practice, words);
    say::line(&classes(preview, words));
    let k = preview.k.to_string();
    for row in &preview.rows {
        say::line(&format!("  {}  {}", row.code, row.cells.join("  ")));
    }
    for column in preview.columns.iter().filter(|_| preview.below > 0) {
        let Some(without) = column.without.filter(|without| *without < preview.below) else { continue };
        let args = [("column", column.label.as_str()), ("below", &without.to_string()), ("k", &k)];
        say::line(&words.say("export-without", &args));
    }
}

/// How small the smallest class is, and how many interviews are in too small a one.
fn classes(preview: &ExportPreview, words: &Words) -> String {
    let smallest = preview.smallest.unwrap_or(0).to_string();
    let (interviews, below, k) = (preview.interviews.to_string(), preview.below.to_string(), preview.k.to_string());
    let args = [("interviews", interviews.as_str()), ("smallest", &smallest), ("below", &below), ("k", &k)];
    words.say("export-classes", &args)
}

/// What tables were written.
fn tables(report: &ExportReport, output: &Path, json: bool, words: &Words) {
    if json {
        return say::json(report);
    }
    for file in &report.files {
        say::line(&format!("{}: {} rows", output.join(&file.name).display(), file.rows));
    }
    if report.attached > 0 {
        let beside = output.join(&report.attachments);
        say::line(&format!("{}: {} files", beside.display(), report.attached));
    }
    left_out(&report.left_out, words);
    practised(report.practice, words);
    if report.missing > 0 {
        say::warn(&format!("{} files are not whole on this laptop and were left out: sync first.", report.missing));
    }
}
