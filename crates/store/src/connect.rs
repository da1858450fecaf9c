//! One way to open the database file: key first, then the settings that make "saved" mean durable.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use zeroize::Zeroizing;

use crate::keys::Key;
use crate::{Error, Op, Result};

/// Name of the database in a store's folder.
pub(crate) const FILE: &str = "store.db";

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
        Access::Inspect => OpenFlags::SQLITE_OPEN_READ_ONLY,
    };
    let conn = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(|e| failed(&e))?;
    conn.busy_timeout(Duration::from_secs(5)).map_err(|e| failed(&e))?;
    set_key(&conn, key).map_err(|e| failed(&e))?;
    settle(&conn, access).map_err(|e| failed(&e))?;
    Ok(conn)
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
        Access::Create | Access::Write => {
            conn.execute_batch("PRAGMA cache_size = -65536; PRAGMA secure_delete = ON; PRAGMA journal_mode = WAL;")
        }
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
pub(crate) fn inspect(path: &Path, key: &Key, depth: Depth) -> Result<()> {
    let failed = |error: &rusqlite::Error| Error::sqlite(Op::Open, path, error);
    let structure = match depth {
        Depth::Pages => "quick_check",
        Depth::Indexes => "integrity_check",
    };
    for (pragma, fine) in [("cipher_integrity_check", None), (structure, Some("ok"))] {
        if fine.is_none() && has_log(path) {
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

/// Whether something stands in the log beside a database.
fn has_log(path: &Path) -> bool {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    std::fs::metadata(Path::new(&log)).is_ok_and(|about| about.len() > 0)
}
