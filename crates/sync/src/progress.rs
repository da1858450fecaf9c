//! How far a transfer is, in the same words for every carrier.

/// What a transfer is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
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
    /// Reading what was written to a stick once more.
    Verify,
    /// Reading a file of a stick.
    Read,
    /// Waiting until everything that came is durable.
    Settle,
}

/// How far a transfer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What it is doing.
    pub step: Step,
    /// Entries or chunks of this step that are through.
    pub done: usize,
    /// How many there are, where that is known.
    pub total: Option<usize>,
    /// Bytes of this step that are through.
    pub bytes: u64,
    /// How many there are, where that is known.
    pub of_bytes: Option<u64>,
}

/// Who hears of it.
pub type Tell<'a> = dyn FnMut(&Progress) + 'a;
