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

/// Start a verification
///
/// Opens a page for one person, at `sessionUrl`, and answers with the id to ask by. One that a live
/// key starts is one billable unit; test keys are free. Under an `Idempotency-Key`, the same body is
/// answered the same for 24 hours and starts nothing more; another body is a 409.
#[utoipa::path(
    post, path = "/verify/start", operation_id = "startVerification", tag = "Verifications",
    security(("x-tenant-api-key" = ["verifications:write"])),
    params((
        "Idempotency-Key" = Option<String>, Header, nullable = false, min_length = 1, max_length = 255,
        pattern = "^[!-~]+$", example = "7d0f4b52-9c5e-4a0f-8a3e-0f6f3b1d2c77",
        description = "Your own name for this call, such as a random UUID. Names of live and of test \
                       keys are apart, and all keys of one kind share them.",
    )),
    request_body(content = StartBody, example = json!({
        "minimumAge": 18, "reference": "order-7", "returnUrl": "https://shop.example/back",
    })),
    responses((
        status = 201, description = "Started, or answered as before.", body = StartAnswer,
        headers((
            "Idempotent-Replayed" = String,
            description = "`true` if a call of the same name was answered before."
        )),
        links(("status" = (
            operation_id = "getVerificationStatus",
            parameters(("verificationId" = "$response.body#/verificationId")),
            description = "Where it stands.",
        ))),
    )),
    extensions(("x-error-codes" = json!([
        "CONFLICT", "QUOTA_EXCEEDED", "UNSUPPORTED_MEDIA_TYPE", "WRONG_REGION",
    ]))),
)]
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

/// Complete a verification
///
/// With `evidence` it decides. Without, it hands over what was decided: the same token each time, or
/// 409 while the person is still at it. With the status `resubmission` come `problems`.
#[utoipa::path(
    post, path = "/verify/complete", operation_id = "completeVerification", tag = "Verifications",
    security(("x-tenant-api-key" = ["verifications:write"])),
    request_body(content = CompleteBody, example = json!({
        "verificationId": "ver_01kbqv5xk4e0t8m3z9w2r7c6yh",
        "evidence": { "mrz": [
            "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
            "L898902C36UTO7408122F3504152ZE184226B<<<<<16",
        ] },
    })),
    responses((status = 200, description = "Decided, or to be tried again.", body = CompleteAnswer)),
    extensions(("x-error-codes" = json!(["CONFLICT", "NOT_FOUND", "UNSUPPORTED_MEDIA_TYPE"]))),
)]
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

/// Ask where a verification stands
///
/// Poll it as often as `config.pollingIntervalMs` says, or be told by a webhook. `approved`, `denied`
/// and `rejected` are final.
#[utoipa::path(
    get, path = "/verify/status", operation_id = "getVerificationStatus", tag = "Verifications",
    security(("x-tenant-api-key" = ["verifications:read"])),
    params(("verificationId" = VerificationId, Query, description = "Which verification.")),
    responses((status = 200, description = "Where it stands.", body = StatusAnswer)),
    extensions(("x-error-codes" = json!(["NOT_FOUND"]))),
)]
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
