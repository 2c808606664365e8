//! Forms about API keys.

use app::FormOutcome;
use axum::{
    Form,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use http::request::Parts;
use platform::{Ctx, Error, api_keys};
use serde::Deserialize;
use types::{Environment, StepUp, console::NewApiKey};

use super::{ApiError, AppState, Visitor, id, refusal, reply, step_up::fresh};

#[derive(Deserialize)]
#[serde(default)]
pub(super) struct NewKey {
    name: String,
    environment: String,
    step_up_code: Option<String>,
}

impl Default for NewKey {
    fn default() -> Self {
        Self {
            name: String::new(),
            environment: Environment::Test.to_string(),
            step_up_code: None,
        }
    }
}

/// Answers with the page itself, which shows the key this once.
pub(super) async fn create(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    parts: Parts,
    Form(form): Form<NewKey>,
) -> Result<Response, ApiError> {
    let made = match form.environment.parse::<Environment>() {
        Ok(environment) => make(&ctx, &form, environment).await,
        Err(_) => Err(Error::invalid("environment", "Choose test or live.")),
    };
    match made {
        Ok((ctx, key)) => Ok(reply(&state, ctx, parts, FormOutcome::KeyCreated(key)).await),
        Err(error) => {
            let values = vec![
                ("name".into(), form.name),
                ("environment".into(), form.environment),
            ];
            refusal(&state, ctx, parts, error, values).await
        }
    }
}

async fn make(ctx: &Ctx, form: &NewKey, environment: Environment) -> Result<(Ctx, NewApiKey), Error> {
    let ctx = fresh(ctx.clone(), StepUp::Keys, form.step_up_code.as_deref()).await?;
    let key = api_keys::create(&ctx, &form.name, environment).await?;
    Ok((ctx, key))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Revocation {
    confirm: String,
    step_up_code: Option<String>,
}

pub(super) async fn revoke(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    Path(key): Path<String>,
    parts: Parts,
    Form(form): Form<Revocation>,
) -> Result<Response, ApiError> {
    let key = id(&key, "The API key")?;
    let done = async {
        let ctx = fresh(ctx.clone(), StepUp::Keys, form.step_up_code.as_deref()).await?;
        api_keys::revoke(&ctx, key).await
    };
    match done.await {
        Ok(_) => Ok(Redirect::to("/keys").into_response()),
        Err(error) => {
            let values = vec![("confirm".into(), form.confirm)];
            refusal(&state, ctx, parts, error, values).await
        }
    }
}
