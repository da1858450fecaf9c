//! Recovery: a store whose database is damaged or gone stands again, from its newest good snapshot and whatever the damaged
//! database still gives. The damaged files are set aside as they are; nothing here deletes them.
//!
//! This builds the database. Entries that come from elsewhere (the damaged database, black boxes) are handed back, to be
//! taken in through [`Tx::receive`](crate::Tx::receive) like entries of anybody: only verified ones enter.
//!
//! A power cut at any point leaves the damaged files, here or set aside. Until whoever recovers says that it is done
//! ([`Tx::end_recovery`]), the store is not unlocked by its passphrase but for another recovery, which goes on where the last one
//! was cut off: what was confirmed may still lie outside of the new database, and the end of the own chain with it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::types::Value;
use rusqlite::{Connection, ErrorCode, Row};
use tianye_journal::{ChainId, PublicKey, RecordId, SealedEntry};

use crate::connect::{self, Access, Depth, Journal};
use crate::keys::Key;
use crate::snapshots::{self, Snapshot};
use crate::sql::named;
use crate::store::{copy, discard, open_slots};
use crate::{Error, Op, Result, Store, Tx, Unlock, View, files, hold, migrate};

const SQL: &str = include_str!("../sql/recover.sql");
/// Folder of what was set aside.
const ASIDE: &str = "set-aside";
/// The setting that stands while a recovery is not done: when the snapshot was made that it began with, if with one.
const RECOVERING: &str = "recovering";
/// Ends of the files that a database has beside it.
pub(crate) const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];
/// After so many places that cannot be read in a row, the rest of a table is given up.
const GIVE_UP: u32 = 80;

/// What the recovered database began as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ground {
    /// The database was whole, no recovery of it was cut off, and nothing was changed.
    Whole,
    /// A snapshot.
    Snapshot(Snapshot),
    /// No snapshot was good: what could be read of the damaged database is all there is.
    Remains,
}

/// A store that stands again.
#[derive(Debug)]
pub struct Recovered {
    /// The store, unlocked.
    pub store: Store,
    /// What its database began as.
    pub ground: Ground,
    /// Where the damaged files lie now.
    pub set_aside: Option<PathBuf>,
    /// Snapshots that were not good themselves: they stay.
    pub bad_snapshots: Vec<PathBuf>,
    /// Drafts that came from the damaged database.
    pub drafts: BTreeSet<RecordId>,
    /// Whether some part of the damaged database could not be read.
    pub lost_some: bool,
}

/// Lets a store stand again at `now_ms`.
///
/// # Errors
/// [`Error::WrongPassphrase`] …, [`Error::InUse`]; [`Error::Damaged`] where neither a snapshot nor the damaged database says
/// whose store it is; disk errors. The damaged files are then still there.
pub fn recover(dir: &Path, unlock: Unlock<'_>, now_ms: i64) -> Result<Recovered> {
    let (slots, keys) = open_slots(dir, unlock)?;
    let hold = hold::hold(dir, Some(now_ms))?;
    let path = dir.join(connect::FILE);
    let whole = !is_empty(&path) && connect::inspect(&path, &keys.data, Depth::Indexes).is_ok();
    let built = if whole { None } else { Some(rebuild(dir, &path, &keys.data, now_ms)?) };
    let store = Store::unlock_held(dir, slots, keys, hold, now_ms)?;
    let built = built.map_or_else(|| built_before(&store), Ok)?;
    let Built { ground, set_aside, bad_snapshots, drafts, lost_some } = built;
    Ok(Recovered { store, ground, set_aside, bad_snapshots, drafts, lost_some })
}

struct Built {
    ground: Ground,
    set_aside: Option<PathBuf>,
    bad_snapshots: Vec<PathBuf>,
    drafts: BTreeSet<RecordId>,
    lost_some: bool,
}

