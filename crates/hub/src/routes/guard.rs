//! The one place where it is decided whether a request may pass. A handler cannot forget it: the router puts it before
//! every row of the table.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use axum::{
    body::{Body, Bytes},
    extract::{ConnectInfo, RawPathParams, Request, State},
    http::{HeaderMap, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use tianye_journal::{InvitationId, ProjectId};
use tianye_sync::{
    Letter, Refusal, letter_mac,
    protocol::{Hex, INVITATION_MAC},
};
use tokio::sync::OwnedSemaphorePermit;

use crate::{
    db::{mailbox, projects::Project},
    doors::{Caller, Role, same},
    refuse::Refused,
    state::Hub,
};

use super::{
    drain, read_all,
    table::{Access, Job, Route},
};

/// The guard's post at one route.
#[derive(Clone, Debug)]
pub(crate) struct Gate {
    pub(crate) hub: Arc<Hub>,
    pub(crate) route: &'static Route,
}

/// What the guard found out, for the handler.
#[derive(Clone, Debug)]
pub(crate) struct Pass {
    pub(crate) id: ProjectId,
    /// Present on all routes but that which registers it.
    registered: Option<Project>,
    caller: Option<Caller>,
    pub(crate) invitation: Option<InvitationId>,
    pub(crate) device: Option<[u8; 32]>,
    pub(crate) chunk: Option<[u8; 32]>,
    pub(crate) address: IpAddr,
}

impl Pass {
    pub(crate) fn project(&self) -> Result<Project, Refused> {
        self.registered.ok_or(Refused(Refusal::ProjectUnknown))
    }

    pub(crate) fn caller(&self) -> Result<Caller, Refused> {
        self.caller.ok_or(Refused(Refusal::TokenMissing))
    }

    pub(crate) fn invitation(&self) -> Result<InvitationId, Refused> {
        self.invitation.ok_or(Refused(Refusal::InvitationRefused))
    }
}

pub(crate) async fn guard(
    State(gate): State<Gate>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    params: RawPathParams,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, mut body) = request.into_parts();
    let taken = match examine(&gate, address.ip(), &params, &parts.headers) {
        Ok(Some(pass)) => take_body(&gate, pass, &parts.headers, &mut body).await.map(Some),
        Ok(None) => Ok(None),
        Err(refused) => Err(refused),
    };
    match taken {
        Ok(Some((pass, bytes, memory))) => {
            parts.extensions.insert(pass);
            let body = bytes.map_or(body, |bytes| Body::from(Bytes::from(bytes)));
            let response = next.run(Request::from_parts(parts, body)).await;
            drop(memory);
            response
        }
        Ok(None) => next.run(Request::from_parts(parts, Body::empty())).await,
        Err(refused) => {
            let (method, path, code) = (gate.route.method, gate.route.path, refused.0.code());
            tracing::debug!(method, path, code, "refused");
            drain(body, gate.hub.limits.patience).await;
            refused.into_response()
        }
    }
}

