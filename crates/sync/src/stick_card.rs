//! What a laptop leaves on a stick beside its batches: what it has, so that others need not write that again, and what it
//! wrote there, so that it goes on where it was interrupted.
//!
//! A card is signed with the laptop's key and sealed for the team, in a file with a random name. Whoever could forge one could
//! keep entries from a stick; so only a card whose certificate is the project's counts. An old one that is put back only lets
//! more be written than there need be.

use std::{
    collections::BTreeSet,
    fs,
    io::Read as _,
    path::{Path, PathBuf},
};

use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use tianye_journal::{
    Certificate, ChainId, ChunkId, Frontier, PublicKey, ReadingKey, Recipient, Signature, SigningKey, Trust, open_for,
    seal_for, to_hex,
};

use crate::{
    Replica, StickFile, SyncError,
    protocol::{Hex, HexBytes},
    replica,
};

/// Ending of cards.
const ENDING: &str = "tianye-card";
/// Longest card that is read, in bytes: some hundred thousand chunks.
const MAX_CARD: u64 = 32 << 20;
/// Most cards of a stick that are read.
const MAX_CARDS: usize = 500;

/// What a laptop said of itself on a stick. Its signature was checked.
#[derive(Clone, Debug)]
pub struct StickCard {
    /// The laptop.
    pub key: PublicKey,
    /// Number of its certificate.
    pub serial: u64,
    /// What it has.
    pub frontier: Frontier,
    /// The chunks that it has.
    pub chunks: BTreeSet<ChunkId>,
    /// What it wrote to this stick and is still there, in the order of writing.
    pub files: Vec<StickFile>,
    /// The card itself.
    pub path: PathBuf,
}

#[derive(Serialize, Deserialize)]
struct Said {
    certificate: HexBytes,
    frontier: HexBytes,
    chunks: Vec<ChunkId>,
    files: Vec<SaidFile>,
}

#[derive(Serialize, Deserialize)]
struct SaidFile {
    name: String,
    bytes: u64,
    after: HexBytes,
    to: HexBytes,
    chunks: Vec<ChunkId>,
}

#[derive(Serialize, Deserialize)]
struct Signed {
    said: String,
    signature: Hex<64>,
}

/// The cards in a folder that count, of each laptop the one that says most. What cannot be read is passed over: it is for
/// others, or damaged, and nothing depends on it.
///
/// # Errors
/// [`SyncError::File`] if the folder cannot be read.
pub fn stick_cards(folder: &Path, keys: &[ReadingKey], trust: &Trust) -> Result<Vec<StickCard>, SyncError> {
    let fail = |source| SyncError::File { path: folder.display().to_string(), source };
    let mut paths = Vec::new();
    for item in fs::read_dir(folder).map_err(fail)? {
        let path = item.map_err(fail)?.path();
        if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(ENDING)) {
            paths.push(path);
        }
    }
    paths.sort();
    paths.truncate(MAX_CARDS);
    Ok(paths.into_iter().filter_map(|path| read(folder, path, keys, trust)).collect())
}

fn read(folder: &Path, path: PathBuf, keys: &[ReadingKey], trust: &Trust) -> Option<StickCard> {
    let mut sealed = Vec::new();
    fs::File::open(&path).ok()?.take(MAX_CARD).read_to_end(&mut sealed).ok()?;
    let limit = usize::try_from(MAX_CARD).ok()?;
    let plain = keys.iter().find_map(|key| open_for(key, &sealed, limit).ok())?;
    let signed: Signed = serde_json::from_slice(&plain).ok()?;
    let said: Said = serde_json::from_str(&signed.said).ok()?;
    let certificate = Certificate::from_bytes(&said.certificate.0).ok()?;
    certificate.verify(trust.project, &trust.key).ok()?;
    let signature = Signature::from_bytes(signed.signature.0);
    certificate.key.check_stick_card(trust.project, signed.said.as_bytes(), &signature).ok()?;
    let mut files = Vec::new();
    for file in said.files {
        let there = folder.join(Path::new(&file.name).file_name()?);
        // What was taken away or cut since is written again.
        if !fs::metadata(&there).is_ok_and(|about| about.len() == file.bytes) {
            continue;
        }
        files.push(StickFile {
            path: there,
            after: Frontier::from_bytes(&file.after.0).ok()?,
            to: Frontier::from_bytes(&file.to.0).ok()?,
            chunks: file.chunks.into_iter().collect(),
        });
    }
    Some(StickCard {
        key: certificate.key,
        serial: certificate.serial,
        frontier: Frontier::from_bytes(&said.frontier.0).ok()?,
        chunks: said.chunks.into_iter().collect(),
        files,
        path,
    })
}

