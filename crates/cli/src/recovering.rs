//! `tianye recover` and `tianye copies`.

use tianye_desk::view::{
    BoxCame, CopiesView, CopyView, DamagedLeftView, OriginKind, RecoveryGround, RecoveryView, RehearsalView,
};

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
        say::line(&format!("{}  {}  draft from {}", draft.record, draft.code, word(draft.from)));
    }
}

/// Says which copies there are, and what the last look at each found.
pub fn tell_copies(view: &CopiesView, json: bool) {
    if json {
        return say::json(view);
    }
    view.copies.iter().for_each(|copy| say::line(&copy_line(copy)));
    let none = |kind| !view.copies.iter().any(|copy| copy.kind == kind);
    if none(OriginKind::Snapshot) {
        say::line("There is no snapshot yet (--snapshot).");
    }
    if none(OriginKind::SecondBox) {
        say::line("No second black box is kept (--second-box FOLDER).");
    }
    for one in &view.set_aside {
        say::line(&format!("damaged database {}, set aside on {}: {} ({} KiB)", one.id, one.at, one.path, one.kib));
    }
    if !view.set_aside.is_empty() {
        say::line("It may still hold what is erased; --discard NAME says what came of it, and with --yes discards it.");
    }
    if view.drafts > 0 {
        say::line(&format!("{} open interviews: their last answers stand in the database alone.", view.drafts));
    }
}

/// Says what a damaged database still gives, and what of it is nowhere else.
pub fn tell_left(view: &DamagedLeftView, json: bool) {
    if json {
        return say::json(view);
    }
    let DamagedLeftView { database, entries, missing, drafts, drafts_missing, lost_some, erasures } = view;
    say::line(&format!("Damaged database, set aside on {}: {} ({} KiB)", database.at, database.path, database.kib));
    say::line(&match missing {
        0 => format!("{entries} entries can be read in it; all of them are in the store."),
        missing => format!("{entries} entries can be read in it; {missing} of them are NOT in the store."),
    });
    say::line(&match drafts_missing {
        0 => format!("{drafts} interviews were in hand; all of them are in the store."),
        missing => format!("{drafts} interviews were in hand; {missing} of them are NOT in the store."),
    });
    if *lost_some {
        say::line("Parts of it cannot be read: nobody knows what stood there.");
    }
    if *erasures > 0 {
        say::line(&format!("{erasures} erasures are not complete because of it."));
    }
    say::line("Nothing was changed. --yes discards it for good.");
}

fn copy_line(copy: &CopyView) -> String {
    let CopyView { kind, path, kib, made, is_here, trouble, looked } = copy;
    let what = match (kind, made) {
        (OriginKind::Snapshot, Some(made)) => format!("snapshot of {made}"),
        (OriginKind::Snapshot, None) => "snapshot".to_owned(),
        (OriginKind::SecondBox, _) => "second black box".to_owned(),
        _ => "black box".to_owned(),
    };
    let state = match (is_here, trouble, looked) {
        (false, ..) if *kind == OriginKind::SecondBox => "is away: put its medium in".to_owned(),
        (false, ..) => "nothing is in it yet".to_owned(),
        (_, Some(trouble), _) => format!("could not be written: {trouble}"),
        (_, _, None) => format!("{kib} KiB, not looked at since it was made (--check)"),
        (_, _, Some(found)) if found.whole => {
            let later =
                if found.lacking > 0 { format!(", {} own entries are newer", found.lacking) } else { String::new() };
            format!("{kib} KiB, whole on {}: {} entries{later}", found.at, found.entries)
        }
        (_, _, Some(found)) => format!("DAMAGED on {}: {} entries are whole", found.at, found.entries),
    };
    format!("{what}  {path}: {state}")
}

/// Says what would come back.
pub fn tell_rehearsal(view: &RehearsalView, json: bool) {
    if json {
        return say::json(view);
    }
    say::line(&format!("Tried beside the database, on the snapshot of {}; no record was changed.", view.snapshot_made));
    view.boxes.iter().for_each(|one| say::line(&box_line(one)));
    say::line(&format!("{} of {} interviews would come back whole.", view.whole, view.interviews));
    match view.missing {
        0 => say::line(&format!("Everything that was written on this laptop is in the copies ({} entries).", view.own)),
        missing => say::line(&format!("{missing} entries that were written on this laptop are in NO copy.")),
    }
    if view.elsewhere > 0 {
        let count = view.elsewhere;
        say::line(&format!("{count} entries of others are not in the copies; they come again by a sync or a stick."));
    }
    if view.drafts > 0 {
        say::line(&format!("{} of {} open interviews are in the snapshot.", view.drafts_back, view.drafts));
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
