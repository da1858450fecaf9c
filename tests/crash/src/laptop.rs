//! A laptop to break: what it holds, what it promised after each step, and whether a disk keeps a promise.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use tianye_journal::{ChunkId, Frontier, Index, SealedEntry, Trust, verify_run};
use tianye_store::{
    Draft, DraftAnswer, Error, Limit, Op, Passphrase, Recording, Store, Unlock, View, list, read_black_box, recover,
};

use crate::world::{at, body, draft, record};

/// The record that is written to see whether a store goes on.
const GOING_ON: u8 = 250;
/// The secret in which an act keeps what is not sealed of its reports yet.
pub(crate) const REPORTS: &str = "reports";

/// A laptop with its store.
#[derive(Debug)]
pub struct Laptop {
    /// Where its stores lie.
    pub data: PathBuf,
    /// The store's folder, once it is made.
    pub dir: Option<PathBuf>,
    /// The store, while it is unlocked.
    pub store: Option<Store>,
    /// What opens it.
    pub passphrase: &'static str,
    /// The chunks that must be here.
    pub chunks: BTreeSet<ChunkId>,
    /// Copies of the database that must be here: each with the number of the step whose state it holds.
    pub copies: Vec<(PathBuf, usize)>,
    /// Sealed bodies that were erased, and chunks: no file may hold them.
    pub erased: (Vec<Vec<u8>>, Vec<ChunkId>),
    /// The BLAKE3 of a damaged database that is to be recovered: it must never go.
    pub damaged: Option<[u8; 32]>,
    /// The project's key, where it is known.
    pub trust: Option<Trust>,
}

impl Laptop {
    /// The unlocked store.
    ///
    /// # Panics
    /// If it is locked: a fault of the act.
    #[must_use]
    pub fn store(&self) -> &Store {
        self.store.as_ref().expect("an act unlocks the store before it writes")
    }

    /// Unlocks the store; recovers it where its database was damaged.
    ///
    /// # Errors
    /// As the store says.
    pub fn unlock(&mut self) -> tianye_store::Result<()> {
        let dir = self.dir.clone().expect("an act makes the store before it unlocks it");
        self.store = None;
        self.store = Some(stand_up(&dir, self.passphrase, self.damaged.is_some())?);
        Ok(())
    }

    /// Locks the store.
    ///
    /// # Errors
    /// As the store says; it is locked all the same.
    pub fn lock(&mut self) -> tianye_store::Result<()> {
        self.store.take().map_or(Ok(()), Store::lock)
    }

    /// What is promised now.
    ///
    /// # Errors
    /// As the store says.
    pub fn promise(&self, before: Option<&Promise>) -> tianye_store::Result<Promise> {
        let reading = match &self.store {
            Some(store) => Some(reading(store)?),
            // Locking changes nothing.
            None => before.and_then(|promise| promise.reading.clone()),
        };
        Ok(Promise {
            reading,
            passphrase: self.passphrase,
            chunks: self.chunks.clone(),
            copies: self.copies.clone(),
            erased: self.erased.clone(),
            damaged: self.damaged,
            dir: self.dir.as_ref().and_then(|dir| Some(dir.strip_prefix(&self.data).ok()?.to_owned())),
        })
    }
}

/// Unlocks the store in a folder.
///
/// # Errors
/// As the store says.
pub fn unlock(dir: &Path, passphrase: &str) -> tianye_store::Result<Store> {
    Store::unlock(dir, Unlock::Passphrase(&Passphrase::new(passphrase)), 7)
}

/// Unlocks a store, or recovers one whose database may be damaged.
fn stand_up(dir: &Path, passphrase: &str, damaged: bool) -> tianye_store::Result<Store> {
    match damaged {
        true => recover(dir, Unlock::Passphrase(&Passphrase::new(passphrase)), 7).map(|recovered| recovered.store),
        false => unlock(dir, passphrase),
    }
}

/// What was confirmed after a step.
#[derive(Clone, Debug)]
pub struct Promise {
    /// What the store says; none before there was one.
    pub reading: Option<Reading>,
    passphrase: &'static str,
    chunks: BTreeSet<ChunkId>,
    copies: Vec<(PathBuf, usize)>,
    erased: (Vec<Vec<u8>>, Vec<ChunkId>),
    damaged: Option<[u8; 32]>,
    dir: Option<PathBuf>,
}

/// Everything that a store says, line by line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    lines: Vec<String>,
    /// Own entries as they travel, those of the restricted chain too, in the order of each chain.
    own: Vec<Vec<u8>>,
}

