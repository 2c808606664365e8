//! Reports of leaked API keys by a partner: GitHub's secret scanning.

use axum::{Router, body::Bytes};
use http::{HeaderMap, StatusCode};
use platform::leaks;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{ApiError, caller::Stranger, openapi::shapes::LeakFinding, state::AppState};

pub(super) fn routes() -> Router<AppState> {
    described().split_for_parts().0
}

/// The same, with what the document says of it.
pub(super) fn described() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(github))
}

/// Report found keys
///
/// For GitHub's secret scanning: a list of findings, signed by it (ECDSA over P-256). The answer is the
/// same whatever keys were in it.
#[utoipa::path(
    post, path = "/leaks/github", operation_id = "reportFoundKeys", tag = "Found keys",
    params(
        (
            "Github-Public-Key-Identifier" = String, Header,
            description = "Which of GitHub's keys signed it.",
        ),
        (
            "Github-Public-Key-Signature" = String, Header,
            description = "The signature of the body as it is: base64 of its DER form.",
        ),
    ),
    request_body = Vec<LeakFinding>,
    responses((status = 200, description = "Taken. The answer has no body.")),
    extensions(("x-error-codes" = json!(["AUTH_INVALID_KEY", "RATE_LIMITED"]))),
)]
async fn github(Stranger(ctx): Stranger, headers: HeaderMap, body: Bytes) -> Result<StatusCode, ApiError> {
    let text = |name: &str| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    let key = text("github-public-key-identifier");
    let signature = text("github-public-key-signature");
    leaks::github(&ctx, &body, key, signature).await?;
    Ok(StatusCode::OK)
}
