//! Erasing, and carrying out what others erased: bodies and files are dropped on real stores.

use std::collections::BTreeSet;

use tianye_journal::{ChainId, ChunkId, EntryHash, RecordId, seal_rest};
use tianye_store::Op;
use tianye_survey::{self as survey, CarriedOut, Erasure, ErasureReason, ErasureState, Field, Role};

use crate::merging::Team;
use crate::truth::{Erased, is_history};

impl Team {
    pub(crate) fn erase(&mut self, at: usize, record: RecordId, only: Option<Field>) {
        let (entries, team) = (self.laptops[at].entries_of(record), self.team_of(&self.laptops[at]));
        let left = survey::without_erased_by_all(record, &entries, &team);
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
            let own = |chain: &ChainId| self.truth.team.0[chain].person == person;
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
            }
            if self.leads(at) && !silent {
                self.tidy(at, record, &state);
                self.repeat(at, record, &state);
            }
        }
    }

    /// What was written without knowing of an erasure, and what erasures that did not know of each other keep.
    fn tidy(&mut self, at: usize, record: RecordId, state: &ErasureState) {
        let (entries, team) = (self.laptops[at].entries_of(record), self.team_of(&self.laptops[at]));
        let left = survey::without_erased_by_all(record, &entries, &team);
        let (erasure, gone) = if state.is_whole() {
            let erasure = survey::erase_record(&left, ErasureReason::Withdrawn, "");
            let history = erasure.bodies.iter().filter(|body| is_history(body.kind));
            let gone = Erased { entries: history.map(|body| body.entry).collect(), ..Erased::default() };
            (erasure, gone)
        } else {
            let Some(erasure) = survey::erase_kept(&left) else { return };
            (erasure, Erased::default())
        };
        if !erasure.bodies.is_empty() {
            self.erase_again(at, record, &erasure, gone);
        }
    }

    /// Says again, where everybody reads it, what somebody erased in a chain that only leads read.
    fn repeat(&mut self, at: usize, record: RecordId, state: &ErasureState) {
        let by_lead = |chain: &ChainId| self.truth.team.0[chain].role == Role::Lead;
        let lead = state.erasures.values().filter(|one| by_lead(&one.chain));
        let said: BTreeSet<EntryHash> = lead.flat_map(|one| &one.erasure.bodies).map(|body| body.entry).collect();
        let others = state.erasures.iter().filter(|(_, one)| !by_lead(&one.chain));
        let others: Vec<(EntryHash, Erasure)> = others.map(|(hash, one)| (*hash, one.erasure.clone())).collect();
        for (hash, mut erasure) in others {
            erasure.bodies.retain(|body| !said.contains(&body.entry));
            if !erasure.bodies.is_empty() {
                let gone = self.truth.erased.get(&hash).cloned().unwrap_or_default();
                self.erase_again(at, record, &erasure, gone);
            }
        }
    }

    fn erase_again(&mut self, at: usize, record: RecordId, erasure: &Erasure, gone: Erased) {
        let bodies: Vec<EntryHash> = erasure.bodies.iter().map(|body| body.entry).collect();
        let chunks = erasure.chunks.clone();
        let erasure = self.sealed(at, erasure);
        let hash = self.write(at, record, None, &erasure.into());
        self.truth.erased.insert(hash, gone);
        self.laptops[at].store().transact(Op::Erase, |tx| tx.erase(&bodies, &chunks)).unwrap();
    }
}
