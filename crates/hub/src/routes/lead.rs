//! What whoever runs the hub, and the lead, may do.

use std::sync::{Arc, PoisonError};

use axum::{Extension, Json, body::Bytes, extract::State, response::Response};
use tianye_journal::ProjectPublicKey;
use tianye_sync::{
    Refusal,
    protocol::{ProjectStatus, RegisterProject},
};

use crate::{
    db::{audit, devices, projects},
    refuse::Refused,
    state::Hub,
};

use super::{done, guard::Pass, parse};

pub(crate) async fn register_project(
    State(hub): State<Arc<Hub>>,
    Extension(pass): Extension<Pass>,
    body: Bytes,
) -> Result<Response, Refused> {
    let key = parse::<RegisterProject>(&body)?.key.0;
    ProjectPublicKey::from_bytes(&key).map_err(|_| Refusal::BadRequest)?;
    let (id, now) = (*pass.id.as_bytes(), hub.now);
    let event = Hub::event("project registered", None, &id, 1);
    let project = hub
        .writer
        .write("register project", move |db| {
            let project = projects::register(db, &id, &key)?;
            audit::note(db, now(), &event)?;
            Ok(project)
        })
        .await?;
    hub.projects.write().unwrap_or_else(PoisonError::into_inner).insert(id, project);
    Ok(done())
}

pub(crate) async fn status(
    State(hub): State<Arc<Hub>>,
    Extension(pass): Extension<Pass>,
) -> Result<Json<ProjectStatus>, Refused> {
    let project = pass.project()?.number;
    Ok(Json(hub.read("status", move |db| projects::status(db, project)).await?))
}

pub(crate) async fn block_device(
    State(hub): State<Arc<Hub>>,
    Extension(pass): Extension<Pass>,
) -> Result<Response, Refused> {
    set_blocked(&hub, &pass, true).await
}

pub(crate) async fn unblock_device(
    State(hub): State<Arc<Hub>>,
    Extension(pass): Extension<Pass>,
) -> Result<Response, Refused> {
    set_blocked(&hub, &pass, false).await
}

async fn set_blocked(hub: &Arc<Hub>, pass: &Pass, blocked: bool) -> Result<Response, Refused> {
    let (project, id) = (pass.project()?.number, *pass.id.as_bytes());
    let device = pass.device.ok_or(Refusal::BadRequest)?;
    let mut event = Hub::event(if blocked { "device blocked" } else { "device let in" }, None, &id, 1);
    event.who = Some(device);
    let now = hub.now;
    hub.writer
        .write("block device", move |db| {
            devices::block(db, project, &device, blocked)?;
            audit::note(db, now(), &event)?;
            Ok(())
        })
        .await?;
    if blocked {
        hub.doors.expel(&id, &device);
    }
    Ok(done())
}
