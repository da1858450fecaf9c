//! Folding: records of which entries came, or went, are folded anew, on two threads, and what they came to is kept in the
//! store. So unlocking reads a short line for each interview and each respondent, however many answers there are, and folds
//! only what changed since.
//!
//! Most entries are alone in their records. Of these whatever took them in has seen already what lists show
//! ([`Sight`]), and it is read from there, at unlocking too.
//!
//! What is kept can be dropped and made again at any time. A program that folds otherwise than the one before counts
//! [`FOLD`] up, and makes all of it anew.

#[cfg(test)]
mod ahead;
mod kept;
mod no_right;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::thread;

use tianye_journal::{RecordId, Seq, Trust};
use tianye_store::{Op, Store};
use tianye_survey::{
    self as survey, At, FormHash, Glance, InterviewState, KeptCard, Opened, Seen, Sight, Status, Subject, Tie, Told,
    kind, safeguarding::holders,
};
use tianye_xform::Form;

use crate::book::{Book, brief, entries_of, is_imported, opened, read};
use crate::entities::hands_on;
use crate::refusal::Result;
use kept::{Interview, Kept, Summary, SummaryOf};
pub(crate) use no_right::NoRight;
use no_right::no_right;

/// Version of the fold and of what is kept of it.
const FOLD: u32 = 10;
/// The setting that says under which revocations was folded.
const UNDER: &str = "folded-under";
/// Entries whose records are folded in one round, and written in one step.
const ROUND: u32 = 8_000;
/// Threads that fold, from so many records on.
const THREADS: usize = 2;
const WORTH_THREADS: usize = 64;
/// Cards and forms of which there are few: they are folded from their entries at each unlocking.
const FEW: [u16; 12] = [
    kind::CONSENT_TEXT,
    kind::FORM,
    kind::PROJECT,
    kind::MEMBER,
    kind::SITE,
    kind::ASSIGNMENT,
    kind::CONSENT,
    kind::LINK,
    kind::ENTITIES,
    kind::CONTACTS,
    kind::EXPORTED,
    kind::BEGINNINGS,
];

/// How far the store was read.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    /// Entries up to this arrival.
    upto: i64,
    /// Of these, up to which the store knows it.
    noted: i64,
    /// What was read ahead of the others changed.
    ahead: Changed,
    /// To be folded again although none of their entries changed.
    again: BTreeSet<RecordId>,
    /// Which entries of revoked chains hold: what was folded under other ones is to be folded again.
    under: Vec<u8>,
    /// Nothing more is kept in this session: the disk is full, perhaps. The next one makes up for it.
    unkept: bool,
}

/// A record that was folded.
struct Folded {
    record: RecordId,
    /// It has an erasure, which may have to be carried out here.
    has_erasure: bool,
    what: What,
    no_right: NoRight,
    /// What is kept of it.
    summary: Option<Vec<u8>>,
}

/// What a record came to.
enum What {
    Interview(Box<Interview>),
    /// An interview that was erased whole, and by what.
    Erased(Told),
    Subject(KeptCard<Subject>),
    Tie(KeptCard<Tie>),
    /// Everything else, which is folded where it is put. Beside it the interview (or what was left of it), where a changed
    /// program wrote into a record what does not belong there.
    Other(Option<Box<Self>>, Vec<Opened>),
}

impl What {
    fn interview(&self) -> Option<&Interview> {
        match self {
            Self::Interview(interview) => Some(interview),
            Self::Other(beside, _) => beside.as_ref()?.interview(),
            Self::Erased(_) | Self::Subject(_) | Self::Tie(_) => None,
        }
    }
}

