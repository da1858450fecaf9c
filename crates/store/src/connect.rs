//! One way to open the database file: key first, then the settings that make "saved" mean durable.

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Once;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use zeroize::Zeroizing;

use crate::keys::Key;
use crate::{Error, Op, Result, files};

/// Name of the database in a store's folder.
pub(crate) const FILE: &str = "store.db";
/// How the name of a database's log ends.
const LOG: &str = "-wal";

/// What a connection may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Make the file and write.
    Create,
    /// Write.
    Write,
    /// Read beside the writer.
    Read,
    /// Look at a file without changing a byte of it.
    Inspect,
}

/// Opens the database at `path`. Reads nothing yet, so a wrong key or a damaged file shows at the first statement.
pub(crate) fn open(path: &Path, key: &Key, access: Access) -> Result<Connection> {
    let failed = |error: &rusqlite::Error| Error::sqlite(Op::Open, path, error);
    let flags = match access {
        Access::Create => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        Access::Write | Access::Read => OpenFlags::SQLITE_OPEN_READ_WRITE,
        // A change that a crash left half done in a database without a log must be taken back before it can be read.
        Access::Inspect if has(path, "-journal") => OpenFlags::SQLITE_OPEN_READ_WRITE,
        Access::Inspect => OpenFlags::SQLITE_OPEN_READ_ONLY,
    };
    if access == Access::Write && has(path, LOG) {
        // Left by a program that did not close: what it failed to make durable stands in the log all the same, and what is
        // confirmed from now on would stand on it.
        files::write_anew(&beside(path, LOG)).map_err(|error| Error::io(Op::Open, &error))?;
    }
    ready();
    let conn = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(|e| failed(&e))?;
    conn.busy_timeout(Duration::from_secs(5)).map_err(|e| failed(&e))?;
    set_key(&conn, key).map_err(|e| Error::NoCipher { what: e.to_string() })?;
    settle(&conn, access).map_err(|e| failed(&e))?;
    if matches!(access, Access::Create | Access::Write) {
        keep_changes_in(Journal::Log, &conn, path, Op::Open)?;
    }
    Ok(conn)
}

/// Where a database keeps its changes until they are in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Journal {
    /// In a log beside the file: what makes a step durable with one fsync.
    Log,
    /// Nowhere for longer than a step: the file stands for itself.
    Itself,
}

/// Says where a database keeps its changes.
///
/// SQLite answers with the new mode before it has written it, and with the old one, not an error, where it could not
/// switch. So the statement is run to its end, and the answer looked at. A database that was taken for one with a log but
/// has none would lose what was confirmed: its journal comes back when the power goes.
pub(crate) fn keep_changes_in(journal: Journal, conn: &Connection, path: &Path, op: Op) -> Result<()> {
    let failed = |error: rusqlite::Error| Error::sqlite(op, path, &error);
    let (sql, wanted) = match journal {
        Journal::Log => ("PRAGMA journal_mode = WAL", "wal"),
        Journal::Itself => ("PRAGMA journal_mode = DELETE", "delete"),
    };
    let mut statement = conn.prepare(sql).map_err(failed)?;
    let mut rows = statement.query([]).map_err(failed)?;
    let mut mode = String::new();
    while let Some(row) = rows.next().map_err(failed)? {
        mode = row.get(0).map_err(failed)?;
    }
    if mode == wanted {
        return Ok(());
    }
    Err(Error::Disk { op, what: format!("expected the database to keep its changes by {wanted}, found {mode}") })
}

