//! A dangerous form that brings its own confirmation: a code of the authenticator app. (A
//! passkey confirms before the form is sent.)
//!
//! A confirmation gives the session a fresh secret. Forms answer in many ways, so the secret is
//! left in a place of the request's own, and [`carry`] puts it into the answer as a cookie.

use std::sync::{Arc, Mutex, PoisonError};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::header;
use platform::{Ctx, Error, identity};
use types::StepUp;

use super::{super::cookie, AppState};

type Place = Arc<Mutex<Option<String>>>;

tokio::task_local! {
    /// The secret that the request's session has from now on.
    static RENEWED: Place;
}

/// A context that has confirmed the action, if a right code came with the form; the same one
/// if none came, or none was needed.
///
/// # Errors
/// `Invalid` for the field `step_up_code`.
pub(super) async fn fresh(ctx: Ctx, action: StepUp, code: Option<&str>) -> Result<Ctx, Error> {
    let code = code.map(str::trim).filter(|code| !code.is_empty());
    let Some(code) = code.filter(|_| !ctx.is_fresh(action)) else {
        return Ok(ctx);
    };
    let confirmed = identity::step_up_with_code(&ctx, action, code).await?;
    let place = RENEWED.try_with(Arc::clone).map_err(Error::internal)?;
    *place.lock().unwrap_or_else(PoisonError::into_inner) = Some(confirmed.session.secret);
    Ok(confirmed.ctx)
}

/// Hands the browser the secret that a form's confirmation has left.
pub(super) async fn carry(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let place = Place::default();
    let mut response = RENEWED.scope(Arc::clone(&place), next.run(request)).await;
    let renewed = place.lock().unwrap_or_else(PoisonError::into_inner).take();
    let cookie = renewed.and_then(|secret| {
        let seconds = state.session_seconds();
        state.cookies().set(cookie::SESSION, &secret, Some(seconds))
    });
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
