//! Taking in much at once: entries are looked at on threads of their own while those before them are written.
//!
//! What takes long and needs no other entry (the hash of the body, the signature, opening the body) is done by two
//! threads, page by page. A third writes the pages in the order in which they came, several in one step, and decides there
//! what may enter, as [`Tx::receive`](crate::Tx::receive) does. At most `WAITING` pages are in memory.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use tianye_journal::{
    ChainId, ContentKey, EntryHash, Incoming, KeyCommitment, PlainBody, PublicKey, ReadingKey, SealedEntry, Trust,
    open_body, open_parcel,
};

use crate::admit::{About, Admitted, Body};
use crate::transact::locked;
use crate::{Error, Op, Result, Store};

/// Threads that look at entries.
const EXAMINERS: usize = 2;
/// Pages that wait to be looked at, and pages that wait to be written: enough to go on with while a step becomes durable.
const WAITING: usize = 24;
/// Entries and bytes that are looked at together.
const PAGE: (usize, usize) = (256, 1 << 20);
/// After so long, or so many bytes, a step is closed, and before that as soon as anybody else wants to write. Each step
/// touches pages of the indexes all over, so that few large ones are much cheaper than many small ones.
const STEP: (Duration, usize) = (Duration::from_secs(3), 40 << 20);
/// How long a step waits for the next page. Whoever hands pages on may itself wait for the end of the step.
const PATIENCE: Duration = Duration::from_millis(100);

/// Looks at an opened body, should its entry be alone in its record; what is seen is kept as bytes.
pub type Look = dyn Fn(EntryHash, ChainId, &PlainBody) -> Option<Vec<u8>> + Send + Sync;

/// A run of entries that are being taken in, in one or more parts. What was pushed is durable when [`Intake::finish`] returns; when it is dropped
/// without that, what was written stays.
pub struct Intake {
    store: Arc<Store>,
    lore: Lore,
    page: Vec<SealedEntry>,
    bytes: usize,
    part: usize,
    work: Option<SyncSender<(Page, SyncSender<Examined>)>>,
    order: Option<SyncSender<Receiver<Examined>>>,
    examiners: Vec<JoinHandle<()>>,
    writer: Option<JoinHandle<Result<Vec<Admitted>>>>,
}

impl fmt::Debug for Intake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Intake").field("waiting", &self.page.len()).finish_non_exhaustive()
    }
}

/// Entries with what is known of their chains.
struct Page {
    part: usize,
    entries: Vec<SealedEntry>,
    chains: HashMap<ChainId, Chain>,
}

struct Examined {
    part: usize,
    run: Vec<Incoming>,
    about: About,
    bytes: usize,
}

/// What is known of a chain before its entries are written. It saves time and decides nothing: where it is wrong, the writer
/// looks again.
#[derive(Clone, Default)]
struct Chain {
    signer: Option<PublicKey>,
    key: Option<ContentKey>,
}

/// What is known of all chains that came by.
struct Lore {
    readers: Vec<ReadingKey>,
    chains: HashMap<ChainId, Chain>,
    /// Keys that came in a parcel before their chain.
    early: HashMap<ChainId, ContentKey>,
    commitments: HashMap<ChainId, KeyCommitment>,
}

