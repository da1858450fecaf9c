//! What a child tells of harm: the sheet, reports and their files, contact cards.

use tauri::State;
use tianye_desk::view::{
    AddInput, CallInput, CareView, ContactCardView, ContactsInput, FilePart, HandOverInput, MoveInput, ReportInput,
    ReportView,
};

use super::Answer;
use crate::shell::Shell;

desk! {
    /// A part of a file that a report holds.
    report_file(report: String, name: String, part: u32) -> FilePart,
    |desk, report, name, part| desk.report_file(&report, &name, part)
}

desk! {
    /// The sheet for what a child tells of harm.
    care(lang: String) -> CareView, |desk, lang| desk.care(&lang)
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
