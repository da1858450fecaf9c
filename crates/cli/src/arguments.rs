//! The command line's words.

mod choices;
mod form;
mod project;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use choices::{
    ConsentAct, For, KindOfPerson, Place, ReportAct, RevocationWhy, RoleName, ShieldArguments, WhatIsNoted,
    WhatToErase, WhichErasures,
};
pub use form::FormCommand;
pub use project::ProjectCommand;

/// Tianye 田野 without a window: forms, projects, sync, decisions, exports.
///
/// Commands on a project open a store of this laptop: choose it with --who when there are several, and give its
/// passphrase by TIANYE_PASSPHRASE, by --passphrase-file, or when asked.
#[derive(Debug, Parser)]
#[command(name = "tianye", version, propagate_version = true, disable_help_subcommand = true)]
pub struct Arguments {
    /// Answer in JSON.
    #[arg(long, global = true)]
    pub json: bool,
    /// Language of messages; by the environment (LC_ALL, LANG) if not given, Chinese if that says nothing.
    #[arg(long, global = true, value_enum)]
    pub lang: Option<Language>,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Work on a workbook: check it, write its XForm, run its tests, walk through it at random.
    #[command(subcommand)]
    Form(FormCommand),
    /// Show the library of scales, or one: licence, source, permission, ages, mode, scoring, known problems.
    Scales {
        /// Its id.
        id: Option<String>,
    },
    #[command(flatten)]
    Project(Box<ProjectCommand>),
}

/// Which store, and how it opens.
#[derive(Debug, Args)]
pub struct Seat {
    /// Folder with this laptop's stores.
    #[arg(long, env = "TIANYE_DATA", value_name = "DIR")]
    pub data: PathBuf,
    /// Whose store: a display name, or a store's id. May be left out when there is one.
    #[arg(long, value_name = "NAME")]
    pub who: Option<String>,
    /// File whose first line is the passphrase.
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
    /// Language of titles and tables.
    #[arg(long, value_enum, default_value_t = Language::Zh)]
    pub language: Language,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Language {
    /// 中文
    #[value(alias = "zh-CN")]
    Zh,
    /// English
    En,
}

impl Language {
    /// The language that the environment asks for: the first of its variables that says something.
    pub fn of_environment(variable: impl Fn(&str) -> Option<String>) -> Self {
        let said = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| variable(name).filter(|v| !v.is_empty()));
        match said {
            Some(said) if !said.to_lowercase().starts_with("zh") => Self::En,
            _ => Self::Zh,
        }
    }

    pub fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }
}
