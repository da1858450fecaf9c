//! What several commands let one choose and say.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum RoleName {
    /// Admits and revokes others; reads no interview.
    Administrator,
    /// Merges, reviews and decides.
    Lead,
    /// Fills in interviews.
    Interviewer,
    /// Reads and exports.
    Analyst,
    /// Safeguarding lead.
    Safeguarding,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum RevocationWhy {
    /// The laptop was lost or stolen.
    Lost,
    /// The person left the team.
    Left,
    /// The person has another laptop or role.
    Replaced,
    /// Somebody else may have used it.
    Misused,
}

/// Who a person is.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum KindOfPerson {
    /// 学生
    Pupil,
    /// 教师
    Teacher,
    /// 监护人
    Guardian,
    /// 村干部, 儿童主任
    Cadre,
}

impl KindOfPerson {
    pub fn code(self) -> &'static str {
        match self {
            Self::Pupil => "pupil",
            Self::Teacher => "teacher",
            Self::Guardian => "guardian",
            Self::Cadre => "cadre",
        }
    }
}

/// Why something is erased.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum WhyErased {
    /// The person, or who speaks for them, took their consent back.
    Withdrawn,
    /// It is kept elsewhere, for fewer eyes: a disclosure.
    Misplaced,
    /// The time for which it might be kept is over.
    Retention,
    /// It should never have been written down.
    Mistake,
}

impl WhyErased {
    pub fn code(self) -> &'static str {
        match self {
            Self::Withdrawn => "withdrawn",
            Self::Misplaced => "misplaced",
            Self::Retention => "retention",
            Self::Mistake => "mistake",
        }
    }
}

/// What is to be erased.
#[derive(Debug, Args)]
pub struct WhatToErase {
    /// Id of the interview, or the respondent's code where they have one interview.
    pub interview: String,
    /// Only the answer to this question, by its name or its whole address. May be given several times.
    #[arg(long, value_name = "QUESTION", conflicts_with = "person")]
    pub field: Vec<String>,
    /// Only the recording, photograph or file of this question.
    #[arg(long, value_name = "QUESTION", conflicts_with = "person")]
    pub recording: Vec<String>,
    /// The respondent of this code or id: card, consents, assignments, and all interviews.
    #[arg(long)]
    pub person: bool,
    /// Why.
    #[arg(long, value_enum)]
    pub why: WhyErased,
    /// Why, in your own words. It stays: never write here what is erased.
    #[arg(long, default_value = "")]
    pub note: String,
    /// Erase it. Without this nothing is changed.
    #[arg(long)]
    pub yes: bool,
}

/// What a lead notes before a real project begins.
#[derive(Debug, Args)]
pub struct WhatIsNoted {
    /// Something that the project asks for: questionnaire, interview, audio, photo, teacher, group, activity, follow-up,
    /// school-sharing, archiving. Given several times, these are all.
    #[arg(long, value_name = "PURPOSE")]
    pub purpose: Vec<String>,
    /// Until when is kept what was collected for a purpose.
    #[arg(long, value_name = "PURPOSE=DAY")]
    pub keep: Vec<String>,
    /// The ethics committee's approval.
    #[arg(long, value_name = "DAY: WHAT")]
    pub ethics: Option<String>,
    /// When and how the team was told the rules for passphrases.
    #[arg(long, value_name = "DAY: WHAT")]
    pub passphrases: Option<String>,
    /// When and how recovery was tried.
    #[arg(long, value_name = "DAY: WHAT")]
    pub recovery: Option<String>,
    /// The ethics decision by which an entrusted carer's word is enough; an empty text takes it back.
    #[arg(long, value_name = "DAY: WHAT")]
    pub carers: Option<String>,
    /// Ask for consent although the project is for practice.
    #[arg(long, value_name = "true|false")]
    pub gate: Option<bool>,
    /// The text for families, as JSON of the shape that --text-to writes: published as the next version.
    #[arg(long, value_name = "FILE")]
    pub text: Option<PathBuf>,
    /// Publish the text as that of a new activity: everybody is asked again.
    #[arg(long, requires = "text")]
    pub new_activity: bool,
    /// Write the text that is read now to a file, to change it.
    #[arg(long, value_name = "FILE")]
    pub text_to: Option<PathBuf>,
}

/// Which certificates.
#[derive(Debug, Args)]
pub struct WhichErasures {
    /// The certificate of this id (its beginning is enough) as a text that can be given to a family; it names nobody.
    #[arg(long, value_name = "ID", conflicts_with = "export")]
    pub certificate: Option<String>,
    /// What to drop from an export, as CSV: the export's id, or its folder.
    #[arg(long, value_name = "FOLDER|ID")]
    pub export: Option<String>,
    /// Where to write; standard output if not given.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// What is done about consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ConsentAct {
    /// Show how it stands, of one respondent or of all.
    List,
    /// Write down: `standing` (legal-guardian, entrusted-carer, own, school, unknown), `name`, `relation`, `how` (paper, oral,
    /// recorded-call, video), `on`, `witness`, `note`, `words` (purpose to given, refused, not-yet).
    Record,
    /// Take back: `standing`, `name`, `relation`, `purposes` (none: everything), `note`. What was collected is erased.
    Withdraw,
}

/// What is said of a report.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum ReportAct {
    /// Write a report: `words`, `when`, `place`, `present`, `seen`, `safety` (safe, unsafe, unsure), `interview`, `site`.
    New,
    /// Record a call: `report`, `whom`, `number`, `said`, `outcome` (told, no-answer, call-back).
    Call,
    /// Add words: `report`, `words`.
    Add,
    /// Say who took over: `report`, `to` (police, civil-affairs, elsewhere), `note`.
    HandOver,
    /// Move answers of an interview into a report: `report`, `record`, `fields`.
    Move,
}

/// How far an export tells who somebody is.
#[derive(Debug, Args)]
pub struct ShieldArguments {
    /// What the export is for. Interviews of those who have not agreed to that are not in it, and are counted. An archive gets
    /// none with identifiers.
    #[arg(long = "for", value_enum, value_name = "PURPOSE", default_value_t = For::Analysis)]
    pub purpose: For,
    /// With what tells who somebody is: internal ids, codes on cards, classes, free text. Needs a role and --reason; names,
    /// files, submissions and entities need it too.
    #[arg(long, requires = "reason")]
    pub identified: bool,
    /// Why, with identifiers. It is kept in the list of exports.
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub reason: String,
    /// How exactly places are told without identifiers.
    #[arg(long, value_enum, default_value_t = Place::County)]
    pub level: Place,
    /// A question that tells of nobody who it is, by its path (/group/name): somebody has read the answers and judged. May be
    /// given several times.
    #[arg(long, value_name = "PATH")]
    pub judged: Vec<String>,
    /// A column for k-anonymity: a path, or @county, @township, @village, @school. May be given several times; by default
    /// those that the form's author marked.
    #[arg(long, value_name = "PATH")]
    pub quasi: Vec<String>,
    /// Classes should have so many respondents.
    #[arg(long, default_value_t = 5)]
    pub k: u32,
    /// Leave out interviews in smaller classes.
    #[arg(long)]
    pub suppress: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum For {
    /// The project's own work: those who agreed to what the form was filled for.
    Analysis,
    /// An archive for later research: those who agreed to archiving too.
    Archiving,
    /// Telling the school: those who agreed to that too.
    SchoolSharing,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Place {
    /// Counties only.
    County,
    /// Townships too.
    Township,
    /// Villages too.
    Village,
    /// Schools too.
    School,
}
