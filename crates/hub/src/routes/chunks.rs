//! Chunks: files named by the BLAKE3 of their bytes, streamed in and out.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use axum::{
    Extension, Json,
    body::{Body, Bytes},
    extract::State,
    http::header,
    response::{IntoResponse as _, Response},
};
use tianye_journal::MAX_CHUNK;
use tianye_sync::{
    Refusal,
    protocol::{ChunkIds, MAX_IDS, SEALED},
};
use tokio::{fs, io::AsyncWriteExt as _};

use crate::{
    HubError,
    db::{WriteError, chunks, devices, erased},
    doors::{Role, hex},
    identity::{make_private_folder, random, sync_folder},
    refuse::{Refused, internal_io},
    state::Hub,
};

use super::{done, drain, guard::Pass, next_piece, parse};

/// Makes the folders, and removes what an interrupted upload left.
pub(crate) fn prepare_folders(data: &Path) -> Result<(), HubError> {
    make_private_folder(&data.join("chunks"))?;
    let incoming = data.join("incoming");
    make_private_folder(&incoming)?;
    let fail = |source| HubError::File { path: incoming.display().to_string(), source };
    for left in std::fs::read_dir(&incoming).map_err(fail)? {
        std::fs::remove_file(left.map_err(fail)?.path()).map_err(fail)?;
    }
    Ok(())
}

pub(crate) async fn missing(
    State(hub): State<Arc<Hub>>,
    Extension(pass): Extension<Pass>,
    body: Bytes,
) -> Result<Json<ChunkIds>, Refused> {
    let asked = parse::<ChunkIds>(&body)?.chunks;
    if asked.len() > MAX_IDS {
        return Err(Refusal::TooMany.into());
    }
    let project = pass.project()?.number;
    let chunks = hub
        .read("missing chunks", move |db| {
            let mut missing = Vec::new();
            for id in asked {
                let known = chunks::length(db, project, id.as_bytes())?.is_some();
                // What was erased is not asked for.
                if !known && !erased::is_chunk(db, project, id.as_bytes())? {
                    missing.push(id);
                }
            }
            Ok(missing)
        })
        .await?;
    Ok(Json(ChunkIds { chunks }))
}

pub(crate) async fn put(
    State(hub): State<Arc<Hub>>,
    Extension(pass): Extension<Pass>,
    mut body: Body,
) -> Result<Response, Refused> {
    let (project, caller) = (pass.project()?.number, pass.caller()?);
    let id = pass.chunk.ok_or(Refusal::BadRequest)?;
    let name = random::<16>().map_err(|_| Refusal::HubError)?;
    let part = hub.data.join("incoming").join(hex(&name));
    let length = match receive(&hub, &part, &mut body, &id).await {
        Ok(length) => length,
        Err(refused) => {
            let _ = fs::remove_file(&part).await;
            drain(body, hub.limits.patience).await;
            return Err(refused);
        }
    };
    let (quota, path, from) = (hub.quota(), path_of(&hub.data, &pass, &id), part.clone());
    // In the writer's turn, so that a file without a right to its place is never left there, and never taken away from
    // somebody else who has just stored the same.
    let kept = hub
        .writer
        .write("chunk", move |db| {
            // What was erased is taken and forgotten: whoever sends it learns of the erasure by its entry.
            if !erased::is_chunk(db, project, &id)? && chunks::add(db, project, &id, length)? {
                let device = match &caller.role {
                    Role::Device(key) => Some(key),
                    Role::Lead => None,
                };
                devices::charge(db, project, device, length, quota)?;
                settle(&from, &path).map_err(|error| WriteError::Refused(internal_io("chunk")(error).0))?;
            }
            Ok(())
        })
        .await;
    // Gone by now if it was settled; left over if the chunk was here, or was refused.
    let _ = fs::remove_file(&part).await;
    kept.map(|()| done())
}

pub(crate) async fn get(State(hub): State<Arc<Hub>>, Extension(pass): Extension<Pass>) -> Result<Response, Refused> {
    let project = pass.project()?.number;
    let id = pass.chunk.ok_or(Refusal::BadRequest)?;
    let length = hub.read("chunk", move |db| chunks::length(db, project, &id)).await?;
    if length.is_none() {
        return Err(Refusal::ChunkUnknown.into());
    }
    // At most 1 MiB, so it needs no stream on its way out.
    let bytes = fs::read(path_of(&hub.data, &pass, &id)).await.map_err(internal_io("chunk"))?;
    Ok(([(header::CONTENT_TYPE, SEALED)], bytes).into_response())
}

/// Streams a body into a file; gives its length if the bytes have the id they came under.
async fn receive(hub: &Hub, part: &Path, body: &mut Body, id: &[u8; 32]) -> Result<u64, Refused> {
    let mut file = fs::File::create_new(part).await.map_err(internal_io("chunk"))?;
    let mut hasher = blake3::Hasher::new();
    let mut length = 0;
    while let Some(piece) = next_piece(body, hub.limits.patience).await? {
        length += piece.len();
        if length > MAX_CHUNK {
            return Err(Refusal::TooLarge.into());
        }
        hasher.update(&piece);
        file.write_all(&piece).await.map_err(internal_io("chunk"))?;
    }
    if *hasher.finalize().as_bytes() != *id {
        return Err(Refusal::ChunkIdWrong.into());
    }
    file.sync_all().await.map_err(internal_io("chunk"))?;
    Ok(length as u64)
}

/// Gives the file its name for good.
fn settle(part: &Path, path: &Path) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(path);
    if !folder.exists() {
        std::fs::create_dir_all(folder)?;
        let above = folder.parent();
        sync_folder(above)?;
        sync_folder(above.and_then(Path::parent))?;
    }
    std::fs::rename(part, path)?;
    sync_folder(Some(folder))
}

/// Made of ids only: nothing that a caller can write reaches a path but hexadecimal digits.
pub(crate) fn path_of(data: &Path, pass: &Pass, id: &[u8; 32]) -> PathBuf {
    let name = hex(id);
    data.join("chunks").join(hex(pass.id.as_bytes())).join(&name[..2]).join(&name[2..])
}
