//! The audit log's head, for laptops that remember an older one: a log that was rewritten or put back does not go on from it.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Query, State, rejection::QueryRejection},
    response::{IntoResponse as _, Response},
};
use tianye_sync::{
    Refusal,
    protocol::{AUDIT_HEAD, AuditAnswer, AuditQuestion},
};

use crate::{db::audit, refuse::Refused, state::Hub};

pub(crate) async fn head(
    State(hub): State<Arc<Hub>>,
    asked: Result<Query<AuditQuestion>, QueryRejection>,
) -> Result<Response, Refused> {
    let Query(AuditQuestion { line }) = asked.map_err(|_| Refusal::BadRequest)?;
    let line = i64::try_from(line).map_err(|_| Refusal::BadRequest)?;
    let (head, then) = hub.read("audit head", move |db| Ok((audit::head(db)?, audit::line(db, line)?))).await?;
    let answer = AuditAnswer { line: then.map(|then| hub.signed_head(&then)) };
    Ok(([(AUDIT_HEAD, hub.signed_head(&head))], Json(answer)).into_response())
}
