//! `/rate-limits`: limits of an organisation's own, by name.

use axum::{Json, extract::Path};
use platform::limits::named;
use types::limits::{Costs, LimitAnswer, LimitBody, LimitTerms, LimitsAnswer, NamedLimit};

use super::{super::ApiError, super::caller::ApiCaller, super::json::JsonBody};

/// List the limits
///
/// Of the organisation, by name.
#[utoipa::path(
    get, path = "/rate-limits", operation_id = "listRateLimits", tag = "Rate limits",
    security(("x-tenant-api-key" = ["keys:read"])),
    responses((status = 200, description = "The limits.", body = LimitsAnswer)),
)]
pub(super) async fn list(ApiCaller(ctx): ApiCaller) -> Result<Json<LimitsAnswer>, ApiError> {
    let limits = named::list(&ctx).await?.into_iter().map(answer).collect();
    Ok(Json(LimitsAnswer { limits }))
}

/// Make or change a limit
///
/// It holds from each key's next call on. There are 20 at most. A key changes no limit that it is held
/// to itself.
#[utoipa::path(
    put, path = "/rate-limits/{name}", operation_id = "setRateLimit", tag = "Rate limits",
    security(("x-tenant-api-key" = ["keys:write"])),
    params(("name" = String, Path, description = "Which limit.", pattern = "^[a-z0-9][a-z0-9-]{0,39}$", example = "nightly-batch")),
    request_body(content = LimitBody, example = json!({
        "units": 1000, "seconds": 3600, "costs": {"verify.start": 10, "verify.status": 0},
    })),
    responses((status = 200, description = "The limit as it is now.", body = LimitAnswer)),
    extensions(("x-error-codes" = json!(["CONFLICT", "UNSUPPORTED_MEDIA_TYPE"]))),
)]
pub(super) async fn set(
    ApiCaller(ctx): ApiCaller,
    Path(name): Path<String>,
    JsonBody(body): JsonBody<LimitBody>,
) -> Result<Json<LimitAnswer>, ApiError> {
    let costs = body.costs.into_iter();
    let terms = LimitTerms {
        name,
        units: body.units,
        seconds: body.seconds,
        per_key: body.per_key,
        costs: costs.fold(Costs::default(), |costs, (call, cost)| costs.with(call, cost.0)),
    };
    Ok(Json(answer(named::set(&ctx, &terms).await?)))
}

/// Remove a limit
///
/// It is taken from every key that has it. A key removes no limit that it is held to itself.
#[utoipa::path(
    delete, path = "/rate-limits/{name}", operation_id = "removeRateLimit", tag = "Rate limits",
    security(("x-tenant-api-key" = ["keys:write"])),
    params(("name" = String, Path, description = "Which limit.", pattern = "^[a-z0-9][a-z0-9-]{0,39}$", example = "nightly-batch")),
    responses((status = 200, description = "The limit as it was, with no keys.", body = LimitAnswer)),
    extensions(("x-error-codes" = json!(["CONFLICT", "NOT_FOUND"]))),
)]
pub(super) async fn remove(
    ApiCaller(ctx): ApiCaller,
    Path(name): Path<String>,
) -> Result<Json<LimitAnswer>, ApiError> {
    Ok(Json(answer(named::remove(&ctx, &name).await?)))
}

fn answer(limit: NamedLimit) -> LimitAnswer {
    let NamedLimit { terms, keys, .. } = limit;
    LimitAnswer {
        name: terms.name,
        units: terms.units,
        seconds: terms.seconds,
        per_key: terms.per_key,
        costs: terms.costs.each().collect(),
        keys,
    }
}
