//! What can go wrong with a store, in words a person can act on.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use tianye_journal::{ChainId, SealError};

use crate::Op;

/// Why a store refused or failed.
///
/// Every variant says what was expected, what was found, where, and what to do. None carries an answer, a name or a key.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No passphrase slot opens with this passphrase. The same work was done as for a right one.
    #[error("the passphrase does not open this store; check the keyboard and the input method, then try again")]
    WrongPassphrase,
    /// The recovery identity is not the one this store was made for.
    #[error("this recovery key does not open this store; it belongs to another project")]
    WrongRecoveryKey,
    /// A new passphrase is too short.
    #[error("the passphrase is too short: expected at least {expected} characters (a Chinese character counts as two)")]
    PassphraseTooShort {
        /// Characters needed.
        expected: usize,
    },
    /// A cost for Argon2id is outside what this program accepts.
    #[error("key derivation cost is out of bounds: {what}")]
    BadKdfCost {
        /// Which parameter, with its bounds.
        what: String,
    },
    /// The text is not an age X25519 recipient.
    #[error("the recovery recipient is not an age X25519 recipient: expected text that begins with age1")]
    BadRecipient,
    /// The store was opened with the recovery key, which never opens signing keys.
    #[error("this store was opened with the recovery key: its data can be read, but nothing can be signed with it")]
    NoSigningKey,
    /// A store or key-slot file written by a newer program. Nothing was changed.
    #[error(
        "{} was written by a newer version (format {found}, this program knows up to {known}); install the newer program; nothing was changed",
        path.display()
    )]
    NewerVersion {
        /// The file.
        path: PathBuf,
        /// The version it has.
        found: i64,
        /// The newest version this program knows.
        known: i64,
    },
    /// A migration that already ran differs from the one in this program. Nothing was changed.
    #[error(
        "step {version} of this store's layout differs from this program's; it was made by another build; nothing was changed"
    )]
    OtherLayout {
        /// The migration's number.
        version: i64,
    },
    /// A file is damaged: a changed, missing or cut part was found. The file was left as it is.
    #[error("{} is damaged: {what}; it was left untouched: copy the folder aside and recover from the hub or the lead's copy", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was expected and found.
        what: String,
    },
    /// A recovery of this store was cut off. Nothing is lost, but not everything is back: it is to be recovered once more.
    #[error("a recovery of {} was cut off before everything was back; recover it once more", path.display())]
    RecoveryCutOff {
        /// The folder.
        path: PathBuf,
    },
    /// There is no store in this folder.
    #[error("no store in {}: expected the files slots.json and store.db", path.display())]
    NotAStore {
        /// The folder.
        path: PathBuf,
    },
    /// The disk has no room. What was confirmed before is safe; this step did not happen.
    #[error("the disk is full, so {op} was not saved; what was saved before is safe: free some space and try again")]
    DiskFull {
        /// What was being done.
        op: Op,
    },
    /// The disk refused to read or write. What was confirmed before is safe; this step did not happen.
    #[error("the disk refused while {op}: {what}; what was saved before is safe")]
    Disk {
        /// What was being done.
        op: Op,
        /// The system's message.
        what: String,
    },
    /// Another program has the store unlocked. Nothing was read or changed.
    #[error(
        "another program has this store unlocked ({}, process {}, since {} ms); lock it there or close that program",
        by.program, by.process, by.since_ms.unwrap_or_default()
    )]
    InUse {
        /// Which one.
        by: crate::Holder,
    },
    /// Another program writes at this moment.
    #[error("another window or program is using this store (while {op}); close it and try again")]
    Busy {
        /// What was being done.
        op: Op,
    },
    /// `transact` was called inside `transact` on the same thread.
    #[error("one step was begun inside another (while {op}); this is a fault of the program")]
    Nested {
        /// What was being done.
        op: Op,
    },
    /// Something named in a call is not in the store.
    #[error("no {what} in this store")]
    NotFound {
        /// What was looked for.
        what: &'static str,
    },
    /// Something is there already.
    #[error("there is already a {what} in this store")]
    Exists {
        /// What.
        what: &'static str,
    },
    /// An input is over its limit.
    #[error("{what} is too large: {found}, at most {limit}")]
    TooLarge {
        /// What.
        what: &'static str,
        /// Its size.
        found: u64,
        /// The limit.
        limit: u64,
    },
    /// An input is not in the form this store needs.
    #[error("{what} is not valid: {why}")]
    Invalid {
        /// What.
        what: &'static str,
        /// Why, without its content.
        why: String,
    },
    /// The own chain is split: the disk was cloned or a backup restored. Nothing more is written to it.
    #[error(
        "this laptop's chain {chain} goes on in two ways, so its disk was copied or put back; a new chain must be opened"
    )]
    Forked {
        /// The chain.
        chain: ChainId,
    },
    /// A receipt does not fit the hub's key or any entry here.
    #[error("a receipt of the hub was refused: {why}; the entry counts as not yet sent")]
    BadReceipt {
        /// Why.
        why: &'static str,
    },
    /// An entry could not be sealed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The system gave no random bytes.
    #[error("the system gave no random bytes: {0}")]
    NoRandomness(String),
    /// The cipher could not be made ready. Nothing was read or changed.
    #[error(
        "the cipher could not be made ready: {what}; nothing was changed: close other programs, start this one anew"
    )]
    NoCipher {
        /// SQLCipher's message.
        what: String,
    },
    /// A database error of no other class.
    #[error("the database failed while {op}: {what}")]
    Database {
        /// What was being done.
        op: Op,
        /// SQLite's message (never a value).
        what: String,
    },
}