/// Reads everything that a store says.
///
/// # Errors
/// As the store says.
pub fn reading(store: &Store) -> tianye_store::Result<Reading> {
    store.read(|view| {
        let mut lines = Vec::new();
        for draft in view.drafts()? {
            lines_of_draft(view, &draft, &mut lines)?;
        }
        for (chain, head) in view.frontier()?.iter() {
            lines.push(format!("head {chain:?} {} {}", head.seq, head.hash));
        }
        let limit = Limit { entries: usize::MAX, bytes: usize::MAX };
        let entries = view.entries_missing_from(&Frontier::default(), limit)?.entries;
        lines.extend(entries.iter().map(|entry| format!("entry {} {}", entry.hash(), short(&entry.to_bytes()))));
        for opened in view.opened_since(0, u32::MAX)?.0 {
            lines.push(format!("opened {} {:?} {}", opened.hash, opened.seq, short(&opened.body.content)));
        }
        for aside in view.kept_aside()? {
            lines.push(format!("aside {} {:?} {} {}", aside.id, aside.chain, aside.reason, aside.bytes));
        }
        let own_chain = view.own_chain()?;
        lines.push(format!("own chain {own_chain:?}"));
        lines.push(format!("forked {:?}", view.forked_chains()?));
        lines.push(format!("unsent {} closed {}", view.count_unsent()?, view.count_closed()?));
        for name in ["place", "project"] {
            lines.push(format!("setting {name} {:?}", view.setting(name)?.map(|value| short(&value))));
        }
        lines.push(format!("reports {:?}", view.secret(REPORTS)?.map(|kept| short(&kept))));
        let restricted = view.restricted_chain()?;
        if let Some(chain) = &restricted {
            let read = view.restricted_entries(chain.chain, &view.restricted_keys()?)?;
            let read: Vec<String> = read.iter().map(|entry| short(&entry.body.content)).collect();
            lines.push(format!("restricted {chain:?} {read:?}"));
        }
        let chains = [own_chain, restricted];
        let is_own = |entry: &SealedEntry| chains.iter().flatten().any(|own| own.chain == entry.header.chain);
        let own = entries.into_iter().filter(is_own);
        Ok(Reading { own: own.map(|entry| entry.to_bytes()).collect(), lines })
    })
}

fn lines_of_draft(view: &View<'_>, draft: &Draft, lines: &mut Vec<String>) -> tianye_store::Result<()> {
    let Draft { record, form, subject, language, state, position, parents, extra, started_ms, changed_ms, unsealed } =
        draft;
    lines.push(format!(
        "draft {record} {} {subject:?} {language} {state} {position:?} {parents:?} {} {started_ms} {changed_ms} {unsealed}",
        short(form),
        short(extra.as_bytes()),
    ));
    let mut answers = |what: &str, answers: Vec<DraftAnswer>| {
        for DraftAnswer { path, answer, note, at, unsealed } in answers {
            let (answer, note) = (answer.map(|it| short(it.as_bytes())), note.map(|it| short(it.as_bytes())));
            lines.push(format!("{what} {path} {answer:?} {note:?} {} {unsealed}", at.millis));
        }
    };
    answers("answer", view.answers(*record)?);
    answers("unsealed", view.unsealed(*record)?);
    answers("change", view.draft_history(*record)?);
    for Recording { id, path, about, pieces, .. } in view.recordings(*record)? {
        let pieces: Vec<String> = pieces.iter().map(|piece| format!("{piece:?} {}", short(&piece.key))).collect();
        lines.push(format!("recording {id} {path} {about} {pieces:?}"));
    }
    Ok(())
}

fn short(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex()[..16].to_owned()
}

/// What may be found on a disk after the power went.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'p> {
    /// What was confirmed after each step, from before the first.
    pub promises: &'p [Promise],
    /// The last step that was confirmed.
    pub told: usize,
    /// The last step that was begun.
    pub begun: usize,
    /// The project's key, where it is known.
    pub trust: Option<&'p Trust>,
    /// Whether every confirmed own entry must stand in the black box. Not so where its disk refused.
    pub black_box: bool,
}