/// Who leaves a card, and for whom.
#[derive(Debug)]
pub struct CardWriter<'a> {
    /// The laptop's key.
    pub key: &'a SigningKey,
    /// The project's certificate for it.
    pub certificate: &'a Certificate,
    /// For whom it is sealed.
    pub readers: &'a [Recipient],
}

impl CardWriter<'_> {
    /// Leaves a card in a folder in place of those that this laptop left before (`old`, which then names the new one).
    ///
    /// # Errors
    /// [`SyncError::File`] from the carrier; a card left before then stands.
    pub fn leave(
        &self,
        folder: &Path,
        trust: &Trust,
        (frontier, chunks): (&Frontier, Vec<ChunkId>),
        files: &[StickFile],
        old: &mut Vec<PathBuf>,
        rng: &mut impl CryptoRng,
    ) -> Result<(), SyncError> {
        let mut name = [0; 8];
        rng.fill_bytes(&mut name);
        let path = folder.join(format!("{}.{ENDING}", to_hex(&name)));
        let fail = |source| SyncError::File { path: path.display().to_string(), source };
        let bytes = |frontier: &Frontier| {
            frontier.to_bytes().map(HexBytes).map_err(|_| SyncError::BadAnswer { what: "fewer forks" })
        };
        let mut said = Said {
            certificate: HexBytes(self.certificate.to_bytes()),
            frontier: bytes(frontier)?,
            chunks,
            files: Vec::new(),
        };
        for file in files {
            said.files.push(SaidFile {
                name: file.path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
                bytes: fs::metadata(&file.path).map_err(fail)?.len(),
                after: bytes(&file.after)?,
                to: bytes(&file.to)?,
                chunks: file.chunks.iter().copied().collect(),
            });
        }
        let unreadable = |_| SyncError::BadAnswer { what: "a card that can be written" };
        let said = serde_json::to_string(&said).map_err(unreadable)?;
        let signature = Hex(*self.key.sign_stick_card(trust.project, said.as_bytes()).as_bytes());
        let plain = serde_json::to_vec(&Signed { said, signature }).map_err(unreadable)?;
        let sealed = seal_for(self.readers, &plain).map_err(|why| SyncError::BadBatch { what: why.to_string() })?;
        let part = path.with_extension("part");
        let written = (|| {
            let mut file = fs::File::create_new(&part)?;
            std::io::Write::write_all(&mut file, &sealed)?;
            file.sync_all()?;
            fs::rename(&part, &path)?;
            crate::stick::sync_folder(folder)
        })();
        if let Err(error) = written {
            let _ = fs::remove_file(&part);
            return Err(fail(error));
        }
        for before in std::mem::replace(old, vec![path]) {
            // One that stays says less, and what says less does no harm.
            let _ = fs::remove_file(before);
        }
        Ok(())
    }
}

/// What everybody has whose cards these are of what this replica has; nothing where there are no cards.
///
/// # Errors
/// Those of the store.
pub fn held_by_all(
    replica: &mut impl Replica,
    cards: &[&StickCard],
) -> Result<(Frontier, BTreeSet<ChunkId>), SyncError> {
    let Some((first, rest)) = cards.split_first() else { return Ok(Default::default()) };
    let frontiers: Vec<&Frontier> = cards.iter().map(|card| &card.frontier).collect();
    let mut chunks = first.chunks.clone();
    rest.iter().for_each(|card| chunks.retain(|id| card.chunks.contains(id)));
    Ok((replica::held_by_all(replica, &frontiers)?, chunks))
}

/// What whoever has `known` has when they have read these files too. Chains that are split count as far as `known` says.
#[must_use]
pub fn held_with(known: &Frontier, files: &[StickFile]) -> Frontier {
    let mut chains: std::collections::BTreeMap<ChainId, Vec<_>> = std::collections::BTreeMap::new();
    for (chain, head) in known.iter() {
        chains.entry(chain).or_default().push(head);
    }
    for file in files {
        let all: BTreeSet<ChainId> = file.to.iter().map(|(chain, _)| chain).collect();
        for chain in all {
            let (after, to): (Vec<_>, Vec<_>) = (file.after.heads(chain).collect(), file.to.heads(chain).collect());
            let here = chains.get(&chain).cloned().unwrap_or_default();
            let ([to], true, true) = (to.as_slice(), after.len() <= 1, here.len() <= 1) else { continue };
            let (from, has) =
                (after.first().map_or(0, |head| head.seq.get()), here.first().map_or(0, |head| head.seq.get()));
            if from <= has && to.seq.get() > has {
                chains.insert(chain, vec![*to]);
            }
        }
    }
    let mut held = Frontier::default();
    for (chain, heads) in chains {
        heads.into_iter().for_each(|head| held.insert(chain, head));
    }
    held
}
