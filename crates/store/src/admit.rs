//! Taking in what others wrote: verified entries enter, the rest is set aside with its reason, one bad chain touches no
//! other.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use tianye_journal::{
    ChainId, EntryHash, Fork, Known, Outcome, PublicKey, RecordId, SealedEntry, Seq, SetAside, Trust, verify_run,
};

use crate::{Error, Result, Tx, View};

/// What became of entries that came in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Admitted {
    /// New entries, in the order they entered.
    pub new: Vec<EntryHash>,
    /// How many were here already.
    pub repeated: usize,
    /// How many bodies were opened, older ones that were waiting for a key included.
    pub opened: usize,
    /// The records that the new entries speak of.
    pub records: BTreeSet<RecordId>,
    /// What did not enter, or not yet; kept in the set-aside table.
    pub set_aside: Vec<SetAside>,
    /// Places where a chain came to go on in two ways: an alarm.
    pub forks: Vec<Fork>,
}

impl View<'_> {
    /// Verifies entries against what is here. Writes nothing, so it can run beside other work; [`Tx::admit`] takes the
    /// outcome.
    ///
    /// # Errors
    /// Database errors. What is wrong with entries is in the outcome.
    pub fn verify(&self, trust: &Trust, entries: impl IntoIterator<Item = SealedEntry>) -> Result<Outcome> {
        let known = Held { view: self, error: RefCell::new(None) };
        let outcome = verify_run(trust, &known, entries);
        known.error.into_inner().map_or(Ok(outcome), Err)
    }
}

impl Tx<'_> {
    /// Takes in entries as they came: verifies them together with those that wait in the same chains, and admits them.
    ///
    /// # Errors
    /// Database errors; nothing has then entered.
    pub fn receive(
        &mut self,
        trust: &Trust,
        entries: impl IntoIterator<Item = SealedEntry>,
        now_ms: i64,
    ) -> Result<Admitted> {
        let mut run: Vec<SealedEntry> = entries.into_iter().collect();
        let chains: BTreeSet<ChainId> = run.iter().map(|entry| entry.header.chain).collect();
        for chain in chains {
            run.extend(self.waiting(chain)?);
        }
        let outcome = self.verify(trust, run)?;
        self.admit(outcome, now_ms)
    }

    /// Writes the outcome of a verification: entries, heads, keys, opened bodies, and what was set aside.
    ///
    /// # Errors
    /// [`Error::Invalid`] if the outcome is of another store (an entry's predecessor is not here); database errors.
    pub fn admit(&mut self, outcome: Outcome, now_ms: i64) -> Result<Admitted> {
        let readers = self.reading_keys()?;
        let mut admitted = Admitted { forks: outcome.forks, ..Admitted::default() };
        let mut arrivals: BTreeMap<ChainId, Vec<EntryHash>> = BTreeMap::new();
        for accepted in &outcome.accepted {
            let entry = accepted.entry();
            if self.has_entry(accepted.hash())? {
                // Another step took it in between verifying and admitting.
                admitted.repeated += 1;
                continue;
            }
            self.insert_entry(entry)?;
            self.forget_waiting(entry)?;
            if entry.header.opening().is_some() {
                admitted.opened += self.take_early(entry.header.chain)?;
            }
            admitted.opened += self.take_parcel(entry, &readers)?;
            admitted.new.push(accepted.hash());
            arrivals.entry(entry.header.chain).or_default().push(accepted.hash());
        }
        for repeated in &outcome.repeated {
            admitted.repeated += 1;
            self.forget_waiting(repeated.entry())?;
            if self.fill_body(repeated.entry())? {
                admitted.opened += self.take_parcel(repeated.entry(), &readers)?;
                arrivals.entry(repeated.entry().header.chain).or_default().push(repeated.hash());
            }
        }
        for (chain, hashes) in arrivals {
            admitted.opened += self.open_closed(chain)?;
            for hash in hashes {
                admitted.records.extend(self.opened(hash)?.map(|opened| opened.body.record));
            }
        }
        for aside in &outcome.set_aside {
            self.set_aside(aside, now_ms)?;
        }
        admitted.set_aside = outcome.set_aside;
        Ok(admitted)
    }
}

/// What the store holds, as verification asks for it. It has no way to say that a question failed, so the first failure is
/// kept here and the outcome thrown away.
struct Held<'v> {
    view: &'v View<'v>,
    error: RefCell<Option<Error>>,
}

impl Held<'_> {
    fn ask<T: Default>(&self, answer: Result<T>) -> T {
        answer.unwrap_or_else(|error| {
            self.error.borrow_mut().get_or_insert(error);
            T::default()
        })
    }
}

impl Known for Held<'_> {
    fn signer(&self, chain: ChainId) -> Option<PublicKey> {
        let opening = self.ask(self.view.opening(chain));
        opening.and_then(|entry| Some(entry.header.opening()?.certificate.key))
    }

    fn at(&self, chain: ChainId, seq: Seq) -> Vec<EntryHash> {
        self.ask(self.view.place(chain, seq))
    }
}
