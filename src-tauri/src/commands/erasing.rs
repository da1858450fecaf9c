//! What is erased, the certificates of it, and what is due.

use tauri::{AppHandle, State};
use tianye_desk::Desk;
use tianye_desk::view::{DueView, EraseInput, ErasePreview, ErasureView};

use super::Answer;
use crate::dialogs;
use crate::shell::Shell;

desk! {
    /// What would go if an interview, or the respondent of it, were erased.
    preview_erasure(record: String, lang: String) -> ErasePreview, |desk, record, lang| {
        desk.preview_erasure(&record, &lang)
    }
}
desk! {
    /// Erases an interview, answers of it, or a respondent; gives the certificate.
    erase(input: EraseInput) -> ErasureView, |desk, input| desk.erase(&input)
}
desk! {
    /// What was erased, and where it has been carried out.
    erasures(lang: String) -> Vec<ErasureView>, |desk, lang| desk.erasures(&lang)
}

/// Writes a certificate where the person says, as a text; none if they changed their mind.
#[tauri::command]
#[specta::specta]
pub async fn save_certificate(
    app: AppHandle,
    shell: State<'_, Shell>,
    id: String,
    lang: String,
) -> Answer<Option<String>> {
    shell
        .beside(move |shell| {
            let text = shell.with_desk(|desk| desk.certificate_text(&id, &lang))?;
            write_where_asked(&app, &Desk::certificate_name(&id, &lang), &text)
        })
        .await
}

/// Writes what to drop from an export where the person says, as CSV; none if they changed their mind.
#[tauri::command]
#[specta::specta]
pub async fn save_drops(app: AppHandle, shell: State<'_, Shell>, exported: String) -> Answer<Option<String>> {
    shell
        .beside(move |shell| {
            let text = shell.with_desk(|desk| desk.drop_csv(&exported))?;
            write_where_asked(&app, &format!("drop-{}.csv", short(&exported)), &text)
        })
        .await
}

fn write_where_asked(app: &AppHandle, suggested: &str, text: &str) -> Answer<Option<String>> {
    let Some(path) = dialogs::save_file(app, suggested) else { return Ok(None) };
    dialogs::write(&path, text.as_bytes())?;
    Ok(Some(path.display().to_string()))
}

fn short(id: &str) -> String {
    id.chars().take(8).collect()
}

desk! {
    /// What is to be erased.
    due(lang: String) -> Vec<DueView>, |desk, lang| desk.due(&lang)
}
desk! {
    /// Erases what is due of these interviews; what is due then.
    erase_due(records: Vec<String>, lang: String) -> Vec<DueView>,
    |desk, records, lang| {
        desk.erase_due(&records)?;
        desk.due(&lang)
    }
}
