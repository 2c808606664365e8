//! Forms about members.

use axum::{
    Form,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use http::request::Parts;
use platform::{
    Error,
    access::members::{self, RoleChoice},
};
use serde::Deserialize;
use types::{StepUp, UserId};

use super::{ApiError, AppState, Visitor, id, refusal, step_up::fresh};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct MemberForm {
    role: String,
    /// Which form of the page it is: that of the role, or of the sessions.
    intent: String,
    step_up_code: Option<String>,
}

pub(super) async fn change(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    Path(member): Path<String>,
    parts: Parts,
    Form(form): Form<MemberForm>,
) -> Result<Response, ApiError> {
    let member: UserId = id(&member, "The member")?;
    let done = async {
        let ctx = fresh(ctx.clone(), StepUp::Team, form.step_up_code.as_deref()).await?;
        if form.intent == "sessions" {
            return members::end_sessions(&ctx, member).await;
        }
        let choice: RoleChoice = form
            .role
            .parse()
            .map_err(|_| Error::invalid("role", "Choose one of the roles."))?;
        members::change_role(&ctx, member, choice).await
    };
    match done.await {
        Ok(()) => Ok(Redirect::to("/team").into_response()),
        Err(error) => {
            refusal(
                &state,
                ctx,
                parts,
                error,
                vec![("role".into(), form.role), ("intent".into(), form.intent)],
            )
            .await
        }
    }
}

pub(super) async fn remove(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    Path(member): Path<String>,
    parts: Parts,
    Form(form): Form<MemberForm>,
) -> Result<Response, ApiError> {
    let member: UserId = id(&member, "The member")?;
    let done = async {
        let ctx = fresh(ctx.clone(), StepUp::Team, form.step_up_code.as_deref()).await?;
        members::remove(&ctx, member).await
    };
    match done.await {
        Ok(()) => Ok(Redirect::to("/team").into_response()),
        Err(error) => refusal(&state, ctx, parts, error, Vec::new()).await,
    }
}

pub(super) async fn leave(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    parts: Parts,
    Form(form): Form<MemberForm>,
) -> Result<Response, ApiError> {
    let done = async {
        let ctx = fresh(ctx.clone(), StepUp::Team, form.step_up_code.as_deref()).await?;
        members::leave(&ctx).await
    };
    match done.await {
        Ok(Some(_)) => Ok(Redirect::to("/").into_response()),
        Ok(None) => Ok(Redirect::to("/sign-in").into_response()),
        Err(error) => refusal(&state, ctx, parts, error, Vec::new()).await,
    }
}
