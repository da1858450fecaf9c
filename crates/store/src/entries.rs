//! The entries as they travel, and the ends of their chains.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};

use rusqlite::Row;
use tianye_journal::{ChainId, EntryHash, Frontier, Head, Place, SealedEntry, Seq, Span};

use crate::sql::named;
use crate::{Error, Result, Tx, View};

const SQL: &str = include_str!("../sql/entries.sql");

/// How much a page of entries may hold. At least one place of a chain is always given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Entries.
    pub entries: usize,
    /// Bytes of them as they travel.
    pub bytes: usize,
}

impl Default for Limit {
    /// 500 entries or 1 MiB.
    fn default() -> Self {
        Self { entries: 500, bytes: 1 << 20 }
    }
}

/// A page of entries that another replica lacks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The entries, byte for byte as they came; ascending in each chain.
    pub entries: Vec<SealedEntry>,
    /// What is still to be sent; to be handed to [`View::entries_in`]. Empty at the end.
    pub rest: Vec<Span>,
}

impl View<'_> {
    /// The heads of all chains.
    ///
    /// # Errors
    /// Database errors.
    pub fn frontier(&self) -> Result<Frontier> {
        const HEADS: &str = named(SQL, "heads");
        let mut frontier = Frontier::default();
        for (chain, seq, hash) in self.all(HEADS, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))? {
            frontier.insert(ChainId::from_bytes(chain), self.head(seq, hash)?);
        }
        Ok(frontier)
    }

    /// The heads of one chain: none, one, or several after a fork.
    ///
    /// # Errors
    /// Database errors.
    pub fn heads_of(&self, chain: ChainId) -> Result<Vec<Head>> {
        const HEADS: &str = named(SQL, "heads_of");
        let heads = self.all(HEADS, [chain.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        heads.into_iter().map(|(seq, hash)| self.head(seq, hash)).collect()
    }

    /// The chains that go on in more than one way: an alarm, since a disk was cloned or put back.
    ///
    /// # Errors
    /// Database errors.
    pub fn forked_chains(&self) -> Result<Vec<ChainId>> {
        const FORKED: &str = named(SQL, "forked");
        self.all(FORKED, [], |row| Ok(ChainId::from_bytes(row.get(0)?)))
    }

    /// The first page of what a replica with the frontier `theirs` lacks.
    ///
    /// # Errors
    /// Database errors.
    pub fn entries_missing_from(&self, theirs: &Frontier, limit: Limit) -> Result<Page> {
        // Only the other's heads can be asked for, so only they are looked up beforehand.
        let mut held = HashSet::new();
        for (_, head) in theirs.iter() {
            if self.has_entry(head.hash)? {
                held.insert(head.hash);
            }
        }
        let spans = self.frontier()?.missing_from(theirs, |_, head| held.contains(&head.hash));
        self.entries_in(&spans, limit)
    }

    /// A page of the entries in `spans`, and what is left of them. All entries of one place come in one page.
    ///
    /// # Errors
    /// Database errors; [`Error::Damaged`] if stored bytes are no entry.
    pub fn entries_in(&self, spans: &[Span], limit: Limit) -> Result<Page> {
        const AFTER: &str = named(SQL, "after");
        let mut page = Page::default();
        let mut bytes = 0;
        for (at, span) in spans.iter().enumerate() {
            let mut last = span.after;
            let mut statement = self.conn.prepare_cached(AFTER).map_err(|e| self.failed(&e))?;
            let after = span.after.map_or(0, |seq| seq.get().cast_signed());
            let mut rows = statement.query((span.chain.as_bytes(), after)).map_err(|e| self.failed(&e))?;
            while let Some(row) = rows.next().map_err(|e| self.failed(&e))? {
                let seq = self.seq(row.get(0).map_err(|e| self.failed(&e))?)?;
                let sealed: Vec<u8> = row.get(1).map_err(|e| self.failed(&e))?;
                let full = page.entries.len() >= limit.entries || bytes + sealed.len() > limit.bytes;
                if full && !page.entries.is_empty() && last != Some(seq) {
                    page.rest.push(Span { chain: span.chain, after: last });
                    page.rest.extend_from_slice(&spans[at + 1..]);
                    return Ok(page);
                }
                bytes += sealed.len();
                last = Some(seq);
                page.entries.push(self.parse(&sealed)?);
            }
        }
        Ok(page)
    }

    /// Whether an entry is here.
    ///
    /// # Errors
    /// Database errors.
    pub fn has_entry(&self, hash: EntryHash) -> Result<bool> {
        const HAS: &str = named(SQL, "has");
        Ok(self.one(HAS, [hash.as_bytes()], |_| Ok(()))?.is_some())
    }

    /// An entry as it travels.
    ///
    /// # Errors
    /// Database errors; [`Error::Damaged`] if stored bytes are no entry.
    pub fn entry(&self, hash: EntryHash) -> Result<Option<SealedEntry>> {
        const BY_HASH: &str = named(SQL, "by_hash");
        let sealed: Option<Vec<u8>> = self.one(BY_HASH, [hash.as_bytes()], |row| row.get(0))?;
        sealed.map(|sealed| self.parse(&sealed)).transpose()
    }

    /// The chain of an entry that is here, and its number there, whether its body is here or not.
    ///
    /// # Errors
    /// Database errors.
    pub fn place_of(&self, hash: EntryHash) -> Result<Option<(ChainId, Seq)>> {
        const PLACE_OF: &str = named(SQL, "place_of");
        let place: Option<([u8; 16], i64)> =
            self.one(PLACE_OF, [hash.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let seq = |seq| u64::try_from(seq).ok().and_then(Seq::new);
        Ok(place.and_then(|(chain, number)| Some((ChainId::from_bytes(chain), seq(number)?))))
    }

    /// How many entries are here.
    ///
    /// # Errors
    /// Database errors.
    pub fn count_entries(&self) -> Result<u64> {
        const COUNT: &str = named(SQL, "count");
        Ok(self.one(COUNT, [], |row| row.get(0))?.unwrap_or_default())
    }

    /// The first entry of a chain: it holds the certificate of who writes it.
    ///
    /// # Errors
    /// Database errors.
    pub fn opening(&self, chain: ChainId) -> Result<Option<SealedEntry>> {
        const OPENING: &str = named(SQL, "opening");
        let sealed: Option<Vec<u8>> = self.one(OPENING, [chain.as_bytes()], |row| row.get(0))?;
        sealed.map(|sealed| self.parse(&sealed)).transpose()
    }

    /// An entry and all that lie before it in its chain. While it is not here itself: those of the chain up to its place
    /// that stand there alone, so that nothing slips in from another branch.
    ///
    /// # Errors
    /// Database errors.
    pub fn entries_up_to(&self, place: &Place) -> Result<BTreeSet<EntryHash>> {
        const BACK: &str = named(SQL, "back_from");
        const ALONE: &str = named(SQL, "alone_up_to");
        let read = |row: &Row<'_>| Ok(EntryHash::from_bytes(row.get(0)?));
        let found = if self.has_entry(place.hash)? {
            self.all(BACK, [place.hash.as_bytes()], read)?
        } else {
            self.all(ALONE, (place.chain.as_bytes(), place.seq.get().cast_signed()), read)?
        };
        Ok(found.into_iter().collect())
    }

    /// How many entries of a chain are here.
    ///
    /// # Errors
    /// Database errors.
    pub fn count_entries_in(&self, chain: ChainId) -> Result<u64> {
        const COUNT: &str = named(SQL, "count_in");
        Ok(self.one(COUNT, [chain.as_bytes()], |row| row.get(0))?.unwrap_or_default())
    }

    /// The newest place of a chain that is taken.
    pub(crate) fn newest(&self, chain: ChainId) -> Result<Option<Seq>> {
        const NEWEST: &str = named(SQL, "newest");
        let newest: Option<Option<i64>> = self.one(NEWEST, [chain.as_bytes()], |row| row.get(0))?;
        newest.flatten().map(|seq| self.seq(seq)).transpose()
    }

    /// All entries in one place of a chain.
    pub(crate) fn place(&self, chain: ChainId, seq: Seq) -> Result<Vec<EntryHash>> {
        const PLACE: &str = named(SQL, "place");
        let params = (chain.as_bytes(), seq.get().cast_signed());
        self.all(PLACE, params, |row| Ok(EntryHash::from_bytes(row.get(0)?)))
    }

    pub(crate) fn arrival(&self, hash: EntryHash) -> Result<Option<i64>> {
        const ARRIVAL: &str = named(SQL, "arrival");
        self.one(ARRIVAL, [hash.as_bytes()], |row| row.get(0))
    }

    /// Entries that hold parcels of content keys.
    pub(crate) fn parcels(&self) -> Result<Vec<SealedEntry>> {
        const PARCELS: &str = named(SQL, "parcels");
        let sealed: Vec<Vec<u8>> = self.all(PARCELS, [], |row| row.get(0))?;
        sealed.iter().map(|sealed| self.parse(sealed)).collect()
    }

    /// Own entries that are not in `there`, those for the team among them, in the order of sealing.
    pub(crate) fn own_entries_except(&self, there: &HashSet<EntryHash>) -> Result<Vec<SealedEntry>> {
        const OWN: &str = named(SQL, "own");
        let rows = self.all(OWN, [], |row| {
            let hash = EntryHash::from_bytes(row.get(0)?);
            Ok(if there.contains(&hash) { None } else { Some(row.get::<_, Vec<u8>>(1)?) })
        })?;
        rows.iter().flatten().map(|sealed| self.parse(sealed)).collect()
    }

    pub(crate) fn parse(&self, sealed: &[u8]) -> Result<SealedEntry> {
        SealedEntry::from_bytes(sealed).map_err(|error| self.damaged(format!("a stored entry: {error}")))
    }

    pub(crate) fn seq(&self, number: i64) -> Result<Seq> {
        let seq = u64::try_from(number).ok().and_then(Seq::new);
        seq.ok_or_else(|| self.damaged("an entry stands in a place that no chain has"))
    }

    fn head(&self, seq: i64, hash: [u8; 32]) -> Result<Head> {
        Ok(Head { seq: self.seq(seq)?, hash: EntryHash::from_bytes(hash) })
    }
}

/// Entries of one chain that are written one after the other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run {
    chain: ChainId,
    row: i64,
    /// The arrival of the first, once it is written: the others follow without a gap.
    first: Option<i64>,
    /// The newest.
    seq: Seq,
    hash: EntryHash,
}

impl Run {
    /// The run with the entry that follows its newest, if it is that one.
    pub(crate) fn followed_by(self, entry: &SealedEntry, hash: EntryHash) -> Option<Self> {
        let header = &entry.header;
        (header.chain == self.chain && header.previous == self.hash).then_some(Self { seq: header.seq, hash, ..self })
    }
}

impl Tx<'_> {
    /// Writes a new entry whose predecessor is here, and moves the head of its chain. Its arrival number.
    pub(crate) fn insert_entry(&mut self, entry: &SealedEntry) -> Result<i64> {
        let hash = entry.hash();
        let mut run = self.begin_run(entry, hash)?;
        let any_erased = self.holds_erased()?;
        let arrival = self.write_entry(&mut run, entry, hash, any_erased)?;
        self.end_run(&run)?;
        Ok(arrival)
    }

    /// Begins to write entries of a chain one after the other: the place before the first is no head any more.
    pub(crate) fn begin_run(&mut self, entry: &SealedEntry, hash: EntryHash) -> Result<Run> {
        const BEHEAD: &str = named(SQL, "behead");
        let header = &entry.header;
        if header.seq > Seq::FIRST && !self.has_entry(header.previous)? {
            return Err(Error::Invalid { what: "entry", why: "the entry before it is not in this store".into() });
        }
        let row = self.chain_row(header.chain)?;
        self.run(BEHEAD, [header.previous.as_bytes()])?;
        Ok(Run { chain: header.chain, row, first: None, seq: header.seq, hash })
    }

    /// Writes the entry at the end of a run, its body only if that was not erased here. Its arrival number.
    pub(crate) fn write_entry(
        &mut self,
        run: &mut Run,
        entry: &SealedEntry,
        hash: EntryHash,
        any_erased: bool,
    ) -> Result<i64> {
        const ADD: &str = named(SQL, "add");
        let entry = if any_erased { self.without_erased(entry)? } else { Cow::Borrowed(entry) };
        let header = &entry.header;
        let (has_body, parcel) = (entry.body.is_some(), header.form.has_parcel());
        let (seq, previous) = (header.seq.get().cast_signed(), header.previous.as_bytes());
        let arrival =
            self.insert(ADD, (run.row, seq, hash.as_bytes(), previous, has_body, parcel, entry.to_bytes()))?;
        run.first.get_or_insert(arrival);
        Ok(arrival)
    }

    /// The last entry of a run is a head now, and none of it has a receipt yet.
    pub(crate) fn end_run(&mut self, run: &Run) -> Result<()> {
        const ADD_HEAD: &str = named(SQL, "add_head");
        const CAME: &str = named(SQL, "came");
        self.run(CAME, [run.first])?;
        self.run(ADD_HEAD, (run.row, run.seq.get().cast_signed(), run.hash.as_bytes())).map(|_| ())
    }

    /// Fills in the body of an entry that came without. Whether it was missing.
    pub(crate) fn fill_body(&mut self, entry: &SealedEntry) -> Result<bool> {
        const FILL: &str = named(SQL, "fill_body");
        if self.without_erased(entry)?.body.is_none() {
            return Ok(false);
        }
        Ok(self.run(FILL, (entry.hash().as_bytes(), entry.to_bytes()))? > 0)
    }

    /// Counts a chain as this laptop's, and as the one that [`View::own_chain`] goes on with.
    pub(crate) fn make_own(&mut self, chain: ChainId) -> Result<()> {
        const OWN: &str = named(SQL, "make_own");
        let row = self.chain_row(chain)?;
        self.run(OWN, [row]).map(|_| ())
    }

    /// Counts a chain as this laptop's beside the ordinary ones: one for the team, a restricted one, one that came back. What
    /// stands in it is kept twice and waits to be sent like the rest, but the ordinary chain does not go on with it.
    pub(crate) fn make_own_too(&mut self, chain: ChainId) -> Result<()> {
        const TOO: &str = named(SQL, "make_own_too");
        let row = self.chain_row(chain)?;
        self.run(TOO, [row]).map(|_| ())
    }

    pub(crate) fn rebuild_heads(&mut self) -> Result<()> {
        self.run(named(SQL, "drop_heads"), [])?;
        self.run(named(SQL, "rebuild_heads"), []).map(|_| ())
    }

    fn chain_row(&mut self, chain: ChainId) -> Result<i64> {
        const CHAIN: &str = named(SQL, "chain");
        const ADD: &str = named(SQL, "add_chain");
        match self.one(CHAIN, [chain.as_bytes()], |row| row.get(0))? {
            Some(row) => Ok(row),
            None => self.insert(ADD, [chain.as_bytes()]),
        }
    }
}

/// The newest chain that this laptop opened.
pub(crate) const OWN_CHAIN: &str = named(SQL, "own_chain");