/// What a recovery had built that was cut off after that; nothing, where none was.
fn built_before(store: &Store) -> Result<Built> {
    let (bad_snapshots, mut drafts) = (Vec::new(), BTreeSet::new());
    let Some(mark) = store.read(|view| view.setting(RECOVERING))? else {
        return Ok(Built { ground: Ground::Whole, set_aside: None, bad_snapshots, drafts, lost_some: false });
    };
    let of_mark = |snapshot: &Snapshot| snapshot.made_ms.to_string().as_bytes() == mark;
    let snapshot = snapshots::snapshots_in(store.dir())?.into_iter().find(of_mark);
    let set_aside = set_aside_in(store.dir())?.pop();
    let mut lost_some = true;
    if let Some(aside) = &set_aside {
        let damaged = aside.join(connect::FILE);
        lost_some = Remains::read(&damaged, &store.keys.data).lost_some;
        drafts = drafts_left(&damaged, &store.keys.data).0;
    }
    let ground = snapshot.map_or(Ground::Remains, Ground::Snapshot);
    Ok(Built { ground, set_aside, bad_snapshots, drafts, lost_some })
}

/// Where a recovery builds the new database, until it takes the place of the damaged one.
pub(crate) fn rebuilt_in(dir: &Path) -> PathBuf {
    dir.join(format!("{}.new", connect::FILE))
}

fn rebuild(dir: &Path, path: &Path, key: &Key, now_ms: i64) -> Result<Built> {
    let failed = |error: std::io::Error| Error::io(Op::Backup, &error);
    let new = rebuilt_in(dir);
    // Left by a recovery that was cut off.
    discard(&new).map_err(failed)?;
    let mut bad_snapshots = Vec::new();
    let mut ground = Ground::Remains;
    for snapshot in snapshots::snapshots_in(dir)? {
        match snapshots::verify(&snapshot.path, key, 0) {
            Ok(()) => {
                copy(&snapshot.path, &new, key)?;
                ground = Ground::Snapshot(snapshot);
                break;
            }
            Err(Error::Damaged { .. }) => bad_snapshots.push(snapshot.path),
            Err(error) => return Err(error),
        }
    }
    // Where a recovery was cut off after it had set the damaged database aside, that is the one to read.
    let aside = aside_of(dir, path, now_ms)?;
    let damaged = if path.is_file() { path.to_owned() } else { aside.join(connect::FILE) };
    let access = if new.is_file() { Access::Write } else { Access::Create };
    // It was looked at when it was copied, or is empty: a page of it that does not open is one that the disk did not give.
    let doubted = |error| connect::doubt(&new, key, Op::Backup, error);
    let mut conn = connect::open(&new, key, access).map_err(doubted)?;
    migrate::migrate(&mut conn, &new, migrate::ALL).map_err(doubted)?;
    let remains = Remains::read(&damaged, key);
    let wrong = |error: rusqlite::Error| doubted(Error::sqlite(Op::Backup, &new, &error));
    let drafts = remains.put(&mut conn).map_err(wrong)?;
    if matches!(ground, Ground::Remains) && !has_person(&conn).map_err(wrong)? {
        drop(conn);
        discard(&new).map_err(failed)?;
        let what = "no snapshot is good, and nothing in it says whose it is".to_owned();
        return Err(Error::Damaged { path: damaged, what });
    }
    let mark = match &ground {
        Ground::Snapshot(snapshot) => snapshot.made_ms.to_string(),
        Ground::Whole | Ground::Remains => String::new(),
    };
    conn.execute(named(SQL, "put_setting"), (RECOVERING, mark.as_bytes())).map_err(wrong)?;
    connect::keep_changes_in(Journal::Itself, &conn, &new, Op::Backup)?;
    conn.close().map_err(|(_, error)| wrong(error))?;
    connect::inspect(&new, key, Depth::Indexes)?;
    // The database first: what lies beside it says nothing without it, and it must never be opened without them.
    files::make_dir_within(dir, &aside).map_err(failed)?;
    for end in std::iter::once("").chain(BESIDE) {
        let (from, to) = (beside(path, end), beside(&aside.join(connect::FILE), end));
        if from.is_file() {
            files::rename(&from, &to).map_err(failed)?;
        }
    }
    files::sync_dir(dir).map_err(failed)?;
    files::rename(&new, path).map_err(failed)?;
    let set_aside = Some(aside).filter(|aside| aside.join(connect::FILE).is_file());
    Ok(Built { ground, set_aside, bad_snapshots, drafts, lost_some: remains.lost_some })
}