impl Expected<'_> {
    /// Opens what lies in `data` with the real store and asks for everything that was confirmed.
    ///
    /// # Errors
    /// What was lost or is not as it was given, in a sentence.
    pub fn check(&self, data: &Path) -> Result<(), String> {
        let confirmed = &self.promises[self.told];
        let may_be = &self.promises[self.told..=self.begun.max(self.told).min(self.promises.len() - 1)];
        if confirmed.reading.is_none() {
            // No store was confirmed: none is listed, or the new one whole.
            if list(data).map_err(said("listing"))?.is_empty() {
                return Ok(());
            }
        }
        let Some(dir) = may_be.iter().filter_map(|promise| promise.dir.as_ref()).next_back() else { return Ok(()) };
        let dir = data.join(dir);
        self.check_black_box(&dir)?;
        for body in &confirmed.erased.0 {
            if let Some(file) = holding(&dir, body).map_err(said("looking for what was erased"))? {
                return Err(format!("what was erased is still in {}", file.display()));
            }
        }

        let mut opened = Err(Error::WrongPassphrase);
        for promise in may_be {
            if matches!(opened, Err(Error::WrongPassphrase)) {
                opened = stand_up(&dir, promise.passphrase, promise.damaged.is_some());
            }
        }
        if confirmed.damaged.is_some_and(|sum| !matches!(stands(&dir, sum), Ok(true))) {
            return Err("the damaged database is gone".into());
        }
        let store = opened.map_err(said("unlocking"))?;
        store.check().map_err(said("looking at every page"))?;
        let found = reading(&store).map_err(said("reading"))?;
        if !may_be.iter().any(|promise| promise.reading.as_ref() == Some(&found)) {
            let expected = confirmed.reading.as_ref().or(may_be.last().and_then(|promise| promise.reading.as_ref()));
            return Err(expected.map_or_else(|| "a store of nobody's".to_owned(), |expected| differ(expected, &found)));
        }
        let limit = Limit { entries: usize::MAX, bytes: usize::MAX };
        let entries = store.read(|view| Ok(view.entries_missing_from(&Frontier::default(), limit)?.entries));
        let entries = entries.map_err(said("reading the entries"))?;
        if let Some(trust) = self.trust {
            let outcome = verify_run(trust, &Index::default(), entries);
            if !outcome.set_aside.is_empty() || !outcome.forks.is_empty() {
                return Err(format!("the chains do not verify: {:?} {:?}", outcome.set_aside, outcome.forks));
            }
        }
        // What the step that was under way takes away is not promised any more.
        let chunks = may_be.iter().fold(confirmed.chunks.clone(), |chunks, promise| &chunks & &promise.chunks);
        check_chunks(&store, &chunks)?;
        if confirmed.erased.1.iter().any(|chunk| store.has_chunk(chunk)) {
            return Err("a chunk that was erased is here again".into());
        }
        self.check_copies(&dir, confirmed, may_be)?;
        goes_on(store, &dir, may_be)
    }

    /// Before anything is opened: the black box alone gives back every own entry that was confirmed.
    fn check_black_box(&self, dir: &Path) -> Result<(), String> {
        let path = dir.join("safety/box");
        let there: Vec<Vec<u8>> = match path.exists() {
            true => read_black_box(&path)
                .map_err(said("reading the black box"))?
                .iter()
                .map(SealedEntry::to_bytes)
                .collect(),
            false => Vec::new(),
        };
        let given =
            self.promises.iter().filter_map(|promise| promise.reading.as_ref()).flat_map(|reading| &reading.own);
        let given: BTreeSet<&Vec<u8>> = given.collect();
        if let Some(stranger) = there.iter().find(|entry| !given.contains(entry)) {
            return Err(format!("the black box holds an entry that nobody wrote, of {} bytes", stranger.len()));
        }
        // By name: an erasure that is under way may have taken a body already.
        let named = |bytes: &Vec<u8>| SealedEntry::from_bytes(bytes).map(|entry| entry.hash()).ok();
        let there: BTreeSet<_> = there.iter().map(named).collect();
        let confirmed = self.promises[self.told].reading.iter().flat_map(|reading| &reading.own);
        let missing = confirmed.filter(|entry| !there.contains(&named(entry))).count();
        if self.black_box && missing > 0 {
            return Err(format!("the black box lacks {missing} own entries that were confirmed"));
        }
        Ok(())
    }

    /// Put in place of the database, a copy opens and holds what it was made of.
    fn check_copies(&self, dir: &Path, confirmed: &Promise, may_be: &[Promise]) -> Result<(), String> {
        // One that the step under way drives out is not promised any more.
        let promised = |copy: &&(PathBuf, usize)| may_be.iter().all(|promise| promise.copies.contains(copy));
        for (copy, step) in confirmed.copies.iter().filter(promised) {
            let place = dir.with_extension("copy");
            let failed = said("trying a copy");
            fs::create_dir_all(&place).map_err(&failed)?;
            for (from, to) in [(copy.as_path(), "store.db"), (Path::new("slots.txt"), "slots.txt")] {
                fs::copy(dir.join(from), place.join(to)).map_err(|error| format!("{}: {error}", from.display()))?;
            }
            let store = unlock(&place, confirmed.passphrase).map_err(said("unlocking a copy"))?;
            let found = reading(&store).map_err(said("reading a copy"))?;
            if let Some(expected) = self.promises[*step].reading.as_ref().filter(|expected| **expected != found) {
                return Err(format!("a copy differs: {}", differ(expected, &found)));
            }
            drop(store);
            fs::remove_dir_all(&place).map_err(failed)?;
        }
        Ok(())
    }
}

