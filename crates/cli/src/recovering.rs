//! `tianye recover` and `tianye copies`.

use tianye_desk::view::{BoxCame, CopiesView, OriginKind, RecoveryGround, RecoveryView};

use crate::say;

/// Says what came back, and from where.
pub fn tell(view: &RecoveryView, json: bool) {
    if json {
        return say::json(view);
    }
    say::line(&match (view.ground, &view.snapshot_made) {
        (RecoveryGround::Whole, _) => "The database is whole; it was left as it is.".to_owned(),
        (RecoveryGround::Snapshot, made) => {
            format!("The store stands again, on the snapshot of {}.", made.as_deref().unwrap_or("an unknown time"))
        }
        (RecoveryGround::Remains, _) => {
            "The store stands again, on what could be read of the damaged database: no snapshot was good.".to_owned()
        }
    });
    if let Some(path) = &view.set_aside {
        say::line(&format!("The damaged database lies in {path}, as it was. Keep it until everything was looked at."));
    }
    view.bad_snapshots.iter().for_each(|path| say::line(&format!("damaged snapshot, left where it is: {path}")));
    if view.lost_some {
        say::line("Parts of the damaged database could not be read. Look at the drafts and the last answers.");
    }
    view.boxes.iter().for_each(|one| say::line(&box_line(one)));
    match view.hub.as_deref() {
        None => say::line("The hub was not asked (--hub)."),
        Some("") => say::line("The hub was asked."),
        Some(code) => say::line(&format!("The hub could not be asked ({code}). Sync later.")),
    }
    for one in &view.interviews {
        let from: Vec<String> = one.from.iter().map(|(from, count)| format!("{count} from {}", word(*from))).collect();
        say::line(&format!("{}  {}  {}", one.record, one.code, from.join(", ")));
    }
    for draft in &view.drafts {
        say::line(&format!("{}  draft from {}", draft.record, word(draft.from)));
    }
}

/// Says which copies there are.
pub fn tell_copies(view: &CopiesView, json: bool) {
    if json {
        return say::json(view);
    }
    if view.snapshots.is_empty() {
        say::line("There is no snapshot yet.");
    }
    view.snapshots.iter().for_each(|made| say::line(&format!("snapshot of {made}")));
    if let Some(trouble) = &view.black_box_trouble {
        say::line(&format!("The black box could not be written: {trouble}"));
    }
    match &view.second_box {
        None => say::line("No second black box is kept (--second-box FOLDER)."),
        Some(second) if !second.is_here => {
            say::line(&format!("The second black box {} is away: put its medium in.", second.path));
        }
        Some(second) => match &second.trouble {
            Some(trouble) => say::line(&format!("The second black box {}: {trouble}", second.path)),
            None => say::line(&format!("second black box {}", second.path)),
        },
    }
}

fn box_line(one: &BoxCame) -> String {
    let BoxCame { path, missing, damaged, entries, .. } = one;
    match (missing, damaged) {
        (true, _) => format!("{path}: not there"),
        (_, 0) => format!("{path}: {entries} entries that were nowhere else"),
        _ => format!("{path}: {entries} entries that were nowhere else, {damaged} that are not whole"),
    }
}

fn word(from: OriginKind) -> &'static str {
    match from {
        OriginKind::Store => "the store",
        OriginKind::Snapshot => "the snapshot",
        OriginKind::Remains => "the damaged database",
        OriginKind::BlackBox => "the black box",
        OriginKind::SecondBox => "the second black box",
        OriginKind::Hub => "the hub",
    }
}
