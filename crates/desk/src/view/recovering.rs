//! Copies of a laptop's work, and what came from where when a store was recovered.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use specta::Type;

/// What a recovered store stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum RecoveryGround {
    /// The database was whole.
    Whole,
    /// A snapshot.
    Snapshot,
    /// What could be read of the damaged database: no snapshot was good.
    Remains,
}

/// Where an entry or a draft was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum OriginKind {
    /// The store, which was whole.
    Store,
    /// A snapshot.
    Snapshot,
    /// The damaged database.
    Remains,
    /// The black box.
    BlackBox,
    /// A black box on another medium.
    SecondBox,
    /// The hub.
    Hub,
}

impl From<RecoveryGround> for OriginKind {
    fn from(ground: RecoveryGround) -> Self {
        match ground {
            RecoveryGround::Whole => Self::Store,
            RecoveryGround::Snapshot => Self::Snapshot,
            RecoveryGround::Remains => Self::Remains,
        }
    }
}

/// What came back, and from where.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RecoveryView {
    /// What the store stands on now.
    pub ground: RecoveryGround,
    /// When that snapshot was made.
    pub snapshot_made: Option<String>,
    /// Where the damaged database lies now.
    pub set_aside: Option<String>,
    /// Snapshots that were damaged too; they were left.
    pub bad_snapshots: Vec<String>,
    /// Some part of the damaged database could not be read.
    pub lost_some: bool,
    /// The black boxes that were looked at.
    pub boxes: Vec<BoxCame>,
    /// Whether the hub was asked: empty when that went well, else the code of its refusal.
    pub hub: Option<String>,
    /// Each interview.
    pub interviews: Vec<InterviewCame>,
    /// Each draft.
    pub drafts: Vec<DraftCame>,
}

/// A black box that was looked at.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BoxCame {
    /// The file.
    pub path: String,
    /// The laptop's own, or one on another medium.
    pub kind: OriginKind,
    /// It was not there: the medium is away.
    pub missing: bool,
    /// Entries in it that are not whole.
    pub damaged: u32,
    /// Entries that were nowhere else before.
    pub entries: u32,
}

/// Where the entries of an interview were found.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct InterviewCame {
    /// The record.
    pub record: String,
    /// The respondent's code.
    pub code: String,
    /// How many entries by source.
    pub from: BTreeMap<OriginKind, u32>,
}

/// Where a draft was found.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DraftCame {
    /// The record.
    pub record: String,
    /// The respondent's code.
    pub code: String,
    /// The source of its last answers.
    pub from: OriginKind,
}

/// The copies that a laptop keeps of its work.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CopiesView {
    /// The database itself.
    pub database: String,
    /// Its size, in KiB.
    pub kib: u32,
    /// Snapshots, newest first, then the black boxes.
    pub copies: Vec<CopyView>,
    /// Damaged databases that a recovery set aside, oldest first.
    pub set_aside: Vec<DamagedView>,
    /// Interviews that are open now: their last answers stand in the database alone until they are left.
    pub drafts: u32,
}

/// A damaged database that a recovery set aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DamagedView {
    /// What it is called in commands: the name of its folder.
    pub id: String,
    /// When it was set aside.
    pub at: String,
    /// Its folder.
    pub path: String,
    /// Its size, in KiB.
    pub kib: u32,
}

/// What a damaged database still gives, and what of it is not in the store: to be known before it is discarded.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DamagedLeftView {
    /// Which one.
    pub database: DamagedView,
    /// Whole entries in it.
    pub entries: u32,
    /// Of those, how many are not in the store.
    pub missing: u32,
    /// Interviews that were open in it.
    pub drafts: u32,
    /// Of those, how many are not in the store.
    pub drafts_missing: u32,
    /// Some part of it cannot be read: nobody knows what stood there.
    pub lost_some: bool,
    /// Acts of erasing that are not complete because of it.
    pub erasures: u32,
}

/// A copy.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CopyView {
    /// [`OriginKind::Snapshot`], [`OriginKind::BlackBox`] or [`OriginKind::SecondBox`].
    pub kind: OriginKind,
    /// The file.
    pub path: String,
    /// Its size, in KiB.
    pub kib: u32,
    /// When a snapshot was made.
    pub made: Option<String>,
    /// Its medium is in the laptop.
    pub is_here: bool,
    /// What went wrong when it was last written.
    pub trouble: Option<String>,
    /// What the last look at it found.
    pub looked: Option<LookedView>,
}

/// What a look at a copy found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LookedView {
    /// When.
    pub at: String,
    /// Whether it was whole.
    pub whole: bool,
    /// Whole entries in it.
    pub entries: u32,
    /// Entries in it that are not whole.
    pub damaged: u32,
    /// Own entries that it did not hold then.
    pub lacking: u32,
}

/// What would come back if the database were gone now: a recovery that was tried out beside it.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RehearsalView {
    /// When the snapshot was made that it stood on.
    pub snapshot_made: String,
    /// The black boxes that were looked at.
    pub boxes: Vec<BoxCame>,
    /// Interviews of this laptop, and those of others that are on it.
    pub interviews: u32,
    /// How many of them came back whole.
    pub whole: u32,
    /// Own entries that came back.
    pub own: u32,
    /// Own entries that did not: no copy holds them.
    pub missing: u32,
    /// Entries of others that did not come back from here: the hub has them, or the laptops that wrote them.
    pub elsewhere: u32,
    /// Interviews that are open now.
    pub drafts: u32,
    /// How many of them came back, as they stood when the snapshot was made.
    pub drafts_back: u32,
}

/// What was brought out of a store whose passphrase was forgotten.
#[derive(Clone, Debug, Default, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ForgottenView {
    /// Whose laptop it is.
    pub person: String,
    /// Its name.
    pub device: String,
    /// The batches, by name.
    pub files: Vec<String>,
    /// Entries in them.
    pub entries: u32,
    /// Chunks in them.
    pub chunks: u32,
    /// Drafts that hold something which is in no entry.
    pub drafts: u32,
    /// The file that they are in, for leads.
    pub drafts_file: Option<String>,
    /// Chunks that are damaged there, and so in none of the files.
    pub damaged: u32,
}

/// A file with another laptop's drafts, as it lies on a stick.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DraftsFound {
    /// The file, by name.
    pub file: String,
    /// Whose they were.
    pub person: String,
    /// The laptop's name.
    pub device: String,
    /// How many can be taken over.
    pub drafts: u32,
    /// How many would stay out, as [`DraftsTaken::left_out`].
    pub left_out: u32,
}

/// What a lead took over of another laptop's drafts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DraftsTaken {
    /// The file.
    pub file: String,
    /// Whose they were.
    pub person: String,
    /// The laptop's name.
    pub device: String,
    /// The interviews that are drafts here now.
    pub taken: Vec<String>,
    /// How many stayed out: taken over before, erased, being filled in here, or their sealed part has not come.
    pub left_out: u32,
}
