//! What a person does at the laptop, composed from the rooms: set up, unlock, interview, pause, finalise, correct,
//! sync, decide, export.
//!
//! **Purpose.** One function per act of a person, shared by the window (`src-tauri`) and the command line (`tianye`), so
//! that a rule is written once. The desk is where the clock, randomness and folders enter.
//!
//! **Must not know.** Windows, widgets, words in a language (it answers with codes; the screens own the words).
//!
//! **Words.** *Desk*: one unlocked store with its project. *Interview*: one open [`view::InterviewView`]. *Refusal*: an
//! error as the window sees it.

pub mod view;
