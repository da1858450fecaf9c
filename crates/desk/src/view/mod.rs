//! What the screens draw: plain structs in the user's vocabulary.
//!
//! These types are the boundary between Rust and the window (and of `tianye --json`). They are twins written by hand:
//! no type of a room below leaves through here, so that a room can change without breaking a screen.
//! Times are ISO 8601 texts with offset; the screen formats them. Words are codes with arguments; the screen owns the
//! words. Everything is `camelCase` on the wire.

mod capture;
mod care;
mod consent;
mod control;
mod duplicates;
mod entities;
mod erasing;
mod exchange;
mod exports;
mod groups;
mod home;
mod instances;
mod interview;
mod lead;
mod misfits;
mod people;
mod places;
mod recovering;
mod sheet;
mod start;
mod versions;
mod why;
mod words;

use std::collections::BTreeMap;

use serde::Serialize;
use specta::Type;

pub use capture::*;
pub use care::*;
pub use consent::*;
pub use control::*;
pub use duplicates::*;
pub use entities::*;
pub use erasing::*;
pub use exchange::*;
pub use exports::*;
pub use groups::*;
pub use home::*;
pub use instances::*;
pub use interview::*;
pub use lead::*;
pub use misfits::*;
pub use people::*;
pub use places::*;
pub use recovering::*;
pub use sheet::*;
pub use start::*;
pub use versions::*;
pub use why::*;
pub use words::*;

/// Arguments of a message, by name.
pub type Args = BTreeMap<String, String>;

/// An error as the window sees it: a code for the catalogue, arguments, and a technical line in English.
#[derive(Debug, Clone, Serialize, Type, thiserror::Error)]
#[serde(rename_all = "camelCase")]
#[error("{code}: {detail}")]
pub struct Refusal {
    /// Key of the catalogue: `error-<code>`.
    pub code: String,
    /// Values the message mentions.
    pub args: Args,
    /// Expected, found and where, in English, without anything a respondent said.
    pub detail: String,
}

/// `Debug` without content: these types hold answers, names and passphrases, which must not reach a log.
macro_rules! quiet {
    ($($name:ident),+ $(,)?) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )+};
}

use quiet;
