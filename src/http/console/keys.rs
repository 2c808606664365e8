//! Forms about API keys.

use app::FormOutcome;
use axum::{
    Form,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use http::request::Parts;
use platform::{Ctx, Error, api_keys};
use types::{
    ApiKeyId, Environment, StepUp, Timestamp,
    console::NewApiKey,
    keys::{KeyTerms, Scope},
};

use super::{
    ApiError, AppState, Visitor, id, refusal, reply,
    roles::{Fields, field},
    step_up::fresh,
};

fn text<'a>(fields: &'a Fields, name: &str) -> &'a str {
    field(fields, name).unwrap_or_default().trim()
}

fn key_id(key: &str) -> Result<ApiKeyId, ApiError> {
    id(key, "The API key")
}

async fn confirmed(ctx: &Ctx, fields: &Fields) -> Result<Ctx, Error> {
    fresh(ctx.clone(), StepUp::Keys, field(fields, "step_up_code")).await
}

/// The terms as the form describes them. A word that is no scope is not passed over: it would look
/// granted.
fn terms(fields: &Fields, expires_at: Option<Timestamp>) -> Result<KeyTerms, Error> {
    let ticked = fields.iter().filter(|(key, _)| key == "scopes");
    let scopes = ticked
        .map(|(_, word)| word.parse::<Scope>())
        .collect::<Result<_, _>>()
        .map_err(|_| Error::invalid("scopes", "One of these scopes is not known here."))?;
    let owner = match text(fields, "owner") {
        "" => None,
        owner => Some(
            owner
                .parse()
                .map_err(|_| Error::invalid("owner", "Choose somebody who belongs to the organisation."))?,
        ),
    };
    let calls_per_minute = whole(fields, "calls_per_minute")?;
    let rotate_days = whole(fields, "rotate_days")?;
    let networks = text(fields, "allow_list").split([',', ' ', '\n', '\r', '\t']);
    Ok(KeyTerms {
        name: text(fields, "name").to_owned(),
        scopes,
        allow_list: networks
            .filter(|network| !network.is_empty())
            .map(str::to_owned)
            .collect(),
        expires_at,
        note: text(fields, "note").to_owned(),
        owner,
        calls_per_minute,
        rotate_days,
        limits: fields
            .iter()
            .filter(|(key, _)| key == "limits")
            .map(|(_, name)| name.clone())
            .collect(),
    })
}

/// A number that need not be given.
fn whole(fields: &Fields, name: &'static str) -> Result<Option<u32>, Error> {
    match text(fields, name) {
        "" => Ok(None),
        number => number
            .parse()
            .map(Some)
            .map_err(|_| Error::invalid(name, "Give a whole number, or leave it empty.")),
    }
}

fn expiry(fields: &Fields, now: Timestamp) -> Result<Option<Timestamp>, Error> {
    api_keys::expiry(text(fields, "expiry"), text(fields, "expires_on"), now)
}

/// What goes back into a refused form: no code.
fn kept(fields: Fields) -> Fields {
    fields
        .into_iter()
        .filter(|(name, _)| name != "step_up_code")
        .collect()
}

/// Answers with the page itself, which shows the key this once.
async fn shown(
    state: AppState,
    ctx: Ctx,
    parts: Parts,
    fields: Fields,
    made: Result<NewApiKey, Error>,
) -> Result<Response, ApiError> {
    match made {
        Ok(key) => Ok(reply(&state, ctx, parts, FormOutcome::KeyCreated(Box::new(key))).await),
        Err(error) => refusal(&state, ctx, parts, error, kept(fields)).await,
    }
}

pub(super) async fn create(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    parts: Parts,
    Form(fields): Form<Fields>,
) -> Result<Response, ApiError> {
    let made = async {
        let environment: Environment = text(&fields, "environment")
            .parse()
            .map_err(|_| Error::invalid("environment", "Choose test or live."))?;
        let terms = terms(&fields, expiry(&fields, ctx.now())?)?;
        api_keys::create(&confirmed(&ctx, &fields).await?, environment, &terms).await
    };
    let made = made.await;
    shown(state, ctx, parts, fields, made).await
}

pub(super) async fn change(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    Path(key): Path<String>,
    parts: Parts,
    Form(fields): Form<Fields>,
) -> Result<Response, ApiError> {
    let key = key_id(&key)?;
    let done = async {
        let expires_at = match text(&fields, "expiry") {
            "keep" => api_keys::get(&ctx, key).await?.expires_at,
            _ => expiry(&fields, ctx.now())?,
        };
        let terms = terms(&fields, expires_at)?;
        api_keys::change(&confirmed(&ctx, &fields).await?, key, &terms).await
    };
    match done.await {
        Ok(_) => Ok(Redirect::to(&format!("/keys/{key}")).into_response()),
        Err(error) => refusal(&state, ctx, parts, error, kept(fields)).await,
    }
}

fn until(fields: &Fields, now: Timestamp) -> Result<Timestamp, Error> {
    api_keys::overlap(text(fields, "overlap"), text(fields, "overlap_on"), now)
}

pub(super) async fn rotate(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    Path(key): Path<String>,
    parts: Parts,
    Form(fields): Form<Fields>,
) -> Result<Response, ApiError> {
    let key = key_id(&key)?;
    let made = async {
        let until = until(&fields, ctx.now())?;
        api_keys::rotate(&confirmed(&ctx, &fields).await?, key, until).await
    };
    let made = made.await;
    shown(state, ctx, parts, fields, made).await
}

/// A form of the key's page: it is enabled again, or it is said to when it works that another took
/// over from it.
pub(super) async fn act(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    Path(key): Path<String>,
    parts: Parts,
    Form(fields): Form<Fields>,
) -> Result<Response, ApiError> {
    let key = key_id(&key)?;
    let done = async {
        let confirmed = || confirmed(&ctx, &fields);
        if text(&fields, "intent") == "enable" {
            return api_keys::enable(&confirmed().await?, key).await;
        }
        let until = until(&fields, ctx.now())?;
        api_keys::end_at(&confirmed().await?, key, until).await.map(drop)
    };
    match done.await {
        Ok(()) => Ok(Redirect::to(&format!("/keys/{key}")).into_response()),
        Err(error) => refusal(&state, ctx, parts, error, kept(fields)).await,
    }
}

pub(super) async fn revoke(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    Path(key): Path<String>,
    parts: Parts,
    Form(fields): Form<Fields>,
) -> Result<Response, ApiError> {
    let key = key_id(&key)?;
    let done = async { api_keys::revoke(&confirmed(&ctx, &fields).await?, key).await };
    match done.await {
        Ok(_) => Ok(Redirect::to("/keys").into_response()),
        Err(error) => refusal(&state, ctx, parts, error, kept(fields)).await,
    }
}
