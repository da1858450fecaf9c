//! Members and laptops: inviting, admitting, revoking.

use tauri::{AppHandle, State};
use tianye_desk::refuse;
use tianye_desk::view::{JoinRequestView, QrView, RevokeInput, Role, TeamView};

use super::Answer;
use crate::dialogs;
use crate::shell::Shell;

desk! {
    /// Members, requests, invitations.
    team() -> TeamView, |desk| desk.team()
}
desk! {
    /// Admits who asks to join, after the codes were compared.
    approve(invitation: String) -> TeamView, |desk, invitation| {
        desk.approve(&invitation)?;
        desk.team()
    }
}
desk! {
    /// An invitation as a code for the camera of the invited laptop.
    invitation_qr(invitation: String) -> Option<QrView>, |desk, invitation| desk.invitation_qr(&invitation)
}
desk! {
    /// Invites somebody who types the code, or whose camera reads it, without a file.
    invite_by_code(name: String, group: String, role: Role) -> TeamView, |desk, name, group, role| {
        desk.invite(&name, &group, role)?;
        desk.team()
    }
}
desk! {
    /// Revokes a laptop's certificate.
    revoke(input: RevokeInput) -> TeamView, |desk, input| desk.revoke(&input)
}
desk! {
    /// The project's recovery key, after the passphrase was typed once more.
    recovery_key(passphrase: String) -> String, |desk, passphrase| {
        desk.show_recovery_key(&passphrase).map(|key| key.to_string())
    }
}
desk! {
    /// Accepts what was written with a revoked certificate and has come since.
    accept_late(certificate: String) -> TeamView, |desk, certificate| desk.accept_late(&certificate)
}

/// Invites somebody and writes the invitation where the person says; none if they changed their mind.
#[tauri::command]
#[specta::specta]
pub async fn invite(
    app: AppHandle,
    shell: State<'_, Shell>,
    name: String,
    group: String,
    role: Role,
) -> Answer<Option<String>> {
    shell
        .beside(move |shell| {
            let Some(path) = dialogs::save_file(&app, &file_name(&name)) else { return Ok(None) };
            let text = shell.with_desk(|desk| desk.invite(&name, &group, role))?;
            dialogs::write(&path, text.as_bytes())?;
            Ok(Some(path.display().to_string()))
        })
        .await
}

/// Writes an open invitation where the person says, for somebody who could not fetch it; none if they changed their mind.
#[tauri::command]
#[specta::specta]
pub async fn save_invitation(
    app: AppHandle,
    shell: State<'_, Shell>,
    invitation: String,
    name: String,
) -> Answer<Option<String>> {
    shell
        .beside(move |shell| {
            let text = shell.with_desk(|desk| desk.invitation_text(&invitation))?;
            let Some(path) = dialogs::save_file(&app, &file_name(&name)) else { return Ok(None) };
            dialogs::write(&path, text.as_bytes())?;
            Ok(Some(path.display().to_string()))
        })
        .await
}

/// The name of an invitation's file.
fn file_name(invited: &str) -> String {
    let plain: String = invited.chars().filter(|c| c.is_alphanumeric()).collect();
    format!("{plain}.tianye-invite")
}

/// Reads a join request from a file: who asks, and the code to compare; none if the person changed their mind.
#[tauri::command]
#[specta::specta]
pub async fn open_request(app: AppHandle, shell: State<'_, Shell>) -> Answer<Option<JoinRequestView>> {
    shell
        .beside(move |shell| {
            let Some(path) = dialogs::open_file(&app, "Tianye", &["tianye-join"]) else { return Ok(None) };
            let text = String::from_utf8_lossy(&dialogs::read(&path)?).into_owned();
            let view = shell.with_desk(|desk| desk.read_request(&text))?;
            shell.remember_request(Some(text));
            Ok(Some(view))
        })
        .await
}

/// Admits who sent the request that was read last, after the codes were compared: writes the admission where the person
/// says; none if they changed their mind.
#[tauri::command]
#[specta::specta]
pub async fn approve_request(app: AppHandle, shell: State<'_, Shell>, code: String) -> Answer<Option<String>> {
    shell
        .beside(move |shell| {
            let text = shell.request().ok_or_else(|| refuse("invitation-used", "expected a request, found none"))?;
            let Some(path) = dialogs::save_file(&app, "tianye.tianye-admit") else { return Ok(None) };
            let admission = shell.with_desk(|desk| desk.approve_request(&text, &code))?;
            dialogs::write(&path, admission.as_bytes())?;
            shell.remember_request(None);
            Ok(Some(path.display().to_string()))
        })
        .await
}
