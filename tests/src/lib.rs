//! What crosses rooms: the working day in the real window, with a real hub and real stores.
//!
//! **Purpose.** To live the day that a newcomer lives, with the programs as they are built, and to look at each screen.
//!
//! **Must not know.** Anything inside a room: it starts programs, presses keys and reads screens and files.
//!
//! **Words.** *Laptop*: one data folder with a window on it. *Day*: the acts from the first interview to the decision.

pub mod hub;
pub mod laptop;
pub mod programs;

/// What went wrong, with its causes.
pub type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;
