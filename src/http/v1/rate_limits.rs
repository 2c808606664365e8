//! `/rate-limits`: limits of an organisation's own, by name.

use axum::{Json, extract::Path};
use http::StatusCode;
use platform::limits::named;
use types::limits::{Costs, LimitAnswer, LimitBody, LimitTerms, LimitsAnswer, NamedLimit};

use super::{super::ApiError, super::caller::ApiCaller, super::json::JsonBody};

pub(super) async fn list(ApiCaller(ctx): ApiCaller) -> Result<Json<LimitsAnswer>, ApiError> {
    let limits = named::list(&ctx).await?.into_iter().map(answer).collect();
    Ok(Json(LimitsAnswer { limits }))
}

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
        costs: costs.fold(Costs::default(), |costs, (call, cost)| costs.with(call, cost)),
    };
    Ok(Json(answer(named::set(&ctx, &terms).await?)))
}

pub(super) async fn remove(
    ApiCaller(ctx): ApiCaller,
    Path(name): Path<String>,
) -> Result<StatusCode, ApiError> {
    named::remove(&ctx, &name).await?;
    Ok(StatusCode::NO_CONTENT)
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
