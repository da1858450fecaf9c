//! A certificate that is no longer good: what its holder wrote later is kept by everybody, and has no effect until it is
//! accepted.

use std::collections::BTreeSet;

use rand_core::Rng as _;
use tianye_journal::{ChainId, EntryHash, Frontier, Place, RecordId, Revocation};
use tianye_survey::{self as survey, Opened, RevocationReason, Revoked, kind};

use crate::laptop::Laptop;
use crate::merging::Team;
use crate::truth;

impl Team {
    pub(crate) fn revoke(&mut self, at: usize, who: u8) {
        let Some(of) = self.pick_interviewer(who) else { return };
        let one = &self.people.all[self.laptops[of].person];
        let (person, serial) = (one.id, one.certificate.serial);
        let own = |chain: &ChainId| self.truth.team.0.get(chain).is_some_and(|standing| standing.person == person);
        let mut places: Vec<Place> = Vec::new();
        for (chain, head) in self.laptops[at].heads().iter().filter(|(chain, _)| own(chain)) {
            places.push(Place { chain, seq: head.seq, hash: head.hash });
        }
        let here = self.laptops[at].news(&Frontier::default());
        let accepted = here.iter().filter(|entry| own(&entry.header.chain)).map(|entry| entry.hash()).collect();
        let word = Revocation::sign(&self.people.key, self.people.project, serial, places, None).unwrap();
        let mut bytes = [0; 16];
        self.people.rng.fill_bytes(&mut bytes);
        let record = RecordId::from_bytes(bytes);
        let content = Revoked::new(&word, person, RevocationReason::Lost, "").into();
        let hash = self.write_with(at, record, Vec::new(), BTreeSet::new(), &content);
        self.truth.revoked.insert(hash, truth::Revoked { person, accepted });
    }

    /// The team as a laptop knows it, by the revocations that it has read.
    pub(crate) fn team_of(&self, laptop: &Laptop) -> survey::Team {
        let mut team = self.truth.team.clone();
        let entries = laptop.store().read(|view| view.entries_of_kind(kind::REVOCATION)).unwrap();
        let entries: Vec<Opened> =
            entries.iter().map(|one| Opened::read(one.hash, one.chain, one.seq, &one.body)).collect();
        for (serial, certificate) in survey::revocations(&entries, &self.people.trust()).certificates {
            let Some(person) = self.people.all.iter().find(|one| one.certificate.serial == serial) else { continue };
            let chains: Vec<ChainId> =
                team.0.iter().filter(|(_, standing)| standing.person == person.id).map(|(chain, _)| *chain).collect();
            for chain in chains {
                let mut accepted: BTreeSet<EntryHash> = BTreeSet::new();
                for place in certificate.accepted.iter().filter(|place| place.chain == chain) {
                    accepted.extend(laptop.store().read(|view| view.entries_up_to(place)).unwrap());
                }
                team.revoke(chain, accepted);
            }
        }
        team
    }

    /// Whether a laptop has read that its own certificate is no longer good: then its word on an erasure counts for nothing.
    pub(crate) fn knows_it_is_revoked(&self, laptop: &Laptop) -> bool {
        let own = self.people.all[laptop.person].id;
        let revoked = |chain: &ChainId| {
            let standing = self.team_of(laptop);
            standing.0.get(chain).is_some_and(|standing| standing.accepted.is_some())
        };
        self.truth.team.0.iter().any(|(chain, standing)| standing.person == own && revoked(chain))
    }
}
