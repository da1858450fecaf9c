//! The letter boxes in which a new device and the lead exchange join request and admission. Both are opaque here.

use rusqlite::{Connection, OptionalExtension as _, params};
use tianye_journal::InvitationId;
use tianye_sync::{
    Refusal,
    protocol::{HexBytes, WaitingRequest},
};

use super::offers;
use super::writer::WriteError;

/// Most open invitations of one project.
pub(crate) const MAX_OPEN: i64 = 500;

/// The key of an open invitation.
pub(crate) fn key(db: &Connection, project: i64, invitation: &[u8; 16]) -> rusqlite::Result<Option<[u8; 32]>> {
    db.prepare_cached("SELECT key FROM invitation WHERE project = ?1 AND id = ?2 AND NOT closed")?
        .query_row(params![project, invitation], |row| row.get(0))
        .optional()
}

/// Opens a letter box. The same again is no error; once closed, it stays closed.
pub(crate) fn open(db: &Connection, project: i64, invitation: &[u8; 16], key: &[u8; 32]) -> Result<(), WriteError> {
    let open: i64 =
        db.query_row("SELECT count(*) FROM invitation WHERE project = ?1 AND NOT closed", [project], |row| row.get(0))?;
    let found = db
        .query_row(
            "SELECT key, closed FROM invitation WHERE project = ?1 AND id = ?2",
            params![project, invitation],
            |row| Ok((row.get::<_, [u8; 32]>(0)?, row.get::<_, bool>(1)?)),
        )
        .optional()?;
    match found {
        Some((there, false)) if there == *key => Ok(()),
        Some(_) => Err(Refusal::InvitationUsed.into()),
        None if open >= MAX_OPEN => Err(Refusal::TooMany.into()),
        None => {
            let sql = "INSERT INTO invitation (project, id, key) VALUES (?1, ?2, ?3)";
            db.execute(sql, params![project, invitation, key])?;
            Ok(())
        }
    }
}

/// Closes a letter box, empties it, and takes away the offer beside it.
pub(crate) fn close(db: &Connection, project: i64, invitation: &[u8; 16]) -> rusqlite::Result<()> {
    let sql = "UPDATE invitation SET closed = 1, request = NULL, admission = NULL WHERE project = ?1 AND id = ?2";
    db.execute(sql, params![project, invitation])?;
    offers::remove(db, project, invitation)
}

/// Leaves the join request, and takes away the offer beside it. The same bytes again are no error; other bytes are: an
/// invitation is for one device.
pub(crate) fn leave_request(
    db: &Connection,
    project: i64,
    invitation: &[u8; 16],
    request: &[u8],
) -> Result<(), WriteError> {
    let there: Option<Option<Vec<u8>>> = db
        .query_row(
            "SELECT request FROM invitation WHERE project = ?1 AND id = ?2 AND NOT closed",
            params![project, invitation],
            |row| row.get(0),
        )
        .optional()?;
    match there {
        None => Err(Refusal::InvitationRefused.into()),
        Some(Some(there)) if there == request => Ok(()),
        Some(Some(_)) => Err(Refusal::InvitationUsed.into()),
        Some(None) => {
            let sql = "UPDATE invitation SET request = ?3 WHERE project = ?1 AND id = ?2";
            db.execute(sql, params![project, invitation, request])?;
            Ok(offers::remove(db, project, invitation)?)
        }
    }
}

/// The requests waiting in open letter boxes, oldest first.
pub(crate) fn requests(db: &Connection, project: i64) -> rusqlite::Result<Vec<WaitingRequest>> {
    let sql = "SELECT id, request, admission IS NOT NULL FROM invitation
               WHERE project = ?1 AND NOT closed AND request IS NOT NULL ORDER BY number";
    db.prepare_cached(sql)?
        .query_map([project], |row| {
            Ok(WaitingRequest {
                invitation: InvitationId::from_bytes(row.get(0)?),
                request: HexBytes(row.get(1)?),
                answered: row.get(2)?,
            })
        })?
        .collect()
}

/// Lays the admission ready. It may be replaced until the lead closes the box.
pub(crate) fn leave_admission(
    db: &Connection,
    project: i64,
    invitation: &[u8; 16],
    admission: &[u8],
) -> Result<(), WriteError> {
    let sql = "UPDATE invitation SET admission = ?3
               WHERE project = ?1 AND id = ?2 AND NOT closed AND request IS NOT NULL";
    match db.execute(sql, params![project, invitation, admission])? {
        0 => Err(Refusal::InvitationRefused.into()),
        _ => Ok(()),
    }
}

/// The admission, if the lead has left one.
pub(crate) fn admission(db: &Connection, project: i64, invitation: &[u8; 16]) -> rusqlite::Result<Option<Vec<u8>>> {
    let found: Option<Option<Vec<u8>>> = db
        .query_row(
            "SELECT admission FROM invitation WHERE project = ?1 AND id = ?2 AND NOT closed",
            params![project, invitation],
            |row| row.get(0),
        )
        .optional()?;
    Ok(found.flatten())
}
