//! What was erased.

use rusqlite::{Connection, OptionalExtension as _, params};
use tianye_journal::{EntryHash, SealedEntry};

/// Drops the body of an entry, here now or not, and lets it never come back; `true` if it was here.
pub(crate) fn drop_body(db: &Connection, project: i64, hash: EntryHash) -> rusqlite::Result<bool> {
    db.prepare_cached("INSERT INTO erased_entry (project, hash) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
        .execute(params![project, hash.as_bytes()])?;
    let held: Option<Vec<u8>> = db
        .prepare_cached("SELECT bytes FROM entry WHERE project = ?1 AND hash = ?2 AND has_body")?
        .query_row(params![project, hash.as_bytes()], |row| row.get(0))
        .optional()?;
    // What was taken in was read before.
    let Some(entry) = held.and_then(|bytes| SealedEntry::from_bytes(&bytes).ok()) else { return Ok(false) };
    let bare = SealedEntry { body: None, ..entry };
    db.prepare_cached("UPDATE entry SET bytes = ?3, has_body = 0 WHERE project = ?1 AND hash = ?2")?
        .execute(params![project, hash.as_bytes(), bare.to_bytes()])?;
    Ok(true)
}

/// Forgets a chunk, here now or not, and lets it never come back; `true` if it was here. Its file is another matter.
pub(crate) fn drop_chunk(db: &Connection, project: i64, id: &[u8; 32]) -> rusqlite::Result<bool> {
    db.prepare_cached("INSERT INTO erased_chunk (project, id) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
        .execute(params![project, id])?;
    let gone = db.prepare_cached("DELETE FROM chunk WHERE project = ?1 AND id = ?2")?.execute(params![project, id])?;
    Ok(gone == 1)
}

/// Whether the body of an entry was erased.
pub(crate) fn is_body(db: &Connection, project: i64, hash: EntryHash) -> rusqlite::Result<bool> {
    let found = db
        .prepare_cached("SELECT 1 FROM erased_entry WHERE project = ?1 AND hash = ?2")?
        .query_row(params![project, hash.as_bytes()], |_| Ok(()))
        .optional()?;
    Ok(found.is_some())
}

/// Whether a chunk was erased.
pub(crate) fn is_chunk(db: &Connection, project: i64, id: &[u8; 32]) -> rusqlite::Result<bool> {
    let found = db
        .prepare_cached("SELECT 1 FROM erased_chunk WHERE project = ?1 AND id = ?2")?
        .query_row(params![project, id], |_| Ok(()))
        .optional()?;
    Ok(found.is_some())
}
