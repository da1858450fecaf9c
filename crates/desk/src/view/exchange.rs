//! Sync, export, and the check of a workbook.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::ExportLevel;

use super::{Args, Outbox, quiet};

quiet!(
    SyncView,
    NearbyView,
    NearbyPlace,
    QrView,
    ChainView,
    ReceiptView,
    SetAsideView,
    SyncReport,
    StickView,
    ExportReport,
    ExportFile,
    ExportInput,
    FormCheck,
    FormProblem,
    FormExcerpt,
);

/// The sync page.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SyncView {
    /// Address of the hub; empty if the project has none.
    pub hub: String,
    /// Whether this laptop keeps the project's key, and so may be its hub in a local network.
    pub keeps: bool,
    /// What waits.
    pub outbox: Outbox,
    /// Each laptop's chain.
    pub chains: Vec<ChainView>,
    /// Receipts, newest first.
    pub receipts: Vec<ReceiptView>,
    /// Entries set aside, with the reason's code.
    pub set_aside: Vec<SetAsideView>,
    /// What does not fit and was not noted yet, the worst first.
    pub misfits: Vec<super::MisfitView>,
}

/// The hub on a laptop of the local network.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NearbyView {
    /// Address and port, as typed.
    pub address: String,
    /// What its keys come to, in four groups of four.
    pub code: String,
    /// Address and code for the camera of another laptop.
    pub qr: Option<QrView>,
    /// Whether it runs on this laptop, now.
    pub open: bool,
    /// Entries that it keeps; while it runs on this laptop.
    pub entries: u32,
}

/// Where a hub nearby is, as typed or read by the camera.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NearbyPlace {
    /// Address and port.
    pub address: String,
    /// What its keys come to.
    pub code: String,
}

/// A code to be drawn: white where nothing is said.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct QrView {
    /// Modules on each side, the quiet zone included.
    pub side: u32,
    /// The dark ones, as the path of an SVG drawing in modules.
    pub path: String,
}

/// What came of reading a stick.
#[derive(Clone, Default, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct StickView {
    /// Files that lay there.
    pub files: u32,
    /// New entries.
    pub received: u32,
    /// Entries that were here already.
    pub repeated: u32,
    /// Entries set aside.
    pub set_aside: u32,
    /// Places at which a chain goes on in two ways.
    pub forks: u32,
    /// Files that could not be read to their end; what stood before entered.
    pub damaged: Vec<String>,
    /// Files that are no batch for this laptop.
    pub unusable: Vec<String>,
    /// Parts that are missing on the stick, by name.
    pub missing: Vec<String>,
    /// Files with drafts of laptops whose passphrase was forgotten, which a lead may take over.
    pub drafts: Vec<super::DraftsFound>,
}

/// What was written to a stick, and was read again.
#[derive(Clone, Default, PartialEq, Eq, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct StickWritten {
    /// The files, by name.
    pub files: Vec<String>,
    /// Entries in them.
    pub entries: u32,
    /// Chunks in them.
    pub chunks: u32,
    /// Laptops whose cards lie on the stick: only what they lack was written. 0: all that is here.
    pub known_to: u32,
    /// It went on where it had been interrupted.
    pub continued: bool,
}

/// How far a sync or a stick is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CarryingView {
    /// What it is doing.
    pub step: CarryStep,
    /// Entries or chunks of this step that are through.
    pub done: u32,
    /// How many there are, where that is known.
    pub total: Option<u32>,
    /// Bytes of this step that are through, in KiB.
    pub kib: u32,
    /// How many there are, where that is known.
    pub of_kib: Option<u32>,
    /// Which of several files it is at, from 1.
    pub file: u32,
    /// How many files there are.
    pub files: u32,
}

/// What a transfer is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum CarryStep {
    /// Asking the hub what it has.
    Negotiate,
    /// Sending entries.
    PushEntries,
    /// Sending chunks.
    PushChunks,
    /// Fetching entries.
    PullEntries,
    /// Fetching chunks.
    PullChunks,
    /// Fetching receipts that were lost on the way.
    Receipts,
    /// Writing entries to a stick.
    WriteEntries,
    /// Writing chunks to a stick.
    WriteChunks,
    /// Reading what was written once more.
    Verify,
    /// Reading a file of a stick.
    Read,
    /// Waiting until everything that came is durable.
    Settle,
}

/// Whether a hub's audit log goes on from where it was at the last contact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum HubLog {
    /// It does.
    #[default]
    GoesOn,
    /// It is shorter: the hub was put back to an old copy.
    Rewound,
    /// What it said before is not in it.
    Rewritten,
}

/// What this laptop has of one chain.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ChainView {
    /// Who and which laptop.
    pub owner: String,
    /// Whether it is this laptop's.
    pub own: bool,
    /// Newest entry here.
    pub here: u32,
    /// Newest entry with a checked receipt.
    pub received: u32,
    /// Whether two entries stand in one slot.
    pub forked: bool,
}

/// A run of receipts.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReceiptView {
    /// First entry.
    pub from: u32,
    /// Last entry.
    pub to: u32,
    /// When this laptop checked them.
    pub at: String,
}

/// Something set aside.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SetAsideView {
    /// Whose chain.
    pub owner: String,
    /// Code of the reason: `set-aside-<code>`.
    pub code: String,
    /// How many entries.
    pub entries: u32,
}

