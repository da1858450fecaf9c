//! `tianye recovery-key` and `tianye open-forgotten`; drafts that a lead takes over by `tianye from-stick`.

use std::path::Path;
use std::sync::Arc;

use tianye_desk::view::DraftsTaken;
use tianye_desk::world::Machine;
use tianye_desk::{Cancel, Desk, Forgotten, Result};

use crate::arguments::Language;
use crate::say;

/// Shows the project's recovery key to whoever keeps it.
pub fn show_key(desk: &Desk, json: bool) -> Result<()> {
    let key = desk.recovery_key()?;
    if json {
        say::json(&serde_json::json!({ "recoveryKey": key.as_str() }));
    } else {
        say::line(&key);
    }
    say::warn(
        "Whoever has this key can read every laptop of the project. Write it on paper and lock it away; leave it in no file, \
         chat or cloud.",
    );
    Ok(())
}

/// Brings out what only a laptop has whose passphrase was forgotten.
pub fn bring_out(store: &Path, key: &str, out: &Path, json: bool) -> Result<()> {
    let forgotten = Forgotten::open(store, key, Arc::new(Machine))?;
    let view = forgotten.bring_out(out, &Cancel::default())?;
    if json {
        say::json(&view);
        return Ok(());
    }
    say::line(&format!("The store of {} ({}) is open to be read; nothing was signed.", view.person, view.device));
    say::line(&format!("{}: {} entries, {} parts of files.", view.files.join(", "), view.entries, view.chunks));
    if view.damaged > 0 {
        say::warn(&format!(
            "{} parts of files (sound, pictures) are damaged on that laptop and could not be brought out. Keep its folder: a backup of \
             it may have them.",
            view.damaged
        ));
    }
    match &view.drafts_file {
        Some(file) => say::line(&format!("{file}: {} interviews with answers that were in no entry yet.", view.drafts)),
        None => say::line("No interview had answers that were in no entry yet."),
    }
    say::line(&format!(
        "All of it is sealed. As a lead, take it in: tianye from-stick {}. Keep the laptop's folder until you have looked.",
        out.display()
    ));
    Ok(())
}

/// Takes over the drafts in a file, with a remark of whose they were.
pub fn take_drafts(desk: &mut Desk, file: &Path, language: Language) -> Result<DraftsTaken> {
    desk.take_drafts(file, &|person, device| match language {
        Language::Zh => format!("{person}（{device}）填到这里，口令忘了；由组长接手。"),
        Language::En => {
            format!("{person} ({device}) had filled this in; the passphrase was forgotten, and the lead took it over.")
        }
    })
}

/// What was taken over, in a line.
pub fn line(taken: &DraftsTaken) -> String {
    let DraftsTaken { file, person, device, taken, left_out } = taken;
    let mut line = format!("{file}: {} drafts of {person} ({device}) are yours now", taken.len());
    if *left_out > 0 {
        line += &format!(
            ", {left_out} left out (taken over before, erased, being filled in here, or their records have not come yet)"
        );
    }
    line
}