impl Book {
    /// Opens the book of a store: what was kept, and on top of it what came since.
    ///
    /// # Errors
    /// The store's refusal.
    pub fn open(store: &Store, trust: Trust) -> Result<Self> {
        let mut book = Self { trust: Some(trust), ..Self::default() };
        if store.read(|view| view.fold_version())? != FOLD {
            // A full disk must not bar the way to the data.
            book.reading.unkept = store.transact(Op::Rebuild, |tx| tx.forget_summaries(FOLD)).is_err();
        }
        book.reading.under = store.read(|view| view.setting(UNDER))?.unwrap_or_default();
        book.settle_team(store)?;
        for kind in FEW {
            for record in store.read(|view| view.records_of_kind(kind))? {
                book.put_other(record, &entries_of(store, record)?);
            }
        }
        if !book.reading.unkept {
            book.reading.upto = store.read(|view| view.folded_upto())?;
            book.reading.noted = book.reading.upto;
            let mut sights = Vec::new();
            let mut unseen = BTreeSet::new();
            store.read(|view| {
                view.glances(book.reading.upto, |record, bytes| match Sight::from_bytes(bytes) {
                    Some(sight) => sights.push((record, sight)),
                    None => _ = unseen.insert(record),
                })
            })?;
            unseen.extend(book.put_sights(store, sights, &mut Changed::default()));
            let mut whole = Vec::new();
            store.read(|view| {
                view.summaries(|record, bytes| {
                    // It need not be folded for the want of a glance.
                    unseen.remove(&record);
                    let Ok(Kept { of, no_right }) = Kept::from_bytes(bytes) else {
                        book.reading.again.insert(record);
                        return;
                    };
                    book.put_no_right(record, no_right);
                    match of {
                        Summary::Interview(interview) => _ = book.put_interview(record, *interview),
                        Summary::Erased(told) => _ = book.forget_interview(record, told),
                        Summary::Subject(card) => _ = book.project.subjects.insert(record, card),
                        Summary::Tie(card) => _ = book.project.ties.insert(record, card),
                        Summary::Whole => whole.push(record),
                        Summary::Several => _ = book.reading.again.insert(record),
                        Summary::Elsewhere => {}
                    }
                })
            })?;
            for record in whole {
                book.put_other(record, &entries_of(store, record)?);
            }
            book.reading.again.extend(unseen);
        }
        book.erased_in = store.read(|view| view.records_of_kind(kind::ERASURE))?.into_iter().collect();
        book.read_on(store)?;
        book.settle_entities(store)?;
        Ok(book)
    }

    /// Forms, or parts of them, may have come meanwhile: interviews that lacked theirs are to be folded again.
    pub fn read_again(&mut self) {
        self.reading.again.extend(&self.formless);
    }

    /// Reads at a glance what is in the store already while more comes in; the rest is folded by [`Book::read_on`], as is what this
    /// came to late. Nothing is kept of it: who ends before that reads it again.
    ///
    /// # Errors
    /// The store's refusal.
    pub fn read_ahead(&mut self, store: &Store) -> Result<()> {
        if store.read(|view| view.newest_arrival())? <= self.reading.upto {
            return Ok(());
        }
        self.settle_team(store)?;
        let mut changed = std::mem::take(&mut self.reading.ahead);
        while let Some((records, sights, upto)) = self.next_sights(store)? {
            self.reading.upto = upto;
            self.reading.again.extend(records);
            let unseen = self.put_sights(store, sights, &mut changed);
            self.reading.again.extend(unseen);
        }
        self.reading.ahead = changed;
        Ok(())
    }

    /// What came after the last that was read: what is to be folded of it, what is seen at a glance, and the arrival of its last.
    fn next_sights(&self, store: &Store) -> Result<Option<NextSights>> {
        let (mut sights, before) = (Vec::new(), self.reading.upto);
        let look = |record, bytes: &[u8]| match Sight::from_bytes(bytes) {
            Some(sight) => {
                sights.push((record, sight));
                true
            }
            None => false,
        };
        let (records, upto) = store.read(|view| view.records_since(before, ROUND, look))?;
        Ok((upto > before).then_some((records, sights, upto)))
    }

