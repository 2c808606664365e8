//! Reports of leaked API keys by a partner: GitHub's secret scanning.

use axum::{Router, body::Bytes, routing::post};
use http::{HeaderMap, StatusCode};
use platform::leaks;

use super::{ApiError, caller::Stranger, state::AppState};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/leaks/github", post(github))
}

/// The answer is the same whatever keys were in it.
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
