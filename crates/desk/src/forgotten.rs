//! A forgotten passphrase: the project's recovery key opens a laptop's data, never its signing key. What only that laptop has
//! is brought out: sealed entries and chunks as on a stick, and what stands in drafts alone in a file for the leads.

mod taking;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tianye_journal::{
    ChainId, ChunkId, EntryHash, Frontier, Head, ProjectId, ReadingKey, Receipt, Recipient, RecordId, SealedChunk,
    SealedEntry, Seq, seal_stream,
};
use tianye_store::{Draft, DraftAnswer, Passphrase, Piece, Recording, Store, Unlock};
use tianye_survey::{AUDIT, Secret};
use tianye_sync::{Admitted, Cancel, Limit, PART_BYTES, Replica, StickPlan, SyncError, verify_stick, write_stick};
use zeroize::Zeroizing;

pub use taking::{drafts_in, holds_drafts};

use crate::desk::Desk;
use crate::exchange::{entries_after, failed};
use crate::interview::page::small;
use crate::papers::{self, Who};
use crate::refusal::{Result, refuse};
use crate::view::ForgottenView;
use crate::world::{self, World};

/// Ending of the file with drafts.
const ENDING: &str = "tianye-drafts";

/// Another laptop's store, opened by the recovery key: it is read, and nothing can be signed with it.
#[derive(Debug)]
pub struct Forgotten {
    store: Arc<Store>,
    world: Arc<dyn World>,
    who: Who,
}

/// What stands in the drafts of one laptop alone, as it travels to the leads. Chunks of recordings that are no answer yet
/// follow it in the file.
#[derive(Serialize, Deserialize)]
struct Left {
    project: ProjectId,
    /// The store, as its folder is called.
    store: String,
    /// Whose laptop it is.
    person: String,
    device: String,
    drafts: Vec<LeftDraft>,
}

#[derive(Serialize, Deserialize)]
struct LeftDraft {
    record: RecordId,
    form: [u8; 32],
    subject: Option<RecordId>,
    language: String,
    state: String,
    position: Option<String>,
    parents: Vec<EntryHash>,
    extra: String,
    started_ms: i64,
    changed_ms: i64,
    /// The fields as the last entry sealed them.
    sealed: Vec<LeftField>,
    /// Those that were changed since, as they stand.
    unsealed: Vec<LeftField>,
    recordings: Vec<LeftRecording>,
}

#[derive(Clone, Serialize, Deserialize)]
struct LeftField {
    path: String,
    answer: Option<String>,
    note: Option<String>,
    ms: i64,
    offset: i16,
}

#[derive(Serialize, Deserialize)]
struct LeftRecording {
    path: String,
    about: String,
    started_ms: i64,
    pieces: Vec<LeftPiece>,
}

#[derive(Serialize, Deserialize)]
struct LeftPiece {
    chunk: ChunkId,
    key: Secret,
    len: u32,
}

impl LeftPiece {
    fn piece(&self) -> Piece {
        Piece { chunk: self.chunk, key: self.key.0, len: self.len }
    }
}

impl Desk {
    /// The project's recovery key as text, for a sheet of paper that is locked away.
    ///
    /// # Errors
    /// `no-right` on every laptop but that of who made the project.
    pub fn recovery_key(&self) -> Result<Zeroizing<String>> {
        Ok(papers::recovery_key(&self.store)?.to_secret_text())
    }

    /// The project's recovery key, for who types the passphrase once more: a desk that was left open does not give it away.
    ///
    /// # Errors
    /// As [`Self::recovery_key`]; `wrong-passphrase`.
    pub fn show_recovery_key(&self, passphrase: &str) -> Result<Zeroizing<String>> {
        let key = self.recovery_key()?;
        self.store.check_passphrase(&Passphrase::new(passphrase))?;
        Ok(key)
    }
}

impl Forgotten {
    /// Opens the store in a folder by the recovery key's text.
    ///
    /// # Errors
    /// `recovery-key-unreadable` for another text; `wrong-recovery-key` for that of another project, or where the laptop was
    /// never admitted; `in-use`, `damaged` …
    pub fn open(dir: &Path, key: &str, world: Arc<dyn World>) -> Result<Self> {
        let key = ReadingKey::from_secret_text(key.trim())
            .map_err(|why| refuse("recovery-key-unreadable", why.to_string()))?;
        let store = Store::unlock(dir, Unlock::Recovery(&key), world::parts(world.now()).0)?;
        let who = papers::who(&store)?;
        Ok(Self { store: Arc::new(store), world, who })
    }

