//! What crosses rooms: the working day in the real window, with a real hub and real stores.
//!
//! **Purpose.** To live the day that a newcomer lives, with the programs as they are built, and to look at each screen.
//!
//! **Must not know.** Anything inside a room: it starts programs, presses keys and reads screens and files.
//!
//! **Words.** *Laptop*: folders of its own with a window on them. *Day*: the acts from setting up to the decision that
//! travels back. *Hand*: whether a person fills in by keyboard or by touch. *Gallery*: the screens in both languages.

pub mod beginning;
pub mod cards;
pub mod care;
pub mod carrying;
pub mod codes;
pub mod consent;
pub mod day;
pub mod duplicates;
pub mod erasing;
pub mod exports;
pub mod field;
pub mod filling;
pub mod gallery;
pub mod gate;
pub mod hub;
pub mod laptop;
pub mod map;
pub mod microphone;
pub mod network;
pub mod page;
pub mod people;
pub mod programs;
pub mod recording;
pub mod recovering;
pub mod scan;
pub mod team;
pub mod touch;
pub mod versions;
pub mod widgets;
pub mod withdrawing;

/// What went wrong, with its causes.
pub type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;
