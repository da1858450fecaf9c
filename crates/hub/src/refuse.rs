//! How a handler says no: a [`Refusal`] on the wire, the reason in the log, never the one in the other.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use tianye_sync::Refusal;

/// A refusal on its way out.
#[derive(Debug)]
pub(crate) struct Refused(pub(crate) Refusal);

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self(refusal)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = format!("{{\"code\":\"{}\"}}", self.0.code());
        (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
    }
}

/// Logs what failed inside and answers with the generic refusal.
pub(crate) fn internal(what: &'static str) -> impl Fn(rusqlite::Error) -> Refused {
    move |error| {
        if let rusqlite::Error::SqliteFailure(code, _) = &error
            && code.code == rusqlite::ErrorCode::DiskFull
        {
            tracing::error!(what, "the disk is full");
            return Refused(Refusal::HubFull);
        }
        tracing::error!(what, %error, "the database failed");
        Refused(Refusal::HubError)
    }
}

/// The same for files.
pub(crate) fn internal_io(what: &'static str) -> impl Fn(std::io::Error) -> Refused {
    move |error| {
        tracing::error!(what, %error, "a file failed");
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Refused(Refusal::HubFull),
            _ => Refused(Refusal::HubError),
        }
    }
}
