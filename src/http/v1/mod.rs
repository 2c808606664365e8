//! The public API, version 1: JSON in, a domain call, JSON out.

mod gate;
mod keys;
mod rate_limits;
mod tokens;
mod usage;
mod verify;

use axum::{Router, middleware};
use types::Timestamp;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::state::AppState;

pub(super) fn routes(state: &AppState) -> Router<AppState> {
    let (behind, _) = behind().split_for_parts();
    let (open, _) = open().split_for_parts();
    gated(state, behind).merge(open)
}

/// What takes a key, with what the document says of it.
pub(super) fn behind() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(verify::start))
        .routes(routes!(verify::complete))
        .routes(routes!(verify::status))
        .routes(routes!(tokens::validate))
        .routes(routes!(usage::report))
        .routes(routes!(keys::list, keys::create))
        .routes(routes!(keys::one, keys::change))
        .routes(routes!(keys::rotate))
        .routes(routes!(keys::revoke))
        .routes(routes!(rate_limits::list))
        .routes(routes!(rate_limits::set, rate_limits::remove))
}

/// What anybody may ask for, with what the document says of it.
pub(super) fn open() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(tokens::jwks))
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
