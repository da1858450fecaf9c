//! A small project to test with: a lead, interviewers, their stores.

#![allow(dead_code, reason = "each test file uses a part of it")]

use std::path::Path;

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use tianye_journal::{
    Certificate, Details, DeviceId, EntryHash, PersonId, PlainBody, ProjectId, ProjectKey, ReadingKey, Recipient,
    RecordId, SealedEntry, SigningKey, Trust, WallClock, kind, new_salt,
};
use tianye_store::{KdfCost, Limit, NewDraft, NewStore, Op, Passphrase, StartCard, Store};

/// The kind of an interview's entries.
pub const INTERVIEW: u16 = 8;
/// What opens every test store.
pub const PASSPHRASE: &str = "溪水 长流 2017";

/// A moment.
pub fn at(millis: i64) -> WallClock {
    WallClock { millis, offset_minutes: 480 }
}

/// A record of number `n`.
pub fn record(n: u8) -> RecordId {
    RecordId::from_bytes([n; 16])
}

pub fn card() -> StartCard {
    StartCard {
        group: "第一组".into(),
        device: "示例电脑 03".into(),
        interviewer: "王小明".into(),
        project: "浙江留守儿童 2017".into(),
        role: "interviewer".into(),
        practice: true,
        last_opened_ms: None,
    }
}

pub fn draft(record: RecordId) -> NewDraft {
    NewDraft {
        record,
        form: [5; 32],
        subject: Some(RecordId::from_bytes([6; 16])),
        language: "zh".into(),
        state: "draft".into(),
        parents: Vec::new(),
        extra: "{}".into(),
    }
}

/// An entry of an interview, before it is sealed.
pub fn body(record: RecordId, parents: &[EntryHash], content: &str) -> PlainBody {
    PlainBody {
        kind: INTERVIEW,
        record,
        parents: parents.to_vec(),
        author: PersonId::from_bytes([1; 16]),
        at: at(1_499_000_000_000),
        content: content.as_bytes().to_vec(),
    }
}

/// A project: its key, and the lead who reads everything.
#[derive(Debug)]
pub struct World {
    pub rng: ChaCha20Rng,
    pub project: ProjectId,
    pub key: ProjectKey,
    pub lead: ReadingKey,
}

impl World {
    pub fn new(seed: u64) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(seed);
        let project = ProjectId::random(&mut rng);
        let (key, lead) = (ProjectKey::generate(&mut rng), ReadingKey::generate(&mut rng));
        Self { rng, project, key, lead }
    }

    pub fn trust(&self) -> Trust {
        Trust { project: self.project, key: self.key.public() }
    }

    /// A store without a chain.
    pub fn bare_store(&self, data: &Path) -> Store {
        let passphrase = Passphrase::new(PASSPHRASE);
        let recovery = self.lead.recipient();
        Store::create(
            data,
            &NewStore {
                card: card(),
                passphrase: &passphrase,
                cost: KdfCost::insecure_for_tests(),
                recovery: Some(&recovery),
            },
        )
        .unwrap()
    }

    /// A store with keys and an open chain.
    pub fn store(&mut self, data: &Path) -> Store {
        let store = self.bare_store(data);
        let reading = ReadingKey::generate(&mut self.rng);
        let signing = SigningKey::generate(&mut self.rng);
        store
            .transact(Op::Setting, |tx| {
                tx.put_signing_key(&signing)?;
                tx.add_reading_key(&reading)
            })
            .unwrap();
        self.open_chain(&store);
        store
    }

    /// Opens a (new) chain in a store that has keys.
    pub fn open_chain(&mut self, store: &Store) -> EntryHash {
        let signing = store.read(|view| view.signing_key()).unwrap().unwrap();
        let reading = store.read(|view| view.reading_keys()).unwrap().remove(0);
        let (certificate, readers, opening) = self.papers(&signing, &reading);
        store.transact(Op::Seal, |tx| tx.open_chain(&certificate, &readers, &opening)).unwrap()
    }

    /// What opens a chain of somebody with these keys: a certificate, who reads it, and what its first entry says.
    pub fn papers(&mut self, signing: &SigningKey, reading: &ReadingKey) -> (Certificate, [Recipient; 2], PlainBody) {
        let details = Details {
            salt: new_salt(&mut self.rng),
            person: PersonId::random(&mut self.rng),
            device: DeviceId::random(&mut self.rng),
            reader: reading.recipient(),
            role: "interviewer".into(),
            name: "王小明".into(),
            sites: Vec::new(),
        };
        let certificate =
            Certificate::issue(self.project, &self.key, signing.public(), &details, &mut self.rng).unwrap();
        let opening = PlainBody {
            kind: kind::PERSON,
            record: RecordId::random(&mut self.rng),
            parents: Vec::new(),
            author: details.person,
            at: at(1_498_000_000_000),
            content: b"{}".to_vec(),
        };
        (certificate, [self.lead.recipient(), reading.recipient()], opening)
    }

    /// A store of the lead: reads every chain.
    pub fn lead_store(&mut self, data: &Path) -> Store {
        let store = self.store(data);
        let lead = self.lead.clone();
        store.transact(Op::Setting, |tx| tx.add_reading_key(&lead)).unwrap();
        store
    }
}

/// Writes an entry to the own chain.
pub fn append(store: &Store, body: &PlainBody) -> EntryHash {
    store.transact(Op::Seal, |tx| tx.append_own(body)).unwrap()
}

/// Everything `store` holds, as it travels.
pub fn everything(store: &Store) -> Vec<SealedEntry> {
    let limit = Limit { entries: usize::MAX, bytes: usize::MAX };
    store.read(|view| view.entries_missing_from(&tianye_journal::Frontier::default(), limit)).unwrap().entries
}
