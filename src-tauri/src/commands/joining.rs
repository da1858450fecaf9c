//! A laptop that is invited: the invitation, its request, and the admission that comes back.

use tauri::{AppHandle, State};
use tianye_desk::refuse;
use tianye_desk::view::JoinView;

use super::Answer;
use crate::dialogs;
use crate::shell::Shell;

/// Asks for an invitation file and reads it; none if the person changed their mind.
#[tauri::command]
#[specta::specta]
pub async fn open_invitation(app: AppHandle, shell: State<'_, Shell>) -> Answer<Option<JoinView>> {
    shell
        .beside(move |shell| {
            let Some(path) = dialogs::open_file(&app, "Tianye", &["tianye-invite"]) else { return Ok(None) };
            let text = String::from_utf8(dialogs::read(&path)?)
                .map_err(|_| refuse("invitation-damaged", "expected text, found other bytes"))?;
            shell.laptop.read_invitation(&text).map(Some)
        })
        .await
}

/// Reads an invitation that was pasted.
#[tauri::command]
#[specta::specta]
pub async fn read_invitation(shell: State<'_, Shell>, text: String) -> Answer<JoinView> {
    shell.beside(move |shell| shell.laptop.read_invitation(&text)).await
}

/// Fetches the invitation whose address and code stand on the lead's screen.
#[tauri::command]
#[specta::specta]
pub async fn find_invitation(shell: State<'_, Shell>, address: String, code: String) -> Answer<JoinView> {
    shell.beside(move |shell| shell.laptop.find_invitation(&address, &code)).await
}

/// Sets the passphrase and asks to join.
#[tauri::command]
#[specta::specta]
pub async fn request_join(shell: State<'_, Shell>, id: String, passphrase: String, device: String) -> Answer<JoinView> {
    shell.beside(move |shell| shell.laptop.request_join(&id, &passphrase, &device)).await
}

/// Where a join stands; asks the hub.
#[tauri::command]
#[specta::specta]
pub async fn join_state(shell: State<'_, Shell>, id: String) -> Answer<JoinView> {
    shell.beside(move |shell| shell.laptop.join_state(&id)).await
}

/// Writes the join request of this laptop where the person says, to be carried to the lead; none if they changed their mind.
#[tauri::command]
#[specta::specta]
pub async fn save_request(app: AppHandle, shell: State<'_, Shell>, id: String) -> Answer<Option<String>> {
    shell
        .beside(move |shell| {
            let text = shell.laptop.request_text(&id)?;
            let Some(path) = dialogs::save_file(&app, "tianye.tianye-join") else { return Ok(None) };
            dialogs::write(&path, text.as_bytes())?;
            Ok(Some(path.display().to_string()))
        })
        .await
}

/// Takes in an admission from a file; none if the person changed their mind.
#[tauri::command]
#[specta::specta]
pub async fn open_admission(app: AppHandle, shell: State<'_, Shell>, id: String) -> Answer<bool> {
    shell
        .beside(move |shell| {
            let Some(path) = dialogs::open_file(&app, "Tianye", &["tianye-admit"]) else { return Ok(false) };
            let bytes = dialogs::read(&path)?;
            shell.laptop.admit_by_text(&id, &String::from_utf8_lossy(&bytes))?;
            Ok(true)
        })
        .await
}