    /// Folds what came into the store since the last time; gives the interviews that changed.
    ///
    /// # Errors
    /// The store's refusal.
    pub fn read_on(&mut self, store: &Store) -> Result<BTreeSet<RecordId>> {
        self.settle_team(store)?;
        let mut changed = std::mem::take(&mut self.reading.ahead);
        loop {
            let mut late = store.read(|view| view.stale())?;
            if self.reading.unkept {
                // Nobody takes them from the list; once in a while is enough.
                late.clear();
            }
            late.append(&mut self.reading.again);
            // What a key opened that came late may be all that there is.
            if let Some(next) = late.iter().nth(ROUND as usize).copied() {
                self.reading.again = late.split_off(&next);
            }
            if !late.is_empty() {
                self.round(store, &late, None, &mut changed)?;
                continue;
            }
            let Some((records, sights, upto)) = self.next_sights(store)? else { break };
            self.round(store, &records, Some(upto), &mut changed)?;
            // After the others: forms and members may have come with them.
            let unseen = self.put_sights(store, sights, &mut changed);
            self.reading.again.extend(unseen);
        }
        if self.reading.noted < self.reading.upto {
            self.round(store, &BTreeSet::new(), Some(self.reading.upto), &mut changed)?;
        }
        if changed.entities || self.entities.leaves_out_practice() == self.project.is_called_practice() {
            self.settle_entities(store)?;
        }
        if let Some(trust) = &self.trust {
            self.project.holders = Some(holders(&self.project, &self.revocations, trust).len());
        }
        Ok(changed.interviews)
    }

    /// Puts what was seen of entries that are alone in their records into the book; gives the records that are to be folded
    /// all the same, since their authors had no right to write them.
    fn put_sights(&mut self, store: &Store, sights: Vec<(RecordId, Sight)>, changed: &mut Changed) -> Vec<RecordId> {
        let mut unseen = Vec::new();
        for (record, sight) in sights {
            match sight.read(&self.team) {
                Some((Seen::Interview(glance), at)) => {
                    let interview = self.read_alone(store, *glance, at);
                    self.no_right.remove(&record);
                    changed.entities |= self.put_interview(record, interview);
                    changed.interviews.insert(record);
                }
                Some((Seen::Subject(card), _)) => {
                    self.no_right.remove(&record);
                    self.project.subjects.insert(record, *card);
                }
                None => unseen.push(record),
            }
        }
        unseen
    }

    /// Folds records, keeps what they came to, and puts it into the book.
    fn round(
        &mut self,
        store: &Store,
        records: &BTreeSet<RecordId>,
        upto: Option<i64>,
        changed: &mut Changed,
    ) -> Result<()> {
        let folded = self.fold_all(store, records)?;
        // Interviews are read under forms: those that were read without a form, or across versions, are read again.
        let with_forms = folded.iter().any(|one| match &one.what {
            What::Other(_, entries) => entries.iter().any(|entry| entry.kind == kind::FORM),
            _ => false,
        });
        let mut again = BTreeSet::new();
        if with_forms {
            again.extend(self.mixed.iter().chain(&self.formless));
            let reread = |one: &&Folded| one.what.interview().is_some_and(|read| read.mixed || read.formless);
            again.extend(folded.iter().filter(reread).map(|one| one.record));
        }
        if !self.reading.unkept {
            let kept = store.transact(Op::Rebuild, |tx| {
                for one in &folded {
                    tx.put_summary(one.record, one.summary.as_deref())?;
                }
                tx.summarised(records.iter().copied(), upto)?;
                again.iter().try_for_each(|record| tx.note_stale(*record))
            });
            self.reading.unkept = kept.is_err();
        }
        self.reading.upto = upto.unwrap_or(self.reading.upto);
        self.reading.noted = upto.unwrap_or(self.reading.noted);
        self.reading.again.extend(again);
        if with_forms {
            self.library.forget_ways();
            changed.entities = true;
        }
        for Folded { record, has_erasure, what, no_right, .. } in folded {
            self.put_no_right(record, no_right);
            if has_erasure {
                self.erased_in.insert(record);
            }
            self.put_what(record, what, changed);
        }
        Ok(())
    }