    /// Whether anything can be signed with it: never.
    #[must_use]
    pub fn can_sign(&self) -> bool {
        self.store.can_sign()
    }

    /// Writes what is here into a folder, all of it sealed: batches as on a stick, and a file with what stands in drafts alone,
    /// which only leads open.
    ///
    /// # Errors
    /// A folder that cannot be written to; the store's refusal; `cancelled`. Files that were whole by then stay.
    pub fn bring_out(&self, folder: &Path, cancel: &Cancel) -> Result<ForgottenView> {
        fs::create_dir_all(folder).map_err(cannot_write(folder))?;
        let readers = self.who.readers()?;
        let (known, known_chunks) = (Frontier::default(), BTreeSet::new());
        let plan = StickPlan {
            known: &known,
            known_chunks: &known_chunks,
            readers: &readers,
            part_bytes: PART_BYTES,
            go_on: None,
        };
        let (project, store) = (self.who.project, self.store.clone());
        let mut replica = ReadOnly { project, store, damaged: BTreeSet::new() };
        let mut rng = world::key_rng(&*self.world);
        let files = write_stick(&mut replica, folder, &plan, cancel, &mut |_| (), &mut rng, &mut |_, _| Ok(()))?;
        let mut view = ForgottenView {
            person: self.who.name.clone(),
            device: self.who.device_name.clone(),
            ..ForgottenView::default()
        };
        let key = papers::reading_key(&self.store)?;
        for file in &files {
            let (entries, chunks) = verify_stick(file, &key, cancel, &mut |_| ())?;
            view.entries += small(entries);
            view.chunks += small(chunks);
            view.files.push(name_of(file));
        }
        let mut damaged = replica.damaged;
        let left = self.left()?;
        if !left.drafts.is_empty() {
            let leads: Vec<Recipient> = readers.into_iter().take(1).collect();
            let path = folder.join(format!("{}.{ENDING}", left.store));
            damaged.extend(self.write_drafts(&left, &leads, &path).map_err(cannot_write(&path))?);
            view.drafts = small(left.drafts.len());
            view.drafts_file = Some(name_of(&path));
        }
        view.damaged = small(damaged.len());
        Ok(view)
    }

    /// The drafts that hold something which is in no entry.
    fn left(&self) -> Result<Left> {
        let mut drafts = Vec::new();
        for draft in self.store.read(|view| view.drafts())? {
            let record = draft.record;
            let (history, unsealed, recordings) = self
                .store
                .read(|view| Ok((view.draft_history(record)?, view.unsealed(record)?, view.recordings(record)?)))?;
            let said = unsealed.iter().any(|one| !one.path.starts_with(AUDIT));
            if said || recordings.iter().any(|recording| !recording.is_empty()) {
                drafts.push(left_draft(draft, history, unsealed, &recordings));
            }
        }
        Ok(Left {
            project: self.who.project,
            store: self.store.id().to_string(),
            person: self.who.name.clone(),
            device: self.who.device_name.clone(),
            drafts,
        })
    }

    /// Gives the chunks that could not be read: they must not keep the rest back.
    fn write_drafts(&self, left: &Left, leads: &[Recipient], path: &Path) -> io::Result<BTreeSet<ChunkId>> {
        let mut damaged = BTreeSet::new();
        let part = path.with_extension("part");
        let file = BufWriter::new(File::create(&part)?);
        let mut sealed = seal_stream(leads, file)?;
        let head = Zeroizing::new(serde_json::to_vec(left)?);
        write_frame(&mut sealed, &head)?;
        for piece in pieces_of(&left.drafts) {
            match self.store.chunk(&piece.chunk) {
                Ok(Some(chunk)) => write_frame(&mut sealed, chunk.as_bytes())?,
                Ok(None) | Err(_) => _ = damaged.insert(piece.chunk),
            }
        }
        let mut file = sealed.finish()?;
        file.flush()?;
        file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        fs::rename(&part, path)?;
        Ok(damaged)
    }
}

