//! The team: its keys and papers.

use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use tianye_journal::{
    Certificate, Details, DeviceId, PersonId, ProjectId, ProjectKey, ReadingKey, Recipient, SigningKey, Trust, new_salt,
};
use tianye_survey::Role;

/// Somebody with a laptop.
#[derive(Debug)]
pub struct Person {
    /// What tests call them.
    pub name: String,
    /// Lead or interviewer.
    pub role: Role,
    /// Their identity.
    pub id: PersonId,
    /// What signs.
    pub signing: SigningKey,
    /// What opens parcels.
    pub reading: ReadingKey,
    /// What certifies the signing key.
    pub certificate: Certificate,
    /// What the certificate holds the hash of.
    pub details: Details,
}

impl Person {
    /// Whether they lead.
    #[must_use]
    pub fn leads(&self) -> bool {
        self.role == Role::Lead
    }
}

/// A project with its people: the leads first.
#[derive(Debug)]
pub struct People {
    /// For everything that is random and no secret of a store.
    pub rng: ChaCha20Rng,
    /// The project.
    pub project: ProjectId,
    /// Its key.
    pub key: ProjectKey,
    /// What all leads hold.
    pub leads: ReadingKey,
    /// Everybody.
    pub all: Vec<Person>,
}

impl People {
    /// A project with so many leads and interviewers.
    #[must_use]
    pub fn new(seed: u64, leads: u8, interviewers: u8) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(seed);
        let project = ProjectId::random(&mut rng);
        let (key, reading) = (ProjectKey::generate(&mut rng), ReadingKey::generate(&mut rng));
        let mut people = Self { rng, project, key, leads: reading, all: Vec::new() };
        for at in 0..leads {
            people.certify(format!("lead {at}"), Role::Lead);
        }
        for at in 0..interviewers {
            people.certify(format!("interviewer {at}"), Role::Interviewer);
        }
        people
    }

    fn certify(&mut self, name: String, role: Role) {
        let rng = &mut self.rng;
        let (signing, reading) = (SigningKey::generate(rng), ReadingKey::generate(rng));
        let details = Details {
            salt: new_salt(rng),
            person: PersonId::random(rng),
            device: DeviceId::random(rng),
            reader: reading.recipient(),
            role: role.as_str().to_owned(),
            name: name.clone(),
            sites: Vec::new(),
        };
        let certificate = Certificate::issue(self.project, &self.key, signing.public(), &details, rng).unwrap();
        self.all.push(Person { name, role, id: details.person, signing, reading, certificate, details });
    }

    /// What every replica trusts.
    #[must_use]
    pub fn trust(&self) -> Trust {
        Trust { project: self.project, key: self.key.public() }
    }

    /// Who may read a chain that this person opens: as the desk does it, the leads and the writer; a lead's also the team.
    #[must_use]
    pub fn readers(&self, person: usize) -> Vec<Recipient> {
        let own = &self.all[person];
        let team = self.all.iter().filter(|_| own.leads()).map(|one| one.reading.recipient());
        let mut readers = vec![self.leads.recipient(), own.reading.recipient()];
        readers.extend(team.filter(|one| *one != own.reading.recipient()));
        readers
    }
}