/// Every promised chunk is here, and every one that is here is whole.
fn check_chunks(store: &Store, promised: &BTreeSet<ChunkId>) -> Result<(), String> {
    let here: BTreeSet<ChunkId> = store.chunks().map_err(said("listing the chunks"))?.into_iter().collect();
    for chunk in promised {
        if !here.contains(chunk) {
            return Err(format!("a chunk that was confirmed is lost: {chunk}"));
        }
    }
    for chunk in &here {
        store.chunk(chunk).map_err(said("reading a chunk"))?;
    }
    Ok(())
}

/// The store goes on where it stopped: a draft, an answer and an own entry, which are there when it was locked and opened
/// again.
fn goes_on(store: Store, dir: &Path, may_be: &[Promise]) -> Result<(), String> {
    let failed = said("going on");
    let has_chain = store.read(|view| view.own_chain()).map_err(&failed)?.is_some();
    store
        .transact(Op::Seal, |tx| {
            // Whoever recovers says so once everything was taken in.
            tx.end_recovery()?;
            tx.start_draft(&draft(record(GOING_ON)), at(9))?;
            tx.put_answer(record(GOING_ON), "/on", r#"{"v":"还在"}"#, at(9))?;
            if has_chain {
                let entry = tx.append_own(&body(record(GOING_ON), &[], r#"{"on":1}"#))?;
                tx.mark_sealed(record(GOING_ON), entry)?;
            }
            Ok(())
        })
        .map_err(&failed)?;
    if let Some(trouble) = store.black_box_trouble() {
        return Err(format!("the black box has trouble: {trouble}"));
    }
    let own = reading(&store).map_err(&failed)?.own;
    store.lock().map_err(said("locking"))?;
    if has_chain {
        let there = read_black_box(&dir.join("safety/box")).map_err(said("reading the black box at the end"))?;
        if !own.iter().all(|entry| there.iter().any(|there| there.to_bytes() == *entry)) {
            return Err("the black box was not brought up to what the store holds".into());
        }
    }
    let mut again = Err(Error::WrongPassphrase);
    for promise in may_be {
        if matches!(again, Err(Error::WrongPassphrase)) {
            again = unlock(dir, promise.passphrase);
        }
    }
    let answers = again.and_then(|store| store.read(|view| view.answers(record(GOING_ON))));
    match answers.map_err(said("opening again"))?.len() {
        1 => Ok(()),
        other => Err(format!("{other} answers where one was written after the power came back")),
    }
}

fn said<E: std::fmt::Display>(what: &str) -> impl Fn(E) -> String + '_ {
    move |error| format!("{what}: {error}")
}

/// The first line in which two readings differ.
fn differ(expected: &Reading, found: &Reading) -> String {
    let lost = expected.lines.iter().find(|line| !found.lines.contains(line));
    let strange = found.lines.iter().find(|line| !expected.lines.contains(line));
    format!("the store says something else than was confirmed; gone: {lost:?}; new: {strange:?}")
}

/// Whether some file below a folder is this one.
fn stands(dir: &Path, sum: [u8; 32]) -> std::io::Result<bool> {
    for item in fs::read_dir(dir)? {
        let path = item?.path();
        let found = match path.is_dir() {
            true => stands(&path, sum)?,
            false => *blake3::hash(&fs::read(&path)?).as_bytes() == sum,
        };
        if found {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The first file below a folder that holds these bytes.
fn holding(dir: &Path, bytes: &[u8]) -> std::io::Result<Option<PathBuf>> {
    for item in fs::read_dir(dir)? {
        let path = item?.path();
        let held = match path.is_dir() {
            true => holding(&path, bytes)?,
            false => fs::read(&path)?.windows(bytes.len()).any(|window| window == bytes).then_some(path),
        };
        if held.is_some() {
            return Ok(held);
        }
    }
    Ok(None)
}
