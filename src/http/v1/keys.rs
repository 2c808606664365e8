//! `/api-keys`: keys that look after keys. A call sees and changes the keys of its own
//! environment, and gives no more than its own key has.

use axum::{Json, extract::Path};
use http::StatusCode;
use platform::{Ctx, Error, api_keys};
use types::{
    ApiKeyId, Timestamp,
    console::{ApiKeyRow, NewApiKey},
    keys::{ChangeKeyBody, KeyAnswer, KeyTerms, KeysAnswer, NewKeyAnswer, NewKeyBody, RotateKeyBody},
};

use super::{super::ApiError, super::caller::ApiCaller, super::json::JsonBody, rfc3339};

pub(super) async fn list(ApiCaller(ctx): ApiCaller) -> Result<Json<KeysAnswer>, ApiError> {
    let now = ctx.now();
    let keys = api_keys::list(&ctx).await?;
    let keys = keys.into_iter().map(|row| answer(row, now)).collect();
    Ok(Json(KeysAnswer { keys }))
}

pub(super) async fn one(
    ApiCaller(ctx): ApiCaller,
    Path(id): Path<String>,
) -> Result<Json<KeyAnswer>, ApiError> {
    let row = api_keys::get(&ctx, known(&id)?).await?;
    Ok(Json(answer(row, ctx.now())))
}

pub(super) async fn create(
    ApiCaller(ctx): ApiCaller,
    JsonBody(body): JsonBody<NewKeyBody>,
) -> Result<(StatusCode, Json<NewKeyAnswer>), ApiError> {
    let terms = KeyTerms {
        name: body.name,
        scopes: body.scopes,
        allow_list: body.allow_list,
        expires_at: body.expires_at.as_deref().map(moment).transpose()?,
        note: body.note,
        owner: None,
        calls_per_minute: body.calls_per_minute,
        rotate_days: body.rotate_days,
        limits: body.limits,
    };
    let environment = environment(&ctx)?;
    let made = api_keys::create(&ctx, environment, &terms).await.map_err(told)?;
    Ok((StatusCode::CREATED, Json(fresh(made, ctx.now()))))
}

pub(super) async fn change(
    ApiCaller(ctx): ApiCaller,
    Path(id): Path<String>,
    JsonBody(body): JsonBody<ChangeKeyBody>,
) -> Result<Json<KeyAnswer>, ApiError> {
    let id = known(&id)?;
    let before = api_keys::get(&ctx, id).await?;
    let expires_at = match body.expires_at {
        None => before.expires_at,
        Some(wanted) => wanted.as_deref().map(moment).transpose()?,
    };
    let terms = KeyTerms {
        name: body.name.unwrap_or(before.name),
        scopes: body.scopes.unwrap_or(before.scopes),
        allow_list: body.allow_list.unwrap_or(before.allow_list),
        expires_at,
        note: body.note.unwrap_or(before.note),
        owner: None,
        calls_per_minute: body.calls_per_minute.unwrap_or(before.calls_per_minute),
        rotate_days: body.rotate_days.unwrap_or(before.rotate_days),
        limits: body.limits.unwrap_or(before.limits),
    };
    let row = api_keys::change(&ctx, id, &terms).await.map_err(told)?;
    Ok(Json(answer(row, ctx.now())))
}

pub(super) async fn rotate(
    ApiCaller(ctx): ApiCaller,
    Path(id): Path<String>,
    JsonBody(body): JsonBody<RotateKeyBody>,
) -> Result<(StatusCode, Json<NewKeyAnswer>), ApiError> {
    let until = ctx.now().plus_seconds(i64::from(body.overlap_seconds));
    let made = api_keys::rotate(&ctx, known(&id)?, until).await.map_err(told)?;
    Ok((StatusCode::CREATED, Json(fresh(made, ctx.now()))))
}

pub(super) async fn revoke(
    ApiCaller(ctx): ApiCaller,
    Path(id): Path<String>,
) -> Result<Json<KeyAnswer>, ApiError> {
    let row = api_keys::revoke(&ctx, known(&id)?).await?;
    Ok(Json(answer(row, ctx.now())))
}

/// An id that is none is one that is not there.
fn known(id: &str) -> Result<ApiKeyId, Error> {
    id.parse().map_err(|_| Error::NotFound("The API key"))
}

fn environment(ctx: &Ctx) -> Result<types::Environment, Error> {
    match ctx.actor() {
        platform::Actor::ApiKey { environment, .. } => Ok(*environment),
        _ => Err(Error::internal("only keys come through the gate")),
    }
}

fn moment(text: &str) -> Result<Timestamp, ApiError> {
    let moment: Result<jiff::Timestamp, _> = text.parse();
    let told = "Write the moment as RFC 3339 has it, such as 2027-03-31T12:00:00Z.";
    moment
        .map(|moment| Timestamp::from_millis(moment.as_millisecond()))
        .map_err(|_| ApiError::invalid(vec![("expiresAt".to_owned(), told.to_owned())]))
}

/// Fields are named as the API spells them.
fn told(error: Error) -> Error {
    let Error::Invalid { fields } = error else {
        return error;
    };
    let spelled = |name: &str| match name {
        "allow_list" => "allowList".to_owned(),
        "expires_at" => "expiresAt".to_owned(),
        "calls_per_minute" => "callsPerMinute".to_owned(),
        "rotate_days" => "rotateDays".to_owned(),
        "overlap" => "overlapSeconds".to_owned(),
        name => name.to_owned(),
    };
    Error::Invalid {
        fields: fields
            .into_iter()
            .map(|(name, message)| (spelled(&name), message))
            .collect(),
    }
}

fn fresh(made: NewApiKey, now: Timestamp) -> NewKeyAnswer {
    NewKeyAnswer {
        key: answer(made.row, now),
        secret: made.key,
    }
}

fn answer(row: ApiKeyRow, now: Timestamp) -> KeyAnswer {
    KeyAnswer {
        works: row.works(now),
        id: row.id,
        name: row.name,
        environment: row.environment,
        prefix: row.prefix,
        last_four: row.last_four,
        scopes: row.scopes,
        allow_list: row.allow_list,
        calls_per_minute: row.calls_per_minute,
        rotate_days: row.rotate_days,
        limits: row.limits.clone(),
        rotates_at: row.rotates_at.filter(|_| row.successor.is_none()).map(rfc3339),
        note: row.note,
        owner: row.owner_id,
        generation: row.generation,
        predecessor: row.predecessor,
        successor: row.successor,
        created_at: rfc3339(row.created_at),
        last_used_at: row.last_used_at.map(rfc3339),
        expires_at: row.expires_at.map(rfc3339),
        ends_at: row.ends_at.map(rfc3339),
        revoked_at: row.revoked_at.map(rfc3339),
    }
}
