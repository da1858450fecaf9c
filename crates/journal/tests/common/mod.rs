//! A small project for tests: everything from a seed, so that each run sees the same keys.
#![allow(dead_code, reason = "each test file uses its part")]
#![allow(missing_docs, missing_debug_implementations, clippy::unwrap_used, reason = "tests")]

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use tianye_journal::*;

pub fn rng(seed: u64) -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(seed)
}

pub struct World {
    pub rng: ChaCha20Rng,
    pub project: ProjectId,
    pub project_key: ProjectKey,
    pub lead_reading: ReadingKey,
}

pub struct Laptop {
    pub signing: SigningKey,
    pub reading: ReadingKey,
    pub certificate: Certificate,
    pub details: Details,
}

impl World {
    pub fn new(seed: u64) -> Self {
        let mut rng = rng(seed);
        let project = ProjectId::random(&mut rng);
        let project_key = ProjectKey::generate(&mut rng);
        let lead_reading = ReadingKey::generate(&mut rng);
        Self { rng, project, project_key, lead_reading }
    }

    pub fn trust(&self) -> Trust {
        Trust { project: self.project, key: self.project_key.public() }
    }

    pub fn laptop(&mut self, name: &str) -> Laptop {
        let signing = SigningKey::generate(&mut self.rng);
        let reading = ReadingKey::generate(&mut self.rng);
        let details = Details {
            salt: new_salt(&mut self.rng),
            person: PersonId::random(&mut self.rng),
            device: DeviceId::random(&mut self.rng),
            reader: reading.recipient(),
            role: "interviewer".to_owned(),
            name: name.to_owned(),
            sites: vec![RecordId::from_bytes([1; 16]), RecordId::from_bytes([2; 16])],
        };
        let certificate =
            Certificate::issue(self.project, &self.project_key, signing.public(), &details, &mut self.rng).unwrap();
        Laptop { signing, reading, certificate, details }
    }

    pub fn body(&mut self, kind: u16, content: &str) -> PlainBody {
        PlainBody {
            kind,
            record: RecordId::random(&mut self.rng),
            parents: vec![],
            author: PersonId::random(&mut self.rng),
            at: WallClock { millis: 1_500_000_000_000, offset_minutes: 480 },
            content: content.as_bytes().to_vec(),
        }
    }

    /// Opens a chain for the laptop, readable by the lead.
    pub fn open(&mut self, laptop: &Laptop) -> (ChainWriter, SealedEntry) {
        let details = self.body(kind::PERSON, "{}");
        let readers = [self.lead_reading.recipient()];
        ChainWriter::open(&laptop.signing, &laptop.certificate, &readers, &details, &mut self.rng).unwrap()
    }

    pub fn seal(&mut self, writer: &mut ChainWriter, content: &str) -> SealedEntry {
        let body = self.body(8, content);
        writer.seal(&body, &mut self.rng).unwrap()
    }

    /// A chain of `len` entries.
    pub fn chain(&mut self, len: usize) -> (Laptop, ChainWriter, Vec<SealedEntry>) {
        let laptop = self.laptop("王芳");
        let (mut writer, opening) = self.open(&laptop);
        let mut entries = vec![opening];
        for i in 1..len {
            let entry = self.seal(&mut writer, &format!("{{\"answer\":{i}}}"));
            entries.push(entry);
        }
        (laptop, writer, entries)
    }
}

pub fn hashes(accepted: &[Accepted]) -> Vec<EntryHash> {
    accepted.iter().map(Accepted::hash).collect()
}
