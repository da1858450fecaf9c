//! Asking everybody: what laptops say is compared with each other, and at the end with what follows from what was written.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use tianye_journal::{ChunkId, EntryHash, Frontier, SealedEntry};
use tianye_survey::{self as survey, Change, Content, Interview};
use tianye_sync::{Credentials, HubClient};

use crate::laptop::Laptop;
use crate::merging::{Team, hub};
use crate::truth::{is_history, told};

impl Team {
    /// Two laptops with the same heads and the same rights say the same, whoever has carried out what.
    pub(crate) fn agree(&self) -> Result<(), String> {
        let views: Vec<_> = self.laptops.iter().map(|one| (one.heads(), one.rights())).collect();
        for (at, other) in (0..views.len()).flat_map(|at| (0..at).map(move |other| (at, other))) {
            let (one, two) = (&self.laptops[at], &self.laptops[other]);
            if views[at] != views[other] || self.awaits_erasure(one) || self.awaits_erasure(two) {
                continue;
            }
            for record in &self.records {
                let state = |laptop: &Laptop| {
                    let (entries, team) = (laptop.entries_of(*record), self.team_of(laptop));
                    let mut erasures = survey::erasures(*record, &entries, &team);
                    // Whose a file is, is told by the entry that names it, which whoever has dropped it has no more.
                    erasures.chunks.clear();
                    erasures.erasures.values_mut().for_each(|one| one.erasure.chunks.clear());
                    (survey::interview(*record, &entries, &team), erasures)
                };
                if state(one) != state(two) {
                    return Err(format!("{} and {} have the same heads and do not agree", one.name, two.name));
                }
            }
        }
        Ok(())
    }

    /// The hub keeps no chunk that an erasure took.
    pub(crate) fn ask_the_hub(&mut self) -> Result<(), String> {
        let here: BTreeSet<EntryHash> =
            self.laptops[0].news(&Frontier::default()).iter().map(SealedEntry::hash).collect();
        let gone = self.truth.chunks_gone(&here);
        // Where they came together by sticks, the hub has not heard of the last erasures yet.
        assert!(self.with_hub(0), "a hub that is there syncs");
        let credentials = Credentials::lead(self.people.key.clone());
        let client = HubClient::new(hub().card(), self.people.project, credentials).unwrap();
        let kept: BTreeSet<ChunkId> = gone.into_iter().filter(|id| client.get_chunk(*id).unwrap().is_some()).collect();
        same("chunks that were erased and are on the hub", &kept, &BTreeSet::new())
    }

    /// Whether an entry came without its words because of an erasure that has not come yet.
    fn awaits_erasure(&self, laptop: &Laptop) -> bool {
        let news = laptop.news(&Frontier::default());
        let here: BTreeSet<EntryHash> = news.iter().map(SealedEntry::hash).collect();
        let bare = news.iter().filter(|entry| entry.body.is_none()).map(SealedEntry::hash);
        let named_by = |hash: EntryHash| {
            self.truth.written.values().filter(move |one| match &one.entry.content {
                Content::Erasure(erasure) => erasure.bodies.iter().any(|body| body.entry == hash),
                _ => false,
            })
        };
        bare.into_iter().any(|hash| named_by(hash).all(|by| !here.contains(&by.entry.hash)))
    }

    /// No erasure keeps an answer that another one took.
    fn ask_of_rests(&self, laptop: &Laptop, here: &BTreeSet<EntryHash>) -> Result<(), String> {
        let rights = self.truth.rights_of(laptop.person, here);
        let holds = |by: &EntryHash| self.truth.holds(by, here, &rights);
        let gone: Vec<_> = self.truth.erased.iter().filter(|(by, _)| holds(by)).map(|(_, gone)| gone).collect();
        for entry in self.records.iter().flat_map(|record| laptop.entries_of(*record)) {
            let Content::Erasure(erasure) = &entry.content else { continue };
            if !holds(&entry.hash) || !self.truth.written[&entry.hash].may {
                continue;
            }
            for body in erasure.bodies.iter().filter(|body| is_history(body.kind)) {
                let rest = body.rest.clone().map(Value::Object);
                let Some(left) = rest.and_then(|rest| serde_json::from_value::<Interview>(rest).ok()) else { continue };
                let is_gone = |change: &Change| {
                    let answer = (body.entry, change.field.clone());
                    gone.iter().any(|gone| gone.entries.contains(&body.entry) || gone.answers.contains(&answer))
                };
                if let Some(change) = left.changes.iter().find(|change| is_gone(change)) {
                    return Err(format!("erasure {} keeps {} of {}", entry.hash, change.field.as_str(), body.entry));
                }
            }
        }
        Ok(())
    }

