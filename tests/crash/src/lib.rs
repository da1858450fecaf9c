//! Crash: the proof that a confirmed answer is never lost.
//!
//! **Purpose.** Each act of an interviewer is done on the real store while everything that reaches a file is recorded:
//! below SQLite ([`vfs`]) and at the store's own files. From the record, disks are rebuilt as a power cut may leave them
//! ([`cut`]); each is opened by the real store and asked for what was confirmed ([`laptop`]). The same acts are done with
//! a disk that fails or fills at each of its calls ([`faults`]), and by a program that is killed ([`kill`]).
//!
//! **Must not know.** What an entry means. And no program may know this: only the store's feature `watch-files` does.
//!
//! **Words.** *Act*: what a person does, in steps. *Promise*: what was confirmed after a step. *Cut*: the place in the
//! record at which the power goes. *State*: one disk that the cut may leave. *Weakness*: a laptop made worse on purpose,
//! to see that losses are found.

pub mod acts;
pub mod cut;
pub mod dice;
pub mod disk;
pub mod explore;
pub mod faults;
pub mod kill;
pub mod laptop;
pub mod recorder;
pub mod stage;
mod vfs;
#[path = "../../../crates/store/tests/common/mod.rs"]
mod world;
