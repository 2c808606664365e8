//! `/verify/*`.

use axum::{
    Json,
    extract::Query,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use platform::verification::{self, Evidence, StartRequest};
use serde::Deserialize;
use types::{
    VerificationId, VerificationStatus,
    api::{CompleteAnswer, CompleteBody, ProblemAnswer, StartAnswer, StartBody, StartConfig, StatusAnswer},
};

use super::{super::ApiError, super::caller::ApiCaller, super::json::JsonBody, rfc3339};

/// Milliseconds between two calls of `GET /verify/status` that we ask for.
const POLLING_INTERVAL: u32 = 2000;

pub(super) async fn start(
    ApiCaller(ctx): ApiCaller,
    headers: HeaderMap,
    JsonBody(body): JsonBody<StartBody>,
) -> Result<Response, ApiError> {
    let request = StartRequest {
        idempotency_key: idempotency_key(&headers)?,
        user_agent: body.user_agent,
        ip: body.ip,
        checks: body.checks,
        minimum_age: body.minimum_age,
        reference: body.reference,
        return_url: body.return_url,
        region: body.region,
    };
    let started = verification::start(&ctx, request).await?;
    let answer = StartAnswer {
        verification_id: started.id,
        status: VerificationStatus::Started,
        provider: "loomwire",
        session_url: started.session_url,
        config: StartConfig {
            polling_interval_ms: POLLING_INTERVAL,
            token_type: "jwt",
        },
    };
    let mut response = (StatusCode::CREATED, Json(answer)).into_response();
    if started.replayed {
        let replayed = HeaderName::from_static("idempotent-replayed");
        response
            .headers_mut()
            .insert(replayed, HeaderValue::from_static("true"));
    }
    Ok(response)
}

/// The header `Idempotency-Key`, which is there once or not at all.
fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, ApiError> {
    let mut sent = headers.get_all("idempotency-key").iter();
    match (sent.next(), sent.next()) {
        (None, _) => Ok(None),
        // What is not text is refused with what is not a name.
        (Some(name), None) => Ok(Some(name.to_str().unwrap_or_default().to_owned())),
        _ => {
            let message = "Send one Idempotency-Key.".to_owned();
            Err(ApiError::invalid(vec![("Idempotency-Key".to_owned(), message)]))
        }
    }
}

/// An id that cannot be one is an id that is not there.
fn id(text: &str) -> Result<VerificationId, ApiError> {
    text.parse()
        .map_err(|_| platform::Error::NotFound("The verification").into())
}

pub(super) async fn complete(
    ApiCaller(ctx): ApiCaller,
    JsonBody(body): JsonBody<CompleteBody>,
) -> Result<Json<CompleteAnswer>, ApiError> {
    let evidence = body.evidence.map(|evidence| Evidence::new(evidence.mrz));
    let done = verification::complete(&ctx, id(&body.verification_id)?, evidence).await?;
    let problems = done.problems.into_iter().map(|problem| ProblemAnswer {
        line: problem.line,
        position: problem.position,
        message: problem.message,
    });
    Ok(Json(CompleteAnswer {
        verification_id: done.id,
        status: done.status,
        token: done.token,
        problems: problems.collect(),
    }))
}

#[derive(Deserialize)]
pub(super) struct StatusQuery {
    #[serde(rename = "verificationId")]
    verification_id: Option<String>,
}

pub(super) async fn status(
    ApiCaller(ctx): ApiCaller,
    query: Result<Query<StatusQuery>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<StatusAnswer>, ApiError> {
    let asked = query.ok().and_then(|Query(query)| query.verification_id);
    let missing = || vec![("verificationId".to_owned(), "Give one verificationId.".to_owned())];
    let asked = asked.ok_or_else(|| ApiError::invalid(missing()))?;
    let standing = verification::status(&ctx, id(&asked)?).await?;
    Ok(Json(StatusAnswer {
        verification_id: standing.id,
        status: standing.status,
        confidence: standing.confidence,
        created_at: rfc3339(standing.created_at),
        completed_at: standing.completed_at.map(rfc3339),
    }))
}
