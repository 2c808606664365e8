//! The public API, version 1: JSON in, a domain call, JSON out.

mod gate;
mod keys;
mod rate_limits;
mod tokens;
mod usage;
mod verify;

use axum::{
    Router, middleware,
    routing::{get, post, put},
};
use types::Timestamp;

use super::state::AppState;

pub(super) fn routes(state: &AppState) -> Router<AppState> {
    let behind = Router::new()
        .route("/verify/start", post(verify::start))
        .route("/verify/complete", post(verify::complete))
        .route("/verify/status", get(verify::status))
        .route("/tokens/validate", post(tokens::validate))
        .route("/usage", get(usage::report))
        .route("/api-keys", get(keys::list).post(keys::create))
        .route("/api-keys/{id}", get(keys::one).patch(keys::change))
        .route("/api-keys/{id}/rotate", post(keys::rotate))
        .route("/api-keys/{id}/revoke", post(keys::revoke))
        .route("/rate-limits", get(rate_limits::list))
        .route(
            "/rate-limits/{name}",
            put(rate_limits::set).delete(rate_limits::remove),
        );
    gated(state, behind).route("/.well-known/jwks.json", get(tokens::jwks))
}

/// These routes are for programs with a key.
pub(super) fn gated<S: Clone + Send + Sync + 'static>(state: &AppState, routes: Router<S>) -> Router<S> {
    routes.route_layer(middleware::from_fn_with_state(state.clone(), gate::gate))
}

/// A moment in RFC 3339, UTC, with milliseconds.
fn rfc3339(moment: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(moment.as_millis())
        .map(|moment| format!("{moment:.3}"))
        .unwrap_or_default()
}
