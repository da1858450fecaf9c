//! Drafts: what is being filled in on this laptop, answer by answer.

use rusqlite::Row;
use tianye_journal::{EntryHash, RecordId, WallClock};

use crate::sql::named;
use crate::{Error, Result, Tx, View};

const SQL: &str = include_str!("../sql/drafts.sql");
const MAX_PATH: usize = 4096;
const MAX_ANSWER: usize = 1 << 20;

/// What a new draft starts with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDraft {
    /// The record that its entries will be about.
    pub record: RecordId,
    /// Hash of the form version that fills it.
    pub form: [u8; 32],
    /// Whom it is about.
    pub subject: Option<RecordId>,
    /// Language on the screen, as the form names it.
    pub language: String,
    /// The desk's word for where it stands.
    pub state: String,
    /// Heads of the record that were seen when it began; empty for a new record.
    pub parents: Vec<EntryHash>,
    /// The desk's further notes on the draft (JSON).
    pub extra: String,
}

/// A draft without its answers.
#[derive(Clone, PartialEq, Eq)]
pub struct Draft {
    /// The record that its entries will be about.
    pub record: RecordId,
    /// Hash of the form version that fills it.
    pub form: [u8; 32],
    /// Whom it is about.
    pub subject: Option<RecordId>,
    /// Language on the screen, as the form names it.
    pub language: String,
    /// The desk's word for where it stands.
    pub state: String,
    /// Where to go on: the desk's address of a page or question.
    pub position: Option<String>,
    /// Heads of the record that were seen when it began, or when it was last sealed.
    pub parents: Vec<EntryHash>,
    /// The desk's further notes on the draft (JSON).
    pub extra: String,
    /// Begun, ms since 1970 UTC, untrusted.
    pub started_ms: i64,
    /// Last change, ms since 1970 UTC, untrusted.
    pub changed_ms: i64,
    /// Whether there are changes that are in no entry yet.
    pub unsealed: bool,
}

/// One field of a draft, as it stands or as it once stood.
#[derive(Clone, PartialEq, Eq)]
pub struct DraftAnswer {
    /// Canonical address of the node.
    pub path: String,
    /// The answer as JSON text (`{"v":"…"}`, `null`, `{"na":"…"}`); `None` where only a note was written.
    pub answer: Option<String>,
    /// The interviewer's remark on it.
    pub note: Option<String>,
    /// When it was written.
    pub at: WallClock,
    /// Whether it is in no entry yet.
    pub unsealed: bool,
}

impl std::fmt::Debug for Draft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("Draft");
        shown.field("record", &self.record).field("state", &self.state).field("unsealed", &self.unsealed);
        shown.finish_non_exhaustive()
    }
}

impl std::fmt::Debug for DraftAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("DraftAnswer");
        shown.field("path", &self.path).field("at", &self.at).field("unsealed", &self.unsealed);
        shown.finish_non_exhaustive()
    }
}

