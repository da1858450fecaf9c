//! What can go wrong between a laptop and a hub.

use crate::{Pin, Refusal};

/// Why a transfer stopped. What came through before stays; the next sync goes on from there.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SyncError {
    /// Nobody answers at the address, or the line broke in the middle.
    #[error("no hub answers at {address}; check the network and the hub's address, then sync again")]
    Unreachable {
        /// The address tried.
        address: String,
        /// What the network said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Somebody answers, but it is not the hub this project was paired with.
    #[error("{address} is another hub: expected key {expected}, found {found}; ask the lead for the hub's card")]
    WrongKey {
        /// The address tried.
        address: String,
        /// The pin on the hub card.
        expected: Pin,
        /// The pin of whoever answered.
        found: Pin,
    },
    /// Somebody answers at the address that was typed, but not the hub whose code was typed.
    #[error("{address} is another hub than the one with this code; compare address and code with the lead's screen")]
    OtherCode {
        /// The address tried.
        address: String,
    },
    /// The hub's card or address cannot be read.
    #[error("the hub card is not valid: {what}")]
    Card {
        /// Which part is wrong.
        what: &'static str,
    },
    /// The hub speaks only newer versions of the protocol.
    #[error("the hub speaks protocol {min} and later, this program speaks {ours}: update Tianye on this laptop")]
    ProtocolTooNew {
        /// Oldest version the hub speaks.
        min: u16,
        /// Version of this program.
        ours: u16,
    },
    /// The hub speaks only older versions of the protocol.
    #[error("the hub speaks protocol up to {max}, this program speaks {ours}: the hub must be updated")]
    ProtocolTooOld {
        /// Newest version the hub speaks.
        max: u16,
        /// Version of this program.
        ours: u16,
    },
    /// The hub refused.
    #[error("the hub refused: {0}")]
    Refused(Refusal),
    /// The hub answered with bytes this program cannot read.
    #[error("the hub's answer cannot be read: {what}")]
    BadAnswer {
        /// What was expected.
        what: &'static str,
    },
    /// A receipt's signature is not the hub's, or it is for something that was not sent.
    #[error("a receipt is not signed by the paired hub; nothing was marked as received")]
    BadReceipt,
    /// The person stopped the transfer.
    #[error("stopped; what was sent stays sent")]
    Cancelled,
    /// The batch file is damaged, or not for this project or reader.
    #[error("the batch file cannot be used: {what}")]
    BadBatch {
        /// Which part is wrong.
        what: String,
    },
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: String,
        /// What the operating system said.
        #[source]
        source: std::io::Error,
    },
    /// The local store failed.
    #[error("the local store failed: {source}")]
    Replica {
        /// The store's own code, for the catalogue of messages.
        code: &'static str,
        /// What the store said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl SyncError {
    /// The word for the catalogue of messages.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreachable { .. } => "hub-unreachable",
            Self::WrongKey { .. } => "hub-wrong-key",
            Self::OtherCode { .. } => "hub-other-code",
            Self::Card { .. } => "hub-card-invalid",
            Self::ProtocolTooNew { .. } => "protocol-too-new",
            Self::ProtocolTooOld { .. } => "protocol-too-old",
            Self::Refused(refusal) => refusal.code(),
            Self::BadAnswer { .. } => "hub-answer-unreadable",
            Self::BadReceipt => "receipt-not-signed-by-hub",
            Self::Cancelled => "cancelled",
            Self::BadBatch { .. } => "batch-unusable",
            Self::File { .. } => "file-failed",
            Self::Replica { code, .. } => code,
        }
    }

    /// Whether no hub was reached: nobody answers at its address, or somebody else does, such as the page of a guesthouse
    /// Wi-Fi. What a hub refuses is no such thing.
    #[must_use]
    pub fn hub_is_away(&self) -> bool {
        matches!(self, Self::Unreachable { .. } | Self::WrongKey { .. } | Self::BadAnswer { .. })
    }

    /// Whether a smaller request, or the same one later, may well go through.
    #[must_use]
    pub fn may_pass_smaller(&self) -> bool {
        matches!(
            self,
            Self::Unreachable { .. } | Self::Refused(Refusal::TooLarge | Refusal::TooMany | Refusal::HubBusy)
        )
    }

    /// Wraps an error of the local store with its code.
    pub fn replica(code: &'static str, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Replica { code, source: source.into() }
    }
}