/// Result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// Stable name for message catalogues.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::WrongPassphrase => "wrong-passphrase",
            Self::WrongRecoveryKey => "wrong-recovery-key",
            Self::PassphraseTooShort { .. } => "passphrase-too-short",
            Self::BadKdfCost { .. } => "bad-kdf-cost",
            Self::BadRecipient => "bad-recipient",
            Self::NoSigningKey => "no-signing-key",
            Self::NewerVersion { .. } => "newer-version",
            Self::OtherLayout { .. } => "other-layout",
            Self::Damaged { .. } => "damaged",
            Self::RecoveryCutOff { .. } => "recovery-cut-off",
            Self::NotAStore { .. } => "not-a-store",
            Self::DiskFull { .. } => "disk-full",
            Self::Disk { .. } => "disk",
            Self::InUse { .. } => "store-in-use",
            Self::Busy { .. } => "busy",
            Self::Nested { .. } => "nested",
            Self::NotFound { .. } => "not-found",
            Self::Exists { .. } => "exists",
            Self::TooLarge { .. } => "too-large",
            Self::Invalid { .. } => "invalid",
            Self::Forked { .. } => "forked",
            Self::BadReceipt { .. } => "bad-receipt",
            Self::Seal(error) => error.code(),
            Self::NoRandomness(_) => "no-randomness",
            Self::NoCipher { .. } => "no-cipher",
            Self::Database { .. } => "database",
        }
    }

    /// The error of a file operation.
    pub(crate) fn io(op: Op, error: &std::io::Error) -> Self {
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => Self::DiskFull { op },
            _ => Self::Disk { op, what: error.to_string() },
        }
    }

    /// The error of a database call on the file at `path`.
    pub(crate) fn sqlite(op: Op, path: &Path, error: &rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        let what = error.to_string();
        match error.sqlite_error_code() {
            Some(Code::DiskFull) => Self::DiskFull { op },
            Some(Code::DatabaseBusy | Code::DatabaseLocked) => Self::Busy { op },
            Some(Code::DatabaseCorrupt | Code::NotADatabase) => Self::Damaged { path: path.to_owned(), what },
            // A page whose seal is broken is an input/output error to SQLite.
            Some(Code::SystemIoFailure) if is_broken_seal(error) => Self::Damaged { path: path.to_owned(), what },
            Some(Code::SystemIoFailure | Code::CannotOpen | Code::ReadOnly | Code::PermissionDenied) => {
                Self::Disk { op, what }
            }
            _ => Self::Database { op, what },
        }
    }
}

/// The extended codes with which SQLite and SQLCipher say that a page could be read but not opened.
fn is_broken_seal(error: &rusqlite::Error) -> bool {
    use rusqlite::ffi;
    let codes = [
        ffi::SQLITE_IOERR_DATA,
        ffi::SQLITE_IOERR_CORRUPTFS,
        ffi::SQLITE_IOERR | (35 << 8),
        ffi::SQLITE_IOERR | (36 << 8),
    ];
    error.sqlite_error().is_some_and(|error| codes.contains(&error.extended_code))
}