impl View<'_> {
    /// All drafts, oldest first.
    ///
    /// # Errors
    /// Database errors.
    pub fn drafts(&self) -> Result<Vec<Draft>> {
        const ALL: &str = named(SQL, "all");
        self.all(ALL, [], draft_of)?.into_iter().map(|draft| draft.finish(self)).collect()
    }

    /// The draft of a record.
    ///
    /// # Errors
    /// Database errors.
    pub fn draft(&self, record: RecordId) -> Result<Option<Draft>> {
        const ONE: &str = named(SQL, "one");
        self.one(ONE, [record.as_bytes()], draft_of)?.map(|draft| draft.finish(self)).transpose()
    }

    /// Every field of a draft as it stands now, in the order of the last change.
    ///
    /// # Errors
    /// Database errors. A record without a draft has no fields.
    pub fn answers(&self, record: RecordId) -> Result<Vec<DraftAnswer>> {
        const LATEST: &str = named(SQL, "latest");
        self.all(LATEST, [record.as_bytes()], answer_of)
    }

    /// The fields that differ from what the last entry of this draft sealed, as they stand now.
    ///
    /// A field that was changed and changed back is not among them.
    ///
    /// # Errors
    /// Database errors.
    pub fn unsealed(&self, record: RecordId) -> Result<Vec<DraftAnswer>> {
        const UNSEALED: &str = named(SQL, "unsealed");
        let rows = self.all(UNSEALED, [record.as_bytes()], |row| {
            let answer: Option<String> = row.get(1)?;
            let note: Option<String> = row.get(2)?;
            let was_sealed: bool = row.get(5)?;
            let (sealed_answer, sealed_note): (Option<String>, Option<String>) = (row.get(6)?, row.get(7)?);
            let same = if was_sealed {
                answer == sealed_answer && note == sealed_note
            } else {
                answer.is_none() && note.is_none()
            };
            let at = WallClock { millis: row.get(3)?, offset_minutes: row.get(4)? };
            Ok((!same).then_some(DraftAnswer { path: row.get(0)?, answer, note, at, unsealed: true }))
        })?;
        Ok(rows.into_iter().flatten().collect())
    }

    /// Every change of a draft, first to last.
    ///
    /// # Errors
    /// Database errors.
    pub fn draft_history(&self, record: RecordId) -> Result<Vec<DraftAnswer>> {
        const HISTORY: &str = named(SQL, "history");
        self.all(HISTORY, [record.as_bytes()], answer_of)
    }

    fn draft_id(&self, record: RecordId) -> Result<i64> {
        const ID: &str = named(SQL, "id");
        self.one(ID, [record.as_bytes()], |row| row.get(0))?.ok_or(Error::NotFound { what: "draft of this record" })
    }
}

