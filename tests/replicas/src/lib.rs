//! Batches merge, proved: laptops that work, lose connections, are cloned and put back from copies, and what they then say.
//!
//! **Purpose.** A [`Program`] is a list of [`Act`]s: interviews, corrections, rows, decisions and their taking back, reviews, what
//! families said and took back, files, revocations, erasures, what a changed program of a member writes ([`Deed`]), and ways by
//! which entries travel, with what goes wrong on them. [`live`] does it on the product's own stores, with real signed and sealed
//! entries, a real hub, real stick files, and clocks that are years wrong. Then everybody exchanges everything, and each
//! laptop is asked what every record says. The answer is compared with [`truth`]: it remembers who had what in hand when
//! they wrote, and knows nothing of graphs, folds or stores.
//!
//! **Must not know.** How the product folds. What is expected comes from the definition alone: an answer's value is the set
//! of its causally maximal writes.
//!
//! **Words.** *Act*: one thing that happens. *Cast*: who takes part. *Look*: what somebody had in hand when they began to
//! write. *Come together*: exchange until nobody learns anything new.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what fails here fails the test")]

pub mod act;
mod asking;
mod consents;
mod erasing;
mod insider;
pub mod laptop;
pub mod merging;
pub mod people;
mod revoking;
mod rows;
pub mod truth;

pub use act::{Act, Program, programs};
pub use insider::Deed;
pub use merging::live;
