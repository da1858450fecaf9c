//! An interview on the screen.

pub mod control;
pub mod open;
pub mod page;
pub mod why;

pub use control::asks;
