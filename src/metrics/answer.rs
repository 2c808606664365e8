//! Handing the metrics out: on a listener of their own, or at the public address to whoever has
//! the token.

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};
use http::{HeaderMap, HeaderValue, header};

use super::Source;
use crate::{
    config::Token,
    http::{ApiError, Code},
};

/// Prometheus' text format, version 0.0.4.
const TEXT: HeaderValue = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");

/// The route of the metrics' own listener: who reaches it, may read.
pub fn own(source: Source) -> Router {
    Router::new().route(
        "/metrics",
        get(async |State(source): State<Source>| text(&source).await).with_state(source),
    )
}

/// The route at the public address.
pub fn public(source: Source, token: Token) -> Router {
    Router::new().route("/metrics", get(with_token).with_state((source, token)))
}

async fn with_token(
    State((source, token)): State<(Source, Token)>,
    headers: HeaderMap,
) -> Result<Response, Response> {
    let given = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    if given.is_some_and(|given| token.is(given)) {
        return Ok(text(&source).await);
    }
    let message = "The metrics are for whoever has metrics.token: send Authorization: Bearer and the token.";
    let mut refusal = ApiError::new(Code::AuthInvalidKey, message).into_response();
    let challenge = HeaderValue::from_static("Bearer");
    refusal.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    Err(refusal)
}

async fn text(source: &Source) -> Response {
    let headers = [
        (header::CONTENT_TYPE, TEXT),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ),
    ];
    (headers, source.text().await).into_response()
}
