//! An event's proof, for who checks it: the page's own checker, and `loomwire audit verify`.

use axum::{
    Json,
    extract::{Path, Query},
    response::{IntoResponse, Response},
};
use http::{HeaderValue, header};
use ledger::bundle::Bundle;
use platform::audit::{self, Proven};
use serde::{Deserialize, Serialize};
use types::AuditEventId;

use super::{ApiError, Error, Visitor};

#[derive(Deserialize)]
pub(super) struct Asked {
    /// The size of the checkpoint that the reader remembers.
    from: Option<u64>,
    /// As a file, for `loomwire audit verify --proof`.
    download: Option<String>,
}

/// What the checker in the page gets.
#[derive(Serialize)]
struct Answer {
    bundle: Bundle,
    logs: Vec<String>,
    witnesses: Vec<String>,
    /// Hashes in base64.
    consistency: Option<Vec<String>>,
}

impl From<Proven> for Answer {
    fn from(proven: Proven) -> Self {
        let in_base64 = |hashes: Vec<ledger::Hash>| hashes.iter().map(ledger::Hash::to_base64).collect();
        Self {
            bundle: proven.bundle,
            logs: proven.logs,
            witnesses: proven.witnesses,
            consistency: proven.consistency.map(in_base64),
        }
    }
}

/// An event of the organisation.
pub(super) async fn event(
    Visitor(ctx): Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, ApiError> {
    let id = named(&id)?;
    Ok(answer(id, audit::proven(&ctx, id, asked.from).await?, &asked))
}

/// An event of whichever log, for staff.
pub(super) async fn any_event(
    Visitor(ctx): Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, ApiError> {
    let id = named(&id)?;
    Ok(answer(
        id,
        audit::proven_of_any(&ctx, id, asked.from).await?,
        &asked,
    ))
}

fn named(id: &str) -> Result<AuditEventId, Error> {
    id.parse().map_err(|_| Error::NotFound("The event"))
}

fn answer(id: AuditEventId, proven: Proven, asked: &Asked) -> Response {
    if asked.download.is_none() {
        return Json(Answer::from(proven)).into_response();
    }
    let name = format!("attachment; filename=\"{id}.proof.json\"");
    let mut response = Json(proven.bundle).into_response();
    // An id has letters, digits and an underscore.
    if let Ok(name) = HeaderValue::try_from(name) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    }
    response
}
