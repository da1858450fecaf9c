//! `tianye move`: a draft goes on in the newest version of its form.

use tianye_desk::view::{MoveView, MovedFate};
use tianye_desk::{Desk, Result};

use crate::say;
use crate::words::Words;

/// Lists the drafts that have a newer version, says what a move would do, moves, or takes a move back.
pub fn run(
    desk: &mut Desk,
    interview: Option<&str>,
    (yes, back): (bool, bool),
    language: &str,
    json: bool,
    words: &Words,
) -> Result<()> {
    let cards = desk.records(language)?;
    let Some(interview) = interview else {
        let newer: Vec<_> = cards.iter().filter(|card| card.newer.is_some()).collect();
        if json {
            say::json(&newer);
        } else if newer.is_empty() {
            say::line(&words.say("move-none", &[]));
        }
        for card in newer.iter().filter(|_| !json) {
            let newer = card.newer.as_deref().unwrap_or_default();
            let args = [("code", &*card.code), ("name", &*card.name), ("form", &*card.form), ("newer", newer)];
            say::line(&words.say("move-list", &args));
        }
        return Ok(());
    };
    let found = cards.iter().find(|card| card.id == interview || card.code == interview);
    let id = found.map_or(interview, |card| card.id.as_str());
    if back {
        desk.take_move_back(id, language)?;
        desk.leave()?;
        say::line(&words.say("move-back", &[]));
        return Ok(());
    }
    let view = desk.preview_move(id, language)?;
    if json {
        say::json(&view);
    } else {
        tell(&view, words);
    }
    if yes {
        desk.move_interview(id, language)?;
        desk.leave()?;
    }
    if !json {
        say::line(&words.say(if yes { "move-done" } else { "move-ask" }, &[]));
    }
    Ok(())
}

fn tell(view: &MoveView, words: &Words) {
    let MoveView { code, name, from, to, .. } = view;
    say::line(&words.say("move-head", &[("code", code), ("name", name), ("from", from), ("to", to)]));
    let (kept, count) = (view.kept.to_string(), view.count.to_string());
    say::line(&words.say("move-sum", &[("kept", &kept), ("count", &count)]));
    for line in &view.lines {
        let key = match line.fate {
            MovedFate::Dropped => "move-dropped",
            MovedFate::Invalid => "move-invalid",
            MovedFate::NotAsked => "move-not-asked",
            MovedFate::Recoded => "move-recoded",
            MovedFate::Renamed => "move-renamed",
        };
        let label = format!("{} {}", line.number, line.label);
        let newlabel = format!("{} {}", line.new_number, line.new_label);
        let args = [
            ("label", label.trim()),
            ("value", &*line.value),
            ("new", &*line.new_value),
            ("newlabel", newlabel.trim()),
        ];
        say::line(&format!("- {}", words.say(key, &args)));
        if !line.together.is_empty() {
            say::line(&format!("  {}", words.say("move-together", &[("others", &line.together.join("、"))])));
        }
        if line.file && line.fate == MovedFate::Dropped {
            say::line(&format!("  {}", words.say("move-file", &[])));
        }
    }
    for line in &view.added {
        let key = if line.required { "move-added-required" } else { "move-added" };
        let label = format!("{} {}", line.number, line.label);
        say::line(&format!("- {}", words.say(key, &[("label", label.trim())])));
    }
}
