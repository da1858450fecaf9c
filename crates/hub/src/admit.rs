//! What a pushed batch goes through: read, verify against what is held, write, receipt.
//!
//! Verification runs beside the writer, on a view of the database that can only have grown by the time the writer comes to
//! it. So what was accepted stays acceptable, and the writer needs no look at a signature.

use std::sync::Arc;

use tianye_journal::{
    Accepted, BatchReader, Item, Place, ProjectId, ProjectPublicKey, Receipt, SealedEntry, Trust, verify_run,
};
use tianye_sync::{
    Refusal,
    protocol::{HexBytes, MAX_ENTRIES, PushAnswer, SetAsideEntry},
};

use crate::{
    db::{
        audit::{self, Head},
        devices,
        entries::{self, Held},
        erased,
        projects::Project,
    },
    doors::{Caller, Role},
    refuse::Refused,
    state::Hub,
};

/// Takes in a batch. The receipts cover all entries of it that are here now with their bodies.
pub(crate) async fn admit(
    hub: &Arc<Hub>,
    id: ProjectId,
    project: Project,
    caller: Caller,
    batch: Vec<u8>,
) -> Result<(PushAnswer, Head), Refused> {
    let (run, mut set_aside) = read_batch(&batch)?;
    drop(batch);
    let key = ProjectPublicKey::from_bytes(&project.key).map_err(|_| Refusal::HubError)?;
    let trust = Trust { project: id, key };
    let outcome = hub
        .read("verify", move |db| {
            let held = Held::new(db, project.number);
            let outcome = verify_run(&trust, &held, run);
            held.finish()?;
            Ok(outcome)
        })
        .await?;
    set_aside.extend(outcome.set_aside.iter().map(SetAsideEntry::from));
    for fork in &outcome.forks {
        tracing::warn!(project = %id, chain = %fork.chain, place = %fork.seq, "a chain splits here");
    }

    let places = write(hub, id, project, caller, outcome.accepted, outcome.repeated).await?;
    let (places, head) = places;
    let signer = hub.clone();
    let receipts = tokio::task::spawn_blocking(move || {
        let receipt = |place: &Place| HexBytes(Receipt::sign(&signer.key, id, *place).to_bytes());
        places.iter().map(receipt).collect()
    });
    let receipts = receipts.await.map_err(|_| Refusal::HubError)?;
    Ok((PushAnswer { receipts, set_aside }, head))
}

fn read_batch(batch: &[u8]) -> Result<(Vec<SealedEntry>, Vec<SetAsideEntry>), Refused> {
    let mut run = Vec::new();
    let mut set_aside = Vec::new();
    let reader = BatchReader::new(batch).map_err(|_| Refusal::BadRequest)?;
    for item in reader {
        match item.map_err(|_| Refusal::BadRequest)? {
            Item::Entry(entry) => run.push(entry),
            Item::Unreadable { reason, .. } => {
                set_aside.push(SetAsideEntry { place: None, code: reason.code().to_owned() });
            }
            // Chunks come by their own route, which streams them.
            Item::Chunk(_) => return Err(Refusal::BadRequest.into()),
        }
        if run.len() + set_aside.len() > MAX_ENTRIES {
            return Err(Refusal::TooMany.into());
        }
    }
    Ok((run, set_aside))
}

/// Writes entries; gives the places of those that are here with their bodies.
async fn write(
    hub: &Arc<Hub>,
    id: ProjectId,
    project: Project,
    caller: Caller,
    accepted: Vec<Accepted>,
    repeated: Vec<Accepted>,
) -> Result<(Vec<Place>, Head), Refused> {
    if accepted.is_empty() && repeated.is_empty() {
        return Ok((Vec::new(), hub.read("audit head", |db| audit::head(db)).await?));
    }
    let (quota, now) = (hub.quota(), hub.now);
    hub.writer
        .write("entries", move |db| {
            let mut places = Vec::new();
            let mut stored = 0;
            let mut fresh = 0;
            for entry in accepted.iter().chain(&repeated) {
                let mut kept = entry.entry().clone();
                if kept.body.is_some() && erased::is_body(db, project.number, entry.hash())? {
                    kept.body = None;
                }
                let (bytes, has_body) = (kept.to_bytes(), kept.body.is_some());
                if entries::insert(db, project.number, &kept, &bytes)? {
                    (stored, fresh) = (stored + bytes.len() as u64, fresh + 1);
                } else if has_body && entries::add_body(db, project.number, entry.hash(), &bytes)? {
                    stored += bytes.len() as u64;
                }
                if has_body || entries::place_with_body(db, project.number, entry.hash())?.is_some() {
                    places.push(entry.place());
                }
            }
            let device = match &caller.role {
                Role::Device(key) => Some(key),
                Role::Lead => None,
            };
            let head = if stored > 0 {
                devices::charge(db, project.number, device, stored, quota)?;
                audit::note(db, now(), &Hub::event("entries", Some(&caller), id.as_bytes(), fresh))?
            } else {
                audit::head(db)?
            };
            Ok((places, head))
        })
        .await
}
