//! Entries in the order of arrival, the signers of chains, and the heads.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use rusqlite::{Connection, OptionalExtension as _, params};
use tianye_journal::{ChainId, EntryHash, Frontier, Head, Known, Place, PublicKey, SealedEntry, Seq};

/// What the hub holds of a project, as verification asks for it.
pub(crate) struct Held<'a> {
    db: &'a Connection,
    project: i64,
    failure: RefCell<Option<rusqlite::Error>>,
}

impl<'a> Held<'a> {
    pub(crate) fn new(db: &'a Connection, project: i64) -> Self {
        Self { db, project, failure: RefCell::default() }
    }

    /// What went wrong while verification asked; it has no way to say so itself.
    pub(crate) fn finish(self) -> rusqlite::Result<()> {
        self.failure.into_inner().map_or(Ok(()), Err)
    }

    fn or_note<T: Default>(&self, result: rusqlite::Result<T>) -> T {
        result.unwrap_or_else(|error| {
            *self.failure.borrow_mut() = Some(error);
            T::default()
        })
    }
}

impl Known for Held<'_> {
    fn signer(&self, chain: ChainId) -> Option<PublicKey> {
        let key = self.or_note(signer(self.db, self.project, chain));
        key.and_then(|key| PublicKey::from_bytes(&key).ok())
    }

    fn at(&self, chain: ChainId, seq: Seq) -> Vec<EntryHash> {
        self.or_note(at(self.db, self.project, chain, seq))
    }
}

fn signer(db: &Connection, project: i64, chain: ChainId) -> rusqlite::Result<Option<[u8; 32]>> {
    db.prepare_cached("SELECT signer FROM chain WHERE project = ?1 AND chain = ?2")?
        .query_row(params![project, chain.as_bytes()], |row| row.get(0))
        .optional()
}

fn at(db: &Connection, project: i64, chain: ChainId, seq: Seq) -> rusqlite::Result<Vec<EntryHash>> {
    db.prepare_cached("SELECT hash FROM entry WHERE project = ?1 AND chain = ?2 AND seq = ?3")?
        .query_map(params![project, chain.as_bytes(), seq.get()], |row| Ok(EntryHash::from_bytes(row.get(0)?)))?
        .collect()
}

/// Writes a verified entry whose predecessor is held. `false`: it was here before (perhaps since a moment ago).
pub(crate) fn insert(db: &Connection, project: i64, entry: &SealedEntry, bytes: &[u8]) -> rusqlite::Result<bool> {
    let header = &entry.header;
    let (chain, hash) = (header.chain, entry.hash());
    let added = db
        .prepare_cached(
            "INSERT INTO entry (project, chain, seq, hash, previous, has_body, bytes)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            project,
            chain.as_bytes(),
            header.seq.get(),
            hash.as_bytes(),
            header.previous.as_bytes(),
            entry.body.is_some(),
            bytes
        ])?;
    if added == 0 {
        return Ok(false);
    }
    if let Some(opening) = header.opening() {
        db.prepare_cached("INSERT INTO chain (project, chain, signer) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")?
            .execute(params![project, chain.as_bytes(), opening.certificate.key.as_bytes()])?;
    }
    db.prepare_cached("DELETE FROM head WHERE project = ?1 AND chain = ?2 AND hash = ?3")?.execute(params![
        project,
        chain.as_bytes(),
        header.previous.as_bytes()
    ])?;
    db.prepare_cached("INSERT INTO head (project, chain, seq, hash) VALUES (?1, ?2, ?3, ?4)")?.execute(params![
        project,
        chain.as_bytes(),
        header.seq.get(),
        hash.as_bytes()
    ])?;
    Ok(true)
}

/// Adds the body to an entry that is held without one; `true` if that was so.
pub(crate) fn add_body(db: &Connection, project: i64, hash: EntryHash, bytes: &[u8]) -> rusqlite::Result<bool> {
    let changed = db
        .prepare_cached("UPDATE entry SET bytes = ?3, has_body = 1 WHERE project = ?1 AND hash = ?2 AND has_body = 0")?
        .execute(params![project, hash.as_bytes(), bytes])?;
    Ok(changed == 1)
}

/// The heads of all chains.
pub(crate) fn frontier(db: &Connection, project: i64) -> rusqlite::Result<Frontier> {
    let mut frontier = Frontier::default();
    let mut statement = db.prepare_cached("SELECT chain, seq, hash FROM head WHERE project = ?1")?;
    let mut rows = statement.query([project])?;
    while let Some(row) = rows.next()? {
        if let Some(seq) = Seq::new(row.get(1)?) {
            let head = Head { seq, hash: EntryHash::from_bytes(row.get(2)?) };
            frontier.insert(ChainId::from_bytes(row.get(0)?), head);
        }
    }
    Ok(frontier)
}