/// What a sync did.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SyncReport {
    /// Entries sent.
    pub sent: u32,
    /// Entries received.
    pub received: u32,
    /// Receipts checked.
    pub receipts: u32,
    /// Entries that the hub had confirmed before and had no longer when this began: it was put back to an old copy.
    pub forgotten: u32,
    /// Whether the hub's audit log goes on from where this laptop saw it last.
    pub hub_log: HubLog,
    /// Conflicts now open.
    pub conflicts: u32,
    /// The page now.
    pub view: SyncView,
}

impl SyncReport {
    /// Two syncs one after the other, told as one.
    #[must_use]
    pub fn and(self, after: Self) -> Self {
        Self {
            sent: self.sent + after.sent,
            received: self.received + after.received,
            receipts: self.receipts + after.receipts,
            forgotten: self.forgotten + after.forgotten,
            hub_log: if after.hub_log == HubLog::GoesOn { self.hub_log } else { after.hub_log },
            ..after
        }
    }
}

/// What an export wrote.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ExportReport {
    /// Interviews left out because consent does not cover them.
    pub withheld: u32,
    /// The same by what was not agreed to.
    pub left_out: Vec<super::LeftOut>,
    /// Interviews left out because they were made for practice before the project began.
    pub practice: u32,
    /// Folder.
    pub folder: String,
    /// Files with their row counts.
    pub files: Vec<ExportFile>,
    /// The folder with photographs and recordings beside them; empty if they were not asked for or there are none.
    pub attachments: String,
    /// Photographs and recordings that were written.
    pub attached: u32,
    /// Those that were not: a part has not come or is damaged.
    pub missing: u32,
    /// The submissions that were written, if they were asked for.
    pub instances: Option<super::InstancesReport>,
}

/// One file of an export.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ExportFile {
    /// Name in the folder.
    pub name: String,
    /// Rows without the head.
    pub rows: u32,
}

/// Choices of an export. Without further words it is de-identified.
#[derive(Clone, Default, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ExportInput {
    /// `form_id`.
    pub form: String,
    /// Whether to write labels instead of names.
    pub labels: bool,
    /// Whether names of respondents are written; off by default.
    pub names: bool,
    /// Whether photographs and recordings are written; off by default: they show who a child is.
    #[serde(default)]
    pub files: bool,
    /// Whether each finalised interview is written as a submission for other tools too.
    #[serde(default)]
    pub instances: bool,
    /// Whether the lists of entities are written; off by default: their labels are mostly names.
    #[serde(default)]
    pub entities: bool,
    /// Whether it holds what tells who somebody is: internal ids, codes on cards, classes, free text; and, if asked for, names,
    /// files, submissions and entities.
    #[serde(default)]
    pub identified: bool,
    /// Why, for one with identifiers.
    #[serde(default)]
    pub reason: String,
    /// What it is for: who has not agreed to that is not in it.
    #[serde(default)]
    pub purpose: super::ExportPurpose,
    /// How exactly places are told without identifiers.
    #[serde(default)]
    pub level: ExportLevel,
    /// Template paths of questions that a person has judged to tell of nobody who it is.
    #[serde(default)]
    pub judged: Vec<String>,
    /// The columns for k-anonymity; none: those that the form's author and its names say.
    #[serde(default)]
    pub quasi: Option<Vec<String>>,
    /// Classes should have so many respondents; 0: five.
    #[serde(default)]
    pub k: u32,
    /// Whether interviews in smaller classes are left out.
    #[serde(default)]
    pub suppress: bool,
}

/// A map of this laptop.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MapView {
    /// Its file, by which tiles are asked for.
    pub file: String,
    /// Its name for people.
    pub name: String,
    /// Least zoom.
    pub min_zoom: u8,
    /// Deepest zoom.
    pub max_zoom: u8,
    /// Western edge, in millionths of a degree.
    pub west: i32,
    /// Southern edge.
    pub south: i32,
    /// Eastern edge.
    pub east: i32,
    /// Northern edge.
    pub north: i32,
}

/// Result of checking a workbook.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FormCheck {
    /// Name of the file.
    pub file: String,
    /// Whether it can be used.
    pub usable: bool,
    /// Title.
    pub title: String,
    /// Number of questions.
    pub questions: u32,
    /// Problems, worst first.
    pub problems: Vec<FormProblem>,
}

/// How bad a problem of a form is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum FormSeverity {
    /// The form cannot be used with it.
    Error,
    /// The form probably does not do what its author meant.
    Warning,
    /// Good to know.
    Note,
}

/// A problem of a form, with its place in the workbook or in the XML.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FormProblem {
    /// How bad it is.
    pub severity: FormSeverity,
    /// Key of the catalogue: `form-<code>`.
    pub code: String,
    /// Sheet; empty if none.
    pub sheet: String,
    /// Row from 1; 0 if none.
    pub row: u32,
    /// Letter of the column; empty if none.
    pub column: String,
    /// Heading of the column; empty if none.
    pub heading: String,
    /// Line of the file from 1, for forms that are text; 0 if none.
    pub line: u32,
    /// Character of the line from 1, for XML; 0 if none.
    pub character: u32,
    /// Path of the question, group or repeat that is meant, for going there while the form is tried; empty if none.
    pub field: String,
    /// What stands at the place.
    pub excerpt: Option<FormExcerpt>,
    /// Arguments of the message; `near` is a likely correction.
    pub args: Args,
    /// English text, for a code the catalogue does not know.
    pub detail: String,
}

/// A piece of a form with the place in it that is meant.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FormExcerpt {
    /// What stands before.
    pub before: String,
    /// What is meant; empty for a place between two characters.
    pub marked: String,
    /// What stands behind.
    pub after: String,
}
