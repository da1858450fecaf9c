//! What a person does at the laptop, composed from the rooms: set up, join, unlock, interview, pause, finalise, correct,
//! sync, decide, export.
//!
//! **Purpose.** One function per act of a person, shared by the window (`src-tauri`) and the command line (`tianye`), so
//! that a rule is written once. Clock and randomness are handed in ([`world::World`]); folders too.
//!
//! **Must not know.** Windows, widgets, sentences: it answers with [`view`] types and codes, and the screens own the
//! words.
//!
//! **Words.** *Laptop*: a folder with stores, before anybody has unlocked. *Desk*: one unlocked store with its project.
//! *Open interview*: the one on the screen. *Refusal*: an error as the window sees it. *Courier*: what carries entries
//! between the store and the hub.

// What the tests of this crate share calls it by its name.
#[cfg(test)]
extern crate self as tianye_desk;

mod apart;
mod assigning;
mod book;
mod capturing;
mod cards;
mod care;
pub mod codes;
mod columns;
mod conflicts;
mod consenting;
mod copies;
mod deidentified;
mod desk;
mod duplicates;
pub mod duration;
mod entities;
mod erasing;
mod exchange;
mod export_log;
mod exporting;
mod filling;
mod folding;
mod forgotten;
pub mod form_tests;
pub mod forms;
mod groups;
pub mod instances;
pub mod instruments;
pub mod interview;
mod kept_exports;
mod laptop;
mod lists;
mod maps;
mod media;
mod merging;
mod moving;
mod nearby;
mod papers;
mod past;
mod people;
mod person;
mod places;
pub mod practice;
pub mod qr;
mod recovering;
mod refusal;
mod revoking;
mod roster;
pub mod scales;
mod sheet;
pub mod simulate;
mod sticks;
mod study;
mod team;
mod team_chain;
mod trial;
mod versions;
pub mod view;
mod wards;
pub mod world;

pub use capturing::{Sealed, Sealer};
pub use care::{ReportSealer, ReportSound};
pub use consenting::usual_text;
pub use copies::boxes_in;
pub use desk::Desk;
pub use exchange::Courier;
pub use forgotten::{Forgotten, drafts_in, holds_drafts};
pub use laptop::Laptop;
pub use maps::Maps;
pub use nearby::{nearby_view, read_nearby};
pub use refusal::{Result, refuse};
pub use sticks::{Carrier, carrying_view, stick_view};
pub use tianye_store::{KdfCost, MAX_TILE, MAX_ZOOM};
pub use tianye_sync::{Cancel, HubCard, LOCAL_PORT, Progress, Step as SyncStep, StickReport, Tell, missing_parts};

/// The batch files of a folder, by name.
///
/// # Errors
/// `file-failed` if the folder cannot be read.
pub fn batches_in(folder: &std::path::Path) -> Result<Vec<std::path::PathBuf>> {
    Ok(tianye_sync::batches_in(folder)?)
}

use refusal::refusals;

refusals!(
    tianye_survey::safeguarding::TooFewHolders,
    tianye_sync::SyncError,
    tianye_export::Error,
    tianye_survey::ContentError,
    tianye_journal::WireError,
    tianye_journal::PairingError,
    tianye_journal::CertificateError,
    tianye_journal::OpenError,
    tianye_journal::SealError,
    tianye_xform::PathError,
    tianye_xform::RowError,
    tianye_xform::TableError,
    tianye_xlsform::WriteError,
);

impl From<tianye_store::Error> for view::Refusal {
    fn from(error: tianye_store::Error) -> Self {
        let refusal = refuse(error.code(), error.to_string());
        let tianye_store::Error::InUse { by } = error else { return refusal };
        let since = by.since_ms.and_then(chrono::DateTime::from_timestamp_millis);
        let since = since.map(|at| at.with_timezone(&chrono::Local).format("%Y-%m-%d %H:%M").to_string());
        let known = |text: String| if text.is_empty() { "?".to_owned() } else { text };
        refusal
            .with("program", known(by.program))
            // A text and not a number: it is not counted.
            .with("process", format!("#{}", by.process))
            .with("since", known(since.unwrap_or_default()))
    }
}

impl From<tianye_xlsform::ReadError> for view::Refusal {
    fn from(error: tianye_xlsform::ReadError) -> Self {
        let refusal = refuse(error.code(), error.to_string());
        match error {
            tianye_xlsform::ReadError::TooLarge { what, limit, found } => refusal
                .with("what", what.replace(' ', "-"))
                .with("limit", limit.to_string())
                .with("found", found.to_string()),
            _ => refusal,
        }
    }
}

// The error's own words hold the answer: a refusal keeps its code and leaves the answer where it was typed.
impl From<tianye_xform::AnswerError> for view::Refusal {
    fn from(error: tianye_xform::AnswerError) -> Self {
        let code = error.code();
        let refusal = refuse(code, "expected a value of the question's type, found another");
        match error {
            tianye_xform::AnswerError::OutOfRange { start, end, step, .. } => {
                refusal.with("start", start).with("end", end).with("step", step)
            }
            _ => refusal,
        }
    }
}
