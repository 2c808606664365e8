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

/// List the keys
///
/// Of the calling key's own environment, newest first, without their text.
#[utoipa::path(
    get, path = "/api-keys", operation_id = "listApiKeys", tag = "API keys",
    security(("x-tenant-api-key" = ["keys:read"])),
    responses((status = 200, description = "The keys.", body = KeysAnswer)),
)]
pub(super) async fn list(ApiCaller(ctx): ApiCaller) -> Result<Json<KeysAnswer>, ApiError> {
    let now = ctx.now();
    let keys = api_keys::list(&ctx).await?;
    let keys = keys.into_iter().map(|row| answer(row, now)).collect();
    Ok(Json(KeysAnswer { keys }))
}

/// Get a key
///
/// Of the calling key's own environment, without its text.
#[utoipa::path(
    get, path = "/api-keys/{id}", operation_id = "getApiKey", tag = "API keys",
    security(("x-tenant-api-key" = ["keys:read"])),
    params(("id" = ApiKeyId, Path, description = "Which key.")),
    responses((status = 200, description = "The key.", body = KeyAnswer)),
    extensions(("x-error-codes" = json!(["NOT_FOUND"]))),
)]
pub(super) async fn one(
    ApiCaller(ctx): ApiCaller,
    Path(id): Path<String>,
) -> Result<Json<KeyAnswer>, ApiError> {
    let row = api_keys::get(&ctx, known(&id)?).await?;
    Ok(Json(answer(row, ctx.now())))
}

/// Make a key
///
/// In the calling key's own environment, and with no more than it has itself. `secret` is told this
/// once.
#[utoipa::path(
    post, path = "/api-keys", operation_id = "createApiKey", tag = "API keys",
    security(("x-tenant-api-key" = ["keys:write"])),
    request_body(content = NewKeyBody, example = json!({
        "name": "Checkout", "scopes": ["verifications:read", "verifications:write"],
        "allowList": ["192.0.2.0/24"], "expiresAt": "2030-03-31T12:00:00Z",
    })),
    responses((
        status = 201, description = "The key, and its text.", body = NewKeyAnswer,
        links(
            ("key" = (
                operation_id = "getApiKey", parameters(("id" = "$response.body#/key/id")),
                description = "The key, without its text.",
            )),
            ("change" = (
                operation_id = "changeApiKey", parameters(("id" = "$response.body#/key/id")),
                description = "Change it.",
            )),
            ("rotate" = (
                operation_id = "rotateApiKey", parameters(("id" = "$response.body#/key/id")),
                description = "Let another take over.",
            )),
            ("revoke" = (
                operation_id = "revokeApiKey", parameters(("id" = "$response.body#/key/id")),
                description = "End it.",
            )),
        ),
    )),
    extensions(("x-error-codes" = json!(["UNSUPPORTED_MEDIA_TYPE"]))),
)]
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

/// Change a key
///
/// What is left out stays as it is; `null` takes an end or a limit away. A key that has ended is not
/// changed any more.
#[utoipa::path(
    patch, path = "/api-keys/{id}", operation_id = "changeApiKey", tag = "API keys",
    security(("x-tenant-api-key" = ["keys:write"])),
    params(("id" = ApiKeyId, Path, description = "Which key.")),
    request_body(content = ChangeKeyBody, example = json!({"note": "For the till", "callsPerMinute": 30})),
    responses((status = 200, description = "The key as it is now.", body = KeyAnswer)),
    extensions(("x-error-codes" = json!(["CONFLICT", "NOT_FOUND", "UNSUPPORTED_MEDIA_TYPE"]))),
)]
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

/// Rotate a key
///
/// Makes the key that takes over, with the same scopes, networks and limit. The old one works on for
/// `overlapSeconds`. `secret` is told this once.
#[utoipa::path(
    post, path = "/api-keys/{id}/rotate", operation_id = "rotateApiKey", tag = "API keys",
    security(("x-tenant-api-key" = ["keys:write"])),
    params(("id" = ApiKeyId, Path, description = "Which key.")),
    request_body(content = RotateKeyBody, example = json!({"overlapSeconds": 86_400})),
    responses((status = 201, description = "The key that takes over, and its text.", body = NewKeyAnswer)),
    extensions(("x-error-codes" = json!(["CONFLICT", "NOT_FOUND", "UNSUPPORTED_MEDIA_TYPE"]))),
)]
pub(super) async fn rotate(
    ApiCaller(ctx): ApiCaller,
    Path(id): Path<String>,
    JsonBody(body): JsonBody<RotateKeyBody>,
) -> Result<(StatusCode, Json<NewKeyAnswer>), ApiError> {
    let until = ctx.now().plus_seconds(i64::from(body.overlap_seconds));
    let made = api_keys::rotate(&ctx, known(&id)?, until).await.map_err(told)?;
    Ok((StatusCode::CREATED, Json(fresh(made, ctx.now()))))
}

/// Revoke a key
///
/// It opens nothing from this moment on, and that cannot be undone. Revoking it again changes nothing.
#[utoipa::path(
    post, path = "/api-keys/{id}/revoke", operation_id = "revokeApiKey", tag = "API keys",
    security(("x-tenant-api-key" = ["keys:write"])),
    params(("id" = ApiKeyId, Path, description = "Which key.")),
    responses((status = 200, description = "The key, revoked.", body = KeyAnswer)),
    extensions(("x-error-codes" = json!(["NOT_FOUND"]))),
)]
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
