use leptos::prelude::*;
use platform::{Ctx, identity::NewSession};

use crate::{PageError, SessionCookie};

/// The context of the request that is being answered.
pub(super) fn ctx() -> Result<Ctx, PageError> {
    use_context().ok_or_else(|| {
        PageError::new(
            500,
            "This page was asked for in a way that the server does not know.",
        )
    })
}

/// Hands the browser the session that a passkey has just begun.
pub(super) fn begin_session(session: &NewSession) -> Result<(), PageError> {
    let unknown = || PageError::new(500, "The server could not set the session cookie.");
    let cookie = use_context::<SessionCookie>().ok_or_else(unknown)?;
    let response = use_context::<leptos_axum::ResponseOptions>().ok_or_else(unknown)?;
    let value = http::HeaderValue::from_str(&(cookie.0)(session)).map_err(|_| unknown())?;
    response.append_header(http::header::SET_COOKIE, value);
    Ok(())
}

/// A failure, with the HTTP status that says the same.
pub(super) fn refuse(error: platform::Error) -> PageError {
    let error = PageError::from(error);
    crate::error::set_status(error.status);
    error
}

/// What the browser wrote of an authenticator's answer.
pub(super) fn read_json(text: &str) -> Result<serde_json::Value, PageError> {
    serde_json::from_str(text).map_err(|_| {
        crate::error::set_status(422);
        PageError::new(422, "The browser's answer could not be read. Try again.")
    })
}
