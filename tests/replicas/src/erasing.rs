//! Erasing, and carrying out what others erased: bodies and files are dropped on real stores.

use tianye_journal::{ChunkId, EntryHash, RecordId, seal_rest};
use tianye_store::Op;
use tianye_survey::{self as survey, CarriedOut, Erasure, ErasureReason, Field, Opened};

use crate::merging::Team;
use crate::truth::Erased;

impl Team {
    pub(crate) fn erase(&mut self, at: usize, record: RecordId, only: Option<Field>) {
        let (entries, team) = (self.laptops[at].entries_of(record), self.team_of(&self.laptops[at]));
        let left = survey::without_erased(record, &entries, &team);
        let why = ErasureReason::Withdrawn;
        let erasure = match &only {
            None => survey::erase_record(&left, why, ""),
            Some(field) => survey::erase_answers(&left, vec![field.clone()], why, "", &|_, one| one == field),
        };
        if erasure.bodies.is_empty() {
            return;
        }
        // What it takes is said by what the lead has in hand, not by what the product made of it.
        let held = self.look(at, record).held;
        let mut gone = Erased::default();
        match only {
            None => gone.entries = held,
            Some(field) => gone.answers = held.into_iter().map(|entry| (entry, field.clone())).collect(),
        }
        let bodies: Vec<EntryHash> = erasure.bodies.iter().map(|body| body.entry).collect();
        let (whole, chunks) = (erasure.fields.is_empty(), erasure.chunks.clone());
        let erasure = self.sealed(at, &erasure);
        let hash = self.write(at, record, None, &erasure.into());
        self.truth.erased.insert(hash, gone);
        self.laptops[at].store().transact(Op::Erase, |tx| tx.erase(&bodies, &chunks)).unwrap();
        if whole {
            self.laptops[at].looks.remove(&record);
        }
    }

    pub(crate) fn sealed(&mut self, at: usize, erasure: &Erasure) -> Erasure {
        let store = self.laptops[at].store();
        let sealed = survey::seal_rests(erasure, &mut |chain, entry, rest| {
            let key = store.read(|view| view.content_key(chain))?.unwrap();
            Ok::<_, tianye_store::Error>(seal_rest(&key, entry, rest, &mut self.people.rng))
        });
        sealed.unwrap()
    }

    /// Drops what others erased, and says so.
    pub(crate) fn carry_out(&mut self, at: usize) {
        for record in self.records.clone() {
            let (entries, team) = (self.laptops[at].entries_of(record), self.team_of(&self.laptops[at]));
            let state = survey::erasures(record, &entries, &team);
            if state.erasures.is_empty() {
                continue;
            }
            let store = self.laptops[at].store();
            let kept = |hash: &&EntryHash| !store.read(|view| view.is_erased(**hash)).unwrap();
            let bodies: Vec<EntryHash> = state.bodies.iter().filter(kept).copied().collect();
            let kept = |id: &&ChunkId| !store.read(|view| view.is_chunk_erased(id)).unwrap();
            let chunks: Vec<ChunkId> = state.chunks.iter().filter(kept).copied().collect();
            let dropped = store.transact(Op::Erase, |tx| tx.erase(&bodies, &chunks)).unwrap();
            let person = self.people.all[self.laptops[at].person].id;
            let own = |chain: &tianye_journal::ChainId| self.truth.team.0[chain].person == person;
            let answered = |hash: &EntryHash| state.answered(hash).iter().any(own);
            let silent = self.knows_it_is_revoked(&self.laptops[at]);
            let unsaid = |hash: &&EntryHash| !silent && !answered(hash);
            let news: Vec<EntryHash> = state.erasures.keys().filter(unsaid).copied().collect();
            for erasure in news {
                let said = CarriedOut { bodies: u32::try_from(dropped.bodies).unwrap(), ..CarriedOut::of(erasure) };
                self.write(at, record, None, &said.into());
            }
            if state.is_whole() {
                self.laptops[at].looks.remove(&record);
                let late: Vec<Opened> = state.late(&entries).into_iter().cloned().collect();
                if self.leads(at) && !late.is_empty() {
                    let erasure = survey::erase_record(&late, ErasureReason::Withdrawn, "");
                    let bodies: Vec<EntryHash> = late.iter().map(|entry| entry.hash).collect();
                    let chunks = erasure.chunks.clone();
                    let erasure = self.sealed(at, &erasure);
                    let hash = self.write(at, record, None, &erasure.into());
                    let gone = Erased { entries: bodies.iter().copied().collect(), ..Erased::default() };
                    self.truth.erased.insert(hash, gone);
                    self.laptops[at].store().transact(Op::Erase, |tx| tx.erase(&bodies, &chunks)).unwrap();
                }
            }
        }
    }
}
