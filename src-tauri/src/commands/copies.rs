//! The copies that a laptop keeps of its work, and letting a damaged store stand again.

use tauri::{AppHandle, State};
use tianye_desk::boxes_in;
use tianye_desk::view::{CopiesView, DamagedLeftView, RecoveryView, RehearsalView};

use super::Answer;
use crate::dialogs;
use crate::shell::Shell;

desk! {
    /// The copies that this laptop keeps.
    copies() -> CopiesView, |desk| desk.copies()
}
desk! {
    /// Makes a snapshot now, looks at it and at all others.
    keep_copy() -> CopiesView, |desk| {
        desk.keep_snapshot()?;
        desk.copies()
    }
}
desk! {
    /// Looks at every copy again.
    look_at_copies() -> CopiesView, |desk| {
        desk.look_at_copies()?;
        desk.copies()
    }
}
desk! {
    /// Keeps no second black box any more; its file stays.
    keep_no_second_box() -> CopiesView, |desk| {
        desk.keep_second_box(None)?;
        desk.copies()
    }
}
desk! {
    /// What a damaged database that was set aside still gives, and what of it is nowhere else.
    left_in_set_aside(id: String) -> DamagedLeftView, |desk, id| desk.left_in_set_aside(&id)
}
desk! {
    /// Discards a damaged database that was set aside.
    discard_set_aside(id: String) -> CopiesView, |desk, id| {
        desk.discard_set_aside(&id)?;
        desk.copies()
    }
}
desk! {
    /// Tries out what would come back if the database were gone now.
    try_recovery() -> RehearsalView, |desk| desk.try_recovery()
}

/// Keeps a second black box in a folder of another medium; none if the person changed their mind.
#[tauri::command]
#[specta::specta]
pub async fn keep_second_box(app: AppHandle, shell: State<'_, Shell>) -> Answer<Option<CopiesView>> {
    shell
        .beside(move |shell| {
            let Some(folder) = dialogs::folder(&app) else { return Ok(None) };
            shell.with_desk(|desk| {
                desk.keep_second_box(Some(&folder))?;
                desk.copies().map(Some)
            })
        })
        .await
}

/// Looks for black boxes in a folder of a stick or a card, for the recovery that follows; none if the person changed their
/// mind.
#[tauri::command]
#[specta::specta]
pub async fn choose_boxes(app: AppHandle, shell: State<'_, Shell>) -> Answer<Option<Vec<String>>> {
    shell
        .beside(move |shell| {
            let Some(folder) = dialogs::folder(&app) else { return Ok(None) };
            let boxes = boxes_in(&folder)?;
            let names = boxes.iter().map(|path| path.display().to_string()).collect();
            shell.remember_boxes(boxes);
            Ok(Some(names))
        })
        .await
}

/// Lets a store stand again whose database is damaged, and sits down at it. With `hub`, what no copy holds is fetched there.
#[tauri::command]
#[specta::specta]
pub async fn recover(shell: State<'_, Shell>, store: String, passphrase: String, hub: bool) -> Answer<RecoveryView> {
    shell
        .beside(move |shell| {
            let (desk, view) = shell.laptop.recover(&store, &passphrase, &shell.boxes(), hub)?;
            shell.sit(Some(desk));
            Ok(view)
        })
        .await
}
