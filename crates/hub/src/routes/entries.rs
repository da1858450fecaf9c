//! Entries: what the hub has, in, out, and the receipts.

use std::sync::Arc;

use axum::{
    Extension, Json,
    body::Bytes,
    extract::{Query, State, rejection::QueryRejection},
    http::header,
    response::{IntoResponse as _, Response},
};
use tianye_journal::{BatchWriter, Frontier, Receipt};
use tianye_sync::{
    Refusal,
    protocol::{
        AUDIT_HEAD, BATCH_BYTES, EntryIds, HexBytes, MAX_ENTRIES, MAX_IDS, MORE_ENTRIES, PullLimit, PushAnswer, SEALED,
    },
};

use crate::{admit, db::entries, refuse::Refused, state::Hub};

use super::{guard::Pass, parse};

pub(crate) async fn frontier(
    State(hub): State<Arc<Hub>>,
    Extension(pass): Extension<Pass>,
) -> Result<Response, Refused> {
    let project = pass.project()?.number;
    let frontier = hub.read("frontier", move |db| entries::frontier(db, project)).await?;
    let bytes = frontier.to_bytes().map_err(|_| Refusal::HubError)?;
    Ok(([(header::CONTENT_TYPE, SEALED)], bytes).into_response())
}

pub(crate) async fn push(
    State(hub): State<Arc<Hub>>,
    Extension(pass): Extension<Pass>,
    body: Bytes,
) -> Result<Response, Refused> {
    let (answer, head) = admit::admit(&hub, pass.id, pass.project()?, pass.caller()?, body.into()).await?;
    Ok(([(AUDIT_HEAD, hub.signed_head(&head))], Json(answer)).into_response())
}

pub(crate) async fn pull(
    State(hub): State<Arc<Hub>>,
    Extension(pass): Extension<Pass>,
    limit: Result<Query<PullLimit>, QueryRejection>,
    body: Bytes,
) -> Result<Response, Refused> {
    let Query(limit) = limit.map_err(|_| Refusal::BadRequest)?;
    let theirs = Frontier::from_bytes(&body).map_err(|_| Refusal::BadRequest)?;
    let project = pass.project()?.number;
    let (max_entries, max_bytes) = (limit.entries.min(MAX_ENTRIES), limit.bytes.min(BATCH_BYTES));
    let page = hub.read("pull", move |db| entries::missing(db, project, &theirs, max_entries, max_bytes)).await?;
    let batch = write_batch(&page.entries).map_err(|_| Refusal::HubError)?;
    let more = if page.more { "1" } else { "0" };
    Ok(([(header::CONTENT_TYPE, SEALED), (header::HeaderName::from_static(MORE_ENTRIES), more)], batch).into_response())
}

pub(crate) async fn receipts(
    State(hub): State<Arc<Hub>>,
    Extension(pass): Extension<Pass>,
    body: Bytes,
) -> Result<Json<PushAnswer>, Refused> {
    let asked = parse::<EntryIds>(&body)?.entries;
    if asked.len() > MAX_IDS {
        return Err(Refusal::TooMany.into());
    }
    let (project, id, signer) = (pass.project()?.number, pass.id, hub.clone());
    let receipts = hub
        .read("receipts", move |db| {
            let mut receipts = Vec::new();
            for hash in asked {
                if let Some(place) = entries::place_with_body(db, project, hash)? {
                    receipts.push(HexBytes(Receipt::sign(&signer.key, id, place).to_bytes()));
                }
            }
            Ok(receipts)
        })
        .await?;
    Ok(Json(PushAnswer { receipts, set_aside: Vec::new() }))
}

fn write_batch(entries: &[Vec<u8>]) -> std::io::Result<Vec<u8>> {
    let mut writer = BatchWriter::new(Vec::new())?;
    for bytes in entries {
        writer.entry_bytes(bytes)?;
    }
    writer.finish()
}