    pub(crate) fn ask_everybody(&self, bodies: &BTreeSet<EntryHash>, chunks: &BTreeSet<ChunkId>) -> Result<(), String> {
        let headers = |laptop: &Laptop| -> BTreeMap<EntryHash, Vec<u8>> {
            let entries = laptop.news(&Frontier::default());
            entries.iter().map(|entry| (entry.hash(), entry.without_body().to_bytes())).collect()
        };
        let all = headers(&self.laptops[0]);
        let here: BTreeSet<EntryHash> = all.keys().copied().collect();
        for laptop in &self.laptops {
            let ask = || -> Result<(), String> {
                same("headers", &headers(laptop), &all)?;
                same("kept aside although everything has come", &aside_for_nothing(laptop, &here), &Vec::new())?;
                let rights = self.truth.rights_of(laptop.person, &here);
                same("rights", &laptop.rights(), &rights)?;
                let gone = self.truth.erased.iter().filter(|(by, _)| here.contains(by));
                for entry in gone.flat_map(|(_, erased)| &erased.entries).filter(|entry| here.contains(entry)) {
                    let kept = laptop.store().read(|view| view.entry(*entry)).unwrap().unwrap();
                    if kept.body.is_some() {
                        return Err(format!("entry {entry} was erased and is here"));
                    }
                }
                self.ask_of_rests(laptop, &here)?;
                let (gone, places) = (self.truth.chunks_gone(&here), self.truth.places(&here, &rights));
                for id in laptop.store().chunks().unwrap() {
                    if gone.contains(&id) {
                        return Err(format!("chunk {id} was erased and is here"));
                    }
                }
                // A file that some laptop had is with everybody who can read the answer, what else of its entry is erased.
                for (entry, _, id) in
                    self.truth.files.iter().filter(|(.., id)| chunks.contains(id) && !gone.contains(id))
                {
                    let told = bodies.contains(entry) || places.contains(entry);
                    let can_read = told && rights.contains(&self.truth.written[entry].entry.chain);
                    if can_read && here.contains(entry) && !laptop.store().has_chunk(id) {
                        return Err(format!("the file of an answer in entry {entry} is not here"));
                    }
                }
                self.ask_of_consents(laptop, &here)?;
                let reads_all = self.people.all[laptop.person].leads();
                for record in self.records.iter().copied() {
                    let state = survey::interview(record, &laptop.entries_of(record), &self.team_of(laptop));
                    let expected = self.truth.say(record, &here, bodies, &rights, reads_all);
                    same(&format!("record {record}"), &told(&state), &expected)?;
                }
                Ok(())
            };
            ask().map_err(|why| format!("{} says: {why}", laptop.name))?;
        }
        self.agree()
    }
}

pub(crate) fn same<T: PartialEq + std::fmt::Debug>(what: &str, found: &T, expected: &T) -> Result<(), String> {
    if found == expected { Ok(()) } else { Err(format!("{what}\n   found {found:#?}\nexpected {expected:#?}")) }
}

/// What is kept aside with no good reason, once everything has come. An entry may still wait for one that nobody has: it came in
/// pieces from a disk that was then put back, and the one before it was on that disk alone.
fn aside_for_nothing(laptop: &Laptop, here: &BTreeSet<EntryHash>) -> Vec<String> {
    let read = laptop.store().read(|view| {
        let kept = view.kept_aside()?.into_iter();
        kept.map(|one| Ok((view.kept_aside_bytes(one.id)?, one))).collect::<tianye_store::Result<Vec<_>>>()
    });
    let waits = |bytes: Option<Vec<u8>>| {
        let entry = bytes.and_then(|bytes| SealedEntry::from_bytes(&bytes).ok());
        entry.is_some_and(|entry| !here.contains(&entry.header.previous))
    };
    let kept = read.unwrap().into_iter();
    kept.filter_map(|(bytes, one)| (!(one.waits && waits(bytes))).then_some(one.message)).collect()
}