    /// Puts what a record came to in the place of what it came to before.
    fn put_what(&mut self, record: RecordId, what: What, changed: &mut Changed) {
        let is_interview = match &what {
            What::Interview(_) | What::Erased(_) => true,
            What::Other(beside, _) => beside.is_some(),
            What::Subject(_) | What::Tie(_) => false,
        };
        if !is_interview && self.interviews.contains_key(&record) {
            // It was one before its author's certificate was revoked.
            changed.entities |= self.forget_interview(record, Told::nothing(record));
            changed.interviews.insert(record);
        }
        self.project.forget(&record);
        match what {
            What::Interview(interview) => {
                changed.entities |= self.put_interview(record, *interview);
                changed.interviews.insert(record);
            }
            What::Erased(told) => {
                changed.entities |= self.forget_interview(record, told);
                changed.interviews.insert(record);
            }
            What::Subject(card) => _ = self.project.subjects.insert(record, card),
            What::Tie(card) => _ = self.project.ties.insert(record, card),
            What::Other(beside, entries) => {
                if let Some(interview) = beside {
                    self.put_what(record, *interview, changed);
                }
                changed.entities |= self.put_other(record, &entries);
            }
        }
    }

    /// Folds records as the book stands.
    fn fold_all(&self, store: &Store, records: &BTreeSet<RecordId>) -> Result<Vec<Folded>> {
        let records: Vec<RecordId> = records.iter().copied().collect();
        if records.len() < WORTH_THREADS {
            return records.iter().map(|record| self.fold(store, *record)).collect();
        }
        let share = records.len().div_ceil(THREADS);
        let work = |part: &[RecordId]| part.iter().map(|record| self.fold(store, *record)).collect::<Result<Vec<_>>>();
        let parts = thread::scope(|scope| {
            let threads: Vec<_> = records.chunks(share).map(|part| scope.spawn(move || work(part))).collect();
            threads.into_iter().map(thread::ScopedJoinHandle::join).collect::<Vec<_>>()
        });
        let mut all = Vec::with_capacity(records.len());
        for part in parts {
            match part {
                Ok(part) => all.extend(part?),
                Err(panicked) => std::panic::resume_unwind(panicked),
            }
        }
        Ok(all)
    }

    fn fold(&self, store: &Store, record: RecordId) -> Result<Folded> {
        let entries = store.entries_of(record)?;
        if let [alone] = entries.as_slice()
            && let Some((seen, at)) =
                Sight::of(alone.hash, alone.chain, &alone.body).and_then(|one| one.read(&self.team))
        {
            let (what, summary) = match seen {
                Seen::Interview(glance) => {
                    let interview = self.read_alone(store, *glance, at);
                    let summary = SummaryOf::Interview(&interview).bytes(&NoRight::new());
                    (What::Interview(Box::new(interview)), summary)
                }
                Seen::Subject(card) => {
                    let summary = SummaryOf::Subject(&card).bytes(&NoRight::new());
                    (What::Subject(*card), summary)
                }
            };
            return Ok(Folded { record, has_erasure: false, what, no_right: NoRight::new(), summary });
        }
        let entries = read(store, entries);
        let has_erasure = entries.iter().any(|entry| entry.kind == kind::ERASURE);
        let no_right = no_right(&entries, &self.team);
        // Of what is read from its entries at each unlocking, only what nobody had a right to is kept.
        let elsewhere = || if no_right.is_empty() { None } else { SummaryOf::Elsewhere.bytes(&no_right) };
        let kinds = survey::record_kinds(&entries, &self.team);
        let hands = hands_on(&entries) && !kinds.contains(&kind::ENTITIES);
        let (what, summary) = match kinds.first().copied() {
            _ if kinds.len() + usize::from(hands) > 1 => {
                let interview = kinds.contains(&kind::INTERVIEW).then(|| self.fold_interview(store, record, &entries));
                let summary = SummaryOf::Several.bytes(&no_right);
                (What::Other(interview.map(Box::new), entries), summary)
            }
            Some(kind::SUBJECT) => {
                let card: KeptCard<Subject> = survey::card(record, &entries, &self.team).into();
                let settled = card.conflicts.is_empty();
                let summary = if settled { SummaryOf::Subject(&card) } else { SummaryOf::Whole }.bytes(&no_right);
                (What::Subject(card), summary)
            }
            Some(kind::TIE) => {
                let card: KeptCard<Tie> = survey::card(record, &entries, &self.team).into();
                let settled = card.conflicts.is_empty();
                let summary = if settled { SummaryOf::Tie(&card) } else { SummaryOf::Whole }.bytes(&no_right);
                (What::Tie(card), summary)
            }
            Some(kind::INTERVIEW) => {
                let what = self.fold_interview(store, record, &entries);
                let summary = match &what {
                    What::Interview(interview) => SummaryOf::Interview(interview).bytes(&no_right),
                    What::Erased(told) => SummaryOf::Erased(told).bytes(&no_right),
                    _ => None,
                };
                (what, summary)
            }
            _ => (What::Other(None, entries), elsewhere()),
        };
        Ok(Folded { record, has_erasure, what, no_right, summary })
    }

