//! The letter boxes: a new device leaves its request and asks for its admission, the lead answers.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Extension, Json,
    body::Bytes,
    extract::{ConnectInfo, Path, State},
    http::header,
    response::{IntoResponse as _, Response},
};
use tianye_journal::MAX_OFFER;
use tianye_sync::{
    Refusal,
    protocol::{Hex, HexBytes, JoinRequests, LeaveOffer, MAX_OFFER_SECONDS, OpenInvitation, SEALED},
};

use crate::{
    db::{
        audit, mailbox,
        offers::{self, Offer},
    },
    refuse::Refused,
    state::Hub,
};

use super::{done, guard::Pass, parse};

pub(crate) async fn leave_request(
    State(hub): State<Arc<Hub>>,
    Extension(pass): Extension<Pass>,
    body: Bytes,
) -> Result<Response, Refused> {
    if body.is_empty() {
        return Err(Refusal::BadRequest.into());
    }
    change(&hub, &pass, "join request left", move |db, project, invitation| {
        mailbox::leave_request(db, project, invitation, &body)
    })
    .await
}

pub(crate) async fn fetch_admission(
    State(hub): State<Arc<Hub>>,
    Extension(pass): Extension<Pass>,
) -> Result<Response, Refused> {
    let (project, invitation) = (pass.project()?.number, pass.invitation()?);
    let found = hub.read("admission", move |db| mailbox::admission(db, project, invitation.as_bytes())).await?;
    Ok(match found {
        Some(admission) => ([(header::CONTENT_TYPE, SEALED)], admission).into_response(),
        None => done(),
    })
}

pub(crate) async fn open_invitation(
    State(hub): State<Arc<Hub>>,
    Extension(pass): Extension<Pass>,
    body: Bytes,
) -> Result<Response, Refused> {
    let key: Hex<32> = parse::<OpenInvitation>(&body)?.key.0.parse().map_err(|_| Refusal::BadRequest)?;
    change(&hub, &pass, "invitation opened", move |db, project, invitation| {
        mailbox::open(db, project, invitation, &key.0)
    })
    .await
}

pub(crate) async fn close_invitation(
    State(hub): State<Arc<Hub>>,
    Extension(pass): Extension<Pass>,
) -> Result<Response, Refused> {
    change(&hub, &pass, "invitation closed", |db, project, invitation| {
        mailbox::close(db, project, invitation).map_err(Into::into)
    })
    .await
}

pub(crate) async fn leave_offer(
    State(hub): State<Arc<Hub>>,
    Extension(pass): Extension<Pass>,
    body: Bytes,
) -> Result<Response, Refused> {
    let LeaveOffer { offer, sealed: HexBytes(sealed), seconds } = parse(&body)?;
    if sealed.is_empty() {
        return Err(Refusal::BadRequest.into());
    }
    if sealed.len() > MAX_OFFER || seconds > MAX_OFFER_SECONDS {
        return Err(Refusal::TooLarge.into());
    }
    let now = (hub.now)();
    let until = now.saturating_add_unsigned(seconds * 1000);
    change(&hub, &pass, "invitation offered", move |db, project, invitation| {
        offers::forget_old(db, now)?;
        offers::leave(db, project, invitation, &Offer { id: offer.0, until, sealed })
    })
    .await
}

/// Unknown, closed, used up and too old are one answer, and each counts as a guess.
pub(crate) async fn fetch_offer(
    State(hub): State<Arc<Hub>>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    Path(offer): Path<String>,
) -> Result<Response, Refused> {
    let offer: Hex<32> = offer.parse().map_err(|_| Refusal::BadRequest)?;
    let now = (hub.now)();
    match hub.read("offer", move |db| offers::fetch(db, &offer.0, now)).await? {
        Some(sealed) => Ok(([(header::CONTENT_TYPE, SEALED)], sealed).into_response()),
        None => {
            hub.doors.count_failure(address.ip());
            Err(Refusal::InvitationRefused.into())
        }
    }
}

pub(crate) async fn list_requests(
    State(hub): State<Arc<Hub>>,
    Extension(pass): Extension<Pass>,
) -> Result<Json<JoinRequests>, Refused> {
    let project = pass.project()?.number;
    let requests = hub.read("requests", move |db| mailbox::requests(db, project)).await?;
    Ok(Json(JoinRequests { requests }))
}

pub(crate) async fn leave_admission(
    State(hub): State<Arc<Hub>>,
    Extension(pass): Extension<Pass>,
    body: Bytes,
) -> Result<Response, Refused> {
    if body.is_empty() {
        return Err(Refusal::BadRequest.into());
    }
    change(&hub, &pass, "admission left", move |db, project, invitation| {
        mailbox::leave_admission(db, project, invitation, &body)
    })
    .await
}

/// Changes a letter box and writes that down.
async fn change<C>(hub: &Arc<Hub>, pass: &Pass, what: &'static str, change: C) -> Result<Response, Refused>
where
    C: FnOnce(&rusqlite::Connection, i64, &[u8; 16]) -> Result<(), crate::db::WriteError> + Send + 'static,
{
    let (project, invitation) = (pass.project()?.number, pass.invitation()?);
    let (event, now) = (Hub::event(what, None, pass.id.as_bytes(), 1), hub.now);
    hub.writer
        .write(what, move |db| {
            change(db, project, invitation.as_bytes())?;
            audit::note(db, now(), &event)?;
            Ok(())
        })
        .await?;
    Ok(done())
}
