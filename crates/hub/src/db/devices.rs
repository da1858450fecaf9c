//! The devices that have signed in: how much each has stored, and whether the lead has blocked it.

use rusqlite::{Connection, OptionalExtension as _, params};
use tianye_sync::{
    Refusal,
    protocol::{DeviceStatus, Hex},
};

use super::writer::WriteError;

/// How many bytes one device, and one project, may store.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quota {
    pub(crate) device: u64,
    pub(crate) project: u64,
}

/// Whether the device is blocked; unknown devices are not.
pub(crate) fn blocked(db: &Connection, project: i64, key: &[u8; 32]) -> rusqlite::Result<bool> {
    let blocked = db
        .prepare_cached("SELECT blocked FROM device WHERE project = ?1 AND key = ?2")?
        .query_row(params![project, key], |row| row.get(0))
        .optional()?;
    Ok(blocked.unwrap_or(false))
}

/// Writes down that a device signed in.
pub(crate) fn seen(db: &Connection, project: i64, key: &[u8; 32]) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT INTO device (project, key) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
        .execute(params![project, key])?;
    Ok(())
}

/// Blocks a device or lets it in again.
pub(crate) fn block(db: &Connection, project: i64, key: &[u8; 32], blocked: bool) -> rusqlite::Result<()> {
    seen(db, project, key)?;
    db.execute("UPDATE device SET blocked = ?3 WHERE project = ?1 AND key = ?2", params![project, key, blocked])?;
    Ok(())
}

/// Adds stored bytes to the accounts of project and device (none: the lead).
pub(crate) fn charge(
    db: &Connection,
    project: i64,
    device: Option<&[u8; 32]>,
    bytes: u64,
    quota: Quota,
) -> Result<(), WriteError> {
    if let Some(key) = device {
        let used: Option<u64> = db
            .prepare_cached("UPDATE device SET bytes = bytes + ?3 WHERE project = ?1 AND key = ?2 RETURNING bytes")?
            .query_row(params![project, key, bytes], |row| row.get(0))
            .optional()?;
        if used.is_some_and(|used| used > quota.device) {
            return Err(Refusal::DeviceQuota.into());
        }
    }
    let used: u64 = db
        .prepare_cached("UPDATE project SET bytes = bytes + ?2 WHERE number = ?1 RETURNING bytes")?
        .query_row(params![project, bytes], |row| row.get(0))?;
    if used > quota.project {
        return Err(Refusal::HubFull.into());
    }
    Ok(())
}

/// Every device of a project.
pub(crate) fn all(db: &Connection, project: i64) -> rusqlite::Result<Vec<DeviceStatus>> {
    db.prepare_cached("SELECT key, bytes, blocked FROM device WHERE project = ?1 ORDER BY key LIMIT 10000")?
        .query_map([project], |row| {
            Ok(DeviceStatus { key: Hex(row.get(0)?), bytes: row.get(1)?, blocked: row.get(2)? })
        })?
        .collect()
}
