//! Forms about API keys.

use app::FormOutcome;
use axum::{
    Form,
    extract::{Path, State},
    response::{Redirect, Response},
};
use http::request::Parts;
use platform::{Error, api_keys};
use serde::Deserialize;
use types::Environment;

use super::{ApiError, AppState, Visitor, id, refusal, reply};

#[derive(Deserialize)]
#[serde(default)]
pub(super) struct NewKey {
    name: String,
    environment: String,
}

impl Default for NewKey {
    fn default() -> Self {
        Self {
            name: String::new(),
            environment: Environment::Test.to_string(),
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
        Ok(environment) => api_keys::create(&ctx, &form.name, environment).await,
        Err(_) => Err(Error::invalid("environment", "Choose test or live.")),
    };
    match made {
        Ok(key) => Ok(reply(&state, ctx, parts, FormOutcome::KeyCreated(key)).await),
        Err(error) => {
            let values = vec![
                ("name".into(), form.name),
                ("environment".into(), form.environment),
            ];
            refusal(&state, ctx, parts, error, values).await
        }
    }
}

pub(super) async fn revoke(Visitor(ctx): Visitor, Path(key): Path<String>) -> Result<Redirect, ApiError> {
    api_keys::revoke(&ctx, id(&key, "The API key")?).await?;
    Ok(Redirect::to("/keys"))
}
