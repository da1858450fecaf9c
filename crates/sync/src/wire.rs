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

#[cfg(test)]
mod tests {
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};
    use tianye_journal::{ChainId, EntryHash, HubKey, Place, Seq};

    use super::*;

    #[test]
    fn only_receipts_of_this_hub_for_this_project_count() {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let (ours, other) = (HubKey::generate(&mut rng), HubKey::generate(&mut rng));
        let (project, elsewhere) = (ProjectId::random(&mut rng), ProjectId::random(&mut rng));
        let place =
            Place { chain: ChainId::from_bytes([1; 16]), seq: Seq::FIRST, hash: EntryHash::from_bytes([2; 32]) };
        let good = HexBytes(Receipt::sign(&ours, project, place).to_bytes());
        let check = |receipts: &[HexBytes]| check_receipts(receipts, project, &ours.public()).map(|found| found.len());
        assert_eq!(check(&[good.clone(), good.clone()]).unwrap(), 2);
        let forged = HexBytes(Receipt::sign(&other, project, place).to_bytes());
        let foreign = HexBytes(Receipt::sign(&ours, elsewhere, place).to_bytes());
        for bad in [forged, foreign, HexBytes(Vec::new())] {
            assert_eq!(check(&[good.clone(), bad]).unwrap_err().code(), "receipt-not-signed-by-hub");
        }
        for at in 0..good.0.len() {
            let mut flipped = good.clone();
            flipped.0[at] ^= 1;
            assert!(check(&[flipped]).is_err(), "byte {at}");
        }
    }
}
