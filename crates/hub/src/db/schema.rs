//! The tables, and how an older file becomes a newer one.

use rusqlite::Connection;

use crate::HubError;

const STEPS: &[&str] = &[
    "
    CREATE TABLE project (
        number INTEGER PRIMARY KEY,
        id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
        key BLOB NOT NULL CHECK (length(key) = 32),
        bytes INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE TABLE device (
        number INTEGER PRIMARY KEY,
        project INTEGER NOT NULL REFERENCES project,
        key BLOB NOT NULL CHECK (length(key) = 32),
        bytes INTEGER NOT NULL DEFAULT 0,
        blocked INTEGER NOT NULL DEFAULT 0,
        UNIQUE (project, key)
    ) STRICT;
    -- In the order of arrival; the hash is a secondary index, since random primary keys make inserts slow.
    CREATE TABLE entry (
        arrival INTEGER PRIMARY KEY,
        project INTEGER NOT NULL REFERENCES project,
        chain BLOB NOT NULL CHECK (length(chain) = 16),
        seq INTEGER NOT NULL,
        hash BLOB NOT NULL CHECK (length(hash) = 32),
        previous BLOB NOT NULL CHECK (length(previous) = 32),
        has_body INTEGER NOT NULL,
        bytes BLOB NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX entry_hash ON entry (project, hash);
    CREATE INDEX entry_slot ON entry (project, chain, seq);
    -- Who signs each chain, by its opening entry.
    CREATE TABLE chain (
        project INTEGER NOT NULL REFERENCES project,
        chain BLOB NOT NULL CHECK (length(chain) = 16),
        signer BLOB NOT NULL CHECK (length(signer) = 32),
        PRIMARY KEY (project, chain)
    ) STRICT, WITHOUT ROWID;
    -- The ends of each chain: one, or several after a fork.
    CREATE TABLE head (
        project INTEGER NOT NULL REFERENCES project,
        chain BLOB NOT NULL,
        seq INTEGER NOT NULL,
        hash BLOB NOT NULL CHECK (length(hash) = 32),
        PRIMARY KEY (project, chain, hash)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE chunk (
        project INTEGER NOT NULL REFERENCES project,
        id BLOB NOT NULL CHECK (length(id) = 32),
        length INTEGER NOT NULL,
        PRIMARY KEY (project, id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE invitation (
        number INTEGER PRIMARY KEY,
        project INTEGER NOT NULL REFERENCES project,
        id BLOB NOT NULL CHECK (length(id) = 16),
        key BLOB NOT NULL CHECK (length(key) = 32),
        request BLOB,
        admission BLOB,
        closed INTEGER NOT NULL DEFAULT 0,
        UNIQUE (project, id)
    ) STRICT;
    CREATE TABLE audit (
        number INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,
        what TEXT NOT NULL,
        project BLOB,
        who BLOB,
        amount INTEGER NOT NULL,
        hash BLOB NOT NULL CHECK (length(hash) = 32)
    ) STRICT;
",
    "
    -- Bodies and chunks that were erased: they never come back.
    CREATE TABLE erased_entry (
        project INTEGER NOT NULL REFERENCES project,
        hash BLOB NOT NULL CHECK (length(hash) = 32),
        PRIMARY KEY (project, hash)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE erased_chunk (
        project INTEGER NOT NULL REFERENCES project,
        id BLOB NOT NULL CHECK (length(id) = 32),
        PRIMARY KEY (project, id)
    ) STRICT, WITHOUT ROWID;
",
    "
    -- Sealed invitations, for who types their code.
    CREATE TABLE offer (
        id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 32),
        invitation INTEGER NOT NULL UNIQUE REFERENCES invitation,
        until INTEGER NOT NULL,
        sealed BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;
",
];

/// Brings the tables up to date, one step per transaction.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), HubError> {
    let known = i64::try_from(STEPS.len()).unwrap_or(i64::MAX);
    let found: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found > known || found < 0 {
        return Err(HubError::TooNew { found, known });
    }
    for (version, step) in (1..).zip(STEPS) {
        if version > found {
            let transaction = connection.transaction()?;
            transaction.execute_batch(step)?;
            transaction.pragma_update(None, "user_version", version)?;
            transaction.commit()?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_each_older_version_becomes_one_of_today() {
        for version in 0..STEPS.len() {
            let mut connection = Connection::open_in_memory().unwrap();
            for step in &STEPS[..version] {
                connection.execute_batch(step).unwrap();
            }
            connection.pragma_update(None, "user_version", i64::try_from(version).unwrap()).unwrap();
            migrate(&mut connection).unwrap();
            let tables = "SELECT count(*) FROM sqlite_schema WHERE name IN ('invitation', 'erased_chunk', 'offer')";
            let found: i64 = connection.query_row(tables, [], |row| row.get(0)).unwrap();
            assert_eq!(found, 3, "from version {version}");
        }
    }

    #[test]
    fn a_newer_file_is_refused_and_left_as_it_is() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection).unwrap();
        migrate(&mut connection).unwrap();
        connection.pragma_update(None, "user_version", 99).unwrap();
        assert_eq!(migrate(&mut connection).unwrap_err().code(), "hub-data-too-new");
    }
}
