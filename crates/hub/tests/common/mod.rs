//! A team in memory: a lead, laptops, a hub to start, and a line that can be cut.

#![allow(dead_code, clippy::unwrap_used, reason = "each test file uses its part, and a helper fails like a test")]

pub mod laptop;
pub mod line;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};
use tianye_hub::{Limits, Options, Running};
use tianye_journal::{
    Admission, Certificate, Details, DeviceId, JoinRequest, PersonId, ProjectId, ProjectKey, ReadingKey, SigningKey,
    Trust, new_salt, pairing::SealedAdmission,
};
use tianye_sync::{Credentials, HubCard, HubClient};

use laptop::Laptop;

/// Stands in every body and name; must never be found in a hub's folder.
pub const MARKER: &str = "留守儿童-planted-marker-7391";

/// A project and what makes identities for it.
pub struct Team {
    pub project: ProjectId,
    pub key: ProjectKey,
    pub reading: ReadingKey,
    pub rng: ChaCha20Rng,
}

impl Team {
    pub fn new(seed: u64) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(seed);
        let (project, key, reading) =
            (ProjectId::random(&mut rng), ProjectKey::generate(&mut rng), ReadingKey::generate(&mut rng));
        Self { project, key, reading, rng }
    }

    pub fn trust(&self) -> Trust {
        Trust { project: self.project, key: self.key.public() }
    }

    /// A laptop with a certificate, and no entries yet.
    pub fn laptop(&mut self) -> Laptop {
        let signing = SigningKey::generate(&mut self.rng);
        let certificate = self.certify(&signing);
        let seed = rand_core::Rng::next_u64(&mut self.rng);
        Laptop::new(self.trust(), signing, certificate, self.reading.recipient(), seed)
    }

    pub fn certify(&mut self, signing: &SigningKey) -> Certificate {
        let details = Details {
            salt: new_salt(&mut self.rng),
            person: PersonId::random(&mut self.rng),
            device: DeviceId::random(&mut self.rng),
            reader: self.reading.recipient(),
            role: "interviewer".to_owned(),
            name: MARKER.to_owned(),
            sites: Vec::new(),
        };
        Certificate::issue(self.project, &self.key, signing.public(), &details, &mut self.rng).unwrap()
    }

    pub fn register(&self, hub: &Running) {
        let client = HubClient::new(hub.card(), self.project, Credentials::None).unwrap();
        client.register_project(&self.key.public()).unwrap();
    }

    pub fn lead(&self, card: &HubCard) -> HubClient {
        HubClient::new(card, self.project, Credentials::lead(self.key.clone())).unwrap()
    }
}

pub fn start(data: &Path) -> Running {
    start_with(data, "127.0.0.1:0".parse().unwrap(), Limits::default())
}

pub fn start_with(data: &Path, listen: SocketAddr, limits: Limits) -> Running {
    let options = Options { data: data.to_owned(), listen, address: None, now: || 1_700_000_000_000, limits };
    tianye_hub::start(&options).unwrap()
}

/// A project registered on a new hub.
pub fn team_on_hub(data: &Path, seed: u64) -> (Team, Running) {
    let (team, hub) = (Team::new(seed), start(data));
    team.register(&hub);
    (team, hub)
}

/// The lead's answer to a join request.
pub fn admit(team: &mut Team, request: &JoinRequest) -> SealedAdmission {
    let details = Details {
        salt: new_salt(&mut team.rng),
        person: PersonId::random(&mut team.rng),
        device: request.device,
        reader: request.reader,
        role: "interviewer".to_owned(),
        name: MARKER.to_owned(),
        sites: Vec::new(),
    };
    let certificate = Certificate::issue(team.project, &team.key, request.key, &details, &mut team.rng).unwrap();
    let admission = Admission {
        title: MARKER.to_owned(),
        hub: None,
        certificate,
        details,
        readers: vec![team.reading.recipient()],
        granted: Vec::new(),
        shared: Vec::new(),
        project_key: None,
    };
    admission.seal(&team.key, request).unwrap()
}

/// Every file in a folder and below.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for item in std::fs::read_dir(folder).unwrap() {
        let path = item.unwrap().path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files
}