    /// An interview that is one sitting, which says nothing of entities.
    fn read_alone(&self, store: &Store, glance: Glance, at: At) -> Interview {
        let form = self.form_of(store, &glance.forms);
        let told_before = keeps_silent(glance.status, form.as_deref());
        let brief = brief(glance, &self.project, [Some(at); 2], false);
        Interview { brief, told: None, told_before, mixed: false, formless: form.is_none() }
    }

    fn fold_interview(&self, store: &Store, record: RecordId, entries: &[Opened]) -> What {
        if entries.iter().any(|entry| entry.kind == kind::ERASURE) {
            let erased = survey::erasures(record, entries, &self.team);
            if erased.is_whole() {
                let erased = erased.erasures.into_keys().collect();
                return What::Erased(Told { erased, ..Told::nothing(record) });
            }
        }
        let mixed = survey::versions_of(entries).len() > 1;
        let state = self.interview(store, record, entries);
        let form = self.form_of(store, &state.forms);
        // What is in conflict, nobody has said yet.
        let silent = state.told.entries.is_empty() && keeps_silent(state.status.status, form.as_deref());
        let told_before = (state.told_before || silent) && state.conflicts.is_empty();
        let began = entries.iter().map(|entry| entry.at).min_by_key(|at| at.ms);
        let changed = entries.iter().map(|entry| entry.at).max();
        let brief = brief(Glance::from(&state), &self.project, [began, changed], is_imported(entries));
        let InterviewState { told, .. } = state;
        let told = Some(told).filter(|told| *told != Told::nothing(record));
        What::Interview(Box::new(Interview { brief, told, told_before, mixed, formless: form.is_none() }))
    }

    /// The newest of these versions, where it is here.
    fn form_of(&self, store: &Store, versions: &[FormHash]) -> Option<Arc<Form>> {
        let newest = self.project.newest_of(versions).one()?;
        self.library.form(&self.project, store, &newest).ok()
    }

    /// Puts a card, a form, or what hands entities on; whether that may change entities.
    fn put_other(&mut self, record: RecordId, entries: &[Opened]) -> bool {
        let hands = hands_on(entries);
        if hands {
            self.told.put_handed(record, entries, &self.team);
        }
        self.project.put(record, entries, &self.team);
        hands
    }

    fn put_no_right(&mut self, record: RecordId, no_right: NoRight) {
        if no_right.is_empty() {
            self.no_right.remove(&record);
        } else {
            self.no_right.insert(record, no_right);
        }
    }

    /// Puts an interview; whether that changes what is said of entities.
    fn put_interview(&mut self, record: RecordId, interview: Interview) -> bool {
        let Interview { brief, told, told_before, mixed, formless } = interview;
        let said_before = self.told.read().contains_key(&record) || self.told_before.contains(&record);
        let says = told.is_some() || told_before;
        self.told.put(record, told.unwrap_or_else(|| Told::nothing(record)));
        for (set, is_in) in
            [(&mut self.told_before, told_before), (&mut self.mixed, mixed), (&mut self.formless, formless)]
        {
            if is_in {
                set.insert(record);
            } else {
                set.remove(&record);
            }
        }
        self.interviews.insert(record, brief);
        says || said_before
    }