impl Intake {
    /// Begins to take in entries that came at `now_ms`, and looks at what opens.
    ///
    /// # Errors
    /// Database errors; a system that gives no thread.
    pub fn begin(store: Arc<Store>, trust: Trust, now_ms: i64, look: &Arc<Look>) -> Result<Self> {
        let readers = store.read(|view| view.reading_keys())?;
        let lore = Lore { readers, chains: HashMap::new(), early: HashMap::new(), commitments: HashMap::new() };
        let (work, pages) = sync_channel::<(Page, SyncSender<Examined>)>(WAITING);
        let (order, examined) = sync_channel::<Receiver<Examined>>(WAITING);
        let pages = Arc::new(Mutex::new(pages));
        let failed = |error: std::io::Error| Error::io(Op::Admit, &error);
        let mut examiners = Vec::new();
        for _ in 0..EXAMINERS {
            let (pages, look) = (Arc::clone(&pages), Arc::clone(look));
            let examine = move || {
                loop {
                    // Held only while waiting for the next page.
                    let next = locked(&pages).recv();
                    let Ok((page, reply)) = next else { return };
                    // Nobody waits any more: the writer has met an error.
                    let _ = reply.send(page.examine(&*look));
                }
            };
            examiners.push(thread::Builder::new().name("examiner".into()).spawn(examine).map_err(failed)?);
        }
        let into = Arc::clone(&store);
        let write = move || write(&into, &trust, &examined, now_ms);
        let writer = thread::Builder::new().name("intake".into()).spawn(write).map_err(failed)?;
        let (work, order, writer) = (Some(work), Some(order), Some(writer));
        Ok(Self { store, lore, page: Vec::new(), bytes: 0, part: 0, work, order, examiners, writer })
    }

    /// Takes entries in, in the order in which they came. They enter in steps, some time later.
    ///
    /// # Errors
    /// What the writer met before; what it had written stays.
    pub fn push(&mut self, entries: impl IntoIterator<Item = SealedEntry>) -> Result<()> {
        for entry in entries {
            self.bytes += size(&entry);
            self.page.push(entry);
            if self.page.len() >= PAGE.0 || self.bytes >= PAGE.1 {
                self.hand_on()?;
            }
        }
        Ok(())
    }

    /// What is pushed from now on is another part, of which [`Intake::finish`] speaks by itself.
    ///
    /// # Errors
    /// As [`Intake::push`].
    pub fn next_part(&mut self) -> Result<()> {
        self.hand_on()?;
        self.part += 1;
        Ok(())
    }

    /// Waits until everything is durable; says what became of each part.
    ///
    /// # Errors
    /// Database errors; what was written before stays.
    pub fn finish(mut self) -> Result<Vec<Admitted>> {
        self.hand_on()?;
        let mut admitted = self.close()?;
        admitted.resize_with(self.part + 1, Admitted::default);
        Ok(admitted)
    }

    fn hand_on(&mut self) -> Result<()> {
        if self.page.is_empty() {
            return Ok(());
        }
        let entries = std::mem::take(&mut self.page);
        self.bytes = 0;
        let chains = self.lore.learn(&self.store, &entries)?;
        let (reply, answer) = sync_channel(1);
        let order = self.order.as_ref().is_some_and(|order| order.send(answer).is_ok());
        let page = Page { part: self.part, entries, chains };
        let work = self.work.as_ref().is_some_and(|work| work.send((page, reply)).is_ok());
        if order && work {
            return Ok(());
        }
        // The writer has ended before its time, so it has an error to tell.
        self.close()?;
        Err(ended())
    }

    /// Lets the threads come to their ends.
    fn close(&mut self) -> Result<Vec<Admitted>> {
        (self.work, self.order) = (None, None);
        let admitted = self.writer.take().map_or(Err(ended()), |writer| writer.join().unwrap_or_else(|_| Err(ended())));
        for examiner in self.examiners.drain(..) {
            let _ = examiner.join();
        }
        admitted
    }
}

impl Drop for Intake {
    fn drop(&mut self) {
        if self.writer.is_some() {
            let _ = self.close();
        }
    }
}

fn ended() -> Error {
    Error::Invalid { what: "intake", why: "a thread of it ended before its time".into() }
}

fn size(entry: &SealedEntry) -> usize {
    256 + entry.body.as_ref().map_or(0, Vec::len)
}

