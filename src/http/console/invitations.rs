//! Forms about invitations: the team's, and the invited person's.

use app::FormOutcome;
use axum::{
    Form,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use http::request::Parts;
use platform::{Ctx, Error, access, invitations};
use serde::Deserialize;
use types::StepUp;

use super::{
    ApiError, AppState, Visitor,
    entry::{EnrolForm, enrol},
    refusal, reply,
    step_up::fresh,
};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct InviteForm {
    email: String,
    role: String,
    /// The id of an invitation that is to be sent again.
    resend: Option<String>,
    /// The id of one that is to be revoked.
    revoke: Option<String>,
    step_up_code: Option<String>,
}

pub(super) async fn team(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    parts: Parts,
    Form(form): Form<InviteForm>,
) -> Result<Response, ApiError> {
    match act(&ctx, &form).await {
        Ok(done) => Ok(reply(&state, ctx, parts, FormOutcome::Saved(done.into())).await),
        Err(error) => {
            let values = vec![("email".into(), form.email), ("role".into(), form.role)];
            refusal(&state, ctx, parts, error, values).await
        }
    }
}

async fn act(ctx: &Ctx, form: &InviteForm) -> Result<&'static str, Error> {
    let ctx = fresh(ctx.clone(), StepUp::Team, form.step_up_code.as_deref()).await?;
    let known = |text: &str| text.parse().map_err(|_| Error::NotFound("The open invitation"));
    match (&form.resend, &form.revoke) {
        (Some(invitation), _) => {
            invitations::resend(&ctx, known(invitation)?).await?;
            Ok("The invitation was sent again. Its older link does not work any more.")
        }
        (None, Some(invitation)) => {
            invitations::revoke(&ctx, known(invitation)?).await?;
            Ok("The invitation was revoked.")
        }
        (None, None) => {
            invitations::invite(&ctx, &form.email, form.role.parse()?).await?;
            Ok("The invitation is on its way.")
        }
    }
}

/// Accepts: as the account that is signed in, or with a password and an app of a new one.
pub(super) async fn accept(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    Path(secret): Path<String>,
    parts: Parts,
    Form(form): Form<EnrolForm>,
) -> Result<Response, ApiError> {
    if form.is_filled() {
        return enrol(&state, ctx, parts, &secret, form).await;
    }
    match invitations::accept(&ctx, &secret).await {
        Ok(organisation) => {
            access::switch_organisation(&ctx, organisation).await?;
            Ok(Redirect::to("/").into_response())
        }
        Err(error) => refusal(&state, ctx, parts, error, Vec::new()).await,
    }
}
