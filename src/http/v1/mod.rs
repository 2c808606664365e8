//! The public API, version 1: JSON in, a domain call, JSON out.

mod gate;
mod tokens;
mod verify;

use axum::{
    Router, middleware,
    routing::{get, post},
};
use types::Timestamp;

use super::state::AppState;

pub(super) fn routes(state: &AppState) -> Router<AppState> {
    Router::new()
        .route("/verify/start", post(verify::start))
        .route("/verify/complete", post(verify::complete))
        .route("/verify/status", get(verify::status))
        .route("/tokens/validate", post(tokens::validate))
        .route_layer(middleware::from_fn_with_state(state.clone(), gate::gate))
        .route("/.well-known/jwks.json", get(tokens::jwks))
}

/// A moment in RFC 3339, UTC, with milliseconds.
fn rfc3339(moment: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(moment.as_millis())
        .map(|moment| format!("{moment:.3}"))
        .unwrap_or_default()
}
