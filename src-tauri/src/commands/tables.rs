//! Records in and out: submissions of other tools, tables for analysts.

use tauri::{AppHandle, State};
use tianye_desk::view::{ExportInput, ExportLogRow, ExportPreview, ExportReport, ImportView};

use super::Answer;
use crate::dialogs;
use crate::shell::Shell;

/// Asks for submissions of other tools, files or a folder, and says what taking them in would do; none if the person
/// changed their mind.
#[tauri::command]
#[specta::specta]
pub async fn choose_import(
    app: AppHandle,
    shell: State<'_, Shell>,
    folder: bool,
    lang: String,
) -> Answer<Option<ImportView>> {
    shell
        .beside(move |shell| {
            let chosen = match folder {
                true => dialogs::folder_to_read(&app).into_iter().collect(),
                false => dialogs::open_files(&app, "ODK", &["xml", "zip"]),
            };
            if chosen.is_empty() {
                return Ok(None);
            }
            let view = shell.with_desk(|desk| desk.preview_submissions(&chosen, &lang))?;
            shell.remember_import(chosen);
            Ok(Some(view))
        })
        .await
}

/// Takes in what was chosen last; revisions of records that are here if they are wanted.
#[tauri::command]
#[specta::specta]
pub async fn import_records(shell: State<'_, Shell>, revisions: bool, lang: String) -> Answer<ImportView> {
    shell
        .beside(move |shell| {
            let chosen = shell.chosen_import();
            shell.with_desk(|desk| desk.take_in_submissions(&chosen, revisions, &lang))
        })
        .await
}

/// What a de-identified export would hold, and how small its classes are.
#[tauri::command]
#[specta::specta]
pub async fn preview_export(shell: State<'_, Shell>, input: ExportInput, lang: String) -> Answer<ExportPreview> {
    shell.beside(move |shell| shell.with_desk(|desk| desk.preview_export(&input, &lang))).await
}

/// The exports that were made on this laptop, the newest first.
#[tauri::command]
#[specta::specta]
pub async fn export_log(shell: State<'_, Shell>) -> Answer<Vec<ExportLogRow>> {
    shell.beside(|shell| shell.with_desk(|desk| desk.export_log())).await
}

/// Asks for a folder and writes tables to it; none if the person changed their mind.
#[tauri::command]
#[specta::specta]
pub async fn export_csv(
    app: AppHandle,
    shell: State<'_, Shell>,
    input: ExportInput,
    lang: String,
) -> Answer<Option<ExportReport>> {
    shell
        .beside(move |shell| {
            let Some(folder) = dialogs::folder(&app) else { return Ok(None) };
            shell.with_desk(|desk| desk.export_csv(&input, &folder, &lang)).map(Some)
        })
        .await
}
