//! Forms and maps that come to this laptop.

use std::path::Path;

use tauri::{AppHandle, State};
use tianye_desk::view::{FormCheck, FormFile, HomeView, InstrumentCard, InterviewView, MapView};

use super::Answer;
use crate::dialogs;
use crate::shell::Shell;

desk! {
    /// Puts the form checked last into the project.
    add_form(lang: String) -> HomeView, |desk, lang| {
        desk.add_form()?;
        desk.home(&lang)
    }
}

/// The maps of this laptop.
#[tauri::command]
#[specta::specta]
pub async fn maps(shell: State<'_, Shell>) -> Answer<Vec<MapView>> {
    shell.beside(|shell| Ok(shell.maps.list())).await
}

/// A tile of a map; none where it has none.
#[tauri::command]
#[specta::specta]
pub async fn map_tile(
    shell: State<'_, Shell>,
    file: String,
    zoom: u8,
    column: u32,
    row: u32,
) -> Answer<Option<FormFile>> {
    shell.beside(move |shell| shell.maps.tile(&file, zoom, column, row)).await
}

/// Asks for a map and copies it to this laptop; none if the person changed their mind.
#[tauri::command]
#[specta::specta]
pub async fn add_map(app: AppHandle, shell: State<'_, Shell>) -> Answer<Option<Vec<MapView>>> {
    shell
        .beside(move |shell| {
            let Some(path) = dialogs::open_file(&app, "MBTiles", &["mbtiles"]) else { return Ok(None) };
            shell.maps.add(&path)?;
            Ok(Some(shell.maps.list()))
        })
        .await
}

/// Asks for a workbook and checks it; none if the person changed their mind.
#[tauri::command]
#[specta::specta]
pub async fn check_form(app: AppHandle, shell: State<'_, Shell>) -> Answer<Option<FormCheck>> {
    shell
        .beside(move |shell| {
            let endings = ["xlsx", "xls", "ods", "csv", "md", "xml"];
            let Some(path) = dialogs::open_file(&app, "XLSForm", &endings) else { return Ok(None) };
            let report = check(shell, &path)?;
            shell.remember_workbook(path);
            Ok(Some(report))
        })
        .await
}

/// Checks the workbook that was checked last once more, as it is now on the disk; none if there was none.
#[tauri::command]
#[specta::specta]
pub async fn check_form_again(shell: State<'_, Shell>) -> Answer<Option<FormCheck>> {
    shell.beside(|shell| shell.workbook().map(|path| check(shell, &path)).transpose()).await
}

fn check(shell: &Shell, path: &Path) -> tianye_desk::Result<FormCheck> {
    let bytes = dialogs::read(path)?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let folder = path.parent().map(Path::to_owned).unwrap_or_default();
    let beside = |name: &str| {
        let plain = Path::new(name).components().count() == 1 && !name.starts_with("..");
        plain.then(|| dialogs::read(&folder.join(name)).ok()).flatten()
    };
    shell.with_desk(|desk| desk.check_form(&name, &bytes, &beside))
}

desk! {
    /// Opens the form that was checked last for trying; nothing of it is stored.
    try_form() -> InterviewView, |desk| desk.try_form()
}

/// The instruments that come with the program.
#[tauri::command]
#[specta::specta]
pub async fn instruments(shell: State<'_, Shell>) -> Answer<Vec<InstrumentCard>> {
    shell.beside(|_| tianye_desk::instruments::cards()).await
}

/// Checks an instrument that comes with the program.
#[tauri::command]
#[specta::specta]
pub async fn check_instrument(shell: State<'_, Shell>, id: String) -> Answer<FormCheck> {
    shell.beside(move |shell| shell.with_desk(|desk| desk.check_instrument(&id))).await
}