/// What the headers alone decide. `None`: the route is of no project.
fn examine(gate: &Gate, address: IpAddr, params: &RawPathParams, headers: &HeaderMap) -> Result<Option<Pass>, Refused> {
    let (hub, route) = (&gate.hub, gate.route);
    if content_length(headers).is_some_and(|length| length > route.max_body as u64) {
        return Err(Refusal::TooLarge.into());
    }
    if route.job == Job::HubInfo {
        return Ok(None);
    }
    if matches!(route.access, Access::Admin | Access::Invitation) || matches!(route.job, Job::Token | Job::FetchOffer) {
        // Only doors at which something can be guessed: a group of laptops shares one address.
        if hub.doors.too_many_failures(address) {
            return Err(Refusal::TooManyAttempts.into());
        }
    }
    if route.job == Job::FetchOffer {
        // Who has only a code does not know the project yet.
        return Ok(None);
    }
    let mut pass = read_params(params, address)?;
    match route.access {
        Access::Open | Access::Invitation => {}
        Access::Admin => {
            let word = bearer(headers).ok_or(Refusal::TokenMissing)?;
            if !same(word.as_bytes(), hub.identity.admin.0.as_bytes()) {
                hub.doors.count_failure(address);
                return Err(Refusal::TokenUnknown.into());
            }
        }
        Access::Lead | Access::Member => {
            let token = bearer(headers).ok_or(Refusal::TokenMissing)?;
            let caller = hub.doors.caller(token).ok_or(Refusal::TokenUnknown)?;
            if caller.project != *pass.id.as_bytes() {
                return Err(Refusal::OtherProject.into());
            }
            if route.access == Access::Lead && caller.role != Role::Lead {
                return Err(Refusal::LeadOnly.into());
            }
            pass.caller = Some(caller);
        }
    }
    pass.registered = hub.project(pass.id.as_bytes());
    match (pass.registered, route.access) {
        (Some(_), _) | (None, Access::Admin) => Ok(Some(pass)),
        // To a caller without rights an unknown project looks like a wrong invitation.
        (None, Access::Invitation) => Err(Refusal::InvitationRefused.into()),
        (None, _) => Err(Refusal::ProjectUnknown.into()),
    }
}

/// A pass, the body where it is read whole, and the memory it takes.
type Taken = (Pass, Option<Vec<u8>>, Option<OwnedSemaphorePermit>);

/// Reads the body, but for chunks: those are streamed by their handler.
async fn take_body(gate: &Gate, pass: Pass, headers: &HeaderMap, body: &mut Body) -> Result<Taken, Refused> {
    let (hub, route) = (&gate.hub, gate.route);
    if route.job == Job::PutChunk {
        return Ok((pass, None, None));
    }
    let need = content_length(headers).unwrap_or(route.max_body as u64).div_ceil(1024);
    let need = u32::try_from(need).unwrap_or(u32::MAX);
    let memory = hub.memory.clone().try_acquire_many_owned(need).map_err(|_| Refusal::HubBusy)?;
    let bytes = read_all(body, route.max_body, hub.limits.patience).await?;
    if route.access == Access::Invitation {
        check_letter(hub, route, &pass, headers, &bytes).await?;
    }
    Ok((pass, Some(bytes), Some(memory)))
}

async fn check_letter(
    hub: &Arc<Hub>,
    route: &Route,
    pass: &Pass,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<(), Refused> {
    let letter = if route.job == Job::LeaveRequest { Letter::Request } else { Letter::Admission };
    let given = headers
        .get(INVITATION_MAC)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.parse::<Hex<32>>().ok())
        .ok_or(Refusal::InvitationRefused)?;
    let (project, invitation) = (pass.project()?.number, pass.invitation()?);
    let key = hub
        .read("invitation", move |db| mailbox::key(db, project, invitation.as_bytes()))
        .await?
        // The same work is done for an invitation that is not there.
        .map_or(([0; 32], false), |key| (key, true));
    let expected = letter_mac(&key.0, letter, pass.id, invitation, body);
    if same(&expected, &given.0) && key.1 {
        return Ok(());
    }
    hub.doors.count_failure(pass.address);
    Err(Refusal::InvitationRefused.into())
}

fn read_params(params: &RawPathParams, address: IpAddr) -> Result<Pass, Refused> {
    let value = |name: &str| params.iter().find(|(key, _)| *key == name).map(|(_, value)| value);
    let bytes = |name: &str| -> Result<Option<[u8; 32]>, Refused> {
        let Some(text) = value(name) else { return Ok(None) };
        text.parse::<Hex<32>>().map(|hex| Some(hex.0)).map_err(|_| Refused(Refusal::BadRequest))
    };
    let id = value("project").and_then(|text| text.parse().ok()).ok_or(Refusal::ProjectUnknown)?;
    let invitation = match value("invitation") {
        Some(text) => Some(text.parse().map_err(|_| Refusal::BadRequest)?),
        None => None,
    };
    let (device, chunk) = (bytes("device")?, bytes("chunk")?);
    Ok(Pass { id, registered: None, caller: None, invitation, device, chunk, address })
}

fn content_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}
