//! What keeps a hub from starting.

/// Why the hub cannot start, or had to stop.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HubError {
    /// A file or folder cannot be used.
    #[error("{path}: {source}")]
    File {
        /// Which one.
        path: String,
        /// What the operating system said.
        #[source]
        source: std::io::Error,
    },
    /// A key file is not what this hub wrote.
    #[error("{path} is damaged; put it back from a copy (without it devices do not know this hub any more)")]
    Damaged {
        /// Which one.
        path: String,
    },
    /// The database cannot be opened.
    #[error("the hub's database cannot be used: {0}")]
    Database(#[from] rusqlite::Error),
    /// The database was written by a newer hub.
    #[error("the data folder was written by a newer tianye-hub (version {found}, this one knows {known}); update it")]
    TooNew {
        /// Version found.
        found: i64,
        /// Newest version known.
        known: i64,
    },
    /// Another hub process is using the data folder.
    #[error("another hub is using {path}")]
    InUse {
        /// The data folder.
        path: String,
    },
    /// The address to listen at cannot be taken.
    #[error("cannot listen at {address}: {source}")]
    Listen {
        /// The address.
        address: String,
        /// What the operating system said.
        #[source]
        source: std::io::Error,
    },
    /// The address for the hub card is not `https://host:port`.
    #[error("{address} is not an address of the form https://host:port")]
    Address {
        /// The address.
        address: String,
    },
    /// The TLS keys were refused.
    #[error("the hub's TLS key cannot be used: {0}")]
    Tls(#[from] rustls::Error),
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes")]
    NoRandomness,
    /// A thread died.
    #[error("the hub stopped unexpectedly; see its log")]
    Stopped,
}

impl HubError {
    /// The word for the catalogue of messages.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::File { .. } => "hub-file-failed",
            Self::Damaged { .. } => "hub-key-damaged",
            Self::Database(_) => "hub-database-failed",
            Self::TooNew { .. } => "hub-data-too-new",
            Self::InUse { .. } => "hub-in-use",
            Self::Listen { .. } => "hub-cannot-listen",
            Self::Address { .. } => "hub-address-invalid",
            Self::Tls(_) => "hub-tls-failed",
            Self::NoRandomness => "no-randomness",
            Self::Stopped => "hub-stopped",
        }
    }
}
