//! All routes.

use axum::Router;
use platform::Platform;

use super::{Health, assets};
use crate::config::Config;

/// All routes, without the frame.
pub fn routes(_platform: &Platform, _config: &Config, health: Health) -> Router {
    health.routes().merge(assets::routes())
}
