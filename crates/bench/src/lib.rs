//! What the measuring programs share: figures as a list, and the memory that the system counts.
//!
//! **Must not know.** What is measured.

pub mod figures;
pub mod process;
