//! Hostile input: what comes from outside, taken apart and lived through.
//!
//! **Purpose.** Each [`Target`] takes any bytes and does with them what a laptop would do with such a file or text. It
//! must come back, in time and memory that fit the input, whatever the bytes are; some targets also check a property.
//! `fuzz/` lets libFuzzer look for bytes that break this; `tests/corpus.rs` replays the corpus on every test run, so
//! that what broke once stays tested.
//!
//! **Must not know.** The fuzzer.
//!
//! **Words.** *Target*: one way in for bytes from outside. *Corpus*: the files of `fuzz/corpus/TARGET`. *Parts*: a packed
//! workbook written as text, see [`workbooks`].

#![allow(clippy::unwrap_used, clippy::panic, reason = "a property that does not hold must stop the program")]

pub mod answers;
#[cfg(feature = "sealed")]
pub mod contents;
#[cfg(feature = "desk")]
pub mod desk;
pub mod expressions;
pub mod forms;
#[cfg(feature = "sealed")]
pub mod insider;
#[cfg(feature = "sealed")]
pub mod sealed;
pub mod session;
mod stage;
#[cfg(all(feature = "desk", feature = "sealed"))]
pub mod stick;
pub mod workbooks;

/// One way in for bytes from outside.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Its name: the folder of its corpus and its file in `fuzz/fuzz_targets`.
    pub name: &'static str,
    /// Takes any bytes.
    pub run: fn(&[u8]),
}

/// All of them.
pub const TARGETS: &[Target] = &[
    Target { name: "workbook_xlsx", run: workbooks::xlsx },
    Target { name: "workbook_ods", run: workbooks::ods },
    Target { name: "workbook_xls", run: workbooks::xls },
    Target { name: "workbook_csv", run: workbooks::csv },
    Target { name: "workbook_markdown", run: workbooks::markdown },
    Target { name: "xform", run: forms::xform },
    Target { name: "submission", run: forms::submission },
    Target { name: "media", run: forms::media },
    Target { name: "expression", run: expressions::expression },
    Target { name: "pattern", run: expressions::pattern },
    Target { name: "answers", run: answers::answers },
    Target { name: "session", run: session::session },
    #[cfg(feature = "desk")]
    Target { name: "form_tests", run: desk::form_tests },
    #[cfg(feature = "desk")]
    Target { name: "markup", run: desk::markup },
    #[cfg(feature = "desk")]
    Target { name: "roster", run: desk::roster },
    #[cfg(feature = "sealed")]
    Target { name: "batch", run: sealed::batch },
    #[cfg(feature = "sealed")]
    Target { name: "entry", run: sealed::entry },
    #[cfg(feature = "sealed")]
    Target { name: "envelope", run: sealed::envelope },
    #[cfg(feature = "sealed")]
    Target { name: "pairing", run: sealed::pairing },
    #[cfg(feature = "sealed")]
    Target { name: "letters", run: sealed::letters },
    #[cfg(feature = "sealed")]
    Target { name: "offer", run: sealed::offer },
    #[cfg(feature = "sealed")]
    Target { name: "content", run: contents::content },
    #[cfg(feature = "sealed")]
    Target { name: "opened", run: insider::opened },
    #[cfg(all(feature = "desk", feature = "sealed"))]
    Target { name: "stick", run: stick::stick },
];
