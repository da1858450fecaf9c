//! What families agreed to, and the checklist before a real project.

use tauri::State;
use tianye_desk::view::{
    Checklist, ChecklistInput, ConsentInput, ConsentSheet, ConsentText, EvidenceCard, FilePart, WithdrawInput,
    Withdrawn,
};

use super::Answer;
use crate::shell::Shell;

desk! {
    /// What is read with a respondent's family before a form is filled, and what was said so far.
    consent_sheet(person: String, form: String, lang: String) -> ConsentSheet,
    |desk, person, form, lang| desk.consent_sheet(&person, &form, &lang)
}
desk! {
    /// Writes down what somebody said.
    record_consent(input: ConsentInput, form: String, lang: String) -> ConsentSheet,
    |desk, input, form, lang| {
        desk.record_consent(&input)?;
        desk.consent_sheet(&input.person, &form, &lang)
    }
}
desk! {
    /// Takes consent back, and erases what was collected under it.
    withdraw_consent(input: WithdrawInput) -> Withdrawn, |desk, input| desk.withdraw_consent(&input)
}
desk! {
    /// Adds a file that shows what is being said.
    add_evidence(kind: String, parts: Vec<String>) -> Vec<EvidenceCard>,
    |desk, kind, parts| desk.add_evidence(&kind, &parts)
}
desk! {
    /// Puts the files aside that stand on no card yet.
    drop_evidence() -> (), |desk| desk.drop_evidence()
}
desk! {
    /// A part of a file on a consent's card.
    evidence_part(card: String, name: String, part: u32) -> FilePart,
    |desk, card, name, part| desk.evidence_part(&card, &name, part)
}
desk! {
    /// The text that families are read.
    consent_text() -> ConsentText, |desk| Ok(desk.consent_text())
}
desk! {
    /// Publishes a version of the text.
    publish_text(text: ConsentText, new_activity: bool) -> ConsentText,
    |desk, text, new_activity| desk.publish_text(&text, new_activity)
}
desk! {
    /// The checklist before a real project begins.
    checklist() -> Checklist, |desk| Ok(desk.checklist())
}
desk! {
    /// Notes what the checklist asks for.
    note_checklist(input: ChecklistInput) -> Checklist, |desk, input| desk.note_checklist(&input)
}
desk! {
    /// Begins the real project.
    begin_real() -> Checklist, |desk| desk.begin_real()
}