/// The folders of damaged databases in a store's folder, oldest first.
pub(crate) fn set_aside_in(dir: &Path) -> Result<Vec<PathBuf>> {
    let failed = |error: std::io::Error| Error::io(Op::Read, &error);
    let all = dir.join(ASIDE);
    let mut found = Vec::new();
    if all.is_dir() {
        for folder in fs::read_dir(&all).map_err(failed)? {
            found.push(folder.map_err(failed)?.path());
        }
    }
    found.retain(|folder| folder.join(connect::FILE).is_file());
    found.sort();
    Ok(found)
}

/// The folder to set aside into: a new one, or that of a recovery that was cut off.
fn aside_of(dir: &Path, path: &Path, now_ms: i64) -> Result<PathBuf> {
    let all = dir.join(ASIDE);
    if !path.is_file()
        && let Some(newest) = set_aside_in(dir)?.pop()
    {
        return Ok(newest);
    }
    let named = |n: u32| all.join(if n == 0 { format!("{now_ms:013}") } else { format!("{now_ms:013}-{n}") });
    Ok((0..).map(named).find(|folder| !folder.exists()).unwrap_or_else(|| named(0)))
}

pub(crate) fn beside(path: &Path, end: &str) -> PathBuf {
    let mut file = path.as_os_str().to_owned();
    file.push(end);
    file.into()
}

/// Nothing in it, or no file at all: SQLite would take that for a new database.
fn is_empty(path: &Path) -> bool {
    fs::metadata(path).map_or(true, |about| about.len() == 0)
}

fn has_person(conn: &Connection) -> rusqlite::Result<bool> {
    conn.query_row(named(SQL, "has_person"), [], |row| row.get(0))
}

/// A row as it stood.
type Cells = Vec<Value>;

/// What could be read of the tables of a damaged database that are not entries.
struct Remains {
    /// Rows to put in as they are: the statement, and the rows.
    rows: Vec<(&'static str, Vec<Cells>)>,
    drafts: Vec<Cells>,
    changes: Vec<Cells>,
    recordings: Vec<Cells>,
    pieces: Vec<Cells>,
    /// Every draft that the database had was read.
    all_drafts: bool,
    lost_some: bool,
}

impl Remains {
    fn read(path: &Path, key: &Key) -> Self {
        let mut lost_some = false;
        let mut read = |sql: &'static str| {
            let mut rows = Vec::new();
            let whole = each_row(path, key, sql, &mut |row| {
                let cells = (1..row.as_ref().column_count()).map(|at| row.get(at)).collect::<rusqlite::Result<Cells>>();
                cells.map(|cells| rows.push(cells))
            });
            lost_some |= !whole;
            (rows, whole)
        };
        let mut rows = Vec::new();
        for (from, into) in AS_THEY_ARE {
            rows.push((*into, read(from).0));
        }
        let (drafts, all_drafts) = read(named(SQL, "drafts"));
        let (changes, _) = read(named(SQL, "changes"));
        let (recordings, _) = read(named(SQL, "recordings"));
        let (pieces, _) = read(named(SQL, "pieces"));
        Self { rows, drafts, changes, recordings, pieces, all_drafts, lost_some }
    }

