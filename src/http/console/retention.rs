//! Forms about how long things are kept, about legal holds, and about erasure.

use app::FormOutcome;
use axum::{
    Extension, Form,
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use http::request::Parts;
use platform::{Ctx, Error, audit, retention};
use serde::Deserialize;
use types::{
    LegalHoldId, StepUp, UserId,
    retention::{HoldDraft, LogScope, RetentionKind},
    team::Review,
};

use super::{
    ApiError, AppState, Visitor, id, refusal, reply,
    review::show,
    roles::{Fields, field},
    step_up::fresh,
};

/// Days by kind, as far as the form has them.
fn days(fields: &Fields) -> Result<Vec<(RetentionKind, i64)>, Error> {
    let mut days = Vec::new();
    for kind in RetentionKind::ALL {
        let Some(text) = field(fields, kind.as_str()) else {
            continue;
        };
        let number = text.trim().parse();
        days.push((
            *kind,
            number.map_err(|_| Error::invalid(kind.as_str(), "Give whole days."))?,
        ));
    }
    Ok(days)
}

async fn save(ctx: &Ctx, scope: LogScope, fields: &Fields) -> Result<(), Error> {
    let days = days(fields)?;
    let ctx = fresh(ctx.clone(), StepUp::Audit, field(fields, "step_up_code")).await?;
    retention::save(&ctx, scope, &days).await
}

pub(super) async fn update(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    Extension(scope): Extension<LogScope>,
    parts: Parts,
    Form(fields): Form<Fields>,
) -> Result<Response, ApiError> {
    let refused = if field(&fields, "step") == Some("save") {
        match save(&ctx, scope, &fields).await {
            Ok(()) => {
                let saved = FormOutcome::Saved("How long things are kept was saved.".into());
                return Ok(reply(&state, ctx, parts, saved).await);
            }
            Err(error) => Some(error),
        }
    } else {
        None
    };
    let reviewed = match days(&fields) {
        Ok(days) => retention::review(&ctx, scope, &days).await,
        Err(error) => Err(error),
    };
    match reviewed {
        Ok(review) => show(&state, ctx, parts, Review::Retention(review), refused).await,
        Err(error) => {
            let kept = fields.into_iter().filter(|(name, _)| name != "step_up_code");
            refusal(&state, ctx, parts, refused.unwrap_or(error), kept.collect()).await
        }
    }
}

/// Back to where holds are shown.
fn to_retention(scope: LogScope) -> Response {
    let path = match scope {
        LogScope::Organisation => "/audit/retention",
        LogScope::Installation => "/staff/retention",
    };
    Redirect::to(path).into_response()
}

pub(super) async fn place(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    Extension(scope): Extension<LogScope>,
    parts: Parts,
    Form(fields): Form<Fields>,
) -> Result<Response, ApiError> {
    let text = |name: &str| field(&fields, name).unwrap_or_default().to_owned();
    let draft = HoldDraft {
        organisation: text("organisation"),
        person: text("person"),
        from: text("from"),
        to: text("to"),
        reason: text("reason"),
    };
    match retention::place(&ctx, scope, &draft).await {
        Ok(_) => Ok(to_retention(scope)),
        Err(error) => refusal(&state, ctx, parts, error, fields).await,
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct ReasonForm {
    reason: String,
    /// Whose fields are erased: the name, typed to confirm.
    confirm: String,
    step_up_code: Option<String>,
}

pub(super) async fn release(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    Extension(scope): Extension<LogScope>,
    Path(hold): Path<String>,
    parts: Parts,
    Form(form): Form<ReasonForm>,
) -> Result<Response, ApiError> {
    let hold: LegalHoldId = id(&hold, "The legal hold")?;
    let done = async {
        let ctx = fresh(ctx.clone(), StepUp::Audit, form.step_up_code.as_deref()).await?;
        retention::release(&ctx, scope, hold, &form.reason).await
    };
    match done.await {
        Ok(()) => Ok(to_retention(scope)),
        Err(error) => refusal(&state, ctx, parts, error, vec![("reason".into(), form.reason)]).await,
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Whom {
    user: String,
}

pub(super) async fn erase(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    Query(whom): Query<Whom>,
    parts: Parts,
    Form(form): Form<ReasonForm>,
) -> Result<Response, ApiError> {
    let user: UserId = id(&whom.user, "The account")?;
    let done = async {
        let name = audit::erasable(&ctx, user).await?.name;
        if form.confirm.trim() != name.trim() {
            return Err(Error::invalid(
                "confirm",
                "This is not the name. Type it as it stands.",
            ));
        }
        let ctx = fresh(ctx.clone(), StepUp::Erasure, form.step_up_code.as_deref()).await?;
        audit::erase_person(&ctx, user, &form.reason).await
    };
    match done.await {
        Ok(fields) => {
            let saved = FormOutcome::Saved(format!("{fields} personal fields were erased."));
            Ok(reply(&state, ctx, parts, saved).await)
        }
        Err(error) => {
            let values = vec![("confirm".into(), form.confirm), ("reason".into(), form.reason)];
            refusal(&state, ctx, parts, error, values).await
        }
    }
}
