//! What travels on sticks: writing all that is here, and taking in what others wrote.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde::Serialize;
use tianye_desk::view::{DraftsTaken, Role};
use tianye_desk::{Desk, Result, StickReport, batches_in, drafts_in, holds_drafts, missing_parts};

use crate::arguments::Language;
use crate::forgotten;
use crate::progress;
use crate::say;
use crate::stopping;
use crate::words::Words;

/// What came of one file.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Taken {
    file: String,
    received: usize,
    repeated: usize,
    chunks: usize,
    set_aside: Vec<String>,
    forks: usize,
    /// Why it could not be read to its end, or at all.
    damage: Option<String>,
    /// Of a file with another laptop's drafts: what the lead took over.
    #[serde(skip_serializing_if = "Option::is_none")]
    drafts: Option<DraftsTaken>,
}

/// Writes all that is here onto a stick.
pub fn to_stick(desk: &mut Desk, folder: &Path, json: bool, words: &Words) -> Result<()> {
    let mut line = progress::of(words);
    let written = desk.write_stick_told(folder, &stopping::by_keyboard(), &mut |progress| line.tell(progress))?;
    drop(line);
    if json {
        say::json(&written);
        return Ok(());
    }
    let what = match written.known_to {
        0 => "all that is here".to_owned(),
        laptops => format!("what {laptops} laptops with cards on the stick lack"),
    };
    let files = written.files.join(", ");
    say::line(&format!("{files}: {} entries, {} parts of files; {what}.", written.entries, written.chunks));
    if written.continued {
        say::line("Writing was interrupted last time; it went on from there.");
    }
    say::line("It was read again. The stick can be pulled.");
    Ok(())
}

/// Takes in files, and those that lie in folders. One that cannot be read stops none of the others.
pub fn from_stick(
    desk: &mut Desk,
    paths: &[PathBuf],
    language: Language,
    json: bool,
    words: &Words,
) -> Result<ExitCode> {
    let (mut files, mut drafts) = (Vec::new(), Vec::new());
    for path in paths {
        match path.is_dir() {
            true => {
                files.extend(batches_in(path)?);
                // They are for leads alone, and of no use to others who read the same stick.
                drafts.extend(if desk.role() == Role::Lead { drafts_in(path)? } else { Vec::new() });
            }
            false if holds_drafts(path) => drafts.push(path.clone()),
            false => files.push(path.clone()),
        }
    }
    let mut all = Vec::new();
    let cancel = stopping::by_keyboard();
    for (at, file) in files.iter().enumerate() {
        let name = file.display().to_string();
        let mut line = progress::of(words).file(at + 1, files.len());
        let read = desk.read_stick_told(file, &cancel, &mut |progress| line.tell(progress));
        drop(line);
        match read {
            Ok(report) => all.push(taken(name, report)),
            Err(refusal) if cancel.is_cancelled() => {
                // What came before it was stopped is here.
                desk.after_stick()?;
                return Err(refusal);
            }
            Err(refusal) => {
                say::refusal(&refusal, false, words);
                all.push(Taken { damage: Some(refusal.code), ..taken(name, StickReport::default()) });
            }
        }
    }
    // What they stand on has come by now.
    for file in &drafts {
        let name = file.display().to_string();
        let bare = taken(name, StickReport::default());
        all.push(match forgotten::take_drafts(desk, file, language) {
            Ok(drafts) => Taken { drafts: Some(drafts), ..bare },
            Err(refusal) => {
                say::refusal(&refusal, false, words);
                Taken { damage: Some(refusal.code), ..bare }
            }
        });
    }
    // A laptop that has read a stick says so there.
    for folder in paths.iter().filter(|path| path.is_dir()) {
        desk.leave_card(folder)?;
    }
    let missing = missing_parts(files.iter().map(PathBuf::as_path));
    if json {
        say::json(&all);
    } else {
        all.iter().for_each(|one| say::line(&line(one)));
        missing
            .iter()
            .for_each(|name| say::line(&format!("{name} is missing: find it, or write the stick once more.")));
        if all.is_empty() {
            say::line("No batch lies there.");
        }
        crate::standing::hint(desk, words)?;
    }
    Ok(if !missing.is_empty() || all.iter().any(|one| one.damage.is_some()) {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

fn taken(file: String, report: StickReport) -> Taken {
    Taken {
        file,
        received: report.received,
        repeated: report.repeated,
        chunks: report.chunks,
        set_aside: report.set_aside.into_iter().map(|aside| aside.code).collect(),
        forks: report.forks,
        damage: report.damage.map(|why| why.code().to_owned()),
        drafts: None,
    }
}

fn line(one: &Taken) -> String {
    let Taken { file, received, repeated, chunks, set_aside, forks, damage, drafts } = one;
    if let Some(drafts) = drafts {
        return forgotten::line(drafts);
    }
    let mut line = format!("{file}: {received} new, {repeated} known, {chunks} parts of files");
    if !set_aside.is_empty() {
        line += &format!(", {} set aside ({})", set_aside.len(), set_aside.join(", "));
    }
    if *forks > 0 {
        line += &format!(", {forks} places where a chain goes on in two ways");
    }
    if let Some(damage) = damage {
        line += &format!(", not read to its end ({damage})");
    }
    line
}
