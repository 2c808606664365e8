//! Forms about organisations.

use app::FormOutcome;
use axum::{
    Form,
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use http::request::Parts;
use platform::access::{self, SettingsChange};
use serde::Deserialize;
use types::StepUp;

use super::{ApiError, AppState, Visitor, id, onward, refusal, reply, step_up::fresh};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct OrganisationForm {
    name: String,
    time_zone: String,
    /// A checkbox: `on`, or not there at all.
    accept_self_asserted_live: Option<String>,
    step_up_code: Option<String>,
}

impl OrganisationForm {
    fn values(self) -> Vec<(String, String)> {
        let mut values = vec![("name".into(), self.name), ("time_zone".into(), self.time_zone)];
        let checked = self.accept_self_asserted_live;
        values.extend(checked.map(|value| ("accept_self_asserted_live".into(), value)));
        values
    }
}

pub(super) async fn update(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    parts: Parts,
    Form(form): Form<OrganisationForm>,
) -> Result<Response, ApiError> {
    let change = SettingsChange {
        name: form.name.clone(),
        time_zone: form.time_zone.clone(),
        accept_self_asserted_live: form.accept_self_asserted_live.is_some(),
    };
    let code = form.step_up_code.as_deref();
    let done = async {
        let ctx = fresh(ctx.clone(), StepUp::Security, code).await?;
        access::update_settings(&ctx, change).await.map(|()| ctx)
    };
    match done.await {
        Ok(ctx) => {
            let saved = FormOutcome::Saved("The settings were saved.".into());
            Ok(reply(&state, ctx, parts, saved).await)
        }
        Err(error) => refusal(&state, ctx, parts, error, form.values()).await,
    }
}

/// Makes an organisation and goes there.
pub(super) async fn create(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    parts: Parts,
    Form(form): Form<OrganisationForm>,
) -> Result<Response, ApiError> {
    match access::create_organisation(&ctx, &form.name, &form.time_zone).await {
        Ok(made) => {
            access::switch_organisation(&ctx, made).await?;
            Ok(Redirect::to("/").into_response())
        }
        Err(error) => refusal(&state, ctx, parts, error, form.values()).await,
    }
}

#[derive(Deserialize)]
pub(super) struct Switch {
    organisation: String,
}

pub(super) async fn switch(Visitor(ctx): Visitor, Form(form): Form<Switch>) -> Result<Redirect, ApiError> {
    let done = access::switch_organisation(&ctx, id(&form.organisation, "The organisation")?).await;
    onward(done, "/")
}