/// The place of an entry that is here with its body; `None` otherwise.
pub(crate) fn place_with_body(db: &Connection, project: i64, hash: EntryHash) -> rusqlite::Result<Option<Place>> {
    let found = db
        .prepare_cached("SELECT chain, seq FROM entry WHERE project = ?1 AND hash = ?2 AND has_body")?
        .query_row(params![project, hash.as_bytes()], |row| Ok((row.get(0)?, row.get::<_, u64>(1)?)))
        .optional()?;
    Ok(found.and_then(|(chain, seq)| Some(Place { chain: ChainId::from_bytes(chain), seq: Seq::new(seq)?, hash })))
}

/// Entries, and whether there are more.
#[derive(Debug, Default)]
pub(crate) struct Page {
    /// Canonical bytes of entries, each after its predecessor.
    pub(crate) entries: Vec<Vec<u8>>,
    pub(crate) more: bool,
    bytes: usize,
    max_entries: usize,
    max_bytes: usize,
}

impl Page {
    fn takes(&mut self, bytes: usize) -> bool {
        let fits = self.entries.len() < self.max_entries && self.bytes + bytes <= self.max_bytes;
        self.more |= !fits && !self.entries.is_empty();
        fits || self.entries.is_empty()
    }

    fn push(&mut self, bytes: Vec<u8>) {
        self.bytes += bytes.len();
        self.entries.push(bytes);
    }
}

/// What a side with the frontier `theirs` lacks, chain by chain. Exact for forks too, so that each page is a step on.
pub(crate) fn missing(
    db: &Connection,
    project: i64,
    theirs: &Frontier,
    max_entries: usize,
    max_bytes: usize,
) -> rusqlite::Result<Page> {
    let ours = frontier(db, project)?;
    let mut page = Page { max_entries: max_entries.max(1), max_bytes, ..Page::default() };
    let chains: BTreeSet<ChainId> = ours.iter().map(|(chain, _)| chain).collect();
    for chain in chains {
        if page.more {
            break;
        }
        let our: Vec<Head> = ours.heads(chain).collect();
        let their: Vec<Head> = theirs.heads(chain).collect();
        if our.iter().all(|head| their.contains(head)) {
            continue;
        }
        match (our.as_slice(), their.as_slice()) {
            (_, []) => after(db, project, chain, 0, &mut page)?,
            // They are ahead; what they have beyond comes when they push.
            ([our], [their]) if their.seq > our.seq => {}
            ([our], [their]) if their.seq < our.seq && at(db, project, chain, their.seq)?.contains(&their.hash) => {
                after(db, project, chain, their.seq.get(), &mut page)?;
            }
            _ => beyond(db, project, chain, &their, &mut page)?,
        }
    }
    Ok(page)
}

fn after(db: &Connection, project: i64, chain: ChainId, seq: u64, page: &mut Page) -> rusqlite::Result<()> {
    let mut statement = db.prepare_cached(
        "SELECT bytes FROM entry WHERE project = ?1 AND chain = ?2 AND seq > ?3 ORDER BY seq, arrival",
    )?;
    let mut rows = statement.query(params![project, chain.as_bytes(), seq])?;
    while let Some(row) = rows.next()? {
        let bytes = row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?;
        if !page.takes(bytes.len()) {
            break;
        }
        page.push(bytes.to_vec());
    }
    Ok(())
}

/// For split chains: everything that is not one of `their` heads or an ancestor of one.
fn beyond(db: &Connection, project: i64, chain: ChainId, their: &[Head], page: &mut Page) -> rusqlite::Result<()> {
    let mut statement = db.prepare_cached(
        "SELECT hash, previous, arrival FROM entry WHERE project = ?1 AND chain = ?2 ORDER BY seq, arrival",
    )?;
    let rows = statement.query_map(params![project, chain.as_bytes()], |row| {
        Ok((row.get::<_, [u8; 32]>(0)?, row.get::<_, [u8; 32]>(1)?, row.get::<_, i64>(2)?))
    })?;
    let rows: Vec<_> = rows.collect::<rusqlite::Result<_>>()?;
    let previous: BTreeMap<[u8; 32], [u8; 32]> = rows.iter().map(|(hash, previous, _)| (*hash, *previous)).collect();
    let mut had = BTreeSet::new();
    for head in their {
        let mut hash = *head.hash.as_bytes();
        while let Some(before) = previous.get(&hash) {
            if !had.insert(hash) {
                break;
            }
            hash = *before;
        }
    }
    let mut fetch = db.prepare_cached("SELECT bytes FROM entry WHERE arrival = ?1")?;
    for (hash, _, arrival) in rows {
        if had.contains(&hash) {
            continue;
        }
        let bytes: Vec<u8> = fetch.query_row([arrival], |row| row.get(0))?;
        if !page.takes(bytes.len()) {
            break;
        }
        page.push(bytes);
    }
    Ok(())
}
