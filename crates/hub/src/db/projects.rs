//! The projects registered on this hub.

use rusqlite::{Connection, OptionalExtension as _, params};
use tianye_sync::{Refusal, protocol::ProjectStatus};

use super::writer::WriteError;

/// A registered project.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Project {
    /// Its number in this database.
    pub(crate) number: i64,
    /// Its public key.
    pub(crate) key: [u8; 32],
}

/// The project with this id.
pub(crate) fn find(db: &Connection, id: &[u8; 16]) -> rusqlite::Result<Option<Project>> {
    db.prepare_cached("SELECT number, key FROM project WHERE id = ?1")?
        .query_row([id], |row| Ok(Project { number: row.get(0)?, key: row.get(1)? }))
        .optional()
}

/// Every project with its id.
pub(crate) fn all(db: &Connection) -> rusqlite::Result<Vec<([u8; 16], Project)>> {
    db.prepare("SELECT id, number, key FROM project")?
        .query_map([], |row| Ok((row.get(0)?, Project { number: row.get(1)?, key: row.get(2)? })))?
        .collect()
}

/// Registers a project. The same again is no error; another key is.
pub(crate) fn register(db: &Connection, id: &[u8; 16], key: &[u8; 32]) -> Result<Project, WriteError> {
    match find(db, id)? {
        Some(project) if project.key == *key => Ok(project),
        Some(_) => Err(Refusal::ProjectKeyDiffers.into()),
        None => {
            db.execute("INSERT INTO project (id, key) VALUES (?1, ?2)", params![id, key])?;
            Ok(Project { number: db.last_insert_rowid(), key: *key })
        }
    }
}

/// Counts of what a project keeps here, without its devices.
pub(crate) fn status(db: &Connection, project: i64) -> rusqlite::Result<ProjectStatus> {
    let count = |sql: &str| db.query_row(sql, [project], |row| Ok((row.get::<_, u64>(0)?, row.get::<_, u64>(1)?)));
    let (entries, entry_bytes) =
        count("SELECT count(*), coalesce(sum(length(bytes)), 0) FROM entry WHERE project = ?1")?;
    let (chunks, chunk_bytes) = count("SELECT count(*), coalesce(sum(length), 0) FROM chunk WHERE project = ?1")?;
    let (chains, _) = count("SELECT count(*), 0 FROM chain WHERE project = ?1")?;
    let devices = super::devices::all(db, project)?;
    Ok(ProjectStatus { chains, entries, entry_bytes, chunks, chunk_bytes, devices })
}

/// The sums over all projects, for `tianye-hub status`: projects, entries, chunks, bytes.
pub(crate) fn totals(db: &Connection) -> rusqlite::Result<(u64, u64, u64, u64)> {
    let sql = "SELECT (SELECT count(*) FROM project), (SELECT count(*) FROM entry), (SELECT count(*) FROM chunk),
               (SELECT coalesce(sum(bytes), 0) FROM project)";
    db.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
}
