//! From a certificate and a signed challenge to a token.

use std::sync::Arc;

use axum::{Extension, Json, body::Bytes, extract::State};
use tianye_journal::{Certificate, ProjectPublicKey, PublicKey, Signature};
use tianye_sync::{
    Refusal,
    protocol::{Challenge, Hex, TokenGiven, TokenRequest},
};

use crate::{
    db::{audit, devices},
    doors::{Caller, Role},
    identity::random,
    refuse::Refused,
    state::Hub,
};

use super::{guard::Pass, parse};

pub(crate) async fn challenge(
    State(hub): State<Arc<Hub>>,
    Extension(pass): Extension<Pass>,
) -> Result<Json<Challenge>, Refused> {
    let random = random().map_err(|_| Refusal::HubError)?;
    Ok(Json(Challenge { nonce: Hex(hub.doors.challenge(pass.id.as_bytes(), random)) }))
}

pub(crate) async fn token(
    State(hub): State<Arc<Hub>>,
    Extension(pass): Extension<Pass>,
    body: Bytes,
) -> Result<Json<TokenGiven>, Refused> {
    let request: TokenRequest = parse(&body)?;
    let project = pass.project()?;
    let checked = check(&hub, &pass, &project.key, &request);
    if checked.is_err() {
        hub.doors.count_failure(pass.address);
    }
    let role = checked?;
    if let Role::Device(key) = role {
        sign_in_device(&hub, &pass, project.number, key).await?;
    }
    let caller = Caller { project: *pass.id.as_bytes(), role };
    let (token, life) = hub.doors.admit(caller, random().map_err(|_| Refusal::HubError)?);
    if let Role::Device(key) = role {
        // Blocked between the check and the token: then the block has not seen this token.
        let number = project.number;
        if hub.read("blocked", move |db| devices::blocked(db, number, &key)).await? {
            hub.doors.expel(pass.id.as_bytes(), &key);
            return Err(Refusal::DeviceBlocked.into());
        }
    }
    Ok(Json(TokenGiven { token, seconds: life.as_secs() }))
}

async fn sign_in_device(hub: &Arc<Hub>, pass: &Pass, project: i64, key: [u8; 32]) -> Result<(), Refused> {
    let now = hub.now;
    let mut event = Hub::event("device signed in", None, pass.id.as_bytes(), 1);
    event.who = Some(key);
    hub.writer
        .write("sign in", move |db| {
            if devices::blocked(db, project, &key)? {
                return Err(Refusal::DeviceBlocked.into());
            }
            devices::seen(db, project, &key)?;
            audit::note(db, now(), &event)?;
            Ok(())
        })
        .await
}

/// The role that the request proves.
fn check(hub: &Hub, pass: &Pass, project_key: &[u8; 32], request: &TokenRequest) -> Result<Role, Refused> {
    let (key, role) = match &request.certificate {
        Some(bytes) => {
            let trusted = ProjectPublicKey::from_bytes(project_key).map_err(|_| Refusal::HubError)?;
            let certificate = Certificate::from_bytes(&bytes.0).map_err(|_| Refusal::NotAdmitted)?;
            certificate.verify(pass.id, &trusted).map_err(|_| Refusal::NotAdmitted)?;
            (certificate.key, Role::Device(*certificate.key.as_bytes()))
        }
        // The project key signs challenges as a signing key does; each purpose of a signature has a prefix of its own.
        None => (PublicKey::from_bytes(project_key).map_err(|_| Refusal::HubError)?, Role::Lead),
    };
    key.check_answer(pass.id, &hub.key.public(), &request.nonce.0, &Signature::from_bytes(request.signature.0))
        .map_err(|_| Refusal::SignatureWrong)?;
    if hub.doors.spend(pass.id.as_bytes(), &request.nonce.0) { Ok(role) } else { Err(Refusal::SignatureWrong.into()) }
}
