//! An interview on the screen.

pub mod appearance;
pub mod attachment;
pub mod control;
pub(crate) mod duty;
pub mod markup;
pub mod open;
pub mod page;
pub mod remarks;
pub mod why;

pub use control::asks;
