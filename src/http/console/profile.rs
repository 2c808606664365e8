//! Forms about one's own account: name, address.

use app::FormOutcome;
use axum::{
    Form,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use http::request::Parts;
use platform::{Ctx, Error, accounts, recovery};
use serde::Deserialize;
use types::StepUp;

use super::{ApiError, AppState, Visitor, refusal, reply, step_up::fresh};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct ProfileForm {
    /// Which of the page's forms: `name` or `email`.
    r#do: String,
    name: String,
    email: String,
    step_up_code: Option<String>,
}

pub(super) async fn change(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    parts: Parts,
    Form(form): Form<ProfileForm>,
) -> Result<Response, ApiError> {
    match act(&ctx, &form).await {
        Ok(done) => Ok(reply(&state, ctx, parts, FormOutcome::Saved(done.into())).await),
        Err(error) => {
            let typed = match form.r#do.as_str() {
                "name" => ("name".into(), form.name),
                _ => ("email".into(), form.email),
            };
            let values = vec![("do".into(), form.r#do), typed];
            refusal(&state, ctx, parts, error, values).await
        }
    }
}

async fn act(ctx: &Ctx, form: &ProfileForm) -> Result<&'static str, Error> {
    if form.r#do == "name" {
        accounts::rename(ctx, &form.name).await?;
        return Ok("Your name was saved.");
    }
    let ctx = fresh(ctx.clone(), StepUp::Credentials, form.step_up_code.as_deref()).await?;
    accounts::ask_email_change(&ctx, &form.email).await?;
    Ok("If this address can be used, a mail with a link is on its way to it.")
}

pub(super) async fn confirm_email(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    Path(secret): Path<String>,
    parts: Parts,
) -> Result<Response, ApiError> {
    match accounts::confirm_email_change(&ctx, &secret).await {
        Ok(()) => Ok(Redirect::to("/account").into_response()),
        Err(error) => refusal(&state, ctx, parts, error, Vec::new()).await,
    }
}

pub(super) async fn cancel_recovery(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    parts: Parts,
) -> Result<Response, ApiError> {
    match recovery::cancel_own(&ctx).await {
        Ok(()) => {
            let done = "The recovery was cancelled. Its links do not work any more.";
            Ok(reply(&state, ctx, parts, FormOutcome::Saved(done.into())).await)
        }
        Err(Error::NotFound(_)) => Ok(Redirect::to("/account/recovery").into_response()),
        Err(error) => refusal(&state, ctx, parts, error, Vec::new()).await,
    }
}
