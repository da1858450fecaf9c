//! Chunks: sealed pieces of forms, photographs and recordings, each in a file named by its BLAKE3.

use std::fs;
use std::path::PathBuf;

use tianye_journal::{ChunkId, SealedChunk};

use crate::{Error, Op, Result, Store, files};

const LIMIT: u64 = tianye_journal::MAX_CHUNK as u64;

impl Store {
    /// Whether a chunk is here.
    #[must_use]
    pub fn has_chunk(&self, id: &ChunkId) -> bool {
        self.chunk_path(id).is_file()
    }

    /// Keeps a sealed chunk; durable on return. One that is here already is left alone, one that was erased does not come
    /// in.
    ///
    /// # Errors
    /// [`Error::DiskFull`], [`Error::Disk`]; nothing half-written is left under the chunk's name. Database errors.
    pub fn put_chunk(&self, chunk: &SealedChunk) -> Result<()> {
        if self.read(|view| view.is_chunk_erased(&chunk.id()))? {
            return Ok(());
        }
        let path = self.chunk_path(&chunk.id());
        let failed = |error: std::io::Error| Error::io(Op::Chunk, &error);
        if let Some(dir) = path.parent() {
            files::make_dir_within(&self.dir, dir).map_err(failed)?;
            if path.is_file() {
                // Perhaps left by a program that was killed before the name was durable.
                return files::sync_dir(dir).map_err(failed);
            }
        }
        files::write_whole(&path, chunk.as_bytes()).map_err(failed)
    }

    /// A chunk, checked against its name; `None` if it is not here.
    ///
    /// # Errors
    /// [`Error::Damaged`] if the file's bytes are not the chunk of this name. The file is left alone;
    /// [`Store::drop_chunk`] makes room for a good copy.
    pub fn chunk(&self, id: &ChunkId) -> Result<Option<SealedChunk>> {
        let path = self.chunk_path(id);
        let sealed = match files::read_limited(&path, LIMIT) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                return Err(Error::Damaged { path, what: error.to_string() });
            }
            sealed => sealed.map_err(|error| Error::io(Op::Chunk, &error))?,
        };
        match SealedChunk::from_bytes(sealed) {
            Ok(chunk) if chunk.id() == *id => Ok(Some(chunk)),
            _ => Err(Error::Damaged { path, what: "its bytes do not have the hash it is named by".into() }),
        }
    }

    /// Takes a chunk away (erased, or damaged), durably. One that is not here is no error.
    ///
    /// # Errors
    /// [`Error::Disk`].
    pub fn drop_chunk(&self, id: &ChunkId) -> Result<()> {
        let path = self.chunk_path(id);
        let failed = |error: std::io::Error| Error::io(Op::Chunk, &error);
        match files::remove(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(failed(error)),
            _ => {}
        }
        // Gone for good: a power cut must not bring back what was erased.
        path.parent().filter(|dir| dir.is_dir()).map_or(Ok(()), files::sync_dir).map_err(failed)
    }

    /// The names of all chunks here, in order of name.
    ///
    /// # Errors
    /// [`Error::Disk`].
    pub fn chunks(&self) -> Result<Vec<ChunkId>> {
        let failed = |error: std::io::Error| Error::io(Op::Chunk, &error);
        let mut found = Vec::new();
        let folders = match fs::read_dir(self.dir.join("chunks")) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(found),
            folders => folders.map_err(failed)?,
        };
        for folder in folders {
            for file in fs::read_dir(folder.map_err(failed)?.path()).map_err(failed)? {
                // A file left by a crash while it was written ends in .tmp and names no chunk.
                let name = file.map_err(failed)?.file_name();
                found.extend(name.to_str().and_then(|name| name.parse::<ChunkId>().ok()));
            }
        }
        found.sort_unstable();
        Ok(found)
    }

    fn chunk_path(&self, id: &ChunkId) -> PathBuf {
        let name = id.to_string();
        self.dir.join("chunks").join(&name[..2]).join(name)
    }
}
