//! `/usage`.

use axum::{Json, extract::Query};
use platform::usage;
use types::usage::{UsageQuery, UsageReport};

use super::{super::ApiError, super::caller::ApiCaller};

pub(super) async fn report(
    ApiCaller(ctx): ApiCaller,
    query: Result<Query<UsageQuery>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<UsageReport>, ApiError> {
    let Query(query) =
        query.map_err(|rejection| ApiError::invalid(vec![("query".to_owned(), rejection.body_text())]))?;
    Ok(Json(usage::report(&ctx, &query).await?))
}
