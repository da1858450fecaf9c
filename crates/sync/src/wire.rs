//! Between the journal's values and the bodies of requests.

use tianye_journal::{BatchReader, BatchWriter, HubPublicKey, Item, ProjectId, Receipt, SealedEntry};

use crate::{SyncError, protocol::HexBytes};

/// Entries as a batch: the same bytes over HTTP as on a stick.
pub(crate) fn entries_to_bytes(entries: &[SealedEntry]) -> std::io::Result<Vec<u8>> {
    let mut writer = BatchWriter::new(Vec::new())?;
    for entry in entries {
        writer.entry(entry)?;
    }
    writer.finish()
}

/// Entries out of a batch that must be whole; frames of a newer sort are left out.
pub(crate) fn entries_from_bytes(bytes: &[u8]) -> Result<Vec<SealedEntry>, tianye_journal::BatchError> {
    let mut entries = Vec::new();
    for item in BatchReader::new(bytes)? {
        if let Item::Entry(entry) = item? {
            entries.push(entry);
        }
    }
    Ok(entries)
}

/// Receipts of this project that this hub signed; one that is not spoils all.
pub(crate) fn check_receipts(
    receipts: &[HexBytes],
    project: ProjectId,
    hub: &HubPublicKey,
) -> Result<Vec<Receipt>, SyncError> {
    let check = |bytes: &HexBytes| {
        let receipt = Receipt::from_bytes(&bytes.0).map_err(|_| SyncError::BadReceipt)?;
        receipt.verify(hub).map_err(|_| SyncError::BadReceipt)?;
        if receipt.project == project { Ok(receipt) } else { Err(SyncError::BadReceipt) }
    };
    receipts.iter().map(check).collect()
}
