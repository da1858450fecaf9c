//! Erasing: the lead names bodies and chunks, and the hub drops them for good. It learns no more of them than it knew.

use std::sync::Arc;

use axum::{Extension, Json, body::Bytes, extract::State};
use tianye_sync::{
    Refusal,
    protocol::{EraseIds, Erased, MAX_IDS},
};

use crate::{
    db::{WriteError, audit, empty_log, erased},
    refuse::{Refused, internal_io},
    state::Hub,
};

use super::{chunks::path_of, guard::Pass, parse};

pub(crate) async fn erase(
    State(hub): State<Arc<Hub>>,
    Extension(pass): Extension<Pass>,
    body: Bytes,
) -> Result<Json<Erased>, Refused> {
    let EraseIds { entries, chunks } = parse(&body)?;
    if entries.len() > MAX_IDS || chunks.len() > MAX_IDS {
        return Err(Refusal::TooMany.into());
    }
    let (project, id, now) = (pass.project()?.number, *pass.id.as_bytes(), hub.now);
    let paths: Vec<_> = chunks.iter().map(|chunk| path_of(&hub.data, &pass, chunk.as_bytes())).collect();
    let asked = entries.len() + chunks.len();
    let answer = hub
        .writer
        .write("erase", move |db| {
            let mut answer = Erased::default();
            for hash in &entries {
                answer.bodies += u64::from(erased::drop_body(db, project, *hash)?);
            }
            for (chunk, path) in chunks.iter().zip(&paths) {
                answer.chunks += u64::from(erased::drop_chunk(db, project, chunk.as_bytes())?);
                // In the writer's turn, so that nobody stores it meanwhile. A file that is gone already is no error; after
                // one that cannot be taken away the lead asks again.
                match std::fs::remove_file(path) {
                    Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                        return Err(WriteError::Refused(internal_io("chunk")(error).0));
                    }
                    _ => {}
                }
            }
            audit::note(db, now(), &Hub::event("erased", None, &id, asked))?;
            Ok(answer)
        })
        .await?;
    let readers = hub.readers.clone();
    tokio::task::spawn_blocking(move || empty_log(readers.path()))
        .await
        .map_err(|_| Refusal::HubError)?
        .map_err(|_| Refusal::HubError)?;
    Ok(Json(answer))
}
