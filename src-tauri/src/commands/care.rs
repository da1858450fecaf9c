//! What a child tells of harm: the sheet, reports and their files, contact cards.

use tauri::{AppHandle, State};
use tianye_desk::view::{
    AddInput, CallInput, CareView, ContactCardView, ContactsInput, CopyInput, FilePart, HandOverInput, MoveInput,
    ReportInput, ReportView,
};

use super::Answer;
use crate::dialogs;
use crate::shell::Shell;

desk! {
    /// A part of a file that a report holds.
    report_file(report: String, name: String, part: u32) -> FilePart,
    |desk, report, name, part| desk.report_file(&report, &name, part)
}

desk! {
    /// The sheet for what a child tells of harm.
    care(person: String, place: String, lang: String) -> CareView, |desk, person, place, lang| desk.care(&person, &place, &lang)
}
desk! {
    /// Writes a report for the safeguarding holders.
    save_report(input: ReportInput, lang: String) -> ReportView, |desk, input, lang| desk.save_report(&input, &lang)
}
desk! {
    /// Records a call about a report.
    record_call(input: CallInput) -> ReportView, |desk, input| desk.record_call(&input)
}
desk! {
    /// Adds words to a report.
    add_to_report(input: AddInput) -> ReportView, |desk, input| desk.add_to_report(&input)
}
desk! {
    /// Says that somebody outside has a report now.
    hand_report_over(input: HandOverInput) -> ReportView, |desk, input| desk.hand_report_over(&input)
}
desk! {
    /// Moves answers of an interview into a report.
    move_to_report(input: MoveInput, lang: String) -> ReportView, |desk, input, lang| desk.move_to_report(&input, &lang)
}
desk! {
    /// The reports that this person reads.
    reports() -> Vec<ReportView>, |desk| desk.reports()
}
desk! {
    /// Whom to call where.
    contact_cards(lang: String) -> Vec<ContactCardView>, |desk, lang| desk.contact_cards(&lang)
}
desk! {
    /// Writes the contact card of a place.
    set_contacts(input: ContactsInput, lang: String) -> Vec<ContactCardView>,
    |desk, input, lang| desk.set_contacts(&input, &lang)
}
desk! {
    /// Begins to record for a report, or for a new one if none is named.
    start_report_recording(report: String, input: ReportInput, lang: String) -> u32,
    |desk, report, input, lang| desk.start_report_recording(&report, &input, &lang)
}
desk! {
    /// Keeps the next piece of it.
    put_report_piece(recording: u32, base64: String) -> (),
    |desk, recording, base64| desk.put_report_piece(recording, &base64)
}
desk! {
    /// Throws it away.
    drop_report_recording(recording: u32) -> (), |desk, recording| desk.drop_report_recording(recording)
}

/// Makes what was recorded part of its report. The desk stays usable while it is sealed.
#[tauri::command]
#[specta::specta]
pub async fn finish_report_recording(
    shell: State<'_, Shell>,
    recording: u32,
    input: ReportInput,
    lang: String,
) -> Answer<ReportView> {
    shell
        .beside(move |shell| {
            let sound = shell.with_desk(|desk| desk.report_sealer(recording))?.seal()?;
            shell.with_desk(|desk| desk.keep_report_sound(sound, &input, &lang))
        })
        .await
}

/// Asks where to, and takes a copy of a report's file out of Tianye; none if the person changed their mind.
#[tauri::command]
#[specta::specta]
pub async fn copy_report_file(app: AppHandle, shell: State<'_, Shell>, input: CopyInput) -> Answer<Option<ReportView>> {
    shell
        .beside(move |shell| {
            let name = shell.with_desk(|desk| desk.may_copy_report_file(&input))?;
            let Some(path) = dialogs::save_file(&app, &name) else { return Ok(None) };
            shell.with_desk(|desk| desk.copy_report_file(&input, &path)).map(Some)
        })
        .await
}