impl Tx<'_> {
    /// Starts a draft.
    ///
    /// # Errors
    /// [`Error::Exists`] if the record has one already.
    pub fn start_draft(&mut self, draft: &NewDraft, at: WallClock) -> Result<()> {
        const START: &str = named(SQL, "start");
        if self.draft(draft.record)?.is_some() {
            return Err(Error::Exists { what: "draft of this record" });
        }
        let subject = draft.subject.as_ref().map(RecordId::as_bytes);
        let parents = join(&draft.parents);
        let NewDraft { record, form, language, state, extra, .. } = draft;
        self.run(START, (record.as_bytes(), form, subject, language, state, parents, extra, at.millis))?;
        Ok(())
    }

    /// Writes one answer (JSON text). Durable with the step. An answer equal to the one that stands writes nothing.
    ///
    /// # Errors
    /// [`Error::NotFound`] without a draft, [`Error::TooLarge`], [`Error::Invalid`] if it is not JSON.
    pub fn put_answer(&mut self, record: RecordId, path: &str, answer: &str, at: WallClock) -> Result<()> {
        limit("answer", answer.len(), MAX_ANSWER)?;
        serde_json::from_str::<serde::de::IgnoredAny>(answer)
            .map_err(|_| Error::Invalid { what: "answer", why: "expected JSON".into() })?;
        let draft = self.draft_id(record)?;
        let (_, note) = self.standing(draft, path)?.unwrap_or_default();
        self.put_change(draft, path, &(Some(answer.to_owned()), note), at)
    }

    /// Writes the interviewer's remark on one field; an empty one takes it away.
    ///
    /// # Errors
    /// As [`Tx::put_answer`].
    pub fn put_note(&mut self, record: RecordId, path: &str, note: &str, at: WallClock) -> Result<()> {
        limit("note", note.len(), MAX_ANSWER)?;
        let draft = self.draft_id(record)?;
        let (answer, _) = self.standing(draft, path)?.unwrap_or_default();
        self.put_change(draft, path, &(answer, Some(note.to_owned()).filter(|note| !note.is_empty())), at)
    }

    /// Takes the last change of a node back that is in no entry yet: a new change that restores what stood before.
    /// Returns the field as it now stands, or `None` if there is nothing to take back.
    ///
    /// # Errors
    /// [`Error::NotFound`] without a draft; database errors.
    pub fn undo(&mut self, record: RecordId, at: WallClock) -> Result<Option<DraftAnswer>> {
        const UNDOABLE: &str = named(SQL, "undoable");
        const BEFORE: &str = named(SQL, "before");
        const MARK: &str = named(SQL, "mark_undone");
        let draft = self.draft_id(record)?;
        let last = self.one(UNDOABLE, [draft], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)))?;
        let Some((change, path)) = last else { return Ok(None) };
        let before = self.one(BEFORE, (draft, &path, change), |row| Ok((row.get(0)?, row.get(1)?)))?;
        let (answer, note) = before.unwrap_or_default();
        let undo = self.insert_change(draft, &path, (&answer, &note), at, Some(change))?;
        self.run(MARK, (change, undo))?;
        Ok(Some(DraftAnswer { path, answer, note, at, unsealed: true }))
    }

    /// Remembers where to go on.
    ///
    /// # Errors
    /// [`Error::NotFound`] without a draft.
    pub fn put_position(&mut self, record: RecordId, position: &str) -> Result<()> {
        limit("position", position.len(), MAX_PATH)?;
        self.update(named(SQL, "set_position"), record, position)
    }

    /// Sets the desk's word for where the draft stands.
    ///
    /// # Errors
    /// [`Error::NotFound`] without a draft.
    pub fn set_draft_state(&mut self, record: RecordId, state: &str) -> Result<()> {
        self.update(named(SQL, "set_state"), record, state)
    }

    /// Sets the language on the screen.
    ///
    /// # Errors
    /// [`Error::NotFound`] without a draft.
    pub fn set_draft_language(&mut self, record: RecordId, language: &str) -> Result<()> {
        self.update(named(SQL, "set_language"), record, language)
    }

    /// Sets whom the draft is about.
    ///
    /// # Errors
    /// [`Error::NotFound`] without a draft.
    pub fn set_draft_subject(&mut self, record: RecordId, subject: Option<RecordId>) -> Result<()> {
        self.update(named(SQL, "set_subject"), record, subject.as_ref().map(RecordId::as_bytes))
    }

    /// Sets the form version that fills the draft.
    ///
    /// # Errors
    /// [`Error::NotFound`] without a draft.
    pub fn set_draft_form(&mut self, record: RecordId, form: &[u8; 32]) -> Result<()> {
        self.update(named(SQL, "set_form"), record, form)
    }

    /// Sets the heads that the next entry of this draft names as its parents.
    ///
    /// # Errors
    /// [`Error::NotFound`] without a draft.
    pub fn set_draft_parents(&mut self, record: RecordId, parents: &[EntryHash]) -> Result<()> {
        self.update(named(SQL, "set_parents"), record, join(parents))
    }

    /// Sets the desk's further notes (JSON).
    ///
    /// # Errors
    /// [`Error::NotFound`] without a draft.
    pub fn set_draft_extra(&mut self, record: RecordId, extra: &str) -> Result<()> {
        limit("draft notes", extra.len(), MAX_ANSWER)?;
        self.update(named(SQL, "set_extra"), record, extra)
    }

    /// Says that everything written so far is in `entry`, which becomes the draft's parent. To be called in the step
    /// that sealed the entry.
    ///
    /// # Errors
    /// [`Error::NotFound`] without a draft.
    pub fn mark_sealed(&mut self, record: RecordId, entry: EntryHash) -> Result<()> {
        const SEALED: &str = named(SQL, "mark_sealed");
        self.set_draft_parents(record, &[entry])?;
        self.run(SEALED, [record.as_bytes()])?;
        Ok(())
    }

    /// Drops a draft with its history.
    ///
    /// # Errors
    /// [`Error::NotFound`] without a draft; [`Error::Invalid`] if it holds changes that are in no entry, unless
    /// `unsealed_too`.
    pub fn drop_draft(&mut self, record: RecordId, unsealed_too: bool) -> Result<()> {
        const DROP: &str = named(SQL, "drop");
        let draft = self.draft(record)?.ok_or(Error::NotFound { what: "draft of this record" })?;
        if draft.unsealed && !unsealed_too {
            return Err(Error::Invalid {
                what: "dropping the draft",
                why: "it holds changes that are in no entry".into(),
            });
        }
        self.loosen_recordings(record)?;
        self.run(DROP, [record.as_bytes()])?;
        Ok(())
    }

    fn standing(&self, draft: i64, path: &str) -> Result<Option<Standing>> {
        const LATEST: &str = named(SQL, "latest_of");
        self.one(LATEST, (draft, path), |row| Ok((row.get(0)?, row.get(1)?)))
    }

    fn put_change(&self, draft: i64, path: &str, now: &Standing, at: WallClock) -> Result<()> {
        limit("path", path.len(), MAX_PATH)?;
        if self.standing(draft, path)?.unwrap_or_default() == *now {
            return Ok(());
        }
        self.insert_change(draft, path, (&now.0, &now.1), at, None).map(|_| ())
    }

    fn insert_change(
        &self,
        draft: i64,
        path: &str,
        (answer, note): (&Option<String>, &Option<String>),
        at: WallClock,
        undoes: Option<i64>,
    ) -> Result<i64> {
        const CHANGE: &str = named(SQL, "change");
        const TOUCH: &str = named(SQL, "touch");
        self.run(TOUCH, (draft, at.millis))?;
        self.insert(CHANGE, (draft, path, answer, note, at.millis, at.offset_minutes, undoes))
    }

    fn update(&self, sql: &str, record: RecordId, value: impl rusqlite::ToSql) -> Result<()> {
        match self.run(sql, (record.as_bytes(), value))? {
            0 => Err(Error::NotFound { what: "draft of this record" }),
            _ => Ok(()),
        }
    }
}

