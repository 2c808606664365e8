//! The form of the second way in: a password and a code. (A passkey needs no form.)

use app::{FormOutcome, pages::is_ours};
use axum::{
    Form,
    extract::{Query, State},
    response::{IntoResponse, Redirect, Response},
};
use http::{HeaderValue, StatusCode, header, request::Parts};
use platform::{Error, identity};
use serde::Deserialize;

use super::{super::cookie, ApiError, AppState, Visitor, reply};

/// Where to go afterwards.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Onward {
    next: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Factors {
    account: String,
    password: String,
    code: String,
}

pub(super) async fn with_password(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    Query(onward): Query<Onward>,
    parts: Parts,
    Form(form): Form<Factors>,
) -> Result<Response, ApiError> {
    let signed_in = identity::sign_in_with_password(&ctx, &form.account, &form.password, &form.code).await;
    let error = match signed_in {
        Ok(session) => {
            let next = if is_ours(&onward.next) { &onward.next } else { "/" };
            let mut response = Redirect::to(next).into_response();
            let seconds = state.session_seconds();
            if let Some(cookie) = state
                .cookies()
                .set(cookie::SESSION, &session.secret, Some(seconds))
            {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            return Ok(response);
        }
        Err(error) => error,
    };
    let status = match &error {
        Error::Unauthenticated(_) => StatusCode::UNAUTHORIZED,
        Error::Conflict(_) => StatusCode::FORBIDDEN,
        Error::Throttled { .. } => StatusCode::TOO_MANY_REQUESTS,
        _ => return Err(error.into()),
    };
    let outcome = FormOutcome::Errors {
        message: error.to_string(),
        fields: Vec::new(),
        // Neither password nor code goes back into a page.
        values: vec![("account".into(), form.account)],
    };
    let mut response = reply(&state, ctx, parts, outcome).await;
    *response.status_mut() = status;
    if let Error::Throttled { seconds } = error {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds.max(1)));
    }
    Ok(response)
}