/// Waits until SQLCipher stands. SQLite counts itself ready a moment before the cipher is, so that a second thread that
/// opens its first connection in that moment finds none and is told that a key is missing.
pub(crate) fn ready() {
    static READY: Once = Once::new();
    READY.call_once(|| {
        // Another part of the program may just be starting SQLite: its thread is waited for. About a second at most, then
        // the first connection says what is wrong.
        for _ in 0..200 {
            let Ok(conn) = Connection::open_in_memory() else { return };
            let keyed = conn.execute_batch("PRAGMA cipher_log = off; PRAGMA key = 'ready';");
            if keyed.is_ok() {
                return;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    });
}

/// Hands SQLCipher the raw key. It logs to stderr by default, page numbers and paths: switched off.
fn set_key(conn: &Connection, key: &Key) -> rusqlite::Result<()> {
    conn.execute_batch("PRAGMA cipher_log = off;")?;
    let mut pragma = Zeroizing::new(String::with_capacity(96));
    pragma.push_str("PRAGMA key = \"x'");
    for byte in &key.0 {
        // Writing to a String cannot fail.
        let _ = write!(pragma, "{byte:02x}");
    }
    pragma.push_str("'\";");
    conn.execute_batch(&pragma)
}

fn settle(conn: &Connection, access: Access) -> rusqlite::Result<()> {
    conn.set_prepared_statement_cache_capacity(128);
    conn.execute_batch(
        "PRAGMA foreign_keys = ON;
         PRAGMA trusted_schema = OFF;
         PRAGMA cell_size_check = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA mmap_size = 0;
         PRAGMA synchronous = FULL;",
    )?;
    match access {
        // secure_delete: what is taken away is overwritten inside the file too, so that an erasure holds even for one who
        // learns the key later. Deletes are rare here.
        Access::Create | Access::Write => conn.execute_batch("PRAGMA cache_size = -65536; PRAGMA secure_delete = ON;"),
        Access::Read => conn.execute_batch("PRAGMA cache_size = -16384; PRAGMA query_only = ON;"),
        Access::Inspect => conn.execute_batch("PRAGMA cache_size = -4096; PRAGMA query_only = ON;"),
    }
}

/// How thoroughly a database is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Depth {
    /// Every page that holds something, and how they hang together.
    Pages,
    /// That, and whether every index says what its table says.
    Indexes,
}

/// Looks at every page without changing the file: first the seals of all pages, then the structure, each on a
/// connection of its own, since one bad page poisons later checks on the same one.
///
/// The seals of all pages can only be looked at in a file that stands for itself. Beside a log with something in it, a
/// power cut may have torn pages of the file that the log replaces, which is no damage; then the structure alone is looked
/// at, through the log, and with it the seal of every page that holds something.
///
/// What is wrong is looked for twice: the cipher takes a page that the disk failed to give for a damaged one.
pub(crate) fn inspect(path: &Path, key: &Key, depth: Depth) -> Result<()> {
    match look(path, key, depth) {
        Err(Error::Damaged { .. }) => {
            readable(path).map_err(|error| Error::io(Op::Open, &error))?;
            look(path, key, depth)
        }
        looked => looked,
    }
}

/// The error to tell for one that says that the database is damaged: that, if it is found damaged when it is looked at
/// anew, or else that the disk failed.
pub(crate) fn doubt(path: &Path, key: &Key, op: Op, error: Error) -> Error {
    match error {
        Error::Damaged { path: damaged, what } if damaged == path => match inspect(path, key, Depth::Pages) {
            Ok(()) => {
                Error::Disk { op, what: format!("a page could not be read, and could when asked again ({what})") }
            }
            Err(error) => error,
        },
        error => error,
    }
}

/// Whether the disk gives every byte.
fn readable(path: &Path) -> io::Result<()> {
    io::copy(&mut files::open_to_read(path)?, &mut io::sink()).map(|_| ())
}

fn look(path: &Path, key: &Key, depth: Depth) -> Result<()> {
    let failed = |error: &rusqlite::Error| Error::sqlite(Op::Open, path, error);
    let structure = match depth {
        Depth::Pages => "quick_check",
        Depth::Indexes => "integrity_check",
    };
    for (pragma, fine) in [("cipher_integrity_check", None), (structure, Some("ok"))] {
        if fine.is_none() && has(path, LOG) {
            continue;
        }
        let conn = open(path, key, Access::Inspect)?;
        let mut found = Vec::new();
        conn.pragma_query(None, pragma, |row| {
            found.push(row.get::<_, String>(0)?);
            Ok(())
        })
        .map_err(|e| failed(&e))?;
        found.retain(|line| Some(line.as_str()) != fine);
        if let Some(first) = found.first() {
            let what = format!("{} of {pragma} (first: {first})", found.len());
            return Err(Error::Damaged { path: path.to_owned(), what });
        }
    }
    Ok(())
}

/// Whether something stands in a file beside a database: `-wal` is its log, `-journal` what a change without log replaced.
fn has(path: &Path, end: &str) -> bool {
    std::fs::metadata(beside(path, end)).is_ok_and(|about| about.len() > 0)
}

/// A file beside a database, whose name ends otherwise.
fn beside(path: &Path, end: &str) -> PathBuf {
    let mut beside = path.as_os_str().to_owned();
    beside.push(end);
    beside.into()
}