/// Answer and note of a field as they stand.
type Standing = (Option<String>, Option<String>);

/// A row of `drafts` before its hashes are read.
struct RawDraft {
    draft: Draft,
    parents: Vec<u8>,
}

impl RawDraft {
    fn finish(self, view: &View<'_>) -> Result<Draft> {
        let parents =
            split(&self.parents).ok_or_else(|| view.damaged("the parents of a draft are not whole hashes"))?;
        Ok(Draft { parents, ..self.draft })
    }
}

fn draft_of(row: &Row<'_>) -> rusqlite::Result<RawDraft> {
    let draft = Draft {
        record: RecordId::from_bytes(row.get(0)?),
        form: row.get(1)?,
        subject: row.get::<_, Option<[u8; 16]>>(2)?.map(RecordId::from_bytes),
        language: row.get(3)?,
        state: row.get(4)?,
        position: row.get(5)?,
        parents: Vec::new(),
        extra: row.get(7)?,
        started_ms: row.get(8)?,
        changed_ms: row.get(9)?,
        unsealed: row.get(10)?,
    };
    Ok(RawDraft { draft, parents: row.get(6)? })
}

fn answer_of(row: &Row<'_>) -> rusqlite::Result<DraftAnswer> {
    let at = WallClock { millis: row.get(3)?, offset_minutes: row.get(4)? };
    Ok(DraftAnswer { path: row.get(0)?, answer: row.get(1)?, note: row.get(2)?, at, unsealed: row.get(5)? })
}

/// Hashes one after the other, as a list of parents is kept.
pub(crate) fn join(hashes: &[EntryHash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| *hash.as_bytes()).collect()
}

/// Undoes [`join`]; `None` if the last hash is not whole.
pub(crate) fn split(bytes: &[u8]) -> Option<Vec<EntryHash>> {
    let (hashes, rest) = bytes.as_chunks::<32>();
    rest.is_empty().then(|| hashes.iter().copied().map(EntryHash::from_bytes).collect())
}

fn limit(what: &'static str, found: usize, limit: usize) -> Result<()> {
    if found > limit {
        return Err(Error::TooLarge { what, found: found as u64, limit: limit as u64 });
    }
    Ok(())
}
