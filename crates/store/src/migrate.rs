//! The layout of the database, step by step.
//!
//! A step that was ever released is never edited: its BLAKE3 is kept in the store and compared.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use crate::{Error, Op, Result};

/// One step of the layout. Step `n` leads to `user_version` `n`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Migration {
    pub(crate) name: &'static str,
    pub(crate) sql: &'static str,
}

/// All steps, first to last.
pub(crate) const ALL: &[Migration] = &[
    Migration { name: "first", sql: include_str!("../migrations/0001-first.sql") },
    Migration { name: "chunks on hub", sql: include_str!("../migrations/0002-chunks-on-hub.sql") },
    Migration { name: "recordings", sql: include_str!("../migrations/0003-recordings.sql") },
    Migration { name: "erased", sql: include_str!("../migrations/0004-erased.sql") },
    Migration { name: "summaries", sql: include_str!("../migrations/0005-summaries.sql") },
    Migration { name: "glances", sql: include_str!("../migrations/0006-glances.sql") },
    Migration { name: "unreceipted", sql: include_str!("../migrations/0007-unreceipted.sql") },
    Migration { name: "team", sql: include_str!("../migrations/0008-team.sql") },
    Migration { name: "restricted", sql: include_str!("../migrations/0009-restricted.sql") },
    Migration { name: "entries that come", sql: include_str!("../migrations/0010-entries-that-come.sql") },
];

/// `application_id`: "TYst". Tells our files from others once they are decrypted.
const APPLICATION_ID: i64 = 0x5459_7374;

/// Whether a store must be brought forward: its version and what is missing. Changes nothing.
///
/// # Errors
/// [`Error::NewerVersion`], [`Error::OtherLayout`], or a database error.
pub(crate) fn pending<'m>(conn: &Connection, path: &Path, all: &'m [Migration]) -> Result<(i64, &'m [Migration])> {
    let failed = |error: rusqlite::Error| Error::sqlite(Op::Open, path, &error);
    let found: i64 = conn.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(failed)?;
    let known = i64::try_from(all.len()).unwrap_or(i64::MAX);
    if found > known {
        return Err(Error::NewerVersion { path: path.to_owned(), found, known });
    }
    let done = usize::try_from(found).map_err(|_| Error::OtherLayout { version: found })?;
    if found > 0 {
        let id: i64 = conn.pragma_query_value(None, "application_id", |row| row.get(0)).map_err(failed)?;
        if id != APPLICATION_ID {
            return Err(Error::OtherLayout { version: 0 });
        }
        let mut statement = conn.prepare("SELECT version, sum FROM migrations ORDER BY version").map_err(failed)?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).map_err(failed)?;
        let sums: Vec<(i64, Vec<u8>)> = rows.collect::<rusqlite::Result<_>>().map_err(failed)?;
        for (version, migration) in (1..).zip(&all[..done]) {
            if !sums.contains(&(version, sum(migration).to_vec())) {
                return Err(Error::OtherLayout { version });
            }
        }
    }
    Ok((found, &all[done..]))
}

/// Brings a store to the newest version, one transaction for each step.
///
/// # Errors
/// As [`pending`]; after an error the store is at the last whole step.
pub(crate) fn migrate(conn: &mut Connection, path: &Path, all: &[Migration]) -> Result<()> {
    let (found, missing) = pending(conn, path, all)?;
    for (version, migration) in (found + 1..).zip(missing) {
        step(conn, version, migration).map_err(|error| Error::sqlite(Op::Migrate, path, &error))?;
    }
    Ok(())
}

fn step(conn: &mut Connection, version: i64, migration: &Migration) -> rusqlite::Result<()> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Exclusive)?;
    tx.execute_batch(
        "CREATE TABLE IF NOT EXISTS migrations (
             version INTEGER PRIMARY KEY, name TEXT NOT NULL, sum BLOB NOT NULL
         ) STRICT;",
    )?;
    tx.execute_batch(migration.sql)?;
    tx.execute("INSERT INTO migrations VALUES (?1, ?2, ?3)", (version, migration.name, sum(migration)))?;
    tx.pragma_update(None, "application_id", APPLICATION_ID)?;
    tx.pragma_update(None, "user_version", version)?;
    tx.commit()
}

/// The sum of a step does not depend on how a checkout ends its lines.
fn sum(migration: &Migration) -> [u8; 32] {
    blake3::hash(migration.sql.replace("\r\n", "\n").as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: Migration = Migration { name: "one", sql: "CREATE TABLE a (x INTEGER) STRICT;" };
    const TWO: Migration = Migration { name: "two", sql: "INSERT INTO a VALUES (1); CREATE TABLE b (y TEXT) STRICT;" };
    const BROKEN: Migration =
        Migration { name: "broken", sql: "INSERT INTO a VALUES (2); INSERT INTO missing VALUES (1);" };

    fn path() -> &'static Path {
        Path::new("store.db")
    }

    fn rows(conn: &Connection) -> i64 {
        conn.query_row("SELECT count(*) FROM a", [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn released_steps_are_never_edited() {
        let sums: Vec<String> =
            ALL.iter().map(|step| format!("{} {}\n", crate::hex::encode(&sum(step)[..8]), step.name)).collect();
        expect_test::expect![[r#"
            47f01508101fc13f first
            ab880c61af40b70e chunks on hub
            efe1908faa4fe154 recordings
            956d96fd50a91e3b erased
            36d4ff2126370aca summaries
            a35b400b2dc68ed2 glances
            dd04ecf5bc383404 unreceipted
            87a5fe17a3127fc2 team
            ac6d2716271154e9 restricted
            12e0317269c2afb9 entries that come
        "#]]
        .assert_eq(&sums.concat());
    }

    #[test]
    fn steps_run_once_and_in_order() {
        let mut conn = Connection::open_in_memory().unwrap();
        migrate(&mut conn, path(), &[ONE]).unwrap();
        migrate(&mut conn, path(), &[ONE, TWO]).unwrap();
        migrate(&mut conn, path(), &[ONE, TWO]).unwrap();
        assert_eq!(rows(&conn), 1);
        assert_eq!(pending(&conn, path(), &[ONE, TWO]).unwrap().0, 2);
    }

    #[test]
    fn a_step_that_fails_leaves_the_step_before() {
        let mut conn = Connection::open_in_memory().unwrap();
        assert_eq!(migrate(&mut conn, path(), &[ONE, BROKEN]).unwrap_err().code(), "database");
        assert_eq!((pending(&conn, path(), &[ONE, TWO]).unwrap().0, rows(&conn)), (1, 0));
        migrate(&mut conn, path(), &[ONE, TWO]).unwrap();
    }

    #[test]
    fn newer_and_other_layouts_are_refused() {
        let mut conn = Connection::open_in_memory().unwrap();
        migrate(&mut conn, path(), &[ONE, TWO]).unwrap();
        assert_eq!(migrate(&mut conn, path(), &[ONE]).unwrap_err().code(), "newer-version");
        let other = Migration { sql: "CREATE TABLE a (x TEXT) STRICT;", ..ONE };
        assert_eq!(migrate(&mut conn, path(), &[other, TWO]).unwrap_err().code(), "other-layout");
        conn.pragma_update(None, "application_id", 1).unwrap();
        assert_eq!(migrate(&mut conn, path(), &[ONE, TWO]).unwrap_err().code(), "other-layout");
    }
}
