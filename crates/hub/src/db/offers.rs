//! Invitations laid ready for who types their code. Sealed, so opaque here; each lies beside an open letter box and goes with
//! the first answer in it.

use rusqlite::{Connection, OptionalExtension as _, params};
use tianye_sync::Refusal;

use super::writer::WriteError;

/// A sealed invitation.
#[derive(Debug)]
pub(crate) struct Offer {
    /// What it is asked for by.
    pub(crate) id: [u8; 32],
    /// Until when it may be fetched: milliseconds since 1970 by the hub's clock.
    pub(crate) until: i64,
    pub(crate) sealed: Vec<u8>,
}

/// Lays an offer beside an open letter box that nobody has answered yet, in place of the one there.
pub(crate) fn leave(db: &Connection, project: i64, invitation: &[u8; 16], offer: &Offer) -> Result<(), WriteError> {
    let found = db
        .query_row(
            "SELECT number, request IS NOT NULL FROM invitation WHERE project = ?1 AND id = ?2 AND NOT closed",
            params![project, invitation],
            |row| Ok((row.get::<_, i64>(0)?, row.get::<_, bool>(1)?)),
        )
        .optional()?;
    let number = match found {
        None => return Err(Refusal::InvitationRefused.into()),
        Some((_, true)) => return Err(Refusal::InvitationUsed.into()),
        Some((number, false)) => number,
    };
    db.execute("DELETE FROM offer WHERE invitation = ?1", [number])?;
    let sql = "INSERT INTO offer (id, invitation, until, sealed) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
    match db.execute(sql, params![offer.id, number, offer.until, offer.sealed])? {
        0 => Err(Refusal::InvitationUsed.into()),
        _ => Ok(()),
    }
}

/// The sealed invitation with this id, if it may still be fetched.
pub(crate) fn fetch(db: &Connection, id: &[u8; 32], now: i64) -> rusqlite::Result<Option<Vec<u8>>> {
    db.prepare_cached("SELECT sealed FROM offer WHERE id = ?1 AND until > ?2")?
        .query_row(params![id, now], |row| row.get(0))
        .optional()
}

/// Takes away the offer of an invitation.
pub(crate) fn remove(db: &Connection, project: i64, invitation: &[u8; 16]) -> rusqlite::Result<()> {
    let sql = "DELETE FROM offer WHERE invitation IN (SELECT number FROM invitation WHERE project = ?1 AND id = ?2)";
    db.execute(sql, params![project, invitation]).map(drop)
}

/// Takes away the offers whose time is over.
pub(crate) fn forget_old(db: &Connection, now: i64) -> rusqlite::Result<()> {
    db.execute("DELETE FROM offer WHERE until <= ?1", [now]).map(drop)
}
