//! From a request to the function that answers it: the table of routes, the guard before them, and the bodies.

mod audit;
mod chunks;
mod entries;
mod erase;
mod guard;
mod join;
mod lead;
mod sign_in;
pub(crate) mod table;

use std::{future::poll_fn, pin::Pin, sync::Arc, time::Duration};

use axum::{
    Json, Router,
    body::{Body, Bytes, HttpBody as _},
    extract::DefaultBodyLimit,
    handler::Handler,
    http::StatusCode,
    middleware,
    response::{IntoResponse as _, Response},
    routing::{MethodFilter, MethodRouter, on},
};
use serde::de::DeserializeOwned;
use tianye_sync::{
    Refusal,
    protocol::{Hex, HubInfo, VERSION},
};

use crate::{refuse::Refused, state::Hub};
use table::{Job, ROUTES, Route};

pub(crate) use chunks::prepare_folders;

/// The whole server.
pub(crate) fn router(hub: &Arc<Hub>) -> Router {
    let mut router = Router::new();
    for route in ROUTES {
        router = router.route(route.path, answer(hub, route));
    }
    router
        // Bodies are gathered by the guard within the limits of the table.
        .layer(DefaultBodyLimit::disable())
        .fallback(|| async { Refused(Refusal::ProtocolUnknown) })
        .method_not_allowed_fallback(|| async { Refused(Refusal::MethodWrong) })
}

/// The function that does a route's job, behind the guard.
fn answer(hub: &Arc<Hub>, route: &'static Route) -> MethodRouter {
    match route.job {
        Job::HubInfo => guarded(hub, route, hub_info),
        Job::RegisterProject => guarded(hub, route, lead::register_project),
        Job::Challenge => guarded(hub, route, sign_in::challenge),
        Job::Token => guarded(hub, route, sign_in::token),
        Job::LeaveRequest => guarded(hub, route, join::leave_request),
        Job::FetchAdmission => guarded(hub, route, join::fetch_admission),
        Job::OpenInvitation => guarded(hub, route, join::open_invitation),
        Job::CloseInvitation => guarded(hub, route, join::close_invitation),
        Job::LeaveOffer => guarded(hub, route, join::leave_offer),
        Job::FetchOffer => guarded(hub, route, join::fetch_offer),
        Job::ListRequests => guarded(hub, route, join::list_requests),
        Job::LeaveAdmission => guarded(hub, route, join::leave_admission),
        Job::Status => guarded(hub, route, lead::status),
        Job::BlockDevice => guarded(hub, route, lead::block_device),
        Job::UnblockDevice => guarded(hub, route, lead::unblock_device),
        Job::Erase => guarded(hub, route, erase::erase),
        Job::Frontier => guarded(hub, route, entries::frontier),
        Job::PushEntries => guarded(hub, route, entries::push),
        Job::PullEntries => guarded(hub, route, entries::pull),
        Job::Receipts => guarded(hub, route, entries::receipts),
        Job::MissingChunks => guarded(hub, route, chunks::missing),
        Job::PutChunk => guarded(hub, route, chunks::put),
        Job::GetChunk => guarded(hub, route, chunks::get),
        Job::AuditHead => guarded(hub, route, audit::head),
    }
}

fn guarded<H, T>(hub: &Arc<Hub>, route: &'static Route, handler: H) -> MethodRouter
where
    H: Handler<T, Arc<Hub>>,
    T: 'static,
{
    let method = match route.method {
        "GET" => MethodFilter::GET,
        "PUT" => MethodFilter::PUT,
        "DELETE" => MethodFilter::DELETE,
        _ => MethodFilter::POST,
    };
    let gate = guard::Gate { hub: hub.clone(), route };
    on(method, handler).layer(middleware::from_fn_with_state(gate, guard::guard)).with_state(hub.clone())
}

async fn hub_info(axum::extract::State(hub): axum::extract::State<Arc<Hub>>) -> Json<HubInfo> {
    Json(HubInfo {
        min_version: VERSION,
        max_version: VERSION,
        key: Hex(*hub.key.public().as_bytes()),
        pin: hub.identity.pin,
    })
}

/// The next piece of a body, within the hub's patience.
pub(crate) async fn next_piece(body: &mut Body, patience: Duration) -> Result<Option<Bytes>, Refused> {
    loop {
        let frame = poll_fn(|context| Pin::new(&mut *body).poll_frame(context));
        match tokio::time::timeout(patience, frame).await {
            Ok(None) => return Ok(None),
            Ok(Some(Ok(frame))) => {
                if let Ok(data) = frame.into_data() {
                    return Ok(Some(data));
                }
            }
            // The line broke or the sender fell asleep; nobody is there to read the answer.
            Ok(Some(Err(_))) | Err(_) => return Err(Refusal::BadRequest.into()),
        }
    }
}

/// Reads a body whole, never more than `max` bytes of it.
pub(crate) async fn read_all(body: &mut Body, max: usize, patience: Duration) -> Result<Vec<u8>, Refused> {
    let mut bytes = Vec::new();
    while let Some(piece) = next_piece(body, patience).await? {
        if bytes.len() + piece.len() > max {
            return Err(Refusal::TooLarge.into());
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

/// Lets a refused sender finish, within bounds: to close the line on somebody who is still sending would lose the answer.
pub(crate) async fn drain(mut body: Body, patience: Duration) {
    let mut left = 8 * 1024 * 1024_usize;
    while let Ok(Some(piece)) = next_piece(&mut body, patience).await {
        match left.checked_sub(piece.len()) {
            Some(less) => left = less,
            None => return,
        }
    }
}

/// Reads a small JSON body that the guard has already gathered.
pub(crate) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refused> {
    serde_json::from_slice(body).map_err(|_| Refused(Refusal::BadRequest))
}

/// Done, and nothing to say.
pub(crate) fn done() -> Response {
    StatusCode::NO_CONTENT.into_response()
}