    /// Puts them on top of what a snapshot holds, in one step. The records whose drafts came from here.
    fn put(&self, conn: &mut Connection) -> rusqlite::Result<BTreeSet<RecordId>> {
        let tx = conn.transaction()?;
        for (into, rows) in &self.rows {
            let mut statement = tx.prepare(into)?;
            for cells in rows {
                // A row that breaks a rule of its table was damaged: it stays aside. One that the disk refused does not.
                match statement.execute(rusqlite::params_from_iter(cells)) {
                    Err(error) if is_of_the_disk(&error) => return Err(error),
                    _ => {}
                }
            }
        }
        let records = self.put_drafts(&tx)?;
        tx.execute_batch(named(SQL, "forget"))?;
        tx.commit()?;
        Ok(records)
    }

    /// Drafts have numbers that are used again once one is dropped, so none of a snapshot's is taken for another's: what is
    /// one draft is known by number, record and beginning together. All get new numbers.
    fn put_drafts(&self, conn: &Connection) -> rusqlite::Result<BTreeSet<RecordId>> {
        let all = |sql: &str| -> rusqlite::Result<Vec<Cells>> {
            let mut statement = conn.prepare(sql)?;
            let width = statement.column_count();
            let rows = statement.query_map([i64::MIN], |row| (1..width).map(|at| row.get(at)).collect())?;
            rows.collect()
        };
        let old = Tables {
            drafts: all(named(SQL, "drafts"))?,
            changes: all(named(SQL, "changes"))?,
            recordings: all(named(SQL, "recordings"))?,
            pieces: all(named(SQL, "pieces"))?,
        };
        let new = Tables {
            drafts: self.drafts.clone(),
            changes: self.changes.clone(),
            recordings: self.recordings.clone(),
            pieces: self.pieces.clone(),
        };
        if new.drafts.is_empty() && !self.all_drafts {
            return Ok(BTreeSet::new());
        }
        let mut came = BTreeSet::new();
        let mut whole: Vec<Draft> = Vec::new();
        for cells in &new.drafts {
            let mut draft = new.draft(cells);
            if let Some(before) = old.drafts.iter().find(|before| same_draft(before, cells)) {
                draft.add_before(old.draft(before));
            }
            if let Some(Value::Blob(record)) = cells.get(1)
                && let Ok(record) = <[u8; 16]>::try_from(record.as_slice())
            {
                came.insert(RecordId::from_bytes(record));
            }
            whole.push(draft);
        }
        if !self.all_drafts {
            // What cannot be read may have held them still.
            let others = old.drafts.iter().filter(|before| !new.drafts.iter().any(|one| one.get(1) == before.get(1)));
            whole.extend(others.map(|cells| old.draft(cells)));
        }
        conn.execute(named(SQL, "drop_drafts"), [])?;
        let mut next = Next::default();
        for draft in &whole {
            draft.put(conn, &mut next)?;
        }
        Ok(came)
    }
}

/// Whether a statement failed because of the file below it, and not because of what it says.
fn is_of_the_disk(error: &rusqlite::Error) -> bool {
    use ErrorCode::{CannotOpen, DatabaseCorrupt, DiskFull, NotADatabase, SystemIoFailure};
    let code = error.sqlite_error_code();
    code.is_some_and(|code| matches!(code, CannotOpen | DatabaseCorrupt | DiskFull | NotADatabase | SystemIoFailure))
}

/// Number, record and beginning.
fn same_draft(one: &Cells, other: &Cells) -> bool {
    [0, 1, 9].iter().all(|at| one.get(*at) == other.get(*at))
}

struct Tables {
    drafts: Vec<Cells>,
    changes: Vec<Cells>,
    recordings: Vec<Cells>,
    pieces: Vec<Cells>,
}

