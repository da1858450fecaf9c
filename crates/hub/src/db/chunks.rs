//! Which chunks are in the folder.

use rusqlite::{Connection, OptionalExtension as _, params};

/// The chunk's length, if it is here.
pub(crate) fn length(db: &Connection, project: i64, id: &[u8; 32]) -> rusqlite::Result<Option<u64>> {
    db.prepare_cached("SELECT length FROM chunk WHERE project = ?1 AND id = ?2")?
        .query_row(params![project, id], |row| row.get(0))
        .optional()
}

/// Notes a chunk whose file is on the disk; `true` if it is new.
pub(crate) fn add(db: &Connection, project: i64, id: &[u8; 32], length: u64) -> rusqlite::Result<bool> {
    let added = db
        .prepare_cached("INSERT INTO chunk (project, id, length) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")?
        .execute(params![project, id, length])?;
    Ok(added == 1)
}
