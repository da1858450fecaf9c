//! Taking in what others wrote: verified entries enter, the rest is set aside with its reason, one bad chain touches no
//! other.

use std::cell::RefCell;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use tianye_journal::{
    ChainId, ContentKey, EntryHash, Fork, Incoming, Known, OpenError, Outcome, PublicKey, RecordId, SealedEntry, Seq,
    SetAside, Trust, open_body, verify_run,
};

use crate::entries::Run;
use crate::{Error, Result, Tx, View};

/// What was found out about bodies before their entries are written.
pub(crate) type About = HashMap<EntryHash, Body>;

/// What was found out about a body.
pub(crate) struct Body {
    /// What opened it.
    pub(crate) key: ContentKey,
    pub(crate) kind: u16,
    pub(crate) record: RecordId,
    /// What was seen of it at a glance, should it be alone in its record.
    pub(crate) glance: Option<Vec<u8>>,
}

/// What became of entries that came in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Admitted {
    /// New entries, in the order they entered.
    pub new: Vec<EntryHash>,
    /// How many were here already.
    pub repeated: usize,
    /// How many bodies were opened, older ones that were waiting for a key included.
    pub opened: usize,
    /// The records that the new entries speak of, as far as they opened as they entered.
    pub records: BTreeSet<RecordId>,
    /// What did not enter, or not yet; kept in the set-aside table.
    pub set_aside: Vec<SetAside>,
    /// Places where a chain came to go on in two ways: an alarm.
    pub forks: Vec<Fork>,
}

impl Admitted {
    /// Adds what became of others.
    pub fn add(&mut self, other: Self) {
        self.new.extend(other.new);
        self.repeated += other.repeated;
        self.opened += other.opened;
        self.records.extend(other.records);
        self.set_aside.extend(other.set_aside);
        self.forks.extend(other.forks);
    }
}

