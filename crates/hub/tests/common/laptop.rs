//! A replica in memory, on the journal's own verification.

use std::collections::{BTreeMap, BTreeSet};

use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};
use tianye_journal::{
    Certificate, ChainId, ChainWriter, ChunkId, EntryHash, FileKey, Frontier, Head, Inbox, Known as _, PersonId,
    PlainBody, ProjectId, Receipt, Recipient, RecordId, SealedChunk, SealedEntry, Seq, SigningKey, Trust, WallClock,
    seal_file,
};
use tianye_sync::{Admitted, Cancel, Credentials, HubCard, HubClient, Limit, Replica, Report, SyncError, sync};

use super::MARKER;

pub struct Laptop {
    trust: Trust,
    pub signing: SigningKey,
    pub certificate: Certificate,
    reader: Recipient,
    rng: ChaCha20Rng,
    pub writer: Option<ChainWriter>,
    inbox: Inbox,
    pub entries: BTreeMap<(ChainId, Seq, EntryHash), SealedEntry>,
    pub receipts: BTreeMap<EntryHash, Receipt>,
    pub chunks: BTreeMap<ChunkId, SealedChunk>,
    pub wanted: BTreeSet<ChunkId>,
}

impl Laptop {
    pub fn new(trust: Trust, signing: SigningKey, certificate: Certificate, reader: Recipient, seed: u64) -> Self {
        Self {
            trust,
            signing,
            certificate,
            reader,
            rng: ChaCha20Rng::seed_from_u64(seed),
            writer: None,
            inbox: Inbox::new(trust, 10_000),
            entries: BTreeMap::new(),
            receipts: BTreeMap::new(),
            chunks: BTreeMap::new(),
            wanted: BTreeSet::new(),
        }
    }

    fn body(&mut self, text: &str) -> PlainBody {
        PlainBody {
            kind: 8,
            record: RecordId::random(&mut self.rng),
            parents: Vec::new(),
            author: PersonId::random(&mut self.rng),
            at: WallClock { millis: 0, offset_minutes: 480 },
            content: format!("{{\"text\":\"{MARKER} {text}\"}}").into_bytes(),
        }
    }

    /// Writes entries, opening the chain first where there is none.
    pub fn write(&mut self, count: usize) -> Vec<SealedEntry> {
        let made: Vec<SealedEntry> = (0..count)
            .map(|number| {
                let body = self.body(&number.to_string());
                match &mut self.writer {
                    Some(writer) => writer.seal(&body, &mut self.rng).unwrap(),
                    None => {
                        let opened =
                            ChainWriter::open(&self.signing, &self.certificate, &[self.reader], &body, &mut self.rng);
                        let (writer, entry) = opened.unwrap();
                        self.writer = Some(writer);
                        entry
                    }
                }
            })
            .collect();
        let outcome = self.take(made.clone());
        assert_eq!(outcome.accepted, count);
        made
    }

    /// Seals a file of this many bytes into chunks.
    pub fn write_file(&mut self, length: usize) -> Vec<ChunkId> {
        let key = FileKey::generate(&mut self.rng);
        let content: Vec<u8> = MARKER.bytes().cycle().take(length).collect();
        let chunks = seal_file(&key, &content, &mut self.rng).unwrap();
        let ids = chunks.iter().map(SealedChunk::id).collect();
        self.chunks.extend(chunks.into_iter().map(|chunk| (chunk.id(), chunk)));
        ids
    }

    /// Verifies and keeps.
    pub fn take(&mut self, entries: Vec<SealedEntry>) -> Admitted {
        let outcome = self.inbox.deliver(entries);
        for accepted in &outcome.accepted {
            let place = accepted.place();
            self.entries.insert((place.chain, place.seq, place.hash), accepted.entry().clone());
        }
        Admitted::from(&outcome)
    }

    /// Keeps an entry as it is: how a damaged disk or a bad program would come by it.
    pub fn smuggle(&mut self, entry: SealedEntry) {
        let place = entry.place();
        self.entries.insert((place.chain, place.seq, place.hash), entry);
    }

    pub fn client(&self, card: &HubCard) -> HubClient {
        let credentials = Credentials::device(self.signing.clone(), self.certificate.clone());
        HubClient::new(card, self.trust.project, credentials).unwrap()
    }

    pub fn sync(&mut self, card: &HubCard) -> Result<Report, SyncError> {
        let client = self.client(card);
        sync(self, &client, &Cancel::default(), &mut |_| {})
    }

    pub fn heads(&self) -> &Frontier {
        self.inbox.index().frontier()
    }
}

impl Replica for Laptop {
    fn project(&self) -> ProjectId {
        self.trust.project
    }

    fn frontier(&mut self) -> Result<Frontier, SyncError> {
        Ok(self.heads().clone())
    }

    fn holds(&mut self, chain: ChainId, head: Head) -> Result<bool, SyncError> {
        Ok(self.inbox.index().at(chain, head.seq).contains(&head.hash))
    }

    fn entries_after(
        &mut self,
        chain: ChainId,
        after: Option<Seq>,
        limit: Limit,
    ) -> Result<Vec<SealedEntry>, SyncError> {
        let mut found: Vec<SealedEntry> = Vec::new();
        let mut bytes = 0;
        let all = self.entries.iter().filter(|((of, seq, _), _)| *of == chain && Some(*seq) > after);
        for ((_, seq, _), entry) in all {
            let full = found.len() >= limit.entries || bytes >= limit.bytes;
            if full && found.last().is_some_and(|last| last.header.seq != *seq) {
                break;
            }
            bytes += entry.body.as_ref().map_or(0, Vec::len);
            found.push(entry.clone());
        }
        Ok(found)
    }

    fn admit(&mut self, entries: Vec<SealedEntry>) -> Result<Admitted, SyncError> {
        Ok(self.take(entries))
    }

    fn without_receipt(&mut self, after: i64, limit: usize) -> Result<(Vec<EntryHash>, i64), SyncError> {
        // The cursor counts entries, in their own order.
        let all = (1_i64..).zip(self.entries.keys().map(|(_, _, hash)| *hash)).filter(|(at, _)| *at > after);
        let lacking: Vec<(i64, EntryHash)> =
            all.filter(|(_, hash)| !self.receipts.contains_key(hash)).take(limit).collect();
        let end = lacking.last().map_or(after, |(at, _)| *at);
        Ok((lacking.into_iter().map(|(_, hash)| hash).collect(), end))
    }

    fn record_receipts(&mut self, receipts: &[Receipt]) -> Result<(), SyncError> {
        for receipt in receipts {
            let before = self.receipts.insert(receipt.place.hash, *receipt);
            assert!(before.is_none_or(|before| before == *receipt), "a receipt is always the same");
        }
        Ok(())
    }

    fn chunks_held(&mut self) -> Result<Vec<ChunkId>, SyncError> {
        Ok(self.chunks.keys().copied().collect())
    }

    fn chunks_wanted(&mut self) -> Result<Vec<ChunkId>, SyncError> {
        Ok(self.wanted.iter().filter(|id| !self.chunks.contains_key(id)).copied().collect())
    }

    fn chunk(&mut self, id: ChunkId) -> Result<Option<SealedChunk>, SyncError> {
        Ok(self.chunks.get(&id).cloned())
    }

    fn put_chunk(&mut self, chunk: SealedChunk) -> Result<(), SyncError> {
        self.chunks.insert(chunk.id(), chunk);
        Ok(())
    }
}
