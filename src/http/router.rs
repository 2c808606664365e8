//! All routes.

use axum::Router;
use platform::Platform;

use super::{Health, assets, compression, console, hosted, leaks, ledger, openapi, state::AppState, v1};
use crate::config::Config;

/// All routes, without the frame.
pub fn routes(platform: &Platform, config: &Config, health: Health) -> Router {
    // Leptos' tasks run on the runtime that we have. It answers with an error if it knows already,
    // as from the second router of a process on.
    drop(any_spawner::Executor::init_tokio());
    let state = AppState::new(platform, config);
    let pages = compression::around(hosted::routes().merge(console::routes(&state)));
    let ours = v1::routes(&state)
        .merge(ledger::routes())
        .merge(leaks::routes())
        .merge(openapi::routes())
        .merge(pages);
    health
        .routes()
        .merge(assets::routes())
        .merge(ours.with_state(state))
}

/// Routes behind the gate of the API, which are none of it: the gate is measured by them.
pub fn gated(platform: &Platform, config: &Config, routes: Router) -> Router {
    v1::gated(&AppState::new(platform, config), routes)
}
