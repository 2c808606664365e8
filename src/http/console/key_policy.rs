//! The form about what an organisation asks of its keys.

use app::FormOutcome;
use axum::{
    Form,
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use http::request::Parts;
use platform::{Ctx, Error, api_keys};
use types::{
    StepUp,
    keys::{KeyPolicy, LeakAnswer},
};

use super::{
    ApiError, AppState, Visitor, refusal, reply,
    roles::{Fields, field},
    step_up::fresh,
};

fn read(fields: &Fields) -> Result<KeyPolicy, Error> {
    let text = |name: &str| field(fields, name).unwrap_or_default().trim().to_owned();
    let days = |name: &'static str| match text(name).as_str() {
        "" => Ok(None),
        days => days
            .parse::<u32>()
            .map(Some)
            .map_err(|_| Error::invalid(name, "Give whole days, or leave it empty.")),
    };
    let answer = |name: &'static str| {
        text(name)
            .parse::<LeakAnswer>()
            .map_err(|_| Error::invalid(name, "Choose one of the list."))
    };
    Ok(KeyPolicy {
        longest_days: days("longest_days")?,
        unused_days: days("unused_days")?,
        requires_expiry: field(fields, "requires_expiry").is_some(),
        requires_networks: field(fields, "requires_networks").is_some(),
        disable_after_days: days("disable_after_days")?,
        leaked_live: answer("leaked_live")?,
        leaked_test: answer("leaked_test")?,
    })
}

async fn save(ctx: &Ctx, fields: &Fields, policy: KeyPolicy) -> Result<(), Error> {
    let ctx = fresh(ctx.clone(), StepUp::Keys, field(fields, "step_up_code")).await?;
    api_keys::save_policy(&ctx, policy).await
}

pub(super) async fn change(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    parts: Parts,
    Form(fields): Form<Fields>,
) -> Result<Response, ApiError> {
    let looking = field(&fields, "intent") == Some("preview");
    let done = async {
        let policy = read(&fields)?;
        if looking {
            return api_keys::preview(&ctx, policy).await.map(Some);
        }
        save(&ctx, &fields, policy).await.map(|()| None)
    };
    match done.await {
        Ok(Some(page)) => Ok(reply(&state, ctx, parts, FormOutcome::KeyPolicyPreview(page)).await),
        Ok(None) => Ok(Redirect::to("/keys/policy").into_response()),
        Err(error) => {
            let kept = fields.into_iter().filter(|(name, _)| name != "step_up_code");
            refusal(&state, ctx, parts, error, kept.collect()).await
        }
    }
}