impl Tables {
    fn draft(&self, cells: &Cells) -> Draft {
        let of = |rows: &[Cells], owner: &Value| -> BTreeMap<i64, Cells> {
            let owned = rows.iter().filter(|row| row.get(1) == Some(owner));
            owned.filter_map(|row| Some((number(row.first()?)?, row.clone()))).collect()
        };
        let recordings = of(&self.recordings, &cells[0]);
        let pieces = recordings.keys().flat_map(|id| of(&self.pieces, &Value::Integer(*id))).collect();
        Draft { cells: cells.clone(), changes: of(&self.changes, &cells[0]), recordings, pieces }
    }
}

fn number(value: &Value) -> Option<i64> {
    match value {
        Value::Integer(number) => Some(*number),
        _ => None,
    }
}

/// A draft with everything that hangs on it, by number.
struct Draft {
    cells: Cells,
    changes: BTreeMap<i64, Cells>,
    recordings: BTreeMap<i64, Cells>,
    pieces: BTreeMap<i64, Cells>,
}

/// The last numbers that were given.
#[derive(Default)]
struct Next {
    draft: i64,
    change: i64,
    recording: i64,
    piece: i64,
}

impl Draft {
    /// Fills what could not be read with what an older copy holds.
    fn add_before(&mut self, before: Self) {
        for (rows, older) in [
            (&mut self.changes, before.changes),
            (&mut self.recordings, before.recordings),
            (&mut self.pieces, before.pieces),
        ] {
            for (id, row) in older {
                rows.entry(id).or_insert(row);
            }
        }
    }

    fn put(&self, conn: &Connection, next: &mut Next) -> rusqlite::Result<()> {
        next.draft += 1;
        let draft = Value::Integer(next.draft);
        let first = next.change;
        let numbers: BTreeMap<i64, i64> = self.changes.keys().copied().zip(first + 1..).collect();
        next.change += i64::try_from(numbers.len()).unwrap_or_default();
        let mut cells = self.cells.clone();
        cells[0] = draft.clone();
        // Sealed up to the last change that is not after it.
        let upto = cells.last().and_then(number).unwrap_or_default();
        let sealed = numbers.range(..=upto).next_back().map_or(0, |(_, new)| *new);
        if let Some(last) = cells.last_mut() {
            *last = Value::Integer(sealed);
        }
        conn.execute(named(SQL, "put_draft"), rusqlite::params_from_iter(cells))?;
        for (id, row) in &self.changes {
            let mut row = row.clone();
            row[0] = Value::Integer(numbers[id]);
            row[1] = draft.clone();
            for at in [7, 8] {
                let named = number(&row[at]);
                row[at] = named.and_then(|named| numbers.get(&named)).map_or(Value::Null, |new| Value::Integer(*new));
            }
            conn.execute(named(SQL, "put_change"), rusqlite::params_from_iter(row))?;
        }
        for (id, row) in &self.recordings {
            next.recording += 1;
            let mut row = row.clone();
            (row[0], row[1]) = (Value::Integer(next.recording), draft.clone());
            conn.execute(named(SQL, "put_recording"), rusqlite::params_from_iter(row))?;
            for piece in self.pieces.values().filter(|piece| piece[1] == Value::Integer(*id)) {
                next.piece += 1;
                let mut piece = piece.clone();
                (piece[0], piece[1]) = (Value::Integer(next.piece), Value::Integer(next.recording));
                conn.execute(named(SQL, "put_piece"), rusqlite::params_from_iter(piece))?;
            }
        }
        Ok(())
    }
}

/// Tables whose rows are put on top of a snapshot's as they are: how to read, and how to put.
const AS_THEY_ARE: &[(&str, &str)] = &[
    (named(SQL, "settings"), named(SQL, "put_setting")),
    (named(SQL, "secrets"), named(SQL, "put_secret")),
    (named(SQL, "reading_keys"), named(SQL, "put_reading_key")),
    (named(SQL, "early_keys"), named(SQL, "put_early_key")),
    (named(SQL, "erased"), named(SQL, "put_erased")),
    (named(SQL, "erased_chunks"), named(SQL, "put_erased_chunk")),
    (named(SQL, "loose_chunks"), named(SQL, "put_loose_chunk")),
    (named(SQL, "chains"), named(SQL, "put_chain")),
    (named(SQL, "set_aside"), named(SQL, "put_aside")),
];