impl View<'_> {
    /// Verifies entries against what is here. Writes nothing, so it can run beside other work; [`Tx::admit`] takes the
    /// outcome.
    ///
    /// # Errors
    /// Database errors. What is wrong with entries is in the outcome.
    pub fn verify(&self, trust: &Trust, entries: impl IntoIterator<Item = impl Into<Incoming>>) -> Result<Outcome> {
        let known = Held { view: self, newest: RefCell::default(), error: RefCell::new(None) };
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
        let run = entries.into_iter().map(Incoming::from).collect();
        self.receive_examined(trust, run, &About::new(), now_ms)
    }

    /// Takes in entries that were looked at before.
    pub(crate) fn receive_examined(
        &mut self,
        trust: &Trust,
        mut run: Vec<Incoming>,
        about: &About,
        now_ms: i64,
    ) -> Result<Admitted> {
        if self.holds_aside()? {
            let chains: BTreeSet<ChainId> = run.iter().map(|one| one.entry().header.chain).collect();
            for chain in chains {
                run.extend(self.waiting(chain)?.into_iter().map(Incoming::from));
            }
        }
        // In one step with writing them, nobody takes anything in meanwhile.
        let outcome = self.verify(trust, run)?;
        self.admit_known(outcome, about, now_ms)
    }

    /// Writes the outcome of a verification: entries, heads, keys, opened bodies, and what was set aside.
    ///
    /// # Errors
    /// [`Error::Invalid`] if the outcome is of another store (an entry's predecessor is not here); database errors.
    pub fn admit(&mut self, mut outcome: Outcome, now_ms: i64) -> Result<Admitted> {
        let mut repeated = 0;
        let mut new = Vec::with_capacity(outcome.accepted.len());
        for accepted in outcome.accepted {
            // Another step took it in between verifying and admitting.
            if self.has_entry(accepted.hash())? { repeated += 1 } else { new.push(accepted) }
        }
        outcome.accepted = new;
        let admitted = self.admit_known(outcome, &About::new(), now_ms)?;
        Ok(Admitted { repeated: admitted.repeated + repeated, ..admitted })
    }

    fn admit_known(&mut self, outcome: Outcome, about: &About, now_ms: i64) -> Result<Admitted> {
        let readers = self.reading_keys()?;
        let (aside, any_erased) = (self.holds_aside()?, self.holds_erased()?);
        let mut admitted = Admitted { forks: outcome.forks, ..Admitted::default() };
        let mut keys: BTreeMap<ChainId, Option<ContentKey>> = BTreeMap::new();
        let mut run: Option<Run> = None;
        for accepted in &outcome.accepted {
            let (entry, hash) = (accepted.entry(), accepted.hash());
            let mut current = match run.and_then(|run| run.followed_by(entry, hash)) {
                Some(run) => run,
                None => {
                    run.as_ref().map_or(Ok(()), |run| self.end_run(run))?;
                    self.begin_run(entry, hash)?
                }
            };
            let arrival = self.write_entry(&mut current, entry, hash, any_erased)?;
            run = Some(current);
            if aside {
                self.forget_waiting(entry)?;
            }
            if entry.header.opening().is_some() {
                admitted.opened += self.take_early(entry.header.chain)?;
            }
            if entry.header.form.has_parcel() {
                admitted.opened += self.take_parcel(entry, &readers)?;
                keys.clear();
            }
            self.open_arrived(
                Arrived { arrival, hash, new: true, any_erased },
                entry,
                about,
                &mut keys,
                &mut admitted,
            )?;
            admitted.new.push(hash);
        }
        run.as_ref().map_or(Ok(()), |run| self.end_run(run))?;
        for repeated in &outcome.repeated {
            admitted.repeated += 1;
            let entry = repeated.entry();
            if aside {
                self.forget_waiting(entry)?;
            }
            if self.fill_body(entry)? {
                admitted.opened += self.take_parcel(entry, &readers)?;
                keys.clear();
                if let Some(arrival) = self.arrival(repeated.hash())? {
                    let arrived = Arrived { arrival, hash: repeated.hash(), new: false, any_erased };
                    self.open_arrived(arrived, entry, about, &mut keys, &mut admitted)?;
                }
            }
        }
        for aside in &outcome.set_aside {
            self.set_aside(aside, now_ms)?;
        }
        admitted.set_aside = outcome.set_aside;
        Ok(admitted)
    }

    /// Opens the body of an entry that has just been written, if its chain's key is here.
    fn open_arrived(
        &mut self,
        Arrived { arrival, hash, new, any_erased }: Arrived,
        entry: &SealedEntry,
        about: &About,
        keys: &mut BTreeMap<ChainId, Option<ContentKey>>,
        admitted: &mut Admitted,
    ) -> Result<()> {
        let chain = entry.header.chain;
        let key = match keys.entry(chain) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(self.content_key(chain)?),
        };
        let Some(key) = &*key else { return Ok(()) };
        // What was erased here came without its body, whatever it had on the way.
        if entry.body.is_none() || (any_erased && self.is_erased(hash)?) {
            return Ok(());
        }
        let found = match about.get(&hash).filter(|known| known.key == *key) {
            Some(known) => Ok((known.kind, known.record, known.glance.as_deref())),
            None => open_body(entry, key).map(|body| (body.kind, body.record, None)),
        };
        match found {
            Ok((kind, record, glance)) => {
                // The parcel of this entry may have opened it already.
                if !entry.header.form.has_parcel() || !self.is_open(arrival)? {
                    self.put_opened(arrival, kind, record, glance)?;
                    if !new {
                        self.note_stale(record)?;
                    }
                    admitted.opened += 1;
                }
                admitted.records.insert(record);
            }
            Err(OpenError::Absent) => {}
            Err(error) => self.note_unreadable(entry, &error)?,
        }
        Ok(())
    }
}

/// An entry that has just been written, or whose body has.
struct Arrived {
    arrival: i64,
    hash: EntryHash,
    new: bool,
    /// Something was erased in this store; it may be this.
    any_erased: bool,
}

/// What the store holds, as verification asks for it. It has no way to say that a question failed, so the first failure is
/// kept here and the outcome thrown away.
struct Held<'v> {
    view: &'v View<'v>,
    /// The newest place of each chain, as it was when it was first asked for: nothing is beyond it.
    newest: RefCell<HashMap<ChainId, Option<Seq>>>,
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
        let newest = *self.newest.borrow_mut().entry(chain).or_insert_with(|| self.ask(self.view.newest(chain)));
        if newest.is_none_or(|newest| seq > newest) {
            return Vec::new();
        }
        self.ask(self.view.place(chain, seq))
    }
}
