//! The one write path, and the reads that see one moment.

use std::fmt;
use std::ops::Deref;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};
use std::time::Duration;

use rusqlite::{Connection, Params, Row, Transaction, TransactionBehavior};
use tianye_journal::SealedEntry;

use crate::connect::{self, Access};
use crate::keys::Key;
use crate::{Error, Result, Store};

/// What is being done, for messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Op {
    /// Opening or closing the store.
    Open,
    /// Writing key slots or the start card.
    Keys,
    /// Bringing the layout forward.
    Migrate,
    /// Reading.
    Read,
    /// Saving an answer, a note or the place in the form.
    Answer,
    /// Starting, changing or dropping a draft.
    Draft,
    /// Sealing an own entry.
    Seal,
    /// Taking in entries of others.
    Admit,
    /// Keeping a receipt.
    Receipt,
    /// Keeping a chunk of a form or a recording.
    Chunk,
    /// Saving a setting.
    Setting,
    /// Building tables again from entries.
    Rebuild,
    /// Making a copy for safety.
    Backup,
    /// Erasing.
    Erase,
}

impl Op {
    /// Stable name for message catalogues.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Keys => "keys",
            Self::Migrate => "migrate",
            Self::Read => "read",
            Self::Answer => "answer",
            Self::Draft => "draft",
            Self::Seal => "seal",
            Self::Admit => "admit",
            Self::Receipt => "receipt",
            Self::Chunk => "chunk",
            Self::Setting => "setting",
            Self::Rebuild => "rebuild",
            Self::Backup => "backup",
            Self::Erase => "erase",
        }
    }
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Open => "opening the store",
            Self::Keys => "writing the key slots",
            Self::Migrate => "bringing the store forward",
            Self::Read => "reading",
            Self::Answer => "saving the answer",
            Self::Draft => "changing the draft",
            Self::Seal => "sealing the entry",
            Self::Admit => "taking in entries",
            Self::Receipt => "keeping the receipt",
            Self::Chunk => "keeping a part of a file",
            Self::Setting => "saving the setting",
            Self::Rebuild => "building the tables again",
            Self::Backup => "making a safety copy",
            Self::Erase => "erasing",
        })
    }
}

/// What reads see: one moment of the store.
pub struct View<'s> {
    pub(crate) store: &'s Store,
    through: &'s Writer,
    pub(crate) conn: &'s Connection,
    pub(crate) op: Op,
}

/// One step that is either wholly durable or did not happen. Reads through it see its own writes.
pub struct Tx<'s> {
    view: View<'s>,
    pub(crate) sealed: Vec<SealedEntry>,
    /// Whether files beside the database are to follow.
    pub(crate) erasing: bool,
}

impl<'s> Deref for Tx<'s> {
    type Target = View<'s>;

    fn deref(&self) -> &View<'s> {
        &self.view
    }
}

impl fmt::Debug for View<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("View").field("op", &self.op).finish_non_exhaustive()
    }
}

impl fmt::Debug for Tx<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tx").field("op", &self.op).finish_non_exhaustive()
    }
}

/// A connection, and who holds it.
pub(crate) struct Writer {
    conn: Mutex<Connection>,
    holder: Mutex<Option<ThreadId>>,
    access: Access,
    /// How many threads wait for it.
    wanted: AtomicUsize,
    /// Whether it failed to read or write: the cipher then refuses every page for as long as the connection lives.
    failed: AtomicBool,
}

impl Writer {
    pub(crate) fn new(conn: Connection, access: Access) -> Self {
        Self {
            conn: Mutex::new(conn),
            holder: Mutex::new(None),
            access,
            wanted: AtomicUsize::new(0),
            failed: AtomicBool::new(false),
        }
    }

    pub(crate) fn into_connection(self) -> Connection {
        self.conn.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn lock(&self, op: Op) -> Result<Held<'_>> {
        let me = Some(thread::current().id());
        if *locked(&self.holder) == me {
            return Err(Error::Nested { op });
        }
        self.wanted.fetch_add(1, Ordering::Relaxed);
        let conn = locked(&self.conn);
        self.wanted.fetch_sub(1, Ordering::Relaxed);
        *locked(&self.holder) = me;
        Ok(Held { conn, writer: self })
    }
}

/// The writing connection while one thread holds it.
pub(crate) struct Held<'w> {
    pub(crate) conn: MutexGuard<'w, Connection>,
    writer: &'w Writer,
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        *locked(&self.writer.holder) = None;
    }
}

