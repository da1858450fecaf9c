//! What happened on this hub, each line bound to the one before, so that none can be taken out unseen.

use rusqlite::{Connection, OptionalExtension as _, params};

/// What is written down. No names, no contents, no tokens: there are none here.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Event {
    /// A short word.
    pub(crate) what: &'static str,
    /// The project concerned.
    pub(crate) project: Option<[u8; 16]>,
    /// The device's key; absent for the lead and for whoever runs the hub.
    pub(crate) who: Option<[u8; 32]>,
    /// How many, where that says something.
    pub(crate) amount: i64,
}

/// The last line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) number: i64,
    pub(crate) hash: [u8; 32],
}

/// Writes a line. `at`: milliseconds since 1970 by the hub's clock, for people only.
pub(crate) fn note(db: &Connection, at: i64, event: &Event) -> rusqlite::Result<Head> {
    let last = head(db)?;
    let number = last.number + 1;
    let hash = line_hash(&last.hash, number, at, event);
    db.prepare_cached(
        "INSERT INTO audit (number, at, what, project, who, amount, hash) VALUES (?1,?2,?3,?4,?5,?6,?7)",
    )?
    .execute(params![number, at, event.what, event.project, event.who, event.amount, hash])?;
    Ok(Head { number, hash })
}

/// The last line; number 0 and zeros before the first.
pub(crate) fn head(db: &Connection) -> rusqlite::Result<Head> {
    let head = db
        .prepare_cached("SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1")?
        .query_row([], |row| Ok(Head { number: row.get(0)?, hash: row.get(1)? }))
        .optional()?;
    Ok(head.unwrap_or(Head { number: 0, hash: [0; 32] }))
}

/// A line by its number; none if there is none, zeros for number 0.
pub(crate) fn line(db: &Connection, number: i64) -> rusqlite::Result<Option<Head>> {
    if number == 0 {
        return Ok(Some(Head { number: 0, hash: [0; 32] }));
    }
    db.prepare_cached("SELECT number, hash FROM audit WHERE number = ?1")?
        .query_row([number], |row| Ok(Head { number: row.get(0)?, hash: row.get(1)? }))
        .optional()
}

/// Reads the log from the start and gives the number of the first line that does not fit, if any.
pub(crate) fn first_broken_line(db: &Connection) -> rusqlite::Result<Option<i64>> {
    let mut statement = db.prepare("SELECT number, at, what, project, who, amount, hash FROM audit ORDER BY number")?;
    let mut rows = statement.query([])?;
    let mut last = Head { number: 0, hash: [0; 32] };
    while let Some(row) = rows.next()? {
        let what: String = row.get(2)?;
        let number: i64 = row.get(0)?;
        let hash = hash_of(&last.hash, number, row.get(1)?, &what, row.get(3)?, row.get(4)?, row.get(5)?);
        if number != last.number + 1 || hash != row.get::<_, [u8; 32]>(6)? {
            return Ok(Some(number));
        }
        last = Head { number, hash };
    }
    Ok(None)
}

fn line_hash(last: &[u8; 32], number: i64, at: i64, event: &Event) -> [u8; 32] {
    hash_of(last, number, at, event.what, event.project, event.who, event.amount)
}

fn hash_of(
    last: &[u8; 32],
    number: i64,
    at: i64,
    what: &str,
    project: Option<[u8; 16]>,
    who: Option<[u8; 32]>,
    amount: i64,
) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new_derive_key("tianye 1 hub audit line");
    hasher.update(last);
    hasher.update(&number.to_be_bytes());
    hasher.update(&at.to_be_bytes());
    hasher.update(&(what.len() as u64).to_be_bytes());
    hasher.update(what.as_bytes());
    hasher.update(&[u8::from(project.is_some())]);
    hasher.update(&project.unwrap_or_default());
    hasher.update(&[u8::from(who.is_some())]);
    hasher.update(&who.unwrap_or_default());
    hasher.update(&amount.to_be_bytes());
    *hasher.finalize().as_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_changed_or_taken_out_is_seen() {
        let path = tempfile::tempdir().unwrap();
        let db = crate::db::open_writing(&path.path().join("hub.db")).unwrap();
        for amount in 0..5 {
            let event = Event { what: "entries", project: Some([1; 16]), who: None, amount };
            note(&db, 1_000 + amount, &event).unwrap();
        }
        assert_eq!(first_broken_line(&db).unwrap(), None);
        db.execute("UPDATE audit SET amount = 9 WHERE number = 3", []).unwrap();
        assert_eq!(first_broken_line(&db).unwrap(), Some(3));
        db.execute("UPDATE audit SET amount = 2 WHERE number = 3", []).unwrap();
        assert_eq!(first_broken_line(&db).unwrap(), None);
        db.execute("DELETE FROM audit WHERE number = 2", []).unwrap();
        assert_eq!(first_broken_line(&db).unwrap(), Some(3));
    }
}