/// Shows the rows of a table, as far as they can be read: `sql` gives them by number after the one it is handed, the number
/// first. Whether all could be. One page that is not good spoils a connection, so the next rows are asked of a new one.
fn each_row(path: &Path, key: &Key, sql: &str, show: &mut dyn FnMut(&Row<'_>) -> rusqlite::Result<()>) -> bool {
    let (mut after, mut stride, mut failures, mut whole) = (i64::MIN, 1, 0, true);
    while failures < GIVE_UP {
        let mut last = None;
        let read = connect::open(path, key, Access::Inspect).is_ok_and(|conn| {
            let mut each = || {
                let mut statement = conn.prepare(sql)?;
                let mut rows = statement.query([after])?;
                while let Some(row) = rows.next()? {
                    last = Some(row.get::<_, i64>(0)?);
                    show(row)?;
                }
                Ok::<(), rusqlite::Error>(())
            };
            each().is_ok()
        });
        if read {
            return whole;
        }
        whole = false;
        failures += 1;
        // Over the rows that cannot be read, in steps that grow.
        if let Some(last) = last {
            (after, stride) = (last, 1);
        }
        after = after.max(-1).saturating_add(stride);
        stride = stride.saturating_mul(2);
    }
    false
}

/// Shows the entries that a database still gives, whole ones only. Whether all could be read.
pub(crate) fn entries_left(path: &Path, key: &Key, show: &mut dyn FnMut(SealedEntry)) -> bool {
    each_row(path, key, named(SQL, "entries"), &mut |row| {
        let entry = row.get_ref(1)?.as_blob().ok().and_then(|sealed| SealedEntry::from_bytes(sealed).ok());
        entry.map(&mut *show);
        Ok(())
    })
}

/// The records of the drafts that a database still gives. Whether all could be read.
pub(crate) fn drafts_left(path: &Path, key: &Key) -> (BTreeSet<RecordId>, bool) {
    let mut records = BTreeSet::new();
    let all = each_row(path, key, named(SQL, "drafts"), &mut |row| {
        records.insert(RecordId::from_bytes(row.get(2)?));
        Ok(())
    });
    (records, all)
}

impl View<'_> {
    /// Whether a recovery is not done: it was cut off, or runs.
    ///
    /// # Errors
    /// Database errors.
    pub fn is_being_recovered(&self) -> Result<bool> {
        Ok(self.setting(RECOVERING)?.is_some())
    }
}

impl Tx<'_> {
    /// Says that a recovery is done: everything that was found has been taken in, and what is written from now on goes to chains
    /// opened since.
    ///
    /// # Errors
    /// Database errors.
    pub fn end_recovery(&mut self) -> Result<()> {
        self.remove_setting(RECOVERING)
    }

    /// Counts chains as this laptop's that its signing key opened: after a recovery, they came back like those of anybody. The
    /// ordinary chain goes on with none of these: which of them was for the team, nothing says any more. How many are this
    /// laptop's.
    ///
    /// # Errors
    /// Database errors.
    pub fn take_own_chains(&mut self, key: &PublicKey) -> Result<usize> {
        const CHAINS: &str = named(SQL, "all_chains");
        let chains: Vec<ChainId> = self.all(CHAINS, [], |row| Ok(ChainId::from_bytes(row.get(0)?)))?;
        let mut own = 0;
        for chain in chains {
            let opening = self.opening(chain)?;
            let signer = opening.and_then(|entry| Some(entry.header.opening()?.certificate.key));
            if signer == Some(*key) {
                self.make_own_too(chain)?;
                own += 1;
            }
        }
        Ok(own)
    }
}
