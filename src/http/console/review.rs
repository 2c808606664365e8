//! The second step of a form that shows what it will come to before it is saved.

use app::{FormOutcome, UNCONFIRMED};
use axum::response::{IntoResponse, Redirect, Response};
use http::request::Parts;
use platform::{Ctx, Error};
use types::team::Review;

use super::{ApiError, AppState, reply};

/// The review, and why it could not be saved, if that was tried.
pub(super) async fn show(
    state: &AppState,
    ctx: Ctx,
    parts: Parts,
    review: Review,
    refused: Option<Error>,
) -> Result<Response, ApiError> {
    let (status, message, fields) = match refused {
        None => (200, String::new(), Vec::new()),
        Some(Error::Invalid { fields }) => (422, String::new(), fields),
        Some(Error::Conflict(message)) => (422, message.to_owned(), Vec::new()),
        Some(Error::StepUp(_)) => (403, UNCONFIRMED.to_owned(), Vec::new()),
        Some(Error::Unauthenticated(_)) => return Ok(Redirect::to("/sign-in").into_response()),
        Some(other) => return Err(other.into()),
    };
    let outcome = FormOutcome::Review {
        review,
        status,
        message,
        fields,
    };
    Ok(reply(state, ctx, parts, outcome).await)
}