/// A lock whose holder panicked is still good here: SQLite has rolled that step back.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Store {
    /// Holds a connection; a new one in place of one that failed.
    fn hold<'w>(&self, writer: &'w Writer, op: Op) -> Result<Held<'w>> {
        let mut held = writer.lock(op)?;
        if writer.failed.load(Ordering::Relaxed) {
            *held.conn =
                connect::open(&self.database(), &self.keys.data, writer.access).map_err(|e| self.doubt(op, e))?;
            writer.failed.store(false, Ordering::Relaxed);
        }
        Ok(held)
    }

    /// A database error in this store's words, and what it means for the connection.
    fn failed(&self, through: &Writer, op: Op, error: &rusqlite::Error) -> Error {
        use rusqlite::ErrorCode as Code;
        let spoils =
            [Code::SystemIoFailure, Code::DatabaseCorrupt, Code::NotADatabase, Code::OutOfMemory, Code::ReadOnly];
        if error.sqlite_error_code().is_some_and(|code| spoils.contains(&code)) {
            through.failed.store(true, Ordering::Relaxed);
        }
        self.doubt(op, Error::sqlite(op, &self.database(), error))
    }

    /// Damage is told only where it is still there when looked at anew.
    fn doubt(&self, op: Op, error: Error) -> Error {
        connect::doubt(&self.database(), &self.keys.data, op, error)
    }

    /// Does one step. When this returns `Ok`, all of it is on the disk (WAL, `synchronous=FULL`); after an error none is.
    ///
    /// # Errors
    /// What the step returned, or why it could not be made durable ([`Error::DiskFull`], [`Error::Busy`] …).
    pub fn transact<T>(&self, op: Op, step: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        self.try_transact(op, step)
    }

    /// [`Store::transact`] for steps with errors of their own.
    ///
    /// # Errors
    /// What the step returned, or a store error turned into the step's.
    pub fn try_transact<T, E: From<Error>>(
        &self,
        op: Op,
        step: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut held = self.hold(&self.writer, op)?;
        let failed = |error: rusqlite::Error| E::from(self.failed(&self.writer, op, &error));
        let transaction = Transaction::new(&mut held.conn, TransactionBehavior::Immediate).map_err(failed)?;
        let mut tx = Tx {
            view: View { store: self, through: &self.writer, conn: &transaction, op },
            sealed: Vec::new(),
            erasing: false,
        };
        let result = step(&mut tx)?;
        let (sealed, erasing) = (std::mem::take(&mut tx.sealed), tx.erasing);
        drop(tx);
        transaction.commit().map_err(failed)?;
        self.keep_in_black_box(&sealed);
        if erasing {
            drop(held);
            self.finish_erasing();
        }
        Ok(result)
    }

    /// Waits until nobody else wants to write: for whoever takes one step after the other, since a lock that is let go may
    /// be taken by the same thread again.
    pub(crate) fn let_others_write(&self) {
        while self.others_want_to_write() {
            thread::sleep(Duration::from_millis(1));
        }
    }

    /// Whether a thread waits for the step that is being done.
    pub(crate) fn others_want_to_write(&self) -> bool {
        self.writer.wanted.load(Ordering::Relaxed) > 0
    }

    /// Reads one moment of the store, beside a step that may be running in another thread.
    ///
    /// # Errors
    /// What the reading returned, or why it could not be done.
    pub fn read<T>(&self, reading: impl FnOnce(&View<'_>) -> Result<T>) -> Result<T> {
        self.try_read(reading)
    }

    /// [`Store::read`] for readings with errors of their own. Not to be nested.
    ///
    /// # Errors
    /// What the reading returned, or a store error turned into the reading's.
    pub fn try_read<T, E: From<Error>>(&self, reading: impl FnOnce(&View<'_>) -> Result<T, E>) -> Result<T, E> {
        let op = Op::Read;
        let held = self.hold(&self.reader, op)?;
        let failed = |error: rusqlite::Error| E::from(self.failed(&self.reader, op, &error));
        let transaction = Transaction::new_unchecked(&held.conn, TransactionBehavior::Deferred).map_err(failed)?;
        let result = reading(&View { store: self, through: &self.reader, conn: &transaction, op })?;
        transaction.finish().map_err(failed)?;
        Ok(result)
    }
}

impl View<'_> {
    /// A database error in this store's words.
    pub(crate) fn failed(&self, error: &rusqlite::Error) -> Error {
        self.store.failed(self.through, self.op, error)
    }

    /// What the database should never hold was found in it.
    pub(crate) fn damaged(&self, what: impl Into<String>) -> Error {
        Error::Damaged { path: self.store.database(), what: what.into() }
    }

    /// The key that seals secrets; absent after recovery.
    pub(crate) fn person_key(&self) -> Result<&Key> {
        self.store.keys.person.as_ref().ok_or(Error::NoSigningKey)
    }

    /// The first row, if there is one.
    pub(crate) fn one<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>> {
        let mut statement = self.conn.prepare_cached(sql).map_err(|e| self.failed(&e))?;
        let mut rows = statement.query(params).map_err(|e| self.failed(&e))?;
        match rows.next().map_err(|e| self.failed(&e))? {
            Some(row) => Ok(Some(read(row).map_err(|e| self.failed(&e))?)),
            None => Ok(None),
        }
    }

    /// All rows.
    pub(crate) fn all<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let mut statement = self.conn.prepare_cached(sql).map_err(|e| self.failed(&e))?;
        let rows = statement.query_map(params, read).map_err(|e| self.failed(&e))?;
        rows.collect::<rusqlite::Result<_>>().map_err(|e| self.failed(&e))
    }
}

impl Tx<'_> {
    /// Runs a statement; how many rows it changed.
    pub(crate) fn run(&self, sql: &str, params: impl Params) -> Result<usize> {
        let mut statement = self.conn.prepare_cached(sql).map_err(|e| self.failed(&e))?;
        statement.execute(params).map_err(|e| self.failed(&e))
    }

    /// Runs an insert; the new row's number.
    pub(crate) fn insert(&self, sql: &str, params: impl Params) -> Result<i64> {
        let mut statement = self.conn.prepare_cached(sql).map_err(|e| self.failed(&e))?;
        statement.insert(params).map_err(|e| self.failed(&e))
    }
}
