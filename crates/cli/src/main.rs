//! `tianye`: what leads and scripts need, without a window.
//!
//! **Purpose.** The desk's acts as commands: check a form, make a project, invite and join, simulate, sync, decide,
//! export. Every command that shows something can show it as JSON.
//!
//! **Must not know.** Rules: each command is one act of `tianye-desk`.
//!
//! **Words.** As in the desk.

mod arguments;
mod beginning;
mod care;
mod carrying;
mod consent;
mod deciding;
mod difference;
mod erasing;
mod exports;
mod forgotten;
mod form;
mod instances;
mod moving;
mod nearby;
mod paper;
mod people;
mod progress;
mod project;
mod recovering;
mod say;
mod say_why;
mod standing;
mod stopping;
mod verifying;
mod words;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command, Language};
use words::Words;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let json = arguments.json;
    let language = arguments.lang.unwrap_or_else(|| Language::of_environment(|name| std::env::var(name).ok()));
    let words = Words::of(language);
    let outcome = match arguments.command {
        Command::Form(command) => form::run(command, json, &words),
        Command::Scales { id } => form::scales(id.as_deref(), json),
        Command::Project(command) => project::run(*command, json, &words),
    };
    match outcome {
        Ok(code) => code,
        // Whoever pressed Ctrl-C wants to know what became of it.
        Err(refusal) if refusal.code == "cancelled" && !json => {
            say::warn(&words.say("carry-stopped", &[]));
            ExitCode::FAILURE
        }
        Err(refusal) => {
            say::refusal(&refusal, json, &words);
            ExitCode::FAILURE
        }
    }
}