/// Writes pages in their order, several in one step. What became of each part.
fn write(store: &Store, trust: &Trust, pages: &Receiver<Receiver<Examined>>, now_ms: i64) -> Result<Vec<Admitted>> {
    let mut all: Vec<Admitted> = Vec::new();
    // A page that was promised comes, whatever else happens: examiners need nothing of the store.
    while let Some(first) = pages.recv().ok().and_then(|page| page.recv().ok()) {
        store.let_others_write();
        let began = Instant::now();
        let step = store.transact(Op::Admit, |tx| {
            let mut admitted = Vec::new();
            let (mut bytes, mut page) = (0, Some(first));
            while let Some(Examined { part, run, about, bytes: size }) = page.take() {
                bytes += size;
                admitted.push((part, tx.receive_examined(trust, run, &about, now_ms)?));
                if began.elapsed() < STEP.0 && bytes < STEP.1 && !store.others_want_to_write() {
                    page = pages.recv_timeout(PATIENCE).ok().and_then(|page| page.recv().ok());
                }
            }
            Ok(admitted)
        })?;
        for (part, admitted) in step {
            all.resize_with(all.len().max(part + 1), Admitted::default);
            if let Some(of_part) = all.get_mut(part) {
                of_part.add(admitted);
            }
        }
    }
    Ok(all)
}

impl Page {
    fn examine(self, look: &Look) -> Examined {
        let mut about = About::with_capacity(self.entries.len());
        let bytes = self.entries.iter().map(size).sum();
        let examine = |entry: SealedEntry| {
            let chain = self.chains.get(&entry.header.chain);
            let incoming = Incoming::examined(entry, chain.and_then(|chain| chain.signer.as_ref()));
            let key = chain.and_then(|chain| chain.key.as_ref()).filter(|_| incoming.is_good());
            if let Some(key) = key
                && let Ok(body) = open_body(incoming.entry(), key)
            {
                let glance = look(incoming.hash(), incoming.entry().header.chain, &body);
                let (key, kind, record) = (key.clone(), body.kind, body.record);
                about.insert(incoming.hash(), Body { key, kind, record, glance });
            }
            incoming
        };
        let part = self.part;
        Examined { part, run: self.entries.into_iter().map(examine).collect(), about, bytes }
    }
}

impl Lore {
    /// Takes from a page what its openings and grants say, and gives what is known of the chains in it.
    fn learn(&mut self, store: &Store, entries: &[SealedEntry]) -> Result<HashMap<ChainId, Chain>> {
        let mut of_page = HashMap::new();
        for entry in entries {
            let chain = entry.header.chain;
            if let Entry::Vacant(place) = self.chains.entry(chain) {
                let (opening, key) = store.read(|view| Ok((view.opening(chain)?, view.content_key(chain)?)))?;
                let signer = opening.and_then(|opening| Some(opening.header.opening()?.certificate.key));
                place.insert(Chain { signer, key });
            }
            if entry.header.form.has_parcel() {
                self.learn_parcel(entry);
            }
        }
        for entry in entries {
            let chain = entry.header.chain;
            of_page.entry(chain).or_insert_with(|| self.chains.get(&chain).cloned().unwrap_or_default());
        }
        Ok(of_page)
    }

    fn learn_parcel(&mut self, entry: &SealedEntry) {
        if let Some(opening) = entry.header.opening() {
            let known = self.chains.entry(entry.header.chain).or_default();
            known.signer.get_or_insert(opening.certificate.key);
            self.commitments.insert(entry.header.chain, opening.commitment);
            if let Some(key) = self.early.remove(&entry.header.chain) {
                known.key.get_or_insert(key);
            }
        }
        let opened = self.readers.iter().find_map(|reader| open_parcel(entry, reader).ok().flatten());
        for granted in opened.into_iter().flatten() {
            match self.commitments.get(&granted.chain) {
                Some(commitment) if granted.check(commitment) => {
                    self.chains.entry(granted.chain).or_default().key.get_or_insert(granted.key);
                }
                Some(_) => {}
                None => _ = self.early.insert(granted.chain, granted.key),
            }
        }
    }
}
