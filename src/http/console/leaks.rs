//! The form for whoever found an API key.

use app::FormOutcome;
use axum::{Form, extract::State, response::Response};
use http::request::Parts;
use platform::leaks;
use serde::Deserialize;

use super::{ApiError, AppState, Visitor, refusal, reply};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct FoundForm {
    text: String,
    place: String,
}

/// The answer is the same whether there is such a key or not. What was pasted is not shown again.
pub(super) async fn paste(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    parts: Parts,
    Form(form): Form<FoundForm>,
) -> Result<Response, ApiError> {
    match leaks::paste(&ctx, &form.text, &form.place).await {
        Ok(()) => {
            let said = "Thank you. If it is a key of somebody here, they are told.".to_owned();
            Ok(reply(&state, ctx, parts, FormOutcome::Saved(said)).await)
        }
        Err(error) => refusal(&state, ctx, parts, error, vec![("place".to_owned(), form.place)]).await,
    }
}
