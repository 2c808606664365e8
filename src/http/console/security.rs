//! The form of the security policy: reviewed first, then saved.

use app::FormOutcome;
use axum::{Form, extract::State, response::Response};
use http::request::Parts;
use platform::{Ctx, Error, access::security};
use types::{
    StepUp,
    team::{Review, SecurityPolicy},
};

use super::{
    ApiError, AppState, Visitor, refusal, reply,
    review::show,
    roles::{Fields, field},
    step_up::fresh,
};

fn minutes(fields: &Fields, name: &str) -> Result<Option<i64>, Error> {
    let text = field(fields, name).map(str::trim).unwrap_or_default();
    if text.is_empty() {
        return Ok(None);
    }
    let number = text
        .parse()
        .map_err(|_| Error::invalid(name, "Give whole minutes, or leave it empty."));
    number.map(Some)
}

fn policy(fields: &Fields) -> Result<SecurityPolicy, Error> {
    let word = field(fields, "requirement").unwrap_or_default();
    Ok(SecurityPolicy {
        requirement: word
            .parse()
            .map_err(|_| Error::invalid("requirement", "Choose what a sign-in needs."))?,
        idle_minutes: minutes(fields, "idle_minutes")?,
        absolute_minutes: minutes(fields, "absolute_minutes")?,
    })
}

async fn save(ctx: &Ctx, fields: &Fields) -> Result<(), Error> {
    let policy = policy(fields)?;
    let ctx = fresh(ctx.clone(), StepUp::Security, field(fields, "step_up_code")).await?;
    security::save(&ctx, policy).await
}

pub(super) async fn update(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    parts: Parts,
    Form(fields): Form<Fields>,
) -> Result<Response, ApiError> {
    let refused = if field(&fields, "step") == Some("save") {
        match save(&ctx, &fields).await {
            Ok(()) => {
                let saved = FormOutcome::Saved("The security policy was saved. It holds from now on.".into());
                return Ok(reply(&state, ctx, parts, saved).await);
            }
            Err(error) => Some(error),
        }
    } else {
        None
    };
    let reviewed = match policy(&fields) {
        Ok(policy) => security::review(&ctx, policy).await,
        Err(error) => Err(error),
    };
    match reviewed {
        Ok(review) => show(&state, ctx, parts, Review::Policy(review), refused).await,
        Err(error) => {
            let kept = fields.into_iter().filter(|(name, _)| name != "step_up_code");
            refusal(&state, ctx, parts, refused.unwrap_or(error), kept.collect()).await
        }
    }
}