fn left_draft(draft: Draft, history: Vec<DraftAnswer>, unsealed: Vec<DraftAnswer>, all: &[Recording]) -> LeftDraft {
    let field = |one: DraftAnswer| LeftField {
        path: one.path,
        answer: one.answer,
        note: one.note,
        ms: one.at.millis,
        offset: one.at.offset_minutes,
    };
    let sealed = history.into_iter().filter(|one| !one.unsealed);
    let sealed: BTreeMap<String, LeftField> = sealed.map(|one| (one.path.clone(), field(one))).collect();
    let piece = |piece: &Piece| LeftPiece { chunk: piece.chunk, key: Secret(piece.key), len: piece.len };
    let recording = |one: &Recording| LeftRecording {
        path: one.path.clone(),
        about: one.about.clone(),
        started_ms: one.started_ms,
        pieces: one.pieces.iter().map(piece).collect(),
    };
    LeftDraft {
        record: draft.record,
        form: draft.form,
        subject: draft.subject,
        language: draft.language,
        state: draft.state,
        position: draft.position,
        parents: draft.parents,
        extra: draft.extra,
        started_ms: draft.started_ms,
        changed_ms: draft.changed_ms,
        sealed: sealed.into_values().collect(),
        unsealed: unsealed.into_iter().map(field).collect(),
        recordings: all.iter().filter(|one| !one.is_empty()).map(recording).collect(),
    }
}

fn pieces_of<'d>(drafts: impl IntoIterator<Item = &'d LeftDraft>) -> impl Iterator<Item = &'d LeftPiece> {
    drafts.into_iter().flat_map(|draft| &draft.recordings).flat_map(|recording| &recording.pieces)
}

fn write_frame(into: &mut impl io::Write, bytes: &[u8]) -> io::Result<()> {
    let length = u32::try_from(bytes.len()).map_err(|_| io::Error::from(io::ErrorKind::FileTooLarge))?;
    into.write_all(&length.to_le_bytes())?;
    into.write_all(bytes)
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn cannot_write(path: &Path) -> impl Fn(io::Error) -> crate::view::Refusal {
    let path: PathBuf = path.to_owned();
    move |why| refuse("file-failed", format!("cannot write {}: {why}", path.display()))
}

/// A store that is only read.
struct ReadOnly {
    project: ProjectId,
    store: Arc<Store>,
    /// Chunks that are not whole any more.
    damaged: BTreeSet<ChunkId>,
}

impl Replica for ReadOnly {
    fn project(&self) -> ProjectId {
        self.project
    }

    fn frontier(&mut self) -> Result<Frontier, SyncError> {
        self.store.read(|view| view.frontier()).map_err(failed)
    }

    fn holds(&mut self, _: ChainId, head: Head) -> Result<bool, SyncError> {
        self.store.read(|view| view.has_entry(head.hash)).map_err(failed)
    }

    fn entries_after(
        &mut self,
        chain: ChainId,
        after: Option<Seq>,
        limit: Limit,
    ) -> Result<Vec<SealedEntry>, SyncError> {
        entries_after(&self.store, chain, after, limit)
    }

    fn admit(&mut self, _: Vec<SealedEntry>) -> Result<Admitted, SyncError> {
        Err(only_read())
    }

    fn without_receipt(&mut self, after: i64, _: usize) -> Result<(Vec<EntryHash>, i64), SyncError> {
        Ok((Vec::new(), after))
    }

    fn record_receipts(&mut self, _: &[Receipt]) -> Result<(), SyncError> {
        Err(only_read())
    }

    fn chunks_held(&mut self) -> Result<Vec<ChunkId>, SyncError> {
        // Recordings that are no answer yet go with the drafts.
        let unfinished = self.store.read(|view| view.unfinished_chunks()).map_err(failed)?;
        let mut held = self.store.chunks().map_err(failed)?;
        held.retain(|chunk| !unfinished.contains(chunk));
        Ok(held)
    }

    fn chunks_wanted(&mut self) -> Result<Vec<ChunkId>, SyncError> {
        Ok(Vec::new())
    }

    fn chunk(&mut self, id: ChunkId) -> Result<Option<SealedChunk>, SyncError> {
        match self.store.chunk(&id) {
            // One file that is not whole must not keep the rest back.
            Err(tianye_store::Error::Damaged { .. }) => {
                self.damaged.insert(id);
                Ok(None)
            }
            chunk => chunk.map_err(failed),
        }
    }

    fn put_chunk(&mut self, _: SealedChunk) -> Result<(), SyncError> {
        Err(only_read())
    }
}

fn only_read() -> SyncError {
    failed(tianye_store::Error::NoSigningKey)
}
