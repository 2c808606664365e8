//! Forms about recovery: asking, the second way, cancelling, and the staff's side.

use app::FormOutcome;
use axum::{
    Form,
    extract::{Path, State},
    response::Response,
};
use http::request::Parts;
use platform::{Ctx, Error, accounts, recovery};
use serde::Deserialize;
use types::StepUp;

use super::{
    ApiError, AppState, Visitor,
    entry::{EnrolForm, ON_ITS_WAY, enrol},
    refusal, reply,
    step_up::fresh,
};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct AskForm {
    email: String,
}

pub(super) async fn ask(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    parts: Parts,
    Form(form): Form<AskForm>,
) -> Result<Response, ApiError> {
    match accounts::ask_recovery(&ctx, &form.email).await {
        Ok(()) => Ok(reply(&state, ctx, parts, FormOutcome::Saved(ON_ITS_WAY.into())).await),
        Err(error) => {
            let values = vec![("email".into(), form.email)];
            refusal(&state, ctx, parts, error, values).await
        }
    }
}

/// The second way, or a password with an app once the time has come. No `Debug`: they are
/// secrets.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct GoOnForm {
    way: String,
    shown: String,
    #[serde(flatten)]
    enrol: EnrolForm,
}

pub(super) async fn go_on(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    Path(secret): Path<String>,
    parts: Parts,
    Form(form): Form<GoOnForm>,
) -> Result<Response, ApiError> {
    if form.enrol.is_filled() {
        return enrol(&state, ctx, parts, &secret, form.enrol).await;
    }
    let done = match form.way.parse() {
        Ok(way) => recovery::prove(&ctx, &secret, way, form.shown.trim()).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => {
            let done = "The second way was right. The waiting time has begun.";
            Ok(reply(&state, ctx, parts, FormOutcome::Saved(done.into())).await)
        }
        Err(error) => refusal(&state, ctx, parts, error, vec![("way".into(), form.way)]).await,
    }
}

pub(super) async fn cancel(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    Path(secret): Path<String>,
    parts: Parts,
) -> Result<Response, ApiError> {
    match recovery::cancel_by_link(&ctx, &secret).await {
        Ok(()) => {
            let done = "Its links do not work any more. If somebody else asked for it, look after your mailbox: they may be able to read it.";
            Ok(reply(&state, ctx, parts, FormOutcome::Saved(done.into())).await)
        }
        Err(error) => refusal(&state, ctx, parts, error, Vec::new()).await,
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct StaffForm {
    /// `find`, `start` or `approve`.
    r#do: String,
    email: String,
    user: String,
    id: String,
    step_up_code: Option<String>,
}

pub(super) async fn staff(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    parts: Parts,
    Form(form): Form<StaffForm>,
) -> Result<Response, ApiError> {
    match act(&ctx, &form).await {
        Ok(outcome) => Ok(reply(&state, ctx, parts, outcome).await),
        Err(error) => {
            let values = vec![("email".into(), form.email)];
            refusal(&state, ctx, parts, error, values).await
        }
    }
}

async fn act(ctx: &Ctx, form: &StaffForm) -> Result<FormOutcome, Error> {
    if form.r#do == "find" {
        let found = recovery::find_account(ctx, &form.email).await?;
        return Ok(FormOutcome::AccountFound(found));
    }
    let ctx = fresh(ctx.clone(), StepUp::Staff, form.step_up_code.as_deref()).await?;
    if form.r#do == "start" {
        let user = form.user.parse().map_err(|_| Error::NotFound("The account"))?;
        recovery::start_for_account(&ctx, user).await?;
        return Ok(FormOutcome::Saved(
            "The recovery has begun: its person gets a link by mail.".into(),
        ));
    }
    let id = form.id.parse().map_err(|_| Error::NotFound("The recovery"))?;
    recovery::approve(&ctx, id).await?;
    Ok(FormOutcome::Saved(
        "The recovery is approved: its waiting time has begun.".into(),
    ))
}