    /// Takes an interview that was erased out of the book; whether that changes what is said of entities.
    fn forget_interview(&mut self, record: RecordId, told: Told) -> bool {
        self.interviews.remove(&record);
        self.mixed.remove(&record);
        self.formless.remove(&record);
        let said = self.told_before.remove(&record) | (self.told.read().get(&record) != Some(&told));
        self.told.put(record, told);
        said
    }

    /// Reads who is in the team and what of their chains holds. What was folded while something else held is forgotten.
    fn settle_team(&mut self, store: &Store) -> Result<()> {
        self.certify(store)?;
        self.revoke(store)?;
        let mut under = Vec::new();
        for (chain, accepted) in self.team.0.iter().filter_map(|(chain, one)| Some((chain, one.accepted.as_ref()?))) {
            let mut hasher = blake3::Hasher::new();
            accepted.iter().for_each(|entry| _ = hasher.update(entry.as_bytes()));
            under.extend_from_slice(chain.as_bytes());
            under.extend_from_slice(hasher.finalize().as_bytes());
        }
        if under != self.reading.under {
            let forgotten = store.transact(Op::Rebuild, |tx| {
                tx.forget_summaries(FOLD)?;
                tx.put_setting(UNDER, &under)
            });
            self.reading.unkept |= forgotten.is_err();
            (self.reading.upto, self.reading.noted) = (0, 0);
            self.reading.under = under;
        }
        Ok(())
    }

    /// Reads which certificates are revoked, and what of their chains holds.
    fn revoke(&mut self, store: &Store) -> Result<()> {
        let Some(trust) = &self.trust else { return Ok(()) };
        let entries: Vec<Opened> =
            store.read(|view| view.entries_of_kind(kind::REVOCATION))?.into_iter().map(opened).collect();
        self.revocations = survey::revocations(&entries, trust);
        for (serial, certificate) in &self.revocations.certificates {
            for (chain, _) in self.serials.iter().filter(|(_, of)| *of == serial) {
                let mut accepted = BTreeSet::new();
                for place in certificate.accepted.iter().filter(|place| place.chain == *chain) {
                    accepted.extend(store.read(|view| view.entries_up_to(place))?);
                }
                self.team.revoke(*chain, accepted);
            }
        }
        Ok(())
    }

    /// Takes the certificates of chains from their first entries. They come before all others of their chains, so no entry is
    /// folded before it is known whether its author had the right to write it.
    fn certify(&mut self, store: &Store) -> Result<()> {
        for (chain, hash) in store.read(|view| view.opened_firsts(kind::MEMBER))? {
            if self.owners.contains_key(&chain) {
                continue;
            }
            let (opening, entry) = store.read(|view| Ok((view.opening(chain)?, view.opened(hash)?)))?;
            let Some(entry) = entry.map(opened).filter(|entry| entry.seq == Seq::FIRST) else { continue };
            let survey::Content::Member(card) = &entry.content else { continue };
            let Some(tianye_journal::Form::Opening(opening)) = opening.map(|opening| opening.header.form) else {
                continue;
            };
            let (Some(member), certificate) = (card.get(), opening.certificate) else { continue };
            let Some(details) = member.read_details().filter(|details| certificate.verify_details(details).is_ok())
            else {
                continue;
            };
            self.serials.insert(chain, certificate.serial);
            self.team.add(chain, details.person, survey::Role::from(details.role.as_str()));
            self.owners.insert(chain, member.as_certified(&certificate, &details));
        }
        Ok(())
    }
}

/// Whether an interview that said nothing of entities should have.
fn keeps_silent(status: Status, form: Option<&Form>) -> bool {
    !status.is_open() && form.is_some_and(|form| !form.entities().is_empty())
}

/// Records to fold, what is seen of others at a glance, and up to which arrival that is.
type NextSights = (BTreeSet<RecordId>, Vec<(RecordId, Sight)>, i64);

/// What a reading changed.
#[derive(Debug, Default)]
struct Changed {
    interviews: BTreeSet<RecordId>,
    /// What is said of entities may be something else now.
    entities: bool,
}
